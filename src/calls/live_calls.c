/* SPDX-License-Identifier: Apache-2.0
 *
 * Calls by id, and the ids of calls that ended lately: an event that comes
 * after the end of its call must not bring it back. */
#include "calls/live_calls.h"

#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/mem.h"

enum { MOST_CALLS = 20000, MOST_ENDED = 8192 };

struct live_calls {
	struct live_call *calls;
	size_t n, room;
	struct map by_id;  /* number: index */
	struct map ended;  /* number: event_ms of its end */
	char *ended_ids[MOST_ENDED]; /* a ring, to forget the oldest */
	size_t next_ended;
	uint64_t version;
	void (*on_over)(const struct live_call *, enum live_end, int64_t at_ms, void *arg); /* NULL: nobody asks */
	void *arg;
};

const char *live_call_state_name(enum live_state state)
{
	static const char *const names[] = {
#define LIVE_STATE_NAME(id, name) [id] = name,
		LIVE_STATES(LIVE_STATE_NAME)
#undef LIVE_STATE_NAME
	};
	return names[state];
}

struct live_calls *live_calls_new(void)
{
	return mem_zalloc(sizeof(struct live_calls));
}

void live_calls_free(struct live_calls *live)
{
	if (live == NULL)
		return;
	for (size_t i = 0; i < MOST_ENDED; i++)
		free(live->ended_ids[i]);
	map_clear(&live->by_id);
	map_clear(&live->ended);
	free(live->calls);
	free(live);
}

/* How far Webex's clock may be before ours; and how old an event may be that begins a
 * call: who sends an older one anew would make calls live that ended before we looked. */
#define AHEAD_MS (2 * MINUTE_MS)
#define STALE_MS (30 * MINUTE_MS)

static void remember_end(struct live_calls *live, const char *id, int64_t event_ms)
{
	bool is_new;
	union map_value *value = map_put(&live->ended, id, &is_new);
	value->number = is_new ? event_ms : MAX(value->number, event_ms);
	if (!is_new)
		return;
	char **slot = &live->ended_ids[live->next_ended++ % MOST_ENDED];
	if (*slot != NULL)
		map_remove(&live->ended, *slot, NULL);
	free(*slot);
	*slot = mem_strdup(id);
}

static void remove_at(struct live_calls *live, size_t i)
{
	map_remove(&live->by_id, live->calls[i].call_id, NULL);
	if (i != live->n - 1) {
		live->calls[i] = live->calls[live->n - 1];
		map_get(&live->by_id, live->calls[i].call_id)->number = (int64_t)i;
	}
	live->n--;
	live->version++;
}

static void keep_if_empty(char *out, const char *old, size_t capacity)
{
	if (out[0] == '\0')
		memcpy(out, old, capacity);
}

/* What an event leaves out is as before. */
static void fill_from(struct live_call *call, const struct live_call *old)
{
	keep_if_empty(call->person_uuid, old->person_uuid, sizeof call->person_uuid);
	keep_if_empty(call->person_name, old->person_name, sizeof call->person_name);
	keep_if_empty(call->location, old->location, sizeof call->location);
	keep_if_empty(call->remote_name, old->remote_name, sizeof call->remote_name);
	if (call->remote_number[0] == '\0') {
		memcpy(call->remote_number, old->remote_number, sizeof call->remote_number);
		call->remote = old->remote;
		call->external = old->external;
	}
	if (call->created_ms == 0)
		call->created_ms = old->created_ms;
	if (call->answered_ms == 0)
		call->answered_ms = old->answered_ms;
}

static bool same_but_times(const struct live_call *a, const struct live_call *b)
{
	return a->state == b->state && a->originator == b->originator && a->external == b->external &&
	    a->created_ms == b->created_ms && a->answered_ms == b->answered_ms &&
	    strcmp(a->person_uuid, b->person_uuid) == 0 && strcmp(a->person_name, b->person_name) == 0 &&
	    strcmp(a->location, b->location) == 0 && strcmp(a->remote_number, b->remote_number) == 0 &&
	    strcmp(a->remote_name, b->remote_name) == 0 && strcmp(a->remote.e164, b->remote.e164) == 0;
}

void live_calls_on_over(struct live_calls *live, void (*on_over)(const struct live_call *, enum live_end, int64_t, void *), void *arg)
{
	live->on_over = on_over;
	live->arg = arg;
}

