/* SPDX-License-Identifier: Apache-2.0
 *
 * Reads data/numbering/{countries,prefixes,tiers,rates,services}.csv into
 * tries. The files are ours, and still every value is checked: a site may keep
 * its own tiers and rates. How numbers are understood is in e164.c. */
#include "calls/e164_table.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/csv.h"
#include "base/mem.h"

#define TABLE_BYTES ((size_t)4 * 1024 * 1024)

static const char *const class_names[] = {
#define CLASS_NAME(id, name) name,
	NUMBER_CLASSES(CLASS_NAME)
#undef CLASS_NAME
};

static const char *const tier_names[] = {
#define TIER_NAME(id, name) name,
	RISK_TIERS(TIER_NAME)
#undef TIER_NAME
};

const char *number_class_name(enum number_class class)
{
	return (size_t)class < COUNT_OF(class_names) ? class_names[class] : "unknown";
}

const char *risk_tier_name(enum risk_tier tier)
{
	return (size_t)tier < COUNT_OF(tier_names) ? tier_names[tier] : "none";
}

/* -- trie ------------------------------------------------------------- */

static uint32_t trie_node(struct trie *trie, uint32_t value)
{
	if (trie->n == trie->capacity) {
		trie->capacity = MAX((size_t)64, trie->capacity * 2);
		trie->nodes = mem_realloc(trie->nodes, trie->capacity * sizeof *trie->nodes);
	}
	trie->nodes[trie->n] = (struct trie_node){ .value = value };
	return (uint32_t)trie->n++;
}

void trie_put(struct trie *trie, const char *digits, size_t n, uint32_t value)
{
	if (trie->n == 0)
		trie_node(trie, 0);
	uint32_t node = 0;
	for (size_t i = 0; i + 1 < n; i++) {
		uint32_t child = trie->nodes[node].child[digits[i] - '0'];
		if (child == 0 || child & TRIE_LEAF) {
			/* A leaf that others now pass through becomes a node. */
			child = trie_node(trie, child & ~TRIE_LEAF);
			trie->nodes[node].child[digits[i] - '0'] = child;
		}
		node = child;
	}
	uint32_t *child = &trie->nodes[node].child[digits[n - 1] - '0'];
	if (*child != 0 && !(*child & TRIE_LEAF))
		trie->nodes[*child].value = value;
	else
		*child = TRIE_LEAF | value;
}

uint32_t trie_exact(const struct trie *trie, const char *digits, size_t n)
{
	uint32_t node = 0;
	if (trie->n == 0)
		return 0;
	for (size_t i = 0; i < n; i++) {
		uint32_t child = trie->nodes[node].child[digits[i] - '0'];
		if (child == 0)
			return 0;
		if (child & TRIE_LEAF)
			return i + 1 == n ? child & ~TRIE_LEAF : 0;
		node = child;
	}
	return trie->nodes[node].value;
}

static void trie_trim(struct trie *trie)
{
	if (trie->n == 0)
		trie_node(trie, 0);
	trie->nodes = mem_realloc(trie->nodes, trie->n * sizeof *trie->nodes);
	trie->capacity = trie->n;
}

/* -- cells ------------------------------------------------------------ */

/* What a row reader needs; the first thing it dislikes becomes the fault. */
struct loading {
	struct numbering *numbering;
	struct fault *fault;
};

static bool dislike(struct loading *loading, uint64_t line, const char *what)
{
	return fault_set(loading->fault, FAULT_INPUT, "line %" PRIu64 ": %s", line, what);
}

static bool all_digits(const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (p[i] < '0' || p[i] > '9')
			return false;
	}
	return n > 0;
}

static bool is_iso(struct csv_field field)
{
	return field.n == 2 && field.p[0] >= 'A' && field.p[0] <= 'Z' && field.p[1] >= 'A' &&
	    field.p[1] <= 'Z';
}

static bool one_of(struct csv_field field, const char *const *names, size_t n, size_t *out)
{
	for (size_t i = 0; i < n; i++) {
		if (csv_is(field, names[i])) {
			*out = i;
			return true;
		}
	}
	return false;
}

/* The next word of a field with blanks; false at the end. */
static bool next_word(struct csv_field *rest, struct csv_field *word)
{
	while (rest->n > 0 && *rest->p == ' ')
		rest->p++, rest->n--;
	*word = (struct csv_field){ rest->p, 0 };
	while (rest->n > 0 && *rest->p != ' ')
		rest->p++, rest->n--, word->n++;
	return word->n > 0;
}

