/* SPDX-License-Identifier: Apache-2.0
 *
 * The views of silences by their keys: one is begun, tried before, extended,
 * ended; and what the header says of all of them. */
#include "test.h"

#include "screen_rig.h"
#include "ui/panes/silence_parts.h"

static struct screen *shown(size_t n_silences, const char *language)
{
	fake_start(7, 10);
	fake_silences(n_silences);
	return screen_begin(language, 24, 80, &(struct screen_options){ 0 });
}

static void done(struct screen *screen)
{
	screen_free(screen);
	fake_stop();
}

static const struct pane_type *on_top(struct screen *screen)
{
	return screen_focused(screen)->type;
}

#define SCORE "s c o r e Space > Space 4 0"

TEST(a_silence_is_tried_before_it_is_begun)
{
	struct screen *screen = shown(0, "en");
	press(screen, "V");
	CHECK(on_top(screen) == &view_silences);
	CHECK(screen_says(screen, "Nothing is silent."));
	press(screen, "n Enter"); /* nothing is no scope */
	CHECK_INT(screen->modal, MODAL_FILTER);
	press(screen, SCORE " Enter");
	CHECK(on_top(screen) == &view_silence_new);
	CHECK_STR(silent.previewed, "score > 40");
	CHECK_INT(silent.n_previews, 1);
	CHECK_INT(silent.n_acts, 0);
	CHECK(screen_says(screen, "In 30 days it would have kept back 31 of 412 alerts."));
	CHECK(screen_says(screen, "2 of them were real!"));
	CHECK(screen_says(screen, "the highest of them:   \u25C6 HIGH"));
	CHECK(screen_says(screen, "1 critical one passes, too"));
	press(screen, "e"); /* it is none yet */
	CHECK(says(screen, "not in force yet"));
	press(screen, "x");
	CHECK_INT(silent.n_acts, 0);
	/* A reason is due; Escape leaves everything as it is. */
	press(screen, "Enter Enter");
	CHECK_INT(screen->modal, MODAL_PROMPT);
	press(screen, "Esc");
	CHECK(on_top(screen) == &view_silence_new);
	press(screen, "Enter d i a l l e r Enter");
	CHECK_INT(screen->modal, MODAL_MENU);
	press(screen, "2");
	CHECK_INT(silent.n_acts, 1);
	CHECK_INT(silent.act.deed, SILENCE_BEGIN);
	CHECK_INT(silent.act.kind, SILENCE_FILTER);
	CHECK_STR(silent.filter, "score > 40");
	CHECK_STR(silent.reason, "dialler");
	CHECK_INT(silent.act.until_ms - silent.act.now_ms, 8 * HOUR_MS);
	CHECK(silent.act.now_ms >= clock_real_ms() - MINUTE_MS);
	CHECK(on_top(screen) == &view_silences);
	CHECK(says(screen, "Silence s12 for 8h; e ends it"));
	CHECK(screen_says(screen, "score > 40"));
	done(screen);
}

TEST(a_silence_ends_soon_in_its_last_tenth_and_not_from_its_first_minute_on)
{
	static const struct {
		int64_t lasts_ms, left_ms;
		bool soon;
	} rows[] = { { DAY_MS, DAY_MS, false }, { DAY_MS, 3 * HOUR_MS, false }, { DAY_MS, 2 * HOUR_MS, true }, { HOUR_MS, 10 * MINUTE_MS, false },
		{ HOUR_MS, 5 * MINUTE_MS, true }, { 7 * DAY_MS, DAY_MS, false }, { 7 * DAY_MS, 16 * HOUR_MS, true }, { 30 * DAY_MS, 25 * HOUR_MS, false },
		{ 30 * DAY_MS, 23 * HOUR_MS, true } };
	enum role role;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		int64_t until_ms = NOW_MS + rows[i].left_ms;
		struct silence_row row = { .kind = SILENCE_FILTER, .begin_ms = until_ms - rows[i].lasts_ms, .until_ms = until_ms, .broken = "" };
		CHECK_INT(*silence_remark(&row, NOW_MS, &role) != '\0', rows[i].soon);
		CHECK_INT(silence_ends_soon(&row, NOW_MS), rows[i].soon);
	}
	/* When it began is not known of one that an old version wrote. */
	struct silence_row old = { .kind = SILENCE_FILTER, .until_ms = NOW_MS + HOUR_MS, .broken = "" };
	CHECK(silence_ends_soon(&old, NOW_MS));
}