bool live_calls_apply(struct live_calls *live, const struct live_call *told)
{
	if (told->call_id[0] == '\0')
		return false;
	struct live_call bounded, *event = &bounded;
	bounded = *told;
	/* Nothing is of tomorrow: no later end could undo it. */
	bounded.event_ms = MIN(told->event_ms, told->seen_ms + AHEAD_MS);
	union map_value *at = map_get(&live->by_id, event->call_id);
	bool ends = event->state == LIVE_DISCONNECTED;
	if (at == NULL) {
		union map_value *end = map_get(&live->ended, event->call_id);
		if (end != NULL && event->event_ms <= end->number)
			return false;
		if (ends) {
			remember_end(live, event->call_id, event->event_ms);
			return false;
		}
		if (event->event_ms < event->seen_ms - STALE_MS)
			return false;
		/* Newer than its end: the id is used again. */
		if (live->n == MOST_CALLS)
			return false;
		live->calls = mem_grow(live->calls, live->n, &live->room, sizeof *live->calls);
		live->calls[live->n] = *event;
		map_put(&live->by_id, event->call_id, NULL)->number = (int64_t)live->n++;
		live->version++;
		return true;
	}
	struct live_call *call = &live->calls[at->number];
	/* At the same moment the later state wins, so that any order gives one
	 * result. */
	if (event->event_ms < call->event_ms ||
	    (event->event_ms == call->event_ms && event->state < call->state))
		return false;
	if (ends) {
		remember_end(live, event->call_id, event->event_ms);
		remove_at(live, (size_t)at->number);
		return true;
	}
	struct live_call merged = *event;
	fill_from(&merged, call);
	merged.seen_ms = MAX(event->seen_ms, call->seen_ms);
	bool changed = !same_but_times(&merged, call);
	*call = merged;
	live->version += changed;
	return changed;
}

void live_calls_end(struct live_calls *live, size_t i, enum live_end end, int64_t at_ms)
{
	assert(i < live->n);
	const struct live_call *call = &live->calls[i];
	remember_end(live, call->call_id, end == LIVE_LOST ? call->event_ms : at_ms);
	if (live->on_over != NULL)
		live->on_over(call, end, at_ms, live->arg);
	remove_at(live, i);
}

void live_calls_apply_poll(struct live_calls *live, const char *person_uuid,
    const struct live_call *calls, size_t n, int64_t now_ms)
{
	for (size_t i = 0; i < n; i++)
		live_calls_apply(live, &calls[i]);
	for (size_t i = live->n; i-- > 0;) {
		struct live_call *call = &live->calls[i];
		/* An event newer than the question knows better. */
		if (strcmp(call->person_uuid, person_uuid) != 0 || call->event_ms > now_ms)
			continue;
		bool named = false;
		for (size_t j = 0; j < n && !named; j++)
			named = strcmp(calls[j].call_id, call->call_id) == 0;
		if (!named)
			live_calls_end(live, i, LIVE_ENDED, now_ms);
	}
}

size_t live_calls_expire(struct live_calls *live, int64_t now_ms, int64_t ringing_ms, int64_t age_ms)
{
	size_t n = 0;
	for (size_t i = live->n; i-- > 0;) {
		const struct live_call *call = &live->calls[i];
		if (now_ms - call->seen_ms < (call->state <= LIVE_ALERTING ? MIN(ringing_ms, age_ms) : age_ms))
			continue;
		live_calls_end(live, i, LIVE_LOST, now_ms);
		n++;
	}
	return n;
}

size_t live_calls_count(const struct live_calls *live)
{
	return live->n;
}

const struct live_call *live_calls_at(const struct live_calls *live, size_t i)
{
	assert(i < live->n);
	return &live->calls[i];
}

uint64_t live_calls_version(const struct live_calls *live)
{
	return live->version;
}

const char *live_call_number(const struct live_call *call)
{
	return call->remote.e164[0] != '\0' ? call->remote.e164 : call->remote_number;
}

int64_t live_call_cost_micro(const struct live_call *call, int64_t now_ms)
{
	if (!call->originator || call->answered_ms <= 0 || call->remote.rate_micro_usd <= 0)
		return 0;
	int64_t minutes = (MAX(now_ms - call->answered_ms, (int64_t)0) + MINUTE_MS - 1) / MINUTE_MS;
	return minutes * call->remote.rate_micro_usd;
}
