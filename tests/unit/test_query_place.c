/* SPDX-License-Identifier: Apache-2.0
 *
 * What is known of a site, a trunk and a device, from records made by hand:
 * every count is worked out on paper. */
#include "profile_rig.h"

#define PHONE "A1B2C3D4E5F6"

struct made {
	const char *start, *uuid, *number; /* who, and the other end */
	int seconds;
	bool in;
	const char *trunk_in, *trunk_out, *mac, *redirect, *site; /* NULL: none, "Colombia" */
	int call; /* of which call it is a leg; 0: one by itself */
	bool elsewhere; /* at the other site */
};

static const char *given(const char *text)
{
	return text != NULL ? text : "";
}

static void record(struct made m)
{
	bool denver = strcmp(m.uuid, DAN) == 0;
	bool abroad = !m.in && strncmp(m.number, denver ? "+1" : "+57", denver ? 2 : 3) != 0;
	char end[ISO_TIME_BYTES];
	int64_t start_ms;
	REQUIRE(iso_time_parse(m.start, strlen(m.start), &start_ms));
	n_records++;
	text_printf(&records,
	    "{\"Start time\":\"%s\",\"Answer time\":\"%s\",\"Release time\":\"%s\",\"Report ID\":\"2b7e1516-28ae-32a6-ab7f-%012d\",\"Report time\":\"%s\","
	    "\"Correlation ID\":\"6a0c2d3e-4f51-4b62-8c73-%012d\",\"Direction\":\"%s\",\"Call type\":\"%s\","
	    "\"Answered\":\"true\",\"Duration\":%d,\"User type\":\"User\",\"User\":\"%s\",\"User UUID\":\"%s\","
	    "\"User number\":\"4021\",\"Calling number\":\"%s\",\"Called number\":\"%s\",\"Location\":\"%s\","
	    "\"Site UUID\":\"%s\",\"Site main number\":\"%s\",\"Site timezone\":\"-300\",\"Inbound trunk\":\"%s\","
	    "\"Outbound trunk\":\"%s\",\"Device MAC\":\"%s\",\"Model\":\"%s\",\"Device owner UUID\":\"%s\",\"Related reason\":\"%s\",\"Redirect reason\":\"%s\"}\n",
	    m.start, m.start, iso_time_format(start_ms + m.seconds * SECOND_MS, end), n_records, m.start, m.call != 0 ? 900000 + m.call : n_records,
	    m.in ? "TERMINATING" : "ORIGINATING", m.in ? "SIP_INBOUND" : abroad ? "SIP_INTERNATIONAL" : "SIP_NATIONAL", m.seconds,
	    denver ? "Dan Ruiz" : strcmp(m.uuid, ANA) == 0 ? "Ana Bernal" : "Luis Duarte", m.uuid, m.in ? m.number : "4021", m.in ? "4021" : m.number,
	    m.site != NULL ? m.site : denver ? "Denver" : "Colombia", denver || m.elsewhere ? DENVER : BOGOTA, denver ? "+13035550100" : "+576015550100",
	    given(m.trunk_in), given(m.trunk_out), given(m.mac), m.mac != NULL ? "9851" : "", m.mac != NULL ? LUIS : "", given(m.redirect), given(m.redirect));
}

static struct store *stored(bool with_directory)
{
	struct store *store = fresh();
	struct fault fault;
	if (with_directory) {
		struct directory *directory = directory_new();
		add_two_sites(directory);
		add_person(directory, (char[]){ LUIS }, (char[]){ "Luis Duarte" }, (char[]){ BOGOTA }, (char[]){ "" });
		REQUIRE(directory_rows_write(store, directory, &fault));
		directory_free(directory);
	}
	import_all(store, true);
	return store;
}

