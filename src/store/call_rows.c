/* SPDX-License-Identifier: Apache-2.0
 *
 * Calls: found in memory, restored from the store when a leg comes late,
 * written once a page together with what they change in the hourly sums. */
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "store/store.h"

#define KEY_BITS 20

static int64_t day_of(int64_t ms)
{
	return ms / DAY_MS;
}

static size_t call_key(const struct cdr *cdr, int64_t leg_id, unsigned char out[40])
{
	struct span correlation = cdr->field[CDR_F_CORRELATION_ID];
	if (correlation.n > 0)
		return uuid_key(correlation, out);
	/* An orphan is a call by itself. */
	out[0] = 1;
	memcpy(out + 1, &leg_id, sizeof leg_id);
	return 1 + sizeof leg_id;
}

bool call_rows_legs(struct db *db, int64_t call_id, int64_t from_ms, int64_t until_ms,
    struct call_leg **legs, size_t *n, struct fault *fault)
{
	struct statement *st = db_statement(db,
	    "SELECT l.id, l.release_ms, l.duration_s, l.ring_s, l.flags, l.user_id, l.user_name_id,"
	    " l.user_number_id, l.location_id, l.call_type_id, l.trunk_out_id, l.trunk_in_id, l.called,"
	    " l.calling, l.far, l.class, l.tier, l.country, l.cost_micro, l.caller_name, l.called_name"
	    " FROM legs l WHERE l.id >= $1 AND l.id < $2 AND l.call_id = $3", fault);
	*legs = NULL;
	*n = 0;
	if (st == NULL)
		return false;
	/* Keys begin with the start time: the call's own stretch is scanned. */
	db_bind(db, st, "iii", from_ms << KEY_BITS, (until_ms + 1) << KEY_BITS, call_id);
	size_t capacity = 0;
	enum step step;
	while ((step = db_step(db, st, fault)) == STEP_ROW) {
		*legs = mem_grow(*legs, *n, &capacity, sizeof **legs);
		struct call_leg *leg = &(*legs)[(*n)++];
		*leg = (struct call_leg){ .leg_id = db_int(db, st, 0),
			.start_ms = db_int(db, st, 0) >> KEY_BITS,
			.end_ms = db_int(db, st, 1),
			.duration_s = (int32_t)db_int(db, st, 2),
			.ring_s = (int32_t)db_int(db, st, 3),
			.flags = (uint32_t)db_int(db, st, 4),
			.user_id = (int32_t)db_int(db, st, 5),
			.user_name_id = (int32_t)db_int(db, st, 6),
			.user_number_id = (int32_t)db_int(db, st, 7),
			.location_id = (int32_t)db_int(db, st, 8),
			.call_type_id = (int32_t)db_int(db, st, 9),
			.trunk_id = (int32_t)(db_int(db, st, 10) != 0 ? db_int(db, st, 10) : db_int(db, st, 11)),
			.class = (uint8_t)db_int(db, st, 15),
			.tier = (uint8_t)db_int(db, st, 16),
			.cost_micro = db_int(db, st, 18) };
		strncpy(leg->far, db_text(db, st, 14), sizeof leg->far - 1);
		strncpy(leg->country, db_text(db, st, 17), sizeof leg->country - 1);
		strncpy(leg->far_name, db_text(db, st, leg->flags & PART_ORIGINATING ? 20 : 19), sizeof leg->far_name - 1);
	}
	db->engine->reset(st);
	return step == STEP_DONE;
}

