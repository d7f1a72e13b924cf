/* SPDX-License-Identifier: Apache-2.0 */
#include "webex_fixture.h"

#include "base/iso_time.h"
#include "webex/token_file.h"

struct seen {
	int n, status, n_tries;
	struct fault fault;
	char body[256], next[256], tracking_id[80];
};

static void on_done(struct webex_answer *answer, void *arg)
{
	struct seen *seen = arg;
	seen->n++;
	seen->status = answer->status;
	seen->n_tries = answer->n_tries;
	seen->fault = answer->fault;
	snprintf(seen->body, sizeof seen->body, "%s", answer->body != NULL ? answer->body : "");
	snprintf(seen->next, sizeof seen->next, "%.255s", answer->next);
	snprintf(seen->tracking_id, sizeof seen->tracking_id, "%s", answer->tracking_id);
}

static struct seen ask(const struct webex_request *request)
{
	struct seen seen = { 0 };
	webex_send(webex, request, on_done, &seen);
	CHECK_INT(seen.n, 0);
	run_until(&seen.n);
	CHECK_INT(seen.n, 1);
	return seen;
}

static const struct webex_request people = { .api = API_PEOPLE, .path = "/people?max=50" };

TEST(a_request_carries_bearer_and_tracking_id)
{
	static const struct exchange rows[] = { { 200, "{\"items\":[]}",
	    { "Link", "<https://webexapis.com/v1/people?cursor=2>; rel=\"next\"" }, { "TrackingID", "ROUTER_9" } } };
	FIXTURE(rows);
	struct seen seen = ask(&people);
	CHECK_INT(seen.status, 200);
	CHECK_STR(seen.body, "{\"items\":[]}");
	CHECK_STR(seen.next, "https://webexapis.com/v1/people?cursor=2");
	CHECK_STR(seen.tracking_id, "ROUTER_9");
	CHECK_STR(asked[0], "GET webexapis.com /v1/people?max=50 Bearer A1 ");
	seen = ask(&(struct webex_request){ .api = API_CALLS, .method = "POST", .path = "/x", .body = "{\"a\":1}" });
	CHECK_STR(asked[1], "POST webexapis.com /v1/x Bearer A1 {\"a\":1}");
	seen = ask(&(struct webex_request){ .api = API_PEOPLE,
	    .path = "https://webexapis.com/v1/people?cursor=a%2Cb,c&max=null" });
	CHECK_STR(asked[2], "GET webexapis.com /v1/people?cursor=a%2Cb,c&max=null Bearer A1 ");
	fixture_close();
}

TEST(the_bearer_goes_to_no_other_host)
{
	static const struct exchange rows[] = { { 200, "{}", { 0 }, { 0 } } };
	FIXTURE(rows);
	static const char *const bad[] = { "https://evil.example/v1/people",
		"https://webexapis.com.evil.example/", "http://webexapis.com/v1/people",
		"https://webexapis.com:8443/", "https://user@webexapis.com/", "https://127.0.0.1/", "x" };
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		struct seen seen = ask(&(struct webex_request){ .api = API_CDR, .path = bad[i] });
		CHECK_INT(seen.fault.code, FAULT_INPUT);
	}
	CHECK_INT(n_asked, 0);
	fixture_close();
}

static void sign_in_with_refresh(void)
{
	char path[128];
	snprintf(path, sizeof path, "%s/token.json", fixture_folder);
	struct token token = { .access = mem_strdup("A1"), .refresh = mem_strdup("R1"),
		.obtained_ms = clock_now_ms(&fixture_clock) };
	REQUIRE(token_file_write(path, &token, NULL));
	token_clear(&token);
	oauth_load(oauth, NULL, NULL);
	uv_run(&loop, UV_RUN_DEFAULT);
}

TEST(C4_a_401_is_refreshed_once_and_the_answer_arrives)
{
	static const struct exchange rows[] = { { 401, "{}", { 0 }, { 0 } },
		{ 200, "{\"access_token\":\"A2\"}", { 0 }, { 0 } }, { 200, "{\"ok\":1}", { 0 }, { 0 } } };
	FIXTURE(rows);
	sign_in_with_refresh();
	struct seen seen = ask(&people);
	CHECK_INT(seen.fault.code, FAULT_NONE);
	CHECK_STR(seen.body, "{\"ok\":1}");
	CHECK_INT(n_asked, 3);
	CHECK(strstr(asked[2], "Bearer A2") != NULL);
	fixture_close();
}

TEST(C4_a_second_401_ends_it)
{
	static const struct exchange rows[] = { { 401, "{}", { 0 }, { 0 } },
		{ 200, "{\"access_token\":\"A2\"}", { 0 }, { 0 } },
		{ 401, "{\"message\":\"no\"}", { 0 }, { 0 } } };
	FIXTURE(rows);
	sign_in_with_refresh();
	struct seen seen = ask(&people);
	CHECK_INT(seen.fault.code, FAULT_AUTH);
	CHECK_INT(n_asked, 3);
	fixture_close();
}

