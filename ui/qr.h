/* SPDX-License-Identifier: Apache-2.0
 *
 * A QR code, two modules a cell as half blocks: what a telephone reads off the
 * screen instead of somebody typing. An address of Webex's device grant takes
 * 45 columns and 23 rows: with a line below it fills a terminal of 80x24. */
#ifndef UI_QR_H
#define UI_QR_H

#include "ui/canvas.h"

struct qr; /* opaque */

struct qr *qr_new(const char *text); /* NULL: nothing to code, or it does not fit into a code */
void qr_free(struct qr *);
/* With the light margin that readers need. */
int qr_cols(const struct qr *);
int qr_rows(const struct qr *);
/* The cell's character: space, upper half, lower half or full block, dark. */
uint32_t qr_cell(const struct qr *, int row, int col);
void qr_draw(const struct qr *, struct canvas *, int row, int col);

#endif
