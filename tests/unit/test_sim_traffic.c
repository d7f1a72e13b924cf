/* SPDX-License-Identifier: Apache-2.0
 *
 * Days: pure, ordered, of an office's rhythm, and without contradiction. */
#include "base/iso_time.h"
#include "base/map.h"
#include "sim/habits.h"
#include "sim/legs.h"
#include "sim/scenario.h"
#include "sim/traffic.h"
#include "test.h"

/* Monday, 5 October 2026, 14:00 UTC. */
#define EPOCH (civil_to_ms(2026, 10, 5, 14, 0, 0, 0))
#define DAY0  (EPOCH / DAY_MS)

static struct traffic *traffic_of(uint64_t seed, int users, const char *scenario)
{
	struct traffic *t = NULL;
	struct fault fault = { 0 };
	struct traffic_options options = { .seed = seed, .n_users = users, .scenario = scenario, .epoch_ms = EPOCH };
	if (!traffic_new(&options, &t, &fault))
		printf("%s\n", fault.text);
	REQUIRE(t != NULL);
	return t;
}

TEST(a_day_is_the_same_whenever_asked)
{
	struct traffic *a = traffic_of(3, 120, "mixed"), *b = traffic_of(3, 120, "mixed");
	struct sim_day one, other, again;
	traffic_day(a, DAY0 + 4, &other); /* another day in between */
	sim_day_free(&other);
	traffic_day(a, DAY0, &one);
	traffic_day(b, DAY0, &again);
	REQUIRE(one.n_records == again.n_records && one.n_records > 500);
	REQUIRE(one.n_calls == again.n_calls);
	for (size_t i = 0; i < one.n_records; i++) {
		CHECK_STR(one.records[i].json, again.records[i].json);
		CHECK_INT(one.records[i].insert_ms, again.records[i].insert_ms);
	}
	for (size_t i = 0; i < one.n_calls; i++)
		CHECK_STR(one.calls[i].call_id, again.calls[i].call_id);
	sim_day_free(&one);
	sim_day_free(&again);
	traffic_free(a);
	traffic_free(b);
}

TEST(on_whatever_weekday_one_begins_the_incident_is_in_the_week_read_back)
{
	static const char *const names[] = { "wangiri", "forwarding" };
	for (size_t i = 0; i < COUNT_OF(names) * 7; i++) {
		struct traffic *t = NULL;
		struct fault fault = { 0 };
		int64_t now = EPOCH + (int64_t)(i / COUNT_OF(names)) * DAY_MS;
		const char *name = names[i % COUNT_OF(names)];
		struct traffic_options options = { .seed = 7, .n_users = 40, .scenario = name, .epoch_ms = scenario_watched_from_ms(name, now) };
		REQUIRE(traffic_new(&options, &t, &fault));
		size_t n = 0;
		for (int64_t day = now / DAY_MS - 8; n == 0 && day <= now / DAY_MS; day++) {
			struct sim_day is;
			traffic_day(t, day, &is);
			for (size_t k = 0; k < is.n_records; k++)
				n += is.records[k].kind != NULL && strcmp(is.records[k].kind, name) == 0 && is.records[k].start_ms < now &&
				    is.records[k].start_ms > now - 8 * DAY_MS;
			sim_day_free(&is);
		}
		if (n == 0)
			printf("%s, day %zu\n", name, i / COUNT_OF(names));
		CHECK(n > 0);
		traffic_free(t);
	}
}

TEST(another_seed_is_another_day)
{
	struct traffic *a = traffic_of(3, 60, "quiet_day"), *b = traffic_of(4, 60, "quiet_day");
	struct sim_day one, other;
	traffic_day(a, DAY0, &one);
	traffic_day(b, DAY0, &other);
	REQUIRE(one.n_records > 0 && other.n_records > 0);
	CHECK(strcmp(one.records[0].report_id, other.records[0].report_id) != 0);
	sim_day_free(&one);
	sim_day_free(&other);
	traffic_free(a);
	traffic_free(b);
}

