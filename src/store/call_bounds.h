/* SPDX-License-Identifier: Apache-2.0
 *
 * What the calls of an hour have at least and at most: written in the transaction that
 * writes the call, so that a search may leave an hour out (store/call_runs.h). */
#ifndef STORE_CALL_BOUNDS_H
#define STORE_CALL_BOUNDS_H

#include "store/engine.h"

struct store;

/* The hour that a call's id is of: it begins with the start of one of its legs. */
#define CALL_ID_BITS	 20
#define CALL_HOUR(id)	 (((id) >> CALL_ID_BITS) / HOUR_MS)
#define CALL_HOUR_ID(hour) (((hour) * HOUR_MS) << CALL_ID_BITS) /* the first of an hour */

#define CALL_SIZES 4 /* talking, ringing, legs, cost */
#define CALL_KINDS 3 /* class, tier, direction */

struct call_facts {
	int64_t size[CALL_SIZES], kind[CALL_KINDS], flags;
};

/* Those of a page are first put together: it has calls of a few hours. */
struct call_bounds {
	struct call_bound {
		bool used;
		int64_t hour, least[CALL_SIZES], most[CALL_SIZES], kinds[CALL_KINDS], flags_some, flags_all;
	} slots[64];
};

bool call_bounds_note(struct store *, struct call_bounds *, int64_t id, const struct call_facts *, struct fault *) MUST_USE;
bool call_bounds_write(struct store *, struct call_bounds *, struct fault *) MUST_USE;

/* Those of at most `batch` calls of an earlier version's store. *more: there are others.
 * A transaction of its own. */
bool call_bounds_fill(struct store *, size_t batch, bool *more, struct fault *) MUST_USE;
/* Of calls below this one nothing is known yet; 0: of all. */
bool call_bounds_below(struct db *, int64_t *id, struct fault *) MUST_USE;

#endif
