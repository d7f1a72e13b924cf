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

static bool has_room(struct store *store, int64_t now_ms, struct fault *fault)
{
	struct db *db = &store->db;
	struct statement *count = db_statement(db, "SELECT count(*) FROM silences WHERE until_ms > $1 AND ended_ms = 0", fault);
	if (count == NULL)
		return false;
	db_bind(db, count, "i", now_ms);
	enum step step = db_step(db, count, fault);
	int64_t n = step == STEP_ROW ? db_int(db, count, 0) : 0;
	db->engine->reset(count);
	return step != STEP_FAULT &&
	    (n < SILENCES_MOST || fault_set(fault, FAULT_CONFLICT, _("%d silences are in force: end one first"), SILENCES_MOST));
}

static bool insert(struct store *store, const struct silence_order *o, const char *who, const char *reason, int64_t *id, struct fault *fault)
{
	struct db *db = &store->db;
	int64_t begin_ms = o->begin_ms > 0 ? o->begin_ms : o->now_ms;
	if (!has_room(store, o->now_ms, fault))
		return false;
	struct statement *st = db_statement(db, "INSERT INTO silences (id, kind, filter, owner, reason, created_ms, begin_ms, until_ms, ended_ms, hits,"
						" last_hit_ms) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,0,0,0)",
	    fault);
	if (st == NULL || !counter_next(store, "silence", id, fault))
		return false;
	db_bind(db, st, "iitttiii", *id, (int64_t)o->kind, o->filter, who, reason, o->now_ms, begin_ms, o->until_ms);
	return db_run(db, st, fault) &&
	    audit(store, "silence_begin", o->kind, *id, who, o->now_ms, 0, o->until_ms, o->filter, reason, fault) && say_changed(store, fault);
}

bool store_silence_begin(struct store *store, const struct silence_order *order, int64_t *id, struct fault *fault)
{
	struct filter filter;
	char who[128], reason[400], text[FILTER_BYTES + 1];
	struct silence_order shown = *order;
	assert(order->kind == SILENCE_FILTER || order->kind == SILENCE_MAINTENANCE);
	/* Line ends and tabs are blanks in a filter, too. */
	if (!text_is_printable(order->filter) && strlen(order->filter) <= FILTER_BYTES) {
		text_printable(text, sizeof text, order->filter, strlen(order->filter));
		shown.filter = text;
	}
	if (!silence_check(order->reason, order->begin_ms, order->until_ms, order->now_ms, fault) ||
	    !silence_scope_read(shown.filter, strlen(shown.filter), order->now_ms, NULL, &filter, NULL, fault, NULL))
		return false;
	filter_clear(&filter);
	text_printable(who, sizeof who, order->who, strlen(order->who));
	text_printable(reason, sizeof reason, order->reason, strlen(order->reason));
	return db_begin(&store->db, fault) && db_end(&store->db, insert(store, &shown, who, reason, id, fault), fault);
}

struct as_written {
	enum silence_kind kind;
	int64_t begin_ms, hits;
	struct silence_span span;
	char filter[FILTER_BYTES + 1];
};

static bool is_in_force(const struct silence_span *span, int64_t now_ms)
{
	return span->ended_ms == 0 && span->until_ms > now_ms;
}

static bool read_row(struct store *store, int64_t id, struct as_written *out, struct fault *fault)
{
	struct db *db = &store->db;
	struct statement *st = db_statement(db, "SELECT kind, begin_ms, until_ms, ended_ms, hits, filter FROM silences WHERE id = $1", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "i", id);
	enum step step = db_step(db, st, fault);
	if (step == STEP_ROW) {
		*out = (struct as_written){ .kind = db_int(db, st, 0) == SILENCE_MAINTENANCE ? SILENCE_MAINTENANCE : SILENCE_FILTER,
			.begin_ms = db_int(db, st, 1),
			.span = { db_int(db, st, 2), db_int(db, st, 3) },
			.hits = db_int(db, st, 4) };
		const char *filter = db_text(db, st, 5);
		text_printable(out->filter, sizeof out->filter, filter, strlen(filter));
	}
	db->engine->reset(st);
	if (step == STEP_DONE)
		return fault_set(fault, FAULT_NOT_FOUND, _("silence %lld is not in force"), (long long)id);
	return step == STEP_ROW;
}

