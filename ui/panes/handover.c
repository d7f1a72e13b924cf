/* SPDX-License-Identifier: Apache-2.0
 *
 * The hand-over of a shift, the one that runs or one before: what it saw, what
 * it did, what it leaves, and to whom. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/hash.h"
#include "ui/copy.h"
#include "ui/export.h"
#include "ui/shift_paper.h"

struct handover {
	struct arena arena;
	struct shift_report report;
	bool have;
	int back; /* shifts before the one that runs */
	struct document document;
};

static const struct target nowhere = { TARGET_NONE, 0 };
#define BACK_MOST 500

static struct shift_paper paper_of(const struct pane *pane)
{
	const struct handover *view = pane->memory;
	const struct health *health = pane_board(pane)->health;
	struct shift_paper paper = { .report = &view->report, .gaps = health->gaps, .n_gaps = MIN(health->n_gaps, COUNT_OF(health->gaps)), .masked = pane->screen->masked };
	paper.zone = zones_current(&pane->screen->zones, &paper.label);
	return paper;
}

static void on_answer(void *arg, const struct shift_report *answer, const struct fault *fault)
{
	struct pane *pane = arg;
	struct handover *view = pane->memory;
	pane_answered(pane, fault);
	if (answer == NULL)
		return;
	arena_clear(&view->arena);
	arena_init(&view->arena);
	copy_shift(&view->arena, answer, &view->report);
	view->have = true;
	pane_lay_out(pane);
}

static void refresh(struct pane *pane)
{
	const struct handover *view = pane->memory;
	/* A minute later it is another shift, if ever so little. */
	if (!pane_may_ask(pane, pane_board(pane)->alerts_version + (uint64_t)(pane_now(pane) / MINUTE_MS), 2 * SECOND_MS))
		return;
	int64_t length = pane->screen->shift_ms, until = pane_now(pane) - view->back * length;
	history_shift(pane_board(pane)->history, until - length, until, on_answer, pane);
}

static void open_handover(struct pane *pane, int64_t id)
{
	UNUSED(id);
	arena_init(&((struct handover *)pane->memory)->arena);
}

static void close_handover(struct pane *pane)
{
	struct handover *view = pane->memory;
	arena_clear(&view->arena);
	document_clear(&view->document);
}

/* ---- lines ------------------------------------------------------------------------- */

static void pair(struct document *d, const char *label, enum role role, const char *value)
{
	document_line(d, nowhere);
	document_put(d, 1, 10, ROLE_DIM, label);
	document_wrap(d, 12, role, value);
}

static void sums(struct document *d, const struct shift_report *r)
{
	char words[300], counts[LONG_BYTES], money[SHORT_BYTES];
	snprintf(words, sizeof words, "%" PRId64 ": %s%s%s%s", r->n_raised, shift_counts(r->raised, counts), r->cost_raised_micro > 0 ? " \u00B7 \u2248 " : "",
	    r->cost_raised_micro > 0 ? format_money(r->cost_raised_micro, money) : "", r->cost_raised_micro > 0 ? " USD" : "");
	pair(d, _("came"), ROLE_STRONG, words);
	pair(d, _("left open"), r->n_late > 0 ? ROLE_WARN : ROLE_TEXT, shift_open(r, words, sizeof words));
	pair(d, _("resolved"), ROLE_TEXT, shift_closed(r, words, sizeof words));
}

static void notes(struct pane *pane, struct document *d, const struct shift_report *r)
{
	char clock[SHORT_BYTES], text[TYPED_BYTES];
	const struct zone *zone = zones_current(&pane->screen->zones, NULL);
	if (r->n_notes == 0)
		return;
	document_heading(d, _("For whoever comes next"));
	for (size_t i = 0; i < r->n_notes; i++) {
		const struct shift_note *note = &r->notes[i];
		document_line(d, (struct target){ TARGET_ALERT, note->alert_id });
		document_printf(d, 1, 8, ROLE_DIM, "#%" PRId64, note->alert_id);
		document_printf(d, 10, 5, ROLE_DIM, "%.5s", format_clock(zone, note->at_ms, clock));
		document_put(d, 16, 12, ROLE_STRONG, note->who);
		document_wrap(d, 29, ROLE_TEXT, format_masked(note->text, pane->screen->masked, text, sizeof text));
	}
}

