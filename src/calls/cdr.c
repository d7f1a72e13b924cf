/* SPDX-License-Identifier: Apache-2.0 */
#include "calls/cdr.h"

#include <string.h>

#include "base/hash.h"

static const struct {
	const char *wire;
	enum cdr_kind kind;
} fields[CDR_N_FIELDS] = {
#define CDR_FIELD_ROW(id, wire, kind) { wire, kind },
	CDR_FIELDS(CDR_FIELD_ROW)
#undef CDR_FIELD_ROW
};

const char *cdr_wire_name(enum cdr_field field)
{
	return field < CDR_N_FIELDS ? fields[field].wire : "";
}

enum cdr_kind cdr_kind(enum cdr_field field)
{
	return fields[field].kind;
}

bool cdr_is_absent(enum cdr_field field, struct span s)
{
	if (s.n == 0)
		return true;
	if (fields[field].kind == CDR_NAME)
		return false;
	return (s.n == 2 && (memcmp(s.p, "NA", 2) == 0 || memcmp(s.p, "na", 2) == 0)) ||
	    (s.n == 4 && memcmp(s.p, "null", 4) == 0);
}

/* Spelling faults of the documents that came to stay (webex "Detailed Call
 * History" of 2026-05, and SDKs that copied them). */
static const struct {
	enum cdr_field field;
	const char *wrong;
	uint32_t n_wrong;
	const char *meant;
	uint32_t n_meant;
} spellings[] = {
#define SPELLING(field, wrong, meant) { field, wrong, sizeof(wrong) - 1, meant, sizeof(meant) - 1 }
	SPELLING(CDR_F_USER_TYPE, "VirtuaLline", "VirtualLine"),
	SPELLING(CDR_F_RELATED_REASON, "CalllPark", "CallPark"),
	SPELLING(CDR_F_RELATED_REASON, "RemoteOffice", "Remote Office"),
	SPELLING(CDR_F_RELATED_REASON, "Unrecognised", "Unrecognized"),
	SPELLING(CDR_F_ORIGINAL_REASON, "Unrecognised", "Unrecognized"),
	SPELLING(CDR_F_REDIRECT_REASON, "Unrecognised", "Unrecognized"),
	SPELLING(CDR_F_REPUTATION_RESULT, "allowed", "allow"),
	SPELLING(CDR_F_RECORDING_TRIGGER, "always-pause-resume\"", "always-pause-resume"),
	SPELLING(CDR_F_RECORDING_TRIGGER, "\"always-pause-resume", "always-pause-resume"),
#undef SPELLING
};

struct span cdr_meant(enum cdr_field field, struct span value)
{
	for (size_t i = 0; i < COUNT_OF(spellings); i++) {
		if (spellings[i].field == field && spellings[i].n_wrong == value.n &&
		    memcmp(spellings[i].wrong, value.p, value.n) == 0)
			return (struct span){ spellings[i].meant, spellings[i].n_meant };
	}
	return value;
}

#define LONGEST_NAME 48

/* Lower case, runs of blanks as one: the form in which names are compared. */
static size_t fold(const char *name, size_t n, char out[LONGEST_NAME])
{
	size_t length = 0;
	for (size_t i = 0; i < n; i++) {
		char c = name[i];
		if (c == ' ' && (length == 0 || out[length - 1] == ' '))
			continue;
		if (length == LONGEST_NAME)
			return 0;
		out[length++] = c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
	}
	while (length > 0 && out[length - 1] == ' ')
		length--;
	return length;
}

/* Keys come in the order of the record before (cdr_json.c), so this linear
 * search is for the first record and for strangers. */
enum cdr_field cdr_field_named(const char *name, size_t n)
{
	char wanted[LONGEST_NAME], have[LONGEST_NAME];
	size_t length = fold(name, n, wanted);
	if (length == 0)
		return CDR_N_FIELDS;
	for (int i = 0; i < CDR_N_FIELDS; i++) {
		size_t wire = strlen(fields[i].wire);
		if (wire == length && (fields[i].wire[0] | 32) == wanted[0] &&
		    fold(fields[i].wire, wire, have) == length &&
		    memcmp(have, wanted, length) == 0)
			return (enum cdr_field)i;
	}
	return CDR_N_FIELDS;
}

char *span_copy(struct span span, char *out, size_t capacity)
{
	size_t n = MIN((size_t)span.n, capacity - 1);
	if (n > 0)
		memcpy(out, span.p, n);
	out[n] = '\0';
	return out;
}

bool span_is(struct span span, const char *text)
{
	size_t n = strlen(text);
	return span.n == n && (n == 0 || memcmp(span.p, text, n) == 0);
}

bool cdr_is_somebody(const char *user_type)
{
	static const char *const types[] = { "", "User", "Place", "VirtualLine", "FlexibleSeatingHost" };
	for (size_t i = 0; i < COUNT_OF(types); i++)
		if (strcmp(user_type, types[i]) == 0)
			return true;
	return false;
}

int cdr_order(const struct cdr *a, const struct cdr *b)
{
	if (a->report_ms != b->report_ms)
		return a->report_ms < b->report_ms ? -1 : 1;
	if (a->start_ms != b->start_ms)
		return a->start_ms < b->start_ms ? -1 : 1;
	uint32_t n = MIN(a->raw.n, b->raw.n);
	int order = n == 0 ? 0 : memcmp(a->raw.p, b->raw.p, n);
	return order != 0 ? order : (a->raw.n > b->raw.n) - (a->raw.n < b->raw.n);
}
