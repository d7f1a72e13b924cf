/* SPDX-License-Identifier: Apache-2.0
 *
 * Data and rules, read while the console draws what the store has: on the store
 * lane, since people and sites come from the store. Where that does not answer yet,
 * it waits until somebody has reached it. Loop thread. */
#ifndef WATCH_READYING_H
#define WATCH_READYING_H

#include "net/lane.h"
#include "watch/board.h"
#include "watch/guard.h"

struct readying;

/* on_ready, once: with a fault, or NULL. Not when the lane was closed before. */
struct readying *readying_new(struct guard *, struct lane *store_lane, void (*on_ready)(void *arg, const struct fault *), void *arg);
/* The store was reached: what waited for it goes on. */
void readying_go_on(struct readying *);
/* Webex is not asked, for this. */
void readying_say_down(struct health *, const struct fault *);
/* Whoever reads the screen need not guess what the store's lane waits for. */
void readying_say_not_reached(struct health *, const char *store_address, bool reached_before);
/* When nothing is on the lane any more; NULL is fine. */
void readying_free(struct readying *);

#endif
