/* SPDX-License-Identifier: Apache-2.0
 *
 * How many alerts there are, and where a numbered page of them begins. */
#ifndef STORE_QUERY_COUNT_H
#define STORE_QUERY_COUNT_H

#include "store/order_map.h"
#include "store/query.h"

/* Of a filter, closed_too and without_gone. Reads what it is asked of: long where that is a
 * million; db_ask_whether ends it. */
bool query_alert_count(struct db *, const struct alert_query *, int64_t *n, struct fault *) MUST_USE;

/*
 * What was counted of all alerts, kept for who asks again (one connection's): it holds
 * until any alert changes, and then is counted anew. Where numbered pages begin is kept
 * over changes, too (order_map.h). Both are asked for within db_begin_reading: what is
 * counted and what has changed are of one moment.
 */
struct alert_places;
struct alert_places *alert_places_new(void);
void alert_places_free(struct alert_places *);

/* How many there are, by closed_too and without_gone. */
bool query_alert_total(struct db *, struct alert_places *, const struct alert_query *, int64_t *n, struct fault *) MUST_USE;
/* By these and its order, one by number or by time: the mark of the alert that has `skip` others before it; NOWHERE: there
 * are not so many; LATER: budget_ms is over, and asking again goes on. */
bool query_alert_skip(struct db *, struct alert_places *, const struct alert_query *, int64_t skip, struct alert_mark *out, enum placed *, struct fault *) MUST_USE;

struct alert_summary {
	int64_t n, n_by_state[4], n_by_severity[4], n_by_resolution[N_RESOLUTIONS];
	int64_t n_open_by_severity[4], n_open_unassigned;
	int64_t n_let_go; /* in progress, and nobody has them */
	int64_t n_day;	  /* raised in the last 24 h */
};
bool query_alert_summary(struct db *, int64_t now_ms, struct alert_summary *out, struct fault *) MUST_USE;

#endif