/* An alert for each of them, as a page of findings brings them. */
static void raise_alert(struct store *store, enum subject_kind kind, const char *id, const char *location, int score)
{
	struct page *page = page_new();
	struct evidence evidence = { .leg_id = 0 };
	struct fault fault;
	REQUIRE(db_ask_int(&store->db, "SELECT min(id) FROM legs", 0, &evidence.leg_id, &fault));
	page->now_ms = NOW;
	page->findings.items = arena_zalloc(&page->arena, sizeof *page->findings.items);
	page->findings.n = 1;
	page->findings.items[0] = (struct finding){ .rule = "r", .title_en = "T", .title_es = "T", .severity = SEVERITY_HIGH, .score = score,
		.subject_kind = kind, .subject_id = id, .subject_name = id, .location = location, .fingerprint = (uint64_t)score, .first_ms = 1,
		.last_ms = 1, .raised_ms = score, .evidence = &evidence, .n_evidence = 1 };
	REQUIRE(store_commit_page(store, page, NULL, &fault));
	page_free(page);
}

/* Two weeks of one national call a weekday by Luis; today Ana calls Latvia
 * thrice, two of them at a time, and is called once. Denver calls too. */
static void two_weeks(void)
{
	for (int ago = 14; ago >= 1; ago--) {
		char start[ISO_TIME_BYTES];
		int64_t day = civil_to_ms(2026, 11, 4, 15, 5, 0, 0) - ago * DAY_MS; /* 10:05 in Bogotá */
		struct civil civil;
		civil_from_ms(day, &civil);
		if (civil.weekday != 0 && civil.weekday != 6)
			record((struct made){ iso_time_format(day, start), LUIS, "+576015550199", 60, .trunk_out = "GW_Bogota", .mac = PHONE });
	}
	record((struct made){ "2026-11-04T15:00:00.000Z", ANA, "+37125550123", 300, .trunk_out = "GW_Bogota" });
	record((struct made){ "2026-11-04T15:01:00.000Z", ANA, "+37125550123", 300, .trunk_out = "GW_Bogota", .redirect = "Unconditional" });
	record((struct made){ "2026-11-04T15:05:00.000Z", ANA, "+37125550124", 60, .trunk_out = "GW_Bogota" });
	record((struct made){ "2026-11-04T16:10:00.000Z", ANA, "+576015557777", 30, .in = true, .trunk_in = "GW_Bogota", .mac = PHONE });
	record((struct made){ "2026-11-04T16:30:00.000Z", DAN, "+13035550199", 600, .in = false });
}

TEST(a_site_is_the_calls_of_its_people)
{
	two_weeks();
	struct store *store = stored(true);
	struct profile p = profile_of(store, SUBJECT_SITE, BOGOTA);
	CHECK_STR(p.name, "Colombia");
	CHECK_STR(p.zone_name, "America/Bogota");
	CHECK_INT(p.last_ms, civil_to_ms(2026, 11, 4, 16, 10, 0, 0));
	CHECK_INT(p.first_ms, civil_to_ms(2026, 10, 21, 15, 0, 0, 0)); /* the hour of it */
	CHECK_INT(p.known_days, 14);
	CHECK_INT(p.counted_days, 14);
	CHECK(!p.cut);
	for (int weekday = 0; weekday < 5; weekday++)
		CHECK_INT(p.by_hour[weekday][10], 2);
	CHECK_INT(sum(&p.by_hour[0][0], 7 * 24), 10);
	CHECK_INT(p.today[10], 3);
	CHECK_INT(p.today[11], 1);
	CHECK_INT(p.usual_milli[10], 1000);
	CHECK_INT(p.days[13].n_calls, 4);
	CHECK_INT(p.days[13].n_abroad, 3);
	CHECK_INT(p.days[13].talk_s, 690);
	CHECK(p.days[13].cost_micro > 0);
	CHECK_INT(p.days[12].n_calls, 1);
	CHECK_INT(p.n_by_direction[CALL_OUTBOUND], 13);
	CHECK_INT(p.n_by_direction[CALL_INBOUND], 1);
	CHECK(p.cost_all_micro >= p.days[13].cost_micro);
	CHECK_INT(p.load_today.most, 2);
	CHECK_INT(p.load_today.at_ms, civil_to_ms(2026, 11, 4, 15, 1, 0, 0));
	CHECK_INT(p.load_before.most, 1);
	REQUIRE(p.n_contacts == 2);
	CHECK_STR(p.contacts[0].id, ANA); /* costs most */
	CHECK_INT(p.contacts[0].n_today, 4);
	CHECK_INT(p.contacts[0].n_abroad, 3);
	CHECK_STR(p.contacts[1].name, "Luis Duarte");
	CHECK_INT(p.contacts[1].n_today, 0);
	REQUIRE(p.n_countries == 2);
	CHECK_STR(p.countries[0].country, "CO");
	CHECK_STR(p.countries[1].country, "LV");
	CHECK(p.countries[1].is_new);
	CHECK_INT(p.n_forwards_all, 1);
	REQUIRE(p.n_forwards == 1);
	CHECK_STR(p.forwards[0].far_number, "+37125550123");
	CHECK_INT(p.n_recent, 14);
	CHECK_INT(p.recent[0].direction, CALL_INBOUND);
	/* Who forwards, and to where, is known of them too. */
	p = profile_of(store, SUBJECT_PERSON, ANA);
	CHECK_INT(p.n_forwards_all, 1);
	p = profile_of(store, SUBJECT_PERSON, LUIS);
	CHECK_INT(p.n_forwards_all, 0);
	p = profile_of(store, SUBJECT_NUMBER, "+37125550123");
	CHECK_INT(p.n_forwards_all, 1);
	REQUIRE(p.n_forwards == 1);
	CHECK_STR(p.forwards[0].user_name, "Ana Bernal");
	p = profile_of(store, SUBJECT_SITE, "Denver"); /* by its name, too */
	CHECK_STR(p.zone_name, "America/Denver");
	CHECK_INT(p.today[9], 1);
	CHECK_INT(p.n_contacts, 1);
	CHECK_INT(p.days[13].n_abroad, 0);
	store_close(store);
}

