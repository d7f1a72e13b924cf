/* SPDX-License-Identifier: Apache-2.0 */
#include "store/query_count.h"

#include <stdio.h>

#include "base/clock.h"
#include "store/query_parts.h"

bool query_alert_count(struct db *db, const struct alert_query *query, int64_t *n, struct fault *fault)
{
	const char *source = query->filter == NULL ? "" : query->filter;
	struct filter_sql filter;
	struct text sql = { 0 };
	struct statement *st = NULL;
	if (*source == '\0' && !query->closed_too)
		return db_ask_int(db, "SELECT sum(n) FROM open_alerts", 0, n, fault);
	if (*source == '\0') {
		int64_t closed;
		if (!db_ask_int(db, "SELECT sum(n) FROM open_alerts", 0, n, fault) ||
		    !db_ask_int(db, "SELECT count(*) FROM alerts WHERE rank = 0", 0, &closed, fault))
			return false;
		*n += closed;
		return true;
	}
	if (!filter_sql_read(FILTER_ALERTS, source, 1, query->now_ms, &filter, fault))
		return false;
	text_printf(&sql, "SELECT count(*) FROM alerts a WHERE (%s)%s", text_string(&filter.sql), query->closed_too ? "" : " AND rank > 0");
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

/* An index is counted off: no row is read. */
static const char *statement_of(enum alert_order order)
{
#define SKIP(column) "SELECT raised_ms, id, " column " FROM alerts WHERE rank = $1 ORDER BY " column " DESC, raised_ms DESC, id DESC LIMIT 1 OFFSET $2"
	switch (order) {
	case ORDER_SEVERITY: return SKIP("severity");
	case ORDER_SCORE: return SKIP("score");
	case ORDER_HITS: return SKIP("n_legs");
	case ORDER_COST: return SKIP("cost_micro");
	case ORDER_TIME: return "SELECT raised_ms, id, 0 FROM alerts WHERE rank = $1 ORDER BY raised_ms DESC, id DESC LIMIT 1 OFFSET $2";
	case ORDER_WHO: case ORDER_RULE: case ORDER_SITE: case ORDER_STATE: case ORDER_OWNER: case N_ORDERS: break;
	}
#undef SKIP
	return NULL;
}

bool query_alert_skip(struct db *db, const struct alert_query *query, int64_t skip, struct alert_mark *out, bool *any, struct fault *fault)
{
	const char *sql = statement_of(query->order);
	assert(sql != NULL);
	*any = false;
	for (int rank = 2; rank >= (query->closed_too ? 0 : 1); rank--) {
		int64_t n;
		if (!count_rank(db, rank, &n, fault))
			return false;
		if (skip >= n) {
			skip -= n;
			continue;
		}
		struct statement *st = db_statement(db, sql, fault);
		if (st == NULL)
			return false;
		db_bind(db, st, "ii", (int64_t)rank, skip);
		enum step step = db_step(db, st, fault);
		*any = step == STEP_ROW;
		if (*any)
			*out = (struct alert_mark){ .rank = rank, .raised_ms = db_int(db, st, 0), .id = db_int(db, st, 1), .number = db_int(db, st, 2) };
		db->engine->reset(st);
		return step != STEP_FAULT;
	}
	return true;
}

bool query_alert_summary(struct db *db, int64_t now_ms, struct alert_summary *out, struct fault *fault)
{
	*out = (struct alert_summary){ 0 };
	struct statement *st = db_statement(db,
	    "SELECT state, severity, resolution, count(*), sum(CASE WHEN assignee = '' THEN 1 ELSE 0 END) FROM alerts GROUP BY state, severity, resolution", fault);
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
	st = step == STEP_DONE ? db_statement(db, "SELECT count(*) FROM alerts WHERE raised_ms >= $1", fault) : NULL;
	if (st == NULL)
		return false;
	db_bind(db, st, "i", now_ms - DAY_MS);
	bool ok = db_step(db, st, fault) == STEP_ROW;
	out->n_day = ok ? db_int(db, st, 0) : 0;
	db->engine->reset(st);
	return ok;
}
