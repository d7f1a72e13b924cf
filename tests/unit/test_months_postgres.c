/* SPDX-License-Identifier: Apache-2.0
 *
 * Legs and calls by the month (0041_months.sql): where rows go, what a question looks
 * into, and how a month goes. */
#include "test.h"

#include <inttypes.h>
#include <unistd.h>

#include "base/iso_time.h"
#include "base/mem.h"
#include "net/file.h"
#include "older_store.h"
#include "store/migrate.h"
#include "store/retention.h"
#include "store/roles.h"
#include "store_place.h"
#include "watch/import.h"

#define NOW civil_to_ms(2026, 11, 1, 12, 0, 0, 0)

static char folder[] = "/tmp/centinela-months-XXXXXX", address[256];

static void must(bool ok, const struct fault *fault)
{
	if (!ok) {
		puts(fault->text);
		exit(1);
	}
}

static struct store *fresh(void)
{
	static int n_stores;
	struct store *store;
	struct fault fault;
	if (n_stores == 0)
		REQUIRE(mkdtemp(folder) != NULL);
	snprintf(address, sizeof address, "%s/%d.db", folder, n_stores++);
	store_place(address);
	must(store_open(address, &store, &fault), &fault);
	return store;
}

static int64_t ask(struct db *db, const char *sql)
{
	struct fault fault;
	int64_t value;
	must(db_ask_int(db, sql, -1, &value, &fault), &fault);
	return value;
}

static void run(struct db *db, const char *sql)
{
	struct fault fault;
	must(db_exec(db, sql, &fault), &fault);
}

/* A record for each begin. */
static void import_begins(struct store *store, const char *const *begins, size_t n)
{
	struct import_counts counts;
	struct intake intake = { .keep_raw = true };
	struct text lines = { 0 };
	struct fault fault;
	char path[80];
	snprintf(path, sizeof path, "%s/lines.jsonl", folder);
	const char *paths[] = { path };
	struct import_options options = { .paths = paths, .n_paths = 1 };
	for (size_t i = 0; i < n; i++)
		text_printf(&lines, "{\"Start time\":\"%s\",\"Report ID\":\"r%s\",\"Correlation ID\":\"c%s\",\"Duration\":60,\"Called number\":\"+573001112233\"}\n",
		    begins[i], begins[i], begins[i]);
	must(file_write(path, text_string(&lines), lines.n, 0600, &fault) && import_run(store, &intake, NULL, &options, &counts, &fault), &fault);
	intake_clear(&intake);
	text_clear(&lines);
}
#define IMPORT(store, ...) import_begins(store, (const char *const[]){ __VA_ARGS__ }, COUNT_OF(((const char *const[]){ __VA_ARGS__ })))

static bool part_is_there(struct db *db, const char *name)
{
	char *sql = mem_printf("SELECT count(*) FROM months WHERE part = '%s'", name);
	struct statement *st;
	struct fault fault;
	must(db->engine->prepare(db->session, sql, &st, &fault) && db->engine->step(st, &fault) == STEP_ROW, &fault);
	bool there = db->engine->column_int(st, 0) == 1;
	db->engine->finish(st);
	free(sql);
	return there;
}

static char *plan_of(struct db *db, const char *question)
{
	char *sql = mem_printf("EXPLAIN (COSTS off) %s", question);
	struct text plan = { 0 };
	struct statement *st;
	struct fault fault;
	must(db->engine->prepare(db->session, sql, &st, &fault), &fault);
	while (db->engine->step(st, &fault) == STEP_ROW)
		text_printf(&plan, "%s\n", db->engine->column_text(st, 0));
	db->engine->finish(st);
	free(sql);
	return plan.bytes;
}

static int64_t retire(struct store *store, int64_t legs_ms)
{
	struct fault fault;
	int64_t n;
	must(store_retire(store, &(struct retention){ .legs_ms = legs_ms }, NOW, 100, &n, &fault), &fault);
	return n;
}

