/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/case_paper.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/markdown.h"
#include "base/mask.h"
#include "store/row_json.h"

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
	const struct alert *alert = p->story->alerts;
	if (p->story->n_alerts == 0 || alert->n_reasons == 0)
		return;
	text_printf(p->out, "\n## %s\n\n", _("Why"));
	for (size_t i = 0; i < alert->n_reasons; i++) {
		text_printf(p->out, "- %+d ", alert->reasons[i].points);
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
	if (story->n_alerts > 0) {
		text_printf(out, " \u00B7 %s \u00B7 ", severity_badge(story->worst));
		put(&p, in_language(story->alerts[0].title_en, story->alerts[0].title_es));
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

/* ---- JSON --------------------------------------------------------------------------- */

static json_t *call_object(const struct call *call, bool masked)
{
	char far[LONG_BYTES], own[LONG_BYTES];
	struct call shown = *call;
	if (masked) {
		shown.far_number = format_number(call->far_number, true, far);
		shown.user_number = format_number(call->user_number, true, own);
		shown.far_name = "";
	}
	return json_call(&shown);
}

static json_t *alert_object(const struct alert *alert, bool masked)
{
	json_t *object = json_alert(alert, NULL, 0);
	json_object_del(object, "report_ids");
	if (masked)
		json_mask(object, mask_text);
	return object;
}

static json_t *masked_text(const char *text, bool masked)
{
	json_t *string = json_text(text);
	if (masked)
		json_mask(string, mask_text);
	return string;
}

static json_t *admin_object(const struct admin_event *event, bool masked)
{
	json_t *object = json_pack("{s:o}", "time", json_time(event->at_ms));
#define TEXT_MEMBER(name, room) json_object_set_new(object, #name, json_text(event->name));
	ADMIN_TEXTS(TEXT_MEMBER)
#undef TEXT_MEMBER
	if (masked)
		json_mask(object, mask_text);
	return object;
}

static const char *state_name(enum live_state state)
{
	static const char *const names[] = {
#define STATE_NAME(id, name) [id] = name,
		LIVE_STATES(STATE_NAME)
#undef STATE_NAME
	};
	return names[state];
}

static json_t *live_object(const struct live_half *half, bool masked)
{
	char number[LONG_BYTES];
	json_t *steps = json_array();
	for (size_t i = 0; i < half->n_steps; i++)
		json_array_append_new(steps, json_pack("{s:s, s:o}", "state", state_name(half->steps[i].state), "time", json_time(half->steps[i].at_ms)));
	return json_pack("{s:o, s:o, s:o, s:s, s:o, s:o, s:o, s:s, s:o, s:o, s:o, s:o}", "local_call_id", json_text(half->local_id), "person", json_text(half->person_name),
	    "person_id", json_text(half->person_uuid), "direction", half->originator ? "out" : "in", "number", json_text(format_number(half->number, masked, number)),
	    "name", json_text(masked ? "" : half->name), "country", json_text(half->country), "tier", risk_tier_name(half->tier), "answered_time", json_time(half->answered_ms),
	    "over_time", json_time(half->over_ms), "given_up_time", json_time(half->over_ms == 0 ? half->lost_ms : 0), "steps", steps);
}

static json_t *item_object(const struct case_item *item, bool masked)
{
	json_t *object = json_pack("{s:o, s:s}", "time", json_time(item->at_ms), "kind", story_kind_name(item->kind));
	if (item->alert_id != 0)
		json_object_set_new(object, "alert_id", json_integer(item->alert_id));
	if (item->call != NULL)
		json_object_set_new(object, "call", call_object(item->call, masked));
	if (item->event != NULL) {
		const struct alert_event *e = item->event;
		json_object_set_new(object, "who", json_text(e->who));
		json_object_set_new(object, "act", json_text(e->act));
		json_object_set_new(object, "before", json_text(e->before));
		json_object_set_new(object, "after", json_text(e->after));
		json_object_set_new(object, "note", masked_text(e->note, masked));
	}
	if (item->directory != NULL) {
		json_object_set_new(object, "what", json_string(item->directory->what));
		json_object_set_new(object, "before", masked_text(item->directory->was, masked));
		json_object_set_new(object, "after", masked_text(item->directory->became, masked));
	}
	if (item->live != NULL)
		json_object_set_new(object, "live", live_object(item->live, masked));
	if (item->admin != NULL)
		json_object_set_new(object, "admin", admin_object(item->admin, masked));
	if (item->kind == CASE_CHANGED || item->kind == CASE_FORWARD || item->kind == CASE_DIRECTORY)
		json_object_set_new(object, "subject", masked_text(item->who, masked));
	if (item->change != NULL) {
		static const char *const names[] = { [CHANGE_SITE] = "site", [CHANGE_TRUNK] = "trunk", [CHANGE_NUMBER] = "number",
			[CHANGE_PERSON] = "person", [CHANGE_DEVICE] = "device", [CHANGE_COUNTRY] = "country" };
		json_object_set_new(object, "what", json_string(names[item->change->kind]));
		json_object_set_new(object, "value", masked_text(item->change->name, masked));
	}
	return object;
}

static json_t *seconds(int64_t ms)
{
	return ms < 0 ? json_null() : json_integer(ms / SECOND_MS);
}

void case_json(const struct case_story *story, bool masked, struct text *out)
{
	json_t *alerts = json_array(), *countries = json_array(), *items = json_array();
	for (size_t i = 0; i < story->n_alerts; i++)
		json_array_append_new(alerts, alert_object(&story->alerts[i], masked));
	for (size_t i = 0; i < story->n_countries_listed; i++) {
		const struct case_country *row = &story->countries[i];
		json_array_append_new(countries, json_pack("{s:o, s:s, s:I, s:I, s:o}", "country", json_text(row->country), "tier", risk_tier_name(row->tier),
		    "calls", (json_int_t)row->n_calls, "talk_s", (json_int_t)row->talk_s, "cost", json_money(row->cost_micro, 0)));
	}
	for (size_t i = 0; i < story->n_items; i++)
		json_array_append_new(items, item_object(&story->items[i], masked));
	json_t *root = json_pack("{s:I, s:s, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:o, s:o, s:o, s:o, s:o, s:b, s:o, s:o, s:o}", "case", (json_int_t)story->id,
	    "severity", severity_name(story->worst), "n_alerts", (json_int_t)story->n_alerts_all, "n_open", (json_int_t)story->n_open,
	    "n_records", (json_int_t)story->n_records, "n_calls", (json_int_t)story->n_calls, "n_people", (json_int_t)story->n_people,
	    "n_numbers", (json_int_t)story->n_numbers, "n_countries", (json_int_t)story->n_countries, "talk_s", (json_int_t)story->talk_s,
	    "cost", json_money(story->cost_micro, 0), "first_time", json_time(story->first_ms), "last_time", json_time(story->last_ms),
	    "detected_after_s", seconds(story->detect_ms), "acknowledged_after_s", seconds(story->acknowledge_ms), "masked", masked,
	    "alerts", alerts, "countries", countries, "timeline", items);
	char *json = json_dumps(root, JSON_INDENT(2));
	if (json != NULL)
		json_tame(out, json, strlen(json));
	text_putc(out, '\n');
	free(json);
	json_decref(root);
}
