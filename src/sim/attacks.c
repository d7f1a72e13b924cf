/* SPDX-License-Identifier: Apache-2.0
 *
 * Attacks, each loud and patient. Rates are orders of magnitude from published
 * cases (Foreman Seeley Fountain: > 1500 calls of 1-4 h in a weekend; New Moon
 * Medical: > 200 calls in 2 h to one number; wangiri: 1-2 rings, about 5 % call
 * back; robocalls: Prasad et al., USENIX Security 2020). A story draws from
 * s->rng alike on every day; only shape_… between stage_event may use sh->rng. */
#include "sim/incident.h"

#include <stdio.h>

#include "base/mem.h"
#include "sim/acts.h"

static const char *const IRSF_RANGES[] = {
	"+88213", "+3712", "+5353", "+25261", "+22177", "+96077", "+220", NULL
};
static const char *const MIDDLE_RANGES[] = { "+48", NULL };
static const char *const MIDDLE_RANGES_2[] = { "+43", "+994", NULL };
static const char *const WANGIRI_RANGES[] = { "+216", "+2246", "+67570", "+2356", NULL };
static const char *const FORWARD_RANGES[] = { "+3712", "+2637", "+5353", NULL };

static double spread(struct staging *s) /* of a day, 0..1 */
{
	return rng_unit(&s->rng);
}

/* One call out to a number abroad, answered, at `at_ms`. */
static void call_abroad(struct staging *s, int person, const char *const *ranges, int k, int64_t at_ms,
    double talk_s)
{
	struct outside to;
	struct talk talk;
	stage_abroad(s, ranges, k, &to);
	if (!stage_event(s, at_ms))
		return;
	talk_answered(&s->sh->rng, at_ms, talk_s, &talk);
	if (rng_chance(&s->sh->rng, 0.06)) {
		talk.end = END_NO_ANSWER;
		talk.talk_ms = 0;
	}
	shape_outbound(s->sh, person, &to, &talk, NULL, NULL);
}

/* What is done in Control Hub with the session of an administrator that was stolen. */
static void stolen_session(struct staging *s, int64_t at_ms, int person, const char *setting, const char *was, const char *became)
{
	shape_act(s->sh, &(struct sim_act){ .at_ms = at_ms, .category = "WEBEX_CALLING", .description = "User call settings changed", .operation = "UPDATE",
		.setting = setting, .was = was, .became = became, .target = person, .is_thief = true });
}

static void irsf_night(struct staging *s)
{
	int per_night = (int)(s->n.calls / s->n.days + 0.5);
	stolen_session(s, s->start_ms - 34 * MINUTE_MS, stage_person(s, 0), "Outgoing calling permission: international", "BLOCK", "ALLOW");
	for (int t = 0; t < 3; t++) /* does the number pay? */
		call_abroad(s, stage_person(s, 0), IRSF_RANGES, t, s->start_ms - (t + 1) * 7 * MINUTE_MS,
		    5 + 5 * spread(s));
	for (int d = 0; d < (int)s->n.days; d++)
		for (int i = 0; i < MAX(per_night, 1); i++) {
			int64_t at = s->start_ms + d * DAY_MS +
			    (int64_t)(s->n.hours * (double)HOUR_MS * (i + spread(s)) / MAX(per_night, 1));
			double talk_s = rng_lognormal(&s->rng, s->n.talk_s, 0.8);
			int k = stage_number(s);
			int who = (int)rng_below(&s->rng, (int64_t)s->n.people);
			call_abroad(s, stage_person(s, who), IRSF_RANGES, k, at, fmin(talk_s, 4 * 3600));
		}
}

static void irsf_disguised(struct staging *s)
{
	const char *const *range = s->plan->patient ? MIDDLE_RANGES : MIDDLE_RANGES_2;
	for (int d = 0; d < (int)s->n.days; d++)
		for (int i = 0; i < (int)s->n.calls; i++) {
			int64_t at = stage_moment(s, d, i, 1);
			double talk_s = rng_lognormal(&s->rng, s->n.talk_s * (1 + 0.2 * d), 0.5);
			call_abroad(s, stage_person(s, 0), range, stage_number(s), at, talk_s);
		}
}

