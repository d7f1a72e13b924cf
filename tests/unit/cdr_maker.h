/* SPDX-License-Identifier: Apache-2.0
 *
 * Records made by hand: a plausible outbound leg, and setters over it. */
#ifndef CDR_MAKER_H
#define CDR_MAKER_H

#include "base/mem.h"
#include "base/places.h"
#include "calls/cdr_json.h"
#include "calls/e164.h"

struct cdr_maker {
	char *text[CDR_N_FIELDS];
};

static inline void cdr_set(struct cdr_maker *m, enum cdr_field field, const char *value)
{
	free(m->text[field]);
	m->text[field] = mem_strdup(value);
}

/* Ana at a site in Bogotá, Tuesday 2026-10-06 10:00 local, calls out. */
static inline void cdr_outbound(struct cdr_maker *m)
{
	memset(m, 0, sizeof *m);
	cdr_set(m, CDR_F_START_TIME, "2026-10-06T15:00:00.000Z");
	cdr_set(m, CDR_F_ANSWER_TIME, "2026-10-06T15:00:05.000Z");
	cdr_set(m, CDR_F_REPORT_TIME, "2026-10-06T15:02:00.000Z");
	cdr_set(m, CDR_F_REPORT_ID, "2b7e1516-28ae-32a6-ab7f-158809cf4f3c");
	cdr_set(m, CDR_F_CORRELATION_ID, "6a0c2d3e-4f51-4b62-8c73-9d84ae95bfa6");
	cdr_set(m, CDR_F_DIRECTION, "ORIGINATING");
	cdr_set(m, CDR_F_CALL_TYPE, "SIP_NATIONAL");
	cdr_set(m, CDR_F_ANSWERED, "true");
	cdr_set(m, CDR_F_CALL_OUTCOME, "Success");
	cdr_set(m, CDR_F_DURATION, "60");
	cdr_set(m, CDR_F_RING_DURATION, "5");
	cdr_set(m, CDR_F_USER_TYPE, "User");
	cdr_set(m, CDR_F_USER, "Ana Bernal");
	cdr_set(m, CDR_F_USER_UUID, "5b1f0c6a-2f77-4a39-8d0e-6b8f1a2c3d4e");
	cdr_set(m, CDR_F_USER_NUMBER, "+576015550142");
	cdr_set(m, CDR_F_CALLING_NUMBER, "+576015550142");
	cdr_set(m, CDR_F_CALLED_NUMBER, "+576015550199");
	cdr_set(m, CDR_F_LOCATION, "Colombia");
	cdr_set(m, CDR_F_SITE_UUID, "7c6b5a49-3827-4165-a0b1-c2d3e4f50617");
	cdr_set(m, CDR_F_SITE_MAIN_NUMBER, "+576015550100");
	cdr_set(m, CDR_F_SITE_TIMEZONE, "-300");
}

/* A stranger calls Ana. */
static inline void cdr_inbound(struct cdr_maker *m)
{
	cdr_outbound(m);
	cdr_set(m, CDR_F_DIRECTION, "TERMINATING");
	cdr_set(m, CDR_F_CALL_TYPE, "SIP_INBOUND");
	cdr_set(m, CDR_F_CALLING_NUMBER, "+576015557777");
	cdr_set(m, CDR_F_CALLED_NUMBER, "+576015550142");
}

/* The record, as the decoder would give it. Text stays the maker's. */
static inline struct cdr cdr_made(const struct cdr_maker *m)
{
	struct cdr cdr = { 0 };
	char why[160];
	for (int i = 0; i < CDR_N_FIELDS; i++) {
		if (m->text[i] != NULL)
			cdr.field[i] = (struct span){ m->text[i], (uint32_t)strlen(m->text[i]) };
	}
	if (!cdr_finish(&cdr, why, sizeof why)) {
		printf("cdr_made: %s\n", why);
		exit(1);
	}
	return cdr;
}

static inline void cdr_free(struct cdr_maker *m)
{
	for (int i = 0; i < CDR_N_FIELDS; i++)
		free(m->text[i]);
	memset(m, 0, sizeof *m);
}

static inline struct numbering *numbering_of_source(void)
{
	struct numbering *numbering = NULL;
	struct fault fault;
	bool ok = numbering_open(CENTINELA_SOURCE_DATA, &numbering, &fault);
	if (!ok) {
		printf("numbering: %s\n", fault.text);
		exit(1);
	}
	return numbering;
}

#endif
