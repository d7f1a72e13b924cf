/* SPDX-License-Identifier: Apache-2.0 */
#include "watch/store_log.h"

#include <string.h>
#include <sys/stat.h>

bool store_log_look(const char *path, struct store_log *look)
{
	struct stat st;
	if (stat(path, &st) != 0)
		return false;
	*look = (struct store_log){ st.st_mtim, st.st_size };
	return true;
}

bool store_log_moved(const char *path, const struct store_log *then)
{
	struct store_log now;
	if (path == NULL)
		return true;
	return store_log_look(path, &now) && (now.size != then->size || memcmp(&now.time, &then->time, sizeof now.time) != 0);
}
