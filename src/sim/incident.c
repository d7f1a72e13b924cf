/* SPDX-License-Identifier: Apache-2.0
 *
 * When incidents happen, to whom, and the tools they share. */
#include "sim/incident.h"

#include <stdio.h>

#include "base/mem.h"

const struct incident_kind *incident_kind_named(const char *name)
{
	for (size_t i = 0; i < N_ATTACK_KINDS; i++)
		if (strcmp(ATTACK_KINDS[i].name, name) == 0)
			return &ATTACK_KINDS[i];
	for (size_t i = 0; i < N_LOOKALIKE_KINDS; i++)
		if (strcmp(LOOKALIKE_KINDS[i].name, name) == 0)
			return &LOOKALIKE_KINDS[i];
	return NULL;
}

bool stage_event(struct staging *s, int64_t at_ms)
{
	s->n_events++;
	if (at_ms < s->sh->day * DAY_MS || at_ms >= (s->sh->day + 1) * DAY_MS)
		return false;
	s->sh->rng = rng_for(s->event_key, 0xE7E27, s->n_events);
	return true;
}

/* Local midnight of the day that holds `utc_ms` at the site, in UTC. */
static int64_t local_midnight(const struct sim_location *site, int64_t utc_ms)
{
	int64_t shift = sim_location_minutes(site, utc_ms) * MINUTE_MS;
	int64_t local = utc_ms + shift;
	return local - ((local % DAY_MS) + DAY_MS) % DAY_MS - shift;
}

int64_t stage_moment(struct staging *s, int d, int i, double jitter)
{
	double step = s->n.hours * (double)HOUR_MS / s->n.calls;
	return s->start_ms + d * DAY_MS + (int64_t)(step * (i + jitter * rng_unit(&s->rng)));
}

int stage_number(struct staging *s)
{
	return (int)rng_below(&s->rng, (int64_t)s->n.numbers);
}

int stage_person_at(const struct staging *s, int location, int k)
{
	const struct sim_location *site = &s->org->locations[location];
	/* The k-th person, places not counted, from somewhere; round and round. */
	size_t from = (size_t)(hash_mix(s->key + 17) % MAX(site->n_people, 1));
	int met = -1, last = (int)site->first_person;
	for (size_t step = 0; step < 4 * site->n_people + 1000 && met < k; step++) {
		size_t at = site->first_person + (from + step) % site->n_people;
		if (s->org->people[at].is_place)
			continue;
		met++;
		last = (int)at;
	}
	return last;
}

int stage_person(const struct staging *s, int k)
{
	return stage_person_at(s, s->location, k);
}

int stage_line(struct staging *s, int location)
{
	size_t from = 0, n = s->org->n_people;
	if (location >= 0) {
		from = s->org->locations[location].first_person;
		n = s->org->locations[location].n_people;
	}
	int at = (int)from;
	for (int try = 0; try < 60; try++) {
		at = (int)(from + (size_t)rng_below(&s->rng, (int64_t)n));
		if (*s->org->people[at].number)
			break;
	}
	return at;
}

int stage_place(const struct staging *s, int k)
{
	for (size_t i = 0; i < s->site->n_people; i++) {
		size_t at = s->site->first_person + (i + (size_t)k) % s->site->n_people;
		if (s->org->people[at].is_place)
			return (int)at;
	}
	return stage_person(s, k);
}

const struct sim_service *stage_service(const struct staging *s, enum sim_service_kind kind)
{
	for (size_t i = 0; i < s->org->n_services; i++)
		if (s->org->services[i].kind == kind && s->org->services[i].location == s->location)
			return &s->org->services[i];
	return &s->org->services[0];
}

void stage_abroad(const struct staging *s, const char *const *otherwise, int k, struct outside *out)
{
	size_t n = s->plan->n_prefixes;
	const char *prefix;
	if (n > 0) {
		prefix = s->plan->prefixes[(size_t)k % n];
	} else {
		while (otherwise[n])
			n++;
		assert(n > 0);
		prefix = otherwise[(size_t)k % n];
	}
	/* First the range, from the story; then the number within it. */
	outside_abroad(s->site, prefix, rng_key(s->key, 0xAB, hash_text(prefix)), out);
	size_t length = strlen(out->number);
	if (length > 7) {
		uint64_t own = rng_key(s->key, 0xAC, (uint64_t)k);
		for (size_t i = length - 4; i < length; i++, own /= 10)
			out->number[i] = (char)('0' + own % 10);
	}
}

