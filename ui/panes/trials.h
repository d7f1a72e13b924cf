/* SPDX-License-Identifier: Apache-2.0
 *
 * Trials of the rules as the rules view shows them: two lines over its list,
 * and what begins and ends them. */
#ifndef UI_PANES_TRIALS_H
#define UI_PANES_TRIALS_H

#include "ui/panes/pane.h"

#define TRIALS_ROWS 2

/* What the last trial is at or came to, in the canvas's first lines; before
 * there was one, what it could be. complaints: of rule files, "" none. */
void trials_draw(struct pane *, struct canvas *, const char *complaints);
/* How far the trial that runs is, and what cancels it: two lines from `row` on. */
void trials_draw_running(struct pane *, struct canvas *, int row, const char *name);
/* Replay or rehearse, from anywhere: the rules are opened, and once it is known which there
 * are it is asked what of, or that is answered at once. answer: "" nobody said it. */
void trials_begin(struct screen *, enum command, const char *answer);
/* False: the command is none of a trial. */
bool trials_command(struct pane *, enum command, const char *const *scenarios, size_t n_scenarios);

#endif
