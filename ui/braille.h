/* SPDX-License-Identifier: Apache-2.0
 *
 * Two values a column and four a row: an area of dots, as text for a document's
 * lines. Where there is no UTF-8 a column is a sign for the greater of its two. */
#ifndef UI_BRAILLE_H
#define UI_BRAILLE_H

#include "base/text.h"

/*
 * The area's row `row` of `rows`, from the top: a sign for each two of n values, from
 * nothing to `most`.
 * high  a second line of dots over the area: what is usual at most; NULL none
 */
void braille_row(struct text *out, int row, int rows, const int64_t *values, const int64_t *high, size_t n, int64_t most, bool ascii);

#endif
