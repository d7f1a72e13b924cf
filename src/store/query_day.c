/* SPDX-License-Identifier: Apache-2.0 */
#include "store/query_day.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define KEY_BITS  20	 /* of a call's id, below its start */
#define CALLS_MAX 400000 /* of a day */
#define LONGEST	  (6 * HOUR_MS) /* calls that began before the day and are in it */
#define FORWARD_DAYS 7

const int64_t day_duration_s[DAY_DURATIONS] = { 0, 10, 30, 60, 180, 600, 1800, 3600 };

static int by_number(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return (x > y) - (x < y);
}

/* ---- hours beside the usual ---------------------------------------------------------- */

#define WEEK_HOURS (7 * 24)
#define KEPT_HOURS ((DAY_USUAL * 7 + 1) * 24)

struct hours {
	int64_t talk_s[KEPT_HOURS], cost[KEPT_HOURS]; /* the last is the current one */
	int64_t first; /* the oldest that there is a record of, counted from the end; -1 none */
};

static bool read_hours(struct db *db, int64_t hour, struct hours *out, struct fault *fault)
{
	struct statement *st = db_statement(db, "SELECT hour, sum(talk_s), sum(cost_micro) FROM hours WHERE hour > $1 AND hour <= $2 GROUP BY hour", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "ii", hour - KEPT_HOURS, hour);
	out->first = -1;
	enum step step;
	while ((step = db_step(db, st, fault)) == STEP_ROW) {
		int64_t ago = hour - db_int(db, st, 0);
		if (ago < 0 || ago >= KEPT_HOURS)
			continue;
		out->talk_s[KEPT_HOURS - 1 - ago] = db_int(db, st, 1);
		out->cost[KEPT_HOURS - 1 - ago] = db_int(db, st, 2);
		out->first = MAX(out->first, ago);
	}
	db->engine->reset(st);
	return step == STEP_DONE;
}

/* The same hour of the weeks before; where those are not known, of the days before. */
static void compare(const struct hours *all, int64_t ago, struct day_hour *out)
{
	int64_t load[DAY_USUAL * 7], cost[DAY_USUAL * 7];
	size_t n = 0;
	int64_t step = all->first >= ago + 2 * WEEK_HOURS ? WEEK_HOURS : 24;
	for (int64_t back = ago + step; back <= all->first && back < KEPT_HOURS && n < DAY_USUAL; back += step) {
		load[n] = all->talk_s[KEPT_HOURS - 1 - back] * 1000 / 3600;
		cost[n++] = all->cost[KEPT_HOURS - 1 - back];
	}
	out->n_usual = (int)n;
	if (n == 0)
		return;
	qsort(load, n, sizeof *load, by_number);
	qsort(cost, n, sizeof *cost, by_number);
	out->load_low = load[0];
	out->load_usual = (load[(n - 1) / 2] + load[n / 2]) / 2;
	out->load_high = load[n - 1];
	out->cost_low = cost[0];
	out->cost_usual = (cost[(n - 1) / 2] + cost[n / 2]) / 2;
	out->cost_high = cost[n - 1];
}

/* ---- calls of the day ------------------------------------------------------------------ */

struct spans {
	int64_t *starts, *ends; /* malloc'd */
	size_t n, starts_capacity, ends_capacity;
};

static int duration_bucket(int64_t talk_s)
{
	int bucket = 0;
	while (bucket + 1 < DAY_DURATIONS && talk_s >= day_duration_s[bucket + 1])
		bucket++;
	return bucket;
}

static bool read_calls(struct db *db, struct day_picture *out, struct spans *spans, struct fault *fault)
{
	int64_t from = out->as_of_ms - DAY_MS;
	struct statement *st = db_statement(db, "SELECT start_ms, end_ms, talk_s FROM calls WHERE id >= $1 AND id < $2 ORDER BY id DESC LIMIT $3", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "iii", (from - LONGEST) << KEY_BITS, (out->as_of_ms + 1) << KEY_BITS, (int64_t)CALLS_MAX + 1);
	enum step step;
	while ((step = db_step(db, st, fault)) == STEP_ROW) {
		int64_t start = db_int(db, st, 0), end = MAX(db_int(db, st, 1), start);
		if (spans->n == CALLS_MAX) {
			out->cut = true;
			break;
		}
		if (end < from)
			continue;
		spans->starts = mem_grow(spans->starts, spans->n, &spans->starts_capacity, sizeof *spans->starts);
		spans->ends = mem_grow(spans->ends, spans->n, &spans->ends_capacity, sizeof *spans->ends);
		spans->starts[spans->n] = start;
		spans->ends[spans->n++] = end;
		if (start < from)
			continue;
		out->n_calls++;
		if (db_int(db, st, 2) > 0)
			out->durations[duration_bucket(db_int(db, st, 2))]++;
	}
	db->engine->reset(st);
	return step != STEP_FAULT;
}

/* A sweep over begins and ends: the most at a time in each step. */
static void count_up(struct day_picture *out, struct spans *spans)
{
	int64_t first = (out->as_of_ms / (15 * MINUTE_MS) - DAY_STEPS + 1) * 15 * MINUTE_MS, up = 0;
	size_t ended = 0, begun = 0;
	if (spans->n == 0)
		return;
	qsort(spans->starts, spans->n, sizeof *spans->starts, by_number);
	qsort(spans->ends, spans->n, sizeof *spans->ends, by_number);
	for (int i = 0; i < DAY_STEPS; i++) {
		int64_t from = first + i * 15 * MINUTE_MS, until = from + 15 * MINUTE_MS;
		/* What was up when it began counts, too. */
		for (; begun < spans->n && spans->starts[begun] <= from; begun++)
			up++;
		for (; ended < spans->n && spans->ends[ended] <= from; ended++)
			up--;
		out->up[i] = up;
		while (begun < spans->n && spans->starts[begun] < until) {
			for (; ended < spans->n && spans->ends[ended] <= spans->starts[begun]; ended++)
				up--;
			up++;
			begun++;
			out->up[i] = MAX(out->up[i], up);
		}
	}
}

