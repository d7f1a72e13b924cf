/* SPDX-License-Identifier: Apache-2.0
 *
 * What the outbox's files share. Not for others. */
#ifndef STORE_OUTBOX_INSIDE_H
#define STORE_OUTBOX_INSIDE_H

#include "store/outbox_rows.h"

#define OUTBOX_COLUMNS                                                                          \
	"id, state, sending, alert_id, made_ms, due_ms, closes_ms, sent_ms, attempts, edits,"  \
	" n_notices, n_told, key, destination, remote_id, error"

/* How often one that grows is changed: Webex lets a message be edited ten times. */
#define OUTBOX_PACE(gather_ms) MAX((gather_ms) / 8, (int64_t)1)

/* The row under a statement of OUTBOX_COLUMNS and a body. */
bool outbox_row_read(struct db *, struct statement *, struct arena *, struct outbox_row *);

/* The notices of a message with their alerts: the newest OUTBOX_TOLD, oldest first. */
bool outbox_notices(struct db *, const struct outbox_row *, struct arena *, struct notice **, size_t *n, struct fault *) MUST_USE;

#endif