TEST(when_a_silence_ends_is_said_in_the_zone_of_the_screen_and_in_utc)
{
	struct screen *screen = shown(3, "en");
	press(screen, "V j");
	CHECK(screen_says(screen, "until 2026-10-06 10:04 BOG \u00B7 15:04Z \u00B7 ana"));
	press(screen, "T"); /* Medellin: the same clock under its own name; then others, and UTC alone */
	for (int i = 0; i < 10 && !screen_says(screen, "until 2026-10-06 15:04 UTC \u00B7 ana"); i++)
		press(screen, "T");
	CHECK(screen_says(screen, "until 2026-10-06 15:04 UTC \u00B7 ana"));
	done(screen);
}

TEST(another_day_in_utc_is_named)
{
	char text[LONG_BYTES];
	struct zone *zone;
	struct fault fault;
	CHECK(zone_open("America/Bogota", &zone, &fault));
	CHECK_STR(format_minute(zone, "BOG", NOW_MS + 8 * HOUR_MS, text), "2026-10-05 22:04 BOG \u00B7 06 03:04Z");
	CHECK_STR(format_minute(NULL, "UTC", NOW_MS, text), "2026-10-05 19:04 UTC");
	CHECK_STR(format_minute(NULL, "UTC", 0, text), "\u2014");
	zone_free(zone);
}

TEST(from_an_alert_to_all_of_its_rule_and_site)
{
	struct screen *screen = shown(0, "en");
	press(screen, "j j j K"); /* K is of one that is not critical */
	CHECK_INT(screen->modal, MODAL_MENU);
	CHECK_STR(silent.previewed, "rule == \"extension_scan\" and subject.id == \"+50688885501\"");
	CHECK(strstr(screen->menu.title, "#415 \u00B7 31 in 30 d, 2 real") != NULL);
	press(screen, "w");
	CHECK(on_top(screen) == &view_silence_new);
	CHECK_STR(silent.previewed, "rule == \"extension_scan\" and location == \"Costa Rica\"");
	CHECK(screen_says(screen, "kept back 31 of 412 alerts"));
	CHECK_INT(silent.n_acts, 0);
	press(screen, "Enter x Enter 3");
	CHECK_INT(silent.n_acts, 1);
	CHECK_INT(screen->n_views, 0); /* back where it came from */
	/* Of several alerts there is no one rule. */
	press(screen, "m m K w");
	CHECK_INT(screen->n_views, 0);
	done(screen);
}

TEST(a_wider_silence_does_not_open_under_a_hand)
{
	static const char *const turns[] = { ":", "V", "Enter", "" };
	for (size_t i = 0; i < COUNT_OF(turns); i++) {
		struct screen *screen = shown(0, "en");
		press(screen, "j j j K");
		fake.alert_later = true;
		press(screen, "w");
		int64_t asked = fake.asked_alert.id;
		void (*on_answer)(void *, const struct alert_detail *, const struct fault *) = fake.asked_alert.on_answer;
		void *arg = fake.asked_alert.arg;
		press(screen, turns[i]);
		const struct pane *before = screen_focused(screen);
		enum modal modal = screen->modal;
		fake.asked_alert.id = asked; /* a view may have asked, too */
		fake.asked_alert.on_answer = on_answer;
		fake.asked_alert.arg = arg;
		fake_answer_alert();
		CHECK_INT(screen->modal, modal);
		if (*turns[i] == '\0') {
			CHECK(on_top(screen) == &view_silence_new);
		} else {
			CHECK(screen_focused(screen) == before);
			CHECK_STR(screen->message, "The silence of #415's rule and site was not opened over what is done here.");
		}
		done(screen);
	}
}

TEST(a_view_does_not_close_under_its_filter)
{
	struct screen *screen = shown(0, "en");
	silent.later = true;
	press(screen, "V n " SCORE " Enter Enter x Enter 2");
	CHECK_INT(silent.n_acts, 1);
	press(screen, "/");
	silent.on_done(silent.arg, 12, NULL);
	CHECK_INT(screen->modal, MODAL_FILTER);
	CHECK(on_top(screen) == &view_silence_new);
	CHECK_STR(screen->message, "Silence s12 for 8h; e ends it  (u undoes)");
	press(screen, "5 Enter"); /* it is there to be filtered */
	CHECK_STR(silent.previewed, "score > 405");
	done(screen);
}

