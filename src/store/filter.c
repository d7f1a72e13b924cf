/* SPDX-License-Identifier: Apache-2.0 */
#include "store/filter.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alerts/triage.h"
#include "base/i18n.h"
#include "base/iso_time.h"
#include "base/mem.h"
#include "calls/call.h"

#define MAX_DEPTH  32
#define MAX_VALUES 48

enum kind { KIND_TEXT, KIND_WORD, KIND_NUMBER, KIND_SECONDS, KIND_TIME, KIND_MONEY, KIND_FLAG, KIND_ENUM };

struct field {
	const char *name, *column, *help;
	enum kind kind;
	int64_t flag;		       /* KIND_FLAG: bit of the column */
	const char *const *names;      /* KIND_ENUM */
	size_t n_names;
};

#define NAME_OF(id, name) name,
static const char *const directions[] = { CALL_DIRECTIONS(NAME_OF) };
static const char *const classes[] = { NUMBER_CLASSES(NAME_OF) };
static const char *const tiers[] = { RISK_TIERS(NAME_OF) };
static const char *const severities[] = { SEVERITIES(NAME_OF) };
static const char *const states[] = { ALERT_STATES(NAME_OF) };
static const char *const resolutions[] = { RESOLUTIONS(NAME_OF) };
static const char *const subjects[] = { SUBJECT_KINDS(NAME_OF) };
#define ENUM_OF(list) KIND_ENUM, 0, list, COUNT_OF(list)
#define PLAIN(kind) kind, 0, NULL, 0

static const struct field call_fields[] = {
	{ "dst.country", "country", N_("country of the far end, ISO"), PLAIN(KIND_TEXT) },
	{ "dst.class", "class", N_("kind of number: mobile, premium, satellite …"), ENUM_OF(classes) },
	{ "dst.tier", "tier", N_("risk of the destination: none … extreme"), ENUM_OF(tiers) },
	{ "dst.number", "far_number", N_("number of the far end"), PLAIN(KIND_TEXT) },
	{ "number", "far_number", N_("number of the far end"), PLAIN(KIND_TEXT) },
	{ "far.name", "far_name", N_("name the far end gave"), PLAIN(KIND_TEXT) },
	{ "user.name", "user_name_id", N_("whose record it is"), PLAIN(KIND_WORD) },
	{ "user.id", "user_id", N_("UUID of the person or service"), PLAIN(KIND_WORD) },
	{ "user.number", "user_number_id", N_("our side's number or extension"), PLAIN(KIND_WORD) },
	{ "location", "location_id", N_("site"), PLAIN(KIND_WORD) },
	{ "call.type", "call_type_id", N_("Webex's own type: SIP_INTERNATIONAL …"), PLAIN(KIND_WORD) },
	{ "trunk", "trunk_id", N_("trunk it went by"), PLAIN(KIND_WORD) },
	{ "direction", "direction", N_("internal, outbound, inbound, transit"), ENUM_OF(directions) },
	{ "duration", "talk_s", N_("talking time: 90, 20m, 1h"), PLAIN(KIND_SECONDS) },
	{ "ring", "ring_s", N_("ringing time"), PLAIN(KIND_SECONDS) },
	{ "legs", "n_legs", N_("number of legs"), PLAIN(KIND_NUMBER) },
	{ "cost", "cost_micro", N_("estimated cost in USD"), PLAIN(KIND_MONEY) },
	{ "start", "start_ms", N_("begin: 2026-10-05T09:00, or -2h"), PLAIN(KIND_TIME) },
	{ "answered", "flags", N_("true or false"), KIND_FLAG, CALL_ANSWERED, NULL, 0 },
	{ "forwarded", "flags", N_("true or false"), KIND_FLAG, CALL_FORWARDED, NULL, 0 },
	{ "transferred", "flags", N_("true or false"), KIND_FLAG, CALL_TRANSFERRED, NULL, 0 },
	{ "queued", "flags", N_("true or false"), KIND_FLAG, CALL_QUEUED, NULL, 0 },
	{ "look_alike", "flags", N_("looks domestic and is not"), KIND_FLAG, CALL_LOOK_ALIKE, NULL, 0 },
};

