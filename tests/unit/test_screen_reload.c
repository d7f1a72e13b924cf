/* SPDX-License-Identifier: Apache-2.0
 *
 * Themes looked at, files read again while the console runs, macros in the next run. */
#include "test.h"

#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "screen_rig.h"

static char folder[64];

static char *in_folder(const char *name)
{
	return mem_printf("%s/%s", folder, name);
}

/* As an editor does it: another file in its place. */
static void write_file(const char *name, const char *text)
{
	static int n;
	char *path = in_folder(name), *other = mem_printf("%s/new-%d", folder, n++);
	FILE *file = fopen(other, "w");
	if (file != NULL) {
		fputs(text, file);
		fclose(file);
	}
	CHECK_INT(chmod(other, 0600), 0);
	CHECK_INT(rename(other, path), 0);
	free(other);
	free(path);
}

static struct screen *begin(const char *theme, const char *keys)
{
	snprintf(folder, sizeof folder, "/tmp/centinela-reload-XXXXXX");
	if (mkdtemp(folder) == NULL)
		return NULL;
	write_file("mine.yaml", "name: Mine\nroles: {text: {fg: \"#111111\"}}\n");
	write_file("other.yaml", "name: Other\nroles: {text: {fg: \"#222222\"}}\n");
	if (keys != NULL)
		write_file("keys", keys);
	fake_start(7, 10);
	char *keys_file = in_folder("keys"), *looks = in_folder("looks.yaml");
	struct screen *screen = screen_begin("en", 36, 120, &(struct screen_options){ .theme = theme, .themes_folder = folder,
	    .keys_file = keys != NULL ? keys_file : NULL, .looks_file = looks });
	free(keys_file);
	free(looks);
	return screen;
}

static void end_all(struct screen *screen)
{
	static const char *const names[] = { "mine.yaml", "other.yaml", "broken.yaml", "keys", "looks.yaml" };
	end(screen);
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		char *path = in_folder(names[i]);
		unlink(path);
		free(path);
	}
	rmdir(folder);
}

static void later(struct screen *screen)
{
	for (int i = 0; i < 4; i++)
		screen_tick(screen, screen->steady_ms + 1000);
}

TEST(a_theme_is_looked_at_before_it_is_taken)
{
	struct screen *screen = begin("mine", NULL);
	REQUIRE(screen != NULL);
	write_file("broken.yaml", "roles: {text: {fg: blurple}}\n");
	press(screen, "t"); /* broken, mine, other: the cursor is on mine */
	CHECK_INT(screen->menu.selected, 1);
	press(screen, "j");
	CHECK_INT(screen->theme.roles[ROLE_TEXT].fg, 0x222222);
	CHECK(screen->wishes.restyle);
	press(screen, "Esc");
	CHECK_INT(screen->theme.roles[ROLE_TEXT].fg, 0x111111);
	CHECK_STR(screen->theme_name, "mine");
	press(screen, "t j Enter");
	CHECK_STR(screen->theme_name, "other");
	CHECK_INT(screen->theme.roles[ROLE_TEXT].fg, 0x222222);
	/* One that is broken shows the one before, and says why. */
	press(screen, "t g");
	CHECK_INT(screen->theme.roles[ROLE_TEXT].fg, 0x222222);
	CHECK(screen_says(screen, "broken: Enter says why"));
	press(screen, "Enter");
	CHECK(says(screen, "broken.yaml:1:"));
	CHECK_STR(screen->theme_name, "other");
	end_all(screen);
	/* The end in the middle of looking. */
	screen = begin("mine", NULL);
	press(screen, "t j");
	end_all(screen);
}

TEST(a_path_is_a_theme_too)
{
	struct screen *screen = begin("mine", NULL);
	REQUIRE(screen != NULL);
	char *path = in_folder("other.yaml");
	screen_theme(screen, path);
	CHECK_STR(screen->theme.name, "Other");
	screen_theme(screen, "../other");
	CHECK(says(screen, "the path of one ends in .yaml"));
	free(path);
	end_all(screen);
}

TEST(the_themes_file_is_read_again_when_it_changes)
{
	struct screen *screen = begin("mine", NULL);
	REQUIRE(screen != NULL);
	later(screen);
	CHECK_STR(screen->message, "");
	write_file("mine.yaml", "name: Mine\nroles: {text: {fg: \"#333333\"}}\n");
	later(screen);
	CHECK_INT(screen->theme.roles[ROLE_TEXT].fg, 0x333333);
	CHECK(says(screen, "The file of the theme Mine changed"));
	/* A broken one is told once, and the old one stays. */
	write_file("mine.yaml", "name: Mine\nroles: {text: {fg: blurple}}\n");
	later(screen);
	CHECK(says(screen, "mine.yaml:2:"));
	CHECK_INT(screen->theme.roles[ROLE_TEXT].fg, 0x333333);
	screen->message[0] = '\0';
	later(screen);
	CHECK_STR(screen->message, "");
	/* Gone for a while, and back as it was to be. */
	char *path = in_folder("mine.yaml");
	unlink(path);
	free(path);
	later(screen);
	CHECK_STR(screen->message, "");
	write_file("mine.yaml", "name: Mine\nroles: {text: {fg: \"#444444\"}}\n");
	later(screen);
	CHECK_INT(screen->theme.roles[ROLE_TEXT].fg, 0x444444);
	/* That of another theme is none of its business. */
	write_file("other.yaml", "name: Other\nroles: {text: {fg: \"#555555\"}}\n");
	later(screen);
	CHECK_INT(screen->theme.roles[ROLE_TEXT].fg, 0x444444);
	end_all(screen);
}

