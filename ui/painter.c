/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/painter.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

void painter_init(struct painter *painter)
{
	*painter = (struct painter){ .row = -1, .col = -1, .ech = true };
}

void painter_clear(struct painter *painter)
{
	free(painter->shown);
	painter_init(painter);
}

void painter_forget(struct painter *painter)
{
	painter->known = painter->pen_known = false;
	painter->row = painter->col = -1;
}

/* ---- moves ------------------------------------------------------------------ */

static void move(struct painter *painter, struct text *out, int row, int col)
{
	if (painter->row == row && painter->col == col)
		return;
	if (painter->row == row && painter->col >= 0 && col > painter->col) {
		int right = col - painter->col;
		if (right == 1)
			text_puts(out, "\x1b[C");
		else
			text_printf(out, "\x1b[%dC", right);
	} else if (col == 0) {
		text_printf(out, "\x1b[%dH", row + 1);
	} else {
		text_printf(out, "\x1b[%d;%dH", row + 1, col + 1);
	}
	painter->row = row;
	painter->col = col;
}

/* ---- colours ------------------------------------------------------------------ */

static void colour(struct text *out, uint32_t colour, bool background, char *separator)
{
	int base = background ? 40 : 30;
	if (*separator != '\0')
		text_putc(out, *separator);
	*separator = ';';
	if (colour == COLOUR_DEFAULT) {
		text_printf(out, "%d", base + 9);
	} else if (colour & COLOUR_INDEX) {
		int i = (int)(colour & 0xFF);
		if (i < 8)
			text_printf(out, "%d", base + i);
		else if (i < 16)
			text_printf(out, "%d", base + 60 + i - 8);
		else
			text_printf(out, "%d;5;%d", base + 8, i);
	} else {
		text_printf(out, "%d;2;%u;%u;%u", base + 8, (unsigned)(colour >> 16 & 0xFF),
		    (unsigned)(colour >> 8 & 0xFF), (unsigned)(colour & 0xFF));
	}
}

static void attribute(struct text *out, const char *code, char *separator)
{
	if (*separator != '\0')
		text_putc(out, *separator);
	*separator = ';';
	text_puts(out, code);
}

static void pen(struct painter *painter, struct text *out, struct style style)
{
	static const struct {
		unsigned attr;
		const char *on, *off;
	} codes[] = { { STYLE_ITALIC, "3", "23" }, { STYLE_UNDERLINE, "4", "24" },
		{ STYLE_REVERSE, "7", "27" } };
	if (painter->pen_known && style.fg == painter->pen.fg && style.bg == painter->pen.bg &&
	    style.attrs == painter->pen.attrs)
		return;
	char separator = '\0';
	text_puts(out, "\x1b[");
	struct style old = painter->pen;
	if (!painter->pen_known) {
		attribute(out, "0", &separator);
		old = (struct style){ COLOUR_DEFAULT, COLOUR_DEFAULT, 0 };
	}
	unsigned weight = STYLE_BOLD | STYLE_DIM;
	if ((old.attrs & weight) != (style.attrs & weight)) {
		if (old.attrs & weight & ~style.attrs) {
			attribute(out, "22", &separator);
			old.attrs &= (uint8_t)~weight;
		}
		if (style.attrs & STYLE_BOLD & ~old.attrs)
			attribute(out, "1", &separator);
		if (style.attrs & STYLE_DIM & ~old.attrs)
			attribute(out, "2", &separator);
	}
	for (size_t i = 0; i < COUNT_OF(codes); i++)
		if ((old.attrs ^ style.attrs) & codes[i].attr)
			attribute(out, style.attrs & codes[i].attr ? codes[i].on : codes[i].off, &separator);
	if (style.fg != old.fg)
		colour(out, style.fg, false, &separator);
	if (style.bg != old.bg)
		colour(out, style.bg, true, &separator);
	text_putc(out, 'm');
	painter->pen = style;
	painter->pen_known = true;
}

