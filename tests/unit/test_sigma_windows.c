/* SPDX-License-Identifier: Apache-2.0
 *
 * Windows in event time: sliding, late legs, every type, bounded memory. */
#include "test.h"

#include "base/hash.h"
#include "base/mem.h"
#include "detect/sigma/correlate.h"

static struct correlation rule_of(const char *type, int64_t timespan_ms, int64_t at_least)
{
	return (struct correlation){ .type = correlation_type_named(type), .timespan_ms = timespan_ms,
		.bounds = { .has_low = true, .low = at_least } };
}

struct feed {
	int64_t second;
	uint64_t value;
};

/* How often the condition is met; *most gets the greatest measure. */
static int fed(const struct correlation *c, const struct feed *events, size_t n, int64_t *most)
{
	struct windows *w = windows_new(1 << 22, HOUR_MS);
	int met = 0;
	*most = 0;
	for (size_t i = 0; i < n; i++) {
		struct window_event event = { .at_ms = 1000000000 + events[i].second * 1000,
			.leg_id = (int64_t)i, .value = events[i].value };
		struct window_result result;
		if (windows_add(w, 7, c, &event, &result)) {
			met++;
			*most = MAX(*most, result.measure);
			CHECK_INT(result.events[result.mine].leg_id, i);
			CHECK(result.events[result.n - 1].at_ms - result.events[0].at_ms < c->timespan_ms);
		}
	}
	windows_free(w);
	return met;
}

TEST(a_window_slides_and_does_not_reset)
{
	struct correlation c = rule_of("event_count", 10 * MINUTE_MS, 3);
	int64_t most;
	/* Across a slot border: a counter that resets every ten minutes sees two and two. */
	static const struct feed across[] = { { 540, 0 }, { 590, 0 }, { 610, 0 }, { 650, 0 } };
	CHECK_INT(fed(&c, across, 4, &most), 2);
	CHECK_INT(most, 4);
	static const struct feed apart[] = { { 0, 0 }, { 300, 0 }, { 600, 0 }, { 900, 0 } };
	CHECK_INT(fed(&c, apart, 4, &most), 0); /* exactly ten minutes is no longer within ten */
	static const struct feed just[] = { { 0, 0 }, { 300, 0 }, { 599, 0 } };
	CHECK_INT(fed(&c, just, 3, &most), 1);
}

TEST(whatever_the_order_the_last_to_arrive_completes_the_count)
{
	static const int64_t seconds[] = { 0, 100, 200, 300, 400, 2000, 2100, 4000 };
	struct correlation c = rule_of("event_count", 10 * MINUTE_MS, 5);
	uint64_t random = 42;
	for (int round = 0; round < 200; round++) {
		struct feed events[COUNT_OF(seconds)];
		for (size_t i = 0; i < COUNT_OF(seconds); i++)
			events[i] = (struct feed){ seconds[i], i };
		for (size_t i = COUNT_OF(seconds) - 1; i > 0; i--) {
			size_t k = (random = hash_mix(random + 1)) % (i + 1);
			struct feed spare = events[i];
			events[i] = events[k];
			events[k] = spare;
		}
		int64_t most;
		CHECK_INT(fed(&c, events, COUNT_OF(seconds), &most), 1);
		CHECK_INT(most, 5);
	}
}

TEST(values_are_counted_once)
{
	struct correlation c = rule_of("value_count", HOUR_MS, 3);
	static const struct feed events[] = { { 0, 1 }, { 10, 1 }, { 20, 2 }, { 30, 2 }, { 40, 1 }, { 50, 3 } };
	int64_t most;
	CHECK_INT(fed(&c, events, 6, &most), 1);
	CHECK_INT(most, 3);
	struct feed many[200];
	for (size_t i = 0; i < 200; i++)
		many[i] = (struct feed){ (int64_t)i, i / 2 };
	c.bounds.low = 100;
	CHECK_INT(fed(&c, many, 200, &most), 2); /* the hundredth value, twice */
}

