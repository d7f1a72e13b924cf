/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/sigma/predicate.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/iso_time.h"
#include "base/mem.h"

#define MAX_VALUES 10000
#define MAX_REGEX  4096
#define MANY	   8 /* exact words above this are looked up by hash */

/* In the order of enum time_part. */
static const char *const time_parts[] = { "minute", "hour", "day", "week", "month", "year" };

void predicate_free(struct predicate *p)
{
	if (p == NULL)
		return;
	for (size_t i = 0; i < p->n_codes; i++)
		pcre2_code_free(p->codes[i]);
	for (size_t i = 0; i < p->n_patterns; i++)
		free(p->patterns[i].bytes);
	free(p->patterns);
	free(p->codes);
	free(p->exact);
	free(p->numbers);
	free(p->networks);
	free(p->key);
	free(p);
}

const char *predicate_key(const struct predicate *p)
{
	return p->key;
}

const struct fact *predicate_fact(const struct predicate *p)
{
	return p->fact;
}

void predicate_set_index(struct predicate *p, unsigned index)
{
	p->head.index = index;
}

uint32_t predicate_flag(const struct predicate *p, bool *wanted)
{
	if (p->fact == NULL || p->op != OP_IS || p->by_ref)
		return 0;
	*wanted = p->wanted;
	return p->fact->flag;
}

/* -- reading `field|modifier: value` -- */

static const struct {
	const char *name;
	enum op op;
} operators[] = {
	{ "contains", OP_CONTAINS }, { "startswith", OP_STARTS }, { "endswith", OP_ENDS },
	{ "re", OP_RE }, { "cidr", OP_CIDR }, { "exists", OP_EXISTS }, { "gt", OP_GT },
	{ "gte", OP_GTE }, { "lt", OP_LT }, { "lte", OP_LTE },
};

static const char *const modifiers[] = {
	"contains", "startswith", "endswith", "re", "cidr", "exists", "gt", "gte", "lt", "lte",
	"fieldref", "all", "cased", "neq", "i", "m", "s", "minute", "hour", "day", "week", "month",
	"year", "windash", "expand", "utf16le", "utf16be", "utf16", "wide", "base64", "base64offset",
};

static bool read_modifier(const struct sigma_parse *s, const struct yaml *key, const char *word,
    struct predicate *p)
{
	char hint[64];
	for (size_t i = 0; i < COUNT_OF(operators); i++) {
		if (strcmp(operators[i].name, word) != 0)
			continue;
		if (p->op != OP_IS)
			return sigma_fault(s, key, "modifiers of \"%s\" contradict each other", key->scalar);
		p->op = operators[i].op;
		return true;
	}
	for (size_t i = 0; i < COUNT_OF(time_parts); i++) {
		if (strcmp(time_parts[i], word) == 0) {
			p->part = (int)i;
			return true;
		}
	}
	enum encoding encoding;
	if (encoding_named(word, &encoding)) {
		if (p->n_encodings == COUNT_OF(p->encodings))
			return sigma_fault(s, key, "\"%s\" is encoded more than %d times", key->scalar, VALUE_MAX_ENCODINGS);
		p->encodings[p->n_encodings++] = encoding;
		return true;
	}
	bool *flag = strcmp(word, "all") == 0 ? &p->all :
	    strcmp(word, "cased") == 0	      ? &p->cased :
	    strcmp(word, "neq") == 0	      ? &p->negated :
	    strcmp(word, "fieldref") == 0     ? &p->by_ref :
	    strcmp(word, "windash") == 0      ? &p->windash :
	    strcmp(word, "expand") == 0	      ? &p->expand :
	    p->op != OP_RE		      ? NULL :
	    strcmp(word, "i") == 0	      ? &p->re_i :
	    strcmp(word, "m") == 0	      ? &p->re_m :
	    strcmp(word, "s") == 0	      ? &p->re_s :
						NULL;
	if (flag == NULL)
		return sigma_fault(s, key, "modifier \"%s\" is not supported here%s", word,
		    sigma_hint(word, modifiers, COUNT_OF(modifiers), hint, sizeof hint));
	*flag = true;
	return true;
}

