/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/filter_complete.h"

#include <stdio.h>
#include <string.h>

#include "base/fold.h"
#include "base/i18n.h"
#include "filter/token.h"

struct completer {
	struct completion *out;
	char begun[TOKEN_BYTES]; /* folded, of the word at the cursor */
};

/* Does the text, or a word in it, begin with what was begun? */
static bool fits(const struct completer *c, const char *text)
{
	char folded[4 * COMPLETION_BYTES];
	text_fold(folded, sizeof folded, text, strlen(text));
	for (const char *p = folded;; p++) {
		if (text_starts_with(p, c->begun))
			return true;
		if ((p = strpbrk(p, " ._")) == NULL)
			return false;
	}
}

static void add_beside(struct completer *c, const char *item, const char *beside)
{
	struct completion *out = c->out;
	if (out->n == COMPLETIONS || strlen(item) >= COMPLETION_BYTES || !fits(c, *item == '"' ? item + 1 : item))
		return;
	for (size_t i = 0; i < out->n; i++)
		if (strcmp(out->items[i], item) == 0)
			return;
	out->beside[out->n] = beside;
	strcpy(out->items[out->n++], item);
}

static void add(struct completer *c, const char *item)
{
	add_beside(c, item, NULL);
}

/* In the language of the screen, with the name that is the same in every language; who begins
 * with the other language's word is offered that. */
static void add_value(struct completer *c, const struct filter_field *field, size_t i)
{
	const char *name = field->values[i], *spanish = field->spanish[i];
	const char *own = in_language(name, spanish), *other = own == name ? spanish : name;
	if (*name == '\0')
		return;
	bool same = strcmp(name, spanish) == 0;
	if (same || fits(c, own))
		add_beside(c, own, same || own == name ? NULL : name);
	else
		add_beside(c, other, own);
}

static void add_all(struct completer *c, const char *const *items, size_t n)
{
	for (size_t i = 0; i < n; i++)
		add(c, items[i]);
}

/* In quotes where it needs them. */
static void add_text(struct completer *c, const char *text)
{
	char quoted[2 * COMPLETION_BYTES + 4];
	if (*text == '\0' || strlen(text) >= COMPLETION_BYTES)
		return;
	if (token_is_word(text))
		add(c, text);
	else if (token_quote(quoted, sizeof quoted, text))
		add(c, quoted);
}

static void add_values(struct completer *c, const struct filter_field *field, const struct completion_values *values)
{
	static const char *const flags[] = { "true", "false" }, *const durations[] = { "1m", "10m", "1h" },
				 *const times[] = { "-1h", "-24h", "-7d" };
	const char *text;
	switch (field->kind) {
	case FIELD_ENUM:
		for (size_t i = 0; i < field->n_values; i++)
			add_value(c, field, i);
		return;
	case FIELD_FLAG:
		add_all(c, flags, COUNT_OF(flags));
		return;
	case FIELD_SECONDS:
		add_all(c, durations, COUNT_OF(durations));
		return;
	case FIELD_TIME:
		add_all(c, times, COUNT_OF(times));
		return;
	case FIELD_TEXT:
		for (size_t i = 0; values != NULL && (text = values->at(values->arg, field, i)) != NULL; i++)
			add_text(c, text);
		return;
	case FIELD_NUMBER:
	case FIELD_MONEY:
		return;
	}
}

static void add_operators(struct completer *c, enum field_kind kind)
{
	static const char *const of_text[] = { "=", "!=", "~", "in", "not in" }, *const of_flag[] = { "=", "!=" },
				 *const of_number[] = { "=", "!=", "<", "<=", ">", ">=", "in", "not in" };
	if (kind == FIELD_TEXT)
		add_all(c, of_text, COUNT_OF(of_text));
	else if (kind == FIELD_FLAG)
		add_all(c, of_flag, COUNT_OF(of_flag));
	else
		add_all(c, of_number, COUNT_OF(of_number));
}

static void add_fields(struct completer *c, enum filter_of of)
{
	const struct filter_field *field;
	for (size_t i = 0; (field = filter_field_at(of, i)) != NULL; i++) {
		const char *spanish = filter_field_spanish(field);
		if (fits(c, field->name) || spanish == NULL)
			add(c, field->name);
		else
			add_beside(c, spanish, field->name);
	}
}

/* The word that the cursor is in, or stands behind. Returns where it begins. */
static size_t word_at(const char *text, size_t cursor, char begun[TOKEN_BYTES])
{
	struct token token = { 0 };
	size_t n = strlen(text);
	*begun = '\0';
	do
		token_read(text, n, token.until, &token);
	while (token.kind != TOKEN_END && token.until < cursor);
	bool is_word = token.kind == TOKEN_WORD || token.kind == TOKEN_STRING || token.kind == TOKEN_OPEN_STRING;
	if (!is_word || token.from >= cursor)
		return cursor;
	size_t from = token.from + (token.kind != TOKEN_WORD);
	text_fold(begun, TOKEN_BYTES, text + from, cursor - from);
	return token.from;
}

/* Saved filters that say something of these rows. */
static void add_saved(struct completer *c, enum filter_of of, const struct filter_book *book)
{
	struct filter_names names = filter_book_names(book);
	for (size_t i = 0; i < book->saved.n; i++) {
		char name[BOOK_NAME_BYTES + 1];
		struct filter filter;
		struct fault fault;
		snprintf(name, sizeof name, "@%s", book->saved.items[i].name);
		if (filter_parse(of, name, strlen(name), 0, &names, &filter, NULL, &fault, NULL)) {
			filter_clear(&filter);
			add(c, name);
		}
	}
}

void filter_complete(enum filter_of of, const char *text, size_t cursor, const struct filter_book *book,
    const struct completion_values *values, struct completion *out)
{
	struct filter_names names = filter_book_names(book);
	struct completer c = { .out = out };
	struct filter filter;
	struct filter_reading before;
	struct fault fault;
	size_t wrong_at = 0;
	out->n = 0;
	out->from = word_at(text, cursor, c.begun);
	if (filter_parse(of, text, out->from, 0, &names, &filter, &before, &fault, &wrong_at))
		filter_clear(&filter);
	else if (wrong_at < out->from)
		return; /* something before is wrong, and not only unfinished */
	static const char *const joins[] = { "and", "or", ")" }, *const list_ends[] = { ",", "]" };
	switch (before.next) {
	case NEXT_TERM:
		add_fields(&c, of);
		if (c.begun[0] != '\0')
			add(&c, "not");
		add_saved(&c, of, book);
		return;
	case NEXT_OPERATOR:
		add_operators(&c, before.field->kind);
		return;
	case NEXT_VALUE:
		add_values(&c, before.field, values);
		return;
	case NEXT_LIST_END:
		add_all(&c, list_ends, COUNT_OF(list_ends));
		return;
	case NEXT_JOIN:
		if (out->from > 0) {
			add_all(&c, joins, 2);
			if (c.begun[0] != '\0') { /* side by side is "and" */
				add_fields(&c, of);
				add_saved(&c, of, book);
			}
		}
		return;
	}
}
