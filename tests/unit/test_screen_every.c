/* SPDX-License-Identifier: Apache-2.0
 *
 * Every view in both languages and at three sizes: the letters of all of them in a
 * file a size and language. Roles, marks and looks are in the screens of each view; the
 * settings, which are a file, in test_screen_settings.c. */
#include "test.h"

#include "screen_golden.h"
#include "screen_rig.h"
#include "screen_silences.h"

/* What is done to come there: names of commands, or keys. */
static const struct {
	const char *name, *way;
	char like; /* n nobody signed in, S silences */
} views[] = {
	{ "queue", "zoom", 0 },
	{ "queue by rule", "group 5 zoom", 0 },
	{ "locations", "locations zoom", 0 },
	{ "live calls", "live zoom", 0 },
	{ "scores", "scores zoom", 0 },
	{ "four panes", "", 0 },
	{ "alert", "open", 0 },
	{ "case", "case", 0 },
	{ "calls", "calls", 0 },
	{ "call", "calls open", 0 },
	{ "record", "calls open raw", 0 },
	{ "person", "profile", 0 },
	{ "number", "calls down number", 0 },
	{ "device", "scores bottom up profile", 0 },
	{ "trunk", "calls down down open related t", 0 },
	{ "site", "locations profile", 0 },
	{ "day", "day", 0 },
	{ "hand-over", "handover", 0 },
	{ "audit", "claim audit", 0 },
	{ "log", "log", 0 },
	{ "rules", "rules", 0 },
	{ "rule", "rules open", 0 },
	{ "tuning", "tune", 0 },
	{ "silences", "silences", 'S' },
	{ "silence", "silences open", 'S' },
	{ "organisations", "organisations", 0 },
	{ "sync", "sync", 0 },
	{ "sign-in", "sign-in", 'n' },
	{ "help", "help", 0 },
	{ "palette", "palette", 0 },
	{ "as it was", "earlier", 0 },
};

static void on_leave(void *arg, enum leave leave, const char *text, const char *secret)
{
	UNUSED(arg), UNUSED(leave), UNUSED(text), UNUSED(secret);
}

static void go(struct screen *screen, const char *way)
{
	char words[80];
	snprintf(words, sizeof words, "%s", way);
	for (char *save = NULL, *word = strtok_r(words, " ", &save); word != NULL; word = strtok_r(NULL, " ", &save)) {
		enum command command;
		if (strlen(word) > 1 && command_named(word, &command)) {
			screen_command(screen, command);
			press(screen, "");
			screen_tick(screen, screen->steady_ms + 1000);
		} else {
			press(screen, word);
		}
	}
	screen_draw(screen);
}

static bool every(const char *language, int rows, int cols)
{
	struct text is = { 0 };
	for (size_t i = 0; i < COUNT_OF(views); i++) {
		fake_start(views[i].like == 'n' ? 0 : 7, views[i].like == 'n' ? 0 : 10);
		if (views[i].like == 'S')
			fake_silences(7);
		if (views[i].like == 'n')
			fake_first_run(true);
		struct screen *screen = screen_begin(language, rows, cols, &(struct screen_options){ .organisation = "Davivienda",
			.on_leave = views[i].like == 'n' ? on_leave : NULL });
		go(screen, views[i].way);
		text_printf(&is, "### %s\n", views[i].name);
		write_letters(&is, &screen->canvas);
		end(screen);
	}
	bool same = text_as_it_was(&is, "every-view", cols, rows, language);
	text_clear(&is);
	return same;
}

TEST(every_view_in_both_languages_at_three_sizes)
{
	static const int sizes[][2] = { { 24, 80 }, { 36, 120 }, { 60, 200 } };
	for (size_t i = 0; i < COUNT_OF(sizes); i++) {
		CHECK(every("es", sizes[i][0], sizes[i][1]));
		CHECK(every("en", sizes[i][0], sizes[i][1]));
	}
}

TESTS(T(every_view_in_both_languages_at_three_sizes))
