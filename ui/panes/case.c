/* SPDX-License-Identifier: Apache-2.0
 *
 * A case: its sums, its alerts, and its timeline, in which calls, what changed
 * about whom they are of, and what was done stand in the order they happened. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ui/case_paper.h"
#include "ui/copy.h"
#include "ui/export.h"
#include "ui/panes/leads.h"
#include "ui/step_words.h"

struct case_view {
	struct arena arena;
	struct case_story story;
	bool have;
	struct document document;
};

static const struct target nowhere = { TARGET_NONE, 0 };

static void on_answer(void *arg, const struct case_story *answer, const struct fault *fault)
{
	struct pane *pane = arg;
	struct case_view *view = pane->memory;
	pane_answered(pane, fault);
	if (answer == NULL)
		return;
	arena_clear(&view->arena);
	arena_init(&view->arena);
	copy_story(&view->arena, answer, &view->story);
	view->have = true;
	pane_lay_out(pane);
}

/* It was opened by an alert, which may go into another case: what is shown stays. */
static void ask(struct pane *pane)
{
	const struct case_view *view = pane->memory;
	history_case(pane_board(pane)->history, view->have ? CASE_NUMBERED : CASE_OF_ALERT, view->have ? view->story.id : pane->id, on_answer, pane);
}

static void refresh(struct pane *pane)
{
	if (pane_may_ask(pane, pane_board(pane)->alerts_version + pane_board(pane)->live_version, SECOND_MS))
		ask(pane);
}

static void open_case(struct pane *pane, int64_t id)
{
	UNUSED(id);
	arena_init(&((struct case_view *)pane->memory)->arena);
	step_words_ask(pane);
}

static void close_case(struct pane *pane)
{
	struct case_view *view = pane->memory;
	arena_clear(&view->arena);
	document_clear(&view->document);
}

/* ---- lines ------------------------------------------------------------------------- */

static void sums(struct document *d, const struct case_story *story, const struct zone *zone, const char *label)
{
	struct story_sum sum;
	char text[LONG_BYTES];
	int second = d->width >= 100 ? 52 : d->width / 2 + 1;
	for (size_t i = 0; story_sum(story, i, &sum); i++) {
		int col = i % 2 == 0 ? 1 : second;
		if (i % 2 == 0)
			document_line(d, nowhere);
		document_put(d, col, 10, ROLE_DIM, sum.label);
		document_put(d, col + 11, i % 2 == 0 ? second - 13 : d->width - col - 12, sum.role, sum.value);
	}
	document_line(d, nowhere);
	document_put(d, 1, 10, ROLE_DIM, _("first"));
	document_put(d, 12, -1, ROLE_TEXT, format_moment(zone, label, story->first_ms, text));
	document_line(d, nowhere);
	document_put(d, 1, 10, ROLE_DIM, _("last"));
	document_put(d, 12, -1, ROLE_TEXT, format_moment(zone, label, story->last_ms, text));
}

static void alerts_of(struct document *d, const struct case_story *story, bool masked)
{
	document_heading(d, _("Alerts"));
	if (story->first_is_in != 0) {
		document_line(d, nowhere);
		document_printf(d, 1, -1, ROLE_WARN, _("Alert #%lld, whose number it has, is in case #%lld now."), (long long)story->id, (long long)story->first_is_in);
	}
	bool wide = d->width >= 100;
	for (size_t i = 0; i < story->n_alerts; i++) {
		const struct alert *alert = &story->alerts[i];
		char number[LONG_BYTES], title[TYPED_BYTES];
		const char *who = *alert->subject_name != '\0' ? alert->subject_name : alert->subject_id;
		document_line(d, (struct target){ TARGET_ALERT, alert->id });
		document_put(d, 1, 8, severity_role(alert->severity), severity_badge(alert->severity));
		document_printf(d, 10, 7, ROLE_DIM, "#%" PRId64, alert->id);
		document_put(d, 18, wide ? 44 : 36, ROLE_TEXT, format_masked(in_language(alert->title_en, alert->title_es), masked, title, sizeof title));
		if (wide)
			document_put(d, 64, 24, ROLE_TEXT, alert->subject_kind == SUBJECT_NUMBER ? format_number(who, masked, number) : who);
		document_printf(d, wide ? 90 : 56, d->width - (wide ? 90 : 56) - 1, state_role(alert->state), "%s%s%s%s%s", state_word(alert->state),
		    *alert->assignee != '\0' ? " \u00B7 " : "", alert->assignee,
		    alert->resolution != RESOLUTION_NONE ? " \u00B7 " : "", resolution_word(alert->resolution));
	}
}

