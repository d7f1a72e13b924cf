/* SPDX-License-Identifier: Apache-2.0
 *
 * Number shapes: prefix and length. Only what the simulator dials; the real
 * numbering tables are in data/numbering. Subscriber digits are chance. */
#include "sim/numbers.h"

#include <stdio.h>

struct shape {
	const char *country, *prefix; /* prefix after the + */
	int digits;		      /* in all, without the + */
	enum outside_kind kind;
};

static const struct shape DOMESTIC[] = {
	{ "CO", "57601", 12, OUTSIDE_FIXED },	   { "CO", "57604", 12, OUTSIDE_FIXED },
	{ "CO", "57602", 12, OUTSIDE_FIXED },	   { "CO", "57605", 12, OUTSIDE_FIXED },
	{ "CO", "57310", 12, OUTSIDE_MOBILE },	   { "CO", "57300", 12, OUTSIDE_MOBILE },
	{ "CO", "57320", 12, OUTSIDE_MOBILE },	   { "CO", "57315", 12, OUTSIDE_MOBILE },
	{ "CO", "571800", 13, OUTSIDE_TOLL_FREE }, { "CO", "571900", 13, OUTSIDE_PREMIUM },
	{ "CR", "50622", 11, OUTSIDE_FIXED },	   { "CR", "50625", 11, OUTSIDE_FIXED },
	{ "CR", "50683", 11, OUTSIDE_MOBILE },	   { "CR", "50688", 11, OUTSIDE_MOBILE },
	{ "CR", "50661", 11, OUTSIDE_MOBILE },	   { "CR", "50671", 11, OUTSIDE_MOBILE },
	{ "CR", "506800", 13, OUTSIDE_TOLL_FREE }, { "CR", "506900", 13, OUTSIDE_PREMIUM },
	{ "US", "1303", 11, OUTSIDE_FIXED },	   { "US", "1720", 11, OUTSIDE_FIXED },
	{ "US", "1970", 11, OUTSIDE_MOBILE },	   { "US", "1719", 11, OUTSIDE_MOBILE },
	{ "US", "1800", 11, OUTSIDE_TOLL_FREE },   { "US", "1888", 11, OUTSIDE_TOLL_FREE },
	{ "US", "1900", 11, OUTSIDE_PREMIUM },
	{ "GT", "5022", 11, OUTSIDE_FIXED },	   { "GT", "5025", 11, OUTSIDE_MOBILE },
	{ "GT", "5024", 11, OUTSIDE_MOBILE },	   { "GT", "5021801", 14, OUTSIDE_TOLL_FREE },
	{ "GT", "5021900", 14, OUTSIDE_PREMIUM },
	{ "SV", "50322", 11, OUTSIDE_FIXED },	   { "SV", "5037", 11, OUTSIDE_MOBILE },
	{ "SV", "5036", 11, OUTSIDE_MOBILE },	   { "SV", "503800", 10, OUTSIDE_TOLL_FREE },
	{ "SV", "503900", 10, OUTSIDE_PREMIUM },
};

