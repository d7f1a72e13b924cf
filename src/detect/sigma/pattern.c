/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/sigma/pattern.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define MAX_PATTERN 1024

/* In a pattern: bytes that no folded field can hold. */
#define ANY_RUN	 '\x01'
#define ANY_BYTE '\x02'

void pattern_fold(char *bytes, size_t n)
{
	unsigned char before = 0;
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)bytes[i];
		if (c >= 'A' && c <= 'Z')
			bytes[i] = (char)(c | 32);
		else if (before == 0xC3 && c >= 0x80 && c <= 0x9E && c != 0x97)
			bytes[i] = (char)(c + 0x20);
		else if (c == (unsigned char)ANY_RUN || c == (unsigned char)ANY_BYTE)
			bytes[i] = ' ';
		before = c;
	}
}

bool pattern_parse(const struct sigma_parse *s, const struct yaml *at, bool star_before,
    bool star_after, bool cased, struct pattern *out)
{
	const char *from = at->scalar;
	size_t n = strlen(from), k = 0;
	if (n > MAX_PATTERN)
		return sigma_fault(s, at, "a value may have %d bytes, this has %zu", MAX_PATTERN, n);
	char *bytes = mem_alloc(n + 3);
	if (star_before)
		bytes[k++] = ANY_RUN;
	for (size_t i = 0; i < n; i++) {
		char c = from[i];
		if (c == '\\' && (from[i + 1] == '*' || from[i + 1] == '?' || from[i + 1] == '\\')) {
			c = from[++i];
		} else if (c == '*' || c == '?') {
			c = c == '*' ? ANY_RUN : ANY_BYTE;
			if (c == ANY_RUN && k > 0 && bytes[k - 1] == ANY_RUN)
				continue;
			bytes[k++] = c;
			continue;
		} else if ((unsigned char)c < 0x20) {
			free(bytes);
			return sigma_fault(s, at, "control characters cannot be matched");
		}
		bytes[k++] = c;
		if (!cased) {
			size_t width = k > 1 && (unsigned char)bytes[k - 2] == 0xC3 ? 2 : 1;
			pattern_fold(bytes + k - width, width);
		}
	}
	if (star_after && !(k > 0 && bytes[k - 1] == ANY_RUN))
		bytes[k++] = ANY_RUN;
	size_t runs = 0, singles = 0;
	for (size_t i = 0; i < k; i++) {
		runs += bytes[i] == ANY_RUN;
		singles += bytes[i] == ANY_BYTE;
	}
	bool first = k > 0 && bytes[0] == ANY_RUN, last = k > 1 && bytes[k - 1] == ANY_RUN;
	*out = (struct pattern){ SHAPE_GLOB, bytes, k };
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

static bool glob(const char *pattern, size_t np, const char *text, size_t nt)
{
	size_t p = 0, t = 0, star = np, mark = 0;
	while (t < nt) {
		if (p < np && (pattern[p] == ANY_BYTE || pattern[p] == text[t]) &&
		    pattern[p] != ANY_RUN) {
			p++;
			t++;
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
