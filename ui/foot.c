/* SPDX-License-Identifier: Apache-2.0
 *
 * The last line: what was said, else the keys that do something now. Over a menu
 * they are the menu's; a prompt has its own line there. */
#include <stdio.h>
#include <string.h>

#include "ui/screen.h"

/* "a acknowledge", if it fits; how wide it is. */
static int pair(struct screen *screen, int col, int limit, const char *key, const char *word, bool draw)
{
	struct canvas *canvas = &screen->canvas;
	int width = text_width(key) + 1 + text_width(word);
	if (draw && col + width <= limit) {
		int row = screen->layout.foot.row;
		int used = canvas_text(canvas, row, col, limit - col, ROLE_KEY, key);
		canvas_text(canvas, row, col + used + 1, limit - col, ROLE_KEY_TEXT, word);
	}
	return width;
}

static int binding_pair(struct screen *screen, int col, int limit, const struct binding *binding, bool draw)
{
	char key[KEY_NAME_BYTES];
	const char *name = binding->key == ' ' ? _("Space") : key_name(binding->key, key);
	return pair(screen, col, limit, name, command_word(binding->command), draw);
}

static bool is_offered(struct screen *screen, const struct pane *pane, const struct binding *b)
{
	const struct document *document = pane_document(pane);
	if (b->command == CMD_NEXT_SECTION && (document == NULL || document->n_shown <= (size_t)MAX(document->list.visible, 0)))
		return false; /* all of it is seen */
	return b->foot && b->place != PLACE_GLOBAL && b->command != CMD_NONE && screen_offers(screen, b->command) &&
	    keys_command(&screen->keys, pane->type->place, b->key) == b->command;
}

/* How wide the keys are that are of this place alone. */
static int own_width(struct screen *screen, const struct pane *pane)
{
	int width = 0;
	for (size_t i = 0; i < screen->keys.n; i++)
		if (screen->keys.bindings[i].place == pane->type->place && is_offered(screen, pane, &screen->keys.bindings[i]))
			width += binding_pair(screen, 0, 0, &screen->keys.bindings[i], false) + 2;
	return width;
}

static void key_line(struct screen *screen, int col)
{
	struct pane *pane = screen_focused(screen);
	enum place chain[PLACES_DEEP];
	char key[KEY_NAME_BYTES];
	size_t n = place_chain(pane->type->place, chain);
	int cols = screen->layout.foot.cols, right = cols - 1;
	/* What works everywhere stands at the right and is always there. */
	for (size_t i = screen->keys.n; i-- > 0;) {
		const struct binding *b = &screen->keys.bindings[i];
		if (b->place == PLACE_GLOBAL && b->foot && b->command != CMD_NONE) {
			right -= binding_pair(screen, 0, cols, b, false);
			binding_pair(screen, right, cols, b, true);
			right -= 2;
		}
	}
	/* … as does the way back, where there is one, by what it does; not in the place of
	 * what can be done here alone. */
	const char *back = screen_back_word(screen);
	int back_width = back == NULL ? 0 : pair(screen, 0, cols, screen_key_name(screen, CMD_BACK, key), back, false);
	if (back != NULL && col + own_width(screen, pane) <= right - back_width) {
		right -= back_width;
		pair(screen, right, cols, key, back, true);
		right -= 2;
	}
	for (size_t i = 0; i < screen->keys.n; i++) {
		const struct binding *b = &screen->keys.bindings[i];
		bool here = false;
		for (size_t k = 0; k < n; k++)
			here |= b->place == chain[k];
		if (!here || !is_offered(screen, pane, b))
			continue;
		int width = binding_pair(screen, col, right, b, false);
		if (col + width > right)
			continue;
		binding_pair(screen, col, right, b, true);
		col += width + 2;
	}
}

/* "1-4 m", of the keys in front of its lines. */
static void keys_in_front(const struct menu *menu, char *out, size_t capacity)
{
	char name[KEY_NAME_BYTES];
	size_t n = 0;
	out[0] = '\0';
	for (size_t i = 0; i < menu->n && n + 2 * KEY_NAME_BYTES < capacity; i++) {
		size_t last = i;
		if (menu->items[i].key == 0)
			continue;
		while (last + 1 < menu->n && menu->items[last + 1].key == menu->items[last].key + 1)
			last++;
		n += (size_t)snprintf(out + n, capacity - n, "%s%s", n > 0 ? " " : "", key_name(menu->items[i].key, name));
		if (last > i)
			n += (size_t)snprintf(out + n, capacity - n, "-%s", key_name(menu->items[last].key, name));
		i = last;
	}
}

static void menu_line(struct screen *screen, int col)
{
	const struct menu *menu = &screen->menu;
	char keys[160], up[KEY_NAME_BYTES], enter[KEY_NAME_BYTES];
	int limit = screen->layout.foot.cols - 1;
	keys_in_front(menu, keys, sizeof keys - KEY_NAME_BYTES);
	size_t n = strlen(keys);
	snprintf(keys + n, sizeof keys - n, "%s%s", n > 0 ? " " : "", key_name(KEY_ENTER, enter));
	col += pair(screen, col, limit, keys, menu->enter_word != NULL ? menu->enter_word : _("choose"), true) + 2;
	uint32_t k = keys_of(&screen->keys, PLACE_LIST, CMD_UP), j = keys_of(&screen->keys, PLACE_LIST, CMD_DOWN);
	key_name(k != 0 ? k : KEY_UP, up);
	snprintf(keys, sizeof keys, "%s %s", up, key_name(j != 0 ? j : KEY_DOWN, enter));
	if (menu->n > 1)
		col += pair(screen, col, limit, keys, _("move"), true) + 2;
	pair(screen, col, limit, key_name(KEY_ESCAPE, enter), menu->escape_word != NULL ? menu->escape_word : _("cancel"), true);
}

void foot_draw(struct screen *screen)
{
	struct box box = screen->layout.foot;
	int col = 1;
	if (screen->count.typed) /* what the hand is in the middle of goes before all */
		col += canvas_printf(&screen->canvas, box.row, col, box.cols - col, ROLE_STRONG, "%d",
		    screen->count.number) + 2;
	const char *macro = macro_status(screen);
	if (*macro != '\0')
		col += canvas_text(&screen->canvas, box.row, col, box.cols - col, ROLE_WARN, macro) + 2;
	if (screen->message[0] != '\0')
		canvas_text(&screen->canvas, box.row, col, box.cols - col - 1, screen->message_role, screen->message);
	else if (screen->linear) /* the keys would be read with every pane: ? has them */
		return;
	else if (screen->modal == MODAL_MENU)
		menu_line(screen, col);
	else
		key_line(screen, col);
}