/* ---- cells ------------------------------------------------------------------------ */

static bool same_cell(const struct cell *a, const struct cell *b)
{
	return a->point == b->point && a->mark == b->mark && a->role == b->role && a->attrs == b->attrs;
}

static const struct style *style_of(const struct style_sheet *sheet, const struct cell *cell)
{
	return &sheet->styles[cell->role][cell->attrs & 3];
}

static void sign(struct painter *painter, struct text *out, const struct cell *cell, bool wide)
{
	char bytes[4];
	text_add(out, bytes, utf8_encode(cell->point, bytes));
	if (cell->mark != 0)
		text_add(out, bytes, utf8_encode(cell->mark, bytes));
	painter->col += wide ? 2 : 1;
	/* Terminals differ on how wide some signs are: do not trust the cursor
	 * after one, nor at the right margin. */
	if (wide || cell->mark != 0 || painter->col >= painter->cols)
		painter->row = painter->col = -1;
}

/* A blank has no foreground: of the pen only what shows has to change, and if
 * it must change anyway, then to what the next sign needs. */
static struct style style_of_blank(const struct painter *painter, const struct cell *line, int col,
    int cols, const struct style_sheet *sheet)
{
	const uint8_t shows = STYLE_UNDERLINE | STYLE_REVERSE;
	const struct style *style = style_of(sheet, &line[col]), *next = style;
	if (!painter->pen_known || ((painter->pen.attrs | style->attrs) & shows) != 0)
		return *style;
	if (painter->pen.bg == style->bg)
		return painter->pen;
	for (int i = col; i < MIN(col + 16, cols); i++) {
		next = style_of(sheet, &line[i]);
		if (line[i].point != ' ')
			break;
	}
	if (next->bg == style->bg && (next->attrs & shows) == 0)
		return *next;
	return (struct style){ painter->pen.fg, style->bg, painter->pen.attrs };
}

/* How many blanks of one style start here, all of them to be sent or not. */
static int blanks(const struct cell *line, int from, int cols, const struct style_sheet *sheet)
{
	const struct style *style = style_of(sheet, &line[from]);
	int n = 0;
	while (from + n < cols && line[from + n].point == ' ' && line[from + n].mark == 0 &&
	    style_equal(style, style_of(sheet, &line[from + n])))
		n++;
	return n;
}

/* When every cell of a long stretch changes (a highlight that moves), blanking
 * it first leaves only the words to be sent. Returns the column until which
 * blanks of the pen's background are there already; 0: none. */
static int wipe(struct painter *painter, const struct cell *line, const struct cell *shown, int row,
    int cols, const struct style_sheet *sheet, struct text *out)
{
	int from = 0, until, blank = 0, last = 0;
	while (from < cols && painter->known && same_cell(&line[from], &shown[from]))
		from++;
	for (until = from; until < cols && (!painter->known || !same_cell(&line[until], &shown[until])); until++) {
		if (line[until].point != ' ')
			continue;
		blank++;
		last = until; /* the row's own background; badges stand further left */
	}
	if (blank < 24 || (until < cols && !painter->ech))
		return 0;
	const struct style *style = style_of(sheet, &line[last]);
	if ((!painter->bce && style->bg != COLOUR_DEFAULT) ||
	    (style->attrs & (STYLE_REVERSE | STYLE_UNDERLINE)) != 0)
		return 0;
	move(painter, out, row, from);
	if (!painter->pen_known || (painter->pen.attrs & (STYLE_REVERSE | STYLE_UNDERLINE)) != 0)
		pen(painter, out, *style);
	else
		pen(painter, out, (struct style){ painter->pen.fg, style->bg, painter->pen.attrs });
	if (until == cols)
		text_puts(out, "\x1b[K");
	else
		text_printf(out, "\x1b[%dX", until - from);
	return until;
}