TEST(a_401_that_cannot_be_renewed_asks_for_a_person)
{
	static const struct exchange rows[] = { { 401, "{}", { 0 }, { 0 } } };
	FIXTURE(rows);
	struct seen seen = ask(&people);
	CHECK_INT(seen.fault.code, FAULT_LOGIN);
	CHECK_INT(n_asked, 1);
	fixture_close();
}

TEST(A13_a_403_names_scope_role_and_token_type)
{
	static const struct exchange rows[] = { { 403, "{\"message\":\"Access denied\",\"trackingId\":\"T_1\"}",
	    { 0 }, { 0 } } };
	FIXTURE(rows);
	struct seen seen = ask(&(struct webex_request){ .api = API_CDR, .path = "/cdr_feed" });
	CHECK_INT(seen.fault.code, FAULT_FORBIDDEN);
	CHECK(strstr(seen.fault.text, "spark-admin:calling_cdr_read") != NULL);
	CHECK(strstr(seen.fault.text, "Detailed Call History API access") != NULL);
	CHECK(strstr(seen.fault.text, "Service App") != NULL);
	CHECK(strstr(seen.fault.text, "custom administrator role") != NULL); /* what the role becomes */
	CHECK(strstr(seen.fault.text, "an organisation with Webex Calling") != NULL);
	CHECK(strstr(seen.fault.text, "Access denied") != NULL);
	CHECK(strstr(seen.fault.text, "T_1") != NULL);
	CHECK_STR(seen.tracking_id, "T_1");
	CHECK_INT(n_asked, 1);
	fixture_close();
}

TEST(C12_a_scope_that_the_token_lacks_is_named_first)
{
	struct fault fault;
	fault_set(&fault, FAULT_FORBIDDEN, "Webex answered 403");
	webex_forbidden(API_PEOPLE, "spark-admin:calling_cdr_read spark-admin:people_readx", &fault);
	CHECK(strstr(fault.text, "the token lacks the scope spark-admin:people_read") != NULL);
	CHECK(strstr(fault.text, "sign in again") != NULL);
	fault_set(&fault, FAULT_FORBIDDEN, "Webex answered 403");
	webex_forbidden(API_PEOPLE, "x spark-admin:people_read", &fault);
	CHECK(strstr(fault.text, "lacks") == NULL);
	for (int api = 0; api < WEBEX_N_APIS; api++) {
		fault_set(&fault, FAULT_FORBIDDEN, "Webex answered 403");
		webex_forbidden(api, "", &fault);
		CHECK(strstr(fault.text, webex_api_row(api)->name) != NULL);
		CHECK(strstr(fault.text, webex_api_row(api)->role) != NULL);
	}
}

TEST(A7_a_429_is_waited_out)
{
	static const struct exchange rows[] = { { 429, "", { "Retry-After", "60" }, { 0 } },
		{ 429, "", { "Retry-After", "rand(30),add(30)" }, { 0 } }, { 200, "{}", { 0 }, { 0 } } };
	FIXTURE(rows);
	struct seen seen = ask(&people);
	CHECK_INT(seen.status, 200);
	CHECK_INT(n_asked, 3);
	CHECK_INT(seen.n_tries, 3);
	fixture_close();
}

TEST(a_fault_that_may_pass_is_tried_five_times)
{
	static const struct exchange rows[] = { { 502, "<html>Bad Gateway</html>", { 0 }, { 0 } } };
	FIXTURE(rows);
	struct seen seen = ask(&people);
	CHECK_INT(seen.fault.code, FAULT_NETWORK);
	CHECK_INT(n_asked, 5);
	CHECK(strstr(seen.fault.text, "502: Bad Gateway") != NULL);
	fixture_close();
}

TEST(what_changes_something_is_not_repeated_blindly)
{
	static const struct exchange rows[] = { { 503, "", { 0 }, { 0 } } };
	FIXTURE(rows);
	struct seen seen = ask(&(struct webex_request){ .api = API_CALLS, .method = "POST",
	    .path = "/hangup", .body = "{}" });
	CHECK_INT(seen.fault.code, FAULT_NETWORK);
	CHECK_INT(n_asked, 1);
	fixture_close();
}

TEST(a_redirect_is_not_followed_with_the_bearer)
{
	static const struct exchange rows[] = { { 302, "", { "Location", "https://evil.example/" }, { 0 } } };
	FIXTURE(rows);
	struct seen seen = ask(&people);
	CHECK_INT(seen.fault.code, FAULT_REFUSED);
	CHECK_INT(n_asked, 1);
	fixture_close();
}

