/* SPDX-License-Identifier: Apache-2.0
 *
 * The text of a record: members, order, types. Beside real-shaped samples:
 * test_sim_samples.c. */
#include "base/iso_time.h"
#include "base/json.h"
#include "base/map.h"
#include "calls/cdr_json.h"
#include "sim/call_shapes.h"
#include "sim/legs.h"
#include "test.h"

static const char *const WIRE[] = {
#define WIRE_NAME(id, wire, kind) wire,
	CDR_FIELDS(WIRE_NAME)
#undef WIRE_NAME
};

static struct traffic *traffic_of(uint64_t seed, int users, const char *scenario, bool hostile)
{
	struct traffic *t = NULL;
	struct fault fault = { 0 };
	struct traffic_options options = { .seed = seed, .n_users = users, .scenario = scenario,
		.epoch_ms = civil_to_ms(2026, 10, 5, 14, 0, 0, 0), .hostile_names = hostile };
	REQUIRE(traffic_new(&options, &t, &fault));
	return t;
}

TEST(a_record_has_the_87_members_in_the_wires_order)
{
	struct traffic *t = traffic_of(1, 60, "mixed", false);
	struct sim_day day;
	traffic_day(t, civil_to_ms(2026, 10, 6, 0, 0, 0, 0) / DAY_MS, &day);
	REQUIRE(day.n_records > 100);
	for (size_t i = 0; i < day.n_records; i++) {
		json_auto_t *record = NULL;
		struct fault fault = { 0 };
		REQUIRE(json_parse(day.records[i].json, day.records[i].n_json, &record, &fault));
		const char *key;
		json_t *value;
		size_t k = 0;
		json_object_foreach(record, key, value) {
			REQUIRE(k < sizeof WIRE / sizeof *WIRE);
			CHECK_STR(key, WIRE[k++]);
			bool number = strcmp(key, "Duration") == 0 || strcmp(key, "Hold duration") == 0;
			CHECK(number ? json_is_integer(value) : json_is_string(value));
		}
		CHECK_INT(k, 87);
		CHECK_STR(json_str(record, "Report ID", ""), day.records[i].report_id);
		CHECK_STR(json_str(record, "Report time", ""), json_str(record, "Release time", "?"));
		int64_t start = 0, answer = 0, release = 0;
		CHECK(iso_time_parse(json_str(record, "Start time", ""), 24, &start));
		CHECK(iso_time_parse(json_str(record, "Release time", ""), 24, &release));
		CHECK_INT(start, day.records[i].start_ms);
		bool answered = strcmp(json_str(record, "Answered", ""), "true") == 0;
		CHECK_INT(answered, *json_str(record, "Answer time", "?") != '\0');
		if (answered && iso_time_parse(json_str(record, "Answer time", ""), 24, &answer))
			CHECK_INT(json_int(record, "Duration", -1), (release - answer) / 1000);
		else
			CHECK_INT(json_int(record, "Duration", -1), 0);
	}
	sim_day_free(&day);
	traffic_free(t);
}

TEST(the_products_reader_takes_every_record)
{
	struct traffic *t = traffic_of(2, 200, "everything", false);
	for (int64_t d = 0; d < 20; d += 17) {
		struct sim_day day;
		struct arena arena;
		size_t n = 0;
		arena_init(&arena);
		traffic_day(t, civil_to_ms(2026, 10, 6, 0, 0, 0, 0) / DAY_MS + d, &day);
		for (size_t i = 0; i < day.n_records; i++) {
			struct cdr_reader reader;
			struct cdr cdr;
			cdr_reader_init(&reader);
			cdr_reader_feed(&reader, day.records[i].json, day.records[i].n_json, true);
			enum cdr_next next = cdr_reader_next(&reader, &arena, &cdr);
			if (next != CDR_NEXT_RECORD)
				printf("refused (%s): %s\n", reader.why, day.records[i].json);
			REQUIRE(next == CDR_NEXT_RECORD);
			CHECK_INT(cdr.start_ms, day.records[i].start_ms);
			n++;
		}
		CHECK(n > 500);
		sim_day_free(&day);
		arena_clear(&arena);
	}
	traffic_free(t);
}

TEST(two_seeds_make_two_uuids_of_version_4)
{
	struct map seen = { 0 };
	char id[SIM_UUID_BYTES];
	bool is_new;
	size_t twice = 0;
	for (uint64_t i = 0; i < 20000; i++) {
		sim_uuid(i, id);
		CHECK(strlen(id) == 36 && id[14] == '4' && strchr("89ab", id[19]));
		map_put(&seen, id, &is_new);
		twice += !is_new;
	}
	CHECK_INT(twice, 0);
	map_clear(&seen);
}

TEST(hostile_names_stay_inside_their_string)
{
	struct traffic *t = traffic_of(4, 200, "quiet_day", true);
	struct sim_day day;
	size_t broken = 0, escaped = 0, quotes = 0;
	traffic_day(t, civil_to_ms(2026, 10, 6, 0, 0, 0, 0) / DAY_MS, &day);
	for (size_t i = 0; i < day.n_records; i++) {
		const char *json = day.records[i].json;
		/* Walk the strings ourselves: jansson refuses broken UTF-8. */
		bool in_string = false;
		size_t colons = 0;
		for (size_t k = 0; k < day.records[i].n_json; k++) {
			unsigned char c = (unsigned char)json[k];
			CHECK(c >= 0x20);
			if (in_string && c == '\\')
				k++;
			else if (c == '"')
				in_string = !in_string;
			else if (!in_string && c == ':')
				colons++;
			broken += c == 0xff;
		}
		CHECK(!in_string);
		CHECK_INT(colons, 87);
		escaped += strstr(json, "\\u001b") != NULL;
		quotes += strstr(json, "\\\"la jefa\\\"") != NULL;
	}
	CHECK(broken > 0);
	CHECK(escaped > 0);
	CHECK(quotes > 0);
	sim_day_free(&day);
	traffic_free(t);
}

TESTS(T(a_record_has_the_87_members_in_the_wires_order), T(the_products_reader_takes_every_record),
    T(two_seeds_make_two_uuids_of_version_4),
    T(hostile_names_stay_inside_their_string))
