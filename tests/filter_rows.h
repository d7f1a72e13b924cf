/* SPDX-License-Identifier: Apache-2.0
 *
 * Calls and alerts of every shape in a real store, and the same rows in memory
 * as queries give them: does a filter let the same ones through? */
#ifndef TESTS_FILTER_ROWS_H
#define TESTS_FILTER_ROWS_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "calls/call.h"
#include "due_rows.h"
#include "store/call_bounds.h"
#include "store/query_parts.h"
#include "store/store.h"

#define FILTER_ROWS_NOW INT64_C(1790000000000)

/* Text that comparisons stumble over: accents whole and in two parts, other
 * alphabets, LIKE's own signs, quotes, nothing at all. */
static const char *const filter_texts[] = { "", "Ana Bernal", "ANA BERNAL", "José Muñoz", "jose munoz", "JOSÉ MUÑOZ",
	"Jose\xCC\x81 Mun\xCC\x83oz", "Bogotá", "Bogota", "Ñandú", "Łódź", "Ærø", "ÆRØ", "Ωμέγα", "ωμέγα", "ЖУК", "жук",
	"100%", "100 %", "a_b", "a*b", "a\\b", "say \"hi\"", "it's", "+573101234567", "+88216", "4021", "CU", "cu", "LV",
	"SIP_INTERNATIONAL", "😀 ring", "\xEF\xBF\xBD broken", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab", "not", "and", "10..20",
	"@night", "straße", "İstanbul" };

static const char *const filter_tags[] = { "fraude", "vip", "josé", "jose", "a_b", "100.5", "not", "co", "cu", "ñandú", "жук", "x/y" };

struct filter_rows {
	struct store *store;
	struct arena arena;
	struct call_list calls;
	struct alert_list alerts;
};

/* splitmix64: the same rows for the same seed, on every machine. */
static uint64_t filter_random(uint64_t *state)
{
	uint64_t z = *state += UINT64_C(0x9E3779B97F4A7C15);
	z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
	z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
	return z ^ z >> 31;
}

static size_t filter_below(uint64_t *state, size_t n)
{
	return (size_t)(filter_random(state) % n);
}

static inline const char *filter_text(uint64_t *state)
{
	return filter_texts[filter_below(state, COUNT_OF(filter_texts))];
}

/* A number of a field's usual size, often one that others have too. */
static inline int64_t filter_number(uint64_t *state)
{
	static const int64_t usual[] = { 0, 1, 2, 3, 10, 59, 60, 61, 90, 1200, 3600, 500000, 1000000, 12340000 };
	return usual[filter_below(state, COUNT_OF(usual))];
}

static inline int64_t filter_moment(uint64_t *state)
{
	static const int64_t before[] = { 0, 1, HOUR_MS, 2 * HOUR_MS, 2 * HOUR_MS - 1, DAY_MS, 7 * DAY_MS, 30 * DAY_MS };
	return FILTER_ROWS_NOW - before[filter_below(state, COUNT_OF(before))];
}

static inline void filter_bind_word(struct db *db, struct statement *st, int n, uint64_t *state)
{
	size_t word = filter_below(state, COUNT_OF(filter_texts));
	if (word == 0) /* the empty text is no word */
		db->engine->bind_null(st, n);
	else
		db->engine->bind_int(st, n, (int64_t)word);
}

static inline void filter_bind_text(struct db *db, struct statement *st, int n, uint64_t *state)
{
	const char *text = filter_text(state);
	db->engine->bind_text(st, n, text, strlen(text));
}

static void filter_must(bool ok, const struct fault *fault)
{
	if (ok)
		return;
	fprintf(stderr, "%s\n", fault->text);
	abort();
}

/* Rows are numbered from 1; a call's id begins with its start, as in a store. */
#define FILTER_ROW(id) ((id) & 0xFFFFF)

