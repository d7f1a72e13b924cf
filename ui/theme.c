/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/theme.h"

#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/places.h"
#include "base/text.h"
#include "base/yaml.h"

const char *role_name(enum role role)
{
	static const char *const names[] = {
#define ROLE_NAME(id, name, letter, mono) [id] = name,
		ROLES(ROLE_NAME)
#undef ROLE_NAME
	};
	return (unsigned)role < N_ROLES ? names[role] : "text";
}

char role_letter(enum role role)
{
	static const char letters[] = {
#define ROLE_LETTER(id, name, letter, mono) [id] = letter,
		ROLES(ROLE_LETTER)
#undef ROLE_LETTER
	};
	return (unsigned)role < N_ROLES ? letters[role] : '?';
}

static const uint8_t mono_attrs[] = {
#define ROLE_MONO(id, name, letter, mono) [id] = mono,
	ROLES(ROLE_MONO)
#undef ROLE_MONO
};

void theme_default(struct theme *theme)
{
	static const struct {
		enum role role;
		uint32_t fg, bg;
	} coloured[] = {
		{ ROLE_BORDER_FOCUS, COLOUR_INDEX | 1, COLOUR_DEFAULT },
		{ ROLE_CRITICAL, COLOUR_INDEX | 7, COLOUR_INDEX | 1 },
		{ ROLE_HIGH, COLOUR_INDEX | 1, COLOUR_DEFAULT },
		{ ROLE_MEDIUM, COLOUR_INDEX | 3, COLOUR_DEFAULT },
		{ ROLE_OK, COLOUR_INDEX | 2, COLOUR_DEFAULT },
		{ ROLE_WARN, COLOUR_INDEX | 3, COLOUR_DEFAULT },
		{ ROLE_ERROR, COLOUR_INDEX | 1, COLOUR_DEFAULT },
		{ ROLE_SELECTED, COLOUR_INDEX | 0, COLOUR_INDEX | 7 },
		{ ROLE_QR, COLOUR_INDEX | 0, COLOUR_INDEX | 7 },
	};
	*theme = (struct theme){ .name = "default" };
	for (int i = 0; i < N_ROLES; i++)
		theme->roles[i] = (struct style){ COLOUR_DEFAULT, COLOUR_DEFAULT,
			mono_attrs[i] & (STYLE_BOLD | STYLE_UNDERLINE) };
	for (size_t i = 0; i < COUNT_OF(coloured); i++) {
		theme->roles[coloured[i].role].fg = coloured[i].fg;
		theme->roles[coloured[i].role].bg = coloured[i].bg;
	}
}

/* ---- reading ------------------------------------------------------------- */

struct reading {
	const char *name;
	const struct yaml *palette;
	struct fault *fault;
};

static bool at(const struct reading *r, const struct yaml *where, const char *what, const char *which)
{
	char printable[80];
	text_printable(printable, sizeof printable, which, strlen(which));
	return fault_set(r->fault, FAULT_INPUT, "%s:%d:%d: %s: %s", r->name, where->line,
	    where->column, what, printable);
}

static bool read_hex(const char *text, uint32_t *rgb)
{
	if (text[0] != '#' || strlen(text) != 7 || strspn(text + 1, "0123456789abcdefABCDEF") != 6)
		return false;
	*rgb = (uint32_t)strtoul(text + 1, NULL, 16);
	return true;
}

static bool read_colour(const struct reading *r, const struct yaml *node, uint32_t *out)
{
	if (node->kind != YAML_SCALAR)
		return at(r, node, "a colour is a palette name, #RRGGBB or default, not", "a list or map");
	if (strcmp(node->scalar, "default") == 0) {
		*out = COLOUR_DEFAULT;
		return true;
	}
	if (read_hex(node->scalar, out))
		return true;
	const struct yaml *named =
	    r->palette != NULL ? yaml_get(r->palette, node->scalar) : NULL;
	if (named != NULL && named->kind == YAML_SCALAR && read_hex(named->scalar, out))
		return true;
	return at(r, node, "no such colour (a palette name, #RRGGBB or default)", node->scalar);
}

static bool read_attrs(const struct reading *r, const struct yaml *list, uint8_t *out)
{
	static const char *const names[] = { "bold", "dim", "italic", "underline", "reverse" };
	if (list->kind != YAML_LIST)
		return at(r, list, "attributes are a list of bold, dim, italic, underline, reverse", "");
	*out = 0;
	for (size_t i = 0; i < list->n; i++) {
		const struct yaml *item = list->values[i];
		size_t k = 0;
		while (k < COUNT_OF(names) &&
		    (item->kind != YAML_SCALAR || strcmp(item->scalar, names[k]) != 0))
			k++;
		if (k == COUNT_OF(names))
			return at(r, item, "no such attribute (bold, dim, italic, underline, reverse)",
			    item->kind == YAML_SCALAR ? item->scalar : "a list or map");
		*out |= (uint8_t)(1u << k);
	}
	return true;
}

