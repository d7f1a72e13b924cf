/* SPDX-License-Identifier: Apache-2.0
 *
 * A command, from whomever it comes (key, palette, `:`): triage, then the pane
 * that has the focus, its list, and last what is the same everywhere. */
#include "ui/clip.h"
#include "ui/columns.h"
#include "ui/mask.h"
#include "ui/screen_layout.h"
#include "ui/themes.h"

#include <stdio.h>
#include <string.h>

#include "ui/panes/pivot.h"
#include "ui/panes/trials.h"
#include "ui/past.h"

static void on_filter(struct screen *screen, void *arg, const char *text)
{
	struct pane *pane = arg;
	if (text != NULL && pane == screen_focused(screen))
		filters_set(screen, pane, text);
}

static void on_path(struct screen *screen, void *arg, const char *text)
{
	UNUSED(arg);
	if (text != NULL && *text != '\0')
		screen_leave(screen, LEAVE_IMPORT, text, NULL);
}

void screen_theme(struct screen *screen, const char *name)
{
	struct fault fault;
	if (!theme_named(screen->themes_folder, name, &screen->theme, &fault)) {
		screen_message(screen, ROLE_ERROR, "%s", fault.text);
		return;
	}
	snprintf(screen->theme_name, sizeof screen->theme_name, "%s", name);
	screen->wishes.restyle = true;
	screen_message(screen, ROLE_TEXT, _("Theme: %s"), screen->theme.name);
}

static void say_unknown(struct screen *screen)
{
	char key[KEY_NAME_BYTES];
	screen_refuse(screen, _("This key does nothing here; %s shows those that do."),
	    screen_key_name(screen, CMD_HELP, key));
}

