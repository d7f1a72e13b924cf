/* SPDX-License-Identifier: Apache-2.0 */
#include "base/map.h"
#include "calls/cdr_json.h"
#include "cloud_rig.h"
#include "sim/export.h"
#include "webex/cdr_hosts.h"
#include "webex/link_header.h"
#include "webex/retry_after.h"

static char path[1000];

static const char *token(void)
{
	return cloud_credentials(rig_cloud)->service_access_token;
}

static const char *window(const char *which, int64_t start_ms, int64_t end_ms, const char *more)
{
	char start[ISO_TIME_BYTES], end[ISO_TIME_BYTES];
	snprintf(path, sizeof path, "/v1/cdr_%s?startTime=%s&endTime=%s%s", which,
	    iso_time_format(start_ms, start), iso_time_format(end_ms, end), more);
	return path;
}

/* Report IDs that the traffic says are in a window. */
static void expect(struct map *ids, bool stream, int64_t start_ms, int64_t end_ms, int64_t now_ms)
{
	struct traffic *traffic;
	struct traffic_options options = rig_options.traffic;
	options.seed = rig_options.seed;
	options.hostile_names =
	    (rig_options.faults & SIM_FAULT_BIT(SIM_FAULT_HOSTILE_NAMES)) != 0;
	REQUIRE(traffic_new(&options, &traffic, &rig_fault));
	for (int64_t day = start_ms / DAY_MS - SIM_HORIZON_DAYS; day <= end_ms / DAY_MS; day++) {
		struct sim_day made;
		traffic_day(traffic, day, &made);
		for (size_t i = 0; i < made.n_records; i++) {
			const struct sim_record *r = &made.records[i];
			int64_t key = stream ? r->insert_ms : r->start_ms;
			if (key >= start_ms && key < end_ms && r->insert_ms <= now_ms)
				map_put(ids, r->report_id, NULL);
		}
		sim_day_free(&made);
	}
	traffic_free(traffic);
}

/* Add a page's Report IDs; returns how many items it had. */
static size_t collect(struct map *ids, const char *bytes, size_t n)
{
	json_error_t error;
	json_auto_t *page = json_loadb(bytes, n, 0, &error);
	size_t i, n_items = 0;
	json_t *item;
	json_array_foreach(json_object_get(page, "items"), i, item) {
		const char *id = json_string_value(json_object_get(item, "Report ID"));
		int64_t ms;
		const char *start = json_string_value(json_object_get(item, "Start time"));
		n_items++;
		if (id != NULL && start != NULL && iso_time_parse(start, strlen(start), &ms))
			map_put(ids, id, NULL);
	}
	return n_items;
}

static void check_same(const struct map *a, const struct map *b)
{
	size_t at = 0;
	CHECK_INT(a->n, b->n);
	for (const struct map_entry *entry; (entry = map_next(a, &at)) != NULL;)
		if (map_get(b, entry->key) == NULL) {
			CHECK(map_get(b, entry->key) != NULL);
			break;
		}
}

TEST(a_feed_window_holds_what_started_in_it)
{
	struct map want = { 0 }, got = { 0 };
	rig_defaults();
	rig_begin();
	int64_t start = RIG_NOW - 20 * HOUR_MS, end = RIG_NOW - 8 * HOUR_MS;
	struct reply r = rig_get(window("feed", start, end, ""), token());
	CHECK_INT(r.status, 200);
	collect(&got, r.body.bytes, r.body.n);
	expect(&want, false, start, end, RIG_NOW);
	CHECK(want.n > 20);
	check_same(&want, &got);
	reply_clear(&r);
	map_clear(&want);
	map_clear(&got);
	rig_end();
}

