/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alerts/alert.h"
#include "base/i18n.h"
#include "base/markdown.h"
#include "base/mem.h"
#include "base/text.h"
#include "ui/format.h"

struct paper {
	bool markdown;
	struct text out;
};

static void heading(struct paper *p, int level, const char *text)
{
	if (p->markdown) {
		text_printf(&p->out, "%s%.*s %s\n\n", p->out.n > 0 && !text_ends_with(p->out.bytes, "\n\n") ? "\n" : "", level, "###", text);
		return;
	}
	text_printf(&p->out, "%s%s\n", p->out.n > 0 ? "\n" : "", text);
	for (int i = text_width(text); i > 0; i--)
		text_putc(&p->out, level == 1 ? '=' : '-');
	text_putc(&p->out, '\n');
}

static void line(struct paper *p, const char *text)
{
	if (p->markdown)
		text_puts(&p->out, "- ");
	text_printf(&p->out, "%s\n", text);
}

#define COLUMNS 8
struct table {
	int n_columns, widths[COLUMNS];
	bool right[COLUMNS];
	const char *heads[COLUMNS];
	char *(*cells)[COLUMNS];
	size_t n, capacity;
};

static void table_begin(struct table *t, const char *const *heads, const char *alignment)
{
	*t = (struct table){ .n_columns = (int)strlen(alignment) };
	for (int i = 0; i < t->n_columns; i++) {
		t->heads[i] = heads[i];
		t->right[i] = alignment[i] == 'r';
		t->widths[i] = text_width(heads[i]);
	}
}

static char **table_row(struct table *t)
{
	t->cells = mem_grow(t->cells, t->n, &t->capacity, sizeof *t->cells);
	memset(t->cells[t->n], 0, sizeof *t->cells);
	return t->cells[t->n++];
}

static void padded(struct text *out, const char *cell, int width, bool right, bool last)
{
	int blanks = MAX(width - text_width(cell), 0);
	for (int i = 0; right && i < blanks; i++)
		text_putc(out, ' ');
	text_puts(out, cell);
	for (int i = 0; !right && !last && i < blanks; i++)
		text_putc(out, ' ');
	text_puts(out, last ? "" : "  ");
}

static void table_end(struct table *t, struct paper *p)
{
	for (size_t r = 0; r < t->n; r++)
		for (int i = 0; i < t->n_columns; i++)
			t->widths[i] = MAX(t->widths[i], text_width(t->cells[r][i]));
	for (int i = 0; i < t->n_columns; i++) {
		if (p->markdown)
			text_printf(&p->out, "| %s ", t->heads[i]);
		else
			padded(&p->out, t->heads[i], t->widths[i], t->right[i], i + 1 == t->n_columns);
	}
	text_puts(&p->out, p->markdown ? "|\n" : "\n");
	for (int i = 0; p->markdown && i < t->n_columns; i++)
		text_puts(&p->out, t->right[i] ? "| ---: " : "| --- ");
	text_puts(&p->out, p->markdown ? "|\n" : "");
	for (size_t r = 0; r < t->n; r++) {
		for (int i = 0; i < t->n_columns; i++) {
			if (p->markdown) {
				text_puts(&p->out, "| ");
				markdown_puts(&p->out, t->cells[r][i]);
				text_putc(&p->out, ' ');
			} else {
				padded(&p->out, t->cells[r][i], t->widths[i], t->right[i], i + 1 == t->n_columns);
			}
			free(t->cells[r][i]);
		}
		text_puts(&p->out, p->markdown ? "|\n" : "\n");
	}
	free(t->cells);
}

static char *number_cell(const json_t *row, const char *key)
{
	return mem_printf("%lld", (long long)json_int(row, key, 0));
}

static char *money_cell(const json_t *row)
{
	return in_decimals(mem_printf("%.2f", json_real_or(json_object_get(row, "cost"), "amount", 0)));
}

static char *text_cell(const json_t *row, const char *key)
{
	const char *text = json_str(row, key, "");
	char shown[200];
	text_printable(shown, sizeof shown, text, strlen(text));
	return mem_strdup(shown);
}

static char *minute_cell(const json_t *row, const char *key)
{
	const char *text = json_str(row, key, "");
	return strlen(text) < 16 ? mem_strdup("-") : mem_printf("%.10s %.5sZ", text, text + 11);
}

static char *percent_cell(int64_t part, int64_t whole)
{
	return whole == 0 ? mem_strdup("-") : mem_printf("%lld %%", (long long)(part * 100 / whole));
}

