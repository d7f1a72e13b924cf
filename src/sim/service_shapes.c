/* SPDX-License-Identifier: Apache-2.0
 *
 * Calls that a service takes: attendant, queue, hunt group, voice portal, and
 * what they do with them. */
#include "sim/shape_legs.h"

void shape_attendant(struct shaping *sh, const struct outside *from, const struct sim_service *s,
    const struct talk *talk, const char *key, int to)
{
	struct ids ids = call_ids(sh);
	struct talk menu = *talk;
	menu.ring_ms = rng_between(&sh->rng, 20, 60);
	menu.end = END_ANSWERED;
	int64_t listened_ms = rng_between(&sh->rng, 9000, 40000);
	if (to < 0 && talk->talk_ms > 0)
		listened_ms = talk->talk_ms;
	menu.talk_ms = listened_ms;
	if (to >= 0)
		menu.talk_ms += talk->ring_ms + (talk->end == END_ANSWERED ? talk->talk_ms : 0);
	size_t at = service_in(sh, &ids, from, s, &menu);
	struct sim_leg *leg = &sh->legs[at];
	leg->key_pressed = key ? key : "No Selection";
	if (to < 0)
		return;
	int64_t moved_ms = leg->answer_ms + listened_ms;
	leg->related_reason = "Deflection";
	leg->transfer = leg->local;
	leg->transfer_with_a = true;
	leg->transfer_ms = moved_ms;
	leg->final_local = rng_next(&sh->rng) | 2;
	if (talk->end == END_NO_ANSWER)
		leg->outcome_reason = "NoAnswer";
	const struct sim_person *p = &sh->org->people[to];
	struct talk on = *talk;
	on.start_ms = moved_ms;
	size_t there = leg_new(sh, &ids, &sh->org->locations[p->location], false, &on);
	struct sim_leg *t = &sh->legs[there];
	const struct sim_leg *first = &sh->legs[at];
	owned_by(t, p);
	from_outside(sh, t, from);
	t->network_kind = first->network_kind;
	t->network = first->network;
	t->called_number = p->extension;
	t->external_caller_id = first->external_caller_id;
	t->original_reason = t->redirect_reason = "Deflection";
	t->redirecting_number = first->user_number;
	t->redirecting_uuid = t->original_uuid = s->uuid;
	t->call_id_kind = talk->end == END_ANSWERED ? CALL_ID_BW : CALL_ID_NONE;
	t->related = first->local;
	outcome(t, talk->end, false);
	live(sh, to, t, from->number, from->name, true);
}

/* One try of a queue or hunt group: it originates, the agent terminates.
 * `through`: the attendant that sent the caller there, or NULL. */
static void attempt(struct shaping *sh, const struct ids *ids, size_t service_leg,
    const struct sim_service *through, const struct sim_service *s, int agent,
    const struct talk *talk, int part, bool elsewhere)
{
	const char *reason = s->kind == SIM_QUEUE ? "CallQueue" : "HuntGroup";
	const struct sim_person *p = &sh->org->people[agent];
	const struct sim_location *site = &sh->org->locations[s->location];
	const struct sim_location *there = &sh->org->locations[p->location];
	size_t one = leg_new(sh, ids, site, true, talk), two = leg_new(sh, ids, there, false, talk);
	const struct sim_leg *in = &sh->legs[service_leg];
	struct sim_leg *o = &sh->legs[one], *t = &sh->legs[two];
	owned_by_service(o, s);
	owned_by(t, p);
	o->call_type = t->call_type = "SIP_ENTERPRISE";
	o->local = (struct leg_id){ in->local.number, (uint8_t)part };
	o->related = in->local;
	o->remote = t->local;
	t->remote = o->local;
	o->called_line = p->display_name;
	o->called_number = o->dialled = t->called_number = p->extension;
	o->calling_number = o->caller_id = t->calling_number = t->caller_id =
	    gateway_form(site, in->calling_number);
	t->calling_line = in->calling_line;
	if (*s->number)
		o->external_caller_id = s->number;
	o->redirect_reason = t->redirect_reason = reason;
	o->original_reason = t->original_reason = through ? "Deflection" : reason;
	o->related_reason = reason;
	o->redirecting_number = t->redirecting_number = in->user_number;
	o->redirecting_uuid = t->redirecting_uuid = s->uuid;
	o->original_uuid = t->original_uuid = through ? through->uuid : s->uuid;
	o->queue_type = t->queue_type = s->queue_type;
	o->released_by_remote = true;
	outcome(o, talk->end, false);
	outcome(t, talk->end, false);
	if (talk->end == END_ANSWERED) {
		t->remote_session = t->final_remote = o->local_session;
		o->remote_session = o->final_remote = t->local_session;
		t->call_id_kind = CALL_ID_BW;
		t->recorded = s->kind == SIM_QUEUE && t->chance % 2;
	} else {
		t->local_session = t->final_local = SESSION_NONE;
		t->remote_session = t->final_remote = SESSION_ZEROS;
		if (talk->ring_ms >= 1000) /* it rang and then was given up */
			o->local_session = o->final_local = SESSION_ZEROS;
		if (elsewhere)
			t->answered_elsewhere = "Yes";
	}
	if (talk->ring_ms > 0)
		live(sh, agent, t, in->calling_number, NULL, true);
}

