/* SPDX-License-Identifier: Apache-2.0 */
#include "outbox_rig.h"

#include "older_store.h"
#include "store/migrate.h"
#include "store/retention.h"

static struct store *store;
static char address[256];
static struct fault fault;
static struct outbox_place place;
static struct arena arena;

static void begin(void)
{
	arena_init(&arena);
	store = outbox_store(address);
	place = (struct outbox_place){ .destination = "room", .gather_ms = 300000, .burst = 5 };
	REQUIRE(notice_rows_want(store, INT64_MAX, &fault));
}

static void end(void)
{
	store_close(store);
	arena_clear(&arena);
}

static size_t to_place(void *arg, const struct notice *notice, struct outbox_place out[OUTBOX_PLACES])
{
	UNUSED(arg);
	UNUSED(notice);
	out[0] = place;
	return 1;
}

static void route(int64_t now_ms)
{
	struct outbox_router router = { to_place, NULL };
	size_t n;
	do
		REQUIRE(outbox_route(store, &router, now_ms, 100, &n, &fault));
	while (n == 100);
}

static void write_body(void *arg, const struct outbox_row *row, const struct notice *notices, size_t n, struct text *body)
{
	int *n_written = arg;
	++*n_written;
	text_printf(body, "%s %zu of %lld: first #%lld %s %s", row->destination, n, (long long)row->n_notices,
	    n > 0 ? (long long)notices[0].alert.id : 0, n > 0 ? notices[0].act : "", n > 0 ? notices[0].alert.subject_name : "");
}

static int n_written;
static struct outbox_row *rows;
static size_t claim(int64_t now_ms)
{
	struct outbox_claim c = { .destination = "room", .now_ms = now_ms, .most = 100, .gather_ms = place.gather_ms, .write = write_body, .arg = &n_written };
	size_t n;
	REQUIRE(outbox_claim(store, &c, &arena, &rows, &n, &fault));
	return n;
}

static void settle(const struct outbox_row *row, enum outbox_result result, int64_t now_ms, int64_t due_ms, const char *remote_id)
{
	struct outbox_end e = { .id = row->id, .attempts = row->attempts, .edits = row->edits, .result = result, .now_ms = now_ms, .due_ms = due_ms, .closes_ms = row->closes_ms,
		.grows_ms = place.grows ? place.gather_ms : 0 };
	snprintf(e.remote_id, sizeof e.remote_id, "%s", remote_id);
	snprintf(e.error, sizeof e.error, "%s", result == OUTBOX_TAKEN ? "" : "no answer");
	REQUIRE(outbox_settle(store, &e, 1, &fault));
}

TEST(a_notice_is_there_with_its_alert_or_not_at_all)
{
	begin();
	outbox_raise(store, 7, 1, 1000000);
	CHECK_INT(outbox_ask(store, "SELECT count(*) FROM notices WHERE kind = 0 AND alert_id = 1 AND severity = 2"), 1);
	/* It rises, is closed, is reopened: each is one; growing alone is none. */
	outbox_like.severity = SEVERITY_CRITICAL;
	outbox_raise(store, 7, 1, 1001000);
	outbox_raise(store, 7, 1, 1002000);
	outbox_like.severity = SEVERITY_HIGH;
	CHECK_INT(outbox_ask(store, "SELECT count(*) FROM notices WHERE kind = 1 AND act = 'grow' AND was = 'high' AND became = 'critical'"), 1);
	outbox_act(store, 1, (struct triage_order){ .act = TRIAGE_CLOSE, .who = "ana", .note = "", .resolution = RESOLUTION_UNKNOWN, .now_ms = 1003000 });
	outbox_act(store, 1, (struct triage_order){ .act = TRIAGE_REOPEN, .who = "ana", .note = "", .now_ms = 1004000 });
	outbox_act(store, 1, (struct triage_order){ .act = TRIAGE_NOTE, .who = "ana", .note = "seen", .now_ms = 1005000 });
	CHECK_INT(outbox_ask(store, "SELECT count(*) FROM notices WHERE kind = 2 AND who = 'ana' AND state = 3"), 1);
	CHECK_INT(outbox_ask(store, "SELECT count(*) FROM notices WHERE kind = 0 AND act = 'reopen' AND state = 1"), 1);
	CHECK_INT(outbox_ask(store, "SELECT count(*) FROM notices WHERE kind = 3 AND act = 'note'"), 1);
	CHECK_INT(outbox_ask(store, "SELECT count(*) FROM notices"), 5);
	/* What is taken back took its notice along. */
	REQUIRE(db_begin(&store->db, &fault));
	struct alert_event event = { 1006000, "ana", "raise", "", "high", "" };
	struct alert alert = { .id = 9 };
	CHECK(notice_rows_add(store, NULL, &alert, &event, &fault));
	db_rollback(&store->db);
	CHECK_INT(outbox_ask(store, "SELECT count(*) FROM notices"), 5);
	end();
}

