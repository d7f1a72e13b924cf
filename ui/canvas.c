/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/canvas.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"

static int clamp(int value, int low, int high)
{
	return value < low ? low : value > high ? high : value;
}

void canvas_init(struct canvas *canvas, int rows, int cols)
{
	*canvas = (struct canvas){ .cursor_row = -1, .cursor_col = -1 };
	canvas_resize(canvas, rows, cols);
}

void canvas_resize(struct canvas *canvas, int rows, int cols)
{
	canvas->rows = clamp(rows, 1, CANVAS_MAX_ROWS);
	canvas->cols = clamp(cols, 1, CANVAS_MAX_COLS);
	canvas->cells = mem_realloc(canvas->cells,
	    sizeof *canvas->cells * (size_t)canvas->rows * (size_t)canvas->cols);
	canvas_erase(canvas, ROLE_TEXT);
}

void canvas_clear(struct canvas *canvas)
{
	free(canvas->cells);
	*canvas = (struct canvas){ 0 };
}

void canvas_erase(struct canvas *canvas, enum role role)
{
	struct cell blank = { .point = ' ', .role = (uint8_t)role };
	size_t n = (size_t)canvas->rows * (size_t)canvas->cols;
	for (size_t i = 0; i < n; i++)
		canvas->cells[i] = blank;
	canvas->clip = (struct box){ 0, 0, canvas->rows, canvas->cols };
	canvas->cursor_row = canvas->cursor_col = -1;
}

struct box canvas_enter(struct canvas *canvas, struct box box)
{
	struct box old = canvas->clip, new;
	int top = MAX(old.row + box.row, old.row), left = MAX(old.col + box.col, old.col);
	int bottom = MIN(old.row + box.row + box.rows, old.row + old.rows);
	int right = MIN(old.col + box.col + box.cols, old.col + old.cols);
	new = (struct box){ top, left, MAX(bottom - top, 0), MAX(right - left, 0) };
	canvas->clip = new;
	return old;
}

void canvas_leave(struct canvas *canvas, struct box old)
{
	canvas->clip = old;
}

/* Without UTF-8 each sign has one ASCII sign that says nearly the same. */
/* Lines, blocks and shapes are there to be seen: severity and state are words too. */
static uint32_t said(uint32_t point)
{
	if (point == 0x2713) /* marked */
		return '*';
	return (point >= 0x2500 && point <= 0x25FF) || (point >= 0x2800 && point <= 0x28FF) ? ' ' : point;
}

static uint32_t to_ascii(uint32_t point)
{
	static const char latin[] = /* U+00A1 .. U+017F */
	    "!cLoY|S\"ca<--r-o+23'uP.,1o>424?AAAAAAACEEEEIIIIDNOOOOOxOUUUUYTsaaaaaaaceeeeiiiidnooooo/ouuuuyty"
	    "AaAaAaCcCcCcCcDdDdEeEeEeEeEeGgGgGgGgHhHhIiIiIiIiIiIiJjKkkLlLlLlLlLlNnNnNnnNnOoOoOoOoRrRrRrSsSsSsSs"
	    "TtTtTtUuUuUuUuUuUuWwYyYZzZzZzs";
	static const struct {
		uint32_t point;
		char sign;
	} signs[] = {
		{ 0x2013, '-' },
		{ 0x2014, '-' },
		{ 0x2018, '\'' },
		{ 0x2019, '\'' },
		{ 0x201C, '"' },
		{ 0x201D, '"' },
		{ 0x2022, '*' },
		{ 0x2026, '~' },
		{ 0x20AC, 'E' },
		{ 0x2190, '<' },
		{ 0x2191, '^' },
		{ 0x2192, '>' },
		{ 0x2193, 'v' },
		{ 0x2194, '=' },
		{ 0x21C5, '%' },
		{ 0x2248, '~' },
		{ 0x2298, 'x' },
		{ 0x2260, '!' },
		{ 0x2264, '<' },
		{ 0x2265, '>' },
		{ 0x23F8, '"' },
		{ 0x21B5, '/' },
		{ 0x2581, '.' },
		{ 0x2582, '.' },
		{ 0x2583, ':' },
		{ 0x2584, '-' },
		{ 0x2585, '=' },
		{ 0x2586, '+' },
		{ 0x2587, '*' },
		{ 0x2588, '#' },
		{ 0x25A0, '#' },
		{ 0x25B2, '^' },
		{ 0x25BE, 'v' },
		{ 0x25B6, '>' },
		{ 0x25B8, '>' },
		{ 0x25C0, '<' },
		{ 0x25C6, '*' },
		{ 0x25CB, '.' },
		{ 0x25CF, 'o' },
		{ 0x25C9, 'O' },
		{ 0x2713, 'v' },
		{ 0x2717, 'x' },
	};
	if (point < 0x7F)
		return point;
	if (point == 0xA0)
		return ' ';
	if (point >= 0xA1 && point - 0xA1 < sizeof latin - 1)
		return (unsigned char)latin[point - 0xA1];
	if (point >= 0x2500 && point < 0x2580)
		return point == 0x2500 ? '-' : point == 0x2502 ? '|' : '+';
	for (size_t i = 0; i < COUNT_OF(signs); i++)
		if (signs[i].point == point)
			return (unsigned char)signs[i].sign;
	return '?';
}

