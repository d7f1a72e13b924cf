/* SPDX-License-Identifier: Apache-2.0
 *
 * Whose line is contained: that of the alert under the cursor, whatever the row stands
 * for. At Webex, and how it is undone: test_console_contain.py. */
#include "test.h"

#include "screen_rig.h"
#include "ui/panes/queue_parts.h"
#include "watch/contain.h"

static struct {
	char person[64]; /* whose line was asked about last */
	size_t n_asked;
	struct contain_change change; /* what a look tells; name NULL: nothing would change */
	bool writes; /* what is to be written is under way, until it is answered */
	void (*done)(const struct contain_result *, void *);
	void *arg;
} webex;

static void contain(struct board *board, const struct contain_order *order, void (*done)(const struct contain_result *, void *), void *arg)
{
	struct contain_result result = { .present = "{}" };
	UNUSED(board);
	if (order->look && webex.change.name != NULL)
		result.changes = (struct contain_changes){ &webex.change, 1 };
	if (webex.writes && !order->look)
		webex.done = done, webex.arg = arg;
	else
		done(&result, arg);
}

static void contained(struct board *board, const char *person, void (*on_answer)(void *, const struct containments *, const struct fault *), void *arg)
{
	struct containments none = { 0 };
	UNUSED(board);
	snprintf(webex.person, sizeof webex.person, "%s", person);
	webex.n_asked++;
	on_answer(arg, &none, NULL);
}

/* Cases of ten, of as many people. */
static struct screen *begin(void)
{
	static char names[70][8];
	fake_start(70, 10);
	memset(&webex, 0, sizeof webex);
	for (size_t i = 0; i < 70; i++) {
		snprintf(names[i], sizeof names[i], "p%zu", i);
		fake.alerts[i].case_id = fake.alerts[i % 7].id;
		fake.alerts[i].subject_kind = SUBJECT_PERSON;
		fake.alerts[i].subject_id = fake.alerts[i].subject_name = names[i];
	}
	fake.board.contain = contain;
	fake.board.contained = contained;
	return screen_begin("en", 36, 120, &(struct screen_options){ 0 });
}

static struct queue *queue_of(struct screen *screen)
{
	return screen->panes[3]->memory;
}

static const char *refusal = "put the cursor on it, without marks";

/* The menu is of the one that the row shows, and nothing has to be opened for it. */
static void offers_the_line_shown(struct screen *screen)
{
	char title[100];
	const struct queue_row *row = queue_selected(queue_of(screen));
	REQUIRE(row != NULL);
	snprintf(title, sizeof title, "Contain the line of %s", row->alert->subject_name);
	press(screen, "b");
	CHECK_INT(screen->modal, MODAL_MENU);
	CHECK_STR(screen->menu.title, title);
	CHECK_STR(webex.person, row->alert->subject_id);
	press(screen, "Esc");
}

TEST(a_row_that_stands_for_a_case_has_the_line_that_it_shows)
{
	static const char *const groups[] = { "x 2", "x 3", "x 4" };
	for (size_t i = 0; i < COUNT_OF(groups); i++) {
		struct screen *screen = begin();
		press(screen, groups[i]);
		for (int order = 0; order < N_ORDERS; order++) { /* by another column another one stands for it */
			press(screen, "g");
			offers_the_line_shown(screen);
			press(screen, "j j");
			offers_the_line_shown(screen);
			press(screen, "s");
		}
		press(screen, "g +");
		offers_the_line_shown(screen); /* opened, too, and in it */
		press(screen, "j");
		offers_the_line_shown(screen);
		end(screen);
	}
}

TEST(the_changes_that_are_tried_are_for_the_alert_that_the_row_shows)
{
	struct screen *screen = begin();
	for (int order = 0; order < N_ORDERS; order++) {
		press(screen, "g j f");
		CHECK(screen_focused(screen)->type == &view_tuning);
		CHECK_INT(screen_focused(screen)->id, queue_selected(queue_of(screen))->alert->id);
		press(screen, "q s");
	}
	end(screen);
}

/* Which line would it be? */
TEST(of_what_is_marked_or_taken_no_line_is_contained)
{
	static const char *const before[] = { "m", "m m", "m j", "*", "&", "m G", "x 5", "x 6" };
	for (size_t i = 0; i < COUNT_OF(before); i++) {
		struct screen *screen = begin();
		press(screen, before[i]);
		press(screen, "b");
		CHECK_INT(screen->modal, MODAL_NONE);
		CHECK(says(screen, refusal));
		CHECK_INT(webex.n_asked, 0);
		end(screen);
	}
	struct screen *screen = begin();
	press(screen, "& Esc");
	offers_the_line_shown(screen); /* nothing is taken any more */
	end(screen);
}

