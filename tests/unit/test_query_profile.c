/* SPDX-License-Identifier: Apache-2.0
 *
 * What is known of a person and of a number, from records made by hand: every
 * count is worked out on paper. Now is Wednesday 2026-11-04 17:30 UTC, 12:30 in
 * Bogotá, 10:30 in Denver, where clocks went back on 1 November. */
#include "profile_rig.h"

#define MARTA "5b1f0c6a-2f77-4a39-8d0e-6b8f1a2c3d50"
#define QUEUE "5b1f0c6a-2f77-4a39-8d0e-6b8f1a2c3d52"
#define EVE   "5b1f0c6a-2f77-4a39-8d0e-6b8f1a2c3d53"

/* One record, which is a call: to `number`, or from it when `in`. */
static void call(const char *start, const char *uuid, const char *name, const char *number, int seconds, bool in)
{
	bool denver = strcmp(uuid, DAN) == 0;
	bool abroad = !in && strncmp(number, denver ? "+1" : "+57", denver ? 2 : 3) != 0;
	n_records++;
	text_printf(&records,
	    "{\"Start time\":\"%s\",\"Report ID\":\"2b7e1516-28ae-32a6-ab7f-%012d\",\"Report time\":\"%s\","
	    "\"Correlation ID\":\"6a0c2d3e-4f51-4b62-8c73-%012d\",\"Direction\":\"%s\",\"Call type\":\"%s\","
	    "\"Answered\":\"true\",\"Duration\":%d,\"User type\":\"%s\",\"User\":\"%s\",\"User UUID\":\"%s\","
	    "\"User number\":\"4021\",\"Calling number\":\"%s\",\"Called number\":\"%s\",\"Location\":\"%s\","
	    "\"Site UUID\":\"%s\",\"Site main number\":\"%s\",\"Site timezone\":\"-300\"}\n",
	    start, n_records, start, n_records, in ? "TERMINATING" : "ORIGINATING",
	    in ? "SIP_INBOUND" : abroad ? "SIP_INTERNATIONAL" : "SIP_NATIONAL", seconds,
	    strcmp(uuid, QUEUE) == 0 ? "CallQueue" : "User", name, uuid, in ? number : "4021", in ? "4021" : number,
	    denver ? "Denver" : "Colombia", denver ? DENVER : BOGOTA, denver ? "+13035550100" : "+576015550100");
}

/* Two sites, and those who work there: a queue is nobody. */
static void tell_directory(struct store *store)
{
	struct fault fault;
	struct directory *directory = directory_new();
	char bogota[] = BOGOTA, denver[] = DENVER, extension[] = "4021";
	add_two_sites(directory);
	char people[5][40] = { ANA, LUIS, MARTA, DAN, EVE };
	char called[5][16] = { "Ana Bernal", "Luis Duarte", "Marta Peña", "Dan Ruiz", "Eve" };
	for (int i = 0; i < 5; i++)
		add_person(directory, people[i], called[i], i == 3 ? denver : bogota, extension);
	REQUIRE(directory_rows_write(store, directory, &fault));
	directory_free(directory);
}

/* Ana: every weekday of four weeks at ten o'clock to the same colleague's
 * supplier; on Tuesdays thrice. Since Monday also to Latvia. */
static void anas_weeks(void)
{
	for (int ago = 30; ago >= 1; ago--) {
		char start[ISO_TIME_BYTES];
		int64_t day = civil_to_ms(2026, 11, 4, 15, 5, 0, 0) - ago * DAY_MS; /* 10:05 in Bogotá */
		struct civil civil;
		civil_from_ms(day, &civil);
		if (civil.weekday == 0 || civil.weekday == 6)
			continue;
		for (int k = 0; k < (civil.weekday == 2 ? 3 : 1); k++)
			call(iso_time_format(day + k * MINUTE_MS, start), ANA, "Ana Bernal", "+576015550199", 60, false);
	}
	call("2026-11-02T16:00:00.000Z", ANA, "Ana Bernal", "+37125550123", 300, false);
	call("2026-11-04T15:00:00.000Z", ANA, "Ana Bernal", "+37125550123", 300, false);
	call("2026-11-04T16:59:59.000Z", ANA, "Ana Bernal", "+37125550123", 600, false);
	call("2026-11-04T17:10:00.000Z", ANA, "Ana Bernal", "+576015557777", 30, true);
}

