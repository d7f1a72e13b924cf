/* SPDX-License-Identifier: Apache-2.0 */
#include "watch/replay.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "detect/sigma/rule.h"
#include "watch/episodes.h"
#include "watch/recollect.h"

#define PROGRESS_LEGS 512 /* some hundredths of a second: a person who cancels waits no longer */

struct replay {
	const struct replay_options *options;
	struct replay_result *out;
	struct trial trial;
	struct episodes episodes;
	struct map by_rule; /* id → place in rules */
	size_t room;
	int64_t n_all, n_seen, since_key;
	struct fault *fault;
};

static size_t rule_place(struct replay *r, const char *id)
{
	bool is_new;
	union map_value *at = map_put(&r->by_rule, id, &is_new);
	struct replay_result *out = r->out;
	if (is_new) {
		const struct sigma_rule *rule = judge_rule(r->trial.judge, id);
		struct arena *arena = &out->arena;
		out->rules = mem_grow(out->rules, out->n_rules, &r->room, sizeof *out->rules);
		at->number = (int64_t)out->n_rules;
		out->rules[out->n_rules++] = (struct replay_rule){ .id = arena_strdup(arena, id),
			.title_en = rule == NULL ? NULL : arena_strdup(arena, rule->title),
			.title_es = rule == NULL ? NULL : arena_strdup(arena, rule->title_es != NULL ? rule->title_es : rule->title) };
	}
	return (size_t)at->number;
}

static void take_finding(struct replay *r, const struct finding *f)
{
	struct episode *fresh = episodes_take(&r->episodes, f);
	if (fresh == NULL)
		return;
	fresh->rule = rule_place(r, f->rule);
	r->out->rules[fresh->rule].raised++;
}

static bool judge_one(void *arg, const struct cdr *cdr, int64_t leg_id)
{
	struct replay *r = arg;
	const struct replay_options *o = r->options;
	struct leg_facts facts;
	leg_facts_derive(&r->trial.world, cdr, &facts);
	if (leg_id <= r->since_key) {
		judge_warm(r->trial.judge, cdr, &facts, leg_id);
	} else {
		struct arena arena;
		arena_init(&arena);
		struct findings found = { .arena = &arena };
		judge_leg(r->trial.judge, cdr, &facts, leg_id, &found);
		for (size_t i = 0; i < found.n; i++)
			take_finding(r, &found.items[i]);
		arena_clear(&arena);
		r->out->n_legs++;
	}
	if (o->on_progress != NULL && r->n_seen++ % PROGRESS_LEGS == 0 && r->n_all > 0)
		r->out->stopped = !o->on_progress(o->arg, (double)r->n_seen / (double)r->n_all);
	return !r->out->stopped;
}

static bool compare(struct replay *r)
{
	struct statement *st = db_statement(&r->trial.db,
	    "SELECT fingerprint, rule, first_ms, last_ms, state, resolution FROM alerts WHERE last_ms >= $1 AND first_ms <= $2 ORDER BY id", r->fault);
	if (st == NULL)
		return false;
	episodes_sort(&r->episodes);
	db_bind(&r->trial.db, st, "ii", r->options->since_ms, r->options->until_ms);
	enum step step;
	while ((step = db_step(&r->trial.db, st, r->fault)) == STEP_ROW) {
		struct episode *same = episodes_same(&r->episodes, (uint64_t)db_int(&r->trial.db, st, 0), db_int(&r->trial.db, st, 2),
		    db_int(&r->trial.db, st, 3));
		size_t place = same != NULL ? same->rule : rule_place(r, db_text(&r->trial.db, st, 1));
		struct replay_rule *rule = &r->out->rules[place];
		if (same == NULL) {
			rule->gone++;
			continue;
		}
		/* Closed and raised anew within one story: it counts once, by its first end. */
		if (same->known)
			continue;
		same->known = true;
		rule->as_before++;
		int64_t state = db_int(&r->trial.db, st, 4), resolution = db_int(&r->trial.db, st, 5);
		if (state != ALERT_CLOSED)
			rule->open++;
		else if (resolution >= 0 && resolution < N_RESOLUTIONS)
			rule->ended[resolution]++;
	}
	r->trial.db.engine->reset(st);
	for (size_t i = 0; i < r->out->n_rules; i++)
		r->out->rules[i].fresh = r->out->rules[i].raised - r->out->rules[i].as_before;
	return step == STEP_DONE;
}

static int by_raised(const void *a, const void *b)
{
	const struct replay_rule *x = a, *y = b;
	if (x->raised != y->raised)
		return x->raised < y->raised ? 1 : -1;
	if (x->gone != y->gone)
		return x->gone < y->gone ? 1 : -1;
	return strcmp(x->id, y->id);
}

static bool run(struct replay *r)
{
	const struct replay_options *o = r->options;
	/* Rules that raise nothing stand in the result too. */
	for (size_t i = 0; i < judge_n_rules(r->trial.judge); i++) {
		if (judge_rule_reports(r->trial.judge, i))
			rule_place(r, judge_rule_at(r->trial.judge, i)->id);
	}
	snprintf(r->out->complaints, sizeof r->out->complaints, "%s", judge_complaints(r->trial.judge));
	/* Judged without a word before the time asked for, so that windows and
	 * memories are what they were. */
	int64_t from = LEG_KEY_OF(MAX(o->since_ms - judge_horizon_ms(r->trial.judge), (int64_t)0)), until = LEG_KEY_OF(o->until_ms);
	r->since_key = LEG_KEY_OF(o->since_ms);
	return trial_count_legs(&r->trial, from, until, &r->n_all, r->fault) &&
	    recollect_calls(&r->trial.db, r->trial.directory, r->trial.judge, from, r->fault) &&
	    recollect_legs(&r->trial.db, from, until, judge_one, r, &r->out->n_lost, r->fault) &&
	    (r->out->stopped || compare(r));
}

bool replay_run(const struct replay_options *options, struct replay_result *out, struct fault *fault)
{
	struct replay r = { .options = options, .out = out, .fault = fault };
	*out = (struct replay_result){ .since_ms = options->since_ms };
	arena_init(&out->arena);
	bool ok = trial_open(&options->trial, &r.trial, fault) && run(&r);
	if (!ok && fault->code == FAULT_CANCELLED)
		ok = out->stopped = true;
	if (ok && out->n_rules > 0)
		qsort(out->rules, out->n_rules, sizeof *out->rules, by_raised);
	episodes_clear(&r.episodes);
	map_clear(&r.by_rule);
	trial_close(&r.trial);
	if (!ok)
		replay_result_clear(out);
	return ok;
}

void replay_result_clear(struct replay_result *result)
{
	free(result->rules);
	arena_clear(&result->arena);
	*result = (struct replay_result){ 0 };
}
