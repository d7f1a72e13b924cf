/* SPDX-License-Identifier: Apache-2.0
 *
 * Settings inside the console: what is shown, and what becomes of the file. */
#include "test.h"

#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "options.h"
#include "screen_rig.h"
#include "screen_golden.h"
#include "ui/language.h"

static struct options options;
static struct settings settings;
static char folder[64], path[100];

static void write_config(const char *text)
{
	FILE *file = fopen(path, "w");
	if (file == NULL)
		return;
	fputs(text, file);
	fclose(file);
	CHECK_INT(chmod(path, 0600), 0);
}

static bool config_is(const char *text)
{
	char *is = read_all(path);
	bool same = strcmp(or_empty(is), text) == 0;
	if (!same)
		printf("the file is\n%s", or_empty(is));
	free(is);
	return same;
}

/* A console that was started with this file; NULL: there is none. */
static struct screen *begin(const char *language, const char *config, int rows, int cols)
{
	struct fault fault = { 0 };
	setenv("HOME", "/home/ana", 1);
	unsetenv("XDG_DATA_HOME");
	unsetenv("XDG_CONFIG_HOME");
	snprintf(folder, sizeof folder, "/tmp/centinela-settings-XXXXXX");
	if (mkdtemp(folder) == NULL)
		return NULL;
	snprintf(path, sizeof path, "%s/c.yaml", folder);
	options_init(&options);
	if (config != NULL) {
		write_config(config);
		CHECK(options_read(&options, path, &fault));
	}
	options_settings(&options, path, &settings);
	fake_start(7, 10);
	return screen_begin(language, rows, cols, &(struct screen_options){ .settings = &settings, .organisation = "Davivienda",
	    .masked = options.mask_numbers });
}

static void end_all(struct screen *screen)
{
	end(screen);
	settings_clear(&settings);
	options_clear(&options);
	unlink(path);
	rmdir(folder);
}

/* The settings, the cursor on this one alone. */
static void go_to(struct screen *screen, const char *key)
{
	press(screen, "O \\ /");
	say(screen, key);
}

TEST(it_shows_what_is_in_force_and_who_said_it)
{
	static const struct {
		const char *name, *language, *keys;
		int rows, cols;
	} cases[] = { { "settings", "es", "j j j", 24, 80 }, { "settings", "en", "", 36, 120 }, { "settings-wide", "es", "j", 60, 200 },
		{ "settings-ascii", "es", "j", 24, 80 }, { "settings-choice", "es", "Enter", 24, 80 }, { "settings-prompt", "en", "j j Enter x", 24, 80 } };
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct fault fault;
		struct screen *screen = begin(cases[i].language, "# mine\nconsole:\n  theme: mono\n  mouse: true\n", cases[i].rows, cases[i].cols);
		REQUIRE(screen != NULL);
		CHECK(options_set(&options, "language", "es", &fault));
		free(settings.items[OPTION_language].value);
		settings.items[OPTION_language].value = mem_strdup("es");
		settings.items[OPTION_language].source = SETTING_BY_WORD;
		/* Somebody else's change, which is not in force here. */
		write_config("# mine\nconsole:\n  theme: high_contrast\n  mouse: true\n");
		free(settings.path);
		settings.path = mem_strdup(path);
		screen->canvas.ascii = strstr(cases[i].name, "ascii") != NULL;
		press(screen, "O /");
		say(screen, "console.");
		press(screen, cases[i].keys);
		/* Folders differ from run to run. */
		free(settings.path);
		settings.path = mem_strdup("/home/ana/.config/centinela/centinela.yaml");
		screen_draw(screen);
		screen->dirt++;
		screen_draw(screen);
		CHECK(is_as_it_was(screen, cases[i].name, cases[i].language, false));
		end_all(screen);
	}
}

