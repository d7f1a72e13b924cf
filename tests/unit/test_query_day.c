/* SPDX-License-Identifier: Apache-2.0
 *
 * The last day as pictures need it, from a store that is counted by hand. */
#include "test.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"
#include "store/query_day.h"
#include "store/store.h"
#include "store_place.h"

#define NOW INT64_C(1790000200000) /* 1 min 40 s past a quarter */

static struct store *store;
static char address[256];

static void must(const char *sql)
{
	struct fault fault;
	if (!db_exec(&store->db, sql, &fault)) {
		fprintf(stderr, "%s: %s\n", sql, fault.text);
		abort();
	}
}

static void begin(void)
{
	struct fault fault;
	snprintf(address, sizeof address, "sqlite:/tmp/centinela-day-%ld.db", (long)getpid());
	store_place(address);
	REQUIRE(store_open(address, &store, &fault));
}

static void end(void)
{
	store_close(store);
	store_remove(address);
}

static void call(int64_t start_ms, int64_t end_ms, int64_t talk_s, int flags, int direction, const char *far, int tier)
{
	static int64_t n;
	struct fault fault;
	char sql[800];
	REQUIRE(months_ready(&store->db, &(struct months){ 0 }, start_ms << 20, start_ms << 20, &fault));
	snprintf(sql, sizeof sql, "INSERT INTO calls (id, journey_id, correlation, correlation_hash, day, start_ms, last_start_ms, end_ms, talk_s, ring_s,"
	    " direction, flags, n_legs, class, tier, country, cost_micro, user_id, user_name_id, far_number) VALUES (%lld, 1, CAST('' AS BLOB), 0, 0, %lld, %lld, %lld, %lld, 0, %d, %d, 1, 0, %d, 'CU', 0, 1, 2, '%s')",
	    (long long)((start_ms << 20) + ++n), (long long)start_ms, (long long)start_ms, (long long)end_ms, (long long)talk_s, direction, flags, tier, far);
	must(sql);
}

static void hour(int64_t ago, int64_t talk_s, int64_t cost)
{
	char sql[300];
	snprintf(sql, sizeof sql, "INSERT INTO hours (hour, location_id, direction, n_calls, n_answered, talk_s, cost_micro) VALUES (%lld, 1, 1, 1, 1, %lld, %lld)",
	    (long long)(NOW / HOUR_MS - ago), (long long)talk_s, (long long)cost);
	must(sql);
}

TEST(calls_at_a_time_are_counted_by_the_quarter)
{
	struct arena arena;
	struct fault fault;
	struct day_picture day;
	begin();
	arena_init(&arena);
	hour(0, 60, 0);
	int64_t quarter = NOW / (15 * MINUTE_MS) * 15 * MINUTE_MS;
	call(quarter - 50 * MINUTE_MS, quarter - 20 * MINUTE_MS, 1800, 1, 1, "+1", 0);
	call(quarter - 40 * MINUTE_MS, quarter - 30 * MINUTE_MS, 600, 1, 1, "+1", 0);
	call(quarter - 30 * MINUTE_MS, quarter - 29 * MINUTE_MS, 60, 1, 1, "+1", 0); /* begins as the other ends */
	call(quarter + 10 * SECOND_MS, NOW + MINUTE_MS, 5, 1, 1, "+1", 0);
	call(quarter - 25 * HOUR_MS, quarter - 23 * HOUR_MS, 7200, 1, 1, "+1", 0); /* began the day before */
	call(quarter - 40 * HOUR_MS, quarter - 39 * HOUR_MS, 3600, 1, 1, "+1", 0); /* is not of it */
	REQUIRE(query_day(&store->db, NOW, &arena, &day, &fault));
	CHECK_INT(day.n_calls, 4);
	CHECK_INT(day.up[DAY_STEPS - 1], 1);
	CHECK_INT(day.up[DAY_STEPS - 2], 0);
	CHECK_INT(day.up[DAY_STEPS - 3], 2);
	CHECK_INT(day.up[DAY_STEPS - 4], 2);
	CHECK_INT(day.up[DAY_STEPS - 5], 1);
	CHECK_INT(day.up[0], 1);
	CHECK_INT(day.up[2], 1);
	CHECK_INT(day.up[3], 0); /* it ends as that begins */
	CHECK_INT(day.durations[0], 1);
	CHECK_INT(day.durations[3], 1);
	CHECK_INT(day.durations[5], 1);
	CHECK_INT(day.durations[6], 1);
	CHECK_INT(day.durations_before[7], 2);
	CHECK(!day.past && !day.cut);
	arena_clear(&arena);
	end();
}

