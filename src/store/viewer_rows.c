/* SPDX-License-Identifier: Apache-2.0 */
#include "store/viewer_rows.h"

#include <string.h>

#include "base/text.h"
#include "store/store.h"

bool viewer_put(struct store *store, const char *console, const char *who, int64_t alert_id, int64_t now_ms, struct fault *fault)
{
	struct db *db = &store->db;
	struct statement *st;
	bool ok = db_begin(db, fault) && (st = db_statement(db, "DELETE FROM viewers WHERE console = $1 OR until_ms <= $2", fault)) != NULL;
	if (ok) {
		db_bind(db, st, "ti", console, now_ms);
		ok = db_run(db, st, fault);
	}
	if (ok && alert_id > 0) {
		st = db_statement(db, "INSERT INTO viewers (console, who, alert_id, until_ms) VALUES ($1, $2, $3, $4)", fault);
		if (st != NULL)
			db_bind(db, st, "ttii", console, who, alert_id, now_ms + VIEWING_MS);
		ok = st != NULL && db_run(db, st, fault);
	}
	return db_end(db, ok, fault);
}

bool viewers_read(struct store *store, const char *console, int64_t now_ms, struct viewers *out, struct fault *fault)
{
	struct db *db = &store->db;
	memset(out, 0, sizeof *out);
	/* Whose clock is ahead does not stay for longer. */
	struct statement *st = db_statement(db, "SELECT DISTINCT alert_id, who FROM viewers WHERE until_ms > $1 AND until_ms <= $2 AND console <> $3"
	    " ORDER BY alert_id, who LIMIT 64", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "iit", now_ms, now_ms + 2 * (int64_t)VIEWING_MS, console);
	enum step step;
	while ((step = db_step(db, st, fault)) == STEP_ROW && out->n < VIEWERS_MAX) {
		struct viewer *viewer = &out->items[out->n++];
		const char *who = db_text(db, st, 1);
		viewer->alert_id = db_int(db, st, 0);
		text_printable(viewer->who, sizeof viewer->who, who, strlen(who));
	}
	db->engine->reset(st);
	return step != STEP_FAULT;
}

bool viewers_equal(const struct viewers *a, const struct viewers *b)
{
	bool equal = a->n == b->n;
	for (size_t i = 0; equal && i < a->n; i++)
		equal = a->items[i].alert_id == b->items[i].alert_id && strcmp(a->items[i].who, b->items[i].who) == 0;
	return equal;
}
