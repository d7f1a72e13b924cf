/* SPDX-License-Identifier: Apache-2.0
 *
 * Opening a store, and the transaction of a page from outside; what each
 * table does in it stands in *_rows.c. */
#include "store/store.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "store/migrate.h"
#include "store/organisation_rows.h"
#include "store/profile_rows.h"
#include "store/silence_rows.h"

#define CALLS_PER_GENERATION 8192

struct page *page_new(void)
{
	struct page *page = mem_zalloc(sizeof *page);
	arena_init(&page->arena);
	page->findings.arena = &page->arena;
	return page;
}

void page_reset(struct page *page)
{
	struct arena arena = page->arena;
	char *bytes = page->bytes;
	arena_reset(&arena);
	*page = (struct page){ .arena = arena, .bytes = bytes };
	page->findings.arena = &page->arena;
}

void page_free(struct page *page)
{
	if (page == NULL)
		return;
	arena_clear(&page->arena);
	free(page->bytes);
	free(page);
}

static bool make_folder(const char *address, struct fault *fault)
{
	char *folder = store_file(address);
	if (folder == NULL || strcmp(folder, ":memory:") == 0) {
		free(folder);
		return true;
	}
	bool ok = true;
	for (char *slash = strchr(folder + 1, '/'); ok && slash != NULL; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(folder, 0700) != 0 && errno != EEXIST)
			ok = fault_set(fault, FAULT_SYSTEM, _("cannot make the folder %s: %s"), folder, strerror(errno));
		*slash = '/';
	}
	free(folder);
	return ok;
}

static bool open_as(const char *address, enum open_mode mode, struct store **out, struct fault *fault)
{
	struct store *store = mem_zalloc(sizeof *store);
	store->address = mem_strdup(address);
	store->assembler = assembler_new(CALLS_PER_GENERATION);
	store->known = known_calls_new();
	store->far_ends = far_ends_new();
	if (!make_folder(address, fault) || !db_open(address, mode, &store->db, fault) ||
	    ((mode == OPEN_WRITE || store->db.engine->reach == NULL) && !store_reach(store, fault))) {
		store_close(store);
		return false;
	}
	*out = store;
	return true;
}

bool store_open(const char *address, struct store **out, struct fault *fault)
{
	return open_as(address, OPEN_WRITE, out, fault);
}

bool store_open_later(const char *address, struct store **out, struct fault *fault)
{
	return open_as(address, OPEN_LATER, out, fault);
}

bool store_reach(struct store *store, struct fault *fault)
{
	if (store->reached)
		return true;
	if (!db_reach(&store->db, fault))
		return false;
	store->reached = store_migrate(&store->db, fault) && organisation_is(&store->db, store->address, fault) && far_ends_begin(store, fault);
	if (!store->reached)
		db_leave(&store->db); /* another's, or of another time: nobody goes on with it */
	return store->reached;
}

void store_close(struct store *store)
{
	if (store == NULL)
		return;
	db_close(&store->db);
	assembler_free(store->assembler);
	known_calls_free(store->known);
	known_keys_free(store->keys_known);
	far_ends_free(store->far_ends);
	silence_book_free(store->silences);
	free(store->word_ids);
	free(store->vouched);
	map_clear(&store->site_names);
	text_clear(&store->new_legs.rows);
	text_clear(&store->new_calls.rows);
	text_clear(&store->old_calls.rows);
	free(store->keys);
	free(store->address);
	free(store);
}

/* Ids that were given inside a transaction that failed are void. */
static void forget_all(struct store *store)
{
	words_forget(store);
	map_clear(&store->site_names);
	assembler_forget(store->assembler);
	known_calls_forget(store->known);
	known_keys_forget(store->keys_known);
	far_ends_forget(store->far_ends);
	months_forget(&store->months);
	copy_reset(&store->new_legs);
	copy_reset(&store->new_calls);
	copy_reset(&store->old_calls);
}

/* Open calls and the days' filters are true while nobody else stores pages;
 * a counter that moved on without us says that somebody did. */
static bool follow_others(struct store *store, struct fault *fault)
{
	int64_t n;
	if (!counter_next(store, "page", &n, fault))
		return false;
	bool alone = n == store->n_pages + 1;
	store->n_pages = n;
	if (alone)
		return true;
	assembler_forget(store->assembler);
	known_calls_forget(store->known);
	known_keys_forget(store->keys_known);
	months_forget(&store->months);
	return call_rows_recall(store, fault);
}

/* The row is held until the commit: who takes the lease meanwhile (of a writer that stopped in the
 * middle of a page) waits, and sees that page, or nothing of it is kept. */
static bool lease_holds(struct store *store, const struct page *page, struct fault *fault)
{
	if (page->lease == NULL)
		return true;
	struct db *db = &store->db;
	struct statement *st = db_statement(db, "UPDATE lease SET holder = holder WHERE id = 1 AND holder = $1", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "t", page->lease);
	if (!db_run(db, st, fault))
		return false;
	return db->engine->changes(db->session) == 1 || fault_set(fault, FAULT_CONFLICT, _("another process holds the lease and collects now"));
}

static bool void_transaction(struct store *store)
{
	db_rollback(&store->db);
	forget_all(store);
	store->careful = true;
	store->n_pages = -1; /* whatever was counted last is not ours */
	return false;
}

bool store_write_page(struct store *store, struct page *page, const struct page_judge *judge,
    struct fault *fault)
{
	struct db *db = &store->db;
	bool ok = db->in_transaction || db_begin(db, fault);
	ok = ok && lease_holds(store, page, fault);
	ok = ok && follow_others(store, fault);
	words_follow(store, page->words_generation);
	ok = ok && raw_rows_number(store, page, fault);
	ok = ok && leg_rows_write(store, page, judge, fault);
	ok = ok && site_rows_write(store, page, fault);
	ok = ok && call_rows_write(store, fault);
	ok = ok && raw_rows_write(store, page, fault);
	ok = ok && profile_rows_add(store, page, fault);
	if (judge != NULL)
		judge->wait(judge->arg);
	ok = ok && alert_rows_write(store, page, fault);
	ok = ok && profile_rows_keep(store, &page->findings, fault);
	ok = ok && window_rows_write(store, page, fault);
	if (!ok)
		return void_transaction(store);
	assembler_settle(store->assembler);
	store->careful = false;
	return true;
}

bool store_commit(struct store *store, struct fault *fault)
{
	return !store->db.in_transaction || (far_ends_write(store, fault) && db_commit(&store->db, fault)) || void_transaction(store);
}

bool store_commit_page(struct store *store, struct page *page, const struct page_judge *judge,
    struct fault *fault)
{
	return store_write_page(store, page, judge, fault) && store_commit(store, fault);
}
