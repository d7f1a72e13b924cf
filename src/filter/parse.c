/* SPDX-License-Identifier: Apache-2.0
 *
 * From words to a tree, by recursive descent; what a source may hold is bounded
 * before it is looked at, and depth and size while it is read. */
#include "filter/filter.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "filter/token.h"
#include "filter/value.h"

#define NO_NODE SIZE_MAX

struct parser {
	const char *source;
	size_t n;
	int64_t now_ms;
	const struct filter_names *names;
	struct filter *out;
	struct filter_reading *reading;
	struct fault *fault;
	size_t *offset;
	struct token token;
	size_t ended; /* where the token before it ended */
	int depth;
	const struct token *within; /* @name that is read now; NULL: the source itself */
};

/* Every reader of a rule of the grammar gives its node, or NO_NODE after a fault. */
static size_t wrong(struct parser *s, const char *format, ...) PRINTF_LIKE(2, 3);
static size_t wrong(struct parser *s, const char *format, ...)
{
	char sentence[480], shown[480];
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(sentence, sizeof sentence, format, arguments);
	va_end(arguments);
	text_printable(shown, sizeof shown, sentence, strlen(sentence));
	/* What is wrong inside a name is wrong where the name stands. */
	const struct token *at = s->within != NULL ? s->within : &s->token;
	if (s->offset != NULL)
		*s->offset = at->from;
	if (s->reading != NULL && s->within == NULL && s->reading->n_marks < FILTER_MARKS && at->until > at->from)
		s->reading->marks[s->reading->n_marks++] = (struct filter_mark){ at->from, at->until, MARK_WRONG };
	fault_fill(s->fault, FAULT_USAGE, "%s%s%s", s->within != NULL ? s->within->text : "",
	    s->within != NULL ? ": " : "", shown);
	return NO_NODE;
}

static void next(struct parser *s)
{
	s->ended = s->token.until;
	token_read(s->source, s->n, s->token.until, &s->token);
}

/* The token is understood as this; on to the next one. */
static void take(struct parser *s, enum filter_role role)
{
	struct filter_reading *reading = s->reading;
	if (reading != NULL && s->within == NULL && reading->n_marks < FILTER_MARKS)
		reading->marks[reading->n_marks++] = (struct filter_mark){ s->token.from, s->token.until, role };
	next(s);
}

/* What may stand where the token is, if it is the end. */
static void may_follow(struct parser *s, enum filter_next what, const struct filter_field *field)
{
	if (s->reading != NULL && s->within == NULL && s->token.kind == TOKEN_END) {
		s->reading->next = what;
		s->reading->field = field;
	}
}

static bool is_keyword(const struct parser *s, const char *word)
{
	return s->token.kind == TOKEN_WORD && text_equal_nocase(s->token.text, word);
}

static size_t node(struct parser *s, struct filter_node made)
{
	struct filter *f = s->out;
	size_t limit = FILTER_NODES;
	if (f->n_nodes >= limit) {
		free(made.pattern);
		return wrong(s, _("a filter may have %zu parts at most"), limit);
	}
	f->nodes = mem_grow(f->nodes, f->n_nodes, &f->capacity, sizeof *f->nodes);
	f->nodes[f->n_nodes] = made;
	return f->n_nodes++;
}

static bool count_values(struct parser *s, size_t n)
{
	s->out->n_values += n;
	return s->out->n_values <= FILTER_VALUES ||
	    wrong(s, _("a filter may have %s values at most"), "48") != NO_NODE;
}

static size_t join(struct parser *s, enum filter_node_kind kind, size_t left, size_t right)
{
	const struct filter_node *nodes = s->out->nodes;
	if (left == NO_NODE || right == NO_NODE)
		return NO_NODE;
	return node(s, (struct filter_node){ .kind = kind, .left = left, .right = right,
	    .from = nodes[left].from, .until = nodes[right].until });
}

