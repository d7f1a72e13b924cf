/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/shift_paper.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/markdown.h"
#include "base/mask.h"
#include "store/row_json.h"

/* ---- words -------------------------------------------------------------------------- */

char *shift_counts(const int64_t counts[4], char out[static LONG_BYTES])
{
	size_t n = 0;
	out[0] = '\0';
	for (int severity = SEVERITY_CRITICAL; severity >= SEVERITY_LOW; severity--)
		if (counts[severity] > 0)
			n += (size_t)snprintf(out + n, LONG_BYTES - n, "%s%s%lld", n > 0 ? " " : "", severity_glyph((enum severity)severity), (long long)counts[severity]);
	if (n == 0)
		snprintf(out, LONG_BYTES, "\u2014");
	return out;
}

char *shift_closed(const struct shift_report *report, char *out, size_t capacity)
{
	size_t n = (size_t)snprintf(out, capacity, "%lld", (long long)report->n_closed);
	for (int k = 0; k < N_RESOLUTIONS && n < capacity; k++)
		if (report->closed[k] > 0)
			n += (size_t)snprintf(out + n, capacity - n, " \u00B7 %s %lld", k == RESOLUTION_NONE ? "\u2014" : resolution_word((enum resolution)k), (long long)report->closed[k]);
	return out;
}

char *shift_open(const struct shift_report *report, char *out, size_t capacity)
{
	char counts[LONG_BYTES];
	size_t n = (size_t)snprintf(out, capacity, "%lld", (long long)report->n_open);
	if (report->n_open > 0)
		n += (size_t)snprintf(out + n, capacity - n, ": %s", shift_counts(report->open, counts));
	if (report->n_late > 0 && n < capacity)
		n += (size_t)snprintf(out + n, capacity - n, ngettext(" \u00B7 %lld late", " \u00B7 %lld late", (unsigned long)report->n_late), (long long)report->n_late);
	if (report->n_snoozed > 0 && n < capacity)
		snprintf(out + n, capacity - n, ngettext(" \u00B7 %lld snoozed", " \u00B7 %lld snoozed", (unsigned long)report->n_snoozed), (long long)report->n_snoozed);
	return out;
}

char *shift_span(const struct shift_paper *p, char out[static 2 * LONG_BYTES])
{
	char from[LONG_BYTES], until[LONG_BYTES];
	format_moment(p->zone, p->label, p->report->from_ms, from);
	format_moment(p->zone, p->label, p->report->until_ms, until);
	bool same_day = strncmp(from, until, 10) == 0;
	snprintf(out, 2 * LONG_BYTES, "%.16s \u2013 %.*s %s", from, same_day ? 5 : 16, same_day ? until + 11 : until, p->label);
	return out;
}

const char *shift_who(const struct alert *alert, bool masked, char number[static LONG_BYTES])
{
	const char *who = *alert->subject_name != '\0' ? alert->subject_name : alert->subject_id;
	return alert->subject_kind == SUBJECT_NUMBER ? format_number(who, masked, number) : who;
}

/* ---- Markdown --------------------------------------------------------------------------- */

static void put(const struct shift_paper *p, struct text *out, const char *text)
{
	struct text masked = { 0 };
	if (p->masked)
		mask_text(text, &masked);
	markdown_puts(out, p->masked ? text_string(&masked) : text);
	text_clear(&masked);
}

static void heading(struct text *out, const char *text)
{
	text_printf(out, "\n## %s\n\n", text);
}

static void moment(const struct shift_paper *p, struct text *out, int64_t ms)
{
	char text[LONG_BYTES];
	format_moment(p->zone, p->label, ms, text);
	text_printf(out, "%.16s", text);
}

char *shift_noise(const struct shift_rule *rule, char *out, size_t capacity)
{
	if (rule->n_closed > 0)
		snprintf(out, capacity, _("%lld %% false: %lld of %lld closed \u00B7 %lld raised"), (long long)((rule->n_false * 100 + rule->n_closed / 2) / rule->n_closed),
		    (long long)rule->n_false, (long long)rule->n_closed, (long long)rule->n);
	else
		snprintf(out, capacity, _("none closed \u00B7 %lld raised"), (long long)rule->n);
	return out;
}

/* "- ▲ CRIT #11 IRSF … · who · site" without the end of its line. */
static void alert_line(const struct shift_paper *p, struct text *out, const struct alert *alert)
{
	char number[LONG_BYTES];
	text_printf(out, "- %s \\#%lld ", severity_badge(alert->severity), (long long)alert->id);
	put(p, out, in_language(alert->title_en, alert->title_es));
	text_puts(out, " \u00B7 ");
	put(p, out, shift_who(alert, p->masked, number));
	if (*alert->location != '\0') {
		text_puts(out, " \u00B7 ");
		put(p, out, alert->location);
	}
}

static void notes(const struct shift_paper *p, struct text *out)
{
	if (p->report->n_notes == 0)
		return;
	heading(out, _("For whoever comes next"));
	for (size_t i = 0; i < p->report->n_notes; i++) {
		const struct shift_note *note = &p->report->notes[i];
		text_printf(out, "- \\#%lld ", (long long)note->alert_id);
		put(p, out, in_language(note->title_en, note->title_es));
		text_puts(out, " \u00B7 ");
		put(p, out, note->who);
		text_puts(out, ": ");
		put(p, out, note->text);
		text_putc(out, '\n');
	}
}

