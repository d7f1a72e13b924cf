/* SPDX-License-Identifier: Apache-2.0
 *
 * Records, calls, who and where: what the panes show, as JSON. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "api/serve.h"
#include "base/iso_time.h"
#include "calls/directory.h"
#include "filter/filter.h"
#include "store/query_legs.h"
#include "store/row_json.h"

#define LIVE_MAX 1000

/* A cursor is the id of the last row. */
bool api_cursor(struct api_call *call, int64_t *id)
{
	const char *text;
	*id = 0;
	if (!api_cursor_open(call, &text))
		return false;
	if (text == NULL || text_to_int(text, 1, INT64_MAX - 1, id))
		return true;
	call->wrong = "cursor";
	return fault_set(&call->fault, FAULT_INPUT, "cursor is the next_cursor of the page before");
}

json_t *api_next_cursor(struct api_call *call, int64_t id)
{
	return json_string(api_cursor_seal(call, arena_printf(&call->arena, "%lld", (long long)id)));
}

bool api_records_list(struct api_call *call, struct db *db)
{
	struct leg_query query = { .until_ms = api_int(call->query, "end_time", call->event_ms), .limit = (size_t)api_int(call->query, "limit", 100),
		.newest_first = api_int(call->query, "order", 0) == 0, .location = api_text(call->query, "location", ""),
		.user_uuid = api_text(call->query, "user", ""), .number = api_text(call->query, "number", "") };
	struct leg_list list;
	char from[ISO_TIME_BYTES], until[ISO_TIME_BYTES];
	query.from_ms = api_int(call->query, "start_time", query.until_ms - DAY_MS);
	if (query.from_ms >= query.until_ms) {
		call->wrong = "start_time";
		return fault_set(&call->fault, FAULT_INPUT, "start_time is before end_time");
	}
	if (!api_cursor(call, &query.after_id) || !query_legs_page(db, &query, &call->arena, &list, &call->fault))
		return false;
	json_t *items = json_array();
	for (size_t i = 0; i < list.n; i++)
		json_array_append_new(items, json_leg(&list.items[i]));
	api_put_json(call, json_pack("{s:o, s:I, s:s, s:s, s:o}", "items", items, "count", (json_int_t)list.n, "start_time", iso_time_format(query.from_ms, from),
	    "end_time", iso_time_format(query.until_ms, until), "next_cursor", list.more ? api_next_cursor(call, list.items[list.n - 1].leg_id) : json_null()));
	return true;
}

bool api_record_show(struct api_call *call, struct db *db)
{
	struct leg_row leg;
	const char *raw;
	size_t n;
	json_t *record = NULL;
	struct fault unkept = { 0 };
	if (!query_leg(db, call->id, &call->arena, &leg, &call->fault))
		return false;
	/* As Webex sent it, where that is kept. */
	if (query_raw(db, call->id, &call->arena, &raw, &n, &unkept) && !json_parse(raw, n, &record, &unkept))
		record = NULL;
	json_t *out = json_leg(&leg);
	json_object_set_new(out, "record", record == NULL ? json_null() : record);
	api_put_json(call, out);
	return true;
}

bool api_calls_list(struct api_call *call, struct db *db)
{
	struct call_query query = { .filter = api_text(call->query, "filter", ""), .now_ms = call->event_ms, .limit = (size_t)api_int(call->query, "limit", 100) };
	struct call_list list;
	if (!api_cursor(call, &query.before_id) || !query_calls(db, &query, &call->arena, &list, &call->fault))
		return false;
	json_t *items = json_array();
	for (size_t i = 0; i < list.n; i++)
		json_array_append_new(items, json_call(&list.items[i]));
	api_put_json(call, json_pack("{s:o, s:I, s:o}", "items", items, "count", (json_int_t)list.n, "next_cursor",
	    list.more && list.n > 0 ? api_next_cursor(call, list.items[list.n - 1].id) : json_null()));
	return true;
}

bool api_call_show(struct api_call *call, struct db *db)
{
	struct call_detail detail;
	if (!query_call(db, call->id, &call->arena, &detail, &call->fault))
		return false;
	json_t *out = json_call(&detail.call), *legs = json_array(), *journey = json_array();
	for (size_t i = 0; i < detail.n_legs; i++)
		json_array_append_new(legs, json_leg(&detail.legs[i]));
	for (size_t i = 0; i < detail.n_journey; i++)
		json_array_append_new(journey, json_call(&detail.journey[i]));
	json_object_set_new(out, "records", legs);
	json_object_set_new(out, "journey", journey);
	api_put_json(call, out);
	return true;
}

