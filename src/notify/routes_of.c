/* SPDX-License-Identifier: Apache-2.0
 *
 * Which destinations a notice goes to. */
#include <string.h>

#include "base/fold.h"
#include "calls/cdr.h"
#include "calls/closed_hours.h"
#include "notify/kind.h"

static bool fits_filter(const struct notify_route *route, const struct alert *alert, int64_t now_ms)
{
	struct filter filter;
	struct fault fault;
	if (*route->filter == '\0')
		return true;
	/* Read anew, because of times that are relative to now; it was good when
	 * the file was read. */
	if (!filter_parse(FILTER_ALERTS, route->filter, strlen(route->filter), now_ms, NULL, &filter, NULL, &fault, NULL))
		return false;
	bool passes = filter_passes(&filter, filter_read_alert, alert, now_ms);
	filter_clear(&filter);
	return passes;
}

/* Case and accents do not count, as in filters. */
static bool fits_site(const struct notify_route *route, const char *location)
{
	char mine[400], folded[400];
	text_fold(mine, sizeof mine, location, strlen(location));
	for (size_t i = 0; i < route->sites.n; i++) {
		const char *site = route->sites.items[i];
		text_fold(folded, sizeof folded, site, strlen(site));
		if (strcmp(folded, mine) == 0)
			return true;
	}
	return route->sites.n == 0;
}

static bool fits_hours(const struct notify_route *route, int64_t now_ms)
{
	struct site hours = { .zone = route->zone };
	if (!route->has_hours || route->hours.always)
		return true;
	memcpy(hours.open_from, route->hours.from, sizeof hours.open_from);
	memcpy(hours.open_until, route->hours.until, sizeof hours.open_until);
	return site_is_open(NULL, &hours, now_ms, CDR_NO_OFFSET);
}

/* What is told where nothing was said: acts are for who asks for them; people need
 * not hear of what was dealt with, machines must. */
static bool fits_kind(const struct notify_route *route, const struct destination *to, enum notice_kind kind)
{
	unsigned kinds = route->kinds;
	if (kinds == 0)
		kinds = 1u << NOTICE_RAISED | 1u << NOTICE_WORSE | (to->kind->for_people ? 0 : 1u << NOTICE_CLOSED);
	return kinds & 1u << kind;
}

/* It was over for long when it was found: a backfill is no news. Whatever somebody
 * did is, and so is what waited here because nobody told it. */
static bool is_history(const struct notify_routes *routes, const struct notice *notice)
{
	bool found = strcmp(notice->act, "raise") == 0 || strcmp(notice->act, "grow") == 0;
	return found && notice->at_ms - notice->alert.last_ms > routes->max_age_ms;
}

static size_t add_destinations(const struct notify_routes *routes, const struct notify_route *route, enum notice_kind kind, const struct destination **out, size_t n, size_t capacity)
{
	for (size_t k = 0; k < route->to.n; k++) {
		const struct destination *to = notify_routes_destination(routes, route->to.items[k]);
		bool told = !fits_kind(route, to, kind);
		for (size_t j = 0; j < n; j++)
			told = told || out[j] == to;
		if (!told && n < capacity)
			out[n++] = to;
	}
	return n;
}

size_t notify_routes_reach(const struct notify_routes *routes, enum notice_kind kind, enum severity worst, int64_t now_ms, const struct destination **out, size_t capacity)
{
	size_t n = 0;
	for (size_t i = 0; i < routes->n_routes; i++)
		if (worst >= routes->routes[i].severity && fits_hours(&routes->routes[i], now_ms))
			n = add_destinations(routes, &routes->routes[i], kind, out, n, capacity);
	return n;
}

size_t notify_routes_of(const struct notify_routes *routes, const struct notice *notice, int64_t now_ms, const struct destination **out, size_t capacity)
{
	size_t n = 0;
	if (is_history(routes, notice))
		return 0;
	for (size_t i = 0; i < routes->n_routes; i++) {
		const struct notify_route *route = &routes->routes[i];
		if (notice->alert.severity < route->severity || !fits_site(route, notice->alert.location) || !fits_hours(route, now_ms) ||
		    !fits_filter(route, &notice->alert, now_ms))
			continue;
		n = add_destinations(routes, route, notice->kind, out, n, capacity);
	}
	return n;
}