/* n_more: of its case, which it stands for. */
static void alert_row(struct pane *pane, struct document *d, const struct alert *alert, int64_t n_more, enum role role, const char *end)
{
	char number[LONG_BYTES], title[TYPED_BYTES], more[SHORT_BYTES];
	bool wide = d->width >= 100;
	int room = (wide ? 44 : 34) - (n_more > 0 ? 7 : 0);
	document_line(d, (struct target){ TARGET_ALERT, alert->id });
	document_put(d, 1, 8, severity_role(alert->severity), severity_badge(alert->severity));
	document_printf(d, 10, 7, ROLE_DIM, "#%" PRId64, alert->id);
	const char *what = format_masked(in_language(alert->title_en, alert->title_es), pane->screen->masked, title, sizeof title);
	document_put(d, 18, room, ROLE_TEXT, what);
	if (n_more > 0)
		document_printf(d, 18 + MIN(text_width(what), room) + 1, 6, ROLE_KEY, "+%s", format_count(n_more, more));
	if (wide)
		document_put(d, 64, 24, ROLE_TEXT, shift_who(alert, pane->screen->masked, number));
	document_put(d, wide ? 90 : 54, d->width - (wide ? 90 : 54) - 1, role, end);
}

static void alerts_of(struct pane *pane, struct document *d, const struct shift_report *r)
{
	char end[200], age[SHORT_BYTES], counts[LONG_BYTES];
	int64_t n_told = 0;
	if (r->n_open_listed > 0)
		document_heading(d, _("Open, by case"));
	for (size_t i = 0; i < r->n_open_listed; i++) {
		const struct alert *alert = &r->open_alerts[i];
		const struct shift_case *its = &r->open_cases[i];
		bool late = shift_is_late(alert, r->until_ms);
		snprintf(end, sizeof end, "%s%s \u00B7 %s \u00B7 %s", format_age(r->until_ms - alert->raised_ms, age), late ? "!" : "", state_word(alert->state),
		    *alert->assignee != '\0' ? alert->assignee : _("nobody"));
		if (its->n > 1 && d->width >= 100)
			snprintf(end + strlen(end), sizeof end - strlen(end), " \u00B7 %s", shift_counts(its->by_severity, counts));
		alert_row(pane, d, alert, its->n - 1, late ? ROLE_ERROR : state_role(alert->state), end);
		n_told += its->n;
	}
	if (n_told < r->n_open) {
		document_line(d, nowhere);
		document_printf(d, 18, -1, ROLE_DIM, _("and %lld more, in the queue"), (long long)(r->n_open - n_told));
	}
}

static void closed_ones(struct pane *pane, struct document *d, const struct shift_report *r)
{
	char end[200];
	if (r->n_closed_listed > 0)
		document_heading(d, _("Closed in the shift"));
	for (size_t i = 0; i < r->n_closed_listed; i++) {
		const struct alert *alert = &r->closed_alerts[i];
		snprintf(end, sizeof end, "%s \u00B7 %s", resolution_word(alert->resolution), alert->assignee);
		alert_row(pane, d, alert, 0, ROLE_DIM, end);
	}
}

/* Name, how many, of which severity. */
static void counted(struct document *d, const char *name, int64_t n, int64_t n_late, const int64_t by_severity[4])
{
	char counts[LONG_BYTES];
	document_line(d, nowhere);
	document_put(d, 1, 30, ROLE_TEXT, name);
	document_printf(d, 32, 6, ROLE_NUMBER, "%6" PRId64, n);
	document_put(d, 41, 20, ROLE_TEXT, shift_counts(by_severity, counts));
	if (n_late > 0)
		document_printf(d, 62, -1, ROLE_ERROR, ngettext("%lld late", "%lld late", (unsigned long)n_late), (long long)n_late);
}

static void ends_and_noise(struct pane *pane, struct document *d, const struct shift_report *r)
{
	char moment[LONG_BYTES], title[TYPED_BYTES];
	const char *label;
	const struct zone *zone = zones_current(&pane->screen->zones, &label);
	if (r->n_ends > 0)
		document_heading(d, _("Ends in the next shift"));
	for (size_t i = 0; i < r->n_ends; i++) {
		const struct alert *alert = r->ends[i].alert;
		document_line(d, (struct target){ TARGET_ALERT, alert->id });
		int col = d->width >= 100 ? 35 : 19; /* UTC beside it, where there is room */
		document_put(d, 1, col - 2, ROLE_DIM, format_minute(zone, label, r->ends[i].at_ms, moment));
		document_put(d, col, 16, ROLE_STRONG, r->ends[i].silence ? _("silence ends") : _("snooze ends"));
		document_printf(d, col + 17, 7, ROLE_DIM, "#%" PRId64, alert->id);
		document_put(d, col + 25, -1, ROLE_TEXT, format_masked(in_language(alert->title_en, alert->title_es), pane->screen->masked, title, sizeof title));
	}
	if (r->n_rules > 0)
		document_heading(d, _("Noisy rules, by the share that was no attack"));
	for (size_t i = 0; i < r->n_rules; i++) {
		const struct shift_rule *rule = &r->rules[i];
		document_line(d, (struct target){ TARGET_RULE, (int64_t)(hash_text(rule->rule) >> 1) });
		document_put(d, 1, 44, ROLE_TEXT, format_masked(in_language(rule->title_en, rule->title_es), pane->screen->masked, title, sizeof title));
		char noise[160];
		document_put(d, 46, -1, rule->n_false > 0 ? ROLE_WARN : ROLE_TEXT, shift_noise(rule, noise, sizeof noise));
	}
}

