/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/filter_prompt.h"

#include <stdio.h>
#include <string.h>

#include "ui/screen.h"

/* Values are taken from so many rows at most: it is done at every key. */
#define ROWS_LOOKED_AT 300

static bool check(void *arg, const char *text, struct fault *fault, size_t *offset)
{
	struct filter_prompt *typed = &((struct screen *)arg)->filter_prompt;
	return filters_check(typed->pane, text, &typed->reading, fault, offset);
}

/* The text of a field in the i-th row that is shown, as it is shown. */
static const char *value_at(void *arg, const struct filter_field *field, size_t i)
{
	struct pane *pane = arg;
	struct filter_cell cell = { 0 };
	const void *row = i < ROWS_LOOKED_AT ? pane->type->row(pane, i) : NULL;
	if (row == NULL)
		return NULL;
	pane->type->read_row(row, field->id, pane_now(pane), &cell);
	if (cell.called_en != NULL)
		return in_language(cell.called_en, cell.called_es);
	const char *text = cell.other != NULL ? in_language(cell.text, cell.other) : cell.text;
	return text == NULL ? "" : text;
}

void filter_prompt_complete(struct screen *screen, struct pane *pane, const char *text, size_t cursor, struct completion *out)
{
	struct completion_values values = { value_at, pane };
	filter_complete(pane->type->filter_of, text, cursor, &screen->book, &values, out);
}

const char *filter_prompt_item(const struct completion *completion, size_t i, char out[static 2 * COMPLETION_BYTES])
{
	if (completion->beside[i] == NULL)
		return completion->items[i];
	snprintf(out, 2 * COMPLETION_BYTES, "%s (%s)", completion->items[i], completion->beside[i]);
	return out;
}

static void look_around(struct screen *screen)
{
	struct filter_prompt *typed = &screen->filter_prompt;
	typed->cycling = false;
	filter_prompt_complete(screen, typed->pane, screen->prompt.text, screen->prompt.cursor, &typed->completion);
}

void filter_prompt_say_anew(struct screen *screen)
{
	prompt_say_anew(&screen->prompt, _("filter:"));
	look_around(screen);
}

void filter_prompt_start(struct screen *screen)
{
	struct pane *pane = screen_focused(screen);
	screen_drop_modal(screen);
	screen->filter_prompt.pane = pane;
	screen->filter_prompt.insisted = false;
	prompt_start(&screen->prompt, _("filter:"), pane->type->filter(pane), &screen->filter_history, check, screen);
	screen->modal = MODAL_FILTER;
	screen->message[0] = '\0';
	screen->dirt++;
	look_around(screen);
}

/* ---- Tab ------------------------------------------------------------------------ */

/* Put `item` where the word is, instead of `until - from` bytes. */
static bool put(struct screen *screen, size_t from, size_t until, const char *item)
{
	struct prompt *prompt = &screen->prompt;
	size_t n = strlen(item);
	prompt->full = prompt->n - (until - from) + n > prompt->most;
	if (prompt->full)
		return false;
	memmove(prompt->text + from + n, prompt->text + until, prompt->n - until + 1);
	memcpy(prompt->text + from, item, n);
	prompt->n = prompt->n - (until - from) + n;
	prompt->cursor = from + n;
	prompt->browsing = 0;
	prompt->fault = (struct fault){ 0 };
	(void)!check(screen, prompt->text, &prompt->fault, &prompt->fault_at);
	return true;
}

