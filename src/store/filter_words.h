/* SPDX-License-Identifier: Apache-2.0
 *
 * Which words a filter's patterns fit, looked for once. A filter that is asked of some
 * thousand rows at a time would otherwise look through all words each time. */
#ifndef STORE_FILTER_WORDS_H
#define STORE_FILTER_WORDS_H

#include "filter/filter.h"
#include "store/engine.h"

struct filter_words {
	struct fitting_words {
		char *pattern;
		bool of_sites;	 /* and all names of their sites */
		bool too_many;	 /* to be told one by one */
		struct text ids; /* "1,2,3" */
	} *items;
	size_t n, capacity;
};

bool filter_words_read(struct db *, const struct filter *, struct filter_words *, struct fault *) MUST_USE;
/* NULL: not known, or too many. */
const char *filter_words_ids(const struct filter_words *, bool of_sites, const char *pattern);
void filter_words_clear(struct filter_words *);

#endif
