/* SPDX-License-Identifier: Apache-2.0 */
#include "calls/site_plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/iso_time.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/yaml.h"
#include "calls/week_hours.h"

/* A date that is worked, or not, whatever the country's calendar says. */
struct plan_day {
	char date[11]; /* "2026-12-24" */
	bool worked;
};

struct plan_site {
	char *name, *zone; /* zone NULL: Webex's */
	int line;
	char country[3];
	bool has_hours;
	struct week_hours hours;
	struct plan_day *days;
	size_t n_days, room;
};

struct site_plan {
	struct plan_site otherwise;
	struct plan_site *sites;
	size_t n_sites, room;
	char *path;
};

static void site_clear(struct plan_site *site)
{
	free(site->name);
	free(site->zone);
	free(site->days);
}

void site_plan_free(struct site_plan *plan)
{
	if (plan == NULL)
		return;
	for (size_t i = 0; i < plan->n_sites; i++)
		site_clear(&plan->sites[i]);
	site_clear(&plan->otherwise);
	free(plan->sites);
	free(plan->path);
	free(plan);
}

size_t site_plan_n_sites(const struct site_plan *plan)
{
	return plan->n_sites;
}

/* ---- reading ---------------------------------------------------------------- */

static bool is_date(const char *text)
{
	char whole[24];
	int64_t ms;
	if (strlen(text) != 10)
		return false;
	snprintf(whole, sizeof whole, "%sT00:00:00Z", text);
	return iso_time_parse(whole, strlen(whole), &ms);
}

static bool read_dates(const char *path, const struct yaml *list, bool worked, struct plan_site *site, struct fault *fault)
{
	if (list->kind != YAML_LIST)
		return yaml_wrong(path, list, N_("is no list of dates: [2026-12-24]"), list->kind == YAML_SCALAR ? list->scalar : "", fault);
	for (size_t i = 0; i < list->n; i++) {
		const struct yaml *date = list->values[i];
		if (date->kind != YAML_SCALAR || !is_date(date->scalar))
			return yaml_wrong(path, date, N_("is no date (YYYY-MM-DD)"), date->kind == YAML_SCALAR ? date->scalar : "", fault);
		site->days = mem_grow(site->days, site->n_days, &site->room, sizeof *site->days);
		struct plan_day *day = &site->days[site->n_days++];
		memcpy(day->date, date->scalar, sizeof day->date);
		day->worked = worked;
	}
	return true;
}

static bool read_country(const char *path, const struct yaml *value, struct plan_site *site, struct fault *fault)
{
	const char *text = value->kind == YAML_SCALAR ? value->scalar : "";
	if (strlen(text) != 2 || text[0] < 'A' || text[0] > 'Z' || text[1] < 'A' || text[1] > 'Z')
		return yaml_wrong(path, value, N_("is no country: two capital letters, as CO"), text, fault);
	memcpy(site->country, text, 3);
	return true;
}

static bool read_zone(const char *path, const struct yaml *value, struct plan_site *site, struct fault *fault)
{
	const char *text = value->kind == YAML_SCALAR ? value->scalar : "";
	struct zone *zone;
	struct fault why;
	if (!zone_open(text, &zone, &why))
		return yaml_wrong(path, value, N_("is no time zone of this host, as America/Bogota is"), text, fault);
	zone_free(zone);
	free(site->zone);
	site->zone = mem_strdup(text);
	return true;
}

static bool read_site(const char *path, const struct yaml *map, bool is_default, struct plan_site *site, struct fault *fault)
{
	static const char *const known[] = { "hours", "holidays", "workdays", "country", "zone" };
	if (map->kind != YAML_MAP)
		return yaml_wrong(path, map, N_("is written as \"hours: …\", \"holidays: …\""), map->kind == YAML_SCALAR ? map->scalar : "", fault);
	for (size_t i = 0; i < map->n; i++) {
		const struct yaml *key = map->keys[i], *value = map->values[i];
		bool ok;
		if (strcmp(key->scalar, "hours") == 0)
			ok = site->has_hours = week_hours_read(path, value, &site->hours, fault);
		else if (strcmp(key->scalar, "holidays") == 0)
			ok = read_dates(path, value, false, site, fault);
		else if (strcmp(key->scalar, "workdays") == 0)
			ok = read_dates(path, value, true, site, fault);
		else if (!is_default && strcmp(key->scalar, "country") == 0)
			ok = read_country(path, value, site, fault);
		else if (!is_default && strcmp(key->scalar, "zone") == 0)
			ok = read_zone(path, value, site, fault);
		else
			ok = yaml_unknown_key(path, key, known, is_default ? 3 : COUNT_OF(known), fault);
		if (!ok)
			return false;
	}
	return true;
}

static bool read_sites(const char *path, const struct yaml *map, struct site_plan *plan, struct fault *fault)
{
	if (map->kind != YAML_MAP)
		return yaml_wrong(path, map, N_("is written as \"NAME: {hours: …}\""), map->kind == YAML_SCALAR ? map->scalar : "", fault);
	for (size_t i = 0; i < map->n; i++) {
		plan->sites = mem_grow(plan->sites, plan->n_sites, &plan->room, sizeof *plan->sites);
		struct plan_site *site = &plan->sites[plan->n_sites++];
		*site = (struct plan_site){ .name = mem_strdup(map->keys[i]->scalar), .line = map->keys[i]->line };
		if (!read_site(path, map->values[i], false, site, fault))
			return false;
	}
	return true;
}

