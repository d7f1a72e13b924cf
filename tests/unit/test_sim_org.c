/* SPDX-License-Identifier: Apache-2.0
 *
 * The invented organisation: the seven sites, unique ids, the same again from
 * the same seed, names that attack. */
#include "base/iso_time.h"
#include "base/map.h"
#include "sim/names.h"
#include "sim/numbers.h"
#include "sim/org.h"
#include "test.h"

TEST(has_the_seven_sites)
{
	static const char *const NAMES[] = { "Colombia", "Colombia Nueva-Produccion",
		"PoC Banco Davivienda", "Costa Rica", "Denver", "Guatemala Mesa", "NOC-El Salvador" };
	struct sim_org org;
	sim_org_init(&org, 1, 300, false);
	REQUIRE(org.n_locations == 7);
	CHECK_INT(org.n_people, 300);
	size_t people = 0;
	for (size_t l = 0; l < 7; l++) {
		const struct sim_location *site = &org.locations[l];
		CHECK_STR(site->name, NAMES[l]);
		CHECK_INT(site->first_person, people);
		CHECK(site->n_people > 0);
		CHECK(site->main_number[0] == '+');
		CHECK_STR(site->outside_digit, "9");
		people += site->n_people;
		for (size_t i = 0; i < site->n_people; i++)
			CHECK_INT(org.people[site->first_person + i].location, l);
	}
	CHECK_INT(people, 300);
	sim_org_clear(&org);
}

TEST(ids_numbers_and_extensions_are_unique)
{
	static const int SIZES[] = { 20, 300, 7000, 70000 };
	for (size_t k = 0; k < sizeof SIZES / sizeof *SIZES; k++) {
		struct sim_org org;
		struct map seen = { 0 };
		bool is_new;
		size_t twice = 0;
		sim_org_init(&org, 5, SIZES[k], false);
		for (size_t i = 0; i < org.n_people; i++) {
			const struct sim_person *p = &org.people[i];
			map_put(&seen, p->uuid, &is_new);
			twice += !is_new;
			map_put(&seen, p->extension, &is_new);
			twice += !is_new;
			if (*p->number) {
				map_put(&seen, p->number, &is_new);
				twice += !is_new;
			}
			if (*p->email) {
				map_put(&seen, p->email, &is_new);
				twice += !is_new;
			}
			CHECK(p->is_place == (*p->email == '\0'));
		}
		for (size_t i = 0; i < org.n_services; i++) {
			map_put(&seen, org.services[i].extension, &is_new);
			twice += !is_new;
			if (*org.services[i].number) {
				map_put(&seen, org.services[i].number, &is_new);
				twice += !is_new;
			}
			for (size_t a = 0; a < org.services[i].n_agents; a++)
				CHECK(!org.people[org.services[i].agents[a]].is_place);
		}
		CHECK_INT(twice, 0);
		map_clear(&seen);
		sim_org_clear(&org);
	}
}

TEST(a_seed_is_an_organisation)
{
	struct sim_org a, b, c;
	sim_org_init(&a, 42, 200, false);
	sim_org_init(&b, 42, 200, false);
	sim_org_init(&c, 43, 200, false);
	CHECK_STR(a.uuid, b.uuid);
	CHECK(strcmp(a.uuid, c.uuid) != 0);
	for (size_t i = 0; i < 200; i++) {
		CHECK_STR(a.people[i].uuid, b.people[i].uuid);
		CHECK_STR(a.people[i].display_name, b.people[i].display_name);
		CHECK_STR(a.people[i].number, b.people[i].number);
	}
	sim_org_clear(&a);
	sim_org_clear(&b);
	sim_org_clear(&c);
}

TEST(the_size_is_brought_into_bounds)
{
	struct sim_org org;
	sim_org_init(&org, 1, -5, false);
	CHECK_INT(org.n_people, 20);
	sim_org_clear(&org);
	sim_org_init(&org, 1, 2000000, false);
	CHECK_INT(org.n_people, SIM_MAX_USERS);
	sim_org_clear(&org);
}

