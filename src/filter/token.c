/* SPDX-License-Identifier: Apache-2.0 */
#include "filter/token.h"

#include <string.h>

#include "base/fold.h"
#include "base/text.h"
#include "filter/filter.h"

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool is_word_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	    (c & 0x80) || (c != '\0' && strchr("._+-*:@/$", c) != NULL);
}

bool token_is_word(const char *text)
{
	if (*text == '\0' || *text == '@' || strchr(text, '*') != NULL || text_equal_nocase(text, "and") ||
	    text_equal_nocase(text, "or") || text_equal_nocase(text, "not") || text_equal_nocase(text, "in"))
		return false;
	while (is_word_byte(*text))
		text++;
	return *text == '\0';
}

bool token_quote(char *out, size_t capacity, const char *text)
{
	char printable[TOKEN_BYTES + 4];
	size_t n = 0, length = text_printable(printable, sizeof printable, text, strlen(text));
	if (length >= TOKEN_BYTES || capacity < 2 * length + 3)
		return false;
	out[n++] = '"';
	for (const char *p = printable; *p != '\0'; p++) {
		if (*p == '"' || *p == '\\' || *p == '*')
			out[n++] = '\\';
		out[n++] = *p;
	}
	out[n++] = '"';
	out[n] = '\0';
	return true;
}

bool token_bytes_fit(const char *source, size_t n, size_t *offset)
{
	for (size_t i = 0; i < n;) {
		uint32_t point;
		size_t used = utf8_decode(source + i, n - i, &point);
		/* A U+FFFD that was written so has three bytes. */
		if ((point == 0xFFFD && used == 1) || (!utf8_is_printable(point) && !is_blank(source[i]))) {
			*offset = i;
			return false;
		}
		i += used;
	}
	return true;
}

static void add(struct token *token, size_t *length, char c)
{
	if (*length + 1 < sizeof token->text)
		token->text[*length] = c;
	++*length;
}

void token_read(const char *source, size_t n, size_t at, struct token *token)
{
	static const struct {
		char c;
		enum token_kind kind;
	} signs[] = { { '(', TOKEN_OPEN }, { ')', TOKEN_CLOSE }, { '[', TOKEN_LIST }, { ']', TOKEN_LIST_END }, { ',', TOKEN_COMMA } };
	while (at < n && is_blank(source[at]))
		at++;
	token->kind = TOKEN_END;
	token->from = at;
	size_t length = 0;
	char c = at < n ? source[at] : '\0';
	if (at == n) {
		/* the end */
	} else if (strchr("=!<>~", c) != NULL) {
		token->kind = TOKEN_OP;
		add(token, &length, source[at++]);
		if (at < n && source[at] == '=')
			add(token, &length, source[at++]);
	} else if (c == '"' || c == '\'') {
		for (at++; at < n && source[at] != c; at++) {
			if (source[at] == '\\' && at + 1 < n)
				at++;
			add(token, &length, source[at]);
		}
		token->kind = at < n ? TOKEN_STRING : TOKEN_OPEN_STRING;
		at += at < n;
	} else if (is_word_byte(c)) {
		token->kind = TOKEN_WORD;
		while (at < n && is_word_byte(source[at]))
			add(token, &length, source[at++]);
	} else {
		token->kind = TOKEN_STRAY;
		for (size_t i = 0; i < COUNT_OF(signs); i++)
			if (signs[i].c == c)
				token->kind = signs[i].kind;
		add(token, &length, source[at++]);
	}
	if (length >= sizeof token->text) {
		token->kind = TOKEN_LONG;
		length = sizeof token->text - 1;
	}
	token->text[length] = '\0';
	token->until = at;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

void token_take_decimals(const char *source, size_t n, struct token *token)
{
	size_t length = strlen(token->text), at = token->until;
	if (token->kind != TOKEN_WORD || at + 1 >= n || source[at] != ',' || !is_digit(source[at + 1]) || !is_digit(token->text[length - 1]))
		return;
	do {
		if (length + 1 < sizeof token->text)
			token->text[length++] = source[at];
		at++;
	} while (at < n && is_digit(source[at]));
	token->text[length] = '\0';
	token->until = at;
}

void token_pattern(const char *source, const struct token *token, bool contains, char out[static PATTERN_BYTES])
{
	bool quoted = token->kind == TOKEN_STRING;
	size_t end = token->until - quoted, n = 0;
	if (contains)
		out[n++] = '%';
	for (size_t i = token->from + quoted; i < end;) {
		uint32_t point;
		bool plain = false;
		if (quoted && source[i] == '\\' && i + 1 < end) {
			plain = true;
			i++;
		}
		i += utf8_decode(source + i, end - i, &point);
		if (point == '*' && !plain) {
			out[n++] = '%';
			continue;
		}
		if (point == '%' || point == '_' || point == '\\')
			out[n++] = '\\';
		if ((point = point_fold(point)) != 0)
			n += utf8_encode(point, out + n);
	}
	if (contains)
		out[n++] = '%';
	out[n] = '\0';
}

bool filter_quote(char out[static FILTER_QUOTED_BYTES], const char *text)
{
	return token_quote(out, FILTER_QUOTED_BYTES, text);
}
