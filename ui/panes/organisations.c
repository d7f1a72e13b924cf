/* SPDX-License-Identifier: Apache-2.0
 *
 * Organisations: a row for each that this person may read, how it stands with it, and
 * below them what is worst in all of them, the newest first. Enter goes there: the
 * console begins anew in that organisation, on that alert. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alerts/triage.h"
#include "base/hash.h"
#include "base/mem.h"
#include "ui/copy.h"
#include "ui/panes/pane.h"
#include "ui/screen.h"

#define LOOK_MS (15 * SECOND_MS) /* what others do there says nothing here */

struct organisations {
	struct arena arena;
	struct organisation_overview all;
	struct list list;
};

static const struct list_column columns[] = {
	{ N_("organisation"), 14, 2, 0, false, 28 },
	{ N_("alerts"), 15, 0, 0, false, 0 },
	{ N_("age"), 6, 0, 0, true, 0 },
	{ N_("lag"), 7, 0, 2, true, 0 },
	{ N_("who"), 14, 2, 1, false, 30 },
	{ N_("what"), 20, 6, 0, false, 0 },
};
enum { COL_ORGANISATION, COL_OPEN, COL_AGE, COL_LAG, COL_WHO, COL_WHAT };

static void copy(struct organisations *o, const struct organisation_overview *from)
{
	struct arena *arena = &o->arena;
	struct organisation_overview *to = &o->all;
	*to = *from;
	to->items = arena_alloc(arena, (from->n + 1) * sizeof *to->items);
	for (size_t i = 0; i < from->n; i++) {
		struct organisation_standing *item = &to->items[i];
		*item = from->items[i];
		item->key = arena_strdup(arena, item->key);
		item->name = arena_strdup(arena, item->name);
		item->fault = item->fault != NULL ? arena_strdup(arena, item->fault) : NULL;
	}
	to->alerts = arena_alloc(arena, (from->n_alerts + 1) * sizeof *to->alerts);
	for (size_t i = 0; i < from->n_alerts; i++)
		to->alerts[i] = (struct organisation_alert){ from->alerts[i].of, *copy_alerts(arena, &from->alerts[i].alert, 1) };
}

static const char *title_of(const struct alert *alert)
{
	return in_language(alert->title_en, alert->title_es);
}

static const char *who_of(const struct alert *alert)
{
	return *alert->subject_name != '\0' ? alert->subject_name : alert->subject_id;
}

static void on_answer(void *arg, const struct organisation_overview *answer, const struct fault *fault)
{
	struct pane *pane = arg;
	struct organisations *o = pane->memory;
	pane_answered(pane, fault);
	if (answer == NULL)
		return;
	arena_clear(&o->arena);
	arena_init(&o->arena);
	copy(o, answer);
	int64_t *ids = mem_alloc((o->all.n + o->all.n_alerts + 1) * sizeof *ids);
	for (size_t i = 0; i < o->all.n; i++) {
		ids[i] = (int64_t)(hash_text(o->all.items[i].key) >> 1 | 1);
		list_need(&o->list, COL_ORGANISATION, o->all.items[i].name);
	}
	/* The same number is of another alert in each. */
	for (size_t i = 0; i < o->all.n_alerts; i++) {
		const struct organisation_alert *row = &o->all.alerts[i];
		ids[o->all.n + i] = (int64_t)(hash_mix(hash_text(o->all.items[row->of].key) + (uint64_t)row->alert.id) >> 1 | 1);
		list_need(&o->list, COL_WHO, who_of(&row->alert));
		list_need(&o->list, COL_WHAT, title_of(&row->alert));
	}
	list_set(&o->list, ids, o->all.n + o->all.n_alerts);
	free(ids);
}

static void refresh(struct pane *pane)
{
	const struct organisations *o = pane->memory;
	uint64_t version = pane_board(pane)->alerts_version + (uint64_t)(clock_now_ms(pane_board(pane)->clock) / LOOK_MS);
	if (!o->list.frozen && pane_may_ask(pane, version, 2000))
		history_organisations(pane_board(pane)->history, on_answer, pane);
}

static void open_view(struct pane *pane, int64_t id)
{
	UNUSED(id);
	arena_init(&((struct organisations *)pane->memory)->arena);
}

static void close_view(struct pane *pane)
{
	struct organisations *o = pane->memory;
	arena_clear(&o->arena);
	list_clear(&o->list);
}

