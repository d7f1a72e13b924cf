/* SPDX-License-Identifier: Apache-2.0
 *
 * The alerts of a shift as they were at its end, by what the audit log says of them:
 * all that were open then, and those that were closed later than a day before. */
#ifndef STORE_QUERY_PAST_H
#define STORE_QUERY_PAST_H

#include "store/query.h"

/* One of them; *found false: it is gone. Text lies in the arena. */
bool past_alert(struct db *, int64_t id, int64_t at_ms, struct arena *, struct alert *, bool *found, struct fault *) MUST_USE;

/* All of them, a piece at a time, so that others are asked in between. */
struct past_walk;
/* visit: once of each alert, in no order; its texts are gone afterwards. */
struct past_walk *past_walk_new(int64_t at_ms, void (*visit)(void *arg, const struct alert *), void *arg);
void past_walk_free(struct past_walk *); /* NULL is fine */
/* A hundred of them; *more false: those were the last. What is closed between two pieces
 * is not missed, and nothing is visited twice. */
bool past_walk_on(struct past_walk *, struct db *, bool *more, struct fault *) MUST_USE;

#endif
