/* SPDX-License-Identifier: Apache-2.0
 *
 * How an attempt ended, and when the next one is. */
#include "watch/notifier_inside.h"

#include <openssl/rand.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"

#define MOST_WAIT_S 900 /* between attempts */

void notifier_errand_free(struct errand *errand)
{
	if (errand == NULL)
		return;
	arena_clear(&errand->arena);
	free(errand);
}

struct settling {
	struct job job;
	struct settling *next; /* of those that the store did not take */
	struct notifier *notifier;
	struct errand *errand;
	struct outbox_end *ends;
	bool ok;
	struct fault fault;
};

static void settling_work(struct job *job)
{
	struct settling *s = (struct settling *)job;
	s->ok = outbox_settle(s->notifier->parts.store, s->ends, s->errand->n, &s->fault);
}

static void on_settled(struct job *job, bool cancelled)
{
	struct settling *s = (struct settling *)job;
	struct notifier *notifier = s->notifier;
	if (!cancelled && !s->ok)
		log_unusual("notify: %s", s->fault.text);
	notifier->n_settling--;
	if (!cancelled && !s->ok && !notifier->stopping) {
		/* Until it is written down nothing else goes there. At the end of the
		 * program it counts as begun: whoever sends next begins it again. */
		s->next = notifier->late;
		notifier->late = s;
		notifier_look_soon(notifier, notifier->second_ms);
		return;
	}
	notifier->places[s->errand->at].flying = false;
	notifier_errand_free(s->errand);
	free(s->ends);
	free(s);
	notifier->next_ms = 1; /* there may be more of it */
	notifier_look_soon(notifier, 0);
}

static uint32_t chance(void)
{
	uint32_t value = 0;
	if (RAND_bytes((unsigned char *)&value, sizeof value) != 1)
		value = (uint32_t)clock_steady_ns();
	return value;
}

/* 1, 2, 4 … 900 s, half of it by chance: many that failed together do not come
 * back together. */
static int64_t patience_ms(const struct notifier *notifier, int64_t n)
{
	int64_t s = n >= 10 ? MOST_WAIT_S : MIN((int64_t)1 << MAX(n - 1, (int64_t)0), (int64_t)MOST_WAIT_S);
	int64_t ms = s * notifier->second_ms;
	return ms / 2 + (int64_t)(chance() % (uint64_t)MAX(ms / 2 + 1, (int64_t)1));
}

static void fill_end(struct notifier *notifier, const struct destination *to, const struct outbox_row *row, const struct post_outcome *outcome,
    int64_t now_ms, struct outbox_end *end)
{
	struct outbox_place place;
	tell_place(to, &place);
	int64_t wait_ms = outcome->wait_ms * notifier->second_ms / 1000;
	*end = (struct outbox_end){ .id = row->id, .attempts = row->attempts, .edits = row->edits, .result = outcome->result, .now_ms = now_ms, .closes_ms = row->closes_ms,
		.grows_ms = place.grows ? place.gather_ms : 0, .forget = outcome->forget, .due_ms = now_ms + MAX(wait_ms, patience_ms(notifier, row->attempts)) };
	snprintf(end->remote_id, sizeof end->remote_id, "%s", outcome->remote_id);
	snprintf(end->error, sizeof end->error, "%.290s", outcome->fault.text);
	if (outcome->fault.code == FAULT_CANCELLED)
		end->due_ms = now_ms; /* by us */
	else if (end->result == OUTBOX_AGAIN && now_ms - MAX(row->made_ms, row->closes_ms) > to->give_up_ms)
		end->result = OUTBOX_REFUSED;
	if (end->result == OUTBOX_REFUSED)
		log_unusual("notify: message %lld to %s is given up: %s", (long long)row->id, to->name, end->error);
}

void notifier_on_sent(const struct post_outcome *outcomes, size_t n, void *arg)
{
	struct errand *errand = arg;
	struct notifier *notifier = errand->notifier;
	struct place_state *place = &notifier->places[errand->at];
	const struct destination *to = &notifier->routes->destinations[errand->at];
	struct settling *s = mem_zalloc(sizeof *s);
	int64_t now_ms = clock_real_ms(), longest_ms = 0;
	bool all_wait = false, any = false;
	/* Somebody outside knows of it: it is written down whatever happens. */
	*s = (struct settling){ .job = { .work = settling_work, .done = on_settled, .promised = true }, .notifier = notifier, .errand = errand,
		.ends = mem_zalloc((n + 1) * sizeof *s->ends) };
	for (size_t i = 0; i < n; i++) {
		fill_end(notifier, to, &errand->rows[i], &outcomes[i], now_ms, &s->ends[i]);
		all_wait |= outcomes[i].all_wait;
		any |= outcomes[i].result == OUTBOX_TAKEN;
		longest_ms = MAX(longest_ms, outcomes[i].wait_ms * notifier->second_ms / 1000);
	}
	place->n_failures = any || !all_wait ? 0 : MIN(place->n_failures + 1, 10);
	if (all_wait)
		place->held_until_ms = now_ms + MAX(longest_ms, patience_ms(notifier, MAX(place->n_failures, 1)));
	notifier->n_flying--;
	notifier->n_settling++;
	lane_submit(notifier->parts.store_lane, &s->job);
}

void notifier_settle_late(struct notifier *notifier)
{
	for (struct settling *s = notifier->late, *next; s != NULL; s = next) {
		next = s->next;
		notifier->n_settling++;
		lane_submit(notifier->parts.store_lane, &s->job);
	}
	notifier->late = NULL;
}
