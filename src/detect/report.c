/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/text.h"
#include "detect/judge.h"
#include "detect/score.h"

#define MAX_EVIDENCE 200
/* A rate over less than this says more about the clock than about the thief. */
#define LEAST_SPAN_MS (10 * MINUTE_MS)

/* -- sentences -- */

static void put_span(struct text *out, int64_t ms)
{
	int64_t s = MAX(ms / SECOND_MS, 1);
	if (s < 120)
		text_printf(out, "%lld s", (long long)s);
	else if (s < 2 * 3600)
		text_printf(out, "%lld min", (long long)((s + 30) / 60));
	else if (s < 2 * 86400)
		text_printf(out, "%lld h", (long long)((s + 1800) / 3600));
	else
		text_printf(out, "%lld d", (long long)((s + 43200) / 86400));
}

static void put_fact(struct text *out, const char *name, bool spanish, const struct fact_view *view)
{
	struct fact_value value;
	const struct fact *fact = fact_named(name);
	if (fact == NULL)
		return;
	fact_read(fact, view, &value);
	if (!value.present && strcmp(name, "dst.country") == 0) {
		/* Satellites and global networks are nobody's country: their kind says where. */
		fact = fact_named("dst.class");
		fact_read(fact, view, &value);
	}
	if (!value.present)
		text_puts(out, "?");
	else if (spanish && fact->words_es != NULL && value.number < fact->n_words)
		text_puts(out, fact->words_es[value.number]);
	else if (fact->kind == FACT_BOOL && spanish)
		text_puts(out, value.number ? "sí" : "no");
	else {
		size_t at = out->n;
		fact_print(fact, &value, out);
		if (spanish && out->n > at && (fact->kind == FACT_MONEY || text_ends_with(name, ".expected")))
			text_comma(out->bytes + at);
	}
}

char *report_sentence(struct arena *arena, const char *template, bool spanish,
    const struct fact_view *view, const struct sigma_rule *rule, int64_t count, int64_t span_ms)
{
	struct text out = { 0 };
	char name[64];
	for (const char *p = template; *p != '\0';) {
		const char *end = *p == '{' ? strchr(p, '}') : NULL;
		size_t n = end == NULL ? 0 : (size_t)(end - p - 1);
		if (end == NULL || n >= sizeof name) {
			text_putc(&out, *p++);
			continue;
		}
		memcpy(name, p + 1, n);
		name[n] = '\0';
		p = end + 1;
		if (strcmp(name, "count") == 0)
			text_printf(&out, "%lld", (long long)count);
		else if (strcmp(name, "span") == 0)
			put_span(&out, span_ms);
		else if (strcmp(name, "window") == 0)
			put_span(&out, rule->correlation == NULL ? 0 : rule->correlation->timespan_ms);
		else if (strcmp(name, "rule") == 0)
			text_puts(&out, spanish && rule->title_es != NULL ? rule->title_es : rule->title);
		else
			put_fact(&out, name, spanish, view);
	}
	char *kept = arena_strdup(arena, text_string(&out));
	text_clear(&out);
	return kept;
}

/* -- the parts of a finding -- */

static const char *fact_text(struct arena *arena, const struct fact *fact,
    const struct fact_view *view)
{
	struct text shown = { 0 };
	struct fact_value value;
	fact_read(fact, view, &value);
	fact_print(fact, &value, &shown);
	const char *kept = arena_strdup(arena, text_string(&shown));
	text_clear(&shown);
	return kept;
}

uint64_t finding_fingerprint(const char *rule, enum subject_kind kind, const char *subject_id)
{
	return hash_mix(hash_text(rule) ^ hash_mix(hash_text(subject_id) + (uint64_t)kind));
}

