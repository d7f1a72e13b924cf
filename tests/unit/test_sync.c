/* SPDX-License-Identifier: Apache-2.0
 *
 * Sync from the first request to the committed row: what is asked of Webex,
 * by whom, and what the ledger says afterwards. */
#include "watch_rig.h"

#include <sys/stat.h>

#include "base/log.h"

#define RECORD                                                                                    \
	"{\"items\":[{\"Start time\":\"%s\",\"Report ID\":\"2b7e1516-28ae-32a6-ab7f-158809cf4f3c\"," \
	"\"Report time\":\"%s\",\"Correlation ID\":\"c\",\"Direction\":\"ORIGINATING\","          \
	"\"Call type\":\"SIP_NATIONAL\",\"User\":\"Ana\",\"Location\":\"Bogot\xC3\xA1, Centro\",\"Duration\":60}]}"

TEST(A2_an_empty_window_moves_the_ledger)
{
	rig_begin();
	rig_route(0, "/v1/cdr_", 404, RIG_NONE);
	rig_start();
	/* The stream's window and two slices of the day before. */
	WAIT(rig_number("SELECT count(*) FROM windows") >= 3);
	WAIT(board->health->n_gaps == 0 && board->health->lag_ms > 0);
	CHECK_INT(rig_number("SELECT count(*) FROM legs"), 0);
	CHECK(board->health->lag_ms < 2 * MINUTE_MS);
	CHECK_INT(board->health->code, FAULT_NONE);
	size_t before = rig_asked("/v1/cdr_");
	rig_stop();
	/* The next start goes on from there: nothing of it is asked again. */
	rig_start();
	WAIT(board->health->lease_mine && board->health->complete_until_ms > 0);
	CHECK_INT(board->health->n_gaps, 0);
	CHECK(rig_asked("/v1/cdr_feed") < before);
	rig_stop();
	rig_end();
}

/* `sync --once` and the API's job end there. */
TEST(it_waits_only_when_all_that_was_due_is_stored)
{
	struct db db;
	struct fault fault;
	rig_begin();
	rig_route(0, "/v1/cdr_", 404, RIG_NONE);
	rig_start();
	WAIT(board->health->sync == SYNC_WAITING && board->health->complete_until_ms > 0);
	CHECK(rig_number("SELECT count(*) FROM windows") >= 3);
	rig_stop();
	/* It was away for five hours: three windows of the stream. */
	REQUIRE(db_open(store_path, OPEN_WRITE, &db, &fault));
	REQUIRE(db_exec(&db, "UPDATE windows SET from_ms = from_ms - 18000000, until_ms = until_ms - 18000000, done_ms = done_ms - 18000000", &fault));
	db_close(&db);
	int64_t before = rig_number("SELECT count(*) FROM windows");
	rig_start();
	WAIT(board->health->sync == SYNC_WAITING && board->health->complete_until_ms > 0);
	CHECK(board->health->lag_ms < 2 * MINUTE_MS);
	CHECK(rig_number("SELECT count(*) FROM windows") >= before + 3);
	rig_stop();
	rig_end();
}

static size_t n_found;
static bool answered;

static void on_calls(void *arg, const struct call_list *list, const struct fault *fault)
{
	UNUSED(arg);
	CHECK(fault == NULL);
	n_found = list == NULL ? 0 : list->n;
	answered = true;
}

static size_t calls_by(const char *filter)
{
	struct call_query query = { .filter = filter, .limit = 10 };
	answered = false;
	history_calls(board->history, &query, on_calls, NULL);
	WAIT(answered);
	return n_found;
}

