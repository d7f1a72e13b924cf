/* SPDX-License-Identifier: Apache-2.0
 *
 * The whole client against the simulator over TLS: every way of signing in,
 * the directory, live calls, and a month's worth of trouble while records are
 * fetched, of which none may be missing. */
#include "test.h"

#include <unistd.h>

#include "base/arena.h"
#include "base/iso_time.h"
#include "base/map.h"
#include "base/mem.h"
#include "calls/cdr_json.h"
#include "sim/cloud.h"
#include "webex/cdr_fetch.h"
#include "webex/ids.h"
#include "webex/live_poll.h"
#include "webex/login_browser.h"
#include "webex/people.h"
#include "webex/webhooks.h"

#define START civil_to_ms(2026, 10, 7, 15, 0, 0, 0) /* a Wednesday */

static uv_loop_t loop;
static struct clock now;
static struct cloud *cloud;
static struct cloud_options cloud_options;
static struct http_client *http;
static struct lane *lane;
static struct oauth *oauth;
static struct webex *webex;
static struct cdr_hosts hosts;
static char folder[64], ca[96], token_path[96], base[96];
static struct fault fault;

static void defaults(double speed)
{
	clock_init_from(&now, START, speed);
	cloud_options_init(&cloud_options);
	cloud_options.clock = &now;
	cloud_options.seed = 7;
	cloud_options.traffic.n_users = 40;
	cloud_options.traffic.epoch_ms = START - START % DAY_MS;
	cloud_options.slow_pause_ms = 1;
	cloud_options.device_interval_s = 1;
}

static void on_region(const char *to, void *arg)
{
	UNUSED(arg);
	snprintf(base, sizeof base, "%.95s", to);
}

static void begin(bool service_app)
{
	snprintf(folder, sizeof folder, "/tmp/centinela-sim-XXXXXX");
	REQUIRE(mkdtemp(folder) != NULL);
	snprintf(ca, sizeof ca, "%s/ca.pem", folder);
	snprintf(token_path, sizeof token_path, "%s/token.json", folder);
	cloud_options.ca_file = ca;
	uv_loop_init(&loop);
	if (!cloud_start(&cloud_options, &loop, &cloud, &fault)) {
		printf("%s\n", fault.text);
		REQUIRE(false);
	}
	const struct cloud_credentials *c = cloud_credentials(cloud);
	setenv("CENTINELA_TEST_SECRET", service_app ? c->service_client_secret : c->client_secret, 1);
	setenv("CENTINELA_TEST_REFRESH", c->service_refresh_token, 1);
	lane = lane_new(&loop);
	http = http_client_new(&loop, &(struct http_client_options){ .ca_file = ca }, &fault);
	REQUIRE(http != NULL);
	snprintf(base, sizeof base, "%.80s/v1", cloud_url(cloud));
	oauth = oauth_new(&loop, http, lane, &now, &(struct oauth_options){ .base = base,
	    .client_id = service_app ? c->service_client_id : c->client_id,
	    .secret = { .environment = "CENTINELA_TEST_SECRET" }, .token_path = token_path });
	cdr_hosts_init(&hosts);
	REQUIRE(cdr_hosts_add(&hosts, cloud_url(cloud) + strlen("https://"), &fault));
	if (cloud_other_url(cloud)[0] != '\0')
		REQUIRE(cdr_hosts_add(&hosts, cloud_other_url(cloud) + strlen("https://"), &fault));
	webex = webex_new(&loop, http, oauth, &now, &(struct webex_options){ .base = base,
	    .cdr_base = base, .cdr_hosts = &hosts, .on_region = on_region, .second_ms = 5 }, &fault);
	REQUIRE(webex != NULL);
}

static void oauth_closed(void *arg)
{
	UNUSED(arg);
	lane_close(lane, NULL, NULL);
	http_client_close(http, NULL, NULL);
	cloud_stop(cloud, NULL, NULL);
}

static void webex_closed(void *arg)
{
	UNUSED(arg);
	oauth_close(oauth, oauth_closed, NULL);
}

static void end(void)
{
	webex_close(webex, webex_closed, NULL);
	uv_run(&loop, UV_RUN_DEFAULT);
	CHECK_INT(uv_loop_close(&loop), 0);
	char command[128];
	snprintf(command, sizeof command, "rm -rf %s", folder);
	CHECK_INT(system(command), 0);
}

