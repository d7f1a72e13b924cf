/* SPDX-License-Identifier: Apache-2.0
 *
 * A whole store into another one, of whichever engine: every table row by row in
 * the order of its key, so that what was interrupted goes on where it ended; then
 * both are read and compared. */
#ifndef STORE_MOVE_H
#define STORE_MOVE_H

#include "store/engine.h"

struct move_table {
	char name[64];
	int64_t n_rows, n_moved; /* of the source; by this run */
	uint64_t hash;		 /* of all rows, in whatever order */
};

struct move {
	const char *from, *to;
	int64_t now_ms;
	bool (*goes_on)(void *arg, double share); /* false ends it; it can be gone on with */
	void *arg;
	/* Filled: */
	struct move_table *tables; /* malloc'd */
	size_t n;
};

/* FAULT_CONFLICT: somebody collects into the source, or the other store holds
 * something else already. FAULT_STORE: the two are not equal in the end. */
bool store_move(struct move *, struct fault *) MUST_USE;
void move_clear(struct move *);

#endif
