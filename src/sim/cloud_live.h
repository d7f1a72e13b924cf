/* SPDX-License-Identifier: Apache-2.0
 *
 * What cloud_live.c (calls that are up, and what happens to them) and
 * cloud_events.c, cloud_webhooks.c (who is told) have between them. */
#ifndef SIM_CLOUD_LIVE_H
#define SIM_CLOUD_LIVE_H

#include "sim/cloud_parts.h"

/* What happens to a call, in order. */
enum stage { STAGE_BEGUN, STAGE_ALERTING, STAGE_ANSWERED, STAGE_HELD, STAGE_RESUMED, STAGE_OVER };

struct live_event {
	struct sim_call call;
	enum stage stage;
	int64_t at_ms;
};

struct call_days;
struct call_days *call_days_new(void);
void call_days_free(struct call_days *);

struct webhook;
struct live {
	struct cloud *cloud;
	struct call_days *days; /* the lane's */
	struct map hung_up;	/* call id → when */
	uv_timer_t tick;
	bool watching, stopping; /* watching: a look is on the lane */
	int64_t told_ms;	 /* events up to here were told */
	struct http_client *client;
	struct webhook *webhooks; /* newest first */
	size_t n_webhooks;
	struct {
		bool workspaces, virtual_lines;
		int64_t until_ms;
	} interest;
	int n_open;
	void (*on_stopped)(struct cloud *);
};

/* Is anybody told of telephony_calls? Then the clock of events runs. */
bool webhooks_listen(const struct live *);
void webhooks_tell(struct live *, const struct live_event *);
void webhooks_clear(struct live *);
void live_watch(struct live *); /* a webhook came or went */

/* "alerting", "connected" … */
const char *live_state_name(const struct sim_call *, enum stage);

/* The call as the API shows it, without braces: from callSessionId on. */
void live_add_call(struct text *out, const struct cloud *, const struct sim_call *, enum stage);

#endif
