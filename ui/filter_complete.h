/* SPDX-License-Identifier: Apache-2.0
 *
 * What may be typed next in a filter: fields, operators, and the values that a
 * field has or that are on the screen. Knows no prompt. */
#ifndef UI_FILTER_COMPLETE_H
#define UI_FILTER_COMPLETE_H

#include "filter/book.h"

#define COMPLETIONS	 64
#define COMPLETION_BYTES 96

struct completion {
	char items[COMPLETIONS][COMPLETION_BYTES]; /* as they would stand there */
	const char *beside[COMPLETIONS];	   /* what others call it: "critical" of crítica; NULL */
	size_t n;
	size_t from; /* byte where the word begins that they would replace, up to the cursor */
};

/* Texts that a field has now, the i-th; NULL: no more. One may come twice. */
struct completion_values {
	const char *(*at)(void *arg, const struct filter_field *, size_t i);
	void *arg;
};

/* None where nothing fits, or where what stands before is wrong. */
void filter_complete(enum filter_of, const char *text, size_t cursor, const struct filter_book *,
    const struct completion_values *, struct completion *out);

#endif
