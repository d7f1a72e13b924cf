/* SPDX-License-Identifier: Apache-2.0 */
#include "watch/episodes.h"

#include <stdio.h>
#include <stdlib.h>

#include "alerts/merge.h"
#include "base/mem.h"

struct episode *episodes_take(struct episodes *e, const struct finding *f)
{
	char key[24];
	bool is_new;
	snprintf(key, sizeof key, "%016llx", (unsigned long long)f->fingerprint);
	union map_value *at = map_put(&e->newest, key, &is_new);
	struct episode *open = is_new ? NULL : &e->items[at->number];
	if (open != NULL && open->last_ms >= f->last_ms - ALERT_EPISODE_MS) {
		open->first_ms = MIN(open->first_ms, f->first_ms);
		open->last_ms = MAX(open->last_ms, f->last_ms);
		return NULL;
	}
	e->items = mem_grow(e->items, e->n, &e->capacity, sizeof *e->items);
	at->number = (int64_t)e->n;
	e->items[e->n] = (struct episode){ .fingerprint = f->fingerprint, .first_ms = f->first_ms, .last_ms = f->last_ms };
	return &e->items[e->n++];
}

static int by_fingerprint(const void *a, const void *b)
{
	const struct episode *x = a, *y = b;
	if (x->fingerprint != y->fingerprint)
		return x->fingerprint < y->fingerprint ? -1 : 1;
	return (x->first_ms > y->first_ms) - (x->first_ms < y->first_ms);
}

void episodes_sort(struct episodes *e)
{
	if (e->n > 0)
		qsort(e->items, e->n, sizeof *e->items, by_fingerprint);
}

struct episode *episodes_same(const struct episodes *e, uint64_t fingerprint, int64_t first_ms, int64_t last_ms)
{
	size_t low = 0, high = e->n;
	while (low < high) {
		size_t middle = (low + high) / 2;
		if (e->items[middle].fingerprint < fingerprint)
			low = middle + 1;
		else
			high = middle;
	}
	struct episode *best = NULL;
	for (; low < e->n && e->items[low].fingerprint == fingerprint; low++) {
		struct episode *item = &e->items[low];
		if (item->first_ms - ALERT_EPISODE_MS > last_ms || item->last_ms + ALERT_EPISODE_MS < first_ms)
			continue;
		if (best == NULL || llabs(item->last_ms - last_ms) < llabs(best->last_ms - last_ms))
			best = item;
	}
	return best;
}

void episodes_clear(struct episodes *e)
{
	free(e->items);
	map_clear(&e->newest);
	*e = (struct episodes){ 0 };
}