static void traffic_cells(char **cells, const json_t *row, const char *name)
{
	cells[0] = mem_strdup(name);
	cells[1] = number_cell(row, "calls");
	cells[2] = number_cell(row, "outbound");
	cells[3] = number_cell(row, "inbound");
	cells[4] = number_cell(row, "internal");
	cells[5] = percent_cell(json_int(row, "answered", 0), json_int(row, "calls", 0));
	cells[6] = number_cell(row, "minutes");
	cells[7] = money_cell(row);
}

static void write_sync(struct paper *p, const json_t *report)
{
	const json_t *sync = json_object_get(report, "sync"), *gaps = json_object_get(sync, "gaps"), *gap;
	char *from = minute_cell(sync, "complete_from"), *until = minute_cell(sync, "complete_until"), *newest = minute_cell(sync, "newest_call");
	char *text = json_bool(sync, "collects", false) ? mem_printf(_("complete from %s until %s; newest call %s"), from, until, newest)
	    : mem_printf(_("nothing was collected from Webex into this store; newest call %s"), newest);
	heading(p, 2, _("Completeness"));
	line(p, text);
	size_t i;
	json_array_foreach(gaps, i, gap) {
		free(from);
		free(until);
		free(text);
		from = minute_cell(gap, "from");
		until = minute_cell(gap, "until");
		text = mem_printf(json_bool(gap, "lost", false) ? _("missing for good (only a Control Hub report can fill it): %s to %s")
		    : _("still missing: %s to %s"), from, until);
		line(p, text);
	}
	free(from);
	free(until);
	free(newest);
	free(text);
}

static void write_traffic(struct paper *p, const json_t *report)
{
	const char *const heads[] = { _("Site"), _("calls"), _("out"), _("in"), _("internal"), _("answered"), _("minutes"), "USD" };
	struct table t;
	size_t i;
	json_t *row;
	heading(p, 2, _("Traffic by site"));
	table_begin(&t, heads, "lrrrrrrr");
	json_array_foreach(json_object_get(report, "traffic"), i, row) {
		char *name = text_cell(row, "location");
		traffic_cells(table_row(&t), row, *name ? name : "-");
		free(name);
	}
	traffic_cells(table_row(&t), json_object_get(report, "total"), _("all"));
	table_end(&t, p);
}

static void write_destinations(struct paper *p, const json_t *report)
{
	const char *const heads[] = { _("Country"), _("calls"), _("minutes"), "USD", _("highest risk") };
	struct table t;
	size_t i;
	json_t *row;
	heading(p, 2, _("Destinations that cost most (estimate)"));
	table_begin(&t, heads, "lrrrl");
	json_array_foreach(json_object_get(report, "destinations"), i, row) {
		char **cells = table_row(&t);
		cells[0] = text_cell(row, "country");
		cells[1] = number_cell(row, "calls");
		cells[2] = number_cell(row, "minutes");
		cells[3] = money_cell(row);
		cells[4] = mem_strdup("");
		for (enum risk_tier tier = TIER_NONE; tier <= TIER_EXTREME; tier++) {
			if (strcmp(risk_tier_name(tier), json_str(row, "tier", "")) != 0)
				continue;
			free(cells[4]);
			cells[4] = mem_strdup(tier_word(tier));
		}
	}
	table_end(&t, p);
}

static void write_counts(struct paper *p, const char *what, const json_t *counts)
{
	struct text text = { 0 };
	const char *key;
	json_t *value;
	int64_t sum = 0;
	json_object_foreach((json_t *)counts, key, value) {
		enum resolution resolution;
		enum severity severity;
		const char *word = severity_named(key, &severity) ? severity_badge(severity) : resolution_named(key, &resolution) ? resolution_word(resolution) : key;
		text_printf(&text, "%s%lld %s", text.n > 0 ? ", " : "", (long long)json_integer_value(value), word);
		sum += json_integer_value(value);
	}
	char *shown = mem_printf("%s: %lld%s%s%s", what, (long long)sum, sum > 0 ? " (" : "", text_string(&text), sum > 0 ? ")" : "");
	line(p, shown);
	free(shown);
	text_clear(&text);
}

