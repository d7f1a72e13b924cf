/* SPDX-License-Identifier: Apache-2.0 */
#include "calls/live_calls.h"

#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/mem.h"

#define MAX_CALLS 20000

struct live_calls {
	struct live_call *calls;
	size_t n, capacity;
	struct map by_id;   /* call id → place in calls */
	struct map ended;   /* call id → when: a late event may not revive it */
	uint64_t version;
};

struct live_calls *live_calls_new(void)
{
	struct live_calls *live = mem_zalloc(sizeof *live);
	live->version = 1;
	return live;
}

void live_calls_free(struct live_calls *live)
{
	if (live == NULL)
		return;
	map_clear(&live->by_id);
	map_clear(&live->ended);
	free(live->calls);
	free(live);
}

static void remove_at(struct live_calls *live, size_t i)
{
	map_remove(&live->by_id, live->calls[i].call_id, NULL);
	live->calls[i] = live->calls[--live->n];
	if (i < live->n)
		map_put(&live->by_id, live->calls[i].call_id, NULL)->number = (int64_t)i;
	live->version++;
}

static void end_call(struct live_calls *live, size_t i, int64_t at_ms)
{
	if (live->ended.n >= MAX_CALLS)
		map_clear(&live->ended);
	map_put(&live->ended, live->calls[i].call_id, NULL)->number = at_ms;
	remove_at(live, i);
}

bool live_calls_apply(struct live_calls *live, const struct live_call *event)
{
	if (event->call_id[0] == '\0' || map_get(&live->ended, event->call_id) != NULL)
		return false;
	union map_value *at = map_get(&live->by_id, event->call_id);
	if (at != NULL) {
		struct live_call *call = &live->calls[at->number];
		if (event->event_ms < call->event_ms) {
			call->seen_ms = MAX(call->seen_ms, event->seen_ms);
			return false;
		}
		if (event->state == LIVE_DISCONNECTED) {
			end_call(live, (size_t)at->number, event->event_ms);
			return true;
		}
		/* What an event leaves out, an earlier one may have said. */
		struct live_call merged = *event;
		if (merged.answered_ms == 0)
			merged.answered_ms = call->answered_ms;
		if (merged.created_ms == 0)
			merged.created_ms = call->created_ms;
		if (merged.remote_number[0] == '\0') {
			memcpy(merged.remote_number, call->remote_number, sizeof merged.remote_number);
			merged.remote = call->remote;
		}
		bool changed = merged.state != call->state || merged.answered_ms != call->answered_ms ||
		    strcmp(merged.remote_number, call->remote_number) != 0;
		*call = merged;
		live->version += changed;
		return changed;
	}
	if (event->state == LIVE_DISCONNECTED) {
		/* Its beginning was never heard of, or comes later. */
		if (live->ended.n >= MAX_CALLS)
			map_clear(&live->ended);
		map_put(&live->ended, event->call_id, NULL)->number = event->event_ms;
		return false;
	}
	if (live->n >= MAX_CALLS)
		return false;
	live->calls = mem_grow(live->calls, live->n, &live->capacity, sizeof *live->calls);
	map_put(&live->by_id, event->call_id, NULL)->number = (int64_t)live->n;
	live->calls[live->n++] = *event;
	live->version++;
	return true;
}

void live_calls_apply_poll(struct live_calls *live, const char *person_uuid,
    const struct live_call *calls, size_t n, int64_t now_ms)
{
	for (size_t i = 0; i < n; i++)
		live_calls_apply(live, &calls[i]);
	for (size_t i = live->n; i-- > 0;) {
		if (strcmp(live->calls[i].person_uuid, person_uuid) != 0)
			continue;
		bool named = false;
		for (size_t k = 0; k < n; k++)
			named = named || strcmp(calls[k].call_id, live->calls[i].call_id) == 0;
		if (!named)
			end_call(live, i, now_ms);
	}
}

size_t live_calls_expire(struct live_calls *live, int64_t now_ms, int64_t age_ms)
{
	size_t n = 0;
	for (size_t i = live->n; i-- > 0;) {
		if (now_ms - live->calls[i].seen_ms > age_ms) {
			remove_at(live, i);
			n++;
		}
	}
	return n;
}

size_t live_calls_count(const struct live_calls *live)
{
	return live->n;
}

const struct live_call *live_calls_at(const struct live_calls *live, size_t i)
{
	return &live->calls[i];
}

uint64_t live_calls_version(const struct live_calls *live)
{
	return live->version;
}
