/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/linear.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

void linear_clear(struct linear *linear)
{
	for (int i = 0; i < linear->rows; i++)
		text_clear(&linear->shown[i]);
	free(linear->shown);
	*linear = (struct linear){ .row = -1 };
}

void linear_forget(struct linear *linear)
{
	linear->known = false;
	linear->row = linear->col = -1;
}

/* ---- a line -------------------------------------------------------------------------- */

void linear_line(const struct canvas *canvas, int row, struct text *out)
{
	text_reset(out);
	for (int col = 0; col < canvas->cols; col++) {
		const struct cell *cell = canvas_at(canvas, row, col);
		char bytes[4];
		if (cell->point != 0)
			text_add(out, bytes, utf8_encode(cell->point, bytes));
		if (cell->mark != 0)
			text_add(out, bytes, utf8_encode(cell->mark, bytes));
	}
	while (out->n > 0 && out->bytes[out->n - 1] == ' ')
		out->bytes[--out->n] = '\0';
}

/* What counts on by itself: ages ("12s", "79d!"), clocks ("14:04"), sums of money
 * ("0.54", "0,54"). A plain number is a count, which matters. Its bytes, or 0. */
static size_t number_at(const char *p)
{
	size_t n = strspn(p, "0123456789.:");
	bool comma = n > 0 && p[n] == ',' && strspn(p + n + 1, "0123456789") == 2;
	n += comma ? 3 : 0;
	size_t units = strspn(p + n, "smhd");
	bool counts_on = comma || units == 1 || memchr(p, ':', n) != NULL || memchr(p, '.', n) != NULL;
	if (n == 0 || !counts_on || *p == '.' || *p == ':')
		return 0;
	n += units;
	return n + strspn(p + n, "!");
}

/* Do they say the same, but for those and the blanks that make room for them? */
static bool says_the_same(const char *a, const char *b)
{
	for (;;) {
		while (*a == ' ')
			a++;
		while (*b == ' ')
			b++;
		size_t n = number_at(a), m = number_at(b);
		if ((n > 0) != (m > 0))
			return false;
		a += n;
		b += m;
		if (n > 0)
			continue;
		if (*a != *b)
			return false;
		if (*a == '\0')
			return true;
		a++;
		b++;
	}
}

/* ---- the screen ------------------------------------------------------------------------- */

static void move(struct linear *linear, struct text *out, int row, int col)
{
	if (linear->row == row && linear->col == col)
		return;
	text_printf(out, "\x1b[%d;%dH", row + 1, col + 1);
	linear->row = row;
	linear->col = col;
}

static void send_line(struct linear *linear, struct text *out, int row, const struct text *line)
{
	move(linear, out, row, 0);
	text_add(out, text_string(line), line->n);
	text_puts(out, "\x1b[K");
	linear->row = linear->col = -1;
}

/* As it is typed: from the first byte that differs, never within a character. */
static void send_rest(struct linear *linear, struct text *out, int row, const struct text *line)
{
	const struct text *shown = &linear->shown[row];
	size_t same = 0;
	while (same < line->n && same < shown->n && line->bytes[same] == shown->bytes[same])
		same++;
	while (same > 0 && same < line->n && ((unsigned char)line->bytes[same] & 0xC0) == 0x80)
		same--;
	char *head = mem_strndup(text_string(line), same);
	int col = text_width(head);
	free(head);
	/* A blank at the end of what was typed is none of the line: it is there already. */
	move(linear, out, row, col);
	text_add(out, text_string(line) + same, line->n - same);
	text_puts(out, "\x1b[K");
	linear->row = linear->col = -1;
}

static void begin(struct linear *linear, const struct canvas *canvas, struct text *out)
{
	if (linear->known && linear->rows == canvas->rows)
		return;
	linear_clear(linear);
	linear->rows = canvas->rows;
	linear->shown = mem_zalloc((size_t)canvas->rows * sizeof *linear->shown);
	linear->known = true;
	linear->row = linear->col = -1;
	text_puts(out, "\x1b[0m\x1b[H\x1b[J");
}

void linear_paint(struct linear *linear, const struct canvas *canvas, struct text *out)
{
	struct text line = { 0 };
	begin(linear, canvas, out);
	const int was = linear->row;
	for (int row = 0; row < canvas->rows; row++) {
		struct text *shown = &linear->shown[row];
		bool cursor = row == canvas->cursor_row, typed = cursor && canvas->cursor_col > 0;
		linear_line(canvas, row, &line);
		if (strcmp(text_string(&line), text_string(shown)) == 0)
			continue;
		/* The line that is meant is as it is now; the others count on unheard. */
		if ((!cursor || was == row) && !typed && says_the_same(text_string(&line), text_string(shown)))
			continue;
		if (typed)
			send_rest(linear, out, row, &line);
		else
			send_line(linear, out, row, &line);
		text_reset(shown);
		text_add(shown, text_string(&line), line.n);
	}
	if (canvas->cursor_row >= 0)
		move(linear, out, canvas->cursor_row, canvas->cursor_col);
	text_clear(&line);
}
