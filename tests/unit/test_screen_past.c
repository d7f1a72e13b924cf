/* SPDX-License-Identifier: Apache-2.0
 *
 * The moment that is looked at: there and back, and that nothing is done there. */
#include "test.h"

#include "screen_rig.h"

#include "ui/past.h"

static struct screen *begin(size_t alerts, size_t calls)
{
	fake_start(alerts, calls);
	asked_past.at_ms = -1;
	return screen_begin("en", 36, 120, &(struct screen_options){ 0 });
}

TEST(an_hour_and_a_day_back_and_forth)
{
	struct screen *screen = begin(7, 10);
	press(screen, "[");
	CHECK_INT(asked_past.at_ms, NOW_MS - HOUR_MS);
	CHECK(screen_says(screen, "AS IT WAS 2026-10-05 13:04 BOG"));
	CHECK(screen_says(screen, "now open: \xE2\x96\xB2" "2 \xE2\x97\x86" "2"));
	press(screen, "{ [");
	CHECK_INT(asked_past.at_ms, NOW_MS - 2 * HOUR_MS - DAY_MS);
	CHECK_INT(pane_now(screen->panes[0]), NOW_MS - 2 * HOUR_MS - DAY_MS);
	press(screen, "} ]");
	CHECK_INT(asked_past.at_ms, NOW_MS - HOUR_MS);
	press(screen, "]"); /* into now */
	CHECK_INT(asked_past.at_ms, 0);
	CHECK_INT(screen->past_ms, 0);
	CHECK(says(screen, "It is now again."));
	CHECK(!screen_says(screen, "AS IT WAS"));
	press(screen, "]");
	CHECK(says(screen, "later there is nothing yet"));
	CHECK_INT(pane_now(screen->panes[0]), NOW_MS);
	end(screen);
}

TEST(rows_of_now_are_not_taken_for_those_of_then)
{
	struct screen *screen = begin(7, 10);
	CHECK(screen_says(screen, "CRIT"));
	fake.silent = true; /* a moment of a large store takes its time */
	screen_key(screen, &(struct key_event){ .key = '[' });
	screen_tick(screen, screen->steady_ms + 100);
	CHECK(screen_says(screen, "CRIT")); /* it may be here at once */
	screen_tick(screen, screen->steady_ms + 1000);
	CHECK(screen_says(screen, "Reading how it was"));
	CHECK(!screen_says(screen, "CRIT"));
	fake.silent = false;
	press(screen, "[");
	CHECK(screen_says(screen, "CRIT"));
	CHECK(!screen_says(screen, "Reading how it was"));
	end(screen);
}

TEST(reasons_of_now_are_not_taken_for_those_of_then)
{
	struct screen *screen = begin(7, 10);
	press(screen, "[ Enter");
	CHECK(screen_says(screen, " Why "));
	CHECK(!screen_says(screen, "as it says now"));
	press(screen, "q");
	fake.texts_of_now = true;
	press(screen, "Enter");
	CHECK(screen_says(screen, "Why, as it says now: what it said then was not kept"));
	end(screen);
}

TEST(escape_goes_back_to_now_before_it_takes_the_filter)
{
	struct screen *screen = begin(7, 10);
	struct pane *queue = screen->panes[N_MAIN_PANES - 1];
	filters_set(screen, queue, "severity == critical");
	press(screen, "[ L");
	CHECK(screen_focused(screen)->type == &view_calls);
	press(screen, "[");
	CHECK_INT(screen->past_ms, NOW_MS - 2 * HOUR_MS);
	press(screen, "Esc"); /* first the view */
	CHECK_INT(screen->n_views, 0);
	CHECK_INT(screen->past_ms, NOW_MS - 2 * HOUR_MS);
	press(screen, "Esc");
	CHECK_INT(screen->past_ms, 0);
	CHECK_STR(pane_filter(queue), "severity == critical");
	end(screen);
}

TEST(nothing_is_done_in_the_past)
{
	struct screen *screen = begin(7, 10);
	struct alert before[7];
	press(screen, "[");
	memcpy(before, fake.alerts, sizeof before);
	static const char *const keys[] = { "a", "C", "c", "z", "n", "A", "e", "r", "w", "R", "K", "U", "f", ".", "u", "F5", "F8", "5 a" };
	for (size_t i = 0; i < COUNT_OF(keys); i++) {
		screen->message[0] = '\0';
		press(screen, keys[i]);
		CHECK(says(screen, "This is the past"));
		CHECK_INT(screen->modal, MODAL_NONE);
	}
	static const enum command orders[] = { CMD_CLOSE, CMD_SNOOZE, CMD_NOTE, CMD_ASSIGN, CMD_SILENCE, CMD_ESCALATE, CMD_IMPORT, CMD_REPLAY, CMD_REHEARSE };
	static const char *const arguments[] = { "false_positive", "4h because", "text", "luis", "7d because", "reason", "/x", "30d", "tdos" };
	for (size_t i = 0; i < COUNT_OF(orders); i++) {
		screen->message[0] = '\0';
		screen_order(screen, orders[i], arguments[i]);
		CHECK(says(screen, "This is the past"));
		CHECK(!screen_offers(screen, orders[i]));
	}
	/* Nor what came to the acts later: all of them stand between the first and the last. */
	static const enum command more[] = { CMD_REDO, CMD_NEW_ALERT, CMD_TAG, CMD_LINK, CMD_UNLINK, CMD_MERGE, CMD_EDIT_NOTE, CMD_MARK_MATCHING, CMD_TICK,
		CMD_SILENCE_NEW, CMD_SILENCE_EXTEND, CMD_SILENCE_END };
	for (size_t i = 0; i < COUNT_OF(more); i++) {
		screen->message[0] = '\0';
		screen_command(screen, more[i]);
		CHECK(says(screen, "This is the past"));
		CHECK_INT(screen->modal, MODAL_NONE);
	}
	press(screen, "Enter a c"); /* in an alert neither */
	CHECK(screen_focused(screen)->type == &view_alert);
	CHECK(says(screen, "This is the past"));
	press(screen, "i");
	CHECK(says(screen, "A case is told as of now"));
	CHECK(screen_focused(screen)->type == &view_alert);
	press(screen, "["); /* nor does one travel from there */
	CHECK(says(screen, "Back in time one goes from the panes"));
	CHECK_INT(memcmp(before, fake.alerts, sizeof before), 0);
	CHECK_INT(fake.undo[0], '\0');
	press(screen, "q Esc a"); /* back in the present it is done */
	CHECK_STR(fake.alerts[0].assignee, "ana");
	end(screen);
}

