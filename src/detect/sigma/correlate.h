/* SPDX-License-Identifier: Apache-2.0
 *
 * Windows in event time, per rule and group. A window is any stretch shorter
 * than the timespan, not a slot of the clock: nothing resets at midnight
 * (OpenSIPS' counters do, which doubles what a thief may do). A leg that comes
 * late is put in its place, and the windows it falls into are measured again,
 * so the last leg to arrive completes the count whatever the order. */
#ifndef DETECT_SIGMA_CORRELATE_H
#define DETECT_SIGMA_CORRELATE_H

#include "detect/sigma/rule.h"

struct window_event {
	int64_t at_ms;	   /* Start time */
	int64_t leg_id;
	uint64_t value;	   /* of the field: a hash, or the number to add; or which rule */
	uint8_t report[16]; /* Report ID where it is a UUID; zeros: it is not */
	int64_t cost_micro;
	uint32_t told;	   /* has been evidence of a finding */
	uint32_t seconds;
};

/* What a window holds when its condition is met. */
struct window_result {
	int64_t measure;
	struct window_event *events; /* by time, the new one among them; until the next add */
	size_t n;
	size_t mine;		     /* the new one */
};

/* A way to correlate: a row of the table in correlate.c. */
struct correlation_type {
	const char *name;
	bool needs_field, numeric_field, needs_condition;
	/* Measure events[0..n), which lie within one timespan. `more`: by a fraction. */
	int64_t (*measure)(const struct window_event *events, size_t n, const struct correlation *, bool *more);
	/* How many events must be kept to reach `low`. */
	size_t (*keep)(const struct correlation *);
};
const struct correlation_type *correlation_type_named(const char *name);
size_t correlation_type_names(const char **out, size_t capacity);

struct windows;

/* lateness_ms: legs late by no more give the same result as in order. When
 * `budget` bytes are used, the groups longest without a leg are forgotten. */
struct windows *windows_new(size_t budget, int64_t lateness_ms);
void windows_free(struct windows *);
size_t windows_bytes(const struct windows *);
int64_t windows_forgotten(const struct windows *); /* groups, for want of room */

/* Add an event to a group; true when a window with it meets the condition. */
bool windows_add(struct windows *, uint64_t group, const struct correlation *,
    const struct window_event *, struct window_result *out);

#endif