static bool filter_of(struct api_call *call, enum filter_of of, struct filter *filter)
{
	const char *source = api_text(call->query, "filter", "");
	if (filter_parse(of, source, strlen(source), call->event_ms, NULL, filter, NULL, &call->fault, NULL))
		return true;
	call->wrong = "filter";
	return false;
}

bool api_locations(struct api_call *call, struct db *db)
{
	struct location_list list;
	struct filter filter;
	if (!filter_of(call, FILTER_LOCATIONS, &filter))
		return false;
	bool ok = query_locations(db, call->event_ms, &call->arena, &list, &call->fault);
	json_t *items = json_array();
	for (size_t i = 0; ok && i < list.n; i++)
		if (filter_passes(&filter, query_read_location, &list.items[i], call->event_ms))
			json_array_append_new(items, json_location(&list.items[i]));
	filter_clear(&filter);
	api_put_json(call, json_pack("{s:o}", "items", items));
	return ok;
}

bool api_people(struct api_call *call, struct db *db)
{
	struct directory *directory = directory_new();
	struct filter filter;
	size_t limit = (size_t)api_int(call->query, "limit", 1000), skip = (size_t)api_int(call->query, "offset", 0), n = 0;
	json_t *items = json_array();
	bool ok = filter_of(call, FILTER_PEOPLE, &filter);
	if (ok) {
		ok = query_directory(db, directory, &call->fault);
		for (size_t i = 0; ok && i < directory->n_people; i++) {
			const struct person *p = &directory->people[i];
			const struct site *site = directory_site(directory, p->site_uuid);
			const struct filter_person of = { p, site == NULL ? "" : site->name };
			if (!filter_passes(&filter, filter_read_person, &of, 0))
				continue;
			if (n >= skip && n < skip + limit)
				json_array_append_new(items, json_person(p, of.location));
			n++;
		}
		filter_clear(&filter);
	}
	directory_free(directory);
	api_put_json(call, json_pack("{s:o, s:I}", "items", items, "total", (json_int_t)n));
	return ok;
}

bool api_scores(struct api_call *call, struct db *db)
{
	struct score_list list;
	if (!query_scores(db, call->event_ms, api_text(call->query, "filter", ""), (size_t)api_int(call->query, "limit", 100), &call->arena, &list, &call->fault))
		return false;
	json_t *items = json_array();
	for (size_t i = 0; i < list.n; i++)
		json_array_append_new(items, json_score(&list.items[i]));
	api_put_json(call, json_pack("{s:o}", "items", items));
	return true;
}

/* ---- what is up now: on the loop, which has it -------------------------------------------- */

json_t *api_live_call(const struct live_call *c, int64_t now_ms)
{
	return json_pack("{s:o, s:s, s:s, s:b, s:o, s:{s:o, s:o}, s:o, s:o, s:o, s:s, s:s, s:s, s:o, s:o, s:I, s:o}", "call_id", json_text(c->call_id), "state",
	    live_call_state_name(c->state), "direction", c->originator ? "outbound" : "inbound", "external", c->external, "location", json_text(c->location), "user", "id",
	    json_text(c->person_uuid), "name", json_text(c->person_name), "far_number", json_text(live_call_number(c)), "far_name", json_text(c->remote_name),
	    "reported_number", json_text(c->remote_number), "country", c->remote.country, "class", number_class_name(c->remote.class), "tier",
	    risk_tier_name(c->remote.tier), "start_time", json_time(c->created_ms), "answer_time", json_time(c->answered_ms), "duration_s",
	    (json_int_t)(c->answered_ms == 0 ? 0 : MAX(now_ms - c->answered_ms, 0) / 1000), "cost", json_money(live_call_cost_micro(c, now_ms), 0));
}

void api_live(struct api_call *call)
{
	const struct live_calls *live = call->api->board->live;
	struct filter filter;
	size_t n_all = live_calls_count(live), limit = (size_t)api_int(call->query, "limit", LIVE_MAX), n = 0;
	if (!filter_of(call, FILTER_LIVE, &filter)) {
		api_answer(call);
		return;
	}
	json_t *items = json_array();
	for (size_t i = 0; i < n_all; i++) {
		const struct live_call *c = live_calls_at(live, i);
		if (!filter_passes(&filter, filter_read_live, c, call->event_ms))
			continue;
		if (n++ < limit)
			json_array_append_new(items, api_live_call(c, call->event_ms));
	}
	filter_clear(&filter);
	api_put_json(call, json_pack("{s:o, s:I}", "items", items, "total", (json_int_t)n));
	api_answer(call);
}
