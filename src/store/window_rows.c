/* SPDX-License-Identifier: Apache-2.0
 *
 * The ledger of windows: what was asked of Webex and is complete. */
#include "store/store.h"

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
	db_bind(db, st, "tiiiti", w->endpoint, w->from_ms, w->until_ms, page->now_ms, w->why, w->n_records);
	return db_run(db, st, fault);
}
