/* SPDX-License-Identifier: Apache-2.0
 *
 * The compiled form of data/numbering: one trie a question (what is it, how
 * risky, how dear), all in flat arrays. Only e164*.c include this. */
#ifndef CALLS_E164_TABLE_H
#define CALLS_E164_TABLE_H

#include "base/map.h"
#include "base/text.h"
#include "calls/e164.h"

#define E164_DIGITS	15 /* ITU-T E.164 6.1: at most 15 digits */
#define DIAL_PREFIXES	40
#define DIAL_PREFIX_BYTES 12

/* Longest prefix of decimal digits to a number above 0. A child is 0 (none),
 * LEAF | value, or the index of a node. */
struct trie_node {
	uint32_t child[10];
	uint32_t value; /* of the prefix that ends here; 0: none */
};
#define TRIE_LEAF UINT32_C(0x80000000)

struct trie {
	struct trie_node *nodes; /* [0] is the root */
	size_t n, capacity;
};

void trie_put(struct trie *, const char *digits, size_t n, uint32_t value);
uint32_t trie_exact(const struct trie *, const char *digits, size_t n);

/* The value of the longest prefix in the trie, 0 when there is none. */
static inline uint32_t trie_find(const struct trie *trie, const char *digits, size_t n)
{
	uint32_t node = 0, value = 0;
	for (size_t i = 0; i < n; i++) {
		uint32_t child = trie->nodes[node].child[digits[i] - '0'];
		if (child == 0)
			return value;
		if (child & TRIE_LEAF)
			return child & ~TRIE_LEAF;
		node = child;
		if (trie->nodes[node].value != 0)
			value = trie->nodes[node].value;
	}
	return value;
}

struct territory {
	char iso[3]; /* "": a global service */
	bool main, shared; /* of its country code */
	int16_t code;
	uint8_t code_digits;
	uint8_t n_international, n_trunk;
	enum risk_tier tier;
	uint32_t shortest, longest;
	uint32_t usual;	   /* bit n: an ordinary number has n digits */
	int32_t rate;	   /* -1: none of its own */
	size_t name;	   /* place in `names` */
	char (*international)[DIAL_PREFIX_BYTES], (*trunk)[DIAL_PREFIX_BYTES];
};

/* One meaning of a prefix; where lengths decide there are several in a row. */
struct meaning {
	uint16_t territory;
	uint8_t class;
	uint32_t lengths; /* bit n: n digits after the country code; 0: any */
	uint32_t next;	  /* 0: no other */
};

#define N_NUMBER_CLASSES (NUMBER_WITHHELD + 1)
#define N_RISK_TIERS	 (TIER_EXTREME + 1)

struct numbering {
	struct trie meanings_of, tier_of, rate_of; /* rate_of: rate + 1 */
	struct trie tariff_of; /* the organisation's own prices, + 1; may be empty */
	struct meaning *meanings; /* [0] is never meant */
	size_t n_meanings, meanings_capacity;
	struct territory *territories;
	size_t n_territories, territories_capacity;
	int16_t by_iso[26 * 26]; /* -1: none */
	struct text names;
	struct map services; /* "CO123", or "112" for everywhere */
	enum risk_tier class_tier[N_NUMBER_CLASSES];
	int32_t class_rate[N_NUMBER_CLASSES], domestic_rate[N_NUMBER_CLASSES]; /* -1: none */
	int32_t tier_rate[N_RISK_TIERS];
};

/* NULL when `iso` is none of ours. */
const struct territory *territory_of(const struct numbering *, const char *iso);

#endif
