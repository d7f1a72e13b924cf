/* SPDX-License-Identifier: Apache-2.0
 *
 * A day before it is written as text: a tenth of the memory, for exports. */
#ifndef SIM_LEGS_H
#define SIM_LEGS_H

#include "sim/record.h"
#include "sim/traffic.h"

struct sim_legs {
	struct sim_leg *legs;
	struct sim_leg **order; /* by insert_ms */
	size_t n;
	struct sim_call *calls;
	size_t n_calls;
	struct arena arena;
};

void traffic_legs(const struct traffic *, int64_t day, struct sim_legs *out);
/* Without the calls as they are lived: what an export does not write. */
void traffic_legs_only(const struct traffic *, int64_t day, struct sim_legs *out);
void sim_legs_free(struct sim_legs *);
/* Forget the first n in order of arrival, and which calls they were of; the
 * texts of all of them stay until the end. */
void sim_legs_drop(struct sim_legs *, size_t n);

#endif
