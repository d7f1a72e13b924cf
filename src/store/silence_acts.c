/* SPDX-License-Identifier: Apache-2.0
 *
 * Acts on silences: one transaction and a line of the hash chain each. */
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "base/iso_time.h"
#include "filter/silence_scope.h"
#include "store/alert_rows.h"
#include "store/silence_rows.h"

/* Who reads scopes reads them again, and who shows something looks again. */
static bool say_changed(struct store *store, struct fault *fault)
{
	int64_t ignored;
	return counter_next(store, "silences", &ignored, fault) && counter_next(store, "revision", &ignored, fault);
}

static bool audit(struct store *store, const char *act, enum silence_kind kind, int64_t id, const char *who, int64_t at_ms, int64_t was_ms,
    int64_t until_ms, const char *filter, const char *reason, struct fault *fault)
{
	char before[ISO_TIME_BYTES] = "", after[ISO_TIME_BYTES] = "", ref[SILENCE_REF_BYTES], said[4096], note[4096];
	struct alert_event event = { at_ms, who, act, was_ms > 0 ? iso_time_format(was_ms, before) : "",
		until_ms > 0 ? iso_time_format(until_ms, after) : "", note };
	snprintf(said, sizeof said, "%s %s%s%s", silence_ref(kind, id, ref), filter, *reason != '\0' ? ": " : "", reason);
	text_printable(note, sizeof note, said, strlen(said));
	return audit_row_add(store, 0, &event, fault);
}

static bool insert(struct store *store, const struct silence_order *o, const char *who, const char *reason, int64_t *id, struct fault *fault)
{
	struct db *db = &store->db;
	int64_t begin_ms = o->begin_ms > 0 ? o->begin_ms : o->now_ms, n;
	struct statement *count = db_statement(db, "SELECT count(*) FROM silences WHERE until_ms > $1 AND ended_ms = 0", fault);
	if (count == NULL)
		return false;
	db_bind(db, count, "i", o->now_ms);
	enum step step = db_step(db, count, fault);
	n = step == STEP_ROW ? db_int(db, count, 0) : 0;
	db->engine->reset(count);
	if (step == STEP_FAULT)
		return false;
	if (n >= SILENCES_MOST)
		return fault_set(fault, FAULT_CONFLICT, _("%d silences are in force: end one first"), SILENCES_MOST);
	struct statement *st = db_statement(db, "INSERT INTO silences (id, kind, filter, owner, reason, created_ms, begin_ms, until_ms, ended_ms, hits,"
						" last_hit_ms) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,0,0,0)",
	    fault);
	if (st == NULL || !counter_next(store, "silence", id, fault))
		return false;
	db_bind(db, st, "iitttiii", *id, (int64_t)o->kind, o->filter, who, reason, o->now_ms, begin_ms, o->until_ms);
	return db_run(db, st, fault) &&
	    audit(store, "silence_begin", o->kind, *id, who, o->now_ms, 0, o->until_ms, o->filter, reason, fault) && say_changed(store, fault);
}

static bool finish(struct store *store, bool ok, struct fault *fault)
{
	ok = ok && db_commit(&store->db, fault);
	if (!ok)
		db_rollback(&store->db);
	return ok;
}

bool store_silence_begin(struct store *store, const struct silence_order *order, int64_t *id, struct fault *fault)
{
	struct filter filter;
	char who[128], reason[400];
	assert(order->kind == SILENCE_FILTER || order->kind == SILENCE_MAINTENANCE);
	if (!silence_check(order->reason, order->begin_ms, order->until_ms, order->now_ms, fault) ||
	    !silence_scope_read(order->filter, strlen(order->filter), order->now_ms, NULL, &filter, NULL, fault, NULL))
		return false;
	filter_clear(&filter);
	text_printable(who, sizeof who, order->who, strlen(order->who));
	text_printable(reason, sizeof reason, order->reason, strlen(order->reason));
	return db_begin(&store->db, fault) && finish(store, insert(store, order, who, reason, id, fault), fault);
}

struct in_force {
	enum silence_kind kind;
	int64_t begin_ms, until_ms, hits;
	char filter[FILTER_BYTES + 1];
};

static bool get(struct store *store, int64_t id, int64_t now_ms, struct in_force *out, struct fault *fault)
{
	struct db *db = &store->db;
	struct statement *st = db_statement(db, "SELECT kind, begin_ms, until_ms, hits, filter FROM silences WHERE id = $1 AND ended_ms = 0 AND until_ms > $2", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "ii", id, now_ms);
	enum step step = db_step(db, st, fault);
	if (step == STEP_ROW) {
		*out = (struct in_force){ .kind = db_int(db, st, 0) == SILENCE_MAINTENANCE ? SILENCE_MAINTENANCE : SILENCE_FILTER,
			.begin_ms = db_int(db, st, 1),
			.until_ms = db_int(db, st, 2),
			.hits = db_int(db, st, 3) };
		const char *filter = db_text(db, st, 4);
		text_printable(out->filter, sizeof out->filter, filter, strlen(filter));
	}
	db->engine->reset(st);
	if (step == STEP_DONE)
		return fault_set(fault, FAULT_NOT_FOUND, _("silence %lld is not in force"), (long long)id);
	return step == STEP_ROW;
}

