/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <unistd.h>

#include "base/mem.h"
#include "base/places.h"
#include "base/text.h"
#include "calls/closed_hours.h"
#include "calls/directory.h"

static void add_site(struct directory *directory, const char *uuid, const char *name,
    const char *country, const char *zone)
{
	struct site site = { .uuid = (char *)(uintptr_t)uuid, .name = (char *)(uintptr_t)name,
		.zone_name = (char *)(uintptr_t)zone };
	memcpy(site.country, country, strlen(country));
	site_default_hours(&site);
	directory_add_site(directory, &site);
}

static struct directory *seven_sites(void)
{
	struct directory *directory = directory_new();
	add_site(directory, "u1", "Colombia", "CO", "America/Bogota");
	add_site(directory, "u2", "Colombia Nueva-Produccion", "CO", "America/Bogota");
	add_site(directory, "u3", "PoC Banco Davivienda", "CO", "America/Bogota");
	add_site(directory, "u4", "Costa Rica", "CR", "America/Costa_Rica");
	add_site(directory, "u5", "Denver", "US", "America/Denver");
	add_site(directory, "u6", "Guatemala Mesa", "GT", "America/Guatemala");
	add_site(directory, "u7", "NOC-El Salvador", "SV", "America/El_Salvador");
	struct fault fault;
	if (!directory_read_holidays(directory, CENTINELA_SOURCE_DATA, &fault)) {
		printf("%s\n", fault.text);
		exit(1);
	}
	return directory;
}

static int64_t at(const char *iso)
{
	int64_t ms;
	REQUIRE(iso_time_parse(iso, strlen(iso), &ms));
	return ms;
}

TEST(sites_are_found_by_uuid_and_name)
{
	struct directory *directory = seven_sites();
	const struct site *site = directory_site(directory, "u5");
	REQUIRE(site != NULL);
	CHECK_STR(site->name, "Denver");
	CHECK_STR(site->zone_name, "America/Denver");
	CHECK(site->zone != NULL);
	CHECK_STR(site->main_number, "");
	CHECK(directory_site_named(directory, "Denver") == site);
	CHECK(directory_site(directory, "u8") == NULL);
	CHECK(directory_site(directory, NULL) == NULL);
	CHECK(directory_site_named(directory, "denver") == NULL);
	CHECK_INT(directory->n_sites, 7);
	directory_free(directory);
}

TEST(a_site_read_again_is_replaced)
{
	struct directory *directory = seven_sites();
	add_site(directory, "u5", "Boulder", "US", "America/Denver");
	CHECK_INT(directory->n_sites, 7);
	CHECK_STR(directory_site(directory, "u5")->name, "Boulder");
	CHECK(directory_site_named(directory, "Denver") == NULL);
	CHECK(directory_site_named(directory, "Boulder") == directory_site(directory, "u5"));
	/* A second site of a name does not take it from the first. */
	add_site(directory, "u9", "Colombia", "CO", "America/Bogota");
	CHECK_STR(directory_site_named(directory, "Colombia")->uuid, "u1");
	add_site(directory, "u9", "Otra", "CO", "America/Bogota");
	CHECK_STR(directory_site_named(directory, "Colombia")->uuid, "u1");
	directory_free(directory);
	directory_free(NULL);
}

TEST(a_site_with_a_bad_zone_is_kept_without_one)
{
	struct directory *directory = directory_new();
	add_site(directory, "a", "A", "CO", "../../etc/passwd");
	add_site(directory, "b", "B", "CO", "America/Atlantis");
	add_site(directory, "c", "C", "", NULL);
	add_site(directory, "d", "D", "", "");
	for (size_t i = 0; i < directory->n_sites; i++)
		CHECK(directory->sites[i].zone == NULL);
	CHECK(directory->sites[3].zone_name == NULL);
	CHECK_INT(directory->n_sites, 4);
	directory_free(directory);
}

TEST(people_are_copied_and_found)
{
	struct directory *directory = directory_new();
	char uuid[16], name[32];
	for (int i = 0; i < 1000; i++) {
		snprintf(uuid, sizeof uuid, "p%d", i % 500);
		snprintf(name, sizeof name, "Persona %d", i);
		struct person person = { .uuid = uuid, .name = name, .extension = NULL };
		directory_add_person(directory, &person);
	}
	CHECK_INT(directory->n_people, 500);
	for (int i = 0; i < 500; i++) {
		snprintf(uuid, sizeof uuid, "p%d", i);
		snprintf(name, sizeof name, "Persona %d", i + 500);
		const struct person *person = directory_person(directory, uuid);
		REQUIRE(person != NULL);
		CHECK_STR(person->name, name);
		CHECK_STR(person->extension, "");
	}
	CHECK(directory_person(directory, "p500") == NULL);
	CHECK(directory_person(directory, NULL) == NULL);
	directory_free(directory);
}

