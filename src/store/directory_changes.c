/* SPDX-License-Identifier: Apache-2.0 */
#include "store/directory_changes.h"

#include <string.h>

#include "base/log.h"
#include "base/text.h"
#include "calls/directory.h"
#include "store/directory_rows.h"
#include "store/query.h"
#include "store/store.h"

struct comparing {
	struct store *store;
	int64_t now_ms;
	size_t n;
	struct fault *fault;
};

static const char *shown(const char *text, char out[static 256])
{
	text = text == NULL ? "" : text;
	text_printable(out, 256, text, strlen(text));
	return out;
}

static bool add(struct comparing *c, const char *uuid, const char *name, const char *what, const char *was, const char *became)
{
	struct db *db = &c->store->db;
	char texts[4][256];
	if (c->n++ >= DIRECTORY_CHANGES_MOST)
		return true;
	struct statement *st = db_statement(db, "INSERT INTO directory_changes (seq, at_ms, uuid, name, what, was, became)"
	    " SELECT coalesce(max(seq), 0) + 1, $1, $2, $3, $4, $5, $6 FROM directory_changes", c->fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "ittttt", c->now_ms, shown(uuid, texts[0]), shown(name, texts[1]), what, shown(was, texts[2]), shown(became, texts[3]));
	return db_run(db, st, c->fault);
}

/* As its column would hold it: printable, and cut. */
static bool differ(const char *was, const char *is, size_t column)
{
	char stored[256];
	assert(column <= sizeof stored);
	is = is == NULL ? "" : is;
	text_printable(stored, column, is, strlen(is));
	return strcmp(was == NULL ? "" : was, stored) != 0;
}

static const char *site_name(const struct directory *directory, const char *uuid)
{
	const struct site *site = uuid == NULL ? NULL : directory_site(directory, uuid);
	return site != NULL ? site->name : uuid;
}

static bool compare_person(struct comparing *c, const struct directory *old, const struct directory *new, const struct person *p)
{
	const struct person *was = directory_person(old, p->uuid);
	if (was == NULL)
		return add(c, p->uuid, p->name, "added", "", site_name(new, p->site_uuid));
	const struct {
		const char *what, *was, *is;
		size_t column;
	} fields[] = { { "name", was->name, p->name, COLUMN_NAME }, { "email", was->email, p->email, COLUMN_EMAIL },
		{ "extension", was->extension, p->extension, COLUMN_NUMBER }, { "number", was->number, p->number, COLUMN_NUMBER },
		{ "team", was->team, p->team, COLUMN_TEAM } };
	for (size_t i = 0; i < COUNT_OF(fields); i++)
		if (differ(fields[i].was, fields[i].is, fields[i].column) && !add(c, p->uuid, p->name, fields[i].what, fields[i].was, fields[i].is))
			return false;
	return !differ(was->site_uuid, p->site_uuid, COLUMN_UUID) || add(c, p->uuid, p->name, "site", site_name(old, was->site_uuid), site_name(new, p->site_uuid));
}

static bool compare_site(struct comparing *c, const struct directory *old, const struct site *site)
{
	const struct site *was = directory_site(old, site->uuid);
	if (was == NULL)
		return add(c, site->uuid, site->name, "added", "", "");
	const struct {
		const char *what, *was, *is;
		size_t column;
	} fields[] = { { "name", was->name, site->name, COLUMN_NAME }, { "zone", was->zone_name, site->zone_name, COLUMN_ZONE },
		{ "country", was->country, site->country, sizeof was->country }, { "number", was->main_number, site->main_number, COLUMN_NUMBER } };
	for (size_t i = 0; i < COUNT_OF(fields); i++)
		if (differ(fields[i].was, fields[i].is, fields[i].column) && !add(c, site->uuid, site->name, fields[i].what, fields[i].was, fields[i].is))
			return false;
	return true;
}

bool directory_changes_write(struct store *store, const struct directory *new, int64_t now_ms, struct fault *fault)
{
	struct comparing c = { store, now_ms, 0, fault };
	struct directory *old = directory_new();
	bool ok = query_directory(&store->db, old, fault);
	/* People may be missing for want of a scope: then nothing is said of them. */
	bool people = old->n_people > 0 && new->n_people > 0, sites = old->n_sites > 0 && new->n_sites > 0;
	for (size_t i = 0; ok && people && i < new->n_people; i++)
		ok = compare_person(&c, old, new, &new->people[i]);
	for (size_t i = 0; ok && people && i < old->n_people; i++)
		if (directory_person(new, old->people[i].uuid) == NULL)
			ok = add(&c, old->people[i].uuid, old->people[i].name, "removed", site_name(old, old->people[i].site_uuid), "");
	for (size_t i = 0; ok && sites && i < new->n_sites; i++)
		ok = compare_site(&c, old, &new->sites[i]);
	for (size_t i = 0; ok && sites && i < old->n_sites; i++)
		if (directory_site(new, old->sites[i].uuid) == NULL)
			ok = add(&c, old->sites[i].uuid, old->sites[i].name, "removed", "", "");
	if (ok && c.n > DIRECTORY_CHANGES_MOST)
		log_unusual("%zu changes of the directory at once: the first %d are kept", c.n, DIRECTORY_CHANGES_MOST);
	directory_free(old);
	return ok;
}

bool directory_changes_read(struct db *db, const char *uuid, int64_t from_ms, int64_t until_ms, size_t most, struct arena *arena,
    struct directory_change **out, size_t *n, struct fault *fault)
{
	struct statement *st = db_statement(db, "SELECT at_ms, uuid, name, what, was, became FROM directory_changes WHERE uuid = $1 AND at_ms >= $2 AND at_ms <= $3"
	    " ORDER BY at_ms, seq LIMIT $4", fault);
	*n = 0;
	*out = arena_alloc(arena, (most + 1) * sizeof **out);
	if (st == NULL)
		return false;
	db_bind(db, st, "tiii", uuid, from_ms, until_ms, (int64_t)most);
	enum step step;
	while ((step = db_step(db, st, fault)) == STEP_ROW && *n < most) {
		struct directory_change *change = &(*out)[(*n)++];
		const char **const texts[] = { &change->uuid, &change->name, &change->what, &change->was, &change->became };
		change->at_ms = db_int(db, st, 0);
		for (size_t i = 0; i < COUNT_OF(texts); i++)
			*texts[i] = arena_strdup(arena, db_text(db, st, 1 + (int)i));
	}
	db->engine->reset(st);
	return step != STEP_FAULT;
}
