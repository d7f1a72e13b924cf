/* SPDX-License-Identifier: Apache-2.0
 *
 * A case is gathered from what its alerts rest on: calls, what changed about
 * whom they are of, and the audit log. */
#include "store/query_case.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "store/alert_rows.h"
#include "store/query_profile_parts.h"
#include "store/request_rows.h"

/* The calls that the alerts of case $1 rest on, each once. */
#define ITS_LEGS  " FROM alerts a JOIN evidence e ON e.alert_id = a.id JOIN legs l ON l.id = e.leg_id WHERE a.case_id = $1 AND " NOT_TAKEN("a.id")
#define ITS_CALLS "SELECT DISTINCT l.call_id" ITS_LEGS

struct gathering {
	struct db *db;
	struct arena *arena;
	struct case_story *out;
	struct case_item *items;
	size_t n, capacity;
	struct map admin_ids, halves; /* that stand there already */
};

static struct case_item *item(struct gathering *g, enum case_item_kind kind, int64_t at_ms)
{
	g->items = mem_grow(g->items, g->n, &g->capacity, sizeof *g->items);
	g->items[g->n] = (struct case_item){ .kind = kind, .at_ms = at_ms, .who = "" };
	return &g->items[g->n++];
}

/* ---- its alerts ------------------------------------------------------------------- */

/* The first number that a query of one number gives; 0: none. */
static bool find_number(struct db *db, const char *literal_sql, int64_t id, int64_t *out, struct fault *fault)
{
	struct statement *st = db_statement(db, literal_sql, fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "i", id);
	enum step step = db_step(db, st, fault);
	*out = step == STEP_ROW ? db_int(db, st, 0) : 0;
	db->engine->reset(st);
	return step != STEP_FAULT;
}

static bool find_case_of(struct gathering *g, int64_t alert_id, int64_t *out, struct fault *fault)
{
	return find_number(g->db, "SELECT case_id FROM alerts WHERE id = $1 AND " NOT_TAKEN("id"), alert_id, out, fault);
}

static bool find_case(struct gathering *g, enum case_named named, int64_t id, struct fault *fault)
{
	struct case_story *out = g->out;
	if (named == CASE_NUMBERED && !find_number(g->db, "SELECT case_id FROM alerts WHERE case_id = $1 AND " NOT_TAKEN("id") " LIMIT 1", id, &out->id, fault))
		return false;
	if (out->id == 0 && !find_case_of(g, id, &out->id, fault))
		return false;
	if (out->id == 0)
		return fault_set(fault, FAULT_NOT_FOUND, _("there is no case %lld"), (long long)id);
	if (!find_case_of(g, out->id, &out->first_is_in, fault))
		return false;
	if (out->first_is_in == out->id)
		out->first_is_in = 0;
	return true;
}

static void take_alert(struct gathering *g, const struct alert *alert, int64_t *seen_ms)
{
	struct case_story *out = g->out;
	struct case_item *raised = item(g, CASE_RAISED, alert->raised_ms);
	raised->alert = alert;
	raised->alert_id = alert->id;
	out->first_ms = out->first_ms == 0 ? alert->first_ms : MIN(out->first_ms, alert->first_ms);
	out->last_ms = MAX(out->last_ms, alert->last_ms);
	if (alert->acknowledged_ms > 0)
		*seen_ms = *seen_ms == 0 ? alert->acknowledged_ms : MIN(*seen_ms, alert->acknowledged_ms);
}

/* What an act on the whole case would be for. */
static bool read_members(struct gathering *g, struct fault *fault)
{
	struct case_story *out = g->out;
	struct statement *st = db_statement(g->db, "SELECT id, rank > 0 FROM alerts WHERE case_id = $1 AND " NOT_TAKEN("id") " ORDER BY raised_ms, id LIMIT $2", fault);
	if (st == NULL)
		return false;
	db_bind(g->db, st, "ii", out->id, (int64_t)CASE_MEMBERS_MAX);
	size_t capacity = 0;
	struct case_member *members = NULL;
	enum step step;
	while ((step = db_step(g->db, st, fault)) == STEP_ROW) {
		members = mem_grow(members, out->n_members, &capacity, sizeof *members);
		members[out->n_members++] = (struct case_member){ db_int(g->db, st, 0), db_int(g->db, st, 1) != 0 };
	}
	g->db->engine->reset(st);
	out->members = arena_alloc(g->arena, (out->n_members + 1) * sizeof *members);
	if (members != NULL)
		memcpy(out->members, members, out->n_members * sizeof *members);
	free(members);
	return step == STEP_DONE;
}

