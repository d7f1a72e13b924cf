/* SPDX-License-Identifier: Apache-2.0
 *
 * The other ends of calls, each text once: their numbers, and the names that came
 * with them. Written in the transaction that writes the call, so that a search may
 * rely on it: what is not among them has no call (store/call_plan.h). An engine without
 * trigrams has none: there, searches walk. */
#ifndef STORE_FAR_ENDS_H
#define STORE_FAR_ENDS_H

#include "store/engine.h"

struct store;
struct far_ends; /* what is known to be there, in memory */

struct far_ends *far_ends_new(void);
void far_ends_free(struct far_ends *);
void far_ends_forget(struct far_ends *);

/* Of a store that came from an engine which has none of this (store/move.h): all its
 * calls are still to be read, as those of an earlier version are. */
bool far_ends_begin(struct store *, struct fault *) MUST_USE;
/* A call of that day (UTC) has this other end; texts may be NULL or "". */
bool far_ends_note(struct store *, int64_t day, const char *number, const char *name, struct fault *) MUST_USE;
/* Before the commit. */
bool far_ends_write(struct store *, struct fault *) MUST_USE;
/* Before the first of a transaction: has another process taken some away? */
bool far_ends_follow(struct store *, struct fault *) MUST_USE;

/* Those of at most `batch` calls of an earlier version's store. *more: there are others;
 * until there are none, searches walk the calls. A transaction of its own. */
bool far_ends_fill(struct store *, size_t batch, bool *more, struct fault *) MUST_USE;
bool far_ends_full(struct db *, bool *full, struct fault *) MUST_USE;

/* Of numbers that calls or legs had which were taken away: those that no call has now
 * go, and so do names of before the oldest call. Inside a transaction. */
struct map;
bool far_ends_retire(struct store *, const struct map *numbers, size_t batch, struct fault *) MUST_USE;

#endif