TEST(nothing_is_kept_where_nobody_tells_it)
{
	begin();
	REQUIRE(notice_rows_want(store, 1000000, &fault));
	outbox_raise(store, 7, 1, 1000000);
	CHECK_INT(outbox_ask(store, "SELECT count(*) FROM notices"), 0);
	end();
}

TEST(few_are_told_one_by_one_and_each_once)
{
	begin();
	outbox_raise(store, 1, 3, 1000000);
	route(1000500);
	route(1000600);
	CHECK_INT(outbox_ask(store, "SELECT count(*) FROM outbox"), 3);
	CHECK_INT(claim(1000700), 3);
	CHECK_STR(rows[0].body, "room 1 of 1: first #1 raise Ana Bernal");
	CHECK(strlen(rows[0].key) == 28 && strcmp(rows[0].key, rows[1].key) != 0);
	const struct outbox_row *begun = rows;
	CHECK_INT(claim(1000700), 0); /* they are on their way */
	for (int i = 2; i >= 0; i--)
		settle(&begun[i], OUTBOX_TAKEN, 1000800, 0, "");
	CHECK_INT(outbox_ask(store, "SELECT count(*) FROM outbox WHERE state = 1 AND attempts = 1"), 3);
	CHECK_INT(claim(9000000), 0);
	end();
}

TEST(a_repetition_is_the_same_byte_for_byte_and_is_counted)
{
	begin();
	outbox_raise(store, 1, 1, 1000000);
	route(1000500);
	n_written = 0;
	CHECK_INT(claim(1000700), 1);
	char *key = mem_strdup(rows[0].key), *body = mem_strdup(rows[0].body);
	settle(&rows[0], OUTBOX_AGAIN, 1000800, 1004000, "");
	CHECK_INT(claim(1003999), 0);
	/* Meanwhile it is closed: the message stays what it was. */
	outbox_act(store, 1, (struct triage_order){ .act = TRIAGE_CLOSE, .who = "ana", .note = "", .resolution = RESOLUTION_UNKNOWN, .now_ms = 1003000 });
	CHECK_INT(claim(1004000), 1);
	CHECK_STR(rows[0].key, key);
	CHECK_STR(rows[0].body, body);
	CHECK_INT(rows[0].attempts, 2);
	CHECK_INT(n_written, 1);
	free(key);
	free(body);
	end();
}

