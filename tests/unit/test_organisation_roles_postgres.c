/* SPDX-License-Identifier: Apache-2.0
 *
 * A role of one organisation, with SQL of its own and a connection to the same database,
 * tries to see or to disturb another: tables by their whole name, search_path, functions,
 * views, statistics, COPY, channels, locks, the list. */
#include "acts_rig.h"

#include <libpq-fe.h>
#include <poll.h>
#include <stdarg.h>
#include <sys/wait.h>

#include "net/late.h"
#include "store/bell.h"
#include "store/lease_rows.h"
#include "store/organisation_rows.h"
#include "store/roles.h"
#include "store/store.h"

static char home[256], schema[40], a_key[32], b_key[32], *a_place, *b_place, ana[40], bea[40];
static struct fault fault;

static void run(struct db *db, const char *format, ...) PRINTF_LIKE(2, 3);
static void run(struct db *db, const char *format, ...)
{
	char sql[1000];
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(sql, sizeof sql, format, arguments);
	va_end(arguments);
	must(db_exec(db, sql, &fault), &fault);
}

/* The address as another user's. */
static void as_user(const char *address, const char *who, char out[400])
{
	const char *user = strstr(address, "user=centinela");
	snprintf(out, 400, "%.*suser=%s%s", (int)(user - address), address, who, user + strlen("user=centinela"));
}

static void begin(void)
{
	struct store *store = rig_store(home);
	struct db db;
	snprintf(schema, sizeof schema, "%s", strstr(home, STORE_SCHEMA) + strlen(STORE_SCHEMA));
	snprintf(a_key, sizeof a_key, "ra%ldx%d", (long)getpid(), rig_n_stores);
	snprintf(b_key, sizeof b_key, "rb-%ld-%d", (long)getpid(), rig_n_stores);
	snprintf(ana, sizeof ana, "ana_%ld", (long)getpid());
	snprintf(bea, sizeof bea, "bea_%ld", (long)getpid());
	rig_raise(store, 1);
	store_close(store);
	a_place = organisation_address(home, a_key);
	b_place = organisation_address(home, b_key);
	must(organisation_add(home, a_key, "Acme", 1, &fault) && organisation_grant(home, a_key, true, &fault), &fault);
	must(organisation_add(home, b_key, "Bodegas", 2, &fault) && organisation_grant(home, b_key, true, &fault), &fault);
	must(organisation_grant(home, a_key, true, &fault), &fault); /* once more changes nothing */
	for (int i = 0; i < 2; i++) {
		must(store_open(i == 0 ? a_place : b_place, &store, &fault), &fault);
		rig_raise(store, 2 + (size_t)i);
		store_close(store);
	}
	must(db_open(home, OPEN_WRITE, &db, &fault), &fault);
	run(&db, "CREATE ROLE %s LOGIN IN ROLE \"centinela_%s_analyst\", \"centinela_%s_collector\"", ana, a_key, a_key);
	run(&db, "CREATE ROLE %s LOGIN IN ROLE \"centinela_%s_viewer\"", bea, b_key);
	run(&db, "ANALYZE \"org_%s\".alerts; ANALYZE \"org_%s\".alerts", a_key, b_key);
	db_close(&db);
}

static void end(void)
{
	struct db db;
	must(db_open(home, OPEN_WRITE, &db, &fault), &fault);
	run(&db, "DROP OWNED BY %s, %s; DROP ROLE %s, %s", ana, bea, ana, bea);
	db_close(&db);
	must(organisation_remove(home, a_key, true, &fault) && organisation_grant(home, a_key, false, &fault), &fault);
	must(organisation_remove(home, b_key, true, &fault) && organisation_grant(home, b_key, false, &fault), &fault);
	store_remove(home);
	free(a_place);
	free(b_place);
}