TEST(a_filter_is_changed_and_tried_anew)
{
	struct screen *screen = shown(0, "en");
	press(screen, ":");
	for (const char *p = "silences"; *p != '\0'; p++)
		screen_key(screen, &(struct key_event){ .key = (uint32_t)*p });
	press(screen, "Enter");
	CHECK(on_top(screen) == &view_silences);
	screen_order(screen, CMD_SILENCE_NEW, "score < 10");
	press(screen, "");
	CHECK(screen_says(screen, "kept back 0 of 412 alerts"));
	CHECK(!screen_says(screen, "the highest"));
	press(screen, "/ C-u " SCORE " Enter");
	CHECK_STR(silent.previewed, "score > 40");
	CHECK(screen_says(screen, "kept back 31 of 412"));
	press(screen, "q q");
	CHECK_INT(screen->n_views, 0);
	CHECK_INT(silent.n_acts, 0);
	done(screen);
}

TEST(a_window_begins_later_and_within_thirty_days)
{
	struct screen *screen = shown(0, "en");
	press(screen, "V n " SCORE " Enter Enter x Enter m");
	CHECK_INT(screen->modal, MODAL_PROMPT);
	press(screen, "n o w Enter"); /* no time */
	CHECK_INT(screen->modal, MODAL_PROMPT);
	press(screen, "C-u 2 0 2 0 - 0 1 - 0 1 Space 1 0 : 0 0 Enter"); /* long ago */
	CHECK_INT(screen->modal, MODAL_PROMPT);
	press(screen, "C-u + 3 1 d Enter"); /* too far */
	CHECK_INT(screen->modal, MODAL_PROMPT);
	press(screen, "C-u + 2 h Enter");
	CHECK_INT(screen->modal, MODAL_MENU);
	press(screen, "2");
	CHECK_INT(silent.n_acts, 1);
	CHECK_INT(silent.act.kind, SILENCE_MAINTENANCE);
	CHECK(silent.act.begin_ms - silent.act.now_ms > 2 * HOUR_MS - MINUTE_MS && silent.act.begin_ms - silent.act.now_ms <= 2 * HOUR_MS);
	CHECK_INT(silent.act.until_ms - silent.act.begin_ms, 8 * HOUR_MS);
	/* One of thirty days that begins tomorrow ends with the thirty. */
	press(screen, "n " SCORE " Enter Enter x Enter m + 1 d Enter 5");
	CHECK_INT(silent.n_acts, 2);
	CHECK_INT(silent.act.until_ms - silent.act.now_ms, 30 * DAY_MS);
	done(screen);
}

TEST(one_is_ended_and_says_how_many_it_hid)
{
	struct screen *screen = shown(6, "en");
	press(screen, "V j e");
	CHECK_INT(silent.act.deed, SILENCE_END);
	CHECK_INT(silent.act.kind, SILENCE_FILTER);
	CHECK_INT(silent.act.id, 7);
	CHECK(says(screen, "Silence s7 ended; it kept back 34 findings"));
	CHECK(!screen_says(screen, "Guatemala Mesa"));
	press(screen, "g e");
	CHECK_INT(silent.act.kind, SILENCE_SNOOZE);
	CHECK(says(screen, "Awake again: #415"));
	fault_set(&fake.fault, FAULT_NOT_FOUND, "silence 9 is not in force");
	press(screen, "g e");
	CHECK(says(screen, "is not in force"));
	done(screen);
}

TEST(one_is_extended)
{
	struct screen *screen = shown(6, "en");
	press(screen, "V x 1");
	CHECK_INT(silent.act.deed, SILENCE_EXTEND);
	CHECK_INT(silent.act.kind, SILENCE_SNOOZE);
	CHECK_INT(silent.act.until_ms - silent.act.now_ms, HOUR_MS);
	press(screen, "j x 4");
	CHECK_INT(silent.n_acts, 2);
	CHECK_INT(silent.act.deed, SILENCE_EXTEND);
	CHECK_INT(silent.act.id, 7);
	CHECK_INT(silent.act.until_ms - silent.act.now_ms, 7 * DAY_MS);
	CHECK(says(screen, "Silence s7: 7d from now on"));
	done(screen);
}

