/* SPDX-License-Identifier: Apache-2.0
 *
 * How the outbox stands, and what was given up is sent after all. */
#include "store/outbox_inside.h"

#include <stdio.h>

#include "store/alert_rows.h"

/* One that gathers is made long before it may go, and one that grows has been there since: what
 * was tried waits since it could go first, the rest since it is due. */
#define WAITS_SINCE                                                                                                   \
	"CASE WHEN attempts = 0 THEN due_ms WHEN closes_ms <= $1 AND closes_ms > made_ms AND closes_ms > sent_ms THEN closes_ms" \
	" WHEN sent_ms > made_ms THEN sent_ms ELSE made_ms END"

bool outbox_sum(struct db *db, int64_t now_ms, struct outbox_sum *sum, struct fault *fault)
{
	*sum = (struct outbox_sum){ 0 };
	struct statement *st = db_statement(db, "SELECT count(*), coalesce(min(CASE WHEN sending = 0 THEN due_ms END), 0),"
						" coalesce(min(CASE WHEN due_ms <= $1 OR attempts > 0 THEN " WAITS_SINCE " END), 0) FROM outbox WHERE state = 0", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "i", now_ms);
	enum step step = db_step(db, st, fault);
	if (step == STEP_ROW) {
		sum->n_waiting = db_int(db, st, 0);
		sum->next_ms = db_int(db, st, 1);
		sum->oldest_ms = db_int(db, st, 2);
	}
	db->engine->reset(st);
	if (step == STEP_FAULT || !db_ask_int(db, "SELECT count(*) FROM outbox WHERE state = 2", 0, &sum->n_dead, fault))
		return false;
	st = db_statement(db, "SELECT destination, error FROM outbox WHERE state = 0 AND error <> '' ORDER BY id DESC LIMIT 1", fault);
	if (st == NULL)
		return false;
	step = db_step(db, st, fault);
	if (step == STEP_ROW)
		snprintf(sum->error, sizeof sum->error, "%s: %s", db_text(db, st, 0), db_text(db, st, 1));
	db->engine->reset(st);
	return step != STEP_FAULT;
}

bool outbox_list(struct db *db, bool all, size_t limit, struct arena *arena, struct outbox_row **out, size_t *n, struct fault *fault)
{
	*n = 0;
	*out = arena_zalloc(arena, (limit + 1) * sizeof **out);
	struct statement *st = db_statement(db, "SELECT " OUTBOX_COLUMNS ", '' FROM outbox WHERE state <> 1 OR $1 = 1 ORDER BY id DESC LIMIT $2", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "ii", (int64_t)all, (int64_t)limit);
	enum step step;
	while ((step = db_step(db, st, fault)) == STEP_ROW && *n < limit) {
		if (outbox_row_read(db, st, arena, &(*out)[*n]))
			++*n;
	}
	db->engine->reset(st);
	return step != STEP_FAULT;
}

static bool resend_in(struct store *store, const int64_t *ids, size_t n, const char *who, int64_t now_ms, size_t *n_done, struct fault *fault)
{
	struct db *db = &store->db;
	for (size_t i = 0; i < MAX(n, (size_t)1); i++) {
		struct statement *st = db_statement(db, "UPDATE outbox SET state = 0, sending = 0, attempts = 0, made_ms = $2, due_ms = $2"
							" WHERE state = 2 AND (id = $1 OR $1 = 0)", fault);
		if (st == NULL)
			return false;
		db_bind(db, st, "ii", n == 0 ? 0 : ids[i], now_ms);
		if (!db_run(db, st, fault))
			return false;
		*n_done += (size_t)db->engine->changes(db->session);
	}
	if (*n_done == 0)
		return true;
	char note[40];
	snprintf(note, sizeof note, "%zu", *n_done);
	struct alert_event event = { now_ms, who, "resend", "", "", note };
	return audit_row_add(store, 0, &event, fault);
}

bool outbox_resend(struct store *store, const int64_t *ids, size_t n, const char *who, int64_t now_ms, size_t *n_done, struct fault *fault)
{
	*n_done = 0;
	bool ok = db_begin(&store->db, fault) && db_end(&store->db, resend_in(store, ids, n, who, now_ms, n_done, fault), fault);
	if (!ok)
		*n_done = 0;
	return ok;
}
