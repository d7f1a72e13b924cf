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

/* ---- in the order of the queue --------------------------------------------------- */

static enum alert_order order_now; /* qsort has no argument; questions are asked one at a time */

static int compare_ints(int64_t x, int64_t y)
{
	return (x > y) - (x < y);
}

/* 2 waits for somebody, 1 is asleep, 0 is closed. */
static int rank_of(const struct alert *alert)
{
	return alert->state == ALERT_CLOSED ? 0 : alert->state == ALERT_SNOOZED ? 1 : 2;
}

static int by_order(const void *a, const void *b)
{
	const struct alert *x = a, *y = b;
	int order = rank_of(y) - rank_of(x);
	if (order != 0)
		return order;
	switch (order_now) {
	case ORDER_SEVERITY: order = compare_ints(y->severity, x->severity); break;
	case ORDER_SCORE: order = compare_ints(y->score, x->score); break;
	case ORDER_WHO: order = strcmp(x->subject_name, y->subject_name); break;
	case ORDER_RULE: order = strcmp(x->rule, y->rule); break;
	case ORDER_SITE: order = strcmp(x->location, y->location); break;
	case ORDER_HITS: order = compare_ints(y->count, x->count); break;
	case ORDER_COST: order = compare_ints(y->cost_micro, x->cost_micro); break;
	case ORDER_STATE: order = compare_ints(x->state, y->state); break;
	case ORDER_OWNER: order = strcmp(x->assignee, y->assignee); break;
	case ORDER_TIME: case N_ORDERS: break;
	}
	if (order == 0)
		order = compare_ints(y->raised_ms, x->raised_ms);
	return order != 0 ? order : compare_ints(y->id, x->id);
}

static char *group_key(const struct alert *a, enum alert_grouping grouping)
{
	switch (grouping) {
	case GROUP_CASE: return mem_printf("%lld", (long long)(a->case_id != 0 ? a->case_id : a->id));
	case GROUP_SUBJECT: return mem_printf("%d %s", (int)a->subject_kind, a->subject_id);
	case GROUP_FINGERPRINT: return mem_printf("%llu", (unsigned long long)a->fingerprint);
	case GROUP_RULE: return mem_strdup(a->rule);
	case GROUP_SITE: return mem_strdup(a->location);
	case GROUP_NONE: case N_GROUPINGS: break;
	}
	return mem_printf("%lld", (long long)a->id);
}

static void join(struct alert_group *group, const struct alert *alert, bool with_ids)
{
	bool first = group->n == 0;
	group->n++;
	group->hits += alert->count;
	group->cost_micro += alert->cost_micro;
	/* They come in the order of the queue: what waits before what does not. */
	group->severity = first ? alert->severity : MAX(group->severity, alert->severity);
	group->score = MAX(group->score, alert->score);
	if (with_ids && group->n_ids < GROUP_MEMBERS_MAX)
		((int64_t *)group->ids)[group->n_ids++] = alert->id;
}

/* Alerts in their order become rows, each where its first alert stands; those that were
 * asked to be open bring their alerts along. */
