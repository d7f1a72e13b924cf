/* SPDX-License-Identifier: Apache-2.0
 *
 * Beside the store: `touched`, the alerts that something happened to since then;
 * `alerts_then`, those of them that had been raised, as they were; `open_alerts`, how
 * many were open; `texts_of_now`, those whose words of then nobody kept. See
 * store/past_alert.c for how one alert is made again. */
#include "store/past_parts.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"
#include "store/alert_rows.h"

#define CHUNK 500 /* rows between two looks at the clock: well under a millisecond, or some of relived ones */

/* ---- beside ---------------------------------------------------------------------------- */

/* The orders of the queue, and whom a question is about, as of the table itself. */
static const char *const indexes[] = {
	"UNIQUE INDEX then_id ON alerts_then (id)", "INDEX then_last ON alerts_then (rank, last_ms)",
	"INDEX then_severity ON alerts_then (rank, severity, raised_ms, id)", "INDEX then_time ON alerts_then (rank, raised_ms, id)",
	"INDEX then_due ON alerts_then (rank, urgency, raised_ms, id)",
	"INDEX then_score ON alerts_then (rank, score, raised_ms, id)", "INDEX then_hits ON alerts_then (rank, n_legs, raised_ms, id)",
	"INDEX then_cost ON alerts_then (rank, cost_micro, raised_ms, id)", "INDEX then_state ON alerts_then (rank, state, raised_ms DESC, id DESC)",
	"INDEX then_who ON alerts_then (rank, subject_name, raised_ms DESC, id DESC)", "INDEX then_site ON alerts_then (rank, location, raised_ms DESC, id DESC)",
	"INDEX then_owner ON alerts_then (rank, assignee, raised_ms DESC, id DESC)", "INDEX then_rule ON alerts_then (rank, rule, raised_ms DESC, id DESC)",
	"INDEX then_case ON alerts_then (case_id, rank, severity, raised_ms, id)", "INDEX then_subject ON alerts_then (subject_id, rank, severity, raised_ms, id)",
	"INDEX then_fingerprint ON alerts_then (fingerprint, rank, severity, raised_ms, id)", "INDEX then_merged ON alerts_then (merged_into) WHERE merged_into > 0",
};

static bool exec_with(struct db *db, const char *format, int64_t at_ms, struct fault *fault)
{
	struct text sql = { 0 };
	while (*format != '\0') {
		if (*format == '@')
			text_printf(&sql, "%lld", (long long)at_ms);
		else if (*format == '#')
			text_puts(&sql, db->engine->hidden);
		else
			text_putc(&sql, *format);
		format++;
	}
	bool ok = db_exec(db, text_string(&sql), fault);
	text_clear(&sql);
	return ok;
}

static bool make_tables(struct past *past, struct fault *fault)
{
	/* #: how the engine names a table that is hidden. One that is made beside hides the
	 * store's for what is made after it, so the log comes behind the steps in it. The + 0
	 * keep the planner in the index of the order that is asked for. */
	static const char *const views[] = {
		"VIEW now_alerts AS SELECT * FROM #alerts", "VIEW now_audit AS SELECT * FROM #audit", "VIEW now_evidence AS SELECT * FROM #evidence", "VIEW now_legs AS SELECT * FROM #legs",
		"VIEW alerts_ever AS SELECT " ALL_COLUMNS ", 0 AS of_then FROM #alerts UNION ALL SELECT " ALL_COLUMNS ", 1 FROM alerts_then",
		"VIEW alerts AS SELECT " ALL_COLUMNS ", 0 AS of_then FROM #alerts WHERE raised_ms + 0 <= @ AND id NOT IN (SELECT id FROM touched)"
		" UNION ALL SELECT " ALL_COLUMNS ", 1 FROM alerts_then",
		"VIEW alert_steps AS SELECT alert_id, note AS step, became AS who, at_ms FROM #audit a WHERE act = '" AUDIT_STEP "' AND at_ms + 0 <= @"
		" AND NOT EXISTS (SELECT 1 FROM #audit b WHERE b.alert_id = a.alert_id AND b.seq > a.seq AND b.act = '" AUDIT_UNSTEP "' AND b.note = a.note AND b.at_ms + 0 <= @)",
		"VIEW audit AS SELECT seq, alert_id, at_ms, who, act, was, became, note, hash FROM #audit WHERE at_ms + 0 <= @",
		"VIEW evidence AS SELECT * FROM #evidence e WHERE NOT EXISTS (SELECT 1 FROM alerts_then t WHERE t.id = e.alert_id AND e.seq >= t.n_legs)",
		"VIEW legs AS SELECT * FROM #legs WHERE report_ms + 0 <= @",
	};
	struct db *db = &past->db;
	struct text sql = { 0 };
	text_printf(&sql, "CREATE TEMP TABLE touched (id %s PRIMARY KEY)", db->engine->bigint);
	bool ok = db_exec(db, text_string(&sql), fault);
	text_reset(&sql);
	text_printf(&sql, "CREATE TEMP TABLE texts_of_now (id %s PRIMARY KEY)", db->engine->bigint);
	ok = ok && db_exec(db, text_string(&sql), fault) && exec_with(db, "CREATE TEMP TABLE alerts_then AS SELECT * FROM #alerts LIMIT 0", 0, fault) &&
	    exec_with(db, "CREATE TEMP TABLE open_alerts AS SELECT * FROM #open_alerts", 0, fault) &&
	    db_exec(db, "CREATE UNIQUE INDEX open_kind ON open_alerts (rule, location, severity, assignee)", fault);
	for (size_t i = 0; ok && i < COUNT_OF(indexes); i++) {
		text_reset(&sql);
		text_printf(&sql, "CREATE %s", indexes[i]);
		ok = db_exec(db, text_string(&sql), fault);
	}
	for (size_t i = 0; ok && i < COUNT_OF(views); i++) {
		text_reset(&sql);
		text_printf(&sql, "CREATE TEMP %s", views[i]);
		ok = exec_with(db, text_string(&sql), past->at_ms, fault);
	}
	text_clear(&sql);
	return ok;
}

