/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"
#include "web.h"

#include <sys/stat.h>

#include "base/mem.h"
#include "net/file.h"
#include "webex/login_browser.h"
#include "webex/login_device.h"
#include "webex/loopback.h"
#include "webex/oauth_inside.h"

static uv_loop_t loop;
static struct http_client *http;
static struct lane *lane;
static struct clock now;
static struct oauth *oauth;
static struct web web;
static char folder[64], path[128];

/* What the server answers, in order; the last is repeated. */
struct script {
	struct { int status; const char *body, *header; } row[8];
	char seen[16][700]; /* "path authorization body" */
	int n;
};
static struct script script;

static void answer(const struct web_request *request, struct web_answer *out, void *arg)
{
	struct script *s = arg;
	int i = MIN(s->n, 7);
	while (i > 0 && s->row[i].status == 0)
		i--;
	if (s->n < 16)
		snprintf(s->seen[s->n], sizeof s->seen[0], "%s|%s|%s", request->path,
		    request->authorization != NULL ? request->authorization : "", request->body);
	s->n++;
	web_json(out, s->row[i].status, s->row[i].body != NULL ? s->row[i].body : "");
	if (s->row[i].header != NULL)
		web_header(out, "Retry-After", s->row[i].header);
}

#define TOKENS(access, refresh) \
	"{\"access_token\":\"" access "\",\"expires_in\":1209599,\"refresh_token\":\"" refresh \
	"\",\"refresh_token_expires_in\":7775999,\"token_type\":\"Bearer\",\"scope\":\"s1 s2\"}"

static void start_with(bool keep_file)
{
	snprintf(folder, sizeof folder, "/tmp/centinela-oauth-XXXXXX");
	REQUIRE(mkdtemp(folder) != NULL);
	snprintf(path, sizeof path, "%s/token.json", folder);
	setenv("CENTINELA_TEST_SECRET", "s3cr&t", 1);
	memset(&script, 0, sizeof script);
	web_start(&web, NULL, answer, &script);
	uv_loop_init(&loop);
	clock_init_real(&now);
	lane = lane_new(&loop);
	http = http_client_new(&loop, &(struct http_client_options){ .allow_http_to_loopback = true }, NULL);
	REQUIRE(http != NULL);
	oauth = oauth_new(&loop, http, lane, &now, &(struct oauth_options){
	    .base = web.base, .client_id = "C0ffee",
	    .secret = { .environment = "CENTINELA_TEST_SECRET" },
	    .token_path = keep_file ? path : "/dev/null/x/token.json", .second_ms = 2 });
}

static void start(void)
{
	start_with(true);
}

static void on_oauth_closed(void *arg)
{
	UNUSED(arg);
	lane_close(lane, NULL, NULL);
	http_client_close(http, NULL, NULL);
}

static void stop(void)
{
	oauth_close(oauth, on_oauth_closed, NULL);
	uv_run(&loop, UV_RUN_DEFAULT);
	CHECK_INT(uv_loop_close(&loop), 0);
	web_stop(&web);
	char command[160];
	snprintf(command, sizeof command, "rm -rf %s", folder);
	CHECK_INT(system(command), 0);
}

struct seen {
	int n, n_prompts;
	struct fault fault;
	char url[1024], code[64], verification_url[256];
	char file_access[64]; /* in the file when done was called */
	struct login *login;
};

static void on_done(const struct fault *fault, void *arg)
{
	struct seen *seen = arg;
	seen->n++;
	seen->fault = *fault;
	struct token token;
	if (token_file_read(path, &token, NULL)) {
		snprintf(seen->file_access, sizeof seen->file_access, "%s", token.access);
		token_clear(&token);
	}
}

static void on_prompt(const struct login_prompt *prompt, void *arg)
{
	struct seen *seen = arg;
	seen->n_prompts++;
	snprintf(seen->url, sizeof seen->url, "%s", prompt->url);
	snprintf(seen->code, sizeof seen->code, "%s", prompt->code);
	snprintf(seen->verification_url, sizeof seen->verification_url, "%s", prompt->verification_url);
}