/* Territories by calling code; longest prefix wins. */
static const struct shape ABROAD[] = {
	{ "US", "1", 11, 0 },	 { "CA", "1416", 11, 0 },  { "DO", "1809", 11, 0 },
	{ "DO", "1829", 11, 0 }, { "JM", "1876", 11, 0 },  { "AG", "1268", 11, 0 },
	{ "GD", "1473", 11, 0 }, { "PR", "1787", 11, 0 },  { "EG", "20", 12, 0 },
	{ "MA", "212", 12, 0 },	 { "TN", "216", 11, 0 },   { "GM", "220", 10, 0 },
	{ "SN", "221", 12, 0 },	 { "GN", "224", 12, 0 },   { "TD", "235", 11, 0 },
	{ "CD", "243", 12, 0 },	 { "SL", "232", 11, 0 },   { "ZW", "263", 12, 0 },
	{ "SO", "252", 12, 0 },	 { "GR", "30", 12, 0 },	   { "NL", "31", 11, 0 },
	{ "BE", "32", 11, 0 },	 { "FR", "33", 11, 0 },	   { "ES", "34", 11, 0 },
	{ "LV", "371", 11, 0 },	 { "LT", "370", 11, 0 },   { "EE", "372", 11, 0 },
	{ "MD", "373", 11, 0 },	 { "PT", "351", 12, 0 },   { "IT", "39", 12, 0 },
	{ "CH", "41", 11, 0 },	 { "AT", "43", 12, 0 },	   { "GB", "44", 12, 0 },
	{ "PL", "48", 11, 0 },	 { "DE", "49", 12, 0 },	   { "PE", "51", 11, 0 },
	{ "MX", "52", 12, 0 },	 { "CU", "53", 10, 0 },	   { "AR", "54", 13, 0 },
	{ "BR", "55", 13, 0 },	 { "CL", "56", 11, 0 },	   { "CO", "57", 12, 0 },
	{ "VE", "58", 12, 0 },	 { "BZ", "501", 10, 0 },   { "GT", "502", 11, 0 },
	{ "SV", "503", 11, 0 },	 { "HN", "504", 11, 0 },   { "NI", "505", 11, 0 },
	{ "CR", "506", 11, 0 },	 { "PA", "507", 11, 0 },   { "HT", "509", 11, 0 },
	{ "BO", "591", 11, 0 },	 { "GY", "592", 10, 0 },   { "EC", "593", 12, 0 },
	{ "PY", "595", 12, 0 },	 { "SR", "597", 10, 0 },   { "UY", "598", 11, 0 },
	{ "AU", "61", 11, 0 },	 { "NZ", "64", 11, 0 },	   { "PG", "675", 11, 0 },
	{ "NR", "674", 10, 0 },	 { "JP", "81", 12, 0 },	   { "CN", "86", 13, 0 },
	{ "IN", "91", 12, 0 },	 { "MV", "960", 10, 0 },   { "TJ", "992", 12, 0 },
	{ "AZ", "994", 12, 0 },	 { "UZ", "998", 12, 0 },   { "", "882", 12, 0 },
	{ "", "883", 12, 0 },	 { "", "870", 12, 0 },	   { "", "881", 12, 0 },
	{ "RU", "7", 11, 0 },	 { "KZ", "77", 11, 0 },
};

/* Where a bank of these countries has business. */
static const char *const USUAL[] = {
	"+1305", "+1212", "+507", "+5255", "+3491", "+5932", "+511", "+562", "+506", "+502",
	"+503", "+571", "+1416", "+5511", "+4420", "+49",
};

static const struct shape *territory(const char *e164)
{
	const struct shape *best = NULL;
	size_t longest = 0;
	const char *digits = e164 + (e164[0] == '+');
	for (size_t i = 0; i < COUNT_OF(ABROAD); i++) {
		size_t n = strlen(ABROAD[i].prefix);
		if (n > longest && strncmp(digits, ABROAD[i].prefix, n) == 0) {
			best = &ABROAD[i];
			longest = n;
		}
	}
	return best;
}

const char *number_territory(const char *e164)
{
	const struct shape *found = territory(e164);
	return found ? found->country : "";
}

/* prefix, then digits of chance up to `digits` in all. */
static void fill(const char *prefix, int digits, uint64_t key, char out[SIM_NUMBER_BYTES])
{
	size_t n = 0;
	out[n++] = '+';
	for (; *prefix && n < SIM_NUMBER_BYTES - 1; prefix++)
		out[n++] = *prefix;
	uint64_t chance = hash_mix(key ^ UINT64_C(0x5bd1e995));
	bool first = true;
	while ((int)n < digits + 1 && n < SIM_NUMBER_BYTES - 1) {
		unsigned digit = (unsigned)(chance % 10);
		chance = chance / 10 ^ hash_mix(chance);
		if (first && digit < 2)
			digit += 2; /* a US exchange does not begin with 0 or 1 */
		first = false;
		out[n++] = (char)('0' + digit);
	}
	out[n] = '\0';
}

