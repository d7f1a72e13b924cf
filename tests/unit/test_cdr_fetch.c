/* SPDX-License-Identifier: Apache-2.0 */
#include "webex_fixture.h"

#include "base/iso_time.h"
#include "webex/cdr_fetch.h"

#define NONE404 "{\"message\":\"No CDRs for requested time range and filters\",\"errorCode\":404}"
#define CDR "https://analytics-calling.webexapis.com/v1/cdr_feed?"
#define PAGE(n) "{\"items\":[{\"n\":" #n "}]}"

struct seen {
	int n_pages, n_ends;
	char bodies[256];
	bool last_was_last, pause, stop_in_page;
	struct cdr_outcome outcome;
	struct cdr_fetch *fetch;
};

static struct cdr_fetch *fetch;
static struct budget_state told;

static bool on_page(struct cdr_page *page, void *arg)
{
	struct seen *seen = arg;
	seen->n_pages++;
	seen->last_was_last = page->is_last;
	size_t used = strlen(seen->bodies);
	snprintf(seen->bodies + used, sizeof seen->bodies - used, "%d%s:%s ", page->number,
	    page->is_last ? "." : "", page->body != NULL ? page->body : "(none)");
	if (seen->stop_in_page)
		cdr_fetch_stop(seen->fetch);
	return !seen->pause;
}

static void on_end(const struct cdr_outcome *outcome, void *arg)
{
	struct seen *seen = arg;
	seen->n_ends++;
	seen->outcome = *outcome;
}

static void on_budget(const struct budget_state *state, void *arg)
{
	UNUSED(arg);
	told = *state;
}

/* A budget that does not make tests wait. */
static void open_fetch(const struct exchange *rows, size_t n)
{
	fixture_open(rows, n);
	static const struct budget_options quick = { .every_ms = { 1, 1 }, .hold_min_ms = 1 };
	clock_init_from(&fixture_clock, clock_real_ms(), 1000); /* a second is a millisecond */
	fetch = cdr_fetch_new(&loop, webex, &fixture_clock, &(struct cdr_fetch_options){
	    .budget = &quick, .on_budget = on_budget });
}

static struct cdr_window window_of(enum cdr_endpoint endpoint, int64_t hours)
{
	int64_t to_ms = webex_now_ms(webex) - HOUR_MS;
	return (struct cdr_window){ endpoint, to_ms - hours * HOUR_MS, to_ms, WINDOW_GAP };
}

static struct seen read_window(struct cdr_window window)
{
	struct seen seen = { .fetch = fetch };
	cdr_fetch_start(fetch, &window, &(struct cdr_fetch_events){ on_page, on_end, &seen });
	CHECK_INT(seen.n_ends, 0);
	run_until(&seen.n_ends);
	CHECK(!cdr_fetch_is_busy(fetch));
	return seen;
}

static void close_webex(void *arg)
{
	UNUSED(arg);
	webex_close(webex, fixture_webex_closed, NULL);
}

static void close_fetch(void)
{
	cdr_fetch_close(fetch, close_webex, NULL);
	uv_run(&loop, UV_RUN_DEFAULT);
	CHECK_INT(uv_loop_close(&loop), 0);
	web_stop(&web);
	char command[160];
	snprintf(command, sizeof command, "rm -rf %s", fixture_folder);
	CHECK_INT(system(command), 0);
}

#define OPEN(rows) open_fetch(rows, COUNT_OF(rows))
#define LINK(target) { "Link", target }
#define NO { NULL, NULL }

