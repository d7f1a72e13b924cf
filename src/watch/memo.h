/* SPDX-License-Identifier: Apache-2.0
 *
 * What must outlive the process for the sake of Webex: how much of the budget
 * is spent, and in which region the records are. */
#ifndef WATCH_MEMO_H
#define WATCH_MEMO_H

#include "net/budget.h"
#include "watch/sync.h"
#include "webex/cdr_hosts.h"

/* Written on the store lane, later. */
void memo_keep_budget(const struct sync_parts *, const struct budget_state *);
void memo_keep_base(const struct sync_parts *, const char *cdr_base);

/* Read at once: before the store lane has its first job. */
struct budget_state memo_budget(const struct sync_parts *);
/* The kept address while its host is still one of `hosts`, else that of
 * `host`; free() it. */
char *memo_base(const struct sync_parts *, const struct cdr_hosts *hosts, const char *host);

#endif