TEST(a_week_of_a_person_is_hours_by_weekdays)
{
	struct store *store = fresh();
	tell_directory(store);
	anas_weeks();
	import_all(store, false);
	struct profile p = profile_of(store, SUBJECT_PERSON, ANA);
	CHECK_STR(p.name, "Ana Bernal");
	CHECK_STR(p.number, "4021");
	CHECK_STR(p.site, "Colombia");
	CHECK_STR(p.zone_name, "America/Bogota");
	CHECK_INT(p.utc_offset_minutes, -300);
	CHECK(!p.past);
	CHECK_INT(p.as_of_ms, NOW);
	CHECK_INT(p.weekday, 2);
	CHECK_INT(p.hour, 12);
	CHECK_INT(p.known_days, 28);
	for (int weekday = 0; weekday < 7; weekday++)
		CHECK_INT(p.weekdays[weekday], 4);
	CHECK_INT(p.first_ms, civil_to_ms(2026, 10, 5, 15, 5, 0, 0)); /* 30 days ago was a Monday */
	CHECK_INT(p.last_ms, civil_to_ms(2026, 11, 4, 17, 10, 0, 0));
	CHECK_INT(p.by_hour[0][10], 4);
	CHECK_INT(p.by_hour[0][11], 1); /* Latvia on Monday */
	CHECK_INT(p.by_hour[1][10], 12);
	CHECK_INT(p.by_hour[2][10], 4);
	CHECK_INT(p.by_hour[4][10], 4);
	CHECK_INT(sum(p.by_hour[5], 24) + sum(p.by_hour[6], 24), 0);
	CHECK_INT(sum(&p.by_hour[0][0], 7 * 24), 4 * (1 + 3 + 1 + 1 + 1) + 1);
	/* Today beside it. */
	CHECK_INT(p.today[10], 1);
	CHECK_INT(p.today[11], 1);
	CHECK_INT(p.today[12], 1);
	CHECK_INT(sum(p.today, 24), 3);
	CHECK_INT(p.usual_milli[10], 1000);
	CHECK_INT(p.usual_milli[11], 0);
	/* By the day: yesterday was Tuesday, the day before Monday. */
	CHECK_INT(p.days[13].n_calls, 3);
	CHECK_INT(p.days[13].talk_s, 300 + 600 + 30);
	CHECK_INT(p.days[13].n_abroad, 2);
	CHECK(p.days[13].cost_micro > 0);
	CHECK_INT(p.days[12].n_calls, 3);
	CHECK_INT(p.days[12].n_abroad, 0);
	CHECK_INT(p.days[11].n_calls, 2);
	CHECK_INT(p.days[11].n_abroad, 1);
	CHECK_INT(p.days[10].n_calls, 0);
	store_close(store);
}

TEST(who_is_called_first_and_what_is_new)
{
	struct store *store = fresh();
	tell_directory(store);
	anas_weeks();
	import_all(store, false);
	struct profile p = profile_of(store, SUBJECT_PERSON, ANA);
	REQUIRE(p.n_contacts == 3);
	CHECK_INT(p.n_contacts_all, 3);
	CHECK_STR(p.contacts[0].id, "+576015550199");
	CHECK_INT(p.contacts[0].n_out, 4 * 7);
	CHECK_INT(p.contacts[0].n_in, 0);
	CHECK_INT(p.contacts[0].first_ms, p.first_ms); /* before these four weeks, and it is known */
	CHECK(!p.contacts[0].is_new);
	CHECK_STR(p.contacts[1].id, "+37125550123");
	CHECK_STR(p.contacts[1].country, "LV");
	CHECK_INT(p.contacts[1].n_out, 3);
	CHECK_INT(p.contacts[1].talk_s, 1200);
	CHECK_INT(p.contacts[1].first_ms, civil_to_ms(2026, 11, 2, 16, 0, 0, 0));
	CHECK(p.contacts[1].is_new);
	CHECK_STR(p.contacts[2].id, "+576015557777");
	CHECK_INT(p.contacts[2].n_in, 1);
	REQUIRE(p.n_countries == 2);
	CHECK_STR(p.countries[0].country, "CO");
	CHECK_INT(p.countries[0].n_calls, 28);
	CHECK(!p.countries[0].is_new);
	CHECK_STR(p.countries[1].country, "LV");
	CHECK(p.countries[1].is_new);
	REQUIRE(p.n_recent == 30);
	CHECK_STR(p.recent[0].far_number, "+576015557777");
	CHECK_STR(p.recent[1].far_number, "+37125550123");
	for (size_t i = 1; i < p.n_recent; i++)
		CHECK(p.recent[i].start_ms < p.recent[i - 1].start_ms);
	store_close(store);
}

