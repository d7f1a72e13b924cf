/* SPDX-License-Identifier: Apache-2.0
 *
 * Acts on alerts: one transaction for all of them, a line of the hash chain
 * for each. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alerts/tags.h"
#include "base/i18n.h"
#include "base/iso_time.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/text.h"
#include "store/alert_rows.h"
#include "store/audit_chain.h"
#include "store/notice_rows.h"
#include "store/request_rows.h"

static bool add_line(struct store *store, int64_t alert_id, const struct alert_event *event,
    struct fault *fault)
{
	struct db *db = &store->db;
	unsigned char before[32] = { 0 }, hash[32];
	/* The end as it was noted, not the last line that is there: lines that somebody took
	 * away leave a gap. Where the note itself is gone, too. And behind what a process of
	 * before the note was kept goes on writing. */
	struct statement *last = db_statement(db, "SELECT seq, hash FROM (SELECT seq, hash FROM audit_end"
						  " UNION ALL SELECT seq, hash FROM audit WHERE seq > (SELECT max(seq) FROM audit_end)"
						  " UNION ALL SELECT seq + 1, hash FROM (SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1) AS l"
						  " WHERE NOT EXISTS (SELECT 1 FROM audit_end)) AS ends ORDER BY seq DESC LIMIT 1",
	    fault);
	if (last == NULL)
		return false;
	int64_t seq = 1;
	enum step step = db_step(db, last, fault);
	if (step == STEP_ROW) {
		size_t n;
		const void *bytes = db_blob(db, last, 1, &n);
		memcpy(before, bytes, MIN(n, sizeof before));
		seq = db_int(db, last, 0) + 1;
	}
	db->engine->reset(last);
	struct statement *st = step == STEP_FAULT ? NULL : db_statement(db,
	    "INSERT INTO audit (seq, alert_id, at_ms, who, act, was, became, note, hash) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9)", fault);
	if (st == NULL)
		return false;
	audit_hash(before, seq, alert_id, event, hash);
	db_bind(db, st, "iiitttttb", seq, alert_id, event->at_ms, event->who, event->act,
	    event->before, event->after, event->note, hash, sizeof hash);
	if (!db_run(db, st, fault))
		return false;
	struct statement *end = db_statement(db, "INSERT INTO audit_end (id, seq, hash) VALUES (1,$1,$2)"
						 " ON CONFLICT (id) DO UPDATE SET seq = excluded.seq, hash = excluded.hash",
	    fault);
	if (end == NULL)
		return false;
	db_bind(db, end, "ib", seq, hash, sizeof hash);
	return db_run_later(db, end, fault);
}

/* Whatever comes in by whichever door: in the log it is one line, and what is read of it is
 * what stands there. */
bool audit_row_add(struct store *store, int64_t alert_id, const struct alert_event *event,
    struct fault *fault)
{
	if (!audit_ask_who(store, fault))
		return false;
	struct arena arena;
	arena_init(&arena);
	struct alert_event line = { event->at_ms, arena_printable(&arena, store->vouched != NULL ? store->vouched : event->who), arena_printable(&arena, event->act), arena_printable(&arena, event->before),
		arena_printable(&arena, event->after), arena_printable(&arena, event->note) };
	bool ok = add_line(store, alert_id, &line, fault);
	arena_clear(&arena);
	return ok;
}

/* What the log says before and after an act: the part that it changed. */
static const char *shown(const struct alert *alert, enum triage_act act)
{
	switch (act) {
	case TRIAGE_ASSIGN:
	case TRIAGE_RELEASE:
		return alert->assignee;
	case TRIAGE_ESCALATE:
		return severity_name(alert->severity);
	case TRIAGE_CLOSE:
	case TRIAGE_MERGE:
	case TRIAGE_REOPEN:
		return alert->resolution != RESOLUTION_NONE ? resolution_name(alert->resolution) :
							      alert_state_name(alert->state);
	case TRIAGE_TAG:
		return alert->tags == NULL ? "" : alert->tags;
	case TRIAGE_LINK: /* the numbers of cases: see below */
	case TRIAGE_UNLINK:
	case TRIAGE_CLAIM:
	case TRIAGE_ACKNOWLEDGE:
	case TRIAGE_NOTE:
	case TRIAGE_SNOOZE:
	case TRIAGE_WAKE:
	case TRIAGE_SILENCE:
	case TRIAGE_UNSILENCE:
	case TRIAGE_N_ACTS:
		break;
	}
	return alert_state_name(alert->state);
}

