/* SPDX-License-Identifier: Apache-2.0
 *
 * What the console asks of a large store, without the console: the processor's time for each
 * question, which does not hang on who else has the machine.
 *
 * BENCH_STORE: a store (tests/bench/large_store.py makes one); without, nothing is done.
 * BENCH_TIMES: how often each is asked, 40. BENCH_ONLY: questions whose name has this. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "base/mem.h"
#include "store/query.h"

static struct db db;
static int times = 40;

static int64_t worked_ns(void)
{
	struct timespec t;
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void fail(const struct fault *fault)
{
	fprintf(stderr, "%s\n", fault->text);
	exit(1);
}

static int by_size(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return (x > y) - (x < y);
}

/* One question, as the history lane asks it: in a picture of its own. */
struct asked {
	const char *name;
	size_t (*ask)(const void *what, int time, struct arena *, struct fault *); /* how many rows came */
	const void *what;
};

static void measure(const struct asked *asked)
{
	int64_t took[1000];
	size_t n_rows = 0;
	const char *only = getenv("BENCH_ONLY");
	if (only != NULL && strstr(asked->name, only) == NULL)
		return;
	for (int i = 0; i < times; i++) {
		struct arena arena;
		struct fault fault;
		arena_init(&arena);
		int64_t began = worked_ns();
		if (!db_begin_reading(&db, &fault))
			fail(&fault);
		n_rows = asked->ask(asked->what, i, &arena, &fault);
		db_rollback(&db);
		took[i] = worked_ns() - began;
		arena_clear(&arena);
	}
	qsort(took, (size_t)times, sizeof took[0], by_size);
	printf("  %-38s median %8.2f  most %8.2f ms   (%zu rows)\n", asked->name, (double)took[times / 2] / 1e6, (double)took[times - 1] / 1e6, n_rows);
	fflush(stdout);
}

static size_t ask_alerts(const void *what, int time, struct arena *arena, struct fault *fault)
{
	struct alert_list list;
	UNUSED(time);
	if (!query_alerts(&db, what, "ana", arena, &list, fault))
		fail(fault);
	return list.n;
}

static size_t ask_calls(const void *what, int time, struct arena *arena, struct fault *fault)
{
	struct call_query query = *(const struct call_query *)what;
	struct call_list list;
	size_t n = 0;
	UNUSED(time);
	do {
		if (!query_calls(&db, &query, arena, &list, fault))
			fail(fault);
		n += list.n;
		query.before_id = list.resume_id;
	} while (list.searching);
	return n;
}

/* Others each time: what the last one read is in the cache. */
static size_t ask_one(const void *what, int time, struct arena *arena, struct fault *fault)
{
	struct alert_detail detail;
	const int64_t *newest = what;
	if (!query_alert(&db, *newest - (int64_t)time * 97, arena, &detail, fault))
		fail(fault);
	return detail.n_same_subject;
}

/* As the key that sorts asks it: what stands before the alert that the cursor is on, one of
 * the newest; in some orders very many are its equals. */
static size_t ask_around(const void *what, int time, struct arena *arena, struct fault *fault)
{
	struct alert_detail detail;
	struct alert_query query = *(const struct alert_query *)what;
	int64_t newest;
	if (!db_ask_int(&db, "SELECT max(id) FROM alerts", 0, &newest, fault) || !query_alert(&db, newest - (int64_t)time * 97, arena, &detail, fault))
		fail(fault);
	struct alert_mark mark = alert_mark_of(&detail.alert, query.order);
	query.from = &mark;
	return ask_alerts(&query, time, arena, fault);
}

int main(void)
{
	const char *store = getenv("BENCH_STORE");
	struct fault fault;
	int64_t newest;
	if (store == NULL)
		return 0;
	if (getenv("BENCH_TIMES") != NULL)
		times = MIN(MAX(atoi(getenv("BENCH_TIMES")), 1), 1000);
	if (!db_open(store, OPEN_READ, &db, &fault) || !db_ask_int(&db, "SELECT max(id) FROM alerts", 0, &newest, &fault))
		fail(&fault);
#define ALERTS(...) ask_alerts, &(const struct alert_query){ .filter = "", .limit = 200, __VA_ARGS__ }
#define AROUND(by) ask_around, &(const struct alert_query){ .filter = "", .limit = 200, .order = by, .backwards = true }
#define CALLS(text) ask_calls, &(const struct call_query){ .filter = text, .limit = 500, .budget_ms = 25 }
	const struct asked questions[] = {
		{ "the first alerts", ALERTS(.grouping = GROUP_NONE) },
		{ "the last alerts", ALERTS(.backwards = true) },
		{ "what is due next", ALERTS(.order = ORDER_SLA) },
		{ "what is due last", ALERTS(.order = ORDER_SLA, .backwards = true) },
		{ "cases with what is due next", ALERTS(.order = ORDER_SLA, .grouping = GROUP_CASE) },
		{ "cases with what is due last", ALERTS(.order = ORDER_SLA, .grouping = GROUP_CASE, .backwards = true) },
		{ "around an alert, by SLA", AROUND(ORDER_SLA) },
		{ "around an alert, by site", AROUND(ORDER_SITE) },
		{ "around an alert, by state", AROUND(ORDER_STATE) },
		{ "around an alert, by owner", AROUND(ORDER_OWNER) },
		{ "the first cases", ALERTS(.grouping = GROUP_CASE) },
		{ "the last cases", ALERTS(.grouping = GROUP_CASE, .backwards = true) },
		{ "a window of cases", ask_alerts, &(const struct alert_query){ .filter = "", .limit = 600, .grouping = GROUP_CASE } },
		{ "the first subjects", ALERTS(.grouping = GROUP_SUBJECT) },
		{ "the last subjects", ALERTS(.grouping = GROUP_SUBJECT, .backwards = true) },
		{ "the first of the same", ALERTS(.grouping = GROUP_FINGERPRINT) },
		{ "a filter, by case", ask_alerts, &(const struct alert_query){ .filter = "severity >= high and score > 90 and location ~ bogota", .limit = 200, .grouping = GROUP_CASE, .budget_ms = 25 } },
		{ "an alert", ask_one, &newest },
		{ "calls, the newest", CALLS("") },
		{ "calls: duration > 100m", CALLS("duration > 100m") },
		{ "calls: duration > 14m and legs > 3", CALLS("duration > 14m and legs > 3") },
	};
	for (size_t i = 0; i < COUNT_OF(questions); i++)
		measure(&questions[i]);
	struct rusage usage;
	getrusage(RUSAGE_SELF, &usage);
	printf("at most %ld MB\n", usage.ru_maxrss / 1024);
	db_close(&db);
	return 0;
}
