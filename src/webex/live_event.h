/* SPDX-License-Identifier: Apache-2.0
 *
 * A live call as a webhook or a poll tells it, into one shape. Pure. The
 * webhook's outer "event" and "created" say nothing about the call and are not
 * used; who is right when events disagree is live_calls.h's business. */
#ifndef WEBEX_LIVE_EVENT_H
#define WEBEX_LIVE_EVENT_H

#include "calls/directory.h"
#include "calls/live_calls.h"

/*
 * A telephony_calls webhook body. `remote`, person_name and location stay
 * empty: live_call_understand() fills them.
 * FAULT_INPUT: not such a body, or of another resource.
 */
bool live_event_read(const char *bytes, size_t n, int64_t now_ms, struct live_call *out,
    struct fault *) MUST_USE;

/* The answer of GET …/members/{id}/calls. Calls that cannot be read are left
 * out. *calls is malloc'd, NULL when there are none. asked_ms: when the poll
 * was sent; it is the calls' event_ms. */
bool live_poll_read(const char *bytes, size_t n, const char *person_uuid, int64_t asked_ms,
    struct live_call **calls, size_t *n_calls, struct fault *) MUST_USE;

/* Name and place of the person, and what the number is. Both may be NULL. */
void live_call_understand(struct live_call *, const struct directory *, const struct numbering *);

#endif
