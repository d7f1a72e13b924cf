/* SPDX-License-Identifier: Apache-2.0
 *
 * Every view in both languages and at three sizes: letters and roles of all of them in
 * a file a size and language. What a role looks like in which theme is in
 * test_theme_looks.c: no theme changes a letter or a role, which is held here. */
#include "test.h"

#include <ctype.h>

#include "base/log.h"
#include "options.h"
#include "screen_golden.h"
#include "screen_rig.h"
#include "screen_silences.h"

/* What is done to come there: names of commands, or keys. */
static const struct {
	const char *name, *way;
	char like; /* n nobody signed in, S silences, l a log, p trials of rules,
		    o a file of settings, t names the theme that is in force */
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
	{ "log", "log", 'l' },
	{ "rules", "rules", 0 },
	{ "rule", "rules open", 0 },
	{ "rehearsal", "rules e 2", 'p' },
	{ "rules replayed", "rules r Enter", 'p' },
	{ "tuning", "tune", 'p' },
	{ "silences", "silences", 'S' },
	{ "silence", "silences down open", 'S' },
	{ "new silence", "silences silence-new s c o r e Space > Space 4 0 Enter", 'S' },
	{ "organisations", "organisations", 0 },
	{ "settings", "settings", 'o' },
	{ "sync", "sync", 0 },
	{ "sign-in", "sign-in", 'n' },
	{ "help", "help", 0 },
	{ "palette", "palette", 0 },
	{ "command line", "command c l Tab", 0 },
	{ "menu", "mark mark close", 0 },
	{ "themes", "theme", 't' },
	{ "prompt", "note x", 0 },
	{ "filter", "filter s e v", 0 },
	{ "as it was", "earlier", 0 },
};

static bool pane_is_seen[64], modal_is_seen[8];
static unsigned kinds_seen; /* of profiles, as bits */
static const struct pane_type *const view_types[] = {
#define VIEW_ROW(view) &view,
	VIEWS(VIEW_ROW)
#undef VIEW_ROW
};

/* A kind of modal that is new: the compiler asks what is to be seen of it. */
static bool is_modal(int modal)
{
	switch ((enum modal)modal) {
	case MODAL_NONE: case MODAL_PROMPT: case MODAL_FILTER: case MODAL_MENU: case MODAL_PALETTE: case MODAL_COMMAND:
		return true;
	}
	return false;
}

static void on_leave(void *arg, enum leave leave, const char *text, const char *secret)
{
	UNUSED(arg), UNUSED(leave), UNUSED(text), UNUSED(secret);
}

/* The log is the program's one: as many lines as it keeps, so that nothing before them
 * is seen. Its last ones are of every level, of a stranger, and with a secret. */
static void fill_log(void)
{
	for (int i = 0; i < 600; i++)
		log_info("cdr_feed: page %d, 500 records, 0 of them known", i);
	log_debug("store: 500 legs in 38 ms");
	log_unusual("webex: 429 Too Many Requests; asked again in 61 s");
	log_broken("notify: soc-room: HTTP 503, tried 5 times; it stays in the outbox and is tried again in 8 minutes, or at once by r");
	log_unusual("import: \"\x1b[2J\x1b[31mEVIL\x1b]0;title\x07\xE2\x80\xAEtxet\xff\" is no number, Bearer aGlkZGVuLXNlY3JldA");
	log_info("sign-in: accepted");
}

static struct options options;
static struct settings settings;

