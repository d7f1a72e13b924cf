/* SPDX-License-Identifier: Apache-2.0
 *
 * An alert: why it was raised, what it rests on, what was done about it. Every
 * line that names a record, a call or an alert leads to it. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/hash.h"
#include "detect/fact.h"
#include "ui/copy.h"
#include "ui/panes/alert_steps.h"
#include "ui/panes/leads.h"
#include "ui/past.h"
#include "ui/screen.h"
#include "ui/step_words.h"

struct alert_view {
	struct arena arena;
	struct alert_detail detail;
	bool have;
	struct steps steps;
	struct document document;
};

/* Read once: what the rules say changes seldom. */
static void on_book(void *arg, const struct rule_book *book, const struct fault *fault)
{
	struct pane *pane = arg;
	struct alert_view *view = pane->memory;
	UNUSED(fault); /* then it has none; the rules' own view says why */
	if (book == NULL)
		return;
	steps_take(&view->steps, book);
	step_words_take(book);
}

static void on_answer(void *arg, const struct alert_detail *answer, const struct fault *fault)
{
	struct pane *pane = arg;
	struct alert_view *view = pane->memory;
	pane_answered(pane, fault);
	if (answer == NULL)
		return;
	arena_clear(&view->arena);
	arena_init(&view->arena);
	view->detail = *answer;
	view->detail.alert = *copy_alerts(&view->arena, &answer->alert, 1);
	view->detail.events = copy_events(&view->arena, answer->events, answer->n_events);
	view->detail.legs = copy_legs(&view->arena, answer->legs, answer->n_legs);
	view->detail.same_case = copy_alerts(&view->arena, answer->same_case, answer->n_same_case);
	view->detail.seen_before = copy_alerts(&view->arena, answer->seen_before, answer->n_seen_before);
	view->detail.same_subject = copy_alerts(&view->arena, answer->same_subject, answer->n_same_subject);
	view->detail.same_number = copy_alerts(&view->arena, answer->same_number, answer->n_same_number);
	view->detail.duplicates = copy_alerts(&view->arena, answer->duplicates, answer->n_duplicates);
	view->detail.steps = copy_steps(&view->arena, answer->steps, answer->n_steps);
	steps_choose(&view->steps, or_empty(view->detail.alert.rule));
	view->have = true;
	pane_lay_out(pane);
}

static void refresh(struct pane *pane)
{
	struct steps *steps = &((struct alert_view *)pane->memory)->steps;
	if (!pane_may_ask(pane, pane_board(pane)->alerts_version, 100))
		return;
	if (!steps->asked) { /* before the alert itself: its lines hold still */
		steps->asked = true;
		history_rule_book(pane_board(pane)->history, on_book, pane);
	}
	history_alert(pane_board(pane)->history, pane->id, on_answer, pane);
}

static void open_alert(struct pane *pane, int64_t id)
{
	UNUSED(id);
	arena_init(&((struct alert_view *)pane->memory)->arena);
}

static void close_alert(struct pane *pane)
{
	struct alert_view *view = pane->memory;
	arena_clear(&view->arena);
	document_clear(&view->document);
	steps_clear(&view->steps);
}

/* ---- lines ----------------------------------------------------------------------- */

static const struct target nowhere = { TARGET_NONE, 0 };

/* Two pairs of label and value share a line. */
static int middle(const struct document *d)
{
	return d->width >= 100 ? 52 : d->width / 2 + 1;
}

static void pair(struct document *d, const char *label, enum role role, const char *value)
{
	document_line(d, nowhere);
	document_put(d, 1, 10, ROLE_DIM, label);
	document_put(d, 11, middle(d) - 12, role, value);
}

static void second(struct document *d, const char *label, enum role role, const char *value)
{
	document_put(d, middle(d), 10, ROLE_DIM, label);
	document_put(d, middle(d) + 10, -1, role, value);
}

