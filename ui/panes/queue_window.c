/* SPDX-License-Identifier: Apache-2.0
 *
 * Which rows of the queue are there: a window of some hundred, around the cursor.
 * Near its edge the next one is asked for, so that a person meets no edge; a jump to
 * either end asks for that end. What is read costs the same wherever it is. */
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "ui/copy.h"
#include "ui/panes/queue_parts.h"
#include "ui/screen.h"

enum {
	PAGE_MIN = 20,	/* rows that are taken to be seen at once: more than a low screen has, */
	PAGE_MAX = 100, /* and fewer than a very high one */
	PAGE = 60,	/* before anything was drawn */
	FOUND = 600,	/* rows that a filter looks for, once it must search */
	SEARCH_MS = 25, /* so long a filter searches before it tells what it found */
};

/* How much is read at once, in rows. What is not seen is asked for only where the cursor
 * comes near it, and not more than that: each change of any alert has all of it read again. */
struct reach {
	size_t window;
	size_t margin; /* so near to the window's edge the next one is asked for */
	size_t kept;   /* … which begins so far on the other side of the cursor */
	size_t first;  /* of an end that is jumped to: it is there sooner, and not near its edge */
};

static struct reach reach_of(const struct queue *queue)
{
	size_t page = queue->list.visible > 0 ? MIN(MAX((size_t)queue->list.visible, (size_t)PAGE_MIN), (size_t)PAGE_MAX) : PAGE;
	/* A person has hundreds of alerts, which all are counted; a case has some. */
	if (queue->grouping == GROUP_SUBJECT)
		return (struct reach){ .window = 4 * page, .margin = page + 1, .kept = page + page / 2, .first = 2 * page };
	return (struct reach){ .window = 6 * page, .margin = page + page / 2, .kept = 2 * page, .first = 2 * page };
}

int64_t queue_row_id(const struct queue *queue, const struct alert *alert, bool inside)
{
	if (inside) /* no number of a group */
		return -alert->id;
	switch (queue->grouping) {
	case GROUP_CASE:
		return alert->case_id != 0 ? alert->case_id : alert->id;
	case GROUP_FINGERPRINT:
		return (int64_t)(alert->fingerprint >> 1);
	case GROUP_SUBJECT:
		return (int64_t)(hash_bytes(alert->subject_id, strlen(alert->subject_id)) >> 1) ^ (int64_t)alert->subject_kind;
	case GROUP_RULE:
		return (int64_t)(hash_bytes(alert->rule, strlen(alert->rule)) >> 1);
	case GROUP_SITE:
		return (int64_t)(hash_bytes(alert->location, strlen(alert->location)) >> 1);
	case GROUP_NONE: case N_GROUPINGS:
		break;
	}
	return alert->id;
}

const struct queue_row *queue_selected(const struct queue *queue)
{
	return queue->list.selected < queue->n_rows ? &queue->rows[queue->list.selected] : NULL;
}

/* ---- rows ------------------------------------------------------------------------ */

static const struct alert_opened *opened_of(const struct queue *queue, int64_t row_id)
{
	for (size_t i = 0; i < queue->n_opened; i++)
		if (queue->opened[i].n > 0 && queue_row_id(queue, &queue->opened[i].items[0], false) == row_id)
			return &queue->opened[i];
	return NULL;
}

void queue_make_rows(struct queue *queue)
{
	size_t most = queue->n;
	for (size_t i = 0; i < queue->n_opened; i++)
		most += queue->opened[i].n;
	queue->rows = arena_alloc(&queue->arena, (most + 1) * sizeof *queue->rows);
	queue->n_rows = 0;
	for (size_t i = 0; i < queue->n; i++) {
		const struct alert *alert = &queue->alerts[i];
		struct queue_row row = { alert, queue->groups != NULL ? &queue->groups[i] : NULL, queue_row_id(queue, alert, false), i, false, false };
		const struct alert_opened *opened = row.group == NULL ? NULL : opened_of(queue, row.id);
		row.opened = opened != NULL;
		queue->rows[queue->n_rows++] = row;
		for (size_t k = 0; opened != NULL && k < opened->n && queue->n_rows < most; k++)
			queue->rows[queue->n_rows++] = (struct queue_row){ &opened->items[k], NULL, queue_row_id(queue, &opened->items[k], true), i, true, false };
	}
	int64_t *ids = mem_alloc((queue->n_rows + 1) * sizeof *ids);
	for (size_t i = 0; i < queue->n_rows; i++)
		ids[i] = queue->rows[i].id;
	queue_need(queue);
	list_set(&queue->list, ids, queue->n_rows);
	free(ids);
}

