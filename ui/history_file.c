/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/history_file.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "net/file.h"

#define FILE_MOST (128 * 1024) /* twice fifty lines of 512 bytes, and patience */

static void add_line(struct prompt_history *history, const char *line)
{
	char printable[PROMPT_BYTES];
	size_t n = text_printable(printable, sizeof printable, line, strlen(line));
	if (n == 0 || history->n == PROMPT_HISTORY)
		return;
	for (size_t i = 0; i < history->n; i++)
		if (strcmp(history->lines[i], printable) == 0)
			return;
	memcpy(history->lines[history->n++], printable, n + 1);
}

/* A line's first letter says what it is: ":close duplicate", "/severity >= high". */
static void add_lines(char *bytes, struct prompt_history *commands, struct prompt_history *filters)
{
	for (char *save = NULL, *line = strtok_r(bytes, "\n", &save); line != NULL; line = strtok_r(NULL, "\n", &save)) {
		if (*line == ':')
			add_line(commands, line + 1);
		else if (*line == '/')
			add_line(filters, line + 1);
	}
}

bool history_file_read(const char *path, struct prompt_history *commands, struct prompt_history *filters,
    struct fault *fault)
{
	char *bytes;
	size_t n;
	if (!file_read_secret(path, FILE_MOST, &bytes, &n, fault))
		return fault->code == FAULT_NOT_FOUND;
	add_lines(bytes, commands, filters);
	free(bytes);
	return true;
}

bool history_file_write(const char *path, const struct prompt_history *commands,
    const struct prompt_history *filters, struct fault *fault)
{
	struct prompt_history *all = mem_alloc(2 * sizeof *all);
	all[0] = *commands;
	all[1] = *filters;
	struct text text = { 0 };
	struct fault ignored = { 0 };
	/* What cannot be read is not worth keeping: it is written anew, for its owner alone. */
	bool read = history_file_read(path, &all[0], &all[1], &ignored);
	UNUSED(read);
	for (size_t i = 0; i < 2; i++)
		for (size_t k = 0; k < all[i].n; k++)
			text_printf(&text, "%c%s\n", i == 0 ? ':' : '/', all[i].lines[k]);
	bool ok = file_make_folders(path, fault) && file_write(path, text_string(&text), text.n, 0600, fault);
	text_clear(&text);
	free(all);
	return ok;
}
