/* SPDX-License-Identifier: Apache-2.0
 *
 * A page's findings become alerts: a fingerprint that is open grows. */
#include "store/alert_rows.h"

#include <stdlib.h>
#include <string.h>

#include "alerts/merge.h"
#include "base/i18n.h"
#include "base/json.h"
#include "base/mem.h"
#include "store/evidence_rows.h"
#include "store/notice_rows.h"
#include "store/silence_rows.h"

/* A row's number of a list; what is none, however it came there, is the first. */
static int within(int64_t value, int most)
{
	return value < 0 || value > most ? 0 : (int)value;
}

void alert_row_read(struct db *db, struct statement *st, struct arena *arena, struct alert *a)
{
	int c = 0;
	*a = (struct alert){ 0 };
	a->id = db_int(db, st, c++);
	a->revision = db_int(db, st, c++);
	a->fingerprint = (uint64_t)db_int(db, st, c++);
	a->severity = (enum severity)within(db_int(db, st, c++), SEVERITY_CRITICAL);
	a->score = (int)db_int(db, st, c++);
	a->state = (enum alert_state)within(db_int(db, st, c++), ALERT_CLOSED);
	a->resolution = (enum resolution)within(db_int(db, st, c++), RESOLUTION_UNKNOWN);
	a->subject_kind = (enum subject_kind)db_int(db, st, c++);
	int64_t *const numbers[] = { &a->first_ms, &a->last_ms, &a->raised_ms, &a->acknowledged_ms,
		&a->closed_ms, &a->snooze_until_ms, &a->count };
	for (size_t i = 0; i < COUNT_OF(numbers); i++)
		*numbers[i] = db_int(db, st, c++);
	a->n_notes = (int)db_int(db, st, c++);
	a->cost_micro = db_int(db, st, c++);
	a->cost_per_hour_micro = db_int(db, st, c++);
	const char **const texts[] = { &a->rule, &a->title_en, &a->title_es, &a->subject_id,
		&a->subject_name, &a->location, &a->assignee, &a->why_en, &a->why_es };
	for (size_t i = 0; i < COUNT_OF(texts); i++)
		*texts[i] = texts[i] == &a->assignee ? arena_printable(arena, db_text(db, st, c++)) : arena_strdup(arena, db_text(db, st, c++));
	a->case_id = db_int(db, st, c++);
	a->silence_until_ms = db_int(db, st, c++);
	a->kept_back = db_int(db, st, c++);
	a->tags = arena_strdup(arena, db_text(db, st, c++));
	a->merged_into = db_int(db, st, c++);
	const char *team = db_text(db, st, c++);
	a->team = *team == '\0' ? "" : arena_strdup(arena, team);
	struct reason *reasons = NULL;
	const char *json = db_text(db, st, c);
	if (*json == '\0' || !reasons_read(json, arena, &reasons, &a->n_reasons))
		a->n_reasons = 0;
	a->reasons = reasons;
	if (*a->why_en == '\0')
		alert_say_why(a);
}

/* How the queue is walked: what waits, what sleeps, what is closed. */
static int64_t rank_of(enum alert_state state)
{
	return state == ALERT_CLOSED ? 0 : state == ALERT_SNOOZED ? 1 :
								    2;
}

static bool count_of_kind(struct store *store, const char *const kind[3], int64_t severity, int64_t change, struct fault *fault)
{
	struct db *db = &store->db;
	struct statement *st = db_statement(db, "INSERT INTO open_alerts (rule, location, assignee, severity, n) VALUES ($1,$2,$3,$4,$5)"
						" ON CONFLICT (rule, location, severity, assignee) DO UPDATE SET n = open_alerts.n + excluded.n",
	    fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "tttii", kind[0], kind[1], kind[2], severity, change);
	return db_run_later(db, st, fault);
}

/* How an alert is counted among the open ones. */
struct counted {
	bool open;
	enum severity severity;
	const char *assignee;
};

/* Keep count of what is open: what the alert was is taken away, what it becomes is
 * added. Its rule and site never change. */