static void forwarding(struct staging *s)
{
	struct outside driver, target;
	for (int who = 0; who < (int)s->n.people; who++) {
		char code[40];
		stage_abroad(s, FORWARD_RANGES, who % (int)s->n.numbers, &target);
		snprintf(code, sizeof code, "*72%s00%s", s->site->outside_digit, target.number + 1);
		int64_t at = s->start_ms - (int64_t)s->n.people * 2 * MINUTE_MS + who * 2 * MINUTE_MS;
		int person = stage_person(s, who);
		if (stage_event(s, at))
			shape_feature_code(s->sh, person, code, -1, at);
		stolen_session(s, at + 20 * SECOND_MS, person, "Call forwarding always", "off", target.number);
	}
	for (int d = 0; d < (int)s->n.days; d++)
		for (int i = 0; i < (int)s->n.calls; i++) {
			int64_t at = stage_moment(s, d, i, 1);
			int who = i % (int)s->n.people;
			double talk_s = rng_lognormal(&s->rng, s->n.talk_s, 0.6);
			stage_abroad(s, FORWARD_RANGES, who % (int)s->n.numbers, &target);
			stage_domestic(s, OUTSIDE_MOBILE, s->plan->patient ? i % 4 : 0, &driver);
			int person = stage_person(s, who);
			if (!stage_event(s, at))
				continue;
			struct talk talk;
			talk_answered(&s->sh->rng, at, talk_s, &talk);
			shape_forward(s->sh, &driver, person, &target, "CallForwardAlways", &talk);
		}
}

static void wangiri(struct staging *s)
{
	for (int i = 0; i < (int)s->n.calls; i++) {
		int64_t at = stage_moment(s, 0, i, 1);
		int to = stage_line(s, s->plan->location);
		int k = stage_number(s);
		bool calls_back = rng_chance(&s->rng, 0.05);
		int64_t back_ms = at + rng_between(&s->rng, 1, 25) * MINUTE_MS;
		struct outside from;
		struct talk talk;
		stage_abroad(s, WANGIRI_RANGES, k, &from);
		if (stage_event(s, at)) {
			talk = (struct talk){ .start_ms = at, .ring_ms = rng_between(&s->sh->rng, 700, 2900),
				.end = END_NO_ANSWER };
			shape_inbound(s->sh, &from, to, &talk);
		}
		if (calls_back && stage_event(s, back_ms)) {
			talk_answered(&s->sh->rng, back_ms, (double)rng_between(&s->sh->rng, 40, 240), &talk);
			shape_outbound(s->sh, to, &from, &talk, NULL, NULL);
		}
	}
}

static void scan_did(struct staging *s)
{
	size_t from_k = 10 + (size_t)rng_below(&s->rng, 15);
	for (int i = 0; i < (int)s->n.calls; i++) {
		int64_t at = stage_moment(s, 0, i, 0.3);
		struct outside from;
		stage_domestic(s, OUTSIDE_FIXED, i % (int)s->n.numbers, &from);
		size_t k = from_k + (size_t)i;
		char number[SIM_NUMBER_BYTES];
		site_number(s->site, k, number);
		if (!stage_event(s, at))
			continue;
		const struct sim_person *p = k >= 20 && k - 20 < s->site->n_people
		    ? &s->org->people[s->site->first_person + k - 20] : NULL;
		if (p && strcmp(p->number, number) == 0) {
			struct talk talk = { .start_ms = at, .ring_ms = rng_between(&s->sh->rng, 900, 4000) };
			if (rng_chance(&s->sh->rng, 0.5))
				talk.end = END_NO_ANSWER;
			else
				talk.talk_ms = rng_between(&s->sh->rng, 600, 3000);
			shape_inbound(s->sh, &from, (int)(s->site->first_person + k - 20), &talk);
		} else {
			shape_inbound_unassigned(s->sh, &from, s->site, number, at);
		}
	}
}

