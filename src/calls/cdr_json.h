/* SPDX-License-Identifier: Apache-2.0
 *
 * Bytes to legs: a bounded pull decoder over the field table. Reads an API
 * page {"items":[…]}, an array, or objects one after the other (JSON lines),
 * in pieces, with no memory of its own but the arena for escaped strings.
 * jansson's tree costs fifteen times as much and is kept for the tests,
 * where it is the judge (tests/fuzz/fuzz_cdr_json.c). */
#ifndef CALLS_CDR_JSON_H
#define CALLS_CDR_JSON_H

#include "base/arena.h"
#include "calls/cdr.h"

enum cdr_next {
	CDR_NEXT_RECORD,   /* `cdr` is filled; spans point into the bytes or the arena */
	CDR_NEXT_REJECTED, /* a record was skipped; reader.why says the reason */
	CDR_NEXT_MORE,	   /* the bytes end inside a record: keep from reader.p, read on */
	CDR_NEXT_END,	   /* nothing follows */
	CDR_NEXT_BROKEN,   /* not JSON from reader.p on; reader.why */
};

struct cdr_reader {
	const char *p, *end;
	bool final;		  /* nothing follows `end` */
	bool lenient;		  /* a file: lines before the first record may be garbage */
	enum { CDR_IN_START, CDR_IN_LIST, CDR_IN_LINES, CDR_IN_TAIL } state;
	int64_t line;		  /* of p, from 1 */
	int64_t record_line;	  /* where the last record or item began */
	enum cdr_field follows[CDR_N_FIELDS + 1]; /* the key that came next last time */
	char why[160];		  /* printable */
};

void cdr_reader_init(struct cdr_reader *reader);

/*
 * Give the reader `n` bytes. After CDR_NEXT_MORE the caller gives a buffer
 * that begins with the bytes from reader.p to the old end.
 */
void cdr_reader_feed(struct cdr_reader *reader, const char *bytes, size_t n, bool final);

enum cdr_next cdr_reader_next(struct cdr_reader *reader, struct arena *arena, struct cdr *cdr);

/*
 * Fill the parsed members of a record whose fields are set, by kind: absent
 * forms, times, counts, flags. False, with a sentence in why, when the record
 * has no usable Start time or a field contradicts its kind. Shared with the
 * CSV reader.
 */
bool cdr_finish(struct cdr *cdr, char *why, size_t capacity) MUST_USE;

#endif
