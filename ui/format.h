/* SPDX-License-Identifier: Apache-2.0
 *
 * Numbers, times and words as a person reads them: short, aligned, in both
 * languages. Every function fills and returns the caller's buffer. */
#ifndef UI_FORMAT_H
#define UI_FORMAT_H

#include "alerts/alert.h"
#include "base/i18n.h"
#include "base/zone.h"
#include "calls/call.h"
#include "calls/live_calls.h"
#include "ui/role.h"

#define SHORT_BYTES 32
#define LONG_BYTES  96

char *format_age(int64_t ms, char out[static SHORT_BYTES]);	    /* "58s" "12m" "3h" "2d" */
char *format_duration(int64_t seconds, char out[static SHORT_BYTES]); /* "0:42" "1:02:03" */
char *format_count(int64_t n, char out[static SHORT_BYTES]);	    /* "212" "12.4k" "3.1M" */
/* At most `columns` wide, without the currency. */
char *format_money(int64_t micro, char out[static SHORT_BYTES]);
/* A title, a reason, the longest note that can be typed. */
#define TYPED_BYTES 4096
/* With the middle hidden when `masked`: "+57310···221". */
char *format_number(const char *number, bool masked, char out[static LONG_BYTES]);
/* A text with numbers in it, as the screen shows those; the text itself where it does whole. */
const char *format_masked(const char *text, bool masked, char *out, size_t capacity);

/* zone NULL: UTC. "14:01", or "22 nov" when that was another day than `now`. */
char *format_time(const struct zone *zone, int64_t ms, int64_t now_ms, char out[static SHORT_BYTES]);
char *format_clock(const struct zone *zone, int64_t ms, char out[static SHORT_BYTES]); /* 14:01:12 */
/* "2026-11-22 14:01:12 BOG · 19:01:12Z"; label names the zone. */
char *format_moment(const struct zone *zone, const char *label, int64_t ms, char out[static LONG_BYTES]);
/* … without UTC beside it: half of that would be a wrong time. */
char *format_moment_in(const struct zone *zone, const char *label, int64_t ms, char out[static LONG_BYTES]);

/* … to the minute, of what somebody planned: "2026-11-22 14:01 BOG · 19:01Z". Which day it is
 * there is said where it is another: "… · 23 19:01Z" */
char *format_minute(const struct zone *zone, const char *label, int64_t ms, char out[static LONG_BYTES]);

/* Glyph and word: "▲ CRIT". */
const char *severity_badge(enum severity);
const char *severity_glyph(enum severity);
const char *severity_word(enum severity); /* whole: "critical" */
enum role severity_role(enum severity);
const char *state_word(enum alert_state);
/* One column: taken, asleep, closed; blank when new. */
const char *state_sign(enum alert_state);
enum role state_role(enum alert_state);
const char *resolution_word(enum resolution);
const char *subject_word(enum subject_kind);
const char *class_word(enum number_class);
const char *tier_word(enum risk_tier);
enum role tier_role(enum risk_tier);
const char *direction_word(enum call_direction);
const char *live_word(enum live_state);
enum role live_role(enum live_state);
const char *act_word(const char *act);	   /* of alert_event */
const char *value_word(const char *value); /* its before and after: a state, a severity, a name */

const char *or_empty(const char *text); /* NULL is "" */

#endif
