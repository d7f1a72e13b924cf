/* SPDX-License-Identifier: Apache-2.0 */
#include "store/evidence_rows.h"

#include <stdlib.h>

#include "store/many.h"

/* (leg, alert); of no alert, the leg itself. */
static union map_value *put(struct page_evidence *e, int64_t leg_id, int64_t alert_id, bool *is_new)
{
	const int64_t key[] = { leg_id, alert_id };
	return map_put_n(&e->there, (const char *)key, sizeof key, is_new);
}

static bool ask(struct store *store, struct page_evidence *e, struct copy *legs, size_t n, struct fault *fault)
{
	struct db *db = &store->db;
	/* Leg by leg by the keys, whatever the planner believes of the tables' sizes; a leg
	 * that is past its time costs nothing. */
	struct statement *st = db_statement(db, "SELECT k.id, coalesce((SELECT cost_micro FROM legs WHERE id = k.id), 0), coalesce(e.alert_id, 0)"
	    " FROM unnest($1) AS k(id) LEFT JOIN LATERAL (SELECT alert_id FROM evidence WHERE leg_id = k.id OFFSET 0) AS e ON true", fault);
	if (st == NULL)
		return false;
	many_bind(db, st, 1, 'i', legs, n);
	enum step step;
	while ((step = db_step(db, st, fault)) == STEP_ROW) {
		int64_t leg_id = db_int(db, st, 0), alert_id = db_int(db, st, 2);
		put(e, leg_id, 0, NULL)->number = db_int(db, st, 1);
		if (alert_id != 0)
			put(e, leg_id, alert_id, NULL);
	}
	db->engine->reset(st);
	return step == STEP_DONE;
}

bool evidence_rows_begin(struct store *store, const struct page *page, struct page_evidence *e, struct fault *fault)
{
	struct copy legs = { 0 };
	size_t n = 0;
	bool is_new;
	*e = (struct page_evidence){ 0 };
	if (store->db.engine->bind_array == NULL || page->findings.n == 0)
		return true;
	many_begin(&legs);
	for (size_t i = 0; i < page->findings.n; i++) {
		const struct finding *f = &page->findings.items[i];
		for (size_t k = 0; k < f->n_evidence; k++) {
			put(e, f->evidence[k].leg_id, 0, &is_new);
			if (is_new)
				copy_int(&legs, f->evidence[k].leg_id);
			n += is_new;
		}
	}
	bool ok = n == 0 || ask(store, e, &legs, n, fault);
	text_clear(&legs.rows);
	return ok;
}

static void add_row(struct page_evidence *e, struct alert *alert, int64_t leg_id, size_t *n_new)
{
	bool is_new;
	put(e, leg_id, alert->id, &is_new);
	if (!is_new)
		return;
	int64_t cost_micro = put(e, leg_id, 0, NULL)->number;
	copy_row(&e->rows, 4);
	copy_int(&e->rows, alert->id);
	copy_int(&e->rows, leg_id);
	copy_int(&e->rows, alert->count + (int64_t)*n_new);
	copy_int(&e->rows, cost_micro);
	alert->cost_micro += cost_micro;
	++*n_new;
}

static bool insert(struct db *db, struct alert *alert, int64_t leg_id, size_t *n_new, struct fault *fault)
{
	struct statement *st = db_statement(db, "INSERT INTO evidence (alert_id, leg_id, seq, cost_micro) SELECT $1, $2, $3,"
	    " coalesce((SELECT cost_micro FROM legs WHERE id = $2), 0)"
	    " WHERE true ON CONFLICT (alert_id, leg_id) DO NOTHING RETURNING cost_micro", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "iii", alert->id, leg_id, alert->count + (int64_t)*n_new);
	enum step step = db_step(db, st, fault);
	if (step == STEP_ROW) {
		alert->cost_micro += db_int(db, st, 0);
		++*n_new;
	}
	db->engine->reset(st);
	return step != STEP_FAULT;
}

bool evidence_rows_add(struct store *store, struct page_evidence *e, struct alert *alert, const struct finding *f, size_t *n_new,
    struct fault *fault)
{
	*n_new = 0;
	for (size_t i = 0; i < f->n_evidence; i++)
		if (store->db.engine->bind_array != NULL)
			add_row(e, alert, f->evidence[i].leg_id, n_new);
		else if (!insert(&store->db, alert, f->evidence[i].leg_id, n_new, fault))
			return false;
	return true;
}

bool evidence_rows_write(struct store *store, struct page_evidence *e, struct fault *fault)
{
	return many_run(&store->db, "INSERT INTO evidence (alert_id, leg_id, seq, cost_micro) SELECT * FROM unnest($1, $2, $3, $4)"
	    " ON CONFLICT (alert_id, leg_id) DO NOTHING", "iiii", &e->rows, fault);
}

void evidence_rows_clear(struct page_evidence *e)
{
	map_clear(&e->there);
	text_clear(&e->rows.rows);
}
