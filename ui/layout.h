/* SPDX-License-Identifier: Apache-2.0
 *
 * Where things stand: the four panes as a plan has them where there is room, else
 * one with the others as tabs. A plan is one of four arrangements and where it is
 * cut; in words, as it is kept: "tiles 36 30", percents, 0 as it comes to be. */
#ifndef UI_LAYOUT_H
#define UI_LAYOUT_H

#include "base/fault.h"
#include "base/text.h"
#include "ui/canvas.h"

#define N_MAIN_PANES 4
#define LEAST_ROWS   8 /* below these a sentence stands there instead */
#define LEAST_COLS   40

/* enum, name, cuts, help */
#define LAYOUTS(row)                                                                                  \
	row(LAYOUT_TILES, "tiles", 2, N_("two beside two"))                                           \
	row(LAYOUT_QUEUE, "queue-large", 3, N_("the queue below, three above it"))                    \
	row(LAYOUT_COLUMNS, "two-columns", 3, N_("the queue at the left, three at its right"))        \
	row(LAYOUT_STACK, "stack", 3, N_("one above the other, as wide as the screen"))

enum layout_kind {
#define LAYOUT_ENUM(id, name, cuts, help) id,
	LAYOUTS(LAYOUT_ENUM)
#undef LAYOUT_ENUM
	N_LAYOUTS
};

#define LAYOUT_CUTS 3
struct layout_plan {
	enum layout_kind kind;
	int cuts[LAYOUT_CUTS]; /* percent of the body; 0: by itself */
};

struct layout {
	bool fits, tiled;
	struct box header, tabs, foot; /* tabs.rows 0: none */
	struct box body;	       /* all between: where views open */
	struct box panes[N_MAIN_PANES]; /* frames; without tiling all the body */
	bool joined[N_MAIN_PANES];     /* its upper edge is another's lower */
	int cuts[LAYOUT_CUTS];	       /* where it is cut, in percent */
};

void layout_make(struct layout *, const struct layout_plan *, int rows, int cols, bool zoomed);
/* The pane whose upper edge is this one's lower, or N_MAIN_PANES. */
size_t layout_below(const struct layout *, size_t pane);

const char *layout_name(enum layout_kind);
const char *layout_help(enum layout_kind); /* translated */
bool layout_read(const char *words, struct layout_plan *, struct fault *) MUST_USE;
void layout_print(const struct layout_plan *, struct text *out);

/* The pane, wider or taller by so many percent (less: narrower, lower), if the plan
 * has a cut for that and there is room; false: it has not. */
bool layout_grow(struct layout_plan *, const struct layout *now, size_t pane, int wider, int taller);

#endif
