/* SPDX-License-Identifier: Apache-2.0
 *
 * What each role looks like: a text file of roles (themes/NAME.yaml), brought
 * down to what the terminal can show by the nearest colour. */
#ifndef UI_THEME_H
#define UI_THEME_H

#include "base/fault.h"
#include "ui/canvas.h"

enum depth { DEPTH_MONO, DEPTH_8, DEPTH_16, DEPTH_256, DEPTH_TRUE };

/* A colour: 0xRRGGBB, or one of these. */
#define COLOUR_DEFAULT	UINT32_C(0xFF000000)
#define COLOUR_INDEX	UINT32_C(0x01000000) /* | number in the terminal's palette */

struct style {
	uint32_t fg, bg;
	uint8_t attrs; /* enum style_attr */
};

static inline bool style_equal(const struct style *a, const struct style *b)
{
	return a->fg == b->fg && a->bg == b->bg && a->attrs == b->attrs;
}

struct theme {
	char name[64];
	struct style roles[N_ROLES]; /* true colour */
};

/* Styles as they are sent, by role and by the cell's attributes. */
struct style_sheet {
	struct style styles[N_ROLES][4]; /* [role][CELL_SELECTED | CELL_MARKED] */
};

/* Plain, always there: the terminal's own colours. */
void theme_default(struct theme *);

/*
 * Read a theme. On a fault ("davivienda.yaml:7:12: …") `out` is untouched, so
 * the theme before it stays. Roles that are not named look like "text".
 */
bool theme_parse(const char *name, const char *bytes, size_t n, struct theme *out,
    struct fault *) MUST_USE;
bool theme_read(const char *path, struct theme *out, struct fault *) MUST_USE;

/* Where themes lie: `folder`, else the source tree's, else the installed ones. */
const char *theme_folder(const char *folder);
/* NAME without path or suffix; "" and NULL are "davivienda". Or a path, which has a
 * "/" and ends in ".yaml". Free it; NULL is a fault (which may be NULL). */
char *theme_path(const char *folder, const char *name, struct fault *);
bool theme_named(const char *folder, const char *name, struct theme *out, struct fault *) MUST_USE;
/* … and which there are, where there is none of that name (FAULT_USAGE). */
bool theme_is_there(const char *folder, const char *name, struct fault *) MUST_USE;
/* Names in a folder, sorted; returns how many (at most `capacity`). */
size_t theme_list(const char *folder, char names[][64], size_t capacity);

void theme_resolve(const struct theme *, enum depth, struct style_sheet *out);

/* The nearest of a palette by CIELAB distance: index 0..n-1 (8, 16) or 16..255. */
int colour_nearest(uint32_t rgb, enum depth);
/* WCAG 2 contrast, 1..21. */
double colour_contrast(uint32_t a, uint32_t b);

#endif
