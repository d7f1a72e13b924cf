/* SPDX-License-Identifier: Apache-2.0
 *
 * What is silent, why and until when, and what that kept back. */
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "filter/silence_scope.h"
#include "store/alert_rows.h"
#include "store/query_parts.h"
#include "store/request_rows.h"

#define ROWS_MOST 1000 /* of each kind */

struct reading {
	struct db *db;
	struct arena *arena;
	struct silence_row *rows;
	size_t n, capacity;
	struct fault *fault;
};

static struct silence_row *add_row(struct reading *r)
{
	r->rows = mem_grow(r->rows, r->n, &r->capacity, sizeof *r->rows);
	struct silence_row *row = &r->rows[r->n++];
	*row = (struct silence_row){ .filter = "", .rule = "", .title_en = "", .title_es = "", .subject_name = "", .location = "", .owner = "", .reason = "", .file = "", .broken = "" };
	return row;
}

/* Of the store or of anybody who wrote into it. */
static const char *text_of(struct reading *r, struct statement *st, int column)
{
	const char *bytes = db_text(r->db, st, column);
	size_t n = strlen(bytes);
	char *out = arena_alloc(r->arena, 4 * n + 1);
	text_printable(out, 4 * n + 1, bytes, n);
	return out;
}

static int64_t number_of(struct reading *r, struct statement *st, int column)
{
	return silence_number(db_int(r->db, st, column));
}

static bool each_row(struct reading *r, struct statement *st, void (*take)(struct reading *, struct statement *))
{
	enum step step;
	while ((step = db_step(r->db, st, r->fault)) == STEP_ROW)
		take(r, st);
	r->db->engine->reset(st);
	return step == STEP_DONE;
}

/* ---- filters and windows --------------------------------------------------------------- */

static void take_silence(struct reading *r, struct statement *st)
{
	struct silence_row *row = add_row(r);
	int64_t kind = db_int(r->db, st, 1);
	struct filter filter;
	struct fault broken;
	row->id = number_of(r, st, 0);
	row->kind = kind == SILENCE_MAINTENANCE ? SILENCE_MAINTENANCE : SILENCE_FILTER;
	row->created_ms = number_of(r, st, 2);
	row->begin_ms = number_of(r, st, 3);
	row->until_ms = number_of(r, st, 4);
	row->ended_ms = number_of(r, st, 5);
	row->hits = number_of(r, st, 6);
	row->last_hit_ms = number_of(r, st, 7);
	row->filter = text_of(r, st, 8);
	row->owner = text_of(r, st, 9);
	row->reason = text_of(r, st, 10);
	/* As the writing side reads it: the bytes themselves. */
	const char *source = db_text(r->db, st, 8);
	if (kind != row->kind)
		row->broken = _("its kind is none that is known");
	else if (silence_scope_read(source, strlen(source), row->created_ms, NULL, &filter, NULL, &broken, NULL))
		filter_clear(&filter);
	else
		row->broken = arena_strdup(r->arena, broken.text);
}

#define SILENCE_COLUMNS "id, kind, created_ms, begin_ms, until_ms, ended_ms, hits, last_hit_ms, filter, owner, reason"

static bool read_silences(struct reading *r, int64_t now_ms, bool over)
{
	struct statement *st = over ? db_statement(r->db, "SELECT " SILENCE_COLUMNS " FROM silences WHERE created_ms <= $1 ORDER BY until_ms DESC, id LIMIT $2", r->fault) :
				      db_statement(r->db, "SELECT " SILENCE_COLUMNS " FROM silences WHERE until_ms > $1 AND ended_ms = 0 ORDER BY until_ms, id LIMIT $2", r->fault);
	if (st == NULL)
		return false;
	db_bind(r->db, st, "ii", now_ms, (int64_t)ROWS_MOST);
	return each_row(r, st, take_silence);
}

/* ---- on an alert's row ------------------------------------------------------------------- */

