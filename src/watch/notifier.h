/* SPDX-License-Identifier: Apache-2.0
 *
 * Who tells: takes what is due from the outbox and sends it, while this process has
 * the lease to. It stands beside the sync and does not need it: what an import, an
 * analyst or another process wrote is told as well. Loop thread only. */
#ifndef WATCH_NOTIFIER_H
#define WATCH_NOTIFIER_H

#include "net/lane.h"
#include "notify/post.h"
#include "watch/board.h"

struct notifier_config {
	const char *routes; /* path; NULL or "": nobody is told anything. Read again when it changes */
	struct post_options post;
	int64_t second_ms; /* 0: 1000; how long a second of patience is, for tests */
};

struct notifier_parts {
	uv_loop_t *loop;
	struct store *store;
	struct lane *store_lane;
	struct board *board; /* alerts_version says that there may be news */
	struct health *health;
	const struct clock *clock;
	const char *holder; /* of the lease */
};

struct notifier;
/* False, with the sentence, when the routes are not understood. */
bool notifier_start(const struct notifier_parts *, const struct notifier_config *, struct notifier **out, struct fault *) MUST_USE;

/* The same where routes are configured; what is wrong with them is said in the log and
 * in health. NULL: nobody is told. */
struct notifier *notifier_begin(const struct notifier_parts *, const struct notifier_config *);

/* Ends what is on its way, or waits some seconds for it; the store lane must live
 * until on_stopped, which comes last, from the loop. */
void notifier_stop(struct notifier *, void (*on_stopped)(void *arg), void *arg);

#endif
