/* SPDX-License-Identifier: Apache-2.0
 *
 * How long what is kept: every table, and the chain of the audit log over it. */
#include "test.h"

#include <unistd.h>

#include "base/iso_time.h"
#include "base/mem.h"
#include "older_store.h"
#include "net/file.h"
#include "store/alert_rows.h"
#include "store/migrate.h"
#include "store/query.h"
#include "store/query_count.h"
#include "store/retention.h"
#include "store_place.h"
#include "watch/import.h"

#define NOW civil_to_ms(2026, 11, 1, 12, 0, 0, 0)

static char folder[] = "/tmp/centinela-retention-XXXXXX";
static int n_stores;

static struct store *fresh(void)
{
	struct store *store;
	struct fault fault;
	char address[256];
	if (n_stores == 0)
		REQUIRE(mkdtemp(folder) != NULL);
	snprintf(address, sizeof address, "%s/%d.db", folder, n_stores++);
	store_place(address);
	REQUIRE(store_open(address, &store, &fault));
	return store;
}

static int64_t ask(struct store *store, const char *sql)
{
	struct fault fault;
	int64_t value;
	REQUIRE(db_ask_int(&store->db, sql, -1, &value, &fault));
	return value;
}

static void run(struct store *store, const char *sql)
{
	struct fault fault;
	if (!db_exec(&store->db, sql, &fault)) {
		puts(fault.text);
		exit(1);
	}
}

static void import_lines(struct store *store, const char *lines)
{
	struct import_counts counts;
	struct intake intake = { .keep_raw = true };
	struct fault fault;
	char path[64];
	snprintf(path, sizeof path, "%s/lines.jsonl", folder);
	const char *paths[] = { path };
	struct import_options options = { .paths = paths, .n_paths = 1 };
	REQUIRE(file_write(path, lines, strlen(lines), 0600, &fault));
	REQUIRE(import_run(store, &intake, NULL, &options, &counts, &fault));
	intake_clear(&intake);
}

/* Two calls: of 2026-08-01 and of 2026-10-31. */
static void two_calls(struct store *store)
{
	import_lines(store,
	    "{\"Start time\":\"2026-08-01T09:00:00.000Z\",\"Report ID\":\"r1\",\"Correlation ID\":\"a\",\"Duration\":60}\n"
	    "{\"Start time\":\"2026-10-31T09:00:00.000Z\",\"Report ID\":\"r2\",\"Correlation ID\":\"b\",\"Duration\":60}\n");
}

/* Alert `id` on the leg of August. */
static void alert_on_the_old_leg(struct store *store)
{
	struct fault fault;
	struct page *page = page_new();
	struct evidence evidence = { .leg_id = ask(store, "SELECT min(id) FROM legs") };
	page->now_ms = NOW - 90 * DAY_MS;
	page->findings.items = arena_zalloc(&page->arena, sizeof *page->findings.items);
	page->findings.n = 1;
	page->findings.items[0] = (struct finding){ .rule = "r", .title_en = "T", .title_es = "T", .severity = SEVERITY_HIGH, .score = 60,
		.subject_id = "u", .subject_name = "Ana", .location = "", .fingerprint = 7, .first_ms = 1, .last_ms = 1, .raised_ms = 2,
		.evidence = &evidence, .n_evidence = 1 };
	REQUIRE(store_commit_page(store, page, NULL, &fault));
	page_free(page);
}

static void act(struct store *store, enum triage_act what, int64_t at_ms)
{
	struct fault fault;
	struct arena arena;
	struct triage_result result;
	struct triage_order order = { .act = what, .who = "ana", .note = "n", .now_ms = at_ms, .resolution = RESOLUTION_LEGITIMATE };
	int64_t id = 1;
	arena_init(&arena);
	REQUIRE(store_triage(store, &id, 1, &order, &arena, NULL, &result, &fault));
	CHECK_INT(result.n_done, 1);
	arena_clear(&arena);
}

