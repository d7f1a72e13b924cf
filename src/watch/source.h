/* SPDX-License-Identifier: Apache-2.0
 *
 * A file's bytes as they were before somebody packed them: plain, .gz, .zst,
 * .zip (every entry, one after the other), or standard input ("-"). What it is
 * is seen from its first bytes, not from its name. Flat memory. */
#ifndef WATCH_SOURCE_H
#define WATCH_SOURCE_H

#include "base/fault.h"

struct source;

bool source_open(const char *path, struct source **out, struct fault *) MUST_USE;
/* Up to n bytes; *got 0 only at the end. FAULT_INPUT when it is damaged. */
bool source_read(struct source *, char *bytes, size_t n, size_t *got, struct fault *) MUST_USE;
void source_close(struct source *);

/* Share of a plain file that was read, 0..1; negative: not known. */
double source_progress(const struct source *);

#endif
