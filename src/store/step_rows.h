/* SPDX-License-Identifier: Apache-2.0
 *
 * Steps of a rule's playbook that were taken for an alert. A step is known by its
 * sentence (the English one): what was done stays said when the rule changes. */
#ifndef STORE_STEP_ROWS_H
#define STORE_STEP_ROWS_H

#include "base/fault.h"

struct store;

#define STEP_BYTES 500

struct step_order {
	int64_t alert_id;
	const char *step; /* made printable, cut at STEP_BYTES */
	bool done;	  /* else: it was not, after all */
	const char *who;
	int64_t now_ms;
};

/* A step as it was (who "": open), and what took its place. */
struct step_mark {
	char who[65];
	int64_t at_ms;
};
struct step_before {
	int64_t alert_id;
	char step[STEP_BYTES + 1];
	struct step_mark was, stands;
};

/* One transaction with its audit line. FAULT_CONFLICT: it is so already; the
 * sentence says who was first. FAULT_NOT_FOUND: no such alert. before: may be NULL. */
bool store_step(struct store *, const struct step_order *, struct step_before *, struct fault *) MUST_USE;
/* As it was, where nobody changed it since: the same call once more is the way back.
 * FAULT_CONFLICT: somebody did. */
bool store_step_swap(struct store *, struct step_before *, const char *who, int64_t now_ms, struct fault *) MUST_USE;

#endif