/* The same seed: byte for byte what an export writes, in pages and in streams. */
TEST(what_is_served_is_what_is_exported)
{
	rig_defaults();
	rig_options.traffic.scenario = "quiet_day";
	rig_begin();
	char *folder = mem_strdup("/tmp/centinela-served-XXXXXX");
	REQUIRE(mkdtemp(folder) != NULL);
	struct traffic_options options = rig_options.traffic;
	options.seed = rig_options.seed;
	options.epoch_ms -= DAY_MS; /* where the export begins; a quiet day has no incidents */
	REQUIRE(sim_export(folder, &options, 3, &rig_fault));
	char *name = mem_printf("%s/cdrs.jsonl", folder), *labels = mem_printf("%s/labels.csv", folder);
	struct map lines = { 0 };
	FILE *file = fopen(name, "r");
	char *line = NULL;
	size_t room = 0, n_same = 0;
	REQUIRE(file != NULL);
	for (ssize_t n; (n = getline(&line, &room, file)) > 0;) {
		line[n - 1] = '\0';
		map_put(&lines, line, NULL);
	}
	fclose(file);
	char *first = mem_strdup(window("feed", RIG_NOW - 20 * HOUR_MS, RIG_NOW - 8 * HOUR_MS, ""));
	char *second = mem_strdup(window("stream", RIG_NOW - 3 * HOUR_MS, RIG_NOW - HOUR_MS, ""));
	for (int k = 0; k < 2; k++) {
		struct reply r = rig_get(k == 0 ? first : second, token());
		CHECK_INT(r.status, 200);
		char *at = strstr(text_string(&r.body), "[{");
		for (char *end; at != NULL; at = *end == ',' ? end : NULL) {
			at++;
			end = strstr(at, "},{");
			end = end == NULL ? strstr(at, "}]}") + 1 : end + 1;
			char *item = mem_strndup(at, (size_t)(end - at));
			CHECK(map_get(&lines, item) != NULL);
			n_same++;
			free(item);
		}
		reply_clear(&r);
	}
	CHECK(n_same > 60);
	map_clear(&lines);
	unlink(name);
	unlink(labels);
	rmdir(folder);
	free(first);
	free(second);
	free(name);
	free(labels);
	free(line);
	free(folder);
	rig_end();
}

/* webex-questions.md A3: late records come in later windows by themselves. */
TEST(stream_windows_side_by_side_lose_nothing)
{
	struct map want = { 0 }, got = { 0 };
	rig_defaults();
	rig_begin();
	for (int64_t at = RIG_NOW - 10 * HOUR_MS; at < RIG_NOW - 2 * HOUR_MS; at += 2 * HOUR_MS) {
		struct reply r = rig_get(window("stream", at, at + 2 * HOUR_MS, ""), token());
		CHECK(r.status == 200 || r.status == 404);
		if (r.status == 200)
			collect(&got, r.body.bytes, r.body.n);
		reply_clear(&r);
	}
	expect(&want, true, RIG_NOW - 10 * HOUR_MS, RIG_NOW - 2 * HOUR_MS, RIG_NOW);
	CHECK(want.n > 20);
	check_same(&want, &got);
	map_clear(&want);
	map_clear(&got);
	rig_end();
}

/* A1 */
TEST(an_empty_window_is_a_404_with_that_message)
{
	rig_defaults();
	rig_begin();
	int64_t night = RIG_NOW - 7 * HOUR_MS; /* a second of it */
	struct reply r = rig_get(window("feed", night, night + 1, ""), token());
	CHECK_INT(r.status, 404);
	json_auto_t *body = rig_json(&r);
	CHECK_STR(json_str(body, "message", ""), "No CDRs for requested time range and filters");
	CHECK_INT(json_int(body, "errorCode", 0), 404);
	CHECK(text_starts_with(json_str(body, "trackingId", ""), "ANALYTICS_"));
	CHECK(json_object_get(body, "errors") == NULL);
	rig_end();
}

