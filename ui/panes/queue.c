/* SPDX-License-Identifier: Apache-2.0
 *
 * The alert queue: what waits for somebody, the worst first. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/mem.h"
#include "ui/copy.h"
#include "ui/panes/leads.h"

extern const struct pane_type pane_queue;

enum sort { SORT_SEVERITY, SORT_TIME, SORT_SCORE, SORT_SUBJECT, N_SORTS };

enum { FIRST_ROWS = 200, ALL_ROWS = 5000 };

struct queue_row {
	const struct alert *alert; /* of a case: the first in the order */
	const struct alert *worst; /* of those of the case that wait, or of all */
	int64_t id;		   /* the alert's, or the case's */
	int64_t hits;		   /* records of all */
	size_t others;		   /* alerts of the case beside it */
};

struct queue {
	struct arena arena;
	struct alert *alerts; /* in the list's order */
	size_t n;
	struct queue_row *rows; /* of the list: alerts, or cases by their worst */
	size_t n_rows;
	bool apart; /* each alert is a row; else each case */
	int64_t n_open;
	struct list list;
	enum sort sort;
	bool closed_too;
	bool whole; /* to be asked for beyond the first rows, which are there at once */
	bool whole_asked;
	char filter[PROMPT_BYTES];
};

static const struct list_column columns[] = {
	{ N_("level"), 7, 0, 0, false, 0 },
	{ "", 1, 0, 0, false, 0 }, /* whether somebody has it, where its owner has no room */
	{ N_("time"), 6, 0, 1, false, 0 },
	{ N_("age"), 5, 0, 0, true, 0 },
	{ N_("what"), 34, 4, 0, false, 48 },
	{ N_("who"), 16, 3, 0, false, 30 },
	{ N_("why"), 40, 1, 8, false, 90 },
	{ N_("site"), 20, 2, 7, false, 26 },
	{ N_("hits"), 5, 0, 3, true, 0 },
	{ N_("pts"), 4, 0, 4, true, 0 },
	{ N_("state"), 11, 0, 6, false, 0 },
	{ N_("owner"), 7, 1, 2, false, 16 },
};
enum { COL_SEVERITY, COL_SIGN, COL_RAISED, COL_AGE, COL_WHAT, COL_WHO, COL_WHY, COL_SITE, COL_CALLS, COL_SCORE,
	COL_STATE, COL_ASSIGNEE };

static const char *who_of(const struct alert *alert)
{
	return *alert->subject_name != '\0' ? alert->subject_name : alert->subject_id;
}

static const char *why_of(const struct alert *alert)
{
	return in_language(alert->why_en, alert->why_es);
}

static enum sort sort_now; /* qsort has no argument; the loop is one thread */

static int by_sort(const void *a, const void *b)
{
	const struct alert *x = a, *y = b;
	int order = 0;
	/* What is closed or asleep goes below what waits. */
	int rest_x = x->state >= ALERT_SNOOZED, rest_y = y->state >= ALERT_SNOOZED;
	if (rest_x != rest_y)
		return rest_x - rest_y;
	switch (sort_now) {
	case SORT_SEVERITY:
		order = (int)y->severity - (int)x->severity;
		break;
	case SORT_SCORE:
		order = y->score - x->score;
		break;
	case SORT_SUBJECT:
		order = strcmp(x->subject_name, y->subject_name);
		break;
	case SORT_TIME: case N_SORTS:
		break;
	}
	if (order == 0)
		order = (y->raised_ms > x->raised_ms) - (y->raised_ms < x->raised_ms);
	return order != 0 ? order : (y->id > x->id) - (y->id < x->id);
}

static void join(struct queue_row *row, const struct alert *alert)
{
	bool rests = alert->state >= ALERT_SNOOZED, worst_rests = row->worst->state >= ALERT_SNOOZED;
	row->others++;
	row->hits += alert->count;
	if (rests != worst_rests ? !rests : alert->severity > row->worst->severity || (alert->severity == row->worst->severity && alert->score > row->worst->score))
		row->worst = alert;
}

/* The rows of the list: alerts in their order, or each case where its first one
 * stands. */
static void make_rows(struct queue *queue)
{
	struct map cases = { 0 };
	queue->rows = arena_alloc(&queue->arena, (queue->n + 1) * sizeof *queue->rows);
	queue->n_rows = 0;
	for (size_t i = 0; i < queue->n; i++) {
		const struct alert *alert = &queue->alerts[i];
		if (!queue->apart && alert->case_id != 0) {
			char key[24];
			bool is_new;
			snprintf(key, sizeof key, "%" PRId64, alert->case_id);
			union map_value *at = map_put(&cases, key, &is_new);
			if (!is_new) {
				join(&queue->rows[at->number], alert);
				continue;
			}
			at->number = (int64_t)queue->n_rows;
		}
		queue->rows[queue->n_rows++] = (struct queue_row){ alert, alert,
			queue->apart || alert->case_id == 0 ? alert->id : alert->case_id, alert->count, 0 };
	}
	map_clear(&cases);
}

