/* SPDX-License-Identifier: Apache-2.0
 *
 * The filters that kept a leg from a rule that would have fired. */
#ifndef DETECT_SIGMA_LEFT_OUT_H
#define DETECT_SIGMA_LEFT_OUT_H

#include "base/base.h"

struct sigma_filter;

struct left_out {
	const struct sigma_filter *filters[8]; /* no more are counted of one leg */
	size_t n;
};

/* Once a leg, from however many rules it keeps it. Always true. */
static inline bool left_out_note(struct left_out *left, const struct sigma_filter *filter)
{
	size_t i = 0;
	while (i < left->n && left->filters[i] != filter)
		i++;
	if (i == left->n && left->n < COUNT_OF(left->filters))
		left->filters[left->n++] = filter;
	return true;
}

#endif