static enum subject_kind subject_of(int64_t number)
{
	return number >= 0 && number <= SUBJECT_ORG ? (enum subject_kind)number : SUBJECT_ORG;
}

static void take_of_alert(struct reading *r, struct statement *st, enum silence_kind kind)
{
	struct silence_row *row = add_row(r);
	row->kind = kind;
	row->id = number_of(r, st, 0);
	row->until_ms = number_of(r, st, 1);
	row->hits = kind == SILENCE_ALIKE ? number_of(r, st, 2) : 0;
	const char **const texts[] = { &row->rule, &row->title_en, &row->title_es, &row->subject_name, &row->location };
	for (size_t i = 0; i < COUNT_OF(texts); i++)
		*texts[i] = text_of(r, st, 3 + (int)i);
	row->subject_kind = subject_of(db_int(r->db, st, 8));
}

static void take_alike(struct reading *r, struct statement *st)
{
	take_of_alert(r, st, SILENCE_ALIKE);
}

static void take_snooze(struct reading *r, struct statement *st)
{
	take_of_alert(r, st, SILENCE_SNOOZE);
}

#define OF_ALERT "kept_back, rule, title_en, title_es, subject_name, location, subject_kind FROM alerts WHERE "

static bool read_of_alerts(struct reading *r, int64_t now_ms)
{
	struct statement *alike = db_statement(r->db, "SELECT id, silence_until_ms, " OF_ALERT "silence_until_ms > 0 AND silence_until_ms > $1"
						      " ORDER BY silence_until_ms, id LIMIT $2",
	    r->fault);
	if (alike == NULL)
		return false;
	db_bind(r->db, alike, "ii", now_ms, (int64_t)ROWS_MOST);
	if (!each_row(r, alike, take_alike))
		return false;
	struct statement *snooze = db_statement(r->db, "SELECT id, snooze_until_ms, " OF_ALERT "snooze_until_ms > 0 AND snooze_until_ms > $1 AND rank = 1"
						       " AND state = $3 ORDER BY snooze_until_ms, id LIMIT $2",
	    r->fault);
	if (snooze == NULL)
		return false;
	db_bind(r->db, snooze, "iii", now_ms, (int64_t)ROWS_MOST, (int64_t)ALERT_SNOOZED);
	return each_row(r, snooze, take_snooze);
}

/* Who said it, when and why: the last line of the log about it. */
static bool read_said(struct reading *r, struct silence_row *row)
{
	struct statement *st = db_statement(r->db, "SELECT at_ms, who, note FROM audit WHERE alert_id = $1 AND act = $2 ORDER BY seq DESC LIMIT 1", r->fault);
	if (st == NULL)
		return false;
	db_bind(r->db, st, "it", row->id, triage_act_name(row->kind == SILENCE_ALIKE ? TRIAGE_SILENCE : TRIAGE_SNOOZE));
	enum step step = db_step(r->db, st, r->fault);
	if (step == STEP_ROW) {
		row->created_ms = row->begin_ms = number_of(r, st, 0);
		row->owner = text_of(r, st, 1);
		row->reason = text_of(r, st, 2);
	}
	r->db->engine->reset(st);
	return step != STEP_FAULT;
}

/* ---- what they kept back ------------------------------------------------------------------ */

static struct silence_row *row_of(struct reading *r, int64_t kind, int64_t id)
{
	for (size_t i = 0; i < r->n; i++) {
		if ((int64_t)r->rows[i].kind == kind && r->rows[i].id == id)
			return &r->rows[i];
	}
	return NULL;
}

static enum severity severity_of(int64_t number)
{
	return (enum severity)MIN(MAX(number, (int64_t)SEVERITY_LOW), (int64_t)SEVERITY_CRITICAL);
}

static void take_day(struct reading *r, struct statement *st)
{
	struct silence_row *row = row_of(r, db_int(r->db, st, 0), db_int(r->db, st, 1));
	if (row != NULL)
		row->day_hits = number_of(r, st, 2);
}

