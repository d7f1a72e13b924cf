/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include "base/base.h"
#include "base/text.h"
#include "ui/canvas.h"
#include "ui/chart.h"

static struct canvas canvas;

static const char *row_text(int row)
{
	static char text[4096];
	size_t n = 0;
	for (int col = 0; col < canvas.cols; col++) {
		const struct cell *cell = canvas_at(&canvas, row, col);
		if (cell->point != 0)
			n += utf8_encode(cell->point, text + n);
		if (cell->mark != 0)
			n += utf8_encode(cell->mark, text + n);
	}
	while (n > 0 && text[n - 1] == ' ')
		n--;
	text[n] = '\0';
	return text;
}

TEST(text_is_clipped_with_an_ellipsis)
{
	canvas_init(&canvas, 2, 20);
	CHECK_INT(canvas_text(&canvas, 0, 0, 10, ROLE_TEXT, "Medell\u00EDn Centro"), 10);
	CHECK_STR(row_text(0), "Medell\u00EDn \u2026");
	CHECK_INT(canvas_text(&canvas, 1, 0, 8, ROLE_TEXT, "Medell\u00EDn"), 8);
	CHECK_STR(row_text(1), "Medell\u00EDn");
	canvas_clear(&canvas);
}

TEST(a_sentence_goes_on_below)
{
	canvas_init(&canvas, 6, 12);
	CHECK_INT(canvas_wrap(&canvas, 0, 1, 10, 5, ROLE_TEXT, "the store is locked\x1b[31m by it"), 3);
	CHECK_STR(row_text(0), " the store");
	CHECK_STR(row_text(1), " is locked\uFFFD"); /* as on any line: nothing that a terminal obeys */
	CHECK_STR(row_text(2), " [31m by it");
	CHECK_INT(canvas_wrap(&canvas, 3, 1, 10, 2, ROLE_TEXT, "M\u00E9xico, Bogot\u00E1 and others"), 2);
	CHECK_STR(row_text(3), " M\u00E9xico,");
	CHECK_STR(row_text(4), " Bogot\u00E1 an\u2026"); /* there is no line more */
	CHECK_STR(row_text(5), "");
	CHECK_INT(canvas_wrap(&canvas, 5, 1, 10, 1, ROLE_TEXT, ""), 0);
	CHECK_INT(canvas_wrap(&canvas, 5, 11, 1, 1, ROLE_TEXT, "\u6F22\u6F22"), 1);
	CHECK_INT(canvas_wrap(&canvas, 4, 11, 1, 2, ROLE_TEXT, "\u6F22\u6F22"), 0); /* too wide for any line */
	CHECK_INT(canvas_wrap(&canvas, 0, 12, 5, 3, ROLE_TEXT, "no room"), 0);
	CHECK_INT(canvas_wrap(&canvas, 0, 0, 5, 0, ROLE_TEXT, "no rows"), 0);
	canvas_clear(&canvas);
	canvas_init(&canvas, 4, 10);
	CHECK_INT(canvas_wrap(&canvas, 0, 0, 10, 4, ROLE_TEXT, "0123456789abcdefghij 1"), 3); /* a word longer than a line */
	CHECK_STR(row_text(1), "abcdefghij");
	CHECK_STR(row_text(2), "1");
	canvas_clear(&canvas);
}

TEST(nothing_lands_outside_the_clip)
{
	canvas_init(&canvas, 3, 10);
	struct box old = canvas_enter(&canvas, (struct box){ 1, 2, 1, 4 });
	canvas_text(&canvas, 0, 0, 100, ROLE_TEXT, "abcdefgh");
	canvas_text(&canvas, 1, 0, 100, ROLE_TEXT, "xxxx");
	canvas_text(&canvas, -1, 0, 100, ROLE_TEXT, "yyyy");
	canvas_text(&canvas, 0, 9, 100, ROLE_TEXT, "zzzz");
	canvas_fill(&canvas, (struct box){ -5, -5, 5, 50 }, ROLE_TEXT, '#');
	canvas_leave(&canvas, old);
	CHECK_STR(row_text(0), "");
	CHECK_STR(row_text(1), "  abc\u2026");
	CHECK_STR(row_text(2), "");
	canvas_clear(&canvas);
}

TEST(hostile_text_reaches_no_cell)
{
	static const char *const names[] = { "\x1b[2J\x1b]0;x\x07", "\x9b" "31m", "a\r\nb\tc",
		"\xE2\x80\xAE" "evil", "\xff\xfe\xc0\x80", "\xF3\xA0\x80\x81tag", "\x7f\x08\x08",
		"\xCC\x81\xCC\x81\xCC\x81" };
	canvas_init(&canvas, COUNT_OF(names), 30);
	for (size_t i = 0; i < COUNT_OF(names); i++)
		canvas_text(&canvas, (int)i, 0, 30, ROLE_TEXT, names[i]);
	for (int i = 0; i < canvas.rows * canvas.cols; i++) {
		CHECK(utf8_is_printable(canvas.cells[i].point));
		CHECK(canvas.cells[i].mark == 0 || utf8_width(canvas.cells[i].mark) == 0);
	}
	canvas_clear(&canvas);
}