static size_t negate(struct parser *s, size_t of, size_t from)
{
	if (of == NO_NODE)
		return NO_NODE;
	return node(s, (struct filter_node){ .kind = NODE_NOT, .left = of, .from = from, .until = s->ended });
}

/* Broken words say what is broken about them, wherever they stand. */
static bool is_whole(struct parser *s)
{
	switch (s->token.kind) {
	case TOKEN_OPEN_STRING:
		return wrong(s, _("the text in quotes does not end")) != NO_NODE;
	case TOKEN_LONG:
		return wrong(s, _("a value may have %d bytes at most"), TOKEN_BYTES - 1) != NO_NODE;
	case TOKEN_END: case TOKEN_WORD: case TOKEN_STRING: case TOKEN_OP: case TOKEN_OPEN: case TOKEN_CLOSE:
	case TOKEN_LIST: case TOKEN_LIST_END: case TOKEN_COMMA: case TOKEN_STRAY:
		break;
	}
	return true;
}

/* ---- comparisons ---------------------------------------------------------------- */

static size_t text_value(struct parser *s, const struct filter_field *field, const char *op)
{
	char pattern[PATTERN_BYTES];
	if (op[0] == '<' || op[0] == '>')
		return wrong(s, _("text is compared with =, != and ~ (contains) only"));
	token_pattern(s->source, &s->token, op[0] == '~', pattern);
	if (!count_values(s, 1))
		return NO_NODE;
	return node(s, (struct filter_node){ .kind = NODE_TEXT, .field = field, .pattern = mem_strdup(pattern) });
}

static size_t number_value(struct parser *s, const struct filter_field *field, const char *op)
{
	struct value_range range;
	struct fault fault;
	bool equal = op[0] == '=' || op[0] == '!';
	if (op[0] == '~')
		return wrong(s, _("~ is for text"));
	if (field->kind == FIELD_FLAG && !equal)
		return wrong(s, _("true and false are compared with = and != only"));
	if (!value_read(field, s->token.text, s->now_ms, &range, &fault))
		return wrong(s, "%s", fault.text);
	if (range.is_range && !equal)
		return wrong(s, _("a range is compared with =, != and in only"));
	struct filter_node made = { .kind = NODE_RANGE, .field = field, .low = range.low, .high = range.high };
	if (range.open_low)
		made.low = INT64_MIN;
	if (range.open_high)
		made.high = INT64_MAX;
	if (op[0] == '<') {
		made.high = op[1] == '=' ? range.low : range.low - 1;
		made.low = INT64_MIN;
	} else if (op[0] == '>') {
		made.low = op[1] == '=' ? range.low : range.low + 1;
		made.high = INT64_MAX;
	}
	bool two = made.low != INT64_MIN && made.high != INT64_MAX && made.low != made.high;
	if (!count_values(s, two ? 2 : 1))
		return NO_NODE;
	return node(s, made);
}

/* What would be a search for the word "m" was meant as minutes. */
static bool is_unit(const struct parser *s)
{
	static const char *const units[] = { "s", "m", "h", "d", "w", "sec", "min", "hour", "hours", "day", "days", "minute", "minutes", "second", "seconds" };
	for (size_t i = 0; i < COUNT_OF(units); i++)
		if (is_keyword(s, units[i]))
			return true;
	return false;
}

/* "cost > 5 USD": the unit that it has anyway. Another one is no word to search for. */
static bool read_currency(struct parser *s)
{
	static const char *const ours[] = { "usd", "us$", "dollar", "dollars", "d\u00F3lares", "dolares" };
	static const char *const others[] = { "cop", "crc", "eur", "gtq", "hnl", "mxn", "nio", "pab", "pesos", "colones", "balboas", "lempiras", "euros" };
	for (size_t i = 0; i < COUNT_OF(ours); i++) {
		if (is_keyword(s, ours[i])) {
			take(s, MARK_VALUE);
			return true;
		}
	}
	for (size_t i = 0; i < COUNT_OF(others); i++)
		if (is_keyword(s, others[i]))
			return wrong(s, _("amounts are in US dollars, not in %s"), s->token.text) != NO_NODE;
	return true;
}

