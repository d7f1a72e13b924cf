/* SPDX-License-Identifier: Apache-2.0 */
#include "store/lease_rows.h"

#include <stdio.h>

#include "base/mem.h"

bool lease_take(struct store *store, const char *holder, int64_t now_ms, int64_t until_ms, bool *mine, bool *taken_over,
    struct fault *fault)
{
	struct db *db = &store->db;
	*mine = *taken_over = false;
	/* Who may write nothing collects nothing. */
	if (!db_shape_stands(db, fault))
		return false;
	/* Though it was over: nobody else had it meanwhile. */
	struct statement *st = db_statement(db, "UPDATE lease SET until_ms = $2 WHERE id = 1 AND holder = $1", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "ti", holder, until_ms);
	if (!db_run(db, st, fault))
		return false;
	*mine = db->engine->changes(db->session) == 1;
	if (*mine)
		return true;
	st = db_statement(db, "UPDATE lease SET holder = $1, until_ms = $2 WHERE id = 1 AND until_ms < $3", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "tii", holder, until_ms, now_ms);
	if (!db_run(db, st, fault))
		return false;
	*mine = *taken_over = db->engine->changes(db->session) == 1;
	return true;
}

bool lease_look(struct store *store, int64_t now_ms, char current[128], struct fault *fault)
{
	struct db *db = &store->db;
	struct statement *st = db_statement(db, "SELECT holder FROM lease WHERE id = 1 AND until_ms >= $1", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "i", now_ms);
	enum step step = db_step(db, st, fault);
	snprintf(current, 128, "%s", step == STEP_ROW ? db_text(db, st, 0) : "");
	db->engine->reset(st);
	return step != STEP_FAULT;
}

bool lease_give(struct store *store, const char *holder, struct fault *fault)
{
	struct db *db = &store->db;
	struct statement *st = db_statement(db, "UPDATE lease SET until_ms = 0 WHERE id = 1 AND holder = $1", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "t", holder);
	return db_run(db, st, fault);
}

bool setting_get(struct store *store, const char *name, char **value, struct fault *fault)
{
	struct db *db = &store->db;
	struct statement *st = db_statement(db, "SELECT value FROM settings WHERE name = $1", fault);
	*value = NULL;
	if (st == NULL)
		return false;
	db_bind(db, st, "t", name);
	enum step step = db_step(db, st, fault);
	if (step != STEP_FAULT)
		*value = mem_strdup(step == STEP_ROW ? db_text(db, st, 0) : "");
	db->engine->reset(st);
	return step != STEP_FAULT;
}

bool setting_put(struct store *store, const char *name, const char *value, struct fault *fault)
{
	struct db *db = &store->db;
	struct statement *st = db_statement(db, "INSERT INTO settings (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "tt", name, value);
	return db_run(db, st, fault);
}

bool store_marks(struct store *store, int64_t *revision, int64_t *others, struct fault *fault)
{
	if (!db_ask_int(&store->db, "SELECT value FROM counters WHERE name = 'page'", 0, others, fault))
		return false;
	if (*others == store->n_pages)
		*others = 0;
	return db_ask_int(&store->db, "SELECT value FROM counters WHERE name = 'revision'", 0, revision, fault);
}
