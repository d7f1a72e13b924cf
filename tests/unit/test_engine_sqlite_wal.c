/* SPDX-License-Identifier: Apache-2.0
 *
 * The write-ahead log is moved beside the writer, and never grows for ever. */
#include "test.h"

#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "store/engine_sqlite_wal.h"

#define WORTH 20
#define STOP  80

static char folder[64], path[80], log_path[88];

static void make_folder(void)
{
	snprintf(folder, sizeof folder, "/tmp/centinela-wal-XXXXXX");
	REQUIRE(mkdtemp(folder) != NULL);
	snprintf(path, sizeof path, "%s/t.db", folder);
	snprintf(log_path, sizeof log_path, "%s-wal", path);
}

static sqlite3 *open_writer(void)
{
	sqlite3 *db;
	REQUIRE(sqlite3_open(path, &db) == SQLITE_OK);
	REQUIRE(sqlite3_exec(db, "PRAGMA page_size=4096; PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
				 "CREATE TABLE IF NOT EXISTS t (id INTEGER PRIMARY KEY, b BLOB)", NULL, NULL, NULL) == SQLITE_OK);
	return db;
}

static bool put(sqlite3 *db, int n)
{
	char sql[160];
	snprintf(sql, sizeof sql, "BEGIN; INSERT INTO t (b) SELECT randomblob(3500) FROM"
		" (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d) SELECT i FROM n); COMMIT", n);
	return sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK;
}

static int64_t size_of(const char *file)
{
	struct stat st;
	return stat(file, &st) == 0 ? st.st_size : 0;
}

static int count(sqlite3 *db)
{
	sqlite3_stmt *st;
	int n = -1;
	if (sqlite3_prepare_v2(db, "SELECT count(*) FROM t", -1, &st, NULL) == SQLITE_OK && sqlite3_step(st) == SQLITE_ROW)
		n = sqlite3_column_int(st, 0);
	sqlite3_finalize(st);
	return n;
}

static void clean(void)
{
	unlink(path);
	unlink(log_path);
	snprintf(log_path, sizeof log_path, "%s-shm", path);
	unlink(log_path);
	rmdir(folder);
}

TEST(a_fast_writer_does_not_outgrow_the_disk)
{
	make_folder();
	sqlite3 *db = open_writer();
	struct wal_keeper *keeper = wal_keeper_new(db, path, (struct wal_limits){ WORTH, STOP });
	int64_t largest = 0;
	for (int i = 0; i < 400; i++) {
		REQUIRE(put(db, 5));
		largest = MAX(largest, size_of(log_path));
	}
	/* The limit, and what one transaction may add over it. */
	CHECK(largest < (STOP + 20) * (4096 + 24));
	CHECK(largest > WORTH * 4096);
	wal_keeper_free(keeper);
	CHECK_INT(count(db), 2000);
	sqlite3_close(db);
	CHECK_INT(size_of(log_path), 0);
	clean();
}

/* A reader that stays holds back what it may still read: nobody hangs. */
TEST(a_reader_that_stays_stops_nobody)
{
	make_folder();
	sqlite3 *db = open_writer(), *reader;
	REQUIRE(put(db, 5));
	REQUIRE(sqlite3_open(path, &reader) == SQLITE_OK);
	REQUIRE(sqlite3_exec(reader, "BEGIN", NULL, NULL, NULL) == SQLITE_OK);
	CHECK_INT(count(reader), 5);
	struct wal_keeper *keeper = wal_keeper_new(db, path, (struct wal_limits){ WORTH, STOP });
	for (int i = 0; i < 60; i++)
		REQUIRE(put(db, 5));
	CHECK_INT(count(reader), 5);
	REQUIRE(sqlite3_exec(reader, "COMMIT", NULL, NULL, NULL) == SQLITE_OK);
	for (int i = 0; i < 60; i++)
		REQUIRE(put(db, 5));
	CHECK_INT(count(reader), 605);
	sqlite3_close(reader);
	wal_keeper_free(keeper);
	sqlite3_close(db);
	clean();
}

/* No descriptor left, say: then the writer moves, as SQLite does by itself. */
TEST(a_mover_that_cannot_open_leaves_it_to_the_writer)
{
	make_folder();
	sqlite3 *db = open_writer();
	struct wal_keeper *keeper = wal_keeper_new(db, "/nowhere/at/all.db", (struct wal_limits){ WORTH, STOP });
	int64_t largest = 0;
	for (int i = 0; i < 400; i++) {
		REQUIRE(put(db, 5));
		largest = MAX(largest, size_of(log_path));
	}
	CHECK(largest < (STOP + 20) * (4096 + 24));
	wal_keeper_free(keeper);
	CHECK_INT(count(db), 2000);
	sqlite3_close(db);
	clean();
}

TEST(a_few_commits_start_nothing)
{
	make_folder();
	sqlite3 *db = open_writer();
	struct wal_keeper *keeper = wal_keeper_new(db, path, (struct wal_limits){ WORTH, STOP });
	REQUIRE(put(db, 1));
	wal_keeper_free(keeper);
	CHECK_INT(count(db), 1);
	sqlite3_close(db);
	clean();
}

TESTS(T(a_fast_writer_does_not_outgrow_the_disk), T(a_reader_that_stays_stops_nobody), T(a_few_commits_start_nothing),
    T(a_mover_that_cannot_open_leaves_it_to_the_writer))
