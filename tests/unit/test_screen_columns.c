/* SPDX-License-Identifier: Apache-2.0
 *
 * Columns as a person wants them, and rows with room between them. */
#include "test.h"

#include <unistd.h>

#include "base/mem.h"
#include "screen_rig.h"
#include "screen_golden.h"
#include "ui/columns.h"

/* ---- words ----------------------------------------------------------------------------- */

static const struct list_column three[] = {
	{ "who", 6, 1, 0, false, 0 },
	{ "24 h", 8, 0, 1, false, 0 },
	{ "", 4, 0, 0, true, 0 },
};

static char *printed(const char *words, struct fault *fault)
{
	struct columns_wish wish;
	struct text out = { 0 };
	if (!columns_read(words, three, COUNT_OF(three), &wish, fault))
		return NULL;
	columns_print(&wish, three, &out);
	return out.bytes;
}

TEST(words_say_which_in_which_order_how_wide)
{
	static const struct {
		const char *words, *is; /* NULL: refused */
	} cases[] = { { "", "who 24-h column-3" }, { "24-h who", "24-h who column-3" }, { "-who", "-who 24-h column-3" },
		{ "24-h=12, -who", "24-h=12 -who column-3" }, { "WHO=3 who=9", "who=3 24-h column-3" }, { "column-3 -24-h", "column-3 -24-h who" },
		{ "nobody", NULL }, { "who=0", NULL }, { "who=201", NULL }, { "who=x", NULL }, { "who=", NULL }, { "-who -24-h -column-3", NULL },
		{ "-", NULL }, { "=", NULL }, { "\x1b[2J", NULL } };
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct fault fault = { 0 };
		char *is = printed(cases[i].words, &fault), *lenient = printed(cases[i].words, NULL);
		if ((is == NULL) != (cases[i].is == NULL) || (is != NULL && strcmp(is, cases[i].is) != 0)) {
			printf("%s: %s (%s)\n", cases[i].words, or_empty(is), fault.text);
			CHECK(false);
		}
		CHECK(is != NULL || (fault.text[0] != '\0' && strchr(fault.text, 0x1b) == NULL));
		CHECK(lenient != NULL && strstr(lenient, "who") != NULL); /* what was kept by another version does no harm */
		free(is);
		free(lenient);
	}
}

TEST(a_column_without_a_heading_has_a_name_and_its_number_of_before)
{
	static const struct list_column two[] = { { "|sign", 1, 0, 0, false, 0 }, { "who", 9, 0, 0, false, 0 } };
	static const char *const words[] = { "sign=3 who", "column-1=3 who", "SIGN=3" };
	for (size_t i = 0; i < COUNT_OF(words); i++) {
		struct fault fault = { 0 };
		struct columns_wish wish;
		struct text out = { 0 };
		CHECK(columns_read(words[i], two, 2, &wish, &fault));
		columns_print(&wish, two, &out);
		CHECK_STR(text_string(&out), "sign=3 who");
		text_clear(&out);
	}
}

TEST(a_number_of_before_is_the_column_that_has_no_heading)
{
	/* One came before it since; of two such the number says which; of none it says nothing. */
	static const struct list_column moved[] = { { "level", 7, 0, 0, false, 0 }, { "id", 7, 0, LIST_ASKED, true, 0 }, { "|taken", 1, 0, 0, false, 0 } };
	static const struct list_column two[] = { { "|kind", 1, 0, 0, false, 0 }, { "who", 9, 0, 0, false, 0 }, { "|days", 1, 0, 0, false, 0 } };
	static const struct list_column none[] = { { "who", 9, 0, 0, false, 0 }, { "site", 9, 0, 0, false, 0 } };
	static const struct {
		const struct list_column *columns;
		size_t n;
		const char *words, *is;
	} cases[] = { { moved, 3, "-column-2 level", "-taken level -id" }, { moved, 3, "column-9=2", "taken=2 level -id" }, { two, 3, "column-3 column-1", "days kind who" },
		{ two, 3, "column-2", "kind who days" }, { none, 2, "site column-2 -column-1", "site who" }, { moved, 3, "column-0 column-x column-", "level -id taken" },
		{ moved, 3, "column-99999999999999999999", "level -id taken" } };
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct columns_wish wish;
		struct text out = { 0 };
		CHECK(columns_read(cases[i].words, cases[i].columns, cases[i].n, &wish, NULL));
		columns_print(&wish, cases[i].columns, &out);
		CHECK_STR(text_string(&out), cases[i].is);
		text_clear(&out);
	}
}