static bool read_document(const char *path, const struct yaml *map, struct site_plan *plan, struct fault *fault)
{
	static const char *const known[] = { "default", "sites" };
	if (map->is_null)
		return true;
	if (map->kind != YAML_MAP)
		return yaml_wrong(path, map, N_("is written as \"default: …\", \"sites: …\""), map->kind == YAML_SCALAR ? map->scalar : "", fault);
	for (size_t i = 0; i < map->n; i++) {
		bool ok;
		if (strcmp(map->keys[i]->scalar, "default") == 0)
			ok = read_site(path, map->values[i], true, &plan->otherwise, fault);
		else if (strcmp(map->keys[i]->scalar, "sites") == 0)
			ok = read_sites(path, map->values[i], plan, fault);
		else
			ok = yaml_unknown_key(path, map->keys[i], known, COUNT_OF(known), fault);
		if (!ok)
			return false;
	}
	return true;
}

bool site_plan_read(const char *path, struct site_plan **out, struct fault *fault)
{
	struct yaml **docs;
	size_t n;
	if (!yaml_read_file(path, &docs, &n, fault))
		return false;
	struct site_plan *plan = mem_zalloc(sizeof *plan);
	plan->path = mem_strdup(path);
	bool ok = true;
	for (size_t i = 0; ok && i < n; i++)
		ok = read_document(path, docs[i], plan, fault);
	yaml_free(docs, n);
	if (!ok) {
		site_plan_free(plan);
		return false;
	}
	*out = plan;
	return true;
}

/* ---- applying --------------------------------------------------------------- */

static void put_days(struct directory *directory, const char *whose, const struct plan_site *site)
{
	for (size_t i = 0; i < site->n_days; i++) {
		char key[DAY_KEY_BYTES];
		directory_day_key(whose, site->days[i].date, key);
		map_put(&directory->site_days, key, NULL)->number = site->days[i].worked ? 0 : 1;
	}
}

static void put_hours(struct site *site, const struct plan_site *from)
{
	memcpy(site->open_from, from->hours.from, sizeof site->open_from);
	memcpy(site->open_until, from->hours.until, sizeof site->open_until);
	site->no_country_days = from->hours.always;
	site->no_house_days = from->hours.always && from->name != NULL;
}

static const struct plan_site *plan_of(const struct site_plan *plan, const struct site *site)
{
	for (size_t i = 0; i < plan->n_sites; i++) {
		if (text_equal_nocase(plan->sites[i].name, site->uuid) || strcmp(plan->sites[i].name, site->name) == 0)
			return &plan->sites[i];
	}
	return NULL;
}

static void apply_to(const struct site_plan *plan, struct directory *directory, struct site *site)
{
	const struct plan_site *own = plan_of(plan, site);
	if (own != NULL && own->has_hours)
		put_hours(site, own);
	else if (plan->otherwise.has_hours)
		put_hours(site, &plan->otherwise);
	else
		site_default_hours(site);
	if (own == NULL)
		return;
	if (own->country[0] != '\0')
		memcpy(site->country, own->country, sizeof site->country);
	if (own->zone != NULL)
		site_set_zone(site, own->zone);
	put_days(directory, site->uuid, own);
}

static void tell_unknown(const struct site_plan *plan, const struct plan_site *own, const struct directory *directory, struct text *out)
{
	const char *best = "";
	int least = INT32_MAX;
	char shown[96];
	for (size_t i = 0; i < directory->n_sites; i++) {
		const struct site *site = &directory->sites[i];
		if (strcmp(site->name, own->name) == 0 || text_equal_nocase(site->uuid, own->name))
			return;
		int away = text_distance(own->name, site->name);
		if (away < least) {
			least = away;
			best = site->name;
		}
	}
	text_printable(shown, sizeof shown, own->name, strlen(own->name));
	text_printf(out, "%s%s:%d: ", out->n > 0 ? "\n" : "", plan->path, own->line);
	text_printf(out, _("there is no site \"%s\"; is \"%s\" meant?"), shown, best);
}

void site_plan_apply(const struct site_plan *plan, struct directory *directory, struct text *unknown)
{
	static const struct site_plan none;
	if (plan == NULL)
		plan = &none;
	bool alone = directory->n_sites == 0;
	for (size_t i = 0; i < plan->n_sites && alone; i++) {
		struct site site = { .uuid = plan->sites[i].name, .name = plan->sites[i].name, .zone_name = plan->sites[i].zone };
		directory_add_site(directory, &site);
	}
	map_clear(&directory->site_days);
	directory->has_otherwise = plan->otherwise.has_hours;
	directory->otherwise_always = plan->otherwise.hours.always;
	memcpy(directory->otherwise_from, plan->otherwise.hours.from, sizeof directory->otherwise_from);
	memcpy(directory->otherwise_until, plan->otherwise.hours.until, sizeof directory->otherwise_until);
	put_days(directory, "*", &plan->otherwise);
	for (size_t i = 0; i < directory->n_sites; i++)
		apply_to(plan, directory, &directory->sites[i]);
	for (size_t i = 0; i < plan->n_sites && unknown != NULL; i++)
		tell_unknown(plan, &plan->sites[i], directory, unknown);
}
