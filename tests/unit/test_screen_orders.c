/* SPDX-License-Identifier: Apache-2.0
 *
 * Commands by their names: `:` with what a command would have asked for, keys
 * that say it beforehand, the palette. */
#include "test.h"

#include <unistd.h>

#include "screen_board.h"

static char keys_path[64];

static struct screen *begin_with_keys(const char *keys)
{
	i18n_init("en");
	fake_start(7, 10);
	struct screen_options options = { 0 };
	if (keys != NULL) {
		snprintf(keys_path, sizeof keys_path, "/tmp/centinela-keys-XXXXXX");
		int fd = mkstemp(keys_path);
		FILE *file = fd < 0 ? NULL : fdopen(fd, "w");
		if (file != NULL) {
			fputs(keys, file);
			fclose(file);
			options.keys_file = keys_path;
		}
	}
	struct screen *screen = screen_new(&options, &fake.board);
	if (keys != NULL)
		unlink(keys_path);
	screen_resize(screen, 36, 120);
	screen_tick(screen, 1000);
	screen_draw(screen);
	return screen;
}

static struct screen *begin(void)
{
	return begin_with_keys(NULL);
}

static void end(struct screen *screen)
{
	screen_free(screen);
	fake_stop();
}

/* Letter by letter; then Enter. */
static void say(struct screen *screen, const char *line)
{
	for (const char *p = line; *p != '\0'; p++)
		screen_key(screen, &(struct key_event){ .key = (unsigned char)*p });
	press(screen, "Enter");
}

static bool says(const struct screen *screen, const char *words)
{
	bool found = strstr(screen->message, words) != NULL;
	if (!found)
		printf("\"%s\" is not in \"%s\"\n", words, screen->message);
	return found;
}

static bool screen_says(struct screen *screen, const char *words)
{
	static struct text line;
	bool found = false;
	screen_draw(screen);
	for (int row = 0; row < screen->canvas.rows; row++) {
		text_reset(&line);
		for (int col = 0; col < screen->canvas.cols; col++) {
			char bytes[4];
			text_add(&line, bytes, utf8_encode(canvas_at(&screen->canvas, row, col)->point, bytes));
		}
		found |= strstr(text_string(&line), words) != NULL;
	}
	text_clear(&line);
	return found;
}

TEST(an_act_is_typed_with_what_it_would_have_asked)
{
	struct screen *screen = begin();
	say(screen, ":close false_positive a conference");
	CHECK_INT(screen->modal, MODAL_NONE);
	CHECK_INT(fake.alerts[0].resolution, RESOLUTION_FALSE_POSITIVE);
	CHECK(says(screen, "Closed: #412"));
	press(screen, "u g");
	say(screen, ":snooze 4h after the audit");
	CHECK_INT(fake.alerts[0].state, ALERT_SNOOZED);
	int64_t for_ms = fake.alerts[0].snooze_until_ms - clock_real_ms();
	CHECK(for_ms > 3 * HOUR_MS && for_ms <= 4 * HOUR_MS);
	press(screen, "u g");
	say(screen, ":snooze 4h"); /* it may not wait without a reason: that is asked for */
	CHECK_INT(screen->modal, MODAL_PROMPT);
	say(screen, "x");
	CHECK_INT(fake.alerts[0].state, ALERT_SNOOZED);
	press(screen, "u g");
	say(screen, ":assign luis ");
	CHECK_STR(fake.alerts[0].assignee, "luis");
	say(screen, ":close"); /* with nothing: as by its key */
	CHECK_INT(screen->modal, MODAL_MENU);
	press(screen, "Esc 1");
	say(screen, ":note here is no alert");
	CHECK(says(screen, "elsewhere: On alerts"));
	press(screen, "4");
	fake.read_only = true;
	say(screen, ":close duplicate");
	CHECK(says(screen, "read-only"));
	end(screen);
}

TEST(what_is_wrong_is_said_while_it_is_typed)
{
	static const struct {
		const char *line, *says;
	} wrong[] = { { ":clsoe", "is \"close\" meant?" }, { ":close maybe", "no such resolution: maybe" },
		{ ":snooze soon", "for how long" }, { ":ack x", "ack takes nothing more" }, { ":assign a b", "one word" } };
	struct screen *screen = begin();
	for (size_t i = 0; i < COUNT_OF(wrong); i++) {
		say(screen, wrong[i].line);
		CHECK(screen->modal != MODAL_NONE);
		CHECK(strstr(screen->prompt.fault.text, wrong[i].says) != NULL);
		press(screen, "Esc");
	}
	end(screen);
}

TEST(lists_are_sorted_and_filtered_by_name)
{
	struct screen *screen = begin();
	struct list *list = screen->panes[3]->type->list(screen->panes[3]);
	int64_t first = list->rows[0].id;
	say(screen, ":sort who");
	CHECK(list->rows[0].id != first);
	say(screen, ":sort severity");
	CHECK_INT(list->rows[0].id, first);
	say(screen, ":sort colour");
	CHECK(says(screen, "This list is sorted by severity, time, score, who, not by colour."));
	say(screen, ":filter IRSF");
	CHECK_INT(list->n, 1);
	say(screen, ":clear-filter");
	CHECK_INT(list->n, 7);
	press(screen, "Enter");
	say(screen, ":sort score");
	CHECK(says(screen, "nothing to sort"));
	say(screen, ":scores");
	CHECK_INT(screen->focus, 2);
	say(screen, ":sort cost");
	say(screen, ":filter x");
	CHECK(says(screen, "nothing to filter"));
	end(screen);
}

