/* SPDX-License-Identifier: Apache-2.0
 *
 * Many rows for one statement, which takes a column of them as each of its $n:
 * "INSERT INTO t (a, b) SELECT * FROM unnest($1, $2) ON CONFLICT …". It is planned
 * once, and a row costs the server a fifth of what a statement of its own does. */
#ifndef STORE_MANY_H
#define STORE_MANY_H

#include "store/copy.h"
#include "store/engine.h"

#define MANY_COLUMNS_MAX 32

/* A column of $n: whole numbers, texts or bytes, 'i', 't', 'b' of `types` in the rows' order.
 * No row may change what another one does. Like db_run_later: how it went is said by what
 * comes next. The rows are forgotten. Inside a transaction, of an engine that takes arrays. */
bool many_run(struct db *, const char *literal_sql, const char *types, struct copy *rows, struct fault *) MUST_USE;

/* One column of so many cells, for a question: "… WHERE id = ANY ($1)". They are what
 * copy_int() and its like make behind many_begin(), and stay until the statement was run. */
void many_begin(struct copy *cells);
void many_bind(struct db *, struct statement *, int n, char type, struct copy *cells, size_t n_cells);

#endif
