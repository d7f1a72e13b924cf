/* SPDX-License-Identifier: Apache-2.0
 *
 * Acts on many alerts: what an act would be of is seen before it is done, and an
 * act may be for everything that a filter lets through, listed or not. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "ui/act_parts.h"

enum { GO_ON = 1, SPARE_OTHERS, JUST_READ };

struct bulk {
	struct screen *screen;
	/* Everything that passes the filter of a pane: what the next act there is for. */
	const struct pane *pane; /* NULL: nothing was taken, or is asked for */
	bool asking;
	int64_t *ids;
	size_t n;
	struct preview *counting; /* the menu's, while its figures are asked for; it may be gone */
};

/* What a menu asks about: one piece of memory, which the menu frees. */
struct preview {
	struct intent *intent; /* behind it */
	char *text;
};

/* ---- what a filter lets through ------------------------------------------------------ */

void bulk_drop(struct screen *screen)
{
	struct bulk *bulk = screen->bulk;
	if (bulk == NULL)
		return;
	if (bulk->asking) {
		history_forget(screen->board->history, &bulk->asking);
		screen->n_in_flight--;
	}
	free(bulk->ids);
	bulk->pane = NULL;
	bulk->asking = false;
	bulk->ids = NULL;
	bulk->n = 0;
	screen->dirt++;
}

/* The menu that was counted for is answered, or gone. */
static void stop_counting(struct bulk *bulk)
{
	if (bulk->counting == NULL)
		return;
	history_forget(bulk->screen->board->history, bulk);
	bulk->screen->n_in_flight--;
	bulk->counting = NULL;
}

void bulk_free(struct screen *screen)
{
	if (screen->bulk == NULL)
		return;
	bulk_drop(screen);
	stop_counting(screen->bulk);
	free(screen->bulk);
	screen->bulk = NULL;
}

size_t bulk_taken(const struct screen *screen, const struct pane *pane, const int64_t **ids)
{
	const struct bulk *bulk = screen->bulk;
	if (bulk == NULL || bulk->pane != pane || bulk->asking)
		return 0;
	if (ids != NULL)
		*ids = bulk->ids;
	return bulk->n;
}

size_t bulk_n_taken(const struct screen *screen, const struct pane *pane)
{
	return bulk_taken(screen, pane, NULL);
}

static struct bulk *bulk_of(struct screen *screen)
{
	if (screen->bulk == NULL) {
		screen->bulk = mem_zalloc(sizeof *screen->bulk);
		screen->bulk->screen = screen;
	}
	return screen->bulk;
}

static void severities(const struct alert_survey *survey, char *out, size_t capacity)
{
	size_t used = 0;
	out[0] = '\0';
	for (int s = SEVERITY_CRITICAL; s >= SEVERITY_LOW; s--)
		if (survey->n_by_severity[s] > 0 && used < capacity)
			used += (size_t)snprintf(out + used, capacity - used, "%s%s %" PRId64, used > 0 ? " \u00B7 " : "",
			    severity_badge((enum severity)s), survey->n_by_severity[s]);
}

static void on_matching(void *arg, const struct alert_survey *survey, const struct fault *fault)
{
	struct bulk *bulk = (struct bulk *)((char *)arg - offsetof(struct bulk, asking));
	struct screen *screen = bulk->screen;
	char worst[160], key[KEY_NAME_BYTES];
	screen->n_in_flight--;
	bulk->asking = false;
	if (survey == NULL || survey->n == 0) {
		screen_refuse(screen, "%s", survey == NULL ? fault->text : _("No alert passes the filter."));
		bulk_drop(screen);
		return;
	}
	bulk->n = survey->n;
	bulk->ids = mem_dup(survey->ids, survey->n * sizeof *survey->ids);
	severities(survey, worst, sizeof worst);
	screen_key_name(screen, CMD_BACK, key);
	if (survey->cut)
		screen_message(screen, ROLE_WARN, _("The next act is for the worst %zu, not for all that match (%s drops them): %s"), survey->n, key, worst);
	else
		screen_message(screen, ROLE_OK, ngettext("The next act is for %zu alert (%s drops it): %s",
		    "The next act is for %zu alerts (%s drops them): %s", survey->n), survey->n, key, worst);
}

static void take_matching(struct screen *screen, struct pane *pane)
{
	struct alert_query query = { 0 };
	struct list *list = pane_list(pane);
	bulk_drop(screen);
	pane->type->question(pane, &query);
	if (list != NULL)
		list_unmark(list); /* of two ways to say which, the last one holds */
	struct bulk *bulk = bulk_of(screen);
	bulk->pane = pane;
	bulk->asking = true;
	screen->n_in_flight++;
	history_survey_matching(screen->board->history, &query, on_matching, &bulk->asking);
}

bool bulk_command(struct screen *screen, enum command command)
{
	struct pane *pane = screen_focused(screen);
	if (command == CMD_MARK_MATCHING && pane->type->question != NULL) {
		if (desk_read_only(screen->board->desk))
			screen_message(screen, ROLE_WARN, _("This console is read-only."));
		else
			take_matching(screen, pane);
		return true;
	}
	if (screen->bulk == NULL || screen->bulk->pane != pane)
		return false;
	switch ((int)command) {
	case CMD_BACK:
		bulk_drop(screen);
		screen_message(screen, ROLE_TEXT, "%s", _("Nothing is taken any more."));
		return true;
	case CMD_MARK: case CMD_MARK_ALL: case CMD_SHOW_CLOSED: case CMD_FILTER: case CMD_CLEAR_FILTER: case CMD_FILTER_BACK:
	case CMD_FILTER_PART: case CMD_SAVED_FILTERS:
		bulk_drop(screen); /* other alerts are meant now */
		return false;
	default:
		return false;
	}
}