static struct target target_of(const struct case_item *item)
{
	if (item->call_id != 0)
		return (struct target){ TARGET_CALL, item->call_id };
	return item->alert_id != 0 ? (struct target){ TARGET_ALERT, item->alert_id } : nowhere;
}

/* "· 13:01 DEN" where the call's site has another clock. */
static void own_time(struct pane *pane, const struct case_item *item, const struct zone *zone, struct text *words)
{
	const char *label;
	char clock[SHORT_BYTES];
	if (item->call == NULL)
		return;
	const struct zone *own = zones_of_site(&pane->screen->zones, item->call->location, &label);
	if (own == NULL || zone == NULL || zone_offset_s(own, item->at_ms, NULL) == zone_offset_s(zone, item->at_ms, NULL))
		return;
	text_printf(words, " \u00B7 %s %s", format_clock(own, item->at_ms, clock), label);
}

static void timeline(struct pane *pane, struct document *d, const struct case_story *story, const struct zone *zone, const char *label)
{
	struct text words = { 0 };
	char heading[LONG_BYTES], moment[LONG_BYTES], day[12] = "";
	snprintf(heading, sizeof heading, _("Timeline, %s"), label);
	document_heading(d, heading);
	for (size_t i = 0; i < story->n_items; i++) {
		const struct case_item *item = &story->items[i];
		format_moment(zone, label, item->at_ms, moment);
		if (strncmp(day, moment, 10) != 0) {
			snprintf(day, sizeof day, "%.10s", moment);
			document_line(d, nowhere);
			document_put(d, 1, 10, ROLE_DIM, day);
		}
		text_reset(&words);
		story_words(item, pane->screen->masked, &words);
		own_time(pane, item, zone, &words);
		document_line(d, target_of(item));
		document_printf(d, 1, 8, ROLE_DIM, "%.8s", moment + 11);
		document_put(d, 10, 1, story_role(item), story_glyph(item));
		/* Where the sign is a badge it is enough: forty calls to a satellite are no red page. */
		enum role role = item->kind == CASE_CALL || item->kind == CASE_LIVE ? story_role(item) : ROLE_TEXT;
		document_wrap(d, 12, item->kind == CASE_RAISED || role == ROLE_CRITICAL ? ROLE_STRONG : role, text_string(&words));
	}
	size_t n_calls = 0;
	for (size_t i = 0; i < story->n_items; i++)
		n_calls += story->items[i].kind == CASE_CALL;
	if ((int64_t)n_calls < story->n_calls) {
		document_line(d, nowhere);
		document_printf(d, 12, -1, ROLE_WARN, _("The first %zu calls of %lld are listed."), n_calls, (long long)story->n_calls);
	}
	text_clear(&words);
}

static void name_it(struct pane *pane, const struct case_story *story)
{
	char number[SHORT_BYTES], name[TYPED_BYTES + LONG_BYTES];
	snprintf(number, sizeof number, "%" PRId64, story->id);
	story_name(story, pane->screen->masked, name, sizeof name);
	snprintf(pane->title, sizeof pane->title, _("Case #%s  %s  %s"), number, severity_badge(story->worst), name);
	pane->title_role = severity_role(story->worst);
}

static void lay_out(struct pane *pane, int width)
{
	struct case_view *view = pane->memory;
	struct document *d = &view->document;
	const char *label;
	const struct zone *zone = case_zone(&view->story, &pane->screen->zones, &label);
	name_it(pane, &view->story);
	document_begin(d, width);
	sums(d, &view->story, zone, label);
	alerts_of(d, &view->story, pane->screen->masked);
	timeline(pane, d, &view->story, zone, label);
	document_end(d);
}

static void summary(struct pane *pane, char *out, size_t capacity)
{
	const struct case_view *view = pane->memory;
	char money[SHORT_BYTES];
	if (view->have)
		snprintf(out, capacity, "\u2248 %s USD", format_money(view->story.cost_micro, money));
}

/* ---- commands ------------------------------------------------------------------------ */