TEST(in_a_case_the_line_under_the_cursor_says_whose)
{
	struct screen *screen = begin();
	press(screen, "i");
	CHECK(screen_focused(screen)->type == &view_case);
	press(screen, "g b"); /* its first line is of no alert */
	CHECK_INT(screen->modal, MODAL_NONE);
	CHECK(says(screen, refusal));
	for (size_t i = 0; i < 200 && document_target(pane_document(screen_focused(screen))).kind != TARGET_ALERT; i++)
		press(screen, "j");
	struct target target = document_target(pane_document(screen_focused(screen)));
	REQUIRE(target.kind == TARGET_ALERT);
	press(screen, "b");
	CHECK_INT(screen->modal, MODAL_MENU);
	CHECK_STR(webex.person, alert_by_id(target.id)->subject_id);
	end(screen);
}

/* What is under way at Webex cannot be called back: who goes learns it first, and may. */
TEST(who_goes_while_a_line_is_changed_is_told_so_once)
{
	static const char *const ways[] = { "Q", "F10", "C-c" };
	for (size_t i = 0; i < COUNT_OF(ways); i++)
		for (int answered = 0; answered < 2; answered++) {
			struct contain_result result = { .present = "{}" };
			struct screen *screen = begin();
			webex.change = (struct contain_change){ "x", "calls abroad", "allowed", "blocked" };
			press(screen, "b 1");
			CHECK_INT(screen->modal, MODAL_MENU); /* a look alone holds nobody */
			webex.writes = true;
			press(screen, "w");
			REQUIRE(webex.done != NULL);
			press(screen, ways[i]);
			CHECK(!screen->wishes.quit);
			CHECK(says(screen, "A line is being changed: Q again leaves it to centinela contain finish"));
			if (answered == 1)
				webex.done(&result, webex.arg);
			press(screen, ways[i]);
			CHECK(screen->wishes.quit);
			end(screen);
			if (answered == 0)
				webex.done(&result, webex.arg); /* it goes with its order, though the screen is gone */
		}
}

/* Whatever it is written with: a line a piece, between two words, and nothing is lost. */
TEST(what_would_be_changed_is_read_whole)
{
	static const char *const texts[] = {
		"the line rings at nobody's, and whoever calls it hears that it cannot be reached at the moment, in the language of the site",
		"линия переадресована коллеге по имени Александр Александрович Петровский, который сегодня целый день работает вместо неё в Боготе",
		"no",
	};
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		struct screen *screen = begin();
		struct text whole = { 0 }, should = { 0 };
		webex.change = (struct contain_change){ "always", "what it does", texts[i], "blocked" };
		press(screen, "b 1");
		CHECK_INT(screen->modal, MODAL_MENU);
		for (size_t k = 0; k < screen->menu.n; k++) {
			const struct menu_item *item = &screen->menu.items[k];
			if (!item->off)
				continue;
			CHECK(text_width(item->label) <= 70);
			text_puts(&whole, item->label + strspn(item->label, " "));
			text_putc(&whole, ' ');
		}
		text_printf(&should, "what it does: %s \u2192 blocked ", texts[i]);
		CHECK_STR(text_string(&whole), text_string(&should));
		text_clear(&whole);
		text_clear(&should);
		end(screen);
	}
}

/* A key that was meant for something else must choose nothing there. */
TEST(no_menu_comes_under_a_key_that_was_pressed_since)
{
	static const char *const keys[] = { "j", "2", "Enter", "?", "? q" };
	for (size_t i = 0; i <= COUNT_OF(keys); i++) {
		struct screen *screen = begin();
		bool went_on = i < COUNT_OF(keys);
		fake.alert_later = true;
		press(screen, "b");
		int64_t id = fake.asked_alert.id;
		void (*answer)(void *, const struct alert_detail *, const struct fault *) = fake.asked_alert.on_answer;
		void *arg = fake.asked_alert.arg;
		if (went_on)
			press(screen, keys[i]);
		fake.alert_later = false;
		history_alert(NULL, id, answer, arg);
		CHECK_INT(screen->modal, went_on ? MODAL_NONE : MODAL_MENU);
		CHECK(!went_on || says(screen, " on its alert once more"));
		end(screen);
	}
}

TESTS(T(who_goes_while_a_line_is_changed_is_told_so_once), T(no_menu_comes_under_a_key_that_was_pressed_since), T(what_would_be_changed_is_read_whole), T(a_row_that_stands_for_a_case_has_the_line_that_it_shows), T(the_changes_that_are_tried_are_for_the_alert_that_the_row_shows),
    T(of_what_is_marked_or_taken_no_line_is_contained), T(in_a_case_the_line_under_the_cursor_says_whose))
