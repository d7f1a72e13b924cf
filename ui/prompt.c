/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/prompt.h"

#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"

static void judge(struct prompt *prompt)
{
	prompt->fault = (struct fault){ 0 };
	prompt->fault_at = 0;
	prompt->refused = false;
	if (prompt->check != NULL &&
	    !prompt->check(prompt->arg, prompt->text, &prompt->fault, &prompt->fault_at) &&
	    prompt->fault.code == FAULT_NONE)
		fault_set(&prompt->fault, FAULT_USAGE, "%s", _("this cannot be used here"));
	if (prompt->full) {
		fault_set(&prompt->fault, FAULT_USAGE, _("it is full (%zu bytes): what came after is not in it; Enter twice takes it so"), prompt->most);
		prompt->fault_at = prompt->n;
	}
}

static void set_text(struct prompt *prompt, const char *text)
{
	prompt->n = text_printable(prompt->text, prompt->most + 1, text, strlen(text));
	prompt->cursor = prompt->n;
	judge(prompt);
}

void prompt_start(struct prompt *prompt, const char *label, const char *text,
    struct prompt_history *history,
    bool (*check)(void *, const char *, struct fault *, size_t *), void *arg)
{
	*prompt = (struct prompt){ .history = history, .check = check, .arg = arg, .most = PROMPT_BYTES - 1 };
	snprintf(prompt->label, sizeof prompt->label, "%s", label);
	set_text(prompt, text);
}

void prompt_of_lines(struct prompt *prompt, size_t most)
{
	prompt->most = MIN(most, (size_t)PROMPT_ROOM - 1);
	prompt->lines = true;
}

size_t prompt_pasted(const struct prompt *prompt, const char *bytes, size_t n, char out[static PROMPT_ROOM + 4])
{
	size_t used = 0;
	while (n > 0 && used < PROMPT_ROOM) {
		size_t line = prompt->lines ? 0 : n;
		while (line < n && bytes[line] != '\r' && bytes[line] != '\n')
			line++;
		used += text_printable(out + used, PROMPT_ROOM + 4 - used, bytes, line);
		bytes += line;
		n -= line;
		if (n == 0 || used >= PROMPT_ROOM)
			break;
		size_t end = n > 1 && bytes[0] == '\r' && bytes[1] == '\n' ? 2 : 1;
		used += text_printable(out + used, PROMPT_ROOM + 4 - used, NOTE_LINE, strlen(NOTE_LINE));
		bytes += end;
		n -= end;
	}
	return used;
}

/* All of it, or nothing: half a sentence would be another one. */
static void insert(struct prompt *prompt, const char *bytes, size_t n)
{
	char printable[PROMPT_ROOM + 4];
	n = prompt_pasted(prompt, bytes, n, printable);
	prompt->full = n > prompt->most - prompt->n;
	if (!prompt->full) {
		memmove(prompt->text + prompt->cursor + n, prompt->text + prompt->cursor,
		    prompt->n - prompt->cursor + 1);
		memcpy(prompt->text + prompt->cursor, printable, n);
		prompt->n += n;
		prompt->cursor += n;
	}
	mem_wipe(printable, sizeof printable); /* it may be a secret */
}

static void erase(struct prompt *prompt, size_t from, size_t until)
{
	memmove(prompt->text + from, prompt->text + until, prompt->n - until + 1);
	prompt->n -= until - from;
	prompt->cursor = from;
	prompt->full = false;
}

void prompt_say_anew(struct prompt *prompt, const char *label)
{
	snprintf(prompt->label, sizeof prompt->label, "%s", label);
	judge(prompt);
}

void prompt_replace(struct prompt *prompt, size_t from, const char *text)
{
	erase(prompt, MIN(from, prompt->n), prompt->n);
	insert(prompt, text, strlen(text));
	judge(prompt);
}

static size_t before(const struct prompt *prompt, size_t at)
{
	if (at == 0)
		return 0;
	at--;
	while (at > 0 && ((unsigned char)prompt->text[at] & 0xC0) == 0x80)
		at--;
	return at;
}

static size_t after(const struct prompt *prompt, size_t at)
{
	uint32_t point;
	return at + utf8_decode(prompt->text + at, prompt->n - at, &point);
}

static size_t word_before(const struct prompt *prompt, size_t at)
{
	while (at > 0 && prompt->text[at - 1] == ' ')
		at--;
	while (at > 0 && prompt->text[at - 1] != ' ')
		at--;
	return at;
}

static void browse(struct prompt *prompt, size_t to)
{
	if (prompt->history == NULL || to > prompt->history->n)
		return;
	if (prompt->browsing == 0)
		memcpy(prompt->typed, prompt->text, sizeof prompt->typed);
	prompt->browsing = to;
	set_text(prompt, to == 0 ? prompt->typed : prompt->history->lines[to - 1]);
}

static void remember(struct prompt_history *history, const char *text)
{
	if (history == NULL || *text == '\0' || strlen(text) >= PROMPT_BYTES ||
	    (history->n > 0 && strcmp(history->lines[0], text) == 0))
		return;
	history->n_new++;
	history->n = MIN(history->n + 1, (size_t)PROMPT_HISTORY);
	memmove(history->lines + 1, history->lines, (history->n - 1) * sizeof history->lines[0]);
	snprintf(history->lines[0], sizeof history->lines[0], "%s", text);
}

