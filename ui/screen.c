/* SPDX-License-Identifier: Apache-2.0
 *
 * What is on the screen: panes, views over them, a message, the picture. What a
 * command does stands in screen_commands.c, where a key goes in screen_keys.c. */
#include "ui/screen.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/mem.h"
#include "ui/export.h"
#include "ui/history_file.h"
#include "ui/mask.h"
#include "ui/pick.h"
#include "ui/panes/silence_parts.h"
#include "ui/screen_layout.h"
#include "ui/step_words.h"

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
	screen->keys_file = mem_strdup(options->keys_file);
	keys_init(&screen->keys);
	if (options->keys_file != NULL && !keys_read(&screen->keys, options->keys_file, &fault)) {
		log_unusual("%s", fault.text);
		screen_message(screen, ROLE_ERROR, "%s", fault.text);
	}
}

static void load_history(struct screen *screen, const char *path)
{
	struct fault fault = { 0 };
	if (path == NULL || *path == '\0')
		return;
	if (!history_file_read(path, &screen->command_history, &screen->filter_history, &fault)) {
		log_unusual("%s", fault.text);
		screen_message(screen, ROLE_WARN, "%s", fault.text);
		return;
	}
	screen->history_file = mem_strdup(path);
	for (size_t i = MIN(screen->command_history.n, (size_t)RECENT_MOST); i-- > 0;) {
		struct command_line line;
		size_t offset;
		if (command_line_read(screen->command_history.lines[i], &line, &fault, &offset))
			screen_used(screen, line.command);
	}
}

static void keep_history(struct screen *screen)
{
	struct fault fault;
	if (screen->history_file == NULL)
		return;
	if (screen->command_history.n_new + screen->filter_history.n_new > 0 && !history_file_write(screen->history_file, &screen->command_history, &screen->filter_history, &fault))
		log_unusual("%s", fault.text);
	free(screen->history_file);
}

struct screen *screen_new(const struct screen_options *options, struct board *board)
{
	struct screen *screen = mem_zalloc(sizeof *screen);
	screen->board = board;
	screen->themes_folder = mem_strdup(options->themes_folder);
	screen->organisation = mem_strdup(or_empty(options->organisation));
	screen->one_of_several = options->one_of_several;
	screen->masked = screen->masked_by_rule = options->masked;
	screen->linear = options->linear;
	screen->settings = options->settings;
	screen->shift_ms = options->shift_ms <= 0 ? SHIFT_MS : MIN(MAX(options->shift_ms, HOUR_MS), 7 * DAY_MS);
	screen->on_leave = options->on_leave;
	screen->leave_arg = options->leave_arg;
	canvas_init(&screen->canvas, 24, 80);
	screen->canvas.ascii = options->ascii;
	screen->canvas.plain = options->linear;
	screen->macros = macros_new();
	load_looks(screen, options);
	load_history(screen, options->history_file);
	looks_begin(screen, options->looks_file);
	layout_begin(screen);
	macro_load(screen);
	screen->sticky_filters = options->sticky_filters;
	screen->on_keep = options->on_keep;
	screen->on_command = options->on_command;
	screen->command_arg = options->command_arg;
	screen->on_errand = options->on_errand;
	screen->keep_arg = options->keep_arg;
	if (options->book != NULL) {
		screen->book = *options->book;
		*options->book = (struct filter_book){ 0 };
	}
	for (size_t i = 0; i < N_MAIN_PANES; i++)
		screen->panes[i] = pane_new(main_panes[i], screen, 0);
	screen->focus = N_MAIN_PANES - 1; /* the queue: what people come for */
	screen_resize(screen, 24, 80);
	for (size_t i = 0; i < N_MAIN_PANES; i++)
		filters_begin(screen, screen->panes[i]);
	if (options->organisations)
		screen_open(screen, &view_organisations, 0);
	if (options->alert != 0)
		screen_open(screen, &view_alert, options->alert);
	if (options->book_fault != NULL)
		screen_message(screen, ROLE_ERROR, "%s", options->book_fault->text);
	return screen;
}

void screen_drop_modal(struct screen *screen)
{
	if (screen->modal == MODAL_MENU) {
		struct menu *menu = &screen->menu;
		if (menu->on_cancel != NULL)
			menu->on_cancel(screen, menu->arg, menu->selected < menu->n ? &menu->items[menu->selected] : NULL);
		free(menu->arg);
		menu->arg = NULL;
	}
	pick_end(screen);
	if (screen->modal == MODAL_PROMPT && screen->prompt_done != NULL)
		screen->prompt_done(screen, screen->prompt_arg, NULL);
	if (screen->prompt.hidden)
		mem_wipe(&screen->prompt, sizeof screen->prompt);
	screen->modal = MODAL_NONE;
}

