/* SPDX-License-Identifier: Apache-2.0
 *
 *	             W = end of the stream so far        now
 *	  ────────────────┤                               │
 *	  feed reads this │ stream: W - 10 min … now - 65 s
 *
 * A break in the stream, [a, b), makes the need [a - 24 h, b) for the feed; of
 * it counts as read what was read at b or later. Needs are served newest first
 * because an analyst wants today before last month. */
#include "webex/windows.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { MOST_NEEDS = 256 };

const char *cdr_endpoint_name(enum cdr_endpoint endpoint)
{
	return endpoint == CDR_STREAM ? "stream" : "feed";
}

const char *window_why_name(enum window_why why)
{
	static const char *const names[] = {
#define WINDOW_REASON_NAME(id, name) name,
		WINDOW_REASONS(WINDOW_REASON_NAME)
#undef WINDOW_REASON_NAME
	};
	return names[why];
}

void window_limits_init(struct window_limits *limits)
{
	/* Parameter text and blog of 2025-12/2026-01; margins as field clients
	 * keep them (the edges are exact to the second). */
	*limits = (struct window_limits){
		.stream_window_ms = 2 * HOUR_MS,
		.stream_retention_ms = 12 * HOUR_MS,
		.stream_edge_ms = 65 * SECOND_MS,
		.stream_overlap_ms = 10 * MINUTE_MS,
		.stream_least_ms = 30 * SECOND_MS,
		.feed_window_ms = 12 * HOUR_MS,
		.feed_retention_ms = 30 * DAY_MS,
		.feed_edge_ms = 6 * MINUTE_MS,
		.margin_ms = 60 * SECOND_MS,
		.gap_ms = 11 * HOUR_MS + 30 * MINUTE_MS,
		.late_ms = 24 * HOUR_MS,
		.backfill_ms = 30 * DAY_MS,
		.hourly_ms = HOUR_MS, .hourly_span_ms = 24 * HOUR_MS,
		.daily_ms = 24 * HOUR_MS, .daily_span_ms = 48 * HOUR_MS,
		.request_ms = 61 * SECOND_MS,
	};
}

void windows_clear(struct windows *windows)
{
	spans_clear(&windows->stream);
	spans_clear(&windows->feed);
	memset(windows, 0, sizeof *windows);
}

/* ── needs ────────────────────────────────────────────────────────────── */

struct need {
	int64_t from_ms, to_ms;
	int64_t read_after_ms; /* readings before this do not count */
};

static int64_t oldest_wanted_ms(const struct windows *windows, const struct window_limits *limits,
    int64_t now_ms)
{
	int64_t first_ms = windows->first_ms != 0 ? windows->first_ms : now_ms;
	return first_ms - limits->backfill_ms;
}

static int64_t stream_end_ms(const struct windows *windows)
{
	const struct spans *stream = &windows->stream;
	return stream->n > 0 ? stream->at[stream->n - 1].to_ms : 0;
}

/* Breaks of the stream as needs of the feed, oldest first. */
static size_t find_needs(const struct windows *windows, const struct window_limits *limits,
    int64_t now_ms, struct need *needs)
{
	size_t n = 0;
	int64_t oldest_ms = oldest_wanted_ms(windows, limits, now_ms);
	int64_t from_ms = oldest_ms;
	if (limits->no_stream) {
		/* All up to the newest reading; how late it must have been read is
		 * effective_to()'s business. */
		int64_t end_ms = windows->feed.n > 0 ? windows->feed.at[windows->feed.n - 1].to_ms : 0;
		needs[0] = (struct need){ oldest_ms, end_ms, 0 };
		return end_ms > oldest_ms;
	}
	if (windows->stream.n == 0)
		return 0; /* the first window tells where the stream begins */
	for (size_t i = 0; i <= windows->stream.n && n < MOST_NEEDS; i++) {
		bool last = i == windows->stream.n;
		int64_t to_ms = last ? now_ms - limits->feed_edge_ms : windows->stream.at[i].from_ms;
		/* What follows the newest window is the stream's own to get, until it
		 * is so far behind that it will start anew. */
		if (last && now_ms - stream_end_ms(windows) <= limits->gap_ms)
			break;
		if (to_ms > from_ms) {
			/* Before the first start nothing was late for us: it was there. */
			bool is_backfill = from_ms == oldest_ms;
			needs[n++] = (struct need){
				.from_ms = is_backfill ? from_ms : MAX(from_ms - limits->late_ms, oldest_ms),
				.to_ms = to_ms,
				/* The open end is read when it is read. */
				.read_after_ms = last ? from_ms : to_ms,
			};
		}
		if (!last)
			from_ms = MAX(from_ms, windows->stream.at[i].to_ms);
	}
	return n;
}

