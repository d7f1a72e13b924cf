/* SPDX-License-Identifier: Apache-2.0
 *
 * Hours and holidays as the house writes them down, and what a rule sees of
 * them. */
#include "test.h"

#include <unistd.h>

#include "calls/closed_hours.h"
#include "calls/site_plan.h"
#include "cdr_maker.h"
#include "detect/leg_facts.h"
#include "net/file.h"

#define HQ "7c6b5a49-3827-4165-a0b1-c2d3e4f50617"

static char path[] = "/tmp/centinela-sites-XXXXXX";
static struct fault fault;

static struct site_plan *read_plan(const char *text)
{
	struct site_plan *plan = NULL;
	if (strstr(path, "XXXXXX") != NULL) {
		int fd = mkstemp(path);
		REQUIRE(fd >= 0);
		close(fd);
	}
	REQUIRE(file_write(path, text, strlen(text), 0600, &fault));
	return site_plan_read(path, &plan, &fault) ? plan : NULL;
}

static int64_t at(const char *iso)
{
	int64_t ms = 0;
	REQUIRE(iso_time_parse(iso, strlen(iso), &ms));
	return ms;
}

static struct directory *two_sites(void)
{
	struct directory *directory = directory_new();
	directory_add_site(directory, &(struct site){ .uuid = (char[]){ HQ }, .name = (char[]){ "Denver" }, .country = "US",
	    .zone_name = (char[]){ "America/Denver" } });
	directory_add_site(directory, &(struct site){ .uuid = (char[]){ "u2" }, .name = (char[]){ "NOC-El Salvador" } });
	map_put(&directory->holidays, "US 2026-11-26", NULL)->number = 1;
	map_put(&directory->holidays, "US 2026-12-25", NULL)->number = 1;
	return directory;
}

static bool open_at(const struct directory *directory, const char *name, const char *iso)
{
	return site_is_open(directory, directory_site_named(directory, name), at(iso), CDR_NO_OFFSET);
}

static const char plan_text[] =
    "default:\n"
    "  hours: {mon-fri: 09:00-17:00}\n"
    "  holidays: [2026-12-24]\n"
    "sites:\n"
    "  Denver:\n"
    "    hours: {mon-thu: 08:00-18:00, fri: 08:00-12:00, sat: closed}\n"
    "    workdays: [2026-11-26]\n"
    "    holidays: [2026-10-07]\n"
    "  NOC-El Salvador:\n"
    "    hours: always\n"
    "    country: SV\n"
    "    zone: America/El_Salvador\n";

TEST(each_site_has_its_own_hours_and_days)
{
	struct site_plan *plan = read_plan(plan_text);
	if (plan == NULL)
		puts(fault.text);
	REQUIRE(plan != NULL);
	struct directory *directory = two_sites();
	struct text unknown = { 0 };
	site_plan_apply(plan, directory, &unknown);
	CHECK_INT(unknown.n, 0);
	/* Denver is UTC-6 in October, UTC-7 in November and December. */
	CHECK(open_at(directory, "Denver", "2026-10-06T14:00:00Z"));   /* Tue 08:00 */
	CHECK(!open_at(directory, "Denver", "2026-10-06T13:59:00Z"));
	CHECK(!open_at(directory, "Denver", "2026-10-09T18:00:00Z"));  /* Fri 12:00 */
	CHECK(!open_at(directory, "Denver", "2026-10-10T16:00:00Z"));  /* Sat */
	CHECK(!open_at(directory, "Denver", "2026-10-07T16:00:00Z"));  /* its own holiday */
	CHECK(open_at(directory, "Denver", "2026-11-26T17:00:00Z"));   /* Thanksgiving, worked */
	CHECK(!open_at(directory, "Denver", "2026-12-25T17:00:00Z"));  /* the country's */
	CHECK(!open_at(directory, "Denver", "2026-12-24T17:00:00Z"));  /* everybody's */
	CHECK(open_at(directory, "NOC-El Salvador", "2026-10-11T09:00:00Z")); /* Sun 03:00 */
	/* Always is always: not closed on the house's days or the country's. */
	CHECK(open_at(directory, "NOC-El Salvador", "2026-12-24T18:00:00Z"));
	CHECK(open_at(directory, "NOC-El Salvador", "2026-09-15T18:00:00Z"));
	CHECK(!site_is_holiday(directory, directory_site_named(directory, "NOC-El Salvador"), at("2026-09-15T18:00:00Z"), CDR_NO_OFFSET));
	CHECK_STR(directory_site_named(directory, "NOC-El Salvador")->country, "SV");
	CHECK(directory_site_named(directory, "NOC-El Salvador")->zone != NULL);
	/* A site that nobody knows: the default of the house, not of the program. */
	CHECK(!site_is_open(directory, NULL, at("2026-10-06T08:30:00Z"), 0));
	CHECK(site_is_open(directory, NULL, at("2026-10-06T09:00:00Z"), 0));
	directory_free(directory);
	site_plan_free(plan);
}

