/* SPDX-License-Identifier: Apache-2.0
 *
 * Findings of a trial as the alerts they would have been: the same fingerprint
 * grows while its story goes on, as the store merges it. */
#ifndef WATCH_EPISODES_H
#define WATCH_EPISODES_H

#include "base/map.h"
#include "detect/finding.h"

struct episode {
	uint64_t fingerprint;
	size_t rule; /* whatever the trial counts rules by */
	int64_t first_ms, last_ms;
	bool known;    /* the store has an alert of it … */
	bool open;     /* … that is not closed */
	int resolution; /* … or is, and how: enum resolution */
};

struct episodes {
	struct episode *items;
	size_t n, capacity;
	struct map newest; /* fingerprint → place in items */
};

/* The new episode, or NULL: the finding goes on with one that is there. */
struct episode *episodes_take(struct episodes *, const struct finding *);
/* After the last finding, before episodes_same(). */
void episodes_sort(struct episodes *);
/* The episode that is the same story, or NULL. Where windows are long, episodes
 * overlap: the one that ends nearest. */
struct episode *episodes_same(const struct episodes *, uint64_t fingerprint, int64_t first_ms, int64_t last_ms);
void episodes_clear(struct episodes *);

#endif
