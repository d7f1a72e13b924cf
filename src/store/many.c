/* SPDX-License-Identifier: Apache-2.0 */
#include "store/copy_over.h"

static bool exec(struct db *db, struct text *sql, struct fault *fault)
{
	bool ok = db_exec(db, text_string(sql), fault);
	text_reset(sql);
	return ok;
}

bool copy_over(struct db *db, const char *table, const char *columns, const char *conflict, struct copy *rows, struct fault *fault)
{
	struct text sql = { 0 }, into = { 0 };
	if (rows->n == 0)
		return true;
	text_printf(&sql, "CREATE TEMP TABLE IF NOT EXISTS coming_%s (LIKE %s) ON COMMIT DELETE ROWS", table, table);
	text_printf(&into, "coming_%s (%s)", table, columns);
	bool ok = exec(db, &sql, fault) && db->engine->copy(db->session, text_string(&into), rows, fault);
	text_printf(&sql, "INSERT INTO %s (%s) SELECT %s FROM coming_%s%s; DELETE FROM coming_%s", table, columns, columns, table, conflict, table);
	ok = ok && exec(db, &sql, fault);
	copy_reset(rows);
	text_clear(&sql);
	text_clear(&into);
	return ok;
}
