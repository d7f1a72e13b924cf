/* SPDX-License-Identifier: Apache-2.0 */
#include "store/silence_rows.h"

#include <stdlib.h>
#include <string.h>

#include "alerts/merge.h"
#include "base/mem.h"
#include "filter/silence_scope.h"

/* ---- scopes in memory --------------------------------------------------------------- */

struct scope {
	int64_t id, begin_ms, until_ms;
	enum silence_kind kind;
	struct filter filter;
};

struct silence_book {
	int64_t version; /* the counter `silences` when it was read */
	bool read;
	struct scope *scopes; /* the oldest first */
	size_t n;
};

static void book_clear(struct silence_book *book)
{
	for (size_t i = 0; i < book->n; i++)
		filter_clear(&book->scopes[i].filter);
	free(book->scopes);
	book->scopes = NULL;
	book->n = 0;
	book->read = false;
}

void silence_book_free(struct silence_book *book)
{
	if (book == NULL)
		return;
	book_clear(book);
	free(book);
}

/* What a row says that nobody could have written here keeps back nothing. */
static bool scope_of_row(struct db *db, struct statement *st, struct scope *out)
{
	int64_t kind = db_int(db, st, 1);
	const char *filter = db_text(db, st, 5);
	struct fault ignored;
	*out = (struct scope){ .id = db_int(db, st, 0), .begin_ms = db_int(db, st, 3), .until_ms = db_int(db, st, 4) };
	if (kind != SILENCE_FILTER && kind != SILENCE_MAINTENANCE)
		return false;
	out->kind = (enum silence_kind)kind;
	return silence_scope_read(filter, strlen(filter), silence_number(db_int(db, st, 2)), NULL, &out->filter, NULL, &ignored, NULL);
}

static bool book_read(struct store *store, int64_t now_ms, struct fault *fault)
{
	struct db *db = &store->db;
	struct silence_book *book = store->silences;
	int64_t version;
	if (!db_ask_int(db, "SELECT value FROM counters WHERE name = 'silences'", 0, &version, fault))
		return false;
	if (book != NULL && book->read && book->version == version)
		return true;
	if (book == NULL)
		book = store->silences = mem_zalloc(sizeof *book);
	book_clear(book);
	struct statement *st = db_statement(db, "SELECT id, kind, created_ms, begin_ms, until_ms, filter FROM silences"
						" WHERE until_ms > $1 AND (ended_ms = 0 OR kind = $2) ORDER BY id LIMIT $3",
	    fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "iii", now_ms - SILENCE_LATE_MS, (int64_t)SILENCE_MAINTENANCE, (int64_t)(2 * SILENCES_MOST));
	enum step step;
	size_t capacity = 0;
	while ((step = db_step(db, st, fault)) == STEP_ROW) {
		book->scopes = mem_grow(book->scopes, book->n, &capacity, sizeof *book->scopes);
		book->n += scope_of_row(db, st, &book->scopes[book->n]);
	}
	db->engine->reset(st);
	book->version = version;
	book->read = step == STEP_DONE;
	return book->read;
}

/* ---- what is kept back ------------------------------------------------------------------ */

static bool run_on(struct db *db, const char *literal_sql, enum silence_kind kind, int64_t id, int64_t number, struct fault *fault)
{
	struct statement *st = db_statement(db, literal_sql, fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "iii", (int64_t)kind, id, number);
	return db_run(db, st, fault);
}

/* What would have been one alert is one row; of a silence the newest are kept. */
static bool note_kept(struct store *store, enum silence_kind kind, int64_t id, const struct finding *f, int64_t at_ms, struct fault *fault)
{
	struct db *db = &store->db;
	struct statement *st = db_statement(db,
	    "INSERT INTO kept_back (kind, silence_id, fingerprint, n, at_ms, first_ms, last_ms, severity, score, subject_kind,"
	    " subject_id, subject_name, location, rule, title_en, title_es) VALUES ($1,$2,$3,1,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15)"
	    " ON CONFLICT (kind, silence_id, fingerprint) DO UPDATE SET n = kept_back.n + 1,"
	    " at_ms = CASE WHEN excluded.at_ms > kept_back.at_ms THEN excluded.at_ms ELSE kept_back.at_ms END,"
	    " first_ms = CASE WHEN excluded.first_ms < kept_back.first_ms THEN excluded.first_ms ELSE kept_back.first_ms END,"
	    " last_ms = CASE WHEN excluded.last_ms > kept_back.last_ms THEN excluded.last_ms ELSE kept_back.last_ms END,"
	    " severity = CASE WHEN excluded.severity > kept_back.severity THEN excluded.severity ELSE kept_back.severity END,"
	    " score = CASE WHEN excluded.score > kept_back.score THEN excluded.score ELSE kept_back.score END RETURNING n",
	    fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "iiiiiiiiitttttt", (int64_t)kind, id, (int64_t)f->fingerprint, at_ms, f->first_ms, f->last_ms, (int64_t)f->severity,
	    (int64_t)f->score, (int64_t)f->subject_kind, f->subject_id, f->subject_name, f->location, f->rule, f->title_en, f->title_es);
	enum step step = db_step(db, st, fault);
	bool first = step == STEP_ROW && db_int(db, st, 0) == 1;
	db->engine->reset(st);
	return step != STEP_FAULT &&
	    (!first ||
		run_on(db, "DELETE FROM kept_back WHERE kind = $1 AND silence_id = $2 AND fingerprint IN (SELECT fingerprint FROM kept_back"
			   " WHERE kind = $1 AND silence_id = $2 ORDER BY at_ms DESC, last_ms DESC, fingerprint LIMIT 1000 OFFSET $3)",
		    kind, id, SILENCE_KEEPS, fault)) &&
	    run_on(db, "INSERT INTO silence_hours (kind, silence_id, hour, n) VALUES ($1, $2, $3, 1)"
		       " ON CONFLICT (hour, kind, silence_id) DO UPDATE SET n = silence_hours.n + 1",
		kind, id, at_ms / HOUR_MS, fault);
}

