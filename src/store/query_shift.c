/* SPDX-License-Identifier: Apache-2.0 */
#include "store/query_shift.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "store/alert_rows.h"
#include "store/query_past.h"

struct handing {
	struct db *db;
	struct arena *arena;
	struct shift_report *out;
};

bool shift_is_late(const struct alert *alert, int64_t at_ms)
{
	return alert->state == ALERT_NEW && at_ms - alert->raised_ms > triage_sla_ms(alert->severity);
}

static struct statement *ask(struct handing *h, const char *literal_sql, int64_t a, int64_t b, struct fault *fault)
{
	struct statement *st = db_statement(h->db, literal_sql, fault);
	if (st != NULL)
		db_bind(h->db, st, "ii", a, b);
	return st;
}

/* ---- what came ------------------------------------------------------------------- */

static bool read_raised(struct handing *h, struct fault *fault)
{
	struct shift_report *out = h->out;
	struct db *db = h->db;
	struct statement *st = ask(h, "SELECT location, severity, count(*), sum(cost_micro) FROM alerts WHERE raised_ms > $1 AND raised_ms <= $2"
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
		out->cost_raised_micro += db_int(db, st, 3);
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
	return step == STEP_DONE;
}

/* ---- what is open ------------------------------------------------------------------ */

static void count_owner(struct handing *h, const struct alert *alert, bool late)
{
	struct shift_report *out = h->out;
	size_t i = 0;
	while (i < out->n_owners && strcmp(out->owners[i].name, alert->assignee) != 0)
		i++;
	if (i == SHIFT_OWNERS_MAX)
		return;
	if (i == out->n_owners)
		out->owners[out->n_owners++] = (struct shift_owner){ .name = alert->assignee };
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

static int sooner(const void *a, const void *b)
{
	const struct shift_end *x = a, *y = b;
	return (x->at_ms > y->at_ms) - (x->at_ms < y->at_ms);
}

static void take_end(struct handing *h, const struct alert *alert, int64_t at_ms, bool silence)
{
	struct shift_report *out = h->out;
	int64_t next_ms = out->until_ms + (out->until_ms - out->from_ms);
	if (at_ms <= out->until_ms || at_ms > next_ms || out->n_ends == SHIFT_ENDS_MAX)
		return;
	out->ends[out->n_ends++] = (struct shift_end){ alert, at_ms, silence };
}

static bool read_open(struct handing *h, struct fault *fault)
{
	struct shift_report *out = h->out;
	struct alert_list list;
	if (!query_past_alerts(h->db, out->until_ms, h->arena, &list, &out->cut, fault))
		return false;
	out->n_open = list.n_open;
	memcpy(out->open, list.n_by_severity, sizeof out->open);
	out->open_alerts = arena_alloc(h->arena, SHIFT_OPEN_MAX * sizeof *out->open_alerts);
	out->owners = arena_alloc(h->arena, SHIFT_OWNERS_MAX * sizeof *out->owners);
	out->ends = arena_alloc(h->arena, SHIFT_ENDS_MAX * sizeof *out->ends);
	for (int turn = 0; turn < 2; turn++) { /* those that are late, then the others */
		for (size_t i = 0; i < list.n; i++) {
			const struct alert *alert = &list.items[i];
			bool late = shift_is_late(alert, out->until_ms);
			if (alert->state != ALERT_CLOSED && late == (turn == 0) && out->n_open_listed < SHIFT_OPEN_MAX)
				out->open_alerts[out->n_open_listed++] = *alert;
			if (turn == 1)
				continue;
			take_end(h, alert, alert->silence_until_ms, true);
			if (alert->state == ALERT_CLOSED)
				continue;
			count_owner(h, alert, late);
			out->n_late += late;
			out->n_snoozed += alert->state == ALERT_SNOOZED;
			take_end(h, alert, alert->snooze_until_ms, false);
		}
	}
	if (out->n_owners > 0)
		qsort(out->owners, out->n_owners, sizeof *out->owners, nobody_first);
	if (out->n_ends > 0)
		qsort(out->ends, out->n_ends, sizeof *out->ends, sooner);
	return true;
}

/* ---- what was done ------------------------------------------------------------------- */

static bool read_closed(struct handing *h, struct fault *fault)
{
	struct shift_report *out = h->out;
	struct db *db = h->db;
	struct statement *st = ask(h, "SELECT resolution, count(*) FROM alerts WHERE rank + 0 = 0 AND closed_ms > $1 AND closed_ms <= $2 GROUP BY resolution",
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
	st = step == STEP_DONE ? ask(h, "SELECT " ALERT_LIST_COLUMNS " FROM alerts WHERE rank + 0 = 0 AND closed_ms > $1 AND closed_ms <= $2 ORDER BY closed_ms DESC, id DESC LIMIT 60",
	    out->from_ms, out->until_ms, fault) : NULL;
	if (st == NULL)
		return false;
	out->closed_alerts = arena_alloc(h->arena, SHIFT_CLOSED_MAX * sizeof *out->closed_alerts);
	while ((step = db_step(db, st, fault)) == STEP_ROW && out->n_closed_listed < SHIFT_CLOSED_MAX)
		alert_row_read(db, st, h->arena, &out->closed_alerts[out->n_closed_listed++]);
	db->engine->reset(st);
	return step != STEP_FAULT;
}

static bool read_notes(struct handing *h, struct fault *fault)
{
	struct shift_report *out = h->out;
	struct db *db = h->db;
	struct statement *st = ask(h, "SELECT u.alert_id, u.at_ms, u.who, u.note, coalesce(a.title_en, ''), coalesce(a.title_es, '') FROM audit u"
	    " LEFT JOIN alerts a ON a.id = u.alert_id WHERE u.at_ms > $1 AND u.at_ms <= $2 AND u.note LIKE '!%' ORDER BY u.seq DESC LIMIT 100",
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
			*texts[i] = arena_strdup(h->arena, db_text(db, st, 2 + (int)i));
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

static bool read_rules(struct handing *h, struct fault *fault)
{
	struct shift_report *out = h->out;
	struct db *db = h->db;
	/* 3, 4: what was no attack (enum resolution). Two walks over two short stretches: an OR
	 * would be one over all alerts. */
	struct statement *st = ask(h, "SELECT rule, max(title_en), max(title_es), sum(came), sum(untrue) FROM ("
	    "SELECT rule, title_en, title_es, 1 AS came, 0 AS untrue FROM alerts WHERE raised_ms > $1 AND raised_ms <= $2 UNION ALL"
	    " SELECT rule, title_en, title_es, 0, 1 FROM alerts WHERE rank + 0 = 0 AND closed_ms > $1 AND closed_ms <= $2 AND resolution IN (3, 4)) AS its"
	    " GROUP BY rule ORDER BY 4 DESC, 5 DESC, rule LIMIT 100",
	    out->from_ms, out->until_ms, fault);
	if (st == NULL)
		return false;
	out->rules = arena_alloc(h->arena, SHIFT_RULES_MAX * sizeof *out->rules);
	enum step step;
	while ((step = db_step(db, st, fault)) == STEP_ROW && out->n_rules < SHIFT_RULES_MAX) {
		int64_t n = db_int(db, st, 3), n_false = db_int(db, st, 4);
		if (n < SHIFT_NOISE && n_false < SHIFT_NOISE)
			continue;
		out->rules[out->n_rules++] = (struct shift_rule){ arena_strdup(h->arena, db_text(db, st, 0)), arena_strdup(h->arena, db_text(db, st, 1)),
			arena_strdup(h->arena, db_text(db, st, 2)), n, n_false };
	}
	db->engine->reset(st);
	return step != STEP_FAULT;
}

bool query_shift(struct db *db, int64_t from_ms, int64_t until_ms, int64_t now_ms, struct arena *arena,
    struct shift_report *out, struct fault *fault)
{
	struct handing h = { db, arena, out };
	*out = (struct shift_report){ .from_ms = from_ms, .until_ms = until_ms, .past = until_ms < now_ms };
	return read_raised(&h, fault) && read_open(&h, fault) && read_closed(&h, fault) && read_notes(&h, fault) && read_rules(&h, fault);
}
