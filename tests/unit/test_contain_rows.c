/* SPDX-License-Identifier: Apache-2.0
 *
 * What the store knows of containments: the state before first, one at a time of a line,
 * every step in the log. */
#include <sqlite3.h>
#include <unistd.h>

#include "base/text.h"
#include "store/alert_rows.h"
#include "store/audit_chain.h"
#include "store/contain_rows.h"
#include "store/query.h"
#include "store/store.h"
#include "store_place.h"
#include "test.h"

#define NOW INT64_C(1800000000000)
#define ANY ((1u << N_CONTAIN_STATES) - 1)

static char folder[] = "/tmp/centinela-contain-XXXXXX";
static char address[256];
static int n_stores;
static struct fault fault;

static struct store *opened(void)
{
	struct store *store;
	if (!store_open(address, &store, &fault)) {
		puts(fault.text);
		exit(1);
	}
	return store;
}

static struct store *fresh(void)
{
	if (n_stores == 0)
		REQUIRE(mkdtemp(folder) != NULL);
	snprintf(address, sizeof address, "%s/%d.db", folder, n_stores++);
	store_place(address);
	return opened();
}

static int64_t ask(struct store *store, const char *sql)
{
	int64_t value;
	if (db_ask_int(&store->db, sql, -1, &value, &fault))
		return value;
	puts(fault.text);
	return -2;
}

static struct containment wish(const char *person, enum contain_kind kind)
{
	return (struct containment){ .person = person, .person_name = "Ana Bernal", .kind = kind, .before = "{\"a\":1}", .wished = "{\"a\":2}",
		.who = "luis", .at_ms = NOW, .alert_id = 7 };
}

static bool step_to(struct store *store, int64_t id, enum contain_state to, const char *error)
{
	struct contain_step step = { .id = id, .from = ANY, .to = to, .who = "ana", .tracking = "PUT ROUTER_1", .error = error, .now_ms = NOW + 1 };
	return store_contain_step(store, &step, &fault);
}

static struct containment row(struct store *store, int64_t id, struct arena *arena)
{
	struct containment out;
	if (!query_containment(&store->db, id, arena, &out, &fault)) {
		puts(fault.text);
		exit(1);
	}
	return out;
}

/* ---- of SQLite's disk: how often a file of it was written through ------------------------- */

static int n_synced;
static sqlite3_io_methods watched;
static int (*sync_of_the_disk)(sqlite3_file *, int);
static int (*open_of_the_disk)(sqlite3_vfs *, const char *, sqlite3_file *, int, int *);

static int count_sync(sqlite3_file *file, int flags)
{
	n_synced++;
	return sync_of_the_disk(file, flags);
}

static int open_log(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out)
{
	int code = open_of_the_disk(vfs, name, file, flags, out);
	if (code == SQLITE_OK && (flags & SQLITE_OPEN_WAL) != 0) {
		watched = *file->pMethods;
		sync_of_the_disk = watched.xSync;
		watched.xSync = count_sync;
		file->pMethods = &watched;
	}
	return code;
}

static sqlite3_vfs disk;

static void watch_the_disk(void)
{
	disk = *sqlite3_vfs_find(NULL);
	open_of_the_disk = disk.xOpen;
	disk.zName = "watched";
	disk.xOpen = open_log;
	REQUIRE(sqlite3_vfs_register(&disk, 1) == SQLITE_OK);
}

/* Webex is asked to change a line next: that, and how it was, must be known though the power goes.
 * An alert's acts are only ours; the next of them takes what came before along. */
TEST(what_is_known_of_a_line_outlasts_the_host)
{
	if (store_is_on_server())
		return; /* each commit does, there */
	watch_the_disk();
	struct store *store = fresh();
	struct alert_event event = { NOW, "ana", "unmask", "", "", "" };
	struct containment c = wish("P1", CONTAIN_LINE);
	int64_t id;
	int n = n_synced;
	REQUIRE(store_audit(store, &event, &fault));
	CHECK_INT(n_synced - n, 0);
	REQUIRE(store_contain_begin(store, &c, "", &id, &fault));
	CHECK_INT(n_synced - n, 1);
	CHECK(step_to(store, id, CONTAIN_WRITTEN, ""));
	CHECK_INT(n_synced - n, 2);
	CHECK(!store_contain_begin(store, &c, "", &id, &fault)); /* it is under way, and that is taken back */
	REQUIRE(store_audit(store, &event, &fault));
	CHECK_INT(n_synced - n, 2);
	store_close(store);
	CHECK(sqlite3_vfs_unregister(&disk) == SQLITE_OK);
}

