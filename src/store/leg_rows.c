/* SPDX-License-Identifier: Apache-2.0
 *
 * Legs: dedupe by a time-ordered key, later reports win. */
#include <string.h>

#include "store/leg_copy.h"

#define MAX_PROBES 4096
#define AHEAD	   2 /* legs: about the time that memory takes */
#define STRIDE	   128 /* legs at a time go to the judge, and on their way to the store */

static bool look_at(struct store *store, int64_t id, struct standing *out, struct fault *fault)
{
	struct db *db = &store->db;
	const struct standing *known = leg_copy_standing(store, id);
	*out = known != NULL ? *known : (struct standing){ 0 };
	if (known != NULL)
		return true;
	if (!leg_copy_show(store, id, fault))
		return false;
	struct statement *st = db_statement(db, "SELECT report_id, report_ms, call_id FROM legs WHERE id = $1", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "i", id);
	enum step step = db_step(db, st, fault);
	if (step == STEP_ROW) {
		const void *have = db_blob(db, st, 0, &out->n_report);
		out->n_report = MIN(out->n_report, sizeof out->report);
		memcpy(out->report, have, out->n_report);
		out->report_ms = db_int(db, st, 1);
		out->call_id = db_int(db, st, 2);
	}
	db->engine->reset(st);
	return step != STEP_FAULT;
}

static bool is_same(const struct standing *standing, const struct leg_columns *row)
{
	return standing->n_report == row->n_report && memcmp(standing->report, row->report, row->n_report) == 0;
}

static const char insert_leg[] =
    "INSERT INTO legs (" LEG_ROW_COLUMNS ") "
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

static void copy_optional(struct copy *copy, int64_t value)
{
	if (value != 0)
		copy_int(copy, value);
	else
		copy_null(copy);
}

/* The row as insert() binds it. */
static void put_row(struct copy *copy, const struct page *page, const struct page_leg *l, int64_t id, int64_t call_id, const int32_t *ids)
{
	const struct cdr *cdr = &l->cdr;
	const struct leg_columns *row = l->columns;
	copy_row(copy, LEG_N_COLUMNS);
	copy_int(copy, id);
	copy_bytes(copy, row->report, row->n_report);
	copy_int(copy, cdr->report_ms);
	copy_int(copy, call_id);
	copy_int(copy, page->n_raw > 0 ? page->raw[l->piece].id : 0);
	copy_int(copy, (int64_t)l->raw_at);
	copy_int(copy, (int64_t)cdr->raw.n);
	copy_int(copy, (int64_t)l->leg.flags);
	copy_optional(copy, cdr->answer_ms);
	copy_optional(copy, cdr->release_ms);
	copy_int(copy, cdr->duration_s);
	copy_int(copy, cdr->ring_s);
	for (size_t i = 0; i < LEG_N_WORDS; i++)
		copy_int(copy, ids[i]);
	for (size_t i = 0; i < LEG_N_TEXTS; i++) {
		if (row->texts[i].n == 0)
			copy_null(copy);
		else
			copy_text(copy, row->texts[i].p, row->texts[i].n);
	}
	copy_text(copy, l->leg.far, strlen(l->leg.far));
	copy_text(copy, l->leg.country, strlen(l->leg.country));
	copy_int(copy, l->leg.class);
	copy_int(copy, l->leg.tier);
	copy_int(copy, l->leg.cost_micro);
	if (row->n_interaction > 0)
		copy_bytes(copy, row->interaction, row->n_interaction);
	else
		copy_null(copy);
}

static void take_ids(struct page_leg *l, const int32_t *ids)
{
	l->leg.user_id = ids[WORD_USER_ID];
	l->leg.user_name_id = ids[WORD_USER_NAME];
	l->leg.user_number_id = ids[WORD_USER_NUMBER];
	l->leg.location_id = ids[WORD_LOCATION];
	l->leg.call_type_id = ids[WORD_CALL_TYPE];
	l->leg.trunk_id = ids[WORD_TRUNK_OUT] != 0 ? ids[WORD_TRUNK_OUT] : ids[WORD_TRUNK_IN];
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
	take_ids(l, ids);
	*inserted = leg_copy_takes(store, id);
	if (*inserted) {
		known_keys_add(store->keys_known, id);
		put_row(&store->new_legs, page, l, id, call_id, ids);
		return true;
	}
	if (!leg_copy_show(store, id, fault))
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
	enum step step = db_step(db, st, fault);
	*inserted = step == STEP_DONE && engine->changes(db->session) == 1;
	engine->reset(st);
	if (*inserted)
		known_keys_add(store->keys_known, id);
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
	struct standing *known = leg_copy_standing(store, id);
	if (known != NULL)
		known->report_ms = l->cdr.report_ms;
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
		if (!look_at(store, id, &standing, fault))
			return false;
		if (!is_same(&standing, l->columns))
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
	int64_t id = leg_key_of(l);
	struct open_call *call;
	/* Repeats come in rows (a window read again): after one, the next is
	 * looked for first, and its call stays where it is. */
	if (store->repeats) {
		struct standing standing;
		if (!look_at(store, id, &standing, fault))
			return false;
		if (is_same(&standing, l->columns) && standing.report_ms >= l->cdr.report_ms) {
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
	assembler_leg(store->assembler, call, &l->leg);
	assembler_link(store->assembler, call, &l->columns->links);
	return true;
}

/* One question about many costs less than one about each: whoever answers from memory
 * hears how many are to come. */
static void expect_calls(struct store *store, const struct page *page)
{
	for (size_t i = 0, n; i < page->n_legs; i += n) {
		int64_t day = page->legs[i].cdr.start_ms / DAY_MS;
		for (n = 1; i + n < page->n_legs && page->legs[i + n].cdr.start_ms / DAY_MS == day;)
			n++;
		known_calls_expect(store, day, n);
	}
}

bool leg_rows_write(struct store *store, struct page *page, const struct page_judge *judge,
    struct fault *fault)
{
	page->n_new = page->n_updated = page->n_seen = 0;
	for (size_t i = 0; i < page->n_legs; i++)
		if (!months_ready(&store->db, &store->months, leg_key_of(&page->legs[i]), leg_key_of(&page->legs[i]) + MAX_PROBES, fault))
			return false;
	expect_calls(store, page);
	if (!words_expect(store, page, fault) || !leg_copy_begin(store, page, fault))
		return false;
	for (size_t i = 0; i < page->n_legs; i++) {
		struct page_leg *l = &page->legs[i];
		if (i + AHEAD < page->n_legs)
			assembler_expect(store->assembler, l[AHEAD].columns->call_hash, &l[AHEAD].columns->links);
		if (!write_leg(store, page, l, fault))
			return false;
		if ((i + 1) % STRIDE != 0 && i + 1 < page->n_legs)
			continue;
		if (judge != NULL)
			judge->upto(judge->arg, page, i + 1);
		if (!leg_copy_end(store, fault))
			return false;
	}
	return true;
}
