/* SPDX-License-Identifier: Apache-2.0 */
#include "watch/report.h"

#include <string.h>

#include "base/i18n.h"
#include "store/alert_rows.h"
#include "store/request_rows.h"
#include "store/row_json.h"
#include "store/silence_rows.h"
#include "webex/windows.h"

enum { LISTED = 20, KEY_BITS = 20 };

struct report {
	struct db *db;
	struct arena *arena;
	int64_t from_ms, to_ms, backfill_ms;
	json_t *out;
	struct fault *fault;
};

static bool read_windows(struct db *db, const struct window_limits *limits, struct windows *windows, struct fault *fault)
{
	struct statement *st = db_statement(db, "SELECT endpoint, from_ms, until_ms, done_ms, why FROM windows ORDER BY done_ms", fault);
	enum step step = STEP_FAULT;
	*windows = (struct windows){ 0 };
	while (st != NULL && (step = db_step(db, st, fault)) == STEP_ROW) {
		struct cdr_window window = { .endpoint = strcmp(db_text(db, st, 0), "stream") == 0 ? CDR_STREAM : CDR_FEED,
			.from_ms = db_int(db, st, 1), .to_ms = db_int(db, st, 2), .why = WINDOW_GAP };
		for (enum window_why why = WINDOW_STREAM; why <= WINDOW_DAILY; why++) {
			if (strcmp(window_why_name(why), db_text(db, st, 4)) == 0)
				window.why = why;
		}
		windows_done(windows, limits, &window, db_int(db, st, 3));
	}
	if (st != NULL)
		db->engine->reset(st);
	return step == STEP_DONE;
}

static struct statement *ask(struct report *r, const char *literal_sql, int64_t a, int64_t b)
{
	struct statement *st = db_statement(r->db, literal_sql, r->fault);
	if (st != NULL)
		db_bind(r->db, st, "ii", a, b);
	return st;
}

static bool gather_sync(struct report *r)
{
	struct windows windows;
	struct window_limits limits;
	struct windows_progress progress;
	struct window_gap gaps[8];
	int64_t newest = 0;
	window_limits_init(&limits);
	limits.backfill_ms = r->backfill_ms;
	bool ok = read_windows(r->db, &limits, &windows, r->fault) && db_ask_int(r->db, "SELECT max(id) >> 20 FROM calls", 0, &newest, r->fault);
	if (ok) {
		windows_progress(&windows, &limits, r->to_ms, &progress);
		size_t n = windows_gaps(&windows, &limits, r->to_ms, gaps, COUNT_OF(gaps));
		json_t *list = json_array();
		for (size_t i = 0; windows.first_ms != 0 && i < MIN(n, COUNT_OF(gaps)); i++)
			json_array_append_new(list, json_pack("{s:o, s:o, s:b}", "from", json_time(gaps[i].from_ms), "until", json_time(gaps[i].to_ms), "lost", gaps[i].lost));
		json_object_set_new(r->out, "sync", json_pack("{s:b, s:o, s:o, s:o, s:o}", "collects", windows.first_ms != 0,
		    "complete_from", json_time(progress.complete_from_ms), "complete_until", json_time(progress.complete_until_ms), "newest_call", json_time(newest), "gaps", list));
	}
	windows_clear(&windows);
	return ok;
}

#define TRAFFIC_SQL(whose)                                                                      \
	"SELECT " whose ", sum(n_calls), sum(n_answered),"                                       \
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
			json_object_set_new(row, names[i], json_integer(db_int(r->db, st, 1 + i)));
	}
	json_object_set_new(row, "cost", json_money(db_int(r->db, st, 4), 0));
	return row;
}

static bool gather_traffic(struct report *r)
{
	int64_t from = r->from_ms / HOUR_MS, to = r->to_ms / HOUR_MS;
	json_t *rows = json_array();
	struct statement *st = ask(r, TRAFFIC_SQL("(SELECT text FROM words WHERE id = location_id)") "GROUP BY location_id ORDER BY sum(n_calls) DESC, location_id", from, to);
	enum step step = STEP_FAULT;
	while (st != NULL && (step = db_step(r->db, st, r->fault)) == STEP_ROW) {
		json_t *row = traffic_row(r, st);
		json_object_set_new(row, "location", json_text(db_text(r->db, st, 0)));
		json_array_append_new(rows, row);
	}
	json_object_set_new(r->out, "traffic", rows);
	if (st != NULL)
		r->db->engine->reset(st);
	if (step != STEP_DONE)
		return false;
	st = ask(r, TRAFFIC_SQL("''"), from, to);
	bool ok = st != NULL && db_step(r->db, st, r->fault) == STEP_ROW;
	if (ok)
		json_object_set_new(r->out, "total", traffic_row(r, st));
	if (st != NULL)
		r->db->engine->reset(st);
	return ok;
}