void outside_domestic(const struct sim_location *site, enum outside_kind kind, uint64_t key,
    struct outside *out)
{
	*out = (struct outside){ .kind = kind };
	const struct shape *mine[8];
	size_t n = 0;
	for (size_t i = 0; i < COUNT_OF(DOMESTIC) && n < COUNT_OF(mine); i++)
		if (DOMESTIC[i].kind == kind && strcmp(DOMESTIC[i].country, site->country) == 0)
			mine[n++] = &DOMESTIC[i];
	memcpy(out->country, site->country, 3);
	if (n == 0)
		return;
	const struct shape *shape = mine[hash_mix(key) % n];
	fill(shape->prefix, shape->digits, key, out->number);
}

void outside_abroad(const struct sim_location *site, const char *prefix, uint64_t key,
    struct outside *out)
{
	*out = (struct outside){ .kind = OUTSIDE_INTERNATIONAL };
	const struct shape *shape = territory(prefix);
	memcpy(out->country, shape ? shape->country : "", shape && *shape->country ? 3 : 1);
	fill(prefix + (prefix[0] == '+'), shape ? shape->digits : 12, key, out->number);
	if (strcmp(out->country, site->country) == 0)
		out->kind = OUTSIDE_FIXED;
}

void outside_usual_abroad(const struct sim_location *site, uint64_t key, struct outside *out)
{
	for (uint64_t try = 0;; try++) { /* the list has several countries: this ends */
		outside_abroad(site, USUAL[hash_mix(key + try) % COUNT_OF(USUAL)], key, out);
		if (out->kind == OUTSIDE_INTERNATIONAL)
			return;
	}
}

void outside_neighbour(const struct sim_location *site, const char *number, uint64_t key,
    struct outside *out)
{
	*out = (struct outside){ .kind = OUTSIDE_FIXED };
	memcpy(out->country, site->country, 3);
	snprintf(out->number, sizeof out->number, "%s", number);
	size_t n = strlen(out->number);
	if (n > 6)
		for (size_t i = n - 4; i < n; i++)
			out->number[i] = (char)('0' + (hash_mix(key + i) % 10));
}

void outside_dialled(const struct sim_location *site, const struct outside *to, struct rng *r,
    char out[32])
{
	const char *outside = site->asks_outside_digit ? site->outside_digit : "";
	const char *digits = to->number + 1, *national = digits;
	size_t code = strlen(site->country_digits);
	bool us = strcmp(site->country, "US") == 0;
	/* Colombians choose a long-distance carrier after the 00: 5, 7 or 9. */
	const char *abroad = us ? "011" : strcmp(site->country, "CO") == 0 ? "007" : "00";
	if (to->kind == OUTSIDE_INTERNATIONAL) {
		if (rng_chance(r, 0.12)) /* dialled from a contact */
			snprintf(out, 32, "%s", to->number);
		else
			snprintf(out, 32, "%s%s%s", site->outside_digit, abroad, digits);
		return;
	}
	if (!us && strncmp(digits, site->country_digits, code) == 0)
		national = digits + code;
	if (rng_chance(r, 0.07))
		snprintf(out, 32, "%s", to->number);
	else
		snprintf(out, 32, "%s%s", outside, national);
}

void site_number(const struct sim_location *site, size_t k, char out[SIM_NUMBER_BYTES])
{
	/* The block starts at the main number: its last five digits count up. */
	size_t n = strlen(site->main_number), keep = n - 5;
	unsigned long low = 0;
	for (size_t i = keep; i < n; i++)
		low = low * 10 + (unsigned long)(site->main_number[i] - '0');
	snprintf(out, SIM_NUMBER_BYTES, "%.*s%05lu", (int)keep, site->main_number,
	    (low + k) % 100000);
}
