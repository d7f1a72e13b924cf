/* SPDX-License-Identifier: Apache-2.0 */
#define PCRE2_CODE_UNIT_WIDTH 8

#include "detect/sigma/match.h"

#include <arpa/inet.h>
#include <pcre2.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/iso_time.h"
#include "base/mem.h"

#define MAX_VALUES	10000
#define MAX_PATTERN	1024
#define MAX_REGEX	512
#define MAX_FIELD	2048 /* of a field's bytes; no wire field is longer */
#define MATCH_LIMIT	20000
#define HEAP_LIMIT_KB	256
#define MANY		8    /* exact words above this are looked up by hash */

enum op {
	OP_IS, OP_CONTAINS, OP_STARTS, OP_ENDS, OP_RE, OP_CIDR, OP_EXISTS, OP_GT, OP_GTE, OP_LT,
	OP_LTE, OP_FIELDREF,
};

/* In a pattern: bytes that no folded field can hold. */
#define ANY_RUN	 '\x01'
#define ANY_BYTE '\x02'

enum shape { SHAPE_EXACT, SHAPE_PREFIX, SHAPE_SUFFIX, SHAPE_INSIDE, SHAPE_GLOB, SHAPE_ALL };

struct pattern {
	enum shape shape;
	char *bytes; /* without the outer stars, but for SHAPE_GLOB */
	size_t n;
};

struct network {
	int family;
	unsigned char bytes[16];
	int bits;
};

struct predicate {
	const struct fact *fact, *ref; /* fact NULL: keywords */
	enum op op;
	int part; /* a time modifier: enum time_part, or -1 */
	bool all, cased, negated, or_absent;
	bool re_i, re_m, re_s;
	struct pattern *patterns;
	size_t n_patterns;
	uint64_t *exact; /* sorted hashes, when there are many exact words */
	size_t n_exact;
	int64_t *numbers;
	size_t n_numbers;
	uint64_t words; /* FACT_ENUM equality: bit by place */
	pcre2_code **codes;
	size_t n_codes;
	struct network *networks;
	size_t n_networks;
	bool wanted; /* exists: true/false; bool facts */
	char *key;
	unsigned index;
};

struct matcher {
	pcre2_match_data *data;
	pcre2_match_context *context;
	int64_t limits_met;
	char folded[MAX_FIELD];
};

struct matcher *matcher_new(void)
{
	struct matcher *m = mem_zalloc(sizeof *m);
	m->data = pcre2_match_data_create(1, NULL);
	m->context = pcre2_match_context_create(NULL);
	if (m->data == NULL || m->context == NULL)
		abort();
	pcre2_set_match_limit(m->context, MATCH_LIMIT);
	pcre2_set_depth_limit(m->context, MATCH_LIMIT);
	pcre2_set_heap_limit(m->context, HEAP_LIMIT_KB);
	return m;
}

void matcher_free(struct matcher *m)
{
	if (m == NULL)
		return;
	pcre2_match_data_free(m->data);
	pcre2_match_context_free(m->context);
	free(m);
}

int64_t matcher_limits_met(const struct matcher *m)
{
	return m->limits_met;
}

/* -- text -- */

/* Lower case of ASCII and of the Latin-1 letters of Spanish (Á Ñ Ü …), which
 * in UTF-8 are C3 80..9E. Never changes the length. */
static void fold(char *bytes, size_t n)
{
	unsigned char before = 0;
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)bytes[i];
		if (c >= 'A' && c <= 'Z')
			bytes[i] = (char)(c | 32);
		else if (before == 0xC3 && c >= 0x80 && c <= 0x9E && c != 0x97)
			bytes[i] = (char)(c + 0x20);
		else if (c == (unsigned char)ANY_RUN || c == (unsigned char)ANY_BYTE)
			bytes[i] = ' ';
		before = c;
	}
}