/* The one that the queue's row of the case shows: what waits first, then by severity, of
 * equals the newest. */
static bool read_lead(struct gathering *g, struct fault *fault)
{
	struct statement *st = db_statement(g->db, "SELECT " ALERT_COLUMNS " FROM alerts WHERE case_id = $1 AND " NOT_TAKEN("id") " ORDER BY rank DESC, severity DESC, raised_ms DESC, id DESC LIMIT 1", fault);
	if (st == NULL)
		return false;
	db_bind(g->db, st, "i", g->out->id);
	enum step step = db_step(g->db, st, fault);
	if (step == STEP_ROW) {
		struct alert *lead = arena_zalloc(g->arena, sizeof *lead);
		alert_row_read(g->db, st, g->arena, lead);
		g->out->lead = lead;
		g->out->worst = lead->severity;
	}
	g->db->engine->reset(st);
	return step != STEP_FAULT;
}

static bool read_alerts(struct gathering *g, struct fault *fault)
{
	struct case_story *out = g->out;
	struct statement *st = db_statement(g->db, "SELECT " ALERT_COLUMNS " FROM alerts WHERE case_id = $1 AND " NOT_TAKEN("id") " ORDER BY raised_ms, id LIMIT $2", fault);
	if (st == NULL)
		return false;
	out->alerts = arena_alloc(g->arena, CASE_ALERTS_MAX * sizeof *out->alerts);
	db_bind(g->db, st, "ii", out->id, (int64_t)CASE_ALERTS_MAX);
	enum step step;
	while ((step = db_step(g->db, st, fault)) == STEP_ROW && out->n_alerts < CASE_ALERTS_MAX)
		alert_row_read(g->db, st, g->arena, &out->alerts[out->n_alerts++]);
	g->db->engine->reset(st);
	st = step == STEP_FAULT ? NULL : db_statement(g->db, "SELECT count(*), sum(CASE WHEN rank > 0 THEN 1 ELSE 0 END) FROM alerts WHERE case_id = $1 AND " NOT_TAKEN("id"), fault);
	if (st == NULL)
		return false;
	db_bind(g->db, st, "i", out->id);
	step = db_step(g->db, st, fault);
	out->n_alerts_all = step == STEP_ROW ? db_int(g->db, st, 0) : 0;
	out->n_open = step == STEP_ROW ? db_int(g->db, st, 1) : 0;
	g->db->engine->reset(st);
	int64_t seen_ms = 0;
	for (size_t i = 0; i < out->n_alerts; i++)
		take_alert(g, &out->alerts[i], &seen_ms);
	out->detect_ms = out->acknowledge_ms = -1;
	if (out->n_alerts > 0)
		out->detect_ms = MAX(out->alerts[0].raised_ms - out->first_ms, (int64_t)0);
	if (seen_ms > 0)
		out->acknowledge_ms = MAX(seen_ms - out->alerts[0].raised_ms, (int64_t)0);
	return step == STEP_ROW;
}

/* ---- its calls --------------------------------------------------------------------- */

static bool read_sums(struct gathering *g, struct fault *fault)
{
	struct case_story *out = g->out;
	struct db *db = g->db;
	struct statement *st = db_statement(db, "SELECT count(*), count(DISTINCT user_id), count(DISTINCT CASE WHEN direction <> 0 AND far_number <> '' THEN far_number END),"
	    " count(DISTINCT CASE WHEN country <> '' THEN country END), sum(talk_s), sum(cost_micro), min(start_ms), max(end_ms),"
	    " (SELECT count(DISTINCT l.id)" ITS_LEGS ") FROM calls WHERE id IN (" ITS_CALLS ")", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "i", out->id);
	enum step step = db_step(db, st, fault);
	if (step == STEP_ROW) {
		int64_t *const sums[] = { &out->n_calls, &out->n_people, &out->n_numbers, &out->n_countries, &out->talk_s, &out->cost_micro };
		for (size_t i = 0; i < COUNT_OF(sums); i++)
			*sums[i] = db_int(db, st, (int)i);
		int64_t first = db_int(db, st, 6);
		out->first_ms = first > 0 && (out->first_ms == 0 || first < out->first_ms) ? first : out->first_ms;
		out->last_ms = MAX(out->last_ms, db_int(db, st, 7));
		out->n_records = db_int(db, st, 8);
	}
	db->engine->reset(st);
	return step == STEP_ROW;
}