TEST(a_place_among_colleagues)
{
	struct store *store = fresh();
	tell_directory(store);
	for (int i = 0; i < 20; i++) {
		char start[ISO_TIME_BYTES];
		int64_t at = civil_to_ms(2026, 11, 2, 14, i, 0, 0);
		call(iso_time_format(at, start), ANA, "Ana Bernal", i < 9 ? "+37125550123" : "+576015550199", 60, false);
		if (i < 5)
			call(iso_time_format(at, start), LUIS, "Luis Duarte", i < 1 ? "+37125550123" : "+576015550199", 60, false);
		if (i < 1)
			call(iso_time_format(at, start), MARTA, "Marta Peña", "+576015550199", 60, false);
		call(iso_time_format(at, start), DAN, "Dan Ruiz", "+573105550100", 60, false);
		call(iso_time_format(at, start), QUEUE, "Cola Ventas", "+576015550199", 60, true);
		call(iso_time_format(at + MINUTE_MS, start), QUEUE, "Cola Ventas", "+576015550199", 60, true);
	}
	import_all(store, false);
	struct profile p = profile_of(store, SUBJECT_PERSON, ANA);
	CHECK_INT(p.calls.n, 2); /* neither the queue nor Denver */
	CHECK_INT(p.calls.days, 28);
	CHECK_INT(p.calls.own, 20);
	CHECK_INT(p.calls.most, 20);
	CHECK_INT(p.calls.own_bucket, 9);
	CHECK_INT(p.calls.n_below, 2);
	CHECK_INT(p.calls.buckets[0], 1);
	CHECK_INT(p.calls.buckets[2], 1);
	CHECK_INT(p.calls.buckets[9], 1);
	CHECK_INT(sum(p.calls.buckets, PROFILE_BUCKETS), 3);
	CHECK_INT(p.abroad.own, 9);
	CHECK_INT(p.abroad.n_below, 2);
	CHECK_INT(p.abroad.own_bucket, 9);
	CHECK_INT(p.abroad.buckets[0], 1);
	CHECK_INT(p.abroad.buckets[1], 1);
	p = profile_of(store, SUBJECT_PERSON, LUIS);
	CHECK_INT(p.calls.own, 5);
	CHECK_INT(p.calls.n_below, 1);
	CHECK_INT(p.calls.own_bucket, 2);
	CHECK_INT(p.abroad.own, 1);
	/* A queue is called a service and has no colleagues. */
	p = profile_of(store, SUBJECT_PERSON, QUEUE);
	CHECK_INT(p.kind, SUBJECT_SERVICE);
	CHECK_STR(p.name, "Cola Ventas");
	CHECK_INT(p.calls.n, 0);
	CHECK_INT(p.days[11].n_calls, 40);
	/* To Colombia is abroad for Denver. */
	p = profile_of(store, SUBJECT_PERSON, DAN);
	CHECK_INT(p.abroad.own, 20);
	CHECK_INT(p.abroad.n, 0);
	CHECK_INT(p.days[11].n_abroad, 20);
	/* Who has not called at all stands among them too. */
	p = profile_of(store, SUBJECT_PERSON, EVE);
	CHECK_STR(p.name, "Eve");
	CHECK_STR(p.site, "Colombia");
	CHECK_INT(p.first_ms, 0);
	CHECK_INT(p.known_days, 0);
	CHECK_INT(p.n_recent, 0);
	CHECK_INT(sum(&p.by_hour[0][0], 7 * 24), 0);
	store_close(store);
}

