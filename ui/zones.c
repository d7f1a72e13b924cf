/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/zones.h"

#include <stdio.h>
#include <string.h>

void zones_clear(struct zones *zones)
{
	for (size_t i = 0; i < zones->n; i++)
		zone_free(zones->entries[i].zone);
	*zones = (struct zones){ 0 };
}

static void make_label(const char *zone_name, char out[8])
{
	const char *city = strrchr(zone_name, '/');
	size_t n = 0;
	for (city = city != NULL ? city + 1 : zone_name; *city != '\0' && n < 3; city++)
		if ((*city >= 'A' && *city <= 'Z') || (*city >= 'a' && *city <= 'z'))
			out[n++] = (char)(*city & ~0x20);
	out[n] = '\0';
}

static size_t entry_of(struct zones *zones, const char *zone_name)
{
	for (size_t i = 0; i < zones->n; i++)
		if (strcmp(zones->entries[i].zone_name, zone_name) == 0)
			return i;
	if (zones->n == ZONES_MAX || strlen(zone_name) >= sizeof zones->entries[0].zone_name)
		return SIZE_MAX;
	struct zone_entry entry = { .zone = NULL };
	if (!zone_open(zone_name, &entry.zone, NULL))
		return SIZE_MAX;
	snprintf(entry.zone_name, sizeof entry.zone_name, "%s", zone_name);
	make_label(zone_name, entry.label);
	if (zones->current == zones->n && zones->chosen)
		zones->current++; /* UTC was chosen and stands behind the last */
	zones->entries[zones->n] = entry;
	return zones->n++;
}

void zones_learn(struct zones *zones, const struct location_list *list)
{
	zones->n_sites = 0;
	for (size_t i = 0; i < list->n && zones->n_sites < COUNT_OF(zones->sites); i++) {
		const char *name = list->items[i].name, *zone = list->items[i].zone_name;
		if (name == NULL || zone == NULL || *zone == '\0')
			continue;
		size_t entry = entry_of(zones, zone);
		if (entry == SIZE_MAX)
			continue;
		size_t k = zones->n_sites++;
		snprintf(zones->sites[k].site, sizeof zones->sites[k].site, "%s", name);
		zones->sites[k].entry = entry;
	}
	if (!zones->chosen)
		zones->current = 0;
}

void zones_next(struct zones *zones)
{
	zones->chosen = true;
	zones->current = zones->current >= zones->n ? 0 : zones->current + 1;
}

const struct zone *zones_current(const struct zones *zones, const char **label)
{
	bool utc = zones->current >= zones->n;
	if (label != NULL)
		*label = utc ? "UTC" : zones->entries[zones->current].label;
	return utc ? NULL : zones->entries[zones->current].zone;
}

const struct zone *zones_of_site(const struct zones *zones, const char *site, const char **label)
{
	for (size_t i = 0; i < zones->n_sites; i++) {
		if (strcmp(zones->sites[i].site, site) == 0) {
			*label = zones->entries[zones->sites[i].entry].label;
			return zones->entries[zones->sites[i].entry].zone;
		}
	}
	*label = "UTC";
	return NULL;
}

const struct zone *zones_named(const struct zones *zones, const char *zone_name)
{
	for (size_t i = 0; i < zones->n; i++)
		if (strcmp(zones->entries[i].zone_name, zone_name) == 0)
			return zones->entries[i].zone;
	return NULL;
}
