/* SPDX-License-Identifier: Apache-2.0
 *
 * Which zone times are shown in: a site's, by name, or UTC. */
#ifndef UI_ZONES_H
#define UI_ZONES_H

#include "base/zone.h"
#include "watch/board.h"

#define ZONES_MAX 64

struct zone_entry {
	char zone_name[64];
	char label[8];	   /* "BOG" of America/Bogota */
	struct zone *zone; /* NULL: could not be read */
};

struct zones {
	struct zone_entry entries[ZONES_MAX];
	size_t n;
	struct {
		char site[96];
		size_t entry; /* n: none */
	} sites[512];
	size_t n_sites;
	size_t current; /* entries, then n: UTC */
	bool chosen;	/* by a person */
};

void zones_clear(struct zones *);
void zones_learn(struct zones *, const struct location_list *);
void zones_next(struct zones *);
const struct zone *zones_current(const struct zones *, const char **label);
/* A site's own; NULL and "UTC" when not known. */
const struct zone *zones_of_site(const struct zones *, const char *site, const char **label);
const struct zone *zones_named(const struct zones *, const char *zone_name);

#endif
