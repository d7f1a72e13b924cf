/* SPDX-License-Identifier: Apache-2.0 */
#include "watch/tune.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/iso_time.h"
#include "base/mem.h"
#include "detect/sigma/rule.h"
#include "net/file.h"
#include "store/alert_rows.h"
#include "store/query.h"
#include "watch/episodes.h"
#include "watch/recollect.h"

#define PROGRESS_LEGS 256
#define HISTORY_MS    (30 * DAY_MS)
#define N_JUDGES      (TUNING_MAX + 1) /* the rules as they are, and with each change */

struct tune {
	const struct tune_options *options;
	struct tuning *out;
	struct trial trial;
	struct judge *judges[N_JUDGES]; /* the first is the trial's */
	struct episodes episodes[N_JUDGES];
	size_t n_judges;
	int64_t n_all, n_seen, since_key, until_ms;
	struct tuning_common common;
	struct fault *fault;
};

/* ---- what to propose ------------------------------------------------------------------ */

static bool see_evidence(void *arg, const struct cdr *cdr, int64_t leg_id)
{
	struct tune *t = arg;
	struct leg_facts facts;
	UNUSED(leg_id);
	leg_facts_derive(&t->trial.world, cdr, &facts);
	tuning_see(&t->common, &(struct fact_view){ cdr, &facts, NULL });
	return true;
}

/* The first reason says what the rule saw; of a correlation, what it counted. */
static int64_t measure_of(const struct alert *alert)
{
	int64_t measure;
	bool counted = alert->n_reasons > 0 && text_to_int(alert->reasons[0].value, 0, INT32_MAX, &measure);
	return counted ? measure : -1;
}

static bool propose(struct tune *t)
{
	const struct tune_options *o = t->options;
	struct tuning *out = t->out;
	struct alert_detail detail;
	struct tuning_proposal proposals[TUNING_MAX];
	int64_t lost;
	if (!query_alert(&t->trial.db, o->alert_id, &out->arena, &detail, t->fault))
		return false;
	const struct sigma_rule *rule = judge_rule(t->trial.judge, detail.alert.rule);
	if (rule == NULL)
		return fault_set(t->fault, FAULT_NOT_FOUND, _("the rule of alert %lld is not in force any more"), (long long)o->alert_id);
	if (!recollect_evidence(&t->trial.db, o->alert_id, see_evidence, t, &lost, t->fault))
		return false;
	if (lost > 0)
		t->common = (struct tuning_common){ 0 }; /* who knows what the lost ones had in common */
	t->until_ms = o->until_ms;
	if (out->since_ms == 0) {
		t->until_ms = MIN(o->until_ms, detail.alert.last_ms + DAY_MS);
		out->since_ms = t->until_ms - HISTORY_MS;
	}
	out->rule_en = arena_strdup(&out->arena, rule->title);
	out->rule_es = arena_strdup(&out->arena, rule->title_es != NULL ? rule->title_es : rule->title);
	struct tuning_case about = { o->alert_id, rule->id, measure_of(&detail.alert), o->who, o->now_ms };
	out->n = tuning_propose(t->trial.judge, &about, &t->common, &out->arena, proposals);
	for (size_t i = 0; i < out->n; i++)
		out->offers[i] = (struct tuning_offer){ .proposal = proposals[i] };
	return true;
}

static void open_judges(struct tune *t)
{
	const struct judge_options *as_they_are = &t->options->trial.rules;
	t->judges[t->n_judges++] = t->trial.judge;
	for (size_t i = 0; i < t->out->n;) {
		const struct tuning_proposal *p = &t->out->offers[i].proposal;
		char *path = mem_printf("%s/%s", as_they_are->own_folder != NULL ? as_they_are->own_folder : "", p->name);
		struct rule_text further = { path, p->yaml, strlen(p->yaml) };
		struct judge_options with = *as_they_are;
		with.further = &further;
		struct judge **judge = &t->judges[t->n_judges];
		struct fault refused;
		bool ok = judge_open(&with, judge, &refused);
		free(path);
		/* What does not fit among the rules is no proposal. */
		if (ok && strcmp(judge_complaints(*judge), judge_complaints(t->trial.judge)) == 0) {
			t->n_judges++;
			i++;
			continue;
		}
		if (ok)
			judge_free(*judge);
		*judge = NULL;
		t->out->n--;
		memmove(&t->out->offers[i], &t->out->offers[i + 1], (t->out->n - i) * sizeof t->out->offers[0]);
	}
}

