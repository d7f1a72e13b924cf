/* SPDX-License-Identifier: Apache-2.0
 *
 * Calls: found in memory, restored from the store when a leg comes late,
 * written once a page together with what they change in the hourly sums. */
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "store/call_bounds.h"
#include "store/leg_copy.h"
#include "store/many.h"

#define KEY_BITS 20
#define STRIDE	 128 /* calls at a time are on their way to the store */

static int64_t day_of(int64_t ms)
{
	return ms / DAY_MS;
}

/* A leg with what it needs to join its call, and the call as it was counted. */
#define LEG_AND_CALL                                                                              \
	"SELECT l.id, l.release_ms, l.duration_s, l.ring_s, l.flags, l.user_id, l.user_name_id,"  \
	" l.user_number_id, l.location_id, l.call_type_id, l.trunk_in_id, l.trunk_out_id, l.far," \
	" l.class, l.tier, l.country, l.cost_micro, l.caller_name, l.called_name,"                \
	" l.local_call_id, l.remote_call_id, l.related_call_id, l.transfer_call_id,"              \
	" l.interaction, c.id, c.journey_id, c.correlation, c.start_ms, c.talk_s, c.direction,"   \
	" c.flags, c.cost_micro, c.location_id FROM legs l JOIN calls c ON c.id = l.call_id "
enum {
	L_ID, L_RELEASE, L_DURATION, L_RING, L_FLAGS, L_USER, L_USER_NAME, L_USER_NUMBER, L_LOCATION,
	L_CALL_TYPE, L_TRUNK_IN, L_TRUNK_OUT, L_FAR, L_CLASS, L_TIER, L_COUNTRY, L_COST,
	L_CALLER_NAME, L_CALLED_NAME, L_LOCAL_ID, L_REMOTE_ID, L_RELATED_ID, L_TRANSFER_ID,
	L_INTERACTION, C_ID, C_JOURNEY, C_KEY, C_START, C_TALK, C_DIRECTION, C_FLAGS, C_COST, C_LOCATION,
};

static void read_leg(struct db *db, struct statement *st, struct call_leg *leg)
{
	*leg = (struct call_leg){ .leg_id = db_int(db, st, L_ID),
		.start_ms = db_int(db, st, L_ID) >> KEY_BITS,
		.end_ms = db_int(db, st, L_RELEASE),
		.duration_s = (int32_t)db_int(db, st, L_DURATION),
		.ring_s = (int32_t)db_int(db, st, L_RING),
		.flags = (uint32_t)db_int(db, st, L_FLAGS),
		.user_id = (int32_t)db_int(db, st, L_USER),
		.user_name_id = (int32_t)db_int(db, st, L_USER_NAME),
		.user_number_id = (int32_t)db_int(db, st, L_USER_NUMBER),
		.location_id = (int32_t)db_int(db, st, L_LOCATION),
		.call_type_id = (int32_t)db_int(db, st, L_CALL_TYPE),
		.trunk_id = (int32_t)(db_int(db, st, L_TRUNK_OUT) != 0 ? db_int(db, st, L_TRUNK_OUT) : db_int(db, st, L_TRUNK_IN)),
		.class = (uint8_t)db_int(db, st, L_CLASS),
		.tier = (uint8_t)db_int(db, st, L_TIER),
		.cost_micro = db_int(db, st, L_COST) };
	strncpy(leg->far, db_text(db, st, L_FAR), sizeof leg->far - 1);
	strncpy(leg->country, db_text(db, st, L_COUNTRY), sizeof leg->country - 1);
	strncpy(leg->far_name, db_text(db, st, leg->flags & PART_ORIGINATING ? L_CALLED_NAME : L_CALLER_NAME), sizeof leg->far_name - 1);
}

