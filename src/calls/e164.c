/* SPDX-License-Identifier: Apache-2.0
 *
 * From what a record says to a number. With a + there is nothing to guess.
 * Without one the digits are read in every way the site could have meant them
 * (with and without the digit for an outside line: international prefix, trunk
 * prefix, national number, E.164 whose + was lost) and the likeliest reading
 * wins; patterns and lengths of data/numbering are the judge. */
#include <stdlib.h>
#include <string.h>

#include "calls/e164_table.h"

#define MOST_DIGITS 32	/* beyond: not dialled by anybody */
#define MOST_BYTES  256 /* of text that is looked at */

/* How sure a reading is. Equal: the first one found stays. */
enum likelihood {
	UNLIKELY = 0,
	FOREIGN_WITHOUT_PLUS = 60,
	NATIONAL_UNASSIGNED = 65, /* right length, no known range */
	INTERNATIONAL_UNASSIGNED = 70, /* or digits too many */
	OWN_WITHOUT_PLUS = 84,
	NATIONAL = 85,
	NATIONAL_WITH_TRUNK = 90,
	INTERNATIONAL_GUESSED = 95, /* 00 where the country's own prefix is another */
	INTERNATIONAL = 100,
};

/* What a row of digits after the + is. */
struct reading {
	const struct territory *territory;
	enum number_class class;
	bool exact; /* a known range and a length that it has */
};

struct candidate {
	enum likelihood likelihood;
	char digits[E164_DIGITS + 1];
	size_t n;
};

static bool look_up(const struct numbering *numbering, const char *digits, size_t n,
    struct reading *out)
{
	uint32_t index = trie_find(&numbering->meanings_of, digits, n);
	if (index == 0)
		return false;
	const struct meaning *meaning = &numbering->meanings[index], *chosen = meaning;
	const struct territory *t = &numbering->territories[meaning->territory];
	size_t national = n - MIN(n, t->code_digits);
	*out = (struct reading){ t, NUMBER_UNKNOWN, false };
	/* Among several meanings the one of this length; else the longest that
	 * is shorter, because digits dialled too many do not change the call. */
	uint32_t longest = 0;
	for (;; meaning = &numbering->meanings[meaning->next]) {
		uint32_t shorter = meaning->lengths & ((UINT32_C(1) << national) - 1);
		if (meaning->lengths >> national & 1) {
			chosen = meaning;
			out->exact = meaning->class != NUMBER_UNKNOWN;
			out->class = meaning->class;
			break;
		}
		if (meaning->lengths == 0 && meaning->class != NUMBER_UNKNOWN) {
			chosen = meaning;
			out->exact = national >= t->shortest && national <= t->longest;
			if (national >= t->shortest)
				out->class = meaning->class;
			break;
		}
		if (shorter > longest) {
			longest = shorter;
			chosen = meaning;
			out->class = meaning->class;
		}
		if (meaning->next == 0)
			break;
	}
	out->territory = &numbering->territories[chosen->territory];
	return true;
}

/* -- judging a number ------------------------------------------------- */

static bool looks_alike(const struct reading *reading, const struct territory *home)
{
	const struct territory *t = reading->territory;
	bool north_america = strcmp(t->iso, "US") == 0 || strcmp(t->iso, "CA") == 0;
	if (t->iso[0] == '\0' || reading->class == NUMBER_TOLL_FREE)
		return false;
	/* +44 70 looks like a mobile (+44 7x) and is a paid personal number. */
	if (t->code == 44 && reading->class == NUMBER_PERSONAL)
		return true;
	if (t == home || !t->shared)
		return false;
	/* US and Canada know each other; every other +1 surprises. */
	if (north_america && (home == NULL || home->code != t->code ||
	    strcmp(home->iso, "US") == 0 || strcmp(home->iso, "CA") == 0))
		return false;
	return (home != NULL && home->code == t->code) || !t->main;
}

