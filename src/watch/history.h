/* SPDX-License-Identifier: Apache-2.0
 *
 * Questions of panes and API, answered from a reading connection on a lane of
 * its own; what may be asked is in board.h. */
#ifndef WATCH_HISTORY_H
#define WATCH_HISTORY_H

#include <stdatomic.h>

#include <uv.h>

#include "watch/board.h"

struct guard_config;
/* me: whose alerts are "mine"; clock: event time. All copied or borrowed for
 * the history's life. The store is opened at the first question about it. */
struct history *history_new(uv_loop_t *, const struct guard_config *, const char *me,
    const struct clock *clock);
/* Nothing is asked of the store before that is true: it may be another's (store/store.h). */
void history_wait_for(struct history *, const atomic_bool *reached);
/* A question lasts for longer than one should (lane.h). Until on_closed. */
bool history_is_stuck(const struct history *);
/* No callback comes after this; on_closed (may be NULL) last, from the loop. */
void history_close(struct history *, void (*on_closed)(void *arg), void *arg);

#endif