/* ---- what happened since ----------------------------------------------------------------- */

static bool touch(struct past *past, int64_t id, struct fault *fault)
{
	struct db *db = &past->db;
	struct statement *st = db_statement(db, "INSERT INTO touched (id) SELECT id FROM now_alerts WHERE id = $1 AND raised_ms <= $2 ON CONFLICT DO NOTHING", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "ii", id, past->at_ms);
	return db_run(db, st, fault);
}

/* A piece of a list of times, numbers behind them, and alerts. */
static bool touch_some(struct past *past, const char *sql, bool *more, struct fault *fault)
{
	int64_t ids[CHUNK];
	size_t n = 0, n_rows = 0;
	struct db *db = &past->db;
	struct statement *st = db_statement(db, sql, fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "iii", past->mark, past->mark_id, (int64_t)CHUNK);
	enum step step;
	while ((step = db_step(db, st, fault)) == STEP_ROW && n_rows < CHUNK) {
		past->mark = db_int(db, st, 0);
		past->mark_id = db_int(db, st, 1);
		n_rows++;
		if (db_int(db, st, 2) > 0 && strcmp(db_text(db, st, 3), "raise") != 0)
			ids[n++] = db_int(db, st, 2);
	}
	db->engine->reset(st);
	*more = n_rows == CHUNK;
	for (size_t i = 0; i < n; i++)
		if (!touch(past, ids[i], fault))
			return false;
	return step != STEP_FAULT;
}

/* ---- how many were open ------------------------------------------------------------------- */

bool past_count_open(struct past *past, const struct alert *a, int64_t change, struct fault *fault)
{
	struct db *db = &past->db;
	struct statement *st = db_statement(db, "INSERT INTO open_alerts (rule, location, assignee, severity, n) VALUES ($1,$2,$3,$4,$5)"
	    " ON CONFLICT (rule, location, severity, assignee) DO UPDATE SET n = open_alerts.n + excluded.n", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "tttii", a->rule, a->location, a->assignee, (int64_t)a->severity, change);
	return db_run(db, st, fault);
}

/* Of those that are open now, the ones that had not been raised. */
static bool forget_later(struct past *past, bool *more, struct fault *fault)
{
	struct db *db = &past->db;
	struct alert *found = mem_zalloc(CHUNK * sizeof *found);
	size_t n = 0, n_rows = 0;
	struct arena arena;
	arena_init(&arena);
	struct statement *st = db_statement(db, "SELECT raised_ms, id, rank, severity, rule, location, assignee FROM now_alerts"
	    " WHERE (raised_ms, id) > ($1, $2) ORDER BY raised_ms, id LIMIT $3", fault);
	enum step step = STEP_FAULT;
	if (st != NULL)
		db_bind(db, st, "iii", past->mark, past->mark_id, (int64_t)CHUNK);
	while (st != NULL && (step = db_step(db, st, fault)) == STEP_ROW && n_rows < CHUNK) {
		past->mark = db_int(db, st, 0);
		past->mark_id = db_int(db, st, 1);
		n_rows++;
		if (db_int(db, st, 2) > 0)
			found[n++] = (struct alert){ .severity = (enum severity)db_int(db, st, 3), .rule = arena_strdup(&arena, db_text(db, st, 4)),
				.location = arena_strdup(&arena, db_text(db, st, 5)), .assignee = arena_strdup(&arena, db_text(db, st, 6)) };
	}
	if (st != NULL)
		db->engine->reset(st);
	*more = n_rows == CHUNK;
	bool ok = step != STEP_FAULT;
	for (size_t i = 0; ok && i < n; i++)
		ok = past_count_open(past, &found[i], -1, fault);
	arena_clear(&arena);
	free(found);
	return ok;
}