/* A row's leg goes back to its call, which comes back with its first. */
static struct open_call *take_back(struct store *store, struct statement *st)
{
	struct db *db = &store->db;
	struct assembler *assembler = store->assembler;
	unsigned char key[40];
	size_t n;
	const void *have = db_blob(db, st, C_KEY, &n);
	if (n == 0 || n > sizeof key)
		return NULL;
	memcpy(key, have, n);
	uint64_t hash = hash_bytes(key, n);
	struct open_call *call = assembler_find(assembler, key, n, hash);
	if (call == NULL) {
		call = assembler_add(assembler, key, n, hash);
		call->id = db_int(db, st, C_ID);
		call->journey_id = db_int(db, st, C_JOURNEY);
		call->stored = true;
		call->counted_hour = db_int(db, st, C_START) / HOUR_MS;
		call->counted_cost = db_int(db, st, C_COST);
		call->counted_talk = (int32_t)db_int(db, st, C_TALK);
		call->counted_location = (int32_t)db_int(db, st, C_LOCATION);
		call->counted_direction = (int8_t)db_int(db, st, C_DIRECTION);
		call->counted_answered = db_int(db, st, C_FLAGS) & CALL_ANSWERED;
	}
	struct call_leg leg;
	struct leg_links links = { 0 };
	char correlation[40], interaction[40];
	read_leg(db, st, &leg);
	assembler_recall(assembler, call, &leg);
	struct span *const texts[] = { &links.local, &links.remote, &links.related, &links.transfer };
	for (int i = 0; i < (int)COUNT_OF(texts); i++) {
		const char *text = db_text(db, st, L_LOCAL_ID + i);
		*texts[i] = (struct span){ text, (uint32_t)strlen(text) };
	}
	if (!(leg.flags & PART_ORPHAN)) {
		uuid_text(key, n, correlation);
		links.correlation = (struct span){ correlation, (uint32_t)strlen(correlation) };
	}
	have = db_blob(db, st, L_INTERACTION, &n);
	if (n > 0) {
		uuid_text(have, n, interaction);
		links.interaction = (struct span){ interaction, (uint32_t)strlen(interaction) };
	}
	struct link_keys keys;
	link_keys_of(&links, &keys);
	assembler_link(assembler, call, &keys);
	return call;
}

/* Is the call in the store? Then bring it back, legs and all. */
static bool restore(struct store *store, const unsigned char *key, size_t n, uint64_t hash,
    int64_t day, struct open_call **out, struct fault *fault)
{
	struct db *db = &store->db;
	struct statement *st = db_statement(db,
	    "SELECT id, correlation, start_ms, last_start_ms FROM calls"
	    " WHERE day IN ($1, $2, $3) AND correlation_hash = $4", fault);
	*out = NULL;
	if (st == NULL)
		return false;
	db_bind(db, st, "iiii", day - 1, day, day + 1, (int64_t)(hash >> 1));
	enum step step;
	int64_t id = 0, start = 0, last = 0;
	while (id == 0 && (step = db_step(db, st, fault)) == STEP_ROW) {
		size_t length;
		const void *have = db_blob(db, st, 1, &length);
		if (length != n || memcmp(have, key, n) != 0)
			continue;
		id = db_int(db, st, 0);
		start = db_int(db, st, 2);
		last = db_int(db, st, 3);
	}
	db->engine->reset(st);
	if (id == 0)
		return step != STEP_FAULT;
	if (!leg_copy_end(store, fault)) /* of which some may be its */
		return false;
	st = db_statement(db, LEG_AND_CALL "WHERE l.id >= $1 AND l.id < $2 AND l.call_id = $3", fault);
	if (st == NULL)
		return false;
	/* Keys begin with the start time: the call's own stretch is scanned. */
	db_bind(db, st, "iii", start << KEY_BITS, (last + 1) << KEY_BITS, id);
	while ((step = db_step(db, st, fault)) == STEP_ROW)
		*out = take_back(store, st);
	db->engine->reset(st);
	return step == STEP_DONE;
}

bool call_rows_recall(struct store *store, struct fault *fault)
{
	struct db *db = &store->db;
	int64_t from;
	if (!db_ask_int(db, "SELECT min(id) FROM (SELECT id FROM calls ORDER BY id DESC LIMIT 2000) AS newest", 0, &from, fault))
		return false;
	from >>= KEY_BITS;
	/* A call that began in this stretch has all its legs in it. */
	struct statement *st = db_statement(db, LEG_AND_CALL "WHERE l.id >= $1 AND c.start_ms >= $2 ORDER BY l.id", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "ii", from << KEY_BITS, from);
	enum step step;
	while ((step = db_step(db, st, fault)) == STEP_ROW)
		(void)take_back(store, st);
	db->engine->reset(st);
	return step != STEP_FAULT;
}

