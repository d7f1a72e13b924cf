/* SPDX-License-Identifier: Apache-2.0
 *
 * PostgreSQL alone: addresses, and a connection that breaks at any moment. */
#include "test.h"

#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/text.h"
#include "net/late.h"
#include "store/bell.h"
#include "store/engine_postgres.h"
#include "store/manual_rows.h"
#include "store/migrate.h"
#include "store/roles.h"
#include "store/store.h"
#include "store_place.h"

static char address[256];

static void must(bool ok, const struct fault *fault)
{
	if (!ok) {
		puts(fault->text);
		exit(1);
	}
}

static const char *value_of(const struct pg_address *read, const char *word)
{
	for (size_t i = 0; i < read->n; i++)
		if (strcmp(read->words[i], word) == 0)
			return read->values[i];
	return "";
}

TEST(a_server_elsewhere_must_prove_who_it_is)
{
	static const struct {
		const char *address, *mode;
	} cases[] = {
		{ "//db.example.org/soc", "verify-full" },
		{ "//ana@db.example.org:5433/soc", "verify-full" },
		{ "//localhost/soc", "" },
		{ "//127.0.0.1/soc", "" },
		{ "//[::1]/soc", "" },
		{ "///soc?host=/run/postgresql", "" },
		{ "///soc", "" },
		{ "//localhost,db.example.org/soc", "verify-full" },
		{ "//localhost/soc?hostaddr=192.0.2.7", "verify-full" },
		{ "//db.example.org/soc?sslmode=verify-ca", "verify-ca" },
		{ "///soc?service=soc", "" }, /* its file says; looked at when connected */
	};
	struct fault fault;
	unsetenv("PGHOST"), unsetenv("PGSSLMODE"), unsetenv("PGSERVICE");
	must(late_pq(&fault), &fault);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct pg_address read;
		must(pg_address_read(cases[i].address, &read, &fault), &fault);
		CHECK_STR(value_of(&read, "sslmode"), cases[i].mode);
		CHECK_STR(value_of(&read, "client_encoding"), "UTF8");
		pg_address_clear(&read);
	}
	setenv("PGHOST", "db.example.org", 1);
	struct pg_address read;
	must(pg_address_read("///soc", &read, &fault), &fault);
	CHECK_STR(value_of(&read, "sslmode"), "verify-full");
	pg_address_clear(&read);
	unsetenv("PGHOST");
}

TEST(no_sentence_holds_a_password)
{
	static const char *const bad[] = { "//ana:s3cr3t@localhost/soc", "//ana@localhost/soc?password=s3cr3t", "///soc?host=/tmp&sslpassword=s3cr3t",
		"//ana:s3cr3t@[::1/soc", "//ana:s3cr3t@localhost/soc?nonsense=1", "//ana:s3cr3t%zz@localhost/soc", "ana:s3cr3t@localhost", "//ana:s3cr3t@localhost:notaport/soc",
		"", "//localhost/soc?client_encoding=LATIN1" };
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		struct db db;
		struct fault fault = { 0 };
		char whole[200];
		snprintf(whole, sizeof whole, "postgresql:%s", bad[i]);
		CHECK(!db_open(whole, OPEN_READ, &db, &fault));
		CHECK(fault.text[0] != '\0' && strstr(fault.text, "s3cr3t") == NULL);
		db_close(&db);
	}
	struct db db;
	struct fault fault;
	CHECK(!db_open("mysql://ana:s3cr3t@localhost/soc", OPEN_READ, &db, &fault));
	CHECK_INT(fault.code, FAULT_USAGE);
	CHECK(strstr(fault.text, "s3cr3t") == NULL && strstr(fault.text, "postgresql://") != NULL);
}

TEST(nobody_at_home_is_a_sentence)
{
	struct db db;
	struct fault fault;
	CHECK(!db_open("postgresql:///soc?host=/nowhere/at/all", OPEN_WRITE, &db, &fault));
	CHECK_INT(fault.code, FAULT_NETWORK);
	CHECK(strstr(fault.text, "postgresql:///soc") != NULL && strchr(fault.text, '\n') == NULL);
}

