/* SPDX-License-Identifier: Apache-2.0
 *
 * What runs in the handler calls what may be called there: open, write, fcntl,
 * tcsetattr, sigaction, raise; and backtrace(), whose library is loaded before.
 * The log is read only when nobody holds it. A stack that has run out is told of
 * on the main thread only: the other stack is its own. */
#include "ui/crash.h"

#include <execinfo.h>
#include <fcntl.h>
#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/log.h"

#define FRAMES	  64
#define LOG_LINES 40

/* What a fault of the program ends it with: of these there is a report. */
static const int crash_signals[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP, SIGSYS };
/* What else ends a program that does not know it, and behind these all of real time: the
 * terminal is given back. TERM, HUP and INT are the loop's. */
static const int end_signals[] = { SIGQUIT, SIGUSR1, SIGUSR2, SIGALRM, SIGVTALRM, SIGPROF, SIGXCPU, SIGXFSZ, SIGPOLL, SIGPWR, SIGSTKFLT };

#define REAL_TIME_MOST 64
#define END_MOST       (COUNT_OF(end_signals) + REAL_TIME_MOST)

static struct {
	atomic_int fd; /* -1: unguarded, or somebody is at it */
	const char *give_back;
	struct termios before;
	struct sigaction old[COUNT_OF(crash_signals)], old_end[END_MOST];
	char path[512], said[1024]; /* the report's, and what is said of it; "" none */
	char head[128];
} crash = { .fd = -1 };

static char handler_stack[64 * 1024]; /* the program's own may be what has run out */

static void put(int fd, const char *text)
{
	for (size_t n = strlen(text); n > 0;) {
		ssize_t sent = write(fd, text, n);
		if (sent < 0 && errno != EINTR)
			return;
		text += sent > 0 ? sent : 0;
		n -= sent > 0 ? (size_t)sent : 0;
	}
}

static void put_number(int fd, unsigned number)
{
	char digits[12];
	size_t at = sizeof digits - 1;
	digits[at] = '\0';
	do
		digits[--at] = (char)('0' + number % 10);
	while ((number /= 10) > 0);
	put(fd, digits + at);
}

/* 0: no more. */
static int end_signal(size_t i)
{
	int real_time = SIGRTMIN + (int)i - (int)COUNT_OF(end_signals);
	return i < COUNT_OF(end_signals) ? end_signals[i] : i < END_MOST && real_time <= SIGRTMAX ? real_time : 0;
}

static bool report(int number)
{
	static void *frames[FRAMES];
	static struct log_line lines[LOG_LINES];
	int fd = crash.path[0] == '\0' ? -1 : open(crash.path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return false;
	put(fd, crash.head);
	put(fd, "signal ");
	put_number(fd, (unsigned)number);
	put(fd, "\n\n");
	backtrace_symbols_fd(frames, backtrace(frames, FRAMES), fd);
	put(fd, "\n");
	size_t n = log_recent_unless_held(lines, COUNT_OF(lines));
	for (size_t i = 0; i < n; i++) {
		put(fd, lines[i].text);
		put(fd, "\n");
	}
	close(fd);
	return true;
}

static void put_back(void)
{
	for (size_t i = 0; i < COUNT_OF(crash_signals); i++)
		sigaction(crash_signals[i], &crash.old[i], NULL);
	for (size_t i = 0; end_signal(i) != 0; i++)
		sigaction(end_signal(i), &crash.old_end[i], NULL);
}

static bool is_fault(int number)
{
	for (size_t i = 0; i < COUNT_OF(crash_signals); i++)
		if (crash_signals[i] == number)
			return true;
	return false;
}

static void on_crash(int number)
{
	int fd = atomic_exchange(&crash.fd, -1), flags = fd >= 0 ? fcntl(fd, F_GETFL) : -1;
	if (fd >= 0) {
		/* There is no loop any more to come back to what the terminal did not take. */
		if (flags >= 0)
			fcntl(fd, F_SETFL, flags & ~O_NONBLOCK);
		put(fd, crash.give_back);
		tcsetattr(fd, TCSANOW, &crash.before);
		if (is_fault(number) && report(number)) {
			put(fd, crash.said);
			put(fd, "\n");
		}
	}
	put_back();
	raise(number); /* to a sanitizer, or to the end */
}

void crash_reports(const char *folder)
{
	time_t now = time(NULL);
	struct tm day;
	crash.path[0] = crash.said[0] = '\0';
	if (folder == NULL || *folder == '\0' || gmtime_r(&now, &day) == NULL)
		return;
	snprintf(crash.head, sizeof crash.head, "centinela %s\nstarted %04d-%02d-%02dT%02d:%02d:%02dZ\n", CENTINELA_VERSION,
	    day.tm_year + 1900, day.tm_mon + 1, day.tm_mday, day.tm_hour, day.tm_min, day.tm_sec);
	int n = snprintf(crash.path, sizeof crash.path, "%s/crash-%lld-%ld.txt", folder, (long long)now, (long)getpid());
	if (n < 0 || (size_t)n >= sizeof crash.path) {
		crash.path[0] = '\0';
		return;
	}
	snprintf(crash.said, sizeof crash.said, _("centinela has failed, which is a fault of the program. The report for its developers: %s"), crash.path);
	void *first[1];
	(void)backtrace(first, 1); /* loads what it needs */
}

void crash_guard(int fd, const char *give_back, const struct termios *before)
{
	stack_t stack = { .ss_sp = handler_stack, .ss_size = sizeof handler_stack };
	crash.fd = fd;
	crash.give_back = give_back;
	crash.before = *before;
	struct sigaction action = { .sa_handler = on_crash, .sa_flags = SA_NODEFER | SA_ONSTACK };
	sigaltstack(&stack, NULL); /* a sanitizer's own is as good: then this fails */
	for (size_t i = 0; i < COUNT_OF(crash_signals); i++)
		sigaction(crash_signals[i], &action, &crash.old[i]);
	for (size_t i = 0; end_signal(i) != 0; i++)
		sigaction(end_signal(i), &action, &crash.old_end[i]);
}

void crash_unguard(void)
{
	if (crash.fd < 0)
		return;
	crash.fd = -1;
	put_back();
}
