/* SPDX-License-Identifier: Apache-2.0
 *
 * A plain canvas as lines, for who hears the screen or feels it. No colour; a line
 * that changed is sent whole, so that it is read whole, and the real cursor stands on
 * the row that is meant. What only counts on (ages, clocks) is not sent for its own
 * sake: it would be read for ever. Pure. */
#ifndef UI_LINEAR_H
#define UI_LINEAR_H

#include "base/text.h"
#include "ui/canvas.h"

struct linear {
	struct text *shown; /* what each line of the terminal has */
	int rows;
	int row, col;	    /* the terminal's cursor; -1: unknown */
	bool known;
};

void linear_clear(struct linear *); /* frees */
void linear_forget(struct linear *);
/* Add to `out` what brings the terminal there. Where the canvas has its cursor
 * further right than the first column somebody types: of that line only what is
 * behind the first difference is sent, as a terminal echoes. */
void linear_paint(struct linear *, const struct canvas *, struct text *out);
/* A line of the canvas as it is said. */
void linear_line(const struct canvas *, int row, struct text *out);

#endif
