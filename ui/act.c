/* SPDX-License-Identifier: Apache-2.0
 *
 * Triage by keys: from a command over what must be asked to an order at the desk. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "ui/act_parts.h"

static bool act_of(enum command command, enum triage_act *act)
{
	static const struct {
		enum command command;
		enum triage_act act;
	} acts[] = { { CMD_ACK, TRIAGE_ACKNOWLEDGE }, { CMD_CLAIM, TRIAGE_CLAIM },
		{ CMD_ASSIGN, TRIAGE_ASSIGN }, { CMD_RELEASE, TRIAGE_RELEASE },
		{ CMD_NOTE, TRIAGE_NOTE }, { CMD_SNOOZE, TRIAGE_SNOOZE }, { CMD_WAKE, TRIAGE_WAKE },
		{ CMD_ESCALATE, TRIAGE_ESCALATE }, { CMD_CLOSE, TRIAGE_CLOSE },
		{ CMD_REOPEN, TRIAGE_REOPEN }, { CMD_SILENCE, TRIAGE_SILENCE }, { CMD_UNSILENCE, TRIAGE_UNSILENCE },
		{ CMD_TAG, TRIAGE_TAG }, { CMD_LINK, TRIAGE_LINK }, { CMD_UNLINK, TRIAGE_UNLINK }, { CMD_MERGE, TRIAGE_MERGE } };
	for (size_t i = 0; i < COUNT_OF(acts); i++) {
		if (acts[i].command == command) {
			*act = acts[i].act;
			return true;
		}
	}
	return false;
}

bool act_is_of_rows(enum command command)
{
	enum triage_act act;
	return command == CMD_EDIT_NOTE || command == CMD_REPEAT || act_of(command, &act);
}

static void put_back(struct screen *screen, bool redo)
{
	const struct desk *desk = screen->board->desk;
	const char *name = redo ? desk_redo_name(desk) : desk_undo_name(desk);
	if (name == NULL || *name == '\0') {
		screen_refuse(screen, "%s", redo ? _("There is nothing to redo.") : _("There is nothing to undo."));
		return;
	}
	struct act *act = act_new(screen);
	act->undo = !redo;
	act->outside = !redo && desk_undo_reaches_out(desk);
	snprintf(act->name, sizeof act->name, "%s", name);
	act->redo = redo;
	(redo ? desk_redo : desk_undo)(screen->board->desk, act_on_done, act);
}

static void begin(struct screen *screen, struct intent *intent)
{
	switch (intent->act) {
	case TRIAGE_CLAIM: case TRIAGE_ACKNOWLEDGE: case TRIAGE_RELEASE: case TRIAGE_WAKE:
	case TRIAGE_REOPEN: case TRIAGE_UNSILENCE: case TRIAGE_UNLINK:
		if (act_told_to_people(screen, intent)) /* nothing else is asked, where it could be seen */
			bulk_preview(screen, intent, "");
		else
			act_submit(screen, intent, "");
		break;
	case TRIAGE_ASSIGN:
		act_ask_text(screen, intent, _("assign to:"), true);
		break;
	case TRIAGE_NOTE:
		act_ask_note(screen, intent);
		break;
	case TRIAGE_TAG:
		act_ask_tags(screen, intent);
		break;
	case TRIAGE_LINK:
		act_ask_alert(screen, intent, _("into the case of alert:"));
		break;
	case TRIAGE_MERGE:
		act_ask_alert(screen, intent, _("duplicate of alert:"));
		break;
	case TRIAGE_ESCALATE:
		act_ask_text(screen, intent, _("why it is worse:"), false);
		break;
	case TRIAGE_SNOOZE:
		act_ask_snooze(screen, intent);
		return; /* the menu has the intent now */
	case TRIAGE_SILENCE:
		act_ask_silence(screen, intent);
		return;
	case TRIAGE_CLOSE:
		act_ask_resolution(screen, intent);
		return;
	case TRIAGE_N_ACTS:
		break;
	}
	free(intent);
}

int64_t act_alert_here(struct pane *pane)
{
	const struct pane_type *type = pane->type;
	const struct alert *shown = type->filter_of == FILTER_ALERTS && type->selected != NULL ? type->selected(pane) : NULL;
	int64_t ids[2];
	size_t n = type->alerts(pane, TRIAGE_NOTE, ids, COUNT_OF(ids));
	if (n > 0 && shown != NULL)
		return shown->id;
	return n == 1 ? ids[0] : 0;
}