static bool glob(const char *pattern, size_t np, const char *text, size_t nt)
{
	size_t p = 0, t = 0, star = np, mark = 0;
	while (t < nt) {
		if (p < np && (pattern[p] == ANY_BYTE || pattern[p] == text[t]) &&
		    pattern[p] != ANY_RUN) {
			p++;
			t++;
		} else if (p < np && pattern[p] == ANY_RUN) {
			star = p++;
			mark = t;
		} else if (star < np) {
			p = star + 1;
			t = ++mark;
		} else {
			return false;
		}
	}
	while (p < np && pattern[p] == ANY_RUN)
		p++;
	return p == np;
}

static bool pattern_matches(const struct pattern *p, const char *text, size_t n)
{
	switch (p->shape) {
	case SHAPE_EXACT:
		return n == p->n && memcmp(text, p->bytes, n) == 0;
	case SHAPE_PREFIX:
		return n >= p->n && memcmp(text, p->bytes, p->n) == 0;
	case SHAPE_SUFFIX:
		return n >= p->n && memcmp(text + n - p->n, p->bytes, p->n) == 0;
	case SHAPE_INSIDE:
		return p->n == 0 || memmem(text, n, p->bytes, p->n) != NULL;
	case SHAPE_GLOB:
		return glob(p->bytes, p->n, text, n);
	case SHAPE_ALL:
		return true;
	}
	return false;
}

static int by_value(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
	return (x > y) - (x < y);
}

static bool text_matches(const struct predicate *p, const char *text, size_t n)
{
	if (p->n_exact > 0) {
		uint64_t hash = hash_bytes(text, n);
		if (bsearch(&hash, p->exact, p->n_exact, sizeof hash, by_value) != NULL)
			return true;
	}
	for (size_t i = 0; i < p->n_patterns; i++) {
		if (pattern_matches(&p->patterns[i], text, n) != p->all)
			return !p->all;
	}
	return p->all && p->n_patterns > 0;
}

static bool re_matches(const struct predicate *p, struct matcher *m, struct span s)
{
	for (size_t i = 0; i < p->n_codes; i++) {
		int rc = pcre2_match(p->codes[i], (PCRE2_SPTR)(s.p == NULL ? "" : s.p),
		    MIN(s.n, (uint32_t)MAX_FIELD), 0, 0, m->data, m->context);
		if (rc == PCRE2_ERROR_MATCHLIMIT || rc == PCRE2_ERROR_DEPTHLIMIT ||
		    rc == PCRE2_ERROR_HEAPLIMIT)
			m->limits_met++;
		if ((rc >= 0) != p->all)
			return !p->all;
	}
	return p->all && p->n_codes > 0;
}

static bool in_network(const struct network *net, const unsigned char *bytes, int family)
{
	if (net->family != family)
		return false;
	int whole = net->bits / 8, rest = net->bits % 8;
	if (memcmp(net->bytes, bytes, (size_t)whole) != 0)
		return false;
	return rest == 0 || ((net->bytes[whole] ^ bytes[whole]) >> (8 - rest)) == 0;
}

static bool cidr_matches(const struct predicate *p, struct span s)
{
	char text[64];
	unsigned char bytes[16];
	span_copy(s, text, sizeof text);
	int family = strchr(text, ':') != NULL ? AF_INET6 : AF_INET;
	if (s.n >= sizeof text || inet_pton(family, text, bytes) != 1)
		return false;
	for (size_t i = 0; i < p->n_networks; i++) {
		if (in_network(&p->networks[i], bytes, family) != p->all)
			return !p->all;
	}
	return p->all && p->n_networks > 0;
}

/* -- numbers -- */

/* "-12.5" → micro units. False when it is anything else. */
static bool decimal(const char *s, size_t n, int64_t *out)
{
	int64_t value = 0, scale = 1000000;
	bool negative = n > 0 && *s == '-', point = false, any = false;
	for (size_t i = negative; i < n; i++) {
		if (s[i] == '.' && !point) {
			point = true;
		} else if (s[i] >= '0' && s[i] <= '9') {
			any = true;
			if (point && scale == 1)
				continue;
			if (value > INT64_MAX / 10 - 10)
				return false;
			value = value * 10 + (s[i] - '0');
			if (point)
				scale /= 10;
		} else {
			return false;
		}
	}
	if (!any || value > INT64_MAX / scale)
		return false;
	*out = negative ? -value * scale : value * scale;
	return true;
}

