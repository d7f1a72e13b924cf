/* SPDX-License-Identifier: Apache-2.0
 *
 * Sites with their traffic and what is open there; sites and people as a directory. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/zone.h"
#include "calls/directory.h"
#include "store/query.h"

#define WORD(column) "(SELECT text FROM words WHERE id = " column ")"

static void add_location(struct db *db, struct statement *st, struct arena *arena,
    struct location_list *out, size_t *capacity, struct location_row **rows)
{
	*rows = mem_grow(*rows, out->n, capacity, sizeof **rows);
	(*rows)[out->n++] = (struct location_row){ .name = arena_strdup(arena, db_text(db, st, 0)),
		.uuid = arena_strdup(arena, db_text(db, st, 1)), .zone_name = arena_strdup(arena, db_text(db, st, 2)) };
}

static struct location_row *row_named(struct location_row *rows, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++) {
		if (strcmp(rows[i].name, name) == 0)
			return &rows[i];
	}
	return NULL;
}

/* By its name of today, or by one it has had. */
static struct location_row *row_of(struct location_row *rows, size_t n, const char *name, const char *uuid)
{
	struct location_row *row = row_named(rows, n, name);
	for (size_t i = 0; row == NULL && *uuid != '\0' && i < n; i++) {
		if (strcmp(rows[i].uuid, uuid) == 0)
			row = &rows[i];
	}
	return row;
}

static int32_t offset_minutes(const char *zone_name, int64_t now_ms)
{
	struct zone *zone;
	if (*zone_name == '\0' || !zone_open(zone_name, &zone, NULL))
		return 0;
	int32_t minutes = zone_offset_s(zone, now_ms, NULL) / 60;
	zone_free(zone);
	return minutes;
}

/* The one site that has had a name; a name that several had says nothing. */
#define SITE_OF(name_id) "(SELECT min(uuid) FROM site_names WHERE name_id = " name_id " HAVING count(*) = 1)"

static bool fill_hours(struct db *db, int64_t now_ms, struct location_row *rows, size_t n,
    struct fault *fault)
{
	int64_t hour = now_ms / HOUR_MS;
	assert(n == 0 || rows != NULL);
	struct statement *st = db_statement(db,
	    "SELECT " WORD("location_id") ", hour, sum(n_calls), sum(talk_s), sum(cost_micro), " SITE_OF("location_id") " FROM hours WHERE hour > $1 AND hour <= $2 GROUP BY location_id, hour", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "ii", hour - 2 * LOCATION_HOURS, hour);
	enum step step;
	while ((step = db_step(db, st, fault)) == STEP_ROW) {
		char name[256];
		snprintf(name, sizeof name, "%s", db_text(db, st, 0));
		struct location_row *row = row_of(rows, n, name, db_text(db, st, 5));
		if (row == NULL)
			continue;
		int64_t at = db_int(db, st, 1), calls = db_int(db, st, 2);
		if (hour - at < LOCATION_HOURS)
			row->per_hour[LOCATION_HOURS - 1 - (hour - at)] += calls;
		int64_t local_now = now_ms + row->utc_offset_minutes * MINUTE_MS;
		int64_t local_at = at * HOUR_MS + row->utc_offset_minutes * MINUTE_MS;
		if (local_at / DAY_MS == local_now / DAY_MS) {
			row->calls_today += calls;
			row->minutes_today += db_int(db, st, 3) / 60;
			row->cost_today_micro += db_int(db, st, 4);
		}
	}
	db->engine->reset(st);
	for (size_t i = 0; i < n; i++)
		rows[i].calls_last_hour = rows[i].per_hour[LOCATION_HOURS - 1] +
		    rows[i].per_hour[LOCATION_HOURS - 2] * (HOUR_MS - now_ms % HOUR_MS) / HOUR_MS;
	return step == STEP_DONE;
}

