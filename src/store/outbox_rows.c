/* SPDX-License-Identifier: Apache-2.0
 *
 * What is due is claimed, sent by others, and settled. How notices become
 * messages stands in outbox_route.c, who looks at them in outbox_list.c. */
#include "store/outbox_inside.h"

#include <string.h>

#include "base/mem.h"
#include "store/alert_rows.h"

bool outbox_lease(struct store *store, const char *holder, int64_t now_ms, int64_t until_ms, bool *mine, bool *taken_over,
    struct fault *fault)
{
	struct db *db = &store->db;
	*mine = *taken_over = false;
	/* Though it was over: nobody else took it, and what was begun is on its way still. */
	struct statement *st = db_statement(db, "UPDATE outbox_lease SET until_ms = $2 WHERE id = 1 AND holder = $1", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "ti", holder, until_ms);
	if (!db_run(db, st, fault))
		return false;
	*mine = db->engine->changes(db->session) == 1;
	if (*mine)
		return true;
	st = db_statement(db, "UPDATE outbox_lease SET holder = $1, until_ms = $2 WHERE id = 1 AND until_ms < $3", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "tii", holder, until_ms, now_ms);
	if (!db_run(db, st, fault))
		return false;
	*mine = *taken_over = db->engine->changes(db->session) == 1;
	return true;
}

bool outbox_lease_give(struct store *store, const char *holder, struct fault *fault)
{
	struct db *db = &store->db;
	struct statement *st = db_statement(db, "UPDATE outbox_lease SET until_ms = 0 WHERE id = 1 AND holder = $1", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "t", holder);
	return db_run(db, st, fault);
}

static bool give_up_strangers(struct store *store, const char *const *destinations, size_t n, struct arena *arena, struct fault *fault)
{
	struct db *db = &store->db;
	const char *found[64];
	size_t n_found = 0;
	struct statement *st = db_statement(db, "SELECT DISTINCT destination FROM outbox WHERE state = 0", fault);
	if (st == NULL)
		return false;
	enum step step;
	while ((step = db_step(db, st, fault)) == STEP_ROW && n_found < COUNT_OF(found))
		found[n_found++] = arena_strdup(arena, db_text(db, st, 0));
	db->engine->reset(st);
	if (step == STEP_FAULT)
		return false;
	for (size_t i = 0; i < n_found; i++) {
		bool known = false;
		for (size_t k = 0; k < n; k++)
			known = known || strcmp(destinations[k], found[i]) == 0;
		if (known)
			continue;
		st = db_statement(db, "UPDATE outbox SET state = 2, error = 'there is no destination of this name any more'"
				      " WHERE state = 0 AND destination = $1", fault);
		if (st == NULL)
			return false;
		db_bind(db, st, "t", found[i]);
		if (!db_run(db, st, fault))
			return false;
	}
	return true;
}

bool outbox_adopt(struct store *store, const char *const *destinations, size_t n, struct fault *fault)
{
	struct arena arena;
	arena_init(&arena);
	bool ok = db_begin(&store->db, fault);
	ok = ok && db_exec(&store->db, "UPDATE outbox SET sending = 0 WHERE sending = 1", fault) && give_up_strangers(store, destinations, n, &arena, fault);
	ok = db_end(&store->db, ok, fault);
	arena_clear(&arena);
	return ok;
}

/* ---- claiming ------------------------------------------------------------------------- */

bool outbox_row_read(struct db *db, struct statement *st, struct arena *arena, struct outbox_row *row)
{
	int c = 0;
	*row = (struct outbox_row){ .thread_id = "" };
	row->id = db_int(db, st, c++);
	row->state = (enum outbox_state)db_int(db, st, c++);
	row->sending = db_int(db, st, c++) != 0;
	int64_t *const numbers[] = { &row->alert_id, &row->made_ms, &row->due_ms, &row->closes_ms, &row->sent_ms, &row->attempts,
		&row->edits, &row->n_notices, &row->n_told };
	for (size_t i = 0; i < COUNT_OF(numbers); i++)
		*numbers[i] = db_int(db, st, c++);
	const char **const texts[] = { &row->key, &row->destination, &row->remote_id, &row->error, &row->body };
	for (size_t i = 0; i < COUNT_OF(texts); i++)
		*texts[i] = arena_strdup(arena, db_text(db, st, c++));
	return row->state <= OUTBOX_DEAD;
}

