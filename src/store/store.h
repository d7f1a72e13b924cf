/* SPDX-License-Identifier: Apache-2.0
 *
 * What the writing side of a store keeps in memory: the session, words, the
 * open calls. One per process; used by the store lane alone. Everything here
 * is derived and is rebuilt after a rollback. */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "base/map.h"
#include "calls/assembler.h"
#include "store/engine.h"
#include "store/page.h"

struct store {
	struct db db;
	struct map words;	 /* text → id */
	struct assembler *assembler;
	struct known_calls *known; /* which calls are in the store, roughly */
	int64_t n_pages;	 /* the counter "page" after our last commit */
	bool repeats;		 /* the last leg was in the store already */
	char spare[256];	 /* a text made printable on its way */
};

/* Opens for writing and migrates. The folder of a SQLite file is made, 0700. */
bool store_open(const char *address, struct store **out, struct fault *fault) MUST_USE;
void store_close(struct store *);

/*
 * Called between dedupe and the writing of alerts, in the transaction: the
 * legs whose fate is not FATE_SEEN are new to the store. Fills page->findings.
 */
struct page_judge {
	void (*judge)(void *arg, struct page *);
	void *arg;
};

/*
 * One page = one transaction: raw evidence, legs, calls, hourly sums, alerts,
 * audit lines, the window. On failure nothing was written and the same page
 * may be committed again; the judge is not asked twice.
 *
 * FAULT_CONFLICT with "lease": another process collects now.
 */
bool store_commit_page(struct store *, struct page *, const struct page_judge *judge,
    struct fault *fault) MUST_USE;

/* ---- words ---- */

/* The id of a stranger's text, made printable; 0 for an absent one. */
bool words_id(struct store *, struct span text, int32_t *id, struct fault *fault) MUST_USE;
void words_forget(struct store *);

/* ---- parts of store_commit_page, one table's SQL each ---- */

bool raw_rows_number(struct store *, struct page *, struct fault *) MUST_USE;
bool raw_rows_write(struct store *, const struct page *, size_t piece, struct fault *) MUST_USE;
bool leg_rows_write(struct store *, struct page *, struct fault *) MUST_USE;
/* The open call of a leg: from memory, from the store, or new (id 0 until a
 * leg of it is in the store; the id of that leg is the call's). */
bool call_rows_open(struct store *, const struct cdr *, int64_t leg_id, struct open_call **,
    struct fault *) MUST_USE;
/* An id for a new call whose first leg is a row already. */
bool call_rows_number(struct store *, struct open_call *, int64_t leg_id, struct fault *) MUST_USE;
bool call_rows_write(struct store *, struct fault *) MUST_USE;
/* The newest calls come back into memory, so that what comes next joins their
 * journeys as if there had been no restart. */
bool call_rows_recall(struct store *, struct fault *) MUST_USE;
bool alert_rows_write(struct store *, struct page *, struct fault *) MUST_USE;
bool window_rows_write(struct store *, const struct page *, struct fault *) MUST_USE;

/*
 * Most new legs begin a new call, and asking the store for each whether it has
 * the call is what a leg cost most. A filter a day answers "surely not" from
 * memory; only this process may write calls while it is trusted.
 */
struct known_calls *known_calls_new(void);
void known_calls_free(struct known_calls *);
void known_calls_forget(struct known_calls *);
/* May the store hold a call of this hash under the day, or one beside it? */
bool known_calls_ask(struct store *, int64_t day, uint64_t hash, bool *maybe, struct fault *) MUST_USE;
void known_calls_add(struct store *, int64_t day, uint64_t hash);

/* The next value of a counter; committed with the transaction. */
bool counter_next(struct store *, const char *name, int64_t *value, struct fault *) MUST_USE;

/* The key of a correlation id (or, without one, of the report id) as stored:
 * 16 bytes of a UUID, else 0x00 and at most 39 bytes of text. Returns its length. */
size_t uuid_key(struct span text, unsigned char out[40]);
/* Back to text; `out` holds 40 bytes. */
void uuid_text(const unsigned char *key, size_t n, char out[40]);

/* Borrowed text of a span, made printable when it is not; cut at 255 bytes. */
const char *store_text(struct store *, struct span text, size_t *n);

#endif