static bool read_countries(struct gathering *g, struct fault *fault)
{
	struct case_story *out = g->out;
	struct db *db = g->db;
	struct statement *st = db_statement(db, "SELECT country, count(*), sum(talk_s), sum(cost_micro), max(tier) FROM calls WHERE id IN (" ITS_CALLS ")"
	    " AND direction <> 0 GROUP BY country ORDER BY sum(cost_micro) DESC, count(*) DESC, country LIMIT $2", fault);
	if (st == NULL)
		return false;
	out->countries = arena_zalloc(g->arena, CASE_COUNTRIES_MAX * sizeof *out->countries);
	db_bind(db, st, "ii", out->id, (int64_t)CASE_COUNTRIES_MAX);
	enum step step;
	while ((step = db_step(db, st, fault)) == STEP_ROW && out->n_countries_listed < CASE_COUNTRIES_MAX) {
		struct case_country *row = &out->countries[out->n_countries_listed++];
		strncpy(row->country, db_text(db, st, 0), sizeof row->country - 1);
		row->n_calls = db_int(db, st, 1);
		row->talk_s = db_int(db, st, 2);
		row->cost_micro = db_int(db, st, 3);
		row->tier = (enum risk_tier)db_int(db, st, 4);
	}
	db->engine->reset(st);
	return step != STEP_FAULT;
}

static bool read_calls(struct gathering *g, struct fault *fault)
{
	int64_t ids[CASE_CALLS_MAX];
	size_t n_ids = 0, n = 0;
	struct call *calls;
	struct statement *st = db_statement(g->db, ITS_CALLS " ORDER BY l.call_id LIMIT $2", fault);
	if (st == NULL)
		return false;
	db_bind(g->db, st, "ii", g->out->id, (int64_t)CASE_CALLS_MAX);
	enum step step;
	while ((step = db_step(g->db, st, fault)) == STEP_ROW && n_ids < CASE_CALLS_MAX)
		ids[n_ids++] = db_int(g->db, st, 0);
	g->db->engine->reset(st);
	if (step == STEP_FAULT || !query_calls_of(g->db, ids, n_ids, g->arena, &calls, &n, fault))
		return false;
	for (size_t i = 0; i < n; i++) {
		struct case_item *call = item(g, CASE_CALL, calls[i].start_ms);
		call->call = &calls[i];
		call->call_id = calls[i].id;
	}
	return true;
}

/* ---- what was done ------------------------------------------------------------------- */

static bool read_acts(struct gathering *g, struct fault *fault)
{
	struct db *db = g->db;
	/* That it was raised stands there by the time of its record. */
	struct statement *st = db_statement(db, "SELECT alert_id, at_ms, who, act, was, became, note FROM audit WHERE alert_id IN"
	    " (SELECT id FROM alerts WHERE case_id = $1 AND " NOT_TAKEN("id") ") AND act <> 'raise' ORDER BY seq LIMIT $2", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "ii", g->out->id, (int64_t)CASE_ACTS_MAX);
	enum step step;
	size_t n = 0;
	while ((step = db_step(db, st, fault)) == STEP_ROW && n++ < CASE_ACTS_MAX) {
		struct alert_event *event = arena_zalloc(g->arena, sizeof *event);
		const char **const texts[] = { &event->who, &event->act, &event->before, &event->after, &event->note };
		event->at_ms = db_int(db, st, 1);
		for (size_t i = 0; i < COUNT_OF(texts); i++)
			*texts[i] = arena_printable(g->arena, db_text(db, st, 2 + (int)i));
		struct case_item *act = item(g, CASE_ACT, event->at_ms);
		act->event = event;
		act->alert_id = db_int(db, st, 0);
	}
	db->engine->reset(st);
	return step != STEP_FAULT;
}

/* ---- what changed ---------------------------------------------------------------------- */