/* The part of a try's Local call ID, none twice in a call: 1 for a phone that
 * is off, 5 for the others, then whatever is left. */
static int part_of(unsigned *taken, const struct talk *try)
{
	static const int OFF[] = { 1, 5, 9, 3, 4, 6, 7, 8 }, OTHERS[] = { 5, 9, 1, 3, 4, 6, 7, 8 };
	const int *order = try->end == END_UNAVAILABLE ? OFF : OTHERS;
	while (*taken & 1u << *order)
		order++; /* there are at most six tries */
	*taken |= 1u << *order;
	return *order;
}

static const struct sim_service *attendant_of(const struct shaping *sh, const struct sim_service *queue)
{
	const struct sim_service *s = sh->org->services;
	while (s->kind != SIM_ATTENDANT || s->location != queue->location)
		s++; /* every site has one */
	return s;
}

/* The attendant's leg, then that of `s`, to which the caller is sent on when
 * `whole` begins. Returns the index of the latter. */
static size_t through_attendant(struct shaping *sh, const struct ids *ids, const struct outside *from,
    const struct sim_service *attendant, int64_t start_ms, const struct sim_service *s,
    const struct talk *whole)
{
	struct talk menu = *whole;
	menu.start_ms = start_ms;
	menu.talk_ms += whole->start_ms - start_ms;
	size_t at = service_in(sh, ids, from, attendant, &menu);
	size_t in = leg_new(sh, ids, &sh->org->locations[s->location], false, whole);
	struct sim_leg *a = &sh->legs[at], *q = &sh->legs[in];
	a->key_pressed = "1";
	a->related_reason = "Deflection";
	a->transfer = a->local;
	a->transfer_with_a = true;
	a->transfer_ms = whole->start_ms;
	a->final_local = q->local_session;
	owned_by_service(q, s);
	from_outside(sh, q, from);
	q->network = a->network;
	q->called_number = q->user_number;
	q->original_reason = q->redirect_reason = "Deflection";
	q->redirecting_number = a->user_number;
	q->redirecting_uuid = q->original_uuid = attendant->uuid;
	q->related = a->local;
	q->released_by_remote = true;
	return in;
}

size_t shape_queue(struct shaping *sh, const struct outside *from, const struct sim_service *s,
    const struct talk *asked, int attempts, int answered_by)
{
	struct ids ids = call_ids(sh);
	const struct sim_service *through = *s->number ? NULL : attendant_of(sh, s);
	struct talk later = *asked, *talk = &later;
	unsigned taken = 0;
	if (through)
		talk->start_ms += rng_between(&sh->rng, 9000, 30000);
	attempts = MAX(0, MIN(MIN(attempts, 6), (int)s->n_agents));
	/* The queue itself answers at once; the caller hears music, then a person. */
	int64_t wait_ms = talk->ring_ms, at_ms = talk->start_ms + 40;
	struct talk whole = { .start_ms = talk->start_ms, .ring_ms = 30,
		.talk_ms = wait_ms + (answered_by >= 0 ? talk->talk_ms : 0), .remote_hangs_up = true };
	size_t in = through ? through_attendant(sh, &ids, from, through, asked->start_ms, s, &whole)
			    : service_in(sh, &ids, from, s, &whole);
	sh->legs[in].queue_type = s->queue_type;
	int64_t left_ms = wait_ms;
	for (int k = 0; k < attempts; k++) {
		bool last = k == attempts - 1;
		int agent = s->agents[last && answered_by >= 0 ? answered_by % (int)s->n_agents
		    : (int)rng_below(&sh->rng, (int64_t)s->n_agents)];
		struct talk try = { .start_ms = at_ms };
		double x = rng_unit(&sh->rng);
		if (last && answered_by >= 0) {
			try.ring_ms = MIN(left_ms, 6000);
			try.start_ms = talk->start_ms + wait_ms - try.ring_ms;
			try.talk_ms = talk->talk_ms;
		} else if (x < 0.6) {
			try.end = END_BUSY; /* nearly always at once */
			try.ring_ms = x < 0.02 ? MIN(left_ms, 9000) : 2;
		} else if (x < 0.7) {
			try.end = END_UNAVAILABLE;
			try.ring_ms = 2;
		} else {
			try.end = END_NO_ANSWER;
			try.ring_ms = MIN(left_ms, 12000);
		}
		attempt(sh, &ids, in, through, s, agent, &try, part_of(&taken, &try),
		    try.end == END_NO_ANSWER && !last && answered_by >= 0);
		at_ms += try.ring_ms + 50;
		left_ms = MAX(0, left_ms - try.ring_ms - 50);
	}
	return in;
}

