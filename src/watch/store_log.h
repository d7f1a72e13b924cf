/* SPDX-License-Identifier: Apache-2.0
 *
 * The log beside a SQLite store: one system call tells whether anybody wrote. */
#ifndef WATCH_STORE_LOG_H
#define WATCH_STORE_LOG_H

#include <sys/types.h>
#include <time.h>

#include "base/base.h"

/* What it looked like when somebody last looked inside the store. */
struct store_log {
	struct timespec time;
	off_t size;
};

bool store_log_look(const char *path, struct store_log *);
/* It is another than then; so it may be where there is none (path NULL). */
bool store_log_moved(const char *path, const struct store_log *then);

#endif