static bool read_number(const struct sigma_parse *s, const struct yaml *at,
    const struct predicate *p, int64_t *out)
{
	const struct fact *fact = p->fact;
	char words[160] = "";
	if (p->part >= 0)
		return text_to_int(at->scalar, 0, 9999, out) ||
		    sigma_fault(s, at, "\"%s\" is not a number", at->scalar);
	switch (fact->kind) {
	case FACT_ENUM:
		for (int i = 0; i < fact->n_words; i++) {
			if (text_equal_nocase(fact->words[i], at->scalar)) {
				*out = i;
				return true;
			}
			snprintf(words + strlen(words), sizeof words - strlen(words), "%s%s",
			    i > 0 ? ", " : "", fact->words[i]);
		}
		return sigma_fault(s, at, "%s is never \"%s\"; it is one of %s", fact->name,
		    at->scalar, words);
	case FACT_DURATION:
		if (text_to_duration_ms(at->scalar, out)) {
			*out /= SECOND_MS;
			return true;
		}
		return sigma_fault(s, at, "%s is a duration (\"20m\", \"90s\"), not \"%s\"", fact->name,
		    at->scalar);
	case FACT_MONEY:
	case FACT_TEXT:
		if (decimal_micros(at->scalar, strlen(at->scalar), out))
			return true;
		break;
	case FACT_TIME:
		if (iso_time_parse(at->scalar, strlen(at->scalar), out))
			return true;
		return sigma_fault(s, at, "%s is a time (2026-10-05T09:12:07Z), not \"%s\"", fact->name,
		    at->scalar);
	case FACT_BOOL:
		if (text_equal_nocase(at->scalar, "true") || text_equal_nocase(at->scalar, "false")) {
			*out = (at->scalar[0] | 32) == 't';
			return true;
		}
		return sigma_fault(s, at, "%s is true or false, not \"%s\"", fact->name, at->scalar);
	case FACT_NUMBER:
		if (text_to_int(at->scalar, INT64_MIN / 2, INT64_MAX / 2, out))
			return true;
		break;
	}
	return sigma_fault(s, at, "%s is a number, not \"%s\"", fact->name, at->scalar);
}

static bool read_regex(const struct sigma_parse *s, const struct yaml *at, struct predicate *p)
{
	int error;
	size_t offset, n = strlen(at->scalar);
	if (n > MAX_REGEX)
		return sigma_fault(s, at, "a regular expression may have %d bytes", MAX_REGEX);
	uint32_t options = PCRE2_NEVER_BACKSLASH_C | PCRE2_NO_AUTO_CAPTURE | PCRE2_UTF | PCRE2_MATCH_INVALID_UTF |
	    (p->re_i ? PCRE2_CASELESS : 0) | (p->re_m ? PCRE2_MULTILINE : 0) |
	    (p->re_s ? PCRE2_DOTALL : 0);
	pcre2_compile_context *context = pcre2_compile_context_create(NULL);
	if (context != NULL) {
		pcre2_set_max_pattern_length(context, MAX_REGEX);
		pcre2_set_parens_nest_limit(context, 50);
	}
	pcre2_code *code = pcre2_compile((PCRE2_SPTR)at->scalar, n, options, &error, &offset, context);
	pcre2_compile_context_free(context);
	size_t size = 0;
	if (code != NULL && (pcre2_pattern_info(code, PCRE2_INFO_SIZE, &size) != 0 || size > 65536)) {
		pcre2_code_free(code);
		return sigma_fault(s, at, "this regular expression is too large");
	}
	if (code == NULL) {
		char why[120];
		pcre2_get_error_message(error, (PCRE2_UCHAR *)why, sizeof why);
		return sigma_fault(s, at, "regular expression, at character %zu: %s", offset + 1, why);
	}
	p->codes = mem_realloc(p->codes, (p->n_codes + 1) * sizeof *p->codes);
	p->codes[p->n_codes++] = code;
	return true;
}

