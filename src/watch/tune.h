/* SPDX-License-Identifier: Apache-2.0
 *
 * Changes of the rules that would have kept an alert from being raised, each
 * tried on stored history beside the rules as they are: which alerts would not
 * be there, and how those ended. Then one may be accepted: a file in the folder
 * of one's own rules, and a line in the audit log. */
#ifndef WATCH_TUNE_H
#define WATCH_TUNE_H

#include "watch/outcome.h"
#include "watch/trial.h"

struct tune_options {
	struct trial_options trial;
	int64_t alert_id;
	int64_t since_ms; /* history, by the legs' start; 0: thirty days, to a day after the alert ended */
	int64_t until_ms;
	const char *who;	    /* the analyst */
	int64_t now_ms;		    /* wall clock */
	/* Now and then, 0 to 1; false: stop. May be NULL. */
	bool (*on_progress)(void *arg, double share);
	void *arg;
};

/* Reads only. FAULT_NOT_FOUND: there is no such alert, or its rule is gone. */
bool tune_run(const struct tune_options *, struct tuning *out, struct fault *) MUST_USE;

/*
 * Write the offer into the folder (made when it is not there) and the audit log.
 * The file first: what the log lacks can be seen, what the rules lack cannot.
 */
struct tune_order {
	int64_t alert_id;
	const char *who;
	int64_t now_ms;
	int64_t for_ms; /* an exception ends by itself after this; 0: never. A threshold does not end */
};
bool tune_accept(struct store *, const char *own_folder, const struct tune_order *, const struct tuning_offer *, struct fault *) MUST_USE;

#endif
