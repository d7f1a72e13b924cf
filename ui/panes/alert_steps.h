/* SPDX-License-Identifier: Apache-2.0
 *
 * The playbook of an alert's rule as steps that are ticked. */
#ifndef UI_PANES_ALERT_STEPS_H
#define UI_PANES_ALERT_STEPS_H

#include "ui/panes/pane.h"
#include "ui/screen.h"

struct steps {
	struct arena arena;
	struct rule_page *pages; /* of all rules */
	size_t n_pages;
	bool asked;
	struct rule_words en, es; /* the rule's; es has as many as en, or its own number */
};

void steps_clear(struct steps *);
void steps_take(struct steps *, const struct rule_book *);
void steps_choose(struct steps *, const char *rule); /* those of this rule */
/* A heading and a line a step, which leads to TARGET_SUBJECT with its number from 1 on. */
void steps_lay_out(struct pane *, struct document *, const struct steps *, const struct alert_detail *);
/* The step with this number, else the first that is open: taken, or open again. */
void steps_tick(struct pane *, const struct steps *, const struct alert_detail *, int64_t number);

#endif