TEST(A16_locations_are_filtered_here_and_not_at_webex)
{
	static char body[600];
	char at[ISO_TIME_BYTES];
	rig_begin();
	iso_time_format(clock_real_ms() - 10 * MINUTE_MS, at);
	snprintf(body, sizeof body, RECORD, at, at);
	rig_route(0, "/v1/cdr_stream", 200, body);
	rig_route(1, "/v1/cdr_feed", 404, RIG_NONE);
	rig_start();
	WAIT(rig_number("SELECT count(*) FROM legs") == 1);
	WAIT(rig_asked("/v1/cdr_feed?") > 0);
	CHECK(rig_asked("/v1/cdr_stream?") > 0);
	CHECK_INT(rig_asked("locations="), 0);
	/* A comma in the name, which would break Webex's list, is a name here. */
	CHECK_INT(calls_by("location = \"Bogot\xC3\xA1, Centro\""), 1);
	CHECK_INT(calls_by("location in [\"Bogot\xC3\xA1, Centro\", \"Denver\"]"), 1);
	CHECK_INT(calls_by("location = \"Denver\""), 0);
	rig_stop();
	rig_end();
}

/* Another process: its lease, and what it spent. */
static struct store *other_store;

static void other_holds_the_lease(void)
{
	struct fault fault;
	bool mine, taken_over;
	int64_t now = clock_real_ms();
	REQUIRE(store_open(store_path, &other_store, &fault));
	REQUIRE(lease_take(other_store, "luis@elsewhere:1", now, now + HOUR_MS, &mine, &taken_over, &fault));
	REQUIRE(mine);
}

static void other_ends(void)
{
	struct fault fault;
	REQUIRE(lease_give(other_store, "luis@elsewhere:1", &fault));
	store_close(other_store);
}

/* The longest window that was asked of an endpoint, in seconds. */
static int64_t longest_asked(const char *endpoint)
{
	int64_t longest = 0, from, to;
	char begin[32], end[32];
	pthread_mutex_lock(&web.lock);
	for (const char *at = text_string(&asked); (at = strstr(at, endpoint)) != NULL; at++) {
		if (sscanf(at + strlen(endpoint), "?startTime=%30[^&]&endTime=%30[^&]", begin, end) == 2 &&
		    iso_time_parse(begin, strlen(begin), &from) && iso_time_parse(end, strlen(end), &to))
			longest = MAX(longest, (to - from) / SECOND_MS);
	}
	pthread_mutex_unlock(&web.lock);
	return longest;
}

TEST(A5_the_limits_of_webex_are_settings)
{
	rig_begin();
	rig_route(0, "/v1/cdr_", 404, RIG_NONE);
	config.sync.feed_window_ms = 3 * HOUR_MS;
	config.sync.stream_window_ms = HOUR_MS;
	rig_start();
	WAIT(rig_asked("/v1/cdr_feed?") >= 4);
	CHECK_INT(longest_asked("/v1/cdr_feed"), 3 * 3600);
	CHECK_INT(longest_asked("/v1/cdr_stream"), 3600);
	rig_stop();
	rig_end();
	/* And an organisation without the stream is never asked for it. */
	rig_begin();
	rig_route(0, "/v1/cdr_", 404, RIG_NONE);
	config.sync.no_stream = true;
	rig_start();
	WAIT(rig_asked("/v1/cdr_feed?") >= 2);
	CHECK_INT(rig_asked("/v1/cdr_stream"), 0);
	rig_stop();
	rig_end();
}

TEST(A20_who_does_not_hold_the_lease_asks_nothing)
{
	rig_begin();
	rig_route(0, "/v1/cdr_", 404, RIG_NONE);
	other_holds_the_lease();
	rig_start();
	WAIT(strcmp(board->health->lease_holder, "luis@elsewhere:1") == 0);
	CHECK(!board->health->lease_mine);
	CHECK_INT(board->health->sync, SYNC_FOLLOWING);
	CHECK_INT(rig_asked("/v1/"), 0);
	other_ends();
	WAIT(rig_asked("/v1/cdr_stream") > 0);
	CHECK(board->health->lease_mine);
	rig_stop();
	rig_end();
}