static inline void filter_add_call(struct db *db, int64_t row, uint64_t *r)
{
	struct fault fault;
	int64_t start_ms = filter_moment(r), id = start_ms << 20 | row;
	filter_must(months_ready(db, &(struct months){ 0 }, id, id, &fault), &fault);
	struct statement *st = db_statement(db,
	    "INSERT INTO calls (id, journey_id, correlation, correlation_hash, day, start_ms, last_start_ms, end_ms, talk_s, ring_s,"
	    " direction, flags, n_legs, class, tier, country, cost_micro, user_id, user_name_id, user_number_id, location_id,"
	    " call_type_id, trunk_id, far_number, far_name) VALUES ($1, $1, $24, 0, $25, $2, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11,"
	    " $12, $13, $14, $15, $16, $17, $18, $19, $20)", &fault);
	filter_must(st != NULL, &fault);
	const int64_t numbers[] = { id, start_ms, filter_moment(r), filter_number(r), filter_number(r),
		(int64_t)filter_below(r, 4), (int64_t)filter_below(r, 256), filter_number(r), (int64_t)filter_below(r, 17),
		(int64_t)filter_below(r, 5) };
	static const char *const countries[] = { "", "CO", "CU", "LV", "US" };
	const char *country = countries[filter_below(r, COUNT_OF(countries))];
	for (int i = 0; i < (int)COUNT_OF(numbers); i++)
		db->engine->bind_int(st, i + 1, numbers[i]);
	db->engine->bind_text(st, 11, country, strlen(country));
	db->engine->bind_int(st, 12, filter_number(r));
	for (int n = 13; n <= 18; n++)
		filter_bind_word(db, st, n, r);
	filter_bind_text(db, st, 19, r);
	if (filter_below(r, 4) == 0)
		db->engine->bind_null(st, 20);
	else
		filter_bind_text(db, st, 20, r);
	db->engine->bind_blob(st, 24, "", 0);
	db->engine->bind_int(st, 25, start_ms / DAY_MS);
	filter_must(db_run(db, st, &fault), &fault);
}

static inline void filter_add_alert(struct db *db, int64_t id, uint64_t *r)
{
	struct fault fault;
	struct statement *st = db_statement(db,
	    "INSERT INTO alerts (id, revision, fingerprint, rank, severity, score, state, resolution, subject_kind, first_ms, last_ms,"
	    " raised_ms, acknowledged_ms, closed_ms, snooze_until_ms, n_legs, n_notes, cost_micro, cost_per_hour_micro, subject_id,"
	    " subject_name, location, rule, title_en, title_es, assignee, why_en, why_es, case_id, tags, reasons)"
	    " VALUES ($1, $1, 0, CASE WHEN $4 = 3 THEN 0 WHEN $4 = 2 THEN 1 ELSE 2 END, $2, $3, $4, $5, $6, $7, $8, $9, 0, 0, 0, $10, $11, $12, 0, $13, $14, $15, $16, $17, $18, $19, $20,"
	    " $21, $22, $23, '[]')",
	    &fault);
	filter_must(st != NULL, &fault);
	const int64_t numbers[] = { id, (int64_t)filter_below(r, 4), filter_number(r), (int64_t)filter_below(r, 4),
		(int64_t)filter_below(r, 7), (int64_t)filter_below(r, 7), filter_moment(r), filter_moment(r), filter_moment(r),
		filter_number(r), filter_number(r), filter_number(r) };
	for (int i = 0; i < (int)COUNT_OF(numbers); i++)
		db->engine->bind_int(st, i + 1, numbers[i]);
	for (int n = 13; n <= 19; n++)
		filter_bind_text(db, st, n, r);
	/* A sentence that is empty is read from the reasons: never so here. */
	for (int n = 20; n <= 21; n++) {
		const char *why = filter_texts[1 + filter_below(r, COUNT_OF(filter_texts) - 1)];
		db->engine->bind_text(st, n, why, strlen(why));
	}
	db->engine->bind_int(st, 22, 1 + (int64_t)filter_below(r, 5));
	/* None, one or some words, never two blanks. */
	char tags[200] = "";
	for (size_t k = filter_below(r, 4), used = 0; k > 0; k--)
		used += (size_t)snprintf(tags + used, sizeof tags - used, "%s%s", used > 0 ? " " : "", filter_tags[filter_below(r, COUNT_OF(filter_tags))]);
	db->engine->bind_text(st, 23, tags, strlen(tags));
	filter_must(db_run(db, st, &fault), &fault);
}

