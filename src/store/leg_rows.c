/* SPDX-License-Identifier: Apache-2.0
 *
 * Legs: dedupe by a time-ordered key, later reports win. */
#include <string.h>

#include "store/profile_rows.h"

#define MAX_PROBES 4096
#define AHEAD	   2 /* legs: about the time that memory takes */
#define STRIDE	   128 /* legs at a time go to the judge */

/* What stands under a key that is taken. */
struct standing {
	bool same;
	int64_t report_ms, call_id;
};

static bool look_at(struct store *store, int64_t id, const struct leg_columns *row,
    struct standing *out, struct fault *fault)
{
	struct db *db = &store->db;
	struct statement *st = db_statement(db, "SELECT report_id, report_ms, call_id FROM legs WHERE id = $1", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "i", id);
	enum step step = db_step(db, st, fault);
	*out = (struct standing){ 0 };
	if (step == STEP_ROW) {
		size_t length;
		const void *have = db_blob(db, st, 0, &length);
		out->same = length == row->n_report && memcmp(have, row->report, length) == 0;
		out->report_ms = db_int(db, st, 1);
		out->call_id = db_int(db, st, 2);
	}
	db->engine->reset(st);
	return step != STEP_FAULT;
}

static const char insert_leg[] =
    "INSERT INTO legs (id, report_id, report_ms, call_id, raw_id, raw_at, raw_n, flags, answer_ms,"
    " release_ms, duration_s, ring_s, user_id, user_name_id, user_type_id, user_number_id,"
    " location_id, call_type_id, client_type_id, outcome_id, reason_id, redirect_id, related_id,"
    " trunk_in_id, trunk_out_id, device_id, calling, called, dialed, redirecting, caller_name,"
    " called_name, local_call_id, remote_call_id, related_call_id, transfer_call_id, far, country, class,"
    " tier, cost_micro, interaction) "
    "VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19,$20,$21,$22,$23,"
    "$24,$25,$26,$27,$28,$29,$30,$31,$32,$33,$34,$35,$36,"
    "$37,$38,$39,$40,$41,$42) ON CONFLICT (id) DO NOTHING";

static bool word_ids(struct store *store, const struct leg_columns *row, int32_t *ids, struct fault *fault)
{
	for (size_t i = 0; i < LEG_N_WORDS; i++) {
		if (!words_id(store, row->words[i], row->word[i], &ids[i], fault))
			return false;
	}
	return true;
}

static bool insert(struct store *store, struct page *page, struct page_leg *l, int64_t id,
    int64_t call_id, bool *inserted, struct fault *fault)
{
	struct db *db = &store->db;
	const struct store_engine *engine = db->engine;
	const struct cdr *cdr = &l->cdr;
	const struct leg_columns *row = l->columns;
	int32_t ids[LEG_N_WORDS];
	if (!word_ids(store, row, ids, fault))
		return false;
	struct statement *st = db_statement(db, insert_leg, fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "ibiiiiii", id, row->report, (size_t)row->n_report, cdr->report_ms, call_id,
	    page->n_raw > 0 ? page->raw[l->piece].id : (int64_t)0, (int64_t)l->raw_at,
	    (int64_t)cdr->raw.n, (int64_t)l->leg.flags);
	if (cdr->answer_ms != 0)
		engine->bind_int(st, 9, cdr->answer_ms);
	else
		engine->bind_null(st, 9);
	if (cdr->release_ms != 0)
		engine->bind_int(st, 10, cdr->release_ms);
	else
		engine->bind_null(st, 10);
	engine->bind_int(st, 11, cdr->duration_s);
	engine->bind_int(st, 12, cdr->ring_s);
	for (size_t i = 0; i < LEG_N_WORDS; i++)
		engine->bind_int(st, 13 + (int)i, ids[i]);
	for (size_t i = 0; i < LEG_N_TEXTS; i++) {
		if (row->texts[i].n == 0)
			engine->bind_null(st, 27 + (int)i);
		else
			engine->bind_text(st, 27 + (int)i, row->texts[i].p, row->texts[i].n);
	}
	engine->bind_text(st, 37, l->leg.far, strlen(l->leg.far));
	engine->bind_text(st, 38, l->leg.country, strlen(l->leg.country));
	engine->bind_int(st, 39, l->leg.class);
	engine->bind_int(st, 40, l->leg.tier);
	engine->bind_int(st, 41, l->leg.cost_micro);
	if (row->n_interaction > 0)
		engine->bind_blob(st, 42, row->interaction, row->n_interaction);
	else
		engine->bind_null(st, 42);
	l->leg.user_id = ids[WORD_USER_ID];
	l->leg.user_name_id = ids[WORD_USER_NAME];
	l->leg.user_number_id = ids[WORD_USER_NUMBER];
	l->leg.location_id = ids[WORD_LOCATION];
	l->leg.call_type_id = ids[WORD_CALL_TYPE];
	l->leg.trunk_id = ids[WORD_TRUNK_OUT] != 0 ? ids[WORD_TRUNK_OUT] : ids[WORD_TRUNK_IN];
	enum step step = db_step(db, st, fault);
	*inserted = step == STEP_DONE && engine->changes(db->session) == 1;
	engine->reset(st);
	return step != STEP_FAULT;
}

