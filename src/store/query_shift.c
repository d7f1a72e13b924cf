/* SPDX-License-Identifier: Apache-2.0 */
#include "store/query_shift.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/map.h"
#include "base/mem.h"
#include "store/alert_rows.h"
#include "store/query_past.h"
#include "store/request_rows.h"

/* What is kept of an alert while others are walked through: its text is read in the end. */
struct place {
	int64_t id, case_id, at_ms; /* raised, or its end */
	enum severity severity;
	int rank; /* 2 waits for somebody, 1 is asleep */
	bool late, silence;
};

struct shift_reading {
	struct db *db; /* while it is read on */
	struct arena *arena;
	struct shift_report *out;
	struct past_walk *walk;
	bool walked;
	struct place open[SHIFT_OPEN_MAX + 1], ends[SHIFT_ENDS_MAX + 1];
	size_t n_open, n_ends;
	struct map cases; /* by its number: struct shift_case, of what is open in it at that moment */
};

bool shift_is_late(const struct alert *alert, int64_t at_ms)
{
	return alert->state == ALERT_NEW && at_ms - alert->raised_ms > triage_sla_ms(alert->severity);
}

static struct statement *ask(struct shift_reading *h, const char *literal_sql, int64_t a, int64_t b, struct fault *fault)
{
	struct statement *st = db_statement(h->db, literal_sql, fault);
	if (st != NULL)
		db_bind(h->db, st, "ii", a, b);
	return st;
}

/* ---- what came ------------------------------------------------------------------- */

static bool read_raised(struct shift_reading *h, struct fault *fault)
{
	struct shift_report *out = h->out;
	struct db *db = h->db;
	struct statement *st = ask(h, "SELECT location, severity, count(*) FROM alerts WHERE raised_ms > $1 AND raised_ms <= $2 AND " NOT_TAKEN("id")
	    " GROUP BY location, severity ORDER BY location, severity", out->from_ms, out->until_ms, fault);
	struct shift_site *sites = NULL;
	size_t n = 0, capacity = 0;
	enum step step = STEP_FAULT;
	while (st != NULL && (step = db_step(db, st, fault)) == STEP_ROW) {
		const char *name = db_text(db, st, 0);
		int64_t severity = db_int(db, st, 1), count = db_int(db, st, 2);
		if (severity < 0 || severity > 3)
			continue;
		if (n == 0 || strcmp(sites[n - 1].name, name) != 0) {
			sites = mem_grow(sites, n, &capacity, sizeof *sites);
			sites[n++] = (struct shift_site){ .name = arena_strdup(h->arena, name) };
		}
		sites[n - 1].n += count;
		sites[n - 1].by_severity[severity] += count;
		out->n_raised += count;
		out->raised[severity] += count;
	}
	if (st != NULL)
		db->engine->reset(st);
	/* The most first; a handful: the rest is in the queue. */
	out->sites = arena_alloc(h->arena, SHIFT_SITES_MAX * sizeof *out->sites);
	while (n > 0 && out->n_sites < SHIFT_SITES_MAX) {
		size_t most = 0;
		for (size_t i = 1; i < n; i++)
			if (sites[i].n > sites[most].n)
				most = i;
		out->sites[out->n_sites++] = sites[most];
		memmove(&sites[most], &sites[most + 1], (n - most - 1) * sizeof *sites);
		n--;
	}
	free(sites);
	if (step != STEP_DONE)
		return false;
	/* A record that several of them rest on costs what it costs once. */
	st = ask(h, "SELECT sum(cost) FROM (SELECT max(e.cost_micro) AS cost FROM alerts a JOIN evidence e ON e.alert_id = a.id"
	    " WHERE a.raised_ms > $1 AND a.raised_ms <= $2 AND " NOT_TAKEN("a.id") " GROUP BY e.leg_id) AS once", out->from_ms, out->until_ms, fault);
	if (st == NULL)
		return false;
	step = db_step(db, st, fault);
	out->cost_raised_micro = step == STEP_ROW ? db_int(db, st, 0) : 0;
	db->engine->reset(st);
	return step == STEP_ROW;
}

/* ---- what is open ------------------------------------------------------------------ */

static void count_owner(struct shift_reading *h, const struct alert *alert, bool late)
{
	struct shift_report *out = h->out;
	size_t i = 0;
	while (i < out->n_owners && strcmp(out->owners[i].name, alert->assignee) != 0)
		i++;
	if (i == SHIFT_OWNERS_MAX)
		return;
	if (i == out->n_owners)
		out->owners[out->n_owners++] = (struct shift_owner){ .name = arena_strdup(h->arena, alert->assignee) };
	out->owners[i].n++;
	out->owners[i].n_late += late;
	out->owners[i].by_severity[alert->severity]++;
}