static bool length_bits(struct csv_field field, uint32_t *bits)
{
	struct csv_field word;
	*bits = 0;
	while (next_word(&field, &word)) {
		int length = 0;
		if (!all_digits(word.p, word.n) || word.n > 2)
			return false;
		for (size_t i = 0; i < word.n; i++)
			length = length * 10 + (word.p[i] - '0');
		if (length > 20)
			return false;
		*bits |= UINT32_C(1) << length;
	}
	return true;
}

static bool dial_prefixes(struct csv_field field, char (**out)[DIAL_PREFIX_BYTES], uint8_t *n)
{
	struct csv_field word;
	*n = 0;
	*out = NULL;
	char all[DIAL_PREFIXES][DIAL_PREFIX_BYTES] = { { 0 } };
	while (next_word(&field, &word)) {
		if (*n == DIAL_PREFIXES || word.n >= DIAL_PREFIX_BYTES || !all_digits(word.p, word.n))
			return false;
		memcpy(all[(*n)++], word.p, word.n);
	}
	if (*n > 0)
		*out = mem_dup(all, *n * sizeof *all);
	return true;
}

/* -- rows ------------------------------------------------------------- */

static const struct territory *global_service(const struct numbering *numbering, int code,
    size_t *index)
{
	for (size_t i = 0; i < numbering->n_territories; i++) {
		const struct territory *t = &numbering->territories[i];
		if (t->iso[0] == '\0' && t->code == code) {
			*index = i;
			return t;
		}
	}
	return NULL;
}

const struct territory *territory_of(const struct numbering *numbering, const char *iso)
{
	if (iso[0] < 'A' || iso[0] > 'Z' || iso[1] < 'A' || iso[1] > 'Z')
		return NULL;
	int index = numbering->by_iso[(iso[0] - 'A') * 26 + (iso[1] - 'A')];
	return index < 0 ? NULL : &numbering->territories[index];
}

/* iso,name,code,main,international,trunk,shortest,longest,usual */
static bool country_row(const struct csv_field *f, size_t n, uint64_t line, void *arg)
{
	struct loading *loading = arg;
	struct numbering *numbering = loading->numbering;
	struct territory t = { .rate = -1, .tier = TIER_LOW };
	int64_t code, shortest, longest;
	if (csv_is(f[0], "iso"))
		return true;
	if (n != 9 || (f[0].n != 0 && !is_iso(f[0])) ||
	    !text_to_int(f[2].p, 1, 999, &code) || !text_to_int(f[6].p, 1, 20, &shortest) ||
	    !text_to_int(f[7].p, 1, 20, &longest) || !length_bits(f[8], &t.usual) ||
	    f[1].n > 64 || numbering->n_territories >= 1000)
		return dislike(loading, line, "not a country: iso, name, code, main, "
					      "international, trunk, shortest, longest, usual");
	if (!dial_prefixes(f[4], &t.international, &t.n_international) ||
	    !dial_prefixes(f[5], &t.trunk, &t.n_trunk)) {
		free(t.international);
		return dislike(loading, line, "a dial prefix is not a few digits");
	}
	memcpy(t.iso, f[0].p, f[0].n);
	t.main = csv_is(f[3], "1");
	t.code = (int16_t)code;
	t.code_digits = (uint8_t)f[2].n;
	t.shortest = (uint32_t)shortest;
	t.longest = (uint32_t)longest;
	t.name = numbering->names.n;
	text_add(&numbering->names, f[1].p, f[1].n + 1);
	numbering->territories = mem_grow(numbering->territories, numbering->n_territories,
	    &numbering->territories_capacity, sizeof t);
	if (t.iso[0] != '\0')
		numbering->by_iso[(t.iso[0] - 'A') * 26 + (t.iso[1] - 'A')] =
		    (int16_t)numbering->n_territories;
	numbering->territories[numbering->n_territories++] = t;
	return true;
}

static void mark_shared_codes(struct numbering *numbering)
{
	uint8_t users[1000] = { 0 };
	for (size_t i = 0; i < numbering->n_territories; i++)
		users[numbering->territories[i].code]++;
	for (size_t i = 0; i < numbering->n_territories; i++)
		numbering->territories[i].shared = users[numbering->territories[i].code] > 1;
}

/* The row's meaning, before those that the prefix already has. */
static void add_meaning(struct numbering *numbering, const char *digits, size_t n, uint32_t row)
{
	uint32_t had = trie_exact(&numbering->meanings_of, digits, n);
	if (had != 0) {
		struct meaning meaning = numbering->meanings[row];
		meaning.next = had;
		numbering->meanings = mem_grow(numbering->meanings, numbering->n_meanings,
		    &numbering->meanings_capacity, sizeof meaning);
		row = (uint32_t)numbering->n_meanings;
		numbering->meanings[numbering->n_meanings++] = meaning;
	}
	trie_put(&numbering->meanings_of, digits, n, row);
}

