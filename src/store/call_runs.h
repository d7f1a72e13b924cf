/* SPDX-License-Identifier: Apache-2.0
 *
 * Which hours may have a call that passes a filter, one run of them after the other, by
 * what is known of each (store/call_bounds.h). What is in them is still asked the whole
 * filter. */
#ifndef STORE_CALL_RUNS_H
#define STORE_CALL_RUNS_H

#include "filter/filter.h"
#include "store/engine.h"

struct call_runs {
	char *may_pass; /* of a row of call_bounds; NULL: nothing can be left out */
	int64_t below_hour; /* up to this one nothing is known; -1: of all it is */
};

bool call_runs_make(struct db *, const struct filter *, struct call_runs *, struct fault *) MUST_USE;
void call_runs_clear(struct call_runs *);

/* The next run from an hour on, that one too: hours from *first to *last, whatever the
 * direction. *any: there is one. */
bool call_runs_next(struct db *, const struct call_runs *, bool upwards, int64_t from_hour, int64_t *first, int64_t *last, bool *any, struct fault *) MUST_USE;

#endif