static size_t one_value(struct parser *s, const struct filter_field *field, const char *op, size_t from)
{
	may_follow(s, NEXT_VALUE, field);
	if (!is_whole(s))
		return NO_NODE;
	if (s->token.kind != TOKEN_WORD && s->token.kind != TOKEN_STRING)
		return wrong(s, _("a value is missing"));
	if (s->token.kind == TOKEN_WORD && s->token.text[0] == '@')
		return wrong(s, _("a saved filter is no value; in quotes it is a word"));
	size_t made = field->kind == FIELD_TEXT ? text_value(s, field, op) : number_value(s, field, op);
	if (made == NO_NODE)
		return NO_NODE;
	char amount[TOKEN_BYTES];
	snprintf(amount, sizeof amount, "%s", s->token.text);
	take(s, MARK_VALUE);
	if (field->kind == FIELD_SECONDS && amount[strlen(amount) - 1] >= '0' && amount[strlen(amount) - 1] <= '9' && is_unit(s))
		return wrong(s, _("a unit stands next to its number: %s%c"), amount, s->token.text[0] | 0x20);
	if (field->kind == FIELD_MONEY && !read_currency(s))
		return NO_NODE;
	s->out->nodes[made].from = from;
	s->out->nodes[made].until = s->ended;
	return op[0] == '!' ? negate(s, made, from) : made;
}

/* in [CU, LV], in 10..20 */
static size_t listed(struct parser *s, const struct filter_field *field, size_t from)
{
	may_follow(s, NEXT_VALUE, field);
	if (s->token.kind == TOKEN_WORD && strstr(s->token.text, "..") != NULL && field->kind != FIELD_TEXT)
		return one_value(s, field, "=", from);
	if (s->token.kind != TOKEN_LIST)
		return wrong(s, field->kind == FIELD_TEXT ? _("after \"in\" comes a list: [CU, LV]") :
			_("after \"in\" comes a list [1, 2] or a range 10..20"));
	size_t all = NO_NODE;
	do {
		take(s, MARK_OPERATOR);
		size_t made = one_value(s, field, "=", from);
		if (made == NO_NODE)
			return NO_NODE;
		all = all == NO_NODE ? made : join(s, NODE_OR, all, made);
		if (all == NO_NODE)
			return NO_NODE;
		may_follow(s, NEXT_LIST_END, field);
	} while (s->token.kind == TOKEN_COMMA);
	if (s->token.kind != TOKEN_LIST_END)
		return wrong(s, _("a comma or ] is missing"));
	take(s, MARK_OPERATOR);
	s->out->nodes[all].until = s->ended;
	return all;
}

static size_t comparison(struct parser *s, const struct filter_field *field, size_t from)
{
	char op[3];
	may_follow(s, NEXT_OPERATOR, field);
	bool not_in = is_keyword(s, "not");
	if (not_in) { /* "country not in", else "forwarded not …" */
		struct token after;
		token_read(s->source, s->n, s->token.until, &after);
		not_in = after.kind == TOKEN_WORD && text_equal_nocase(after.text, "in");
	}
	if (not_in)
		take(s, MARK_OPERATOR);
	if (is_keyword(s, "in")) {
		take(s, MARK_OPERATOR);
		size_t made = listed(s, field, from);
		return not_in ? negate(s, made, from) : made;
	}
	if (!is_whole(s))
		return NO_NODE;
	if (s->token.kind != TOKEN_OP && field->kind == FIELD_FLAG) { /* "forwarded and …": said of itself */
		if (!count_values(s, 1))
			return NO_NODE;
		return node(s, (struct filter_node){ .kind = NODE_RANGE, .field = field, .low = 1, .high = 1,
		    .from = from, .until = s->ended });
	}
	if (s->token.kind != TOKEN_OP)
		return wrong(s, _("an operator is missing: = != < <= > >= ~ in"));
	strcpy(op, s->token.text);
	if (strcmp(op, "!") == 0 || strcmp(op, "~=") == 0)
		return wrong(s, _("%s is no operator; use = != < <= > >= ~ in"), op);
	take(s, MARK_OPERATOR);
	if (field->kind == FIELD_MONEY)
		token_take_decimals(s->source, s->n, &s->token); /* a list cannot stand here */
	return one_value(s, field, op, from);
}

