/* SPDX-License-Identifier: Apache-2.0
 *
 * Bad days on demand: which answer goes wrong, and how. Strikes follow a
 * seeded schedule over the requests as they come. Two rules keep every window
 * obtainable: a target that was struck twice is left alone from then on, and
 * after two strikes in a row on one endpoint the next request is served. */
#ifndef SIM_FAULTS_H
#define SIM_FAULTS_H

#include "base/fault.h"
#include "base/i18n.h"
#include "base/map.h"

/* One list: enum, name on the command line, sentence in --help. */
#define SIM_FAULTS(row)                                                          \
	row(STORM429, "storm429", N_("bursts of 429, Retry-After in every form met")) \
	row(SERVER5XX, "server5xx", N_("500, 503, 504 and 423; 504 for large pages of people")) \
	row(SLOW_BODY, "slow_body", N_("bodies that trickle"))                       \
	row(CUT, "cut", N_("connections cut in the middle of a page"))               \
	row(MALFORMED, "malformed", N_("JSON that is broken or ends too soon"))      \
	row(HOSTILE, "hostile", N_("JSON made to hurt: depth, huge numbers, NULs, wrong types")) \
	row(DUPLICATES, "duplicates", N_("a Report ID twice in a page, over pages; events twice")) \
	row(SKEW, "skew", N_("the server's clock is minutes away from ours"))         \
	row(DEAD_REFRESH, "dead_refresh", N_("a refresh token is called expired, once")) \
	row(HTML502, "html502", N_("a gateway's 502 page in HTML"))                  \
	row(HOSTILE_NAMES, "hostile_names", N_("names with escapes, bidi, zero width, broken UTF-8"))

enum sim_fault {
#define SIM_FAULT_ENUM(id, name, sentence) SIM_FAULT_##id,
	SIM_FAULTS(SIM_FAULT_ENUM)
#undef SIM_FAULT_ENUM
	SIM_N_FAULTS
};

#define SIM_FAULT_BIT(fault) (1u << (fault))
#define SIM_FAULTS_ALL	     (SIM_FAULT_BIT(SIM_N_FAULTS) - 1)

const char *sim_fault_name(enum sim_fault);

/* "storm429,cut" or "all" or "" → a mask of SIM_FAULT_BIT. */
bool sim_faults_read(const char *list, unsigned *mask, struct fault *) MUST_USE;

struct sim_faults {
	unsigned mask;
	uint64_t seed, n_asked;
	unsigned n_struck[SIM_N_FAULTS];
	struct map by_target;	/* number: strikes so far */
	struct map by_endpoint; /* number: strikes in a row */
	struct map storms;	/* number: 429s still to come on an endpoint */
};

void sim_faults_init(struct sim_faults *, unsigned mask, uint64_t seed);
void sim_faults_clear(struct sim_faults *);

/*
 * Does a fault out of `allowed` (a mask) strike this request? The fault, or
 * SIM_N_FAULTS for none. `endpoint` is the route, `target` the request as it
 * would be repeated.
 */
enum sim_fault sim_faults_strike(struct sim_faults *, unsigned allowed, const char *endpoint,
    const char *target);

/* A number below n from the same stream, for how to strike. */
uint64_t sim_faults_pick(struct sim_faults *, uint64_t n);

/*
 * The page `bytes` (a JSON document) made malformed or hostile; malloc'd. Some
 * hostile pages stay valid and gain items that are no records: no record of
 * the page is changed.
 */
char *sim_faults_spoil(struct sim_faults *, enum sim_fault, const char *bytes, size_t n,
    size_t *n_out) MUST_USE;

#endif