TEST(who_takes_over_begins_again_what_the_other_had_begun)
{
	bool mine, taken;
	begin();
	outbox_raise(store, 1, 1, 1000000);
	REQUIRE(outbox_lease(store, "ana", 1000000, 1010000, &mine, &taken, &fault));
	CHECK(mine && taken);
	REQUIRE(outbox_lease(store, "luis", 1005000, 1015000, &mine, &taken, &fault));
	CHECK(!mine && !taken);
	REQUIRE(outbox_lease(store, "ana", 1006000, 1016000, &mine, &taken, &fault));
	CHECK(mine && !taken);
	route(1006000);
	CHECK_INT(claim(1006000), 1);
	const struct outbox_row begun = rows[0];
	/* … and dies. */
	REQUIRE(outbox_lease(store, "luis", 1016001, 1026000, &mine, &taken, &fault));
	CHECK(mine && taken);
	CHECK_INT(claim(1016001), 0);
	const char *names[] = { "room" };
	REQUIRE(outbox_adopt(store, names, 1, &fault));
	CHECK_INT(claim(1016001), 1);
	CHECK_INT(rows[0].attempts, 2);
	const struct outbox_row again = rows[0];
	/* "Dead" was cut off: that it failed frees nothing that is on its way again, nor gives it up. */
	settle(&begun, OUTBOX_AGAIN, 1016001, 1016001, "");
	CHECK_INT(claim(1016001), 0);
	settle(&begun, OUTBOX_REFUSED, 1016001, 0, "");
	CHECK_INT(outbox_ask(store, "SELECT count(*) FROM outbox WHERE state = 0 AND sending = 1"), 1);
	settle(&again, OUTBOX_TAKEN, 1016002, 0, "");
	/* What it has to say still later is not sent any more. */
	settle(&again, OUTBOX_AGAIN, 1016003, 1017000, "");
	settle(&again, OUTBOX_REFUSED, 1016004, 0, "");
	CHECK_INT(outbox_ask(store, "SELECT count(*) FROM outbox WHERE state = 1"), 1);
	/* It gives the lease back: the next need not wait. */
	REQUIRE(outbox_lease_give(store, "luis", &fault));
	REQUIRE(outbox_lease(store, "ana", 1016003, 1026000, &mine, &taken, &fault));
	CHECK(mine && taken);
	end();
}

/* A page was long, a disk slow: the lease was over, and nobody took it. */
TEST(who_renews_late_begins_nothing_again)
{
	bool mine, taken;
	begin();
	outbox_raise(store, 1, 1, 1000000);
	REQUIRE(outbox_lease(store, "ana", 1000000, 1006000, &mine, &taken, &fault));
	route(1000500);
	CHECK_INT(claim(1000700), 1);
	REQUIRE(outbox_lease(store, "ana", 1009000, 1015000, &mine, &taken, &fault));
	CHECK(mine && !taken);
	/* Where it was not late, but another's meanwhile, it is taken over. */
	REQUIRE(outbox_lease(store, "luis", 1015001, 1021000, &mine, &taken, &fault));
	CHECK(mine && taken);
	REQUIRE(outbox_lease(store, "ana", 1016000, 1022000, &mine, &taken, &fault));
	CHECK(!mine && !taken);
	REQUIRE(outbox_lease(store, "ana", 1021001, 1027000, &mine, &taken, &fault));
	CHECK(mine && taken);
	end();
}

TEST(what_is_for_a_destination_that_is_no_more_is_given_up)
{
	begin();
	outbox_raise(store, 1, 1, 1000000);
	route(1000000);
	const char *names[] = { "elsewhere" };
	REQUIRE(outbox_adopt(store, names, 1, &fault));
	CHECK_INT(outbox_ask(store, "SELECT count(*) FROM outbox WHERE state = 2 AND error <> ''"), 1);
	end();
}

TEST(a_storm_of_a_thousand_is_a_handful_of_messages)
{
	begin();
	outbox_raise(store, 1, 1000, 1000000);
	route(1000500);
	CHECK_INT(outbox_ask(store, "SELECT count(*) FROM outbox"), 6);
	CHECK_INT(claim(1000500), 5);
	for (int i = 0; i < 5; i++)
		settle(&rows[i], OUTBOX_TAKEN, 1000600, 0, "");
	CHECK_INT(claim(1000500 + 299999), 0);
	CHECK_INT(claim(1000500 + 300000), 1);
	CHECK_STR(rows[0].body, "room 995 of 995: first #6 raise Ana Bernal");
	settle(&rows[0], OUTBOX_TAKEN, 1300600, 0, "");
	/* It goes on: one message in each stretch. */
	outbox_raise(store, 5001, 500, 1300700);
	route(1300800);
	CHECK_INT(outbox_ask(store, "SELECT count(*) FROM outbox"), 7);
	CHECK_INT(claim(1600800), 1);
	settle(&rows[0], OUTBOX_TAKEN, 1600900, 0, "");
	/* It is over: one alone is told at once. */
	outbox_raise(store, 9001, 1, 2300000);
	route(2300000);
	CHECK_INT(claim(2300000), 1);
	CHECK_INT(rows[0].closes_ms, 0);
	end();
}

