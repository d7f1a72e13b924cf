/* SPDX-License-Identifier: Apache-2.0
 *
 * Scores: persons, numbers and sites of which something odd was said. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "ui/chart.h"
#include "ui/copy.h"
#include "ui/panes/leads.h"
#include "ui/screen.h"

extern const struct pane_type pane_scores;

enum sort { SORT_SCORE, SORT_NAME, SORT_COST, N_SORTS };

struct scores {
	struct arena arena;
	struct score_row *rows;
	size_t n;
	struct list list;
	enum sort sort;
	char filter[PROMPT_BYTES];
};

static const struct list_column columns[] = {
	{ N_("pts"), 4, 0, 0, true, 0 },
	{ N_("|bar"), 5, 0, 5, false, 0 },
	{ N_("who"), 16, 3, 0, false, 30 },
	{ N_("what"), 30, 8, 0, false, 48 },
	{ N_("site"), 10, 1, 3, false, 26 },
	{ N_("why"), 24, 1, 4, false, 0 },
	{ N_("cost"), 7, 0, 2, true, 0 },
};
enum { COL_SCORE, COL_BAR, COL_WHO, COL_WHAT, COL_SITE, COL_WHY, COL_COST };

static const char *who_of(const struct score_row *score)
{
	return *score->name != '\0' ? score->name : score->id;
}

static enum sort sort_now;

static int by_sort(const void *a, const void *b)
{
	const struct score_row *x = a, *y = b;
	int64_t order = 0;
	switch (sort_now) {
	case SORT_NAME:
		order = strcmp(x->name, y->name);
		break;
	case SORT_COST:
		order = y->cost_micro - x->cost_micro;
		break;
	case SORT_SCORE: case N_SORTS:
		break;
	}
	if (order == 0)
		order = y->score - x->score;
	if (order == 0)
		order = y->last_ms - x->last_ms;
	return order != 0 ? (order > 0) - (order < 0) : strcmp(x->id, y->id);
}

static void sort(struct scores *scores)
{
	int64_t *ids = mem_alloc((scores->n + 1) * sizeof *ids);
	sort_now = scores->sort;
	if (scores->n > 0)
		qsort(scores->rows, scores->n, sizeof *scores->rows, by_sort);
	for (size_t i = 0; i < scores->n; i++) {
		const struct score_row *row = &scores->rows[i];
		ids[i] = (int64_t)((hash_text(row->id) + (uint64_t)row->kind) >> 1);
		list_need(&scores->list, COL_WHO, who_of(row));
		list_need(&scores->list, COL_WHAT, in_language(row->title_en, row->title_es));
		list_need(&scores->list, COL_SITE, row->location);
		list_need(&scores->list, COL_WHY, in_language(row->why_en, row->why_es));
	}
	list_set(&scores->list, ids, scores->n);
	free(ids);
}

static void on_answer(void *arg, const struct score_list *answer, const struct fault *fault)
{
	struct pane *pane = arg;
	struct scores *scores = pane->memory;
	pane_answered(pane, fault);
	if (answer == NULL)
		return;
	arena_clear(&scores->arena);
	arena_init(&scores->arena);
	scores->rows = copy_scores(&scores->arena, answer->items, answer->n);
	scores->n = answer->n;
	sort(scores);
}

static void refresh(struct pane *pane)
{
	struct scores *scores = pane->memory;
	uint64_t version = pane_board(pane)->alerts_version + (uint64_t)(pane_now(pane) / (5 * MINUTE_MS));
	if (!scores->list.frozen && pane_may_ask(pane, version, 500))
		history_scores(pane_board(pane)->history, filters_expanded(pane->screen, scores->filter), 500, on_answer, pane);
}

static void open_scores(struct pane *pane, int64_t id)
{
	UNUSED(id);
	arena_init(&((struct scores *)pane->memory)->arena);
}

static void close_scores(struct pane *pane)
{
	struct scores *scores = pane->memory;
	arena_clear(&scores->arena);
	list_clear(&scores->list);
}

static enum role score_role(int score)
{
	/* Red stays with the queue: a score is a reading, an alert is a call to act. */
	return score >= 70 ? ROLE_HIGH : score >= 40 ? ROLE_MEDIUM : ROLE_LOW;
}