enum prompt_result prompt_key(struct prompt *prompt, const struct key_event *event)
{
	char encoded[4];
	if (prompt->lines && prompt_lines_move(prompt, event->key))
		return PROMPT_GOES_ON;
	switch (event->key) {
	case KEY_ESCAPE: case KEY_CTRL | 'c': case KEY_CTRL | 'g':
		return PROMPT_CANCELLED;
	case KEY_ENTER:
		judge(prompt);
		prompt->full = false; /* that is said once */
		if (prompt->fault.code != FAULT_NONE)
			return PROMPT_GOES_ON;
		remember(prompt->history, prompt->text);
		return PROMPT_ACCEPTED;
	case KEY_LEFT: case KEY_CTRL | 'b':
		prompt->cursor = before(prompt, prompt->cursor);
		return PROMPT_GOES_ON;
	case KEY_RIGHT: case KEY_CTRL | 'f':
		prompt->cursor = after(prompt, prompt->cursor);
		return PROMPT_GOES_ON;
	case KEY_HOME: case KEY_CTRL | 'a':
		prompt->cursor = 0;
		return PROMPT_GOES_ON;
	case KEY_END: case KEY_CTRL | 'e':
		prompt->cursor = prompt->n;
		return PROMPT_GOES_ON;
	case KEY_UP: case KEY_CTRL | 'p':
		browse(prompt, prompt->browsing + 1);
		return PROMPT_GOES_ON;
	case KEY_DOWN: case KEY_CTRL | 'n':
		if (prompt->browsing > 0)
			browse(prompt, prompt->browsing - 1);
		return PROMPT_GOES_ON;
	case KEY_BACKSPACE:
		erase(prompt, before(prompt, prompt->cursor), prompt->cursor);
		break;
	case KEY_DELETE: case KEY_CTRL | 'd':
		erase(prompt, prompt->cursor, after(prompt, prompt->cursor));
		break;
	case KEY_CTRL | 'w':
		erase(prompt, word_before(prompt, prompt->cursor), prompt->cursor);
		break;
	case KEY_CTRL | 'u':
		erase(prompt, 0, prompt->cursor);
		break;
	case KEY_CTRL | 'k':
		erase(prompt, prompt->cursor, prompt->n);
		break;
	case KEY_PASTE:
		insert(prompt, event->paste, event->n);
		break;
	case KEY_ALT | KEY_ENTER: case KEY_CTRL | 'o':
		if (!prompt->lines)
			return PROMPT_GOES_ON;
		insert(prompt, NOTE_LINE, strlen(NOTE_LINE));
		break;
	default:
		if (event->key >= KEY_FIRST)
			return PROMPT_GOES_ON;
		insert(prompt, encoded, utf8_encode(event->key, encoded));
		break;
	}
	prompt->browsing = 0;
	judge(prompt);
	return PROMPT_GOES_ON;
}

static int width_until(const struct prompt *prompt, size_t from, size_t until)
{
	char part[PROMPT_ROOM];
	snprintf(part, sizeof part, "%.*s", (int)(until - MIN(from, until)), prompt->text + from);
	return text_width(part);
}

void prompt_hint(const struct prompt *prompt, struct canvas *canvas, int row, int col, int cols, const char *hint)
{
	int warned = canvas_text(canvas, row, col, cols, ROLE_WARN, prompt->warning);
	warned += warned > 0 ? 3 : 0;
	canvas_text(canvas, row, col + warned, MAX(cols - warned, 0), ROLE_KEY_TEXT, hint);
}

void prompt_draw(struct prompt *prompt, struct canvas *canvas, int row, const char *hint)
{
	if (prompt->lines) {
		prompt_lines_draw(prompt, canvas, row, hint);
		return;
	}
	int cols = canvas->clip.cols;
	canvas_fill(canvas, (struct box){ row, 0, 2, cols }, ROLE_PROMPT, ' ');
	int col = 1 + canvas_text(canvas, row, 1, cols - 2, ROLE_PROMPT_LABEL, prompt->label);
	col++;
	int room = MAX(cols - col - 1, 1);
	/* Scroll sideways so that the caret is inside. */
	size_t from = 0;
	while (width_until(prompt, from, prompt->cursor) >= room && from < prompt->cursor)
		from = after(prompt, from);
	int caret = col + width_until(prompt, from, prompt->cursor);
	if (prompt->hidden)
		canvas_fill(canvas, (struct box){ row, col, 1, MIN(text_width(prompt->text + from), room) },
		    ROLE_PROMPT, canvas->ascii ? '*' : 0x2022);
	else
		canvas_text(canvas, row, col, room, ROLE_PROMPT, prompt->text + from);
	if (prompt->fault.code != FAULT_NONE && (prompt->n > 0 || prompt->full || prompt->refused)) {
		size_t where = MIN(MAX(prompt->fault_at, from), prompt->n);
		int at = MIN(col + width_until(prompt, from, where), cols - 2);
		int width = text_width(prompt->fault.text);
		if (at + 2 + width < cols) {
			canvas_text(canvas, row + 1, at, 1, ROLE_ERROR, "^");
			canvas_text(canvas, row + 1, at + 2, cols, ROLE_ERROR, prompt->fault.text);
		} else if (at - width > 1) {
			canvas_text(canvas, row + 1, at, 1, ROLE_ERROR, "^");
			canvas_text(canvas, row + 1, at - width - 1, width, ROLE_ERROR, prompt->fault.text);
		} else { /* what is wrong says more than where */
			canvas_text(canvas, row + 1, 1, cols - 2, ROLE_ERROR, prompt->fault.text);
		}
	} else {
		prompt_hint(prompt, canvas, row + 1, col, cols - col, hint);
	}
	canvas_cursor(canvas, row, MIN(caret, cols - 1));
}
