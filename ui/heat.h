/* SPDX-License-Identifier: Apache-2.0
 *
 * Numbers as shades and small bars, as text: what a document's lines are made
 * of. A sign says how much without any colour; where there is no UTF-8 it is a
 * digit, 1 to 9. */
#ifndef UI_HEAT_H
#define UI_HEAT_H

#include "base/text.h"

#define HEAT_SHADES 4 /* signs for more than nothing; 9 where they are digits */

/* n values, each `wide` columns, as shades of `most`. */
void heat_row(struct text *out, const int64_t *values, size_t n, int64_t most, int wide, bool ascii);
/* The same as bars of one line's height, from the lowest block to the whole. */
void heat_bars(struct text *out, const int64_t *values, size_t n, int64_t most, int wide, bool ascii);
/* The greatest value that still has the k-th shade, k from 1. */
int64_t heat_limit(int64_t most, int k, bool ascii);
/* The k-th shade's sign. */
void heat_sign(struct text *out, int k, bool ascii);

#endif
