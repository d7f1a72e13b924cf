/* SPDX-License-Identifier: Apache-2.0
 *
 * Texts of sections: from one to the next, and two beside each other. */
#include "test.h"

#include "ui/document.h"

static const struct target nowhere = { TARGET_NONE, 0 };

/* Three sections of four lines each, under two lines of no section. */
static void make(struct document *d)
{
	document_begin(d, 40);
	document_line(d, nowhere);
	document_put(d, 1, -1, ROLE_TEXT, "one");
	document_line(d, nowhere);
	for (int i = 0; i < 3; i++) {
		document_heading(d, "Section");
		for (int k = 0; k < 4; k++) {
			document_line(d, (struct target){ TARGET_ALERT, i * 10 + k });
			document_printf(d, 1, -1, ROLE_TEXT, "%d-%d", i, k);
		}
	}
	document_end(d);
	list_show(&d->list, 6);
}

TEST(a_key_goes_from_section_to_section)
{
	struct document d = { 0 };
	make(&d);
	CHECK(document_has_sections(&d));
	CHECK_INT(document_n_below(&d), d.n_shown - 6);
	/* Onto the first line of it, with its heading at the top. */
	for (int64_t i = 0; i < 3; i++) {
		CHECK(document_command(&d, CMD_NEXT_SECTION));
		list_show(&d.list, 6);
		CHECK_INT(document_target(&d).id, i * 10);
		CHECK_INT(d.list.selected - d.list.top, i < 2 ? 1 : 2); /* the last one ends where the text does */
	}
	CHECK_INT(document_n_below(&d), 0);
	document_command(&d, CMD_NEXT_SECTION); /* behind the last one: to the end */
	CHECK_INT(document_target(&d).id, 23);
	document_command(&d, CMD_NEXT_SECTION);
	CHECK_INT(document_target(&d).id, 23);
	/* Back: first to where this one begins. */
	static const int64_t back[] = { 20, 10, 0 };
	for (size_t i = 0; i < COUNT_OF(back); i++) {
		document_command(&d, CMD_PREV_SECTION);
		CHECK_INT(document_target(&d).id, back[i]);
	}
	document_command(&d, CMD_PREV_SECTION);
	CHECK_INT(d.list.selected, 0);
	document_command(&d, CMD_PREV_SECTION);
	CHECK_INT(d.list.selected, 0);
	document_clear(&d);
}

TEST(a_text_without_sections_or_without_lines_stays)
{
	struct document d = { 0 };
	CHECK(!document_has_sections(&d));
	document_command(&d, CMD_NEXT_SECTION);
	document_command(&d, CMD_PREV_SECTION);
	CHECK_INT(d.list.selected, 0);
	document_begin(&d, 40);
	document_heading(&d, "Alone"); /* a heading and nothing under it */
	document_end(&d);
	document_command(&d, CMD_NEXT_SECTION);
	CHECK_INT(d.list.selected, 0);
	document_clear(&d);
}

