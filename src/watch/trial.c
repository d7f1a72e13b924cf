/* SPDX-License-Identifier: Apache-2.0 */
#include "watch/trial.h"

#include "calls/site_plan.h"
#include "store/migrate.h"
#include "store/query.h"
#include "watch/recollect.h"

bool trial_open(const struct trial_options *o, struct trial *t, struct fault *fault)
{
	struct judge_options rules = { .rules_folder = o->rules_folder, .lists_file = o->lists_file };
	struct text unknown = { 0 };
	bool planned = o->sites_file != NULL && *o->sites_file != '\0';
	*t = (struct trial){ 0 };
	if (!store_open_read(o->store, &t->db, fault))
		return false;
	t->directory = directory_new();
	if (!numbering_open(o->data_folder, &t->numbering, fault) || !query_directory(&t->db, t->directory, fault) ||
	    !directory_read_holidays(t->directory, o->data_folder, fault) ||
	    (planned && !site_plan_read(o->sites_file, &t->plan, fault)) || !judge_open(&rules, &t->judge, fault)) {
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

static bool remember_leg(void *arg, const struct cdr *cdr, int64_t leg_id)
{
	struct trial *t = arg;
	struct leg_facts facts;
	leg_facts_derive(&t->world, cdr, &facts);
	judge_warm(t->judge, cdr, &facts, leg_id);
	return true;
}

bool trial_remember(struct trial *t, int64_t until_key, struct fault *fault)
{
	int64_t from = MAX(until_key - LEG_KEY_OF(judge_horizon_ms(t->judge)), (int64_t)0), lost;
	return recollect_calls(&t->db, t->directory, t->judge, until_key, fault) &&
	    recollect_legs(&t->db, from, until_key, remember_leg, t, &lost, fault);
}