TEST(a_site_has_the_calls_of_the_names_it_had)
{
	record((struct made){ "2026-11-02T15:00:00.000Z", ANA, "+576015550199", 60, .site = "PoC Banco" });
	record((struct made){ "2026-11-04T15:00:00.000Z", ANA, "+576015550199", 60, .in = false });
	struct store *store = stored(true);
	raise_alert(store, SUBJECT_PERSON, ANA, "PoC Banco", 60);
	static const char *const ids[] = { BOGOTA, "Colombia", "PoC Banco" };
	for (size_t i = 0; i < COUNT_OF(ids); i++) {
		struct profile p = profile_of(store, SUBJECT_SITE, ids[i]);
		CHECK_STR(p.name, "Colombia");
		CHECK_INT(p.n_recent, 2);
		CHECK_INT(p.by_hour[0][10], 1);
		CHECK_INT(p.n_open, 1);
	}
	store_close(store);
}

TEST(who_has_open_alerts_stands_out_before_who_costs_most)
{
	two_weeks();
	struct store *store = stored(true);
	raise_alert(store, SUBJECT_PERSON, LUIS, "Colombia", 70);
	raise_alert(store, SUBJECT_TRUNK, "GW_Bogota", "Colombia", 80);
	raise_alert(store, SUBJECT_PERSON, DAN, "Denver", 90);
	struct profile p = profile_of(store, SUBJECT_SITE, BOGOTA);
	CHECK_STR(p.contacts[0].id, LUIS);
	CHECK_INT(p.contacts[0].score, 70);
	CHECK_INT(p.contacts[1].score, 0);
	CHECK_INT(p.n_open, 2); /* whoever they are about */
	CHECK_INT(p.highest_open, 80);
	REQUIRE(p.n_alerts == 2);
	CHECK_INT(p.alerts[0].score, 80);
	p = profile_of(store, SUBJECT_TRUNK, "GW_Bogota");
	CHECK_INT(p.n_alerts, 1);
	CHECK_STR(p.contacts[0].id, LUIS);
	store_close(store);
}