static struct login_events events(struct seen *seen)
{
	return (struct login_events){ on_prompt, on_done, seen };
}

static void run_until(const int *n)
{
	/* UV_RUN_ONCE runs due timers and then waits all the same. */
	while (uv_run(&loop, UV_RUN_NOWAIT), *n == 0)
		uv_run(&loop, UV_RUN_ONCE);
}

static void keep_token(const char *access, const char *refresh, int64_t expires_ms)
{
	struct token token = { .access = mem_strdup(access), .refresh = mem_strdup(refresh),
		.scope = mem_strdup("s"), .kind = mem_strdup("device"),
		.obtained_ms = clock_now_ms(&now) - HOUR_MS, .access_expires_ms = expires_ms };
	REQUIRE(token_file_write(path, &token, NULL));
	token_clear(&token);
}

static void load(void)
{
	struct seen seen = { 0 };
	oauth_load(oauth, on_done, &seen);
	run_until(&seen.n);
	CHECK_INT(seen.fault.code, FAULT_NONE);
}

static struct seen refresh(const char *failed)
{
	struct seen seen = { 0 };
	oauth_refresh(oauth, failed, on_done, &seen);
	CHECK_INT(seen.n, 0);
	run_until(&seen.n);
	CHECK_INT(seen.n, 1);
	return seen;
}

/* ── refresh ──────────────────────────────────────────────────────────── */

TEST(C2_a_refresh_is_written_before_it_is_used)
{
	start();
	keep_token("A1", "R1", clock_now_ms(&now) + DAY_MS);
	load();
	CHECK_STR(oauth_bearer(oauth), "A1");
	script.row[0].status = 200;
	script.row[0].body = TOKENS("A2", "R2");
	struct seen seen = refresh("A1");
	CHECK_INT(seen.fault.code, FAULT_NONE);
	CHECK_STR(seen.file_access, "A2");
	CHECK_STR(oauth_bearer(oauth), "A2");
	CHECK_STR(script.seen[0], "/access_token||grant_type=refresh_token&client_id=C0ffee"
				  "&refresh_token=R1&client_secret=s3cr%26t");
	CHECK_INT(oauth_status(oauth).state, OAUTH_READY);
	CHECK_STR(oauth_status(oauth).scope, "s1 s2");
	stop();
}

TEST(C4_all_who_ask_share_one_refresh)
{
	start();
	keep_token("A1", "R1", 0);
	load();
	script.row[0].status = 200;
	script.row[0].body = TOKENS("A2", "R2");
	struct seen a = { 0 }, b = { 0 }, late = { 0 };
	oauth_refresh(oauth, "A1", on_done, &a);
	oauth_refresh(oauth, "A1", on_done, &b);
	run_until(&b.n);
	CHECK_INT(a.n, 1);
	CHECK_INT(script.n, 1);
	/* One that met the 401 with the old token, but comes late. */
	oauth_refresh(oauth, "A1", on_done, &late);
	run_until(&late.n);
	CHECK_INT(late.fault.code, FAULT_NONE);
	CHECK_INT(script.n, 1);
	stop();
}

TEST(C2_a_refresh_of_another_process_is_used)
{
	start();
	keep_token("A1", "R1", 0);
	load();
	keep_token("B1", "S1", clock_now_ms(&now) + DAY_MS);
	struct seen seen = refresh("A1");
	CHECK_INT(seen.fault.code, FAULT_NONE);
	CHECK_STR(oauth_bearer(oauth), "B1");
	CHECK_INT(script.n, 0);
	stop();
}

static int held;

static void give_up(uv_timer_t *timer)
{
	keep_token("B2", "S2", clock_now_ms(&now) + DAY_MS);
	close(held);
	uv_close((uv_handle_t *)timer, NULL);
}

