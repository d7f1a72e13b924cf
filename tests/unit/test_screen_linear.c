/* SPDX-License-Identifier: Apache-2.0
 *
 * The console for who hears it: plain lines, what changed and no more, the cursor
 * where it is meant. */
#include "test.h"

#include "screen_rig.h"
#include "ui/linear.h"

static struct screen *begin(const char *language, int rows, int cols)
{
	fake_start(7, 10);
	return screen_begin(language, rows, cols, &(struct screen_options){ .linear = true, .organisation = "Davivienda" });
}

static const char *line(struct screen *screen, int row)
{
	static struct text text;
	screen_draw(screen);
	linear_line(&screen->canvas, row, &text);
	return text_string(&text);
}

/* What is sent for the picture as it is now. */
static const char *sent(struct linear *linear, struct screen *screen, struct text *out)
{
	text_reset(out);
	screen->dirt++;
	screen_draw(screen);
	linear_paint(linear, &screen->canvas, out);
	return text_string(out);
}

/* How many lines are among it: each ends in an erasing. */
static int n_lines(const char *bytes)
{
	int n = 0;
	for (const char *p = bytes; (p = strstr(p, "\x1b[K")) != NULL; p++)
		n++;
	return n;
}

TEST(it_says_in_words_where_one_is)
{
	struct screen *screen = begin("en", 36, 200);
	CHECK_STR(line(screen, 0), "Centinela Davivienda: 2 critical, 2 high, 2 medium, 1 low    sync 12s \u00B7 next 48s");
	CHECK_STR(line(screen, 1), "Queue: 7 open \u00B7 1 mine");
	CHECK(!screen->layout.tiled); /* one pane, however wide it is */
	CHECK(strstr(line(screen, 3), "CRIT") != NULL);
	CHECK_INT(screen->canvas.cursor_row, 3);
	CHECK_INT(screen->canvas.cursor_col, 0);
	press(screen, "j");
	CHECK_INT(screen->canvas.cursor_row, 4);
	press(screen, "2");
	CHECK(strncmp(line(screen, 1), "Live calls: ", 12) == 0);
	press(screen, "L");
	CHECK(strncmp(line(screen, 1), "Calls", 5) == 0);
	press(screen, "4 m");
	CHECK(strstr(line(screen, 1), "* 1 marked") != NULL);
	CHECK_INT(line(screen, 4)[0], '*');
	end(screen);
	screen = begin("es", 24, 80);
	CHECK(strstr(line(screen, 0), "2 críticas, 2 altas") != NULL);
	CHECK(strncmp(line(screen, 1), "Cola: 7 abiertas", 16) == 0);
	end(screen);
}

/* Lines, blocks and shapes are for eyes. */
TEST(nothing_is_drawn)
{
	static const char *const keys[] = { "", "1", "2", "3", "Enter", "L", "L Enter", "p", "D", "S", "?", "B", "c", "Space", ": s o", "/", "H", "F", "t", "|", "E", "V", "V j Enter", "!", "K", "x", "+", "[", "M-[", "M-d", "M-d G", "p G", "3 p", "1 p", "F 2", "o 5", "4 x 5" };
	for (int wide = 0; wide < 4; wide++) {
		for (size_t i = 0; i < COUNT_OF(keys); i++) {
			struct screen *screen = begin("es", wide % 2 ? 60 : 24, wide % 2 ? 200 : 80);
			screen->canvas.ascii = wide > 1;
			press(screen, keys[i]);
			for (int row = 0; row < screen->canvas.rows; row++) {
				const char *text = line(screen, row);
				CHECK(strstr(text, "\u00B7\u00B7") == NULL && strstr(text, ". . .") == NULL && strstr(text, "....") == NULL);
				CHECK(strstr(text, "==") == NULL && strstr(text, "--") == NULL && strstr(text, "^ CR") == NULL);
				for (size_t k = 0, n = strlen(text); k < n;) {
					uint32_t point;
					k += utf8_decode(text + k, n - k, &point);
					if ((point >= 0x2500 && point <= 0x25FF) || (point >= 0x2800 && point <= 0x28FF)) {
						printf("%s: %s\n", keys[i], text);
						CHECK(false);
						break;
					}
				}
			}
			CHECK(screen->canvas.cursor_row >= 0 && screen->canvas.cursor_row < screen->canvas.rows);
			end(screen);
		}
	}
}

/* What a picture shows is said, and of the picture nothing is left. */
TEST(pictures_are_their_words)
{
	struct screen *screen = begin("en", 60, 200);
	press(screen, "M-d");
	CHECK(screen_says(screen, "Calls at a time, the last 24 hours") && screen_says(screen, "now ") && screen_says(screen, "usual at this hour: up to"));
	CHECK(!screen_says(screen, "the upper dots"));
	CHECK(screen_says(screen, "USD in 24 hours") && screen_says(screen, "How long calls were"));
	for (int row = 3; row < 12; row++) /* a heading and its words, line after line */
		CHECK(strspn(line(screen, row), " 0123456789") < strlen(line(screen, row)) || *line(screen, row) == '\0');
	press(screen, "q 4 p");
	CHECK(screen_says(screen, "When: calls by hour and day of the week") && screen_says(screen, "busiest: "));
	CHECK(!screen_says(screen, "calls an hour")); /* no legend of what is not there */
	CHECK(screen_says(screen, "calls: today ") && screen_says(screen, ", mean ") && screen_says(screen, ", most "));
	end(screen);
}