/* How many lines each side has, in turn. */
TEST(two_texts_stand_beside_each_other)
{
	static const size_t sides[][2] = { { 3, 5 }, { 5, 3 }, { 0, 4 }, { 4, 0 }, { 0, 0 }, { 1, 9 } };
	for (size_t i = 0; i < COUNT_OF(sides); i++) {
		struct document d = { 0 };
		char text[200];
		document_begin(&d, 80);
		document_line(&d, (struct target){ TARGET_RULE, 7 });
		document_put(&d, 1, -1, ROLE_TEXT, "above");
		size_t left = d.n;
		for (size_t k = 0; k < sides[i][0]; k++) {
			document_line(&d, nowhere);
			document_printf(&d, 1, -1, ROLE_TEXT, "left %zu, which is longer than its side of the text has room", k);
		}
		size_t right = d.n;
		for (size_t k = 0; k < sides[i][1]; k++) {
			document_line(&d, k == 1 ? (struct target){ TARGET_ALERT, 40 } : nowhere);
			document_printf(&d, 1, -1, ROLE_TEXT, "right %zu", k);
		}
		document_beside(&d, left, right, 30);
		document_end(&d);
		CHECK_INT(d.n, 1 + MAX(sides[i][0], sides[i][1]));
		CHECK_INT(document_target(&d).id, 7);
		struct canvas canvas;
		canvas_init(&canvas, 12, 80);
		canvas_erase(&canvas, ROLE_TEXT);
		list_select(&d.list, 2);
		document_draw(&d, &canvas, true);
		for (size_t k = 0; k < MAX(sides[i][0], sides[i][1]); k++) {
			int row = (int)k + 1;
			CHECK(canvas_at(&canvas, row, 28)->point == 0x2502);
			CHECK(canvas_at(&canvas, row, 27)->point == (k < sides[i][0] ? 0x2026 : ' ')); /* nothing reaches over */
			CHECK(canvas_at(&canvas, row, 31)->point == (k < sides[i][1] ? 'r' : ' '));
		}
		/* What leads somewhere is what is under the cursor, and what is copied. */
		document_selected_text(&d, text, sizeof text);
		if (sides[i][1] > 1) {
			CHECK_INT(document_target(&d).id, 40);
			CHECK_STR(text, "right 1");
			CHECK(!(canvas_at(&canvas, 2, 5)->attrs & CELL_SELECTED) && (canvas_at(&canvas, 2, 31)->attrs & CELL_SELECTED));
		}
		list_select(&d.list, 1);
		document_selected_text(&d, text, sizeof text);
		CHECK(sides[i][0] == 0 || strstr(text, "left 0") != NULL);
		CHECK(sides[i][1] == 0 || strstr(text, "right 0") != NULL);
		canvas_clear(&canvas);
		document_clear(&d);
	}
}

/* A text above and on the left, of which so many lines; on the right a heading and two records. */
static void lay_out_beside(struct document *d, size_t n_above, size_t n_left)
{
	document_begin(d, 80);
	for (size_t i = 0; i < n_above; i++) {
		document_line(d, nowhere);
		document_put(d, 1, -1, ROLE_TEXT, "above");
	}
	size_t left = d->n;
	document_heading(d, "Why");
	for (size_t i = 0; i < n_left; i++) {
		document_line(d, nowhere);
		document_printf(d, 1, -1, ROLE_TEXT, "reason %c of %zu", 'a' + (int)i, n_left);
	}
	document_heading(d, "What was done");
	size_t right = d->n;
	document_heading(d, "What to do");
	document_line(d, nowhere);
	document_heading(d, "Evidence: 2 records");
	for (int64_t i = 1; i <= 2; i++)
		document_line(d, (struct target){ TARGET_CALL, i });
	document_beside(d, left, right, 30);
	document_end(d);
}

/* Whatever the left one says now, the cursor stays on the heading of the right one. */
TEST(a_heading_beside_a_text_that_grows_keeps_the_cursor)
{
	struct document d = { 0 };
	char text[200];
	lay_out_beside(&d, 3, 4);
	for (size_t i = 0; i < d.n_shown; i++) {
		list_select(&d.list, i);
		document_selected_text(&d, text, sizeof text);
		if (strstr(text, "Evidence") != NULL)
			break;
	}
	for (size_t n = 1; n < 9; n++) {
		lay_out_beside(&d, 2 + n % 3, n);
		document_selected_text(&d, text, sizeof text);
		CHECK(strstr(text, "Evidence") != NULL);
	}
	list_select(&d.list, d.list.selected + 1);
	CHECK_INT(document_target(&d).id, 1);
	document_clear(&d);
}

TESTS(T(a_heading_beside_a_text_that_grows_keeps_the_cursor), T(a_key_goes_from_section_to_section), T(a_text_without_sections_or_without_lines_stays), T(two_texts_stand_beside_each_other))
