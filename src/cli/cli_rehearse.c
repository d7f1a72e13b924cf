/* SPDX-License-Identifier: Apache-2.0
 *
 * `rehearse`: the simulator's attacks, played by people of the store in the
 * days after its last record, before a judge that remembers the store. Which
 * rule speaks, after how many minutes and for how much money? Nothing is kept. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/iso_time.h"
#include "base/json.h"
#include "base/map.h"
#include "base/mem.h"
#include "calls/cdr_json.h"
#include "cli/cli.h"
#include "cli/print.h"
#include "detect/sigma/rule.h"
#include "sim/traffic.h"
#include "store/query.h"
#include "watch/recollect.h"
#include "watch/trial.h"

#define DAYS	   8 /* of the scenario: a week and a day */
#define MAX_ACTORS 400
#define MAX_SPOKEN 12 /* rules named of one incident */

/* What a rule said of an incident, the first time. */
struct spoken {
	const char *rule, *title_en, *title_es; /* in the rehearsal's arena */
	int64_t at_ms;				/* Report time of the record that it said it about */
	int64_t cost_micro;			/* of the incident until then */
	size_t n_records;
};

struct story { /* one incident */
	const char *kind;
	int64_t first_ms, cost_micro; /* Report time; all of it */
	size_t n_records;
	struct spoken spoken[MAX_SPOKEN];
	size_t n_spoken;
};

struct act {
	const struct sim_record *record;
	size_t order;
};

struct rehearsal {
	struct options *options;
	struct trial trial;
	struct arena arena;
	json_t *actors[MAX_ACTORS]; /* records of people of the store */
	bool taken[MAX_ACTORS];
	size_t n_actors;
	struct map parts;   /* UUID of the simulator's person → actor */
	struct map numbers; /* their number → the actor's */
	struct map by_label;
	struct story *stories;
	size_t n_stories, room;
	struct fault fault;
};

/* ---- the cast ---------------------------------------------------------------------- */

static bool find_actors(struct rehearsal *r, int64_t newest)
{
	struct db *db = &r->trial.db;
	struct statement *st = db_statement(db, "SELECT max(l.id) FROM legs l JOIN words w ON w.id = l.user_type_id"
	    " WHERE w.text = 'User' AND l.user_id IS NOT NULL AND l.user_number_id IS NOT NULL AND l.id > $1"
	    " GROUP BY l.user_id ORDER BY count(*) DESC, max(l.id) LIMIT $2", &r->fault);
	int64_t ids[MAX_ACTORS];
	size_t n = 0;
	enum step step;
	if (st == NULL)
		return false;
	db_bind(db, st, "ii", newest - LEG_KEY_OF(14 * DAY_MS), (int64_t)MAX_ACTORS);
	while ((step = db_step(db, st, &r->fault)) == STEP_ROW && n < MAX_ACTORS)
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
	    fault_set(&r->fault, FAULT_NOT_FOUND, "%s", _("the store has no records of people to play the attack")));
}

/* Who plays this person: somebody of the same site, as long as there is one. */
static json_t *actor_of(struct rehearsal *r, const json_t *record)
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
static void play(struct rehearsal *r, json_t *record)
{
	static const char *const own[] = { "User", "User UUID", "User number", "Location", "Site UUID", "Site main number",
		"Site timezone", "Org UUID", "Department ID" };
	const char *key;
	json_t *value;
	if (strcmp(json_str(record, "User type", ""), "User") == 0 && *json_str(record, "User UUID", "") != '\0') {
		json_t *actor = actor_of(r, record);
		for (size_t i = 0; i < COUNT_OF(own); i++) {
			json_t *mine = json_object_get(actor, own[i]);
			if (mine != NULL)
				json_object_set(record, own[i], mine);
		}
	}
	json_object_foreach(record, key, value) {
		const union map_value *number = json_is_string(value) ? map_get(&r->numbers, json_string_value(value)) : NULL;
		if (number != NULL)
			json_string_set(value, json_str(r->actors[number->number], "User number", ""));
	}
}