static void scan_extensions(struct staging *s)
{
	int person = stage_person(s, 0);
	int64_t first = 1000 + rng_below(&s->rng, 7000);
	for (int i = 0; i < (int)s->n.calls; i++) {
		int64_t at = stage_moment(s, 0, i, 0.3);
		char digits[16];
		snprintf(digits, sizeof digits, "%lld", (long long)first + i);
		if (!stage_event(s, at))
			continue;
		int found = -1;
		for (size_t k = 0; k < s->org->n_people && found < 0; k++)
			if (strcmp(s->org->people[k].extension, digits) == 0)
				found = (int)k;
		if (found < 0 || found == person) {
			shape_unknown(s->sh, person, digits, at);
			continue;
		}
		struct talk talk = { .start_ms = at, .ring_ms = rng_between(&s->sh->rng, 1500, 5000),
			.end = END_NO_ANSWER };
		shape_internal(s->sh, person, found, &talk);
	}
}

static void breakout(struct staging *s)
{
	const struct sim_service *portal = stage_service(s, SIM_VOICE_PORTAL);
	const struct sim_service *attendant = stage_service(s, SIM_ATTENDANT);
	int guesses = (int)(s->n.calls / 3) + 1, outs = (int)s->n.calls - guesses;
	struct outside caller, to;
	stage_domestic(s, OUTSIDE_FIXED, 0, &caller);
	for (int d = 0; d < (int)s->n.days; d++) {
		int64_t night = s->start_ms + d * DAY_MS;
		for (int i = 0; i < guesses; i++) { /* PINs: 1111, 1234, the extension */
			int64_t at = night + (int64_t)(0.35 * s->n.hours * (double)HOUR_MS * (i + spread(s)) / guesses);
			if (!stage_event(s, at))
				continue;
			struct talk talk;
			talk_answered(&s->sh->rng, at, (double)rng_between(&s->sh->rng, 12, 40), &talk);
			talk.ring_ms = 30;
			if (i % 4 == 3)
				shape_attendant(s->sh, &caller, attendant, &talk, "9", -1);
			else
				shape_portal(s->sh, &caller, portal, &talk);
		}
		if (d + 1 < (int)s->n.days && s->plan->patient)
			continue; /* the last night it works */
		for (int i = 0; i < outs; i++) {
			double part = 0.35 + 0.65 * (i + spread(s)) / MAX(outs, 1);
			int64_t at = night + (int64_t)(part * s->n.hours * (double)HOUR_MS);
			double talk_s = rng_lognormal(&s->rng, s->n.talk_s, 0.6);
			stage_abroad(s, IRSF_RANGES, stage_number(s), &to);
			if (!stage_event(s, at))
				continue;
			struct talk talk;
			talk_answered(&s->sh->rng, at, talk_s, &talk);
			shape_service_outbound(s->sh, &caller, portal, &to, &talk);
		}
	}
}

static void vishing(struct staging *s)
{
	for (int d = 0; d < (int)s->n.days; d++)
		for (int i = 0; i < (int)s->n.calls; i++) {
			int64_t at = stage_moment(s, d, i, 1);
			struct outside from;
			/* Looks like the bank's own numbers. */
			outside_neighbour(s->site, s->site->main_number,
			    rng_key(s->key, 0xF1, (uint64_t)stage_number(s)), &from);
			bool again = i > 0 && rng_chance(&s->rng, 0.2);
			int to = stage_person(s, d * (int)s->n.calls + i - (again ? 1 : 0));
			double talk_s = rng_lognormal(&s->rng, s->n.talk_s, 0.5);
			if (!stage_event(s, at))
				continue;
			struct talk talk;
			talk_answered(&s->sh->rng, at, talk_s, &talk);
			if (rng_chance(&s->sh->rng, 0.15)) {
				talk.end = END_NO_ANSWER;
				talk.talk_ms = 0;
				talk.ring_ms = 20000;
			}
			shape_inbound(s->sh, &from, to, &talk);
		}
}