static void take_worst(struct reading *r, struct statement *st)
{
	struct silence_row *row = row_of(r, db_int(r->db, st, 0), db_int(r->db, st, 1));
	if (row == NULL)
		return;
	row->worst = severity_of(db_int(r->db, st, 2));
	row->last_hit_ms = MAX(row->last_hit_ms, number_of(r, st, 3));
}

static bool read_hits(struct reading *r, int64_t now_ms)
{
	struct statement *day = db_statement(r->db, "SELECT kind, silence_id, sum(n) FROM silence_hours WHERE hour > $1 GROUP BY kind, silence_id", r->fault);
	if (day == NULL)
		return false;
	db_bind(r->db, day, "i", now_ms / HOUR_MS - 24);
	if (!each_row(r, day, take_day))
		return false;
	struct statement *worst = db_statement(r->db, "SELECT kind, silence_id, max(severity), max(at_ms) FROM kept_back GROUP BY kind, silence_id", r->fault);
	return worst != NULL && each_row(r, worst, take_worst);
}

static int by_end(const void *a, const void *b)
{
	const struct silence_row *x = a, *y = b;
	if (x->until_ms != y->until_ms)
		return x->until_ms < y->until_ms ? -1 : 1;
	if (x->kind != y->kind)
		return (int)x->kind - (int)y->kind;
	return (x->id > y->id) - (x->id < y->id);
}

bool query_silences(struct db *db, int64_t now_ms, bool over, struct arena *arena, struct silence_list *out, struct fault *fault)
{
	struct reading r = { .db = db, .arena = arena, .fault = fault };
	bool ok = read_silences(&r, now_ms, over) && read_of_alerts(&r, now_ms);
	for (size_t i = 0; ok && i < r.n; i++)
		ok = (r.rows[i].kind != SILENCE_ALIKE && r.rows[i].kind != SILENCE_SNOOZE) || read_said(&r, &r.rows[i]);
	ok = ok && read_hits(&r, now_ms);
	*out = (struct silence_list){ .items = arena_alloc(arena, (r.n + 1) * sizeof *r.rows), .n = r.n };
	if (r.n > 0) {
		qsort(r.rows, r.n, sizeof *r.rows, by_end);
		memcpy(out->items, r.rows, r.n * sizeof *r.rows);
	}
	free(r.rows);
	return ok;
}

bool query_exemptions(struct db *db, int64_t now_ms, struct silence_row *rows, size_t n, struct fault *fault)
{
	for (size_t i = 0; i < n; i++) {
		struct statement *st = db_statement(db, "SELECT coalesce((SELECT n FROM exemptions WHERE id = $1), 0), coalesce((SELECT last_ms FROM exemptions WHERE id = $1), 0),"
							" (SELECT coalesce(sum(n), 0) FROM silence_hours WHERE hour > $2 AND kind = $3 AND silence_id = $1)",
		    fault);
		if (st == NULL)
			return false;
		db_bind(db, st, "iii", rows[i].id, now_ms / HOUR_MS - 24, (int64_t)SILENCE_EXCEPTION);
		enum step step = db_step(db, st, fault);
		if (step == STEP_ROW) {
			rows[i].hits = silence_number(db_int(db, st, 0));
			rows[i].last_hit_ms = silence_number(db_int(db, st, 1));
			rows[i].day_hits = silence_number(db_int(db, st, 2));
		}
		db->engine->reset(st);
		if (step == STEP_FAULT)
			return false;
	}
	return true;
}

