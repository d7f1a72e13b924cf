/* SPDX-License-Identifier: Apache-2.0 */
#include "watch/roster.h"

#include <stdlib.h>

#include "base/log.h"
#include "base/mem.h"
#include "calls/directory.h"
#include "store/directory_rows.h"
#include "webex/people.h"

#define AGAIN_MS     DAY_MS
#define AFTER_FAULT_MS (10 * MINUTE_MS)

struct roster {
	struct sync_parts parts;
	struct webex *webex;
	struct directory_read *reading;
	int64_t next_ms; /* machine's clock */
	bool halted;	 /* the lanes are closed, or about to be: nothing is for them any more */
	void (*on_closed)(void *); /* set: it is being closed */
	void *arg;
};

/* A directory on its way to the store and to the intake lane. */
struct news {
	struct job job;
	struct roster *roster;
	struct directory *directory;
	bool ok;
	struct fault fault;
};

static void news_free(struct news *n)
{
	directory_free(n->directory);
	free(n);
}

static void store_work(struct job *job)
{
	struct news *n = (struct news *)job;
	n->ok = directory_rows_write(n->roster->parts.guard->store, n->directory, &n->fault);
}

static void on_store_rests(struct job *job, bool cancelled);

/* No intake job runs while a job's `done` does: here, and only here, the
 * snapshot may be exchanged. */
static void on_intake_rests(struct job *job, bool cancelled)
{
	struct news *n = (struct news *)job;
	struct guard *guard = n->roster->parts.guard;
	if (!cancelled && guard->warming) {
		/* The store lane reads the old one: after it, once more. */
		n->job = (struct job){ .done = on_store_rests };
		if (n->roster->halted)
			news_free(n);
		else
			lane_submit(n->roster->parts.store_lane, &n->job);
		return;
	}
	if (!cancelled) {
		struct map holidays = n->directory->holidays;
		n->directory->holidays = guard->directory->holidays;
		guard->directory->holidays = holidays;
		struct directory *old = guard->directory;
		guard->directory = n->directory;
		guard->intake.world.directory = n->directory;
		n->directory = old;
		n->roster->parts.board->calls_version++;
		log_info("%zu sites and %zu people are known", guard->directory->n_sites, guard->directory->n_people);
	}
	news_free(n);
}

static void on_store_rests(struct job *job, bool cancelled)
{
	struct news *n = (struct news *)job;
	if (cancelled || n->roster->halted) {
		news_free(n);
		return;
	}
	n->job = (struct job){ .done = on_intake_rests };
	lane_submit(n->roster->parts.intake_lane, &n->job);
}

static void on_stored(struct job *job, bool cancelled)
{
	struct news *n = (struct news *)job;
	if (!cancelled && !n->ok)
		log_unusual("people and sites were not stored: %s", n->fault.text);
	on_store_rests(job, cancelled);
}

static void closed(struct roster *roster)
{
	void (*on_closed)(void *) = roster->on_closed;
	void *arg = roster->arg;
	free(roster);
	on_closed(arg);
}

static void on_read(struct directory_result *result, void *arg)
{
	struct roster *roster = arg;
	roster->reading = NULL;
	if (roster->on_closed != NULL) {
		closed(roster);
		return;
	}
	if (result->fault.code == FAULT_CANCELLED)
		return;
	if (result->fault.code != FAULT_NONE) {
		log_unusual("people and sites: %s", result->fault.text);
		roster->next_ms = clock_real_ms() + AFTER_FAULT_MS;
	}
	if (result->directory == NULL || result->n_sites == 0 || roster->halted)
		return;
	struct news *n = mem_zalloc(sizeof *n);
	*n = (struct news){ .job = { .work = store_work, .done = on_stored, .gives_way = true }, .roster = roster, .directory = result->directory };
	result->directory = NULL;
	guard_plan_sites(roster->parts.guard, n->directory);
	lane_submit(roster->parts.store_lane, &n->job);
}

struct roster *roster_new(const struct sync_parts *parts, struct webex *webex)
{
	struct roster *roster = mem_zalloc(sizeof *roster);
	roster->parts = *parts;
	roster->webex = webex;
	return roster;
}

void roster_step(struct roster *roster)
{
	int64_t now = clock_real_ms();
	if (roster->halted || roster->reading != NULL || now < roster->next_ms)
		return;
	roster->next_ms = now + AGAIN_MS;
	roster->reading = directory_read(roster->webex, on_read, roster);
}

void roster_halt(struct roster *roster)
{
	roster->halted = true;
}

void roster_close(struct roster *roster, void (*on_closed)(void *), void *arg)
{
	roster->on_closed = on_closed;
	roster->arg = arg;
	/* Its last word comes from the loop, and is waited for. */
	if (roster->reading != NULL)
		directory_read_cancel(roster->reading);
	else
		closed(roster);
}
