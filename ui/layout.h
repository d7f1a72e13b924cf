/* SPDX-License-Identifier: Apache-2.0
 *
 * Where things stand: four panes side by side where there is room, else one
 * with the others as tabs. */
#ifndef UI_LAYOUT_H
#define UI_LAYOUT_H

#include "ui/canvas.h"

#define N_MAIN_PANES 4
#define LEAST_ROWS   8 /* below these a sentence stands there instead */
#define LEAST_COLS   40

struct layout {
	bool fits, tiled;
	struct box header, tabs, foot; /* tabs.rows 0: none */
	struct box body;	       /* all between: where views open */
	struct box panes[N_MAIN_PANES]; /* frames; without tiling all the body */
	bool joined[N_MAIN_PANES];     /* its upper edge is another's lower */
};

void layout_make(struct layout *, int rows, int cols, bool zoomed);

#endif
