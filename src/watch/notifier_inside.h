/* SPDX-License-Identifier: Apache-2.0
 *
 * What the notifier's files share: notifier.c (rounds: what goes where, and when),
 * notifier_settle.c (how it ended, and when to try again). Not for others. */
#ifndef WATCH_NOTIFIER_INSIDE_H
#define WATCH_NOTIFIER_INSIDE_H

#include "base/arena.h"
#include "notify/tell.h"
#include "watch/notifier.h"

/* What a file looked like when it was read. */
struct file_look {
	struct timespec time;
	off_t size;
};

/* What is on its way to one destination. */
struct errand {
	struct notifier *notifier;
	size_t at; /* of its destination */
	struct arena arena;
	struct outbox_row *rows;
	struct parcel *parcels;
	size_t n;
};

struct place_state {
	bool flying;
	int n_failures; /* in a row, of the whole destination */
	int64_t held_until_ms;
};

struct notifier {
	struct notifier_parts parts;
	struct notify_routes *routes, *fresh; /* fresh: the file changed; in force when nothing is on its way */
	struct file_look look;		      /* of the file that was read last */
	struct place_state *places; /* one a destination */
	struct post *post; /* NULL: not before the first round */
	struct post_options post_options;
	uv_timer_t timer;
	int64_t second_ms;
	bool mine, working, stopping, closing;
	bool denied; /* the store lets this process look, and no more */
	bool doubt; /* a round failed: what it began may be written down, and is sent by nobody */
	int n_flying, n_settling;
	struct settling *late;
	struct outbox_sum sum; /* as it was last known */
	int64_t renewed_ms, wanted_ms, next_ms; /* next_ms: something is due; 0 nothing waits */
	uint64_t seen_version;
	int64_t stop_by_ms;
	bool freed_lease;
	void (*on_stopped)(void *);
	void *stopped_arg;
};

/* struct board's told_of; arg: a notifier. */
void notifier_told_of(void *, enum triage_act, const struct alert *, enum severity worst, struct told *);

void notifier_errand_free(struct errand *); /* NULL is fine */
/* For post_send(): writes down how each parcel of the errand ended. */
void notifier_on_sent(const struct post_outcome *, size_t n, void *errand);
/* What the store did not take is handed to it again. */
void notifier_settle_late(struct notifier *);
/* The sooner of this and what it waits for already. */
void notifier_look_soon(struct notifier *, int64_t wait_ms);

#endif
