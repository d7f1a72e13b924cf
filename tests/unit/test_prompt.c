/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include "ui/prompt.h"

static struct prompt prompt;
static enum prompt_result last;

static void on_key(void *arg, const struct key_event *event)
{
	(void)arg;
	last = prompt_key(&prompt, event);
}

static void type(const char *keys)
{
	struct input input;
	input_init(&input, on_key, NULL);
	input_feed(&input, keys, strlen(keys));
	input_timeout(&input);
}

TEST(a_line_is_edited)
{
	prompt_start(&prompt, "note:", "", NULL, NULL, NULL);
	type("hola\x1b[D\x1b[D\xC3\xB1\x7f\xC3\xB1");
	CHECK_STR(prompt.text, "ho\xC3\xB1la");
	type("\x01X\x05Y");
	CHECK_STR(prompt.text, "Xho\xC3\xB1laY");
	type("\x1b[D\x1b[3~ uno dos\x17");
	CHECK_STR(prompt.text, "Xho\xC3\xB1la uno ");
	type("\x15");
	CHECK_STR(prompt.text, "");
	type("\x7f\x1b[3~\x1b[D\x1b[C");
	CHECK_STR(prompt.text, "");
	type("a\r");
	CHECK_INT(last, PROMPT_ACCEPTED);
	type("\x1b");
	CHECK_INT(last, PROMPT_CANCELLED);
}

TEST(history_comes_back_and_so_does_what_was_typed)
{
	struct prompt_history history = { 0 };
	prompt_start(&prompt, "/", "", &history, NULL, NULL);
	type("first\r");
	prompt_start(&prompt, "/", "", &history, NULL, NULL);
	type("second\r");
	prompt_start(&prompt, "/", "", &history, NULL, NULL);
	type("draft\x1b[A");
	CHECK_STR(prompt.text, "second");
	type("\x1b[A\x1b[A");
	CHECK_STR(prompt.text, "first");
	type("\x1b[B\x1b[B");
	CHECK_STR(prompt.text, "draft");
	for (int i = 0; i < 50; i++) {
		char line[16];
		snprintf(line, sizeof line, "%d\r", i);
		prompt_start(&prompt, "/", "", &history, NULL, NULL);
		type(line);
	}
	CHECK_INT(history.n, PROMPT_HISTORY);
	CHECK_STR(history.lines[0], "49");
}

TEST(a_paste_is_made_printable_and_bounded)
{
	prompt_start(&prompt, "note:", "", NULL, NULL, NULL);
	type("\x1b[200~a\x1b[2Jb\r\nc\x1b[201~");
	CHECK_STR(prompt.text, "a\xEF\xBF\xBD[2Jb  c");
	CHECK_INT(last, PROMPT_GOES_ON);
	for (int i = 0; i < 2 * PROMPT_BYTES; i++)
		type("\xC3\xB1");
	CHECK(prompt.n < PROMPT_BYTES);
	CHECK_INT(strlen(prompt.text), prompt.n);
}

static bool only_digits(void *arg, const char *text, struct fault *fault, size_t *offset)
{
	(void)arg;
	*offset = strspn(text, "0123456789");
	return text[*offset] == '\0' || fault_set(fault, FAULT_USAGE, "digits only");
}

TEST(what_is_refused_is_shown_at_its_place)
{
	struct canvas canvas;
	canvas_init(&canvas, 2, 40);
	prompt_start(&prompt, "n:", "", NULL, only_digits, NULL);
	type("12x\r");
	CHECK_INT(last, PROMPT_GOES_ON);
	CHECK_INT(prompt.fault_at, 2);
	prompt_draw(&prompt, &canvas, 0, "");
	CHECK_INT(canvas_at(&canvas, 1, 6)->point, '^');
	CHECK_INT(canvas_at(&canvas, 1, 8)->point, 'd');
	CHECK_INT(canvas.cursor_col, 7);
	type("\x7f\r");
	CHECK_INT(last, PROMPT_ACCEPTED);
	/* A long line scrolls so that the caret is on the screen. */
	canvas_erase(&canvas, ROLE_TEXT);
	for (int i = 0; i < 100; i++)
		type("7");
	prompt_draw(&prompt, &canvas, 0, "");
	CHECK(canvas.cursor_col > 30 && canvas.cursor_col < 40);
	canvas_clear(&canvas);
}

