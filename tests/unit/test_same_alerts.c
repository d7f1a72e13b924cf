/* SPDX-License-Identifier: Apache-2.0
 *
 * The same records give the same alerts, to the last reason, however they come:
 * in order, shuffled within an hour, in small pages or in large ones, stopped
 * in the middle and begun again. */
#include "test.h"

#include <unistd.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/places.h"
#include "base/text.h"
#include "calls/cdr_json.h"
#include "sim/traffic.h"
#include "store/past.h"
#include "store/query.h"
#include "watch/guard.h"
#include "watch/import.h"

#define EPOCH INT64_C(1759708800000) /* 2025-10-06T00:00:00Z */
#define DAYS  8
#define USERS 24
#define MOST  9000 /* records */

static char folder[] = "/tmp/centinela-same-XXXXXX";
static struct sim_day days[DAYS];
static struct line {
	struct cdr cdr;
	int64_t at_ms;
} * lines;
static size_t n_lines;

static int by_report(const void *a, const void *b)
{
	return cdr_order(&((const struct line *)a)->cdr, &((const struct line *)b)->cdr);
}

static int by_place(const void *a, const void *b)
{
	const struct line *x = a, *y = b;
	return (x->at_ms > y->at_ms) - (x->at_ms < y->at_ms);
}

static void make_lines(void)
{
	struct traffic_options options = { .seed = 8, .n_users = USERS, .epoch_ms = EPOCH, .scenario = "mixed" };
	struct traffic *traffic;
	struct fault fault;
	size_t room = 0;
	REQUIRE(mkdtemp(folder) != NULL);
	REQUIRE(traffic_new(&options, &traffic, &fault));
	for (int d = 0; d < DAYS; d++) {
		traffic_day(traffic, EPOCH / DAY_MS + d, &days[d]);
		for (size_t i = 0; i < days[d].n_records; i++) {
			const struct sim_record *r = &days[d].records[i];
			struct cdr_reader reader;
			struct cdr cdr;
			cdr_reader_init(&reader);
			cdr_reader_feed(&reader, r->json, r->n_json, true);
			REQUIRE(cdr_reader_next(&reader, &days[d].arena, &cdr) == CDR_NEXT_RECORD);
			lines = mem_grow(lines, n_lines, &room, sizeof *lines);
			lines[n_lines++] = (struct line){ cdr, 0 };
		}
	}
	traffic_free(traffic);
	qsort(lines, n_lines, sizeof *lines, by_report);
	REQUIRE(n_lines > MOST);
	n_lines = MOST;
}

/* Each is moved by up to half an hour to either side. */
static void shuffle(uint64_t seed)
{
	for (size_t i = 0; i < n_lines; i++)
		lines[i].at_ms = lines[i].cdr.report_ms + (int64_t)(hash_mix(seed + i) % HOUR_MS);
	qsort(lines, n_lines, sizeof *lines, by_place);
}

static char *write_lines(const char *name, size_t from, size_t until)
{
	char *path = mem_printf("%s/%s", folder, name);
	FILE *file = fopen(path, "w");
	REQUIRE(file != NULL);
	for (size_t i = from; i < until; i++)
		fprintf(file, "%.*s\n", (int)lines[i].cdr.raw.n, lines[i].cdr.raw.p);
	fclose(file);
	return path;
}

static struct guard *begin(const char *store)
{
	struct guard_config config = { .store = store, .data_folder = CENTINELA_SOURCE_DATA, .rules = { .rules_folder = CENTINELA_SOURCE_DATA "/rules", .alert_budget = 3 }, .keep_raw = true };
	struct guard *guard;
	struct fault fault;
	bool ok = guard_open(&config, &guard, &fault) && guard_prepare(guard, &fault) && guard_warm(guard, &fault);
	if (!ok)
		puts(fault.text);
	REQUIRE(ok);
	return guard;
}

/* All of every alert, with the records that it rests on. */
static char *alerts_of(struct guard *guard, size_t *n)
{
	static const char SQL[] = "SELECT rule, subject_id, case_id, score, severity, n_legs, first_ms, last_ms, raised_ms, cost_micro,"
				  " cost_per_hour_micro, title_es, reasons, (SELECT count(*) FROM evidence WHERE alert_id = alerts.id),"
				  " (SELECT sum(legs.report_ms % 1000003) FROM evidence JOIN legs ON legs.id = evidence.leg_id WHERE alert_id = alerts.id)"
				  " FROM alerts ORDER BY id";
	struct statement *statement;
	struct text all = { 0 };
	struct fault fault;
	struct db *db = &guard->store->db;
	*n = 0;
	REQUIRE(db->engine->prepare(db->session, SQL, &statement, &fault));
	while (db->engine->step(statement, &fault) == STEP_ROW) {
		for (int c = 0; c < 15; c++)
			text_printf(&all, "%s|", db->engine->column_text(statement, c));
		text_putc(&all, '\n');
		++*n;
	}
	db->engine->finish(statement);
	char *kept = mem_strdup(text_string(&all));
	text_clear(&all);
	return kept;
}

static char *end(struct guard *guard, const char *store, size_t *n)
{
	static const char *const ENDS[] = { "", "-wal", "-shm" };
	char *all = alerts_of(guard, n);
	guard_close(guard);
	for (size_t i = 0; i < COUNT_OF(ENDS); i++) {
		char *path = mem_printf("%s%s", store, ENDS[i]);
		unlink(path);
		free(path);
	}
	return all;
}

static void import(struct guard *guard, size_t from, size_t until)
{
	char *path = write_lines("part.jsonl", from, until);
	struct import_options options = { .paths = (const char *[]){ path }, .n_paths = 1 };
	struct import_counts counts;
	struct page_judge judge = guard_judge(guard);
	struct fault fault;
	REQUIRE(import_run(guard->store, &guard->intake, &judge, &options, &counts, &fault));
	CHECK_INT(counts.n_rejected, 0);
	unlink(path);
	free(path);
}

