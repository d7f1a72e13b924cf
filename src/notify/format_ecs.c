/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/iso_time.h"
#include "base/json.h"
#include "notify/format.h"
#include "store/row_json.h"

#define ECS_VERSION "8.11.0"

void format_ecs(const struct destination *to, const struct telling *telling, struct text *out)
{
	/* event.severity is the house's own scale; Elastic's rules use these four. */
	static const int severities[] = { [SEVERITY_LOW] = 21, [SEVERITY_MEDIUM] = 47, [SEVERITY_HIGH] = 73, [SEVERITY_CRITICAL] = 99 };
	const struct notice *n = &telling->notices[0];
	const struct alert *a = &n->alert;
	const char *title = to->es ? a->title_es : a->title_en, *why = to->es ? a->why_es : a->why_en;
	char at[ISO_TIME_BYTES], first[ISO_TIME_BYTES], last[ISO_TIME_BYTES], uid[24], case_uid[24];
	snprintf(uid, sizeof uid, "%lld", (long long)a->id);
	snprintf(case_uid, sizeof case_uid, "%lld", (long long)a->case_id);
	json_t *event = json_pack("{s:s, s:{s:s}, s:s}", "@timestamp", iso_time_format(n->at_ms, at), "ecs", "version", ECS_VERSION, "message", title);
	/* threat and indicator would make it one that others are compared with. */
	json_t *of = json_pack("{s:s, s:[s], s:[s], s:s, s:s, s:s, s:s, s:i, s:f, s:s, s:s, s:s}", "kind", "alert", "category", "intrusion_detection", "type",
	    "info", "id", telling->key, "action", n->act, "dataset", "centinela.alert", "module", "centinela", "severity", severities[a->severity],
	    "risk_score", (double)a->score, "start", iso_time_format(a->first_ms, first), "end", iso_time_format(a->last_ms, last), "provider", "centinela");
	format_set(of, "reason", why);
	json_object_set_new(event, "event", of);
	json_t *rule = json_pack("{s:s}", "name", title);
	format_set(rule, "id", a->rule);
	json_object_set_new(event, "rule", rule);
	json_object_set_new(event, "observer", json_pack("{s:s, s:s, s:s, s:s}", "vendor", "Centinela", "product", "Centinela", "type", "ids", "version", CENTINELA_VERSION));
	/* related.user is who is looked for in any field: a site or a trunk is no user. */
	if (a->subject_kind == SUBJECT_PERSON) {
		json_t *user = json_pack("{s:s}", "id", a->subject_id), *users = json_pack("[s]", a->subject_id);
		format_set(user, "full_name", a->subject_name);
		if (*a->subject_name != '\0' && strcmp(a->subject_name, a->subject_id) != 0)
			json_array_append_new(users, json_text(a->subject_name));
		json_object_set_new(event, "user", user);
		json_object_set_new(event, "related", json_pack("{s:o}", "user", users));
	}
	/* What ECS has no place for: labels are flat texts. */
	json_object_set_new(event, "labels", json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s}", "alert_id", uid, "case_id", case_uid, "severity",
	    severity_name(a->severity), "state", alert_state_name(a->state), "resolution", resolution_name(a->resolution), "site", a->location, "subject_kind",
	    subject_kind_name(a->subject_kind), "actor", n->who, "test", telling->test ? "true" : "false"));
	put_json(out, event);
}
