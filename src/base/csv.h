/* SPDX-License-Identifier: Apache-2.0
 *
 * Comma separated values (RFC 4180) in bounded memory: bytes in, in pieces of
 * any size; rows out, one at a time. What a column means is the caller's. */
#ifndef BASE_CSV_H
#define BASE_CSV_H

#include "base/fault.h"

/* n bytes, unescaped; a NUL follows but may also be among them. */
struct csv_field {
	const char *p;
	size_t n;
};

/* A whole row; borrowed until it returns. `line` is where it began, from 1.
 * False stops the reading: csv_feed returns false, the fault is the caller's. */
typedef bool csv_row_fn(const struct csv_field *fields, size_t n, uint64_t line, void *arg);

/* A row that is broken, and why; the reader goes on at the next line. */
typedef void csv_broken_fn(uint64_t line, const char *reason, void *arg);

/* Zero is the default of every member. */
struct csv_options {
	char separator;		/* ',' */
	char comment;		/* a line that begins so is skipped; 0: none */
	size_t most_row_bytes;	/* 1 MiB: a longer row is broken */
	size_t most_fields;	/* 1024 */
	csv_broken_fn *on_broken; /* NULL: a broken row is a fault */
};

struct csv_reader;

struct csv_reader *csv_new(const struct csv_options *options, csv_row_fn *on_row, void *arg);
void csv_free(struct csv_reader *);

/*
 * Take n bytes. Rows that end in them reach on_row before this returns.
 *
 * A byte order mark is dropped; LF and CRLF end a row; empty lines are no
 * rows. After false the reader takes nothing more. The fault names the line.
 */
bool csv_feed(struct csv_reader *, const char *bytes, size_t n, struct fault *) MUST_USE;

/* The end: a last row without a line end is a row too. */
bool csv_finish(struct csv_reader *, struct fault *) MUST_USE;

/* All of a buffer, or of a file of at most `most_bytes`. */
bool csv_read(const char *bytes, size_t n, const struct csv_options *, csv_row_fn *on_row,
    void *arg, struct fault *) MUST_USE;
bool csv_read_file(const char *path, size_t most_bytes, const struct csv_options *,
    csv_row_fn *on_row, void *arg, struct fault *) MUST_USE;

bool csv_is(struct csv_field field, const char *text);

#endif