TEST(each_record_is_in_its_month_once)
{
	static const char *const begins[] = { "2026-08-31T23:59:59.999Z", "2026-09-01T00:00:00.000Z", "2026-10-31T09:00:00.000Z",
		"1980-01-01T00:00:00.000Z", "2009-12-31T23:59:59.999Z", "2100-01-01T00:00:00.000Z" };
	struct store *store = fresh();
	import_begins(store, begins, COUNT_OF(begins));
	import_begins(store, begins, COUNT_OF(begins)); /* and once more */
	CHECK_INT(ask(&store->db, "SELECT count(*) FROM legs"), 6);
	CHECK_INT(ask(&store->db, "SELECT count(*) FROM calls"), 6);
	CHECK_INT(ask(&store->db, "SELECT count(*) FROM legs_2026_08"), 1);
	CHECK_INT(ask(&store->db, "SELECT count(*) FROM calls_2026_08"), 1);
	CHECK_INT(ask(&store->db, "SELECT count(*) FROM legs_2026_09"), 1);
	CHECK_INT(ask(&store->db, "SELECT count(*) FROM legs_2026_10"), 1);
	CHECK_INT(ask(&store->db, "SELECT count(*) FROM legs_before"), 2);
	CHECK_INT(ask(&store->db, "SELECT count(*) FROM legs_behind"), 1);
	CHECK_INT(ask(&store->db, "SELECT count(*) FROM months"), 10);
	/* Both halves of a boundary belong together: no gap, no overlap. */
	CHECK_INT(ask(&store->db, "SELECT a.behind - b.first FROM months a, months b WHERE a.part = 'legs_2026_08' AND b.part = 'legs_2026_09'"), 0);
	store_close(store);
}

TEST(a_day_is_looked_for_in_its_month)
{
	struct store *store = fresh();
	struct fault fault;
	IMPORT(store, "2026-08-10T10:00:00.000Z", "2026-09-10T10:00:00.000Z", "2026-10-10T10:00:00.000Z");
	int64_t day = civil_to_ms(2026, 9, 10, 0, 0, 0, 0);
	char *sql = mem_printf("SELECT id FROM calls WHERE id >= %" PRId64 " AND id < %" PRId64 " ORDER BY id DESC LIMIT 50", day << 20, (day + DAY_MS) << 20);
	char *plan = plan_of(&store->db, sql);
	CHECK(strstr(plan, "calls_2026_09") != NULL && strstr(plan, "calls_2026_10") == NULL && strstr(plan, "calls_before") == NULL);
	free(plan);
	free(sql);
	/* Also where the plan was made before the day was known. */
	must(db_exec(&store->db, "SET plan_cache_mode = force_generic_plan; PREPARE of_a_day (BIGINT, BIGINT) AS SELECT id FROM calls WHERE id >= $1 AND id < $2", &fault), &fault);
	sql = mem_printf("EXECUTE of_a_day (%" PRId64 ", %" PRId64 ")", day << 20, (day + DAY_MS) << 20);
	plan = plan_of(&store->db, sql);
	CHECK(strstr(plan, "Subplans Removed: 4") != NULL && strstr(plan, "calls_2026_09") != NULL);
	free(plan);
	free(sql);
	/* The newest are read from the newest month on, in order, and not sorted. */
	plan = plan_of(&store->db, "SELECT id FROM calls ORDER BY id DESC LIMIT 50");
	CHECK(strstr(plan, "Sort") == NULL && strstr(plan, "calls_2026_10") != NULL);
	free(plan);
	store_close(store);
}

TEST(a_month_that_is_over_goes_as_a_whole)
{
	struct store *store = fresh();
	IMPORT(store, "2026-08-10T10:00:00.000Z", "2026-09-10T10:00:00.000Z", "2026-09-30T10:00:00.000Z", "2026-10-30T10:00:00.000Z");
	CHECK(retire(store, 40 * DAY_MS) >= 4); /* until September 22nd */
	CHECK(!part_is_there(&store->db, "legs_2026_08") && !part_is_there(&store->db, "calls_2026_08"));
	CHECK(part_is_there(&store->db, "legs_2026_09"));
	CHECK_INT(ask(&store->db, "SELECT count(*) FROM legs"), 2);
	CHECK_INT(ask(&store->db, "SELECT count(*) FROM calls"), 2);
	CHECK_INT(retire(store, 40 * DAY_MS), 0);
	/* One that comes late has a place again. */
	IMPORT(store, "2026-08-10T10:00:00.000Z");
	CHECK_INT(ask(&store->db, "SELECT count(*) FROM legs_2026_08"), 1);
	store_close(store);
}

