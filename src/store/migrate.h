/* SPDX-License-Identifier: Apache-2.0
 *
 * data/migrations in order, forward only. */
#ifndef STORE_MIGRATE_H
#define STORE_MIGRATE_H

struct migration {
	const char *name; /* "0001_calls"; NULL ends the table */
	const char *sql;
};

extern const struct migration store_migrations[];

#endif
