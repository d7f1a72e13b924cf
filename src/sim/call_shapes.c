/* SPDX-License-Identifier: Apache-2.0
 *
 * The shapes. Which members are empty in which shape was read off real
 * records; tests/unit/test_sim_record.c compares where those are at hand.
 * A leg's ids: number of the day's leg, so that no two legs of any two days
 * share one. */
#include "sim/call_shapes.h"

#include <stdio.h>

#include "base/mem.h"

static const struct client_shape SERVICE_CLIENT = { .client = "SIP", .version = "", .os = "na" };
static const struct client_shape GATEWAY_CLIENT = { .client = "CISCO_SIP_GW", .version = "17.12.5a", .os = "na" };

/* Versions roll out over weeks: two of each are about at any time. */
static const struct client_shape CLIENTS[SIM_N_CLIENTS][3] = {
	[SIM_CLIENT_TEAMS_WINDOWS] = { { "TEAMS_WXC_CLIENT", "45.10.0.33234", "windows", NULL, NULL },
	    { "TEAMS_WXC_CLIENT", "45.11.0.33435", "windows", NULL, NULL },
	    { "TEAMS_WXC_CLIENT", "46.1.0.34012", "windows", NULL, NULL } },
	[SIM_CLIENT_TEAMS_MAC] = { { "TEAMS_WXC_CLIENT", "45.10.0.33240", "mac", NULL, NULL },
	    { "TEAMS_WXC_CLIENT", "45.11.0.33441", "mac", NULL, NULL },
	    { "TEAMS_WXC_CLIENT", "46.1.0.34015", "mac", NULL, NULL } },
	[SIM_CLIENT_APP_WINDOWS] = { { "WXC_CLIENT", "45.10.0.33234", "windows", NULL, NULL },
	    { "WXC_CLIENT", "45.11.0.33435", "windows", NULL, NULL },
	    { "WXC_CLIENT", "46.1.0.34012", "windows", NULL, NULL } },
	[SIM_CLIENT_MOBILE_ANDROID] = { { "TEAMS_WXC_CLIENT", "45.10.0.179", "android", NULL, "MOBILE_APP" },
	    { "TEAMS_WXC_CLIENT", "45.11.0.182", "android", NULL, "MOBILE_APP" },
	    { "TEAMS_WXC_CLIENT", "46.1.0.190", "android", NULL, "MOBILE_APP" } },
	[SIM_CLIENT_MOBILE_IOS] = { { "TEAMS_WXC_CLIENT", "45.10.0.12386", "ios", NULL, "MOBILE_APP" },
	    { "TEAMS_WXC_CLIENT", "45.11.0.12635", "ios", NULL, "MOBILE_APP" },
	    { "TEAMS_WXC_CLIENT", "45.11.1.12666", "ios", NULL, "MOBILE_APP" } },
	[SIM_CLIENT_DESK_9871] = { { "WXC_DEVICE", "3.5.1", "na", "9871", NULL },
	    { "WXC_DEVICE", "3.5.1", "na", "9871", NULL }, { "WXC_DEVICE", "3.6.0", "na", "9871", NULL } },
	[SIM_CLIENT_DESK_8811] = { { "WXC_DEVICE", "12.0.7", "na", "8811", NULL },
	    { "WXC_DEVICE", "12.0.7", "na", "8811", NULL }, { "WXC_DEVICE", "14.2.1", "na", "8811", NULL } },
	[SIM_CLIENT_DESK_9851] = { { "WXC_DEVICE", "3.5.1", "na", "9851", NULL },
	    { "WXC_DEVICE", "3.5.1", "na", "9851", NULL }, { "WXC_DEVICE", "3.6.0", "na", "9851", NULL } },
};

const struct client_shape *client_shape_named(enum sim_client client, uint64_t upgrade)
{
	return &CLIENTS[client][upgrade % 3];
}

const struct client_shape *client_shape_of(const struct sim_person *p, uint64_t seed, int64_t at_ms,
    struct rng *r)
{
	uint64_t own = rng_key(seed, hash_text(p->uuid), 0xC11E);
	/* A new version every 90 days, each person's turn within 3 weeks. */
	uint64_t version = (uint64_t)(at_ms / DAY_MS + (int64_t)(own % 21)) / 90;
	if (p->has_mobile_app && rng_chance(r, 0.15))
		return &CLIENTS[own & 1 ? SIM_CLIENT_MOBILE_ANDROID : SIM_CLIENT_MOBILE_IOS][version % 3];
	return &CLIENTS[p->client][version % 3];
}

