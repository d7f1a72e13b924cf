/* SPDX-License-Identifier: Apache-2.0 */
#include "calls/assembler.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"

#define MAX_LEGS_OF_A_CALL 4096

const char *call_direction_name(enum call_direction direction)
{
	static const char *const names[] = {
#define DIRECTION_NAME(id, name) name,
		CALL_DIRECTIONS(DIRECTION_NAME)
#undef DIRECTION_NAME
	};
	return (size_t)direction < COUNT_OF(names) ? names[direction] : "";
}

/* Which leg names the call: out to the world, in from it, then who began. */
static int rank(const struct call_leg *leg)
{
	bool service = leg->flags & (PART_QUEUE | PART_ATTENDANT | PART_VOICEMAIL);
	if (leg->flags & PART_EXTERNAL)
		return leg->flags & PART_ORIGINATING ? 6 : service ? 4 : 5;
	return (leg->flags & PART_ORIGINATING ? 2 : 0) + !service;
}

static bool names_better(const struct call_leg *a, const struct call_leg *b)
{
	int ra = rank(a), rb = rank(b);
	if (ra != rb)
		return ra > rb;
	if (a->start_ms != b->start_ms)
		return a->start_ms < b->start_ms;
	return a->leg_id < b->leg_id;
}

void call_sum_legs(const struct call_leg *legs, size_t n, struct call_sum *out)
{
	static const struct {
		enum part_flag leg;
		enum call_flag call;
	} carried[] = { { PART_ANSWERED, CALL_ANSWERED }, { PART_FORWARDED, CALL_FORWARDED },
		{ PART_TRANSFERRED, CALL_TRANSFERRED }, { PART_QUEUE, CALL_QUEUED },
		{ PART_ATTENDANT, CALL_ATTENDANT }, { PART_VOICEMAIL, CALL_VOICEMAIL },
		{ PART_LOOK_ALIKE, CALL_LOOK_ALIKE }, { PART_ORPHAN, CALL_ORPHAN } };
	const struct call_leg *principal = &legs[0];
	uint32_t flags = 0;
	bool outward = false, inward = false;
	*out = (struct call_sum){ .start_ms = legs[0].start_ms, .n_legs = (int32_t)n };
	for (size_t i = 0; i < n; i++) {
		const struct call_leg *leg = &legs[i];
		if (names_better(leg, principal))
			principal = leg;
		out->start_ms = MIN(out->start_ms, leg->start_ms);
		out->last_start_ms = MAX(out->last_start_ms, leg->start_ms);
		out->end_ms = MAX(out->end_ms, MAX(leg->end_ms, leg->start_ms));
		flags |= leg->flags;
		if ((leg->flags & (PART_EXTERNAL | PART_ORIGINATING)) == (PART_EXTERNAL | PART_ORIGINATING)) {
			outward = true;
			out->cost_micro += leg->cost_micro;
		} else if (leg->flags & PART_EXTERNAL) {
			inward = true;
		}
	}
	out->principal = principal;
	out->talk_s = principal->duration_s;
	out->ring_s = principal->ring_s;
	out->direction = outward && inward ? CALL_TRANSIT : outward ? CALL_OUTBOUND :
	    inward ? CALL_INBOUND : CALL_INTERNAL;
	for (size_t i = 0; i < COUNT_OF(carried); i++) {
		if (flags & carried[i].leg)
			out->flags |= carried[i].call;
	}
}

/* ---- generations ----------------------------------------------------------- */

struct link {
	uint64_t hash; /* 0: free */
	struct open_call *call;
};

struct generation {
	struct open_call **buckets;
	size_t n, n_buckets; /* a power of two */
	struct link *links;
	size_t n_links, n_link_slots; /* a power of two */
};

struct assembler {
	struct generation young, old;
	size_t limit;
	struct open_call **changed;
	size_t n_changed, changed_capacity;
};

static void generation_init(struct generation *g, size_t limit)
{
	size_t buckets = 16;
	while (buckets < limit)
		buckets *= 2;
	*g = (struct generation){ .n_buckets = buckets, .n_link_slots = buckets * 8 };
	g->buckets = mem_zalloc(buckets * sizeof *g->buckets);
	g->links = mem_zalloc(g->n_link_slots * sizeof *g->links);
}