/* Where the money goes: the countries that cost most. */
static bool gather_destinations(struct report *r)
{
	json_t *rows = json_array();
	struct statement *st = ask(r, "SELECT country, count(*), sum(talk_s) / 60, sum(cost_micro), max(tier) FROM calls WHERE id >= $1 AND id < $2"
	    " AND direction IN (1, 3) AND country <> '' GROUP BY country ORDER BY sum(cost_micro) DESC, count(*) DESC, country LIMIT 10", r->from_ms << KEY_BITS, r->to_ms << KEY_BITS);
	enum step step = STEP_FAULT;
	while (st != NULL && (step = db_step(r->db, st, r->fault)) == STEP_ROW)
		json_array_append_new(rows, json_pack("{s:o, s:I, s:I, s:o, s:s}", "country", json_text(db_text(r->db, st, 0)), "calls", (json_int_t)db_int(r->db, st, 1),
		    "minutes", (json_int_t)db_int(r->db, st, 2), "cost", json_money(db_int(r->db, st, 3), 0), "tier", risk_tier_name((enum risk_tier)db_int(r->db, st, 4))));
	json_object_set_new(r->out, "destinations", rows);
	if (st != NULL)
		r->db->engine->reset(st);
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
	while (st != NULL && (step = db_step(r->db, st, r->fault)) == STEP_ROW) {
		struct alert alert;
		alert_row_read(r->db, st, r->arena, &alert);
		json_array_append_new(rows, alert_row(&alert));
	}
	json_object_set_new(into, key, rows);
	if (st != NULL)
		r->db->engine->reset(st);
	return step == STEP_DONE;
}

/* name → count, from a statement of two columns. */
static bool count_alerts(struct report *r, const char *key, const char *literal_sql, const char *(*name)(int), json_t *into)
{
	json_t *counts = json_object();
	struct statement *st = ask(r, literal_sql, r->from_ms, r->to_ms);
	enum step step = STEP_FAULT;
	while (st != NULL && (step = db_step(r->db, st, r->fault)) == STEP_ROW)
		json_object_set_new(counts, name((int)db_int(r->db, st, 0)), json_integer(db_int(r->db, st, 1)));
	json_object_set_new(into, key, counts);
	if (st != NULL)
		r->db->engine->reset(st);
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
	bool ok = count_alerts(r, "open", "SELECT severity, count(*) FROM alerts WHERE rank > 0 AND $1 < $2 GROUP BY severity ORDER BY severity", severity_of, alerts) &&
	    count_alerts(r, "raised", "SELECT severity, count(*) FROM alerts WHERE raised_ms >= $1 AND raised_ms <= $2 AND " NOT_TAKEN("id") " GROUP BY severity ORDER BY severity", severity_of, alerts) &&
	    count_alerts(r, "closed", "SELECT resolution, count(*) FROM alerts WHERE rank + 0 = 0 AND closed_ms >= $1 AND closed_ms <= $2 AND " NOT_TAKEN("id") " GROUP BY resolution ORDER BY resolution", resolution_of, alerts) &&
	    list_alerts(r, "open_list", "SELECT " ALERT_COLUMNS " FROM alerts WHERE rank > 0 AND $1 < $2 ORDER BY severity DESC, score DESC, last_ms DESC, id DESC LIMIT 20", alerts) &&
	    list_alerts(r, "closed_list", "SELECT " ALERT_COLUMNS " FROM alerts WHERE rank + 0 = 0 AND closed_ms >= $1 AND closed_ms <= $2 AND " NOT_TAKEN("id") " ORDER BY closed_ms DESC, id DESC LIMIT 20", alerts) &&
	    /* A record that several of them rest on costs what it costs once. */
	    db_ask_int(r->db, "SELECT sum(cost) FROM (SELECT max(e.cost_micro) AS cost FROM alerts a JOIN evidence e ON e.alert_id = a.id WHERE a.rank > 0 GROUP BY e.leg_id) AS once",
		0, &cost, r->fault);
	json_object_set_new(alerts, "open_cost", json_money(cost, 0));
	return ok;
}

