/* SPDX-License-Identifier: Apache-2.0
 *
 * One alert again as it was: what findings had brought until then, and on it the lines
 * of its log. See alerts/relive.h for the latter. */
#include "store/past_parts.h"

#include <stdlib.h>
#include <string.h>

#include "alerts/merge.h"
#include "alerts/relive.h"
#include "alerts/triage.h"
#include "base/mem.h"
#include "base/text.h"
#include "store/alert_rows.h"

struct life {
	struct alert_event *events;
	size_t n, capacity;
};

static void add_event(struct life *life, const struct alert_event *event)
{
	life->events = mem_grow(life->events, life->n, &life->capacity, sizeof *life->events);
	life->events[life->n++] = *event;
}

static bool read_log(struct db *db, int64_t id, bool growths, struct arena *arena, struct life *life, struct fault *fault)
{
	struct statement *st = db_statement(db, "SELECT at_ms, who, act, was, became, note FROM now_audit WHERE alert_id = $1 ORDER BY seq", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "i", id);
	enum step step;
	while ((step = db_step(db, st, fault)) == STEP_ROW) {
		struct alert_event event = { .at_ms = db_int(db, st, 0) };
		const char **const texts[] = { &event.who, &event.act, &event.before, &event.after, &event.note };
		if (growths && strcmp(db_text(db, st, 2), "grow") == 0 && *db_text(db, st, 5) == '\0')
			continue; /* written down when it was read; those have when it was reported */
		for (size_t i = 0; i < COUNT_OF(texts); i++)
			*texts[i] = arena_printable(arena, db_text(db, st, 1 + (int)i));
		add_event(life, &event);
	}
	db->engine->reset(st);
	return step == STEP_DONE;
}

/* When findings made it graver, among what people did. */
static bool read_severities(struct past *past, int64_t id, struct life *life, struct fault *fault)
{
	struct db *db = &past->db;
	struct statement *st = db_statement(db, "SELECT severity, min(at_ms) FROM growths WHERE alert_id = $1 AND at_ms <= $2 GROUP BY severity ORDER BY 2, 1", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "ii", id, past->at_ms);
	enum step step;
	while ((step = db_step(db, st, fault)) == STEP_ROW) {
		enum severity severity = (enum severity)MIN(MAX(db_int(db, st, 0), 0), SEVERITY_CRITICAL);
		struct alert_event grown = { db_int(db, st, 1), "", "grow", "", severity_name(severity), "" };
		add_event(life, &grown);
		size_t at = life->n - 1;
		/* Behind what was before it, and never before the first line. */
		for (; at > 1 && life->events[at - 1].at_ms > grown.at_ms; at--)
			life->events[at] = life->events[at - 1];
		life->events[at] = grown;
	}
	db->engine->reset(st);
	return step == STEP_DONE;
}

/* The sums of what findings had brought; known: each finding has its row. */
static bool read_growths(struct past *past, struct alert *alert, bool *known, struct fault *fault)
{
	struct db *db = &past->db;
	struct statement *st = db_statement(db, "SELECT count(*), min(n_legs), sum(CASE WHEN at_ms <= $2 THEN 1 ELSE 0 END), sum(CASE WHEN at_ms <= $2 THEN n_legs ELSE 0 END),"
	    " sum(CASE WHEN at_ms <= $2 THEN cost_micro ELSE 0 END), min(CASE WHEN at_ms <= $2 THEN first_ms END), max(CASE WHEN at_ms <= $2 THEN last_ms END),"
	    " max(CASE WHEN at_ms <= $2 THEN score END), max(CASE WHEN at_ms <= $2 THEN cost_per_hour_micro END) FROM growths WHERE alert_id = $1", fault);
	*known = false;
	if (st == NULL)
		return false;
	db_bind(db, st, "ii", alert->id, past->at_ms);
	enum step step = db_step(db, st, fault);
	if (step == STEP_ROW && db_int(db, st, 0) > 0 && db_int(db, st, 1) >= 0 && db_int(db, st, 2) > 0) {
		*known = true;
		alert->count = db_int(db, st, 3);
		alert->cost_micro = db_int(db, st, 4);
		alert->first_ms = db_int(db, st, 5);
		alert->last_ms = db_int(db, st, 6);
		alert->score = (int)db_int(db, st, 7);
		alert->cost_per_hour_micro = db_int(db, st, 8);
	}
	db->engine->reset(st);
	return step != STEP_FAULT;
}

/* What it said then: of the findings until then the one with the most points told it, of
 * several the last. kept false: that is not known, and it may say something else now. */
static bool read_texts(struct past *past, struct arena *arena, struct alert *alert, bool *kept, struct fault *fault)
{
	struct db *db = &past->db;
	struct statement *st = db_statement(db, "SELECT coalesce(g.texts, 'x'), EXISTS (SELECT 1 FROM growths l WHERE l.alert_id = $1 AND l.at_ms > $2"
	    " AND coalesce(l.texts, '') <> '-') FROM growths g WHERE g.alert_id = $1 AND g.at_ms <= $2 AND coalesce(g.texts, '') <> '-'"
	    " ORDER BY g.score DESC, g.at_ms DESC LIMIT 1", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "ii", alert->id, past->at_ms);
	enum step step = db_step(db, st, fault);
	const char *texts = step == STEP_ROW ? db_text(db, st, 0) : "x";
	bool changed = step != STEP_ROW || db_int(db, st, 1) != 0;
	*kept = *texts == '\0' || (*texts == '{' && alert_texts_read(texts, arena, alert)) || (step == STEP_ROW && !changed);
	if (*kept && *texts == '{')
		alert_say_why(alert);
	else
		alert->why_en = NULL; /* as the row has them */
	db->engine->reset(st);
	return step != STEP_FAULT;
}

