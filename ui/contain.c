/* SPDX-License-Identifier: Apache-2.0
 *
 * A line is contained from its alert, or given back: a menu of what can be taken and of
 * what was, then what that changes, as Webex told just now, and only then the act. Each
 * of the three is asked for and waited for while the person goes on; where they have
 * gone, no menu comes over what they do. What is done: watch/contain.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "ui/act_parts.h"
#include "watch/contain.h"

enum { LINE_COLUMNS = 66, MOST_UNDONE = 8 };
enum { LEAVE, WRITE, WRITE_ALL_THE_SAME };

/* One that is asked for; the screen's, but Webex's answer comes even when the screen is
 * gone: then `screen` is NULL. */
struct containing {
	struct screen *screen;
	struct screen_moment since; /* what is chosen from a menu of these changes a line */
	bool at_webex; /* else the history is asked */
	bool warned;   /* who would go was told that it is under way */
	char person[64], name[128];
	struct contain_order order;
};

/* ---- the end of one ---------------------------------------------------------------------- */

static void finish(struct containing *c)
{
	if (c->screen != NULL) {
		c->screen->containing = NULL;
		c->screen->n_in_flight--;
		c->screen->dirt++;
	}
	free(c);
}

/* It may say what a line was forwarded to. */
static void say_fault(struct containing *c, const struct fault *fault)
{
	char hidden[sizeof fault->text];
	if (c->screen != NULL)
		screen_message(c->screen, ROLE_ERROR, "%s", format_masked(fault->text, c->screen->masked, hidden, sizeof hidden));
	finish(c);
}

bool contain_stays(struct screen *screen)
{
	struct containing *c = screen->containing;
	char key[KEY_NAME_BYTES];
	if (c == NULL || !c->at_webex || c->order.look || c->warned)
		return false;
	c->warned = true;
	screen_message(screen, ROLE_WARN, _("A line is being changed: %s again leaves it to centinela contain finish"), screen_key_name(screen, CMD_QUIT, key));
	return true;
}

void contain_forget(struct screen *screen)
{
	struct containing *c = screen->containing;
	if (c == NULL)
		return;
	screen->containing = NULL;
	screen->n_in_flight--;
	c->screen = NULL;
	if (!c->at_webex) {
		history_forget(screen->board->history, c);
		finish(c);
	}
}

/* A menu that is chosen from begins anew; arg is the menu's to free. */
static struct containing *begin(struct screen *screen, const struct containing *like)
{
	struct containing *c = mem_dup(like, sizeof *like);
	c->screen = screen;
	c->since = screen_moment(screen);
	c->order.person = c->person;
	c->order.person_name = c->name;
	screen->containing = c;
	screen->n_in_flight++;
	return c;
}

/* ---- what came of it ------------------------------------------------------------------------- */

static const char *kind_of(const struct containing *c, const struct contain_result *r)
{
	return contain_kind_word(c->order.verb == CONTAIN_DO ? c->order.kind : r->row.kind);
}

static void on_done(const struct contain_result *r, void *arg)
{
	struct containing *c = arg;
	struct screen *screen = c->screen;
	char key[KEY_NAME_BYTES];
	if (r->fault.code != FAULT_NONE) {
		say_fault(c, &r->fault);
		return;
	}
	if (screen != NULL && r->state == CONTAIN_UNDONE)
		screen_message(screen, ROLE_OK, _("As it was before, and read again at Webex: %s, %s (#%lld)"), c->name, kind_of(c, r), (long long)r->id);
	else if (screen != NULL)
		screen_message(screen, ROLE_OK, _("In force, read again at Webex (%s gives it back): %s, %s"), screen_key_name(screen, CMD_UNDO, key), c->name, kind_of(c, r));
	finish(c);
}

/* ---- before it is done --------------------------------------------------------------------------- */

