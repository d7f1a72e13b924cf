/* SPDX-License-Identifier: Apache-2.0
 *
 * --filter of any command: what the console saved under a name may stand in it. */
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "cli/cli.h"
#include "ui/filter_file.h"

/* A line has no room for a mark below it: the place is counted, and shown. */
static void say_where(const char *source, size_t offset, struct fault *fault)
{
	char rest[32];
	size_t at = 1, n = strlen(source);
	struct fault why = *fault;
	if (offset >= n) {
		fault_set(fault, why.code, _("%s (at the end of the filter)"), why.text);
		return;
	}
	for (size_t i = 0; i < offset; i++)
		at += ((unsigned char)source[i] & 0xC0) != 0x80;
	text_printable(rest, sizeof rest, source + offset, n - offset);
	fault_set(fault, why.code, _("%s (character %zu of the filter: %s)"), why.text, at, rest);
}

char *cli_filter(const struct options *options, enum filter_of of, const char *given, struct fault *fault)
{
	struct filter_book book = { 0 };
	struct text out = { 0 };
	const char *source = given == NULL ? "" : given;
	char *path = strchr(source, '@') != NULL ? filter_file_path(options->config_path) : NULL;
	bool ok = path == NULL || filter_file_read(path, &book, fault);
	struct filter_names names = filter_book_names(&book);
	struct filter filter;
	size_t offset = 0;
	if (ok && !filter_parse(of, source, strlen(source), clock_now_ms(&options->clock), &names, &filter, NULL, fault, &offset)) {
		say_where(source, offset, fault);
		ok = false;
	} else if (ok) {
		filter_clear(&filter);
	}
	ok = ok && filter_expand(source, &names, &out, fault);
	char *expanded = ok ? mem_strdup(text_string(&out)) : NULL;
	text_clear(&out);
	filter_book_clear(&book);
	free(path);
	return expanded;
}