TEST(what_was_before_is_there_before_anything_is_written)
{
	struct store *store = fresh();
	struct arena arena;
	int64_t id;
	arena_init(&arena);
	struct containment c = wish("uuid-1", CONTAIN_INTERNATIONAL);
	REQUIRE(store_contain_begin(store, &c, "international calls: allowed \u2192 blocked", &id, &fault));
	store_close(store);
	store = opened(); /* as after the end of the program */
	c = row(store, id, &arena);
	CHECK_INT(c.state, CONTAIN_PLANNED);
	CHECK_STR(c.before, "{\"a\":1}");
	CHECK_STR(c.wished, "{\"a\":2}");
	CHECK_STR(c.who, "luis");
	CHECK_INT(c.alert_id, 7);
	CHECK_INT(ask(store, "SELECT count(*) FROM audit WHERE act = 'contain' AND alert_id = 7 AND who = 'luis' AND note LIKE '%blocked%'"), 1);
	arena_clear(&arena);
	store_close(store);
}

TEST(every_step_is_a_line_of_the_log_and_the_chain_holds)
{
	struct store *store = fresh();
	struct audit_chain chain = { 0 };
	struct arena arena;
	int64_t id;
	arena_init(&arena);
	struct containment c = wish("uuid-1", CONTAIN_FORWARDING);
	REQUIRE(store_contain_begin(store, &c, "", &id, &fault));
	CHECK(step_to(store, id, CONTAIN_WRITTEN, "") && step_to(store, id, CONTAIN_VERIFIED, ""));
	struct contain_step undo = { .id = id, .from = 1u << CONTAIN_VERIFIED, .to = CONTAIN_UNDOING, .who = "eva", .tracking = "", .error = "", .found = "{\"a\":3}", .now_ms = NOW + 2 };
	CHECK(store_contain_step(store, &undo, &fault));
	CHECK(step_to(store, id, CONTAIN_UNDONE, ""));
	c = row(store, id, &arena);
	CHECK_STR(c.found, "{\"a\":3}");
	CHECK_STR(c.undone_by, "ana");
	CHECK_STR(c.before, "{\"a\":1}");
	CHECK_STR(c.tracking, "PUT ROUTER_1 PUT ROUTER_1 PUT ROUTER_1");
	CHECK_INT(ask(store, "SELECT count(*) FROM audit WHERE alert_id = 7"), 5);
	CHECK(audit_chain_read(&store->db, &chain, &fault));
	CHECK_INT(chain.broken_at, 0);
	arena_clear(&arena);
	store_close(store);
}

TEST(what_did_not_come_to_be_is_logged_as_that)
{
	struct store *store = fresh();
	struct arena arena;
	int64_t id;
	arena_init(&arena);
	struct containment c = wish("uuid-1", CONTAIN_FORWARDING);
	REQUIRE(store_contain_begin(store, &c, "", &id, &fault));
	CHECK(step_to(store, id, CONTAIN_PLANNED, "cut") && step_to(store, id, CONTAIN_VERIFIED, "") && step_to(store, id, CONTAIN_UNDOING, ""));
	CHECK_STR(row(store, id, &arena).undone_by, "ana");
	CHECK(step_to(store, id, CONTAIN_VERIFIED, "403"));
	c = row(store, id, &arena);
	CHECK_STR(c.undone_by, "");
	CHECK_STR(c.error, "403");
	CHECK_INT(ask(store, "SELECT count(*) FROM audit WHERE act = 'contain_unseen'"), 1);
	CHECK_INT(ask(store, "SELECT count(*) FROM audit WHERE act = 'contained'"), 1);
	CHECK_INT(ask(store, "SELECT count(*) FROM audit WHERE act = 'uncontain_failed'"), 1);
	CHECK(step_to(store, id, CONTAIN_FAILED, "400"));
	CHECK_INT(ask(store, "SELECT count(*) FROM audit WHERE act = 'contain_failed'"), 1);
	arena_clear(&arena);
	store_close(store);
}

