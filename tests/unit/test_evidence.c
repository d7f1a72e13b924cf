/* SPDX-License-Identifier: Apache-2.0
 *
 * What a page's findings rest on, and the hours its calls are counted in. */
#include "test.h"

#include <unistd.h>

#include "base/mem.h"
#include "store/store.h"
#include "store_place.h"
#include "watch/import.h"

static char folder[] = "/tmp/centinela-evidence-XXXXXX";
static int n_stores;

static struct store *fresh(const char *name)
{
	char address[256];
	struct store *store;
	struct fault fault;
	if (n_stores++ == 0)
		REQUIRE(mkdtemp(folder) != NULL);
	snprintf(address, sizeof address, "%s/%s.db", folder, name);
	store_place_in(address, sizeof address);
	if (!store_open(address, &store, &fault)) {
		puts(fault.text);
		exit(1);
	}
	return store;
}

static int64_t ask(struct store *store, const char *sql)
{
	struct fault fault;
	int64_t value;
	if (!db_ask_int(&store->db, sql, -1, &value, &fault)) {
		puts(fault.text);
		exit(1);
	}
	return value;
}

static void put_leg(struct store *store, int64_t id, int64_t cost_micro)
{
	struct fault fault;
	char sql[400];
	snprintf(sql, sizeof sql, "INSERT INTO legs (id, report_id, report_ms, call_id, raw_id, raw_at, raw_n, flags, duration_s, ring_s, far, country,"
	    " class, tier, cost_micro) VALUES (%lld, zeroblob(1), 1, %lld, 0, 0, 0, 0, 0, 0, '', '', 0, 0, %lld)", (long long)id, (long long)id, (long long)cost_micro);
	REQUIRE(db_exec(&store->db, sql, &fault));
}

static void add_finding(struct page *page, uint64_t fingerprint, const char *subject, size_t n, const int64_t *legs)
{
	struct evidence *evidence = arena_zalloc(&page->arena, n * sizeof *evidence);
	for (size_t i = 0; i < n; i++)
		evidence[i].leg_id = legs[i];
	if (page->findings.items == NULL)
		page->findings.items = arena_zalloc(&page->arena, 8 * sizeof *page->findings.items);
	page->findings.items[page->findings.n++] = (struct finding){ .rule = "r", .title_en = "T", .title_es = "T", .severity = SEVERITY_HIGH,
		.score = 60, .subject_id = subject, .subject_name = subject, .location = "", .fingerprint = fingerprint, .first_ms = 1000,
		.last_ms = 2000, .raised_ms = 2000, .evidence = evidence, .n_evidence = n };
}

static void commit(struct store *store, struct page *page)
{
	struct fault fault;
	page->now_ms = 5000;
	if (!store_commit_page(store, page, NULL, &fault)) {
		puts(fault.text);
		exit(1);
	}
	page_free(page);
}

#define LEGS(...) COUNT_OF(((int64_t[]){ __VA_ARGS__ })), (int64_t[]){ __VA_ARGS__ }

TEST(a_record_joins_an_alert_once_and_costs_it_once)
{
	struct store *store = fresh("once");
	for (int64_t id = 1; id <= 4; id++)
		put_leg(store, id, id * 100);
	struct page *page = page_new();
	add_finding(page, 7, "ana", LEGS(1, 2, 2));
	add_finding(page, 7, "ana", LEGS(1, 2, 3)); /* the same page says it again, and more */
	add_finding(page, 8, "luis", LEGS(2));	    /* another alert may rest on it, too: one story */
	add_finding(page, 7, "ana", LEGS(3));
	commit(store, page);
	CHECK_INT(ask(store, "SELECT count(*) FROM evidence"), 4);
	CHECK_INT(ask(store, "SELECT n_legs FROM alerts WHERE id = 1"), 3);
	CHECK_INT(ask(store, "SELECT cost_micro FROM alerts WHERE id = 1"), 600);
	CHECK_INT(ask(store, "SELECT case_id FROM alerts WHERE id = 2"), 1);
	page = page_new(); /* what stands in the store already, a new one, and one whose record is past its time */
	add_finding(page, 7, "ana", LEGS(3, 4, 99));
	add_finding(page, 8, "luis", LEGS(2));
	commit(store, page);
	CHECK_INT(ask(store, "SELECT n_legs FROM alerts WHERE id = 1"), 5);
	CHECK_INT(ask(store, "SELECT cost_micro FROM alerts WHERE id = 1"), 1000);
	CHECK_INT(ask(store, "SELECT n_legs FROM alerts WHERE id = 2"), 1);
	CHECK_INT(ask(store, "SELECT count(*) FROM growths"), 2); /* of one moment each: nothing new is no growth */
	CHECK_INT(ask(store, "SELECT sum(seq * leg_id) FROM evidence WHERE alert_id = 1"), 0 * 1 + 1 * 2 + 2 * 3 + 3 * 4 + 4 * 99);
	CHECK_INT(ask(store, "SELECT cost_micro FROM evidence WHERE leg_id = 99"), 0);
	store_close(store);
}

/* Calls of more hours than are added up side by side, each of them twice. */
TEST(a_page_of_many_hours_counts_each_of_them_right)
{
	struct store *store = fresh("hours");
	struct import_counts counts;
	struct fault fault;
	char path[64];
	snprintf(path, sizeof path, "%s/hours.jsonl", folder);
	FILE *file = fopen(path, "w");
	REQUIRE(file != NULL);
	for (int i = 0; i < 1400; i++) {
		int hour = i / 2 * 11 % 700; /* no two of an hour stand together after they are put in order by when they were reported */
		fprintf(file, "{\"Report ID\":\"r%d\",\"Correlation ID\":\"c%d\",\"Start time\":\"2026-01-%02dT%02d:%02d:00.000Z\",\"Report time\":\"2026-03-01T00:%02d:00.000Z\","
		    "\"Direction\":\"ORIGINATING\",\"Duration\":10,\"Answered\":\"true\",\"Location\":\"Bogota\"}\n",
		    i, i, 1 + hour / 24, hour % 24, i % 2, i * 13 % 60);
	}
	fclose(file);
	const char *paths[] = { path };
	struct intake intake = { .keep_raw = true };
	struct import_options options = { .paths = paths, .n_paths = 1 };
	bool ok = import_run(store, &intake, NULL, &options, &counts, &fault);
	intake_clear(&intake);
	if (!ok)
		puts(fault.text);
	REQUIRE(ok);
	CHECK_INT(counts.n_new, 1400);
	CHECK_INT(ask(store, "SELECT count(*) FROM hours"), 700);
	CHECK_INT(ask(store, "SELECT count(*) FROM hours WHERE n_calls = 2 AND talk_s = 20"), 700);
	CHECK_INT(ask(store, "SELECT sum(n_bytes) FROM raw WHERE id IN (SELECT raw_id FROM legs)"), ask(store, "SELECT sum(raw_n) FROM legs") + 1400 - ask(store, "SELECT count(*) FROM raw"));
	CHECK_INT(ask(store, "SELECT value FROM counters WHERE name = 'raw'"), ask(store, "SELECT max(id) FROM raw"));
	store_close(store);
}

TEST(the_folder_is_taken_away_again)
{
	char command[128];
	snprintf(command, sizeof command, "rm -rf %s", folder);
	CHECK_INT(system(command), 0);
}

TESTS(T(a_record_joins_an_alert_once_and_costs_it_once), T(a_page_of_many_hours_counts_each_of_them_right), T(the_folder_is_taken_away_again))
