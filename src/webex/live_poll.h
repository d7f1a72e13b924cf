/* SPDX-License-Identifier: Apache-2.0
 *
 * Live calls of a watch-list by asking member by member: the way that needs no
 * public address, but a Service App token. Loop thread only. */
#ifndef WEBEX_LIVE_POLL_H
#define WEBEX_LIVE_POLL_H

#include "calls/live_calls.h"
#include "webex/client.h"

struct live_poll; /* opaque */

struct live_poll_options {
	int64_t every_ms;  /* from round to round; 0: 10 s */
	int64_t rest_ms;   /* after a refusal; 0: 5 min */
	int parallel;	   /* 0: 4 */
};

struct live_poll_events {
	/* One member's whole truth at asked_ms: give it to live_calls_apply_poll
	 * (after live_call_understand). Borrowed, may be changed. */
	void (*on_calls)(const char *person_uuid, struct live_call *calls, size_t n,
	    int64_t asked_ms, void *arg);
	/* Once a round that brought nothing but refusals: why. May be NULL. */
	void (*on_fault)(const struct fault *, void *arg);
	void *arg;
};

/* A clock that runs faster polls more often. options NULL: the defaults. */
struct live_poll *live_poll_new(uv_loop_t *, struct webex *, const struct clock *,
    const struct live_poll_options *, const struct live_poll_events *);

/* Whom to ask from the next round on: ids of people, workspaces or virtual
 * lines as Webex writes them, or the UUID of a person; copied. None: it rests.
 * Members without Webex Calling (404) are left out while they stay listed. */
void live_poll_watch(struct live_poll *, const char *const *uuids, size_t n);
bool live_poll_works(const struct live_poll *); /* the last round had an answer */

/* Stops and frees. Close it before its webex. */
void live_poll_close(struct live_poll *, void (*on_closed)(void *arg), void *arg);

#endif