TEST(a_change_is_one_line_of_the_file_and_in_force_at_once)
{
	struct screen *screen = begin("en", "# Ana's\nconsole:\n  # at night\n  mask_numbers: false # for now\n\n  # end\n", 36, 120);
	REQUIRE(screen != NULL);
	go_to(screen, "mask_numbers");
	press(screen, "Enter 1");
	CHECK(says(screen, "console.mask_numbers is set, and kept in"));
	CHECK(screen->masked);
	CHECK(config_is("# Ana's\nconsole:\n  # at night\n  mask_numbers: true # for now\n\n  # end\n"));
	go_to(screen, "console.theme");
	press(screen, "Enter");
	CHECK_INT(screen->modal, MODAL_MENU);
	press(screen, "j j g Enter");
	CHECK_STR(screen->theme_name, "davivienda");
	CHECK(screen->wishes.restyle);
	/* A new one stands at its place: behind what comes before it, comments stay. */
	CHECK(config_is("# Ana's\nconsole:\n  theme: davivienda\n  # at night\n  mask_numbers: true # for now\n\n  # end\n"));
	go_to(screen, "console.attention");
	press(screen, "Enter C-u");
	say(screen, "bell");
	CHECK_STR(screen->wishes.attention, "bell");
	CHECK(config_is("# Ana's\nconsole:\n  theme: davivienda\n  attention: bell\n  # at night\n  mask_numbers: true # for now\n\n  # end\n"));
	go_to(screen, "console.mouse");
	press(screen, "Enter 1");
	CHECK(screen->wishes.mouse && screen->wishes.mouse_changed);
	go_to(screen, "sync.backfill");
	press(screen, "Enter C-u");
	say(screen, "7d");
	CHECK(says(screen, "after a restart"));
	CHECK_INT(options.backfill, 30 * DAY_MS);
	CHECK(screen_says(screen, "7d")); /* beside the 30d that are in force */
	struct stat st;
	CHECK(stat(path, &st) == 0 && (st.st_mode & 0777) == 0600);
	options_take(&options, &settings); /* the console ends, and may begin again */
	CHECK_STR(options.theme, "davivienda");
	CHECK(options.mask_numbers && options.mouse);
	CHECK_INT(options.backfill, 30 * DAY_MS);
	struct options again;
	struct fault fault = { 0 };
	options_init(&again);
	CHECK(options_read(&again, path, &fault));
	CHECK_INT(again.backfill, 7 * DAY_MS);
	options_clear(&again);
	end_all(screen);
}

TEST(a_wrong_value_is_not_taken)
{
	struct screen *screen = begin("en", "sync: {backfill: 3d}\n", 36, 120);
	REQUIRE(screen != NULL);
	go_to(screen, "sync.backfill");
	press(screen, "Enter C-u");
	say(screen, "soon");
	CHECK_INT(screen->modal, MODAL_PROMPT);
	CHECK(strstr(screen->prompt.fault.text, "is a duration") != NULL);
	press(screen, "Esc");
	go_to(screen, "console.attention");
	press(screen, "Enter C-u");
	say(screen, "shout");
	CHECK(strstr(screen->prompt.fault.text, "not \"shout\"") != NULL);
	press(screen, "Esc");
	CHECK(config_is("sync: {backfill: 3d}\n"));
	end_all(screen);
}