TEST(a_message_that_grows_is_sent_soon_and_changed)
{
	begin();
	place.grows = true;
	outbox_raise(store, 1, 100, 1000000);
	route(1000000);
	CHECK_INT(claim(1003000), 6);
	CHECK_STR(rows[5].body, "room 95 of 95: first #6 raise Ana Bernal");
	CHECK_STR(rows[5].remote_id, "");
	/* Some come while it is on its way. */
	outbox_raise(store, 1001, 10, 1003100);
	route(1003100);
	for (int i = 0; i < 6; i++)
		settle(&rows[i], OUTBOX_TAKEN, 1003200, 0, "Y2lz");
	CHECK_INT(outbox_ask(store, "SELECT count(*) FROM outbox WHERE state = 1"), 5);
	CHECK_INT(claim(1003300), 0); /* not every second: Webex lets it be edited ten times */
	CHECK_INT(claim(1003200 + 37500), 1);
	CHECK_STR(rows[0].body, "room 105 of 105: first #6 raise Ana Bernal");
	CHECK_STR(rows[0].remote_id, "Y2lz");
	settle(&rows[0], OUTBOX_TAKEN, 1041000, 0, "");
	/* Nothing new: nothing is sent. */
	CHECK_INT(claim(1041000 + 37500), 0);
	CHECK_INT(outbox_ask(store, "SELECT count(*) FROM outbox WHERE state = 0"), 1);
	/* The last ones come at the end, and are told. */
	outbox_raise(store, 2001, 1, 1299000);
	route(1299000);
	CHECK_INT(claim(1300000), 1);
	CHECK_STR(rows[0].body, "room 106 of 106: first #6 raise Ana Bernal");
	settle(&rows[0], OUTBOX_TAKEN, 1300100, 0, "");
	CHECK_INT(claim(1300100), 0);
	CHECK_INT(outbox_ask(store, "SELECT count(*) FROM outbox WHERE state = 1"), 6);
	end();
}

TEST(where_the_message_has_no_name_what_came_late_is_told_in_another)
{
	begin();
	place.grows = true;
	place.burst = 0;
	outbox_raise(store, 1, 3, 1000000);
	route(1000000);
	CHECK_INT(claim(1003000), 1);
	outbox_raise(store, 1001, 2, 1003100);
	route(1003100);
	settle(&rows[0], OUTBOX_TAKEN, 1003200, 0, "");
	CHECK_INT(claim(1003200 + 37500), 1);
	CHECK_STR(rows[0].body, "room 5 of 5: first #1 raise Ana Bernal");
	settle(&rows[0], OUTBOX_TAKEN, 1041000, 0, "");
	CHECK_INT(outbox_ask(store, "SELECT count(*) FROM outbox WHERE state = 1"), 1);
	end();
}

TEST(a_digest_is_one_message_at_its_end)
{
	begin();
	place.burst = 0;
	place.gather_ms = HOUR_MS;
	for (int i = 0; i < 3; i++) {
		outbox_raise(store, (uint64_t)(100 * i + 1), 2, 1000000 + i * 10 * MINUTE_MS);
		route(1000000 + i * 10 * MINUTE_MS);
		CHECK_INT(claim(1000000 + i * 10 * MINUTE_MS), 0);
	}
	CHECK_INT(claim(1000000 + HOUR_MS), 1);
	CHECK_STR(rows[0].body, "room 6 of 6: first #1 raise Ana Bernal");
	/* The next begins with what comes next. */
	outbox_raise(store, 901, 1, 1000001 + HOUR_MS);
	route(1000001 + HOUR_MS);
	CHECK_INT(outbox_ask(store, "SELECT count(*) FROM outbox"), 2);
	CHECK_INT(claim(1000001 + HOUR_MS), 0);
	end();
}

static int64_t oldest(int64_t now_ms)
{
	struct outbox_sum sum;
	REQUIRE(outbox_sum(&store->db, now_ms, &sum, &fault));
	return sum.oldest_ms;
}

