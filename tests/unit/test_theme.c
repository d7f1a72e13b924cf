/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <math.h>

#include "base/text.h"
#include "base/yaml.h"
#include "ui/theme.h"

static bool parse(const char *text, struct theme *theme, struct fault *fault)
{
	return theme_parse("t.yaml", text, strlen(text), theme, fault);
}

TEST(a_code_to_scan_is_dark_on_light_though_a_theme_forgets_it)
{
	struct theme theme;
	struct fault fault;
	REQUIRE(parse("roles: {text: {fg: \"#FFFFFF\", bg: \"#101010\"}}\n", &theme, &fault));
	CHECK_INT(theme.roles[ROLE_QR].fg, 0x000000);
	CHECK_INT(theme.roles[ROLE_QR].bg, 0xFFFFFF);
}

TEST(every_theme_is_readable_in_both_senses)
{
	char names[32][64];
	size_t n = theme_list(NULL, names, 32);
	CHECK(n >= 6);
	for (size_t i = 0; i < n; i++) {
		struct theme theme;
		struct fault fault;
		if (!theme_named(NULL, names[i], &theme, &fault)) {
			printf("%s\n", fault.text);
			CHECK(false);
			continue;
		}
		struct style_sheet sheet;
		theme_resolve(&theme, DEPTH_TRUE, &sheet);
		for (int role = 0; role < N_ROLES; role++) {
			for (int attrs = 0; attrs < 4; attrs++) {
				struct style s = sheet.styles[role][attrs];
				/* WCAG: 4.5 for text, 3 for what is no text. */
				bool line = role == ROLE_BORDER || role == ROLE_BORDER_FOCUS ||
				    role == ROLE_LANE;
				double least = line ? 3 : strcmp(names[i], "high_contrast") == 0 ? 7 : 4.5;
				if (((s.fg | s.bg) & 0xFF000000) != 0)
					continue;
				if (colour_contrast(s.fg, s.bg) < least) {
					printf("%s: %s/%d: #%06X on #%06X: %.2f\n", names[i],
					    role_name((enum role)role), attrs, (unsigned)s.fg, (unsigned)s.bg,
					    colour_contrast(s.fg, s.bg));
					CHECK(false);
				}
			}
		}
	}
}

/* As every terminal of 256 colours has them: the cube and the greys. */
static uint32_t rgb_of(uint32_t colour)
{
	static const uint32_t level[6] = { 0, 95, 135, 175, 215, 255 };
	uint32_t i = colour & 0xFF;
	if (i >= 232)
		return (8 + 10 * (i - 232)) * 0x010101;
	return level[(i - 16) / 36] << 16 | level[(i - 16) / 6 % 6] << 8 | level[(i - 16) % 6];
}

/* Most jump hosts have no more: what is readable in true colour is so here. */
TEST(every_theme_is_readable_in_256_colours)
{
	char names[32][64];
	size_t n = theme_list(NULL, names, 32);
	for (size_t i = 0; i < n; i++) {
		struct theme theme;
		struct style_sheet sheet;
		REQUIRE(theme_named(NULL, names[i], &theme, NULL));
		theme_resolve(&theme, DEPTH_256, &sheet);
		for (int role = 0; role < N_ROLES; role++) {
			for (int attrs = 0; attrs < 4; attrs++) {
				struct style s = sheet.styles[role][attrs];
				bool line = role == ROLE_BORDER || role == ROLE_BORDER_FOCUS || role == ROLE_LANE;
				double least = line ? 3 : strcmp(names[i], "high_contrast") == 0 ? 7 : 4.5;
				if (((s.fg | s.bg) & 0xFE000000) != 0)
					continue;
				double is = colour_contrast(rgb_of(s.fg), rgb_of(s.bg));
				if (is < least) {
					printf("%s: %s/%d: %u on %u: %.2f\n", names[i], role_name((enum role)role), attrs,
					    (unsigned)(s.fg & 0xFF), (unsigned)(s.bg & 0xFF), is);
					CHECK(false);
				}
			}
		}
	}
}

TEST(every_theme_names_every_role)
{
	char names[32][64], path[1200];
	size_t n = theme_list(NULL, names, 32);
	for (size_t i = 0; i < n; i++) {
		struct yaml **docs;
		size_t n_docs;
		snprintf(path, sizeof path, "%s/%s.yaml", theme_folder(NULL), names[i]);
		REQUIRE(yaml_read_file(path, &docs, &n_docs, NULL));
		const struct yaml *roles = yaml_get(docs[0], "roles");
		for (int role = 0; role < N_ROLES; role++) {
			if (yaml_get(roles, role_name((enum role)role)) == NULL) {
				printf("%s lacks %s\n", names[i], role_name((enum role)role));
				CHECK(false);
			}
		}
		yaml_free(docs, n_docs);
	}
}

