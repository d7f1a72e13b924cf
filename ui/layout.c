/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/layout.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"

#define PANE_ROWS  5  /* a frame, titles, two rows */
#define PANE_COLS  40 /* less is no list */
#define THIRD_COLS 34 /* … but three beside each other are read at a glance */

enum { LOCATIONS, LIVE, SCORES, QUEUE };

static const struct {
	const char *name, *help;
	int cuts;
	int rows, cols; /* the least that it needs */
} kinds[N_LAYOUTS] = {
#define LAYOUT_ROW(id, name, cuts, help) [id] = { name, help, cuts, 28, 110 },
	LAYOUTS(LAYOUT_ROW)
#undef LAYOUT_ROW
};

const char *layout_name(enum layout_kind kind)
{
	return kinds[kind].name;
}

const char *layout_help(enum layout_kind kind)
{
	return _(kinds[kind].help);
}

/* ---- places ------------------------------------------------------------------------- */

/* So much of `all` as the cut says, or `by_itself`; both parts keep their least. */
static int part(int all, int cut, int by_itself, int least, int least_other)
{
	int wanted = cut > 0 ? (all * cut + 50) / 100 : by_itself;
	return MAX(MIN(wanted, all - least_other), least);
}

static int percent(int part_of, int all)
{
	return (part_of * 100 + all / 2) / all;
}

/*	┌ 1 locations ┐┌ 2 live ───────┐
 *	├ 3 scores ───┤├ 4 queue ──────┤
 *	└─────────────┘└───────────────┘
 * A shared edge saves a row. The queue is what people work in. */
static void tiles(struct layout *l, const int *cuts, struct box b)
{
	int left = part(b.cols, cuts[0], MIN(MAX(b.cols * 36 / 100, 46), 92), PANE_COLS, PANE_COLS), right = b.cols - left;
	int upper = part(b.rows, cuts[1], MIN(MAX(b.rows * 3 / 10, 11), 22), PANE_ROWS, PANE_ROWS), lower = b.rows - upper + 1;
	l->panes[LOCATIONS] = (struct box){ b.row, b.col, upper, left };
	l->panes[LIVE] = (struct box){ b.row, b.col + left, upper, right };
	l->panes[SCORES] = (struct box){ b.row + upper - 1, b.col, lower, left };
	l->panes[QUEUE] = (struct box){ b.row + upper - 1, b.col + left, lower, right };
	l->joined[SCORES] = l->joined[QUEUE] = true;
	l->cuts[0] = percent(left, b.cols);
	l->cuts[1] = percent(upper, b.rows);
}

/*	┌ 1 ─────┐┌ 2 ───────┐┌ 3 ─────┐
 *	└────────┘└──────────┘└────────┘
 *	┌ 4 queue ─────────────────────┐
 *	└──────────────────────────────┘ */
static void queue_large(struct layout *l, const int *cuts, struct box b)
{
	int upper = part(b.rows, cuts[0], MIN(MAX(b.rows * 3 / 10, 9), 18), PANE_ROWS, PANE_ROWS);
	int first = part(b.cols, cuts[1], b.cols * 30 / 100, THIRD_COLS, 2 * THIRD_COLS);
	int second = part(b.cols, cuts[2], b.cols * 40 / 100, THIRD_COLS, first + THIRD_COLS);
	l->panes[LOCATIONS] = (struct box){ b.row, b.col, upper, first };
	l->panes[LIVE] = (struct box){ b.row, b.col + first, upper, second };
	l->panes[SCORES] = (struct box){ b.row, b.col + first + second, upper, b.cols - first - second };
	l->panes[QUEUE] = (struct box){ b.row + upper, b.col, b.rows - upper, b.cols };
	l->cuts[0] = percent(upper, b.rows);
	l->cuts[1] = percent(first, b.cols);
	l->cuts[2] = percent(second, b.cols);
}

