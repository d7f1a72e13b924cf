/* SPDX-License-Identifier: Apache-2.0 */
#include "base/fold.h"

#include <string.h>

#include "base/text.h"

/* U+00C0 to U+017F by their letter; '.' is one of its own, whose capital stands
 * before its small one. */
static const char letters[] = "aaaaaa.ceeeeiiii.nooooo.ouuuuy..aaaaaa.ceeeeiiii.nooooo.ouuuuy.y"
			      "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiii..jjkkklllllll"
			      "lllnnnnnnn..oooooo..rrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";

uint32_t point_fold(uint32_t point)
{
	if (point < 0x80)
		return point >= 'A' && point <= 'Z' ? point + 32 : point;
	if (point >= 0x300 && point <= 0x36F)
		return 0;
	if (point >= 0xC0 && point <= 0x17F) {
		char letter = letters[point - 0xC0];
		if (letter != '.')
			return (uint32_t)letter;
		if (point == 0xC6 || point == 0xD0 || point == 0xDE)
			return point + 0x20;
		return point >= 0x100 ? point | 1 : point;
	}
	if ((point >= 0x391 && point <= 0x3A9) || (point >= 0x410 && point <= 0x42F))
		return point + 0x20;
	return point >= 0x400 && point <= 0x40F ? point + 0x50 : point;
}

size_t text_fold(char *out, size_t capacity, const char *bytes, size_t n)
{
	size_t written = 0;
	if (capacity == 0)
		return 0;
	for (size_t i = 0; i < n;) {
		uint32_t point;
		char encoded[4];
		/* A filter folds a million texts, and most of what is in them is this. */
		if (bytes[i] != 0 && (unsigned char)bytes[i] < 0x80 && written + 2 <= capacity) {
			char c = bytes[i++];
			out[written++] = c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
			continue;
		}
		i += utf8_decode(bytes + i, n - i, &point);
		if ((point = point_fold(point)) == 0)
			continue;
		size_t length = utf8_encode(point, encoded);
		if (written + length + 1 > capacity)
			break;
		memcpy(out + written, encoded, length);
		written += length;
	}
	out[written] = '\0';
	return written;
}

/* The next character that counts; 0 at the end. */
static uint32_t next_point(const char **p, const char *end)
{
	uint32_t point = 0;
	while (*p < end && point == 0) {
		*p += utf8_decode(*p, (size_t)(end - *p), &point);
		point = point_fold(point);
	}
	return point;
}

bool text_like(const char *pattern, const char *text)
{
	const char *pattern_end = pattern + strlen(pattern), *end = text + strlen(text);
	/* After the last %: the pattern goes on there, and the text may be tried from one later. */
	const char *after = NULL, *again = NULL;
	for (;;) {
		const char *p = pattern, *t = text;
		if (p < pattern_end && *p == '%') {
			after = pattern = p + 1;
			again = text;
			continue;
		}
		if (p < pattern_end && *p == '\\')
			p++;
		uint32_t wanted = next_point(&p, pattern_end), found = next_point(&t, end);
		if (wanted == 0 && found == 0)
			return true;
		if (wanted == found) {
			pattern = p;
			text = t;
			continue;
		}
		if (after == NULL || again == end)
			return false;
		/* One character more belongs to the %. */
		if (next_point(&again, end) == 0)
			return false;
		pattern = after;
		text = again;
	}
}
