/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <ctype.h>
#include <time.h>

#include "base/iso_time.h"
#include "cdr_maker.h"
#include "detect/fact.h"

static struct fact_world world;

static struct leg_facts facts_of(const struct cdr_maker *m)
{
	struct leg_facts facts;
	struct cdr cdr = cdr_made(m);
	leg_facts_derive(&world, &cdr, &facts);
	return facts;
}

/* A leg that differs from a plain outbound one in some fields. */
#define LEG(...) leg_with((const struct change[]){ __VA_ARGS__, { 0, NULL } }, cdr_outbound)
#define LEG_IN(...) leg_with((const struct change[]){ __VA_ARGS__, { 0, NULL } }, cdr_inbound)

struct change {
	enum cdr_field field;
	const char *value;
};

static struct leg_facts leg_with(const struct change *change, void (*make)(struct cdr_maker *))
{
	struct cdr_maker m;
	make(&m);
	for (; change->value != NULL; change++)
		cdr_set(&m, change->field, change->value);
	struct leg_facts facts = facts_of(&m);
	cdr_free(&m);
	return facts;
}

TEST(a_plain_national_call_is_outbound_and_nothing_else)
{
	struct leg_facts f = LEG({ CDR_F_USER, "Ana" });
	CHECK(f.flags & LEG_EXTERNAL_OUT);
	CHECK(f.flags & LEG_CHARGEABLE);
	CHECK(f.flags & LEG_BY_PERSON);
	CHECK(!(f.flags & (LEG_INTERNATIONAL | LEG_INBOUND | LEG_INTERNAL | LEG_FORWARD_OUT)));
	CHECK_STR(f.home, "CO");
	CHECK_STR(f.country, "CO");
}

TEST(B11_international_is_judged_by_the_number_not_by_webex)
{
	struct leg_facts f = LEG({ CDR_F_CALLED_NUMBER, "+37125550123" });
	CHECK(f.flags & LEG_INTERNATIONAL); /* though Call type says SIP_NATIONAL */
	CHECK_STR(f.country, "LV");
	f = LEG({ CDR_F_CALLED_NUMBER, "900371 25550123" }, { CDR_F_CALL_TYPE, "SIP_INTERNATIONAL" },
	    { CDR_F_INTERNATIONAL_COUNTRY, "LV" });
	CHECK(f.flags & LEG_INTERNATIONAL);
	CHECK_STR(f.country, "LV");
	f = LEG({ CDR_F_CALLED_NUMBER, "+882161234567" });
	CHECK(f.flags & LEG_INTERNATIONAL); /* no country at all */
}

TEST(us_canada_and_puerto_rico_are_one)
{
	struct leg_facts f = LEG({ CDR_F_SITE_MAIN_NUMBER, "+13035550100" },
	    { CDR_F_CALLED_NUMBER, "+14165550123" });
	CHECK_STR(f.home, "US");
	CHECK(!(f.flags & LEG_INTERNATIONAL));
	f = LEG({ CDR_F_SITE_MAIN_NUMBER, "+13035550100" }, { CDR_F_CALLED_NUMBER, "+18095550123" });
	CHECK(f.flags & LEG_INTERNATIONAL);
	CHECK(f.flags & LEG_LOOK_ALIKE);
}

TEST(what_a_trunk_carries_is_outside_whatever_its_call_type)
{
	struct leg_facts f = LEG({ CDR_F_CALL_TYPE, "SIP_ENTERPRISE" },
	    { CDR_F_OUTBOUND_TRUNK, "GW_CostaRica" }, { CDR_F_CALLED_NUMBER, "+50662635391" });
	CHECK(f.flags & LEG_EXTERNAL_OUT);
	f = LEG({ CDR_F_CALL_TYPE, "SIP_ENTERPRISE" }, { CDR_F_CALLED_NUMBER, "4193" });
	CHECK(f.flags & LEG_INTERNAL);
	f = LEG({ CDR_F_CALL_TYPE, "UNKNOWN" }, { CDR_F_CALLED_NUMBER, "+576046146535" });
	CHECK(f.flags & LEG_EXTERNAL_OUT);
}