static const struct field alert_fields[] = {
	{ "id", "id", N_("number of the alert"), PLAIN(KIND_NUMBER) },
	{ "case", "case_id", N_("number of the case: its first alert's"), PLAIN(KIND_NUMBER) },
	{ "severity", "severity", N_("low, medium, high, critical"), ENUM_OF(severities) },
	{ "score", "score", N_("0 to 100"), PLAIN(KIND_NUMBER) },
	{ "state", "state", N_("new, in_progress, snoozed, closed"), ENUM_OF(states) },
	{ "resolution", "resolution", N_("how it was closed"), ENUM_OF(resolutions) },
	{ "rule", "rule", N_("id of the rule"), PLAIN(KIND_TEXT) },
	{ "title", "title_es", N_("title"), PLAIN(KIND_TEXT) },
	{ "subject.kind", "subject_kind", N_("person, number, trunk …"), ENUM_OF(subjects) },
	{ "subject.id", "subject_id", N_("UUID or number"), PLAIN(KIND_TEXT) },
	{ "subject.name", "subject_name", N_("name"), PLAIN(KIND_TEXT) },
	{ "location", "location", N_("site"), PLAIN(KIND_TEXT) },
	{ "assignee", "assignee", N_("who has it"), PLAIN(KIND_TEXT) },
	{ "count", "n_legs", N_("records it rests on"), PLAIN(KIND_NUMBER) },
	{ "cost", "cost_micro", N_("estimated cost in USD"), PLAIN(KIND_MONEY) },
	{ "first", "first_ms", N_("time of the first record"), PLAIN(KIND_TIME) },
	{ "last", "last_ms", N_("time of the last record"), PLAIN(KIND_TIME) },
	{ "raised", "raised_ms", N_("when it was raised"), PLAIN(KIND_TIME) },
};

static const struct {
	const struct field *fields;
	size_t n;
	/* What a bare word is looked for in: parts that stand around the parameter. */
	const char *search[4];
	const char *search_words; /* columns that hold word ids */
} languages[FILTER_N] = {
	[FILTER_CALLS] = { call_fields, COUNT_OF(call_fields), { "far_number", "far_name" }, "user_name_id,user_number_id,location_id" },
	[FILTER_ALERTS] = { alert_fields, COUNT_OF(alert_fields), { "title_es", "title_en", "subject_name", "location" }, "" },
};

const char *filter_field_name(enum filter_of of, size_t i)
{
	return i < languages[of].n ? languages[of].fields[i].name : NULL;
}

const char *filter_field_help(enum filter_of of, size_t i)
{
	return i < languages[of].n ? languages[of].fields[i].help : NULL;
}

/* ---- tokens ------------------------------------------------------------------ */

enum token { T_END, T_WORD, T_STRING, T_OP, T_OPEN, T_CLOSE, T_LIST, T_LIST_END, T_COMMA, T_BAD };

struct parser {
	enum filter_of of;
	const char *source, *p;
	int64_t now_ms;
	int parameter;
	struct filter *out;
	struct fault *fault;
	size_t *offset;
	enum token token;
	const char *at;	 /* where the token begins */
	char text[256];
	int depth;
};

static bool wrong(struct parser *s, const char *format, ...) PRINTF_LIKE(2, 3);
static bool wrong(struct parser *s, const char *format, ...)
{
	char sentence[400], shown[400];
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(sentence, sizeof sentence, _(format), arguments);
	va_end(arguments);
	text_printable(shown, sizeof shown, sentence, strlen(sentence));
	if (s->offset != NULL)
		*s->offset = (size_t)(s->at - s->source);
	return fault_set(s->fault, FAULT_USAGE, "%s", shown);
}

static bool is_word_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	    (c & 0x80) || (c != '\0' && strchr("._+-*:@/$", c) != NULL);
}

