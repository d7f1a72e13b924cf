/* SPDX-License-Identifier: Apache-2.0
 *
 * What each role looks like in each shipped theme, at each depth of colour: a file a
 * theme. test_screen_every.c says which cell has which role; together they are what
 * is seen. That it can be read is in test_theme.c. */
#include "test.h"

#include "screen_golden.h"
#include "ui/format.h"

static void put_colour(struct text *out, uint32_t colour)
{
	if (colour == COLOUR_DEFAULT)
		text_putc(out, '-');
	else if (colour & COLOUR_INDEX)
		text_printf(out, "%u", (unsigned)(colour & 0xFF));
	else
		text_printf(out, "#%06X", (unsigned)colour);
}

/* "#FFFFFF/#E30519 b", ink on ground; b bold, d dim, i italic, u underlined, r reversed. */
static void put_style(struct text *out, const struct style *style)
{
	static const char letters[] = "bdiur";
	put_colour(out, style->fg);
	text_putc(out, '/');
	put_colour(out, style->bg);
	for (int i = 0, first = 1; i < 5; i++) {
		if (style->attrs & 1 << i) {
			text_printf(out, "%s%c", first ? " " : "", letters[i]);
			first = 0;
		}
	}
}

/* A role at these depths: "#FFFFFF/#E30519 b   231/160 b   15/1 b   7/1 b". */
static void put_role(struct text *out, const struct style_sheet *sheets, enum depth from, enum depth until, int role, unsigned attrs)
{
	for (int depth = (int)until; depth >= (int)from; depth--) {
		put_style(out, &sheets[depth].styles[role][attrs]);
		if (depth > (int)from)
			text_puts(out, "   ");
	}
}

static bool look_alike(const struct style_sheet *sheets, enum depth from, enum depth until, int a, int b, unsigned attrs)
{
	for (int depth = (int)from; depth <= (int)until; depth++)
		if (!style_equal(&sheets[depth].styles[a][attrs], &sheets[depth].styles[b][attrs]))
			return false;
	return true;
}

/* Roles that look alike stand on one line. */
static void put_sheet(struct text *out, const struct style_sheet *sheets, enum depth from, enum depth until)
{
	static const char *const headings[] = { "", "under the cursor\n", "marked\n", "marked and under the cursor\n" };
	for (unsigned attrs = 0; attrs < 4; attrs++) {
		bool told[N_ROLES] = { false };
		text_puts(out, headings[attrs]);
		for (int role = 0; role < N_ROLES; role++) {
			if (told[role])
				continue;
			put_role(out, sheets, from, until, role, attrs);
			text_puts(out, " :");
			for (int same = role; same < N_ROLES; same++) {
				if (!look_alike(sheets, from, until, role, same, attrs))
					continue;
				told[same] = true;
				text_printf(out, " %s", role_name((enum role)same));
			}
			text_putc(out, '\n');
		}
	}
}

static void resolve_all(const struct theme *theme, struct style_sheet sheets[DEPTH_TRUE + 1])
{
	for (int depth = DEPTH_MONO; depth <= DEPTH_TRUE; depth++)
		theme_resolve(theme, (enum depth)depth, &sheets[depth]);
}

TEST(every_theme_looks_as_it_did)
{
	char names[32][64];
	struct style_sheet sheets[DEPTH_TRUE + 1];
	size_t n = theme_list(NULL, names, 32);
	REQUIRE(n > 0);
	for (size_t i = 0; i < n; i++) {
		struct theme theme;
		struct text is = { 0 };
		REQUIRE(theme_named(NULL, names[i], &theme, NULL));
		resolve_all(&theme, sheets);
		text_puts(&is, "true colour   256   16   8 : roles\n");
		put_sheet(&is, sheets, DEPTH_8, DEPTH_TRUE);
		CHECK(file_as_it_was(&is, names[i], ".theme"));
		text_clear(&is);
	}
}

/* NO_COLOR and a terminal without colours: one look, whatever the theme. */
TEST(without_colour_every_theme_is_one)
{
	char names[32][64];
	struct style_sheet sheets[DEPTH_TRUE + 1], first;
	size_t n = theme_list(NULL, names, 32);
	REQUIRE(n > 0);
	for (size_t i = 0; i < n; i++) {
		struct theme theme;
		REQUIRE(theme_named(NULL, names[i], &theme, NULL));
		resolve_all(&theme, sheets);
		if (i == 0)
			first = sheets[DEPTH_MONO];
		for (int role = 0; role < N_ROLES; role++) {
			for (int attrs = 0; attrs < 4; attrs++) {
				const struct style *is = &sheets[DEPTH_MONO].styles[role][attrs];
				CHECK(style_equal(is, &first.styles[role][attrs]) && is->fg == COLOUR_DEFAULT && is->bg == COLOUR_DEFAULT);
			}
		}
	}
	sheets[DEPTH_MONO] = first;
	struct text is = { 0 };
	put_sheet(&is, sheets, DEPTH_MONO, DEPTH_MONO);
	CHECK(file_as_it_was(&is, "no-colour", ".theme"));
	text_clear(&is);
}