TEST(severities_differ_at_every_depth)
{
	char names[32][64];
	size_t n = theme_list(NULL, names, 32);
	for (size_t i = 0; i < n; i++) {
		struct theme theme;
		REQUIRE(theme_named(NULL, names[i], &theme, NULL));
		for (int depth = DEPTH_MONO; depth <= DEPTH_TRUE; depth++) {
			struct style_sheet sheet;
			theme_resolve(&theme, (enum depth)depth, &sheet);
			for (int attrs = 0; attrs < 4; attrs++) {
				struct style a = sheet.styles[ROLE_CRITICAL][attrs];
				struct style b = sheet.styles[ROLE_TEXT][attrs];
				CHECK(a.fg != b.fg || a.bg != b.bg || a.attrs != b.attrs);
			}
			struct style plain = sheet.styles[ROLE_TEXT][0];
			struct style chosen = sheet.styles[ROLE_TEXT][CELL_SELECTED];
			CHECK(plain.bg != chosen.bg || plain.attrs != chosen.attrs);
			for (int role = 0; role < N_ROLES; role++) {
				struct style s = sheet.styles[role][0];
				CHECK(s.fg != s.bg || s.fg == COLOUR_DEFAULT);
				if (depth == DEPTH_MONO)
					CHECK(s.fg == COLOUR_DEFAULT && s.bg == COLOUR_DEFAULT);
				if (depth == DEPTH_8)
					CHECK(s.fg == COLOUR_DEFAULT || (s.fg & 0xFFFFFF) < 8);
			}
		}
	}
}

/* ---- eyes that confuse colours --------------------------------------------------- */

struct lab {
	double l, a, b;
};

/* As such an eye sees it: G. Machado, M. Oliveira, L. Fernandes, "A
 * Physiologically-based Model for Simulation of Color Vision Deficiency"
 * (2009), severity 1.0, on linear RGB; then CIELAB (D65). NULL: any eye. */
static struct lab seen_as(uint32_t rgb, const double m[3][3])
{
	double in[3], out[3], f[3];
	for (int i = 0; i < 3; i++) {
		double v = (double)(rgb >> (16 - 8 * i) & 255) / 255;
		in[i] = v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4);
	}
	for (int i = 0; i < 3; i++) {
		out[i] = m == NULL ? in[i] : m[i][0] * in[0] + m[i][1] * in[1] + m[i][2] * in[2];
		out[i] = fmin(fmax(out[i], 0), 1);
	}
	const double xyz[3] = { (0.4124 * out[0] + 0.3576 * out[1] + 0.1805 * out[2]) / 0.95047,
		0.2126 * out[0] + 0.7152 * out[1] + 0.0722 * out[2],
		(0.0193 * out[0] + 0.1192 * out[1] + 0.9505 * out[2]) / 1.08883 };
	for (int i = 0; i < 3; i++)
		f[i] = xyz[i] > 0.008856 ? cbrt(xyz[i]) : 7.787 * xyz[i] + 16.0 / 116;
	return (struct lab){ 116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2]) };
}

static double apart(uint32_t a, uint32_t b, const double m[3][3])
{
	struct lab x = seen_as(a, m), y = seen_as(b, m);
	return sqrt((x.l - y.l) * (x.l - y.l) + (x.a - y.a) * (x.a - y.a) + (x.b - y.b) * (x.b - y.b));
}

/* Glyph and word tell severities apart anyway; here it is the colour that must. */
TEST(severities_differ_for_every_eye)
{
	static const double deuteranopia[3][3] = { { 0.367322, 0.860646, -0.227968 },
		{ 0.280085, 0.672501, 0.047413 }, { -0.011820, 0.042940, 0.968881 } };
	static const double tritanopia[3][3] = { { 1.255528, -0.076749, -0.178779 },
		{ -0.078411, 0.930809, 0.147602 }, { 0.004733, 0.691367, 0.303900 } };
	static const struct {
		const char *name;
		const double (*matrix)[3];
	} eyes[] = { { "any", NULL }, { "deuteranopia", deuteranopia }, { "tritanopia", tritanopia } };
	char names[32][64];
	size_t n = theme_list(NULL, names, 32);
	for (size_t i = 0; i < n; i++) {
		struct theme theme;
		struct style_sheet sheet;
		REQUIRE(theme_named(NULL, names[i], &theme, NULL));
		theme_resolve(&theme, DEPTH_TRUE, &sheet);
		uint32_t ground = sheet.styles[ROLE_TEXT][0].bg;
		for (size_t eye = 0; eye < COUNT_OF(eyes); eye++) {
			for (int a = ROLE_LOW; a <= ROLE_CRITICAL; a++) {
				for (int b = a + 1; b <= ROLE_CRITICAL; b++) {
					const struct style *x = &sheet.styles[a][0], *y = &sheet.styles[b][0];
					/* A badge is known by its ground, a word by its ink. */
					uint32_t p = x->bg != ground ? x->bg : x->fg, q = y->bg != ground ? y->bg : y->fg;
					bool mine = eye == 0 || strcmp(names[i], eyes[eye].name) == 0;
					/* A badge beside a word is no question of colour, but in a theme
					 * made for that eye it is answered all the same. */
					if (((p | q) & 0xFF000000) != 0 || (!mine && (x->bg != ground) != (y->bg != ground)))
						continue;
					/* 20: no one mixes them up side by side; where the theme is
					 * not for this eye, more than a just noticeable 2.3. */
					double least = mine ? 20 : 5;
					double is = apart(p, q, eyes[eye].matrix);
					if (is < least) {
						printf("%s, eye %s: %s and %s are %.1f apart\n", names[i], eyes[eye].name,
						    role_name((enum role)a), role_name((enum role)b), is);
						CHECK(false);
					}
				}
			}
		}
	}
}

