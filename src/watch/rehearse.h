/* SPDX-License-Identifier: Apache-2.0
 *
 * An attack played by people of the store in the days after its last record,
 * before a judge that remembers the store: which rule speaks, after how many
 * minutes and for how much money? Reads only; nothing of it is kept. */
#ifndef WATCH_REHEARSE_H
#define WATCH_REHEARSE_H

#include "watch/outcome.h"
#include "watch/trial.h"

/* A record of the attack, of an invented organisation. */
struct act {
	const char *json;
	size_t n_json;
	const char *scenario, *kind; /* the incident it belongs to */
	size_t order;		     /* as it was made up: part of its id */
};

struct attack {
	struct arena arena; /* owns all of it */
	struct act *acts;   /* in the order of arrival */
	size_t n;
};

/* Makes the records of a scenario that begins at epoch_ms. Whoever knows the
 * simulator gives it: this folder does not. On failure nothing is to be freed. */
typedef bool (*stage_fn)(const char *scenario, const char *data_folder, int64_t epoch_ms, struct attack *out,
    struct fault *);

struct rehearse_options {
	struct trial_options trial;
	const char *scenario; /* a name in data/scenarios, or a path */
	stage_fn stage;
	/* Now and then, 0 to 1; false: stop. May be NULL. */
	bool (*on_progress)(void *arg, double share);
	void *arg;
};

bool rehearse_run(const struct rehearse_options *, struct rehearsal *out, struct fault *) MUST_USE;

#endif