TEST(what_does_not_fit_is_said_and_nothing_is_cut)
{
	char paste[PASTE_BYTES];
	memset(paste, 'x', sizeof paste);
	prompt_start(&prompt, "filter:", "", NULL, NULL, NULL);
	for (int i = 0; i < PROMPT_BYTES - 1; i++)
		type("7");
	CHECK_INT(prompt.fault.code, FAULT_NONE);
	type("8\r");
	CHECK_INT(last, PROMPT_GOES_ON);
	CHECK(strstr(prompt.fault.text, "it is full (511 bytes)") != NULL);
	CHECK(prompt.text[prompt.n - 1] == '7');
	type("\r"); /* it was said */
	CHECK_INT(last, PROMPT_ACCEPTED);
	/* A paste stands there whole, or not at all. */
	prompt_start(&prompt, "filter:", "a", NULL, NULL, NULL);
	prompt_key(&prompt, &(struct key_event){ .key = KEY_PASTE, .paste = paste, .n = sizeof paste });
	CHECK_STR(prompt.text, "a");
	CHECK(strstr(prompt.fault.text, "it is full") != NULL);
	type("\x7f");
	CHECK_INT(prompt.fault.code, FAULT_NONE);
	CHECK_STR(prompt.text, "");
}

TEST(a_note_has_lines)
{
	struct canvas canvas;
	canvas_init(&canvas, 8, 20);
	prompt_start(&prompt, "n:", "", NULL, NULL, NULL);
	type("a\x1b\rb\x0f");
	CHECK_STR(prompt.text, "ab"); /* of one line: no break */
	prompt_start(&prompt, "n:", "", NULL, NULL, NULL);
	prompt_of_lines(&prompt, NOTE_BYTES);
	prompt_lines_draw(&prompt, &canvas, 5, "");
	type("uno\x1b\rdos\x0ftres\x1b[200~\r\ncuatro\ncinco\x1b[201~");
	CHECK_STR(prompt.text, "uno" NOTE_LINE "dos" NOTE_LINE "tres" NOTE_LINE "cuatro" NOTE_LINE "cinco");
	prompt_lines_draw(&prompt, &canvas, 5, "");
	CHECK_INT(canvas_at(&canvas, 1, 1)->point, 'n');
	CHECK_INT(canvas_at(&canvas, 1, 4)->point, 'u');
	CHECK_INT(canvas_at(&canvas, 5, 4)->point, 'c');
	CHECK_INT(canvas.cursor_row, 5);
	CHECK_INT(canvas.cursor_col, 9);
	type("\x1b[A\x1b[A!"); /* up twice: behind "tres", which is shorter */
	CHECK_STR(prompt.text, "uno" NOTE_LINE "dos" NOTE_LINE "tres!" NOTE_LINE "cuatro" NOTE_LINE "cinco");
	type("\x01" "1\x05" "2\x1b[B\x1b[B\x1b[Bx\x1b[A\x1b[A\x1b[A\x1b[A\x1b[A\x1b[A\x01" "0");
	CHECK_STR(prompt.text, "0uno" NOTE_LINE "dos" NOTE_LINE "1tres!2" NOTE_LINE "cuatro" NOTE_LINE "cincox");
	/* Words are wrapped, and what is longer than a line is broken; every sign can be reached. */
	type("\x15");
	prompt_start(&prompt, "n:", "", NULL, NULL, NULL);
	prompt_of_lines(&prompt, NOTE_BYTES);
	type("palabras que siguen, Muuuuuuuuuuuuuuuuuuuuy \xC3\xB1u");
	prompt_lines_draw(&prompt, &canvas, 5, "");
	CHECK_INT(canvas_at(&canvas, 2, 4)->point, 'p');
	CHECK_INT(canvas_at(&canvas, 3, 4)->point, 's');
	CHECK_INT(canvas_at(&canvas, 4, 4)->point, 'M');
	CHECK_INT(canvas_at(&canvas, 5, 4)->point, 'u');
	for (size_t cursor = 0; cursor <= prompt.n; cursor++) {
		prompt.cursor = cursor;
		prompt_lines_draw(&prompt, &canvas, 5, "");
		CHECK(canvas.cursor_row >= 2 && canvas.cursor_row <= 5 && canvas.cursor_col >= 4 && canvas.cursor_col < 20);
	}
	/* So much as a note holds, on a screen of any height. */
	for (int i = 0; i < NOTE_BYTES; i++)
		type("\xC3\xB1");
	CHECK(prompt.n >= NOTE_BYTES - 1 && prompt.n <= NOTE_BYTES);
	CHECK(strstr(prompt.fault.text, "it is full (4000 bytes)") != NULL);
	for (int row = 0; row < 5; row++)
		prompt_lines_draw(&prompt, &canvas, row, "");
	canvas_clear(&canvas);
}

TESTS(T(what_does_not_fit_is_said_and_nothing_is_cut), T(a_note_has_lines), T(a_line_is_edited), T(history_comes_back_and_so_does_what_was_typed),
    T(a_paste_is_made_printable_and_bounded), T(what_is_refused_is_shown_at_its_place))
