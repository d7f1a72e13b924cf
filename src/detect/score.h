/* SPDX-License-Identifier: Apache-2.0
 *
 * A score that explains itself: the rule's points, then a point or two for
 * every circumstance that makes it worse, each with its reason, up to 100.
 * The same leg gives the same score, always. */
#ifndef DETECT_SCORE_H
#define DETECT_SCORE_H

#include "detect/fact.h"
#include "detect/finding.h"
#include "detect/outlier.h"

#define SCORE_MAX_REASONS 12

struct score {
	int total;
	struct reason reasons[SCORE_MAX_REASONS];
	size_t n;
	struct arena *arena;
};

/* What the rule itself is worth when it does not say. */
int score_of_level(enum severity);

/* Add a reason; the total stays within 0 and 100. Texts are borrowed. */
void score_add(struct score *, const struct reason *);

/* Add what the leg's circumstances are worth; texts go to score->arena. */
void score_circumstances(struct score *, const struct fact_view *, int64_t cost_per_hour_micro);

/* Add what the model says of it, which is little: it has no word of its own. */
void score_outlier(struct score *, const struct outlier *);

/* Add what became of the rule's earlier alerts: at most OUTCOME_MOST points up or
 * down, nothing before OUTCOME_LEAST of them ended one way or the other. */
#define OUTCOME_MOST  10
#define OUTCOME_LEAST 5
void score_outcome(struct score *, const struct rule_outcome *);

/* The severity that a total deserves, never below the rule's own level. */
enum severity score_severity(int total, enum severity level);

#endif