static void open_list(const struct shift_paper *p, struct text *out)
{
	const struct shift_report *r = p->report;
	char age[SHORT_BYTES], counts[LONG_BYTES];
	if (r->n_open == 0)
		return;
	heading(out, _("Open, by case"));
	int64_t n_told = 0;
	for (size_t i = 0; i < r->n_open_listed; i++) {
		const struct alert *alert = &r->open_alerts[i];
		bool late = shift_is_late(alert, r->until_ms);
		alert_line(p, out, alert);
		text_printf(out, " \u00B7 %s%s \u00B7 %s \u00B7 ", format_age(r->until_ms - alert->raised_ms, age), late ? _(": late!") : "", state_word(alert->state));
		put(p, out, *alert->assignee != '\0' ? alert->assignee : _("nobody"));
		const struct shift_case *its = &r->open_cases[i];
		if (its->n > 1)
			text_printf(out, ngettext(" \u00B7 +%lld of its case: %s", " \u00B7 +%lld of its case: %s", (unsigned long)(its->n - 1)), (long long)its->n - 1, shift_counts(its->by_severity, counts));
		text_putc(out, '\n');
		n_told += its->n;
	}
	if (n_told < r->n_open)
		text_printf(out, _("- … and %lld more\n"), (long long)(r->n_open - n_told));
}

static void closed_list(const struct shift_paper *p, struct text *out)
{
	const struct shift_report *r = p->report;
	if (r->n_closed == 0)
		return;
	heading(out, _("Closed in the shift"));
	for (size_t i = 0; i < r->n_closed_listed; i++) {
		alert_line(p, out, &r->closed_alerts[i]);
		text_printf(out, " \u00B7 %s \u00B7 ", resolution_word(r->closed_alerts[i].resolution));
		put(p, out, r->closed_alerts[i].assignee);
		text_putc(out, '\n');
	}
}

static void counted(const struct shift_paper *p, struct text *out)
{
	const struct shift_report *r = p->report;
	char counts[LONG_BYTES];
	if (r->n_sites > 0)
		heading(out, _("Came, by site"));
	for (size_t i = 0; i < r->n_sites; i++) {
		text_puts(out, "- ");
		put(p, out, *r->sites[i].name != '\0' ? r->sites[i].name : "\u2014");
		text_printf(out, ": %lld (%s)\n", (long long)r->sites[i].n, shift_counts(r->sites[i].by_severity, counts));
	}
	if (r->n_owners > 0)
		heading(out, _("Whose"));
	for (size_t i = 0; i < r->n_owners; i++) {
		text_puts(out, "- ");
		put(p, out, *r->owners[i].name != '\0' ? r->owners[i].name : _("nobody"));
		text_printf(out, ": %lld (%s)", (long long)r->owners[i].n, shift_counts(r->owners[i].by_severity, counts));
		if (r->owners[i].n_late > 0)
			text_printf(out, ngettext(" \u00B7 %lld late", " \u00B7 %lld late", (unsigned long)r->owners[i].n_late), (long long)r->owners[i].n_late);
		text_putc(out, '\n');
	}
}

static void the_rest(const struct shift_paper *p, struct text *out)
{
	const struct shift_report *r = p->report;
	if (r->n_ends > 0)
		heading(out, _("Ends in the next shift"));
	for (size_t i = 0; i < r->n_ends; i++) {
		text_puts(out, "- ");
		moment(p, out, r->ends[i].at_ms);
		text_printf(out, " %s \\#%lld ", r->ends[i].silence ? _("silence ends") : _("snooze ends"), (long long)r->ends[i].alert->id);
		put(p, out, in_language(r->ends[i].alert->title_en, r->ends[i].alert->title_es));
		text_putc(out, '\n');
	}
	if (r->n_rules > 0)
		heading(out, _("Noisy rules, by the share that was no attack"));
	for (size_t i = 0; i < r->n_rules; i++) {
		text_puts(out, "- ");
		put(p, out, in_language(r->rules[i].title_en, r->rules[i].title_es));
		char noise[160];
		text_printf(out, ": %s\n", shift_noise(&r->rules[i], noise, sizeof noise));
	}
	bool any = false;
	for (size_t i = 0; i < p->n_gaps; i++) {
		if (!shift_has_gap(r, &p->gaps[i]))
			continue;
		if (!any)
			heading(out, _("Gaps in the records"));
		any = true;
		text_puts(out, "- ");
		moment(p, out, p->gaps[i].from_ms);
		text_puts(out, " \u2013 ");
		moment(p, out, p->gaps[i].until_ms);
		text_putc(out, '\n');
	}
}

void shift_markdown(const struct shift_paper *p, struct text *out)
{
	char span[2 * LONG_BYTES], words[300], counts[LONG_BYTES], money[SHORT_BYTES];
	const struct shift_report *r = p->report;
	text_printf(out, "# %s %s\n\n", _("Hand-over"), shift_span(p, span));
	text_printf(out, "- %s: %lld (%s)", _("came"), (long long)r->n_raised, shift_counts(r->raised, counts));
	if (r->cost_raised_micro > 0)
		text_printf(out, " \u00B7 \u2248 %s USD", format_money(r->cost_raised_micro, money));
	text_printf(out, "\n- %s: %s\n", _("left open"), shift_open(r, words, sizeof words));
	text_printf(out, "- %s: %s\n", _("resolved"), shift_closed(r, words, sizeof words));
	notes(p, out);
	open_list(p, out);
	counted(p, out);
	closed_list(p, out);
	the_rest(p, out);
}

void shift_json(const struct shift_paper *p, struct text *out)
{
	json_t *root = json_shift(p->report, p->gaps, p->n_gaps, p->masked);
	char *json = json_dumps(root, JSON_INDENT(2));
	if (json != NULL)
		json_tame(out, json, strlen(json));
	text_putc(out, '\n');
	free(json);
	json_decref(root);
}
