/* SPDX-License-Identifier: Apache-2.0 */
#include "acts_rig.h"

#include "store/audit_chain.h"
#include "store/retention.h"

#define LINES 300

static struct store *with_lines(void)
{
	char address[256];
	struct store *store = rig_store(address);
	rig_raise(store, LINES);
	return store;
}

static void run(struct store *store, const char *sql)
{
	struct fault fault;
	must(db_exec(&store->db, sql, &fault), &fault);
}

static struct audit_chain read_all(struct store *store)
{
	struct audit_chain chain = { 0 };
	struct fault fault;
	must(audit_chain_read(&store->db, &chain, &fault), &fault);
	return chain;
}

static void add_line(struct store *store)
{
	struct alert_event event = { 6000, "ana", "note", "", "", "one more" };
	struct fault fault;
	must(store_audit(store, &event, &fault), &fault);
}

TEST(C6_a_log_is_read_whole_in_pieces_of_any_length)
{
	struct store *store = with_lines();
	for (size_t most = 1; most <= LINES + 1; most += most < 4 ? 1 : 33) {
		struct audit_chain chain = { 0 };
		struct fault fault;
		size_t n_pieces = 0;
		while (!chain.ready && n_pieces++ < 2 * LINES)
			REQUIRE(audit_chain_read_on(&store->db, &chain, most, &fault));
		CHECK(chain.ready);
		CHECK_INT(chain.broken_at, 0);
		CHECK_INT(chain.n, LINES);
		CHECK_INT(n_pieces, LINES / most + 1);
	}
	store_close(store);
}

TEST(C6_a_changed_line_is_found_wherever_it_is)
{
	static const char *const crimes[] = { "UPDATE audit SET who = 'mallory' WHERE seq = 1", "UPDATE audit SET who = 'mallory' WHERE seq = 5",
		"UPDATE audit SET at_ms = 1 WHERE seq = 299", "UPDATE audit SET note = 'x' WHERE seq = 300", "UPDATE audit SET hash = zeroblob(32) WHERE seq = 150",
		"UPDATE audit SET hash = zeroblob(3) WHERE seq = 150", "DELETE FROM audit WHERE seq = 7", "DELETE FROM audit WHERE seq <= 7" };
	static const int64_t where[] = { 1, 5, 299, 300, 150, 150, 7, 1 };
	for (size_t i = 0; i < COUNT_OF(crimes); i++) {
		struct store *store = with_lines();
		run(store, crimes[i]);
		CHECK_INT(read_all(store).broken_at, where[i]);
		store_close(store);
	}
}

TEST(C6_lines_taken_from_the_end_are_missed_for_ever)
{
	struct store *store = with_lines();
	run(store, "DELETE FROM audit WHERE seq > 297");
	CHECK_INT(read_all(store).broken_at, 298);
	add_line(store);
	CHECK_INT(rig_ask(store, "SELECT max(seq) FROM audit"), LINES + 1);
	CHECK_INT(read_all(store).broken_at, 298);
	store_close(store);
	/* With all lines, and with the note of the end. */
	store = with_lines();
	run(store, "DELETE FROM audit");
	CHECK_INT(read_all(store).broken_at, 1);
	store_close(store);
	store = with_lines();
	run(store, "DELETE FROM audit WHERE seq > 297; DELETE FROM audit_end");
	CHECK_INT(read_all(store).broken_at, 297);
	add_line(store);
	CHECK_INT(read_all(store).broken_at, 298);
	store_close(store);
	/* A line that was put there by another way than the program's. */
	store = with_lines();
	run(store, "UPDATE audit_end SET hash = zeroblob(32)");
	CHECK_INT(read_all(store).broken_at, LINES);
	run(store, "UPDATE audit_end SET seq = 299, hash = (SELECT hash FROM audit WHERE seq = 299)");
	CHECK_INT(read_all(store).broken_at, LINES);
	store_close(store);
}