/* before: of this one, or NULL. */
static void refuse(struct triage_result *result, const struct fault *fault, const char *why, struct arena *arena, struct alert_before *before)
{
	size_t i = 0;
	if (before != NULL)
		*before = (struct alert_before){ .why = arena_strdup(arena, why) };
	if (result->n_failed++ == 0)
		result->first = *fault;
	while (i < result->n_refusals && strcmp(result->refusals[i].why, why) != 0)
		i++;
	if (i == REFUSALS_MAX) {
		i--;
		snprintf(result->refusals[i].why, sizeof result->refusals[i].why, "%s", _("for other reasons"));
	} else if (i == result->n_refusals) {
		snprintf(result->refusals[i].why, sizeof result->refusals[i].why, "%s", why);
		result->n_refusals++;
	}
	result->refusals[i].n++;
}

void triage_result_say(const struct triage_result *result, char *out, size_t capacity)
{
	bool said[REFUSALS_MAX] = { false };
	size_t used = 0;
	out[0] = '\0';
	for (size_t turn = 0; turn < result->n_refusals && used < capacity; turn++) {
		size_t most = REFUSALS_MAX;
		for (size_t i = 0; i < result->n_refusals; i++)
			if (!said[i] && (most == REFUSALS_MAX || result->refusals[i].n > result->refusals[most].n))
				most = i;
		said[most] = true;
		used += (size_t)snprintf(out + used, capacity - used, "%s%zu %s", used > 0 ? ", " : "", result->refusals[most].n,
		    result->refusals[most].why);
	}
}

/* The alert that stays says whose evidence stands behind it, too, and does not any more. */
static bool tell_survivor(struct store *store, int64_t survivor_id, const char *act, const struct alert *duplicate, const char *who, int64_t now_ms,
    struct fault *fault)
{
	char note[80];
	struct alert survivor;
	struct arena arena;
	arena_init(&arena);
	bool is_there = alert_row_get(&store->db, survivor_id, &arena, &survivor, fault);
	arena_clear(&arena);
	if (!is_there)
		return fault->code == FAULT_NOT_FOUND; /* retired: nobody reads its log */
	snprintf(note, sizeof note, "#%lld (%lld)", (long long)duplicate->id, (long long)duplicate->count);
	struct alert_event event = { now_ms, who, act, "", "", note };
	return audit_row_add(store, survivor_id, &event, fault);
}

/* By any act: what it was a duplicate of, and is not; what it is one of, and was not. */
static bool tell_survivors(struct store *store, const struct alert *was, const struct alert *is, const char *who, int64_t now_ms, struct fault *fault)
{
	if (was->merged_into == is->merged_into)
		return true;
	return (was->merged_into == 0 || tell_survivor(store, was->merged_into, AUDIT_UNMERGED, is, who, now_ms, fault)) &&
	    (is->merged_into == 0 || tell_survivor(store, is->merged_into, AUDIT_MERGED, is, who, now_ms, fault));
}

/* By whichever door: what was taken away stays as it is, and nothing is joined to it. taken: the
 * fault says by whom. */
static bool is_taken(struct store *store, int64_t id, bool *taken, struct fault *fault)
{
	char who[65];
	if (!query_tombstone(&store->db, id, who, fault))
		return false;
	*taken = *who != '\0';
	if (*taken)
		fault_set(fault, FAULT_CONFLICT, _("alert %lld was taken away by %s"), (long long)id, who);
	return true;
}

/* What the order says of another alert is looked up: its case, and where it went
 * itself. */
static bool find_other(struct store *store, struct triage_order *order, struct arena *arena, struct fault *fault)
{
	struct alert other;
	if (order->act != TRIAGE_LINK && order->act != TRIAGE_MERGE)
		return true;
	order->survivor_id = order->other_id;
	int64_t last = order->other_id;
	for (int hops = 0; hops < 100; hops++) {
		bool taken = false;
		bool joined = hops == 0 || order->act == TRIAGE_MERGE;
		if (joined && (!is_taken(store, order->survivor_id, &taken, fault) || taken))
			return false;
		if (!alert_row_get(&store->db, order->survivor_id, arena, &other, fault)) {
			if (hops == 0 || fault->code != FAULT_NOT_FOUND)
				return false;
			order->survivor_id = last; /* that one's survivor is retired */
			break;
		}
		last = order->survivor_id;
		if (hops == 0)
			order->other_case = other.case_id;
		if (other.merged_into == 0)
			break;
		order->survivor_id = other.merged_into;
	}
	return true;
}

