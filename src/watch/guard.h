/* SPDX-License-Identifier: Apache-2.0
 *
 * What a page needs to be understood, judged and stored, put together once:
 * numbering, directory, rules, store. Shared by import, sync and replay. */
#ifndef WATCH_GUARD_H
#define WATCH_GUARD_H

#include "detect/judge.h"
#include "store/store.h"
#include "watch/intake.h"

struct guard_config { /* texts are borrowed for the guard's life */
	const char *store;	  /* address */
	const char *data_folder;  /* numbering, calendars */
	struct judge_options rules;
	const char *tariff_file;  /* own prices; NULL or "": none */
	const char *sites_file;	  /* hours and holidays per site; NULL or "": defaults */
	bool keep_raw;
	bool store_later; /* a store at a server is waited for on the store lane: guard_reach() */
};

struct site_plan;
struct judge_thread;
struct recollecting;
struct guard {
	struct guard_config config;
	struct store *store;
	struct numbering *numbering;
	struct directory *directory;
	struct site_plan *plan; /* NULL: none */
	struct judge *judge;
	struct judge_thread *judge_thread;
	struct intake intake;
	struct recollecting *past; /* what is being read back; NULL: nothing */
	bool warming; /* the loop's: a guard_warm() may be on the store lane, and reads the directory */
	int64_t learned_ns; /* when the outcomes of alerts were last asked for */
};

/* Opens the store for writing. */
bool guard_open(const struct guard_config *, struct guard **out, struct fault *) MUST_USE;
/* On the store lane, before anything there; true at once when it was reached. */
bool guard_reach(struct guard *, struct fault *) MUST_USE;
/* Reads data and rules, before the first page; where the store may be used. A
 * console's first picture does not wait for it. */
bool guard_prepare(struct guard *, struct fault *) MUST_USE;
void guard_close(struct guard *);

/*
 * Show the judge what the store holds: who called whom first within a month,
 * and the last days from their raw records, so that a restart forgets no window. Before the first page; on the store
 * lane, because a day of a large organisation takes a second.
 */
bool guard_warm(struct guard *, struct fault *) MUST_USE;
/* The same in pieces of less than a second: guard_warm_on() while there is more. Begun again it
 * begins anew. */
bool guard_warm_begin(struct guard *, struct fault *) MUST_USE;
bool guard_warm_on(struct guard *, bool *more, struct fault *) MUST_USE;

/* Rules whose files changed are read again, and what is wrong with them is
 * logged; what worked goes on. True when they were read. On the store lane. */
bool guard_refresh_rules(struct guard *);

/* For store_commit_page: judges every leg that is new to the store. On the store
 * lane, while nothing is judged: now and then it asks how alerts ended. */
struct page_judge guard_judge(struct guard *);

/* Hours and holidays of the plan into a directory that was just read; what the
 * plan names in vain goes to the log. */
void guard_plan_sites(const struct guard *, struct directory *);

#endif
