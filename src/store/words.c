/* SPDX-License-Identifier: Apache-2.0
 *
 * Text that recurs (names, trunks, kinds) is kept once; legs hold its number. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "store/store.h"

void words_forget(struct store *store)
{
	store->last_word = 0;
	if (store->n_word_ids > 0)
		memset(store->word_ids, 0, store->n_word_ids * sizeof *store->word_ids);
}

void words_follow(struct store *store, uint32_t generation)
{
	if (store->words_generation != generation)
		words_forget(store);
	store->words_generation = generation;
	store->last_word = 0;
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
	if (store->last_word == 0 && !db_ask_int(db, "SELECT max(id) FROM words", 0, &store->last_word, fault))
		return false;
	*id = ++store->last_word;
	struct statement *add = db_statement(db, "INSERT INTO words (id, text) VALUES ($1, $2)", fault);
	if (add == NULL)
		return false;
	db_bind(db, add, "iT", *id, text.p, (size_t)text.n);
	return db_run_later(db, add, fault);
}

/* An element of an array, as PostgreSQL reads it. */
static void put_element(struct text *list, struct span text)
{
	text_puts(list, list->n == 0 ? "{\"" : ",\"");
	for (uint32_t i = 0; i < text.n; i++) {
		if (text.p[i] == '"' || text.p[i] == '\\')
			text_putc(list, '\\');
		text_putc(list, text.p[i]);
	}
	text_putc(list, '"');
}

/* The words that the store has; the others are given a number and copied. */
static bool find_all(struct store *store, const struct span *words, const uint32_t *numbers, size_t n, struct text *list, struct fault *fault)
{
	struct db *db = &store->db;
	struct copy fresh = { 0 };
	struct statement *st = db_statement(db, "SELECT k.at, w.id FROM unnest(CAST($1 AS TEXT[])) WITH ORDINALITY AS k(text, at)"
	    " CROSS JOIN LATERAL (SELECT id FROM words WHERE text = k.text LIMIT 1) AS w", fault);
	if (st == NULL)
		return false;
	text_putc(list, '}');
	db_bind(db, st, "T", list->bytes, list->n);
	enum step step;
	while ((step = db_step(db, st, fault)) == STEP_ROW)
		store->word_ids[numbers[db_int(db, st, 0) - 1]] = (int32_t)db_int(db, st, 1);
	db->engine->reset(st);
	if (step == STEP_FAULT || !db_ask_int(db, "SELECT max(id) FROM words", 0, &store->last_word, fault))
		return false;
	for (size_t i = 0; i < n; i++) {
		if (store->word_ids[numbers[i]] > 0)
			continue;
		store->word_ids[numbers[i]] = (int32_t)++store->last_word;
		copy_row(&fresh, 2);
		copy_int(&fresh, store->last_word);
		copy_text(&fresh, words[i].p, words[i].n);
	}
	bool ok = fresh.n == 0 || db->engine->copy(db->session, "words (id, text)", &fresh, fault);
	text_clear(&fresh.rows);
	return ok;
}

bool words_expect(struct store *store, const struct page *page, struct fault *fault)
{
	if (store->db.engine->copy == NULL)
		return true;
	struct span *words = mem_alloc((page->n_legs * LEG_N_WORDS + 1) * sizeof *words);
	uint32_t *numbers = mem_alloc((page->n_legs * LEG_N_WORDS + 1) * sizeof *numbers);
	struct text list = { 0 };
	size_t n = 0;
	for (size_t i = 0; i < page->n_legs * LEG_N_WORDS; i++) {
		const struct leg_columns *row = page->legs[i / LEG_N_WORDS].columns;
		uint32_t number = row->word[i % LEG_N_WORDS];
		if (number == 0 || (number < store->n_word_ids && store->word_ids[number] != 0))
			continue;
		if (number >= store->n_word_ids)
			make_room(store, number);
		store->word_ids[number] = -1; /* asked for once */
		numbers[n] = number;
		words[n++] = row->words[i % LEG_N_WORDS];
		put_element(&list, row->words[i % LEG_N_WORDS]);
	}
	bool ok = n == 0 || find_all(store, words, numbers, n, &list, fault);
	text_clear(&list);
	free(words);
	free(numbers);
	return ok;
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
	return counter_take(store, name, 1, value, fault);
}

bool counter_take(struct store *store, const char *name, int64_t n, int64_t *first, struct fault *fault)
{
	struct db *db = &store->db;
	struct statement *next = db_statement(db, "UPDATE counters SET value = value + $2 WHERE name = $1 RETURNING value", fault);
	if (next == NULL)
		return false;
	db_bind(db, next, "ti", name, n);
	enum step step = db_step(db, next, fault);
	if (step == STEP_ROW)
		*first = db_int(db, next, 0) - n + 1;
	db->engine->reset(next);
	if (step == STEP_DONE)
		return fault_set(fault, FAULT_STORE, "the store has no counter \"%s\"", name);
	return step == STEP_ROW;
}