static bool read_style(const struct reading *r, const struct yaml *map, struct style *out)
{
	if (map->kind != YAML_MAP)
		return at(r, map, "a role is a map of fg, bg and attributes", "");
	for (size_t i = 0; i < map->n; i++) {
		const char *key = map->keys[i]->scalar;
		bool ok;
		if (strcmp(key, "fg") == 0)
			ok = read_colour(r, map->values[i], &out->fg);
		else if (strcmp(key, "bg") == 0)
			ok = read_colour(r, map->values[i], &out->bg);
		else if (strcmp(key, "attributes") == 0)
			ok = read_attrs(r, map->values[i], &out->attrs);
		else
			ok = at(r, map->keys[i], "no such property (fg, bg, attributes)", key);
		if (!ok)
			return false;
	}
	return true;
}

static bool role_named(const char *name, enum role *out)
{
	for (int i = 0; i < N_ROLES; i++) {
		if (strcmp(role_name((enum role)i), name) == 0) {
			*out = (enum role)i;
			return true;
		}
	}
	return false;
}

static bool read_roles(const struct reading *r, const struct yaml *roles, struct theme *theme)
{
	bool named[N_ROLES] = { false };
	if (roles == NULL || roles->kind != YAML_MAP)
		return fault_set(r->fault, FAULT_INPUT, _("%s: a theme needs a map \"roles\""), r->name);
	theme->roles[ROLE_TEXT] = (struct style){ COLOUR_DEFAULT, COLOUR_DEFAULT, 0 };
	for (size_t i = 0; i < roles->n; i++) { /* text first: the others start from it */
		enum role role;
		if (!role_named(roles->keys[i]->scalar, &role))
			return at(r, roles->keys[i], "no such role", roles->keys[i]->scalar);
		if (role == ROLE_TEXT && !read_style(r, roles->values[i], &theme->roles[ROLE_TEXT]))
			return false;
	}
	for (int i = 0; i < N_ROLES; i++)
		theme->roles[i] = theme->roles[ROLE_TEXT];
	for (size_t i = 0; i < roles->n; i++) {
		enum role role;
		if (!role_named(roles->keys[i]->scalar, &role) || named[role])
			continue;
		named[role] = true;
		if (!read_style(r, roles->values[i], &theme->roles[role]))
			return false;
	}
	/* A telephone reads dark on light, whatever the theme says of text. */
	if (!named[ROLE_QR])
		theme->roles[ROLE_QR] = (struct style){ 0x000000, 0xFFFFFF, 0 };
	/* A theme that forgets these would hide the cursor. */
	if (!named[ROLE_SELECTED])
		theme->roles[ROLE_SELECTED].attrs |= STYLE_REVERSE;
	if (!named[ROLE_MARKED])
		theme->roles[ROLE_MARKED].attrs |= STYLE_UNDERLINE;
	return true;
}

static bool read_root(struct reading *r, const struct yaml *root, struct theme *theme)
{
	if (root->kind != YAML_MAP)
		return fault_set(r->fault, FAULT_INPUT, _("%s: a theme is a map with name, palette and roles"), r->name);
	for (size_t i = 0; i < root->n; i++) {
		const char *key = root->keys[i]->scalar;
		if (strcmp(key, "name") != 0 && strcmp(key, "palette") != 0 && strcmp(key, "roles") != 0)
			return at(r, root->keys[i], "no such setting (name, palette, roles)", key);
	}
	r->palette = yaml_get(root, "palette");
	if (r->palette != NULL && r->palette->kind != YAML_MAP)
		return at(r, r->palette, "palette is a map of names to \"#RRGGBB\"", "");
	for (size_t i = 0; r->palette != NULL && i < r->palette->n; i++) {
		const struct yaml *colour = r->palette->values[i];
		uint32_t rgb;
		if (colour->kind != YAML_SCALAR || !read_hex(colour->scalar, &rgb))
			return at(r, colour, "not \"#RRGGBB\"",
			    colour->kind == YAML_SCALAR ? colour->scalar : "a list or map");
	}
	const char *name = yaml_str(root, "name", r->name);
	text_printable(theme->name, sizeof theme->name, name, strlen(name));
	return read_roles(r, yaml_get(root, "roles"), theme);
}

static bool read_docs(const char *name, struct yaml **docs, size_t n_docs, struct theme *out,
    struct fault *fault)
{
	struct reading reading = { .name = name, .fault = fault };
	struct theme theme = { 0 };
	bool ok = n_docs == 1 ? read_root(&reading, docs[0], &theme) :
	    fault_set(fault, FAULT_INPUT, _("%s: a theme is one YAML document, not %zu"), name, n_docs);
	if (ok)
		*out = theme;
	yaml_free(docs, n_docs);
	return ok;
}

