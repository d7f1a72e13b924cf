/* SPDX-License-Identifier: Apache-2.0
 *
 * Text to pointer or number: open addressing, keys copied. */
#ifndef BASE_MAP_H
#define BASE_MAP_H

#include "base/base.h"

union map_value {
	void *pointer;
	int64_t number;
};

struct map_entry {
	char *key; /* n bytes, which may be NULs too, and a NUL; NULL: free slot */
	size_t n;
	uint64_t hash;
	union map_value value;
};

struct map {
	struct map_entry *entries;
	size_t n, capacity; /* capacity: 0 or a power of two */
};

void map_clear(struct map *map); /* frees keys; values are the caller's */

/* The value under `key`, or NULL. Valid until the next map_put. */
union map_value *map_get(const struct map *map, const char *key);
union map_value *map_get_n(const struct map *map, const char *key, size_t n);

/* The value under `key`, made zero when new (*is_new, may be NULL). */
union map_value *map_put(struct map *map, const char *key, bool *is_new);
union map_value *map_put_n(struct map *map, const char *key, size_t n, bool *is_new);

bool map_remove(struct map *map, const char *key, union map_value *old);

/* Walk: start with 0; NULL at the end. Do not put or remove meanwhile. */
const struct map_entry *map_next(const struct map *map, size_t *position);

#endif
