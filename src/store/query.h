/* SPDX-License-Identifier: Apache-2.0
 *
 * Questions to a store and their answers: what panes, CLI and API show. These
 * wait for the disk: on the history lane or in a command, never on the loop. */
#ifndef STORE_QUERY_H
#define STORE_QUERY_H

#include "alerts/silence.h"
#include "alerts/triage.h"
#include "calls/call.h"
#include "store/audit_chain.h"
#include "store/engine.h"

/* Everything in an answer lies in the arena that was given for it. To a
 * callback of the board it is lent: it is freed when the callback returns. */
/* The orders of the queue. In each what waits comes before what sleeps, and that
 * before what is closed; of equals the newest is first. id, name, column, what kind
 * of column, does it ascend? */
#define ALERT_ORDERS(row)                                                               \
	row(ORDER_SEVERITY, "severity", "severity", false, false)                       \
	    row(ORDER_TIME, "time", NULL, false, false)                                 \
	    row(ORDER_SLA, "sla", "urgency", false, false) /* what is due next */       \
		row(ORDER_SCORE, "score", "score", false, false)                        \
		    row(ORDER_WHO, "who", "subject_name", true, true)                   \
			row(ORDER_RULE, "what", "rule", true, true)                     \
			    row(ORDER_SITE, "site", "location", true, true)             \
				row(ORDER_HITS, "hits", "n_legs", false, false)         \
				    row(ORDER_COST, "cost", "cost_micro", false, false) \
					row(ORDER_STATE, "state", "state", false, true) \
					    row(ORDER_OWNER, "owner", "assignee", true, true)

enum alert_order {
#define ALERT_ORDER_ENUM(id, name, column, is_text, ascending) id,
	ALERT_ORDERS(ALERT_ORDER_ENUM)
#undef ALERT_ORDER_ENUM
	    N_ORDERS
};

/* What a row of the queue stands for. */
enum alert_grouping { GROUP_NONE,
	GROUP_CASE,
	GROUP_SUBJECT,
	GROUP_FINGERPRINT,
	GROUP_RULE,
	GROUP_SITE,
	N_GROUPINGS };

/* A place in an order: where this alert stands, or stood. */
struct alert_mark {
	int rank; /* 2 waits, 1 sleeps, 0 is closed */
	int64_t number, raised_ms, id;
	const char *text; /* of an order by text; else NULL */
};
/* Borrows the alert's text. */
struct alert_mark alert_mark_of(const struct alert *, enum alert_order);
/* The place behind it: nothing stands between. */
struct alert_mark alert_mark_behind(struct alert_mark);
/* Which comes first in the order: less than 0 the first of them. */
int alert_mark_compare(const struct alert_mark *, const struct alert_mark *, enum alert_order);

#define TREND_STEPS	  8
#define TREND_STEP_MS	  (3 * HOUR_MS)
#define GROUP_MEMBERS_MAX 500
/* The alerts that a row stands for, those that the query means. */
struct alert_group {
	int64_t n, hits, cost_micro;
	bool at_most; /* hits and cost are sums over alerts that may share records: so much, or less */
	enum severity severity; /* the worst; of those that wait, where one does */
	int score;
	const int64_t *ids;	    /* not more than GROUP_MEMBERS_MAX; while one is open, no closed one */
	size_t n_ids;		    /* 0 where it stands for a rule or a site: those are too many */
	int64_t trend[TREND_STEPS]; /* raised, by three hours; the last is now */
};

struct alert_list {
	struct alert *items;
	struct alert_group *groups; /* of each item; NULL: each is itself alone */
	size_t n;
	bool more;	/* there are further ones in the direction that was asked for */
	bool searching; /* time was up: ask again from `resume` */
	struct alert_mark resume;
	int64_t n_searched;
	struct alert_opened *opened;		  /* of each group that was asked to be open */
	size_t n_opened;
	int64_t n_open, n_mine, n_by_severity[4]; /* of all open, not only the listed */
	int64_t revision;			   /* newest seen */
	int64_t newest_id;
};

/* What is in a group, in the order of the queue, at most GROUP_MEMBERS_MAX. */
struct alert_opened {
	int64_t id; /* by whom it was asked for */
	struct alert *items;
	size_t n;
};

