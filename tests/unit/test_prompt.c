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

TESTS(T(a_line_is_edited), T(history_comes_back_and_so_does_what_was_typed),
    T(a_paste_is_made_printable_and_bounded), T(what_is_refused_is_shown_at_its_place))