/* True also when it was refused, which the result tells. */
static bool one(struct store *store, int64_t id, const struct triage_order *order,
    struct arena *arena, struct alert_before *before, struct triage_result *result, struct fault *fault)
{
	struct alert alert;
	char why[72];
	const char *who = arena_printable(arena, order->who);
	if (!alert_row_get(&store->db, id, arena, &alert, fault)) {
		if (fault->code != FAULT_NOT_FOUND)
			return false;
		refuse(result, fault, _("not there"), arena, before);
		return true;
	}
	bool taken;
	if (!is_taken(store, id, &taken, fault))
		return false;
	if (taken) {
		refuse(result, fault, _("taken away"), arena, before);
		return true;
	}
	struct alert was = alert;
	char room[TAGS_TEXT];
	struct triage_order one_order = *order;
	one_order.room = room;
	one_order.who = who;
	if (!triage_apply(&alert, &one_order, fault)) {
		if (fault->code == FAULT_USAGE && order->act == TRIAGE_TAG)
			snprintf(why, sizeof why, "%s", _("too many tags"));
		else
			triage_refusal(&was, order, why, sizeof why);
		refuse(result, fault, why, arena, before);
		return true;
	}
	char note[4096];
	size_t n_named = order->act == TRIAGE_MERGE ? (size_t)snprintf(note, 40, "#%lld ", (long long)order->survivor_id) : 0;
	text_printable(note + n_named, sizeof note - n_named, order->note == NULL ? "" : order->note, order->note == NULL ? 0 : strlen(order->note));
	struct alert_event event = { order->now_ms, who, triage_act_name(order->act), shown(&was, order->act), shown(&alert, order->act), note };
	char case_before[24], case_after[24];
	if (order->act == TRIAGE_LINK || order->act == TRIAGE_UNLINK) {
		snprintf(case_before, sizeof case_before, "#%lld", (long long)was.case_id);
		snprintf(case_after, sizeof case_after, "#%lld", (long long)alert.case_id);
		event.before = case_before;
		event.after = case_after;
	}
	char until[ISO_TIME_BYTES], until_before[ISO_TIME_BYTES];
	if (order->act == TRIAGE_SILENCE || order->act == TRIAGE_UNSILENCE) {
		event.before = was.silence_until_ms > order->now_ms ? iso_time_format(was.silence_until_ms, until_before) : "";
		event.after = alert.silence_until_ms > 0 ? iso_time_format(alert.silence_until_ms, until) : "";
	}
	if (order->act == TRIAGE_SNOOZE)
		event.after = iso_time_format(alert.snooze_until_ms, until);
	if (!alert_row_update(store, &alert, fault) || !audit_row_add(store, id, &event, fault) ||
	    !notice_rows_add(store, &was, &alert, &event, fault) || !tell_survivors(store, &was, &alert, who, order->now_ms, fault))
		return false;
	if (before != NULL)
		*before = (struct alert_before){ .alert = was, .stands = alert.revision };
	result->n_done++;
	return true;
}

bool store_triage(struct store *store, const int64_t *ids, size_t n,
    const struct triage_order *given, struct arena *arena, struct alert_before *before,
    struct triage_result *result, struct fault *fault)
{
	struct triage_order full = *given;
	const struct triage_order *order = &full;
	*result = (struct triage_result){ 0 };
	bool ok = db_begin(&store->db, fault) && find_other(store, &full, arena, fault);
	for (size_t i = 0; ok && i < n; i++) {
		if (before != NULL)
			before[i].alert.id = 0;
		ok = one(store, ids[i], order, arena, before == NULL ? NULL : &before[i], result, fault);
	}
	return db_end(&store->db, ok, fault);
}

bool store_triage_both(struct store *store, int64_t id, const struct triage_order *first, const struct triage_order *second, struct arena *arena,
    struct alert_before *before, struct fault *fault)
{
	struct triage_result result = { 0 };
	struct alert_before between = { 0 };
	bool ok = db_begin(&store->db, fault) && one(store, id, first, arena, before, &result, fault) &&
	    (result.n_failed > 0 || one(store, id, second, arena, &between, &result, fault));
	if (ok && result.n_failed > 0) {
		*fault = result.first;
		ok = false;
	}
	before->stands = between.stands;
	return db_end(&store->db, ok, fault);
}

static int64_t name_now(const struct map *renamed, int64_t revision)
{
	const union map_value *at;
	while (renamed != NULL && (at = map_get_n(renamed, (const char *)&revision, sizeof revision)) != NULL)
		revision = at->number;
	return revision;
}

static void rename_revision(struct map *renamed, int64_t from, int64_t to)
{
	if (renamed != NULL)
		map_put_n(renamed, (const char *)&from, sizeof from, NULL)->number = to;
}

struct swap {
	struct store *store;
	const char *act, *who;
	int64_t now_ms;
	const struct map *renamed;
	struct arena *arena;
	struct triage_result *result;
};

