/* SPDX-License-Identifier: Apache-2.0 */
#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

void text_clear(struct text *text)
{
	free(text->bytes);
	*text = (struct text){ 0 };
}

void text_reset(struct text *text)
{
	text->n = 0;
	if (text->bytes != NULL)
		text->bytes[0] = '\0';
}

void text_room(struct text *text, size_t more)
{
	size_t wanted = text->n + more + 1;
	if (wanted <= text->capacity)
		return;
	size_t capacity = text->capacity + text->capacity / 2;
	if (capacity < wanted)
		capacity = wanted < 64 ? 64 : wanted;
	text->bytes = mem_realloc(text->bytes, capacity);
	text->capacity = capacity;
}

void text_add(struct text *text, const char *bytes, size_t n)
{
	text_room(text, n);
	if (n > 0)
		memcpy(text->bytes + text->n, bytes, n);
	text->n += n;
	text->bytes[text->n] = '\0';
}

void text_puts(struct text *text, const char *string)
{
	text_add(text, string, strlen(string));
}

void text_putc(struct text *text, char c)
{
	text_add(text, &c, 1);
}

void text_printf(struct text *text, const char *format, ...)
{
	va_list arguments, again;
	va_start(arguments, format);
	va_copy(again, arguments);
	int n = vsnprintf(NULL, 0, format, arguments);
	va_end(arguments);
	if (n > 0) {
		text_room(text, (size_t)n);
		vsnprintf(text->bytes + text->n, (size_t)n + 1, format, again);
		text->n += (size_t)n;
	}
	va_end(again);
}

const char *text_string(const struct text *text)
{
	return text->bytes == NULL ? "" : text->bytes;
}

size_t utf8_decode(const char *bytes, size_t n, uint32_t *point)
{
	const unsigned char *b = (const unsigned char *)bytes;
	*point = 0xFFFD;
	if (n == 0)
		return 0;
	if (b[0] < 0x80) {
		*point = b[0];
		return 1;
	}
	size_t length = b[0] >= 0xF0 ? 4 : b[0] >= 0xE0 ? 3 : 2;
	if (b[0] < 0xC2 || b[0] > 0xF4 || length > n)
		return 1;
	uint32_t p = b[0] & (0x7Fu >> length);
	for (size_t i = 1; i < length; i++) {
		if ((b[i] & 0xC0) != 0x80)
			return 1;
		p = p << 6 | (b[i] & 0x3Fu);
	}
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	if (p < least[length] || p > 0x10FFFF || (p >= 0xD800 && p <= 0xDFFF))
		return 1;
	*point = p;
	return length;
}

size_t utf8_encode(uint32_t point, char out[4])
{
	if (point < 0x80) {
		out[0] = (char)point;
		return 1;
	}
	if (point < 0x800) {
		out[0] = (char)(0xC0 | point >> 6);
		out[1] = (char)(0x80 | (point & 0x3F));
		return 2;
	}
	if (point < 0x10000) {
		out[0] = (char)(0xE0 | point >> 12);
		out[1] = (char)(0x80 | (point >> 6 & 0x3F));
		out[2] = (char)(0x80 | (point & 0x3F));
		return 3;
	}
	out[0] = (char)(0xF0 | point >> 18);
	out[1] = (char)(0x80 | (point >> 12 & 0x3F));
	out[2] = (char)(0x80 | (point >> 6 & 0x3F));
	out[3] = (char)(0x80 | (point & 0x3F));
	return 4;
}

struct range {
	uint32_t first, last;
};

static bool in_ranges(const struct range *ranges, size_t n, uint32_t point)
{
	size_t low = 0, high = n;
	while (low < high) {
		size_t middle = (low + high) / 2;
		if (point > ranges[middle].last)
			low = middle + 1;
		else if (point < ranges[middle].first)
			high = middle;
		else
			return true;
	}
	return false;
}