/* How far a reading is to be trusted. With no stream, what was read sooner than
 * late_ms after it may lack records; the daily re-reading gets them, unless the
 * program was away since. */
static int64_t effective_to(const struct read_span *span, const struct need *need,
    const struct window_limits *limits, int64_t now_ms)
{
	if (!limits->no_stream)
		return span->read_ms >= need->read_after_ms ? span->to_ms : span->from_ms;
	if (now_ms - span->read_ms <= limits->late_ms + 2 * HOUR_MS)
		return span->to_ms;
	return MIN(span->to_ms, MAX(span->from_ms, span->read_ms - limits->late_ms));
}

struct missing {
	int64_t from_ms, to_ms;
};

/* Every stretch of `need` that was not read, oldest first. */
static size_t find_missing(const struct windows *windows, const struct window_limits *limits,
    const struct need *need, int64_t now_ms, struct missing *out, size_t capacity, size_t n)
{
	int64_t from_ms = need->from_ms;
	for (size_t i = 0; i <= windows->feed.n; i++) {
		bool last = i == windows->feed.n;
		const struct read_span *span = last ? NULL : &windows->feed.at[i];
		int64_t until_ms = last ? 0 : effective_to(span, need, limits, now_ms);
		if (!last && (until_ms <= from_ms || until_ms == span->from_ms))
			continue;
		int64_t to_ms = last ? need->to_ms : MIN(span->from_ms, need->to_ms);
		if (to_ms > from_ms && n < capacity)
			out[n++] = (struct missing){ from_ms, to_ms };
		if (last || span->from_ms >= need->to_ms)
			break;
		from_ms = until_ms;
	}
	return n;
}

static int by_from(const void *a, const void *b)
{
	const struct missing *left = a, *right = b;
	return (left->from_ms > right->from_ms) - (left->from_ms < right->from_ms);
}

/* Everything missing, merged, oldest first. Free it. */
static struct missing *all_missing(const struct windows *windows,
    const struct window_limits *limits, int64_t now_ms, size_t *n)
{
	struct need needs[MOST_NEEDS];
	size_t n_needs = find_needs(windows, limits, now_ms, needs);
	size_t capacity = n_needs * (windows->feed.n + 1) + 1, found = 0;
	struct missing *missing = mem_alloc(capacity * sizeof *missing);
	for (size_t i = 0; i < n_needs; i++)
		found = find_missing(windows, limits, &needs[i], now_ms, missing, capacity, found);
	if (found > 1)
		qsort(missing, found, sizeof *missing, by_from);
	*n = 0;
	for (size_t i = 0; i < found; i++) {
		if (*n > 0 && missing[i].from_ms <= missing[*n - 1].to_ms)
			missing[*n - 1].to_ms = MAX(missing[*n - 1].to_ms, missing[i].to_ms);
		else
			missing[(*n)++] = missing[i];
	}
	return missing;
}

static int64_t feed_oldest_ms(const struct window_limits *limits, int64_t now_ms)
{
	return now_ms - limits->feed_retention_ms + limits->margin_ms;
}

/* ── the next window ──────────────────────────────────────────────────── */

static int64_t feed_end_ms(const struct windows *windows)
{
	return windows->feed.n > 0 ? windows->feed.at[windows->feed.n - 1].to_ms : 0;
}

/* In place of the stream: the newest stretch of the feed. */
static bool next_fresh_feed(const struct windows *windows, const struct window_limits *limits,
    int64_t now_ms, struct cdr_window *out, int64_t *wait_ms)
{
	int64_t last_ms = feed_end_ms(windows), to_ms = now_ms - limits->feed_edge_ms;
	if (last_ms > now_ms + HOUR_MS)
		last_ms = 0;
	if (to_ms - last_ms < limits->stream_least_ms) {
		*wait_ms = limits->stream_least_ms - (to_ms - last_ms);
		return false;
	}
	int64_t from_ms = MAX(to_ms - limits->feed_window_ms, last_ms - limits->stream_overlap_ms);
	*out = (struct cdr_window){ CDR_FEED, from_ms, to_ms, WINDOW_STREAM };
	return true;
}

static bool next_stream(const struct windows *windows, const struct window_limits *limits,
    int64_t now_ms, struct cdr_window *out, int64_t *wait_ms)
{
	int64_t last_ms = stream_end_ms(windows), newest_ms = now_ms - limits->stream_edge_ms;
	int64_t oldest_ms = now_ms - limits->stream_retention_ms + limits->margin_ms;
	if (limits->no_stream)
		return next_fresh_feed(windows, limits, now_ms, out, wait_ms);
	if (last_ms > now_ms + HOUR_MS)
		last_ms = 0; /* a clock was wrong once: do not wait for it to be right */
	int64_t from_ms = last_ms - limits->stream_overlap_ms;
	if (windows->stream.n == 0 || now_ms - last_ms > limits->gap_ms)
		from_ms = newest_ms - limits->stream_window_ms;
	from_ms = MAX(from_ms, oldest_ms);
	int64_t to_ms = MIN(newest_ms, from_ms + limits->stream_window_ms);
	int64_t gained_ms = to_ms - MAX(last_ms, from_ms);
	if (gained_ms < limits->stream_least_ms) {
		*wait_ms = limits->stream_least_ms - gained_ms;
		return false;
	}
	*out = (struct cdr_window){ CDR_STREAM, from_ms, to_ms, WINDOW_STREAM };
	return true;
}