static enum risk_tier tier_of(const struct numbering *numbering, const char *digits, size_t n,
    const struct reading *reading, bool domestic)
{
	enum risk_tier tier = domestic ? TIER_NONE : reading->territory->tier;
	uint32_t by_prefix = trie_find(&numbering->tier_of, digits, n);
	if (by_prefix != 0)
		tier = (enum risk_tier)(by_prefix - 1);
	return MAX(tier, numbering->class_tier[reading->class]);
}

static int32_t rate_of(const struct numbering *numbering, const char *digits, size_t n,
    const struct reading *reading, bool domestic, enum risk_tier tier)
{
	uint32_t by_prefix = numbering->tariff_of.n == 0 ? 0 : trie_find(&numbering->tariff_of, digits, n);
	if (by_prefix == 0)
		by_prefix = trie_find(&numbering->rate_of, digits, n);
	if (by_prefix != 0)
		return (int32_t)(by_prefix - 1);
	if (numbering->class_rate[reading->class] >= 0)
		return numbering->class_rate[reading->class];
	if (domestic && numbering->domestic_rate[reading->class] >= 0)
		return numbering->domestic_rate[reading->class];
	if (!domestic && reading->territory->rate >= 0)
		return reading->territory->rate;
	return numbering->tier_rate[tier];
}

/* Fill `out` from the digits after the +. False: no such country code. */
static bool judge(const struct numbering *numbering, const char *digits, size_t n,
    const struct territory *home, struct number *out)
{
	struct reading reading;
	n = MIN(n, (size_t)E164_DIGITS); /* what is dialled beyond changes nothing */
	if (!look_up(numbering, digits, n, &reading))
		return false;
	const struct territory *t = reading.territory;
	bool domestic = home != NULL && t == home;
	memcpy(out->country, t->iso, sizeof out->country);
	out->country_code = t->code;
	out->class = reading.class;
	out->tier = tier_of(numbering, digits, n, &reading, domestic);
	out->rate_micro_usd = rate_of(numbering, digits, n, &reading, domestic, out->tier);
	out->look_alike = looks_alike(&reading, home);
	if (n >= (size_t)t->code_digits + 4) { /* shorter: somebody hung up while dialling */
		out->e164[0] = '+';
		memcpy(out->e164 + 1, digits, n);
		out->e164[n + 1] = '\0';
	}
	return true;
}

/* -- digits without a plus -------------------------------------------- */

static void consider(struct candidate *best, enum likelihood likelihood, const char *before,
    size_t n_before, const char *digits, size_t n)
{
	if (likelihood <= best->likelihood || n_before + n > E164_DIGITS)
		return;
	best->likelihood = likelihood;
	best->n = n_before + n;
	memcpy(best->digits, before, n_before);
	memcpy(best->digits + n_before, digits, n);
	best->digits[best->n] = '\0';
}

static size_t after_prefix(const char *digits, size_t n, const char *prefix)
{
	size_t length = strlen(prefix);
	return n > length && memcmp(digits, prefix, length) == 0 ? length : 0;
}

static void consider_international(const struct numbering *numbering, struct candidate *best,
    const char *digits, size_t n, const char *prefix, enum likelihood likelihood)
{
	struct reading reading;
	size_t skip = after_prefix(digits, n, prefix);
	if (skip == 0)
		return;
	digits += skip;
	n = MIN(n - skip, (size_t)E164_DIGITS);
	if (!look_up(numbering, digits, n, &reading) ||
	    n < (size_t)reading.territory->code_digits + 4)
		return;
	consider(best, reading.exact ? likelihood : INTERNATIONAL_UNASSIGNED, "", 0, digits, n);
}

