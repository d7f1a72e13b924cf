/* SPDX-License-Identifier: Apache-2.0 */
#include "store/profile_json.h"

#include "store/row_json.h"
#include "store/story_json.h"

static json_t *number(int64_t n)
{
	return json_integer((json_int_t)n);
}

static json_t *numbers(const int64_t *items, size_t n)
{
	json_t *out = json_array();
	for (size_t i = 0; i < n; i++)
		json_array_append_new(out, number(items[i]));
	return out;
}

/* ---- when ------------------------------------------------------------------------------ */

static void add_hours(json_t *out, const struct profile *p)
{
	json_t *usual = json_array(), *week = json_array(), *weekdays = json_array(), *days = json_array();
	for (int i = 0; i < 24; i++)
		json_array_append_new(usual, json_real((double)p->usual_milli[i] / 1000));
	for (int i = 0; i < 7; i++) {
		json_array_append_new(week, numbers(p->by_hour[i], 24));
		json_array_append_new(weekdays, number(p->weekdays[i]));
	}
	for (int i = 0; i < PROFILE_RECENT; i++) {
		const struct profile_day *day = &p->days[i];
		json_array_append_new(days, json_pack("{s:I, s:I, s:I, s:o}", "calls", (json_int_t)day->n_calls, "talk_s", (json_int_t)day->talk_s, "abroad",
		    (json_int_t)day->n_abroad, "cost", json_money(day->cost_micro, 0)));
	}
	json_object_set_new(out, "today", numbers(p->today, 24));
	json_object_set_new(out, "usual", usual);
	json_object_set_new(out, "by_hour", week);
	json_object_set_new(out, "weekdays", weekdays);
	json_object_set_new(out, "days", days);
}

/* ---- with whom, where to, from what ------------------------------------------------------ */

static json_t *country(const struct profile_country *c)
{
	return json_pack("{s:o, s:s, s:s, s:I, s:o, s:o, s:b}", "country", json_text(c->country), "class", number_class_name(c->class), "tier", risk_tier_name(c->tier),
	    "calls", (json_int_t)c->n_calls, "cost", json_money(c->cost_micro, 0), "first_time", json_time(c->first_ms), "new", c->is_new);
}

/* A person talks with numbers; the others' contacts are people of ours. */
static json_t *contact(const struct profile *p, const struct profile_contact *c)
{
	bool of_numbers = p->kind == SUBJECT_PERSON || p->kind == SUBJECT_SERVICE;
	return json_pack("{s:{s:s, s:o, s:o}, s:o, s:s, s:s, s:I, s:I, s:I, s:I, s:I, s:o, s:o, s:o, s:b, s:i}", "subject", "kind",
	    subject_kind_name(of_numbers ? SUBJECT_NUMBER : SUBJECT_PERSON), "id", json_text(c->id), "name", json_text(c->name), "country", json_text(c->country), "class",
	    number_class_name(c->class), "tier", risk_tier_name(c->tier), "outbound", (json_int_t)c->n_out, "inbound", (json_int_t)c->n_in, "talk_s",
	    (json_int_t)c->talk_s, "today", (json_int_t)c->n_today, "abroad", (json_int_t)c->n_abroad, "cost", json_money(c->cost_micro, 0), "first_time",
	    json_time(c->first_ms), "last_time", json_time(c->last_ms), "new", c->is_new, "score", c->score);
}

static json_t *device(const struct profile_device *d)
{
	return json_pack("{s:o, s:I, s:o, s:o, s:b}", "device", json_text(d->mac), "calls", (json_int_t)d->n_calls, "first_time", json_time(d->first_ms), "last_time",
	    json_time(d->last_ms), "new", d->is_new);
}

static json_t *change(const struct profile_change *c)
{
	return json_pack("{s:s, s:o, s:o}", "what", json_change_name(c->kind), "value", json_text(c->name), "first_time", json_time(c->first_ms));
}