static bool read_network(const struct sigma_parse *s, const struct yaml *at, struct predicate *p)
{
	char text[64];
	struct network net = { 0 };
	int64_t bits;
	const char *slash = strchr(at->scalar, '/');
	size_t n = slash == NULL ? strlen(at->scalar) : (size_t)(slash - at->scalar);
	if (n < sizeof text) {
		memcpy(text, at->scalar, n);
		text[n] = '\0';
		net.family = strchr(text, ':') != NULL ? AF_INET6 : AF_INET;
		int most = net.family == AF_INET6 ? 128 : 32;
		if (inet_pton(net.family, text, net.bytes) == 1 &&
		    text_to_int(slash == NULL ? (most == 32 ? "32" : "128") : slash + 1, 0, most, &bits)) {
			net.bits = (int)bits;
			p->networks = mem_realloc(p->networks, (p->n_networks + 1) * sizeof net);
			p->networks[p->n_networks++] = net;
			return true;
		}
	}
	return sigma_fault(s, at, "\"%s\" is not a network (10.0.0.0/8)", at->scalar);
}

static bool is_numeric(const struct predicate *p)
{
	if (p->part >= 0 || p->op == OP_GT || p->op == OP_GTE || p->op == OP_LT || p->op == OP_LTE)
		return true;
	return p->op == OP_IS && p->fact->kind != FACT_TEXT &&
	    !(p->fact->kind == FACT_ENUM);
}

/* Every form of a value as a pattern. */
static bool read_text(const struct sigma_parse *s, const struct yaml *at, struct predicate *p)
{
	struct value_forms forms;
	struct pattern_options options = { .star_before = p->op == OP_CONTAINS || p->op == OP_ENDS,
		.star_after = p->op == OP_CONTAINS || p->op == OP_STARTS, .cased = p->cased, .windash = p->windash };
	if (p->windash && p->n_encodings > 0)
		return sigma_fault(s, at, "windash and an encoding cannot be combined");
	if (!value_forms(s, at, p->expand, p->encodings, p->n_encodings, &forms))
		return false;
	bool ok = p->n_patterns + forms.n <= MAX_VALUES || sigma_fault(s, at, "more than %d values", MAX_VALUES);
	options.plain = forms.plain;
	p->never = p->never || (p->all && forms.n == 0); /* of an empty list */
	if (ok && forms.n > 0)
		p->patterns = mem_realloc(p->patterns, (p->n_patterns + forms.n) * sizeof *p->patterns);
	for (size_t i = 0; ok && i < forms.n; i++) {
		struct pattern *pattern = &p->patterns[p->n_patterns];
		ok = pattern_parse(s, at, forms.items[i].bytes, forms.items[i].n, &options, pattern);
		if (ok)
			pattern->another = i > 0;
		p->n_patterns += ok;
	}
	value_forms_clear(&forms);
	return ok;
}

static bool read_value(const struct sigma_parse *s, const struct yaml *at, struct predicate *p)
{
	if (at->kind != YAML_SCALAR)
		return sigma_fault(s, at, "a value must be text or a number");
	bool compares = p->op == OP_GT || p->op == OP_GTE || p->op == OP_LT || p->op == OP_LTE;
	if (at->is_null || (at->scalar[0] == '\0' && p->op == OP_IS)) {
		if (compares || p->by_ref || p->op == OP_RE || p->op == OP_CIDR || p->op == OP_EXISTS)
			return sigma_fault(s, at, "nothing stands here to compare with");
		p->or_absent = true;
		return true;
	}
	if (p->by_ref) {
		if (!sigma_fact(s, at, at->scalar, &p->ref))
			return false;
		return (p->fact->kind == FACT_TEXT) == (p->ref->kind == FACT_TEXT) ||
		    sigma_fault(s, at, "%s is a %s and %s a %s: they cannot be compared", p->fact->name,
			fact_kind_name(p->fact->kind), p->ref->name, fact_kind_name(p->ref->kind));
	}
	if (p->op == OP_RE)
		return read_regex(s, at, p);
	if (p->op == OP_CIDR)
		return read_network(s, at, p);
	if (p->op == OP_EXISTS) {
		p->wanted = text_equal_nocase(at->scalar, "true");
		return p->wanted || text_equal_nocase(at->scalar, "false") ||
		    sigma_fault(s, at, "exists takes true or false, not \"%s\"", at->scalar);
	}
	bool wild = strpbrk(at->scalar, "*?") != NULL;
	if (p->fact != NULL && p->fact->kind == FACT_ENUM && p->op == OP_IS && !wild) {
		int64_t place;
		if (!read_number(s, at, p, &place))
			return false;
		p->words |= UINT64_C(1) << place;
		return true;
	}
	if (p->fact != NULL && is_numeric(p)) {
		p->numbers = mem_realloc(p->numbers, (p->n_numbers + 1) * sizeof *p->numbers);
		if (!read_number(s, at, p, &p->numbers[p->n_numbers]))
			return false;
		p->wanted = p->numbers[p->n_numbers++] != 0;
		return true;
	}
	if (p->fact != NULL && p->fact->kind != FACT_TEXT && p->fact->kind != FACT_ENUM)
		return sigma_fault(s, at, "%s is a %s: text modifiers do not apply", p->fact->name,
		    fact_kind_name(p->fact->kind));
	return read_text(s, at, p);
}

