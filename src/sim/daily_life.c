/* SPDX-License-Identifier: Apache-2.0
 *
 * The calls of an ordinary day: what people, attendants and queues do with
 * their habits. Log-normal talk, few numbers called often: the form is what
 * matters to whoever learns from it. */
#include "sim/daily_life.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/iso_time.h"
#include "base/mem.h"
#include "sim/habits.h"

static void somebody(struct shaping *sh, int person, const struct habit *h, struct outside *out)
{
	const struct sim_location *site = &sh->org->locations[sh->org->people[person].location];
	if (rng_chance(&sh->rng, 0.82)) {
		habit_favourite(sh->org, sh->seed, person, h, rng_zipf(&sh->rng, h->n_favourites), out);
		return;
	}
	outside_domestic(site, rng_chance(&sh->rng, h->mobile) ? OUTSIDE_MOBILE : OUTSIDE_FIXED,
	    rng_next(&sh->rng), out);
}

static int colleague(struct shaping *sh, int person)
{
	const struct sim_person *p = &sh->org->people[person];
	struct rng own = rng_for(sh->seed ^ HABIT_COLLEAGUE, (uint64_t)person,
	    (uint64_t)rng_zipf(&sh->rng, 8));
	const struct sim_location *site = &sh->org->locations[p->location];
	int64_t at = rng_chance(&own, 0.8)
	    ? (int64_t)site->first_person + rng_below(&own, (int64_t)site->n_people)
	    : rng_below(&own, (int64_t)sh->org->n_people);
	return at == person ? (int)((size_t)(at + 1) % sh->org->n_people) : (int)at;
}

/* A caller from outside: a favourite who calls back, a partner, a stranger. */
static void caller(struct shaping *sh, const struct sim_location *site, int person,
    const struct habit *h, struct outside *out)
{
	double x = rng_unit(&sh->rng);
	if (person >= 0 && x < 0.6) {
		habit_favourite(sh->org, sh->seed, person, h, rng_zipf(&sh->rng, h->n_favourites), out);
	} else if (x < 0.72) { /* a company behind one number */
		int64_t partner = rng_below(&sh->rng, 40);
		outside_domestic(site, OUTSIDE_FIXED, (uint64_t)partner, out);
	} else if (x < 0.74) {
		*out = (struct outside){ .kind = OUTSIDE_WITHHELD };
	} else if (x < 0.76) {
		outside_usual_abroad(site, rng_next(&sh->rng), out);
	} else {
		outside_domestic(site, rng_chance(&sh->rng, 0.7) ? OUTSIDE_MOBILE : OUTSIDE_FIXED,
		    rng_next(&sh->rng), out);
	}
}

static int64_t talk_length_ms(const struct talk *talk)
{
	return talk->ring_ms + talk->talk_ms;
}

/* Returns when the person is free again. */
static int64_t call_out(struct shaping *sh, int person, const struct habit *h, int64_t at_ms)
{
	struct outside to;
	struct talk talk;
	somebody(sh, person, h, &to);
	talk_ordinary(&sh->rng, at_ms, h->talk_median_s, &talk);
	shape_outbound(sh, person, &to, &talk, NULL, NULL);
	int64_t free_ms = at_ms + talk_length_ms(&talk);
	if ((talk.end == END_NO_ANSWER || talk.end == END_BUSY) && rng_chance(&sh->rng, 0.3)) {
		talk_ordinary(&sh->rng, free_ms + rng_between(&sh->rng, 8000, 90000), h->talk_median_s, &talk);
		if (talk.start_ms / DAY_MS == sh->day) {
			shape_outbound(sh, person, &to, &talk, NULL, NULL);
			free_ms = talk.start_ms + talk_length_ms(&talk);
		}
	}
	return free_ms;
}