static void make_groups(struct arena *arena, const struct past_query *query, struct alert_list *list)
{
	size_t n = 0, n_all = list->n;
	struct map groups = { 0 };
	struct alert *all = list->items;
	bool with_ids = query->grouping != GROUP_RULE && query->grouping != GROUP_SITE;
	list->items = arena_alloc(arena, (n_all + 1) * sizeof *list->items);
	list->groups = arena_zalloc(arena, (n_all + 1) * sizeof *list->groups);
	int64_t *group_of = mem_alloc((n_all + 1) * sizeof *group_of);
	for (size_t i = 0; i < n_all; i++) {
		bool is_new;
		char *key = group_key(&all[i], query->grouping);
		union map_value *at = map_put(&groups, key, &is_new);
		free(key);
		if (is_new) {
			at->number = (int64_t)n;
			list->items[n++] = all[i];
		}
		group_of[i] = at->number;
		list->groups[at->number].n_ids++; /* counted first, to know how much room */
	}
	for (size_t g = 0; g < n; g++) {
		struct alert_group *group = &list->groups[g];
		group->ids = arena_alloc(arena, (MIN(group->n_ids, (size_t)GROUP_MEMBERS_MAX) + 1) * sizeof *group->ids);
		group->n_ids = 0;
	}
	for (size_t i = 0; i < n_all; i++)
		join(&list->groups[group_of[i]], &all[i], with_ids);
	list->opened = arena_zalloc(arena, (query->n_opened + 1) * sizeof *list->opened);
	list->n_opened = query->n_opened;
	for (size_t o = 0; o < query->n_opened; o++) {
		struct alert_opened *opened = &list->opened[o];
		int64_t its = -1;
		opened->id = query->opened[o];
		for (size_t i = 0; i < n_all && its < 0; i++)
			its = all[i].id == opened->id ? group_of[i] : -1;
		opened->items = arena_alloc(arena, (n_all + 1) * sizeof *opened->items);
		for (size_t i = 0; i < n_all && its >= 0 && opened->n < GROUP_MEMBERS_MAX; i++)
			if (group_of[i] == its)
				opened->items[opened->n++] = all[i];
	}
	list->n = n;
	map_clear(&groups);
	free(group_of);
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
	order_now = query->order;
	if (ok && past.n > 0)
		qsort(past.alerts, past.n, sizeof *past.alerts, by_order);
	for (size_t i = 0; ok && i < past.n; i++) {
		const struct alert *alert = &past.alerts[i];
		bool open = alert->state != ALERT_CLOSED;
		out->n_open += open;
		out->n_by_severity[alert->severity] += open;
		out->n_mine += open && strcmp(alert->assignee, me) == 0;
		if (out->n < query->limit && (open || query->closed_too) && filter_passes(&filter, filter_read_alert, alert, query->at_ms))
			out->items[out->n++] = *alert;
	}
	if (ok && query->grouping != GROUP_NONE)
		make_groups(arena, query, out);
	*cut = past.cut;
	past_clear(&past);
	filter_clear(&filter);
	return ok;
}

/* ---- one alert, and sites ------------------------------------------------------------- */

/* Those that had been raised, by what their times tell. */
static size_t alerts_of_then(struct alert *alerts, size_t n, int64_t at_ms)
{
	size_t kept = 0;
	for (size_t i = 0; i < n; i++) {
		if (alerts[i].raised_ms > at_ms)
			continue;
		alerts[kept] = alerts[i];
		alert_relive(&alerts[kept++], NULL, 0, at_ms);
	}
	return kept;
}

void past_alert_detail(struct alert_detail *detail, int64_t at_ms)
{
	size_t n = 0;
	alert_relive(&detail->alert, detail->events, detail->n_events, at_ms);
	for (size_t i = 0; i < detail->n_events; i++)
		if (detail->events[i].at_ms <= at_ms)
			detail->events[n++] = detail->events[i];
	detail->n_events = n;
	n = 0;
	for (size_t i = 0; i < detail->n_legs; i++)
		if (detail->legs[i].report_ms <= at_ms)
			detail->legs[n++] = detail->legs[i];
	detail->n_legs = n;
	detail->n_same_case = alerts_of_then(detail->same_case, detail->n_same_case, at_ms);
	detail->n_seen_before = alerts_of_then(detail->seen_before, detail->n_seen_before, at_ms);
}

void past_profile(struct profile *profile, int64_t at_ms)
{
	profile->n_alerts = alerts_of_then(profile->alerts, profile->n_alerts, at_ms);
	profile->n_open = 0;
	profile->highest_open = 0;
	for (size_t i = 0; i < profile->n_alerts; i++) {
		bool open = profile->alerts[i].state != ALERT_CLOSED;
		profile->n_open += open;
		profile->highest_open = open ? MAX(profile->highest_open, profile->alerts[i].score) : profile->highest_open;
	}
}

bool query_past_locations(struct db *db, int64_t at_ms, struct arena *arena, struct location_list *out, struct fault *fault)
{
	struct past_query query = { .at_ms = at_ms, .limit = PAST_ALERTS_MAX };
	struct alert_list list;
	bool cut;
	if (!query_locations(db, at_ms, arena, out, fault) || !query_past_alerts(db, &query, "", arena, &list, &cut, fault))
		return false;
	for (size_t k = 0; k < out->n; k++) {
		memset(out->items[k].n_open, 0, sizeof out->items[k].n_open);
		for (size_t i = 0; i < list.n; i++)
			if (strcmp(list.items[i].location, out->items[k].name) == 0)
				out->items[k].n_open[list.items[i].severity]++;
	}
	return true;
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
