/* SPDX-License-Identifier: Apache-2.0
 *
 * A store moves: from a file to a place of the engine under test, and back. */
#include "test.h"

#include <limits.h>

#include "acts_rig.h"
#include "store/far_ends.h"
#include "store/lease_rows.h"
#include "store/migrate.h"
#include "store/move.h"
#include "store_place.h"

static char source[256], file[300], place[256], back[300];

/* Alerts with evidence and an audit log, words of every kind, bytes. */
static void begin(void)
{
	static int n;
	struct fault fault;
	struct store *store = rig_store(source); /* where it is does not matter */
	rig_raise(store, 300);
	must(db_exec(&store->db, "INSERT INTO words (id, text) VALUES (1, 'José'), (2, 'say \"hi\" \\ it''s'), (3, '')", &fault), &fault);
	must(db_exec(&store->db, "INSERT INTO windows (endpoint, from_ms, until_ms, done_ms, why, n_records) VALUES ('feed', 1, 2, 3, 'gap', 0), ('feed', 1, 3, 3, 'gap', 0), ('stream', 0, 9, 3, '', -5)", &fault), &fault);
	struct statement *st = db_statement(&store->db, "INSERT INTO raw (id, stored_ms, n_bytes, zstd) VALUES ($1, 0, 0, $2)", &fault);
	db_bind(&store->db, st, "ib", INT64_MAX, "\0\xFF\\x00\"{},", (size_t)9);
	must(db_run(&store->db, st, &fault), &fault);
	st = db_statement(&store->db, "INSERT INTO calls (id, journey_id, correlation, correlation_hash, day, start_ms, last_start_ms, end_ms, talk_s, ring_s, direction,"
	    " flags, n_legs, class, tier, country, cost_micro, far_number, far_name)"
	    " VALUES (7, 7, $1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, '', 0, '+573105550001', 'Ana')", &fault);
	db_bind(&store->db, st, "b", "c", (size_t)1);
	must(db_run(&store->db, st, &fault), &fault);
	store_close(store);
	snprintf(file, sizeof file, "%s/file-%d.db", rig_folder, n);
	snprintf(place, sizeof place, "%s/place-%d.db", rig_folder, n);
	snprintf(back, sizeof back, "%s/back-%d.db", rig_folder, n++);
	store_place(place);
}

static int n_asked, n_least;

static bool until_asked(void *arg, double share)
{
	(void)arg;
	CHECK(share >= 0 && share <= 1);
	return ++n_asked < n_least;
}

static bool moves(const char *from, const char *to, int ends_after, struct move *move, struct fault *fault)
{
	*move = (struct move){ .from = from, .to = to, .now_ms = 5000, .goes_on = until_asked };
	n_asked = 0;
	n_least = ends_after;
	return store_move(move, fault);
}

static const struct move_table *table_of(const struct move *move, const char *name)
{
	for (size_t i = 0; i < move->n; i++)
		if (strcmp(move->tables[i].name, name) == 0)
			return &move->tables[i];
	return NULL;
}

TEST(there_and_back_it_is_the_same)
{
	struct move first, second, third;
	struct fault fault;
	begin();
	must(moves(source, file, INT_MAX, &first, &fault), &fault);
	must(moves(file, place, INT_MAX, &second, &fault), &fault);
	must(moves(place, back, INT_MAX, &third, &fault), &fault);
	CHECK(first.n > 15 && second.n == first.n && third.n == first.n);
	CHECK_INT(table_of(&first, "alerts")->n_rows, 300);
	CHECK_INT(table_of(&first, "windows")->n_rows, 3);
	for (size_t i = 0; i < first.n; i++) {
		CHECK_STR(second.tables[i].name, first.tables[i].name);
		if (strcmp(first.tables[i].name, "counters") == 0)
			continue; /* one of them says how far the other ends are read */
		CHECK_INT(second.tables[i].hash, first.tables[i].hash);
		CHECK_INT(third.tables[i].hash, first.tables[i].hash);
		CHECK_INT(third.tables[i].n_rows, first.tables[i].n_rows);
	}
	struct store *store;
	struct db db;
	bool full = true, more = true;
	/* What was not read into the other store yet is not said to be nowhere. */
	must(store_open_read(back, &db, &fault) && far_ends_full(&db, &full, &fault), &fault);
	CHECK(!full);
	db_close(&db);
	must(store_open(back, &store, &fault), &fault);
	must(far_ends_fill(store, 100, &more, &fault) && far_ends_full(&store->db, &full, &fault), &fault);
	CHECK(full && !more);
	CHECK_INT(rig_ask(store, "SELECT count(*) FROM far_ends"), 2);
	CHECK_INT(rig_ask(store, "SELECT count(*) FROM settings"), 0); /* no mark is left */
	CHECK_INT(rig_ask(store, "SELECT value FROM counters WHERE name = 'alert'"), 300);
	store_close(store);
	move_clear(&first), move_clear(&second), move_clear(&third);
}

TEST(what_was_interrupted_goes_on_and_takes_in_what_changed_since)
{
	struct move move;
	struct fault fault;
	begin();
	CHECK(!moves(source, place, 40, &move, &fault));
	CHECK_INT(fault.code, FAULT_CANCELLED);
	move_clear(&move);
	struct store *store;
	must(store_open(source, &store, &fault), &fault);
	must(db_exec(&store->db, "UPDATE alerts SET assignee = 'ana' WHERE id = 7; DELETE FROM alerts WHERE id = 8", &fault), &fault);
	store_close(store);
	/* A store that is half filled is no source. */
	CHECK(!moves(place, back, INT_MAX, &move, &fault));
	CHECK_INT(fault.code, FAULT_CONFLICT);
	move_clear(&move);
	must(moves(source, place, INT_MAX, &move, &fault), &fault);
	CHECK_INT(table_of(&move, "alerts")->n_rows, 299);
	move_clear(&move);
	must(store_open(place, &store, &fault), &fault);
	CHECK_INT(rig_ask(store, "SELECT count(*) FROM alerts WHERE assignee = 'ana'"), 1);
	store_close(store);
}

TEST(nothing_is_moved_over_other_records_or_under_a_collector)
{
	struct move move;
	struct fault fault;
	bool mine, taken_over;
	begin();
	must(moves(source, place, INT_MAX, &move, &fault), &fault);
	move_clear(&move);
	CHECK(!moves(source, place, INT_MAX, &move, &fault));
	CHECK_INT(fault.code, FAULT_CONFLICT);
	move_clear(&move);
	struct store *store;
	must(store_open(source, &store, &fault), &fault);
	must(lease_take(store, "ana@a:1", 4000, 9000, &mine, &taken_over, &fault), &fault);
	CHECK(!moves(source, back, INT_MAX, &move, &fault));
	CHECK_INT(fault.code, FAULT_CONFLICT);
	CHECK(strstr(fault.text, "ana@a:1") != NULL);
	move_clear(&move);
	store_close(store);
	CHECK(!moves("/nowhere/at/all.db", back, INT_MAX, &move, &fault));
	CHECK_INT(fault.code, FAULT_NOT_FOUND);
	move_clear(&move);
}

TESTS(T(there_and_back_it_is_the_same), T(what_was_interrupted_goes_on_and_takes_in_what_changed_since),
    T(nothing_is_moved_over_other_records_or_under_a_collector))
