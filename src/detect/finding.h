/* SPDX-License-Identifier: Apache-2.0
 *
 * What a rule or a score says about a leg: rule, subject, points, evidence. */
#ifndef DETECT_FINDING_H
#define DETECT_FINDING_H

#include "base/arena.h"

#define SEVERITIES(row)                                                  \
	row(SEVERITY_LOW, "low") row(SEVERITY_MEDIUM, "medium")          \
	row(SEVERITY_HIGH, "high") row(SEVERITY_CRITICAL, "critical")

enum severity {
#define SEVERITY_ENUM(id, name) id,
	SEVERITIES(SEVERITY_ENUM)
#undef SEVERITY_ENUM
};
const char *severity_name(enum severity);
bool severity_named(const char *name, enum severity *);

/* Whom or what an alert is about. */
#define SUBJECT_KINDS(row)                                                      \
	row(SUBJECT_PERSON, "person") row(SUBJECT_NUMBER, "number")             \
	row(SUBJECT_DEVICE, "device") row(SUBJECT_TRUNK, "trunk")               \
	row(SUBJECT_SITE, "site") row(SUBJECT_SERVICE, "service") /* queue, AA */ \
	row(SUBJECT_ORG, "org")

enum subject_kind {
#define SUBJECT_KIND_ENUM(id, name) id,
	SUBJECT_KINDS(SUBJECT_KIND_ENUM)
#undef SUBJECT_KIND_ENUM
};
const char *subject_kind_name(enum subject_kind);

/* One line of an explanation. Texts are printable and borrowed from the
 * arena of the findings (or of the alert that was read from the store). */
struct reason {
	const char *fact;     /* a name of the fact table: "dst.tier" */
	const char *value;    /* what was seen: "extreme" */
	const char *expected; /* what is usual; "" unknown */
	int points;
	const char *text_en, *text_es;
};

/* A leg that a finding rests on. */
struct evidence {
	int64_t leg_id;
	char report_id[40]; /* as on the wire, printable; "" absent */
};

struct finding {
	const char *rule;     /* the Sigma rule's id */
	const char *title_en, *title_es;
	enum severity severity;
	int score;	      /* 0..100 */
	enum subject_kind subject_kind;
	const char *subject_id, *subject_name;
	const char *location; /* site name; "" none */
	uint64_t fingerprint; /* rule and subject: same → same alert */
	int64_t first_ms, last_ms; /* event time, UTC, of the evidence */
	int64_t raised_ms;	   /* Report time of the leg that raised it */
	int64_t cost_micro;	   /* estimate, micro USD, of the evidence listed */
	int64_t cost_per_hour_micro;
	const struct reason *reasons;
	size_t n_reasons;
	const struct evidence *evidence; /* oldest first; the last one raised it */
	size_t n_evidence;
};

struct day_note;    /* detect/day_note.h */
struct sample_note; /* detect/outlier.h */

/* How the alerts of a rule ended here, in the last months. */
struct rule_outcome {
	const char *rule; /* its id */
	int64_t confirmed, dismissed;
};

/* Records that an exception kept from a rule. */
struct exemption {
	uint32_t key; /* of the filter */
	int64_t n;
};

/* What a page of legs gave rise to. */
struct findings {
	struct finding *items; /* from the arena */
	size_t n, capacity;
	struct arena *arena;   /* borrowed */
	struct day_note *notes; /* to be kept with it */
	size_t n_notes, notes_capacity;
	struct sample_note *samples; /* legs for the model, as well */
	size_t n_samples, samples_capacity;
	struct exemption *exemptions; /* one a filter */
	size_t n_exemptions, exemptions_capacity;
};

#endif
