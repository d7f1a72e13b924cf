/* SPDX-License-Identifier: Apache-2.0
 *
 * Pieces that the shapes of calls are made of: a leg, its owner, its way to
 * and from the public network. For call_shapes.c, service_shapes.c and
 * redirect_shapes.c; everybody else includes call_shapes.h. */
#ifndef SIM_SHAPE_LEGS_H
#define SIM_SHAPE_LEGS_H

#include "sim/call_shapes.h"

/* Ids that the legs of one call share. */
struct ids {
	uint64_t correlation, interaction, network;
};

struct ids call_ids(struct shaping *sh);

/* A leg with its own ids, times and defaults. The index: adding another leg may
 * move the array, so addresses are taken after the last leg of a shape. */
size_t leg_new(struct shaping *sh, const struct ids *ids, const struct sim_location *site,
    bool originating, const struct talk *talk);
/* As above, by address: good until the next leg. */
struct sim_leg *leg_add(struct shaping *sh, const struct ids *ids, const struct sim_location *site,
    bool originating, const struct talk *talk);

/* Text that must live as long as the day. */
const char *keep(struct shaping *sh, const char *text);

void outcome(struct sim_leg *leg, enum call_end end, bool outside);
const char *user_number_of(const struct sim_person *p);
void owned_by(struct sim_leg *leg, const struct sim_person *p);
void owned_by_service(struct sim_leg *leg, const struct sim_service *s);
void used_client(struct sim_leg *leg, const struct sim_person *p, const struct client_shape *client);

/* The far side of an outbound leg, and the way there. */
void to_outside(struct shaping *sh, struct sim_leg *leg, const struct outside *to);
void through_pstn_out(struct sim_leg *leg, const struct ids *ids);

/* The calling side of an inbound leg; what its gateway (if any) reports of it,
 * and the crossing of both. */
void from_outside(struct shaping *sh, struct sim_leg *leg, const struct outside *from);
struct leg_id gateway_in(struct shaping *sh, const struct ids *ids, const struct outside *from,
    const struct sim_location *site, const struct talk *talk, const char *called, const char *called_line);
void cross_gateway(struct shaping *sh, struct leg_id gateway, size_t at);
/* A gateway and the queue behind it know a caller by the national number. */
const char *gateway_form(const struct sim_location *site, const char *number);

/* A service takes a call from outside. Returns the index of its leg. */
size_t service_in(struct shaping *sh, const struct ids *ids, const struct outside *from,
    const struct sim_service *s, const struct talk *talk);

/* The call as `person` lives it, for the live feed. */
void live(struct shaping *sh, int person, const struct sim_leg *leg, const char *remote_number,
    const char *remote_name, bool external);

#endif