/* ---- marks of rows that the window leaves ------------------------------------------ */

static void put_away(struct queue *queue, int64_t id)
{
	queue->away = mem_grow(queue->away, queue->n_away, &queue->away_capacity, sizeof *queue->away);
	queue->away[queue->n_away++] = id;
}

static void put_row_away(struct queue *queue, const struct queue_row *row)
{
	for (size_t i = 0; row->group != NULL && i < row->group->n_ids; i++)
		put_away(queue, row->group->ids[i]);
	if (row->group == NULL)
		put_away(queue, row->alert->id);
}

/* The marked rows that will not be among these. */
static void put_marks_away(struct queue *queue, const struct alert_list *next)
{
	for (size_t i = 0; i < queue->n_rows && i < queue->list.n; i++) {
		bool stays = false;
		if (!queue->list.rows[i].marked)
			continue;
		for (size_t k = 0; !queue->restart && k < next->n && !stays; k++)
			stays = queue_row_id(queue, &next->items[k], false) == queue->rows[i].id;
		if (!stays)
			put_row_away(queue, &queue->rows[i]);
	}
}

static bool is_away(const struct queue *queue, int64_t id)
{
	for (size_t i = 0; i < queue->n_away; i++)
		if (queue->away[i] == id)
			return true;
	return false;
}

/* Those that came back are marked as they were. */
static void take_marks_back(struct queue *queue)
{
	for (size_t i = 0; queue->n_away > 0 && i < queue->n_rows; i++) {
		const struct queue_row *row = &queue->rows[i];
		if (row->inside || !is_away(queue, row->alert->id))
			continue;
		queue->list.rows[i].marked = true;
		size_t n = 0;
		for (size_t k = 0; k < queue->n_away; k++) {
			bool its = queue->away[k] == row->alert->id;
			for (size_t m = 0; row->group != NULL && m < row->group->n_ids && !its; m++)
				its = row->group->ids[m] == queue->away[k];
			if (!its)
				queue->away[n++] = queue->away[k];
		}
		queue->n_away = n;
	}
	queue->list.n_marked_beyond = queue->n_away;
}

/* What must be asked, though nothing changed. */
static void wish(struct queue *queue, enum queue_ask ask)
{
	queue->wish = ask;
	queue->n_wishes++;
}

/* ---- answers ------------------------------------------------------------------------- */

static struct alert_group *copy_groups(struct arena *arena, const struct alert_group *groups, size_t n)
{
	if (groups == NULL)
		return NULL;
	struct alert_group *copy = arena_alloc(arena, (n + 1) * sizeof *copy);
	for (size_t i = 0; i < n; i++) {
		copy[i] = groups[i];
		int64_t *ids = arena_alloc(arena, (groups[i].n_ids + 1) * sizeof *ids);
		if (groups[i].n_ids > 0)
			memcpy(ids, groups[i].ids, groups[i].n_ids * sizeof *ids);
		copy[i].ids = ids;
	}
	return copy;
}

/* What a search found further on joins what it had found. */
static void join(struct arena *arena, struct queue *queue, const struct alert_list *answer, bool in_front)
{
	size_t n = queue->n + answer->n;
	const struct alert *first = in_front ? answer->items : queue->alerts, *second = in_front ? queue->alerts : answer->items;
	size_t n_first = in_front ? answer->n : queue->n;
	struct alert *both = arena_alloc(arena, (n + 1) * sizeof *both);
	struct alert_group *groups = arena_alloc(arena, (n + 1) * sizeof *groups);
	if (n_first > 0)
		memcpy(both, first, n_first * sizeof *both);
	if (n > n_first)
		memcpy(both + n_first, second, (n - n_first) * sizeof *both);
	queue->alerts = copy_alerts(arena, both, n);
	if (answer->groups != NULL && queue->groups != NULL) {
		const struct alert_group *one = in_front ? answer->groups : queue->groups, *other = in_front ? queue->groups : answer->groups;
		if (n_first > 0)
			memcpy(groups, one, n_first * sizeof *groups);
		if (n > n_first)
			memcpy(groups + n_first, other, (n - n_first) * sizeof *groups);
		queue->groups = copy_groups(arena, groups, n);
	}
	queue->n = n;
}

