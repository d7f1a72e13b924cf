/* SPDX-License-Identifier: Apache-2.0
 *
 * Several organisations in one store: each has the same tables in a place of its own
 * (on SQLite a file beside the store's, on PostgreSQL a schema), which its address
 * names: "ADDRESS#organisation=KEY". So no statement can forget whose rows it means.
 * What a place says of itself, and the list of all of them: organisation_rows.h. */
#ifndef STORE_ORGANISATION_H
#define STORE_ORGANISATION_H

#include "base/fault.h"

#define ORGANISATION_KEY_BYTES 32 /* with the NUL */
#define ORGANISATION_ALL       "all" /* no key: a view of all of them */

/* A small letter, then small letters, digits and hyphens: nothing that a path, an SQL
 * name or a screen reads otherwise. */
bool organisation_key_check(const char *key, struct fault *) MUST_USE;

/* What an address says: its key ("" none), and how long the rest is. */
const char *organisation_in(const char *address, size_t *n_rest);
/* The same store's place of that organisation (""; the store itself); malloc'd. */
char *organisation_address(const char *address, const char *key);
/* The file of a store on SQLite, malloc'd; NULL where it is none. */
char *store_file(const char *address);

/* Make the place that the address names, empty, where there is none yet. */
bool organisation_found(const char *address, struct fault *) MUST_USE;

#endif
