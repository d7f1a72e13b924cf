/* SPDX-License-Identifier: Apache-2.0
 *
 * What the views of silences share: their words, their warnings, and acts. */
#ifndef UI_PANES_SILENCE_PARTS_H
#define UI_PANES_SILENCE_PARTS_H

#include "ui/panes/pane.h"
#include "ui/prompt.h"

/* So much hidden in a day is more than anybody meant. */
#define SILENCE_HIDES_MUCH 50

/* A silence as the id of a row or a pane: kind and number. */
int64_t silence_handle(enum silence_kind, int64_t id);
void silence_of_handle(int64_t handle, enum silence_kind *, int64_t *id);

const char *silence_sign(enum silence_kind); /* one column */
const char *silence_word(enum silence_kind);
/* What is silent, in one line, its numbers masked or not; borrowed from the row or from `out`. */
const char *silence_scope_text(const struct silence_row *, bool masked, char out[static PROMPT_BYTES]);
/* "ends soon", "hides much", "planned", "broken": what deserves attention most; "". */
const char *silence_remark(const struct silence_row *, int64_t now_ms, enum role *);
/* The last tenth of it, the last day at most: one of a day ends soon when two hours are left. */
bool silence_ends_soon(const struct silence_row *, int64_t now_ms);
/* Until when from now on, or since when it is over: "3h", "12m". */
char *silence_left(const struct silence_row *, int64_t now_ms, char out[static SHORT_BYTES]);

/* Acts, with what must be asked; false: the command is none of these, or there is
 * no silence (row NULL). */
bool silence_command(struct screen *, enum command, const struct silence_row *);
/* Begin one: why, from when on and for how long is asked. */
void silence_begin(struct screen *, const char *filter);
/* Into the title of the menu that is open: of one alert, how many like it there were
 * in thirty days, and how many of them were real; of several, how many can never be
 * silenced. Where that is all of them, a sentence stands in the place of the menu. */
void silence_try_alike(struct screen *, const int64_t *ids, size_t n);
/* Try one of the rule and the site of this alert, to be changed at will. */
void silence_wider(struct screen *, int64_t alert_id);
/* After the screen nobody is told. */
void silence_acts_forget(struct screen *);

#endif