/* Part n of a re-reading: the newest feed window first. */
static bool reread_part(const struct window_limits *limits, int64_t now_ms, int64_t span_ms,
    int part, enum window_why why, struct cdr_window *out)
{
	int64_t to_ms = now_ms - limits->feed_edge_ms - part * limits->feed_window_ms;
	int64_t from_ms = MAX(to_ms - limits->feed_window_ms, now_ms - span_ms);
	from_ms = MAX(from_ms, feed_oldest_ms(limits, now_ms));
	*out = (struct cdr_window){ CDR_FEED, from_ms, to_ms, why };
	return from_ms < to_ms;
}

static bool next_gap(const struct windows *windows, const struct window_limits *limits,
    int64_t now_ms, struct cdr_window *out)
{
	size_t n;
	struct missing *missing = all_missing(windows, limits, now_ms, &n);
	bool found = false;
	int64_t oldest_ms = feed_oldest_ms(limits, now_ms);
	int64_t newest_ms = now_ms - limits->feed_edge_ms;
	while (n > 0 && !found) {
		int64_t to_ms = MIN(missing[n - 1].to_ms, newest_ms);
		int64_t from_ms = MAX(missing[n - 1].from_ms, oldest_ms);
		n--;
		if (from_ms >= to_ms)
			continue;
		from_ms = MAX(from_ms, to_ms - limits->feed_window_ms);
		bool before_us = to_ms <= windows->first_ms;
		*out = (struct cdr_window){ CDR_FEED, from_ms, to_ms,
			before_us ? WINDOW_BACKFILL : WINDOW_GAP };
		found = true;
	}
	free(missing);
	return found;
}

static bool next_feed(const struct windows *windows, const struct window_limits *limits,
    int64_t now_ms, struct cdr_window *out, int64_t *wait_ms)
{
	*wait_ms = INT64_MAX;
	if (windows->first_ms == 0)
		return false; /* the newest goes first: it says where the rest begins */
	if (next_gap(windows, limits, now_ms, out) && out->why == WINDOW_GAP)
		return true;
	bool backfill = out->endpoint == CDR_FEED && out->to_ms > out->from_ms;
	struct cdr_window older = *out;
	if (limits->hourly_ms > 0) {
		int64_t due_ms = MAX(windows->hourly_ms, windows->first_ms) + limits->hourly_ms;
		if (now_ms >= due_ms && reread_part(limits, now_ms, limits->hourly_span_ms,
			windows->hourly_part, WINDOW_HOURLY, out))
			return true;
		*wait_ms = MIN(*wait_ms, MAX(due_ms - now_ms, SECOND_MS));
	}
	if (limits->daily_ms > 0) {
		int64_t due_ms = MAX(windows->daily_ms, windows->first_ms) + limits->daily_ms;
		if (now_ms >= due_ms && reread_part(limits, now_ms, limits->daily_span_ms,
			windows->daily_part, WINDOW_DAILY, out))
			return true;
		*wait_ms = MIN(*wait_ms, MAX(due_ms - now_ms, SECOND_MS));
	}
	*out = older;
	return backfill;
}

bool windows_next(const struct windows *windows, const struct window_limits *limits,
    int64_t now_ms, struct cdr_window *out, int64_t *wait_ms)
{
	struct cdr_window fresh = { 0 }, other = { 0 };
	int64_t stream_wait_ms, feed_wait_ms;
	bool has_fresh = next_stream(windows, limits, now_ms, &fresh, &stream_wait_ms);
	bool has_other = next_feed(windows, limits, now_ms, &other, &feed_wait_ms);
	*wait_ms = 0;
	/* They share one request a minute: in turns, or the past never comes. But
	 * who was away wants to know what is going on now, first. */
	int64_t end_ms = limits->no_stream ? feed_end_ms(windows) : stream_end_ms(windows);
	bool behind = now_ms - end_ms > limits->feed_edge_ms + 5 * MINUTE_MS;
	if (has_fresh && (!has_other || !windows->last_was_stream || behind))
		*out = fresh;
	else if (has_other)
		*out = other;
	else {
		*wait_ms = MIN(MIN(stream_wait_ms, feed_wait_ms), limits->hourly_ms > 0 ?
			limits->hourly_ms : HOUR_MS);
		return false;
	}
	return true;
}

