/* SPDX-License-Identifier: Apache-2.0
 *
 * What is known of the calls of an hour holds for each of them, and a search that leaves
 * hours out finds what one finds that reads all. */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"
#include "net/file.h"
#include "store/call_bounds.h"
#include "store/months.h"
#include "store/query_parts.h"
#include "store/retention.h"
#include "store_place.h"
#include "watch/import.h"

#define T0 INT64_C(1790000000000)
#define MOST "9223372036854775807"

static struct store *fresh(char address[static 256])
{
	struct store *store;
	struct fault fault;
	snprintf(address, 256, "sqlite:/tmp/centinela-bounds-%ld.db", (long)getpid());
	store_place_in(address, 256);
	REQUIRE(store_open(address, &store, &fault));
	return store;
}

static void run(struct store *store, const char *sql)
{
	struct fault fault;
	if (!db_exec(&store->db, sql, &fault)) {
		puts(fault.text);
		exit(1);
	}
}

static int64_t ask(struct store *store, const char *sql)
{
	struct fault fault;
	int64_t value;
	REQUIRE(db_ask_int(&store->db, sql, -1, &value, &fault));
	return value;
}

/* Calls for which what is known of their hour does not hold. */
#define CALLS_BEYOND                                                                                            \
	"SELECT count(*) FROM calls c LEFT JOIN call_bounds b ON b.hour = c.id / 1048576 / 3600000 WHERE b.hour IS NULL" \
	" OR c.talk_s < b.talk_min OR c.talk_s > b.talk_max OR c.ring_s < b.ring_min OR c.ring_s > b.ring_max"  \
	" OR c.n_legs < b.legs_min OR c.n_legs > b.legs_max OR c.cost_micro < b.cost_min OR c.cost_micro > b.cost_max" \
	" OR (c.flags & b.flags_some) <> c.flags OR (c.flags & b.flags_all) <> b.flags_all"

static void import(struct store *store, const char *lines)
{
	struct import_counts counts;
	struct intake intake = { .keep_raw = true };
	struct fault fault;
	char path[64];
	snprintf(path, sizeof path, "/tmp/centinela-bounds-%ld.jsonl", (long)getpid());
	const char *paths[] = { path };
	struct import_options options = { .paths = paths, .n_paths = 1 };
	unlink(path);
	REQUIRE(file_write_new(path, lines, strlen(lines), &fault));
	REQUIRE(import_run(store, &intake, NULL, &options, &counts, &fault));
	intake_clear(&intake);
	unlink(path);
}

/* Legs that come late make a call longer, and others of it forwarded. */
TEST(it_holds_for_calls_as_they_grow)
{
	char address[256];
	struct store *store = fresh(address);
	for (int turn = 0; turn < 3; turn++) {
		struct text lines = { 0 };
		for (int i = 0; i < 300; i++)
			text_printf(&lines, "{\"Start time\":\"2026-10-%02dT%02d:%02d:%02d.000Z\",\"Report ID\":\"%08x-0000-4000-8000-%012x\",\"Correlation ID\":\"%08x-0000-4000-8000-0\","
				"\"Direction\":\"%s\",\"Call type\":\"SIP_INTERNATIONAL\",\"Called number\":\"+5731000%04d\",\"Duration\":%d,\"Ring duration\":%d,\"Answered\":\"%s\"}\n",
			    1 + i % 20, i % 24, (i + turn) % 60, i % 60, turn + 1, i, i / (turn + 1), i % 3 == 0 ? "TERMINATING" : "ORIGINATING", i,
			    (i * 37 * (turn + 1)) % 5000, (i * 7) % (10 + turn * 40), (i + turn) % 4 == 0 ? "false" : "true");
		import(store, text_string(&lines));
		text_clear(&lines);
		CHECK(ask(store, "SELECT count(*) FROM calls") >= 300);
		CHECK_INT(ask(store, CALLS_BEYOND), 0);
	}
	CHECK(ask(store, "SELECT count(*) FROM call_bounds") > 20);
	CHECK_INT(ask(store, "SELECT value FROM counters WHERE name = 'call_bounds_below'"), 0);
	store_close(store);
	store_remove(address);
}

/* Some 5000 calls in 400 hours: short ones, and in few of the hours others. */
static struct store *many(char address[static 256])
{
	struct store *store = fresh(address);
	struct fault fault;
	REQUIRE(months_ready(&store->db, &(struct months){ 0 }, INT64_C(1790000000000) << 20, INT64_C(1792200000000) << 20, &fault));
	run(store, "INSERT INTO calls (id, journey_id, correlation, correlation_hash, day, start_ms, last_start_ms, end_ms, talk_s, ring_s,"
	    " direction, flags, n_legs, class, tier, country, cost_micro, far_number) WITH RECURSIVE x(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM x WHERE i < 5000)"
	    " SELECT t * 1048576 + i, i, CAST('' AS BLOB), 0, t / 86400000, t, t, t, CASE WHEN i % 700 < 2 THEN 4000 + i ELSE i % 300 END, i % 20,"
	    " CASE WHEN i % 900 = 5 THEN 3 ELSE i % 2 END, CASE WHEN i % 1000 = 9 THEN 2 ELSE 1 END, CASE WHEN i > 4000 AND i % 50 = 0 THEN 9 ELSE 1 END,"
	    " CASE WHEN i % 600 = 3 THEN 7 ELSE 1 END, CASE WHEN i % 400 = 1 THEN 4 ELSE i % 2 END, 'CO', CASE WHEN i < 20 THEN 0 ELSE i * 1000 END,"
	    " '+57310000' || (i % 40) FROM (SELECT i, CAST(1790000000000 AS BIGINT) + CASE WHEN i > 2500 THEN i + 2000 ELSE i END * 300000 AS t FROM x) AS y");
	run(store, "UPDATE counters SET value = " MOST " WHERE name IN ('call_bounds_below', 'far_ends_below')");
	return store;
}

