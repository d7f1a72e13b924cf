/* SPDX-License-Identifier: Apache-2.0
 *
 * A filter that few of many calls pass is asked of some thousand at a time: what is
 * found so is what is found at once. */
#include "test.h"

#include <stdlib.h>
#include <unistd.h>

#include "filter_rows.h"
#include "store_place.h"

#define N_CALLS 45000

static struct store *many_calls(char address[static 256])
{
	struct store *store;
	struct fault fault;
	snprintf(address, 256, "sqlite:/tmp/centinela-calls-%ld.db", (long)getpid());
	store_place_in(address, 256);
	filter_must(store_open(address, &store, &fault), &fault);
	/* Of which nothing is known, as after an upgrade: the calls are walked. */
	filter_must(db_exec(&store->db, "UPDATE counters SET value = 9223372036854775807 WHERE name IN ('far_ends_below', 'call_bounds_below')", &fault), &fault);
	filter_must(db_exec(&store->db, "INSERT INTO calls (id, journey_id, correlation, correlation_hash, day, start_ms, last_start_ms, end_ms, talk_s, ring_s,"
	    " direction, flags, n_legs, class, tier, country, cost_micro, far_number) WITH RECURSIVE x(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM x WHERE i < 45000)"
	    " SELECT i, i, CAST('' AS BLOB), 0, 0, i, i, i, i % 900, 0, 1, i % 2, 1, 0, 0, 'CO', 0, CASE WHEN i % 9000 = 77 THEN '+88216555' ELSE '+57310' END FROM x", &fault), &fault);
	return store;
}

static void close_calls(struct store *store, const char *address)
{
	store_close(store);
	store_remove(address);
}

TEST(in_pieces_it_finds_what_it_finds_at_once)
{
	static const char *const filters[] = { "number ~ 8821", "number ~ 8821 and duration > 10m", "number ~ nothing", "answered = true and number ~ 8821" };
	char address[256];
	struct store *store = many_calls(address);
	struct fault fault;
	for (size_t f = 0; f < COUNT_OF(filters); f++)
		for (int up = 0; up < 2; up++) {
			struct arena arena;
			struct call_list whole, part;
			size_t n = 0, n_turns = 0;
			int64_t n_searched = 0;
			arena_init(&arena);
			struct call_query query = { .filter = filters[f], .limit = 100, .oldest_first = up, .now_ms = 1 };
			REQUIRE(query_calls(&store->db, &query, &arena, &whole, &fault));
			CHECK(!whole.searching);
			query.budget_ms = 1;
			do {
				REQUIRE(query_calls(&store->db, &query, &arena, &part, &fault));
				for (size_t i = 0; i < part.n && n + i < whole.n; i++)
					CHECK_INT(part.items[i].id, whole.items[n + i].id);
				n += part.n;
				n_searched += part.n_searched;
				*(up ? &query.after_id : &query.before_id) = part.resume_id;
			} while (part.searching && ++n_turns < 100);
			CHECK_INT(n, whole.n);
			CHECK(n_searched >= N_CALLS);
			arena_clear(&arena);
		}
	close_calls(store, address);
}

TEST(a_full_page_ends_the_search)
{
	char address[256];
	struct store *store = many_calls(address);
	struct fault fault;
	struct arena arena;
	struct call_list found;
	arena_init(&arena);
	struct call_query query = { .filter = "number ~ 8821", .limit = 2, .budget_ms = 60000, .now_ms = 1 };
	REQUIRE(query_calls(&store->db, &query, &arena, &found, &fault));
	CHECK_INT(found.n, 2);
	CHECK(found.more && !found.searching);
	CHECK(found.n_searched <= 40000);
	query.before_id = found.items[1].id;
	query.limit = 100;
	REQUIRE(query_calls(&store->db, &query, &arena, &found, &fault));
	CHECK_INT(found.n, 3);
	CHECK(!found.more);
	arena_clear(&arena);
	close_calls(store, address);
}

TESTS(T(in_pieces_it_finds_what_it_finds_at_once), T(a_full_page_ends_the_search))
