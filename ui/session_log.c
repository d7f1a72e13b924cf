/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/session_log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/log.h"
#include "base/mem.h"
#include "ui/screen.h"

#define WAITING_MOST ((size_t)16 << 20) /* a disk that slow is none */
#define FILE_MOST    ((size_t)1 << 30)

/* The file, as long as a write is on its way. */
struct film {
	int fd, n_users;
	bool broken;
};

struct session_log {
	struct film *film;
	struct keep *keep;
	struct text waiting;
	size_t n_written;
	int64_t begun_ns;
	int rows, cols;
};

static void leave_film(struct film *film)
{
	if (--film->n_users > 0)
		return;
	close(film->fd);
	free(film);
}

bool session_log_open(const char *path, struct session_log **out, struct fault *fault)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return fault_set(fault, FAULT_SYSTEM, _("the session log %s cannot be made: %s"), path, strerror(errno));
	struct session_log *log = mem_zalloc(sizeof *log);
	log->film = mem_zalloc(sizeof *log->film);
	*log->film = (struct film){ .fd = fd, .n_users = 1 };
	log->begun_ns = clock_steady_ns();
	*out = log;
	return true;
}

/* ---- on the lane ----------------------------------------------------------------------- */

struct piece {
	struct errand errand;
	struct film *film;
	struct text bytes;
	struct fault fault;
};

static void piece_work(struct errand *errand)
{
	struct piece *piece = (struct piece *)errand;
	for (size_t done = 0; done < piece->bytes.n && !piece->film->broken;) {
		ssize_t n = write(piece->film->fd, piece->bytes.bytes + done, piece->bytes.n - done);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			piece->film->broken = true; /* half a line: nothing may follow it */
			fault_set(&piece->fault, FAULT_SYSTEM, _("the session log ends here: %s"), strerror(errno));
			log_unusual("%s", piece->fault.text);
			return;
		}
		done += (size_t)n;
	}
}

static void piece_done(struct errand *errand, struct screen *screen)
{
	struct piece *piece = (struct piece *)errand;
	if (screen != NULL && piece->fault.code != FAULT_NONE)
		screen_message(screen, ROLE_ERROR, "%s", piece->fault.text);
	leave_film(piece->film);
	text_clear(&piece->bytes);
	free(piece);
}

void session_log_tick(struct session_log *log)
{
	if (log == NULL || log->keep == NULL || log->waiting.n == 0)
		return;
	struct piece *piece = mem_zalloc(sizeof *piece);
	*piece = (struct piece){ .errand = { .work = piece_work, .done = piece_done, .promised = true }, .film = log->film, .bytes = log->waiting };
	log->film->n_users++;
	log->n_written += log->waiting.n;
	log->waiting = (struct text){ 0 };
	keep_errand(log->keep, &piece->errand);
}

void session_log_end(struct session_log *log)
{
	if (log == NULL)
		return;
	session_log_tick(log);
	log->keep = NULL;
}

void session_log_close(struct session_log *log)
{
	if (log == NULL)
		return;
	leave_film(log->film);
	text_clear(&log->waiting);
	free(log);
}

/* ---- what happens ------------------------------------------------------------------------- */

static void event(struct session_log *log, const char *kind, const char *bytes, size_t n)
{
	/* Too much: it ends with whole lines. */
	if (log->keep == NULL || log->waiting.n > WAITING_MOST || log->n_written + log->waiting.n > FILE_MOST)
		return;
	int64_t us = (clock_steady_ns() - log->begun_ns) / 1000;
	text_printf(&log->waiting, "[%lld.%06lld, \"%s\", ", (long long)(us / 1000000), (long long)(us % 1000000), kind);
	json_quote_n(&log->waiting, bytes, n);
	text_puts(&log->waiting, "]\n");
}

void session_log_begin(struct session_log *log, struct keep *keep, int rows, int cols)
{
	static const char clear[] = "\x1b[?25l\x1b[0m\x1b[H\x1b[2J";
	if (log == NULL)
		return;
	log->keep = keep;
	bool first = log->n_written == 0 && log->waiting.n == 0;
	if (!first) {
		session_log_size(log, rows, cols);
		event(log, "o", clear, sizeof clear - 1);
		return;
	}
	log->rows = rows;
	log->cols = cols;
	text_printf(&log->waiting, "{\"version\": 2, \"width\": %d, \"height\": %d, \"timestamp\": %lld, \"title\": \"Centinela\"}\n", cols, rows,
	    (long long)(clock_real_ms() / SECOND_MS));
	event(log, "o", clear, sizeof clear - 1);
}

void session_log_frame(void *arg, const char *bytes, size_t n)
{
	if (arg != NULL && n > 0)
		event(arg, "o", bytes, n);
}

void session_log_command(void *arg, enum command command)
{
	const char *name = command_name(command);
	if (arg != NULL && command != CMD_NONE)
		event(arg, "m", name, strlen(name));
}

void session_log_size(struct session_log *log, int rows, int cols)
{
	struct text size = { 0 };
	if (log == NULL || (log->rows == rows && log->cols == cols))
		return;
	log->rows = rows;
	log->cols = cols;
	text_printf(&size, "%dx%d", cols, rows);
	event(log, "r", size.bytes, size.n);
	text_clear(&size);
}