/* A moment in two zones fills half a wide line, or all of a narrow one. */
static void moments(struct document *d, const struct zone *zone, const char *label, const struct alert *alert)
{
	char moment[LONG_BYTES];
	document_line(d, nowhere);
	document_put(d, 1, 10, ROLE_DIM, _("first"));
	document_put(d, 11, 40, ROLE_TEXT, format_moment(zone, label, alert->first_ms, moment));
	if (d->width < 100)
		document_line(d, nowhere);
	int col = d->width < 100 ? 1 : middle(d);
	document_put(d, col, 10, ROLE_DIM, _("last"));
	document_put(d, col + 10, -1, ROLE_TEXT, format_moment(zone, label, alert->last_ms, moment));
}

static void facts(struct pane *pane, struct document *d, const struct alert *alert)
{
	char text[300], moment[LONG_BYTES], money[SHORT_BYTES], hourly[SHORT_BYTES], number[LONG_BYTES], typed[TYPED_BYTES];
	bool masked = pane->screen->masked;
	const char *label;
	const struct zone *zone = zones_of_site(&pane->screen->zones, alert->location, &label);
	int64_t now = pane_now(pane);
	const char *who = *alert->subject_name != '\0' ? alert->subject_name : alert->subject_id;
	if (alert->subject_kind == SUBJECT_NUMBER)
		who = format_number(who, pane->screen->masked, number);
	size_t n_looking = presence_names(pane->screen, alert->id, text, sizeof text);
	if (n_looking > 0) {
		document_line(d, nowhere);
		if (strcmp(text, _("you in another console")) == 0)
			document_put(d, 1, -1, ROLE_WARN, _("\u25C9 you are looking at it in another console"));
		else
			document_printf(d, 1, -1, ROLE_WARN, ngettext("\u25C9 %s is looking at it", "\u25C9 %s are looking at it", n_looking), text);
	}
	snprintf(text, sizeof text, "%s (%s)", who, subject_word(alert->subject_kind));
	if (text_width(text) > middle(d) - 12) /* of what it is nothing, rather than half a word */
		snprintf(text, sizeof text, "%s", who);
	pair(d, _("who"), ROLE_STRONG, text);
	second(d, _("site"), ROLE_TEXT, *alert->location != '\0' ? alert->location : "\u2014");
	snprintf(text, sizeof text, "%s%s%s", state_word(alert->state),
	    alert->resolution != RESOLUTION_NONE ? ": " : "", resolution_word(alert->resolution));
	if (alert->state == ALERT_SNOOZED && alert->snooze_until_ms > 0)
		snprintf(text, sizeof text, "%s %s", _("snoozed until"),
		    format_moment(zone, label, alert->snooze_until_ms, moment));
	pair(d, _("state"), state_role(alert->state), text);
	second(d, _("assignee"), ROLE_TEXT, *alert->assignee != '\0' ? alert->assignee : _("nobody"));
	char age[SHORT_BYTES], sla[SHORT_BYTES];
	int64_t until = alert->acknowledged_ms > 0 ? alert->acknowledged_ms : now;
	bool late = until - alert->raised_ms > triage_sla_ms(alert->severity);
	int64_t allowed_ms = triage_sla_ms(alert->severity), past_ms = until - alert->raised_ms - allowed_ms;
	if (late) /* as the queue counts: what it is past its time */
		snprintf(text, sizeof text, _("%s! past its %s"), format_age(past_ms, age), format_age(allowed_ms, sla));
	else
		snprintf(text, sizeof text, "%s %s %s", format_age(until - alert->raised_ms, age), _("of"), format_age(allowed_ms, sla));
	pair(d, alert->acknowledged_ms > 0 ? _("seen in") : _("waits"),
	    late && alert->acknowledged_ms == 0 ? ROLE_ERROR : ROLE_TEXT, text);
	/* What its records cost until now, and how fast they did at the worst. */
	if (alert->cost_micro > 0 || alert->cost_per_hour_micro > 0)
		snprintf(text, sizeof text, d->width >= 100 ? _("\u2248 %s USD so far \u00B7 up to %s USD/h") : _("\u2248 %s USD \u00B7 \u2264 %s USD/h"),
		    format_money(alert->cost_micro, money), format_money(alert->cost_per_hour_micro, hourly));
	else
		snprintf(text, sizeof text, "\u2014");
	second(d, _("cost"), ROLE_MONEY, text);
	moments(d, zone, label, alert);
	snprintf(text, sizeof text, "%d / 100", alert->score);
	/* The rule by its name, not by its number: Enter leads to it. */
	document_line(d, (struct target){ TARGET_RULE, (int64_t)(hash_text(alert->rule) >> 1) });
	document_put(d, 1, 10, ROLE_DIM, _("score"));
	document_put(d, 11, middle(d) - 12, ROLE_STRONG, text);
	second(d, _("rule"), ROLE_TEXT, format_masked(in_language(alert->title_en, alert->title_es), masked, typed, sizeof typed));
	if (alert->merged_into != 0) {
		document_line(d, (struct target){ TARGET_ALERT, alert->merged_into });
		document_put(d, 1, 10, ROLE_DIM, _("merged"));
		document_printf(d, 11, -1, ROLE_TEXT, _("a duplicate of #%lld"), (long long)alert->merged_into);
	}
	if (*or_empty(alert->tags) != '\0') {
		document_line(d, nowhere);
		document_put(d, 1, 10, ROLE_DIM, _("tags"));
		document_put(d, 11, -1, ROLE_KEY, format_masked(alert->tags, masked, typed, sizeof typed));
	}
	if (alert->silence_until_ms > now) {
		snprintf(text, sizeof text, ngettext("until %s; %lld finding kept back", "until %s; %lld findings kept back",
		    (unsigned long)alert->kept_back), format_moment(zone, label, alert->silence_until_ms, moment), (long long)alert->kept_back);
		document_line(d, nowhere);
		document_put(d, 1, 10, ROLE_DIM, _("silence"));
		document_put(d, 11, -1, ROLE_WARN, text);
	}
}