TEST(what_is_new_is_read_on_and_the_last_known_line_is_looked_at_again)
{
	struct store *store = with_lines();
	struct fault fault;
	struct audit_chain chain = read_all(store), known = chain;
	add_line(store);
	REQUIRE(audit_chain_read(&store->db, &chain, &fault));
	CHECK_INT(chain.broken_at, 0);
	CHECK_INT(chain.n, LINES + 1);
	run(store, "UPDATE audit SET hash = zeroblob(32) WHERE seq = 300");
	REQUIRE(audit_chain_read(&store->db, &known, &fault));
	CHECK_INT(known.broken_at, LINES);
	run(store, "DELETE FROM audit WHERE seq = 301");
	REQUIRE(audit_chain_read(&store->db, &chain, &fault));
	CHECK_INT(chain.broken_at, LINES + 1);
	store_close(store);
}

TEST(lines_that_are_retired_while_it_is_read_break_nothing)
{
	struct store *store = with_lines();
	struct fault fault;
	struct audit_chain chain = { 0 };
	REQUIRE(audit_chain_read_on(&store->db, &chain, 50, &fault));
	CHECK_INT(chain.seq, 50);
	run(store, "UPDATE alerts SET rank = 0");
	int64_t n;
	struct retention keep = { .audit_ms = 1 };
	REQUIRE(store_retire(store, &keep, 10000, 200, &n, &fault));
	CHECK_INT(rig_ask(store, "SELECT min(seq) FROM audit"), 201);
	while (!chain.ready)
		REQUIRE(audit_chain_read_on(&store->db, &chain, 50, &fault));
	CHECK_INT(chain.broken_at, 0);
	CHECK_INT(chain.n, LINES - 200 + 1);
	store_close(store);
}

TEST(an_end_that_was_noted_elsewhere_is_looked_for)
{
	struct store *store = with_lines();
	struct audit_chain chain = read_all(store);
	char mark[AUDIT_MARK_BYTES];
	struct fault fault;
	bool kept;
	audit_mark(&chain, mark);
	add_line(store);
	REQUIRE(audit_mark_kept(&store->db, mark, &kept, &fault));
	CHECK(kept);
	mark[5] = mark[5] == '0' ? '1' : '0';
	REQUIRE(audit_mark_kept(&store->db, mark, &kept, &fault));
	CHECK(!kept);
	static const char *const none[] = { "", "7", "7:", "x:00", ":", "0:0", "-1:0000000000000000000000000000000000000000000000000000000000000000",
		"99999999999999999999999999:0000000000000000000000000000000000000000000000000000000000000000",
		"7:000000000000000000000000000000000000000000000000000000000000000g" };
	for (size_t i = 0; i < COUNT_OF(none); i++) {
		CHECK(!audit_mark_kept(&store->db, none[i], &kept, &fault));
		CHECK_INT(fault.code, FAULT_USAGE);
	}
	store_close(store);
}

TEST(an_empty_log_holds)
{
	char address[256];
	struct store *store = rig_store(address);
	CHECK_INT(read_all(store).broken_at, 0);
	add_line(store);
	CHECK_INT(read_all(store).n, 1);
	store_close(store);
}

/* A program of before the end was noted writes its line, and not the end. */
TEST(a_line_of_a_program_that_knows_no_end_is_gone_on_from)
{
	struct store *store = with_lines();
	char sql[200];
	snprintf(sql, sizeof sql, "UPDATE audit_end SET seq = %d, hash = (SELECT hash FROM audit WHERE seq = %d)", LINES - 1, LINES - 1);
	run(store, sql);
	add_line(store);
	struct audit_chain chain = read_all(store);
	CHECK_INT(chain.broken_at, 0);
	CHECK_INT(chain.n, LINES + 1);
	store_close(store);
}

TESTS(T(a_line_of_a_program_that_knows_no_end_is_gone_on_from), T(C6_a_log_is_read_whole_in_pieces_of_any_length), T(C6_a_changed_line_is_found_wherever_it_is), T(C6_lines_taken_from_the_end_are_missed_for_ever),
    T(what_is_new_is_read_on_and_the_last_known_line_is_looked_at_again), T(lines_that_are_retired_while_it_is_read_break_nothing),
    T(an_end_that_was_noted_elsewhere_is_looked_for), T(an_empty_log_holds))
