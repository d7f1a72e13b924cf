/* SPDX-License-Identifier: Apache-2.0
 *
 * The alerts of a shift as they were at its end, by what the audit log says of them. */
#ifndef STORE_QUERY_PAST_H
#define STORE_QUERY_PAST_H

#include "store/query.h"

/* So many alerts are looked at, the newest raised; `cut` tells if there were more. */
#define PAST_ALERTS_MAX 5000

/* In the order of the queue, with those that were closed in the day before. Counts are
 * of all that were open then. */
bool query_past_alerts(struct db *, int64_t at_ms, struct arena *, struct alert_list *out, bool *cut, struct fault *) MUST_USE;

#endif
