/* SPDX-License-Identifier: Apache-2.0
 *
 * Which calls pass a filter: those of the numbers that may pass it, week by week by
 * their index, where a plan knows such numbers; else every call is asked, some
 * thousand at a time, of the hours that may have one. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "store/call_bounds.h"
#include "store/call_plan.h"
#include "store/call_runs.h"
#include "store/query_parts.h"

#define CHUNK 20000 /* calls that a filter is asked of at once: some milliseconds */
#define WEEK_CALLS_MAX CHUNK /* of the plan's numbers; where there are more, walking finds as soon */
#define IDS_AT_ONCE 500 /* in one statement */
#define SCREEN	    50	/* rows */

/* What is being looked for, and how far that has come. */
struct search {
	struct db *db;
	const struct call_query *query;
	const struct filter_sql *filter;
	struct arena *arena;
	struct call_rows rows;
	int64_t before, after; /* the calls between these ids are still to be asked; 0: no end */
	int64_t until_ns, early_ns; /* 0: to the end; with a screen full of them it is told earlier */
};

/* Everything up to this one was asked. */
static void passed(struct search *s, int64_t id)
{
	*(s->query->oldest_first ? &s->after : &s->before) = id;
}

static bool is_full(const struct search *s)
{
	return s->rows.n > s->query->limit;
}

static void between(struct text *sql, const struct search *s)
{
	if (s->before != 0)
		text_printf(sql, " AND id < %lld", (long long)s->before);
	if (s->after != 0)
		text_printf(sql, " AND id > %lld", (long long)s->after);
}

/* Reads what is still to come of a statement, up to one more than is wanted. */
static bool read_found(struct search *s, struct text *sql, struct fault *fault)
{
	text_printf(sql, " ORDER BY id %s LIMIT %zu", s->query->oldest_first ? "ASC" : "DESC", s->query->limit + 1 - s->rows.n);
	struct statement *st = NULL;
	bool ok = query_prepare(s->db, text_string(sql), s->filter, &st, fault) && query_read_calls(s->db, st, s->query->limit + 1, s->arena, &s->rows, fault);
	if (st != NULL)
		s->db->engine->finish(st);
	text_clear(sql);
	return ok;
}

/* The calls that pass; searched: of so many of them. */
static bool search_calls(struct search *s, size_t searched, struct fault *fault)
{
	struct text sql = { 0 };
	const char *filter = text_string(&s->filter->sql);
	text_printf(&sql, "SELECT " CALL_LIST_COLUMNS " FROM %s WHERE ", searched > 0 ? "(SELECT * FROM calls" : "calls");
	text_printf(&sql, "(%s)", searched > 0 ? "1=1" : filter);
	between(&sql, s);
	if (searched > 0)
		text_printf(&sql, " ORDER BY id %s LIMIT %zu) calls WHERE (%s)", s->query->oldest_first ? "ASC" : "DESC", searched, filter);
	return read_found(s, &sql, fault);
}

static bool ask_id(struct search *s, struct text *sql, int64_t *id, struct fault *fault)
{
	struct filter_sql none = { 0 };
	struct statement *st = NULL;
	bool ok = query_prepare(s->db, text_string(sql), &none, &st, fault);
	text_clear(sql);
	if (!ok)
		return false;
	enum step step = db_step(s->db, st, fault);
	*id = step == STEP_ROW ? db_int(s->db, st, 0) : 0;
	s->db->engine->finish(st);
	return step != STEP_FAULT;
}

/* The last call of a chunk: where the next one begins. 0: there is none behind it. */
static bool end_of_chunk(struct search *s, int skipped, int64_t *id, struct fault *fault)
{
	struct text sql = { 0 };
	text_puts(&sql, "SELECT id FROM calls WHERE 1=1");
	between(&sql, s);
	text_printf(&sql, " ORDER BY id %s LIMIT 1 OFFSET %d", s->query->oldest_first ? "ASC" : "DESC", skipped);
	return ask_id(s, &sql, id, fault);
}

/* It goes on behind this call another time. */
static void pause_at(struct call_list *out, int64_t id)
{
	out->searching = true;
	out->resume_id = id;
}

