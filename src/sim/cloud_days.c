/* SPDX-License-Identifier: Apache-2.0
 *
 * The days of traffic that were asked for last, as legs: a fifth of what they
 * are as text, which is written for a page alone. A day of 100 000 people is
 * 700 MB and some seconds of work: pages of one window must not make it again,
 * and of a day that is over a stream needs only what came late. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "sim/cloud_parts.h"
#include "sim/legs.h"

#define MAX_BYTES (384u << 20) /* but never less than one request needs */

struct slot {
	int64_t day;
	bool late_only;
	uint64_t used;
	size_t bytes;
	struct sim_legs *made;
};

struct day_cache {
	struct slot *slots;
	size_t n, capacity, bytes;
	uint64_t n_uses;
};

struct day_cache *day_cache_new(void)
{
	return mem_zalloc(sizeof(struct day_cache));
}

static void slot_clear(struct slot *slot)
{
	sim_legs_free(slot->made);
	free(slot->made);
}

static void forget(struct day_cache *cache, size_t i)
{
	cache->bytes -= cache->slots[i].bytes;
	slot_clear(&cache->slots[i]);
	cache->slots[i] = cache->slots[--cache->n];
}

void day_cache_free(struct day_cache *cache)
{
	for (size_t i = 0; i < cache->n; i++)
		slot_clear(&cache->slots[i]);
	free(cache->slots);
	free(cache);
}

static void make_room(struct day_cache *cache, int64_t first, int64_t last)
{
	while (cache->bytes > MAX_BYTES) {
		size_t oldest = cache->n;
		for (size_t i = 0; i < cache->n; i++) {
			const struct slot *slot = &cache->slots[i];
			if (slot->day >= first && slot->day <= last)
				continue;
			if (oldest == cache->n || slot->used < cache->slots[oldest].used)
				oldest = i;
		}
		if (oldest == cache->n)
			return;
		forget(cache, oldest);
	}
}

/* Keep of a day that is over what arrived afterwards. */
static void keep_late(struct sim_legs *legs, int64_t over_ms)
{
	size_t n = 0;
	for (size_t i = 0; i < legs->n; i++)
		n += legs->order[i]->insert_ms >= over_ms;
	sim_legs_drop(legs, legs->n - n); /* they are in order of arrival */
}

const struct sim_legs *day_cache_get(struct day_cache *cache, const struct traffic *traffic,
    int64_t day, bool late_only, int64_t first, int64_t last)
{
	for (size_t i = 0; i < cache->n; i++)
		if (cache->slots[i].day == day && (late_only || !cache->slots[i].late_only)) {
			cache->slots[i].used = ++cache->n_uses;
			return cache->slots[i].made;
		}
	struct slot slot = { .day = day, .late_only = late_only, .used = ++cache->n_uses };
	slot.made = mem_zalloc(sizeof *slot.made);
	traffic_legs_only(traffic, day, slot.made);
	if (late_only)
		keep_late(slot.made, (day + 1) * DAY_MS);
	slot.bytes = slot.made->n * (sizeof *slot.made->legs + sizeof *slot.made->order) + slot.made->arena.total;
	cache->bytes += slot.bytes;
	cache->slots = mem_grow(cache->slots, cache->n, &cache->capacity, sizeof slot);
	cache->slots[cache->n++] = slot;
	make_room(cache, first, last);
	return slot.made;
}
