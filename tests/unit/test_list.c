/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include "ui/document.h"

static struct list list;

static void set(const char *ids) /* one letter an item */
{
	int64_t numbers[64];
	size_t n = strlen(ids);
	for (size_t i = 0; i < n; i++)
		numbers[i] = ids[i];
	list_set(&list, numbers, n);
}

static char selected(void)
{
	return (char)list_selected_id(&list);
}

TEST(the_cursor_stays_on_its_item)
{
	set("abcdef");
	list_show(&list, 4);
	CHECK_INT(selected(), 'a');
	list_command(&list, CMD_DOWN);
	list_command(&list, CMD_DOWN);
	CHECK_INT(selected(), 'c');
	set("xyabcdef");
	CHECK_INT(selected(), 'c');
	set("fedcbayx");
	CHECK_INT(selected(), 'c');
	list_clear(&list);
}

TEST(the_screen_holds_still_and_new_rows_are_counted)
{
	set("abcdefgh");
	list_show(&list, 4);
	list_command(&list, CMD_DOWN);
	list_show(&list, 4);
	set("xyzabcdefgh");
	list_show(&list, 4);
	CHECK_INT(list.top, 3);
	CHECK_INT(selected(), 'b');
	CHECK_INT(list_n_fresh_above(&list), 3);
	list_command(&list, CMD_TOP);
	list_show(&list, 4);
	CHECK_INT(list_n_fresh_above(&list), 0);
	CHECK_INT(list.top, 0);
	list_clear(&list);
}

TEST(when_its_item_goes_the_next_one_is_under_the_cursor)
{
	set("abc");
	list_show(&list, 4);
	list_command(&list, CMD_DOWN);
	set("ac");
	CHECK_INT(selected(), 'c');
	set("a");
	CHECK_INT(selected(), 'a');
	set("");
	CHECK_INT(selected(), 0);
	CHECK(list_command(&list, CMD_DOWN));
	CHECK(list_command(&list, CMD_MARK));
	set("q");
	CHECK_INT(selected(), 'q');
	list_clear(&list);
}

TEST(marks_stay_and_act_together)
{
	int64_t ids[8];
	set("abcd");
	list_show(&list, 4);
	CHECK_INT(list_targets(&list, ids, 8), 1);
	CHECK_INT(ids[0], 'a');
	list_command(&list, CMD_MARK);
	list_command(&list, CMD_DOWN);
	list_command(&list, CMD_MARK);
	set("zabcd");
	CHECK_INT(list_targets(&list, ids, 8), 2);
	CHECK_INT(ids[0], 'a');
	CHECK_INT(ids[1], 'c');
	list_command(&list, CMD_MARK_ALL);
	CHECK_INT(list_n_marked(&list), 0);
	list_command(&list, CMD_MARK_ALL);
	CHECK_INT(list_targets(&list, ids, 3), 3);
	list_clear(&list);
}

TEST(pages_and_ends)
{
	set("abcdefghij");
	list_show(&list, 4);
	list_command(&list, CMD_PAGE_DOWN);
	list_show(&list, 4);
	CHECK_INT(selected(), 'd');
	list_command(&list, CMD_BOTTOM);
	list_show(&list, 4);
	CHECK_INT(selected(), 'j');
	CHECK_INT(list.top, 6);
	list_command(&list, CMD_PAGE_UP);
	list_show(&list, 4);
	CHECK_INT(selected(), 'g');
	list_show(&list, 20);
	CHECK_INT(list.top, 0);
	CHECK(!list_command(&list, CMD_QUIT));
	list_clear(&list);
}

TEST(narrow_lines_drop_columns_and_wide_ones_grow)
{
	static const struct list_column columns[] = {
		{ "a", 6, 0, 0, false, 0 }, { "b", 10, 1, 2, false, 0 }, { "c", 8, 3, 0, false, 0 }, { "d", 5, 0, 1, true, 0 } };
	struct list_place places[4];
	list_layout(columns, NULL, 4, 72, places);
	CHECK_INT(places[1].cols, 20);
	CHECK_INT(places[2].cols, 38);
	CHECK_INT(places[3].col + places[3].cols, 72);
	list_layout(columns, NULL, 4, 22, places);
	CHECK_INT(places[1].cols, 0);
	CHECK_INT(places[3].cols, 5);
	CHECK_INT(places[3].col + places[3].cols, 22);
	list_layout(columns, NULL, 4, 5, places);
	for (int i = 0; i < 4; i++)
		CHECK(places[i].col + places[i].cols <= 5 || places[i].cols == 0);
}

