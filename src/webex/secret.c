/* SPDX-License-Identifier: Apache-2.0 */
#include "webex/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <malloc.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "net/file.h"

extern char **environ;

enum { MOST = 16 * 1024 };
#define COMMAND_MS (60 * SECOND_MS)
#define GRACE_MS   2000

bool secret_source_is_set(const struct secret_source *source)
{
	return source->file != NULL || source->environment != NULL || source->command != NULL;
}

/* The first line without blanks around it; takes and wipes `bytes`. */
static bool keep_line(char *bytes, size_t n, const char *where, char **out, struct fault *fault)
{
	size_t begin = 0, end = 0;
	while (begin < n && (bytes[begin] == ' ' || bytes[begin] == '\t'))
		begin++;
	for (end = begin; end < n && bytes[end] != '\n' && bytes[end] != '\r' && bytes[end] != '\0';)
		end++;
	while (end > begin && (bytes[end - 1] == ' ' || bytes[end - 1] == '\t'))
		end--;
	bool found = end > begin;
	if (found)
		*out = mem_strndup(bytes + begin, end - begin);
	else
		fault_set(fault, FAULT_USAGE, _("%s is empty"), where);
	mem_wipe(bytes, n);
	free(bytes);
	return found;
}

static pid_t spawn_shell(const char *command, int out_fd)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t none, ours;
	pid_t pid = -1;
	char *words[] = { (char[]){ "sh" }, (char[]){ "-c" }, mem_strdup(command), NULL };
	sigemptyset(&none);
	sigemptyset(&ours);
	sigaddset(&ours, SIGPIPE); /* what we ignore is not its business */
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, out_fd, 1);
	/* What it complains must not be written over the screen. */
	posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setsigmask(&attributes, &none);
	posix_spawnattr_setsigdefault(&attributes, &ours);
	posix_spawnattr_setpgroup(&attributes, 0);
	posix_spawnattr_setflags(&attributes,
	    POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
	if (posix_spawn(&pid, "/bin/sh", &actions, &attributes, words, environ) != 0)
		pid = -1;
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attributes);
	free(words[2]);
	return pid;
}

/* Bytes read, or -1 when the time was up. */
static ssize_t read_until_end(int fd, char *bytes, size_t capacity)
{
	int64_t end_ns = clock_steady_ns() + COMMAND_MS * 1000000;
	size_t used = 0;
	while (used < capacity) {
		int64_t left_ms = (end_ns - clock_steady_ns()) / 1000000;
		struct pollfd ready = { .fd = fd, .events = POLLIN };
		int n = left_ms > 0 ? poll(&ready, 1, (int)left_ms) : 0;
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return -1;
		ssize_t got = read(fd, bytes + used, capacity - used);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		used += (size_t)got;
	}
	return (ssize_t)used;
}

/* Who has closed its output has nothing left to do: it may not hold the lane. */
static bool ends_soon(pid_t pid)
{
	int fd = pidfd_open(pid, 0);
	if (fd < 0)
		return true; /* a kernel without it: waited for, as long as it takes */
	struct pollfd ended = { .fd = fd, .events = POLLIN };
	int n;
	while ((n = poll(&ended, 1, GRACE_MS)) < 0 && errno == EINTR)
		;
	close(fd);
	return n > 0;
}

static bool read_command(const char *command, char **out, struct fault *fault)
{
	int pipe_fds[2];
	if (pipe2(pipe_fds, O_CLOEXEC) != 0)
		return fault_set(fault, FAULT_SYSTEM, _("cannot make a pipe: %s"), strerror(errno));
	pid_t pid = spawn_shell(command, pipe_fds[1]);
	close(pipe_fds[1]);
	if (pid < 0) {
		close(pipe_fds[0]);
		return fault_set(fault, FAULT_SYSTEM, _("cannot run the command that gives the secret"));
	}
	char *bytes = mem_zalloc(MOST);
	ssize_t n = read_until_end(pipe_fds[0], bytes, MOST);
	close(pipe_fds[0]);
	bool ended = n >= 0 && ends_soon(pid);
	if (!ended)
		kill(-pid, SIGKILL);
	int status;
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	bool good = ended && WIFEXITED(status) && WEXITSTATUS(status) == 0;
	if (good)
		return keep_line(bytes, (size_t)n, "what the command for the secret printed", out, fault);
	mem_wipe(bytes, MOST);
	free(bytes);
	if (!ended)
		return fault_set(fault, FAULT_SYSTEM, n < 0 ? _("the command for the secret did not end within 60 s") :
		    _("the command for the secret closed its output and did not end"));
	return fault_set(fault, FAULT_SYSTEM, _("the command for the secret failed (%s %d)"),
	    WIFEXITED(status) ? "exit code" : "signal",
	    WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status));
}

bool secret_read(const struct secret_source *source, char **out, struct fault *fault)
{
	char *bytes;
	size_t n;
	if (source->file != NULL) {
		if (!file_read_secret(source->file, MOST, &bytes, &n, fault))
			return false;
		return keep_line(bytes, n, source->file, out, fault);
	}
	if (source->environment != NULL) {
		const char *value = getenv(source->environment);
		if (value == NULL)
			return fault_set(fault, FAULT_USAGE, _("the variable %s is not set"),
			    source->environment);
		return keep_line(mem_strdup(value), strlen(value), source->environment, out, fault);
	}
	if (source->command != NULL)
		return read_command(source->command, out, fault);
	return fault_set(fault, FAULT_USAGE, _("no client secret: name a file (mode 0600), "
	    "a variable or a command that gives it"));
}

static void free_wiped(void *memory)
{
	if (memory != NULL)
		mem_wipe(memory, malloc_usable_size(memory));
	free(memory);
}

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define LEAK_CHECKER 1 /* it attaches to its own process */
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define LEAK_CHECKER 1
#endif

void secret_guard_process(void)
{
	struct rlimit none = { 0, 0 };
	setrlimit(RLIMIT_CORE, &none);
#ifndef LEAK_CHECKER
	prctl(PR_SET_DUMPABLE, 0);
#endif
	json_set_alloc_funcs(malloc, free_wiped);
}