TEST(an_emergency_call_is_never_an_outside_call)
{
	struct leg_facts f = LEG({ CDR_F_CALL_TYPE, "SIP_EMERGENCY" }, { CDR_F_CALLED_NUMBER, "123" });
	CHECK(f.flags & LEG_EMERGENCY);
	CHECK(!(f.flags & (LEG_EXTERNAL_OUT | LEG_CHARGEABLE)));
}

TEST(B6_a_queue_that_takes_a_call_is_not_a_person)
{
	struct leg_facts f = LEG_IN({ CDR_F_USER_TYPE, "CallCenterPremium" });
	CHECK_INT(f.service, SERVICE_QUEUE);
	CHECK(f.flags & LEG_ANSWERED);
	CHECK(!(f.flags & LEG_BY_PERSON));
	f = LEG_IN({ CDR_F_ANSWERED_ELSEWHERE, "Yes" });
	CHECK(!(f.flags & LEG_ANSWERED));
}

TEST(a_forwarded_line_is_told_from_a_hunt)
{
	struct leg_facts f = LEG({ CDR_F_REDIRECT_REASON, "Unconditional" },
	    { CDR_F_RELATED_REASON, "CallForwardAlways" }, { CDR_F_CALLED_NUMBER, "+37125550123" });
	CHECK(f.flags & LEG_FORWARD_OUT);
	f = LEG({ CDR_F_REDIRECT_REASON, "CallQueue" }, { CDR_F_RELATED_REASON, "CallQueue" });
	CHECK(!(f.flags & LEG_FORWARD_OUT));
	CHECK(f.flags & LEG_FORWARDED);
	f = LEG({ CDR_F_RELATED_REASON, "SimultaneousRingPersonal" });
	CHECK(!(f.flags & LEG_FORWARD_OUT));
}

TEST(closed_hours_are_the_sites_not_utc)
{
	struct leg_facts f = LEG({ CDR_F_USER, "Ana" }); /* 15:00 UTC, 10:00 in Bogotá */
	CHECK_INT(f.local_minute, 600);
	CHECK_INT(f.weekday, 2);
	CHECK(!(f.flags & LEG_CLOSED));
	f = LEG({ CDR_F_START_TIME, "2026-10-06T07:30:00Z" });
	CHECK(f.flags & LEG_CLOSED);
	CHECK(f.flags & LEG_NIGHT);
	CHECK(f.edge_minutes > 200 && f.edge_minutes <= 285);
	f = LEG({ CDR_F_SITE_TIMEZONE, "" }, { CDR_F_START_TIME, "2026-10-06T07:30:00Z" });
	CHECK(!(f.flags & (LEG_CLOSED | LEG_LOCAL_KNOWN)));
}

TEST(a_known_site_brings_its_zone_holidays_and_people)
{
	struct directory *directory = directory_new();
	struct site site = { .uuid = (char *)"7c6b5a49-3827-4165-a0b1-c2d3e4f50617",
		.name = (char *)"Denver", .country = "US", .zone_name = (char *)"America/Denver",
		.routing_prefix = (char *)"", .main_number = (char *)"" };
	site_default_hours(&site);
	directory_add_site(directory, &site);
	struct person person = { .uuid = (char *)"5b1f0c6a-2f77-4a39-8d0e-6b8f1a2c3d4e",
		.name = (char *)"Ana", .email = (char *)"", .site_uuid = (char *)"",
		.extension = (char *)"", .number = (char *)"", .team = (char *)"ventas" };
	directory_add_person(directory, &person);
	map_put(&directory->holidays, "US 2026-11-26", NULL)->number = 1;
	world.directory = directory;
	struct leg_facts f = LEG({ CDR_F_START_TIME, "2026-10-06T15:00:00Z" });
	CHECK_STR(f.home, "US");
	CHECK_STR(f.team, "ventas");
	CHECK_INT(f.local_minute, 9 * 60); /* MDT, UTC-6, though the record says -300 */
	f = LEG({ CDR_F_START_TIME, "2026-11-26T18:00:00Z" });
	CHECK(f.flags & LEG_HOLIDAY);
	CHECK(f.flags & LEG_CLOSED);
	CHECK(f.flags & LEG_INTERNATIONAL); /* Bogotá from Denver */
	world.directory = NULL;
	directory_free(directory);
}

