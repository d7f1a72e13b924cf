/* SPDX-License-Identifier: Apache-2.0
 *
 * Which stretches of time were read, and when: sorted, disjoint; the newest
 * reading of a moment is the one that counts. */
#ifndef WEBEX_READ_SPANS_H
#define WEBEX_READ_SPANS_H

#include "base/base.h"

/* from … to was read at read_ms. */
struct read_span {
	int64_t from_ms, to_ms, read_ms;
};

struct spans {
	struct read_span *at;
	size_t n, room;
};

/* Put a span in; what it covers of older readings is cut away. One that was
 * read later than this stays (rows may come in any order). */
void spans_add(struct spans *, struct read_span);
/* Join neighbours, for the stream, where the time of reading says nothing. */
void spans_join(struct spans *);
/* What ended at before_ms or earlier goes; the newest `keep` spans stay. */
void spans_forget(struct spans *, int64_t before_ms, size_t keep);
void spans_clear(struct spans *);

#endif
