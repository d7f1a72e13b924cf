/* SPDX-License-Identifier: Apache-2.0
 *
 * The file of routes is read and checked; which of them fit a notice stands in
 * routes_of.c. */
#include "notify/routes_inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "net/file.h"
#include "notify/kind.h"

#define BURST	   5
#define WINDOW_MS  (5 * MINUTE_MS)
#define GIVE_UP_MS DAY_MS
#define MAX_AGE_MS (6 * HOUR_MS)

static void list_clear(struct text_list *list)
{
	for (size_t i = 0; i < list->n; i++)
		free(list->items[i]);
	free(list->items);
}

static void secret_clear(struct secret_at *at)
{
	free(at->plain);
	free(at->file);
	free(at->command);
}

void notify_routes_free(struct notify_routes *routes)
{
	if (routes == NULL)
		return;
	for (size_t i = 0; i < routes->n_destinations; i++) {
		struct destination *d = &routes->destinations[i];
		char *texts[] = { d->name, d->api, d->room, d->server, d->user, d->from, d->path, d->ca_file };
		for (size_t k = 0; k < COUNT_OF(texts); k++)
			free(texts[k]);
		secret_clear(&d->url);
		secret_clear(&d->secret);
		list_clear(&d->to);
		zone_free(d->zone);
	}
	for (size_t i = 0; i < routes->n_routes; i++) {
		list_clear(&routes->routes[i].to);
		list_clear(&routes->routes[i].sites);
		free(routes->routes[i].filter);
		zone_free(routes->routes[i].zone);
	}
	free(routes->destinations);
	free(routes->routes);
	free(routes->path);
	free(routes);
}

const struct destination *notify_routes_destination(const struct notify_routes *routes, const char *name)
{
	for (size_t i = 0; i < routes->n_destinations; i++) {
		if (strcmp(routes->destinations[i].name, name) == 0)
			return &routes->destinations[i];
	}
	return NULL;
}

/* ---- destinations and routes ----------------------------------------------------------------- */

static bool read_destinations(const char *path, const struct yaml *map, bool es, struct notify_routes *routes, struct fault *fault)
{
	if (map->kind != YAML_MAP || map->n > 64)
		return yaml_wrong(path, map, N_("is written as \"NAME: {kind: …}\", 64 at most"), "destinations", fault);
	for (size_t i = 0; i < map->n; i++) {
		routes->destinations = mem_grow(routes->destinations, routes->n_destinations, &routes->destinations_room, sizeof *routes->destinations);
		struct destination *d = &routes->destinations[routes->n_destinations++];
		*d = (struct destination){ .name = mem_strdup(map->keys[i]->scalar), .es = es, .burst = BURST, .window_ms = WINDOW_MS, .give_up_ms = GIVE_UP_MS };
		if (!destination_read(path, map->keys[i], map->values[i], d, fault))
			return false;
	}
	return true;
}

static bool put_filter(const char *path, const struct yaml *value, struct notify_route *route, struct fault *fault)
{
	struct filter filter;
	struct fault why;
	if (!route_text(path, value, &route->filter, fault))
		return false;
	if (!filter_parse(FILTER_ALERTS, route->filter, strlen(route->filter), clock_real_ms(), NULL, &filter, NULL, &why, NULL))
		return fault_set(fault, FAULT_USAGE, "%s:%d:%d: %.300s", path, value->line, value->column, why.text);
	filter_clear(&filter);
	return true;
}

static bool put_kinds(const char *path, const struct yaml *value, struct notify_route *route, struct fault *fault)
{
	struct text_list names = { 0 };
	enum notice_kind kind;
	bool ok = route_list(path, value, &names, fault);
	for (size_t i = 0; ok && i < names.n; i++) {
		ok = notice_kind_named(names.items[i], &kind) || yaml_wrong(path, value, N_("is none of raised, worse, closed, acts"), names.items[i], fault);
		route->kinds |= ok ? 1u << kind : 0;
	}
	list_clear(&names);
	return ok;
}

static bool put_to(const char *path, const struct yaml *value, const struct notify_routes *routes, struct notify_route *route, struct fault *fault)
{
	if (!route_list(path, value, &route->to, fault))
		return false;
	for (size_t i = 0; i < route->to.n; i++) {
		if (notify_routes_destination(routes, route->to.items[i]) == NULL)
			return yaml_wrong(path, value, N_("is no destination of this file"), route->to.items[i], fault);
	}
	return true;
}

