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

bool alert_is_told_by(const struct alert *alert, const struct finding *f)
{
	return f->score >= alert->score;
}

void alert_grow(struct alert *alert, const struct finding *f, size_t n_new)
{
	alert->first_ms = MIN(alert->first_ms, f->first_ms);
	alert->last_ms = MAX(alert->last_ms, f->last_ms);
	alert->count += (int64_t)n_new;
	/* A person's escalation stands; a rule may only raise it further. */
	alert->severity = MAX(alert->severity, f->severity);
	alert->cost_per_hour_micro = MAX(alert->cost_per_hour_micro, f->cost_per_hour_micro);
	if (alert_is_told_by(alert, f)) {
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

static void reasons_of(const json_t *list, struct arena *arena, struct reason **out, size_t *n)
{
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
	reasons_of(list, arena, out, n);
	json_decref(list);
	return true;
}

void alert_texts_write(struct text *out, const struct alert *alert)
{
	text_puts(out, "{\"en\":");
	json_quote(out, alert->title_en);
	text_puts(out, ",\"es\":");
	json_quote(out, alert->title_es);
	text_puts(out, ",\"reasons\":");
	reasons_write(out, alert->reasons, alert->n_reasons);
	text_putc(out, '}');
}

bool alert_texts_read(const char *json, struct arena *arena, struct alert *alert)
{
	json_t *texts;
	if (!json_parse(json, strlen(json), &texts, NULL))
		return false;
	alert->title_en = arena_strdup(arena, json_str(texts, "en", ""));
	alert->title_es = arena_strdup(arena, json_str(texts, "es", ""));
	struct reason *reasons;
	reasons_of(json_object_get(texts, "reasons"), arena, &reasons, &alert->n_reasons);
	alert->reasons = reasons;
	json_decref(texts);
	return true;
}