static void put_subject(const struct report *r, const struct sigma_rule *rule, struct finding *f)
{
	static const struct {
		const char *id, *name;
	} by_kind[] = {
		[SUBJECT_PERSON] = { "user.uuid", "user.name" },
		[SUBJECT_NUMBER] = { "far.number", "far.number" },
		[SUBJECT_DEVICE] = { "device_mac", "model" },
		[SUBJECT_TRUNK] = { "call.trunk", "call.trunk" },
		[SUBJECT_SITE] = { "site_uuid", "site.name" },
		[SUBJECT_SERVICE] = { "user.uuid", "user.name" },
		[SUBJECT_ORG] = { "org_uuid", "org_uuid" },
	};
	/* What stands in when a record does not say whom it is about. */
	static const char *const otherwise[] = { "user.number", "site.name", "dst.number",
		"src.number" };
	struct arena *arena = r->out->arena;
	const struct fact *id = rule->subject_id != NULL ? rule->subject_id :
							   fact_named(by_kind[rule->subject_kind].id);
	const struct fact *name = rule->subject_name != NULL ? rule->subject_name :
	    rule->subject_id != NULL ? rule->subject_id : fact_named(by_kind[rule->subject_kind].name);
	f->subject_kind = rule->subject_kind;
	f->subject_id = fact_text(arena, id, r->view);
	f->subject_name = fact_text(arena, name, r->view);
	for (size_t i = 0; i < COUNT_OF(otherwise) && f->subject_id[0] == '\0'; i++)
		f->subject_id = fact_text(arena, fact_named(otherwise[i]), r->view);
	if (f->subject_name[0] == '\0')
		f->subject_name = f->subject_id;
	f->location = fact_text(arena, fact_named("site.name"), r->view);
	f->fingerprint = finding_fingerprint(f->rule, f->subject_kind, f->subject_id);
}

static void put_report_id(char out[40], const uint8_t id[16])
{
	static const char hex[] = "0123456789abcdef";
	static const uint8_t none[16];
	size_t n = 0;
	for (size_t i = 0; i < 16 && memcmp(id, none, sizeof none) != 0; i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			out[n++] = '-';
		out[n++] = hex[id[i] >> 4];
		out[n++] = hex[id[i] & 15];
	}
	out[n] = '\0';
}

static void put_evidence(const struct report *r, const struct window_result *window,
    struct finding *f)
{
	size_t others = 0, skip;
	for (size_t i = 0; window != NULL && i < window->n; i++)
		others += i != window->mine && !window->events[i].told;
	skip = others > MAX_EVIDENCE - 1 ? others - (MAX_EVIDENCE - 1) : 0;
	struct evidence *evidence =
	    arena_zalloc(r->out->arena, (others - skip + 1) * sizeof *evidence);
	size_t n = 0;
	for (size_t i = 0; window != NULL && i < window->n; i++) {
		struct window_event *event = &window->events[i];
		bool told = event->told;
		event->told = true;
		if (i == window->mine || told)
			continue;
		if (skip > 0) {
			skip--;
			continue;
		}
		evidence[n].leg_id = event->leg_id;
		put_report_id(evidence[n++].report_id, event->report);
		f->cost_micro += event->cost_micro;
	}
	struct evidence *last = &evidence[n++];
	struct span id = r->view->cdr->field[CDR_F_REPORT_ID];
	last->leg_id = r->mine->leg_id;
	text_printable(last->report_id, sizeof last->report_id, id.p, id.n);
	f->cost_micro += r->mine->cost_micro;
	f->evidence = evidence;
	f->n_evidence = n;
}

static void put_times_and_rate(const struct report *r, const struct window_result *window,
    struct finding *f)
{
	const struct window_event *first = window == NULL ? r->mine : window->events;
	size_t n = window == NULL ? 1 : window->n;
	int64_t cost = 0, ends = 0;
	f->first_ms = first->at_ms;
	f->last_ms = first[n - 1].at_ms;
	for (size_t i = 0; i < n; i++) {
		cost += first[i].cost_micro;
		ends = MAX(ends, first[i].at_ms + (int64_t)first[i].seconds * SECOND_MS);
	}
	int64_t span = MAX(ends - f->first_ms, LEAST_SPAN_MS);
	f->cost_per_hour_micro = (int64_t)((double)cost * (double)HOUR_MS / (double)span);
	f->raised_ms = r->view->cdr->report_ms;
}

/* The fact the rule turns on, when it does not say: the correlation's field,
 * or the first that its condition asks for and that is no mere flag. */
