/* SPDX-License-Identifier: Apache-2.0
 *
 * A hand-over in words: for the view, as Markdown for the chat, as JSON. */
#ifndef UI_SHIFT_PAPER_H
#define UI_SHIFT_PAPER_H

#include "base/text.h"
#include "base/zone.h"
#include "store/query_shift.h"
#include "ui/format.h"
#include "watch/shift_json.h"

struct shift_paper {
	const struct shift_report *report;
	const struct sync_gap *gaps; /* of all there are; those that touch the shift are told */
	size_t n_gaps;
	const struct zone *zone;
	const char *label;
	bool masked;
};

/* "▲1 ◆3" , "—" of none. */
/* "78 % false: 7 of 9 closed · 9 raised" */
char *shift_noise(const struct shift_rule *, char *out, size_t capacity);
char *shift_counts(const int64_t counts[4], char out[static LONG_BYTES]);
/* "2 false positive · 1 legitimate", "—" of none. */
char *shift_closed(const struct shift_report *, char *out, size_t capacity);
/* "5: ▲1 ◆4 · 2 late · 1 snoozed" */
char *shift_open(const struct shift_report *, char *out, size_t capacity);
/* "2026-10-05 06:00 – 14:00 BOG" */
char *shift_span(const struct shift_paper *, char out[static 2 * LONG_BYTES]);
const char *shift_who(const struct alert *, bool masked, char number[static LONG_BYTES]);

void shift_markdown(const struct shift_paper *, struct text *out);
void shift_json(const struct shift_paper *, struct text *out);

#endif