static void gaps(struct document *d, const struct shift_paper *p)
{
	char from[LONG_BYTES], until[LONG_BYTES];
	bool any = false;
	for (size_t i = 0; i < p->n_gaps; i++) {
		if (!shift_has_gap(p->report, &p->gaps[i]))
			continue;
		if (!any)
			document_heading(d, _("Gaps in the records"));
		any = true;
		document_line(d, (struct target){ TARGET_COMMAND, CMD_SYNC });
		document_printf(d, 1, -1, ROLE_WARN, "%.16s \u2013 %.16s", format_moment(p->zone, p->label, p->gaps[i].from_ms, from),
		    format_moment(p->zone, p->label, p->gaps[i].until_ms, until));
	}
}

static void lay_out(struct pane *pane, int width)
{
	struct handover *view = pane->memory;
	struct document *d = &view->document;
	const struct shift_report *r = &view->report;
	struct shift_paper paper = paper_of(pane);
	char span[2 * LONG_BYTES];
	snprintf(pane->title, sizeof pane->title, "%s  %s", _("Hand-over"), shift_span(&paper, span));
	document_begin(d, width);
	sums(d, r);
	notes(pane, d, r);
	alerts_of(pane, d, r);
	if (r->n_owners > 0)
		document_heading(d, _("Whose"));
	for (size_t i = 0; i < r->n_owners; i++)
		counted(d, *r->owners[i].name != '\0' ? r->owners[i].name : _("nobody"), r->owners[i].n, r->owners[i].n_late, r->owners[i].by_severity);
	if (r->n_sites > 0)
		document_heading(d, _("Came, by site"));
	for (size_t i = 0; i < r->n_sites; i++)
		counted(d, *r->sites[i].name != '\0' ? r->sites[i].name : "\u2014", r->sites[i].n, 0, r->sites[i].by_severity);
	closed_ones(pane, d, r);
	ends_and_noise(pane, d, r);
	gaps(d, &paper);
	document_end(d);
}

static void summary(struct pane *pane, char *out, size_t capacity)
{
	const struct handover *view = pane->memory;
	if (view->back == 0)
		snprintf(out, capacity, "%s", _("the shift that runs"));
	else
		snprintf(out, capacity, ngettext("%d shift before, as it was", "%d shifts before, as it was", (unsigned long)view->back), view->back);
}

/* ---- commands ------------------------------------------------------------------------ */

static void make_paper(struct pane *pane, bool json, struct text *out)
{
	struct shift_paper paper = paper_of(pane);
	if (json)
		shift_json(&paper, out);
	else
		shift_markdown(&paper, out);
}

static void step(struct pane *pane, int by)
{
	struct handover *view = pane->memory;
	if (view->back + by < 0 || view->back + by > BACK_MOST) {
		screen_refuse(pane->screen, "%s", by < 0 ? _("This is the shift that runs.") : _("So far back no shift is told of."));
		return;
	}
	view->back += by;
	pane_ask_anew(pane);
}

static bool command(struct pane *pane, enum command command)
{
	const struct handover *view = pane->memory;
	char name[64], from[LONG_BYTES];
	switch ((int)command) {
	case CMD_EARLIER:
		step(pane, 1);
		return true;
	case CMD_LATER:
		step(pane, -1);
		return true;
	case CMD_EXPORT:
		if (!view->have)
			return false;
		format_moment(zones_current(&pane->screen->zones, NULL), "", view->report.until_ms, from);
		snprintf(name, sizeof name, _("hand-over-%.10s-%.2s%.2s.md"), from, from + 11, from + 14);
		export_start(pane, name, make_paper);
		return true;
	default:
		return false;
	}
}

/* All of it, as it goes into the chat. */
static size_t text(struct pane *pane, char *out, size_t capacity)
{
	const struct handover *view = pane->memory;
	struct text paper = { 0 };
	if (!view->have)
		return 0;
	make_paper(pane, false, &paper);
	size_t n = MIN(paper.n, capacity - 1);
	while (n > 0 && n < paper.n && ((unsigned char)paper.bytes[n] & 0xC0) == 0x80)
		n--; /* never half a sign */
	memcpy(out, text_string(&paper), n);
	out[n] = '\0';
	text_clear(&paper);
	return n;
}

const struct pane_type view_handover = {
	.name = "handover", .title = N_("Hand-over"), .place = PLACE_HANDOVER, .memory = sizeof(struct handover),
	.document = PANE_DOCUMENT(handover), .open = open_handover, .close = close_handover, .refresh = refresh, .draw = pane_draw_document, .lay_out = lay_out,
	.summary = summary, .command = command, .text = text,
};