static void leave_ring(struct open_call *call)
{
	struct open_call *before = call;
	while (before->ring != call)
		before = before->ring;
	before->ring = call->ring;
	call->ring = call;
}

static void generation_free(struct generation *g)
{
	for (size_t i = 0; i < g->n_buckets; i++) {
		for (struct open_call *call = g->buckets[i]; call != NULL;) {
			struct open_call *next = call->next;
			leave_ring(call);
			free(call->legs);
			free(call);
			call = next;
		}
	}
	free(g->buckets);
	free(g->links);
	*g = (struct generation){ 0 };
}

struct assembler *assembler_new(size_t calls_per_generation)
{
	struct assembler *a = mem_zalloc(sizeof *a);
	a->limit = MAX(calls_per_generation, (size_t)16);
	generation_init(&a->young, a->limit);
	generation_init(&a->old, a->limit);
	return a;
}

void assembler_free(struct assembler *a)
{
	if (a == NULL)
		return;
	generation_free(&a->young);
	generation_free(&a->old);
	free(a->changed);
	free(a);
}

void assembler_forget(struct assembler *a)
{
	generation_free(&a->young);
	generation_free(&a->old);
	generation_init(&a->young, a->limit);
	generation_init(&a->old, a->limit);
	a->n_changed = 0;
}

static struct open_call **place(struct generation *g, uint64_t hash, const void *key, size_t n)
{
	struct open_call **at = &g->buckets[hash & (g->n_buckets - 1)];
	while (*at != NULL && ((*at)->key_hash != hash || (*at)->n_key != n ||
				  memcmp((*at)->key, key, n) != 0))
		at = &(*at)->next;
	return at;
}

static void put(struct generation *g, struct open_call *call)
{
	struct open_call **bucket = &g->buckets[call->key_hash & (g->n_buckets - 1)];
	call->next = *bucket;
	*bucket = call;
	g->n++;
}

struct open_call *assembler_find(struct assembler *a, const void *key, size_t n, uint64_t hash)
{
	struct open_call **at = place(&a->young, hash, key, n);
	if (*at != NULL)
		return *at;
	at = place(&a->old, hash, key, n);
	struct open_call *call = *at;
	if (call == NULL)
		return NULL;
	/* Touched: into the young generation. */
	*at = call->next;
	a->old.n--;
	put(&a->young, call);
	return call;
}

struct open_call *assembler_add(struct assembler *a, const void *key, size_t n, uint64_t hash)
{
	struct open_call *call = mem_zalloc(sizeof *call);
	assert(n <= sizeof call->key);
	memcpy(call->key, key, n);
	call->n_key = (uint8_t)n;
	call->key_hash = hash;
	call->ring = call;
	call->counted_direction = -1;
	put(&a->young, call);
	return call;
}

static void mark(struct assembler *a, struct open_call *call)
{
	if (call->changed)
		return;
	call->changed = true;
	a->changed = mem_grow(a->changed, a->n_changed, &a->changed_capacity, sizeof *a->changed);
	a->changed[a->n_changed++] = call;
}

void assembler_leg(struct assembler *a, struct open_call *call, const struct call_leg *leg)
{
	mark(a, call);
	assembler_recall(a, call, leg);
}

void assembler_recall(struct assembler *a, struct open_call *call, const struct call_leg *leg)
{
	UNUSED(a);
	for (size_t i = 0; i < call->n_legs; i++) {
		if (call->legs[i].leg_id == leg->leg_id) {
			call->legs[i] = *leg; /* a later report of the same leg */
			return;
		}
	}
	if (call->n_legs >= MAX_LEGS_OF_A_CALL)
		return; /* its row is in legs all the same */
	if (call->n_legs == call->capacity) {
		call->capacity = call->capacity == 0 ? 2 : call->capacity * 2;
		call->legs = mem_realloc(call->legs, call->capacity * sizeof *call->legs);
	}
	call->legs[call->n_legs++] = *leg;
}

static int64_t journey_of(const struct open_call *call)
{
	return call->journey_id != 0 ? MIN(call->journey_id, call->id) : call->id;
}

