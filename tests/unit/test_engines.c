/* SPDX-License-Identifier: Apache-2.0
 *
 * What every engine must do alike; of both (store_place.h). */
#include "test.h"

#include <limits.h>

#include "base/fold.h"
#include "base/mem.h"
#include "base/text.h"
#include "store/engine.h"
#include "store/migrate.h"
#include "store_place.h"

static char address[256];

static void must(bool ok, const struct fault *fault)
{
	if (!ok) {
		puts(fault->text);
		exit(1);
	}
}

static struct db open_mode(enum open_mode mode)
{
	struct db db;
	struct fault fault;
	must(db_open(address, mode, &db, &fault), &fault);
	return db;
}

/* A store with nothing in it, and a table of the test's own. */
static struct db begin(void)
{
	struct fault fault;
	snprintf(address, sizeof address, "/tmp/centinela-engine-%ld.db", (long)getpid());
	store_place(address);
	struct db db = open_mode(OPEN_WRITE);
	must(store_migrate(&db, &fault), &fault);
	must(db_exec(&db, "CREATE TABLE things (id INTEGER PRIMARY KEY, word TEXT)", &fault), &fault);
	return db;
}

static void end(struct db *db)
{
	db_close(db);
	store_remove(address);
}

static int64_t ask(struct db *db, const char *sql)
{
	struct fault fault;
	int64_t value;
	must(db_ask_int(db, sql, INT64_MIN, &value, &fault), &fault);
	return value;
}

static struct statement *statement(struct db *db, const char *sql)
{
	struct fault fault;
	struct statement *st = db_statement(db, sql, &fault);
	must(st != NULL, &fault);
	return st;
}

static void put(struct db *db, int64_t id, const char *word)
{
	struct fault fault;
	struct statement *st = statement(db, "INSERT INTO words (text, id) VALUES ($2, $1)");
	db_bind(db, st, "it", id, word);
	must(db_run(db, st, &fault), &fault);
}

TEST(a_parameter_is_its_number_wherever_it_stands)
{
	struct db db = begin();
	struct fault fault;
	put(&db, 7, "seven");
	struct statement *st = statement(&db, "SELECT $3, id, $1, $2 FROM words WHERE text = $2 AND id = $1");
	db_bind(&db, st, "iti", INT64_C(7), "seven", INT64_MIN);
	CHECK_INT(db_step(&db, st, &fault), STEP_ROW);
	CHECK_INT(db_int(&db, st, 0), INT64_MIN);
	CHECK_INT(db_int(&db, st, 2), 7);
	CHECK_STR(db_text(&db, st, 3), "seven");
	CHECK_INT(db_step(&db, st, &fault), STEP_DONE);
	/* More than the text has is nothing; so is a gap. */
	st = statement(&db, "SELECT id FROM words WHERE id = $1 OR id = $3");
	db_bind(&db, st, "iiiit", INT64_C(1), INT64_C(2), INT64_C(7), INT64_C(4), "five");
	CHECK_INT(db_step(&db, st, &fault), STEP_ROW);
	CHECK_INT(db_int(&db, st, 0), 7);
	end(&db);
}

TEST(null_and_what_is_not_take_turns_in_one_statement)
{
	struct db db = begin();
	struct fault fault;
	static const unsigned char bytes[] = { 0, 255, '\\', '\'', 0 };
	struct statement *st = statement(&db, "SELECT coalesce($1, -1), $1 IS NULL, coalesce($2, 'none'), length($3)");
	for (int turn = 0; turn < 6; turn++) {
		if (turn % 2 == 0)
			db_bind(&db, st, "zzb", bytes, sizeof bytes);
		else
			db_bind(&db, st, "itb", INT64_C(5), "text", bytes, sizeof bytes);
		CHECK_INT(db_step(&db, st, &fault), STEP_ROW);
		CHECK_INT(db_int(&db, st, 0), turn % 2 == 0 ? -1 : 5);
		CHECK_INT(db_int(&db, st, 1), turn % 2 == 0);
		CHECK_STR(db_text(&db, st, 2), turn % 2 == 0 ? "none" : "text");
		CHECK_INT(db_int(&db, st, 3), sizeof bytes);
		CHECK_INT(db_step(&db, st, &fault), STEP_DONE);
		db.engine->reset(st);
	}
	end(&db);
}

