/* SPDX-License-Identifier: Apache-2.0
 *
 * Records of one size under 64-bit keys, in a table that grows to a limit and
 * then forgets, of eight neighbours, the one not touched for longest in event
 * time. Bounded and deterministic: the same legs leave the same memory. */
#ifndef DETECT_FACTS_SLOTS_H
#define DETECT_FACTS_SLOTS_H

#include "base/base.h"

/* Every record begins with this. */
struct slot {
	uint64_t key;
	int64_t touched_ms;
};

struct slots {
	uint64_t *keys; /* of each record, 0 free: eight are one cache line */
	unsigned char *records;
	size_t size, n, capacity, limit; /* capacity and limit: powers of two, ≥ 8 */
};

/* size: of a record, its struct slot included, a multiple of 8. */
void slots_init(struct slots *, size_t size, size_t limit);
void slots_clear(struct slots *);
void *slots_find(const struct slots *, uint64_t key); /* or NULL */

/* The record under `key`, zeroed but for its slot when new. Valid until the
 * next slots_put. touched_ms becomes at_ms if that is later. */
void *slots_put(struct slots *, uint64_t key, int64_t at_ms, bool *is_new);
size_t slots_bytes(const struct slots *);

/* The same as a fact's whole memory: what struct fact_source asks for. */
void *slots_new(size_t size, size_t limit);
void slots_free(void *slots);
size_t slots_held(const void *slots); /* bytes */

#endif
