/* SPDX-License-Identifier: Apache-2.0
 *
 * Growing text, UTF-8, and the gate that makes a stranger's text printable:
 * everything that comes from outside passes text_printable() (or a canvas,
 * which calls it) before a terminal or a log sees it. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include "base/base.h"

struct text {
	char *bytes; /* always ends in NUL once anything was added; else NULL */
	size_t n, capacity;
};

void text_clear(struct text *text); /* frees */
void text_reset(struct text *text); /* empties, keeps the memory */
void text_add(struct text *text, const char *bytes, size_t n);
void text_room(struct text *text, size_t more); /* without adding anything */
void text_puts(struct text *text, const char *string);
void text_putc(struct text *text, char c);
void text_printf(struct text *text, const char *format, ...) PRINTF_LIKE(2, 3);
const char *text_string(const struct text *text); /* "" when empty */

/* n bytes more, which the caller writes at once. */
static inline char *text_extend(struct text *text, size_t n)
{
	if (text->capacity - text->n <= n)
		text_room(text, n);
	char *at = text->bytes + text->n;
	text->n += n;
	text->bytes[text->n] = '\0';
	return at;
}

/*
 * Decode one code point from at most `n` bytes.
 *
 * Returns the bytes used (1..4; 1 for a broken byte, with *point U+FFFD;
 * 0 only when n is 0). Overlong forms, surrogates and > U+10FFFF are broken.
 */
size_t utf8_decode(const char *bytes, size_t n, uint32_t *point);
size_t utf8_encode(uint32_t point, char out[4]); /* returns 1..4 */

/* Columns a code point takes on a terminal: 0, 1 or 2. Control: 0. */
int utf8_width(uint32_t point);

/* Columns that a printable string takes. */
int text_width(const char *string);

/* May this code point reach a terminal? Controls, C1, bidi overrides and
 * isolates, zero-width, tags, private use and non-characters may not. */
bool utf8_is_printable(uint32_t point);

/*
 * Copy `n` bytes of anything into `out` as printable, valid UTF-8.
 *
 * Tabs and line ends become a space; whatever else may not be printed becomes
 * U+FFFD, runs of it once. Never splits a character; ends in NUL; returns the
 * bytes written.
 */
size_t text_printable(char *out, size_t capacity, const char *bytes, size_t n);

/* Would that leave it as it is? */
bool text_is_printable(const char *string);

/* The longest prefix of a printable string that fits `columns`. Its bytes;
 * *used (may be NULL) gets its columns. */
size_t text_fit(const char *string, int columns, int *used);
/* The same, but no word is broken that is not longer than half a line. */
size_t text_fit_words(const char *string, int columns);

/* ASCII-only helpers; locale plays no part. */
bool text_equal_nocase(const char *a, const char *b);
bool text_starts_with(const char *string, const char *prefix);
bool text_ends_with(const char *string, const char *suffix);
char *text_trim(char *string); /* in place; returns the first kept byte */
/* A number with its point ("1.25", "< 0.01", "9.50 USD/h") with the comma of Spanish, in place;
 * what is no such number stays. Returns it. */
char *text_comma(char *number);

/* Digits to a number within bounds; false when anything else is there. */
bool text_to_int(const char *string, int64_t low, int64_t high, int64_t *out);

/* "15m", "2h", "30d", "45s", "1w", or plain seconds → ms. */
bool text_to_duration_ms(const char *string, int64_t *out);

/* Edit distance (insert, delete, change, swap), at most 32 letters a side. */
int text_distance(const char *a, const char *b);

#endif
