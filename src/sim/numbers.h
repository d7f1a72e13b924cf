/* SPDX-License-Identifier: Apache-2.0
 *
 * Invented telephone numbers of the right shape for each country, and how a
 * site dials them. */
#ifndef SIM_NUMBERS_H
#define SIM_NUMBERS_H

#include "sim/org.h"
#include "sim/rng.h"

enum outside_kind {
	OUTSIDE_FIXED, OUTSIDE_MOBILE, OUTSIDE_TOLL_FREE, OUTSIDE_PREMIUM, OUTSIDE_INTERNATIONAL,
	OUTSIDE_WITHHELD
};

/* Somebody on the public network, as a given site sees him. */
struct outside {
	enum outside_kind kind;
	char number[SIM_NUMBER_BYTES]; /* E.164; "" when withheld */
	char country[3];	       /* ISO; "" none (satellite) */
	const char *name;	       /* caller ID name, or NULL */
};

/* A number of the site's own country; `key` names it: same key, same number. */
void outside_domestic(const struct sim_location *, enum outside_kind, uint64_t key, struct outside *out);

/* A number that begins with `prefix` ("+37125"), filled up to its country's length. */
void outside_abroad(const struct sim_location *, const char *prefix, uint64_t key, struct outside *out);

/* Somewhere the organisation's sites call for honest reasons. */
void outside_usual_abroad(const struct sim_location *, uint64_t key, struct outside *out);

/* A caller who shares the first digits of `number` but not the last few. */
void outside_neighbour(const struct sim_location *, const char *number, uint64_t key, struct outside *out);

/* The known prefix (longest) of an E.164 number's territory: its ISO code, "" unknown. */
const char *number_territory(const char *e164);

/* What the user keys in for it. `out` holds 32 bytes. */
void outside_dialled(const struct sim_location *, const struct outside *, struct rng *, char out[32]);

/* The k-th number of the site's own block. */
void site_number(const struct sim_location *, size_t k, char out[SIM_NUMBER_BYTES]);

#endif
