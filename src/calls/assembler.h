/* SPDX-License-Identifier: Apache-2.0
 *
 * Legs to calls to journeys, in memory and bounded.
 *
 * A call is a pure function of its set of legs (call_sum), so order and delay
 * cannot change it: a leg that comes late is added and the sum made again.
 * Calls rest here for a while in two generations; who is not touched while one
 * generation fills is forgotten, and restored from the store when a late leg
 * asks for it. */
#ifndef CALLS_ASSEMBLER_H
#define CALLS_ASSEMBLER_H

#include "calls/call.h"

enum part_flag {
	PART_ORIGINATING = 1 << 0,
	PART_ANSWERED = 1 << 1,	 /* by a person or a device */
	PART_TAKEN = 1 << 2,	 /* answered, maybe by a service only */
	PART_EXTERNAL = 1 << 3,	 /* to or from the outside */
	PART_FORWARDED = 1 << 4,
	PART_TRANSFERRED = 1 << 5,
	PART_QUEUE = 1 << 6,
	PART_ATTENDANT = 1 << 7,
	PART_VOICEMAIL = 1 << 8,
	PART_LOOK_ALIKE = 1 << 9,
	PART_ORPHAN = 1 << 10,	 /* came without a correlation id */
};

/* What a call keeps of a leg. Ids are the store's words; 0 none. */
struct call_leg {
	int64_t leg_id;
	int64_t start_ms, end_ms;
	int64_t cost_micro;
	int32_t duration_s, ring_s;
	uint32_t flags; /* enum part_flag */
	int32_t user_id, user_name_id, user_number_id, location_id, call_type_id, trunk_id;
	uint8_t class, tier;
	char country[3];
	char far[E164_BYTES];	  /* E.164, or cut as reported */
	char far_name[40];
};

/* What a call adds up to. */
struct call_sum {
	int64_t start_ms, last_start_ms, end_ms, cost_micro;
	int32_t talk_s, ring_s, n_legs;
	uint32_t flags; /* enum call_flag */
	enum call_direction direction;
	const struct call_leg *principal; /* the leg a person would name the call by */
};

/* n > 0 legs in any order. */
void call_sum_legs(const struct call_leg *legs, size_t n, struct call_sum *out);

struct open_call {
	int64_t id;		     /* key of the row; 0: not given yet */
	int64_t journey_id;
	uint64_t key_hash;
	unsigned char key[40];	     /* correlation id as stored; see call_key */
	uint8_t n_key;
	bool changed, stored;	     /* since the last assembler_settle; has a row */
	bool is_new;		     /* was in no store for sure when its first leg came */
	struct call_leg *legs;
	size_t n_legs, capacity;
	struct open_call *ring;	     /* the calls of its journey, in a circle */
	struct open_call *next;	     /* chain of the hash table */
	/* What the hourly sums hold of it, so that a change is a difference. */
	int64_t counted_hour, counted_cost;
	int32_t counted_location, counted_talk;
	int8_t counted_direction;    /* -1: nothing yet */
	bool counted_answered;
};

struct assembler;
struct assembler *assembler_new(size_t calls_per_generation);
void assembler_free(struct assembler *);
void assembler_forget(struct assembler *); /* after a rollback: all is in the store */

/* The call under a key, or NULL when it is not here; `hash` is hash_bytes of it. */
struct open_call *assembler_find(struct assembler *, const void *key, size_t n, uint64_t hash);
/* A new call under a key that is not here. */
struct open_call *assembler_add(struct assembler *, const void *key, size_t n, uint64_t hash);
/* A leg joins a call; the same leg twice is once. Copied. */
void assembler_leg(struct assembler *, struct open_call *, const struct call_leg *);
/* A leg that the store has: it joins, and nothing changes by it. */
void assembler_recall(struct assembler *, struct open_call *, const struct call_leg *);

/* By what a leg can be told from another call's record. Absent: n 0. */
struct leg_links {
	struct span local, remote, related; /* local call ids: its own, its peer's, another half's */
	struct span transfer;		    /* a local call id, or a correlation id */
	struct span correlation, interaction;
};

/* The same as numbers, which is what is compared; 0: absent. */
#define LINK_KEYS 7
struct link_keys {
	uint64_t hash[LINK_KEYS];
};
void link_keys_of(const struct leg_links *, struct link_keys *out);

/* Calls that share one of their legs' ids are a journey. */
void assembler_link(struct assembler *, struct open_call *, const struct link_keys *);

/* A leg of this call and with these links comes soon: what it will meet is
 * fetched from memory while something else is done. Changes nothing. */
void assembler_expect(const struct assembler *, uint64_t call_hash, const struct link_keys *);

/* The calls changed since the last assembler_settle, in order of arrival. */
struct open_call **assembler_changed(struct assembler *, size_t *n);
/* They are written: forget that they changed, and who is long untouched. */
void assembler_settle(struct assembler *);

#endif