enum time_part { PART_MINUTE, PART_HOUR, PART_DAY, PART_WEEK, PART_MONTH, PART_YEAR };
static const char *const time_parts[] = { "minute", "hour", "day", "week", "month", "year" };

static int64_t part_of(int64_t ms, int part)
{
	struct civil at;
	civil_from_ms(ms, &at);
	int64_t new_year = civil_to_ms(at.year, 1, 1, 0, 0, 0, 0);
	switch ((enum time_part)part) {
	case PART_MINUTE: return at.minute;
	case PART_HOUR: return at.hour;
	case PART_DAY: return at.day;
	case PART_WEEK: return (ms - new_year) / (7 * DAY_MS) + 1;
	case PART_MONTH: return at.month;
	case PART_YEAR: return at.year;
	}
	return 0;
}

static bool compare(enum op op, int64_t have, int64_t wanted)
{
	switch (op) {
	case OP_GT: return have > wanted;
	case OP_GTE: return have >= wanted;
	case OP_LT: return have < wanted;
	case OP_LTE: return have <= wanted;
	case OP_IS: return have == wanted;
	case OP_CONTAINS:
	case OP_STARTS:
	case OP_ENDS:
	case OP_RE:
	case OP_CIDR:
	case OP_EXISTS:
	case OP_FIELDREF: break;
	}
	return false;
}

static bool number_matches(const struct predicate *p, int64_t have)
{
	for (size_t i = 0; i < p->n_numbers; i++) {
		if (compare(p->op, have, p->numbers[i]) != p->all)
			return !p->all;
	}
	return p->all && p->n_numbers > 0;
}

static bool value_matches(const struct predicate *p, struct matcher *m,
    const struct fact_value *value)
{
	int64_t number = value->number;
	if (p->op == OP_RE)
		return re_matches(p, m, value->text);
	if (p->op == OP_CIDR)
		return cidr_matches(p, value->text);
	if (p->part >= 0)
		return number_matches(p, part_of(number, p->part));
	if (p->fact->kind == FACT_ENUM && p->op == OP_IS && p->n_patterns == 0)
		return number < 64 && (p->words >> number & 1);
	if (p->fact->kind == FACT_TEXT || p->fact->kind == FACT_ENUM) {
		if (p->n_numbers > 0) {
			if (p->fact->kind == FACT_TEXT &&
			    !decimal(value->text.p, value->text.n, &number))
				return false;
			return number_matches(p, number);
		}
		size_t n = MIN(value->text.n, (uint32_t)MAX_FIELD);
		if (n > 0)
			memcpy(m->folded, value->text.p, n);
		if (!p->cased)
			fold(m->folded, n);
		return text_matches(p, m->folded, n);
	}
	return number_matches(p, number);
}

static bool keywords_match(const struct predicate *p, struct matcher *m,
    const struct fact_view *view)
{
	for (size_t k = 0; k < p->n_patterns; k++) {
		bool found = false;
		for (int i = 0; i < CDR_N_FIELDS && !found; i++) {
			size_t n = MIN(view->cdr->field[i].n, (uint32_t)MAX_FIELD);
			if (n == 0)
				continue;
			memcpy(m->folded, view->cdr->field[i].p, n);
			fold(m->folded, n);
			found = pattern_matches(&p->patterns[k], m->folded, n);
		}
		if (found != p->all)
			return !p->all;
	}
	return p->all && p->n_patterns > 0;
}

static bool fieldref_matches(const struct predicate *p, const struct fact_value *value,
    const struct fact_view *view)
{
	struct fact_value other;
	fact_read(p->ref, view, &other);
	if (!other.present)
		return false;
	if (p->fact->kind == FACT_TEXT)
		return value->text.n == other.text.n &&
		    memcmp(value->text.p, other.text.p, other.text.n) == 0;
	return value->number == other.number;
}