void talk_answered(struct rng *r, int64_t start_ms, double talk_s, struct talk *out)
{
	*out = (struct talk){ .start_ms = start_ms,
		.ring_ms = (int64_t)(1000 + fmin(rng_lognormal(r, 5000, 0.7), 28000)),
		.talk_ms = (int64_t)(fmax(talk_s, 0.4) * 1000) + rng_below(r, 900),
		.remote_hangs_up = rng_chance(r, 0.45) };
}

void talk_ordinary(struct rng *r, int64_t start_ms, double talk_median_s, struct talk *out)
{
	double s = rng_lognormal(r, talk_median_s > 0 ? talk_median_s : 75, 1.15);
	talk_answered(r, start_ms, fmin(s, 3.5 * 3600), out);
	double x = rng_unit(r);
	if (x < 0.145) {
		out->end = END_NO_ANSWER;
		out->ring_ms = rng_between(r, 2000, 31000);
	} else if (x < 0.165) {
		out->end = END_BUSY;
		out->ring_ms = rng_between(r, 200, 3000);
	} else if (x < 0.172) {
		out->end = END_UNASSIGNED;
		out->ring_ms = rng_between(r, 2500, 6500);
	} else if (x < 0.176) {
		out->end = END_UNAVAILABLE;
		out->ring_ms = rng_between(r, 1500, 9000);
	} else if (x < 0.178) {
		out->end = END_FAILED;
		out->ring_ms = rng_between(r, 3000, 8000);
	}
	if (out->end != END_ANSWERED) {
		out->talk_ms = 0;
		out->remote_hangs_up = out->end != END_NO_ANSWER;
	}
}

/* The number of a call half. Odd multiplier prime to 10^11: each leg of each
 * day its own; part 2 is what Webex usually shows. */
static struct leg_id next_id(struct shaping *sh)
{
	uint64_t n = ((uint64_t)sh->day << 22 | (sh->counter & 0x3fffff)) % UINT64_C(100000000000);
	uint64_t number = (n * UINT64_C(123456789) + sh->seed % 1000003) % UINT64_C(100000000000);
	return (struct leg_id){ number ? number : 1, 2 };
}

/* Each call draws its own ids. */
struct ids {
	uint64_t correlation, interaction, network;
};

static struct ids call_ids(struct shaping *sh)
{
	return (struct ids){ rng_next(&sh->rng) | 2, rng_next(&sh->rng) | 2, rng_next(&sh->rng) | 2 };
}

static size_t leg_new(struct shaping *sh, const struct ids *ids, const struct sim_location *site,
    bool originating, const struct talk *talk)
{
	sh->legs = mem_grow(sh->legs, sh->n_legs, &sh->legs_capacity, sizeof *sh->legs);
	struct sim_leg *leg = &sh->legs[sh->n_legs];
	*leg = (struct sim_leg){ .site = site, .originating = originating,
		.client = &SERVICE_CLIENT, .scenario = sh->scenario, .kind = sh->kind,
		.correlation = ids->correlation, .interaction = ids->interaction,
		.chance = rng_next(&sh->rng), .user_uuid = "" };
	sh->counter++;
	leg->report = (sh->seed << 52) ^ ((uint64_t)sh->day << 24 | (sh->counter & 0xffffff));
	leg->local = next_id(sh);
	leg->local_session = leg->final_local = rng_next(&sh->rng) | 2;
	leg->start_ms = talk->start_ms;
	int64_t up_ms = talk->start_ms + talk->ring_ms;
	if (talk->end == END_ANSWERED) {
		leg->answer_ms = up_ms;
		leg->release_ms = up_ms + talk->talk_ms;
	} else {
		leg->release_ms = up_ms;
	}
	leg->ring_s = (int32_t)(talk->ring_ms / 1000);
	leg->released_by_remote = talk->remote_hangs_up;
	return sh->n_legs++;
}

/* As above, by address: good until the next leg. */
static struct sim_leg *leg_add(struct shaping *sh, const struct ids *ids,
    const struct sim_location *site, bool originating, const struct talk *talk)
{
	size_t at = leg_new(sh, ids, site, originating, talk);
	return &sh->legs[at]; /* not in one expression: the array may have moved */
}

/* Text that must live as long as the day. */
static const char *keep(struct shaping *sh, const char *text)
{
	return *text ? arena_strdup(sh->arena, text) : "";
}

