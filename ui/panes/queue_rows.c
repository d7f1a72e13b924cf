/* SPDX-License-Identifier: Apache-2.0
 *
 * How a row of the queue looks: an alert, a case, or what else it is grouped by. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "ui/chart.h"
#include "ui/panes/queue_parts.h"
#include "ui/screen.h"

static const struct list_column columns[] = {
	{ N_("level"), 7, 0, 0, false, 0 },
	{ N_("id"), 7, 0, LIST_ASKED, true, 0 },
	{ N_("|taken"), 1, 0, 0, false, 0 }, /* whether somebody has it, where its owner has no room */
	{ N_("time"), 6, 0, 1, false, 0 },
	{ N_("SLA"), 5, 0, 0, true, 0 },
	{ N_("what"), 34, 4, 0, false, 48 },
	{ N_("who"), 16, 3, 0, false, 30 },
	{ N_("why"), 31, 1, 8, false, 90 },
	{ N_("site"), 20, 2, 7, false, 26 },
	{ N_("hits"), 6, 0, 3, true, 0 },
	{ N_("pts"), 4, 0, 4, true, 0 },
	{ N_("cost"), 7, 0, 9, true, 0 },
	{ N_("state"), 11, 0, 6, false, 0 },
	{ N_("owner"), 7, 1, 2, false, 16 },
	{ N_("24 h"), TREND_STEPS, 0, 5, false, 0 }, /* of groups alone: the last one */
};
enum { COL_SEVERITY, COL_ID, COL_SIGN, COL_RAISED, COL_SLA, COL_WHAT, COL_WHO, COL_WHY, COL_SITE, COL_HITS, COL_SCORE,
	COL_COST, COL_STATE, COL_ASSIGNEE, COL_TREND };

/* Of rules and sites: how many, since when, the newest. */
static const struct list_column group_columns[] = {
	{ N_("level"), 7, 0, 0, false, 0 },
	{ N_("alerts"), 7, 0, 0, true, 0 },
	{ N_("24 h"), TREND_STEPS, 0, 3, false, 0 },
	{ N_("what"), 34, 4, 0, false, 60 },
	{ N_("newest"), 6, 0, 1, false, 0 },
	{ N_("who"), 16, 3, 4, false, 30 },
	{ N_("why"), 40, 1, 6, false, 90 },
	{ N_("site"), 20, 2, 5, false, 26 },
};
enum { GROUP_COL_SEVERITY, GROUP_COL_COUNT, GROUP_COL_TREND, GROUP_COL_WHAT, GROUP_COL_NEWEST, GROUP_COL_WHO, GROUP_COL_WHY, GROUP_COL_SITE };

static const size_t sorted_by[N_ORDERS] = { [ORDER_SEVERITY] = COL_SEVERITY, [ORDER_TIME] = COL_RAISED, [ORDER_SLA] = COL_SLA, [ORDER_SCORE] = COL_SCORE,
	[ORDER_WHO] = COL_WHO, [ORDER_RULE] = COL_WHAT, [ORDER_SITE] = COL_SITE, [ORDER_HITS] = COL_HITS, [ORDER_COST] = COL_COST,
	[ORDER_STATE] = COL_STATE, [ORDER_OWNER] = COL_ASSIGNEE };

const char *queue_order_word(enum alert_order order)
{
	return _(columns[sorted_by[order]].title);
}

bool queue_order_ascends(enum alert_order order)
{
#define ORDER_ASCENDS(id, name, column, is_text, ascending) [id] = ascending,
	static const bool ascends[N_ORDERS] = { ALERT_ORDERS(ORDER_ASCENDS) };
#undef ORDER_ASCENDS
	return ascends[order] || order == ORDER_SLA; /* the store has it as a negative: query_queue.c */
}

static bool of_few(const struct queue *queue)
{
	return queue->grouping == GROUP_RULE || queue->grouping == GROUP_SITE;
}

static const char *who_of(const struct alert *alert)
{
	return *alert->subject_name != '\0' ? alert->subject_name : alert->subject_id;
}