/* 5760, or 573[0-24] for 5730 5731 5732 5734 */
static bool prefix_word(struct numbering *numbering, struct csv_field word, uint32_t row)
{
	char digits[E164_DIGITS + 1];
	size_t stem = 0;
	while (stem < word.n && word.p[stem] != '[')
		stem++;
	if (stem > E164_DIGITS || !all_digits(word.p, stem))
		return false;
	memcpy(digits, word.p, stem);
	if (stem == word.n) {
		add_meaning(numbering, digits, stem, row);
		return true;
	}
	if (stem == E164_DIGITS || word.p[word.n - 1] != ']')
		return false;
	for (size_t i = stem + 1; i + 1 < word.n; i++) {
		char first = word.p[i], last = first;
		if (i + 3 < word.n && word.p[i + 1] == '-') {
			last = word.p[i + 2];
			i += 2;
		}
		if (first < '0' || last > '9' || first > last)
			return false;
		for (char c = first; c <= last; c++) {
			digits[stem] = c;
			add_meaning(numbering, digits, stem + 1, row);
		}
	}
	return true;
}

/* iso,class,lengths,prefixes */
static bool prefix_row(const struct csv_field *f, size_t n, uint64_t line, void *arg)
{
	struct loading *loading = arg;
	struct numbering *numbering = loading->numbering;
	struct meaning meaning = { 0 };
	size_t class, territory = 0;
	if (csv_is(f[0], "iso"))
		return true;
	if (n != 4 || !one_of(f[1], class_names, COUNT_OF(class_names), &class) ||
	    !length_bits(f[2], &meaning.lengths))
		return dislike(loading, line, "not iso, class, lengths, prefixes");
	if (f[0].n == 0) {
		int code = 0;
		for (size_t i = 0; i < 3 && i < f[3].n; i++)
			code = code * 10 + (f[3].p[i] - '0');
		if (global_service(numbering, code, &territory) == NULL)
			return dislike(loading, line, "a global service that countries.csv lacks");
	} else {
		const struct territory *t =
		    is_iso(f[0]) ? territory_of(numbering, f[0].p) : NULL;
		if (t == NULL)
			return dislike(loading, line, "a country that countries.csv lacks");
		territory = (size_t)(t - numbering->territories);
	}
	meaning.class = (uint8_t)class;
	meaning.territory = (uint16_t)territory;
	numbering->meanings = mem_grow(numbering->meanings, numbering->n_meanings,
	    &numbering->meanings_capacity, sizeof meaning);
	uint32_t row = (uint32_t)numbering->n_meanings;
	numbering->meanings[numbering->n_meanings++] = meaning;
	struct csv_field rest = f[3], word;
	while (next_word(&rest, &word)) {
		if (!prefix_word(numbering, word, row))
			return dislike(loading, line, "a prefix is not digits");
	}
	return true;
}

/* kind,key,tier,why */
static bool tier_row(const struct csv_field *f, size_t n, uint64_t line, void *arg)
{
	struct loading *loading = arg;
	struct numbering *numbering = loading->numbering;
	size_t tier, class;
	if (csv_is(f[0], "kind"))
		return true;
	if (n < 3 || !one_of(f[2], tier_names, COUNT_OF(tier_names), &tier))
		return dislike(loading, line, "not kind, key, tier (none, low, medium, high, extreme)");
	if (csv_is(f[0], "prefix") && f[1].n <= E164_DIGITS && all_digits(f[1].p, f[1].n)) {
		trie_put(&numbering->tier_of, f[1].p, f[1].n, (uint32_t)tier + 1);
	} else if (csv_is(f[0], "country") && is_iso(f[1]) &&
	    territory_of(numbering, f[1].p) != NULL) {
		size_t index = (size_t)(territory_of(numbering, f[1].p) - numbering->territories);
		numbering->territories[index].tier = (enum risk_tier)tier;
	} else if (csv_is(f[0], "class") &&
	    one_of(f[1], class_names, COUNT_OF(class_names), &class)) {
		numbering->class_tier[class] = (enum risk_tier)tier;
	} else {
		return dislike(loading, line, "not prefix and digits, country and ISO code, or "
					      "class and its name");
	}
	return true;
}

