/* SPDX-License-Identifier: Apache-2.0
 *
 * One field against its values: a predicate. Text without regard to case
 * unless `cased`; * and ? are wildcards; regular expressions are PCRE2 with
 * limits, so no rule and no record can make it think for long. */
#ifndef DETECT_SIGMA_MATCH_H
#define DETECT_SIGMA_MATCH_H

#include "detect/sigma/rule.h"

struct matcher; /* room for matching; one a thread */

struct matcher *matcher_new(void);
void matcher_free(struct matcher *);

bool predicate_matches(const struct predicate *, struct matcher *, const struct fact_view *);
void predicate_free(struct predicate *);

/* The same text means the same predicate. */
const char *predicate_key(const struct predicate *);
/* For the prefilter: the flag it tests and the value it wants, or 0. */
uint32_t predicate_flag(const struct predicate *, bool *wanted);
const struct fact *predicate_fact(const struct predicate *); /* NULL: keywords */
void predicate_set_index(struct predicate *, unsigned index);

/* How every predicate begins: asked a hundred times a leg, so it is no call. */
struct predicate_head {
	unsigned index;
};

static inline unsigned predicate_index(const struct predicate *p)
{
	return ((const struct predicate_head *)(const void *)p)->index;
}

/* How often a regular expression met its limit. */
int64_t matcher_limits_met(const struct matcher *);

#endif