/* A5, A6 */
TEST(limits_are_exact_to_the_second)
{
	const struct {
		const char *which;
		int64_t start_ms, end_ms;
		bool allowed;
	} cases[] = {
		{ "feed", RIG_NOW - 12 * HOUR_MS - 5 * MINUTE_MS, RIG_NOW - 5 * MINUTE_MS, true },
		{ "feed", RIG_NOW - 12 * HOUR_MS - 5 * MINUTE_MS - 1, RIG_NOW - 5 * MINUTE_MS, false },
		{ "feed", RIG_NOW - HOUR_MS, RIG_NOW - 5 * MINUTE_MS + 999, true },
		{ "feed", RIG_NOW - HOUR_MS, RIG_NOW - 5 * MINUTE_MS + 1000, false },
		{ "feed", RIG_NOW - 30 * DAY_MS, RIG_NOW - 30 * DAY_MS + HOUR_MS, true },
		{ "feed", RIG_NOW - 30 * DAY_MS - 1, RIG_NOW - 30 * DAY_MS + HOUR_MS, false },
		{ "feed", RIG_NOW - HOUR_MS, RIG_NOW - HOUR_MS, false },
		{ "feed", RIG_NOW - HOUR_MS, RIG_NOW - 2 * HOUR_MS, false },
		{ "stream", RIG_NOW - 2 * HOUR_MS - MINUTE_MS, RIG_NOW - MINUTE_MS, true },
		{ "stream", RIG_NOW - 2 * HOUR_MS - MINUTE_MS - 1, RIG_NOW - MINUTE_MS, false },
		{ "stream", RIG_NOW - HOUR_MS, RIG_NOW - MINUTE_MS + 1000, false },
		{ "stream", RIG_NOW - 12 * HOUR_MS, RIG_NOW - 11 * HOUR_MS, true },
		{ "stream", RIG_NOW - 12 * HOUR_MS - 1000, RIG_NOW - 11 * HOUR_MS, false },
	};
	rig_defaults();
	rig_begin();
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct reply r =
		    rig_get(window(cases[i].which, cases[i].start_ms, cases[i].end_ms, ""), token());
		CHECK((r.status == 200 || r.status == 404) == cases[i].allowed);
		if (!cases[i].allowed)
			CHECK_INT(r.status, 400);
		if (test_failures > 0)
			printf("case %zu: %ld %s\n", i, r.status, text_string(&r.body));
		reply_clear(&r);
	}
	static const char *const broken[] = { "", "?startTime=2026-10-07T10:00:00.000Z",
		"?startTime=2026-10-07T10:00:00Z&endTime=2026-10-07T11:00:00.000Z",
		"?startTime=2026-10-07%2010:00:00.000Z&endTime=2026-10-07T11:00:00.000Z",
		"?startTime=2026-02-31T10:00:00.000Z&endTime=2026-10-07T11:00:00.000Z",
		"?startTime=2026-10-07T10:00:00.000Z&endTime=%00",
		"?startTime=2026-10-07T10:00:00.000Z&endTime=2026-10-07T11:00:00.000Z&max=many",
		"?startTime=2026-10-07T10:00:00.000Z&endTime=2026-10-07T11:00:00.000Z"
		"&startTimeForNextFetch=2026-10-07T11:00:00.000Z",
		"?startTime=2026-10-07T10:00:00.000Z&endTime=2026-10-07T11:00:00.000Z"
		"&locations=a,b,c,d,e,f,g,h,i,j,k" };
	for (size_t i = 0; i < COUNT_OF(broken); i++) {
		snprintf(path, sizeof path, "/v1/cdr_feed%s", broken[i]);
		struct reply r = rig_get(path, token());
		CHECK_INT(r.status, 400);
		json_auto_t *body = rig_json(&r);
		CHECK_INT(json_int(body, "errorCode", 0), 400);
	}
	rig_end();
}

/* Follow the pages of a window; returns how many, or 0 when one failed. */
static size_t follow(struct map *ids, const char *first, size_t *n_items, size_t *n_double)
{
	struct reply r = rig_get(first, token());
	struct paging guard = { 0 };
	size_t n = 0;
	while (r.status == 200) {
		char value[LINK_BYTES], next[LINK_BYTES];
		n++;
		*n_items += collect(ids, r.body.bytes, r.body.n);
		bool more = reply_header(&r, "Link", value, sizeof value) && link_next(value, next);
		reply_clear(&r);
		if (!more) {
			paging_clear(&guard);
			return n;
		}
		*n_double += text_starts_with(value, "<<");
		REQUIRE(paging_add(&guard, next, &rig_fault));
		r = rig_get(next, token());
	}
	reply_clear(&r);
	paging_clear(&guard);
	return 0;
}