TEST(a_number_nobody_has_is_still_called_from_outside)
{
	struct leg_facts f = LEG_IN({ CDR_F_USER_TYPE, "LocalGateway" }, { CDR_F_CALL_OUTCOME_REASON, "UnassignedNumber" });
	CHECK(f.flags & LEG_INBOUND);
	CHECK(f.flags & LEG_UNASSIGNED);
	f = LEG_IN({ CDR_F_USER_TYPE, "LocalGateway" }, { CDR_F_OUTBOUND_TRUNK, "GW_CostaRica" });
	CHECK(f.flags & LEG_INTERNAL); /* our own call to the premises, seen from the gateway */
}

TEST(transit_by_trunks_has_nobody_of_ours_in_it)
{
	struct leg_facts f = LEG({ CDR_F_USER_TYPE, "LocalGateway" }, { CDR_F_INBOUND_TRUNK, "GW_Bogota" },
	    { CDR_F_CALLED_NUMBER, "+37125550123" });
	CHECK(f.flags & LEG_TRUNK_TRANSIT);
	f = LEG({ CDR_F_USER_TYPE, "LocalGateway" }, { CDR_F_INBOUND_TRUNK, "GW_Bogota" },
	    { CDR_F_CALL_TYPE, "SIP_ENTERPRISE" }, { CDR_F_CALLED_NUMBER, "7499" });
	CHECK(!(f.flags & LEG_TRUNK_TRANSIT));
}

TEST(every_fact_has_one_name_and_two_helps)
{
	struct cdr_maker m;
	cdr_outbound(&m);
	struct cdr cdr = cdr_made(&m);
	struct leg_facts leg = facts_of(&m);
	struct state_facts state = { 0 };
	struct fact_view view = { &cdr, &leg, &state };
	CHECK_INT(fact_count() > 87 + 60, 1);
	for (size_t i = 0; i < fact_count(); i++) {
		const struct fact *fact = fact_at(i);
		struct fact_value value;
		/* "duration" is a duration; the wire field of that name is the same number. */
		CHECK(fact_named(fact->name) == fact || strcmp(fact->name, "duration") == 0);
		CHECK(fact->help_en[0] != '\0' && fact->help_es[0] != '\0');
		CHECK((fact->kind == FACT_ENUM) == (fact->n_words > 0));
		fact_read(fact, &view, &value);
		if (fact->wire == NULL)
			continue;
		/* The names of fact_wire.h are made from the wire's. */
		char name[64];
		size_t n = 0;
		for (const char *p = fact->wire; *p != '\0'; p++)
			name[n++] = isalnum((unsigned char)*p) ? (char)tolower((unsigned char)*p) : '_';
		name[n] = '\0';
		CHECK_STR(fact->name, name);
	}
	CHECK_STR(fact_named("Called number")->name, "called_number");
	CHECK_STR(fact_named("device mac")->name, "device_mac");
	cdr_free(&m);
}

TEST(facts_are_read_and_printed)
{
	struct cdr_maker m;
	cdr_outbound(&m);
	cdr_set(&m, CDR_F_CALLED_NUMBER, "+37125550123");
	cdr_set(&m, CDR_F_DURATION, "754");
	cdr_set(&m, CDR_F_USER, "Ana\033[31m\xe2\x80\xae");
	struct cdr cdr = cdr_made(&m);
	struct leg_facts leg = facts_of(&m);
	struct fact_view view = { &cdr, &leg, NULL };
	static const struct {
		const char *fact, *text;
	} rows[] = {
		{ "dst.country", "LV" },      { "dst.number", "+37125550123" },
		{ "dst.block", "+371255501" }, { "dst.prefix", "+371" },
		{ "duration", "12 min 34 s" }, { "call.external_out", "true" },
		{ "call.direction", "outbound" }, { "time.start", "2026-10-06T15:00:00.000Z" },
		{ "Duration", "12 min 34 s" }, { "overlap.external", "" },
		{ "local.hour", "10" },	      { "Answered", "true" },
		{ "site timezone", "-300" },
	};
	struct text shown = { 0 };
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct fact_value value;
		text_reset(&shown);
		fact_read(fact_named(rows[i].fact), &view, &value);
		fact_print(fact_named(rows[i].fact), &value, &shown);
		CHECK_STR(text_string(&shown), rows[i].text);
	}
	struct fact_value value;
	text_reset(&shown);
	fact_read(fact_named("user.name"), &view, &value);
	fact_print(fact_named("user.name"), &value, &shown);
	CHECK(strchr(text_string(&shown), '\033') == NULL);
	text_clear(&shown);
	cdr_free(&m);
}