/* Calls of a person that were forwarded to outside: by number, the first of those days. */
static bool read_forwards(struct gathering *g, const char *uuid, const char *who, struct fault *fault)
{
	struct case_story *out = g->out;
	int64_t user_id, last_day = out->last_ms / DAY_MS, first[CASE_CHANGES_MAX];
	struct map numbers = { 0 };
	size_t n_first = 0, n = 0;
	struct call *calls = NULL;
	if (!profile_find_word(g->db, uuid, &user_id, fault))
		return false;
	bool ok = true;
	for (int64_t day = last_day - CASE_LOOK_BACK; ok && user_id >= 0 && day <= last_day; day++) {
		struct statement *st = db_statement(g->db, "SELECT far_number, min(id) FROM calls WHERE day = $1 AND user_id = $2 AND direction IN (1, 3)"
		    " AND (flags & $3) <> 0 AND far_number <> '' GROUP BY far_number ORDER BY 2", fault);
		if (st == NULL) {
			ok = false;
			break;
		}
		db_bind(g->db, st, "iii", day, user_id, (int64_t)CALL_FORWARDED);
		enum step step;
		while ((step = db_step(g->db, st, fault)) == STEP_ROW) {
			bool is_new;
			map_put(&numbers, db_text(g->db, st, 0), &is_new);
			if (is_new && n_first < COUNT_OF(first))
				first[n_first++] = db_int(g->db, st, 1);
		}
		g->db->engine->reset(st);
		ok = step == STEP_DONE;
	}
	map_clear(&numbers);
	if (!ok || !query_calls_of(g->db, first, n_first, g->arena, &calls, &n, fault))
		return false;
	for (size_t i = 0; i < n; i++) {
		struct case_item *forward = item(g, CASE_FORWARD, calls[i].start_ms);
		forward->call = &calls[i];
		forward->call_id = calls[i].id;
		forward->who = who;
	}
	return true;
}

/* What was done to it, and by it, in those days: each event once, whomever it names. */
static bool read_admin(struct gathering *g, const char *id, bool site, struct admin_event **events, size_t *n, struct fault *fault)
{
	const struct case_story *out = g->out;
	if (!admin_rows_read(g->db, id, site, out->first_ms - CASE_LOOK_BACK * DAY_MS, out->last_ms + CASE_LOOK_BACK * DAY_MS, CASE_CHANGES_MAX, g->arena, events, n, fault))
		return false;
	for (size_t i = 0; i < *n; i++) {
		bool is_new;
		map_put(&g->admin_ids, (*events)[i].id, &is_new);
		if (is_new)
			item(g, CASE_ADMIN, (*events)[i].at_ms)->admin = &(*events)[i];
	}
	return true;
}

/* A record comes minutes to hours after its call: until then the call stands there as it
 * was lived, also after the last record of the case. */
#define LIVE_BEFORE HOUR_MS
#define LIVE_AFTER  (12 * HOUR_MS)

static bool read_live(struct gathering *g, enum live_of of, const char *id, struct fault *fault)
{
	struct live_half *halves;
	size_t n;
	const struct case_story *out = g->out;
	if (!live_rows_read(g->db, of, id, out->first_ms - LIVE_BEFORE, out->last_ms + LIVE_AFTER, false, CASE_LIVE_MAX, g->arena, &halves, &n, fault))
		return false;
	for (size_t i = 0; i < n; i++) {
		bool is_new;
		map_put(&g->halves, arena_printf(g->arena, "%s %lld", halves[i].half, (long long)halves[i].created_ms), &is_new);
		if (is_new)
			item(g, CASE_LIVE, halves[i].created_ms)->live = &halves[i];
	}
	return true;
}

/* What Webex told of it from some days before the story until some days after. */
static bool read_directory(struct gathering *g, const char *uuid, const char *who, struct fault *fault)
{
	struct directory_change *changes;
	struct admin_event *events;
	size_t n, n_events;
	const struct case_story *out = g->out;
	if (!read_admin(g, uuid, false, &events, &n_events, fault) ||
	    !directory_changes_read(g->db, uuid, out->first_ms - CASE_LOOK_BACK * DAY_MS, out->last_ms + CASE_LOOK_BACK * DAY_MS, CASE_CHANGES_MAX, g->arena, &changes, &n, fault))
		return false;
	for (size_t i = 0; i < n; i++) {
		struct case_item *change = item(g, CASE_DIRECTORY, changes[i].at_ms);
		change->directory = &changes[i];
		change->admin = admin_explains(&changes[i], events, n_events);
		change->who = who;
	}
	return true;
}

