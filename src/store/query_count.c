/* SPDX-License-Identifier: Apache-2.0 */
#include "store/query_count.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "store/query_parts.h"
#include "store/request_rows.h"

#define RANKS	     3
#define CHANGES_MOST 20000 /* some fifty milliseconds; then it costs less to begin anew, as far as is asked for */

struct alert_places {
	int64_t revision, n_taken; /* as of which the rest is, and how many were taken away; -1: nothing is known */
	int64_t n[RANKS], taken[RANKS]; /* of which so many were taken away */
	int64_t n_all, newest; /* counted one by one up to this id */
	int64_t gone;	       /* as the counter was then; -1: never counted */
	/* Of the orders that were asked for; as of which revision, and which are gone. */
	struct order_map *maps[N_ORDERS];
	int64_t mapped, mapped_gone;
};

struct alert_places *alert_places_new(void)
{
	struct alert_places *places = mem_zalloc(sizeof *places);
	places->revision = places->gone = -1;
	return places;
}

void alert_places_free(struct alert_places *places)
{
	if (places == NULL)
		return;
	for (int order = 0; order < N_ORDERS; order++)
		order_map_free(places->maps[order]);
	free(places);
}

bool query_alert_count(struct db *db, const struct alert_query *query, int64_t *n, struct fault *fault)
{
	struct filter_sql filter;
	struct text sql = { 0 };
	struct statement *st = NULL;
	if (!filter_sql_read(FILTER_ALERTS, query->filter, 1, query->now_ms, &filter, fault))
		return false;
	text_printf(&sql, "SELECT count(*) FROM alerts a WHERE (%s)%s%s", text_string(&filter.sql), query->closed_too ? "" : " AND rank > 0",
	    query->without_gone ? " AND " NOT_TAKEN("id") : "");
	bool ok = query_prepare(db, text_string(&sql), &filter, &st, fault) && db_step(db, st, fault) == STEP_ROW;
	if (ok)
		*n = db_int(db, st, 0);
	if (st != NULL)
		db->engine->finish(st);
	text_clear(&sql);
	filter_sql_clear(&filter);
	return ok;
}

static bool count_rank(struct db *db, int rank, int64_t *n, struct fault *fault)
{
	struct statement *st = db_statement(db, "SELECT count(*) FROM alerts WHERE rank = $1", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "i", (int64_t)rank);
	bool ok = db_step(db, st, fault) == STEP_ROW;
	*n = ok ? db_int(db, st, 0) : 0;
	db->engine->reset(st);
	return ok;
}

/* All there are: those that were counted, and what has come since; all of them
 * again when some were taken away. */
static bool count_all(struct db *db, struct alert_places *places, int64_t *n, struct fault *fault)
{
	int64_t newest, gone;
	if (!db_ask_int(db, "SELECT max(id) FROM alerts", 0, &newest, fault) ||
	    !db_ask_int(db, "SELECT value FROM counters WHERE name = 'alerts_gone'", 0, &gone, fault))
		return false;
	if (gone != places->gone || newest < places->newest) {
		if (!db_ask_int(db, "SELECT count(*) FROM alerts", 0, &places->n_all, fault))
			return false;
		places->gone = gone;
	} else if (newest > places->newest) {
		struct statement *st = db_statement(db, "SELECT count(*) FROM alerts WHERE id > $1", fault);
		if (st == NULL)
			return false;
		db_bind(db, st, "i", places->newest);
		bool ok = db_step(db, st, fault) == STEP_ROW;
		places->n_all += ok ? db_int(db, st, 0) : 0;
		db->engine->reset(st);
		if (!ok)
			return false;
	}
	places->newest = newest;
	*n = places->n_all;
	return true;
}

/* They are few. By CROSS JOIN SQLite is told where to begin: else it goes through the alerts. */
static bool count_taken(struct db *db, struct alert_places *places, struct fault *fault)
{
	struct statement *st = db_statement(db, "SELECT a.rank, count(*) FROM tombstones t CROSS JOIN alerts a WHERE a.id = t.alert_id GROUP BY a.rank", fault);
	enum step step = STEP_FAULT;
	memset(places->taken, 0, sizeof places->taken);
	while (st != NULL && (step = db_step(db, st, fault)) == STEP_ROW) {
		int64_t rank = db_int(db, st, 0);
		if (rank >= 0 && rank < RANKS)
			places->taken[rank] = db_int(db, st, 1);
	}
	if (st != NULL)
		db->engine->reset(st);
	return step == STEP_DONE;
}

