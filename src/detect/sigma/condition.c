/* SPDX-License-Identifier: Apache-2.0
 *
 * The condition line of a rule:
 *
 *   or   := and { "or" and }        of    := ("all" | "1" | number | "any") "of"
 *   and  := not { "and" not }                ("them" | pattern)
 *   not  := { "not" } atom          atom  := "(" or ")" | of | name            */
#include <stdio.h>
#include <string.h>

#include "detect/sigma/rule.h"

struct scan {
	const struct sigma_parse *parse;
	const struct yaml *at;
	const char *p;		 /* the next character */
	const char *word;	 /* the token that stands here; word_n 0: the end */
	size_t word_n;
	const char *const *names;
	struct expr *const *selections;
	size_t n;
	int depth, nodes;
};

static bool is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	    c == '_' || c == '*' || c == '-' || c == '.';
}

static void next(struct scan *s)
{
	while (*s->p == ' ' || *s->p == '\t' || *s->p == '\n' || *s->p == '\r')
		s->p++;
	s->word = s->p;
	if (*s->p != '\0' && !is_word(*s->p))
		s->p++;
	else
		while (is_word(*s->p))
			s->p++;
	s->word_n = (size_t)(s->p - s->word);
}

static bool is(const struct scan *s, const char *word)
{
	return s->word_n == strlen(word) && strncmp(s->word, word, s->word_n) == 0;
}

/* The complaint points at the token, as far as one line of YAML allows. */
static bool complain(const struct scan *s, const char *what, const char *hint)
{
	struct yaml here = *s->at;
	here.column += (int)(s->word - s->at->scalar) + s->at->quoted;
	char shown[64];
	text_printable(shown, sizeof shown, s->word, MIN(s->word_n, (size_t)40));
	return sigma_fault(s->parse, &here, "condition: %s%s%s%s%s", what, s->word_n > 0 ? " \"" : "",
	    shown, s->word_n > 0 ? "\"" : "", hint);
}

static bool read_or(struct scan *, struct expr **out);

static bool name_fits(const char *name, const char *pattern, size_t n)
{
	const char *star = memchr(pattern, '*', n);
	if (star == NULL)
		return strlen(name) == n && strncmp(name, pattern, n) == 0;
	size_t before = (size_t)(star - pattern), after = n - before - 1, length = strlen(name);
	return length >= before + after && strncmp(name, pattern, before) == 0 &&
	    strncmp(name + length - after, star + 1, after) == 0;
}

/* "1 of sel*", "all of them", "3 of them" */
static bool read_of(struct scan *s, size_t at_least, struct expr **out)
{
	struct expr *chosen[256];
	size_t n = 0;
	next(s);
	if (!is(s, "of"))
		return complain(s, "\"of\" was expected here, not", "");
	next(s);
	bool them = is(s, "them");
	for (size_t i = 0; i < s->n && n < COUNT_OF(chosen); i++) {
		/* Names that begin with _ are left out of "them" (specification 2.1). */
		if (them ? s->names[i][0] != '_' : name_fits(s->names[i], s->word, s->word_n))
			chosen[n++] = s->selections[i];
	}
	if (n == 0 || s->word_n == 0)
		return complain(s, "no selection is called", "");
	next(s);
	*out = sigma_expr(s->parse, EXPR_N_OF, n);
	memcpy((*out)->parts, chosen, n * sizeof *chosen);
	(*out)->at_least = at_least == 0 ? n : at_least;
	return true;
}

static bool read_atom(struct scan *s, struct expr **out)
{
	char word[48], hint[80];
	if (++s->nodes > 2000)
		return complain(s, "too long, at", "");
	if (is(s, "(")) {
		if (++s->depth > SIGMA_MAX_DEPTH)
			return complain(s, "nested too deeply, at", "");
		next(s);
		if (!read_or(s, out))
			return false;
		if (!is(s, ")"))
			return complain(s, s->word_n == 0 ? "a \")\" is missing" : "a \")\" was expected, not", "");
		s->depth--;
		next(s);
		return true;
	}
	if (is(s, "all"))
		return read_of(s, 0, out);
	if (is(s, "any"))
		return read_of(s, 1, out);
	for (size_t i = 0; i < s->n; i++) {
		if (strlen(s->names[i]) == s->word_n && strncmp(s->names[i], s->word, s->word_n) == 0) {
			*out = s->selections[i];
			next(s);
			return true;
		}
	}
	int64_t many;
	span_copy((struct span){ s->word, (uint32_t)s->word_n }, word, sizeof word);
	if (text_to_int(word, 1, 1000, &many))
		return read_of(s, (size_t)many, out);
	if (s->word_n == 0)
		return complain(s, "it ends too early", "");
	return complain(s, "no selection is called",
	    sigma_hint(word, s->names, s->n, hint, sizeof hint));
}

static bool read_not(struct scan *s, struct expr **out)
{
	bool negated = false;
	while (is(s, "not")) {
		negated = !negated;
		next(s);
	}
	if (!read_atom(s, out))
		return false;
	if (negated) {
		struct expr *not = sigma_expr(s->parse, EXPR_NOT, 1);
		not->parts[0] = *out;
		*out = not;
	}
	return true;
}

static bool read_chain(struct scan *s, enum expr_kind kind, struct expr **out)
{
	const char *word = kind == EXPR_AND ? "and" : "or";
	struct expr *parts[512];
	size_t n = 0;
	do {
		if (n > 0)
			next(s);
		if (n == COUNT_OF(parts))
			return complain(s, "too long, at", "");
		parts[n] = NULL;
		if (!(kind == EXPR_AND ? read_not(s, &parts[n]) : read_chain(s, EXPR_AND, &parts[n])))
			return false;
		n++;
	} while (is(s, word));
	*out = parts[0];
	if (n > 1) {
		*out = sigma_expr(s->parse, kind, n);
		memcpy((*out)->parts, parts, n * sizeof *parts);
	}
	return true;
}

static bool read_or(struct scan *s, struct expr **out)
{
	return read_chain(s, EXPR_OR, out);
}

bool sigma_condition(const struct sigma_parse *parse, const struct yaml *text,
    const char *const *names, struct expr *const *selections, size_t n, struct expr **out)
{
	struct scan s = { .parse = parse, .at = text, .p = text->scalar, .names = names,
		.selections = selections, .n = n };
	next(&s);
	if (!read_or(&s, out))
		return false;
	if (is(&s, "|"))
		return complain(&s, "aggregations after | are obsolete; write a correlation rule. At", "");
	return s.word_n == 0 || complain(&s, "\"and\" or \"or\" was expected, not", "");
}
