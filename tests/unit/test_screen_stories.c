/* SPDX-License-Identifier: Apache-2.0
 *
 * The views that tell a story: what leads where, and what is exported. */
#include "test.h"

#include "screen_rig.h"

#include "base/json.h"

static struct screen *begin(size_t alerts, size_t calls)
{
	fake_start(alerts, calls);
	kept_file.is_there = false;
	kept_file.path[0] = '\0';
	text_reset(&kept_file.bytes);
	return screen_begin("en", 36, 120, &(struct screen_options){ 0 });
}

static bool exported(const char *words)
{
	bool found = strstr(text_string(&kept_file.bytes), words) != NULL;
	if (!found)
		printf("\"%s\" is not in:\n%s\n", words, text_string(&kept_file.bytes));
	return found;
}

/* Into the file of that name instead of the one that is offered. */
static void export_as(struct screen *screen, const char *keys)
{
	press(screen, "W C-u");
	press(screen, keys);
	press(screen, "Enter");
}

TEST(of_whom_an_alert_is_stands_whole_or_without_what_it_is)
{
	static const struct {
		const char *language, *name;
		int cols;
		bool kind; /* there is room for it, too */
	} rows[] = { { "es", "Ana Bernal", 80, true }, { "es", "Mar\u00EDa del Rosario Pe\u00F1a", 80, false }, { "es", "Mar\u00EDa del Rosario Pe\u00F1a", 120, true },
		{ "en", "Mar\u00EDa del Rosario Pe\u00F1a", 80, false }, { "en", "Luis Duarte Mesa", 80, true } };
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		char kind[LONG_BYTES];
		fake_start(7, 10);
		fake.alerts[0].subject_kind = SUBJECT_PERSON;
		fake.alerts[0].subject_name = rows[i].name;
		struct screen *screen = screen_begin(rows[i].language, 36, rows[i].cols, &(struct screen_options){ 0 });
		press(screen, "4 Enter");
		REQUIRE(screen_focused(screen)->type == &view_alert);
		snprintf(kind, sizeof kind, "%s (%s)", rows[i].name, strcmp(rows[i].language, "es") == 0 ? "persona" : "person");
		CHECK(screen_says(screen, rows[i].name));
		CHECK_INT(screen_says(screen, kind), rows[i].kind);
		CHECK(rows[i].kind || !screen_says(screen, "(p"));
		screen_free(screen);
		fake_stop();
	}
}

TEST(a_case_leads_to_its_calls_and_its_alerts)
{
	struct screen *screen = begin(7, 10);
	press(screen, "Enter i");
	REQUIRE(screen_focused(screen)->type == &view_case);
	CHECK(screen_says(screen, "Case #412"));
	CHECK(screen_says(screen, "9 \xC2\xB7 38 min \xC2\xB7 61 records"));
	CHECK(screen_says(screen, "The first 5 calls of 9 are listed."));
	CHECK(screen_says(screen, "nobody yet"));
	press(screen, "v"); /* whoever is named in it: who did something in Control Hub, too */
	CHECK(screen_says(screen, "Sam <b>Admin</b>"));
	press(screen, "Esc");
	press(screen, "/ + 8 8 2 1 Enter G Enter");
	CHECK(screen_focused(screen)->type == &view_call);
	press(screen, "q \\ g j j j j j j j j j Enter");
	CHECK(screen_focused(screen)->type == &view_alert);
	end(screen);
}

/* On the line of the second alert of the case. */
static void to_the_second(struct screen *screen)
{
	while (document_target(pane_document(screen_focused(screen))).id != fake.alerts[1].id)
		press(screen, "j");
}