static void outcome(struct sim_leg *leg, enum call_end end, bool outside)
{
	switch (end) {
	case END_ANSWERED:
		return;
	case END_NO_ANSWER:
		return; /* Success, Normal: the caller just hung up */
	case END_BUSY:
		if (!outside) {
			leg->outcome_reason = "UserBusy";
		}
		return;
	case END_UNASSIGNED:
		leg->outcome = "Refusal";
		leg->outcome_reason = "UnassignedNumber";
		return;
	case END_UNAVAILABLE:
		leg->outcome = "Refusal";
		leg->outcome_reason = "TemporarilyUnavailable";
		return;
	case END_REJECTED:
		leg->outcome = "Refusal";
		leg->outcome_reason = "CallRejected";
		return;
	case END_FAILED:
		leg->outcome = "Failure";
		leg->outcome_reason = "Internal";
		return;
	}
}

static const char *user_number_of(const struct sim_person *p)
{
	return *p->number ? p->number : p->extension;
}

static void owned_by(struct sim_leg *leg, const struct sim_person *p)
{
	leg->user_uuid = p->uuid;
	leg->user = p->display_name;
	leg->user_type = p->is_place ? "Place" : "User";
	leg->user_number = user_number_of(p);
}

static void owned_by_service(struct sim_leg *leg, const struct sim_service *s)
{
	static const char *const TYPES[] = {
		[SIM_ATTENDANT] = "AutomatedAttendantVideo", [SIM_QUEUE] = "CallCenterPremium",
		[SIM_HUNT_GROUP] = "HuntGroup", [SIM_VOICE_PORTAL] = "VoiceMailRetrieval",
	};
	leg->user_uuid = s->uuid;
	leg->user = s->name;
	leg->user_type = TYPES[s->kind];
	leg->user_number = *s->number ? s->number : s->extension;
}

static void used_client(struct sim_leg *leg, const struct sim_person *p, const struct client_shape *client)
{
	leg->client = client;
	if (client->model)
		leg->mac = p->mac;
}

/* The way to and from the public network. */
static void through_pstn_out(struct sim_leg *leg, const struct ids *ids)
{
	const struct sim_location *site = leg->site;
	switch (site->pstn) {
	case SIM_PSTN_CARRIER:
		leg->vendor = site->pstn_name;
		break;
	case SIM_PSTN_TRUNK:
		leg->outbound_trunk = site->pstn_name;
		break;
	case SIM_PSTN_ROUTE_GROUP:
		leg->route_group = site->pstn_name;
		break;
	}
	leg->network_kind = NETWORK_BW;
	leg->network = ids->network;
	if (leg->answer_ms)
		leg->remote_session = leg->final_remote =
		    site->pstn == SIM_PSTN_CARRIER ? SESSION_ZEROS : (ids->network * 3) | 2;
}

static void live(struct shaping *sh, int person, const struct sim_leg *leg, const char *remote_number,
    const char *remote_name, bool external)
{
	if (sh->org->people[person].is_place)
		return; /* live call control is for people */
	sh->calls = mem_grow(sh->calls, sh->n_calls, &sh->calls_capacity, sizeof *sh->calls);
	struct sim_call *call = &sh->calls[sh->n_calls++];
	*call = (struct sim_call){ .person = person, .originator = leg->originating,
		.external = external, .start_ms = leg->start_ms, .answer_ms = leg->answer_ms,
		.end_ms = leg->release_ms };
	sim_leg_id(leg->local, call->local_call_id);
	snprintf(call->call_id, sizeof call->call_id, "callhalf-%s", call->local_call_id);
	snprintf(call->remote_number, sizeof call->remote_number, "%s", remote_number);
	snprintf(call->remote_name, sizeof call->remote_name, "%s", remote_name ? remote_name : "");
}

static const char *outbound_type(enum outside_kind kind)
{
	switch (kind) {
	case OUTSIDE_FIXED:
	case OUTSIDE_WITHHELD:
		return "SIP_NATIONAL";
	case OUTSIDE_MOBILE:
		return "SIP_MOBILE";
	case OUTSIDE_TOLL_FREE:
		return "SIP_TOLLFREE";
	case OUTSIDE_PREMIUM:
		return "SIP_PREMIUM";
	case OUTSIDE_INTERNATIONAL:
		return "SIP_INTERNATIONAL";
	}
	return "UNKNOWN";
}

