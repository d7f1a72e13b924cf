/* SPDX-License-Identifier: Apache-2.0
 *
 * The store as it was at a moment, for every question there is. On a connection of
 * its own the tables of alerts hide behind views of the same names: what did not
 * change since is read where it is, what did was made again beside, from the log and
 * from what each finding brought. So a look back costs what has changed since, and
 * a list, a group, a filter or an opened alert is asked as it is of now.
 *
 * As it was are: which alerts there were, their state, owner, severity, score, count,
 * cost, times, tags, case, duplicates; the log, the steps of the playbook, the records
 * and how many were open; titles and reasons, where a finding that changed them came since
 * they are kept. As they are now: what a silence kept back, and names of sites. */
#ifndef STORE_PAST_H
#define STORE_PAST_H

#include "store/engine.h"

struct past; /* opaque */

/* What passes of alerts_ever, where so many rows are looked at in a piece, whether they
 * were there then or not; printf it with the moment. */
#define PAST_PASSES " AND raised_ms <= %lld AND (of_then = 1 OR id NOT IN (SELECT id FROM touched))"

/* Nothing is read yet. */
bool past_open(const char *address, int64_t at_ms, struct past **, struct fault *) MUST_USE;
void past_close(struct past *); /* NULL is fine */

/* Between past_begin() and past_end(): does it say now what it did not say then? What it
 * said then was not kept. */
bool past_texts_are_of_now(struct past *, int64_t alert_id, bool *are, struct fault *) MUST_USE;

int64_t past_moment(const struct past *);

/*
 * For a question: go on making it, not much longer than budget_ms, so that others are
 * asked in between; ready: ask past_db() now, and say past_end() then. What is asked
 * in between is of one and the same moment of the store.
 */
bool past_begin(struct past *, int64_t budget_ms, bool *ready, struct fault *) MUST_USE;
struct db *past_db(struct past *);
void past_end(struct past *);

#endif