TEST(a_window_is_asked_with_the_times_as_Webex_wants_them)
{
	static const struct exchange rows[] = { { 200, PAGE(1), NO, NO } };
	OPEN(rows);
	int64_t from, to;
	REQUIRE(iso_time_parse("2026-10-05T08:00:00Z", 20, &from));
	REQUIRE(iso_time_parse("2026-10-05T10:00:00.5Z", 22, &to));
	struct seen seen = read_window((struct cdr_window){ CDR_STREAM, from, to, WINDOW_STREAM });
	CHECK_INT(seen.outcome.fault.code, FAULT_NONE);
	CHECK_STR(seen.bodies, "1.:{\"items\":[{\"n\":1}]} ");
	CHECK_STR(asked[0], "GET analytics-calling.webexapis.com /v1/cdr_stream?startTime=2026-10-05T08:00:00"
			    ".000Z&endTime=2026-10-05T10:00:00.500Z&max=5000 Bearer A1 ");
	CHECK_INT(seen.outcome.window.to_ms, to);
	CHECK(told.next_ms[BUDGET_INITIAL] > 0);
	close_fetch();
}

TEST(A10_pages_are_followed_unchanged_in_both_forms)
{
	static const struct exchange rows[] = {
		{ 200, PAGE(1), LINK("<<" CDR "endTime=2026-10-05T10:00:00.000Z&locations=A,B&p=2>;rel=\"next\">"), NO },
		{ 200, PAGE(2), LINK("<" CDR "p=3>; rel=\"next\""), NO },
		{ 200, PAGE(3), NO, NO },
	};
	OPEN(rows);
	struct seen seen = read_window(window_of(CDR_FEED, 12));
	CHECK_INT(seen.outcome.fault.code, FAULT_NONE);
	CHECK_STR(seen.bodies, "1:{\"items\":[{\"n\":1}]} 2:{\"items\":[{\"n\":2}]} 3.:{\"items\":[{\"n\":3}]} ");
	CHECK_STR(asked[1], "GET analytics-calling.webexapis.com /v1/cdr_feed?endTime=2026-10-05T10:00:00.000Z"
			    "&locations=A,B&p=2 Bearer A1 ");
	CHECK_INT(seen.outcome.n_pages, 3);
	close_fetch();
}

TEST(A1_an_empty_window_is_a_success)
{
	static const struct exchange rows[] = { { 404, NONE404, NO, NO } };
	OPEN(rows);
	struct seen seen = read_window(window_of(CDR_FEED, 12));
	CHECK_INT(seen.outcome.fault.code, FAULT_NONE);
	CHECK(seen.outcome.empty);
	CHECK_STR(seen.bodies, "1.:(none) ");
	close_fetch();
}

TEST(A1_any_other_404_is_an_error)
{
	static const struct { const char *body; } bodies[] = { { "<html>404 Not Found</html>" },
		{ "{\"message\":\"Resource not found\"}" }, { "" }, { "No CDRs for requested" } };
	for (size_t i = 0; i < COUNT_OF(bodies); i++) {
		struct exchange rows[] = { { 404, bodies[i].body, NO, NO } };
		OPEN(rows);
		struct seen seen = read_window(window_of(CDR_FEED, 12));
		CHECK_INT(seen.outcome.fault.code, FAULT_NOT_FOUND);
		CHECK_INT(seen.n_pages, 0);
		close_fetch();
	}
}

TEST(A1_an_empty_page_after_others_ends_the_window)
{
	static const struct exchange rows[] = { { 200, PAGE(1), LINK("<" CDR "p=2>;rel=next"), NO },
		{ 404, NONE404, NO, NO } };
	OPEN(rows);
	struct seen seen = read_window(window_of(CDR_FEED, 12));
	CHECK_INT(seen.outcome.fault.code, FAULT_NONE);
	CHECK(!seen.outcome.empty);
	CHECK_STR(seen.bodies, "1:{\"items\":[{\"n\":1}]} 2.:(none) ");
	close_fetch();
}

TEST(A11_a_repeated_next_link_stops)
{
	static const struct exchange rows[] = { { 200, PAGE(1), LINK("<" CDR "p=2>;rel=next"), NO } };
	OPEN(rows);
	struct seen seen = read_window(window_of(CDR_FEED, 12));
	CHECK_INT(seen.outcome.fault.code, FAULT_INPUT);
	CHECK_INT(n_asked, 2);
	close_fetch();
}