TEST(A7_what_another_process_spent_counts_when_the_lease_comes_over)
{
	struct fault fault;
	char value[96];
	rig_begin();
	rig_route(0, "/v1/cdr_", 404, RIG_NONE);
	config.sync.interval_ms = 61 * SECOND_MS;
	other_holds_the_lease();
	rig_start();
	WAIT(strcmp(board->health->lease_holder, "luis@elsewhere:1") == 0);
	/* It asked after we had started, and then it ended. */
	int64_t until = clock_real_ms() + 5 * SECOND_MS;
	snprintf(value, sizeof value, "%lld 0 0", (long long)until);
	REQUIRE(setting_put(other_store, "budget", value, &fault));
	other_ends();
	WAIT(rig_asked("/v1/cdr_stream") > 0);
	CHECK(clock_real_ms() >= until);
	rig_stop();
	rig_end();
}

static void other_writes(const char *sql)
{
	struct store *store;
	struct fault fault;
	REQUIRE(store_open(store_path, &store, &fault));
	REQUIRE(db_exec(&store->db, sql, &fault));
	store_close(store);
}

TEST(A20_who_cannot_ask_webex_leaves_the_lease_to_others)
{
	rig_begin();
	config.sync.link.client_id = "";
	rig_start();
	uint64_t calls = board->calls_version, alerts;
	other_writes("UPDATE counters SET value = value + 1 WHERE name = 'page'");
	WAIT(board->calls_version > calls); /* it has looked after the store by now */
	CHECK_INT(rig_number("SELECT count(*) FROM lease WHERE holder = ''"), 1);
	CHECK(!board->health->lease_mine);
	/* What others note down is no new call. */
	calls = board->calls_version;
	alerts = board->alerts_version;
	other_writes("INSERT INTO settings VALUES ('budget', '1 2 3')");
	other_writes("UPDATE counters SET value = value + 1 WHERE name = 'revision'");
	WAIT(board->alerts_version > alerts);
	CHECK_INT(board->calls_version, calls);
	rig_stop();
	rig_end();
}

TEST(A20_who_is_not_signed_in_leaves_the_lease_to_others)
{
	rig_begin();
	rig_route(0, "/v1/cdr_", 404, RIG_NONE);
	unlink(token_path);
	rig_start();
	WAIT(board->health->sync == SYNC_NO_LOGIN);
	uint64_t calls = board->calls_version;
	other_writes("UPDATE counters SET value = value + 1 WHERE name = 'page'");
	WAIT(board->calls_version > calls);
	CHECK_INT(rig_number("SELECT count(*) FROM lease WHERE holder = ''"), 1);
	rig_sign_in(); /* from another terminal */
	WAIT(rig_asked("/v1/cdr_stream") > 0);
	CHECK(board->health->lease_mine);
	rig_stop();
	rig_end();
}

TEST(A20_whose_sign_in_has_died_gives_the_lease_back)
{
	rig_begin();
	rig_route(0, "/v1/cdr_", 401, "{\"message\":\"The request requires a valid access token set in the Authorization request header.\"}");
	rig_route(1, "/v1/access_token", 400, "{\"error\":\"invalid_grant\",\"error_description\":\"The refresh token is invalid\"}");
	struct fault fault;
	struct token dead = { .access = mem_strdup("A0"), .refresh = mem_strdup("R0"),
		.obtained_ms = clock_real_ms() - 14 * DAY_MS, .access_expires_ms = clock_real_ms() - HOUR_MS };
	REQUIRE(token_file_write(token_path, &dead, &fault));
	token_clear(&dead);
	rig_start();
	WAIT(board->health->lease_mine);
	WAIT(board->health->sync == SYNC_NO_LOGIN);
	WAIT(!board->health->lease_mine && *board->health->lease_holder == '\0');
	CHECK_INT(board->health->sync, SYNC_NO_LOGIN);
	rig_stop();
	rig_end();
}

