/* SPDX-License-Identifier: Apache-2.0
 *
 * One incident being staged: the tools with which attacks.c and lookalikes.c
 * tell their stories. A story is told from its beginning for every day that is
 * asked, and only what starts on that day is shaped, so days stay independent. */
#ifndef SIM_INCIDENT_H
#define SIM_INCIDENT_H

#include "sim/call_shapes.h"
#include "sim/scenario.h"

struct staging {
	struct shaping *sh;
	const struct sim_org *org;
	const struct incident_plan *plan;
	struct scenario_numbers n; /* the plan's, or the kind's own */
	int64_t start_ms;	   /* the first act */
	int location;
	const struct sim_location *site;
	struct rng rng; /* of the story: drawn alike whatever the day */
	uint64_t key;		   /* of people and numbers */
	uint64_t event_key;
	uint32_t n_events;
};

/* How a kind looks when nobody says otherwise. */
struct manner {
	double hour; /* local */
	struct scenario_numbers n;
};

struct incident_kind {
	const char *name;
	void (*stage)(struct staging *);
	bool is_habit; /* repeated by the same people, to the same numbers */
	struct manner loud, patient;
};

extern const struct incident_kind ATTACK_KINDS[], LOOKALIKE_KINDS[];
extern const size_t N_ATTACK_KINDS, N_LOOKALIKE_KINDS;

const struct incident_kind *incident_kind_named(const char *name); /* or NULL */

/* Shape everything of the plan that starts on sh's day. index: in the scenario. */
void incident_stage(struct shaping *, const char *scenario, const struct incident_plan *, size_t index,
    int64_t epoch_ms);

/* May the next event be shaped? True when `at_ms` lies in the day; sets sh->rng. */
bool stage_event(struct staging *, int64_t at_ms);

/* When the i-th of the story's `calls` on its d-th day begins: evenly over its
 * hours, `jitter` (0..1) of a step by chance. */
int64_t stage_moment(struct staging *, int d, int i, double jitter);
int stage_number(struct staging *); /* by chance: which of its `numbers` */

/* Somebody of the site (a person, not a place); each k another one. */
int stage_person(const struct staging *, int k);
int stage_person_at(const struct staging *, int location, int k);
/* Drawn by chance: somebody with a number of his own; location -1: of any site. */
int stage_line(struct staging *, int location);
int stage_place(const struct staging *, int k); /* a workspace, or a person where none is */
const struct sim_service *stage_service(const struct staging *, enum sim_service_kind);

/* The k-th number abroad: of the plan's prefixes or `otherwise` (NULL-ended);
 * numbers of one prefix share a range of 10 000. */
void stage_abroad(const struct staging *, const char *const *otherwise, int k, struct outside *out);

/* An outside number of the site's country; same k, same number. */
void stage_domestic(const struct staging *, enum outside_kind, int k, struct outside *out);

#endif
