/* SPDX-License-Identifier: Apache-2.0
 *
 * Calls as they were lived, as they are kept; and which record is whose. */
#include "profile_rig.h"

#include "older_store.h"
#include "store/alert_rows.h"
#include "store/live_rows.h"
#include "store/migrate.h"
#include "store/query_case.h"
#include "store/retention.h"

#define T0     (NOW - 2 * HOUR_MS)
#define NUMBER "+37125550123"

static struct live_told told(const char *id, enum live_state state, int64_t at_ms)
{
	struct live_told out = { .call = { .state = state, .originator = true, .created_ms = T0, .event_ms = T0 + at_ms, .seen_ms = T0 + at_ms + 300,
	    .answered_ms = state >= LIVE_CONNECTED && state < LIVE_DISCONNECTED ? T0 + 6000 : 0 } };
	snprintf(out.call.call_id, sizeof out.call.call_id, "%s", id);
	snprintf(out.local_id, sizeof out.local_id, "4881:%s", id);
	snprintf(out.call.person_uuid, sizeof out.call.person_uuid, ANA);
	snprintf(out.call.person_name, sizeof out.call.person_name, "Ana Bernal");
	snprintf(out.call.remote_number, sizeof out.call.remote_number, NUMBER);
	return out;
}

static void put(struct store *store, const struct live_told *events, size_t n)
{
	struct fault fault;
	if (!live_rows_write(store, events, n, &fault)) {
		puts(fault.text);
		exit(1);
	}
}

static int64_t count(struct store *store, const char *sql)
{
	struct fault fault;
	int64_t n;
	REQUIRE(db_ask_int(&store->db, sql, 0, &n, &fault));
	return n;
}

static size_t read_of(struct store *store, enum live_of of, const char *id, bool all, struct live_half **halves)
{
	struct fault fault;
	size_t n;
	arena_clear(&arena);
	arena_init(&arena);
	REQUIRE(live_rows_read(&store->db, of, id, NOW - DAY_MS, NOW, all, 10, &arena, halves, &n, &fault));
	return n;
}

static const char *text_of(struct store *store, const char *sql)
{
	static char out[600];
	struct fault fault;
	struct statement *st;
	REQUIRE(store->db.engine->prepare(store->db.session, sql, &st, &fault));
	REQUIRE(db_step(&store->db, st, &fault) == STEP_ROW);
	snprintf(out, sizeof out, "%s", db_text(&store->db, st, 0));
	store->db.engine->finish(st);
	return out;
}

TEST(a_half_is_one_row_whatever_the_order_of_its_events)
{
	const struct live_told events[] = { told("1", LIVE_CONNECTING, 0), told("1", LIVE_ALERTING, 800), told("1", LIVE_CONNECTED, 6000), told("1", LIVE_HELD, 60000),
		told("1", LIVE_CONNECTED, 75000), told("1", LIVE_DISCONNECTED, 90000) };
	static const int orders[][6] = { { 0, 1, 2, 3, 4, 5 }, { 5, 4, 3, 2, 1, 0 }, { 3, 0, 5, 1, 4, 2 } };
	for (size_t k = 0; k < COUNT_OF(orders); k++) {
		struct store *store = fresh();
		for (size_t i = 0; i < 6; i++) {
			put(store, &events[orders[k][i]], 1);
			put(store, &events[orders[k][i]], 1); /* delivered twice */
		}
		put(store, events, 6); /* and all of it again */
		CHECK_INT(count(store, "SELECT count(*) FROM live_halves"), 1);
		CHECK_STR(text_of(store, "SELECT steps FROM live_halves"), "0:0 1:800 2:6000 3:60000 2:75000 5:90000");
		struct live_half *halves;
		REQUIRE(read_of(store, LIVE_OF_PERSON, ANA, false, &halves) == 1);
		CHECK_INT(halves[0].created_ms, T0);
		CHECK_INT(halves[0].answered_ms, T0 + 6000);
		CHECK_INT(halves[0].over_ms, T0 + 90000);
		CHECK_INT((int64_t)halves[0].n_steps, 6);
		CHECK_STR(halves[0].person_name, "Ana Bernal");
		CHECK_STR(halves[0].local_id, "4881:1");
		CHECK_INT(read_of(store, LIVE_OF_NUMBER, NUMBER, false, &halves), 1);
		CHECK_INT(read_of(store, LIVE_OF_NUMBER, "", false, &halves), 0);
		store_close(store);
	}
}