TEST(a_misspelt_name_is_met_with_a_suggestion)
{
	static const struct {
		const char *wrong, *meant;
	} rows[] = {
		{ "dst.contry", "dst.country" }, { "called_nmber", "called_number" },
		{ "Caled number", "called_number" }, { "usre.name", "user.name" },
		{ "country", "dst.country" }, { "zzzzzzzz", NULL }, { "", NULL },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const char *nearest = fact_nearest(rows[i].wrong);
		CHECK(fact_named(rows[i].wrong) == NULL);
		if (rows[i].meant == NULL)
			CHECK(nearest == NULL);
		else
			CHECK_STR(nearest, rows[i].meant);
	}
	CHECK_INT(text_distance("abc", "acb"), 1);
	CHECK_INT(text_distance("", "abc"), 3);
}

/* A memory and a clock to feed it by. */
static struct memories *memories;

static struct state_facts seen(struct cdr_maker *m, int64_t second)
{
	char iso[ISO_TIME_BYTES];
	struct state_facts state;
	cdr_set(m, CDR_F_START_TIME, iso_time_format(INT64_C(1791298800000) + second * 1000, iso));
	cdr_set(m, CDR_F_ANSWER_TIME, "");
	struct cdr cdr = cdr_made(m);
	struct leg_facts leg;
	leg_facts_derive(&world, &cdr, &leg);
	memories_observe(memories, &cdr, &leg, &state);
	return state;
}

static void call_number(struct cdr_maker *m, int64_t number)
{
	char text[32];
	snprintf(text, sizeof text, "+%lld", (long long)number);
	cdr_set(m, CDR_F_CALLED_NUMBER, text);
}

static void number_call(struct cdr_maker *m, int i)
{
	char text[48];
	snprintf(text, sizeof text, "6a0c2d3e-4f51-4b62-8c73-%012d", i);
	cdr_set(m, CDR_F_CORRELATION_ID, text);
}

TEST(overlap_counts_answered_calls_at_once)
{
	struct cdr_maker m;
	memories = memories_new();
	cdr_outbound(&m);
	cdr_set(&m, CDR_F_DURATION, "600");
	cdr_set(&m, CDR_F_CALLED_NUMBER, "+37125550123");
	number_call(&m, 1);
	CHECK_INT(seen(&m, 0).overlap, 1);
	CHECK_INT(seen(&m, 0).overlap, 1); /* another leg of the same call */
	number_call(&m, 2);
	CHECK_INT(seen(&m, 300).overlap, 2);
	number_call(&m, 3);
	struct state_facts s = seen(&m, 500);
	CHECK_INT(s.overlap, 3);
	CHECK_INT(s.overlap_abroad, 3);
	number_call(&m, 4);
	CHECK_INT(seen(&m, 600 + 500).overlap, 1); /* began when the last ended */
	number_call(&m, 5);
	CHECK_INT(seen(&m, -300).overlap, 2); /* late, and long over */
	cdr_set(&m, CDR_F_ANSWERED, "false");
	number_call(&m, 6);
	CHECK_INT(seen(&m, 550).overlap, 0); /* rang, was not answered */
	cdr_free(&m);
	memories_free(memories);
}

TEST(numbers_in_order_are_a_run_in_whatever_order_they_arrive)
{
	static const int orders[][6] = { { 0, 1, 2, 3, 4, 5 }, { 5, 3, 1, 0, 4, 2 }, { 2, 0, 1, 5, 4, 3 } };
	struct cdr_maker m;
	cdr_outbound(&m);
	cdr_set(&m, CDR_F_DURATION, "3");
	for (size_t o = 0; o < COUNT_OF(orders); o++) {
		memories = memories_new();
		struct state_facts s = { 0 };
		for (int i = 0; i < 6; i++) {
			call_number(&m, INT64_C(576015551000) + orders[o][i] * 2);
			s = seen(&m, orders[o][i] * 100);
		}
		CHECK_INT(s.run, 6);
		CHECK_INT(s.run_failed, 6);
		memories_free(memories);
	}
	cdr_free(&m);
}