static void make_paper(struct pane *pane, bool json, struct text *out)
{
	const struct case_view *view = pane->memory;
	if (json)
		case_json(&view->story, pane->screen->masked, out);
	else
		case_markdown(&view->story, &pane->screen->zones, pane->screen->masked, out);
}

static const struct alert *alert_at(const struct case_view *view, struct target target)
{
	for (size_t i = 0; target.kind == TARGET_ALERT && i < view->story.n_alerts; i++)
		if (view->story.alerts[i].id == target.id)
			return &view->story.alerts[i];
	return NULL;
}

static const struct call *call_at(const struct case_view *view, struct target target)
{
	for (size_t i = 0; target.kind == TARGET_CALL && i < view->story.n_items; i++)
		if (view->story.items[i].call_id == target.id)
			return view->story.items[i].call;
	return NULL;
}

/* An act is for the alert that the line names. Where it names none, it is for the case:
 * for what is open of it; reopening for what is closed, and where all of it goes into
 * another case, for all. */
static size_t alerts(struct pane *pane, enum triage_act act, int64_t *ids, size_t capacity)
{
	const struct case_view *view = pane->memory;
	struct target target = document_target(&view->document);
	bool all = act == TRIAGE_LINK || act == TRIAGE_UNLINK;
	size_t n = 0;
	if (target.kind == TARGET_ALERT && capacity > 0)
		ids[n++] = target.id;
	for (size_t i = 0; target.kind != TARGET_ALERT && i < view->story.n_members && n < capacity; i++)
		if (all || view->story.members[i].open == (act != TRIAGE_REOPEN))
			ids[n++] = view->story.members[i].id;
	return n;
}

/* Who the line under the cursor is of. */
static void open_profile(struct pane *pane)
{
	const struct case_view *view = pane->memory;
	struct target target = document_target(&view->document);
	const struct alert *alert = alert_at(view, target);
	const struct call *call = call_at(view, target);
	if (alert != NULL)
		profile_open(pane->screen, alert->subject_kind, alert->subject_id);
	else if (call != NULL)
		profile_of_call(pane->screen, CMD_PROFILE, call);
	else
		screen_refuse(pane->screen, "%s", _("There is no alert under the cursor."));
}

/* Whom the line under the cursor names; elsewhere whom any alert does. */
static void open_related(struct pane *pane)
{
	const struct case_view *view = pane->memory;
	struct target target = document_target(&view->document);
	struct leads *leads = leads_new();
	const struct call *call = call_at(view, target);
	if (call != NULL)
		leads_add_call(leads, call);
	for (size_t i = 0; i < view->story.n_alerts; i++)
		if (target.kind != TARGET_ALERT || view->story.alerts[i].id == target.id)
			leads_add_alert(leads, &view->story.alerts[i]);
	/* Who did something to them in Control Hub, and who is calling just now. */
	for (size_t i = 0; i < view->story.n_items && target.kind == TARGET_NONE; i++) {
		const struct case_item *item = &view->story.items[i];
		if (item->admin != NULL)
			leads_add(leads, SUBJECT_PERSON, item->admin->actor_uuid, item->admin->actor_name);
		if (item->live != NULL)
			leads_add(leads, SUBJECT_NUMBER, item->live->number, "");
	}
	leads_open(pane->screen, leads);
}

static bool command(struct pane *pane, enum command command)
{
	const struct case_view *view = pane->memory;
	char name[64];
	if (!view->have)
		return false;
	if (command == CMD_EXPORT) {
		snprintf(name, sizeof name, _("case-%lld.md"), (long long)view->story.id);
		export_start(pane, name, make_paper);
		return true;
	}
	if (command == CMD_RELATED || command == CMD_PROFILE) {
		(command == CMD_RELATED ? open_related : open_profile)(pane);
		return true;
	}
	if (command == CMD_CASE) {
		screen_refuse(pane->screen, "%s", _("This is the case."));
		return true;
	}
	return false;
}

const struct pane_type view_case = {
	.name = "case", .title = N_("Case"), .place = PLACE_CASE, .memory = sizeof(struct case_view),
	.document = PANE_DOCUMENT(case_view), .open = open_case, .close = close_case, .refresh = refresh, .draw = pane_draw_document, .lay_out = lay_out,
	.summary = summary, .command = command, .alerts = alerts,
};