bool query_locations(struct db *db, int64_t now_ms, struct arena *arena,
    struct location_list *out, struct fault *fault)
{
	size_t capacity = 0;
	struct location_row *rows = NULL;
	enum step step = STEP_FAULT;
	*out = (struct location_list){ 0 };
	/* Sites of Webex, and names that only the records of the last month know: the last one there is. */
	int64_t newest;
	if (!db_ask_int(db, "SELECT max(hour) FROM hours", 0, &newest, fault))
		return false;
	struct statement *st = db_statement(db,
	    "SELECT name, uuid, zone FROM sites UNION ALL SELECT w.text, '', '' FROM words w WHERE w.id IN"
	    " (SELECT DISTINCT location_id FROM hours WHERE hour > $1) AND w.text NOT IN (SELECT name FROM sites)"
	    " AND coalesce(" SITE_OF("w.id") ", '') NOT IN (SELECT uuid FROM sites) ORDER BY 1", fault);
	if (st != NULL) {
		db_bind(db, st, "i", MIN(now_ms / HOUR_MS, newest) - 31 * 24);
		while ((step = db_step(db, st, fault)) == STEP_ROW) {
			add_location(db, st, arena, out, &capacity, &rows);
			rows[out->n - 1].utc_offset_minutes = offset_minutes(rows[out->n - 1].zone_name, now_ms);
		}
		db->engine->reset(st);
	}
	bool ok = step == STEP_DONE && fill_hours(db, now_ms, rows, out->n, fault);
	st = ok ? db_statement(db, "SELECT a.location, a.severity, sum(a.n), (SELECT min(n.uuid) FROM site_names n JOIN words w ON w.id = n.name_id"
				   " WHERE w.text = a.location HAVING count(*) = 1) FROM open_alerts a GROUP BY a.location, a.severity",
		      fault) :
		  NULL;
	ok = st != NULL;
	while (ok && (step = db_step(db, st, fault)) == STEP_ROW) {
		char name[256];
		snprintf(name, sizeof name, "%s", db_text(db, st, 0));
		struct location_row *row = row_of(rows, out->n, name, db_text(db, st, 3));
		int64_t severity = db_int(db, st, 1);
		if (row != NULL && severity >= 0 && severity < 4)
			row->n_open[severity] += db_int(db, st, 2);
	}
	if (st != NULL)
		db->engine->reset(st);
	out->items = arena_alloc(arena, out->n * sizeof *rows);
	if (rows != NULL)
		memcpy(out->items, rows, out->n * sizeof *rows);
	free(rows);
	return ok && step == STEP_DONE;
}

bool query_directory(struct db *db, struct directory *directory, struct fault *fault)
{
	struct statement *st = db_statement(db, "SELECT uuid, name, country, zone, outside_digit, routing_prefix, main_number FROM sites", fault);
	if (st == NULL)
		return false;
	enum step step;
	while ((step = db_step(db, st, fault)) == STEP_ROW) {
		struct site site = { .uuid = mem_strdup(db_text(db, st, 0)), .name = mem_strdup(db_text(db, st, 1)),
			.zone_name = mem_strdup(db_text(db, st, 3)), .outside_digit = db_text(db, st, 4)[0],
			.routing_prefix = mem_strdup(db_text(db, st, 5)), .main_number = mem_strdup(db_text(db, st, 6)) };
		strncpy(site.country, db_text(db, st, 2), sizeof site.country - 1);
		site_default_hours(&site);
		directory_add_site(directory, &site);
		free(site.uuid);
		free(site.name);
		free(site.zone_name);
		free(site.routing_prefix);
		free(site.main_number);
	}
	db->engine->reset(st);
	if (step == STEP_FAULT)
		return false;
	st = db_statement(db, "SELECT uuid, name, email, site_uuid, extension, number, team FROM people", fault);
	if (st == NULL)
		return false;
	while ((step = db_step(db, st, fault)) == STEP_ROW) {
		char *parts[7];
		for (int i = 0; i < 7; i++)
			parts[i] = mem_strdup(db_text(db, st, i));
		struct person person = { parts[0], parts[1], parts[2], parts[3], parts[4], parts[5], parts[6] };
		directory_add_person(directory, &person);
		for (int i = 0; i < 7; i++)
			free(parts[i]);
	}
	db->engine->reset(st);
	return step == STEP_DONE;
}
