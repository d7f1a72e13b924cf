/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_SAME_FILE_H
#define BASE_SAME_FILE_H

#include "base/base.h"

/* Do two paths name one file, be it by two names (by device and inode)? Those that are not
 * there by the letter; an empty one, or NULL, names none. */
bool same_file(const char *a, const char *b);

#endif
