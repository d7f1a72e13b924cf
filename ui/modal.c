/* SPDX-License-Identifier: Apache-2.0
 *
 * What lies over the panes and takes the keys: a prompt, a menu, the palette. */
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

bool menu_takes(const struct menu *menu, uint32_t key)
{
	static const uint32_t always[] = { KEY_UP, 'k', KEY_CTRL | 'p', KEY_DOWN, 'j', KEY_CTRL | 'n', KEY_ENTER,
		KEY_ESCAPE, 'q', KEY_CTRL | 'c' };
	for (size_t i = 0; i < menu->n; i++)
		if (menu->items[i].key != 0 && menu->items[i].key == key)
			return true;
	for (size_t i = 0; i < COUNT_OF(always); i++)
		if (always[i] == key)
			return true;
	return false;
}

void menu_key(struct screen *screen, const struct key_event *event)
{
	struct menu *menu = &screen->menu;
	for (size_t i = 0; i < menu->n; i++) {
		if (menu->items[i].key != 0 && menu->items[i].key == event->key) {
			choose(screen, i);
			return;
		}
	}
	switch (event->key) {
	case KEY_UP: case 'k': case KEY_CTRL | 'p':
		menu->selected -= menu->selected > 0;
		break;
	case KEY_DOWN: case 'j': case KEY_CTRL | 'n':
		menu->selected += menu->selected + 1 < menu->n;
		break;
	case KEY_ENTER:
		if (menu->n > 0)
			choose(screen, menu->selected);
		break;
	case KEY_ESCAPE: case 'q': case KEY_CTRL | 'c':
		free(menu->arg);
		menu->arg = NULL;
		screen->modal = MODAL_NONE;
		break;
	default:
		break;
	}
}

/* ---- palette ------------------------------------------------------------------------ */

/* Do the letters of `part` stand in `text` in this order? The fewer gaps, the
 * lower the number; -1: no. */
static int fuzzy(const char *text, const char *part)
{
	int gaps = 0;
	bool running = false;
	for (; *part != '\0'; text++) {
		if (*text == '\0')
			return -1;
		char a = *text, b = *part;
		if (a >= 'A' && a <= 'Z')
			a = (char)(a + 32);
		if (b >= 'A' && b <= 'Z')
			b = (char)(b + 32);
		if (a == b) {
			part++;
			running = true;
		} else {
			gaps += running ? 3 : 1;
			running = false;
		}
	}
	return gaps;
}

static void palette_fill(struct screen *screen)
{
	struct menu *menu = &screen->menu;
	int ranks[MENU_MAX];
	menu->n = menu->selected = menu->top = 0;
	for (int i = 1; i < N_COMMANDS; i++) {
		enum command command = (enum command)i;
		if (!screen_offers(screen, command) || menu->n == MENU_MAX || command == CMD_PALETTE)
			continue;
		int by_help = fuzzy(command_help(command), screen->prompt.text);
		int by_name = fuzzy(command_name(command), screen->prompt.text);
		int rank = by_help < 0 ? by_name : by_name < 0 ? by_help : MIN(by_help, by_name);
		if (rank < 0)
			continue;
		size_t at = menu->n;
		while (at > 0 && ranks[at - 1] > rank)
			at--;
		menu_add(menu, 0, i, command_help(command));
		struct menu_item item = menu->items[menu->n - 1];
		memmove(menu->items + at + 1, menu->items + at, (menu->n - 1 - at) * sizeof item);
		memmove(ranks + at + 1, ranks + at, (menu->n - 1 - at) * sizeof ranks[0]);
		menu->items[at] = item;
		ranks[at] = rank;
	}
}

void palette_start(struct screen *screen)
{
	screen_drop_modal(screen);
	screen->menu = (struct menu){ 0 };
	snprintf(screen->menu.title, sizeof screen->menu.title, "%s", _("Commands"));
	prompt_start(&screen->prompt, _("command:"), "", &screen->palette_history, NULL, NULL);
	screen->modal = MODAL_PALETTE;
	palette_fill(screen);
}

