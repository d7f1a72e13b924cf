/* SPDX-License-Identifier: Apache-2.0
 *
 * A QR code as rows of text: two rows of modules a row, as half blocks. An
 * address of Webex's device grant gives 45 columns and 23 rows: with a line
 * below it fills a terminal of 80x24. */
#ifndef CLI_QR_H
#define CLI_QR_H

#include "base/text.h"

struct qr; /* opaque */

struct qr *qr_new(const char *text); /* NULL: it does not fit into a code */
void qr_free(struct qr *);
int qr_columns(const struct qr *);
int qr_rows(const struct qr *);
/* UTF-8, dark on light whatever the terminal's colours are. No line end.
 * fixed_colours: of the 256, which no theme changes; else of the first 8. */
void qr_add_row(const struct qr *, int row, bool fixed_colours, struct text *out);

#endif