TEST(enter_shows_what_it_hides_and_leads_on)
{
	struct screen *screen = shown(6, "en");
	press(screen, "V Enter"); /* of a snooze the alert itself */
	CHECK(on_top(screen) == &view_alert);
	press(screen, "q j j j j Enter");
	CHECK(on_top(screen) == &view_silence);
	CHECK(screen_says(screen, "What silence s4 hides"));
	CHECK(screen_says(screen, "1840 findings kept back, 612 of them in 24 h; the last 2m ago"));
	CHECK(screen_says(screen, "\u2191 hides much"));
	CHECK(screen_says(screen, "Marcador Cobra"));
	press(screen, "G Enter");
	CHECK(on_top(screen) == &view_profile);
	press(screen, "q e");
	CHECK_INT(silent.act.id, 4);
	CHECK(says(screen, "kept back 1840 findings"));
	CHECK(screen_says(screen, "there is no such silence")); /* what is gone says so */
	done(screen);
}

TEST(they_are_sorted_and_filtered)
{
	struct screen *screen = shown(6, "en");
	static const char *const owners[] = { "cobranza", "luis", "s4", "filter", "MARCADOR" };
	press(screen, "V s"); /* what hides most */
	press(screen, "g e");
	CHECK_INT(silent.act.id, 4);
	fake_silences(6);
	fake.board.alerts_version++;
	press(screen, "");
	for (size_t i = 0; i < COUNT_OF(owners); i++) {
		press(screen, "/ C-u");
		for (const char *p = owners[i]; *p != '\0'; p++)
			screen_key(screen, &(struct key_event){ .key = (uint32_t)*p });
		press(screen, "Enter");
		CHECK(screen_says(screen, "subject.name ~ \"marcador\""));
		CHECK(!screen_says(screen, "subject.kind == trunk"));
	}
	press(screen, "/ C-u x y z Enter");
	CHECK(screen_says(screen, "Nothing here has that in it."));
	press(screen, "e");
	CHECK(says(screen, "There is no silence under the cursor."));
	press(screen, "\\");
	CHECK(screen_says(screen, "subject.kind == trunk"));
	screen_order(screen, CMD_SORT, "owner");
	CHECK(screen_says(screen, "mallory"));
	done(screen);
}

TEST(a_console_that_looks_silences_nothing)
{
	struct screen *screen = shown(6, "en");
	static const char *const keys[] = { "V n", "j x", "e" };
	fake.read_only = true;
	for (size_t i = 0; i < COUNT_OF(keys); i++) {
		press(screen, keys[i]);
		CHECK(says(screen, "read-only"));
		CHECK_INT(screen->modal, MODAL_NONE);
	}
	CHECK_INT(silent.n_acts, 0);
	CHECK(on_top(screen) == &view_silences);
	done(screen);
}

TEST(the_header_says_how_much_is_silent)
{
	struct screen *screen = shown(1, "en");
	press(screen, "k k");
	CHECK(!screen_says(screen, "\u2298")); /* a snooze hides nothing: its alert is there */
	fake_silences(6);
	fake.board.alerts_version++;
	press(screen, "k k");
	CHECK(screen_says(screen, "\u2298 4 sil. 618/24h"));
	screen_resize(screen, 36, 120);
	CHECK(screen_says(screen, "\u2298 4 silences \u00B7 618 hidden/24 h"));
	screen_resize(screen, 8, 40);
	screen_draw(screen);
	/* They end: nobody says so, and yet it is gone. */
	screen_resize(screen, 24, 80);
	fake_silences(0);
	screen_tick(screen, screen->steady_ms + 40 * SECOND_MS);
	CHECK(!screen_says(screen, "\u2298"));
	done(screen);
}

TEST(an_answer_after_the_end_of_the_screen_is_heard_by_nobody)
{
	struct screen *screen = shown(6, "en");
	silent.later = true;
	press(screen, "V j e");
	CHECK_INT(silent.n_acts, 1);
	screen_free(screen);
	silent.on_done(silent.arg, 3, NULL);
	fake_stop();
}

TEST(what_cannot_be_tried_says_why)
{
	struct screen *screen = shown(0, "en");
	press(screen, "V n");
	fault_set(&fake.fault, FAULT_STORE, "the store is locked by another program");
	press(screen, SCORE " Enter");
	CHECK(screen_says(screen, "the store is locked"));
	press(screen, "n Enter");
	CHECK_INT(screen->modal, MODAL_NONE); /* nothing is begun that was not tried */
	fake.fault.code = FAULT_NONE;
	press(screen, "k k k k");
	CHECK(screen_says(screen, "kept back 31 of 412"));
	done(screen);
}

