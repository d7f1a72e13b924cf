/* SPDX-License-Identifier: Apache-2.0
 *
 * report: what happened in a stretch of time, for people. It is gathered once,
 * as JSON; text and Markdown are made from that. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/iso_time.h"
#include "base/mem.h"
#include "cli/cli.h"
#include "cli/print.h"
#include "store/alert_rows.h"
#include "ui/format.h"
#include "webex/windows.h"

enum { LISTED = 20, KEY_BITS = 20 };

struct report {
	const struct options *options;
	struct db db;
	struct arena arena;
	int64_t from_ms, to_ms;
	json_t *out;
	struct fault fault;
};

/* ---- gathering ------------------------------------------------------------------ */

static struct statement *ask(struct report *r, const char *literal_sql, int64_t a, int64_t b)
{
	struct statement *st = db_statement(&r->db, literal_sql, &r->fault);
	if (st != NULL)
		db_bind(&r->db, st, "ii", a, b);
	return st;
}

static bool gather_sync(struct report *r)
{
	struct windows windows = { 0 };
	struct window_limits limits;
	struct windows_progress progress;
	struct window_gap gaps[8];
	int64_t newest = 0;
	window_limits_init(&limits);
	limits.backfill_ms = r->options->backfill;
	struct statement *st = db_statement(&r->db, "SELECT endpoint, from_ms, until_ms, done_ms, why FROM windows ORDER BY done_ms", &r->fault);
	enum step step = STEP_FAULT;
	while (st != NULL && (step = db_step(&r->db, st, &r->fault)) == STEP_ROW) {
		struct cdr_window window = { .endpoint = strcmp(db_text(&r->db, st, 0), "stream") == 0 ? CDR_STREAM : CDR_FEED,
			.from_ms = db_int(&r->db, st, 1), .to_ms = db_int(&r->db, st, 2), .why = WINDOW_GAP };
		for (enum window_why why = WINDOW_STREAM; why <= WINDOW_DAILY; why++) {
			if (strcmp(window_why_name(why), db_text(&r->db, st, 4)) == 0)
				window.why = why;
		}
		windows_done(&windows, &limits, &window, db_int(&r->db, st, 3));
	}
	bool ok = step == STEP_DONE && db_ask_int(&r->db, "SELECT max(id) >> 20 FROM calls", 0, &newest, &r->fault);
	if (ok) {
		windows_progress(&windows, &limits, r->to_ms, &progress);
		size_t n = windows_gaps(&windows, &limits, r->to_ms, gaps, COUNT_OF(gaps));
		json_t *list = json_array();
		for (size_t i = 0; windows.first_ms != 0 && i < MIN(n, COUNT_OF(gaps)); i++)
			json_array_append_new(list, json_pack("{s:o, s:o, s:b}", "from", json_time(gaps[i].from_ms), "until", json_time(gaps[i].to_ms), "lost", gaps[i].lost));
		json_object_set_new(r->out, "sync", json_pack("{s:b, s:o, s:o, s:o, s:o}", "collects", windows.first_ms != 0,
		    "complete_from", json_time(progress.complete_from_ms), "complete_until", json_time(progress.complete_until_ms), "newest_call", json_time(newest), "gaps", list));
	}
	if (st != NULL)
		r->db.engine->reset(st);
	windows_clear(&windows);
	return ok;
}

#define TRAFFIC_SQL                                                                             \
	"SELECT (SELECT text FROM words WHERE id = location_id), sum(n_calls), sum(n_answered),"  \
	" sum(talk_s) / 60, sum(cost_micro), sum(CASE WHEN direction = 0 THEN n_calls ELSE 0 END)," \
	" sum(CASE WHEN direction = 1 THEN n_calls ELSE 0 END),"                                 \
	" sum(CASE WHEN direction = 2 THEN n_calls ELSE 0 END),"                                 \
	" sum(CASE WHEN direction = 3 THEN n_calls ELSE 0 END)"                                  \
	" FROM hours WHERE hour >= $1 AND hour <= $2 "

/* The numbers of the row under the statement. */
static json_t *traffic_row(struct report *r, struct statement *st)
{
	static const char *const names[] = { "calls", "answered", "minutes", NULL, "internal", "outbound", "inbound", "transit" };
	json_t *row = json_object();
	for (int i = 0; i < (int)COUNT_OF(names); i++) {
		if (names[i] != NULL)
			json_object_set_new(row, names[i], json_integer(db_int(&r->db, st, 1 + i)));
	}
	json_object_set_new(row, "cost", json_money(db_int(&r->db, st, 4), 0));
	return row;
}

