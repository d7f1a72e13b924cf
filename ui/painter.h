/* SPDX-License-Identifier: Apache-2.0
 *
 * A canvas to the bytes that change a terminal from what it shows to that:
 * only changed cells, the shortest moves. Pure: ui/terminal.h sends them. */
#ifndef UI_PAINTER_H
#define UI_PAINTER_H

#include "base/text.h"
#include "ui/theme.h"

struct painter {
	int rows, cols;
	struct cell *shown; /* what the terminal shows */
	bool known;	    /* else everything is sent anew */
	int row, col;	    /* the terminal's cursor; -1: unknown */
	struct style pen;
	bool pen_known, cursor_on;
	bool bce;	    /* the terminal erases in the background's colour */
	bool ech;	    /* … and not only to the end of a line */
};

void painter_init(struct painter *);
void painter_clear(struct painter *); /* frees */
void painter_forget(struct painter *);
/* Add to `out` what brings the terminal there. */
void painter_paint(struct painter *, const struct canvas *, const struct style_sheet *,
    struct text *out);

#endif
