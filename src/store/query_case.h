/* SPDX-License-Identifier: Apache-2.0
 *
 * The story of a case: its alerts, and what happened in the order of time. */
#ifndef STORE_QUERY_CASE_H
#define STORE_QUERY_CASE_H

#include "store/admin_rows.h"
#include "store/directory_changes.h"
#include "store/live_rows.h"
#include "store/query.h"

/* So many at most; the story says how many there are. */
#define CASE_ALERTS_MAX	   200
#define CASE_MEMBERS_MAX   5000
#define CASE_CALLS_MAX	   500
#define CASE_ACTS_MAX	   1000
#define CASE_COUNTRIES_MAX 12
#define CASE_CHANGES_MAX   40
#define CASE_LIVE_MAX	   40
#define CASE_LOOK_BACK	   14 /* days before it that forwards are looked for in */

/* Call: of the evidence. Raised: an alert, at the time of the record that raised
 * it. Act: a line of the audit log. Changed: something of a subject that it had
 * not before. Forward: a number outside that a subject's calls were first
 * forwarded to. Directory: what Webex told of a subject was another than before.
 * Admin: what was done in Control Hub to a subject or its site, or by a subject. Live:
 * a subject's call as it was lived, whose record has not come yet. */
enum case_item_kind { CASE_CALL, CASE_RAISED, CASE_ACT, CASE_CHANGED, CASE_FORWARD, CASE_DIRECTORY, CASE_ADMIN, CASE_LIVE };

struct case_item {
	enum case_item_kind kind;
	int64_t at_ms;
	int64_t alert_id, call_id;	    /* where it leads; 0 nowhere */
	const struct call *call;	    /* CALL; FORWARD: the first such */
	const struct alert *alert;	    /* RAISED */
	const struct alert_event *event;    /* ACT */
	const struct profile_change *change; /* CHANGED */
	const struct directory_change *directory; /* DIRECTORY */
	const struct admin_event *admin;     /* ADMIN; DIRECTORY: what explains it, or NULL */
	const struct live_half *live;	    /* LIVE */
	const char *who;		    /* CHANGED, FORWARD: the subject's name, or its id */
	bool who_is_number;
};

struct case_country {
	char country[3]; /* "" unknown */
	enum risk_tier tier;
	int64_t n_calls, talk_s, cost_micro;
};

/* An alert of it, listed or not. */
struct case_member {
	int64_t id;
	bool open;
};

struct case_story {
	int64_t id; /* of its first alert, also when that one has gone into another case: */
	int64_t first_is_in; /* that one; 0: it has not */
	struct alert *alerts; /* the first raised first, with reasons */
	size_t n_alerts;
	const struct alert *lead; /* the worst, of those that wait where one does, whose name the case has; NULL: it has none */
	struct case_member *members; /* in the same order */
	size_t n_members;
	int64_t n_alerts_all;
	enum severity worst;
	int64_t n_open;
	struct case_item *items; /* oldest first */
	size_t n_items;
	/* Of all the evidence: */
	int64_t n_records, n_calls, n_people, n_numbers, n_countries, talk_s, cost_micro;
	int64_t first_ms, last_ms; /* of its calls, and of what the alerts rest on; 0 none */
	struct case_country *countries; /* the dearest first */
	size_t n_countries_listed;
	int64_t detect_ms;	/* from the first record to the first alert; -1 unknown */
	int64_t acknowledge_ms; /* from the first alert until somebody saw one; -1 nobody has */
};

/*
 * What the number is of. A case keeps the number of its first alert when that one is
 * linked to another: then one number names two cases, and who asks says which.
 * NUMBERED	the case of that number; where there is none, that of the alert
 * OF_ALERT	the case in which that alert is
 */
enum case_named { CASE_NUMBERED, CASE_OF_ALERT };
/* FAULT_NOT_FOUND: there is no such case. */
bool query_case(struct db *, enum case_named, int64_t id, struct arena *, struct case_story *out, struct fault *) MUST_USE;

#endif
