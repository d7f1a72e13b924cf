/* SPDX-License-Identifier: Apache-2.0 */
#include "base/log.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/iso_time.h"
#include "base/log_file.h"
#include "base/mem.h"
#include "base/text.h"

#define RING_LINES 512

static struct {
	pthread_mutex_t lock;
	struct log_line ring[RING_LINES];
	uint64_t n;
	int fd;
	enum log_level least;
	char *path; /* of the file; NULL none */
	int file;
	bool astray; /* the file was moved, and there can be none in its place */
} the_log = { .lock = PTHREAD_MUTEX_INITIALIZER, .fd = -1, .file = -1 };

const char *log_level_name(enum log_level level)
{
	static const char *const names[] = {
#define LOG_NAME(level, name) name,
		LOG_LEVELS(LOG_NAME)
#undef LOG_NAME
	};
	return names[level];
}

/* The secret at `at`, up to a separator, becomes three stars. */
static char *hide(char *at)
{
	size_t n = strcspn(at, " &\",;'<>");
	if (n < 3)
		return at;
	memcpy(at, "***", 3);
	memmove(at + 3, at + n, strlen(at + n) + 1);
	return at + 3;
}

/* What follows one of these is a secret: after a blank in a header, after
 * '=' or ':' in a form, an address or JSON, with or without quotes. */
static void redact(char *line)
{
	static const char *const schemes[] = { "Bearer ", "Basic " };
	static const char *const names[] = { "access_token", "refresh_token", "client_secret", "clientSecret", "device_code",
		"code_verifier", "secret", "?code", "&code", "&state", "?state" };
	for (size_t i = 0; i < COUNT_OF(schemes); i++) {
		for (char *at = line; (at = strcasestr(at, schemes[i])) != NULL;)
			at = hide(at + strlen(schemes[i]));
	}
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		for (char *at = line; (at = strcasestr(at, names[i])) != NULL;) {
			at += strlen(names[i]);
			char *value = at + (*at == '"');
			value += strspn(value, " ");
			if (*value != '=' && *value != ':')
				continue;
			value++;
			value += strspn(value, " ");
			at = hide(value + (*value == '"'));
		}
	}
}

static void keep(const struct log_line *line)
{
	the_log.ring[the_log.n++ % RING_LINES] = *line;
}

/* The file that stands there now; while there can be none, the one that was moved. */
static void follow_file(int64_t at_ms)
{
	struct fault fault;
	if (log_file_is(the_log.path, the_log.file))
		return;
	int fd = log_file_open(the_log.path, &fault);
	if (fd >= 0) {
		close(the_log.file);
		the_log.file = fd;
	} else if (!the_log.astray) {
		struct log_line line = { .at_ms = at_ms, .level = LOG_UNUSUAL };
		text_printable(line.text, sizeof line.text, fault.text, strlen(fault.text));
		keep(&line);
	}
	the_log.astray = fd < 0;
}

static void log_line(enum log_level, const char *, va_list) __attribute__((format(printf, 2, 0)));
static void log_line(enum log_level level, const char *format, va_list arguments)
{
	char raw[LOG_LINE_BYTES];
	struct log_line line = { .at_ms = clock_real_ms(), .level = level };
	int n = vsnprintf(raw, sizeof raw, format, arguments);
	if (n < 0)
		return;
	redact(raw);
	text_printable(line.text, sizeof line.text, raw, strlen(raw));
	pthread_mutex_lock(&the_log.lock);
	keep(&line);
	char when[ISO_TIME_BYTES], out[LOG_LINE_BYTES + 64];
	int length = snprintf(out, sizeof out, "%s %s %s\n", iso_time_format(line.at_ms, when), log_level_name(level), line.text);
	if (the_log.fd >= 0 && level >= the_log.least && write(the_log.fd, out, (size_t)length) < 0)
		the_log.fd = -1; /* a full disk must not stop the guard */
	if (the_log.file >= 0 && level >= LOG_INFO) {
		follow_file(line.at_ms);
		bool lost = write(the_log.file, out, (size_t)length) < 0; /* the next one may have room */
		UNUSED(lost);
	}
	pthread_mutex_unlock(&the_log.lock);
}

#define LOG_FUNCTION(name, level)                        \
	void name(const char *format, ...)               \
	{                                                \
		va_list arguments;                       \
		va_start(arguments, format);             \
		log_line(level, format, arguments);      \
		va_end(arguments);                       \
	}
LOG_FUNCTION(log_debug, LOG_DEBUG)
LOG_FUNCTION(log_info, LOG_INFO)
LOG_FUNCTION(log_unusual, LOG_UNUSUAL)
LOG_FUNCTION(log_broken, LOG_BROKEN)

void log_to_fd(int fd, enum log_level least)
{
	pthread_mutex_lock(&the_log.lock);
	the_log.fd = fd;
	the_log.least = least;
	pthread_mutex_unlock(&the_log.lock);
}

bool log_to_file(const char *path, struct fault *fault)
{
	int fd = path == NULL ? -1 : log_file_open(path, fault);
	if (path != NULL && fd < 0)
		return false;
	pthread_mutex_lock(&the_log.lock);
	if (the_log.file >= 0)
		close(the_log.file);
	free(the_log.path);
	the_log.path = path == NULL ? NULL : mem_strdup(path);
	the_log.file = fd;
	the_log.astray = false;
	pthread_mutex_unlock(&the_log.lock);
	return true;
}

static size_t copy_recent(struct log_line *out, size_t capacity)
{
	uint64_t kept = MIN(the_log.n, (uint64_t)RING_LINES);
	size_t n = (size_t)MIN(kept, (uint64_t)capacity);
	for (size_t i = 0; i < n; i++)
		out[i] = the_log.ring[(the_log.n - n + i) % RING_LINES];
	return n;
}

size_t log_recent(struct log_line *out, size_t capacity)
{
	pthread_mutex_lock(&the_log.lock);
	size_t n = copy_recent(out, capacity);
	pthread_mutex_unlock(&the_log.lock);
	return n;
}

size_t log_recent_unless_held(struct log_line *out, size_t capacity)
{
	if (pthread_mutex_trylock(&the_log.lock) != 0)
		return 0;
	size_t n = copy_recent(out, capacity);
	pthread_mutex_unlock(&the_log.lock);
	return n;
}

uint64_t log_version(void)
{
	pthread_mutex_lock(&the_log.lock);
	uint64_t n = the_log.n;
	pthread_mutex_unlock(&the_log.lock);
	return n;
}
