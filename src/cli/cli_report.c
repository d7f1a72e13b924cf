/* SPDX-License-Identifier: Apache-2.0
 *
 * report: what happened in a stretch of time, for people. It is gathered
 * as JSON (watch/report.h); text and Markdown are made from that (report_write.c). */
#include <string.h>

#include "base/i18n.h"
#include "cli/cli.h"
#include "cli/print.h"
#include "cli/report.h"
#include "store/migrate.h"
#include "watch/report.h"

int cli_report(struct options *options, struct args *args)
{
	struct report_of of = { .backfill_ms = options->backfill };
	struct fault fault = { 0 };
	struct arena arena;
	struct db db;
	const char *since = args_value(args, "--since"), *format = args_value(args, "--format");
	const char *output = args_value(args, "--output"), *what = args_next(args);
	if (what != NULL && strcmp(what, "handover") == 0)
		return cli_handover(options, args, since, format, output);
	if (what != NULL || output != NULL) {
		fault_set(&fault, FAULT_USAGE, "%s", _("report takes no word but handover, which alone takes --output"));
		return cli_fail(&fault);
	}
	format = format != NULL ? format : options->json ? "json" : "text";
	bool json = strcmp(format, "json") == 0, markdown = strcmp(format, "md") == 0;
	of.until_ms = clock_now_ms(&options->clock);
	if (!args_finish(args, &fault))
		return cli_fail(&fault);
	if (!json && !markdown && strcmp(format, "text") != 0)
		fault_set(&fault, FAULT_USAGE, "%s", _("report writes --format text, md or json"));
	if (fault.code != FAULT_NONE || !cli_since(since == NULL ? "24h" : since, of.until_ms, &of.from_ms, &fault) ||
	    !store_open_read(options->store, &db, &fault))
		return cli_fail(&fault);
	arena_init(&arena);
	json_t *report = report_gather(&db, &of, &arena, &fault);
	if (report != NULL && json)
		print_json(json_incref(report));
	else if (report != NULL)
		report_write(report, markdown);
	json_decref(report);
	arena_clear(&arena);
	db_close(&db);
	return report != NULL ? EXIT_DONE : cli_fail(&fault);
}
