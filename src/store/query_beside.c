/* SPDX-License-Identifier: Apache-2.0
 *
 * What stands beside an alert: its duplicates. */
#include "store/alert_rows.h"
#include "store/query.h"
#include "store/query_parts.h"

static bool read_duplicates(struct db *db, struct arena *arena, struct alert_detail *out, struct fault *fault)
{
	struct statement *st = db_statement(db, "SELECT count(*), coalesce(sum(n_legs), 0), coalesce(sum(cost_micro), 0) FROM alerts WHERE merged_into = $1 AND merged_into > 0", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "i", out->alert.id);
	enum step step = db_step(db, st, fault);
	if (step == STEP_ROW) {
		out->n_duplicates_all = db_int(db, st, 0);
		out->duplicate_records = db_int(db, st, 1);
		out->duplicate_cost_micro = db_int(db, st, 2);
	}
	db->engine->reset(st);
	if (step == STEP_FAULT || out->n_duplicates_all == 0)
		return step != STEP_FAULT;
	st = db_statement(db, "SELECT " ALERT_LIST_COLUMNS " FROM alerts WHERE merged_into = $1 AND merged_into > 0 ORDER BY id DESC LIMIT 30", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "i", out->alert.id);
	bool ok = query_alert_rows(db, st, 30, arena, &out->duplicates, &out->n_duplicates, fault);
	db->engine->reset(st);
	return ok;
}

bool query_alert_beside(struct db *db, struct arena *arena, struct alert_detail *out, struct fault *fault)
{
	return read_duplicates(db, arena, out, fault);
}