TEST(an_hour_is_compared_with_the_same_of_the_weeks_before)
{
	struct arena arena;
	struct fault fault;
	struct day_picture day;
	begin();
	arena_init(&arena);
	for (int week = 0; week <= 4; week++)
		hour(5 + week * 168, 3600 * (week + 1), 1000000 * (week + 1));
	hour(5 + 24, 1, 99000000); /* yesterday is not what it is compared with */
	REQUIRE(query_day(&store->db, NOW, &arena, &day, &fault));
	const struct day_hour *h = &day.hours[DAY_HOURS - 1 - 5];
	CHECK_INT(h->load_milli, 1000);
	CHECK_INT(h->n_usual, 4);
	CHECK_INT(h->load_low, 2000);
	CHECK_INT(h->load_usual, 3500);
	CHECK_INT(h->load_high, 5000);
	CHECK_INT(h->cost_usual, 3500000);
	CHECK_INT(day.hours[0].cost_micro, 0);
	arena_clear(&arena);
	end();
	/* Of a store that is a few days old: with its days. */
	begin();
	arena_init(&arena);
	for (int ago = 1; ago <= 3; ago++)
		hour(5 + ago * 24, 3600 * ago, 0);
	REQUIRE(query_day(&store->db, NOW, &arena, &day, &fault));
	CHECK_INT(day.hours[DAY_HOURS - 1 - 5].n_usual, 3);
	CHECK_INT(day.hours[DAY_HOURS - 1 - 5].load_high, 3000);
	arena_clear(&arena);
	end();
}

TEST(forwards_are_of_a_person_to_a_number_the_riskiest_first)
{
	struct arena arena;
	struct fault fault;
	struct day_picture day;
	begin();
	arena_init(&arena);
	must("INSERT INTO words (id, text) VALUES (1, 'uuid-1'), (2, 'Marta')");
	hour(0, 60, 0);
	for (int i = 0; i < 3; i++)
		call(NOW - (i + 1) * HOUR_MS, NOW - i * HOUR_MS, 60, CALL_FORWARDED, 1, "+57310", TIER_NONE);
	call(NOW - 5 * HOUR_MS, NOW - 4 * HOUR_MS, 60, CALL_FORWARDED, 3, "+88216", TIER_EXTREME);
	call(NOW - 5 * HOUR_MS, NOW - 4 * HOUR_MS, 60, CALL_FORWARDED, 0, "4021", TIER_NONE); /* inside */
	call(NOW - 5 * HOUR_MS, NOW - 4 * HOUR_MS, 60, CALL_ANSWERED, 1, "+99999", TIER_HIGH);
	call(NOW - 8 * DAY_MS, NOW - 8 * DAY_MS, 60, CALL_FORWARDED, 1, "+53", TIER_HIGH); /* long ago */
	for (int i = 0; i < 20; i++) {
		char number[16];
		snprintf(number, sizeof number, "+5700%d", i);
		call(NOW - 2 * DAY_MS, NOW - 2 * DAY_MS, 60, CALL_FORWARDED, 1, number, TIER_NONE);
	}
	REQUIRE(query_day(&store->db, NOW, &arena, &day, &fault));
	CHECK_INT(day.n_forwards_all, 22);
	CHECK_INT(day.n_forwards, DAY_FORWARDS);
	CHECK_STR(day.forwards[0].number, "+88216");
	CHECK_STR(day.forwards[0].person, "Marta");
	CHECK_STR(day.forwards[0].person_id, "uuid-1");
	CHECK_STR(day.forwards[1].number, "+57310");
	CHECK_INT(day.forwards[1].n, 3);
	CHECK_INT(day.forwards[1].last_ms, NOW - HOUR_MS);
	arena_clear(&arena);
	end();
}

TEST(of_a_store_of_long_ago_it_is_its_last_day)
{
	struct arena arena;
	struct fault fault;
	struct day_picture day;
	begin();
	arena_init(&arena);
	REQUIRE(query_day(&store->db, NOW, &arena, &day, &fault)); /* an empty one is none */
	CHECK(!day.past);
	CHECK_INT(day.n_calls, 0);
	hour(24 * 90, 3600, 5);
	REQUIRE(query_day(&store->db, NOW, &arena, &day, &fault));
	CHECK(day.past);
	CHECK_INT(day.hours[DAY_HOURS - 1].cost_micro, 5);
	CHECK_INT(day.hours[DAY_HOURS - 1].load_milli, 1000);
	arena_clear(&arena);
	end();
}

TESTS(T(calls_at_a_time_are_counted_by_the_quarter), T(an_hour_is_compared_with_the_same_of_the_weeks_before),
    T(forwards_are_of_a_person_to_a_number_the_riskiest_first), T(of_a_store_of_long_ago_it_is_its_last_day))
