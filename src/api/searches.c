/* SPDX-License-Identifier: Apache-2.0
 *
 * Who searches waits for others who do, and for nobody long: of one caller one search
 * runs at a time and a few wait, callers take turns, and where nobody waits for the
 * answer any more the search ends. Loop thread only, but for api_goes_on. */
#include <string.h>

#include "api/parts.h"

#define OF_ONE_MOST  8	/* of one caller: a page of a browser asks for so many at once */
#define WAITING_MOST 64 /* of all; at the worst each runs as long as a search may */
#define LOOK_NS	     50000000LL

static bool same_caller(const struct api_call *a, const struct api_call *b)
{
	if (*a->caller.id != '\0' || *b->caller.id != '\0')
		return strcmp(a->caller.id, b->caller.id) == 0;
	return strcmp(a->caller.name, b->caller.name) == 0;
}

static bool runs(const struct api *api, const struct api_call *caller)
{
	for (size_t i = 0; i < API_SEARCHERS; i++)
		if (api->slow[i].search != NULL && same_caller(api->slow[i].search, caller))
			return true;
	return false;
}

static void append(struct api_call **list, struct api_call *call)
{
	while (*list != NULL)
		list = &(*list)->behind;
	*list = call;
	call->behind = NULL;
}

/* The first whose caller has none that runs; the caller's others go behind all. */
static struct api_call *take(struct api *api)
{
	struct api_call **at = &api->waiting, *taken, *others = NULL;
	while (*at != NULL && runs(api, *at))
		at = &(*at)->behind;
	taken = *at;
	if (taken == NULL)
		return NULL;
	*at = taken->behind;
	for (at = &api->waiting; *at != NULL;) {
		struct api_call *call = *at;
		if (!same_caller(call, taken)) {
			at = &call->behind;
			continue;
		}
		*at = call->behind;
		append(&others, call);
	}
	*at = others;
	return taken;
}

static void start(struct api *api)
{
	for (size_t i = 0; i < API_SEARCHERS && !api->stopping; i++) {
		if (api->slow[i].search != NULL)
			continue;
		struct api_call *call = take(api);
		if (call == NULL)
			return;
		api->slow[i].search = call;
		api_read_by(call, &api->slow[i]);
	}
}

/* They keep no place. */
static void let_go_who_left(struct api *api)
{
	struct api_call *gone = NULL, *next;
	for (struct api_call **at = &api->waiting; *at != NULL;) {
		struct api_call *call = *at;
		if (!http_end_is_gone(&call->end)) {
			at = &call->behind;
			continue;
		}
		*at = call->behind;
		append(&gone, call);
	}
	for (; gone != NULL; gone = next) {
		next = gone->behind;
		gone->left = true;
		fault_set(&gone->fault, FAULT_CANCELLED, "nobody waits for the answer");
		api_read_end(gone);
	}
}

size_t api_searches_count(const struct api *api)
{
	size_t n = 0;
	for (const struct api_call *call = api->waiting; call != NULL; call = call->behind)
		n++;
	for (size_t i = 0; i < API_SEARCHERS; i++)
		n += api->slow[i].search != NULL;
	return n;
}

void api_search_on(struct api_call *call)
{
	append(&call->api->waiting, call);
	start(call->api);
}

void api_search(struct api_call *call)
{
	struct api *api = call->api;
	let_go_who_left(api);
	size_t n = api_searches_count(api), n_own = runs(api, call);
	for (const struct api_call *other = api->waiting; other != NULL; other = other->behind)
		n_own += same_caller(other, call);
	if (n_own < OF_ONE_MOST && n < WAITING_MOST) {
		api_search_on(call);
		return;
	}
	call->status = n_own >= OF_ONE_MOST ? 429 : 503;
	if (n_own >= OF_ONE_MOST)
		fault_set(&call->fault, FAULT_LIMIT, "%d searches of this token are on their way: wait for one of them", OF_ONE_MOST);
	else
		fault_set(&call->fault, FAULT_CANCELLED, "%d searches wait already", WAITING_MOST);
	call->fault.retry_after_ms = n_own >= OF_ONE_MOST ? 1000 : 5000;
	api_read_end(call);
}

void api_search_end(struct api_call *call)
{
	if (call->reader == NULL || call->reader->search != call)
		return;
	call->reader->search = NULL;
	start(call->api);
}

void api_searches_stop(struct api *api)
{
	struct api_call *waiting = api->waiting, *next;
	api->waiting = NULL;
	for (; waiting != NULL; waiting = next) {
		next = waiting->behind;
		fault_set(&waiting->fault, FAULT_CANCELLED, "the service is stopping");
		api_read_end(waiting);
	}
}

bool api_goes_on(void *arg)
{
	struct api_patience *patience = arg;
	int64_t now = clock_steady_ns();
	/* Whoever leaves is answered all the same where that takes no time. */
	bool searches = patience->call->reader->search == patience->call;
	if (searches && now >= patience->look_ns) {
		patience->look_ns = now + LOOK_NS;
		patience->call->left = http_end_is_gone(&patience->call->end);
	}
	return !patience->call->left && now < patience->until_ns;
}