/* What would have avoided it: the alert that was closed just now, else that under the cursor. */
static void tune(struct screen *screen, struct pane *pane)
{
	int64_t id = macro_is_playing(screen) ? 0 : screen->closed.tune_id; /* a macro reads no offers */
	screen->closed.tune_id = 0;
	id = id != 0 ? id : act_alert_here(pane);
	if (screen->board->lab == NULL)
		screen_message(screen, ROLE_WARN, "%s", _("Rules cannot be tried here."));
	else if (id != 0)
		screen_open(screen, &view_tuning, id);
	else
		screen_refuse(screen, "%s", _("There is no alert under the cursor."));
}

/* What asks for nothing is seen before where people would hear of it. */
static void go(struct screen *screen, struct intent *intent, const char *text)
{
	if (intent->n == 1 && !intent->confirmed && act_told_to_people(screen, intent))
		bulk_preview(screen, intent, text);
	else
		act_submit(screen, intent, text);
}

static void repeat(struct screen *screen, struct intent *intent)
{
	intent->again = true;
	intent->resolution = screen->last_act.resolution;
	intent->for_ms = screen->last_act.for_ms;
	go(screen, intent, screen->last_act.text);
	free(intent);
}

/* The intent of a command that is possible here; else NULL, and a message. */
static struct intent *intend(struct screen *screen, enum command command, enum triage_act act)
{
	struct pane *pane = screen_focused(screen);
	const int64_t *taken;
	size_t n_taken = bulk_taken(screen, pane, &taken);
	struct intent *intent = mem_zalloc(sizeof *intent + MAX(n_taken, (size_t)TARGETS_MAX) * sizeof intent->ids[0]);
	intent->act = act;
	/* The offer is of the alert that was closed, which the cursor has left. */
	bool offered = command == CMD_SILENCE && screen->closed.offered_id != 0 && !macro_is_playing(screen);
	intent->ids[0] = screen->closed.offered_id;
	if (n_taken > 0 && !offered)
		memcpy(intent->ids, taken, n_taken * sizeof *taken);
	intent->n = offered ? 1 : n_taken > 0 ? n_taken : pane->type->alerts(pane, act, intent->ids, TARGETS_MAX);
	screen->closed.offered_id = 0;
	if (intent->n > 0)
		return intent;
	screen_refuse(screen, "%s", pane->type->place != PLACE_CASE ? _("There is no alert under the cursor.") :
				   act == TRIAGE_REOPEN		     ? _("No alert of the case is closed.") :
								       _("No alert of the case is open."));
	free(intent);
	return NULL;
}

/* A note in one's editor; not while a macro plays, whose keys it would take. */
static void edit_note(struct screen *screen)
{
	struct intent *intent = macro_is_playing(screen) ? NULL : intend(screen, CMD_NOTE, TRIAGE_NOTE);
	if (macro_is_playing(screen))
		screen_refuse(screen, "%s", _("A macro cannot use the editor."));
	if (intent != NULL)
		note_edit_start(screen, intent);
	free(intent);
}

bool act_command(struct screen *screen, enum command command)
{
	struct pane *pane = screen_focused(screen);
	enum triage_act act = screen->last_act.act;
	if (command == CMD_TUNE && pane->type->alerts != NULL) {
		tune(screen, pane);
		return true;
	}
	bool back = command == CMD_UNDO || command == CMD_REDO;
	if (!act_of(command, &act) && !act_is_of_rows(command) && !back)
		return false;
	if (pane->type->alerts == NULL && !back)
		return false;
	if (desk_read_only(screen->board->desk)) {
		screen_message(screen, ROLE_WARN, _("This console is read-only."));
		return true;
	}
	if (back) {
		put_back(screen, command == CMD_REDO);
		return true;
	}
	if (command == CMD_EDIT_NOTE) {
		edit_note(screen);
		return true;
	}
	if (command == CMD_REPEAT && !screen->last_act.any) {
		screen_refuse(screen, "%s", _("There is no act yet to be repeated."));
		return true;
	}
	struct intent *intent = intend(screen, command, act);
	if (intent != NULL && command == CMD_REPEAT)
		repeat(screen, intent);
	else if (intent != NULL)
		begin(screen, intent);
	return true;
}

bool act_order(struct screen *screen, const struct command_line *line)
{
	enum triage_act act;
	if (!act_of(line->command, &act) || screen_focused(screen)->type->alerts == NULL)
		return false;
	if (desk_read_only(screen->board->desk)) {
		screen_message(screen, ROLE_WARN, _("This console is read-only."));
		return true;
	}
	struct intent *intent = intend(screen, line->command, act);
	if (intent == NULL)
		return true;
	intent->resolution = line->resolution;
	intent->for_ms = line->for_ms;
	bool reason_due = line->for_ms > 0 && *line->words == '\0';
	if (reason_due)
		act_ask_text(screen, intent, act == TRIAGE_SNOOZE ? _("why it may wait:") : _("why they may be silent:"), false);
	else
		go(screen, intent, line->words);
	free(intent);
	return true;
}