/* Row and column absolute and inside. A wide sign that loses a half is a blank. */
static void put(struct canvas *canvas, int row, int col, uint32_t point, int width, enum role role)
{
	struct cell *line = canvas->cells + (size_t)row * (size_t)canvas->cols;
	if (line[col].point == 0 && col > 0)
		line[col - 1].point = ' ', line[col - 1].mark = 0;
	int after = col + width;
	if (after < canvas->cols && line[after].point == 0)
		line[after].point = ' ';
	line[col] = (struct cell){ .point = point, .role = (uint8_t)role };
	if (width == 2)
		line[col + 1] = (struct cell){ .point = 0, .role = (uint8_t)role };
}

/* Most text is plain ASCII, one column a byte: no decoding. Looks no further
 * than what fits; -1: it is not that plain. */
static int plain_text(struct canvas *canvas, int row, int col, int columns, enum role role,
    const char *text)
{
	int n = 0;
	while (n <= columns && text[n] >= ' ' && text[n] < 0x7F)
		n++;
	if (n <= columns && text[n] != '\0')
		return -1;
	if (n > columns) { /* its end is not seen, but it is cut before */
		put(canvas, row, col + columns - 1, canvas->ascii ? '~' : 0x2026, 1, role);
		n = columns - 1;
		columns = n + 1;
	} else {
		columns = n;
	}
	for (int i = 0; i < n; i++)
		put(canvas, row, col + i, (unsigned char)text[i], 1, role);
	return columns;
}

int canvas_text(struct canvas *canvas, int row, int col, int columns, enum role role,
    const char *text)
{
	char printable[2 * CANVAS_MAX_COLS];
	const struct box clip = canvas->clip;
	columns = MIN(columns, clip.cols - col);
	if (row < 0 || row >= clip.rows || columns <= 0 || col < 0 || text == NULL)
		return 0;
	int done = plain_text(canvas, clip.row + row, clip.col + col, columns, role, text);
	if (done >= 0)
		return done;
	size_t n = text_printable(printable, sizeof printable, text, strnlen(text, 4 * sizeof printable));
	bool cut = text_width(printable) > columns;
	int room = cut ? columns - 1 : columns, used = 0;
	int at_row = clip.row + row, at_col = clip.col + col;
	for (size_t i = 0; i < n;) {
		uint32_t point;
		i += utf8_decode(printable + i, n - i, &point);
		int width = utf8_width(point);
		if (width == 0) {
			int over = at_col + used - 1;
			if (used > 0 && !canvas->ascii) {
				struct cell *cell = canvas->cells +
				    (size_t)at_row * (size_t)canvas->cols + over;
				if (cell->point == 0)
					cell--;
				cell->mark = point;
			}
			continue;
		}
		if (canvas->plain)
			point = said(point);
		if (canvas->ascii) {
			point = to_ascii(point);
			width = 1;
		}
		if (used + width > room)
			break;
		put(canvas, at_row, at_col + used, point, width, role);
		used += width;
	}
	if (cut)
		put(canvas, at_row, at_col + used, canvas->ascii ? '~' : 0x2026, 1, role), used++;
	return used;
}