static void run_until(const int *n)
{
	/* UV_RUN_ONCE runs due timers and then waits all the same. */
	while (uv_run(&loop, UV_RUN_NOWAIT), *n == 0)
		uv_run(&loop, UV_RUN_ONCE);
}

/* ── signing in ───────────────────────────────────────────────────────── */

struct seen {
	int n, n_prompts;
	struct fault fault;
	char code[64], url[1024];
};

static void on_done(const struct fault *why, void *arg)
{
	struct seen *seen = arg;
	seen->n++;
	seen->fault = *why;
}

static void on_prompt(const struct login_prompt *prompt, void *arg)
{
	struct seen *seen = arg;
	seen->n_prompts++;
	snprintf(seen->code, sizeof seen->code, "%s", prompt->code);
	snprintf(seen->url, sizeof seen->url, "%s", prompt->url);
}

#define SCOPES "spark-admin:calling_cdr_read spark-admin:people_read spark-admin:locations_read " \
	"spark-admin:organizations_read spark-admin:telephony_config_read"

static void sign_in_service_app(void)
{
	struct seen seen = { 0 };
	struct login_events on = { on_prompt, on_done, &seen };
	login_refresh_token(oauth, &(struct secret_source){ .environment = "CENTINELA_TEST_REFRESH" }, &on);
	run_until(&seen.n);
	REQUIRE(seen.fault.code == FAULT_NONE);
}

static void refresh_once(void)
{
	struct seen seen = { 0 };
	char *before = mem_strdup(oauth_bearer(oauth));
	oauth_refresh(oauth, NULL, on_done, &seen);
	run_until(&seen.n);
	CHECK_INT(seen.fault.code, FAULT_NONE);
	CHECK(strcmp(before, oauth_bearer(oauth)) != 0);
	mem_free_secret(before);
}

TEST(C6_a_device_code_is_granted_by_a_person)
{
	defaults(1);
	cloud_options.oauth_errors = CLOUD_OAUTH_BOTH;
	begin(false);
	struct seen seen = { 0 };
	struct login_events on = { on_prompt, on_done, &seen };
	login_device(oauth, SCOPES, &on);
	run_until(&seen.n_prompts);
	CHECK(cloud_verify_device(cloud, seen.code, true));
	run_until(&seen.n);
	CHECK_INT(seen.fault.code, FAULT_NONE);
	CHECK_INT(oauth_status(oauth).state, OAUTH_READY);
	CHECK(strstr(oauth_status(oauth).scope, "spark-admin:calling_cdr_read") != NULL);
	/* C2: the simulator rotates the refresh token and kills the old one. */
	refresh_once();
	refresh_once();
	end();
}

TEST(C5_an_integration_without_the_four_addresses_is_explained)
{
	defaults(1);
	cloud_options.device_redirects = false;
	begin(false);
	struct seen seen = { 0 };
	struct login_events on = { on_prompt, on_done, &seen };
	login_device(oauth, SCOPES, &on);
	run_until(&seen.n);
	CHECK_INT(seen.fault.code, FAULT_LOGIN);
	CHECK(strstr(seen.fault.text, "oauth-helper") != NULL);
	end();
}

TEST(C3_a_service_app_lives_from_its_refresh_token)
{
	defaults(1);
	cloud_options.rotate_refresh = false;
	cloud_options.omit_refresh = true;
	begin(true);
	sign_in_service_app();
	refresh_once();
	refresh_once();
	end();
}

static void on_page(struct http_response *response, void *arg)
{
	struct seen *seen = arg;
	seen->n++;
	const char *location = http_header(response, "Location", 0);
	CHECK_INT(response->status, 302);
	snprintf(seen->url, sizeof seen->url, "%s", location != NULL ? location : "");
}

TEST(a_browsers_way_with_PKCE)
{
	defaults(1);
	cloud_options.auto_grant_browser = true;
	begin(false);
	struct seen seen = { 0 }, page = { 0 };
	struct login_events on = { on_prompt, on_done, &seen };
	struct login *login = login_browser(oauth, SCOPES, "http://localhost:6001/redirect", false, &on);
	run_until(&seen.n_prompts);
	http_client_send(http, &(struct http_request){ .url = seen.url }, on_page, &page);
	run_until(&page.n);
	CHECK(login_paste(login, page.url, &fault));
	run_until(&seen.n);
	CHECK_INT(seen.fault.code, FAULT_NONE);
	refresh_once();
	end();
}

