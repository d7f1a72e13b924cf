/* SPDX-License-Identifier: Apache-2.0
 *
 * Plain calls: out, within, in. Which members are empty in which shape was read
 * off real records; tests/unit/test_sim_record.c compares where those are at
 * hand. */
#include "sim/shape_legs.h"

#include "base/hash.h"

static const struct client_shape SERVICE_CLIENT = { .client = "SIP", .version = "", .os = "na" };
static const struct client_shape GATEWAY_CLIENT = { .client = "CISCO_SIP_GW", .version = "17.12.5a", .os = "na" };

/* A recorder joins the call: the far session ends as another. */
static void recorded(struct sim_leg *leg)
{
	leg->recorded = true;
	leg->final_remote = hash_mix(leg->chance) | 2;
}

/* An agent of Customer Assist who calls out shows the queue, and half of these
 * calls are recorded. */
static void speaks_for_queue(const struct shaping *sh, struct sim_leg *leg, const struct sim_person *p)
{
	if (p->speaks_for < 0)
		return;
	leg->queue_type = sh->org->services[p->speaks_for].queue_type;
	leg->external_caller_id = NULL;
	if (strcmp(leg->call_type, "SIP_ENTERPRISE") == 0)
		leg->caller_id = sh->org->services[p->speaks_for].extension;
	else
		leg->caller_id = leg->site->main_number;
	if (leg->answer_ms != 0 && leg->chance >> 12 & 1)
		recorded(leg);
}

size_t shape_outbound(struct shaping *sh, int person, const struct outside *to,
    const struct talk *talk, const struct client_shape *client, const struct sim_location *site)
{
	const struct sim_person *p = &sh->org->people[person];
	const struct sim_location *from = site ? site : &sh->org->locations[p->location];
	struct ids ids = call_ids(sh);
	size_t at = leg_new(sh, &ids, from, true, talk);
	struct sim_leg *leg = &sh->legs[at];
	owned_by(leg, p);
	used_client(leg, p, client ? client : client_shape_of(p, sh->seed, talk->start_ms, &sh->rng));
	to_outside(sh, leg, to);
	outcome(leg, talk->end, true);
	leg->call_id_kind = CALL_ID_SSE;
	leg->calling_number = user_number_of(p);
	leg->caller_id = *p->number ? p->number : from->main_number;
	if (from->pstn == SIM_PSTN_TRUNK || *p->number || leg->chance % 100 < 4)
		leg->external_caller_id = leg->caller_id;
	through_pstn_out(leg, &ids);
	speaks_for_queue(sh, leg, p);
	if (from->pstn == SIM_PSTN_TRUNK && to->kind == OUTSIDE_INTERNATIONAL && leg->chance % 3 == 0)
		leg->auth_code = "6946";
	live(sh, person, leg, to->number, to->name, true);
	if (from->pstn != SIM_PSTN_TRUNK || leg->chance % (talk->end == END_ANSWERED ? 16 : 2) != 1)
		return at;
	/* Some gateways report their side too. */
	bool refused = talk->end == END_UNASSIGNED || talk->end == END_UNAVAILABLE;
	if (talk->end != END_ANSWERED && !refused)
		return at;
	size_t gateway = leg_new(sh, &ids, from, false, talk);
	const struct sim_leg *first = &sh->legs[at];
	leg = &sh->legs[gateway];
	leg->client = refused ? &SERVICE_CLIENT : &GATEWAY_CLIENT;
	leg->call_type = "SIP_INBOUND";
	leg->user_type = "LocalGateway";
	leg->user = arena_printf(sh->arena, "GW %s", from->pstn_name);
	leg->user_number = from->main_number;
	leg->outbound_trunk = from->pstn_name;
	leg->call_id_kind = CALL_ID_BW;
	leg->calling_line = p->display_name;
	leg->called_number = first->called_number;
	leg->calling_number = first->caller_id;
	leg->caller_id = first->caller_id;
	leg->network_kind = NETWORK_BW;
	leg->network = ids.network;
	leg->remote_session = leg->final_remote = first->local_session;
	if (refused) {
		leg->released_by_remote = false;
		leg->local_session = leg->final_local = SESSION_NONE;
		static const char *const LATE[] = { "SIP408", "Q850102ServerTimeout", "InternalRequestTimeout" };
		leg->outcome = "Refusal";
		leg->outcome_reason = talk->end == END_UNASSIGNED ? "UnassignedNumber" : "UserAbsent";
		if (talk->ring_ms > 5000) { /* gave up before it chose a trunk */
			leg->outcome_reason = LATE[leg->chance >> 20 & 1 ? 2 : leg->chance >> 21 & 1];
			leg->outbound_trunk = NULL;
		} else if (talk->end == END_UNASSIGNED && leg->chance >> 22 & 1) { /* digits were missing */
			leg->called_number += strlen(leg->called_number) - 7;
		}
	}
	return at;
}