/* $B for B's schema, $H for the store's own, $K for B's key. */
static void fill_in(const char *pattern, struct text *out)
{
	text_reset(out);
	for (const char *p = pattern; *p != '\0'; p++) {
		if (*p != '$' || strchr("BHK", p[1]) == NULL || p[1] == '\0')
			text_putc(out, *p);
		else if (*++p == 'B')
			text_printf(out, "\"org_%s\"", b_key);
		else
			text_puts(out, *p == 'H' ? schema : b_key);
	}
}

TEST(a_role_of_one_finds_nothing_of_the_other)
{
	static const char *const refused[] = {
		"SELECT * FROM $B.alerts", "SELECT count(*) FROM $B.legs", "SELECT channel FROM $B.organisation", "SELECT hash FROM $B.tokens",
		"SET search_path = $B; SELECT * FROM alerts", "SET search_path = $B, public; UPDATE lease SET holder = 'me'",
		"UPDATE $B.lease SET holder = 'me', until_ms = 9e15", "INSERT INTO $B.settings VALUES ('x', 'y')", "DELETE FROM $B.alerts", "TRUNCATE $B.alerts",
		"COPY $B.alerts TO STDOUT", "COPY (SELECT * FROM $B.calls) TO STDOUT", "LOCK TABLE $B.writers IN ACCESS SHARE MODE", "LOCK TABLE $B.alerts",
		"CREATE TEMP VIEW mine AS SELECT * FROM $B.alerts; SELECT * FROM mine", "CREATE TABLE $B.mine (n int)", "DROP TABLE $B.alerts", "ALTER SCHEMA $B RENAME TO x",
		"CREATE FUNCTION pg_temp.f() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM $B.alerts'; SELECT pg_temp.f()",
		"CREATE FUNCTION pg_temp.g() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS 'SELECT count(*) FROM $B.alerts'; SELECT pg_temp.g()",
		"SELECT $B.fold('x')", "PREPARE p AS SELECT * FROM $B.alerts; EXECUTE p", "DECLARE c CURSOR WITH HOLD FOR SELECT * FROM $B.alerts",
		"EXPLAIN ANALYZE SELECT * FROM $B.alerts", "DO $do$ BEGIN PERFORM count(*) FROM $B.alerts; END $do$", "SET ROLE \"centinela_$K_viewer\"",
		"SET SESSION AUTHORIZATION bea", "GRANT USAGE ON SCHEMA $B TO PUBLIC", "SELECT query_to_xml('SELECT * FROM $B.alerts', true, false, '')",
		"SELECT nextval('$B.x')", "ANALYZE $B.alerts; SELECT 1 / 0", "CREATE SCHEMA mine", "SELECT pg_read_file('postgresql.conf')",
		/* the list, and what is the store's own */
		"INSERT INTO $H.organisations VALUES ('x', 'y', 1)", "UPDATE $H.organisations SET name = 'z'", "DELETE FROM $H.organisations",
		"SELECT * FROM $H.alerts", "SELECT * FROM $H.tokens", "ALTER TABLE $H.organisations DISABLE ROW LEVEL SECURITY", "DROP POLICY keeper ON $H.organisations",
		/* and what its own place says of it */
		"UPDATE organisation SET key = '$K'", "DELETE FROM organisation"
	};
	/* Nothing, where a table of rights says "yes" to everybody: the catalogue's statistics and activity. */
	static const char *const nothing[] = {
		"SELECT count(*) FROM pg_stats WHERE schemaname = 'org_$K'", "SELECT count(*) FROM $H.organisations WHERE key = '$K'",
		"SELECT count(*) FROM $H.organisations WHERE key <> (SELECT key FROM organisation)", "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'org_$K'",
		"SELECT count(*) FROM information_schema.columns WHERE table_schema = 'org_$K'", "SELECT count(*) FROM pg_stat_activity WHERE usename <> current_user AND query LIKE '%alerts%'",
		"SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname = 'org_$K' AND has_table_privilege(c.oid, 'SELECT') AND has_schema_privilege(n.oid, 'USAGE')",
		"SELECT count(*) FROM alerts WHERE id = 3"
	};
	struct db db;
	struct text sql = { 0 };
	char address[400];
	begin();
	as_user(a_place, ana, address);
	must(db_open(address, OPEN_WRITE, &db, &fault), &fault);
	int64_t n = -1;
	must(db_ask_int(&db, "SELECT count(*) FROM alerts", -1, &n, &fault), &fault);
	CHECK_INT(n, 2);
	for (size_t i = 0; i < COUNT_OF(refused); i++) {
		fill_in(refused[i], &sql);
		fault = (struct fault){ 0 };
		bool held = !db_exec(&db, text_string(&sql), &fault);
		if (!held)
			printf("not refused: %s\n", text_string(&sql));
		CHECK(held);
		CHECK(fault.code == FAULT_READ_ONLY || fault.code == FAULT_STORE);
		must(db_exec(&db, "ROLLBACK; SET search_path = DEFAULT; DISCARD TEMP", &fault), &fault);
		fill_in("SET search_path = \"org_", &sql);
		text_printf(&sql, "%s\", pg_temp", a_key);
		must(db_exec(&db, text_string(&sql), &fault), &fault);
	}
	static char kept[COUNT_OF(nothing)][400]; /* statements are kept by where their text lies */
	for (size_t i = 0; i < COUNT_OF(nothing); i++) {
		fill_in(nothing[i], &sql);
		snprintf(kept[i], sizeof kept[i], "%s", text_string(&sql));
		must(db_ask_int(&db, kept[i], -1, &n, &fault), &fault);
		if (n != 0)
			puts(kept[i]);
		CHECK_INT(n, 0);
	}
	must(db_ask_int(&db, "SELECT count(*) FROM organisation", -1, &n, &fault), &fault);
	CHECK_INT(n, 1);
	db_close(&db);
	/* By the program's own words, neither. */
	as_user(b_place, ana, address);
	CHECK(!db_open(address, OPEN_READ, &db, &fault));
	CHECK_INT(fault.code, FAULT_NOT_FOUND);
	text_clear(&sql);
	end();
}

