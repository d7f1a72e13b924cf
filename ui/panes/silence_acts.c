/* SPDX-License-Identifier: Apache-2.0
 *
 * Silences are begun, extended and ended: what must be asked, the order at the
 * desk, and the sentence that comes back. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/iso_time.h"
#include "base/mem.h"
#include "filter/token.h"
#include "ui/panes/silence_parts.h"
#include "ui/screen.h"

/* What is about to be ordered, while menus and prompts fill it in. */
struct intent {
	struct silence_act act;
	int64_t for_ms;
	char filter[FILTER_BYTES + 1], reason[PROMPT_BYTES];
};

/* What was ordered and not answered yet; the desk answers even when the screen is
 * gone: then `screen` is NULL. */
struct silence_errand {
	struct screen *screen;
	struct silence_errand *next;
	enum silence_deed deed;
	enum silence_kind kind;
	int64_t id, for_ms;
};

void silence_acts_forget(struct screen *screen)
{
	for (struct silence_errand *e = screen->silence_errands; e != NULL; e = e->next)
		e->screen = NULL;
	screen->silence_errands = NULL;
	history_forget(screen->board->history, &screen->silence_of);
	history_forget(screen->board->history, &screen->silence_like);
}

static int64_t now_of(const struct screen *screen)
{
	return MAX(clock_real_ms(), clock_now_ms(screen->board->clock));
}

static void say_done(struct screen *screen, const struct silence_errand *e, int64_t number)
{
	char ref[SILENCE_REF_BYTES], age[SHORT_BYTES], key[KEY_NAME_BYTES], said[200];
	switch (e->deed) {
	case SILENCE_BEGIN:
		if (screen->modal == MODAL_NONE && screen_focused(screen)->type == &view_silence_new)
			screen_close_view(screen); /* back to the list, where it is now */
		snprintf(said, sizeof said, _("Silence %s for %s; %s ends it"), silence_ref(e->kind, number, ref), format_age(e->for_ms, age),
		    screen_key_name(screen, CMD_SILENCE_END, key));
		break;
	case SILENCE_EXTEND:
		snprintf(said, sizeof said, _("Silence %s: %s from now on"), silence_ref(e->kind, e->id, ref), format_age(e->for_ms, age));
		break;
	case SILENCE_END:
		if (e->kind == SILENCE_SNOOZE)
			snprintf(said, sizeof said, _("Awake again: #%lld"), (long long)e->id);
		else
			snprintf(said, sizeof said, ngettext("Silence %s ended; it kept back %lld finding", "Silence %s ended; it kept back %lld findings", (unsigned long)number),
			    silence_ref(e->kind, e->id, ref), (long long)number);
		break;
	}
	act_say_done(screen, said);
}

static void on_done(void *arg, int64_t number, const struct fault *fault)
{
	struct silence_errand *e = arg;
	struct screen *screen = e->screen;
	for (struct silence_errand **at = screen != NULL ? &screen->silence_errands : NULL; at != NULL && *at != NULL; at = &(*at)->next) {
		if (*at == e) {
			*at = e->next;
			break;
		}
	}
	if (screen != NULL && fault != NULL)
		screen_message(screen, ROLE_ERROR, "%s", fault->text);
	else if (screen != NULL)
		say_done(screen, e, number);
	free(e);
}

static void submit(struct screen *screen, const struct silence_act *act, int64_t for_ms)
{
	struct silence_errand *e = mem_zalloc(sizeof *e);
	*e = (struct silence_errand){ screen, screen->silence_errands, act->deed, act->kind, act->id, for_ms };
	screen->silence_errands = e;
	desk_silence(screen->board->desk, act, on_done, e);
}

/* ---- for how long ------------------------------------------------------------------------ */

#define IN_A_WINDOW -1

static void add_durations(struct menu *menu)
{
	menu_add(menu, '1', HOUR_MS, _("1 hour"));
	menu_add(menu, '2', 8 * HOUR_MS, _("8 hours"));
	menu_add(menu, '3', DAY_MS, _("1 day"));
	menu_add(menu, '4', 7 * DAY_MS, _("7 days"));
	menu_add(menu, '5', 30 * DAY_MS, _("30 days"));
}

static bool read_begin(const char *text, int64_t now_ms, const struct zone *zone, int64_t *out)
{
	char whole[40];
	int64_t in_ms;
	if (text[0] == '+' && text_to_duration_ms(text + 1, &in_ms)) {
		*out = now_ms + in_ms;
		return in_ms < SILENCE_LONGEST_MS;
	}
	/* "2026-12-01 22:00" is meant as clocks are shown here. */
	bool utc = strchr(text, 'Z') != NULL;
	if (strlen(text) != strlen("2026-12-01T22:00") + utc)
		return false;
	snprintf(whole, sizeof whole, "%.16s:00Z", text);
	whole[10] = 'T';
	if (!iso_time_parse(whole, strlen(whole), out))
		return false;
	if (!utc && zone != NULL)
		*out -= zone_offset_s(zone, *out, NULL) * SECOND_MS;
	return *out > now_ms && *out < now_ms + SILENCE_LONGEST_MS;
}

