/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/braille.h"

/* The dots of a column, from its lowest: of the left, of the right half. */
static const unsigned dots[2][4] = { { 0x40, 0x04, 0x02, 0x01 }, { 0x80, 0x20, 0x10, 0x08 } };

/* How many dots high it is; anything is at least one. */
static int height(int64_t value, int64_t most, int rows)
{
	if (value <= 0 || most <= 0)
		return 0;
	int h = (int)((double)value * rows * 4 / (double)most + 0.5);
	return MIN(MAX(h, 1), rows * 4);
}

void braille_row(struct text *out, int row, int rows, const int64_t *values, const int64_t *high, size_t n, int64_t most, bool ascii)
{
	int floor = (rows - 1 - row) * 4; /* dots below this row */
	for (size_t i = 0; i < n; i += 2) {
		unsigned signs = 0;
		int filled = 0;
		bool line = false;
		for (size_t half = 0; half < 2 && i + half < n; half++) {
			int up = height(values[i + half], most, rows) - floor;
			for (int k = 0; k < MIN(up, 4); k++)
				signs |= dots[half][k];
			filled = MAX(filled, up);
			int mark = high == NULL ? 0 : height(high[i + half], most, rows) - floor;
			if (mark >= 1 && mark <= 4 && mark > up) {
				signs |= dots[half][mark - 1];
				line = true;
			}
		}
		if (ascii) {
			text_putc(out, filled >= 3 ? '#' : filled >= 1 ? '+' : line ? '-' : ' ');
		} else {
			char sign[5] = "";
			size_t bytes = utf8_encode(0x2800 + signs, sign);
			text_add(out, sign, bytes);
		}
	}
}