bool call_rows_open(struct store *store, const struct page_leg *l, int64_t leg_id,
    struct open_call **out, struct fault *fault)
{
	unsigned char own[40];
	const unsigned char *key = l->columns->call;
	size_t n = l->columns->n_call;
	uint64_t hash = l->columns->call_hash;
	if (n == 0) {
		/* An orphan is a call by itself. */
		own[0] = 1;
		memcpy(own + 1, &leg_id, sizeof leg_id);
		key = own;
		n = 1 + sizeof leg_id;
		hash = hash_bytes(key, n);
	}
	*out = assembler_find(store->assembler, key, n, hash);
	if (*out != NULL)
		return true;
	int64_t day = day_of(l->cdr.start_ms);
	bool maybe;
	if (!known_calls_ask(store, day, hash, &maybe, fault) ||
	    (maybe && !restore(store, key, n, hash, day, out, fault)))
		return false;
	if (*out != NULL)
		return true;
	*out = assembler_add(store->assembler, key, n, hash);
	(*out)->is_new = !maybe;
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
	struct hour_sum *done; /* those that left their slot to another */
	size_t n_done, capacity;
};

static void leave_slot(struct hour_sums *sums, struct hour_sum *slot)
{
	if (!slot->used)
		return;
	sums->done = mem_grow(sums->done, sums->n_done, &sums->capacity, sizeof *sums->done);
	sums->done[sums->n_done++] = *slot;
	slot->used = false;
}

static void count(struct hour_sums *sums, int sign, int64_t hour, int32_t location, int8_t direction, bool answered, int64_t talk_s,
    int64_t cost)
{
	size_t at = (size_t)(hash_mix((uint64_t)hour * 31 + (uint64_t)location * 4 + (uint64_t)direction) % HOUR_SLOTS);
	struct hour_sum *slot = &sums->slots[at];
	if (slot->hour != hour || slot->location != location || slot->direction != direction)
		leave_slot(sums, slot);
	if (!slot->used)
		*slot = (struct hour_sum){ .hour = hour, .location = location, .direction = direction, .used = true };
	slot->n_calls += sign;
	slot->n_answered += sign * answered;
	slot->talk_s += sign * talk_s;
	slot->cost += sign * cost;
}

static int by_hour(const void *a, const void *b)
{
	const struct hour_sum *x = a, *y = b;
	if (x->hour != y->hour)
		return x->hour < y->hour ? -1 : 1;
	if (x->location != y->location)
		return x->location < y->location ? -1 : 1;
	return x->direction - y->direction;
}

/* Each of them once. */
static void settle_hours(struct hour_sums *sums)
{
	size_t kept = 0;
	for (size_t i = 0; i < HOUR_SLOTS; i++)
		leave_slot(sums, &sums->slots[i]);
	if (sums->n_done > 1)
		qsort(sums->done, sums->n_done, sizeof *sums->done, by_hour);
	for (size_t i = 0; i < sums->n_done; i++) {
		const struct hour_sum *one = &sums->done[i];
		struct hour_sum *last = kept == 0 ? NULL : &sums->done[kept - 1];
		if (last == NULL || by_hour(last, one) != 0) {
			sums->done[kept++] = *one;
			continue;
		}
		last->n_calls += one->n_calls;
		last->n_answered += one->n_answered;
		last->talk_s += one->talk_s;
		last->cost += one->cost;
	}
	sums->n_done = kept;
}

#define HOUR_COLUMNS "INSERT INTO hours (hour, location_id, direction, n_calls, n_answered, talk_s, cost_micro)"
#define HOUR_OVER                                                                                       \
	" ON CONFLICT (hour, location_id, direction) DO UPDATE SET"                                     \
	" n_calls = hours.n_calls + excluded.n_calls, n_answered = hours.n_answered + excluded.n_answered," \
	" talk_s = hours.talk_s + excluded.talk_s, cost_micro = hours.cost_micro + excluded.cost_micro"

static bool hours_at_once(struct db *db, const struct hour_sums *sums, struct fault *fault)
{
	struct copy rows = { 0 };
	for (size_t i = 0; i < sums->n_done; i++) {
		const struct hour_sum *s = &sums->done[i];
		const int64_t cells[] = { s->hour, s->location, s->direction, s->n_calls, s->n_answered, s->talk_s, s->cost };
		copy_row(&rows, COUNT_OF(cells));
		for (size_t c = 0; c < COUNT_OF(cells); c++)
			copy_int(&rows, cells[c]);
	}
	bool ok = many_run(db, HOUR_COLUMNS " SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7)" HOUR_OVER, "iiiiiii", &rows, fault);
	text_clear(&rows.rows);
	return ok;
}