/* Who collects keeps house by its own settings: nobody else does meanwhile. */
TEST(a_console_that_only_looks_after_the_store_does_so_when_nobody_collects)
{
	rig_begin();
	config.sync.link.client_id = "";
	other_holds_the_lease();
	struct fault fault;
	char sql[700];
	snprintf(sql, sizeof sql, "INSERT INTO alerts (id, revision, fingerprint, rank, severity, score, state, resolution, subject_kind, subject_id,"
				  " subject_name, location, rule, title_en, title_es, first_ms, last_ms, raised_ms, acknowledged_ms, closed_ms, snooze_until_ms,"
				  " n_legs, n_notes, cost_micro, cost_per_hour_micro, assignee, reasons, case_id)"
				  " VALUES (1, 1, 1, 1, 2, 50, %d, 0, 0, 's', 's', '', 'r', 't', 't', 1, 1, 1, 1, 0, 5, 1, 0, 0, 0, '', '[]', 1)",
	    ALERT_SNOOZED);
	REQUIRE(db_exec(&other_store->db, sql, &fault));
	rig_start();
	WAIT(strcmp(board->health->lease_holder, "luis@elsewhere:1") == 0);
	CHECK_INT(rig_number("SELECT state FROM alerts WHERE id = 1"), ALERT_SNOOZED); /* it is over, and luis' to wake */
	other_ends();
	WAIT(rig_number("SELECT state FROM alerts WHERE id = 1") != ALERT_SNOOZED);
	rig_stop();
	rig_end();
}

TEST(a_sync_that_cannot_begin_is_a_sentence_and_leaves_nothing)
{
	rig_begin();
	config.sync.link.cdr_host = "no/host";
	rig_start();
	WAIT(board->health->sync == SYNC_FAULT);
	CHECK(board->health->sentence[0] != '\0');
	rig_stop();
	config.show_first = true;
	rig_start();
	WAIT(board->health->sync == SYNC_FAULT);
	rig_stop();
	rig_end();
}

TEST(the_lease_is_taken_once_there_is_a_sync_to_use_it)
{
	rig_begin();
	rig_route(0, "/v1/cdr_", 404, RIG_NONE);
	config.show_first = true;
	rig_start();
	CHECK(!board->health->lease_mine);
	WAIT(rig_asked("/v1/cdr_stream") > 0);
	CHECK(board->health->lease_mine);
	rig_stop();
	rig_end();
}

/* Nor does who has no client there: it follows whoever collects, and lacks a sign-in when nobody does. */
TEST(who_may_not_collect_follows_whoever_does)
{
	rig_begin();
	config.sync.link.client_id = "";
	rig_start();
	CHECK_INT(board->health->sync, SYNC_NO_LOGIN);
	other_holds_the_lease();
	uint64_t before = board->health_version;
	WAIT(board->health->sync == SYNC_FOLLOWING);
	CHECK_STR(board->health->lease_holder, "luis@elsewhere:1");
	CHECK(board->health_version > before);
	other_ends();
	WAIT(board->health->sync == SYNC_NO_LOGIN);
	CHECK_INT(rig_asked("/v1/"), 0);
	rig_stop();
	rig_end();
}

/* Something after it fails each time: what the lease said holds all the same. */
TEST(the_lease_is_heard_of_whatever_else_fails)
{
	struct fault fault;
	rig_begin();
	rig_route(0, "/v1/cdr_", 404, RIG_NONE);
	other_holds_the_lease();
	REQUIRE(db_exec(&other_store->db, "ALTER TABLE viewers RENAME TO viewers_elsewhere", &fault));
	rig_start();
	WAIT(board->health->store_fails && strcmp(board->health->lease_holder, "luis@elsewhere:1") == 0);
	CHECK(!board->health->lease_mine);
	REQUIRE(lease_give(other_store, "luis@elsewhere:1", &fault));
	WAIT(board->health->lease_mine);
	CHECK(board->health->store_fails);
	CHECK(strstr(board->health->sentence, "viewers") != NULL);
	REQUIRE(db_exec(&other_store->db, "ALTER TABLE viewers_elsewhere RENAME TO viewers", &fault));
	WAIT(!board->health->store_fails);
	CHECK(board->health->lease_mine);
	store_close(other_store);
	rig_stop();
	rig_end();
}

