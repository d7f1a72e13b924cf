/* SPDX-License-Identifier: Apache-2.0 */
#include "store/live_rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/text.h"
#include "store/query.h"
#include "store/query_profile_parts.h"
#include "store/store.h"

#define KEY_BITS 20
#define STEPS_BYTES ((size_t)LIVE_STEPS_MAX * 24)

/* The id of a half is counted anew now and then: only near the start it is the same. */
#define SAME_ID_MS   MINUTE_MS
/* Without an id: as field clients join them. */
#define SAME_CALL_MS (2 * SECOND_MS)
/* What a webhook says of times is believed within this of when it came. */
#define BELIEVED_MS  (2 * DAY_MS)
/* A poll tells nothing new: when we heard of it is noted this often. */
#define HEARD_MS     MINUTE_MS

#define HALF_COLUMNS "id, half, local_id, person_uuid, person_name, location, number, name, country, tier, rate_micro, originator, answered_ms, over_ms, heard_ms, steps, lost_ms"
#define HALF_FROM    "SELECT " HALF_COLUMNS " FROM live_halves"

/* ---- steps as text --------------------------------------------------------------------- */

static size_t steps_read(const char *text, int64_t created_ms, struct live_step steps[static LIVE_STEPS_MAX])
{
	size_t n = 0;
	while (*text != '\0' && n < LIVE_STEPS_MAX) {
		char *end;
		long state = strtol(text, &end, 10);
		if (end == text || *end != ':' || state < LIVE_CONNECTING || state > LIVE_DISCONNECTED)
			break;
		text = end + 1;
		long long at = strtoll(text, &end, 10);
		if (end == text)
			break;
		steps[n++] = (struct live_step){ (enum live_state)state, created_ms + at };
		text = end + (*end == ' ');
	}
	return n;
}

static void steps_write(const struct live_step *steps, size_t n, int64_t created_ms, char out[static STEPS_BYTES])
{
	size_t used = 0;
	out[0] = '\0';
	for (size_t i = 0; i < n && used < STEPS_BYTES; i++)
		used += (size_t)snprintf(out + used, STEPS_BYTES - used, "%s%d:%lld", i > 0 ? " " : "", (int)steps[i].state, (long long)(steps[i].at_ms - created_ms));
}

/* In its place by time; of the same moment by state, so that any order of arrival gives
 * the same. False: it is there, or tells nothing. */
static bool step_add(struct live_step *steps, size_t *n, struct live_step step, bool polled)
{
	size_t at = *n;
	while (at > 0 && (steps[at - 1].at_ms > step.at_ms || (steps[at - 1].at_ms == step.at_ms && steps[at - 1].state > step.state)))
		at--;
	if (at > 0 && steps[at - 1].state == step.state && (polled || steps[at - 1].at_ms == step.at_ms))
		return false;
	if (*n == LIVE_STEPS_MAX)
		return false;
	memmove(steps + at + 1, steps + at, (*n - at) * sizeof *steps);
	steps[at] = step;
	++*n;
	return true;
}

/* ---- writing --------------------------------------------------------------------------- */

/* A row as it stands, and as it will. */
struct row {
	int64_t id, answered_ms, over_ms, heard_ms, lost_ms;
	struct live_call call; /* its texts */
	char local_id[40];
	struct live_step steps[LIVE_STEPS_MAX];
	size_t n_steps;
};

static int64_t believed(int64_t ms, int64_t told_ms)
{
	return ms > told_ms - BELIEVED_MS && ms < told_ms + HOUR_MS ? ms : told_ms;
}

/* What is not told stays as it was. True: it is another now. */
static bool fill(char *out, size_t capacity, const char *text)
{
	if (*text == '\0' || strcmp(out, text) == 0)
		return false;
	snprintf(out, capacity, "%s", text);
	return true;
}

static void row_of(struct db *db, struct statement *st, struct row *row)
{
	struct live_call *call = &row->call;
	row->id = db_int(db, st, 0);
	fill(call->call_id, sizeof call->call_id, db_text(db, st, 1));
	fill(row->local_id, sizeof row->local_id, db_text(db, st, 2));
	fill(call->person_uuid, sizeof call->person_uuid, db_text(db, st, 3));
	fill(call->person_name, sizeof call->person_name, db_text(db, st, 4));
	fill(call->location, sizeof call->location, db_text(db, st, 5));
	fill(call->remote_number, sizeof call->remote_number, db_text(db, st, 6));
	fill(call->remote_name, sizeof call->remote_name, db_text(db, st, 7));
	fill(call->remote.country, sizeof call->remote.country, db_text(db, st, 8));
	call->remote.tier = (enum risk_tier)db_int(db, st, 9);
	call->remote.rate_micro_usd = (int32_t)db_int(db, st, 10);
	call->originator = db_int(db, st, 11) != 0;
	row->answered_ms = db_int(db, st, 12);
	row->over_ms = db_int(db, st, 13);
	row->heard_ms = db_int(db, st, 14);
	row->n_steps = steps_read(db_text(db, st, 15), row->id >> KEY_BITS, row->steps);
	row->lost_ms = db_int(db, st, 16);
}

