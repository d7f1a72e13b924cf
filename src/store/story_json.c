/* SPDX-License-Identifier: Apache-2.0 */
#include "store/story_json.h"

#include "base/mask.h"
#include "store/row_json.h"

/* A number, bare. */
static json_t *masked_number(const char *number, bool masked)
{
	json_t *string = json_text(number);
	if (masked)
		json_mask(string, mask_number);
	return string;
}

static json_t *call_object(const struct call *call, bool masked)
{
	json_t *object = json_call(call);
	if (masked) {
		json_object_set_new(object, "far_number", masked_number(call->far_number, true));
		json_object_set_new(object, "user_number", masked_number(call->user_number, true));
		json_object_set_new(object, "far_name", json_string(""));
	}
	return object;
}

static json_t *alert_object(const struct alert *alert, bool masked)
{
	json_t *object = json_alert(alert, NULL, 0);
	json_object_del(object, "report_ids");
	if (masked)
		json_mask(object, mask_text);
	return object;
}

static json_t *masked_text(const char *text, bool masked)
{
	json_t *string = json_text(text);
	if (masked)
		json_mask(string, mask_text);
	return string;
}

json_t *json_admin_event(const struct admin_event *event)
{
	json_t *object = json_pack("{s:o}", "time", json_time(event->at_ms));
#define TEXT_MEMBER(name, room) json_object_set_new(object, #name, json_text(event->name));
	ADMIN_TEXTS(TEXT_MEMBER)
#undef TEXT_MEMBER
	return object;
}

static const char *state_name(enum live_state state)
{
	static const char *const names[] = {
#define STATE_NAME(id, name) [id] = name,
		LIVE_STATES(STATE_NAME)
#undef STATE_NAME
	};
	return names[state];
}

json_t *json_live_half(const struct live_half *half)
{
	json_t *steps = json_array();
	for (size_t i = 0; i < half->n_steps; i++)
		json_array_append_new(steps, json_pack("{s:s, s:o}", "state", state_name(half->steps[i].state), "time", json_time(half->steps[i].at_ms)));
	return json_pack("{s:o, s:o, s:o, s:s, s:o, s:o, s:o, s:s, s:o, s:o, s:o, s:o}", "local_call_id", json_text(half->local_id), "person", json_text(half->person_name),
	    "person_id", json_text(half->person_uuid), "direction", half->originator ? "out" : "in", "number", json_text(half->number),
	    "name", json_text(half->name), "country", json_text(half->country), "tier", risk_tier_name(half->tier), "answered_time", json_time(half->answered_ms),
	    "over_time", json_time(half->over_ms), "given_up_time", json_time(half->over_ms == 0 ? half->lost_ms : 0), "steps", steps);
}

static json_t *live_object(const struct live_half *half, bool masked)
{
	json_t *object = json_live_half(half);
	if (masked) {
		json_object_set_new(object, "number", masked_number(half->number, true));
		json_object_set_new(object, "name", json_string(""));
	}
	return object;
}

static json_t *admin_object(const struct admin_event *event, bool masked)
{
	json_t *object = json_admin_event(event);
	if (masked)
		json_mask(object, mask_text);
	return object;
}

const char *json_change_name(enum profile_change_kind kind)
{
	static const char *const names[] = { [CHANGE_SITE] = "site", [CHANGE_TRUNK] = "trunk", [CHANGE_NUMBER] = "number",
		[CHANGE_PERSON] = "person", [CHANGE_DEVICE] = "device", [CHANGE_COUNTRY] = "country" };
	return names[kind];
}

static const char *kind_name(enum case_item_kind kind)
{
	static const char *const names[] = { [CASE_CALL] = "call", [CASE_RAISED] = "raised", [CASE_ACT] = "act",
		[CASE_CHANGED] = "changed", [CASE_FORWARD] = "forward", [CASE_DIRECTORY] = "directory",
		[CASE_ADMIN] = "admin", [CASE_LIVE] = "live" };
	return names[kind];
}

static json_t *item_object(const struct case_item *item, bool masked)
{
	json_t *object = json_pack("{s:o, s:s}", "time", json_time(item->at_ms), "kind", kind_name(item->kind));
	if (item->alert_id != 0)
		json_object_set_new(object, "alert_id", json_integer(item->alert_id));
	if (item->call != NULL)
		json_object_set_new(object, "call", call_object(item->call, masked));
	if (item->event != NULL) {
		const struct alert_event *e = item->event;
		json_object_set_new(object, "who", json_text(e->who));
		json_object_set_new(object, "act", json_text(e->act));
		json_object_set_new(object, "before", json_text(e->before));
		json_object_set_new(object, "after", json_text(e->after));
		json_object_set_new(object, "note", masked_text(e->note, masked));
	}
	if (item->directory != NULL) {
		json_object_set_new(object, "what", json_string(item->directory->what));
		json_object_set_new(object, "before", masked_text(item->directory->was, masked));
		json_object_set_new(object, "after", masked_text(item->directory->became, masked));
	}
	if (item->live != NULL)
		json_object_set_new(object, "live", live_object(item->live, masked));
	if (item->admin != NULL)
		json_object_set_new(object, "admin", admin_object(item->admin, masked));
	if (item->kind == CASE_CHANGED || item->kind == CASE_FORWARD || item->kind == CASE_DIRECTORY)
		json_object_set_new(object, "subject", masked_text(item->who, masked));
	if (item->change != NULL) {
		json_object_set_new(object, "what", json_string(json_change_name(item->change->kind)));
		json_object_set_new(object, "value", masked_text(item->change->name, masked));
	}
	return object;
}

static json_t *seconds(int64_t ms)
{
	return ms < 0 ? json_null() : json_integer(ms / SECOND_MS);
}

json_t *json_story(const struct case_story *story, bool masked)
{
	json_t *alerts = json_array(), *countries = json_array(), *items = json_array();
	for (size_t i = 0; i < story->n_alerts; i++)
		json_array_append_new(alerts, alert_object(&story->alerts[i], masked));
	for (size_t i = 0; i < story->n_countries_listed; i++) {
		const struct case_country *row = &story->countries[i];
		json_array_append_new(countries, json_pack("{s:o, s:s, s:I, s:I, s:o}", "country", json_text(row->country), "tier", risk_tier_name(row->tier),
		    "calls", (json_int_t)row->n_calls, "talk_s", (json_int_t)row->talk_s, "cost", json_money(row->cost_micro, 0)));
	}
	for (size_t i = 0; i < story->n_items; i++)
		json_array_append_new(items, item_object(&story->items[i], masked));
	return json_pack("{s:I, s:s, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:o, s:o, s:o, s:o, s:o, s:b, s:o, s:o, s:o}", "case", (json_int_t)story->id,
	    "severity", severity_name(story->worst), "n_alerts", (json_int_t)story->n_alerts_all, "n_open", (json_int_t)story->n_open,
	    "n_records", (json_int_t)story->n_records, "n_calls", (json_int_t)story->n_calls, "n_people", (json_int_t)story->n_people,
	    "n_numbers", (json_int_t)story->n_numbers, "n_countries", (json_int_t)story->n_countries, "talk_s", (json_int_t)story->talk_s,
	    "cost", json_money(story->cost_micro, 0), "first_time", json_time(story->first_ms), "last_time", json_time(story->last_ms),
	    "detected_after_s", seconds(story->detect_ms), "acknowledged_after_s", seconds(story->acknowledge_ms), "masked", masked,
	    "alerts", alerts, "countries", countries, "timeline", items);
}