struct call_list {
	struct call *items;
	size_t n;
	bool more; /* there are older ones: ask with before_id = last id */
	bool searching;	   /* time was up: ask again with before_id (or after_id) = resume_id */
	int64_t resume_id, n_searched;
};

struct leg_row {
	int64_t leg_id, call_id, start_ms, answer_ms, release_ms, report_ms;
	int32_t duration_s, ring_s;
	bool originating, answered;
	const char *report_id, *user_uuid, *user_name, *user_type, *user_number, *location;
	const char *far; /* the other end, outside: E.164 where known, else as reported */
	const char *calling, *called, *dialed, *call_type, *client_type, *outcome, *outcome_reason;
	const char *redirect_reason, *related_reason, *redirecting_number;
	const char *inbound_trunk, *outbound_trunk, *local_call_id, *remote_call_id;
	const char *related_call_id, *transfer_call_id, *device_mac, *caller_name, *called_name;
};

#define JOURNEY_LEGS 200
struct call_detail {
	struct call call;
	struct leg_row *legs; /* by start */
	size_t n_legs;
	struct call *journey; /* the other calls of its journey, by start */
	size_t n_journey;
	struct leg_row *journey_legs; /* of the first of those, at most JOURNEY_LEGS, call by call */
	size_t n_journey_legs;
	struct live_half *live; /* as its ends lived it, by start, ≤ 16 */
	size_t n_live;
};

/* Alerts that an act would be of, before it is done. */
#define SURVEY_MAX 100000
#define SURVEY_PEOPLE 4
struct alert_survey {
	int64_t *ids; /* worst first */
	size_t n;
	bool cut;     /* there are more */
	int64_t n_by_severity[4], n_by_state[4];
	int64_t n_others; /* somebody else's, who are these: the first of them, and how many each has */
	struct {
		const char *who;
		int64_t n;
	} others[SURVEY_PEOPLE];
	size_t n_people;
};

/* A step of its rule's playbook that was taken. */
struct alert_step {
	const char *step, *who;
	int64_t at_ms;
};
#define ALERT_STEPS_MAX 64

struct alert_detail {
	struct alert alert;
	bool texts_of_now; /* of a look back: what it said then was not kept */
	struct alert_event *events; /* oldest first */
	size_t n_events;
	struct leg_row *legs;	    /* evidence, newest first, at most 200 */
	size_t n_legs;
	struct alert *same_case; /* the others of its story, newest first, ≤ 30 */
	size_t n_same_case;
	struct alert *seen_before; /* same fingerprint, earlier stories, newest first, ≤ 10 */
	size_t n_seen_before;
	struct alert *same_subject; /* earlier stories of whom it is about, by other rules, newest first, ≤ 10 */
	size_t n_same_subject;
	struct alert *same_number; /* … that have to do with a number of its evidence, ≤ 10 */
	size_t n_same_number;
	struct alert_step *steps; /* in their time, ≤ ALERT_STEPS_MAX */
	size_t n_steps;
	struct alert *duplicates; /* closed as duplicates of it, newest first, ≤ 30 */
	size_t n_duplicates;
	int64_t n_duplicates_all, duplicate_records, duplicate_cost_micro; /* of all of them */
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
	bool more; /* before these */
	struct audit_chain chain; /* of the whole log, where it was asked for */
};

/* Whatever keeps findings from being alerts, or an alert from being seen, now or
 * in a planned time. */
struct silence_row {
	enum silence_kind kind;
	int64_t id;							  /* of SNOOZE and ALIKE the alert's */
	const char *filter;						  /* FILTER, MAINTENANCE; "" else */
	const char *rule, *title_en, *title_es, *subject_name, *location; /* SNOOZE, ALIKE: of the alert; "" else */
	enum subject_kind subject_kind;					  /* SNOOZE, ALIKE */
	const char *owner, *reason;					  /* "" unknown */
	int64_t created_ms;						  /* 0 unknown */
	int64_t begin_ms, until_ms;
	int64_t ended_ms;	/* by a person, before its time; 0 */
	int64_t hits, day_hits; /* findings kept back: ever, in the last 24 h; of a SNOOZE none are */
	int64_t last_hit_ms;	/* 0 none */
	enum severity worst;	/* of the kept ones, where there are hits */
	const char *file;	/* EXCEPTION: its name in the folder; "" else */
	const char *broken;	/* why it keeps back nothing; "" it is sound */
};

