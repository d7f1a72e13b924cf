/* SPDX-License-Identifier: Apache-2.0
 *
 * Invented people, teams, streets and services, and the names nobody should
 * have: those that attack whoever prints or parses them. */
#ifndef SIM_NAMES_H
#define SIM_NAMES_H

#include "base/arena.h"
#include "sim/rng.h"

struct sim_name {
	const char *first, *last, *display; /* display: first and two surnames */
	const char *mailbox;		    /* ASCII: "ana.bernal12" */
};

/* `serial` makes the mailbox unique. */
void sim_name_make(struct rng *, struct arena *, size_t serial, struct sim_name *out);

const char *sim_department(struct rng *);
const char *sim_place_name(struct arena *, struct rng *, const char *city, size_t serial);
const char *sim_queue_name(size_t i);
const char *sim_partner_name(size_t i);

/* Bytes, perhaps no UTF-8 at all, never NUL. */
const char *sim_hostile_name(struct arena *, size_t i);
size_t sim_n_hostile_names(void);

#endif
