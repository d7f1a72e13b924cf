/* SPDX-License-Identifier: Apache-2.0
 *
 * Every route with what it takes and gives: one table makes dispatch, the checks of what
 * is sent, and the description that clients read (/openapi.json). */
#include "api/serve.h"

#define END { NULL, API_TEXT, false, 0, 0, NULL, NULL, NULL }
#define FILTER(example) \
	{ "filter", API_TEXT, false, 0, 2000, NULL, "the filter language of the console: centinela help filter", example }
#define CURSOR \
	{ "cursor", API_TEXT, false, 0, 100, NULL, "next_cursor of the page before", NULL }

#define SEVERITIES_TEXT  "low|medium|high|critical"
#define STATUSES_TEXT	 "open|investigating|resolved|false_positive"
#define RESOLUTIONS_TEXT "true_positive_impact|true_positive_no_impact|false_positive|legitimate|duplicate|unknown"

/* ---- queries ------------------------------------------------------------------------------ */

static const struct api_field of_alerts[] = {
	{ "page", API_INT, false, 1, PAGES_MOST, NULL, "which page, from 1; with a condition up to 20000 / page_size: last_page of the answer, and from there by cursor", "1" },
	{ "page_size", API_INT, false, 1, 500, NULL, "alerts a page (50)", "50" },
	CURSOR,
	{ "order", API_CHOICE, false, 0, 0, "severity|time|sla|score|hits|cost", "what comes first (sla: what is due next); what waits before what is closed", "severity" },
	{ "open", API_FLAG, false, 0, 0, NULL, "true: only those that are not closed", "true" },
	{ "status", API_CHOICE, false, 0, 0, STATUSES_TEXT, "as the system before this one said it", "open" },
	{ "state", API_CHOICE, false, 0, 0, "new|in_progress|snoozed|closed", "the stage", "new" },
	{ "severity", API_CHOICE, false, 0, 0, SEVERITIES_TEXT, "the severity", "high" },
	{ "location", API_TEXT, false, 0, 200, NULL, "name of the site", "Colombia" },
	{ "assignee", API_TEXT, false, 0, 64, NULL, "who has it; empty: nobody", "ana" },
	{ "rule", API_TEXT, false, 0, 120, NULL, "id of the rule", NULL },
	{ "start_time", API_TIME, false, 0, 0, NULL, "raised at or after", "2026-10-05T09:00:00Z" },
	{ "end_time", API_TIME, false, 0, 0, NULL, "raised before", "2026-10-06T09:00:00Z" },
	FILTER("score > 60"), END
};

static const struct api_field of_records[] = {
	{ "start_time", API_TIME, false, 0, 0, NULL, "began at or after (24 h before end_time)", "2026-10-05T09:00:00Z" },
	{ "end_time", API_TIME, false, 0, 0, NULL, "began before (now)", "2026-10-06T09:00:00Z" },
	{ "limit", API_INT, false, 1, 1000, NULL, "records a page (100)", "100" },
	{ "order", API_CHOICE, false, 0, 0, "newest|oldest", "which come first", "newest" },
	{ "location", API_TEXT, false, 0, 200, NULL, "name of the site", "Colombia" },
	{ "user", API_TEXT, false, 0, 64, NULL, "UUID of the person or service", NULL },
	{ "number", API_TEXT, false, 0, 64, NULL, "number of either end, as the record has it", "+576015550101" },
	CURSOR, END
};

static const struct api_field of_calls[] = { FILTER("duration > 20m and dst.country in [CU, LV]"), { "limit", API_INT, false, 1, 1000, NULL, "calls a page (100)", "100" }, CURSOR, END };
static const struct api_field filtered[] = { FILTER("calls > 10"), END };
static const struct api_field of_scores[] = { FILTER("score > 60"), { "limit", API_INT, false, 1, 1000, NULL, "at most so many (100)", "100" }, END };
static const struct api_field of_people[] = { FILTER("name ~ ana"), { "limit", API_INT, false, 1, 10000, NULL, "at most so many (1000)", "100" },
	{ "offset", API_INT, false, 0, 10000000, NULL, "leave out so many", "0" }, END };