static void draw_row(struct pane *pane, struct canvas *canvas, int row, size_t i,
    const struct list_place *at)
{
	const struct scores *scores = pane->memory;
	const struct score_row *score = &scores->rows[i];
	char text[SHORT_BYTES], number[LONG_BYTES], typed[TYPED_BYTES];
	bool masked = pane->screen->masked;
	snprintf(text, sizeof text, "%3d", score->score);
	canvas_text_right(canvas, row, at[COL_SCORE].col, at[COL_SCORE].cols, score_role(score->score), text);
	chart_bar(canvas, row, at[COL_BAR].col, at[COL_BAR].cols, ROLE_CHART, score->score, 100);
	const char *who = who_of(score);
	canvas_text(canvas, row, at[COL_WHO].col, at[COL_WHO].cols, ROLE_TEXT,
	    score->kind == SUBJECT_NUMBER ? format_number(who, masked, number) : who);
	canvas_text(canvas, row, at[COL_SITE].col, at[COL_SITE].cols, ROLE_DIM, score->location);
	canvas_text(canvas, row, at[COL_WHAT].col, at[COL_WHAT].cols, ROLE_TEXT,
	    format_masked(in_language(score->title_en, score->title_es), masked, typed, sizeof typed));
	canvas_text(canvas, row, at[COL_WHY].col, at[COL_WHY].cols, ROLE_DIM,
	    format_masked(in_language(score->why_en, score->why_es), masked, typed, sizeof typed));
	canvas_text_right(canvas, row, at[COL_COST].col, at[COL_COST].cols, ROLE_DIM,
	    score->cost_micro > 0 ? format_money(score->cost_micro, text) : "");
}

static void draw(struct pane *pane, struct canvas *canvas, bool focused)
{
	static const size_t sorted_by[N_SORTS] = { COL_SCORE, COL_WHO, COL_COST };
	struct scores *scores = pane->memory;
	pane_draw_list(pane, canvas, &scores->list, columns, COUNT_OF(columns), sorted_by[scores->sort] | (scores->sort == SORT_NAME ? SORTED_UP : SORTED_DOWN),
	    focused, scores->filter[0] != '\0' ? _("Nobody passes the filter.") : _("Nobody stands out."), draw_row);
}

static void summary(struct pane *pane, char *out, size_t capacity)
{
	const struct scores *scores = pane->memory;
	snprintf(out, capacity, "%zu", scores->n);
}

static bool command(struct pane *pane, enum command command)
{
	struct scores *scores = pane->memory;
	if (command == CMD_SORT) {
		scores->sort = (enum sort)((scores->sort + 1) % N_SORTS);
		sort(scores);
		return true;
	}
	if (command == CMD_OPEN && scores->list.selected < scores->n) {
		screen_open(pane->screen, &view_alert, scores->rows[scores->list.selected].alert_id);
		return true;
	}
	if (command == CMD_PROFILE && scores->list.selected < scores->n) {
		const struct score_row *row = &scores->rows[scores->list.selected];
		profile_open(pane->screen, row->kind, row->id);
		return true;
	}
	if (command == CMD_RELATED && scores->list.selected < scores->n) {
		const struct score_row *row = &scores->rows[scores->list.selected];
		struct leads *leads = leads_new();
		leads_add(leads, row->kind, row->id, row->name);
		leads_add(leads, SUBJECT_SITE, row->location, row->location);
		leads_open(pane->screen, leads);
		return true;
	}
	return false;
}

static void sort_by(struct pane *pane, size_t by)
{
	struct scores *scores = pane->memory;
	scores->sort = (enum sort)by;
	sort(scores);
}

static struct list *get_list(struct pane *pane)
{
	return &((struct scores *)pane->memory)->list;
}

static const char *filter(struct pane *pane)
{
	return ((struct scores *)pane->memory)->filter;
}

static void set_filter(struct pane *pane, const char *expression)
{
	struct scores *scores = pane->memory;
	snprintf(scores->filter, sizeof scores->filter, "%s", expression);
	list_restart(&scores->list);
	scores->n = 0;
	pane_ask_anew(pane);
}

static const void *row_at(struct pane *pane, size_t i)
{
	const struct scores *scores = pane->memory;
	return i < scores->n ? &scores->rows[i] : NULL;
}

static const void *selected(struct pane *pane)
{
	const struct scores *scores = pane->memory;
	return scores->list.selected < scores->n ? &scores->rows[scores->list.selected] : NULL;
}

const struct pane_type pane_scores = {
	.name = "scores", .title = N_("Scores"), .place = PLACE_SCORES, .memory = sizeof(struct scores),
	.open = open_scores, .close = close_scores, .refresh = refresh, .draw = draw,
	.summary = summary, .command = command, .list = get_list, .filter = filter, .set_filter = set_filter,
	.filter_of = FILTER_SCORES, .row = row_at, .selected = selected, .read_row = query_read_score,
	.sorts = { "score", "who", "cost" }, .sort = sort_by,
};