/* A10, A11, A4 */
TEST(pages_follow_each_other_and_overlap_at_the_border)
{
	struct map want = { 0 }, got = { 0 };
	size_t n_items = 0, n_double = 0;
	rig_defaults();
	rig_options.min_page = rig_options.max_page = 10;
	rig_begin();
	int64_t start = RIG_NOW - 20 * HOUR_MS, end = RIG_NOW - 8 * HOUR_MS;
	size_t n = follow(&got, window("feed", start, end, "&max=5000"), &n_items, &n_double);
	expect(&want, false, start, end, RIG_NOW);
	CHECK(n >= want.n / 10);
	CHECK(n_items >= want.n + n - 1); /* the border's record came twice */
	CHECK(n_double > 0 && n_double < n - 1); /* both forms of the bracket */
	check_same(&want, &got);
	map_clear(&want);
	map_clear(&got);
	rig_end();
}

/* A next link leads to the host that was asked, or it would not be followed. */
TEST(links_lead_where_the_client_came_from)
{
	char url[1200], value[2000] = "", next[LINK_BYTES], wanted[80];
	rig_defaults();
	rig_options.min_page = rig_options.max_page = 5;
	rig_options.hosts = "analytics-calling.example";
	rig_begin();
	const char *port = strrchr(cloud_url(rig_cloud), ':');
	snprintf(wanted, sizeof wanted, "https://localhost%s/", port);
	snprintf(url, sizeof url, "https://localhost%s%s", port,
	    window("feed", RIG_NOW - 20 * HOUR_MS, RIG_NOW - 8 * HOUR_MS, ""));
	struct reply r = rig_get(url, token());
	CHECK_INT(r.status, 200);
	CHECK(reply_header(&r, "Link", value, sizeof value) && link_next(value, next));
	CHECK(text_starts_with(next, wanted));
	reply_clear(&r);
	snprintf(url, sizeof url, "Authorization: Bearer %s\nHost: evil>;rel=\"x\"", token());
	r = rig_ask("GET", path, url, NULL);
	CHECK(reply_header(&r, "Link", value, sizeof value) && link_next(value, next));
	CHECK(text_starts_with(next, cloud_url(rig_cloud)));
	reply_clear(&r);
	rig_end();
}

TEST(max_is_brought_within_its_bounds)
{
	static const struct {
		const char *max;
		int64_t told;
	} cases[] = { { "&max=1", 20 }, { "&max=-5", 20 }, { "&max=25", 25 }, { "&max=9999", 30 },
		{ "", 30 } };
	rig_defaults();
	rig_options.min_page = 20;
	rig_options.max_page = 30;
	rig_begin();
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		char value[2000] = "", max[20] = "";
		int64_t n = 0;
		struct reply r = rig_get(window("feed", RIG_NOW - 20 * HOUR_MS, RIG_NOW - 8 * HOUR_MS,
		    cases[i].max), token());
		REQUIRE(reply_header(&r, "Link", value, sizeof value));
		CHECK(url_query_value(strchr(value, '?') + 1, "max", max, sizeof max));
		CHECK(text_to_int(max, 1, 100, &n));
		CHECK_INT(n, cases[i].told);
		reply_clear(&r);
	}
	rig_end();
}

