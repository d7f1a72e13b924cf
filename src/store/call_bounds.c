/* SPDX-License-Identifier: Apache-2.0 */
#include "store/call_bounds.h"

#include <stdlib.h>

#include "base/mem.h"
#include "store/store.h"

#define LEAST(column) column " = CASE WHEN excluded." column " < call_bounds." column " THEN excluded." column " ELSE call_bounds." column " END, "
#define MOST(column) column " = CASE WHEN excluded." column " > call_bounds." column " THEN excluded." column " ELSE call_bounds." column " END, "
#define SOME(column) column " = call_bounds." column " | excluded." column ", "

static bool widen(struct store *store, const struct call_bound *b, struct fault *fault)
{
	struct db *db = &store->db;
	struct statement *st = db_statement(db,
	    "INSERT INTO call_bounds (hour, talk_min, ring_min, legs_min, cost_min, talk_max, ring_max, legs_max, cost_max, classes, tiers,"
	    " directions, flags_some, flags_all) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14) ON CONFLICT (hour) DO UPDATE SET "
	    LEAST("talk_min") LEAST("ring_min") LEAST("legs_min") LEAST("cost_min")
	    MOST("talk_max") MOST("ring_max") MOST("legs_max") MOST("cost_max")
	    SOME("classes") SOME("tiers") SOME("directions") SOME("flags_some")
	    "flags_all = call_bounds.flags_all & excluded.flags_all", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "iiiiiiiiiiiiii", b->hour, b->least[0], b->least[1], b->least[2], b->least[3], b->most[0], b->most[1], b->most[2],
	    b->most[3], b->kinds[0], b->kinds[1], b->kinds[2], b->flags_some, b->flags_all);
	return db_run_later(db, st, fault);
}

static bool flush(struct store *store, struct call_bound *b, struct fault *fault)
{
	bool ok = !b->used || widen(store, b, fault);
	b->used = false;
	return ok;
}

/* What is beyond the bits may be any. */
static int64_t bit_of(int64_t kind)
{
	return kind >= 0 && kind < 63 ? INT64_C(1) << kind : INT64_MAX;
}

bool call_bounds_note(struct store *store, struct call_bounds *bounds, int64_t id, const struct call_facts *facts, struct fault *fault)
{
	int64_t hour = CALL_HOUR(id);
	struct call_bound *b = &bounds->slots[(uint64_t)hour % COUNT_OF(bounds->slots)];
	if (b->used && b->hour != hour && !flush(store, b, fault))
		return false;
	if (!b->used) {
		*b = (struct call_bound){ .used = true, .hour = hour, .flags_all = INT64_MAX };
		for (size_t i = 0; i < CALL_SIZES; i++)
			b->least[i] = b->most[i] = facts->size[i];
	}
	for (size_t i = 0; i < CALL_SIZES; i++) {
		b->least[i] = MIN(b->least[i], facts->size[i]);
		b->most[i] = MAX(b->most[i], facts->size[i]);
	}
	for (size_t i = 0; i < CALL_KINDS; i++)
		b->kinds[i] |= bit_of(facts->kind[i]);
	b->flags_some |= facts->flags;
	b->flags_all &= facts->flags;
	return true;
}

bool call_bounds_write(struct store *store, struct call_bounds *bounds, struct fault *fault)
{
	for (size_t i = 0; i < COUNT_OF(bounds->slots); i++)
		if (!flush(store, &bounds->slots[i], fault))
			return false;
	return true;
}

/* ---- a store of an earlier version ------------------------------------------------------- */

bool call_bounds_below(struct db *db, int64_t *id, struct fault *fault)
{
	return db_ask_int(db, "SELECT value FROM counters WHERE name = 'call_bounds_below'", 0, id, fault);
}

/* *until: the last call of the piece; 0 when none is left. */
static bool fill_piece(struct store *store, int64_t from, size_t batch, int64_t *until, struct fault *fault)
{
	struct db *db = &store->db;
	struct call_bounds *bounds = mem_zalloc(sizeof *bounds);
	struct statement *st = db_statement(db, "SELECT id, talk_s, ring_s, n_legs, cost_micro, class, tier, direction, flags FROM calls"
	    " WHERE id < $1 ORDER BY id DESC LIMIT $2", fault);
	enum step step = STEP_FAULT;
	size_t n = 0;
	bool ok = st != NULL;
	*until = 0;
	if (ok)
		db_bind(db, st, "ii", from, (int64_t)batch);
	while (ok && (step = db_step(db, st, fault)) == STEP_ROW) {
		struct call_facts facts = { .size = { db_int(db, st, 1), db_int(db, st, 2), db_int(db, st, 3), db_int(db, st, 4) },
			.kind = { db_int(db, st, 5), db_int(db, st, 6), db_int(db, st, 7) }, .flags = db_int(db, st, 8) };
		*until = db_int(db, st, 0);
		ok = call_bounds_note(store, bounds, *until, &facts, fault);
		n++;
	}
	if (st != NULL)
		db->engine->reset(st);
	if (step == STEP_DONE && n < batch)
		*until = 0;
	ok = ok && step == STEP_DONE && call_bounds_write(store, bounds, fault);
	free(bounds);
	return ok;
}

bool call_bounds_fill(struct store *store, size_t batch, bool *more, struct fault *fault)
{
	struct db *db = &store->db;
	int64_t from, until = 0;
	*more = false;
	bool ok = call_bounds_below(db, &from, fault);
	if (!ok || from == 0)
		return ok;
	/* Again inside: another process may fill as well. */
	ok = db_begin(db, fault) && call_bounds_below(db, &from, fault) && (from == 0 || fill_piece(store, from, batch, &until, fault));
	struct statement *st = ok ? db_statement(db, "UPDATE counters SET value = $1 WHERE name = 'call_bounds_below'", fault) : NULL;
	ok = ok && st != NULL;
	if (ok) {
		db_bind(db, st, "i", until);
		ok = db_run(db, st, fault);
	}
	ok = db_end(db, ok, fault);
	*more = ok && until != 0;
	return ok;
}
