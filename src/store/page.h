/* SPDX-License-Identifier: Apache-2.0
 *
 * One page of records on its way, and the unit of commit. Owned by exactly one
 * place at a time; its memory is its arena. */
#ifndef STORE_PAGE_H
#define STORE_PAGE_H

#include "base/arena.h"
#include "calls/assembler.h"
#include "calls/cdr.h"
#include "detect/finding.h"
#include "store/leg_columns.h"

/* A piece of raw evidence: some hundred records, compressed together. */
struct raw_piece {
	char *zstd;   /* from the arena */
	size_t n_zstd, n_bytes;
	int64_t id;   /* given at the commit */
};

/* One record of the page: what came, what was understood, what became of it. */
struct page_leg {
	struct cdr cdr;
	struct call_leg leg;   /* all but leg_id and the word ids */
	void *facts;	       /* struct leg_facts of detect/, from the arena */
	struct leg_columns *columns; /* from the arena */
	uint32_t piece;	       /* index into raw */
	uint32_t raw_at;
	int64_t leg_id;	       /* given at the commit */
	enum { FATE_NEW, FATE_UPDATED, FATE_SEEN } fate;
};

/* A window of time of an endpoint that is complete with this page. */
struct page_window {
	const char *endpoint; /* literal: "stream", "feed"; NULL: none */
	int64_t from_ms, until_ms, read_ms; /* the server's clock */
	const char *why;      /* literal */
	int64_t n_records;
};

struct page {
	char *bytes;	       /* owned; the records' spans point into it */
	size_t n_bytes;
	struct arena arena;
	struct page_leg *legs; /* from the arena */
	size_t n_legs, legs_capacity;
	uint32_t words_generation; /* of the numbers in the rows */
	struct raw_piece *raw;
	size_t n_raw;
	size_t n_rejected;
	char first_rejection[200]; /* printable: where and why */
	struct page_window window;
	const char *lease;     /* commit only while this holder has it; NULL: any */
	int64_t now_ms;	       /* wall clock of the commit, for stored_ms and audit */
	/* After judgement, inside the transaction: */
	struct findings findings;
	size_t n_judged; /* legs; a page that is committed again is not judged again */
	/* After the commit: */
	size_t n_new, n_updated, n_seen;
	size_t n_alerts_raised, n_alerts_grown;
	size_t n_kept_back; /* findings, by silences */
};

struct page *page_new(void);
/* Empty again, its memory kept: for the next page of many. */
void page_reset(struct page *);
void page_free(struct page *); /* NULL is fine */

#endif
