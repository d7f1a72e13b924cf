/* SPDX-License-Identifier: Apache-2.0
 *
 * The alert that has so many before it is the one that counting off says it is, whatever
 * has been asked for and whatever has changed, come and gone since. */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "store/query_count.h"
#include "store/query_parts.h"
#include "store/store.h"
#include "store_place.h"

#define N_ALERTS 5000

static const struct {
	enum alert_order order;
	const char *by;
} orders[] = { { ORDER_SEVERITY, "severity DESC, " }, { ORDER_TIME, "" }, { ORDER_SCORE, "score DESC, " }, { ORDER_HITS, "n_legs DESC, " },
	{ ORDER_COST, "cost_micro DESC, " }, { ORDER_SLA, "urgency DESC, " } };

static struct store *store;
static char address[256];
static uint64_t chance = 7;

static int64_t below(int64_t n)
{
	chance = chance * 6364136223846793005u + 1442695040888963407u;
	return (int64_t)((chance >> 33) % (uint64_t)n);
}

static int64_t ask(const char *sql)
{
	struct filter_sql none = { 0 };
	struct statement *st = NULL;
	struct fault fault;
	REQUIRE(query_prepare(&store->db, sql, &none, &st, &fault));
	int64_t n = db_step(&store->db, st, &fault) == STEP_ROW ? db_int(&store->db, st, 0) : -1;
	store->db.engine->finish(st);
	return n;
}

static void run(const char *sql)
{
	struct fault fault;
	if (!db_exec(&store->db, sql, &fault))
		printf("%s\n%s\n", fault.text, sql);
	CHECK_INT(ask("SELECT 1"), 1);
}

/* Who changes alerts keeps count of them. */
static void count_open(void)
{
	run("DELETE FROM open_alerts");
	run("INSERT INTO open_alerts (rule, location, severity, assignee, n) SELECT rule, location, severity, assignee, count(*) FROM alerts WHERE rank > 0"
	    " GROUP BY rule, location, severity, assignee");
}

/* n alerts from this number on; of equals in every order there are many. */
static void raise(int64_t first, int64_t n)
{
	char sql[1500];
	snprintf(sql, sizeof sql,
	    "WITH RECURSIVE x(i) AS (SELECT %lld UNION ALL SELECT i + 1 FROM x WHERE i + 1 < %lld)"
	    " INSERT INTO alerts (id, revision, fingerprint, severity, score, state, resolution, subject_kind, subject_id, subject_name, location, rule,"
	    " title_en, title_es, first_ms, last_ms, raised_ms, acknowledged_ms, closed_ms, snooze_until_ms, n_legs, n_notes, cost_micro, cost_per_hour_micro,"
	    " assignee, reasons, urgency, rank) SELECT i, (SELECT value FROM counters WHERE name = 'revision') + 1, i, i %% 4, i %% 101, 0, 0, 0, 'p', 'p', 'Cali', 'r',"
	    " 't', 't', 1, 1, 1000 + i / 3, 0, 0, 0, i %% 7, 0, i * 7919 %% 90000, 0, '', '[]', -(i * 31 %% 700), CASE WHEN i %% 10 = 0 THEN 2 WHEN i %% 31 = 0 THEN 1 ELSE 0 END"
	    " FROM x",
	    (long long)first, (long long)(first + n));
	run(sql);
	run("UPDATE counters SET value = value + 1 WHERE name = 'revision'");
	count_open();
}

/* Some that stand side by side: closed, opened again, grown, escalated. */
static void change(void)
{
	char sql[500];
	int64_t first = 1 + below(N_ALERTS);
	snprintf(sql, sizeof sql,
	    "UPDATE alerts SET revision = (SELECT value FROM counters WHERE name = 'revision') + 1, rank = %d, severity = %d, score = %d, n_legs = n_legs + %d,"
	    " cost_micro = cost_micro + %d, urgency = %d WHERE id >= %lld AND id < %lld",
	    (int)below(3), (int)below(4), (int)below(101), (int)below(3), (int)below(90000), -(int)below(700), (long long)first, (long long)(first + 1 + below(40)));
	run(sql);
	run("UPDATE counters SET value = value + 1 WHERE name = 'revision'");
	count_open();
}

