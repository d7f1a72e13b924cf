/* SPDX-License-Identifier: Apache-2.0
 *
 * The filter language, as SQL: dst.country in [CU, LV] and duration > 20m
 * and not user.name == "Ana". Words without a field search names and
 * numbers. Values never become SQL text: they are bound. */
#ifndef STORE_FILTER_H
#define STORE_FILTER_H

#include "base/fault.h"
#include "base/text.h"

enum filter_of { FILTER_CALLS, FILTER_ALERTS, FILTER_N };

struct filter_value {
	bool is_text;
	int64_t number;
	char *text;
};

struct filter {
	struct text sql; /* a condition; "1=1" for an empty filter */
	struct filter_value *values; /* of $first, $first + 1 … */
	size_t n_values, capacity;
};

/*
 * first_parameter  number of the first $n to use
 * now_ms           for relative times (start > -2h)
 * offset           where in `source` it is wrong, in bytes; may be NULL
 */
bool filter_compile(enum filter_of, const char *source, int first_parameter, int64_t now_ms,
    struct filter *out, struct fault *, size_t *offset) MUST_USE;
void filter_clear(struct filter *);

/* The names a filter may use, for completion and help; NULL at the end. */
const char *filter_field_name(enum filter_of, size_t i);
const char *filter_field_help(enum filter_of, size_t i);

/* Beside the word of a site's name: all names that its site has had. */
#define SQL_NAMES_OF_ITS_SITE                                                             \
	" UNION SELECT o.name_id FROM site_names o JOIN site_names n ON n.uuid = o.uuid"  \
	" JOIN words w ON w.id = n.name_id WHERE w.text = "

#endif