int utf8_width(uint32_t point)
{
	/* Unicode 15 East Asian Width W and F, joined where only unassigned
	 * code points lie between; our own table because wcwidth() depends on
	 * the locale that the jump host happens to have. */
	static const struct range wide[] = {
		{ 0x1100, 0x115F }, { 0x231A, 0x231B }, { 0x2329, 0x232A },
		{ 0x23E9, 0x23EC }, { 0x23F0, 0x23F0 }, { 0x23F3, 0x23F3 },
		{ 0x25FD, 0x25FE }, { 0x2614, 0x2615 }, { 0x2648, 0x2653 },
		{ 0x267F, 0x267F }, { 0x2693, 0x2693 }, { 0x26A1, 0x26A1 },
		{ 0x26AA, 0x26AB }, { 0x26BD, 0x26BE }, { 0x26C4, 0x26C5 },
		{ 0x26CE, 0x26CE }, { 0x26D4, 0x26D4 }, { 0x26EA, 0x26EA },
		{ 0x26F2, 0x26F3 }, { 0x26F5, 0x26F5 }, { 0x26FA, 0x26FA },
		{ 0x26FD, 0x26FD }, { 0x2705, 0x2705 }, { 0x270A, 0x270B },
		{ 0x2728, 0x2728 }, { 0x274C, 0x274C }, { 0x274E, 0x274E },
		{ 0x2753, 0x2755 }, { 0x2757, 0x2757 }, { 0x2795, 0x2797 },
		{ 0x27B0, 0x27B0 }, { 0x27BF, 0x27BF }, { 0x2B1B, 0x2B1C },
		{ 0x2B50, 0x2B50 }, { 0x2B55, 0x2B55 }, { 0x2E80, 0x303E },
		{ 0x3041, 0x33FF }, { 0x3400, 0x4DBF }, { 0x4E00, 0xA4CF },
		{ 0xA960, 0xA97F }, { 0xAC00, 0xD7A3 }, { 0xF900, 0xFAFF },
		{ 0xFE10, 0xFE19 }, { 0xFE30, 0xFE6F }, { 0xFF00, 0xFF60 },
		{ 0xFFE0, 0xFFE6 }, { 0x16FE0, 0x18CFF }, { 0x1AFF0, 0x1B2FF },
		{ 0x1F004, 0x1F004 }, { 0x1F0CF, 0x1F0CF }, { 0x1F18E, 0x1F18E },
		{ 0x1F191, 0x1F19A }, { 0x1F200, 0x1F320 }, { 0x1F32D, 0x1F335 },
		{ 0x1F337, 0x1F37C }, { 0x1F37E, 0x1F393 }, { 0x1F3A0, 0x1F3CA },
		{ 0x1F3CF, 0x1F3D3 }, { 0x1F3E0, 0x1F3F0 }, { 0x1F3F4, 0x1F3F4 },
		{ 0x1F3F8, 0x1F43E }, { 0x1F440, 0x1F440 }, { 0x1F442, 0x1F4FC },
		{ 0x1F4FF, 0x1F53D }, { 0x1F54B, 0x1F567 }, { 0x1F57A, 0x1F57A },
		{ 0x1F595, 0x1F596 }, { 0x1F5A4, 0x1F5A4 }, { 0x1F5FB, 0x1F64F },
		{ 0x1F680, 0x1F6C5 }, { 0x1F6CC, 0x1F6FC }, { 0x1F7E0, 0x1F7F0 },
		{ 0x1F90C, 0x1F9FF }, { 0x1FA70, 0x1FAFF }, { 0x20000, 0x3FFFD },
	};
	static const struct range combining[] = {
		{ 0x0300, 0x036F }, { 0x0483, 0x0489 }, { 0x0591, 0x05BD },
		{ 0x05BF, 0x05BF }, { 0x05C1, 0x05C5 }, { 0x0610, 0x061A },
		{ 0x064B, 0x065F }, { 0x0670, 0x0670 }, { 0x06D6, 0x06DC },
		{ 0x06DF, 0x06E4 }, { 0x06E7, 0x06ED }, { 0x0711, 0x0711 },
		{ 0x0730, 0x074A }, { 0x07A6, 0x07B0 }, { 0x0816, 0x082D },
		{ 0x0900, 0x0902 }, { 0x093A, 0x093C }, { 0x0941, 0x0948 },
		{ 0x094D, 0x0957 }, { 0x0E31, 0x0E31 }, { 0x0E34, 0x0E3A },
		{ 0x0E47, 0x0E4E }, { 0x135D, 0x135F }, { 0x1AB0, 0x1ACE },
		{ 0x1DC0, 0x1DFF }, { 0x20D0, 0x20F0 }, { 0x302A, 0x302D },
		{ 0x3099, 0x309A }, { 0xA66F, 0xA67D }, { 0xFE00, 0xFE0F },
		{ 0xFE20, 0xFE2F }, { 0xE0100, 0xE01EF },
	};
	if (point < 0x20 || (point >= 0x7F && point < 0xA0))
		return 0;
	if (point < 0x300)
		return 1;
	if (in_ranges(combining, COUNT_OF(combining), point))
		return 0;
	return in_ranges(wide, COUNT_OF(wide), point) ? 2 : 1;
}

