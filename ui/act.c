/* SPDX-License-Identifier: Apache-2.0
 *
 * Triage by keys: from a command over what must be asked (a resolution, a
 * reason, a name) to an order at the desk, and back to a sentence. The model
 * is never changed here; the row changes when the store has committed. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "ui/screen.h"

#define TARGETS_MAX 5000

/* What is about to be ordered, while menus and prompts fill it in. */
struct intent {
	enum triage_act act;
	enum resolution resolution;
	int64_t for_ms; /* snooze, silence */
	bool again;	/* it is the last act once more */
	size_t n;
	int64_t ids[];
};

/* What was ordered and not answered yet. The desk calls back even when the
 * screen is gone: then `screen` is NULL. */
struct act {
	struct screen *screen;
	struct act *next;
	enum triage_act act;
	enum resolution resolution;
	bool undo, again;
	int64_t id; /* of the only one; 0: several */
	char name[160]; /* again: all of what was done */
};

static const char *done_word(enum triage_act act)
{
	switch (act) {
	case TRIAGE_CLAIM: return _("Claimed");
	case TRIAGE_ACKNOWLEDGE: return _("Acknowledged");
	case TRIAGE_ASSIGN: return _("Assigned");
	case TRIAGE_RELEASE: return _("Released");
	case TRIAGE_NOTE: return _("Noted");
	case TRIAGE_SNOOZE: return _("Snoozed");
	case TRIAGE_WAKE: return _("Woken");
	case TRIAGE_ESCALATE: return _("Escalated");
	case TRIAGE_CLOSE: return _("Closed");
	case TRIAGE_REOPEN: return _("Reopened");
	case TRIAGE_SILENCE: return _("Alerts like it are silenced");
	case TRIAGE_UNSILENCE: return _("Alerts like it are heard again");
	case TRIAGE_N_ACTS: break;
	}
	return "";
}

/* What is done again, with all that was asked for when it was done first. */
static void last_act_name(const struct screen *screen, char *out, size_t capacity)
{
	const char *done = done_word(screen->last_act.act), *text = screen->last_act.text;
	char age[SHORT_BYTES], detail[120] = "";
	if (screen->last_act.act == TRIAGE_CLOSE)
		text = resolution_word(screen->last_act.resolution);
	else if (screen->last_act.for_ms > 0)
		snprintf(detail, sizeof detail, " %s", format_age(screen->last_act.for_ms, age));
	size_t n = strlen(detail);
	if (*text != '\0')
		snprintf(detail + n, sizeof detail - n, ", %.*s%s", (int)text_fit(text, 40, NULL), text,
		    text[text_fit(text, 40, NULL)] != '\0' ? "\u2026" : "");
	snprintf(out, capacity, "%s%s", done, detail);
}

static struct act *act_new(struct screen *screen)
{
	struct act *act = mem_zalloc(sizeof *act);
	act->screen = screen;
	act->next = screen->acts;
	screen->acts = act;
	screen->n_in_flight++;
	return act;
}

static void act_end(struct act *act)
{
	for (struct act **at = act->screen != NULL ? &act->screen->acts : NULL; at != NULL && *at != NULL;
	     at = &(*at)->next) {
		if (*at == act) {
			*at = act->next;
			act->screen->n_in_flight--;
			break;
		}
	}
	free(act);
}

void acts_forget(struct screen *screen)
{
	for (struct act *act = screen->acts; act != NULL; act = act->next)
		act->screen = NULL;
	screen->acts = NULL;
}

void offers_drop(struct screen *screen)
{
	screen->closed.offered_id = screen->closed.tune_id = 0;
}

/* A change of the rules is always offered; a silence where it is due: others
 * like it were false alarms, too, and of the last ten none was real. What it
 * would have kept back is said first. */
static void on_alike(void *arg, const struct alert_detail *detail, const struct fault *fault)
{
	struct screen *screen = arg;
	char key[KEY_NAME_BYTES], tune[KEY_NAME_BYTES];
	size_t n_false = 0, n_true = 0;
	if (fault != NULL || screen->closed.id != detail->alert.id || strcmp(screen->message, screen->closed.said) != 0)
		return;
	screen->closed.id = 0;
	for (size_t i = 0; i < detail->n_seen_before; i++) {
		const struct alert *a = &detail->seen_before[i];
		n_false += a->state == ALERT_CLOSED && (a->resolution == RESOLUTION_FALSE_POSITIVE || a->resolution == RESOLUTION_LEGITIMATE);
		n_true += a->state == ALERT_CLOSED && (a->resolution == RESOLUTION_TRUE_IMPACT || a->resolution == RESOLUTION_TRUE_NO_IMPACT);
	}
	if (screen->board->lab != NULL) {
		screen_message(screen, ROLE_OK, _("%s; %s tunes the rule"), screen->closed.said, screen_key_name(screen, CMD_TUNE, tune));
		screen->closed.tune_id = detail->alert.id;
	}
	if (n_false == 0 || n_true > 0 || detail->alert.severity == SEVERITY_CRITICAL || detail->alert.silence_until_ms > clock_real_ms())
		return;
	screen_message(screen, ROLE_OK, ngettext("#%lld: %s silences such alerts, %s tunes the rule; %zu like it was false before", "#%lld: %s silences such alerts, %s tunes the rule; %zu like it were false before", n_false),
	    (long long)detail->alert.id, screen_key_name(screen, CMD_SILENCE, key), screen_key_name(screen, CMD_TUNE, tune), n_false);
	screen->closed.offered_id = detail->alert.id;
	screen->closed.tune_id = screen->board->lab != NULL ? detail->alert.id : 0; /* the first message took it back */
}

