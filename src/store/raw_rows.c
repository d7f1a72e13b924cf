/* SPDX-License-Identifier: Apache-2.0
 *
 * Raw evidence: pieces of a page as they came. Only pieces that hold a new
 * leg are kept, so that re-reading a window adds nothing. */
#include "store/store.h"

bool raw_rows_number(struct store *store, struct page *page, struct fault *fault)
{
	int64_t last;
	if (page->n_raw == 0)
		return true;
	/* Counted, not the greatest that is left: pieces go after their time. */
	if (!db_ask_int(&store->db, "SELECT value FROM counters WHERE name = 'raw'", 0, &last, fault))
		return false;
	for (size_t i = 0; i < page->n_raw; i++)
		page->raw[i].id = ++last;
	return true;
}

bool raw_rows_write(struct store *store, const struct page *page, size_t i, struct fault *fault)
{
	struct db *db = &store->db;
	const struct raw_piece *piece = &page->raw[i];
	struct statement *st = db_statement(db, "INSERT INTO raw (id, stored_ms, n_bytes, zstd) VALUES ($1, $2, $3, $4) ON CONFLICT (id) DO NOTHING", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "iiib", piece->id, page->now_ms, (int64_t)piece->n_bytes, piece->zstd, piece->n_zstd);
	if (!db_run_later(db, st, fault))
		return false;
	struct statement *count = db_statement(db, "UPDATE counters SET value = $1 WHERE name = 'raw' AND value < $1", fault);
	if (count == NULL)
		return false;
	db_bind(db, count, "i", piece->id);
	return db_run_later(db, count, fault);
}
