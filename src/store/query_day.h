/* SPDX-License-Identifier: Apache-2.0
 *
 * The last day as pictures need it: calls at a time, cost and load by the hour
 * beside what is usual, how long calls are, where they are forwarded to. */
#ifndef STORE_QUERY_DAY_H
#define STORE_QUERY_DAY_H

#include "store/query.h"

#define DAY_STEPS     96 /* quarters of an hour */
#define DAY_HOURS     24
#define DAY_DURATIONS 8
#define DAY_FORWARDS  12
#define DAY_USUAL     4 /* the same hour of so many weeks; of a store that is younger, of its days */

/* Seconds that a bucket of durations begins with; the last one has no end. */
extern const int64_t day_duration_s[DAY_DURATIONS];

struct day_hour {
	int64_t load_milli, cost_micro; /* calls at a time, on average, in thousandths */
	int64_t load_low, load_usual, load_high; /* of the hours it is compared with: least, median, most */
	int64_t cost_low, cost_usual, cost_high;
	int n_usual; /* of how many hours; 0: nothing is known */
};

/* Who forwards to whom outside, in the last seven days. */
struct day_forward {
	const char *person_id, *person, *number; /* person "" unknown */
	char country[3];
	enum risk_tier tier;
	int64_t n, last_ms, call_id; /* the newest */
};

struct day_picture {
	int64_t as_of_ms; /* now, or the newest record's hour where that is long ago (past) */
	bool past, cut;	  /* cut: there were more calls than are read */
	int64_t n_calls;  /* of the last 24 hours */
	int64_t up[DAY_STEPS]; /* most calls at a time in each quarter; the last is the current one */
	struct day_hour hours[DAY_HOURS]; /* the last is the current one, as far as it has come */
	int64_t durations[DAY_DURATIONS], durations_before[DAY_DURATIONS]; /* answered calls: of the day, of the seven before */
	struct day_forward *forwards; /* the riskiest first, then the most */
	size_t n_forwards;
	int64_t n_forwards_all;
	struct location_list sites;
};

bool query_day(struct db *, int64_t now_ms, struct arena *, struct day_picture *out, struct fault *) MUST_USE;

#endif
