/* SPDX-License-Identifier: Apache-2.0
 *
 * The alert queue: what waits for somebody, the worst first. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "ui/panes/leads.h"
#include "ui/panes/queue_parts.h"

extern const struct pane_type pane_queue;

/* The names of `:group`, and what is said and offered. */
static const struct {
	const char *name, *label, *said;
} groupings[N_GROUPINGS] = {
	[GROUP_NONE] = { "none", N_("nothing: each alert is a row"), N_("Each alert is a row.") },
	[GROUP_CASE] = { "case", N_("case: the alerts of a story"), N_("Each case is a row: +2 are two more alerts of the story.") },
	[GROUP_SUBJECT] = { "who", N_("who: person, number, trunk \u2026"), N_("Each person or number is a row.") },
	[GROUP_FINGERPRINT] = { "same", N_("same: one rule, one subject"), N_("The same of one person is a row.") },
	[GROUP_RULE] = { "rule", N_("rule"), N_("Each rule is a row, with the newest alert of it.") },
	[GROUP_SITE] = { "site", N_("site"), N_("Each site is a row, with the newest alert there.") },
};

static void open_queue(struct pane *pane, int64_t id)
{
	struct queue *queue = pane->memory;
	UNUSED(id);
	arena_init(&queue->arena);
	queue->grouping = GROUP_CASE;
	queue->at_first = true;
}

static void close_queue(struct pane *pane)
{
	struct queue *queue = pane->memory;
	arena_clear(&queue->arena);
	free(queue->away);
	list_clear(&queue->list);
}

/* "12 of 1000000" where not all of it is here. */
static int say_place(const struct queue *queue, char *out, size_t capacity)
{
	const struct queue_row *row = queue_selected(queue);
	char one[SHORT_BYTES], all[SHORT_BYTES];
	if (row == NULL || queue->before < 0 || (queue->at_first && queue->at_last))
		return 0;
	int64_t at = queue->before + (int64_t)row->at + 1;
	if (queue->grouping == GROUP_NONE && queue->filter[0] == '\0' && !queue->closed_too)
		return snprintf(out, capacity, _("%s of %s \u00B7 "), format_count(at, one), format_count(queue->n_open, all));
	return snprintf(out, capacity, _("row %s \u00B7 "), format_count(at, one));
}

/* What the filter lets through; -1 where more may come, or closed ones are among it. */
static int64_t n_passed(const struct queue *queue)
{
	int64_t n = 0;
	if (queue->filter[0] == '\0' || !queue->at_first || !queue->at_last || queue->closed_too || queue->searching)
		return -1;
	for (size_t i = 0; i < queue->n; i++)
		n += queue->groups != NULL ? (int64_t)queue->groups[i].n : 1;
	return n;
}

static void summary(struct pane *pane, char *out, size_t capacity)
{
	struct queue *queue = pane->memory;
	size_t n = (size_t)queue->n_open, mine = (size_t)pane->screen->n_mine;
	char number[SHORT_BYTES];
	int used = 0;
	if (queue->searching)
		used = snprintf(out, capacity, _("searching\u2026 %s read \u00B7 "), format_count(queue->n_searched, number));
	used += say_place(queue, out + used, capacity - (size_t)used);
	int64_t passed = n_passed(queue);
	if (passed >= 0)
		used += snprintf(out + used, capacity - (size_t)used, _("%s of "), format_count(passed, number));
	used += snprintf(out + used, capacity - (size_t)used, ngettext("%s open", "%s open", n), format_count(queue->n_open, number));
	bool whole = queue->at_first && queue->at_last && queue->filter[0] == '\0' && !queue->closed_too;
	if (whole && queue->grouping == GROUP_CASE && queue->n < n)
		used += snprintf(out + used, capacity - (size_t)used, ngettext(" \u00B7 %zu case", " \u00B7 %zu cases", queue->n), queue->n);
	if (mine > 0)
		snprintf(out + used, capacity - (size_t)used, ngettext(" \u00B7 %zu mine", " \u00B7 %zu mine", mine), mine);
}

/* ---- commands --------------------------------------------------------------------- */

static void group_by(struct pane *pane, size_t by)
{
	struct queue *queue = pane->memory;
	queue->grouping = (enum alert_grouping)by;
	queue->n_opened_ids = 0;
	queue_ask_anew(pane, true);
	screen_message(pane->screen, ROLE_TEXT, "%s", _(groupings[by].said));
}