/* Row-level security on the one table that several share; its owner is held by it, too. */
TEST(each_sees_its_own_line_of_the_list)
{
	struct arena arena;
	struct organisation_row *rows;
	size_t n;
	char address[400];
	struct db db;
	arena_init(&arena);
	begin();
	must(organisation_list(home, &arena, &rows, &n, &fault), &fault);
	CHECK_INT(n, 2);
	as_user(home, ana, address);
	must(organisation_list(address, &arena, &rows, &n, &fault), &fault);
	CHECK_INT(n, 1);
	CHECK_STR(n > 0 ? rows[0].key : "", a_key);
	as_user(home, bea, address);
	must(organisation_list(address, &arena, &rows, &n, &fault), &fault);
	CHECK_INT(n, 1);
	CHECK_STR(n > 0 ? rows[0].key : "", b_key);
	CHECK(!organisation_add(address, "mine", "M", 1, &fault));
	/* Of both, who looks after both. */
	must(db_open(home, OPEN_WRITE, &db, &fault), &fault);
	run(&db, "GRANT \"centinela_%s_viewer\" TO %s", a_key, bea);
	must(organisation_list(address, &arena, &rows, &n, &fault), &fault);
	CHECK_INT(n, 2);
	int64_t forced = 0;
	must(db_ask_int(&db, "SELECT count(*) FROM pg_class WHERE oid = to_regclass('organisations') AND relrowsecurity AND relforcerowsecurity", 0, &forced, &fault), &fault);
	CHECK_INT(forced, 1);
	db_close(&db);
	arena_clear(&arena);
	end();
}

/* Its analysts and collectors do their work, by grants alone. */
TEST(a_role_of_one_works_in_its_own)
{
	char address[400];
	struct store *store;
	begin();
	as_user(a_place, ana, address);
	must(store_open(address, &store, &fault), &fault);
	rig_raise(store, 1);
	CHECK_INT(rig_ask(store, "SELECT count(*) FROM alerts"), 3);
	store_close(store);
	as_user(b_place, bea, address);
	struct db db;
	int64_t n;
	must(db_open(address, OPEN_READ, &db, &fault), &fault);
	must(db_ask_int(&db, "SELECT count(*) FROM alerts", -1, &n, &fault), &fault);
	CHECK_INT(n, 3);
	db_close(&db);
	end();
}

