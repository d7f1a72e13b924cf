/* SPDX-License-Identifier: Apache-2.0
 *
 * What a filter of calls allows to leave out, known before the calls are read: the
 * numbers that may pass (store/far_ends.h), that nothing can, or from when on. Never
 * more than that: what is read is still asked the whole filter. */
#ifndef STORE_CALL_PLAN_H
#define STORE_CALL_PLAN_H

#include "store/filter_sql.h"
#include "store/query.h"

/* Where more numbers than these fit, the newest calls are walked: they are found soon. */
#define PLAN_NUMBERS_MAX 2000

struct call_plan {
	enum { PLAN_WALK, PLAN_NOTHING, PLAN_NUMBERS } kind;
	char **numbers; /* PLAN_NUMBERS: in the order of the index */
	size_t n;
	int64_t after_id; /* no call up to this one passes; 0: unknown */
};

bool call_plan_make(struct db *, const struct filter *, const struct filter_words *, struct call_plan *, struct fault *) MUST_USE;
void call_plan_clear(struct call_plan *);

#endif