/* The answer comes when the lanes are closed already, or about to be. */
TEST(people_who_are_read_while_it_ends_are_for_nobody)
{
	rig_begin();
	rig_route(0, "/v1/cdr_", 404, RIG_NONE);
	rig_route(1, "/v1/organizations", 200, "{\"items\":[]}");
	rig_route(2, "/v1/locations", 200, "{\"items\":[{\"id\":\"Y2lzY29zcGFyazovL3VzL0xPQ0FUSU9OLzY5YWJkZmI0LTNhMDktNDJiMi05YTJiLWFhYWFhYWFhYWFhYQ\",\"name\":\"Denver\"}]}");
	rig_route(3, "/v1/telephony", 200, "{\"locations\":[]}");
	rig_route(4, "/v1/people", 200, "{\"items\":[]}");
	for (size_t turns = 0; turns < 4; turns++) {
		size_t before = rig_asked("/v1/people");
		rig_start();
		WAIT(rig_asked("/v1/people") > before);
		for (size_t i = 0; i < turns; i++)
			uv_run(&loop, UV_RUN_NOWAIT);
		rig_stop();
	}
	rig_start();
	WAIT(rig_number("SELECT count(*) FROM sites") == 1);
	rig_stop();
	rig_end();
}

static bool log_says(const char *words)
{
	struct log_line lines[64];
	size_t n = log_recent(lines, COUNT_OF(lines));
	for (size_t i = 0; i < n; i++) {
		if (strstr(lines[i].text, words) != NULL)
			return true;
	}
	return false;
}

TEST(rules_that_change_are_in_force_without_a_restart)
{
	char own[96], path[128];
	rig_begin();
	rig_route(0, "/v1/cdr_", 404, RIG_NONE);
	snprintf(own, sizeof own, "%s/rules", folder);
	config.guard.rules.own_folder = own;
	rig_start();
	WAIT(rig_asked("/v1/cdr_stream") > 0);
	REQUIRE(mkdir(own, 0700) == 0);
	snprintf(path, sizeof path, "%s/mine.yml", own);
	FILE *file = fopen(path, "w");
	REQUIRE(file != NULL);
	fputs("title: Mine\nid: mine\ndetection: {s: {duration|gte: 1s}, condition: s}\n", file);
	fclose(file);
	WAIT(log_says("the rules have changed and are in force"));
	rig_stop();
	rig_end();
}

TEST(C8_a_personal_token_is_a_warning_at_the_start)
{
	struct fault fault;
	rig_begin();
	rig_route(0, "/v1/cdr_", 404, RIG_NONE);
	struct token token = { .access = mem_strdup("P1"), .obtained_ms = clock_real_ms(),
		.access_expires_ms = clock_real_ms() + 12 * HOUR_MS };
	REQUIRE(token_file_write(token_path, &token, &fault));
	token_clear(&token);
	rig_start();
	WAIT(rig_asked("/v1/cdr_stream") > 0);
	CHECK(log_says("cannot be renewed"));
	rig_stop();
	rig_end();
}

TESTS(T(who_may_not_collect_follows_whoever_does), T(rules_that_change_are_in_force_without_a_restart), T(people_who_are_read_while_it_ends_are_for_nobody), T(C8_a_personal_token_is_a_warning_at_the_start), T(A2_an_empty_window_moves_the_ledger), T(it_waits_only_when_all_that_was_due_is_stored),
    T(A16_locations_are_filtered_here_and_not_at_webex),
    T(A20_who_cannot_ask_webex_leaves_the_lease_to_others), T(a_sync_that_cannot_begin_is_a_sentence_and_leaves_nothing),
    T(A20_who_is_not_signed_in_leaves_the_lease_to_others),
    T(A20_whose_sign_in_has_died_gives_the_lease_back),
    T(a_console_that_only_looks_after_the_store_does_so_when_nobody_collects), T(the_lease_is_taken_once_there_is_a_sync_to_use_it), T(the_lease_is_heard_of_whatever_else_fails), T(A5_the_limits_of_webex_are_settings), T(A20_who_does_not_hold_the_lease_asks_nothing),
    T(A7_what_another_process_spent_counts_when_the_lease_comes_over))
