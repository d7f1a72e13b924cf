/* SPDX-License-Identifier: Apache-2.0
 *
 * How it was at a moment: alerts by what the audit log says of them, scores by
 * those alerts. What the store does not know of then, it says as of now: a
 * score's points, a cost per hour, titles. */
#ifndef STORE_QUERY_PAST_H
#define STORE_QUERY_PAST_H

#include "store/query.h"

struct past_query {
	int64_t at_ms;
	bool closed_too;
	const char *filter; /* of alerts, of scores; "" all */
	size_t limit;
	/* As of alert_query: */
	enum alert_order order;
	enum alert_grouping grouping;
	const int64_t *opened;
	size_t n_opened;
};

/* So many alerts are looked at, the newest raised; `cut` tells if there were more. */
#define PAST_ALERTS_MAX 5000

/* In the order of the queue. Counts are of all that were open then. */
bool query_past_alerts(struct db *, const struct past_query *, const char *me, struct arena *,
    struct alert_list *out, bool *cut, struct fault *) MUST_USE;
/* An alert as it was: of its log, its evidence and its story what was later is left
 * out; of the others of the story only their times tell what they were. */
void past_alert_detail(struct alert_detail *, int64_t at_ms);
/* A profile that was read as of then: its alerts likewise. */
void past_profile(struct profile *, int64_t at_ms);
/* Open alerts of each site as they were then. */
bool query_past_locations(struct db *, int64_t at_ms, struct arena *, struct location_list *out, struct fault *) MUST_USE;
bool query_past_scores(struct db *, const struct past_query *, struct arena *, struct score_list *out,
    struct fault *) MUST_USE;

#endif
