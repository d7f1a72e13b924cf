/* SPDX-License-Identifier: Apache-2.0
 *
 * What telling costs: an alert's notice beside the alert, a storm into the outbox,
 * and each kind of message written. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "notify/tell.h"
#include "store/notice_rows.h"

#define N 20000

static void must(bool ok, const struct fault *fault)
{
	if (!ok) {
		puts(fault->text);
		exit(1);
	}
}

static double raise_all(struct store *store, uint64_t first)
{
	struct fault fault;
	int64_t begun_ns = clock_steady_ns();
	for (size_t at = 0; at < N; at += 500) {
		struct page *page = page_new();
		page->now_ms = clock_real_ms();
		page->findings.items = arena_zalloc(&page->arena, 500 * sizeof *page->findings.items);
		page->findings.n = 500;
		for (size_t i = 0; i < 500; i++)
			page->findings.items[i] = (struct finding){ .rule = "irsf", .title_en = "T", .title_es = "T", .severity = SEVERITY_HIGH, .score = 80,
				.subject_id = arena_printf(&page->arena, "u%zu", at + i), .subject_name = "Ana", .location = "Bogota", .fingerprint = first + at + i,
				.first_ms = page->now_ms, .last_ms = page->now_ms, .raised_ms = page->now_ms };
		must(store_commit_page(store, page, NULL, &fault), &fault);
		page_free(page);
	}
	return (double)(clock_steady_ns() - begun_ns) / N / 1000;
}

static size_t to_siem(void *arg, const struct notice *notice, struct outbox_place out[OUTBOX_PLACES])
{
	UNUSED(notice);
	out[0] = (struct outbox_place){ .destination = "siem" };
	out[1] = (struct outbox_place){ .destination = "room", .gather_ms = 300000, .burst = 5, .grows = true };
	return *(size_t *)arg;
}

static void write_body(void *arg, const struct outbox_row *row, const struct notice *notices, size_t n, struct text *body)
{
	tell_write(arg, row, notices, n, 1, body);
}

int main(void)
{
	char folder[] = "/tmp/centinela-bench-XXXXXX", address[64], command[64];
	struct store *store;
	struct fault fault = { 0 };
	struct notify_routes *routes;
	struct arena arena;
	static const char text[] = "destinations:\n  siem: {kind: syslog, server: \"s:1\"}\n";
	if (mkdtemp(folder) == NULL)
		return 1;
	snprintf(address, sizeof address, "%s/x.db", folder);
	must(store_open(address, &store, &fault), &fault);
	double without = raise_all(store, 1);
	must(notice_rows_want(store, INT64_MAX, &fault), &fault);
	double with = raise_all(store, 1000000);
	printf("an alert raised: %.1f us; with its notice: %.1f us\n", without, with);

	size_t n_places = 2, n;
	struct outbox_router router = { to_siem, &n_places };
	int64_t begun_ns = clock_steady_ns();
	do
		must(outbox_route(store, &router, clock_real_ms(), 200, &n, &fault), &fault);
	while (n == 200);
	printf("a notice routed to a SIEM and a room: %.1f us\n", (double)(clock_steady_ns() - begun_ns) / N / 1000);

	must(notify_routes_parse("r", text, sizeof text - 1, &routes, &fault), &fault);
	struct destination siem = routes->destinations[0];
	size_t n_all = 0;
	begun_ns = clock_steady_ns();
	do {
		struct outbox_row *rows;
		struct outbox_claim claim = { .destination = "siem", .now_ms = clock_real_ms(), .most = 200, .write = write_body, .arg = &siem };
		struct outbox_end *ends;
		arena_init(&arena);
		must(outbox_claim(store, &claim, &arena, &rows, &n, &fault), &fault);
		ends = mem_zalloc((n + 1) * sizeof *ends);
		for (size_t i = 0; i < n; i++)
			ends[i] = (struct outbox_end){ .id = rows[i].id, .result = OUTBOX_TAKEN, .now_ms = claim.now_ms };
		must(outbox_settle(store, ends, n, &fault), &fault);
		free(ends);
		arena_clear(&arena);
		n_all += n;
	} while (n > 0);
	printf("a message begun, written (CEF) and settled: %.1f us, %zu of them\n", (double)(clock_steady_ns() - begun_ns) / (double)n_all / 1000, n_all);
	notify_routes_free(routes);
	store_close(store);
	snprintf(command, sizeof command, "rm -rf %s", folder);
	return system(command) != 0;
}
