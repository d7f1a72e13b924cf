/* SPDX-License-Identifier: Apache-2.0
 *
 * Rules tried on what the store holds: what would have been raised, held
 * against what was, and how that ended. Reads only. */
#ifndef WATCH_REPLAY_H
#define WATCH_REPLAY_H

#include "alerts/alert.h"
#include "watch/trial.h"

struct replay_options {
	struct trial_options trial;
	int64_t since_ms, until_ms; /* by the legs' start */
	/* Now and then, 0 to 1; false: stop. May be NULL. */
	bool (*on_progress)(void *arg, double share);
	void *arg;
};

/* What one rule would have raised in that time, an alert an episode. */
struct replay_rule {
	const char *id, *title_en, *title_es; /* titles NULL: the rules do not hold it */
	size_t raised;			      /* would have been, now */
	size_t as_before;		      /* of them, the store has an alert of */
	size_t fresh;			      /* of them, it has none of */
	size_t gone;			      /* alerts it has, and that would not be raised */
	size_t open;			      /* of those as before, still open */
	size_t ended[N_RESOLUTIONS];	      /* of those as before: how they ended */
};

struct replay_result {
	struct arena arena;
	struct replay_rule *rules; /* by what they raise, most first */
	size_t n_rules;
	int64_t n_legs, n_lost;	   /* judged; without a record that could be read */
	bool stopped;		   /* by on_progress: nothing else is filled */
	char complaints[400];	   /* of rule files that are not in force; "" none */
};

bool replay_run(const struct replay_options *, struct replay_result *out, struct fault *) MUST_USE;
void replay_result_clear(struct replay_result *);

#endif
