/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include "calls/live_calls.h"

static struct live_call event(const char *id, enum live_state state, int64_t at)
{
	struct live_call call = { .state = state, .event_ms = at, .seen_ms = at, .created_ms = 1000, .person_uuid = "ana" };
	snprintf(call.call_id, sizeof call.call_id, "%s", id);
	snprintf(call.remote_number, sizeof call.remote_number, "+37125550123");
	return call;
}

TEST(D3_an_older_event_never_undoes_a_newer_one)
{
	struct live_calls *live = live_calls_new();
	struct live_call connected = event("a", LIVE_CONNECTED, 3000), alerting = event("a", LIVE_ALERTING, 2000);
	CHECK(live_calls_apply(live, &connected));
	CHECK(!live_calls_apply(live, &alerting));
	CHECK_INT(live_calls_at(live, 0)->state, LIVE_CONNECTED);
	live_calls_free(live);
}

TEST(D4_a_duplicate_changes_nothing)
{
	struct live_calls *live = live_calls_new();
	struct live_call call = event("a", LIVE_CONNECTED, 3000);
	CHECK(live_calls_apply(live, &call));
	uint64_t version = live_calls_version(live);
	CHECK(!live_calls_apply(live, &call));
	CHECK_INT(live_calls_version(live), version);
	live_calls_free(live);
}

TEST(a_call_that_ended_is_not_revived_by_a_late_event)
{
	struct live_calls *live = live_calls_new();
	struct live_call end = event("a", LIVE_DISCONNECTED, 5000), late = event("a", LIVE_CONNECTED, 6000);
	CHECK(!live_calls_apply(live, &end));
	CHECK(!live_calls_apply(live, &late));
	CHECK_INT(live_calls_count(live), 0);
	live_calls_free(live);
}

TEST(D11_ghosts_expire)
{
	struct live_calls *live = live_calls_new();
	struct live_call a = event("a", LIVE_CONNECTED, 3000), b = event("b", LIVE_CONNECTED, 9000);
	live_calls_apply(live, &a);
	live_calls_apply(live, &b);
	CHECK_INT(live_calls_expire(live, 10000, 5000), 1);
	CHECK_STR(live_calls_at(live, 0)->call_id, "b");
	live_calls_free(live);
}

TEST(a_poll_ends_what_it_does_not_name)
{
	struct live_calls *live = live_calls_new();
	struct live_call a = event("a", LIVE_CONNECTED, 3000), b = event("b", LIVE_CONNECTED, 3000);
	live_calls_apply(live, &a);
	live_calls_apply(live, &b);
	live_calls_apply_poll(live, "ana", &b, 1, 4000);
	CHECK_INT(live_calls_count(live), 1);
	live_calls_apply_poll(live, "luis", NULL, 0, 4000);
	CHECK_INT(live_calls_count(live), 1);
	live_calls_free(live);
}

TESTS(T(D3_an_older_event_never_undoes_a_newer_one), T(D4_a_duplicate_changes_nothing),
    T(a_call_that_ended_is_not_revived_by_a_late_event), T(D11_ghosts_expire),
    T(a_poll_ends_what_it_does_not_name))