static int nobody_first(const void *a, const void *b)
{
	const struct shift_owner *x = a, *y = b;
	bool nobody_x = *x->name == '\0', nobody_y = *y->name == '\0';
	if (nobody_x != nobody_y)
		return nobody_y - nobody_x;
	if (x->n != y->n)
		return x->n < y->n ? 1 : -1;
	return strcmp(x->name, y->name);
}

/* As the queue: what is late, then what waits, of that the gravest. */
static int by_order(const struct place *x, const struct place *y)
{
	if (x->late != y->late)
		return y->late - x->late;
	if (x->rank != y->rank)
		return y->rank - x->rank;
	if (x->severity != y->severity)
		return x->severity < y->severity ? 1 : -1;
	if (x->at_ms != y->at_ms)
		return x->at_ms < y->at_ms ? 1 : -1;
	return (x->id < y->id) - (x->id > y->id);
}

static int by_end(const struct place *x, const struct place *y)
{
	if (x->at_ms != y->at_ms)
		return x->at_ms > y->at_ms ? 1 : -1;
	return (x->id > y->id) - (x->id < y->id);
}

/* Into its place among the first ones, where it is one of them. */
static void keep(struct place *places, size_t *n, size_t most, int (*compare)(const struct place *, const struct place *), struct place place)
{
	size_t at = *n;
	while (at > 0 && compare(&place, &places[at - 1]) < 0)
		at--;
	if (at == most)
		return;
	*n += *n < most;
	memmove(&places[at + 1], &places[at], (*n - at - 1) * sizeof *places);
	places[at] = place;
}

/* Of a case the first alone: the others are counted in the end. */
static void keep_of_case(struct place *places, size_t *n, size_t most, struct place place)
{
	for (size_t i = 0; i < *n; i++) {
		if (places[i].case_id != place.case_id)
			continue;
		if (by_order(&place, &places[i]) >= 0)
			return;
		memmove(&places[i], &places[i + 1], (--*n - i) * sizeof *places);
		break;
	}
	keep(places, n, most, by_order, place);
}

static void take_end(struct shift_reading *h, const struct alert *alert, int64_t at_ms, bool silence)
{
	int64_t next_ms = h->out->until_ms + (h->out->until_ms - h->out->from_ms);
	if (at_ms > h->out->until_ms && at_ms <= next_ms)
		keep(h->ends, &h->n_ends, SHIFT_ENDS_MAX, by_end, (struct place){ .id = alert->id, .at_ms = at_ms, .silence = silence });
}

/* One by itself is a case of its own. */
static int64_t case_of(const struct alert *alert)
{
	return alert->case_id != 0 ? alert->case_id : alert->id;
}

static void count_in_case(struct shift_reading *h, const struct alert *alert, bool late)
{
	bool is_new;
	int64_t id = case_of(alert);
	union map_value *value = map_put_n(&h->cases, (const char *)&id, sizeof id, &is_new);
	if (is_new) {
		struct shift_case *made = mem_alloc(sizeof *made);
		*made = (struct shift_case){ .id = id, .oldest_ms = alert->raised_ms };
		value->pointer = made;
	}
	struct shift_case *it = value->pointer;
	it->n++;
	it->n_late += late;
	it->by_severity[alert->severity]++;
	it->oldest_ms = MIN(it->oldest_ms, alert->raised_ms);
}

static void on_alert(void *arg, const struct alert *alert)
{
	struct shift_reading *h = arg;
	struct shift_report *out = h->out;
	bool late = shift_is_late(alert, out->until_ms);
	take_end(h, alert, alert->silence_until_ms, true);
	if (alert->state == ALERT_CLOSED)
		return;
	out->n_open++;
	out->open[alert->severity]++;
	out->n_late += late;
	out->n_snoozed += alert->state == ALERT_SNOOZED;
	count_owner(h, alert, late);
	count_in_case(h, alert, late);
	take_end(h, alert, alert->snooze_until_ms, false);
	keep_of_case(h->open, &h->n_open, SHIFT_OPEN_MAX,
	    (struct place){ .id = alert->id, .case_id = case_of(alert), .at_ms = alert->raised_ms, .severity = alert->severity, .rank = alert->state == ALERT_SNOOZED ? 1 : 2, .late = late });
}