static bool count_change(struct store *store, const struct alert *a, const struct counted *was, struct fault *fault)
{
	bool is = rank_of(a->state) > 0;
	if (was->open && is && was->severity == a->severity && strcmp(was->assignee, a->assignee) == 0)
		return true;
	return (!was->open || count_of_kind(store, (const char *const[]){ a->rule, a->location, was->assignee }, (int64_t)was->severity, -1, fault)) &&
	    (!is || count_of_kind(store, (const char *const[]){ a->rule, a->location, a->assignee }, (int64_t)a->severity, 1, fault));
}

static bool count_again(struct store *store, const struct alert *a, struct fault *fault)
{
	struct db *db = &store->db;
	struct statement *st = db_statement(db, "SELECT rank, severity, assignee FROM alerts WHERE id = $1", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "i", a->id);
	enum step step = db_step(db, st, fault);
	struct counted was = { .open = step == STEP_ROW && db_int(db, st, 0) > 0 };
	was.severity = was.open ? (enum severity)db_int(db, st, 1) : SEVERITY_LOW;
	char *assignee = was.open ? mem_strdup(db_text(db, st, 2)) : NULL;
	was.assignee = assignee;
	db->engine->reset(st);
	bool ok = step != STEP_FAULT && count_change(store, a, &was, fault);
	free(assignee);
	return ok;
}

static void bind_alert(struct db *db, struct statement *st, struct alert *a, const char *reasons)
{
	alert_say_why(a);
	db_bind(db, st, "iiiiiiiiiiiiiiiiiiiittttttttttiiti", a->id, a->revision, (int64_t)a->fingerprint,
	    (int64_t)a->severity, (int64_t)a->score, (int64_t)a->state, (int64_t)a->resolution,
	    (int64_t)a->subject_kind, a->first_ms, a->last_ms, a->raised_ms, a->acknowledged_ms,
	    a->closed_ms, a->snooze_until_ms, a->count, (int64_t)a->n_notes, a->cost_micro,
	    a->cost_per_hour_micro, rank_of(a->state), -triage_due_ms(a), a->rule, a->title_en,
	    a->title_es, a->subject_id, a->subject_name, a->location, a->assignee, a->why_en, a->why_es, reasons, a->case_id, a->silence_until_ms,
	    a->tags == NULL ? "" : a->tags, a->merged_into);
}

static bool write_row(struct store *store, struct alert *a, struct fault *fault)
{
	struct db *db = &store->db;
	struct statement *st = db_statement(db,
	    "INSERT INTO alerts (id, revision, fingerprint, severity, score, state, resolution,"
	    " subject_kind, first_ms, last_ms, raised_ms, acknowledged_ms, closed_ms, snooze_until_ms,"
	    " n_legs, n_notes, cost_micro, cost_per_hour_micro, rank, urgency, rule, title_en, title_es, subject_id,"
	    " subject_name, location, assignee, why_en, why_es, reasons, case_id, silence_until_ms, tags, merged_into)"
	    " VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19,$20,$21,$22,$23,"
	    " $24,$25,$26,$27,$28,$29,$30,$31,$32,$33,$34) ON CONFLICT (id) DO UPDATE SET revision = excluded.revision,"
	    " severity = excluded.severity, score = excluded.score, state = excluded.state,"
	    " resolution = excluded.resolution, first_ms = excluded.first_ms, last_ms = excluded.last_ms,"
	    " acknowledged_ms = excluded.acknowledged_ms, closed_ms = excluded.closed_ms,"
	    " snooze_until_ms = excluded.snooze_until_ms, n_legs = excluded.n_legs,"
	    " n_notes = excluded.n_notes, cost_micro = excluded.cost_micro,"
	    " cost_per_hour_micro = excluded.cost_per_hour_micro, rank = excluded.rank, urgency = excluded.urgency,"
	    " silence_until_ms = excluded.silence_until_ms, case_id = excluded.case_id, tags = excluded.tags,"
	    " merged_into = excluded.merged_into, title_en = excluded.title_en, title_es = excluded.title_es, assignee = excluded.assignee,"
	    " why_en = excluded.why_en, why_es = excluded.why_es,"
	    " reasons = excluded.reasons",
	    fault);
	if (st == NULL)
		return false;
	struct text reasons = { 0 };
	reasons_write(&reasons, a->reasons, a->n_reasons);
	bind_alert(db, st, a, text_string(&reasons));
	bool ok = db_run_later(db, st, fault);
	text_clear(&reasons);
	return ok;
}

