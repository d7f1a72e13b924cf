/* SPDX-License-Identifier: Apache-2.0 */
#include "store/notice_rows.h"

#include <stdio.h>
#include <stdlib.h>

#include "store/lease_rows.h"

#define WANTED "notify.until"

bool notice_rows_want(struct store *store, int64_t until_ms, struct fault *fault)
{
	char value[24];
	snprintf(value, sizeof value, "%lld", (long long)until_ms);
	return setting_put(store, WANTED, value, fault);
}

bool notice_rows_add(struct store *store, const struct alert *was, const struct alert *now,
    const struct alert_event *event, struct fault *fault)
{
	struct db *db = &store->db;
	char *until;
	int64_t id;
	if (!setting_get(store, WANTED, &until, fault))
		return false;
	bool wanted = strtoll(until, NULL, 10) > event->at_ms;
	free(until);
	if (!wanted)
		return true;
	if (!counter_next(store, "notice", &id, fault))
		return false;
	struct statement *st = db_statement(db,
	    "INSERT INTO notices (id, alert_id, kind, at_ms, act, who, was, became, severity, score, state, resolution, routed)"
	    " VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,0)", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "iiiittttiiii", id, now->id, (int64_t)notice_kind_of(was, now), event->at_ms, event->act, event->who,
	    event->before, event->after, (int64_t)now->severity, (int64_t)now->score, (int64_t)now->state, (int64_t)now->resolution);
	return db_run(db, st, fault);
}
