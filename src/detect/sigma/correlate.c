/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/sigma/correlate.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"

#define KEEP_LEAST 64
#define KEEP_MOST  2048 /* events of a group; a count saturates there */

/* -- what a window measures -- */

static int64_t measure_count(const struct window_event *events, size_t n,
    const struct correlation *c, bool *more)
{
	UNUSED(more);
	UNUSED(events);
	UNUSED(c);
	return (int64_t)n;
}

static int64_t measure_distinct(const struct window_event *events, size_t n,
    const struct correlation *c, bool *more)
{
	static _Thread_local uint64_t seen[KEEP_MOST * 2];
	int64_t distinct = 0;
	UNUSED(c);
	UNUSED(more);
	if (n <= 24) {
		for (size_t i = 0; i < n; i++) {
			size_t k = 0;
			while (k < i && events[k].value != events[i].value)
				k++;
			distinct += k == i;
		}
		return distinct;
	}
	size_t size = 64;
	while (size < n * 2)
		size *= 2;
	memset(seen, 0, size * sizeof *seen);
	for (size_t i = 0; i < n; i++) {
		uint64_t value = hash_mix(events[i].value + 1) | 1;
		size_t at = (size_t)(value >> 20) & (size - 1);
		while (seen[at] != 0 && seen[at] != value)
			at = (at + 1) & (size - 1);
		distinct += seen[at] == 0;
		seen[at] = value;
	}
	return distinct;
}

static int64_t measure_sum(const struct window_event *events, size_t n,
    const struct correlation *c, bool *more)
{
	int64_t sum = 0;
	UNUSED(c);
	UNUSED(more);
	for (size_t i = 0; i < n; i++)
		sum += (int64_t)events[i].value;
	return sum;
}

static int64_t floor_of(int64_t sum, int64_t n, bool *more)
{
	int64_t rest = sum % n;
	*more = rest != 0;
	return sum / n - (rest < 0);
}

static int64_t measure_avg(const struct window_event *events, size_t n,
    const struct correlation *c, bool *more)
{
	return floor_of(measure_sum(events, n, c, more), (int64_t)n, more);
}

/* The k-th of the values in order, k from 0: partitioned, not sorted, since a
 * leg that comes late has every window behind it measured. */
static int64_t nth_value(const struct window_event *events, size_t n, size_t k)
{
	static _Thread_local int64_t values[KEEP_MOST];
	size_t low = 0, high = n - 1;
	for (size_t i = 0; i < n; i++)
		values[i] = (int64_t)events[i].value;
	while (low < high) {
		/* The middle one of three. */
		int64_t a = values[low], b = values[low + (high - low) / 2], c = values[high];
		int64_t pivot = MAX(MIN(a, b), MIN(MAX(a, b), c));
		size_t i = low, j = high;
		while (i <= j) {
			while (values[i] < pivot)
				i++;
			while (values[j] > pivot)
				j--;
			if (i > j)
				break;
			int64_t other = values[i];
			values[i++] = values[j];
			values[j] = other;
			if (j == 0)
				break;
			j--;
		}
		if (k <= j && j < high)
			high = j;
		else if (k >= i)
			low = i;
		else
			return values[k];
	}
	return values[low];
}

/* By nearest rank: the least value that P per cent do not exceed. */
static int64_t measure_percentile(const struct window_event *events, size_t n,
    const struct correlation *c, bool *more)
{
	UNUSED(more);
	return nth_value(events, n, (n * (size_t)c->percentile + 99) / 100 - 1);
}

static int64_t measure_median(const struct window_event *events, size_t n,
    const struct correlation *c, bool *more)
{
	UNUSED(c);
	return floor_of(nth_value(events, n, (n - 1) / 2) + nth_value(events, n, n / 2), 2, more);
}

static int64_t measure_min(const struct window_event *events, size_t n,
    const struct correlation *c, bool *more)
{
	UNUSED(c);
	UNUSED(more);
	int64_t least = INT64_MAX;
	for (size_t i = 0; i < n; i++)
		least = MIN(least, (int64_t)events[i].value);
	return least;
}

static int64_t measure_max(const struct window_event *events, size_t n,
    const struct correlation *c, bool *more)
{
	UNUSED(c);
	UNUSED(more);
	int64_t most = INT64_MIN;
	for (size_t i = 0; i < n; i++)
		most = MAX(most, (int64_t)events[i].value);
	return most;
}

/* How many of the referred rules come in their order. */
static int64_t measure_ordered(const struct window_event *events, size_t n,
    const struct correlation *c, bool *more)
{
	size_t next = 0;
	UNUSED(more);
	for (size_t i = 0; i < n && next < c->refs.n; i++)
		next += events[i].value == next;
	return (int64_t)next;
}