bool alert_row_update(struct store *store, struct alert *a, struct fault *fault)
{
	return counter_next(store, "revision", &a->revision, fault) && count_again(store, a, fault) && write_row(store, a, fault);
}

bool alert_row_get(struct db *db, int64_t id, struct arena *arena, struct alert *alert,
    struct fault *fault)
{
	struct statement *st = db_statement(db, "SELECT " ALERT_COLUMNS " FROM alerts WHERE id = $1", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "i", id);
	enum step step = db_step(db, st, fault);
	if (step == STEP_ROW)
		alert_row_read(db, st, arena, alert);
	db->engine->reset(st);
	if (step == STEP_DONE)
		return fault_set(fault, FAULT_NOT_FOUND, _("there is no alert %lld"), (long long)id);
	return step == STEP_ROW;
}

bool alert_row_keep_texts(struct store *store, const struct alert *alert, const struct finding *f, struct fault *fault)
{
	struct db *db = &store->db;
	struct text texts = { 0 };
	if (!alert_is_told_by(alert, f))
		return true;
	struct statement *st = db_statement(db, "UPDATE growths SET texts = $2 WHERE alert_id = $1 AND texts = ''", fault);
	if (st == NULL)
		return false;
	alert_texts_write(&texts, alert);
	db_bind(db, st, "it", alert->id, text_string(&texts));
	bool ok = db_run_later(db, st, fault);
	text_clear(&texts);
	return ok;
}

bool alert_row_grew(struct store *store, const struct alert *alert, const struct finding *f, size_t n_new, int64_t cost_micro, struct fault *fault)
{
	struct db *db = &store->db;
#define GREATER(column) column " = CASE WHEN excluded." column " > growths." column " THEN excluded." column " ELSE growths." column " END"
	struct statement *st = db_statement(db,
	    "INSERT INTO growths (alert_id, at_ms, n_legs, cost_micro, first_ms, last_ms, severity, score, cost_per_hour_micro, texts)"
	    " VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10) ON CONFLICT (alert_id, at_ms) DO UPDATE SET n_legs = growths.n_legs + excluded.n_legs,"
	    " texts = CASE WHEN excluded.texts = '' THEN '' ELSE growths.texts END,"
	    " cost_micro = growths.cost_micro + excluded.cost_micro,"
	    " first_ms = CASE WHEN excluded.first_ms < growths.first_ms THEN excluded.first_ms ELSE growths.first_ms END, "
	    GREATER("last_ms") ", " GREATER("severity") ", " GREATER("score") ", " GREATER("cost_per_hour_micro"), fault);
#undef GREATER
	if (st == NULL)
		return false;
	db_bind(db, st, "iiiiiiiiit", alert->id, f->raised_ms, (int64_t)n_new, cost_micro, f->first_ms, f->last_ms, (int64_t)f->severity, (int64_t)f->score,
	    f->cost_per_hour_micro, alert_is_told_by(alert, f) ? "" : "-");
	return db_run_later(db, st, fault);
}

/* An alert that a page's findings go to: read once, written once, however many
 * of them there are. */
struct growing {
	struct alert alert;
	struct counted was; /* as the store has it */
	bool changed;
};

struct intake_of_page {
	struct store *store;
	struct page *page;
	struct page_evidence evidence;
	struct growing *items; /* from the page's arena; one a fingerprint */
	size_t n, capacity;
};