TEST(a_next_link_to_a_stranger_is_not_followed)
{
	static const struct exchange rows[] = { { 200, PAGE(1), LINK("<https://evil.example/v1>;rel=next"), NO } };
	OPEN(rows);
	struct seen seen = read_window(window_of(CDR_FEED, 12));
	CHECK_INT(seen.outcome.fault.code, FAULT_INPUT);
	CHECK(strstr(seen.outcome.fault.text, "evil.example") != NULL);
	CHECK_INT(n_asked, 1);
	CHECK_INT(seen.n_pages, 0);
	close_fetch();
}

TEST(A7_a_429_in_the_middle_repeats_the_same_page)
{
	static const struct exchange rows[] = { { 200, PAGE(1), LINK("<" CDR "p=2>;rel=next"), NO },
		{ 429, "{\"message\":\"Request rate exceeds threshold\"}", { "Retry-After", "7" }, NO },
		{ 200, PAGE(2), NO, NO } };
	OPEN(rows);
	struct seen seen = read_window(window_of(CDR_FEED, 12));
	CHECK_INT(seen.outcome.fault.code, FAULT_NONE);
	CHECK_STR(asked[1], asked[2]);
	CHECK(told.held_until_ms > 0);
	close_fetch();
}

TEST(A9_the_other_region_is_asked_from_the_first_page)
{
	static const struct exchange rows[] = {
		{ 451, "{\"message\":\"Please use analytics-calling-eu.webexapis.com\"}", NO, NO },
		{ 200, PAGE(1), LINK("<https://analytics-calling-eu.webexapis.com/v1/cdr_feed?p=2>;rel=next"), NO },
		{ 200, PAGE(2), NO, NO } };
	OPEN(rows);
	struct seen seen = read_window(window_of(CDR_FEED, 12));
	CHECK_INT(seen.outcome.fault.code, FAULT_NONE);
	CHECK_INT(seen.n_pages, 2);
	CHECK(text_starts_with(asked[1], "GET analytics-calling-eu.webexapis.com /v1/cdr_feed?startTime="));
	CHECK_STR(region_told, "https://analytics-calling-eu.webexapis.com/v1");
	close_fetch();
}

TEST(A9_a_host_that_sends_us_in_circles_is_left)
{
	static const struct exchange rows[] = {
		{ 451, "{\"message\":\"use analytics-calling-eu.webexapis.com\"}", NO, NO },
		{ 451, "{\"message\":\"use analytics-calling-eu.webexapis.com\"}", NO, NO } };
	OPEN(rows);
	struct seen seen = read_window(window_of(CDR_FEED, 12));
	CHECK_INT(seen.outcome.fault.code, FAULT_REGION);
	CHECK_INT(n_asked, 2);
	close_fetch();
}

TEST(J13_a_refused_page_size_falls_to_500_and_stays)
{
	static const struct exchange rows[] = { { 400, "{\"message\":\"max is invalid\"}", NO, NO },
		{ 200, PAGE(1), NO, NO } };
	OPEN(rows);
	struct seen seen = read_window(window_of(CDR_FEED, 12));
	CHECK_INT(seen.outcome.fault.code, FAULT_NONE);
	CHECK(strstr(asked[0], "&max=5000 ") != NULL);
	CHECK(strstr(asked[1], "&max=500 ") != NULL);
	read_window(window_of(CDR_FEED, 12));
	CHECK(strstr(asked[2], "&max=500 ") != NULL);
	close_fetch();
}

TEST(A5_a_refused_window_is_clamped_by_the_servers_clock_once)
{
	static char date[ISO_TIME_BYTES];
	static const struct exchange rows[] = { { 400, "{\"message\":\"startTime must be\"}", { "Date", date }, NO },
		{ 200, PAGE(1), NO, NO } };
	OPEN(rows);
	/* The server is an hour and a half behind us. */
	int64_t server_ms = clock_now_ms(&fixture_clock) - 90 * MINUTE_MS;
	http_date_format(server_ms, date);
	struct cdr_window window = window_of(CDR_FEED, 12);
	struct seen seen = read_window(window);
	CHECK_INT(seen.outcome.fault.code, FAULT_NONE);
	CHECK(seen.outcome.window.to_ms < window.to_ms - 30 * MINUTE_MS);
	CHECK_INT(seen.outcome.window.from_ms, window.from_ms);
	CHECK(strstr(asked[1], "&max=5000 ") != NULL);
	close_fetch();
}

