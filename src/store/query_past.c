/* SPDX-License-Identifier: Apache-2.0
 *
 * For a hand-over: alerts that had been raised until then, each relived up to that
 * moment. A look back at everything is store/past.h. */
#include "store/query_past.h"

#include <stdlib.h>
#include <string.h>

#include "alerts/relive.h"
#include "base/map.h"
#include "base/mem.h"
#include "store/alert_rows.h"

struct handed {
	struct db *db;
	struct arena *arena;
	int64_t at_ms;
	struct alert *alerts; /* as they are now, then as they were */
	size_t n, capacity;
	struct life {
		struct alert_event *events;
		size_t n, capacity;
	} *lives; /* beside alerts */
	struct map by_id;
	bool cut;
};

/* Raised until then, and open still, or closed later than a day before: each of the
 * three by its own index, for the closed ones of years are most of all there is. */
#define OF_RANK(rank, name) \
	"SELECT id, raised_ms FROM (SELECT id, raised_ms FROM alerts WHERE rank = " rank " AND raised_ms <= $1 ORDER BY raised_ms DESC, id DESC LIMIT 5001) AS " name
#define THEIR_IDS                                                                                            \
	"(SELECT id FROM (" OF_RANK("2", "waits") " UNION ALL " OF_RANK("1", "sleeps")                       \
	" UNION ALL SELECT id, raised_ms FROM alerts WHERE closed_ms > $2 AND raised_ms + 0 <= $1) AS those" \
	" ORDER BY raised_ms DESC, id DESC LIMIT 5001)" /* PAST_ALERTS_MAX and one more */

static bool read_rows(struct handed *past, struct fault *fault)
{
	struct db *db = past->db;
	struct statement *st = db_statement(db, "SELECT " ALERT_LIST_COLUMNS " FROM alerts WHERE id IN " THEIR_IDS " ORDER BY raised_ms DESC, id DESC", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "ii", past->at_ms, past->at_ms - DAY_MS);
	enum step step;
	while ((step = db_step(db, st, fault)) == STEP_ROW) {
		if (past->n == PAST_ALERTS_MAX) {
			past->cut = true;
			break;
		}
		past->alerts = mem_grow(past->alerts, past->n, &past->capacity, sizeof *past->alerts);
		alert_row_read(db, st, past->arena, &past->alerts[past->n]);
		int64_t id = past->alerts[past->n].id;
		map_put_n(&past->by_id, (const char *)&id, sizeof id, NULL)->number = (int64_t)past->n++;
	}
	db->engine->reset(st);
	return step != STEP_FAULT;
}

static bool read_lives(struct handed *past, struct fault *fault)
{
	struct db *db = past->db;
	past->lives = mem_zalloc((past->n + 1) * sizeof *past->lives);
	struct statement *st = db_statement(db, "SELECT alert_id, at_ms, who, act, was, became, note FROM audit WHERE alert_id IN " THEIR_IDS
	    " ORDER BY alert_id, seq", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "ii", past->at_ms, past->at_ms - DAY_MS);
	enum step step;
	while ((step = db_step(db, st, fault)) == STEP_ROW) {
		int64_t id = db_int(db, st, 0);
		const union map_value *at = map_get_n(&past->by_id, (const char *)&id, sizeof id);
		if (at == NULL)
			continue;
		struct life *life = &past->lives[at->number];
		life->events = mem_grow(life->events, life->n, &life->capacity, sizeof *life->events);
		struct alert_event *event = &life->events[life->n++];
		const char **const texts[] = { &event->who, &event->act, &event->before, &event->after, &event->note };
		event->at_ms = db_int(db, st, 1);
		for (size_t i = 0; i < COUNT_OF(texts); i++)
			*texts[i] = arena_strdup(past->arena, db_text(db, st, 2 + (int)i));
	}
	db->engine->reset(st);
	return step == STEP_DONE;
}

/* Of those that grew later: what they rested on then, which is what had been reported. */
static bool read_evidence(struct handed *past, struct fault *fault)
{
	struct db *db = past->db;
	struct statement *st = db_statement(db, "SELECT e.alert_id, count(*), sum(e.cost_micro), max(l.id) FROM alerts a JOIN evidence e ON e.alert_id = a.id"
	    " JOIN legs l ON l.id = e.leg_id WHERE a.last_ms > $1 AND l.report_ms <= $1 AND a.id IN " THEIR_IDS " GROUP BY e.alert_id", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "ii", past->at_ms, past->at_ms - DAY_MS);
	enum step step;
	while ((step = db_step(db, st, fault)) == STEP_ROW) {
		int64_t id = db_int(db, st, 0);
		const union map_value *at = map_get_n(&past->by_id, (const char *)&id, sizeof id);
		if (at == NULL)
			continue;
		assert(past->alerts != NULL);
		struct alert *alert = &past->alerts[at->number];
		alert->count = db_int(db, st, 1);
		alert->cost_micro = db_int(db, st, 2);
		alert->last_ms = db_int(db, st, 3) >> 20;
	}
	db->engine->reset(st);
	return step == STEP_DONE;
}

static bool read_past(struct handed *past, struct fault *fault)
{
	if (!read_rows(past, fault) || !read_lives(past, fault) || !read_evidence(past, fault))
		return false;
	for (size_t i = 0; i < past->n; i++)
		alert_relive(&past->alerts[i], past->lives[i].events, past->lives[i].n, past->at_ms);
	return true;
}

static void past_clear(struct handed *past)
{
	for (size_t i = 0; past->lives != NULL && i < past->n; i++)
		free(past->lives[i].events);
	free(past->lives);
	free(past->alerts);
	map_clear(&past->by_id);
}

/* 2 waits for somebody, 1 is asleep, 0 is closed. */
static int rank_of(const struct alert *alert)
{
	return alert->state == ALERT_CLOSED ? 0 : alert->state == ALERT_SNOOZED ? 1 : 2;
}

/* As the queue: what waits first, of that the gravest. */
static int by_order(const void *a, const void *b)
{
	const struct alert *x = a, *y = b;
	if (rank_of(x) != rank_of(y))
		return rank_of(y) - rank_of(x);
	if (x->severity != y->severity)
		return x->severity < y->severity ? 1 : -1;
	if (x->raised_ms != y->raised_ms)
		return x->raised_ms < y->raised_ms ? 1 : -1;
	return (x->id < y->id) - (x->id > y->id);
}

bool query_past_alerts(struct db *db, int64_t at_ms, struct arena *arena, struct alert_list *out, bool *cut, struct fault *fault)
{
	struct handed past = { .db = db, .arena = arena, .at_ms = at_ms };
	*out = (struct alert_list){ 0 };
	bool ok = read_past(&past, fault);
	out->items = arena_alloc(arena, (past.n + 1) * sizeof *out->items);
	if (ok && past.n > 0)
		qsort(past.alerts, past.n, sizeof *past.alerts, by_order);
	for (size_t i = 0; ok && i < past.n; i++) {
		bool open = past.alerts[i].state != ALERT_CLOSED;
		out->n_open += open;
		out->n_by_severity[past.alerts[i].severity] += open;
		out->items[out->n++] = past.alerts[i];
	}
	*cut = past.cut;
	past_clear(&past);
	return ok;
}