static struct growing *growing_of(struct intake_of_page *in, uint64_t fingerprint)
{
	for (size_t i = in->n; i-- > 0;) {
		if (in->items[i].alert.fingerprint == fingerprint)
			return &in->items[i];
	}
	if (in->n == in->capacity) {
		in->capacity = MAX(2 * in->n, (size_t)16);
		struct growing *items = arena_alloc(&in->page->arena, in->capacity * sizeof *items);
		if (in->n > 0)
			memcpy(items, in->items, in->n * sizeof *items);
		in->items = items;
	}
	struct growing *g = &in->items[in->n++];
	*g = (struct growing){ .alert.fingerprint = fingerprint };
	return g;
}

static struct counted counted_as(const struct alert *a)
{
	return (struct counted){ rank_of(a->state) > 0, a->severity, a->assignee };
}

static bool write_changed(struct intake_of_page *in, struct fault *fault)
{
	int64_t n = 0, revision = 0;
	for (size_t i = 0; i < in->n; i++)
		n += in->items[i].changed;
	if (n > 0 && !counter_take(in->store, "revision", n, &revision, fault))
		return false;
	for (size_t i = 0; i < in->n; i++) {
		struct growing *g = &in->items[i];
		if (!g->changed)
			continue;
		g->alert.revision = revision++;
		if (!count_change(in->store, &g->alert, &g->was, fault) || !write_row(in->store, &g->alert, fault))
			return false;
		g->was = counted_as(&g->alert);
		g->changed = false;
	}
	return true;
}

bool alert_row_open(struct store *store, const struct finding *f, struct arena *arena,
    struct alert *alert, struct fault *fault)
{
	struct db *db = &store->db;
	int64_t from_ms = f->last_ms - ALERT_EPISODE_MS;
	if (alert->id != 0 && alert->last_ms >= from_ms)
		return true; /* the newest there is: of this page */
	struct statement *st = db_statement(db, "SELECT " ALERT_COLUMNS " FROM alerts WHERE fingerprint = $1 AND rank > 0 AND last_ms >= $2 ORDER BY id DESC LIMIT 1", fault);
	alert->id = 0;
	if (st == NULL)
		return false;
	db_bind(db, st, "ii", (int64_t)f->fingerprint, from_ms);
	enum step step = db_step(db, st, fault);
	if (step == STEP_ROW)
		alert_row_read(db, st, arena, alert);
	db->engine->reset(st);
	return step != STEP_FAULT;
}

/* The lowest number that the statement finds, where it is lower than what is there. */
static bool take_least(struct db *db, struct statement *st, int64_t *least, struct fault *fault)
{
	enum step step = db_step(db, st, fault);
	int64_t found = step == STEP_ROW ? db_int(db, st, 0) : 0;
	db->engine->reset(st);
	if (found > 0 && found < *least)
		*least = found;
	return step != STEP_FAULT;
}

/*
 * The story that a new alert belongs to: that of an open alert of the same
 * subject, or of one that rests on a record of its own, in the time of an
 * episode; else it begins one. Of several the oldest.
 */
bool alert_row_find_case(struct store *store, struct alert *alert, struct fault *fault)
{
	struct db *db = &store->db;
	int64_t from_ms = alert->first_ms - ALERT_EPISODE_MS, until_ms = alert->last_ms + ALERT_EPISODE_MS;
	alert->case_id = alert->id;
	/* The + 0 keep the planner from walking all open alerts by their times. */
	struct statement *subject = db_statement(db, "SELECT min(case_id) FROM alerts WHERE subject_id = $1 AND rank > 0"
						     " AND subject_kind = $2 AND last_ms + 0 >= $3 AND first_ms + 0 <= $4",
	    fault);
	if (subject == NULL)
		return false;
	db_bind(db, subject, "tiii", alert->subject_id, (int64_t)alert->subject_kind, from_ms, until_ms);
	if (!take_least(db, subject, &alert->case_id, fault))
		return false;
	struct statement *records = db_statement(db, "SELECT min(a.case_id) FROM evidence mine JOIN evidence e ON e.leg_id = mine.leg_id"
						     " JOIN alerts a ON a.id = e.alert_id WHERE mine.alert_id = $1 AND a.rank + 0 > 0 AND a.last_ms + 0 >= $2 AND a.first_ms + 0 <= $3",
	    fault);
	if (records == NULL)
		return false;
	db_bind(db, records, "iii", alert->id, from_ms, until_ms);
	return take_least(db, records, &alert->case_id, fault);
}