TEST(sums_orders_and_ranges_have_their_rows)
{
	int64_t most;
	struct correlation sum = rule_of("value_sum", HOUR_MS, 100);
	static const struct feed amounts[] = { { 0, 60 }, { 10, 30 }, { 20, 10 }, { 4000, 99 } };
	CHECK_INT(fed(&sum, amounts, 4, &most), 1);
	struct correlation order = rule_of("temporal_ordered", HOUR_MS, 2);
	order.refs.n = 2;
	static const struct feed right[] = { { 0, 0 }, { 10, 1 } }, wrong[] = { { 0, 1 }, { 10, 0 } };
	CHECK_INT(fed(&order, right, 2, &most), 1);
	CHECK_INT(fed(&order, wrong, 2, &most), 0);
	struct correlation both = rule_of("temporal", HOUR_MS, 2);
	CHECK_INT(fed(&both, wrong, 2, &most), 1);
	struct correlation range = rule_of("event_count", HOUR_MS, 2);
	range.bounds.has_high = true;
	range.bounds.high = 3;
	static const struct feed five[] = { { 0, 0 }, { 1, 0 }, { 2, 0 }, { 3, 0 }, { 4, 0 } };
	CHECK_INT(fed(&range, five, 5, &most), 2);
}

/* What is written, over these seconds' values: does the last one meet it? */
static bool meets(const char *type, const char *condition, const int64_t *values, size_t n, int64_t *measure)
{
	struct fault fault;
	struct sigma_file *file;
	char *yaml = mem_printf("title: t\nid: t\ncorrelation: {type: %s, rules: [x], timespan: 10m, condition: {field: duration, %s}}\n", type, condition);
	if (!sigma_parse("t", yaml, strlen(yaml), NULL, &file, &fault)) {
		puts(fault.text);
		exit(1);
	}
	struct windows *w = windows_new(1 << 22, HOUR_MS);
	struct window_result result = { 0 };
	bool met = false;
	for (size_t i = 0; i < n; i++) {
		struct window_event event = { .at_ms = 1000000000 + (int64_t)i * 1000, .leg_id = (int64_t)i, .value = (uint64_t)values[i] };
		met = windows_add(w, 7, file->rules[0]->correlation, &event, &result);
	}
	*measure = result.measure;
	windows_free(w);
	sigma_file_free(file);
	free(yaml);
	return met;
}

TEST(averages_percentiles_and_extremes_meet_their_bounds_exactly)
{
	static const int64_t values[] = { 500, 501, 10, 990, 7 }; /* mean 401.6; in order 7 10 500 501 990 */
	static const struct {
		bool yes;
		const char *type, *condition;
		size_t n; /* of the values */
		int64_t measure;
	} rows[] = {
		{ true, "value_avg", "gt: 500", 2, 500 },   /* 500.5 */
		{ true, "value_avg", "gte: 500", 2, 500 },
		{ false, "value_avg", "gte: 501", 2, 0 },
		{ true, "value_avg", "lt: 501", 2, 500 },
		{ false, "value_avg", "lte: 500", 2, 0 },
		{ false, "value_avg", "gt: 500", 1, 0 },    /* 500 itself */
		{ true, "value_avg", "lte: 500", 1, 500 },
		{ true, "value_avg", "eq: 500", 1, 500 },
		{ false, "value_avg", "eq: 500", 2, 0 },
		{ true, "value_avg", "neq: 500", 2, 500 },
		{ false, "value_avg", "neq: 500", 1, 0 },
		{ true, "value_avg", "gt: 401, lt: 402", 5, 401 },
		{ true, "value_percentile", "gte: 500", 5, 500 },	  /* 50 when none is said */
		{ true, "value_percentile", "percentile: 80, gte: 501", 5, 501 },
		{ false, "value_percentile", "percentile: 80, gt: 501", 5, 0 },
		{ true, "value_percentile", "percentile: 81, gte: 990", 5, 990 },
		{ true, "value_percentile", "percentile: 20, lte: 7", 5, 7 },
		{ true, "value_percentile", "percentile: 21, gte: 10", 5, 10 },
		{ false, "value_avg", "gte: 501, gt: 500", 2, 0 }, /* 500.5: the bound that is closed holds */
		{ false, "value_avg", "gt: 500, gte: 501", 2, 0 },
		{ true, "value_median", "eq: 500", 5, 500 },
		{ true, "value_median", "gt: 500", 2, 500 }, /* 500.5 */
		{ false, "value_median", "lt: 500", 4, 0 }, /* 500.5 again: 10 500 501 990 */
		{ true, "value_min", "lte: 7", 5, 7 },
		{ false, "value_min", "gt: 7", 5, 0 },
		{ true, "value_max", "gte: 990", 5, 990 },
		{ false, "value_max", "lt: 990", 5, 0 },
		{ true, "value_sum", "gte: 1001", 2, 1001 },
		{ true, "value_sum", "gte: 16m", 2, 1001 }, /* durations in their own unit */
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		int64_t measure;
		bool met = meets(rows[i].type, rows[i].condition, values, rows[i].n, &measure);
		if (met != rows[i].yes || (met && measure != rows[i].measure)) {
			test_failures++;
			printf("%s of %zu, %s: %d, %lld\n", rows[i].type, rows[i].n, rows[i].condition, met, (long long)measure);
		}
	}
}

