/* SPDX-License-Identifier: Apache-2.0
 *
 * Between the files that read the queue. */
#ifndef STORE_QUERY_QUEUE_H
#define STORE_QUERY_QUEUE_H

#include "store/filter_sql.h"
#include "store/query.h"

struct queue_walk {
	enum alert_order order;
	enum alert_grouping grouping;
	bool backwards;
	const char *columns, *condition;
	bool all;	      /* no filter, nor anything else: what is counted is what there is */
	bool nearly_all;      /* … but for what was taken away: few, so that the next row is always near */
	const char *searched; /* the table that is searched some rows at a time */
	const struct filter_sql *filter; /* the condition's parameters, from $1 on */
	size_t limit;
	struct arena *arena;
	int64_t until_ns, early_ns; /* 0: as long as it takes */
	int64_t now_ms;

	struct alert *rows; /* malloc'd */
	size_t n, capacity;
	bool out_of_time;
	bool groups_known, groups_few; /* whether they were counted; so few that each is looked at */
	struct alert_mark resume;
	int64_t n_searched;
};

/* Rows of the ranks from 2 down to the lowest. */
bool queue_walk(struct db *, struct queue_walk *, int lowest_rank, const struct alert_mark *from, struct fault *) MUST_USE;
/* What the rows of out stand for. */
bool queue_members(struct db *, const struct queue_walk *, int lowest_rank, struct alert_list *out, struct fault *) MUST_USE;
/* Groups that are few and large: of a rule, of a site; each row the newest of them. */
bool queue_few_groups(struct db *, const struct queue_walk *, int lowest_rank, struct alert_list *out, struct fault *) MUST_USE;
/* What is in the groups that are open. */
bool queue_opened(struct db *, const struct queue_walk *, int lowest_rank, const struct alert_query *, struct alert_list *out,
    struct fault *) MUST_USE;

#endif
