/* SPDX-License-Identifier: Apache-2.0
 *
 * Hearing at once what others write, where the store can say it (store/bell.h).
 * A connection that breaks is made again; until then the watch looks every second,
 * as it does beside a file. */
#ifndef WATCH_EARS_H
#define WATCH_EARS_H

#include <uv.h>

#include "net/lane.h"

struct ears;

/* on_rung: on the loop. The lane waits while they connect. Borrows `address`. */
struct ears *ears_new(uv_loop_t *, struct lane *, const char *address, void (*on_rung)(void *arg), void *arg);
/* Now and then: connects where there is no connection. */
void ears_tick(struct ears *);
/* Nothing is rung any more; before the lane closes. */
void ears_stop(struct ears *);
/* After the lane has closed. */
void ears_free(struct ears *);

#endif