static void sort(struct queue *queue)
{
	sort_now = queue->sort;
	if (queue->n > 0)
		qsort(queue->alerts, queue->n, sizeof *queue->alerts, by_sort);
	make_rows(queue);
	int64_t *ids = mem_alloc((queue->n_rows + 1) * sizeof *ids);
	for (size_t i = 0; i < queue->n_rows; i++) {
		const struct alert *alert = queue->rows[i].alert;
		ids[i] = queue->rows[i].id;
		list_need(&queue->list, COL_WHAT, in_language(alert->title_en, alert->title_es));
		list_need(&queue->list, COL_WHO, who_of(alert));
		list_need(&queue->list, COL_WHY, why_of(alert));
		list_need(&queue->list, COL_SITE, alert->location);
		list_need(&queue->list, COL_ASSIGNEE, alert->assignee);
	}
	list_set(&queue->list, ids, queue->n_rows);
	free(ids);
}

static void on_answer(void *arg, const struct alert_list *answer, const struct fault *fault)
{
	struct pane *pane = arg;
	struct queue *queue = pane->memory;
	pane_answered(pane, fault);
	if (answer == NULL)
		return;
	struct screen *screen = pane->screen;
	memcpy(screen->n_open, answer->n_by_severity, sizeof screen->n_open);
	screen->n_mine = answer->n_mine;
	screen->counted = true;
	queue->n_open = answer->n_open;
	arena_clear(&queue->arena);
	arena_init(&queue->arena);
	queue->alerts = copy_alerts(&queue->arena, answer->items, answer->n);
	queue->n = answer->n;
	queue->whole = queue->whole || answer->n == FIRST_ROWS;
	sort(queue);
}

static void refresh(struct pane *pane)
{
	struct queue *queue = pane->memory;
	bool more = queue->whole && !queue->whole_asked;
	if (queue->list.frozen && pane->answered && !more)
		return;
	if (!pane_may_ask(pane, pane_board(pane)->alerts_version * 2 + queue->whole, 100))
		return;
	queue->whole_asked = queue->whole;
	struct alert_query query = { .closed_too = queue->closed_too, .filter = filters_expanded(pane->screen, queue->filter),
		.limit = queue->whole ? ALL_ROWS : FIRST_ROWS };
	history_alerts(pane_board(pane)->history, &query, on_answer, pane);
}

static void open_queue(struct pane *pane, int64_t id)
{
	struct queue *queue = pane->memory;
	UNUSED(id);
	arena_init(&queue->arena);
}

static void close_queue(struct pane *pane)
{
	struct queue *queue = pane->memory;
	arena_clear(&queue->arena);
	list_clear(&queue->list);
}

/* ---- drawing ------------------------------------------------------------------- */

static enum role age_role(const struct alert *alert, int64_t age)
{
	if (alert->state != ALERT_NEW)
		return ROLE_DIM;
	int64_t sla = triage_sla_ms(alert->severity);
	return sla <= 0 || age < sla / 2 ? ROLE_TEXT : age < sla ? ROLE_WARN : ROLE_ERROR;
}

/* "Forwarded to a risky number +2": what else the story raised. */
static void draw_what(struct canvas *canvas, int row, const struct list_place *at, const struct queue_row *shown,
    enum role role)
{
	char more[SHORT_BYTES] = "";
	if (shown->others > 0)
		snprintf(more, sizeof more, "+%zu", shown->others);
	int width = (int)strlen(more), room = at->cols - (width > 0 ? width + 1 : 0);
	int used = canvas_text(canvas, row, at->col, MAX(room, 0), role,
	    in_language(shown->alert->title_en, shown->alert->title_es));
	if (width > 0 && at->cols > width + 1)
		canvas_text(canvas, row, at->col + used + 1, width, ROLE_KEY, more);
}

