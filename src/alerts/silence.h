/* SPDX-License-Identifier: Apache-2.0
 *
 * A silence: what keeps findings from being alerts for a while. Every one has an
 * owner, a reason and an end, at most SILENCE_LONGEST_MS ahead; what is critical
 * is never kept back. */
#ifndef ALERTS_SILENCE_H
#define ALERTS_SILENCE_H

#include "alerts/alert.h"
#include "base/fault.h"

#define SILENCE_LONGEST_MS (30 * DAY_MS)
/* In force or planned at a time: each finding that would be an alert is asked
 * of each of them. */
#define SILENCES_MOST 200
/* What would have been one alert each, the newest, of every silence. */
#define SILENCE_KEEPS 50
/* A window's late records still are of the window for so long. */
#define SILENCE_LATE_MS (2 * DAY_MS)

/* Numbers stand in the store: they do not change. */
#define SILENCE_KINDS(row)                                                                         \
	row(SILENCE_SNOOZE, "snooze", 'z')		 /* an alert waits; its number */          \
	    row(SILENCE_ALIKE, "alike", 'a')		 /* alerts like that one; its number */    \
	    row(SILENCE_FILTER, "filter", 's')		 /* what passes a filter, from now on */   \
	    row(SILENCE_MAINTENANCE, "maintenance", 'm') /* the same of calls of a planned time */ \
	    row(SILENCE_EXCEPTION, "exception", 'e')	 /* a filter among one's own rules; its key */

enum silence_kind {
#define SILENCE_KIND_ENUM(id, name, letter) id,
	SILENCE_KINDS(SILENCE_KIND_ENUM)
#undef SILENCE_KIND_ENUM
};
#define N_SILENCE_KINDS (SILENCE_EXCEPTION + 1)
/* An exception may have no end. */
#define SILENCE_NEVER_ENDS INT64_MAX
const char *silence_kind_name(enum silence_kind);

/* A moment or a count that a row has, whoever wrote it: never before 1970, nor so
 * late that a sum of two would overflow. */
int64_t silence_number(int64_t);

/* "s3", "m4", "a12", "z12": how a person names one. */
#define SILENCE_REF_BYTES 24
char *silence_ref(enum silence_kind, int64_t id, char out[static SILENCE_REF_BYTES]);
bool silence_ref_read(const char *text, enum silence_kind *, int64_t *id);

/* Is there a silence of this kind and time at that moment? now: the wall's clock,
 * or when the finding was reported; at: when the calls were. */
bool silence_holds(enum silence_kind, int64_t begin_ms, int64_t until_ms, int64_t now_ms, int64_t at_ms);

/* May it last from begin (0: now) until then, with that reason? */
bool silence_check(const char *reason, int64_t begin_ms, int64_t until_ms, int64_t now_ms, struct fault *) MUST_USE;

#endif