TEST(hours_are_those_of_the_site_also_when_clocks_change)
{
	struct store *store = fresh();
	tell_directory(store);
	call("2026-10-30T15:30:00.000Z", DAN, "Dan Ruiz", "+13035550144", 60, false); /* Friday 09:30, MDT */
	call("2026-11-02T16:30:00.000Z", DAN, "Dan Ruiz", "+13035550144", 60, false); /* Monday 09:30, MST */
	call("2026-10-31T05:59:59.000Z", DAN, "Dan Ruiz", "+13035550144", 60, false); /* Friday 23:59:59 */
	call("2026-10-31T06:00:00.000Z", DAN, "Dan Ruiz", "+13035550144", 60, false); /* Saturday 00:00 */
	call("2026-11-04T06:59:59.000Z", DAN, "Dan Ruiz", "+13035550144", 60, false); /* Tuesday 23:59:59 */
	call("2026-11-04T07:00:00.000Z", DAN, "Dan Ruiz", "+13035550144", 60, false); /* today 00:00 */
	call("2026-11-04T17:30:01.000Z", DAN, "Dan Ruiz", "+13035550144", 60, false); /* not yet */
	import_all(store, false);
	struct profile p = profile_of(store, SUBJECT_PERSON, DAN);
	CHECK_STR(p.zone_name, "America/Denver");
	CHECK_INT(p.utc_offset_minutes, -420);
	CHECK_INT(p.hour, 10);
	CHECK_INT(p.by_hour[4][9], 1);
	CHECK_INT(p.by_hour[0][9], 1);
	CHECK_INT(p.by_hour[4][23], 1);
	CHECK_INT(p.by_hour[5][0], 1);
	CHECK_INT(p.by_hour[1][23], 1);
	CHECK_INT(p.today[0], 1);
	CHECK_INT(sum(p.today, 24), 1);
	CHECK_INT(sum(&p.by_hour[0][0], 7 * 24), 5);
	CHECK_INT(p.days[12].n_calls, 1);
	CHECK_INT(p.days[13].n_calls, 1);
	/* Known since Friday: five days, of which one was a Tuesday, none a Thursday. */
	CHECK_INT(p.known_days, 5);
	CHECK_INT(p.weekdays[1], 1);
	CHECK_INT(p.weekdays[3], 0);
	CHECK(!p.contacts[0].is_new); /* everything is, to a newcomer */
	store_close(store);
}

/* Records of a month ago are looked at as they were then. */
TEST(a_store_of_long_ago_has_a_today_of_its_own)
{
	struct store *store = fresh();
	tell_directory(store);
	call("2026-09-29T14:00:00.000Z", ANA, "Ana Bernal", "+576015550199", 60, false);
	call("2026-10-06T14:00:00.000Z", ANA, "Ana Bernal", "+576015550199", 60, false);
	call("2026-10-06T15:30:00.000Z", LUIS, "Luis Duarte", "+576015550199", 60, false);
	import_all(store, false);
	struct profile p = profile_of(store, SUBJECT_PERSON, ANA);
	CHECK(p.past);
	CHECK_INT(p.as_of_ms, civil_to_ms(2026, 10, 6, 15, 30, 0, 0));
	CHECK_INT(p.weekday, 1);
	CHECK_INT(p.hour, 10);
	CHECK_INT(p.today[9], 1);
	CHECK_INT(p.by_hour[1][9], 1);
	CHECK_INT(p.usual_milli[9], 1000);
	CHECK_INT(p.known_days, 7);
	CHECK_INT(p.calls.n, 1);
	store_close(store);
}

/* A week is all that is known of many a store: what is from today stands out. */
TEST(what_came_in_the_last_quarter_of_a_week_is_new)
{
	struct store *store = fresh();
	tell_directory(store);
	call("2026-10-28T14:00:00.000Z", ANA, "Ana Bernal", "+576015550199", 60, false);
	call("2026-11-02T14:00:00.000Z", ANA, "Ana Bernal", "+576015550198", 60, false);
	call("2026-11-04T14:00:00.000Z", ANA, "Ana Bernal", "+37125550123", 60, false);
	import_all(store, false);
	struct profile p = profile_of(store, SUBJECT_PERSON, ANA);
	REQUIRE(p.n_contacts == 3);
	CHECK_STR(p.contacts[0].id, "+37125550123");
	CHECK(p.contacts[0].is_new);
	CHECK(!p.contacts[1].is_new);
	CHECK(!p.contacts[2].is_new);
	CHECK(p.countries[1].is_new);
	store_close(store);
}

