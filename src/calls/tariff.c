/* SPDX-License-Identifier: Apache-2.0
 *
 * An organisation's own price list over the seed estimates. */
#include <string.h>

#include "base/csv.h"
#include "calls/e164_table.h"

#define TARIFF_BYTES   ((size_t)16 << 20)
#define MOST_MICRO_USD INT64_C(1000000000)

struct reading {
	struct numbering *numbering;
	struct fault *fault;
	size_t n;
};

/* "+57 310" to "57310"; false: no prefix. */
static bool read_prefix(struct csv_field f, char digits[E164_DIGITS + 1], size_t *n)
{
	*n = 0;
	for (size_t i = 0; i < f.n; i++) {
		char c = f.p[i];
		if (c == ' ' || c == '-' || (c == '+' && *n == 0))
			continue;
		if (c < '0' || c > '9' || *n == E164_DIGITS)
			return false;
		digits[(*n)++] = c;
	}
	return *n > 0;
}

/* "0.0125" US dollars to 12500; what is finer than a micro dollar is cut. */
static bool read_usd(struct csv_field f, int64_t *micro)
{
	int64_t value = 0;
	int decimals = -1;
	for (size_t i = 0; i < f.n; i++) {
		if (f.p[i] == '.' && decimals < 0) {
			decimals = 0;
			continue;
		}
		if (f.p[i] < '0' || f.p[i] > '9')
			return false;
		if (decimals >= 6)
			continue;
		value = value * 10 + (f.p[i] - '0');
		decimals += decimals >= 0;
		if (value > MOST_MICRO_USD)
			return false;
	}
	for (int i = MAX(decimals, 0); i < 6; i++)
		value *= 10;
	*micro = value;
	return f.n > (size_t)(decimals >= 0) && value <= MOST_MICRO_USD;
}

static bool tariff_row(const struct csv_field *f, size_t n, uint64_t line, void *arg)
{
	struct reading *r = arg;
	char digits[E164_DIGITS + 1];
	size_t n_digits;
	int64_t micro;
	if (r->n == 0 && n >= 2 && (csv_is(f[0], "prefix") || csv_is(f[0], "prefijo")))
		return true;
	if (n < 2 || !read_prefix(f[0], digits, &n_digits) || !read_usd(f[1], &micro))
		return fault_set(r->fault, FAULT_INPUT,
		    "line %llu: not prefix and US dollars a minute, as in 57310,0.012", (unsigned long long)line);
	trie_put(&r->numbering->tariff_of, digits, n_digits, (uint32_t)micro + 1);
	r->n++;
	return true;
}

bool numbering_read_tariff(struct numbering *numbering, const char *path, struct fault *fault)
{
	struct reading r = { numbering, fault, 0 };
	struct csv_options options = { .comment = '#' };
	if (path == NULL || *path == '\0')
		return true;
	if (!csv_read_file(path, TARIFF_BYTES, &options, tariff_row, &r, fault))
		return false;
	return r.n > 0 || fault_set(fault, FAULT_INPUT, "%s: no price in it", path);
}
