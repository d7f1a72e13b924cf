/* SPDX-License-Identifier: Apache-2.0
 *
 * The ledger of windows: what was asked of Webex and is complete. */
#ifndef STORE_WINDOW_ROWS_H
#define STORE_WINDOW_ROWS_H

#include "store/store.h"

/* How far the records reach. */
#define COMPLETE_UNTIL "SELECT max(until_ms) FROM windows"

struct window_row {
	char endpoint[8], why[16];
	int64_t from_ms, until_ms, read_ms;
};

/* All of them, in the order in which they were read; free() the array. */
bool window_rows_read(struct store *, struct window_row **rows, size_t *n, struct fault *) MUST_USE;

#endif
