/* SPDX-License-Identifier: Apache-2.0
 *
 * A screen as planes of letters and roles, or another text, against tests/screens. UPDATE=1
 * rewrites them for the reviewer to see in the diff. */
#ifndef SCREEN_GOLDEN_H
#define SCREEN_GOLDEN_H

#include "base/text.h"
#include "ui/screen.h"

static void add_cell(struct text *out, uint32_t point)
{
	char bytes[4];
	text_add(out, bytes, utf8_encode(point, bytes));
}

static void trim_line(struct text *out)
{
	while (out->n > 0 && out->bytes[out->n - 1] == ' ')
		out->n--;
	text_putc(out, '\n');
}

static void write_letters(struct text *out, const struct canvas *canvas)
{
	for (int row = 0; row < canvas->rows; row++) {
		for (int col = 0; col < canvas->cols; col++) {
			const struct cell *cell = canvas_at(canvas, row, col);
			if (cell->point != 0)
				add_cell(out, cell->point);
			if (cell->mark != 0)
				add_cell(out, cell->mark);
		}
		trim_line(out);
	}
}

static inline void write_planes(struct text *out, const struct canvas *canvas, const struct style_sheet *sheet)
{
	write_letters(out, canvas);
	text_puts(out, "=== roles\n");
	for (int row = 0; row < canvas->rows; row++) {
		for (int col = 0; col < canvas->cols; col++)
			text_putc(out, role_letter((enum role)canvas_at(canvas, row, col)->role));
		trim_line(out);
	}
	text_puts(out, "=== selected and marked\n");
	for (int row = 0; row < canvas->rows; row++) {
		unsigned all = 0;
		int first = -1, last = -1;
		for (int col = 0; col < canvas->cols; col++) {
			unsigned attrs = canvas_at(canvas, row, col)->attrs;
			all |= attrs;
			if (attrs != 0 && first < 0)
				first = col;
			last = attrs != 0 ? col : last;
		}
		if (all != 0)
			text_printf(out, "row %d: columns %d-%d%s%s\n", row, first, last,
			    all & CELL_SELECTED ? " selected" : "", all & CELL_MARKED ? " marked" : "");
	}
	if (sheet != NULL) {
		text_puts(out, "=== without colour: b bold, u underlined, r reversed, R and U with those\n");
		for (int row = 0; row < canvas->rows; row++) {
			for (int col = 0; col < canvas->cols; col++) {
				const struct cell *cell = canvas_at(canvas, row, col);
				uint8_t a = sheet->styles[cell->role][cell->attrs & 3].attrs;
				text_putc(out, a & STYLE_REVERSE ? a & STYLE_UNDERLINE ? 'U' : a & STYLE_BOLD ? 'R' : 'r' :
				    a & STYLE_UNDERLINE ? 'u' : a & STYLE_BOLD ? 'b' : ' ');
			}
			trim_line(out);
		}
	}
	if (canvas->cursor_row >= 0)
		text_printf(out, "cursor %d,%d\n", canvas->cursor_row, canvas->cursor_col);
}

static inline void add_runs(struct text *line, const struct canvas *canvas, int row, int of, unsigned attrs, const char *name)
{
	bool any = false;
	for (int col = 0, last; col < canvas->cols; col = last + 1) {
		const struct cell *cell = canvas_at(canvas, row, last = col);
		if (attrs != 0 ? (cell->attrs & attrs) == 0 : cell->role != of)
			continue;
		while (last + 1 < canvas->cols && (attrs != 0 ? (cell[last + 1 - col].attrs & attrs) != 0 : cell[last + 1 - col].role == of))
			last++;
		if (any)
			text_putc(line, ',');
		else
			text_printf(line, "%s%s:", line->n > 0 ? " " : "", name);
		if (last > col)
			text_printf(line, "%d-", col);
		text_printf(line, "%d", last);
		any = true;
	}
}

/* The roles of a line, in the order of the list of roles, and where each is: "b:0,79 T:2-14";
 * what is not named is plain text. "-": all of it. */