/* One under the other in a box, each on the edge of the one before. */
static void pile(struct layout *l, struct box b, const size_t *order, const int *heights, size_t n)
{
	int row = b.row;
	for (size_t i = 0; i < n; i++) {
		bool last = i + 1 == n;
		l->panes[order[i]] = (struct box){ row, b.col, last ? b.row + b.rows - row : heights[i] + 1, b.cols };
		l->joined[order[i]] = i > 0;
		row += heights[i];
	}
}

/*	┌ 4 queue ────────┐┌ 2 live ──────┐
 *	│                 │├ 3 scores ────┤
 *	│                 │├ 1 locations ─┤
 *	└─────────────────┘└──────────────┘ */
static void two_columns(struct layout *l, const int *cuts, struct box b)
{
	static const size_t order[] = { LIVE, SCORES, LOCATIONS };
	int left = part(b.cols, cuts[0], b.cols * 55 / 100, PANE_COLS, PANE_COLS), heights[3];
	heights[0] = part(b.rows, cuts[1], b.rows * 36 / 100, PANE_ROWS - 1, 2 * PANE_ROWS);
	heights[1] = part(b.rows, cuts[2], b.rows * 32 / 100, PANE_ROWS - 1, heights[0] + PANE_ROWS);
	heights[2] = 0;
	l->panes[QUEUE] = (struct box){ b.row, b.col, b.rows, left };
	pile(l, (struct box){ b.row, b.col + left, b.rows, b.cols - left }, order, heights, 3);
	l->cuts[0] = percent(left, b.cols);
	l->cuts[1] = percent(heights[0], b.rows);
	l->cuts[2] = percent(heights[1], b.rows);
}

static void stack(struct layout *l, const int *cuts, struct box b)
{
	static const size_t order[] = { LOCATIONS, LIVE, SCORES, QUEUE };
	int heights[4] = { 0 }, used = 0;
	for (int i = 0; i < 3; i++) {
		/* By itself the queue gets the most. */
		heights[i] = part(b.rows, cuts[i], MIN(b.rows * 21 / 100, 12), PANE_ROWS - 1, used + (3 - i) * PANE_ROWS);
		used += heights[i];
		l->cuts[i] = percent(heights[i], b.rows);
	}
	pile(l, b, order, heights, 4);
}

void layout_make(struct layout *layout, const struct layout_plan *plan, int rows, int cols, bool zoomed)
{
	static void (*const places[N_LAYOUTS])(struct layout *, const int *, struct box) = {
		[LAYOUT_TILES] = tiles, [LAYOUT_QUEUE] = queue_large, [LAYOUT_COLUMNS] = two_columns, [LAYOUT_STACK] = stack,
	};
	*layout = (struct layout){ 0 };
	layout->fits = rows >= LEAST_ROWS && cols >= LEAST_COLS;
	if (!layout->fits)
		return;
	/* A stack is for a screen that is high and not wide. */
	int least = plan->kind == LAYOUT_STACK ? 60 : kinds[plan->kind].cols;
	layout->tiled = !zoomed && cols >= least && rows >= kinds[plan->kind].rows;
	layout->header = (struct box){ 0, 0, 1, cols };
	layout->foot = (struct box){ rows - 1, 0, 1, cols };
	int top = 1;
	if (!layout->tiled) {
		layout->tabs = (struct box){ 1, 0, 1, cols };
		top = 2;
	}
	layout->body = (struct box){ top, 0, rows - 1 - top, cols };
	if (layout->tiled) {
		places[plan->kind](layout, plan->cuts, layout->body);
		return;
	}
	for (int i = 0; i < N_MAIN_PANES; i++)
		layout->panes[i] = layout->body;
}

size_t layout_below(const struct layout *layout, size_t pane)
{
	struct box b = layout->panes[pane];
	size_t i = 0;
	while (i < N_MAIN_PANES && !(layout->joined[i] && layout->panes[i].row == b.row + b.rows - 1 && layout->panes[i].col == b.col))
		i++;
	return i;
}

/* ---- words ------------------------------------------------------------------------------ */

