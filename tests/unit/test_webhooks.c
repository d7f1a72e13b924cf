/* SPDX-License-Identifier: Apache-2.0 */
#include "webex_fixture.h"

#include "webex/webhooks.h"

#define NO { NULL, NULL }
#define HOOK(id, url, status) \
	"{\"id\":\"" id "\",\"name\":\"soc\",\"targetUrl\":\"" url "\",\"resource\":\"telephony_calls\"," \
	"\"event\":\"all\",\"filter\":\"callType=external\",\"status\":\"" status "\",\"ownedBy\":\"org\"}"
#define OURS "https://relay.example.com/wx"
#define FAR "{\"interests\":[{\"actor\":\"Workspaces\"},{\"actor\":\"Virtual Lines\"}],\"expiresAt\":\"2199-01-01T00:00:00Z\"}"

static struct webhook_result result;
static int n_done;

static void on_done(const struct webhook_result *got, void *arg)
{
	UNUSED(arg);
	n_done++;
	result = *got;
}

static void keep(void)
{
	n_done = 0;
	webhooks_keep(webex, &(struct webhook_wish){ .name = "soc", .target_url = OURS, .secret = "INVENTED" },
	    on_done, NULL);
	run_until(&n_done);
}

TEST(a_missing_webhook_is_made)
{
	static const struct exchange rows[] = { { 200, "{\"items\":[{\"id\":\"x\",\"name\":\"other\"}]}", NO, NO },
		{ 200, "{\"id\":\"NEW\"}", NO, NO }, { 200, FAR, NO, NO } };
	FIXTURE(rows);
	keep();
	CHECK_INT(result.fault.code, FAULT_NONE);
	CHECK(result.created && !result.reactivated);
	CHECK_STR(result.id, "NEW");
	CHECK(strstr(asked[0], "GET webexapis.com /v1/webhooks?ownedBy=org&max=100") != NULL);
	CHECK_STR(asked[1], "POST webexapis.com /v1/webhooks Bearer A1 {\"name\":\"soc\",\"targetUrl\":\"" OURS
			    "\",\"secret\":\"INVENTED\",\"resource\":\"telephony_calls\",\"event\":\"all\","
			    "\"filter\":\"callType=external\",\"ownedBy\":\"org\"}");
	CHECK_INT(n_asked, 3);
	fixture_close();
}

TEST(D1_an_inactive_webhook_is_switched_on_again)
{
	static const struct exchange rows[] = { { 200, "{\"items\":[" HOOK("W1", OURS, "inactive") "]}", NO, NO },
		{ 200, "{\"id\":\"W1\"}", NO, NO }, { 200, FAR, NO, NO } };
	FIXTURE(rows);
	keep();
	CHECK_INT(result.fault.code, FAULT_NONE);
	CHECK(result.reactivated && !result.created);
	CHECK_STR(asked[1], "PUT webexapis.com /v1/webhooks/W1 Bearer A1 {\"name\":\"soc\",\"targetUrl\":\"" OURS
			    "\",\"secret\":\"INVENTED\",\"status\":\"active\"}");
	fixture_close();
}

TEST(D4_doubles_and_others_of_ours_are_removed)
{
	static const struct exchange rows[] = { { 200, "{\"items\":[" HOOK("W1", OURS, "active") ","
		HOOK("W2", OURS, "active") "," HOOK("W3", "https://old.example.com/", "active") "]}", NO, NO },
		{ 204, "", NO, NO }, { 404, "{}", NO, NO }, { 200, FAR, NO, NO } };
	FIXTURE(rows);
	keep();
	CHECK_INT(result.fault.code, FAULT_NONE);
	CHECK_INT(result.n_removed, 2);
	CHECK(!result.created && !result.reactivated);
	CHECK_STR(result.id, "W1");
	CHECK(strstr(asked[1], "DELETE webexapis.com /v1/webhooks/W3") != NULL);
	CHECK(strstr(asked[2], "DELETE webexapis.com /v1/webhooks/W2") != NULL);
	fixture_close();
}

TEST(D7_a_refusal_says_what_works_instead)
{
	static const struct exchange rows[] = { { 200, "{\"items\":[]}", NO, NO }, { 403, "{}", NO, NO } };
	FIXTURE(rows);
	keep();
	CHECK_INT(result.fault.code, FAULT_FORBIDDEN);
	CHECK(strstr(result.fault.text, "watch-list") != NULL);
	CHECK_INT(n_asked, 2);
	fixture_close();
}

TEST(D8_interest_in_workspaces_is_registered_and_renewed)
{
	static const char *const states[] = { "{\"interests\":[]}", "{}", "",
		"{\"interests\":[{\"actor\":\"Workspaces\"},{\"actor\":\"Virtual Lines\"}],\"expiresAt\":\"2020-01-01T00:00:00Z\"}" };
	for (size_t i = 0; i < COUNT_OF(states); i++) {
		const struct exchange rows[] = { { 200, "{\"items\":[" HOOK("W1", OURS, "active") "]}", NO, NO },
			{ 200, states[i], NO, NO }, { 200, "{}", NO, NO } };
		FIXTURE(rows);
		keep();
		CHECK_INT(result.fault.code, FAULT_NONE);
		CHECK(strstr(asked[2], "POST webexapis.com /v1/telephony/webhookInterestRegistrations Bearer A1 "
		    "{\"interests\":[{\"actor\":\"Workspaces\"},{\"actor\":\"Virtual Lines\"}],\"duration\":60}") != NULL);
		fixture_close();
	}
}

TEST(D8_no_interest_is_a_note_and_no_fault)
{
	static const struct exchange rows[] = { { 200, "{\"items\":[" HOOK("W1", OURS, "active") "]}", NO, NO },
		{ 403, "{}", NO, NO } };
	FIXTURE(rows);
	keep();
	CHECK_INT(result.fault.code, FAULT_NONE);
	CHECK_INT(result.interest.code, FAULT_FORBIDDEN);
	fixture_close();
}

TESTS(T(a_missing_webhook_is_made), T(D1_an_inactive_webhook_is_switched_on_again),
    T(D4_doubles_and_others_of_ours_are_removed), T(D7_a_refusal_says_what_works_instead),
    T(D8_interest_in_workspaces_is_registered_and_renewed),
    T(D8_no_interest_is_a_note_and_no_fault))