static int64_t retire(struct store *store, struct retention keep, size_t batch)
{
	struct fault fault;
	int64_t n;
	if (!store_retire(store, &keep, NOW, batch, &n, &fault)) {
		puts(fault.text);
		exit(1);
	}
	return n;
}

static bool chain_holds(struct store *store)
{
	struct audit_chain chain = { 0 };
	struct fault fault;
	REQUIRE(audit_chain_read(&store->db, &chain, &fault));
	return chain.broken_at == 0;
}

TEST(B14_records_calls_and_sums_go_after_their_time)
{
	struct store *store = fresh();
	two_calls(store);
	CHECK_INT(retire(store, (struct retention){ 0 }, 100), 0); /* for ever */
	CHECK_INT(ask(store, "SELECT count(*) FROM legs"), 2);
	CHECK(retire(store, (struct retention){ .legs_ms = 30 * DAY_MS }, 100) >= 3);
	CHECK_INT(ask(store, "SELECT count(*) FROM legs"), 1);
	CHECK_INT(ask(store, "SELECT count(*) FROM calls"), 1);
	CHECK_INT(ask(store, "SELECT sum(n_calls) FROM hours"), 1);
	CHECK_INT(ask(store, "SELECT count(*) FROM raw"), 1);
	CHECK_INT(retire(store, (struct retention){ .legs_ms = 30 * DAY_MS }, 100), 0);
	run(store, "UPDATE raw SET stored_ms = 1000");
	CHECK_INT(retire(store, (struct retention){ .raw_ms = DAY_MS }, 100), 1);
	CHECK_INT(ask(store, "SELECT count(*) FROM raw"), 0);
	store_close(store);
}

/* A clock was wrong once: what came after it goes all the same, but nothing behind what is young. */
TEST(a_stamp_of_the_future_does_not_keep_what_is_behind_it)
{
	struct store *store = fresh();
	two_calls(store);
	run(store, "INSERT INTO raw (id, stored_ms, n_bytes, zstd) SELECT x.i, x.ms, 1, r.zstd FROM (SELECT 101 AS i, 4102444800000 AS ms UNION ALL SELECT 102, 1000"
	    " UNION ALL SELECT 103, 2000 UNION ALL SELECT 104, 1793534400000 UNION ALL SELECT 105, 3000) x CROSS JOIN (SELECT zstd FROM raw LIMIT 1) r");
	run(store, "DELETE FROM raw WHERE id <= 100");
	CHECK_INT(retire(store, (struct retention){ .raw_ms = DAY_MS }, 100), 2);
	CHECK_INT(ask(store, "SELECT count(*) FROM raw WHERE id IN (101, 104, 105)"), 3);
	CHECK_INT(ask(store, "SELECT count(*) FROM raw"), 3);
	/* A day ahead is no wrong clock. */
	run(store, "UPDATE raw SET stored_ms = 1793534400000 + 86400000 WHERE id = 101");
	run(store, "UPDATE raw SET stored_ms = 1000 WHERE id = 104");
	CHECK_INT(retire(store, (struct retention){ .raw_ms = DAY_MS }, 100), 0);
	store_close(store);
}

TEST(what_an_open_alert_rests_on_stays)
{
	struct store *store = fresh();
	two_calls(store);
	alert_on_the_old_leg(store);
	struct retention all = { .legs_ms = 30 * DAY_MS, .alerts_ms = 30 * DAY_MS, .audit_ms = 30 * DAY_MS };
	CHECK_INT(retire(store, (struct retention){ .legs_ms = 30 * DAY_MS, .alerts_ms = DAY_MS, .audit_ms = DAY_MS }, 100),
	    ask(store, "SELECT 2 - count(*) FROM hours")); /* its hour's sum alone */
	CHECK_INT(ask(store, "SELECT count(*) FROM legs"), 2);
	CHECK_INT(ask(store, "SELECT count(*) FROM calls"), 2);
	CHECK_INT(ask(store, "SELECT count(*) FROM alerts"), 1);
	CHECK_INT(ask(store, "SELECT count(*) FROM evidence"), 1);
	CHECK_INT(ask(store, "SELECT count(*) FROM audit"), 1);
	run(store, "UPDATE raw SET stored_ms = 1000"); /* and as Webex sent it */
	CHECK_INT(retire(store, (struct retention){ .raw_ms = DAY_MS }, 100), 0);
	/* Closed yesterday: the records may go, the alert not yet. */
	act(store, TRIAGE_CLOSE, NOW - DAY_MS);
	retire(store, all, 100);
	CHECK_INT(ask(store, "SELECT count(*) FROM legs"), 1);
	CHECK_INT(ask(store, "SELECT count(*) FROM calls"), 1);
	CHECK_INT(ask(store, "SELECT count(*) FROM evidence"), 0);
	CHECK_INT(ask(store, "SELECT count(*) FROM alerts"), 1);
	run(store, "UPDATE alerts SET closed_ms = closed_ms - 5184000000");
	retire(store, all, 100);
	CHECK_INT(ask(store, "SELECT count(*) FROM alerts"), 0);
	store_close(store);
}

