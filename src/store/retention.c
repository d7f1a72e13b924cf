/* SPDX-License-Identifier: Apache-2.0 */
#include "store/retention.h"

#include <stdio.h>
#include <string.h>

#include "base/map.h"
#include "store/alert_rows.h"
#include "store/live_rows.h"
#include "store/window_rows.h"

/* The feed gives back 30 days; twice that is behind every question. */
#define WINDOWS_KEPT (60 * DAY_MS)
#define OUTBOX_KEPT (30 * DAY_MS)
#define LIVE_UNHEARD (25 * HOUR_MS) /* a little more than whoever listens waits: watch/live.c */
/* Days of memory: more than any fact looks back. */
#define PROFILES_KEPT 90
#define SAMPLES_KEPT  30 /* a replay begins with those of before, too */

#define OF_OPEN_ALERTS "(SELECT e.leg_id FROM evidence e JOIN alerts a ON a.id = e.alert_id WHERE a.rank > 0)"
/* Those of records before then: they are few, as what closed alerts rest on goes with them.
 * By CROSS JOIN SQLite is told to begin there, not with a million open alerts. */
#define OLD_OF_OPEN_ALERTS(before) "(SELECT e.leg_id FROM evidence e CROSS JOIN alerts a WHERE e.leg_id < ((" before ") << 20) AND a.id = e.alert_id AND a.rank > 0)"
/* By the index of when they were closed, in which those that are open have 0: else all of
 * a million open ones would be read, every time. */
#define LONG_CLOSED    "(SELECT c.id FROM alerts c WHERE c.rank + 0 = 0 AND c.closed_ms > 0 AND c.closed_ms < $1 AND c.silence_until_ms < $1" \
		       " AND NOT EXISTS (SELECT 1 FROM alerts o WHERE o.id = c.merged_into AND o.rank > 0) ORDER BY c.id LIMIT $2)"

static bool count_gone(struct db *db, struct statement *st, int64_t *n, struct fault *fault)
{
	if (!db_run(db, st, fault))
		return false;
	*n += db->engine->changes(db->session);
	return true;
}

/* One statement with the moment and the batch; counts what went. */
static bool retire(struct db *db, const char *sql, int64_t before, size_t batch, int64_t *n, struct fault *fault)
{
	struct statement *st = db_statement(db, sql, fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "ii", before, (int64_t)batch);
	return count_gone(db, st, n, fault);
}

/* They are numbered as they come: none is looked at behind the first that is young. A stamp
 * of the future is of a clock that was wrong, and says nothing of what is behind it. */
static bool retire_raw(struct db *db, int64_t now_ms, int64_t keep_ms, size_t batch, int64_t *n, struct fault *fault)
{
	struct statement *st = db_statement(db, "DELETE FROM raw WHERE id IN (SELECT id FROM raw WHERE id <"
	    " coalesce((SELECT id FROM raw WHERE stored_ms >= $1 AND stored_ms <= $3 ORDER BY id LIMIT 1), 9223372036854775807)"
	    " AND stored_ms < $1 AND id NOT IN (SELECT l.raw_id FROM legs l WHERE l.id IN " OF_OPEN_ALERTS ") ORDER BY id LIMIT $2)", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "iii", now_ms - keep_ms, (int64_t)batch, now_ms + DAY_MS);
	return count_gone(db, st, n, fault);
}

/* As retire(), of rows that tell which number they had. */
static bool retire_telling(struct db *db, const char *sql, int64_t before, size_t batch, struct map *numbers, int64_t *n, struct fault *fault)
{
	struct statement *st = db_statement(db, sql, fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "ii", before, (int64_t)batch);
	enum step step;
	while ((step = db_step(db, st, fault)) == STEP_ROW) {
		map_put(numbers, db_text(db, st, 0), NULL);
		++*n;
	}
	db->engine->reset(st);
	return step == STEP_DONE;
}

