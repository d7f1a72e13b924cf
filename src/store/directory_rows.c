/* SPDX-License-Identifier: Apache-2.0 */
#include "store/directory_rows.h"

#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "calls/directory.h"
#include "store/directory_changes.h"

static const char *shown(const char *text, char *out, size_t capacity)
{
	text_printable(out, capacity, text == NULL ? "" : text, text == NULL ? 0 : strlen(text));
	return out;
}

static bool write_site(struct db *db, const struct site *site, struct fault *fault)
{
	struct statement *st = db_statement(db, "INSERT INTO sites (uuid, name, country, zone, outside_digit, routing_prefix, main_number) VALUES ($1,$2,$3,$4,$5,$6,$7) ON CONFLICT (uuid) DO NOTHING", fault);
	char name[COLUMN_NAME], zone[COLUMN_ZONE], prefix[COLUMN_NUMBER], number[COLUMN_NUMBER], digit[2] = { site->outside_digit, '\0' };
	if (st == NULL)
		return false;
	db_bind(db, st, "ttttttt", site->uuid, shown(site->name, name, sizeof name), site->country,
	    shown(site->zone_name, zone, sizeof zone), digit, shown(site->routing_prefix, prefix, sizeof prefix),
	    shown(site->main_number, number, sizeof number));
	return db_run(db, st, fault);
}

static bool write_person(struct db *db, const struct person *p, struct fault *fault)
{
	struct statement *st = db_statement(db, "INSERT INTO people (uuid, name, email, site_uuid, extension, number, team) VALUES ($1,$2,$3,$4,$5,$6,$7) ON CONFLICT (uuid) DO NOTHING", fault);
	char uuid[COLUMN_UUID], name[COLUMN_NAME], email[COLUMN_EMAIL], site[COLUMN_UUID], extension[COLUMN_NUMBER], number[COLUMN_NUMBER], team[COLUMN_TEAM];
	if (st == NULL)
		return false;
	db_bind(db, st, "ttttttt", shown(p->uuid, uuid, sizeof uuid), shown(p->name, name, sizeof name),
	    shown(p->email, email, sizeof email), shown(p->site_uuid, site, sizeof site),
	    shown(p->extension, extension, sizeof extension), shown(p->number, number, sizeof number),
	    shown(p->team, team, sizeof team));
	return db_run(db, st, fault);
}

bool directory_rows_write(struct store *store, const struct directory *directory, struct fault *fault)
{
	struct db *db = &store->db;
	bool ok = db_begin(db, fault) && directory_changes_write(store, directory, clock_real_ms(), fault) && db_exec(db, "DELETE FROM sites", fault);
	for (size_t i = 0; ok && i < directory->n_sites; i++)
		ok = write_site(db, &directory->sites[i], fault);
	if (ok && directory->n_people > 0)
		ok = db_exec(db, "DELETE FROM people", fault);
	for (size_t i = 0; ok && i < directory->n_people; i++)
		ok = write_person(db, &directory->people[i], fault);
	return db_end(db, ok, fault);
}
