/* SPDX-License-Identifier: Apache-2.0
 *
 * Alerts that had been raised until then, each relived up to that moment. */
#include "store/query_past.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alerts/relive.h"
#include "base/map.h"
#include "base/mem.h"
#include "filter/filter.h"
#include "store/alert_rows.h"

struct past {
	struct db *db;
	struct arena *arena;
	int64_t at_ms;
	struct alert *alerts; /* as they are now, then as they were */
	size_t n, capacity;
	struct life {
		struct alert_event *events;
		size_t n, capacity;
	} *lives; /* beside alerts */
	struct map by_id;
	bool cut;
};

/* Raised until then, and open still, or closed later than a day before. */
#define THOSE_OF_THEN " FROM alerts WHERE raised_ms <= $1 AND (rank > 0 OR closed_ms > $2) ORDER BY raised_ms DESC, id DESC LIMIT "
#define THEIR_IDS     "(SELECT id" THOSE_OF_THEN "5000)" /* PAST_ALERTS_MAX */

static bool read_rows(struct past *past, struct fault *fault)
{
	struct db *db = past->db;
	struct statement *st = db_statement(db, "SELECT " ALERT_LIST_COLUMNS THOSE_OF_THEN "$3", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "iii", past->at_ms, past->at_ms - DAY_MS, (int64_t)PAST_ALERTS_MAX + 1);
	enum step step;
	while ((step = db_step(db, st, fault)) == STEP_ROW) {
		if (past->n == PAST_ALERTS_MAX) {
			past->cut = true;
			break;
		}
		past->alerts = mem_grow(past->alerts, past->n, &past->capacity, sizeof *past->alerts);
		alert_row_read(db, st, past->arena, &past->alerts[past->n]);
		int64_t id = past->alerts[past->n].id;
		map_put_n(&past->by_id, (const char *)&id, sizeof id, NULL)->number = (int64_t)past->n++;
	}
	db->engine->reset(st);
	return step != STEP_FAULT;
}

static bool read_lives(struct past *past, struct fault *fault)
{
	struct db *db = past->db;
	past->lives = mem_zalloc((past->n + 1) * sizeof *past->lives);
	struct statement *st = db_statement(db, "SELECT alert_id, at_ms, who, act, was, became, note FROM audit WHERE alert_id IN " THEIR_IDS
	    " ORDER BY alert_id, seq", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "ii", past->at_ms, past->at_ms - DAY_MS);
	enum step step;
	while ((step = db_step(db, st, fault)) == STEP_ROW) {
		int64_t id = db_int(db, st, 0);
		const union map_value *at = map_get_n(&past->by_id, (const char *)&id, sizeof id);
		if (at == NULL)
			continue;
		struct life *life = &past->lives[at->number];
		life->events = mem_grow(life->events, life->n, &life->capacity, sizeof *life->events);
		struct alert_event *event = &life->events[life->n++];
		const char **const texts[] = { &event->who, &event->act, &event->before, &event->after, &event->note };
		event->at_ms = db_int(db, st, 1);
		for (size_t i = 0; i < COUNT_OF(texts); i++)
			*texts[i] = arena_strdup(past->arena, db_text(db, st, 2 + (int)i));
	}
	db->engine->reset(st);
	return step == STEP_DONE;
}

/* Of those that grew later: what they rested on then, which is what had been reported. */
static bool read_evidence(struct past *past, struct fault *fault)
{
	struct db *db = past->db;
	struct statement *st = db_statement(db, "SELECT e.alert_id, count(*), sum(e.cost_micro), max(l.id) FROM alerts a JOIN evidence e ON e.alert_id = a.id"
	    " JOIN legs l ON l.id = e.leg_id WHERE a.last_ms > $1 AND l.report_ms <= $1 AND a.id IN " THEIR_IDS " GROUP BY e.alert_id", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "ii", past->at_ms, past->at_ms - DAY_MS);
	enum step step;
	while ((step = db_step(db, st, fault)) == STEP_ROW) {
		int64_t id = db_int(db, st, 0);
		const union map_value *at = map_get_n(&past->by_id, (const char *)&id, sizeof id);
		if (at == NULL)
			continue;
		assert(past->alerts != NULL);
		struct alert *alert = &past->alerts[at->number];
		alert->count = db_int(db, st, 1);
		alert->cost_micro = db_int(db, st, 2);
		alert->last_ms = db_int(db, st, 3) >> 20;
	}
	db->engine->reset(st);
	return step == STEP_DONE;
}

static bool read_past(struct past *past, struct fault *fault)
{
	if (!read_rows(past, fault) || !read_lives(past, fault) || !read_evidence(past, fault))
		return false;
	for (size_t i = 0; i < past->n; i++)
		alert_relive(&past->alerts[i], past->lives[i].events, past->lives[i].n, past->at_ms);
	return true;
}