TEST(in_a_case_an_act_is_for_the_alert_that_the_line_names)
{
	struct screen *screen = begin(7, 10);
	struct alert *one = &fake.alerts[1];
	press(screen, "i");
	to_the_second(screen);
	press(screen, "C");
	CHECK(says(screen, "Claimed: #413"));
	CHECK_STR(one->assignee, "ana");
	CHECK_STR(fake.alerts[0].assignee, "");
	press(screen, "n");
	say(screen, "seen");
	CHECK_INT(one->n_notes, 1);
	press(screen, "$");
	say(screen, "vip");
	CHECK_STR(or_empty(one->tags), "vip");
	press(screen, "A");
	say(screen, "luis");
	CHECK_STR(one->assignee, "luis");
	press(screen, "z 1");
	say(screen, "later");
	CHECK_INT(one->state, ALERT_SNOOZED);
	press(screen, "a");
	CHECK_INT(one->state, ALERT_IN_PROGRESS);
	one->severity = SEVERITY_LOW;
	press(screen, "e");
	say(screen, "worse");
	CHECK_INT(one->severity, SEVERITY_MEDIUM);
	press(screen, "c 3");
	CHECK_INT(screen->modal, MODAL_NONE);
	CHECK(says(screen, "Closed: #413"));
	CHECK_INT(one->resolution, RESOLUTION_FALSE_POSITIVE);
	/* The cursor is where it was, though the timeline has grown. */
	CHECK_INT(document_target(pane_document(screen_focused(screen))).id, one->id);
	press(screen, "r");
	CHECK_INT(one->state, ALERT_IN_PROGRESS);
	press(screen, "p q");
	CHECK(screen_focused(screen)->type == &view_case);
	press(screen, "i");
	CHECK(says(screen, "This is the case."));
	CHECK_INT(fake.alerts[0].n_notes + fake.alerts[2].n_notes, 0);
	end(screen);
}

TEST(on_its_own_lines_an_act_is_for_the_case)
{
	struct screen *screen = begin(7, 10);
	fake.alerts[1].state = ALERT_CLOSED;
	press(screen, "i c 4");
	CHECK_STR(screen->menu.title, "close (legitimate): 2 alerts");
	CHECK_INT(fake.alerts[0].state, ALERT_NEW); /* nothing was done yet */
	press(screen, "Esc");
	CHECK_INT(fake.alerts[0].state, ALERT_NEW);
	press(screen, "C");
	CHECK_STR(screen->menu.title, "claim: 2 alerts");
	press(screen, "1");
	CHECK(says(screen, "Claimed: 1 alert; 1 refused: alert 414 is yours already"));
	CHECK_STR(fake.alerts[0].assignee, "ana");
	CHECK_STR(fake.alerts[1].assignee, "");
	CHECK_STR(fake.alerts[2].assignee, "ana");
	CHECK_STR(fake.alerts[3].assignee, ""); /* of another case */
	press(screen, "r"); /* of what is closed there is one: nothing more is asked */
	CHECK(says(screen, "Reopened: #413"));
	press(screen, "r");
	CHECK(says(screen, "No alert of the case is closed."));
	press(screen, "c 1 1");
	CHECK(says(screen, "Closed: 3 alerts"));
	press(screen, "c");
	CHECK(says(screen, "No alert of the case is open."));
	CHECK_INT(screen->modal, MODAL_NONE);
	fake.read_only = true;
	press(screen, "r");
	CHECK(says(screen, "read-only"));
	end(screen);
}

TEST(the_case_that_is_shown_stays_when_its_alert_goes_into_another)
{
	struct screen *screen = begin(7, 10);
	press(screen, "Enter i");
	CHECK_INT(asked_case.named, CASE_OF_ALERT);
	CHECK_INT(asked_case.id, 412);
	CHECK(!screen_says(screen, "whose number it has"));
	asked_case.first_is_in = 400;
	fake.board.alerts_version++;
	screen_tick(screen, 9000);
	CHECK_INT(asked_case.named, CASE_NUMBERED);
	CHECK_INT(asked_case.id, 412);
	CHECK(screen_says(screen, "Alert #412, whose number it has, is in case #400 now."));
	export_as(screen, "x . m d");
	CHECK(exported("Alert #412, whose number it has, is in case #400 now."));
	asked_case.first_is_in = 0;
	end(screen);
}

TEST(a_case_that_is_gone_says_so)
{
	struct screen *screen = begin(7, 10);
	screen_open(screen, &view_case, 99);
	CHECK(screen_says(screen, "there is no case 99"));
	press(screen, "W a c $ p");
	CHECK_INT(screen->modal, MODAL_NONE);
	end(screen);
}

