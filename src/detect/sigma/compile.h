/* SPDX-License-Identifier: Apache-2.0
 *
 * The rules of all files, linked: correlations know their rules, equal
 * predicates are evaluated once a leg, and a rule that asks for an outside call
 * costs two instructions on any other. */
#ifndef DETECT_SIGMA_COMPILE_H
#define DETECT_SIGMA_COMPILE_H

#include "detect/sigma/correlate.h"
#include "detect/sigma/left_out.h"
#include "detect/sigma/match.h"

struct compiled {
	const struct sigma_rule *rule;
	uint32_t must, must_not; /* leg flags without which it cannot match */
	bool reports;		 /* makes findings of its own */
	size_t refs[SIGMA_MAX_REFS];
	uint64_t definition;	 /* with those of the rules it refers to, and of its filters */
	const struct sigma_filter **filters; /* a leg that one of them describes is left out */
	size_t n_filters;
	uint32_t *counted_by;	 /* correlations that refer to it */
	size_t n_counted_by;
};

/* What most rules are passed over by, apart: a thousand of them are two pages. */
struct rule_gate {
	uint32_t must, must_not;
	const struct expr *condition;
};

struct ruleset {
	struct compiled *rules; /* event rules, then correlations after what they refer to */
	struct rule_gate *gates; /* of the event rules */
	size_t n, n_events;
	size_t n_predicates;
};

/*
 * Link the rules of n files, which must outlive the set. On failure `blame`
 * is the index of the file at fault, so that the caller may go on without it.
 */
bool ruleset_link(struct sigma_file *const *files, size_t n, struct ruleset **out, size_t *blame,
    struct fault *) MUST_USE;
void ruleset_free(struct ruleset *);

struct evaluation; /* scratch for one ruleset at a time; not shared */
struct evaluation *evaluation_new(void);
void evaluation_free(struct evaluation *);

/* `window` is NULL for an event rule; its events may be marked told. */
typedef void (*hit_fn)(void *arg, const struct compiled *, const struct window_result *window);

/* Judge one leg: windows are filled, and on_hit (may be NULL) is called for
 * every rule that reports. */
void ruleset_judge(const struct ruleset *, struct evaluation *, struct windows *,
    const struct fact_view *, const struct window_event *event, hit_fn on_hit, void *arg);

int64_t evaluation_limits_met(const struct evaluation *);

/* Of the leg judged last. */
const struct left_out *evaluation_left_out(const struct evaluation *);

#endif
