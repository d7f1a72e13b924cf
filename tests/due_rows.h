/* SPDX-License-Identifier: Apache-2.0
 *
 * When alerts are due, where a test wrote their rows by itself, or asks whether they
 * are as they should be. */
#ifndef TESTS_DUE_ROWS_H
#define TESTS_DUE_ROWS_H

#include <stdio.h>

#include "alerts/triage.h"
#include "store/engine.h"

/* As the store keeps it. */
static inline bool due_rows(struct db *db, struct fault *fault)
{
	bool ok = db_exec(db, "UPDATE alerts SET urgency = CASE WHEN state = 2 THEN -snooze_until_ms ELSE 0 END", fault);
	for (int state = ALERT_NEW; ok && state <= ALERT_IN_PROGRESS; state++)
		for (int severity = SEVERITY_LOW; ok && severity <= SEVERITY_CRITICAL; severity++) {
			char sql[200];
			struct alert raised_at_0 = { .state = (enum alert_state)state, .severity = (enum severity)severity };
			snprintf(sql, sizeof sql, "UPDATE alerts SET urgency = -(raised_ms + %lld) WHERE state = %d AND severity = %d", (long long)triage_due_ms(&raised_at_0), state, severity);
			ok = db_exec(db, sql, fault);
		}
	return ok;
}

/* How many alerts' rows say something else than the alert does; -1: it cannot be asked. */
static inline int64_t due_rows_wrong(struct db *db, int64_t *n_all)
{
	struct fault fault;
	struct statement *st = db_statement(db, "SELECT state, severity, raised_ms, snooze_until_ms, urgency FROM alerts", &fault);
	int64_t n_wrong = 0;
	enum step step = STEP_FAULT;
	*n_all = 0;
	while (st != NULL && (step = db_step(db, st, &fault)) == STEP_ROW) {
		struct alert alert = { .state = (enum alert_state)db_int(db, st, 0), .severity = (enum severity)db_int(db, st, 1), .raised_ms = db_int(db, st, 2),
			.snooze_until_ms = db_int(db, st, 3) };
		n_wrong += db_int(db, st, 4) != -triage_due_ms(&alert);
		++*n_all;
	}
	if (st != NULL)
		db->engine->reset(st);
	return step == STEP_DONE ? n_wrong : -1;
}

#endif
