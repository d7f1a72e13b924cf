/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/chart.h"

void chart_sparkline(struct canvas *canvas, int row, int col, int columns, const int64_t *values,
    size_t n)
{
	if (columns <= 0 || canvas->plain) /* its column had no room; or nobody looks */
		return;
	size_t first = n > (size_t)columns ? n - (size_t)columns : 0;
	int64_t most = 1;
	for (size_t i = first; i < n; i++)
		most = MAX(most, values[i]);
	for (size_t i = first; i < n; i++) {
		int64_t value = MAX(values[i], 0);
		uint32_t sign = value == 0 ? 0xB7 : 0x2581 + (uint32_t)((double)value * 7 / (double)most);
		canvas_fill(canvas, (struct box){ row, col + (int)(i - first), 1, 1 },
		    i + 1 == n ? ROLE_CHART_NOW : ROLE_CHART, sign);
	}
}

void chart_bar(struct canvas *canvas, int row, int col, int columns, enum role role, int64_t value,
    int64_t most)
{
	if (value <= 0 || most <= 0 || columns <= 0 || canvas->plain)
		return;
	int filled = (int)((double)columns * (double)MIN(value, most) / (double)most + 0.5);
	canvas_fill(canvas, (struct box){ row, col, 1, MAX(filled, 1) }, role, 0x25A0);
}