TEST(of_one_line_one_is_under_way_whoever_begins)
{
	struct store *store = fresh(), *other = opened();
	int64_t id, second;
	struct containment c = wish("uuid-1", CONTAIN_INTERNATIONAL), forwarding = wish("uuid-1", CONTAIN_FORWARDING), another = wish("uuid-2", CONTAIN_INTERNATIONAL);
	REQUIRE(store_contain_begin(store, &c, "", &id, &fault));
	CHECK(!store_contain_begin(other, &c, "", &second, &fault));
	CHECK_INT(fault.code, FAULT_CONFLICT);
	CHECK(strstr(fault.text, "luis") != NULL);
	CHECK(store_contain_begin(other, &forwarding, "", &second, &fault));
	CHECK(store_contain_begin(other, &another, "", &second, &fault));
	CHECK(step_to(store, id, CONTAIN_FAILED, "Webex answered 403"));
	CHECK(store_contain_begin(other, &c, "", &second, &fault));
	CHECK(step_to(store, second, CONTAIN_VERIFIED, ""));
	CHECK(store_contain_begin(other, &c, "", &second, &fault)); /* what is in force is not under way */
	store_close(other);
	store_close(store);
}

TEST(a_step_is_only_out_of_the_state_that_is_meant)
{
	struct store *store = fresh();
	int64_t id;
	struct containment c = wish("uuid-1", CONTAIN_LINE);
	REQUIRE(store_contain_begin(store, &c, "", &id, &fault));
	struct contain_step undo = { .id = id, .from = 1u << CONTAIN_VERIFIED, .to = CONTAIN_UNDONE, .who = "eva", .tracking = "", .error = "", .now_ms = NOW };
	CHECK(!store_contain_step(store, &undo, &fault));
	CHECK_INT(fault.code, FAULT_CONFLICT);
	undo.id = id + 100;
	CHECK(!store_contain_step(store, &undo, &fault));
	CHECK_INT(fault.code, FAULT_NOT_FOUND);
	CHECK_INT(ask(store, "SELECT count(*) FROM audit"), 1); /* nothing of what was refused */
	store_close(store);
}

TEST(who_has_not_seen_the_last_step_takes_none)
{
	struct store *store = fresh();
	struct arena arena;
	int64_t id;
	arena_init(&arena);
	struct containment c = wish("uuid-1", CONTAIN_LINE);
	REQUIRE(store_contain_begin(store, &c, "", &id, &fault));
	struct contain_step step = { .id = id, .from = ANY, .to = CONTAIN_PLANNED, .who = "eva", .tracking = "", .error = "", .now_ms = NOW + 5, .seen_ms = NOW };
	CHECK(store_contain_step(store, &step, &fault));
	step.to = CONTAIN_UNDOING; /* of another, who read it before that */
	CHECK(!store_contain_step(store, &step, &fault));
	CHECK_INT(fault.code, FAULT_CONFLICT);
	CHECK_INT(row(store, id, &arena).state, CONTAIN_PLANNED);
	step.seen_ms = NOW + 5;
	CHECK(store_contain_step(store, &step, &fault));
	CHECK_INT(row(store, id, &arena).state, CONTAIN_UNDOING);
	arena_clear(&arena);
	store_close(store);
}

TEST(texts_of_strangers_are_printable_and_too_much_is_refused)
{
	struct store *store = fresh();
	struct arena arena;
	int64_t id;
	arena_init(&arena);
	struct containment c = wish("uuid-1", CONTAIN_LINE);
	char *large = malloc(CONTAIN_BODY_BYTES + 1);
	memset(large, 'x', CONTAIN_BODY_BYTES);
	large[CONTAIN_BODY_BYTES] = '\0';
	c.before = large;
	CHECK(!store_contain_begin(store, &c, "", &id, &fault));
	CHECK_INT(fault.code, FAULT_INPUT);
	c.before = "{}";
	c.person_name = "A\x1b[2Jna";
	REQUIRE(store_contain_begin(store, &c, "", &id, &fault));
	CHECK(text_is_printable(row(store, id, &arena).person_name));
	free(large);
	arena_clear(&arena);
	store_close(store);
}