static inline struct filter_rows *filter_rows_new(const char *address, size_t n, uint64_t seed)
{
	struct filter_rows *rows = mem_zalloc(sizeof *rows);
	struct fault fault;
	filter_must(store_open(address, &rows->store, &fault), &fault);
	struct db *db = &rows->store->db;
	filter_must(db_begin(db, &fault), &fault);
	for (size_t i = 1; i < COUNT_OF(filter_texts); i++) {
		struct statement *st = db_statement(db, "INSERT INTO words (id, text) VALUES ($1, $2)", &fault);
		filter_must(st != NULL, &fault);
		db_bind(db, st, "it", (int64_t)i, filter_texts[i]);
		filter_must(db_run(db, st, &fault), &fault);
	}
	for (size_t i = 1; i < COUNT_OF(filter_texts); i += 2) { /* the other half is not among the people */
		struct statement *st = db_statement(db,
		    "INSERT INTO people (uuid, name, email, site_uuid, extension, number, team) VALUES ($1, '', '', '', '', '', $2)", &fault);
		filter_must(st != NULL, &fault);
		db_bind(db, st, "tt", filter_texts[i], filter_text(&seed));
		filter_must(db_run(db, st, &fault), &fault);
	}
	for (size_t i = 1; i <= n; i++) {
		filter_add_call(db, (int64_t)i, &seed);
		filter_add_alert(db, (int64_t)i, &seed);
	}
	filter_must(db_exec(db, "UPDATE alerts SET snooze_until_ms = raised_ms + id % 5 * 3600000 WHERE state = 2", &fault) && due_rows(db, &fault), &fault);
	/* They were put there as by an earlier version: what is known of them comes after them. */
	filter_must(db_exec(db, "UPDATE counters SET value = 9223372036854775807 WHERE name IN ('far_ends_below', 'call_bounds_below')", &fault), &fault);
	filter_must(db_commit(db, &fault), &fault);
	for (bool more = true; more;)
		filter_must(far_ends_fill(rows->store, 100, &more, &fault), &fault);
	for (bool more = true; more;)
		filter_must(call_bounds_fill(rows->store, 100, &more, &fault), &fault);
	arena_init(&rows->arena);
	struct call_query calls = { .limit = n };
	struct alert_query alerts = { .closed_too = true, .limit = n };
	filter_must(query_calls(db, &calls, &rows->arena, &rows->calls, &fault), &fault);
	filter_must(query_alerts(db, &alerts, "ana", &rows->arena, &rows->alerts, &fault), &fault);
	if (rows->calls.n != n || rows->alerts.n != n)
		abort();
	return rows;
}

static inline void filter_rows_free(struct filter_rows *rows)
{
	arena_clear(&rows->arena);
	store_close(rows->store);
	free(rows);
}

/* Which rows pass in memory, by id. Returns how many. */
static inline size_t filter_rows_in_memory(const struct filter_rows *rows, const struct filter *filter, bool *passes)
{
	bool calls = filter->of == FILTER_CALLS;
	size_t n = calls ? rows->calls.n : rows->alerts.n, n_passed = 0;
	for (size_t i = 0; i < n; i++) {
		int64_t id = calls ? rows->calls.items[i].id : rows->alerts.items[i].id;
		bool ok = calls ? filter_passes(filter, filter_read_call, &rows->calls.items[i], FILTER_ROWS_NOW) :
				  filter_passes(filter, filter_read_alert, &rows->alerts.items[i], FILTER_ROWS_NOW);
		passes[FILTER_ROW(id)] = ok;
		n_passed += ok;
	}
	return n_passed;
}

static inline bool filter_rows_agree(const struct filter_rows *rows, const struct filter *filter)
{
	struct db *db = &rows->store->db;
	struct filter_sql made;
	struct text sql = { 0 };
	struct statement *st;
	struct fault fault;
	bool passes[4096] = { false };
	size_t n_memory = filter_rows_in_memory(rows, filter, passes), n_sql = 0;
	bool same = true;
	filter_sql_make(filter, 1, NULL, &made);
	text_printf(&sql, "SELECT id FROM %s WHERE (%s)", filter->of == FILTER_CALLS ? "calls" : "alerts", text_string(&made.sql));
	filter_must(query_prepare(db, text_string(&sql), &made, &st, &fault), &fault);
	enum step step;
	while ((step = db_step(db, st, &fault)) == STEP_ROW) {
		same = same && passes[FILTER_ROW(db_int(db, st, 0))];
		n_sql++;
	}
	filter_must(step == STEP_DONE, &fault);
	db->engine->finish(st);
	text_clear(&sql);
	same = same && made.n_values <= FILTER_VALUES;
	filter_sql_clear(&made);
	return same && n_sql == n_memory;
}

#endif
