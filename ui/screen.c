/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/screen.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/mem.h"

#define MESSAGE_MS 8000

/* ---- beginning and end --------------------------------------------------------- */

static void load_looks(struct screen *screen, const struct screen_options *options)
{
	struct fault fault;
	theme_default(&screen->theme);
	snprintf(screen->theme_name, sizeof screen->theme_name, "%s",
	    options->theme != NULL && *options->theme != '\0' ? options->theme : "davivienda");
	/* A person's mistake in a file must not keep the console shut: what is
	 * wrong is said and the default stays. */
	if (!theme_named(screen->themes_folder, screen->theme_name, &screen->theme, &fault)) {
		log_unusual("%s", fault.text);
		screen_message(screen, ROLE_ERROR, "%s", fault.text);
		if (!theme_named(screen->themes_folder, "davivienda", &screen->theme, &fault))
			theme_default(&screen->theme);
	}
	keys_init(&screen->keys);
	if (options->keys_file != NULL && !keys_read(&screen->keys, options->keys_file, &fault)) {
		log_unusual("%s", fault.text);
		screen_message(screen, ROLE_ERROR, "%s", fault.text);
	}
}

struct screen *screen_new(const struct screen_options *options, struct board *board)
{
	struct screen *screen = mem_zalloc(sizeof *screen);
	screen->board = board;
	screen->themes_folder = mem_strdup(options->themes_folder);
	screen->organisation = mem_strdup(or_empty(options->organisation));
	screen->masked = options->masked;
	screen->on_leave = options->on_leave;
	screen->leave_arg = options->leave_arg;
	canvas_init(&screen->canvas, 24, 80);
	screen->canvas.ascii = options->ascii;
	load_looks(screen, options);
	for (size_t i = 0; i < N_MAIN_PANES; i++)
		screen->panes[i] = pane_new(main_panes[i], screen, 0);
	screen->focus = N_MAIN_PANES - 1; /* the queue: what people come for */
	screen_resize(screen, 24, 80);
	return screen;
}

void screen_drop_modal(struct screen *screen)
{
	if (screen->modal == MODAL_MENU)
		free(screen->menu.arg);
	if (screen->modal == MODAL_PROMPT && screen->prompt_done != NULL)
		screen->prompt_done(screen, screen->prompt_arg, NULL);
	screen->modal = MODAL_NONE;
}

void screen_free(struct screen *screen)
{
	if (screen == NULL)
		return;
	screen_drop_modal(screen);
	while (screen->n_views > 0)
		pane_free(screen->views[--screen->n_views]);
	for (size_t i = 0; i < N_MAIN_PANES; i++)
		pane_free(screen->panes[i]);
	acts_forget(screen);
	zones_clear(&screen->zones);
	keys_clear(&screen->keys);
	canvas_clear(&screen->canvas);
	text_clear(&screen->wishes.copy);
	free(screen->themes_folder);
	free(screen->organisation);
	free(screen);
}

void screen_resize(struct screen *screen, int rows, int cols)
{
	canvas_resize(&screen->canvas, rows, cols);
	layout_make(&screen->layout, screen->canvas.rows, screen->canvas.cols, screen->zoomed);
	screen->dirt++;
}

/* ---- time ------------------------------------------------------------------------ */

static bool on_screen(const struct screen *screen, size_t pane)
{
	/* The queue's counts stand in the header and locations know the zones. */
	return screen->layout.tiled || pane == screen->focus || pane == 0 || pane == N_MAIN_PANES - 1;
}

/* Nobody signed in and nothing stored: the first steps are what is needed. */
static void greet(struct screen *screen)
{
	const struct board *board = screen->board;
	if (board->sign_in == NULL || board->health->sync != SYNC_NO_LOGIN || screen->n_views > 0)
		return;
	for (size_t i = 0; i < N_MAIN_PANES; i += N_MAIN_PANES - 1) {
		const struct pane *pane = screen->panes[i];
		if (!pane->answered || pane->fault.code != FAULT_NONE)
			return;
		screen->greeted |= screen->panes[i]->type->list(screen->panes[i])->n > 0;
	}
	if (!screen->greeted)
		screen_open(screen, &view_sign_in, 0);
	screen->greeted = true;
}

