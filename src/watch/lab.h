/* SPDX-License-Identifier: Apache-2.0
 *
 * Trials of the rules in the background, one at a time, on a thread of their
 * own: they take minutes, and the pool's threads are for lanes and files. What
 * may be asked is in board.h. */
#ifndef WATCH_LAB_H
#define WATCH_LAB_H

#include <uv.h>

#include "watch/board.h"
#include "watch/rehearse.h"

/* Texts are borrowed for the lab's life; clock: event time; stage: what makes
 * the attacks up. */
struct lab *lab_new(uv_loop_t *, const struct trial_options *, stage_fn stage, const struct clock *clock);
/* What runs is told to stop and waited for; on_closed (may be NULL) last, from
 * the loop. Results are gone then. */
void lab_close(struct lab *, void (*on_closed)(void *arg), void *arg);

#endif
