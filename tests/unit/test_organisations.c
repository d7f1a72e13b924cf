/* SPDX-License-Identifier: Apache-2.0
 *
 * Two organisations in one store: side by side, with the same numbers and names, and
 * whatever is tried, nothing of one is seen or changed from the other. What a role of
 * PostgreSQL may try with SQL of its own: test_organisation_roles_postgres.c. */
#include "acts_rig.h"

#include <sys/stat.h>

#include "older_store.h"
#include "store/past.h"
#include "store/lease_rows.h"
#include "store/migrate.h"
#include "store/move.h"
#include "store/query_organisations.h"
#include "store/silence_rows.h"

static char home[256], a_key[32], b_key[32], *a_place, *b_place;
static struct fault fault;
static struct arena arena;

static void begin(void)
{
	struct store *store = rig_store(home);
	store_close(store);
	arena_init(&arena);
	snprintf(a_key, sizeof a_key, "a-%ld-%d", (long)getpid(), rig_n_stores);
	snprintf(b_key, sizeof b_key, "b-%ld-%d", (long)getpid(), rig_n_stores);
	a_place = organisation_address(home, a_key);
	b_place = organisation_address(home, b_key);
	must(organisation_add(home, a_key, "Acme S.A.", 1000, &fault), &fault);
	must(organisation_add(home, b_key, "Bodegas Ñ", 2000, &fault), &fault);
}

static void end(void)
{
	struct fault none;
	(void)!organisation_remove(home, a_key, true, &none);
	(void)!organisation_remove(home, b_key, true, &none);
	store_remove(home);
	free(a_place);
	free(b_place);
	arena_clear(&arena);
}

static struct store *opened(const char *address)
{
	struct store *store;
	must(store_open(address, &store, &fault), &fault);
	return store;
}

TEST(a_key_is_nothing_that_a_path_or_a_name_reads_otherwise)
{
	static const char *const bad[] = { "", "A", "1a", "-a", "a_b", "a.b", "a/b", "../a", "a b", "a\"b", "a'b", "a;b", "a%62", "á", "a\nb", "a\033b", "all",
		"abcdefghijklmnopqrstuvwxyz012345", "#organisation=a", "a#b", "a\\b" };
	static const char *const good[] = { "a", "acme", "a-b", "a1", "abcdefghijklmnopqrstuvwxyz01234", "all-of-it" };
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		fault = (struct fault){ 0 };
		CHECK(!organisation_key_check(bad[i], &fault));
		CHECK_INT(fault.code, FAULT_USAGE);
		CHECK(strpbrk(fault.text, "\n\033") == NULL);
	}
	for (size_t i = 0; i < COUNT_OF(good); i++)
		CHECK(organisation_key_check(good[i], &fault));
}

TEST(its_place_is_beside_the_store)
{
	static const struct {
		const char *address, *key, *file;
	} cases[] = {
		{ "sqlite:/a/centinela.db", "acme", "/a/centinela.acme.db" }, { "/a/centinela.db", "acme", "/a/centinela.acme.db" },
		{ "/a/store", "acme", "/a/store.acme" }, { "/a.db/store", "acme", "/a.db/store.acme" }, { "/a/centinela.db", "", "/a/centinela.db" },
		{ "/a/centinela.db#organisation=beta", "acme", "/a/centinela.acme.db" }, { "postgresql:///soc", "acme", NULL },
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		size_t n;
		char *place = organisation_address(cases[i].address, cases[i].key), *file = store_file(place);
		CHECK_STR(organisation_in(place, &n), cases[i].key);
		CHECK((file == NULL) == (cases[i].file == NULL));
		if (file != NULL)
			CHECK_STR(file, cases[i].file);
		free(place);
		free(file);
	}
}

/* Only who adds it makes it: a slip of the pen is no new store. */
TEST(one_that_nobody_added_is_not_there)
{
	struct store *store;
	struct db db;
	char *nowhere;
	begin();
	nowhere = organisation_address(home, "nobody-added-this");
	CHECK(!store_open(nowhere, &store, &fault));
	CHECK_INT(fault.code, FAULT_NOT_FOUND);
	CHECK(strstr(fault.text, "nobody-added-this") != NULL);
	CHECK(!store_open_read(nowhere, &db, &fault));
	CHECK_INT(fault.code, FAULT_NOT_FOUND);
	if (!store_is_on_server()) {
		char *file = store_file(nowhere);
		CHECK(access(file, F_OK) != 0);
		free(file);
	}
	free(nowhere);
	end();
}

static int64_t n_alerts(const char *address, const char *filter)
{
	struct db db;
	struct alert_list list;
	must(store_open_read(address, &db, &fault), &fault);
	must(query_alerts(&db, &(struct alert_query){ .filter = filter, .closed_too = true, .limit = 100, .now_ms = 9000 }, "", &arena, &list, &fault), &fault);
	int64_t n = (int64_t)list.n;
	db_close(&db);
	return n;
}

