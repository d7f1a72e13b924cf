/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/sigma/predicate.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/iso_time.h"
#include "base/mem.h"

#define MAX_FIELD     2048 /* of a field's bytes; no wire field is longer */
#define MATCH_LIMIT   20000
#define HEAP_LIMIT_KB 256

struct matcher {
	pcre2_match_data *data;
	pcre2_match_context *context;
	int64_t limits_met;
	char folded[MAX_FIELD], other[MAX_FIELD];
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

int hash_order(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
	return (x > y) - (x < y);
}

static bool text_matches(const struct predicate *p, const char *text, size_t n)
{
	if (p->n_exact > 0) {
		uint64_t hash = hash_bytes(text, n);
		if (bsearch(&hash, p->exact, p->n_exact, sizeof hash, hash_order) != NULL)
			return true;
	}
	for (size_t i = 0; i < p->n_patterns;) {
		bool found = false; /* in one form of this value at least */
		do
			found = found || pattern_matches(&p->patterns[i], text, n);
		while (++i < p->n_patterns && p->patterns[i].another);
		if (found != p->all)
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

bool decimal_micros(const char *s, size_t n, int64_t *out)
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
	case OP_EXISTS: break;
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

/* The field's text where matching may change it, folded unless `cased`. */
static size_t fold_into(char room[static MAX_FIELD], struct span text, bool cased)
{
	size_t n = MIN(text.n, (uint32_t)MAX_FIELD);
	if (n > 0)
		memcpy(room, text.p, n);
	if (!cased)
		pattern_fold(room, n);
	return n;
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
			    !decimal_micros(value->text.p, value->text.n, &number))
				return false;
			return number_matches(p, number);
		}
		return text_matches(p, m->folded, fold_into(m->folded, value->text, p->cased));
	}
	return number_matches(p, number);
}

/* Each value, or one, in any field of the record. */
static bool keywords_match(const struct predicate *p, struct matcher *m,
    const struct fact_view *view)
{
	struct predicate one = *p;
	size_t n = p->op == OP_RE ? p->n_codes : p->n_patterns, next;
	one.all = false;
	for (size_t k = 0; k < n; k = next) {
		bool found = false;
		next = k + 1;
		while (p->op != OP_RE && next < n && p->patterns[next].another)
			next++;
		if (p->op == OP_RE) {
			one.codes = p->codes + k;
			one.n_codes = 1;
		} else {
			one.patterns = p->patterns + k;
			one.n_patterns = next - k;
		}
		for (int i = 0; i < CDR_N_FIELDS && !found; i++) {
			struct span text = view->cdr->field[i];
			if (text.n > 0)
				found = p->op == OP_RE ? re_matches(&one, m, text) :
				    text_matches(&one, m->folded, fold_into(m->folded, text, p->cased));
		}
		if (found != p->all)
			return !p->all;
	}
	return p->all && n > 0;
}

static bool text_compares(const struct predicate *p, struct matcher *m, struct span a, struct span b)
{
	size_t n = fold_into(m->folded, a, p->cased), k = fold_into(m->other, b, p->cased);
	switch (p->op) {
	case OP_IS: return n == k && memcmp(m->folded, m->other, n) == 0;
	case OP_STARTS: return n >= k && memcmp(m->folded, m->other, k) == 0;
	case OP_ENDS: return n >= k && memcmp(m->folded + n - k, m->other, k) == 0;
	case OP_CONTAINS: return k == 0 || memmem(m->folded, n, m->other, k) != NULL;
	case OP_RE: case OP_CIDR: case OP_EXISTS: case OP_GT: case OP_GTE: case OP_LT: case OP_LTE: break;
	}
	return false;
}

static bool fieldref_matches(const struct predicate *p, struct matcher *m, const struct fact_value *value,
    const struct fact_view *view)
{
	struct fact_value other;
	fact_read(p->ref, view, &other);
	if (!other.present)
		return false;
	if (p->fact->kind == FACT_TEXT && p->op <= OP_ENDS)
		return text_compares(p, m, value->text, other.text);
	int64_t a = value->number, b = other.number;
	if (p->fact->kind == FACT_TEXT && (!decimal_micros(value->text.p, value->text.n, &a) ||
	    !decimal_micros(other.text.p, other.text.n, &b)))
		return false;
	return compare(p->op, a, b);
}

bool predicate_matches(const struct predicate *p, struct matcher *m, const struct fact_view *view)
{
	struct fact_value value;
	if (p->never)
		return p->negated;
	if (p->fact == NULL)
		return keywords_match(p, m, view) != p->negated;
	if (p->fact->flag != 0 && p->op == OP_IS && !p->by_ref)
		return ((view->leg->flags & p->fact->flag) != 0) == p->wanted;
	fact_read(p->fact, view, &value);
	if (p->op == OP_EXISTS)
		return value.present == p->wanted;
	bool matches;
	if (!value.present)
		matches = p->or_absent;
	else if (p->by_ref)
		matches = fieldref_matches(p, m, &value, view);
	else
		matches = value_matches(p, m, &value);
	return matches != p->negated;
}