static size_t keep_count(const struct correlation *c)
{
	const struct bounds *b = &c->bounds;
	int64_t bound = MAX(b->has_low ? b->low : 0, MAX(b->has_high ? b->high + 1 : 0, b->has_not ? b->not_equal + 1 : 0));
	return (size_t)MIN(MAX(bound, 0), (int64_t)KEEP_MOST) * 2;
}

static size_t keep_distinct(const struct correlation *c)
{
	return keep_count(c) * 4; /* values come back */
}

static size_t keep_most(const struct correlation *c)
{
	UNUSED(c);
	return KEEP_MOST;
}

static const struct correlation_type types[] = {
	{ "event_count",      false, false, true,  measure_count,    keep_count },
	{ "value_count",      true,  false, true,  measure_distinct, keep_distinct },
	{ "value_sum",	      true,  true,  true,  measure_sum,	     keep_most },
	{ "value_avg",	      true,  true,  true,  measure_avg,	     keep_most },
	{ "value_percentile", true,  true,  true,  measure_percentile, keep_most },
	{ "value_median",     true,  true,  true,  measure_median,   keep_most },
	{ "value_min",	      true,  true,  true,  measure_min,	     keep_most },
	{ "value_max",	      true,  true,  true,  measure_max,	     keep_most },
	{ "temporal",	      false, false, false, measure_distinct, keep_most },
	{ "temporal_ordered", false, false, false, measure_ordered,  keep_most },
};

const struct correlation_type *correlation_type_named(const char *name)
{
	for (size_t i = 0; i < COUNT_OF(types); i++) {
		if (strcmp(types[i].name, name) == 0)
			return &types[i];
	}
	return NULL;
}

size_t correlation_type_names(const char **out, size_t capacity)
{
	size_t n = MIN(capacity, COUNT_OF(types));
	for (size_t i = 0; i < n; i++)
		out[i] = types[i].name;
	return n;
}

/* -- the groups -- */

struct group {
	uint64_t key; /* 0: free */
	uint64_t touched; /* by order of arrival */
	int64_t newest_ms, horizon_ms; /* horizon: timespan + lateness */
	struct window_event *events; /* by at_ms */
	uint32_t n, capacity;
};

struct windows {
	struct group *groups;
	size_t n, capacity;
	size_t budget, event_bytes;
	int64_t lateness_ms;
	int64_t oldest_ms; /* the earliest event since the last sweep */
	uint64_t arrivals, swept_at;
	int64_t forgotten;
};

struct windows *windows_new(size_t budget, int64_t lateness_ms)
{
	struct windows *w = mem_zalloc(sizeof *w);
	w->budget = budget;
	w->lateness_ms = lateness_ms;
	w->oldest_ms = INT64_MAX;
	return w;
}

void windows_free(struct windows *w)
{
	if (w == NULL)
		return;
	for (size_t i = 0; i < w->capacity; i++)
		free(w->groups[i].events);
	free(w->groups);
	free(w);
}

size_t windows_bytes(const struct windows *w)
{
	return w->capacity * sizeof *w->groups + w->event_bytes;
}

int64_t windows_forgotten(const struct windows *w)
{
	return w->forgotten;
}

static struct group *slot(const struct windows *w, uint64_t key)
{
	size_t mask = w->capacity - 1, i = (size_t)hash_mix(key) & mask;
	while (w->groups[i].key != 0 && w->groups[i].key != key)
		i = (i + 1) & mask;
	return &w->groups[i];
}

static int by_touched(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
	return (x > y) - (x < y);
}

/* The arrival before which groups must go, so that a third of the room is free. */
static uint64_t cut_for_room(const struct windows *w)
{
	if (windows_bytes(w) <= w->budget || w->n < 2)
		return 0;
	uint64_t *touched = mem_alloc(w->n * sizeof *touched), cut;
	size_t n = 0;
	for (size_t i = 0; i < w->capacity; i++) {
		if (w->groups[i].key != 0)
			touched[n++] = w->groups[i].touched;
	}
	qsort(touched, n, sizeof *touched, by_touched);
	cut = touched[n / 3];
	free(touched);
	return cut;
}

/*
 * Rebuild the table with the groups that may still matter: those whose newest
 * event could share a window with a leg like the ones that came since the last
 * sweep. (When older slices are being fetched, "since the last sweep" is older
 * too, so nothing of theirs expires by the clock of the newest.)
 */