static bool replace(struct store *store, struct page *page, struct page_leg *l, int64_t id,
    int64_t call_id, struct fault *fault)
{
	struct db *db = &store->db;
	struct statement *st = db_statement(db, "DELETE FROM legs WHERE id = $1", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "i", id);
	bool inserted;
	return db_run(db, st, fault) &&
	    insert(store, page, l, id, call_id, &inserted, fault);
}

/* The row of a leg: new, or over an older report of the same leg, or not at
 * all. Whoever has the key already is met by the insert itself. */
static bool place_leg(struct store *store, struct page *page, struct page_leg *l, int64_t id,
    struct open_call *call, struct fault *fault)
{
	struct standing standing = { 0 };
	bool inserted = false;
	for (int probe = 0; probe < MAX_PROBES; probe++, id++) {
		/* A new call is known by its first leg: nobody else has that id. */
		int64_t call_id = call->id != 0 ? call->id : id;
		l->leg_id = l->leg.leg_id = id;
		if (!insert(store, page, l, id, call_id, &inserted, fault))
			return false;
		if (inserted) {
			l->fate = FATE_NEW;
			call->id = call_id;
			return true;
		}
		if (!look_at(store, id, l->columns, &standing, fault))
			return false;
		if (!standing.same)
			continue;
		if (standing.report_ms >= l->cdr.report_ms) {
			l->fate = FATE_SEEN;
			return true;
		}
		l->fate = FATE_UPDATED;
		return (call->id != 0 || call_rows_number(store, call, id, fault)) &&
		    replace(store, page, l, id, call->id, fault);
	}
	return fault_set(fault, FAULT_INPUT, "too many records begin in the same millisecond");
}

static bool write_leg(struct store *store, struct page *page, struct page_leg *l,
    struct fault *fault)
{
	int64_t id = LEG_KEY_OF(l->cdr.start_ms) | (int64_t)(l->columns->report_hash & ((1u << LEG_KEY_BITS) - 1));
	struct open_call *call;
	/* Repeats come in rows (a window read again): after one, the next is
	 * looked for first, and its call stays where it is. */
	if (store->repeats) {
		struct standing standing;
		if (!look_at(store, id, l->columns, &standing, fault))
			return false;
		if (standing.same && standing.report_ms >= l->cdr.report_ms) {
			l->leg_id = l->leg.leg_id = id;
			l->fate = FATE_SEEN;
			page->n_seen++;
			return true;
		}
	}
	if (!call_rows_open(store, l, id, &call, fault) ||
	    !place_leg(store, page, l, id, call, fault))
		return false;
	store->repeats = l->fate == FATE_SEEN;
	page->n_new += l->fate == FATE_NEW;
	page->n_updated += l->fate == FATE_UPDATED;
	page->n_seen += l->fate == FATE_SEEN;
	if (l->fate == FATE_SEEN)
		return true;
	if (l->fate == FATE_NEW && !profile_rows_add(store, l, fault))
		return false;
	assembler_leg(store->assembler, call, &l->leg);
	assembler_link(store->assembler, call, &l->columns->links);
	return true;
}

bool leg_rows_write(struct store *store, struct page *page, const struct page_judge *judge,
    struct fault *fault)
{
	int64_t written = -1;
	page->n_new = page->n_updated = page->n_seen = 0;
	for (size_t i = 0; i < page->n_legs; i++) {
		struct page_leg *l = &page->legs[i];
		if (i + AHEAD < page->n_legs)
			assembler_expect(store->assembler, l[AHEAD].columns->call_hash, &l[AHEAD].columns->links);
		if (!write_leg(store, page, l, fault))
			return false;
		if (l->fate != FATE_SEEN && page->n_raw > 0 && written != (int64_t)l->piece) {
			if (!raw_rows_write(store, page, l->piece, fault))
				return false;
			written = l->piece;
		}
		if (judge != NULL && ((i + 1) % STRIDE == 0 || i + 1 == page->n_legs))
			judge->upto(judge->arg, page, i + 1);
	}
	return true;
}
