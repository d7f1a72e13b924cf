/* SPDX-License-Identifier: Apache-2.0 */
#include "base/mask.h"

#include <string.h>
#include <strings.h>

enum { LEAST_DIGITS = 7, MOST_DIGITS = 15 /* E.164 */ };

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_word(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_' || c == ':';
}

/* Nothing of the word before goes on at p; "de:3105550123" is two words. */
static bool begins_at(const char *text, const char *p)
{
	return p == text || !is_word(p[-1]) || (p[-1] == ':' && p - text > 1 && !is_digit(p[-2]) && is_word(p[-2]));
}

/* A colon or a dash is of the sentence unless more stands behind it. */
static bool ends_at(const char *p)
{
	return !is_word(*p) || ((*p == '-' || *p == ':') && !is_word(p[1]));
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

/* "2026-11-01" or "01/11/2026": its length, else 0. */
static size_t date_at(const char *p)
{
	static const char *const forms[] = { "dddd-dd-dd", "dddd/dd/dd", "dddd.dd.dd", "dd-dd-dddd", "dd/dd/dddd", "dd.dd.dddd" };
	for (size_t i = 0; i < COUNT_OF(forms); i++) {
		size_t n = 0;
		while (forms[i][n] != '\0' && (forms[i][n] == 'd' ? is_digit(p[n]) : p[n] == forms[i][n]))
			n++;
		if (forms[i][n] == '\0' && !is_digit(p[n]))
			return n;
	}
	return 0;
}

/* Groups of digits with one sign between, as people write numbers: "310 555 0123",
 * "310-555-0123". Their length; their digits in `digits`, none where it is no number:
 * an id, an address of a host, a sum, or a piece of a longer word. */
static size_t groups_at(const char *p, struct text *digits)
{
	size_t n = 0, n_groups = 0, n_dots = 0, n_blanks = 0;
	text_reset(digits);
	while (date_at(p + n) == 0) {
		size_t group = strspn(p + n, "0123456789");
		if (group < 2 || group > 10)
			break;
		text_add(digits, p + n, group);
		n += group;
		n_groups++;
		if (p[n] == '\0' || strchr(" -.", p[n]) == NULL || !is_digit(p[n + 1]))
			break;
		n_dots += p[n] == '.';
		n_blanks += p[n] == ' ';
		n++;
	}
	while (n > 0 && !is_digit(p[n - 1])) /* what stood before a date, or before a lone digit */
		n--;
	bool sum = n_dots == 1 && n_groups == 2, host = n_dots == 3 && n_groups == 4, id = digits->n > MOST_DIGITS && n_blanks == 0;
	if (n_groups < 2 || sum || host || id || !ends_at(p + n) || digits->n < LEAST_DIGITS)
		text_reset(digits);
	return n_groups < 2 ? 0 : n;
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
		bool begins = begins_at(text, p), whole = marked || (begins && ends_at(p + n) && n >= LEAST_DIGITS);
		if (!whole) {
			size_t n_date = begins ? date_at(p) : 0, n_groups = begins ? groups_at(p, &digits) : 0;
			if (!begins)
				text_reset(&digits);
			n = MAX(n, MAX(n_date, n_groups));
		}
		size_t n_digits = digits.n - (digits.n > 0 && digits.bytes[0] == '+');
		if (n_digits >= LEAST_DIGITS)
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