/* ---- before it is done ---------------------------------------------------------------- */

static void read_line(struct menu *menu, const char *label, const char *what)
{
	char line[sizeof menu->items[0].label];
	if (*what == '\0')
		return;
	snprintf(line, sizeof line, "%.30s: %.*s", label, (int)MIN(text_fit(what, 84, NULL), (size_t)86), what);
	menu_add(menu, 0, JUST_READ, line);
	menu->items[menu->n - 1].off = true;
}

static void states(const struct alert_survey *survey, char *out, size_t capacity)
{
	size_t used = 0;
	out[0] = '\0';
	for (int s = ALERT_NEW; s <= ALERT_CLOSED; s++)
		if (survey->n_by_state[s] > 0 && used < capacity)
			used += (size_t)snprintf(out + used, capacity - used, "%s%s %" PRId64, used > 0 ? " \u00B7 " : "",
			    state_word((enum alert_state)s), survey->n_by_state[s]);
}

static void people(const struct alert_survey *survey, char *out, size_t capacity)
{
	int64_t named = 0;
	size_t used = 0;
	out[0] = '\0';
	for (size_t i = 0; i < survey->n_people && used < capacity; i++) {
		used += (size_t)snprintf(out + used, capacity - used, "%s%.20s %" PRId64, i > 0 ? " \u00B7 " : "", survey->others[i].who,
		    survey->others[i].n);
		named += survey->others[i].n;
	}
	if (named < survey->n_others && used < capacity)
		snprintf(out + used, capacity - used, " \u00B7 \u2026 %" PRId64, survey->n_others - named);
}

static void read_stay(struct menu *menu, int64_t n_stay)
{
	char text[80];
	snprintf(text, sizeof text, "%s %" PRId64, severity_badge(SEVERITY_CRITICAL), n_stay);
	read_line(menu, _("never silenced"), text);
}

static void on_choice(struct screen *screen, void *arg, const struct menu_item *item)
{
	struct preview *preview = arg;
	stop_counting(screen->bulk);
	preview->intent->confirmed = true;
	preview->intent->spare_others |= item->value == SPARE_OTHERS;
	act_submit(screen, preview->intent, preview->text);
}

static void on_survey(void *arg, const struct alert_survey *survey, const struct fault *fault)
{
	struct bulk *bulk = arg;
	struct screen *screen = bulk->screen;
	struct preview *preview = bulk->counting;
	struct menu *menu = &screen->menu;
	char text[160];
	bulk->counting = NULL;
	screen->n_in_flight--;
	screen->dirt++;
	if (screen->modal != MODAL_MENU || menu->on_choose != on_choice || menu->arg != preview)
		return; /* it was cancelled */
	menu->n = 1; /* what was to be waited for goes */
	int64_t n_stay = survey != NULL && preview->intent->act == TRIAGE_SILENCE ? survey->n_by_severity[SEVERITY_CRITICAL] : 0;
	if (n_stay > 0)
		snprintf(menu->items[0].label, sizeof menu->items[0].label, ngettext("do it: %zu of %zu alerts", "do it: %zu of %zu alerts", preview->intent->n),
		    preview->intent->n - MIN((size_t)n_stay, preview->intent->n), preview->intent->n);
	if (survey == NULL) {
		read_line(menu, _("not counted"), fault->text);
		act_add_told(screen, preview->intent, menu);
		return;
	}
	/* Whoever took one since it was counted keeps it. */
	preview->intent->spare_others = survey->n_others == 0;
	if (survey->n_others > 0) {
		snprintf(text, sizeof text, ngettext("all but the %zu that is somebody else's", "all but the %zu that are somebody else's",
		    (unsigned long)survey->n_others), (size_t)survey->n_others);
		menu_add(menu, '2', SPARE_OTHERS, text);
	}
	severities(survey, text, sizeof text);
	read_line(menu, _("severity"), text);
	if (n_stay > 0)
		read_stay(menu, n_stay);
	states(survey, text, sizeof text);
	read_line(menu, _("state"), text);
	people(survey, text, sizeof text);
	read_line(menu, _("somebody else's"), text);
	act_add_told(screen, preview->intent, menu);
}

void bulk_preview(struct screen *screen, const struct intent *intent, const char *text)
{
	char title[160], what[200];
	size_t n_intent = sizeof *intent + intent->n * sizeof intent->ids[0], n_text = strlen(text) + 1;
	struct preview *preview = mem_zalloc(sizeof *preview + n_intent + n_text);
	preview->intent = (struct intent *)(preview + 1);
	preview->text = (char *)preview->intent + n_intent;
	memcpy(preview->intent, intent, n_intent);
	memcpy(preview->text, text, n_text);
	act_name_of(intent, preview->text, what, sizeof what);
	snprintf(title, sizeof title, ngettext("%.110s: %zu alert", "%.110s: %zu alerts", intent->n), what, intent->n);
	struct menu *menu = screen_menu(screen, title, on_choice, preview);
	snprintf(what, sizeof what, ngettext("do it: %zu alert", "do it: all %zu alerts", intent->n), intent->n);
	menu_add(menu, '1', GO_ON, what);
	read_line(menu, _("severity"), "\u2026");
	act_add_told(screen, preview->intent, menu);
	struct bulk *bulk = bulk_of(screen);
	stop_counting(bulk);
	bulk->counting = preview;
	screen->n_in_flight++;
	history_survey_of(screen->board->history, preview->intent->ids, preview->intent->n, on_survey, bulk);
}
