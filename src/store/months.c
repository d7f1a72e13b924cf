/* SPDX-License-Identifier: Apache-2.0 */
#include "store/months.h"

static bool is_known(const struct months *months, int64_t key)
{
	for (size_t i = 0; i < months->n; i++)
		if (key >= months->known[i].first && key < months->known[i].behind)
			return true;
	return false;
}

static bool make(struct db *db, struct months *months, int64_t key, struct fault *fault)
{
	if (is_known(months, key))
		return true;
	struct statement *st = db_statement(db, "SELECT first, behind FROM month_ready($1)", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "i", key);
	enum step step = db_step(db, st, fault);
	if (step == STEP_ROW) {
		months->known[months->next].first = db_int(db, st, 0);
		months->known[months->next].behind = db_int(db, st, 1);
		months->next = (months->next + 1) % MONTHS_KNOWN;
		months->n = MIN(months->n + 1, (size_t)MONTHS_KNOWN);
	}
	db->engine->reset(st);
	return step == STEP_ROW;
}

bool months_ready(struct db *db, struct months *months, int64_t first, int64_t last, struct fault *fault)
{
	return !db->engine->months || (make(db, months, first, fault) && make(db, months, last, fault));
}

void months_forget(struct months *months)
{
	*months = (struct months){ 0 };
}

static bool retire_one(struct db *db, int64_t before_ms, int64_t *n, struct fault *fault)
{
	*n = 0;
	struct statement *st = db_begin(db, fault) ? db_statement(db, "SELECT month_retire($1 << 20)", fault) : NULL;
	enum step step = STEP_FAULT;
	if (st != NULL) {
		db_bind(db, st, "i", before_ms);
		step = db_step(db, st, fault);
		*n = step == STEP_ROW ? db_int(db, st, 0) : 0;
		db->engine->reset(st);
	}
	return db_end(db, step == STEP_ROW, fault);
}

bool months_retire(struct db *db, int64_t before_ms, int64_t *n, struct fault *fault)
{
	int64_t gone = 1;
	*n = 0;
	while (db->engine->months && gone > 0) {
		if (!retire_one(db, before_ms, &gone, fault))
			return false;
		*n += MAX(gone - 1, 0);
	}
	return true;
}
