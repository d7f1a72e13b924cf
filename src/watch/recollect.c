/* SPDX-License-Identifier: Apache-2.0 */
#include "watch/recollect.h"

#include <stdlib.h>
#include <string.h>

#include <zstd.h>

#include "base/mem.h"
#include "calls/call.h"
#include "calls/cdr_json.h"
#include "detect/judge.h"
#include "detect/usual.h"
#include "store/profile_rows.h"

#define MONTH_MS    (30 * DAY_MS)
#define MODEL_DAYS  20
#define HABITS_DAYS 90 /* habits halve in three weeks: of older ones 5 % are left */

static void on_night(void *arg, int64_t day, uint64_t key, int64_t n)
{
	UNUSED(n);
	judge_recall_night(arg, key, day);
}

static void on_note(void *arg, const struct day_note *note)
{
	judge_recall_note(arg, note);
}

static void on_sample(void *arg, const struct sample_note *sample)
{
	judge_recall_sample(arg, sample);
}

/* Who called whom between two keys. A pair that comes again later adds nothing. */
static bool show_calls(struct db *db, const struct directory *directory, struct judge *judge, int64_t from_key, int64_t until_key, struct fault *fault)
{
	int64_t international;
	if (!db_ask_int(db, "SELECT id FROM words WHERE text = 'SIP_INTERNATIONAL'", -1, &international, fault))
		return false;
	struct statement *st = db_statement(db,
	    "SELECT min(c.start_ms), (SELECT text FROM words WHERE id = c.user_id), c.far_number, c.country, c.direction,"
	    " (SELECT text FROM words WHERE id = c.location_id), max(CASE WHEN c.call_type_id = $3 THEN 1 ELSE 0 END)"
	    " FROM calls c WHERE c.id > $1 AND c.id <= $2 AND c.direction <> 0"
	    " GROUP BY c.user_id, c.far_number, c.country, c.direction, c.location_id", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "iii", from_key, until_key, international);
	enum step step;
	while ((step = db_step(db, st, fault)) == STEP_ROW) {
		const struct site *site = directory_site_named(directory, db_text(db, st, 5));
		const char *country = db_text(db, st, 3);
		bool known = site != NULL && *site->country != '\0' && *country != '\0';
		struct recollection r = { .start_ms = db_int(db, st, 0), .user_uuid = db_text(db, st, 1),
			.far_number = db_text(db, st, 2), .country = country,
			.outbound = db_int(db, st, 4) != CALL_INBOUND,
			.international = known ? strcmp(site->country, country) != 0 : db_int(db, st, 6) != 0 };
		judge_recall(judge, &r);
	}
	db->engine->reset(st);
	return step == STEP_DONE;
}

static bool show_days(struct db *db, struct judge *judge, int64_t until_key, struct fault *fault)
{
	int64_t until_day = LEG_KEY_MS(until_key) / DAY_MS;
	return profile_rows_read(db, PROFILE_NIGHT, until_day - 40, until_day, on_night, judge, fault) &&
	    profile_rows_notes(db, until_day - HABITS_DAYS, until_day, on_note, judge, fault) &&
	    profile_rows_samples(db, until_day - MODEL_DAYS, until_day, on_sample, judge, fault);
}

bool recollect_calls(struct db *db, const struct directory *directory, struct judge *judge, int64_t until_key,
    struct fault *fault)
{
	return show_calls(db, directory, judge, until_key - LEG_KEY_OF(MONTH_MS), until_key, fault) && show_days(db, judge, until_key, fault);
}

/* A piece of raw evidence, unpacked, and the legs in it. */
struct piece {
	int64_t id;
	char *bytes;
	size_t n;
};

static bool unpack(struct db *db, int64_t id, struct piece *piece, struct fault *fault)
{
	struct statement *st = db_statement(db, "SELECT n_bytes, zstd FROM raw WHERE id = $1", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "i", id);
	piece->id = id;
	piece->n = 0;
	enum step step = db_step(db, st, fault);
	size_t packed, n = step == STEP_ROW ? (size_t)db_int(db, st, 0) : 0;
	if (n > 0 && n <= ((size_t)64 << 20)) {
		const void *zstd = db_blob(db, st, 1, &packed);
		piece->bytes = mem_realloc(piece->bytes, n);
		/* Damaged evidence must not stop the guard: it is passed over. */
		if (ZSTD_decompress(piece->bytes, n, zstd, packed) == n)
			piece->n = n;
	}
	db->engine->reset(st);
	return step != STEP_FAULT;
}