/* ---- on history ----------------------------------------------------------------------- */

static bool judge_one(void *arg, const struct cdr *cdr, int64_t leg_id)
{
	struct tune *t = arg;
	const struct tune_options *o = t->options;
	struct leg_facts facts;
	leg_facts_derive(&t->trial.world, cdr, &facts);
	for (size_t j = 0; j < t->n_judges; j++) {
		if (leg_id <= t->since_key) {
			judge_warm(t->judges[j], cdr, &facts, leg_id);
			continue;
		}
		struct arena arena;
		arena_init(&arena);
		struct findings found = { .arena = &arena };
		judge_leg(t->judges[j], cdr, &facts, leg_id, &found);
		for (size_t i = 0; i < found.n; i++)
			(void)episodes_take(&t->episodes[j], &found.items[i]);
		arena_clear(&arena);
	}
	t->out->n_legs += leg_id > t->since_key;
	if (o->on_progress != NULL && t->n_seen++ % PROGRESS_LEGS == 0 && t->n_all > 0)
		t->out->stopped = !o->on_progress(o->arg, (double)t->n_seen / (double)t->n_all);
	return !t->out->stopped;
}

static bool go_through_history(struct tune *t)
{
	int64_t since_ms = t->out->since_ms;
	int64_t from = LEG_KEY_OF(MAX(since_ms - judge_horizon_ms(t->trial.judge), (int64_t)0)), until = LEG_KEY_OF(t->until_ms);
	t->since_key = LEG_KEY_OF(since_ms);
	bool ok = trial_count_legs(&t->trial, from, until, &t->n_all, t->fault);
	for (size_t j = 0; ok && j < t->n_judges; j++)
		ok = recollect_calls(&t->trial.db, t->trial.directory, t->judges[j], from, t->fault);
	return ok && recollect_legs(&t->trial.db, from, until, judge_one, t, &t->out->n_lost, t->fault);
}

/* How the stories of the rules as they are ended. */
static bool see_ends(struct tune *t)
{
	struct statement *st = db_statement(&t->trial.db,
	    "SELECT fingerprint, first_ms, last_ms, state, resolution FROM alerts WHERE last_ms >= $1 AND first_ms <= $2 ORDER BY id", t->fault);
	if (st == NULL)
		return false;
	db_bind(&t->trial.db, st, "ii", t->out->since_ms, t->until_ms);
	enum step step;
	while ((step = db_step(&t->trial.db, st, t->fault)) == STEP_ROW) {
		struct episode *e = episodes_same(&t->episodes[0], (uint64_t)db_int(&t->trial.db, st, 0), db_int(&t->trial.db, st, 1), db_int(&t->trial.db, st, 2));
		if (e == NULL || e->known)
			continue;
		int64_t resolution = db_int(&t->trial.db, st, 4);
		e->known = true;
		e->open = db_int(&t->trial.db, st, 3) != ALERT_CLOSED;
		e->resolution = resolution >= 0 && resolution < N_RESOLUTIONS ? (int)resolution : RESOLUTION_UNKNOWN;
	}
	t->trial.db.engine->reset(st);
	return step == STEP_DONE;
}

static void hold_against(const struct episodes *before, const struct episodes *after, struct tuning_offer *offer)
{
	for (size_t i = 0; i < before->n; i++) {
		const struct episode *e = &before->items[i];
		if (episodes_same(after, e->fingerprint, e->first_ms, e->last_ms) != NULL)
			continue;
		offer->gone++;
		offer->gone_unknown += !e->known;
		offer->gone_open += e->known && e->open;
		offer->ended[e->resolution] += e->known && !e->open;
	}
	for (size_t i = 0; i < after->n; i++)
		offer->fresh += episodes_same(before, after->items[i].fingerprint, after->items[i].first_ms, after->items[i].last_ms) == NULL;
}