/* ---- terms ------------------------------------------------------------------------ */

static size_t alternatives(struct parser *s);

static size_t search(struct parser *s)
{
	char pattern[PATTERN_BYTES];
	size_t from = s->token.from;
	token_pattern(s->source, &s->token, true, pattern);
	if (!count_values(s, 1))
		return NO_NODE;
	take(s, MARK_WORD);
	return node(s, (struct filter_node){ .kind = NODE_SEARCH, .pattern = mem_strdup(pattern),
	    .from = from, .until = s->ended });
}

/* @night: what it stands for, as if it were written here in parentheses. */
static size_t named(struct parser *s)
{
	const char *source = s->names != NULL ? s->names->find(s->names->arg, s->token.text + 1) : NULL;
	if (source == NULL)
		return wrong(s, _("there is no saved filter %s"), s->token.text);
	struct token token = s->token;
	struct parser inner = *s;
	inner.source = source;
	inner.n = strlen(source);
	inner.within = s->within != NULL ? s->within : &token;
	inner.token = (struct token){ 0 };
	next(&inner);
	size_t made = alternatives(&inner);
	if (made == NO_NODE)
		return NO_NODE;
	if (inner.token.kind != TOKEN_END)
		return wrong(&inner, _("%s is not understood here"), inner.token.text);
	take(s, MARK_NAME);
	s->out->nodes[made].from = token.from;
	s->out->nodes[made].until = token.until;
	s->out->nodes[made].whole = true;
	return made;
}

static size_t word(struct parser *s)
{
	const struct filter_field *field = filter_field_named(s->out->of, s->token.text);
	size_t from = s->token.from;
	struct token after;
	if (s->token.text[0] == '@' && s->token.text[1] != '\0')
		return named(s);
	if (field != NULL) {
		take(s, MARK_FIELD);
		return comparison(s, field, from);
	}
	/* A word before an operator was meant as a field. */
	token_read(s->source, s->n, s->token.until, &after);
	bool compared = after.kind == TOKEN_OP;
	if (after.kind == TOKEN_WORD && text_equal_nocase(after.text, "not"))
		token_read(s->source, s->n, after.until, &after);
	bool listed = after.kind == TOKEN_WORD && text_equal_nocase(after.text, "in");
	field = compared || listed ? filter_field_in_spanish(s->out->of, s->token.text) : NULL;
	if (field != NULL) {
		take(s, MARK_FIELD);
		return comparison(s, field, from);
	}
	if (!compared)
		return search(s);
	const struct filter_field *near = filter_field_near(s->out->of, s->token.text);
	if (near != NULL)
		return wrong(s, _("there is no field %s; is it %s?"), s->token.text, near->name);
	return wrong(s, _("there is no field %s"), s->token.text);
}

static size_t parentheses(struct parser *s)
{
	size_t from = s->token.from;
	take(s, MARK_JOIN);
	size_t made = alternatives(s);
	if (made == NO_NODE)
		return NO_NODE;
	if (s->token.kind != TOKEN_CLOSE)
		return wrong(s, _("a ) is missing"));
	take(s, MARK_JOIN);
	s->out->nodes[made].from = from;
	s->out->nodes[made].until = s->ended;
	s->out->nodes[made].whole = true;
	return made;
}