static const char *const filters[] = { "duration > 100m", "duration > 1h", "not duration < 1h", "duration <= 299", "not duration <= 299",
	"legs > 3 and answered = true", "legs > 3 or duration > 1h", "not (legs > 3 or duration > 1h)", "dst.tier >= extreme", "not dst.tier >= extreme",
	"dst.class == premium or forwarded = true", "forwarded = false", "direction == transit", "not direction == transit and cost < 1", "ring in 5..7 and duration > 1h",
	"duration > 1h and number ~ 7", "number ~ 0012 or duration > 1h", "cost >= 4.99", "duration > 1h and start > 2026-10-05" };

struct answer {
	int64_t ids[5000], n_searched;
	size_t n;
};

static void search(struct store *store, const char *filter, bool up, int64_t budget_ms, size_t limit, struct answer *out)
{
	struct fault fault;
	struct call_query query = { .filter = filter, .limit = limit, .oldest_first = up, .budget_ms = budget_ms, .now_ms = T0 };
	struct call_list part;
	*out = (struct answer){ .n = 0 };
	do {
		struct arena arena;
		arena_init(&arena);
		if (!query_calls(&store->db, &query, &arena, &part, &fault)) {
			printf("%s: %s\n", filter, fault.text);
			exit(1);
		}
		for (size_t i = 0; i < part.n; i++)
			out->ids[out->n++] = part.items[i].id;
		out->n_searched += part.n_searched;
		int64_t next = part.searching ? part.resume_id : part.n > 0 ? part.items[part.n - 1].id : 0;
		*(up ? &query.after_id : &query.before_id) = next;
		arena_clear(&arena);
	} while (part.searching || part.more);
}

TEST(what_is_left_out_has_nothing_that_passes)
{
	static struct answer should, is;
	char address[256];
	struct store *store = many(address);
	struct fault fault;
	size_t n_some = 0;
	/* Known of none, of the newest 2100, of all. */
	for (int known = 0; known < 3; known++) {
		bool more = true;
		if (known > 0)
			run(store, "UPDATE counters SET value = " MOST " WHERE name = 'call_bounds_below'");
		for (int piece = 0; more && known > 0 && (known == 2 || piece < 3); piece++)
			REQUIRE(call_bounds_fill(store, 700, &more, &fault));
		CHECK(known < 2 ? more : !more);
		for (size_t f = 0; f < COUNT_OF(filters); f++)
			for (int up = 0; up < 2; up++) {
				int64_t below = ask(store, "SELECT value FROM counters WHERE name = 'call_bounds_below'");
				run(store, "UPDATE counters SET value = " MOST " WHERE name IN ('call_bounds_below', 'far_ends_below')");
				search(store, filters[f], up, 0, 1000, &should);
				char *back = mem_printf("UPDATE counters SET value = %lld WHERE name = 'call_bounds_below'", (long long)(known == 0 ? INT64_MAX : below));
				run(store, back);
				for (int turn = 0; turn < 3; turn++) {
					search(store, filters[f], up, turn == 1 ? 1 : 0, turn == 2 && should.n < 100 ? 3 : 1000, &is);
					bool same = is.n == should.n && memcmp(is.ids, should.ids, is.n * sizeof is.ids[0]) == 0;
					if (!same)
						printf("%s, known %d, up %d, turn %d: %zu of %zu\n", filters[f], known, up, turn, is.n, should.n);
					CHECK(same);
				}
				n_some += should.n > 0;
				free(back);
			}
	}
	CHECK(n_some > 80);
	search(store, "duration > 1000m", false, 25, 100, &is);
	CHECK_INT(is.n_searched, 0); /* known of all: nothing is read */
	store_close(store);
	store_remove(address);
}

TEST(they_go_with_the_last_call_of_their_hour)
{
	char address[256];
	struct store *store = many(address);
	struct fault fault;
	struct retention keep = { .legs_ms = 8 * DAY_MS };
	int64_t n = 1;
	for (bool more = true; more;)
		REQUIRE(call_bounds_fill(store, 10000, &more, &fault));
	int64_t n_hours = ask(store, "SELECT count(*) FROM call_bounds");
	while (n > 0) { /* some of an hour's go, and the others are still to be found */
		REQUIRE(store_retire(store, &keep, T0 + 14 * DAY_MS, 70, &n, &fault));
		CHECK_INT(ask(store, CALLS_BEYOND), 0);
	}
	CHECK_INT(ask(store, "SELECT count(*) FROM call_bounds b WHERE NOT EXISTS (SELECT 1 FROM calls c WHERE c.id / 1048576 / 3600000 = b.hour)"), 0);
	int64_t n_left = ask(store, "SELECT count(*) FROM call_bounds");
	CHECK(n_left > 0 && n_left < n_hours - 100);
	store_close(store);
	store_remove(address);
}

TESTS(T(it_holds_for_calls_as_they_grow), T(what_is_left_out_has_nothing_that_passes), T(they_go_with_the_last_call_of_their_hour))