static bool run(struct tune *t)
{
	if (!propose(t))
		return false;
	open_judges(t);
	if (t->out->n == 0)
		return true;
	if (!go_through_history(t))
		return false;
	if (t->out->stopped)
		return true;
	for (size_t j = 0; j < t->n_judges; j++)
		episodes_sort(&t->episodes[j]);
	t->out->before = t->episodes[0].n;
	if (!see_ends(t))
		return false;
	for (size_t i = 0; i < t->out->n; i++)
		hold_against(&t->episodes[0], &t->episodes[i + 1], &t->out->offers[i]);
	return true;
}

bool tune_run(const struct tune_options *options, struct tuning *out, struct fault *fault)
{
	struct tune t = { .options = options, .out = out, .fault = fault };
	*out = (struct tuning){ .alert_id = options->alert_id, .since_ms = options->since_ms };
	arena_init(&out->arena);
	bool ok = trial_open(&options->trial, &t.trial, fault) && run(&t);
	if (!ok && fault->code == FAULT_CANCELLED)
		ok = out->stopped = true;
	for (size_t j = 0; j < t.n_judges; j++) {
		if (j > 0)
			judge_free(t.judges[j]);
		episodes_clear(&t.episodes[j]);
	}
	trial_close(&t.trial);
	if (!ok)
		tuning_clear(out);
	return ok;
}

void tuning_clear(struct tuning *tuning)
{
	arena_clear(&tuning->arena);
	*tuning = (struct tuning){ 0 };
}

size_t tuning_confirmed(const struct tuning_offer *offer)
{
	return offer->ended[RESOLUTION_TRUE_IMPACT] + offer->ended[RESOLUTION_TRUE_NO_IMPACT];
}

size_t tuning_dismissed(const struct tuning_offer *offer)
{
	return offer->ended[RESOLUTION_FALSE_POSITIVE] + offer->ended[RESOLUTION_LEGITIMATE];
}

/* ---- one is accepted --------------------------------------------------------------------- */

/* The day it ends stands before the title; "" where it does not end. */
static char *with_expiry(const struct tuning_proposal *p, const struct tune_order *order, char until[ISO_TIME_BYTES])
{
	const char *title = strstr(p->yaml, "\ntitle: ");
	until[0] = '\0';
	if (order->for_ms <= 0 || p->kind != TUNING_EXCEPTION || title == NULL)
		return mem_strdup(p->yaml);
	iso_time_format(order->now_ms + order->for_ms, until);
	until[10] = '\0';
	return mem_printf("%.*s\nexpires: %s%s", (int)(title - p->yaml), p->yaml, until, title);
}

bool tune_accept(struct store *store, const char *own_folder, const struct tune_order *order, const struct tuning_offer *offer, struct fault *fault)
{
	const struct tuning_proposal *p = &offer->proposal;
	if (own_folder == NULL || *own_folder == '\0')
		return fault_set(fault, FAULT_USAGE, _("there is no folder for your own rules: set own_rules"));
	char until[ISO_TIME_BYTES], note[512];
	char *path = mem_printf("%s/%s", own_folder, p->name), *yaml = with_expiry(p, order, until);
	/* In the words of whoever accepts it, as every note is. */
	snprintf(note, sizeof note, "%.400s", in_language(p->text_en, p->text_es));
	size_t n = strlen(note);
	if (*until != '\0')
		snprintf(note + n, sizeof note - n, _(" (until %s)"), until);
	struct alert_event event = { order->now_ms, order->who, "tune", "", p->name, note };
	bool ok = file_make_folders(path, fault) && file_write(path, yaml, strlen(yaml), 0600, fault);
	free(path);
	free(yaml);
	if (!ok || !db_begin(&store->db, fault))
		return false;
	return db_end(&store->db, audit_row_add(store, order->alert_id, &event, fault), fault);
}
