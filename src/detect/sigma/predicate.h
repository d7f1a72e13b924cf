/* SPDX-License-Identifier: Apache-2.0
 *
 * What a predicate is made of: predicate.c reads it from a rule, match.c holds
 * records against it, nobody else looks inside. */
#ifndef DETECT_SIGMA_PREDICATE_H
#define DETECT_SIGMA_PREDICATE_H

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "detect/sigma/match.h"
#include "detect/sigma/pattern.h"
#include "detect/sigma/values.h"

enum op {
	OP_IS, OP_CONTAINS, OP_STARTS, OP_ENDS, OP_RE, OP_CIDR, OP_EXISTS, OP_GT, OP_GTE, OP_LT,
	OP_LTE,
};

enum time_part { PART_MINUTE, PART_HOUR, PART_DAY, PART_WEEK, PART_MONTH, PART_YEAR };

struct network {
	int family;
	unsigned char bytes[16];
	int bits;
};

struct predicate {
	struct predicate_head head;
	const struct fact *fact; /* NULL: keywords */
	const struct fact *ref;	 /* fieldref: the value is this field's */
	enum op op;
	int part; /* a time modifier: enum time_part, or -1 */
	bool all, cased, negated, or_absent;
	bool by_ref, windash, expand;
	bool never; /* one of the values that must all be there can be nothing */
	enum encoding encodings[VALUE_MAX_ENCODINGS];
	size_t n_encodings;
	bool re_i, re_m, re_s;
	struct pattern *patterns;
	size_t n_patterns;
	uint64_t *exact; /* sorted hashes, when there are many exact words */
	size_t n_exact;
	int64_t *numbers;
	size_t n_numbers;
	uint64_t words; /* FACT_ENUM equality: bit by place */
	pcre2_code **codes;
	size_t n_codes;
	struct network *networks;
	size_t n_networks;
	bool wanted; /* exists: true/false; bool facts */
	char *key;
};

/* "-12.5" → micro units. False when it is anything else. */
bool decimal_micros(const char *, size_t n, int64_t *out) MUST_USE;
/* The order of `exact`, for qsort and bsearch. */
int hash_order(const void *, const void *);

#endif
