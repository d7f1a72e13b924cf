/* SPDX-License-Identifier: Apache-2.0 */
#include "store/row_json.h"

#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "base/iso_time.h"
#include "calls/directory.h"

json_t *json_text(const char *text)
{
	json_t *value = json_string(text);
	if (value != NULL)
		return value;
	char clean[4096];
	text_printable(clean, sizeof clean, text, strlen(text));
	return json_string(clean);
}

json_t *json_time(int64_t ms)
{
	char text[ISO_TIME_BYTES];
	return ms == 0 ? json_null() : json_string(iso_time_format(ms, text));
}

json_t *json_id(int64_t id)
{
	char text[24];
	snprintf(text, sizeof text, "%lld", (long long)id);
	return json_string(text);
}

json_t *json_money(int64_t micro, int64_t per_hour_micro)
{
	return json_pack("{s:f, s:s, s:f, s:b}", "amount", (double)micro / 1e6, "currency", "USD",
	    "per_hour", (double)per_hour_micro / 1e6, "estimate", true);
}

static json_t *reasons_of(const struct alert *alert)
{
	bool es = strcmp(i18n_language(), "es") == 0;
	json_t *list = json_array();
	for (size_t i = 0; i < alert->n_reasons; i++) {
		const struct reason *r = &alert->reasons[i];
		json_array_append_new(list, json_pack("{s:o, s:o, s:o, s:i, s:o}", "fact", json_text(r->fact),
		    "value", json_text(r->value), "expected", json_text(r->expected), "points", r->points,
		    "text", json_text(es ? r->text_es : r->text_en)));
	}
	return list;
}

static json_t *json_words(const char *words)
{
	json_t *out = json_array();
	for (size_t n; words != NULL && *(words += strspn(words, " ")) != '\0'; words += n) {
		n = strcspn(words, " ");
		json_array_append_new(out, json_stringn(words, n));
	}
	return out;
}

json_t *json_alert(const struct alert *a, const char *const *report_ids, size_t n)
{
	bool es = strcmp(i18n_language(), "es") == 0;
	json_t *ids = json_array();
	for (size_t i = 0; i < n; i++)
		json_array_append_new(ids, json_text(report_ids[i]));
	return json_pack("{s:I, s:I, s:o, s:o, s:s, s:i, s:s, s:o, s:{s:s, s:o, s:o}, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:i, s:o, s:I, s:I}",
	    "id", (json_int_t)a->id, "case", (json_int_t)a->case_id, "rule", json_text(a->rule),
	    "title", json_text(es ? a->title_es : a->title_en), "severity", severity_name(a->severity),
	    "score", a->score, "state", alert_state_name(a->state),
	    "resolution", a->resolution == RESOLUTION_NONE ? json_null() : json_string(resolution_name(a->resolution)),
	    "subject", "kind", subject_kind_name(a->subject_kind), "id", json_text(a->subject_id), "name", json_text(a->subject_name),
	    "location", json_text(a->location), "first_time", json_time(a->first_ms),
	    "last_time", json_time(a->last_ms), "raised_time", json_time(a->raised_ms),
	    "acknowledged_time", json_time(a->acknowledged_ms), "closed_time", json_time(a->closed_ms),
	    "snoozed_until", json_time(a->snooze_until_ms), "count", (json_int_t)a->count,
	    "report_ids", ids, "reasons", reasons_of(a), "cost", json_money(a->cost_micro, a->cost_per_hour_micro),
	    "assignee", *a->assignee == '\0' ? json_null() : json_text(a->assignee), "tags", json_words(a->tags),
	    "duplicate_of", a->merged_into == 0 ? json_null() : json_integer(a->merged_into), "notes", a->n_notes,
	    "silenced_until", json_time(a->silence_until_ms), "kept_back", (json_int_t)a->kept_back,
	    "revision", (json_int_t)a->revision);
}

