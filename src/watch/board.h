/* SPDX-License-Identifier: Apache-2.0
 *
 * What screens and the API may see and do. Questions are answered on the loop
 * by a callback, later, from the reading connection; nothing here waits. */
#ifndef WATCH_BOARD_H
#define WATCH_BOARD_H

#include "alerts/triage.h"
#include "base/clock.h"
#include "calls/call.h"
#include "calls/live_calls.h"

/* ---- history: questions ------------------------------------------------ */

/* An answer's memory is its arena; it is freed after the callback returns,
 * so the callback copies (or takes: see answer_keep) what it shows. */
struct alert_list {
	struct alert *items;
	size_t n;
	int64_t n_open, n_mine, n_by_severity[4]; /* of all open, not only the listed */
	int64_t revision;			   /* newest seen */
};

struct call_list {
	struct call *items;
	size_t n;
	bool more; /* there are older ones: ask with before_id = last id */
};

struct leg_row {
	int64_t leg_id, call_id, start_ms, answer_ms, release_ms, report_ms;
	int32_t duration_s, ring_s;
	bool originating, answered;
	const char *report_id, *user_uuid, *user_name, *user_type, *user_number, *location;
	const char *calling, *called, *dialed, *call_type, *client_type, *outcome, *outcome_reason;
	const char *redirect_reason, *related_reason, *redirecting_number;
	const char *inbound_trunk, *outbound_trunk, *local_call_id, *remote_call_id;
	const char *related_call_id, *transfer_call_id, *device_mac, *caller_name, *called_name;
};

struct call_detail {
	struct call call;
	struct leg_row *legs; /* by start */
	size_t n_legs;
	struct call *journey; /* the other calls of its journey, by start */
	size_t n_journey;
};

struct alert_detail {
	struct alert alert;
	struct alert_event *events; /* oldest first */
	size_t n_events;
	struct leg_row *legs;	    /* evidence, newest first, at most 200 */
	size_t n_legs;
	struct alert *seen_before;  /* same fingerprint or subject, newest first, ≤ 10 */
	size_t n_seen_before;
};

#define LOCATION_HOURS 24
struct location_row {
	const char *uuid, *name, *zone_name; /* zone_name "" unknown */
	int64_t calls_last_hour, calls_today, minutes_today, cost_today_micro;
	int64_t per_hour[LOCATION_HOURS]; /* calls; the last is the current hour */
	int64_t n_open[4];		  /* alerts by severity */
	int32_t utc_offset_minutes;	  /* now */
};

struct location_list {
	struct location_row *items;
	size_t n;
};

/* A subject that something odd was said of: the anomaly scores pane. */
struct score_row {
	int score; /* the highest of its open or recent (24 h) alerts */
	enum subject_kind kind;
	const char *id, *name, *location;
	const char *why_en, *why_es; /* the strongest reason */
	int64_t last_ms, alert_id, count, cost_micro;
};

struct score_list {
	struct score_row *items;
	size_t n;
};

struct audit_row {
	int64_t seq, alert_id;
	struct alert_event event;
};
struct audit_list {
	struct audit_row *items;
	size_t n;
	bool chain_ok; /* the hash chain of the listed rows holds */
};

struct call_query {
	const char *filter; /* the filter language; "" all. See store/filter.h */
	int64_t before_id;  /* 0: newest */
	size_t limit;	    /* at most 1000 */
};

struct alert_query {
	bool closed_too;
	const char *filter; /* "" all */
	size_t limit;	    /* at most 5000 */
};

struct history;
/* Callbacks: exactly one of answer and fault is NULL. On the loop. */
void history_alerts(struct history *, const struct alert_query *,
    void (*on_answer)(void *arg, const struct alert_list *, const struct fault *), void *arg);
void history_alert(struct history *, int64_t id,
    void (*on_answer)(void *arg, const struct alert_detail *, const struct fault *), void *arg);
void history_calls(struct history *, const struct call_query *,
    void (*on_answer)(void *arg, const struct call_list *, const struct fault *), void *arg);
void history_call(struct history *, int64_t call_id,
    void (*on_answer)(void *arg, const struct call_detail *, const struct fault *), void *arg);
/* The record as Webex sent it, indented; raw bytes may hold anything. */
void history_raw(struct history *, int64_t leg_id,
    void (*on_answer)(void *arg, const char *json, const struct fault *), void *arg);
void history_locations(struct history *,
    void (*on_answer)(void *arg, const struct location_list *, const struct fault *), void *arg);
void history_scores(struct history *, size_t limit,
    void (*on_answer)(void *arg, const struct score_list *, const struct fault *), void *arg);
void history_audit(struct history *, size_t limit,
    void (*on_answer)(void *arg, const struct audit_list *, const struct fault *), void *arg);
/* Callbacks with this arg will not be called any more. */
void history_forget(struct history *, void *arg);
/* A filter is checked as it is typed: false and where (byte offset) it is wrong. */
bool history_check_filter(const char *filter, struct fault *, size_t *offset);

/* ---- desk: acts ---------------------------------------------------------- */

struct desk;
/* Do `order` (its `who` and `now_ms` are filled in by the desk) to n alerts in
 * one transaction. n_failed of them were refused; `fault` is the first refusal
 * or NULL. */
void desk_triage(struct desk *, const int64_t *ids, size_t n, const struct triage_order *order,
    void (*on_done)(void *arg, size_t n_done, size_t n_failed, const struct fault *fault),
    void *arg);
/* What undo would take back, in words ("" nothing), and do it. */
const char *desk_undo_name(const struct desk *);
void desk_undo(struct desk *,
    void (*on_done)(void *arg, size_t n_done, size_t n_failed, const struct fault *fault),
    void *arg);
const char *desk_user(const struct desk *); /* the OS user who acts */
bool desk_read_only(const struct desk *);

/* ---- health ---------------------------------------------------------------- */

enum sync_state {
	SYNC_NO_LOGIN, SYNC_STARTING, SYNC_WAITING, SYNC_ASKING, SYNC_FOLLOWING, /* another holds the lease */
	SYNC_FAULT,
};

struct sync_gap {
	int64_t from_ms, until_ms;
};

struct health {
	enum sync_state sync;
	int64_t complete_until_ms; /* every record before is here; 0 none */
	int64_t lag_ms;		   /* now - complete_until */
	int64_t next_call_ms;	   /* when Webex is asked again */
	int64_t last_page_ms;
	int backfill_done, backfill_total; /* slices */
	int64_t backfill_left_ms;	   /* estimate */
	struct sync_gap gaps[16];
	size_t n_gaps;
	int64_t token_dies_ms, refresh_dies_ms; /* 0 unknown */
	int64_t n_legs, n_calls, n_rejected, n_duplicates; /* since the program started */
	char lease_holder[128];	   /* "ana@host:pid" */
	bool lease_mine;
	char region_host[128];
	char sentence[480];	   /* the last fault, "" none */
	enum fault_code code;
	bool live_webhook, live_polling; /* which source of live calls works */
};

/* ---- the board -------------------------------------------------------------- */

struct board {
	struct history *history;
	struct desk *desk;
	const struct live_calls *live;	/* calls up now; has its own version */
	const struct health *health;
	const struct clock *clock;	/* event time's clock: the cloud's now */
	/* Grow with every committed change; a pane that shows less than the
	 * number it last asked at asks again. */
	uint64_t alerts_version, calls_version, health_version;
	void (*sync_now)(struct board *); /* `:sync` */
};

#endif