TEST(A20_a_refresh_waits_for_the_other_process)
{
	start();
	keep_token("A1", "R1", 0);
	load();
	REQUIRE(token_file_lock(path, &held, NULL));
	uv_timer_t timer;
	uv_timer_init(&loop, &timer);
	uv_timer_start(&timer, give_up, 20, 0);
	struct seen seen = refresh(NULL);
	CHECK_INT(seen.fault.code, FAULT_NONE);
	CHECK_STR(oauth_bearer(oauth), "B2");
	CHECK_INT(script.n, 0);
	stop();
}

TEST(C1_a_dead_refresh_token_asks_for_a_person_and_keeps_the_file)
{
	static const struct { int status; const char *body; } rows[] = {
		{ 400, "{\"message\":\"invalid refresh token.\",\"errors\":[{\"description\":\"invalid "
		       "refresh token.\"}],\"trackingId\":\"ROUTER_1\"}" },
		{ 400, "{\"error\":\"invalid_grant\",\"error_description\":\"expired\"}" },
		{ 401, "{\"error\":\"invalid_client\"}" }, { 403, "" },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		start();
		keep_token("A1", "R1", 0);
		load();
		script.row[0].status = rows[i].status;
		script.row[0].body = rows[i].body;
		struct seen seen = refresh(NULL);
		CHECK_INT(seen.fault.code, FAULT_LOGIN);
		CHECK(strstr(seen.fault.text, "centinela login") != NULL);
		CHECK_STR(seen.file_access, "A1");
		CHECK_INT(oauth_status(oauth).state, OAUTH_NEEDS_LOGIN);
		CHECK_INT(script.n, 1);
		stop();
	}
}

TEST(a_passing_fault_keeps_the_token)
{
	static const struct { int status; const char *header; enum fault_code code; int64_t wait_ms; } rows[] = {
		{ 503, NULL, FAULT_NETWORK, 0 }, { 500, "30", FAULT_NETWORK, 30000 },
		{ 429, "7", FAULT_LIMIT, 7000 }, { 429, "rand(30),add(30)", FAULT_LIMIT, 15000 },
		{ 302, NULL, FAULT_NETWORK, 0 },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		start();
		keep_token("A1", "R1", 0);
		load();
		script.row[0].status = rows[i].status;
		script.row[0].header = rows[i].header;
		struct seen seen = refresh(NULL);
		CHECK_INT(seen.fault.code, rows[i].code);
		CHECK_INT(seen.fault.retry_after_ms, rows[i].wait_ms);
		CHECK_STR(oauth_bearer(oauth), "A1");
		CHECK_INT(oauth_status(oauth).state, OAUTH_READY);
		stop();
	}
}

TEST(C2_a_full_disk_does_not_lose_the_new_token)
{
	start_with(false);
	script.row[0].status = 200;
	script.row[0].body = TOKENS("A2", "R2");
	setenv("CENTINELA_TEST_REFRESH", "R1", 1);
	struct seen seen = { 0 };
	struct login_events on = events(&seen);
	login_refresh_token(oauth, &(struct secret_source){ .environment = "CENTINELA_TEST_REFRESH" }, &on);
	run_until(&seen.n);
	CHECK(seen.fault.code != FAULT_NONE);
	CHECK_STR(oauth_bearer(oauth), "A2");
	CHECK(oauth_status(oauth).not_saved);
	stop();
}

