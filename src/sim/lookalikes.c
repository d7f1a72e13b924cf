/* SPDX-License-Identifier: Apache-2.0
 *
 * What looks like an attack and is none. Nobody should be woken by these: they
 * are labelled benign_… so that false alerts can be counted by cause. */
#include "sim/incident.h"

#include <stdio.h>

#include "base/mem.h"

static const char *const HOME[] = { "+5841", "+5939", "+5255", NULL };
static const char *const SUPPLIER[] = { "+3716", NULL };
static const char *const HOLIDAY[] = { "+3491", NULL };
static const char *const VENDOR[] = { "+9180", NULL };

static double length_s(struct staging *s)
{
	return rng_lognormal(&s->rng, s->n.talk_s, 0.5);
}

static void out(struct staging *s, int64_t at, int person, const struct outside *to, double talk_s,
    const struct client_shape *client, const struct sim_location *site)
{
	if (!stage_event(s, at))
		return;
	struct talk talk;
	talk_answered(&s->sh->rng, at, talk_s, &talk);
	if (s->n.calls > 3 && rng_chance(&s->sh->rng, 0.15)) {
		talk.end = END_NO_ANSWER;
		talk.talk_ms = 0;
	}
	shape_outbound(s->sh, person, to, &talk, client, site);
}

/* `calls` a day by each of `people` to numbers of a kind, mostly the same few. */
static void they_call(struct staging *s, enum outside_kind kind)
{
	for (int d = 0; d < (int)s->n.days; d++)
		for (int who = 0; who < (int)s->n.people; who++)
			for (int i = 0; i < (int)s->n.calls; i++) {
				struct outside to;
				int64_t at = stage_moment(s, d, i, 1);
				stage_domestic(s, kind, who * 1000 + stage_number(s), &to);
				double talk_s = length_s(s);
				out(s, at, stage_person(s, who), &to, talk_s, NULL, NULL);
			}
}

static void they_call_abroad(struct staging *s, const char *const *prefixes)
{
	for (int d = 0; d < (int)s->n.days; d++)
		for (int i = 0; i < (int)s->n.calls; i++) {
			struct outside to;
			int64_t at = stage_moment(s, d, i, 1);
			stage_abroad(s, prefixes, stage_number(s), &to);
			double talk_s = length_s(s);
			out(s, at, stage_person(s, 0), &to, talk_s, NULL, NULL);
		}
}

static void queue_calls(struct staging *s, int64_t at, int k)
{
	const struct sim_service *queue = stage_service(s, SIM_QUEUE);
	struct outside from;
	stage_domestic(s, OUTSIDE_MOBILE, k, &from);
	if (!stage_event(s, at))
		return;
	struct talk talk;
	talk_answered(&s->sh->rng, at, rng_lognormal(&s->sh->rng, s->n.talk_s, 0.7), &talk);
	talk.ring_ms = rng_between(&s->sh->rng, 4000, 90000);
	bool given_up = rng_chance(&s->sh->rng, 0.2);
	shape_queue(s->sh, &from, queue, &talk, 2, given_up ? -1 : (int)rng_below(&s->sh->rng, 50));
}

static void attendant_calls(struct staging *s, int64_t at, int k)
{
	struct outside from;
	stage_domestic(s, OUTSIDE_MOBILE, k, &from);
	int to = stage_person(s, (int)rng_below(&s->rng, (int64_t)s->site->n_people));
	if (!stage_event(s, at))
		return;
	struct talk talk;
	talk_ordinary(&s->sh->rng, at, s->n.talk_s, &talk);
	if (talk.end != END_ANSWERED)
		talk.end = END_NO_ANSWER;
	bool goes_on = rng_chance(&s->sh->rng, 0.6);
	if (!goes_on)
		talk.talk_ms = 0;
	shape_attendant(s->sh, &from, stage_service(s, SIM_ATTENDANT), &talk, "1", goes_on ? to : -1);
}

static void benign_callcentre_peak(struct staging *s)
{
	for (int i = 0; i < (int)s->n.calls; i++)
		queue_calls(s, stage_moment(s, 0, i, 1), i);
}

