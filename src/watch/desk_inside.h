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

/* An act that was done, or undone, with what stood there before. */
struct done_act {
	struct arena arena;
	struct alert_before *before;
	size_t n;
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

/* Of a console that only looks: it was told, with n refused. */
bool desk_refuse(const struct desk *, size_t n, done_fn *, void *arg);

#endif
