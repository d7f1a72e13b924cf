/* SPDX-License-Identifier: Apache-2.0
 *
 * A day: ordinary life (habits.c), incidents (incident.c), the delay until
 * Webex's store has each record, and their order. */
#include "sim/traffic.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "sim/acts.h"
#include "sim/daily_life.h"
#include "sim/incident.h"
#include "sim/legs.h"

struct traffic {
	struct sim_org org;
	struct scenario scenario;
	uint64_t seed;
	int64_t epoch_ms;
};

bool traffic_new(const struct traffic_options *options, struct traffic **out, struct fault *fault)
{
	struct traffic *t = mem_zalloc(sizeof *t);
	t->seed = options->seed;
	t->epoch_ms = options->epoch_ms;
	sim_org_init(&t->org, options->seed, options->n_users > 0 ? options->n_users : 300,
	    options->hostile_names);
	if (!scenario_open(options->scenario ? options->scenario : "mixed", options->data_folder,
		&t->org, &t->scenario, fault)) {
		traffic_free(t);
		return false;
	}
	*out = t;
	return true;
}

void traffic_free(struct traffic *t)
{
	if (!t)
		return;
	scenario_clear(&t->scenario);
	sim_org_clear(&t->org);
	free(t);
}

const struct sim_org *traffic_org(const struct traffic *t)
{
	return &t->org;
}

/* Webex's store has most records within a minute and a half of the release,
 * and a few hours late (never so late that the horizon is passed). */
static int64_t arrival_ms(const struct sim_leg *leg, int64_t day)
{
	uint64_t chance = hash_mix(leg->report ^ 0xA881);
	int64_t delay = 20000 + (int64_t)(chance % 70000);
	if (chance >> 40 & 0xff ? false : (chance >> 48 & 1)) /* one in 512 */
		delay = (int64_t)(5 * MINUTE_MS + (int64_t)((chance >> 20) % (6 * HOUR_MS)));
	return MIN(leg->release_ms + delay, (day + SIM_HORIZON_DAYS) * DAY_MS - 1);
}

static int by_arrival(const void *a, const void *b)
{
	const struct sim_leg *const *x = a, *const *y = b;
	if ((*x)->insert_ms != (*y)->insert_ms)
		return (*x)->insert_ms < (*y)->insert_ms ? -1 : 1;
	return ((*x)->report > (*y)->report) - ((*x)->report < (*y)->report);
}

static int by_start(const void *a, const void *b)
{
	const struct sim_call *x = a, *y = b;
	if (x->start_ms != y->start_ms)
		return x->start_ms < y->start_ms ? -1 : 1;
	return strcmp(x->local_call_id, y->local_call_id);
}

void traffic_stage(const struct traffic *t, struct shaping *sh)
{
	sh->org = &t->org;
	sh->seed = t->seed;
	for (size_t i = 0; i < t->scenario.n_plans; i++)
		incident_stage(sh, t->scenario.name, &t->scenario.plans[i], i, t->epoch_ms);
}

static void make_legs(const struct traffic *t, int64_t day, bool without_calls, struct sim_legs *out)
{
	memset(out, 0, sizeof *out);
	arena_init(&out->arena);
	struct shaping sh = { .org = &t->org, .seed = t->seed, .day = day, .arena = &out->arena,
		.without_calls = without_calls };
	daily_life(&sh);
	traffic_stage(t, &sh);
	out->legs = sh.legs;
	out->n = sh.n_legs;
	out->calls = sh.calls;
	out->n_calls = sh.n_calls;
	out->order = mem_alloc(MAX(out->n, 1) * sizeof *out->order);
	for (size_t i = 0; i < out->n; i++) {
		out->legs[i].insert_ms = arrival_ms(&out->legs[i], day);
		out->order[i] = &out->legs[i];
	}
	if (out->n > 1)
		qsort(out->order, out->n, sizeof *out->order, by_arrival);
	if (out->n_calls > 1)
		qsort(out->calls, out->n_calls, sizeof *out->calls, by_start);
}

void traffic_legs(const struct traffic *t, int64_t day, struct sim_legs *out)
{
	make_legs(t, day, false, out);
}

void traffic_legs_only(const struct traffic *t, int64_t day, struct sim_legs *out)
{
	make_legs(t, day, true, out);
}

void sim_legs_drop(struct sim_legs *legs, size_t n)
{
	size_t rest = legs->n - n;
	struct sim_leg *kept = mem_alloc(MAX(rest, 1) * sizeof *kept);
	for (size_t i = 0; i < rest; i++) {
		kept[i] = *legs->order[n + i];
		legs->order[i] = &kept[i];
	}
	free(legs->legs);
	free(legs->calls);
	legs->legs = kept;
	legs->calls = NULL;
	legs->order = mem_realloc(legs->order, MAX(rest, 1) * sizeof *legs->order);
	legs->n = rest;
	legs->n_calls = 0;
}

void sim_legs_free(struct sim_legs *legs)
{
	free(legs->legs);
	free(legs->order);
	free(legs->calls);
	arena_clear(&legs->arena);
	memset(legs, 0, sizeof *legs);
}

void traffic_day(const struct traffic *t, int64_t day, struct sim_day *out)
{
	struct sim_legs legs;
	traffic_legs(t, day, &legs);
	memset(out, 0, sizeof *out);
	out->arena = legs.arena; /* with the texts that records point to */
	out->n_records = legs.n;
	out->n_calls = legs.n_calls;
	out->records = arena_alloc(&out->arena, MAX(legs.n, 1) * sizeof *out->records);
	out->calls = arena_alloc(&out->arena, MAX(legs.n_calls, 1) * sizeof *out->calls);
	if (legs.n_calls > 0)
		memcpy(out->calls, legs.calls, legs.n_calls * sizeof *out->calls);
	struct text json = { 0 };
	for (size_t i = 0; i < legs.n; i++) {
		const struct sim_leg *leg = legs.order[i];
		struct sim_record *record = &out->records[i];
		text_reset(&json);
		sim_leg_write(leg, &t->org, &json);
		*record = (struct sim_record){ .start_ms = leg->start_ms, .insert_ms = leg->insert_ms,
			.json = arena_strndup(&out->arena, json.bytes, json.n), .n_json = json.n,
			.scenario = leg->scenario, .kind = leg->kind };
		sim_uuid(leg->report, record->report_id);
	}
	text_clear(&json);
	free(legs.legs);
	free(legs.order);
	free(legs.calls);
}

void sim_day_free(struct sim_day *day)
{
	arena_clear(&day->arena);
	memset(day, 0, sizeof *day);
}