static void write_alert_list(struct paper *p, const json_t *rows, bool closed)
{
	const char *const heads[] = { "#", _("severity"), _("score"), _("last"), _("alert"), _("about"), closed ? _("closed as") : _("state"), "USD" };
	struct table t;
	size_t i;
	json_t *row;
	if (json_array_size(rows) == 0)
		return;
	text_putc(&p->out, '\n');
	table_begin(&t, heads, "rlrllllr");
	json_array_foreach(rows, i, row) {
		enum severity severity = SEVERITY_LOW;
		enum resolution resolution = RESOLUTION_NONE;
		enum alert_state state = ALERT_NEW;
		bool known = severity_named(json_str(row, "severity", ""), &severity);
		known = (closed ? resolution_named(json_str(row, "resolution", ""), &resolution) : alert_state_named(json_str(row, "state", ""), &state)) && known;
		UNUSED(known);
		char **cells = table_row(&t);
		cells[0] = number_cell(row, "id");
		cells[1] = mem_strdup(severity_badge(severity));
		cells[2] = number_cell(row, "score");
		cells[3] = minute_cell(row, "last_time");
		cells[4] = text_cell(row, "title");
		cells[5] = text_cell(row, "subject");
		cells[6] = mem_strdup(closed ? resolution_word(resolution) : state_word(state));
		cells[7] = money_cell(row);
	}
	table_end(&t, p);
}

static void write_alerts(struct paper *p, const json_t *report)
{
	const json_t *alerts = json_object_get(report, "alerts");
	heading(p, 2, _("Alerts"));
	write_counts(p, _("open now"), json_object_get(alerts, "open"));
	write_counts(p, _("raised in this time"), json_object_get(alerts, "raised"));
	write_counts(p, _("closed in this time"), json_object_get(alerts, "closed"));
	char *amount = in_decimals(mem_printf("%.2f", json_real_or(json_object_get(alerts, "open_cost"), "amount", 0)));
	char *cost = mem_printf(_("estimated cost of what is open: %s USD"), amount);
	line(p, cost);
	free(cost);
	free(amount);
	write_alert_list(p, json_object_get(alerts, "open_list"), false);
	write_alert_list(p, json_object_get(alerts, "closed_list"), true);
}

static void write_silences(struct paper *p, const json_t *report)
{
	const char *const heads[] = { "#", _("what is silent"), _("owner"), _("reason"), _("until"), _("hidden"), _("24 h"), _("worst") };
	const json_t *silences = json_object_get(report, "silences"), *rows = json_object_get(silences, "list");
	struct table t;
	size_t i;
	json_t *row;
	if (json_array_size(rows) == 0)
		return;
	heading(p, 2, _("What is silent"));
	char *debt = mem_printf(_("silences in force: %lld; findings kept back in 24 h: %lld"), (long long)json_int(silences, "in_force", 0), (long long)json_int(silences, "kept_back_24h", 0));
	line(p, debt);
	free(debt);
	text_putc(&p->out, '\n');
	table_begin(&t, heads, "lllllrrl");
	json_array_foreach (rows, i, row) {
		enum severity worst;
		char **cells = table_row(&t);
		cells[0] = text_cell(row, "id");
		cells[1] = text_cell(row, "scope");
		cells[2] = text_cell(row, "owner");
		cells[3] = text_cell(row, "reason");
		cells[4] = minute_cell(row, "until");
		cells[5] = number_cell(row, "kept_back");
		cells[6] = number_cell(row, "kept_back_24h");
		cells[7] = mem_strdup(severity_named(json_str(row, "highest", ""), &worst) ? severity_badge(worst) : "-");
	}
	table_end(&t, p);
}

static void write_scores(struct paper *p, const json_t *report)
{
	const char *const heads[] = { _("score"), _("who"), _("Site"), _("why") };
	struct table t;
	size_t i;
	json_t *row;
	if (json_array_size(json_object_get(report, "scores")) == 0)
		return;
	heading(p, 2, _("Who stands out"));
	table_begin(&t, heads, "rlll");
	json_array_foreach(json_object_get(report, "scores"), i, row) {
		char **cells = table_row(&t);
		cells[0] = number_cell(row, "score");
		cells[1] = text_cell(row, "name");
		cells[2] = text_cell(row, "location");
		cells[3] = text_cell(row, "why");
	}
	table_end(&t, p);
}

void report_write(const json_t *report, bool markdown)
{
	struct paper p = { .markdown = markdown };
	char *from = minute_cell(report, "from"), *to = minute_cell(report, "until");
	char *title = mem_printf(_("Centinela: %s to %s"), from, to);
	heading(&p, 1, title);
	write_sync(&p, report);
	write_traffic(&p, report);
	write_destinations(&p, report);
	write_alerts(&p, report);
	write_silences(&p, report);
	write_scores(&p, report);
	text_printf(&p.out, "\n%s\n", _("Costs are estimates from public price lists. Traffic counts whole hours."));
	fputs(text_string(&p.out), stdout);
	text_clear(&p.out);
	free(title);
	free(from);
	free(to);
}