void screen_tick(struct screen *screen, int64_t steady_ms)
{
	screen->steady_ms = steady_ms;
	for (size_t i = 0; i < N_MAIN_PANES; i++)
		if (on_screen(screen, i) && screen->panes[i]->type->refresh != NULL)
			screen->panes[i]->type->refresh(screen->panes[i]);
	if (!screen->greeted)
		greet(screen);
	struct pane *top = screen_focused(screen);
	if (screen->n_views > 0 && top->type->refresh != NULL)
		top->type->refresh(top);
	if (screen->message[0] != '\0' && steady_ms > screen->message_until_ms) {
		screen->message[0] = '\0';
		screen->dirt++;
	}
}

bool screen_is_waiting(const struct screen *screen)
{
	for (size_t i = 0; i < N_MAIN_PANES; i++)
		if (on_screen(screen, i) && screen->panes[i]->waiting && !screen->panes[i]->answered)
			return true;
	return false;
}

uint64_t screen_version(const struct screen *screen)
{
	const struct board *board = screen->board;
	return screen->dirt + board->alerts_version + board->calls_version + board->health_version +
	    (board->live != NULL ? live_calls_version(board->live) : 0);
}

/* ---- services -------------------------------------------------------------------- */

struct pane *screen_focused(struct screen *screen)
{
	return screen->n_views > 0 ? screen->views[screen->n_views - 1] : screen->panes[screen->focus];
}

void screen_open(struct screen *screen, const struct pane_type *type, int64_t id)
{
	struct pane *top = screen_focused(screen);
	if (screen->n_views > 0 && top->type == type && top->id == id)
		return;
	if (screen->n_views == VIEWS_MAX) { /* the oldest goes: back still leads home */
		pane_free(screen->views[0]);
		memmove(screen->views, screen->views + 1, (VIEWS_MAX - 1) * sizeof screen->views[0]);
		screen->n_views--;
	}
	struct pane *view = pane_new(type, screen, id);
	screen->views[screen->n_views++] = view;
	screen->dirt++;
	/* It alone: whoever opens it may be in the middle of its own rows. */
	if (type->refresh != NULL)
		type->refresh(view);
}

void screen_close_view(struct screen *screen)
{
	if (screen->n_views == 0)
		return;
	pane_free(screen->views[--screen->n_views]);
	screen->dirt++;
}

void screen_focus(struct screen *screen, size_t pane)
{
	while (screen->n_views > 0)
		screen_close_view(screen);
	screen->focus = pane % N_MAIN_PANES;
	screen->dirt++;
}

void screen_message(struct screen *screen, enum role role, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(screen->message, sizeof screen->message, format, arguments);
	va_end(arguments);
	screen->message_role = role;
	screen->message_until_ms = screen->steady_ms + MESSAGE_MS;
	screen->dirt++;
}

void screen_prompt(struct screen *screen, const char *label, const char *text,
    struct prompt_history *history, bool (*check)(void *, const char *, struct fault *, size_t *),
    void *check_arg, void (*done)(struct screen *, void *, const char *), void *arg)
{
	screen_drop_modal(screen);
	prompt_start(&screen->prompt, label, text, history, check, check_arg);
	screen->prompt_done = done;
	screen->prompt_arg = arg;
	screen->modal = MODAL_PROMPT;
	screen->message[0] = '\0';
	screen->dirt++;
}

bool screen_can_leave(const struct screen *screen)
{
	return screen->on_leave != NULL;
}

void screen_leave(struct screen *screen, enum leave leave, const char *text, const char *secret)
{
	if (!screen_can_leave(screen))
		return;
	screen->on_leave(screen->leave_arg, leave, text, secret);
	screen->wishes.quit = true;
}

struct menu *screen_menu(struct screen *screen, const char *title,
    void (*on_choose)(struct screen *, void *, const struct menu_item *), void *arg)
{
	screen_drop_modal(screen);
	screen->menu = (struct menu){ .on_choose = on_choose, .arg = arg };
	snprintf(screen->menu.title, sizeof screen->menu.title, "%s", title);
	screen->modal = MODAL_MENU;
	screen->message[0] = '\0';
	screen->dirt++;
	return &screen->menu;
}