static const struct api_field of_live[] = { FILTER("state == connected and duration > 20m"), { "limit", API_INT, false, 1, 1000, NULL, "at most so many (1000)", "100" }, END };
static const struct api_field of_rules[] = { { "start_time", API_TIME, false, 0, 0, NULL, "what became of alerts raised since then (90 days)", "2026-10-05T09:00:00Z" }, END };
static const struct api_field of_silences[] = { { "over", API_FLAG, false, 0, 0, NULL, "true: those that are over, too", "true" }, END };
static const struct api_field of_silence[] = { { "kind", API_CHOICE, false, 0, 0, "filter|maintenance|alike|snooze", "which kind of silence has that number", "filter" }, END };
static const struct api_field of_preview[] = { { "filter", API_TEXT, true, 0, 2000, NULL, "the scope it would have", "rule == wangiri and location == Colombia" }, END };
static const struct api_field of_audit[] = { { "limit", API_INT, false, 1, 10000, NULL, "lines a page (100), the newest first", "100" }, CURSOR, END };
static const struct api_field of_report[] = {
	{ "start_time", API_TIME, false, 0, 0, NULL, "from then on (24 h before now)", "2026-10-05T09:00:00Z" }, END
};
static const struct api_field of_shift[] = {
	{ "start_time", API_TIME, false, 0, 0, NULL, "when it began (console.shift before its end)", "2026-10-05T06:00:00Z" },
	{ "end_time", API_TIME, false, 0, 0, NULL, "when it ended (now)", "2026-10-05T14:00:00Z" }, END
};
static const struct api_field of_callback[] = { { "code", API_TEXT, false, 0, 4000, NULL, "as Webex gives it", NULL }, { "state", API_TEXT, false, 0, 200, NULL, "as it was given to Webex", NULL },
	{ "error", API_TEXT, false, 0, 200, NULL, "why not", NULL }, { "error_description", API_TEXT, false, 0, 1000, NULL, "why not", NULL }, END };

/* ---- bodies --------------------------------------------------------------------------------- */

#define NOTE(is_required) \
	{ "note", API_TEXT, is_required, 0, 4000, NULL, "a note that goes with it", "asked the person: a conference" }
#define UNTIL                                                                                                                                       \
	{ "for", API_TEXT, false, 0, 20, NULL, "how long, at most 30d", "4h" }, { "until", API_TIME, false, 0, 0, NULL, "until when, instead", NULL }

static const struct api_field noted[] = { NOTE(false), END };
static const struct api_field a_note[] = { NOTE(true), END };
static const struct api_field assigned[] = { { "assignee", API_TEXT, true, 0, 64, NULL, "to whom", "luis" }, NOTE(false), END };
static const struct api_field until[] = { UNTIL, NOTE(true), END };
static const struct api_field closed[] = { { "resolution", API_CHOICE, true, 0, 0, RESOLUTIONS_TEXT, "how it ended", "false_positive" }, NOTE(false), END };
static const struct api_field tagged[] = { { "tags", API_TEXT, true, 0, 600, NULL, "words to put on it, with - before those to take off", "+fraud -test" }, END };
static const struct api_field another[] = { { "other", API_INT, true, 1, INT64_MAX, NULL, "number of the other alert", "7" }, NOTE(false), END };

static const struct api_field raised[] = {
	{ "title", API_TEXT, true, 0, 400, NULL, "what happened", "The hotline rang: calls nobody made" },
	{ "subject", API_TEXT, false, 0, 200, NULL, "a person (name, address, extension) or a number", "Ana Bernal" },
	{ "location", API_TEXT, false, 0, 200, NULL, "where; of a person known here its own", "Colombia" },
	{ "severity", API_CHOICE, false, 0, 0, SEVERITIES_TEXT, "the severity (medium)", "high" },
	NOTE(false), END
};

static const struct api_field changed[] = {
	{ "status", API_CHOICE, false, 0, 0, STATUSES_TEXT, "open, investigating, resolved, false_positive", "investigating" },
	{ "resolution", API_CHOICE, false, 0, 0, RESOLUTIONS_TEXT, "of resolved: how it ended (unknown)", NULL },
	{ "resolution_notes", API_TEXT, false, 0, 4000, NULL, "a note", "asked the person: a conference" },
	{ "assignee", API_TEXT, false, 0, 64, NULL, "who has it; empty: nobody", "ana" }, END
};