/* Those that are listed, with their texts. */
static bool read_listed(struct shift_reading *h, struct fault *fault)
{
	struct shift_report *out = h->out;
	bool found;
	out->open_cases = arena_zalloc(h->arena, (SHIFT_OPEN_MAX + 1) * sizeof *out->open_cases);
	out->open_alerts = arena_alloc(h->arena, SHIFT_OPEN_MAX * sizeof *out->open_alerts);
	out->ends = arena_alloc(h->arena, SHIFT_ENDS_MAX * sizeof *out->ends);
	for (size_t i = 0; i < h->n_open; i++) {
		if (!past_alert(h->db, h->open[i].id, out->until_ms, h->arena, &out->open_alerts[out->n_open_listed], &found, fault))
			return false;
		if (!found)
			continue;
		/* It was counted there when it was found to be open. */
		const struct shift_case *its = map_get_n(&h->cases, (const char *)&h->open[i].case_id, sizeof h->open[i].case_id)->pointer;
		out->open_cases[out->n_open_listed++] = *its;
	}
	for (size_t i = 0; i < h->n_ends; i++) {
		struct alert *alert = arena_alloc(h->arena, sizeof *alert);
		if (!past_alert(h->db, h->ends[i].id, out->until_ms, h->arena, alert, &found, fault))
			return false;
		if (found)
			out->ends[out->n_ends++] = (struct shift_end){ alert, h->ends[i].at_ms, h->ends[i].silence };
	}
	if (out->n_owners > 0)
		qsort(out->owners, out->n_owners, sizeof *out->owners, nobody_first);
	return true;
}

/* ---- what was done ------------------------------------------------------------------- */

static bool read_closed(struct shift_reading *h, struct fault *fault)
{
	struct shift_report *out = h->out;
	struct db *db = h->db;
	struct statement *st = ask(h, "SELECT resolution, count(*) FROM alerts WHERE rank + 0 = 0 AND closed_ms > $1 AND closed_ms <= $2 AND " NOT_TAKEN("id") " GROUP BY resolution",
	    out->from_ms, out->until_ms, fault);
	enum step step = STEP_FAULT;
	while (st != NULL && (step = db_step(db, st, fault)) == STEP_ROW) {
		int64_t resolution = db_int(db, st, 0);
		if (resolution >= 0 && resolution < N_RESOLUTIONS)
			out->closed[resolution] += db_int(db, st, 1);
		out->n_closed += db_int(db, st, 1);
	}
	if (st != NULL)
		db->engine->reset(st);
	st = step == STEP_DONE ? ask(h, "SELECT " ALERT_LIST_COLUMNS " FROM alerts WHERE rank + 0 = 0 AND closed_ms > $1 AND closed_ms <= $2 AND " NOT_TAKEN("id") " ORDER BY closed_ms DESC, id DESC LIMIT 60",
	    out->from_ms, out->until_ms, fault) : NULL;
	if (st == NULL)
		return false;
	out->closed_alerts = arena_alloc(h->arena, SHIFT_CLOSED_MAX * sizeof *out->closed_alerts);
	while ((step = db_step(db, st, fault)) == STEP_ROW && out->n_closed_listed < SHIFT_CLOSED_MAX)
		alert_row_read(db, st, h->arena, &out->closed_alerts[out->n_closed_listed++]);
	db->engine->reset(st);
	return step != STEP_FAULT;
}

static bool read_notes(struct shift_reading *h, struct fault *fault)
{
	struct shift_report *out = h->out;
	struct db *db = h->db;
	struct statement *st = ask(h, "SELECT u.alert_id, u.at_ms, u.who, u.note, coalesce(a.title_en, ''), coalesce(a.title_es, '') FROM audit u"
	    " LEFT JOIN alerts a ON a.id = u.alert_id WHERE u.at_ms > $1 AND u.at_ms <= $2 AND u.note LIKE '!%' AND " NOT_TAKEN("u.alert_id") " ORDER BY u.seq DESC LIMIT 100",
	    out->from_ms, out->until_ms, fault);
	if (st == NULL)
		return false;
	struct shift_note notes[SHIFT_NOTES_MAX];
	size_t n = 0;
	enum step step;
	while ((step = db_step(db, st, fault)) == STEP_ROW && n < SHIFT_NOTES_MAX) {
		struct shift_note *note = &notes[n++];
		*note = (struct shift_note){ .alert_id = db_int(db, st, 0), .at_ms = db_int(db, st, 1) };
		const char **const texts[] = { &note->who, &note->text, &note->title_en, &note->title_es };
		for (size_t i = 0; i < COUNT_OF(texts); i++)
			*texts[i] = arena_printable(h->arena, db_text(db, st, 2 + (int)i));
		note->text += 1;
		while (*note->text == ' ')
			note->text++;
	}
	db->engine->reset(st);
	out->notes = arena_alloc(h->arena, (n + 1) * sizeof *out->notes);
	while (n > 0)
		out->notes[out->n_notes++] = notes[--n];
	return step != STEP_FAULT;
}

