/* SPDX-License-Identifier: Apache-2.0
 *
 * A profile while it is read, shared by query_profile.c and query_contacts.c. */
#ifndef STORE_QUERY_PROFILE_PARTS_H
#define STORE_QUERY_PROFILE_PARTS_H

#include "base/map.h"
#include "base/zone.h"
#include "store/query_parts.h"

#define PROFILE_KEY_BITS 20 /* of a call's id, below its start */

struct contact {
	struct profile_contact row;
	int64_t user_id, name_id;
};

struct reading {
	struct db *db;
	struct arena *arena;
	struct profile *out;
	bool person;
	int64_t user_id; /* of a person; -1 unknown */
	int64_t now_ms, first_day; /* days UTC: first_day is the oldest that is looked at */
	struct zone *zone;	   /* NULL: UTC */
	int64_t local_today;
	int64_t last_id, last_start_ms, name_id, number_id, location_id; /* of its last call */
	char home[3];
	int64_t international;	   /* the word */
	int64_t *ids;
	size_t n_ids, ids_capacity;
	struct map by_contact, by_country;
	struct contact *contacts;
	size_t n_contacts, contacts_capacity;
	struct profile_country *countries;
	size_t n_countries, countries_capacity;
};

/* The columns of a call that is counted. */
enum { C_ID, C_START, C_TALK, C_DIRECTION, C_COUNTRY, C_CLASS, C_TIER, C_COST, C_FAR, C_USER, C_USER_NAME, C_CALL_TYPE };
#define CALLS_OF_DAY                                                                               \
	"SELECT id, start_ms, talk_s, direction, country, class, tier, cost_micro, far_number, user_id," \
	" user_name_id, coalesce(call_type_id, 0) FROM calls WHERE day = $1 AND "

void profile_contact_count(struct reading *, struct statement *);
void profile_country_count(struct reading *, struct statement *);
/* The first of them into the profile, with what is known of each. */
bool profile_rank(struct reading *, struct fault *) MUST_USE;
void profile_contacts_clear(struct reading *);
/* The text of a word into the arena; "" of none. */
bool profile_word(struct reading *, int64_t id, const char **text, struct fault *) MUST_USE;

#endif
