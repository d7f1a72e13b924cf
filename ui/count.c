/* SPDX-License-Identifier: Apache-2.0
 *
 * A count before a command, as in vi: `5j` is five rows down, `012G` the twelfth
 * row, `3c` closes three alerts from the cursor down.
 *
 * The digits 1 to 4 are the panes', so a count begins with a digit that is bound
 * to nothing, with 0, or with Alt and a digit as in a shell; once begun, every
 * digit belongs to it. Who gives the panes other keys may begin with any. */
#include <stdio.h>

#include "ui/screen.h"

bool count_key(struct screen *screen, const struct key_event *event)
{
	uint32_t key = event->key, digit = key & ~KEY_ALT;
	if (screen->count.typed && key == KEY_BACKSPACE) {
		screen->count.number /= 10;
		screen->count.typed = screen->count.number > 0;
		return true;
	}
	if (screen->count.typed && (key == KEY_ESCAPE || key == (KEY_CTRL | 'c'))) {
		count_take(screen);
		return true;
	}
	if (digit < '0' || digit > '9')
		return false;
	if (!screen->count.typed &&
	    keys_command(&screen->keys, screen_focused(screen)->type->place, key) != CMD_NONE)
		return false;
	screen->count.typed = true;
	screen->count.number = MIN(screen->count.number * 10 + (int)(digit - '0'), COUNT_MOST);
	return true;
}

int count_take(struct screen *screen)
{
	int number = screen->count.typed ? screen->count.number : 0;
	screen->count.typed = false;
	screen->count.number = 0;
	return number;
}

/* So often, but not on and on at the last row. */
static void again_and_again(struct screen *screen, enum command command, int count)
{
	for (int i = 0; i < count; i++) {
		struct list *list = screen_list(screen);
		int64_t before = list != NULL ? list_selected_id(list) : 0;
		size_t top = list != NULL ? list->top : 0;
		screen_command(screen, command);
		list = screen_list(screen);
		if (list == NULL || (list_selected_id(list) == before && list->top == top))
			break;
	}
}

/* Rows from the cursor down are marked: what will be acted on is seen, also
 * while a menu asks, and it is what marks would have done. */
static bool mark_rows(struct screen *screen, int count)
{
	struct list *list = screen_list(screen);
	if (list_n_marked(list) > 0) {
		screen_message(screen, ROLE_WARN, "%s", _("Rows are marked: the act is for those, without a count."));
		return false;
	}
	for (size_t i = 0; i < (size_t)count && list->selected + i < list->n; i++)
		list->rows[list->selected + i].marked = true;
	screen->counted_marks = true;
	return true;
}

static void refuse(struct screen *screen, enum command command)
{
	screen_message(screen, ROLE_WARN, _("A count means nothing to \u201C%s\u201D."), command_word(command));
}

void count_command(struct screen *screen, enum command command, const char *argument, int count)
{
	struct list *list = screen_list(screen);
	if (screen->on_command != NULL)
		screen->on_command(screen->command_arg, command);
	/* What was counted before and came to nothing is not meant now. */
	if (screen->counted_marks && list != NULL)
		list_unmark(list);
	screen->counted_marks = false;
	if (count == 0 || command == CMD_NONE) {
		screen_order(screen, command, argument);
		return;
	}
	switch ((int)command) {
	case CMD_PLAY:
		macro_play(screen, argument, count);
		return;
	case CMD_UP: case CMD_DOWN: case CMD_PAGE_UP: case CMD_PAGE_DOWN: case CMD_NEXT_SECTION: case CMD_PREV_SECTION: case CMD_MARK:
		again_and_again(screen, command, count);
		return;
	case CMD_TOP: case CMD_BOTTOM:
		if (list == NULL)
			break;
		list_select(list, (size_t)count - 1);
		offers_drop(screen);
		screen->dirt++;
		return;
	case CMD_NEXT_PANE: case CMD_PREV_PANE:
		for (int i = 0; i < count % N_MAIN_PANES; i++)
			screen_command(screen, command);
		return;
	case CMD_BACK:
		for (int i = 0; i == 0 || (i < count && screen->n_views > 0); i++)
			screen_command(screen, command);
		return;
	default:
		break;
	}
	/* Triage of a list of alerts; a view of one has rows of another kind. */
	bool rows = act_is_of_rows(command) && screen_focused(screen)->type->place == PLACE_QUEUE;
	if (!rows)
		refuse(screen, command);
	else if (desk_read_only(screen->board->desk) || mark_rows(screen, count))
		screen_order(screen, command, argument);
}