static void reasons(struct document *d, const struct alert *alert, bool of_now, bool masked)
{
	char text[TYPED_BYTES], value[TYPED_BYTES], expected[TYPED_BYTES];
	bool some_for_nothing = false;
	document_heading(d, of_now ? _("Why, as it says now: what it said then was not kept") : _("Why"));
	for (size_t i = 0; i < alert->n_reasons; i++) {
		const struct reason *reason = &alert->reasons[i];
		document_line(d, nowhere);
		if (reason->points != 0)
			document_printf(d, 1, 4, ROLE_STRONG, "%+3d", reason->points);
		else
			document_put(d, 3, 1, ROLE_DIM, "\u00B7");
		some_for_nothing |= reason->points == 0;
		document_wrap(d, 6, ROLE_TEXT, format_masked(in_language(reason->text_en, reason->text_es), masked, text, sizeof text));
		document_line(d, nowhere);
		/* What is a number of ours: a version of somebody's telephone keeps its point. */
		const struct fact *fact = fact_named(reason->fact);
		snprintf(expected, sizeof expected, "%s", reason->expected);
		const char *shown = format_masked(reason->value, masked, value, sizeof value);
		if (shown != value)
			snprintf(value, sizeof value, "%s", shown);
		if (fact == NULL || fact->kind == FACT_MONEY)
			in_decimals(value);
		document_printf(d, 6, -1, ROLE_DIM, *expected == '\0' ? "%s = %s" : strchr("<>=", *expected) != NULL ? _("%s = %s, threshold %s") : _("%s = %s, usually %s"),
		    reason->fact, value, in_decimals(expected));
	}
	if (some_for_nothing) {
		document_line(d, nowhere);
		document_put(d, 1, -1, ROLE_DIM, _("\u00B7 seen too: with what stands above it the score is at its end"));
	}
	if (alert->n_reasons == 0) {
		document_line(d, nowhere);
		document_put(d, 1, -1, ROLE_DIM, _("no reason was recorded"));
	}
}