TEST(the_newest_come_first_of_a_person_an_alert_or_all)
{
	struct store *store = fresh();
	struct arena arena;
	int64_t first, second, third;
	size_t n;
	struct containment *rows, a = wish("uuid-1", CONTAIN_LINE), b = wish("uuid-2", CONTAIN_LINE), c = wish("uuid-2", CONTAIN_FORWARDING);
	arena_init(&arena);
	c.alert_id = 8;
	REQUIRE(store_contain_begin(store, &a, "", &first, &fault) && store_contain_begin(store, &b, "", &second, &fault) && store_contain_begin(store, &c, "", &third, &fault));
	CHECK(step_to(store, second, CONTAIN_UNDONE, ""));
	CHECK(query_containments(&store->db, &(struct containment_query){ .limit = 10 }, &arena, &rows, &n, &fault));
	CHECK_INT(n, 3);
	CHECK_INT(rows[0].id, third);
	CHECK(query_containments(&store->db, &(struct containment_query){ .limit = 2 }, &arena, &rows, &n, &fault));
	CHECK_INT(n, 2);
	CHECK(query_containments(&store->db, &(struct containment_query){ .person = "uuid-2", .open = true, .limit = 10 }, &arena, &rows, &n, &fault));
	CHECK_INT(n, 1);
	CHECK(query_containments(&store->db, &(struct containment_query){ .alert_id = 8, .limit = 10 }, &arena, &rows, &n, &fault));
	CHECK_INT(n, 1);
	CHECK(query_containments(&store->db, &(struct containment_query){ .person = "nobody", .limit = 10 }, &arena, &rows, &n, &fault));
	CHECK_INT(n, 0);
	arena_clear(&arena);
	store_close(store);
}

TEST(a_later_one_of_the_same_line_is_known)
{
	struct store *store = fresh();
	struct arena arena;
	int64_t first, second, other, later;
	struct containment c = wish("uuid-1", CONTAIN_LINE), forwarding = wish("uuid-1", CONTAIN_FORWARDING), another = wish("uuid-2", CONTAIN_LINE);
	arena_init(&arena);
	REQUIRE(store_contain_begin(store, &c, "", &first, &fault) && step_to(store, first, CONTAIN_VERIFIED, ""));
	REQUIRE(store_contain_begin(store, &forwarding, "", &other, &fault) && store_contain_begin(store, &another, "", &other, &fault));
	c = row(store, first, &arena);
	CHECK(query_containment_later(&store->db, &c, &later, &fault));
	CHECK_INT(later, 0); /* another kind, another person */
	REQUIRE(store_contain_begin(store, &c, "", &second, &fault));
	CHECK(query_containment_later(&store->db, &c, &later, &fault));
	CHECK_INT(later, second);
	CHECK(step_to(store, second, CONTAIN_FAILED, "no"));
	CHECK(query_containment_later(&store->db, &c, &later, &fault));
	CHECK_INT(later, 0);
	arena_clear(&arena);
	store_close(store);
}

TEST(the_folder_is_taken_away_again)
{
	char command[64];
	snprintf(command, sizeof command, "rm -rf %s", folder);
	CHECK_INT(system(command), 0);
}

#define T(name) { #name, name }
TESTS(T(what_is_known_of_a_line_outlasts_the_host), T(what_was_before_is_there_before_anything_is_written), T(every_step_is_a_line_of_the_log_and_the_chain_holds), T(what_did_not_come_to_be_is_logged_as_that), T(who_has_not_seen_the_last_step_takes_none),
    T(of_one_line_one_is_under_way_whoever_begins), T(a_step_is_only_out_of_the_state_that_is_meant),
    T(texts_of_strangers_are_printable_and_too_much_is_refused), T(the_newest_come_first_of_a_person_an_alert_or_all),
    T(a_later_one_of_the_same_line_is_known),
    T(the_folder_is_taken_away_again))