TEST(a_line_is_sent_whole_and_only_when_it_changed)
{
	struct linear linear = { .row = -1 };
	struct text out = { 0 };
	struct screen *screen = begin("en", 24, 80);
	CHECK(strstr(sent(&linear, screen, &out), "\x1b[J") != NULL);
	CHECK_STR(sent(&linear, screen, &out), "");
	/* Down: the cursor goes there, and that is all. */
	press(screen, "j");
	CHECK_STR(sent(&linear, screen, &out), "\x1b[5;1H");
	/* Time goes on: every age is another, and nobody has to hear it. */
	clock_init_from(&fake.clock, NOW_MS + 3 * SECOND_MS, 0);
	CHECK_STR(sent(&linear, screen, &out), "");
	/* But the row one comes to is as it is now. */
	press(screen, "k");
	CHECK(n_lines(sent(&linear, screen, &out)) <= 1);
	/* Of a claim: the row, the counts, the answer; each line whole. */
	press(screen, "C");
	const char *bytes = sent(&linear, screen, &out);
	CHECK(n_lines(bytes) >= 2 && n_lines(bytes) <= 4);
	CHECK(strstr(bytes, "\x1b[24;1H Claimed: #412") != NULL);
	CHECK(strstr(bytes, "\x1b[2;1HQueue: 7 open \u00B7 2 mine\x1b[K") != NULL);
	/* Other rows, the same pane: all of them. */
	linear_forget(&linear);
	CHECK(n_lines(sent(&linear, screen, &out)) >= 8);
	linear_clear(&linear);
	text_clear(&out);
	end(screen);
}

TEST(sums_count_on_in_either_language_and_counts_matter)
{
	static const struct {
		const char *was, *is;
		bool heard;
	} rows[] = { { "\u2248 0.54 USD", "\u2248 0.60 USD", false }, { "\u2248 0,54 USD", "\u2248 9,60 USD", false }, { "99,50 so far", "100 so far", true },
		{ "7, 2 mine", "8, 2 mine", true }, { "7 open", "8 open", true }, { "1,2,3", "1,2,4", true }, { "0,54", "0.54", false } };
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct linear linear = { .row = -1 };
		struct canvas canvas;
		struct text out = { 0 };
		canvas_init(&canvas, 1, 40);
		canvas_text(&canvas, 0, 0, 40, ROLE_TEXT, rows[i].was);
		linear_paint(&linear, &canvas, &out);
		CHECK_INT(n_lines(text_string(&out)), 1);
		text_reset(&out);
		canvas_fill(&canvas, (struct box){ 0, 0, 1, 40 }, ROLE_TEXT, ' ');
		canvas_text(&canvas, 0, 0, 40, ROLE_TEXT, rows[i].is);
		linear_paint(&linear, &canvas, &out);
		if (n_lines(text_string(&out)) != rows[i].heard)
			printf("%s, then %s\n", rows[i].was, rows[i].is);
		CHECK_INT(n_lines(text_string(&out)), rows[i].heard);
		linear_clear(&linear);
		canvas_clear(&canvas);
		text_clear(&out);
	}
}

TEST(what_is_typed_is_echoed_and_not_read_again)
{
	struct linear linear = { .row = -1 };
	struct text out = { 0 };
	struct screen *screen = begin("en", 24, 80);
	press(screen, "n");
	sent(&linear, screen, &out);
	press(screen, "x");
	const char *bytes = sent(&linear, screen, &out);
	CHECK(strstr(bytes, "note") == NULL);
	CHECK(strstr(bytes, "x\x1b[K") != NULL);
	CHECK(screen->canvas.cursor_col > 0);
	press(screen, "Esc");
	/* In menus the cursor is on what Enter would take. */
	press(screen, "c j j");
	CHECK(strstr(line(screen, screen->canvas.cursor_row), screen->menu.items[screen->menu.selected].label) != NULL);
	CHECK_INT(screen->canvas.cursor_col, 0);
	press(screen, "Esc Space s n o");
	CHECK(strstr(line(screen, screen->canvas.cursor_row), "Snooze") != NULL);
	linear_clear(&linear);
	text_clear(&out);
	end(screen);
}

TEST(a_new_critical_alert_is_told)
{
	struct screen *screen = begin("en", 24, 80);
	screen_tick(screen, screen->steady_ms + 1000);
	CHECK_STR(screen->message, ""); /* those that were there are in the counts */
	struct alert *alert = &fake.alerts[fake.n_alerts - 1];
	alert->severity = SEVERITY_CRITICAL;
	alert->raised_ms = NOW_MS + 1000;
	fake.board.alerts_version++;
	for (int i = 0; i < 3; i++)
		screen_tick(screen, screen->steady_ms + 1000);
	CHECK(says(screen, "New critical alert: "));
	CHECK(says(screen, alert->title_en));
	for (int i = 0; i < 30; i++) /* it stays for a while … */
		screen_tick(screen, screen->steady_ms + 1000);
	CHECK(screen->message[0] != '\0');
	for (int i = 0; i < 60; i++) /* … and is told once */
		screen_tick(screen, screen->steady_ms + 1000);
	CHECK_STR(screen->message, "");
	end(screen);
}

