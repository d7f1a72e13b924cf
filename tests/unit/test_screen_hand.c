/* SPDX-License-Identifier: Apache-2.0
 *
 * What saves a hand keys: counts, the last act again, macros. */
#include "test.h"

#include "screen_board.h"

static struct screen *begin(size_t alerts)
{
	i18n_init("en");
	fake_start(alerts, 10);
	struct screen *screen = screen_new(&(struct screen_options){ 0 }, &fake.board);
	screen_resize(screen, 36, 120);
	screen_tick(screen, 1000);
	screen_draw(screen);
	return screen;
}

static void end(struct screen *screen)
{
	screen_free(screen);
	fake_stop();
}

static struct list *queue_of(struct screen *screen)
{
	return screen->panes[3]->type->list(screen->panes[3]);
}

/* The line at the foot, as text. */
static const char *foot(struct screen *screen)
{
	static char line[1000];
	size_t n = 0;
	screen_draw(screen);
	for (int col = 0; col < screen->canvas.cols && n + 5 < sizeof line; col++)
		n += utf8_encode(canvas_at(&screen->canvas, screen->layout.foot.row, col)->point, line + n);
	line[n] = '\0';
	return line;
}

static bool says(const struct screen *screen, const char *words)
{
	bool found = strstr(screen->message, words) != NULL;
	if (!found)
		printf("\"%s\" is not in \"%s\"\n", words, screen->message);
	return found;
}

/* ---- counts ------------------------------------------------------------------------ */

TEST(a_count_moves_so_far)
{
	struct screen *screen = begin(60);
	struct list *list = queue_of(screen);
	press(screen, "5 j");
	CHECK_INT(list->selected, 5);
	press(screen, "5 0 j"); /* once begun, every digit belongs to it */
	CHECK_INT(list->selected, 55);
	press(screen, "0 1 2 G");
	CHECK_INT(list->selected, 11);
	press(screen, "M-1 4 k"); /* as in a shell; past the first row there is none */
	CHECK_INT(list->selected, 0);
	press(screen, "0 3 0 g");
	CHECK_INT(list->selected, 29);
	press(screen, "9 9 9 9 9 9 9 9 9 9 9 9 j");
	CHECK_INT(list->selected, 59);
	press(screen, "7 Esc k"); /* taken back: one row */
	CHECK_INT(list->selected, 58);
	press(screen, "5 9 Backspace k");
	CHECK_INT(list->selected, 53);
	press(screen, "6 C-c");
	CHECK(!screen->wishes.quit);
	press(screen, "0 2 Tab"); /* two panes on */
	CHECK_INT(screen->focus, 1);
	press(screen, "3 2"); /* and panes are panes */
	CHECK_INT(screen->focus, 1);
	end(screen);
}

TEST(a_count_is_seen_while_it_is_typed)
{
	struct screen *screen = begin(60);
	press(screen, "5");
	CHECK(strstr(foot(screen), " 5  ") == foot(screen));
	press(screen, "2");
	CHECK(strstr(foot(screen), " 52  ") == foot(screen));
	press(screen, "j");
	CHECK(strstr(foot(screen), "52") == NULL);
	press(screen, "9 9 9 9 9 9");
	CHECK(strstr(foot(screen), " 9999  ") == foot(screen));
	end(screen);
}

TEST(a_count_marks_and_acts_on_so_many_rows)
{
	struct screen *screen = begin(7);
	struct list *list = queue_of(screen);
	press(screen, "0 3 m");
	CHECK_INT(list_n_marked(list), 3);
	CHECK_INT(list->selected, 3);
	press(screen, "0 2 a"); /* which rows would be meant? */
	CHECK(says(screen, "Rows are marked"));
	CHECK_INT(list_n_marked(list), 3);
	press(screen, "* g 0 3 c"); /* seen before it is done */
	CHECK_INT(screen->modal, MODAL_MENU);
	CHECK(strstr(screen->menu.title, "3 alerts") != NULL);
	press(screen, "3");
	size_t n_closed = 0;
	for (size_t i = 0; i < fake.n_alerts; i++)
		n_closed += fake.alerts[i].resolution == RESOLUTION_FALSE_POSITIVE;
	CHECK_INT(n_closed, 3);
	CHECK_INT(list_n_marked(list), 0);
	press(screen, "g 9 9 m"); /* to the last row and no further */
	CHECK_INT(list_n_marked(list), list->n);
	end(screen);
}

