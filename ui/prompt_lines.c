/* SPDX-License-Identifier: Apache-2.0
 *
 * A prompt of several lines: words are wrapped, and up and down go from row to row. */
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "ui/prompt.h"

#define ROWS_MOST 8 /* what the note is about stands above it */

static bool breaks_at(const struct prompt *prompt, size_t at)
{
	return strncmp(prompt->text + at, NOTE_LINE, strlen(NOTE_LINE)) == 0;
}

/* Where each row begins; returns how many there are. The first begins at 0, the last may be empty. */
static size_t wrap(const struct prompt *prompt, size_t starts[static PROMPT_ROOM])
{
	int width = 0, room = MAX(prompt->room, 1);
	size_t n = 1, blank = 0;
	starts[0] = 0;
	for (size_t at = 0; at < prompt->n;) {
		uint32_t point;
		size_t bytes = utf8_decode(prompt->text + at, prompt->n - at, &point);
		if (breaks_at(prompt, at)) {
			at += bytes;
			starts[n++] = at;
			width = 0, blank = 0;
			continue;
		}
		width += utf8_width(point);
		if (width > room && point != ' ' && at > starts[n - 1]) { /* a blank may stand over the edge */
			at = blank > starts[n - 1] ? blank : at;
			starts[n++] = at;
			width = 0, blank = 0;
			continue;
		}
		at += bytes;
		if (point == ' ')
			blank = at;
	}
	return n;
}

static size_t row_of(const size_t *starts, size_t n, size_t cursor)
{
	size_t row = n - 1;
	while (row > 0 && starts[row] > cursor)
		row--;
	return row;
}

/* Behind the last sign of a row: before the break, or before where the next one begins. */
static size_t end_of(const struct prompt *prompt, const size_t *starts, size_t n, size_t row)
{
	if (row + 1 == n)
		return prompt->n;
	size_t end = starts[row + 1] - 1;
	while (end > starts[row] && ((unsigned char)prompt->text[end] & 0xC0) == 0x80)
		end--;
	return breaks_at(prompt, end) || prompt->text[end] == ' ' ? end : starts[row + 1] - 1;
}

static int width_of(const struct prompt *prompt, size_t from, size_t until)
{
	char part[PROMPT_ROOM];
	snprintf(part, sizeof part, "%.*s", (int)(until - MIN(from, until)), prompt->text + from);
	return text_width(part);
}

bool prompt_lines_move(struct prompt *prompt, uint32_t key)
{
	size_t starts[PROMPT_ROOM], n = wrap(prompt, starts), row = row_of(starts, n, prompt->cursor);
	bool up = key == KEY_UP || key == (KEY_CTRL | 'p'), down = key == KEY_DOWN || key == (KEY_CTRL | 'n');
	if (key == KEY_HOME || key == (KEY_CTRL | 'a')) {
		prompt->cursor = starts[row];
	} else if (key == KEY_END || key == (KEY_CTRL | 'e')) {
		prompt->cursor = end_of(prompt, starts, n, row);
	} else if ((up && row > 0) || (down && row + 1 < n)) {
		int column = width_of(prompt, starts[row], prompt->cursor);
		row += up ? -(size_t)1 : 1;
		size_t end = end_of(prompt, starts, n, row), at = starts[row];
		while (at < end && width_of(prompt, starts[row], at) < column) {
			uint32_t point;
			at += utf8_decode(prompt->text + at, end - at, &point);
		}
		prompt->cursor = at;
	} else {
		return false;
	}
	return true;
}

void prompt_lines_draw(struct prompt *prompt, struct canvas *canvas, int row, const char *hint)
{
	int cols = canvas->clip.cols, col = text_width(prompt->label) + 2;
	char much[40] = "", part[PROMPT_ROOM];
	prompt->room = MAX(cols - col - 1, 1);
	size_t starts[PROMPT_ROOM], n = wrap(prompt, starts), caret = row_of(starts, n, prompt->cursor);
	size_t shown = MIN(n, (size_t)MAX(MIN(ROWS_MOST, row), 1)), top = caret >= shown ? caret - shown + 1 : 0;
	int first = row - (int)shown + 1;
	canvas_fill(canvas, (struct box){ first, 0, (int)shown + 1, cols }, ROLE_PROMPT, ' ');
	canvas_text(canvas, first, 1, cols - 2, ROLE_PROMPT_LABEL, prompt->label);
	for (size_t i = 0; i < shown; i++) {
		size_t from = starts[top + i], until = end_of(prompt, starts, n, top + i);
		snprintf(part, sizeof part, "%.*s", (int)(until - MIN(from, until)), prompt->text + from);
		int used = canvas_text(canvas, first + (int)i, col, prompt->room, ROLE_PROMPT, part);
		if (top + i + 1 < n && breaks_at(prompt, until)) /* one that was typed */
			canvas_text(canvas, first + (int)i, col + used, 1, ROLE_KEY_TEXT, NOTE_LINE);
	}
	if (prompt->n > prompt->most / 2)
		snprintf(much, sizeof much, _("%zu of %zu"), prompt->n, prompt->most);
	int left = cols - col - text_width(much) - 2;
	if (prompt->fault.code != FAULT_NONE && (prompt->n > 0 || prompt->full || prompt->refused))
		canvas_text(canvas, row + 1, 1, cols - 2, ROLE_ERROR, prompt->fault.text);
	else
		prompt_hint(prompt, canvas, row + 1, col, left, hint);
	if (prompt->fault.code == FAULT_NONE)
		canvas_text_right(canvas, row + 1, col + left, cols - col - left - 1, ROLE_KEY_TEXT, much);
	canvas_cursor(canvas, first + (int)(caret - top), MIN(col + width_of(prompt, starts[caret], prompt->cursor), cols - 1));
}