static void to_outside(struct shaping *sh, struct sim_leg *leg, const struct outside *to)
{
	char dialled[32];
	outside_dialled(leg->site, to, &sh->rng, dialled);
	leg->call_type = outbound_type(to->kind);
	leg->called_number = keep(sh, to->number);
	leg->dialled = keep(sh, dialled);
	if (to->kind == OUTSIDE_INTERNATIONAL)
		leg->country = keep(sh, to->country);
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
		leg->local_session = leg->final_local = SESSION_NONE;
		static const char *const LATE[] = { "SIP408", "Q850102ServerTimeout", "InternalRequestTimeout" };
		leg->outcome = "Refusal";
		leg->outcome_reason = talk->end == END_UNASSIGNED ? "UnassignedNumber" : "UserAbsent";
		if (talk->ring_ms > 5000) { /* gave up before it chose a trunk */
			leg->outcome_reason = LATE[leg->chance >> 20 & 1 ? 2 : leg->chance >> 21 & 1];
			leg->outbound_trunk = NULL;
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
	o->called_number = t->called_number = b->extension;
	o->calling_number = t->calling_number = user_number_of(a);
	o->caller_id = t->caller_id = a->extension;
	if (*a->number)
		o->external_caller_id = a->number;
	o->dialled = a->location == b->location ? b->extension
	    : arena_printf(sh->arena, "%s%s", site_b->routing_prefix, b->extension);
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

void shape_feature_code(struct shaping *sh, int from, const char *digits, int64_t start_ms)
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
	leg->remote = (struct leg_id){ leg->local.number % UINT64_C(99999999000) + 7, 2 };
	leg->remote_session = leg->final_remote = rng_next(&sh->rng) | 2;
}

/* Calling party from the public network on a terminating leg. The line ID is
 * the national number when the network sends no name. */
static void from_outside(struct shaping *sh, struct sim_leg *leg, const struct outside *from)
{
	const char *number = keep(sh, from->number), *national = number;
	size_t code = strlen(leg->site->country_digits);
	if (*number && strncmp(number + 1, leg->site->country_digits, code) == 0)
		national = number + 1 + code;
	else if (*number)
		national = number + 1;
	leg->call_type = "SIP_INBOUND";
	leg->calling_number = leg->caller_id = number;
	leg->calling_line = from->name ? from->name : *national ? national : "Anonymous";
	if (leg->site->pstn == SIM_PSTN_CARRIER)
		leg->vendor = leg->site->pstn_name;
	else
		leg->inbound_trunk = leg->site->pstn == SIM_PSTN_TRUNK ? leg->site->pstn_name : "Noc-ElSalvador";
	leg->network_kind = NETWORK_SD;
}

/* The gateway's own record of a call that it brings in. */
static struct leg_id gateway_in(struct shaping *sh, const struct ids *ids, const struct outside *from,
    const struct sim_location *site, const struct talk *talk, const char *called, const char *called_line)
{
	if (site->pstn == SIM_PSTN_CARRIER)
		return (struct leg_id){ 0, 0 };
	struct sim_leg *leg = leg_add(sh, ids, site, true, talk);
	leg->call_type = "SIP_ENTERPRISE";
	leg->call_id_kind = CALL_ID_SSE;
	leg->user_type = "LocalGateway";
	leg->inbound_trunk = site->pstn == SIM_PSTN_TRUNK ? site->pstn_name : "Noc-ElSalvador";
	leg->user = arena_printf(sh->arena, "GW %s", leg->inbound_trunk);
	leg->user_number = site->main_number;
	leg->called_line = called_line;
	leg->called_number = leg->dialled = keep(sh, called);
	leg->calling_number = leg->caller_id = keep(sh, from->number);
	if (talk->end == END_ANSWERED)
		leg->remote_session = leg->final_remote = rng_next(&sh->rng) | 2;
	outcome(leg, talk->end, true);
	return leg->local;
}

/* Cross the gateway's leg (if any) with the leg at `at`. */
static void cross_gateway(struct shaping *sh, struct leg_id gateway, size_t at)
{
	if (gateway.number == 0)
		return;
	sh->legs[at].remote = gateway;
	for (size_t i = sh->n_legs; i-- > 0;)
		if (sh->legs[i].local.number == gateway.number && i != at) {
			sh->legs[i].remote = sh->legs[at].local;
			return;
		}
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

static size_t service_in(struct shaping *sh, const struct ids *ids, const struct outside *from,
    const struct sim_service *s, const struct talk *talk)
{
	const struct sim_location *site = &sh->org->locations[s->location];
	struct leg_id gateway = gateway_in(sh, ids, from, site, talk, s->extension, s->name);
	size_t at = leg_new(sh, ids, site, false, talk);
	struct sim_leg *leg = &sh->legs[at];
	owned_by_service(leg, s);
	from_outside(sh, leg, from);
	leg->network = ids->network;
	leg->called_number = leg->external_caller_id = *s->number ? s->number : s->extension;
	leg->released_by_remote = true;
	outcome(leg, talk->end, false);
	cross_gateway(sh, gateway, at);
	return at;
}

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
	menu.talk_ms = to >= 0 ? listened_ms + (talk->end == END_ANSWERED ? talk->ring_ms + talk->talk_ms : talk->ring_ms)
			       : listened_ms;
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

/* One try of a queue or hunt group: it originates, the agent terminates. */
static void attempt(struct shaping *sh, const struct ids *ids, size_t service_leg,
    const struct sim_service *s, int agent, const struct talk *talk, int part, bool elsewhere)
{
	const char *reason = s->kind == SIM_QUEUE ? "CallQueue" : "HuntGroup";
	const char *queue_type = s->kind == SIM_QUEUE ? "CustomerAssist" : NULL;
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
	o->calling_number = o->caller_id = t->calling_number = t->caller_id = in->calling_number;
	o->external_caller_id = in->external_caller_id;
	o->original_reason = o->redirect_reason = t->redirect_reason = t->original_reason = reason;
	o->related_reason = reason;
	o->redirecting_number = t->redirecting_number = in->user_number;
	o->redirecting_uuid = o->original_uuid = t->redirecting_uuid = t->original_uuid = s->uuid;
	o->queue_type = t->queue_type = queue_type;
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
		if (elsewhere)
			t->answered_elsewhere = "Yes";
	}
	if (talk->ring_ms > 0)
		live(sh, agent, t, in->calling_number, NULL, true);
}

size_t shape_queue(struct shaping *sh, const struct outside *from, const struct sim_service *s,
    const struct talk *talk, int attempts, int answered_by)
{
	struct ids ids = call_ids(sh);
	attempts = MAX(0, MIN(MIN(attempts, 6), (int)s->n_agents));
	/* The queue itself answers at once; the caller hears music, then a person. */
	int64_t wait_ms = talk->ring_ms, at_ms = talk->start_ms + 40;
	struct talk whole = { .start_ms = talk->start_ms, .ring_ms = 30,
		.talk_ms = wait_ms + (answered_by >= 0 ? talk->talk_ms : 0), .remote_hangs_up = true };
	size_t in = service_in(sh, &ids, from, s, &whole);
	sh->legs[in].queue_type = "CustomerAssist";
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
			try.end = END_BUSY;
			try.ring_ms = 2;
		} else if (x < 0.7) {
			try.end = END_UNAVAILABLE;
			try.ring_ms = 2;
		} else {
			try.end = END_NO_ANSWER;
			try.ring_ms = MIN(left_ms, 12000);
		}
		attempt(sh, &ids, in, s, agent, &try, 3 + k % 6, try.end == END_NO_ANSWER && last && answered_by >= 0);
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

void shape_hunt(struct shaping *sh, const struct outside *from, const struct sim_service *s,
    const struct talk *talk, int attempts)
{
	struct ids ids = call_ids(sh);
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
		attempt(sh, &ids, in, s, s->agents[k], &try, 3 + k % 6, !last && answered);
		at_ms += try.ring_ms + 50;
	}
}