/* Which share of what was closed was no attack: the greatest first, then the most of them. */
static int by_share(const void *a, const void *b)
{
	const struct shift_rule *x = a, *y = b;
	int64_t order = y->n_false * MAX(x->n_closed, (int64_t)1) - x->n_false * MAX(y->n_closed, (int64_t)1);
	order = order != 0 ? order : y->n_false != x->n_false ? y->n_false - x->n_false : y->n - x->n;
	return order != 0 ? (order > 0) - (order < 0) : strcmp(x->rule, y->rule);
}

static bool read_rules(struct shift_reading *h, struct fault *fault)
{
	struct shift_report *out = h->out;
	struct db *db = h->db;
	/* 3, 4: what was no attack (enum resolution). Two walks over two short stretches: an OR
	 * would be one over all alerts. */
	struct statement *st = ask(h, "SELECT rule, max(title_en), max(title_es), sum(came), sum(untrue), sum(ended) FROM ("
	    "SELECT rule, title_en, title_es, 1 AS came, 0 AS untrue, 0 AS ended FROM alerts WHERE raised_ms > $1 AND raised_ms <= $2 AND " NOT_TAKEN("id") " UNION ALL"
	    " SELECT rule, title_en, title_es, 0, CASE WHEN resolution IN (3, 4) THEN 1 ELSE 0 END, 1 FROM alerts WHERE rank + 0 = 0 AND closed_ms > $1 AND closed_ms <= $2"
	    " AND " NOT_TAKEN("id") ") AS its GROUP BY rule",
	    out->from_ms, out->until_ms, fault);
	if (st == NULL)
		return false;
	struct shift_rule *rules = NULL;
	size_t n_rules = 0, capacity = 0;
	enum step step;
	while ((step = db_step(db, st, fault)) == STEP_ROW) {
		int64_t n = db_int(db, st, 3), n_false = db_int(db, st, 4);
		if (n < SHIFT_NOISE && n_false < SHIFT_NOISE)
			continue;
		rules = mem_grow(rules, n_rules, &capacity, sizeof *rules);
		rules[n_rules++] = (struct shift_rule){ arena_strdup(h->arena, db_text(db, st, 0)), arena_strdup(h->arena, db_text(db, st, 1)),
			arena_strdup(h->arena, db_text(db, st, 2)), n, db_int(db, st, 5), n_false };
	}
	if (n_rules > 0)
		qsort(rules, n_rules, sizeof *rules, by_share);
	out->n_rules = MIN(n_rules, (size_t)SHIFT_RULES_MAX);
	out->rules = arena_alloc(h->arena, (out->n_rules + 1) * sizeof *out->rules);
	if (n_rules > 0)
		memcpy(out->rules, rules, out->n_rules * sizeof *rules);
	free(rules);
	db->engine->reset(st);
	return step != STEP_FAULT;
}

/* ---- in pieces ----------------------------------------------------------------------- */

struct shift_reading *shift_reading_new(int64_t from_ms, int64_t until_ms, int64_t now_ms, struct arena *arena, struct shift_report *out)
{
	struct shift_reading *h = mem_zalloc(sizeof *h);
	*out = (struct shift_report){ .from_ms = from_ms, .until_ms = until_ms, .past = until_ms < now_ms };
	out->owners = arena_alloc(arena, SHIFT_OWNERS_MAX * sizeof *out->owners);
	h->arena = arena;
	h->out = out;
	h->walk = past_walk_new(until_ms, on_alert, h);
	return h;
}

void shift_reading_free(struct shift_reading *h)
{
	if (h == NULL)
		return;
	const struct map_entry *entry;
	for (size_t at = 0; (entry = map_next(&h->cases, &at)) != NULL;)
		free(entry->value.pointer);
	map_clear(&h->cases);
	past_walk_free(h->walk);
	free(h);
}

bool shift_read_on(struct shift_reading *h, struct db *db, int64_t budget_ms, bool *ready, struct fault *fault)
{
	int64_t until_ns = clock_steady_ns() + budget_ms * 1000000;
	h->db = db;
	*ready = false;
	while (!h->walked) {
		bool more;
		if (!past_walk_on(h->walk, db, &more, fault))
			return false;
		h->walked = !more;
		if (clock_steady_ns() > until_ns)
			return true;
	}
	*ready = true;
	return read_listed(h, fault) && read_raised(h, fault) && read_closed(h, fault) && read_notes(h, fault) && read_rules(h, fault);
}

bool query_shift(struct db *db, int64_t from_ms, int64_t until_ms, int64_t now_ms, struct arena *arena,
    struct shift_report *out, struct fault *fault)
{
	struct shift_reading *reading = shift_reading_new(from_ms, until_ms, now_ms, arena, out);
	bool ready = false, ok = true;
	while (ok && !ready)
		ok = shift_read_on(reading, db, INT32_MAX, &ready, fault);
	shift_reading_free(reading);
	return ok;
}
