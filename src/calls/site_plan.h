/* SPDX-License-Identifier: Apache-2.0
 *
 * Business hours and holidays per site, as the house writes them down: a YAML
 * file named by the setting `sites`. Webex knows neither. */
#ifndef CALLS_SITE_PLAN_H
#define CALLS_SITE_PLAN_H

#include "base/text.h"
#include "calls/directory.h"

/*
 *	default:                       # every site that says nothing else
 *	  hours: {mon-fri: 07:00-19:00, sat: 08:00-13:00}
 *	  holidays: [2026-12-24]       # besides those of the country
 *	sites:
 *	  Denver:                      # as in Control Hub, or its UUID
 *	    hours: {mon-fri: 08:00-18:00}   # a day that is not named is closed
 *	    workdays: [2026-11-27]     # a holiday on which people work
 *	  NOC-El Salvador:
 *	    hours: always              # or never; on holidays too, but for its own
 *	    country: SV                # where Webex has none
 *	    zone: America/El_Salvador
 *
 * Hours may pass midnight (22:00-06:00: they belong to the day they began on).
 */
struct site_plan;

/* Whatever is not understood is a fault with file:line:column, and the nearest
 * word that is. */
bool site_plan_read(const char *path, struct site_plan **, struct fault *) MUST_USE;
void site_plan_free(struct site_plan *); /* NULL is fine */
size_t site_plan_n_sites(const struct site_plan *);

/*
 * Give every site of a directory its hours and days; plan NULL: the defaults.
 *
 * Names of the plan that no site has are told in `unknown` (may be NULL), one
 * sentence each, with the nearest; to a directory without any site they are
 * added instead: then nobody but the plan knows of sites.
 */
void site_plan_apply(const struct site_plan *, struct directory *, struct text *unknown);

#endif