static bool differ(const struct style_sheet *sheet, enum role a, enum role b, unsigned attrs)
{
	return !style_equal(&sheet->styles[a][attrs], &sheet->styles[b][attrs]);
}

/* What one glance must tell, in every theme, with colours or without. */
TEST(what_must_be_told_apart_looks_apart)
{
	static const struct {
		enum role a, b;
		bool coloured; /* where there is no colour, its sign and its word tell it */
	} pairs[] = {
		{ ROLE_CRITICAL, ROLE_HIGH, false }, { ROLE_CRITICAL, ROLE_MEDIUM, false }, { ROLE_CRITICAL, ROLE_LOW, false },
		{ ROLE_CRITICAL, ROLE_TEXT, false }, { ROLE_HIGH, ROLE_MEDIUM, false }, { ROLE_HIGH, ROLE_LOW, false }, { ROLE_HIGH, ROLE_TEXT, false },
		{ ROLE_MEDIUM, ROLE_LOW, true }, { ROLE_MEDIUM, ROLE_TEXT, true },
		{ ROLE_BORDER_FOCUS, ROLE_BORDER, false }, { ROLE_TAB_ON, ROLE_TAB, false },
		{ ROLE_STATE_NEW, ROLE_STATE_IN_PROGRESS, false },
		{ ROLE_ERROR, ROLE_TEXT, false }, { ROLE_WARN, ROLE_TEXT, false }, { ROLE_OK, ROLE_ERROR, false },
		{ ROLE_KEY, ROLE_KEY_TEXT, false }, { ROLE_PROMPT_LABEL, ROLE_PROMPT, false },
	};
	char names[32][64];
	struct style_sheet sheets[DEPTH_TRUE + 1];
	size_t n = theme_list(NULL, names, 32);
	REQUIRE(n > 0);
	for (size_t i = 0; i < n; i++) {
		struct theme theme;
		REQUIRE(theme_named(NULL, names[i], &theme, NULL));
		bool no_colours = strcmp(names[i], "mono") == 0;
		resolve_all(&theme, sheets);
		for (int depth = DEPTH_MONO; depth <= DEPTH_TRUE; depth++) {
			for (size_t k = 0; k < COUNT_OF(pairs); k++) {
				if (pairs[k].coloured && (depth == DEPTH_MONO || no_colours))
					continue;
				bool apart = differ(&sheets[depth], pairs[k].a, pairs[k].b, 0);
				if (!apart)
					printf("%s at depth %d: %s looks like %s\n", names[i], depth, role_name(pairs[k].a), role_name(pairs[k].b));
				CHECK(apart);
			}
			/* The cursor is seen on whatever it stands, and on marked rows too; but a badge
			 * that tells of danger stays what it is, in a row that is seen. */
			for (int role = 0; role < N_ROLES; role++) {
				for (unsigned marked = 0; marked <= CELL_MARKED; marked += CELL_MARKED) {
					const struct style *off = &sheets[depth].styles[role][marked], *on = &sheets[depth].styles[role][marked | CELL_SELECTED];
					bool seen = role == ROLE_CRITICAL || off->bg != on->bg || ((off->attrs ^ on->attrs) & STYLE_REVERSE) != 0;
					if (!seen)
						printf("%s at depth %d: the cursor is not seen on %s%s\n", names[i], depth, role_name((enum role)role), marked ? ", marked" : "");
					CHECK(seen);
				}
			}
		}
	}
}

/* Where there is no colour the badge alone tells a severity: in each language, and in ASCII. */
TEST(a_severity_has_a_sign_and_a_word_of_its_own)
{
	static const char *const languages[] = { "es", "en" };
	for (size_t l = 0; l < COUNT_OF(languages); l++) {
		char badges[SEVERITY_CRITICAL + 1][2][32];
		i18n_init(languages[l]);
		for (int s = SEVERITY_LOW; s <= SEVERITY_CRITICAL; s++) {
			for (int ascii = 0; ascii < 2; ascii++) {
				struct canvas canvas;
				canvas_init(&canvas, 1, 12);
				canvas.ascii = ascii != 0;
				canvas_text(&canvas, 0, 0, 12, ROLE_TEXT, severity_badge((enum severity)s));
				struct text line = { 0 };
				write_letters(&line, &canvas);
				snprintf(badges[s][ascii], sizeof badges[s][ascii], "%s", text_string(&line));
				text_clear(&line);
				canvas_clear(&canvas);
			}
		}
		for (int a = SEVERITY_LOW; a <= SEVERITY_CRITICAL; a++) {
			for (int b = a + 1; b <= SEVERITY_CRITICAL; b++) {
				for (int ascii = 0; ascii < 2; ascii++) {
					const char *x = badges[a][ascii], *y = badges[b][ascii];
					size_t n = strcspn(x, " "), m = strcspn(y, " ");
					CHECK(n != m || memcmp(x, y, n) != 0); /* the sign */
					CHECK(x[n] == ' ' && y[m] == ' ' && strcmp(x + n, y + m) != 0); /* the word */
				}
			}
		}
	}
}

TESTS(T(every_theme_looks_as_it_did), T(without_colour_every_theme_is_one), T(what_must_be_told_apart_looks_apart),
    T(a_severity_has_a_sign_and_a_word_of_its_own))
