/* SPDX-License-Identifier: Apache-2.0 */
#include "watch/rehearse.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/json.h"
#include "base/map.h"
#include "base/mem.h"
#include "calls/cdr_json.h"
#include "store/query.h"
#include "watch/recollect.h"

#define MAX_ACTORS    400
#define PROGRESS_LEGS 512 /* some hundredths of a second: a person who cancels waits no longer */

/* One on the stage: an incident of the result, and when it began. */
struct story {
	int64_t first_ms; /* Report time */
	struct rehearsal_incident incident;
};

struct play {
	const struct rehearse_options *options;
	struct trial trial;
	struct rehearsal *out;
	struct arena arena;
	json_t *actors[MAX_ACTORS]; /* records of people of the store */
	bool taken[MAX_ACTORS];
	size_t n_actors;
	struct map parts;   /* UUID of the simulator's person → actor */
	struct map numbers; /* their number → the actor's */
	struct map by_label;
	struct story *stories;
	size_t n_stories, room;
	int64_t n_all, n_seen;
	struct fault *fault;
};

static bool goes_on(struct play *r)
{
	const struct rehearse_options *o = r->options;
	if (o->on_progress != NULL && r->n_seen++ % PROGRESS_LEGS == 0)
		r->out->stopped = !o->on_progress(o->arg, r->n_all > 0 ? (double)r->n_seen / (double)(r->n_all + 1) : 0);
	return !r->out->stopped;
}

/* ---- the cast ---------------------------------------------------------------------- */

static bool find_actors(struct play *r, int64_t newest)
{
	struct db *db = &r->trial.db;
	struct statement *st = db_statement(db, "SELECT max(l.id) FROM legs l JOIN words w ON w.id = l.user_type_id"
	    " WHERE w.text = 'User' AND l.user_id IS NOT NULL AND l.user_number_id IS NOT NULL AND l.id > $1"
	    " GROUP BY l.user_id ORDER BY count(*) DESC, max(l.id) LIMIT $2", r->fault);
	int64_t ids[MAX_ACTORS];
	size_t n = 0;
	enum step step;
	if (st == NULL)
		return false;
	db_bind(db, st, "ii", newest - LEG_KEY_OF(14 * DAY_MS), (int64_t)MAX_ACTORS);
	while ((step = db_step(db, st, r->fault)) == STEP_ROW && n < MAX_ACTORS)
		ids[n++] = db_int(db, st, 0);
	db->engine->reset(st);
	for (size_t i = 0; step != STEP_FAULT && i < n; i++) {
		const char *json;
		size_t length;
		struct fault none;
		json_t *record;
		if (!query_raw(db, ids[i], &r->arena, &json, &length, &none) || !json_parse(json, length, &record, &none))
			continue; /* not kept any more: others play */
		r->actors[r->n_actors++] = record;
	}
	return step != STEP_FAULT && (r->n_actors > 0 ||
	    fault_set(r->fault, FAULT_NOT_FOUND, "%s", _("the store has no records of people to play the attack")));
}

/* Who plays this person: somebody of the same site, as long as there is one. */
static json_t *actor_of(struct play *r, const json_t *record)
{
	bool is_new;
	union map_value *part = map_put(&r->parts, json_str(record, "User UUID", ""), &is_new);
	if (!is_new)
		return r->actors[part->number];
	size_t best = r->n_actors, free_one = 0;
	for (size_t i = 0; i < r->n_actors && best == r->n_actors; i++) {
		if (!r->taken[i] && strcmp(json_str(r->actors[i], "Location", ""), json_str(record, "Location", "?")) == 0)
			best = i;
	}
	while (free_one + 1 < r->n_actors && r->taken[free_one])
		free_one++;
	if (best == r->n_actors)
		best = free_one;
	r->taken[best] = true;
	part->number = (int64_t)best;
	const char *theirs = json_str(record, "User number", "");
	if (*theirs != '\0')
		map_put(&r->numbers, theirs, NULL)->number = (int64_t)best;
	return r->actors[best];
}

/* The simulator's record as one of this organisation's. */
static void dress(struct play *r, json_t *record)
{
	static const char *const own[] = { "User", "User UUID", "User number", "Location", "Site UUID", "Site main number",
		"Site timezone", "Org UUID", "Department ID" };
	const char *key;
	json_t *value, *actor = NULL;
	if (strcmp(json_str(record, "User type", ""), "User") == 0 && *json_str(record, "User UUID", "") != '\0')
		actor = actor_of(r, record); /* from here on its number is known */
	/* While all values are the record's own: those of the actor are shared. */
	json_object_foreach(record, key, value) {
		const union map_value *number = json_is_string(value) ? map_get(&r->numbers, json_string_value(value)) : NULL;
		if (number != NULL)
			json_string_set(value, json_str(r->actors[number->number], "User number", ""));
	}
	for (size_t i = 0; actor != NULL && i < COUNT_OF(own); i++) {
		json_t *mine = json_object_get(actor, own[i]);
		if (mine != NULL)
			json_object_set(record, own[i], mine);
	}
}

/* ---- the play ------------------------------------------------------------------------ */

static struct story *story_of(struct play *r, const struct act *act, int64_t report_ms)
{
	bool is_new;
	char *label = mem_printf("%s %s", act->scenario, act->kind);
	union map_value *at = map_put(&r->by_label, label, &is_new);
	free(label);
	if (is_new) {
		r->stories = mem_grow(r->stories, r->n_stories, &r->room, sizeof *r->stories);
		at->number = (int64_t)r->n_stories;
		r->stories[r->n_stories++] = (struct story){ report_ms, { .kind = arena_strdup(&r->out->arena, act->kind) } };
	}
	return &r->stories[at->number];
}

