/* SPDX-License-Identifier: Apache-2.0
 *
 * What happened, for a person: levels named by what they mean, a ring for the
 * log pane, a file when asked. Everything is made printable and bearer tokens
 * are cut out before it is kept. May be called from any thread; its lock is
 * the one mutex of the program. */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include "base/fault.h"

#define LOG_LEVELS(row) \
	row(LOG_DEBUG, "debug") row(LOG_INFO, "info") row(LOG_UNUSUAL, "unusual") row(LOG_BROKEN, "broken")

enum log_level {
#define LOG_ENUM(level, name) level,
	LOG_LEVELS(LOG_ENUM)
#undef LOG_ENUM
};

#define LOG_LINE_BYTES 400

struct log_line {
	int64_t at_ms;
	enum log_level level;
	char text[LOG_LINE_BYTES];
};

void log_debug(const char *format, ...) PRINTF_LIKE(1, 2);
void log_info(const char *format, ...) PRINTF_LIKE(1, 2);
void log_unusual(const char *format, ...) PRINTF_LIKE(1, 2);
void log_broken(const char *format, ...) PRINTF_LIKE(1, 2);

const char *log_level_name(enum log_level level);

/* Also write lines to `fd` (-1: no longer); not below `least`. Borrowed. */
void log_to_fd(int fd, enum log_level least);

/* And to this file (NULL: no longer), from LOG_INFO on. It is opened again when it was
 * moved away, as logrotate does; a disk that is full loses lines, not the log. */
bool log_to_file(const char *path, struct fault *) MUST_USE;

/* Newest last; returns how many were copied. *version grows with each line. */
size_t log_recent(struct log_line *out, size_t capacity);
/* The same for a handler of signals: nothing when another thread, or the one that
 * was interrupted, is at the log. */
size_t log_recent_unless_held(struct log_line *out, size_t capacity);
uint64_t log_version(void);

#endif
