/* SPDX-License-Identifier: Apache-2.0 */
#include "store/row_json.h"

#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "base/iso_time.h"

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
