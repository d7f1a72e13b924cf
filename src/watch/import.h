/* SPDX-License-Identifier: Apache-2.0
 *
 * Files into the store through the same path as sync: intake lane, store
 * lane, at most three pages on their way, flat memory. */
#ifndef WATCH_IMPORT_H
#define WATCH_IMPORT_H

#include <uv.h>

#include "store/store.h"
#include "watch/intake.h"

struct import_counts {
	int64_t n_records, n_new, n_updated, n_seen, n_rejected, n_raised, n_grown, n_kept_back;
};

struct import_options {
	const char *const *paths;
	size_t n_paths;
	/* A record that was skipped: which file and line, and why. On the loop. */
	void (*on_rejected)(void *arg, const char *path, int64_t line, const char *why);
	/* After each page; share 0..1 of this file, negative unknown. On the loop. */
	void (*on_progress)(void *arg, const struct import_counts *, double share);
	void *arg;
};

/* Runs a loop of its own until all is in, or a fault ends it. What was
 * committed stays; the same command again goes on where it stopped. */
bool import_run(struct store *, struct intake *, const struct page_judge *,
    const struct import_options *, struct import_counts *, struct fault *) MUST_USE;

#endif
