/* SPDX-License-Identifier: Apache-2.0
 *
 * Making the organisation: the seven sites are a table, the rest is chance
 * from the seed. Nothing here knows of calls. */
#include "sim/org.h"

#include <stdio.h>
#include <string.h>

#include "base/iso_time.h"
#include "base/mem.h"
#include "sim/names.h"
#include "sim/numbers.h"
#include "sim/record.h"

struct planned_site {
	struct sim_location location;
	double share;	   /* of the people */
	const char *trunk; /* a gateway at this site, or NULL */
};

static const struct planned_site PLAN[] = {
	{ { .name = "Colombia", .country = "CO", .zone_name = "America/Bogota",
	    .address1 = "Avenida Ficticia 26-15", .city = "Bogotá", .state = "Bogotá D.C.",
	    .postal_code = "110311", .latitude = "4.6486", .longitude = "-74.0997",
	    .language = "es_co", .routing_prefix = "8010", .outside_digit = "9",
	    .main_number = "+576015550100", .country_digits = "57", .pstn = SIM_PSTN_TRUNK,
	    .pstn_name = "GW_Bogota", .zone_minutes = -300, .asks_outside_digit = true },
	  0.18, "GW_Bogota" },
	{ { .name = "Colombia Nueva-Produccion", .country = "CO", .zone_name = "America/Bogota",
	    .address1 = "Carrera Imaginaria 7-71", .city = "Bogotá", .state = "Bogotá D.C.",
	    .postal_code = "110231", .latitude = "4.6570", .longitude = "-74.0560",
	    .language = "es_co", .routing_prefix = "8011", .outside_digit = "9",
	    .main_number = "+576016550100", .country_digits = "57", .pstn = SIM_PSTN_CARRIER,
	    .pstn_name = "Carrier A", .zone_minutes = -300 },
	  0.34, NULL },
	{ { .name = "PoC Banco Davivienda", .country = "CO", .zone_name = "America/Bogota",
	    .address1 = "Calle Supuesta 10-40", .city = "Medellín", .state = "Antioquia",
	    .postal_code = "050021", .latitude = "6.2088", .longitude = "-75.5680",
	    .language = "es_co", .routing_prefix = "8040", .outside_digit = "9",
	    .main_number = "+576045550100", .country_digits = "57", .pstn = SIM_PSTN_CARRIER,
	    .pstn_name = "Carrier A", .zone_minutes = -300 },
	  0.12, NULL },
	{ { .name = "Costa Rica", .country = "CR", .zone_name = "America/Costa_Rica",
	    .address1 = "Paseo Inventado 300", .city = "San José", .state = "San José",
	    .postal_code = "10101", .latitude = "9.9347", .longitude = "-84.0875",
	    .language = "es_cr", .routing_prefix = "8506", .outside_digit = "9",
	    .main_number = "+50625550100", .country_digits = "506", .pstn = SIM_PSTN_TRUNK,
	    .pstn_name = "GW_CostaRica", .zone_minutes = -360 },
	  0.12, "GW_CostaRica" },
	{ { .name = "Denver", .country = "US", .zone_name = "America/Denver",
	    .address1 = "1 Example Way", .city = "Denver", .state = "CO", .postal_code = "80014",
	    .latitude = "39.7392", .longitude = "-104.9903", .language = "en_us",
	    .routing_prefix = "8303", .outside_digit = "9", .main_number = "+13035550100",
	    .country_digits = "1", .pstn = SIM_PSTN_CARRIER, .pstn_name = "Carrier B",
	    .zone_minutes = -420, .us_daylight_saving = true, .asks_outside_digit = true },
	  0.08, NULL },
	{ { .name = "Guatemala Mesa", .country = "GT", .zone_name = "America/Guatemala",
	    .address1 = "Diagonal Figurada 6-13", .city = "Ciudad de Guatemala",
	    .state = "Guatemala", .postal_code = "01010", .latitude = "14.5995",
	    .longitude = "-90.5141", .language = "es_gt", .routing_prefix = "8502",
	    .outside_digit = "9", .main_number = "+50225550100", .country_digits = "502",
	    .pstn = SIM_PSTN_TRUNK, .pstn_name = "GW_Guatemala", .zone_minutes = -360 },
	  0.07, "GW_Guatemala" },
	{ { .name = "NOC-El Salvador", .country = "SV", .zone_name = "America/El_Salvador",
	    .address1 = "Boulevard Hipotético 12", .city = "San Salvador",
	    .state = "San Salvador", .postal_code = "01101", .latitude = "13.6929",
	    .longitude = "-89.2182", .language = "es_sv", .routing_prefix = "8503",
	    .outside_digit = "9", .main_number = "+50325550100", .country_digits = "503",
	    .pstn = SIM_PSTN_ROUTE_GROUP, .pstn_name = "RG-El Salvador", .zone_minutes = -360,
	    .always_open = true },
	  0.09, "Noc-ElSalvador" },
};