static void begin_settings(void)
{
	setenv("HOME", "/home/ana", 1);
	unsetenv("XDG_DATA_HOME");
	unsetenv("XDG_CONFIG_HOME");
	options_init(&options);
	options_settings(&options, "/home/ana/.config/centinela/centinela.yaml", &settings);
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

static struct screen *begin_view(size_t view, const char *language, int rows, int cols, const char *theme)
{
	char like = views[view].like;
	fake_start(like == 'n' ? 0 : 7, like == 'n' ? 0 : 10);
	if (like == 'S')
		fake_silences(7);
	if (like == 'n')
		fake_first_run(true);
	if (like == 'l')
		fill_log();
	struct screen *screen = screen_begin(language, rows, cols, &(struct screen_options){ .organisation = "Davivienda", .theme = theme,
		.on_leave = like == 'n' ? on_leave : NULL, .settings = like == 'o' ? &settings : NULL });
	go(screen, views[view].way);
	if (like == 'p') {
		fake_end_trial(NULL);
		press(screen, "");
		screen_tick(screen, screen->steady_ms + 1000);
		screen_draw(screen);
	}
	/* The log asks the machine's clock, which no test can set. */
	for (int row = 0; like == 'l' && row < rows; row++) {
		struct cell *cells = &screen->canvas.cells[row * cols];
		for (int col = 0; cells[3].point == ':' && cells[6].point == ':' && col < 9; col++)
			cells[col].point = cells[col].point < 128 && isdigit((int)cells[col].point) ? '0' : cells[col].point;
	}
	return screen;
}

static void see(struct screen *screen)
{
	const struct pane *pane = screen_focused(screen);
	for (size_t i = 0; i < COUNT_OF(view_types); i++)
		pane_is_seen[i] |= pane->type == view_types[i];
	for (size_t i = 0; i < N_MAIN_PANES; i++)
		pane_is_seen[COUNT_OF(view_types) + i] |= pane->type == main_panes[i];
	modal_is_seen[screen->modal] = true;
	kinds_seen |= fake.profiled;
}

/* No theme changes what is said, nor what it means. */
static bool same_in_every_theme(size_t view, const struct canvas *canvas)
{
	char names[32][64];
	bool same = true;
	size_t n = theme_list(NULL, names, 32);
	REQUIRE(n > 0);
	for (size_t i = 0; i < n; i++) {
		struct screen *screen = begin_view(view, "es", canvas->rows, canvas->cols, names[i]);
		if (memcmp(screen->canvas.cells, canvas->cells, (size_t)canvas->rows * (size_t)canvas->cols * sizeof *canvas->cells) != 0) {
			printf("%s at %dx%d is another in the theme %s\n", views[view].name, canvas->cols, canvas->rows, names[i]);
			same = false;
		}
		end(screen);
	}
	return same;
}

static bool every(int rows, int cols)
{
	static const char *const languages[] = { "es", "en" };
	struct text is[2] = { { 0 }, { 0 } };
	bool same = true;
	for (size_t view = 0; view < COUNT_OF(views); view++) {
		struct canvas canvas = { 0 };
		for (int l = 0; l < 2; l++) {
			struct screen *screen = begin_view(view, languages[l], rows, cols, NULL);
			see(screen);
			text_printf(&is[l], "### %s\n", views[view].name);
			write_letters(&is[l], &screen->canvas);
			write_role_runs(&is[l], &screen->canvas, l == 0 ? NULL : &canvas);
			if (l == 0) {
				canvas_init(&canvas, rows, cols);
				memcpy(canvas.cells, screen->canvas.cells, (size_t)rows * (size_t)cols * sizeof *canvas.cells);
			}
			end(screen);
		}
		same &= views[view].like == 't' || same_in_every_theme(view, &canvas);
		canvas_clear(&canvas);
	}
	for (int l = 0; l < 2; l++) {
		same &= text_as_it_was(&is[l], "every-view", cols, rows, languages[l]);
		text_clear(&is[l]);
	}
	return same;
}

TEST(every_view_in_both_languages_at_three_sizes_and_in_every_theme)
{
	static const int sizes[][2] = { { 24, 80 }, { 36, 120 }, { 60, 200 } };
	begin_settings();
	for (size_t i = 0; i < COUNT_OF(sizes); i++)
		CHECK(every(sizes[i][0], sizes[i][1]));
	for (size_t i = 0; i < COUNT_OF(view_types) + N_MAIN_PANES; i++) {
		const struct pane_type *type = i < COUNT_OF(view_types) ? view_types[i] : main_panes[i - COUNT_OF(view_types)];
		if (!pane_is_seen[i])
			printf("%s is not among the views: give it a row\n", type->name);
		CHECK(pane_is_seen[i]);
	}
	for (int i = 0; is_modal(i); i++)
		CHECK(modal_is_seen[i]);
	/* A service's is a person's; of the organisation there is none. */
#define KIND_IS_SEEN(kind, name) CHECK(kind == SUBJECT_SERVICE || kind == SUBJECT_ORG || (kinds_seen & 1u << kind) != 0);
	SUBJECT_KINDS(KIND_IS_SEEN)
#undef KIND_IS_SEEN
	settings_clear(&settings);
	options_clear(&options);
}

TESTS(T(every_view_in_both_languages_at_three_sizes_and_in_every_theme))