int canvas_wrap(struct canvas *canvas, int row, int col, int columns, int rows, enum role role, const char *text)
{
	char line[2 * CANVAS_MAX_COLS], printable[4 * CANVAS_MAX_COLS];
	int n = 0;
	columns = MIN(columns, canvas->clip.cols - col);
	if (columns <= 0)
		return 0;
	text_printable(printable, sizeof printable, text, strnlen(text, sizeof printable));
	for (const char *rest = printable; n < rows && *rest != '\0'; n++) {
		size_t cut = n + 1 == rows ? strlen(rest) : text_fit_words(rest, columns);
		if (cut == 0)
			break; /* one wide sign, and no room for it */
		snprintf(line, sizeof line, "%.*s", (int)cut, rest);
		canvas_text(canvas, row + n, col, columns, role, line);
		rest += cut;
		rest += strspn(rest, " ");
	}
	return n;
}

int canvas_text_right(struct canvas *canvas, int row, int col, int columns, enum role role,
    const char *text)
{
	char printable[2 * CANVAS_MAX_COLS];
	text_printable(printable, sizeof printable, text, strnlen(text, sizeof printable));
	int width = text_width(printable);
	int blank = MAX(columns - width, 0);
	return canvas_text(canvas, row, col + blank, columns - blank, role, printable);
}

int canvas_printf(struct canvas *canvas, int row, int col, int columns, enum role role,
    const char *format, ...)
{
	char text[2 * CANVAS_MAX_COLS];
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(text, sizeof text, format, arguments);
	va_end(arguments);
	return canvas_text(canvas, row, col, columns, role, text);
}

void canvas_fill(struct canvas *canvas, struct box box, enum role role, uint32_t point)
{
	if (canvas->plain)
		point = said(point);
	if (canvas->ascii)
		point = to_ascii(point);
	struct box old = canvas_enter(canvas, box), clip = canvas->clip;
	for (int row = 0; row < clip.rows; row++)
		for (int col = 0; col < clip.cols; col++)
			put(canvas, clip.row + row, clip.col + col, point, 1, role);
	canvas_leave(canvas, old);
}

void canvas_attrs(struct canvas *canvas, int row, int col, int columns, unsigned attrs)
{
	const struct box clip = canvas->clip;
	if (row < 0 || row >= clip.rows)
		return;
	struct cell *line = canvas->cells +
	    (size_t)(clip.row + row) * (size_t)canvas->cols + clip.col;
	for (int i = MAX(col, 0); i < MIN(col + columns, clip.cols); i++)
		line[i].attrs |= (uint8_t)attrs;
}

void canvas_frame(struct canvas *canvas, struct box box, enum role role, bool joined_top)
{
	if (box.rows < 2 || box.cols < 2)
		return;
	int bottom = box.row + box.rows - 1, right = box.col + box.cols - 1;
	canvas_fill(canvas, (struct box){ box.row, box.col + 1, 1, box.cols - 2 }, role, 0x2500);
	canvas_fill(canvas, (struct box){ bottom, box.col + 1, 1, box.cols - 2 }, role, 0x2500);
	canvas_fill(canvas, (struct box){ box.row + 1, box.col, box.rows - 2, 1 }, role, 0x2502);
	canvas_fill(canvas, (struct box){ box.row + 1, right, box.rows - 2, 1 }, role, 0x2502);
	canvas_fill(canvas, (struct box){ box.row, box.col, 1, 1 }, role, joined_top ? 0x251C : 0x250C);
	canvas_fill(canvas, (struct box){ box.row, right, 1, 1 }, role, joined_top ? 0x2524 : 0x2510);
	canvas_fill(canvas, (struct box){ bottom, box.col, 1, 1 }, role, 0x2514);
	canvas_fill(canvas, (struct box){ bottom, right, 1, 1 }, role, 0x2518);
}

void canvas_cursor(struct canvas *canvas, int row, int col)
{
	const struct box clip = canvas->clip;
	canvas->cursor_row = canvas->cursor_col = -1;
	if (row >= 0 && row < clip.rows && col >= 0 && col < clip.cols) {
		canvas->cursor_row = clip.row + row;
		canvas->cursor_col = clip.col + col;
	}
}

const struct cell *canvas_at(const struct canvas *canvas, int row, int col)
{
	return canvas->cells + (size_t)row * (size_t)canvas->cols + col;
}