static void cycle(struct screen *screen, int step)
{
	struct filter_prompt *typed = &screen->filter_prompt;
	const struct completion *completion = &typed->completion;
	char alone[COMPLETION_BYTES + 1];
	size_t n = completion->n;
	if (n == 0)
		return;
	if (n == 1) { /* nothing to choose: on to what comes next */
		snprintf(alone, sizeof alone, "%s%s", completion->items[0],
		    screen->prompt.cursor == screen->prompt.n ? " " : "");
		if (put(screen, completion->from, typed->cycling ? completion->from + typed->put : screen->prompt.cursor, alone))
			look_around(screen);
		return;
	}
	size_t until = typed->cycling ? completion->from + typed->put : screen->prompt.cursor;
	size_t next = !typed->cycling ? (step > 0 ? 0 : n - 1) : (typed->chosen + n + (size_t)(step > 0 ? 1 : n - 1)) % n;
	if (!put(screen, completion->from, until, completion->items[next]))
		return;
	typed->cycling = true;
	typed->chosen = next;
	typed->put = strlen(completion->items[next]);
}

void filter_prompt_key(struct screen *screen, const struct key_event *event)
{
	struct filter_prompt *typed = &screen->filter_prompt;
	struct pane *pane = typed->pane;
	if (event->key == KEY_TAB || event->key == KEY_BACKTAB) {
		typed->insisted = false;
		cycle(screen, event->key == KEY_TAB ? 1 : -1);
		return;
	}
	/* What is saved is in force, too. */
	bool saves = event->key == (KEY_CTRL | 's');
	struct key_event enter = { .key = KEY_ENTER };
	typed->insisted = saves || event->key == KEY_ENTER;
	switch (prompt_key(&screen->prompt, saves ? &enter : event)) {
	case PROMPT_GOES_ON:
		look_around(screen);
		return;
	case PROMPT_CANCELLED:
		screen->modal = MODAL_NONE;
		return;
	case PROMPT_ACCEPTED: {
		char copy[PROMPT_BYTES]; /* another prompt may follow */
		memcpy(copy, screen->prompt.text, sizeof copy);
		const char *source = text_trim(copy);
		screen->modal = MODAL_NONE;
		if (pane == screen_focused(screen))
			filters_set(screen, pane, source);
		if (saves)
			filters_save(screen, source);
		return;
	}
	}
}

/* ---- drawing ----------------------------------------------------------------------- */

static enum role role_of(enum filter_role mark)
{
	switch (mark) {
	case MARK_FIELD:
		return ROLE_FILTER_FIELD;
	case MARK_OPERATOR: case MARK_JOIN:
		return ROLE_FILTER_OPERATOR;
	case MARK_VALUE: case MARK_WORD: case MARK_NAME:
		return ROLE_FILTER_VALUE;
	case MARK_WRONG:
		return ROLE_ERROR;
	}
	return ROLE_PROMPT;
}

static int width_of(const char *text, size_t from, size_t until)
{
	char part[PROMPT_BYTES];
	snprintf(part, sizeof part, "%.*s", (int)(until - MIN(from, until)), text + from);
	return text_width(part);
}

/* The line from byte `from` on, each word in its role. */
static void draw_line(const struct screen *screen, struct canvas *canvas, int row, int col, int room, size_t from)
{
	const struct prompt *prompt = &screen->prompt;
	const struct filter_reading *reading = &screen->filter_prompt.reading;
	size_t at = from;
	for (size_t i = 0; i <= reading->n_marks && at < prompt->n; i++) {
		bool last = i == reading->n_marks;
		size_t begin = last ? prompt->n : reading->marks[i].from, end = last ? prompt->n : reading->marks[i].until;
		char part[PROMPT_BYTES];
		if (begin > at) { /* blanks, and what was not understood */
			snprintf(part, sizeof part, "%.*s", (int)(begin - at), prompt->text + at);
			int used = canvas_text(canvas, row, col, room, ROLE_PROMPT, part);
			col += used, room -= used, at = begin;
		}
		if (end > at) {
			snprintf(part, sizeof part, "%.*s", (int)(end - at), prompt->text + at);
			int used = canvas_text(canvas, row, col, room, role_of(reading->marks[i].role), part);
			col += used, room -= used, at = end;
		}
	}
}

