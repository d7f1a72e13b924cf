/* SPDX-License-Identifier: Apache-2.0
 *
 * Sites and people as Webex last told, so that a start without network still
 * knows them. Reading them is query_directory (query.h). */
#ifndef STORE_DIRECTORY_ROWS_H
#define STORE_DIRECTORY_ROWS_H

#include "store/store.h"

struct directory;

/* What a column holds of a text, with its NUL: the rest is cut. */
enum { COLUMN_UUID = 64, COLUMN_NAME = 256, COLUMN_EMAIL = 256, COLUMN_NUMBER = 32, COLUMN_TEAM = 128, COLUMN_ZONE = 64 };

/* Replace what is stored, in one transaction. A directory without people (the
 * scope may be missing) leaves the stored people alone. What is another than before
 * is kept (directory_changes.h). */
bool directory_rows_write(struct store *, const struct directory *, struct fault *) MUST_USE;

#endif
