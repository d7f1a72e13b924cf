/* SPDX-License-Identifier: Apache-2.0
 *
 * A value of a field that is a number inside: amounts, durations, times, words
 * of an enumeration. From the first to the last that is meant: a day has many
 * moments, 10..20 many numbers. */
#ifndef FILTER_VALUE_H
#define FILTER_VALUE_H

#include "base/fault.h"
#include "filter/field.h"

struct value_range {
	int64_t low, high;
	bool open_low, open_high; /* ..20, 10.. */
	bool is_range;		  /* it was written as one */
};

/* Not of FIELD_TEXT. False and a sentence. */
bool value_read(const struct filter_field *, const char *text, int64_t now_ms, struct value_range *,
    struct fault *) MUST_USE;

#endif
