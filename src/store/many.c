/* SPDX-License-Identifier: Apache-2.0 */
#include "store/many.h"

#include <string.h>

void many_begin(struct copy *cells)
{
	static const char head[MANY_HEAD];
	copy_reset(cells);
	text_add(&cells->rows, head, sizeof head);
}

void many_bind(struct db *db, struct statement *st, int n, char type, struct copy *cells, size_t n_cells)
{
	db->engine->bind_array(st, n, type, &cells->rows, n_cells);
}

/* A value is its length, and so many bytes: the same in a row and in an array. */
static const char *take_cell(struct copy *column, const char *p)
{
	uint32_t n;
	memcpy(&n, p, sizeof n);
	n = be32toh(n);
	size_t bytes = sizeof n + (n == UINT32_MAX ? 0 : n);
	text_add(&column->rows, p, bytes);
	return p + bytes;
}

bool many_run(struct db *db, const char *literal_sql, const char *types, struct copy *rows, struct fault *fault)
{
	struct copy columns[MANY_COLUMNS_MAX] = { 0 };
	size_t n_columns = strlen(types);
	assert(n_columns <= MANY_COLUMNS_MAX);
	if (rows->n == 0)
		return true;
	struct statement *st = db_statement(db, literal_sql, fault);
	if (st == NULL)
		return false;
	for (size_t c = 0; c < n_columns; c++)
		many_begin(&columns[c]);
	const char *p = rows->rows.bytes;
	for (size_t i = 0; i < rows->n; i++) {
		p += sizeof(uint16_t); /* how many there are */
		for (size_t c = 0; c < n_columns; c++)
			p = take_cell(&columns[c], p);
	}
	assert(p == rows->rows.bytes + rows->rows.n);
	for (size_t c = 0; c < n_columns; c++)
		many_bind(db, st, (int)c + 1, types[c], &columns[c], rows->n);
	bool ok = db_run_later(db, st, fault);
	for (size_t c = 0; c < n_columns; c++)
		text_clear(&columns[c].rows);
	copy_reset(rows);
	return ok;
}