struct silence_list {
	struct silence_row *items; /* what ends first comes first */
	size_t n;
};

/* What would have been an alert. */
struct kept_row {
	uint64_t fingerprint;
	int64_t n, at_ms, first_ms, last_ms; /* at: when the last one was kept back; the others: event time */
	enum severity severity;
	int score;
	enum subject_kind subject_kind;
	const char *subject_id, *subject_name, *location, *rule, *title_en, *title_es;
};

struct kept_list {
	struct silence_row silence;
	struct kept_row *items; /* newest first, at most SILENCE_KEEPS */
	size_t n;
};

/* What a scope would have kept back of the alerts of some days. */
struct silence_preview {
	int days;
	int64_t n, n_true, n_false, n_open; /* alerts; false: or legitimate */
	int64_t n_critical;		    /* that pass, too, and would be raised all the same */
	enum severity worst;		    /* of the n */
	int64_t n_all;			    /* alerts of those days */
	struct alert *newest;		    /* of the n, at most SILENCE_PREVIEW_NEWEST */
	size_t n_newest;
};
#define SILENCE_PREVIEW_DAYS   30
#define SILENCE_PREVIEW_NEWEST 12

/* How much is silent: what a status bar says. */
struct silence_debt {
	int64_t n_in_force;  /* snoozes are none: their alerts are there */
	int64_t day_hits;    /* findings kept back in the last 24 h */
	enum severity worst; /* of what was kept back then, where there is something */
};

struct call_query {
	const char *filter; /* the filter language; "" all. See filter/filter.h */
	int64_t now_ms;	    /* for its times relative to now; 0: the machine's clock */
	int64_t before_id;  /* 0: newest */
	int64_t after_id;   /* only later ones; 0: all */
	bool oldest_first;
	size_t limit;	    /* at most 1000 */
	int64_t budget_ms;  /* so long a filter may search before what was found is told; 0: to the end */
};

struct alert_query {
	bool silenced;	    /* only those with a silence in force, closed or not */
	bool closed_too;
	bool without_gone; /* not those that were taken away: request_rows.h */
	bool only_gone;	   /* only those */
	const char *filter; /* "" all */
	int64_t now_ms;	    /* as of calls */
	int64_t at_ms;	    /* not 0: a look back at that moment, of its own tables (store/past.h) */
	size_t limit;	    /* at most 100000 */
	bool reasons;	    /* all of them, not only the strongest's sentence */
	bool uncounted;	    /* what is open is not summed: n_open, n_mine, n_by_severity stay 0 */
	enum alert_order order;
	enum alert_grouping grouping;
	const struct alert_mark *from; /* NULL: from the first on, or the last */
	bool backwards;		       /* those before `from`; they come in the order all the same */
	int64_t budget_ms;	       /* so long a filter may search before what was found is told; 0: to the end */
	const int64_t *opened;	       /* groups to be shown with what is in them, by an alert of each */
	size_t n_opened;
};
const char *alert_order_name(enum alert_order);
bool alert_order_named(const char *name, enum alert_order *);

/* What is known of a person (or a service), a number outside, a site, a trunk
 * or a device, by its calls. */
#define PROFILE_DAYS	28 /* before today: each day of the week four times */
#define PROFILE_RECENT	14 /* days, today the last */
#define PROFILE_NEW	7  /* days that something counts as new; fewer for who is new here */
#define PROFILE_BUCKETS 10
#define PROFILE_STALE	3 /* days without any record: its today is then the newest record's */

struct profile_day {
	int64_t n_calls, talk_s, n_abroad, cost_micro;
};

/* Whom a person talks with: a number. Whom a number talks with, or who calls from a
 * site, by a trunk, with a device: one of ours. */
