/* SPDX-License-Identifier: Apache-2.0
 *
 * A line of a case's timeline in words, as the view and the exported file have it. */
#ifndef UI_STORY_H
#define UI_STORY_H

#include "base/text.h"
#include "store/query_case.h"
#include "ui/format.h"

const char *change_word(enum profile_change_kind); /* translated */

/* One column: where a call went, how grave an alert, an act, a change. */
const char *story_glyph(const struct case_item *);
enum role story_role(const struct case_item *);
/* Added to `out`; hostile names as they are. */
void story_words(const struct case_item *, bool masked, struct text *out);

/* "Sam (203.0.113.7): User call settings changed · Dana · forwarding off → +371…" */
void admin_words(const struct admin_event *, bool masked, struct text *out);

/* "Ana → +371… LV · high risk · live · ringing 0:06 · talking 3:04 · no record yet" */
void live_words(const struct live_half *, bool masked, struct text *out);
/* "ringing 0:06 · talking 3:04 · held": how long each lasted; the last one still does. */
void live_step_words(const struct live_half *, struct text *out);

/* "Ana Bernal · Calls to a satellite": whom the worst alert is of, and what it is. */
void story_name(const struct case_story *, bool masked, char *out, size_t capacity);

/* "3 alerts, 2 of them open", "1 person · 4 numbers · LV 3, CU 1" and so on: the sums, each
 * with its label, in their order; false at the end. */
struct story_sum {
	const char *label; /* translated */
	char value[200];
	enum role role;
};
bool story_sum(const struct case_story *, size_t i, struct story_sum *out);

#endif