TEST(where_a_count_means_nothing_a_sentence_says_so)
{
	struct screen *screen = begin(7);
	static const char *const keys[] = { "5 t", "5 ?", "5 /", "5 u", "5 Q", "5 L", "Enter 5 a" };
	enum alert_state before[7];
	for (size_t i = 0; i < fake.n_alerts; i++)
		before[i] = fake.alerts[i].state;
	for (size_t i = 0; i < COUNT_OF(keys); i++) {
		size_t n_views = i == 6 ? 1 : 0;
		press(screen, keys[i]);
		CHECK(says(screen, "A count means nothing to"));
		CHECK_INT(screen->n_views, n_views);
		CHECK_INT(screen->modal, MODAL_NONE);
		CHECK(!screen->wishes.quit);
	}
	for (size_t i = 0; i < fake.n_alerts; i++)
		CHECK_INT(fake.alerts[i].state, before[i]);
	press(screen, "5 %");
	CHECK(says(screen, "This key does nothing here"));
	end(screen);
}

/* ---- the last act again ---------------------------------------------------------------- */

TEST(the_last_act_is_repeated_with_all_that_was_asked_for)
{
	struct screen *screen = begin(7);
	press(screen, ".");
	CHECK(says(screen, "There is no act yet to be repeated."));
	press(screen, "c 3");
	CHECK_INT(fake.alerts[0].state, ALERT_CLOSED);
	press(screen, ".");
	const struct alert *second = alert_by_id(413);
	CHECK_INT(second->state, ALERT_CLOSED);
	CHECK_INT(second->resolution, RESOLUTION_FALSE_POSITIVE);
	CHECK(says(screen, "Again: Closed, false positive: #413"));
	press(screen, "n h o y Enter j .");
	CHECK(says(screen, "Again: Noted, hoy: #"));
	int n_notes = 0;
	for (size_t i = 0; i < fake.n_alerts; i++)
		n_notes += fake.alerts[i].n_notes;
	CHECK(n_notes >= 2);
	end(screen);
}

TEST(the_last_act_is_repeated_on_what_is_marked)
{
	struct screen *screen = begin(7);
	press(screen, "z 2 x Enter");
	CHECK_INT(fake.alerts[0].state, ALERT_SNOOZED);
	press(screen, "g m m .");
	CHECK(says(screen, "Again: Snoozed 4h, x: 2 alerts"));
	CHECK_INT(list_n_marked(queue_of(screen)), 0);
	size_t n_snoozed = 0;
	for (size_t i = 0; i < fake.n_alerts; i++) {
		int64_t for_ms = fake.alerts[i].snooze_until_ms - clock_real_ms();
		n_snoozed += fake.alerts[i].state == ALERT_SNOOZED && for_ms > 3 * HOUR_MS && for_ms <= 4 * HOUR_MS;
	}
	CHECK_INT(n_snoozed, 3);
	press(screen, "g 0 2 ."); /* and on so many rows */
	CHECK(says(screen, "Again: Snoozed 4h, x: 2 alerts"));
	fake.read_only = true;
	press(screen, ".");
	CHECK(says(screen, "read-only"));
	end(screen);
}

TESTS(T(a_count_moves_so_far), T(a_count_is_seen_while_it_is_typed), T(a_count_marks_and_acts_on_so_many_rows),
    T(where_a_count_means_nothing_a_sentence_says_so), T(the_last_act_is_repeated_with_all_that_was_asked_for),
    T(the_last_act_is_repeated_on_what_is_marked))
