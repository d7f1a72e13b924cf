/* SPDX-License-Identifier: Apache-2.0
 *
 * A QR code on a canvas, two modules a cell: what a telephone reads off the
 * screen instead of somebody typing. */
#ifndef UI_QR_H
#define UI_QR_H

#include "ui/canvas.h"

/* The cells a code of `text` takes, its quiet margin with it; rows 0 when it
 * cannot be made, or drawn (a canvas of ASCII has no half blocks). */
struct box qr_size(const struct canvas *, const char *text);
void qr_draw(struct canvas *, int row, int col, const char *text);

#endif