static json_t *peers(const struct profile_peers *p)
{
	if (p->n == 0)
		return json_null();
	return json_pack("{s:i, s:I, s:I, s:I, s:o, s:i, s:I}", "days", p->days, "colleagues", (json_int_t)p->n, "own", (json_int_t)p->own, "most", (json_int_t)p->most,
	    "buckets", numbers(p->buckets, PROFILE_BUCKETS), "own_bucket", p->own_bucket, "below", (json_int_t)p->n_below);
}

static json_t *load(const struct profile_load *l)
{
	return json_pack("{s:I, s:o}", "most", (json_int_t)l->most, "time", json_time(l->at_ms));
}

#define ADD_LIST(out, name, items, n, one)                                 \
	do {                                                               \
		json_t *list_ = json_array();                              \
		for (size_t i_ = 0; i_ < (n); i_++)                        \
			json_array_append_new(list_, one(&(items)[i_]));   \
		json_object_set_new(out, name, list_);                     \
	} while (0)

static void add_lists(json_t *out, const struct profile *p)
{
	json_t *contacts = json_array();
	for (size_t i = 0; i < p->n_contacts; i++)
		json_array_append_new(contacts, contact(p, &p->contacts[i]));
	json_object_set_new(out, "contacts", contacts);
	json_object_set_new(out, "contacts_total", number((int64_t)p->n_contacts_all));
	ADD_LIST(out, "countries", p->countries, p->n_countries, country);
	ADD_LIST(out, "devices", p->devices, p->n_devices, device);
	ADD_LIST(out, "changes", p->changes, p->n_changes, change);
	ADD_LIST(out, "admin", p->admin, p->n_admin, json_admin_event);
	ADD_LIST(out, "live", p->live, p->n_live, json_live_half);
	ADD_LIST(out, "forwards", p->forwards, p->n_forwards, json_call);
	json_object_set_new(out, "forwards_total", number(p->n_forwards_all));
	ADD_LIST(out, "recent", p->recent, p->n_recent, json_call);
	json_object_set_new(out, "seen_before", json_earlier(p->alerts, p->n_alerts));
}

json_t *json_profile(const struct profile *p)
{
	json_t *directions = json_object();
	json_t *out = json_pack("{s:{s:s, s:o, s:o}, s:o, s:o, s:o, s:o, s:s, s:s, s:o, s:b, s:o, s:o, s:i, s:i, s:i, s:b, s:I, s:i}", "subject", "kind",
	    subject_kind_name(p->kind), "id", json_text(p->id), "name", json_text(p->name), "number", json_text(p->number), "location", json_text(p->site), "zone",
	    json_text(p->zone_name), "country", json_text(p->country), "class", number_class_name(p->class), "tier", risk_tier_name(p->tier), "as_of",
	    json_time(p->as_of_ms), "past", p->past, "first_time", json_time(p->first_ms), "last_time", json_time(p->last_ms), "utc_offset_minutes",
	    (int)p->utc_offset_minutes, "known_days", p->known_days, "counted_days", p->counted_days, "cut", p->cut, "open_alerts", (json_int_t)p->n_open, "highest_open",
	    p->highest_open);
	for (int i = 0; i < 4; i++)
		json_object_set_new(directions, call_direction_name((enum call_direction)i), number(p->n_by_direction[i]));
	json_object_set_new(out, "by_direction", directions);
	json_object_set_new(out, "cost", json_money(p->cost_all_micro, 0));
	json_object_set_new(out, "peers", json_pack("{s:o, s:o}", "calls", peers(&p->calls), "abroad", peers(&p->abroad)));
	json_object_set_new(out, "load", json_pack("{s:o, s:o}", "today", load(&p->load_today), "before", load(&p->load_before)));
	json_object_set_new(out, "device", json_pack("{s:o, s:{s:s, s:o, s:o}}", "model", json_text(p->model), "owner", "kind", "person", "id", json_text(p->owner_id), "name",
	    json_text(p->owner_name)));
	add_hours(out, p);
	add_lists(out, p);
	return out;
}
