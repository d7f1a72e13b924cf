/* SPDX-License-Identifier: Apache-2.0 */
#include "net/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/mem.h"

static bool system_fault(struct fault *fault, const char *what, const char *path)
{
	enum fault_code code = errno == ENOENT ? FAULT_NOT_FOUND :
	    errno == ENOSPC || errno == EDQUOT ? FAULT_FULL :
						 FAULT_SYSTEM;
	return fault_set(fault, code, "cannot %s %s: %s", what, path, strerror(errno));
}

/* What systemd hands to a service (LoadCredential=): root's, and since version 254
 * readable by a group of the service alone. */
static bool is_credential(const char *path, const struct stat *status)
{
	const char *folder = getenv("CREDENTIALS_DIRECTORY");
	size_t n = folder != NULL ? strlen(folder) : 0;
	return n > 0 && strncmp(path, folder, n) == 0 && path[n] == '/' && strchr(path + n + 1, '/') == NULL &&
	    (status->st_uid == 0 || status->st_uid == geteuid()) && (status->st_mode & 037) == 0;
}

static bool is_private(const char *path, const struct stat *status, struct fault *fault)
{
	if (is_credential(path, status))
		return true;
	if (status->st_uid != geteuid())
		return fault_set(fault, FAULT_SYSTEM, _("%s holds a secret but belongs to another user: "
		    "chown %u %s"), path, (unsigned)geteuid(), path);
	if ((status->st_mode & 077) != 0)
		return fault_set(fault, FAULT_SYSTEM, _("%s holds a secret but others can read it "
		    "(mode %03o): chmod 600 %s"), path, (unsigned)status->st_mode & 0777, path);
	return true;
}

static bool read_whole(const char *path, size_t most, bool secret, char **bytes, size_t *n,
    struct fault *fault)
{
	char *buffer = NULL;
	struct stat status;
	/* O_NONBLOCK: a FIFO put in its place must not stop us. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return system_fault(fault, "open", path);
	if (fstat(fd, &status) != 0) {
		system_fault(fault, "look at", path);
		goto out;
	}
	if (!S_ISREG(status.st_mode)) {
		fault_set(fault, FAULT_INPUT, _("%s is not a plain file"), path);
		goto out;
	}
	if (secret && !is_private(path, &status, fault))
		goto out;
	if ((uintmax_t)status.st_size > most) {
		fault_set(fault, FAULT_INPUT, _("%s is larger than %zu kB"), path, most / 1024 + 1);
		goto out;
	}
	size_t room = (size_t)status.st_size, used = 0;
	buffer = mem_alloc(room + 1);
	while (used < room) {
		ssize_t got = read(fd, buffer + used, room - used);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0) {
			system_fault(fault, "read", path);
			mem_wipe(buffer, room);
			free(buffer);
			buffer = NULL;
			goto out;
		}
		if (got == 0)
			break;
		used += (size_t)got;
	}
	buffer[used] = '\0';
	*bytes = buffer;
	*n = used;
out:
	close(fd);
	return buffer != NULL;
}

bool file_read(const char *path, size_t most, char **bytes, size_t *n, struct fault *fault)
{
	return read_whole(path, most, false, bytes, n, fault);
}

bool file_read_secret(const char *path, size_t most, char **bytes, size_t *n, struct fault *fault)
{
	return read_whole(path, most, true, bytes, n, fault);
}

static char *folder_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	if (slash == NULL)
		return mem_strdup(".");
	return slash == path ? mem_strdup("/") : mem_strndup(path, (size_t)(slash - path));
}

static bool write_all(int fd, const char *bytes, size_t n)
{
	while (n > 0) {
		ssize_t put = write(fd, bytes, n);
		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return false;
		bytes += put;
		n -= (size_t)put;
	}
	return true;
}

bool file_write(const char *path, const char *bytes, size_t n, unsigned mode, struct fault *fault)
{
	bool done = false;
	char *folder = folder_of(path);
	char *temporary = mem_printf("%s.XXXXXX", path);
	int fd = mkostemp(temporary, O_CLOEXEC); /* mode 0600 from the start */
	if (fd < 0) {
		system_fault(fault, "write beside", path);
		goto out;
	}
	if (fchmod(fd, mode) != 0 || !write_all(fd, bytes, n) || fsync(fd) != 0) {
		system_fault(fault, "write", path);
		close(fd);
		unlink(temporary);
		goto out;
	}
	if (close(fd) != 0 || rename(temporary, path) != 0) {
		system_fault(fault, "write", path);
		unlink(temporary);
		goto out;
	}
	done = true;
	/* The name itself must survive a power cut; some file systems cannot. */
	int folder_fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (folder_fd >= 0) {
		fsync(folder_fd);
		close(folder_fd);
	}
out:
	free(temporary);
	free(folder);
	return done;
}

bool file_write_new(const char *path, const char *bytes, size_t n, struct fault *fault)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0 && errno == EEXIST)
		return fault_set(fault, FAULT_CONFLICT, _("%s is there already: nothing was written"), path);
	if (fd < 0)
		return system_fault(fault, "write", path);
	bool done = (write_all(fd, bytes, n) && fsync(fd) == 0) || system_fault(fault, "write", path);
	if (close(fd) != 0 && done)
		done = system_fault(fault, "write", path);
	if (!done)
		unlink(path); /* half a file is none */
	return done;
}

bool file_append(const char *path, const char *lines, size_t n, struct fault *fault)
{
	struct stat status;
	char last = '\n';
	int fd = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
	if (fd < 0 || fstat(fd, &status) != 0 || !S_ISREG(status.st_mode)) {
		if (fd >= 0)
			close(fd);
		return fd >= 0 ? fault_set(fault, FAULT_SYSTEM, _("%s is no file to write lines to"), path) : system_fault(fault, "write", path);
	}
	bool done = status.st_size == 0 || pread(fd, &last, 1, status.st_size - 1) == 1;
	done = done && (last == '\n' || write_all(fd, "\n", 1)) && write_all(fd, lines, n) && fsync(fd) == 0;
	if (!done)
		system_fault(fault, "write", path);
	if (close(fd) != 0 && done)
		done = system_fault(fault, "write", path);
	return done;
}

bool file_make_folders(const char *path, struct fault *fault)
{
	char *folder = folder_of(path);
	bool done = true;
	for (char *c = folder + 1; done; c++) {
		if (*c != '/' && *c != '\0')
			continue;
		char kept = *c;
		*c = '\0';
		if (mkdir(folder, 0700) != 0 && errno != EEXIST)
			done = system_fault(fault, "make the folder", folder);
		*c = kept;
		if (kept == '\0')
			break;
	}
	free(folder);
	return done;
}