/* Every change of any alert has a number: none since means that the counts hold. */
static bool count_ranks(struct db *db, struct alert_places *places, struct fault *fault)
{
	int64_t revision, n_all, n_open, n_taken;
	if (!db_ask_int(db, "SELECT value FROM counters WHERE name = 'revision'", 0, &revision, fault) ||
	    !db_ask_int(db, "SELECT count(*) FROM tombstones", 0, &n_taken, fault))
		return false;
	if (revision == places->revision && n_taken == places->n_taken)
		return true;
	places->revision = -1;
	if (!count_taken(db, places, fault))
		return false;
	/* A million closed ones are not counted anew for one that was raised. */
	if (!count_all(db, places, &n_all, fault) || !db_ask_int(db, "SELECT sum(n) FROM open_alerts", 0, &n_open, fault) ||
	    !count_rank(db, 1, &places->n[1], fault))
		return false;
	places->n[2] = n_open - places->n[1];
	places->n[0] = n_all - n_open;
	places->n_taken = n_taken;
	places->revision = revision;
	return true;
}

static int64_t n_listed(const struct alert_places *places, int rank, bool without_gone)
{
	return places->n[rank] - (without_gone ? places->taken[rank] : 0);
}

bool query_alert_total(struct db *db, struct alert_places *places, const struct alert_query *query, int64_t *n, struct fault *fault)
{
	if (!count_ranks(db, places, fault))
		return false;
	*n = 0;
	for (int rank = RANKS - 1; rank >= (query->closed_too ? 0 : 1); rank--)
		*n += n_listed(places, rank, query->without_gone);
	return true;
}

static int64_t number_of(struct db *db, struct statement *st, enum alert_order order)
{
	switch (order) {
	case ORDER_SEVERITY: return db_int(db, st, 3);
	case ORDER_SCORE: return db_int(db, st, 4);
	case ORDER_HITS: return db_int(db, st, 5);
	case ORDER_COST: return db_int(db, st, 6);
	case ORDER_SLA: return db_int(db, st, 7);
	case ORDER_TIME: case ORDER_WHO: case ORDER_RULE: case ORDER_SITE: case ORDER_STATE: case ORDER_OWNER: case N_ORDERS: break;
	}
	return 0;
}

static void forget_maps(struct alert_places *places)
{
	for (int order = 0; order < N_ORDERS; order++)
		if (places->maps[order] != NULL)
			order_map_forget(places->maps[order]);
}

/* *told false: it is too much of it, and of a part nothing is known. */
static bool tell_changes(struct db *db, struct alert_places *places, bool *told, struct fault *fault)
{
	struct statement *st = db_statement(db, "SELECT id, rank, raised_ms, severity, score, n_legs, cost_micro, urgency FROM alerts WHERE revision > $1"
						" ORDER BY revision LIMIT $2", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "ii", places->mapped, (int64_t)CHANGES_MOST);
	enum step step;
	int64_t n = 0;
	while ((step = db_step(db, st, fault)) == STEP_ROW) {
		struct alert_mark now = { .id = db_int(db, st, 0), .rank = (int)db_int(db, st, 1), .raised_ms = db_int(db, st, 2) };
		for (int order = 0; order < N_ORDERS && now.rank >= 0 && now.rank < RANKS; order++) {
			now.number = number_of(db, st, (enum alert_order)order);
			if (places->maps[order] != NULL)
				order_map_move(places->maps[order], &now);
		}
		n++;
	}
	db->engine->reset(st);
	*told = step == STEP_DONE && n < CHANGES_MOST;
	return step != STEP_FAULT;
}

/* Every change has a number: the maps are told of all that came since. */
static bool tell_maps(struct db *db, struct alert_places *places, struct fault *fault)
{
	bool same = places->mapped_gone == places->gone, told = false, any = false;
	for (int order = 0; order < N_ORDERS; order++)
		any = any || places->maps[order] != NULL;
	if (same && places->mapped == places->revision)
		return true;
	bool ok = !any || !same || places->mapped > places->revision || tell_changes(db, places, &told, fault);
	if (!told)
		forget_maps(places);
	places->mapped = places->revision;
	places->mapped_gone = places->gone;
	return ok;
}

