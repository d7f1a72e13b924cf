/* SPDX-License-Identifier: Apache-2.0
 *
 * What the query files share: a filter's statement, rows of legs. */
#ifndef STORE_QUERY_PARTS_H
#define STORE_QUERY_PARTS_H

#include "store/filter.h"
#include "store/query.h"

/* Prepare dynamic SQL and bind the filter's values; engine->finish it. */
bool query_prepare(struct db *, const char *sql, const struct filter *, struct statement **,
    struct fault *) MUST_USE;

enum legs_of { LEGS_OF_ALERT, LEGS_OF_CALL };
/* Of a call: id, and the stretch of its start times. Of an alert: the newest 200. */
bool query_legs(struct db *, enum legs_of, int64_t id, int64_t from_ms, int64_t until_ms,
    struct arena *, struct leg_row **, size_t *n, struct fault *) MUST_USE;

#endif