static bool check_begin(void *arg, const char *text, struct fault *fault, size_t *offset)
{
	struct screen *screen = arg;
	const char *label;
	int64_t begin_ms;
	*offset = 0;
	return read_begin(text, now_of(screen), zones_current(&screen->zones, &label), &begin_ms) ||
	    fault_set(fault, FAULT_USAGE, "%s", _("+2h, or a time to come within 30 days: 2026-12-01 22:00"));
}

static void on_duration(struct screen *screen, void *arg, const struct menu_item *item);

static void on_begin(struct screen *screen, void *arg, const char *text)
{
	struct intent *intent = arg;
	const char *label;
	if (text == NULL || !read_begin(text, now_of(screen), zones_current(&screen->zones, &label), &intent->act.begin_ms)) {
		free(intent);
		return;
	}
	add_durations(screen_menu(screen, _("The window lasts"), on_duration, intent));
}

static void on_duration(struct screen *screen, void *arg, const struct menu_item *item)
{
	struct intent *intent = arg;
	if (item->value == IN_A_WINDOW) {
		struct intent *copy = mem_dup(intent, sizeof *intent); /* the menu's goes with it */
		copy->act.kind = SILENCE_MAINTENANCE;
		screen_prompt(screen, _("it begins:"), "", NULL, check_begin, screen, on_begin, copy);
		return;
	}
	struct silence_act *act = &intent->act;
	act->now_ms = now_of(screen);
	act->until_ms = MIN((act->begin_ms > 0 ? act->begin_ms : act->now_ms) + item->value, act->now_ms + SILENCE_LONGEST_MS);
	act->filter = intent->filter;
	act->reason = intent->reason;
	submit(screen, act, act->until_ms - (act->begin_ms > 0 ? act->begin_ms : act->now_ms));
}

/* ---- a new one ------------------------------------------------------------------------------ */

static bool check_reason(void *arg, const char *text, struct fault *fault, size_t *offset)
{
	UNUSED(arg);
	*offset = 0;
	return text[strspn(text, " ")] != '\0' || fault_set(fault, FAULT_USAGE, "%s", _("a few words are needed"));
}

static void on_reason(struct screen *screen, void *arg, const char *text)
{
	struct intent *intent = arg;
	if (text == NULL) {
		free(intent);
		return;
	}
	snprintf(intent->reason, sizeof intent->reason, "%s", text);
	struct menu *menu = screen_menu(screen, _("Silent from now on, for"), on_duration, intent);
	add_durations(menu);
	menu_add(menu, 'm', IN_A_WINDOW, _("a maintenance window that begins later"));
}

static bool may_act(struct screen *screen)
{
	if (desk_read_only(screen->board->desk))
		screen_message(screen, ROLE_WARN, _("This console is read-only."));
	return !desk_read_only(screen->board->desk);
}

void silence_begin(struct screen *screen, const char *filter)
{
	if (!may_act(screen))
		return;
	struct intent *intent = mem_zalloc(sizeof *intent);
	intent->act = (struct silence_act){ .deed = SILENCE_BEGIN, .kind = SILENCE_FILTER };
	snprintf(intent->filter, sizeof intent->filter, "%s", filter);
	screen_prompt(screen, _("why they may be silent:"), "", &screen->note_history, check_reason, NULL, on_reason, intent);
}

static void on_alert(void *arg, const struct alert_detail *detail, const struct fault *fault)
{
	const struct silence_asked *asked = arg;
	struct screen *screen = asked->screen;
	char rule[2 * TOKEN_BYTES + 4], site[2 * TOKEN_BYTES + 4];
	if (fault != NULL) {
		screen_message(screen, ROLE_ERROR, "%s", fault->text);
		return;
	}
	if (!screen_waits_at(screen, asked->from)) {
		screen_message(screen, ROLE_TEXT, _("The silence of #%lld's rule and site was not opened over what is done here."), (long long)detail->alert.id);
		return;
	}
	bool quoted = token_quote(rule, sizeof rule, detail->alert.rule);
	bool has_site = *detail->alert.location != '\0' && token_quote(site, sizeof site, detail->alert.location);
	char *filter = mem_printf("rule == %s%s%s", quoted ? rule : "", has_site ? " and location == " : "", has_site ? site : "");
	screen_open(screen, &view_silence_new, 0);
	if (quoted && strlen(filter) < PROMPT_BYTES) /* else it could not be edited */
		pane_set_filter(screen_focused(screen), filter);
	free(filter);
}