/* Many exact words: their hashes, sorted. 64 bits of a fixed hash over a rule's
 * own words and printable fields: a false match needs 2^32 words. */
static void index_exact(struct predicate *p)
{
	size_t exact = 0, kept = 0;
	for (size_t i = 0; i < p->n_patterns; i++)
		exact += p->patterns[i].shape == SHAPE_EXACT;
	if (exact <= MANY || p->all)
		return;
	p->exact = mem_alloc(exact * sizeof *p->exact);
	for (size_t i = 0; i < p->n_patterns; i++) {
		struct pattern *pattern = &p->patterns[i];
		if (pattern->shape == SHAPE_EXACT) {
			p->exact[p->n_exact++] = hash_bytes(pattern->bytes, pattern->n);
			free(pattern->bytes);
		} else {
			p->patterns[kept++] = *pattern;
		}
	}
	p->n_patterns = kept;
	qsort(p->exact, p->n_exact, sizeof *p->exact, hash_order);
}

static bool read_values(const struct sigma_parse *s, const struct yaml *value, struct predicate *p)
{
	if (value->kind != YAML_LIST) {
		if (p->all)
			return sigma_fault(s, value, "\"all\" needs a list of values");
		return read_value(s, value, p);
	}
	if (value->n == 0 || value->n > MAX_VALUES)
		return sigma_fault(s, value, "a list has 1 to %d values, this has %zu", MAX_VALUES,
		    value->n);
	if (p->op == OP_EXISTS || p->by_ref)
		return sigma_fault(s, value, "this modifier takes one value, not a list");
	for (size_t i = 0; i < value->n; i++) {
		if (!read_value(s, value->values[i], p))
			return false;
	}
	if (p->fact != NULL && p->fact->flag != 0 && p->n_numbers > 1)
		return sigma_fault(s, value, "%s takes one value, not a list", p->fact->name);
	if (p->fact != NULL && p->fact->kind == FACT_ENUM && p->n_patterns > 0 && p->words != 0)
		return sigma_fault(s, value, "words and wildcards cannot be mixed here");
	return true;
}

static void key_add(struct text *key, const struct yaml *value)
{
	if (value->kind == YAML_SCALAR) {
		text_printf(key, "\n%c%zu:%s", value->is_null ? '~' : '=', strlen(value->scalar), value->scalar);
		return;
	}
	for (size_t i = 0; i < value->n; i++)
		key_add(key, value->values[i]);
}

static struct expr *keep(const struct sigma_parse *s, struct predicate *p, const char *name,
    const struct yaml *value)
{
	struct text key = { 0 };
	text_puts(&key, name);
	key_add(&key, value);
	struct sigma_file *file = s->file;
	if (p->expand) /* a file that broke later keeps the lists it was read with */
		text_printf(&key, "\n%p", (void *)file);
	p->key = mem_strdup(text_string(&key));
	text_clear(&key);
	file->predicates = mem_realloc(file->predicates, (file->n_predicates + 1) * sizeof(void *));
	file->predicates[file->n_predicates++] = p;
	struct expr *expr = sigma_expr(s, EXPR_PREDICATE, 0);
	expr->predicate = p;
	return expr;
}