static void robocall_storm(struct staging *s)
{
	for (int i = 0; i < (int)s->n.calls; i++) {
		int64_t at = stage_moment(s, 0, i, 1);
		int to = stage_line(s, s->location);
		struct outside from;
		if (s->plan->patient)
			stage_domestic(s, OUTSIDE_FIXED, i % (int)s->n.numbers, &from);
		else /* the neighbour of whom it calls */
			outside_neighbour(s->site, s->org->people[to].number[0] ? s->org->people[to].number
			    : s->site->main_number, rng_key(s->key, 0xB0, (uint64_t)i), &from);
		if (!stage_event(s, at))
			continue;
		struct talk talk;
		talk_answered(&s->sh->rng, at, rng_lognormal(&s->sh->rng, s->n.talk_s, 0.4), &talk);
		if (rng_chance(&s->sh->rng, 0.3)) {
			talk.end = END_NO_ANSWER;
			talk.talk_ms = 0;
			talk.ring_ms = 15000;
		}
		shape_inbound(s->sh, &from, to, &talk);
	}
}

static void tdos(struct staging *s)
{
	const struct sim_service *queue = stage_service(s, SIM_QUEUE);
	const struct sim_service *attendant = stage_service(s, SIM_ATTENDANT);
	for (int i = 0; i < (int)s->n.calls; i++) {
		int64_t at = stage_moment(s, 0, i, 1);
		struct outside from;
		/* Loud: a few numbers; patient: never the same twice. */
		stage_domestic(s, OUTSIDE_FIXED, s->plan->patient ? i : i % (int)s->n.numbers, &from);
		double held_s = rng_lognormal(&s->rng, s->n.talk_s, 0.3);
		if (!stage_event(s, at))
			continue;
		struct talk talk;
		talk_answered(&s->sh->rng, at, held_s, &talk);
		if (s->plan->patient) {
			shape_attendant(s->sh, &from, attendant, &talk, NULL, -1);
			continue;
		}
		talk.ring_ms = (int64_t)(held_s * 1000);
		shape_queue(s->sh, &from, queue, &talk, 1, i % 9 == 0 ? i % 5 : -1);
	}
}

static void traffic_pumping(struct staging *s)
{
	for (int d = 0; d < (int)s->n.days; d++)
		for (int i = 0; i < (int)s->n.calls; i++) {
			int64_t at = stage_moment(s, d, i, 1);
			struct outside to, range;
			stage_domestic(s, OUTSIDE_FIXED, 0, &range);
			outside_neighbour(s->site, range.number,
			    rng_key(s->key, 0xF7, (uint64_t)stage_number(s)), &to);
			int person = stage_person(s, (int)rng_below(&s->rng, (int64_t)s->n.people));
			double talk_s = rng_lognormal(&s->rng, s->n.talk_s, 0.4);
			if (!stage_event(s, at))
				continue;
			struct talk talk;
			talk_answered(&s->sh->rng, at, talk_s, &talk);
			shape_outbound(s->sh, person, &to, &talk, NULL, NULL);
		}
}

/* Calls of people of ours to numbers of a kind, `calls` a day. */
static void calls_of_kind(struct staging *s, enum outside_kind kind, bool always_new)
{
	int n = 0;
	for (int d = 0; d < (int)s->n.days; d++)
		for (int i = 0; i < (int)s->n.calls; i++, n++) {
			int64_t at = stage_moment(s, d, i, 1);
			struct outside to;
			stage_domestic(s, kind, always_new ? n : stage_number(s), &to);
			int person = stage_person(s, (int)rng_below(&s->rng, (int64_t)s->n.people));
			double talk_s = rng_lognormal(&s->rng, s->n.talk_s, 0.6);
			if (!stage_event(s, at))
				continue;
			struct talk talk;
			talk_answered(&s->sh->rng, at, talk_s, &talk);
			shape_outbound(s->sh, person, &to, &talk, NULL, NULL);
		}
}

