/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <stdlib.h>

#include "base/i18n.h"
#include "ui/layout.h"

static const struct layout_plan plain = { 0 };

/* Inside, none over another but for an edge that two share, and nothing left free. */
static bool is_whole(const struct layout *l, int rows, int cols)
{
	static unsigned char used[121][321];
	for (int row = 0; row < rows; row++)
		memset(used[row], 0, (size_t)cols);
	for (int i = 0; i < N_MAIN_PANES; i++) {
		struct box b = l->panes[i];
		if (b.row < 1 || b.col < 0 || b.row + b.rows > rows - 1 || b.col + b.cols > cols || b.rows < 4 || b.cols < 34)
			return false;
		for (int row = b.row; row < b.row + b.rows; row++)
			for (int col = b.col; col < b.col + b.cols; col++)
				used[row][col]++;
	}
	for (int row = l->body.row; row < l->body.row + l->body.rows; row++) {
		for (int col = 0; col < cols; col++) {
			bool edge = false;
			for (int i = 0; i < N_MAIN_PANES; i++)
				edge |= l->joined[i] && l->panes[i].row == row && col >= l->panes[i].col && col < l->panes[i].col + l->panes[i].cols;
			if (used[row][col] != (l->tiled ? edge ? 2 : 1 : N_MAIN_PANES))
				return false;
		}
	}
	return true;
}

TEST(panes_stay_inside_at_every_size)
{
	static const int cuts[][3] = { { 0, 0, 0 }, { 1, 1, 1 }, { 95, 95, 95 }, { 50, 0, 95 }, { 33, 90, 2 } };
	for (int rows = 1; rows <= 120; rows += rows < 32 ? 1 : 7) {
		for (int cols = 1; cols <= 320; cols += cols < 36 ? 11 : cols < 130 ? 7 : 31) {
			for (int kind = 0; kind < N_LAYOUTS; kind++) {
				for (size_t k = 0; k < COUNT_OF(cuts) * 2; k++) {
					struct layout l;
					struct layout_plan plan = { .kind = (enum layout_kind)kind };
					memcpy(plan.cuts, cuts[k / 2], sizeof plan.cuts);
					layout_make(&l, &plan, rows, cols, k % 2);
					if (l.fits != (rows >= LEAST_ROWS && cols >= LEAST_COLS))
						CHECK(false);
					if (l.fits && !is_whole(&l, rows, cols)) {
						printf("%s %d %d %d at %dx%d\n", layout_name(plan.kind), plan.cuts[0], plan.cuts[1], plan.cuts[2], cols, rows);
						CHECK(false);
					}
				}
			}
		}
	}
}

TEST(four_panes_where_there_is_room_else_tabs)
{
	struct layout l;
	layout_make(&l, &plain, 24, 80, false);
	CHECK(!l.tiled);
	CHECK_INT(l.tabs.rows, 1);
	CHECK_INT(l.panes[3].rows, 21);
	layout_make(&l, &plain, 36, 120, false);
	CHECK(l.tiled);
	CHECK_INT(l.tabs.rows, 0);
	CHECK_INT(l.panes[2].row, l.panes[0].row + l.panes[0].rows - 1);
	CHECK_INT(l.panes[1].col, l.panes[0].cols);
	CHECK_INT(layout_below(&l, 0), 2);
	CHECK_INT(layout_below(&l, 2), N_MAIN_PANES);
	layout_make(&l, &plain, 36, 120, true);
	CHECK(!l.tiled);
	/* A high one that is not wide has room for a stack. */
	layout_make(&l, &(struct layout_plan){ .kind = LAYOUT_STACK }, 50, 80, false);
	CHECK(l.tiled);
	CHECK_INT(l.panes[3].cols, 80);
	CHECK_INT(layout_below(&l, 2), 3);
}

/* As long as it goes one way and back again: it is where it was, or as far as it goes. */
TEST(every_pane_grows_and_shrinks_until_there_is_no_room)
{
	for (int kind = 0; kind < N_LAYOUTS; kind++) {
		for (size_t pane = 0; pane < N_MAIN_PANES; pane++) {
			for (int way = 0; way < 4; way++) {
				struct layout_plan plan = { .kind = (enum layout_kind)kind };
				struct layout l;
				int by = way % 2 == 0 ? 4 : -4, steps = 0;
				layout_make(&l, &plan, 60, 200, false);
				struct box before = l.panes[pane];
				while (layout_grow(&plan, &l, pane, way < 2 ? by : 0, way < 2 ? 0 : by) && steps < 100) {
					layout_make(&l, &plan, 60, 200, false);
					int is = way < 2 ? l.panes[pane].cols : l.panes[pane].rows, was = way < 2 ? before.cols : before.rows;
					CHECK(by > 0 ? is > was : is < was);
					before = l.panes[pane];
					steps++;
				}
				CHECK(steps < 40);
				bool has_cut = !(kind == LAYOUT_STACK && way < 2) && !(kind == LAYOUT_QUEUE && pane == 3 && way < 2) &&
				    !(kind == LAYOUT_COLUMNS && pane == 3 && way >= 2);
				CHECK((steps > 0) == has_cut);
				CHECK(is_whole(&l, 60, 200));
			}
		}
	}
}

TEST(a_plan_is_kept_in_words)
{
	static const struct {
		const char *words, *is; /* NULL: refused */
	} cases[] = { { "tiles", "tiles" }, { "tiles 40", "tiles 40" }, { "tiles 0 35", "tiles 0 35" }, { "stack 10 20 30", "stack 10 20 30" },
		{ "queue-large 30 0 0", "queue-large 30" }, { " two-columns  60 ", "two-columns 60" },
		{ "tiles 1 2 3", NULL }, { "tiles 96", NULL }, { "tiles -1", NULL }, { "tiles x", NULL }, { "", NULL }, { "rows", NULL }, { "\x1b[2J", NULL } };
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct layout_plan plan;
		struct fault fault = { 0 };
		struct text out = { 0 };
		bool ok = layout_read(cases[i].words, &plan, &fault);
		CHECK_INT(ok, cases[i].is != NULL);
		if (ok) {
			layout_print(&plan, &out);
			CHECK_STR(text_string(&out), cases[i].is);
		} else {
			CHECK(fault.text[0] != '\0' && strchr(fault.text, 0x1b) == NULL);
		}
		text_clear(&out);
	}
}

TESTS(T(panes_stay_inside_at_every_size), T(four_panes_where_there_is_room_else_tabs),
    T(every_pane_grows_and_shrinks_until_there_is_no_room), T(a_plan_is_kept_in_words))
