/* SPDX-License-Identifier: Apache-2.0
 *
 * Legs: of a call, of an alert, and page by page as they came. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "calls/assembler.h"
#include "store/leg_columns.h"
#include "store/query_legs.h"
#include "store/query_parts.h"
#include "store/store.h"

#define LEG_COLUMNS                                                                              \
	"l.id, l.call_id, l.answer_ms, l.release_ms, l.report_ms, l.duration_s, l.ring_s, l.flags, l.report_id," \
	SQL_WORD("l.user_id") "," SQL_WORD("l.user_name_id") "," SQL_WORD("l.user_type_id") "," SQL_WORD("l.user_number_id") "," \
	SQL_WORD("l.location_id") ", l.calling, l.called, l.dialed," SQL_WORD("l.call_type_id") ","     \
	SQL_WORD("l.client_type_id") "," SQL_WORD("l.outcome_id") "," SQL_WORD("l.reason_id") ","           \
	SQL_WORD("l.redirect_id") "," SQL_WORD("l.related_id") ", l.redirecting," SQL_WORD("l.trunk_in_id") "," \
	SQL_WORD("l.trunk_out_id") ", l.local_call_id, l.remote_call_id, l.related_call_id,"        \
	" l.transfer_call_id," SQL_WORD("l.device_id") ", l.caller_name, l.called_name, l.far"

static void read_leg(struct db *db, struct statement *st, struct arena *arena, struct leg_row *leg)
{
	char report[40];
	size_t n;
	*leg = (struct leg_row){ .leg_id = db_int(db, st, 0), .call_id = db_int(db, st, 1),
		.start_ms = db_int(db, st, 0) >> LEG_KEY_BITS, .answer_ms = db_int(db, st, 2),
		.release_ms = db_int(db, st, 3), .report_ms = db_int(db, st, 4),
		.duration_s = (int32_t)db_int(db, st, 5), .ring_s = (int32_t)db_int(db, st, 6),
		.originating = db_int(db, st, 7) & PART_ORIGINATING, .answered = db_int(db, st, 7) & PART_TAKEN };
	const void *key = db_blob(db, st, 8, &n);
	uuid_text(key, n, report);
	leg->report_id = arena_strdup(arena, report);
	const char **const texts[] = { &leg->user_uuid, &leg->user_name, &leg->user_type, &leg->user_number,
		&leg->location, &leg->calling, &leg->called, &leg->dialed, &leg->call_type, &leg->client_type,
		&leg->outcome, &leg->outcome_reason, &leg->redirect_reason, &leg->related_reason,
		&leg->redirecting_number, &leg->inbound_trunk, &leg->outbound_trunk, &leg->local_call_id,
		&leg->remote_call_id, &leg->related_call_id, &leg->transfer_call_id, &leg->device_mac,
		&leg->caller_name, &leg->called_name, &leg->far };
	for (size_t i = 0; i < COUNT_OF(texts); i++)
		*texts[i] = query_text_at(db, st, arena, 9 + (int)i);
}

bool query_legs(struct db *db, enum legs_of of, int64_t id, int64_t from_ms, int64_t until_ms,
    struct arena *arena, struct leg_row **out, size_t *n, struct fault *fault)
{
	struct statement *st = of == LEGS_OF_CALL ?
	    db_statement(db, "SELECT " LEG_COLUMNS " FROM legs l WHERE l.id >= $2 AND l.id < $3 AND l.call_id = $1 ORDER BY l.id LIMIT 5000", fault) :
	    db_statement(db, "SELECT " LEG_COLUMNS " FROM evidence e JOIN legs l ON l.id = e.leg_id WHERE e.alert_id = $1 ORDER BY e.leg_id DESC LIMIT 200", fault);
	*out = NULL;
	*n = 0;
	if (st == NULL)
		return false;
	db_bind(db, st, "iii", id, from_ms << LEG_KEY_BITS, (until_ms + 1) << LEG_KEY_BITS);
	size_t capacity = 0;
	struct leg_row *legs = NULL;
	enum step step;
	while ((step = db_step(db, st, fault)) == STEP_ROW) {
		legs = mem_grow(legs, *n, &capacity, sizeof *legs);
		read_leg(db, st, arena, &legs[(*n)++]);
	}
	db->engine->reset(st);
	*out = arena_alloc(arena, *n * sizeof **out);
	if (*n > 0)
		memcpy(*out, legs, *n * sizeof **out);
	free(legs);
	return step == STEP_DONE;
}

/* ---- pages ------------------------------------------------------------------------- */