void screen_follow(struct screen *screen, struct target target)
{
	switch (target.kind) {
	case TARGET_NONE:
		break;
	case TARGET_LEG:
		screen_open(screen, &view_raw, target.id);
		break;
	case TARGET_CALL:
		screen_open(screen, &view_call, target.id);
		break;
	case TARGET_ALERT:
		screen_open(screen, &view_alert, target.id);
		break;
	case TARGET_COMMAND:
		screen_close_view(screen); /* help: then do it where it was asked for */
		screen_command(screen, (enum command)target.id);
		break;
	}
}

/* ---- commands ---------------------------------------------------------------------- */

static bool is_triage(enum command command)
{
	return command >= CMD_ACK && command <= CMD_UNDO;
}

bool screen_offers(struct screen *screen, enum command command)
{
	struct pane *pane = screen_focused(screen);
	if (is_triage(command) && (desk_read_only(screen->board->desk) || pane->type->alerts == NULL))
		return false;
	if (command == CMD_COPY && pane->type->text == NULL)
		return false;
	if (command == CMD_SIGN_IN && screen->board->sign_in == NULL)
		return false;
	if ((command == CMD_IMPORT || command == CMD_DEMO || command == CMD_DOCTOR) && !screen_can_leave(screen))
		return false;
	if (command == CMD_SYNC_NOW && screen->board->sync_now == NULL)
		return false;
	return keys_of(&screen->keys, pane->type->place, command) != 0;
}

static void on_filter(struct screen *screen, void *arg, const char *text)
{
	struct pane *pane = arg;
	if (text != NULL && pane == screen_focused(screen))
		pane->type->set_filter(pane, text);
}

static void on_path(struct screen *screen, void *arg, const char *text)
{
	UNUSED(arg);
	if (text != NULL && *text != '\0')
		screen_leave(screen, LEAVE_IMPORT, text, NULL);
}

static void on_command_name(struct screen *screen, void *arg, const char *text)
{
	enum command command;
	UNUSED(arg);
	if (text != NULL && command_named(text, &command))
		screen_command(screen, command);
}

static bool check_command_name(void *arg, const char *text, struct fault *fault, size_t *offset)
{
	enum command command;
	UNUSED(arg);
	if (command_named(text, &command))
		return true;
	size_t best = 0; /* point at where it stops being any command's name */
	for (int i = 1; i < N_COMMANDS; i++) {
		const char *name = command_name((enum command)i);
		size_t same = 0;
		while (text[same] != '\0' && name[same] == text[same])
			same++;
		best = MAX(best, same);
		if (text[same] == '\0') {
			*offset = same;
			return fault_set(fault, FAULT_USAGE, "%s\u2026", name);
		}
	}
	*offset = best;
	return fault_set(fault, FAULT_USAGE, "%s", _("no such command"));
}

static void next_theme(struct screen *screen)
{
	char names[32][64];
	struct fault fault;
	size_t n = theme_list(screen->themes_folder, names, COUNT_OF(names)), i = 0;
	if (n == 0)
		return;
	while (i < n && strcmp(names[i], screen->theme_name) != 0)
		i++;
	const char *name = names[i + 1 < n ? i + 1 : 0];
	if (!theme_named(screen->themes_folder, name, &screen->theme, &fault)) {
		screen_message(screen, ROLE_ERROR, "%s", fault.text);
		return;
	}
	snprintf(screen->theme_name, sizeof screen->theme_name, "%.63s", name);
	screen->wishes.restyle = true;
	screen_message(screen, ROLE_TEXT, _("Theme: %s"), screen->theme.name);
}

static void copy(struct screen *screen, struct pane *pane)
{
	static char text[48 * 1024];
	size_t n = pane->type->text != NULL ? pane->type->text(pane, text, sizeof text) : 0;
	if (n == 0)
		return;
	text_reset(&screen->wishes.copy);
	text_add(&screen->wishes.copy, text, n);
	screen_message(screen, ROLE_OK, _("Copied."));
}

