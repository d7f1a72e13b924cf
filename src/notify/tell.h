/* SPDX-License-Identifier: Apache-2.0
 *
 * From notices to the message of a destination: veiled, in its words, its format. */
#ifndef NOTIFY_TELL_H
#define NOTIFY_TELL_H

#include "notify/kind.h"
#include "store/outbox_rows.h"

/* How many are too many there. */
void tell_place(const struct destination *, struct outbox_place *out);

/* The message of a row of the outbox. n 0: what it was about is gone. */
void tell_write(const struct destination *, const struct outbox_row *, const struct notice *, size_t n, int64_t now_ms, struct text *body);

/* An alert that never was, to see whether the destination works. */
void tell_test(const struct destination *, const char *key, int64_t now_ms, struct text *body);

#endif
