/* SPDX-License-Identifier: Apache-2.0
 *
 * Who has much to write gives way to who has little: where an act stands among the pages of an
 * import, told by what it finds and by its place in the audit log, not by a clock. */
#include "test.h"

#include <pthread.h>
#include <semaphore.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "sim/traffic.h"
#include "store/alert_rows.h"
#include "store/engine_sqlite_turn.h"
#include "store/store.h"
#include "store_place.h"
#include "watch/import.h"

#define EPOCH INT64_C(1759708800000) /* 2025-10-06T00:00:00Z */
#define PAGES 6

static char path[256];
static sem_t begun;
static struct actor {
	struct store *store;
	int64_t found; /* pages that were committed when it could write */
	bool done;
	struct fault fault;
} actor;

static bool note(struct store *store, const char *act, struct fault *fault)
{
	struct alert_event event = { EPOCH, "ana", act, "", "", "" };
	return audit_row_add(store, 0, &event, fault);
}

/* Once the other is in the middle of its transaction. */
static void *act(void *arg)
{
	struct db *db = &actor.store->db;
	UNUSED(arg);
	sem_wait(&begun);
	actor.done = db_begin(db, &actor.fault) && db_ask_int(db, "SELECT value FROM counters WHERE name = 'page'", 0, &actor.found, &actor.fault) &&
	    note(actor.store, "act", &actor.fault) && db_commit(db, &actor.fault);
	return NULL;
}

static bool await_wanted(struct db *db)
{
	struct fault fault;
	bool wanted = false;
	for (int64_t until_ns = clock_steady_ns() + INT64_C(120000000000); !wanted && clock_steady_ns() < until_ns;)
		REQUIRE(db_is_wanted(db, &wanted, &fault));
	return wanted;
}

static struct store *open_both(const char *name)
{
	struct store *store;
	struct fault fault;
	snprintf(path, sizeof path, "/tmp/centinela-way-%s-%ld.db", name, (long)getpid());
	store_place(path);
	actor = (struct actor){ .found = -1 };
	sem_init(&begun, 0, 0);
	REQUIRE(store_open(path, &store, &fault));
	REQUIRE(store_open(path, &actor.store, &fault));
	return store;
}

static void close_both(struct store *store)
{
	store_close(actor.store);
	store_close(store);
	store_remove(path);
	sem_destroy(&begun);
}

static char *audit_acts(struct store *store)
{
	struct fault fault;
	char acts[200] = "";
	struct statement *st = db_statement(&store->db, "SELECT act FROM audit ORDER BY seq", &fault);
	REQUIRE(st != NULL);
	while (db_step(&store->db, st, &fault) == STEP_ROW)
		snprintf(acts + strlen(acts), sizeof acts - strlen(acts), "%s ", db_text(&store->db, st, 0));
	store->db.engine->reset(st);
	return mem_strdup(acts);
}

TEST(who_waits_writes_before_the_next_page)
{
	struct store *store = open_both("next");
	struct fault fault;
	pthread_t thread;
	bool wanted;
	REQUIRE(pthread_create(&thread, NULL, act, NULL) == 0);
	REQUIRE(db_begin(&store->db, &fault) && note(store, "page", &fault));
	REQUIRE(db_is_wanted(&store->db, &wanted, &fault));
	CHECK(!wanted);
	sem_post(&begun);
	CHECK(await_wanted(&store->db));
	for (int page = 1; page < 4; page++) /* with nothing between two transactions */
		REQUIRE(db_commit(&store->db, &fault) && db_begin(&store->db, &fault) && note(store, "page", &fault));
	REQUIRE(db_commit(&store->db, &fault));
	pthread_join(thread, NULL);
	CHECK(actor.done);
	char *acts = audit_acts(store);
	CHECK_STR(acts, "page act page page page ");
	free(acts);
	REQUIRE(db_begin(&store->db, &fault) && db_is_wanted(&store->db, &wanted, &fault) && db_commit(&store->db, &fault));
	CHECK(!wanted);
	close_both(store);
}

static void upto(void *arg, struct page *page, size_t n)
{
	UNUSED(arg), UNUSED(page), UNUSED(n);
}

static int n_waits;

/* In the first page's transaction: somebody comes, and it goes on only when it is known. */
static void wait_for_somebody(void *arg)
{
	struct store *store = arg;
	if (n_waits++ > 0)
		return;
	sem_post(&begun);
	CHECK(await_wanted(&store->db));
}