static void ask_alike(struct screen *screen, const struct act *act)
{
	bool wrong = act->resolution == RESOLUTION_FALSE_POSITIVE || act->resolution == RESOLUTION_LEGITIMATE;
	if (act->undo || act->act != TRIAGE_CLOSE || act->id == 0 || !wrong)
		return;
	screen->closed.id = act->id;
	offers_drop(screen);
	snprintf(screen->closed.said, sizeof screen->closed.said, "%s", screen->message);
	history_alert(screen->board->history, act->id, on_alike, screen);
}

static void on_done(void *arg, size_t n_done, size_t n_failed, const struct fault *fault)
{
	struct act *act = arg;
	struct screen *screen = act->screen;
	char what[300], key[KEY_NAME_BYTES];
	if (screen == NULL) {
		free(act);
		return;
	}
	const char *done = act->again ? act->name : done_word(act->act);
	if (act->undo)
		snprintf(what, sizeof what, "%s: %s", _("Undone"), act->name);
	else if (act->id != 0)
		snprintf(what, sizeof what, "%s: #%" PRId64, done, act->id);
	else
		snprintf(what, sizeof what, ngettext("%s: %zu alert", "%s: %zu alerts", n_done), done, n_done);
	if (n_done == 0 && fault != NULL)
		screen_message(screen, ROLE_ERROR, "%s", fault->text);
	else if (n_failed > 0)
		screen_message(screen, ROLE_WARN, _("%s; %zu refused: %s"), what, n_failed,
		    fault != NULL ? fault->text : "");
	else if (act->undo)
		screen_message(screen, ROLE_OK, "%s", what);
	else
		screen_message(screen, ROLE_OK, _("%s  (%s undoes)"), what,
		    screen_key_name(screen, CMD_UNDO, key));
	if (n_done == 1 && n_failed == 0)
		ask_alike(screen, act);
	act_end(act);
}

static void submit(struct screen *screen, const struct intent *intent, const char *text)
{
	struct triage_order order = { .act = intent->act, .who = "", .assignee = "", .note = "",
		.resolution = intent->resolution };
	if (intent->act == TRIAGE_ASSIGN)
		order.assignee = text;
	else
		order.note = or_empty(text);
	if (intent->act == TRIAGE_SNOOZE || intent->act == TRIAGE_SILENCE)
		order.until_ms = clock_real_ms() + intent->for_ms; /* as the desk counts */
	struct act *act = act_new(screen);
	act->act = intent->act;
	act->resolution = intent->resolution;
	act->id = intent->n == 1 ? intent->ids[0] : 0;
	screen->last_act.any = true;
	screen->last_act.act = intent->act;
	screen->last_act.resolution = intent->resolution;
	screen->last_act.for_ms = intent->for_ms;
	if (text != screen->last_act.text)
		snprintf(screen->last_act.text, sizeof screen->last_act.text, "%s", or_empty(text));
	act->again = intent->again;
	if (act->again) {
		char name[sizeof act->name];
		last_act_name(screen, name, sizeof name);
		snprintf(act->name, sizeof act->name, _("Again: %.140s"), name);
	}
	struct pane *pane = screen_focused(screen);
	struct list *list = pane_list(pane);
	if (list != NULL && (intent->n > 1 || screen->counted_marks))
		list_unmark(list);
	screen->counted_marks = false;
	desk_triage(screen->board->desk, intent->ids, intent->n, &order, on_done, act);
}

/* ---- what must be asked ------------------------------------------------------------ */

static bool check_not_empty(void *arg, const char *text, struct fault *fault, size_t *offset)
{
	UNUSED(arg);
	*offset = 0;
	return text[strspn(text, " ")] != '\0' ||
	    fault_set(fault, FAULT_USAGE, "%s", _("a few words are needed"));
}

