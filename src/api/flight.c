/* SPDX-License-Identifier: Apache-2.0
 *
 * Many ask the same at once, and again a moment later. While a question is on its way,
 * others of the same words wait for its answer; for a second, as long as nothing was
 * committed since, it is given again as it stands, packed if need be. */
#include <stdlib.h>
#include <string.h>

#include "api/parts.h"
#include "base/mem.h"

#define FRESH_NS    1000000000LL
#define FLIGHTS_MAX 64
#define BYTES_MAX   (4u << 20) /* of one answer; a larger one is not kept */

struct api_flight {
	char *question; /* route and query, and whether numbers are whole */
	bool on_its_way;
	int64_t landed_ns;
	uint64_t alerts_version, calls_version;
	int status;
	struct text plain, packed;
	bool was_packed;
	struct api_call **waiting;
	size_t n_waiting, capacity;
};

struct api_flights {
	struct api_flight *items[FLIGHTS_MAX];
	size_t n;
};

struct api_flights *api_flights_new(void)
{
	return mem_zalloc(sizeof(struct api_flights));
}

static void flight_free(struct api_flight *flight)
{
	text_clear(&flight->plain);
	text_clear(&flight->packed);
	free(flight->waiting);
	free(flight->question);
	free(flight);
}

void api_flights_free(struct api_flights *flights)
{
	for (size_t i = 0; i < flights->n; i++)
		flight_free(flights->items[i]);
	free(flights);
}

/* While records come, calls change with every page, and alerts seldom. */
static bool is_fresh(const struct api_flight *flight, const struct api_call *call)
{
	const struct board *board = call->api->board;
	return flight->landed_ns != 0 && clock_steady_ns() - flight->landed_ns < FRESH_NS && flight->alerts_version == board->alerts_version &&
	    (flight->calls_version == board->calls_version || (call->route->flags & ROUTE_ALERTS) != 0);
}

static struct api_flight *find(struct api_flights *flights, const char *question)
{
	for (size_t i = 0; i < flights->n; i++)
		if (strcmp(flights->items[i]->question, question) == 0)
			return flights->items[i];
	return NULL;
}

/* A new one, in the place of the oldest that rests where there is no room. */
static struct api_flight *begin(struct api_flights *flights, const char *question)
{
	size_t place = flights->n;
	if (flights->n == FLIGHTS_MAX) {
		for (size_t i = 0; i < flights->n; i++)
			if (!flights->items[i]->on_its_way && (place == FLIGHTS_MAX || flights->items[i]->landed_ns < flights->items[place]->landed_ns))
				place = i;
		if (place == FLIGHTS_MAX)
			return NULL;
		flight_free(flights->items[place]);
	} else {
		flights->n++;
	}
	struct api_flight *flight = mem_zalloc(sizeof *flight);
	flight->question = mem_strdup(question);
	flights->items[place] = flight;
	return flight;
}

static void give(struct api_flight *flight, struct api_call *call)
{
	call->status = flight->status;
	bool packs = api_packs(call);
	if (packs && !flight->was_packed) {
		flight->was_packed = true;
		(void)!api_pack(&flight->plain, &flight->packed);
	}
	api_leave(call, &flight->plain, packs ? &flight->packed : NULL);
}

bool api_flight_join(struct api_call *call)
{
	struct api *api = call->api;
	const char *question = arena_printf(&call->arena, "%s %lld %s?%s", call->route->name, (long long)call->id, call->name == NULL ? "" : call->name, http_visit_query(call->visit));
	struct api_flight *flight = find(api->flights, question);
	if (flight != NULL && flight->on_its_way) {
		flight->waiting = mem_grow(flight->waiting, flight->n_waiting, &flight->capacity, sizeof(struct api_call *));
		flight->waiting[flight->n_waiting++] = call;
		return true;
	}
	if (flight != NULL && is_fresh(flight, call)) {
		give(flight, call);
		return true;
	}
	if (flight == NULL && (flight = begin(api->flights, question)) == NULL)
		return false;
	flight->on_its_way = true;
	flight->alerts_version = api->board->alerts_version;
	flight->calls_version = api->board->calls_version;
	call->flight = flight;
	return false;
}

struct api_call *api_flight_pass(struct api_call *call)
{
	struct api_flight *flight = call->flight;
	if (flight->n_waiting == 0)
		return NULL;
	struct api_call *next = flight->waiting[0];
	memmove(flight->waiting, flight->waiting + 1, --flight->n_waiting * sizeof *flight->waiting);
	next->flight = flight;
	call->flight = NULL;
	return next;
}

void api_flight_land(struct api_call *call)
{
	struct api_flight *flight = call->flight;
	struct api_call **waiting = flight->waiting;
	size_t n = flight->n_waiting;
	flight->on_its_way = false;
	flight->waiting = NULL;
	flight->n_waiting = flight->capacity = 0;
	flight->landed_ns = 0;
	text_clear(&flight->plain);
	text_clear(&flight->packed);
	flight->was_packed = false;
	call->flight = NULL;
	if (call->fault.code != FAULT_NONE || call->answer.n > BYTES_MAX) {
		for (size_t i = 0; i < n; i++) {
			struct api_call *other = waiting[i];
			other->fault = call->fault;
			other->status = call->status;
			other->title = call->title;
			other->wrong = call->wrong == NULL ? NULL : arena_strdup(&other->arena, call->wrong);
			text_add(&other->answer, text_string(&call->answer), call->answer.n);
			api_answer(other);
		}
		api_answer(call);
	} else {
		flight->status = call->status;
		flight->plain = call->answer;
		call->answer = (struct text){ 0 };
		flight->landed_ns = clock_steady_ns();
		for (size_t i = 0; i < n; i++)
			give(flight, waiting[i]);
		give(flight, call);
	}
	free(waiting);
}
