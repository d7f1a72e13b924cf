/* SPDX-License-Identifier: Apache-2.0
 *
 * Text that recurs (names, trunks, kinds) is kept once; legs hold its number. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "store/store.h"

void words_forget(struct store *store)
{
	if (store->n_word_ids > 0)
		memset(store->word_ids, 0, store->n_word_ids * sizeof *store->word_ids);
}

void words_follow(struct store *store, uint32_t generation)
{
	if (store->words_generation != generation)
		words_forget(store);
	store->words_generation = generation;
}

static void make_room(struct store *store, uint32_t number)
{
	size_t n = MAX((size_t)number + 1, store->n_word_ids * 2);
	store->word_ids = mem_realloc(store->word_ids, n * sizeof *store->word_ids);
	memset(store->word_ids + store->n_word_ids, 0, (n - store->n_word_ids) * sizeof *store->word_ids);
	store->n_word_ids = n;
}

static bool find_or_add(struct store *store, struct span text, int64_t *id, struct fault *fault)
{
	struct db *db = &store->db;
	struct statement *find = db_statement(db, "SELECT id FROM words WHERE text = $1", fault);
	if (find == NULL)
		return false;
	db_bind(db, find, "T", text.p, (size_t)text.n);
	enum step step = db_step(db, find, fault);
	*id = step == STEP_ROW ? db_int(db, find, 0) : 0;
	db->engine->reset(find);
	if (step != STEP_DONE)
		return step == STEP_ROW;
	/* Within the page's transaction nobody else gives numbers. */
	if (!db_ask_int(db, "SELECT max(id) FROM words", 0, id, fault))
		return false;
	++*id;
	struct statement *add = db_statement(db, "INSERT INTO words (id, text) VALUES ($1, $2)", fault);
	if (add == NULL)
		return false;
	db_bind(db, add, "iT", *id, text.p, (size_t)text.n);
	return db_run(db, add, fault);
}

bool words_id(struct store *store, struct span text, uint32_t number, int32_t *id, struct fault *fault)
{
	*id = 0;
	if (number == 0)
		return true;
	if (number < store->n_word_ids && store->word_ids[number] != 0) {
		*id = store->word_ids[number];
		return true;
	}
	int64_t found;
	if (!find_or_add(store, text, &found, fault))
		return false;
	if (number >= store->n_word_ids)
		make_room(store, number);
	*id = store->word_ids[number] = (int32_t)found;
	return true;
}

bool counter_next(struct store *store, const char *name, int64_t *value, struct fault *fault)
{
	struct db *db = &store->db;
	struct statement *next = db_statement(db, "UPDATE counters SET value = value + 1 WHERE name = $1 RETURNING value", fault);
	if (next == NULL)
		return false;
	db_bind(db, next, "t", name);
	enum step step = db_step(db, next, fault);
	if (step == STEP_ROW)
		*value = db_int(db, next, 0);
	db->engine->reset(next);
	if (step == STEP_DONE)
		return fault_set(fault, FAULT_STORE, "the store has no counter \"%s\"", name);
	return step == STEP_ROW;
}