static bool act(struct store *store, int64_t id, struct triage_order order)
{
	struct arena room;
	struct alert_before before;
	struct triage_result result;
	arena_init(&room);
	order.who = "ana";
	order.note = "because";
	order.now_ms = 6000;
	fault = (struct fault){ 0 };
	bool ok = store_triage(store, &id, 1, &order, &room, &before, &result, &fault) && result.n_done == 1;
	arena_clear(&room);
	return ok;
}

/* The same numbers, ids and names in both: an act of one is of that one. */
TEST(what_has_the_same_number_is_not_the_same)
{
	struct arena mine;
	arena_init(&mine);
	begin();
	struct store *a = opened(a_place), *b = opened(b_place);
	rig_raise(a, 3);
	rig_raise(b, 2);
	struct alert of_a = rig_alert(a, 1, &mine), of_b = rig_alert(b, 1, &mine);
	CHECK_INT(of_a.id, of_b.id);
	CHECK(act(a, 1, (struct triage_order){ .act = TRIAGE_CLAIM }));
	CHECK_STR(rig_alert(a, 1, &mine).assignee, "ana");
	CHECK_STR(rig_alert(b, 1, &mine).assignee, "");
	CHECK_INT(rig_ask(b, "SELECT count(*) FROM audit WHERE act = 'claim'"), 0);
	/* 3 is there in A alone: of B it cannot be joined or named. */
	CHECK(!act(b, 1, (struct triage_order){ .act = TRIAGE_MERGE, .other_id = 3 }));
	CHECK(!act(b, 1, (struct triage_order){ .act = TRIAGE_LINK, .other_id = 3 }));
	CHECK(!act(b, 3, (struct triage_order){ .act = TRIAGE_CLAIM }));
	must(setting_put(a, "budget", "5 6 7", &fault), &fault);
	char *budget;
	must(setting_get(b, "budget", &budget, &fault), &fault);
	CHECK_STR(budget, "");
	free(budget);
	store_close(a);
	store_close(b);
	CHECK_INT(n_alerts(a_place, ""), 3);
	CHECK_INT(n_alerts(b_place, ""), 2);
	CHECK_INT(n_alerts(home, ""), 0);
	end();
	arena_clear(&mine);
}

/* The writer of one is in no other's way, nor is who collects. */
TEST(nobody_waits_for_another_organisation)
{
	bool mine, taken_over;
	char holder[128];
	begin();
	struct store *a = opened(a_place), *b = opened(b_place);
	must(lease_take(a, "collector-a", 1000, 60000, &mine, &taken_over, &fault), &fault);
	CHECK(mine);
	must(lease_take(b, "collector-b", 1000, 60000, &mine, &taken_over, &fault), &fault);
	CHECK(mine);
	must(lease_look(b, 1000, holder, &fault), &fault);
	CHECK_STR(holder, "collector-b");
	must(db_begin(&a->db, &fault), &fault);
	must(setting_put(a, "x", "1", &fault), &fault);
	must(db_begin(&b->db, &fault), &fault); /* would wait 10 s, and fail */
	must(setting_put(b, "x", "2", &fault), &fault);
	must(db_commit(&b->db, &fault), &fault);
	must(db_commit(&a->db, &fault), &fault);
	store_close(a);
	store_close(b);
	end();
}

TEST(a_place_that_is_another_s_is_not_opened)
{
	struct store *store;
	struct db db;
	begin();
	struct store *b = opened(b_place);
	char sql[120];
	snprintf(sql, sizeof sql, "UPDATE organisation SET key = '%s'", a_key);
	must(db_exec(&b->db, sql, &fault), &fault);
	store_close(b);
	CHECK(!store_open(b_place, &store, &fault));
	CHECK_INT(fault.code, FAULT_CONFLICT);
	CHECK(!store_open_read(b_place, &db, &fault));
	/* A console opens before it is known what answers: then nothing goes on with it. */
	if (store_open_later(b_place, &store, &fault)) {
		for (int i = 0; i < 2; i++) {
			CHECK(!store_reach(store, &fault));
			CHECK_INT(fault.code, FAULT_CONFLICT);
			CHECK(!db_exec(&store->db, "DELETE FROM settings", &fault));
		}
		store_close(store);
	}
	CHECK(!organisation_add(home, b_key, "B", 1, &fault));
	CHECK(!organisation_remove(home, b_key, true, &fault));
	/* Nor one that says nothing of itself, with records in it. */
	struct store *a = opened(a_place);
	rig_raise(a, 1);
	must(db_exec(&a->db, "DELETE FROM organisation", &fault), &fault);
	store_close(a);
	CHECK(!store_open(a_place, &store, &fault));
	CHECK(!organisation_add(home, a_key, "A", 1, &fault));
	CHECK(strstr(fault.text, "not known to be its own") != NULL);
	end();
}