static size_t term(struct parser *s)
{
	size_t made = NO_NODE, from = s->token.from;
	if (s->depth == FILTER_DEPTH)
		return wrong(s, _("nested too deeply"));
	s->depth++;
	may_follow(s, NEXT_TERM, NULL);
	if (!is_whole(s)) {
		/* said */
	} else if (is_keyword(s, "not")) {
		take(s, MARK_JOIN);
		made = negate(s, term(s), from);
	} else if (s->token.kind == TOKEN_OPEN) {
		made = parentheses(s);
	} else if (s->token.kind == TOKEN_STRING) {
		made = search(s);
	} else if (s->token.kind == TOKEN_WORD && !is_keyword(s, "and") && !is_keyword(s, "or")) {
		made = word(s);
	} else if (s->token.kind == TOKEN_END) {
		wrong(s, _("the filter ends too early"));
	} else {
		wrong(s, _("%s is not understood here"), s->token.text);
	}
	s->depth--;
	return made;
}

static size_t conjunction(struct parser *s)
{
	size_t all = term(s);
	while (all != NO_NODE) {
		may_follow(s, NEXT_JOIN, NULL);
		if (is_keyword(s, "and"))
			take(s, MARK_JOIN);
		else if (s->token.kind == TOKEN_END || s->token.kind == TOKEN_CLOSE || is_keyword(s, "or"))
			break;
		/* Two terms side by side are meant together. */
		all = join(s, NODE_AND, all, term(s));
	}
	return all;
}

static size_t alternatives(struct parser *s)
{
	size_t all = conjunction(s);
	while (all != NO_NODE && is_keyword(s, "or")) {
		take(s, MARK_JOIN);
		all = join(s, NODE_OR, all, conjunction(s));
	}
	return all;
}

bool filter_parse(enum filter_of of, const char *source, size_t n, int64_t now_ms, const struct filter_names *names,
    struct filter *out, struct filter_reading *reading, struct fault *fault, size_t *offset)
{
	struct parser s = { .source = source, .n = n, .now_ms = now_ms, .names = names, .out = out,
		.reading = reading, .fault = fault, .offset = offset };
	*out = (struct filter){ .of = of };
	if (reading != NULL) {
		reading->n_marks = 0;
		reading->next = NEXT_TERM;
		reading->field = NULL;
	}
	if (n > FILTER_BYTES)
		return wrong(&s, _("a filter may have %s bytes at most"), "2000") != NO_NODE;
	if (!token_bytes_fit(source, n, &s.token.from)) {
		s.token.until = s.token.from + 1;
		return wrong(&s, _("a byte here is no text")) != NO_NODE;
	}
	next(&s);
	if (s.token.kind == TOKEN_END)
		return true;
	out->root = alternatives(&s);
	if (out->root != NO_NODE && s.token.kind != TOKEN_END)
		out->root = wrong(&s, _("%s is not understood here"), s.token.text);
	if (out->root == NO_NODE)
		filter_clear(out);
	return out->n_nodes > 0;
}

void filter_clear(struct filter *filter)
{
	for (size_t i = 0; i < filter->n_nodes; i++)
		free(filter->nodes[i].pattern);
	free(filter->nodes);
	*filter = (struct filter){ .of = filter->of };
}

static size_t add_parts(const struct filter *filter, size_t at, struct filter_part *parts, size_t capacity, size_t n)
{
	const struct filter_node *here = &filter->nodes[at];
	if (here->kind == NODE_AND && !here->whole) {
		n = add_parts(filter, here->left, parts, capacity, n);
		return add_parts(filter, here->right, parts, capacity, n);
	}
	if (n < capacity)
		parts[n] = (struct filter_part){ here->from, here->until };
	return n + 1;
}

size_t filter_parts(const struct filter *filter, struct filter_part *parts, size_t capacity)
{
	return filter->n_nodes == 0 ? 0 : add_parts(filter, filter->root, parts, capacity, 0);
}
