/* SPDX-License-Identifier: Apache-2.0
 *
 * Keeps one webhook for telephony_calls alive at Webex: made when missing,
 * switched on again when Webex switched it off (100 failures in 5 minutes, and
 * nobody is told), doubles removed. Call it every few minutes. Reading and
 * verifying what it sends are live_event.h and signature.h. */
#ifndef WEBEX_WEBHOOKS_H
#define WEBEX_WEBHOOKS_H

#include "webex/client.h"

struct webhooks_keep; /* one visit; ends with on_done */

struct webhook_wish {
	const char *name;	/* ours, to be recognised: "centinela HOST" */
	const char *target_url; /* public https address of the relay */
	const char *secret;	/* 32 random bytes as text; never logged */
	const char *filter;	/* NULL: "callType=external" */
	bool of_the_user;	/* not of the whole organisation */
};

struct webhook_result {
	struct fault fault;	/* FAULT_NONE: it is there and active */
	char id[200];
	bool created, reactivated;
	int n_removed;		/* doubles and such with other settings */
	struct fault interest;	/* calls of workspaces and virtual lines: why not */
};

typedef void (*webhook_done_fn)(const struct webhook_result *, void *arg);

struct webhooks_keep *webhooks_keep(struct webex *, const struct webhook_wish *,
    webhook_done_fn done, void *arg);
void webhooks_keep_cancel(struct webhooks_keep *); /* done follows, FAULT_CANCELLED */

#endif
