/* SPDX-License-Identifier: Apache-2.0
 *
 * The invented organisation of the simulator: seven sites, people, workspaces,
 * trunks, attendants, queues and hunt groups. The same seed and size give the
 * same organisation, byte for byte. What they do all day is in traffic.h. */
#ifndef SIM_ORG_H
#define SIM_ORG_H

#include "base/arena.h"
#include "base/fault.h"

#define SIM_UUID_BYTES	 37
#define SIM_NUMBER_BYTES 20
#define SIM_MAX_USERS	 100000

/* How a site reaches the public network. */
enum sim_pstn {
	SIM_PSTN_CARRIER,	/* a cloud carrier: PSTN vendor name and id */
	SIM_PSTN_TRUNK,		/* a gateway of its own: Outbound trunk */
	SIM_PSTN_ROUTE_GROUP,	/* a route group over gateways */
};

struct sim_location {
	char uuid[SIM_UUID_BYTES];
	const char *name;	       /* "PoC Banco Davivienda" */
	const char *country;	       /* ISO alpha-2 */
	const char *zone_name;	       /* "America/Bogota" */
	const char *address1, *city, *state, *postal_code;
	const char *latitude, *longitude; /* text, as Webex gives them */
	const char *language;	       /* "es_co" */
	const char *routing_prefix;    /* "8010": before an extension of another site */
	const char *outside_digit;     /* "9" */
	const char *main_number;       /* E.164 */
	const char *country_digits;    /* "57" */
	const char *pstn_name;	       /* carrier, trunk or route group; by `pstn` */
	enum sim_pstn pstn;
	bool asks_outside_digit;       /* dialled numbers start with it */
	int zone_minutes;	       /* from UTC in winter */
	bool us_daylight_saving;
	bool always_open;	       /* shifts around the clock */
	size_t first_person, n_people; /* in sim_org.people */
};

enum sim_client {
	SIM_CLIENT_TEAMS_WINDOWS, /* TEAMS_WXC_CLIENT */
	SIM_CLIENT_TEAMS_MAC,
	SIM_CLIENT_APP_WINDOWS,	  /* WXC_CLIENT */
	SIM_CLIENT_MOBILE_ANDROID,/* the Teams client on a phone: MOBILE_APP */
	SIM_CLIENT_MOBILE_IOS,
	SIM_CLIENT_DESK_9871,	  /* WXC_DEVICE */
	SIM_CLIENT_DESK_8811,
	SIM_CLIENT_DESK_9851,
	SIM_N_CLIENTS
};

struct sim_person {
	char uuid[SIM_UUID_BYTES];
	const char *display_name, *first_name, *last_name; /* UTF-8 unless hostile_names */
	const char *email;		/* "" for a workspace */
	const char *department;
	char extension[8];
	char number[SIM_NUMBER_BYTES];	/* E.164 or "" */
	char mac[13];			/* "" without a desk phone */
	int location;			/* in sim_org.locations */
	enum sim_client client;		/* what calls are usually made with */
	bool is_place;			/* a workspace, not a person */
	bool has_mobile_app;		/* now and then calls from there too */
	bool is_recorded;		/* every call within is recorded */
	int speaks_for;			/* calls out for this queue of sim_org.services; -1: for oneself */
};

enum sim_service_kind { SIM_ATTENDANT, SIM_QUEUE, SIM_HUNT_GROUP, SIM_VOICE_PORTAL };

struct sim_service {
	char uuid[SIM_UUID_BYTES];
	const char *name;		/* "Cola Tarjetas" */
	enum sim_service_kind kind;
	int location;
	char extension[8];
	char number[SIM_NUMBER_BYTES];	/* E.164 or "": reached through the attendant alone */
	const char *queue_type;		/* of a queue, as records spell it: by its licence */
	int *agents;			/* people: queue and hunt group */
	size_t n_agents;
};

struct sim_trunk {
	char uuid[SIM_UUID_BYTES];
	const char *name;		/* "GW_Bogota" */
	int location;
};

struct sim_org {
	char uuid[SIM_UUID_BYTES];
	const char *name;		/* "Banco Davivienda" */
	char carrier_uuid[SIM_UUID_BYTES];
	struct sim_location *locations;
	size_t n_locations;
	struct sim_person *people;	/* grouped by location */
	size_t n_people;
	struct sim_service *services;
	size_t n_services;
	struct sim_trunk *trunks;
	size_t n_trunks;
	struct arena arena;		/* owns all of the above */
};

/* n_users is brought within 20..SIM_MAX_USERS. */
void sim_org_init(struct sim_org *org, uint64_t seed, int n_users, bool hostile_names);
void sim_org_clear(struct sim_org *org);

/* Minutes to add to UTC at that instant: -300, and for Denver -420 or -360. */
int sim_location_minutes(const struct sim_location *location, int64_t utc_ms);

/* Index in people, or -1. A linear look: for tests and single requests. */
int sim_org_find_person(const struct sim_org *org, const char *uuid);

#endif
