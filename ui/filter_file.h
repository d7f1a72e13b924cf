/* SPDX-License-Identifier: Apache-2.0
 *
 * The book of filters in a file beside the configuration. It names people and
 * numbers: the owner's alone (0600). Both functions block: at start, on a lane. */
#ifndef UI_FILTER_FILE_H
#define UI_FILTER_FILE_H

#include "filter/book.h"

/* "filters.yaml" beside the configuration; NULL where that is no file. Free it. */
char *filter_file_path(const char *config_path);

/* No file is an empty book. A file that others can read, or that is no book, is
 * a fault. */
bool filter_file_read(const char *path, struct filter_book *, struct fault *) MUST_USE;

/* One filter more, or another, or ("") one less; what others put there meanwhile
 * stays. Never over a file that is not understood. */
bool filter_file_put(const char *path, bool last, const char *name, const char *source, struct fault *) MUST_USE;

#endif
