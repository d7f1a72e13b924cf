/* SPDX-License-Identifier: Apache-2.0
 *
 * Stories: what is known of a person, a number, a site, a trunk, a device; of a case;
 * of a stretch of time, as `report` tells it, and of a shift. */
#include <string.h>

#include "api/serve.h"
#include "store/profile_json.h"
#include "store/query_case.h"
#include "store/query_shift.h"
#include "store/story_json.h"
#include "watch/report.h"
#include "watch/shift_json.h"

#define REPORT_LONGEST (400 * DAY_MS)

static bool is_masked(const struct api_call *call)
{
	return call->api->config.masked && !call->whole_numbers;
}

/* ---- who ---------------------------------------------------------------------------------- */

static bool show_profile(struct api_call *call, struct db *db, enum subject_kind kind)
{
	struct profile profile;
	if (!query_profile(db, kind, call->name, call->event_ms, &call->arena, &profile, &call->fault))
		return false;
	/* Who is unknown has no calls, which is no fault in a pane: here nobody was asked for that is. */
	if (profile.last_ms == 0 && profile.n_alerts == 0 && (profile.name == NULL || *profile.name == '\0' || strcmp(profile.name, call->name) == 0))
		return fault_set(&call->fault, FAULT_NOT_FOUND, "nothing is known of that %s", subject_kind_name(kind));
	if (!query_closers(db, &call->arena, profile.alerts, profile.n_alerts, &call->fault))
		return false;
	api_put_json(call, json_profile(&profile));
	return true;
}

#define PROFILE_FUNCTION(name, kind)                                    \
	bool api_profile_##name(struct api_call *call, struct db *db)   \
	{                                                               \
		return show_profile(call, db, kind);                    \
	}
API_PROFILES(PROFILE_FUNCTION)

/* ---- a case ------------------------------------------------------------------------------- */

bool api_case_show(struct api_call *call, struct db *db)
{
	struct case_story story;
	if (!query_case(db, CASE_NUMBERED, call->id, &call->arena, &story, &call->fault))
		return false;
	json_t *out = json_story(&story, is_masked(call)), *alerts = json_object_get(out, "alerts");
	for (size_t i = 0; i < story.n_alerts; i++)
		json_object_set_new(json_array_get(alerts, i), "status", json_string(api_status_word(&story.alerts[i])));
	api_put_json(call, out);
	return true;
}

/* ---- a stretch of time ---------------------------------------------------------------------- */

/* Until is now, unless told. */
static bool read_stretch(struct api_call *call, int64_t length_ms, int64_t *from_ms, int64_t *until_ms)
{
	*until_ms = api_int(call->query, "end_time", call->event_ms);
	*from_ms = api_int(call->query, "start_time", *until_ms - length_ms);
	if (*from_ms < *until_ms && *until_ms - *from_ms <= REPORT_LONGEST)
		return true;
	call->wrong = "start_time";
	return fault_set(&call->fault, FAULT_INPUT, "start_time is before end_time, and at most 400 days");
}

bool api_report(struct api_call *call, struct db *db)
{
	struct report_of of = { .backfill_ms = call->api->config.backfill_ms };
	if (!read_stretch(call, DAY_MS, &of.from_ms, &of.until_ms))
		return false;
	json_t *out = report_gather(db, &of, &call->arena, &call->fault);
	if (out == NULL)
		return false;
	api_put_json(call, out);
	return true;
}

bool api_handover(struct api_call *call, struct db *db)
{
	int64_t from_ms, until_ms;
	struct shift_report report;
	struct sync_gap gaps[REPORT_GAPS_MAX];
	size_t n_gaps;
	if (!read_stretch(call, call->api->config.shift_ms, &from_ms, &until_ms) ||
	    !query_shift(db, from_ms, until_ms, call->event_ms, &call->arena, &report, &call->fault) ||
	    !report_gaps(db, call->api->config.backfill_ms, call->event_ms, gaps, COUNT_OF(gaps), &n_gaps, &call->fault))
		return false;
	api_put_json(call, json_shift(&report, gaps, n_gaps, is_masked(call)));
	return true;
}
