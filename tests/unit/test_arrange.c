/* SPDX-License-Identifier: Apache-2.0
 *
 * Records come out in the order they were reported, none is lost, and what
 * they say is what they said. */
#include "test.h"

#include "base/hash.h"
#include "base/mem.h"
#include "base/text.h"
#include "cdr_maker.h"
#include "watch/arrange.h"

#define N 3000

static struct intake intake = { .keep_raw = true };

/* Record i, reported i seconds after the first, as it would stand in a file. */
static void add(struct arranger *a, const struct cdr *plain, int i)
{
	char raw[100], id[40];
	struct cdr cdr = *plain;
	int n = snprintf(raw, sizeof raw, "{\"Report ID\":\"r%d\",\"Dialed digits\":\"%d\"}", i, i * 7);
	cdr.raw = (struct span){ raw, (uint32_t)n };
	cdr.report_ms += (int64_t)i * SECOND_MS;
	/* One field lies in the record, another was unescaped or came from a CSV row. */
	cdr.field[CDR_F_DIALED_DIGITS] = (struct span){ strrchr(raw, ':') + 2, (uint32_t)(raw + n - 2 - (strrchr(raw, ':') + 2)) };
	cdr.field[CDR_F_REPORT_ID] = (struct span){ id, (uint32_t)snprintf(id, sizeof id, "r%d", i) };
	arranger_add(a, &cdr);
	memset(raw, 'x', sizeof raw); /* they were copied */
	memset(id, 'x', sizeof id);
}

static void check_leg(const struct page_leg *leg, int i)
{
	char id[40], digits[40], text[40];
	snprintf(id, sizeof id, "r%d", i);
	snprintf(digits, sizeof digits, "%d", i * 7);
	CHECK_STR(span_copy(leg->cdr.field[CDR_F_REPORT_ID], text, sizeof text), id);
	CHECK_STR(span_copy(leg->cdr.field[CDR_F_DIALED_DIGITS], text, sizeof text), digits);
	CHECK(span_is(leg->cdr.field[CDR_F_LOCATION], "Colombia"));
	CHECK(leg->cdr.raw.n > 20 && leg->cdr.raw.p[0] == '{' && leg->cdr.raw.p[leg->cdr.raw.n - 1] == '}');
}

/* All that is there now; the next one expected is *next. */
static void take(struct arranger *a, bool all, int *next)
{
	struct page *page = page_new();
	while (arranger_take(a, all, 100, &intake, page)) {
		CHECK(page->n_legs == 100 || all);
		CHECK_INT(page->n_raw, 1);
		for (size_t i = 0; i < page->n_legs; i++)
			check_leg(&page->legs[i], (*next)++);
		page_reset(page);
	}
	page_free(page);
}

static void run_through(const int *order, int n, size_t most_bytes, int *n_early)
{
	struct cdr_maker m;
	struct arranger a = { .most_bytes = most_bytes };
	int next = 0;
	cdr_outbound(&m);
	struct cdr plain = cdr_made(&m);
	for (int i = 0; i < n; i++) {
		add(&a, &plain, order[i]);
		if (i % 50 == 0)
			take(&a, false, &next);
	}
	*n_early = next;
	take(&a, true, &next);
	CHECK_INT(next, n);
	CHECK_INT(a.n, 0);
	arranger_clear(&a);
	cdr_free(&m);
}

TEST(what_was_shuffled_is_in_order)
{
	static int order[N];
	int early;
	for (int i = 0; i < N; i++)
		order[i] = i;
	for (int i = N - 1; i > 0; i--) {
		int with = (int)(hash_mix((uint64_t)i) % (uint64_t)(i + 1)), kept = order[i];
		order[i] = order[with];
		order[with] = kept;
	}
	run_through(order, N, 0, &early);
	CHECK_INT(early, 0); /* all within the hour */
	for (int i = 0; i < N; i++)
		order[i] = N - 1 - i;
	run_through(order, N, 0, &early);
	CHECK_INT(early, 0);
}

