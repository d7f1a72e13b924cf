/* SPDX-License-Identifier: Apache-2.0
 *
 * The file that holds the log: one's own, for nobody else's eyes, appended to. */
#ifndef BASE_LOG_FILE_H
#define BASE_LOG_FILE_H

#include "base/fault.h"

/* Its descriptor, the file made (0600) where there is none; -1 and a sentence where it
 * is a link, no plain file, somebody else's, or one that others can read or write. */
int log_file_open(const char *path, struct fault *) MUST_USE;
/* Is what stands there still the file of this descriptor? false: it was moved away. */
bool log_file_is(const char *path, int fd);

#endif