TEST(bytes_come_back_as_they_went_and_an_absent_column_is_empty)
{
	struct db db = begin();
	struct fault fault;
	unsigned char bytes[256];
	for (int i = 0; i < 256; i++)
		bytes[i] = (unsigned char)i;
	struct statement *st = statement(&db, "INSERT INTO raw (id, stored_ms, n_bytes, zstd) VALUES ($1, 0, 0, $2)");
	for (int64_t i = 0; i < 2; i++) {
		db_bind(&db, st, "ib", i, bytes, i == 0 ? sizeof bytes : 0);
		must(db_run(&db, st, &fault), &fault);
		CHECK_INT(db.engine->changes(db.session), 1);
	}
	st = statement(&db, "SELECT zstd, NULL, zstd FROM raw ORDER BY id");
	for (int i = 0; i < 2; i++) {
		size_t n, again;
		CHECK_INT(db_step(&db, st, &fault), STEP_ROW);
		const void *got = db_blob(&db, st, 0, &n), *twice = db_blob(&db, st, 2, &again);
		CHECK(n == (i == 0 ? sizeof bytes : 0) && memcmp(got, bytes, n) == 0);
		CHECK(again == n && memcmp(twice, bytes, n) == 0);
		CHECK(db_is_null(&db, st, 1));
		CHECK_INT(db_int(&db, st, 1), 0);
		CHECK_STR(db_text(&db, st, 1), "");
	}
	end(&db);
}

TEST(rows_are_walked_while_others_are_asked_and_changed)
{
	struct db db = begin();
	struct fault fault;
	char word[40];
	for (int64_t i = 1; i <= 500; i++) {
		snprintf(word, sizeof word, "%d it's \"quoted\"\n", (int)i);
		put(&db, i, word);
	}
	CHECK(db_begin(&db, &fault));
	struct statement *outer = statement(&db, "SELECT id, text FROM words ORDER BY id");
	struct statement *inner = statement(&db, "SELECT sum(id) FROM words WHERE id <= $1");
	struct statement *change = statement(&db, "INSERT INTO things (id, word) VALUES ($1, NULL)");
	int64_t n = 0, total = 0;
	while (db_step(&db, outer, &fault) == STEP_ROW) {
		n++;
		db_bind(&db, change, "i", n);
		CHECK(db_run(&db, change, &fault));
		db.engine->reset(inner);
		db_bind(&db, inner, "i", n);
		CHECK_INT(db_step(&db, inner, &fault), STEP_ROW);
		/* The row that is looked at stays. */
		CHECK_INT(db_int(&db, outer, 0), n);
		snprintf(word, sizeof word, "%d it's \"quoted\"\n", (int)n);
		CHECK_STR(db_text(&db, outer, 1), word);
		total += db_int(&db, inner, 0) == n * (n + 1) / 2;
	}
	CHECK_INT(n, 500);
	CHECK_INT(total, 500);
	CHECK(db_commit(&db, &fault));
	CHECK_INT(ask(&db, "SELECT count(*) FROM things"), 500);
	end(&db);
}

TEST(a_walk_that_is_left_early_is_over)
{
	struct db db = begin();
	struct fault fault;
	must(db_exec(&db, "INSERT INTO things WITH RECURSIVE x(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM x WHERE i < 20000) SELECT i, 'w' FROM x", &fault), &fault);
	struct db reader = open_mode(OPEN_READ);
	struct statement *st = statement(&reader, "SELECT id FROM things ORDER BY id");
	for (int turn = 0; turn < 4; turn++) {
		CHECK_INT(db_step(&reader, st, &fault), STEP_ROW);
		CHECK_INT(db_int(&reader, st, 0), 1);
		reader.engine->reset(st);
		CHECK_INT(ask(&reader, "SELECT count(*) FROM things"), 20000);
	}
	db_close(&reader);
	end(&db);
}

static bool for_a_while(void *arg)
{
	return ++*(int *)arg < 3;
}

TEST(a_question_that_nobody_wants_any_more_ends_and_the_next_is_answered)
{
	struct db db = begin();
	struct fault fault = { 0 };
	int n = 0, forever = -1000000;
	db_ask_whether(&db, for_a_while, &n);
	struct statement *st = statement(&db, "WITH RECURSIVE x(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM x WHERE i < 2000000000) SELECT count(*) FROM x");
	CHECK_INT(db_step(&db, st, &fault), STEP_FAULT);
	CHECK_INT(fault.code, FAULT_CANCELLED);
	db_ask_whether(&db, for_a_while, &forever);
	CHECK_INT(ask(&db, "SELECT 5"), 5);
	db_ask_whether(&db, NULL, NULL);
	end(&db);
}