TEST(a_window_that_is_refused_for_good_ends)
{
	static const struct exchange rows[] = { { 400, "{\"message\":\"no\"}", NO, NO } };
	OPEN(rows);
	struct seen seen = read_window(window_of(CDR_FEED, 12));
	CHECK_INT(seen.outcome.fault.code, FAULT_REFUSED);
	CHECK_INT(n_asked, 2);
	close_fetch();
}

TEST(A12_two_504_halve_the_page_then_the_window)
{
	static struct exchange rows[12];
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		rows[i] = (struct exchange){ 504, "{\"message\":\"try a smaller max\"}", NO, NO };
	rows[COUNT_OF(rows) - 1] = (struct exchange){ 200, PAGE(1), NO, NO };
	OPEN(rows);
	struct cdr_window window = window_of(CDR_FEED, 12);
	struct seen seen = read_window(window);
	CHECK_INT(seen.outcome.fault.code, FAULT_NONE);
	CHECK(strstr(asked[1], "&max=5000 ") != NULL);
	CHECK(strstr(asked[2], "&max=2500 ") != NULL);
	CHECK(strstr(asked[8], "&max=500 ") != NULL);
	CHECK(strstr(asked[11], "&max=500 ") != NULL);
	CHECK_INT(seen.outcome.window.from_ms, window.from_ms);
	CHECK_INT(seen.outcome.window.to_ms - seen.outcome.window.from_ms, 6 * HOUR_MS);
	close_fetch();
}

TEST(a_bad_gateway_in_the_middle_is_asked_again)
{
	static const struct exchange rows[] = { { 200, PAGE(1), LINK("<" CDR "p=2>;rel=next"), NO },
		{ 502, "<html>502 Bad Gateway</html>", NO, NO }, { 423, "", { "Retry-After", "1" }, NO },
		{ 200, PAGE(2), NO, NO } };
	OPEN(rows);
	struct seen seen = read_window(window_of(CDR_STREAM, 2));
	CHECK_INT(seen.outcome.fault.code, FAULT_NONE);
	CHECK_STR(asked[1], asked[3]);
	CHECK_INT(seen.n_pages, 2);
	close_fetch();
}

TEST(a_page_that_came_cut_off_is_asked_again)
{
	static const struct exchange rows[] = { { 200, PAGE(1), LINK("<" CDR "p=2>;rel=next"), NO },
		{ 200, "", NO, NO }, { 200, "{\"items\":[{\"a\":1},{", NO, NO }, { 200, "{\"items\":{}}", NO, NO },
		{ 200, " { \"a\":1, \"items\" : [ ] }\n", NO, NO } };
	OPEN(rows);
	struct seen seen = read_window(window_of(CDR_FEED, 12));
	CHECK_INT(seen.outcome.fault.code, FAULT_NONE);
	CHECK_INT(seen.n_pages, 2);
	CHECK_STR(asked[1], asked[4]);
	close_fetch();
}

TEST(a_page_that_is_spoilt_is_asked_again)
{
	static const char *const bad[] = { " ", "{}", "[]", "{\"items\":7}", "{\"items\"", "{\"items\":}", "{\xFF\"items\":[]}",
		"<{\"items\":[]}", "{\"items\":[]}]", "{\"other\":[]}" };
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		struct exchange rows[] = { { 200, bad[i], NO, NO }, { 200, PAGE(1), NO, NO } };
		OPEN(rows);
		struct seen seen = read_window(window_of(CDR_FEED, 12));
		CHECK_INT(seen.outcome.fault.code, FAULT_NONE);
		CHECK_INT(seen.n_pages, 1);
		CHECK_INT(n_asked, 2);
		close_fetch();
	}
}