/* ── directory and live calls ─────────────────────────────────────────── */

struct people {
	int n;
	struct fault fault;
	struct directory *directory;
	size_t n_people, n_sites;
	char org_name[128];
};

static void on_directory(struct directory_result *result, void *arg)
{
	struct people *people = arg;
	people->n++;
	people->fault = result->fault;
	people->n_people = result->n_people;
	people->n_sites = result->n_sites;
	memcpy(people->org_name, result->org_name, sizeof people->org_name);
	people->directory = result->directory;
	result->directory = NULL;
}

TEST(G2_the_directory_is_whole_on_a_bad_day)
{
	defaults(1);
	cloud_options.faults = SIM_FAULT_BIT(SIM_FAULT_SERVER5XX) | SIM_FAULT_BIT(SIM_FAULT_HTML502) |
	    SIM_FAULT_BIT(SIM_FAULT_MALFORMED) | SIM_FAULT_BIT(SIM_FAULT_CUT) |
	    SIM_FAULT_BIT(SIM_FAULT_HOSTILE_NAMES);
	begin(true);
	oauth_use_bearer(oauth, cloud_credentials(cloud)->service_access_token);
	struct people people = { 0 };
	directory_read(webex, on_directory, &people);
	run_until(&people.n);
	if (people.fault.code != FAULT_NONE)
		printf("%s\n", people.fault.text);
	CHECK_INT(people.fault.code, FAULT_NONE);
	CHECK(people.n_people >= 40);
	CHECK(people.n_sites > 0);
	CHECK(people.org_name[0] != '\0');
	for (size_t i = 0; people.directory != NULL && i < people.directory->n_people; i++) {
		const struct person *person = &people.directory->people[i];
		CHECK(strchr(person->name, '\x1b') == NULL);
		CHECK(person->site_uuid[0] == '\0' || directory_site(people.directory, person->site_uuid) != NULL);
	}
	directory_free(people.directory);
	end();
}

static int n_polls;

static void on_calls(const char *uuid, struct live_call *calls, size_t n, int64_t asked_ms, void *arg)
{
	UNUSED(uuid);
	UNUSED(asked_ms);
	for (size_t i = 0; i < n; i++)
		CHECK(calls[i].call_id[0] != '\0' && calls[i].state != LIVE_DISCONNECTED);
	*(int *)arg += (int)n;
	n_polls++;
}

static void on_webhook(const struct webhook_result *result, void *arg)
{
	struct seen *seen = arg;
	seen->n++;
	seen->fault = result->fault;
	if (result->fault.code != FAULT_NONE)
		printf("%s\n", result->fault.text);
	seen->n_prompts = result->created + 2 * result->reactivated + 4 * result->n_removed;
	CHECK_INT(result->interest.code, FAULT_NONE);
}

static int keep_webhook(void)
{
	struct seen seen = { 0 };
	webhooks_keep(webex, &(struct webhook_wish){ .name = "soc", .target_url = "https://127.0.0.1:1/wx",
	    .secret = "INVENTED-32-random-bytes" }, on_webhook, &seen);
	run_until(&seen.n);
	CHECK_INT(seen.fault.code, FAULT_NONE);
	return seen.n_prompts;
}

static void poll_closed(void *arg)
{
	*(int *)arg = 1;
}

TEST(live_calls_are_polled_and_a_webhook_is_kept)
{
	defaults(1);
	begin(true);
	oauth_use_bearer(oauth, cloud_credentials(cloud)->service_access_token);
	struct people people = { 0 };
	directory_read(webex, on_directory, &people);
	run_until(&people.n);
	REQUIRE(people.fault.code == FAULT_NONE);
	const char *uuids[64];
	size_t n = 0;
	for (; n < MIN(people.n_people, (size_t)64); n++)
		uuids[n] = people.directory->people[n].uuid;
	int n_calls = 0, closed = 0;
	n_polls = 0;
	struct live_poll *poll = live_poll_new(&loop, webex, &now, &(struct live_poll_options){ 0 },
	    &(struct live_poll_events){ on_calls, NULL, &n_calls });
	live_poll_watch(poll, uuids, n);
	while (n_polls < 20)
		uv_run(&loop, UV_RUN_ONCE);
	CHECK(live_poll_works(poll) || n_polls < (int)n);
	live_poll_close(poll, poll_closed, &closed);
	run_until(&closed);
	directory_free(people.directory);
	CHECK_INT(keep_webhook(), 1); /* made */
	CHECK_INT(keep_webhook(), 0); /* and left alone */
	end();
}

