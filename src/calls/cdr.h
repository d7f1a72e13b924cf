/* SPDX-License-Identifier: Apache-2.0
 *
 * One leg of a call as Webex reports it. Text is borrowed from the page. */
#ifndef CALLS_CDR_H
#define CALLS_CDR_H

#include "base/base.h"
#include "calls/cdr_fields.h"

/* n bytes that do not end in NUL. n 0: the record does not say. */
struct span {
	const char *p;
	uint32_t n;
};

enum cdr_flag {
	CDR_ANSWERED = 1 << 0,
	CDR_ORIGINATING = 1 << 1, /* else terminating */
};

struct cdr {
	struct span field[CDR_N_FIELDS]; /* as on the wire, unescaped; absent: n 0 */
	struct span raw;		 /* the JSON object, from { to } */
	int64_t start_ms, report_ms;	 /* UTC; never absent in a decoded record */
	int64_t answer_ms, release_ms, transfer_ms; /* 0: absent */
	int32_t duration_s, ring_s, hold_s;
	int32_t site_utc_minutes;	 /* CDR_NO_OFFSET: absent */
	unsigned flags;			 /* enum cdr_flag */
};

#define CDR_NO_OFFSET INT32_MIN

const char *cdr_wire_name(enum cdr_field field);
enum cdr_kind cdr_kind(enum cdr_field field);
/* Is it one of the words that mean no value: NA, na, null? */
bool cdr_is_absent(enum cdr_field field, struct span value);

/* A value that Webex's documents or records misspell, as it is meant; else the
 * value itself. The raw record keeps what came. */
struct span cdr_meant(enum cdr_field field, struct span value);

/* Set a field; what the wire writes for "nothing" becomes absent. */
static inline void cdr_put(struct cdr *cdr, enum cdr_field field, struct span value)
{
	if (value.n <= 4 && value.n > 0 && cdr_is_absent(field, value))
		value.n = 0;
	cdr->field[field] = value;
}

/* The field of a wire name in any spelling, or CDR_N_FIELDS. */
enum cdr_field cdr_field_named(const char *name, size_t n);

/* By Report time, then start, then the record's bytes: one order, whatever order
 * they came in. As qsort wants it. */
int cdr_order(const struct cdr *, const struct cdr *);

/* Is a user of this "User type" somebody (a desk, a line), not a queue or an attendant? */
bool cdr_is_somebody(const char *user_type);

/* Copy a span as a C string (cut at capacity - 1). Returns `out`. */
char *span_copy(struct span span, char *out, size_t capacity);
bool span_is(struct span span, const char *text);

#endif