static void consider_national(const struct numbering *numbering, struct candidate *best,
    const char *digits, size_t n, const struct territory *home, enum likelihood likelihood)
{
	char whole[E164_DIGITS + 1] = { 0 };
	struct reading reading;
	size_t code = home->code_digits;
	if (n == 0 || n + code > E164_DIGITS || n > 20)
		return;
	int rest = home->code;
	for (size_t i = code; i-- > 0; rest /= 10)
		whole[i] = (char)('0' + rest % 10);
	memcpy(whole + code, digits, n);
	if (!look_up(numbering, whole, n + code, &reading) || reading.territory->code != home->code)
		return;
	if (reading.exact)
		consider(best, likelihood, whole, code, digits, n);
	else if (home->usual >> n & 1 && digits[0] != '0')
		consider(best, NATIONAL_UNASSIGNED, whole, code, digits, n);
}

static void consider_all(const struct numbering *numbering, struct candidate *best,
    const char *digits, size_t n, const struct territory *home)
{
	struct reading reading;
	bool has_00 = false;
	if (home != NULL) {
		for (int i = 0; i < home->n_international; i++) {
			consider_international(numbering, best, digits, n, home->international[i],
			    INTERNATIONAL);
			has_00 = has_00 || strcmp(home->international[i], "00") == 0;
		}
		for (int i = 0; i < home->n_trunk; i++) {
			size_t skip = after_prefix(digits, n, home->trunk[i]);
			if (skip > 0)
				consider_national(numbering, best, digits + skip, n - skip, home,
				    NATIONAL_WITH_TRUNK);
		}
		consider_national(numbering, best, digits, n, home, NATIONAL);
	} else {
		consider_international(numbering, best, digits, n, "011", INTERNATIONAL_GUESSED);
	}
	if (!has_00)
		consider_international(numbering, best, digits, n, "00", INTERNATIONAL_GUESSED);
	if (n >= 8 && n <= E164_DIGITS && look_up(numbering, digits, n, &reading) && reading.exact)
		consider(best, home != NULL && reading.territory->code == home->code ?
				   OWN_WITHOUT_PLUS : FOREIGN_WITHOUT_PLUS,
		    "", 0, digits, n);
}

static bool is_service(const struct numbering *numbering, const char *digits, size_t n,
    const struct territory *home)
{
	char key[16];
	if (n == 1)
		return digits[0] == '0'; /* the operator */
	if (n < 2 || n > 6)
		return false;
	if (map_get_n(&numbering->services, digits, n) != NULL)
		return true;
	if (home == NULL)
		return false;
	memcpy(key, home->iso, 2);
	memcpy(key + 2, digits, n);
	return map_get_n(&numbering->services, key, n + 2) != NULL;
}

static void read_dialled(const struct numbering *numbering, const char *digits, size_t n,
    const struct territory *home, char outside_digit, struct number *out)
{
	bool outside = outside_digit != '\0' && n > 1 && digits[0] == outside_digit;
	if (is_service(numbering, digits, n, home) ||
	    (outside && is_service(numbering, digits + 1, n - 1, home))) {
		out->class = NUMBER_SERVICE;
		if (home != NULL)
			memcpy(out->country, home->iso, sizeof out->country);
		return;
	}
	if (n >= 2 && n <= 6) {
		out->class = NUMBER_EXTENSION;
		return;
	}
	struct candidate best = { 0 };
	if (outside)
		consider_all(numbering, &best, digits + 1, n - 1, home);
	consider_all(numbering, &best, digits, n, home);
	if (best.likelihood != UNLIKELY)
		judge(numbering, best.digits, best.n, home, out);
}

/* -- text ------------------------------------------------------------- */

static bool equals(const char *p, size_t n, const char *lower)
{
	for (size_t i = 0; i < n; i++, lower++) {
		char c = p[i] >= 'A' && p[i] <= 'Z' ? (char)(p[i] + 32) : p[i];
		if (c != *lower || c == '\0')
			return false;
	}
	return *lower == '\0';
}

