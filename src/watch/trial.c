/* SPDX-License-Identifier: Apache-2.0 */
#include "watch/trial.h"

#include "calls/site_plan.h"
#include "store/migrate.h"
#include "store/query.h"

bool trial_open(const struct trial_options *o, struct trial *t, struct fault *fault)
{
	struct text unknown = { 0 };
	bool planned = o->sites_file != NULL && *o->sites_file != '\0';
	*t = (struct trial){ 0 };
	if (!store_open_read(o->store, &t->db, fault))
		return false;
	if (o->goes_on != NULL)
		db_ask_whether(&t->db, o->goes_on, o->goes_on_arg);
	t->directory = directory_new();
	if (!numbering_open(o->data_folder, &t->numbering, fault) ||
	    !numbering_read_tariff(t->numbering, o->tariff_file, fault) || !query_directory(&t->db, t->directory, fault) ||
	    !directory_read_holidays(t->directory, o->data_folder, fault) ||
	    (planned && !site_plan_read(o->sites_file, &t->plan, fault)) || !judge_open(&o->rules, &t->judge, fault)) {
		trial_close(t);
		return false;
	}
	site_plan_apply(t->plan, t->directory, &unknown);
	text_clear(&unknown);
	t->world = (struct fact_world){ t->numbering, t->directory };
	return true;
}

void trial_close(struct trial *t)
{
	judge_free(t->judge);
	site_plan_free(t->plan);
	if (t->directory != NULL)
		directory_free(t->directory);
	if (t->numbering != NULL)
		numbering_free(t->numbering);
	db_close(&t->db);
	*t = (struct trial){ 0 };
}

bool trial_count_legs(struct trial *trial, int64_t after, int64_t until, int64_t *n, struct fault *fault)
{
	struct statement *st = db_statement(&trial->db, "SELECT count(*) FROM legs WHERE id > $1 AND id <= $2", fault);
	if (st == NULL)
		return false;
	db_bind(&trial->db, st, "ii", after, until);
	enum step step = db_step(&trial->db, st, fault);
	*n = step == STEP_ROW ? db_int(&trial->db, st, 0) : 0;
	trial->db.engine->reset(st);
	return step == STEP_ROW;
}
