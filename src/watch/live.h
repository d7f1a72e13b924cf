/* SPDX-License-Identifier: Apache-2.0
 *
 * Calls that are up now: a receiver for Webex's signed webhooks, the webhook
 * kept alive at Webex, and members of a watch-list asked in turn. Loop thread. */
#ifndef WATCH_LIVE_H
#define WATCH_LIVE_H

#include "watch/sync.h"
#include "webex/client.h"

struct live;

/* Starts what the configuration asks for; what cannot start is told by a
 * sentence in the log and in health, the rest goes on. */
struct live *live_new(const struct sync_parts *, struct webex *, const struct live_config *,
    struct live_calls *);
/* Once a second. collecting: signed in and holder of the lease. */
void live_step(struct live *, bool collecting);
/* The lanes are being closed: what was told is given to the store, and no more. */
void live_halt(struct live *);
/* Before its webex is closed. on_closed last, from the loop. */
void live_close(struct live *, void (*on_closed)(void *arg), void *arg);

#endif
