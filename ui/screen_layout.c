/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/screen_layout.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SAVED "layouts"

static void remake(struct screen *screen)
{
	screen->zoomed = false;
	screen_resize(screen, screen->canvas.rows, screen->canvas.cols);
	screen->wishes.redraw = true;
}

static void keep(struct screen *screen)
{
	struct text words = { 0 };
	layout_print(&screen->plan, &words);
	screen_look(screen, "layout", "now", strcmp(text_string(&words), layout_name(LAYOUT_TILES)) == 0 ? "" : text_string(&words), true);
	text_clear(&words);
}

void layout_begin(struct screen *screen)
{
	struct fault fault;
	const char *words = looks_get(&screen->looks, "layout", "now");
	if (words != NULL && !layout_read(words, &screen->plan, &fault))
		screen->plan = (struct layout_plan){ 0 }; /* of another version */
}

/* ---- by name ---------------------------------------------------------------------------- */

static bool is_preset(const char *name)
{
	for (int i = 0; i < N_LAYOUTS; i++)
		if (strcmp(layout_name((enum layout_kind)i), name) == 0)
			return true;
	return false;
}

static void use(struct screen *screen, const char *name)
{
	struct layout_plan plan;
	struct fault fault;
	const char *saved = looks_get(&screen->looks, SAVED, name);
	if (!layout_read(saved != NULL ? saved : name, &plan, &fault)) {
		screen_message(screen, ROLE_WARN, "%s", fault.text);
		return;
	}
	screen->plan = plan;
	remake(screen);
	keep(screen);
	if (screen->layout.tiled)
		screen_message(screen, ROLE_TEXT, _("Layout: %s"), name);
	else
		screen_message(screen, ROLE_TEXT, _("Layout: %s, as soon as the screen has room for it."), name);
}

static void save(struct screen *screen, const char *name)
{
	struct text words = { 0 };
	struct fault fault;
	struct looks scratch = { 0 };
	if (is_preset(name)) {
		screen_message(screen, ROLE_WARN, _("%s is one of the console's own layouts; another name, please."), name);
		return;
	}
	layout_print(&screen->plan, &words);
	if (!looks_put(&scratch, SAVED, name, text_string(&words), &fault)) {
		screen_message(screen, ROLE_WARN, "%s", fault.text);
	} else {
		screen_look(screen, SAVED, name, text_string(&words), true);
		screen_message(screen, ROLE_OK, _("The layout is saved as %s."), name);
	}
	looks_clear(&scratch);
	text_clear(&words);
}

void layout_order(struct screen *screen, const char *words)
{
	char name[ARGUMENT_BYTES];
	bool saves = strncmp(words, "save ", 5) == 0, forgets = strncmp(words, "forget ", 7) == 0;
	if (!saves && !forgets) {
		use(screen, words);
		return;
	}
	snprintf(name, sizeof name, "%s", strchr(words, ' ') + 1);
	if (saves) {
		save(screen, name);
	} else if (looks_get(&screen->looks, SAVED, name) == NULL) {
		screen_message(screen, ROLE_WARN, _("no such layout: %s"), name);
	} else {
		screen_look(screen, SAVED, name, "", true);
		screen_message(screen, ROLE_TEXT, _("The layout %s is forgotten."), name);
	}
}

const char *layout_offered(struct screen *screen, size_t i)
{
	if (i < N_LAYOUTS)
		return layout_name((enum layout_kind)i);
	const struct looks_entry *entry = looks_at(&screen->looks, SAVED, i - N_LAYOUTS);
	return entry != NULL ? entry->name : NULL;
}

/* ---- the menu ------------------------------------------------------------------------------ */

static void on_name(struct screen *screen, void *arg, const char *name)
{
	UNUSED(arg);
	if (name != NULL && *name != '\0')
		save(screen, name);
}

static void on_choice(struct screen *screen, void *arg, const struct menu_item *item)
{
	UNUSED(arg);
	if (item->text[0] != '\0')
		use(screen, item->text);
	else
		screen_prompt(screen, _("save this layout as:"), "", NULL, NULL, NULL, on_name, NULL);
}

static void add(struct menu *menu, uint32_t key, const char *name, const char *label)
{
	char text[120];
	snprintf(text, sizeof text, "%-14s %s", name, label);
	menu_add(menu, key, 0, *name != '\0' ? text : label);
	snprintf(menu->items[menu->n - 1].text, sizeof menu->items[0].text, "%s", name);
}

void layout_menu(struct screen *screen)
{
	struct menu *menu = screen_menu(screen, _("Layout"), on_choice, NULL);
	const struct looks_entry *entry;
	for (int i = 0; i < N_LAYOUTS; i++) {
		add(menu, (uint32_t)('1' + i), layout_name((enum layout_kind)i), layout_help((enum layout_kind)i));
		if (screen->plan.kind == (enum layout_kind)i)
			menu->selected = menu->n - 1;
	}
	for (size_t i = 0; (entry = looks_at(&screen->looks, SAVED, i)) != NULL; i++)
		add(menu, i < 5 ? (uint32_t)('5' + i) : 0, entry->name, entry->value);
	add(menu, 's', "", _("save this one under a name"));
}

/* ---- cuts -------------------------------------------------------------------------------------- */

void layout_move(struct screen *screen, int wider, int taller)
{
	char key[KEY_NAME_BYTES];
	if (!screen->layout.tiled || screen->n_views > 0) {
		screen_refuse(screen, "%s", _("Only panes beside each other have an edge to be moved."));
		return;
	}
	if (!layout_grow(&screen->plan, &screen->layout, screen->focus, wider, taller)) {
		screen_refuse(screen, _("No further here; %s has other layouts."), screen_key_name(screen, CMD_LAYOUT, key));
		return;
	}
	remake(screen);
	keep(screen);
}