TEST(a_digest_waits_since_it_could_go_not_since_it_was_begun)
{
	int64_t closes_ms = 1000000 + HOUR_MS;
	begin();
	place.burst = 0;
	place.gather_ms = HOUR_MS;
	outbox_raise(store, 1, 2, 1000000);
	route(1000000);
	CHECK_INT(oldest(closes_ms - 1), 0);
	CHECK_INT(oldest(closes_ms + 500), closes_ms);
	CHECK_INT(claim(closes_ms + 1000), 1);
	CHECK_INT(oldest(closes_ms + 1000), closes_ms);
	settle(&rows[0], OUTBOX_AGAIN, closes_ms + 2000, closes_ms + 60000, "");
	CHECK_INT(oldest(closes_ms + 2000), closes_ms);
	CHECK_INT(claim(closes_ms + 60000), 1);
	settle(&rows[0], OUTBOX_TAKEN, closes_ms + 60000, 0, "");
	CHECK_INT(oldest(closes_ms + 60000), 0);
	end();
}

TEST(one_that_grows_waits_since_it_was_last_told)
{
	int64_t due_ms, closes_ms;
	begin();
	place.burst = 0;
	place.gather_ms = HOUR_MS;
	place.grows = true;
	outbox_raise(store, 1, 2, 1000000);
	route(1000000);
	due_ms = outbox_ask(store, "SELECT due_ms FROM outbox");
	closes_ms = outbox_ask(store, "SELECT closes_ms FROM outbox");
	CHECK(due_ms < closes_ms);
	CHECK_INT(oldest(due_ms + 500), due_ms);
	CHECK_INT(claim(due_ms), 1);
	CHECK_INT(oldest(due_ms), 1000000); /* it fails: since it was made */
	settle(&rows[0], OUTBOX_TAKEN, due_ms + 700, 0, "m1");
	int64_t told_ms = due_ms + 700;
	CHECK_INT(oldest(told_ms), 0);
	outbox_raise(store, 2, 2, told_ms + 1000);
	route(told_ms + 1000);
	due_ms = outbox_ask(store, "SELECT due_ms FROM outbox");
	CHECK_INT(oldest(due_ms + 500), due_ms);
	CHECK_INT(claim(due_ms), 1);
	settle(&rows[0], OUTBOX_AGAIN, due_ms + 1, closes_ms + 60000, "");
	CHECK_INT(oldest(due_ms + 1), told_ms);
	CHECK_INT(oldest(closes_ms + 1), closes_ms);
	end();
}

TEST(what_was_given_up_is_seen_and_sent_after_all)
{
	struct outbox_sum sum;
	size_t n;
	begin();
	outbox_raise(store, 1, 3, 1000000);
	route(1000000);
	REQUIRE(outbox_sum(&store->db, 1000500, &sum, &fault));
	CHECK_INT(sum.n_waiting, 3);
	CHECK_INT(sum.oldest_ms, 1000000);
	CHECK_INT(claim(1001000), 3);
	settle(&rows[0], OUTBOX_REFUSED, 1001100, 0, "");
	settle(&rows[1], OUTBOX_AGAIN, 1001100, 1009000, "");
	settle(&rows[2], OUTBOX_TAKEN, 1001100, 0, "");
	REQUIRE(outbox_sum(&store->db, 1001200, &sum, &fault));
	CHECK_INT(sum.n_waiting, 1);
	CHECK_INT(sum.n_dead, 1);
	CHECK_INT(sum.next_ms, 1009000);
	CHECK_STR(sum.error, "room: no answer");
	struct outbox_row *listed;
	REQUIRE(outbox_list(&store->db, false, 10, &arena, &listed, &n, &fault));
	CHECK_INT(n, 2);
	REQUIRE(outbox_list(&store->db, true, 10, &arena, &listed, &n, &fault));
	CHECK_INT(n, 3);
	CHECK_INT(listed[0].id, 3);
	int64_t ids[] = { 99, 3, 1 };
	REQUIRE(outbox_resend(store, ids, 3, "ana", 1002000, &n, &fault));
	CHECK_INT(n, 1); /* what was sent is not sent again */
	CHECK_INT(outbox_ask(store, "SELECT count(*) FROM audit WHERE act = 'resend' AND who = 'ana'"), 1);
	CHECK_INT(claim(1002000), 1);
	CHECK_INT(rows[0].id, 1);
	settle(&rows[0], OUTBOX_REFUSED, 1002100, 0, "");
	REQUIRE(outbox_resend(store, NULL, 0, "ana", 1003000, &n, &fault));
	CHECK_INT(n, 1);
	end();
}