TEST(five_faults_in_a_row_end_the_window)
{
	static const struct exchange rows[] = { { 503, "", NO, NO } };
	OPEN(rows);
	struct seen seen = read_window(window_of(CDR_STREAM, 2));
	CHECK_INT(seen.outcome.fault.code, FAULT_NETWORK);
	CHECK_INT(n_asked, 5);
	CHECK_INT(seen.n_pages, 0);
	close_fetch();
}

TEST(A13_a_403_ends_the_window_with_help)
{
	static const struct exchange rows[] = { { 403, "{}", NO, NO } };
	OPEN(rows);
	struct seen seen = read_window(window_of(CDR_STREAM, 2));
	CHECK_INT(seen.outcome.fault.code, FAULT_FORBIDDEN);
	CHECK(strstr(seen.outcome.fault.text, "spark-admin:calling_cdr_read") != NULL);
	CHECK_INT(n_asked, 1);
	close_fetch();
}

TEST(a_consumer_can_hold_the_pages_back)
{
	static const struct exchange rows[] = { { 200, PAGE(1), LINK("<" CDR "p=2>;rel=next"), NO },
		{ 200, PAGE(2), NO, NO } };
	OPEN(rows);
	struct seen seen = { .pause = true, .fetch = fetch };
	struct cdr_window window = window_of(CDR_FEED, 12);
	cdr_fetch_start(fetch, &window, &(struct cdr_fetch_events){ on_page, on_end, &seen });
	run_until(&seen.n_pages);
	for (int i = 0; i < 20; i++)
		uv_run(&loop, UV_RUN_NOWAIT);
	CHECK_INT(n_asked, 1);
	cdr_fetch_resume(fetch);
	run_until(&seen.n_ends);
	CHECK_INT(seen.n_pages, 2);
	CHECK_INT(seen.outcome.fault.code, FAULT_NONE);
	close_fetch();
}

TEST(a_fetch_can_be_stopped_wherever_it_is)
{
	static const struct exchange rows[] = { { 200, PAGE(1), LINK("<" CDR "p=2>;rel=next"), NO },
		{ 503, "", NO, NO } };
	for (int turns = 0; turns < 10; turns++) {
		OPEN(rows);
		struct seen seen = { .fetch = fetch, .stop_in_page = turns == 9 };
		struct cdr_window window = window_of(CDR_FEED, 12);
		cdr_fetch_start(fetch, &window, &(struct cdr_fetch_events){ on_page, on_end, &seen });
		for (int i = 0; i < turns; i++)
			uv_run(&loop, UV_RUN_ONCE);
		if (turns % 2 == 0)
			cdr_fetch_stop(fetch);
		close_fetch();
		CHECK_INT(seen.n_ends, 1);
		CHECK(seen.outcome.fault.code == FAULT_CANCELLED || turns == 9);
	}
}

TESTS(T(a_window_is_asked_with_the_times_as_Webex_wants_them),
    T(A10_pages_are_followed_unchanged_in_both_forms), T(A1_an_empty_window_is_a_success),
    T(A1_any_other_404_is_an_error), T(A1_an_empty_page_after_others_ends_the_window),
    T(A11_a_repeated_next_link_stops), T(a_next_link_to_a_stranger_is_not_followed),
    T(A7_a_429_in_the_middle_repeats_the_same_page),
    T(A9_the_other_region_is_asked_from_the_first_page),
    T(A9_a_host_that_sends_us_in_circles_is_left),
    T(J13_a_refused_page_size_falls_to_500_and_stays),
    T(A5_a_refused_window_is_clamped_by_the_servers_clock_once),
    T(a_window_that_is_refused_for_good_ends), T(A12_two_504_halve_the_page_then_the_window),
    T(a_bad_gateway_in_the_middle_is_asked_again), T(a_page_that_came_cut_off_is_asked_again),
    T(a_page_that_is_spoilt_is_asked_again), T(five_faults_in_a_row_end_the_window),
    T(A13_a_403_ends_the_window_with_help), T(a_consumer_can_hold_the_pages_back),
    T(a_fetch_can_be_stopped_wherever_it_is))