TEST(columns_take_what_their_contents_need)
{
	static const struct list_column columns[] = { { "a", 6, 0, 0, false, 0 }, { "b", 10, 1, 0, false, 30 },
		{ "c", 10, 1, 0, false, 0 }, { "d", 4, 1, 0, false, 9 } };
	struct list needy = { 0 };
	struct list_place places[4];
	list_need(&needy, 1, "Julián Solano Duarte");
	list_need(&needy, 1, "Ana");
	list_need(&needy, 2, "PoC Banco");
	list_layout(columns, needy.need, 4, 46, places);
	CHECK_INT(places[1].cols, 20); /* a name whole, counted in columns */
	CHECK_INT(places[2].cols, 10); /* no more than it needs */
	CHECK_INT(places[3].cols, 7);  /* who said nothing takes the rest */
	list_layout(columns, needy.need, 4, 100, places);
	CHECK_INT(places[1].cols, 20);
	CHECK_INT(places[3].cols, 9);
	list_need(&needy, 1, "a name so long that it would push everything else from the line");
	list_need(&needy, 2, "a reason that is nearly as long and wants its room");
	list_layout(columns, needy.need, 4, 60, places);
	CHECK_INT(places[1].cols, 24); /* both want more than there is */
	CHECK_INT(places[2].cols, 23);
	list_layout(columns, needy.need, 4, 93, places);
	CHECK_INT(places[1].cols, 30); /* its bound, while another needs room */
	CHECK_INT(places[2].cols, 50);
	list_layout(columns, needy.need, 4, 100, places);
	CHECK_INT(places[1].cols, 37); /* more of it where nobody needs anything */
	CHECK_INT(places[2].cols, 50);
	CHECK_INT(places[3].col + places[3].cols, 100);
	list_layout(columns, needy.need, 4, 200, places);
	CHECK_INT(places[1].cols, 63); /* and no more than that */
	list_clear(&needy);
}

/* A timeline names an alert that the list above it has, too. */
TEST(of_lines_that_lead_to_one_place_each_keeps_the_cursor)
{
	struct document document = { 0 };
	for (size_t line = 0; line < 6; line++) {
		for (int turn = 0; turn < 2; turn++) { /* the second time a line has come above */
			static const int64_t whither[] = { 7, 8, 0, 7, 8, 7 };
			document_begin(&document, 40);
			document_heading(&document, "Alerts");
			if (turn == 1)
				document_line(&document, (struct target){ TARGET_ALERT, 6 });
			for (size_t i = 0; i < 6; i++) {
				if (whither[i] == 0)
					document_heading(&document, "Timeline");
				else
					document_line(&document, (struct target){ TARGET_ALERT, whither[i] });
			}
			document_end(&document);
			if (turn == 0)
				list_select(&document.list, 1 + line + (line > 2));
		}
		if (line != 2)
			CHECK_INT(document.list.selected, 2 + line + (line > 2));
	}
	document_clear(&document);
}

TEST(a_document_wraps_filters_and_leads_on)
{
	struct document document = { 0 };
	document_begin(&document, 12);
	document_heading(&document, "Keys");
	document_line(&document, (struct target){ TARGET_ALERT, 7 });
	document_wrap(&document, 2, ROLE_TEXT, "one two three four incomprehensibilities");
	document_end(&document);
	CHECK_INT(document.n_shown, 6);
	char text[64];
	document_command(&document, CMD_DOWN);
	document_selected_text(&document, text, sizeof text);
	CHECK_STR(text, "one two");
	document_command(&document, CMD_DOWN);
	CHECK_INT(document_target(&document).id, 7);
	document_filter(&document, "THREE");
	CHECK_INT(document.n_shown, 2);
	document_filter(&document, "");
	CHECK_INT(document.n_shown, 6);
	document_filter(&document, "nowhere"); /* a heading over nothing is no answer */
	CHECK_INT(document.n_shown, 0);
	document_filter(&document, "keys"); /* all that stands under it */
	CHECK_INT(document.n_shown, 6);
	document_clear(&document);
}

TESTS(T(the_cursor_stays_on_its_item), T(the_screen_holds_still_and_new_rows_are_counted),
    T(when_its_item_goes_the_next_one_is_under_the_cursor), T(marks_stay_and_act_together),
    T(pages_and_ends), T(narrow_lines_drop_columns_and_wide_ones_grow),
    T(columns_take_what_their_contents_need),
    T(of_lines_that_lead_to_one_place_each_keeps_the_cursor), T(a_document_wraps_filters_and_leads_on))
