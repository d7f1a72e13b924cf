/* SPDX-License-Identifier: Apache-2.0
 *
 * Sites and people as last read from Webex, with the business hours of the
 * configuration. A snapshot: never changed after it was handed out. */
#ifndef CALLS_DIRECTORY_H
#define CALLS_DIRECTORY_H

#include "base/iso_time.h"
#include "base/map.h"
#include "base/zone.h"

struct site {
	char *uuid, *name;
	char country[3];	  /* ISO; "" unknown */
	char *zone_name;	  /* "America/Bogota"; NULL unknown */
	struct zone *zone;	  /* NULL: use the record's own offset */
	char outside_digit;	  /* 0: none */
	char *routing_prefix;	  /* "" none */
	char *main_number;	  /* E.164 or "" */
	/* Open from..until, minutes after local midnight, per weekday (0 =
	 * Sunday); from == until: closed all day. */
	int16_t open_from[7], open_until[7];
	/* Open always: holidays of its country are none here, nor are those of
	 * the whole house where it was said of this site itself. */
	bool no_country_days, no_house_days;
};

struct person {
	char *uuid, *name, *email, *site_uuid, *extension, *number; /* "" unknown */
	char *team;						     /* department; "" */
};

struct directory {
	struct site *sites;
	size_t n_sites;
	struct person *people;
	size_t n_people;
	struct map site_by_uuid, site_by_name; /* number: index */
	struct map person_by_uuid;	       /* number: index */
	struct map holidays;		       /* "CO 2026-12-25" → 1 */
	/* Of the house itself (site_plan.h): "UUID 2026-12-24", or "* …" for all
	 * sites; 1 a holiday, 0 worked all the same. */
	struct map site_days;
	bool has_otherwise;		       /* hours of a site that nobody knows: */
	int16_t otherwise_from[7], otherwise_until[7];
	bool otherwise_always;
};

struct directory *directory_new(void);
/* Both copy what they are given; an existing uuid is replaced. The site's zone
 * is opened from zone_name when it can be. */
void directory_add_site(struct directory *, const struct site *);
void directory_add_person(struct directory *, const struct person *);
void directory_free(struct directory *);

const struct site *directory_site(const struct directory *, const char *uuid); /* or NULL */
const struct site *directory_site_named(const struct directory *, const char *name);
const struct person *directory_person(const struct directory *, const char *uuid);

/* Read data/calendars: "country,date,name" rows into holidays. */
bool directory_read_holidays(struct directory *, const char *folder, struct fault *) MUST_USE;

/* Where a day of the house stands in site_days; whose: a UUID, or "*". */
#define DAY_KEY_BYTES 96
char *directory_day_key(const char *whose, const char date[11], char key[static DAY_KEY_BYTES]);
/* Is that day a holiday there? site NULL: known by its country alone; country
 * "" unknown. date is local. */
bool directory_is_holiday(const struct directory *, const struct site *, const char country[3],
    const struct civil *date);
/* The hours of a site that is not in it (directory may be NULL). */
void directory_unknown_hours(const struct directory *, struct site *out);

void site_set_zone(struct site *, const char *zone_name); /* "" or unknown: none */

/* Default hours: Monday to Friday 07:00-19:00, Saturday 08:00-13:00. */
void site_default_hours(struct site *);

#endif