static void benign_payday(struct staging *s)
{
	for (int d = 0; d < (int)s->n.days; d++)
		for (int i = 0; i < (int)s->n.calls; i++) {
			int64_t at = stage_moment(s, d, i, 1);
			if (i % 3)
				queue_calls(s, at, d * 1000 + i);
			else
				attendant_calls(s, at, d * 1000 + i);
		}
}

static void benign_inbound_surge(struct staging *s)
{
	for (int i = 0; i < (int)s->n.calls; i++)
		attendant_calls(s, stage_moment(s, 0, i, 1), i);
}

static void benign_new_employee(struct staging *s)
{
	they_call_abroad(s, HOME);
}

static void benign_holiday_cover(struct staging *s)
{
	they_call(s, OUTSIDE_MOBILE);
}

static void benign_overtime(struct staging *s)
{
	they_call(s, OUTSIDE_FIXED);
}

static void benign_role_change(struct staging *s)
{
	they_call(s, OUTSIDE_MOBILE);
}

static void benign_on_call_week(struct staging *s)
{
	they_call(s, OUTSIDE_MOBILE);
}

static void benign_single_premium(struct staging *s)
{
	they_call(s, OUTSIDE_PREMIUM);
}

static void benign_campaign(struct staging *s)
{
	for (int who = 0; who < (int)s->n.people; who++)
		for (int i = 0; i < (int)s->n.calls; i++) {
			struct outside to;
			int64_t at = stage_moment(s, 0, i, 1);
			stage_domestic(s, OUTSIDE_MOBILE, who * 1000 + i, &to);
			double talk_s = length_s(s);
			out(s, at, stage_person(s, who), &to, talk_s, NULL, NULL);
		}
}

static void benign_campaign_callbacks(struct staging *s)
{
	/* The day after a campaign: many who were called call back, each once. */
	for (int i = 0; i < (int)s->n.calls; i++) {
		struct outside from;
		int64_t at = stage_moment(s, 0, i, 1);
		stage_domestic(s, OUTSIDE_MOBILE, i, &from);
		int to = stage_person(s, i % (int)s->n.people);
		double talk_s = length_s(s);
		if (!stage_event(s, at))
			continue;
		struct talk talk;
		talk_answered(&s->sh->rng, at, talk_s, &talk);
		shape_inbound(s->sh, &from, to, &talk);
	}
}

static void benign_conference_bridge(struct staging *s)
{
	int n = MAX((int)s->n.people, (int)(s->site->n_people / 5));
	struct outside bridge;
	stage_domestic(s, OUTSIDE_TOLL_FREE, 0, &bridge);
	for (int who = 0; who < n; who++) {
		int64_t at = s->start_ms + (int64_t)(rng_normal(&s->rng) * 90) * SECOND_MS;
		double talk_s = s->n.talk_s * (0.8 + 0.4 * rng_unit(&s->rng));
		out(s, at, stage_person(s, who), &bridge, talk_s, NULL, NULL);
	}
}

static void benign_incident_bridge(struct staging *s)
{
	struct outside bridge;
	stage_domestic(s, OUTSIDE_FIXED, 0, &bridge);
	for (int who = 0; who < (int)s->n.people; who++) {
		int64_t at = s->start_ms + (int64_t)(rng_unit(&s->rng) * 15 * 60) * SECOND_MS;
		double talk_s = s->n.talk_s * (0.6 + 0.6 * rng_unit(&s->rng));
		out(s, at, stage_person(s, who), &bridge, talk_s, NULL, NULL);
	}
}

static void benign_board_call(struct staging *s)
{
	struct outside to;
	outside_usual_abroad(s->site, s->key, &to);
	out(s, s->start_ms, stage_person(s, 0), &to, s->n.talk_s, NULL, NULL);
}

static void benign_traveller(struct staging *s)
{
	/* From a mobile client, out of phase with the office, to people known. */
	for (int d = 0; d < (int)s->n.days; d++)
		for (int i = 0; i < (int)s->n.calls; i++) {
			struct outside to;
			int64_t at = stage_moment(s, d, i, 1);
			stage_domestic(s, OUTSIDE_MOBILE, stage_number(s), &to);
			double talk_s = length_s(s);
			out(s, at, stage_person(s, 0), &to, talk_s, client_shape_named(SIM_CLIENT_MOBILE_IOS, 1), NULL);
		}
}