static bool check_name(void *arg, const char *text, struct fault *fault, size_t *offset)
{
	UNUSED(arg);
	*offset = strcspn(text, " ");
	return (*offset > 0 && text[*offset] == '\0') ||
	    fault_set(fault, FAULT_USAGE, "%s", _("a user name, without blanks"));
}

static void on_text(struct screen *screen, void *arg, const char *text)
{
	if (text != NULL)
		submit(screen, arg, text);
	free(arg);
}

static void ask_text(struct screen *screen, const struct intent *intent, const char *label,
    bool name)
{
	struct intent *copy = mem_dup(intent, sizeof *intent + intent->n * sizeof intent->ids[0]);
	screen_prompt(screen, label, "", &screen->note_history, name ? check_name : check_not_empty,
	    NULL, on_text, copy);
}

static void on_resolution(struct screen *screen, void *arg, const struct menu_item *item)
{
	struct intent *intent = arg;
	intent->resolution = (enum resolution)item->value;
	submit(screen, intent, "");
}

static void on_snooze(struct screen *screen, void *arg, const struct menu_item *item)
{
	struct intent *intent = arg;
	intent->for_ms = item->value;
	ask_text(screen, intent, _("why it may wait:"), false);
}

/* The title says how many: a bulk act is seen before it is done. */
static struct menu *ask_menu(struct screen *screen, struct intent *intent, const char *what,
    void (*on_choose)(struct screen *, void *, const struct menu_item *))
{
	char title[160];
	if (intent->n == 1)
		snprintf(title, sizeof title, "%s: #%" PRId64, what, intent->ids[0]);
	else
		snprintf(title, sizeof title, ngettext("%s: %zu alert", "%s: %zu alerts", intent->n), what,
		    intent->n);
	return screen_menu(screen, title, on_choose, intent);
}

static void close_menu(struct screen *screen, struct intent *intent)
{
	struct menu *menu = ask_menu(screen, intent, _("Close as"), on_resolution);
	for (int i = RESOLUTION_TRUE_IMPACT; i <= RESOLUTION_UNKNOWN; i++)
		menu_add(menu, (uint32_t)('0' + i), i, resolution_word((enum resolution)i));
	menu->selected = RESOLUTION_FALSE_POSITIVE - 1;
}

static void snooze_menu(struct screen *screen, struct intent *intent)
{
	struct menu *menu = ask_menu(screen, intent, _("Snooze"), on_snooze);
	menu_add(menu, '1', HOUR_MS, _("1 hour"));
	menu_add(menu, '2', 4 * HOUR_MS, _("4 hours"));
	menu_add(menu, '3', DAY_MS, _("1 day"));
}

static void on_silence(struct screen *screen, void *arg, const struct menu_item *item)
{
	struct intent *intent = arg;
	intent->for_ms = item->value;
	ask_text(screen, intent, _("why they may be silent:"), false);
}

/* Never for good: it ends by itself. */
static void silence_menu(struct screen *screen, struct intent *intent)
{
	struct menu *menu = ask_menu(screen, intent, _("Silence alerts like it"), on_silence);
	menu_add(menu, '1', DAY_MS, _("1 day"));
	menu_add(menu, '2', 7 * DAY_MS, _("7 days"));
	menu_add(menu, '3', 30 * DAY_MS, _("30 days"));
}

/* ---- commands ----------------------------------------------------------------------- */

static bool act_of(enum command command, enum triage_act *act)
{
	static const struct {
		enum command command;
		enum triage_act act;
	} acts[] = { { CMD_ACK, TRIAGE_ACKNOWLEDGE }, { CMD_CLAIM, TRIAGE_CLAIM },
		{ CMD_ASSIGN, TRIAGE_ASSIGN }, { CMD_RELEASE, TRIAGE_RELEASE },
		{ CMD_NOTE, TRIAGE_NOTE }, { CMD_SNOOZE, TRIAGE_SNOOZE }, { CMD_WAKE, TRIAGE_WAKE },
		{ CMD_ESCALATE, TRIAGE_ESCALATE }, { CMD_CLOSE, TRIAGE_CLOSE },
		{ CMD_REOPEN, TRIAGE_REOPEN }, { CMD_SILENCE, TRIAGE_SILENCE }, { CMD_UNSILENCE, TRIAGE_UNSILENCE } };
	for (size_t i = 0; i < COUNT_OF(acts); i++) {
		if (acts[i].command == command) {
			*act = acts[i].act;
			return true;
		}
	}
	return false;
}

static void undo(struct screen *screen)
{
	const char *name = desk_undo_name(screen->board->desk);
	if (name == NULL || *name == '\0') {
		screen_refuse(screen, "%s", _("There is nothing to undo."));
		return;
	}
	struct act *act = act_new(screen);
	act->undo = true;
	snprintf(act->name, sizeof act->name, "%s", name);
	desk_undo(screen->board->desk, on_done, act);
}

