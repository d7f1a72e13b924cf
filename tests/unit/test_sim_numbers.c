/* SPDX-License-Identifier: Apache-2.0
 *
 * The simulator's numbers, understood by the product's own numbering tables:
 * what is meant as a mobile of Costa Rica must be one. */
#include "base/places.h"
#include "calls/e164.h"
#include "sim/numbers.h"
#include "test.h"

static bool may_be(enum number_class class, enum outside_kind kind)
{
	switch (kind) {
	case OUTSIDE_FIXED:
		return class == NUMBER_FIXED || class == NUMBER_FIXED_OR_MOBILE;
	case OUTSIDE_MOBILE:
		return class == NUMBER_MOBILE || class == NUMBER_FIXED_OR_MOBILE;
	case OUTSIDE_TOLL_FREE:
		return class == NUMBER_TOLL_FREE;
	case OUTSIDE_PREMIUM:
		return class == NUMBER_PREMIUM;
	case OUTSIDE_INTERNATIONAL:
		return class != NUMBER_EXTENSION && class != NUMBER_WITHHELD;
	case OUTSIDE_WITHHELD:
		return class == NUMBER_WITHHELD;
	}
	return false;
}

static struct span span_of(const char *text)
{
	return (struct span){ text, (uint32_t)strlen(text) };
}

TEST(domestic_numbers_are_of_their_class_and_country)
{
	struct numbering *numbering = NULL;
	struct fault fault = { 0 };
	struct sim_org org;
	REQUIRE(numbering_open(CENTINELA_SOURCE_DATA, &numbering, &fault));
	sim_org_init(&org, 1, 50, false);
	for (size_t l = 0; l < org.n_locations; l++) {
		const struct sim_location *site = &org.locations[l];
		for (int kind = OUTSIDE_FIXED; kind <= OUTSIDE_PREMIUM; kind++) {
			int wrong = 0;
			for (uint64_t k = 0; k < 300; k++) {
				struct outside out;
				struct number read;
				outside_domestic(site, (enum outside_kind)kind, k, &out);
				number_read(numbering, span_of(out.number), site->country, site->outside_digit[0], &read);
				bool good = strcmp(read.country, site->country) == 0 && may_be(read.class, out.kind);
				if (!good && wrong++ < 2)
					printf("%s kind %d: %s read as %s %s\n", site->name, kind, out.number,
					    read.country, number_class_name(read.class));
			}
			CHECK_INT(wrong, 0);
		}
		struct number main_number;
		number_read(numbering, span_of(site->main_number), site->country, '9', &main_number);
		CHECK_STR(main_number.country, site->country);
	}
	sim_org_clear(&org);
	numbering_free(numbering);
}

TEST(what_is_dialled_leads_to_the_number)
{
	struct numbering *numbering = NULL;
	struct fault fault = { 0 };
	struct sim_org org;
	struct rng r = { 9 };
	REQUIRE(numbering_open(CENTINELA_SOURCE_DATA, &numbering, &fault));
	sim_org_init(&org, 1, 50, false);
	for (size_t l = 0; l < org.n_locations; l++) {
		const struct sim_location *site = &org.locations[l];
		int wrong = 0;
		for (uint64_t k = 0; k < 200; k++) {
			struct outside out;
			struct number read;
			char dialled[32];
			outside_usual_abroad(site, k, &out);
			outside_dialled(site, &out, &r, dialled);
			number_read(numbering, span_of(dialled), site->country, site->outside_digit[0], &read);
			if (strcmp(read.e164, out.number) != 0 && wrong++ < 3)
				printf("%s: %s dialled for %s read as %s\n", site->name, dialled, out.number, read.e164);
		}
		CHECK_INT(wrong, 0);
	}
	sim_org_clear(&org);
	numbering_free(numbering);
}

TEST(fraud_ranges_are_dear_or_far)
{
	static const char *const RANGES[] = { "+88216", "+3712", "+5353", "+25261", "+22177", "+96077", "+2637", "+67570" };
	struct numbering *numbering = NULL;
	struct fault fault = { 0 };
	struct sim_org org;
	REQUIRE(numbering_open(CENTINELA_SOURCE_DATA, &numbering, &fault));
	sim_org_init(&org, 1, 50, false);
	for (size_t i = 0; i < sizeof RANGES / sizeof *RANGES; i++) {
		struct outside out;
		struct number read;
		outside_abroad(&org.locations[0], RANGES[i], 5, &out);
		number_read(numbering, span_of(out.number), "CO", '9', &read);
		if (read.tier < TIER_MEDIUM)
			printf("%s is %s, %s\n", out.number, number_class_name(read.class), risk_tier_name(read.tier));
		CHECK(read.tier >= TIER_MEDIUM);
		CHECK_STR(read.country, out.country);
	}
	sim_org_clear(&org);
	numbering_free(numbering);
}

TESTS(T(domestic_numbers_are_of_their_class_and_country), T(what_is_dialled_leads_to_the_number),
    T(fraud_ranges_are_dear_or_far))