/* ---- a connection that breaks --------------------------------------------------- */

static struct db open_fresh(enum open_mode mode)
{
	struct store *store;
	struct db db;
	struct fault fault;
	if (*address == '\0') {
		snprintf(address, sizeof address, "broken");
		store_place(address);
		must(store_open(address, &store, &fault), &fault);
		store_close(store);
	}
	must(db_open(address, mode, &db, &fault), &fault);
	return db;
}

static int64_t ask(struct db *db, const char *sql)
{
	struct fault fault;
	int64_t value;
	must(db_ask_int(db, sql, -1, &value, &fault), &fault);
	return value;
}

/* As if the server, or what lies between, had gone. */
static void break_off(struct db *db)
{
	char sql[128];
	struct fault fault;
	struct db other = open_fresh(OPEN_WRITE);
	snprintf(sql, sizeof sql, "SELECT pg_terminate_backend(%lld, 10000)", (long long)ask(db, "SELECT pg_backend_pid()"));
	must(db_exec(&other, sql, &fault), &fault);
	db_close(&other);
}

static bool set(struct db *db, const char *name, const char *value, struct fault *fault)
{
	struct statement *st = db_statement(db, "INSERT INTO settings (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "tt", name, value);
	return db_run(db, st, fault);
}

TEST(a_reader_notices_nothing)
{
	struct db db = open_fresh(OPEN_READ);
	for (int i = 0; i < 4; i++) {
		CHECK(ask(&db, "SELECT count(*) FROM counters") > 3); /* sent, prepared, and both again */
		if (i % 2 == 1)
			break_off(&db);
	}
	for (int i = 0; i < 4; i++) { /* nor where it reads several at one moment */
		struct fault fault;
		must(db_begin_reading(&db, &fault), &fault);
		CHECK(ask(&db, "SELECT count(*) FROM counters") > 3);
		db_rollback(&db);
		if (i % 2 == 1)
			break_off(&db);
	}
	db_close(&db);
}

/* What it had made beside went with the connection: the names would mean the store's. */
TEST(who_has_tables_beside_never_goes_on_without_them)
{
	struct db db = open_fresh(OPEN_ASIDE);
	struct fault fault = { 0 };
	int64_t n;
	must(db_exec(&db, "CREATE TEMP VIEW counters AS SELECT 7 AS value", &fault), &fault);
	CHECK_INT(ask(&db, "SELECT value FROM counters"), 7);
	break_off(&db);
	CHECK(!db_ask_int(&db, "SELECT value FROM counters", 0, &n, &fault));
	CHECK_INT(fault.code, FAULT_NETWORK);
	CHECK(!db_begin_reading(&db, &fault));
	CHECK(!db_ask_int(&db, "SELECT value FROM counters", 0, &n, &fault));
	db_close(&db);
}

TEST(a_transaction_may_begin_anew_but_never_goes_on)
{
	struct db db = open_fresh(OPEN_WRITE);
	struct fault fault;
	break_off(&db);
	CHECK(db_begin(&db, &fault));
	CHECK(set(&db, "first", "kept", &fault));
	CHECK(db_commit(&db, &fault));
	CHECK(db_begin(&db, &fault));
	CHECK(set(&db, "second", "lost", &fault));
	break_off(&db);
	/* What follows would else be a statement by itself, and be kept. */
	for (int i = 0; i < 3; i++) {
		CHECK(!set(&db, "third", "lost", &fault));
		CHECK_INT(fault.code, FAULT_NETWORK);
	}
	CHECK(!db_commit(&db, &fault));
	db_rollback(&db);
	CHECK_INT(ask(&db, "SELECT count(*) FROM settings WHERE name IN ('second', 'third')"), 0);
	CHECK_INT(ask(&db, "SELECT count(*) FROM settings WHERE name = 'first'"), 1);
	db_close(&db);
}

TEST(what_was_written_alone_says_that_it_broke_off_and_comes_back)
{
	struct db db = open_fresh(OPEN_WRITE);
	struct fault fault;
	CHECK(set(&db, "alone", "1", &fault));
	CHECK(set(&db, "alone", "2", &fault));
	break_off(&db);
	CHECK(!set(&db, "alone", "3", &fault));
	CHECK_INT(fault.code, FAULT_NETWORK);
	CHECK(strstr(fault.text, "broke off") != NULL);
	CHECK(set(&db, "alone", "4", &fault));
	CHECK_INT(ask(&db, "SELECT CAST(value AS BIGINT) FROM settings WHERE name = 'alone'"), 4);
	db_close(&db);
}

TEST(a_failed_transaction_is_not_committed_by_its_commit)
{
	struct db db = open_fresh(OPEN_WRITE);
	struct fault fault;
	CHECK(db_begin(&db, &fault));
	CHECK(set(&db, "fifth", "lost", &fault));
	CHECK(!db_exec(&db, "SELECT nothing FROM nowhere", &fault));
	CHECK(!db_commit(&db, &fault));
	CHECK_INT(fault.code, FAULT_STORE);
	db_rollback(&db);
	CHECK_INT(ask(&db, "SELECT count(*) FROM settings WHERE name = 'fifth'"), 0);
	db_close(&db);
}

/* What an analyst does goes; what would rewrite the past does not. */
TEST(the_database_holds_analysts_from_records_and_the_audit_log)
{
	static const char *const allowed[] = { "SELECT count(*) FROM legs", "UPDATE counters SET value = value + 1 WHERE name = 'audit'",
		"INSERT INTO audit (seq, alert_id, at_ms, who, act, was, became, note, hash) VALUES (901, 1, 1, 'ana_of_the_tests', 'claim', '', '', '', '')",
		"INSERT INTO audit_end (id, seq, hash) VALUES (1, 901, '') ON CONFLICT (id) DO UPDATE SET seq = excluded.seq",
		"UPDATE alerts SET assignee = 'a' WHERE id = 1", "DELETE FROM viewers",
		("INSERT INTO containments (id, person, person_name, kind, state, before_body, wished_body, found_body, who, at_ms, changed_ms, alert_id, tracking, error, undone_by)"
		" VALUES (1, 'p', '', 'k', 0, 'b', 'w', '', 'ana_of_the_tests', 1, 1, 1, '', '', '')"),
		"UPDATE containments SET state = 1, tracking = 't', error = 'e', found_body = 'f', undone_by = 'a', changed_ms = 2 WHERE id = 1",
		"INSERT INTO growths SELECT * FROM growths", "INSERT INTO notices SELECT * FROM notices" };
	static const char *const refused[] = { "INSERT INTO audit (seq, alert_id, at_ms, who, act, was, became, note, hash) VALUES (902, 1, 1, 'eva', 'claim', '', '', '', '')",
		"INSERT INTO audit (seq, alert_id, at_ms, who, act, was, became, note, hash) SELECT 902, 1, 1, current_setting('role'), 'claim', '', '', '', ''",
		"UPDATE settings SET value = '0'", "INSERT INTO settings (name, value) VALUES ('notify.until', '0')", "DELETE FROM settings", "DROP POLICY audit_acts ON audit",
		"ALTER TABLE audit DISABLE ROW LEVEL SECURITY", "UPDATE audit SET who = 'b' WHERE seq = 901", "DELETE FROM audit", "TRUNCATE audit", "DELETE FROM audit_end", "UPDATE audit_anchor SET seq = 1",
		"UPDATE lease SET holder = 'me', until_ms = 9000000000000", "UPDATE lease SET until_ms = 0", "DELETE FROM lease", "UPDATE outbox_lease SET holder = 'me'",
		"SELECT * FROM lease FOR UPDATE", "DELETE FROM alerts", "UPDATE containments SET before_body = '{}'", "UPDATE containments SET wished_body = '{}'", "UPDATE containments SET person = 'q', kind = 'l'",
		"DELETE FROM containments", "INSERT INTO legs SELECT * FROM legs", "UPDATE legs SET cost_micro = 0", "DELETE FROM raw", "UPDATE calls SET cost_micro = 0",
		"DELETE FROM evidence", "UPDATE words SET text = 'b'", "SELECT hash FROM tokens", "SELECT answer FROM requests", "DELETE FROM notices", "CREATE TABLE mine (n BIGINT)", "DROP TABLE audit", "ALTER TABLE audit ADD COLUMN b BIGINT" };
	struct db db = open_fresh(OPEN_WRITE), ana;
	struct fault fault;
	struct text sql = { 0 };
	char as_ana[320];
	/* As an older version granted it. */
	must(db_exec(&db, "DO $do$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'centinela_analyst') THEN CREATE ROLE centinela_analyst NOLOGIN; END IF; END $do$;"
		"GRANT UPDATE ON lease, settings, containments TO centinela_analyst", &fault), &fault);
	store_roles_sql(strstr(address, STORE_SCHEMA) + strlen(STORE_SCHEMA), &sql);
	must(db_exec(&db, text_string(&sql), &fault), &fault);
	must(db_exec(&db, text_string(&sql), &fault), &fault); /* once more changes nothing */
	text_clear(&sql);
	must(db_exec(&db, "DROP ROLE IF EXISTS ana_of_the_tests; CREATE ROLE ana_of_the_tests LOGIN IN ROLE centinela_analyst", &fault), &fault);
	const char *user = strstr(address, "user=centinela");
	snprintf(as_ana, sizeof as_ana, "%.*suser=ana_of_the_tests%s", (int)(user - address), address, user + strlen("user=centinela"));
	must(db_open(as_ana, OPEN_WRITE, &ana, &fault) && store_migrate(&ana, &fault), &fault);
	for (size_t i = 0; i < COUNT_OF(allowed); i++)
		must(db_exec(&ana, allowed[i], &fault), &fault);
	for (size_t i = 0; i < COUNT_OF(refused); i++) {
		fault = (struct fault){ 0 };
		CHECK(!db_exec(&ana, refused[i], &fault));
		CHECK(fault.code == FAULT_READ_ONLY || strstr(fault.text, "must be owner") != NULL);
	}
	db_close(&ana);
	/* An alert that she raises, and that grows. */
	struct manual_alert rang = { .title = "The hotline rang", .subject = "+573105550001", .location = "", .note = "", .severity = SEVERITY_HIGH, .who = "a",
		.event_ms = 5000, .now_ms = 5000 };
	struct manual_raised raised = { 0 };
	struct arena texts;
	struct store *hers;
	arena_init(&texts);
	must(store_open(as_ana, &hers, &fault), &fault);
	for (int i = 0; i < 2; i++)
		must(store_raise_manual(hers, &rang, &raised, &texts, NULL, &fault), &fault);
	CHECK(raised.grew);
	store_close(hers);
	arena_clear(&texts);
	/* Whatever she calls herself: the log has her login, and it verifies. */
	CHECK_INT(ask(&db, "SELECT count(*) FROM audit WHERE who = 'a'"), 0);
	CHECK_INT(ask(&db, "SELECT count(*) FROM audit WHERE who = 'ana_of_the_tests'"), 3);
	must(db_exec(&db, "DROP ROLE ana_of_the_tests", &fault), &fault);
	db_close(&db);
}

/* The owner runs `store roles` while an analyst's console is there: she goes on, under her
 * login as soon as the log is of that kind; and in any name again as one who collects. */
TEST(rights_that_change_are_heeded_by_who_is_there)
{
	struct db db = open_fresh(OPEN_WRITE);
	struct fault fault;
	struct text sql = { 0 };
	char hers[320];
	struct store *store;
	struct arena texts;
	arena_init(&texts);
	must(db_exec(&db, "DELETE FROM audit; DELETE FROM audit_end", &fault), &fault);
	store_roles_sql(strstr(address, STORE_SCHEMA) + strlen(STORE_SCHEMA), &sql);
	/* As a version before row-level security left it. */
	must(db_exec(&db, text_string(&sql), &fault) && db_exec(&db, "DROP POLICY audit_acts ON audit; ALTER TABLE audit DISABLE ROW LEVEL SECURITY", &fault) &&
		db_exec(&db, "DROP ROLE IF EXISTS bea_of_the_tests; CREATE ROLE bea_of_the_tests LOGIN IN ROLE centinela_analyst", &fault), &fault);
	const char *user = strstr(address, "user=centinela");
	snprintf(hers, sizeof hers, "%.*suser=bea_of_the_tests%s", (int)(user - address), address, user + strlen("user=centinela"));
	must(store_open(hers, &store, &fault), &fault);
	const char *steps[] = { "", text_string(&sql), text_string(&sql), "GRANT centinela_collector TO bea_of_the_tests", "REVOKE centinela_collector FROM bea_of_the_tests" };
	static const bool vouched[] = { false, true, true, false, true };
	for (int i = 0; i < (int)COUNT_OF(steps); i++) {
		char title[32];
		snprintf(title, sizeof title, "The hotline rang %d", i);
		struct manual_alert rang = { .title = title, .subject = "+573105550001", .location = "", .note = "", .severity = SEVERITY_HIGH, .who = "bea", .event_ms = 5000,
			.now_ms = 5000 };
		struct manual_raised raised = { 0 };
		must(db_exec(&db, steps[i], &fault) && store_raise_manual(store, &rang, &raised, &texts, NULL, &fault), &fault);
		CHECK_INT(ask(&db, vouched[i] ? "SELECT count(*) FROM audit WHERE seq = (SELECT max(seq) FROM audit) AND who = 'bea_of_the_tests'" :
						"SELECT count(*) FROM audit WHERE seq = (SELECT max(seq) FROM audit) AND who = 'bea'"), 1);
	}
	store_close(store);
	arena_clear(&texts);
	text_clear(&sql);
	must(db_exec(&db, "DROP ROLE bea_of_the_tests", &fault), &fault);
	db_close(&db);
}

/* Another process writes; this one hears of it at once, and not of itself. */
TEST(a_commit_rings_in_other_processes)
{
	struct db db = open_fresh(OPEN_WRITE);
	struct bell *bell;
	struct fault fault;
	must(bell_open(address, &bell, &fault), &fault);
	must(db_begin(&db, &fault) && set(&db, "rings", "here", &fault) && db_commit(&db, &fault), &fault);
	ask(&db, "SELECT 1");
	CHECK_INT(bell_hear(bell), BELL_QUIET);
	pid_t child = fork();
	if (child == 0) {
		memset(&db, 0, sizeof db); /* the parent's */
		db = open_fresh(OPEN_WRITE);
		_exit(!(db_begin(&db, &fault) && set(&db, "rings", "there", &fault) && db_commit(&db, &fault)));
	}
	int status;
	REQUIRE(waitpid(child, &status, 0) == child);
	CHECK_INT(status, 0);
	enum bell_state heard;
	do {
		struct pollfd socket = { .fd = bell_socket(bell), .events = POLLIN };
		REQUIRE(poll(&socket, 1, 10000) == 1);
		heard = bell_hear(bell);
	} while (heard == BELL_QUIET);
	CHECK_INT(heard, BELL_RANG);
	bell_close(bell);
	db_close(&db);
	must(bell_open("sqlite:/tmp/whatever.db", &bell, &fault), &fault);
	CHECK(bell == NULL);
}

TEST(who_waits_too_long_for_another_writer_is_told)
{
	struct db db = open_fresh(OPEN_WRITE), other = open_fresh(OPEN_WRITE);
	struct fault fault = { 0 };
	must(db_exec(&other, "SET lock_timeout = '50ms'", &fault), &fault);
	CHECK(db_begin(&db, &fault));
	CHECK(!db_begin(&other, &fault));
	CHECK_INT(fault.code, FAULT_CONFLICT);
	CHECK(db_commit(&db, &fault));
	must(db_exec(&other, "SET lock_timeout = '10s'", &fault), &fault);
	CHECK(db_begin(&other, &fault));
	CHECK(db_commit(&other, &fault));
	db_close(&other);
	db_close(&db);
}

/* What the server's keeper set for everybody: who rests is not sent away, and whose statement
 * was ended is told by whom. */
TEST(limits_of_the_server_are_told_as_such)
{
	struct db db = open_fresh(OPEN_WRITE), reader;
	struct fault fault = { 0 };
	int64_t n = -1;
	must(db_exec(&db, "ALTER ROLE centinela SET idle_session_timeout = '9min'", &fault), &fault);
	must(db_open(address, OPEN_READ, &reader, &fault), &fault);
	must(db_exec(&db, "ALTER ROLE centinela RESET idle_session_timeout", &fault), &fault);
	must(db_ask_int(&reader, "SELECT CAST(setting AS BIGINT) FROM pg_settings WHERE name = 'idle_session_timeout'", -1, &n, &fault), &fault);
	CHECK_INT(n, 0);
	must(db_exec(&db, "SET statement_timeout = '20ms'", &fault) && db_exec(&reader, "SET statement_timeout = '20ms'", &fault), &fault);
	CHECK(!db_exec(&db, "SELECT pg_sleep(60)", &fault));
	CHECK_INT(fault.code, FAULT_STORE);
	CHECK(strstr(fault.text, "a statement failed (") != NULL); /* and why, in the server's language */
	CHECK(!db_exec(&reader, "SELECT pg_sleep(60)", &fault));
	CHECK_INT(fault.code, FAULT_CANCELLED);
	CHECK(strstr(fault.text, "was given up (") != NULL);
	db_close(&reader);
	db_close(&db);
}

/* It was cut off in the middle of a transaction: the server lets go of what it held. */
TEST(a_writer_that_vanished_keeps_nobody_waiting)
{
	struct db db = open_fresh(OPEN_WRITE), other = open_fresh(OPEN_WRITE);
	struct fault fault = { 0 };
	int64_t n;
	must(db_ask_int(&db, "SELECT CAST(setting AS BIGINT) FROM pg_settings WHERE name = 'idle_in_transaction_session_timeout'", 0, &n, &fault), &fault);
	CHECK_INT(n, 20000);
	must(db_exec(&db, "SET idle_in_transaction_session_timeout = '50ms'", &fault), &fault);
	must(db_begin(&db, &fault), &fault);
	must(db_begin(&other, &fault), &fault); /* which waits for the first */
	must(db_commit(&other, &fault), &fault);
	/* It was not dead: it is told, and comes back. */
	CHECK(!db_exec(&db, "SELECT 1", &fault));
	CHECK_INT(fault.code, FAULT_NETWORK);
	CHECK(!db_commit(&db, &fault));
	db_rollback(&db);
	must(db_begin(&db, &fault), &fault);
	must(db_commit(&db, &fault), &fault);
	db_close(&other);
	db_close(&db);
}

TESTS(T(a_server_elsewhere_must_prove_who_it_is), T(no_sentence_holds_a_password), T(nobody_at_home_is_a_sentence), T(a_reader_notices_nothing), T(who_has_tables_beside_never_goes_on_without_them),
    T(a_transaction_may_begin_anew_but_never_goes_on), T(what_was_written_alone_says_that_it_broke_off_and_comes_back),
    T(a_failed_transaction_is_not_committed_by_its_commit), T(a_commit_rings_in_other_processes), T(the_database_holds_analysts_from_records_and_the_audit_log), T(rights_that_change_are_heeded_by_who_is_there), T(who_waits_too_long_for_another_writer_is_told), T(limits_of_the_server_are_told_as_such), T(a_writer_that_vanished_keeps_nobody_waiting))
