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

/* One transaction with its audit line. FAULT_CONFLICT: it is so already; the
 * sentence says who was first. FAULT_NOT_FOUND: no such alert. */
bool store_step(struct store *, const struct step_order *, struct fault *) MUST_USE;

#endif
