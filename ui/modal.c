/* SPDX-License-Identifier: Apache-2.0
 *
 * What lies over the panes and takes the keys: menus, and how all of it is drawn.
 * See palette.c, command_prompt.c and prompt.c. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ui/screen.h"

/* ---- menu ------------------------------------------------------------------------ */

void menu_add(struct menu *menu, uint32_t key, int64_t value, const char *label)
{
	if (menu->n == MENU_MAX)
		return;
	struct menu_item *item = &menu->items[menu->n++];
	*item = (struct menu_item){ .key = key, .value = value };
	snprintf(item->label, sizeof item->label, "%s", label);
}

static void choose(struct screen *screen, size_t index)
{
	struct menu menu = screen->menu; /* the choice may open another */
	screen->modal = MODAL_NONE;
	screen->menu.arg = NULL;
	menu.on_choose(screen, menu.arg, &menu.items[index]);
	free(menu.arg);
}

/* What a key means in a menu: what it means in every list, so that a person's own
 * keys move here too; arrows, Enter and the ways out are always there. */
static enum command menu_command(const struct screen *screen, uint32_t key)
{
	switch (key) {
	case KEY_UP: case KEY_CTRL | 'p':
		return CMD_UP;
	case KEY_DOWN: case KEY_CTRL | 'n':
		return CMD_DOWN;
	case KEY_ENTER:
		return CMD_OPEN;
	case KEY_ESCAPE: case KEY_CTRL | 'c':
		return CMD_BACK;
	default:
		return keys_command(&screen->keys, PLACE_LIST, key);
	}
}

static bool item_of(const struct menu *menu, uint32_t key, size_t *item)
{
	for (size_t i = 0; i < menu->n; i++) {
		if (menu->items[i].key != 0 && menu->items[i].key == key) {
			*item = i;
			return true;
		}
	}
	return false;
}

bool menu_takes(const struct screen *screen, uint32_t key)
{
	size_t item;
	enum command command = menu_command(screen, key);
	return screen->menu.on_key != NULL || item_of(&screen->menu, key, &item) || command == CMD_OPEN || command == CMD_BACK ||
	    (command >= CMD_UP && command <= CMD_BOTTOM);
}

void menu_key(struct screen *screen, const struct key_event *event)
{
	struct menu *menu = &screen->menu;
	size_t item, before = menu->selected;
	if (menu->on_key != NULL && menu->on_key(screen, menu->arg, event))
		return;
	size_t n = menu->n;
	while (n > 0 && menu->items[n - 1].off)
		n--; /* the last ones are to be read alone */
	if (item_of(menu, event->key, &item)) {
		choose(screen, item);
		return;
	}
	switch ((int)menu_command(screen, event->key)) {
	case CMD_UP:
		menu->selected -= menu->selected > 0;
		break;
	case CMD_DOWN:
		menu->selected += menu->selected + 1 < n;
		break;
	case CMD_TOP: case CMD_PAGE_UP:
		menu->selected = 0;
		break;
	case CMD_BOTTOM: case CMD_PAGE_DOWN:
		menu->selected = n > 0 ? n - 1 : 0;
		break;
	case CMD_OPEN:
		if (n > 0)
			choose(screen, menu->selected);
		break;
	case CMD_BACK:
		screen_drop_modal(screen);
		return;
	default:
		screen->wishes.redraw |= keys_command(&screen->keys, PLACE_GLOBAL, event->key) == CMD_REDRAW;
		break;
	}
	if (menu->on_move != NULL && screen->modal == MODAL_MENU && menu->selected != before)
		menu->on_move(screen, menu->arg, &menu->items[menu->selected]);
}

/* ---- drawing --------------------------------------------------------------------------- */

#define OFFERS_SHOWN 8 /* of `:`: what is behind them is to be seen too */

static void menu_row(struct canvas *canvas, int row, int width, const struct menu_item *item, bool noted)
{
	enum role role = item->warns ? ROLE_WARN : item->off ? ROLE_DIM : ROLE_MENU;
	char key[KEY_NAME_BYTES] = "";
	if (noted) {
		int columns = text_width(item->note);
		canvas_text(canvas, row, 1, width - 5 - columns, role, item->label);
		canvas_text(canvas, row, width - 3 - columns, columns, item->off ? ROLE_DIM : ROLE_KEY, item->note);
		return;
	}
	if (item->key != 0)
		key_name(item->key, key);
	canvas_text(canvas, row, 1, 4, ROLE_KEY, key);
	canvas_text(canvas, row, key[0] != '\0' ? 4 : 1, width - 7, role, item->label);
}

