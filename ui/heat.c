/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/heat.h"

#define DIGITS 9
#define BLOCKS 8

static const uint32_t shades[HEAT_SHADES + 1] = { 0xB7, 0x2591, 0x2592, 0x2593, 0x2588 };

static void put(struct text *out, uint32_t sign, int times)
{
	char bytes[4];
	size_t n = utf8_encode(sign, bytes);
	for (int i = 0; i < times; i++)
		text_add(out, bytes, n);
}

static uint32_t digit(int k)
{
	return k == 0 ? '.' : '0' + (uint32_t)k;
}

static uint32_t block(int k)
{
	return k == 0 ? 0xB7 : 0x2580 + (uint32_t)k;
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
	put(out, ascii ? digit(k) : shades[k], 1);
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
		cell(out, ascii ? digit(k) : shades[k], !ascii && k > 0, wide);
	}
}

void heat_bars(struct text *out, const int64_t *values, size_t n, int64_t most, int wide, bool ascii)
{
	for (size_t i = 0; i < n; i++) {
		int k = step_of(values[i], most, ascii ? DIGITS : BLOCKS);
		cell(out, ascii ? digit(k) : block(k), !ascii && k > 0, MAX(wide - 1, 1));
		put(out, ' ', wide > 1 ? 1 : 0); /* where there is no room between them, none */
	}
}

int64_t heat_limit(int64_t most, int k, bool ascii)
{
	return most * k / n_shades(ascii);
}