TEST(a_trunk_has_what_came_in_and_what_went_out_by_it)
{
	two_weeks();
	/* In by one trunk and out by another: a call of both. */
	record((struct made){ "2026-11-04T17:00:00.000Z", LUIS, "+576015557777", 90, .in = true, .trunk_in = "GW_Cali", .call = 7 });
	record((struct made){ "2026-11-04T17:00:01.000Z", LUIS, "+37125550123", 90, .trunk_out = "GW_Bogota", .redirect = "Unconditional", .call = 7 });
	struct store *store = stored(true);
	struct profile p = profile_of(store, SUBJECT_TRUNK, "GW_Bogota");
	CHECK_STR(p.name, "GW_Bogota");
	CHECK_STR(p.site, "Colombia"); /* where it was last met */
	CHECK_STR(p.zone_name, "America/Bogota");
	CHECK_INT(sum(p.today, 24), 5);
	CHECK_INT(sum(&p.by_hour[0][0], 7 * 24), 10);
	CHECK_INT(p.known_days, 14);
	CHECK_INT(p.days[13].n_abroad, 4);
	CHECK_INT(p.n_contacts, 2);
	CHECK_INT(p.n_forwards_all, 2);
	p = profile_of(store, SUBJECT_TRUNK, "GW_Cali");
	CHECK_INT(sum(p.today, 24), 1);
	CHECK_INT(p.recent[0].direction, CALL_TRANSIT);
	CHECK_INT(p.n_by_direction[CALL_TRANSIT], 1);
	store_close(store);
}

TEST(a_trunk_of_a_call_over_midnight_is_found)
{
	record((struct made){ "2026-11-03T23:59:58.000Z", LUIS, "+576015557777", 90, .in = true, .trunk_in = "GW_Cali", .call = 7 });
	record((struct made){ "2026-11-04T00:00:03.000Z", LUIS, "+37125550123", 90, .trunk_out = "GW_Bogota", .call = 7 });
	struct store *store = stored(true);
	struct profile p = profile_of(store, SUBJECT_TRUNK, "GW_Bogota");
	CHECK_INT(p.n_recent, 1);
	CHECK_INT(p.days[12].n_calls, 1);
	store_close(store);
}

TEST(a_device_has_the_calls_that_were_made_with_it)
{
	two_weeks();
	/* One call, twice by the same phone. */
	record((struct made){ "2026-11-04T17:00:00.000Z", LUIS, "+576015557777", 90, .in = true, .mac = PHONE, .call = 7 });
	record((struct made){ "2026-11-04T17:00:01.000Z", LUIS, "+37125550123", 90, .mac = PHONE, .call = 7 });
	struct store *store = stored(true);
	struct profile p = profile_of(store, SUBJECT_DEVICE, PHONE);
	CHECK_STR(p.name, PHONE);
	CHECK_STR(p.model, "9851");
	CHECK_STR(p.owner_id, LUIS);
	CHECK_STR(p.owner_name, "Luis Duarte");
	CHECK_STR(p.site, "Colombia");
	CHECK_INT(sum(p.today, 24), 2);
	CHECK_INT(sum(&p.by_hour[0][0], 7 * 24), 10);
	REQUIRE(p.n_contacts == 2);
	CHECK_STR(p.contacts[0].id, LUIS);
	CHECK_INT(p.contacts[0].n_in + p.contacts[0].n_out, 11);
	CHECK_STR(p.contacts[1].id, ANA);
	/* And a person has the devices it calls with. */
	p = profile_of(store, SUBJECT_PERSON, LUIS);
	REQUIRE(p.n_devices == 1);
	CHECK_STR(p.devices[0].mac, PHONE);
	CHECK_INT(p.devices[0].n_calls, 11);
	CHECK_INT(p.devices[0].last_ms, civil_to_ms(2026, 11, 4, 17, 0, 0, 0));
	p = profile_of(store, SUBJECT_PERSON, DAN);
	CHECK_INT(p.n_devices, 0);
	store_close(store);
}

TEST(without_a_directory_records_say_what_a_site_is_called)
{
	record((struct made){ "2026-11-03T03:30:00.000Z", ANA, "+37125550123", 60, .in = false });
	struct store *store = stored(false);
	struct profile p = profile_of(store, SUBJECT_SITE, BOGOTA);
	CHECK_STR(p.name, "Colombia");
	CHECK_STR(p.zone_name, PROFILE_FIXED_ZONE "+5");
	CHECK_INT(p.by_hour[0][22], 1); /* Monday evening in Bogotá */
	CHECK_INT(p.days[11].n_abroad, 1);
	store_close(store);
}

