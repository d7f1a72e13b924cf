/* SPDX-License-Identifier: Apache-2.0
 *
 * Whom a person talks with, and which countries; which of our people a number
 * talks with: counted call by call, ranked, and whether they are new. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "store/query_profile_parts.h"

#define COUNTRIES_MAX 8

bool profile_word(struct reading *r, int64_t id, const char **text, struct fault *fault)
{
	*text = "";
	if (id <= 0)
		return true;
	struct statement *st = db_statement(r->db, "SELECT text FROM words WHERE id = $1", fault);
	if (st == NULL)
		return false;
	db_bind(r->db, st, "i", id);
	enum step step = db_step(r->db, st, fault);
	if (step == STEP_ROW)
		*text = arena_strdup(r->arena, db_text(r->db, st, 0));
	r->db->engine->reset(st);
	return step != STEP_FAULT;
}

struct contact *profile_contact_count(struct reading *r, struct statement *st)
{
	struct db *db = r->db;
	bool is_new;
	int64_t user_id = db_int(db, st, C_USER), start = db_int(db, st, C_START);
	const char *far = db_text(db, st, C_FAR);
	if (r->person && (*far == '\0' || db_int(db, st, C_DIRECTION) == CALL_INTERNAL))
		return NULL;
	union map_value *at = r->person ? map_put(&r->by_contact, far, &is_new) :
					  map_put_n(&r->by_contact, (const char *)&user_id, sizeof user_id, &is_new);
	if (is_new) {
		r->contacts = mem_grow(r->contacts, r->n_contacts, &r->contacts_capacity, sizeof *r->contacts);
		at->number = (int64_t)r->n_contacts;
		struct contact *contact = &r->contacts[r->n_contacts++];
		*contact = (struct contact){ .user_id = user_id, .row = { .name = "", .first_ms = start, .last_ms = start } };
		contact->row.id = r->person ? arena_strdup(r->arena, far) : "";
		strncpy(contact->row.country, db_text(db, st, C_COUNTRY), sizeof contact->row.country - 1);
		contact->row.class = (enum number_class)db_int(db, st, C_CLASS);
		contact->row.tier = (enum risk_tier)db_int(db, st, C_TIER);
	}
	struct contact *contact = &r->contacts[at->number];
	struct profile_contact *row = &contact->row;
	*(db_int(db, st, C_DIRECTION) == CALL_INBOUND ? &row->n_in : &row->n_out) += 1;
	row->talk_s += db_int(db, st, C_TALK);
	row->cost_micro += db_int(db, st, C_COST);
	row->first_ms = MIN(row->first_ms, start);
	if (start >= row->last_ms || contact->name_id == 0)
		contact->name_id = db_int(db, st, C_USER_NAME);
	row->last_ms = MAX(row->last_ms, start);
	return contact;
}

void profile_country_count(struct reading *r, struct statement *st)
{
	struct db *db = r->db;
	bool is_new;
	char key[8];
	const char *country = db_text(db, st, C_COUNTRY);
	enum number_class class = (enum number_class)db_int(db, st, C_CLASS);
	if (*country == '\0' && class != NUMBER_SATELLITE && class != NUMBER_GLOBAL)
		return; /* an extension, a service: nowhere */
	memset(key, 0, sizeof key);
	strncpy(key, country, 2);
	key[3] = *country == '\0' ? (char)class : 0;
	union map_value *at = map_put_n(&r->by_country, key, sizeof key, &is_new);
	int64_t start = db_int(db, st, C_START);
	enum risk_tier tier = (enum risk_tier)db_int(db, st, C_TIER);
	if (is_new) {
		r->countries = mem_grow(r->countries, r->n_countries, &r->countries_capacity, sizeof *r->countries);
		at->number = (int64_t)r->n_countries;
		r->countries[r->n_countries] = (struct profile_country){ .class = class, .first_ms = start };
		strncpy(r->countries[r->n_countries++].country, country, 2);
	}
	struct profile_country *row = &r->countries[at->number];
	row->n_calls++;
	row->cost_micro += db_int(db, st, C_COST);
	row->first_ms = MIN(row->first_ms, start);
	row->tier = MAX(row->tier, tier);
}