bool theme_parse(const char *name, const char *bytes, size_t n, struct theme *out,
    struct fault *fault)
{
	struct yaml **docs;
	size_t n_docs;
	return yaml_parse(name, bytes, n, &docs, &n_docs, fault) &&
	    read_docs(name, docs, n_docs, out, fault);
}

bool theme_read(const char *path, struct theme *out, struct fault *fault)
{
	struct yaml **docs;
	size_t n_docs;
	return yaml_read_file(path, &docs, &n_docs, fault) &&
	    read_docs(path, docs, n_docs, out, fault);
}

const char *theme_folder(const char *folder)
{
	if (folder != NULL && *folder != '\0')
		return folder;
	return access(CENTINELA_SOURCE_THEMES, R_OK) == 0 ? CENTINELA_SOURCE_THEMES :
	    CENTINELA_INSTALL_SHARE "/themes";
}

char *theme_path(const char *folder, const char *name, struct fault *fault)
{
	if (name == NULL || *name == '\0')
		name = "davivienda";
	if (strchr(name, '/') != NULL && text_ends_with(name, ".yaml"))
		return mem_strdup(name);
	if (strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") == strlen(name))
		return mem_printf("%s/%s.yaml", theme_folder(folder), name);
	fault_set(fault, FAULT_USAGE, _("a theme's name has letters, digits, _ and - only; the path of one ends in .yaml"));
	return NULL;
}

bool theme_named(const char *folder, const char *name, struct theme *out, struct fault *fault)
{
	char *path = theme_path(folder, name, fault);
	bool ok = path != NULL && theme_read(path, out, fault);
	free(path);
	return ok;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(a, b);
}

size_t theme_list(const char *folder, char names[][64], size_t capacity)
{
	size_t n = 0;
	DIR *dir = opendir(theme_folder(folder));
	if (dir == NULL)
		return 0;
	for (struct dirent *entry; n < capacity && (entry = readdir(dir)) != NULL;) {
		size_t length = strlen(entry->d_name);
		if (length > 5 && length < 64 && text_ends_with(entry->d_name, ".yaml"))
			snprintf(names[n++], 64, "%.*s", (int)length - 5, entry->d_name);
	}
	closedir(dir);
	qsort(names, n, sizeof names[0], by_name);
	return n;
}

/* ---- colour ----------------------------------------------------------------- */

static double linear(uint32_t channel)
{
	double c = (double)(channel & 0xFF) / 255;
	return c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4);
}

struct lab {
	double l, a, b;
};