void silence_wider(struct screen *screen, int64_t alert_id)
{
	screen->silence_of.screen = screen;
	screen->silence_of.from = screen_place(screen);
	history_alert(screen->board->history, alert_id, on_alert, &screen->silence_of);
}

/* ---- alerts like one ------------------------------------------------------------------------ */

/* It may be closed by now, or another one be open. */
static bool is_asking(const struct silence_asked *asked)
{
	return asked->screen->modal == MODAL_MENU && strcmp(asked->screen->menu.title, asked->title) == 0;
}

static void never(struct silence_asked *asked, int64_t id)
{
	struct screen *screen = asked->screen;
	char key[KEY_NAME_BYTES];
	screen_drop_modal(screen);
	screen_key_name(screen, CMD_SNOOZE, key);
	if (id != 0)
		screen_refuse(screen, _("#%lld is critical, and such are never silenced: %s snoozes it."), (long long)id, key);
	else
		screen_refuse(screen, _("All are critical, and such are never silenced: %s snoozes them."), key);
}

static void on_alike_tried(void *arg, const struct silence_preview *p, const struct fault *fault)
{
	struct silence_asked *asked = arg;
	struct menu *menu = &asked->screen->menu;
	char n[SHORT_BYTES], all[SHORT_BYTES];
	if (fault != NULL || !is_asking(asked))
		return;
	snprintf(menu->title, sizeof menu->title, _("%.100s \u00B7 %s in %d d, %s real"), asked->title, format_count(p->n, all), p->days, format_count(p->n_true, n));
	asked->screen->dirt++;
}

static void on_alike(void *arg, const struct alert_detail *detail, const struct fault *fault)
{
	struct silence_asked *asked = arg;
	char rule[2 * TOKEN_BYTES + 4], subject[2 * TOKEN_BYTES + 4];
	if (fault == NULL && detail->alert.severity == SEVERITY_CRITICAL && is_asking(asked)) {
		never(asked, detail->alert.id);
		return;
	}
	if (fault != NULL || !token_quote(rule, sizeof rule, detail->alert.rule) || !token_quote(subject, sizeof subject, detail->alert.subject_id))
		return;
	char *filter = mem_printf("rule == %s and subject.id == %s", rule, subject);
	history_silence_preview(asked->screen->board->history, filter, on_alike_tried, asked);
	free(filter);
}

static void on_many(void *arg, const struct alert_survey *survey, const struct fault *fault)
{
	struct silence_asked *asked = arg;
	if (fault != NULL || !is_asking(asked) || survey->n_by_severity[SEVERITY_CRITICAL] == 0)
		return;
	int64_t n = survey->n_by_severity[SEVERITY_CRITICAL];
	if (n == (int64_t)survey->n) {
		never(asked, 0);
		return;
	}
	snprintf(asked->screen->menu.title, sizeof asked->screen->menu.title,
	    ngettext("%.90s \u00B7 %lld critical one stays", "%.90s \u00B7 %lld critical ones stay", (unsigned long)n), asked->title, (long long)n);
	asked->screen->dirt++;
}

void silence_try_alike(struct screen *screen, const int64_t *ids, size_t n)
{
	struct silence_asked *asked = &screen->silence_like;
	history_forget(screen->board->history, asked);
	asked->screen = screen;
	snprintf(asked->title, sizeof asked->title, "%s", screen->menu.title);
	if (n == 1)
		history_alert(screen->board->history, ids[0], on_alike, asked);
	else
		history_survey_of(screen->board->history, ids, n, on_many, asked);
}

/* ---- one that is there ------------------------------------------------------------------------ */

static void extend(struct screen *screen, const struct silence_row *row)
{
	char title[160], scope[PROMPT_BYTES];
	struct intent *intent = mem_zalloc(sizeof *intent);
	intent->act = (struct silence_act){ .deed = SILENCE_EXTEND, .kind = row->kind, .id = row->id };
	snprintf(title, sizeof title, "%s: %.110s", _("Until, from now on"), silence_scope_text(row, screen->masked, scope));
	add_durations(screen_menu(screen, title, on_duration, intent));
}

bool silence_command(struct screen *screen, enum command command, const struct silence_row *row)
{
	if (command == CMD_SILENCE_NEW) {
		if (!may_act(screen))
			return true;
		screen_open(screen, &view_silence_new, 0);
		filter_prompt_start(screen);
		return true;
	}
	if (command != CMD_SILENCE_EXTEND && command != CMD_SILENCE_END)
		return false;
	if (row == NULL) {
		screen_refuse(screen, "%s", _("There is no silence under the cursor."));
	} else if (may_act(screen)) {
		struct silence_act end = { .deed = SILENCE_END, .kind = row->kind, .id = row->id, .now_ms = now_of(screen) };
		if (command == CMD_SILENCE_EXTEND)
			extend(screen, row);
		else
			submit(screen, &end, 0);
	}
	return true;
}