TEST(records_come_in_order_of_arrival_and_start_in_their_day)
{
	struct traffic *t = traffic_of(8, 200, "everything");
	size_t late = 0, all = 0;
	for (int64_t d = DAY0 + 14; d < DAY0 + 20; d++) {
		struct sim_day day;
		traffic_day(t, d, &day);
		for (size_t i = 0; i < day.n_records; i++) {
			const struct sim_record *r = &day.records[i];
			all++;
			CHECK(i == 0 || day.records[i - 1].insert_ms <= r->insert_ms);
			CHECK(r->insert_ms > r->start_ms);
			CHECK(r->insert_ms < (d + SIM_HORIZON_DAYS) * DAY_MS);
			CHECK((r->scenario == NULL) == (r->kind == NULL));
			CHECK_INT(strlen(r->json), r->n_json);
		}
		for (size_t i = 0; i < day.n_calls; i++) {
			const struct sim_call *c = &day.calls[i];
			CHECK(i == 0 || day.calls[i - 1].start_ms <= c->start_ms);
			CHECK(c->end_ms >= c->start_ms);
			CHECK(c->answer_ms == 0 || (c->answer_ms >= c->start_ms && c->answer_ms <= c->end_ms));
			CHECK(!traffic_org(t)->people[c->person].is_place);
		}
		sim_day_free(&day);
		struct sim_legs legs;
		traffic_legs(t, d, &legs);
		for (size_t i = 0; i < legs.n; i++) {
			int64_t delay = legs.legs[i].insert_ms - legs.legs[i].release_ms;
			CHECK(delay >= 20000 || legs.legs[i].insert_ms == (d + SIM_HORIZON_DAYS) * DAY_MS - 1);
			late += delay > 91000;
		}
		sim_legs_free(&legs);
	}
	CHECK(late > 0);
	CHECK(late < all / 100);
	traffic_free(t);
}

TEST(sundays_and_holidays_are_quiet_and_lunch_is_a_dip)
{
	struct traffic *t = traffic_of(2, 300, "quiet_day");
	size_t count[8], hour[24] = { 0 };
	for (int d = 0; d < 8; d++) {
		struct sim_legs legs;
		traffic_legs(t, DAY0 + d, &legs);
		count[d] = legs.n;
		for (size_t i = 0; i < legs.n && d < 5; i++)
			if (strcmp(legs.legs[i].site->country, "CO") == 0)
				hour[(legs.legs[i].start_ms / HOUR_MS + 24 - 5) % 24]++;
		sim_legs_free(&legs);
	}
	CHECK(count[0] > 1500); /* Monday */
	CHECK(count[5] < count[1] / 2); /* Saturday, and what Friday's evening left */
	CHECK(count[6] < count[1] / 5); /* Sunday */
	CHECK(count[7] < count[0] / 2); /* 12 October: Colombia's holiday */
	CHECK(hour[12] < hour[10] * 3 / 4);
	CHECK(hour[3] < hour[10] / 20);
	traffic_free(t);
}

TEST(each_site_works_by_its_own_clock)
{
	/* A Wednesday's calls by local hour: the middle one of each site is near
	 * noon there, though noon is three hours apart; a site with shifts sleeps less. */
	struct traffic *t = traffic_of(9, 1500, "quiet_day");
	const struct sim_org *org = traffic_org(t);
	size_t hours[7][48] = { { 0 } };
	for (int d = 1; d <= 3; d++) { /* Tuesday to Thursday, and the evenings that are tomorrow in UTC */
		struct sim_legs legs;
		traffic_legs(t, DAY0 + d, &legs);
		for (size_t i = 0; i < legs.n; i++) {
			const struct sim_leg *leg = &legs.legs[i];
			int64_t local = leg->start_ms + sim_location_minutes(leg->site, leg->start_ms) * MINUTE_MS;
			hours[leg->site - org->locations][local % DAY_MS / (HOUR_MS / 2)]++;
		}
		sim_legs_free(&legs);
	}
	for (size_t l = 0; l < org->n_locations; l++) {
		size_t all = 0, sum = 0, night = 0;
		int middle = 0;
		for (int slot = 0; slot < 48; slot++) {
			all += hours[l][slot];
			night += slot < 10 ? hours[l][slot] : 0;
		}
		while ((sum += hours[l][middle]) * 2 < all)
			middle++;
		CHECK(all > 500);
		CHECK(middle >= 21 && middle <= 27); /* 10:30 to 14:00 */
		CHECK(org->locations[l].always_open == (night * 100 > all * 2));
	}
	CHECK(strcmp(org->locations[4].zone_name, "America/Denver") == 0);
	traffic_free(t);
}