static void tollfree_pumping(struct staging *s)
{
	calls_of_kind(s, OUTSIDE_TOLL_FREE, false);
}

static void premium_burst(struct staging *s)
{
	calls_of_kind(s, OUTSIDE_PREMIUM, false);
}

static void insider_night(struct staging *s)
{
	calls_of_kind(s, OUTSIDE_MOBILE, false);
}

static void outbound_spam(struct staging *s)
{
	calls_of_kind(s, OUTSIDE_MOBILE, true);
}

static void two_places(struct staging *s)
{
	int person = stage_person(s, 0);
	int elsewhere = (s->location + 3) % (int)s->org->n_locations;
	for (int i = 0; i < (int)s->n.calls; i++) {
		int64_t at = stage_moment(s, 0, i, 0.5);
		struct outside to;
		const struct sim_location *site = i % 2 ? &s->org->locations[elsewhere] : NULL;
		outside_domestic(site ? site : s->site, OUTSIDE_MOBILE, rng_key(s->key, 0xD0, (uint64_t)i), &to);
		double talk_s = rng_lognormal(&s->rng, s->n.talk_s, 0.5);
		if (!stage_event(s, at))
			continue;
		struct talk talk;
		talk_answered(&s->sh->rng, at, talk_s, &talk);
		shape_outbound(s->sh, person, &to, &talk,
		    client_shape_named(i % 2 ? SIM_CLIENT_TEAMS_MAC : SIM_CLIENT_TEAMS_WINDOWS, 1), site);
	}
}

static void shared_credentials(struct staging *s)
{
	static const enum sim_client USED[] = { SIM_CLIENT_TEAMS_WINDOWS, SIM_CLIENT_MOBILE_ANDROID,
		SIM_CLIENT_TEAMS_MAC, SIM_CLIENT_MOBILE_IOS, SIM_CLIENT_APP_WINDOWS };
	int person = stage_person(s, 0), n_clients = s->plan->patient ? 3 : 5, which = 0;
	int64_t before_ms = 0;
	for (int d = 0; d < (int)s->n.days; d++)
		for (int i = 0; i < (int)s->n.calls; i++) {
			int64_t at = stage_moment(s, d, i, 1);
			which = (which + 1 + (int)rng_below(&s->rng, n_clients - 1)) % n_clients;
			if (i % 4 == 3) /* while the other one is still talking */
				at = before_ms + rng_between(&s->rng, 20, 60) * SECOND_MS;
			before_ms = at;
			struct outside to;
			stage_domestic(s, OUTSIDE_MOBILE, which * 1000 + (int)rng_below(&s->rng, 12), &to);
			double talk_s = rng_lognormal(&s->rng, s->n.talk_s, 0.6);
			if (!stage_event(s, at))
				continue;
			struct talk talk;
			talk_answered(&s->sh->rng, at, talk_s, &talk);
			shape_outbound(s->sh, person, &to, &talk, client_shape_named(USED[which], (uint64_t)which), NULL);
		}
}

static void long_calls(struct staging *s)
{
	int person = stage_person(s, 0);
	struct outside to;
	if (s->plan->n_prefixes > 0)
		stage_abroad(s, IRSF_RANGES, 0, &to);
	else
		stage_domestic(s, OUTSIDE_MOBILE, 0, &to);
	for (int d = 0; d < (int)s->n.days; d++)
		for (int i = 0; i < (int)s->n.calls; i++) {
			int64_t at = stage_moment(s, d, i, 0.2);
			double talk_s = rng_lognormal(&s->rng, s->n.talk_s, 0.25);
			if (!stage_event(s, at))
				continue;
			struct talk talk;
			talk_answered(&s->sh->rng, at, fmin(talk_s, 20 * 3600), &talk);
			shape_outbound(s->sh, person, &to, &talk, NULL, NULL);
		}
}