static void menu_draw(struct screen *screen, int bottom, int most)
{
	struct canvas *canvas = &screen->canvas;
	struct menu *menu = &screen->menu;
	bool noted = screen->modal != MODAL_MENU;
	int width = text_width(menu->title) + 6;
	for (size_t i = 0; i < menu->n; i++)
		width = MAX(width, text_width(menu->items[i].label) + 8);
	width = MIN(noted ? 78 : width, canvas->cols - 2);
	if (screen->linear) /* nothing of the pane behind it on its lines */
		width = canvas->cols - 1;
	int rows = MIN(MIN(MAX((int)menu->n, 1), bottom - 3), most);
	struct box box = { bottom - rows - 2, 1, rows + 2, width };
	if (!screen->layout.tiled || screen->n_views > 0) /* no mark of a row behind it, as if it were one of its own */
		canvas_fill(canvas, (struct box){ box.row, 0, box.rows, 1 }, ROLE_TEXT, ' ');
	canvas_fill(canvas, box, ROLE_MENU, ' ');
	canvas_frame(canvas, box, ROLE_BORDER_FOCUS, false);
	canvas_printf(canvas, box.row, box.col + 2, width - 4, ROLE_TITLE, " %s ", menu->title);
	if (menu->selected < menu->top)
		menu->top = menu->selected;
	if (menu->selected < menu->n && menu->selected >= menu->top + (size_t)rows)
		menu->top = menu->selected - (size_t)rows + 1;
	menu->shown = rows;
	size_t below = menu->n - MIN(menu->top + (size_t)rows, menu->n);
	char more[80];
	if (menu->top > 0) {
		snprintf(more, sizeof more, ngettext(" %zu more above ", " %zu more above ", menu->top), menu->top);
		canvas_text_right(canvas, box.row, box.col + text_width(menu->title) + 4, width - text_width(menu->title) - 6, ROLE_KEY_TEXT, more);
	}
	if (below > 0) {
		snprintf(more, sizeof more, ngettext(" %zu more below ", " %zu more below ", below), below);
		canvas_text_right(canvas, box.row + rows + 1, box.col + 2, width - 4, ROLE_KEY_TEXT, more);
	}
	struct box old = canvas_enter(canvas, (struct box){ box.row + 1, box.col + 1, rows, width - 2 });
	if (menu->n == 0)
		canvas_text(canvas, 0, 1, width - 4, ROLE_MENU, _("nothing matches"));
	for (int row = 0; row < rows && menu->top + (size_t)row < menu->n; row++) {
		menu_row(canvas, row, width, &menu->items[menu->top + (size_t)row], noted);
		if (menu->top + (size_t)row == menu->selected)
			canvas_attrs(canvas, row, 0, width - 2, CELL_SELECTED);
	}
	canvas_leave(canvas, old);
}

static void command_draw(struct screen *screen, int foot)
{
	struct prompt prompt = screen->prompt;
	if (screen->menu.n > 0) {
		menu_draw(screen, foot - 1, OFFERS_SHOWN);
		/* Half a name is none yet, which is no mistake while it may become one. */
		if (!screen->refused_line && !prompt.full)
			prompt.fault = (struct fault){ 0 };
	}
	prompt_draw(&prompt, &screen->canvas, foot - 1, _("Tab completes   Enter does it   Esc closes"));
}

void modal_draw(struct screen *screen)
{
	struct canvas *canvas = &screen->canvas;
	int foot = screen->layout.foot.row;
	switch (screen->modal) {
	case MODAL_NONE:
		return;
	case MODAL_MENU:
		menu_draw(screen, foot, MENU_MAX);
		return;
	case MODAL_PALETTE:
		menu_draw(screen, foot - 1, MENU_MAX);
		prompt_draw(&screen->prompt, canvas, foot - 1,
		    _("letters narrow the list   Enter does it   Esc closes"));
		return;
	case MODAL_COMMAND:
		command_draw(screen, foot);
		return;
	case MODAL_FILTER:
		filter_prompt_draw(screen, foot - 1);
		return;
	case MODAL_PROMPT:
		if (screen->pick != NULL) {
			menu_draw(screen, foot - 1, OFFERS_SHOWN);
			prompt_draw(&screen->prompt, canvas, foot - 1, _("letters or number   Enter takes it   Esc cancels"));
			return;
		}
		prompt_draw(&screen->prompt, canvas, foot - 1, screen->prompt.lines ? _("Enter accepts   M-Enter another line   Esc cancels") :
										      _("Enter accepts   Esc cancels"));
		return;
	}
}
