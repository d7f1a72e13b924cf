/* SPDX-License-Identifier: Apache-2.0
 *
 * Owns copies of what it is given; places are looked up by index, so that the
 * arrays may move while it is filled. Who reads Webex is webex/. */
#include "calls/directory.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/csv.h"
#include "base/iso_time.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/text.h"

#define CALENDAR_BYTES ((size_t)1024 * 1024)

static char *copy(const char *text)
{
	return mem_strdup(text == NULL ? "" : text);
}

static void site_clear(struct site *site)
{
	free(site->uuid);
	free(site->name);
	free(site->zone_name);
	zone_free(site->zone);
	free(site->routing_prefix);
	free(site->main_number);
}

static void person_clear(struct person *person)
{
	free(person->uuid);
	free(person->name);
	free(person->email);
	free(person->site_uuid);
	free(person->extension);
	free(person->number);
	free(person->team);
}

struct directory *directory_new(void)
{
	return mem_zalloc(sizeof(struct directory));
}

void directory_free(struct directory *directory)
{
	if (directory == NULL)
		return;
	for (size_t i = 0; i < directory->n_sites; i++)
		site_clear(&directory->sites[i]);
	for (size_t i = 0; i < directory->n_people; i++)
		person_clear(&directory->people[i]);
	free(directory->sites);
	free(directory->people);
	map_clear(&directory->site_by_uuid);
	map_clear(&directory->site_by_name);
	map_clear(&directory->person_by_uuid);
	map_clear(&directory->holidays);
	map_clear(&directory->site_days);
	free(directory);
}

/* Room for one more: the arrays double, and their capacity is what a power of
 * two above n says, so that the public struct needs no member for it. */
static void *room(void *array, size_t n, size_t item)
{
	if (n != 0 && (n < 8 || (n & (n - 1)) != 0))
		return array;
	return mem_realloc(array, (n == 0 ? 8 : n * 2) * item);
}

static bool zone_for(const char *name, struct zone **out)
{
	struct fault fault;
	if (name == NULL || name[0] == '\0')
		return false;
	if (zone_open(name, out, &fault))
		return true;
	log_unusual("%s", fault.text);
	return false;
}

void site_set_zone(struct site *site, const char *zone_name)
{
	char *name = zone_name == NULL || zone_name[0] == '\0' ? NULL : copy(zone_name);
	free(site->zone_name);
	zone_free(site->zone);
	site->zone_name = name;
	site->zone = NULL;
	zone_for(name, &site->zone);
}

void directory_add_site(struct directory *directory, const struct site *given)
{
	struct site site = *given;
	bool is_new;
	site.uuid = copy(given->uuid);
	site.name = copy(given->name);
	site.routing_prefix = copy(given->routing_prefix);
	site.main_number = copy(given->main_number);
	site.zone_name = NULL;
	site.zone = NULL;
	site.country[2] = '\0';
	site_set_zone(&site, given->zone_name);

	union map_value *place = map_put(&directory->site_by_uuid, site.uuid, &is_new);
	if (is_new) {
		place->number = (int64_t)directory->n_sites;
		directory->sites = room(directory->sites, directory->n_sites, sizeof site);
		directory->sites[directory->n_sites++] = site;
	} else {
		struct site *old = &directory->sites[place->number];
		union map_value *named = map_get(&directory->site_by_name, old->name);
		if (named != NULL && named->number == place->number)
			map_remove(&directory->site_by_name, old->name, NULL);
		site_clear(old);
		*old = site;
	}
	/* Two sites of one name: the first keeps it, records carry the uuid too. */
	int64_t index = place->number;
	place = map_put(&directory->site_by_name, site.name, &is_new);
	if (is_new)
		place->number = index;
}

void directory_add_person(struct directory *directory, const struct person *given)
{
	struct person person = {
		.uuid = copy(given->uuid),
		.name = copy(given->name),
		.email = copy(given->email),
		.site_uuid = copy(given->site_uuid),
		.extension = copy(given->extension),
		.number = copy(given->number),
		.team = copy(given->team),
	};
	bool is_new;
	union map_value *place = map_put(&directory->person_by_uuid, person.uuid, &is_new);
	if (is_new) {
		place->number = (int64_t)directory->n_people;
		directory->people = room(directory->people, directory->n_people, sizeof person);
		directory->people[directory->n_people++] = person;
	} else {
		person_clear(&directory->people[place->number]);
		directory->people[place->number] = person;
	}
}

const struct site *directory_site(const struct directory *directory, const char *uuid)
{
	union map_value *place = uuid == NULL ? NULL : map_get(&directory->site_by_uuid, uuid);
	return place == NULL ? NULL : &directory->sites[place->number];
}

const struct site *directory_site_named(const struct directory *directory, const char *name)
{
	union map_value *place = name == NULL ? NULL : map_get(&directory->site_by_name, name);
	return place == NULL ? NULL : &directory->sites[place->number];
}

const struct person *directory_person(const struct directory *directory, const char *uuid)
{
	union map_value *place = uuid == NULL ? NULL : map_get(&directory->person_by_uuid, uuid);
	return place == NULL ? NULL : &directory->people[place->number];
}

