/* SPDX-License-Identifier: Apache-2.0 */
#include "alerts/merge.h"

#include <string.h>

void alert_from_finding(struct alert *alert, const struct finding *f)
{
	*alert = (struct alert){
		.fingerprint = f->fingerprint,
		.severity = f->severity,
		.score = f->score,
		.state = ALERT_NEW,
		.subject_kind = f->subject_kind,
		.first_ms = f->first_ms,
		.last_ms = f->last_ms,
		.raised_ms = f->raised_ms,
		.count = (int64_t)f->n_evidence,
		.cost_micro = f->cost_micro,
		.cost_per_hour_micro = f->cost_per_hour_micro,
		.rule = f->rule,
		.title_en = f->title_en,
		.title_es = f->title_es,
		.subject_id = f->subject_id,
		.subject_name = f->subject_name,
		.location = f->location,
		.assignee = "",
		.reasons = f->reasons,
		.n_reasons = f->n_reasons,
	};
}

void alert_grow(struct alert *alert, const struct finding *f, size_t n_new)
{
	alert->first_ms = MIN(alert->first_ms, f->first_ms);
	alert->last_ms = MAX(alert->last_ms, f->last_ms);
	alert->count += (int64_t)n_new;
	/* A person's escalation stands; a rule may only raise it further. */
	alert->severity = MAX(alert->severity, f->severity);
	alert->cost_per_hour_micro = MAX(alert->cost_per_hour_micro, f->cost_per_hour_micro);
	if (f->score >= alert->score) {
		alert->score = f->score;
		alert->title_en = f->title_en;
		alert->title_es = f->title_es;
		alert->reasons = f->reasons;
		alert->n_reasons = f->n_reasons;
	}
}

void alert_say_why(struct alert *alert)
{
	const struct reason *best = NULL;
	for (size_t i = 0; i < alert->n_reasons; i++) {
		if (best == NULL || alert->reasons[i].points > best->points)
			best = &alert->reasons[i];
	}
	alert->why_en = best != NULL && best->text_en != NULL ? best->text_en : "";
	alert->why_es = best != NULL && best->text_es != NULL ? best->text_es : "";
}

void reasons_write(struct text *out, const struct reason *reasons, size_t n)
{
	text_putc(out, '[');
	for (size_t i = 0; i < n; i++) {
		const struct {
			const char *key, *value;
		} parts[] = { { "fact", reasons[i].fact }, { "value", reasons[i].value },
			{ "expected", reasons[i].expected }, { "en", reasons[i].text_en },
			{ "es", reasons[i].text_es } };
		text_printf(out, "%s{\"points\":%d", i > 0 ? "," : "", reasons[i].points);
		for (size_t k = 0; k < COUNT_OF(parts); k++) {
			text_printf(out, ",\"%s\":", parts[k].key);
			json_quote(out, parts[k].value == NULL ? "" : parts[k].value);
		}
		text_putc(out, '}');
	}
	text_putc(out, ']');
}

bool reasons_read(const char *json, struct arena *arena, struct reason **out, size_t *n)
{
	json_t *list;
	*out = NULL;
	*n = 0;
	if (!json_parse(json, strlen(json), &list, NULL))
		return false;
	size_t count = json_array_size(list);
	*out = arena_zalloc(arena, count * sizeof **out);
	for (size_t i = 0; i < count; i++) {
		const json_t *item = json_array_get(list, i);
		(*out)[i] = (struct reason){
			.fact = arena_strdup(arena, json_str(item, "fact", "")),
			.value = arena_strdup(arena, json_str(item, "value", "")),
			.expected = arena_strdup(arena, json_str(item, "expected", "")),
			.points = (int)json_int(item, "points", 0),
			.text_en = arena_strdup(arena, json_str(item, "en", "")),
			.text_es = arena_strdup(arena, json_str(item, "es", "")),
		};
	}
	*n = count;
	json_decref(list);
	return true;
}
