/* SPDX-License-Identifier: Apache-2.0
 *
 * Raw evidence: pieces of a page as they came. Only pieces that hold a new
 * leg are kept, so that re-reading a window adds nothing. */
#include <stdlib.h>

#include "base/mem.h"
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

static bool write_piece(struct store *store, const struct page *page, size_t i, struct fault *fault)
{
	struct db *db = &store->db;
	const struct raw_piece *piece = &page->raw[i];
	struct statement *st = db_statement(db, "INSERT INTO raw (id, stored_ms, n_bytes, zstd) VALUES ($1, $2, $3, $4)", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "iiib", piece->id, page->now_ms, (int64_t)piece->n_bytes, piece->zstd, piece->n_zstd);
	return db_run_later(db, st, fault);
}

bool raw_rows_write(struct store *store, const struct page *page, struct fault *fault)
{
	struct db *db = &store->db;
	bool *wanted = mem_zalloc(page->n_raw + 1);
	int64_t last = 0;
	bool ok = true;
	for (size_t i = 0; page->n_raw > 0 && i < page->n_legs; i++)
		wanted[page->legs[i].piece] |= page->legs[i].fate != FATE_SEEN;
	for (size_t i = 0; ok && i < page->n_raw; i++) {
		ok = !wanted[i] || write_piece(store, page, i, fault);
		last = wanted[i] ? page->raw[i].id : last;
	}
	free(wanted);
	struct statement *count = ok && last > 0 ? db_statement(db, "UPDATE counters SET value = $1 WHERE name = 'raw' AND value < $1", fault) : NULL;
	if (count == NULL)
		return ok && last == 0;
	db_bind(db, count, "i", last);
	return db_run_later(db, count, fault);
}