TEST(the_nearest_colour_is_near)
{
	CHECK_INT(colour_nearest(0x000000, DEPTH_8), 0);
	CHECK_INT(colour_nearest(0xE30519, DEPTH_8), 1);
	CHECK_INT(colour_nearest(0xFFFFFF, DEPTH_16), 15);
	CHECK_INT(colour_nearest(0xFF0000, DEPTH_256), 196);
	CHECK_INT(colour_nearest(0x808080, DEPTH_256), 244);
}

TEST(a_bad_theme_says_where_and_changes_nothing)
{
	static const struct {
		const char *text, *says;
	} bad[] = {
		{ "roles: {text: {fg: nowhere}}", "t.yaml:1:20: no such colour" },
		{ "roles:\n  text: {fg: \"#12345\"}", "t.yaml:2:15: no such colour" },
		{ "roles:\n  texxt: {fg: \"#123456\"}", "t.yaml:2:3: no such role" },
		{ "roles:\n  text: {front: red}", "t.yaml:2:10: no such property" },
		{ "roles:\n  text: {attributes: [loud]}", "t.yaml:2:23: no such attribute" },
		{ "palette:\n  red: crimson\nroles: {}", "t.yaml:2:8: not \"#RRGGBB\"" },
		{ "colours: {}\nroles: {}", "t.yaml:1:1: no such setting" },
		{ "roles:\n  text: red", "t.yaml:2:9: a role is a map" },
		{ "name: x", "needs a map \"roles\"" },
		{ "- 1", "a theme is a map" },
		{ "a: 1\n---\nb: 2", "one YAML document" },
		{ "roles: [", "t.yaml:" },
		{ "roles: {text: {fg: \"\\x1b[31m\"}}", "no such colour" },
	};
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		struct theme theme = { .name = "before" };
		struct fault fault = { 0 };
		CHECK(!parse(bad[i].text, &theme, &fault));
		CHECK_STR(theme.name, "before");
		if (strstr(fault.text, bad[i].says) == NULL) {
			printf("\"%s\" does not say \"%s\"\n", fault.text, bad[i].says);
			CHECK(false);
		}
		CHECK(strchr(fault.text, 0x1b) == NULL);
	}
	struct theme theme;
	struct fault fault;
	CHECK(!theme_named(NULL, "../../etc/passwd", &theme, &fault));
	CHECK(!theme_named(NULL, "nowhere", &theme, &fault));
}

TEST(roles_start_from_text)
{
	struct theme theme;
	struct fault fault;
	REQUIRE(parse("palette: {a: \"#112233\", b: \"#445566\"}\n"
		      "roles: {dim: {fg: b}, text: {fg: a, bg: b, attributes: [bold]}}", &theme, &fault));
	CHECK_INT(theme.roles[ROLE_DIM].fg, 0x445566);
	CHECK_INT(theme.roles[ROLE_DIM].bg, 0x445566);
	CHECK_INT(theme.roles[ROLE_DIM].attrs, STYLE_BOLD);
	CHECK(theme.roles[ROLE_SELECTED].attrs & STYLE_REVERSE);
}

TESTS(T(a_code_to_scan_is_dark_on_light_though_a_theme_forgets_it), T(every_theme_is_readable_in_both_senses), T(every_theme_is_readable_in_256_colours), T(every_theme_names_every_role),
    T(severities_differ_at_every_depth), T(severities_differ_for_every_eye), T(the_nearest_colour_is_near),
    T(a_bad_theme_says_where_and_changes_nothing), T(roles_start_from_text))