TEST(places_follow_and_stay_inside)
{
	struct list_place at[3];
	struct columns_wish wish;
	for (int cols = 1; cols < 300; cols++) {
		CHECK(columns_read("column-3=9 -24-h who", three, 3, &wish, NULL));
		columns_layout(&wish, three, NULL, cols, at);
		CHECK_INT(at[1].cols, 0);
		CHECK(at[2].col == 0 && at[0].col + at[0].cols <= MAX(cols, at[0].col));
		if (cols > 20)
			CHECK(at[2].cols == 9 && at[0].col == 10 && at[0].cols == cols - 10);
	}
}

/* ---- on the screen ------------------------------------------------------------------------ */

static struct screen *begin(const char *language, const char *path, int rows, int cols)
{
	fake_start(7, 10);
	return screen_begin(language, rows, cols, &(struct screen_options){ .organisation = "Davivienda", .looks_file = path });
}

TEST(it_looks_so)
{
	static const struct {
		const char *name, *language, *line, *keys;
		int rows, cols;
	} cases[] = {
		{ "columns-queue", "en", ":columns who what=20 -time", "", 24, 80 },
		{ "columns-menu", "es", ":columns who -time", "| j", 24, 80 },
		{ "columns-id", "es", ":columns level id", "", 24, 80 },
		{ "columns-id", "en", ":columns level id", "4 o", 36, 120 },
		{ "columns-id", "es", ":columns level id", "", 60, 200 },
		{ "columns-menu", "en", ":columns who -time", "3 W j J +", 36, 120 },
		{ "columns-ascii", "es", ":columns who -time", "| j", 24, 80 },
		{ "roomy", "es", "=", "j", 24, 80 },
		{ "roomy", "en", "=", "j j", 60, 200 },
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct screen *screen = begin(cases[i].language, NULL, cases[i].rows, cases[i].cols);
		screen->canvas.ascii = strstr(cases[i].name, "ascii") != NULL;
		say(screen, cases[i].line);
		CHECK_INT(screen->message_role, ROLE_TEXT);
		press(screen, "Esc");
		press(screen, cases[i].keys);
		screen->message[0] = '\0';
		screen->dirt++;
		screen_draw(screen);
		CHECK(is_as_it_was(screen, cases[i].name, cases[i].language, false));
		end(screen);
	}
}

TEST(what_was_arranged_is_so_in_the_next_run)
{
	char folder[] = "/tmp/centinela-columns-XXXXXX";
	REQUIRE(mkdtemp(folder) != NULL);
	char *path = mem_printf("%s/looks.yaml", folder);
	struct screen *screen = begin("en", path, 24, 80);
	press(screen, "|");
	CHECK_INT(screen->modal, MODAL_MENU);
	CHECK(!screen_says(screen, "#412"));
	press(screen, "j Enter j Enter Esc"); /* the second one, which is there for who asks, and the third one away */
	CHECK_INT(screen->modal, MODAL_NONE);
	CHECK(screen_says(screen, "#412"));
	press(screen, "M-r");
	const char *kept = looks_get(&screen->looks, "columns", "queue");
	REQUIRE(kept != NULL);
	char *was = mem_strdup(kept);
	CHECK(strstr(was, "level id -taken time") != NULL);
	end(screen);
	screen = begin("en", path, 24, 80);
	CHECK_STR(or_empty(looks_get(&screen->looks, "columns", "queue")), was);
	CHECK_INT(screen_pitch(screen), 2);
	/* A click finds its row, though there is room between them. */
	screen_key(screen, &(struct key_event){ .key = KEY_CLICK, .row = 7, .col = 20 });
	CHECK_INT(screen_list(screen)->selected, 2);
	press(screen, "| r Esc M-r"); /* as it was: nothing is kept of it */
	CHECK(looks_get(&screen->looks, "columns", "queue") == NULL);
	end(screen);
	screen = begin("en", path, 24, 80);
	CHECK(looks_get(&screen->looks, "columns", "queue") == NULL);
	CHECK_INT(screen_pitch(screen), 1);
	end(screen);
	/* A file that is none: told, and left alone. */
	FILE *file = fopen(path, "w");
	REQUIRE(file != NULL);
	fputs("columns: [", file);
	fclose(file);
	screen = begin("en", path, 24, 80);
	CHECK(says(screen, "looks.yaml:"));
	press(screen, "| j Enter Esc");
	end(screen);
	char *is = read_all(path);
	CHECK_STR(or_empty(is), "columns: [");
	free(is);
	free(was);
	unlink(path);
	rmdir(folder);
	free(path);
}

