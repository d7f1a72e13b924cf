/* SPDX-License-Identifier: Apache-2.0 */
#include "webex_fixture.h"

#include "webex/ids.h"
#include "webex/live_poll.h"

#define NO { NULL, NULL }
#define ONE "{\"items\":[{\"id\":\"c\",\"state\":\"connected\"}]}"

static const char *const watched[] = { "5b1f0c6a-2f77-4a39-8d0e-000000000001",
	"5b1f0c6a-2f77-4a39-8d0e-000000000002", "5b1f0c6a-2f77-4a39-8d0e-000000000003",
	"5b1f0c6a-2f77-4a39-8d0e-000000000004", "5b1f0c6a-2f77-4a39-8d0e-000000000005",
	"5b1f0c6a-2f77-4a39-8d0e-000000000006", "not an id" };

struct seen {
	int n_answers, n_calls, n_faults;
	struct fault fault;
	char first[UUID_BYTES];
};

static struct live_poll *poll_;
static struct seen seen;

static void on_calls(const char *uuid, struct live_call *calls, size_t n, int64_t asked_ms, void *arg)
{
	UNUSED(arg);
	CHECK(n == 0 || calls[0].event_ms == asked_ms);
	if (seen.n_answers++ == 0)
		snprintf(seen.first, sizeof seen.first, "%s", uuid);
	seen.n_calls += (int)n;
}

static void on_fault(const struct fault *fault, void *arg)
{
	UNUSED(arg);
	seen.n_faults++;
	seen.fault = *fault;
}

static void open_poll(const struct exchange *rows, size_t n)
{
	fixture_open(rows, n);
	clock_init_from(&fixture_clock, clock_real_ms(), 1000);
	memset(&seen, 0, sizeof seen);
	poll_ = live_poll_new(&loop, webex, &fixture_clock, &(struct live_poll_options){ .every_ms = 5000 },
	    &(struct live_poll_events){ on_calls, on_fault, NULL });
}

static void close_webex(void *arg)
{
	UNUSED(arg);
	webex_close(webex, fixture_webex_closed, NULL);
}

static void close_poll(void)
{
	live_poll_close(poll_, close_webex, NULL);
	uv_run(&loop, UV_RUN_DEFAULT);
	CHECK_INT(uv_loop_close(&loop), 0);
	web_stop(&web);
	char command[160];
	snprintf(command, sizeof command, "rm -rf %s", fixture_folder);
	CHECK_INT(system(command), 0);
}

TEST(everybody_is_asked_and_then_again)
{
	static const struct exchange rows[] = { { 200, ONE, NO, NO } };
	open_poll(rows, 1);
	live_poll_watch(poll_, watched, COUNT_OF(watched));
	while (seen.n_answers < 6)
		uv_run(&loop, UV_RUN_ONCE);
	CHECK_INT(seen.n_calls, 6);
	CHECK_INT(seen.n_faults, 0);
	char id[WEBEX_ID_BYTES];
	bool found = false;
	webex_id_make("PEOPLE", watched[5], id);
	for (int i = 0; i < 6; i++)
		found |= strstr(asked[i], id) != NULL;
	CHECK(found);
	while (seen.n_answers < 12)
		uv_run(&loop, UV_RUN_ONCE);
	CHECK(live_poll_works(poll_));
	/* A shorter list counts from the next round on. */
	live_poll_watch(poll_, watched, 1);
	while (seen.n_answers < 20)
		uv_run(&loop, UV_RUN_ONCE);
	int before = n_asked;
	while (seen.n_answers < 22)
		uv_run(&loop, UV_RUN_ONCE);
	CHECK(n_asked - before <= 3);
	close_poll();
}

TEST(C11_a_wrong_kind_of_token_rests_the_poll_and_says_so)
{
	static const struct exchange rows[] = { { 400, "{\"message\":\"Target user not authorized\","
		"\"errors\":[{\"errorCode\":4003}]}", NO, NO } };
	open_poll(rows, 1);
	live_poll_watch(poll_, watched, 6);
	run_until(&seen.n_faults);
	CHECK_INT(seen.fault.code, FAULT_REFUSED);
	CHECK(n_asked <= 4);
	/* As members, which a Service App may; never as the token's own user. */
	for (int i = 0; i < n_asked; i++)
		CHECK(strstr(asked[i], " /v1/telephony/calls/members/") != NULL);
	CHECK(!live_poll_works(poll_));
	close_poll();
}

TEST(a_member_without_calling_is_left_out)
{
	static const struct exchange rows[] = { { 404, "{\"errors\":[{\"errorCode\":4008}]}", NO, NO },
		{ 200, ONE, NO, NO } };
	open_poll(rows, 2);
	live_poll_watch(poll_, watched, 2);
	while (seen.n_answers < 5)
		uv_run(&loop, UV_RUN_ONCE);
	CHECK_INT(seen.n_faults, 0);
	/* Also when it is listed again; and who is listed twice is one. */
	const char *again[] = { watched[0], watched[1], watched[0], watched[1], watched[2] };
	live_poll_watch(poll_, again, COUNT_OF(again));
	int target = seen.n_answers + 6, before = n_asked;
	while (seen.n_answers < target)
		uv_run(&loop, UV_RUN_ONCE);
	CHECK(n_asked - before <= 6 + 2); /* two a round, and what is on its way */
	char gone[WEBEX_ID_BYTES];
	int times = 0;
	for (int who = 0; who < 2; who++) {
		int n = 0;
		webex_id_make("PEOPLE", watched[who], gone);
		for (int i = 0; i < n_asked; i++)
			n += strstr(asked[i], gone) != NULL;
		times += n == 1;
	}
	CHECK_INT(times, 1);
	close_poll();
}

TEST(closing_in_the_middle_leaves_nothing)
{
	static const struct exchange rows[] = { { 503, "", NO, NO } };
	for (int turns = 0; turns < 6; turns++) {
		open_poll(rows, 1);
		if (turns > 0)
			live_poll_watch(poll_, watched, 6);
		for (int i = 1; i < turns; i++)
			uv_run(&loop, UV_RUN_ONCE);
		close_poll();
		CHECK_INT(seen.n_answers, 0);
	}
}

TESTS(T(everybody_is_asked_and_then_again),
    T(C11_a_wrong_kind_of_token_rests_the_poll_and_says_so),
    T(a_member_without_calling_is_left_out), T(closing_in_the_middle_leaves_nothing))