static void copy_opened(struct arena *arena, struct queue *queue, const struct alert_list *answer)
{
	/* Others may have been opened, or folded, since it was asked. */
	queue->opened = arena_alloc(arena, (answer->n_opened + 1) * sizeof *queue->opened);
	queue->n_opened = answer->n_opened;
	for (size_t i = 0; i < queue->n_opened; i++)
		queue->opened[i] = (struct alert_opened){ answer->opened[i].id, copy_alerts(arena, answer->opened[i].items, answer->opened[i].n), answer->opened[i].n };
}

static void place_window(struct queue *queue, const struct alert_list *answer)
{
	size_t n = answer->n;
	switch (queue->ask) {
	case QUEUE_FIRST:
		queue->at_first = true;
		queue->at_last = !answer->more && !answer->searching;
		queue->before = 0;
		break;
	case QUEUE_LAST:
		queue->at_last = true;
		queue->at_first = !answer->more && !answer->searching;
		queue->before = queue->at_first ? 0 : MAX(queue->n_open - (int64_t)n, 0);
		break;
	case QUEUE_DOWN:
		queue->at_first = queue->at_first && queue->asked_at == 0;
		queue->at_last = !answer->more && !answer->searching;
		queue->before += queue->before < 0 ? 0 : (int64_t)queue->asked_at;
		break;
	case QUEUE_UP:
		queue->at_last = queue->at_last && queue->asked_at + 1 == queue->n;
		queue->at_first = !answer->more && !answer->searching;
		queue->before = queue->at_first ? 0 : queue->before < 0 ? -1 : MAX(queue->before + (int64_t)queue->asked_at + 1 - (int64_t)n, 0);
		break;
	case QUEUE_REFRESH:
		queue->at_last = !answer->more && !answer->searching;
		break;
	case QUEUE_AROUND:
		queue->at_first = !answer->more && !answer->searching;
		queue->at_last = false;
		queue->before = queue->at_first ? 0 : -1;
		break;
	case QUEUE_SEARCH:
		break;
	}
}

/* The cursor goes back to its alert, or to the row that stands for it now. */
static void select_held(struct queue *queue)
{
	for (size_t i = 0; queue->held_id != 0 && i < queue->n_rows; i++) {
		const struct queue_row *row = &queue->rows[i];
		bool found = row->alert->id == queue->held_id;
		for (size_t m = 0; row->group != NULL && m < row->group->n_ids && !found; m++)
			found = row->group->ids[m] == queue->held_id;
		if (found) {
			list_select(&queue->list, i);
			break;
		}
	}
	queue->held_id = 0;
}

static bool is_news(const struct queue_row *row, int64_t known_id)
{
	bool news = row->alert->id > known_id;
	for (size_t i = 0; row->group != NULL && i < row->group->n_ids && news; i++)
		news = row->group->ids[i] > known_id;
	return news;
}

/* A row that the window has come to is none that has arrived: that is one whose alerts
 * nobody knew of, or, where the same rows were read again, that came in between them. */
static void judge_news(struct queue *queue, int64_t known_id)
{
	struct list_row *rows = queue->list.rows;
	size_t between = queue->ask == QUEUE_REFRESH ? queue->n_rows : 0;
	while (between > 0 && rows[between - 1].came)
		between--;
	for (size_t i = 0; i < queue->n_rows; i++)
		rows[i].fresh &= !rows[i].came || is_news(&queue->rows[i], known_id) || (i < between && !queue->rows[i].inside);
}

/* A refresh whose time was up has read as far as `resume`: what is known behind that
 * stays, and the search goes on from where it was. */
static void keep_behind(struct arena *arena, struct queue *queue, const struct alert_list *answer)
{
	size_t from = 0;
	for (; from < queue->n; from++) {
		struct alert_mark mark = alert_mark_of(&queue->alerts[from], queue->order);
		if (alert_mark_compare(&mark, &answer->resume, queue->order) >= 0)
			break;
	}
	queue->alerts += from;
	queue->groups = queue->groups == NULL ? NULL : queue->groups + from;
	queue->n -= from;
	join(arena, queue, answer, true);
	queue->resume.text = queue->resume.text == NULL ? NULL : arena_strdup(arena, queue->resume.text);
}

