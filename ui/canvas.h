/* SPDX-License-Identifier: Apache-2.0
 *
 * A grid of cells, text and role: the only way to the screen. Everything that
 * is put on it is made printable first, so a caller's name can never move the
 * cursor. Knows no terminal and no colour; ui/theme.h gives roles their look. */
#ifndef UI_CANVAS_H
#define UI_CANVAS_H

#include "base/base.h"
#include "ui/role.h"

struct box {
	int row, col, rows, cols;
};

enum cell_attr {
	CELL_SELECTED = 1 << 0,
	CELL_MARKED = 1 << 1,
};

struct cell {
	uint32_t point; /* printable; ' ' when empty; 0: right half of a wide one */
	uint32_t mark;	/* one combining mark over it; 0 none */
	uint8_t role, attrs;
	uint16_t unused; /* always 0: rows are compared as bytes */
};

struct canvas {
	int rows, cols;
	struct cell *cells;	     /* rows * cols */
	struct box clip;	     /* where drawing lands; rows and columns count from it */
	int cursor_row, cursor_col;  /* absolute; -1: no cursor */
	bool ascii;		     /* only ASCII reaches the cells */
	bool plain;		     /* nothing that is drawn: no lines, blocks, shapes */
};

#define CANVAS_MAX_ROWS 500
#define CANVAS_MAX_COLS 1000

void canvas_init(struct canvas *, int rows, int cols); /* sizes are clamped to 1..MAX */
void canvas_resize(struct canvas *, int rows, int cols); /* forgets the content */
void canvas_clear(struct canvas *);			 /* frees */
void canvas_erase(struct canvas *, enum role);

/* Draw inside `box` (relative to the present clip) until canvas_leave. */
struct box canvas_enter(struct canvas *, struct box);
void canvas_leave(struct canvas *, struct box old);

/*
 * Put any text at most `columns` wide; what does not fit ends in "…".
 * Returns the columns used.
 */
int canvas_text(struct canvas *, int row, int col, int columns, enum role, const char *text);
/* Over as many lines as it needs, `rows` at most; returns how many. */
int canvas_wrap(struct canvas *, int row, int col, int columns, int rows, enum role, const char *text);
int canvas_text_right(struct canvas *, int row, int col, int columns, enum role, const char *text);
int canvas_printf(struct canvas *, int row, int col, int columns, enum role,
    const char *format, ...) PRINTF_LIKE(6, 7);
/* One trusted code point, repeated. */
void canvas_fill(struct canvas *, struct box, enum role, uint32_t point);
void canvas_attrs(struct canvas *, int row, int col, int columns, unsigned attrs);
/* A box of lines; `joined_top`: its upper corners continue a box above. */
void canvas_frame(struct canvas *, struct box, enum role, bool joined_top);
void canvas_cursor(struct canvas *, int row, int col);

const struct cell *canvas_at(const struct canvas *, int row, int col); /* absolute */

#endif