static bool read_kept(struct reading *r, enum silence_kind kind, int64_t id, struct kept_list *out)
{
	struct statement *st = db_statement(r->db, "SELECT fingerprint, n, at_ms, first_ms, last_ms, severity, score, subject_kind, subject_id, subject_name,"
						   " location, rule, title_en, title_es FROM kept_back WHERE kind = $1 AND silence_id = $2"
						   " ORDER BY at_ms DESC, last_ms DESC, fingerprint LIMIT $3",
	    r->fault);
	if (st == NULL)
		return false;
	db_bind(r->db, st, "iii", (int64_t)kind, id, (int64_t)SILENCE_KEEPS);
	out->items = arena_zalloc(r->arena, SILENCE_KEEPS * sizeof *out->items);
	enum step step;
	while ((step = db_step(r->db, st, r->fault)) == STEP_ROW && out->n < SILENCE_KEEPS) {
		struct kept_row *row = &out->items[out->n++];
		*row = (struct kept_row){ .fingerprint = (uint64_t)db_int(r->db, st, 0), .n = number_of(r, st, 1), .at_ms = number_of(r, st, 2), .first_ms = number_of(r, st, 3), .last_ms = number_of(r, st, 4), .severity = severity_of(db_int(r->db, st, 5)), .score = (int)MIN(MAX(db_int(r->db, st, 6), (int64_t)0), (int64_t)100), .subject_kind = subject_of(db_int(r->db, st, 7)) };
		const char **const texts[] = { &row->subject_id, &row->subject_name, &row->location, &row->rule, &row->title_en, &row->title_es };
		for (size_t i = 0; i < COUNT_OF(texts); i++)
			*texts[i] = text_of(r, st, 8 + (int)i);
	}
	r->db->engine->reset(st);
	return step != STEP_FAULT;
}

bool query_kept_back(struct db *db, enum silence_kind kind, int64_t id, int64_t now_ms, struct arena *arena, struct kept_list *out, struct fault *fault)
{
	struct reading r = { .db = db, .arena = arena, .fault = fault };
	struct silence_list all;
	*out = (struct kept_list){ 0 };
	if (!query_silences(db, now_ms, true, arena, &all, fault))
		return false;
	for (size_t i = 0; i < all.n; i++) {
		if (all.items[i].kind == kind && all.items[i].id == id) {
			out->silence = all.items[i];
			return read_kept(&r, kind, id, out);
		}
	}
	char ref[SILENCE_REF_BYTES];
	return fault_set(fault, FAULT_NOT_FOUND, _("there is no silence %s"), silence_ref(kind, id, ref));
}

/* ---- before it is in force ------------------------------------------------------------------ */

#define TRUE_ONES  "resolution IN (1, 2)" /* RESOLUTION_TRUE_IMPACT, RESOLUTION_TRUE_NO_IMPACT */
#define FALSE_ONES "resolution IN (3, 4)" /* RESOLUTION_FALSE_POSITIVE, RESOLUTION_LEGITIMATE */
static_assert(RESOLUTION_TRUE_IMPACT == 1 && RESOLUTION_TRUE_NO_IMPACT == 2 && RESOLUTION_FALSE_POSITIVE == 3 && RESOLUTION_LEGITIMATE == 4, "as above");
static_assert(SEVERITY_CRITICAL == 3, "as below");
#define IF_SO(what) "coalesce(sum(CASE WHEN " what " THEN 1 ELSE 0 END), 0)"

static bool preview_counts(struct db *db, const struct filter_sql *scope, int64_t since_ms, struct silence_preview *out, struct fault *fault)
{
	struct text sql = { 0 };
	struct statement *st = NULL;
	text_printf(&sql, "SELECT " IF_SO("severity < 3") ", " IF_SO("severity < 3 AND rank = 0 AND " TRUE_ONES) ", " IF_SO("severity < 3 AND rank = 0 AND " FALSE_ONES) ", " IF_SO("severity < 3 AND rank > 0") ", " IF_SO("severity = 3") ", coalesce(max(CASE WHEN severity < 3 THEN severity ELSE 0 END), 0) FROM alerts WHERE raised_ms >= %lld AND (%s) AND " NOT_TAKEN("id"), (long long)since_ms, text_string(&scope->sql));
	bool ok = query_prepare(db, text_string(&sql), scope, &st, fault) && db_step(db, st, fault) == STEP_ROW;
	if (ok) {
		int64_t *const numbers[] = { &out->n, &out->n_true, &out->n_false, &out->n_open, &out->n_critical };
		for (size_t i = 0; i < COUNT_OF(numbers); i++)
			*numbers[i] = db_int(db, st, (int)i);
		out->worst = severity_of(db_int(db, st, 5));
	}
	if (st != NULL)
		db->engine->finish(st);
	text_clear(&sql);
	return ok;
}