/* As sync does: pages of so many, each committed. */
static void feed(struct guard *guard, size_t from, size_t until, size_t page_size)
{
	struct page_judge judge = guard_judge(guard);
	struct fault fault;
	for (size_t i = from; i < until; i += page_size) {
		struct page *page = page_new();
		struct text json = { 0 };
		text_puts(&json, "{\"items\":[");
		/* Webex promises no order in a page. */
		for (size_t k = MIN(i + page_size, until); k-- > i;)
			text_printf(&json, "%.*s%s", (int)lines[k].cdr.raw.n, lines[k].cdr.raw.p, k > i ? "," : "");
		text_puts(&json, "]}");
		page->n_bytes = json.n;
		page->bytes = mem_strdup(text_string(&json));
		text_clear(&json);
		page->now_ms = clock_real_ms();
		REQUIRE(intake_page(&guard->intake, page, &fault));
		REQUIRE(store_commit_page(guard->store, page, &judge, &fault));
		page_free(page);
	}
}

/* Of every alert what a look back tells; in the store `at_ms` long ago, or as it is (0). */
static char *told_of(const char *store, int64_t at_ms, size_t *n)
{
	struct text all = { 0 };
	struct fault fault;
	struct arena arena;
	struct past *past = NULL;
	struct db db = { 0 };
	struct alert_list list;
	bool ready = false;
	struct alert_query query = { .filter = "", .limit = 10000, .order = ORDER_TIME, .closed_too = true, .at_ms = at_ms, .now_ms = at_ms };
	arena_init(&arena);
	REQUIRE(at_ms != 0 ? past_open(store, at_ms, &past, &fault) : db_open(store, OPEN_READ, &db, &fault));
	while (past != NULL && !ready)
		REQUIRE(past_begin(past, 5, &ready, &fault));
	REQUIRE(query_alerts(past != NULL ? past_db(past) : &db, &query, "", &arena, &list, &fault));
	for (size_t i = 0; i < list.n; i++) {
		const struct alert *a = &list.items[i];
		text_printf(&all, "%s|%s|%lld|%d|%d|%lld|%lld|%lld|%lld|%lld\n", a->rule, a->subject_id, (long long)a->raised_ms, (int)a->severity, a->score, (long long)a->count,
		    (long long)a->cost_micro, (long long)a->cost_per_hour_micro, (long long)a->first_ms, (long long)a->last_ms);
	}
	text_printf(&all, "%lld open", (long long)list.n_open);
	*n = list.n;
	char *kept = mem_strdup(text_string(&all));
	past_close(past);
	db_close(&db);
	text_clear(&all);
	arena_clear(&arena);
	return kept;
}

/* However late it was imported. */
static void a_look_back_shows_what_had_been_reported(void)
{
	char *whole = mem_printf("%s/whole.db", folder), *part = mem_printf("%s/part.db", folder);
	struct guard *guard = begin(whole);
	size_t n, m;
	import(guard, 0, n_lines);
	guard_close(guard);
	for (int k = 1; k <= 4; k++) {
		size_t until = n_lines * (size_t)k / 5;
		while (lines[until].cdr.report_ms == lines[until - 1].cdr.report_ms)
			until++;
		guard = begin(part);
		import(guard, 0, until);
		guard_close(guard);
		char *expected = told_of(part, 0, &n), *got = told_of(whole, lines[until - 1].cdr.report_ms, &m);
		CHECK(n > 3);
		CHECK_STR(got, expected);
		free(expected);
		free(got);
		guard = begin(part);
		free(end(guard, part, &n));
	}
	guard = begin(whole);
	free(end(guard, whole, &n));
	free(whole);
	free(part);
}

static void order_pages_and_restarts_change_nothing(void)
{
	char *store = mem_printf("%s/x.db", folder), *expected, *got;
	size_t n, m;
	struct guard *guard = begin(store);
	import(guard, 0, n_lines);
	expected = end(guard, store, &n);
	CHECK(n > 20);
	CHECK(strstr(expected, "outlier.rank") != NULL && strstr(expected, "usual.") != NULL);

	static const size_t PAGES[] = { 1, 500, 5000 };
	for (size_t i = 0; i < COUNT_OF(PAGES); i++) {
		guard = begin(store);
		feed(guard, 0, n_lines, PAGES[i]);
		got = end(guard, store, &m);
		CHECK_STR(got, expected);
		free(got);
	}

	guard = begin(store);
	feed(guard, 0, n_lines / 3, 500);
	guard_close(guard);
	guard = begin(store);
	import(guard, 0, n_lines * 2 / 3); /* a third of it is there already */
	guard_close(guard);
	guard = begin(store);
	feed(guard, n_lines * 2 / 3, n_lines, 77);
	got = end(guard, store, &m);
	CHECK_STR(got, expected);
	free(got);

	for (uint64_t seed = 1; seed <= 2; seed++) {
		shuffle(seed * 1000003);
		guard = begin(store);
		import(guard, 0, n_lines);
		got = end(guard, store, &m);
		CHECK_STR(got, expected);
		free(got);
		qsort(lines, n_lines, sizeof *lines, by_report);
	}
	free(expected);
	free(store);
}

static void run(void)
{
	make_lines();
	a_look_back_shows_what_had_been_reported();
	order_pages_and_restarts_change_nothing();
	rmdir(folder);
	for (int d = 0; d < DAYS; d++)
		sim_day_free(&days[d]);
	free(lines);
}

TESTS({ "the_same_records_give_the_same_alerts_then_and_now", run })
