/* SPDX-License-Identifier: Apache-2.0
 *
 * Making legs. A leg's ids are the number of the day's leg, so that no two
 * legs of any two days share one. The shapes themselves: call_shapes.c,
 * service_shapes.c, redirect_shapes.c. */
#include "sim/shape_legs.h"

#include <stdio.h>

#include "base/mem.h"

static const struct client_shape SERVICE_CLIENT = { .client = "SIP", .version = "", .os = "na" };

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

struct ids call_ids(struct shaping *sh)
{
	return (struct ids){ rng_next(&sh->rng) | 2, rng_next(&sh->rng) | 2, rng_next(&sh->rng) | 2 };
}

size_t leg_new(struct shaping *sh, const struct ids *ids, const struct sim_location *site,
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
	/* One longer talk in 32 waits a while. */
	if (talk->end == END_ANSWERED && talk->talk_ms > 90000 && (leg->chance >> 32 & 31) == 0)
		leg->hold_s = 5 + (int32_t)(leg->chance >> 40 & 63);
	return sh->n_legs++;
}

/* As above, by address: good until the next leg. */
struct sim_leg *leg_add(struct shaping *sh, const struct ids *ids,
    const struct sim_location *site, bool originating, const struct talk *talk)
{
	size_t at = leg_new(sh, ids, site, originating, talk);
	return &sh->legs[at]; /* not in one expression: the array may have moved */
}

/* Text that must live as long as the day. */
const char *keep(struct shaping *sh, const char *text)
{
	return *text ? arena_strdup(sh->arena, text) : "";
}

void outcome(struct sim_leg *leg, enum call_end end, bool outside)
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

const char *user_number_of(const struct sim_person *p)
{
	return *p->number ? p->number : p->extension;
}

void owned_by(struct sim_leg *leg, const struct sim_person *p)
{
	leg->user_uuid = p->uuid;
	leg->user = p->display_name;
	leg->user_type = p->is_place ? "Place" : "User";
	leg->user_number = user_number_of(p);
}

void owned_by_service(struct sim_leg *leg, const struct sim_service *s)
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

void used_client(struct sim_leg *leg, const struct sim_person *p, const struct client_shape *client)
{
	leg->client = client;
	if (client->model)
		leg->mac = p->mac;
}

/* The way to and from the public network. */
void through_pstn_out(struct sim_leg *leg, const struct ids *ids)
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

void live(struct shaping *sh, int person, const struct sim_leg *leg, const char *remote_number,
    const char *remote_name, bool external)
{
	if (sh->without_calls || sh->org->people[person].is_place)
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

void to_outside(struct shaping *sh, struct sim_leg *leg, const struct outside *to)
{
	char dialled[32];
	outside_dialled(leg->site, to, &sh->rng, dialled);
	leg->call_type = outbound_type(to->kind);
	leg->called_number = keep(sh, to->number);
	leg->dialled = keep(sh, dialled);
	if (to->kind == OUTSIDE_INTERNATIONAL)
		leg->country = keep(sh, to->country);
}

static bool is_domestic(const struct sim_location *site, const char *number)
{
	return *number && strncmp(number + 1, site->country_digits, strlen(site->country_digits)) == 0;
}

/* As the country itself writes it; others' numbers stay E.164. */
static const char *national_form(const struct sim_location *site, const char *number)
{
	return is_domestic(site, number) ? number + 1 + strlen(site->country_digits) : number;
}

const char *gateway_form(const struct sim_location *site, const char *number)
{
	return site->pstn == SIM_PSTN_CARRIER ? number : national_form(site, number);
}

/* Calling party from the public network on a terminating leg. The line ID is
 * the number when the network sends no name: national, or E.164 from abroad. */
void from_outside(struct shaping *sh, struct sim_leg *leg, const struct outside *from)
{
	const char *number = keep(sh, from->number), *national = national_form(leg->site, number);
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
struct leg_id gateway_in(struct shaping *sh, const struct ids *ids, const struct outside *from,
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
	leg->calling_number = leg->caller_id = gateway_form(site, keep(sh, from->number));
	if (talk->end == END_ANSWERED)
		leg->remote_session = leg->final_remote = rng_next(&sh->rng) | 2;
	outcome(leg, talk->end, true);
	return leg->local;
}

/* Cross the gateway's leg (if any) with the leg at `at`. */
void cross_gateway(struct shaping *sh, struct leg_id gateway, size_t at)
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

size_t service_in(struct shaping *sh, const struct ids *ids, const struct outside *from,
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
