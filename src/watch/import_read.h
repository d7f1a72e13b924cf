/* SPDX-License-Identifier: Apache-2.0
 *
 * Files one after the other, a piece at a time: JSON pages, arrays and lines,
 * CSV, packed or not, told apart by their first bytes. Flat memory. */
#ifndef WATCH_IMPORT_READ_H
#define WATCH_IMPORT_READ_H

#include "watch/arrange.h"

/* A record that was skipped: which file and line, and why. */
struct rejection {
	const char *path;
	int64_t line;
	char why[160];
};

struct rejections {
	struct rejection *items;
	size_t n, capacity;
	int64_t n_all; /* those without an item too: a piece names 20 */
};

struct import_reader;

struct import_reader *import_reader_new(const char *const *paths, size_t n);
void import_reader_free(struct import_reader *);

/*
 * Read on: the next records, if any, are added to the arranger, and what was
 * skipped to `rejections`. False at a fault; what was added before it stays.
 */
bool import_read(struct import_reader *, struct arranger *, struct rejections *, struct fault *) MUST_USE;
bool import_read_all(const struct import_reader *); /* nothing follows */
double import_read_share(const struct import_reader *); /* of this file, 0..1; negative unknown */

#endif
