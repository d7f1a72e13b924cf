/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include "base/iso_time.h"
#include "webex/live_event.h"

#define NOW INT64_C(1790000000000)
#define CALL "Y2lzY29zcGFyazovL3VzL0NBTEwvY2FsbGhhbGYtNDg4MTUxNjI6MA"
#define DANA_ID "Y2lzY29zcGFyazovL3VzL1BFT1BMRS81YjFmMGM2YS0yZjc3LTRhMzktOGQwZS02YjhmMWEyYzNkNGU"
#define DANA "5b1f0c6a-2f77-4a39-8d0e-6b8f1a2c3d4e"
#define BODY(event, data) \
	"{\"id\":\"W\",\"resource\":\"telephony_calls\",\"event\":\"" event "\",\"created\":" \
	"\"2026-09-01T08:00:00.000Z\",\"actorId\":\"" DANA_ID "\",\"data\":{" data "}}"
#define REMOTE "\"remoteParty\":{\"name\":\"\",\"number\":\"+37125550123\",\"callType\":\"external\"}"

static struct live_call call;
static struct fault fault;

static bool event(const char *body)
{
	return live_event_read(body, strlen(body), NOW, &call, &fault);
}

static int64_t at(const char *iso)
{
	int64_t ms = 0;
	REQUIRE(iso_time_parse(iso, strlen(iso), &ms));
	return ms;
}

TEST(D5_a_webhook_says_callId)
{
	REQUIRE(event(BODY("updated", "\"eventType\":\"answered\",\"eventTimestamp\":\"2026-10-05T09:12:07.450Z\","
	    "\"callId\":\"" CALL "\",\"personality\":\"originator\",\"state\":\"connected\"," REMOTE ","
	    "\"created\":\"2026-10-05T09:12:01.108Z\",\"answered\":\"2026-10-05T09:12:07.412Z\"")));
	CHECK_STR(call.call_id, CALL);
	CHECK_STR(call.person_uuid, DANA);
	CHECK_STR(call.remote_number, "+37125550123");
	CHECK_INT(call.state, LIVE_CONNECTED);
	CHECK(call.originator && call.external);
	/* Not the webhook's birthday. */
	CHECK_INT(call.event_ms, at("2026-10-05T09:12:07.450Z"));
	CHECK_INT(call.created_ms, at("2026-10-05T09:12:01.108Z"));
	CHECK_INT(call.answered_ms, at("2026-10-05T09:12:07.412Z"));
	CHECK_INT(call.seen_ms, NOW);
}

TEST(D6_the_outer_event_is_not_believed)
{
	REQUIRE(event(BODY("created", "\"callId\":\"a\",\"state\":\"connected\",\"eventType\":\"received\"")));
	CHECK_INT(call.state, LIVE_CONNECTED);
	REQUIRE(event(BODY("updated", "\"callId\":\"a\",\"state\":\"new-state\",\"eventType\":\"answered\"")));
	CHECK_INT(call.state, LIVE_CONNECTED);
	REQUIRE(event(BODY("updated", "\"callId\":\"a\",\"eventType\":\"received\"")));
	CHECK_INT(call.state, LIVE_ALERTING);
	REQUIRE(event(BODY("updated", "\"callId\":\"a\",\"state\":\"connected\",\"eventType\":\"disconnected\"")));
	CHECK_INT(call.state, LIVE_DISCONNECTED);
	REQUIRE(event(BODY("deleted", "\"callId\":\"a\",\"state\":\"connected\"")));
	CHECK_INT(call.state, LIVE_DISCONNECTED);
	CHECK_INT(call.event_ms, NOW);
	REQUIRE(event(BODY("updated", "\"callId\":\"a\",\"state\":\"remoteHeld\"")));
	CHECK_INT(call.state, LIVE_REMOTE_HELD);
}

TEST(a_terminated_or_internal_call_is_told_apart)
{
	REQUIRE(event(BODY("updated", "\"callId\":\"a\",\"state\":\"alerting\",\"personality\":\"terminator\","
	    "\"remoteParty\":{\"name\":\"Luis\",\"number\":\"4021\",\"callType\":\"location\"}")));
	CHECK(!call.originator && !call.external);
	CHECK_STR(call.remote_name, "Luis");
	REQUIRE(event(BODY("updated", "\"callId\":\"a\",\"state\":\"alerting\",\"personality\":\"clickToDial\"")));
	CHECK(call.originator);
}