TEST(holidays_move_as_the_law_says)
{
	static const struct {
		const char *site, *utc;
		bool holiday;
	} cases[] = {
		{ "u1", "2026-04-02T17:00:00Z", true },	 /* Jueves Santo */
		{ "u1", "2026-04-01T17:00:00Z", false },
		{ "u1", "2026-01-06T17:00:00Z", false }, /* Reyes goes to Monday 12 */
		{ "u1", "2026-01-12T17:00:00Z", true },
		{ "u1", "2027-06-07T17:00:00Z", true },	 /* Sagrado Corazón */
		{ "u1", "2027-05-31T17:00:00Z", true },	 /* Corpus Christi */
		{ "u1", "2025-07-20T17:00:00Z", true },
		{ "u1", "2026-12-26T04:59:59Z", true },	 /* still the 25th in Bogotá */
		{ "u1", "2026-12-26T05:00:00Z", false },
		{ "u1", "2026-12-25T04:59:59Z", false },
		{ "u4", "2026-04-11T18:00:00Z", true },	 /* Juan Santamaría */
		{ "u4", "2028-04-14T18:00:00Z", true },	 /* Viernes Santo */
		{ "u6", "2026-06-29T18:00:00Z", true },	 /* Ejército, moved from Tuesday */
		{ "u6", "2026-06-30T18:00:00Z", false },
		{ "u6", "2027-03-27T18:00:00Z", true },	 /* Sábado Santo */
		{ "u7", "2026-08-06T18:00:00Z", true },
		{ "u7", "2026-08-05T18:00:00Z", true },
		{ "u7", "2026-08-04T18:00:00Z", false },
		{ "u5", "2026-11-26T18:00:00Z", true },	 /* Thanksgiving */
		{ "u5", "2026-07-03T18:00:00Z", true },	 /* observed */
		{ "u5", "2026-07-20T18:00:00Z", false }, /* Colombia's day, not Denver's */
		{ "u1", "2029-01-01T18:00:00Z", false }, /* beyond the table */
	};
	struct directory *directory = seven_sites();
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		bool holiday = site_is_holiday(directory, directory_site(directory, cases[i].site),
		    at(cases[i].utc), CDR_NO_OFFSET);
		if (holiday != cases[i].holiday)
			printf("%s %s\n", cases[i].site, cases[i].utc);
		CHECK(holiday == cases[i].holiday);
	}
	directory_free(directory);
}

TEST(hours_are_the_sites_own)
{
	static const struct {
		const char *site, *utc;
		bool open;
	} cases[] = {
		{ "u1", "2026-10-06T11:59:59Z", false }, /* Tuesday 06:59 */
		{ "u1", "2026-10-06T12:00:00Z", true },	 /* 07:00 */
		{ "u1", "2026-10-06T23:59:59Z", true },	 /* 18:59 */
		{ "u1", "2026-10-07T00:00:00Z", false }, /* 19:00 */
		{ "u1", "2026-10-10T17:59:59Z", true },	 /* Saturday 12:59 */
		{ "u1", "2026-10-10T18:00:00Z", false },
		{ "u1", "2026-10-11T17:00:00Z", false }, /* Sunday */
		{ "u1", "2026-10-12T17:00:00Z", false }, /* Día de la Raza */
		{ "u4", "2026-10-12T17:00:00Z", true },	 /* not in Costa Rica */
		{ "u4", "2026-10-06T12:30:00Z", false }, /* 06:30 there */
		/* Denver opens at 13:00 UTC in summer, 14:00 in winter; the day
		 * after each switch. */
		{ "u5", "2026-03-06T13:30:00Z", false },
		{ "u5", "2026-03-09T13:30:00Z", true },
		{ "u5", "2026-10-30T13:30:00Z", true },
		{ "u5", "2026-11-02T13:30:00Z", false },
		{ "u5", "2026-11-26T18:00:00Z", false }, /* Thanksgiving */
	};
	struct directory *directory = seven_sites();
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		/* The record's offset is wrong on purpose: the zone is better. */
		bool open = site_is_open(directory, directory_site(directory, cases[i].site),
		    at(cases[i].utc), 600);
		if (open != cases[i].open)
			printf("%s %s\n", cases[i].site, cases[i].utc);
		CHECK(open == cases[i].open);
	}
	int weekday = -1;
	CHECK_INT(site_local_minute(directory_site(directory, "u5"), at("2026-11-01T07:30:00Z"), 0,
		      &weekday), 90); /* 01:30 MDT … */
	CHECK_INT(site_local_minute(directory_site(directory, "u5"), at("2026-11-01T08:30:00Z"), 0,
		      NULL), 90); /* … and 01:30 MST */
	CHECK_INT(weekday, 0);
	directory_free(directory);
}

