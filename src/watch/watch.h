/* SPDX-License-Identifier: Apache-2.0
 *
 * The guard on duty: makes the parts, starts and stops them in order, decides
 * nothing itself. Loop thread only. */
#ifndef WATCH_WATCH_H
#define WATCH_WATCH_H

#include <uv.h>

#include "store/retention.h"
#include "watch/board.h"
#include "watch/guard.h"
#include "watch/notifier.h"
#include "watch/rehearse.h"
#include "watch/sync.h"

struct watch_config {
	struct guard_config guard;
	struct sync_config sync;   /* without a client id Webex is never asked */
	struct clock clock;
	bool read_only;
	bool show_first; /* a console: data and rules are read while it draws */
	/* A console: what its lab tries, as the command line would, and makes attacks
	 * up with; NULL: no lab. */
	struct trial_options trial;
	stage_fn stage;
	/* For signing in; borrowed. */
	const char *scopes, *config_path;
	struct link_config responder; /* with the sign-in of who may change lines */
	bool lacks_secret;
	struct retention keep;
	struct notifier_config notify;
};

struct watch;

/* Opens the store and starts what the configuration asks for. */
bool watch_start(uv_loop_t *, const struct watch_config *, struct watch **out, struct fault *) MUST_USE;
/* Everything closed and freed, then on_stopped (may be NULL) from the loop. */
void watch_stop(struct watch *, void (*on_stopped)(void *arg), void *arg);

/* What keeps it from ending is a store that has stopped to answer: not one that is not reached
 * yet, which may be making it new. From watch_stop() to on_stopped. */
bool watch_is_stuck(const struct watch *) MUST_USE;

struct board *watch_board(struct watch *);
/* The sign-in to Webex; NULL: Webex is not asked. */
struct oauth;
struct oauth *watch_oauth(struct watch *);
/* Somebody signed in by another door than the board's. */
void watch_signed_in(struct watch *);

#endif