static void on_answer(void *arg, const struct alert_list *answer, const struct fault *fault)
{
	struct pane *pane = arg;
	struct queue *queue = pane->memory;
	struct screen *screen = pane->screen;
	pane_answered(pane, fault);
	if (answer == NULL)
		return;
	memcpy(screen->n_open, answer->n_by_severity, sizeof screen->n_open);
	screen->n_mine = answer->n_mine;
	screen->counted = true;
	int64_t known_id = queue->newest_id;
	if (queue->at_first)
		queue->seen_id = known_id - (int64_t)list_n_fresh(&queue->list);
	queue->n_open = answer->n_open;
	queue->newest_id = answer->newest_id;
	bool in_front = queue->ask == QUEUE_SEARCH && queue->at_last && !queue->at_first;
	if (queue->drop_marks || queue->list.n_marked_beyond == 0) /* they were unmarked with the others */
		queue->n_away = 0;
	if (!queue->drop_marks && queue->ask != QUEUE_REFRESH && queue->ask != QUEUE_SEARCH)
		put_marks_away(queue, answer);
	if (queue->restart || queue->drop_marks)
		list_restart(&queue->list);
	bool known_behind = queue->ask == QUEUE_REFRESH && answer->searching && queue->n > 0 && queue->at_first;
	if (!known_behind)
		place_window(queue, answer);
	struct arena arena;
	arena_init(&arena);
	if (known_behind) {
		keep_behind(&arena, queue, answer);
	} else if (queue->ask == QUEUE_SEARCH) {
		join(&arena, queue, answer, in_front);
		if (in_front)
			queue->at_first = !answer->searching && !answer->more;
		else
			queue->at_last = !answer->searching && !answer->more;
	} else {
		queue->alerts = copy_alerts(&arena, answer->items, answer->n);
		queue->groups = copy_groups(&arena, answer->groups, answer->n);
		queue->n = answer->n;
		queue->n_searched = 0;
	}
	copy_opened(&arena, queue, answer);
	if (!known_behind) {
		queue->searching = answer->searching && queue->n < FOUND;
		queue->n_searched += answer->n_searched;
		queue->resume = answer->resume;
		if (answer->resume.text != NULL)
			queue->resume.text = arena_strdup(&arena, answer->resume.text);
	}
	arena_clear(&queue->arena);
	queue->arena = arena;
	queue->restart = queue->drop_marks = false;
	queue_make_rows(queue);
	judge_news(queue, known_id);
	if (queue->ask == QUEUE_FIRST || queue->ask == QUEUE_LAST || queue->ask == QUEUE_AROUND)
		list_select(&queue->list, queue->ask == QUEUE_FIRST || queue->n_rows == 0 ? 0 : queue->n_rows - 1);
	select_held(queue);
	if (queue->ask == QUEUE_AROUND && queue->at_first)
		queue->n_wishes++; /* few rows: those behind it come with the first ones */
	take_marks_back(queue);
	queue->list.n_fresh_beyond = queue->at_first ? 0 : (size_t)MAX(queue->newest_id - queue->seen_id - (int64_t)list_n_fresh(&queue->list), 0);
	if (queue->n == 0 && !queue->at_first && queue->ask != QUEUE_LAST)
		wish(queue, QUEUE_LAST); /* all that was here is gone */
}

/* ---- questions ------------------------------------------------------------------------- */

/* Does the cursor come near to an edge that is not the queue's end? */
static void look_at_edges(struct queue *queue)
{
	const struct queue_row *row = queue_selected(queue);
	size_t margin = reach_of(queue).margin;
	if (row == NULL || queue->wish != QUEUE_REFRESH || queue->searching || queue->n < margin)
		return;
	if (!queue->at_last && row->at + margin >= queue->n)
		wish(queue, QUEUE_DOWN);
	else if (!queue->at_first && row->at < margin)
		wish(queue, QUEUE_UP);
}