static bool setting_put_whole(struct store *store)
{
	return db_begin(&store->db, &fault) && setting_put(store, "rings", "there", &fault) && db_commit(&store->db, &fault);
}

/* Listening to every name one can think of, nothing is heard of the other; who belongs hears. */
TEST(what_one_says_nobody_else_hears)
{
	char address[400], sql[200];
	struct bell *theirs;
	struct store *b;
	begin();
	as_user(a_place, ana, address);
	must(bell_open(address, &theirs, &fault), &fault);
	static const char *const guesses[] = { "centinela", "org_$K", "centinela_$K", "$K", "centinela_" };
	struct text name = { 0 };
	as_user(home, ana, address);
	must(late_pq(&fault), &fault);
	PGconn *listener = PQconnectdb(address);
	REQUIRE(PQstatus(listener) == CONNECTION_OK);
	for (size_t i = 0; i < COUNT_OF(guesses); i++) {
		fill_in(guesses[i], &name);
		snprintf(sql, sizeof sql, "LISTEN \"%s\"", text_string(&name));
		PQclear(PQexec(listener, sql));
	}
	text_clear(&name);
	must(store_open(b_place, &b, &fault), &fault);
	rig_raise(b, 1);
	store_close(b);
	/* What was said before this answer has come by then. */
	PQclear(PQexec(listener, "SELECT 1"));
	for (PGnotify *said; (said = PQnotifies(listener)) != NULL; PQfreemem(said)) /* of other tests' stores */
		CHECK(strstr(said->extra, b_key) == NULL && strstr(said->relname, b_key) == NULL);
	PQfinish(listener);
	CHECK_INT(bell_hear(theirs), BELL_QUIET);
	bell_close(theirs);
	/* What another process of B's writes rings for B. */
	as_user(b_place, bea, address);
	must(bell_open(address, &theirs, &fault), &fault);
	pid_t child = fork();
	if (child == 0) {
		struct store *mine;
		_exit(!(store_open(b_place, &mine, &fault) && setting_put_whole(mine)));
	}
	int status;
	REQUIRE(waitpid(child, &status, 0) == child);
	CHECK_INT(status, 0);
	struct pollfd socket = { .fd = bell_socket(theirs), .events = POLLIN };
	CHECK_INT(poll(&socket, 1, 10000), 1);
	CHECK_INT(bell_hear(theirs), BELL_RANG);
	bell_close(theirs);
	end();
}

/* Of its own organisation neither: who acts there and does not collect. */
TEST(an_analyst_of_one_takes_no_lease_in_it)
{
	char address[400], current[128];
	struct store *store;
	struct db db;
	bool mine = true, taken_over;
	begin();
	must(db_open(home, OPEN_WRITE, &db, &fault), &fault);
	run(&db, "REVOKE \"centinela_%s_collector\" FROM %s", a_key, ana);
	db_close(&db);
	as_user(a_place, ana, address);
	must(store_open(address, &store, &fault), &fault);
	fault = (struct fault){ 0 };
	CHECK(!lease_take(store, "ana@a:1", 1000, 60000, &mine, &taken_over, &fault) && !mine);
	CHECK_INT(fault.code, FAULT_READ_ONLY);
	CHECK(!lease_give(store, "", &fault));
	must(lease_look(store, 1000, current, &fault), &fault); /* but sees who has it */
	CHECK_STR(current, "");
	store_close(store);
	end();
}