TEST(what_is_eight_hours_old_goes_on)
{
	enum { HOURS = 12 };
	struct cdr_maker m;
	struct arranger a = { .most_bytes = (size_t)1 << 30 };
	int next = 0;
	cdr_outbound(&m);
	struct cdr plain = cdr_made(&m);
	for (int i = 0; i < HOURS * 3600; i += 2) {
		add(&a, &plain, i + 1); /* two neighbours, each in the other's place */
		add(&a, &plain, i);
		if (i % 3600 == 0)
			take(&a, false, &next);
	}
	CHECK(next > 3 * 3600 - 100 && next <= 4 * 3600);
	arranger_clear(&a);
	cdr_free(&m);
}

TEST(where_there_is_no_room_the_oldest_go_on)
{
	static int order[N];
	int early;
	for (int i = 0; i < N; i++)
		order[i] = i;
	run_through(order, N, (size_t)2 << 20, &early);
	CHECK(early > N / 4 && early < N);
}

TEST(large_records_are_a_page_when_they_are_enough_bytes)
{
	enum { LARGE = 3 << 20 };
	struct cdr_maker m;
	struct arranger a = { .most_bytes = (size_t)64 << 20 };
	struct page *page = page_new();
	cdr_outbound(&m);
	struct cdr cdr = cdr_made(&m);
	char *raw = mem_alloc(LARGE);
	memset(raw, ' ', LARGE);
	cdr.raw = (struct span){ raw, LARGE };
	for (int i = 0; i < 8; i++) {
		cdr.report_ms += 9 * HOUR_MS;
		arranger_add(&a, &cdr);
	}
	CHECK(arranger_take(&a, false, 100, &intake, page));
	CHECK_INT(page->n_legs, 3); /* nine megabytes */
	page_reset(page);
	/* Where there is no room what there is goes on, few records as it may be. */
	a.most_bytes = (size_t)1 << 20;
	CHECK(arranger_take(&a, false, 100, &intake, page));
	CHECK_INT(page->n_legs, 3);
	page_reset(page);
	CHECK(arranger_take(&a, false, 100, &intake, page));
	CHECK_INT(page->n_legs, 2);
	arranger_clear(&a);
	page_free(page);
	free(raw);
	cdr_free(&m);
}

TEST(a_record_of_the_year_2100_lets_nothing_go)
{
	struct cdr_maker m;
	cdr_outbound(&m);
	struct cdr plain = cdr_made(&m), late = plain;
	struct arranger a = { .latest_ms = plain.report_ms + 2 * DAY_MS };
	struct page *page = page_new();
	char raw[] = "{}";
	late.raw = (struct span){ raw, 2 };
	late.report_ms += 70 * 365 * DAY_MS;
	arranger_add(&a, &late);
	for (int i = 0; i < 150; i++)
		add(&a, &plain, i);
	CHECK(!arranger_take(&a, false, 100, &intake, page));
	CHECK(arranger_take(&a, true, 200, &intake, page));
	CHECK_INT(page->n_legs, 151);
	CHECK(page->legs[150].cdr.report_ms == late.report_ms);
	arranger_clear(&a);
	page_free(page);
	cdr_free(&m);
}

TEST(nothing_gives_nothing)
{
	struct arranger a = { 0 };
	struct page *page = page_new();
	CHECK(!arranger_take(&a, false, 100, &intake, page));
	CHECK(!arranger_take(&a, true, 100, &intake, page));
	CHECK_INT(page->n_legs, 0);
	arranger_clear(&a);
	page_free(page);
	intake_clear(&intake);
}

TESTS(T(what_was_shuffled_is_in_order), T(what_is_eight_hours_old_goes_on),
    T(where_there_is_no_room_the_oldest_go_on), T(large_records_are_a_page_when_they_are_enough_bytes),
    T(a_record_of_the_year_2100_lets_nothing_go), T(nothing_gives_nothing))