static bool out_of_time(const struct search *s)
{
	if (s->until_ns == 0)
		return false;
	int64_t now_ns = clock_steady_ns();
	return now_ns > s->until_ns || (now_ns > s->early_ns && s->rows.n >= SCREEN);
}

static bool search_in_chunks(struct search *s, struct call_list *out, struct fault *fault)
{
	for (;;) {
		int64_t next;
		if (!end_of_chunk(s, CHUNK - 1, &next, fault) || !search_calls(s, CHUNK, fault))
			return false;
		out->n_searched += CHUNK;
		if (next == 0 || is_full(s))
			return true;
		passed(s, next);
		if (out_of_time(s)) {
			pause_at(out, next);
			return true;
		}
	}
}

/* The same of some hours after the others: what lies between them is not read. */
static bool search_in_runs(struct search *s, const struct call_runs *runs, struct call_list *out, struct fault *fault)
{
	bool up = s->query->oldest_first;
	int64_t last_after = s->after, last_before = s->before;
	for (bool any = true; !is_full(s) && !out->searching;) {
		int64_t first, last, from = up ? CALL_HOUR(s->after + 1) : s->before == 0 ? CALL_HOUR(INT64_MAX) : CALL_HOUR(s->before - 1);
		if (!call_runs_next(s->db, runs, up, from, &first, &last, &any, fault))
			return false;
		if (!any)
			return true;
		/* Of the run alone; where it ends, the next one is looked for. */
		int64_t above = CALL_HOUR_ID(first) - 1, below = last >= CALL_HOUR(INT64_MAX) ? 0 : CALL_HOUR_ID(last + 1);
		s->after = MAX(s->after, above);
		s->before = s->before == 0 ? below : below == 0 ? s->before : MIN(s->before, below);
		if (!search_in_chunks(s, out, fault))
			return false;
		s->after = up ? below - 1 : last_after;
		s->before = up ? last_before : above + 1;
		if (up ? below == 0 || (last_before != 0 && below >= last_before) : above < last_after || above <= 0)
			return true;
		if (!is_full(s) && !out->searching && out_of_time(s))
			pause_at(out, up ? below - 1 : above + 1);
	}
	return true;
}

/* ---- the calls of some numbers ----------------------------------------------------------- */

struct id_list {
	int64_t *items;
	size_t n, capacity;
};

static int oldest_first(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return (x > y) - (x < y);
}

static int newest_first(const void *a, const void *b)
{
	return oldest_first(b, a);
}

/* Of one week, in the order of the answer; or more than WEEK_CALLS_MAX, in none. */
static bool calls_of_week(struct search *s, const struct call_plan *plan, int64_t week, struct id_list *ids, struct fault *fault)
{
	struct db *db = s->db;
	ids->n = 0;
	for (size_t i = 0; i < plan->n && ids->n <= WEEK_CALLS_MAX; i++) {
		struct statement *st = db_statement(db, "SELECT id FROM calls WHERE day / 7 = $1 AND far_number = $2 AND id < $3 AND id > $4 LIMIT $5", fault);
		if (st == NULL)
			return false;
		db_bind(db, st, "itiii", week, plan->numbers[i], s->before != 0 ? s->before : INT64_MAX, s->after, (int64_t)WEEK_CALLS_MAX + 1);
		enum step step;
		while ((step = db_step(db, st, fault)) == STEP_ROW) {
			ids->items = mem_grow(ids->items, ids->n, &ids->capacity, sizeof *ids->items);
			ids->items[ids->n++] = db_int(db, st, 0);
		}
		db->engine->reset(st);
		if (step == STEP_FAULT)
			return false;
	}
	if (ids->n > 0 && ids->n <= WEEK_CALLS_MAX)
		qsort(ids->items, ids->n, sizeof *ids->items, s->query->oldest_first ? oldest_first : newest_first);
	return true;
}

