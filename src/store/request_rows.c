/* SPDX-License-Identifier: Apache-2.0 */
#include "store/request_rows.h"

#include <string.h>

#include "base/text.h"
#include "store/store.h"

bool request_row_find(struct store *store, const unsigned char key[static 32], int64_t now_ms, struct arena *arena, struct request_row *out, bool *found,
    struct fault *fault)
{
	struct db *db = &store->db;
	struct statement *st = db_statement(db, "SELECT body, status, revision, location, answer FROM requests WHERE key = $1 AND at_ms >= $2", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "bi", key, (size_t)32, now_ms - REQUEST_KEPT_MS);
	enum step step = db_step(db, st, fault);
	*found = step == STEP_ROW;
	if (*found) {
		size_t n;
		const void *body = db_blob(db, st, 0, &n);
		*out = (struct request_row){ .status = (int)db_int(db, st, 1), .revision = db_int(db, st, 2),
			.location = arena_strdup(arena, db_text(db, st, 3)), .answer = arena_strdup(arena, db_text(db, st, 4)) };
		memcpy(out->body, body, MIN(n, sizeof out->body));
		memcpy(out->key, key, sizeof out->key);
	}
	db->engine->reset(st);
	return step != STEP_FAULT;
}

bool request_row_keep(struct store *store, const struct request_row *row, int64_t now_ms, struct fault *fault)
{
	struct db *db = &store->db;
	struct statement *st = db_statement(db, "DELETE FROM requests WHERE at_ms < $1", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "i", now_ms - REQUEST_KEPT_MS);
	if (!db_run(db, st, fault) ||
	    (st = db_statement(db, "INSERT INTO requests (key, body, at_ms, status, revision, location, answer) VALUES ($1,$2,$3,$4,$5,$6,$7)", fault)) == NULL)
		return false;
	db_bind(db, st, "bbiiitt", row->key, sizeof row->key, row->body, sizeof row->body, now_ms, (int64_t)row->status, row->revision,
	    row->location, row->answer);
	return db_run(db, st, fault);
}

bool tombstone_put(struct store *store, int64_t alert_id, const char *who, int64_t now_ms, struct fault *fault)
{
	struct statement *st = db_statement(&store->db, "INSERT INTO tombstones (alert_id, who, at_ms) VALUES ($1, $2, $3) ON CONFLICT (alert_id) DO NOTHING", fault);
	if (st == NULL)
		return false;
	db_bind(&store->db, st, "iti", alert_id, who, now_ms);
	return db_run(&store->db, st, fault);
}

bool query_tombstone(struct db *db, int64_t alert_id, char who[static 65], struct fault *fault)
{
	struct statement *st = db_statement(db, "SELECT who FROM tombstones WHERE alert_id = $1", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "i", alert_id);
	enum step step = db_step(db, st, fault);
	const char *text = step == STEP_ROW ? db_text(db, st, 0) : "";
	text_printable(who, 65, text, strlen(text));
	db->engine->reset(st);
	return step != STEP_FAULT;
}
