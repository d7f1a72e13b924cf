/* SPDX-License-Identifier: Apache-2.0 */
#include "store/window_rows.h"

#include <stdio.h>

#include "base/mem.h"

bool window_rows_write(struct store *store, const struct page *page, struct fault *fault)
{
	const struct page_window *w = &page->window;
	if (w->endpoint == NULL)
		return true;
	struct db *db = &store->db;
	struct statement *st = db_statement(db,
	    "INSERT INTO windows (endpoint, from_ms, until_ms, done_ms, why, n_records) VALUES ($1,$2,$3,$4,$5,$6)"
	    " ON CONFLICT (endpoint, from_ms, until_ms) DO UPDATE SET done_ms = excluded.done_ms, why = excluded.why, n_records = excluded.n_records", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "tiiiti", w->endpoint, w->from_ms, w->until_ms, w->read_ms, w->why, w->n_records);
	return db_run(db, st, fault);
}

bool window_rows_read(struct store *store, struct window_row **rows, size_t *n, struct fault *fault)
{
	struct db *db = &store->db;
	*rows = NULL;
	*n = 0;
	/* Webex itself forgets after 30 days: older windows tell nothing. */
	struct statement *st = db_statement(db,
	    "SELECT endpoint, why, from_ms, until_ms, done_ms FROM windows WHERE until_ms > (" COMPLETE_UNTIL ") - 2764800000 ORDER BY done_ms, until_ms", fault);
	if (st == NULL)
		return false;
	size_t capacity = 0;
	enum step step;
	while ((step = db_step(db, st, fault)) == STEP_ROW) {
		*rows = mem_grow(*rows, *n, &capacity, sizeof **rows);
		struct window_row *row = &(*rows)[(*n)++];
		snprintf(row->endpoint, sizeof row->endpoint, "%s", db_text(db, st, 0));
		snprintf(row->why, sizeof row->why, "%s", db_text(db, st, 1));
		row->from_ms = db_int(db, st, 2);
		row->until_ms = db_int(db, st, 3);
		row->read_ms = db_int(db, st, 4);
	}
	db->engine->reset(st);
	return step == STEP_DONE;
}