static void evidence(struct pane *pane, struct document *d, const struct alert_detail *detail)
{
	char text[LONG_BYTES + 64], number[LONG_BYTES], own[LONG_BYTES], clock[SHORT_BYTES], length[SHORT_BYTES];
	const char *label;
	const struct zone *zone = zones_of_site(&pane->screen->zones, detail->alert.location, &label);
	bool masked = pane->screen->masked;
	snprintf(text, sizeof text, ngettext("Evidence: %zu record", "Evidence: %zu records",
	    detail->n_legs), detail->n_legs);
	document_heading(d, text);
	bool wide = d->width >= 100;
	for (size_t i = 0; i < detail->n_legs; i++) {
		const struct leg_row *leg = &detail->legs[i];
		document_line(d, (struct target){ TARGET_CALL, leg->call_id });
		format_time(zone, leg->start_ms, pane_now(pane), clock);
		document_put(d, 1, 6, ROLE_DIM, strchr(clock, ':') != NULL ? _("today") : clock);
		format_clock(zone, leg->start_ms, clock);
		document_put(d, 8, 8, ROLE_TEXT, clock);
		document_put(d, 18, 20, ROLE_TEXT, *leg->user_name != '\0' ? leg->user_name : format_number(leg->user_number, masked, own));
		document_put(d, 39, 1, ROLE_DIM, leg->originating ? "\u2192" : "\u2190");
		const char *far = leg->originating ? leg->called : leg->calling;
		document_put(d, 41, 17, ROLE_NUMBER, format_number(far, masked, number));
		document_printf(d, 59, 8, ROLE_TEXT, "%8s", format_duration(leg->duration_s, length));
		document_put(d, 69, wide ? 14 : -1, leg->answered ? ROLE_TEXT : ROLE_DIM,
		    leg->answered ? _("answered") : _("not answered"));
		if (wide) {
			document_put(d, 84, 20, ROLE_DIM, leg->call_type);
			document_put(d, 105, -1, ROLE_DIM, leg->location);
		}
	}
}

/* Each of its lines begins a line. */
static void note_lines(struct document *d, const char *note)
{
	char line[NOTE_BYTES + 1];
	for (const char *end; note != NULL; note = end == NULL ? NULL : end + strlen(NOTE_LINE)) {
		end = strstr(note, NOTE_LINE);
		snprintf(line, sizeof line, "%.*s", (int)(end == NULL ? strlen(note) : (size_t)(end - note)), note);
		document_line(d, nowhere);
		document_wrap(d, 37, ROLE_TEXT, line + strspn(line, " "));
	}
}

static void history(struct pane *pane, struct document *d, const struct alert_detail *detail)
{
	char moment[LONG_BYTES], before[TYPED_BYTES], after[TYPED_BYTES], note[TYPED_BYTES];
	const char *label;
	bool masked = pane->screen->masked;
	const struct zone *zone = zones_current(&pane->screen->zones, &label);
	document_heading(d, _("What was done"));
	for (size_t i = 0; i < detail->n_events; i++) {
		const struct alert_event *event = &detail->events[i];
		document_line(d, nowhere);
		format_moment(zone, label, event->at_ms, moment);
		moment[MIN(strlen(moment), (size_t)19)] = '\0';
		document_put(d, 1, 19, ROLE_DIM, moment);
		document_put(d, 22, 14, ROLE_TEXT, event->who);
		document_put(d, 37, 13, ROLE_STRONG, act_word(event->act));
		int col = 51;
		if (*event->before != '\0' || *event->after != '\0') {
			bool tags = strcmp(event->act, triage_act_name(TRIAGE_TAG)) == 0; /* what else changes is no text of anybody */
			document_printf(d, col, d->width - col, ROLE_DIM, "%s \u2192 %s", format_masked(value_word(event->before), masked && tags, before, sizeof before),
			    format_masked(value_word(event->after), masked && tags, after, sizeof after));
		}
		if (*event->note != '\0')
			note_lines(d, format_masked(event_note(event), masked, note, sizeof note));
	}
}

