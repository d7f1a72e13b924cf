/* SPDX-License-Identifier: Apache-2.0 */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "cli/cli.h"
#include "cli/print.h"
#include "watch/guard.h"
#include "watch/import.h"

#define MAX_NAMED 20

struct progress {
	int64_t n_named, started_ns;
	bool bar;
};

static void on_rejected(void *arg, const char *path, int64_t line, const char *why)
{
	struct progress *p = arg;
	char shown[200];
	if (p->n_named++ >= MAX_NAMED)
		return;
	text_printable(shown, sizeof shown, why, strlen(why));
	fprintf(stderr, "%s%s:%lld: %s\n", p->bar ? "\r\033[K" : "", path, (long long)line, shown);
}

static void on_progress(void *arg, const struct import_counts *c, double share)
{
	struct progress *p = arg;
	if (!p->bar)
		return;
	double seconds = (double)(clock_steady_ns() - p->started_ns) / 1e9;
	int filled = share < 0 ? 0 : (int)(share * 20);
	fprintf(stderr, "\r%.*s%.*s %lld  %.0f/s ", filled, "####################", 20 - filled, "....................",
	    (long long)c->n_records, (double)c->n_records / (seconds > 0.01 ? seconds : 0.01));
}

int cli_import(struct options *options, struct args *args)
{
	struct fault fault = { 0 };
	const char *paths[256];
	size_t n = 0;
	for (const char *path; n < COUNT_OF(paths) && (path = args_next(args)) != NULL;)
		paths[n++] = path;
	if (!args_finish(args, &fault))
		return cli_fail(&fault);
	if (cli_only_looks(options, &fault))
		return cli_fail(&fault);
	if (n == 0) {
		fault_set(&fault, FAULT_USAGE, "%s", _("say which file to import, or - for standard input"));
		return cli_fail(&fault);
	}
	struct guard *guard;
	struct guard_config config = cli_guard_config(options);
	if (!guard_open(&config, &guard, &fault))
		return cli_fail(&fault);
	if (!guard_prepare(guard, &fault)) {
		guard_close(guard);
		return cli_fail(&fault);
	}
	/* Pieces and pages go from thread to thread: what is large goes back to the
	 * system and not to the heap of whoever freed it (a quarter less memory). */
	mallopt(M_MMAP_THRESHOLD, 1 << 20);
	struct progress progress = { .started_ns = clock_steady_ns(), .bar = isatty(STDERR_FILENO) };
	struct import_options import = { .paths = paths, .n_paths = n, .on_rejected = on_rejected, .on_progress = on_progress, .arg = &progress };
	struct import_counts c = { 0 };
	char shown[SHORT_BYTES];
	struct page_judge judge = guard_judge(guard);
	bool ok = guard_warm(guard, &fault) && import_run(guard->store, &guard->intake, &judge, &import, &c, &fault);
	if (progress.bar)
		fputs("\r\033[K", stderr);
	if (progress.n_named > MAX_NAMED)
		fprintf(stderr, _("and %lld more were skipped\n"), (long long)(progress.n_named - MAX_NAMED));
	double seconds = (double)(clock_steady_ns() - progress.started_ns) / 1e9;
	guard_close(guard);
	if (options->json)
		print_json(json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:f}", "records", (json_int_t)c.n_records,
		    "new", (json_int_t)c.n_new, "updated", (json_int_t)c.n_updated, "seen", (json_int_t)c.n_seen,
		    "rejected", (json_int_t)c.n_rejected, "alerts_raised", (json_int_t)c.n_raised,
		    "alerts_grown", (json_int_t)c.n_grown, "kept_back", (json_int_t)c.n_kept_back, "seconds", seconds));
	else {
		snprintf(shown, sizeof shown, "%.1f", seconds);
		printf(_("%lld records: %lld new, %lld updated, %lld already here, %lld rejected; %lld alerts raised (%s s)\n"),
		    (long long)c.n_records, (long long)c.n_new, (long long)c.n_updated, (long long)c.n_seen,
		    (long long)c.n_rejected, (long long)c.n_raised, in_decimals(shown));
	}
	if (!options->json && c.n_kept_back > 0)
		printf(ngettext("%lld finding was kept back by a silence\n", "%lld findings were kept back by silences\n", (unsigned long)c.n_kept_back), (long long)c.n_kept_back);
	/* A wrong file is not a file with some bad records. */
	if (ok && c.n_records == 0 && c.n_rejected > 0)
		ok = fault_set(&fault, FAULT_INPUT, "%s", _("not one call record was found in what was given"));
	return ok ? EXIT_DONE : cli_fail(&fault);
}