static const struct api_field silenced[] = {
	{ "filter", API_TEXT, true, 0, 2000, NULL, "which alerts, as they are raised", "rule == wangiri and location == Colombia" },
	{ "reason", API_TEXT, true, 0, 400, NULL, "why; the log keeps it", "carrier tests" },
	{ "for", API_TEXT, true, 0, 20, NULL, "how long, at most 30d", "2h" },
	{ "begins", API_TIME, false, 0, 0, NULL, "a maintenance window of the calls from then on; else at once", NULL }, END
};

static const struct api_field stepped[] = {
	{ "step", API_TEXT, true, 0, 500, NULL, "the sentence of the playbook, in English, as /api/v1/rules/{name} has it", "Ask the person by another way" },
	{ "done", API_FLAG, false, 0, 0, NULL, "false: it is open again (true)", "true" }, END
};

static const struct api_field bulk[] = {
	{ "act", API_CHOICE, true, 0, 0, "claim|ack|assign|release|note|snooze|wake|escalate|close|reopen|silence|unsilence|tag|link|unlink|merge", "what is done", "close" },
	{ "alerts", API_TARGETS, false, 0, 0, NULL, "which: numbers, or with the revision each was read at, which is its If-Match", "[7, {\"id\": 9, \"revision\": 41}]" },
	{ "filter", API_TEXT, false, 0, 2000, NULL, "or all open ones that pass this", NULL },
	{ "closed_too", API_FLAG, false, 0, 0, NULL, "of a filter: closed ones, too", NULL },
	{ "preview", API_FLAG, false, 0, 0, NULL, "true: nothing is done, it is said of what it would be", NULL },
	{ "expect", API_INT, false, 0, 1000000, NULL, "how many a preview said: 409 where it would be of another number", NULL },
	{ "resolution", API_CHOICE, false, 0, 0, RESOLUTIONS_TEXT, "of close: how it ended", "false_positive" },
	{ "assignee", API_TEXT, false, 0, 64, NULL, "of assign: to whom", NULL },
	{ "tags", API_TEXT, false, 0, 600, NULL, "of tag: words to put on, with - before those to take off", NULL },
	{ "other", API_INT, false, 1, INT64_MAX, NULL, "of link, merge: number of the other alert", NULL },
	UNTIL, NOTE(false), END
};

/* ---- routes ------------------------------------------------------------------------------------ */

#define ACT(word, id, body, sentence)                                                                                                            \
	{ "POST", "/api/v1/alerts/{id}/" word, word "_alert", sentence, ENTRY_ANALYST, NULL, body, 200, "AlertDetail", .write = api_act_##id,    \
	    .flags = ROUTE_MATCHES | ROUTE_ONCE | ROUTE_NUMBERS }