TEST(a_file_that_cannot_be_changed_is_told_and_stays)
{
	struct screen *screen = begin("en", "console:\n  mouse: false\n", 36, 120);
	REQUIRE(screen != NULL);
	go_to(screen, "console.mouse");
	/* Somebody was faster. */
	write_config("console:\n  mouse: false # here\n");
	press(screen, "Enter 1");
	CHECK(says(screen, "was changed by somebody else meanwhile"));
	CHECK(!screen->wishes.mouse);
	CHECK(config_is("console:\n  mouse: false # here\n"));
	press(screen, "Enter 1"); /* it was read anew */
	CHECK(config_is("console:\n  mouse: true # here\n"));
	CHECK_INT(chmod(path, 0400), 0);
	press(screen, "Enter 2");
	CHECK(says(screen, "is write-protected: nothing was written"));
	CHECK_INT(chmod(path, 0600), 0);
	CHECK(config_is("console:\n  mouse: true # here\n"));
	end_all(screen);
	/* One that is broken meanwhile: its fault stands there, nothing is written. */
	screen = begin("en", "store: a\n", 36, 120);
	REQUIRE(screen != NULL);
	write_config("console: {mouse: tr\n");
	go_to(screen, "console.mouse");
	press(screen, "Enter");
	CHECK_INT(screen->modal, MODAL_NONE);
	CHECK(says(screen, "c.yaml:"));
	CHECK(config_is("console: {mouse: tr\n"));
	end_all(screen);
	screen = begin("en", "console:\n  keys: >\n    k.yaml\n", 36, 120);
	REQUIRE(screen != NULL);
	go_to(screen, "console.keys");
	press(screen, "Enter C-u");
	say(screen, "other.yaml");
	CHECK(says(screen, "not edited from here"));
	CHECK(config_is("console:\n  keys: >\n    k.yaml\n"));
	end_all(screen);
	/* A link stays one; what it leads to is changed. */
	screen = begin("en", "store: a\n", 36, 120);
	REQUIRE(screen != NULL);
	char *link_path = mem_printf("%s/link.yaml", folder);
	CHECK_INT(symlink(path, link_path), 0);
	free(settings.path);
	settings.path = mem_strdup(link_path);
	go_to(screen, "console.mouse");
	press(screen, "Enter 1");
	struct stat st;
	CHECK(lstat(link_path, &st) == 0 && S_ISLNK(st.st_mode));
	CHECK(config_is("store: a\nconsole:\n  mouse: true\n"));
	unlink(link_path);
	free(link_path);
	end_all(screen);
}

TEST(without_a_file_there_is_one_afterwards)
{
	struct screen *screen = begin("en", NULL, 36, 120);
	REQUIRE(screen != NULL);
	go_to(screen, "sticky_filters");
	press(screen, "Enter 1");
	CHECK(config_is("console:\n  sticky_filters: true\n"));
	struct stat st;
	CHECK(stat(path, &st) == 0 && (st.st_mode & 0777) == 0600);
	CHECK(screen->sticky_filters);
	end_all(screen);
	screen = begin("en", NULL, 36, 120);
	REQUIRE(screen != NULL);
	fake.read_only = true;
	go_to(screen, "sticky_filters");
	press(screen, "Enter");
	CHECK(says(screen, "This console is read-only."));
	fake.read_only = false;
	free(settings.path); /* the demo has none */
	settings.path = NULL;
	press(screen, "Enter");
	CHECK(says(screen, "There is no configuration file"));
	end_all(screen);
}

TEST(secrets_are_never_shown)
{
	struct screen *screen = begin("en", "store: postgresql://ana:hunter2@db/x\nnetwork: {proxy: \"http://me:pa@ss@proxy:80\"}\n"
	    "webex: {client_secret_command: echo hunter2}\n", 60, 200);
	REQUIRE(screen != NULL);
	press(screen, "O");
	CHECK(!screen_says(screen, "hunter2"));
	CHECK(!screen_says(screen, "pa@ss"));
	CHECK(screen_says(screen, "http://\u2022\u2022\u2022@proxy:80"));
	go_to(screen, "network.proxy");
	press(screen, "Enter");
	CHECK_STR(screen->prompt.text, "");
	type(screen, "http://me:other@proxy:80");
	CHECK(!screen_says(screen, "other"));
	press(screen, "Enter");
	CHECK(!screen_says(screen, "other"));
	CHECK(config_is("store: postgresql://ana:hunter2@db/x\nnetwork: {proxy: \"http://me:other@proxy:80\"}\n"
	    "webex: {client_secret_command: echo hunter2}\n"));
	press(screen, "y");
	CHECK(strstr(text_string(&screen->wishes.copy), "pa@ss") == NULL);
	CHECK(strstr(text_string(&screen->wishes.copy), "network.proxy: http://") != NULL);
	end_all(screen);
}

TEST(nothing_typed_leaves_a_secret_as_it_is)
{
	static const char config[] = "console: {attention: bell}\nnetwork: {proxy: \"http://me:pa@ss@proxy:80\"}\n";
	struct screen *screen = begin("en", config, 36, 120);
	REQUIRE(screen != NULL);
	go_to(screen, "network.proxy");
	press(screen, "Enter");
	CHECK(screen->prompt.hidden);
	press(screen, "Enter");
	CHECK_INT(screen->modal, MODAL_NONE);
	CHECK(says(screen, "Nothing was typed: network.proxy stays as it is."));
	CHECK(config_is(config));
	/* What is seen may be emptied. */
	go_to(screen, "console.attention");
	press(screen, "Enter C-u Enter");
	CHECK(says(screen, "console.attention is set"));
	CHECK(config_is("console: {attention: \"\"}\nnetwork: {proxy: \"http://me:pa@ss@proxy:80\"}\n"));
	end_all(screen);
}

