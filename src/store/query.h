/* SPDX-License-Identifier: Apache-2.0
 *
 * Questions to a store and their answers: what panes, CLI and API show. These
 * wait for the disk: on the history lane or in a command, never on the loop. */
#ifndef STORE_QUERY_H
#define STORE_QUERY_H

#include "alerts/triage.h"
#include "calls/call.h"
#include "store/engine.h"

/* Everything in an answer lies in the arena that was given for it. To a
 * callback of the board it is lent: it is freed when the callback returns. */
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
	struct alert *same_case; /* the others of its story, newest first, ≤ 30 */
	size_t n_same_case;
	struct alert *seen_before; /* same fingerprint, earlier stories, newest first, ≤ 10 */
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
	const char *title_en, *title_es; /* of the strongest alert */
	const char *why_en, *why_es; /* its strongest reason */
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
	int64_t after_id;   /* only later ones; 0: all */
	bool oldest_first;
	size_t limit;	    /* at most 1000 */
};

struct alert_query {
	bool silenced;	    /* only those with a silence in force, closed or not */
	bool closed_too;
	const char *filter; /* "" all */
	size_t limit;	    /* at most 100000 */
	bool reasons;	    /* all of them, not only the strongest's sentence */
};


/* What became of a rule's alerts. */
struct rule_card {
	const char *rule, *title_en, *title_es; /* titles of the newest alert */
	int64_t raised, open;
	int64_t ended[N_RESOLUTIONS];
	int64_t delay_ms; /* median, from the first record of the evidence to the one that raised it */
	int64_t work_ms;  /* median, from acknowledged to closed; -1: none was closed */
};

struct rule_cards {
	struct rule_card *items;
	size_t n;
};

/* now_ms: event time's clock. Every function fills `out` from the arena. */
bool query_alerts(struct db *, const struct alert_query *, const char *me, struct arena *,
    struct alert_list *out, struct fault *) MUST_USE;
bool query_alert(struct db *, int64_t id, struct arena *, struct alert_detail *out,
    struct fault *) MUST_USE;
bool query_calls(struct db *, const struct call_query *, struct arena *, struct call_list *out,
    struct fault *) MUST_USE;
bool query_call(struct db *, int64_t id, struct arena *, struct call_detail *out,
    struct fault *) MUST_USE;
/* The record as Webex sent it: n bytes of anything, in the arena. */
bool query_raw(struct db *, int64_t leg_id, struct arena *, const char **json, size_t *n,
    struct fault *) MUST_USE;
bool query_locations(struct db *, int64_t now_ms, struct arena *, struct location_list *out,
    struct fault *) MUST_USE;
/* Of the alerts raised since then, by rule id. */
/* Of alerts that were closed since then. */
bool query_rule_outcomes(struct db *, int64_t since_ms, struct arena *, struct rule_outcome **out, size_t *n,
    struct fault *) MUST_USE;
bool query_rule_cards(struct db *, int64_t since_ms, struct arena *, struct rule_cards *out, struct fault *) MUST_USE;
bool query_scores(struct db *, int64_t now_ms, size_t limit, struct arena *,
    struct score_list *out, struct fault *) MUST_USE;
bool query_audit(struct db *, size_t limit, struct arena *, struct audit_list *out,
    struct fault *) MUST_USE;
/* The report ids an alert rests on, oldest first. */
bool query_report_ids(struct db *, int64_t alert_id, struct arena *, const char ***ids, size_t *n,
    struct fault *) MUST_USE;
/* People and sites that were read from Webex, into a directory. */
struct directory;
bool query_directory(struct db *, struct directory *, struct fault *) MUST_USE;

#endif