static void benign_site_visit(struct staging *s)
{
	const struct sim_location *other = &s->org->locations[(s->location + 1) % (int)s->org->n_locations];
	for (int i = 0; i < (int)s->n.calls; i++) {
		struct outside to;
		int64_t at = stage_moment(s, 0, i, 1);
		outside_domestic(other, OUTSIDE_MOBILE, rng_key(s->key, 0xD1, (uint64_t)rng_below(&s->rng, 5)), &to);
		double talk_s = length_s(s);
		out(s, at, stage_person(s, 0), &to, talk_s, client_shape_named(SIM_CLIENT_TEAMS_WINDOWS, 1), other);
	}
}

static void benign_vacation_forward(struct staging *s)
{
	struct outside from, hotel;
	stage_abroad(s, HOLIDAY, 0, &hotel);
	for (int d = 0; d < (int)s->n.days; d++)
		for (int i = 0; i < (int)s->n.calls; i++) {
			int64_t at = stage_moment(s, d, i, 1);
			stage_domestic(s, OUTSIDE_MOBILE, (int)rng_below(&s->rng, 30), &from);
			double talk_s = length_s(s);
			if (!stage_event(s, at))
				continue;
			struct talk talk;
			talk_answered(&s->sh->rng, at, talk_s, &talk);
			shape_forward(s->sh, &from, stage_person(s, 0), &hotel, "CallForwardAlways", &talk);
		}
}

static void benign_supplier(struct staging *s)
{
	they_call_abroad(s, SUPPLIER);
}

static void benign_vendor_support(struct staging *s)
{
	they_call_abroad(s, VENDOR);
}

static void benign_phone_rollout(struct staging *s)
{
	/* A technician tries each new phone, in order of extension. */
	int technician = stage_person(s, 0);
	int tried = 0;
	for (long extension = 1000; extension < 1000000 && tried < (int)s->n.calls; extension++) {
		char digits[16];
		snprintf(digits, sizeof digits, "%ld", extension);
		int found = -1;
		for (size_t k = 0; k < s->site->n_people && found < 0; k++)
			if (strcmp(s->org->people[s->site->first_person + k].extension, digits) == 0)
				found = (int)(s->site->first_person + k);
		if (found < 0 || found == technician) {
			if (extension > 10000 && s->org->n_people <= 6000)
				break;
			continue;
		}
		int64_t at = stage_moment(s, 0, tried++, 1);
		if (!stage_event(s, at))
			continue;
		struct talk talk;
		talk_answered(&s->sh->rng, at, (double)rng_between(&s->sh->rng, 5, 20), &talk);
		shape_internal(s->sh, found, technician, &talk);
	}
}

static void benign_survey(struct staging *s)
{
	struct outside from;
	stage_domestic(s, OUTSIDE_FIXED, 0, &from);
	from.name = "ENCUESTAS CLARIDAD";
	for (int i = 0; i < (int)s->n.calls; i++) {
		int64_t at = stage_moment(s, 0, i, 1);
		int to = stage_person(s, i);
		double talk_s = length_s(s);
		if (!stage_event(s, at))
			continue;
		struct talk talk;
		talk_answered(&s->sh->rng, at, talk_s, &talk);
		shape_inbound(s->sh, &from, to, &talk);
	}
}

static void benign_alarm_dialler(struct staging *s)
{
	struct outside centre;
	stage_domestic(s, OUTSIDE_FIXED, 0, &centre);
	int place = stage_place(s, 0);
	for (int d = 0; d < (int)s->n.days; d++)
		for (int i = 0; i < (int)s->n.calls; i++)
			out(s, stage_moment(s, d, i, 0), place, &centre, s->n.talk_s, NULL, NULL);
}

static void benign_synthetic_monitor(struct staging *s)
{
	struct outside from;
	stage_domestic(s, OUTSIDE_FIXED, 0, &from);
	for (int d = 0; d < (int)s->n.days; d++)
		for (int i = 0; i < (int)s->n.calls; i++) {
			int64_t at = stage_moment(s, d, i, 0);
			if (!stage_event(s, at))
				continue;
			struct talk talk;
			talk_answered(&s->sh->rng, at, s->n.talk_s, &talk);
			shape_attendant(s->sh, &from, stage_service(s, SIM_ATTENDANT), &talk, NULL, -1);
		}
}