TEST(movable_holidays_are_known)
{
	CHECK(is_holiday("CO", 2026, 4, 3));   /* Good Friday */
	CHECK(is_holiday("SV", 2026, 4, 2));
	CHECK(!is_holiday("US", 2026, 4, 3));
	CHECK(is_holiday("CO", 2026, 11, 2));  /* All Saints, moved to Monday */
	CHECK(!is_holiday("CO", 2026, 11, 1));
	CHECK(is_holiday("CO", 2026, 5, 18));  /* Ascension, moved */
	CHECK(is_holiday("US", 2026, 11, 26)); /* Thanksgiving */
	CHECK(!is_holiday("CR", 2026, 11, 2));
}

TEST(ids_are_unique_across_days_and_cross_links_resolve)
{
	struct traffic *t = traffic_of(6, 250, "mixed");
	struct map reports = { 0 }, locals = { 0 };
	size_t twice = 0, unresolved = 0, one_sided = 0, crossed = 0;
	bool is_new;
	char id[40];
	for (int64_t d = DAY0; d < DAY0 + 4; d++) {
		struct sim_legs legs;
		struct map today = { 0 };
		traffic_legs(t, d, &legs);
		for (size_t i = 0; i < legs.n; i++) {
			const struct sim_leg *leg = &legs.legs[i];
			map_put(&reports, sim_uuid(leg->report, id), &is_new);
			twice += !is_new;
			sim_leg_id(leg->local, id);
			map_put(&locals, id, &is_new);
			twice += !is_new;
			map_put(&today, id, NULL)->number = (int64_t)i + 1;
		}
		for (size_t i = 0; i < legs.n; i++) {
			const struct sim_leg *leg = &legs.legs[i];
			if (leg->related.number && !map_get(&today, sim_leg_id(leg->related, id)))
				unresolved++;
			if (leg->transfer.number && !map_get(&today, sim_leg_id(leg->transfer, id)))
				unresolved++;
			/* A feature code's far end is the switch itself. */
			if (!leg->remote.number || (leg->dialled && strchr("*#", leg->dialled[0]) && leg->dialled[0]))
				continue;
			union map_value *other = map_get(&today, sim_leg_id(leg->remote, id));
			if (!other) {
				unresolved++;
				continue;
			}
			const struct sim_leg *partner = &legs.legs[other->number - 1];
			crossed++;
			one_sided += partner->remote.number != leg->local.number;
			CHECK(partner->originating != leg->originating);
			CHECK_INT(partner->correlation == leg->correlation, 1);
		}
		map_clear(&today);
		sim_legs_free(&legs);
	}
	CHECK_INT(twice, 0);
	CHECK_INT(unresolved, 0);
	CHECK_INT(one_sided, 0);
	CHECK(crossed > 1000);
	map_clear(&reports);
	map_clear(&locals);
	traffic_free(t);
}

TEST(times_of_a_leg_agree)
{
	struct traffic *t = traffic_of(11, 300, "mixed");
	struct sim_legs legs;
	size_t answered = 0;
	traffic_legs(t, DAY0 + 1, &legs);
	for (size_t i = 0; i < legs.n; i++) {
		const struct sim_leg *leg = &legs.legs[i];
		int64_t up = leg->answer_ms ? leg->answer_ms : leg->release_ms;
		CHECK(leg->start_ms / DAY_MS == DAY0 + 1 || leg->start_ms < (DAY0 + 2) * DAY_MS + 4 * HOUR_MS);
		CHECK(leg->release_ms >= up && up >= leg->start_ms);
		CHECK_INT(leg->ring_s, (up - leg->start_ms) / 1000);
		CHECK(leg->transfer_ms == 0 || leg->transfer_ms >= leg->start_ms);
		CHECK(leg->outcome == NULL || leg->answer_ms == 0);
		answered += leg->answer_ms != 0;
	}
	CHECK(answered > legs.n / 2);
	sim_legs_free(&legs);
	traffic_free(t);
}

