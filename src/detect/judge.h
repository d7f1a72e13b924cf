/* SPDX-License-Identifier: Apache-2.0
 *
 * The judge: each new leg, in the order the store accepted it, against the
 * rules, with all that is remembered. One thread at a time. The same
 * legs in the same order give the same findings, byte for byte. */
#ifndef DETECT_JUDGE_H
#define DETECT_JUDGE_H

#include "base/fault.h"
#include "detect/finding.h"
#include "detect/leg_facts.h"

/* A rule file that is not on the disk (yet). */
struct rule_text {
	const char *path; /* stands for a file of that path in the folder of one's own */
	const char *bytes;
	size_t n;
};

struct judge_options {
	const char *rules_folder; /* data/rules */
	const char *own_folder;	  /* further rules of the installation, which may replace those; NULL or "": none */
	const struct rule_text *further; /* one more of one's own, for trials; NULL none. Not for a judge that is reloaded */
	const char *lists_file;	  /* what rules name with |expand; NULL or "": none */
	int64_t lateness_ms;	  /* 0: 6 h. Legs this late change nothing of the result */
	size_t windows_budget;	  /* bytes; 0: 16 MiB */
	int64_t alert_budget;	  /* alerts a day and 1000 people for what is merely unusual; 0: none */
};

struct judge;

/* Fails only when no rule at all can be read: what else is wrong with single
 * files is told by judge_complaints. */
bool judge_open(const struct judge_options *, struct judge **, struct fault *) MUST_USE;
void judge_free(struct judge *);

/* Judge a leg that the store has just accepted as new. Findings are appended
 * to `out`, with their texts in its arena. */
void judge_leg(struct judge *, const struct cdr *, const struct leg_facts *, int64_t leg_id,
    struct findings *out);

/* Remember a leg that was judged before (after a restart: the last day or
 * longer, oldest first). No findings. */
void judge_warm(struct judge *, const struct cdr *, const struct leg_facts *, int64_t leg_id);

/* All that is remembered goes; the rules stay. Before it is warmed a second time. */
void judge_forget(struct judge *);

/* A call of weeks ago, as a store's columns have it: enough to know a number,
 * its range and its country, and since when. One for each person, far number
 * and country with its first start is enough; any order; before judge_warm. */
struct recollection {
	int64_t start_ms;
	const char *user_uuid;	/* "" unknown */
	const char *far_number; /* E.164 where understood, else as reported */
	const char *country;	/* of the far number; "" unknown */
	bool outbound, international;
};
void judge_recall(struct judge *, const struct recollection *);
void judge_recall_night(struct judge *, uint64_t user_key, int64_t day); /* see state_facts.h */
void judge_recall_note(struct judge *, const struct day_note *);
void judge_recall_sample(struct judge *, const struct sample_note *); /* see outlier.h */

/* How alerts ended: a rule that is mostly right here says a little more, one that
 * is mostly wrong a little less; see score_outcome. In place of what was told before. */
void judge_outcomes(struct judge *, const struct rule_outcome *, size_t n);

/* How far back the records must be shown to judge_warm so that no window and no
 * memory lacks anything, ms: the longest timespan, chains added up; 3 to 31 days. */
int64_t judge_horizon_ms(const struct judge *);

/*
 * Read the folders again. A file that is broken keeps the rules it had; the
 * fault names the first such file with line and column, and the rest is in
 * force. Windows of rules that did not change go on.
 */
bool judge_reload(struct judge *, struct fault *) MUST_USE;

/* Did anything in the folders change since they were read? Some dozens of system
 * calls; no file is read. */
bool judge_is_stale(const struct judge *);

/* "" or lines of "file:line:column: sentence" about what is not in force. */
const char *judge_complaints(const struct judge *);

struct judge_counts {
	size_t rules, files, bytes;
	int64_t legs, findings, regex_limits, forgotten_groups;
};
struct judge_counts judge_counts(const struct judge *);

/* A rule for people: the rules view, alert detail. Borrowed until a reload. */
struct sigma_rule;
size_t judge_n_rules(const struct judge *);
const struct sigma_rule *judge_rule_at(const struct judge *, size_t i);
bool judge_rule_reports(const struct judge *, size_t i); /* raises alerts of its own */
size_t judge_rule_n_tests(const struct judge *, size_t i); /* that stand beside it in its file */
const struct sigma_rule *judge_rule(const struct judge *, const char *id); /* or NULL */

/* The exceptions among one's own files, in order; NULL at the end. file: its path. */
struct sigma_filter;
const struct sigma_filter *judge_own_filter(const struct judge *, size_t i, const char **file);

bool judge_rule_is_own(const struct judge *, const struct sigma_rule *); /* of the folder of one's own */

uint64_t finding_fingerprint(const char *rule, enum subject_kind, const char *subject_id);

#endif