static const char *what_of(const struct alert *alert)
{
	return in_language(alert->title_en, alert->title_es);
}

/* "└ " or "▾ " before what it is, and how many more there are behind it. */
static const char *sign_of(const struct queue_row *shown)
{
	return shown->inside ? "\u2514 " : shown->opened ? "\u25BE " : "";
}

static const char *more_of(const struct queue_row *shown, char out[static SHORT_BYTES])
{
	char number[SHORT_BYTES];
	out[0] = '\0';
	if (shown->group != NULL && shown->group->n > 1)
		snprintf(out, SHORT_BYTES, "+%.20s", format_count(shown->group->n - 1, number));
	return out;
}

void queue_need(struct queue *queue)
{
	bool few = of_few(queue);
	for (size_t i = 0; i < queue->n_rows; i++) {
		const struct alert *alert = queue->rows[i].alert;
		char more[SHORT_BYTES], what[400];
		more_of(&queue->rows[i], more);
		snprintf(what, sizeof what, "%s%.300s%s%s", sign_of(&queue->rows[i]), what_of(alert), *more != '\0' ? " " : "", more);
		if (few)
			list_need(&queue->list, GROUP_COL_WHAT, queue->grouping == GROUP_SITE ? alert->location : what_of(alert));
		else
			list_need(&queue->list, COL_WHAT, what);
		list_need(&queue->list, few ? GROUP_COL_WHO : COL_WHO, who_of(alert));
		list_need(&queue->list, few ? GROUP_COL_WHY : COL_WHY, in_language(alert->why_en, alert->why_es));
		list_need(&queue->list, few ? GROUP_COL_SITE : COL_SITE, alert->location);
		if (!few)
			list_need(&queue->list, COL_ASSIGNEE, alert->assignee);
	}
}

/* ---- what is due ------------------------------------------------------------------- */

/* How long there is left to acknowledge it, or to be done with it: "23m", "5m▾" near
 * the end, "12m!" past it. What sleeps says until when; what is closed says its age. */
static enum role say_due(const struct alert *alert, int64_t now, char out[SHORT_BYTES])
{
	int64_t due_ms = triage_due_ms(alert), left = due_ms - now, all = due_ms - alert->raised_ms;
	switch (alert->state) {
	case ALERT_NEW: case ALERT_IN_PROGRESS:
		break;
	case ALERT_SNOOZED:
		format_age(MAX(due_ms - clock_real_ms(), 0), out); /* as the desk counts */
		return ROLE_DIM;
	case ALERT_CLOSED:
		format_age(now - alert->raised_ms, out);
		return ROLE_DIM;
	}
	format_age(left < 0 ? -left : left, out);
	if (left < 0)
		strcat(out, "!");
	else if (left < all / 4)
		strcat(out, "\u25BE");
	return left < 0 ? ROLE_ERROR : left < all / 4 ? ROLE_WARN : alert->state == ALERT_NEW ? ROLE_TEXT : ROLE_DIM;
}

/* ---- rows -------------------------------------------------------------------------- */

/* "▸ Forwarded to a risky number +2": what else the story raised; "└" is in it. */
static void draw_what(struct canvas *canvas, int row, const struct list_place *at, const struct queue_row *shown,
    enum role role, bool masked)
{
	char more[SHORT_BYTES], typed[TYPED_BYTES];
	const char *sign = sign_of(shown);
	more_of(shown, more);
	int width = (int)strlen(more), room = at->cols - (width > 0 ? width + 1 : 0);
	int used = canvas_text(canvas, row, at->col, MAX(room, 0), ROLE_DIM, sign);
	used += canvas_text(canvas, row, at->col + used, MAX(room - used, 0), role, format_masked(what_of(shown->alert), masked, typed, sizeof typed));
	if (width > 0 && at->cols > width + 1)
		canvas_text(canvas, row, at->col + used + 1, width, ROLE_KEY, more);
	used += width > 0 ? width + 1 : 0;
	if (*or_empty(shown->alert->tags) != '\0' && at->cols - used > 6) /* where there is room */
		canvas_printf(canvas, row, at->col + used + 1, at->cols - used - 1, ROLE_DIM, "[%s]", format_masked(shown->alert->tags, masked, typed, sizeof typed));
}