static bool retire_records(struct store *store, int64_t before, size_t batch, int64_t *n, struct fault *fault)
{
	struct db *db = &store->db;
	struct map numbers = { 0 };
	/* A call may have lost the number that one of its legs had. */
	bool ok = retire_telling(db, "DELETE FROM calls WHERE id IN (SELECT id FROM calls WHERE id < ($1 << 20) AND id NOT IN"
				 " (SELECT l.call_id FROM legs l WHERE l.id IN " OLD_OF_OPEN_ALERTS("$1 + 604800000") ") ORDER BY id LIMIT $2) RETURNING far_number", /* no call lasts a week */
		      before, batch, &numbers, n, fault) &&
	    retire_telling(db, "DELETE FROM legs WHERE id IN (SELECT id FROM legs WHERE id < ($1 << 20) AND id NOT IN " OLD_OF_OPEN_ALERTS("$1")
			       " ORDER BY id LIMIT $2) RETURNING far",
		before, batch, &numbers, n, fault) &&
	    far_ends_retire(store, &numbers, batch, fault);
	map_clear(&numbers);
	return ok;
}

static bool retire_legs(struct store *store, int64_t before, size_t batch, int64_t *n, struct fault *fault)
{
	struct db *db = &store->db;
	/* Sums of calls that cannot be looked at any more go with them. */
	return retire_records(store, before, batch, n, fault) &&
	    retire(db, "DELETE FROM evidence WHERE (alert_id, leg_id) IN (SELECT e.alert_id, e.leg_id FROM evidence e"
		       " CROSS JOIN alerts a WHERE a.id = e.alert_id AND a.rank = 0 AND e.leg_id < ($1 << 20) LIMIT $2)",
		before, batch, n, fault) &&
	    retire(db, "DELETE FROM hours WHERE (hour, location_id, direction) IN (SELECT hour, location_id, direction FROM hours"
		       " WHERE hour < $1 LIMIT $2)",
		before / HOUR_MS, batch, n, fault) &&
	    /* Not where a call stays, for an open alert's sake: it would not be found any more. 3774873600000 ids are an hour. */
	    retire(db, "DELETE FROM call_bounds WHERE hour IN (SELECT b.hour FROM call_bounds b WHERE b.hour < $1 AND NOT EXISTS"
		       " (SELECT 1 FROM calls c WHERE c.id >= b.hour * 3774873600000 AND c.id < (b.hour + 1) * 3774873600000) ORDER BY b.hour LIMIT $2)",
		before / HOUR_MS, batch, n, fault);
}

/* The alerts themselves. Who counted them, or shows them, looks again. */
static bool retire_rows_of_alerts(struct store *store, int64_t before, size_t batch, int64_t *n, struct fault *fault)
{
	int64_t n_gone = 0, ignored;
	if (!retire(&store->db, "DELETE FROM alerts WHERE id IN " LONG_CLOSED, before, batch, &n_gone, fault))
		return false;
	*n += n_gone;
	return n_gone == 0 || (counter_next(store, "alerts_gone", &ignored, fault) && counter_next(store, "revision", &ignored, fault));
}

static bool retire_alerts(struct store *store, int64_t before, size_t batch, int64_t *n, struct fault *fault)
{
	struct db *db = &store->db;
	return retire(db, "DELETE FROM admin_events WHERE id IN (SELECT id FROM admin_events WHERE at_ms < $1 ORDER BY at_ms LIMIT $2)", before, batch, n, fault) &&
	    retire(db, "DELETE FROM directory_changes WHERE seq IN (SELECT seq FROM directory_changes WHERE at_ms < $1 ORDER BY seq LIMIT $2)", before, batch, n, fault) &&
	    retire(db, "DELETE FROM evidence WHERE alert_id IN " LONG_CLOSED, before, batch, n, fault) &&
	    retire(db, "DELETE FROM alert_steps WHERE alert_id IN " LONG_CLOSED, before, batch, n, fault) &&
	    retire(db, "DELETE FROM growths WHERE alert_id IN " LONG_CLOSED, before, batch, n, fault) &&
	    retire_rows_of_alerts(store, before, batch, n, fault) &&
	    retire(db, "DELETE FROM silences WHERE id IN (SELECT id FROM silences WHERE until_ms < $1 LIMIT $2)", before, batch, n, fault) &&
	    retire(db, "DELETE FROM exemptions WHERE id IN (SELECT id FROM exemptions WHERE last_ms < $1 LIMIT $2)", before, batch, n, fault) &&
	    retire(db, "DELETE FROM kept_back WHERE (kind, silence_id, fingerprint) IN (SELECT kind, silence_id, fingerprint FROM kept_back"
		       " WHERE at_ms < $1 LIMIT $2)",
		before, batch, n, fault);
}

/* Days of memory, by the newest that is none of the future: a record with a
 * wrong date must not take the rest along. */
