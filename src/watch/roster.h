/* SPDX-License-Identifier: Apache-2.0
 *
 * People and sites: read from Webex at the start and once a day, stored, and
 * handed to the intake lane, which alone looks at them meanwhile. Loop thread. */
#ifndef WATCH_ROSTER_H
#define WATCH_ROSTER_H

#include "watch/sync.h"
#include "webex/client.h"

struct roster;
struct roster *roster_new(const struct sync_parts *, struct webex *);
/* Signed in and collecting: read when it is time. */
void roster_step(struct roster *);
/* The lanes are being closed: what is read from now on is dropped. */
void roster_halt(struct roster *);
/* Before its webex is closed, after the lanes are. */
void roster_close(struct roster *, void (*on_closed)(void *arg), void *arg);

#endif
