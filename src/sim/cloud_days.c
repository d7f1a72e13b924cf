/* SPDX-License-Identifier: Apache-2.0
 *
 * The days of traffic that were asked for last. A day of 300 people is some
 * 20 MB and a second of work: pages of one window must not make it again. */
#include <stdlib.h>

#include "base/mem.h"
#include "sim/cloud_parts.h"

#define MAX_BYTES (384u << 20) /* but never less than one request needs */

struct slot {
	int64_t day;
	uint64_t used;
	size_t bytes;
	struct sim_day *made;
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
	sim_day_free(slot->made);
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

const struct sim_day *day_cache_get(struct day_cache *cache, const struct traffic *traffic,
    int64_t day, int64_t first, int64_t last)
{
	for (size_t i = 0; i < cache->n; i++)
		if (cache->slots[i].day == day) {
			cache->slots[i].used = ++cache->n_uses;
			return cache->slots[i].made;
		}
	struct slot slot = { .day = day, .used = ++cache->n_uses };
	slot.made = mem_zalloc(sizeof *slot.made);
	traffic_day(traffic, day, slot.made);
	slot.bytes = slot.made->n_calls * sizeof *slot.made->calls +
	    slot.made->n_records * sizeof *slot.made->records;
	for (size_t i = 0; i < slot.made->n_records; i++)
		slot.bytes += slot.made->records[i].n_json;
	cache->bytes += slot.bytes;
	cache->slots = mem_grow(cache->slots, cache->n, &cache->capacity, sizeof slot);
	cache->slots[cache->n++] = slot;
	make_room(cache, first, last);
	return slot.made;
}
