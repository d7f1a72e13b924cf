/* SPDX-License-Identifier: Apache-2.0
 *
 * From a rule that matched to a finding that explains itself: subject,
 * evidence, reasons in two languages, score, money. */
#ifndef DETECT_REPORT_H
#define DETECT_REPORT_H

#include "base/map.h"
#include "detect/outlier.h"
#include "detect/sigma/compile.h"

struct outlier_memo {
	bool asked, known;
	struct outlier outlier;
};

struct report {
	const struct fact_view *view;
	const struct window_event *mine;
	struct findings *out;
	const struct outliers *outliers; /* NULL: no model */
	struct outlier_memo *memo;	 /* what the model says of the leg, once it was asked */
	const struct map *outcomes;	 /* rule id → struct rule_outcome; NULL: nothing is known */
};

/* Append a finding. `window` NULL: the leg alone is the evidence. */
void report_hit(const struct report *, const struct compiled *, const struct window_result *window);

/* Fill a sentence's {facts} and {count} {span} {window} {rule}; for tests too. */
char *report_sentence(struct arena *, const char *template, bool spanish, const struct fact_view *,
    const struct sigma_rule *, int64_t count, int64_t span_ms);

#endif