static inline void add_role_line(struct text *line, const struct canvas *canvas, int row)
{
	for (int role = ROLE_TEXT + 1; role < N_ROLES; role++)
		add_runs(line, canvas, row, role, 0, (char[]){ role_letter((enum role)role), '\0' });
	add_runs(line, canvas, row, 0, CELL_SELECTED, "selected");
	add_runs(line, canvas, row, 0, CELL_MARKED, "marked");
	if (line->n == 0)
		text_puts(line, "-");
}

/* Of every line, or of those that are not as on the other canvas. Lines that are alike are
 * told once: "4-9  4:1-6 d:8-13". */
static inline void write_role_runs(struct text *out, const struct canvas *canvas, const struct canvas *other)
{
	struct text line = { 0 }, next = { 0 };
	text_puts(out, other == NULL ? "--- roles\n" : "--- roles that are others\n");
	for (int row = 0, last; row < canvas->rows; row = last + 1) {
		last = row;
		text_reset(&line);
		add_role_line(&line, canvas, row);
		text_reset(&next);
		if (other != NULL)
			add_role_line(&next, other, row);
		if (strcmp(text_string(&line), other == NULL ? "-" : text_string(&next)) == 0)
			continue;
		for (; last + 1 < canvas->rows; last++) {
			text_reset(&next);
			add_role_line(&next, canvas, last + 1);
			if (strcmp(text_string(&line), text_string(&next)) != 0)
				break;
		}
		if (last > row)
			text_printf(out, "%d-", row);
		text_printf(out, "%d  %s\n", last, text_string(&line));
	}
	if (canvas->cursor_row >= 0)
		text_printf(out, "cursor %d,%d\n", canvas->cursor_row, canvas->cursor_col);
	text_clear(&line);
	text_clear(&next);
}

static char *read_all(const char *path)
{
	FILE *file = fopen(path, "rb");
	struct text text = { 0 };
	char bytes[4096];
	size_t n;
	if (file == NULL)
		return NULL;
	while ((n = fread(bytes, 1, sizeof bytes, file)) > 0)
		text_add(&text, bytes, n);
	fclose(file);
	return text.bytes;
}

static void show_difference(const char *path, const char *was, const char *is)
{
	printf("%s differs (UPDATE=1 rewrites it):\n", path);
	for (int line = 1; *was != '\0' || *is != '\0'; line++) {
		size_t n = strcspn(was, "\n"), m = strcspn(is, "\n");
		if (n != m || memcmp(was, is, n) != 0)
			printf("%4d - %.*s\n     + %.*s\n", line, (int)n, was, (int)m, is);
		was += n + (was[n] == '\n');
		is += m + (is[m] == '\n');
	}
}

/* In tests/screens, by its name and its ending. */
static bool file_as_it_was(const struct text *is, const char *name, const char *ending)
{
	const char *source = getenv("CENTINELA_SOURCE");
	char path[1024];
	snprintf(path, sizeof path, "%s/tests/screens/%s%s", or_empty(source), name, ending);
	FILE *file = getenv("UPDATE") != NULL ? fopen(path, "wb") : NULL;
	if (file != NULL) {
		fwrite(is->bytes, 1, is->n, file);
		fclose(file);
	}
	char *was = read_all(path);
	bool same = was != NULL && strcmp(was, text_string(is)) == 0;
	if (!same)
		show_difference(path, or_empty(was), text_string(is));
	free(was);
	return same;
}

static inline bool text_as_it_was(const struct text *is, const char *name, int cols, int rows, const char *language)
{
	char ending[64];
	snprintf(ending, sizeof ending, "-%dx%d-%s.screen", cols, rows, language);
	return file_as_it_was(is, name, ending);
}

/* bare: also what is left of the looks without colour. */
static inline bool is_as_it_was(struct screen *screen, const char *name, const char *language, bool bare)
{
	struct text is = { 0 };
	struct style_sheet sheet;
	theme_resolve(&screen->theme, DEPTH_MONO, &sheet);
	write_planes(&is, &screen->canvas, bare ? &sheet : NULL);
	bool same = text_as_it_was(&is, name, screen->canvas.cols, screen->canvas.rows, language);
	text_clear(&is);
	return same;
}

#endif
