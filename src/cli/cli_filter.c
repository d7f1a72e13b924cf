/* SPDX-License-Identifier: Apache-2.0
 *
 * --filter of any command: what the console saved under a name may stand in it. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cli/cli.h"
#include "ui/filter_file.h"

char *cli_filter(const struct options *options, const char *given, struct fault *fault)
{
	struct filter_book book = { 0 };
	struct text out = { 0 };
	char *path = given != NULL && strchr(given, '@') != NULL ? filter_file_path(options->config_path) : NULL;
	bool ok = path == NULL || filter_file_read(path, &book, fault);
	struct filter_names names = filter_book_names(&book);
	ok = ok && filter_expand(given == NULL ? "" : given, &names, &out, fault);
	char *filter = ok ? mem_strdup(text_string(&out)) : NULL;
	text_clear(&out);
	filter_book_clear(&book);
	free(path);
	return filter;
}