static void say_unknown(struct screen *screen)
{
	char key[KEY_NAME_BYTES];
	uint32_t help = keys_of(&screen->keys, screen_focused(screen)->type->place, CMD_HELP);
	screen_message(screen, ROLE_TEXT, _("This key does nothing here; %s shows those that do."),
	    key_name(help != 0 ? help : '?', key));
}

static void general(struct screen *screen, enum command command)
{
	struct pane *pane = screen_focused(screen);
	switch ((int)command) {
	case CMD_BACK:
		if (screen->n_views > 0)
			screen_close_view(screen);
		else if (pane->type->filter != NULL && *pane->type->filter(pane) != '\0')
			pane->type->set_filter(pane, "");
		else if (screen->zoomed)
			screen_command(screen, CMD_ZOOM);
		else /* one key too many at night must not end the watch */
			screen_message(screen, ROLE_TEXT, _("Nothing to go back to; Q leaves the console."));
		break;
	case CMD_NEXT_PANE:
		screen_focus(screen, screen->focus + 1);
		break;
	case CMD_PREV_PANE:
		screen_focus(screen, screen->focus + N_MAIN_PANES - 1);
		break;
	case CMD_PANE_1: case CMD_PANE_2: case CMD_PANE_3: case CMD_PANE_4:
		screen_focus(screen, (size_t)(command - CMD_PANE_1));
		break;
	case CMD_ZOOM:
		screen->zoomed = !screen->zoomed;
		screen_resize(screen, screen->canvas.rows, screen->canvas.cols);
		break;
	case CMD_FILTER:
		if (pane->type->set_filter != NULL)
			screen_prompt(screen, _("filter:"), pane->type->filter(pane), &screen->filter_history,
			    pane->type->check_filter, pane, on_filter, pane);
		break;
	case CMD_CLEAR_FILTER:
		if (pane->type->set_filter != NULL)
			pane->type->set_filter(pane, "");
		break;
	case CMD_FREEZE:
		if (pane->type->list != NULL) {
			struct list *list = pane->type->list(pane);
			list->frozen = !list->frozen;
			screen_message(screen, ROLE_TEXT, "%s",
			    list->frozen ? _("Frozen: nothing here moves.") : _("Thawed."));
		}
		break;
	case CMD_CALLS:
		screen_open(screen, &view_calls, 0);
		break;
	case CMD_SYNC:
		screen_open(screen, &view_sync, 0);
		break;
	case CMD_LOG:
		screen_open(screen, &view_log, 0);
		break;
	case CMD_SIGN_IN:
		screen_open(screen, &view_sign_in, 0);
		break;
	case CMD_IMPORT:
		if (screen_can_leave(screen))
			screen_prompt(screen, _("file:"), "", NULL, NULL, NULL, on_path, NULL);
		break;
	case CMD_DEMO:
		screen_leave(screen, LEAVE_DEMO, NULL, NULL);
		break;
	case CMD_DOCTOR:
		screen_leave(screen, LEAVE_DOCTOR, NULL, NULL);
		break;
	case CMD_AUDIT:
		screen_open(screen, &view_audit, 0);
		break;
	case CMD_HELP:
		if (pane->type != &view_help)
			screen_open(screen, &view_help, (int64_t)pane->type->place);
		break;
	case CMD_SYNC_NOW:
		if (screen->board->sync_now != NULL) {
			screen->board->sync_now(screen->board);
			screen_message(screen, ROLE_OK, _("Webex will be asked now."));
		}
		break;
	case CMD_MASK:
		screen->masked = !screen->masked;
		screen_message(screen, ROLE_TEXT, "%s",
		    screen->masked ? _("Numbers are masked.") : _("Numbers are shown whole."));
		break;
	case CMD_ZONE: {
		const char *label;
		zones_next(&screen->zones);
		zones_current(&screen->zones, &label);
		screen_message(screen, ROLE_TEXT, _("Times are in %s."), label);
		break;
	}
	case CMD_THEME:
		next_theme(screen);
		break;
	case CMD_MOUSE:
		screen->wishes.mouse = !screen->wishes.mouse;
		screen->wishes.mouse_changed = true;
		screen_message(screen, ROLE_TEXT, "%s",
		    screen->wishes.mouse ? _("Mouse on: wheel and clicks.") : _("Mouse off."));
		break;
	case CMD_COPY:
		copy(screen, pane);
		break;
	case CMD_REDRAW:
		screen->wishes.redraw = true;
		break;
	case CMD_PALETTE:
		palette_start(screen);
		break;
	case CMD_PROMPT:
		screen_prompt(screen, ":", "", &screen->command_history, check_command_name, NULL,
		    on_command_name, NULL);
		break;
	case CMD_QUIT:
		screen->wishes.quit = true;
		break;
	default:
		say_unknown(screen);
		break;
	}
}