struct walk {
	leg_fn fn;
	void *arg;
	struct arena arena;
	int64_t lost;
	bool enough;
};

static void show_leg(struct walk *walk, const char *bytes, size_t n, int64_t leg_id)
{
	struct cdr_reader reader;
	struct cdr cdr;
	cdr_reader_init(&reader);
	reader.state = CDR_IN_LINES;
	cdr_reader_feed(&reader, bytes, n, true);
	if (cdr_reader_next(&reader, &walk->arena, &cdr) == CDR_NEXT_RECORD)
		walk->enough = !walk->fn(walk->arg, &cdr, leg_id);
	else
		walk->lost++;
	arena_clear(&walk->arena);
	arena_init(&walk->arena);
}

/* Where a leg's record is. */
struct leg_place {
	int64_t id, raw_id;
	uint32_t at, n;
};

static bool show_placed(struct db *db, struct walk *walk, struct piece *piece, const struct leg_place *leg, struct fault *fault)
{
	if (piece->id != leg->raw_id && !unpack(db, leg->raw_id, piece, fault))
		return false;
	if (piece->n > 0 && leg->at <= piece->n && leg->n <= piece->n - leg->at)
		show_leg(walk, piece->bytes + leg->at, leg->n, leg->id);
	else
		walk->lost++;
	return true;
}

static struct leg_place read_place(struct db *db, struct statement *st)
{
	return (struct leg_place){ db_int(db, st, 0), db_int(db, st, 1), (uint32_t)db_int(db, st, 2), (uint32_t)db_int(db, st, 3) };
}

/* Rows of id, raw_id, raw_at, raw_n. The pieces are read one by one: in the
 * statement they would all go through its sorter. */
static bool show_legs(struct db *db, struct statement *st, leg_fn fn, void *arg, int64_t *lost, struct fault *fault)
{
	struct walk walk = { .fn = fn, .arg = arg };
	struct piece piece = { 0 };
	enum step step;
	arena_init(&walk.arena);
	while ((step = db_step(db, st, fault)) == STEP_ROW && !walk.enough) {
		struct leg_place leg = read_place(db, st);
		if (!show_placed(db, &walk, &piece, &leg, fault)) {
			step = STEP_FAULT;
			break;
		}
	}
	db->engine->reset(st);
	arena_clear(&walk.arena);
	free(piece.bytes);
	*lost = walk.lost;
	return step != STEP_FAULT;
}

bool recollect_legs(struct db *db, int64_t from_key, int64_t until_key, leg_fn fn, void *arg, int64_t *lost,
    struct fault *fault)
{
	/* By the time of their arrival. */
	struct statement *st = db_statement(db,
	    "SELECT id, raw_id, raw_at, raw_n FROM legs WHERE id > $1 AND id <= $2 ORDER BY raw_id, raw_at", fault);
	*lost = 0;
	if (st == NULL)
		return false;
	db_bind(db, st, "ii", from_key, until_key);
	return show_legs(db, st, fn, arg, lost, fault);
}

bool recollect_evidence(struct db *db, int64_t alert_id, leg_fn fn, void *arg, int64_t *lost, struct fault *fault)
{
	struct statement *st = db_statement(db, "SELECT e.leg_id, coalesce(l.raw_id, 0), coalesce(l.raw_at, 0), coalesce(l.raw_n, 0) FROM evidence e LEFT JOIN legs l ON l.id = e.leg_id"
						" WHERE e.alert_id = $1 ORDER BY l.raw_id, l.raw_at LIMIT 500",
	    fault);
	*lost = 0;
	if (st == NULL)
		return false;
	db_bind(db, st, "i", alert_id);
	return show_legs(db, st, fn, arg, lost, fault);
}

