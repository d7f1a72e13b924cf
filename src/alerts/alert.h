/* SPDX-License-Identifier: Apache-2.0
 *
 * An alert: findings about one subject merged; what a row in the queue is. */
#ifndef ALERTS_ALERT_H
#define ALERTS_ALERT_H

#include "detect/finding.h"

/* Fixed stages, so that metrics compare. */
#define ALERT_STATES(row)                                             \
	row(ALERT_NEW, "new") row(ALERT_IN_PROGRESS, "in_progress")   \
	row(ALERT_SNOOZED, "snoozed") row(ALERT_CLOSED, "closed")

enum alert_state {
#define ALERT_STATE_ENUM(id, name) id,
	ALERT_STATES(ALERT_STATE_ENUM)
#undef ALERT_STATE_ENUM
};
const char *alert_state_name(enum alert_state);
bool alert_state_named(const char *name, enum alert_state *);

#define RESOLUTIONS(row)                                                                 \
	row(RESOLUTION_NONE, "") row(RESOLUTION_TRUE_IMPACT, "true_positive_impact")     \
	row(RESOLUTION_TRUE_NO_IMPACT, "true_positive_no_impact")                        \
	row(RESOLUTION_FALSE_POSITIVE, "false_positive")                                 \
	row(RESOLUTION_LEGITIMATE, "legitimate") row(RESOLUTION_DUPLICATE, "duplicate")  \
	row(RESOLUTION_UNKNOWN, "unknown")

enum resolution {
#define RESOLUTION_ENUM(id, name) id,
	RESOLUTIONS(RESOLUTION_ENUM)
#undef RESOLUTION_ENUM
};
#define N_RESOLUTIONS (RESOLUTION_UNKNOWN + 1)
const char *resolution_name(enum resolution);
bool resolution_named(const char *name, enum resolution *);

/* The rule of what a person raised. */
#define MANUAL_RULE "manual"

struct alert {
	int64_t id;		/* grows with each alert */
	int64_t revision;	/* grows with each change of any alert */
	int64_t case_id;	/* id of the first alert of its story; its own when alone */
	uint64_t fingerprint;
	enum severity severity;
	int score;
	enum alert_state state;
	enum resolution resolution;
	enum subject_kind subject_kind;
	int64_t first_ms, last_ms; /* event time of the evidence, UTC */
	int64_t raised_ms;	   /* Report time of the record that raised it */
	int64_t acknowledged_ms, closed_ms; /* wall clock; 0 not yet */
	int64_t snooze_until_ms;   /* 0: not snoozed */
	int64_t silence_until_ms;	   /* wall clock: until then no alert like it (rule, subject) is raised; 0 or past: it is */
	int64_t merged_into;	   /* the alert it is a duplicate of; 0 none */
	int64_t kept_back;	   /* findings that the silence kept from being alerts */
	int64_t count;		   /* legs it rests on */
	int64_t cost_micro, cost_per_hour_micro;
	int n_notes;
	const char *rule, *title_en, *title_es;
	const char *why_en, *why_es; /* the strongest reason; "" none */
	const char *subject_id, *subject_name, *location;
	const char *team;	   /* department of the person it is about; "" or NULL unknown */
	const char *assignee;	   /* "" nobody */
	const char *tags;	   /* words with a blank between; "" or NULL none: alerts/tags.h */
	const char *closed_by;	   /* of an earlier one in a view's lists; NULL: it was not asked, or is open */
	const struct reason *reasons; /* none in a list that did not ask for them */
	size_t n_reasons;
};

/* A line of an alert's life: also the audit log's row. */
struct alert_event {
	int64_t at_ms;
	const char *who;	   /* OS user, or "centinela" */
	const char *act;	   /* "raise", "grow", or an act of triage.h */
	const char *before, *after; /* state, assignee or resolution; "" none */
	const char *note;	   /* printable; "" none */
};

#endif
