/* SPDX-License-Identifier: Apache-2.0 */
#include "store/step_rows.h"

#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "store/alert_rows.h"

/* Who has done the step; "" nobody. */
static bool find_mark(struct db *db, int64_t alert_id, const char *step, struct step_mark *mark, struct fault *fault)
{
	struct statement *st = db_statement(db, "SELECT who, at_ms FROM alert_steps WHERE alert_id = $1 AND step = $2", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "it", alert_id, step);
	enum step found = db_step(db, st, fault);
	const char *text = found == STEP_ROW ? db_text(db, st, 0) : "";
	text_printable(mark->who, sizeof mark->who, text, strlen(text));
	mark->at_ms = found == STEP_ROW ? db_int(db, st, 1) : 0;
	db->engine->reset(st);
	return found != STEP_FAULT;
}

/* In place of what is there, with its line of the log. */
static bool write_mark(struct store *store, int64_t alert_id, const char *step, const struct step_mark *from, const struct step_mark *to,
    const char *who, int64_t now_ms, struct fault *fault)
{
	struct db *db = &store->db;
	int64_t revision;
	bool done = *to->who != '\0';
	struct statement *st = done ? db_statement(db, "INSERT INTO alert_steps (alert_id, step, who, at_ms) VALUES ($1, $2, $3, $4)", fault) :
				      db_statement(db, "DELETE FROM alert_steps WHERE alert_id = $1 AND step = $2", fault);
	if (st == NULL)
		return false;
	if (done)
		db_bind(db, st, "itti", alert_id, step, to->who, to->at_ms);
	else
		db_bind(db, st, "it", alert_id, step);
	struct alert_event event = { now_ms, who, done ? AUDIT_STEP : AUDIT_UNSTEP, from->who, to->who, step };
	/* The counter tells other consoles; the alert itself is as it was. */
	return db_run(db, st, fault) && counter_next(store, "revision", &revision, fault) && audit_row_add(store, alert_id, &event, fault);
}

static bool is_there(struct db *db, int64_t alert_id, struct fault *fault)
{
	struct arena arena;
	struct alert alert;
	arena_init(&arena);
	bool ok = alert_row_get(db, alert_id, &arena, &alert, fault);
	arena_clear(&arena);
	return ok;
}

static bool change(struct store *store, const struct step_order *order, struct step_before *before, struct fault *fault)
{
	struct step_mark *was = &before->was, *stands = &before->stands;
	char who[65];
	if (!is_there(&store->db, order->alert_id, fault) || !find_mark(&store->db, order->alert_id, before->step, was, fault))
		return false;
	if (order->done && *was->who != '\0')
		return fault_set(fault, FAULT_CONFLICT, _("%s has done that step already"), was->who);
	if (!order->done && *was->who == '\0')
		return fault_set(fault, FAULT_CONFLICT, "%s", _("that step is open already"));
	text_printable(who, sizeof who, order->who, strlen(order->who));
	*stands = (struct step_mark){ .at_ms = order->done ? order->now_ms : 0 };
	snprintf(stands->who, sizeof stands->who, "%s", order->done ? who : "");
	return write_mark(store, order->alert_id, before->step, was, stands, who, order->now_ms, fault);
}

bool store_step(struct store *store, const struct step_order *order, struct step_before *before, struct fault *fault)
{
	struct step_before mine, *b = before == NULL ? &mine : before;
	const char *text = order->step == NULL ? "" : order->step;
	*b = (struct step_before){ .alert_id = order->alert_id };
	if (text_printable(b->step, sizeof b->step, text, strlen(text)) == 0)
		return fault_set(fault, FAULT_USAGE, "%s", _("there is no such step"));
	return db_begin(&store->db, fault) && db_end(&store->db, change(store, order, b, fault), fault);
}

static bool swap(struct store *store, const struct step_before *before, const char *who, int64_t now_ms, struct fault *fault)
{
	struct step_mark now;
	if (!is_there(&store->db, before->alert_id, fault) || !find_mark(&store->db, before->alert_id, before->step, &now, fault))
		return false;
	if (strcmp(now.who, before->stands.who) != 0 || now.at_ms != before->stands.at_ms)
		return fault_set(fault, FAULT_CONFLICT, _("that step of alert %lld changed since: it stays as it is"), (long long)before->alert_id);
	return write_mark(store, before->alert_id, before->step, &now, &before->was, who, now_ms, fault);
}

bool store_step_swap(struct store *store, struct step_before *before, const char *who, int64_t now_ms, struct fault *fault)
{
	if (!db_begin(&store->db, fault) || !db_end(&store->db, swap(store, before, who, now_ms, fault), fault))
		return false;
	struct step_mark was = before->was;
	before->was = before->stands;
	before->stands = was;
	return true;
}