/* Is the call in the store? Then bring it back, legs and all. */
static bool restore(struct store *store, const unsigned char *key, size_t n, uint64_t hash,
    int64_t day, struct open_call **out, struct fault *fault)
{
	struct db *db = &store->db;
	struct statement *st = db_statement(db,
	    "SELECT id, journey_id, correlation, start_ms, last_start_ms, talk_s, direction, flags,"
	    " cost_micro, location_id FROM calls WHERE day IN ($1, $2, $3) AND correlation_hash = $4", fault);
	*out = NULL;
	if (st == NULL)
		return false;
	db_bind(db, st, "iiii", day - 1, day, day + 1, (int64_t)(hash >> 1));
	enum step step;
	int64_t id = 0, journey = 0, start = 0, last = 0, talk = 0, direction = 0, flags = 0, cost = 0, location = 0;
	while ((step = db_step(db, st, fault)) == STEP_ROW) {
		size_t length;
		const void *have = db_blob(db, st, 2, &length);
		if (length != n || memcmp(have, key, n) != 0)
			continue;
		id = db_int(db, st, 0);
		journey = db_int(db, st, 1);
		start = db_int(db, st, 3);
		last = db_int(db, st, 4);
		talk = db_int(db, st, 5);
		direction = db_int(db, st, 6);
		flags = db_int(db, st, 7);
		cost = db_int(db, st, 8);
		location = db_int(db, st, 9);
		break;
	}
	db->engine->reset(st);
	if (step == STEP_FAULT || id == 0)
		return step != STEP_FAULT;
	struct call_leg *legs;
	size_t n_legs;
	if (!call_rows_legs(db, id, start, last, &legs, &n_legs, fault)) {
		free(legs);
		return false;
	}
	struct open_call *call = assembler_add(store->assembler, key, n);
	call->id = id;
	call->journey_id = journey;
	call->stored = true;
	call->counted_hour = start / HOUR_MS;
	call->counted_cost = cost;
	call->counted_talk = (int32_t)talk;
	call->counted_location = (int32_t)location;
	call->counted_direction = (int8_t)direction;
	call->counted_answered = flags & CALL_ANSWERED;
	for (size_t i = 0; i < n_legs; i++)
		assembler_leg(store->assembler, call, &legs[i]);
	free(legs);
	*out = call;
	return true;
}

bool call_rows_open(struct store *store, const struct cdr *cdr, int64_t leg_id,
    struct open_call **out, struct fault *fault)
{
	unsigned char key[40];
	size_t n = call_key(cdr, leg_id, key);
	*out = assembler_find(store->assembler, key, n);
	if (*out != NULL)
		return true;
	uint64_t hash = hash_bytes(key, n);
	int64_t day = day_of(cdr->start_ms);
	bool maybe;
	if (!known_calls_ask(store, day, hash, &maybe, fault) ||
	    (maybe && !restore(store, key, n, hash, day, out, fault)))
		return false;
	if (*out != NULL)
		return true;
	*out = assembler_add(store->assembler, key, n);
	return true;
}

bool call_rows_number(struct store *store, struct open_call *call, int64_t leg_id,
    struct fault *fault)
{
	struct db *db = &store->db;
	for (call->id = leg_id;; call->id++) {
		struct statement *st = db_statement(db, "SELECT 1 FROM calls WHERE id = $1", fault);
		if (st == NULL)
			return false;
		db_bind(db, st, "i", call->id);
		enum step step = db_step(db, st, fault);
		db->engine->reset(st);
		if (step != STEP_ROW)
			return step == STEP_DONE;
	}
}

static bool add_hour(struct store *store, int64_t hour, int64_t location, int64_t direction,
    int64_t n_calls, int64_t n_answered, int64_t talk_s, int64_t cost, struct fault *fault)
{
	struct db *db = &store->db;
	struct statement *st = db_statement(db,
	    "INSERT INTO hours (hour, location_id, direction, n_calls, n_answered, talk_s, cost_micro)"
	    " VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (hour, location_id, direction) DO UPDATE SET"
	    " n_calls = hours.n_calls + excluded.n_calls, n_answered = hours.n_answered + excluded.n_answered,"
	    " talk_s = hours.talk_s + excluded.talk_s, cost_micro = hours.cost_micro + excluded.cost_micro", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "iiiiiii", hour, location, direction, n_calls, n_answered, talk_s, cost);
	return db_run(db, st, fault);
}

/* The sums of a page are first added up here: a page of 1000 legs touches
 * some ten hours, not a thousand. */
struct hour_sum {
	int64_t hour, talk_s, cost;
	int32_t location, n_calls, n_answered;
	int8_t direction;
	bool used;
};
#define HOUR_SLOTS 256

struct hour_sums {
	struct hour_sum slots[HOUR_SLOTS];
};

static bool flush_slot(struct store *store, struct hour_sum *slot, struct fault *fault)
{
	bool ok = !slot->used || add_hour(store, slot->hour, slot->location, slot->direction,
				     slot->n_calls, slot->n_answered, slot->talk_s, slot->cost, fault);
	slot->used = false;
	return ok;
}

static bool count(struct store *store, struct hour_sums *sums, int sign, int64_t hour,
    int32_t location, int8_t direction, bool answered, int64_t talk_s, int64_t cost,
    struct fault *fault)
{
	size_t at = (size_t)(hash_mix((uint64_t)hour * 31 + (uint64_t)location * 4 + (uint64_t)direction) % HOUR_SLOTS);
	struct hour_sum *slot = &sums->slots[at];
	if (slot->used && (slot->hour != hour || slot->location != location || slot->direction != direction) &&
	    !flush_slot(store, slot, fault))
		return false;
	if (!slot->used)
		*slot = (struct hour_sum){ .hour = hour, .location = location, .direction = direction, .used = true };
	slot->n_calls += sign;
	slot->n_answered += sign * answered;
	slot->talk_s += sign * talk_s;
	slot->cost += sign * cost;
	return true;
}

