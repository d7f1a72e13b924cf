/* SPDX-License-Identifier: Apache-2.0
 *
 * Steps of playbooks in the reader's language: the store has them by their English
 * sentence, and so have its log and whatever is made of that. */
#ifndef UI_STEP_WORDS_H
#define UI_STEP_WORDS_H

#include "alerts/alert.h"
#include "watch/rule_book.h"

struct pane;

/* What the rules say now, in place of what they said. */
void step_words_take(const struct rule_book *);
void step_words_clear(void);
/* Ask for it, once for this pane, before what it shows is asked for. */
void step_words_ask(struct pane *);

/* The sentence in the language in force; itself where no rule has it. */
const char *step_words(const char *en);
/* The note of a line of the log, likewise. */
const char *event_note(const struct alert_event *);

#endif