TEST(a_poll_tells_another_state_and_when_it_found_the_end)
{
	struct store *store = fresh();
	struct live_told polls[] = { told("1", LIVE_CONNECTED, 10000), told("1", LIVE_CONNECTED, 20000), told("1", LIVE_HELD, 30000), told("1", LIVE_DISCONNECTED, 50000) };
	for (size_t i = 0; i < COUNT_OF(polls); i++)
		polls[i].by = TOLD_BY_POLL;
	put(store, polls, COUNT_OF(polls));
	CHECK_STR(text_of(store, "SELECT steps FROM live_halves"), "2:6000 3:30000 5:50000"); /* when it was answered, it says itself */
	/* The event of the end comes after all, and knows better. */
	struct live_told end = told("1", LIVE_DISCONNECTED, 42000);
	put(store, &end, 1);
	CHECK_INT(count(store, "SELECT over_ms FROM live_halves"), T0 + 42000);
	struct live_half *halves;
	REQUIRE(read_of(store, LIVE_OF_PERSON, ANA, false, &halves) == 1);
	CHECK_INT((int64_t)halves[0].n_steps, 3); /* over once */
	CHECK_INT(halves[0].steps[2].at_ms, T0 + 42000);
	store_close(store);
}

TEST(a_call_that_is_given_up_says_so_until_it_is_heard_of)
{
	struct store *store = fresh();
	struct live_half *halves;
	struct live_told up = told("1", LIVE_CONNECTED, 6000), lost = told("1", LIVE_CONNECTED, 6000), end = told("1", LIVE_DISCONNECTED, 90000);
	lost.by = TOLD_LOST;
	lost.call.seen_ms = T0 + HOUR_MS;
	put(store, &lost, 1); /* of what nobody told there is nothing to give up */
	CHECK_INT(count(store, "SELECT count(*) FROM live_halves"), 0);
	put(store, &up, 1);
	put(store, &lost, 1);
	lost.call.seen_ms += HOUR_MS;
	put(store, &lost, 1); /* again: when it was first said stays */
	REQUIRE(read_of(store, LIVE_OF_PERSON, ANA, false, &halves) == 1);
	CHECK_INT(halves[0].lost_ms, T0 + HOUR_MS);
	CHECK_INT(halves[0].over_ms, 0);
	CHECK_INT((int64_t)halves[0].n_steps, 1);
	/* It was alive after all; and at last its end is told. */
	struct live_told held = told("1", LIVE_HELD, 60000);
	put(store, &held, 1);
	CHECK_INT(count(store, "SELECT lost_ms FROM live_halves"), 0);
	put(store, &lost, 1);
	put(store, &end, 1);
	CHECK_INT(count(store, "SELECT over_ms FROM live_halves"), T0 + 90000);
	CHECK_INT(count(store, "SELECT lost_ms FROM live_halves"), 0);
	put(store, &lost, 1); /* what is over is not lost */
	CHECK_INT(count(store, "SELECT lost_ms FROM live_halves"), 0);
	store_close(store);
}