TEST(enter_ticks_no_step_of_the_past)
{
	struct screen *screen = begin(7, 10);
	press(screen, "[ Enter");
	REQUIRE(screen_focused(screen)->type == &view_alert);
	struct document *document = pane_document(screen_focused(screen));
	for (int i = 0; i < 80 && document_target(document).kind != TARGET_SUBJECT; i++)
		press(screen, "j");
	REQUIRE(document_target(document).kind == TARGET_SUBJECT);
	press(screen, "Enter");
	CHECK(says(screen, "This is the past"));
	end(screen);
}

TEST(a_moment_is_asked_for)
{
	struct screen *screen = begin(7, 10);
	press(screen, "C-t 3 h Enter");
	CHECK_INT(screen->past_ms, NOW_MS - 3 * HOUR_MS);
	screen_order(screen, CMD_MOMENT, "2026-10-05 03:00");
	CHECK_INT(screen->past_ms, civil_to_ms(2026, 10, 5, 8, 0, 0, 0)); /* 03:00 in Bogot\xC3\xA1 */
	CHECK(screen_says(screen, "AS IT WAS 2026-10-05 03:00 BOG"));
	press(screen, "C-t x Enter"); /* what is none stays asked for */
	CHECK_INT(screen->modal, MODAL_PROMPT);
	press(screen, "Esc");
	CHECK_INT(screen->past_ms, civil_to_ms(2026, 10, 5, 8, 0, 0, 0));
	screen_order(screen, CMD_MOMENT, "2030-01-01");
	CHECK_INT(screen->past_ms, 0);
	end(screen);
}

TEST(moments_are_read_in_the_zone_that_is_shown)
{
	struct zone *zone;
	int64_t at, now = civil_to_ms(2026, 10, 5, 19, 4, 0, 0); /* 14:04 in Bogota */
	REQUIRE(zone_open("America/Bogota", &zone, NULL));
	static const struct {
		const char *text;
		int64_t hours_of_day; /* UTC hours since 2026-10-05; -1000: none */
	} rows[] = { { "3h", 16 }, { "-3h", 16 }, { "1d", -5 }, { "03:00", 8 }, { "23:00", 4 }, { "2026-10-05", 5 }, { "2026-10-05 03:00", 8 }, { "2026-10-05T03:00", 8 },
		{ "2026-10-05T03:00Z", 3 }, { "2026-10-05T03:00+02:00", 1 }, { "2026-10-05T03:00:00Z", 3 },
		{ "yesterday", -19 }, { "ayer 03:00", -16 }, { "AYER  23:00", 4 }, { "ayer 25:00", -1000 }, { "ayer noche", -1000 }, { "ayeres", -1000 },
		{ "yesterday yesterday", -1000 }, { "ayer 3h", -1000 }, { "", -1000 }, { "3", -1000 }, { "x", -1000 }, { "25:00", -1000 }, { "2026-02-31", -1000 }, { "0h", -1000 }, { "h", -1000 },
		{ "99999999999999999999h", -1000 }, { "2026-10-05 03:00 and much more than a moment has", -1000 }, { "2026-10-0", -1000 }, { "--3h", -1000 } };
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		bool read = past_read(rows[i].text, now, zone, &at);
		CHECK(read == (rows[i].hours_of_day != -1000));
		if (read != (rows[i].hours_of_day != -1000))
			puts(rows[i].text);
		int64_t whole = at - civil_to_ms(2026, 10, 5, 0, 0, 0, 0);
		if (read) /* those that count back have the minutes of now */
			CHECK_INT((whole - (strpbrk(rows[i].text, "hd") != NULL && rows[i].text[0] != 'y' ? 4 * MINUTE_MS : 0)) / HOUR_MS, rows[i].hours_of_day);
	}
	CHECK(past_read("03:00", now, NULL, &at)); /* no zone is known: UTC */
	CHECK_INT(at, civil_to_ms(2026, 10, 5, 3, 0, 0, 0));
	zone_free(zone);
}

TEST(what_is_not_kept_is_not_shown)
{
	struct screen *screen = begin(7, 10);
	press(screen, "2");
	CHECK(screen_says(screen, "+573105550221"));
	press(screen, "[");
	CHECK(!screen_says(screen, "+573105550221"));
	CHECK(screen_says(screen, "What was up then is not kept"));
	end(screen);
}

TESTS(T(an_hour_and_a_day_back_and_forth), T(rows_of_now_are_not_taken_for_those_of_then), T(reasons_of_now_are_not_taken_for_those_of_then), T(escape_goes_back_to_now_before_it_takes_the_filter), T(nothing_is_done_in_the_past), T(enter_ticks_no_step_of_the_past), T(a_moment_is_asked_for),
    T(moments_are_read_in_the_zone_that_is_shown), T(what_is_not_kept_is_not_shown))
