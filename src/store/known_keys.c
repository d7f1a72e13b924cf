/* SPDX-License-Identifier: Apache-2.0
 *
 * Which keys of legs are free for sure, from memory. Time goes on, and so do the keys:
 * nearly every leg of a page lies above all that was in the store when we began to be its
 * only writer, and what we wrote since is known here. To look for each of them cost the
 * server an eighth of what it takes to write them. */
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "store/store.h"

#define SLOTS	((size_t)1 << 18) /* 2 MiB */
#define MOST	(SLOTS / 2)

/* Above the floor there is nothing but these. */
struct known_keys {
	bool is_known;
	int64_t floor, highest;
	size_t n;
	int64_t slots[SLOTS]; /* 0: free; no key is, which begins with a time */
};

void known_keys_free(struct known_keys *keys)
{
	free(keys);
}

void known_keys_forget(struct known_keys *keys)
{
	if (keys != NULL)
		keys->is_known = false;
}

static void begin_at(struct known_keys *keys, int64_t floor)
{
	memset(keys->slots, 0, sizeof keys->slots);
	keys->n = 0;
	keys->floor = keys->highest = floor;
	keys->is_known = true;
}

bool known_keys_begin(struct store *store, struct fault *fault)
{
	int64_t highest;
	if (store->keys_known == NULL)
		store->keys_known = mem_zalloc(sizeof *store->keys_known);
	if (store->keys_known->is_known)
		return true;
	if (!db_ask_int(&store->db, "SELECT max(id) FROM legs", INT64_MIN, &highest, fault))
		return false;
	begin_at(store->keys_known, highest);
	return true;
}

static int64_t *slot(struct known_keys *keys, int64_t key)
{
	size_t i = (size_t)hash_mix((uint64_t)key) % SLOTS;
	while (keys->slots[i] != 0 && keys->slots[i] != key)
		i = (i + 1) % SLOTS;
	return &keys->slots[i];
}

bool known_keys_is_free(struct known_keys *keys, int64_t key)
{
	return keys->is_known && key > keys->floor && key != 0 && *slot(keys, key) == 0;
}

void known_keys_add(struct known_keys *keys, int64_t key)
{
	if (keys == NULL || !keys->is_known || key <= keys->floor || key == 0)
		return;
	if (keys->n == MOST)
		begin_at(keys, MAX(keys->highest, key));
	if (key <= keys->floor)
		return;
	int64_t *at = slot(keys, key);
	keys->n += *at == 0;
	*at = key;
	keys->highest = MAX(keys->highest, key);
}