bool layout_read(const char *words, struct layout_plan *plan, struct fault *fault)
{
	char *copy = mem_strdup(words), *rest = NULL, shown[40];
	const char *name = strtok_r(copy, " ", &rest), *number;
	int kind = 0, n = 0;
	*plan = (struct layout_plan){ 0 };
	while (kind < N_LAYOUTS && (name == NULL || strcmp(kinds[kind].name, name) != 0))
		kind++;
	text_printable(shown, sizeof shown, words, strlen(words));
	bool ok = kind < N_LAYOUTS || fault_set(fault, FAULT_USAGE, _("no such layout: %s"), shown);
	plan->kind = ok ? (enum layout_kind)kind : LAYOUT_TILES;
	while (ok && (number = strtok_r(NULL, " ", &rest)) != NULL) {
		int64_t cut;
		ok = (n < kinds[kind].cuts && text_to_int(number, 0, 95, &cut)) ||
		    fault_set(fault, FAULT_USAGE, _("%s is cut in %d places at most, in percent up to 95"), kinds[kind].name, kinds[kind].cuts);
		if (ok)
			plan->cuts[n++] = (int)cut;
	}
	free(copy);
	if (!ok)
		*plan = (struct layout_plan){ 0 };
	return ok;
}

void layout_print(const struct layout_plan *plan, struct text *out)
{
	int n = kinds[plan->kind].cuts;
	while (n > 0 && plan->cuts[n - 1] == 0)
		n--;
	text_puts(out, kinds[plan->kind].name);
	for (int i = 0; i < n; i++)
		text_printf(out, " %d", plan->cuts[i]);
}

/* ---- growing ------------------------------------------------------------------------------ */

/* Which cut makes the pane wider, and which taller; with a minus, less of it. 0: none. */
static const struct {
	signed char wider, taller;
} cut_of[N_LAYOUTS][N_MAIN_PANES] = {
	[LAYOUT_TILES] = { [LOCATIONS] = { 1, 2 }, [LIVE] = { -1, 2 }, [SCORES] = { 1, -2 }, [QUEUE] = { -1, -2 } },
	[LAYOUT_QUEUE] = { [LOCATIONS] = { 2, 1 }, [LIVE] = { 3, 1 }, [SCORES] = { -3, 1 }, [QUEUE] = { 0, -1 } },
	[LAYOUT_COLUMNS] = { [LOCATIONS] = { -1, -3 }, [LIVE] = { -1, 2 }, [SCORES] = { -1, 3 }, [QUEUE] = { 1, 0 } },
	[LAYOUT_STACK] = { [LOCATIONS] = { 0, 1 }, [LIVE] = { 0, 2 }, [SCORES] = { 0, 3 }, [QUEUE] = { 0, -3 } },
};

static bool shift(struct layout_plan *plan, const struct layout *now, int cut, int by)
{
	if (cut == 0 || by == 0)
		return false;
	int at = abs(cut) - 1, before = now->cuts[at];
	for (int i = 0; i < kinds[plan->kind].cuts; i++) /* the others stay where they are */
		plan->cuts[i] = now->cuts[i];
	plan->cuts[at] = MAX(MIN(before + (cut > 0 ? by : -by), 95), 1);
	return true;
}

bool layout_grow(struct layout_plan *plan, const struct layout *now, size_t pane, int wider, int taller)
{
	struct layout then;
	struct layout_plan tried = *plan;
	if (!now->tiled || (!shift(&tried, now, cut_of[plan->kind][pane].wider, wider) &&
	    !shift(&tried, now, cut_of[plan->kind][pane].taller, taller)))
		return false;
	/* At the least that a pane has, a cut is not pushed on out of sight. */
	layout_make(&then, &tried, now->foot.row + 1, now->foot.cols, false);
	if (memcmp(then.panes, now->panes, sizeof then.panes) == 0)
		return false;
	for (int i = 0; i < LAYOUT_CUTS; i++)
		plan->cuts[i] = i < kinds[plan->kind].cuts ? then.cuts[i] : 0;
	return true;
}