size_t shape_internal(struct shaping *sh, int from, int to, const struct talk *talk)
{
	const struct sim_person *a = &sh->org->people[from], *b = &sh->org->people[to];
	const struct sim_location *site_a = &sh->org->locations[a->location];
	const struct sim_location *site_b = &sh->org->locations[b->location];
	struct ids ids = call_ids(sh);
	size_t one = leg_new(sh, &ids, site_a, true, talk), two = leg_new(sh, &ids, site_b, false, talk);
	struct sim_leg *o = &sh->legs[one], *t = &sh->legs[two];
	owned_by(o, a);
	owned_by(t, b);
	used_client(o, a, client_shape_of(a, sh->seed, talk->start_ms, &sh->rng));
	o->call_type = t->call_type = "SIP_ENTERPRISE";
	o->call_id_kind = CALL_ID_SSE;
	t->call_id_kind = talk->end == END_ANSWERED ? CALL_ID_BW : CALL_ID_NONE;
	o->called_line = b->display_name;
	t->calling_line = a->display_name;
	o->called_number = t->called_number = user_number_of(b);
	o->calling_number = t->calling_number = user_number_of(a);
	o->caller_id = t->caller_id = a->extension;
	if (*a->number)
		o->external_caller_id = a->number;
	if (*b->number && sh->kind == NULL && o->chance % 3 == 0) /* by the public number: it stays within all the same */
		o->dialled = b->number + (strcmp(site_a->country, site_b->country) == 0
			? 1 + strlen(site_b->country_digits) : 0);
	else
		o->dialled = a->location == b->location || sh->kind ? b->extension
		    : arena_printf(sh->arena, "%s%s", site_b->routing_prefix, b->extension);
	if (t->chance % 16 == 0)
		t->local.part = 9;
	o->remote = t->local;
	t->remote = o->local;
	if (talk->end == END_ANSWERED) {
		o->remote_session = o->final_remote = t->local_session;
		t->remote_session = t->final_remote = o->local_session;
	} else {
		t->local_session = t->final_local = SESSION_NONE;
		t->remote_session = t->final_remote = SESSION_ZEROS;
	}
	t->released_by_remote = !o->released_by_remote;
	speaks_for_queue(sh, o, a);
	if (a->is_recorded && talk->end == END_ANSWERED)
		recorded(o);
	outcome(o, talk->end, false);
	outcome(t, talk->end, false);
	live(sh, from, o, b->extension, b->display_name, false);
	live(sh, to, t, a->extension, a->display_name, false);
	return two;
}

void shape_unknown(struct shaping *sh, int from, const char *digits, int64_t start_ms)
{
	const struct sim_person *p = &sh->org->people[from];
	struct ids ids = call_ids(sh);
	struct talk talk = { .start_ms = start_ms, .ring_ms = rng_between(&sh->rng, 3000, 7000),
		.end = END_UNASSIGNED };
	struct sim_leg *leg = leg_add(sh, &ids, &sh->org->locations[p->location], true, &talk);
	owned_by(leg, p);
	used_client(leg, p, client_shape_of(p, sh->seed, start_ms, &sh->rng));
	leg->call_type = "UNKNOWN";
	leg->call_id_kind = CALL_ID_SSE;
	leg->called_number = leg->dialled = keep(sh, digits);
	leg->calling_number = user_number_of(p);
	leg->caller_id = *p->number ? p->number : leg->site->main_number;
	if (*p->number)
		leg->external_caller_id = p->number;
	outcome(leg, END_UNASSIGNED, true);
}

void shape_tie_line(struct shaping *sh, int from, size_t gateway, const char *digits, const struct talk *talk)
{
	const struct sim_person *p = &sh->org->people[from];
	const struct sim_trunk *trunk = &sh->org->trunks[gateway];
	const struct sim_location *there = &sh->org->locations[trunk->location];
	struct ids ids = call_ids(sh);
	size_t one = leg_new(sh, &ids, &sh->org->locations[p->location], true, talk);
	size_t two = leg_new(sh, &ids, there, false, talk);
	struct sim_leg *o = &sh->legs[one], *t = &sh->legs[two];
	owned_by(o, p);
	used_client(o, p, client_shape_of(p, sh->seed, talk->start_ms, &sh->rng));
	o->call_type = t->call_type = "SIP_ENTERPRISE";
	o->call_id_kind = CALL_ID_SSE;
	o->outbound_trunk = t->outbound_trunk = trunk->name;
	o->called_number = o->dialled = t->called_number = keep(sh, digits);
	o->calling_number = t->calling_number = user_number_of(p);
	o->caller_id = o->external_caller_id = t->caller_id = *p->number ? p->number : o->site->main_number;
	o->remote = t->local;
	t->remote = o->local;
	t->client = &GATEWAY_CLIENT;
	t->call_id_kind = CALL_ID_BW;
	t->user_type = "LocalGateway";
	t->user = arena_printf(sh->arena, "GW %s", trunk->name);
	t->user_number = there->main_number;
	t->calling_line = p->display_name;
	t->released_by_remote = !o->released_by_remote;
	o->remote_session = o->final_remote = t->local_session;
	t->remote_session = t->final_remote = o->local_session;
	live(sh, from, o, o->called_number, NULL, true);
}