/* The newest of that id; *found false: none, or the id is another call's by now. */
static bool find_row(struct db *db, const struct live_call *call, int64_t event_ms, struct row *row, bool *found, struct fault *fault)
{
	struct statement *st = db_statement(db, HALF_FROM " WHERE half = $1 ORDER BY id DESC LIMIT 1", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "t", call->call_id);
	enum step step = db_step(db, st, fault);
	*found = step == STEP_ROW;
	if (*found)
		row_of(db, st, row);
	db->engine->reset(st);
	int64_t begun_ms = call->created_ms > 0 ? call->created_ms : event_ms - MINUTE_MS;
	if (*found && row->over_ms > 0 && begun_ms > row->over_ms && call->state != LIVE_DISCONNECTED)
		*found = false;
	return step != STEP_FAULT;
}

static void new_row(const struct live_told *told, int64_t event_ms, struct row *row)
{
	const struct live_call *call = &told->call;
	int64_t created_ms = call->created_ms > 0 ? believed(call->created_ms, event_ms) : event_ms;
	*row = (struct row){ .id = created_ms << KEY_BITS | (int64_t)(hash_text(call->call_id) & ((1u << KEY_BITS) - 1)) };
	fill(row->call.call_id, sizeof row->call.call_id, call->call_id);
	fill(row->local_id, sizeof row->local_id, told->local_id);
}

/* What was told, over what is known; false: it was known. */
static bool merge(struct row *row, const struct live_call *call, int64_t event_ms, bool polled)
{
	bool news = row->lost_ms > 0;
	row->lost_ms = 0; /* it is heard of again */
	if (call->answered_ms > 0 && row->answered_ms == 0) {
		/* Told later, or by a poll: then it is known better than by the event. */
		row->answered_ms = believed(call->answered_ms, event_ms);
		(void)step_add(row->steps, &row->n_steps, (struct live_step){ LIVE_CONNECTED, row->answered_ms }, false);
		news = true;
	}
	news |= step_add(row->steps, &row->n_steps, (struct live_step){ call->state, event_ms }, polled);
	if (call->state == LIVE_DISCONNECTED && (row->over_ms == 0 || event_ms < row->over_ms)) {
		/* A poll finds out late; what an event says of the end is earlier, and true. */
		row->over_ms = event_ms;
		news = true;
	}
	news |= fill(row->call.person_uuid, sizeof row->call.person_uuid, call->person_uuid);
	news |= fill(row->call.person_name, sizeof row->call.person_name, call->person_name);
	news |= fill(row->call.location, sizeof row->call.location, call->location);
	news |= fill(row->call.remote_name, sizeof row->call.remote_name, call->remote_name);
	if (fill(row->call.remote_number, sizeof row->call.remote_number, live_call_number(call))) {
		fill(row->call.remote.country, sizeof row->call.remote.country, call->remote.country);
		row->call.remote.tier = call->remote.tier;
		row->call.remote.rate_micro_usd = call->remote.rate_micro_usd;
		news = true;
	}
	news |= call->originator && !row->call.originator;
	row->call.originator |= call->originator;
	news |= call->seen_ms - row->heard_ms > HEARD_MS;
	row->heard_ms = MAX(row->heard_ms, call->seen_ms);
	return news;
}

static bool put_row(struct db *db, const struct row *row, struct fault *fault)
{
	char steps[STEPS_BYTES];
	const struct live_call *call = &row->call;
	struct statement *st = db_statement(db, "INSERT INTO live_halves (" HALF_COLUMNS ") VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17)"
	    " ON CONFLICT (id) DO UPDATE SET person_uuid = excluded.person_uuid, person_name = excluded.person_name, location = excluded.location,"
	    " number = excluded.number, name = excluded.name, country = excluded.country, tier = excluded.tier, rate_micro = excluded.rate_micro,"
	    " originator = excluded.originator, answered_ms = excluded.answered_ms, over_ms = excluded.over_ms, heard_ms = excluded.heard_ms, steps = excluded.steps,"
	    " lost_ms = excluded.lost_ms WHERE live_halves.half = excluded.half", fault);
	if (st == NULL)
		return false;
	steps_write(row->steps, row->n_steps, row->id >> KEY_BITS, steps);
	db_bind(db, st, "itttttttt" "iii" "iii" "ti", row->id, call->call_id, row->local_id, call->person_uuid, call->person_name, call->location, call->remote_number,
	    call->remote_name, call->remote.country, (int64_t)call->remote.tier, (int64_t)call->remote.rate_micro_usd, (int64_t)call->originator, row->answered_ms,
	    row->over_ms, row->heard_ms, steps, row->lost_ms);
	return db_run(db, st, fault);
}