static void next(struct parser *s)
{
	while (*s->p == ' ' || *s->p == '\t')
		s->p++;
	s->at = s->p;
	s->text[0] = '\0';
	char c = *s->p;
	size_t n = 0;
	switch (c) {
	case '\0': s->token = T_END; return;
	case '(': s->token = T_OPEN; s->p++; return;
	case ')': s->token = T_CLOSE; s->p++; return;
	case '[': s->token = T_LIST; s->p++; return;
	case ']': s->token = T_LIST_END; s->p++; return;
	case ',': s->token = T_COMMA; s->p++; return;
	case '=': case '!': case '<': case '>': case '~':
		s->text[n++] = *s->p++;
		if (*s->p == '=')
			s->text[n++] = *s->p++;
		s->text[n] = '\0';
		s->token = T_OP;
		return;
	case '"': case '\'':
		for (s->p++; *s->p != '\0' && *s->p != c; s->p++) {
			if (*s->p == '\\' && s->p[1] != '\0')
				s->p++;
			if (n + 1 < sizeof s->text)
				s->text[n++] = *s->p;
		}
		s->text[n] = '\0';
		s->token = *s->p == c ? T_STRING : T_BAD;
		s->p += *s->p == c;
		return;
	default:
		if (!is_word_byte(c)) {
			s->text[0] = c;
			s->text[1] = '\0';
			s->token = T_BAD;
			return;
		}
		for (; is_word_byte(*s->p); s->p++) {
			if (n + 1 < sizeof s->text)
				s->text[n++] = *s->p;
		}
		s->text[n] = '\0';
		s->token = T_WORD;
	}
}

static bool is_keyword(const struct parser *s, const char *word)
{
	return s->token == T_WORD && text_equal_nocase(s->text, word);
}

static bool add_value(struct parser *s, bool is_text, int64_t number, const char *text)
{
	struct filter *f = s->out;
	if (f->n_values >= MAX_VALUES)
		return wrong(s, N_("a filter may have %s values at most"), "48");
	f->values = mem_grow(f->values, f->n_values, &f->capacity, sizeof *f->values);
	f->values[f->n_values++] = (struct filter_value){ is_text, number, is_text ? mem_strdup(text) : NULL };
	text_printf(&f->sql, "$%d", s->parameter++);
	return true;
}

/* % and _ of the analyst are letters; * is the wildcard. */
static void like_pattern(const char *text, bool contains, char out[520])
{
	size_t n = 0;
	if (contains)
		out[n++] = '%';
	for (; *text != '\0' && n < 510; text++) {
		if (*text == '%' || *text == '_' || *text == '\\')
			out[n++] = '\\';
		out[n++] = *text == '*' ? '%' : *text;
	}
	if (contains)
		out[n++] = '%';
	out[n] = '\0';
}

static bool add_like(struct parser *s, const char *column, bool is_word, const char *text, bool contains)
{
	char pattern[520];
	like_pattern(text, contains, pattern);
	text_printf(&s->out->sql, is_word ? "%s IN (SELECT id FROM words WHERE text LIKE " : "%s LIKE ", column);
	if (!add_value(s, true, 0, pattern))
		return false;
	text_puts(&s->out->sql, is_word ? " ESCAPE '\\')" : " ESCAPE '\\'");
	return true;
}

static bool number_of(struct parser *s, const struct field *f, int64_t *out)
{
	int64_t ms;
	char *end;
	switch (f->kind) {
	case KIND_NUMBER:
		return text_to_int(s->text, INT64_MIN / 2, INT64_MAX / 2, out) || wrong(s, N_("%s is not a whole number"), s->text);
	case KIND_SECONDS:
		if (!text_to_duration_ms(s->text, &ms))
			return wrong(s, N_("%s is not a duration (90, 20m, 1h)"), s->text);
		*out = ms / 1000;
		return true;
	case KIND_MONEY: {
		double amount = strtod(s->text, &end);
		if (*end != '\0' || end == s->text || !(amount >= -1e9 && amount <= 1e9))
			return wrong(s, N_("%s is not an amount"), s->text);
		*out = (int64_t)(amount * 1e6);
		return true;
	}
	case KIND_TIME:
		if (s->text[0] == '-' && text_to_duration_ms(s->text + 1, &ms)) {
			*out = s->now_ms - ms;
			return true;
		}
		if (iso_time_parse(s->text, strlen(s->text), out))
			return true;
		if (strlen(s->text) == 10) {
			strcat(s->text, "T00:00");
			if (iso_time_parse(s->text, strlen(s->text), out))
				return true;
		}
		return wrong(s, N_("%s is not a time (2026-10-05, 2026-10-05T09:00, -2h)"), s->text);
	case KIND_ENUM:
		for (size_t i = 0; i < f->n_names; i++) {
			if (text_equal_nocase(f->names[i], s->text)) {
				*out = (int64_t)i;
				return true;
			}
		}
		return wrong(s, N_("%s is none of this field's values"), s->text);
	case KIND_TEXT:
	case KIND_WORD:
	case KIND_FLAG:
		break;
	}
	return false;
}