TEST(a_number_and_our_people_who_talk_with_it)
{
	struct store *store = fresh();
	tell_directory(store);
	call("2026-10-20T14:00:00.000Z", ANA, "Ana Bernal", "+37125550123", 60, false);
	call("2026-11-03T14:00:00.000Z", ANA, "Ana Bernal", "+37125550123", 90, false);
	call("2026-11-03T15:00:00.000Z", LUIS, "Luis Duarte", "+37125550123", 30, true);
	call("2026-11-04T15:00:00.000Z", ANA, "Ana Bernal", "+37125550124", 30, false);
	import_all(store, false);
	struct profile p = profile_of(store, SUBJECT_NUMBER, "+37125550123");
	CHECK_STR(p.id, "+37125550123");
	CHECK_STR(p.country, "LV");
	CHECK_STR(p.name, "");
	CHECK_STR(p.site, "Colombia");
	CHECK_INT(p.first_ms, civil_to_ms(2026, 10, 20, 14, 0, 0, 0));
	CHECK_INT(p.known_days, 15);
	CHECK_INT(p.by_hour[1][9], 2);
	CHECK_INT(p.by_hour[1][10], 1);
	CHECK_INT(p.calls.n, 0);
	REQUIRE(p.n_contacts == 2);
	CHECK_STR(p.contacts[0].id, ANA);
	CHECK_STR(p.contacts[0].name, "Ana Bernal");
	CHECK_INT(p.contacts[0].n_out, 2);
	CHECK_INT(p.contacts[0].talk_s, 150);
	CHECK(!p.contacts[0].is_new);
	CHECK_STR(p.contacts[1].name, "Luis Duarte");
	CHECK_INT(p.contacts[1].n_in, 1);
	CHECK_INT(p.contacts[1].first_ms, civil_to_ms(2026, 11, 3, 15, 0, 0, 0));
	CHECK(p.contacts[1].is_new);
	CHECK_INT(p.n_recent, 3);
	CHECK_INT(p.n_countries, 0);
	store_close(store);
}

TEST(without_a_directory_records_say_who_and_where)
{
	struct store *store = fresh();
	call("2026-11-03T14:00:00.000Z", ANA, "\\u001b[31m\\u202eanA\\u0000", "+37125550123", 60, false);
	import_all(store, false);
	struct profile p = profile_of(store, SUBJECT_PERSON, ANA);
	for (const char *c = p.name; *c != '\0'; c++) /* as it is stored, and that is printable */
		CHECK((unsigned char)*c >= ' ');
	CHECK(strstr(p.name, "anA") != NULL);
	CHECK_STR(p.site, "Colombia");
	CHECK_STR(p.zone_name, "");
	CHECK_INT(p.by_hour[1][14], 1); /* UTC, for lack of a zone */
	CHECK_INT(p.days[12].n_abroad, 1);
	store_close(store);
}

TEST(without_a_zone_the_last_record_says_how_far_from_utc)
{
	struct store *store = fresh();
	call("2026-11-03T03:30:00.000Z", ANA, "Ana", "+37125550123", 60, false);
	import_all(store, true);
	struct profile p = profile_of(store, SUBJECT_PERSON, ANA);
	CHECK_STR(p.zone_name, PROFILE_FIXED_ZONE "+5");
	CHECK_INT(p.utc_offset_minutes, -300);
	CHECK_INT(p.by_hour[0][22], 1); /* Monday evening in Bogotá */
	p = profile_of(store, SUBJECT_NUMBER, "+37125550123");
	CHECK_INT(p.by_hour[0][22], 1);
	store_close(store);
	/* Half hours and nonsense are no zone. */
	static const char *const others[] = { "-330", "0", "99999", "" };
	for (size_t i = 0; i < COUNT_OF(others); i++) {
		store = fresh();
		call("2026-11-03T14:00:00.000Z", ANA, "Ana", "+37125550123", 60, false);
		char *at = strstr(records.bytes, "\"-300\"");
		struct text changed = { 0 };
		text_add(&changed, records.bytes, (size_t)(at - records.bytes));
		text_printf(&changed, "\"%s\"%s", others[i], at + strlen("\"-300\""));
		text_clear(&records);
		records = changed;
		import_all(store, true);
		p = profile_of(store, SUBJECT_PERSON, ANA);
		CHECK_STR(p.zone_name, "");
		CHECK_INT(p.by_hour[1][14], 1);
		store_close(store);
	}
}

TEST(of_nobody_nothing_is_known_and_that_is_no_fault)
{
	struct store *store = fresh();
	struct profile p = profile_of(store, SUBJECT_PERSON, "nobody");
	CHECK_STR(p.id, "nobody");
	CHECK_INT(p.n_recent + p.n_alerts + p.n_contacts, 0);
	p = profile_of(store, SUBJECT_NUMBER, "'; DROP TABLE calls; --");
	CHECK_INT(p.last_ms, 0);
	call("2026-11-03T14:00:00.000Z", ANA, "Ana Bernal", "+37125550123", 60, false);
	import_all(store, false);
	p = profile_of(store, SUBJECT_PERSON, "");
	CHECK_INT(p.n_recent, 0);
	p = profile_of(store, SUBJECT_NUMBER, "+1");
	CHECK_INT(p.n_recent, 0);
	store_close(store);
}