/* How many of those that were taken away stand in the order up to this one, it too. */
static bool count_gone_up_to(struct db *db, enum alert_order order, const struct alert_mark *mark, int64_t *n, struct fault *fault)
{
#define UP_TO(column) \
	"SELECT count(*) FROM tombstones t CROSS JOIN alerts a WHERE a.id = t.alert_id AND a.rank = $1 AND (a." column ", a.raised_ms, a.id) >= ($2, $3, $4)"
	static const char *const statements[N_ORDERS] = { [ORDER_SEVERITY] = UP_TO("severity"), [ORDER_SCORE] = UP_TO("score"), [ORDER_HITS] = UP_TO("n_legs"),
		[ORDER_COST] = UP_TO("cost_micro"), [ORDER_SLA] = UP_TO("urgency"),
		[ORDER_TIME] = "SELECT count(*) FROM tombstones t CROSS JOIN alerts a WHERE a.id = t.alert_id AND a.rank = $1 AND (a.raised_ms, a.id) >= ($2, $3)" };
#undef UP_TO
	struct statement *st = db_statement(db, statements[order], fault);
	if (st == NULL)
		return false;
	if (order == ORDER_TIME)
		db_bind(db, st, "iii", (int64_t)mark->rank, mark->raised_ms, mark->id);
	else
		db_bind(db, st, "iiii", (int64_t)mark->rank, mark->number, mark->raised_ms, mark->id);
	bool ok = db_step(db, st, fault) == STEP_ROW;
	*n = ok ? db_int(db, st, 0) : 0;
	db->engine->reset(st);
	return ok;
}

/* Who has `skip` before it of those that are left: as many further on as were taken away
 * up to there, until that is so. Each turn passes one of those at least. */
static bool skip_in_rank(struct db *db, struct alert_places *places, const struct alert_query *query, int rank, int64_t skip, struct alert_mark *out,
    enum placed *placed, struct fault *fault)
{
	int64_t further = 0, until_ns = query->budget_ms > 0 ? clock_steady_ns() + query->budget_ms * 1000000 : 0;
	for (;;) {
		int64_t gone;
		if (!order_map_find(db, places->maps[query->order], rank, skip + further, until_ns, out, placed, fault))
			return false;
		if (*placed != PLACED || !query->without_gone || places->taken[rank] == 0)
			return true;
		if (!count_gone_up_to(db, query->order, out, &gone, fault))
			return false;
		if (gone <= further)
			return true;
		further = gone;
	}
}

bool query_alert_skip(struct db *db, struct alert_places *places, const struct alert_query *query, int64_t skip, struct alert_mark *out, enum placed *placed,
    struct fault *fault)
{
	*placed = PLACED_NOWHERE;
	if (!count_ranks(db, places, fault) || !tell_maps(db, places, fault))
		return false;
	if (places->maps[query->order] == NULL)
		places->maps[query->order] = order_map_new(query->order);
	for (int rank = RANKS - 1; rank >= (query->closed_too ? 0 : 1); rank--) {
		int64_t n = n_listed(places, rank, query->without_gone);
		if (skip < n)
			return skip_in_rank(db, places, query, rank, skip, out, placed, fault);
		skip -= n;
	}
	return true;
}

bool query_alert_summary(struct db *db, int64_t now_ms, struct alert_summary *out, struct fault *fault)
{
	*out = (struct alert_summary){ 0 };
	struct statement *st = db_statement(db,
	    "SELECT state, severity, resolution, count(*), sum(CASE WHEN assignee = '' THEN 1 ELSE 0 END) FROM alerts WHERE " NOT_TAKEN("id")
	    " GROUP BY state, severity, resolution", fault);
	if (st == NULL)
		return false;
	enum step step;
	while ((step = db_step(db, st, fault)) == STEP_ROW) {
		int64_t state = db_int(db, st, 0), severity = db_int(db, st, 1), resolution = db_int(db, st, 2), n = db_int(db, st, 3);
		if (state < 0 || state > ALERT_CLOSED || severity < 0 || severity > SEVERITY_CRITICAL || resolution < 0 || resolution >= N_RESOLUTIONS)
			continue;
		out->n += n;
		out->n_by_state[state] += n;
		out->n_by_severity[severity] += n;
		if (state == ALERT_CLOSED) {
			out->n_by_resolution[resolution] += n;
		} else {
			out->n_open_by_severity[severity] += n;
			out->n_open_unassigned += db_int(db, st, 4);
			out->n_let_go += state == ALERT_IN_PROGRESS ? db_int(db, st, 4) : 0;
		}
	}
	db->engine->reset(st);
	st = step == STEP_DONE ? db_statement(db, "SELECT count(*) FROM alerts WHERE raised_ms >= $1 AND " NOT_TAKEN("id"), fault) : NULL;
	if (st == NULL)
		return false;
	db_bind(db, st, "i", now_ms - DAY_MS);
	bool ok = db_step(db, st, fault) == STEP_ROW;
	out->n_day = ok ? db_int(db, st, 0) : 0;
	db->engine->reset(st);
	return ok;
}