void shape_feature_code(struct shaping *sh, int from, const char *digits, int to, int64_t start_ms)
{
	const struct sim_person *p = &sh->org->people[from];
	struct ids ids = call_ids(sh);
	struct talk talk;
	talk_answered(&sh->rng, start_ms, 4, &talk);
	talk.ring_ms = 0;
	struct sim_leg *leg = leg_add(sh, &ids, &sh->org->locations[p->location], true, &talk);
	owned_by(leg, p);
	used_client(leg, p, client_shape_of(p, sh->seed, start_ms, &sh->rng));
	leg->call_type = "SIP_ENTERPRISE";
	leg->call_id_kind = CALL_ID_SSE;
	leg->called_number = leg->dialled = keep(sh, digits);
	leg->calling_number = user_number_of(p);
	leg->caller_id = p->extension;
	if (to >= 0) {
		leg->called_number = sh->org->people[to].extension;
		leg->called_line = sh->org->people[to].display_name;
		speaks_for_queue(sh, leg, p);
	}
	leg->remote = (struct leg_id){ leg->local.number % UINT64_C(99999999000) + 7, 2 };
	leg->remote_session = leg->final_remote = rng_next(&sh->rng) | 2;
}

void shape_retrieval(struct shaping *sh, int person, const char *reason, const char *digits, int64_t at_ms)
{
	const struct sim_person *p = &sh->org->people[person];
	struct ids ids = call_ids(sh);
	struct talk talk = { .start_ms = at_ms, .end = END_NO_ANSWER };
	bool pushed = strcmp(reason, "PushNotificationRetrieval") == 0;
	struct sim_leg *leg = leg_add(sh, &ids, &sh->org->locations[p->location], true, &talk);
	owned_by(leg, p);
	used_client(leg, p, pushed ? client_shape_named(SIM_CLIENT_MOBILE_IOS, 1)
	    : client_shape_of(p, sh->seed, at_ms, &sh->rng));
	leg->call_type = "SIP_ENTERPRISE";
	leg->call_id_kind = CALL_ID_SSE;
	leg->related_reason = reason;
	leg->related = leg->local;
	leg->local_with_cm = true;
	leg->final_local = SESSION_NONE;
	leg->called_number = leg->dialled = keep(sh, digits);
	leg->calling_number = leg->user_number;
	leg->caller_id = p->extension;
	leg->external_caller_id = *p->number ? p->number : leg->site->main_number;
}

size_t shape_inbound(struct shaping *sh, const struct outside *from, int to, const struct talk *talk)
{
	const struct sim_person *p = &sh->org->people[to];
	const struct sim_location *site = &sh->org->locations[p->location];
	struct ids ids = call_ids(sh);
	struct leg_id gateway = gateway_in(sh, &ids, from, site, talk, p->extension, p->display_name);
	size_t at = leg_new(sh, &ids, site, false, talk);
	struct sim_leg *leg = &sh->legs[at];
	owned_by(leg, p);
	from_outside(sh, leg, from);
	leg->network = ids.network;
	leg->called_number = *p->number ? p->number : p->extension;
	leg->external_caller_id = *p->number ? p->number : site->main_number;
	if (talk->end == END_ANSWERED)
		leg->call_id_kind = CALL_ID_BW;
	else {
		leg->call_id_kind = CALL_ID_BW;
		leg->local_session = leg->final_local = SESSION_NONE;
	}
	leg->released_by_remote = !leg->released_by_remote;
	if (leg->chance % 16 == 0)
		leg->local.part = 9;
	outcome(leg, talk->end, false);
	cross_gateway(sh, gateway, at);
	live(sh, to, leg, from->number, from->name, true);
	return at;
}

void shape_inbound_unassigned(struct shaping *sh, const struct outside *from,
    const struct sim_location *site, const char *number, int64_t start_ms)
{
	/* Only the site's own service reports: the attendant that catches what
	 * is nobody's, refusing it. */
	struct ids ids = call_ids(sh);
	struct talk talk = { .start_ms = start_ms, .ring_ms = rng_between(&sh->rng, 100, 900),
		.end = END_UNASSIGNED };
	struct sim_leg *leg = leg_add(sh, &ids, site, false, &talk);
	from_outside(sh, leg, from);
	leg->network_kind = NETWORK_BW;
	leg->network = ids.network;
	leg->call_id_kind = CALL_ID_BW;
	leg->user_type = "LocalGateway";
	leg->user = arena_printf(sh->arena, "GW %s", site->pstn_name);
	leg->user_number = site->main_number;
	leg->called_number = keep(sh, number);
	leg->local_session = leg->final_local = SESSION_NONE;
	leg->remote_session = leg->final_remote = rng_next(&sh->rng) | 2;
	outcome(leg, END_UNASSIGNED, false);
}