static void ask(struct pane *pane, struct alert_query *query, struct alert_mark *mark)
{
	struct queue *queue = pane->memory;
	const struct queue_row *row = queue_selected(queue);
	size_t at = row != NULL ? row->at : 0;
	struct reach reach = reach_of(queue);
	query->limit = reach.window;
	queue->ask = queue->wish;
	queue->wish = QUEUE_REFRESH;
	if (queue->n == 0 && queue->ask != QUEUE_LAST && queue->ask != QUEUE_SEARCH && queue->ask != QUEUE_AROUND) {
		queue->ask = queue->ask == QUEUE_FIRST ? QUEUE_FIRST : QUEUE_REFRESH;
		queue->at_first = true;
	}
	switch (queue->ask) {
	case QUEUE_FIRST:
		query->limit = reach.first;
		break;
	case QUEUE_LAST:
		query->limit = reach.first;
		query->backwards = true;
		break;
	case QUEUE_DOWN:
		queue->asked_at = at > reach.kept ? at - reach.kept : 0;
		*mark = alert_mark_of(&queue->alerts[queue->asked_at], queue->order);
		query->from = mark;
		break;
	case QUEUE_UP:
		queue->asked_at = MIN(at + reach.kept, queue->n - 1);
		*mark = alert_mark_behind(alert_mark_of(&queue->alerts[queue->asked_at], queue->order));
		query->from = mark;
		query->backwards = true;
		break;
	case QUEUE_REFRESH:
		if (queue->n > 0 && !(queue->at_first && queue->at_last && queue->n < reach.window)) /* else it may grow */
			query->limit = MIN(MAX(queue->n, reach.first), (size_t)FOUND);
		if (queue->at_first) /* what came before the first row is to be seen */
			break;
		*mark = alert_mark_of(&queue->alerts[0], queue->order);
		query->from = mark;
		break;
	case QUEUE_AROUND: /* up to it; those behind it are near the edge, and asked for next */
		*mark = alert_mark_behind(queue->held);
		query->from = mark;
		query->backwards = true;
		break;
	case QUEUE_SEARCH:
		query->from = &queue->resume;
		query->backwards = queue->at_last && !queue->at_first;
		query->limit = FOUND - queue->n;
		break;
	}
}

void queue_refresh(struct pane *pane)
{
	struct queue *queue = pane->memory;
	struct alert_mark mark;
	uint64_t version = pane_board(pane)->alerts_version;
	if (queue->searching && queue->wish == QUEUE_REFRESH && !pane->waiting && pane->answered && pane->fault.code == FAULT_NONE) {
		/* Rows that were found may have changed meanwhile: now and then they are read again. */
		if (queue->read_version != version && pane->screen->steady_ms - queue->read_ms >= SECOND_MS)
			queue->n_wishes++;
		else
			wish(queue, QUEUE_SEARCH);
	} else if (!queue->searching && pane->answered && !pane->waiting && queue->read_version != version && queue->ask == QUEUE_SEARCH) {
		queue->n_wishes++;
	}
	look_at_edges(queue);
	bool wished = queue->wish != QUEUE_REFRESH;
	if (queue->list.frozen && pane->answered && !wished)
		return;
	if (!pane_may_ask(pane, pane_board(pane)->alerts_version + (queue->n_wishes << 40), wished ? 0 : 100))
		return;
	struct alert_query query = { .closed_too = queue->closed_too, .filter = filters_expanded(pane->screen, queue->filter), .order = queue->order, .grouping = queue->grouping, .budget_ms = SEARCH_MS, .opened = queue->opened_ids, .n_opened = queue->n_opened_ids };
	ask(pane, &query, &mark);
	if (queue->ask != QUEUE_SEARCH) {
		queue->read_version = version;
		queue->read_ms = pane->screen->steady_ms;
	}
	history_alerts(pane_board(pane)->history, &query, on_answer, pane);
}

void queue_ask_anew(struct pane *pane, bool keep_marks)
{
	struct queue *queue = pane->memory;
	const struct queue_row *row = queue_selected(queue);
	bool all = queue->filter[0] == '\0' && queue->grouping != GROUP_RULE && queue->grouping != GROUP_SITE;
	queue->searching = false;
	queue->restart = true;
	queue->drop_marks = queue->drop_marks || !keep_marks;
	queue->held_id = row != NULL ? row->alert->id : 0;
	if (row != NULL)
		queue->held = alert_mark_of(row->alert, queue->order);
	wish(queue, all && row != NULL ? QUEUE_AROUND : QUEUE_FIRST);
	pane_ask_anew(pane);
}

bool queue_go_to(struct pane *pane, bool last)
{
	struct queue *queue = pane->memory;
	if (last ? queue->at_last : queue->at_first)
		return false;
	queue->searching = false;
	wish(queue, last ? QUEUE_LAST : QUEUE_FIRST);
	pane_ask_anew(pane);
	return true;
}
