/* SPDX-License-Identifier: Apache-2.0
 *
 * The other ends of calls, each once: they come with the calls, and go with the last
 * one; what a search finds by them is what is there. */
#include "test.h"

#include <unistd.h>

#include "base/iso_time.h"
#include "base/mem.h"
#include "net/file.h"
#include "older_store.h"
#include "store/query_parts.h"
#include "store/retention.h"
#include "watch/import.h"

#define NOW civil_to_ms(2026, 11, 1, 12, 0, 0, 0)

static char folder[] = "/tmp/centinela-far-ends-XXXXXX";
static int n_stores;

static struct store *opened(const char *address)
{
	struct store *store;
	struct fault fault;
	if (!store_open(address, &store, &fault)) {
		puts(fault.text);
		exit(1);
	}
	return store;
}

static struct store *fresh(char address[static 64])
{
	if (n_stores == 0)
		REQUIRE(mkdtemp(folder) != NULL);
	snprintf(address, 64, "%s/%d.db", folder, n_stores++);
	return opened(address);
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

/* A call out, of one leg, to a number that gave a name. */
static void call_out(struct store *store, const char *report, const char *start, const char *number, const char *name)
{
	struct import_counts counts;
	struct intake intake = { .keep_raw = true };
	struct fault fault;
	char path[64];
	snprintf(path, sizeof path, "%s/lines.jsonl", folder);
	const char *paths[] = { path };
	struct import_options options = { .paths = paths, .n_paths = 1 };
	char *line = mem_printf("{\"Start time\":\"%s\",\"Report ID\":\"%s\",\"Correlation ID\":\"c-%s\",\"Direction\":\"ORIGINATING\","
				"\"Call type\":\"SIP_INTERNATIONAL\",\"Called number\":\"%s\",\"Called line ID\":\"%s\",\"Duration\":60,\"Answered\":\"true\"}\n",
	    start, report, report, number, name);
	REQUIRE(file_write(path, line, strlen(line), 0600, &fault));
	free(line);
	REQUIRE(import_run(store, &intake, NULL, &options, &counts, &fault));
	CHECK_INT(counts.n_new, 1);
	intake_clear(&intake);
}

static size_t found(struct store *store, const char *filter)
{
	struct arena arena;
	struct call_list calls;
	struct fault fault;
	struct call_query query = { .filter = filter, .now_ms = NOW, .limit = 100 };
	arena_init(&arena);
	REQUIRE(query_calls(&store->db, &query, &arena, &calls, &fault));
	size_t n = calls.n;
	arena_clear(&arena);
	return n;
}

static void retire(struct store *store, int64_t keep_ms)
{
	struct fault fault;
	int64_t n;
	struct retention keep = { .legs_ms = keep_ms };
	if (!store_retire(store, &keep, NOW, 100, &n, &fault)) {
		puts(fault.text);
		exit(1);
	}
}

TEST(each_is_kept_once_and_found_by_any_part)
{
	char address[64];
	struct store *store = fresh(address);
	call_out(store, "r1", "2026-10-01T09:00:00.000Z", "+37125550123", "Riga Taxi");
	call_out(store, "r2", "2026-10-20T09:00:00.000Z", "+37125550123", "Riga Taxi");
	call_out(store, "r3", "2026-10-20T10:00:00.000Z", "+88216555001", "");
	CHECK_INT(ask(store, "SELECT count(*) FROM far_ends WHERE is_name = 0"), 2);
	CHECK_INT(ask(store, "SELECT count(*) FROM far_ends WHERE is_name = 1"), 1);
	static const struct {
		const char *filter;
		size_t n;
	} asked[] = { { "number ~ 25550", 2 }, { "number = \"+37125550123\"", 2 }, { "number = \"*0123\"", 2 }, { "dst.number ~ 8821", 1 },
		{ "number ~ 01", 3 }, { "number ~ 555", 3 }, { "number ~ 55501", 2 }, { "number ~ 555012 and number ~ 371", 2 },
		{ "number ~ 8821 and number ~ 371", 0 }, { "number ~ 8821 or number ~ 371", 3 }, { "number ~ 8821 or far.name ~ taxi", 3 },
		{ "not number ~ 8821", 2 }, { "number ~ 99999", 0 }, { "number ~ 99999 or duration = 60", 3 }, { "far.name ~ TÁXI", 2 },
		{ "far.name ~ nobody", 0 }, { "far.name = \"\"", 1 }, { "88216", 1 }, { "taxi", 2 }, { "number ~ \"\\\"x\\\"\"", 0 },
		{ "number in [\"+37125550123\", \"+88216555001\"]", 3 }, { "number ~ 25550 and start > 2026-10-10", 1 },
		{ "start > 2026-10-31", 0 }, { "user.name ~ anybody", 0 }, { "trunk = nowhere and number ~ 25550", 0 } };
	for (size_t i = 0; i < COUNT_OF(asked); i++) {
		if (found(store, asked[i].filter) != asked[i].n)
			printf("  %s\n", asked[i].filter);
		CHECK_INT(found(store, asked[i].filter), asked[i].n);
	}
	store_close(store);
}

TEST(they_go_with_the_last_call_that_had_them)
{
	char address[64];
	struct store *store = fresh(address);
	call_out(store, "r1", "2026-08-01T09:00:00.000Z", "+37125550123", "Riga Taxi");
	call_out(store, "r2", "2026-08-02T09:00:00.000Z", "+88216555001", "Thuraya");
	call_out(store, "r3", "2026-10-31T09:00:00.000Z", "+88216555001", "");
	retire(store, 30 * DAY_MS);
	CHECK_INT(ask(store, "SELECT count(*) FROM calls"), 1);
	CHECK_INT(ask(store, "SELECT count(*) FROM far_ends WHERE is_name = 0"), 1);
	CHECK_INT(ask(store, "SELECT count(*) FROM far_ends WHERE is_name = 1"), 0);
	CHECK_INT(ask(store, "SELECT count(*) FROM far_end_grams WHERE far_end_grams MATCH '\"371\"'"), 0);
	CHECK_INT(ask(store, "SELECT count(*) FROM far_end_grams WHERE far_end_grams MATCH '\"882\"'"), 1);
	CHECK_INT(found(store, "number ~ 25550"), 0);
	CHECK_INT(found(store, "number ~ 88216"), 1);
	/* Who is called again is found again. */
	call_out(store, "r4", "2026-10-31T10:00:00.000Z", "+37125550123", "Riga Taxi");
	CHECK_INT(found(store, "number ~ 25550"), 1);
	CHECK_INT(found(store, "far.name ~ riga"), 1);
	store_close(store);
}

/* What one process has met it does not look for again: another must be able to take it away. */
TEST(another_process_may_take_them_away)
{
	char address[64];
	struct store *store = fresh(address), *other = opened(address);
	call_out(store, "r1", "2026-08-01T09:00:00.000Z", "+37125550123", "");
	retire(other, 30 * DAY_MS);
	CHECK_INT(ask(store, "SELECT count(*) FROM far_ends"), 0);
	call_out(store, "r2", "2026-10-31T10:00:00.000Z", "+37125550123", "");
	CHECK_INT(found(store, "number ~ 25550"), 1);
	store_close(other);
	store_close(store);
}

TEST(a_store_of_before_is_read_in_pieces_and_walked_until_then)
{
	char address[64];
	struct store *store = fresh(address);
	struct fault fault;
	for (int i = 0; i < 5; i++) {
		char report[8], start[32];
		snprintf(report, sizeof report, "r%d", i);
		snprintf(start, sizeof start, "2026-10-0%dT09:00:00.000Z", i + 1);
		call_out(store, report, start, i < 3 ? "+37125550123" : "+88216555001", "Riga Taxi");
	}
	REQUIRE(older_store(&store->db, 21, &fault));
	store_close(store);
	store = opened(address);
	bool more = true, full;
	REQUIRE(far_ends_full(&store->db, &full, &fault));
	CHECK(!full);
	CHECK_INT(found(store, "number ~ 25550"), 3);
	int n_pieces = 0;
	while (more) {
		REQUIRE(far_ends_fill(store, 2, &more, &fault));
		CHECK_INT(found(store, "number ~ 25550"), 3);
		n_pieces++;
	}
	CHECK_INT(n_pieces, 3);
	REQUIRE(far_ends_full(&store->db, &full, &fault) && full);
	CHECK_INT(ask(store, "SELECT count(*) FROM far_ends"), 3);
	CHECK_INT(ask(store, "SELECT last_day FROM far_ends WHERE is_name = 1"), civil_to_ms(2026, 10, 5, 0, 0, 0, 0) / DAY_MS);
	/* Once known, they are relied on. */
	run(store, "DELETE FROM far_ends WHERE text LIKE '+371%'");
	CHECK_INT(found(store, "number ~ 25550"), 0);
	REQUIRE(far_ends_fill(store, 2, &more, &fault));
	CHECK(!more);
	store_close(store);
}

TEST(an_import_ends_with_all_of_them_known)
{
	char address[64];
	struct store *store = fresh(address);
	struct fault fault;
	bool full;
	call_out(store, "r1", "2026-10-01T09:00:00.000Z", "+37125550123", "");
	REQUIRE(older_store(&store->db, 21, &fault));
	store_close(store);
	store = opened(address);
	call_out(store, "r2", "2026-10-02T09:00:00.000Z", "+88216555001", "");
	REQUIRE(far_ends_full(&store->db, &full, &fault));
	CHECK(full);
	CHECK_INT(ask(store, "SELECT count(*) FROM far_ends"), 2);
	store_close(store);
}

static void many_calls(struct store *store, int n, int apart_ms, const char *number_of_i)
{
	char *sql = mem_printf("INSERT INTO calls (id, journey_id, correlation, correlation_hash, day, start_ms, last_start_ms, end_ms, talk_s, ring_s,"
			       " direction, flags, n_legs, class, tier, country, cost_micro, far_number) WITH RECURSIVE x(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM x WHERE i < %d)"
			       " SELECT t << 20, i, x'', 0, t / 86400000, t, t, t, i, 0, 1, i %% 2, 1, 0, 0, 'CO', 0, %s FROM (SELECT i, 1700000000000 + i * %d AS t FROM x);"
			       "UPDATE counters SET value = 9223372036854775807 WHERE name IN ('far_ends_below', 'call_bounds_below')", n, number_of_i, apart_ms);
	bool more = true;
	struct fault fault;
	run(store, sql);
	while (more)
		REQUIRE(far_ends_fill(store, 10000, &more, &fault));
	free(sql);
}

/* The ids of what passes, newest first or oldest first, page by page. */
static size_t pages(struct store *store, const char *filter, bool up, int64_t budget_ms, int64_t *sum)
{
	struct call_query query = { .filter = filter, .now_ms = NOW, .limit = 700, .oldest_first = up, .budget_ms = budget_ms };
	struct call_list calls = { .more = true };
	struct fault fault;
	size_t n = 0;
	int64_t last = up ? 0 : INT64_MAX;
	*sum = 0;
	while (calls.more || calls.searching) {
		struct arena arena;
		arena_init(&arena);
		REQUIRE(query_calls(&store->db, &query, &arena, &calls, &fault));
		for (size_t i = 0; i < calls.n; i++) {
			CHECK(up ? calls.items[i].id > last : calls.items[i].id < last);
			last = calls.items[i].id;
			*sum += last >> 20;
		}
		n += calls.n;
		*(up ? &query.after_id : &query.before_id) = calls.searching ? calls.resume_id : last;
		arena_clear(&arena);
	}
	return n;
}

/* Few numbers by their calls, many of them or busy ones by walking: the same rows. */
TEST(however_many_numbers_fit_the_pages_are_the_same)
{
	static const struct {
		const char *number;
		int n, apart_ms;
	} stores[] = { { "'+5731' || (i % 7000)", 9000, 600000 }, { "'+5731' || (i % 3 + 100)", 22000, 10000 }, { "'+5731' || (10000 + i)", 9000, 3600000 } };
	static const char *const filters[] = { "number ~ 3112", "number ~ 573110 and duration > 9000", "number ~ 731", "number ~ 11234 and answered" };
	for (size_t k = 0; k < COUNT_OF(stores); k++) {
		char address[64];
		struct store *store = fresh(address);
		many_calls(store, stores[k].n, stores[k].apart_ms, stores[k].number);
		for (size_t f = 0; f < COUNT_OF(filters); f++) {
			int64_t sum, other;
			run(store, "UPDATE counters SET value = 9223372036854775807 WHERE name = 'far_ends_below'");
			size_t n = pages(store, filters[f], false, 0, &sum);
			run(store, "UPDATE counters SET value = 0 WHERE name = 'far_ends_below'");
			for (int turn = 0; turn < 4; turn++) {
				CHECK_INT(pages(store, filters[f], turn & 1, turn & 2 ? 1 : 0, &other), n);
				CHECK_INT(other, sum);
			}
		}
		store_close(store);
	}
}

/* A day of millions of calls is not read for one number: the planner must see the index. */
TEST(the_calls_of_a_number_on_a_day_come_from_their_index)
{
	static const char *const asked[] = { "EXPLAIN QUERY PLAN SELECT start_ms FROM calls WHERE " SQL_NUMBER_ON_DAY " LIMIT 50",
		"EXPLAIN QUERY PLAN SELECT min(id) FROM calls WHERE " SQL_NUMBER_ON_DAY,
		"EXPLAIN QUERY PLAN SELECT start_ms FROM calls WHERE " SQL_NUMBER_ON_DAY " ORDER BY id DESC LIMIT 1",
		"EXPLAIN QUERY PLAN SELECT id FROM calls WHERE day / 7 = $1 AND far_number = $2 AND id < $3 AND id > $4" };
	char address[64];
	struct store *store = fresh(address);
	for (size_t i = 0; i < COUNT_OF(asked); i++) {
		struct db *db = &store->db;
		struct fault fault;
		bool by_index = false;
		struct statement *st = db_statement(db, asked[i], &fault);
		REQUIRE(st != NULL);
		while (db_step(db, st, &fault) == STEP_ROW)
			by_index = by_index || strstr(db_text(db, st, 3), "calls_number (<expr>=? AND far_number=?") != NULL;
		db->engine->reset(st);
		if (!by_index)
			puts(asked[i]);
		CHECK(by_index);
	}
	store_close(store);
}

static void remove_folder(void)
{
	char command[100];
	snprintf(command, sizeof command, "rm -rf %s", folder);
	CHECK_INT(system(command), 0);
}

TEST(nothing_is_left)
{
	remove_folder();
}

TESTS(T(each_is_kept_once_and_found_by_any_part), T(they_go_with_the_last_call_that_had_them), T(another_process_may_take_them_away),
    T(a_store_of_before_is_read_in_pieces_and_walked_until_then), T(an_import_ends_with_all_of_them_known),
    T(however_many_numbers_fit_the_pages_are_the_same),
    T(the_calls_of_a_number_on_a_day_come_from_their_index), T(nothing_is_left))