struct profile_contact {
	const char *id, *name; /* E.164 or as reported, name ""; or uuid ("" unknown) and name */
	char country[3];
	enum number_class class;
	enum risk_tier tier;
	int64_t n_out, n_in, talk_s, cost_micro; /* in those days and today */
	int64_t first_ms, last_ms;		 /* first: in all that is kept, at most 400 days */
	bool is_new;
	/* Of a site, a trunk, a device (where first_ms looks no further back than those days): */
	int score; /* the highest of its open alerts; 0 none is open */
	int64_t n_today, n_abroad;
};

/* How many calls there were at a time. */
struct profile_load {
	int64_t most, at_ms; /* at_ms: when it came to that */
};

/* A device that a person called with, by its last 100 calls. */
struct profile_device {
	const char *mac;
	int64_t n_calls, first_ms, last_ms;
	bool is_new;
};

/* What somebody who was known before has lately, and had not. */
enum profile_change_kind { CHANGE_SITE, CHANGE_TRUNK, CHANGE_NUMBER /* its own */, CHANGE_PERSON /* who calls with a device */,
	CHANGE_DEVICE, CHANGE_COUNTRY };
struct profile_change {
	enum profile_change_kind kind;
	const char *name;
	int64_t first_ms;
};

struct profile_country {
	char country[3]; /* "" of no country: see class */
	enum number_class class;
	enum risk_tier tier;
	int64_t n_calls, cost_micro, first_ms;
	bool is_new;
};

/* Calls of each person of the site, in equal steps from none to `most`. */
struct profile_peers {
	int days;   /* counted: fewer than PROFILE_DAYS where a site makes very many calls */
	size_t n;   /* colleagues, without the person */
	int64_t own, most;
	int64_t buckets[PROFILE_BUCKETS]; /* people, the person too */
	int own_bucket;
	size_t n_below; /* colleagues with fewer */
};

/* A zone that is an offset and no place: the name goes on as POSIX counts, "+5" west. */
#define PROFILE_FIXED_ZONE "Etc/GMT"