TEST(C2_a_renewed_token_that_cannot_be_written_is_used_and_written_later)
{
	start();
	keep_token("A1", "R1", 0);
	load();
	/* The folder goes, and something stands in its place. */
	char command[400];
	snprintf(command, sizeof command, "mv %s %s.away && touch %s", folder, folder, folder);
	REQUIRE(system(command) == 0);
	script.row[0].status = 200;
	script.row[0].body = TOKENS("A2", "R2");
	struct seen seen = refresh("A1");
	CHECK_INT(seen.fault.code, FAULT_NONE);
	CHECK_STR(oauth_bearer(oauth), "A2");
	CHECK(oauth_status(oauth).not_saved);
	/* There is room again: the tick writes what was not written. */
	snprintf(command, sizeof command, "rm %s && mv %s.away %s", folder, folder, folder);
	REQUIRE(system(command) == 0);
	uv_timer_t timer;
	uv_timer_init(&loop, &timer);
	uv_timer_start(&timer, (uv_timer_cb)uv_stop, 5000, 0);
	while (oauth_status(oauth).not_saved)
		uv_run(&loop, UV_RUN_ONCE);
	struct token kept;
	REQUIRE(token_file_read(path, &kept, NULL));
	CHECK_STR(kept.refresh, "R2");
	token_clear(&kept);
	uv_close((uv_handle_t *)&timer, NULL);
	stop();
}

TEST(a_due_token_is_renewed_by_itself)
{
	start();
	keep_token("A1", "R1", clock_now_ms(&now) + MINUTE_MS);
	load();
	script.row[0].status = 200;
	script.row[0].body = TOKENS("A2", "R2");
	/* The tick does not hold the loop: something of ours must. */
	uv_timer_t timer;
	uv_timer_init(&loop, &timer);
	uv_timer_start(&timer, (uv_timer_cb)uv_stop, 5000, 0);
	while (strcmp(oauth_bearer(oauth), "A1") == 0)
		uv_run(&loop, UV_RUN_ONCE);
	CHECK_STR(oauth_bearer(oauth), "A2");
	CHECK_INT(script.n, 1);
	uv_close((uv_handle_t *)&timer, NULL);
	stop();
}

TEST(a_bearer_alone_cannot_be_renewed)
{
	start();
	oauth_use_bearer(oauth, "P1");
	CHECK_STR(oauth_bearer(oauth), "P1");
	CHECK_STR(oauth_status(oauth).kind, "bearer");
	struct seen seen = refresh("P1");
	CHECK_INT(seen.fault.code, FAULT_LOGIN);
	CHECK_INT(script.n, 0);
	stop();
}

TEST(no_token_file_is_said_plainly)
{
	start();
	struct seen seen = { 0 };
	oauth_load(oauth, on_done, &seen);
	run_until(&seen.n);
	CHECK_INT(seen.fault.code, FAULT_NOT_FOUND);
	CHECK(oauth_bearer(oauth) == NULL);
	CHECK_INT(oauth_status(oauth).state, OAUTH_SIGNED_OUT);
	keep_token("A1", "R1", 0);
	load();
	seen.n = 0;
	oauth_logout(oauth, on_done, &seen);
	CHECK(oauth_bearer(oauth) == NULL);
	run_until(&seen.n);
	CHECK_INT(seen.fault.code, FAULT_NONE);
	CHECK(access(path, F_OK) != 0);
	stop();
}

TEST(closing_in_the_middle_of_a_refresh_answers_everybody)
{
	for (int turns = 0; turns < 6; turns++) {
		start();
		keep_token("A1", "R1", 0);
		load();
		script.row[0].status = 200;
		script.row[0].body = TOKENS("A2", "R2");
		struct seen seen = { 0 };
		oauth_refresh(oauth, NULL, on_done, &seen);
		for (int i = 0; i < turns; i++)
			uv_run(&loop, UV_RUN_ONCE);
		stop();
		CHECK_INT(seen.n, 1);
	}
}

/* ── device grant ─────────────────────────────────────────────────────── */

#define CODE                                                                            \
	"{\"device_code\":\"6f1d7c2e\",\"expires_in\":300,\"user_code\":\"482913\","     \
	"\"verification_uri\":\"https://oauth-helper-r.wbx2.com/verify\","               \
	"\"verification_uri_complete\":\"https://oauth-helper-r.wbx2.com/verify?userCode=5d0c\"," \
	"\"interval\":2}"