static void draw_who(struct pane *pane, struct canvas *canvas, int row, const struct list_place *at, const struct alert *alert, enum role role)
{
	char number[LONG_BYTES];
	const char *who = who_of(alert);
	canvas_text(canvas, row, at->col, at->cols, role,
	    alert->subject_kind == SUBJECT_NUMBER ? format_number(who, pane->screen->masked, number) : who);
}

static void draw_alert(struct pane *pane, struct canvas *canvas, int row, const struct queue_row *shown, const struct list_place *at)
{
	const struct alert *alert = shown->alert;
	const struct alert_group *group = shown->group;
	char text[SHORT_BYTES], why[TYPED_BYTES];
	int64_t now = pane_now(pane);
	bool masked = pane->screen->masked;
	bool resting = alert->state >= ALERT_SNOOZED;
	enum role plain = resting ? ROLE_DIM : ROLE_TEXT;
	enum severity severity = group != NULL ? group->severity : alert->severity;
	canvas_text(canvas, row, at[COL_SEVERITY].col, at[COL_SEVERITY].cols, resting ? ROLE_DIM : severity_role(severity), severity_badge(severity));
	snprintf(text, sizeof text, "#%" PRId64, alert->id);
	canvas_text_right(canvas, row, at[COL_ID].col, at[COL_ID].cols, ROLE_DIM, text);
	bool looked_at = presence_seen(pane->screen, alert->id); /* by somebody else, now */
	canvas_text(canvas, row, at[COL_SIGN].col, at[COL_SIGN].cols, looked_at ? ROLE_WARN : state_role(alert->state),
	    looked_at ? "\u25C9" : state_sign(alert->state));
	canvas_text(canvas, row, at[COL_RAISED].col, at[COL_RAISED].cols, plain,
	    format_time(zones_current(&pane->screen->zones, NULL), alert->raised_ms, now, text));
	enum role due = say_due(alert, now, text);
	canvas_text_right(canvas, row, at[COL_SLA].col, at[COL_SLA].cols, due, text);
	draw_what(canvas, row, &at[COL_WHAT], shown, alert->state == ALERT_NEW ? ROLE_STRONG : plain, masked);
	draw_who(pane, canvas, row, &at[COL_WHO], alert, plain);
	canvas_text(canvas, row, at[COL_WHY].col, at[COL_WHY].cols, plain, format_masked(in_language(alert->why_en, alert->why_es), masked, why, sizeof why));
	canvas_text(canvas, row, at[COL_SITE].col, at[COL_SITE].cols, plain, alert->location);
	const char *at_most = group != NULL && group->at_most ? "\u2264" : "";
	char sum[2 * SHORT_BYTES];
	snprintf(sum, sizeof sum, "%s%s", at_most, format_count(group != NULL ? group->hits : alert->count, text));
	canvas_text_right(canvas, row, at[COL_HITS].col, at[COL_HITS].cols, plain, sum);
	snprintf(text, sizeof text, "%d", group != NULL ? group->score : alert->score);
	canvas_text_right(canvas, row, at[COL_SCORE].col, at[COL_SCORE].cols, plain, text);
	int64_t cost = group != NULL ? group->cost_micro : alert->cost_micro;
	snprintf(sum, sizeof sum, "%s%s", at_most, format_money(cost, text));
	canvas_text_right(canvas, row, at[COL_COST].col, at[COL_COST].cols, plain, cost > 0 ? sum : "");
	canvas_text(canvas, row, at[COL_STATE].col, at[COL_STATE].cols, state_role(alert->state), state_word(alert->state));
	canvas_text(canvas, row, at[COL_ASSIGNEE].col, at[COL_ASSIGNEE].cols, plain, alert->assignee);
	if (group != NULL && group->n > 1 && at[COL_TREND].cols > 0) /* of one alert its time says it */
		chart_sparkline(canvas, row, at[COL_TREND].col, at[COL_TREND].cols, group->trend, TREND_STEPS);
}

