/* SPDX-License-Identifier: Apache-2.0
 *
 * What stands beside an alert: its duplicates, the steps taken, and what was before of the same
 * person and the same numbers: how it ended, and by whom. */
#include <string.h>

#include "store/alert_rows.h"
#include "store/leg_columns.h"
#include "store/query.h"
#include "store/query_parts.h"
#include "store/request_rows.h"

static bool read_duplicates(struct db *db, struct arena *arena, struct alert_detail *out, struct fault *fault)
{
	/* Found first and then summed up: of a look back (store/past.h) a sum alone reads all. */
	struct statement *st = db_statement(db, "SELECT count(*), coalesce(sum(n_legs), 0), coalesce(sum(cost_micro), 0) FROM"
	    " (SELECT id, n_legs, cost_micro FROM alerts WHERE merged_into = $1 AND merged_into > 0 AND " NOT_TAKEN("id") " ORDER BY id LIMIT 1000000) AS its", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "i", out->alert.id);
	enum step step = db_step(db, st, fault);
	if (step == STEP_ROW) {
		out->n_duplicates_all = db_int(db, st, 0);
		out->duplicate_records = db_int(db, st, 1);
		out->duplicate_cost_micro = db_int(db, st, 2);
	}
	db->engine->reset(st);
	if (step == STEP_FAULT || out->n_duplicates_all == 0)
		return step != STEP_FAULT;
	st = db_statement(db, "SELECT " ALERT_LIST_COLUMNS " FROM alerts WHERE merged_into = $1 AND merged_into > 0 AND " NOT_TAKEN("id") " ORDER BY id DESC LIMIT 30", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "i", out->alert.id);
	bool ok = query_alert_rows(db, st, 30, arena, &out->duplicates, &out->n_duplicates, fault);
	db->engine->reset(st);
	return ok;
}

bool query_alert_steps(struct db *db, int64_t id, struct arena *arena, struct alert_step **out, size_t *n, struct fault *fault)
{
	struct statement *st = db_statement(db, "SELECT step, who, at_ms FROM alert_steps WHERE alert_id = $1 ORDER BY at_ms, step LIMIT 64", fault);
	*n = 0;
	if (st == NULL)
		return false;
	db_bind(db, st, "i", id);
	*out = arena_alloc(arena, ALERT_STEPS_MAX * sizeof **out);
	enum step step;
	while ((step = db_step(db, st, fault)) == STEP_ROW && *n < ALERT_STEPS_MAX)
		(*out)[(*n)++] = (struct alert_step){ arena_strdup(arena, db_text(db, st, 0)), arena_strdup(arena, db_text(db, st, 1)), db_int(db, st, 2) };
	db->engine->reset(st);
	return step != STEP_FAULT;
}

/* ---- seen before --------------------------------------------------------------------------- */

/* A number with so many calls is one that is called every day: each costs a page of the file. */
enum { EARLIER_MAX = 10, NUMBERS_MAX = 3, FOUND_MAX = 64, NUMBER_DAYS = 60, NUMBER_CALLS = 200 };

bool query_closers(struct db *db, struct arena *arena, struct alert *alerts, size_t n, struct fault *fault)
{
	for (size_t i = 0; i < n; i++) {
		if (alerts[i].state != ALERT_CLOSED)
			continue;
		struct statement *st = db_statement(db, "SELECT who FROM audit WHERE alert_id = $1 AND act IN ('close', 'merge') ORDER BY seq DESC LIMIT 1", fault);
		if (st == NULL)
			return false;
		db_bind(db, st, "i", alerts[i].id);
		enum step step = db_step(db, st, fault);
		if (step == STEP_ROW)
			alerts[i].closed_by = arena_strdup(arena, db_text(db, st, 0));
		db->engine->reset(st);
		if (step == STEP_FAULT)
			return false;
	}
	return true;
}

static bool read_same_subject(struct db *db, struct arena *arena, struct alert_detail *out, struct fault *fault)
{
	const struct alert *a = &out->alert;
	struct statement *st = db_statement(db, "SELECT " ALERT_LIST_COLUMNS " FROM alerts WHERE subject_id = $1 AND subject_kind = $2 AND id < $3 AND " NOT_TAKEN("id")
	    " AND case_id <> $4 AND fingerprint <> $5 ORDER BY id DESC LIMIT 10", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "tiiii", a->subject_id, (int64_t)a->subject_kind, a->id, a->case_id, (int64_t)a->fingerprint);
	bool ok = query_alert_rows(db, st, EARLIER_MAX, arena, &out->same_subject, &out->n_same_subject, fault);
	db->engine->reset(st);
	return ok;
}

/* Ids of earlier alerts, the greatest first, each once. */
struct found {
	int64_t ids[FOUND_MAX];
	size_t n;
};

static void add(struct found *found, int64_t id)
{
	size_t at = 0;
	while (at < found->n && found->ids[at] > id)
		at++;
	if (at == FOUND_MAX || (at < found->n && found->ids[at] == id))
		return;
	found->n = MIN(found->n + 1, (size_t)FOUND_MAX);
	memmove(found->ids + at + 1, found->ids + at, (found->n - at - 1) * sizeof found->ids[0]);
	found->ids[at] = id;
}

static bool add_all(struct db *db, struct statement *st, struct found *found, struct fault *fault)
{
	enum step step;
	while ((step = db_step(db, st, fault)) == STEP_ROW)
		add(found, db_int(db, st, 0));
	db->engine->reset(st);
	return step == STEP_DONE;
}