/* Who was taken over calls by what it never called by; who is new has nothing that it had not. */
TEST(what_somebody_has_lately_and_had_not_is_told)
{
	char start[ISO_TIME_BYTES];
	for (int ago = 20; ago >= 1; ago--)
		record((struct made){ iso_time_format(civil_to_ms(2026, 11, 4, 15, 5, 0, 0) - ago * DAY_MS, start), LUIS, "+576015550199", 60,
		    .trunk_out = "GW_Bogota", .mac = PHONE });
	record((struct made){ "2026-11-03T15:00:00.000Z", LUIS, "+37125550123", 300, .trunk_out = "GW_Denver", .mac = "0C75BD1102AA", .site = "Sede Norte", .elsewhere = true });
	record((struct made){ "2026-11-03T16:00:00.000Z", ANA, "+576015550199", 60, .trunk_out = "GW_Bogota", .mac = PHONE });
	record((struct made){ "2026-11-04T16:00:00.000Z", ANA, "+37125550123", 300, .trunk_out = "GW_Denver", .mac = PHONE });
	struct store *store = stored(true);
	struct profile p = profile_of(store, SUBJECT_PERSON, LUIS);
	static const struct profile_change expected[] = { { CHANGE_DEVICE, "0C75BD1102AA", 0 }, { CHANGE_COUNTRY, "LV", 0 }, { CHANGE_SITE, "Sede Norte", 0 },
		{ CHANGE_TRUNK, "GW_Denver", 0 } };
	REQUIRE(p.n_changes == COUNT_OF(expected));
	for (size_t i = 0; i < COUNT_OF(expected); i++) {
		size_t k = 0;
		while (k < p.n_changes && p.changes[k].kind != expected[i].kind)
			k++;
		REQUIRE(k < p.n_changes);
		CHECK_STR(p.changes[k].name, expected[i].name);
		CHECK_INT(p.changes[k].first_ms, civil_to_ms(2026, 11, 3, 15, 0, 0, 0));
	}
	/* Ana is of yesterday: by what she came she has always called. */
	p = profile_of(store, SUBJECT_PERSON, ANA);
	for (size_t i = 0; i < p.n_changes; i++)
		CHECK(p.changes[i].first_ms > civil_to_ms(2026, 11, 4, 0, 0, 0, 0));
	p = profile_of(store, SUBJECT_DEVICE, PHONE);
	REQUIRE(p.n_changes > 0);
	bool ana = false;
	for (size_t i = 0; i < p.n_changes; i++)
		ana |= p.changes[i].kind == CHANGE_PERSON && strcmp(p.changes[i].name, "Ana Bernal") == 0;
	CHECK(ana);
	p = profile_of(store, SUBJECT_TRUNK, "GW_Bogota");
	CHECK_INT(p.n_changes, 0);
	store_close(store);
}

/* What was imported from a year ago is looked at as it was, and its sites can be found. */
TEST(a_site_with_another_name_is_no_other_site)
{
	record((struct made){ "2026-10-10T15:00:00.000Z", LUIS, "+576015550199", 60, .site = "PoC Banco" });
	record((struct made){ "2026-11-03T15:00:00.000Z", LUIS, "+576015550199", 60, .site = "Norte" });
	struct store *store = stored(false);
	struct profile p = profile_of(store, SUBJECT_PERSON, LUIS);
	CHECK_INT(p.n_changes, 0);
	store_close(store);
}