TEST(an_exported_case_is_markdown_in_which_nobody_else_writes)
{
	struct screen *screen = begin(7, 10);
	fake.alerts[0].title_en = "IRSF | [x](http://evil.example) \x1b[31m";
	fake.calls[0].user_name = "<b>\n# Ana";
	press(screen, "i W Enter");
	CHECK_STR(kept_file.path, "case-412.md");
	CHECK(says(screen, "Written: case-412.md"));
	CHECK(exported("# Case #412 \xC2\xB7 \xE2\x96\xB2 CRIT \xC2\xB7 ext 4021 \xC2\xB7 IRSF \\| \\[x\\](http\\://evil.example) \xEF\xBF\xBD\\[31m\n"));
	CHECK(exported("\\<b\\> \\# Ana"));
	CHECK(exported("Sam \\<b\\>Admin\\</b\\> (203.0.113.77)"));
	CHECK(exported("no record yet"));
	CHECK(exported("- cost: \xE2\x89\x88 41.20 USD\n"));
	CHECK(exported("+88216555044"));
	CHECK(exported("| \xE2\x96\xB2 | \\#412 IRSF"));
	CHECK(strstr(text_string(&kept_file.bytes), "\x1b") == NULL);
	/* Every row of the timeline has its four bars and no more. */
	const char *row = strstr(text_string(&kept_file.bytes), "## Timeline");
	REQUIRE(row != NULL);
	size_t n_rows = 0;
	for (row = strchr(row, '|'); row != NULL && *row == '|'; row = strchr(row, '\n') + 1, n_rows++) {
		size_t bars = 0;
		for (const char *p = row; *p != '\n'; p++)
			bars += *p == '|' && (p == row || p[-1] != '\\');
		CHECK_INT(bars, 4);
	}
	CHECK(n_rows > 10);
	end(screen);
}

TEST(masked_numbers_are_masked_on_paper_too)
{
	struct screen *screen = begin(7, 10);
	screen->masked = true;
	fake.alerts[0].title_en = "14 calls to +88216555044 in 6 min";
	fake.alerts[1] = fake.alerts[3]; /* about a number */
	press(screen, "i");
	export_as(screen, "x . m d");
	CHECK_STR(kept_file.path, "x.md");
	static const char *const numbers[] = { "+576015550188", "+88216555044", "+573105550221", "+18095550199", "+50688885501", "+37125550124" };
	for (size_t i = 0; i < COUNT_OF(numbers); i++)
		CHECK(strstr(text_string(&kept_file.bytes), numbers[i]) == NULL);
	CHECK(exported("+88216\xC2\xB7\xC2\xB7\xC2\xB7" "044"));
	export_as(screen, "x . j s o n");
	for (size_t i = 0; i < COUNT_OF(numbers); i++)
		CHECK(strstr(text_string(&kept_file.bytes), numbers[i]) == NULL);
	end(screen);
}

/* Where nobody has a name, the own number stands for it. */
TEST(own_numbers_are_masked_wherever_they_stand_for_a_name)
{
	struct screen *screen = begin(7, 10);
	for (size_t i = 0; i < 10; i++) {
		fake.calls[i].user_name = fake.legs[i][0].user_name = "";
		fake.calls[i].user_number = fake.legs[i][0].user_number = "+576015550142";
	}
	static const char *const ways[] = { "Enter", "i", "L Enter" };
	const struct pane_type *const views[] = { &view_alert, &view_case, &view_call };
	screen_resize(screen, 60, 200);
	for (size_t i = 0; i < COUNT_OF(ways); i++) {
		screen->masked = false;
		press(screen, ways[i]);
		REQUIRE(screen_focused(screen)->type == views[i]);
		CHECK(screen_says(screen, "+576015550142"));
		screen->masked = true;
		screen->dirt++;
		CHECK(!screen_says(screen, "6015550142"));
		CHECK(screen_says(screen, "+57601\u00B7\u00B7\u00B7142"));
		press(screen, i == 2 ? "q q" : "q");
	}
	end(screen);
}

TEST(a_live_call_that_was_given_up_says_so)
{
	struct screen *screen = begin(7, 10);
	int64_t over_ms = lived[0].over_ms;
	lived[0].lost_ms = NOW_MS; /* but its end was told after all */
	press(screen, "i");
	CHECK(screen_says(screen, "no record yet"));
	CHECK(!screen_says(screen, "its end was never told"));
	press(screen, "q");
	lived[0].over_ms = 0;
	press(screen, "i");
	CHECK(screen_says(screen, "its end was never told"));
	lived[0].over_ms = over_ms;
	lived[0].lost_ms = 0;
	end(screen);
}