static bool retire_memory(struct db *db, int64_t future_day, size_t batch, int64_t *n, struct fault *fault)
{
	struct statement *st = db_statement(db, "SELECT coalesce((SELECT max(day) FROM profile_days WHERE day <= $1), 0),"
						" coalesce((SELECT max(day) FROM model_samples WHERE day <= $1), 0)",
	    fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "i", future_day);
	enum step step = db_step(db, st, fault);
	int64_t profiles = step == STEP_ROW ? db_int(db, st, 0) : 0, samples = step == STEP_ROW ? db_int(db, st, 1) : 0;
	db->engine->reset(st);
	return step == STEP_ROW &&
	    retire(db, "DELETE FROM profile_days WHERE (what, day, key) IN (SELECT what, day, key FROM profile_days WHERE day < $1 LIMIT $2)",
		profiles - PROFILES_KEPT, batch, n, fault) &&
	    retire(db, "DELETE FROM profile_days WHERE (what, day, key) IN (SELECT what, day, key FROM profile_days WHERE day > $1 LIMIT $2)",
		future_day, batch, n, fault) &&
	    retire(db, "DELETE FROM model_samples WHERE (day, calls, hash) IN (SELECT day, calls, hash FROM model_samples WHERE day < $1 LIMIT $2)",
		samples - SAMPLES_KEPT, batch, n, fault) &&
	    retire(db, "DELETE FROM model_samples WHERE (day, calls, hash) IN (SELECT day, calls, hash FROM model_samples WHERE day > $1 LIMIT $2)",
		future_day, batch, n, fault);
}

/* The last line that may go: all before it are old, and about nothing open. Of the log's
 * first lines alone, up to the one that stays: most often that is the first. */
static bool last_to_go(struct db *db, int64_t before, size_t batch, int64_t *first, int64_t *last, struct fault *fault)
{
	if (!db_ask_int(db, "SELECT min(seq) FROM audit", 0, first, fault) || !db_ask_int(db, "SELECT max(seq) FROM audit", 0, last, fault))
		return false;
	*last = MIN(*last, *first + (int64_t)batch - 1);
	struct statement *st = db_statement(db, "SELECT seq FROM audit a WHERE seq >= $2 AND seq <= $3 AND (at_ms >= $1 OR EXISTS"
	    " (SELECT 1 FROM alerts o WHERE o.id = a.alert_id AND o.rank > 0)) ORDER BY seq LIMIT 1", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "iii", before, *first, *last);
	enum step step = db_step(db, st, fault);
	if (step == STEP_ROW)
		*last = db_int(db, st, 0) - 1;
	db->engine->reset(st);
	return step != STEP_FAULT;
}

static bool hash_of(struct db *db, int64_t seq, unsigned char hash[32], struct fault *fault)
{
	struct statement *st = db_statement(db, "SELECT hash FROM audit WHERE seq = $1", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "i", seq);
	enum step step = db_step(db, st, fault);
	size_t n = 0;
	const void *bytes = step == STEP_ROW ? db_blob(db, st, 0, &n) : NULL;
	memset(hash, 0, 32);
	if (n > 0)
		memcpy(hash, bytes, MIN(n, (size_t)32));
	db->engine->reset(st);
	return step != STEP_FAULT;
}

static bool put_anchor(struct db *db, int64_t seq, const unsigned char hash[32], struct fault *fault)
{
	if (!db_exec(db, "DELETE FROM audit_anchor", fault))
		return false;
	struct statement *st = db_statement(db, "INSERT INTO audit_anchor (seq, hash) VALUES ($1, $2)", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "ib", seq, hash, (size_t)32);
	return db_run(db, st, fault);
}

static bool retire_audit(struct store *store, int64_t before, int64_t now_ms, size_t batch, int64_t *n, struct fault *fault)
{
	struct db *db = &store->db;
	unsigned char hash[32];
	char was[24], became[24], note[2 * sizeof hash + 1];
	int64_t first, last;
	if (!last_to_go(db, before, batch, &first, &last, fault))
		return false;
	if (first == 0 || last < first)
		return true;
	if (!hash_of(db, last, hash, fault) || !put_anchor(db, last, hash, fault))
		return false;
	snprintf(was, sizeof was, "%lld", (long long)first);
	snprintf(became, sizeof became, "%lld", (long long)last);
	audit_hash_text(hash, note);
	/* First the line, then the deletion: the log is never empty. */
	struct alert_event event = { now_ms, "centinela", AUDIT_RETIRE, was, became, note };
	return audit_row_add(store, 0, &event, fault) &&
	    retire(db, "DELETE FROM audit WHERE seq <= $1 AND $2 > 0", last, batch, n, fault);
}

