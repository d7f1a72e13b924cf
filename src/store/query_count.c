/* SPDX-License-Identifier: Apache-2.0 */
#include "store/query_count.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "store/query_parts.h"

#define RANKS	 3
#define APART	 100  /* entries of an index: to count them off costs less than to read the page */
#define MARKS_MAX 16384

/* An alert and how many of its rank are before it in the order. */
struct place {
	int64_t before;
	struct alert_mark mark;
};

struct alert_places {
	int64_t revision, n_taken; /* as of which the rest is, and how many were taken away; -1: nothing is known */
	int64_t n[RANKS], taken[RANKS]; /* of which so many were taken away */
	int64_t n_all, newest; /* counted one by one up to this id */
	int64_t gone;	       /* as the counter was then; -1: never counted */
	struct {
		struct place *items; /* by `before` */
		size_t n, capacity;
	} of[N_ORDERS][RANKS];
};

struct alert_places *alert_places_new(void)
{
	struct alert_places *places = mem_zalloc(sizeof *places);
	places->revision = places->gone = -1;
	return places;
}

static void forget(struct alert_places *places)
{
	for (int order = 0; order < N_ORDERS; order++)
		for (int rank = 0; rank < RANKS; rank++)
			places->of[order][rank].n = 0;
	places->revision = -1;
}

void alert_places_free(struct alert_places *places)
{
	if (places == NULL)
		return;
	for (int order = 0; order < N_ORDERS; order++)
		for (int rank = 0; rank < RANKS; rank++)
			free(places->of[order][rank].items);
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
	    query->without_gone ? " AND id NOT IN (SELECT alert_id FROM tombstones)" : "");
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

/* They are few, and closed but for what somebody opened again. By CROSS JOIN SQLite is
 * told where to begin: else it goes through the alerts. */
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
	forget(places);
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

/* An index is counted off: no row is read. $1 rank, $2 how many; from a mark $3 … $5. */
static const char *statement_of(enum alert_order order, bool from_mark)
{
#define SKIP(column)                                                                                                                              \
	(from_mark ? "SELECT raised_ms, id, " column " FROM alerts WHERE rank = $1 AND (" column ", raised_ms, id) <= ($3, $4, $5)"               \
		     " ORDER BY " column " DESC, raised_ms DESC, id DESC LIMIT 1 OFFSET $2" :                                                     \
		     "SELECT raised_ms, id, " column " FROM alerts WHERE rank = $1 ORDER BY " column " DESC, raised_ms DESC, id DESC LIMIT 1 OFFSET $2")
	switch (order) {
	case ORDER_SEVERITY: return SKIP("severity");
	case ORDER_SCORE: return SKIP("score");
	case ORDER_HITS: return SKIP("n_legs");
	case ORDER_COST: return SKIP("cost_micro");
	case ORDER_TIME:
		return from_mark ? "SELECT raised_ms, id, 0 FROM alerts WHERE rank = $1 AND (raised_ms, id) <= ($3, $4) ORDER BY raised_ms DESC, id DESC LIMIT 1 OFFSET $2" :
				   "SELECT raised_ms, id, 0 FROM alerts WHERE rank = $1 ORDER BY raised_ms DESC, id DESC LIMIT 1 OFFSET $2";
	case ORDER_WHO: case ORDER_RULE: case ORDER_SITE: case ORDER_STATE: case ORDER_OWNER: case N_ORDERS: break;
	}
#undef SKIP
	return NULL;
}

/* The last known place that is not behind; NULL: none is. */
static const struct place *place_before(const struct alert_places *places, enum alert_order order, int rank, int64_t skip)
{
	const struct place *items = places->of[order][rank].items;
	size_t low = 0, high = places->of[order][rank].n;
	while (low < high) {
		size_t middle = (low + high) / 2;
		if (items[middle].before <= skip)
			low = middle + 1;
		else
			high = middle;
	}
	return low == 0 ? NULL : &items[low - 1];
}

