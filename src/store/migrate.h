/* SPDX-License-Identifier: Apache-2.0
 *
 * data/migrations in order, forward only. */
#ifndef STORE_MIGRATE_H
#define STORE_MIGRATE_H

#include "store/engine.h"

struct migration {
	const char *name; /* "0001_calls"; NULL ends the table */
	const char *sql;
};

extern const struct migration store_migrations[];

/* The greatest number of them, which is the shape of a store of today. */
int64_t store_newest_shape(void);

/* Bring the store to this program's shape, each step in a transaction. A
 * store made by a later program is refused: FAULT_STORE. */
bool store_migrate(struct db *, struct fault *) MUST_USE;

/* Open for reading what store_open would open for writing: a store of an
 * earlier version is brought to this program's shape first. */
bool store_open_read(const char *address, struct db *, struct fault *) MUST_USE;

#endif