TEST(a_second_view_of_the_settings_is_alive_as_is_the_first)
{
	struct screen *screen = begin("en", "console:\n  mouse: false\n", 36, 120);
	REQUIRE(screen != NULL);
	press(screen, "O ?");
	go_to(screen, "console.mouse");
	CHECK_INT(screen->n_views, 3);
	press(screen, "Enter 1");
	CHECK(says(screen, "console.mouse is set"));
	CHECK(config_is("console:\n  mouse: true\n"));
	go_to(screen, "console.attention");
	press(screen, "Enter C-u");
	say(screen, "bell");
	CHECK(says(screen, "console.attention is set"));
	/* The first knows what the second wrote. */
	press(screen, "q q");
	CHECK_INT(screen->n_views, 1);
	go_to(screen, "console.mouse");
	press(screen, "Enter 2");
	CHECK(says(screen, "console.mouse is set"));
	CHECK(config_is("console:\n  attention: bell\n  mouse: false\n"));
	end_all(screen);
}

/* What a setting means has two lines: where those are long enough for it nothing of it is lost,
 * and where they are not one sees that there is more. */
TEST(what_a_setting_means_is_read_whole_or_seen_to_be_cut)
{
	struct screen *screen = begin("en", NULL, 60, 200);
	REQUIRE(screen != NULL);
	press(screen, "O");
	go_to(screen, "alert_budget");
	CHECK(screen_says(screen, "  what is merely unusual is raised so often that it makes this many alerts a day and 1000 people; 0: never [1; 0..100000]"));
	go_to(screen, "webex.scopes");
	CHECK(screen_says(screen, "spark-admin:organizations_read]"));
	screen_resize(screen, 36, 80);
	CHECK(screen_says(screen, "  scopes to ask for [spark-admin:calling_cdr_read spark-admin:people_read"));
	CHECK(screen_says(screen, "  spark-admin:locations_read spark-admin:telephony_config_read spark-admin:org\u2026"));
	end_all(screen);
}

/* ---- the language ---------------------------------------------------------------------- */

static void picture(struct screen *screen, struct text *out)
{
	screen_tick(screen, screen->steady_ms + 20000); /* what is asked anew is answered */
	screen_draw(screen);
	screen->dirt++;
	screen_draw(screen);
	text_reset(out);
	for (int row = 0; row < screen->canvas.rows; row++)
		for (int col = 0; col < screen->canvas.cols; col++)
			text_printf(out, "%x ", (unsigned)canvas_at(&screen->canvas, row, col)->point);
}

/* The folder's name is no part of the picture. */
static struct screen *begin_nowhere(const char *language)
{
	struct screen *screen = begin(language, NULL, 50, 160);
	free(settings.path);
	settings.path = mem_strdup("/nowhere/c.yaml");
	return screen;
}

/* Wherever one is, it is as if it had been so from the beginning. */
TEST(another_language_is_in_all_that_is_shown)
{
	static const char *const ways[] = { "", "1", "2 o", "3", "4 x 2", "Enter", "i", "Enter p", "f", "H", "M-d", "L", "L Enter", "L Enter J", "V", "V Enter", "V n Esc",
		"B", "B Enter", "S", "D", "?", "O", "E", "I" };
	static const char *const languages[] = { "es", "en" };
	struct text changed = { 0 }, fresh = { 0 };
	for (size_t i = 0; i < COUNT_OF(ways); i++) {
		for (size_t to = 0; to < 2; to++) {
			struct screen *screen = begin_nowhere(languages[1 - to]);
			REQUIRE(screen != NULL);
			press(screen, ways[i]);
			picture(screen, &changed);
			screen->message[0] = '\0';
			screen_language(screen, languages[to]);
			picture(screen, &changed);
			end_all(screen);
			screen = begin_nowhere(languages[to]);
			press(screen, ways[i]);
			picture(screen, &fresh);
			screen->message[0] = '\0';
			picture(screen, &fresh);
			end_all(screen);
			CHECK(strcmp(text_string(&changed), text_string(&fresh)) == 0);
			if (strcmp(text_string(&changed), text_string(&fresh)) != 0)
				printf("differs after \"%s\", in %s\n", ways[i], languages[to]);
		}
	}
	text_clear(&changed);
	text_clear(&fresh);
}