TEST(who_knew_a_month_learns_that_another_took_it_away)
{
	struct store *store = fresh(), *other;
	struct fault fault;
	must(store_open(address, &other, &fault), &fault);
	IMPORT(other, "2026-08-10T10:00:00.000Z", "2026-08-11T10:00:00.000Z");
	CHECK(retire(store, 40 * DAY_MS) >= 4);
	CHECK(!part_is_there(&store->db, "legs_2026_08"));
	IMPORT(other, "2026-08-12T10:00:00.000Z");
	CHECK_INT(ask(&store->db, "SELECT count(*) FROM legs_2026_08"), 1);
	store_close(other);
	store_close(store);
}

TEST(a_month_with_an_open_alerts_record_stays)
{
	struct store *store = fresh();
	IMPORT(store, "2026-08-10T10:00:00.000Z", "2026-08-11T10:00:00.000Z");
	run(&store->db, "INSERT INTO evidence (alert_id, leg_id, seq, cost_micro) SELECT 1, min(id), 0, 0 FROM legs");
	run(&store->db, "INSERT INTO alerts (id, revision, fingerprint, severity, score, state, resolution, subject_kind, subject_id, subject_name, location, rule,"
	    " title_en, title_es, first_ms, last_ms, raised_ms, acknowledged_ms, closed_ms, snooze_until_ms, n_legs, n_notes, cost_micro, cost_per_hour_micro,"
	    " assignee, reasons, rank) VALUES (1, 1, 1, 1, 1, 0, 0, 0, '', '', '', '', '', '', 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, '', '', 2)");
	CHECK(retire(store, 40 * DAY_MS) >= 2);
	CHECK_INT(ask(&store->db, "SELECT count(*) FROM legs_2026_08"), 1);
	CHECK_INT(ask(&store->db, "SELECT count(*) FROM calls_2026_08"), 1);
	run(&store->db, "UPDATE alerts SET rank = 0");
	CHECK(retire(store, 40 * DAY_MS) >= 2);
	CHECK(!part_is_there(&store->db, "legs_2026_08") && !part_is_there(&store->db, "calls_2026_08"));
	store_close(store);
}

TEST(who_reads_keeps_no_month_from_being_made)
{
	struct store *store = fresh();
	struct db reader;
	struct fault fault;
	IMPORT(store, "2026-08-10T10:00:00.000Z");
	must(db_open(address, OPEN_READ, &reader, &fault) && db_begin_reading(&reader, &fault), &fault);
	CHECK_INT(ask(&reader, "SELECT count(*) FROM legs"), 1);
	CHECK_INT(ask(&reader, "SELECT count(*) FROM calls"), 1);
	/* The reader holds on to the end, so who waits for it fails however short it waits; for others on
	 * the server, who tell each other something just then, a moment is waited. */
	run(&store->db, "SET lock_timeout = '3s'");
	IMPORT(store, "2026-09-10T10:00:00.000Z");
	CHECK_INT(ask(&reader, "SELECT count(*) FROM legs"), 1);
	/* A month cannot go meanwhile; its rows do, one by one. */
	CHECK(retire(store, 60 * DAY_MS) >= 2);
	CHECK(part_is_there(&store->db, "legs_2026_08"));
	CHECK_INT(ask(&store->db, "SELECT count(*) FROM legs"), 1);
	CHECK_INT(ask(&reader, "SELECT count(*) FROM calls"), 1);
	db_rollback(&reader);
	db_close(&reader);
	(void)retire(store, 60 * DAY_MS);
	CHECK(!part_is_there(&store->db, "legs_2026_08"));
	store_close(store);
}

