/* SPDX-License-Identifier: Apache-2.0
 *
 * Hearing at once what others write: a server says it (store/bell.h), a file's log is
 * watched by the kernel. A connection that breaks is made again; until then, and where
 * the kernel does not know (a file that is shared over a network), the watch looks every
 * second. */
#ifndef WATCH_EARS_H
#define WATCH_EARS_H

#include <uv.h>

#include "net/lane.h"

struct ears;

/* on_rung: on the loop; of a file also what this process wrote, and ten times a second at
 * most. The lane waits while they connect. Borrows `address` and the path of a file's log
 * (NULL: it is a server). */
struct ears *ears_new(uv_loop_t *, struct lane *, const char *address, const char *log_path, void (*on_rung)(void *arg), void *arg);
/* Now and then: connects where there is no connection. */
void ears_tick(struct ears *);
/* Nothing is rung any more; before the lane closes. */
void ears_stop(struct ears *);
/* After the lane has closed. */
void ears_free(struct ears *);

#endif
