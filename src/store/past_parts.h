/* SPDX-License-Identifier: Apache-2.0
 *
 * What the files of a look back share. */
#ifndef STORE_PAST_PARTS_H
#define STORE_PAST_PARTS_H

#include "alerts/alert.h"
#include "store/past.h"

/* Everything that questions ask of alerts. */
#define KEPT_COLUMNS                                                                                     \
	"id, revision, fingerprint, subject_kind, subject_id, subject_name, location, rule, raised_ms,"  \
	" title_en, title_es, why_en, why_es, reasons, kept_back"
#define RELIVED_COLUMNS                                                                                  \
	"severity, score, state, resolution, first_ms, last_ms, acknowledged_ms, closed_ms, snooze_until_ms," \
	" silence_until_ms, n_legs, n_notes, cost_micro, cost_per_hour_micro, assignee, case_id, rank, urgency, tags, merged_into"
#define ALL_COLUMNS KEPT_COLUMNS ", " RELIVED_COLUMNS

enum phase { ACTS, GROWTHS, LATER, RELIVE, MADE };

struct past {
	struct db db;
	int64_t at_ms;
	enum phase phase;
	bool started;
	int64_t mark, mark_id;	/* how far the phase is */
	int64_t revision;	/* of the store, when all was as it is beside */
	int64_t last_id;	/* the newest alert that was counted */
};

/* So many more of that kind were open. */
bool past_count_open(struct past *, const struct alert *, int64_t change, struct fault *) MUST_USE;

/* One alert as it was then, beside the store. minus: it is among those that are counted
 * as it is now; plus: it is not among those that are counted as they were. */
bool past_relive(struct past *, int64_t id, bool minus, bool plus, struct fault *) MUST_USE;

#endif