static bool relive_one(struct past *past, bool *more, struct fault *fault)
{
	struct db *db = &past->db;
	struct statement *st = db_statement(db, "SELECT id FROM touched WHERE id > $1 ORDER BY id LIMIT 1", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "i", past->mark);
	enum step step = db_step(db, st, fault);
	*more = step == STEP_ROW;
	if (*more)
		past->mark = db_int(db, st, 0);
	db->engine->reset(st);
	return step != STEP_FAULT && (!*more || past_relive(past, past->mark, true, true, fault));
}

/* ---- in pieces --------------------------------------------------------------------------------- */

static bool begin(struct past *past, struct fault *fault)
{
	return db_begin_reading(&past->db, fault);
}

static bool start(struct past *past, struct fault *fault)
{
	struct db *db = &past->db;
	past->mark = past->at_ms;
	past->mark_id = INT64_MAX;
	return begin(past, fault) && make_tables(past, fault) &&
	    db_ask_int(db, "SELECT value FROM counters WHERE name = 'revision'", 0, &past->revision, fault) &&
	    db_ask_int(db, "SELECT max(id) FROM now_alerts", 0, &past->last_id, fault);
}

static bool piece(struct past *past, struct fault *fault)
{
	bool more = false, ok = false;
	switch (past->phase) {
	case ACTS:
		ok = touch_some(past, "SELECT at_ms, seq, alert_id, act FROM now_audit WHERE (at_ms, seq) > ($1, $2) ORDER BY at_ms, seq LIMIT $3", &more, fault);
		break;
	case GROWTHS:
		ok = touch_some(past, "SELECT at_ms, alert_id, alert_id, '' FROM growths WHERE (at_ms, alert_id) > ($1, $2) ORDER BY at_ms, alert_id LIMIT $3", &more, fault);
		break;
	case LATER:
		ok = forget_later(past, &more, fault);
		break;
	case RELIVE:
		ok = relive_one(past, &more, fault);
		break;
	case MADE:
		return true;
	}
	if (ok && !more) {
		past->phase++;
		past->mark = past->phase == RELIVE ? 0 : past->at_ms;
		past->mark_id = INT64_MAX;
	}
	return ok;
}

/* What changed in the store meanwhile is as it was then, from now on beside. */
static bool catch_up(struct past *past, bool *more, struct fault *fault)
{
	struct db *db = &past->db;
	struct statement *st = db_statement(db, "SELECT revision, id, EXISTS (SELECT 1 FROM touched t WHERE t.id = a.id) FROM now_alerts a"
	    " WHERE revision > $1 ORDER BY revision LIMIT 1", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "i", past->revision);
	enum step step = db_step(db, st, fault);
	*more = step == STEP_ROW;
	int64_t id = 0;
	bool known = false;
	if (*more) {
		past->revision = db_int(db, st, 0);
		id = db_int(db, st, 1);
		known = db_int(db, st, 2) != 0;
	}
	db->engine->reset(st);
	if (step == STEP_FAULT || !*more || known)
		return step != STEP_FAULT;
	/* A new one that had been reported by then came late: it is in no count yet. */
	return touch(past, id, fault) && past_relive(past, id, false, id > past->last_id, fault);
}

bool past_open(const char *address, int64_t at_ms, struct past **out, struct fault *fault)
{
	struct past *past = mem_zalloc(sizeof *past);
	past->at_ms = at_ms;
	if (!db_open(address, OPEN_ASIDE, &past->db, fault)) {
		free(past);
		return false;
	}
	*out = past;
	return true;
}

void past_close(struct past *past)
{
	if (past == NULL)
		return;
	db_close(&past->db);
	free(past);
}

bool past_texts_are_of_now(struct past *past, int64_t alert_id, bool *are, struct fault *fault)
{
	struct db *db = &past->db;
	struct statement *st = db_statement(db, "SELECT 1 FROM texts_of_now WHERE id = $1", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "i", alert_id);
	enum step step = db_step(db, st, fault);
	*are = step == STEP_ROW;
	db->engine->reset(st);
	return step != STEP_FAULT;
}

int64_t past_moment(const struct past *past)
{
	return past->at_ms;
}

struct db *past_db(struct past *past)
{
	return &past->db;
}

bool past_begin(struct past *past, int64_t budget_ms, bool *ready, struct fault *fault)
{
	int64_t until_ns = clock_steady_ns() + budget_ms * 1000000;
	bool more = true;
	*ready = false;
	if (!past->started) {
		past->started = true;
		if (!start(past, fault))
			return false;
	}
	while (past->phase != MADE) {
		if (!piece(past, fault))
			return false;
		if (clock_steady_ns() > until_ns)
			return true;
	}
	/* What was read until here is of one moment of the store; the question is of now. */
	past_end(past);
	if (!begin(past, fault))
		return false;
	while (more) {
		if (!catch_up(past, &more, fault))
			return false;
		if (more && clock_steady_ns() > until_ns) {
			past_end(past);
			return true;
		}
	}
	*ready = true;
	return true;
}

void past_end(struct past *past)
{
	struct fault ignored;
	if (past->db.in_transaction)
		(void)!db_commit(&past->db, &ignored);
}