static void begin(struct screen *screen, struct intent *intent)
{
	switch (intent->act) {
	case TRIAGE_CLAIM: case TRIAGE_ACKNOWLEDGE: case TRIAGE_RELEASE: case TRIAGE_WAKE:
	case TRIAGE_REOPEN: case TRIAGE_UNSILENCE:
		submit(screen, intent, "");
		break;
	case TRIAGE_ASSIGN:
		ask_text(screen, intent, _("assign to:"), true);
		break;
	case TRIAGE_NOTE:
		ask_text(screen, intent, _("note:"), false);
		break;
	case TRIAGE_ESCALATE:
		ask_text(screen, intent, _("why it is worse:"), false);
		break;
	case TRIAGE_SNOOZE:
		snooze_menu(screen, intent);
		return; /* the menu has the intent now */
	case TRIAGE_SILENCE:
		silence_menu(screen, intent);
		return;
	case TRIAGE_CLOSE:
		close_menu(screen, intent);
		return;
	case TRIAGE_N_ACTS:
		break;
	}
	free(intent);
}

static void on_tuned(void *arg, size_t n_done, size_t n_failed, const struct fault *fault)
{
	struct act *act = arg;
	UNUSED(n_failed);
	if (act->screen != NULL && n_done == 1)
		screen_message(act->screen, ROLE_OK, _("Accepted, in force within some seconds: %s. Removing that file takes it back."), act->name);
	else if (act->screen != NULL && fault != NULL)
		screen_message(act->screen, ROLE_ERROR, "%s", fault->text);
	act_end(act);
}

void act_tune(struct screen *screen, const struct tuning *tuning, size_t offer, int64_t for_ms)
{
	struct act *act = act_new(screen);
	snprintf(act->name, sizeof act->name, "%.150s", tuning->offers[offer].proposal.name);
	desk_tune(screen->board->desk, tuning, offer, for_ms, on_tuned, act);
}

/* What would have avoided it: the alert that was closed just now, else that under the cursor. */
static void tune(struct screen *screen, struct pane *pane)
{
	int64_t id = macro_is_playing(screen) ? 0 : screen->closed.tune_id; /* a macro reads no offers */
	screen->closed.tune_id = 0;
	if (screen->board->lab == NULL)
		screen_message(screen, ROLE_WARN, "%s", _("Rules cannot be tried here."));
	else if (id != 0 || pane->type->alerts(pane, &id, 1) == 1)
		screen_open(screen, &view_tuning, id);
	else
		screen_refuse(screen, "%s", _("There is no alert under the cursor."));
}

static void repeat(struct screen *screen, struct intent *intent)
{
	intent->again = true;
	intent->resolution = screen->last_act.resolution;
	intent->for_ms = screen->last_act.for_ms;
	submit(screen, intent, screen->last_act.text);
	free(intent);
}

/* The intent of a command that is possible here; else NULL, and a message. */
static struct intent *intend(struct screen *screen, enum command command, enum triage_act act)
{
	struct pane *pane = screen_focused(screen);
	struct intent *intent = mem_zalloc(sizeof *intent + TARGETS_MAX * sizeof intent->ids[0]);
	intent->act = act;
	/* The offer is of the alert that was closed, which the cursor has left. */
	bool offered = command == CMD_SILENCE && screen->closed.offered_id != 0 && !macro_is_playing(screen);
	intent->ids[0] = screen->closed.offered_id;
	intent->n = offered ? 1 : pane->type->alerts(pane, intent->ids, TARGETS_MAX);
	screen->closed.offered_id = 0;
	if (intent->n > 0)
		return intent;
	screen_refuse(screen, "%s", _("There is no alert under the cursor."));
	free(intent);
	return NULL;
}

bool act_command(struct screen *screen, enum command command)
{
	struct pane *pane = screen_focused(screen);
	enum triage_act act = screen->last_act.act;
	if (command == CMD_TUNE && pane->type->alerts != NULL) {
		tune(screen, pane);
		return true;
	}
	if (command != CMD_UNDO && command != CMD_REPEAT && !act_of(command, &act))
		return false;
	if (pane->type->alerts == NULL && command != CMD_UNDO)
		return false;
	if (desk_read_only(screen->board->desk)) {
		screen_message(screen, ROLE_WARN, _("This console is read-only."));
		return true;
	}
	if (command == CMD_UNDO) {
		undo(screen);
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
		ask_text(screen, intent, act == TRIAGE_SNOOZE ? _("why it may wait:") : _("why they may be silent:"), false);
	else
		submit(screen, intent, line->words);
	free(intent);
	return true;
}
