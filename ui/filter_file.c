/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/filter_file.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "net/file.h"

/* 200 filters of half a kilobyte, and as much again for somebody's comments. */
#define MOST_BYTES ((size_t)256 << 10)

char *filter_file_path(const char *config_path)
{
	struct stat st;
	if (config_path == NULL || (stat(config_path, &st) == 0 && !S_ISREG(st.st_mode)))
		return NULL;
	const char *slash = strrchr(config_path, '/');
	return mem_printf("%.*sfilters.yaml", slash == NULL ? 0 : (int)(slash + 1 - config_path), config_path);
}

bool filter_file_read(const char *path, struct filter_book *book, struct fault *fault)
{
	char *bytes;
	size_t n;
	struct fault why;
	*book = (struct filter_book){ 0 };
	if (!file_read_secret(path, MOST_BYTES, &bytes, &n, &why)) {
		if (why.code != FAULT_NOT_FOUND && fault != NULL)
			*fault = why;
		return why.code == FAULT_NOT_FOUND;
	}
	bool ok = filter_book_read(book, path, bytes, n, fault);
	free(bytes);
	return ok;
}

bool filter_file_put(const char *path, bool last, const char *name, const char *source, struct fault *fault)
{
	struct filter_book book;
	struct text text = { 0 };
	if (!filter_file_read(path, &book, fault))
		return false;
	bool ok = book_put(last ? &book.last : &book.saved, name, source, fault);
	if (ok) {
		filter_book_write(&book, &text);
		ok = file_make_folders(path, fault) && file_write(path, text.bytes, text.n, 0600, fault);
	}
	text_clear(&text);
	filter_book_clear(&book);
	return ok;
}
