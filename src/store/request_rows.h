/* SPDX-License-Identifier: Apache-2.0
 *
 * Answers that are given again: a request with an idempotency key is carried out once,
 * whatever became of its first answer on the way. */
#ifndef STORE_REQUEST_ROWS_H
#define STORE_REQUEST_ROWS_H

#include "base/arena.h"
#include "base/fault.h"

struct store;

#define REQUEST_KEPT_MS (24LL * 3600 * 1000)

struct request_row {
	unsigned char key[32];	/* of who, what and the key that was given */
	unsigned char body[32]; /* of what was sent: the same key with another body is refused */
	int status;
	int64_t revision; /* of the alert that was changed; 0 none */
	const char *location, *answer;
};

/* Within the transaction of the act. */
bool request_row_find(struct store *, const unsigned char key[static 32], int64_t now_ms, struct arena *, struct request_row *out, bool *found, struct fault *) MUST_USE;
/* Also forgets those that are older than REQUEST_KEPT_MS. */
bool request_row_keep(struct store *, const struct request_row *, int64_t now_ms, struct fault *) MUST_USE;

/* Who counts or lists alerts leaves out those that were taken away: a condition, of the column of
 * their id. */
#define NOT_TAKEN(id) id " NOT IN (SELECT alert_id FROM tombstones)"

/* An alert that was taken away: who and when; "" it was not. */
bool tombstone_put(struct store *, int64_t alert_id, const char *who, int64_t now_ms, struct fault *) MUST_USE;
struct db;
bool query_tombstone(struct db *, int64_t alert_id, char who[static 65], struct fault *) MUST_USE;

#endif