static bool read_due(struct db *db, const struct outbox_claim *claim, struct arena *arena, struct outbox_row *rows, size_t *n,
    struct fault *fault)
{
	struct statement *st = db_statement(db, "SELECT " OUTBOX_COLUMNS ", body FROM outbox"
						" WHERE destination = $1 AND state = 0 AND due_ms <= $2 AND sending = 0 ORDER BY due_ms, id LIMIT $3", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "tii", claim->destination, claim->now_ms, (int64_t)claim->most);
	enum step step;
	*n = 0;
	while ((step = db_step(db, st, fault)) == STEP_ROW && *n < claim->most) {
		if (outbox_row_read(db, st, arena, &rows[*n]))
			++*n;
	}
	db->engine->reset(st);
	return step != STEP_FAULT;
}

/* What was said first about this alert there: replies hang on it. */
static bool find_thread(struct db *db, struct arena *arena, struct outbox_row *row, struct fault *fault)
{
	if (row->alert_id == 0)
		return true;
	struct statement *st = db_statement(db, "SELECT remote_id FROM outbox WHERE alert_id = $1 AND destination = $2 AND remote_id <> '' AND id < $3"
						" ORDER BY id LIMIT 1", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "iti", row->alert_id, row->destination, row->id);
	enum step step = db_step(db, st, fault);
	if (step == STEP_ROW)
		row->thread_id = arena_strdup(arena, db_text(db, st, 0));
	db->engine->reset(st);
	return step != STEP_FAULT;
}

/* Told as far as it goes: it waits for more, or is done. */
static bool rest(struct db *db, const struct outbox_claim *claim, const struct outbox_row *row, struct fault *fault)
{
	bool over = claim->now_ms >= row->closes_ms;
	struct statement *st = db_statement(db, "UPDATE outbox SET state = $2, due_ms = $3 WHERE id = $1", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "iii", row->id, (int64_t)(over ? OUTBOX_SENT : OUTBOX_WAITS),
	    MIN(row->closes_ms, claim->now_ms + OUTBOX_PACE(claim->gather_ms)));
	return db_run(db, st, fault);
}

static bool begin_attempt(struct store *store, const struct outbox_claim *claim, struct arena *arena, struct outbox_row *row, struct fault *fault)
{
	struct db *db = &store->db;
	if (row->body[0] == '\0') {
		struct notice *notices;
		size_t n;
		struct text body = { 0 };
		if (!find_thread(db, arena, row, fault) || !outbox_notices(db, row, arena, &notices, &n, fault))
			return false;
		claim->write(claim->arg, row, notices, n, &body);
		row->body = arena_strndup(arena, text_string(&body), body.n);
		text_clear(&body);
		row->n_told = row->n_notices;
	}
	row->attempts++;
	row->sending = true;
	struct statement *st = db_statement(db, "UPDATE outbox SET sending = 1, attempts = $2, body = $3, n_told = $4 WHERE id = $1", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "iiti", row->id, row->attempts, row->body, row->n_told);
	return db_run(db, st, fault);
}

static bool claim_in(struct store *store, const struct outbox_claim *claim, struct arena *arena, struct outbox_row *rows, size_t *n,
    struct fault *fault)
{
	size_t n_due, kept = 0;
	if (!read_due(&store->db, claim, arena, rows, &n_due, fault))
		return false;
	for (size_t i = 0; i < n_due; i++) {
		struct outbox_row row = rows[i];
		bool rests = row.remote_id[0] != '\0' && row.body[0] == '\0' && row.n_told == row.n_notices;
		if (!(rests ? rest(&store->db, claim, &row, fault) : begin_attempt(store, claim, arena, &row, fault)))
			return false;
		if (!rests)
			rows[kept++] = row;
	}
	*n = kept;
	return true;
}

