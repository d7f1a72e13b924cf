/* SPDX-License-Identifier: Apache-2.0
 *
 * Where a test keeps its store: in the file it names or, when CENTINELA_TEST_STORE
 * has the address of a server, in a schema there of its own. Each program that
 * includes this is a test of both engines (tests/CMakeLists.txt). */
#ifndef TESTS_STORE_PLACE_H
#define TESTS_STORE_PLACE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/hash.h"
#include "store/engine.h"

#define STORE_SCHEMA "&options=-csearch_path%3D"

static inline bool store_is_on_server(void)
{
	const char *server = getenv("CENTINELA_TEST_STORE");
	return server != NULL && *server != '\0';
}

/* In its place: the path of a store becomes the address of one, a new one. */
static inline void store_place_in(char *address, size_t capacity)
{
	struct db db;
	struct fault fault;
	char schema[64], sql[600];
	if (!store_is_on_server() || strstr(address, "://") != NULL)
		return;
	snprintf(schema, sizeof schema, "t%ld_%08x", (long)getpid(), (unsigned)hash_text(address));
	/* With the words of SQLite that tests put rows in with. */
	snprintf(sql, sizeof sql, "DROP SCHEMA IF EXISTS %s CASCADE; CREATE SCHEMA %s; SET search_path = %s; CREATE DOMAIN blob AS bytea;"
	    "CREATE FUNCTION hex(bytea) RETURNS text LANGUAGE sql AS 'SELECT upper(encode($1, ''hex''))';"
	    "CREATE FUNCTION zeroblob(int) RETURNS bytea LANGUAGE sql AS 'SELECT decode(repeat(''00'', $1), ''hex'')'", schema, schema, schema);
	bool ok = db_open(getenv("CENTINELA_TEST_STORE"), OPEN_WRITE, &db, &fault) && db_exec(&db, sql, &fault);
	int n = snprintf(address, capacity, "%s%s%s", getenv("CENTINELA_TEST_STORE"), STORE_SCHEMA, schema);
	if (!ok || n < 0 || (size_t)n >= capacity) {
		printf("no place for a store: %s\n", ok ? address : fault.text);
		exit(1);
	}
	db_close(&db);
}
#define store_place(address) store_place_in(address, sizeof(address))

/* The file and its journals, or the schema. */
static inline void store_remove(const char *address)
{
	static const char *const parts[] = { "", "-wal", "-shm" };
	char path[300];
	const char *schema = strstr(address, STORE_SCHEMA);
	if (schema != NULL) {
		struct db db;
		struct fault fault;
		snprintf(path, sizeof path, "DROP SCHEMA %s CASCADE", schema + strlen(STORE_SCHEMA));
		if (db_open(getenv("CENTINELA_TEST_STORE"), OPEN_WRITE, &db, &fault) && !db_exec(&db, path, &fault))
			printf("%s\n", fault.text);
		db_close(&db);
		return;
	}
	const char *file = strncmp(address, "sqlite:", 7) == 0 ? address + 7 : address;
	for (size_t i = 0; i < COUNT_OF(parts); i++) {
		snprintf(path, sizeof path, "%s%s", file, parts[i]);
		unlink(path);
	}
}

#endif