TEST(sites_of_an_archive_are_listed_and_known)
{
	struct location_list sites;
	struct fault fault;
	record((struct made){ "2026-01-06T15:00:00.000Z", ANA, "+576015550199", 60, .in = false });
	record((struct made){ "2026-01-07T15:00:00.000Z", DAN, "+13035550199", 60, .in = false });
	struct store *store = stored(false);
	arena_clear(&arena);
	arena_init(&arena);
	REQUIRE(query_locations(&store->db, NOW, &arena, &sites, &fault));
	REQUIRE(sites.n == 2);
	CHECK_STR(sites.items[0].name, "Colombia");
	CHECK_INT(sites.items[0].calls_today, 0);
	struct profile p = profile_of(store, SUBJECT_SITE, "Colombia");
	CHECK(p.past);
	CHECK_INT(p.n_recent, 1);
	CHECK_INT(p.days[12].n_calls, 1);
	store_close(store);
}

TEST(a_leg_names_its_other_end_in_full)
{
	struct call_list calls;
	struct call_detail detail;
	struct fault fault;
	record((struct made){ "2026-11-03T14:00:00.000Z", ANA, "3105550221", 60, .in = false });
	struct store *store = stored(true);
	arena_clear(&arena);
	arena_init(&arena);
	REQUIRE(query_calls(&store->db, &(struct call_query){ .filter = "", .limit = 5 }, &arena, &calls, &fault) && calls.n == 1);
	REQUIRE(query_call(&store->db, calls.items[0].id, &arena, &detail, &fault) && detail.n_legs == 1);
	CHECK_STR(detail.legs[0].called, "3105550221");
	CHECK_STR(detail.legs[0].far, "+573105550221");
	store_close(store);
}

TEST(of_what_is_nowhere_nothing_is_known_and_that_is_no_fault)
{
	static const char *const ids[] = { "", "nowhere", "'; DROP TABLE calls; --", "SIP_NATIONAL" };
	record((struct made){ "2026-11-03T14:00:00.000Z", ANA, "+37125550123", 60, .in = false });
	struct store *store = stored(true);
	for (size_t i = 0; i < COUNT_OF(ids); i++) {
		static const enum subject_kind kinds[] = { SUBJECT_SITE, SUBJECT_TRUNK, SUBJECT_DEVICE };
		for (size_t k = 0; k < COUNT_OF(kinds); k++) {
			struct profile p = profile_of(store, kinds[k], ids[i]);
			CHECK_STR(p.id, ids[i]);
			CHECK_INT(p.last_ms, 0);
			CHECK_INT(p.n_recent + p.n_alerts + p.n_contacts, 0);
		}
	}
	store_close(store);
}

/* A house of millions: days that were not read are not called silence. */
TEST(of_very_many_calls_fewer_days_are_read_and_hours_are_exact)
{
	struct fault fault;
	two_weeks();
	struct store *store = stored(true);
	REQUIRE(db_exec(&store->db, "UPDATE hours SET n_calls = n_calls + 400000 WHERE hour IN (SELECT hour FROM hours ORDER BY hour DESC LIMIT 6)", &fault));
	struct profile p = profile_of(store, SUBJECT_TRUNK, "GW_Bogota");
	CHECK(p.cut);
	CHECK(p.counted_days < 3);
	CHECK_INT(p.known_days, p.counted_days);
	p = profile_of(store, SUBJECT_SITE, BOGOTA);
	CHECK(p.cut);
	CHECK_INT(p.known_days, 14);
	CHECK(p.counted_days < 3);
	store_close(store);
}

TEST(the_folder_is_taken_away_again)
{
	take_folder_away();
}

TESTS(T(a_site_is_the_calls_of_its_people), T(a_site_has_the_calls_of_the_names_it_had),
    T(who_has_open_alerts_stands_out_before_who_costs_most), T(a_trunk_has_what_came_in_and_what_went_out_by_it),
    T(a_trunk_of_a_call_over_midnight_is_found), T(a_device_has_the_calls_that_were_made_with_it),
    T(what_somebody_has_lately_and_had_not_is_told), T(sites_of_an_archive_are_listed_and_known),
    T(a_site_with_another_name_is_no_other_site), T(a_leg_names_its_other_end_in_full), T(without_a_directory_records_say_what_a_site_is_called), T(of_what_is_nowhere_nothing_is_known_and_that_is_no_fault),
    T(of_very_many_calls_fewer_days_are_read_and_hours_are_exact), T(the_folder_is_taken_away_again))
