/* SPDX-License-Identifier: Apache-2.0
 *
 * Webex's admin audit, beside the directory: who changed what in Control Hub. Read
 * stretch by stretch from where it was last read (30 days back at first), each
 * committed with its end; only where the token may. Loop thread. */
#ifndef WATCH_ADMIN_WATCH_H
#define WATCH_ADMIN_WATCH_H

#include "watch/sync.h"
#include "webex/client.h"

struct admin_watch;
struct admin_watch *admin_watch_new(const struct sync_parts *, struct webex *);
/* Signed in and collecting: read when it is time. */
void admin_watch_step(struct admin_watch *);
/* Somebody else may have read since: where it stands is asked of the store again. */
void admin_watch_forget(struct admin_watch *);
/* The lanes are being closed: what is read from now on is dropped. */
void admin_watch_halt(struct admin_watch *);
/* Before its webex is closed, after the lanes are. */
void admin_watch_close(struct admin_watch *, void (*on_closed)(void *arg), void *arg);

#endif