static void sweep(struct windows *w)
{
	uint64_t cut = cut_for_room(w);
	struct group *old = w->groups;
	size_t n_old = w->capacity, live = 0;
	for (size_t i = 0; i < n_old; i++) {
		struct group *g = &old[i];
		if (g->key == 0)
			continue;
		bool expired = w->oldest_ms != INT64_MAX &&
		    g->newest_ms + g->horizon_ms < w->oldest_ms;
		if (expired || g->touched < cut) {
			w->forgotten += !expired;
			w->event_bytes -= g->capacity * sizeof *g->events;
			free(g->events);
			*g = (struct group){ 0 };
		} else {
			live++;
		}
	}
	w->capacity = 1024;
	while (w->capacity < live * 3)
		w->capacity *= 2;
	w->groups = mem_zalloc(w->capacity * sizeof *w->groups);
	for (size_t i = 0; i < n_old; i++) {
		if (old[i].key != 0)
			*slot(w, old[i].key) = old[i];
	}
	free(old);
	w->n = live;
	w->oldest_ms = INT64_MAX;
	w->swept_at = w->arrivals;
}

static struct group *group_of(struct windows *w, uint64_t key)
{
	if (w->n * 4 >= w->capacity * 3 || w->arrivals - w->swept_at > 65536 + w->n * 4 ||
	    (windows_bytes(w) > w->budget && w->arrivals - w->swept_at > 256))
		sweep(w);
	struct group *g = slot(w, key);
	if (g->key == 0) {
		*g = (struct group){ .key = key, .newest_ms = INT64_MIN };
		w->n++;
	}
	g->touched = ++w->arrivals;
	return g;
}

/* Put the event in its place by time; returns the place. */
static size_t insert(struct windows *w, struct group *g, const struct window_event *event,
    size_t keep)
{
	/* What is too old for any leg still to come goes first. */
	size_t drop = 0;
	int64_t horizon = g->horizon_ms;
	if (g->n > 0 && event->at_ms < g->newest_ms - horizon)
		drop = g->n; /* an older slice is being fetched: its own windows */
	while (drop < g->n && g->events[drop].at_ms < MAX(g->newest_ms, event->at_ms) - horizon)
		drop++;
	if (drop == 0 && g->n >= keep)
		drop = 1;
	if (drop > 0) {
		memmove(g->events, g->events + drop, (g->n - drop) * sizeof *g->events);
		g->n -= (uint32_t)drop;
		if (g->n == 0)
			g->newest_ms = INT64_MIN;
	}
	if (g->n == g->capacity) {
		uint32_t capacity = g->capacity == 0 ? 2 : g->capacity * 2;
		g->events = mem_realloc(g->events, capacity * sizeof *g->events);
		w->event_bytes += (capacity - g->capacity) * sizeof *g->events;
		g->capacity = capacity;
	}
	size_t at = g->n;
	while (at > 0 && g->events[at - 1].at_ms > event->at_ms)
		at--;
	memmove(g->events + at + 1, g->events + at, (g->n - at) * sizeof *g->events);
	g->events[at] = *event;
	g->n++;
	g->newest_ms = MAX(g->newest_ms, event->at_ms);
	return at;
}

/* `more`: the measure lies between this and the next whole number. */
static bool within(const struct bounds *b, int64_t measure, bool more)
{
	bool above = measure >= b->low || (b->low_open && more && measure == b->low - 1);
	bool below = measure < b->high || (measure == b->high && (!more || b->high_open));
	return (!b->has_low || above) && (!b->has_high || below) &&
	    (!b->has_not || measure != b->not_equal || more);
}

bool windows_add(struct windows *w, uint64_t key, const struct correlation *c,
    const struct window_event *event, struct window_result *out)
{
	struct group *g = group_of(w, key | 1);
	w->oldest_ms = MIN(w->oldest_ms, event->at_ms);
	g->horizon_ms = c->timespan_ms + w->lateness_ms;
	size_t keep = MIN(MAX(c->type->keep(c), (size_t)KEEP_LEAST), (size_t)KEEP_MOST);
	size_t mine = insert(w, g, event, keep), left = 0;
	bool met = false;
	/* Windows that end at the new event or, when it came late, after it. */
	for (size_t right = mine; right < g->n; right++) {
		int64_t end = g->events[right].at_ms;
		if (end - event->at_ms >= c->timespan_ms)
			break;
		while (end - g->events[left].at_ms >= c->timespan_ms)
			left++;
		if (right + 1 < g->n && g->events[right + 1].at_ms == end)
			continue; /* the window is closed by the last of equals */
		bool more = false;
		int64_t measure = c->type->measure(g->events + left, right - left + 1, c, &more);
		if (within(&c->bounds, measure, more) && (!met || measure > out->measure)) {
			met = true;
			*out = (struct window_result){ measure, g->events + left, right - left + 1,
				mine - left };
		}
	}
	return met;
}