static struct seen device(void)
{
	struct seen seen = { 0 };
	struct login_events on = events(&seen);
	login_device(oauth, "spark-admin:calling_cdr_read spark-admin:people_read", &on);
	CHECK_INT(seen.n + seen.n_prompts, 0);
	run_until(&seen.n);
	CHECK_INT(seen.n, 1);
	return seen;
}

TEST(C6_428_is_not_an_error)
{
	start();
	script = (struct script){ .row = { { 200, CODE, NULL }, { 428, "", NULL }, { 428, "<html>", NULL },
	    { 400, "{\"error\":\"slow_down\"}", NULL }, { 502, "", NULL }, { 429, "{}", "1" },
	    { 200, TOKENS("A1", "R1"), NULL } } };
	struct seen seen = device();
	CHECK_INT(seen.fault.code, FAULT_NONE);
	CHECK_INT(seen.n_prompts, 1);
	CHECK_STR(seen.code, "482913");
	CHECK_STR(seen.url, "https://oauth-helper-r.wbx2.com/verify?userCode=5d0c");
	CHECK_STR(seen.verification_url, "https://oauth-helper-r.wbx2.com/verify");
	CHECK_STR(seen.file_access, "A1");
	CHECK_STR(oauth_bearer(oauth), "A1");
	CHECK_STR(oauth_status(oauth).kind, "device");
	CHECK_STR(script.seen[0], "/device/authorize||client_id=C0ffee&scope=spark-admin%3Acalling_cdr_read"
				  "%20spark-admin%3Apeople_read");
	/* base64("C0ffee:s3cr&t") */
	CHECK_STR(script.seen[1], "/device/token|Basic QzBmZmVlOnMzY3ImdA==|grant_type=urn%3Aietf%3Aparams"
				  "%3Aoauth%3Agrant-type%3Adevice_code&device_code=6f1d7c2e&client_id=C0ffee");
	CHECK_INT(script.n, 7);
	stop();
}

TEST(C5_a_refused_code_names_the_redirect_addresses)
{
	start();
	script = (struct script){ .row = { { 400, "{\"message\":\"Client Id is invalid\"}", NULL } } };
	struct seen seen = device();
	CHECK_INT(seen.fault.code, FAULT_LOGIN);
	CHECK(strstr(seen.fault.text, "oauth-helper") != NULL);
	CHECK(strstr(seen.fault.text, "Client Id is invalid") != NULL);
	CHECK_INT(seen.n_prompts, 0);
	stop();
}

TEST(the_person_may_refuse_or_be_late)
{
	start();
	script = (struct script){ .row = { { 200, CODE, NULL }, { 400, "{\"error\":\"access_denied\"}", NULL } } };
	struct seen seen = device();
	CHECK_INT(seen.fault.code, FAULT_LOGIN);
	CHECK(strstr(seen.fault.text, "refused") != NULL);
	script = (struct script){ .row = { { 200, CODE, NULL },
	    { 400, "{\"errors\":[{\"description\":\"invalid_grant\"}]}", NULL } } };
	seen = device();
	CHECK(strstr(seen.fault.text, "expired") != NULL);
	/* By our own clock, when Webex goes on saying 428. */
	clock_init_from(&now, 1790000000000, 100000);
	script = (struct script){ .row = { { 200, CODE, NULL }, { 428, "", NULL } } };
	seen = device();
	CHECK(strstr(seen.fault.text, "expired") != NULL);
	CHECK(oauth_bearer(oauth) == NULL);
	stop();
}

TEST(a_code_without_an_https_address_is_refused)
{
	start();
	script = (struct script){ .row = { { 200, "{\"device_code\":\"x\",\"user_code\":\"1\","
	    "\"verification_uri\":\"http://evil.example/\"}", NULL } } };
	struct seen seen = device();
	CHECK_INT(seen.fault.code, FAULT_INPUT);
	CHECK_INT(seen.n_prompts, 0);
	stop();
}

