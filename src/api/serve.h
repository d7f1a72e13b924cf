/* SPDX-License-Identifier: Apache-2.0
 *
 * What routes do: each fills its call's status and answer, or its fault. */
#ifndef API_SERVE_H
#define API_SERVE_H

#include "api/parts.h"

#include "store/alert_rows.h"

/* Of alerts: pages by number, and how far they go where there is a condition. */
#define PAGES_MOST  1000000
#define SEARCH_ROWS 20000

/* serve_alerts.c */
bool api_alerts_list(struct api_call *, struct db *);
bool api_alert_show(struct api_call *, struct db *);
bool api_alert_related(struct api_call *, struct db *);
bool api_alerts_summary(struct api_call *, struct db *);
const char *api_status_word(const struct alert *); /* open, investigating, resolved, false_positive */
json_t *api_alert(const struct alert *, const char *const *report_ids, size_t n); /* NULL: they are not said */
/* The alert with all that belongs to it as the answer, its revision as the ETag. */
bool api_put_alert(struct api_call *, struct db *, int64_t id);
/* It was taken away, or that cannot be known: the fault says so. */
bool api_alert_gone(struct api_call *, struct db *, int64_t id);

/* serve_acts.c */
bool api_alert_raise(struct api_call *, struct store *);
bool api_alert_change(struct api_call *, struct store *);
bool api_alert_delete(struct api_call *, struct store *);
#define API_ACT_DECLARE(id, name) bool api_act_##id(struct api_call *, struct store *);
TRIAGE_ACTS(API_ACT_DECLARE)
#undef API_ACT_DECLARE

bool api_alert_step(struct api_call *, struct store *);
/* From the body of an act. */
bool api_fill_order(struct api_call *, struct triage_order *);

/* serve_bulk.c */
bool api_alerts_bulk(struct api_call *, struct store *);

/* acts.c */
#define FAILURES_MAX 1000
struct api_act {
	struct arena arena;
	int64_t id; /* of its last line in the audit log */
	char who[65];
	struct alert_before *before;
	int64_t *ids; /* of each */
	size_t n;
	size_t n_swaps; /* undone and redone */
	bool undone, raised;
};
/* For n alerts: the call's from then on, until it is settled. */
struct api_act *api_act_new(struct api_call *, size_t n);
/* It has its number; one that changed nothing is none. */
bool api_act_end(struct api_call *, struct db *, bool changed);
json_t *api_failures(const struct api_act *, bool *cut);
bool api_act_undo(struct api_call *, struct store *);
bool api_act_redo(struct api_call *, struct store *);

/* serve_calls.c */
bool api_records_list(struct api_call *, struct db *);
bool api_record_show(struct api_call *, struct db *);
bool api_calls_list(struct api_call *, struct db *);
bool api_cursor(struct api_call *, int64_t *id); /* 0: none was given; false: a fault */
json_t *api_next_cursor(struct api_call *, int64_t id);
bool api_call_show(struct api_call *, struct db *);
bool api_locations(struct api_call *, struct db *);
bool api_people(struct api_call *, struct db *);
bool api_scores(struct api_call *, struct db *);
void api_live(struct api_call *);
struct live_call;
json_t *api_live_call(const struct live_call *, int64_t now_ms);

/* serve_stories.c */
#define API_PROFILES(row)                                                       \
	row(person, SUBJECT_PERSON) row(number, SUBJECT_NUMBER) row(site, SUBJECT_SITE) \
	    row(trunk, SUBJECT_TRUNK) row(device, SUBJECT_DEVICE)
#define API_PROFILE_DECLARE(name, kind) bool api_profile_##name(struct api_call *, struct db *);
API_PROFILES(API_PROFILE_DECLARE)
#undef API_PROFILE_DECLARE
bool api_case_show(struct api_call *, struct db *);
bool api_report(struct api_call *, struct db *);
bool api_handover(struct api_call *, struct db *);

/* serve_rules.c */
bool api_rules(struct api_call *, struct db *);
bool api_rule_show(struct api_call *, struct db *);
bool api_silence_show(struct api_call *, struct db *);
bool api_silence_preview(struct api_call *, struct db *);
bool api_silences(struct api_call *, struct db *);
bool api_silence_begin(struct api_call *, struct store *);
bool api_silence_end(struct api_call *, struct store *);
bool api_audit(struct api_call *, struct db *);

/* serve_health.c */
void api_health(struct api_call *);
bool api_ready(struct api_call *, struct db *);
bool api_metrics(struct api_call *, struct db *);
void api_sync_status(struct api_call *);
void api_openapi(struct api_call *);

/* jobs.c */
void api_sync_begin(struct api_call *);
void api_job_show(struct api_call *);

/* stream.c */
void api_stream(struct api_call *);

/* sign_in.c */
#define SIGNED_IN_WORDS "Centinela is signed in to Webex. This page may be closed."
void api_login(struct api_call *);
void api_callback(struct api_call *);
void api_sign_in_status(struct api_call *);
void api_refresh(struct api_call *);
void api_logout(struct api_call *);

#endif