TEST(a_case_in_json_has_its_timeline_in_order)
{
	struct screen *screen = begin(7, 10);
	struct fault fault;
	json_t *root;
	fake.calls[0].user_name = "\x1b[2J\"\xff";
	press(screen, "j j i");
	export_as(screen, "c . j s o n");
	REQUIRE(json_parse(kept_file.bytes.bytes, kept_file.bytes.n, &root, &fault));
	CHECK_INT(json_int(root, "case", 0), 414);
	CHECK_INT(json_int(root, "detected_after_s", 0), 720);
	CHECK_INT(json_int(root, "acknowledged_after_s", 0), 240);
	CHECK_INT(json_array_size(json_object_get(root, "alerts")), 3);
	const json_t *items = json_object_get(root, "timeline");
	REQUIRE(json_array_size(items) > 8);
	CHECK_STR(json_str(json_array_get(items, 0), "kind", ""), "changed");
	CHECK_STR(json_str(json_array_get(items, 0), "what", ""), "device");
	CHECK_STR(json_str(json_array_get(items, 1), "kind", ""), "forward");
	const json_t *admin = NULL, *live = NULL, *item;
	size_t i;
	json_array_foreach(items, i, item) {
		admin = strcmp(json_str(item, "kind", ""), "admin") == 0 ? json_object_get(item, "admin") : admin;
		live = strcmp(json_str(item, "kind", ""), "live") == 0 ? json_object_get(item, "live") : live;
		if (strcmp(json_str(item, "kind", ""), "directory") == 0) /* by whom */
			CHECK_STR(json_str(json_object_get(item, "admin"), "actor_ip", ""), "203.0.113.77");
	}
	CHECK_STR(json_str(admin, "actor_ip", ""), "203.0.113.77");
	CHECK_STR(json_str(admin, "became", ""), "+37125550124");
	CHECK_STR(json_str(live, "direction", ""), "out");
	CHECK_INT(json_array_size(json_object_get(live, "steps")), 5);
	CHECK_STR(json_str(json_array_get(json_object_get(live, "steps"), 2), "state", ""), "held");
	json_decref(root);
	end(screen);
}

TEST(a_file_that_is_there_stays_as_it_is)
{
	struct screen *screen = begin(7, 10);
	kept_file.is_there = true;
	press(screen, "i W Enter");
	CHECK(screen_says(screen, "case-412.md is there already: nothing was written"));
	CHECK_INT(kept_file.bytes.n, 0);
	press(screen, "Esc W Esc"); /* and a name may be none */
	CHECK_INT(screen->modal, MODAL_NONE);
	CHECK(screen_focused(screen)->type == &view_case);
	end(screen);
}

/* ---- hand-over ------------------------------------------------------------------------- */

TEST(shifts_are_stepped_through_and_none_is_after_the_one_that_runs)
{
	struct screen *screen = begin(7, 10);
	press(screen, "H");
	REQUIRE(screen_focused(screen)->type == &view_handover);
	CHECK_INT(asked_shift.until_ms, NOW_MS);
	CHECK_INT(asked_shift.from_ms, NOW_MS - 8 * HOUR_MS);
	CHECK(screen_says(screen, "the shift that runs"));
	press(screen, "]");
	CHECK(says(screen, "This is the shift that runs."));
	press(screen, "[ [");
	CHECK_INT(asked_shift.until_ms, NOW_MS - 16 * HOUR_MS);
	CHECK_INT(asked_shift.from_ms, NOW_MS - 24 * HOUR_MS);
	CHECK(screen_says(screen, "2 shifts before, as it was"));
	press(screen, "]");
	CHECK_INT(asked_shift.until_ms, NOW_MS - 8 * HOUR_MS);
	end(screen);
}

TEST(a_shift_is_as_long_as_the_settings_say_within_reason)
{
	static const struct {
		int64_t given, is;
	} rows[] = { { 0, 8 * HOUR_MS }, { 12 * HOUR_MS, 12 * HOUR_MS }, { 5, HOUR_MS }, { 400 * DAY_MS, 7 * DAY_MS } };
	i18n_init("en");
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		fake_start(7, 10);
		struct screen *screen = screen_new(&(struct screen_options){ .shift_ms = rows[i].given }, &fake.board);
		screen_resize(screen, 24, 80);
		screen_tick(screen, 1000);
		press(screen, "H");
		CHECK_INT(asked_shift.until_ms - asked_shift.from_ms, rows[i].is);
		end(screen);
	}
}

