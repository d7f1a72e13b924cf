/* SPDX-License-Identifier: Apache-2.0
 *
 * The hotline rang: an alert that a person raises, asked for in five short
 * questions. Esc at any of them leaves all as it is. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "ui/act_parts.h"
#include "ui/asked.h"

enum question { ASK_TITLE, ASK_SUBJECT, ASK_SITE, ASK_NOTE, N_QUESTIONS };

struct form {
	enum severity severity;
	enum question at;
	char answers[N_QUESTIONS][PROMPT_BYTES];
};

static void ask(struct screen *, struct form *);

static void on_raised(void *arg, const struct manual_raised *raised, const struct fault *fault)
{
	struct act *act = arg;
	struct screen *screen = act->screen;
	char said[120];
	if (screen != NULL && raised == NULL && act_ask_again(act, fault))
		screen->message[0] = '\0';
	else if (screen != NULL && raised == NULL)
		screen_message(screen, ROLE_ERROR, "%s", fault->text);
	else if (screen != NULL && raised->grew)
		screen_message(screen, ROLE_WARN, _("#%lld is open already, and has it as a note; it is %s's."), (long long)raised->id, raised->assignee);
	else if (screen != NULL) {
		snprintf(said, sizeof said, _("Raised: #%lld, yours."), (long long)raised->id);
		act_say_done(screen, said);
	}
	if (screen != NULL && raised != NULL && screen_waits_at(screen, act->from))
		screen_open(screen, &view_alert, raised->id);
	act_end(act);
}

static void submit(struct screen *screen, const struct form *form)
{
	struct manual_alert alert = { .title = form->answers[ASK_TITLE], .subject = form->answers[ASK_SUBJECT],
		.location = form->answers[ASK_SITE], .note = form->answers[ASK_NOTE], .severity = form->severity,
		.event_ms = clock_now_ms(screen->board->clock) };
	struct act *act = act_new(screen);
	act->from = screen_place(screen);
	act->asked = asked_keep(screen);
	act->asked_of = mem_dup(form, sizeof *form);
	desk_raise(screen->board->desk, &alert, on_raised, act);
}

static void on_severity(struct screen *screen, void *arg, const struct menu_item *item)
{
	struct form *form = mem_dup(arg, sizeof *form); /* the menu frees its own */
	form->severity = (enum severity)item->value;
	form->at = ASK_SITE;
	ask(screen, form);
}

static void ask_severity(struct screen *screen, struct form *form)
{
	struct menu *menu = screen_menu(screen, _("3/5 How bad is it?"), on_severity, form);
	for (int s = SEVERITY_CRITICAL; s >= SEVERITY_LOW; s--)
		menu_add(menu, (uint32_t)('1' + SEVERITY_CRITICAL - s), s, severity_badge((enum severity)s));
	menu->selected = SEVERITY_CRITICAL - SEVERITY_MEDIUM;
}

static bool check_title(void *arg, const char *text, struct fault *fault, size_t *offset)
{
	UNUSED(arg);
	*offset = 0;
	return text[strspn(text, " ")] != '\0' || fault_set(fault, FAULT_USAGE, "%s", _("a few words are needed"));
}

static void on_text(struct screen *screen, void *arg, const char *text)
{
	struct form *form = arg;
	if (text == NULL) {
		free(form);
		return;
	}
	snprintf(form->answers[form->at], sizeof form->answers[0], "%s", text);
	switch (form->at) {
	case ASK_TITLE:
		form->at = ASK_SUBJECT;
		ask(screen, form);
		break;
	case ASK_SUBJECT:
		ask_severity(screen, form);
		break;
	case ASK_SITE:
		form->at = ASK_NOTE;
		ask(screen, form);
		break;
	case ASK_NOTE: case N_QUESTIONS:
		submit(screen, form);
		free(form);
		break;
	}
}

static void ask(struct screen *screen, struct form *form)
{
	static const char *const labels[N_QUESTIONS] = { N_("1/5 what happened:"), N_("2/5 person or number:"), N_("4/5 site:"), N_("5/5 note:") };
	screen_prompt(screen, _(labels[form->at]), "", NULL, form->at == ASK_TITLE ? check_title : NULL, NULL, on_text, form);
}

bool new_alert_command(struct screen *screen, enum command command)
{
	if (command != CMD_NEW_ALERT)
		return false;
	if (desk_read_only(screen->board->desk))
		screen_message(screen, ROLE_WARN, _("This console is read-only."));
	else
		ask(screen, mem_zalloc(sizeof(struct form)));
	return true;
}
