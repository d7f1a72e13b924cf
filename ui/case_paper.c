/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/case_paper.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/markdown.h"
#include "base/mask.h"
#include "store/row_json.h"
#include "store/story_json.h"

const struct zone *case_zone(const struct case_story *story, const struct zones *zones, const char **label)
{
	return zones_of_site(zones, story->n_alerts > 0 ? story->alerts[0].location : "", label);
}

/* ---- Markdown --------------------------------------------------------------------- */

struct paper {
	const struct case_story *story;
	const struct zone *zone;
	const char *label;
	bool masked;
	struct text *out;
};

/* What a stranger may have written. */
static void put(struct paper *p, const char *text)
{
	struct text masked = { 0 };
	if (p->masked)
		mask_text(text, &masked);
	markdown_puts(p->out, p->masked ? text_string(&masked) : text);
	text_clear(&masked);
}

static void cell(struct paper *p, const char *text)
{
	text_puts(p->out, "| ");
	put(p, text);
	text_putc(p->out, ' ');
}

static void moment(struct paper *p, int64_t ms)
{
	char text[LONG_BYTES];
	format_moment(p->zone, p->label, ms, text);
	text[MIN(strlen(text), (size_t)19)] = '\0'; /* the head of the table names the zone */
	text_printf(p->out, "| %s ", text);
}

static const char *subject_of(const struct alert *alert, bool masked, char number[static LONG_BYTES])
{
	const char *who = *alert->subject_name != '\0' ? alert->subject_name : alert->subject_id;
	return alert->subject_kind == SUBJECT_NUMBER ? format_number(who, masked, number) : who;
}

static void alerts_table(struct paper *p)
{
	if (p->story->first_is_in != 0) {
		text_putc(p->out, '\n');
		text_printf(p->out, _("Alert #%lld, whose number it has, is in case #%lld now."), (long long)p->story->id, (long long)p->story->first_is_in);
		text_putc(p->out, '\n');
	}
	text_printf(p->out, "\n## %s\n\n| # | %s | %s | %s | %s | %s | %s |\n| ---: | --- | --- | --- | --- | --- | --- |\n", _("Alerts"), _("level"),
	    _("what"), _("who"), _("site"), _("state"), _("owner"));
	for (size_t i = 0; i < p->story->n_alerts; i++) {
		const struct alert *alert = &p->story->alerts[i];
		char number[LONG_BYTES];
		text_printf(p->out, "| %lld | %s ", (long long)alert->id, severity_badge(alert->severity));
		cell(p, in_language(alert->title_en, alert->title_es));
		cell(p, subject_of(alert, p->masked, number));
		cell(p, alert->location);
		text_printf(p->out, "| %s%s%s ", state_word(alert->state), alert->resolution != RESOLUTION_NONE ? ": " : "", resolution_word(alert->resolution));
		cell(p, *alert->assignee != '\0' ? alert->assignee : "-");
		text_puts(p->out, "|\n");
	}
}

static void reasons(struct paper *p)
{
	const struct alert *alert = p->story->lead;
	if (alert == NULL || alert->n_reasons == 0)
		return;
	text_printf(p->out, "\n## %s\n\n", _("Why"));
	for (size_t i = 0; i < alert->n_reasons; i++) {
		text_puts(p->out, "- ");
		if (alert->reasons[i].points != 0)
			text_printf(p->out, "%+d ", alert->reasons[i].points);
		put(p, in_language(alert->reasons[i].text_en, alert->reasons[i].text_es));
		text_putc(p->out, '\n');
	}
}

static void timeline(struct paper *p)
{
	struct text words = { 0 };
	text_printf(p->out, "\n## %s\n\n| %s (%s) | | %s |\n| --- | --- | --- |\n", _("Timeline"), _("time"), p->label, _("what"));
	for (size_t i = 0; i < p->story->n_items; i++) {
		const struct case_item *item = &p->story->items[i];
		text_reset(&words);
		story_words(item, p->masked, &words);
		moment(p, item->at_ms);
		text_printf(p->out, "| %s ", story_glyph(item));
		cell(p, text_string(&words));
		text_puts(p->out, "|\n");
	}
	text_clear(&words);
}

void case_markdown(const struct case_story *story, const struct zones *zones, bool masked, struct text *out)
{
	struct paper p = { .story = story, .masked = masked, .out = out };
	struct story_sum sum;
	char text[LONG_BYTES];
	p.zone = case_zone(story, zones, &p.label);
	text_printf(out, "# ");
	text_printf(out, _("Case #%lld"), (long long)story->id);
	if (story->lead != NULL) {
		char number[LONG_BYTES];
		text_printf(out, " \u00B7 %s \u00B7 ", severity_badge(story->worst));
		put(&p, subject_of(story->lead, masked, number));
		text_puts(out, " \u00B7 ");
		put(&p, in_language(story->lead->title_en, story->lead->title_es));
	}
	text_puts(out, "\n\n");
	for (size_t i = 0; story_sum(story, i, &sum); i++)
		text_printf(out, "- %s: %s\n", sum.label, sum.value);
	text_printf(out, "- %s: %s\n", _("first"), format_moment(p.zone, p.label, story->first_ms, text));
	text_printf(out, "- %s: %s\n", _("last"), format_moment(p.zone, p.label, story->last_ms, text));
	alerts_table(&p);
	reasons(&p);
	timeline(&p);
	size_t n_listed = 0;
	for (size_t i = 0; i < story->n_items; i++)
		n_listed += story->items[i].kind == CASE_CALL;
	if ((int64_t)n_listed < story->n_calls) {
		text_puts(out, "\n");
		text_printf(out, _("The first %zu calls of %lld are listed."), n_listed, (long long)story->n_calls);
		text_puts(out, "\n");
	}
}

void case_json(const struct case_story *story, bool masked, struct text *out)
{
	json_t *root = json_story(story, masked);
	char *json = json_dumps(root, JSON_INDENT(2));
	if (json != NULL)
		json_tame(out, json, strlen(json));
	text_putc(out, '\n');
	free(json);
	json_decref(root);
}