static bool gather_traffic(struct report *r)
{
	int64_t from = r->from_ms / HOUR_MS, to = r->to_ms / HOUR_MS;
	json_t *rows = json_array();
	struct statement *st = ask(r, TRAFFIC_SQL "GROUP BY location_id ORDER BY sum(n_calls) DESC", from, to);
	enum step step = STEP_FAULT;
	while (st != NULL && (step = db_step(&r->db, st, &r->fault)) == STEP_ROW) {
		json_t *row = traffic_row(r, st);
		json_object_set_new(row, "location", json_text(db_text(&r->db, st, 0)));
		json_array_append_new(rows, row);
	}
	json_object_set_new(r->out, "traffic", rows);
	if (st != NULL)
		r->db.engine->reset(st);
	if (step != STEP_DONE)
		return false;
	st = ask(r, TRAFFIC_SQL, from, to);
	bool ok = st != NULL && db_step(&r->db, st, &r->fault) == STEP_ROW;
	if (ok)
		json_object_set_new(r->out, "total", traffic_row(r, st));
	if (st != NULL)
		r->db.engine->reset(st);
	return ok;
}

/* Where the money goes: the countries that cost most. */
static bool gather_destinations(struct report *r)
{
	json_t *rows = json_array();
	struct statement *st = ask(r, "SELECT country, count(*), sum(talk_s) / 60, sum(cost_micro), max(tier) FROM calls WHERE id >= $1 AND id < $2"
	    " AND direction IN (1, 3) AND country <> '' GROUP BY country ORDER BY sum(cost_micro) DESC, count(*) DESC LIMIT 10", r->from_ms << KEY_BITS, r->to_ms << KEY_BITS);
	enum step step = STEP_FAULT;
	while (st != NULL && (step = db_step(&r->db, st, &r->fault)) == STEP_ROW)
		json_array_append_new(rows, json_pack("{s:o, s:I, s:I, s:o, s:s}", "country", json_text(db_text(&r->db, st, 0)), "calls", (json_int_t)db_int(&r->db, st, 1),
		    "minutes", (json_int_t)db_int(&r->db, st, 2), "cost", json_money(db_int(&r->db, st, 3), 0), "tier", risk_tier_name((enum risk_tier)db_int(&r->db, st, 4))));
	json_object_set_new(r->out, "destinations", rows);
	if (st != NULL)
		r->db.engine->reset(st);
	return step == STEP_DONE;
}

static json_t *alert_row(const struct alert *a)
{
	return json_pack("{s:I, s:s, s:i, s:o, s:s, s:s, s:o, s:o, s:o, s:I, s:o, s:o}", "id", (json_int_t)a->id, "severity", severity_name(a->severity), "score", a->score,
	    "title", json_text(in_language(a->title_en, a->title_es)), "state", alert_state_name(a->state), "resolution", resolution_name(a->resolution),
	    "subject", json_text(*a->subject_name ? a->subject_name : a->subject_id), "location", json_text(a->location), "last_time", json_time(a->last_ms),
	    "count", (json_int_t)a->count, "cost", json_money(a->cost_micro, a->cost_per_hour_micro), "assignee", json_text(a->assignee));
}

static bool list_alerts(struct report *r, const char *key, const char *literal_sql, json_t *into)
{
	json_t *rows = json_array();
	struct statement *st = ask(r, literal_sql, r->from_ms, r->to_ms);
	enum step step = STEP_FAULT;
	while (st != NULL && (step = db_step(&r->db, st, &r->fault)) == STEP_ROW) {
		struct alert alert;
		alert_row_read(&r->db, st, &r->arena, &alert);
		json_array_append_new(rows, alert_row(&alert));
	}
	json_object_set_new(into, key, rows);
	if (st != NULL)
		r->db.engine->reset(st);
	return step == STEP_DONE;
}

/* name → count, from a statement of two columns. */
static bool count_alerts(struct report *r, const char *key, const char *literal_sql, const char *(*name)(int), json_t *into)
{
	json_t *counts = json_object();
	struct statement *st = ask(r, literal_sql, r->from_ms, r->to_ms);
	enum step step = STEP_FAULT;
	while (st != NULL && (step = db_step(&r->db, st, &r->fault)) == STEP_ROW)
		json_object_set_new(counts, name((int)db_int(&r->db, st, 0)), json_integer(db_int(&r->db, st, 1)));
	json_object_set_new(into, key, counts);
	if (st != NULL)
		r->db.engine->reset(st);
	return step == STEP_DONE;
}

static const char *severity_of(int number)
{
	return severity_name((enum severity)number);
}

static const char *resolution_of(int number)
{
	return number == RESOLUTION_NONE ? "none" : resolution_name((enum resolution)number);
}

