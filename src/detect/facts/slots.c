/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/facts/slots.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"

#define WAYS  8
#define FIRST 256

void slots_init(struct slots *slots, size_t size, size_t limit)
{
	assert(size % 8 == 0 && size >= sizeof(struct slot));
	*slots = (struct slots){ .size = size, .limit = MAX(limit, (size_t)FIRST) };
}

void slots_clear(struct slots *slots)
{
	free(slots->keys);
	free(slots->records);
	slots->keys = NULL;
	slots->records = NULL;
	slots->n = slots->capacity = 0;
}

static struct slot *at(const struct slots *slots, size_t i)
{
	return (struct slot *)(void *)(slots->records + i * slots->size);
}

/* The bucket of eight that a key lives in. */
static size_t bucket(const struct slots *slots, uint64_t key)
{
	return (size_t)hash_mix(key) & (slots->capacity - 1) & ~(size_t)(WAYS - 1);
}

void *slots_find(const struct slots *slots, uint64_t key)
{
	if (slots->n == 0 || key == 0)
		return NULL;
	size_t first = bucket(slots, key);
	for (size_t i = first; i < first + WAYS; i++) {
		if (slots->keys[i] == key)
			return at(slots, i);
	}
	return NULL;
}

/* Twice the room. A bucket splits in two, so everything fits again. */
static void grow(struct slots *slots)
{
	struct slots old = *slots;
	slots->capacity = old.capacity == 0 ? FIRST : old.capacity * 2;
	slots->keys = mem_zalloc(slots->capacity * sizeof *slots->keys);
	slots->records = mem_zalloc(slots->capacity * slots->size);
	for (size_t i = 0; i < old.capacity; i++) {
		if (old.keys[i] == 0)
			continue;
		size_t to = bucket(slots, old.keys[i]);
		while (slots->keys[to] != 0)
			to++;
		slots->keys[to] = old.keys[i];
		memcpy(at(slots, to), at(&old, i), slots->size);
	}
	free(old.keys);
	free(old.records);
}

void *slots_put(struct slots *slots, uint64_t key, int64_t at_ms, bool *is_new)
{
	assert(key != 0);
	if (slots->capacity == 0)
		grow(slots);
	struct slot *place = slots_find(slots, key);
	if (is_new != NULL)
		*is_new = place == NULL;
	if (place != NULL) {
		place->touched_ms = MAX(place->touched_ms, at_ms);
		return place;
	}
	for (;;) {
		size_t first = bucket(slots, key);
		struct slot *oldest = at(slots, first);
		for (size_t i = first; i < first + WAYS && place == NULL; i++) {
			if (slots->keys[i] == 0)
				place = at(slots, i);
		}
		for (size_t i = first + 1; i < first + WAYS && place == NULL; i++) {
			if (at(slots, i)->touched_ms < oldest->touched_ms)
				oldest = at(slots, i);
		}
		if (place != NULL) {
			slots->n++;
			break;
		}
		if (slots->capacity >= slots->limit) {
			place = oldest;
			break;
		}
		grow(slots);
	}
	memset(place, 0, slots->size);
	*place = (struct slot){ key, at_ms };
	slots->keys[(size_t)((unsigned char *)place - slots->records) / slots->size] = key;
	return place;
}

size_t slots_bytes(const struct slots *slots)
{
	return slots->capacity * (slots->size + sizeof *slots->keys);
}

void *slots_new(size_t size, size_t limit)
{
	struct slots *slots = mem_alloc(sizeof *slots);
	slots_init(slots, size, limit);
	return slots;
}

void slots_free(void *slots)
{
	slots_clear(slots);
	free(slots);
}

size_t slots_held(const void *slots)
{
	return slots_bytes(slots);
}
