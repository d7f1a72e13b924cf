/* SPDX-License-Identifier: Apache-2.0
 *
 * The calls that are up now, as webhooks and polls tell of them. Pure: the
 * caller gives the time. Idempotent by call and event time; an older event
 * never undoes a newer one, none is later than when it was seen, and none of
 * half an hour ago begins a call. */
#ifndef CALLS_LIVE_CALLS_H
#define CALLS_LIVE_CALLS_H

#include "calls/e164.h"

#define LIVE_STATES(row)                                                            \
	row(LIVE_CONNECTING, "connecting") row(LIVE_ALERTING, "alerting")           \
	row(LIVE_CONNECTED, "connected") row(LIVE_HELD, "held")                     \
	row(LIVE_REMOTE_HELD, "remote_held") row(LIVE_DISCONNECTED, "disconnected")

enum live_state {
#define LIVE_STATE_ENUM(id, name) id,
	LIVE_STATES(LIVE_STATE_ENUM)
#undef LIVE_STATE_ENUM
};

const char *live_call_state_name(enum live_state);

/* Fixed buffers: bounded whatever a webhook says. Text is printable. */
struct live_call {
	char call_id[160];	/* Webex's id of the call half */
	char person_uuid[40];
	char person_name[128];	/* from the directory; "" unknown */
	char location[96];
	char remote_number[64]; /* as reported */
	char remote_name[128];
	struct number remote;	/* understood */
	enum live_state state;
	bool originator, external;
	int64_t created_ms, answered_ms; /* UTC; 0 not answered */
	int64_t event_ms;	/* the newest event that was applied */
	int64_t seen_ms;	/* when we last heard of it: ghosts expire by it */
};

struct live_calls;
struct live_calls *live_calls_new(void);
void live_calls_free(struct live_calls *);

/* Without an event that says so: ENDED, by then; LOST, it was not heard of for too long
 * and nobody knows. */
enum live_end { LIVE_ENDED, LIVE_LOST };
/* Told of each call that is over so. */
void live_calls_on_over(struct live_calls *, void (*on_over)(const struct live_call *, enum live_end, int64_t at_ms, void *arg), void *arg);

/* True when the event changed something. At most 20 000 calls are kept. */
bool live_calls_apply(struct live_calls *, const struct live_call *);
/* A poll of one person gave the whole truth: what it did not name is over. */
void live_calls_apply_poll(struct live_calls *, const char *person_uuid,
    const struct live_call *calls, size_t n, int64_t now_ms);
/* The call at `i` is over. An event that is newer brings it back. */
void live_calls_end(struct live_calls *, size_t i, enum live_end, int64_t at_ms);
/* Lost are calls not heard of for `age_ms`, and those that only ring for `ringing_ms`.
 * Returns how many. */
size_t live_calls_expire(struct live_calls *, int64_t now_ms, int64_t ringing_ms, int64_t age_ms);

/* E.164 where it is understood, else as it was reported. */
const char *live_call_number(const struct live_call *);
/* What it has cost until now, micro USD: begun minutes are charged to who calls. */
int64_t live_call_cost_micro(const struct live_call *, int64_t now_ms);

size_t live_calls_count(const struct live_calls *);
const struct live_call *live_calls_at(const struct live_calls *, size_t i); /* any order */
uint64_t live_calls_version(const struct live_calls *);

#endif
