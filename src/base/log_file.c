/* SPDX-License-Identifier: Apache-2.0 */
#include "base/log_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/i18n.h"

int log_file_open(const char *path, struct fault *fault)
{
	/* Without waiting: a pipe that nobody reads is no log, and not to be hung at. */
	int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK, 0600);
	struct stat is;
	if (fd < 0 && errno == ELOOP)
		fault_set(fault, FAULT_SYSTEM, _("the log file %s is a link: name the file itself in log.file"), path);
	else if (fd < 0 || fstat(fd, &is) != 0)
		fault_set(fault, FAULT_SYSTEM, _("the log file %s cannot be opened: %s"), path, strerror(errno));
	else if (!S_ISREG(is.st_mode))
		fault_set(fault, FAULT_SYSTEM, _("the log file %s is no plain file: name another in log.file"), path);
	else if (is.st_uid != geteuid())
		fault_set(fault, FAULT_SYSTEM, _("the log file %s belongs to somebody else: name another in log.file"), path);
	else if ((is.st_mode & 077) != 0)
		fault_set(fault, FAULT_SYSTEM, _("the log file %s is open to others (mode %03o): chmod 600 %s"), path, (unsigned)is.st_mode & 0777, path);
	else if (is.st_nlink > 1)
		fault_set(fault, FAULT_SYSTEM, _("the log file %s has a second name: name another in log.file"), path);
	else
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

bool log_file_is(const char *path, int fd)
{
	struct stat there, here;
	return lstat(path, &there) == 0 && fstat(fd, &here) == 0 && there.st_dev == here.st_dev && there.st_ino == here.st_ino;
}
