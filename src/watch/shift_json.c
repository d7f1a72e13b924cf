/* SPDX-License-Identifier: Apache-2.0 */
#include "watch/shift_json.h"

#include "base/i18n.h"
#include "base/mask.h"
#include "store/row_json.h"

bool shift_has_gap(const struct shift_report *report, const struct sync_gap *gap)
{
	return gap->from_ms < report->until_ms && gap->until_ms > report->from_ms;
}

static json_t *by_severity(const int64_t counts[4])
{
	json_t *object = json_object();
	for (int i = 0; i < 4; i++)
		json_object_set_new(object, severity_name((enum severity)i), json_integer(counts[i]));
	return object;
}

static json_t *masked(bool is_masked, json_t *value)
{
	if (is_masked)
		json_mask(value, mask_text);
	return value;
}

/* cases: of each, what else of its case is open; NULL */
static json_t *alerts_of(const struct shift_report *r, const struct alert *alerts, const struct shift_case *cases, size_t n, bool is_masked)
{
	json_t *list = json_array();
	for (size_t i = 0; i < n; i++) {
		json_t *object = json_alert(&alerts[i], NULL, 0);
		json_object_del(object, "report_ids");
		json_object_del(object, "reasons");
		json_object_set_new(object, "late", json_boolean(shift_is_late(&alerts[i], r->until_ms)));
		if (cases != NULL)
			json_object_set_new(object, "of_case", json_pack("{s:I, s:I, s:I, s:o, s:o}", "id", (json_int_t)cases[i].id, "open", (json_int_t)cases[i].n,
			    "late", (json_int_t)cases[i].n_late, "by_severity", by_severity(cases[i].by_severity), "oldest", json_time(cases[i].oldest_ms)));
		json_array_append_new(list, masked(is_masked, object));
	}
	return list;
}

json_t *json_shift(const struct shift_report *r, const struct sync_gap *all_gaps, size_t n_gaps, bool is_masked)
{
	json_t *sites = json_array(), *owners = json_array(), *ends = json_array(), *notes_ = json_array(), *rules = json_array(), *gaps = json_array(),
	       *closed = json_object();
	for (size_t i = 0; i < r->n_sites; i++)
		json_array_append_new(sites, json_pack("{s:o, s:I, s:o}", "location", json_text(r->sites[i].name), "raised", (json_int_t)r->sites[i].n,
		    "by_severity", by_severity(r->sites[i].by_severity)));
	for (size_t i = 0; i < r->n_owners; i++)
		json_array_append_new(owners, json_pack("{s:o, s:I, s:I, s:o}", "assignee", *r->owners[i].name != '\0' ? json_text(r->owners[i].name) : json_null(),
		    "open", (json_int_t)r->owners[i].n, "late", (json_int_t)r->owners[i].n_late, "by_severity", by_severity(r->owners[i].by_severity)));
	for (size_t i = 0; i < r->n_ends; i++)
		json_array_append_new(ends, json_pack("{s:o, s:s, s:I, s:o}", "time", json_time(r->ends[i].at_ms), "kind", r->ends[i].silence ? "silence" : "snooze",
		    "alert_id", (json_int_t)r->ends[i].alert->id, "title", masked(is_masked, json_text(in_language(r->ends[i].alert->title_en, r->ends[i].alert->title_es)))));
	for (size_t i = 0; i < r->n_notes; i++)
		json_array_append_new(notes_, json_pack("{s:o, s:o, s:I, s:o, s:o}", "time", json_time(r->notes[i].at_ms), "who", json_text(r->notes[i].who),
		    "alert_id", (json_int_t)r->notes[i].alert_id, "title", masked(is_masked, json_text(in_language(r->notes[i].title_en, r->notes[i].title_es))),
		    "text", masked(is_masked, json_text(r->notes[i].text))));
	for (size_t i = 0; i < r->n_rules; i++)
		json_array_append_new(rules, json_pack("{s:o, s:o, s:I, s:I, s:I}", "rule", json_text(r->rules[i].rule), "title",
		    masked(is_masked, json_text(in_language(r->rules[i].title_en, r->rules[i].title_es))), "raised", (json_int_t)r->rules[i].n, "closed", (json_int_t)r->rules[i].n_closed, "closed_as_false", (json_int_t)r->rules[i].n_false));
	for (size_t i = 0; i < n_gaps; i++)
		if (shift_has_gap(r, &all_gaps[i]))
			json_array_append_new(gaps, json_pack("{s:o, s:o}", "from", json_time(all_gaps[i].from_ms), "until", json_time(all_gaps[i].until_ms)));
	for (int k = 0; k < N_RESOLUTIONS; k++)
		if (r->closed[k] > 0)
			json_object_set_new(closed, k == RESOLUTION_NONE ? "none" : resolution_name((enum resolution)k), json_integer(r->closed[k]));
	json_t *root = json_pack("{s:o, s:o, s:b, s:I, s:o, s:o, s:I, s:o, s:I, s:I, s:I, s:o}", "from", json_time(r->from_ms), "until", json_time(r->until_ms),
	    "over", r->past, "raised", (json_int_t)r->n_raised, "raised_by_severity", by_severity(r->raised), "cost_raised", json_money(r->cost_raised_micro, 0),
	    "open", (json_int_t)r->n_open, "open_by_severity", by_severity(r->open), "late", (json_int_t)r->n_late, "snoozed", (json_int_t)r->n_snoozed,
	    "closed", (json_int_t)r->n_closed, "closed_by_resolution", closed);
	json_object_set_new(root, "sites", sites);
	json_object_set_new(root, "owners", owners);
	json_object_set_new(root, "open_alerts", alerts_of(r, r->open_alerts, r->open_cases, r->n_open_listed, is_masked));
	json_object_set_new(root, "closed_alerts", alerts_of(r, r->closed_alerts, NULL, r->n_closed_listed, is_masked));
	json_object_set_new(root, "ends_in_next_shift", ends);
	json_object_set_new(root, "notes", notes_);
	json_object_set_new(root, "noisy_rules", rules);
	json_object_set_new(root, "gaps", gaps);
	return root;
}
