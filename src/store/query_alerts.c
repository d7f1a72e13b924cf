/* SPDX-License-Identifier: Apache-2.0
 *
 * An alert with all that belongs to it, and the audit log. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "store/alert_rows.h"
#include "store/leg_columns.h"
#include "store/query.h"
#include "store/query_parts.h"
#include "store/request_rows.h"

bool query_alert_rows(struct db *db, struct statement *st, size_t limit, struct arena *arena,
    struct alert **items, size_t *n, struct fault *fault)
{
	size_t capacity = 0;
	struct alert *rows = NULL;
	enum step step;
	*n = 0;
	while ((step = db_step(db, st, fault)) == STEP_ROW && *n < limit) {
		rows = mem_grow(rows, *n, &capacity, sizeof *rows);
		alert_row_read(db, st, arena, &rows[(*n)++]);
	}
	*items = arena_alloc(arena, *n * sizeof **items);
	if (*n > 0)
		memcpy(*items, rows, *n * sizeof **items);
	free(rows);
	return step != STEP_FAULT;
}

bool query_alert_events(struct db *db, int64_t id, struct arena *arena, struct alert_event **out, size_t *n, struct fault *fault)
{
	struct statement *st = db_statement(db, "SELECT at_ms, who, act, was, became, note FROM audit WHERE alert_id = $1 ORDER BY seq LIMIT 1000", fault);
	*n = 0;
	if (st == NULL)
		return false;
	db_bind(db, st, "i", id);
	size_t capacity = 0;
	struct alert_event *events = NULL;
	enum step step;
	while ((step = db_step(db, st, fault)) == STEP_ROW) {
		events = mem_grow(events, *n, &capacity, sizeof *events);
		events[(*n)++] = (struct alert_event){
			.at_ms = db_int(db, st, 0),
			.who = arena_printable(arena, db_text(db, st, 1)),
			.act = arena_printable(arena, db_text(db, st, 2)),
			.before = arena_printable(arena, db_text(db, st, 3)),
			.after = arena_printable(arena, db_text(db, st, 4)),
			.note = arena_printable(arena, db_text(db, st, 5)),
		};
	}
	db->engine->reset(st);
	*out = arena_alloc(arena, *n * sizeof *events);
	if (events != NULL)
		memcpy(*out, events, *n * sizeof *events);
	free(events);
	return step == STEP_DONE;
}

bool query_alert(struct db *db, int64_t id, struct arena *arena, struct alert_detail *out,
    struct fault *fault)
{
	*out = (struct alert_detail){ 0 };
	if (!alert_row_get(db, id, arena, &out->alert, fault) || !query_alert_events(db, id, arena, &out->events, &out->n_events, fault) ||
	    !query_legs(db, LEGS_OF_ALERT, id, 0, 0, arena, &out->legs, &out->n_legs, fault))
		return false;
	struct statement *st = db_statement(db, "SELECT " ALERT_LIST_COLUMNS " FROM alerts WHERE case_id = $1 AND id <> $2 AND " NOT_TAKEN("id")
						" ORDER BY raised_ms DESC, id DESC LIMIT 30",
	    fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "ii", out->alert.case_id, id);
	bool ok = query_alert_rows(db, st, 30, arena, &out->same_case, &out->n_same_case, fault);
	db->engine->reset(st);
	st = ok ? db_statement(db, "SELECT " ALERT_LIST_COLUMNS " FROM alerts WHERE fingerprint = $1 AND id < $2 AND case_id <> $3 AND " NOT_TAKEN("id")
				   " ORDER BY id DESC LIMIT 10",
		      fault) :
		  NULL;
	if (st == NULL)
		return false;
	db_bind(db, st, "iii", (int64_t)out->alert.fingerprint, id, out->alert.case_id);
	ok = query_alert_rows(db, st, 10, arena, &out->seen_before, &out->n_seen_before, fault);
	db->engine->reset(st);
	return ok && query_alert_beside(db, arena, out, fault);
}

bool query_report_ids(struct db *db, int64_t alert_id, struct arena *arena, const char ***ids,
    size_t *n, struct fault *fault)
{
	/* The record that raised it first, then by their time: what reads the
	 * list judges by its first. */
	struct statement *st = db_statement(db,
	    "SELECT l.report_id FROM evidence e JOIN legs l ON l.id = e.leg_id JOIN alerts a ON a.id = e.alert_id"
	    " WHERE e.alert_id = $1 ORDER BY l.report_ms <> a.raised_ms, e.seq LIMIT 10000", fault);
	*ids = NULL;
	*n = 0;
	if (st == NULL)
		return false;
	db_bind(db, st, "i", alert_id);
	size_t capacity = 0;
	const char **found = NULL;
	enum step step;
	while ((step = db_step(db, st, fault)) == STEP_ROW) {
		char text[40];
		size_t length;
		const void *key = db_blob(db, st, 0, &length);
		uuid_text(key, length, text);
		found = mem_grow(found, *n, &capacity, sizeof *found);
		found[(*n)++] = arena_strdup(arena, text);
	}
	db->engine->reset(st);
	*ids = arena_alloc(arena, *n * sizeof **ids);
	if (*n > 0)
		memcpy(*ids, found, *n * sizeof **ids);
	free(found);
	return step == STEP_DONE;
}

bool query_audit(struct db *db, int64_t before_seq, size_t limit, struct arena *arena, struct audit_list *out,
    struct fault *fault)
{
	struct statement *st = db_statement(db, "SELECT seq, alert_id, at_ms, who, act, was, became, note FROM audit WHERE seq < $2 ORDER BY seq DESC LIMIT $1", fault);
	*out = (struct audit_list){ 0 };
	if (st == NULL)
		return false;
	limit = MIN(limit, (size_t)10000);
	db_bind(db, st, "ii", (int64_t)limit + 1, before_seq == 0 ? INT64_MAX : before_seq);
	out->items = arena_alloc(arena, limit * sizeof *out->items);
	enum step step;
	while ((step = db_step(db, st, fault)) == STEP_ROW && out->n < limit)
		out->items[out->n++] = (struct audit_row){ .seq = db_int(db, st, 0), .alert_id = db_int(db, st, 1),
			.event = { .at_ms = db_int(db, st, 2), .who = arena_strdup(arena, db_text(db, st, 3)),
			    .act = arena_strdup(arena, db_text(db, st, 4)), .before = arena_strdup(arena, db_text(db, st, 5)),
			    .after = arena_strdup(arena, db_text(db, st, 6)), .note = arena_strdup(arena, db_text(db, st, 7)) } };
	out->more = step == STEP_ROW;
	db->engine->reset(st);
	for (size_t i = 0; i < out->n; i++) { /* shown as it may be, whatever stands there */
		struct alert_event *e = &out->items[i].event;
		const char **const texts[] = { &e->who, &e->act, &e->before, &e->after, &e->note };
		for (size_t t = 0; t < COUNT_OF(texts); t++)
			*texts[t] = text_is_printable(*texts[t]) ? *texts[t] : arena_printable(arena, *texts[t]);
	}
	return step != STEP_FAULT;
}
