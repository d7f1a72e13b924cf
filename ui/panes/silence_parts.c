/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/panes/silence_parts.h"

#include <stdio.h>
#include <string.h>


int64_t silence_handle(enum silence_kind kind, int64_t id)
{
	return id * 8 + (int64_t)kind;
}

void silence_of_handle(int64_t handle, enum silence_kind *kind, int64_t *id)
{
	*kind = (enum silence_kind)(handle % 8);
	*id = handle / 8;
}

const char *silence_sign(enum silence_kind kind)
{
	switch (kind) {
	case SILENCE_SNOOZE: return "z";
	case SILENCE_ALIKE: return "\u2248";
	case SILENCE_FILTER: return "/";
	case SILENCE_MAINTENANCE: return "\u25A0";
	case SILENCE_EXCEPTION: return "\u00AC";
	}
	return "?";
}

const char *silence_word(enum silence_kind kind)
{
	switch (kind) {
	case SILENCE_SNOOZE: return _("snoozed alert");
	case SILENCE_ALIKE: return _("alerts like it");
	case SILENCE_FILTER: return _("by a filter");
	case SILENCE_MAINTENANCE: return _("maintenance");
	case SILENCE_EXCEPTION: return _("exception of a rule");
	}
	return "";
}

const char *silence_scope_text(const struct silence_row *row, bool masked, char out[static PROMPT_BYTES])
{
	if (row->kind == SILENCE_FILTER || row->kind == SILENCE_MAINTENANCE || row->kind == SILENCE_EXCEPTION) {
		const char *scope = row->kind == SILENCE_EXCEPTION ? in_language(row->title_en, row->title_es) : row->filter;
		return format_masked(scope, masked, out, PROMPT_BYTES);
	}
	char number[LONG_BYTES], title[TYPED_BYTES];
	const char *who = row->subject_kind == SUBJECT_NUMBER ? format_number(row->subject_name, masked, number) : row->subject_name;
	snprintf(out, PROMPT_BYTES, "#%lld %.30s \u00B7 %.48s", (long long)row->id, who,
	    format_masked(in_language(row->title_en, row->title_es), masked, title, sizeof title));
	return out;
}

bool silence_ends_soon(const struct silence_row *row, int64_t now_ms)
{
	int64_t since_ms = MAX(row->begin_ms, row->created_ms), all = row->until_ms - since_ms;
	return row->until_ms - now_ms < (since_ms > 0 ? MIN(all / 10, DAY_MS) : DAY_MS);
}

const char *silence_remark(const struct silence_row *row, int64_t now_ms, enum role *role)
{
	*role = ROLE_WARN;
	if (*row->broken != '\0') {
		*role = ROLE_ERROR;
		return _("\u2717 broken");
	}
	if (row->kind != SILENCE_EXCEPTION && row->day_hits >= SILENCE_HIDES_MUCH) /* those are records */
		return _("\u2191 hides much");
	if (row->until_ms == SILENCE_NEVER_ENDS)
		return _("\u25CF never ends");
	if (row->begin_ms > now_ms) {
		*role = ROLE_TEXT;
		return _("\u25CB planned");
	}
	/* A snooze is of hours: that it ends is what it is for. */
	if (row->kind != SILENCE_SNOOZE && silence_ends_soon(row, now_ms))
		return _("\u25B8 ends soon");
	return "";
}

char *silence_left(const struct silence_row *row, int64_t now_ms, char out[static SHORT_BYTES])
{
	if (row->until_ms == SILENCE_NEVER_ENDS)
		snprintf(out, SHORT_BYTES, "\u2014");
	else
		return format_age(MAX(row->until_ms - now_ms, (int64_t)0), out);
	return out;
}
