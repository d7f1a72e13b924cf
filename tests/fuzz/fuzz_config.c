/* SPDX-License-Identifier: Apache-2.0
 *
 * Any bytes as centinela.yaml: read, or refused with a sentence. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "options.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static int fd = -1;
	char path[64];
	struct options options;
	struct fault fault = { 0 };
	if (fd < 0)
		fd = memfd_create("centinela.yaml", MFD_CLOEXEC);
	/* Made for all, and what others may write is not read. */
	if (fd >= 0 && fchmod(fd, 0600) != 0)
		abort();
	if (fd < 0 || ftruncate(fd, 0) != 0 || pwrite(fd, data, size, 0) != (ssize_t)size)
		abort();
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	options_init(&options);
	if (!options_read(&options, path, &fault) &&
	    (fault.text[0] == '\0' || memchr(fault.text, '\0', sizeof fault.text) == NULL))
		abort();
	options_clear(&options);
	return 0;
}