static void remember(struct alert_places *places, enum alert_order order, int rank, int64_t before, struct alert_mark mark)
{
	const struct place *known = place_before(places, order, rank, before);
	size_t at = known == NULL ? 0 : (size_t)(known - places->of[order][rank].items) + 1, n = places->of[order][rank].n;
	if ((known != NULL && before - known->before < APART) || n >= MARKS_MAX)
		return;
	struct place *items = mem_grow(places->of[order][rank].items, n, &places->of[order][rank].capacity, sizeof *items);
	memmove(items + at + 1, items + at, (n - at) * sizeof *items);
	items[at] = (struct place){ before, mark };
	places->of[order][rank].items = items;
	places->of[order][rank].n++;
}

static bool skip_in_rank(struct db *db, struct alert_places *places, enum alert_order order, int rank, int64_t skip, struct alert_mark *out, bool *any,
    struct fault *fault)
{
	const struct place *from = place_before(places, order, rank, skip);
	struct statement *st = db_statement(db, statement_of(order, from != NULL), fault);
	if (st == NULL)
		return false;
	if (from == NULL)
		db_bind(db, st, "ii", (int64_t)rank, skip);
	else if (order == ORDER_TIME)
		db_bind(db, st, "iiii", (int64_t)rank, skip - from->before, from->mark.raised_ms, from->mark.id);
	else
		db_bind(db, st, "iiiii", (int64_t)rank, skip - from->before, from->mark.number, from->mark.raised_ms, from->mark.id);
	enum step step = db_step(db, st, fault);
	*any = step == STEP_ROW;
	if (*any) {
		*out = (struct alert_mark){ .rank = rank, .raised_ms = db_int(db, st, 0), .id = db_int(db, st, 1), .number = db_int(db, st, 2) };
		remember(places, order, rank, skip, *out);
	}
	db->engine->reset(st);
	return step != STEP_FAULT;
}

/* How many of those that were taken away stand in the order up to this one, it too. */
static bool count_gone_up_to(struct db *db, enum alert_order order, const struct alert_mark *mark, int64_t *n, struct fault *fault)
{
#define UP_TO(column) \
	"SELECT count(*) FROM tombstones t CROSS JOIN alerts a WHERE a.id = t.alert_id AND a.rank = $1 AND (a." column ", a.raised_ms, a.id) >= ($2, $3, $4)"
	static const char *const statements[N_ORDERS] = { [ORDER_SEVERITY] = UP_TO("severity"), [ORDER_SCORE] = UP_TO("score"), [ORDER_HITS] = UP_TO("n_legs"),
		[ORDER_COST] = UP_TO("cost_micro"),
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
static bool skip_the_gone(struct db *db, struct alert_places *places, enum alert_order order, int rank, int64_t skip, struct alert_mark *out, bool *any,
    struct fault *fault)
{
	int64_t further = 0;
	for (;;) {
		int64_t gone;
		if (!skip_in_rank(db, places, order, rank, skip + further, out, any, fault))
			return false;
		if (!*any || places->taken[rank] == 0)
			return true;
		if (!count_gone_up_to(db, order, out, &gone, fault))
			return false;
		if (gone <= further)
			return true;
		further = gone;
	}
}

bool query_alert_skip(struct db *db, struct alert_places *places, const struct alert_query *query, int64_t skip, struct alert_mark *out, bool *any, struct fault *fault)
{
	*any = false;
	if (!count_ranks(db, places, fault))
		return false;
	for (int rank = RANKS - 1; rank >= (query->closed_too ? 0 : 1); rank--) {
		int64_t n = n_listed(places, rank, query->without_gone);
		if (skip < n)
			return query->without_gone ? skip_the_gone(db, places, query->order, rank, skip, out, any, fault) :
						     skip_in_rank(db, places, query->order, rank, skip, out, any, fault);
		skip -= n;
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
