/* SPDX-License-Identifier: Apache-2.0
 *
 * A webhook, between cloud_webhooks.c (they come and go by the API) and
 * cloud_events.c (they are told). */
#ifndef SIM_CLOUD_WEBHOOK_H
#define SIM_CLOUD_WEBHOOK_H

#include "sim/cloud_live.h"

#define N_FAILURES 100

struct delivery;

struct webhook {
	struct webhook *next;
	char id[37];
	char *name, *target_url, *resource, *event, *filter, *secret; /* secret NULL: none */
	bool by_org, active;
	enum cloud_owner owner;
	int64_t created_ms;
	struct delivery *first, **last; /* waiting */
	size_t n_waiting, n_sending;
	int64_t failed_ms[N_FAILURES]; /* a ring */
	size_t n_failed;
};

struct webhook *webhook_find(const struct live *, const char *uuid);
void webhook_free(struct webhook *);
/* The members a webhook has everywhere, each with a comma after it. */
void webhook_add(struct text *out, const struct cloud *, const struct webhook *, const char *event);

#endif