TEST(A9_a_451_changes_the_host_and_tells_it)
{
	static const struct exchange rows[] = { { 451, "{\"message\":\"Please use "
	    "analytics-calling-eu.webexapis.com\",\"errorCode\":451}", { 0 }, { 0 } }, { 200, "{}", { 0 }, { 0 } } };
	FIXTURE(rows);
	struct seen seen = ask(&(struct webex_request){ .api = API_CDR, .path = "/cdr_feed?a" });
	CHECK_INT(seen.fault.code, FAULT_REGION);
	CHECK_STR(webex_cdr_base(webex), "https://analytics-calling-eu.webexapis.com/v1");
	CHECK_STR(region_told, "https://analytics-calling-eu.webexapis.com/v1");
	seen = ask(&(struct webex_request){ .api = API_CDR, .path = "/cdr_feed?a" });
	CHECK_INT(seen.status, 200);
	CHECK(text_starts_with(asked[1], "GET analytics-calling-eu.webexapis.com /v1/cdr_feed?a "));
	fixture_close();
}

TEST(A9_a_451_to_a_stranger_is_not_obeyed)
{
	static const struct exchange rows[] = { { 451, "{\"message\":\"Please use evil.example\"}",
	    { 0 }, { 0 } } };
	FIXTURE(rows);
	struct seen seen = ask(&(struct webex_request){ .api = API_CDR, .path = "/cdr_feed" });
	CHECK_INT(seen.fault.code, FAULT_REGION);
	CHECK(strstr(seen.fault.text, "cdr_hosts") != NULL);
	CHECK_STR(webex_cdr_base(webex), "https://analytics-calling.webexapis.com/v1");
	CHECK_STR(region_told, "");
	fixture_close();
}

TEST(A5_the_servers_clock_is_learnt_from_Date)
{
	static char date[ISO_TIME_BYTES];
	static struct exchange rows[] = { { 200, "{}", { "Date", date }, { 0 } } };
	http_date_format(clock_real_ms() + 600 * SECOND_MS, date);
	FIXTURE(rows);
	CHECK_INT(webex_skew_ms(webex), 0);
	struct seen seen = ask(&people);
	CHECK_INT(seen.status, 200);
	int64_t skew_ms = webex_skew_ms(webex);
	CHECK(skew_ms > 597 * SECOND_MS && skew_ms < 603 * SECOND_MS);
	CHECK(webex_now_ms(webex) > clock_real_ms() + 590 * SECOND_MS);
	http_date_format(clock_real_ms(), date);
	seen = ask(&people);
	CHECK_INT(webex_skew_ms(webex), 0);
	fixture_close();
}

TEST(nobody_signed_in_is_said_without_asking)
{
	static const struct exchange rows[] = { { 200, "{}", { 0 }, { 0 } } };
	FIXTURE(rows);
	oauth_logout(oauth, NULL, NULL);
	struct seen seen = ask(&people);
	CHECK_INT(seen.fault.code, FAULT_LOGIN);
	CHECK(strstr(seen.fault.text, "centinela login") != NULL);
	CHECK_INT(n_asked, 0);
	fixture_close();
}

TEST(a_cancelled_request_ends_once_wherever_it_is)
{
	static const struct exchange rows[] = { { 503, "", { 0 }, { 0 } } };
	for (int turns = 0; turns < 8; turns++) {
		FIXTURE(rows);
		struct seen seen = { 0 };
		struct webex_call *call = webex_send(webex, &people, on_done, &seen);
		for (int i = 0; i < turns; i++)
			uv_run(&loop, UV_RUN_ONCE);
		if (seen.n == 0) {
			webex_call_cancel(call);
			webex_call_cancel(call);
			run_until(&seen.n);
			/* It may have been over, with its end on the way. */
			CHECK(seen.fault.code == FAULT_CANCELLED || seen.n_tries == 5);
		}
		struct seen last = { 0 };
		webex_send(webex, &people, on_done, &last);
		fixture_close();
		CHECK_INT(seen.n, 1);
		CHECK_INT(last.n, 1);
	}
}

TESTS(T(a_request_carries_bearer_and_tracking_id), T(the_bearer_goes_to_no_other_host),
    T(C4_a_401_is_refreshed_once_and_the_answer_arrives), T(C4_a_second_401_ends_it),
    T(a_401_that_cannot_be_renewed_asks_for_a_person),
    T(A13_a_403_names_scope_role_and_token_type),
    T(C12_a_scope_that_the_token_lacks_is_named_first), T(A7_a_429_is_waited_out),
    T(a_fault_that_may_pass_is_tried_five_times),
    T(what_changes_something_is_not_repeated_blindly),
    T(a_redirect_is_not_followed_with_the_bearer), T(A9_a_451_changes_the_host_and_tells_it),
    T(A9_a_451_to_a_stranger_is_not_obeyed), T(A5_the_servers_clock_is_learnt_from_Date),
    T(nobody_signed_in_is_said_without_asking), T(a_cancelled_request_ends_once_wherever_it_is))
