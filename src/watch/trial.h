/* SPDX-License-Identifier: Apache-2.0
 *
 * A judge of its own beside a store that is only read: rules are tried in it,
 * on what the store holds or on what is made up. Nothing of it is kept. */
#ifndef WATCH_TRIAL_H
#define WATCH_TRIAL_H

#include "detect/judge.h"
#include "store/store.h"

struct trial_options {
	const char *store, *data_folder;
	const char *sites_file, *tariff_file; /* NULL or "": none */
	struct judge_options rules;
	/* Asked now and then while the store answers, on the trial's thread; false:
	 * the trial ends with FAULT_CANCELLED. NULL: nobody gives up. */
	bool (*goes_on)(void *arg);
	void *goes_on_arg;
};

struct site_plan;
struct trial {
	struct db db;
	struct numbering *numbering;
	struct directory *directory;
	struct site_plan *plan;
	struct judge *judge;
	struct fact_world world;
};

/* On failure nothing is open. */
bool trial_open(const struct trial_options *, struct trial *, struct fault *) MUST_USE;
void trial_close(struct trial *);
/* How many legs there are with after < id <= until: what a walk's progress is a part of. */
bool trial_count_legs(struct trial *, int64_t after, int64_t until, int64_t *n, struct fault *) MUST_USE;

#endif