static void draw_row(struct pane *pane, struct canvas *canvas, int row, size_t i,
    const struct list_place *at)
{
	const struct queue *queue = pane->memory;
	const struct queue_row *shown = &queue->rows[i];
	const struct alert *alert = shown->alert;
	char text[SHORT_BYTES], number[LONG_BYTES];
	int64_t now = pane_now(pane), age = now - alert->raised_ms;
	bool resting = alert->state >= ALERT_SNOOZED;
	enum role plain = resting ? ROLE_DIM : ROLE_TEXT;
	const struct zone *zone = zones_current(&pane->screen->zones, NULL);
	canvas_text(canvas, row, at[COL_SEVERITY].col, at[COL_SEVERITY].cols,
	    resting ? ROLE_DIM : severity_role(shown->worst->severity), severity_badge(shown->worst->severity));
	canvas_text(canvas, row, at[COL_SIGN].col, at[COL_SIGN].cols, state_role(alert->state),
	    state_sign(alert->state));
	canvas_text(canvas, row, at[COL_RAISED].col, at[COL_RAISED].cols, plain,
	    format_time(zone, alert->raised_ms, now, text));
	format_age(age, text);
	if (age_role(alert, age) == ROLE_ERROR)
		strcat(text, "!"); /* past its SLA: not by colour alone */
	canvas_text_right(canvas, row, at[COL_AGE].col, at[COL_AGE].cols, age_role(alert, age), text);
	draw_what(canvas, row, &at[COL_WHAT], shown, alert->state == ALERT_NEW ? ROLE_STRONG : plain);
	const char *who = who_of(alert);
	canvas_text(canvas, row, at[COL_WHO].col, at[COL_WHO].cols, plain,
	    alert->subject_kind == SUBJECT_NUMBER ? format_number(who, pane->screen->masked, number) : who);
	canvas_text(canvas, row, at[COL_WHY].col, at[COL_WHY].cols, plain, why_of(alert));
	canvas_text(canvas, row, at[COL_SITE].col, at[COL_SITE].cols, plain, alert->location);
	canvas_text_right(canvas, row, at[COL_CALLS].col, at[COL_CALLS].cols, plain,
	    format_count(shown->hits, text));
	snprintf(text, sizeof text, "%d", shown->worst->score);
	canvas_text_right(canvas, row, at[COL_SCORE].col, at[COL_SCORE].cols, plain, text);
	canvas_text(canvas, row, at[COL_STATE].col, at[COL_STATE].cols, state_role(alert->state),
	    state_word(alert->state));
	canvas_text(canvas, row, at[COL_ASSIGNEE].col, at[COL_ASSIGNEE].cols, plain, alert->assignee);
}

/* Calm is what was looked at and found quiet, not what nobody has read yet. */
static bool is_reading(const struct pane *pane)
{
	const struct health *health = pane_board(pane)->health;
	return health->sync == SYNC_STARTING || health->backfill_done < health->backfill_total;
}

static void draw(struct pane *pane, struct canvas *canvas, bool focused)
{
	static const size_t sorted_by[N_SORTS] = { COL_SEVERITY, COL_RAISED, COL_SCORE, COL_WHO };
	struct queue *queue = pane->memory;
	pane_draw_list(pane, canvas, &queue->list, columns, COUNT_OF(columns), sorted_by[queue->sort],
	    focused, queue->filter[0] != '\0' ? _("No alert passes the filter.") :
	    is_reading(pane) ? _("No open alert so far; records are still being read.") : _("No open alert. All is calm."),
	    draw_row);
}

static void summary(struct pane *pane, char *out, size_t capacity)
{
	struct queue *queue = pane->memory;
	size_t n = (size_t)queue->n_open, mine = (size_t)pane->screen->n_mine;
	int used = snprintf(out, capacity, ngettext("%zu open", "%zu open", n), n);
	if (used > 0 && !queue->apart && queue->n_rows < queue->n && queue->n == n)
		used += snprintf(out + used, capacity - (size_t)used,
		    ngettext(" \u00B7 %zu case", " \u00B7 %zu cases", queue->n_rows), queue->n_rows);
	if (used > 0 && mine > 0)
		snprintf(out + used, capacity - (size_t)used, ngettext(" \u00B7 %zu mine", " \u00B7 %zu mine", mine),
		    mine);
}

static void ask_anew(struct pane *pane)
{
	struct queue *queue = pane->memory;
	list_restart(&queue->list);
	queue->n = queue->n_rows = 0;
	queue->whole = queue->whole_asked = false;
	pane_ask_anew(pane);
}

/* ---- commands --------------------------------------------------------------------- */