/* Different purposes draw from different streams: adding one moves no other. */
enum { ORG_ID = 0x100, ORG_SITE, ORG_PERSON, ORG_SERVICE, ORG_TRUNK, ORG_CARRIER };

static int64_t first_sunday(int year, int month, int nth, int hour_utc)
{
	struct civil first;
	int64_t start = civil_to_ms(year, month, 1, 0, 0, 0, 0);
	civil_from_ms(start, &first);
	int64_t days = (7 - first.weekday) % 7 + (nth - 1) * 7;
	return start + days * DAY_MS + hour_utc * HOUR_MS;
}

int sim_location_minutes(const struct sim_location *location, int64_t utc_ms)
{
	if (!location->us_daylight_saving)
		return location->zone_minutes;
	struct civil when;
	civil_from_ms(utc_ms, &when);
	/* Second Sunday of March 02:00 to first Sunday of November 02:00, local
	 * (US Energy Policy Act of 2005). */
	int winter = -location->zone_minutes / 60;
	bool summer = utc_ms >= first_sunday(when.year, 3, 2, 2 + winter) &&
	    utc_ms < first_sunday(when.year, 11, 1, 2 + winter - 1);
	return location->zone_minutes + (summer ? 60 : 0);
}

static void extension_of(size_t i, size_t n_all, char out[8])
{
	/* A multiplier prime to the size walks every extension once. */
	if (n_all <= 6000)
		snprintf(out, 8, "%04zu", 1000 + (i * 7919 + 20) % 9000);
	else if (n_all <= 60000)
		snprintf(out, 8, "%05zu", 10000 + (i * 7919 + 20) % 90000);
	else
		snprintf(out, 8, "%06zu", 100000 + (i * 7919 + 20) % 900000);
}

static enum sim_client client_of(struct rng *r, bool is_place)
{
	if (is_place)
		return rng_chance(r, 0.5) ? SIM_CLIENT_DESK_8811 : SIM_CLIENT_DESK_9851;
	double x = rng_unit(r);
	if (x < 0.70)
		return SIM_CLIENT_TEAMS_WINDOWS;
	if (x < 0.77)
		return SIM_CLIENT_TEAMS_MAC;
	if (x < 0.83)
		return SIM_CLIENT_APP_WINDOWS;
	return x < 0.92 ? SIM_CLIENT_DESK_9871 : x < 0.98 ? SIM_CLIENT_DESK_8811 : SIM_CLIENT_DESK_9851;
}

static void make_person(struct sim_org *org, uint64_t seed, size_t i, int location, size_t in_site,
    bool hostile_names)
{
	struct sim_person *p = &org->people[i];
	struct rng r = rng_for(seed, ORG_PERSON, i);
	const struct sim_location *site = &org->locations[location];
	struct sim_name name;
	sim_name_make(&r, &org->arena, i, &name);
	sim_uuid(rng_next(&r), p->uuid);
	p->location = location;
	p->is_place = in_site >= 6 && rng_chance(&r, 0.04);
	p->client = client_of(&r, p->is_place);
	p->department = sim_department(&r);
	p->display_name = name.display;
	p->first_name = name.first;
	p->last_name = name.last;
	p->email = arena_printf(&org->arena, "%s@davivienda.example", name.mailbox);
	if (p->is_place) {
		p->display_name = p->first_name = sim_place_name(&org->arena, &r, site->city, i);
		p->last_name = p->email = "";
	} else if (hostile_names && rng_chance(&r, 0.4)) {
		p->display_name = sim_hostile_name(&org->arena, i);
	}
	extension_of(i, org->n_people, p->extension);
	if (!p->is_place && rng_chance(&r, 0.4))
		site_number(site, 20 + in_site, p->number);
	if (p->client >= SIM_CLIENT_DESK_9871)
		snprintf(p->mac, sizeof p->mac, "%012llX",
		    (unsigned long long)(rng_next(&r) & UINT64_C(0xFEFFFFFFFFFF)));
	p->has_mobile_app = !p->is_place && rng_chance(&r, 0.3);
	p->is_recorded = !p->is_place && rng_next(&r) % 25 == 0;
	p->speaks_for = -1;
}

