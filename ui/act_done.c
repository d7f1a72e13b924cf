/* SPDX-License-Identifier: Apache-2.0
 *
 * Triage that was ordered: to the desk, and back to a sentence with what it offers
 * next. The model is never changed here; the row changes when the store has
 * committed. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "ui/act_parts.h"
#include "ui/asked.h"

#define WAITS_MS 500 /* what takes longer is felt: somebody else writes, or the disk is slow */

/* Of n alerts: a language may say it of many otherwise. */
static const char *done_word(enum triage_act act, size_t n)
{
	switch (act) {
	case TRIAGE_CLAIM: return ngettext("Claimed", "Claimed", n);
	case TRIAGE_ACKNOWLEDGE: return ngettext("Acknowledged", "Acknowledged", n);
	case TRIAGE_ASSIGN: return ngettext("Assigned", "Assigned", n);
	case TRIAGE_RELEASE: return ngettext("Released", "Released", n);
	case TRIAGE_NOTE: return ngettext("Noted", "Noted", n);
	case TRIAGE_SNOOZE: return ngettext("Snoozed", "Snoozed", n);
	case TRIAGE_WAKE: return ngettext("Woken", "Woken", n);
	case TRIAGE_ESCALATE: return ngettext("Escalated", "Escalated", n);
	case TRIAGE_CLOSE: return ngettext("Closed", "Closed", n);
	case TRIAGE_REOPEN: return ngettext("Reopened", "Reopened", n);
	case TRIAGE_SILENCE: return ngettext("Alerts like it are silenced", "Alerts like it are silenced", n);
	case TRIAGE_UNSILENCE: return ngettext("Alerts like it are heard again", "Alerts like it are heard again", n);
	case TRIAGE_TAG: return ngettext("Tagged", "Tagged", n);
	case TRIAGE_LINK: return ngettext("Linked", "Linked", n);
	case TRIAGE_UNLINK: return ngettext("Unlinked", "Unlinked", n);
	case TRIAGE_MERGE: return ngettext("Merged", "Merged", n);
	case TRIAGE_N_ACTS: break;
	}
	return "";
}

void act_name_of(const struct intent *intent, const char *text, char *out, size_t capacity)
{
	char age[SHORT_BYTES], detail[120] = "";
	if (intent->act == TRIAGE_CLOSE)
		snprintf(detail, sizeof detail, " (%s)", resolution_word(intent->resolution));
	else if (intent->for_ms > 0)
		snprintf(detail, sizeof detail, " %s", format_age(intent->for_ms, age));
	else if (intent->act == TRIAGE_ASSIGN)
		snprintf(detail, sizeof detail, " \u2192 %.64s", text);
	else if (intent->act == TRIAGE_TAG)
		snprintf(detail, sizeof detail, ": %.*s", (int)text_fit(text, 50, NULL), text);
	else if (intent->act == TRIAGE_LINK || intent->act == TRIAGE_MERGE)
		snprintf(detail, sizeof detail, " \u2192 #%.20s", text + (*text == '#'));
	snprintf(out, capacity, "%s%s", triage_act_word(intent->act), detail);
}