/* A7 */
TEST(one_window_a_minute_and_ten_pages)
{
	char value[2000], next[LINK_BYTES];
	rig_defaults();
	rig_options.rate_ms = MINUTE_MS;
	rig_options.min_page = rig_options.max_page = 3;
	rig_begin();
	window("feed", RIG_NOW - 20 * HOUR_MS, RIG_NOW - 8 * HOUR_MS, "");
	struct reply r = rig_get(path, token());
	CHECK_INT(r.status, 200);
	for (int i = 0; i < 10; i++) {
		REQUIRE(reply_header(&r, "Link", value, sizeof value) && link_next(value, next));
		reply_clear(&r);
		rig_advance(SECOND_MS);
		r = rig_get(next, token());
		CHECK_INT(r.status, 200);
	}
	REQUIRE(reply_header(&r, "Link", value, sizeof value) && link_next(value, next));
	reply_clear(&r);
	r = rig_get(next, token());
	CHECK_INT(r.status, 429);
	CHECK(reply_header(&r, "Retry-After", value, sizeof value));
	CHECK_STR(value, "51"); /* the first page was 9 s ago */
	reply_clear(&r);
	r = rig_get(path, token());
	CHECK_INT(r.status, 429);
	CHECK(reply_header(&r, "Retry-After", value, sizeof value));
	CHECK_STR(value, "50");
	reply_clear(&r);
	r = rig_get(path, cloud_credentials(rig_cloud)->personal_token); /* another user */
	CHECK_INT(r.status, 200);
	reply_clear(&r);
	rig_advance(50 * SECOND_MS);
	r = rig_get(path, token());
	CHECK_INT(r.status, 200);
	reply_clear(&r);
	rig_end();
}

/* A9 */
TEST(another_region_is_named_in_a_451)
{
	char host[CDR_HOST_BYTES], there[1200];
	struct cdr_hosts hosts;
	rig_defaults();
	rig_options.other_port = 0;
	rig_options.records_are_there = true;
	rig_begin();
	window("feed", RIG_NOW - 20 * HOUR_MS, RIG_NOW - 8 * HOUR_MS, "");
	struct reply r = rig_get(path, token());
	CHECK_INT(r.status, 451);
	cdr_hosts_init(&hosts);
	CHECK(!cdr_hosts_region(&hosts, r.body.bytes, r.body.n, host));
	REQUIRE(cdr_hosts_add(&hosts, cloud_other_url(rig_cloud) + strlen("https://"), &rig_fault));
	REQUIRE(cdr_hosts_region(&hosts, r.body.bytes, r.body.n, host));
	reply_clear(&r);
	snprintf(there, sizeof there, "https://%s%s", host, path);
	r = rig_get(there, token());
	CHECK_INT(r.status, 200);
	reply_clear(&r);
	r = rig_get("/v1/people/me", token()); /* the directory is everywhere */
	CHECK_INT(r.status, 200);
	reply_clear(&r);
	rig_end();
}

/* A16 */
TEST(locations_are_filtered_by_name)
{
	struct map all = { 0 }, some = { 0 };
	rig_defaults();
	rig_begin();
	int64_t start = RIG_NOW - 20 * HOUR_MS, end = RIG_NOW - 8 * HOUR_MS;
	struct text more = { 0 };
	text_puts(&more, "&locations=No%20Such%20Place,");
	url_encode(&more, cloud_org(rig_cloud)->locations[0].name);
	struct reply r = rig_get(window("feed", start, end, text_string(&more)), token());
	CHECK_INT(r.status, 200);
	collect(&some, r.body.bytes, r.body.n);
	json_auto_t *page = rig_json(&r);
	size_t i;
	json_t *item;
	json_array_foreach(json_object_get(page, "items"), i, item)
		CHECK_STR(json_str(item, "Location", ""), cloud_org(rig_cloud)->locations[0].name);
	expect(&all, false, start, end, RIG_NOW);
	CHECK(some.n > 0 && some.n < all.n);
	r = rig_get(window("feed", start, end, "&locations=No%20Such%20Place"), token());
	CHECK_INT(r.status, 404);
	reply_clear(&r);
	text_clear(&more);
	map_clear(&all);
	map_clear(&some);
	rig_end();
}

TEST(a_token_without_the_scope_is_a_403_of_their_shape)
{
	rig_defaults();
	rig_begin();
	struct reply r = rig_get(window("feed", RIG_NOW - HOUR_MS, RIG_NOW - 10 * MINUTE_MS, ""), NULL);
	CHECK_INT(r.status, 401);
	json_auto_t *body = rig_json(&r);
	CHECK_INT(json_int(body, "errorCode", 0), 401);
	rig_end();
}