/* ---- the play ------------------------------------------------------------------------ */

static struct story *story_of(struct rehearsal *r, const struct sim_record *record, int64_t report_ms)
{
	bool is_new;
	char *label = mem_printf("%s %s", record->scenario, record->kind);
	union map_value *at = map_put(&r->by_label, label, &is_new);
	free(label);
	if (is_new) {
		r->stories = mem_grow(r->stories, r->n_stories, &r->room, sizeof *r->stories);
		at->number = (int64_t)r->n_stories;
		r->stories[r->n_stories++] = (struct story){ .kind = arena_strdup(&r->arena, record->kind), .first_ms = report_ms };
	}
	return &r->stories[at->number];
}

static void note(struct rehearsal *r, struct story *story, const struct finding *f, int64_t at_ms)
{
	for (size_t i = 0; i < story->n_spoken; i++) {
		if (strcmp(story->spoken[i].rule, f->rule) == 0)
			return;
	}
	if (story->n_spoken == MAX_SPOKEN)
		return;
	story->spoken[story->n_spoken++] = (struct spoken){ .rule = arena_strdup(&r->arena, f->rule),
		.title_en = arena_strdup(&r->arena, f->title_en), .title_es = arena_strdup(&r->arena, f->title_es),
		.at_ms = at_ms, .cost_micro = story->cost_micro, .n_records = story->n_records };
}

static bool judge_act(struct rehearsal *r, const struct act *act)
{
	json_t *record;
	struct cdr_reader reader;
	struct arena arena;
	struct cdr cdr;
	if (!json_parse(act->record->json, act->record->n_json, &record, &r->fault))
		return false;
	play(r, record);
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
		struct story *story = story_of(r, act->record, cdr.report_ms);
		story->n_records++;
		story->cost_micro += facts.cost_micro;
		for (size_t i = 0; i < found.n; i++)
			note(r, story, &found.items[i], cdr.report_ms);
	}
	arena_clear(&arena);
	free(text);
	return true;
}

static int by_arrival(const void *a, const void *b)
{
	const struct act *x = a, *y = b;
	if (x->record->insert_ms != y->record->insert_ms)
		return x->record->insert_ms < y->record->insert_ms ? -1 : 1;
	return (x->order > y->order) - (x->order < y->order);
}

static bool perform(struct rehearsal *r, const char *scenario, int64_t epoch_ms)
{
	struct traffic *traffic;
	struct traffic_options options = { .seed = 7, .n_users = 300, .scenario = scenario,
		.data_folder = r->options->data_folder, .epoch_ms = epoch_ms };
	if (!traffic_new(&options, &traffic, &r->fault))
		return false;
	struct sim_day days[DAYS];
	struct act *acts = NULL;
	size_t n = 0, room = 0;
	for (int d = 0; d < DAYS; d++) {
		traffic_day(traffic, epoch_ms / DAY_MS + d, &days[d]);
		for (size_t i = 0; i < days[d].n_records; i++) {
			if (days[d].records[i].scenario == NULL)
				continue;
			acts = mem_grow(acts, n, &room, sizeof *acts);
			acts[n] = (struct act){ &days[d].records[i], n };
			n++;
		}
	}
	if (n > 0)
		qsort(acts, n, sizeof *acts, by_arrival);
	bool ok = n > 0 || fault_set(&r->fault, FAULT_INPUT, "%s", _("nothing happens in the first eight days of this scenario"));
	for (size_t i = 0; ok && i < n; i++)
		ok = judge_act(r, &acts[i]);
	for (int d = 0; d < DAYS; d++)
		sim_day_free(&days[d]);
	free(acts);
	traffic_free(traffic);
	return ok;
}

/* ---- what is said of it ---------------------------------------------------------------- */

static double money(int64_t micro)
{
	int64_t cents = (micro + 5000) / 10000;
	return (double)cents / 100;
}