void stage_domestic(const struct staging *s, enum outside_kind kind, int k, struct outside *out)
{
	outside_domestic(s->site, kind, rng_key(s->key, 0xD0, (uint64_t)k), out);
}

static void stage_instance(struct shaping *sh, const char *scenario, const struct incident_plan *plan,
    size_t index, int instance, int64_t epoch_ms)
{
	const struct manner *manner = plan->patient ? &plan->kind->patient : &plan->kind->loud;
	struct staging s = { .sh = sh, .org = sh->org, .plan = plan, .n = manner->n };
	s.event_key = rng_key(sh->seed ^ 0x1C1DE27, index, (uint64_t)instance);
	s.key = plan->kind->is_habit ? rng_key(sh->seed ^ 0x1C1DE27, index, 0) : s.event_key;
	s.rng = rng_for(s.key, 1, 0);
	s.location = plan->location;
	while (s.location < 0) {
		int any = (int)rng_below(&s.rng, (int64_t)sh->org->n_locations);
		if (sh->org->locations[any].n_people > 3)
			s.location = any;
	}
	s.site = &sh->org->locations[s.location];
#define SCENARIO_OVERRIDE(name, low, high) \
	if (plan->numbers.name > 0)        \
		s.n.name = plan->numbers.name;
	SCENARIO_NUMBERS(SCENARIO_OVERRIDE)
#undef SCENARIO_OVERRIDE
	int64_t day0 = epoch_ms + (int64_t)instance * plan->repeat_days * DAY_MS;
	if (plan->from_epoch)
		s.start_ms = day0 + plan->day * DAY_MS + (int64_t)(plan->minute * (double)MINUTE_MS);
	else
		s.start_ms = local_midnight(s.site, day0) + plan->day * DAY_MS +
		    (int64_t)((plan->hour >= 0 ? plan->hour : manner->hour) * (double)HOUR_MS);
	if (plan->weekday >= 0 && !plan->from_epoch) {
		int64_t local = s.start_ms + sim_location_minutes(s.site, s.start_ms) * MINUTE_MS;
		int is = (int)((local / DAY_MS + 4) % 7);
		s.start_ms += (plan->weekday - is + 7) % 7 * DAY_MS;
	}
	s.rng = rng_for(s.event_key, 2, 0); /* the site by the key, the minutes each time anew */
	/* Stories begin at most a day early (test calls) and end in their days
	 * plus the hours of the last. */
	int64_t first = s.start_ms / DAY_MS - 1;
	double lasts_ms = MAX(s.n.days, 1) * (double)DAY_MS + s.n.hours * (double)HOUR_MS;
	int64_t last = (s.start_ms + (int64_t)lasts_ms) / DAY_MS + 1;
	if (sh->day < first || sh->day > last)
		return;
	sh->scenario = arena_printf(sh->arena, "%s-%02zu.%d", scenario, index, instance);
	sh->kind = plan->patient ? arena_printf(sh->arena, "%s_patient", plan->kind->name) : plan->kind->name;
	plan->kind->stage(&s);
	sh->scenario = sh->kind = NULL;
}

void incident_stage(struct shaping *sh, const char *scenario, const struct incident_plan *plan,
    size_t index, int64_t epoch_ms)
{
	if (plan->repeat_days == 0) {
		stage_instance(sh, scenario, plan, index, 0, epoch_ms);
		return;
	}
	/* Which repetitions can touch this day? */
	int64_t since = sh->day - epoch_ms / DAY_MS - plan->day;
	int64_t reach = 103; /* days a story may last, the way to its weekday, and some */
	int64_t low = (since - reach) / plan->repeat_days, high = since / plan->repeat_days + 2;
	for (int64_t k = MAX(low, 0); k <= high; k++)
		stage_instance(sh, scenario, plan, index, (int)k, epoch_ms);
}