void screen_free(struct screen *screen)
{
	if (screen == NULL)
		return;
	screen_drop_modal(screen);
	bulk_free(screen);
	note_edit_free(screen);
	presence_end(screen);
	keep_history(screen);
	while (screen->n_views > 0)
		pane_free(screen->views[--screen->n_views]);
	for (size_t i = 0; i < N_MAIN_PANES; i++)
		pane_free(screen->panes[i]);
	acts_forget(screen);
	contain_forget(screen);
	export_drop(screen);
	silence_acts_forget(screen);
	mask_forget(screen);
	history_forget(screen->board->history, screen);
	history_forget(screen->board->history, &screen->silence_debt);
	zones_clear(&screen->zones);
	keys_clear(&screen->keys);
	macros_free(screen->macros);
	canvas_clear(&screen->canvas);
	text_clear(&screen->wishes.copy);
	text_clear(&screen->copied.text);
	text_clear(&screen->expanded);
	filter_book_clear(&screen->book);
	looks_clear(&screen->looks);
	free(screen->looks_file);
	free(screen->themes_folder);
	free(screen->keys_file);
	free(screen->organisation);
	step_words_clear();
	free(screen);
}

void screen_resize(struct screen *screen, int rows, int cols)
{
	canvas_resize(&screen->canvas, rows, cols);
	layout_make(&screen->layout, &screen->plan, screen->canvas.rows, screen->canvas.cols, screen->zoomed || screen->linear);
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
		screen->greeted |= pane_list(screen->panes[i])->n > 0;
	}
	if (!screen->greeted)
		screen_open(screen, &view_sign_in, 0);
	screen->greeted = true;
}

void screen_tick(struct screen *screen, int64_t steady_ms)
{
	if (screen->steady_ms == 0 && screen->message[0] != '\0')
		screen->message_until_ms = steady_ms + MESSAGE_MS; /* said before there was a clock */
	screen->steady_ms = steady_ms;
	screen_catch_up(screen);
	for (size_t i = 0; i < N_MAIN_PANES; i++)
		if (on_screen(screen, i) && screen->panes[i]->type->refresh != NULL)
			screen->panes[i]->type->refresh(screen->panes[i]);
	silence_debt_refresh(screen);
	if (!screen->greeted)
		greet(screen);
	struct pane *top = screen_focused(screen);
	if (screen->n_views > 0 && top->type->refresh != NULL)
		top->type->refresh(top);
	macro_go_on(screen);
	reload_tick(screen);
	presence_tick(screen);
	acts_wait(screen);
	if (screen->linear)
		linear_news(screen);
	if (screen->message[0] != '\0' && steady_ms > screen->message_until_ms) {
		offers_drop(screen);
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
	    (board->lab != NULL ? lab_version(board->lab) : 0) + (board->live != NULL ? live_calls_version(board->live) : 0);
}

/* ---- services -------------------------------------------------------------------- */

struct pane *screen_focused(struct screen *screen)
{
	return screen->n_views > 0 ? screen->views[screen->n_views - 1] : screen->panes[screen->focus];
}

bool screen_focus_is_waiting(struct screen *screen)
{
	const struct pane *pane = screen_focused(screen);
	return pane->waiting && !pane->answered;
}

struct list *screen_list(struct screen *screen)
{
	return pane_list(screen_focused(screen));
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
	filters_begin(screen, view);
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

struct screen_place screen_place(struct screen *screen)
{
	const struct pane *pane = screen_focused(screen);
	return (struct screen_place){ pane->type, pane->id, screen->n_views };
}

bool screen_waits_at(struct screen *screen, struct screen_place place)
{
	struct screen_place now = screen_place(screen);
	return screen->modal == MODAL_NONE && now.type == place.type && now.id == place.id && now.n_views == place.n_views;
}

struct screen_moment screen_moment(struct screen *screen)
{
	return (struct screen_moment){ screen_place(screen), screen->n_keys };
}

bool screen_waits_since(struct screen *screen, struct screen_moment moment)
{
	return screen_waits_at(screen, moment.place) && screen->n_keys == moment.n_keys;
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
	offers_drop(screen);
	screen->message_until_ms = screen->steady_ms + MESSAGE_MS;
	screen->n_refused += role == ROLE_WARN || role == ROLE_ERROR;
	screen->dirt++;
}

void screen_refuse(struct screen *screen, const char *format, ...)
{
	char text[sizeof screen->message];
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(text, sizeof text, format, arguments);
	va_end(arguments);
	screen_message(screen, ROLE_TEXT, "%s", text);
	screen->n_refused++;
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

void screen_errand(struct screen *screen, struct errand *errand)
{
	if (screen->on_errand != NULL) {
		screen->on_errand(screen->keep_arg, errand);
		return;
	}
	errand->work(errand);
	errand->done(errand, screen);
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
	case TARGET_NONE: case TARGET_SUBJECT:
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
	case TARGET_RULE:
		screen_open(screen, &view_rule, target.id);
		break;
	case TARGET_COMMAND:
		screen_close_view(screen); /* help: then do it where it was asked for */
		screen_command(screen, (enum command)target.id);
		break;
	}
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
	if (screen->linear)
		linear_cursor(screen);
}
