/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/sigma/pattern.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define MAX_PATTERN 16384

/* In a pattern: bytes that no folded field can hold. */
#define ANY_RUN	 '\x01'
#define ANY_BYTE '\x02'
#define ANY_DASH '\x03'

void pattern_fold(char *bytes, size_t n)
{
	unsigned char before = 0;
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)bytes[i];
		if (c >= 'A' && c <= 'Z')
			bytes[i] = (char)(c | 32);
		else if (before == 0xC3 && c >= 0x80 && c <= 0x9E && c != 0x97)
			bytes[i] = (char)(c + 0x20);
		else if (c == (unsigned char)ANY_RUN || c == (unsigned char)ANY_BYTE || c == (unsigned char)ANY_DASH)
			bytes[i] = ' ';
		before = c;
	}
}

static bool is_word(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/* A dash that begins an option: behind no word, before one. */
static bool begins_option(const char *bytes, size_t n, size_t i)
{
	return (bytes[i] == '-' || bytes[i] == '/') && (i == 0 || !is_word(bytes[i - 1])) &&
	    i + 1 < n && is_word(bytes[i + 1]);
}

bool pattern_parse(const struct sigma_parse *s, const struct yaml *at, const char *from, size_t n,
    const struct pattern_options *o, struct pattern *out)
{
	size_t k = 0;
	if (n > MAX_PATTERN)
		return sigma_fault(s, at, "a value may have %d bytes, this has %zu", MAX_PATTERN, n);
	char *bytes = mem_alloc(n + 3);
	if (o->star_before)
		bytes[k++] = ANY_RUN;
	for (size_t i = 0; i < n; i++) {
		char c = from[i];
		if (!o->plain && c == '\\' && i + 1 < n && strchr("*?\\", from[i + 1]) != NULL) {
			c = from[++i];
		} else if (!o->plain && (c == '*' || c == '?')) {
			c = c == '*' ? ANY_RUN : ANY_BYTE;
			if (c == ANY_RUN && k > 0 && bytes[k - 1] == ANY_RUN)
				continue;
			bytes[k++] = c;
			continue;
		} else if (o->windash && begins_option(from, n, i)) {
			bytes[k++] = ANY_DASH;
			continue;
		} else if (c == ANY_RUN || c == ANY_BYTE || c == ANY_DASH) {
			c = ' '; /* as pattern_fold leaves them in a field */
		}
		bytes[k++] = c;
		if (!o->cased) {
			size_t width = k > 1 && (unsigned char)bytes[k - 2] == 0xC3 ? 2 : 1;
			pattern_fold(bytes + k - width, width);
		}
	}
	if (o->star_after && !(k > 0 && bytes[k - 1] == ANY_RUN))
		bytes[k++] = ANY_RUN;
	size_t runs = 0, singles = 0;
	for (size_t i = 0; i < k; i++) {
		runs += bytes[i] == ANY_RUN;
		singles += bytes[i] == ANY_BYTE || bytes[i] == ANY_DASH;
	}
	bool first = k > 0 && bytes[0] == ANY_RUN, last = k > 1 && bytes[k - 1] == ANY_RUN;
	*out = (struct pattern){ .shape = SHAPE_GLOB, .bytes = bytes, .n = k };
	if (singles > 0)
		return true;
	if (runs == 0)
		out->shape = SHAPE_EXACT;
	else if (k == 1)
		out->shape = SHAPE_ALL;
	else if (runs == 1 && last)
		out->shape = SHAPE_PREFIX;
	else if (runs == 1 && first)
		out->shape = SHAPE_SUFFIX;
	else if (runs == 2 && first && last)
		out->shape = SHAPE_INSIDE;
	else
		return true;
	memmove(bytes, bytes + first, k - first);
	out->n = k - runs;
	return true;
}

/* Bytes of the dash that begins the text, or 0. */
static size_t dash(const char *text, size_t n)
{
	if (*text == '-' || *text == '/')
		return 1;
	bool wide = n >= 3 && memcmp(text, "\xE2\x80", 2) == 0 && (unsigned char)text[2] >= 0x93 &&
	    (unsigned char)text[2] <= 0x95;
	return wide ? 3 : 0;
}

static bool glob(const char *pattern, size_t np, const char *text, size_t nt)
{
	size_t p = 0, t = 0, star = np, mark = 0;
	while (t < nt) {
		size_t used = p == np || pattern[p] == ANY_RUN ? 0 :
		    pattern[p] == ANY_DASH ? dash(text + t, nt - t) :
		    pattern[p] == ANY_BYTE || pattern[p] == text[t];
		if (used > 0) {
			p++;
			t += used;
		} else if (p < np && pattern[p] == ANY_RUN) {
			star = p++;
			mark = t;
		} else if (star < np) {
			p = star + 1;
			t = ++mark;
		} else {
			return false;
		}
	}
	while (p < np && pattern[p] == ANY_RUN)
		p++;
	return p == np;
}

bool pattern_matches(const struct pattern *p, const char *text, size_t n)
{
	switch (p->shape) {
	case SHAPE_EXACT:
		return n == p->n && memcmp(text, p->bytes, n) == 0;
	case SHAPE_PREFIX:
		return n >= p->n && memcmp(text, p->bytes, p->n) == 0;
	case SHAPE_SUFFIX:
		return n >= p->n && memcmp(text + n - p->n, p->bytes, p->n) == 0;
	case SHAPE_INSIDE:
		return p->n == 0 || memmem(text, n, p->bytes, p->n) != NULL;
	case SHAPE_GLOB:
		return glob(p->bytes, p->n, text, n);
	case SHAPE_ALL:
		return true;
	}
	return false;
}