void windows_done(struct windows *windows, const struct window_limits *limits,
    const struct cdr_window *window, int64_t read_ms)
{
	if (window->from_ms >= window->to_ms)
		return;
	if (windows->first_ms == 0 || read_ms < windows->first_ms)
		windows->first_ms = read_ms;
	struct read_span span = { window->from_ms, window->to_ms, read_ms };
	windows->last_was_stream = window->why == WINDOW_STREAM;
	int64_t old_ms = read_ms - limits->feed_retention_ms - 2 * limits->late_ms;
	if (window->endpoint == CDR_STREAM) {
		spans_add(&windows->stream, span);
		spans_join(&windows->stream);
		/* Keep the newest: it says when we last were there. */
		spans_forget(&windows->stream, old_ms, 1);
	} else {
		spans_add(&windows->feed, span);
		spans_forget(&windows->feed, old_ms, 0);
	}
	if (window->why == WINDOW_HOURLY) {
		windows->hourly_part++;
		if (windows->hourly_part * limits->feed_window_ms + limits->feed_edge_ms >=
		    limits->hourly_span_ms) {
			windows->hourly_part = 0;
		}
		windows->hourly_ms = read_ms; /* one slice an hour */
	} else if (window->why == WINDOW_DAILY) {
		windows->daily_part++;
		if (windows->daily_part * limits->feed_window_ms + limits->feed_edge_ms >=
		    limits->daily_span_ms) {
			windows->daily_part = 0;
			windows->daily_ms = read_ms;
		}
	}
}

/* ── what people see ──────────────────────────────────────────────────── */

size_t windows_gaps(const struct windows *windows, const struct window_limits *limits,
    int64_t now_ms, struct window_gap *out, size_t capacity)
{
	size_t n, n_gaps = 0;
	struct missing *missing = all_missing(windows, limits, now_ms, &n);
	int64_t oldest_ms = feed_oldest_ms(limits, now_ms);
	for (size_t i = n; i-- > 0;) {
		struct missing gap = missing[i];
		if (gap.to_ms > oldest_ms) {
			int64_t from_ms = MAX(gap.from_ms, oldest_ms);
			if (n_gaps < capacity)
				out[n_gaps] = (struct window_gap){ from_ms, gap.to_ms, false };
			n_gaps++;
			gap.to_ms = from_ms;
		}
		/* Older than anybody keeps. Before our first start that was never
		 * promised; after it, it is lost. */
		gap.from_ms = MAX(gap.from_ms, windows->first_ms);
		if (windows->first_ms != 0 && gap.from_ms < gap.to_ms) {
			if (n_gaps < capacity)
				out[n_gaps] = (struct window_gap){ gap.from_ms, gap.to_ms, true };
			n_gaps++;
		}
	}
	free(missing);
	return n_gaps;
}

static int slices(int64_t span_ms, const struct window_limits *limits)
{
	return (int)((span_ms + limits->feed_window_ms - 1) / limits->feed_window_ms);
}

void windows_progress(const struct windows *windows, const struct window_limits *limits,
    int64_t now_ms, struct windows_progress *out)
{
	memset(out, 0, sizeof *out);
	struct window_gap gaps[64];
	size_t n = MIN(windows_gaps(windows, limits, now_ms, gaps, COUNT_OF(gaps)), COUNT_OF(gaps));
	int left = 0;
	for (size_t i = 0; i < n; i++)
		if (!gaps[i].lost)
			left += slices(gaps[i].to_ms - gaps[i].from_ms, limits);
	out->complete_until_ms = stream_end_ms(windows);
	out->complete_until_ms = MAX(out->complete_until_ms, feed_end_ms(windows));
	int64_t oldest_ms = MAX(oldest_wanted_ms(windows, limits, now_ms),
	    feed_oldest_ms(limits, now_ms));
	if (windows->first_ms == 0)
		left = slices(now_ms - oldest_ms, limits);
	out->slices_total = MAX(left, slices(now_ms - oldest_ms, limits));
	out->slices_done = out->slices_total - left;
	/* The stream takes every other request. */
	out->left_ms = left * limits->request_ms * (limits->no_stream ? 1 : 2);
	out->complete_from_ms = windows->first_ms == 0 ? 0 : oldest_ms;
	for (size_t i = 0; i < n; i++)
		if (gaps[i].to_ms <= out->complete_until_ms)
			out->complete_from_ms = MAX(out->complete_from_ms, gaps[i].to_ms);
		else
			out->complete_until_ms = MIN(out->complete_until_ms, gaps[i].from_ms);
	if (out->complete_from_ms > out->complete_until_ms)
		out->complete_from_ms = out->complete_until_ms;
}
