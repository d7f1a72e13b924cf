/* SPDX-License-Identifier: Apache-2.0
 *
 * What the store holds of the past, shown to a judge: after a restart, and
 * when rules are tried on history. */
#ifndef WATCH_RECOLLECT_H
#define WATCH_RECOLLECT_H

#include "calls/cdr.h"
#include "calls/directory.h"
#include "detect/leg_facts.h"
#include "store/store.h"

struct judge;

/* Who called which number and country first within the month before the key,
 * and on which nights. */
bool recollect_calls(struct db *, const struct directory *, struct judge *, int64_t until_key,
    struct fault *) MUST_USE;

/* The record borrowed during the call; false: enough. */
typedef bool (*leg_fn)(void *arg, const struct cdr *, int64_t leg_id);

/*
 * Every leg with a key in (from, until], decoded from its raw record, in the
 * order of arrival, as they were judged.
 *
 * lost  legs whose record is not kept any more, or is damaged
 */
bool recollect_legs(struct db *, int64_t from_key, int64_t until_key, leg_fn, void *arg, int64_t *lost,
    struct fault *) MUST_USE;

/* The legs that an alert rests on, at most 500. */
bool recollect_evidence(struct db *, int64_t alert_id, leg_fn, void *arg, int64_t *lost, struct fault *) MUST_USE;

/*
 * All that a judge needs of the time before the key: calls of weeks, nights, and
 * records as far back as its rules look. Nothing is found by it. In pieces, of which
 * none is long: whoever wants the connection gets it between two.
 *
 * more  there is another piece
 */
struct recollecting;
struct recollecting *recollecting_new(struct db *, const struct fact_world *, struct judge *, int64_t until_key);
bool recollecting_on(struct recollecting *, bool *more, struct fault *) MUST_USE;
void recollecting_free(struct recollecting *); /* NULL is fine */

#endif