static int64_t call_inside(struct shaping *sh, int person, const struct habit *h, int64_t at_ms)
{
	const struct sim_location *site = &sh->org->locations[sh->org->people[person].location];
	struct talk talk;
	double x = rng_unit(&sh->rng);
	char digits[40];
	if (x < 0.012) {
		int dialled = (int)rng_below(&sh->rng, 1000);
		struct outside wrong;
		snprintf(digits, sizeof digits, "%04d", dialled);
		if (dialled % 3 == 0) { /* a whole number without what leads out of the house */
			outside_domestic(site, OUTSIDE_FIXED, (uint64_t)dialled, &wrong);
			snprintf(digits, sizeof digits, "%s", wrong.number + 1);
		}
		shape_unknown(sh, person, digits, at_ms);
		return at_ms + 7000;
	}
	if (x < 0.03) {
		static const char *const CODES[] = { "*62", "*65", "*98", "#55", "*11", "*47" };
		const char *code = CODES[rng_below(&sh->rng, COUNT_OF(CODES))];
		/* *62 and *98 lead to somebody. */
		int to = code[0] == '*' && (code[1] == '6' || code[1] == '9') ? colleague(sh, person) : -1;
		shape_feature_code(sh, person, code, to, at_ms);
		return at_ms + 8000;
	}
	if (x < 0.036) {
		shape_retrieval(sh, person, "CallRetrieve", "*11", at_ms);
		return at_ms + 1000;
	}
	if (x < 0.04) { /* a number of another country over that site's own gateway */
		size_t gateway = (size_t)rng_below(&sh->rng, (int64_t)sh->org->n_trunks);
		const struct sim_location *there = &sh->org->locations[sh->org->trunks[gateway].location];
		struct outside to;
		if (strcmp(there->country, site->country) != 0) {
			outside_domestic(there, OUTSIDE_MOBILE, rng_next(&sh->rng), &to);
			snprintf(digits, sizeof digits, "9%s", to.number + 1);
			talk_answered(&sh->rng, at_ms, 60, &talk);
			shape_tie_line(sh, person, gateway, digits, &talk);
			return at_ms + talk_length_ms(&talk);
		}
	}
	talk_ordinary(&sh->rng, at_ms, h->talk_median_s * 0.8, &talk);
	if (talk.end == END_UNASSIGNED || talk.end == END_FAILED)
		talk.end = END_NO_ANSWER;
	shape_internal(sh, person, colleague(sh, person), &talk);
	return at_ms + talk_length_ms(&talk);
}

static int64_t called_from_outside(struct shaping *sh, int person, const struct habit *h, int64_t at_ms)
{
	const struct sim_person *p = &sh->org->people[person];
	const struct sim_location *site = &sh->org->locations[p->location];
	struct outside from, mobile;
	struct talk talk;
	caller(sh, site, person, h, &from);
	talk_ordinary(&sh->rng, at_ms, h->talk_median_s, &talk);
	if (talk.end != END_ANSWERED && talk.end != END_BUSY)
		talk.end = END_NO_ANSWER;
	if (h->away && talk.end == END_ANSWERED) {
		talk.end = END_NO_ANSWER;
		talk.talk_ms = 0;
	}
	outside_domestic(site, OUTSIDE_MOBILE, rng_key(sh->seed, HABIT_PERSON, (uint64_t)person), &mobile);
	if (h->forwards_always) {
		shape_forward(sh, &from, person, &mobile, "CallForwardAlways", &talk);
		return at_ms;
	}
	if (talk.end == END_NO_ANSWER && h->forwards_no_answer) {
		shape_forward(sh, &from, person, &mobile, "CallForwardNoAnswer", &talk);
		return at_ms + talk_length_ms(&talk);
	}
	if (talk.end == END_NO_ANSWER && rng_chance(&sh->rng, 0.35)) {
		talk.talk_ms = rng_between(&sh->rng, 6000, 60000);
		shape_voicemail(sh, &from, person, &talk);
		return at_ms + 20000;
	}
	if (talk.end == END_ANSWERED && talk.talk_ms > 30000 && rng_chance(&sh->rng, 0.06)) {
		struct talk second;
		talk_ordinary(&sh->rng, at_ms, 60, &second);
		int other = colleague(sh, person);
		if (second.end == END_ANSWERED) {
			shape_transfer(sh, &from, person, other, rng_chance(&sh->rng, 0.5), &talk, &second);
			return at_ms + talk_length_ms(&talk);
		}
	}
	shape_inbound(sh, &from, person, &talk);
	if (p->has_mobile_app && rng_chance(&sh->rng, 0.08))
		shape_retrieval(sh, person, "PushNotificationRetrieval", "#83000000000000#1", at_ms + 900);
	return at_ms + talk_length_ms(&talk);
}

struct moment {
	int64_t at_ms;
	int what; /* 0 out, 1 inside, 2 in */
};

