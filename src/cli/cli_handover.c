/* SPDX-License-Identifier: Apache-2.0
 *
 * report handover: the shift that ends now, for the chat or for a file. */
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "cli/cli.h"
#include "store/migrate.h"
#include "ui/shift_paper.h"
#include "ui/zones.h"
#include "watch/report.h"

static bool write_paper(struct options *options, struct db *db, int64_t from_ms, int64_t now_ms, bool json, const char *output, struct fault *fault)
{
	struct shift_report report;
	struct location_list sites;
	struct sync_gap gaps[REPORT_GAPS_MAX];
	struct zones zones = { 0 };
	struct text paper = { 0 };
	struct arena arena;
	size_t n_gaps;
	arena_init(&arena);
	bool ok = query_shift(db, from_ms, now_ms, now_ms, &arena, &report, fault) && query_locations(db, now_ms, &arena, &sites, fault) &&
	    report_gaps(db, options->backfill, now_ms, gaps, COUNT_OF(gaps), &n_gaps, fault);
	if (ok) {
		struct shift_paper p = { .report = &report, .gaps = gaps, .n_gaps = n_gaps, .masked = options->mask_numbers };
		zones_learn(&zones, &sites);
		p.zone = zones_current(&zones, &p.label); /* as the console begins */
		if (json)
			shift_json(&p, &paper);
		else
			shift_markdown(&p, &paper);
		ok = cli_put_paper(output, &paper, fault);
	}
	zones_clear(&zones);
	text_clear(&paper);
	arena_clear(&arena);
	return ok;
}

int cli_handover(struct options *options, struct args *args, const char *since, const char *format, const char *output)
{
	struct fault fault = { 0 };
	struct db db;
	int64_t now = clock_now_ms(&options->clock), from = now - options->shift;
	bool json = format != NULL ? strcmp(format, "json") == 0 : options->json;
	if (!args_finish(args, &fault))
		return cli_fail(&fault);
	if (format != NULL && !json && strcmp(format, "md") != 0)
		fault_set(&fault, FAULT_USAGE, "%s", _("report handover writes --format md or json"));
	else if (since != NULL && cli_since(since, now, &from, &fault) && from >= now)
		fault_set(&fault, FAULT_USAGE, "%s", _("a shift begins before now"));
	if (fault.code != FAULT_NONE || !store_open_read(options->store, &db, &fault))
		return cli_fail(&fault);
	bool ok = write_paper(options, &db, from, now, json, output, &fault);
	db_close(&db);
	return ok ? EXIT_DONE : cli_fail(&fault);
}