/* Every advisory lock that a writer of the store's own place would want is held: B writes on. */
TEST(an_advisory_lock_holds_nobody_up)
{
	char address[400], sql[300];
	struct db db;
	struct store *b;
	begin();
	as_user(home, ana, address);
	must(db_open(address, OPEN_READ, &db, &fault), &fault);
	snprintf(sql, sizeof sql, "SELECT pg_advisory_lock(hashtextextended('org_%s', 1))", b_key);
	must(db_exec(&db, sql, &fault), &fault);
	must(store_open(b_place, &b, &fault), &fault);
	must(db_exec(&b->db, "SET lock_timeout = '1s'", &fault), &fault);
	rig_raise(b, 1);
	bool mine = false, taken_over;
	must(lease_take(b, "collector", 1000, 60000, &mine, &taken_over, &fault), &fault);
	CHECK(mine);
	store_close(b);
	db_close(&db);
	end();
}

/* README, "Several organisations", says what of another everybody in a database finds in its
 * catalogue, and what to do where that is too much. */
TEST(what_remains_shared_is_not_so_in_a_database_of_its_own)
{
	static const char *const shared[] = { /* rows, size, how often written */
		"SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname = 'org_$K' AND relname = 'alerts' AND reltuples > 0",
		"SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname = 'org_$K' AND relname = 'alerts' AND pg_relation_size(c.oid) > 0",
		"SELECT count(*) FROM pg_stat_all_tables WHERE schemaname = 'org_$K' AND relname = 'alerts' AND n_tup_ins >= 0"
	};
	static char kept[COUNT_OF(shared)][400];
	char address[400], name[40], elsewhere[500];
	struct text sql = { 0 };
	struct db db, other;
	int64_t n = -1;
	begin();
	as_user(a_place, ana, address);
	must(db_open(address, OPEN_READ, &db, &fault), &fault);
	for (size_t i = 0; i < COUNT_OF(shared); i++) {
		fill_in(shared[i], &sql);
		snprintf(kept[i], sizeof kept[i], "%s", text_string(&sql));
		must(db_ask_int(&db, kept[i], -1, &n, &fault), &fault);
		CHECK_INT(n, 1);
	}
	db_close(&db);
	text_clear(&sql);
	/* The third has one of its own. */
	must(db_open(home, OPEN_ASIDE, &db, &fault), &fault);
	snprintf(name, sizeof name, "org_%ld", (long)getpid());
	run(&db, "CREATE DATABASE %s ENCODING 'UTF8' TEMPLATE template0", name);
	run(&db, "REVOKE CONNECT ON DATABASE %s FROM PUBLIC", name);
	const char *database = strstr(home, "///postgres?");
	REQUIRE(database != NULL);
	snprintf(elsewhere, sizeof elsewhere, "%.*s///%s%s", (int)(database - home), home, name, database + strlen("///postgres"));
	*strstr(elsewhere, STORE_SCHEMA) = '\0';
	struct store *store;
	must(store_open(elsewhere, &store, &fault), &fault);
	rig_raise(store, 1);
	must(db_exec(&store->db, "ANALYZE alerts", &fault), &fault);
	store_close(store);
	as_user(elsewhere, ana, address);
	CHECK(!db_open(address, OPEN_READ, &other, &fault));
	CHECK(strstr(fault.text, "CONNECT") != NULL || strstr(fault.text, name) != NULL);
	as_user(home, ana, address);
	must(db_open(address, OPEN_READ, &other, &fault), &fault);
	snprintf(kept[0], sizeof kept[0], "SELECT count(*) FROM pg_class WHERE relname = 'alerts' AND relnamespace = 'public'::regnamespace");
	must(db_ask_int(&other, kept[0], -1, &n, &fault), &fault);
	CHECK_INT(n, 0);
	db_close(&other);
	run(&db, "DROP DATABASE %s WITH (FORCE)", name);
	db_close(&db);
	end();
}

TESTS(T(a_role_of_one_finds_nothing_of_the_other), T(each_sees_its_own_line_of_the_list), T(a_role_of_one_works_in_its_own), T(an_analyst_of_one_takes_no_lease_in_it), T(what_one_says_nobody_else_hears),
    T(what_remains_shared_is_not_so_in_a_database_of_its_own), T(an_advisory_lock_holds_nobody_up))