/* What was sent or given up is over after a month, as is what nobody routed. */
static bool retire_outbox(struct db *db, int64_t before, size_t batch, int64_t *n, struct fault *fault)
{
	return retire(db, "DELETE FROM outbox WHERE id IN (SELECT id FROM outbox WHERE made_ms < $1 AND state > 0 ORDER BY id LIMIT $2)", before, batch, n, fault) &&
	    retire(db, "DELETE FROM outbox_notices WHERE (outbox_id, notice_id) IN (SELECT o.outbox_id, o.notice_id FROM outbox_notices o"
		       " WHERE o.outbox_id < (SELECT coalesce(min(id), 0) FROM outbox WHERE made_ms >= $1) AND NOT EXISTS"
		       " (SELECT 1 FROM outbox b WHERE b.id = o.outbox_id) LIMIT $2)", before, batch, n, fault) &&
	    retire(db, "DELETE FROM notices WHERE id IN (SELECT id FROM notices WHERE at_ms < $1 AND NOT EXISTS"
		       " (SELECT 1 FROM outbox_notices o WHERE o.notice_id = notices.id) ORDER BY id LIMIT $2)", before, batch, n, fault);
}

bool store_retire(struct store *store, const struct retention *keep, int64_t now_ms, size_t batch,
    int64_t *n, struct fault *fault)
{
	struct db *db = &store->db;
	int64_t n_months = 0;
	*n = 0;
	bool ok = keep->legs_ms <= 0 || months_retire(db, now_ms - keep->legs_ms, &n_months, fault);
	months_forget(&store->months);
	ok = ok && db_begin(db, fault);
	if (keep->raw_ms > 0)
		ok = ok && retire_raw(db, now_ms, keep->raw_ms, batch, n, fault);
	if (keep->legs_ms > 0)
		ok = ok && retire_legs(store, now_ms - keep->legs_ms, batch, n, fault);
	if (keep->alerts_ms > 0)
		ok = ok && retire_alerts(store, now_ms - keep->alerts_ms, batch, n, fault);
	if (keep->audit_ms > 0)
		ok = ok && retire_audit(store, now_ms - keep->audit_ms, now_ms, batch, n, fault);
	if (keep->live_ms > 0)
		ok = ok && retire(db, "DELETE FROM live_halves WHERE id IN (SELECT id FROM live_halves WHERE id < ($1 << 20) ORDER BY id LIMIT $2)", now_ms - keep->live_ms, batch, n, fault);
	ok = ok && retire(db, "DELETE FROM live_halves WHERE id IN (SELECT id FROM live_halves WHERE id <="
			      " (SELECT id FROM live_halves ORDER BY id DESC LIMIT 1 OFFSET $1) ORDER BY id LIMIT $2)", LIVE_HALVES_MOST, batch, n, fault);
	ok = ok && retire(db, "DELETE FROM windows WHERE (endpoint, from_ms, until_ms) IN (SELECT endpoint, from_ms, until_ms FROM windows"
			      " WHERE until_ms < (" COMPLETE_UNTIL ") - $1 LIMIT $2)", WINDOWS_KEPT, batch, n, fault);
	ok = ok && retire(db, "DELETE FROM silence_hours WHERE (hour, kind, silence_id) IN (SELECT hour, kind, silence_id FROM silence_hours"
			      " WHERE hour < $1 LIMIT $2)",
		       (now_ms - WINDOWS_KEPT) / HOUR_MS, batch, n, fault);
	ok = ok && live_rows_give_up(db, now_ms - LIVE_UNHEARD, batch, fault);
	ok = ok && retire_outbox(db, now_ms - OUTBOX_KEPT, batch, n, fault);
	ok = ok && db_exec(db, "DELETE FROM open_alerts WHERE n = 0", fault);
	ok = ok && retire_memory(db, now_ms / DAY_MS + 3, batch, n, fault);
	ok = db_end(db, ok, fault);
	*n += n_months;
	if (!ok)
		far_ends_forget(store->far_ends);
	return ok;
}