void screen_command(struct screen *screen, enum command command)
{
	struct pane *pane = screen_focused(screen);
	screen->dirt++;
	if (command == CMD_NONE) {
		say_unknown(screen);
		return;
	}
	if (act_command(screen, command))
		return;
	if (pane->type->command != NULL && pane->type->command(pane, command))
		return;
	if (pane->type->list != NULL && list_command(pane->type->list(pane), command))
		return;
	general(screen, command);
}

/* ---- keys ----------------------------------------------------------------------------- */

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
	if (pane->type->list == NULL || !inside(box, row, col))
		return;
	/* Under the frame (when there is one) stand the titles. */
	struct list *list = pane->type->list(pane);
	int first = box.row + 1 + (screen->layout.tiled && screen->n_views == 0 ? 1 : 0);
	if (row >= first)
		list_select(list, list->top + (size_t)(row - first));
}

static void prompt_event(struct screen *screen, const struct key_event *event)
{
	enum prompt_result result = prompt_key(&screen->prompt, event);
	if (result == PROMPT_GOES_ON)
		return;
	screen->modal = MODAL_NONE;
	void (*done)(struct screen *, void *, const char *) = screen->prompt_done;
	screen->prompt_done = NULL;
	char text[PROMPT_BYTES];
	memcpy(text, screen->prompt.text, sizeof text);
	if (screen->prompt.hidden)
		mem_wipe(screen->prompt.text, sizeof screen->prompt.text);
	if (done != NULL)
		done(screen, screen->prompt_arg, result == PROMPT_ACCEPTED ? text : NULL);
	mem_wipe(text, sizeof text);
}

void screen_key(struct screen *screen, const struct key_event *event)
{
	uint64_t version = screen_version(screen);
	bool only_key = version == screen->drawn || version == screen->moved;
	screen->dirt++;
	switch (screen->modal) {
	case MODAL_PROMPT:
		prompt_event(screen, event);
		return;
	case MODAL_MENU:
		menu_key(screen, event);
		return;
	case MODAL_PALETTE:
		palette_key(screen, event);
		return;
	case MODAL_NONE:
		break;
	}
	screen->message[0] = '\0';
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
	enum command command =
	    keys_command(&screen->keys, screen_focused(screen)->type->place, event->key);
	screen_command(screen, command);
	if (command >= CMD_UP && command <= CMD_BOTTOM && only_key)
		screen->moved = screen_version(screen);
}

/* ---- drawing ------------------------------------------------------------------------------ */

void screen_draw(struct screen *screen)
{
	uint64_t version = screen_version(screen);
	bool moved = version == screen->moved && version != screen->drawn;
	screen->drawn = version;
	if (moved && screen->layout.tiled && screen->n_views == 0 && screen->modal == MODAL_NONE) {
		frame_draw_focused(screen);
		return;
	}
	canvas_erase(&screen->canvas, ROLE_TEXT);
	if (!screen->layout.fits) {
		canvas_printf(&screen->canvas, 0, 0, screen->canvas.cols, ROLE_WARN,
		    _("Too small: %dx%d, needs %dx%d"), screen->canvas.cols, screen->canvas.rows,
		    LEAST_COLS, LEAST_ROWS);
		return;
	}
	frame_draw(screen);
	modal_draw(screen);
}