static int by_number(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return (x > y) - (x < y);
}

TEST(a_percentile_is_what_sorting_says)
{
	int64_t values[300], sorted[300];
	uint64_t random = 5;
	for (int round = 0; round < 200; round++) {
		size_t n = 1 + (size_t)round;
		int percentile = 1 + round % 99;
		for (size_t i = 0; i < n; i++) {
			random = hash_mix(random + 1);
			values[i] = sorted[i] = (int64_t)(random % (round % 3 == 0 ? 4 : 100000)); /* with repeats, too */
		}
		qsort(sorted, n, sizeof *sorted, by_number);
		char condition[64];
		int64_t measure;
		snprintf(condition, sizeof condition, "percentile: %d, gte: 0", percentile);
		CHECK(meets("value_percentile", condition, values, n, &measure));
		CHECK_INT(measure, sorted[(n * (size_t)percentile + 99) / 100 - 1]);
	}
}

TEST(groups_do_not_mix)
{
	struct correlation c = rule_of("event_count", HOUR_MS, 2);
	struct windows *w = windows_new(1 << 22, HOUR_MS);
	struct window_result result;
	struct window_event event = { .at_ms = 5000 };
	CHECK(!windows_add(w, 10, &c, &event, &result));
	CHECK(!windows_add(w, 20, &c, &event, &result));
	CHECK(windows_add(w, 10, &c, &event, &result));
	windows_free(w);
}

TEST(older_slices_find_their_own_bursts)
{
	/* Newest first, as on a first start: a burst of three in every slice. */
	struct correlation c = rule_of("event_count", 10 * MINUTE_MS, 3);
	struct windows *w = windows_new(1 << 22, HOUR_MS);
	struct window_result result;
	int met = 0;
	for (int slice = 20; slice > 0; slice--) {
		for (int i = 0; i < 3; i++) {
			struct window_event event = { .at_ms = slice * 12 * HOUR_MS + i * MINUTE_MS };
			met += windows_add(w, 3, &c, &event, &result);
		}
	}
	CHECK_INT(met, 20);
	windows_free(w);
}

TEST(memory_stays_within_the_budget)
{
	struct correlation c = rule_of("event_count", HOUR_MS, 100);
	size_t budget = (size_t)4 << 20;
	struct windows *w = windows_new(budget, HOUR_MS);
	struct window_result result;
	size_t most = 0;
	for (uint64_t i = 0; i < 400000; i++) {
		struct window_event event = { .at_ms = (int64_t)i * 10 };
		windows_add(w, hash_mix(i % 100000 + 1), &c, &event, &result);
		most = MAX(most, windows_bytes(w));
	}
	CHECK(most < budget * 2);
	CHECK(windows_forgotten(w) > 0);
	windows_free(w);
}

TEST(what_is_long_over_is_swept_away)
{
	struct correlation c = rule_of("event_count", MINUTE_MS, 100);
	struct windows *w = windows_new((size_t)64 << 20, MINUTE_MS);
	struct window_result result;
	for (uint64_t i = 0; i < 1000000; i++) {
		struct window_event event = { .at_ms = (int64_t)i * 100 };
		windows_add(w, hash_mix(i + 1), &c, &event, &result);
	}
	CHECK(windows_bytes(w) < (size_t)32 << 20);
	CHECK_INT(windows_forgotten(w), 0);
	windows_free(w);
}

TESTS(T(a_percentile_is_what_sorting_says), T(a_window_slides_and_does_not_reset),
    T(whatever_the_order_the_last_to_arrive_completes_the_count), T(values_are_counted_once),
    T(sums_orders_and_ranges_have_their_rows), T(averages_percentiles_and_extremes_meet_their_bounds_exactly), T(groups_do_not_mix),
    T(older_slices_find_their_own_bursts), T(memory_stays_within_the_budget),
    T(what_is_long_over_is_swept_away))
