/* SPDX-License-Identifier: Apache-2.0
 *
 * What saves a hand keys: counts, the last act again, macros. */
#include "test.h"

#include "screen_rig.h"

static struct screen *begin(size_t alerts)
{
	fake_start(alerts, 10);
	return screen_begin("en", 36, 120, &(struct screen_options){ 0 });
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

/* ---- the foot -------------------------------------------------------------------------- */

static bool has(const char *line, const char *words)
{
	return strstr(line, words) != NULL;
}

TEST(over_a_menu_the_foot_has_the_keys_of_the_menu)
{
	static const struct {
		const char *keys, *foot;
	} rows[] = { { "x", " 1-6 Enter choose  k j move  Esc cancel " }, { "z", " 1-3 Enter choose  k j move  Esc cancel " },
		{ "|", " Enter show or hide  k j move  Esc done " }, { "m m C", " 1 Enter choose  k j move  Esc cancel " } };
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct screen *screen = begin(7);
		press(screen, rows[i].keys);
		CHECK_INT(screen->modal, MODAL_MENU);
		CHECK(has(foot(screen), rows[i].foot) && !has(foot(screen), "acknowledge"));
		press(screen, "Esc");
		screen->message[0] = '\0';
		CHECK(strstr(foot(screen), "a acknowledge") != NULL);
		end(screen);
	}
}

/* By what going back does where one is, which is said nowhere else. */
TEST(the_way_back_is_named_by_what_it_does)
{
	static const struct {
		const char *keys, *word, *help;
	} rows[] = { { "", NULL, "Close this view" }, { "Enter", "q back ", "Close this view" }, { "o", "q all panes ", "All panes again" },
		{ "/ s c o r e > 1 Enter", "q no filter ", "Show every row again" }, { "[", "q to now ", "Back to now" },
		{ "& j", "q take none ", "Take nothing of what passes the filter any more" }, { "[ Enter", "q back ", "Close this view" } };
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct screen *screen = begin(7);
		press(screen, rows[i].keys);
		screen->message[0] = '\0';
		CHECK(rows[i].word == NULL ? !has(foot(screen), " q ") : has(foot(screen), rows[i].word));
		CHECK_STR(screen_help(screen, CMD_BACK), rows[i].help);
		CHECK(screen_offers(screen, CMD_BACK) == (rows[i].word != NULL));
		end(screen);
	}
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
	press(screen, "3 Enter");
	size_t n_closed = 0;
	for (size_t i = 0; i < fake.n_alerts; i++)
		n_closed += fake.alerts[i].resolution == RESOLUTION_FALSE_POSITIVE;
	CHECK_INT(n_closed, 3);
	CHECK_INT(list_n_marked(list), 0);
	press(screen, "g 9 9 m"); /* to the last row and no further */
	CHECK_INT(list_n_marked(list), list->n);
	end(screen);
}

TEST(a_count_leaves_no_marks_for_the_next_act)
{
	struct screen *screen = begin(7);
	struct list *list = queue_of(screen);
	press(screen, "G 0 3 a"); /* there is only one from here down */
	CHECK_INT(list_n_marked(list), 0);
	press(screen, "g 0 3 c");
	CHECK_INT(list_n_marked(list), 3);
	press(screen, "Esc"); /* and it was not meant */
	int64_t here = list_selected_id(list);
	press(screen, "C");
	CHECK_INT(list_n_marked(list), 0);
	size_t n_claimed = 0;
	for (size_t i = 0; i < fake.n_alerts; i++)
		n_claimed += fake.alerts[i].id == here && strcmp(fake.alerts[i].assignee, "ana") == 0;
	CHECK_INT(n_claimed, 1);
	end(screen);
}