/* Which of these pass. */
static bool search_ids(struct search *s, const struct id_list *ids, struct call_list *out, struct fault *fault)
{
	for (size_t from = 0; from < ids->n && !is_full(s) && !out->searching;) {
		size_t until = MIN(ids->n, from + IDS_AT_ONCE);
		struct text sql = { 0 };
		text_puts(&sql, "SELECT " CALL_LIST_COLUMNS " FROM calls WHERE id IN (");
		for (size_t i = from; i < until; i++)
			text_printf(&sql, "%s%lld", i > from ? "," : "", (long long)ids->items[i]);
		text_printf(&sql, ") AND (%s)", text_string(&s->filter->sql));
		if (!read_found(s, &sql, fault))
			return false;
		out->n_searched += (int64_t)(until - from);
		from = until;
		if (from < ids->n && !is_full(s) && out_of_time(s))
			pause_at(out, ids->items[from - 1]);
	}
	return true;
}

#define WEEK_IDS ((7 * DAY_MS) << CALL_ID_BITS)

/* Week by week, of those in which there are calls at all. *common: the numbers have so
 * many calls that the rest is better walked. */
static bool search_by_numbers(struct search *s, const struct call_plan *plan, struct call_list *out, bool *common, struct fault *fault)
{
	struct id_list ids = { 0 };
	bool ok = true, up = s->query->oldest_first;
	*common = false;
	while (ok && !is_full(s) && !out->searching && !*common) {
		int64_t next;
		ok = end_of_chunk(s, 0, &next, fault);
		if (!ok || next == 0)
			break;
		int64_t week = next / WEEK_IDS;
		ok = calls_of_week(s, plan, week, &ids, fault);
		*common = ok && ids.n > WEEK_CALLS_MAX;
		if (!ok || *common)
			break;
		ok = search_ids(s, &ids, out, fault);
		int64_t edge = up ? (week + 1) * WEEK_IDS - 1 : week * WEEK_IDS;
		passed(s, edge);
		if (ok && !is_full(s) && !out->searching && out_of_time(s))
			pause_at(out, edge);
		if (edge == 0)
			break;
	}
	free(ids.items);
	return ok;
}

static bool search(struct search *s, const struct call_plan *plan, const struct call_runs *runs, struct call_list *out, struct fault *fault)
{
	bool common = false, ok = true;
	s->after = MAX(s->query->after_id, plan->after_id);
	if (plan->kind == PLAN_NUMBERS)
		ok = search_by_numbers(s, plan, out, &common, fault);
	if (!ok || plan->kind == PLAN_NOTHING || (plan->kind == PLAN_NUMBERS && !common))
		return ok;
	if (runs->may_pass != NULL)
		return search_in_runs(s, runs, out, fault);
	bool whole = s->query->budget_ms == 0 || strcmp(text_string(&s->filter->sql), "1=1") == 0;
	return whole ? search_calls(s, 0, fault) : search_in_chunks(s, out, fault);
}

bool query_calls(struct db *db, const struct call_query *query, struct arena *arena,
    struct call_list *out, struct fault *fault)
{
	struct filter filter;
	struct filter_sql sql;
	struct call_plan plan = { 0 };
	struct call_runs runs = { 0 };
	struct filter_words words;
	const char *source = query->filter == NULL ? "" : query->filter;
	int64_t now_ns = clock_steady_ns(), budget_ns = query->budget_ms * 1000000;
	*out = (struct call_list){ 0 };
	if (!filter_parse(FILTER_CALLS, source, strlen(source), query->now_ms != 0 ? query->now_ms : clock_real_ms(), NULL, &filter, NULL, fault, NULL))
		return false;
	struct search s = { .db = db, .query = query, .filter = &sql, .arena = arena, .before = query->before_id };
	if (budget_ns != 0) {
		s.until_ns = now_ns + budget_ns;
		s.early_ns = now_ns + budget_ns / 4;
	}
	bool ok = filter_words_read(db, &filter, &words, fault);
	filter_sql_make(&filter, 1, &words, &sql);
	ok = ok && call_plan_make(db, &filter, &words, &plan, fault) && call_runs_make(db, &filter, &runs, fault) &&
	    search(&s, &plan, &runs, out, fault);
	query_give_calls(&s.rows, query->limit, arena, &out->items, &out->n, &out->more);
	call_plan_clear(&plan);
	call_runs_clear(&runs);
	filter_sql_clear(&sql);
	filter_words_clear(&words);
	filter_clear(&filter);
	return ok;
}
