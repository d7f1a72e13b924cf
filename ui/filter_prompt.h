/* SPDX-License-Identifier: Apache-2.0
 *
 * The prompt in which a filter is typed: its words have colours by what they
 * are, what is wrong is said under its place, and Tab goes through what may
 * stand there. */
#ifndef UI_FILTER_PROMPT_H
#define UI_FILTER_PROMPT_H

#include "ui/filter_complete.h"
#include "ui/input.h"

struct screen;
struct pane;

struct filter_prompt {
	struct pane *pane;
	struct filter_reading reading;	/* of what stands there */
	struct completion completion;	/* of the word at the cursor */
	bool cycling;			/* Tab put one of them there */
	size_t chosen, put;		/* which, and its bytes */
	bool insisted;			/* Enter: now say what is wrong with it */
};

/* For the focused pane, whose rows are filtered by the language. */
void filter_prompt_start(struct screen *);
/* What may stand at the cursor of a filter of this pane's rows. */
void filter_prompt_complete(struct screen *, struct pane *, const char *text, size_t cursor, struct completion *);
/* "crítica (critical)" */
const char *filter_prompt_item(const struct completion *, size_t i, char out[static 2 * COMPLETION_BYTES]);
void filter_prompt_say_anew(struct screen *); /* in another language, with what is typed */
void filter_prompt_key(struct screen *, const struct key_event *);
void filter_prompt_draw(struct screen *, int row);

#endif