bool utf8_is_printable(uint32_t point)
{
	static const struct range hidden[] = {
		{ 0x0000, 0x001F }, { 0x007F, 0x009F }, { 0x00AD, 0x00AD },
		{ 0x034F, 0x034F }, { 0x061C, 0x061C }, { 0x115F, 0x1160 },
		{ 0x17B4, 0x17B5 }, { 0x180B, 0x180F }, { 0x200B, 0x200F },
		{ 0x2028, 0x202E }, { 0x2060, 0x206F }, { 0x3164, 0x3164 },
		{ 0xD800, 0xF8FF }, { 0xFDD0, 0xFDEF }, { 0xFE00, 0xFE0F },
		{ 0xFEFF, 0xFEFF }, { 0xFFA0, 0xFFA0 }, { 0xFFF0, 0xFFFB },
		{ 0xFFFE, 0xFFFF }, { 0x1BCA0, 0x1BCA3 }, { 0x1D173, 0x1D17A },
		{ 0xE0000, 0x10FFFF },
	};
	if (point < 0x300)
		return point >= 0x20 && (point < 0x7F || point > 0x9F) && point != 0xAD;
	return !in_ranges(hidden, COUNT_OF(hidden), point) && (point & 0xFFFE) != 0xFFFE;
}

int text_width(const char *string)
{
	int columns = 0;
	size_t n = strlen(string);
	for (size_t i = 0; i < n;) {
		uint32_t point;
		i += utf8_decode(string + i, n - i, &point);
		columns += utf8_width(point);
	}
	return columns;
}

size_t text_printable(char *out, size_t capacity, const char *bytes, size_t n)
{
	size_t written = 0;
	bool replaced = false;
	if (capacity == 0)
		return 0;
	for (size_t i = 0; i < n;) {
		uint32_t point;
		char encoded[4];
		/* Most of what comes is plain ASCII. */
		if (bytes[i] >= 0x20 && bytes[i] < 0x7F) {
			if (written + 2 > capacity)
				break;
			out[written++] = bytes[i++];
			replaced = false;
			continue;
		}
		size_t used = utf8_decode(bytes + i, n - i, &point);
		i += used;
		if (point == '\t' || point == '\n' || point == '\r')
			point = ' ';
		bool ok = point != 0xFFFD && utf8_is_printable(point);
		/* A combining mark with nothing under it would land on
		 * whatever stands to the left on the screen. */
		if (ok && utf8_width(point) == 0 && written == 0)
			ok = false;
		if (!ok && replaced)
			continue;
		replaced = !ok;
		size_t length = utf8_encode(ok ? point : 0xFFFD, encoded);
		if (written + length + 1 > capacity)
			break;
		memcpy(out + written, encoded, length);
		written += length;
	}
	out[written] = '\0';
	return written;
}

bool text_is_printable(const char *string)
{
	size_t n = strlen(string);
	for (size_t i = 0; i < n;) {
		uint32_t point;
		size_t at = i;
		i += utf8_decode(string + i, n - i, &point);
		/* U+FFFD itself may stand there; a broken byte that is shown as one may not. */
		bool broken = point == 0xFFFD && !(i - at == 3 && memcmp(string + at, "\xEF\xBF\xBD", 3) == 0);
		if (broken || !utf8_is_printable(point) || (at == 0 && utf8_width(point) == 0))
			return false;
	}
	return true;
}

size_t text_fit(const char *string, int columns, int *used)
{
	size_t n = strlen(string), i = 0;
	int taken = 0;
	while (i < n) {
		uint32_t point;
		size_t length = utf8_decode(string + i, n - i, &point);
		int width = utf8_width(point);
		if (taken + width > columns)
			break;
		taken += width;
		i += length;
	}
	if (used != NULL)
		*used = taken;
	return i;
}

