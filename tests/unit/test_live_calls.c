/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include "calls/live_calls.h"

#define T0 INT64_C(1790000000000)

static struct live_calls *live;

static struct live_call event(const char *id, enum live_state state, int64_t at_s)
{
	struct live_call call = { .state = state, .originator = true, .external = true,
		.created_ms = T0, .event_ms = T0 + at_s * 1000, .seen_ms = T0 + at_s * 1000 };
	snprintf(call.call_id, sizeof call.call_id, "%s", id);
	snprintf(call.person_uuid, sizeof call.person_uuid, "dana");
	snprintf(call.remote_number, sizeof call.remote_number, "+37125550123");
	return call;
}

static bool apply(const char *id, enum live_state state, int64_t at_s)
{
	struct live_call call = event(id, state, at_s);
	return live_calls_apply(live, &call);
}

TEST(a_call_lives_and_ends)
{
	live = live_calls_new();
	CHECK(apply("a", LIVE_ALERTING, 0));
	CHECK(apply("a", LIVE_CONNECTED, 5));
	CHECK_INT(live_calls_count(live), 1);
	CHECK_INT(live_calls_at(live, 0)->state, LIVE_CONNECTED);
	CHECK(apply("a", LIVE_DISCONNECTED, 9));
	CHECK_INT(live_calls_count(live), 0);
	CHECK_INT(live_calls_version(live), 3);
	live_calls_free(live);
}

TEST(D3_an_older_event_never_undoes_a_newer_one)
{
	live = live_calls_new();
	CHECK(apply("a", LIVE_CONNECTED, 5));
	CHECK(!apply("a", LIVE_ALERTING, 4));
	CHECK_INT(live_calls_at(live, 0)->state, LIVE_CONNECTED);
	CHECK(apply("a", LIVE_DISCONNECTED, 9));
	CHECK(!apply("a", LIVE_CONNECTED, 8));
	CHECK_INT(live_calls_count(live), 0);
	/* Its end came before its beginning. */
	CHECK(!apply("b", LIVE_DISCONNECTED, 9));
	CHECK(!apply("b", LIVE_ALERTING, 3));
	CHECK_INT(live_calls_count(live), 0);
	live_calls_free(live);
}

TEST(D3_any_order_of_the_same_events_gives_the_same_end)
{
	static const int orders[6][3] = { { 0, 1, 2 }, { 0, 2, 1 }, { 1, 0, 2 }, { 1, 2, 0 }, { 2, 0, 1 }, { 2, 1, 0 } };
	static const enum live_state states[] = { LIVE_ALERTING, LIVE_CONNECTED, LIVE_HELD };
	for (int same_time = 0; same_time < 2; same_time++)
		for (int i = 0; i < 6; i++) {
			live = live_calls_new();
			for (int j = 0; j < 3; j++)
				apply("a", states[orders[i][j]], same_time ? 1 : orders[i][j]);
			CHECK_INT(live_calls_count(live), 1);
			CHECK_INT(live_calls_at(live, 0)->state, LIVE_HELD);
			live_calls_free(live);
		}
}

static bool apply_seen(const char *id, enum live_state state, int64_t at_s, int64_t seen_s)
{
	struct live_call call = event(id, state, at_s);
	call.seen_ms = T0 + seen_s * 1000;
	return live_calls_apply(live, &call);
}

/* Signed once is signed for ever: what is sent anew after we were started anew has no end we remember. */
TEST(an_event_of_another_day_makes_no_call_live)
{
	live = live_calls_new();
	CHECK(!apply_seen("a", LIVE_CONNECTED, 0, 30 * 86400));
	CHECK(!apply_seen("b", LIVE_CONNECTED, 0, 1801));
	CHECK_INT(live_calls_count(live), 0);
	CHECK(apply_seen("c", LIVE_CONNECTED, 0, 1799));
	/* One that lives is told of whenever. */
	CHECK(apply_seen("c", LIVE_HELD, 1, 86400));
	/* A year ahead is now, and its end ends it. */
	CHECK(apply_seen("d", LIVE_CONNECTED, 365 * 86400, 10));
	CHECK_INT(live_calls_at(live, 1)->event_ms, T0 + 130 * 1000);
	CHECK(apply_seen("d", LIVE_DISCONNECTED, 140, 140));
	/* Nor does an end of then keep its id away for a year. */
	CHECK(!apply_seen("e", LIVE_DISCONNECTED, 365 * 86400, 10));
	CHECK(apply_seen("e", LIVE_CONNECTED, 200, 200));
	live_calls_free(live);
}

TEST(D4_a_duplicate_changes_nothing)
{
	live = live_calls_new();
	CHECK(apply("a", LIVE_CONNECTED, 5));
	uint64_t version = live_calls_version(live);
	CHECK(!apply("a", LIVE_CONNECTED, 5));
	CHECK(!apply("a", LIVE_CONNECTED, 6)); /* heard of again, nothing new */
	CHECK_INT(live_calls_version(live), version);
	CHECK_INT(live_calls_at(live, 0)->seen_ms, T0 + 6000);
	live_calls_free(live);
}