static void draw_standing(struct pane *pane, struct canvas *canvas, int row, const struct organisation_standing *s, const struct list_place *at)
{
	char text[LONG_BYTES], age[SHORT_BYTES];
	const char *label;
	int64_t now = clock_now_ms(pane_board(pane)->clock);
	const struct zone *zone = zones_current(&pane->screen->zones, &label);
	bool worried = s->n_open[SEVERITY_CRITICAL] + s->n_open[SEVERITY_HIGH] > 0;
	canvas_text(canvas, row, at[COL_ORGANISATION].col, at[COL_ORGANISATION].cols, worried ? ROLE_STRONG : ROLE_TEXT, s->name);
	canvas_text(canvas, row, at[COL_WHO].col, at[COL_WHO].cols, ROLE_DIM, s->key);
	if (s->fault != NULL) {
		canvas_text(canvas, row, at[COL_WHAT].col, at[COL_WHAT].cols, ROLE_ERROR, s->fault);
		return;
	}
	pane_draw_counts(canvas, row, at[COL_OPEN].col, at[COL_OPEN].cols, s->n_open);
	bool late = s->unclaimed_ms != 0 && now - s->unclaimed_ms > triage_sla_ms(s->unclaimed);
	if (s->unclaimed_ms != 0) {
		format_age(MAX(now - s->unclaimed_ms, (int64_t)0), age);
		snprintf(text, sizeof text, "%s%s", age, late ? "!" : "");
		canvas_text_right(canvas, row, at[COL_AGE].col, at[COL_AGE].cols, late ? ROLE_ERROR : ROLE_TEXT, text);
	}
	int64_t lag = s->complete_until_ms == 0 ? 0 : MAX(now - s->complete_until_ms, (int64_t)0);
	canvas_text_right(canvas, row, at[COL_LAG].col, at[COL_LAG].cols, lag > 30 * MINUTE_MS ? ROLE_WARN : ROLE_DIM,
	    s->complete_until_ms == 0 ? "-" : format_age(lag, age));
	if (s->last_page_ms == 0)
		snprintf(text, sizeof text, "%s", _("Webex was not heard yet"));
	else
		snprintf(text, sizeof text, _("last heard %.8s"), format_clock(zone, s->last_page_ms, age));
	canvas_text(canvas, row, at[COL_WHAT].col, at[COL_WHAT].cols, ROLE_DIM, text);
}

static void draw_alert(struct pane *pane, struct canvas *canvas, int row, const struct organisation_alert *line, const struct list_place *at)
{
	const struct organisations *o = pane->memory;
	const struct alert *alert = &line->alert;
	bool masked = pane->screen->masked;
	char text[LONG_BYTES], age[SHORT_BYTES], title[TYPED_BYTES];
	int64_t now = clock_now_ms(pane_board(pane)->clock);
	bool late = alert->state == ALERT_NEW && now - alert->raised_ms > triage_sla_ms(alert->severity);
	canvas_text(canvas, row, at[COL_ORGANISATION].col, at[COL_ORGANISATION].cols, ROLE_DIM, o->all.items[line->of].name);
	snprintf(text, sizeof text, "%s #%" PRId64, severity_glyph(alert->severity), alert->id);
	canvas_text(canvas, row, at[COL_OPEN].col, at[COL_OPEN].cols, severity_role(alert->severity), text);
	snprintf(text, sizeof text, "%s%s", format_age(MAX(now - alert->raised_ms, (int64_t)0), age), late ? "!" : "");
	canvas_text_right(canvas, row, at[COL_AGE].col, at[COL_AGE].cols, late ? ROLE_ERROR : ROLE_TEXT, text);
	canvas_text(canvas, row, at[COL_WHO].col, at[COL_WHO].cols, ROLE_TEXT,
	    alert->subject_kind == SUBJECT_NUMBER ? format_number(who_of(alert), masked, text) : format_masked(who_of(alert), masked, text, sizeof text));
	canvas_text(canvas, row, at[COL_WHAT].col, at[COL_WHAT].cols, alert->severity >= SEVERITY_HIGH ? ROLE_STRONG : ROLE_TEXT, /* one badge a row */
	    format_masked(title_of(alert), masked, title, sizeof title));
}

static void draw_row(struct pane *pane, struct canvas *canvas, int row, size_t i, const struct list_place *at)
{
	const struct organisations *o = pane->memory;
	if (i < o->all.n)
		draw_standing(pane, canvas, row, &o->all.items[i], at);
	else
		draw_alert(pane, canvas, row, &o->all.alerts[i - o->all.n], at);
}

static void draw(struct pane *pane, struct canvas *canvas, bool focused)
{
	struct organisations *o = pane->memory;
	pane_draw_list(pane, canvas, &o->list, columns, COUNT_OF(columns), COL_ORGANISATION, focused,
	    _("This store is of one organisation alone: centinela organisation add makes others."), draw_row);
}

static void summary(struct pane *pane, char *out, size_t capacity)
{
	const struct organisations *o = pane->memory;
	if (pane->answered)
		snprintf(out, capacity, "%zu", o->all.n);
}

static void go(struct pane *pane)
{
	const struct organisations *o = pane->memory;
	size_t i = o->list.selected;
	char where[80];
	if (i >= o->all.n + o->all.n_alerts)
		return;
	if (!screen_can_leave(pane->screen)) {
		screen_message(pane->screen, ROLE_WARN, "%s", _("not from this console"));
		return;
	}
	if (i < o->all.n) {
		snprintf(where, sizeof where, "%s", o->all.items[i].key);
	} else {
		const struct organisation_alert *row = &o->all.alerts[i - o->all.n];
		snprintf(where, sizeof where, "%s %" PRId64, o->all.items[row->of].key, row->alert.id);
	}
	screen_leave(pane->screen, LEAVE_ORGANISATION, where, NULL);
}

static bool command(struct pane *pane, enum command command)
{
	if (command != CMD_OPEN)
		return false;
	go(pane);
	return true;
}

static struct list *get_list(struct pane *pane)
{
	return &((struct organisations *)pane->memory)->list;
}

const struct pane_type view_organisations = {
	.name = "organisations", .title = N_("Organisations"), .place = PLACE_LIST, .memory = sizeof(struct organisations),
	.open = open_view, .close = close_view, .refresh = refresh, .draw = draw, .ages_ms = MINUTE_MS,
	.summary = summary, .command = command, .list = get_list,
};