TEST(looks_are_changed_by_name)
{
	struct screen *screen = begin();
	say(screen, ":theme mono");
	CHECK_STR(screen->theme_name, "mono");
	say(screen, ":theme ../../etc/passwd");
	CHECK_STR(screen->theme_name, "mono");
	CHECK_INT(screen->message_role, ROLE_ERROR);
	say(screen, ":zone UTC");
	CHECK(says(screen, "Times are in UTC."));
	say(screen, ":zone den");
	CHECK(says(screen, "Times are in DEN."));
	say(screen, ":zone Mars");
	CHECK(says(screen, "No site has its times in Mars."));
	say(screen, ":help snooze");
	CHECK(screen_focused(screen)->type == &view_help);
	CHECK(screen_says(screen, "Snooze for a while"));
	CHECK(!screen_says(screen, "Write a note"));
	end(screen);
}

TEST(a_key_says_beforehand_what_would_be_asked)
{
	struct screen *screen = begin_with_keys("commands:\n  close false_positive: f\n  snooze 1h lunch: [F9]\n  theme mono: F12\n");
	CHECK_STR(screen->message, "");
	press(screen, "f");
	CHECK_INT(fake.alerts[0].resolution, RESOLUTION_FALSE_POSITIVE);
	press(screen, "0 2 f"); /* also with a count */
	CHECK(says(screen, "Closed: 2 alerts"));
	press(screen, "u F9");
	CHECK(says(screen, "Snoozed: #"));
	press(screen, "F12");
	CHECK_STR(screen->theme_name, "mono");
	press(screen, "?");
	CHECK(screen_says(screen, "f                  :close false_positive"));
	CHECK(screen_says(screen, "F9                 :snooze 1h lunch"));
	end(screen);
}

TEST(a_key_file_has_macros_by_name)
{
	struct screen *screen = begin_with_keys("macros:\n  lunch: [ack, snooze 1h lunch]\n  away: [3 down, play lunch]\n"
	    "  half: [snooze 1h, down]\n  a: [down]\n  out: [quit]\ncommands:\n  play away: [F5]\n");
	CHECK_STR(screen->message, "");
	struct list *list = screen->panes[3]->type->list(screen->panes[3]);
	press(screen, "F5");
	for (int i = 0; i < 6 && macro_is_playing(screen); i++)
		screen_tick(screen, screen->steady_ms + 1000);
	CHECK(!macro_is_playing(screen));
	CHECK(says(screen, "Snoozed: #"));
	size_t n = 0;
	for (size_t i = 0; i < fake.n_alerts; i++)
		n += fake.alerts[i].state == ALERT_SNOOZED && strcmp(fake.alerts[i].assignee, "ana") == 0;
	CHECK_INT(n, 1);
	press(screen, "g , a");
	CHECK_INT(list->selected, 1);
	say(screen, ":3 play a");
	CHECK_INT(list->selected, 4);
	say(screen, ":2");
	CHECK_INT(list->selected, 1);
	say(screen, ":play half"); /* asks why, which it does not answer */
	CHECK(says(screen, "Macro half stopped: its next command does not answer what is asked"));
	CHECK_INT(screen->modal, MODAL_PROMPT);
	press(screen, "Esc");
	say(screen, ":play nothing");
	CHECK(says(screen, "There is no macro nothing."));
	say(screen, ":play out");
	CHECK(macro_is_asking(screen));
	press(screen, "1");
	CHECK(!screen->wishes.quit);
	press(screen, "; z j k ; ?"); /* and help has them all */
	CHECK(screen_says(screen, "The keys") || screen_says(screen, "On alerts"));
	press(screen, "/");
	say(screen, "z");
	press(screen, "G");
	press(screen, "\\ / l u n c h Enter");
	CHECK(screen_says(screen, ":play lunch        ack \xC2\xB7 snooze 1h lunch"));
	press(screen, "\\ / j Space k Enter");
	CHECK(screen_says(screen, ", z                j k"));
	end(screen);
}

TEST(a_wrong_key_file_is_said_for_as_long_as_a_message)
{
	struct screen *screen = begin_with_keys("commands:\n  nothing: [x]\n");
	CHECK(says(screen, ":2:3: no such command: nothing"));
	CHECK_INT(screen->message_role, ROLE_ERROR);
	screen_tick(screen, 8000);
	CHECK(screen->message[0] != '\0');
	screen_tick(screen, 9500);
	CHECK(screen->message[0] == '\0');
	press(screen, "j");
	CHECK_INT(screen->panes[3]->type->list(screen->panes[3])->selected, 1);
	end(screen);
}

TESTS(T(an_act_is_typed_with_what_it_would_have_asked), T(what_is_wrong_is_said_while_it_is_typed),
    T(lists_are_sorted_and_filtered_by_name), T(looks_are_changed_by_name),
    T(a_key_file_has_macros_by_name), T(a_key_says_beforehand_what_would_be_asked), T(a_wrong_key_file_is_said_for_as_long_as_a_message))
