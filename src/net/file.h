/* SPDX-License-Identifier: Apache-2.0
 *
 * Whole files, written so that a crash leaves the old one or the new one, and
 * secrets read only where nobody else can. Everything here blocks: call it at
 * start or from a lane. Any thread. */
#ifndef NET_FILE_H
#define NET_FILE_H

#include "base/fault.h"

/* All of a regular file, at most `most` bytes, with a NUL after them. Free
 * *bytes with free(). FAULT_NOT_FOUND when there is none. */
bool file_read(const char *path, size_t most, char **bytes, size_t *n, struct fault *) MUST_USE;

/* The same for a secret: refused when the file belongs to another user or when
 * group or others may read or write it; the sentence has the command that
 * mends it. Free with mem_wipe(bytes, n) and free(). */
bool file_read_secret(const char *path, size_t most, char **bytes, size_t *n, struct fault *)
    MUST_USE;

/* A temporary file beside it, fsync, rename, fsync of the folder. */
bool file_write(const char *path, const char *bytes, size_t n, unsigned mode, struct fault *)
    MUST_USE;

/* A new file, mode 0600; FAULT_CONFLICT where there is one of that name (or a link). */
bool file_write_new(const char *path, const char *bytes, size_t n, struct fault *) MUST_USE;

/* Lines at the end of a file (made 0600), on the disk when it returns. A line that a
 * crash left half written is ended first. A link is not followed. */
bool file_append(const char *path, const char *lines, size_t n, struct fault *) MUST_USE;

/* The folder that will hold `path`, and those above it, mode 0700. */
bool file_make_folders(const char *path, struct fault *) MUST_USE;

#endif
