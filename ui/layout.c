/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/layout.h"

void layout_make(struct layout *layout, int rows, int cols, bool zoomed)
{
	*layout = (struct layout){ 0 };
	layout->fits = rows >= LEAST_ROWS && cols >= LEAST_COLS;
	if (!layout->fits)
		return;
	layout->tiled = !zoomed && cols >= 110 && rows >= 28;
	layout->header = (struct box){ 0, 0, 1, cols };
	layout->foot = (struct box){ rows - 1, 0, 1, cols };
	int top = 1;
	if (!layout->tiled) {
		layout->tabs = (struct box){ 1, 0, 1, cols };
		top = 2;
	}
	layout->body = (struct box){ top, 0, rows - 1 - top, cols };
	if (!layout->tiled) {
		for (int i = 0; i < N_MAIN_PANES; i++)
			layout->panes[i] = layout->body;
		return;
	}
	/*	┌ 1 locations ┐┌ 2 live ───────┐
	 *	├ 3 scores ───┤├ 4 queue ──────┤
	 *	└─────────────┘└───────────────┘
	 * A shared edge saves a row. The queue is what people work in. */
	int left = MIN(MAX(cols * 36 / 100, 46), 92), right = cols - left;
	int height = layout->body.rows;
	int upper = MIN(MAX(height * 3 / 10, 11), 22), lower = height - upper + 1;
	layout->panes[0] = (struct box){ top, 0, upper, left };
	layout->panes[1] = (struct box){ top, left, upper, right };
	layout->panes[2] = (struct box){ top + upper - 1, 0, lower, left };
	layout->panes[3] = (struct box){ top + upper - 1, left, lower, right };
	layout->joined[2] = layout->joined[3] = true;
}
