/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include "ui/layout.h"

TEST(panes_stay_inside_at_every_size)
{
	for (int rows = 1; rows <= 120; rows++) {
		for (int cols = 1; cols <= 320; cols += 3) {
			for (int zoomed = 0; zoomed < 2; zoomed++) {
				struct layout l;
				layout_make(&l, rows, cols, zoomed);
				if (l.fits != (rows >= LEAST_ROWS && cols >= LEAST_COLS))
					CHECK(false);
				for (int i = 0; i < N_MAIN_PANES && l.fits; i++) {
					struct box b = l.panes[i];
					if (b.row < 1 || b.col < 0 || b.row + b.rows > rows - 1 ||
					    b.col + b.cols > cols || b.rows < 4 || b.cols < 40) {
						printf("%dx%d pane %d: %d,%d %dx%d\n", cols, rows, i,
						    b.row, b.col, b.rows, b.cols);
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
	layout_make(&l, 24, 80, false);
	CHECK(!l.tiled);
	CHECK_INT(l.tabs.rows, 1);
	CHECK_INT(l.panes[3].rows, 21);
	layout_make(&l, 36, 120, false);
	CHECK(l.tiled);
	CHECK_INT(l.tabs.rows, 0);
	CHECK_INT(l.panes[2].row, l.panes[0].row + l.panes[0].rows - 1);
	CHECK_INT(l.panes[1].col, l.panes[0].cols);
	layout_make(&l, 36, 120, true);
	CHECK(!l.tiled);
}

TESTS(T(panes_stay_inside_at_every_size), T(four_panes_where_there_is_room_else_tabs))
