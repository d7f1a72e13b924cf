/* SPDX-License-Identifier: Apache-2.0
 *
 * Call records out of Webex, without loss: which window is next says
 * webex/windows.h, how a window is read webex/cdr_fetch.h; here the pages go
 * through the lanes, and a window counts as read when its last page is
 * committed. Loop thread only. */
#ifndef WATCH_SYNC_H
#define WATCH_SYNC_H

#include "net/lane.h"
#include "watch/board.h"
#include "watch/guard.h"
#include "watch/link.h"

struct live_config {
	const char *listen, *url, *secret_file, *watch; /* "" or NULL: not set */
	int64_t keep_ms; /* of what was told; 0: nothing is kept */
};

struct sync_config {
	struct live_config live;
	struct link_config link; /* api_url NULL or client_id "" : never asks Webex */
	int64_t backfill_ms, interval_ms, page_interval_ms, stream_edge_ms, feed_edge_ms;
	int page_size;
	/* Webex's limits where they differ from today's; 0: window_limits_init. */
	int64_t stream_window_ms, stream_kept_ms, feed_window_ms, feed_kept_ms, overlap_ms;
	bool no_stream;
};

/* What the rest of the watch lends to it. */
struct sync_parts {
	uv_loop_t *loop;
	struct guard *guard;
	struct lane *intake_lane, *store_lane;
	struct board *board;
	struct health *health;
	const struct clock *clock;
	struct live_calls *live;
	const char *holder; /* of the lease */
	void (*on_can_ask)(void *arg); /* somebody has signed in: the lease is of use */
	void *arg;
};

struct sync;
bool sync_start(const struct sync_parts *, const struct sync_config *, struct sync **out,
    struct fault *) MUST_USE;
/* Signed in, with a token that is good or can be renewed. */
bool sync_can_ask(const struct sync *);
/* The lease came or went; who holds it stands in health. denied: why the store keeps it from
 * this process; said where nobody else collects. */
void sync_lease(struct sync *, bool mine, const struct fault *denied);
/* Somebody else has committed: what the ledger says is shown. */
void sync_follow(struct sync *);
/* Once a second. */
void sync_tick(struct sync *);
/* Its way to Webex; a sign-in goes through it, and is told when it is done. */
struct oauth *sync_oauth(struct sync *);
void sync_signed_in(struct sync *);
/* Do not wait for the timer. */
void sync_hurry(struct sync *);
/* Ask no more and give the lanes nothing more: before the lanes are closed. */
void sync_halt(struct sync *);
/* After the lanes are closed. on_stopped comes last. */
void sync_stop(struct sync *, void (*on_stopped)(void *arg), void *arg);

#endif
