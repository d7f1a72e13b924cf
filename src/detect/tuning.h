/* SPDX-License-Identifier: Apache-2.0
 *
 * The smallest changes of the rules that would have kept an alert from being
 * raised: an exception for what all its calls have in common (a Sigma filter),
 * or a threshold above what it counted (the rule, written anew). They are
 * texts of rule files; nothing is written here, and nothing is promised: what
 * they do is tried on history (watch/tune.h). */
#ifndef DETECT_TUNING_H
#define DETECT_TUNING_H

#include "detect/fact.h"
#include "detect/judge.h"

#define TUNING_MAX 5

enum tuning_kind { TUNING_EXCEPTION, TUNING_THRESHOLD };

struct tuning_proposal {
	enum tuning_kind kind;
	const char *name; /* of its file; the same proposal has the same one */
	const char *yaml;
	const char *text_en, *text_es; /* what it means, a sentence */
};

/* What the calls of an alert have in common. */
#define TUNING_FACTS 7
struct tuning_common {
	size_t n_legs;
	char value[TUNING_FACTS][128]; /* "" : nothing in common */
};
void tuning_see(struct tuning_common *, const struct fact_view *);

struct tuning_case {
	int64_t alert_id;
	const char *rule;	 /* its id */
	int64_t measure;	 /* what its correlation counted; < 0: nothing was counted */
	const char *who;	 /* who would accept it */
	int64_t now_ms;
};

/*
 * Narrowest first. Needs the rule in the judge; none is no fault: then the calls
 * have nothing in common that an exception could name.
 *
 * out   at most TUNING_MAX; texts in the arena
 */
size_t tuning_propose(const struct judge *, const struct tuning_case *, const struct tuning_common *,
    struct arena *, struct tuning_proposal *out);

#endif