static int by_time(const void *a, const void *b)
{
	const struct moment *x = a, *y = b;
	return x->at_ms != y->at_ms ? (x->at_ms > y->at_ms) - (x->at_ms < y->at_ms) : x->what - y->what;
}

static void person_lives(struct shaping *sh, int person, struct day_shape shapes[N_SHIFTS])
{
	struct habit h;
	habit_of(sh->org, sh->seed, person, sh->day, &h);
	const struct day_shape *shape = &shapes[h.shift];
	if (shape->total <= 0)
		return;
	sh->rng = rng_for(sh->seed ^ HABIT_DAY, (uint64_t)sh->day, (uint64_t)person);
	double level = shape->total * fmin(rng_lognormal(&sh->rng, 0.92, 0.4), 3);
	int counts[3] = { rng_poisson(&sh->rng, h.away ? 0 : h.out_per_day * level),
		rng_poisson(&sh->rng, h.away ? 0 : h.internal_per_day * level),
		rng_poisson(&sh->rng, h.in_per_day * level) };
	struct moment moments[240];
	int n = 0;
	for (int what = 0; what < 3; what++)
		for (int k = 0; k < counts[what] && n < (int)COUNT_OF(moments); k++)
			moments[n++] = (struct moment){ day_shape_moment(shape, sh->day, &sh->rng), what };
	qsort(moments, (size_t)n, sizeof *moments, by_time);
	int64_t free_ms = 0;
	for (int i = 0; i < n; i++) {
		/* One call at a time; only shared lines (one in 25) overlap. */
		int64_t at = moments[i].at_ms;
		if (at < free_ms && person % 25 != 0)
			at = free_ms + rng_between(&sh->rng, 3000, 60000);
		if (at / DAY_MS != sh->day)
			break;
		switch (moments[i].what) {
		case 0:
			free_ms = call_out(sh, person, &h, at);
			break;
		case 1:
			free_ms = call_inside(sh, person, &h, at);
			break;
		default:
			free_ms = called_from_outside(sh, person, &h, at);
			break;
		}
	}
}

/* Anybody of the site. */
static int member(struct shaping *sh, const struct sim_location *site)
{
	return (int)(site->first_person + (size_t)rng_below(&sh->rng, (int64_t)site->n_people));
}

static void attendant_lives(struct shaping *sh, const struct sim_service *s, int64_t at)
{
	static const char *const KEYS[] = { "1", "1", "0", "2", "3" };
	const struct sim_location *site = &sh->org->locations[s->location];
	struct outside from;
	struct talk talk;
	caller(sh, site, -1, NULL, &from);
	talk_ordinary(&sh->rng, at, 80, &talk);
	if (talk.end != END_ANSWERED)
		talk.end = END_NO_ANSWER;
	bool goes_on = rng_chance(&sh->rng, 0.45);
	if (!goes_on)
		talk.talk_ms = at % 40 == 0 ? 600 : 0; /* a few hang up at once */
	int to = goes_on ? member(sh, site) : -1;
	shape_attendant(sh, &from, s, &talk,
	    goes_on && rng_chance(&sh->rng, 0.7) ? KEYS[rng_below(&sh->rng, COUNT_OF(KEYS))] : NULL, to);
}

static void queue_lives(struct shaping *sh, const struct sim_service *s, int64_t at)
{
	struct outside from;
	struct talk talk;
	caller(sh, &sh->org->locations[s->location], -1, NULL, &from);
	talk_ordinary(&sh->rng, at, 150, &talk);
	talk.end = END_ANSWERED;
	talk.talk_ms = MAX(talk.talk_ms, 2000);
	bool given_up = rng_chance(&sh->rng, 0.12);
	talk.ring_ms = given_up ? rng_between(&sh->rng, 15000, 180000) : rng_between(&sh->rng, 3000, 40000);
	int attempts = 1 + (int)rng_below(&sh->rng, 2 + (rng_chance(&sh->rng, 0.2) ? 2 : 0));
	size_t leg = shape_queue(sh, &from, s, &talk, attempts,
	    given_up ? -1 : (int)rng_below(&sh->rng, (int64_t)s->n_agents));
	if (!given_up && talk.talk_ms > 60000 && rng_chance(&sh->rng, 0.02))
		shape_monitor(sh, s->agents[0], leg, sh->legs[leg].start_ms + talk.ring_ms + 20000,
		    talk.talk_ms - 25000);
}

