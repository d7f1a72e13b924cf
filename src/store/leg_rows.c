/* SPDX-License-Identifier: Apache-2.0
 *
 * Legs: dedupe by a time-ordered key, later reports win. */
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "store/store.h"

#define KEY_BITS 20
#define MAX_PROBES 4096

/* The Report ID is the identity; without one, what 2.11 of Webex's own advice
 * names: correlation, local call id, user, start and direction. */
static size_t identity(const struct cdr *cdr, unsigned char out[40])
{
	struct span report = cdr->field[CDR_F_REPORT_ID];
	if (report.n > 0)
		return uuid_key(report, out);
	static const enum cdr_field parts[] = { CDR_F_CORRELATION_ID, CDR_F_LOCAL_CALL_ID,
		CDR_F_USER_UUID, CDR_F_START_TIME, CDR_F_DIRECTION };
	uint64_t hash = 0;
	for (size_t i = 0; i < COUNT_OF(parts); i++)
		hash = hash_mix(hash + hash_bytes(cdr->field[parts[i]].p, cdr->field[parts[i]].n));
	out[0] = 1; /* not a text, not a UUID */
	memcpy(out + 1, &hash, sizeof hash);
	return 1 + sizeof hash;
}

struct row_text {
	char bytes[256];
	size_t n;
};

static void text_of(struct store *store, struct span span, struct row_text *out)
{
	const char *text = store_text(store, span, &out->n);
	memcpy(out->bytes, text, out->n);
}

static bool word_ids(struct store *store, struct page_leg *page_leg, int32_t *ids,
    const enum cdr_field *fields, size_t n, struct fault *fault)
{
	for (size_t i = 0; i < n; i++) {
		if (!words_id(store, page_leg->cdr.field[fields[i]], &ids[i], fault))
			return false;
	}
	return true;
}

/* What stands under a key that is taken. */
struct standing {
	bool same;
	int64_t report_ms, call_id;
};