static bool preview_newest(struct db *db, const struct filter_sql *scope, int64_t since_ms, struct arena *arena, struct silence_preview *out, struct fault *fault)
{
	struct text sql = { 0 };
	struct statement *st = NULL;
	text_printf(&sql, "SELECT " ALERT_LIST_COLUMNS " FROM alerts WHERE raised_ms >= %lld AND severity < 3 AND (%s) AND " NOT_TAKEN("id") " ORDER BY raised_ms DESC, id DESC LIMIT %d",
	    (long long)since_ms, text_string(&scope->sql), SILENCE_PREVIEW_NEWEST);
	out->newest = arena_zalloc(arena, SILENCE_PREVIEW_NEWEST * sizeof *out->newest);
	enum step step = STEP_FAULT;
	bool ok = query_prepare(db, text_string(&sql), scope, &st, fault);
	while (ok && (step = db_step(db, st, fault)) == STEP_ROW && out->n_newest < SILENCE_PREVIEW_NEWEST)
		alert_row_read(db, st, arena, &out->newest[out->n_newest++]);
	if (st != NULL)
		db->engine->finish(st);
	text_clear(&sql);
	return ok && step != STEP_FAULT;
}

bool query_silence_preview(struct db *db, const char *filter, int64_t now_ms, struct arena *arena, struct silence_preview *out, struct fault *fault)
{
	struct filter parsed;
	struct filter_sql scope;
	int64_t since_ms = now_ms - SILENCE_PREVIEW_DAYS * DAY_MS;
	*out = (struct silence_preview){ .days = SILENCE_PREVIEW_DAYS };
	if (!silence_scope_read(filter, strlen(filter), now_ms, NULL, &parsed, NULL, fault, NULL))
		return false;
	filter_sql_make(&parsed, 1, NULL, &scope);
	filter_clear(&parsed);
	struct statement *all = db_statement(db, "SELECT count(*) FROM alerts WHERE raised_ms >= $1 AND " NOT_TAKEN("id"), fault);
	bool ok = all != NULL;
	if (ok) {
		db_bind(db, all, "i", since_ms);
		ok = db_step(db, all, fault) == STEP_ROW;
		out->n_all = ok ? db_int(db, all, 0) : 0;
		db->engine->reset(all);
	}
	ok = ok && preview_counts(db, &scope, since_ms, out, fault) && preview_newest(db, &scope, since_ms, arena, out, fault);
	filter_sql_clear(&scope);
	return ok;
}

/* ---- the status bar -------------------------------------------------------------------------- */

static_assert(SILENCE_EXCEPTION == 4, "as below");

bool query_silence_debt(struct db *db, int64_t now_ms, struct silence_debt *out, struct fault *fault)
{
	*out = (struct silence_debt){ 0 };
	struct statement *st = db_statement(db,
	    "SELECT (SELECT count(*) FROM silences WHERE until_ms > $1 AND begin_ms <= $1 AND ended_ms = 0)"
	    " + (SELECT count(*) FROM alerts WHERE silence_until_ms > 0 AND silence_until_ms > $1),"
	    " (SELECT coalesce(sum(n), 0) FROM silence_hours WHERE hour > $2 AND kind <> 4),"
	    " (SELECT coalesce(max(severity), 0) FROM kept_back WHERE at_ms > $3)",
	    fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "iii", now_ms, now_ms / HOUR_MS - 24, now_ms - DAY_MS);
	enum step step = db_step(db, st, fault);
	if (step == STEP_ROW)
		*out = (struct silence_debt){ silence_number(db_int(db, st, 0)), silence_number(db_int(db, st, 1)), severity_of(db_int(db, st, 2)) };
	db->engine->reset(st);
	return step == STEP_ROW;
}
