/* SPDX-License-Identifier: Apache-2.0
 *
 * What changed about somebody who was known before: calls from another site, by
 * another trunk, under another number, with another device. A line that was
 * taken over often shows in one of these first. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "store/query_profile_parts.h"

#define CHANGES_MAX 6

void profile_change_count(struct reading *r, enum profile_change_kind kind, int64_t word, int64_t start_ms)
{
	bool is_new;
	const int64_t key[] = { (int64_t)kind, word };
	if (word <= 0)
		return;
	union map_value *at = map_put_n(&r->by_value, (const char *)key, sizeof key, &is_new);
	if (is_new) {
		r->values = mem_grow(r->values, r->n_values, &r->values_capacity, sizeof *r->values);
		at->number = (int64_t)r->n_values;
		r->values[r->n_values++] = (struct value_seen){ kind, word, start_ms };
	}
	struct value_seen *value = &r->values[at->number];
	value->first_ms = MIN(value->first_ms, start_ms);
}

/* Another of its kind was there before: else nothing has changed. */
static bool had_another(const struct reading *r, const struct value_seen *value)
{
	for (size_t i = 0; i < r->n_values; i++)
		if (r->values[i].kind == value->kind && r->values[i].word != value->word && !profile_is_news(r, r->values[i].first_ms))
			return true;
	return false;
}

/* A site that was given another name is where they were before. */
static bool read_renamed(struct reading *r, const struct value_seen *value, bool *renamed, struct fault *fault)
{
	*renamed = false;
	for (size_t i = 0; value->kind == CHANGE_SITE && i < r->n_values && !*renamed; i++) {
		const struct value_seen *other = &r->values[i];
		if (other->kind != CHANGE_SITE || other->first_ms >= value->first_ms)
			continue;
		struct statement *st = db_statement(r->db, "SELECT 1 FROM site_names a JOIN site_names b ON b.uuid = a.uuid WHERE a.name_id = $1 AND b.name_id = $2 LIMIT 1", fault);
		if (st == NULL)
			return false;
		db_bind(r->db, st, "ii", value->word, other->word);
		enum step step = db_step(r->db, st, fault);
		*renamed = step == STEP_ROW;
		r->db->engine->reset(st);
		if (step == STEP_FAULT)
			return false;
	}
	return true;
}

static int newest_first(const void *a, const void *b)
{
	const struct value_seen *x = a, *y = b;
	int64_t more = y->first_ms != x->first_ms ? y->first_ms - x->first_ms : x->word - y->word;
	return (more > 0) - (more < 0);
}

static void add(struct reading *r, enum profile_change_kind kind, const char *name, int64_t first_ms)
{
	if (r->out->n_changes < CHANGES_MAX)
		r->out->changes[r->out->n_changes++] = (struct profile_change){ kind, name, first_ms };
}

bool profile_read_changes(struct reading *r, struct fault *fault)
{
	struct profile *out = r->out;
	out->changes = arena_alloc(r->arena, CHANGES_MAX * sizeof *out->changes);
	for (size_t i = 0; i < out->n_devices; i++)
		if (out->devices[i].is_new)
			add(r, CHANGE_DEVICE, out->devices[i].mac, out->devices[i].first_ms);
	/* A site or a trunk meets new countries every day: there only what is risky. */
	bool many = out->kind == SUBJECT_SITE || out->kind == SUBJECT_TRUNK;
	for (size_t i = 0; i < out->n_countries; i++)
		if (out->countries[i].is_new && *out->countries[i].country != '\0' && (!many || out->countries[i].tier >= TIER_HIGH))
			add(r, CHANGE_COUNTRY, out->countries[i].country, out->countries[i].first_ms);
	if (r->n_values > 0)
		qsort(r->values, r->n_values, sizeof *r->values, newest_first);
	for (size_t i = 0; i < r->n_values && out->n_changes < CHANGES_MAX; i++) {
		const struct value_seen *value = &r->values[i];
		const char *name;
		bool renamed;
		if (!profile_is_news(r, value->first_ms))
			break;
		if (!had_another(r, value))
			continue;
		if (!read_renamed(r, value, &renamed, fault) || !profile_word(r, value->word, &name, fault))
			return false;
		if (renamed)
			continue;
		add(r, value->kind, name, value->first_ms);
	}
	return true;
}
