/* SPDX-License-Identifier: Apache-2.0
 *
 * The words of a filter: cut out of bytes that may be anything. */
#ifndef FILTER_TOKEN_H
#define FILTER_TOKEN_H

#include "base/base.h"

enum token_kind {
	TOKEN_END, TOKEN_WORD, TOKEN_STRING, TOKEN_OP, TOKEN_OPEN, TOKEN_CLOSE, TOKEN_LIST, TOKEN_LIST_END,
	TOKEN_COMMA,
	TOKEN_OPEN_STRING, /* it does not end */
	TOKEN_LONG,	   /* more than a value may have */
	TOKEN_STRAY,	   /* a character that means nothing here */
};

#define TOKEN_BYTES 256

struct token {
	enum token_kind kind;
	size_t from, until;	/* bytes of the source */
	char text[TOKEN_BYTES]; /* without quotes and their \ */
};

/* The next one at or after `at`. The source is printable UTF-8. */
void token_read(const char *source, size_t n, size_t at, struct token *);

/* "12" of "12,50" takes its decimals along, as amounts are shown in Spanish: where no list can
 * stand, whose comma it would be. */
void token_take_decimals(const char *source, size_t n, struct token *);
/* What fits the token's text, of text_like(): * is anything, but after \ in
 * quotes; contains: anything before and after too. */
#define PATTERN_BYTES (2 * TOKEN_BYTES + 4)
void token_pattern(const char *source, const struct token *, bool contains, char out[static PATTERN_BYTES]);

/* Bytes of an unquoted word: does this text need quotes? */
bool token_is_word(const char *text);

/* The text in quotes, so that it stands for itself and no *; what cannot be
 * printed, as the stand-in that a list shows. False: it is longer than a value
 * or than there is room. */
bool token_quote(char *out, size_t capacity, const char *text) MUST_USE;

/* False and where: a byte that is no UTF-8, or that no terminal shows. Line
 * ends and tabs are blanks. */
bool token_bytes_fit(const char *source, size_t n, size_t *offset);

#endif