static const char upsert_call[] =
    "INSERT INTO calls (id, journey_id, correlation, correlation_hash, day, start_ms, last_start_ms,"
    " end_ms, talk_s, ring_s, direction, flags, n_legs, class, tier, country, cost_micro, user_id,"
    " user_name_id, user_number_id, location_id, call_type_id, trunk_id, far_number, far_name)"
    " VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19,$20,$21,$22,$23,$24,$25)"
    " ON CONFLICT (id) DO UPDATE SET journey_id = excluded.journey_id, start_ms = excluded.start_ms,"
    " last_start_ms = excluded.last_start_ms, end_ms = excluded.end_ms, talk_s = excluded.talk_s,"
    " ring_s = excluded.ring_s, direction = excluded.direction, flags = excluded.flags,"
    " n_legs = excluded.n_legs, class = excluded.class, tier = excluded.tier, country = excluded.country,"
    " cost_micro = excluded.cost_micro, user_id = excluded.user_id, user_name_id = excluded.user_name_id,"
    " user_number_id = excluded.user_number_id, location_id = excluded.location_id,"
    " call_type_id = excluded.call_type_id, trunk_id = excluded.trunk_id,"
    " far_number = excluded.far_number, far_name = excluded.far_name";

static bool write_call(struct store *store, struct open_call *call, struct hour_sums *sums,
    struct fault *fault)
{
	struct db *db = &store->db;
	struct call_sum sum;
	call_sum_legs(call->legs, call->n_legs, &sum);
	const struct call_leg *p = sum.principal;
	int64_t journey = call->journey_id != 0 ? MIN(call->id, call->journey_id) : call->id;
	for (struct open_call *other = call->ring; other != call; other = other->ring)
		journey = MIN(journey, other->id);
	call->journey_id = journey;
	struct statement *st = db_statement(db, upsert_call, fault);
	if (st == NULL)
		return false;
	/* The day is where the key's hash is looked for: of the first leg that
	 * came, as in the id, and it stays. */
	db_bind(db, st, "iibiiiiiiiiiiiitiiiiiiitt", call->id, call->journey_id, call->key,
	    (size_t)call->n_key, (int64_t)(call->key_hash >> 1), day_of(call->id >> KEY_BITS),
	    sum.start_ms, sum.last_start_ms, sum.end_ms, (int64_t)sum.talk_s, (int64_t)sum.ring_s,
	    (int64_t)sum.direction, (int64_t)sum.flags, (int64_t)sum.n_legs, (int64_t)p->class,
	    (int64_t)p->tier, p->country, sum.cost_micro, (int64_t)p->user_id,
	    (int64_t)p->user_name_id, (int64_t)p->user_number_id, (int64_t)p->location_id,
	    (int64_t)p->call_type_id, (int64_t)p->trunk_id, p->far,
	    *p->far_name == '\0' ? NULL : p->far_name);
	if (!db_run(db, st, fault))
		return false;
	if (!call->stored)
		known_calls_add(store, day_of(call->id >> KEY_BITS), call->key_hash);
	call->stored = true;
	bool answered = sum.flags & CALL_ANSWERED;
	int64_t hour = sum.start_ms / HOUR_MS;
	if (call->counted_direction >= 0 &&
	    !count(store, sums, -1, call->counted_hour, call->counted_location, call->counted_direction,
		call->counted_answered, call->counted_talk, call->counted_cost, fault))
		return false;
	call->counted_hour = hour;
	call->counted_location = p->location_id;
	call->counted_direction = (int8_t)sum.direction;
	call->counted_answered = answered;
	call->counted_talk = sum.talk_s;
	call->counted_cost = sum.cost_micro;
	return count(store, sums, 1, hour, p->location_id, (int8_t)sum.direction, answered, sum.talk_s, sum.cost_micro, fault);
}

bool call_rows_write(struct store *store, struct fault *fault)
{
	size_t n;
	struct open_call **changed = assembler_changed(store->assembler, &n);
	struct hour_sums *sums = mem_zalloc(sizeof *sums);
	bool ok = true;
	for (size_t i = 0; ok && i < n; i++)
		ok = write_call(store, changed[i], sums, fault);
	for (size_t i = 0; ok && i < HOUR_SLOTS; i++)
		ok = flush_slot(store, &sums->slots[i], fault);
	free(sums);
	return ok;
}
