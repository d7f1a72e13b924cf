/* SPDX-License-Identifier: Apache-2.0
 *
 * What a writer remembers of the records that are in the store, and what others did to
 * them meanwhile. */
#include "test.h"

#include <unistd.h>

#include "store/store.h"
#include "store_place.h"
#include "watch/import.h"

static char folder[] = "/tmp/centinela-keys-XXXXXX";
static char address[256];

static struct store *open_it(void)
{
	struct store *store;
	struct fault fault;
	if (*address == '\0') {
		REQUIRE(mkdtemp(folder) != NULL);
		snprintf(address, sizeof address, "%s/x.db", folder);
		store_place_in(address, sizeof address);
	}
	if (!store_open(address, &store, &fault)) {
		puts(fault.text);
		exit(1);
	}
	return store;
}

/* Records number `first` to `last`, one a minute, reported at the hour. */
static bool import_try(struct store *store, int first, int last, int hour, struct import_counts *counts, struct fault *fault)
{
	char path[64];
	snprintf(path, sizeof path, "%s/some.jsonl", folder);
	FILE *file = fopen(path, "w");
	REQUIRE(file != NULL);
	for (int i = first; i <= last; i++)
		fprintf(file, "{\"Report ID\":\"r%d\",\"Correlation ID\":\"c%d\",\"Start time\":\"2026-01-05T%02d:%02d:00.000Z\","
		    "\"Report time\":\"2026-01-06T%02d:00:00.000Z\",\"Direction\":\"ORIGINATING\",\"Duration\":10,\"Location\":\"Bogota %d\"}\n",
		    i, i, i / 60, i % 60, hour, i / 10);
	fclose(file);
	const char *paths[] = { path };
	struct intake intake = { .keep_raw = true };
	struct import_options options = { .paths = paths, .n_paths = 1 };
	bool ok = import_run(store, &intake, NULL, &options, counts, fault);
	intake_clear(&intake);
	return ok;
}

static struct import_counts import_some(struct store *store, int first, int last, int hour)
{
	struct import_counts counts;
	struct fault fault = { 0 };
	bool ok = import_try(store, first, last, hour, &counts, &fault);
	CHECK_STR(fault.text, "");
	REQUIRE(ok);
	return counts;
}

static int64_t ask(struct store *store, const char *sql)
{
	struct fault fault;
	int64_t value;
	REQUIRE(db_ask_int(&store->db, sql, -1, &value, &fault));
	return value;
}

TEST(what_another_wrote_is_not_taken_for_new)
{
	struct store *a = open_it(), *b = open_it();
	CHECK_INT(import_some(a, 100, 199, 0).n_new, 100);
	CHECK_INT(import_some(a, 100, 209, 0).n_new, 10); /* among its own */
	CHECK_INT(import_some(b, 150, 299, 0).n_new, 90); /* 210 and on */
	CHECK_INT(import_some(a, 250, 309, 0).n_new, 10); /* 300 and on */
	CHECK_INT(import_some(a, 0, 399, 0).n_seen, 210);
	CHECK_INT(import_some(b, 0, 400, 0).n_new, 1);
	CHECK_INT(ask(a, "SELECT count(*) FROM legs"), 401);
	CHECK_INT(ask(a, "SELECT count(*) FROM calls"), 401);
	CHECK_INT(import_some(a, 380, 420, 1).n_updated, 21); /* a later report, of what the other one wrote too */
	CHECK_INT(ask(b, "SELECT count(*) FROM legs"), 421);
	store_close(b);
	store_close(a);
}

TEST(what_was_taken_back_is_new_again)
{
	struct store *store = open_it();
	struct fault fault;
	CHECK_INT(import_some(store, 500, 519, 0).n_new, 20);
	REQUIRE(db_exec(&store->db, "ALTER TABLE words RENAME TO words_away", &fault));
	struct import_counts counts;
	CHECK(!import_try(store, 500, 539, 0, &counts, &fault)); /* nowhere to put its words */
	REQUIRE(db_exec(&store->db, "ALTER TABLE words_away RENAME TO words", &fault));
	counts = import_some(store, 500, 539, 0);
	CHECK_INT(counts.n_new, 20);
	CHECK_INT(counts.n_seen, 20);
	CHECK_INT(import_some(store, 500, 539, 0).n_seen, 40);
	store_close(store);
}

TEST(the_folder_is_taken_away_again)
{
	char command[128];
	snprintf(command, sizeof command, "rm -rf %s", folder);
	CHECK_INT(system(command), 0);
}

TESTS(T(what_another_wrote_is_not_taken_for_new), T(what_was_taken_back_is_new_again), T(the_folder_is_taken_away_again))