static bool get(struct store *store, int64_t id, int64_t now_ms, struct as_written *out, struct fault *fault)
{
	return read_row(store, id, out, fault) &&
	    (is_in_force(&out->span, now_ms) || fault_set(fault, FAULT_NOT_FOUND, _("silence %lld is not in force"), (long long)id));
}

static bool change(struct store *store, int64_t id, const struct silence_span *span, struct fault *fault)
{
	struct statement *st = db_statement(&store->db, "UPDATE silences SET until_ms = $2, ended_ms = $3 WHERE id = $1", fault);
	if (st == NULL)
		return false;
	db_bind(&store->db, st, "iii", id, span->until_ms, span->ended_ms);
	return db_run(&store->db, st, fault);
}

/* Of the first two kinds: another span, with the line that says so. */
static bool write_span(struct store *store, int64_t id, const struct as_written *silence, const struct silence_span *span, const char *act,
    const char *who, int64_t now_ms, struct fault *fault)
{
	return change(store, id, span, fault) &&
	    audit(store, act, silence->kind, id, who, now_ms, silence->span.ended_ms == 0 ? silence->span.until_ms : 0, span->ended_ms == 0 ? span->until_ms : 0,
		silence->filter, "", fault) &&
	    say_changed(store, fault);
}

static void remember(struct silence_before *before, const struct as_written *silence, int64_t id, const struct silence_span *stands)
{
	if (before == NULL)
		return;
	before->kind = silence->kind;
	before->id = id;
	before->was = silence->span;
	before->stands = *stands;
}

static bool end_of_filter(struct store *store, int64_t id, const char *who, int64_t now_ms, int64_t *kept, struct silence_before *before, struct fault *fault)
{
	struct as_written silence;
	/* A window that had begun was one until now, for records that come late, too. */
	struct silence_span span = { now_ms, now_ms };
	if (!db_begin(&store->db, fault))
		return false;
	bool ok = get(store, id, now_ms, &silence, fault) && write_span(store, id, &silence, &span, "silence_end", who, now_ms, fault);
	*kept = ok ? silence.hits : 0;
	if (ok)
		remember(before, &silence, id, &span);
	return db_end(&store->db, ok, fault);
}

static bool extend_of_filter(struct store *store, int64_t id, const char *who, int64_t until_ms, int64_t now_ms, struct silence_before *before,
    struct fault *fault)
{
	struct as_written silence;
	struct silence_span span = { until_ms, 0 };
	if (!db_begin(&store->db, fault))
		return false;
	bool ok = get(store, id, now_ms, &silence, fault) && silence_check("-", silence.begin_ms, until_ms, now_ms, fault) &&
	    write_span(store, id, &silence, &span, "silence_extend", who, now_ms, fault);
	if (ok)
		remember(before, &silence, id, &span);
	return db_end(&store->db, ok, fault);
}

static bool swap(struct store *store, struct silence_before *before, const char *act, const char *who, int64_t now_ms, struct fault *fault)
{
	struct as_written now;
	struct silence_span span = before->was;
	char ref[SILENCE_REF_BYTES];
	if (span.ended_ms == SILENCE_ENDED_THEN)
		span = (struct silence_span){ now_ms, now_ms };
	if (!read_row(store, before->id, &now, fault))
		return false;
	silence_ref(now.kind, before->id, ref);
	if (now.span.until_ms != before->stands.until_ms || now.span.ended_ms != before->stands.ended_ms)
		return fault_set(fault, FAULT_CONFLICT, _("silence %s changed since: it stays as it is"), ref);
	if (now.span.ended_ms == 0 && now.span.until_ms <= now_ms)
		return fault_set(fault, FAULT_CONFLICT, _("silence %s is over: it stays as it is"), ref);
	if (span.ended_ms == 0 && span.until_ms <= now_ms)
		return fault_set(fault, FAULT_CONFLICT, _("silence %s would be over by now: it stays as it is"), ref);
	if (span.ended_ms == 0 && now.span.ended_ms != 0 && !has_room(store, now_ms, fault))
		return false;
	if (!write_span(store, before->id, &now, &span, act, who, now_ms, fault))
		return false;
	before->was = now.span;
	before->stands = span;
	return true;
}

bool store_silence_swap(struct store *store, struct silence_before *before, const char *act, const char *who, int64_t now_ms, struct fault *fault)
{
	struct silence_before kept = *before;
	bool ok = db_begin(&store->db, fault) && db_end(&store->db, swap(store, before, act, who, now_ms, fault), fault);
	if (!ok)
		*before = kept;
	return ok;
}