/* The alert that said that alerts like it are silent; 0: none does. */
static bool find_alike(struct store *store, const struct finding *f, int64_t now_ms, int64_t *id, struct fault *fault)
{
	struct db *db = &store->db;
	struct statement *st = db_statement(db, "UPDATE alerts SET kept_back = kept_back + 1 WHERE id = (SELECT max(id) FROM alerts"
						" WHERE fingerprint = $1 AND silence_until_ms > $2 AND raised_ms <= $3) RETURNING id",
	    fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "iii", (int64_t)f->fingerprint, now_ms, f->raised_ms);
	enum step step = db_step(db, st, fault);
	*id = step == STEP_ROW ? db_int(db, st, 0) : 0;
	db->engine->reset(st);
	return step != STEP_FAULT;
}

/* The oldest one that it passes. */
static const struct scope *find_scope(const struct silence_book *book, const struct finding *f, int64_t now_ms)
{
	struct alert alert;
	bool made = false;
	for (size_t i = 0; i < book->n; i++) {
		const struct scope *scope = &book->scopes[i];
		if (!silence_holds(scope->kind, scope->begin_ms, scope->until_ms, now_ms, f->last_ms))
			continue;
		if (!made) {
			alert_from_finding(&alert, f);
			alert_say_why(&alert);
			made = true;
		}
		if (filter_passes(&scope->filter, filter_read_alert, &alert, now_ms))
			return scope;
	}
	return NULL;
}

bool silence_rows_keep(struct store *store, const struct page *page, const struct finding *f, bool *kept, struct fault *fault)
{
	int64_t now_ms = MAX(page->now_ms, f->raised_ms), alike;
	*kept = false;
	if (f->severity == SEVERITY_CRITICAL)
		return true;
	if (!find_alike(store, f, now_ms, &alike, fault))
		return false;
	*kept = alike != 0;
	if (*kept)
		return note_kept(store, SILENCE_ALIKE, alike, f, now_ms, fault);
	if (!book_read(store, now_ms, fault))
		return false;
	const struct scope *scope = find_scope(store->silences, f, now_ms);
	*kept = scope != NULL;
	return !*kept ||
	    (run_on(&store->db, "UPDATE silences SET hits = hits + 1, last_hit_ms = CASE WHEN $3 > last_hit_ms THEN $3 ELSE last_hit_ms END"
				" WHERE kind = $1 AND id = $2",
		 scope->kind, scope->id, now_ms, fault) &&
		note_kept(store, scope->kind, scope->id, f, now_ms, fault));
}

/* ---- exceptions --------------------------------------------------------------------------- */

/* Records and no findings: they are no part of the debt, and nobody is told. */
bool exemption_rows_write(struct store *store, const struct page *page, struct fault *fault)
{
	struct db *db = &store->db;
	for (size_t i = 0; i < page->findings.n_exemptions; i++) {
		const struct exemption *e = &page->findings.exemptions[i];
		struct statement *total = db_statement(db, "INSERT INTO exemptions (id, n, last_ms) VALUES ($1, $2, $3) ON CONFLICT (id) DO UPDATE SET"
							   " n = exemptions.n + excluded.n, last_ms = excluded.last_ms",
		    fault);
		if (total == NULL)
			return false;
		db_bind(db, total, "iii", (int64_t)e->key, e->n, page->now_ms);
		if (!db_run(db, total, fault))
			return false;
		struct statement *hour = db_statement(db, "INSERT INTO silence_hours (kind, silence_id, hour, n) VALUES ($1, $2, $3, $4)"
							  " ON CONFLICT (hour, kind, silence_id) DO UPDATE SET n = silence_hours.n + excluded.n",
		    fault);
		if (hour == NULL)
			return false;
		db_bind(db, hour, "iiii", (int64_t)SILENCE_EXCEPTION, (int64_t)e->key, page->now_ms / HOUR_MS, e->n);
		if (!db_run(db, hour, fault))
			return false;
	}
	return true;
}