/* Subjects of which a profile is asked, and sites; more would keep the view waiting. */
#define SUBJECTS_MAX 3

static bool read_changes_of(struct gathering *g, const struct alert *of, struct fault *fault)
{
	const char *who = *of->subject_name != '\0' ? of->subject_name : of->subject_id;
	bool person = of->subject_kind == SUBJECT_PERSON || of->subject_kind == SUBJECT_SERVICE;
	struct profile profile;
	/* As of the end of the story: what was new then is old now. */
	if (!query_profile(g->db, of->subject_kind, of->subject_id, g->out->last_ms, g->arena, &profile, fault))
		return false;
	for (size_t i = 0; i < profile.n_changes; i++) {
		struct case_item *changed = item(g, CASE_CHANGED, profile.changes[i].first_ms);
		changed->change = &profile.changes[i];
		changed->who = who;
		changed->who_is_number = of->subject_kind == SUBJECT_NUMBER;
	}
	if ((person || of->subject_kind == SUBJECT_NUMBER) && !read_live(g, person ? LIVE_OF_PERSON : LIVE_OF_NUMBER, of->subject_id, fault))
		return false;
	return !person || (read_forwards(g, of->subject_id, who, fault) && read_directory(g, of->subject_id, who, fault));
}

static bool read_changes(struct gathering *g, struct fault *fault)
{
	const struct case_story *out = g->out;
	size_t n = 0;
	for (size_t i = 0; i < out->n_alerts && n < SUBJECTS_MAX; i++) {
		const struct alert *alert = &out->alerts[i];
		bool again = *alert->subject_id == '\0' || alert->subject_kind == SUBJECT_ORG || alert->subject_kind == SUBJECT_SITE;
		for (size_t k = 0; k < i && !again; k++)
			again = out->alerts[k].subject_kind == alert->subject_kind && strcmp(out->alerts[k].subject_id, alert->subject_id) == 0;
		if (again)
			continue;
		n++;
		if (!read_changes_of(g, alert, fault))
			return false;
	}
	return true;
}

static bool read_sites(struct gathering *g, struct fault *fault)
{
	const struct case_story *out = g->out;
	size_t n = 0;
	for (size_t i = 0; i < out->n_alerts && n < SUBJECTS_MAX; i++) {
		const char *site = out->alerts[i].location;
		bool again = *site == '\0';
		for (size_t k = 0; k < i && !again; k++)
			again = strcmp(out->alerts[k].location, site) == 0;
		if (again)
			continue;
		struct admin_event *events;
		size_t n_events;
		n++;
		if (!read_admin(g, site, true, &events, &n_events, fault))
			return false;
	}
	return true;
}

/* ---- in order ---------------------------------------------------------------------------- */

/* Of the same moment: the call, then what it raised, then what was done. */
static int by_time(const void *a, const void *b)
{
	const struct case_item *x = a, *y = b;
	if (x->at_ms != y->at_ms)
		return x->at_ms < y->at_ms ? -1 : 1;
	if (x->kind != y->kind)
		return (int)x->kind - (int)y->kind;
	return (x->alert_id > y->alert_id) - (x->alert_id < y->alert_id);
}

bool query_case(struct db *db, enum case_named named, int64_t id, struct arena *arena, struct case_story *out, struct fault *fault)
{
	struct gathering g = { .db = db, .arena = arena, .out = out };
	*out = (struct case_story){ 0 };
	bool ok = find_case(&g, named, id, fault) && read_alerts(&g, fault) && read_lead(&g, fault) && read_members(&g, fault) && read_sums(&g, fault) && read_countries(&g, fault) &&
	    read_calls(&g, fault) && read_acts(&g, fault) && read_changes(&g, fault) && read_sites(&g, fault);
	if (ok) {
		/* Lines of one moment keep the order of the log: the sort must not depend on luck. */
		if (g.n > 0)
			qsort(g.items, g.n, sizeof *g.items, by_time);
		out->items = arena_alloc(arena, (g.n + 1) * sizeof *out->items);
		if (g.n > 0)
			memcpy(out->items, g.items, g.n * sizeof *out->items);
		out->n_items = g.n;
	}
	free(g.items);
	map_clear(&g.admin_ids);
	map_clear(&g.halves);
	return ok;
}