/* ---- on an alert's row ------------------------------------------------------------------ */

static bool triage(struct store *store, int64_t id, const struct triage_order *order, int64_t *kept, struct arena *arena, struct alert_before *was,
    struct fault *fault)
{
	struct triage_result result;
	bool ok = store_triage(store, &id, 1, order, arena, was, &result, fault);
	if (ok && result.n_failed > 0)
		*fault = result.first;
	ok = ok && result.n_done == 1;
	*kept = ok ? was->alert.kept_back : 0;
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
static bool snooze_anew(struct store *store, int64_t id, const char *who, int64_t until_ms, int64_t now_ms, struct arena *arena, struct alert_before *was,
    struct fault *fault)
{
	char reason[400];
	struct triage_order wake = { .act = TRIAGE_WAKE, .who = who, .now_ms = now_ms };
	struct triage_order snooze = { .act = TRIAGE_SNOOZE, .who = who, .note = reason, .until_ms = until_ms, .now_ms = now_ms };
	return reason_of(store, id, TRIAGE_SNOOZE, reason, sizeof reason, fault) && silence_check(reason, 0, until_ms, now_ms, fault) &&
	    store_triage_both(store, id, &wake, &snooze, arena, was, fault);
}

static bool extend_alike(struct store *store, int64_t id, const char *who, int64_t until_ms, int64_t now_ms, struct arena *arena,
    struct alert_before *was, struct fault *fault)
{
	char reason[400];
	int64_t kept;
	struct alert alert;
	struct triage_order order = { .act = TRIAGE_SILENCE, .who = who, .note = reason, .until_ms = until_ms, .now_ms = now_ms };
	if (!alert_row_get(&store->db, id, arena, &alert, fault))
		return false;
	if (alert.silence_until_ms <= now_ms)
		return fault_set(fault, FAULT_CONFLICT, _("alerts like %lld are not silenced"), (long long)id);
	return reason_of(store, id, TRIAGE_SILENCE, reason, sizeof reason, fault) && triage(store, id, &order, &kept, arena, was, fault);
}

/* Where nobody wants to know what was, it goes as it came. */
static struct arena *arena_of(struct silence_before *before, struct arena *own)
{
	arena_init(own);
	return before == NULL ? own : before->arena;
}

static bool remember_alert(struct silence_before *before, enum silence_kind kind, int64_t id, const struct alert_before *was, struct arena *own, bool ok)
{
	if (ok && before != NULL) {
		before->kind = kind;
		before->id = id;
		before->alert = arena_zalloc(before->arena, sizeof *was);
		*before->alert = *was;
	}
	arena_clear(own);
	return ok;
}

bool store_silence_end(struct store *store, enum silence_kind kind, int64_t id, const char *who, int64_t now_ms, int64_t *kept,
    struct silence_before *before, struct fault *fault)
{
	struct alert_before was = { 0 };
	struct arena own;
	*kept = 0;
	assert(kind != SILENCE_EXCEPTION); /* a file: watch/exceptions.h */
	if (kind == SILENCE_FILTER || kind == SILENCE_MAINTENANCE)
		return end_of_filter(store, id, who, now_ms, kept, before, fault);
	struct triage_order order = { .act = kind == SILENCE_ALIKE ? TRIAGE_UNSILENCE : TRIAGE_WAKE, .who = who, .now_ms = now_ms };
	bool ok = triage(store, id, &order, kept, arena_of(before, &own), &was, fault);
	return remember_alert(before, kind, id, &was, &own, ok);
}

bool store_silence_extend(struct store *store, enum silence_kind kind, int64_t id, const char *who, int64_t until_ms, int64_t now_ms,
    struct silence_before *before, struct fault *fault)
{
	struct alert_before was = { 0 };
	struct arena own;
	if (kind == SILENCE_FILTER || kind == SILENCE_MAINTENANCE)
		return extend_of_filter(store, id, who, until_ms, now_ms, before, fault);
	bool ok = (kind == SILENCE_SNOOZE ? snooze_anew : extend_alike)(store, id, who, until_ms, now_ms, arena_of(before, &own), &was, fault);
	return remember_alert(before, kind, id, &was, &own, ok);
}
