/* SPDX-License-Identifier: Apache-2.0
 *
 * A filter as a condition on a store's rows. The text is made of our own words
 * alone: values are bound. Two-valued throughout: a text that is not there is
 * the empty one, so that NOT is true where the rest is not. */
#ifndef STORE_FILTER_SQL_H
#define STORE_FILTER_SQL_H

#include "store/filter_words.h"

struct filter_value {
	bool is_text;
	int64_t number;
	char *text;
};

struct filter_sql {
	struct text sql; /* a condition; "1=1" for an empty filter */
	struct filter_value *values; /* of $first, $first + 1 … */
	size_t n_values, capacity;
};

/* Of calls and alerts. first_parameter: number of the first $n to use. words: what was
 * found of them already; NULL: the statement looks for them. */
void filter_sql_make(const struct filter *, int first_parameter, const struct filter_words *words, struct filter_sql *out);
/* From its source. */
bool filter_sql_read(enum filter_of, const char *source, int first_parameter, int64_t now_ms,
    struct filter_sql *out, struct fault *) MUST_USE;
void filter_sql_clear(struct filter_sql *);

#endif
