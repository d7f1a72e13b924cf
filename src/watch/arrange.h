/* SPDX-License-Identifier: Apache-2.0
 *
 * Records of files in the order they were reported, whatever order the files
 * have them in: each is held back until records of eight hours later have been
 * read (or as much as there is room for), then given out in order. So what is
 * judged is the same for a file that was shuffled within hours. */
#ifndef WATCH_ARRANGE_H
#define WATCH_ARRANGE_H

#include "watch/intake.h"

#define ARRANGE_HOLDS_MS    (8 * HOUR_MS) /* of Report time: late ones come up to six hours late */
#define ARRANGE_HOLDS_BYTES ((size_t)32 << 20)

struct held;
struct held_bytes;

struct arranger {
	size_t most_bytes; /* 0: ARRANGE_HOLDS_BYTES */
	int64_t latest_ms; /* a record that says it was reported later moves nothing; 0: none does */
	struct held *held; /* the first n_ordered in order */
	size_t n, n_ordered, capacity, bytes;
	struct held_bytes *room; /* that records are copied into now */
	struct held_bytes *spare[48]; /* what a page leaves is filled again by the next: no more than there ever was */
	size_t n_spare;
	int64_t newest_ms; /* Report time */
};

/* A record, copied. */
void arranger_add(struct arranger *, const struct cdr *);

/*
 * Up to `most` records that nothing can come before any more, into an empty
 * page, finished. False: fewer than `most` are ready. `all`: nothing more
 * comes, what there is is given.
 */
bool arranger_take(struct arranger *, bool all, size_t most, struct intake *, struct page *);

void arranger_clear(struct arranger *);

#endif
