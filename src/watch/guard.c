/* SPDX-License-Identifier: Apache-2.0 */
#include "watch/guard.h"

#include <stdlib.h>
#include <string.h>

#include <zstd.h>

#include "base/log.h"
#include "base/mem.h"
#include "calls/directory.h"
#include "calls/site_plan.h"
#include "detect/judge.h"
#include "store/query.h"
#include "watch/judge_thread.h"

void guard_plan_sites(const struct guard *guard, struct directory *directory)
{
	struct text unknown = { 0 };
	site_plan_apply(guard->plan, directory, &unknown);
	if (unknown.n > 0)
		log_unusual("%s", text_string(&unknown));
	text_clear(&unknown);
}

bool guard_reload_directory(struct guard *guard, struct fault *fault)
{
	struct directory *fresh = directory_new();
	if (!query_directory(&guard->store->db, fresh, fault)) {
		directory_free(fresh);
		return false;
	}
	guard_plan_sites(guard, fresh);
	/* Holidays do not change while the program runs: they move over. */
	if (guard->directory != NULL) {
		struct map holidays = fresh->holidays;
		fresh->holidays = guard->directory->holidays;
		guard->directory->holidays = holidays;
		directory_free(guard->directory);
	}
	guard->directory = fresh;
	guard->intake.world.directory = fresh;
	return true;
}

bool guard_open(const struct guard_config *config, struct guard **out, struct fault *fault)
{
	struct guard *guard = mem_zalloc(sizeof *guard);
	guard->config = *config;
	guard->intake.keep_raw = config->keep_raw;
	bool planned = config->sites_file != NULL && *config->sites_file != '\0';
	if ((planned && !site_plan_read(config->sites_file, &guard->plan, fault)) || !store_open(config->store, &guard->store, fault)) {
		guard_close(guard);
		return false;
	}
	*out = guard;
	return true;
}

bool guard_prepare(struct guard *guard, struct fault *fault)
{
	struct judge_options rules = { .rules_folder = guard->config.rules_folder,
		.lists_file = guard->config.lists_file };
	if (guard->judge_thread != NULL)
		return true;
	if (!numbering_open(guard->config.data_folder, &guard->numbering, fault) ||
	    !guard_reload_directory(guard, fault) ||
	    !directory_read_holidays(guard->directory, guard->config.data_folder, fault) ||
	    !judge_open(&rules, &guard->judge, fault) ||
	    !judge_thread_open(guard->judge, &guard->judge_thread, fault))
		return false;
	guard->intake.world.numbering = guard->numbering;
	if (*judge_complaints(guard->judge) != '\0')
		log_unusual("%s", judge_complaints(guard->judge));
	return true;
}

void guard_close(struct guard *guard)
{
	if (guard == NULL)
		return;
	intake_clear(&guard->intake);
	judge_thread_close(guard->judge_thread);
	if (guard->judge != NULL)
		judge_free(guard->judge);
	store_close(guard->store);
	if (guard->numbering != NULL)
		numbering_free(guard->numbering);
	if (guard->directory != NULL)
		directory_free(guard->directory);
	site_plan_free(guard->plan);
	free(guard);
}

static void judge_upto(void *arg, struct page *page, size_t n)
{
	judge_thread_upto(arg, page, n);
}

static void judge_wait(void *arg)
{
	judge_thread_wait(arg);
}

struct page_judge guard_judge(struct guard *guard)
{
	assert(guard->judge_thread != NULL); /* it is prepared */
	return (struct page_judge){ judge_upto, judge_wait, guard->judge_thread };
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

static void warm_leg(struct guard *guard, const char *bytes, size_t n, int64_t leg_id)
{
	struct cdr_reader reader;
	struct arena arena;
	struct cdr cdr;
	struct leg_facts facts;
	arena_init(&arena);
	cdr_reader_init(&reader);
	reader.state = CDR_IN_LINES;
	cdr_reader_feed(&reader, bytes, n, true);
	if (cdr_reader_next(&reader, &arena, &cdr) == CDR_NEXT_RECORD) {
		leg_facts_derive(&guard->intake.world, &cdr, &facts);
		judge_warm(guard->judge, &cdr, &facts, leg_id);
	}
	arena_clear(&arena);
}

/* Who called which number and country first, within a month: from columns. */
static bool recall(struct guard *guard, struct fault *fault)
{
	struct db *db = &guard->store->db;
	struct statement *st = db_statement(db,
	    "SELECT min(c.start_ms), (SELECT text FROM words WHERE id = c.user_id), c.far_number, c.country, c.direction,"
	    " (SELECT text FROM words WHERE id = c.location_id), (SELECT text FROM words WHERE id = c.call_type_id) = 'SIP_INTERNATIONAL'"
	    " FROM calls c WHERE c.id > (SELECT coalesce(max(id), 0) FROM calls) - (2592000000 << 20) AND c.direction <> 0"
	    " GROUP BY c.user_id, c.far_number, c.country, c.direction, c.location_id", fault);
	if (st == NULL)
		return false;
	enum step step;
	while ((step = db_step(db, st, fault)) == STEP_ROW) {
		const struct site *site = directory_site_named(guard->directory, db_text(db, st, 5));
		const char *country = db_text(db, st, 3);
		bool known = site != NULL && *site->country != '\0' && *country != '\0';
		struct recollection r = { .start_ms = db_int(db, st, 0), .user_uuid = db_text(db, st, 1),
			.far_number = db_text(db, st, 2), .country = country,
			.outbound = db_int(db, st, 4) != CALL_INBOUND,
			.international = known ? strcmp(site->country, country) != 0 : db_int(db, st, 6) != 0 };
		judge_recall(guard->judge, &r);
	}
	db->engine->reset(st);
	return step == STEP_DONE;
}

bool guard_warm(struct guard *guard, struct fault *fault)
{
	struct db *db = &guard->store->db;
	if (!recall(guard, fault))
		return false;
	/* By the time of their arrival, as they were judged. The pieces are read
	 * one by one: in this statement they would all go through its sorter. */
	struct statement *st = db_statement(db,
	    "SELECT id, raw_id, raw_at, raw_n FROM legs WHERE id > (SELECT coalesce(max(id), 0) FROM legs) - (86400000 << 20)"
	    " ORDER BY raw_id, raw_at", fault);
	struct piece piece = { 0 };
	enum step step;
	if (st == NULL)
		return false;
	while ((step = db_step(db, st, fault)) == STEP_ROW) {
		if (piece.id != db_int(db, st, 1) && !unpack(db, db_int(db, st, 1), &piece, fault)) {
			step = STEP_FAULT;
			break;
		}
		size_t at = (size_t)db_int(db, st, 2), n = (size_t)db_int(db, st, 3);
		if (at <= piece.n && n <= piece.n - at)
			warm_leg(guard, piece.bytes + at, n, db_int(db, st, 0));
	}
	db->engine->reset(st);
	free(piece.bytes);
	return step == STEP_DONE;
}