static bool put_texts(struct past *past, const struct alert *a, bool kept, struct fault *fault)
{
	struct db *db = &past->db;
	struct text reasons = { 0 };
	struct statement *st = kept ? db_statement(db, "UPDATE alerts_then SET title_en = $2, title_es = $3, why_en = $4, why_es = $5, reasons = $6 WHERE id = $1", fault) :
				      db_statement(db, "INSERT INTO texts_of_now (id) VALUES ($1)", fault);
	if (st == NULL)
		return false;
	reasons_write(&reasons, a->reasons, a->n_reasons);
	if (kept)
		db_bind(db, st, "ittttt", a->id, a->title_en, a->title_es, a->why_en, a->why_es, text_string(&reasons));
	else
		db_bind(db, st, "i", a->id);
	bool ok = db_run(db, st, fault);
	text_clear(&reasons);
	return ok;
}

/* Of one from before these were kept: what it rested on then, which is what had been
 * reported. */
static bool read_evidence(struct past *past, struct alert *alert, struct fault *fault)
{
	struct db *db = &past->db;
	struct statement *st = db_statement(db, "SELECT count(*), sum(e.cost_micro), max(l.id), min(l.id) FROM now_evidence e JOIN now_legs l ON l.id = e.leg_id"
	    " WHERE e.alert_id = $1 AND l.report_ms <= $2", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "ii", alert->id, past->at_ms);
	enum step step = db_step(db, st, fault);
	if (step == STEP_ROW && db_int(db, st, 0) > 0 && db_int(db, st, 0) < alert->count) {
		alert->count = db_int(db, st, 0);
		alert->cost_micro = db_int(db, st, 1);
		alert->last_ms = db_int(db, st, 2) >> 20;
		alert->first_ms = db_int(db, st, 3) >> 20;
	}
	db->engine->reset(st);
	return step != STEP_FAULT;
}

static bool put_then(struct past *past, const struct alert *a, struct fault *fault)
{
	struct db *db = &past->db;
	int64_t rank = a->state == ALERT_CLOSED ? 0 : a->state == ALERT_SNOOZED ? 1 : 2;
	struct statement *st = db_statement(db, "INSERT INTO alerts_then (" ALL_COLUMNS ") SELECT " KEPT_COLUMNS
	    ", $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21 FROM now_alerts WHERE id = $1", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "iiiiiiiiiiiiiiitiiiti", a->id, (int64_t)a->severity, (int64_t)a->score, (int64_t)a->state, (int64_t)a->resolution, a->first_ms, a->last_ms,
	    a->acknowledged_ms, a->closed_ms, a->snooze_until_ms, a->silence_until_ms, a->count, (int64_t)a->n_notes, a->cost_micro, a->cost_per_hour_micro,
	    a->assignee, a->case_id, rank, -triage_due_ms(a), a->tags == NULL ? "" : a->tags, a->merged_into);
	return db_run(db, st, fault);
}

static bool read_now(struct past *past, int64_t id, struct arena *arena, struct alert *alert, bool *found, struct fault *fault)
{
	struct db *db = &past->db;
	struct statement *st = db_statement(db, "SELECT " ALERT_LIST_COLUMNS " FROM now_alerts WHERE id = $1 AND raised_ms <= $2", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "ii", id, past->at_ms);
	enum step step = db_step(db, st, fault);
	*found = step == STEP_ROW;
	if (*found)
		alert_row_read(db, st, arena, alert);
	db->engine->reset(st);
	return step != STEP_FAULT;
}

bool past_relive(struct past *past, int64_t id, bool minus, bool plus, struct fault *fault)
{
	struct arena arena;
	struct life life = { 0 };
	struct alert alert;
	bool found, growths = false, kept = true;
	arena_init(&arena);
	bool ok = read_now(past, id, &arena, &alert, &found, fault);
	if (ok && found && minus && alert.state != ALERT_CLOSED)
		ok = past_count_open(past, &alert, -1, fault);
	if (ok && found) {
		ok = read_growths(past, &alert, &growths, fault) && (growths || read_evidence(past, &alert, fault)) &&
		    read_log(&past->db, id, growths, &arena, &life, fault) && (!growths || read_severities(past, id, &life, fault));
		ok = ok && read_texts(past, &arena, &alert, &kept, fault);
		if (ok)
			alert_relive(&alert, life.events, life.n, past->at_ms);
		ok = ok && put_then(past, &alert, fault) && ((kept && alert.why_en == NULL) || put_texts(past, &alert, kept, fault)) && (!plus || alert.state == ALERT_CLOSED || past_count_open(past, &alert, 1, fault));
	}
	free(life.events);
	arena_clear(&arena);
	return ok;
}