/* Two circles become one; everybody gets the smallest journey id. */
static void join(struct assembler *a, struct open_call *x, struct open_call *y)
{
	struct open_call *walk = x;
	do {
		if (walk == y)
			return;
		walk = walk->ring;
	} while (walk != x);
	struct open_call *after = x->ring;
	x->ring = y->ring;
	y->ring = after;
	int64_t smallest = journey_of(x);
	for (walk = x->ring; walk != x; walk = walk->ring)
		smallest = MIN(smallest, journey_of(walk));
	do {
		if (walk->journey_id != smallest)
			mark(a, walk);
		walk = walk->ring;
	} while (walk != x);
}

static struct link *link_slot(struct generation *g, uint64_t hash)
{
	size_t mask = g->n_link_slots - 1;
	size_t i = hash & mask;
	while (g->links[i].hash != 0 && g->links[i].hash != hash)
		i = (i + 1) & mask;
	return &g->links[i];
}

static void touch(struct assembler *a, struct open_call *call)
{
	(void)assembler_find(a, call->key, call->n_key, call->key_hash);
}

static void link_by(struct assembler *a, struct open_call *call, uint64_t hash)
{
	if (hash == 0)
		return;
	struct link *old = link_slot(&a->old, hash);
	struct link *young = link_slot(&a->young, hash);
	if (old->hash == hash && old->call != call) {
		touch(a, old->call);
		join(a, call, old->call);
	}
	if (young->hash == hash && young->call != call)
		join(a, call, young->call);
	if (young->hash == 0 && a->young.n_links < a->young.n_link_slots / 2) {
		*young = (struct link){ hash, call };
		a->young.n_links++;
	}
}

static uint64_t link_key(char kind, struct span id)
{
	return id.n == 0 ? 0 : hash_mix(hash_bytes(id.p, id.n) + (uint64_t)(unsigned char)kind) | 1;
}

void link_keys_of(const struct leg_links *links, struct link_keys *out)
{
	*out = (struct link_keys){ { link_key('l', links->local), link_key('l', links->remote),
		link_key('l', links->related), link_key('l', links->transfer),
		link_key('c', links->correlation), link_key('c', links->transfer),
		link_key('i', links->interaction) } };
}

void assembler_link(struct assembler *a, struct open_call *call, const struct link_keys *keys)
{
	for (size_t i = 0; i < LINK_KEYS; i++)
		link_by(a, call, keys->hash[i]);
}

void assembler_expect(const struct assembler *a, uint64_t call_hash, const struct link_keys *keys)
{
	__builtin_prefetch(&a->young.buckets[call_hash & (a->young.n_buckets - 1)]);
	__builtin_prefetch(&a->old.buckets[call_hash & (a->old.n_buckets - 1)]);
	for (size_t i = 0; i < LINK_KEYS; i++) {
		if (keys->hash[i] == 0)
			continue;
		__builtin_prefetch(&a->young.links[keys->hash[i] & (a->young.n_link_slots - 1)], 1);
		__builtin_prefetch(&a->old.links[keys->hash[i] & (a->old.n_link_slots - 1)]);
	}
}

struct open_call **assembler_changed(struct assembler *a, size_t *n)
{
	*n = a->n_changed;
	return a->changed;
}

/* Links of a call that lives on in the young generation move with it. */
static void keep_links(struct generation *from, struct generation *to)
{
	for (size_t i = 0; i < from->n_link_slots; i++) {
		struct link *link = &from->links[i];
		if (link->hash == 0)
			continue;
		if (*place(to, link->call->key_hash, link->call->key, link->call->n_key) != link->call)
			continue;
		struct link *slot = link_slot(to, link->hash);
		if (slot->hash == 0 && to->n_links < to->n_link_slots / 2) {
			*slot = *link;
			to->n_links++;
		}
	}
}

void assembler_settle(struct assembler *a)
{
	for (size_t i = 0; i < a->n_changed; i++)
		a->changed[i]->changed = false;
	a->n_changed = 0;
	if (a->young.n < a->limit && a->young.n_links < a->young.n_link_slots / 2)
		return;
	keep_links(&a->old, &a->young);
	generation_free(&a->old);
	a->old = a->young;
	generation_init(&a->young, a->limit);
}