/* ── call records ─────────────────────────────────────────────────────── */

struct sync {
	struct cdr_fetch *fetch;
	struct windows windows;
	struct window_limits limits;
	struct map reports; /* report id → 1 */
	struct map page;    /* of the window under way */
	bool broken;	    /* a page that is no JSON: the window does not count */
	int n_windows, n_faults, n_done;
	int64_t until_ms;
	uv_timer_t timer;
};

static void next_window(struct sync *sync);

static void on_sync_timer(uv_timer_t *timer)
{
	next_window(timer->data);
}

static bool on_records(struct cdr_page *page, void *arg)
{
	struct sync *sync = arg;
	if (page->number == 1) {
		map_clear(&sync->page);
		sync->broken = false;
	}
	if (page->body == NULL)
		return true;
	struct cdr_reader reader;
	struct arena arena;
	struct cdr cdr;
	enum cdr_next next;
	arena_init(&arena);
	cdr_reader_init(&reader);
	cdr_reader_feed(&reader, page->body, page->body_n, true);
	while ((next = cdr_reader_next(&reader, &arena, &cdr)) != CDR_NEXT_END && next != CDR_NEXT_BROKEN &&
	    next != CDR_NEXT_MORE)
		if (next == CDR_NEXT_RECORD && cdr.field[CDR_F_REPORT_ID].n > 0)
			map_put_n(&sync->page, cdr.field[CDR_F_REPORT_ID].p, cdr.field[CDR_F_REPORT_ID].n,
			    NULL)->number = 1;
	if (next != CDR_NEXT_END)
		sync->broken = true;
	arena_clear(&arena);
	return true;
}

static void on_window_end(const struct cdr_outcome *outcome, void *arg)
{
	struct sync *sync = arg;
	if (outcome->fault.code == FAULT_NONE && !sync->broken) {
		size_t at = 0;
		for (const struct map_entry *e; (e = map_next(&sync->page, &at)) != NULL;)
			map_put(&sync->reports, e->key, NULL)->number = 1;
		windows_done(&sync->windows, &sync->limits, &outcome->window, outcome->asked_ms);
		sync->n_windows++;
	} else {
		sync->n_faults++;
		if (outcome->fault.code != FAULT_NONE && outcome->fault.code != FAULT_NETWORK &&
		    outcome->fault.code != FAULT_LIMIT) {
			printf("%s: %s\n", fault_name(outcome->fault.code), outcome->fault.text);
			CHECK(false);
			sync->n_done++;
			return;
		}
	}
	uv_timer_start(&sync->timer, on_sync_timer, 0, 0);
}

static void next_window(struct sync *sync)
{
	struct cdr_window window;
	int64_t wait_ms, server_ms = webex_now_ms(webex);
	if (windows_next(&sync->windows, &sync->limits, server_ms, &window, &wait_ms)) {
		bool caught_up = windows_gaps(&sync->windows, &sync->limits, server_ms, NULL, 0) == 0 &&
		    sync->windows.feed.n > 0 && window.why != WINDOW_BACKFILL && window.why != WINDOW_GAP;
		if ((caught_up && server_ms > sync->until_ms) || sync->n_faults > 300) {
			sync->n_done++;
			return;
		}
		cdr_fetch_start(sync->fetch, &window, &(struct cdr_fetch_events){ on_records, on_window_end, sync });
		return;
	}
	double speed = now.speed > 0 ? now.speed : 1;
	uv_timer_start(&sync->timer, on_sync_timer, (uint64_t)((double)wait_ms / speed) + 1, 0);
}

static void fetch_closed(void *arg)
{
	*(int *)arg = 1;
}

