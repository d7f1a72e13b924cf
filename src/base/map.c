/* SPDX-License-Identifier: Apache-2.0 */
#include "base/map.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"

void map_clear(struct map *map)
{
	for (size_t i = 0; i < map->capacity; i++)
		free(map->entries[i].key);
	free(map->entries);
	*map = (struct map){ 0 };
}

static struct map_entry *slot(const struct map *map, const char *key, size_t n,
    uint64_t hash)
{
	size_t mask = map->capacity - 1;
	for (size_t i = hash & mask;; i = (i + 1) & mask) {
		struct map_entry *entry = &map->entries[i];
		if (entry->key == NULL)
			return entry;
		if (entry->hash == hash && entry->n == n && memcmp(entry->key, key, n) == 0)
			return entry;
	}
}

union map_value *map_get_n(const struct map *map, const char *key, size_t n)
{
	if (map->n == 0)
		return NULL;
	struct map_entry *entry = slot(map, key, n, hash_bytes(key, n));
	return entry->key == NULL ? NULL : &entry->value;
}

union map_value *map_get(const struct map *map, const char *key)
{
	return map_get_n(map, key, strlen(key));
}

static void map_double(struct map *map)
{
	struct map_entry *old = map->entries;
	size_t n = map->capacity;
	map->capacity = n == 0 ? 16 : n * 2;
	map->entries = mem_zalloc(map->capacity * sizeof *map->entries);
	for (size_t i = 0; i < n; i++) {
		if (old[i].key != NULL)
			*slot(map, old[i].key, old[i].n, old[i].hash) = old[i];
	}
	free(old);
}

union map_value *map_put_n(struct map *map, const char *key, size_t n, bool *is_new)
{
	uint64_t hash = hash_bytes(key, n);
	if ((map->n + 1) * 4 > map->capacity * 3)
		map_double(map);
	struct map_entry *entry = slot(map, key, n, hash);
	if (is_new != NULL)
		*is_new = entry->key == NULL;
	if (entry->key == NULL) {
		entry->key = mem_alloc(n + 1);
		memcpy(entry->key, key, n);
		entry->key[n] = '\0';
		entry->n = n;
		entry->hash = hash;
		entry->value = (union map_value){ 0 };
		map->n++;
	}
	return &entry->value;
}

union map_value *map_put(struct map *map, const char *key, bool *is_new)
{
	return map_put_n(map, key, strlen(key), is_new);
}

bool map_remove(struct map *map, const char *key, union map_value *old)
{
	size_t n = strlen(key);
	if (map->n == 0)
		return false;
	struct map_entry *entry = slot(map, key, n, hash_bytes(key, n));
	if (entry->key == NULL)
		return false;
	if (old != NULL)
		*old = entry->value;
	free(entry->key);
	map->n--;
	/* Close the hole: move back what probing would no longer find. */
	size_t mask = map->capacity - 1, hole = (size_t)(entry - map->entries);
	for (size_t i = (hole + 1) & mask; map->entries[i].key != NULL; i = (i + 1) & mask) {
		size_t home = map->entries[i].hash & mask;
		if (((i - home) & mask) >= ((i - hole) & mask)) {
			map->entries[hole] = map->entries[i];
			hole = i;
		}
	}
	map->entries[hole] = (struct map_entry){ 0 };
	return true;
}

const struct map_entry *map_next(const struct map *map, size_t *position)
{
	while (*position < map->capacity) {
		const struct map_entry *entry = &map->entries[(*position)++];
		if (entry->key != NULL)
			return entry;
	}
	return NULL;
}