static bool is_withheld(const char *p, size_t n)
{
	static const char *const words[] = { "", "anonymous", "restricted", "private", "withheld",
		"unavailable", "unknown", "na", "n/a", "blocked", "no caller id" };
	for (size_t i = 0; i < COUNT_OF(words); i++) {
		if (equals(p, n, words[i]))
			return true;
	}
	return false;
}

/* Digits alone, blanks and the usual punctuation dropped; what follows ';' or
 * ',' is dialled after the answer. False: something else is among them. */
static bool only_digits(const char *p, size_t n, char out[static MOST_DIGITS], size_t *n_out)
{
	*n_out = 0;
	for (size_t i = 0; i < n; i++) {
		if (p[i] >= '0' && p[i] <= '9') {
			if (*n_out == MOST_DIGITS)
				return false;
			out[(*n_out)++] = p[i];
		} else if (p[i] == ';' || p[i] == ',') {
			break;
		} else if (p[i] == '\0' || strchr(" -.()/", p[i]) == NULL) {
			return false;
		}
	}
	return *n_out > 0;
}

static void trim(const char **p, size_t *n)
{
	while (*n > 0 && (**p == ' ' || **p == '\t'))
		(*p)++, (*n)--;
	while (*n > 0 && ((*p)[*n - 1] == ' ' || (*p)[*n - 1] == '\t'))
		(*n)--;
}

static bool strip_scheme(const char **p, size_t *n, const char *scheme)
{
	size_t length = strlen(scheme);
	if (*n < length || !equals(*p, length, scheme))
		return false;
	*p += length;
	*n -= length;
	return true;
}

/* `in_uri`: what stands before the @; few digits there are a name, not ours. */
static void read_plain(const struct numbering *numbering, const char *p, size_t n,
    const struct territory *home, char outside_digit, bool in_uri, struct number *out)
{
	char digits[MOST_DIGITS];
	size_t n_digits;
	if (p[0] == '*' || p[0] == '#') {
		out->class = NUMBER_SERVICE; /* *72…, #31# … */
		return;
	}
	bool plus = p[0] == '+';
	if (!only_digits(p + plus, n - plus, digits, &n_digits))
		return;
	if (plus)
		judge(numbering, digits, n_digits, home, out);
	else if (!in_uri || n_digits > 6)
		read_dialled(numbering, digits, n_digits, home, outside_digit, out);
}

void number_read(const struct numbering *numbering, struct span text, const char *home,
    char outside_digit, struct number *out)
{
	*out = (struct number){ .class = NUMBER_UNKNOWN };
	const struct territory *site = home == NULL ? NULL : territory_of(numbering, home);
	const char *p = text.n == 0 ? "" : text.p;
	size_t n = text.n;
	if (n > MOST_BYTES) {
		/* A row of digits this long is nothing; a URI stays a URI. */
		if (strip_scheme(&p, &n, "sip:") || strip_scheme(&p, &n, "sips:"))
			out->class = NUMBER_URI;
		return;
	}
	trim(&p, &n);
	const char *open = memchr(p, '<', n), *close;
	if (open != NULL && (close = memchr(open, '>', (size_t)(p + n - open))) != NULL) {
		p = open + 1;
		n = (size_t)(close - p);
	}
	if (is_withheld(p, n)) {
		out->class = NUMBER_WITHHELD;
		return;
	}
	bool sip = strip_scheme(&p, &n, "sip:") || strip_scheme(&p, &n, "sips:");
	if (!sip)
		strip_scheme(&p, &n, "tel:");
	const char *at = memchr(p, '@', n);
	bool uri = sip || at != NULL;
	if (at != NULL)
		n = (size_t)(at - p);
	if (is_withheld(p, n)) {
		out->class = uri && n == 0 ? NUMBER_URI : NUMBER_WITHHELD;
		return;
	}
	read_plain(numbering, p, n, site, outside_digit, uri, out);
	if (uri && out->class == NUMBER_UNKNOWN && out->e164[0] == '\0')
		*out = (struct number){ .class = NUMBER_URI };
}