static bool write_hours(struct store *store, struct hour_sums *sums, struct fault *fault)
{
	struct db *db = &store->db;
	settle_hours(sums);
	if (db->engine->bind_array != NULL)
		return hours_at_once(db, sums, fault);
	for (size_t i = 0; i < sums->n_done; i++) {
		const struct hour_sum *s = &sums->done[i];
		struct statement *st = db_statement(db, HOUR_COLUMNS " VALUES ($1, $2, $3, $4, $5, $6, $7)" HOUR_OVER, fault);
		if (st == NULL)
			return false;
		db_bind(db, st, "iiiiiii", s->hour, (int64_t)s->location, (int64_t)s->direction, (int64_t)s->n_calls, (int64_t)s->n_answered, s->talk_s, s->cost);
		if (!db_run_later(db, st, fault))
			return false;
	}
	return true;
}

#define CALL_N_COLUMNS 25
#define CALL_ROW_COLUMNS                                                                                \
	"id, journey_id, correlation, correlation_hash, day, start_ms, last_start_ms,"                  \
	" end_ms, talk_s, ring_s, direction, flags, n_legs, class, tier, country, cost_micro, user_id," \
	" user_name_id, user_number_id, location_id, call_type_id, trunk_id, far_number, far_name"
#define CALL_OVER                                                                                       \
	" ON CONFLICT (id) DO UPDATE SET journey_id = excluded.journey_id, start_ms = excluded.start_ms," \
	" last_start_ms = excluded.last_start_ms, end_ms = excluded.end_ms, talk_s = excluded.talk_s,"  \
	" ring_s = excluded.ring_s, direction = excluded.direction, flags = excluded.flags,"            \
	" n_legs = excluded.n_legs, class = excluded.class, tier = excluded.tier, country = excluded.country," \
	" cost_micro = excluded.cost_micro, user_id = excluded.user_id, user_name_id = excluded.user_name_id," \
	" user_number_id = excluded.user_number_id, location_id = excluded.location_id,"                \
	" call_type_id = excluded.call_type_id, trunk_id = excluded.trunk_id,"                          \
	" far_number = excluded.far_number, far_name = excluded.far_name"

static const char upsert_call[] = "INSERT INTO calls (" CALL_ROW_COLUMNS ")"
    " VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19,$20,$21,$22,$23,$24,$25)" CALL_OVER;
static const char upsert_calls[] = "INSERT INTO calls (" CALL_ROW_COLUMNS ") SELECT * FROM"
    " unnest($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19,$20,$21,$22,$23,$24,$25)" CALL_OVER;
#define CALL_TYPES "iibiiiiiiiiiiiitiiiiiiitt"

/* The day is where the key's hash is looked for: of the first leg that came, as
 * in the id, and it stays. */
static bool upsert(struct store *store, const struct open_call *call, const struct call_sum *sum, struct fault *fault)
{
	struct db *db = &store->db;
	const struct call_leg *p = sum->principal;
	struct statement *st = db_statement(db, upsert_call, fault);
	if (st == NULL)
		return false;
	db_bind(db, st, CALL_TYPES, call->id, call->journey_id, call->key,
	    (size_t)call->n_key, (int64_t)(call->key_hash >> 1), day_of(call->id >> KEY_BITS),
	    sum->start_ms, sum->last_start_ms, sum->end_ms, (int64_t)sum->talk_s, (int64_t)sum->ring_s,
	    (int64_t)sum->direction, (int64_t)sum->flags, (int64_t)sum->n_legs, (int64_t)p->class,
	    (int64_t)p->tier, p->country, sum->cost_micro, (int64_t)p->user_id,
	    (int64_t)p->user_name_id, (int64_t)p->user_number_id, (int64_t)p->location_id,
	    (int64_t)p->call_type_id, (int64_t)p->trunk_id, p->far,
	    *p->far_name == '\0' ? NULL : p->far_name);
	return db_run(db, st, fault);
}

