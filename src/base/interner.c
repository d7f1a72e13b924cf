/* SPDX-License-Identifier: Apache-2.0 */
#include "base/interner.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"

struct interned {
	uint64_t hash;
	uint32_t id, n; /* id 0: free */
	size_t at;	/* in texts */
};

/* No two generations of a process are the same, whoever's they are: numbers of
 * one interner are never taken for those of another. */
static uint32_t next_generation(void)
{
	static _Atomic uint32_t last;
	return atomic_fetch_add(&last, 1) + 1;
}

static struct interned *slot(const struct interner *in, const char *text, size_t n, uint64_t hash)
{
	size_t mask = in->n_slots - 1;
	for (size_t i = hash & mask;; i = (i + 1) & mask) {
		struct interned *s = &in->slots[i];
		if (s->id == 0 || (s->hash == hash && s->n == n && memcmp(in->texts + s->at, text, n) == 0))
			return s;
	}
}

static void grow(struct interner *in)
{
	struct interned *old = in->slots;
	size_t n = in->n_slots;
	in->n_slots = n == 0 ? 1024 : n * 2;
	if (in->generation == 0)
		in->generation = next_generation();
	in->slots = mem_zalloc(in->n_slots * sizeof *in->slots);
	for (size_t i = 0; i < n; i++) {
		size_t mask = in->n_slots - 1, to = old[i].hash & mask;
		if (old[i].id == 0)
			continue;
		while (in->slots[to].id != 0)
			to = (to + 1) & mask;
		in->slots[to] = old[i];
	}
	free(old);
}

uint32_t interner_id(struct interner *in, const char *text, size_t n)
{
	uint64_t hash = hash_bytes(text, n);
	if ((in->n + 1) * 4 > in->n_slots * 3)
		grow(in);
	struct interned *s = slot(in, text, n, hash);
	if (s->id != 0)
		return s->id;
	if (in->n_texts + n > in->texts_capacity) {
		in->texts_capacity = MAX(in->texts_capacity + in->texts_capacity / 2, in->n_texts + n + 4096);
		in->texts = mem_realloc(in->texts, in->texts_capacity);
	}
	memcpy(in->texts + in->n_texts, text, n);
	*s = (struct interned){ .hash = hash, .id = (uint32_t)++in->n, .n = (uint32_t)n, .at = in->n_texts };
	in->n_texts += n;
	return s->id;
}

void interner_empty(struct interner *in)
{
	if (in->n_slots > 0)
		memset(in->slots, 0, in->n_slots * sizeof *in->slots);
	in->n = in->n_texts = 0;
	in->generation = next_generation();
}

void interner_clear(struct interner *in)
{
	free(in->slots);
	free(in->texts);
	*in = (struct interner){ 0 };
}