json_t *json_call(const struct call *c)
{
	static const struct {
		enum call_flag flag;
		const char *name;
	} flags[] = { { CALL_ANSWERED, "answered" }, { CALL_FORWARDED, "forwarded" },
		{ CALL_TRANSFERRED, "transferred" }, { CALL_QUEUED, "queued" }, { CALL_ATTENDANT, "attendant" },
		{ CALL_VOICEMAIL, "voicemail" }, { CALL_LOOK_ALIKE, "look_alike" }, { CALL_ORPHAN, "orphan" } };
	json_t *out = json_pack("{s:o, s:o, s:o, s:o, s:o, s:s, s:i, s:i, s:i, s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}",
	    "id", json_id(c->id), "journey_id", json_id(c->journey_id), "correlation_id", json_text(c->correlation_id),
	    "start_time", json_time(c->start_ms), "end_time", json_time(c->end_ms), "direction", call_direction_name(c->direction),
	    "talk_s", c->talk_s, "ring_s", c->ring_s, "legs", c->n_legs, "class", number_class_name(c->class),
	    "tier", risk_tier_name(c->tier), "country", c->country, "cost", json_money(c->cost_micro, 0),
	    "user_id", json_text(c->user_uuid), "user_name", json_text(c->user_name), "user_number", json_text(c->user_number),
	    "location", json_text(c->location), "far_number", json_text(c->far_number), "far_name", json_text(c->far_name),
	    "call_type", json_text(c->call_type), "trunk", json_text(c->trunk));
	for (size_t i = 0; i < COUNT_OF(flags); i++)
		json_object_set_new(out, flags[i].name, json_boolean(c->flags & flags[i].flag));
	return out;
}

/* ---- what panes show, one row each ---------------------------------------------------- */

static json_t *subject_of(enum subject_kind kind, const char *id, const char *name)
{
	return json_pack("{s:s, s:o, s:o}", "kind", subject_kind_name(kind), "id", json_text(id), "name", json_text(name));
}

json_t *json_leg(const struct leg_row *l)
{
	const struct {
		const char *name, *text;
	} texts[] = { { "report_id", l->report_id }, { "location", l->location }, { "far_number", l->far }, { "calling_number", l->calling },
		{ "called_number", l->called }, { "dialed_digits", l->dialed }, { "call_type", l->call_type }, { "client_type", l->client_type },
		{ "call_outcome", l->outcome }, { "call_outcome_reason", l->outcome_reason }, { "redirect_reason", l->redirect_reason },
		{ "related_reason", l->related_reason }, { "redirecting_number", l->redirecting_number }, { "inbound_trunk", l->inbound_trunk },
		{ "outbound_trunk", l->outbound_trunk }, { "local_call_id", l->local_call_id }, { "remote_call_id", l->remote_call_id },
		{ "related_call_id", l->related_call_id }, { "transfer_related_call_id", l->transfer_call_id }, { "device_mac", l->device_mac },
		{ "caller_name", l->caller_name }, { "called_name", l->called_name } };
	json_t *out = json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:i, s:i, s:s, s:b, s:{s:o, s:o, s:o, s:o}}", "id", json_id(l->leg_id), "call_id",
	    json_id(l->call_id), "start_time", json_time(l->start_ms), "answer_time", json_time(l->answer_ms), "release_time", json_time(l->release_ms),
	    "report_time", json_time(l->report_ms), "duration_s", l->duration_s, "ring_s", l->ring_s, "direction",
	    l->originating ? "ORIGINATING" : "TERMINATING", "answered", l->answered, "user", "id", json_text(l->user_uuid), "name", json_text(l->user_name),
	    "type", json_text(l->user_type), "number", json_text(l->user_number));
	for (size_t i = 0; i < COUNT_OF(texts); i++)
		json_object_set_new(out, texts[i].name, json_text(texts[i].text));
	return out;
}

json_t *json_score(const struct score_row *r)
{
	return json_pack("{s:i, s:o, s:o, s:o, s:o, s:I, s:I, s:o}", "score", r->score, "subject", subject_of(r->kind, r->id, r->name), "location",
	    json_text(r->location), "why", json_text(in_language(r->why_en, r->why_es)), "last_time", json_time(r->last_ms), "alert_id",
	    (json_int_t)r->alert_id, "count", (json_int_t)r->count, "cost", json_money(r->cost_micro, 0));
}

json_t *json_location(const struct location_row *r)
{
	return json_pack("{s:o, s:o, s:o, s:I, s:I, s:I, s:o, s:{s:I, s:I, s:I, s:I}}", "name", json_text(r->name), "uuid", json_text(r->uuid), "zone",
	    json_text(r->zone_name), "calls_last_hour", (json_int_t)r->calls_last_hour, "calls_today", (json_int_t)r->calls_today, "minutes_today",
	    (json_int_t)r->minutes_today, "cost_today", json_money(r->cost_today_micro, 0), "open_alerts", "low", (json_int_t)r->n_open[0], "medium",
	    (json_int_t)r->n_open[1], "high", (json_int_t)r->n_open[2], "critical", (json_int_t)r->n_open[3]);
}

