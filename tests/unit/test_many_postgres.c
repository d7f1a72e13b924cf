/* SPDX-License-Identifier: Apache-2.0
 *
 * Many rows at once, as only PostgreSQL takes them: by COPY, which goes on while more
 * come, and as columns of one statement. */
#include "test.h"

#include "store/many.h"
#include "store_place.h"

static char address[256];

static void must(bool ok, const struct fault *fault)
{
	if (!ok) {
		puts(fault->text);
		exit(1);
	}
}

static struct db open_fresh(void)
{
	struct db db;
	struct fault fault;
	snprintf(address, sizeof address, "many%d", rand());
	store_place(address);
	must(db_open(address, OPEN_WRITE, &db, &fault), &fault);
	must(db_exec(&db, "CREATE TABLE things (n BIGINT PRIMARY KEY, t TEXT, b BYTEA); CREATE TABLE others (n BIGINT PRIMARY KEY)", &fault), &fault);
	return db;
}

static int64_t ask(struct db *db, const char *sql)
{
	struct fault fault;
	int64_t value;
	must(db_ask_int(db, sql, -1, &value, &fault), &fault);
	return value;
}

static void put_thing(struct copy *rows, int64_t n, const char *text, const void *bytes, size_t n_bytes)
{
	copy_row(rows, 3);
	copy_int(rows, n);
	if (text == NULL)
		copy_null(rows);
	else
		copy_text(rows, text, strlen(text));
	if (bytes == NULL)
		copy_null(rows);
	else
		copy_bytes(rows, bytes, n_bytes);
}

static bool copy_numbers(struct db *db, const char *into, int64_t first, int64_t last, struct fault *fault)
{
	struct copy rows = { 0 };
	for (int64_t n = first; n <= last; n++) {
		copy_row(&rows, 1);
		copy_int(&rows, n);
	}
	bool ok = db->engine->copy(db->session, into, &rows, fault);
	text_clear(&rows.rows);
	return ok;
}

#define PUT_THINGS "INSERT INTO things (n, t, b) SELECT * FROM unnest($1, $2, $3) ON CONFLICT (n) DO UPDATE SET t = excluded.t, b = excluded.b"

TEST(rows_arrive_as_they_were_given)
{
	static const char hostile[] = "{\"a\\\\\",NULL}'; --", broken[] = "a\xff\xc3z"; /* no UTF-8 */
	struct db db = open_fresh();
	struct fault fault;
	struct copy rows = { 0 };
	must(db_begin(&db, &fault), &fault);
	must(many_run(&db, PUT_THINGS, "itb", &rows, &fault), &fault); /* of none */
	for (int turn = 0; turn < 3; turn++) { /* sent, prepared, and not waited for */
		put_thing(&rows, INT64_MIN, "", "", 0);
		put_thing(&rows, -1, NULL, NULL, 0);
		put_thing(&rows, turn, hostile, "\0\1\xff", 3);
		put_thing(&rows, INT64_MAX, broken, "\"{},", 4);
		must(many_run(&db, PUT_THINGS, "itb", &rows, &fault), &fault);
		CHECK_INT(rows.n, 0);
	}
	must(db_commit(&db, &fault), &fault);
	CHECK_INT(ask(&db, "SELECT count(*) FROM things"), 6);
	CHECK_INT(ask(&db, "SELECT count(*) FROM things WHERE n = -1 AND t IS NULL AND b IS NULL"), 1);
	CHECK_INT(ask(&db, "SELECT count(*) FROM things WHERE n = -9223372036854775808 AND t = '' AND b = ''"), 1);
	CHECK_INT(ask(&db, "SELECT count(*) FROM things WHERE t = '{\"a\\\\\",NULL}''; --' AND b = '\\x0001ff'"), 3);
	CHECK_INT(ask(&db, "SELECT count(*) FROM things WHERE n = 9223372036854775807 AND t = U&'a\\FFFD\\FFFDz' AND b = '\\x227b7d2c'"), 1);
	text_clear(&rows.rows);
	db_close(&db);
}