static void two_alerts_one_long_closed(struct store *store)
{
	two_calls(store);
	alert_on_the_old_leg(store);
	act(store, TRIAGE_CLOSE, NOW - 60 * DAY_MS);
	alert_on_the_old_leg(store); /* the first is closed: it is raised anew */
}

/* What an open alert has duplicates of is told by them, however long they are closed. */
TEST(a_duplicate_stays_while_the_other_is_open)
{
	struct store *store = fresh();
	two_alerts_one_long_closed(store);
	struct retention keep = { .alerts_ms = 30 * DAY_MS, .audit_ms = 30 * DAY_MS };
	run(store, "UPDATE alerts SET merged_into = 2 WHERE id = 1");
	retire(store, keep, 100);
	CHECK_INT(ask(store, "SELECT count(*) FROM alerts"), 2);
	run(store, "UPDATE alerts SET rank = 0 WHERE id = 2"); /* open no more: it lets go */
	retire(store, keep, 100);
	CHECK_INT(ask(store, "SELECT min(id) FROM alerts"), 2);
	store_close(store);
}

static int64_t total(struct store *store, struct alert_places *places)
{
	struct fault fault;
	int64_t n;
	REQUIRE(query_alert_total(&store->db, places, &(struct alert_query){ .filter = "", .closed_too = true }, &n, &fault));
	return n;
}

TEST(who_counted_alerts_counts_again_when_some_are_gone)
{
	struct store *store = fresh();
	struct alert_places *places = alert_places_new();
	two_alerts_one_long_closed(store);
	CHECK_INT(ask(store, "SELECT count(*) FROM alerts"), 2);
	CHECK_INT(total(store, places), 2);
	int64_t revision = ask(store, "SELECT value FROM counters WHERE name = 'revision'");
	/* Nothing is that old: nobody needs to look. */
	retire(store, (struct retention){ .alerts_ms = 70 * DAY_MS }, 100);
	CHECK_INT(ask(store, "SELECT value FROM counters WHERE name = 'revision'"), revision);
	retire(store, (struct retention){ .alerts_ms = 30 * DAY_MS }, 100);
	CHECK_INT(ask(store, "SELECT count(*) FROM alerts"), 1);
	CHECK(ask(store, "SELECT value FROM counters WHERE name = 'revision'") > revision);
	CHECK_INT(total(store, places), 1);
	alert_places_free(places);
	store_close(store);
}

TEST(a_store_of_before_counts_what_is_taken_away)
{
	struct store *store = fresh();
	struct fault fault;
	two_alerts_one_long_closed(store);
	REQUIRE(older_store(&store->db, 39, &fault));
	CHECK_INT(ask(store, "SELECT count(*) FROM counters WHERE name = 'alerts_gone'"), 0);
	REQUIRE(store_migrate(&store->db, &fault));
	retire(store, (struct retention){ .alerts_ms = 30 * DAY_MS }, 100);
	CHECK_INT(ask(store, "SELECT value FROM counters WHERE name = 'alerts_gone'"), 1);
	store_close(store);
}

