/* SPDX-License-Identifier: Apache-2.0
 *
 * The palette: every command that is possible here, with its keys; the letters
 * typed narrow and rank it, what was used lately comes first. Behind those, only
 * when something is looked for, stand the ones that are not possible, and why. */
#include <stdio.h>
#include <string.h>

#include "ui/fuzzy.h"
#include "ui/screen.h"

void screen_used(struct screen *screen, enum command command)
{
	size_t n = 0;
	enum command others[RECENT_MOST];
	for (size_t i = 0; i < RECENT_MOST; i++)
		if (screen->recent[i] != CMD_NONE && screen->recent[i] != command && n + 1 < RECENT_MOST)
			others[n++] = screen->recent[i];
	memset(screen->recent, 0, sizeof screen->recent);
	screen->recent[0] = command;
	memcpy(screen->recent + 1, others, n * sizeof others[0]);
}

/* 0: not lately; else the more the later. */
static int used_lately(const struct screen *screen, enum command command)
{
	for (size_t i = 0; i < RECENT_MOST; i++)
		if (screen->recent[i] == command)
			return (int)(RECENT_MOST - i);
	return 0;
}

/* In the other language only what is typed whole: single letters are in every sentence. */
static int other_score(const char *text, const char *letters)
{
	return fuzzy_contains(text, letters) ? fuzzy_score(text, letters) : -1;
}

int command_score(enum command command, const char *letters)
{
	int by_name = fuzzy_score(command_name(command), letters), by_help = fuzzy_score(command_help(command), letters),
	    by_word = fuzzy_score(command_word(command), letters);
	/* Who types a name, or the word at the foot, means it; and many know an order by the other
	 * language's. */
	int other_word = other_score(command_other_word(command), letters), other_help = other_score(command_other_help(command), letters);
	int own = MAX(MAX(by_name < 0 ? -1 : by_name + 6, by_word < 0 ? -1 : by_word + 4), by_help);
	return MAX(own, MAX(other_word, other_help < 0 ? -1 : MAX(other_help - 4, 0)));
}

static void put(struct menu *menu, int *ranks, const struct menu_item *item, int rank)
{
	size_t at = menu->n;
	if (menu->n == MENU_MAX)
		return;
	while (at > 0 && ranks[at - 1] < rank)
		at--;
	memmove(menu->items + at + 1, menu->items + at, (menu->n - at) * sizeof *item);
	memmove(ranks + at + 1, ranks + at, (menu->n - at) * sizeof ranks[0]);
	menu->items[at] = *item;
	ranks[at] = rank;
	menu->n++;
}

/* The key file's macros, by their names. */
static void put_macros(struct screen *screen, int *ranks)
{
	const struct keys *keys = &screen->keys;
	for (size_t i = 0; i < keys->n_macros; i++) {
		const char *name = keys->macros[i].name;
		struct menu_item item = { .value = CMD_PLAY };
		int score = fuzzy_score(name, screen->prompt.text);
		if (score < 0)
			continue;
		snprintf(item.text, sizeof item.text, "%s", name);
		snprintf(item.label, sizeof item.label, "%s: %s", _("Macro"), name);
		snprintf(item.note, sizeof item.note, ":play %s", name);
		for (size_t k = 0; k < keys->n; k++)
			if (keys->bindings[k].command == CMD_PLAY && strcmp(keys->bindings[k].argument, name) == 0)
				key_name(keys->bindings[k].key, item.note);
		put(&screen->menu, ranks, &item, score > 0 ? score + 6 : 0);
	}
}

static void palette_fill(struct screen *screen)
{
	struct menu *menu = &screen->menu;
	const char *letters = screen->prompt.text;
	bool looks_for = letters[strspn(letters, " ")] != '\0';
	int ranks[MENU_MAX], scores[N_COMMANDS], best = 0;
	menu->n = menu->selected = menu->top = 0;
	for (int i = 1; i < N_COMMANDS; i++) {
		scores[i] = command_score((enum command)i, letters);
		best = MAX(best, scores[i]);
	}
	for (int i = 1; i < N_COMMANDS; i++) {
		enum command command = (enum command)i;
		int score = scores[i];
		/* Letters that happen to stand in a long sentence are not what is meant. */
		if (command == CMD_PALETTE || score < 0 || 3 * score < 2 * best)
			continue;
		const char *why_not = screen_why_not(screen, command);
		if (why_not != NULL && !looks_for)
			continue;
		struct menu_item item = { .value = i, .off = why_not != NULL };
		snprintf(item.label, sizeof item.label, "%s", screen_help(screen, command));
		if (why_not != NULL)
			snprintf(item.note, sizeof item.note, "%.*s", (int)text_fit(why_not, 40, NULL), why_not);
		else
			keys_names(&screen->keys, screen_focused(screen)->type->place, command, item.note, sizeof item.note);
		if (item.note[0] == '\0') /* bound to nothing: by its name */
			snprintf(item.note, sizeof item.note, ":%s", command_name(command));
		put(menu, ranks, &item, why_not != NULL ? score - 100000 : score + used_lately(screen, command));
	}
	put_macros(screen, ranks);
}

void palette_say_anew(struct screen *screen)
{
	snprintf(screen->menu.title, sizeof screen->menu.title, "%s", _("Commands"));
	prompt_say_anew(&screen->prompt, _("command:"));
	palette_fill(screen);
}

void palette_start(struct screen *screen)
{
	screen_drop_modal(screen);
	screen->menu = (struct menu){ 0 };
	prompt_start(&screen->prompt, "", "", &screen->palette_history, NULL, NULL);
	screen->modal = MODAL_PALETTE;
	palette_say_anew(screen);
}

void palette_key(struct screen *screen, const struct key_event *event)
{
	struct menu *menu = &screen->menu;
	if (event->key == KEY_UP || event->key == (KEY_CTRL | 'p') || event->key == KEY_BACKTAB) {
		menu->selected -= menu->selected > 0;
		return;
	}
	if (event->key == KEY_DOWN || event->key == (KEY_CTRL | 'n') || event->key == KEY_TAB) {
		menu->selected += menu->selected + 1 < menu->n;
		return;
	}
	/* C-f and C-b turn pages where they would move no caret. */
	size_t page = (size_t)MAX(menu->shown - 1, 1);
	bool at_end = screen->prompt.cursor == screen->prompt.n;
	if (event->key == KEY_PAGE_DOWN || (at_end && event->key == (KEY_CTRL | 'f'))) {
		menu->selected = MIN(menu->selected + page, menu->n > 0 ? menu->n - 1 : 0);
		return;
	}
	if (event->key == KEY_PAGE_UP || (screen->prompt.n == 0 && event->key == (KEY_CTRL | 'b'))) {
		menu->selected -= MIN(page, menu->selected);
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
		if (menu->n == 0)
			break;
		const struct menu_item *item = &menu->items[menu->selected];
		if (item->off) {
			screen_refuse(screen, "%s: %s", item->label, item->note);
			break;
		}
		screen_used(screen, (enum command)item->value);
		screen_order(screen, (enum command)item->value, item->text);
		break;
	}
}