static void service_lives(struct shaping *sh, size_t service, struct day_shape shapes[N_SHIFTS])
{
	const struct sim_service *s = &sh->org->services[service];
	const struct sim_location *site = &sh->org->locations[s->location];
	struct civil local;
	civil_from_ms(sh->day * DAY_MS + HOUR_MS * 12, &local);
	/* Pay days: the 14th and 15th and the end of the month. */
	double pay = local.day == 14 || local.day == 15 || local.day >= 30 ? 1.25 : 1;
	sh->rng = rng_for(sh->seed ^ HABIT_SITE, (uint64_t)sh->day, service);
	double a_day = 0;
	switch (s->kind) {
	case SIM_ATTENDANT:
		a_day = (double)site->n_people * 0.3 * pay;
		break;
	case SIM_QUEUE:
		a_day = (double)s->n_agents * 9 * pay;
		break;
	case SIM_HUNT_GROUP:
		a_day = 6;
		break;
	case SIM_VOICE_PORTAL:
		a_day = 1 + (double)site->n_people * 0.02;
		break;
	}
	int n = s->kind != SIM_VOICE_PORTAL && s->n_agents == 0 && s->kind != SIM_ATTENDANT
	    ? 0 : rng_poisson(&sh->rng, a_day * shapes[SHIFT_OFFICE].total);
	for (int i = 0; i < n; i++) {
		int64_t at = day_shape_moment(&shapes[SHIFT_OFFICE], sh->day, &sh->rng);
		struct outside from;
		struct talk talk;
		switch (s->kind) {
		case SIM_ATTENDANT:
			attendant_lives(sh, s, at);
			break;
		case SIM_QUEUE:
			queue_lives(sh, s, at);
			break;
		case SIM_HUNT_GROUP:
			caller(sh, site, -1, NULL, &from);
			talk_ordinary(&sh->rng, at, 90, &talk);
			talk.ring_ms = MIN(talk.ring_ms, 10000);
			shape_hunt(sh, &from, s, &talk, (int)rng_between(&sh->rng, 1, 4));
			break;
		case SIM_VOICE_PORTAL:
			outside_domestic(site, OUTSIDE_MOBILE,
			    rng_key(sh->seed, HABIT_PERSON, (uint64_t)member(sh, site)), &from);
			talk_answered(&sh->rng, at, (double)rng_between(&sh->rng, 30, 160), &talk);
			talk.ring_ms = 30;
			shape_portal(sh, &from, s, &talk);
			break;
		}
	}
}

/* Somebody selling something: a short call from a number seen once. */
static void nuisance(struct shaping *sh, size_t location, const struct day_shape *shape)
{
	const struct sim_location *site = &sh->org->locations[location];
	sh->rng = rng_for(sh->seed ^ HABIT_SITE, (uint64_t)sh->day, 100000 + location);
	int n = rng_poisson(&sh->rng, (double)site->n_people * 0.02 * shape->total);
	for (int i = 0; i < n; i++) {
		int64_t at = day_shape_moment(shape, sh->day, &sh->rng);
		int to = member(sh, site);
		struct outside from;
		struct talk talk;
		outside_domestic(site, rng_chance(&sh->rng, 0.5) ? OUTSIDE_FIXED : OUTSIDE_MOBILE,
		    rng_next(&sh->rng), &from);
		talk_answered(&sh->rng, at, (double)rng_between(&sh->rng, 3, 25), &talk);
		if (*sh->org->people[to].number)
			shape_inbound(sh, &from, to, &talk);
	}
}

void daily_life(struct shaping *sh)
{
	for (size_t l = 0; l < sh->org->n_locations; l++) {
		const struct sim_location *site = &sh->org->locations[l];
		struct day_shape shapes[N_SHIFTS];
		for (int shift = 0; shift < N_SHIFTS; shift++)
			day_shape_make(site, (enum shift)shift, sh->day, &shapes[shift]);
		for (size_t i = 0; i < site->n_people; i++)
			person_lives(sh, (int)(site->first_person + i), shapes);
		for (size_t s = 0; s < sh->org->n_services; s++)
			if (sh->org->services[s].location == (int)l)
				service_lives(sh, s, shapes);
		nuisance(sh, l, &shapes[SHIFT_OFFICE]);
	}
}