static int most_first(const void *a, const void *b)
{
	const struct profile_contact *x = &((const struct contact *)a)->row, *y = &((const struct contact *)b)->row;
	int64_t more = y->n_out + y->n_in - x->n_out - x->n_in;
	if (more == 0)
		more = y->last_ms - x->last_ms;
	return more != 0 ? (more > 0) - (more < 0) : strcmp(x->id, y->id);
}

static int most_calls_first(const void *a, const void *b)
{
	const struct profile_country *x = a, *y = b;
	int64_t more = y->n_calls - x->n_calls;
	if (more == 0)
		more = x->first_ms - y->first_ms;
	return more != 0 ? (more > 0) - (more < 0) : strcmp(x->country, y->country);
}

/* Were they in touch before these weeks? */
static bool look_back(struct reading *r, struct contact *contact, struct fault *fault)
{
	int64_t until = contact->row.first_ms / DAY_MS;
	const char *number = r->person ? contact->row.id : r->out->id;
	int64_t user_id = r->person ? r->user_id : contact->user_id;
	for (int64_t day = r->first_day; day < until; day++) {
		struct statement *st = db_statement(r->db, "SELECT min(id) FROM calls WHERE " SQL_NUMBER_ON_DAY " AND user_id = $3 AND direction <> 0", fault);
		if (st == NULL)
			return false;
		db_bind(r->db, st, "iti", day, number, user_id);
		enum step step = db_step(r->db, st, fault);
		bool met = step == STEP_ROW && !db_is_null(r->db, st, 0);
		if (met)
			contact->row.first_ms = db_int(r->db, st, 0) >> PROFILE_KEY_BITS;
		r->db->engine->reset(st);
		if (met || step == STEP_FAULT)
			return met;
	}
	return true;
}

/* New is what came lately to somebody who was here before. To a newcomer all is
 * new: there it is only what came in the last quarter of the time. */
bool profile_is_news(const struct reading *r, int64_t first_ms)
{
	int64_t lately = MIN(PROFILE_NEW * DAY_MS, (r->now_ms - r->out->first_ms) / 4);
	return first_ms > r->now_ms - lately;
}

void profile_rank_countries(struct reading *r)
{
	struct profile *out = r->out;
	if (r->n_countries > 0)
		qsort(r->countries, r->n_countries, sizeof *r->countries, most_calls_first);
	out->n_countries = MIN(r->n_countries, (size_t)COUNTRIES_MAX);
	out->countries = arena_alloc(r->arena, COUNTRIES_MAX * sizeof *out->countries);
	for (size_t i = 0; i < out->n_countries; i++) {
		out->countries[i] = r->countries[i];
		out->countries[i].is_new = profile_is_news(r, r->countries[i].first_ms);
	}
}

bool profile_rank(struct reading *r, struct fault *fault)
{
	struct profile *out = r->out;
	if (r->n_contacts > 0)
		qsort(r->contacts, r->n_contacts, sizeof *r->contacts, most_first);
	profile_rank_countries(r);
	out->n_contacts_all = r->n_contacts;
	out->n_contacts = MIN(r->n_contacts, (size_t)CONTACTS_MAX);
	out->contacts = arena_alloc(r->arena, CONTACTS_MAX * sizeof *out->contacts);
	for (size_t i = 0; i < out->n_contacts; i++) {
		struct contact *contact = &r->contacts[i];
		if (!look_back(r, contact, fault))
			return false;
		bool named = r->person || (profile_word(r, contact->user_id, &contact->row.id, fault) &&
					      profile_word(r, contact->name_id, &contact->row.name, fault));
		if (!named)
			return false;
		contact->row.is_new = profile_is_news(r, contact->row.first_ms);
		out->contacts[i] = contact->row;
	}
	return true;
}

void profile_contacts_clear(struct reading *r)
{
	free(r->contacts);
	free(r->countries);
	map_clear(&r->by_contact);
	map_clear(&r->by_country);
	map_clear(&r->by_value);
	free(r->values);
}