/* ---- in pieces -------------------------------------------------------------- */

#define CALLS_AT_ONCE LEG_KEY_OF(3 * DAY_MS)
#define LEGS_AT_ONCE  2000 /* of those that are judged: some ten milliseconds */

struct recollecting {
	struct db *db;
	const struct fact_world *world;
	struct judge *judge;
	int64_t until_key;
	int64_t calls_key, legs_key; /* how far they were asked for */
	bool days_shown, in_order;
	struct leg_place *legs;
	size_t n_legs, room, at;
	struct piece piece;
	struct walk walk;
};

static bool remember_leg(void *arg, const struct cdr *cdr, int64_t leg_id)
{
	struct recollecting *r = arg;
	struct leg_facts facts;
	leg_facts_derive(r->world, cdr, &facts);
	judge_warm(r->judge, cdr, &facts, leg_id);
	return true;
}

struct recollecting *recollecting_new(struct db *db, const struct fact_world *world, struct judge *judge, int64_t until_key)
{
	struct recollecting *r = mem_zalloc(sizeof *r);
	*r = (struct recollecting){ .db = db, .world = world, .judge = judge, .until_key = until_key,
		.calls_key = until_key - LEG_KEY_OF(MONTH_MS), .legs_key = MAX(until_key - LEG_KEY_OF(judge_horizon_ms(judge)), (int64_t)0),
		.walk = { .fn = remember_leg } };
	r->walk.arg = r;
	arena_init(&r->walk.arena);
	return r;
}

void recollecting_free(struct recollecting *r)
{
	if (r == NULL)
		return;
	arena_clear(&r->walk.arena);
	free(r->piece.bytes);
	free(r->legs);
	free(r);
}

static bool find_legs(struct recollecting *r, int64_t until_key, struct fault *fault)
{
	struct statement *st = db_statement(r->db, "SELECT id, raw_id, raw_at, raw_n FROM legs WHERE id > $1 AND id <= $2", fault);
	if (st == NULL)
		return false;
	db_bind(r->db, st, "ii", r->legs_key, until_key);
	enum step step;
	while ((step = db_step(r->db, st, fault)) == STEP_ROW) {
		if (r->n_legs == r->room) {
			r->room = MAX(2 * r->room, (size_t)1024);
			r->legs = mem_realloc(r->legs, r->room * sizeof *r->legs);
		}
		r->legs[r->n_legs++] = read_place(r->db, st);
	}
	r->db->engine->reset(st);
	r->legs_key = until_key;
	return step == STEP_DONE;
}

static int by_arrival(const void *a, const void *b)
{
	const struct leg_place *x = a, *y = b;
	return x->raw_id != y->raw_id ? (x->raw_id > y->raw_id) - (x->raw_id < y->raw_id) : (x->at > y->at) - (x->at < y->at);
}

static bool show_some(struct recollecting *r, struct fault *fault)
{
	size_t end = MIN(r->at + LEGS_AT_ONCE, r->n_legs);
	while (r->at < end)
		if (!show_placed(r->db, &r->walk, &r->piece, &r->legs[r->at++], fault))
			return false;
	return true;
}

bool recollecting_on(struct recollecting *r, bool *more, struct fault *fault)
{
	*more = true;
	if (r->calls_key < r->until_key) {
		int64_t from = r->calls_key;
		r->calls_key = MIN(from + CALLS_AT_ONCE, r->until_key);
		return show_calls(r->db, r->world->directory, r->judge, from, r->calls_key, fault);
	}
	if (!r->days_shown) {
		r->days_shown = true;
		return show_days(r->db, r->judge, r->until_key, fault);
	}
	if (r->legs_key < r->until_key)
		return find_legs(r, MIN(r->legs_key + LEG_KEY_OF(DAY_MS), r->until_key), fault);
	if (!r->in_order && r->n_legs > 0)
		qsort(r->legs, r->n_legs, sizeof *r->legs, by_arrival);
	r->in_order = true;
	bool ok = show_some(r, fault);
	*more = r->at < r->n_legs;
	return ok;
}
