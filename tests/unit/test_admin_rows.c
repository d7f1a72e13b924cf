/* SPDX-License-Identifier: Apache-2.0
 *
 * What was done in Control Hub, as it is kept. */
#include "profile_rig.h"

#include "store/admin_rows.h"
#include "store/directory_changes.h"
#include "store/retention.h"

#define SAM "b7e4d2c1-8f90-4a3b-9c5d-1e2f3a4b5c6d"

/* Everything but what a test is about. */
static struct admin_event event_of(const char *id, int64_t at_ms, const char *actor, const char *target)
{
	struct admin_event event = { .at_ms = at_ms };
#define EMPTY(name, room) event.name = "";
	ADMIN_TEXTS(EMPTY)
#undef EMPTY
	event.id = id;
	event.actor_uuid = actor;
	event.target_uuid = target;
	event.operation = "UPDATE";
	return event;
}

static int64_t count(struct store *store, const char *sql)
{
	struct fault fault;
	int64_t n;
	REQUIRE(db_ask_int(&store->db, sql, 0, &n, &fault));
	return n;
}

static size_t read_of(struct store *store, const char *id, bool site, size_t most, struct admin_event **events)
{
	struct fault fault;
	size_t n;
	arena_clear(&arena);
	arena_init(&arena);
	if (!admin_rows_read(&store->db, id, site, NOW - DAY_MS, NOW, most, &arena, events, &n, &fault)) {
		puts(fault.text);
		exit(1);
	}
	return n;
}

TEST(events_and_how_far_they_were_read_are_one_transaction)
{
	struct store *store = fresh();
	struct fault fault;
	int64_t until;
	size_t n_new;
	REQUIRE(admin_rows_until(store, &until, &fault));
	CHECK_INT(until, 0);
	struct admin_event events[] = { event_of("e2", NOW - 1, SAM, ANA), event_of("e1", NOW - 2, SAM, LUIS) };
	REQUIRE(admin_rows_write(store, events, 2, NOW, &n_new, &fault));
	CHECK_INT(n_new, 2);
	/* The same again, with one more: the overlap of two readings. */
	struct admin_event again[] = { event_of("e3", NOW, SAM, ANA), events[0] };
	REQUIRE(admin_rows_write(store, again, 2, NOW + 5, &n_new, &fault));
	CHECK_INT(n_new, 1);
	CHECK_INT(count(store, "SELECT count(*) FROM admin_events"), 3);
	REQUIRE(admin_rows_until(store, &until, &fault));
	CHECK_INT(until, NOW + 5);
	/* What cannot be written moves nothing. */
	REQUIRE(db_exec(&store->db, store_is_on_server() ? "ALTER TABLE admin_events ADD CONSTRAINT no CHECK (id <> 'bad')" :
	    "CREATE TRIGGER no BEFORE INSERT ON admin_events WHEN new.id = 'bad' BEGIN SELECT raise(ABORT, 'no'); END", &fault));
	struct admin_event half[] = { event_of("e4", NOW, SAM, ANA), event_of("bad", NOW, SAM, ANA) };
	CHECK(!admin_rows_write(store, half, 2, NOW + 9, &n_new, &fault));
	REQUIRE(admin_rows_until(store, &until, &fault));
	CHECK_INT(until, NOW + 5);
	CHECK_INT(count(store, "SELECT count(*) FROM admin_events"), 3);
	/* And what is no time begins anew. */
	REQUIRE(db_exec(&store->db, "UPDATE settings SET value = 'soon' WHERE name = 'admin_events'", &fault));
	REQUIRE(admin_rows_until(store, &until, &fault));
	CHECK_INT(until, 0);
	store_close(store);
}

