/* SPDX-License-Identifier: Apache-2.0
 *
 * What panes ask of calls, legs and raw records. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <zstd.h>

#include "base/mem.h"
#include "base/i18n.h"
#include "calls/assembler.h"
#include "store/live_rows.h"
#include "store/query_parts.h"
#include "store/store.h"

#define RAW_MAX ((size_t)256 << 20) /* of a piece, as it says of itself */

#define KEY_BITS 20
#define CALL_LIVE_MAX 16

void query_bind(struct db *db, struct statement *st, const struct filter_sql *filter)
{
	for (size_t i = 0; i < filter->n_values; i++) {
		const struct filter_value *v = &filter->values[i];
		if (v->is_text)
			db->engine->bind_text(st, (int)i + 1, v->text, strlen(v->text));
		else
			db->engine->bind_int(st, (int)i + 1, v->number);
	}
}

bool query_prepare(struct db *db, const char *sql, const struct filter_sql *filter,
    struct statement **st, struct fault *fault)
{
	if (!db->engine->prepare(db->session, sql, st, fault))
		return false;
	query_bind(db, *st, filter);
	return true;
}

const char *query_text_at(struct db *db, struct statement *st, struct arena *arena, int column)
{
	const char *text = db_text(db, st, column);
	return *text == '\0' ? "" : arena_strdup(arena, text);
}


static void read_call(struct db *db, struct statement *st, struct arena *arena, struct call *call)
{
	char correlation[40];
	size_t n;
	*call = (struct call){ .id = db_int(db, st, 0), .journey_id = db_int(db, st, 1),
		.start_ms = db_int(db, st, 2), .end_ms = db_int(db, st, 3), .talk_s = (int32_t)db_int(db, st, 4),
		.ring_s = (int32_t)db_int(db, st, 5), .direction = (enum call_direction)db_int(db, st, 6),
		.flags = (unsigned)db_int(db, st, 7), .n_legs = (int)db_int(db, st, 8),
		.class = (enum number_class)db_int(db, st, 9), .tier = (enum risk_tier)db_int(db, st, 10),
		.cost_micro = db_int(db, st, 12) };
	strncpy(call->country, db_text(db, st, 11), sizeof call->country - 1);
	const unsigned char *key = db_blob(db, st, 13, &n);
	if (n > 0 && n != 16 && (key[0] == 1 || key[0] == 2))
		correlation[0] = '\0'; /* an orphan has none */
	else
		uuid_text(key, n, correlation);
	call->correlation_id = arena_strdup(arena, correlation);
	const char **const texts[] = { &call->user_uuid, &call->user_name, &call->user_number, &call->location,
		&call->call_type, &call->trunk, &call->far_number, &call->far_name };
	for (size_t i = 0; i < COUNT_OF(texts); i++)
		*texts[i] = query_text_at(db, st, arena, 14 + (int)i);
	call->team = query_text_at(db, st, arena, 23);
}

bool query_read_calls(struct db *db, struct statement *st, size_t limit, struct arena *arena, struct call_rows *rows, struct fault *fault)
{
	enum step step = STEP_DONE;
	while (rows->n < limit && (step = db_step(db, st, fault)) == STEP_ROW) {
		rows->items = mem_grow(rows->items, rows->n, &rows->capacity, sizeof *rows->items);
		read_call(db, st, arena, &rows->items[rows->n++]);
	}
	return step != STEP_FAULT;
}

void query_give_calls(struct call_rows *rows, size_t limit, struct arena *arena, struct call **items, size_t *n, bool *more)
{
	*more = rows->n > limit;
	*n = MIN(rows->n, limit);
	*items = arena_alloc(arena, *n * sizeof **items);
	if (*n > 0)
		memcpy(*items, rows->items, *n * sizeof **items);
	free(rows->items);
}

/* No leg of it begins after its end. */
bool query_call_legs(struct db *db, const struct call *call, struct arena *arena, struct leg_row **out, size_t *n, struct fault *fault)
{
	return query_legs(db, LEGS_OF_CALL, call->id, call->start_ms, call->end_ms, arena, out, n, fault);
}

static bool read_journey_legs(struct db *db, struct arena *arena, struct call_detail *out, struct fault *fault)
{
	out->journey_legs = arena_alloc(arena, JOURNEY_LEGS * sizeof *out->journey_legs);
	for (size_t i = 0; i < out->n_journey && out->n_journey_legs < JOURNEY_LEGS; i++) {
		struct leg_row *legs;
		size_t n;
		if (!query_call_legs(db, &out->journey[i], arena, &legs, &n, fault))
			return false;
		n = MIN(n, JOURNEY_LEGS - out->n_journey_legs);
		if (n > 0)
			memcpy(out->journey_legs + out->n_journey_legs, legs, n * sizeof *legs);
		out->n_journey_legs += n;
	}
	return true;
}