/* The same row, to go with the others of the page. */
static void put_row(struct copy *copy, const struct open_call *call, const struct call_sum *sum)
{
	const struct call_leg *p = sum->principal;
	const int64_t before[] = { (int64_t)(call->key_hash >> 1), day_of(call->id >> KEY_BITS), sum->start_ms, sum->last_start_ms,
		sum->end_ms, sum->talk_s, sum->ring_s, sum->direction, sum->flags, sum->n_legs, p->class, p->tier };
	const int64_t after[] = { sum->cost_micro, p->user_id, p->user_name_id, p->user_number_id, p->location_id, p->call_type_id, p->trunk_id };
	copy_row(copy, CALL_N_COLUMNS);
	copy_int(copy, call->id);
	copy_int(copy, call->journey_id);
	copy_bytes(copy, call->key, call->n_key);
	for (size_t i = 0; i < COUNT_OF(before); i++)
		copy_int(copy, before[i]);
	copy_text(copy, p->country, strlen(p->country));
	for (size_t i = 0; i < COUNT_OF(after); i++)
		copy_int(copy, after[i]);
	copy_text(copy, p->far, strlen(p->far));
	if (*p->far_name == '\0')
		copy_null(copy);
	else
		copy_text(copy, p->far_name, strlen(p->far_name));
}

static bool send_new_calls(struct store *store, struct fault *fault)
{
	struct db *db = &store->db;
	bool ok = store->new_calls.n == 0 || db->engine->copy(db->session, "calls (" CALL_ROW_COLUMNS ")", &store->new_calls, fault);
	copy_reset(&store->new_calls);
	return ok;
}

static bool note_bounds(struct store *store, struct call_bounds *bounds, int64_t id, const struct call_sum *sum, struct fault *fault)
{
	const struct call_facts facts = { .size = { sum->talk_s, sum->ring_s, sum->n_legs, sum->cost_micro },
		.kind = { sum->principal->class, sum->principal->tier, sum->direction }, .flags = sum->flags };
	return call_bounds_note(store, bounds, id, &facts, fault);
}

static bool write_call(struct store *store, struct open_call *call, struct hour_sums *sums, struct call_bounds *bounds,
    struct fault *fault)
{
	struct call_sum sum;
	call_sum_legs(call->legs, call->n_legs, &sum);
	const struct call_leg *p = sum.principal;
	int64_t journey = call->journey_id != 0 ? MIN(call->id, call->journey_id) : call->id;
	for (struct open_call *other = call->ring; other != call; other = other->ring)
		journey = MIN(journey, other->journey_id != 0 ? MIN(other->id, other->journey_id) : other->id);
	call->journey_id = journey;
	if (store->db.engine->copy != NULL)
		put_row(call->is_new && !call->stored && !store->careful ? &store->new_calls : &store->old_calls, call, &sum);
	else if (!upsert(store, call, &sum, fault))
		return false;
	if (!far_ends_note(store, day_of(call->id >> KEY_BITS), p->far, p->far_name, fault) ||
	    !note_bounds(store, bounds, call->id, &sum, fault))
		return false;
	if (!call->stored)
		known_calls_add(store, day_of(call->id >> KEY_BITS), call->key_hash);
	call->stored = true;
	bool answered = sum.flags & CALL_ANSWERED;
	int64_t hour = sum.start_ms / HOUR_MS;
	if (call->counted_direction >= 0)
		count(sums, -1, call->counted_hour, call->counted_location, call->counted_direction, call->counted_answered,
		    call->counted_talk, call->counted_cost);
	call->counted_hour = hour;
	call->counted_location = p->location_id;
	call->counted_direction = (int8_t)sum.direction;
	call->counted_answered = answered;
	call->counted_talk = sum.talk_s;
	call->counted_cost = sum.cost_micro;
	count(sums, 1, hour, p->location_id, (int8_t)sum.direction, answered, sum.talk_s, sum.cost_micro);
	return true;
}

bool call_rows_write(struct store *store, struct fault *fault)
{
	size_t n;
	struct open_call **changed = assembler_changed(store->assembler, &n);
	struct hour_sums *sums = mem_zalloc(sizeof *sums);
	struct call_bounds *bounds = mem_zalloc(sizeof *bounds);
	bool ok = n == 0 || far_ends_follow(store, fault);
	for (size_t i = 0; ok && i < n; i++)
		ok = write_call(store, changed[i], sums, bounds, fault) && ((i + 1) % STRIDE != 0 || send_new_calls(store, fault));
	ok = ok && send_new_calls(store, fault) &&
	    many_run(&store->db, upsert_calls, CALL_TYPES, &store->old_calls, fault) && call_bounds_write(store, bounds, fault);
	free(bounds);
	ok = ok && write_hours(store, sums, fault);
	free(sums->done);
	free(sums);
	return ok;
}