TEST(what_a_poll_means)
{
	static const struct { int status; const char *body; enum device_step step; } rows[] = {
		{ 200, "", DEVICE_TOKENS }, { 428, "{\"error\":\"access_denied\"}", DEVICE_WAIT },
		{ 429, "", DEVICE_SLOWER }, { 400, "{\"error\":\"authorization_pending\"}", DEVICE_WAIT },
		{ 400, "{\"message\":\"slow_down\"}", DEVICE_SLOWER },
		{ 400, "{\"errors\":[{\"description\":\"authorization_pending\"}]}", DEVICE_WAIT },
		{ 400, "{\"error\":\"expired_token\"}", DEVICE_EXPIRED },
		{ 400, "{\"error\":\"tokenlimit_reached\"}", DEVICE_FAILED },
		{ 401, "{\"error\":\"invalid_client\"}", DEVICE_FAILED },
		{ 500, "", DEVICE_WAIT }, { 504, "<html>", DEVICE_WAIT }, { 404, "", DEVICE_FAILED },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct error_body body;
		error_body_read(rows[i].body, strlen(rows[i].body), &body);
		CHECK_INT(device_step_of(rows[i].status, &body), rows[i].step);
	}
}

TEST(a_login_can_be_cancelled_at_any_time)
{
	for (int turns = 0; turns < 8; turns++) {
		start();
		script = (struct script){ .row = { { 200, CODE, NULL }, { 428, "", NULL } } };
		struct seen seen = { 0 };
		struct login_events on = events(&seen);
		struct login *login = login_device(oauth, "s", &on);
		for (int i = 0; i < turns; i++)
			uv_run(&loop, UV_RUN_ONCE);
		login_cancel(login);
		run_until(&seen.n);
		CHECK_INT(seen.fault.code, FAULT_CANCELLED);
		stop();
		CHECK_INT(seen.n, 1);
	}
}

TEST(one_login_at_a_time)
{
	start();
	script = (struct script){ .row = { { 200, CODE, NULL }, { 428, "", NULL } } };
	struct seen first = { 0 }, second = { 0 };
	struct login_events on = events(&first), other = events(&second);
	login_device(oauth, "s", &on);
	login_device(oauth, "s", &other);
	run_until(&second.n);
	CHECK_INT(second.fault.code, FAULT_CONFLICT);
	stop(); /* with the first still on its way */
	CHECK_INT(first.n, 1);
	CHECK_INT(first.fault.code, FAULT_CANCELLED);
}

TEST(C7_a_missing_secret_is_said_before_anything_is_polled_twice)
{
	start();
	unsetenv("CENTINELA_TEST_SECRET");
	script = (struct script){ .row = { { 200, CODE, NULL }, { 428, "", NULL } } };
	struct seen seen = device();
	CHECK_INT(seen.fault.code, FAULT_USAGE);
	CHECK(strstr(seen.fault.text, "client secret") != NULL);
	CHECK_INT(script.n, 1);
	stop();
}

/* ── authorization code ───────────────────────────────────────────────── */