static char *write_records(size_t n_records)
{
	struct traffic_options options = { .seed = 8, .n_users = 400, .epoch_ms = EPOCH, .scenario = "mixed" };
	struct traffic *traffic;
	struct fault fault;
	size_t n = 0;
	char *file_path = mem_printf("/tmp/centinela-way-%ld.jsonl", (long)getpid());
	FILE *file = fopen(file_path, "w");
	REQUIRE(file != NULL && traffic_new(&options, &traffic, &fault));
	for (int d = 0; n < n_records; d++) {
		struct sim_day day = { 0 };
		traffic_day(traffic, EPOCH / DAY_MS + d, &day);
		for (size_t i = 0; i < day.n_records && n < n_records; i++, n++)
			fprintf(file, "%.*s\n", (int)day.records[i].n_json, day.records[i].json);
		arena_clear(&day.arena);
	}
	traffic_free(traffic);
	fclose(file);
	return file_path;
}

TEST(an_import_lets_an_act_in_after_the_page_that_it_writes)
{
	struct store *store = open_both("import");
	struct fault fault;
	pthread_t thread;
	struct intake intake = { 0 };
	struct page_judge judge = { upto, wait_for_somebody, store };
	/* The pages of an import: import.c. */
	size_t n_records = PAGES * (store->db.engine->copy != NULL ? 4000 : 2000);
	char *records = write_records(n_records);
	struct import_options options = { .paths = (const char *const[]){ records }, .n_paths = 1 };
	struct import_counts counts;
	int64_t n;
	n_waits = 0;
	REQUIRE(pthread_create(&thread, NULL, act, NULL) == 0);
	bool ok = import_run(store, &intake, &judge, &options, &counts, &fault);
	if (!ok)
		puts(fault.text);
	CHECK(ok);
	pthread_join(thread, NULL);
	CHECK(actor.done);
	CHECK_INT(actor.found, 1);
	CHECK(n_waits >= PAGES);
	CHECK_INT(counts.n_records, n_records);
	REQUIRE(db_ask_int(&store->db, "SELECT value FROM counters WHERE name = 'page'", 0, &n, &fault));
	CHECK_INT(n, n_waits);
	REQUIRE(db_ask_int(&store->db, "SELECT count(*) FROM legs", 0, &n, &fault));
	CHECK_INT(n, counts.n_new);
	intake_clear(&intake);
	unlink(records);
	free(records);
	close_both(store);
}

/* One that says it waits and is stopped, or is killed: others go on. */
TEST(nobody_waits_long_for_who_has_stopped)
{
	struct store *store = open_both("stopped");
	struct fault fault;
	int said[2];
	char byte;
	if (store_is_on_server()) { /* where the server lets in who comes */
		close_both(store);
		return;
	}
	REQUIRE(db_begin(&store->db, &fault) && note(store, "page", &fault));
	REQUIRE(pipe(said) == 0);
	pid_t child = fork();
	if (child == 0) {
		(void)!turn_wait(turn_new(path), 0);
		(void)!write(said[1], "w", 1);
		for (;;)
			pause();
	}
	REQUIRE(read(said[0], &byte, 1) == 1);
	CHECK(await_wanted(&store->db));
	for (int page = 0; page < 3; page++)
		REQUIRE(db_commit(&store->db, &fault) && db_begin(&store->db, &fault) && note(store, "page", &fault));
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	bool wanted = true;
	REQUIRE(db_is_wanted(&store->db, &wanted, &fault));
	CHECK(!wanted);
	REQUIRE(db_commit(&store->db, &fault));
	close(said[0]);
	close(said[1]);
	close_both(store);
}

/* What cannot be asked is not asked: a store without its log is written all the same. */
TEST(a_turn_without_a_log_is_nobodys)
{
	struct turn *turn = turn_new("/nowhere/at/all.db");
	CHECK(!turn_is_wanted(turn));
	turn_let_go_first(turn);
	CHECK_INT(turn_wait(turn, 0), 1);
	turn_over(turn);
	turn_free(turn);
	turn_free(NULL);
}

TESTS(T(who_waits_writes_before_the_next_page), T(an_import_lets_an_act_in_after_the_page_that_it_writes),
    T(nobody_waits_long_for_who_has_stopped), T(a_turn_without_a_log_is_nobodys))
