/* SPDX-License-Identifier: Apache-2.0
 *
 * Accepted exceptions (filters among one's own rules) beside the silences: what
 * they leave out, until when, how many records; ended and extended in their file. */
#ifndef WATCH_EXCEPTIONS_H
#define WATCH_EXCEPTIONS_H

#include "detect/judge.h"
#include "store/query.h"
#include "store/store.h"

/* Those that were read last, while nothing in the folders changes. */
struct exceptions {
	struct arena arena;
	bool read;
	uint64_t looked;
	struct silence_row *rows;
	size_t n;
};
void exceptions_clear(struct exceptions *);

/* Add those in force to the silences, with their counts, all in the arena. Where rules cannot be read there are none: the rules view says why. */
bool exceptions_add(struct exceptions *kept, const struct judge_options *, struct db *, int64_t now_ms, struct arena *,
    struct silence_list *, struct fault *) MUST_USE;

/* One ends at until_ms: now, or at most SILENCE_LONGEST_MS ahead. It is written into
 * its file, which may hold nothing else, and into the audit log. kept: how many
 * records it left out. */
struct exception_order {
	int64_t id;
	const char *who;
	int64_t until_ms, now_ms;
};
/* The file as it was, and as it was written; texts in the arena that is given. */
struct exception_before {
	struct arena *arena;
	int64_t id;
	const char *file, *title, *was, *stands;
};
/* before: may be NULL. */
bool exception_until(struct store *, const struct judge_options *, const struct exception_order *, int64_t *kept, struct exception_before *,
    struct fault *) MUST_USE;
/* The file as it was, where nobody has changed it since: the same call once more is
 * the way back. act: AUDIT_UNDO, AUDIT_REDO. FAULT_CONFLICT: somebody has. */
bool exception_swap(struct store *, const struct judge_options *, struct exception_before *, const char *act, const char *who, int64_t now_ms,
    struct fault *) MUST_USE;

#endif