/* Who listened to it was stopped, or died: nobody says that it is lost. */
TEST(what_nobody_listens_to_any_more_is_given_up_after_a_day)
{
	struct store *store = fresh();
	struct fault fault;
	int64_t n;
	struct live_told events[] = { told("1", LIVE_CONNECTED, 6000), told("2", LIVE_CONNECTED, 6000), told("3", LIVE_DISCONNECTED, 6000) };
	put(store, events, COUNT_OF(events));
	struct live_told later = told("2", LIVE_HELD, DAY_MS);
	put(store, &later, 1);
	REQUIRE(older_store(&store->db, 40, &fault)); /* of the version before, too */
	REQUIRE(store_migrate(&store->db, &fault));
	REQUIRE(store_retire(store, &(struct retention){ 0 }, T0 + DAY_MS, 100, &n, &fault));
	CHECK_INT(count(store, "SELECT count(*) FROM live_halves WHERE lost_ms > 0"), 0);
	REQUIRE(store_retire(store, &(struct retention){ 0 }, T0 + 26 * HOUR_MS, 100, &n, &fault));
	CHECK_INT(n, 0); /* nothing was taken away */
	CHECK_INT(count(store, "SELECT count(*) FROM live_halves WHERE lost_ms > 0"), 1);
	CHECK_INT(count(store, "SELECT lost_ms FROM live_halves WHERE half = '1'"), T0 + HOUR_MS);
	store_close(store);
}

TEST(a_call_that_was_heard_of_at_its_end_says_when_it_was_answered)
{
	struct store *store = fresh();
	struct live_half *halves;
	struct live_told end = told("1", LIVE_DISCONNECTED, 90000);
	end.call.answered_ms = T0 + 6000;
	put(store, &end, 1);
	REQUIRE(read_of(store, LIVE_OF_PERSON, ANA, false, &halves) == 1);
	CHECK_INT((int64_t)halves[0].n_steps, 2);
	CHECK_INT(halves[0].steps[0].state, LIVE_CONNECTED);
	CHECK_INT(halves[0].steps[0].at_ms, T0 + 6000);
	CHECK_INT(halves[0].over_ms, T0 + 90000);
	store_close(store);
}

TEST(an_id_that_is_used_again_is_another_call)
{
	struct store *store = fresh();
	struct live_told first[] = { told("1", LIVE_CONNECTED, 6000), told("1", LIVE_DISCONNECTED, 9000) };
	struct live_told again = told("1", LIVE_CONNECTED, 3600000);
	again.call.created_ms = T0 + 3500000;
	put(store, first, 2);
	put(store, &again, 1);
	CHECK_INT(count(store, "SELECT count(*) FROM live_halves"), 2);
	/* What was over before we heard of it has no beginning: nothing is told of it. */
	struct live_told late = told("2", LIVE_DISCONNECTED, 0);
	late.call.created_ms = 0;
	put(store, &late, 1);
	CHECK_INT(count(store, "SELECT count(*) FROM live_halves"), 2);
	store_close(store);
}

TEST(impossible_times_and_hostile_texts_are_bounded)
{
	static const int64_t times[] = { 0, 1, -5, INT64_MAX, INT64_MIN, INT64_MAX / 2 };
	struct store *store = fresh();
	for (size_t i = 0; i < COUNT_OF(times); i++) {
		struct live_told event = told("1", LIVE_CONNECTED, 0);
		snprintf(event.call.call_id, sizeof event.call.call_id, "t%zu", i);
		event.call.seen_ms = T0;
		event.call.event_ms = event.call.created_ms = event.call.answered_ms = times[i];
		put(store, &event, 1);
	}
	CHECK_INT(count(store, "SELECT count(*) FROM live_halves"), (int64_t)COUNT_OF(times));
	CHECK_INT(count(store, "SELECT min(id) >> 20 FROM live_halves"), T0);
	CHECK_INT(count(store, "SELECT max(id) >> 20 FROM live_halves"), T0);
	/* No end of holding and resuming. */
	for (int i = 0; i < 200; i++) {
		struct live_told event = told("h", i % 2 == 0 ? LIVE_HELD : LIVE_CONNECTED, i * 1000);
		event.call.answered_ms = 0;
		put(store, &event, 1);
	}
	struct fault fault;
	struct live_half *halves;
	REQUIRE(db_exec(&store->db, "DELETE FROM live_halves WHERE half <> 'h'", &fault));
	REQUIRE(read_of(store, LIVE_OF_PERSON, ANA, false, &halves) == 1);
	CHECK_INT((int64_t)halves[0].n_steps, LIVE_STEPS_MAX);
	/* What somebody else has written into the column. */
	static const char *const wrong[] = { "x", "9:1", "-1:0", "1", "1:", "1:x", ":", "1:0 7:0", " " };
	for (size_t i = 0; i < COUNT_OF(wrong); i++) {
		char sql[100];
		snprintf(sql, sizeof sql, "UPDATE live_halves SET steps = '%s'", wrong[i]);
		REQUIRE(db_exec(&store->db, sql, &fault));
		REQUIRE(read_of(store, LIVE_OF_PERSON, ANA, false, &halves) == 1);
		CHECK(halves[0].n_steps <= 1);
	}
	struct live_told nobody = told("1", LIVE_CONNECTED, 0);
	nobody.call.call_id[0] = '\0';
	put(store, &nobody, 1);
	CHECK_INT(count(store, "SELECT count(*) FROM live_halves"), 1);
	store_close(store);
}

