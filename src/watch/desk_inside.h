/* SPDX-License-Identifier: Apache-2.0
 *
 * What the desk's files share: desk.c (acts, and their way back), desk_rules.c,
 * desk_alerts.c, desk_silences.c (what is done beside the acts). */
#ifndef WATCH_DESK_INSIDE_H
#define WATCH_DESK_INSIDE_H

#include "base/map.h"
#include "store/alert_rows.h"
#include "watch/desk.h"

#define MAX_UNDO 50
#define MAX_UNDO_ALERTS 150000 /* of all of them: some 200 MB */

struct desk;

/* An act that was done, or undone, with what stood there before. */
struct done_act {
	struct arena arena;
	/* Puts back what was, and keeps what stood in its place: the same call once more is
	 * the way back. On the lane; false: the store failed, and it can be tried again. */
	bool (*swap)(struct desk *, struct done_act *, bool redo, int64_t now_ms, struct triage_result *, struct fault *);
	struct alert_before *before; /* of alerts */
	size_t n;
	/* What was done at Webex is taken back there; it cannot be done again. NULL: swap. */
	desk_outside_fn *outside;
	void *outside_arg;
	int64_t outside_id;
	void *other; /* of what is no alert's: swap knows; in the arena */
	bool raised; /* the alert was not there */
	bool is_triage; /* it is `triage`, of alerts: its name says of how many it was done */
	enum triage_act triage;
	char name[96];
};

/* Oldest first. */
struct stack {
	struct done_act *acts[MAX_UNDO];
	size_t n;
};

struct desk {
	struct store *store;
	struct lane *lane;
	const struct judge_options *rules;
	char user[64];
	const char *console; /* NULL: nobody sees what it has open */
	bool read_only;
	void (*on_changed)(void *);
	void *changed_arg;
	struct stack done, undone;
	struct map renamed; /* the lane's; see store_swap */
};

typedef void done_fn(void *arg, size_t n_done, size_t n_failed, const struct fault *fault);

struct done_act *desk_act_new(size_t n);
void desk_act_free(struct done_act *); /* NULL: nothing */
/* It was done: takes it, and it can be undone. */
void desk_act_done(struct desk *, struct done_act *);
/* For `swap`: of alerts; and of one thing whose store says CONFLICT or NOT_FOUND where it
 * stays as it is. */
bool desk_swap_alerts(struct desk *, struct done_act *, bool redo, int64_t now_ms, struct triage_result *, struct fault *);
bool desk_swapped(bool ok, struct triage_result *, const struct fault *);

/* desk_may_not: it was told, with n refused. */
bool desk_refuse(const struct desk *, size_t n, done_fn *, void *arg);

#endif