bool query_call(struct db *db, int64_t id, struct arena *arena, struct call_detail *out,
    struct fault *fault)
{
	*out = (struct call_detail){ 0 };
	struct statement *st = db_statement(db, "SELECT " CALL_LIST_COLUMNS " FROM calls WHERE id = $1", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "i", id);
	enum step step = db_step(db, st, fault);
	int64_t last_start = 0;
	if (step == STEP_ROW) {
		read_call(db, st, arena, &out->call);
		last_start = db_int(db, st, 22);
	}
	db->engine->reset(st);
	if (step != STEP_ROW)
		return step == STEP_DONE && fault_set(fault, FAULT_NOT_FOUND, _("there is no call %lld"), (long long)id);
	if (!query_legs(db, LEGS_OF_CALL, id, out->call.start_ms, last_start, arena, &out->legs, &out->n_legs, fault))
		return false;
	/* The journey: calls that share its id, near in time. */
	st = db_statement(db, "SELECT " CALL_LIST_COLUMNS " FROM calls WHERE id >= $1 AND id < $2 AND journey_id = $3 AND id <> $4 ORDER BY id LIMIT 50", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "iiii", (out->call.start_ms - 4 * HOUR_MS) << KEY_BITS, (out->call.end_ms + 4 * HOUR_MS) << KEY_BITS, out->call.journey_id, id);
	struct call_rows rows = { 0 };
	bool more, ok = query_read_calls(db, st, 50, arena, &rows, fault);
	query_give_calls(&rows, 50, arena, &out->journey, &out->n_journey, &more);
	db->engine->reset(st);
	return ok && read_journey_legs(db, arena, out, fault) &&
	    live_rows_of_legs(db, out->legs, out->n_legs, CALL_LIVE_MAX, arena, &out->live, &out->n_live, fault);
}

bool query_calls_of(struct db *db, const int64_t *ids, size_t n_ids, struct arena *arena, struct call **items,
    size_t *n, struct fault *fault)
{
	*items = arena_alloc(arena, n_ids * sizeof **items);
	*n = 0;
	for (size_t i = 0; i < n_ids; i++) {
		struct statement *st = db_statement(db, "SELECT " CALL_LIST_COLUMNS " FROM calls WHERE id = $1", fault);
		if (st == NULL)
			return false;
		db_bind(db, st, "i", ids[i]);
		enum step step = db_step(db, st, fault);
		if (step == STEP_ROW)
			read_call(db, st, arena, &(*items)[(*n)++]);
		db->engine->reset(st);
		if (step == STEP_FAULT)
			return false;
	}
	return true;
}

/* Into db->raw; FAULT_STORE when it is not what was written. */
static bool unpack_raw(struct db *db, int64_t id, int64_t leg_id, struct fault *fault)
{
	struct statement *st = db_statement(db, "SELECT n_bytes, zstd FROM raw WHERE id = $1", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "i", id);
	enum step step = db_step(db, st, fault);
	bool ok = false;
	free(db->raw.bytes);
	db->raw.bytes = NULL;
	db->raw.id = 0;
	if (step == STEP_ROW) {
		size_t packed, size = (size_t)db_int(db, st, 0);
		const void *zstd = db_blob(db, st, 1, &packed);
		db->raw.bytes = size <= RAW_MAX ? mem_alloc(size) : NULL;
		ok = db->raw.bytes != NULL && ZSTD_decompress(db->raw.bytes, size, zstd, packed) == size;
		if (ok) {
			db->raw.id = id;
			db->raw.n = size;
		}
	}
	db->engine->reset(st);
	return ok || (step != STEP_FAULT && fault_set(fault, FAULT_STORE, _("the raw record of leg %lld is damaged"), (long long)leg_id));
}

bool query_raw(struct db *db, int64_t leg_id, struct arena *arena, const char **json, size_t *n,
    struct fault *fault)
{
	/* That the piece is still kept is asked each time; its bytes never change. */
	struct statement *st = db_statement(db, "SELECT r.id, l.raw_at, l.raw_n FROM legs l JOIN raw r ON r.id = l.raw_id WHERE l.id = $1", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "i", leg_id);
	enum step step = db_step(db, st, fault);
	int64_t id = step == STEP_ROW ? db_int(db, st, 0) : 0;
	size_t at = step == STEP_ROW ? (size_t)db_int(db, st, 1) : 0;
	*n = step == STEP_ROW ? (size_t)db_int(db, st, 2) : 0;
	db->engine->reset(st);
	if (step != STEP_ROW)
		return step == STEP_DONE && fault_set(fault, FAULT_NOT_FOUND, _("the raw record of leg %lld is not kept (any more)"), (long long)leg_id);
	if (db->raw.id != id && !unpack_raw(db, id, leg_id, fault))
		return false;
	if (at > db->raw.n || *n > db->raw.n - at)
		return fault_set(fault, FAULT_STORE, _("the raw record of leg %lld is damaged"), (long long)leg_id);
	*json = arena_strndup(arena, db->raw.bytes + at, *n);
	return true;
}