static void make_service(struct sim_org *org, uint64_t seed, int location,
    enum sim_service_kind kind, size_t nth)
{
	const struct sim_location *site = &org->locations[location];
	struct sim_service *s = &org->services[org->n_services];
	struct rng r = rng_for(seed, ORG_SERVICE, org->n_services);
	sim_uuid(rng_next(&r), s->uuid);
	s->kind = kind;
	s->location = location;
	extension_of(org->n_people + org->n_services, org->n_people, s->extension);
	org->n_services++;
	size_t wanted = 0, own = org->n_services - 1;
	switch (kind) {
	case SIM_ATTENDANT:
		s->name = arena_printf(&org->arena, "AA %s", site->city);
		snprintf(s->number, sizeof s->number, "%s", site->main_number);
		return;
	case SIM_QUEUE:
		s->name = arena_printf(&org->arena, "%s %s", sim_queue_name(nth + (size_t)location * 2),
		    site->city);
		wanted = MIN(MAX(site->n_people / 12, 3), 60);
		break;
	case SIM_HUNT_GROUP:
		s->name = arena_printf(&org->arena, "Grupo %s", site->city);
		wanted = 4;
		break;
	case SIM_VOICE_PORTAL:
		s->name = arena_printf(&org->arena, "Buzón %s", site->city);
		break;
	}
	/* Callers of a second queue come through the attendant: it has no number. */
	if (kind == SIM_QUEUE)
		s->queue_type = location == 0 ? "CallQueue" : "CustomerAssist"; /* by licence */
	if (kind != SIM_QUEUE || nth == 0)
		site_number(site, 1 + nth + (size_t)kind * 4, s->number);
	wanted = MIN(wanted, site->n_people);
	s->agents = arena_alloc(&org->arena, MAX(wanted, 1) * sizeof *s->agents);
	/* A run of neighbours: queues of a site have different agents. */
	size_t from = site->n_people ? (nth * wanted + (size_t)kind * 7) % site->n_people : 0;
	for (size_t tries = 0; s->n_agents < wanted && tries < site->n_people; tries++) {
		size_t at = site->first_person + (from + tries) % site->n_people;
		if (org->people[at].is_place)
			continue;
		/* One agent of Customer Assist in three shows the queue's line when calling. */
		if (kind == SIM_QUEUE && location != 0 && s->n_agents % 3 == 1)
			org->people[at].speaks_for = (int)own;
		s->agents[s->n_agents++] = (int)at;
	}
}

void sim_org_init(struct sim_org *org, uint64_t seed, int n_users, bool hostile_names)
{
	memset(org, 0, sizeof *org);
	arena_init(&org->arena);
	n_users = MAX(20, MIN(n_users, SIM_MAX_USERS));
	sim_uuid(rng_key(seed, ORG_ID, 0), org->uuid);
	sim_uuid(rng_key(seed, ORG_CARRIER, 0), org->carrier_uuid);
	org->name = "Banco Davivienda";
	org->n_locations = COUNT_OF(PLAN);
	org->n_people = (size_t)n_users;
	org->locations = arena_zalloc(&org->arena, COUNT_OF(PLAN) * sizeof *org->locations);
	org->people = arena_zalloc(&org->arena, org->n_people * sizeof *org->people);
	org->trunks = arena_zalloc(&org->arena, COUNT_OF(PLAN) * sizeof *org->trunks);
	org->services = arena_zalloc(&org->arena, COUNT_OF(PLAN) * 8 * sizeof *org->services);
	size_t next = 0;
	double share = 0;
	for (int l = 0; l < (int)COUNT_OF(PLAN); l++) {
		struct sim_location *site = &org->locations[l];
		*site = PLAN[l].location;
		sim_uuid(rng_key(seed, ORG_SITE, (uint64_t)l), site->uuid);
		share += PLAN[l].share;
		size_t until = l + 1 == (int)COUNT_OF(PLAN) ? org->n_people
		    : (size_t)((double)org->n_people * share + 0.5);
		site->first_person = next;
		site->n_people = until - next;
		for (; next < until; next++)
			make_person(org, seed, next, l, next - site->first_person, hostile_names);
		if (PLAN[l].trunk) {
			struct sim_trunk *trunk = &org->trunks[org->n_trunks++];
			sim_uuid(rng_key(seed, ORG_TRUNK, (uint64_t)l), trunk->uuid);
			trunk->name = PLAN[l].trunk;
			trunk->location = l;
		}
	}
	for (int l = 0; l < (int)COUNT_OF(PLAN); l++) {
		make_service(org, seed, l, SIM_ATTENDANT, 0);
		size_t n_queues = org->locations[l].n_people > 30 ? 2 : 1;
		for (size_t q = 0; q < n_queues; q++)
			make_service(org, seed, l, SIM_QUEUE, q);
		make_service(org, seed, l, SIM_HUNT_GROUP, 0);
		make_service(org, seed, l, SIM_VOICE_PORTAL, 0);
	}
}

void sim_org_clear(struct sim_org *org)
{
	arena_clear(&org->arena);
	memset(org, 0, sizeof *org);
}

int sim_org_find_person(const struct sim_org *org, const char *uuid)
{
	for (size_t i = 0; i < org->n_people; i++)
		if (strcmp(org->people[i].uuid, uuid) == 0)
			return (int)i;
	return -1;
}