static void other_alerts(struct pane *pane, struct document *d, const char *heading, const struct alert *alerts, size_t n)
{
	char clock[SHORT_BYTES], title[TYPED_BYTES];
	const struct zone *zone = zones_current(&pane->screen->zones, NULL);
	if (n == 0)
		return;
	document_heading(d, heading);
	for (size_t i = 0; i < n; i++) {
		const struct alert *old = &alerts[i];
		document_line(d, (struct target){ TARGET_ALERT, old->id });
		document_put(d, 1, 6, ROLE_DIM, format_time(zone, old->raised_ms, pane_now(pane), clock));
		document_put(d, 9, 7, severity_role(old->severity), severity_badge(old->severity));
		document_put(d, 18, 40, ROLE_TEXT, format_masked(in_language(old->title_en, old->title_es), pane->screen->masked, title, sizeof title));
		bool by = *or_empty(old->closed_by) != '\0';
		document_printf(d, 60, -1, ROLE_DIM, "%s %s%s%s", state_word(old->state), resolution_word(old->resolution),
		    by ? " \u00B7 " : "", or_empty(old->closed_by));
	}
}

/* What to do, and the records and alerts that it is about. */
static void rests_on(struct pane *pane, struct document *d, const struct alert_view *view)
{
	const struct alert_detail *detail = &view->detail;
	char heading[LONG_BYTES], number[SHORT_BYTES];
	steps_lay_out(pane, d, &view->steps, detail);
	evidence(pane, d, detail);
	snprintf(number, sizeof number, "%" PRId64, detail->alert.case_id);
	snprintf(heading, sizeof heading, _("The same case, #%s"), number);
	other_alerts(pane, d, heading, detail->same_case, detail->n_same_case);
	if (detail->n_duplicates > 0) {
		size_t n = (size_t)detail->alert.count + (size_t)detail->duplicate_records;
		snprintf(heading, sizeof heading, ngettext("Its duplicates: with them %zu record", "Its duplicates: with them %zu records", n), n);
		other_alerts(pane, d, heading, detail->duplicates, detail->n_duplicates);
	}
}

static void past(struct pane *pane, struct document *d, const struct alert_detail *detail)
{
	other_alerts(pane, d, _("Seen before"), detail->seen_before, detail->n_seen_before);
	other_alerts(pane, d, _("Before, of the same subject"), detail->same_subject, detail->n_same_subject);
	other_alerts(pane, d, _("Before, with the same number"), detail->same_number, detail->n_same_number);
}

/* Of so many columns two texts stand beside each other, the left one of so many. */
#define TWO_COLUMNS 168
#define LEFT_COLUMN 84

static void lay_out(struct pane *pane, int width)
{
	struct alert_view *view = pane->memory;
	struct document *d = &view->document;
	const struct alert *alert = &view->detail.alert;
	char title[TYPED_BYTES];
	snprintf(pane->title, sizeof pane->title, "%s  %s", severity_badge(alert->severity),
	    format_masked(in_language(alert->title_en, alert->title_es), pane->screen->masked, title, sizeof title));
	pane->title_role = severity_role(alert->severity);
	document_begin(d, width);
	facts(pane, d, alert);
	/* Wide enough: what it says and what was done, and beside it what it rests on. */
	bool beside = width >= TWO_COLUMNS && !pane->screen->linear && d->filter[0] == '\0';
	int col = MAX(LEFT_COLUMN, width * LEFT_COLUMN / 200);
	size_t left = d->n;
	if (beside)
		d->width = col - 2;
	reasons(d, alert, view->detail.texts_of_now, pane->screen->masked);
	if (beside)
		history(pane, d, &view->detail);
	size_t right = d->n;
	if (beside)
		d->width = width - col;
	rests_on(pane, d, view);
	if (!beside)
		history(pane, d, &view->detail);
	past(pane, d, &view->detail);
	d->width = width;
	if (beside)
		document_beside(d, left, right, col);
	document_end(d);
}

static void summary(struct pane *pane, char *out, size_t capacity)
{
	const struct alert_view *view = pane->memory;
	if (view->have)
		snprintf(out, capacity, "#%" PRId64 " \u00B7 %s%s%s", pane->id,
		    state_word(view->detail.alert.state), *view->detail.alert.assignee != '\0' ? " \u00B7 " : "",
		    view->detail.alert.assignee);
}

