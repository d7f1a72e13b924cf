/* SPDX-License-Identifier: Apache-2.0
 *
 * Taking turns at writing to a file. SQLite lets whoever asks at the right moment write: who
 * imports asks again as soon as it has committed, who waits looked a while ago, and waits for
 * ever (measured: 27 to 41 looks in vain for one act). So who waits says so, by a lock on a byte
 * of the write-ahead log, which is there as long as anybody has the store open and has no locks
 * of SQLite's; who begins lets it go first. It is a courtesy: where it fails nothing but time is
 * lost, and who dies waiting has gone. */
#ifndef STORE_ENGINE_SQLITE_TURN_H
#define STORE_ENGINE_SQLITE_TURN_H

#include <stdbool.h>

struct turn; /* opaque: of one connection */

struct turn *turn_new(const char *path); /* of the database file */
void turn_free(struct turn *);		 /* NULL is fine */

/* Does another wait? */
bool turn_is_wanted(struct turn *);
/* Before a transaction that writes: until whoever waits has begun, or has had the time to. */
void turn_let_go_first(struct turn *);
/* A busy handler (sqlite3_busy_handler) of a connection that writes: waits a moment; 0 once it
 * has waited for `TURN_PATIENCE_MS`. */
int turn_wait(void *turn, int n_before);
/* It has what it waited for, or has given it up. */
void turn_over(struct turn *);

#define TURN_PATIENCE_MS 10000

#endif
