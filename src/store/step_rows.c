/* SPDX-License-Identifier: Apache-2.0 */
#include "store/step_rows.h"

#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "store/alert_rows.h"

/* Who has done the step; "" nobody. */
static bool find_doer(struct db *db, int64_t alert_id, const char *step, char who[65], struct fault *fault)
{
	struct statement *st = db_statement(db, "SELECT who FROM alert_steps WHERE alert_id = $1 AND step = $2", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "it", alert_id, step);
	enum step found = db_step(db, st, fault);
	const char *text = found == STEP_ROW ? db_text(db, st, 0) : "";
	text_printable(who, 65, text, strlen(text));
	db->engine->reset(st);
	return found != STEP_FAULT;
}

static bool change(struct store *store, const struct step_order *order, const char *step, struct fault *fault)
{
	struct db *db = &store->db;
	struct arena arena;
	struct alert alert;
	char doer[65], who[65];
	int64_t revision;
	arena_init(&arena);
	bool ok = alert_row_get(db, order->alert_id, &arena, &alert, fault) && find_doer(db, order->alert_id, step, doer, fault);
	arena_clear(&arena);
	if (!ok)
		return false;
	if (order->done && *doer != '\0')
		return fault_set(fault, FAULT_CONFLICT, _("%s has done that step already"), doer);
	if (!order->done && *doer == '\0')
		return fault_set(fault, FAULT_CONFLICT, "%s", _("that step is open already"));
	text_printable(who, sizeof who, order->who, strlen(order->who));
	struct statement *st = order->done ? db_statement(db, "INSERT INTO alert_steps (alert_id, step, who, at_ms) VALUES ($1, $2, $3, $4)", fault) :
					     db_statement(db, "DELETE FROM alert_steps WHERE alert_id = $1 AND step = $2", fault);
	if (st == NULL)
		return false;
	if (order->done)
		db_bind(db, st, "itti", order->alert_id, step, who, order->now_ms);
	else
		db_bind(db, st, "it", order->alert_id, step);
	struct alert_event event = { order->now_ms, who, order->done ? AUDIT_STEP : AUDIT_UNSTEP, doer, order->done ? who : "", step };
	/* The counter tells other consoles; the alert itself is as it was. */
	return db_run(db, st, fault) && counter_next(store, "revision", &revision, fault) && audit_row_add(store, order->alert_id, &event, fault);
}

bool store_step(struct store *store, const struct step_order *order, struct fault *fault)
{
	char step[STEP_BYTES + 1];
	const char *text = order->step == NULL ? "" : order->step;
	if (text_printable(step, sizeof step, text, strlen(text)) == 0)
		return fault_set(fault, FAULT_USAGE, "%s", _("there is no such step"));
	bool ok = db_begin(&store->db, fault);
	ok = ok && change(store, order, step, fault) && db_commit(&store->db, fault);
	if (!ok)
		db_rollback(&store->db);
	return ok;
}