TEST(wide_signs_keep_their_two_columns)
{
	canvas_init(&canvas, 1, 6);
	CHECK_INT(canvas_text(&canvas, 0, 0, 6, ROLE_TEXT, "\u6F22\u5B57"), 4);
	CHECK_INT(canvas_at(&canvas, 0, 1)->point, 0);
	/* Writing on one half blanks the other. */
	canvas_text(&canvas, 0, 1, 1, ROLE_TEXT, "x");
	CHECK_INT(canvas_at(&canvas, 0, 0)->point, ' ');
	CHECK_STR(row_text(0), " x\u5B57");
	canvas_text(&canvas, 0, 2, 1, ROLE_TEXT, "y");
	CHECK_STR(row_text(0), " xy");
	/* Half a sign does not fit: */
	CHECK_INT(canvas_text(&canvas, 0, 0, 4, ROLE_TEXT, "a\u6F22\u5B57"), 4);
	CHECK_STR(row_text(0), "a\u6F22\u2026");
	canvas_clear(&canvas);
}

TEST(marks_stay_on_their_sign)
{
	canvas_init(&canvas, 1, 6);
	canvas_text(&canvas, 0, 0, 6, ROLE_TEXT, "n\u0303o");
	CHECK_INT(canvas_at(&canvas, 0, 0)->mark, 0x303);
	CHECK_STR(row_text(0), "n\u0303o");
	canvas_clear(&canvas);
}

TEST(ascii_has_a_sign_for_each_of_ours)
{
	canvas_init(&canvas, 4, 20);
	canvas.ascii = true;
	canvas_text(&canvas, 0, 0, 20, ROLE_TEXT, "\u25B2\u25C6\u25CF\u25CB \u00F1\u00E1\u2192 \u2026\u6F22");
	CHECK_STR(row_text(0), "^*o. na> ~?");
	canvas_frame(&canvas, (struct box){ 1, 0, 3, 4 }, ROLE_BORDER, false);
	CHECK_STR(row_text(1), "+--+");
	CHECK_STR(row_text(2), "|  |");
	for (int i = 0; i < canvas.rows * canvas.cols; i++)
		CHECK(canvas.cells[i].point < 0x7F);
	canvas_clear(&canvas);
}

TEST(a_sparkline_shows_nothing_and_something_apart)
{
	static const int64_t values[] = { 9, 0, 1, 500, 1000 };
	canvas_init(&canvas, 1, 8);
	chart_sparkline(&canvas, 0, 0, 4, values, 5);
	CHECK_STR(row_text(0), "\u00B7\u2581\u2584\u2588");
	canvas_erase(&canvas, ROLE_TEXT);
	chart_bar(&canvas, 0, 0, 8, ROLE_CHART, 1, 100);
	CHECK_STR(row_text(0), "\u25A0");
	chart_bar(&canvas, 0, 0, 8, ROLE_CHART, 500, 100);
	CHECK_STR(row_text(0), "\u25A0\u25A0\u25A0\u25A0\u25A0\u25A0\u25A0\u25A0");
	canvas_clear(&canvas);
}

TEST(a_sparkline_stays_in_its_columns)
{
	static const int64_t values[] = { 8, 0, 4, 8 };
	canvas_init(&canvas, 3, 10);
	for (int columns = -1; columns <= 0; columns++) /* its column had no room */
		chart_sparkline(&canvas, 0, 2, columns, values, COUNT_OF(values));
	chart_sparkline(&canvas, 1, 2, 2, values, COUNT_OF(values));
	chart_sparkline(&canvas, 2, 2, 8, values, COUNT_OF(values));
	CHECK_STR(row_text(0), "");
	CHECK_STR(row_text(1), "  \u2584\u2588");
	CHECK_STR(row_text(2), "  \u2588\u00B7\u2584\u2588");
	canvas_clear(&canvas);
}

TESTS(T(a_sparkline_stays_in_its_columns), T(text_is_clipped_with_an_ellipsis), T(a_sentence_goes_on_below), T(nothing_lands_outside_the_clip),
    T(hostile_text_reaches_no_cell), T(wide_signs_keep_their_two_columns),
    T(marks_stay_on_their_sign), T(ascii_has_a_sign_for_each_of_ours),
    T(a_sparkline_shows_nothing_and_something_apart))