static bool one_value(struct parser *s, const struct field *f, const char *op)
{
	struct text *sql = &s->out->sql;
	bool negative = op[0] == '!';
	if (s->token != T_WORD && s->token != T_STRING)
		return wrong(s, N_("a value is missing"));
	if (f->kind == KIND_FLAG) {
		bool wanted = text_equal_nocase(s->text, "true") || strcmp(s->text, "1") == 0;
		if (!wanted && !text_equal_nocase(s->text, "false") && strcmp(s->text, "0") != 0)
			return wrong(s, N_("%s is neither true nor false"), s->text);
		if (strcmp(op, "=") != 0 && !negative)
			return wrong(s, N_("true and false are compared with = and != only"));
		text_printf(sql, "(%s & %lld) %s 0", f->column, (long long)f->flag, wanted != negative ? "<>" : "=");
		next(s);
		return true;
	}
	if (f->kind == KIND_TEXT || f->kind == KIND_WORD) {
		bool contains = op[0] == '~', wild = strchr(s->text, '*') != NULL, ok;
		if (op[0] == '<' || op[0] == '>')
			return wrong(s, N_("text is compared with =, != and ~ (contains) only"));
		text_puts(sql, negative ? "NOT (" : "(");
		if (contains || wild) {
			ok = add_like(s, f->column, f->kind == KIND_WORD, s->text, contains);
		} else {
			text_printf(sql, f->kind == KIND_WORD ? "%s IN (SELECT id FROM words WHERE text = " : "%s = ", f->column);
			ok = add_value(s, true, 0, s->text);
			if (ok && strcmp(f->column, "location_id") == 0) {
				text_puts(sql, SQL_NAMES_OF_ITS_SITE);
				ok = add_value(s, true, 0, s->text);
			}
			if (f->kind == KIND_WORD)
				text_putc(sql, ')');
		}
		text_putc(sql, ')');
		next(s);
		return ok;
	}
	int64_t number = 0;
	if (op[0] == '~')
		return wrong(s, N_("~ is for text"));
	if (!number_of(s, f, &number))
		return false;
	text_printf(sql, "%s %s ", f->column, negative ? "<>" : op);
	next(s);
	return add_value(s, false, number, NULL);
}

static bool comparison(struct parser *s, const struct field *f)
{
	char op[3];
	struct text *sql = &s->out->sql;
	if (is_keyword(s, "in")) {
		next(s);
		if (s->token != T_LIST)
			return wrong(s, N_("after \"in\" comes a list: [CU, LV]%s"), "");
		text_putc(sql, '(');
		for (bool first = true;; first = false) {
			next(s);
			if (!first)
				text_puts(sql, " OR ");
			if (!one_value(s, f, "="))
				return false;
			if (s->token == T_LIST_END)
				break;
			if (s->token != T_COMMA)
				return wrong(s, N_("a comma or ] is missing"));
		}
		next(s);
		text_putc(sql, ')');
		return true;
	}
	if (s->token != T_OP && f->kind == KIND_FLAG) { /* "forwarded and …": said of itself */
		text_printf(&s->out->sql, "(%s & %lld) <> 0", f->column, (long long)f->flag);
		return true;
	}
	if (s->token != T_OP)
		return wrong(s, N_("an operator is missing: = != < <= > >= ~ in"));
	strcpy(op, s->text);
	if (strcmp(op, "==") == 0)
		strcpy(op, "=");
	if (strcmp(op, "!") == 0 || strcmp(op, "~=") == 0)
		return wrong(s, N_("%s is no operator; use = != < <= > >= ~ in"), op);
	next(s);
	return one_value(s, f, op);
}