TEST(an_offer_ends_when_it_is_not_read_any_more)
{
	struct screen *screen = begin(7);
	press(screen, "c 3");
	CHECK(screen->closed.tune_id != 0);
	screen_key(screen, &(struct key_event){ .key = KEY_CLICK, .row = 20, .col = 60 });
	CHECK_INT(screen->closed.tune_id, 0);
	press(screen, "u c 3");
	CHECK(screen->closed.tune_id != 0);
	press(screen, "0 3 g");
	CHECK_INT(screen->closed.tune_id, 0);
	press(screen, "u c 3");
	CHECK(screen->closed.tune_id != 0);
	screen_tick(screen, screen->steady_ms + 60000);
	CHECK_INT(screen->closed.tune_id, 0);
	end(screen);
}

TEST(where_a_count_means_nothing_a_sentence_says_so)
{
	struct screen *screen = begin(7);
	static const char *const keys[] = { "5 t", "5 ?", "5 /", "5 u", "5 Q", "5 L", "5 f", "5 b", "Enter 5 a" };
	enum alert_state before[7];
	for (size_t i = 0; i < fake.n_alerts; i++)
		before[i] = fake.alerts[i].state;
	for (size_t i = 0; i < COUNT_OF(keys); i++) {
		size_t n_views = i + 1 == COUNT_OF(keys) ? 1 : 0;
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
	for (int command = CMD_NONE; command < N_COMMANDS; command++) {
		bool of_rows = command >= CMD_ACK && command <= CMD_REPEAT && command != CMD_TUNE && command != CMD_CONTAIN;
		CHECK_INT(act_is_of_rows((enum command)command), of_rows);
	}
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

/* What a hand can hold down, and what it pastes: all of it is noted, or it is said that it is not. */
TEST(a_note_is_whole_or_says_that_it_is_not)
{
	struct screen *screen = begin(7);
	char much[NOTE_BYTES + 64];
	const struct alert *first = alert_by_id(412);
	const struct alert_event *events = fake.events[first - fake.alerts];
	press(screen, "n");
	for (int i = 0; i < 5000; i++)
		screen_key(screen, &(struct key_event){ .key = 0xF1 });
	press(screen, "Enter");
	CHECK(screen->modal == MODAL_PROMPT && screen_says(screen, "it is full (4000 bytes)"));
	press(screen, "Enter");
	const struct alert_event *note = &events[fake.n_events[first - fake.alerts] - 1];
	CHECK_INT(strlen(note->note), NOTE_BYTES);
	press(screen, "j ."); /* a long one is not said of another by mistake */
	CHECK(says(screen, "There is no act yet to be repeated."));
	memset(much, 'x', sizeof much);
	memcpy(much, "one\r\n\r\ntwo\n", 11);
	press(screen, "k n");
	screen_key(screen, &(struct key_event){ .key = KEY_PASTE, .paste = much, .n = sizeof much });
	CHECK(screen_says(screen, "it is full (4000 bytes)"));
	CHECK_INT(screen->prompt.n, 0);
	screen_key(screen, &(struct key_event){ .key = KEY_PASTE, .paste = much, .n = 14 });
	press(screen, "M-Enter M-Enter Enter"); /* no blank lines at its end */
	note = &events[fake.n_events[first - fake.alerts] - 1];
	CHECK_STR(note->note, "one \u21B5 \u21B5 two \u21B5 xxx");
	press(screen, "n M-Enter Space Enter"); /* nothing was said */
	CHECK(screen->modal == MODAL_PROMPT && screen_says(screen, "a few words are needed"));
	end(screen);
}

TEST(the_last_act_is_repeated_on_what_is_marked)
{
	struct screen *screen = begin(7);
	press(screen, "z 2 x Enter");
	CHECK_INT(fake.alerts[0].state, ALERT_SNOOZED);
	press(screen, "g m m . Enter");
	CHECK(says(screen, "Again: Snoozed 4h, x: 2 alerts"));
	CHECK_INT(list_n_marked(queue_of(screen)), 0);
	size_t n_snoozed = 0;
	for (size_t i = 0; i < fake.n_alerts; i++) {
		int64_t for_ms = fake.alerts[i].snooze_until_ms - clock_real_ms();
		n_snoozed += fake.alerts[i].state == ALERT_SNOOZED && for_ms > 3 * HOUR_MS && for_ms <= 4 * HOUR_MS;
	}
	CHECK_INT(n_snoozed, 3);
	press(screen, "g 0 2 . Enter"); /* and on so many rows */
	CHECK(says(screen, "Again: Snoozed 4h, x: 2 alerts"));
	fake.read_only = true;
	press(screen, ".");
	CHECK(says(screen, "read-only"));
	end(screen);
}

/* ---- macros -------------------------------------------------------------------------- */

/* Until it has played, and what was typed behind it is done; how many ticks that took. */
static int play_out(struct screen *screen)
{
	int n = 0;
	while ((macro_is_playing(screen) || screen->n_ahead > 0) && !macro_is_asking(screen) && n++ < 1000)
		screen_tick(screen, screen->steady_ms + 1000);
	screen_draw(screen);
	return n;
}

TEST(keys_are_recorded_and_played)
{
	struct screen *screen = begin(60);
	struct list *list = queue_of(screen);
	press(screen, "; x");
	CHECK(says(screen, "Recording under x: ; ends it."));
	press(screen, "j");
	CHECK(strstr(foot(screen), " \xE2\x97\x8F x  ") == foot(screen));
	press(screen, "j k 5 j ;");
	CHECK(says(screen, "Recorded 5 keys: , x plays them."));
	CHECK_INT(list->selected, 6);
	press(screen, ", x");
	CHECK_INT(list->selected, 12);
	press(screen, "@ x");
	CHECK_INT(list->selected, 18);
	press(screen, "0 2 , x"); /* so often */
	CHECK_INT(list->selected, 30);
	press(screen, ", ,"); /* the last one again */
	CHECK_INT(list->selected, 36);
	press(screen, ", y");
	CHECK(says(screen, "There is no macro y."));
	press(screen, ", Esc j");
	CHECK_INT(list->selected, 37);
	press(screen, ", A");
	CHECK(says(screen, "Macros have letters"));
	/* More than there are rows: it ends with them. */
	press(screen, "9 9 9 9 , x");
	play_out(screen);
	CHECK(!macro_is_playing(screen));
	CHECK(says(screen, "Macro x stopped: the list is at its end"));
	CHECK_INT(list->selected, 59);
	end(screen);
}

TEST(a_macro_answers_menus_and_prompts_as_the_hand_did)
{
	struct screen *screen = begin(7);
	press(screen, "; a c 3 ;");
	CHECK_INT(fake.alerts[0].resolution, RESOLUTION_FALSE_POSITIVE);
	size_t n_closed = 0;
	press(screen, "0 3 , a");
	play_out(screen);
	for (size_t i = 0; i < fake.n_alerts; i++)
		n_closed += fake.alerts[i].resolution == RESOLUTION_FALSE_POSITIVE;
	CHECK_INT(n_closed, 4);
	/* Words, also pasted ones. */
	press(screen, "; b n");
	screen_key(screen, &(struct key_event){ .key = KEY_PASTE, .paste = "vis\xC3\xB3", .n = 5 });
	press(screen, "! Enter ;");
	CHECK(says(screen, "Recorded 7 keys"));
	press(screen, "g , b");
	play_out(screen);
	CHECK(says(screen, "Noted: #"));
	char keys[80];
	CHECK_INT(macro_recorded(screen, 'b', keys, sizeof keys), 7);
	CHECK_STR(keys, "n v i s \xC3\xB3 ! Enter");
	/* Ended by its name: that is none of it either. */
	press(screen, "; c j : r e c o r d Enter");
	CHECK_INT(macro_recorded(screen, 'c', keys, sizeof keys), 1);
	end(screen);
}

TEST(a_macro_ends_at_the_first_thing_that_is_refused)
{
	struct screen *screen = begin(7);
	press(screen, "; a r j ;"); /* nothing here is closed: it cannot be reopened */
	press(screen, "g 0 4 , a");
	play_out(screen);
	CHECK_INT(screen->message_role, ROLE_ERROR);
	CHECK_INT(queue_of(screen)->selected, 0);
	/* A menu whose keys are others now stays open, for a person. */
	press(screen, "; b c 3 ;");
	press(screen, "g");
	REQUIRE(macro_recorded(screen, 'b', (char[40]){ "" }, 40) == 2);
	press(screen, "; d z 9 Esc ;");
	press(screen, ", d");
	play_out(screen);
	CHECK(says(screen, "Macro d stopped: its next key does not answer what is asked"));
	CHECK_INT(screen->modal, MODAL_MENU);
	press(screen, "Esc");
	/* So does a prompt that refuses what it is given. */
	press(screen, "; e n Enter x Enter ;");
	press(screen, ", e");
	play_out(screen);
	CHECK(says(screen, "Macro e stopped: a few words are needed"));
	CHECK_INT(screen->modal, MODAL_PROMPT);
	press(screen, "Esc");
	end(screen);
}

TEST(whatever_cannot_be_done_ends_a_macro)
{
	/* A key means nothing, there is nothing to go back to, no such macro, a count for
	 * what takes none: no errors, but the keys behind would fall on something else. */
	static const char *const keys[] = { "%", "q", ", y", "9 t" };
	for (size_t i = 0; i < COUNT_OF(keys); i++) {
		struct screen *screen = begin(7);
		press(screen, "; a");
		press(screen, keys[i]);
		press(screen, "n x Enter ;");
		int n_notes = 0, n_after = 0;
		for (size_t k = 0; k < fake.n_alerts; k++)
			n_notes += fake.alerts[k].n_notes;
		press(screen, ", a");
		play_out(screen);
		for (size_t k = 0; k < fake.n_alerts; k++)
			n_after += fake.alerts[k].n_notes;
		CHECK(!macro_is_playing(screen));
		CHECK_INT(n_after, n_notes);
		end(screen);
	}
}

TEST(a_macro_waits_for_what_is_on_its_way_and_keys_wait_for_it)
{
	struct screen *screen = begin(7);
	press(screen, "; a L Enter Enter ;"); /* calls, the call, its record */
	press(screen, "q q q");
	fake.later = true;
	press(screen, ", a");
	CHECK(macro_is_playing(screen));
	CHECK(screen_focused(screen)->type == &view_calls);
	press(screen, "q"); /* typed ahead: for when it is over */
	CHECK(screen_focused(screen)->type == &view_calls);
	fake_answer_calls();
	fake.later = true;
	screen_tick(screen, screen->steady_ms + 1000);
	CHECK(screen_focused(screen)->type == &view_call);
	fake_answer_call();
	screen_tick(screen, screen->steady_ms + 1000);
	CHECK(!macro_is_playing(screen));
	screen_tick(screen, screen->steady_ms + 1000);
	CHECK(screen_focused(screen)->type == &view_call); /* back from the record */
	press(screen, "q q");
	/* Esc ends it at once; and an answer that never comes, after a while. */
	fake.later = true;
	press(screen, ", a Esc");
	CHECK(!macro_is_playing(screen));
	CHECK(says(screen, "The macro is stopped."));
	press(screen, "q");
	fake.later = true;
	press(screen, ", a");
	CHECK(macro_is_playing(screen));
	for (int i = 0; i < 12; i++)
		screen_tick(screen, screen->steady_ms + 1000);
	CHECK(!macro_is_playing(screen));
	CHECK(says(screen, "Macro a stopped: no answer came"));
	end(screen);
}

TEST(macros_in_macros_have_an_end)
{
	struct screen *screen = begin(60);
	struct list *list = queue_of(screen);
	press(screen, "; a j ; ; b 0 2 , a j ;");
	int64_t before = (int64_t)list->selected;
	press(screen, ", b");
	play_out(screen);
	CHECK_INT(list->selected, before + 3);
	press(screen, "; c T , c ;");
	CHECK(says(screen, "Recorded 3 keys"));
	press(screen, ", c");
	play_out(screen);
	CHECK(says(screen, "Macro c stopped: it plays macros within macros without an end"));
	press(screen, "; d T ; 9 9 9 9 , d");
	CHECK(play_out(screen) > 10); /* in turns: a key is heard in between */
	press(screen, "; e 9 9 9 9 , d ; 9 9 9 9 , e");
	play_out(screen);
	CHECK(says(screen, "Macro e stopped: it has gone on for too long"));
	end(screen);
}

TEST(what_is_not_a_key_of_the_hand_is_not_recorded)
{
	struct screen *screen = begin(7);
	press(screen, "; a j");
	screen_key(screen, &(struct key_event){ .key = KEY_CLICK, .row = 20, .col = 60 });
	screen_key(screen, &(struct key_event){ .key = KEY_PASTE, .paste = "q", .n = 1 });
	press(screen, "; ");
	CHECK(says(screen, "Recorded 1 key: , a plays it."));
	press(screen, "; a");
	for (int i = 0; i < 600; i++)
		press(screen, "T");
	CHECK(strstr(foot(screen), "\xE2\x97\x8F a") == NULL); /* it has ended by itself */
	char keys[16];
	CHECK_INT(macro_recorded(screen, 'a', keys, sizeof keys), 500);
	/* A secret is nobody's macro. */
	press(screen, "; s j");
	screen_prompt(screen, "secret:", "", NULL, NULL, NULL, NULL, NULL);
	screen->prompt.hidden = true;
	press(screen, "p w Enter");
	CHECK_INT(macro_recorded(screen, 's', keys, sizeof keys), 1);
	CHECK_STR(keys, "j");
	end(screen);
}

TEST(what_reaches_outside_is_asked_for_in_a_macro_too)
{
	struct screen *screen = begin(7);
	press(screen, "; a j Q"); /* quits while it is recorded */
	CHECK(screen->wishes.quit);
	screen->wishes.quit = false;
	press(screen, "; g");
	press(screen, ", a");
	CHECK(macro_is_asking(screen));
	CHECK(strstr(screen->menu.title, "Macro a would: Leave the program") != NULL);
	press(screen, "Enter"); /* the first answer is no */
	CHECK(!screen->wishes.quit && !macro_is_playing(screen));
	CHECK(says(screen, "Macro a stopped: it was not to do that"));
	press(screen, ", a Esc");
	screen_tick(screen, screen->steady_ms + 1000);
	CHECK(!screen->wishes.quit && !macro_is_playing(screen));
	press(screen, ", a 2");
	CHECK(screen->wishes.quit);
	screen->wishes.quit = false;
	/* What hides alerts as well; and which alert, no offer says: the one under the cursor. */
	press(screen, "Esc G ; b K 1 x Enter ; , b");
	play_out(screen);
	CHECK_INT(screen->modal, MODAL_MENU);
	CHECK(strstr(screen->menu.title, "Macro b would: Silence") != NULL);
	press(screen, "1");
	end(screen);
}

TESTS(T(a_note_is_whole_or_says_that_it_is_not), T(over_a_menu_the_foot_has_the_keys_of_the_menu), T(the_way_back_is_named_by_what_it_does), T(keys_are_recorded_and_played), T(a_macro_answers_menus_and_prompts_as_the_hand_did),
    T(a_macro_ends_at_the_first_thing_that_is_refused), T(whatever_cannot_be_done_ends_a_macro), T(a_macro_waits_for_what_is_on_its_way_and_keys_wait_for_it),
    T(macros_in_macros_have_an_end), T(what_is_not_a_key_of_the_hand_is_not_recorded),
    T(what_reaches_outside_is_asked_for_in_a_macro_too), T(a_count_moves_so_far), T(a_count_is_seen_while_it_is_typed), T(a_count_marks_and_acts_on_so_many_rows),
    T(a_count_leaves_no_marks_for_the_next_act), T(an_offer_ends_when_it_is_not_read_any_more),
    T(where_a_count_means_nothing_a_sentence_says_so), T(the_last_act_is_repeated_with_all_that_was_asked_for),
    T(the_last_act_is_repeated_on_what_is_marked))
