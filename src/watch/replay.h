/* SPDX-License-Identifier: Apache-2.0
 *
 * Rules tried on what the store holds: what would have been raised, held
 * against what was, and how that ended. Reads only. */
#ifndef WATCH_REPLAY_H
#define WATCH_REPLAY_H

#include "watch/outcome.h"
#include "watch/trial.h"

struct replay_options {
	struct trial_options trial;
	int64_t since_ms, until_ms; /* by the legs' start */
	/* Now and then, 0 to 1; false: stop. May be NULL. */
	bool (*on_progress)(void *arg, double share);
	void *arg;
};

bool replay_run(const struct replay_options *, struct replay_result *out, struct fault *) MUST_USE;

#endif