static bool raise_anew(struct intake_of_page *in, struct growing *g, const struct finding *f, struct fault *fault)
{
	struct store *store = in->store;
	struct alert *alert = &g->alert;
	bool silenced;
	size_t n_new;
	/* The times of the others count: they are as after the last finding. */
	if (!write_changed(in, fault) || !silence_rows_keep(store, in->page, f, &silenced, fault))
		return false;
	in->page->n_kept_back += silenced;
	if (silenced)
		return true;
	alert_from_finding(alert, f);
	alert->count = alert->cost_micro = 0;
	if (!counter_next(store, "alert", &alert->id, fault) ||
	    !evidence_rows_add(store, &in->evidence, alert, f, &n_new, fault) || !evidence_rows_write(store, &in->evidence, fault) ||
	    !alert_row_find_case(store, alert, fault))
		return false;
	alert->count = (int64_t)n_new;
	if (!alert_row_update(store, alert, fault) || !alert_row_grew(store, alert, f, n_new, alert->cost_micro, fault))
		return false;
	in->page->n_alerts_raised++;
	struct alert_event event = { in->page->now_ms, "centinela", "raise", "", severity_name(alert->severity), "" };
	return audit_row_add(store, alert->id, &event, fault) && notice_rows_add(store, NULL, alert, &event, fault);
}

static bool take_in(struct intake_of_page *in, const struct finding *f, struct fault *fault)
{
	struct growing *g = growing_of(in, f->fingerprint);
	struct alert *alert = &g->alert;
	size_t n_new;
	/* Of an episode that is over nothing may stay unwritten. */
	if (g->changed && alert->last_ms < f->last_ms - ALERT_EPISODE_MS && !write_changed(in, fault))
		return false;
	if (!alert_row_open(in->store, f, &in->page->arena, alert, fault))
		return false;
	if (alert->id == 0) {
		alert->fingerprint = f->fingerprint;
		return raise_anew(in, g, f, fault);
	}
	if (!g->changed)
		g->was = counted_as(alert);
	struct alert was = *alert;
	if (!evidence_rows_add(in->store, &in->evidence, alert, f, &n_new, fault))
		return false;
	if (n_new == 0)
		return true;
	if (!alert_row_keep_texts(in->store, alert, f, fault) || !alert_row_grew(in->store, alert, f, n_new, alert->cost_micro - was.cost_micro, fault))
		return false;
	alert_grow(alert, f, n_new);
	g->changed = true;
	in->page->n_alerts_grown++;
	if (alert->severity == was.severity)
		return true;
	struct alert_event event = { in->page->now_ms, "centinela", "grow", severity_name(was.severity), severity_name(alert->severity), "" };
	return audit_row_add(in->store, alert->id, &event, fault) && notice_rows_add(in->store, &was, alert, &event, fault);
}

bool alert_rows_write(struct store *store, struct page *page, struct fault *fault)
{
	struct intake_of_page in = { .store = store, .page = page };
	int64_t ignored;
	page->n_alerts_raised = page->n_alerts_grown = page->n_kept_back = 0;
	bool ok = evidence_rows_begin(store, page, &in.evidence, fault);
	for (size_t i = 0; ok && i < page->findings.n; i++)
		ok = take_in(&in, &page->findings.items[i], fault);
	ok = ok && evidence_rows_write(store, &in.evidence, fault);
	evidence_rows_clear(&in.evidence);
	/* Nothing was written that has a revision; who shows silences looks again. */
	return ok && write_changed(&in, fault) && exemption_rows_write(store, page, fault) && (page->n_kept_back == 0 || counter_next(store, "revision", &ignored, fault));
}