static bool command(struct pane *pane, enum command command)
{
	struct queue *queue = pane->memory;
	switch ((int)command) {
	case CMD_OPEN:
		if (queue->list.n > 0)
			screen_open(pane->screen, &view_alert, queue->rows[queue->list.selected].alert->id);
		return true;
	case CMD_PROFILE:
		if (queue->list.n > 0) {
			const struct alert *alert = queue->rows[queue->list.selected].alert;
			profile_open(pane->screen, alert->subject_kind, alert->subject_id);
		}
		return true;
	case CMD_RELATED:
		if (queue->list.n > 0) {
			struct leads *leads = leads_new();
			leads_add_alert(leads, queue->rows[queue->list.selected].alert);
			leads_open(pane->screen, leads);
		}
		return true;
	case CMD_GROUP: {
		const struct alert *alert = queue->n_rows > 0 ? queue->rows[queue->list.selected].alert : NULL;
		queue->apart = !queue->apart;
		list_restart(&queue->list);
		sort(queue);
		for (size_t i = 0; alert != NULL && i < queue->n_rows; i++) /* the cursor stays on its alert */
			if (queue->rows[i].alert->id == alert->id || (!queue->apart && queue->rows[i].id == alert->case_id))
				list_select(&queue->list, i);
		screen_message(pane->screen, ROLE_TEXT, "%s",
		    queue->apart ? _("Each alert is a row.") : _("Each case is a row: +2 are two more alerts of the story."));
		return true;
	}
	case CMD_SORT:
		queue->sort = (enum sort)((queue->sort + 1) % N_SORTS);
		sort(queue);
		return true;
	case CMD_SHOW_CLOSED:
		queue->closed_too = !queue->closed_too;
		ask_anew(pane);
		screen_message(pane->screen, ROLE_TEXT, "%s",
		    queue->closed_too ? _("Closed alerts are shown too.") : _("Only open alerts are shown."));
		return true;
	default:
		return false;
	}
}

static void sort_by(struct pane *pane, size_t by)
{
	struct queue *queue = pane->memory;
	queue->sort = (enum sort)by;
	sort(queue);
}

static struct list *get_list(struct pane *pane)
{
	return &((struct queue *)pane->memory)->list;
}

static size_t alerts(struct pane *pane, int64_t *ids, size_t capacity)
{
	const struct queue *queue = pane->memory;
	size_t n_rows = list_targets(get_list(pane), ids, capacity), n = 0;
	if (queue->apart || n_rows == 0)
		return n_rows;
	/* What is done to a case is done to all its alerts that are listed; while
	 * one waits, not to those that are closed. */
	int64_t *rows = mem_alloc(n_rows * sizeof *rows);
	memcpy(rows, ids, n_rows * sizeof *rows);
	for (size_t r = 0; r < n_rows; r++) {
		bool waits = false;
		for (int turn = 0; turn < 2; turn++)
			for (size_t i = 0; i < queue->n && n < capacity; i++) {
				const struct alert *alert = &queue->alerts[i];
				if ((alert->case_id == 0 ? alert->id : alert->case_id) != rows[r])
					continue;
				if (turn == 0)
					waits |= alert->state != ALERT_CLOSED;
				else if (!waits || alert->state != ALERT_CLOSED)
					ids[n++] = alert->id;
			}
	}
	free(rows);
	return n;
}

static size_t text(struct pane *pane, char *out, size_t capacity)
{
	struct queue *queue = pane->memory;
	if (queue->list.selected >= queue->n_rows)
		return 0;
	const struct alert *alert = queue->rows[queue->list.selected].alert;
	int n = snprintf(out, capacity, "#%" PRId64 " %s %s %s", alert->id, severity_name(alert->severity),
	    in_language(alert->title_en, alert->title_es), alert->subject_name);
	return (size_t)MIN(MAX(n, 0), (int)capacity - 1);
}

static const char *filter(struct pane *pane)
{
	return ((struct queue *)pane->memory)->filter;
}

static const void *row_at(struct pane *pane, size_t i)
{
	const struct queue *queue = pane->memory;
	return i < queue->n ? &queue->alerts[i] : NULL;
}

static void set_filter(struct pane *pane, const char *expression)
{
	struct queue *queue = pane->memory;
	snprintf(queue->filter, sizeof queue->filter, "%s", expression);
	ask_anew(pane);
}

const struct pane_type pane_queue = {
	.name = "queue", .title = N_("Queue"), .place = PLACE_QUEUE, .memory = sizeof(struct queue),
	.open = open_queue, .close = close_queue, .refresh = refresh, .draw = draw,
	.summary = summary, .command = command, .list = get_list, .alerts = alerts, .text = text,
	.filter = filter, .set_filter = set_filter, .filter_of = FILTER_ALERTS, .row = row_at, .read_row = filter_read_alert,
	.sorts = { "severity", "time", "score", "who" }, .sort = sort_by,
};