json_t *json_person(const struct person *p, const char *location)
{
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "uuid", json_text(p->uuid), "name", json_text(p->name), "email", json_text(p->email),
	    "extension", json_text(p->extension), "number", json_text(p->number), "location", json_text(location), "team", json_text(p->team));
}

json_t *json_silence(const struct silence_row *row)
{
	char ref[SILENCE_REF_BYTES];
	bool of_alert = row->kind == SILENCE_ALIKE || row->kind == SILENCE_SNOOZE, of_rules = row->kind == SILENCE_EXCEPTION;
	return json_pack("{s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:I, s:I, s:o, s:o, s:o}", "id", silence_ref(row->kind, row->id, ref), "kind",
	    silence_kind_name(row->kind), "filter", of_alert || of_rules ? json_null() : json_text(row->filter), "file", of_rules ? json_text(row->file) : json_null(), "alert", of_alert ? json_integer((json_int_t)row->id) : json_null(),
	    "rule", of_alert ? json_text(row->rule) : json_null(), "subject", of_alert ? json_text(row->subject_name) : json_null(), "owner", json_text(row->owner),
	    "reason", json_text(row->reason), "begins", json_time(row->begin_ms), "until", row->until_ms == SILENCE_NEVER_ENDS ? json_null() : json_time(row->until_ms), "ended", json_time(row->ended_ms), "kept_back",
	    (json_int_t)row->hits, "kept_back_24h", (json_int_t)row->day_hits, "last_hit", json_time(row->last_hit_ms), "highest_kept_back",
	    row->hits > 0 && !of_rules ? json_string(severity_name(row->worst)) : json_null(), "broken", *row->broken != '\0' ? json_text(row->broken) : json_null());
}

json_t *json_kept(const struct kept_row *row)
{
	return json_pack("{s:I, s:o, s:o, s:s, s:i, s:o, s:o, s:o, s:o, s:o}", "findings", (json_int_t)row->n, "first", json_time(row->first_ms), "last",
	    json_time(row->last_ms), "severity", severity_name(row->severity), "score", row->score, "subject",
	    subject_of(row->subject_kind, row->subject_id, row->subject_name), "location", json_text(row->location), "rule", json_text(row->rule), "title",
	    json_text(in_language(row->title_en, row->title_es)), "kept_back", json_time(row->at_ms));
}

json_t *json_event(const struct alert_event *e)
{
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}", "time", json_time(e->at_ms), "who", json_text(e->who), "act", json_text(e->act), "before",
	    json_text(e->before), "after", json_text(e->after), "note", json_text(e->note));
}

json_t *json_earlier(const struct alert *alerts, size_t n)
{
	json_t *out = json_array();
	for (size_t i = 0; i < n; i++) {
		const struct alert *a = &alerts[i];
		json_array_append_new(out, json_pack("{s:I, s:o, s:s, s:o, s:o, s:o}", "id", (json_int_t)a->id, "rule", json_text(a->rule),
		    "state", alert_state_name(a->state), "resolution", a->resolution == RESOLUTION_NONE ? json_null() : json_string(resolution_name(a->resolution)),
		    "closed_by", a->closed_by == NULL ? json_null() : json_text(a->closed_by), "raised_time", json_time(a->raised_ms)));
	}
	return out;
}

void json_tame(struct text *out, const char *json, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)json[i], next = i + 1 < n ? (unsigned char)json[i + 1] : 0;
		if (c == 0x7F) {
			text_puts(out, "\\u007f");
		} else if (c == 0xC2 && next >= 0x80 && next < 0xA0) {
			text_printf(out, "\\u00%02x", next);
			i++;
		} else {
			text_putc(out, json[i]);
		}
	}
}

/* In place; what cannot be written back is not left as it was. */
static void mask_string(json_t *value, void (*mask)(const char *, struct text *))
{
	struct text out = { 0 };
	mask(json_string_value(value), &out);
	if (json_string_setn(value, text_string(&out), out.n) != 0)
		json_string_set(value, "");
	text_clear(&out);
}

void json_mask(json_t *value, void (*mask)(const char *, struct text *))
{
	const char *key;
	json_t *inner;
	size_t i;
	if (json_is_string(value))
		mask_string(value, mask);
	json_array_foreach(value, i, inner)
		json_mask(inner, mask);
	json_object_foreach(value, key, inner)
		json_mask(inner, mask);
}