static bool look_at(struct store *store, int64_t id, const unsigned char *report, size_t n,
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
		out->same = length == n && memcmp(have, report, n) == 0;
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

static void bind_span(struct store *store, struct statement *st, int n, struct span span,
    struct row_text *room)
{
	if (span.n == 0) {
		store->db.engine->bind_null(st, n);
		return;
	}
	text_of(store, span, room);
	store->db.engine->bind_text(st, n, room->bytes, room->n);
}

static bool insert(struct store *store, struct page *page, struct page_leg *l, int64_t id,
    int64_t call_id, const unsigned char *report, size_t n_report, bool *inserted,
    struct fault *fault)
{
	static const enum cdr_field words[] = { CDR_F_USER_UUID, CDR_F_USER, CDR_F_USER_TYPE,
		CDR_F_USER_NUMBER, CDR_F_LOCATION, CDR_F_CALL_TYPE, CDR_F_CLIENT_TYPE,
		CDR_F_CALL_OUTCOME, CDR_F_CALL_OUTCOME_REASON, CDR_F_REDIRECT_REASON,
		CDR_F_RELATED_REASON, CDR_F_INBOUND_TRUNK, CDR_F_OUTBOUND_TRUNK, CDR_F_DEVICE_MAC };
	static const enum cdr_field texts[] = { CDR_F_CALLING_NUMBER, CDR_F_CALLED_NUMBER,
		CDR_F_DIALED_DIGITS, CDR_F_REDIRECTING_NUMBER, CDR_F_CALLING_LINE_ID,
		CDR_F_CALLED_LINE_ID, CDR_F_LOCAL_CALL_ID, CDR_F_REMOTE_CALL_ID,
		CDR_F_RELATED_CALL_ID, CDR_F_TRANSFER_RELATED_CALL_ID };
	struct db *db = &store->db;
	const struct cdr *cdr = &l->cdr;
	int32_t ids[COUNT_OF(words)];
	struct row_text room[COUNT_OF(texts)];
	if (!word_ids(store, l, ids, words, COUNT_OF(words), fault))
		return false;
	struct statement *st = db_statement(db, insert_leg, fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "ibiiiiii", id, report, n_report, cdr->report_ms, call_id,
	    page->n_raw > 0 ? page->raw[l->piece].id : (int64_t)0, (int64_t)l->raw_at,
	    (int64_t)cdr->raw.n, (int64_t)l->leg.flags);
	if (cdr->answer_ms != 0)
		db->engine->bind_int(st, 9, cdr->answer_ms);
	else
		db->engine->bind_null(st, 9);
	if (cdr->release_ms != 0)
		db->engine->bind_int(st, 10, cdr->release_ms);
	else
		db->engine->bind_null(st, 10);
	db->engine->bind_int(st, 11, cdr->duration_s);
	db->engine->bind_int(st, 12, cdr->ring_s);
	for (size_t i = 0; i < COUNT_OF(words); i++)
		db->engine->bind_int(st, 13 + (int)i, ids[i]);
	for (size_t i = 0; i < COUNT_OF(texts); i++)
		bind_span(store, st, 27 + (int)i, cdr->field[texts[i]], &room[i]);
	db->engine->bind_text(st, 37, l->leg.far, strlen(l->leg.far));
	db->engine->bind_text(st, 38, l->leg.country, strlen(l->leg.country));
	db->engine->bind_int(st, 39, l->leg.class);
	db->engine->bind_int(st, 40, l->leg.tier);
	db->engine->bind_int(st, 41, l->leg.cost_micro);
	unsigned char interaction[40];
	if (cdr->field[CDR_F_INTERACTION_ID].n > 0)
		db->engine->bind_blob(st, 42, interaction, uuid_key(cdr->field[CDR_F_INTERACTION_ID], interaction));
	else
		db->engine->bind_null(st, 42);
	l->leg.user_id = ids[0];
	l->leg.user_name_id = ids[1];
	l->leg.user_number_id = ids[3];
	l->leg.location_id = ids[4];
	l->leg.call_type_id = ids[5];
	l->leg.trunk_id = ids[12] != 0 ? ids[12] : ids[11];
	enum step step = db_step(db, st, fault);
	*inserted = step == STEP_DONE && db->engine->changes(db->session) == 1;
	db->engine->reset(st);
	return step != STEP_FAULT;
}

static bool replace(struct store *store, struct page *page, struct page_leg *l, int64_t id,
    int64_t call_id, const unsigned char *report, size_t n_report, struct fault *fault)
{
	struct db *db = &store->db;
	struct statement *st = db_statement(db, "DELETE FROM legs WHERE id = $1", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "i", id);
	bool inserted;
	return db_run(db, st, fault) &&
	    insert(store, page, l, id, call_id, report, n_report, &inserted, fault);
}

/* The row of a leg: new, or over an older report of the same leg, or not at
 * all. Whoever has the key already is met by the insert itself. */
static bool place_leg(struct store *store, struct page *page, struct page_leg *l, int64_t id,
    struct open_call *call, const unsigned char *report, size_t n, struct fault *fault)
{
	struct standing standing = { 0 };
	bool inserted = false;
	for (int probe = 0; probe < MAX_PROBES; probe++, id++) {
		/* A new call is known by its first leg: nobody else has that id. */
		int64_t call_id = call->id != 0 ? call->id : id;
		l->leg_id = l->leg.leg_id = id;
		if (!insert(store, page, l, id, call_id, report, n, &inserted, fault))
			return false;
		if (inserted) {
			l->fate = FATE_NEW;
			call->id = call_id;
			return true;
		}
		if (!look_at(store, id, report, n, &standing, fault))
			return false;
		if (!standing.same)
			continue;
		if (standing.report_ms >= l->cdr.report_ms) {
			l->fate = FATE_SEEN;
			return true;
		}
		l->fate = FATE_UPDATED;
		return (call->id != 0 || call_rows_number(store, call, id, fault)) &&
		    replace(store, page, l, id, call->id, report, n, fault);
	}
	return fault_set(fault, FAULT_INPUT, "too many records begin in the same millisecond");
}

static bool write_leg(struct store *store, struct page *page, struct page_leg *l,
    struct fault *fault)
{
	unsigned char report[40];
	size_t n = identity(&l->cdr, report);
	int64_t id = l->cdr.start_ms << KEY_BITS |
	    (int64_t)(hash_bytes(report, n) & ((1u << KEY_BITS) - 1));
	struct open_call *call;
	/* Repeats come in rows (a window read again): after one, the next is
	 * looked for first, and its call stays where it is. */
	if (store->repeats) {
		struct standing standing;
		if (!look_at(store, id, report, n, &standing, fault))
			return false;
		if (standing.same && standing.report_ms >= l->cdr.report_ms) {
			l->leg_id = l->leg.leg_id = id;
			l->fate = FATE_SEEN;
			page->n_seen++;
			return true;
		}
	}
	if (!call_rows_open(store, &l->cdr, id, &call, fault) ||
	    !place_leg(store, page, l, id, call, report, n, fault))
		return false;
	store->repeats = l->fate == FATE_SEEN;
	page->n_new += l->fate == FATE_NEW;
	page->n_updated += l->fate == FATE_UPDATED;
	page->n_seen += l->fate == FATE_SEEN;
	if (l->fate == FATE_SEEN)
		return true;
	assembler_leg(store->assembler, call, &l->leg);
	const struct cdr *cdr = &l->cdr;
	struct leg_links links = { .local = cdr->field[CDR_F_LOCAL_CALL_ID],
		.remote = cdr->field[CDR_F_REMOTE_CALL_ID],
		.related = cdr->field[CDR_F_RELATED_CALL_ID],
		.transfer = cdr->field[CDR_F_TRANSFER_RELATED_CALL_ID],
		.correlation = cdr->field[CDR_F_CORRELATION_ID],
		.interaction = cdr->field[CDR_F_INTERACTION_ID] };
	assembler_link(store->assembler, call, &links);
	return true;
}

bool leg_rows_write(struct store *store, struct page *page, struct fault *fault)
{
	int64_t written = -1;
	page->n_new = page->n_updated = page->n_seen = 0;
	for (size_t i = 0; i < page->n_legs; i++) {
		struct page_leg *l = &page->legs[i];
		if (!write_leg(store, page, l, fault))
			return false;
		if (l->fate != FATE_SEEN && page->n_raw > 0 && written != (int64_t)l->piece) {
			if (!raw_rows_write(store, page, l->piece, fault))
				return false;
			written = l->piece;
		}
	}
	return true;
}
