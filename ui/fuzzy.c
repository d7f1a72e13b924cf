/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/fuzzy.h"

#include <string.h>

#include "base/text.h"

#define TEXT_MOST    128
#define LETTERS_MOST 64

/* The order of fzf: a match, one at the beginning of a word, one beside the match
 * before it; a gap costs at its first letter and less after that. */
#define MATCH	   16
#define WORD	   8
#define BESIDE	   7
#define GAP	   3
#define GAP_MORE   1
#define IMPOSSIBLE (-100000)

/* Latin-1 and small: what Spanish and its neighbours write. */
static uint32_t fold(uint32_t point)
{
	static const char plain[] = "aaaaaaaceeeeiiiidnooooo*ouuuuyts";
	if (point >= 'A' && point <= 'Z')
		return point + 32;
	if (point >= 0xC0 && point <= 0xDE)
		point += 32;
	return point >= 0xE0 && point <= 0xFE && point != 0xF7 ? (uint32_t)plain[point - 0xE0] : point;
}

static size_t unfold(const char *text, uint32_t *out, bool *begins, size_t most, bool blanks)
{
	size_t n = 0, left = strlen(text);
	bool begin = true;
	while (left > 0 && n < most) {
		uint32_t point;
		size_t used = utf8_decode(text, left, &point);
		text += used;
		left -= used;
		point = fold(point);
		bool letter = point > 0x7F || (point >= 'a' && point <= 'z') || (point >= '0' && point <= '9');
		if (blanks || point != ' ') {
			if (begins != NULL)
				begins[n] = begin && letter;
			out[n++] = point;
		}
		begin = !letter;
	}
	return n;
}

bool fuzzy_contains(const char *text, const char *part)
{
	uint32_t p[LETTERS_MOST * 2], window[LETTERS_MOST * 2];
	size_t n = unfold(part, p, NULL, COUNT_OF(p), true), left = strlen(text), kept = 0;
	while (n > 0 && left > 0) {
		uint32_t point;
		size_t used = utf8_decode(text, left, &point);
		text += used;
		left -= used;
		if (kept == n)
			memmove(window, window + 1, --kept * sizeof window[0]);
		window[kept++] = fold(point);
		if (kept == n && memcmp(window, p, n * sizeof p[0]) == 0)
			return true;
	}
	return n == 0;
}

int fuzzy_score(const char *text, const char *letters)
{
	uint32_t t[TEXT_MOST], l[LETTERS_MOST];
	bool begins[TEXT_MOST];
	size_t n = unfold(text, t, begins, TEXT_MOST, true), m = unfold(letters, l, NULL, LETTERS_MOST, false);
	if (m == 0)
		return 0;
	/* at[j]: the best when letter i stands at j. */
	int at[TEXT_MOST] = { 0 }, best = IMPOSSIBLE;
	for (size_t i = 0; i < m; i++) {
		int beside = IMPOSSIBLE, gap = IMPOSSIBLE;
		best = IMPOSSIBLE;
		for (size_t j = 0; j < n; j++) {
			int before = at[j]; /* of letter i - 1, for what comes after j */
			int here = IMPOSSIBLE;
			if (t[j] == l[i]) {
				int bonus = MATCH + (begins[j] ? WORD : 0);
				here = i == 0 ? bonus : MAX(beside + bonus + BESIDE, gap + bonus);
				here = here < 0 ? IMPOSSIBLE : here;
			}
			at[j] = here;
			best = MAX(best, here);
			if (i > 0) {
				gap = MAX(gap - GAP_MORE, beside - GAP);
				beside = before;
			}
		}
		if (best < 0) /* no place for this letter: none for those behind it */
			return -1;
	}
	return best;
}