static void past_clear(struct past *past)
{
	for (size_t i = 0; past->lives != NULL && i < past->n; i++)
		free(past->lives[i].events);
	free(past->lives);
	free(past->alerts);
	map_clear(&past->by_id);
}

static int gravest_first(const void *a, const void *b)
{
	const struct alert *x = a, *y = b;
	bool closed_x = x->state == ALERT_CLOSED, closed_y = y->state == ALERT_CLOSED;
	if (closed_x != closed_y)
		return closed_x - closed_y;
	if (x->severity != y->severity)
		return (int)y->severity - (int)x->severity;
	if (x->raised_ms != y->raised_ms)
		return x->raised_ms < y->raised_ms ? 1 : -1;
	return (x->id < y->id) - (x->id > y->id);
}

bool query_past_alerts(struct db *db, const struct past_query *query, const char *me, struct arena *arena,
    struct alert_list *out, bool *cut, struct fault *fault)
{
	struct past past = { .db = db, .arena = arena, .at_ms = query->at_ms };
	struct filter filter;
	const char *source = query->filter == NULL ? "" : query->filter;
	*out = (struct alert_list){ 0 };
	if (!filter_parse(FILTER_ALERTS, source, strlen(source), query->at_ms, NULL, &filter, NULL, fault, NULL))
		return false;
	bool ok = read_past(&past, fault);
	out->items = arena_alloc(arena, (past.n + 1) * sizeof *out->items);
	if (ok && past.n > 0)
		qsort(past.alerts, past.n, sizeof *past.alerts, gravest_first);
	for (size_t i = 0; ok && i < past.n; i++) {
		const struct alert *alert = &past.alerts[i];
		bool open = alert->state != ALERT_CLOSED;
		out->n_open += open;
		out->n_by_severity[alert->severity] += open;
		out->n_mine += open && strcmp(alert->assignee, me) == 0;
		if (out->n < query->limit && (open || query->closed_too) && filter_passes(&filter, filter_read_alert, alert, query->at_ms))
			out->items[out->n++] = *alert;
	}
	*cut = past.cut;
	past_clear(&past);
	filter_clear(&filter);
	return ok;
}

/* ---- scores ---------------------------------------------------------------------------- */

static int highest_first(const void *a, const void *b)
{
	const struct alert *x = a, *y = b;
	if (x->score != y->score)
		return y->score - x->score;
	if (x->last_ms != y->last_ms)
		return x->last_ms < y->last_ms ? 1 : -1;
	return (x->id < y->id) - (x->id > y->id);
}

bool query_past_scores(struct db *db, const struct past_query *query, struct arena *arena, struct score_list *out,
    struct fault *fault)
{
	struct past past = { .db = db, .arena = arena, .at_ms = query->at_ms };
	struct filter filter;
	struct map by_subject = { 0 };
	const char *source = query->filter == NULL ? "" : query->filter;
	*out = (struct score_list){ 0 };
	if (!filter_parse(FILTER_SCORES, source, strlen(source), query->at_ms, NULL, &filter, NULL, fault, NULL))
		return false;
	bool ok = read_past(&past, fault);
	out->items = arena_alloc(arena, (past.n + 1) * sizeof *out->items);
	if (ok && past.n > 0)
		qsort(past.alerts, past.n, sizeof *past.alerts, highest_first);
	for (size_t i = 0; ok && i < past.n; i++) {
		const struct alert *a = &past.alerts[i];
		if (a->state == ALERT_CLOSED && a->last_ms <= query->at_ms - DAY_MS)
			continue;
		bool is_new;
		char *key = mem_printf("%d %s", (int)a->subject_kind, a->subject_id);
		union map_value *at = map_put(&by_subject, key, &is_new);
		free(key);
		if (!is_new) {
			struct score_row *row = &out->items[at->number];
			row->last_ms = MAX(row->last_ms, a->last_ms);
			row->count += a->count;
			row->cost_micro += a->cost_micro;
			continue;
		}
		at->number = (int64_t)out->n;
		out->items[out->n++] = (struct score_row){ .score = a->score, .kind = a->subject_kind, .id = a->subject_id, .name = a->subject_name,
			.location = a->location, .title_en = a->title_en, .title_es = a->title_es, .why_en = *a->why_en != '\0' ? a->why_en : a->title_en,
			.why_es = *a->why_en != '\0' ? a->why_es : a->title_es, .last_ms = a->last_ms, .alert_id = a->id, .count = a->count, .cost_micro = a->cost_micro };
	}
	size_t n = 0;
	for (size_t i = 0; i < out->n && n < query->limit; i++)
		if (filter_passes(&filter, query_read_score, &out->items[i], query->at_ms))
			out->items[n++] = out->items[i];
	out->n = n;
	map_clear(&by_subject);
	past_clear(&past);
	filter_clear(&filter);
	return ok;
}
