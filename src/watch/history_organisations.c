/* SPDX-License-Identifier: Apache-2.0
 *
 * The question that is of other places than this one: an organisation a piece. */
#include "watch/history_inside.h"

TELL(overview)

static bool ask_overview(struct question *q)
{
	const char *store = q->history->config.store;
	struct organisation_overview *all = &q->answer.overview;
	if (all->items == NULL) {
		if (!query_organisations_begin(store, q->now_ms, &q->arena, all, &q->fault))
			return false;
	} else {
		query_organisations_next(store, STANDING_ALERTS, &q->arena, all);
	}
	q->again = all->n_read < all->n;
	return true;
}

void history_organisations(struct history *history,
    void (*on_answer)(void *, const struct organisation_overview *, const struct fault *), void *arg)
{
	struct question *q = history_ask(history, ask_overview, tell_overview, arg);
	q->of_files = true; /* it opens what it needs */
	q->past = false;
	q->now_ms = clock_now_ms(history->clock);
	q->to.overview = on_answer;
	history_submit_aside(q);
}