static void draw_group(struct pane *pane, struct canvas *canvas, int row, const struct queue_row *shown, const struct list_place *at)
{
	const struct queue *queue = pane->memory;
	const struct alert *alert = shown->alert;
	char text[SHORT_BYTES], why[TYPED_BYTES];
	bool masked = pane->screen->masked;
	enum severity severity = shown->group != NULL ? shown->group->severity : alert->severity;
	struct queue_row whole = *shown;
	struct alert named = *alert;
	if (queue->grouping == GROUP_SITE && !shown->inside)
		named.title_en = named.title_es = *alert->location != '\0' ? alert->location : "\u2014";
	whole.alert = &named;
	whole.group = NULL; /* its number stands in a column */
	canvas_text(canvas, row, at[GROUP_COL_SEVERITY].col, at[GROUP_COL_SEVERITY].cols, severity_role(severity), severity_badge(severity));
	if (shown->group != NULL) {
		canvas_text_right(canvas, row, at[GROUP_COL_COUNT].col, at[GROUP_COL_COUNT].cols, ROLE_STRONG, format_count(shown->group->n, text));
		chart_sparkline(canvas, row, at[GROUP_COL_TREND].col, at[GROUP_COL_TREND].cols, shown->group->trend, TREND_STEPS);
	}
	draw_what(canvas, row, &at[GROUP_COL_WHAT], &whole, shown->inside ? ROLE_TEXT : ROLE_STRONG, masked);
	canvas_text(canvas, row, at[GROUP_COL_NEWEST].col, at[GROUP_COL_NEWEST].cols, ROLE_TEXT,
	    format_time(zones_current(&pane->screen->zones, NULL), alert->raised_ms, pane_now(pane), text));
	draw_who(pane, canvas, row, &at[GROUP_COL_WHO], alert, ROLE_DIM);
	canvas_text(canvas, row, at[GROUP_COL_WHY].col, at[GROUP_COL_WHY].cols, ROLE_DIM, format_masked(in_language(alert->why_en, alert->why_es), masked, why, sizeof why));
	canvas_text(canvas, row, at[GROUP_COL_SITE].col, at[GROUP_COL_SITE].cols, ROLE_DIM, alert->location);
}

static void draw_row(struct pane *pane, struct canvas *canvas, int row, size_t i, const struct list_place *at)
{
	const struct queue *queue = pane->memory;
	(of_few(queue) ? draw_group : draw_alert)(pane, canvas, row, &queue->rows[i], at);
}

/* Calm is what was looked at and found quiet, not what nobody has read yet. */
static bool is_reading(const struct pane *pane)
{
	const struct health *health = pane_board(pane)->health;
	bool never = health->complete_until_ms == 0 && (health->sync == SYNC_ASKING || health->sync == SYNC_WAITING);
	return never || health->sync == SYNC_STARTING || health->backfill_done < health->backfill_total;
}

void queue_draw(struct pane *pane, struct canvas *canvas, bool focused)
{
	struct queue *queue = pane->memory;
	bool few = of_few(queue);
	const char *empty = queue->searching ? _("Searching\u2026") : queue->filter[0] != '\0' ? _("No alert passes the filter.") :
	    is_reading(pane) ? _("No open alert so far; records are still being read.") : _("No open alert. All is calm.");
	size_t n = few ? COUNT_OF(group_columns) : COUNT_OF(columns) - (queue->groups == NULL);
	pane->arranged_as = few ? "queue-groups" : NULL;
	pane_draw_list(pane, canvas, &queue->list, few ? group_columns : columns, n,
	    few ? GROUP_COL_SEVERITY | SORTED_DOWN : sorted_by[queue->order] | (queue_order_ascends(queue->order) ? SORTED_UP : SORTED_DOWN), focused, empty, draw_row);
}
