/* SPDX-License-Identifier: Apache-2.0
 *
 * How long what is kept. State of the program itself (lease, settings,
 * counters) is no record of anybody and stays; people and sites are Webex's
 * list of today. */
#ifndef STORE_RETENTION_H
#define STORE_RETENTION_H

#include "store/store.h"

struct retention {
	int64_t raw_ms;	   /* records as Webex sent them */
	int64_t legs_ms;   /* legs, calls, hourly sums */
	int64_t alerts_ms; /* alerts after they were closed, and their evidence */
	int64_t audit_ms;  /* lines of the audit log */
	int64_t live_ms;   /* calls as they were lived; of these no more than LIVE_HALVES_MOST */
};

/*
 * Take away what is older than `keep` says (0: for ever), at most `batch` rows
 * of each table; *n says how many went, so that a full batch may be followed
 * by the next. One transaction. Never: open alerts, the records they rest on,
 * and what the audit log says since the first line about one of them.
 *
 * The audit log loses its oldest lines only. The hash of the last one is kept
 * (audit_anchor), and a line of the log says so: the chain still holds, and a
 * beginning that was cut off by somebody else does not.
 */
bool store_retire(struct store *, const struct retention *keep, int64_t now_ms, size_t batch,
    int64_t *n, struct fault *) MUST_USE;

#endif