TEST(replies_hang_on_what_was_said_first)
{
	begin();
	outbox_raise(store, 1, 1, 1000000);
	route(1000000);
	CHECK_INT(claim(1001000), 1);
	CHECK_STR(rows[0].thread_id, "");
	settle(&rows[0], OUTBOX_TAKEN, 1001100, 0, "Y2lz1");
	outbox_act(store, 1, (struct triage_order){ .act = TRIAGE_CLOSE, .who = "ana", .note = "", .resolution = RESOLUTION_UNKNOWN, .now_ms = 1003000 });
	route(1003000);
	CHECK_INT(claim(1003000), 1);
	CHECK_STR(rows[0].thread_id, "Y2lz1");
	end();
}

TEST(after_a_month_it_is_gone)
{
	struct retention keep = { 0 };
	int64_t n;
	begin();
	outbox_raise(store, 1, 2, 1000000);
	route(1000000);
	CHECK_INT(claim(1001000), 2);
	settle(&rows[0], OUTBOX_TAKEN, 1001100, 0, "");
	REQUIRE(store_retire(store, &keep, 1000000 + 29 * DAY_MS, 100, &n, &fault));
	CHECK_INT(outbox_ask(store, "SELECT count(*) FROM outbox"), 2);
	outbox_raise(store, 100, 1, 40 * DAY_MS);
	route(40 * DAY_MS);
	for (int i = 0; i < 2; i++)
		REQUIRE(store_retire(store, &keep, 1000000 + 40 * DAY_MS, 100, &n, &fault));
	CHECK_INT(outbox_ask(store, "SELECT count(*) FROM outbox"), 2); /* what waits stays */
	CHECK_INT(outbox_ask(store, "SELECT count(*) FROM outbox_notices"), 2);
	CHECK_INT(outbox_ask(store, "SELECT count(*) FROM notices"), 2);
	end();
}

TEST(a_store_of_the_version_before_gets_an_outbox)
{
	begin();
	outbox_raise(store, 1, 1, 1000000);
	REQUIRE(older_store(&store->db, 33, &fault));
	store_close(store);
	REQUIRE(store_open(address, &store, &fault));
	CHECK_INT(outbox_ask(store, "SELECT count(*) FROM alerts"), 1);
	REQUIRE(notice_rows_want(store, INT64_MAX, &fault));
	outbox_raise(store, 2, 1, 1000000);
	route(1000000);
	CHECK_INT(outbox_ask(store, "SELECT count(*) FROM outbox"), 1);
	end();
	outbox_rig_end();
}

TESTS(T(a_notice_is_there_with_its_alert_or_not_at_all), T(nothing_is_kept_where_nobody_tells_it), T(few_are_told_one_by_one_and_each_once),
    T(a_repetition_is_the_same_byte_for_byte_and_is_counted), T(who_takes_over_begins_again_what_the_other_had_begun), T(who_renews_late_begins_nothing_again),
    T(what_is_for_a_destination_that_is_no_more_is_given_up), T(a_storm_of_a_thousand_is_a_handful_of_messages),
    T(a_message_that_grows_is_sent_soon_and_changed), T(where_the_message_has_no_name_what_came_late_is_told_in_another),
    T(a_digest_is_one_message_at_its_end), T(a_digest_waits_since_it_could_go_not_since_it_was_begun),
    T(one_that_grows_waits_since_it_was_last_told), T(what_was_given_up_is_seen_and_sent_after_all), T(replies_hang_on_what_was_said_first), T(after_a_month_it_is_gone),
    T(a_store_of_the_version_before_gets_an_outbox))
