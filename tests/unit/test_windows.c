/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include "webex/windows.h"

#define NOW INT64_C(1790000000000)

static struct windows windows;
static struct window_limits limits;
static struct cdr_window window;
static int64_t wait_ms;

static void fresh(void)
{
	windows_clear(&windows);
	window_limits_init(&limits);
}

static bool next(int64_t now_ms)
{
	return windows_next(&windows, &limits, now_ms, &window, &wait_ms);
}

static void done(int64_t now_ms)
{
	windows_done(&windows, &limits, &window, now_ms);
}

/* Ask whatever is due, one window each 61 s, until `until_ms`. */
static int64_t run(int64_t now_ms, int64_t until_ms, int *n)
{
	while (now_ms < until_ms) {
		if (next(now_ms)) {
			done(now_ms);
			(*n)++;
			now_ms += 61 * SECOND_MS;
		} else {
			now_ms += MAX(wait_ms, 1);
		}
	}
	return now_ms;
}

TEST(the_first_request_is_the_freshest)
{
	fresh();
	REQUIRE(next(NOW));
	CHECK_INT(window.endpoint, CDR_STREAM);
	CHECK_INT(window.to_ms, NOW - 65 * SECOND_MS);
	CHECK_INT(window.to_ms - window.from_ms, 2 * HOUR_MS);
	CHECK_INT(window.why, WINDOW_STREAM);
}

TEST(A19_the_past_comes_newest_first_and_in_turns_with_the_present)
{
	fresh();
	REQUIRE(next(NOW));
	done(NOW);
	int64_t stream_from = window.from_ms;
	REQUIRE(next(NOW + 61000));
	CHECK_INT(window.endpoint, CDR_FEED);
	CHECK_INT(window.why, WINDOW_BACKFILL);
	CHECK_INT(window.to_ms, stream_from);
	CHECK_INT(window.to_ms - window.from_ms, 12 * HOUR_MS);
	done(NOW + 61000);
	int64_t before = window.from_ms;
	REQUIRE(next(NOW + 122000));
	CHECK_INT(window.endpoint, CDR_STREAM);
	done(NOW + 122000);
	REQUIRE(next(NOW + 183000));
	CHECK_INT(window.endpoint, CDR_FEED);
	CHECK_INT(window.to_ms, before);
	struct windows_progress progress;
	windows_progress(&windows, &limits, NOW + 183000, &progress);
	CHECK_INT(progress.slices_total, 60);
	CHECK_INT(progress.slices_done, 1);
	CHECK(progress.left_ms > 59 * 61 * SECOND_MS);
	CHECK_INT(progress.complete_from_ms, before);
}

TEST(A6_no_window_is_longer_than_Webex_answers_nor_outside_its_edges)
{
	fresh();
	int64_t now = NOW;
	int n = 0;
	for (int i = 0; i < 400; i++) {
		if (!next(now)) {
			now += MAX(wait_ms, 1);
			continue;
		}
		bool stream = window.endpoint == CDR_STREAM;
		CHECK(window.from_ms < window.to_ms);
		CHECK(window.to_ms - window.from_ms <= (stream ? 2 : 12) * HOUR_MS);
		CHECK(window.to_ms <= now - (stream ? 60 : 300) * SECOND_MS);
		CHECK(window.from_ms >= now - (stream ? 12 * HOUR_MS : 30 * DAY_MS) + 60 * SECOND_MS);
		done(now);
		n++;
		/* Away for odd times now and then. */
		now += i % 50 == 49 ? (int64_t)i * 20 * MINUTE_MS : 61 * SECOND_MS;
	}
	CHECK(n > 200);
}

TEST(a_month_is_filled_and_then_only_the_present_is_asked)
{
	fresh();
	int n = 0;
	int64_t now = run(NOW, NOW + 150 * MINUTE_MS, &n);
	struct window_gap gap;
	CHECK_INT(windows_gaps(&windows, &limits, now, &gap, 1), 0);
	struct windows_progress progress;
	windows_progress(&windows, &limits, now, &progress);
	CHECK_INT(progress.slices_done, progress.slices_total);
	CHECK_INT(progress.left_ms, 0);
	CHECK(progress.complete_until_ms >= now - 130 * SECOND_MS);
	CHECK(progress.complete_from_ms <= NOW - 29 * DAY_MS);
	REQUIRE(next(now) || wait_ms <= 60000);
}

TEST(A2_an_empty_night_moves_on)
{
	/* The planner does not know of records at all: an empty window is done. */
	fresh();
	limits.backfill_ms = 0;
	int n = 0;
	int64_t now = run(NOW, NOW + 12 * HOUR_MS, &n);
	struct windows_progress progress;
	windows_progress(&windows, &limits, now, &progress);
	CHECK(progress.complete_until_ms >= now - 130 * SECOND_MS);
	CHECK_INT(windows.stream.n, 1);
}