void shape_forward(struct shaping *sh, const struct outside *from, int person,
    const struct outside *target, const char *reason, const struct talk *talk)
{
	const struct sim_person *p = &sh->org->people[person];
	const struct sim_location *site = &sh->org->locations[p->location];
	struct ids ids = call_ids(sh);
	bool always = strcmp(reason, "CallForwardAlways") == 0;
	const char *why = always ? "Unconditional" : strcmp(reason, "CallForwardBusy") == 0 ? "UserBusy" : "NoAnswer";
	int64_t before_ms = always ? 30 : strcmp(why, "NoAnswer") == 0 ? 18000 : 200;
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
		in->transfer = in->local;
		in->transfer_with_a = true;
		t->calling_number = t->caller_id = in->calling_number;
		t->calling_line = in->calling_line;
		t->redirect_reason = t->original_reason = "Deflection";
		t->redirecting_uuid = t->original_uuid = in->user_uuid;
		t->redirecting_number = in->user_number;
	}
	in->final_local = rng_next(&sh->rng) | 2;
	in->release_ms = MAX(in->release_ms, t->release_ms);
	for (size_t i = sh->n_calls; i-- > 0;) /* it lives as long */
		if (sh->calls[i].person == person && sh->calls[i].start_ms == in->start_ms) {
			sh->calls[i].end_ms = in->release_ms;
			break;
		}
}
