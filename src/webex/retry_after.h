/* SPDX-License-Identifier: Apache-2.0
 *
 * How long a 429 or 503 asks us to wait. Pure. */
#ifndef WEBEX_RETRY_AFTER_H
#define WEBEX_RETRY_AFTER_H

#include "base/base.h"

#define RETRY_AFTER_MOST_MS (300 * SECOND_MS)

/*
 * `value` is the Retry-After header, NULL when there is none. A number of
 * seconds at its beginning, else an HTTP-date (against now_ms, the server's
 * clock), else 15 s: "rand(30),add(30)" has been seen. Clamped to 1 s … RETRY_AFTER_MOST_MS.
 */
int64_t retry_after_ms(const char *value, int64_t now_ms);
/* The same of who may ask for longer. */
int64_t retry_after_within_ms(const char *value, int64_t now_ms, int64_t most_ms);

#endif
