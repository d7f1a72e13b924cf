/* SPDX-License-Identifier: Apache-2.0
 *
 * Which window of call records to ask for next, so that none is missed. Pure:
 * the caller gives the server's time and tells what became of each window.
 *
 * Two endpoints, two meanings of a window:
 *
 *	stream  records *inserted* in it; kept 12 h. Late records and long calls
 *		come by themselves, so an unbroken stream is complete.
 *	feed	records of calls that *started* in it; kept 30 d. A record appears
 *		up to 24 h after the start, so a window must be read late enough.
 *
 * Hence the one rule: where the stream was broken from a to b, the feed must be
 * read from a - 24 h to b, at b or later. A crash only repeats a window. */
#ifndef WEBEX_WINDOWS_H
#define WEBEX_WINDOWS_H

#include "base/fault.h"
#include "base/text.h"
#include "webex/read_spans.h"

enum cdr_endpoint { CDR_STREAM, CDR_FEED };

/* One list: enum and the word in the ledger and the log. */
#define WINDOW_REASONS(row)                                                            \
	row(WINDOW_STREAM, "stream")	 /* fresh records (of the feed: no stream) */ \
	row(WINDOW_GAP, "gap")		 /* the program was away */		      \
	row(WINDOW_BACKFILL, "backfill") /* before its first start */		      \
	row(WINDOW_HOURLY, "reread 24h") /* late records and long calls, once more */ \
	row(WINDOW_DAILY, "reread 48h")

enum window_why {
#define WINDOW_REASON_ENUM(id, name) id,
	WINDOW_REASONS(WINDOW_REASON_ENUM)
#undef WINDOW_REASON_ENUM
};

const char *cdr_endpoint_name(enum cdr_endpoint); /* "stream", "feed": literal */
const char *window_why_name(enum window_why);	   /* literal */

struct cdr_window {
	enum cdr_endpoint endpoint;
	int64_t from_ms, to_ms; /* UTC, the server's clock; to is not in it */
	enum window_why why;
};

/* Webex's limits of 2026 and our margins; every number is an option. */
struct window_limits {
	int64_t stream_window_ms;    /* 2 h: the longest it answers */
	int64_t stream_retention_ms; /* 12 h */
	int64_t stream_edge_ms;	     /* 65 s: how far behind now it may end */
	int64_t stream_overlap_ms;   /* 10 min: asked again each time */
	int64_t stream_least_ms;     /* 30 s: less is not worth a request */
	int64_t feed_window_ms;	     /* 12 h */
	int64_t feed_retention_ms;   /* 30 d */
	int64_t feed_edge_ms;	     /* 6 min */
	int64_t margin_ms;	     /* 60 s inside both retentions: they are exact */
	int64_t gap_ms;		     /* 11.5 h: broken longer, the stream starts anew */
	int64_t late_ms;	     /* 24 h: how late a record may appear */
	int64_t backfill_ms;	     /* 30 d: how far back at the first start */
	int64_t hourly_ms, hourly_span_ms; /* 1 h, 24 h; 0: never */
	int64_t daily_ms, daily_span_ms;   /* 24 h, 48 h; 0: never */
	int64_t request_ms;	     /* 61 s: what one window costs, for estimates */
	bool no_stream;		     /* the stream is refused: live from the feed */
};

void window_limits_init(struct window_limits *);

/* What is known to be stored. Zero-initialise; fill from the stored windows in
 * order of done_ms with windows_done(). */
struct windows {
	struct spans stream, feed;
	int64_t first_ms;	      /* when the first window was asked; 0: never */
	int64_t hourly_ms, daily_ms; /* when the last re-reading was finished */
	int hourly_part, daily_part; /* slices of it that are done */
	bool last_was_stream;	      /* the two take turns */
};

void windows_clear(struct windows *);

/* The next window to ask at now_ms (the server's clock); false: nothing is due
 * before *wait_ms. Asking it again after a crash is harmless. */
bool windows_next(const struct windows *, const struct window_limits *, int64_t now_ms,
    struct cdr_window *out, int64_t *wait_ms);

/* This window is stored whole (it may be shorter than what was asked: tell what
 * was read). read_ms: the server's time when it was asked. */
void windows_done(struct windows *, const struct window_limits *, const struct cdr_window *,
    int64_t read_ms);

struct window_gap {
	int64_t from_ms, to_ms;
	bool lost; /* older than the feed keeps: only a report can fill it */
};

/* What is still missing, newest first, at most `capacity`; returns how many
 * there are. Without the stretch that is too fresh to be asked for. */
size_t windows_gaps(const struct windows *, const struct window_limits *, int64_t now_ms,
    struct window_gap *out, size_t capacity);

struct windows_progress {
	int64_t complete_until_ms; /* newest record time that is stored; 0 none */
	int64_t complete_from_ms;  /* nothing is missing between the two */
	int slices_done, slices_total; /* feed windows of the backfill and gaps */
	int64_t left_ms;	       /* estimate until nothing is missing */
};

void windows_progress(const struct windows *, const struct window_limits *, int64_t now_ms,
    struct windows_progress *out);

#endif
