/* SPDX-License-Identifier: Apache-2.0
 *
 * Who has which alert open just now: a row a console, which ends by itself. */
#ifndef STORE_VIEWER_ROWS_H
#define STORE_VIEWER_ROWS_H

#include "base/fault.h"

struct store;

#define VIEWERS_MAX  64
#define VIEWING_MS   30000 /* without a renewal */

struct viewers {
	struct viewer {
		int64_t alert_id;
		char who[65]; /* OS user */
	} items[VIEWERS_MAX];
	size_t n;
};

/* The console (its name, of one process) has this alert open; 0: none. */
bool viewer_put(struct store *, const char *console, const char *who, int64_t alert_id, int64_t now_ms, struct fault *) MUST_USE;
/* Those of other consoles, by alert and name; who has the same open twice is there once. */
bool viewers_read(struct store *, const char *console, int64_t now_ms, struct viewers *out, struct fault *) MUST_USE;
bool viewers_equal(const struct viewers *, const struct viewers *);

#endif
