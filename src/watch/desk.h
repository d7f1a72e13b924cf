/* SPDX-License-Identifier: Apache-2.0
 *
 * The one door through which people act on alerts; see board.h. */
#ifndef WATCH_DESK_H
#define WATCH_DESK_H

#include "net/lane.h"
#include "store/store.h"
#include "watch/board.h"

/* store, lane and where the rules are are borrowed: the lane is the store's only user. on_changed
 * is called on the loop after each act that changed something. */
struct desk *desk_new(struct store *, struct lane *store_lane, const struct judge_options *rules, const char *user, bool read_only,
    void (*on_changed)(void *arg), void *arg);
/* The lane is no more, and nothing new is done. */
void desk_leave(struct desk *);
/* What tells this console from others on the store: borrowed. Until then it is not seen. */
void desk_name_console(struct desk *, const char *name);
/* It only looks (READ_ONLY), or the store does not answer (NETWORK): an act would be done
 * whenever it does again. Asked before anything is submitted. */
bool desk_may_not(const struct desk *, struct fault *why);
/*
 * Work on the store by another door than the console's (the API): in its turn, never
 * cancelled. `work` on the lane; false: nothing was changed. `done` on the loop, once.
 * Embed as the first member.
 */
struct desk_work {
	struct job job;
	struct desk *desk;
	bool (*work)(struct desk_work *, struct store *);
	void (*done)(struct desk_work *);
	bool changed;
};
void desk_submit(struct desk *, struct desk_work *);
/* Something was done outside the store, under this id: undo takes it back by `back`, on the
 * loop, which calls its on_done once. Where it says CONFLICT or NOT_FOUND it stays as it is. */
typedef void desk_outside_fn(void *arg, int64_t id, void (*on_done)(void *arg, size_t n_done, size_t n_failed, const struct fault *), void *done_arg);
void desk_did_outside(struct desk *, const char *name, int64_t id, desk_outside_fn *back, void *arg);
/* After the lane is closed. */
void desk_free(struct desk *);

/* The OS user who runs this process: from the password file, never from the
 * environment, which anybody may set. */
void desk_os_user(char *out, size_t capacity);

#endif
