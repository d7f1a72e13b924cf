/* SPDX-License-Identifier: Apache-2.0
 *
 * What changed of people and sites between two readings of the directory: an
 * extension that moved to somebody else may stand before an attack. Webex's
 * directory tells how it is, not when it became so: the time is the reading's. */
#ifndef STORE_DIRECTORY_CHANGES_H
#define STORE_DIRECTORY_CHANGES_H

#include "base/arena.h"
#include "base/fault.h"

/* "added", "removed", or the field that is another: name, email, site, extension,
 * number, team; of a site name, zone, country, number. */
struct directory_change {
	int64_t at_ms;
	const char *uuid, *name; /* of the person or site, as it is now */
	const char *what, *was, *became;
};

/* So many of one reading are kept: a new tenant is no change of each of its people. */
#define DIRECTORY_CHANGES_MOST 2000

struct directory;
struct store;
struct db;
/* Against what is stored, before it is replaced; in a transaction. Nothing is a change
 * of what was not known: the first directory. */
bool directory_changes_write(struct store *, const struct directory *, int64_t now_ms, struct fault *) MUST_USE;

/* Of one, from then until then, oldest first, at most `most`. */
bool directory_changes_read(struct db *, const char *uuid, int64_t from_ms, int64_t until_ms, size_t most, struct arena *,
    struct directory_change **out, size_t *n, struct fault *) MUST_USE;

#endif