TEST(neighbours_out_of_order_or_far_apart_in_time_are_no_run)
{
	struct cdr_maker m;
	memories = memories_new();
	cdr_outbound(&m);
	static const int zigzag[] = { 3, 1, 4, 2, 5, 3 };
	int most = 0;
	for (int i = 0; i < 6; i++) {
		call_number(&m, INT64_C(576015551000) + zigzag[i]);
		most = MAX(most, seen(&m, i * 60).run);
	}
	CHECK_INT(most, 3);
	memories_free(memories);
	memories = memories_new();
	for (int i = 0; i < 6; i++) {
		call_number(&m, INT64_C(576015551000) + i);
		CHECK_INT(seen(&m, i * 4 * 3600).run, 1);
	}
	cdr_free(&m);
	memories_free(memories);
}

TEST(days_known_grow_from_the_first_call)
{
	struct cdr_maker m;
	memories = memories_new();
	cdr_outbound(&m);
	cdr_set(&m, CDR_F_CALLED_NUMBER, "+37125550123");
	struct state_facts s = seen(&m, 0);
	CHECK_INT(s.country_days, 0);
	CHECK_INT(s.watched_days, 0);
	s = seen(&m, 10 * 86400 + 5);
	CHECK_INT(s.country_days, 10);
	CHECK_INT(s.country_user_days, 10);
	CHECK_INT(s.number_days, 10);
	CHECK_INT(s.watched_days, 10);
	cdr_set(&m, CDR_F_USER_UUID, "aaaaaaaa-2f77-4a39-8d0e-6b8f1a2c3d4e");
	s = seen(&m, 10 * 86400 + 9);
	CHECK_INT(s.country_days, 10);
	CHECK_INT(s.country_user_days, 0);
	cdr_set(&m, CDR_F_CALLED_NUMBER, "+576015550199");
	CHECK_INT(seen(&m, 10 * 86400 + 10).country_days, -1); /* domestic: not kept */
	cdr_free(&m);
	memories_free(memories);
}

TEST(one_ring_on_many_lines_is_remembered_until_called_back)
{
	struct cdr_maker in, out;
	memories = memories_new();
	cdr_inbound(&in);
	cdr_set(&in, CDR_F_CALLING_NUMBER, "+37125550123");
	cdr_set(&in, CDR_F_ANSWERED, "false");
	cdr_set(&in, CDR_F_DURATION, "0");
	cdr_set(&in, CDR_F_RING_DURATION, "2");
	for (int i = 0; i < 6; i++) {
		call_number(&in, INT64_C(576015550110) + i * 7);
		number_call(&in, i);
		CHECK_INT(seen(&in, i * 60).wangiri_lines, i + 1);
	}
	cdr_outbound(&out);
	cdr_set(&out, CDR_F_CALLED_NUMBER, "+37125550123");
	CHECK_INT(seen(&out, 7200).wangiri_lines, 6);
	CHECK_INT(seen(&out, 4 * 86400).wangiri_lines, 0); /* forgotten after 3 days */
	cdr_free(&in);
	cdr_free(&out);
	memories_free(memories);
}

TEST(a_hunt_that_rings_many_agents_is_one_call)
{
	struct cdr_maker in;
	memories = memories_new();
	cdr_inbound(&in);
	cdr_set(&in, CDR_F_ANSWERED, "false");
	cdr_set(&in, CDR_F_RING_DURATION, "3");
	for (int i = 0; i < 6; i++) {
		call_number(&in, INT64_C(576015550110) + i);
		CHECK(seen(&in, i).wangiri_lines <= 1);
	}
	cdr_free(&in);
	memories_free(memories);
}

TEST(the_way_in_and_the_way_out_meet_in_either_order)
{
	struct cdr_maker in, out;
	cdr_inbound(&in);
	cdr_set(&in, CDR_F_USER_TYPE, "AutomatedAttendantVideo");
	cdr_outbound(&out);
	cdr_set(&out, CDR_F_CALLED_NUMBER, "+37125550123");
	for (int order = 0; order < 2; order++) {
		memories = memories_new();
		struct state_facts s = seen(order ? &in : &out, 0);
		CHECK((s.seen & (SEEN_IN | SEEN_OUT)) != (SEEN_IN | SEEN_OUT));
		s = seen(order ? &out : &in, 1);
		CHECK((s.seen & (SEEN_IN | SEEN_OUT)) == (SEEN_IN | SEEN_OUT));
		CHECK(s.seen & SEEN_ATTENDANT);
		CHECK(s.seen & SEEN_OUT_ABROAD);
		memories_free(memories);
	}
	cdr_free(&in);
	cdr_free(&out);
}