TEST(a_copy_goes_on_while_rows_for_the_same_place_come)
{
	struct db db = open_fresh();
	struct fault fault;
	must(db_begin(&db, &fault), &fault);
	for (int64_t n = 0; n < 10; n++)
		must(copy_numbers(&db, "others (n)", n * 1000, n * 1000 + 999, &fault), &fault);
	must(copy_numbers(&db, "things (n)", 1, 2, &fault), &fault);
	must(copy_numbers(&db, "others (n)", 10000, 10000, &fault), &fault);
	CHECK_INT(ask(&db, "SELECT count(*) FROM others"), 10001); /* whoever asks sees all of them */
	CHECK_INT(ask(&db, "SELECT count(*) FROM things"), 2);
	must(copy_numbers(&db, "others (n)", 10001, 10001, &fault), &fault);
	must(db_commit(&db, &fault), &fault);
	CHECK_INT(ask(&db, "SELECT count(*) FROM others"), 10002);
	db_close(&db);
}

/* By a statement, one that nobody waits for, rows for another place, and the commit. */
TEST(what_could_not_be_copied_is_said_by_what_comes_next)
{
	struct db db = open_fresh();
	struct fault fault = { 0 };
	int64_t n;
	must(db_exec(&db, "INSERT INTO others (n) VALUES (7)", &fault), &fault);
	for (int way = 0; way < 4; way++) {
		struct copy row = { 0 };
		must(db_begin(&db, &fault), &fault);
		must(copy_numbers(&db, "others (n)", 5, 9, &fault), &fault);
		fault = (struct fault){ 0 };
		put_thing(&row, 1, "a", "b", 1);
		CHECK(!(way == 0 ? db_ask_int(&db, "SELECT count(*) FROM others", 0, &n, &fault) : way == 1 ? copy_numbers(&db, "things (n)", 1, 1, &fault) :
		    way == 2 ? many_run(&db, PUT_THINGS, "itb", &row, &fault) : db_commit(&db, &fault)));
		CHECK_INT(fault.code, FAULT_STORE);
		CHECK(strstr(fault.text, "others_pkey") != NULL);
		db_rollback(&db);
		CHECK_INT(ask(&db, "SELECT count(*) FROM others"), 1);
		text_clear(&row.rows);
	}
	db_close(&db);
}

TEST(rows_that_nobody_waited_for_go_with_their_transaction)
{
	struct db db = open_fresh();
	struct fault fault;
	must(db_begin(&db, &fault), &fault);
	must(copy_numbers(&db, "others (n)", 1, 1000, &fault), &fault);
	db_rollback(&db);
	CHECK_INT(ask(&db, "SELECT count(*) FROM others"), 0);
	db_close(&db);
}

TEST(a_connection_that_breaks_while_rows_are_on_their_way_is_told)
{
	struct db db = open_fresh(), other;
	struct fault fault;
	char sql[128];
	int64_t n;
	must(db_open(address, OPEN_WRITE, &other, &fault), &fault);
	must(db_begin(&db, &fault), &fault);
	snprintf(sql, sizeof sql, "SELECT pg_terminate_backend(%lld, 10000)", (long long)ask(&db, "SELECT pg_backend_pid()"));
	must(copy_numbers(&db, "others (n)", 1, 1000, &fault), &fault);
	must(db_exec(&other, sql, &fault), &fault);
	bool ok = true;
	for (n = 1; ok && n < 1000; n++) /* more than any buffer holds */
		ok = copy_numbers(&db, "others (n)", n * 1000 + 1, n * 1000 + 1000, &fault);
	CHECK(!ok || !db_commit(&db, &fault));
	CHECK_INT(fault.code, FAULT_NETWORK);
	db_rollback(&db);
	must(db_begin(&db, &fault), &fault); /* over a new one */
	must(copy_numbers(&db, "others (n)", 5, 6, &fault), &fault);
	must(db_commit(&db, &fault), &fault);
	CHECK_INT(ask(&other, "SELECT sum(n) FROM others"), 11);
	db_close(&other);
	db_close(&db);
}

TESTS(T(rows_arrive_as_they_were_given), T(a_copy_goes_on_while_rows_for_the_same_place_come), T(what_could_not_be_copied_is_said_by_what_comes_next),
    T(rows_that_nobody_waited_for_go_with_their_transaction), T(a_connection_that_breaks_while_rows_are_on_their_way_is_told))