void palette_key(struct screen *screen, const struct key_event *event)
{
	struct menu *menu = &screen->menu;
	if (event->key == KEY_UP || event->key == (KEY_CTRL | 'p')) {
		menu->selected -= menu->selected > 0;
		return;
	}
	if (event->key == KEY_DOWN || event->key == (KEY_CTRL | 'n') || event->key == KEY_TAB) {
		menu->selected += menu->selected + 1 < menu->n;
		return;
	}
	switch (prompt_key(&screen->prompt, event)) {
	case PROMPT_GOES_ON:
		palette_fill(screen);
		break;
	case PROMPT_CANCELLED:
		screen->modal = MODAL_NONE;
		break;
	case PROMPT_ACCEPTED:
		screen->modal = MODAL_NONE;
		if (menu->n > 0)
			screen_command(screen, (enum command)menu->items[menu->selected].value);
		break;
	}
}

/* ---- drawing --------------------------------------------------------------------------- */

static void menu_label(struct screen *screen, const struct menu_item *item, char key[64])
{
	key[0] = '\0';
	if (screen->modal == MODAL_PALETTE)
		keys_names(&screen->keys, screen_focused(screen)->type->place, (enum command)item->value,
		    key, 64);
	else if (item->key != 0)
		key_name(item->key, key);
}

static void menu_draw(struct screen *screen, int bottom)
{
	struct canvas *canvas = &screen->canvas;
	struct menu *menu = &screen->menu;
	bool palette = screen->modal == MODAL_PALETTE;
	int width = text_width(menu->title) + 6;
	for (size_t i = 0; i < menu->n; i++)
		width = MAX(width, text_width(menu->items[i].label) + 8);
	width = MIN(palette ? 78 : width, canvas->cols - 2);
	int rows = MIN(MAX((int)menu->n, 1), bottom - 3);
	struct box box = { bottom - rows - 2, 1, rows + 2, width };
	canvas_fill(canvas, box, ROLE_MENU, ' ');
	canvas_frame(canvas, box, ROLE_BORDER_FOCUS, false);
	canvas_printf(canvas, box.row, box.col + 2, width - 4, ROLE_TITLE, " %s ", menu->title);
	if (menu->selected < menu->top)
		menu->top = menu->selected;
	if (menu->selected >= menu->top + (size_t)rows)
		menu->top = menu->selected - (size_t)rows + 1;
	struct box old = canvas_enter(canvas, (struct box){ box.row + 1, box.col + 1, rows, width - 2 });
	if (menu->n == 0)
		canvas_text(canvas, 0, 1, width - 4, ROLE_MENU, _("nothing matches"));
	for (int row = 0; row < rows && menu->top + (size_t)row < menu->n; row++) {
		const struct menu_item *item = &menu->items[menu->top + (size_t)row];
		char key[64];
		menu_label(screen, item, key);
		if (palette) {
			int columns = text_width(key);
			canvas_text(canvas, row, 1, width - 5 - columns, ROLE_MENU, item->label);
			canvas_text(canvas, row, width - 3 - columns, columns, ROLE_KEY, key);
		} else {
			canvas_text(canvas, row, 1, 4, ROLE_KEY, key);
			canvas_text(canvas, row, key[0] != '\0' ? 4 : 1, width - 7, ROLE_MENU, item->label);
		}
		if (menu->top + (size_t)row == menu->selected)
			canvas_attrs(canvas, row, 0, width - 2, CELL_SELECTED);
	}
	canvas_leave(canvas, old);
}

void modal_draw(struct screen *screen)
{
	struct canvas *canvas = &screen->canvas;
	int foot = screen->layout.foot.row;
	switch (screen->modal) {
	case MODAL_NONE:
		return;
	case MODAL_MENU:
		menu_draw(screen, foot);
		return;
	case MODAL_PALETTE:
		menu_draw(screen, foot - 1);
		prompt_draw(&screen->prompt, canvas, foot - 1,
		    _("letters narrow the list   Enter does it   Esc closes"));
		return;
	case MODAL_PROMPT:
		prompt_draw(&screen->prompt, canvas, foot - 1, _("Enter accepts   Esc cancels"));
		return;
	}
}
