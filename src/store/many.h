/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORE_COPY_OVER_H
#define STORE_COPY_OVER_H

#include "store/copy.h"
#include "store/engine.h"

/* Fewer go one by one as fast. */
#define COPY_OVER_LEAST 8

/* Many rows of which some may be there: copied into a table of the session's own, and
 * from it, with `conflict`, into the table. The rows are forgotten. Inside a transaction
 * of an engine that copies. */
bool copy_over(struct db *, const char *table, const char *columns, const char *conflict, struct copy *rows, struct fault *) MUST_USE;

#endif