size_t text_fit_words(const char *string, int columns)
{
	size_t fit = text_fit(string, columns, NULL), cut = fit;
	if (string[fit] == '\0')
		return fit;
	while (cut > fit / 2 && string[cut] != ' ')
		cut--;
	return string[cut] == ' ' ? cut : fit;
}

static char ascii_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

bool text_equal_nocase(const char *a, const char *b)
{
	while (*a != '\0' && ascii_lower(*a) == ascii_lower(*b))
		a++, b++;
	return *a == '\0' && *b == '\0';
}

bool text_starts_with(const char *string, const char *prefix)
{
	return strncmp(string, prefix, strlen(prefix)) == 0;
}

bool text_ends_with(const char *string, const char *suffix)
{
	size_t n = strlen(string), m = strlen(suffix);
	return n >= m && memcmp(string + n - m, suffix, m) == 0;
}

char *text_comma(char *number)
{
	size_t start = strcspn(number, "0123456789"), whole = strspn(number + start, "0123456789");
	char *point = number + start + whole;
	size_t decimals = *point == '.' ? strspn(point + 1, "0123456789") : 0;
	const char *after = point + (decimals > 0 ? 1 + decimals : 0);
	after += *after == 'k' || *after == 'M';
	if (whole > 0 && decimals > 0 && strspn(number, "<>= -") == start && (*after == '\0' || *after == ' ' || *after == '/'))
		*point = ',';
	return number;
}

static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

char *text_trim(char *string)
{
	while (is_space(*string))
		string++;
	size_t n = strlen(string);
	while (n > 0 && is_space(string[n - 1]))
		string[--n] = '\0';
	return string;
}

bool text_to_int(const char *string, int64_t low, int64_t high, int64_t *out)
{
	bool negative = *string == '-';
	uint64_t value = 0;
	if (negative)
		string++;
	if (*string == '\0')
		return false;
	for (; *string != '\0'; string++) {
		if (*string < '0' || *string > '9' ||
		    value > (UINT64_C(9223372036854775807) - (uint64_t)(*string - '0')) / 10)
			return false;
		value = value * 10 + (uint64_t)(*string - '0');
	}
	int64_t number = negative ? -(int64_t)value : (int64_t)value;
	if (number < low || number > high)
		return false;
	*out = number;
	return true;
}

bool text_to_duration_ms(const char *string, int64_t *out)
{
	static const struct {
		char suffix;
		int64_t ms;
	} units[] = { { 's', SECOND_MS }, { 'm', MINUTE_MS }, { 'h', HOUR_MS },
		{ 'd', DAY_MS }, { 'w', 7 * DAY_MS } };
	char digits[16];
	size_t n = strlen(string);
	int64_t unit = SECOND_MS;
	if (n == 0 || n >= sizeof digits)
		return false;
	memcpy(digits, string, n + 1);
	for (size_t i = 0; i < COUNT_OF(units); i++) {
		if (digits[n - 1] == units[i].suffix) {
			unit = units[i].ms;
			digits[n - 1] = '\0';
		}
	}
	if (!text_to_int(digits, 0, INT64_C(1000000000), out))
		return false;
	*out *= unit;
	return true;
}

int text_distance(const char *a, const char *b)
{
	enum { MOST = 32 };
	int rows[3][MOST + 1];
	size_t na = MIN(strlen(a), (size_t)MOST), nb = MIN(strlen(b), (size_t)MOST);
	int *two_up = rows[0], *up = rows[1], *row = rows[2];
	for (size_t k = 0; k <= nb; k++)
		up[k] = two_up[k] = (int)k;
	for (size_t i = 1; i <= na; i++) {
		row[0] = (int)i;
		for (size_t k = 1; k <= nb; k++) {
			int same = (a[i - 1] | 32) == (b[k - 1] | 32);
			int best = MIN(up[k] + 1, row[k - 1] + 1);
			best = MIN(best, up[k - 1] + !same);
			if (i > 1 && k > 1 && a[i - 1] == b[k - 2] && a[i - 2] == b[k - 1])
				best = MIN(best, two_up[k - 2] + 1);
			row[k] = best;
		}
		int *spare = two_up;
		two_up = up;
		up = row;
		row = spare;
	}
	return up[nb];
}