/* What it is of, in words. */
static const char *scope_of(struct report *r, const struct silence_row *row)
{
	if (row->kind == SILENCE_EXCEPTION)
		return row->title_en;
	if (row->filter[0] != '\0' || row->title_en[0] == '\0')
		return row->filter;
	return arena_printf(r->arena, "%s \u00B7 %s", row->subject_name, in_language(row->title_en, row->title_es));
}

/* What the next shift would otherwise not see. */
static bool gather_silences(struct report *r)
{
	struct silence_list list;
	struct silence_debt debt;
	int64_t now_ms = MAX(clock_real_ms(), r->to_ms);
	if (!query_silences(r->db, now_ms, false, r->arena, &list, r->fault) || !query_silence_debt(r->db, now_ms, &debt, r->fault))
		return false;
	json_t *rows = json_array();
	for (size_t i = 0; i < list.n; i++) {
		const struct silence_row *s = &list.items[i];
		char ref[SILENCE_REF_BYTES];
		json_array_append_new(rows, json_pack("{s:s, s:s, s:o, s:o, s:o, s:o, s:I, s:I, s:o}", "id", silence_ref(s->kind, s->id, ref), "kind", silence_kind_name(s->kind), "scope", json_text(scope_of(r, s)), "owner", json_text(s->owner), "reason", json_text(s->reason), "until", json_time(s->until_ms), "kept_back", (json_int_t)s->hits, "kept_back_24h", (json_int_t)s->day_hits, "highest", s->hits > 0 ? json_string(severity_name(s->worst)) : json_null()));
	}
	json_object_set_new(r->out, "silences", json_pack("{s:I, s:I, s:o}", "in_force", (json_int_t)debt.n_in_force, "kept_back_24h", (json_int_t)debt.day_hits, "list", rows));
	return true;
}

static bool gather_scores(struct report *r)
{
	struct score_list list;
	json_t *rows = json_array();
	json_object_set_new(r->out, "scores", rows);
	if (!query_scores(r->db, r->to_ms, "", LISTED, r->arena, &list, r->fault))
		return false;
	for (size_t i = 0; i < list.n; i++) {
		const struct score_row *s = &list.items[i];
		json_array_append_new(rows, json_pack("{s:i, s:o, s:s, s:o, s:o, s:I}", "score", s->score, "name", json_text(*s->name ? s->name : s->id), "kind",
		    subject_kind_name(s->kind), "location", json_text(s->location), "why", json_text(in_language(s->why_en, s->why_es)), "alert_id", (json_int_t)s->alert_id));
	}
	return true;
}

json_t *report_gather(struct db *db, const struct report_of *of, struct arena *arena, struct fault *fault)
{
	struct report r = { .db = db, .arena = arena, .from_ms = of->from_ms, .to_ms = of->until_ms, .backfill_ms = of->backfill_ms, .fault = fault };
	r.out = json_pack("{s:o, s:o}", "from", json_time(r.from_ms), "until", json_time(r.to_ms));
	if (gather_sync(&r) && gather_traffic(&r) && gather_destinations(&r) && gather_alerts(&r) && gather_silences(&r) && gather_scores(&r))
		return r.out;
	json_decref(r.out);
	return NULL;
}

bool report_gaps(struct db *db, int64_t backfill_ms, int64_t now_ms, struct sync_gap *out, size_t capacity, size_t *n, struct fault *fault)
{
	struct windows windows;
	struct window_limits limits;
	struct window_gap gaps[REPORT_GAPS_MAX];
	window_limits_init(&limits);
	limits.backfill_ms = backfill_ms;
	bool ok = read_windows(db, &limits, &windows, fault);
	size_t n_gaps = ok && windows.first_ms != 0 ? windows_gaps(&windows, &limits, now_ms, gaps, COUNT_OF(gaps)) : 0;
	n_gaps = MIN(n_gaps, MIN(capacity, COUNT_OF(gaps)));
	for (*n = 0; *n < n_gaps; ++*n)
		out[*n] = (struct sync_gap){ gaps[*n].from_ms, gaps[*n].to_ms };
	windows_clear(&windows);
	return ok;
}