static bool read_route(const char *path, const struct yaml *map, const struct notify_routes *routes, struct notify_route *route, struct fault *fault)
{
	static const char *const known[] = { "to", "filter", "severity", "sites", "hours", "zone", "tell" };
	if (map->kind != YAML_MAP)
		return yaml_wrong(path, map, N_("is written as \"to: […]\" and what it is of"), route_scalar(map), fault);
	for (size_t i = 0; i < map->n; i++) {
		const struct yaml *key = map->keys[i], *value = map->values[i];
		bool ok;
		if (strcmp(key->scalar, "to") == 0)
			ok = put_to(path, value, routes, route, fault);
		else if (strcmp(key->scalar, "filter") == 0)
			ok = put_filter(path, value, route, fault);
		else if (strcmp(key->scalar, "severity") == 0)
			ok = severity_named(route_scalar(value), &route->severity) || yaml_wrong(path, value, N_("is none of low, medium, high, critical"), route_scalar(value), fault);
		else if (strcmp(key->scalar, "sites") == 0)
			ok = route_list(path, value, &route->sites, fault);
		else if (strcmp(key->scalar, "hours") == 0)
			ok = route->has_hours = week_hours_read(path, value, &route->hours, fault);
		else if (strcmp(key->scalar, "zone") == 0)
			ok = route_zone(path, value, &route->zone, fault);
		else if (strcmp(key->scalar, "tell") == 0)
			ok = put_kinds(path, value, route, fault);
		else
			ok = yaml_unknown_key(path, key, known, COUNT_OF(known), fault);
		if (!ok)
			return false;
	}
	if (route->to.n == 0)
		return yaml_wrong(path, map, N_("needs \"to\": the destinations"), "routes", fault);
	return !route->has_hours || route->zone != NULL ||
	    yaml_wrong(path, map, N_("need \"zone\" beside them, as America/Bogota: hours of which place?"), "hours", fault);
}

static bool read_routes(const char *path, const struct yaml *list, struct notify_routes *routes, struct fault *fault)
{
	if (list->kind != YAML_LIST)
		return yaml_wrong(path, list, N_("is a list: - to: […]"), "routes", fault);
	for (size_t i = 0; i < list->n; i++) {
		routes->routes = mem_grow(routes->routes, routes->n_routes, &routes->routes_room, sizeof *routes->routes);
		struct notify_route *route = &routes->routes[routes->n_routes++];
		*route = (struct notify_route){ .filter = mem_strdup("") };
		if (!read_route(path, list->values[i], routes, route, fault))
			return false;
	}
	return true;
}

static bool read_document(const char *path, const struct yaml *map, struct notify_routes *routes, struct fault *fault)
{
	static const char *const known[] = { "language", "max_age", "destinations", "routes" };
	bool es = strcmp(i18n_language(), "es") == 0;
	if (map->kind != YAML_MAP)
		return yaml_wrong(path, map, N_("is written as \"destinations: …\", \"routes: …\""), route_scalar(map), fault);
	for (size_t i = 0; i < map->n; i++) {
		bool is_known = route_is_listed(known, COUNT_OF(known), map->keys[i]->scalar);
		if (!is_known)
			return yaml_unknown_key(path, map->keys[i], known, COUNT_OF(known), fault);
	}
	/* In the order in which they need each other, whatever the file's. */
	const struct yaml *language = yaml_get(map, "language"), *age = yaml_get(map, "max_age"), *to = yaml_get(map, "destinations"),
			  *list = yaml_get(map, "routes");
	return (language == NULL || route_language(path, language, &es, fault)) && (age == NULL || route_duration(path, age, &routes->max_age_ms, fault)) &&
	    (to == NULL || read_destinations(path, to, es, routes, fault)) && (list == NULL || read_routes(path, list, routes, fault));
}

bool notify_routes_parse(const char *path, const char *bytes, size_t n, struct notify_routes **out, struct fault *fault)
{
	struct yaml **docs;
	size_t n_docs;
	if (!yaml_parse(path, bytes, n, &docs, &n_docs, fault))
		return false;
	struct notify_routes *routes = mem_zalloc(sizeof *routes);
	routes->path = mem_strdup(path);
	routes->max_age_ms = MAX_AGE_MS;
	bool ok = n_docs == 1 ? read_document(path, docs[0], routes, fault) : fault_set(fault, FAULT_USAGE, _("%s: one document is expected, not %zu"), path, n_docs);
	yaml_free(docs, n_docs);
	if (!ok) {
		notify_routes_free(routes);
		return false;
	}
	*out = routes;
	return true;
}

bool notify_routes_read(const char *path, struct notify_routes **out, struct fault *fault)
{
	char *bytes;
	size_t n;
	if (!file_read(path, (size_t)1 << 20, &bytes, &n, fault))
		return false;
	bool ok = notify_routes_parse(path, bytes, n, out, fault);
	free(bytes);
	return ok;
}