TEST(a_short_absence_is_the_streams_a_long_one_the_feeds)
{
	fresh();
	limits.backfill_ms = 0;
	REQUIRE(next(NOW));
	done(NOW);
	int64_t w = window.to_ms;
	REQUIRE(next(NOW + 5 * HOUR_MS));
	CHECK_INT(window.endpoint, CDR_STREAM);
	CHECK_INT(window.from_ms, w - 10 * MINUTE_MS);
	CHECK_INT(window.to_ms, window.from_ms + 2 * HOUR_MS);

	int64_t back = NOW + 3 * DAY_MS;
	REQUIRE(next(back));
	CHECK_INT(window.endpoint, CDR_STREAM);
	CHECK_INT(window.to_ms, back - 65 * SECOND_MS);
	done(back);
	int64_t newest = window.from_ms;
	REQUIRE(next(back + 61000));
	CHECK_INT(window.endpoint, CDR_FEED);
	CHECK_INT(window.why, WINDOW_GAP);
	CHECK_INT(window.to_ms, newest);
	struct window_gap gaps[4];
	size_t n = windows_gaps(&windows, &limits, back, gaps, 4);
	CHECK_INT(n, 1);
	/* A day before we left is read again: what came late while we were away. */
	CHECK_INT(gaps[0].from_ms, MAX(w - 24 * HOUR_MS, NOW));
	CHECK(!gaps[0].lost);
}

TEST(what_is_older_than_the_feed_keeps_is_called_lost)
{
	fresh();
	limits.backfill_ms = 0;
	REQUIRE(next(NOW));
	done(NOW);
	int64_t back = NOW + 40 * DAY_MS, now = back;
	int n = 0;
	now = run(back, back + 5 * HOUR_MS, &n);
	struct window_gap gaps[4];
	REQUIRE(windows_gaps(&windows, &limits, now, gaps, 4) == 1);
	CHECK(gaps[0].lost);
	CHECK(gaps[0].from_ms >= NOW - HOUR_MS && gaps[0].to_ms >= NOW + 9 * DAY_MS);
	while (next(now) && window.endpoint == CDR_STREAM) {
		done(now);
		now += 61000;
	}
	CHECK(window.why != WINDOW_GAP);
}

TEST(A17_late_records_are_read_again_hourly_and_daily)
{
	fresh();
	limits.backfill_ms = 0;
	int counts[8] = { 0 };
	int64_t now = NOW;
	while (now < NOW + 49 * HOUR_MS) {
		if (next(now)) {
			counts[window.why]++;
			done(now);
			now += 61000;
		} else {
			now += MAX(wait_ms, 1);
		}
	}
	CHECK_INT(counts[WINDOW_HOURLY], 48);
	CHECK_INT(counts[WINDOW_DAILY], 8);
	CHECK_INT(counts[WINDOW_GAP] + counts[WINDOW_BACKFILL], 0);
	CHECK(counts[WINDOW_STREAM] > 1000);
}

TEST(an_estimate_without_stream_and_other_numbers)
{
	fresh();
	limits.no_stream = true;
	limits.backfill_ms = 7 * DAY_MS;
	int n = 0;
	REQUIRE(next(NOW));
	CHECK_INT(window.endpoint, CDR_FEED);
	CHECK_INT(window.to_ms, NOW - 6 * MINUTE_MS);
	int64_t now = run(NOW, NOW + 40 * MINUTE_MS, &n);
	CHECK_INT(windows_gaps(&windows, &limits, now, NULL, 0), 0);
	CHECK_INT(windows.stream.n, 0);
	/* 14 slices of the past, the rest is the present. */
	CHECK(n >= 30);
}

TEST(the_ledger_may_be_told_in_any_order)
{
	fresh();
	struct cdr_window rows[] = {
		{ CDR_FEED, NOW - 12 * HOUR_MS, NOW, WINDOW_GAP },
		{ CDR_FEED, NOW - 24 * HOUR_MS, NOW - 6 * HOUR_MS, WINDOW_GAP },
		{ CDR_FEED, NOW - 6 * HOUR_MS, NOW - 5 * HOUR_MS, WINDOW_GAP },
	};
	windows_done(&windows, &limits, &rows[0], NOW + 3);
	windows_done(&windows, &limits, &rows[1], NOW + 1);
	windows_done(&windows, &limits, &rows[2], NOW + 2);
	CHECK_INT(windows.feed.n, 2);
	CHECK_INT(windows.feed.at[0].from_ms, NOW - 24 * HOUR_MS);
	CHECK_INT(windows.feed.at[0].to_ms, NOW - 12 * HOUR_MS);
	CHECK_INT(windows.feed.at[0].read_ms, NOW + 1);
	CHECK_INT(windows.feed.at[1].read_ms, NOW + 3);
	CHECK_INT(windows.first_ms, NOW + 1);
	/* A later one in the middle splits the older. */
	windows_done(&windows, &limits, &rows[2], NOW + 9);
	CHECK_INT(windows.feed.n, 4);
	CHECK_INT(windows.feed.at[2].read_ms, NOW + 9);
	/* And an older one around it fills only what is free. */
	windows_done(&windows, &limits, &(struct cdr_window){ CDR_FEED, NOW - 30 * HOUR_MS,
	    NOW + HOUR_MS, WINDOW_GAP }, NOW + 1);
	CHECK_INT(windows.feed.at[windows.feed.n - 1].to_ms, NOW + HOUR_MS);
	for (size_t i = 1; i < windows.feed.n; i++)
		CHECK_INT(windows.feed.at[i].from_ms, windows.feed.at[i - 1].to_ms);
	CHECK_INT(windows.feed.at[0].from_ms, NOW - 30 * HOUR_MS);
}