/* SQLite: a copy, a link or the file by its own name; nobody else's either. */
TEST(a_file_is_its_own_and_no_link)
{
	struct store *store;
	struct stat st;
	if (store_is_on_server())
		return;
	begin();
	char *a_file = store_file(a_place), *b_file = store_file(b_place);
	CHECK(stat(a_file, &st) == 0);
	CHECK_INT(st.st_mode & 0777, 0600);
	CHECK(!store_open(a_file, &store, &fault)); /* without saying whose */
	CHECK_INT(fault.code, FAULT_CONFLICT);
	CHECK(unlink(b_file) == 0 && symlink(a_file, b_file) == 0);
	CHECK(!store_open(b_place, &store, &fault));
	CHECK(!organisation_add(home, b_key, "B", 1, &fault));
	CHECK(unlink(b_file) == 0 && link(a_file, b_file) == 0);
	CHECK(!store_open(b_place, &store, &fault));
	CHECK_INT(fault.code, FAULT_CONFLICT);
	CHECK(unlink(b_file) == 0);
	free(a_file);
	free(b_file);
	end();
}

TEST(a_store_is_not_moved_into_another_organisation)
{
	begin();
	struct store *a = opened(a_place), *of_all = opened(home);
	rig_raise(a, 2);
	rig_raise(of_all, 1);
	store_close(a);
	store_close(of_all);
	struct move move = { .from = a_place, .to = b_place, .now_ms = 5000 };
	CHECK(!store_move(&move, &fault));
	CHECK_INT(fault.code, FAULT_CONFLICT);
	move_clear(&move);
	CHECK_INT(n_alerts(b_place, ""), 0);
	/* Out of it into the store of all, neither; what was of one alone becomes one of several. */
	move = (struct move){ .from = a_place, .to = home, .now_ms = 5000 };
	CHECK(!store_move(&move, &fault));
	move_clear(&move);
	move = (struct move){ .from = home, .to = b_place, .now_ms = 5000 };
	must(store_move(&move, &fault), &fault);
	move_clear(&move);
	CHECK_INT(n_alerts(b_place, ""), 1);
	CHECK_INT(n_alerts(a_place, ""), 2);
	end();
}

static void look(struct organisation_overview *all, size_t most)
{
	must(query_organisations_begin(b_place, 9000, &arena, all, &fault), &fault);
	while (all->n_read < all->n)
		query_organisations_next(b_place, most, &arena, all);
}

TEST(the_list_says_how_each_stands)
{
	struct organisation_overview all;
	begin();
	struct store *a = opened(a_place), *b = opened(b_place);
	rig_raise(a, 3); /* low, medium, high */
	rig_raise(b, 6);
	must(db_exec(&b->db, "UPDATE alerts SET severity = 3, raised_ms = 3000 WHERE id = 3", &fault), &fault);
	for (int id = 1; id <= 3; id++)
		CHECK(act(a, id, (struct triage_order){ .act = TRIAGE_CLAIM }));
	store_close(a);
	store_close(b);
	look(&all, 2);
	CHECK_INT(all.n, 2);
	CHECK_STR(all.items[0].key, a_key);
	CHECK_STR(all.items[0].name, "Acme S.A.");
	CHECK_STR(all.items[1].name, "Bodegas Ñ");
	CHECK_INT(all.items[0].n_open[SEVERITY_HIGH], 1);
	CHECK_INT(all.items[0].unclaimed_ms, 0);
	CHECK_INT(all.items[1].unclaimed_ms, 2000);
	CHECK_INT(all.n_alerts, 2); /* the newest of all, and no more */
	CHECK_INT(all.alerts[0].of, 1);
	CHECK_INT(all.alerts[0].alert.id, 3);
	CHECK_INT(all.alerts[1].of, 0);
	/* One that cannot be read is a row that says why. */
	struct db db;
	must(db_open(b_place, OPEN_WRITE, &db, &fault) && db_exec(&db, "UPDATE organisation SET key = 'other'", &fault), &fault);
	look(&all, STANDING_ALERTS);
	CHECK_INT(all.n, 2);
	CHECK(all.items[0].fault == NULL && all.items[1].fault != NULL);
	CHECK_INT(all.n_alerts, 1);
	char sql[120];
	snprintf(sql, sizeof sql, "UPDATE organisation SET key = '%s'", b_key);
	must(db_exec(&db, sql, &fault), &fault);
	db_close(&db);
	end();
}