TEST(groups_have_an_arrangement_of_their_own)
{
	struct screen *screen = begin("en", NULL, 36, 120);
	say(screen, ":columns who -time");
	char *alone = mem_strdup(or_empty(looks_get(&screen->looks, "columns", "queue")));
	CHECK(strstr(alone, "-time") != NULL);
	static const char *const few[] = { ":group rule", ":group site" };
	for (size_t i = 0; i < COUNT_OF(few); i++) {
		say(screen, few[i]);
		say(screen, i == 0 ? ":columns newest -why" : ":columns alerts -why");
		CHECK(screen_focused(screen)->places[i == 0 ? 4 : 1].col == 0);
		CHECK_STR(or_empty(looks_get(&screen->looks, "columns", "queue")), alone);
	}
	CHECK(looks_get(&screen->looks, "columns", "queue-groups") != NULL);
	/* The menu and what is offered are of what is shown. */
	say(screen, ":columns default");
	CHECK(looks_get(&screen->looks, "columns", "queue-groups") == NULL);
	say(screen, ":group none");
	CHECK_INT(screen_focused(screen)->places[6].col, 0); /* who */
	say(screen, ":group case");
	CHECK_INT(screen_focused(screen)->places[6].col, 0);
	CHECK_STR(or_empty(looks_get(&screen->looks, "columns", "queue")), alone);
	free(alone);
	end(screen);
}

TEST(every_list_has_them_and_one_column_stays)
{
	static const char *const places[] = { "1", "2", "3", "4", "L", "D", "B" };
	for (size_t i = 0; i < COUNT_OF(places); i++) {
		struct screen *screen = begin("en", NULL, 36, 120);
		press(screen, places[i]);
		press(screen, "|");
		CHECK_INT(screen->modal, MODAL_MENU);
		for (size_t k = 0; k < screen->menu.n; k++) { /* all away: the last one stays */
			bool is_there = *screen->menu.items[screen->menu.selected].label != ' ';
			press(screen, is_there ? "Enter j" : "j");
		}
		CHECK_INT(screen->menu.selected, screen->menu.n - 1);
		press(screen, "+ + K 0 - Esc");
		struct pane *pane = screen_focused(screen);
		size_t shown = 0;
		for (size_t k = 0; k < pane->n_columns; k++)
			shown += pane->places[k].cols > 0;
		CHECK_INT(shown, 1);
		end(screen);
	}
	struct screen *screen = begin("en", NULL, 36, 120);
	say(screen, ":columns whom");
	CHECK(says(screen, "has no column whom; is \"who\" meant?"));
	press(screen, "?");
	say(screen, ":columns");
	CHECK(says(screen, "There are no columns here."));
	end(screen);
}

TESTS(T(words_say_which_in_which_order_how_wide),
    T(a_column_without_a_heading_has_a_name_and_its_number_of_before),
    T(a_number_of_before_is_the_column_that_has_no_heading), T(groups_have_an_arrangement_of_their_own), T(places_follow_and_stay_inside), T(it_looks_so),
    T(what_was_arranged_is_so_in_the_next_run), T(every_list_has_them_and_one_column_stays))