/* -- calendars -------------------------------------------------------- */

struct calendar {
	struct directory *directory;
	struct fault *fault;
};

static bool is_date(struct csv_field field)
{
	char text[32];
	int64_t ms;
	if (field.n != 10)
		return false;
	memcpy(text, field.p, 10);
	memcpy(text + 10, "T00:00:00Z", 11);
	return iso_time_parse(text, 20, &ms);
}

static bool holiday_row(const struct csv_field *f, size_t n, uint64_t line, void *arg)
{
	struct calendar *calendar = arg;
	char key[16];
	if (csv_is(f[0], "country"))
		return true;
	if (n < 2 || f[0].n != 2 || f[0].p[0] < 'A' || f[0].p[0] > 'Z' || f[0].p[1] < 'A' ||
	    f[0].p[1] > 'Z' || !is_date(f[1]))
		return fault_set(calendar->fault, FAULT_INPUT,
		    "line %" PRIu64 ": not a country, a date (YYYY-MM-DD) and a name", line);
	memcpy(key, f[0].p, 2);
	key[2] = ' ';
	memcpy(key + 3, f[1].p, 11);
	map_put(&calendar->directory->holidays, key, NULL)->number = 1;
	return true;
}

/* `folder` is data/, or the calendars folder itself. */
bool directory_read_holidays(struct directory *directory, const char *folder, struct fault *fault)
{
	struct calendar calendar = { directory, fault };
	struct csv_options options = { .comment = '#' };
	char *inside = mem_printf("%s/calendars", folder);
	const char *place = access(inside, R_OK) == 0 ? inside : folder;
	DIR *open = opendir(place);
	bool ok = open != NULL ||
	    fault_set(fault, errno == ENOENT ? FAULT_NOT_FOUND : FAULT_SYSTEM,
		"cannot read the calendars in %s: %s", place, strerror(errno));
	for (struct dirent *entry; ok && (entry = readdir(open)) != NULL;) {
		if (entry->d_name[0] == '.' || !text_ends_with(entry->d_name, ".csv"))
			continue;
		char *path = mem_printf("%s/%s", place, entry->d_name);
		ok = csv_read_file(path, CALENDAR_BYTES, &options, holiday_row, &calendar, fault);
		free(path);
	}
	if (open != NULL)
		closedir(open);
	free(inside);
	return ok;
}

/* "2026-12-24" */
static void date_text(const struct civil *date, char out[11])
{
	const int parts[] = { date->year / 100, date->year % 100, date->month, date->day };
	for (int i = 0, at = 0; i < 4; i++) {
		out[at++] = (char)('0' + parts[i] / 10 % 10);
		out[at++] = (char)('0' + parts[i] % 10);
		if (i == 1 || i == 2)
			out[at++] = '-';
	}
	out[10] = '\0';
}

char *directory_day_key(const char *whose, const char date[11], char key[static DAY_KEY_BYTES])
{
	snprintf(key, DAY_KEY_BYTES, "%.80s %s", whose, date);
	return key;
}

/* What the house says of a day: 1 a holiday, 0 worked, -1 nothing. */
static int own_day(const struct directory *directory, const char *whose, const char date[11])
{
	char key[DAY_KEY_BYTES];
	union map_value *value = map_get(&directory->site_days, directory_day_key(whose, date, key));
	return value == NULL ? -1 : value->number != 0;
}

bool directory_is_holiday(const struct directory *directory, const struct site *site, const char country[3], const struct civil *date)
{
	char key[14] = "CO 2026-12-25";
	if (directory == NULL || (directory->holidays.n == 0 && directory->site_days.n == 0))
		return false;
	date_text(date, key + 3);
	if (directory->site_days.n > 0) {
		int own = site != NULL && site->uuid != NULL ? own_day(directory, site->uuid, key + 3) : -1;
		if (own < 0 && (site == NULL || !site->no_house_days))
			own = own_day(directory, "*", key + 3);
		if (own >= 0)
			return own == 1;
	}
	if (country[0] == '\0' || (site != NULL && site->no_country_days))
		return false;
	memcpy(key, country, 2);
	return map_get_n(&directory->holidays, key, sizeof key - 1) != NULL;
}

void directory_unknown_hours(const struct directory *directory, struct site *out)
{
	site_default_hours(out);
	if (directory == NULL || !directory->has_otherwise)
		return;
	out->no_country_days = directory->otherwise_always;
	memcpy(out->open_from, directory->otherwise_from, sizeof out->open_from);
	memcpy(out->open_until, directory->otherwise_until, sizeof out->open_until);
}

void site_default_hours(struct site *site)
{
	site->no_country_days = site->no_house_days = false;
	for (int day = 0; day < 7; day++) {
		bool weekday = day >= 1 && day <= 5, saturday = day == 6;
		site->open_from[day] = (int16_t)(weekday ? 7 * 60 : saturday ? 8 * 60 : 0);
		site->open_until[day] = (int16_t)(weekday ? 19 * 60 : saturday ? 13 * 60 : 0);
	}
}
