/* SPDX-License-Identifier: Apache-2.0
 *
 * Moving what was committed from the write-ahead log into the database file,
 * on a thread of its own: it waits for the disk, and a writer that did it by
 * itself would make everybody behind it wait too (measured: a quarter of the
 * time of an import). Commits are durable without it. */
#ifndef STORE_ENGINE_SQLITE_WAL_H
#define STORE_ENGINE_SQLITE_WAL_H

struct sqlite3;
struct wal_keeper;

/* Pages of the log: from how many on moving is worth it, and at how many the
 * writer waits for it. */
struct wal_limits {
	int worth_moving, stop_at;
};

/* Watch the commits of a writing connection of the database file `path`.
 * Nothing is started before there is something to move. */
struct wal_keeper *wal_keeper_new(struct sqlite3 *writer, const char *path, struct wal_limits);
/* Before the writer is closed. NULL is fine. */
void wal_keeper_free(struct wal_keeper *);

#endif