TEST(the_same_seed_answers_the_same_bytes)
{
	struct text first = { 0 };
	rig_defaults();
	for (int i = 0; i < 2; i++) {
		rig_begin();
		struct reply r = rig_get(
		    window("feed", RIG_NOW - 20 * HOUR_MS, RIG_NOW - 8 * HOUR_MS, ""), token());
		if (i == 0)
			text_add(&first, r.body.bytes, r.body.n);
		else
			CHECK(first.n == r.body.n && memcmp(first.bytes, r.body.bytes, first.n) == 0);
		reply_clear(&r);
		rig_end();
	}
	text_clear(&first);
}

/* -------------------------------------------------------------------- faults */

/* Ask until it is answered well, as a client would; returns the tries. */
static int ask_until_good(const char *url, struct map *ids, char next[static LINK_BYTES])
{
	for (int tries = 1; tries <= 12; tries++) {
		struct reply r = rig_get(url, token());
		char value[LINK_BYTES] = "";
		json_auto_t *page = NULL;
		if (r.code == CURLE_OK && r.status == 200)
			page = json_loadb(text_string(&r.body), r.body.n, 0, NULL);
		/* Broken UTF-8 in a name is a page all the same: look at it as bytes. */
		bool good = json_is_array(json_object_get(page, "items"));
		if (good)
			collect(ids, r.body.bytes, r.body.n);
		if (r.status == 429 && reply_header(&r, "Retry-After", value, sizeof value))
			CHECK(retry_after_ms(value, RIG_NOW) >= SECOND_MS);
		value[0] = '\0';
		next[0] = '\0';
		if (good && reply_header(&r, "Link", value, sizeof value))
			CHECK(link_next(value, next));
		reply_clear(&r);
		if (good)
			return tries;
	}
	return 0;
}

TEST(no_fault_keeps_a_window_away_for_ever)
{
	for (unsigned fault = 0; fault < SIM_N_FAULTS; fault++) {
		struct map want = { 0 }, got = { 0 };
		char url[LINK_BYTES], next[LINK_BYTES];
		int worst = 1;
		if (fault == SIM_FAULT_HOSTILE_NAMES) /* jansson refuses those pages */
			continue;
		rig_defaults();
		rig_options.faults = fault == SIM_FAULT_SKEW ? 0 : SIM_FAULT_BIT(fault);
		if (fault + 2 == SIM_N_FAULTS)
			rig_options.faults = SIM_FAULTS_ALL & ~SIM_FAULT_BIT(SIM_FAULT_HOSTILE_NAMES);
		rig_options.min_page = rig_options.max_page = 50;
		rig_begin();
		int64_t start = RIG_NOW - 20 * HOUR_MS, end = RIG_NOW - 8 * HOUR_MS;
		snprintf(url, sizeof url, "%s", window("feed", start, end, ""));
		size_t pages = 0;
		for (; url[0] != '\0' && pages < 60; pages++) {
			int tries = ask_until_good(url, &got, next);
			REQUIRE(tries > 0);
			worst = MAX(worst, tries);
			snprintf(url, sizeof url, "%s", next);
		}
		CHECK(pages > 2 && pages < 60);
		CHECK(worst <= 6);
		expect(&want, false, start, end, RIG_NOW + 7 * MINUTE_MS);
		check_same(&want, &got);
		map_clear(&want);
		map_clear(&got);
		rig_end();
	}
}