static const struct fact *first_fact(const struct expr *e)
{
	if (e->kind == EXPR_NOT)
		return NULL;
	if (e->kind == EXPR_PREDICATE) {
		const struct fact *fact = predicate_fact(e->predicate);
		return fact == NULL || fact->flag != 0 ? NULL : fact;
	}
	for (size_t i = 0; i < e->n_parts; i++) {
		const struct fact *fact = first_fact(e->parts[i]);
		if (fact != NULL)
			return fact;
	}
	return NULL;
}

/* What a correlation measured, as its rule calls it. */
static const char *measured(const struct correlation *c, struct arena *arena)
{
	return c->field == NULL ? c->type->name : arena_printf(arena, "%s(%s)", c->type->name, c->field->name);
}

static void put_reasons(const struct report *r, const struct compiled *hit,
    const struct window_result *window, struct finding *f)
{
	const struct sigma_rule *rule = hit->rule;
	struct arena *arena = r->out->arena;
	struct score score = { .arena = arena };
	int64_t measure = window == NULL ? 1 : window->measure;
	int64_t span = f->last_ms - f->first_ms;
	const struct fact *fact = rule->reason_fact;
	if (fact == NULL && rule->condition != NULL)
		fact = first_fact(rule->condition);
	const char *en = rule->text_en != NULL ? rule->text_en : rule->title;
	const char *es = rule->text_es != NULL ? rule->text_es :
	    rule->title_es != NULL	       ? rule->title_es :
						 rule->title;
	struct reason reason = {
		.fact = window != NULL ? measured(rule->correlation, arena) : fact == NULL ? "call.direction" :
											     fact->name,
		.expected = rule->expected_en == NULL ? "" :
							report_sentence(arena, rule->expected_en, false, r->view, rule, measure, span),
		.points = rule->points > 0 ? rule->points : score_of_level(rule->level),
		.text_en = report_sentence(arena, en, false, r->view, rule, measure, span),
		.text_es = report_sentence(arena, es, true, r->view, rule, measure, span),
	};
	reason.value = window != NULL ? arena_printf(arena, "%lld", (long long)measure) :
	    fact != NULL	      ? fact_text(arena, fact, r->view) :
					"";
	score_add(&score, &reason);
	score_circumstances(&score, r->view, f->cost_per_hour_micro);
	if (r->outliers != NULL && !r->memo->asked) {
		r->memo->asked = true;
		r->memo->known = outliers_weigh(r->outliers, r->view, &r->memo->outlier);
	}
	if (r->outliers != NULL && r->memo->known)
		score_outlier(&score, &r->memo->outlier);
	const union map_value *outcome = r->outcomes == NULL ? NULL : map_get(r->outcomes, rule->id);
	if (outcome != NULL)
		score_outcome(&score, outcome->pointer);
	struct reason *kept = arena_alloc(arena, score.n * sizeof *kept);
	memcpy(kept, score.reasons, score.n * sizeof *kept);
	f->reasons = kept;
	f->n_reasons = score.n;
	f->score = score.total;
	f->severity = score_severity(score.total, rule->level);
}

static struct finding *new_finding(struct findings *out)
{
	if (out->n == out->capacity) {
		size_t capacity = MAX(out->capacity * 2, (size_t)8);
		struct finding *items = arena_alloc(out->arena, capacity * sizeof *items);
		if (out->n > 0)
			memcpy(items, out->items, out->n * sizeof *items);
		out->items = items;
		out->capacity = capacity;
	}
	struct finding *f = &out->items[out->n++];
	memset(f, 0, sizeof *f);
	return f;
}

void report_hit(const struct report *r, const struct compiled *hit,
    const struct window_result *window)
{
	const struct sigma_rule *rule = hit->rule;
	struct arena *arena = r->out->arena;
	struct finding *f = new_finding(r->out);
	f->rule = arena_strdup(arena, rule->id);
	f->title_en = arena_strdup(arena, rule->title);
	f->title_es = rule->title_es == NULL ? f->title_en : arena_strdup(arena, rule->title_es);
	put_subject(r, rule, f);
	put_evidence(r, window, f);
	put_times_and_rate(r, window, f);
	put_reasons(r, hit, window, f);
}