/* Rows under the statement; one more than the limit tells that there are more. */
static bool read_page(struct db *db, struct statement *st, const struct leg_query *query, struct arena *arena, struct leg_list *out, struct fault *fault)
{
	size_t capacity = 0;
	struct leg_row *legs = NULL;
	enum step step;
	while ((step = db_step(db, st, fault)) == STEP_ROW) {
		if (out->n == query->limit) {
			out->more = true;
			step = STEP_DONE;
			break;
		}
		legs = mem_grow(legs, out->n, &capacity, sizeof *legs);
		read_leg(db, st, arena, &legs[out->n++]);
	}
	out->items = arena_alloc(arena, out->n * sizeof *out->items);
	if (legs != NULL)
		memcpy(out->items, legs, out->n * sizeof *legs);
	free(legs);
	return step == STEP_DONE;
}

/* A condition and its value, where it is asked for. */
static void where(struct text *sql, struct filter_sql *values, const char *condition, const char *text)
{
	if (text == NULL || *text == '\0')
		return;
	values->values = mem_grow(values->values, values->n_values, &values->capacity, sizeof *values->values);
	values->values[values->n_values++] = (struct filter_value){ .is_text = true, .text = mem_strdup(text) };
	for (const char *p = condition; *p != '\0'; p++) {
		if (*p == '?')
			text_printf(sql, "$%zu", values->n_values);
		else
			text_putc(sql, *p);
	}
}

bool query_legs_page(struct db *db, const struct leg_query *query, struct arena *arena, struct leg_list *out, struct fault *fault)
{
	int64_t from = LEG_KEY_OF(query->from_ms), until = LEG_KEY_OF(query->until_ms);
	struct text sql = { 0 };
	struct filter_sql values = { 0 };
	struct statement *st = NULL;
	*out = (struct leg_list){ 0 };
	if (query->after_id != 0 && !query->newest_first)
		from = MAX(from, query->after_id + 1);
	if (query->after_id != 0 && query->newest_first)
		until = MIN(until, query->after_id);
	/* The bounds are the program's own numbers. */
	text_printf(&sql, "SELECT " LEG_COLUMNS " FROM legs l WHERE l.id >= %" PRId64 " AND l.id < %" PRId64, from, until);
	where(&sql, &values, " AND l.location_id IN (SELECT w.id FROM words w WHERE w.text = ?" SQL_NAMES_OF_ITS_SITE "?)", query->location);
	where(&sql, &values, " AND l.user_id = (SELECT id FROM words WHERE text = ?)", query->user_uuid);
	where(&sql, &values, " AND (l.far = ? OR l.calling = ? OR l.called = ?)", query->number);
	text_printf(&sql, " ORDER BY l.id%s LIMIT %zu", query->newest_first ? " DESC" : "", query->limit + 1);
	bool ok = query_prepare(db, text_string(&sql), &values, &st, fault) && read_page(db, st, query, arena, out, fault);
	if (st != NULL)
		db->engine->finish(st);
	text_clear(&sql);
	filter_sql_clear(&values);
	return ok;
}

bool query_leg(struct db *db, int64_t id, struct arena *arena, struct leg_row *out, struct fault *fault)
{
	struct statement *st = db_statement(db, "SELECT " LEG_COLUMNS " FROM legs l WHERE l.id = $1", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "i", id);
	enum step step = db_step(db, st, fault);
	if (step == STEP_ROW)
		read_leg(db, st, arena, out);
	db->engine->reset(st);
	if (step == STEP_DONE)
		fault_set(fault, FAULT_NOT_FOUND, "there is no record %" PRId64, id);
	return step == STEP_ROW;
}