/* What is done again, with all that was asked for when it was done first. */
static void last_act_name(const struct screen *screen, char *out, size_t capacity)
{
	const char *done = done_word(screen->last_act.act, 1), *text = screen->last_act.text;
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

struct act *act_new(struct screen *screen)
{
	struct act *act = mem_zalloc(sizeof *act);
	act->screen = screen;
	act->next = screen->acts;
	act->since_ms = screen->steady_ms;
	screen->acts = act;
	screen->n_in_flight++;
	return act;
}

void act_end(struct act *act)
{
	for (struct act **at = act->screen != NULL ? &act->screen->acts : NULL; at != NULL && *at != NULL;
	     at = &(*at)->next) {
		if (*at == act) {
			*at = act->next;
			act->screen->n_in_flight--;
			break;
		}
	}
	asked_free(act->asked);
	free(act->asked_of);
	free(act);
}

bool act_ask_again(struct act *act, const struct fault *fault)
{
	bool again = asked_again(act->asked, act->screen, fault, act->asked_of);
	if (again)
		act->asked_of = NULL;
	return again;
}

void acts_forget(struct screen *screen)
{
	for (struct act *act = screen->acts; act != NULL; act = act->next)
		act->screen = NULL;
	screen->acts = NULL;
}

void acts_wait(struct screen *screen)
{
	uint64_t n_refused = screen->n_refused;
	for (struct act *act = screen->acts; act != NULL; act = act->next) {
		if (act->waited || screen->steady_ms - act->since_ms < WAITS_MS)
			continue;
		act->waited = true;
		if (act->outside) {
			screen_message(screen, ROLE_TEXT, _("Written to Webex and read again\u2026 %s"), act->name);
			continue;
		}
		screen_message(screen, ROLE_WARN, "%s", _("Waiting for the store, which is busy\u2026"));
	}
	screen->n_refused = n_refused; /* nothing was refused: a macro goes on */
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
	if (act->undo || act->redo || act->act != TRIAGE_CLOSE || act->id == 0 || !wrong)
		return;
	screen->closed.id = act->id;
	offers_drop(screen);
	snprintf(screen->closed.said, sizeof screen->closed.said, "%s", screen->message);
	history_alert(screen->board->history, act->id, on_alike, screen);
}

void act_say_done(struct screen *screen, const char *said)
{
	char key[KEY_NAME_BYTES];
	screen_message(screen, ROLE_OK, _("%s  (%s undoes)"), said, screen_key_name(screen, CMD_UNDO, key));
}

void act_on_done(void *arg, size_t n_done, size_t n_failed, const struct fault *fault)
{
	struct act *act = arg;
	struct screen *screen = act->screen;
	char what[300], key[KEY_NAME_BYTES], hidden[sizeof fault->text];
	if (screen == NULL) {
		act_end(act);
		return;
	}
	const char *done = act->again ? act->name : done_word(act->act, act->id != 0 ? 1 : n_done);
	/* What was put back lies where it can be put back the other way, by a name that says how much it was. */
	if (act->undo || act->redo)
		snprintf(what, sizeof what, "%s: %s", act->undo ? _("Undone") : _("Done again"), (act->undo ? desk_redo_name : desk_undo_name)(screen->board->desk));
	else if (act->id != 0)
		snprintf(what, sizeof what, "%s: #%" PRId64, done, act->id);
	else
		snprintf(what, sizeof what, ngettext("%s: %zu alert", "%s: %zu alerts", n_done), done, n_done);
	if (n_done == 0 && fault != NULL && act_ask_again(act, fault))
		screen->message[0] = '\0'; /* it is said under what was typed */
	else if (n_done == 0 && fault != NULL && n_failed > 1)
		screen_message(screen, ROLE_ERROR, _("None was done: %s"), fault->text);
	else if (n_done == 0 && fault != NULL) /* of a line it may say what it was forwarded to */
		screen_message(screen, ROLE_ERROR, "%s", format_masked(fault->text, screen->masked && act->outside, hidden, sizeof hidden));
	else if (n_failed > 0)
		screen_message(screen, ROLE_WARN, ngettext("%s; %zu refused: %s", "%s; %zu refused: %s", n_failed), what, n_failed,
		    fault != NULL ? fault->text : "");
	else if (act->outside)
		screen_message(screen, ROLE_OK, "%s: %s", _("Undone"), act->name);
	else if (act->undo)
		screen_message(screen, ROLE_OK, _("%s  (%s does it again)"), what, screen_key_name(screen, CMD_REDO, key));
	else if (act->told[0] != '\0' && !act->redo)
		screen_message(screen, ROLE_OK, _("%s  (%s undoes, but not what %s is told)"), what, screen_key_name(screen, CMD_UNDO, key), act->told);
	else
		act_say_done(screen, what);
	if (act->draft != NULL)
		note_edit_done(screen, act->draft, n_done > 0);
	if (n_done == 1 && n_failed == 0)
		ask_alike(screen, act);
	act_end(act);
}

void act_submit(struct screen *screen, const struct intent *intent, const char *text)
{
	if (intent->n > 1 && !intent->confirmed) { /* marked, taken, or of a case */
		bulk_preview(screen, intent, or_empty(text));
		return;
	}
	bool names_other = intent->act == TRIAGE_LINK || intent->act == TRIAGE_MERGE;
	struct triage_order order = { .act = intent->act, .who = "", .assignee = "", .note = "",
		.resolution = intent->resolution, .spare_others = intent->spare_others };
	if (intent->act == TRIAGE_ASSIGN)
		order.assignee = text;
	else if (intent->act == TRIAGE_TAG)
		order.tags = or_empty(text);
	else if (names_other && !text_to_int(or_empty(text) + (*or_empty(text) == '#'), 1, INT64_MAX, &order.other_id)) {
		screen_message(screen, ROLE_WARN, "%s", _("That is no number of an alert."));
		return;
	} else if (!names_other)
		order.note = or_empty(text);
	if (intent->act == TRIAGE_SNOOZE || intent->act == TRIAGE_SILENCE)
		order.until_ms = clock_real_ms() + intent->for_ms; /* as the desk counts */
	struct act *act = act_new(screen);
	act->act = intent->act;
	act->resolution = intent->resolution;
	act->id = intent->n == 1 ? intent->ids[0] : 0;
	/* A long one is not to be said of others by mistake. */
	screen->last_act.any = intent->draft == NULL && strlen(or_empty(text)) < sizeof screen->last_act.text;
	screen->last_act.act = intent->act;
	screen->last_act.resolution = intent->resolution;
	screen->last_act.for_ms = intent->for_ms;
	if (text != screen->last_act.text)
		snprintf(screen->last_act.text, sizeof screen->last_act.text, "%s", or_empty(text)); /* of a repeated one it is a copy */
	act->asked = intent->again ? NULL : asked_keep(screen);
	if (act->asked != NULL)
		act->asked_of = mem_dup(intent, sizeof *intent + intent->n * sizeof intent->ids[0]);
	act->again = intent->again;
	act_told_names(screen, intent, act->told, sizeof act->told);
	act->draft = intent->draft;
	if (act->draft != NULL)
		note_edit_ordered(act->draft);
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
	bulk_drop(screen);
	desk_triage(screen->board->desk, intent->ids, intent->n, &order, act_on_done, act);
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
