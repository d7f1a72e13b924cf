/* SPDX-License-Identifier: Apache-2.0
 *
 * The routes of the HTTP API as a table: method and path, what it is, who may. */
#include <stdlib.h>

#include "api/routes.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "cli/help.h"

void help_routes(struct sheet *sheet)
{
	sheet_entries(sheet, _("request"), _("what it does (scope)"));
	for (const struct api_route *route = api_routes; route->method != NULL; route++) {
		char *term = mem_printf("%s %s", route->method, route->path), *meaning = mem_printf("%s (%s)", route->help, api_entry_name(route->entry));
		sheet_entry(sheet, term, meaning);
		free(term);
		free(meaning);
	}
}