TEST(the_key_file_is_read_again_when_it_changes)
{
	struct screen *screen = begin("mine", "commands: {mark: [V]}\n");
	REQUIRE(screen != NULL);
	later(screen);
	CHECK_INT(keys_of(&screen->keys, PLACE_QUEUE, CMD_MARK), 'V');
	write_file("keys", "commands: {mark: [W]}\n");
	later(screen);
	CHECK_INT(keys_of(&screen->keys, PLACE_QUEUE, CMD_MARK), 'W');
	CHECK(says(screen, "The key file is read again."));
	write_file("keys", "commands: {mork: [X]}\n");
	later(screen);
	CHECK(says(screen, "keys:1:"));
	CHECK_INT(keys_of(&screen->keys, PLACE_QUEUE, CMD_MARK), 'W');
	/* Another file, and none: the built-in keys. */
	char *path = in_folder("other.yaml");
	write_file("other.yaml", "commands: {mark: [V]}\n");
	reload_keys(screen, path);
	later(screen);
	CHECK_INT(keys_of(&screen->keys, PLACE_QUEUE, CMD_MARK), 'V');
	reload_keys(screen, "");
	later(screen);
	CHECK_INT(keys_of(&screen->keys, PLACE_QUEUE, CMD_MARK), 'm');
	free(path);
	end_all(screen);
}

TEST(a_macro_goes_by_the_keys_it_began_with)
{
	struct screen *screen = begin("mine", "macros: {go: [down, import, down]}\n");
	REQUIRE(screen != NULL);
	later(screen);
	press(screen, ":");
	for (const char *p = "play go"; *p != '\0'; p++)
		screen_key(screen, &(struct key_event){ .key = (unsigned char)*p });
	press(screen, "Enter");
	CHECK(macro_is_asking(screen)); /* what reaches out is asked for */
	write_file("keys", "macros: {go: [up]}\n");
	later(screen);
	CHECK(macro_is_playing(screen));
	CHECK_INT(screen->keys.macros[0].n, 3);
	press(screen, "1"); /* no: it ends, and they are read now */
	later(screen);
	CHECK_INT(screen->keys.macros[0].n, 1);
	end_all(screen);
}

TEST(what_was_recorded_is_there_in_the_next_run)
{
	struct screen *screen = begin("mine", NULL);
	REQUIRE(screen != NULL);
	char *path = in_folder("looks.yaml"), names[200];
	press(screen, "; a j j / Space \" \\ Esc Esc ;");
	CHECK(macro_recorded(screen, 'a', names, sizeof names) > 0);
	struct screen *other = screen_new(&(struct screen_options){ .themes_folder = folder, .theme = "mine", .looks_file = path }, &fake.board);
	char again[200];
	CHECK_INT(macro_recorded(other, 'a', again, sizeof again), macro_recorded(screen, 'a', names, sizeof names));
	CHECK_STR(again, names);
	screen_resize(other, 36, 120);
	screen_tick(other, 1000);
	press(other, ", a");
	CHECK_INT(screen_list(other)->selected, 2);
	press(other, "; a ;"); /* nothing: it is none any more */
	screen_free(other);
	other = screen_new(&(struct screen_options){ .themes_folder = folder, .theme = "mine", .looks_file = path }, &fake.board);
	CHECK_INT(macro_recorded(other, 'a', again, sizeof again), 0);
	screen_free(other);
	/* What is no key is no macro. */
	write_file("looks.yaml", "macros: {a: j Nonsense k, b: j k, long: j, \"1\": j}\n");
	other = screen_new(&(struct screen_options){ .themes_folder = folder, .theme = "mine", .looks_file = path }, &fake.board);
	CHECK_INT(macro_recorded(other, 'a', again, sizeof again), 0);
	CHECK_INT(macro_recorded(other, 'b', again, sizeof again), 2);
	screen_free(other);
	free(path);
	end_all(screen);
}

TESTS(T(a_theme_is_looked_at_before_it_is_taken), T(a_path_is_a_theme_too), T(the_themes_file_is_read_again_when_it_changes),
    T(the_key_file_is_read_again_when_it_changes), T(a_macro_goes_by_the_keys_it_began_with),
    T(what_was_recorded_is_there_in_the_next_run))