TEST(every_shape_of_call_happens_within_a_week)
{
	struct traffic *t = traffic_of(5, 300, "mixed");
	static const struct {
		const char *type, *user_type, *related; /* "": any */
	} WANTED[] = {
		{ "SIP_ENTERPRISE", "User", "" }, { "SIP_NATIONAL", "User", "" }, { "SIP_MOBILE", "User", "" },
		{ "SIP_TOLLFREE", "User", "" }, { "SIP_INTERNATIONAL", "User", "" }, { "SIP_PREMIUM", "User", "" },
		{ "UNKNOWN", "User", "" }, { "SIP_INBOUND", "User", "" }, { "SIP_INBOUND", "AutomatedAttendantVideo", "Deflection" },
		{ "SIP_INBOUND", "CallCenterPremium", "" }, { "SIP_ENTERPRISE", "CallCenterPremium", "CallQueue" },
		{ "SIP_ENTERPRISE", "HuntGroup", "HuntGroup" }, { "SIP_INBOUND", "HuntGroup", "" },
		{ "SIP_ENTERPRISE", "VoiceMailRetrieval", "CallForwardNoAnswer" }, { "SIP_MOBILE", "User", "CallForwardAlways" },
		{ "SIP_MOBILE", "User", "CallForwardNoAnswer" }, { "SIP_INBOUND", "User", "ConsultativeTransfer" },
		{ "SIP_INBOUND", "User", "Deflection" }, { "SIP_ENTERPRISE", "LocalGateway", "" },
		{ "SIP_INBOUND", "LocalGateway", "" }, { "", "Place", "" }, { "SIP_INBOUND", "User", "CCMonitoringBI" },
		{ "SIP_ENTERPRISE", "User", "CallRetrieve" }, { "SIP_ENTERPRISE", "User", "PushNotificationRetrieval" },
	};
	size_t met[sizeof WANTED / sizeof *WANTED] = { 0 };
	for (int64_t d = DAY0; d < DAY0 + 7; d++) {
		struct sim_legs legs;
		traffic_legs(t, d, &legs);
		for (size_t i = 0; i < legs.n; i++)
			for (size_t w = 0; w < sizeof WANTED / sizeof *WANTED; w++) {
				const struct sim_leg *leg = &legs.legs[i];
				met[w] += (!*WANTED[w].type || strcmp(leg->call_type, WANTED[w].type) == 0) &&
				    strcmp(leg->user_type, WANTED[w].user_type) == 0 &&
				    (!*WANTED[w].related || (leg->related_reason && strcmp(leg->related_reason, WANTED[w].related) == 0));
			}
		sim_legs_free(&legs);
	}
	for (size_t w = 0; w < sizeof WANTED / sizeof *WANTED; w++)
		if (met[w] == 0) {
			printf("none of %s %s %s\n", WANTED[w].type, WANTED[w].user_type, WANTED[w].related);
			CHECK(met[w] > 0);
		}
	traffic_free(t);
}

TEST(the_mixed_scenario_is_red_within_ten_minutes)
{
	struct traffic *t = traffic_of(1, 300, NULL);
	struct sim_day day;
	size_t arrived = 0, up = 0;
	traffic_day(t, DAY0, &day);
	for (size_t i = 0; i < day.n_records; i++)
		arrived += day.records[i].kind && strcmp(day.records[i].kind, "irsf_night") == 0 &&
		    day.records[i].insert_ms < EPOCH + 10 * MINUTE_MS;
	for (size_t i = 0; i < day.n_calls; i++)
		up += strncmp(day.calls[i].remote_number, "+88216", 6) == 0 && day.calls[i].answer_ms > 0 &&
		    day.calls[i].answer_ms < EPOCH + 3 * MINUTE_MS && day.calls[i].end_ms > EPOCH + 3 * MINUTE_MS;
	CHECK(arrived >= 5);
	CHECK(up >= 1);
	sim_day_free(&day);
	traffic_free(t);
}

TEST(an_unknown_scenario_is_a_fault)
{
	struct traffic *t = NULL;
	struct fault fault = { 0 };
	struct traffic_options options = { .scenario = "no_such_thing", .n_users = 20 };
	CHECK(!traffic_new(&options, &t, &fault));
	CHECK_INT(fault.code, FAULT_NOT_FOUND);
	CHECK(strstr(fault.text, "no_such_thing") != NULL);
}

TESTS(T(a_day_is_the_same_whenever_asked), T(another_seed_is_another_day),
    T(on_whatever_weekday_one_begins_the_incident_is_in_the_week_read_back),
    T(records_come_in_order_of_arrival_and_start_in_their_day),
    T(sundays_and_holidays_are_quiet_and_lunch_is_a_dip), T(each_site_works_by_its_own_clock),
    T(movable_holidays_are_known),
    T(ids_are_unique_across_days_and_cross_links_resolve), T(times_of_a_leg_agree),
    T(every_shape_of_call_happens_within_a_week), T(the_mixed_scenario_is_red_within_ten_minutes),
    T(an_unknown_scenario_is_a_fault))