/* sRGB, D65 white, to CIELAB (CIE 15:2004). */
static struct lab to_lab(uint32_t rgb)
{
	double r = linear(rgb >> 16), g = linear(rgb >> 8), b = linear(rgb);
	double xyz[3] = { (0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.95047,
		0.2126 * r + 0.7152 * g + 0.0722 * b,
		(0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.08883 };
	for (int i = 0; i < 3; i++)
		xyz[i] = xyz[i] > 0.008856 ? cbrt(xyz[i]) : 7.787 * xyz[i] + 16.0 / 116;
	return (struct lab){ 116 * xyz[1] - 16, 500 * (xyz[0] - xyz[1]), 200 * (xyz[1] - xyz[2]) };
}

/* The palette as xterm has it. */
static uint32_t palette_rgb(int index)
{
	static const uint32_t first[16] = { 0x000000, 0xCD0000, 0x00CD00, 0xCDCD00, 0x0000EE,
		0xCD00CD, 0x00CDCD, 0xE5E5E5, 0x7F7F7F, 0xFF0000, 0x00FF00, 0xFFFF00, 0x5C5CFF,
		0xFF00FF, 0x00FFFF, 0xFFFFFF };
	static const uint32_t level[6] = { 0, 95, 135, 175, 215, 255 };
	if (index < 16)
		return first[index];
	if (index < 232) {
		int i = index - 16;
		return level[i / 36] << 16 | level[i / 6 % 6] << 8 | level[i % 6];
	}
	uint32_t grey = (uint32_t)(8 + 10 * (index - 232));
	return grey << 16 | grey << 8 | grey;
}

int colour_nearest(uint32_t rgb, enum depth depth)
{
	/* The first 16 of a 256-colour terminal are the user's to change. */
	int from = depth == DEPTH_256 ? 16 : 0, until = depth == DEPTH_256 ? 256 : depth == DEPTH_16 ? 16 : 8;
	static struct lab palette[256]; /* filled once: a theme asks 300 times */
	static bool filled;
	for (int i = 0; i < 256 && !filled; i++)
		palette[i] = to_lab(palette_rgb(i));
	filled = true;
	struct lab want = to_lab(rgb);
	double best = 1e9;
	int nearest = from;
	for (int i = from; i < until; i++) {
		struct lab has = palette[i];
		double d = (want.l - has.l) * (want.l - has.l) + (want.a - has.a) * (want.a - has.a) +
		    (want.b - has.b) * (want.b - has.b);
		if (d < best) {
			best = d;
			nearest = i;
		}
	}
	return nearest;
}

static double luminance(uint32_t rgb)
{
	return 0.2126 * linear(rgb >> 16) + 0.7152 * linear(rgb >> 8) + 0.0722 * linear(rgb);
}

double colour_contrast(uint32_t a, uint32_t b)
{
	double la = luminance(a), lb = luminance(b);
	return (MAX(la, lb) + 0.05) / (MIN(la, lb) + 0.05);
}

static uint32_t bring_down(uint32_t colour, enum depth depth)
{
	if (depth == DEPTH_MONO)
		return COLOUR_DEFAULT;
	if ((colour & 0xFF000000) != 0)
		return colour;
	return depth == DEPTH_TRUE ? colour : COLOUR_INDEX | (uint32_t)colour_nearest(colour, depth);
}

/* Does the role keep its colour under the selection? What tells of danger does. */
static bool speaks(enum role role)
{
	switch (role) {
	case ROLE_MEDIUM: case ROLE_HIGH: case ROLE_CRITICAL: case ROLE_WARN: case ROLE_ERROR:
		return true;
	default: /* most roles are silent; a list of them would only grow stale */
		return false;
	}
}

void theme_resolve(const struct theme *theme, enum depth depth, struct style_sheet *out)
{
	const struct style *chosen = &theme->roles[ROLE_SELECTED], *marked = &theme->roles[ROLE_MARKED];
	for (int role = 0; role < N_ROLES; role++) {
		for (unsigned attrs = 0; attrs < 4; attrs++) {
			struct style style = theme->roles[role];
			bool badge = style.bg != theme->roles[ROLE_TEXT].bg;
			if (attrs & CELL_MARKED) {
				style.attrs |= marked->attrs;
				if (!badge && !speaks((enum role)role))
					style.fg = marked->fg;
				if (!badge)
					style.bg = marked->bg;
			}
			if (attrs & CELL_SELECTED) {
				if (!speaks((enum role)role))
					style = (struct style){ chosen->fg, chosen->bg,
						chosen->attrs | (attrs & CELL_MARKED ? marked->attrs : 0) };
				else if (!badge) {
					style.bg = chosen->bg;
					style.attrs ^= chosen->attrs & STYLE_REVERSE;
				}
			}
			uint32_t true_fg = style.fg;
			style.fg = bring_down(style.fg, depth);
			style.bg = bring_down(style.bg, depth);
			if (depth == DEPTH_MONO) {
				style.attrs = mono_attrs[role];
				if (attrs & CELL_MARKED)
					style.attrs |= mono_attrs[ROLE_MARKED];
				if (attrs & CELL_SELECTED)
					style.attrs ^= mono_attrs[ROLE_SELECTED];
			} else if (style.fg == style.bg && style.fg != COLOUR_DEFAULT) {
				/* Few colours made them one: black or white, whichever differs. */
				uint32_t other = luminance(true_fg) > 0.18 ? 7 : 0;
				if ((COLOUR_INDEX | other) == style.bg)
					other = 7 - other;
				style.fg = COLOUR_INDEX | other;
			}
			/* Nor may few colours hide the selection: a menu's ground is the cursor's in 16. */
			if ((attrs & CELL_SELECTED) && depth != DEPTH_MONO && !(badge && speaks((enum role)role)) &&
			    ((style.attrs ^ out->styles[role][attrs ^ CELL_SELECTED].attrs) & STYLE_REVERSE) == 0 &&
			    style.bg == out->styles[role][attrs ^ CELL_SELECTED].bg)
				style.attrs ^= STYLE_REVERSE;
			out->styles[role][attrs] = style;
		}
	}
}

bool theme_is_there(const char *folder, const char *name, struct fault *fault)
{
	struct theme theme;
	char names[64][64];
	if (theme_named(folder, name, &theme, fault))
		return true;
	if (fault->code != FAULT_NOT_FOUND || strchr(name, '/') != NULL)
		return false;
	struct text list = { 0 };
	char shown[64];
	size_t n = theme_list(folder, names, COUNT_OF(names));
	for (size_t i = 0; i < n; i++)
		text_printf(&list, "%s%s", i > 0 ? ", " : "", names[i]);
	text_printable(shown, sizeof shown, name, strlen(name));
	fault_set(fault, FAULT_USAGE, _("there is no theme \"%s\"; there are: %s"), shown, text_string(&list));
	text_clear(&list);
	return false;
}