TEST(text_that_is_none_is_taken_all_the_same)
{
	static const struct {
		const char *bytes;
		size_t n;
	} odd[] = { { "broken \xFF here", 13 }, { "\xC3", 1 }, { "cut \xE2\x82", 6 }, { "\xED\xA0\x80", 3 }, { "a\0b", 3 }, { "", 0 }, { "\xEF\xBF\xBD", 3 } };
	struct db db = begin();
	struct fault fault;
	struct statement *st = statement(&db, "INSERT INTO things (id, word) VALUES ($1, $2)");
	for (size_t i = 0; i < COUNT_OF(odd); i++) {
		db_bind(&db, st, "iT", (int64_t)i, odd[i].bytes, odd[i].n);
		must(db_run(&db, st, &fault), &fault);
	}
	st = statement(&db, "SELECT word FROM things ORDER BY id");
	for (size_t i = 0; i < COUNT_OF(odd); i++) {
		char want[64], got[64];
		CHECK_INT(db_step(&db, st, &fault), STEP_ROW);
		/* On a screen they are the same. */
		text_printable(want, sizeof want, odd[i].bytes, odd[i].n == 3 && odd[i].bytes[1] == '\0' ? 1 : odd[i].n);
		text_printable(got, sizeof got, db_text(&db, st, 0), strlen(db_text(&db, st, 0)));
		got[odd[i].n == 3 && odd[i].bytes[1] == '\0' ? 1 : strlen(got)] = '\0';
		CHECK_STR(got, want);
	}
	end(&db);
}

TEST(letters_are_folded_and_ordered_as_base_fold_says)
{
	struct db db = begin();
	struct fault fault;
	struct statement *st = statement(&db, "SELECT fold($1), fold($2)");
	for (uint32_t from = 1; from < 0x3000; from += 64) {
		char raw[400], want[400];
		size_t n = 0;
		for (uint32_t point = from; point < from + 64; point++)
			n += utf8_encode(point, raw + n);
		text_fold(want, sizeof want, raw, n);
		db_bind(&db, st, "Tz", raw, n);
		CHECK_INT(db_step(&db, st, &fault), STEP_ROW);
		CHECK_STR(db_text(&db, st, 0), want);
		CHECK(db_is_null(&db, st, 1));
		db.engine->reset(st);
	}
	static const char *const in_order[] = { "", "A", "Z", "a", "z", "É", "é" };
	for (size_t i = 0; i < COUNT_OF(in_order); i++)
		put(&db, 100 - (int64_t)i, in_order[i]);
	st = statement(&db, "SELECT text FROM words ORDER BY text");
	for (size_t i = 0; i < COUNT_OF(in_order); i++) {
		CHECK_INT(db_step(&db, st, &fault), STEP_ROW);
		CHECK_STR(db_text(&db, st, 0), in_order[i]);
	}
	end(&db);
}

TEST(a_transaction_with_a_fault_in_it_keeps_nothing)
{
	struct db db = begin();
	struct fault fault = { 0 };
	CHECK(db_begin(&db, &fault));
	put(&db, 1, "one");
	struct statement *st = statement(&db, "INSERT INTO words (text, id) VALUES ($2, $1)");
	db_bind(&db, st, "it", INT64_C(1), "again");
	CHECK(!db_run(&db, st, &fault));
	CHECK(fault.code == FAULT_STORE && fault.text[0] != '\0');
	db_rollback(&db);
	CHECK_INT(ask(&db, "SELECT count(*) FROM words"), 0);
	put(&db, 1, "one");
	CHECK_INT(ask(&db, "SELECT count(*) FROM words"), 1);
	end(&db);
}

TEST(one_writes_at_a_time_and_readers_see_what_was_committed)
{
	struct db db = begin(), reader = open_mode(OPEN_READ);
	struct fault fault;
	CHECK(db_begin(&db, &fault));
	put(&db, 1, "one");
	CHECK_INT(ask(&reader, "SELECT count(*) FROM words"), 0);
	CHECK(db_commit(&db, &fault));
	CHECK_INT(ask(&reader, "SELECT count(*) FROM words"), 1);
	struct statement *st = statement(&reader, "DELETE FROM words");
	CHECK_INT(db_step(&reader, st, &fault), STEP_FAULT);
	CHECK_INT(fault.code, FAULT_READ_ONLY);
	db_close(&reader);
	CHECK_INT(ask(&db, "SELECT count(*) FROM words"), 1);
	end(&db);
}

TEST(a_store_that_is_not_there_is_not_found)
{
	struct db db;
	struct fault fault = { 0 };
	snprintf(address, sizeof address, "/tmp/centinela-engine-%ld-none.db", (long)getpid());
	store_place(address);
	CHECK(!db_open(address, OPEN_READ, &db, &fault));
	CHECK_INT(fault.code, FAULT_NOT_FOUND);
	db_close(&db);
}

TESTS(T(a_parameter_is_its_number_wherever_it_stands), T(null_and_what_is_not_take_turns_in_one_statement),
    T(bytes_come_back_as_they_went_and_an_absent_column_is_empty), T(rows_are_walked_while_others_are_asked_and_changed),
    T(a_walk_that_is_left_early_is_over), T(a_question_that_nobody_wants_any_more_ends_and_the_next_is_answered),
    T(text_that_is_none_is_taken_all_the_same), T(letters_are_folded_and_ordered_as_base_fold_says),
    T(a_transaction_with_a_fault_in_it_keeps_nothing), T(one_writes_at_a_time_and_readers_see_what_was_committed),
    T(a_store_that_is_not_there_is_not_found))