/* Whoever started after `from` and was in the store before `until`. */
static void check_nothing_missing(struct sync *sync, int64_t from_ms, int64_t until_ms)
{
	struct traffic_options options = cloud_options.traffic;
	struct traffic *traffic;
	options.seed = cloud_options.seed;
	options.hostile_names = (cloud_options.faults & SIM_FAULT_BIT(SIM_FAULT_HOSTILE_NAMES)) != 0;
	REQUIRE(traffic_new(&options, &traffic, &fault));
	int wanted = 0, missing = 0;
	for (int64_t day = from_ms / DAY_MS; day <= until_ms / DAY_MS; day++) {
		struct sim_day made;
		traffic_day(traffic, day, &made);
		for (size_t i = 0; i < made.n_records; i++) {
			const struct sim_record *r = &made.records[i];
			if (r->start_ms < from_ms || r->insert_ms >= until_ms)
				continue;
			wanted++;
			if (map_get(&sync->reports, r->report_id) == NULL && missing++ < 3)
				printf("missing: start %+.2f h, inserted %+.2f h\n",
				    (double)(r->start_ms - START) / 3600e3, (double)(r->insert_ms - START) / 3600e3);
		}
		sim_day_free(&made);
	}
	traffic_free(traffic);
	CHECK(wanted > 100);
	CHECK_INT(missing, 0);
}

static void fetch_everything(int64_t backfill_ms, int64_t then_ms)
{
	struct sync sync = { .until_ms = START + then_ms };
	window_limits_init(&sync.limits);
	sync.limits.backfill_ms = backfill_ms;
	oauth_use_bearer(oauth, cloud_credentials(cloud)->service_access_token);
	sync.fetch = cdr_fetch_new(&loop, webex, &now, &(struct cdr_fetch_options){ .max_records = 500 });
	uv_timer_init(&loop, &sync.timer);
	sync.timer.data = &sync;
	next_window(&sync);
	run_until(&sync.n_done);
	CHECK_INT(windows_gaps(&sync.windows, &sync.limits, webex_now_ms(webex), NULL, 0), 0);
	const struct spans *stream = &sync.windows.stream;
	REQUIRE(stream->n > 0);
	/* A margin at the old edge: skew moves it by minutes. */
	check_nothing_missing(&sync, sync.windows.first_ms - backfill_ms + 20 * MINUTE_MS,
	    stream->at[stream->n - 1].to_ms);
	int closed = 0;
	cdr_fetch_close(sync.fetch, fetch_closed, &closed);
	uv_close((uv_handle_t *)&sync.timer, NULL);
	run_until(&closed);
	windows_clear(&sync.windows);
	map_clear(&sync.reports);
	map_clear(&sync.page);
}

TEST(A3_every_record_of_three_days_arrives)
{
	defaults(1500);
	cloud_options.link = CLOUD_LINK_BOTH;
	cloud_options.max_page = 200;
	cloud_options.min_page = 100;
	begin(true);
	fetch_everything(3 * DAY_MS, 2 * HOUR_MS);
	end();
}

TEST(A9_the_records_of_another_region_arrive)
{
	defaults(1500);
	cloud_options.other_port = 0;
	cloud_options.records_are_there = true;
	begin(true);
	fetch_everything(12 * HOUR_MS, 0);
	CHECK(strncmp(base, cloud_other_url(cloud), strlen(cloud_other_url(cloud))) == 0);
	end();
}

TEST(every_record_arrives_on_the_worst_of_days)
{
	defaults(3000);
	cloud_options.max_page = 200;
	cloud_options.min_page = 100;
	cloud_options.faults = SIM_FAULTS_ALL & ~SIM_FAULT_BIT(SIM_FAULT_DEAD_REFRESH);
	begin(true);
	fetch_everything(2 * DAY_MS, HOUR_MS);
	end();
}

TESTS(T(C6_a_device_code_is_granted_by_a_person),
    T(C5_an_integration_without_the_four_addresses_is_explained),
    T(C3_a_service_app_lives_from_its_refresh_token), T(a_browsers_way_with_PKCE),
    T(G2_the_directory_is_whole_on_a_bad_day), T(live_calls_are_polled_and_a_webhook_is_kept),
    T(A3_every_record_of_three_days_arrives), T(A9_the_records_of_another_region_arrive),
    T(every_record_arrives_on_the_worst_of_days))
