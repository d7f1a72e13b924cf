/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/themes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define THEMES_MOST 32

struct choosing {
	struct theme before;
	void (*chosen)(struct screen *, const char *name);
};

static void show(struct screen *screen, const struct theme *theme)
{
	screen->theme = *theme;
	screen->wishes.restyle = true;
	screen->dirt++;
}

/* One small file a key, as `:theme NAME` reads it: what is typed next is for the menu. */
static void on_move(struct screen *screen, void *arg, const struct menu_item *item)
{
	const struct choosing *choosing = arg;
	struct theme theme;
	struct fault fault;
	bool ok = theme_named(screen->themes_folder, item->text, &theme, &fault);
	show(screen, ok ? &theme : &choosing->before);
	if (!ok) {
		struct menu_item *broken = &screen->menu.items[screen->menu.selected];
		broken->off = true;
		snprintf(broken->label, sizeof broken->label, "%-18s %s", item->text, _("broken: Enter says why"));
	}
}

static void on_cancel(struct screen *screen, void *arg, const struct menu_item *item)
{
	UNUSED(item);
	show(screen, &((struct choosing *)arg)->before);
}

static void on_choose(struct screen *screen, void *arg, const struct menu_item *item)
{
	struct choosing *choosing = arg;
	uint64_t n_refused = screen->n_refused;
	show(screen, &choosing->before); /* where the other one is broken it stays, and why is told */
	screen_theme(screen, item->text);
	if (choosing->chosen != NULL && screen->n_refused == n_refused)
		choosing->chosen(screen, item->text);
}

void themes_menu(struct screen *screen, void (*chosen)(struct screen *, const char *name))
{
	char names[THEMES_MOST][64];
	size_t n = theme_list(screen->themes_folder, names, THEMES_MOST);
	struct choosing *choosing = mem_zalloc(sizeof *choosing);
	choosing->before = screen->theme;
	choosing->chosen = chosen;
	struct menu *menu = screen_menu(screen, _("Theme: the cursor shows it, Enter takes it, Esc goes back"), on_choose, choosing);
	menu->on_move = on_move;
	menu->on_cancel = on_cancel;
	for (size_t i = 0; i < n; i++) {
		menu_add(menu, 0, 0, names[i]);
		snprintf(menu->items[i].text, sizeof menu->items[i].text, "%s", names[i]);
		if (strcmp(names[i], screen->theme_name) == 0)
			menu->selected = i;
	}
}
