/* SPDX-License-Identifier: Apache-2.0
 *
 * The order and the groups of the queue, made plainly in memory: what its pages are
 * compared with, and what the screens' board answers by. */
#ifndef TESTS_QUEUE_ORDER_H
#define TESTS_QUEUE_ORDER_H

#include <stdlib.h>
#include <string.h>

#include "store/query.h"

static enum alert_order queue_order_now; /* qsort has no argument */

static int queue_by_number(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

static int queue_by_order(const void *a, const void *b)
{
	const struct alert *x = a, *y = b;
	struct alert_mark mx = alert_mark_of(x, queue_order_now), my = alert_mark_of(y, queue_order_now);
	int order = queue_by_number(my.rank, mx.rank);
	if (order == 0 && mx.text != NULL)
		order = strcmp(mx.text, my.text);
	else if (order == 0)
		order = queue_order_now == ORDER_STATE ? queue_by_number(mx.number, my.number) : queue_by_number(my.number, mx.number);
	if (order == 0)
		order = queue_by_number(y->raised_ms, x->raised_ms);
	return order != 0 ? order : queue_by_number(y->id, x->id);
}

static bool queue_same_group(enum alert_grouping grouping, const struct alert *a, const struct alert *b)
{
	switch (grouping) {
	case GROUP_NONE: return a->id == b->id;
	case GROUP_CASE: return a->case_id == b->case_id;
	case GROUP_SUBJECT: return a->subject_kind == b->subject_kind && strcmp(a->subject_id, b->subject_id) == 0;
	case GROUP_FINGERPRINT: return a->fingerprint == b->fingerprint;
	case GROUP_RULE: return strcmp(a->rule, b->rule) == 0;
	case GROUP_SITE: return strcmp(a->location, b->location) == 0;
	case N_GROUPINGS: break;
	}
	return false;
}

static inline void queue_sort(struct alert *alerts, size_t n, enum alert_order order)
{
	queue_order_now = order;
	if (n > 0)
		qsort(alerts, n, sizeof *alerts, queue_by_order);
}

/* The first of each group alone; how many. */
static inline size_t queue_leads(struct alert *alerts, size_t n, enum alert_grouping grouping)
{
	size_t n_leads = 0;
	for (size_t i = 0; i < n; i++) {
		bool is_new = true;
		for (size_t k = 0; k < n_leads; k++)
			is_new = is_new && !queue_same_group(grouping, &alerts[i], &alerts[k]);
		if (is_new)
			alerts[n_leads++] = alerts[i];
	}
	return n_leads;
}

#endif
