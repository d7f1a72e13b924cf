/* SPDX-License-Identifier: Apache-2.0
 *
 * A profile while it is read, shared by query_profile.c (people, numbers),
 * query_place.c (sites, trunks, devices), query_devices.c and query_contacts.c. */
#ifndef STORE_QUERY_PROFILE_PARTS_H
#define STORE_QUERY_PROFILE_PARTS_H

#include "base/map.h"
#include "base/zone.h"
#include "store/query_parts.h"

#define PROFILE_KEY_BITS 20 /* of a call's id, below its start */

struct value_seen {
	enum profile_change_kind kind;
	int64_t word, first_ms;
};

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
	int64_t *ids, *forwards; /* of calls; those that were forwarded to outside */
	size_t n_ids, ids_capacity, n_forwards, forwards_capacity;
	struct map by_contact, by_country, by_value;
	struct value_seen *values;
	size_t n_values, values_capacity;
	struct contact *contacts;
	size_t n_contacts, contacts_capacity;
	struct profile_country *countries;
	size_t n_countries, countries_capacity;
};

#define CONTACTS_MAX 12

/* The columns of a call that is counted. */
enum { C_ID, C_START, C_TALK, C_DIRECTION, C_COUNTRY, C_CLASS, C_TIER, C_COST, C_FAR, C_USER, C_USER_NAME, C_CALL_TYPE, C_FLAGS, C_LOCATION, C_TRUNK, C_NUMBER };
#define CALLS_COUNTED                                                                              \
	"SELECT id, start_ms, talk_s, direction, country, class, tier, cost_micro, far_number, user_id," \
	" user_name_id, coalesce(call_type_id, 0), flags, location_id, trunk_id, user_number_id FROM calls WHERE "

/* When something was, at the site. */
struct local_hour {
	int ago; /* days before today; ≤ PROFILE_DAYS */
	int weekday, hour;
};
/* False: it is later than now, or too long ago. */
bool profile_when(const struct reading *, int64_t ms, struct local_hour *out);
void profile_count(struct reading *, const struct local_hour *, int64_t n_calls, int64_t talk_s, int64_t cost_micro);
/* Its id, and whether it was forwarded to outside. */
void profile_keep_id(struct reading *, struct statement *);
bool profile_is_out(int64_t direction);
bool profile_is_abroad(struct reading *, struct statement *);

/* Steps of any profile, in this order: as of when, which site (by a uuid, a name or r->location_id), its
 * offset for lack of a zone, its today; then how many days are known, and what is usual on such a day. */
bool profile_read_as_of(struct reading *, struct fault *) MUST_USE;
bool profile_read_site(struct reading *, const char *uuid, const char *name, struct fault *) MUST_USE;
/* The record of a leg, in the arena. False: it is not kept any more (they are not
 * for ever), or is damaged. */
bool profile_record(struct reading *, int64_t leg, struct cdr *out);
bool profile_read_offset(struct reading *, struct fault *) MUST_USE;
void profile_set_today(struct reading *);
void profile_set_known(struct reading *);
void profile_set_usual(struct reading *);
bool profile_read_recent(struct reading *, struct fault *) MUST_USE; /* and forwards */
bool profile_read_alerts(struct reading *, struct fault *) MUST_USE;

/* All of a site, a trunk or a device: query_place.c. */
bool profile_read_place(struct reading *, struct fault *) MUST_USE;
/* The devices of a person; what a device is (its word) and whose: query_devices.c. */
bool profile_read_devices(struct reading *, struct fault *) MUST_USE;
bool profile_read_device(struct reading *, int64_t device, struct fault *) MUST_USE;

/* query_changes.c: a value of it was met then; afterwards what of them is new. */
void profile_change_count(struct reading *, enum profile_change_kind, int64_t word, int64_t start_ms);
bool profile_read_changes(struct reading *, struct fault *) MUST_USE;
/* Did it come lately to somebody who was here before? */
bool profile_is_news(const struct reading *, int64_t first_ms);

/* NULL: it is nobody's */
struct contact *profile_contact_count(struct reading *, struct statement *);
void profile_country_count(struct reading *, struct statement *);
/* The first of them into the profile, with what is known of each. */
bool profile_rank(struct reading *, struct fault *) MUST_USE;
void profile_rank_countries(struct reading *);
void profile_contacts_clear(struct reading *);
/* A word's id; -1 of none. */
bool profile_find_word(struct db *, const char *text, int64_t *id, struct fault *) MUST_USE;
/* The text of a word into the arena; "" of none. */
bool profile_word(struct reading *, int64_t id, const char **text, struct fault *) MUST_USE;

#endif