/* A record of Ana's call out, so many ms after T0. */
static void record(const char *local_id, const char *number, int64_t after_ms)
{
	char start[ISO_TIME_BYTES], end[ISO_TIME_BYTES];
	iso_time_format(T0 + after_ms, start);
	iso_time_format(T0 + after_ms + 90 * SECOND_MS, end);
	n_records++;
	text_printf(&records, "{\"Start time\":\"%s\",\"Answer time\":\"%s\",\"Release time\":\"%s\",\"Report ID\":\"2b7e1516-28ae-32a6-ab7f-%012d\",\"Report time\":\"%s\","
	    "\"Correlation ID\":\"6a0c2d3e-4f51-4b62-8c73-%012d\",\"Direction\":\"ORIGINATING\",\"Call type\":\"SIP_INTERNATIONAL\",\"Answered\":\"true\",\"Duration\":90,"
	    "\"User type\":\"User\",\"User\":\"Ana Bernal\",\"User UUID\":\"" ANA "\",\"User number\":\"4021\",\"Calling number\":\"4021\",\"Called number\":\"%s\","
	    "\"Location\":\"Colombia\",\"Site UUID\":\"" BOGOTA "\",\"Local call ID\":\"%s\"}\n", start, start, end, n_records, end, n_records, number, local_id);
}

TEST(a_record_is_found_by_the_id_of_its_half_or_by_person_number_and_start)
{
	static const struct {
		const char *local_id, *number;
		int64_t after_ms;
		bool same;
	} cases[] = {
		{ "4881:1", "+576015550199", 3000, true },	    /* by its id, whatever it says of the number */
		{ "4881:1", NUMBER, 2 * MINUTE_MS, false }, /* the id of a later call */
		{ "777:0", NUMBER, 1900, true },		    /* no such id: by who, whom and when */
		{ "", NUMBER, -1900, true },
		{ "", NUMBER, 2500, false },
		{ "777:0", "+37125550199", 0, false },
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct store *store = fresh();
		struct live_half *halves;
		struct call_detail detail;
		struct fault fault;
		struct live_told event = told("1", LIVE_CONNECTED, 6000);
		put(store, &event, 1);
		REQUIRE(read_of(store, LIVE_OF_PERSON, ANA, false, &halves) == 1);
		CHECK_INT(halves[0].call_id, 0);
		record(cases[i].local_id, cases[i].number, cases[i].after_ms);
		import_all(store, false);
		CHECK_INT(read_of(store, LIVE_OF_PERSON, ANA, false, &halves), cases[i].same ? 0 : 1);
		REQUIRE(read_of(store, LIVE_OF_PERSON, ANA, true, &halves) == 1);
		CHECK((halves[0].call_id != 0) == cases[i].same);
		/* And from the call's side the same. */
		REQUIRE(query_call(&store->db, count(store, "SELECT id FROM calls"), &arena, &detail, &fault));
		CHECK_INT((int64_t)detail.n_live, cases[i].same);
		store_close(store);
	}
}

