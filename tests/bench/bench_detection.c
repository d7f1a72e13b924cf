/* SPDX-License-Identifier: Apache-2.0
 *
 * What detection costs an import from end to end: the same records into a
 * fresh store with everything on, and with nobody who judges them, in turns.
 *
 *   bench_detection [CDRS.jsonl]   else twenty simulated days of 500 people
 *   BENCH_TURNS                    how often each (3) */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/places.h"
#include "sim/export.h"
#include "watch/guard.h"
#include "watch/import.h"

#define EPOCH INT64_C(1790553600000) /* 2026-09-28T00:00:00Z */

static char folder[] = "/tmp/centinela-bench-XXXXXX";

static void need(bool ok, const struct fault *fault)
{
	if (ok)
		return;
	fprintf(stderr, "bench_detection: %s\n", fault->text);
	exit(1);
}

/* Records a second. */
static double import(const char *path, bool judged, struct import_counts *counts)
{
	static const char *const ENDS[] = { "", "-wal", "-shm" };
	char *store = mem_printf("%s/x.db", folder);
	struct guard_config config = { .store = store, .data_folder = CENTINELA_SOURCE_DATA, .rules = { .rules_folder = CENTINELA_SOURCE_DATA "/rules" }, .keep_raw = true };
	struct import_options options = { .paths = &path, .n_paths = 1 };
	struct guard *guard;
	struct fault fault;
	need(guard_open(&config, &guard, &fault) && guard_prepare(guard, &fault) && guard_warm(guard, &fault), &fault);
	struct page_judge judge = guard_judge(guard);
	int64_t before_ns = clock_steady_ns();
	need(import_run(guard->store, &guard->intake, judged ? &judge : NULL, &options, counts, &fault), &fault);
	double rate = (double)counts->n_new * 1e9 / (double)(clock_steady_ns() - before_ns);
	guard_close(guard);
	for (size_t i = 0; i < COUNT_OF(ENDS); i++) {
		char *file = mem_printf("%s%s", store, ENDS[i]);
		unlink(file);
		free(file);
	}
	free(store);
	return rate;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
	enum { MOST = 15 };
	const char *wanted = getenv("BENCH_TURNS");
	int turns = wanted == NULL ? 3 : MIN(MAX(atoi(wanted), 1), MOST);
	double with[MOST], without[MOST];
	struct import_counts on = { 0 }, off = { 0 };
	struct fault fault;
	need(mkdtemp(folder) != NULL || fault_set(&fault, FAULT_SYSTEM, "no folder in /tmp"), &fault);
	char *made = mem_printf("%s/cdrs.jsonl", folder), *labels = mem_printf("%s/labels.csv", folder);
	if (argc < 2) {
		struct traffic_options traffic = { .seed = 7, .n_users = 500, .epoch_ms = EPOCH };
		need(sim_export(folder, &traffic, 20, &fault), &fault);
	}
	for (int i = 0; i < turns; i++) {
		without[i] = import(argc < 2 ? made : argv[1], false, &off);
		with[i] = import(argc < 2 ? made : argv[1], true, &on);
	}
	qsort(with, (size_t)turns, sizeof with[0], by_value);
	qsort(without, (size_t)turns, sizeof without[0], by_value);
	double a = with[turns / 2], b = without[turns / 2];
	printf("%lld records, %lld alerts: %.0f/s with detection, %.0f/s without: %.0f %% of the speed (limit 67)\n",
	    (long long)on.n_new, (long long)on.n_raised, a, b, 100 * a / b);
	unlink(made);
	unlink(labels);
	rmdir(folder);
	free(made);
	free(labels);
	return 0;
}