TEST(a_person_is_found_by_uuid)
{
	struct sim_org org;
	sim_org_init(&org, 1, 50, false);
	CHECK_INT(sim_org_find_person(&org, org.people[31].uuid), 31);
	CHECK_INT(sim_org_find_person(&org, "no such person"), -1);
	sim_org_clear(&org);
}

TEST(denver_saves_daylight_and_bogota_does_not)
{
	static const struct {
		int month, day, hour, minute, denver;
	} CASES[] = { /* UTC; 2026: 8 March 09:00 to 1 November 08:00 */
		{ 1, 15, 12, 0, -420 }, { 3, 8, 8, 59, -420 }, { 3, 8, 9, 0, -360 },
		{ 7, 1, 0, 0, -360 }, { 11, 1, 7, 59, -360 }, { 11, 1, 8, 0, -420 }, { 12, 31, 23, 59, -420 },
	};
	struct sim_org org;
	sim_org_init(&org, 1, 100, false);
	for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
		int64_t at = civil_to_ms(2026, CASES[i].month, CASES[i].day, CASES[i].hour, CASES[i].minute, 0, 0);
		CHECK_INT(sim_location_minutes(&org.locations[4], at), CASES[i].denver);
		CHECK_INT(sim_location_minutes(&org.locations[0], at), -300);
	}
	sim_org_clear(&org);
}

TEST(hostile_names_are_there_when_asked_and_only_then)
{
	struct sim_org org;
	size_t odd[2] = { 0, 0 }, longest = 0;
	for (int hostile = 0; hostile < 2; hostile++) {
		sim_org_init(&org, 9, 400, hostile != 0);
		for (size_t i = 0; i < org.n_people; i++) {
			const char *name = org.people[i].display_name;
			bool bad = strlen(name) > 200;
			for (const char *c = name; *c; c++)
				bad = bad || (unsigned char)*c < 0x20 || (unsigned char)*c == 0xff;
			odd[hostile] += bad;
			if (strlen(name) > longest)
				longest = strlen(name);
		}
		sim_org_clear(&org);
	}
	CHECK_INT(odd[0], 0);
	CHECK(odd[1] > 20);
	CHECK(longest >= 3000);
}

TEST(numbers_have_their_countrys_form)
{
	struct sim_org org;
	struct outside out;
	struct rng r = { 3 };
	char dialled[32];
	sim_org_init(&org, 1, 100, false);
	const struct sim_location *bogota = &org.locations[0], *denver = &org.locations[4];
	for (uint64_t k = 0; k < 200; k++) {
		outside_domestic(bogota, OUTSIDE_MOBILE, k, &out);
		CHECK_INT(strlen(out.number), 13);
		CHECK(strncmp(out.number, "+573", 4) == 0);
		outside_domestic(denver, OUTSIDE_FIXED, k, &out);
		CHECK_INT(strlen(out.number), 12);
		outside_dialled(denver, &out, &r, dialled);
		CHECK(dialled[0] == '+' || (strlen(dialled) == 12 && strncmp(dialled, "91", 2) == 0));
		outside_usual_abroad(bogota, k, &out);
		CHECK_INT(out.kind, OUTSIDE_INTERNATIONAL);
		CHECK(strcmp(out.country, "CO") != 0);
		outside_dialled(bogota, &out, &r, dialled);
		CHECK(dialled[0] == '+' || strncmp(dialled, "900", 3) == 0);
	}
	outside_abroad(bogota, "+3712", 7, &out);
	CHECK_STR(out.country, "LV");
	CHECK_INT(strlen(out.number), 12);
	outside_abroad(bogota, "+88216", 7, &out);
	CHECK_STR(out.country, "");
	CHECK_INT(out.kind, OUTSIDE_INTERNATIONAL);
	CHECK_STR(number_territory("+77271234567"), "KZ");
	CHECK_STR(number_territory("+74951234567"), "RU");
	CHECK_STR(number_territory("+999"), "");
	sim_org_clear(&org);
}

TESTS(T(has_the_seven_sites), T(ids_numbers_and_extensions_are_unique), T(a_seed_is_an_organisation),
    T(the_size_is_brought_into_bounds), T(a_person_is_found_by_uuid),
    T(denver_saves_daylight_and_bogota_does_not),
    T(hostile_names_are_there_when_asked_and_only_then), T(numbers_have_their_countrys_form))