static void general(struct screen *screen, enum command command)
{
	struct pane *pane = screen_focused(screen);
	char key[KEY_NAME_BYTES];
	switch ((int)command) {
	case CMD_BACK:
		if (screen->n_views > 0)
			screen_close_view(screen);
		else if (past_leave(screen))
			break;
		else if (pane_filter(pane) != NULL && *pane_filter(pane) != '\0')
			filters_set(screen, pane, "");
		else if (screen->zoomed)
			screen_command(screen, CMD_ZOOM);
		else /* one key too many at night must not end the watch */
			screen_refuse(screen, _("Nothing to go back to; %s leaves the console."),
			    screen_key_name(screen, CMD_QUIT, key));
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
		if (pane->type->row != NULL)
			filter_prompt_start(screen);
		else if (pane_filter(pane) != NULL)
			screen_prompt(screen, _("filter:"), pane_filter(pane), &screen->filter_history, NULL, NULL,
			    on_filter, pane);
		break;
	case CMD_PIVOT:
		pivot_open(pane);
		break;
	case CMD_CLEAR_FILTER:
		if (pane_filter(pane) != NULL)
			filters_set(screen, pane, "");
		break;
	case CMD_FREEZE:
		if (pane_list(pane) != NULL) {
			struct list *list = pane_list(pane);
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
		if (desk_read_only(screen->board->desk))
			screen_message(screen, ROLE_WARN, _("This console is read-only."));
		else if (screen_can_leave(screen))
			screen_prompt(screen, _("file:"), "", NULL, NULL, NULL, on_path, NULL);
		break;
	case CMD_DEMO:
		screen_leave(screen, LEAVE_DEMO, NULL, NULL);
		break;
	case CMD_DOCTOR:
		screen_leave(screen, LEAVE_DOCTOR, NULL, NULL);
		break;
	case CMD_RULES:
		screen_open(screen, &view_rules, 0);
		break;
	case CMD_REPLAY: case CMD_REHEARSE:
		trials_begin(screen, command, "");
		break;
	case CMD_SETTINGS:
		if (screen->settings != NULL)
			screen_open(screen, &view_settings, 0);
		break;
	case CMD_SILENCES:
		screen_open(screen, &view_silences, 0);
		break;
	case CMD_ORGANISATIONS:
		screen_open(screen, &view_organisations, 0);
		break;
	case CMD_DAY:
		screen_open(screen, &view_day, 0);
		break;
	case CMD_HANDOVER:
		screen_open(screen, &view_handover, 0);
		break;
	case CMD_AUDIT:
		screen_open(screen, &view_audit, 0);
		break;
	case CMD_HELP:
		if (pane->type != &view_help)
			screen_open(screen, &view_help, (int64_t)pane->type->place);
		break;
	case CMD_SYNC_NOW:
		if (screen->board->health->sync == SYNC_NO_LOGIN) {
			screen_refuse(screen, "%s", _("Nobody has signed in: Webex cannot be asked."));
		} else if (screen->board->sync_now != NULL) {
			screen->board->sync_now(screen->board);
			screen_message(screen, ROLE_OK, _("Webex will be asked now."));
		}
		break;
	case CMD_MASK:
		mask_toggle(screen);
		break;
	case CMD_ZONE: {
		const char *label;
		zones_next(&screen->zones);
		zones_current(&screen->zones, &label);
		screen_message(screen, ROLE_TEXT, _("Times are in %s."), label);
		break;
	}
	case CMD_THEME:
		themes_menu(screen, NULL);
		break;
	case CMD_MOUSE:
		screen->wishes.mouse = !screen->wishes.mouse;
		screen->wishes.mouse_changed = true;
		screen_message(screen, ROLE_TEXT, "%s",
		    screen->wishes.mouse ? _("Mouse on: wheel and clicks.") : _("Mouse off."));
		break;
	case CMD_COPY:
		if (!clip_once_more(screen))
			clip_copy(screen, CLIP_TEXT);
		break;
	case CMD_COPY_AS:
		clip_menu(screen);
		break;
	case CMD_LAYOUT:
		layout_menu(screen);
		break;
	case CMD_WIDER: case CMD_NARROWER:
		layout_move(screen, command == CMD_WIDER ? LAYOUT_STEP : -LAYOUT_STEP, 0);
		break;
	case CMD_TALLER: case CMD_LOWER:
		layout_move(screen, 0, command == CMD_TALLER ? LAYOUT_STEP : -LAYOUT_STEP);
		break;
	case CMD_COLUMNS:
		columns_menu(screen);
		break;
	case CMD_ROOMY:
		rows_roomy(screen);
		break;
	case CMD_REDRAW:
		screen->wishes.redraw = true;
		break;
	case CMD_PALETTE:
		palette_start(screen);
		break;
	case CMD_PROMPT:
		command_prompt_start(screen);
		break;
	case CMD_RECORD:
		macro_record(screen, "");
		break;
	case CMD_PLAY:
		macro_play(screen, "", 0);
		break;
	case CMD_QUIT:
		screen->wishes.quit = !contain_stays(screen);
		break;
	default:
		say_unknown(screen);
		break;
	}
}

void screen_command(struct screen *screen, enum command command)
{
	/* Whoever goes on has declined. */
	if (command != CMD_SILENCE)
		screen->closed.offered_id = 0;
	if (command != CMD_TUNE)
		screen->closed.tune_id = 0;
	if (command != CMD_COPY)
		screen->copied.just = false;
	struct pane *pane = screen_focused(screen);
	screen->dirt++;
	if (command == CMD_NONE) {
		say_unknown(screen);
		return;
	}
	if (macro_asks(screen, command, "") || past_refuses(screen, command))
		return;
	if (bulk_command(screen, command) || new_alert_command(screen, command) || contain_command(screen, command) || act_command(screen, command) || filters_command(screen, command))
		return;
	if (pane->type->command != NULL && pane->type->command(pane, command))
		return;
	struct document *document = pane_document(pane);
	if (document != NULL && command == CMD_OPEN) {
		screen_follow(screen, document_target(document));
		return;
	}
	struct list *list = pane_list(pane);
	if (document != NULL ? document_command(document, command) : list != NULL && list_command(list, command))
		return;
	if (!past_command(screen, command))
		general(screen, command);
}
