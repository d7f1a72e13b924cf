/* SPDX-License-Identifier: Apache-2.0
 *
 * Legs of a page that are sure to be new, kept to be copied at once. Sure is: the
 * key was free before the page, and nobody else writes meanwhile. The other way,
 * one by one, is for keys that are taken (leg_rows.c), and for engines that gain
 * nothing by this. */
#include "store/leg_copy.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "store/many.h"

static int by_id(const void *a, const void *b)
{
	const struct leg_key *x = a, *y = b;
	return (x->id > y->id) - (x->id < y->id);
}

static struct leg_key *find(struct store *store, int64_t id)
{
	struct leg_key key = { .id = id };
	return store->n_keys == 0 ? NULL : bsearch(&key, store->keys, store->n_keys, sizeof key, by_id);
}

/* Of those that are not free for sure. */
static bool ask_taken(struct store *store, struct copy *asked, size_t n, int64_t first, int64_t last, struct fault *fault)
{
	struct db *db = &store->db;
	/* The bounds say once which months are not looked into. */
	struct statement *st = db_statement(db, "SELECT id, report_ms, call_id, report_id FROM legs"
	    " WHERE id = ANY ($1) AND id >= $2 AND id <= $3", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "zii", first, last);
	many_bind(db, st, 1, 'i', asked, n);
	enum step step;
	while ((step = db_step(db, st, fault)) == STEP_ROW) {
		struct leg_key *key = find(store, db_int(db, st, 0));
		const void *report = db_blob(db, st, 3, &key->standing.n_report);
		key->standing.n_report = MIN(key->standing.n_report, sizeof key->standing.report);
		memcpy(key->standing.report, report, key->standing.n_report);
		key->standing.report_ms = db_int(db, st, 1);
		key->standing.call_id = db_int(db, st, 2);
		key->state = KEY_TAKEN;
	}
	db->engine->reset(st);
	return step == STEP_DONE;
}

static bool mark_taken(struct store *store, struct fault *fault)
{
	struct copy asked = { 0 };
	size_t n = 0;
	int64_t first = 0, last = 0;
	if (!known_keys_begin(store, fault))
		return false;
	many_begin(&asked);
	for (size_t i = 0; i < store->n_keys; i++) {
		int64_t id = store->keys[i].id;
		if (!store->careful && known_keys_is_free(store->keys_known, id))
			continue;
		copy_int(&asked, id);
		first = n++ == 0 ? id : first;
		last = id;
	}
	bool ok = n == 0 || ask_taken(store, &asked, n, first, last, fault);
	text_clear(&asked.rows);
	return ok;
}

bool leg_copy_begin(struct store *store, const struct page *page, struct fault *fault)
{
	copy_reset(&store->new_legs);
	store->n_keys = 0;
	if (store->db.engine->copy == NULL || page->n_legs == 0)
		return true;
	store->keys = mem_realloc(store->keys, page->n_legs * sizeof *store->keys);
	for (size_t i = 0; i < page->n_legs; i++)
		store->keys[i] = (struct leg_key){ .id = leg_key_of(&page->legs[i]) };
	qsort(store->keys, page->n_legs, sizeof *store->keys, by_id);
	for (size_t i = 0; i < page->n_legs; i++)
		if (store->n_keys == 0 || store->keys[store->n_keys - 1].id != store->keys[i].id)
			store->keys[store->n_keys++] = store->keys[i];
	return mark_taken(store, fault);
}

bool leg_copy_takes(struct store *store, int64_t id)
{
	struct leg_key *key = find(store, id);
	if (key == NULL || key->state != KEY_FREE)
		return false;
	key->state = KEY_COMING;
	return true;
}

struct standing *leg_copy_standing(struct store *store, int64_t id)
{
	struct leg_key *key = find(store, id);
	return key != NULL && key->state == KEY_TAKEN ? &key->standing : NULL;
}

bool leg_copy_show(struct store *store, int64_t id, struct fault *fault)
{
	const struct leg_key *key = find(store, id);
	return (key != NULL && key->state != KEY_COMING) || leg_copy_end(store, fault);
}

bool leg_copy_end(struct store *store, struct fault *fault)
{
	if (store->new_legs.n == 0)
		return true;
	struct db *db = &store->db;
	bool ok = db->engine->copy(db->session, "legs (" LEG_ROW_COLUMNS ")", &store->new_legs, fault);
	copy_reset(&store->new_legs);
	return ok;
}
