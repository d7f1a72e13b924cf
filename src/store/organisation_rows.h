/* SPDX-License-Identifier: Apache-2.0
 *
 * What a place says of itself, so that no file, schema or copy of one is taken for
 * another's; and the list of organisations, in the store's own place. */
#ifndef STORE_ORGANISATION_ROWS_H
#define STORE_ORGANISATION_ROWS_H

#include "base/arena.h"
#include "store/engine.h"
#include "store/organisation.h"

#define ORGANISATION_NAME_BYTES 200

struct organisation_row {
	const char *key, *name;
	int64_t added_ms;
};

/* Is what was opened by this address the place that the address names? */
bool organisation_is(struct db *, const char *address, struct fault *) MUST_USE;

/* As its own place has it, printable, malloc'd; NULL: it does not say. */
char *organisation_name(struct db *);

/* Its place (made where it is none yet), what it says of itself, and its line in the list.
 * name	NULL: as it is called already; a new one by its key */
bool organisation_add(const char *store, const char *key, const char *name, int64_t now_ms, struct fault *) MUST_USE;
/* On PostgreSQL what its three roles may (true), or no more (false): for whoever may make roles. */
bool organisation_grant(const char *store, const char *key, bool takes, struct fault *) MUST_USE;
/* Those that whoever asks may see, by key. A store without a list has none. */
bool organisation_list(const char *store, struct arena *, struct organisation_row **, size_t *n, struct fault *) MUST_USE;
/* Its line, and its place with all in it; unless `even_full` only where no record and
 * no alert is in it. */
bool organisation_remove(const char *store, const char *key, bool even_full, struct fault *) MUST_USE;

#endif