static void check_place(struct alert_places *places, size_t o, bool closed_too, int64_t skip)
{
	struct alert_query query = { .order = orders[o].order, .filter = "", .closed_too = closed_too };
	struct alert_mark mark;
	enum placed placed;
	struct fault fault;
	char sql[300];
	snprintf(sql, sizeof sql, "SELECT id FROM alerts WHERE rank >= %d ORDER BY rank DESC, %sraised_ms DESC, id DESC LIMIT 1 OFFSET %lld", closed_too ? 0 : 1,
	    orders[o].by, (long long)skip);
	int64_t should = ask(sql);
	REQUIRE(query_alert_skip(&store->db, places, &query, skip, &mark, &placed, &fault));
	CHECK_INT(placed, should < 0 ? PLACED_NOWHERE : PLACED);
	if (placed == PLACED)
		CHECK_INT(mark.id, should);
}

static void check_some(struct alert_places *places, int n)
{
	for (int i = 0; i < n; i++) {
		size_t o = (size_t)below(COUNT_OF(orders));
		check_place(places, o, true, below(N_ALERTS + 50));
		check_place(places, o, false, below(N_ALERTS / 6));
		check_place(places, o, true, below(60));
	}
}

static void fresh(int64_t n)
{
	struct fault fault;
	snprintf(address, sizeof address, "sqlite:/tmp/centinela-order-map-%ld.db", (long)getpid());
	store_place(address);
	REQUIRE(store_open(address, &store, &fault));
	raise(1, n);
}

static void end(void)
{
	store_close(store);
	store_remove(address);
}

TEST(places_hold_over_changes)
{
	fresh(N_ALERTS);
	struct alert_places *places = alert_places_new();
	check_some(places, 20);
	for (int i = 0; i < 60; i++) {
		change();
		check_some(places, 3);
	}
	alert_places_free(places);
	end();
}

TEST(places_hold_when_many_are_raised_before_all_others)
{
	fresh(N_ALERTS);
	struct alert_places *places = alert_places_new();
	check_some(places, 20);
	raise(N_ALERTS + 1, 19990); /* as many as are followed one by one: stretches are cut */
	check_some(places, 40);
	raise(30 * N_ALERTS, 20500); /* more than that: all is read anew */
	check_some(places, 20);
	change();
	check_some(places, 20);
	alert_places_free(places);
	end();
}

TEST(places_are_found_anew_when_alerts_are_gone)
{
	fresh(N_ALERTS);
	struct alert_places *places = alert_places_new();
	check_some(places, 20);
	run("DELETE FROM alerts WHERE rank = 0 AND id % 7 = 1");
	run("INSERT INTO counters (name, value) SELECT 'alerts_gone', 0 WHERE NOT EXISTS (SELECT 1 FROM counters WHERE name = 'alerts_gone')");
	run("UPDATE counters SET value = value + 1 WHERE name IN ('revision', 'alerts_gone')");
	count_open();
	check_some(places, 20);
	alert_places_free(places);
	end();
}

/* A page far behind is come to in pieces, and what was read is not read again; what changes
 * between two pieces is no loss. */
TEST(a_place_far_behind_is_found_piece_by_piece)
{
	fresh(4 * N_ALERTS);
	struct order_map *map = order_map_new(ORDER_TIME);
	int64_t n_closed = ask("SELECT count(*) FROM alerts WHERE rank = 0"), should = ask("SELECT min(id) FROM alerts WHERE rank = 0");
	struct alert_mark mark;
	enum placed placed = PLACED_LATER;
	struct fault fault;
	int n_pieces = 0;
	while (placed == PLACED_LATER && n_pieces < 100) {
		REQUIRE(order_map_find(&store->db, map, 0, n_closed - 1, 1, &mark, &placed, &fault));
		n_pieces++;
		if (n_pieces == 3) /* one that is counted comes to the front of another rank, and is none of this */
			run("UPDATE alerts SET rank = 2 WHERE id = 19999");
		if (n_pieces == 3) {
			order_map_move(map, &(struct alert_mark){ .rank = 2, .raised_ms = 1000 + 19999 / 3, .id = 19999 });
			n_closed--;
		}
	}
	CHECK_INT(placed, PLACED);
	CHECK_INT(mark.id, should);
	CHECK_INT(n_pieces, (n_closed + 2000) / 2000);
	REQUIRE(order_map_find(&store->db, map, 0, n_closed, 1, &mark, &placed, &fault));
	CHECK_INT(placed, PLACED_NOWHERE);
	order_map_free(map);
	end();
}

TESTS(T(places_hold_over_changes), T(places_hold_when_many_are_raised_before_all_others), T(places_are_found_anew_when_alerts_are_gone),
    T(a_place_far_behind_is_found_piece_by_piece))