#define PROFILE(kind, path, of, more)                                                                                                                   \
	{ "GET", "/api/v1/" path "/{name}", #kind "_profile", "what is known of " of ": hours, calls, contacts, changes, and its alerts before",  \
	    ENTRY_VIEWER, NULL, NULL, 200, "Profile", .read = api_profile_##kind, .flags = ROUTE_SLOW | ROUTE_NUMBERS | (more) }

const struct api_route api_routes[] = {
	{ "GET", "/health", "health", "that it lives", ENTRY_OPEN, NULL, NULL, 200, "Health", .serve = api_health },
	{ "GET", "/health/ready", "ready", "that it can do its work: 503 where not, and what is missing", ENTRY_OPEN, NULL, NULL, 200, "Ready", .read = api_ready,
	    .flags = ROUTE_SEES | ROUTE_TELLS },
	{ "GET", "/metrics", "metrics", "figures for Prometheus", ENTRY_VIEWER, NULL, NULL, 200, "text/plain", .read = api_metrics, .flags = ROUTE_SEES },
	{ "GET", "/openapi.json", "openapi", "this description", ENTRY_OPEN, NULL, NULL, 200, "Description", .serve = api_openapi },

	{ "GET", "/auth/login", "login", "sign in to Webex: leads a browser there", ENTRY_ADMIN, NULL, NULL, 302, "Login", .serve = api_login },
	{ "GET", "/auth/callback", "callback", "where the browser comes back to", ENTRY_OPEN, of_callback, NULL, 200, "text/plain", .serve = api_callback },
	{ "GET", "/auth/status", "auth_status", "the sign-in to Webex", ENTRY_VIEWER, NULL, NULL, 200, "SignIn", .serve = api_sign_in_status },
	{ "POST", "/auth/refresh", "refresh", "renew the access token now", ENTRY_ADMIN, NULL, NULL, 200, "SignIn", .serve = api_refresh },
	{ "POST", "/auth/logout", "logout", "forget the sign-in", ENTRY_ADMIN, NULL, NULL, 200, "SignIn", .serve = api_logout },

	{ "GET", "/api/v1/cdrs/", "list_cdrs", "call detail records, the newest first; of the last 24 hours unless told", ENTRY_VIEWER, of_records, NULL, 200, "Cdrs",
	    .read = api_records_list, .flags = ROUTE_SLOW | ROUTE_NUMBERS },
	{ "GET", "/api/v1/cdrs/status", "cdr_status", "how far the records are here", ENTRY_VIEWER, NULL, NULL, 200, "SyncStatus", .serve = api_sync_status },
	{ "GET", "/api/v1/cdrs/locations", "list_locations", "sites with their traffic and open alerts", ENTRY_VIEWER, filtered, NULL, 200, "Locations",
	    .read = api_locations, .flags = ROUTE_CACHED },
	{ "GET", "/api/v1/cdrs/people", "list_people", "people as Webex last told", ENTRY_VIEWER, of_people, NULL, 200, "People", .read = api_people,
	    .flags = ROUTE_CACHED | ROUTE_SLOW | ROUTE_NUMBERS },
	{ "POST", "/api/v1/cdrs/sync", "sync", "ask Webex for new records now", ENTRY_ADMIN, NULL, NULL, 202, "Job", .serve = api_sync_begin },
	{ "GET", "/api/v1/cdrs/{id}", "show_cdr", "a record, and as Webex sent it", ENTRY_VIEWER, NULL, NULL, 200, "CdrDetail", .read = api_record_show,
	    .flags = ROUTE_NUMBERS },
	{ "GET", "/api/v1/jobs/{id}", "show_job", "what became of a sync that was asked for", ENTRY_VIEWER, NULL, NULL, 200, "Job", .serve = api_job_show },

	{ "GET", "/api/v1/alerts/", "list_alerts", "alerts by pages", ENTRY_VIEWER, of_alerts, NULL, 200, "Alerts", .read = api_alerts_list,
	    .flags = ROUTE_CACHED | ROUTE_ALERTS | ROUTE_NUMBERS },
	{ "POST", "/api/v1/alerts/", "raise_alert", "an alert that a person raises; grows the one that is open of the same subject", ENTRY_ANALYST, NULL, raised, 201,
	    "AlertDetail", .write = api_alert_raise, .flags = ROUTE_ONCE | ROUTE_NUMBERS | ROUTE_GROWS },
	{ "POST", "/api/v1/alerts/bulk", "bulk", "one act on many, in one transaction: what was done, and of each that was not why; act_id is for undo", ENTRY_ANALYST, NULL,
	    bulk, 200, "Bulk", .write = api_alerts_bulk, .flags = ROUTE_ONCE },
	{ "POST", "/api/v1/acts/{id}/undo", "undo", "an act by its act_id, where nobody went on since; kept while the service runs, the last 200", ENTRY_ANALYST, NULL,
	    NULL, 200, "Undone", .write = api_act_undo, .flags = ROUTE_ONCE },
	{ "POST", "/api/v1/acts/{id}/redo", "redo", "what was undone, once more", ENTRY_ANALYST, NULL, NULL, 200, "Undone", .write = api_act_redo, .flags = ROUTE_ONCE },
	{ "GET", "/api/v1/alerts/stats/summary", "alert_summary", "how many there are, by severity, status and end", ENTRY_VIEWER, NULL, NULL, 200, "Summary",
	    .read = api_alerts_summary, .flags = ROUTE_CACHED | ROUTE_ALERTS | ROUTE_SLOW },
	{ "GET", "/api/v1/alerts/{id}", "show_alert", "an alert with its reasons, the ids of its records and its log; its ETag is for If-Match", ENTRY_VIEWER, NULL, NULL, 200, "AlertDetail",
	    .read = api_alert_show, .flags = ROUTE_NUMBERS },
	{ "GET", "/api/v1/alerts/{id}/related", "related", "its newest records, and what was before: same case, rule, person, number, duplicates", ENTRY_VIEWER, NULL, NULL, 200,
	    "Related", .read = api_alert_related, .flags = ROUTE_SLOW | ROUTE_NUMBERS },
	{ "PATCH", "/api/v1/alerts/{id}", "change_alert", "its status, notes or who has it", ENTRY_ANALYST, NULL, changed, 200, "AlertDetail", .write = api_alert_change,
	    .flags = ROUTE_MATCHES | ROUTE_NUMBERS },
	{ "DELETE", "/api/v1/alerts/{id}", "delete_alert", "take it away: it is closed, 410 from then on, and the log says who", ENTRY_LEAD, NULL, NULL, 204, NULL,
	    .write = api_alert_delete, .flags = ROUTE_MATCHES },
	ACT("claim", TRIAGE_CLAIM, noted, "mine, if it is nobody's"),
	ACT("ack", TRIAGE_ACKNOWLEDGE, noted, "seen"),
	ACT("assign", TRIAGE_ASSIGN, assigned, "to somebody"),
	ACT("release", TRIAGE_RELEASE, noted, "nobody's again"),
	ACT("note", TRIAGE_NOTE, a_note, "a note"),
	ACT("snooze", TRIAGE_SNOOZE, until, "aside for a while"),
	ACT("wake", TRIAGE_WAKE, noted, "the snooze is over"),
	ACT("escalate", TRIAGE_ESCALATE, a_note, "severity one up"),
	ACT("close", TRIAGE_CLOSE, closed, "with how it ended"),
	ACT("reopen", TRIAGE_REOPEN, noted, "in progress again"),
	ACT("silence", TRIAGE_SILENCE, until, "raise none like it for a while"),
	ACT("unsilence", TRIAGE_UNSILENCE, noted, "raise its like again"),
	ACT("tag", TRIAGE_TAG, tagged, "words on it, or off it"),
	ACT("link", TRIAGE_LINK, another, "into the case of another"),
	ACT("unlink", TRIAGE_UNLINK, noted, "a case of its own"),
	ACT("merge", TRIAGE_MERGE, another, "closed as a duplicate of another"),

	{ "POST", "/api/v1/alerts/{id}/step", "step_alert", "a step of its rule's playbook: taken, or open again", ENTRY_ANALYST, NULL, stepped, 200, "AlertDetail",
	    .write = api_alert_step, .flags = ROUTE_MATCHES | ROUTE_ONCE | ROUTE_NUMBERS },

	{ "GET", "/api/v1/calls/", "list_calls", "calls, made of their records, the newest first", ENTRY_VIEWER, of_calls, NULL, 200, "Calls", .read = api_calls_list,
	    .flags = ROUTE_SLOW | ROUTE_NUMBERS },
	{ "GET", "/api/v1/calls/live", "list_live", "calls that are up", ENTRY_VIEWER, of_live, NULL, 200, "LiveCalls", .serve = api_live, .flags = ROUTE_NUMBERS },
	{ "GET", "/api/v1/calls/live/stream", "stream_live", "calls that are up, as they change: server-sent events call, gone, alerts, ready", ENTRY_VIEWER, NULL, NULL, 200,
	    "text/event-stream", .serve = api_stream, .flags = ROUTE_NUMBERS },
	{ "GET", "/api/v1/calls/{id}", "show_call", "a call with its records and its journey", ENTRY_VIEWER, NULL, NULL, 200, "CallDetail", .read = api_call_show,
	    .flags = ROUTE_NUMBERS },
	{ "GET", "/api/v1/persons/", "list_persons", "people as Webex last told", ENTRY_VIEWER, of_people, NULL, 200, "People", .read = api_people,
	    .flags = ROUTE_CACHED | ROUTE_SLOW | ROUTE_NUMBERS },
	PROFILE(person, "persons", "a person, by its uuid", 0),
	PROFILE(number, "numbers", "a number outside, as +576015550101", ROUTE_BY_NUMBER),
	PROFILE(site, "sites", "a site, by its name or uuid", 0),
	PROFILE(trunk, "trunks", "a trunk, by its name", 0),
	PROFILE(device, "devices", "a device, by its MAC", 0),
	{ "GET", "/api/v1/cases/{id}", "show_case", "the story of a case, by its number or that of an alert in it: alerts, calls, changes and acts in their time",
	    ENTRY_VIEWER, NULL, NULL, 200, "Case", .read = api_case_show, .flags = ROUTE_SLOW | ROUTE_NUMBERS },
	{ "GET", "/api/v1/reports/summary", "report", "what centinela report tells: sync, traffic, destinations, alerts, silences, scores", ENTRY_VIEWER, of_report, NULL,
	    200, "Report", .read = api_report, .flags = ROUTE_CACHED | ROUTE_SLOW | ROUTE_NUMBERS },
	{ "GET", "/api/v1/reports/handover", "handover", "a shift as it is handed over", ENTRY_VIEWER, of_shift, NULL, 200, "HandOver", .read = api_handover,
	    .flags = ROUTE_SLOW | ROUTE_NUMBERS },
	{ "GET", "/api/v1/scores/", "list_scores", "who is odd, the highest score first", ENTRY_VIEWER, of_scores, NULL, 200, "Scores", .read = api_scores,
	    .flags = ROUTE_CACHED | ROUTE_SLOW | ROUTE_NUMBERS },
	{ "GET", "/api/v1/rules/", "list_rules", "the rules in force, and what became of their alerts", ENTRY_VIEWER, of_rules, NULL, 200, "Rules", .read = api_rules,
	    .flags = ROUTE_CACHED | ROUTE_SLOW },
	{ "GET", "/api/v1/rules/{name}", "show_rule", "one rule in force", ENTRY_VIEWER, of_rules, NULL, 200, "Rule", .read = api_rule_show, .flags = ROUTE_SLOW },
	{ "GET", "/api/v1/silences/", "list_silences", "what keeps findings from being alerts", ENTRY_VIEWER, of_silences, NULL, 200, "Silences", .read = api_silences,
	    .flags = ROUTE_SLOW | ROUTE_NUMBERS },
	{ "POST", "/api/v1/silences/", "begin_silence", "of what passes a filter, at once or as a maintenance window", ENTRY_LEAD, NULL, silenced, 201, "Silence",
	    .write = api_silence_begin, .flags = ROUTE_ONCE },
	{ "GET", "/api/v1/silences/preview", "preview_silence", "what a silence of this filter would have kept back of the last 30 days", ENTRY_VIEWER, of_preview, NULL, 200,
	    "SilencePreview", .read = api_silence_preview, .flags = ROUTE_SLOW | ROUTE_NUMBERS },
	{ "GET", "/api/v1/silences/{id}", "show_silence", "one, and what it kept back", ENTRY_VIEWER, of_silence, NULL, 200, "SilenceDetail", .read = api_silence_show,
	    .flags = ROUTE_SLOW | ROUTE_NUMBERS },
	{ "DELETE", "/api/v1/silences/{id}", "end_silence", "now; says how much it kept back", ENTRY_LEAD, of_silence, NULL, 200, "SilenceEnd",
	    .write = api_silence_end },
	{ "GET", "/api/v1/audit/", "list_audit", "who did what, by pages; on the first one, whether the chain of the whole log holds", ENTRY_LEAD, of_audit, NULL, 200, "Audit", .read = api_audit,
	    .flags = ROUTE_SLOW | ROUTE_NUMBERS },
	{ NULL, NULL, NULL, NULL, ENTRY_OPEN, NULL, NULL, 0, NULL, NULL, NULL, NULL, 0 },
};
