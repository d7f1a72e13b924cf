/* SPDX-License-Identifier: Apache-2.0 */
#include "watch/readying.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/i18n.h"
#include "base/log.h"
#include "base/mem.h"
#include "net/late.h"

struct readying {
	struct job job;
	struct guard *guard;
	struct lane *lane;
	bool reached, ok, waits;
	struct fault fault;
	void (*on_ready)(void *, const struct fault *);
	void *arg;
};

static void work(struct job *job)
{
	struct readying *r = (struct readying *)job;
	r->reached = guard_reach(r->guard, &r->fault);
	/* With the libraries that asking needs: they are slow to load. */
	r->ok = r->reached && guard_prepare(r->guard, &r->fault) && late_curl(&r->fault) && late_microhttpd(&r->fault);
}

static void on_done(struct job *job, bool cancelled)
{
	struct readying *r = (struct readying *)job;
	r->waits = !cancelled && !r->reached;
	if (!cancelled && r->reached)
		r->on_ready(r->arg, r->ok ? NULL : &r->fault);
}

struct readying *readying_new(struct guard *guard, struct lane *store_lane, void (*on_ready)(void *, const struct fault *), void *arg)
{
	struct readying *r = mem_zalloc(sizeof *r);
	*r = (struct readying){ .job = { .work = work, .done = on_done }, .guard = guard, .lane = store_lane, .on_ready = on_ready, .arg = arg };
	lane_submit(store_lane, &r->job);
	return r;
}

void readying_go_on(struct readying *r)
{
	if (r == NULL || !r->waits)
		return;
	r->waits = false;
	lane_submit(r->lane, &r->job);
}

void readying_say_down(struct health *health, const struct fault *fault)
{
	health->sync = SYNC_FAULT;
	health->code = fault->code;
	snprintf(health->sentence, sizeof health->sentence, "%s", fault->text);
	log_broken("%s", fault->text);
}

void readying_say_not_reached(struct health *health, const char *store_address, bool reached_before)
{
	char shown[200];
	store_address_shown(store_address, shown, sizeof shown);
	health->store_fails = true;
	health->code = FAULT_NETWORK;
	snprintf(health->sentence, sizeof health->sentence, reached_before ? _("the store %s does not answer") : _("the store %s has not answered yet"), shown);
}

void readying_free(struct readying *r)
{
	free(r);
}
