/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/heat.h"

#define DIGITS 9
#define BLOCKS 8

static void put(struct text *out, uint32_t sign, int times)
{
	char bytes[4];
	size_t n = utf8_encode(sign, bytes);
	for (int i = 0; i < times; i++)
		text_add(out, bytes, n);
}

/* 0 for nothing, 1 for anything at all, `steps` for the most. */
static int step_of(int64_t value, int64_t most, int steps)
{
	if (value <= 0 || most <= 0)
		return 0;
	return 1 + (int)((double)(MIN(value, most) - 1) * steps / (double)most);
}

static int n_shades(bool ascii)
{
	return ascii ? DIGITS : HEAT_SHADES;
}

void heat_sign(struct text *out, int k, bool ascii)
{
	static const uint32_t shades[] = { 0xB7, 0x2591, 0x2592, 0x2593, 0x2588 };
	put(out, !ascii ? shades[k] : k == 0 ? '.' : (uint32_t)('0' + k), 1);
}

/* A digit stands alone in its cell, a block fills it. */
static void cell(struct text *out, uint32_t sign, bool fills, int wide)
{
	put(out, sign, fills ? wide : 1);
	put(out, ' ', fills ? 0 : wide - 1);
}

void heat_row(struct text *out, const int64_t *values, size_t n, int64_t most, int wide, bool ascii)
{
	for (size_t i = 0; i < n; i++) {
		int k = step_of(values[i], most, n_shades(ascii));
		for (int times = ascii || k == 0 ? 1 : wide; times > 0; times--)
			heat_sign(out, k, ascii);
		put(out, ' ', ascii || k == 0 ? wide - 1 : 0);
	}
}

void heat_bars(struct text *out, const int64_t *values, size_t n, int64_t most, int wide, bool ascii)
{
	for (size_t i = 0; i < n; i++) {
		int k = step_of(values[i], most, ascii ? DIGITS : BLOCKS);
		uint32_t sign = ascii ? (k == 0 ? '.' : (uint32_t)('0' + k)) : k == 0 ? 0xB7 : 0x2580 + (uint32_t)k;
		cell(out, sign, !ascii && k > 0, wide - 1);
		put(out, ' ', 1);
	}
}

int64_t heat_limit(int64_t most, int k, bool ascii)
{
	return most * k / n_shades(ascii);
}
