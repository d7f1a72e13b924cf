/* SPDX-License-Identifier: Apache-2.0
 *
 * What happened in a stretch of time, gathered once, as JSON: what `report` prints
 * and the API answers. */
#ifndef WATCH_REPORT_H
#define WATCH_REPORT_H

#include "base/json.h"
#include "store/query.h"
#include "watch/board.h"

struct report_of {
	int64_t from_ms, until_ms; /* event time */
	int64_t backfill_ms;	   /* how far back records are asked for at the first sync */
};

/* A new reference; NULL: the fault. */
json_t *report_gather(struct db *, const struct report_of *, struct arena *, struct fault *) MUST_USE;

/* Stretches that have not been read from Webex, the first of them. */
#define REPORT_GAPS_MAX 16
bool report_gaps(struct db *, int64_t backfill_ms, int64_t now_ms, struct sync_gap *out, size_t capacity, size_t *n, struct fault *) MUST_USE;

#endif