static bool is_any_due(struct db *db, const struct outbox_claim *claim, bool *any, struct fault *fault)
{
	struct statement *st = db_statement(db, "SELECT 1 FROM outbox WHERE destination = $1 AND state = 0 AND due_ms <= $2 AND sending = 0 LIMIT 1", fault);
	*any = true;
	if (st == NULL)
		return false;
	db_bind(db, st, "ti", claim->destination, claim->now_ms);
	enum step step = db_step(db, st, fault);
	*any = step != STEP_DONE;
	db->engine->reset(st);
	return step != STEP_FAULT;
}

bool outbox_claim(struct store *store, const struct outbox_claim *claim, struct arena *arena, struct outbox_row **out, size_t *n,
    struct fault *fault)
{
	bool any;
	*n = 0;
	*out = NULL;
	/* Mostly there is none, and then nobody is kept from writing. */
	if (!is_any_due(&store->db, claim, &any, fault) || !any)
		return !any;
	*out = arena_zalloc(arena, (claim->most + 1) * sizeof **out);
	bool ok = db_begin(&store->db, fault) && db_end(&store->db, claim_in(store, claim, arena, *out, n, fault), fault);
	if (!ok)
		*n = 0;
	return ok;
}

/* ---- settling ------------------------------------------------------------------------- */

/* One that grows waits for its next change, and is written anew then; what came
 * while it was on its way is told, too. */
static bool settle_taken(struct db *db, const struct outbox_end *end, struct fault *fault)
{
	struct statement *st = db_statement(db,
	    "UPDATE outbox SET sending = 0, sent_ms = $2, due_ms = $3, edits = edits + 1, error = '',"
	    " remote_id = CASE WHEN $4 = '' THEN remote_id ELSE $4 END,"
	    " state = CASE WHEN $5 = 1 AND (n_notices > n_told OR remote_id <> '' OR $4 <> '') THEN 0 ELSE 1 END,"
	    " body = CASE WHEN $5 = 1 THEN '' ELSE body END, attempts = CASE WHEN $5 = 1 THEN 0 ELSE attempts END WHERE id = $1", fault);
	if (st == NULL)
		return false;
	bool grows = end->grows_ms > 0 && end->closes_ms > 0;
	db_bind(db, st, "iiiti", end->id, end->now_ms, !grows || end->closes_ms <= end->now_ms ? end->now_ms :
	    MIN(end->closes_ms, end->now_ms + OUTBOX_PACE(end->grows_ms)), end->remote_id, (int64_t)grows);
	return db_run(db, st, fault);
}

static bool settle_one(struct db *db, const struct outbox_end *end, struct fault *fault)
{
	if (end->result == OUTBOX_TAKEN)
		return settle_taken(db, end, fault);
	/* Whoever took over meanwhile may have sent it, or is at it: that stands. */
	struct statement *st = db_statement(db, "UPDATE outbox SET sending = 0, state = $2, due_ms = $3, error = $4,"
						" remote_id = CASE WHEN $5 = 1 THEN '' ELSE remote_id END"
						" WHERE id = $1 AND state = 0 AND attempts = $6 AND edits = $7", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "iiitiii", end->id, (int64_t)(end->result == OUTBOX_REFUSED ? OUTBOX_DEAD : OUTBOX_WAITS), end->due_ms, end->error, (int64_t)end->forget,
	    end->attempts, end->edits);
	return db_run(db, st, fault);
}

bool outbox_settle(struct store *store, const struct outbox_end *ends, size_t n, struct fault *fault)
{
	bool ok = db_begin(&store->db, fault);
	for (size_t i = 0; ok && i < n; i++)
		ok = settle_one(&store->db, &ends[i], fault);
	return db_end(&store->db, ok, fault);
}