TEST(pkce_matches_the_standards_example)
{
	char challenge[44]; /* RFC 7636, appendix B */
	pkce_challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", challenge);
	CHECK_STR(challenge, "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
	char a[48], b[48];
	random_word(32, a);
	random_word(32, b);
	CHECK_INT(strlen(a), 43);
	CHECK(strcmp(a, b) != 0);
}

TEST(what_comes_back_is_checked)
{
	static const struct { const char *text; bool bare; enum fault_code code; const char *out; } rows[] = {
		{ "http://localhost:6001/redirect?code=abc%2F1&state=S", false, FAULT_NONE, "abc/1" },
		{ "code=abc&state=S", false, FAULT_NONE, "abc" },
		{ "  http://localhost/?state=S&code=abc#x\n", true, FAULT_NONE, "abc" },
		{ " abc123 \n", true, FAULT_NONE, "abc123" },
		{ "abc123", false, FAULT_INPUT, NULL },
		{ "code=abc&state=T", true, FAULT_INPUT, NULL },
		{ "code=abc", true, FAULT_INPUT, NULL },
		{ "http://localhost/?code=&state=S", true, FAULT_INPUT, NULL },
		{ "http://localhost/?error=access_denied&state=S", true, FAULT_LOGIN, NULL },
		{ "http://localhost/?error=access_denied&state=T", true, FAULT_INPUT, NULL },
		{ "http://localhost/redirect", true, FAULT_INPUT, NULL },
		{ "", true, FAULT_INPUT, NULL }, { "  ", true, FAULT_INPUT, NULL },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		char code[64];
		struct fault fault = { 0 };
		bool good = authorize_answer(rows[i].text, "S", rows[i].bare, code, sizeof code, &fault);
		CHECK_INT(good, rows[i].code == FAULT_NONE);
		CHECK_INT(fault.code, rows[i].code);
		if (good && rows[i].out != NULL)
			CHECK_STR(code, rows[i].out);
	}
}

static void on_page(struct http_response *response, void *arg)
{
	*(int *)arg = response->fault.code != FAULT_NONE ? -1 : response->status;
}

static int browse(const char *target)
{
	char url[512];
	int status = 0;
	snprintf(url, sizeof url, "http://127.0.0.1:%d%s", loopback_port(oauth->login->loopback), target);
	http_client_send(http, &(struct http_request){ .url = url }, on_page, &status);
	run_until(&status);
	return status;
}

TEST(a_browser_on_this_machine_brings_the_code)
{
	start();
	script = (struct script){ .row = { { 200, TOKENS("A1", "R1"), NULL } } };
	struct seen seen = { 0 };
	struct login_events on = events(&seen);
	login_browser(oauth, "s1 s2", "http://localhost:0/redirect", true, &on);
	run_until(&seen.n_prompts);
	CHECK(strstr(seen.url, "/authorize?client_id=C0ffee&response_type=code&redirect_uri=http%3A%2F%2F"
			       "localhost%3A0%2Fredirect&scope=s1%20s2&state=") != NULL);
	CHECK(strstr(seen.url, "&code_challenge_method=S256") != NULL);
	CHECK_INT(browse("/favicon.ico"), 404);
	CHECK_INT(browse("/redirect"), 400);
	CHECK_INT(browse("/redirect?code=evil&state=wrong"), 400);
	CHECK_INT(seen.n, 0);
	char target[200], expected[200];
	snprintf(target, sizeof target, "/redirect?code=c%%2B1&state=%s", oauth->login->state);
	snprintf(expected, sizeof expected, "&code=c%%2B1&redirect_uri=http%%3A%%2F%%2Flocalhost%%3A0%%2F"
		 "redirect&code_verifier=%s&client_secret=s3cr%%26t", oauth->login->verifier);
	CHECK_INT(browse(target), 200);
	run_until(&seen.n);
	CHECK_INT(seen.fault.code, FAULT_NONE);
	CHECK(strstr(script.seen[0], expected) != NULL);
	CHECK_STR(oauth_bearer(oauth), "A1");
	CHECK_INT(script.n, 1);
	stop();
}

TEST(a_pasted_address_brings_the_code)
{
	start();
	script = (struct script){ .row = { { 200, TOKENS("A1", "R1"), NULL } } };
	struct seen seen = { 0 };
	struct login_events on = events(&seen);
	struct login *login = login_browser(oauth, "s", "http://localhost:6001/redirect", false, &on);
	run_until(&seen.n_prompts);
	struct fault fault;
	CHECK(!login_paste(login, "http://localhost:6001/redirect?code=a&state=other", &fault));
	CHECK_INT(fault.code, FAULT_INPUT);
	char pasted[200];
	snprintf(pasted, sizeof pasted, "http://localhost:6001/redirect?code=abc&state=%s\n", login->state);
	CHECK(login_paste(login, pasted, &fault));
	CHECK(!login_paste(login, pasted, &fault));
	CHECK_INT(fault.code, FAULT_CONFLICT);
	run_until(&seen.n);
	CHECK_INT(seen.fault.code, FAULT_NONE);
	CHECK(strstr(script.seen[0], "code=abc&") != NULL);
	stop();
}

TEST(a_refusal_in_the_browser_ends_the_login)
{
	start();
	struct seen seen = { 0 };
	struct login_events on = events(&seen);
	struct login *login = login_browser(oauth, "s", "http://localhost:0/r", true, &on);
	run_until(&seen.n_prompts);
	char target[200];
	snprintf(target, sizeof target, "/r?error=access_denied&error_description=The+user+said+no&state=%s",
	    login->state);
	CHECK_INT(browse(target), 200);
	run_until(&seen.n);
	CHECK_INT(seen.fault.code, FAULT_LOGIN);
	CHECK(strstr(seen.fault.text, "The user said no") != NULL);
	CHECK_INT(script.n, 0);
	stop();
}

TEST(a_redirect_that_is_not_here_cannot_be_listened_to)
{
	start();
	static const char *const bad[] = { "https://localhost:1/", "http://example.com/", "localhost",
		"http://[::1]:6001/", "http://localhost:1/?x" };
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		struct seen seen = { 0 };
		struct login_events on = events(&seen);
		login_browser(oauth, "s", bad[i], true, &on);
		run_until(&seen.n);
		CHECK_INT(seen.fault.code, FAULT_USAGE);
		CHECK_INT(seen.n_prompts, 0);
	}
	stop();
}

