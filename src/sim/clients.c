/* SPDX-License-Identifier: Apache-2.0
 *
 * What calls are made with: clients, phones, their versions over the months. */
#include "sim/call_shapes.h"

#include "base/hash.h"

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
	/* One desk phone in four has been given up for the client one day. */
	enum sim_client client = p->client;
	bool gives_up = client >= SIM_CLIENT_DESK_9871 && !p->is_place && (own >> 8 & 3) == 0;
	if (gives_up && at_ms / DAY_MS % 730 > (int64_t)(own >> 16 & 0xffff) % 730)
		client = SIM_CLIENT_TEAMS_WINDOWS;
	return &CLIENTS[client][version % 3];
}