TEST(without_a_zone_the_record_says)
{
	struct directory *directory = seven_sites();
	add_site(directory, "n", "Nowhere", "CO", NULL);
	const struct site *site = directory_site(directory, "n");
	int weekday = -1;
	CHECK_INT(site_local_minute(site, at("2026-10-06T02:15:00Z"), -300, &weekday), 21 * 60 + 15);
	CHECK_INT(weekday, 1);
	CHECK(!site_is_open(directory, site, at("2026-10-06T02:15:00Z"), -300));
	CHECK(site_is_open(directory, site, at("2026-10-06T15:00:00Z"), -300));
	CHECK(!site_is_open(directory, site, at("2026-12-25T15:00:00Z"), -300));
	CHECK(!site_is_open(directory, NULL, at("2026-10-06T02:15:00Z"), -300));
	CHECK(site_is_open(NULL, NULL, at("2026-10-06T15:00:00Z"), -300));
	static const int32_t nonsense[] = { CDR_NO_OFFSET, INT32_MAX, -721, 841 };
	for (size_t i = 0; i < COUNT_OF(nonsense); i++) {
		CHECK_INT(site_local_minute(site, at("2026-10-06T02:15:00Z"), nonsense[i], NULL), -1);
		CHECK(site_is_open(directory, site, at("2026-10-06T02:15:00Z"), nonsense[i]));
		CHECK(!site_is_holiday(directory, site, at("2026-12-25T15:00:00Z"), nonsense[i]));
	}
	directory_free(directory);
}

TEST(a_night_shift_belongs_to_the_day_it_began)
{
	struct directory *directory = seven_sites();
	struct site noc = { .uuid = (char[]){ "noc" }, .name = (char[]){ "NOC" }, .country = "SV",
		.zone_name = (char[]){ "America/El_Salvador" } };
	for (int day = 1; day <= 5; day++) { /* 22:00 to 06:00, Monday to Friday */
		noc.open_from[day] = 22 * 60;
		noc.open_until[day] = 6 * 60;
	}
	directory_add_site(directory, &noc);
	const struct site *site = directory_site(directory, "noc");
	CHECK(!site_is_open(directory, site, at("2026-10-05T11:00:00Z"), 0)); /* Mon 05:00, after Sunday */
	CHECK(!site_is_open(directory, site, at("2026-10-06T03:59:00Z"), 0)); /* Mon 21:59 */
	CHECK(site_is_open(directory, site, at("2026-10-06T04:00:00Z"), 0));  /* Mon 22:00 */
	CHECK(site_is_open(directory, site, at("2026-10-06T11:59:00Z"), 0));  /* Tue 05:59 */
	CHECK(!site_is_open(directory, site, at("2026-10-06T12:00:00Z"), 0)); /* Tue 06:00 */
	CHECK(site_is_open(directory, site, at("2026-10-10T11:00:00Z"), 0));  /* Sat 05:00 */
	CHECK(!site_is_open(directory, site, at("2026-10-11T11:00:00Z"), 0)); /* Sun 05:00 */
	/* 15 September (Tuesday): its own night is closed, Monday's is worked. */
	CHECK(site_is_open(directory, site, at("2026-09-15T11:00:00Z"), 0));
	CHECK(!site_is_open(directory, site, at("2026-09-16T05:00:00Z"), 0));
	CHECK(!site_is_open(directory, site, at("2026-09-16T11:00:00Z"), 0));
	/* Whole day and never. */
	struct site always = noc;
	always.uuid = always.name = (char[]){ "always" };
	for (int day = 0; day < 7; day++) {
		always.open_from[day] = 0;
		always.open_until[day] = 1440;
	}
	directory_add_site(directory, &always);
	CHECK(site_is_open(directory, directory_site(directory, "always"), at("2026-10-11T05:59:59Z"), 0));
	CHECK(site_is_open(directory, directory_site(directory, "always"), at("2026-10-11T06:00:00Z"), 0));
	directory_free(directory);
}

TEST(a_broken_calendar_names_file_and_line)
{
	static const char *const bad[] = { "CO\n", "co,2026-01-01,x\n", "CO,2026-02-30,x\n",
		"CO,2026-1-1,x\n", "COL,2026-01-01,x\n", "CO,\"2026\n", "CO,2026-01-0a,x\n" };
	char folder[] = "/tmp/calendarsXXXXXX";
	REQUIRE(mkdtemp(folder) != NULL);
	char *path = mem_printf("%s/CO.csv", folder);
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		FILE *file = fopen(path, "w");
		REQUIRE(file != NULL);
		fprintf(file, "# a comment\n%s", bad[i]);
		fclose(file);
		struct directory *directory = directory_new();
		struct fault fault = { 0 };
		CHECK(!directory_read_holidays(directory, folder, &fault));
		CHECK(strstr(fault.text, "CO.csv") != NULL && strstr(fault.text, "line 2") != NULL);
		directory_free(directory);
	}
	unlink(path);
	free(path);
	struct directory *directory = directory_new();
	struct fault fault;
	CHECK(directory_read_holidays(directory, folder, &fault)); /* none is no fault */
	rmdir(folder);
	CHECK(!directory_read_holidays(directory, folder, &fault));
	CHECK_INT(fault.code, FAULT_NOT_FOUND);
	directory_free(directory);
}

TESTS(T(sites_are_found_by_uuid_and_name), T(a_site_read_again_is_replaced),
    T(a_site_with_a_bad_zone_is_kept_without_one), T(people_are_copied_and_found),
    T(holidays_move_as_the_law_says), T(hours_are_the_sites_own), T(without_a_zone_the_record_says),
    T(a_night_shift_belongs_to_the_day_it_began), T(a_broken_calendar_names_file_and_line))