/* Of this year and, by a clock that was wrong, of one to come. */
TEST(an_older_store_stays_where_it_is_and_goes_on_by_the_month)
{
	struct store *store = fresh();
	struct fault fault;
	IMPORT(store, "2020-03-10T10:00:00.000Z", "2021-04-10T10:00:00.000Z", "2070-05-10T10:00:00.000Z", "2150-05-10T10:00:00.000Z");
	int64_t sum = ask(&store->db, "SELECT sum(hashtextextended(CAST(l AS TEXT), 0)) FROM legs l");
	int64_t calls = ask(&store->db, "SELECT sum(hashtextextended(CAST(c AS TEXT), 0)) FROM calls c");
	must(older_store(&store->db, 41, &fault) && store_migrate(&store->db, &fault), &fault);
	CHECK(ask(&store->db, "SELECT sum(hashtextextended(CAST(l AS TEXT), 0)) FROM legs l") == sum);
	CHECK(ask(&store->db, "SELECT sum(hashtextextended(CAST(c AS TEXT), 0)) FROM calls c") == calls);
	CHECK_INT(ask(&store->db, "SELECT count(*) FROM pg_attribute WHERE attrelid = to_regclass('raw') AND attname = 'zstd' AND attstorage = 'e'"), 1);
	CHECK_INT(ask(&store->db, "SELECT count(*) FROM legs_before"), 2);
	CHECK_INT(ask(&store->db, "SELECT count(*) FROM calls_2070_05"), 1);
	CHECK_INT(ask(&store->db, "SELECT count(*) FROM calls_behind"), 1);
	store_close(store);
	must(store_open(address, &store, &fault), &fault);
	IMPORT(store, "2021-04-20T10:00:00.000Z", "2021-05-01T00:00:00.000Z", "2020-03-10T10:00:00.000Z");
	CHECK_INT(ask(&store->db, "SELECT count(*) FROM legs_before"), 3);
	CHECK_INT(ask(&store->db, "SELECT count(*) FROM legs_2021_05"), 1);
	CHECK_INT(ask(&store->db, "SELECT count(*) FROM legs"), 6);
	store_close(store);
}

TEST(a_collector_that_owns_no_table_makes_months)
{
	struct store *store = fresh();
	struct text sql = { 0 };
	struct fault fault;
	char theirs[320];
	store_roles_sql(strstr(address, STORE_SCHEMA) + strlen(STORE_SCHEMA), &sql);
	must(db_exec(&store->db, text_string(&sql), &fault), &fault);
	text_clear(&sql);
	run(&store->db, "DROP ROLE IF EXISTS collector_of_the_tests; CREATE ROLE collector_of_the_tests LOGIN IN ROLE centinela_collector;"
	    "DROP ROLE IF EXISTS analyst_of_the_tests; CREATE ROLE analyst_of_the_tests LOGIN IN ROLE centinela_analyst");
	const char *user = strstr(address, "user=centinela");
	for (int analyst = 0; analyst < 2; analyst++) {
		struct db db;
		snprintf(theirs, sizeof theirs, "%.*suser=%s_of_the_tests%s", (int)(user - address), address, analyst ? "analyst" : "collector", user + strlen("user=centinela"));
		must(db_open(theirs, OPEN_WRITE, &db, &fault), &fault);
		CHECK_INT(db_exec(&db, "SELECT month_ready(1893456000000 << 20)", &fault), !analyst); /* 2030 */
		CHECK_INT(db_exec(&db, "SELECT month_retire(0)", &fault), !analyst);
		/* A table of one's own with the name of ours is not taken for it. */
		CHECK_INT(db_exec(&db, "CREATE TEMP TABLE legs (id BIGINT) PARTITION BY RANGE (id); SELECT month_ready(1924992000000 << 20)", &fault), !analyst);
		db_close(&db);
	}
	CHECK(part_is_there(&store->db, "legs_2030_01") && part_is_there(&store->db, "calls_2031_01"));
	run(&store->db, "DROP ROLE collector_of_the_tests; DROP ROLE analyst_of_the_tests");
	store_close(store);
}

TEST(the_folder_is_taken_away_again)
{
	char path[80];
	snprintf(path, sizeof path, "%s/lines.jsonl", folder);
	unlink(path);
	CHECK_INT(rmdir(folder), 0);
}

TESTS(T(each_record_is_in_its_month_once), T(a_day_is_looked_for_in_its_month), T(a_month_that_is_over_goes_as_a_whole),
    T(who_knew_a_month_learns_that_another_took_it_away), T(a_month_with_an_open_alerts_record_stays), T(who_reads_keeps_no_month_from_being_made),
    T(an_older_store_stays_where_it_is_and_goes_on_by_the_month), T(a_collector_that_owns_no_table_makes_months), T(the_folder_is_taken_away_again))