#define KIND(id, ...) { .name = #id, .stage = id, __VA_ARGS__ }
#define LOUD(h, ...)	.loud = { h, { __VA_ARGS__ } }
#define PATIENT(h, ...) .patient = { h, { __VA_ARGS__ } }

/* hour, then calls, hours, days, people, numbers, talk_s */
const struct incident_kind ATTACK_KINDS[] = {
	KIND(irsf_night,	 LOUD(1.5, 160, 3, 1, 1, 14, 420),	PATIENT(2.0, 24, 4, 3, 1, 5, 700)),
	KIND(irsf_disguised,	 LOUD(9.0, 14, 8, 2, 1, 6, 300),	PATIENT(9.5, 4, 7, 6, 1, 8, 240)),
	KIND(forwarding,	 LOUD(20.0, 120, 4, 1, 4, 2, 500),	PATIENT(22.0, 9, 6, 3, 1, 1, 420)),
	KIND(wangiri,		 LOUD(10.0, 200, 1, 1, 1, 3, 1),	PATIENT(8.0, 60, 9, 1, 1, 8, 1)),
	KIND(scan_did,		 LOUD(3.0, 120, 0.25, 1, 1, 1, 2),	PATIENT(0.5, 40, 6, 1, 1, 2, 2)),
	KIND(scan_extensions,	 LOUD(2.0, 150, 0.4, 1, 1, 1, 2),	PATIENT(22.0, 45, 7, 1, 1, 1, 2)),
	KIND(breakout,		 LOUD(1.0, 90, 3, 1, 1, 6, 380),	PATIENT(2.5, 18, 3, 3, 1, 3, 500)),
	KIND(vishing,		 LOUD(9.5, 60, 3, 1, 60, 2, 80),	PATIENT(9.0, 12, 7, 4, 48, 3, 120)),
	KIND(robocall_storm,	 LOUD(11.0, 250, 0.5, 1, 1, 1, 9),	PATIENT(9.0, 70, 7, 1, 1, 2, 12)),
	KIND(tdos,		 LOUD(10.0, 400, 0.7, 1, 1, 6, 420),	PATIENT(9.5, 160, 3, 1, 1, 160, 700)),
	KIND(traffic_pumping,	 LOUD(8.5, 80, 9, 2, 3, 60, 240),	PATIENT(9.0, 12, 8, 6, 2, 40, 420)),
	KIND(tollfree_pumping,	 LOUD(19.0, 150, 4, 1, 2, 5, 90),	PATIENT(20.0, 25, 5, 3, 1, 3, 150)),
	KIND(two_places,	 LOUD(10.0, 20, 1.2, 1, 1, 20, 160),	PATIENT(11.0, 6, 4, 1, 1, 6, 200)),
	KIND(shared_credentials, LOUD(7.0, 70, 14, 1, 1, 60, 150),	PATIENT(7.5, 18, 13, 5, 1, 36, 140)),
	KIND(long_calls,	 LOUD(22.0, 3, 3, 1, 1, 1, 9000),	PATIENT(23.0, 1, 1, 4, 1, 1, 4200)),
	KIND(premium_burst,	 LOUD(13.0, 30, 0.25, 1, 1, 4, 200),	PATIENT(18.5, 7, 5, 1, 1, 3, 300)),
	KIND(insider_night,	 LOUD(23.0, 25, 4.5, 1, 1, 9, 200),	PATIENT(23.5, 4, 3, 4, 1, 3, 260)),
	KIND(outbound_spam,	 LOUD(10.0, 300, 1, 1, 1, 300, 9),	PATIENT(9.0, 90, 7, 1, 1, 90, 14)),
};
const size_t N_ATTACK_KINDS = COUNT_OF(ATTACK_KINDS);
