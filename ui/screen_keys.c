/* SPDX-License-Identifier: Apache-2.0
 *
 * A key goes to what is open above the panes, or becomes a command. A hand that
 * knows the way is faster than a disk: keys for rows that are still on their way
 * wait for them, in their order, instead of falling on nothing. */
#include "ui/pick.h"
#include "ui/screen.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"

static bool inside(struct box box, int row, int col)
{
	return row >= box.row && row < box.row + box.rows && col >= box.col && col < box.col + box.cols;
}

static void click(struct screen *screen, int row, int col)
{
	struct box box = screen->layout.body;
	if (screen->n_views == 0) {
		if (screen->layout.tiled)
			for (size_t i = 0; i < N_MAIN_PANES; i++)
				if (inside(screen->layout.panes[i], row, col))
					screen_focus(screen, i);
		box = screen->layout.panes[screen->focus];
	}
	struct pane *pane = screen_focused(screen);
	struct list *list = pane_list(pane);
	if (list == NULL || !inside(box, row, col))
		return;
	/* Under the frame, or the title of a view where there are no tabs, stand the
	 * titles of the columns, where there are any. */
	int first = box.row + 1 + list->above + (screen->layout.tiled ? 1 : 0);
	offers_drop(screen);
	if (row >= first)
		list_select(list, list->top + (size_t)((row - first) / (pane_document(pane) == NULL ? screen_pitch(screen) : 1)));
}

static void prompt_event(struct screen *screen, const struct key_event *event)
{
	if (pick_key(screen, event))
		return;
	enum prompt_result result = prompt_key(&screen->prompt, event);
	if (result == PROMPT_GOES_ON) {
		if (event->key != KEY_ENTER) /* then it has said what is wrong */
			pick_look(screen);
		return;
	}
	screen->accepted_pick = pick_put_away(screen);
	screen->modal = MODAL_NONE;
	void (*done)(struct screen *, void *, const char *) = screen->prompt_done;
	screen->prompt_done = NULL;
	char text[PROMPT_ROOM];
	memcpy(text, screen->prompt.text, sizeof text);
	if (screen->prompt.hidden)
		mem_wipe(screen->prompt.text, sizeof screen->prompt.text);
	screen->accepted = result == PROMPT_ACCEPTED ? MODAL_PROMPT : MODAL_NONE;
	screen->accepted_done = done;
	if (done != NULL)
		done(screen, screen->prompt_arg, result == PROMPT_ACCEPTED ? text : NULL);
	screen->accepted = MODAL_NONE;
	pick_free(screen->accepted_pick); /* but for what was kept of it */
	screen->accepted_pick = NULL;
	mem_wipe(text, sizeof text);
}

char *screen_key_name(struct screen *screen, enum command command, char out[static KEY_NAME_BYTES])
{
	uint32_t key = keys_of(&screen->keys, screen_focused(screen)->type->place, command);
	if (key != 0)
		return key_name(key, out);
	snprintf(out, KEY_NAME_BYTES, ":%s", command_name(command)); /* bound to none: by its name */
	return out;
}

static bool wants_rows(enum command command)
{
	return command == CMD_OPEN || command == CMD_RAW || command == CMD_COPY || command == CMD_COPY_AS || command == CMD_PROFILE ||
	    command == CMD_NUMBER || command == CMD_RELATED || command == CMD_CALLS_OF || command == CMD_REHEARSE ||
	    command == CMD_SILENCE_EXTEND || command == CMD_SILENCE_END || command == CMD_CASE || command == CMD_EXPORT || command == CMD_PIVOT ||
	    (command >= CMD_ACK && command <= CMD_MARK_ALL) ||
	    (command >= CMD_UP && command <= CMD_BOTTOM);
}

static bool waits_for_rows(struct screen *screen)
{
	return screen->modal == MODAL_NONE && screen_focus_is_waiting(screen);
}

/* Does the command ask for words or a choice? Letters after it are no commands. */
static bool asks(enum command command)
{
	return command == CMD_ASSIGN || command == CMD_NOTE || command == CMD_SNOOZE || command == CMD_ESCALATE ||
	    command == CMD_CLOSE || command == CMD_SILENCE || command == CMD_FILTER || command == CMD_PROMPT ||
	    command == CMD_FILTER_PART || command == CMD_SAVED_FILTERS || command == CMD_PALETTE || command == CMD_RELATED ||
	    command == CMD_REPLAY || command == CMD_REHEARSE || command == CMD_RECORD || command == CMD_PLAY ||
	    command == CMD_TAG || command == CMD_NEW_ALERT || command == CMD_EDIT_NOTE || command == CMD_LINK || command == CMD_MERGE || command == CMD_GROUP ||
	    command == CMD_COLUMNS || command == CMD_LAYOUT || command == CMD_THEME ||
	    command == CMD_COPY_AS || command == CMD_EXPORT || command == CMD_PIVOT || command == CMD_MOMENT || command == CMD_SILENCE_NEW || command == CMD_SILENCE_EXTEND;
}

