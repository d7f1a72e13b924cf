/* SPDX-License-Identifier: Apache-2.0 */
#include "base/markdown.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

bool markdown_begins_link(const char *text, const char *at)
{
	if (at[0] == ':')
		return at[1] == '/' && at[2] == '/';
	return at[0] == '.' && at - text >= 3 && text_starts_with(at - 3, "www");
}

void markdown_puts(struct text *out, const char *hostile)
{
	size_t n = strlen(hostile);
	char *printable = mem_alloc(3 * n + 4); /* a broken byte becomes three */
	text_printable(printable, 3 * n + 4, hostile, n);
	for (const char *at = printable; *at != '\0'; at++) {
		if (strchr("\\|`*_[]<>#~&@!", *at) != NULL || markdown_begins_link(printable, at))
			text_putc(out, '\\');
		text_putc(out, *at);
	}
	free(printable);
}