/* An attendant of a big house: what is read is bounded, and what was not read is not called silence. */
TEST(of_very_many_calls_fewer_days_are_known)
{
	struct store *store = fresh();
	tell_directory(store);
	char start[ISO_TIME_BYTES];
	for (int i = 0; i < 20100; i++)
		call(iso_time_format(civil_to_ms(2026, 11, 4, 5, 30, 0, 0) + i * 2 * SECOND_MS, start), QUEUE, "Cola Ventas", "+576015550199", 5, true);
	for (int day = 1; day < 4; day++)
		call(iso_time_format(civil_to_ms(2026, 11, day, 15, 0, 0, 0), start), QUEUE, "Cola Ventas", "+576015550199", 5, true);
	import_all(store, false);
	struct profile p = profile_of(store, SUBJECT_SERVICE, QUEUE);
	CHECK_INT(sum(p.today, 24), 20100);
	CHECK_INT(p.known_days, 0);
	CHECK_INT(sum(p.usual_milli, 24), 0);
	CHECK_INT(p.first_ms, civil_to_ms(2026, 11, 1, 15, 0, 0, 0));
	CHECK_INT(p.n_recent, 30);
	store_close(store);
}

TEST(alerts_of_the_subject_newest_first_closed_ones_too)
{
	struct store *store = fresh();
	struct fault fault;
	call("2026-11-03T14:00:00.000Z", ANA, "Ana Bernal", "+37125550123", 60, false);
	import_all(store, false);
	for (int i = 0; i < 3; i++) {
		struct page *page = page_new();
		struct evidence evidence = { .leg_id = 0 };
		REQUIRE(db_ask_int(&store->db, "SELECT min(id) FROM legs", 0, &evidence.leg_id, &fault));
		page->now_ms = NOW;
		page->findings.items = arena_zalloc(&page->arena, sizeof *page->findings.items);
		page->findings.n = 1;
		page->findings.items[0] = (struct finding){ .rule = "r", .title_en = "T", .title_es = "T",
			.severity = SEVERITY_HIGH, .score = 50 + 10 * i, .subject_id = i == 1 ? LUIS : ANA,
			.subject_name = "Ana", .location = "", .fingerprint = (uint64_t)i + 1, .first_ms = 1,
			.last_ms = 1, .raised_ms = 2 + i, .evidence = &evidence, .n_evidence = 1 };
		REQUIRE(store_commit_page(store, page, NULL, &fault));
		page_free(page);
	}
	REQUIRE(db_exec(&store->db, "UPDATE alerts SET rank = 0, state = 3, resolution = 3 WHERE score = 70", &fault));
	struct profile p = profile_of(store, SUBJECT_PERSON, ANA);
	REQUIRE(p.n_alerts == 2);
	CHECK_INT(p.alerts[0].score, 70);
	CHECK_INT(p.alerts[0].state, ALERT_CLOSED);
	CHECK_INT(p.alerts[0].resolution, RESOLUTION_FALSE_POSITIVE);
	CHECK_INT(p.alerts[1].score, 50);
	CHECK_INT(p.n_open, 1);
	CHECK_INT(p.highest_open, 50);
	store_close(store);
}

TEST(the_folder_is_taken_away_again)
{
	take_folder_away();
}

TESTS(T(a_week_of_a_person_is_hours_by_weekdays), T(who_is_called_first_and_what_is_new), T(a_place_among_colleagues),
    T(hours_are_those_of_the_site_also_when_clocks_change), T(a_store_of_long_ago_has_a_today_of_its_own),
    T(what_came_in_the_last_quarter_of_a_week_is_new),
    T(a_number_and_our_people_who_talk_with_it),
    T(without_a_directory_records_say_who_and_where), T(without_a_zone_the_last_record_says_how_far_from_utc), T(of_nobody_nothing_is_known_and_that_is_no_fault),
    T(of_very_many_calls_fewer_days_are_known), T(alerts_of_the_subject_newest_first_closed_ones_too), T(the_folder_is_taken_away_again))
