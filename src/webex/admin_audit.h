/* SPDX-License-Identifier: Apache-2.0
 *
 * The admin audit of Webex: GET /v1/adminAudit/events, a stretch of time at once.
 * Needs the scope audit:events_read of a full administrator. Everything in an event
 * is a stranger's text. Who reads which stretch when: watch/admin_watch.h. */
#ifndef WEBEX_ADMIN_AUDIT_H
#define WEBEX_ADMIN_AUDIT_H

#include <jansson.h>

#include "store/admin_rows.h"
#include "webex/client.h"

/* Of one stretch; with more than this it must be asked for in smaller ones. */
#define ADMIN_AUDIT_MOST 5000

struct admin_audit_read; /* one reading on its way; opaque; ends with done */

struct admin_audit_result {
	struct fault fault; /* FAULT_NONE: the stretch is whole. FAULT_LIMIT with too_many */
	bool too_many;
	const struct admin_event *events; /* as Webex orders them: the newest first */
	size_t n;
	size_t n_unreadable; /* items that are no event: left out */
};

/* Valid until it returns. On the loop, once. */
typedef void (*admin_audit_done_fn)(const struct admin_audit_result *, void *arg);

/* org_uuid: whose; without it Webex answers 400. [from_ms, to_ms] is at most a year. */
struct admin_audit_read *admin_audit_read(struct webex *, const char *org_uuid, int64_t from_ms, int64_t to_ms, admin_audit_done_fn done, void *arg);
void admin_audit_cancel(struct admin_audit_read *); /* done follows, FAULT_CANCELLED */

/* An item of the list, printable and bounded, in the arena. False: it has no id or
 * no time. Pure. */
bool admin_event_read(const json_t *item, struct arena *, struct admin_event *out);

#endif