static void on_grouping(struct screen *screen, void *arg, const struct menu_item *item)
{
	struct pane *pane = screen_focused(screen);
	UNUSED(arg);
	if (pane->type == &pane_queue)
		group_by(pane, (size_t)item->value);
}

static void group_menu(struct pane *pane)
{
	const struct queue *queue = pane->memory;
	struct menu *menu = screen_menu(pane->screen, _("One row for each"), on_grouping, NULL);
	for (int i = 0; i < N_GROUPINGS; i++)
		menu_add(menu, (uint32_t)('1' + i), i, _(groupings[i].label));
	menu->selected = (size_t)queue->grouping;
}

static void fold(struct queue *queue, int64_t row_id)
{
	for (size_t i = 0; i < queue->n_opened; i++) {
		int64_t id = queue->opened[i].id;
		if (queue->opened[i].n == 0 || queue_row_id(queue, &queue->opened[i].items[0], false) != row_id)
			continue;
		queue->opened[i] = queue->opened[--queue->n_opened];
		for (size_t k = 0; k < queue->n_opened_ids; k++)
			if (queue->opened_ids[k] == id)
				queue->opened_ids[k] = queue->opened_ids[--queue->n_opened_ids];
		return;
	}
}

/* Show what is in the group under the cursor, or put it away again. */
static void unfold(struct pane *pane)
{
	struct queue *queue = pane->memory;
	const struct queue_row *row = queue_selected(queue);
	if (row == NULL)
		return;
	const struct queue_row *head = row;
	while (head->inside && head > queue->rows)
		head--;
	if (head->group == NULL || (head->group->n < 2 && !head->opened)) {
		screen_refuse(pane->screen, "%s", _("There is nothing in it beside this alert."));
		return;
	}
	if (head->opened) {
		fold(queue, head->id);
		list_select(&queue->list, (size_t)(head - queue->rows));
		queue_make_rows(queue);
		return;
	}
	if (queue->n_opened_ids == QUEUE_OPENED_MAX) { /* the one that was opened first is folded */
		memmove(queue->opened_ids, queue->opened_ids + 1, (QUEUE_OPENED_MAX - 1) * sizeof *queue->opened_ids);
		queue->n_opened_ids--;
		queue->n_opened = 0;
	}
	queue->opened_ids[queue->n_opened_ids++] = head->alert->id;
	queue->n_wishes++; /* what is in it must be asked */
	queue_refresh(pane);
}

static void sort_by(struct pane *pane, size_t by)
{
	struct queue *queue = pane->memory;
	queue->order = (enum alert_order)by;
	queue_ask_anew(pane, true);
	/* Its column may be one that is not shown. */
	screen_message(pane->screen, ROLE_TEXT, _("Sorted by: %s %s"), queue_order_word(queue->order), queue_order_ascends(queue->order) ? "\u2191" : "\u2193");
}

static void on_order(struct screen *screen, void *arg, const struct menu_item *item)
{
	struct pane *pane = screen_focused(screen);
	UNUSED(arg);
	if (pane->type == &pane_queue)
		sort_by(pane, (size_t)item->value);
}

static void order_menu(struct pane *pane)
{
	const struct queue *queue = pane->memory;
	struct menu *menu = screen_menu(pane->screen, _("Sort by"), on_order, NULL);
	static const char keys[] = "1234567890abcdef";
	static_assert(N_ORDERS < sizeof keys, "each has its key");
	for (int i = 0; i < N_ORDERS; i++) {
		char label[80];
		snprintf(label, sizeof label, "%s %s", queue_order_word((enum alert_order)i), queue_order_ascends((enum alert_order)i) ? "\u2191" : "\u2193");
		menu_add(menu, (uint32_t)keys[i], i, label);
	}
	menu->selected = (size_t)queue->order;
}