TEST(each_fault_really_strikes)
{
	static const enum sim_fault kinds[] = { SIM_FAULT_STORM429, SIM_FAULT_SERVER5XX,
		SIM_FAULT_SLOW_BODY, SIM_FAULT_CUT, SIM_FAULT_MALFORMED, SIM_FAULT_HOSTILE,
		SIM_FAULT_HTML502 };
	for (size_t k = 0; k < COUNT_OF(kinds); k++) {
		int n_bad = 0;
		rig_defaults();
		rig_options.faults = SIM_FAULT_BIT(kinds[k]);
		rig_begin();
		for (int i = 0; i < 30; i++) {
			snprintf(path, sizeof path, "/v1/locations?max=%d", i + 1);
			struct reply r = rig_get(path, token());
			json_auto_t *body = json_loadb(text_string(&r.body), r.body.n, 0, NULL);
			size_t n = json_array_size(json_object_get(body, "items"));
			if (r.code != CURLE_OK || r.status != 200 || n != (size_t)MIN(i + 1, 7))
				n_bad++;
			reply_clear(&r);
		}
		struct reply r = rig_get("/sim/status", NULL);
		json_auto_t *status = rig_json(&r);
		int64_t struck =
		    json_int(json_object_get(status, "struck"), sim_fault_name(kinds[k]), 0);
		CHECK(struck >= 3);
		CHECK(kinds[k] == SIM_FAULT_SLOW_BODY ? n_bad == 0 : n_bad > 0 && n_bad <= struck);
		rig_end();
	}
}

TEST(the_skewed_clock_is_the_servers_own)
{
	char value[100];
	rig_defaults();
	rig_options.faults = SIM_FAULT_BIT(SIM_FAULT_SKEW);
	rig_begin();
	struct reply r = rig_get("/v1/people/me", token());
	int64_t server_ms = 0;
	REQUIRE(reply_header(&r, "Date", value, sizeof value) && http_date_parse(value, &server_ms));
	reply_clear(&r);
	CHECK_INT(llabs(server_ms - RIG_NOW), 7 * MINUTE_MS);
	r = rig_get(window("feed", server_ms - HOUR_MS, server_ms - 5 * MINUTE_MS, ""), token());
	CHECK(r.status == 200 || r.status == 404); /* a client that heeds Date is right */
	reply_clear(&r);
	rig_end();
}

TEST(duplicates_come_in_a_page_and_over_pages)
{
	struct map got = { 0 };
	size_t n_items = 0, n_double = 0;
	rig_defaults();
	rig_options.traffic.n_users = 120;
	rig_options.faults = SIM_FAULT_BIT(SIM_FAULT_DUPLICATES);
	rig_options.min_page = rig_options.max_page = 200;
	rig_begin();
	size_t n = follow(&got, window("feed", RIG_NOW - 20 * HOUR_MS, RIG_NOW - 8 * HOUR_MS, ""),
	    &n_items, &n_double);
	CHECK(n >= 2);
	CHECK(n_items > got.n + n - 1);
	map_clear(&got);
	rig_end();
}

TEST(fault_lists_are_read)
{
	unsigned mask;
	CHECK(sim_faults_read("", &mask, NULL));
	CHECK_INT(mask, 0);
	CHECK(sim_faults_read("cut,storm429", &mask, NULL));
	CHECK_INT(mask, SIM_FAULT_BIT(SIM_FAULT_CUT) | SIM_FAULT_BIT(SIM_FAULT_STORM429));
	CHECK(sim_faults_read("all", &mask, NULL));
	CHECK_INT(mask, SIM_FAULTS_ALL);
	CHECK(!sim_faults_read("cut,no_such\x1b[31m", &mask, &rig_fault));
	CHECK_INT(rig_fault.code, FAULT_USAGE);
	CHECK(strchr(rig_fault.text, 0x1b) == NULL);
}

TESTS(T(a_feed_window_holds_what_started_in_it), T(what_is_served_is_what_is_exported), T(stream_windows_side_by_side_lose_nothing),
    T(an_empty_window_is_a_404_with_that_message), T(limits_are_exact_to_the_second),
    T(pages_follow_each_other_and_overlap_at_the_border), T(links_lead_where_the_client_came_from), T(max_is_brought_within_its_bounds),
    T(one_window_a_minute_and_ten_pages), T(another_region_is_named_in_a_451),
    T(locations_are_filtered_by_name), T(a_token_without_the_scope_is_a_403_of_their_shape),
    T(the_same_seed_answers_the_same_bytes), T(no_fault_keeps_a_window_away_for_ever),
    T(each_fault_really_strikes), T(the_skewed_clock_is_the_servers_own),
    T(duplicates_come_in_a_page_and_over_pages), T(fault_lists_are_read))
