/* SPDX-License-Identifier: Apache-2.0 */
#include "base/same_file.h"

#include <string.h>
#include <sys/stat.h>

bool same_file(const char *a, const char *b)
{
	struct stat one, other;
	if (a == NULL || b == NULL || *a == '\0' || *b == '\0')
		return false;
	return strcmp(a, b) == 0 || (stat(a, &one) == 0 && stat(b, &other) == 0 && one.st_dev == other.st_dev && one.st_ino == other.st_ino);
}
