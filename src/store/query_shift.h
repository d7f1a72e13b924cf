/* SPDX-License-Identifier: Apache-2.0
 *
 * A shift as it is handed over: what came, what is open and whose, what was
 * closed and how, what ends in the next one, and what was written for it. */
#ifndef STORE_QUERY_SHIFT_H
#define STORE_QUERY_SHIFT_H

#include "store/query.h"

#define SHIFT_SITES_MAX	 12
#define SHIFT_OWNERS_MAX 30
#define SHIFT_OPEN_MAX	 60
#define SHIFT_CLOSED_MAX 60
#define SHIFT_ENDS_MAX	 60
#define SHIFT_NOTES_MAX	 100
#define SHIFT_RULES_MAX	 8
#define SHIFT_NOISE	 3 /* alerts of a rule in a shift, from which on it is noisy */

/* A note for whoever comes next begins with it. */
#define HAND_OVER_SIGN '!'

struct shift_site {
	const char *name;
	int64_t n, by_severity[4];
};

struct shift_owner {
	const char *name; /* "" nobody */
	int64_t n, n_late, by_severity[4];
};

/* An alert's snooze, or a silence for its like, that ends then. */
struct shift_end {
	const struct alert *alert;
	int64_t at_ms;
	bool silence;
};

struct shift_note {
	int64_t alert_id, at_ms;
	const char *who, *text;		 /* without the sign */
	const char *title_en, *title_es; /* of the alert; "" gone */
};

struct shift_rule {
	const char *rule, *title_en, *title_es;
	int64_t n, n_closed, n_false; /* raised; closed in the shift, whenever raised; of those as false or legitimate */
};

/* What is open of a case; of a shift that is over, what was open and in it then. */
struct shift_case {
	int64_t id, n, n_late, by_severity[4], oldest_ms;
};

struct shift_report {
	int64_t from_ms, until_ms;
	bool past; /* it is over: what is open is as it was at its end */
	int64_t n_raised, raised[4], cost_raised_micro;
	struct shift_site *sites; /* the most alerts first */
	size_t n_sites;
	int64_t n_open, open[4], n_late, n_snoozed;
	struct shift_owner *owners; /* nobody first, then who has the most */
	size_t n_owners;
	struct alert *open_alerts; /* of each case the first: late ones first, then the gravest */
	struct shift_case *open_cases; /* of each of these */
	size_t n_open_listed;
	int64_t n_closed, closed[N_RESOLUTIONS];
	struct alert *closed_alerts; /* the last closed first */
	size_t n_closed_listed;
	struct shift_end *ends; /* the first first */
	size_t n_ends;
	struct shift_note *notes; /* oldest first */
	size_t n_notes;
	struct shift_rule *rules; /* the greatest share of false ones first */
	size_t n_rules;
};

/* Seen too late, or not yet and too late by then. */
bool shift_is_late(const struct alert *, int64_t at_ms);

/* The whole of it, a piece at a time, so that others are asked in between; ready: *out is
 * all of it. until_ms ≥ now_ms: the shift that runs. */
struct shift_reading;
struct shift_reading *shift_reading_new(int64_t from_ms, int64_t until_ms, int64_t now_ms, struct arena *, struct shift_report *out);
void shift_reading_free(struct shift_reading *); /* NULL is fine */
bool shift_read_on(struct shift_reading *, struct db *, int64_t budget_ms, bool *ready, struct fault *) MUST_USE;

/* At once, however long it takes. */
bool query_shift(struct db *, int64_t from_ms, int64_t until_ms, int64_t now_ms, struct arena *,
    struct shift_report *out, struct fault *) MUST_USE;

#endif