TEST(between_the_event_and_the_record_the_story_has_the_call_from_the_event)
{
	struct store *store = fresh();
	struct fault fault;
	struct case_story story;
	record("1:0", NUMBER, -HOUR_MS);
	import_all(store, false);
	REQUIRE(db_exec(&store->db, "INSERT INTO alerts (id, revision, fingerprint, rank, severity, score, state, resolution, subject_kind, subject_id,"
	    " subject_name, location, rule, title_en, title_es, first_ms, last_ms, raised_ms, acknowledged_ms, closed_ms, snooze_until_ms,"
	    " n_legs, n_notes, cost_micro, cost_per_hour_micro, assignee, reasons, case_id) SELECT 1, 1, 1, 1, 2, 50, 0, 0, 0, '" ANA "', 'Ana', '', 'r', 't', 't',"
	    " id >> 20, (id >> 20) + 1, (id >> 20) + 2, 0, 0, 0, 1, 0, 0, 0, '', '[]', 1 FROM legs", &fault));
	REQUIRE(db_exec(&store->db, "INSERT INTO evidence SELECT 1, id, 1, 0 FROM legs", &fault));
	struct live_told events[] = { told("1", LIVE_CONNECTED, 6000), told("2", LIVE_CONNECTED, 6000) };
	snprintf(events[1].call.person_uuid, sizeof events[1].call.person_uuid, LUIS); /* not of this story */
	put(store, events, 2);
	arena_clear(&arena);
	arena_init(&arena);
	REQUIRE(query_case(&store->db, CASE_NUMBERED, 1, &arena, &story, &fault));
	size_t n = 0;
	for (size_t i = 0; i < story.n_items; i++)
		if (story.items[i].kind == CASE_LIVE) {
			n++;
			CHECK_STR(story.items[i].live->number, NUMBER);
		}
	CHECK_INT((int64_t)n, 1);
	CHECK_INT((int64_t)profile_of(store, SUBJECT_PERSON, ANA).n_live, 1);
	CHECK_INT((int64_t)profile_of(store, SUBJECT_NUMBER, NUMBER).n_live, 2); /* his, too */
	/* Its record has come: the call stands there, not the event. */
	record("4881:1", NUMBER, 0);
	import_all(store, false);
	arena_clear(&arena);
	arena_init(&arena);
	REQUIRE(query_case(&store->db, CASE_NUMBERED, 1, &arena, &story, &fault));
	for (size_t i = 0; i < story.n_items; i++)
		CHECK(story.items[i].kind != CASE_LIVE);
	CHECK_INT((int64_t)profile_of(store, SUBJECT_PERSON, ANA).n_live, 0);
	store_close(store);
}

TEST(live_calls_are_kept_some_days)
{
	struct store *store = fresh();
	struct fault fault;
	int64_t n;
	struct live_told events[] = { told("1", LIVE_CONNECTED, 6000), told("2", LIVE_CONNECTED, 6000) };
	events[1].call.created_ms -= DAY_MS;
	put(store, events, 2);
	REQUIRE(store_retire(store, &(struct retention){ 0 }, NOW, 100, &n, &fault));
	CHECK_INT(count(store, "SELECT count(*) FROM live_halves"), 2); /* 0 is for ever, as of the others */
	REQUIRE(store_retire(store, &(struct retention){ .live_ms = 12 * HOUR_MS }, NOW, 100, &n, &fault));
	CHECK_INT(count(store, "SELECT count(*) FROM live_halves"), 1);
	CHECK_INT(count(store, "SELECT count(*) FROM live_halves WHERE half = '1'"), 1);
	store_close(store);
}

TEST(the_folder_is_taken_away_again)
{
	take_folder_away();
}

TESTS(T(a_half_is_one_row_whatever_the_order_of_its_events), T(a_poll_tells_another_state_and_when_it_found_the_end), T(a_call_that_is_given_up_says_so_until_it_is_heard_of), T(what_nobody_listens_to_any_more_is_given_up_after_a_day),
    T(a_call_that_was_heard_of_at_its_end_says_when_it_was_answered),
    T(an_id_that_is_used_again_is_another_call),
    T(impossible_times_and_hostile_texts_are_bounded), T(a_record_is_found_by_the_id_of_its_half_or_by_person_number_and_start),
    T(between_the_event_and_the_record_the_story_has_the_call_from_the_event), T(live_calls_are_kept_some_days), T(the_folder_is_taken_away_again))