TEST(the_numbers_of_a_filter_are_masked_too)
{
	struct screen *screen = shown(6, "en");
	char filter[PROMPT_BYTES] = "subject.id == \"+573105550221\"";
	for (size_t n = strlen(filter); n + 40 < sizeof filter; n = strlen(filter)) /* as long as one may be */
		snprintf(filter + n, sizeof filter - n, " or subject.id == \"+573105550221\"");
	silent.rows[1].filter = filter;
	screen->masked = true;
	screen_resize(screen, 36, 120);
	press(screen, "V j");
	CHECK(screen_says(screen, "subject.id == \"+57310\u00B7\u00B7\u00B7221\""));
	CHECK(!screen_says(screen, "3105550221")); /* neither in the row nor in the foot */
	press(screen, "x");
	CHECK_INT(screen->modal, MODAL_MENU);
	CHECK(strstr(screen->menu.title, "+57310\u00B7\u00B7\u00B7221") != NULL);
	CHECK(strstr(screen->menu.title, "3105550221") == NULL);
	press(screen, "Esc Enter");
	CHECK(on_top(screen) == &view_silence);
	CHECK(screen_says(screen, "subject.id == \"+57310\u00B7\u00B7\u00B7221\""));
	CHECK(!screen_says(screen, "3105550221"));
	press(screen, "q #");
	CHECK(screen_says(screen, "subject.id == \"+573105550221\""));
	/* Nor in what is tried before one is begun, of whatever alert. */
	press(screen, "#");
	fake.alerts[2].subject_kind = SUBJECT_NUMBER;
	fake.alerts[2].subject_id = fake.alerts[2].subject_name = "+50688885501";
	fake.alerts[3].title_en = "They call from +573105550221";
	press(screen, "n Esc");
	pane_set_filter(screen_focused(screen), "subject.id == \"+573105550221\"");
	CHECK(on_top(screen) == &view_silence_new);
	CHECK(screen_says(screen, "subject.id == \"+57310\u00B7\u00B7\u00B7221\""));
	CHECK(screen_says(screen, "+50688\u00B7\u00B7\u00B7501"));
	CHECK(screen_says(screen, "They call from +57310\u00B7\u00B7\u00B7221"));
	CHECK(!screen_says(screen, "8885501"));
	CHECK(!screen_says(screen, "3105550221"));
	press(screen, "#"); /* shown and hidden where it stands */
	CHECK(screen_says(screen, "+50688885501"));
	CHECK(screen_says(screen, "They call from +573105550221"));
	press(screen, "# q");
	/* The title of an exception may name one, too. */
	silent.rows[6] = (struct silence_row){ .kind = SILENCE_EXCEPTION, .id = 1, .title_en = "Ana Bernal with +88216555044", .title_es = "Ana Bernal con +88216555044" };
	char out[PROMPT_BYTES];
	CHECK_STR(silence_scope_text(&silent.rows[6], true, out), "Ana Bernal with +88216\u00B7\u00B7\u00B7044");
	CHECK_STR(silence_scope_text(&silent.rows[6], false, out), "Ana Bernal with +88216555044");
	done(screen);
}

TESTS(T(the_numbers_of_a_filter_are_masked_too), T(a_silence_is_tried_before_it_is_begun), T(from_an_alert_to_all_of_its_rule_and_site), T(a_wider_silence_does_not_open_under_a_hand), T(a_view_does_not_close_under_its_filter), T(a_filter_is_changed_and_tried_anew), T(a_window_begins_later_and_within_thirty_days),
    T(one_is_ended_and_says_how_many_it_hid), T(one_is_extended), T(enter_shows_what_it_hides_and_leads_on),
    T(they_are_sorted_and_filtered), T(a_console_that_looks_silences_nothing), T(the_header_says_how_much_is_silent),
    T(an_answer_after_the_end_of_the_screen_is_heard_by_nobody), T(what_cannot_be_tried_says_why), T(the_numbers_of_a_filter_are_masked_too),
    T(a_silence_ends_soon_in_its_last_tenth_and_not_from_its_first_minute_on),
    T(when_a_silence_ends_is_said_in_the_zone_of_the_screen_and_in_utc),
    T(another_day_in_utc_is_named))