static void print_as_json(const struct rehearsal *r, const char *scenario, int64_t epoch_ms)
{
	char day[ISO_TIME_BYTES];
	json_t *stories = json_array();
	for (size_t i = 0; i < r->n_stories; i++) {
		const struct story *s = &r->stories[i];
		json_t *spoken = json_array();
		for (size_t k = 0; k < s->n_spoken; k++)
			json_array_append_new(spoken, json_pack("{s:o, s:o, s:f, s:I, s:f}", "rule", json_text(s->spoken[k].rule), "title",
			    json_text(s->spoken[k].title_en), "after_min", print_minutes(s->spoken[k].at_ms - s->first_ms), "records",
			    (json_int_t)s->spoken[k].n_records, "cost_usd", money(s->spoken[k].cost_micro)));
		json_array_append_new(stories, json_pack("{s:o, s:I, s:f, s:o}", "kind", json_text(s->kind), "records",
		    (json_int_t)s->n_records, "cost_usd", money(s->cost_micro), "rules", spoken));
	}
	print_json(json_pack("{s:o, s:s, s:o}", "scenario", json_text(scenario), "from", iso_time_format(epoch_ms, day), "incidents", stories));
}

static void print_as_text(const struct rehearsal *r, const char *scenario, int64_t epoch_ms)
{
	bool es = strcmp(i18n_language(), "es") == 0;
	char day[ISO_TIME_BYTES], name[200];
	text_printable(name, sizeof name, scenario, strlen(scenario));
	printf(_("%s, from %.10s on, played by people of the store\n"), name, iso_time_format(epoch_ms, day));
	for (size_t i = 0; i < r->n_stories; i++) {
		const struct story *s = &r->stories[i];
		printf(_("\n%s: %zu records, %.2f USD in all (estimated)\n"), s->kind, s->n_records, money(s->cost_micro));
		for (size_t k = 0; k < s->n_spoken; k++)
			printf(_("  %7.1f min, %4zu records, %9.2f USD  %s\n"), print_minutes(s->spoken[k].at_ms - s->first_ms), s->spoken[k].n_records,
			    money(s->spoken[k].cost_micro), es && *s->spoken[k].title_es ? s->spoken[k].title_es : s->spoken[k].title_en);
		if (s->n_spoken == 0)
			puts(strncmp(s->kind, "benign_", 7) == 0 ? _("  no rule speaks, and none should") : _("  no rule speaks!"));
	}
}

int cli_rehearse(struct options *options, struct args *args)
{
	struct rehearsal r = { .options = options };
	const char *folder = args_value(args, "--rules"), *scenario = args_next(args);
	if (!args_finish(args, &r.fault))
		return cli_fail(&r.fault);
	if (scenario == NULL)
		return cli_fail((fault_set(&r.fault, FAULT_USAGE, "%s", _("rehearse needs a scenario: a name in data/scenarios, or a path")), &r.fault));
	struct trial_options trial = cli_trial_options(options, folder);
	if (!trial_open(&trial, &r.trial, &r.fault))
		return cli_fail(&r.fault);
	arena_init(&r.arena);
	int64_t newest = 0;
	bool ok = db_ask_int(&r.trial.db, "SELECT coalesce(max(id), 0) FROM legs", 0, &newest, &r.fault) && find_actors(&r, newest);
	/* The day after the last record: what was recorded is over. */
	int64_t epoch_ms = (LEG_KEY_MS(newest) / DAY_MS + 1) * DAY_MS;
	ok = ok && recollect(&r.trial.db, &r.trial.world, r.trial.judge, newest, &r.fault) && perform(&r, scenario, epoch_ms);
	if (ok)
		(options->json ? print_as_json : print_as_text)(&r, scenario, epoch_ms);
	for (size_t i = 0; i < r.n_actors; i++)
		json_decref(r.actors[i]);
	map_clear(&r.parts);
	map_clear(&r.numbers);
	map_clear(&r.by_label);
	free(r.stories);
	arena_clear(&r.arena);
	trial_close(&r.trial);
	return ok ? EXIT_DONE : cli_fail(&r.fault);
}