/* kind,key,micro_usd,why */
static bool rate_row(const struct csv_field *f, size_t n, uint64_t line, void *arg)
{
	struct loading *loading = arg;
	struct numbering *numbering = loading->numbering;
	int64_t rate;
	size_t which;
	if (csv_is(f[0], "kind"))
		return true;
	if (n < 3 || !text_to_int(f[2].p, 0, 1000000000, &rate))
		return dislike(loading, line, "not kind, key, micro US dollars a minute");
	if (csv_is(f[0], "prefix") && f[1].n <= E164_DIGITS && all_digits(f[1].p, f[1].n)) {
		trie_put(&numbering->rate_of, f[1].p, f[1].n, (uint32_t)rate + 1);
	} else if (csv_is(f[0], "country") && is_iso(f[1]) &&
	    territory_of(numbering, f[1].p) != NULL) {
		size_t index = (size_t)(territory_of(numbering, f[1].p) - numbering->territories);
		numbering->territories[index].rate = (int32_t)rate;
	} else if (csv_is(f[0], "class") &&
	    one_of(f[1], class_names, COUNT_OF(class_names), &which)) {
		numbering->class_rate[which] = (int32_t)rate;
	} else if (csv_is(f[0], "domestic") &&
	    one_of(f[1], class_names, COUNT_OF(class_names), &which)) {
		numbering->domestic_rate[which] = (int32_t)rate;
	} else if (csv_is(f[0], "tier") && one_of(f[1], tier_names, COUNT_OF(tier_names), &which)) {
		numbering->tier_rate[which] = (int32_t)rate;
	} else {
		return dislike(loading, line, "not prefix, country, class, domestic or tier");
	}
	return true;
}

/* iso,codes,what */
static bool service_row(const struct csv_field *f, size_t n, uint64_t line, void *arg)
{
	struct loading *loading = arg;
	if (csv_is(f[0], "iso"))
		return true;
	if (n < 2 || (f[0].n != 0 && !is_iso(f[0])))
		return dislike(loading, line, "not iso, codes, what");
	struct csv_field rest = f[1], word;
	while (next_word(&rest, &word)) {
		char key[16];
		if (!all_digits(word.p, word.n) || word.n > 6)
			return dislike(loading, line, "a short code is not a few digits");
		snprintf(key, sizeof key, "%s%.*s", f[0].p, (int)word.n, word.p);
		map_put(&loading->numbering->services, key, NULL)->number = 1;
	}
	return true;
}

/* -- opening ---------------------------------------------------------- */

static bool table(struct numbering *numbering, const char *folder, const char *file,
    csv_row_fn *row, struct fault *fault)
{
	struct loading loading = { numbering, fault };
	struct csv_options options = { .comment = '#' };
	char *path = mem_printf("%s/%s", folder, file);
	bool ok = csv_read_file(path, TABLE_BYTES, &options, row, &loading, fault);
	free(path);
	return ok;
}

bool numbering_open(const char *folder, struct numbering **out, struct fault *fault)
{
	struct numbering *numbering = mem_zalloc(sizeof *numbering);
	*out = NULL;
	memset(numbering->by_iso, 0xFF, sizeof numbering->by_iso);
	memset(numbering->class_rate, 0xFF, sizeof numbering->class_rate);
	memset(numbering->domestic_rate, 0xFF, sizeof numbering->domestic_rate);
	numbering->meanings = mem_grow(NULL, 0, &numbering->meanings_capacity,
	    sizeof *numbering->meanings);
	numbering->meanings[numbering->n_meanings++] = (struct meaning){ 0 };
	/* `folder` is data/, or the numbering folder itself. */
	char *inside = mem_printf("%s/numbering", folder);
	char *probe = mem_printf("%s/countries.csv", inside);
	const char *place = access(probe, R_OK) == 0 ? inside : folder;
	bool ok = table(numbering, place, "countries.csv", country_row, fault) &&
	    table(numbering, place, "prefixes.csv", prefix_row, fault) &&
	    table(numbering, place, "tiers.csv", tier_row, fault) &&
	    table(numbering, place, "rates.csv", rate_row, fault) &&
	    table(numbering, place, "services.csv", service_row, fault);
	free(probe);
	free(inside);
	if (!ok) {
		numbering_free(numbering);
		return false;
	}
	mark_shared_codes(numbering);
	trie_trim(&numbering->meanings_of);
	trie_trim(&numbering->tier_of);
	trie_trim(&numbering->rate_of);
	*out = numbering;
	return true;
}

void numbering_free(struct numbering *numbering)
{
	if (numbering == NULL)
		return;
	for (size_t i = 0; i < numbering->n_territories; i++) {
		free(numbering->territories[i].international);
		free(numbering->territories[i].trunk);
	}
	free(numbering->territories);
	free(numbering->meanings);
	free(numbering->meanings_of.nodes);
	free(numbering->tier_of.nodes);
	free(numbering->rate_of.nodes);
	free(numbering->tariff_of.nodes);
	text_clear(&numbering->names);
	map_clear(&numbering->services);
	free(numbering);
}

const char *territory_name(const struct numbering *numbering, const char *country)
{
	const struct territory *t = territory_of(numbering, country);
	return t == NULL ? country : text_string(&numbering->names) + t->name;
}