/* The number of the record under the cursor; elsewhere that of the newest. */
static void open_number(struct pane *pane)
{
	const struct alert_view *view = pane->memory;
	struct target target = document_target(&view->document);
	const struct leg_row *leg = view->detail.n_legs > 0 ? &view->detail.legs[0] : NULL;
	for (size_t i = 0; i < view->detail.n_legs; i++)
		if (target.kind == TARGET_CALL && view->detail.legs[i].call_id == target.id)
			leg = &view->detail.legs[i];
	/* As calls are filed under it; on the wire it may have been dialled any way. */
	const char *number = leg == NULL ? "" : *leg->far != '\0' ? leg->far : leg->originating ? leg->called : leg->calling;
	profile_open(pane->screen, SUBJECT_NUMBER, number);
}

/* Its own subject and site; of its evidence what the record under the cursor
 * names, elsewhere what any of it names. */
static void open_related(struct pane *pane)
{
	const struct alert_view *view = pane->memory;
	const struct alert_detail *detail = &view->detail;
	struct target target = document_target(&view->document);
	struct leads *leads = leads_new();
	bool one = false;
	for (size_t i = 0; i < detail->n_legs && !one; i++)
		one = target.kind == TARGET_CALL && detail->legs[i].call_id == target.id;
	leads_add_alert(leads, &detail->alert);
	for (size_t i = 0; i < detail->n_legs; i++) {
		const struct leg_row *leg = &detail->legs[i];
		if (one && leg->call_id != target.id)
			continue;
		leads_add(leads, SUBJECT_NUMBER, leg->far, "");
		leads_add_leg(leads, leg);
	}
	leads_open(pane->screen, leads);
}

static bool command(struct pane *pane, enum command command)
{
	struct alert_view *view = pane->memory;
	struct target here = document_target(&view->document);
	bool on_step = here.kind == TARGET_SUBJECT;
	if (view->have && (command == CMD_TICK || (command == CMD_OPEN && on_step))) {
		if (past_refuses(pane->screen, CMD_TICK)) /* Enter is no act elsewhere */
			return true;
		steps_tick(pane, &view->steps, &view->detail, on_step ? here.id : 0);
		return true;
	}
	if (command == CMD_OPEN || command == CMD_RAW) {
		struct target target = document_target(&view->document);
		if (command == CMD_RAW && target.kind == TARGET_CALL) {
			for (size_t i = 0; i < view->detail.n_legs; i++) {
				if (view->detail.legs[i].call_id == target.id) {
					target = (struct target){ TARGET_LEG, view->detail.legs[i].leg_id };
					break;
				}
			}
		}
		/* From anywhere else: the record that it rests on, the newest one. */
		if (command == CMD_RAW && target.kind != TARGET_LEG && view->have && view->detail.n_legs > 0)
			target = (struct target){ TARGET_LEG, view->detail.legs[0].leg_id };
		screen_follow(pane->screen, target);
		return true;
	}
	if (command == CMD_PROFILE && view->have) {
		profile_open(pane->screen, view->detail.alert.subject_kind, view->detail.alert.subject_id);
		return true;
	}
	if (command == CMD_CASE) {
		screen_open(pane->screen, &view_case, pane->id);
		return true;
	}
	if (command == CMD_RELATED && view->have) {
		open_related(pane);
		return true;
	}
	if (command == CMD_NUMBER) {
		open_number(pane);
		return true;
	}
	return false;
}

static size_t alerts(struct pane *pane, enum triage_act act, int64_t *ids, size_t capacity)
{
	UNUSED(act);
	if (capacity > 0)
		ids[0] = pane->id;
	return capacity > 0;
}

static const void *selected(struct pane *pane)
{
	const struct alert_view *view = pane->memory;
	return view->have ? &view->detail.alert : NULL;
}

const struct pane_type view_alert = {
	.name = "alert", .title = N_("Alert"), .place = PLACE_ALERT, .memory = sizeof(struct alert_view),
	.document = PANE_DOCUMENT(alert_view), .open = open_alert, .close = close_alert, .refresh = refresh, .draw = pane_draw_document, .lay_out = lay_out, .ages_ms = 10 * SECOND_MS,
	.summary = summary, .command = command, .alerts = alerts,
	.filter_of = FILTER_ALERTS, .selected = selected, .read_row = filter_read_alert,
};