void shape_monitor(struct shaping *sh, int supervisor, size_t queue_leg, int64_t start_ms, int64_t talk_ms)
{
	const struct sim_person *p = &sh->org->people[supervisor];
	const struct sim_location *site = &sh->org->locations[p->location];
	struct ids ids = call_ids(sh), other = call_ids(sh);
	struct talk talk = { .start_ms = start_ms, .talk_ms = talk_ms, .remote_hangs_up = true };
	size_t one = leg_new(sh, &ids, site, true, &talk), two = leg_new(sh, &other, site, false, &talk);
	struct sim_leg *o = &sh->legs[one], *t = &sh->legs[two];
	const struct sim_leg *queue = &sh->legs[queue_leg];
	owned_by(o, p);
	owned_by(t, p);
	used_client(o, p, client_shape_of(p, sh->seed, start_ms, &sh->rng));
	o->call_type = "SIP_ENTERPRISE";
	t->call_type = "SIP_INBOUND";
	o->call_id_kind = CALL_ID_SSE;
	o->related_reason = t->related_reason = "CCMonitoringBI";
	o->called_number = o->dialled = "#83";
	o->calling_number = o->user_number;
	o->caller_id = site->main_number;
	t->called_number = p->extension;
	t->calling_number = t->caller_id = queue->calling_number;
	t->calling_line = queue->calling_line;
	t->local = (struct leg_id){ o->local.number, 9 };
	o->related = queue->local;
	o->transfer = t->local;
	t->related = t->transfer = o->local;
	o->transfer_ms = t->transfer_ms = start_ms + MIN(talk_ms, 9000);
	t->network_kind = NETWORK_SD;
	t->network = queue->network;
	t->interaction = o->interaction = queue->interaction;
	t->local_session = t->final_local = o->local_session;
	o->remote_session = rng_next(&sh->rng) | 2;
	t->remote_session = SESSION_ZEROS;
	o->final_remote = t->final_remote = rng_next(&sh->rng) | 2;
	o->recorded = t->recorded = true;
}

void shape_hunt(struct shaping *sh, const struct outside *from, const struct sim_service *s,
    const struct talk *talk, int attempts)
{
	struct ids ids = call_ids(sh);
	unsigned taken = 0;
	attempts = MAX(1, MIN(MIN(attempts, 6), (int)s->n_agents));
	int64_t each_ms = 10000, at_ms = talk->start_ms + 40;
	int64_t waited_ms = (attempts - 1) * (each_ms + 50) + 50 + talk->ring_ms;
	bool answered = talk->end == END_ANSWERED;
	struct talk whole = { .start_ms = talk->start_ms, .ring_ms = waited_ms,
		.talk_ms = talk->talk_ms, .end = answered ? END_ANSWERED : END_NO_ANSWER,
		.remote_hangs_up = true };
	size_t in = service_in(sh, &ids, from, s, &whole);
	for (int k = 0; k < attempts; k++) {
		bool last = k == attempts - 1;
		struct talk try = { .start_ms = at_ms, .ring_ms = last ? talk->ring_ms : each_ms,
			.end = last && answered ? END_ANSWERED : END_NO_ANSWER,
			.talk_ms = last && answered ? talk->talk_ms : 0 };
		attempt(sh, &ids, in, NULL, s, s->agents[k], &try, part_of(&taken, &try), !last && answered);
		at_ms += try.ring_ms + 50;
	}
}

void shape_portal(struct shaping *sh, const struct outside *from, const struct sim_service *portal,
    const struct talk *talk)
{
	struct ids ids = call_ids(sh);
	service_in(sh, &ids, from, portal, talk);
}

void shape_service_outbound(struct shaping *sh, const struct outside *caller,
    const struct sim_service *s, const struct outside *to, const struct talk *talk)
{
	struct ids ids = call_ids(sh);
	int64_t menu_ms = rng_between(&sh->rng, 12000, 30000);
	struct talk whole = *talk, onward = *talk;
	whole.ring_ms = 30;
	whole.end = END_ANSWERED;
	whole.talk_ms = menu_ms + talk->ring_ms + talk->talk_ms;
	size_t in = service_in(sh, &ids, caller, s, &whole);
	sh->legs[in].transfer_ms = sh->legs[in].answer_ms + menu_ms;
	sh->legs[in].related_reason = "Deflection";
	sh->legs[in].transfer = sh->legs[in].local;
	sh->legs[in].transfer_with_a = true;
	sh->legs[in].key_pressed = s->kind == SIM_ATTENDANT ? "9" : NULL;
	onward.start_ms = sh->legs[in].transfer_ms;
	size_t out = leg_new(sh, &ids, &sh->org->locations[s->location], true, &onward);
	struct sim_leg *o = &sh->legs[out];
	const struct sim_leg *t = &sh->legs[in];
	owned_by_service(o, s);
	to_outside(sh, o, to);
	o->calling_number = t->calling_number;
	o->caller_id = o->external_caller_id = o->site->main_number;
	o->original_reason = o->redirect_reason = "Deflection";
	o->related_reason = "Deflection";
	o->related = t->local;
	o->redirecting_number = o->user_number;
	o->redirecting_uuid = o->original_uuid = s->uuid;
	o->call_id_kind = CALL_ID_SSE;
	through_pstn_out(o, &ids);
	outcome(o, talk->end, true);
}
