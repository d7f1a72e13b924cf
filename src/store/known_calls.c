/* SPDX-License-Identifier: Apache-2.0
 *
 * Which calls the store may hold, a Bloom filter a day. A day is read from its
 * index only once it was asked for often enough to pay for that; until then,
 * and for days that were pushed out, the answer is "maybe". */
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "store/store.h"

#define DAYS	      16  /* the most at a time */
#define WORTH_READING 256 /* questions before a day is read */
#define LEAST_CALLS   4096
#define BITS_PER_CALL 32 /* at least; with four of them set, one answer in 5000 is "maybe" for nothing */
#define LARGEST_BITS  ((size_t)1 << 26) /* 8 MiB; beyond, "maybe" comes more often */

struct call_day {
	int64_t day;
	uint64_t asked_at; /* 0: free slot */
	unsigned n_asked;
	uint64_t *bits;	   /* NULL: not read yet */
	size_t n_bits;	   /* a power of two */
	size_t n_calls;
};

struct known_calls {
	struct call_day days[DAYS];
	uint64_t clock;
};

struct known_calls *known_calls_new(void)
{
	return mem_zalloc(sizeof(struct known_calls));
}

void known_calls_forget(struct known_calls *days)
{
	for (size_t i = 0; i < DAYS; i++)
		free(days->days[i].bits);
	*days = (struct known_calls){ 0 };
}

void known_calls_free(struct known_calls *days)
{
	if (days != NULL)
		known_calls_forget(days);
	free(days);
}

static struct call_day *day_slot(struct known_calls *days, int64_t day)
{
	struct call_day *oldest = &days->days[0];
	days->clock++;
	for (size_t i = 0; i < DAYS; i++) {
		struct call_day *d = &days->days[i];
		if (d->asked_at != 0 && d->day == day) {
			d->asked_at = days->clock;
			return d;
		}
		if (d->asked_at < oldest->asked_at)
			oldest = d;
	}
	free(oldest->bits);
	*oldest = (struct call_day){ .day = day, .asked_at = days->clock };
	return oldest;
}

/* Four bits a call, from disjoint parts of its hash (26 bits at most each). */
static void mark(struct call_day *d, uint64_t hash)
{
	size_t mask = d->n_bits - 1;
	uint64_t more = hash_mix(hash);
	const size_t at[] = { hash & mask, (hash >> 32) & mask, more & mask, (more >> 32) & mask };
	for (size_t i = 0; i < COUNT_OF(at); i++)
		d->bits[at[i] / 64] |= UINT64_C(1) << at[i] % 64;
	d->n_calls++;
}

static bool marked(const struct call_day *d, uint64_t hash)
{
	size_t mask = d->n_bits - 1;
	uint64_t more = hash_mix(hash);
	const size_t at[] = { hash & mask, (hash >> 32) & mask, more & mask, (more >> 32) & mask };
	for (size_t i = 0; i < COUNT_OF(at); i++) {
		if ((d->bits[at[i] / 64] & UINT64_C(1) << at[i] % 64) == 0)
			return false;
	}
	return true;
}

static void drop(struct call_day *d)
{
	free(d->bits);
	d->bits = NULL;
}

static bool read_day(struct store *store, struct call_day *d, struct fault *fault)
{
	struct db *db = &store->db;
	struct statement *st = db_statement(db, "SELECT correlation_hash FROM calls WHERE day = $1", fault);
	if (st == NULL)
		return false;
	size_t n = 0, capacity = 0;
	uint64_t *hashes = NULL;
	enum step step;
	db_bind(db, st, "i", d->day);
	while ((step = db_step(db, st, fault)) == STEP_ROW) {
		hashes = mem_grow(hashes, n, &capacity, sizeof *hashes);
		hashes[n++] = (uint64_t)db_int(db, st, 0);
	}
	db->engine->reset(st);
	d->n_calls = 0;
	d->n_bits = LEAST_CALLS * BITS_PER_CALL;
	/* Room for as many again before it is read once more. */
	while (d->n_bits < 2 * n * BITS_PER_CALL && d->n_bits < LARGEST_BITS)
		d->n_bits *= 2;
	d->bits = mem_zalloc(d->n_bits / 8);
	for (size_t i = 0; i < n; i++)
		mark(d, hashes[i]);
	free(hashes);
	return step == STEP_DONE;
}

void known_calls_expect(struct store *store, int64_t day, size_t n)
{
	for (int64_t at = day - 1; at <= day + 1; at++)
		day_slot(store->known, at)->n_asked += (unsigned)MIN(n, (size_t)WORTH_READING);
}

bool known_calls_ask(struct store *store, int64_t day, uint64_t hash, bool *maybe,
    struct fault *fault)
{
	*maybe = false;
	for (int64_t at = day - 1; at <= day + 1; at++) {
		struct call_day *d = day_slot(store->known, at);
		if (d->bits != NULL && d->n_calls * BITS_PER_CALL > d->n_bits && d->n_bits < LARGEST_BITS)
			drop(d);
		if (d->bits == NULL && ++d->n_asked >= WORTH_READING && !read_day(store, d, fault))
			return false;
		/* As stored: without its lowest bit. */
		*maybe = *maybe || d->bits == NULL || marked(d, hash >> 1);
	}
	return true;
}

void known_calls_add(struct store *store, int64_t day, uint64_t hash)
{
	for (size_t i = 0; i < DAYS; i++) {
		struct call_day *d = &store->known->days[i];
		if (d->asked_at != 0 && d->day == day && d->bits != NULL)
			mark(d, hash >> 1);
	}
}
