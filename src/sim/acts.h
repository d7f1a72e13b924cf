/* SPDX-License-Identifier: Apache-2.0
 *
 * What administrators do in Control Hub on a day, and who has stolen a session of
 * one: what the admin audit of the simulator tells. Call records know nothing of it. */
#ifndef SIM_ACTS_H
#define SIM_ACTS_H

#include "sim/call_shapes.h"

struct sim_act {
	int64_t at_ms;
	const char *category, *description, *operation; /* "USERS", "User updated", "UPDATE" */
	const char *setting, *was, *became;		/* "" none */
	int target;	/* in sim_org.people; -1: the administrator itself */
	bool is_thief;	/* with a stolen session, from outside */
	uint64_t key;	/* makes its id */
};

struct sim_acts {
	struct sim_act *items; /* oldest first */
	size_t n;
	struct arena arena;
};

/* A day of them: a pure function, as traffic_day is. */
void traffic_acts(const struct traffic *, int64_t day, struct sim_acts *out);
void sim_acts_free(struct sim_acts *);

/* Of an incident: kept when it lies in the day that is shaped and somebody asks. */
void shape_act(struct shaping *, const struct sim_act *);

/* The incidents of the traffic, on the day of sh, which learns whose they are. */
void traffic_stage(const struct traffic *, struct shaping *);

#endif