static bool change(struct store *store, const char *literal_sql, int64_t id, int64_t moment, struct fault *fault)
{
	struct statement *st = db_statement(&store->db, literal_sql, fault);
	if (st == NULL)
		return false;
	db_bind(&store->db, st, "ii", id, moment);
	return db_run(&store->db, st, fault);
}

static bool end_of_filter(struct store *store, int64_t id, const char *who, int64_t now_ms, int64_t *kept, struct fault *fault)
{
	struct in_force silence;
	if (!db_begin(&store->db, fault))
		return false;
	/* A window that had begun was one until now, for records that come late, too. */
	bool ok = get(store, id, now_ms, &silence, fault) &&
	    change(store, "UPDATE silences SET ended_ms = $2, until_ms = $2 WHERE id = $1", id, now_ms, fault) &&
	    audit(store, "silence_end", silence.kind, id, who, now_ms, silence.until_ms, 0, silence.filter, "", fault) && say_changed(store, fault);
	*kept = ok ? silence.hits : 0;
	return finish(store, ok, fault);
}

static bool extend_of_filter(struct store *store, int64_t id, const char *who, int64_t until_ms, int64_t now_ms, struct fault *fault)
{
	struct in_force silence;
	if (!db_begin(&store->db, fault))
		return false;
	bool ok = get(store, id, now_ms, &silence, fault) && silence_check("-", silence.begin_ms, until_ms, now_ms, fault) &&
	    change(store, "UPDATE silences SET until_ms = $2 WHERE id = $1", id, until_ms, fault) &&
	    audit(store, "silence_extend", silence.kind, id, who, now_ms, silence.until_ms, until_ms, silence.filter, "", fault) &&
	    say_changed(store, fault);
	return finish(store, ok, fault);
}

/* ---- on an alert's row ------------------------------------------------------------------ */

static bool triage(struct store *store, int64_t id, const struct triage_order *order, int64_t *kept, struct fault *fault)
{
	struct triage_result result;
	struct arena arena;
	struct alert_before before = { 0 };
	arena_init(&arena);
	bool ok = store_triage(store, &id, 1, order, &arena, &before, &result, fault);
	if (ok && result.n_failed > 0)
		*fault = result.first;
	ok = ok && result.n_done == 1;
	*kept = ok ? before.alert.kept_back : 0;
	arena_clear(&arena);
	return ok;
}

/* Extended for the reason that it was begun for. */
static bool reason_of(struct store *store, int64_t id, enum triage_act act, char *out, size_t capacity, struct fault *fault)
{
	struct db *db = &store->db;
	struct statement *st = db_statement(db, "SELECT note FROM audit WHERE alert_id = $1 AND act = $2 ORDER BY seq DESC LIMIT 1", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "it", id, triage_act_name(act));
	enum step step = db_step(db, st, fault);
	const char *note = step == STEP_ROW ? db_text(db, st, 0) : "";
	text_printable(out, capacity, note, strlen(note));
	db->engine->reset(st);
	return step != STEP_FAULT;
}

/* One that sleeps is woken before it is put to sleep again, for the same reason. */
static bool snooze_anew(struct store *store, int64_t id, const char *who, int64_t until_ms, int64_t now_ms, struct fault *fault)
{
	char reason[400];
	struct triage_order wake = { .act = TRIAGE_WAKE, .who = who, .now_ms = now_ms };
	struct triage_order snooze = { .act = TRIAGE_SNOOZE, .who = who, .note = reason, .until_ms = until_ms, .now_ms = now_ms };
	return reason_of(store, id, TRIAGE_SNOOZE, reason, sizeof reason, fault) && silence_check(reason, 0, until_ms, now_ms, fault) &&
	    store_triage_both(store, id, &wake, &snooze, fault);
}

bool store_silence_end(struct store *store, enum silence_kind kind, int64_t id, const char *who, int64_t now_ms, int64_t *kept, struct fault *fault)
{
	*kept = 0;
	assert(kind != SILENCE_EXCEPTION); /* a file: watch/exceptions.h */
	if (kind == SILENCE_FILTER || kind == SILENCE_MAINTENANCE)
		return end_of_filter(store, id, who, now_ms, kept, fault);
	struct triage_order order = { .act = kind == SILENCE_ALIKE ? TRIAGE_UNSILENCE : TRIAGE_WAKE, .who = who, .now_ms = now_ms };
	return triage(store, id, &order, kept, fault);
}

bool store_silence_extend(struct store *store, enum silence_kind kind, int64_t id, const char *who, int64_t until_ms, int64_t now_ms, struct fault *fault)
{
	char reason[400];
	int64_t kept;
	if (kind == SILENCE_FILTER || kind == SILENCE_MAINTENANCE)
		return extend_of_filter(store, id, who, until_ms, now_ms, fault);
	if (kind == SILENCE_SNOOZE)
		return snooze_anew(store, id, who, until_ms, now_ms, fault);
	struct alert alert;
	struct arena arena;
	arena_init(&arena);
	bool ok = alert_row_get(&store->db, id, &arena, &alert, fault);
	if (ok && alert.silence_until_ms <= now_ms)
		ok = fault_set(fault, FAULT_CONFLICT, _("alerts like %lld are not silenced"), (long long)id);
	arena_clear(&arena);
	struct triage_order order = { .act = TRIAGE_SILENCE, .who = who, .note = reason, .until_ms = until_ms, .now_ms = now_ms };
	return ok && reason_of(store, id, TRIAGE_SILENCE, reason, sizeof reason, fault) && triage(store, id, &order, &kept, fault);
}