/* ── the property: nothing is missed, whatever happens ────────────────── */

static uint32_t state;

static uint32_t chance(uint32_t n)
{
	state = state * 1664525 + 1013904223;
	return (state >> 8) % n;
}

enum { RECORDS = 3000 };
static struct { int64_t start_ms, inserted_ms; bool stored; } record[RECORDS];

/* What Webex would answer; a record not yet there is not given. */
static void store_window(int64_t now_ms)
{
	for (int i = 0; i < RECORDS; i++) {
		int64_t t = window.endpoint == CDR_STREAM ? record[i].inserted_ms : record[i].start_ms;
		/* The feed shows a record 5 min after it came in, the stream after 1. */
		int64_t shown_ms = record[i].inserted_ms +
		    (window.endpoint == CDR_STREAM ? 60 : 300) * SECOND_MS;
		if (t >= window.from_ms && t < window.to_ms && shown_ms <= now_ms)
			record[i].stored = true;
	}
}

static void any_sequence_of_crashes(uint32_t seed, bool no_stream)
{
	fresh();
	limits.no_stream = no_stream;
	limits.backfill_ms = 5 * DAY_MS;
	state = seed;
	int64_t end = NOW + 12 * DAY_MS;
	for (int i = 0; i < RECORDS; i++) {
		record[i].start_ms = NOW - 5 * DAY_MS + chance(17 * 24 * 3600) * SECOND_MS;
		/* Most within minutes, some hours of talk, some up to 23 h late. */
		int64_t late_ms = chance(10) > 0 ? chance(300) * SECOND_MS :
						   chance(23 * 3600) * SECOND_MS;
		record[i].inserted_ms = record[i].start_ms + late_ms;
		record[i].stored = false;
	}
	int64_t now = NOW;
	while (now < end) {
		if (chance(200) == 0) /* away, for minutes or for days */
			now += chance(2) ? chance(3600) * SECOND_MS : chance(4 * 24 * 3600) * SECOND_MS;
		if (!next(now)) {
			now += MAX(wait_ms, 1);
			continue;
		}
		if (chance(8) == 0) { /* it crashes after storing, before the ledger */
			store_window(now);
		} else if (chance(8) == 0) { /* a 504 halved it */
			window.to_ms = window.from_ms + (window.to_ms - window.from_ms) / 2;
			store_window(now);
			done(now);
		} else if (chance(8) != 0) {
			store_window(now);
			done(now);
		} /* else it failed altogether */
		now += 61 * SECOND_MS;
	}
	/* Two quiet days to come to rest. */
	int64_t until = now + 49 * HOUR_MS;
	while (now < until) {
		if (next(now)) {
			store_window(now);
			done(now);
			now += 61 * SECOND_MS;
		} else {
			now += MAX(wait_ms, 1);
		}
	}
	int missed = 0;
	for (int i = 0; i < RECORDS; i++)
		if (!record[i].stored) {
			if (missed++ == 0)
				printf("seed %u: start %+.2f h, inserted %+.2f h after NOW\n", seed,
				    (double)(record[i].start_ms - NOW) / 3600e3,
				    (double)(record[i].inserted_ms - NOW) / 3600e3);
		}
	CHECK_INT(missed, 0);
	CHECK_INT(windows_gaps(&windows, &limits, now, NULL, 0), 0);
	windows_clear(&windows);
}

TEST(A3_any_sequence_of_crashes_covers_everything)
{
	for (uint32_t seed = 1; seed <= 12; seed++)
		any_sequence_of_crashes(seed, false);
}

TEST(A3_also_without_the_stream)
{
	for (uint32_t seed = 101; seed <= 106; seed++)
		any_sequence_of_crashes(seed, true);
}

TESTS(T(the_first_request_is_the_freshest),
    T(A19_the_past_comes_newest_first_and_in_turns_with_the_present),
    T(A6_no_window_is_longer_than_Webex_answers_nor_outside_its_edges),
    T(a_month_is_filled_and_then_only_the_present_is_asked), T(A2_an_empty_night_moves_on),
    T(a_short_absence_is_the_streams_a_long_one_the_feeds),
    T(what_is_older_than_the_feed_keeps_is_called_lost),
    T(A17_late_records_are_read_again_hourly_and_daily),
    T(an_estimate_without_stream_and_other_numbers), T(the_ledger_may_be_told_in_any_order),
    T(A3_any_sequence_of_crashes_covers_everything), T(A3_also_without_the_stream))
