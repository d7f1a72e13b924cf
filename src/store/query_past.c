/* SPDX-License-Identifier: Apache-2.0
 *
 * For a hand-over: alerts that had been raised until then, each relived up to that
 * moment. A look back at everything is store/past.h. */
#include "store/query_past.h"

#include <stdlib.h>

#include "alerts/relive.h"
#include "base/map.h"
#include "base/mem.h"
#include "store/alert_rows.h"
#include "store/request_rows.h"

#define PIECE 100

/* What waits, what sleeps, and what was closed since: each by its own index, for the
 * closed ones of years are most of all there is. In this order: what is closed while it
 * is walked is met among the closed ones. */
enum among { WAITS, SLEEPS, CLOSED, DONE };

struct past_walk {
	int64_t at_ms;
	enum among among;
	int64_t mark, mark_id; /* the last one that was met there */
	struct map met;
	void (*visit)(void *arg, const struct alert *);
	void *arg;
};

/* ---- one ------------------------------------------------------------------------------------ */

/* What was taken away since counts nowhere any more, not even in what is over. */
static bool read_row(struct db *db, int64_t id, int64_t at_ms, struct arena *arena, struct alert *alert, bool *found, struct fault *fault)
{
	struct statement *st = db_statement(db, "SELECT " ALERT_LIST_COLUMNS " FROM alerts WHERE id = $1 AND raised_ms <= $2 AND " NOT_TAKEN("id"), fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "ii", id, at_ms);
	enum step step = db_step(db, st, fault);
	*found = step == STEP_ROW;
	if (*found)
		alert_row_read(db, st, arena, alert);
	db->engine->reset(st);
	return step != STEP_FAULT;
}

static bool read_life(struct db *db, int64_t id, struct arena *arena, struct alert_event **events, size_t *n, struct fault *fault)
{
	size_t capacity = 0;
	struct statement *st = db_statement(db, "SELECT at_ms, who, act, was, became, note FROM audit WHERE alert_id = $1 ORDER BY seq", fault);
	*events = NULL;
	*n = 0;
	if (st == NULL)
		return false;
	db_bind(db, st, "i", id);
	enum step step;
	while ((step = db_step(db, st, fault)) == STEP_ROW) {
		*events = mem_grow(*events, *n, &capacity, sizeof **events);
		struct alert_event *event = &(*events)[(*n)++];
		const char **const texts[] = { &event->who, &event->act, &event->before, &event->after, &event->note };
		event->at_ms = db_int(db, st, 0);
		for (size_t i = 0; i < COUNT_OF(texts); i++)
			*texts[i] = arena_strdup(arena, db_text(db, st, 1 + (int)i));
	}
	db->engine->reset(st);
	return step == STEP_DONE;
}

/* Of one that grew later: what it rested on then, which is what had been reported. */
static bool read_evidence(struct db *db, int64_t at_ms, struct alert *alert, struct fault *fault)
{
	if (alert->last_ms <= at_ms)
		return true;
	struct statement *st = db_statement(db, "SELECT count(*), sum(e.cost_micro), max(l.id) FROM evidence e JOIN legs l ON l.id = e.leg_id"
	    " WHERE e.alert_id = $1 AND l.report_ms <= $2", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "ii", alert->id, at_ms);
	enum step step = db_step(db, st, fault);
	if (step == STEP_ROW && db_int(db, st, 0) > 0) {
		alert->count = db_int(db, st, 0);
		alert->cost_micro = db_int(db, st, 1);
		alert->last_ms = db_int(db, st, 2) >> 20;
	}
	db->engine->reset(st);
	return step != STEP_FAULT;
}

bool past_alert(struct db *db, int64_t id, int64_t at_ms, struct arena *arena, struct alert *alert, bool *found, struct fault *fault)
{
	struct alert_event *events = NULL;
	size_t n;
	if (!read_row(db, id, at_ms, arena, alert, found, fault))
		return false;
	if (!*found)
		return true;
	bool ok = read_life(db, id, arena, &events, &n, fault) && read_evidence(db, at_ms, alert, fault);
	if (ok)
		alert_relive(alert, events, n, at_ms);
	free(events);
	return ok;
}

/* ---- all ------------------------------------------------------------------------------------ */

struct past_walk *past_walk_new(int64_t at_ms, void (*visit)(void *arg, const struct alert *), void *arg)
{
	struct past_walk *walk = mem_zalloc(sizeof *walk);
	*walk = (struct past_walk){ .at_ms = at_ms, .mark = at_ms, .mark_id = INT64_MAX, .visit = visit, .arg = arg };
	return walk;
}

void past_walk_free(struct past_walk *walk)
{
	if (walk == NULL)
		return;
	map_clear(&walk->met);
	free(walk);
}

static struct statement *piece_of(struct past_walk *walk, struct db *db, struct fault *fault)
{
	struct statement *st;
	switch (walk->among) {
	case WAITS: case SLEEPS:
		st = db_statement(db, "SELECT raised_ms, id FROM alerts WHERE rank = $1 AND (raised_ms, id) < ($2, $3) ORDER BY raised_ms DESC, id DESC LIMIT $4", fault);
		if (st != NULL)
			db_bind(db, st, "iiii", (int64_t)(walk->among == WAITS ? 2 : 1), walk->mark, walk->mark_id, (int64_t)PIECE);
		return st;
	case CLOSED:
		st = db_statement(db, "SELECT closed_ms, id FROM alerts WHERE (closed_ms, id) > ($1, $2) AND raised_ms + 0 <= $3 ORDER BY closed_ms, id LIMIT $4", fault);
		if (st != NULL)
			db_bind(db, st, "iiii", walk->mark, walk->mark_id, walk->at_ms, (int64_t)PIECE);
		return st;
	case DONE:
		break;
	}
	assert(false);
	return NULL;
}

static bool next_ids(struct past_walk *walk, struct db *db, int64_t ids[static PIECE], size_t *n, struct fault *fault)
{
	struct statement *st = piece_of(walk, db, fault);
	enum step step;
	*n = 0;
	if (st == NULL)
		return false;
	while ((step = db_step(db, st, fault)) == STEP_ROW && *n < PIECE) {
		walk->mark = db_int(db, st, 0);
		walk->mark_id = db_int(db, st, 1);
		ids[(*n)++] = walk->mark_id;
	}
	db->engine->reset(st);
	return step != STEP_FAULT;
}

static bool visit(struct past_walk *walk, struct db *db, int64_t id, struct fault *fault)
{
	struct alert alert;
	struct arena arena;
	bool found, is_new;
	map_put_n(&walk->met, (const char *)&id, sizeof id, &is_new);
	if (!is_new)
		return true;
	arena_init(&arena);
	bool ok = past_alert(db, id, walk->at_ms, &arena, &alert, &found, fault);
	if (ok && found)
		walk->visit(walk->arg, &alert);
	arena_clear(&arena);
	return ok;
}

bool past_walk_on(struct past_walk *walk, struct db *db, bool *more, struct fault *fault)
{
	int64_t ids[PIECE];
	size_t n;
	if (walk->among != DONE) {
		if (!next_ids(walk, db, ids, &n, fault))
			return false;
		for (size_t i = 0; i < n; i++)
			if (!visit(walk, db, ids[i], fault))
				return false;
		if (n < PIECE) {
			walk->among++;
			walk->mark = walk->among == CLOSED ? walk->at_ms - DAY_MS : walk->at_ms;
			walk->mark_id = INT64_MAX;
		}
	}
	*more = walk->among != DONE;
	return true;
}