TEST(days_of_memory_go_when_no_fact_looks_back_so_far)
{
	struct store *store = fresh();
	run(store, "INSERT INTO profile_days VALUES (1, 20000, 5, 1), (1, 20009, 5, 1), (1, 20010, 6, 2), (1, 20100, 5, 1)");
	CHECK_INT(retire(store, (struct retention){ 0 }, 100), 2);
	CHECK_INT(ask(store, "SELECT min(day) FROM profile_days"), 20010);
	store_close(store);
}

TEST(a_record_of_the_far_future_takes_no_memory_along)
{
	struct store *store = fresh();
	run(store, "INSERT INTO profile_days VALUES (17, 47000, 5, 1), (1, 10, 5, 1), (1, 11, 5, 1)");
	run(store, "INSERT INTO model_samples VALUES (47000, 0, 5, CAST('0' AS BLOB)), (11, 0, 5, CAST('0' AS BLOB))");
	retire(store, (struct retention){ 0 }, 100);
	CHECK_INT(ask(store, "SELECT count(*) FROM profile_days"), NOW / DAY_MS >= 11 ? 2 : 0);
	CHECK_INT(ask(store, "SELECT max(day) FROM profile_days"), 11);
	CHECK_INT(ask(store, "SELECT max(day) FROM model_samples"), 11);
	store_close(store);
}

/* A leg whose record has gone never shows somebody else's. */
TEST(numbers_of_raw_pieces_are_not_given_twice)
{
	struct store *store = fresh();
	two_calls(store);
	run(store, "UPDATE raw SET stored_ms = 1000");
	CHECK_INT(retire(store, (struct retention){ .raw_ms = DAY_MS }, 100), 1);
	import_lines(store, "{\"Start time\":\"2026-10-31T10:00:00.000Z\",\"Report ID\":\"r3\",\"Correlation ID\":\"c\",\"Duration\":6}\n");
	CHECK_INT(ask(store, "SELECT count(*) FROM raw"), 1);
	CHECK_INT(ask(store, "SELECT count(*) FROM legs l JOIN raw r ON r.id = l.raw_id"), 1);
	/* Also in a store that was made before they were counted. */
	run(store, "UPDATE raw SET stored_ms = 1000");
	CHECK_INT(retire(store, (struct retention){ .raw_ms = DAY_MS }, 100), 1);
	struct fault fault;
	REQUIRE(older_store(&store->db, 7, &fault));
	REQUIRE(store_migrate(&store->db, &fault));
	CHECK_INT(ask(store, "SELECT value FROM counters WHERE name = 'raw'"), ask(store, "SELECT max(raw_id) FROM legs"));
	store_close(store);
}

TEST(old_windows_are_forgotten_and_the_newest_never)
{
	struct store *store = fresh();
	run(store, "INSERT INTO windows SELECT 'old', value, value, 1, 'gap', 0 FROM"
		   " (WITH RECURSIVE n(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n WHERE value < 25) SELECT value FROM n) AS n");
	run(store, "INSERT INTO windows VALUES ('feed', 0, 5184009000, 1, 'gap', 0)");
	for (int left = 25; left > 0; left -= 10) /* a batch at a time: nobody waits long for it */
		CHECK_INT(retire(store, (struct retention){ 0 }, 10), MIN(left, 10));
	run(store, "DELETE FROM windows");
	run(store, "INSERT INTO windows VALUES ('feed', 0, 1000, 1, 'gap', 0), ('stream', 0, 5184001001, 1, 'stream', 0), ('feed', 9, 5184000999, 1, 'gap', 0)");
	CHECK_INT(retire(store, (struct retention){ 0 }, 100), 1);
	CHECK_INT(ask(store, "SELECT min(until_ms) FROM windows"), 5184000999);
	CHECK_INT(retire(store, (struct retention){ 0 }, 100), 0);
	store_close(store);
}