/* What may stand there, as many as there is room for; the chosen one is among them. */
static void draw_completion(const struct filter_prompt *typed, struct canvas *canvas, int row, int col, int room)
{
	const struct completion *completion = &typed->completion;
	char item[2 * COMPLETION_BYTES];
	size_t first = 0;
	if (typed->cycling) { /* whole pages, so that the list does not slide under the eye */
		int used = 0;
		for (size_t i = 0; i <= typed->chosen; i++) {
			int width = text_width(filter_prompt_item(completion, i, item)) + 2;
			if (used + width > room - 2) {
				first = i;
				used = 0;
			}
			used += width;
		}
	}
	int right = col + room;
	for (size_t i = first; i < completion->n; i++) {
		const char *shown = filter_prompt_item(completion, i, item);
		int width = text_width(shown), own = text_width(completion->items[i]);
		bool last = i + 1 == completion->n;
		if (i > first && col + width + (last ? 0 : 2) > right) {
			canvas_text(canvas, row, col, right - col, ROLE_KEY_TEXT, "\u2026");
			return;
		}
		bool on = typed->cycling && i == typed->chosen;
		canvas_text(canvas, row, col, right - col, on ? ROLE_KEY : ROLE_KEY_TEXT, shown);
		if (width > own)
			canvas_text(canvas, row, col + own, right - col - own, ROLE_DIM, shown + strlen(completion->items[i]));
		if (on)
			canvas_attrs(canvas, row, col, MIN(width, right - col), CELL_SELECTED);
		col += width + 2;
	}
}

static void draw_fault(const struct prompt *prompt, struct canvas *canvas, int row, int at)
{
	int width = text_width(prompt->fault.text), cols = canvas->clip.cols;
	canvas_text(canvas, row, at, 1, ROLE_ERROR, "^");
	if (at + 2 + width < cols) {
		canvas_text(canvas, row, at + 2, cols, ROLE_ERROR, prompt->fault.text);
	} else if (at - width > 1) {
		canvas_text(canvas, row, at - width - 1, width, ROLE_ERROR, prompt->fault.text);
	} else { /* what is wrong says more than where */
		canvas_text(canvas, row, 1, cols - 2, ROLE_ERROR, prompt->fault.text);
	}
}

void filter_prompt_draw(struct screen *screen, int row)
{
	struct canvas *canvas = &screen->canvas;
	const struct prompt *prompt = &screen->prompt;
	const struct filter_prompt *typed = &screen->filter_prompt;
	int cols = canvas->clip.cols;
	canvas_fill(canvas, (struct box){ row, 0, 2, cols }, ROLE_PROMPT, ' ');
	int col = 2 + canvas_text(canvas, row, 1, cols - 2, ROLE_PROMPT_LABEL, prompt->label);
	int room = MAX(cols - col - 1, 1);
	/* Scroll sideways so that the caret is inside. */
	size_t from = 0;
	while (from < prompt->cursor && width_of(prompt->text, from, prompt->cursor) >= room) {
		uint32_t point;
		from += utf8_decode(prompt->text + from, prompt->n - from, &point);
	}
	draw_line(screen, canvas, row, col, room, from);
	/* What is unfinished has no fault yet; what is begun and fits nothing has. */
	bool helps = typed->completion.n > 0 && !typed->insisted && !prompt->full && prompt->n > 0;
	if (prompt->fault.code != FAULT_NONE && (prompt->n > 0 || prompt->full) && !(helps && prompt->fault_at >= typed->completion.from)) {
		size_t where = MIN(MAX(prompt->fault_at, from), prompt->n);
		draw_fault(prompt, canvas, row + 1, MIN(col + width_of(prompt->text, from, where), cols - 2));
	} else if (helps || typed->cycling) {
		draw_completion(typed, canvas, row + 1, col, room);
	} else {
		canvas_text(canvas, row + 1, col, cols - col, ROLE_KEY_TEXT, _("Enter accepts   Tab completes   C-s saves   Esc cancels"));
	}
	canvas_cursor(canvas, row, MIN(col + width_of(prompt->text, from, prompt->cursor), cols - 1));
}