TEST(A14_a_service_app_gets_its_tokens)
{
	start();
	script = (struct script){ .row = { { 200, TOKENS("SA", "SR"), NULL } } };
	setenv("CENTINELA_TEST_BEARER", "ADMIN", 1);
	struct seen seen = { 0 };
	struct login_events on = events(&seen);
	login_service_app(oauth, "app/1", "ORG", &(struct secret_source){ .environment =
	    "CENTINELA_TEST_BEARER" }, &on);
	run_until(&seen.n);
	CHECK_INT(seen.fault.code, FAULT_NONE);
	CHECK_STR(script.seen[0], "/applications/app/1/token|Bearer ADMIN|{\"clientId\":\"C0ffee\","
				  "\"targetOrgId\":\"ORG\",\"clientSecret\":\"s3cr&t\"}");
	CHECK_STR(oauth_status(oauth).kind, "service_app");
	CHECK_STR(seen.file_access, "SA");
	stop();
}

TESTS(T(C2_a_refresh_is_written_before_it_is_used), T(C4_all_who_ask_share_one_refresh),
    T(C2_a_refresh_of_another_process_is_used), T(A20_a_refresh_waits_for_the_other_process),
    T(C1_a_dead_refresh_token_asks_for_a_person_and_keeps_the_file),
    T(a_passing_fault_keeps_the_token), T(C2_a_full_disk_does_not_lose_the_new_token),
    T(C2_a_renewed_token_that_cannot_be_written_is_used_and_written_later), T(a_due_token_is_renewed_by_itself), T(a_bearer_alone_cannot_be_renewed),
    T(no_token_file_is_said_plainly), T(closing_in_the_middle_of_a_refresh_answers_everybody),
    T(C6_428_is_not_an_error), T(C5_a_refused_code_names_the_redirect_addresses),
    T(the_person_may_refuse_or_be_late), T(a_code_without_an_https_address_is_refused),
    T(what_a_poll_means), T(a_login_can_be_cancelled_at_any_time), T(one_login_at_a_time),
    T(C7_a_missing_secret_is_said_before_anything_is_polled_twice),
    T(pkce_matches_the_standards_example), T(what_comes_back_is_checked),
    T(a_browser_on_this_machine_brings_the_code), T(a_pasted_address_brings_the_code),
    T(a_refusal_in_the_browser_ends_the_login),
    T(a_redirect_that_is_not_here_cannot_be_listened_to), T(A14_a_service_app_gets_its_tokens))