TEST(what_is_no_live_call_is_refused)
{
	static const char *const bad[] = { "", "[]", "{}", "{\"resource\":\"messages\",\"data\":{}}",
		BODY("updated", ""), BODY("updated", "\"callId\":\"a\""), BODY("updated", "\"state\":\"held\""),
		BODY("updated", "\"callId\":7,\"state\":\"held\""),
		BODY("updated", "\"callId\":\"a b\",\"state\":\"held\""),
		BODY("updated", "\"callId\":\"\\u001b[2J\",\"state\":\"held\""),
		BODY("updated", "\"callId\":\"a\",\"state\":\"flying\""),
		"{\"resource\":\"telephony_calls\",\"data\":[]}" };
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		CHECK(!event(bad[i]));
		CHECK_INT(fault.code, FAULT_INPUT);
	}
	char long_id[600];
	snprintf(long_id, sizeof long_id, "{\"resource\":\"telephony_calls\",\"data\":{\"state\":\"held\",\"callId\":\"%0300d\"}}", 0);
	CHECK(!event(long_id));
}

TEST(a_strangers_name_cannot_reach_the_terminal_raw)
{
	REQUIRE(event(BODY("updated", "\"callId\":\"a\",\"state\":\"held\",\"remoteParty\":{\"name\":"
	    "\"x\\u001b[31m\\u202e\",\"number\":\"+57\\u0007\"}")));
	CHECK(strchr(call.remote_name, '\x1b') == NULL && strstr(call.remote_name, "\xE2\x80\xAE") == NULL);
	CHECK(strchr(call.remote_number, '\a') == NULL);
}

TEST(D5_a_poll_says_id)
{
	static const char body[] = "{\"items\":[{\"id\":\"" CALL "\",\"personality\":\"originator\","
		"\"state\":\"connected\"," REMOTE ",\"created\":\"2026-10-05T09:12:01.108Z\"},{\"state\":\"held\"},7]}";
	struct live_call *calls;
	size_t n;
	REQUIRE(live_poll_read(body, sizeof body - 1, DANA, NOW, &calls, &n, &fault));
	CHECK_INT(n, 1);
	CHECK_STR(calls[0].call_id, CALL);
	CHECK_STR(calls[0].person_uuid, DANA);
	CHECK_INT(calls[0].event_ms, NOW);
	free(calls);
	REQUIRE(live_poll_read("{\"items\":[]}", 12, DANA, NOW, &calls, &n, &fault));
	CHECK(calls == NULL && n == 0);
	CHECK(!live_poll_read("{}", 2, DANA, NOW, &calls, &n, &fault));
	CHECK(!live_poll_read("<", 1, DANA, NOW, &calls, &n, &fault));
}

TEST(the_directory_says_who_and_where)
{
	struct directory *directory = directory_new();
	directory_add_site(directory, &(struct site){ .uuid = (char[]){ "site-1" }, .name = (char[]){ "Bogot\xC3\xA1" },
	    .country = "CO" });
	directory_add_person(directory, &(struct person){ .uuid = (char[]){ DANA }, .name = (char[]){ "Dana Example" },
	    .site_uuid = (char[]){ "site-1" } });
	REQUIRE(event(BODY("updated", "\"callId\":\"a\",\"state\":\"held\"," REMOTE)));
	live_call_understand(&call, directory, NULL);
	CHECK_STR(call.person_name, "Dana Example");
	CHECK_STR(call.location, "Bogot\xC3\xA1");
	live_call_understand(&call, NULL, NULL);
	directory_free(directory);
}

TESTS(T(D5_a_webhook_says_callId), T(D6_the_outer_event_is_not_believed),
    T(a_terminated_or_internal_call_is_told_apart), T(what_is_no_live_call_is_refused),
    T(a_strangers_name_cannot_reach_the_terminal_raw), T(D5_a_poll_says_id),
    T(the_directory_says_who_and_where))