struct profile {
	enum subject_kind kind; /* a person that records call a service is one */
	const char *id, *name, *number, *site, *zone_name; /* "" unknown; a number's site is where it was last met */
	char country[3]; /* of a number */
	enum number_class class;
	enum risk_tier tier;
	int64_t as_of_ms;	   /* its today: now, or the newest record's moment (past) */
	bool past;
	int64_t first_ms, last_ms; /* of its calls; 0 none */
	int32_t utc_offset_minutes; /* now, at the site */
	int weekday, hour;	   /* now, there; 0 is Monday */
	int known_days;		   /* whole days before today since the first call, ≤ PROFILE_DAYS */
	int weekdays[7];	   /* how many of them were Mondays … */
	int64_t by_hour[7][24];	   /* calls begun in that hour, on those days */
	int64_t today[24], usual_milli[24]; /* usual: the mean of this weekday, in thousandths */
	struct profile_day days[PROFILE_RECENT];
	struct profile_country *countries; /* of calls out, most calls first, ≤ 8 */
	size_t n_countries;
	struct profile_contact *contacts;  /* most calls first, ≤ 12; of a site, a trunk, a device: who stands out */
	size_t n_contacts, n_contacts_all;
	struct profile_peers calls, abroad; /* n 0: no colleagues, or a number */
	struct alert *alerts; /* newest first, ≤ 20; of a site only open ones, the highest score first */
	size_t n_alerts;
	int64_t n_open;
	int highest_open;     /* score; 0 none is open */
	struct call *recent;  /* newest first, ≤ 30 */
	size_t n_recent;
	int counted_days;     /* days before today whose calls were read, each of them; a site's hours are known of more */
	bool cut;	      /* there are more calls than are read: hence counted_days */
	struct profile_device *devices; /* of a person, most calls first, ≤ 8 */
	size_t n_devices;
	struct profile_change *changes; /* ≤ 6 */
	size_t n_changes;
	struct admin_event *admin; /* of a person, a service, a site: done to it or by it, newest last, ≤ 8 */
	size_t n_admin;
	struct live_half *live; /* calls of the last day whose record has not come, newest last, ≤ 8 */
	size_t n_live;
	struct call *forwards; /* calls that were forwarded to outside (of a number: to it), newest first, ≤ 8 */
	size_t n_forwards;
	int64_t n_forwards_all;
	struct profile_load load_today, load_before; /* of a site, a trunk, a device: today, and on the counted days before */
	int64_t n_by_direction[4], cost_all_micro; /* of those, and today: calls by enum call_direction */
	const char *model, *owner_id, *owner_name; /* of a device; "" unknown */
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
/* Of everything that the question is of (its limit is not asked), or of these. */
bool query_survey_matching(struct db *, const struct alert_query *, const char *me, struct arena *, struct alert_survey *out,
    struct fault *) MUST_USE;
bool query_survey_of(struct db *, const int64_t *ids, size_t n, const char *me, struct arena *, struct alert_survey *out,
    struct fault *) MUST_USE;
bool query_alert(struct db *, int64_t id, struct arena *, struct alert_detail *out,
    struct fault *) MUST_USE;
/* Its log, oldest first (≤ 1000), and the steps of the playbook that were taken, alone. */
bool query_alert_events(struct db *, int64_t id, struct arena *, struct alert_event **, size_t *n, struct fault *) MUST_USE;
bool query_alert_steps(struct db *, int64_t id, struct arena *, struct alert_step **, size_t *n, struct fault *) MUST_USE;
/* By whom each of them was closed, where it is: closed_by. */
bool query_closers(struct db *, struct arena *, struct alert *, size_t n, struct fault *) MUST_USE;
bool query_calls(struct db *, const struct call_query *, struct arena *, struct call_list *out,
    struct fault *) MUST_USE;
/* Its legs alone, oldest first (≤ 5000). */
bool query_call_legs(struct db *, const struct call *, struct arena *, struct leg_row **, size_t *n, struct fault *) MUST_USE;
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
/* filter: the filter language, as of calls. */
bool query_scores(struct db *, int64_t now_ms, const char *filter, size_t limit, struct arena *,
    struct score_list *out, struct fault *) MUST_USE;
struct filter_cell;
void query_read_location(const void *location_row, unsigned field, int64_t now_ms, struct filter_cell *);
void query_read_score(const void *score_row, unsigned field, int64_t now_ms, struct filter_cell *);
/* kind: SUBJECT_PERSON, SUBJECT_SERVICE (id: uuid), SUBJECT_NUMBER (id: E.164),
 * SUBJECT_SITE (uuid or name), SUBJECT_TRUNK (name) or SUBJECT_DEVICE (MAC);
 * who is unknown has no calls, and that is no fault. A call is a person's when
 * it is named after it: of one between colleagues only the caller's. It is a
 * trunk's that it went out by, or came in by and did not go out by another. */
bool query_profile(struct db *, enum subject_kind, const char *id, int64_t now_ms, struct arena *,
    struct profile *out, struct fault *) MUST_USE;
/* The newest before that line, 0: of all; the chain is not read. */
bool query_audit(struct db *, int64_t before_seq, size_t limit, struct arena *, struct audit_list *out,
    struct fault *) MUST_USE;
/* now_ms: the wall's clock, or event time's where that is ahead. over: those of
 * filters that are over, too. */
bool query_silences(struct db *, int64_t now_ms, bool over, struct arena *, struct silence_list *out, struct fault *) MUST_USE;
/* How many records these exceptions (their ids are told) kept from the rules. */
bool query_exemptions(struct db *, int64_t now_ms, struct silence_row *rows, size_t n, struct fault *) MUST_USE;
bool query_kept_back(struct db *, enum silence_kind, int64_t id, int64_t now_ms, struct arena *, struct kept_list *out, struct fault *) MUST_USE;
/* filter: a silence's scope. */
bool query_silence_preview(struct db *, const char *filter, int64_t now_ms, struct arena *, struct silence_preview *out, struct fault *) MUST_USE;
bool query_silence_debt(struct db *, int64_t now_ms, struct silence_debt *out, struct fault *) MUST_USE;
/* The report ids an alert rests on, oldest first. */
bool query_report_ids(struct db *, int64_t alert_id, struct arena *, const char ***ids, size_t *n,
    struct fault *) MUST_USE;
/* People and sites that were read from Webex, into a directory. */
struct directory;
bool query_directory(struct db *, struct directory *, struct fault *) MUST_USE;

#endif