static bool read_durations_before(struct db *db, struct day_picture *out, struct fault *fault)
{
	struct statement *st = db_statement(db, "SELECT CASE WHEN talk_s < 10 THEN 0 WHEN talk_s < 30 THEN 1 WHEN talk_s < 60 THEN 2 WHEN talk_s < 180 THEN 3"
	    " WHEN talk_s < 600 THEN 4 WHEN talk_s < 1800 THEN 5 WHEN talk_s < 3600 THEN 6 ELSE 7 END AS bucket, count(*)"
	    " FROM calls WHERE id >= $1 AND id < $2 AND talk_s > 0 GROUP BY bucket", fault);
	if (st == NULL)
		return false;
	int64_t until = out->as_of_ms - DAY_MS;
	db_bind(db, st, "ii", (until - 7 * DAY_MS) << KEY_BITS, until << KEY_BITS);
	enum step step;
	while ((step = db_step(db, st, fault)) == STEP_ROW)
		out->durations_before[db_int(db, st, 0)] = db_int(db, st, 1);
	db->engine->reset(st);
	return step == STEP_DONE;
}

/* ---- forwards ---------------------------------------------------------------------------- */

static bool read_forwards(struct db *db, struct arena *arena, struct day_picture *out, struct fault *fault)
{
	int64_t from = (out->as_of_ms - FORWARD_DAYS * DAY_MS) << KEY_BITS, until = (out->as_of_ms + 1) << KEY_BITS;
	struct statement *st = db_statement(db, "SELECT coalesce((SELECT text FROM words WHERE id = g.user_id), ''), coalesce((SELECT text FROM words WHERE id = g.name_id), ''),"
	    " g.far_number, g.country, g.tier, g.n, g.id, g.at_ms FROM (SELECT user_id, max(user_name_id) AS name_id, far_number, max(country) AS country,"
	    " max(tier) AS tier, count(*) AS n, max(id) AS id, max(start_ms) AS at_ms FROM calls WHERE id >= $1 AND id < $2 AND (flags & $3) <> 0"
	    " AND direction IN (1, 3) AND far_number <> '' GROUP BY user_id, far_number) AS g ORDER BY g.tier DESC, g.n DESC, g.id DESC", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "iii", from, until, (int64_t)CALL_FORWARDED);
	out->forwards = arena_zalloc(arena, DAY_FORWARDS * sizeof *out->forwards);
	enum step step;
	while ((step = db_step(db, st, fault)) == STEP_ROW) {
		if (out->n_forwards_all++ >= DAY_FORWARDS)
			continue;
		struct day_forward *f = &out->forwards[out->n_forwards++];
		f->person_id = arena_strdup(arena, db_text(db, st, 0));
		f->person = arena_strdup(arena, db_text(db, st, 1));
		f->number = arena_strdup(arena, db_text(db, st, 2));
		strncpy(f->country, db_text(db, st, 3), sizeof f->country - 1);
		f->tier = (enum risk_tier)MIN(MAX(db_int(db, st, 4), 0), (int64_t)TIER_EXTREME);
		f->n = db_int(db, st, 5);
		f->call_id = db_int(db, st, 6);
		f->last_ms = db_int(db, st, 7);
	}
	db->engine->reset(st);
	return step == STEP_DONE;
}

bool query_day(struct db *db, int64_t now_ms, struct arena *arena, struct day_picture *out, struct fault *fault)
{
	struct hours *hours = mem_zalloc(sizeof *hours);
	struct spans spans = { 0 };
	int64_t newest;
	*out = (struct day_picture){ .as_of_ms = now_ms };
	bool ok = db_ask_int(db, "SELECT max(hour) FROM hours", 0, &newest, fault);
	if (ok && newest > 0 && (newest + 1) * HOUR_MS < now_ms - PROFILE_STALE * DAY_MS) {
		out->as_of_ms = (newest + 1) * HOUR_MS - 1;
		out->past = true;
	}
	ok = ok && read_hours(db, out->as_of_ms / HOUR_MS, hours, fault) && read_calls(db, out, &spans, fault) &&
	    read_durations_before(db, out, fault) && read_forwards(db, arena, out, fault) &&
	    query_locations(db, out->as_of_ms, arena, &out->sites, fault);
	if (ok) {
		count_up(out, &spans);
		int64_t into_ms = out->as_of_ms % HOUR_MS + 1;
		for (int i = 0; i < DAY_HOURS; i++) {
			int64_t ago = DAY_HOURS - 1 - i, whole_ms = ago == 0 ? into_ms : HOUR_MS;
			struct day_hour *hour = &out->hours[i];
			hour->load_milli = hours->talk_s[KEPT_HOURS - 1 - ago] * 1000000 / MAX(whole_ms, MINUTE_MS);
			hour->cost_micro = hours->cost[KEPT_HOURS - 1 - ago];
			compare(hours, ago, hour);
		}
	}
	free(spans.starts);
	free(spans.ends);
	free(hours);
	return ok;
}
