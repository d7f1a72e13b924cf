/* SPDX-License-Identifier: Apache-2.0 */
#include "base/mask.h"

#include <string.h>
#include <strings.h>

enum { LEAST_DIGITS = 7 };

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_word(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_' || c == ':';
}

/* A number's digits, with its plus: first and last ones, as on the screen. */
static void put_masked(const char *digits, size_t n, struct text *out)
{
	text_add(out, digits, n > 9 ? 6 : 2);
	text_puts(out, "\u00B7\u00B7\u00B7");
	text_add(out, digits + n - 3, 3);
}

/* The length of a number with what people write between its digits; its digits
 * and plus go to `digits`. */
static size_t number_at(const char *p, struct text *digits)
{
	size_t n = 0, until = 0;
	text_reset(digits);
	for (; is_digit(p[n]) || (n == 0 && (*p == '+' || (*p == '(' && is_digit(p[1])))) || (n > 0 && strchr("-. ()/", p[n]) != NULL && p[n] != '\0'); n++) {
		if (is_digit(p[n]) || p[n] == '+') {
			text_putc(digits, p[n]);
			until = n + 1;
		}
	}
	return until;
}

/* Is what begins at p the number of an address? */
static bool is_addressed(const char *text, const char *p)
{
	size_t before = (size_t)(p - text);
	return before >= 4 && (strncasecmp(p - 4, "sip:", 4) == 0 || strncasecmp(p - 4, "tel:", 4) == 0);
}

void mask_text(const char *text, struct text *out)
{
	struct text digits = { 0 };
	for (const char *p = text; *p != '\0';) {
		bool marked = *p == '+' || is_addressed(text, p);
		size_t n = marked ? number_at(p, &digits) : strspn(p, "0123456789");
		if (n == 0) {
			text_putc(out, *p++);
			continue;
		}
		if (!marked) {
			text_reset(&digits);
			text_add(&digits, p, n);
		}
		size_t n_digits = digits.n - (*p == '+');
		bool alone = marked || ((p == text || !is_word(p[-1])) && !is_word(p[n]));
		if (alone && n_digits >= LEAST_DIGITS)
			put_masked(digits.bytes, digits.n, out);
		else
			text_add(out, p, n);
		p += n;
	}
	text_clear(&digits);
}

void mask_number(const char *text, struct text *out)
{
	struct text digits = { 0 };
	bool paused = false;
	for (const char *p = text; *p != '\0';) {
		size_t n = number_at(p, &digits);
		size_t n_digits = digits.n - (digits.n > 0 && digits.bytes[0] == '+');
		paused |= *p == ',';
		if (n == 0 || n_digits == 0)
			text_putc(out, *p++);
		else if (paused)
			text_puts(out, "\u00B7\u00B7\u00B7");
		else if (n_digits >= LEAST_DIGITS)
			put_masked(digits.bytes, digits.n, out);
		else
			text_add(out, p, n);
		if (n > 0 && n_digits > 0)
			p += n;
	}
	text_clear(&digits);
}