TEST(a_hand_over_leads_on_and_is_copied_whole)
{
	struct screen *screen = begin(7, 10);
	fake.health.gaps[0] = (struct sync_gap){ NOW_MS - 2 * HOUR_MS, NOW_MS - HOUR_MS };
	fake.alerts[0].title_en = "IRSF [x](http://evil.example)";
	press(screen, "H y");
	CHECK(says(screen, "Copied to the terminal;"));
	static const char *const parts[] = { "# Hand-over 2026-10-05 06:04 \xE2\x80\x93 14:04 BOG\n",
		"- \\#412 IRSF: 14 calls \xC2\xB7 luis: the carrier calls back at noon", "IRSF \\[x\\](http\\://evil.example)",
		"## Gaps in the records\n\n- 2026-10-05 12:04 \xE2\x80\x93 2026-10-05 13:04\n" };
	for (size_t i = 0; i < COUNT_OF(parts); i++)
		CHECK(strstr(text_string(&screen->wishes.copy), parts[i]) != NULL);
	press(screen, "g j j j j j Enter");
	CHECK(screen_focused(screen)->type == &view_alert);
	press(screen, "q G Enter"); /* a gap leads to what is known of the sync */
	CHECK(screen_focused(screen)->type == &view_sync);
	end(screen);
}

TEST(a_hand_over_is_exported_under_the_name_of_its_end)
{
	struct screen *screen = begin(7, 10);
	struct fault fault;
	json_t *root;
	screen->masked = true;
	press(screen, "H W Enter");
	CHECK_STR(kept_file.path, "hand-over-2026-10-05-1404.md");
	CHECK(strstr(text_string(&kept_file.bytes), "+50688885501") == NULL);
	export_as(screen, "h . j s o n");
	REQUIRE(json_parse(kept_file.bytes.bytes, kept_file.bytes.n, &root, &fault));
	CHECK(strstr(text_string(&kept_file.bytes), "+50688885501") == NULL);
	CHECK_INT(json_int(root, "open", 0), 17);
	CHECK_INT(json_array_size(json_object_get(root, "notes")), 2);
	CHECK(json_object_get(json_array_get(json_object_get(root, "owners"), 0), "assignee") == json_null());
	json_decref(root);
	end(screen);
}

static void free_what_was_kept(void)
{
	text_clear(&kept_file.bytes);
}

TEST(it_is_freed)
{
	free_what_was_kept();
}

TEST(the_hours_under_the_last_day_are_those_of_the_screens_zone)
{
	struct screen *screen = begin(7, 10);
	press(screen, "M-d");
	/* The quarters begin at 14:15, the hours at 15:00: each picture has its own. */
	CHECK(screen_says(screen, " BOG         15:00       18:00       21:00       00:00       03:00       06:00       09:00       12:00"));
	CHECK(screen_says(screen, " BOG      15:00       18:00       21:00       00:00       03:00       06:00       09:00       12:00"));
	CHECK(screen_says(screen, "most 61 at 00:15"));
	for (int i = 0; i < 10 && !screen_says(screen, " UTC  "); i++)
		press(screen, "T");
	CHECK(screen_says(screen, " UTC             21:00       00:00       03:00       06:00       09:00       12:00       15:00       18:00"));
	CHECK(screen_says(screen, " UTC          21:00       00:00       03:00       06:00       09:00       12:00       15:00       18:00"));
	CHECK(screen_says(screen, "most 61 at 05:15"));
	screen_free(screen);
	fake_stop();
}

TESTS(T(of_whom_an_alert_is_stands_whole_or_without_what_it_is), T(a_case_leads_to_its_calls_and_its_alerts), T(in_a_case_an_act_is_for_the_alert_that_the_line_names),
    T(on_its_own_lines_an_act_is_for_the_case), T(the_case_that_is_shown_stays_when_its_alert_goes_into_another), T(a_case_that_is_gone_says_so), T(an_exported_case_is_markdown_in_which_nobody_else_writes),
    T(masked_numbers_are_masked_on_paper_too), T(own_numbers_are_masked_wherever_they_stand_for_a_name), T(a_live_call_that_was_given_up_says_so), T(a_case_in_json_has_its_timeline_in_order), T(a_file_that_is_there_stays_as_it_is),
    T(shifts_are_stepped_through_and_none_is_after_the_one_that_runs), T(a_shift_is_as_long_as_the_settings_say_within_reason),
    T(a_hand_over_leads_on_and_is_copied_whole), T(a_hand_over_is_exported_under_the_name_of_its_end), T(it_is_freed),
    T(the_hours_under_the_last_day_are_those_of_the_screens_zone))