static bool write_told(struct db *db, const struct live_told *told, struct fault *fault)
{
	const struct live_call *call = &told->call;
	struct row row = { 0 };
	bool found;
	int64_t event_ms = believed(call->event_ms, call->seen_ms);
	if (!find_row(db, call, event_ms, &row, &found, fault))
		return false;
	/* What was over before we heard of it: a beginning that is not known is none. */
	if (!found && call->state == LIVE_DISCONNECTED && call->created_ms == 0)
		return true;
	if (!found)
		new_row(told, event_ms, &row);
	/* Two halves of one place in the key: one of 20 bits' chance, and the first stays. */
	if (told->by == TOLD_LOST) {
		bool is_new = row.over_ms == 0 && row.lost_ms == 0;
		row.lost_ms = is_new ? call->seen_ms : row.lost_ms;
		return !found || !is_new || put_row(db, &row, fault);
	}
	return !merge(&row, call, event_ms, told->by == TOLD_BY_POLL) || put_row(db, &row, fault);
}

bool live_rows_write(struct store *store, const struct live_told *told, size_t n, struct fault *fault)
{
	struct db *db = &store->db;
	bool ok = db_begin(db, fault);
	for (size_t i = 0; ok && i < n; i++)
		ok = told[i].call.call_id[0] == '\0' || write_told(db, &told[i], fault);
	return db_end(db, ok, fault);
}

bool live_rows_give_up(struct db *db, int64_t heard_before_ms, size_t most, struct fault *fault)
{
	struct statement *st = db_statement(db, "UPDATE live_halves SET lost_ms = $1 WHERE id IN (SELECT id FROM live_halves"
	    " WHERE over_ms = 0 AND lost_ms = 0 AND heard_ms < $1 ORDER BY heard_ms LIMIT $2)", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "ii", heard_before_ms, (int64_t)most);
	return db_run(db, st, fault);
}

/* ---- reading --------------------------------------------------------------------------- */

static void half_of(const struct row *row, struct arena *arena, struct live_half *out)
{
	const struct live_call *call = &row->call;
	*out = (struct live_half){ .created_ms = row->id >> KEY_BITS, .answered_ms = row->answered_ms, .over_ms = row->over_ms, .heard_ms = row->heard_ms,
		.lost_ms = row->lost_ms, .half = arena_strdup(arena, call->call_id), .local_id = arena_strdup(arena, row->local_id),
		.person_uuid = arena_strdup(arena, call->person_uuid), .person_name = arena_strdup(arena, call->person_name),
		.location = arena_strdup(arena, call->location), .number = arena_strdup(arena, call->remote_number), .name = arena_strdup(arena, call->remote_name),
		.tier = call->remote.tier, .rate_micro = call->remote.rate_micro_usd, .originator = call->originator };
	memcpy(out->country, call->remote.country, sizeof out->country);
	out->steps = arena_alloc(arena, (row->n_steps + 1) * sizeof *out->steps);
	for (size_t i = 0; i < row->n_steps; i++)
		if (out->n_steps == 0 || out->steps[out->n_steps - 1].state != row->steps[i].state)
			out->steps[out->n_steps++] = row->steps[i];
}

/* The call of its record: by its id near its start, else the person's with that number
 * begun within two seconds. */
static bool find_record(struct db *db, struct live_half *half, struct fault *fault)
{
	int64_t user_id, at = half->created_ms;
	if (!profile_find_word(db, half->person_uuid, &user_id, fault))
		return false;
	struct statement *st = db_statement(db, "SELECT call_id FROM legs WHERE id >= $1 AND id < $2 AND ((local_call_id = $3 AND $3 <> '') OR"
	    " (far = $4 AND $4 <> '' AND user_id = $5 AND id >= $6 AND id < $7)) ORDER BY coalesce(local_call_id, '') = $3 DESC, id LIMIT 1", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "iittiii", (at - SAME_ID_MS) << KEY_BITS, (at + SAME_ID_MS + 1) << KEY_BITS, half->local_id, half->number, user_id,
	    (at - SAME_CALL_MS) << KEY_BITS, (at + SAME_CALL_MS + 1) << KEY_BITS);
	enum step step = db_step(db, st, fault);
	half->call_id = step == STEP_ROW ? db_int(db, st, 0) : 0;
	db->engine->reset(st);
	return step != STEP_FAULT;
}

