/* SPDX-License-Identifier: Apache-2.0
 *
 * Calls that go on to somebody else: forwards, voice mail, transfers. */
#include "sim/shape_legs.h"

void shape_forward(struct shaping *sh, const struct outside *from, int person,
    const struct outside *target, const char *reason, const struct talk *talk)
{
	const struct sim_person *p = &sh->org->people[person];
	const struct sim_location *site = &sh->org->locations[p->location];
	struct ids ids = call_ids(sh);
	bool always = strcmp(reason, "CallForwardAlways") == 0;
	bool busy = strcmp(reason, "CallForwardBusy") == 0;
	const char *why = always ? "Unconditional" : busy ? "UserBusy" : "NoAnswer";
	int64_t before_ms = always ? 30 : busy ? 200 : 18000;
	struct talk whole = *talk, onward = *talk;
	whole.ring_ms += before_ms;
	onward.start_ms += before_ms;
	struct leg_id gateway = gateway_in(sh, &ids, from, site, &whole, p->extension, p->display_name);
	size_t in = leg_new(sh, &ids, site, false, &whole);
	struct sim_leg *t = &sh->legs[in];
	owned_by(t, p);
	from_outside(sh, t, from);
	t->network = ids.network;
	t->called_number = user_number_of(p);
	t->external_caller_id = *p->number ? p->number : site->main_number;
	t->call_id_kind = talk->end == END_ANSWERED ? CALL_ID_BW : CALL_ID_NONE;
	if (talk->end == END_ANSWERED)
		t->indicator = "Yes-PostRedirection";
	cross_gateway(sh, gateway, in);

	size_t out = leg_new(sh, &ids, site, true, &onward);
	struct sim_leg *o = &sh->legs[out];
	t = &sh->legs[in];
	owned_by(o, p);
	to_outside(sh, o, target);
	o->dialled = o->called_number; /* the stored number, no keys */
	o->calling_number = t->calling_number;
	o->caller_id = *p->number ? p->number : site->main_number;
	o->external_caller_id = o->caller_id;
	o->original_reason = o->redirect_reason = why;
	o->related_reason = reason;
	o->related = t->local;
	o->redirecting_number = user_number_of(p);
	o->redirecting_uuid = o->original_uuid = p->uuid;
	o->local = (struct leg_id){ t->local.number, 3 };
	o->call_id_kind = CALL_ID_SSE;
	through_pstn_out(o, &ids);
	o->network = ids.network ^ 0x10000;
	outcome(o, talk->end, true);
	live(sh, person, o, target->number, target->name, true);
}

void shape_voicemail(struct shaping *sh, const struct outside *from, int person, const struct talk *talk)
{
	const struct sim_person *p = &sh->org->people[person];
	const struct sim_location *site = &sh->org->locations[p->location];
	const struct sim_service *portal = NULL;
	for (size_t i = 0; i < sh->org->n_services && !portal; i++)
		if (sh->org->services[i].kind == SIM_VOICE_PORTAL && sh->org->services[i].location == p->location)
			portal = &sh->org->services[i];
	struct talk unanswered = *talk, deposit = *talk;
	unanswered.end = END_NO_ANSWER;
	unanswered.ring_ms = 18000 + rng_below(&sh->rng, 4000);
	unanswered.talk_ms = 0;
	struct ids ids = call_ids(sh);
	struct leg_id gateway = gateway_in(sh, &ids, from, site, talk, p->extension, p->display_name);
	size_t in = leg_new(sh, &ids, site, false, &unanswered);
	struct sim_leg *t = &sh->legs[in];
	owned_by(t, p);
	from_outside(sh, t, from);
	t->network = ids.network;
	t->called_number = user_number_of(p);
	t->external_caller_id = *p->number ? p->number : site->main_number;
	t->outcome_reason = "NoAnswer";
	t->local_session = t->final_local = SESSION_NONE;
	cross_gateway(sh, gateway, in);
	live(sh, person, t, from->number, from->name, true);
	if (!portal)
		return;
	deposit.start_ms = t->release_ms + 20;
	deposit.ring_ms = 40;
	deposit.end = END_ANSWERED;
	deposit.talk_ms = MAX(talk->talk_ms, 4000);
	size_t there = leg_new(sh, &ids, site, false, &deposit);
	struct sim_leg *v = &sh->legs[there];
	t = &sh->legs[in];
	owned_by_service(v, portal);
	v->user_type = "VoiceMailRetrieval";
	v->call_type = "SIP_ENTERPRISE";
	v->called_number = portal->extension;
	v->calling_number = v->caller_id = t->calling_number;
	v->calling_line = t->calling_line;
	v->original_reason = v->redirect_reason = "NoAnswer";
	v->related_reason = "CallForwardNoAnswer";
	v->related = t->local;
	v->redirecting_number = user_number_of(p);
	v->redirecting_uuid = v->original_uuid = p->uuid;
	v->released_by_remote = true;
}

void shape_transfer(struct shaping *sh, const struct outside *from, int person, int to, bool consult,
    const struct talk *talk, const struct talk *second)
{
	size_t first = shape_inbound(sh, from, person, talk);
	int64_t answer_ms = sh->legs[first].answer_ms;
	if (answer_ms == 0)
		return;
	/* A consult transfer keeps two correlation ids joined by Transfer related
	 * call ID; a blind one opens a new correlation id with no link at all. */
	struct talk then = *second;
	int64_t asked_ms = MIN(sh->legs[first].release_ms, answer_ms + 15000);
	then.start_ms = asked_ms;
	size_t before = sh->n_legs;
	size_t other = shape_internal(sh, person, to, &then);
	struct sim_leg *in = &sh->legs[first], *o = &sh->legs[before], *t = &sh->legs[other];
	int64_t moved_ms = consult ? MAX(o->answer_ms, o->start_ms) + 4000 : o->start_ms;
	o->interaction = t->interaction = in->interaction;
	in->transfer_ms = moved_ms;
	if (consult) {
		in->related_reason = o->related_reason = "ConsultativeTransfer";
		in->transfer = o->local;
		o->transfer = in->local;
		o->transfer_ms = moved_ms;
	} else {
		in->related_reason = "Deflection";
		in->indicator = "Yes-PostRedirection";
		in->call_id_kind = CALL_ID_NONE;
		in->transfer = in->local;
		in->transfer_with_a = true;
		t->calling_number = t->caller_id = in->calling_number;
		t->calling_line = in->calling_line;
		t->redirect_reason = t->original_reason = "Deflection";
		t->redirecting_uuid = t->original_uuid = in->user_uuid;
		t->redirecting_number = in->user_number;
	}
	in->final_local = consult ? rng_next(&sh->rng) | 2 : SESSION_ZEROS;
	in->released_by_remote = o->released_by_remote = true; /* who handed it on is gone */
	in->release_ms = MAX(in->release_ms, t->release_ms);
	for (size_t i = sh->n_calls; i-- > 0;) /* it lives as long */
		if (sh->calls[i].person == person && sh->calls[i].start_ms == in->start_ms) {
			sh->calls[i].end_ms = in->release_ms;
			break;
		}
}