/* Ticks until the queue was asked again. */
static void ask_again(struct screen *screen)
{
	fake.board.alerts_version++;
	for (int i = 0; i < 3; i++)
		screen_tick(screen, screen->steady_ms + 1000);
}

TEST(a_new_critical_alert_of_a_number_is_told_masked)
{
	struct screen *screen = begin("en", 24, 80);
	screen->masked = true;
	screen_tick(screen, screen->steady_ms + 1000);
	uint64_t n_refused = screen->n_refused;
	struct alert *alert = &fake.alerts[3];
	REQUIRE(alert->subject_kind == SUBJECT_NUMBER);
	alert->severity = SEVERITY_CRITICAL;
	alert->raised_ms = NOW_MS + 1000;
	alert->subject_name = "";
	ask_again(screen);
	CHECK(says(screen, "New critical alert: "));
	CHECK(says(screen, ", +50688\u00B7\u00B7\u00B7501"));
	CHECK(strstr(screen->message, "+50688885501") == NULL);
	CHECK_INT(screen->n_refused, n_refused); /* a macro that runs goes on */
	alert->title_en = "They call from +573105550221"; /* as whoever raised it wrote */
	alert->raised_ms = NOW_MS + 1500;
	ask_again(screen);
	CHECK(says(screen, "New critical alert: They call from +57310\u00B7\u00B7\u00B7221, "));
	CHECK(strstr(screen->message, "3105550221") == NULL);
	alert->title_en = "They call";
	alert->subject_id = "";			 /* of nobody: no name, nor a comma before it */
	alert->raised_ms = NOW_MS + 2000;
	ask_again(screen);
	CHECK(says(screen, alert->title_en));
	CHECK(strstr(screen->message, ", ") == NULL);
	end(screen);
}

TEST(an_old_alert_is_not_told_as_new)
{
	struct screen *screen = begin("en", 24, 80);
	screen_tick(screen, screen->steady_ms + 1000);
	uint64_t n_refused = screen->n_refused;
	/* What was there became critical: the newest one is another, and was told. */
	fake.alerts[fake.n_alerts - 1].severity = SEVERITY_CRITICAL;
	ask_again(screen);
	CHECK(says(screen, "Critical alerts open now: 3"));
	CHECK_INT(screen->n_refused, n_refused);
	/* Nor has one a name that the filter keeps out. */
	filters_set(screen, screen->panes[N_MAIN_PANES - 1], "severity == low");
	screen->message[0] = '\0';
	fake.alerts[3].severity = SEVERITY_CRITICAL;
	ask_again(screen);
	CHECK(says(screen, "Critical alerts open now: 4"));
	end(screen);
}

TEST(what_was_is_no_news)
{
	struct screen *screen = begin("en", 24, 80);
	screen_tick(screen, screen->steady_ms + 1000);
	screen->past_ms = NOW_MS - HOUR_MS;
	fake.alerts[fake.n_alerts - 1].severity = SEVERITY_CRITICAL;
	fake.alerts[fake.n_alerts - 1].raised_ms = NOW_MS + 1000;
	fake.board.alerts_version++;
	for (int i = 0; i < 3; i++)
		screen_tick(screen, screen->steady_ms + 1000);
	CHECK(strstr(screen->message, "New critical") == NULL);
	end(screen);
}

/* A stranger's name is no command here either. */
TEST(a_hostile_name_is_a_line)
{
	struct linear linear = { .row = -1 };
	struct text out = { 0 };
	i18n_init("en");
	fake_start(7, 10);
	fake_hostile();
	struct screen *screen = screen_new(&(struct screen_options){ .linear = true }, &fake.board);
	screen_resize(screen, 24, 80);
	for (int i = 0; i < 4; i++) {
		char key[2] = { (char)('1' + i), '\0' };
		press(screen, key);
		for (const char *p = sent(&linear, screen, &out); (p = strchr(p, 0x1b)) != NULL; p++)
			CHECK(p[1] == '[' && strchr("0123456789HKJm", p[2]) != NULL);
		CHECK(strpbrk(text_string(&out), "\x07\x08\x0e\x0f\r\n") == NULL);
	}
	linear_clear(&linear);
	text_clear(&out);
	screen_free(screen);
	fake_stop();
}

TESTS(T(it_says_in_words_where_one_is), T(nothing_is_drawn), T(pictures_are_their_words), T(a_line_is_sent_whole_and_only_when_it_changed),
    T(sums_count_on_in_either_language_and_counts_matter), T(what_is_typed_is_echoed_and_not_read_again), T(a_new_critical_alert_is_told), T(a_new_critical_alert_of_a_number_is_told_masked), T(an_old_alert_is_not_told_as_new), T(what_was_is_no_news), T(a_hostile_name_is_a_line))