TEST(always_is_always_for_sites_that_nobody_told_of_too)
{
	struct site_plan *plan = read_plan("default: {hours: always}\nsites:\n  Denver:\n    hours: always\n    holidays: [2026-10-07]\n");
	REQUIRE(plan != NULL);
	struct directory *directory = two_sites();
	site_plan_apply(plan, directory, NULL);
	struct site unknown = { 0 };
	directory_unknown_hours(directory, &unknown);
	memcpy(unknown.country, "US", 3);
	CHECK(site_is_open(directory, &unknown, at("2026-12-25T17:00:00Z"), 0));
	CHECK(open_at(directory, "Denver", "2026-12-25T17:00:00Z"));
	CHECK(!open_at(directory, "Denver", "2026-10-07T17:00:00Z")); /* its own day */
	directory_free(directory);
	site_plan_free(plan);
}

TEST(a_site_may_be_named_by_its_uuid_and_the_defaults_hold_without_a_plan)
{
	struct site_plan *plan = read_plan("sites: {" HQ ": {hours: never}}\n");
	REQUIRE(plan != NULL);
	struct directory *directory = two_sites();
	site_plan_apply(plan, directory, NULL);
	CHECK(!open_at(directory, "Denver", "2026-10-06T16:00:00Z"));
	site_plan_apply(NULL, directory, NULL);
	CHECK(open_at(directory, "Denver", "2026-10-06T16:00:00Z"));
	CHECK(!open_at(directory, "Denver", "2026-10-06T04:00:00Z"));
	directory_free(directory);
	site_plan_free(plan);
}

TEST(the_facts_of_a_rule_go_by_it)
{
	struct site_plan *plan = read_plan(plan_text);
	REQUIRE(plan != NULL);
	struct directory *directory = two_sites();
	site_plan_apply(plan, directory, NULL);
	struct fact_world world = { .directory = directory };
	static const struct {
		const char *start;
		bool closed, holiday;
	} rows[] = { { "2026-10-06T14:30:00Z", false, false }, { "2026-10-06T13:30:00Z", true, false },
		{ "2026-10-07T16:00:00Z", true, true }, { "2026-11-26T17:00:00Z", false, false },
		{ "2026-12-24T17:00:00Z", true, true }, { "2026-12-25T17:00:00Z", true, true } };
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct cdr_maker m;
		struct leg_facts facts;
		cdr_outbound(&m);
		cdr_set(&m, CDR_F_START_TIME, rows[i].start);
		struct cdr cdr = cdr_made(&m);
		leg_facts_derive(&world, &cdr, &facts);
		CHECK_INT((facts.flags & LEG_CLOSED) != 0, rows[i].closed);
		CHECK_INT((facts.flags & LEG_HOLIDAY) != 0, rows[i].holiday);
		cdr_free(&m);
	}
	directory_free(directory);
	site_plan_free(plan);
}