static void on_sure(struct screen *screen, void *arg, const struct menu_item *item)
{
	const struct containing *shown = arg;
	if (item->value == LEAVE || screen->board->contain == NULL)
		return;
	if (screen->containing != NULL) {
		screen_refuse(screen, "%s", _("Webex is being asked already."));
		return;
	}
	struct containing *c = begin(screen, shown);
	c->order.look = false;
	c->order.force = item->value == WRITE_ALL_THE_SAME;
	c->order.seen = (const char *)(shown + 1); /* the order is copied, and this goes with the menu */
	screen_message(screen, ROLE_TEXT, _("Written to Webex and read again\u2026 %s"), c->name);
	screen->board->contain(screen->board, &c->order, on_done, c);
}

/* To be read: of a long sentence a line each. */
static void read_lines(struct menu *menu, const char *mark, const char *text, bool warns)
{
	while (*text != '\0') {
		char label[sizeof menu->items[0].label];
		size_t n = text_fit_words(text, LINE_COLUMNS), most = sizeof label - 8;
		if (n > most) /* letters of several bytes */
			n = text_fit_words(text, LINE_COLUMNS / 2);
		snprintf(label, sizeof label, "%s %.*s", mark, (int)MIN(n, most), text);
		menu_add(menu, 0, LEAVE, label);
		menu->items[menu->n - 1].off = true;
		menu->items[menu->n - 1].warns = warns;
		mark = "  ";
		text += n;
		text += strspn(text, " ");
	}
}

static void read_changes(struct menu *menu, const struct contain_changes *changes, bool masked, bool warns)
{
	char line[600], hidden[600];
	for (size_t i = 0; i < changes->n; i++) {
		snprintf(line, sizeof line, "%s: %s \u2192 %s", changes->items[i].name, changes->items[i].from, changes->items[i].to);
		read_lines(menu, warns ? "!" : " ", format_masked(line, masked, hidden, sizeof hidden), warns);
	}
}

static void preview(struct screen *screen, const struct containing *c, const struct contain_result *r)
{
	char title[160];
	size_t n_seen = strlen(r->present) + 1;
	struct containing *shown = mem_zalloc(sizeof *shown + n_seen);
	memcpy(shown, c, sizeof *c);
	memcpy(shown + 1, r->present, n_seen);
	snprintf(title, sizeof title, "%s: %.60s", c->order.verb == CONTAIN_DO ? kind_of(c, r) : _("as it was before"), c->name);
	struct menu *menu = screen_menu(screen, title, on_sure, shown);
	bool lost = r->since.n > 0;
	/* No digit: of those the kinds have one each, and a count is made of them. */
	menu_add(menu, 'w', lost ? WRITE_ALL_THE_SAME : WRITE, lost ? _("write it to Webex all the same") : _("write it to Webex"));
	menu_add(menu, 'l', LEAVE, _("leave it as it is"));
	menu->selected = 1;
	read_changes(menu, &r->changes, screen->masked, false);
	if (lost)
		read_lines(menu, "!", _("somebody changed it since; this would be lost:"), true);
	read_changes(menu, &r->since, screen->masked, true);
	for (size_t i = 0; i < r->n_warnings; i++)
		read_lines(menu, "!", r->warnings[i], true);
}

static void on_looked(const struct contain_result *r, void *arg)
{
	struct containing *c = arg;
	struct screen *screen = c->screen;
	char key[KEY_NAME_BYTES];
	if (screen == NULL || r->fault.code != FAULT_NONE) {
		say_fault(c, &r->fault);
		return;
	}
	if (r->changes.n == 0 && c->order.verb == CONTAIN_DO)
		screen_message(screen, ROLE_OK, _("It is so already, nothing is to be written: %s, %s"), c->name, kind_of(c, r));
	else if (!screen_waits_since(screen, c->since))
		screen_message(screen, ROLE_WARN, _("Webex has told how the line of %s is: %s on its alert once more"), c->name, screen_key_name(screen, CMD_CONTAIN, key));
	else {
		screen->message[0] = '\0';
		preview(screen, c, r);
	}
	finish(c);
}

/* ---- what can be done --------------------------------------------------------------------------- */