/* All rows under a statement, at most so many. */
static bool read_rows(struct db *db, struct statement *st, size_t most, struct arena *arena, struct live_half *out, size_t *n, struct fault *fault)
{
	enum step step = STEP_DONE;
	while (*n < most && (step = db_step(db, st, fault)) == STEP_ROW) {
		struct row row = { 0 };
		row_of(db, st, &row);
		half_of(&row, arena, &out[(*n)++]);
	}
	db->engine->reset(st);
	return step != STEP_FAULT;
}

bool live_rows_read(struct db *db, enum live_of of, const char *id, int64_t from_ms, int64_t until_ms, bool all, size_t most, struct arena *arena,
    struct live_half **out, size_t *n, struct fault *fault)
{
	struct live_half *rows = arena_alloc(arena, (most + 1) * sizeof *rows);
	size_t n_rows = 0;
	*out = rows;
	*n = 0;
	if (*id == '\0')
		return true;
	struct statement *st = of == LIVE_OF_PERSON ?
	    db_statement(db, HALF_FROM " WHERE person_uuid = $1 AND id >= $2 AND id < $3 ORDER BY id DESC LIMIT $4", fault) :
	    db_statement(db, HALF_FROM " WHERE number = $1 AND id >= $2 AND id < $3 ORDER BY id DESC LIMIT $4", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "tiii", id, MAX(from_ms, (int64_t)0) << KEY_BITS, (until_ms + 1) << KEY_BITS, (int64_t)most);
	if (!read_rows(db, st, most, arena, rows, &n_rows, fault))
		return false;
	for (size_t i = 0; i < n_rows / 2; i++) {
		struct live_half half = rows[i];
		rows[i] = rows[n_rows - 1 - i];
		rows[n_rows - 1 - i] = half;
	}
	for (size_t i = 0; i < n_rows; i++) {
		if (!find_record(db, &rows[i], fault))
			return false;
		if (all || rows[i].call_id == 0)
			rows[(*n)++] = rows[i];
	}
	return true;
}

static int by_start(const void *a, const void *b)
{
	const struct live_half *x = a, *y = b;
	if (x->created_ms != y->created_ms)
		return x->created_ms < y->created_ms ? -1 : 1;
	return strcmp(x->half, y->half);
}

bool live_rows_of_legs(struct db *db, const struct leg_row *legs, size_t n_legs, size_t most, struct arena *arena, struct live_half **out, size_t *n,
    struct fault *fault)
{
	struct live_half *rows = arena_alloc(arena, (most + 1) * sizeof *rows);
	*out = rows;
	*n = 0;
	for (size_t i = 0; i < n_legs && *n < most; i++) {
		const struct leg_row *leg = &legs[i];
		size_t first = *n;
		struct statement *st = db_statement(db, HALF_FROM " WHERE local_id = $1 AND $1 <> '' AND id >= $2 AND id < $3 UNION " HALF_FROM
		    " WHERE person_uuid = $4 AND $4 <> '' AND number = $5 AND $5 <> '' AND id >= $6 AND id < $7", fault);
		if (st == NULL)
			return false;
		int64_t at = leg->start_ms;
		db_bind(db, st, "tiittii", leg->local_call_id, (at - SAME_ID_MS) << KEY_BITS, (at + SAME_ID_MS + 1) << KEY_BITS, leg->user_uuid, leg->far,
		    (at - SAME_CALL_MS) << KEY_BITS, (at + SAME_CALL_MS + 1) << KEY_BITS);
		if (!read_rows(db, st, most, arena, rows, n, fault))
			return false;
		/* Two legs may be the records of one. */
		for (size_t k = first; k < *n;) {
			bool again = false;
			for (size_t j = 0; j < first && !again; j++)
				again = strcmp(rows[j].half, rows[k].half) == 0 && rows[j].created_ms == rows[k].created_ms;
			if (again)
				rows[k] = rows[--*n];
			else
				rows[k++].call_id = leg->call_id;
		}
	}
	if (*n > 1)
		qsort(rows, *n, sizeof *rows, by_start);
	return true;
}

struct live_half *live_halves_copy(struct arena *arena, const struct live_half *halves, size_t n)
{
	struct live_half *copies = arena_alloc(arena, (n + 1) * sizeof *copies);
	for (size_t i = 0; i < n; i++) {
		struct live_half *copy = &copies[i];
		*copy = halves[i];
		const char **const texts[] = { &copy->half, &copy->local_id, &copy->person_uuid, &copy->person_name, &copy->location, &copy->number, &copy->name };
		for (size_t k = 0; k < COUNT_OF(texts); k++)
			*texts[k] = arena_strdup(arena, *texts[k]);
		copy->steps = arena_alloc(arena, (copy->n_steps + 1) * sizeof *copy->steps);
		if (copy->n_steps > 0)
			memcpy(copy->steps, halves[i].steps, copy->n_steps * sizeof *copy->steps);
	}
	return copies;
}