static void benign_fax_retry(struct staging *s)
{
	struct outside to;
	stage_domestic(s, OUTSIDE_FIXED, 0, &to);
	int place = stage_place(s, 1);
	for (int i = 0; i < (int)s->n.calls; i++) {
		int64_t at = stage_moment(s, 0, i, 0);
		if (!stage_event(s, at))
			continue;
		struct talk talk;
		talk_answered(&s->sh->rng, at, s->n.talk_s, &talk);
		if (i + 1 < (int)s->n.calls) {
			talk.end = END_BUSY;
			talk.talk_ms = 0;
			talk.ring_ms = 1500;
		}
		shape_outbound(s->sh, place, &to, &talk, NULL, NULL);
	}
}

static void benign_reminder_bot(struct staging *s)
{
	int line = stage_place(s, 2);
	for (int d = 0; d < (int)s->n.days; d++)
		for (int i = 0; i < (int)s->n.calls; i++) {
			struct outside to;
			int64_t at = stage_moment(s, d, i, 1);
			stage_domestic(s, OUTSIDE_MOBILE, d * 1000 + i, &to);
			double talk_s = length_s(s);
			out(s, at, line, &to, talk_s, NULL, NULL);
		}
}

/* A habit: the same people and numbers each time it comes. */
#define HABIT(id, hour_, ...) \
	{ .name = #id, .stage = id, .is_habit = true, .loud = { hour_, { __VA_ARGS__ } }, \
	  .patient = { hour_, { __VA_ARGS__ } } }
#define KIND(id, hour_, ...) \
	{ .name = #id, .stage = id, .loud = { hour_, { __VA_ARGS__ } }, .patient = { hour_, { __VA_ARGS__ } } }

/* hour, then calls (a day), hours, days, people, numbers, talk_s */
const struct incident_kind LOOKALIKE_KINDS[] = {
	KIND(benign_callcentre_peak,	9.0, 180, 2.5, 1, 1, 180, 150),
	KIND(benign_payday,		8.0, 160, 9, 2, 1, 160, 140),
	KIND(benign_new_employee,	17.5, 2, 2, 10, 1, 2, 600),
	HABIT(benign_holiday_cover,	8.0, 15, 8, 1, 2, 10, 120),
	KIND(benign_overtime,		19.0, 6, 2.5, 1, 4, 5, 180),
	KIND(benign_campaign,		9.0, 40, 7, 1, 8, 320, 70),
	KIND(benign_campaign_callbacks,	9.0, 90, 8, 1, 8, 90, 90),
	HABIT(benign_conference_bridge,	9.0, 1, 1, 1, 6, 1, 2700),
	KIND(benign_incident_bridge,	2.0, 1, 3, 1, 6, 1, 9000),
	HABIT(benign_board_call,		9.5, 1, 4, 1, 1, 1, 11500),
	KIND(benign_on_call_week,	22.5, 4, 6, 7, 1, 4, 240),
	KIND(benign_traveller,		0.5, 4, 5, 5, 1, 4, 240),
	KIND(benign_site_visit,		9.0, 12, 7, 1, 1, 5, 120),
	KIND(benign_vacation_forward,	8.5, 6, 9, 6, 1, 1, 120),
	HABIT(benign_supplier,		9.5, 1, 6, 45, 1, 2, 420),
	KIND(benign_role_change,	8.5, 18, 8, 7, 1, 40, 110),
	KIND(benign_phone_rollout,	9.0, 30, 4, 1, 1, 1, 10),
	HABIT(benign_vendor_support,	14.0, 2, 3, 2, 1, 1, 2400),
	HABIT(benign_single_premium,	11.0, 1, 1, 1, 1, 1, 120),
	KIND(benign_inbound_surge,	10.0, 150, 2, 1, 1, 150, 100),
	KIND(benign_survey,		14.0, 25, 2.5, 1, 25, 1, 180),
	HABIT(benign_alarm_dialler,	0.1, 24, 24, 14, 1, 1, 15),
	HABIT(benign_synthetic_monitor,	0.2, 96, 24, 7, 1, 1, 10),
	KIND(benign_fax_retry,		20.5, 12, 0.5, 1, 1, 1, 90),
	KIND(benign_reminder_bot,	8.0, 60, 2, 3, 1, 60, 22),
};
const size_t N_LOOKALIKE_KINDS = COUNT_OF(LOOKALIKE_KINDS);