static bool search(struct parser *s)
{
	struct text *sql = &s->out->sql;
	bool first = true;
	text_putc(sql, '(');
	for (size_t i = 0; i < COUNT_OF(languages[s->of].search) && languages[s->of].search[i] != NULL; i++, first = false) {
		text_puts(sql, first ? "" : " OR ");
		if (!add_like(s, languages[s->of].search[i], false, s->text, true))
			return false;
	}
	char words[64], *rest = NULL;
	strcpy(words, languages[s->of].search_words);
	for (char *column = strtok_r(words, ",", &rest); column != NULL; column = strtok_r(NULL, ",", &rest)) {
		text_puts(sql, " OR ");
		if (!add_like(s, column, true, s->text, true))
			return false;
	}
	text_putc(sql, ')');
	next(s);
	return true;
}

static bool alternatives(struct parser *s);

static bool term(struct parser *s)
{
	if (++s->depth > MAX_DEPTH)
		return wrong(s, N_("nested too deeply"));
	bool ok = false;
	if (is_keyword(s, "not")) {
		next(s);
		text_puts(&s->out->sql, "NOT (");
		ok = term(s);
		text_putc(&s->out->sql, ')');
	} else if (s->token == T_OPEN) {
		next(s);
		text_putc(&s->out->sql, '(');
		ok = alternatives(s);
		if (ok && s->token != T_CLOSE)
			ok = wrong(s, N_("a ) is missing"));
		else if (ok)
			next(s);
		text_putc(&s->out->sql, ')');
	} else if (s->token == T_STRING) {
		ok = search(s);
	} else if (s->token == T_WORD) {
		const struct field *field = NULL;
		for (size_t i = 0; i < languages[s->of].n; i++) {
			if (text_equal_nocase(languages[s->of].fields[i].name, s->text))
				field = &languages[s->of].fields[i];
		}
		if (field != NULL) {
			next(s);
			ok = comparison(s, field);
		} else {
			/* A word before an operator was meant as a field. */
			const char *p = s->p;
			while (*p == ' ')
				p++;
			if (*p == '=' || *p == '<' || *p == '>' || *p == '!' || *p == '~')
				ok = wrong(s, N_("there is no field %s"), s->text);
			else
				ok = search(s);
		}
	} else {
		ok = s->token == T_END ? wrong(s, N_("the filter ends too early")) : wrong(s, N_("%s is not understood here"), s->text);
	}
	s->depth--;
	return ok;
}

static bool conjunction(struct parser *s)
{
	for (;;) {
		if (!term(s))
			return false;
		if (is_keyword(s, "and"))
			next(s);
		else if (s->token == T_END || s->token == T_CLOSE || is_keyword(s, "or"))
			return true;
		/* Two terms side by side are meant together. */
		text_puts(&s->out->sql, " AND ");
	}
}

static bool alternatives(struct parser *s)
{
	for (;;) {
		text_putc(&s->out->sql, '(');
		if (!conjunction(s))
			return false;
		text_putc(&s->out->sql, ')');
		if (!is_keyword(s, "or"))
			return true;
		next(s);
		text_puts(&s->out->sql, " OR ");
	}
}

bool filter_compile(enum filter_of of, const char *source, int first_parameter, int64_t now_ms,
    struct filter *out, struct fault *fault, size_t *offset)
{
	struct parser s = { .of = of, .source = source, .p = source, .now_ms = now_ms,
		.parameter = first_parameter, .out = out, .fault = fault, .offset = offset };
	*out = (struct filter){ 0 };
	if (strlen(source) > 2000) {
		s.at = source;
		return wrong(&s, N_("a filter may have %s bytes at most"), "2000");
	}
	next(&s);
	if (s.token == T_END) {
		text_puts(&out->sql, "1=1");
		return true;
	}
	bool ok = alternatives(&s);
	if (ok && s.token != T_END)
		ok = wrong(&s, N_("%s is not understood here"), s.text);
	if (!ok)
		filter_clear(out);
	return ok;
}

void filter_clear(struct filter *filter)
{
	for (size_t i = 0; i < filter->n_values; i++)
		free(filter->values[i].text);
	free(filter->values);
	text_clear(&filter->sql);
	*filter = (struct filter){ 0 };
}