TEST(what_is_open_over_the_panes_follows_or_goes)
{
	static const struct {
		const char *keys;
		enum modal after;
		const char *says, *says_not; /* en, then */
	} cases[] = {
		{ "c", MODAL_NONE, NULL, "Cerrar como" }, /* resolutions */
		{ "x", MODAL_NONE, NULL, "Una fila por cada" },
		{ "=", MODAL_NONE, NULL, "\u00BFQu\u00E9 valor?" },	      /* pivot */
		{ "Space", MODAL_PALETTE, "Commands", "\u00D3rdenes" },
		{ "Space c l o s", MODAL_PALETTE, "command: clos", "orden:" },
		{ ": c l", MODAL_COMMAND, "Commands", "\u00D3rdenes" },
		{ "/ s c o r e Space > Space x", MODAL_FILTER, "filter: score > x", "filtro:" },
		{ "n h o l a", MODAL_PROMPT, "hola", NULL }, /* what was typed is not lost */
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct screen *screen = begin_nowhere("es");
		REQUIRE(screen != NULL);
		press(screen, cases[i].keys);
		CHECK(screen->modal != MODAL_NONE);
		CHECK(cases[i].says_not == NULL || screen_says(screen, cases[i].says_not));
		screen_language(screen, "en");
		CHECK_INT(screen->modal, cases[i].after);
		if (cases[i].says != NULL)
			CHECK(screen_says(screen, cases[i].says));
		if (cases[i].says_not != NULL)
			CHECK(!screen_says(screen, cases[i].says_not));
		press(screen, "Esc Esc");
		end_all(screen);
	}
}

TEST(the_language_is_set_while_the_console_runs)
{
	setenv("LANGUAGE", "en", 1);
	i18n_init(NULL); /* so it was when the program began */
	struct screen *screen = begin("es", "# Ana's\n", 36, 120);
	REQUIRE(screen != NULL);
	press(screen, "Enter");
	size_t cursor = list_selected_id(screen_list(screen)) != 0 ? screen_list(screen)->selected : 0;
	go_to(screen, "language");
	CHECK(!screen_says(screen, "tras reiniciar"));
	press(screen, "Enter 2");
	CHECK(config_is("# Ana's\nlanguage: en\n"));
	CHECK(says(screen, "language is set, and kept in"));
	CHECK(screen_says(screen, "Settings"));
	CHECK(!screen_says(screen, "Ajustes"));
	press(screen, "q");
	CHECK_INT(screen_list(screen)->selected, cursor);
	CHECK(screen_says(screen, "assignee"));
	go_to(screen, "language");
	press(screen, "Enter 1");
	CHECK(screen_says(screen, "Ajustes"));
	CHECK_STR(i18n_language(), "es");
	press(screen, "Enter 3"); /* what the environment said, not what was set since */
	CHECK_STR(i18n_language(), "en");
	CHECK(config_is("# Ana's\nlanguage: \"\"\n"));
	end_all(screen);
}

TESTS(T(it_shows_what_is_in_force_and_who_said_it), T(a_change_is_one_line_of_the_file_and_in_force_at_once),
    T(a_wrong_value_is_not_taken), T(a_file_that_cannot_be_changed_is_told_and_stays),
    T(without_a_file_there_is_one_afterwards), T(secrets_are_never_shown), T(nothing_typed_leaves_a_secret_as_it_is),
    T(a_second_view_of_the_settings_is_alive_as_is_the_first), T(what_a_setting_means_is_read_whole_or_seen_to_be_cut),
    T(another_language_is_in_all_that_is_shown), T(what_is_open_over_the_panes_follows_or_goes), T(the_language_is_set_while_the_console_runs))