/* Whoever may write to the list could write anything there. */
TEST(what_the_list_says_reaches_no_screen_as_it_is)
{
	struct organisation_row *rows;
	size_t n;
	begin();
	struct store *of_all = opened(home);
	must(db_exec(&of_all->db, "INSERT INTO organisations (key, name, added_ms) VALUES ('evil', '\033[2Jgone\r\n\302\233', 1), ('../../etc/x', 'path', 1),"
				  " ('x\"; DROP', 'sql', 1)", &fault), &fault);
	store_close(of_all);
	must(organisation_list(home, &arena, &rows, &n, &fault), &fault);
	CHECK_INT(n, 3);
	CHECK_STR(rows[2].key, "evil");
	CHECK(strpbrk(rows[2].name, "\033\r\n") == NULL && strstr(rows[2].name, "\302\233") == NULL);
	CHECK(!organisation_add(home, "evil", "\033[2J", 1, &fault));
	CHECK(!organisation_add(home, "evil", "", 1, &fault));
	CHECK(!organisation_add(home, "Evil", "x", 1, &fault));
	end();
}

TEST(one_that_holds_something_goes_only_when_that_is_said)
{
	struct organisation_row *rows;
	size_t n;
	struct store *store;
	begin();
	struct store *a = opened(a_place);
	rig_raise(a, 1);
	store_close(a);
	CHECK(!organisation_remove(home, a_key, false, &fault));
	CHECK_INT(fault.code, FAULT_CONFLICT);
	CHECK_INT(n_alerts(a_place, ""), 1);
	must(organisation_remove(home, b_key, false, &fault), &fault);
	must(organisation_remove(home, a_key, true, &fault), &fault);
	CHECK(!store_open(a_place, &store, &fault));
	must(organisation_list(home, &arena, &rows, &n, &fault), &fault);
	CHECK_INT(n, 0);
	/* And it may come again, empty. */
	must(organisation_add(home, a_key, "Again", 1, &fault), &fault);
	CHECK_INT(n_alerts(a_place, ""), 0);
	end();
}

/* What a look back makes beside the tables hides them, and is none of them. */
TEST(a_look_back_changes_nothing_of_an_organisation)
{
	begin();
	struct store *a = opened(a_place);
	rig_raise(a, 3);
	int64_t n_open = rig_ask(a, "SELECT sum(n) FROM open_alerts"), n;
	CHECK(n_open > 0);
	for (int turn = 0; turn < 2; turn++) {
		struct past *past;
		bool ready = false;
		must(past_open(a_place, 1500, &past, &fault), &fault);
		while (!ready)
			must(past_begin(past, 1000, &ready, &fault), &fault);
		must(db_ask_int(past_db(past), "SELECT count(*) FROM alerts", -1, &n, &fault), &fault);
		CHECK_INT(n, 0); /* nothing was raised by then */
		past_end(past);
		past_close(past);
		CHECK_INT(rig_ask(a, "SELECT sum(n) FROM open_alerts"), n_open);
	}
	store_close(a);
	end();
}

TEST(who_is_added_again_is_called_as_before)
{
	struct organisation_row *rows;
	size_t n;
	begin();
	must(organisation_add(home, a_key, NULL, 1, &fault), &fault);
	must(organisation_list(home, &arena, &rows, &n, &fault), &fault);
	CHECK_STR(rows[0].name, "Acme S.A.");
	must(organisation_add(home, a_key, "Acme", 1, &fault), &fault);
	must(organisation_list(home, &arena, &rows, &n, &fault), &fault);
	CHECK_STR(rows[0].name, "Acme");
	end();
}

TEST(a_store_of_before_has_none_and_takes_some)
{
	struct organisation_row *rows;
	size_t n;
	begin();
	struct store *of_all = opened(home);
	must(older_store(&of_all->db, 45, &fault), &fault);
	store_close(of_all);
	must(organisation_list(home, &arena, &rows, &n, &fault), &fault);
	CHECK_INT(n, 0);
	must(organisation_add(home, a_key, "Acme", 1, &fault), &fault);
	must(organisation_list(home, &arena, &rows, &n, &fault), &fault);
	CHECK_INT(n, 1);
	end();
}

TESTS(T(a_key_is_nothing_that_a_path_or_a_name_reads_otherwise), T(its_place_is_beside_the_store),
    T(one_that_nobody_added_is_not_there), T(what_has_the_same_number_is_not_the_same), T(nobody_waits_for_another_organisation),
    T(a_place_that_is_another_s_is_not_opened), T(a_file_is_its_own_and_no_link),
    T(a_store_is_not_moved_into_another_organisation), T(the_list_says_how_each_stands),
    T(what_the_list_says_reaches_no_screen_as_it_is), T(one_that_holds_something_goes_only_when_that_is_said),
    T(a_look_back_changes_nothing_of_an_organisation), T(who_is_added_again_is_called_as_before), T(a_store_of_before_has_none_and_takes_some))