TEST(what_an_event_leaves_out_stays)
{
	live = live_calls_new();
	struct live_call first = event("a", LIVE_CONNECTED, 1), second = event("a", LIVE_HELD, 2);
	first.answered_ms = T0 + 500;
	snprintf(first.person_name, sizeof first.person_name, "Dana");
	live_calls_apply(live, &first);
	second.remote_number[0] = second.person_uuid[0] = '\0';
	second.created_ms = 0;
	second.external = false;
	CHECK(live_calls_apply(live, &second));
	const struct live_call *call = live_calls_at(live, 0);
	CHECK_STR(call->remote_number, "+37125550123");
	CHECK_STR(call->person_name, "Dana");
	CHECK_STR(call->person_uuid, "dana");
	CHECK_INT(call->created_ms, T0);
	CHECK_INT(call->answered_ms, T0 + 500);
	CHECK(call->external);
	live_calls_free(live);
}

TEST(D11_a_poll_is_the_whole_truth_of_one_person)
{
	live = live_calls_new();
	apply("a", LIVE_CONNECTED, 1);
	apply("b", LIVE_CONNECTED, 1);
	apply("c", LIVE_CONNECTED, 20); /* came up after the question */
	struct live_call other = event("d", LIVE_CONNECTED, 1);
	snprintf(other.person_uuid, sizeof other.person_uuid, "luis");
	live_calls_apply(live, &other);
	struct live_call named = event("b", LIVE_HELD, 10);
	live_calls_apply_poll(live, "dana", &named, 1, T0 + 10000);
	CHECK_INT(live_calls_count(live), 3);
	for (size_t i = 0; i < 3; i++) {
		const struct live_call *call = live_calls_at(live, i);
		CHECK(strcmp(call->call_id, "a") != 0);
		if (strcmp(call->call_id, "b") == 0)
			CHECK_INT(call->state, LIVE_HELD);
	}
	/* A late event of the ended call does not bring it back. */
	CHECK(!apply("a", LIVE_HELD, 9));
	live_calls_free(live);
}

static int64_t over_ms;

static enum live_end ended_by;

static void on_over(const struct live_call *call, enum live_end end, int64_t at_ms, void *arg)
{
	ended_by = end;
	CHECK_STR(call->call_id, "a");
	over_ms = at_ms;
	++*(int *)arg;
}

TEST(what_a_poll_misses_is_told_once)
{
	int n = 0;
	live = live_calls_new();
	live_calls_on_over(live, on_over, &n);
	apply("a", LIVE_CONNECTED, 1);
	apply("b", LIVE_CONNECTED, 1);
	struct live_call b = event("b", LIVE_CONNECTED, 20);
	live_calls_apply_poll(live, "dana", &b, 1, T0 + 20000);
	live_calls_apply_poll(live, "dana", &b, 1, T0 + 30000);
	CHECK_INT(n, 1);
	CHECK_INT(over_ms, T0 + 20000);
	apply("b", LIVE_DISCONNECTED, 40); /* an event says so itself */
	CHECK_INT(n, 1);
	live_calls_free(live);
}

TEST(D11_a_ghost_expires)
{
	int n = 0;
	live = live_calls_new();
	live_calls_on_over(live, on_over, &n);
	apply("a", LIVE_CONNECTED, 0);
	apply("b", LIVE_CONNECTED, 100);
	CHECK_INT(live_calls_expire(live, T0 + 150000, 60000, 120000), 1);
	CHECK_INT(n, 1);
	CHECK_INT(ended_by, LIVE_LOST);
	CHECK_INT(over_ms, T0 + 150000);
	CHECK_INT(live_calls_count(live), 1);
	CHECK_STR(live_calls_at(live, 0)->call_id, "b");
	CHECK(!apply("a", LIVE_CONNECTED, 0)); /* told late, nothing new */
	CHECK(apply("a", LIVE_HELD, 160)); /* it was alive after all */
	live_calls_free(live);
}

TEST(D11_what_only_rings_is_given_up_sooner)
{
	live = live_calls_new();
	apply("a", LIVE_CONNECTED, 0);
	apply("b", LIVE_ALERTING, 0);
	apply("c", LIVE_CONNECTING, 0);
	CHECK_INT(live_calls_expire(live, T0 + 59000, 60000, 120000), 0);
	CHECK_INT(live_calls_expire(live, T0 + 60000, 60000, 120000), 2);
	CHECK_STR(live_calls_at(live, 0)->call_id, "a");
	CHECK_INT(live_calls_expire(live, T0 + 60000, 600000, 50000), 1); /* never longer than what is up */
	live_calls_free(live);
}

TEST(D10_a_flood_is_bounded)
{
	live = live_calls_new();
	char id[32];
	for (int i = 0; i < 20100; i++) {
		snprintf(id, sizeof id, "call-%d", i);
		apply(id, LIVE_CONNECTED, 0);
	}
	CHECK_INT(live_calls_count(live), 20000);
	for (int i = 0; i < 20100; i++) {
		snprintf(id, sizeof id, "call-%d", i);
		apply(id, LIVE_DISCONNECTED, 1);
	}
	CHECK_INT(live_calls_count(live), 0);
	CHECK(!apply("", LIVE_CONNECTED, 1));
	live_calls_free(live);
	live_calls_free(NULL);
}

TESTS(T(a_call_lives_and_ends), T(D3_an_older_event_never_undoes_a_newer_one),
    T(D3_any_order_of_the_same_events_gives_the_same_end), T(an_event_of_another_day_makes_no_call_live), T(D4_a_duplicate_changes_nothing),
    T(what_an_event_leaves_out_stays), T(D11_a_poll_is_the_whole_truth_of_one_person),
    T(what_a_poll_misses_is_told_once), T(D11_a_ghost_expires), T(D11_what_only_rings_is_given_up_sooner), T(D10_a_flood_is_bounded))