/* What makes no sense together, said before a value is read. */
static bool check_modifiers(const struct sigma_parse *s, const struct yaml *key, const struct predicate *p)
{
	bool makes_text = p->n_encodings > 0 || p->windash || p->expand;
	bool text_only = p->op == OP_RE || makes_text;
	bool is_text = p->fact == NULL || p->fact->kind == FACT_TEXT || p->fact->kind == FACT_ENUM;
	if (p->fact == NULL && (p->by_ref || p->part >= 0 || (p->op != OP_CONTAINS && p->op != OP_RE)))
		return sigma_fault(s, key, "\"%s\" needs a field before it", key->scalar);
	if (p->part >= 0 && p->fact->kind != FACT_TIME && !s->options->any_field)
		return sigma_fault(s, key, "%s is no time", p->fact->name);
	if (p->by_ref && (p->op == OP_CIDR || p->op == OP_EXISTS || p->op == OP_RE || p->part >= 0))
		return sigma_fault(s, key, "modifiers of \"%s\" contradict each other", key->scalar);
	bool with_text = p->op == OP_CONTAINS || p->op == OP_STARTS || p->op == OP_ENDS;
	if ((text_only && !is_text) || (makes_text && p->fact != NULL && p->fact->kind != FACT_TEXT) ||
	    (p->by_ref && with_text && p->fact->kind != FACT_TEXT))
		return sigma_fault(s, key, "%s is a %s: %s does not apply", p->fact->name, fact_kind_name(p->fact->kind),
		    p->op == OP_RE ? "a regular expression" : "a modifier of text");
	if (text_only && (p->by_ref || p->part >= 0 || (p->op != OP_RE && p->op > OP_ENDS) ||
	    (p->op == OP_RE && (p->n_encodings > 0 || p->windash || p->expand))))
		return sigma_fault(s, key, "modifiers of \"%s\" contradict each other", key->scalar);
	return true;
}

bool sigma_predicate(const struct sigma_parse *s, const struct yaml *key, const struct yaml *value,
    struct expr **out)
{
	char name[160];
	struct predicate *p = mem_zalloc(sizeof *p);
	p->part = -1;
	if (strlen(key->scalar) >= sizeof name) {
		free(p);
		return sigma_fault(s, key, "a field name of %zu bytes", strlen(key->scalar));
	}
	strcpy(name, key->scalar);
	char *rest = strchr(name, '|');
	if (rest != NULL)
		*rest++ = '\0';
	/* "|all": no field, the words may stand anywhere in the record. */
	const char *field = text_trim(name);
	bool ok = *field == '\0' || sigma_fact(s, key, field, &p->fact);
	while (ok && rest != NULL) {
		char *word = rest;
		rest = strchr(word, '|');
		if (rest != NULL)
			*rest++ = '\0';
		ok = read_modifier(s, key, text_trim(word), p);
	}
	if (ok && p->fact == NULL && p->op == OP_IS)
		p->op = OP_CONTAINS;
	ok = ok && check_modifiers(s, key, p) && read_values(s, value, p);
	if (!ok) {
		predicate_free(p);
		return false;
	}
	index_exact(p);
	if (p->fact != NULL && p->fact->flag != 0 && p->op == OP_IS && !p->by_ref && p->negated) {
		p->wanted = !p->wanted;
		p->negated = false;
	}
	*out = keep(s, p, key->scalar, value);
	return true;
}

bool sigma_keywords(const struct sigma_parse *s, const struct yaml *words, struct expr **out)
{
	struct predicate *p = mem_zalloc(sizeof *p);
	p->part = -1;
	p->op = OP_CONTAINS;
	if (!read_values(s, words, p)) {
		predicate_free(p);
		return false;
	}
	*out = keep(s, p, "", words);
	return true;
}