/* The value of a row: a kind, or behind them a containment that is there. */
static void on_choice(struct screen *screen, void *arg, const struct menu_item *item)
{
	if (screen->board->contain == NULL)
		return;
	if (screen->containing != NULL) {
		screen_refuse(screen, "%s", _("Webex is being asked already."));
		return;
	}
	struct containing *c = begin(screen, arg);
	c->at_webex = true;
	c->order.look = true;
	c->order.verb = item->value < N_CONTAIN_KINDS ? CONTAIN_DO : CONTAIN_UNDO;
	if (c->order.verb == CONTAIN_DO)
		c->order.kind = (enum contain_kind)item->value;
	else
		c->order.id = item->value - N_CONTAIN_KINDS;
	screen_message(screen, ROLE_TEXT, _("Asking Webex how the line of %s is\u2026"), c->name);
	screen->board->contain(screen->board, &c->order, on_looked, c);
}

static void offer(struct screen *screen, const struct containing *c, const struct containments *rows)
{
	char title[160], label[120];
	snprintf(title, sizeof title, _("Contain the line of %.80s"), c->name);
	struct containing *shown = mem_dup(c, sizeof *c);
	struct menu *menu = screen_menu(screen, title, on_choice, shown);
	for (int kind = 0; kind < N_CONTAIN_KINDS; kind++)
		menu_add(menu, (uint32_t)('1' + kind), kind, contain_kind_word((enum contain_kind)kind));
	for (size_t i = 0; i < rows->n && i < MOST_UNDONE; i++) {
		const struct containment *row = &rows->items[i];
		snprintf(label, sizeof label, _("give back: %.50s (#%lld, %.30s)"), contain_kind_word(row->kind), (long long)row->id, row->who);
		menu_add(menu, i == 0 ? 'u' : 0, N_CONTAIN_KINDS + row->id, label);
	}
}

static void on_rows(void *arg, const struct containments *rows, const struct fault *fault)
{
	struct containing *c = arg;
	struct screen *screen = c->screen;
	char key[KEY_NAME_BYTES];
	if (fault != NULL) {
		say_fault(c, fault);
		return;
	}
	if (screen_waits_since(screen, c->since))
		offer(screen, c, rows);
	else
		screen_message(screen, ROLE_TEXT, _("The line of %s can be contained: %s on its alert once more"), c->name, screen_key_name(screen, CMD_CONTAIN, key));
	finish(c);
}

static void on_alert(void *arg, const struct alert_detail *detail, const struct fault *fault)
{
	struct containing *c = arg;
	struct screen *screen = c->screen;
	if (fault != NULL) {
		say_fault(c, fault);
		return;
	}
	const struct alert *alert = &detail->alert;
	if (alert->subject_kind != SUBJECT_PERSON || screen->board->contained == NULL) {
		screen_refuse(screen, "%s", _("A person's line can be contained, and this alert is of none."));
		finish(c);
		return;
	}
	snprintf(c->person, sizeof c->person, "%s", alert->subject_id);
	snprintf(c->name, sizeof c->name, "%s", alert->subject_name);
	screen->board->contained(screen->board, c->person, on_rows, c);
}

/* One alert was pointed at, and not several beside it: no mark is taken for a line. */
static int64_t pointed_at(struct screen *screen, struct pane *pane)
{
	const struct list *list = pane_list(pane);
	bool several = (list != NULL && list_n_marked(list) > 0) || bulk_n_taken(screen, pane) > 0;
	return several ? 0 : act_alert_here(pane);
}

bool contain_command(struct screen *screen, enum command command)
{
	struct pane *pane = screen_focused(screen);
	if (command != CMD_CONTAIN || pane->type->alerts == NULL)
		return false;
	const char *why = screen_why_not(screen, command);
	int64_t id = pointed_at(screen, pane);
	if (why != NULL)
		screen_message(screen, ROLE_WARN, "%s", why);
	else if (screen->containing != NULL)
		screen_refuse(screen, "%s", _("Webex is being asked already."));
	else if (id == 0)
		screen_refuse(screen, "%s", _("Contain the line of one alert: put the cursor on it, without marks."));
	else {
		struct containing *c = begin(screen, &(struct containing){ .order.alert_id = id });
		history_alert(screen->board->history, id, on_alert, c);
	}
	return true;
}