static void note(struct play *r, struct rehearsal_incident *incident, const struct finding *f, int64_t after_ms)
{
	struct arena *arena = &r->out->arena;
	for (size_t i = 0; i < incident->n_spoken; i++) {
		if (strcmp(incident->spoken[i].rule, f->rule) == 0)
			return;
	}
	if (incident->n_spoken == REHEARSAL_MAX_SPOKEN)
		return;
	incident->spoken[incident->n_spoken++] = (struct rehearsal_spoken){ .rule = arena_strdup(arena, f->rule),
		.title_en = arena_strdup(arena, f->title_en), .title_es = arena_strdup(arena, f->title_es),
		.after_ms = after_ms, .cost_micro = incident->cost_micro, .n_records = incident->n_records };
}

static bool judge_act(struct play *r, const struct act *act)
{
	json_t *record;
	struct cdr_reader reader;
	struct arena arena;
	struct cdr cdr;
	if (!json_parse(act->json, act->n_json, &record, r->fault))
		return false;
	dress(r, record);
	char *text = json_dumps(record, JSON_COMPACT);
	json_decref(record);
	arena_init(&arena);
	cdr_reader_init(&reader);
	reader.state = CDR_IN_LINES;
	cdr_reader_feed(&reader, text, strlen(text), true);
	if (cdr_reader_next(&reader, &arena, &cdr) == CDR_NEXT_RECORD) {
		struct leg_facts facts;
		struct findings found = { .arena = &arena };
		leg_facts_derive(&r->trial.world, &cdr, &facts);
		judge_leg(r->trial.judge, &cdr, &facts, LEG_KEY_OF(cdr.start_ms) + (int64_t)act->order, &found);
		struct story *story = story_of(r, act, cdr.report_ms);
		story->incident.n_records++;
		story->incident.cost_micro += facts.cost_micro;
		for (size_t i = 0; i < found.n; i++)
			note(r, &story->incident, &found.items[i], cdr.report_ms - story->first_ms);
	}
	arena_clear(&arena);
	free(text);
	return true;
}

static bool remember_leg(void *arg, const struct cdr *cdr, int64_t leg_id)
{
	struct play *r = arg;
	struct leg_facts facts;
	leg_facts_derive(&r->trial.world, cdr, &facts);
	judge_warm(r->trial.judge, cdr, &facts, leg_id);
	return goes_on(r);
}

/* As recollect() shows it to a judge, but so that it can be followed and stopped. */
static bool remember_store(struct play *r, int64_t newest)
{
	struct trial *t = &r->trial;
	int64_t from = MAX(newest - LEG_KEY_OF(judge_horizon_ms(t->judge)), (int64_t)0), n_legs, lost;
	if (!trial_count_legs(t, from, newest, &n_legs, r->fault))
		return false;
	r->n_all += n_legs;
	return recollect_calls(&t->db, t->directory, t->judge, newest, r->fault) &&
	    recollect_legs(&t->db, from, newest, remember_leg, r, &lost, r->fault);
}

static bool perform(struct play *r)
{
	const struct rehearse_options *o = r->options;
	struct attack attack;
	int64_t newest = 0;
	if (!db_ask_int(&r->trial.db, "SELECT coalesce(max(id), 0) FROM legs", 0, &newest, r->fault) || !find_actors(r, newest))
		return false;
	/* The day after the last record: what was recorded is over. */
	r->out->epoch_ms = (LEG_KEY_MS(newest) / DAY_MS + 1) * DAY_MS;
	if (!o->stage(o->scenario, o->trial.data_folder, r->out->epoch_ms, &attack, r->fault))
		return false;
	r->n_all = (int64_t)attack.n;
	bool ok = remember_store(r, newest);
	for (size_t i = 0; ok && i < attack.n && goes_on(r); i++)
		ok = judge_act(r, &attack.acts[i]);
	arena_clear(&attack.arena);
	return ok;
}

bool rehearse_run(const struct rehearse_options *options, struct rehearsal *out, struct fault *fault)
{
	struct play r = { .options = options, .out = out, .fault = fault };
	*out = (struct rehearsal){ 0 };
	if (!trial_open(&options->trial, &r.trial, fault)) {
		out->stopped = fault->code == FAULT_CANCELLED;
		return out->stopped;
	}
	arena_init(&out->arena);
	arena_init(&r.arena);
	out->scenario = arena_strdup(&out->arena, options->scenario);
	bool ok = perform(&r);
	if (!ok && fault->code == FAULT_CANCELLED)
		ok = out->stopped = true;
	out->incidents = arena_alloc(&out->arena, (r.n_stories + 1) * sizeof *out->incidents);
	for (size_t i = 0; i < r.n_stories && !out->stopped; i++)
		out->incidents[out->n++] = r.stories[i].incident;
	for (size_t i = 0; i < r.n_actors; i++)
		json_decref(r.actors[i]);
	map_clear(&r.parts);
	map_clear(&r.numbers);
	map_clear(&r.by_label);
	free(r.stories);
	arena_clear(&r.arena);
	trial_close(&r.trial);
	if (!ok)
		rehearsal_clear(out);
	return ok;
}

bool rehearsal_is_benign(const struct rehearsal_incident *incident)
{
	return strncmp(incident->kind, "benign_", strlen("benign_")) == 0;
}

void rehearsal_clear(struct rehearsal *rehearsal)
{
	arena_clear(&rehearsal->arena);
	*rehearsal = (struct rehearsal){ 0 };
}