bool predicate_matches(const struct predicate *p, struct matcher *m, const struct fact_view *view)
{
	struct fact_value value;
	if (p->fact == NULL)
		return keywords_match(p, m, view);
	if (p->fact->flag != 0 && p->op == OP_IS)
		return ((view->leg->flags & p->fact->flag) != 0) == p->wanted;
	fact_read(p->fact, view, &value);
	if (p->op == OP_EXISTS)
		return value.present == p->wanted;
	bool matches;
	if (!value.present)
		matches = p->or_absent;
	else if (p->op == OP_FIELDREF)
		matches = fieldref_matches(p, &value, view);
	else
		matches = value_matches(p, m, &value);
	return matches != p->negated;
}

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

unsigned predicate_index(const struct predicate *p)
{
	return p->index;
}

void predicate_set_index(struct predicate *p, unsigned index)
{
	p->index = index;
}

uint32_t predicate_flag(const struct predicate *p, bool *wanted)
{
	if (p->fact == NULL || p->op != OP_IS)
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
	{ "gte", OP_GTE }, { "lt", OP_LT }, { "lte", OP_LTE }, { "fieldref", OP_FIELDREF },
};

static const char *const modifiers[] = {
	"contains", "startswith", "endswith", "re", "cidr", "exists", "gt", "gte", "lt", "lte",
	"fieldref", "all", "cased", "neq", "i", "m", "s", "minute", "hour", "day", "week", "month",
	"year",
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
	bool *flag = strcmp(word, "all") == 0 ? &p->all :
	    strcmp(word, "cased") == 0	      ? &p->cased :
	    strcmp(word, "neq") == 0	      ? &p->negated :
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

/* Sigma's escapes: \* \? are plain, \\ before a wildcard is a backslash. */
static bool read_pattern(const struct sigma_parse *s, const struct yaml *at, bool star_before,
    bool star_after, bool cased, struct pattern *out)
{
	const char *from = at->scalar;
	size_t n = strlen(from), k = 0;
	if (n > MAX_PATTERN)
		return sigma_fault(s, at, "a value may have %d bytes, this has %zu", MAX_PATTERN, n);
	char *bytes = mem_alloc(n + 3);
	if (star_before)
		bytes[k++] = ANY_RUN;
	for (size_t i = 0; i < n; i++) {
		char c = from[i];
		if (c == '\\' && (from[i + 1] == '*' || from[i + 1] == '?' || from[i + 1] == '\\')) {
			c = from[++i];
		} else if (c == '*' || c == '?') {
			c = c == '*' ? ANY_RUN : ANY_BYTE;
			if (c == ANY_RUN && k > 0 && bytes[k - 1] == ANY_RUN)
				continue;
			bytes[k++] = c;
			continue;
		} else if ((unsigned char)c < 0x20) {
			free(bytes);
			return sigma_fault(s, at, "control characters cannot be matched");
		}
		bytes[k++] = c;
		if (!cased) {
			size_t width = k > 1 && (unsigned char)bytes[k - 2] == 0xC3 ? 2 : 1;
			fold(bytes + k - width, width);
		}
	}
	if (star_after && !(k > 0 && bytes[k - 1] == ANY_RUN))
		bytes[k++] = ANY_RUN;
	size_t runs = 0, singles = 0;
	for (size_t i = 0; i < k; i++) {
		runs += bytes[i] == ANY_RUN;
		singles += bytes[i] == ANY_BYTE;
	}
	bool first = k > 0 && bytes[0] == ANY_RUN, last = k > 1 && bytes[k - 1] == ANY_RUN;
	*out = (struct pattern){ SHAPE_GLOB, bytes, k };
	if (singles > 0)
		return true;
	if (runs == 0)
		out->shape = SHAPE_EXACT;
	else if (k == 1)
		out->shape = SHAPE_ALL;
	else if (runs == 1 && last)
		out->shape = SHAPE_PREFIX;
	else if (runs == 1 && first)
		out->shape = SHAPE_SUFFIX;
	else if (runs == 2 && first && last)
		out->shape = SHAPE_INSIDE;
	else
		return true;
	memmove(bytes, bytes + first, k - first);
	out->n = k - runs;
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
		if (decimal(at->scalar, strlen(at->scalar), out))
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
	uint32_t options = PCRE2_NEVER_BACKSLASH_C | PCRE2_NO_AUTO_CAPTURE |
	    (p->re_i ? PCRE2_CASELESS : 0) | (p->re_m ? PCRE2_MULTILINE : 0) |
	    (p->re_s ? PCRE2_DOTALL : 0);
	pcre2_compile_context *context = pcre2_compile_context_create(NULL);
	if (context != NULL) {
		pcre2_set_max_pattern_length(context, MAX_REGEX);
		pcre2_set_parens_nest_limit(context, 20);
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

static bool read_value(const struct sigma_parse *s, const struct yaml *at, struct predicate *p)
{
	if (at->kind != YAML_SCALAR)
		return sigma_fault(s, at, "a value must be text or a number");
	if (at->is_null || (at->scalar[0] == '\0' && p->op == OP_IS)) {
		if (p->op != OP_IS)
			return sigma_fault(s, at, "nothing stands here to compare with");
		p->or_absent = true;
		return true;
	}
	if (p->op == OP_RE)
		return read_regex(s, at, p);
	if (p->op == OP_CIDR)
		return read_network(s, at, p);
	if (p->op == OP_FIELDREF)
		return sigma_fact(s, at, at->scalar, &p->ref);
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
	p->patterns = mem_realloc(p->patterns, (p->n_patterns + 1) * sizeof *p->patterns);
	if (!read_pattern(s, at, p->op == OP_CONTAINS || p->op == OP_ENDS,
		p->op == OP_CONTAINS || p->op == OP_STARTS, p->cased, &p->patterns[p->n_patterns]))
		return false;
	p->n_patterns++;
	return true;
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
	qsort(p->exact, p->n_exact, sizeof *p->exact, by_value);
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
	if (p->op == OP_EXISTS || p->op == OP_FIELDREF)
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
		text_printf(key, "\n%c%s", value->is_null ? '~' : '=', value->scalar);
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
	p->key = mem_strdup(text_string(&key));
	text_clear(&key);
	struct sigma_file *file = s->file;
	file->predicates = mem_realloc(file->predicates, (file->n_predicates + 1) * sizeof(void *));
	file->predicates[file->n_predicates++] = p;
	struct expr *expr = sigma_expr(s, EXPR_PREDICATE, 0);
	expr->predicate = p;
	return expr;
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
	bool ok = sigma_fact(s, key, text_trim(name), &p->fact);
	while (ok && rest != NULL) {
		char *word = rest;
		rest = strchr(word, '|');
		if (rest != NULL)
			*rest++ = '\0';
		ok = read_modifier(s, key, text_trim(word), p);
	}
	if (ok && p->part >= 0 && p->fact->kind != FACT_TIME)
		ok = sigma_fault(s, key, "%s is no time", p->fact->name);
	if (ok && p->op == OP_RE && p->fact->kind != FACT_TEXT && p->fact->kind != FACT_ENUM)
		ok = sigma_fault(s, key, "%s is a %s: a regular expression does not apply",
		    p->fact->name, fact_kind_name(p->fact->kind));
	ok = ok && read_values(s, value, p);
	if (!ok) {
		predicate_free(p);
		return false;
	}
	index_exact(p);
	if (p->fact->flag != 0 && p->op == OP_IS && p->negated) {
		p->wanted = !p->wanted;
		p->negated = false;
	}
	*out = keep(s, p, key->scalar, value);
	return true;
}

bool sigma_keywords(const struct sigma_parse *s, const struct yaml *list, struct expr **out)
{
	struct predicate *p = mem_zalloc(sizeof *p);
	p->part = -1;
	p->op = OP_CONTAINS;
	bool ok = list->n > 0 && list->n <= MAX_VALUES;
	if (!ok)
		sigma_fault(s, list, "a list of words has 1 to %d entries", MAX_VALUES);
	for (size_t i = 0; ok && i < list->n; i++)
		ok = read_value(s, list->values[i], p);
	if (!ok) {
		predicate_free(p);
		return false;
	}
	*out = keep(s, p, "", list);
	return true;
}