/* The newest day up to this one on which the number has a call, of those in its week; -1 none. */
static bool last_day_in_week(struct db *db, const char *number, int64_t day, int64_t *found, struct fault *fault)
{
	struct statement *st = db_statement(db, "SELECT day FROM calls WHERE day / 7 = $1 AND far_number = $2 AND day <= $3 ORDER BY day DESC LIMIT 1", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "iti", day / 7, number, day);
	enum step step = db_step(db, st, fault);
	*found = step == STEP_ROW ? db_int(db, st, 0) : -1;
	db->engine->reset(st);
	return step != STEP_FAULT;
}

static bool count_on_day(struct db *db, const char *number, int64_t day, int64_t *n, struct fault *fault)
{
	struct statement *st = db_statement(db, "SELECT count(*) FROM (SELECT day FROM calls WHERE " SQL_NUMBER_ON_DAY " LIMIT 50) c", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "it", day, number);
	bool ok = db_step(db, st, fault) == STEP_ROW;
	*n += ok ? db_int(db, st, 0) : 0;
	db->engine->reset(st);
	return ok;
}

static bool find_on_day(struct db *db, const struct alert *alert, const char *number, int64_t day, struct found *found, struct fault *fault)
{
	/* Of all legs there were while a call went on few are evidence: those are asked whose they
	 * are. By CROSS JOIN SQLite is told to go that way. */
	struct statement *st = db_statement(db, "SELECT DISTINCT e.alert_id FROM (SELECT id, start_ms, last_start_ms FROM calls WHERE " SQL_NUMBER_ON_DAY " LIMIT 50) c"
	    " CROSS JOIN evidence e CROSS JOIN legs l WHERE e.leg_id >= c.start_ms * $4 AND e.leg_id < (c.last_start_ms + 1) * $4 AND e.alert_id < $3"
	    " AND l.id = e.leg_id AND l.call_id = c.id AND " NOT_TAKEN("e.alert_id") " LIMIT 20", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "itii", day, number, alert->id, INT64_C(1) << LEG_KEY_BITS);
	return add_all(db, st, found, fault);
}

/* Those that are about the number, and those that rest on calls with it: of the days it has
 * any, a week that has none is passed at once; the newest first, until there are enough. */
static bool find_of_number(struct db *db, const struct alert *alert, const char *number, struct found *found, struct fault *fault)
{
	struct statement *st = db_statement(db, "SELECT id FROM alerts WHERE subject_id = $1 AND subject_kind = $2 AND id < $3 AND " NOT_TAKEN("id") " ORDER BY id DESC LIMIT 20", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "tii", number, (int64_t)SUBJECT_NUMBER, alert->id);
	if (!add_all(db, st, found, fault))
		return false;
	int64_t day = alert->last_ms / DAY_MS, oldest = MAX(day - NUMBER_DAYS + 1, (int64_t)0), next, n_calls = 0;
	for (; day >= oldest && found->n < FOUND_MAX && n_calls < NUMBER_CALLS; day = next < 0 ? day / 7 * 7 - 1 : next - 1) {
		if (!last_day_in_week(db, number, day, &next, fault))
			return false;
		if (next >= oldest && (!find_on_day(db, alert, number, next, found, fault) || !count_on_day(db, number, next, &n_calls, fault)))
			return false;
	}
	return true;
}

static bool stands_already(const struct alert_detail *out, const struct alert *alert)
{
	bool stands = alert->case_id == out->alert.case_id;
	for (size_t i = 0; i < out->n_seen_before; i++)
		stands = stands || out->seen_before[i].id == alert->id;
	for (size_t i = 0; i < out->n_same_subject; i++)
		stands = stands || out->same_subject[i].id == alert->id;
	return stands;
}

static size_t numbers_of(const struct alert_detail *out, const char *numbers[NUMBERS_MAX])
{
	size_t n = 0;
	if (out->alert.subject_kind == SUBJECT_NUMBER)
		numbers[n++] = out->alert.subject_id;
	for (size_t i = 0; i < out->n_legs && n < NUMBERS_MAX; i++) {
		const char *far = out->legs[i].far;
		bool known = far == NULL || *far == '\0';
		for (size_t k = 0; k < n && !known; k++)
			known = strcmp(numbers[k], far) == 0;
		if (!known)
			numbers[n++] = far;
	}
	return n;
}

static bool read_same_number(struct db *db, struct arena *arena, struct alert_detail *out, struct fault *fault)
{
	const char *numbers[NUMBERS_MAX];
	size_t n = numbers_of(out, numbers);
	struct found found = { .n = 0 };
	for (size_t i = 0; i < n; i++) {
		if (!find_of_number(db, &out->alert, numbers[i], &found, fault))
			return false;
	}
	out->same_number = arena_alloc(arena, EARLIER_MAX * sizeof *out->same_number);
	for (size_t i = 0; i < found.n && out->n_same_number < EARLIER_MAX; i++) {
		struct alert *alert = &out->same_number[out->n_same_number];
		struct fault gone; /* retired meanwhile */
		if (alert_row_get(db, found.ids[i], arena, alert, &gone) && !stands_already(out, alert))
			out->n_same_number++;
	}
	return true;
}

bool query_alert_beside(struct db *db, struct arena *arena, struct alert_detail *out, struct fault *fault)
{
	return read_duplicates(db, arena, out, fault) && query_alert_steps(db, out->alert.id, arena, &out->steps, &out->n_steps, fault) && read_same_subject(db, arena, out, fault) && read_same_number(db, arena, out, fault) &&
	    query_closers(db, arena, out->seen_before, out->n_seen_before, fault) &&
	    query_closers(db, arena, out->same_subject, out->n_same_subject, fault) &&
	    query_closers(db, arena, out->same_number, out->n_same_number, fault);
}
