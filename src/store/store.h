/* SPDX-License-Identifier: Apache-2.0
 *
 * What the writing side of a store keeps in memory: the session, words, the
 * open calls. One per process; used by the store lane alone. Everything here
 * is derived and is rebuilt after a rollback. */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include <stdatomic.h>

#include "base/map.h"
#include "calls/assembler.h"
#include "store/copy.h"
#include "store/engine.h"
#include "store/far_ends.h"
#include "store/months.h"
#include "store/page.h"

/* What stands under a leg's key that is taken. */
struct standing {
	int64_t report_ms, call_id;
	size_t n_report;
	unsigned char report[40];
};

struct leg_key {
	int64_t id;
	enum { KEY_FREE, KEY_TAKEN, KEY_COMING } state;
	struct standing standing; /* TAKEN */
};

struct store {
	struct db db;
	char *address;
	atomic_bool reached;	 /* it is there, ours, and of today's shape */
	int32_t *word_ids;	 /* the intake's number of a text → id in words; 0 not met */
	size_t n_word_ids;
	int64_t last_word;	 /* that was given in this page; 0: not looked up */
	uint32_t words_generation; /* of the intake's numbers */
	struct map site_names;	 /* uuid and name's id: pairs that are stored */
	struct assembler *assembler;
	struct known_calls *known; /* which calls are in the store, roughly */
	struct known_keys *keys_known; /* which keys of legs are free; NULL: the engine asks for each */
	struct far_ends *far_ends; /* other ends of calls that are there already */
	struct months months;	 /* that have a place for their rows */
	int64_t n_pages;	 /* the counter "page" after our last commit */
	uint64_t vouched_in;	 /* the transaction in which it was asked: */
	char *vouched;		 /* in whose name alone the server takes lines of the log; NULL: in any */
	struct silence_book *silences; /* as they were last read; NULL: never */
	bool repeats;		 /* the last leg was in the store already */
	/* Where the engine takes many rows at once: leg_copy.c, call_rows.c. */
	struct copy new_legs, new_calls, old_calls;
	bool careful; /* something that was held for new was not: the next page asks */
	struct leg_key *keys; /* of the page, in their order */
	size_t n_keys;
};

/* Opens for writing and migrates. The folder of a SQLite file is made, 0700. */
bool store_open(const char *address, struct store **out, struct fault *fault) MUST_USE;
/* The same in two steps: the first waits for nobody, so that a loop may do it; until the
 * second has succeeded, on the store's lane, all fails. Once it has, it has. */
bool store_open_later(const char *address, struct store **out, struct fault *fault) MUST_USE;
bool store_reach(struct store *, struct fault *) MUST_USE;
void store_close(struct store *);

/*
 * Who judges, a step behind the writing, in the transaction. `upto`: the legs
 * [0, n) of page->legs have their fates and are written; it may go on at once
 * and judge on another thread. `wait`: until all of them are judged and
 * page->findings is complete. Between the two the page's arena, its findings
 * and those legs are the judge's.
 */
struct page_judge {
	void (*upto)(void *arg, struct page *, size_t n);
	void (*wait)(void *arg);
	void *arg;
};

/*
 * One page = one transaction: raw evidence, legs, calls, hourly sums, alerts,
 * audit lines, the window. On failure nothing was written and the same page
 * may be committed again; no leg is judged twice.
 *
 * FAULT_CONFLICT with "lease": another process collects now.
 */
bool store_commit_page(struct store *, struct page *, const struct page_judge *judge,
    struct fault *fault) MUST_USE;

/*
 * The same in two steps, for a file of many pages: several pages, one
 * transaction. Rows of the same hour lie in the same places of the store, and
 * each place is then written once for all of them. When either fails, nothing
 * since the last store_commit was written. Others wait for the lock meanwhile
 * (db_is_wanted): not for long.
 */
bool store_write_page(struct store *, struct page *, const struct page_judge *judge,
    struct fault *fault) MUST_USE;
bool store_commit(struct store *, struct fault *) MUST_USE;

/* ---- words ---- */

/* The id of a printable text, by the number that the page's intake gave it; 0
 * for an absent one. */
/* Those of a page that are not known yet, at once, where one by one takes long. */
bool words_expect(struct store *, const struct page *, struct fault *) MUST_USE;
bool words_id(struct store *, struct span text, uint32_t number, int32_t *id, struct fault *fault) MUST_USE;
/* Numbers of another generation than before follow. */
void words_follow(struct store *, uint32_t generation);
void words_forget(struct store *);

/* ---- parts of store_commit_page, one table's SQL each ---- */

bool raw_rows_number(struct store *, struct page *, struct fault *) MUST_USE;
bool raw_rows_write(struct store *, const struct page *, struct fault *) MUST_USE;
bool leg_rows_write(struct store *, struct page *, const struct page_judge *, struct fault *) MUST_USE;
/* The open call of a leg: from memory, from the store, or new (id 0 until a
 * leg of it is in the store; the id of that leg is the call's). */
bool call_rows_open(struct store *, const struct page_leg *, int64_t leg_id, struct open_call **,
    struct fault *) MUST_USE;
/* An id for a new call whose first leg is a row already. */
bool call_rows_number(struct store *, struct open_call *, int64_t leg_id, struct fault *) MUST_USE;
bool call_rows_write(struct store *, struct fault *) MUST_USE;
/* The newest calls come back into memory, so that what comes next joins their
 * journeys as if there had been no restart. */
bool call_rows_recall(struct store *, struct fault *) MUST_USE;
bool alert_rows_write(struct store *, struct page *, struct fault *) MUST_USE;
bool site_rows_write(struct store *, const struct page *, struct fault *) MUST_USE;
bool window_rows_write(struct store *, const struct page *, struct fault *) MUST_USE;

/*
 * Most new legs begin a new call, and asking the store for each whether it has
 * the call is what a leg cost most. A filter a day answers "surely not" from
 * memory; only this process may write calls while it is trusted.
 */
struct known_calls *known_calls_new(void);
void known_calls_free(struct known_calls *);
void known_calls_forget(struct known_calls *);
/* So many questions about the day will follow. */
void known_calls_expect(struct store *, int64_t day, size_t n);
/* May the store hold a call of this hash under the day, or one beside it? */
bool known_calls_ask(struct store *, int64_t day, uint64_t hash, bool *maybe, struct fault *) MUST_USE;
void known_calls_add(struct store *, int64_t day, uint64_t hash);

/* The same of keys of legs, for engines that take many rows at once: only free for sure, or to
 * be asked. `begin` before a page; what is written is added. */
void known_keys_free(struct known_keys *);
void known_keys_forget(struct known_keys *);
bool known_keys_begin(struct store *, struct fault *) MUST_USE;
bool known_keys_is_free(struct known_keys *, int64_t key);
void known_keys_add(struct known_keys *, int64_t key);

/* The next value of a counter; committed with the transaction. */
bool counter_next(struct store *, const char *name, int64_t *value, struct fault *) MUST_USE;
/* … and those behind it, n of them. */
bool counter_take(struct store *, const char *name, int64_t n, int64_t *first, struct fault *fault) MUST_USE;

#endif
