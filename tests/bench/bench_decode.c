/* SPDX-License-Identifier: Apache-2.0
 *
 * A page of 5000 records: ours, jansson's tree with 35 reads a record, a look
 * at every quote, and a copy, in the same run. Medians of 9. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/places.h"
#include "calls/cdr_json.h"
#include "sim/export.h"
#include "sim/legs.h"

#define RECORDS 5000
#define RUNS	9
#define READS	35

static volatile uint64_t sink;

static void by_us(const struct text *page)
{
	static struct arena arena;
	struct cdr_reader reader;
	struct cdr cdr;
	size_t n = 0;
	cdr_reader_init(&reader);
	cdr_reader_feed(&reader, page->bytes, page->n, true);
	while (cdr_reader_next(&reader, &arena, &cdr) == CDR_NEXT_RECORD) {
		sink += (uint64_t)cdr.start_ms + cdr.field[CDR_F_CALLED_NUMBER].n;
		n++;
	}
	if (n != RECORDS)
		exit(1);
	arena_clear(&arena);
}

static void by_jansson(const struct text *page)
{
	json_t *root = json_loadb(page->bytes, page->n, 0, NULL), *item;
	size_t i, n = 0;
	json_array_foreach (json_object_get(root, "items"), i, item) {
		for (int field = 0; field < READS; field++) {
			const char *text = json_string_value(json_object_get(item, cdr_wire_name((enum cdr_field)field)));
			sink += text != NULL ? (uint64_t)*text : 1;
		}
		n++;
	}
	if (n != RECORDS)
		exit(1);
	json_decref(root);
}

static void by_memchr(const struct text *page)
{
	const char *p = page->bytes, *end = p + page->n;
	while ((p = memchr(p, '"', (size_t)(end - p))) != NULL) {
		sink++;
		p++;
	}
}

static char *room;

static void by_memcpy(const struct text *page)
{
	memcpy(room, page->bytes, page->n);
	sink += (uint64_t)room[sink % page->n];
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

static bool make_page(struct text *page)
{
	struct traffic_options options = { .seed = 7, .n_users = 1500, .data_folder = CENTINELA_SOURCE_DATA };
	struct traffic *traffic;
	struct fault fault;
	struct sim_legs day;
	const struct sim_leg *legs[RECORDS];
	size_t n = 0;
	if (!traffic_new(&options, &traffic, &fault)) {
		fprintf(stderr, "%s\n", fault.text);
		return false;
	}
	traffic_legs(traffic, 20732, &day); /* a Tuesday */
	while (n < RECORDS && day.n > 0) {
		legs[n] = day.order[n % day.n];
		n++;
	}
	sim_page_json(page, legs, n, traffic_org(traffic));
	sim_legs_free(&day);
	traffic_free(traffic);
	return n == RECORDS;
}

int main(void)
{
	static const struct {
		const char *name;
		void (*run)(const struct text *);
	} ways[] = { { "ours", by_us }, { "jansson, tree + 35 reads", by_jansson },
		{ "memchr over every quote", by_memchr }, { "memcpy", by_memcpy } };
	struct text page = { 0 };
	double ms[COUNT_OF(ways)][RUNS];
	if (!make_page(&page))
		return 1;
	room = mem_zalloc(page.n);
	/* Turn by turn, so that a noisy neighbour meets them all. */
	for (int run = 0; run < RUNS; run++) {
		for (size_t way = 0; way < COUNT_OF(ways); way++) {
			int64_t start = clock_steady_ns();
			ways[way].run(&page);
			ms[way][run] = (double)(clock_steady_ns() - start) / 1e6;
		}
	}
	for (size_t way = 0; way < COUNT_OF(ways); way++)
		qsort(ms[way], RUNS, sizeof ms[way][0], compare);
	printf("a page of %d records, %.1f MB\n", RECORDS, (double)page.n / 1e6);
	for (size_t way = 0; way < COUNT_OF(ways); way++) {
		double median = ms[way][RUNS / 2];
		printf("%-26s %8.2f ms %10.0f records/s   %6.2f x ours\n", ways[way].name, median,
		    RECORDS / median * 1e3, median / ms[0][RUNS / 2]);
	}
	free(room);
	text_clear(&page);
	return 0;
}
