/* SPDX-License-Identifier: Apache-2.0
 *
 * What happened to an alert, kept for whoever tells it (outbox_rows.h), in the
 * transaction in which it happened: neither is there without the other. */
#ifndef STORE_NOTICE_ROWS_H
#define STORE_NOTICE_ROWS_H

#include "alerts/notice.h"
#include "store/store.h"

/*
 * was    NULL: it is new
 * event  as the audit log has it
 * Nothing is kept while nobody is there to tell it (notice_rows_wanted).
 */
bool notice_rows_add(struct store *, const struct alert *was, const struct alert *now,
    const struct alert_event *event, struct fault *) MUST_USE;

/* Somebody will tell it: until then, by the wall's clock. Said again before it ends. */
bool notice_rows_want(struct store *, int64_t until_ms, struct fault *) MUST_USE;

#endif