/* Can the cell be written without touching the pen? */
static bool fits_pen(const struct painter *painter, const struct cell *cell, const struct style *style)
{
	if (cell->mark != 0 || cell->point < ' ' || cell->point >= 0x7F)
		return false;
	if (cell->point == ' ' &&
	    ((painter->pen.attrs | style->attrs) & (STYLE_REVERSE | STYLE_UNDERLINE)) == 0)
		return painter->pen.bg == style->bg;
	return style_equal(&painter->pen, style);
}

static void paint_row(struct painter *painter, const struct canvas *canvas,
    const struct style_sheet *sheet, struct text *out, int row)
{
	const struct cell *line = canvas->cells + (size_t)row * (size_t)canvas->cols;
	struct cell *shown = painter->shown + (size_t)row * (size_t)canvas->cols;
	int cols = canvas->cols;
	if (painter->known && memcmp(line, shown, sizeof *line * (size_t)cols) == 0)
		return;
	int wiped = wipe(painter, line, shown, row, cols, sheet, out);
	uint32_t wiped_bg = painter->pen.bg;
	for (int col = 0; col < cols; col++) {
		if (painter->known && same_cell(&line[col], &shown[col]))
			continue;
		if (line[col].point == 0)
			continue; /* sent with its left half */
		const struct style *style = style_of(sheet, &line[col]);
		bool blank = line[col].point == ' ' && line[col].mark == 0;
		bool plain = (style->attrs & (STYLE_REVERSE | STYLE_UNDERLINE)) == 0;
		if (blank && plain && col < wiped && style->bg == wiped_bg)
			continue;
		/* Over a short gap in the same style, writing is cheaper than moving. */
		if (painter->row == row && painter->col < col && painter->col >= 0 &&
		    col - painter->col <= 4) {
			int gap = painter->col;
			while (gap < col && fits_pen(painter, &line[gap], style_of(sheet, &line[gap])))
				gap++;
			if (gap == col)
				while (painter->col < col)
					sign(painter, out, &line[painter->col], false);
		}
		move(painter, out, row, col);
		pen(painter, out, blank ? style_of_blank(painter, line, col, cols, sheet) : *style);
		int n = blank ? blanks(line, col, cols, sheet) : 0;
		bool erases = plain && (painter->bce || style->bg == COLOUR_DEFAULT) && (painter->ech || col + n == cols);
		if (n > 8 && erases) {
			if (col + n == cols)
				text_puts(out, "\x1b[K");
			else
				text_printf(out, "\x1b[%dX", n);
			col += n - 1;
			continue;
		}
		sign(painter, out, &line[col], col + 1 < cols && line[col + 1].point == 0);
	}
	memcpy(shown, line, sizeof *line * (size_t)cols);
}

static void paint_cursor(struct painter *painter, const struct canvas *canvas, struct text *out,
    bool changed)
{
	bool on = canvas->cursor_row >= 0;
	if (on)
		move(painter, out, canvas->cursor_row, canvas->cursor_col);
	if (on != painter->cursor_on || (changed && !painter->known))
		text_puts(out, on ? "\x1b[?25h" : "\x1b[?25l");
	painter->cursor_on = on;
}

void painter_paint(struct painter *painter, const struct canvas *canvas,
    const struct style_sheet *sheet, struct text *out)
{
	size_t before = out->n;
	if (painter->rows != canvas->rows || painter->cols != canvas->cols || painter->shown == NULL) {
		painter->rows = canvas->rows;
		painter->cols = canvas->cols;
		painter->shown = mem_realloc(painter->shown,
		    sizeof *painter->shown * (size_t)canvas->rows * (size_t)canvas->cols);
		painter_forget(painter);
	}
	for (int row = 0; row < canvas->rows; row++)
		paint_row(painter, canvas, sheet, out, row);
	bool changed = out->n != before || !painter->known;
	paint_cursor(painter, canvas, out, changed);
	painter->known = true;
}
