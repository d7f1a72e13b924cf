/* SPDX-License-Identifier: Apache-2.0
 *
 * Small pictures of numbers, in block signs (ASCII where there is no UTF-8). */
#ifndef UI_CHART_H
#define UI_CHART_H

#include "ui/canvas.h"

/* The last `columns` of n values, one a column, the newest in a role of its
 * own. Nothing is ".", anything at least the lowest block. */
void chart_sparkline(struct canvas *, int row, int col, int columns, const int64_t *values, size_t n);
/* A bar of value / most; something is at least one block. */
void chart_bar(struct canvas *, int row, int col, int columns, enum role, int64_t value, int64_t most);

#endif