TEST(where_nobody_told_of_sites_the_plan_does)
{
	struct site_plan *plan = read_plan(plan_text);
	REQUIRE(plan != NULL);
	struct directory *directory = directory_new();
	struct text unknown = { 0 };
	site_plan_apply(plan, directory, &unknown);
	CHECK_INT(directory->n_sites, 2);
	CHECK_INT(unknown.n, 0);
	CHECK(open_at(directory, "NOC-El Salvador", "2026-10-11T09:00:00Z"));
	directory_free(directory);
	site_plan_free(plan);
}

TEST(a_name_that_no_site_has_is_told_with_the_nearest)
{
	struct site_plan *plan = read_plan("sites:\n  Denvr:\n    hours: always\n");
	REQUIRE(plan != NULL);
	struct directory *directory = two_sites();
	struct text unknown = { 0 };
	site_plan_apply(plan, directory, &unknown);
	CHECK(strstr(text_string(&unknown), ":2: there is no site \"Denvr\"; is \"Denver\" meant?") != NULL);
	CHECK_INT(directory->n_sites, 2);
	text_clear(&unknown);
	directory_free(directory);
	site_plan_free(plan);
}

TEST(what_is_wrong_is_named_by_line_and_with_what_was_meant)
{
	static const struct {
		const char *text, *says;
	} rows[] = {
		{ "sties: {}\n", ":1:1: \"sties\" is not known here; is \"sites\" meant?" },
		{ "default:\n  huors: always\n", ":2:3: \"huors\" is not known here; is \"hours\" meant?" },
		{ "default:\n  zone: America/Bogota\n", ":2:3:" },
		{ "sites:\n  A:\n    hours: {mon-fry: 07:00-19:00}\n", ":3:13: \"mon-fry\" is no day" },
		{ "sites:\n  A:\n    hours: {mon: 7-19}\n", "are no hours" },
		{ "sites:\n  A:\n    hours: {mon: 07:00-25:00}\n", "are no hours" },
		{ "sites:\n  A:\n    hours: {mon: 07:60-19:00}\n", "are no hours" },
		{ "sites:\n  A:\n    hours: {mon: 07:00-07:00}\n", "are no hours" },
		{ "sites:\n  A:\n    hours: mostly\n", "always or never" },
		{ "sites:\n  A:\n    hours: [1]\n", "always or never" },
		{ "sites:\n  A:\n    holidays: 2026-12-24\n", "is no list of dates" },
		{ "sites:\n  A:\n    holidays: [2026-02-30]\n", "\"2026-02-30\" is no date" },
		{ "sites:\n  A:\n    country: Colombia\n", "is no country" },
		{ "sites:\n  A:\n    zone: America/Bogot\n", "is no time zone" },
		{ "sites:\n  A: always\n", "is written as" },
		{ "sites: [A]\n", "is written as" },
		{ "hours\n", "is written as" },
		{ "sites:\n  A: {}\n  A: {}\n", ":3:" },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct site_plan *plan = read_plan(rows[i].text);
		CHECK(plan == NULL);
		if (strstr(fault.text, rows[i].says) == NULL || strstr(fault.text, path) == NULL)
			printf("%s gives: %s\n", rows[i].text, fault.text);
		CHECK(strstr(fault.text, rows[i].says) != NULL);
		site_plan_free(plan);
	}
	struct site_plan *plan = read_plan("");
	CHECK(plan != NULL);
	site_plan_free(plan);
	unlink(path);
	CHECK(!site_plan_read(path, &plan, &fault));
}

TESTS(T(each_site_has_its_own_hours_and_days),    T(always_is_always_for_sites_that_nobody_told_of_too), T(a_site_may_be_named_by_its_uuid_and_the_defaults_hold_without_a_plan),
    T(the_facts_of_a_rule_go_by_it), T(where_nobody_told_of_sites_the_plan_does),
    T(a_name_that_no_site_has_is_told_with_the_nearest), T(what_is_wrong_is_named_by_line_and_with_what_was_meant))