static bool command(struct pane *pane, enum command command)
{
	struct queue *queue = pane->memory;
	const struct queue_row *row = queue_selected(queue);
	switch ((int)command) {
	case CMD_OPEN:
		if (row != NULL && row->group != NULL && (queue->grouping == GROUP_RULE || queue->grouping == GROUP_SITE))
			unfold(pane);
		else if (row != NULL)
			screen_open(pane->screen, &view_alert, row->alert->id);
		return true;
	case CMD_PROFILE:
		if (row != NULL)
			profile_open(pane->screen, row->alert->subject_kind, row->alert->subject_id);
		return true;
	case CMD_RELATED:
		if (row != NULL) {
			struct leads *leads = leads_new();
			leads_add_alert(leads, row->alert);
			leads_open(pane->screen, leads);
		}
		return true;
	case CMD_CASE:
		if (row != NULL)
			screen_open(pane->screen, &view_case, row->alert->id);
		return true;
	case CMD_GROUP:
		group_menu(pane);
		return true;
	case CMD_UNFOLD:
		unfold(pane);
		return true;
	case CMD_TOP:
	case CMD_BOTTOM:
		return queue_go_to(pane, command == CMD_BOTTOM);
	case CMD_SORT:
		sort_by(pane, ((size_t)queue->order + 1) % N_ORDERS);
		return true;
	case CMD_SORT_BY:
		order_menu(pane);
		return true;
	case CMD_SHOW_CLOSED:
		queue->closed_too = !queue->closed_too;
		queue_ask_anew(pane, false);
		screen_message(pane->screen, ROLE_TEXT, "%s",
		    queue->closed_too ? _("Closed alerts are shown too.") : _("Only open alerts are shown."));
		return true;
	default:
		return false;
	}
}

static struct list *get_list(struct pane *pane)
{
	return &((struct queue *)pane->memory)->list;
}

static size_t add_alerts_of(const struct queue_row *row, int64_t *ids, size_t n, size_t capacity)
{
	if (row->group == NULL && n < capacity)
		ids[n++] = row->alert->id;
	/* What is done to a group is done to all its alerts; while one of them is
	 * open, not to those that are closed. */
	for (size_t i = 0; row->group != NULL && i < row->group->n_ids && n < capacity; i++)
		ids[n++] = row->group->ids[i];
	return n;
}

static size_t alerts(struct pane *pane, enum triage_act act, int64_t *ids, size_t capacity)
{
	const struct queue *queue = pane->memory;
	const struct queue_row *selected = queue_selected(queue);
	size_t n = 0;
	UNUSED(act);
	for (size_t i = 0; i < queue->n_rows && i < queue->list.n; i++)
		if (queue->list.rows[i].marked)
			n = add_alerts_of(&queue->rows[i], ids, n, capacity);
	for (size_t i = 0; queue->list.n_marked_beyond > 0 && i < queue->n_away && n < capacity; i++)
		ids[n++] = queue->away[i];
	if (n == 0 && selected != NULL && list_n_marked(&queue->list) == 0)
		n = add_alerts_of(selected, ids, n, capacity);
	return n;
}

static size_t text(struct pane *pane, char *out, size_t capacity)
{
	const struct queue_row *row = queue_selected(pane->memory);
	if (row == NULL)
		return 0;
	const struct alert *alert = row->alert;
	int n = snprintf(out, capacity, "#%" PRId64 " %s %s %s", alert->id, severity_word(alert->severity),
	    in_language(alert->title_en, alert->title_es), alert->subject_name);
	return (size_t)MIN(MAX(n, 0), (int)capacity - 1);
}

static const char *filter(struct pane *pane)
{
	return ((struct queue *)pane->memory)->filter;
}

static void question(struct pane *pane, struct alert_query *query)
{
	const struct queue *queue = pane->memory;
	*query = (struct alert_query){ .closed_too = queue->closed_too, .filter = filters_expanded(pane->screen, queue->filter) };
}

static const void *row_at(struct pane *pane, size_t i)
{
	const struct queue *queue = pane->memory;
	return i < queue->n ? &queue->alerts[i] : NULL;
}

static const void *selected(struct pane *pane)
{
	const struct queue_row *row = queue_selected(pane->memory);
	return row != NULL ? row->alert : NULL;
}

static void set_filter(struct pane *pane, const char *expression)
{
	struct queue *queue = pane->memory;
	snprintf(queue->filter, sizeof queue->filter, "%s", expression);
	queue_ask_anew(pane, false);
}

#define ORDER_NAME(id, name, column, is_text, ascending) [id] = name,

const struct pane_type pane_queue = {
	.name = "queue",
	.title = N_("Queue"),
	.place = PLACE_QUEUE,
	.memory = sizeof(struct queue),
	.open = open_queue,
	.close = close_queue,
	.refresh = queue_refresh,
	.draw = queue_draw,
	.summary = summary,
	.command = command,
	.list = get_list,
	.alerts = alerts,
	.question = question,
	.text = text,
	.filter = filter,
	.set_filter = set_filter,
	.filter_of = FILTER_ALERTS,
	.row = row_at,
	.selected = selected,
	.read_row = filter_read_alert,
	.sorts = { ALERT_ORDERS(ORDER_NAME) },
	.sort = sort_by,
	.groups = { "none", "case", "who", "same", "rule", "site" },
	.group = group_by,
};