static void keep_ahead(struct screen *screen, const struct key_event *event)
{
	/* Half of what was typed would be something else than was meant. */
	if (screen->n_ahead == AHEAD_MAX || event->key == KEY_PASTE || event->key == KEY_CLICK) {
		screen->n_ahead = 0;
		screen_message(screen, ROLE_WARN, "%s", _("Too much at once: what was typed ahead is not done."));
		return;
	}
	screen->ahead[screen->n_ahead++] = *event;
}

/* Is the key put off? Going back or away is not, and what was put off is not
 * wanted then; but behind a command that asks for words only Esc goes back. */
static bool put_off(struct screen *screen, const struct key_event *event)
{
	if (!waits_for_rows(screen) || macro_awaits_letter(screen))
		return false;
	enum command command = keys_command(&screen->keys, screen_focused(screen)->type->place, event->key);
	bool away = command == CMD_BACK || command == CMD_QUIT || command == CMD_CANCEL;
	if (screen->ahead_asks)
		away = event->key == KEY_ESCAPE || event->key == (KEY_CTRL | 'c');
	if (away || event->key == (KEY_CTRL | 'z')) {
		screen->n_ahead = 0;
		return false;
	}
	if (screen->n_ahead == 0) {
		screen->ahead_asks = false;
		if (!wants_rows(command))
			return false;
	}
	screen->ahead_asks |= asks(command);
	keep_ahead(screen, event);
	return true;
}

/* A person's key. */
static void take_key(struct screen *screen, const struct key_event *event)
{
	macro_hear(screen, event);
	screen_do_key(screen, event);
	macro_go_on(screen); /* it may have begun one, or answered it */
}

void screen_catch_up(struct screen *screen)
{
	while (screen->n_ahead > 0 && !waits_for_rows(screen) && !macro_is_playing(screen) && !screen->wishes.edit && !screen->wishes.suspend) {
		struct key_event event = screen->ahead[0];
		memmove(screen->ahead, screen->ahead + 1, --screen->n_ahead * sizeof event);
		take_key(screen, &event);
	}
}

/* While a macro plays a person's keys wait for its end, but for those that end it. */
static bool behind_macro(struct screen *screen, const struct key_event *event)
{
	if (!macro_is_playing(screen) || macro_is_asking(screen))
		return false;
	if (event->key == KEY_ESCAPE || event->key == (KEY_CTRL | 'c')) {
		screen->n_ahead = 0;
		macro_stop(screen);
		screen_message(screen, ROLE_TEXT, "%s", _("The macro is stopped."));
	} else {
		keep_ahead(screen, event);
	}
	return true;
}

void screen_key(struct screen *screen, const struct key_event *event)
{
	screen_catch_up(screen);
	if (!behind_macro(screen, event) && !put_off(screen, event))
		take_key(screen, event);
}

void screen_do_key(struct screen *screen, const struct key_event *event)
{
	if (screen->wishes.quit || screen->wishes.edit || screen->wishes.suspend)
		return; /* what was typed after it is for somebody else */
	uint64_t version = screen_version(screen);
	bool only_key = version == screen->drawn || version == screen->moved;
	screen->dirt++;
	screen->n_keys++;
	switch (screen->modal) {
	case MODAL_PROMPT:
		prompt_event(screen, event);
		return;
	case MODAL_FILTER:
		filter_prompt_key(screen, event);
		return;
	case MODAL_MENU:
		menu_key(screen, event);
		return;
	case MODAL_PALETTE:
		palette_key(screen, event);
		return;
	case MODAL_COMMAND:
		command_prompt_key(screen, event);
		return;
	case MODAL_NONE:
		break;
	}
	screen->message[0] = '\0';
	if (macro_letter(screen, event) || count_key(screen, event))
		return;
	int count = count_take(screen);
	switch (event->key) {
	case KEY_PASTE:
		return; /* text is for prompts alone */
	case KEY_CLICK:
		click(screen, event->row, event->col);
		return;
	case KEY_WHEEL_UP: case KEY_WHEEL_DOWN:
		for (int i = 0; i < 3; i++)
			screen_command(screen, event->key == KEY_WHEEL_UP ? CMD_UP : CMD_DOWN);
		return;
	case KEY_CTRL | 'z':
		screen->wishes.suspend = true;
		return;
	default:
		break;
	}
	const struct binding *binding =
	    keys_binding(&screen->keys, screen_focused(screen)->type->place, event->key);
	enum command command = binding != NULL ? binding->command : CMD_NONE;
	count_command(screen, command, binding != NULL ? binding->argument : "", count);
	if (command >= CMD_UP && command <= CMD_BOTTOM && only_key)
		screen->moved = screen_version(screen);
}