TEST(memory_is_bounded_whatever_comes)
{
	struct cdr_maker m;
	memories = memories_new();
	cdr_outbound(&m);
	struct cdr cdr = cdr_made(&m);
	struct leg_facts leg;
	struct state_facts state;
	leg_facts_derive(&world, &cdr, &leg);
	leg.flags |= LEG_INTERNATIONAL;
	for (uint64_t i = 1; i < 600000; i++) {
		leg.user_key = i * 0x9E3779B97F4A7C15u | 1;
		leg.called_key = i * 0xD1B54A32D192ED03u | 1;
		leg.correlation_key = i | 1;
		cdr.start_ms += 100;
		memories_observe(memories, &cdr, &leg, &state);
	}
	/* Habits of 131 072 people, services and sites are 60 MB of it, amounts of
	 * 65 536 people 30 MB; nobody has them before there are so many. */
	CHECK(memories_bytes(memories) < (size_t)(24 + 60 + 30) << 20);
	printf("memories: %.1f MB\n", (double)memories_bytes(memories) / (1 << 20));
	cdr_free(&m);
	memories_free(memories);
}

TEST(deriving_is_fast)
{
	struct cdr_maker m;
	cdr_outbound(&m);
	struct cdr cdr = cdr_made(&m);
	struct leg_facts leg;
	struct timespec a, b;
	int64_t sum = 0;
	clock_gettime(CLOCK_MONOTONIC, &a);
	for (int i = 0; i < 200000; i++) {
		cdr.start_ms += 1000;
		leg_facts_derive(&world, &cdr, &leg);
		sum += leg.local_minute;
	}
	clock_gettime(CLOCK_MONOTONIC, &b);
	double ns = ((double)(b.tv_sec - a.tv_sec) * 1e9 + (double)(b.tv_nsec - a.tv_nsec)) / 200000;
	printf("leg_facts_derive: %.0f ns (with three numbers read)\n", ns);
	CHECK(sum > 0);
	cdr_free(&m);
}

int main(int argc, char **argv)
{
	static const struct test tests[] = {
		T(a_plain_national_call_is_outbound_and_nothing_else),
		T(B11_international_is_judged_by_the_number_not_by_webex),
		T(us_canada_and_puerto_rico_are_one),
		T(what_a_trunk_carries_is_outside_whatever_its_call_type),
		T(an_emergency_call_is_never_an_outside_call),
		T(B6_a_queue_that_takes_a_call_is_not_a_person),
		T(a_forwarded_line_is_told_from_a_hunt), T(closed_hours_are_the_sites_not_utc),
		T(a_known_site_brings_its_zone_holidays_and_people),
		T(a_number_nobody_has_is_still_called_from_outside),
		T(transit_by_trunks_has_nobody_of_ours_in_it),
		T(every_fact_has_one_name_and_two_helps), T(facts_are_read_and_printed),
		T(a_misspelt_name_is_met_with_a_suggestion), T(overlap_counts_answered_calls_at_once),
		T(numbers_in_order_are_a_run_in_whatever_order_they_arrive),
		T(neighbours_out_of_order_or_far_apart_in_time_are_no_run),
		T(days_known_grow_from_the_first_call),
		T(one_ring_on_many_lines_is_remembered_until_called_back),
		T(a_hunt_that_rings_many_agents_is_one_call),
		T(the_way_in_and_the_way_out_meet_in_either_order),
		T(memory_is_bounded_whatever_comes), T(deriving_is_fast),
	};
	UNUSED(argc);
	UNUSED(argv);
	struct numbering *numbering = numbering_of_source();
	world.numbering = numbering;
	int failed = 0;
	for (size_t i = 0; i < COUNT_OF(tests); i++) {
		int before = test_failures;
		tests[i].run();
		if (test_failures != before) {
			printf("FAILED %s\n", tests[i].name);
			failed++;
		}
	}
	printf("%d failed\n", failed);
	numbering_free(numbering);
	return failed != 0;
}