TEST(events_are_found_by_whom_they_touch)
{
	struct store *store = fresh();
	struct fault fault;
	struct directory *directory = directory_new();
	struct admin_event *found;
	size_t n_new;
	add_two_sites(directory);
	struct person ana = { .uuid = (char[]){ ANA }, .name = (char[]){ "Ana" }, .email = (char[]){ "ana@example.com" }, .site_uuid = (char[]){ BOGOTA },
		.extension = (char[]){ "" }, .number = (char[]){ "" }, .team = (char[]){ "" } };
	directory_add_person(directory, &ana);
	REQUIRE(directory_rows_write(store, directory, &fault));
	directory_free(directory);
	struct admin_event by_address = event_of("e4", NOW - 4, SAM, "");
	by_address.target_name = "ana@example.com";
	struct admin_event nobody = event_of("e5", NOW - 5, "", "");
	struct admin_event events[] = { event_of("e1", NOW - 1, SAM, ANA), event_of("e2", NOW - 2, ANA, LUIS), event_of("e3", NOW - 3, SAM, BOGOTA), by_address, nobody,
		event_of("e6", NOW - 2 * DAY_MS, SAM, ANA), event_of("e7", NOW - 7, ANA, ANA) };
	REQUIRE(admin_rows_write(store, events, COUNT_OF(events), NOW, &n_new, &fault));
	REQUIRE(read_of(store, ANA, false, 10, &found) == 4);
	CHECK_STR(found[0].id, "e7"); /* once, though it is both done by and done to her */
	CHECK_STR(found[1].id, "e4"); /* whose address it is, the directory knew */
	CHECK_STR(found[2].id, "e2");
	CHECK_STR(found[3].id, "e1");
	REQUIRE(read_of(store, ANA, false, 2, &found) == 2);
	CHECK_STR(found[0].id, "e2"); /* the newest of too many */
	REQUIRE(read_of(store, "Colombia", true, 10, &found) == 1);
	CHECK_STR(found[0].id, "e3");
	CHECK_INT(read_of(store, BOGOTA, true, 10, &found), 1);
	CHECK_INT(read_of(store, "", false, 10, &found), 0); /* who is nobody did nothing */
	CHECK_INT(read_of(store, "", true, 10, &found), 0);
	CHECK_INT(read_of(store, "' OR 1=1 --", true, 10, &found), 0);
	store_close(store);
}

TEST(a_change_of_the_directory_is_explained_by_what_was_done_before_it)
{
	const struct directory_change moved = { NOW, ANA, "Ana", "extension", "4021", "4099" };
	const struct directory_change added = { NOW, ANA, "Ana", "added", "", "Colombia" }, gone = { NOW, ANA, "Ana", "removed", "Colombia", "" };
	struct admin_event right = event_of("e", NOW - 3 * HOUR_MS, SAM, ANA);
	right.became = "4099";
	CHECK(admin_explains(&moved, &right, 1) == &right);
	struct admin_event in_words = event_of("e", NOW - 3 * HOUR_MS, SAM, ANA);
	in_words.act = "Sam changed the extension of Ana to 4099";
	CHECK(admin_explains(&moved, &in_words, 1) == &in_words);
	/* Of somebody else, of something else, refused, too late, too early. */
	struct admin_event wrong[] = { right, right, right, right, right };
	wrong[0].target_uuid = LUIS;
	wrong[1].became = "4100";
	wrong[2].outcome = "FAILURE";
	wrong[3].at_ms = NOW + 1;
	wrong[4].at_ms = NOW - 30 * HOUR_MS;
	for (size_t i = 0; i < COUNT_OF(wrong); i++)
		CHECK(admin_explains(&moved, &wrong[i], 1) == NULL);
	CHECK(admin_explains(&moved, NULL, 0) == NULL);
	struct admin_event both[] = { in_words, right };
	CHECK(admin_explains(&moved, both, 2) == &both[1]); /* the last one */
	struct admin_event made = event_of("e", NOW - 1, SAM, ANA);
	made.operation = "CREATE";
	CHECK(admin_explains(&added, &made, 1) == &made);
	CHECK(admin_explains(&gone, &made, 1) == NULL);
	/* What became nothing is found in every text, so it is explained by none. */
	const struct directory_change emptied = { NOW, ANA, "Ana", "number", "+576015550188", "" };
	CHECK(admin_explains(&emptied, &right, 1) == NULL);
}

TEST(old_events_go_with_old_alerts)
{
	struct store *store = fresh();
	struct fault fault;
	size_t n_new;
	int64_t n;
	struct admin_event events[] = { event_of("new", NOW - DAY_MS, SAM, ANA), event_of("old", NOW - 9 * DAY_MS, SAM, ANA) };
	REQUIRE(admin_rows_write(store, events, 2, NOW, &n_new, &fault));
	REQUIRE(store_retire(store, &(struct retention){ .alerts_ms = 5 * DAY_MS }, NOW, 100, &n, &fault));
	CHECK_INT(count(store, "SELECT count(*) FROM admin_events"), 1);
	CHECK_INT(count(store, "SELECT count(*) FROM admin_events WHERE id = 'new'"), 1);
	store_close(store);
}

TEST(the_folder_is_taken_away_again)
{
	take_folder_away();
}

TESTS(T(events_and_how_far_they_were_read_are_one_transaction), T(events_are_found_by_whom_they_touch), T(a_change_of_the_directory_is_explained_by_what_was_done_before_it),
    T(old_events_go_with_old_alerts), T(the_folder_is_taken_away_again))
