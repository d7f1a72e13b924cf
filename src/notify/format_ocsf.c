/* SPDX-License-Identifier: Apache-2.0
 *
 * There is no class for telephony: who was called and how stands in evidences and
 * unmapped, what was found in finding_info. */
#include <string.h>

#include "base/json.h"
#include "notify/format.h"

/* The first version in which a detection finding has is_alert. */
#define OCSF_VERSION "1.4.0"
#define CLASS_UID    2004
/* Of what an observable may be: the name of a resource. */
#define RESOURCE_NAME 38

static json_t *evidence_of(const struct destination *to, const struct alert *a)
{
	json_t *list = json_array();
	for (size_t i = 0; i < a->n_reasons; i++) {
		const struct reason *r = &a->reasons[i];
		json_array_append_new(list, json_pack("{s:{s:s, s:s, s:s, s:i, s:s}}", "data", "fact", r->fact, "value", r->value, "expected", r->expected,
		    "points", r->points, "text", to->es ? r->text_es : r->text_en));
	}
	return list;
}

static void add_subject(json_t *event, const struct alert *a)
{
	json_t *resource = json_pack("{s:s, s:s}", "uid", a->subject_id, "type", subject_kind_name(a->subject_kind));
	format_set(resource, "name", a->subject_name);
	if (*a->location != '\0')
		json_object_set_new(resource, "tags", json_pack("[{s:s, s:s}]", "name", "site", "value", a->location)); /* region is a cloud's */
	if (a->subject_kind == SUBJECT_PERSON) {
		json_t *owner = json_pack("{s:s}", "uid", a->subject_id);
		format_set(owner, "name", a->subject_name);
		json_object_set_new(resource, "owner", owner);
	}
	json_object_set_new(event, "resources", json_pack("[o]", resource));
	if (*a->subject_name != '\0')
		json_object_set_new(event, "observables", json_pack("[{s:s, s:i, s:s, s:s}]", "name", "resources.name", "type_id", RESOURCE_NAME, "type",
		    "Resource Details Object: name", "value", a->subject_name));
}

/* What an analyst raised by hand comes of no rule. */
static json_t *analytic_of(const struct alert *a, const char *title)
{
	bool by_hand = strcmp(a->rule, MANUAL_RULE) == 0;
	json_t *analytic = json_pack("{s:s, s:s, s:i}", "name", title, "type", by_hand ? "Manual" : "Rule", "type_id", by_hand ? 99 : 1);
	format_set(analytic, "uid", a->rule);
	return analytic;
}

void format_ocsf(const struct destination *to, const struct telling *telling, struct text *out)
{
	static const struct {
		int id;
		const char *name;
	} severities[] = { [SEVERITY_LOW] = { 2, "Low" }, [SEVERITY_MEDIUM] = { 3, "Medium" }, [SEVERITY_HIGH] = { 4, "High" }, [SEVERITY_CRITICAL] = { 5, "Critical" } },
	  states[] = { [ALERT_NEW] = { 1, "New" }, [ALERT_IN_PROGRESS] = { 2, "In Progress" }, [ALERT_SNOOZED] = { 2, "In Progress" }, [ALERT_CLOSED] = { 4, "Resolved" } },
	  activities[] = { [NOTICE_RAISED] = { 1, "Create" }, [NOTICE_WORSE] = { 2, "Update" }, [NOTICE_CLOSED] = { 3, "Close" }, [NOTICE_ACT] = { 2, "Update" } };
	const struct notice *n = &telling->notices[0];
	const struct alert *a = &n->alert;
	const char *title = to->es ? a->title_es : a->title_en, *why = to->es ? a->why_es : a->why_en;
	/* Open again is no creation of the finding. */
	bool anew = n->kind == NOTICE_RAISED && strcmp(n->act, "raise") != 0;
	int activity = anew ? 2 : activities[n->kind].id, status = states[a->state].id;
	const char *status_name = states[a->state].name;
	/* As OCSF says it: reviewed, and determined to be benign or a false positive. */
	if (a->state == ALERT_CLOSED && (a->resolution == RESOLUTION_FALSE_POSITIVE || a->resolution == RESOLUTION_LEGITIMATE)) {
		status = 3;
		status_name = "Suppressed";
	}
	char uid[24], case_uid[24];
	snprintf(uid, sizeof uid, "%lld", (long long)a->id);
	snprintf(case_uid, sizeof case_uid, "%lld", (long long)a->case_id);
	json_t *event = json_pack("{s:i, s:s, s:i, s:s, s:i, s:s, s:i, s:I, s:i, s:s, s:i, s:s, s:b, s:i, s:s}", "activity_id", activity, "activity_name",
	    anew ? "Update" : activities[n->kind].name, "category_uid", 2, "category_name", "Findings", "class_uid", CLASS_UID, "class_name", "Detection Finding",
	    "type_uid", CLASS_UID * 100 + activity, "time", (json_int_t)n->at_ms, "severity_id", severities[a->severity].id, "severity",
	    severities[a->severity].name, "status_id", status, "status", status_name, "is_alert", activity != 3, "risk_score", a->score, "message", title);
	json_object_set_new(event, "finding_info", json_pack("{s:s, s:s, s:s, s:I, s:I, s:I, s:o, s:[s]}", "uid", uid, "title", title, "desc",
	    *why != '\0' ? why : title, "first_seen_time", (json_int_t)a->first_ms, "last_seen_time", (json_int_t)a->last_ms, "created_time",
	    (json_int_t)a->raised_ms, "analytic", analytic_of(a, title), "types", subject_kind_name(a->subject_kind)));
	json_object_set_new(event, "metadata", json_pack("{s:s, s:s, s:s, s:{s:s, s:s, s:s}}", "version", OCSF_VERSION, "uid", telling->key, "event_code", n->act,
	    "product", "name", "Centinela", "vendor_name", "Centinela", "version", CENTINELA_VERSION));
	if (a->state == ALERT_CLOSED)
		format_set(event, "status_detail", resolution_name(a->resolution)); /* none: what was deleted */
	add_subject(event, a);
	json_object_set_new(event, "evidences", evidence_of(to, a));
	json_object_set_new(event, "unmapped", json_pack("{s:s, s:s, s:I, s:f, s:s, s:b}", "case", case_uid, "actor", n->who, "records", (json_int_t)a->count,
	    "cost_usd", (double)a->cost_micro / 1e6, "tags", a->tags == NULL ? "" : a->tags, "test", telling->test));
	put_json(out, event);
}