/* Would it be a duplicate of what has become a duplicate of it? */
static bool circles(struct store *store, const struct alert *was, struct arena *arena, bool *found, struct fault *fault)
{
	struct alert other;
	*found = false;
	for (int64_t id = was->merged_into, hops = 0; id != 0 && hops < 100; hops++) {
		if (id == was->id) {
			*found = true;
			return true;
		}
		if (!alert_row_get(&store->db, id, arena, &other, fault))
			return fault->code == FAULT_NOT_FOUND; /* retired: it leads nowhere */
		id = other.merged_into;
	}
	return true;
}

/* `stood` is what it took the place of; of id 0 when it did not. */
static bool put_back(const struct swap *swap, const struct alert_before *before, struct alert_before *stood, struct fault *fault)
{
	const struct alert *was = &before->alert;
	struct triage_result *result = swap->result;
	struct alert now;
	if (!alert_row_get(&swap->store->db, was->id, swap->arena, &now, fault)) {
		bool gone = fault->code == FAULT_NOT_FOUND;
		if (gone)
			refuse(result, fault, _("not there"), swap->arena, stood);
		return gone;
	}
	/* Open again it would be in no list, and grow. */
	bool circle, taken = false, joins = was->merged_into != 0 && was->merged_into != now.merged_into;
	if (!is_taken(swap->store, was->id, &taken, fault) || (!taken && joins && !is_taken(swap->store, was->merged_into, &taken, fault)))
		return false;
	if (taken) {
		refuse(result, fault, _("taken away"), swap->arena, stood);
		return true;
	}
	if (!circles(swap->store, was, swap->arena, &circle, fault))
		return false;
	if (circle || now.revision != name_now(swap->renamed, before->stands)) {
		struct fault since = { 0 };
		fault_set(&since, FAULT_CONFLICT, _("alert %lld changed since: it stays as it is"), (long long)was->id);
		refuse(result, &since, _("changed since"), swap->arena, stood);
		return true;
	}
	struct alert_event event = { swap->now_ms, swap->who, swap->act, alert_state_name(now.state), alert_state_name(was->state), "" };
	struct alert alert = *was;
	if (!alert_row_update(swap->store, &alert, fault) || !audit_row_add(swap->store, was->id, &event, fault) ||
	    !notice_rows_add(swap->store, &now, &alert, &event, fault) || !tell_survivors(swap->store, &now, &alert, swap->who, swap->now_ms, fault))
		return false;
	*stood = (struct alert_before){ .alert = now, .stands = alert.revision };
	result->n_done++;
	return true;
}

bool store_swap(struct store *store, struct alert_before *before, size_t n, const char *act, const char *who, int64_t now_ms,
    struct map *renamed, struct arena *arena, struct triage_result *result, struct fault *fault)
{
	struct swap swap = { store, act, who, now_ms, renamed, arena, result };
	struct alert_before *stood = mem_zalloc((n + 1) * sizeof *stood);
	*result = (struct triage_result){ 0 };
	bool ok = db_begin(&store->db, fault);
	for (size_t i = 0; ok && i < n; i++)
		ok = before[i].alert.id == 0 || put_back(&swap, &before[i], &stood[i], fault);
	ok = db_end(&store->db, ok, fault);
	for (size_t i = 0; ok && i < n; i++) {
		if (stood[i].alert.id != 0)
			rename_revision(renamed, before[i].alert.revision, stood[i].stands);
		before[i] = stood[i];
	}
	free(stood);
	return ok;
}

bool store_wake(struct store *store, int64_t now_ms, size_t *n_woken, struct fault *fault)
{
	struct db *db = &store->db;
	int64_t ids[64];
	size_t n = 0;
	*n_woken = 0;
	struct statement *st = db_statement(db, "SELECT id FROM alerts WHERE rank = 1 AND state = $1 AND snooze_until_ms <= $2 LIMIT 64", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "ii", (int64_t)ALERT_SNOOZED, now_ms);
	enum step step;
	while ((step = db_step(db, st, fault)) == STEP_ROW && n < COUNT_OF(ids))
		ids[n++] = db_int(db, st, 0);
	db->engine->reset(st);
	if (step == STEP_FAULT)
		return false;
	if (n == 0)
		return true;
	struct triage_order wake = { .act = TRIAGE_WAKE, .who = "centinela", .now_ms = now_ms };
	struct triage_result result;
	struct arena arena;
	arena_init(&arena);
	bool ok = store_triage(store, ids, n, &wake, &arena, NULL, &result, fault);
	arena_clear(&arena);
	*n_woken = result.n_done;
	return ok;
}

bool store_audit(struct store *store, const struct alert_event *event, struct fault *fault)
{
	if (!db_begin(&store->db, fault))
		return false;
	return db_end(&store->db, audit_row_add(store, 0, event, fault), fault);
}