/* Ten lines of a closed alert, a day apart, the last one yesterday. */
static struct store *with_ten_lines(void)
{
	struct store *store = fresh();
	two_calls(store);
	alert_on_the_old_leg(store);
	run(store, "UPDATE audit SET at_ms = 1"); /* breaks the chain: made anew below */
	run(store, "DELETE FROM audit");
	run(store, "DELETE FROM audit_end");
	for (int i = 10; i > 1; i--)
		act(store, TRIAGE_NOTE, NOW - i * DAY_MS);
	act(store, TRIAGE_CLOSE, NOW - DAY_MS);
	CHECK_INT(ask(store, "SELECT count(*) FROM audit"), 10);
	CHECK(chain_holds(store));
	return store;
}

TEST(the_audit_log_loses_its_oldest_lines_and_its_chain_holds)
{
	struct store *store = with_ten_lines();
	struct retention keep = { .audit_ms = 4 * DAY_MS + HOUR_MS };
	CHECK_INT(retire(store, keep, 100), 6);
	CHECK_INT(ask(store, "SELECT min(seq) FROM audit"), 7);
	CHECK_INT(ask(store, "SELECT max(seq) FROM audit"), 11); /* the line that says so */
	CHECK_INT(ask(store, "SELECT count(*) FROM audit WHERE act = 'retire' AND was = '1' AND became = '6'"), 1);
	CHECK(chain_holds(store));
	/* Again, and in batches: the log goes on from each anchor. */
	keep.audit_ms = DAY_MS / 2;
	CHECK_INT(retire(store, keep, 2), 2);
	CHECK(chain_holds(store));
	CHECK_INT(retire(store, keep, 2), 2);
	CHECK(chain_holds(store));
	CHECK_INT(ask(store, "SELECT count(*) FROM audit"), 3); /* three lines of today that say so */
	CHECK_INT(retire(store, keep, 2), 0);
	act(store, TRIAGE_REOPEN, NOW);
	CHECK(chain_holds(store));
	store_close(store);
}

TEST(a_log_that_somebody_else_shortened_is_broken)
{
	static const char *const crimes[] = { "DELETE FROM audit WHERE seq <= 8", "DELETE FROM audit WHERE seq = 9",
		"UPDATE audit_anchor SET hash = zeroblob(32)", "DELETE FROM audit_anchor",
		"UPDATE audit_anchor SET seq = 8, hash = (SELECT hash FROM audit WHERE seq = 8); DELETE FROM audit WHERE seq <= 8",
		"UPDATE audit SET note = 'x' WHERE seq = 7", "UPDATE audit SET note = 'x' WHERE act = 'retire'" };
	for (size_t i = 0; i < COUNT_OF(crimes); i++) {
		struct store *store = with_ten_lines();
		CHECK_INT(retire(store, (struct retention){ .audit_ms = 4 * DAY_MS + HOUR_MS }, 100), 6);
		CHECK(chain_holds(store));
		run(store, crimes[i]);
		if (chain_holds(store))
			printf("unseen: %s\n", crimes[i]);
		CHECK(!chain_holds(store));
		store_close(store);
	}
	/* Before anything was retired, too. */
	struct store *store = with_ten_lines();
	run(store, "DELETE FROM audit WHERE seq <= 3");
	CHECK(!chain_holds(store));
	store_close(store);
}

TEST(the_folder_is_taken_away_again)
{
	char command[64];
	snprintf(command, sizeof command, "rm -rf %s", folder);
	CHECK_INT(system(command), 0);
}

TESTS(T(B14_records_calls_and_sums_go_after_their_time), T(a_stamp_of_the_future_does_not_keep_what_is_behind_it), T(what_an_open_alert_rests_on_stays), T(a_duplicate_stays_while_the_other_is_open),
    T(who_counted_alerts_counts_again_when_some_are_gone), T(a_store_of_before_counts_what_is_taken_away),
    T(days_of_memory_go_when_no_fact_looks_back_so_far), T(a_record_of_the_far_future_takes_no_memory_along), T(numbers_of_raw_pieces_are_not_given_twice),
    T(old_windows_are_forgotten_and_the_newest_never), T(the_audit_log_loses_its_oldest_lines_and_its_chain_holds),
    T(a_log_that_somebody_else_shortened_is_broken), T(the_folder_is_taken_away_again))