static bool gather_alerts(struct report *r)
{
	json_t *alerts = json_object();
	json_object_set_new(r->out, "alerts", alerts);
	int64_t cost = 0;
	bool ok = count_alerts(r, "open", "SELECT severity, count(*) FROM alerts WHERE open = 1 AND $1 < $2 GROUP BY severity", severity_of, alerts) &&
	    count_alerts(r, "raised", "SELECT severity, count(*) FROM alerts WHERE raised_ms >= $1 AND raised_ms <= $2 GROUP BY severity", severity_of, alerts) &&
	    count_alerts(r, "closed", "SELECT resolution, count(*) FROM alerts WHERE open = 0 AND closed_ms >= $1 AND closed_ms <= $2 GROUP BY resolution", resolution_of, alerts) &&
	    list_alerts(r, "open_list", "SELECT " ALERT_COLUMNS " FROM alerts WHERE open = 1 AND $1 < $2 ORDER BY severity DESC, score DESC, last_ms DESC LIMIT 20", alerts) &&
	    list_alerts(r, "closed_list", "SELECT " ALERT_COLUMNS " FROM alerts WHERE open = 0 AND closed_ms >= $1 AND closed_ms <= $2 ORDER BY closed_ms DESC LIMIT 20", alerts) &&
	    db_ask_int(&r->db, "SELECT sum(cost_micro) FROM alerts WHERE open = 1", 0, &cost, &r->fault);
	json_object_set_new(alerts, "open_cost", json_money(cost, 0));
	return ok;
}

static bool gather_scores(struct report *r)
{
	struct score_list list;
	json_t *rows = json_array();
	json_object_set_new(r->out, "scores", rows);
	if (!query_scores(&r->db, r->to_ms, LISTED, &r->arena, &list, &r->fault))
		return false;
	for (size_t i = 0; i < list.n; i++) {
		const struct score_row *s = &list.items[i];
		json_array_append_new(rows, json_pack("{s:i, s:o, s:s, s:o, s:o, s:I}", "score", s->score, "name", json_text(*s->name ? s->name : s->id), "kind",
		    subject_kind_name(s->kind), "location", json_text(s->location), "why", json_text(in_language(s->why_en, s->why_es)), "alert_id", (json_int_t)s->alert_id));
	}
	return true;
}

/* ---- writing -------------------------------------------------------------------- */

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

/* A stranger's name must not become a heading, a link or a column. */
static void escaped(struct text *out, const char *cell)
{
	for (; *cell != '\0'; cell++) {
		if (strchr("\\|`*_[]<>#~", *cell) != NULL)
			text_putc(out, '\\');
		text_putc(out, *cell);
	}
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
				escaped(&p->out, t->cells[r][i]);
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
	return mem_printf("%.2f", json_real_or(json_object_get(row, "cost"), "amount", 0));
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
	char *cost = mem_printf(_("estimated cost of what is open: %.2f USD"), json_real_or(json_object_get(alerts, "open_cost"), "amount", 0));
	line(p, cost);
	free(cost);
	write_alert_list(p, json_object_get(alerts, "open_list"), false);
	write_alert_list(p, json_object_get(alerts, "closed_list"), true);
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

static void write_report(const json_t *report, bool markdown)
{
	struct paper p = { .markdown = markdown };
	char *from = minute_cell(report, "from"), *to = minute_cell(report, "until");
	char *title = mem_printf(_("Centinela: %s to %s"), from, to);
	heading(&p, 1, title);
	write_sync(&p, report);
	write_traffic(&p, report);
	write_destinations(&p, report);
	write_alerts(&p, report);
	write_scores(&p, report);
	text_printf(&p.out, "\n%s\n", _("Costs are estimates from public price lists. Traffic counts whole hours."));
	fputs(text_string(&p.out), stdout);
	text_clear(&p.out);
	free(title);
	free(from);
	free(to);
}

int cli_report(struct options *options, struct args *args)
{
	struct report r = { .options = options };
	const char *since = args_value(args, "--since"), *format = args_value(args, "--format");
	format = format != NULL ? format : options->json ? "json" : "text";
	bool json = strcmp(format, "json") == 0, markdown = strcmp(format, "md") == 0;
	r.to_ms = clock_now_ms(&options->clock);
	if (!args_finish(args, &r.fault))
		return cli_fail(&r.fault);
	if (!json && !markdown && strcmp(format, "text") != 0)
		fault_set(&r.fault, FAULT_USAGE, "%s", _("report writes --format text, md or json"));
	if (r.fault.code != FAULT_NONE || !cli_since(since == NULL ? "24h" : since, r.to_ms, &r.from_ms, &r.fault) ||
	    !db_open(options->store, OPEN_READ, &r.db, &r.fault))
		return cli_fail(&r.fault);
	arena_init(&r.arena);
	r.out = json_pack("{s:o, s:o}", "from", json_time(r.from_ms), "until", json_time(r.to_ms));
	bool ok = gather_sync(&r) && gather_traffic(&r) && gather_destinations(&r) && gather_alerts(&r) && gather_scores(&r);
	if (ok && json)
		print_json(json_incref(r.out));
	else if (ok)
		write_report(r.out, markdown);
	json_decref(r.out);
	arena_clear(&r.arena);
	db_close(&r.db);
	return ok ? EXIT_DONE : cli_fail(&r.fault);
}
