/* SPDX-License-Identifier: Apache-2.0
 *
 * A look back at a large store: how long until a moment is made, the longest of the pieces
 * that it is made in, and what is asked of it then.
 *
 * BENCH_STORE: a store (tests/bench/large_store.py makes one); without, nothing is done.
 * BENCH_AGO: hours before its newest alert, one after the other. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "base/mem.h"
#include "store/past.h"
#include "store/query.h"

/* Of this thread's own work: others may have the machine, too. */
static int64_t worked_ns(void)
{
	struct timespec t;
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static double ms_since(int64_t since_ns)
{
	return (double)(worked_ns() - since_ns) / 1e6;
}

static void fail(const struct fault *fault)
{
	fprintf(stderr, "%s\n", fault->text);
	exit(1);
}

/* As the queue asks: some 25 ms at a time, until the page is there. */
static void page(struct past *past, const struct alert_query *asked, const char *name)
{
	struct fault fault;
	struct arena arena;
	struct alert_list list;
	struct alert_query query = *asked;
	struct alert_mark from;
	size_t n_rows = 0;
	double worst = 0, all = 0;
	int n = 0;
	arena_init(&arena);
	query.at_ms = query.now_ms = past_moment(past);
	query.limit = 600;
	query.budget_ms = 25;
	do {
		bool ready;
		int64_t began = worked_ns();
		if (!past_begin(past, 12, &ready, &fault) || !query_alerts(past_db(past), &query, "ana", &arena, &list, &fault))
			fail(&fault);
		past_end(past);
		worst = MAX(worst, ms_since(began));
		all += ms_since(began);
		from = list.resume;
		query.from = &from;
		n_rows += list.n;
		n++;
	} while (list.searching && n_rows < query.limit && n < 10000);
	printf("    %-16s %6.1f ms in %d, the longest %5.1f   (%zu rows, %lld open)\n", name, all, n, worst, n_rows, (long long)list.n_open);
	arena_clear(&arena);
}

static void look_back(const char *store, int64_t at_ms, double hours)
{
	struct past *past;
	struct fault fault;
	struct arena arena;
	struct alert_detail detail;
	struct score_list scores;
	bool ready = false;
	double worst = 0;
	int n = 0;
	int64_t began = worked_ns(), newest;
	arena_init(&arena);
	if (!past_open(store, at_ms, &past, &fault))
		fail(&fault);
	for (; !ready; n++) {
		int64_t piece = worked_ns();
		if (!past_begin(past, 12, &ready, &fault))
			fail(&fault);
		worst = MAX(worst, ms_since(piece));
	}
	past_end(past);
	printf("%8.1f h ago: made in %.0f ms, %d pieces, the longest %.1f ms\n", hours, ms_since(began), n, worst);
	static const enum alert_order orders[] = { ORDER_SEVERITY, ORDER_TIME, ORDER_SCORE, ORDER_WHO, ORDER_COST };
	for (size_t i = 0; i < COUNT_OF(orders); i++) {
		page(past, &(struct alert_query){ .filter = "", .order = orders[i] }, alert_order_name(orders[i]));
		page(past, &(struct alert_query){ .filter = "", .order = orders[i], .backwards = true, .closed_too = true }, "  from its end");
	}
	page(past, &(struct alert_query){ .filter = "", .grouping = GROUP_CASE }, "cases");
	page(past, &(struct alert_query){ .filter = "", .grouping = GROUP_SITE }, "sites");
	page(past, &(struct alert_query){ .filter = "score > 95 and location ~ bog" }, "a filter");
	began = worked_ns();
	if (!db_ask_int(past_db(past), "SELECT id FROM alerts ORDER BY id DESC LIMIT 1", 0, &newest, &fault))
		fail(&fault);
	printf("    %-16s %6.1f ms\n", "the newest", ms_since(began));
	began = worked_ns();
	if (newest > 0 && !query_alert(past_db(past), newest, &arena, &detail, &fault))
		fail(&fault);
	printf("    %-16s %6.1f ms\n", "one opened", ms_since(began));
	began = worked_ns();
	if (!query_scores(past_db(past), at_ms, "", 500, &arena, &scores, &fault))
		fail(&fault);
	printf("    %-16s %6.1f ms   (%zu)\n", "scores", ms_since(began), scores.n);
	arena_clear(&arena);
	past_close(past);
}

int main(void)
{
	const char *store = getenv("BENCH_STORE"), *ago = getenv("BENCH_AGO");
	struct db db;
	struct fault fault;
	struct rusage usage;
	int64_t newest;
	char hours[200];
	if (store == NULL)
		return 0;
	if (!db_open(store, OPEN_READ, &db, &fault) || !db_ask_int(&db, "SELECT max(raised_ms) FROM alerts", 0, &newest, &fault))
		fail(&fault);
	db_close(&db);
	snprintf(hours, sizeof hours, "%s", ago != NULL ? ago : "1 24 720 4000 8000");
	for (char *rest, *one = strtok_r(hours, " ", &rest); one != NULL; one = strtok_r(NULL, " ", &rest))
		look_back(store, newest - (int64_t)(strtod(one, NULL) * (double)HOUR_MS), strtod(one, NULL));
	getrusage(RUSAGE_SELF, &usage);
	printf("at most %ld MB\n", usage.ru_maxrss / 1024);
	return 0;
}
