/* SPDX-License-Identifier: Apache-2.0
 *
 * Layouts as commands: chosen, cut, saved, and there again. */
#include "test.h"

#include <unistd.h>

#include "base/mem.h"
#include "screen_rig.h"
#include "screen_golden.h"

static struct screen *begin_as(const char *language, const char *path, int rows, int cols, bool ascii)
{
	fake_start(7, 10);
	return screen_begin(language, rows, cols, &(struct screen_options){ .organisation = "Davivienda", .looks_file = path, .ascii = ascii });
}

static struct screen *begin(const char *language, const char *path, int rows, int cols)
{
	return begin_as(language, path, rows, cols, false);
}

TEST(they_look_so)
{
	static const struct {
		const char *name, *language, *line, *keys;
		int rows, cols;
		char look; /* a ASCII, B also what is left without colour */
	} cases[] = {
		{ "layout-queue-large", "en", ":layout queue-large", "", 36, 120, 0 },
		{ "layout-queue-large", "es", ":layout queue-large", "2 > > ) j", 60, 200, 0 },
		{ "layout-two-columns", "es", ":layout two-columns", "3", 36, 120, 0 },
		{ "layout-stack", "en", ":layout stack", "2 j", 50, 80, 0 },
		{ "layout-menu", "es", ":layout save noche", "H", 24, 80, 0 },
		{ "layout-cut", "en", ":layout tiles", "1 > > ( (", 36, 120, 0 },
		{ "layout-ascii", "es", ":layout two-columns", "2", 36, 120, 'a' },
		{ "layout-no-colour", "en", ":layout queue-large", "3 j", 36, 120, 'B' },
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct screen *screen = begin_as(cases[i].language, NULL, cases[i].rows, cases[i].cols, cases[i].look == 'a');
		say(screen, cases[i].line);
		press(screen, cases[i].keys);
		screen->message[0] = '\0';
		screen->dirt++;
		screen_draw(screen);
		CHECK(is_as_it_was(screen, cases[i].name, cases[i].language, cases[i].look == 'B'));
		end(screen);
	}
}

/* What is drawn of the focused tile alone is what is drawn of all. */
TEST(a_tile_alone_is_drawn_as_with_the_others)
{
	for (int kind = 0; kind < N_LAYOUTS; kind++) {
		for (int focus = 0; focus < N_MAIN_PANES; focus++) {
			struct screen *screen = begin("en", NULL, 40, 140);
			struct text part = { 0 }, whole = { 0 };
			char key[8];
			snprintf(key, sizeof key, "%d", focus + 1);
			screen->plan.kind = (enum layout_kind)kind;
			screen_resize(screen, 40, 140);
			press(screen, key);
			screen_key(screen, &(struct key_event){ .key = 'j' });
			screen_draw(screen);
			write_planes(&part, &screen->canvas, NULL);
			screen->dirt++;
			screen_draw(screen);
			write_planes(&whole, &screen->canvas, NULL);
			if (strcmp(text_string(&part), text_string(&whole)) != 0) {
				show_difference(layout_name((enum layout_kind)kind), text_string(&whole), text_string(&part));
				CHECK(false);
			}
			text_clear(&part);
			text_clear(&whole);
			end(screen);
		}
	}
}

TEST(one_is_saved_by_name_and_there_in_the_next_run)
{
	char folder[] = "/tmp/centinela-layout-XXXXXX";
	REQUIRE(mkdtemp(folder) != NULL);
	char *path = mem_printf("%s/looks.yaml", folder);
	struct screen *screen = begin("en", path, 36, 120);
	say(screen, ":layout two-columns");
	press(screen, "4 > >");
	int cols = screen->layout.panes[3].cols;
	CHECK(cols > 66);
	say(screen, ":layout save night");
	CHECK(says(screen, "The layout is saved as night."));
	end(screen);
	screen = begin("en", path, 36, 120);
	CHECK_INT(screen->layout.panes[3].cols, cols); /* it is in force */
	press(screen, "F 1"); /* tiles */
	CHECK(says(screen, "Layout: tiles"));
	CHECK(screen->layout.panes[3].row > 5);
	press(screen, "F 5");
	CHECK(says(screen, "Layout: night"));
	CHECK_INT(screen->layout.panes[3].cols, cols);
	press(screen, "F s");
	say(screen, "day");
	CHECK(says(screen, "saved as day"));
	say(screen, ":layout forget night");
	say(screen, ":layout night");
	CHECK(says(screen, "no such layout: night"));
	say(screen, ":layout forget night");
	CHECK(says(screen, "no such layout: night"));
	say(screen, ":layout save stack");
	CHECK(says(screen, "the console's own layouts"));
	say(screen, ":layout save a/b");
	CHECK(says(screen, "a name has letters"));
	CHECK_STR(screen->plan.kind == LAYOUT_COLUMNS ? "two-columns" : "", "two-columns");
	end(screen);
	/* What another version kept there does no harm. */
	FILE *file = fopen(path, "w");
	REQUIRE(file != NULL);
	fputs("layout: {now: spiral 7}\nlayouts: {old: spiral}\n", file);
	fclose(file);
	screen = begin("en", path, 36, 120);
	CHECK_INT(screen->plan.kind, LAYOUT_TILES);
	say(screen, ":layout old");
	CHECK(says(screen, "no such layout: spiral"));
	end(screen);
	unlink(path);
	rmdir(folder);
	free(path);
}

TEST(an_edge_that_is_not_there_is_not_moved)
{
	struct screen *screen = begin("en", NULL, 24, 80);
	press(screen, ">");
	CHECK(says(screen, "Only panes beside each other"));
	say(screen, ":layout two-columns");
	CHECK(says(screen, "as soon as the screen has room"));
	screen_resize(screen, 36, 120);
	press(screen, "4 )");
	CHECK(says(screen, "No further here; F has other layouts."));
	press(screen, "L >");
	CHECK(says(screen, "Only panes beside each other"));
	end(screen);
}

TESTS(T(they_look_so), T(a_tile_alone_is_drawn_as_with_the_others), T(one_is_saved_by_name_and_there_in_the_next_run),
    T(an_edge_that_is_not_there_is_not_moved))
