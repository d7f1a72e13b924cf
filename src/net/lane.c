/* SPDX-License-Identifier: Apache-2.0
 *
 * One uv_work_t a lane: the next job is queued when the last one is done. */
#include "net/lane.h"

#include <stdlib.h>

#include "base/mem.h"

enum { LITTLE_MS = 12000, MUCH_MS = 30000 };

struct lane {
	uv_loop_t *loop;
	uv_work_t request;
	uv_timer_t timer; /* never started: its close callback is a later turn of the loop */
	struct job *running, *first, **last;
	size_t n;
	uint64_t since_ms; /* of the loop's time, the running one */
	bool busy; /* request is in use, or a done callback is on the stack */
	bool closing;
	void (*on_closed)(void *arg);
	void *arg;
};

static void start_next(struct lane *lane);
static void start(struct lane *lane, struct job *job);

struct lane *lane_new(uv_loop_t *loop)
{
	struct lane *lane = mem_zalloc(sizeof *lane);
	lane->loop = loop;
	lane->last = &lane->first;
	return lane;
}

static struct job *take_first(struct lane *lane)
{
	struct job *job = lane->first;
	if (job == NULL)
		return NULL;
	lane->first = job->next;
	if (lane->first == NULL)
		lane->last = &lane->first;
	job->next = NULL;
	lane->n--;
	return job;
}

static void on_close(uv_handle_t *handle)
{
	struct lane *lane = handle->data;
	struct job *job;
	while ((job = take_first(lane)) != NULL) {
		if (job->promised) {
			start(lane, job); /* on_done comes back here */
			return;
		}
		job->done(job, true);
	}
	void (*on_closed)(void *) = lane->on_closed;
	void *arg = lane->arg;
	free(lane);
	if (on_closed != NULL)
		on_closed(arg);
}

static void finish_closing(struct lane *lane)
{
	uv_timer_init(lane->loop, &lane->timer);
	lane->timer.data = lane;
	uv_close((uv_handle_t *)&lane->timer, on_close);
}

static void on_work(uv_work_t *request)
{
	struct lane *lane = request->data;
	/* Only `running` is read here, and the loop leaves it alone meanwhile. */
	if (lane->running->work != NULL)
		lane->running->work(lane->running);
}

static void on_done(uv_work_t *request, int status)
{
	struct lane *lane = request->data;
	struct job *job = lane->running;
	lane->running = NULL;
	lane->n--;
	job->done(job, status == UV_ECANCELED);
	lane->busy = false;
	if (lane->closing)
		finish_closing(lane);
	else
		start_next(lane);
}

static void start_next(struct lane *lane)
{
	struct job *job = take_first(lane);
	if (job != NULL)
		start(lane, job);
}

static void start(struct lane *lane, struct job *job)
{
	lane->n++;
	lane->busy = true;
	lane->running = job;
	lane->since_ms = uv_now(lane->loop);
	lane->request.data = lane;
	/* Fails only when the loop or the work callback is missing. */
	int error = uv_queue_work(lane->loop, &lane->request, on_work, on_done);
	assert(error == 0);
	UNUSED(error);
}

/* Behind all that waits, or behind the last that does not give way. */
static struct job **place_of(struct lane *lane, const struct job *job)
{
	struct job **place = &lane->first;
	if (!job->promised)
		return lane->last;
	for (struct job *other = lane->first; other != NULL; other = other->next)
		if (!other->gives_way)
			place = &other->next;
	return place;
}

void lane_submit(struct lane *lane, struct job *job)
{
	struct job **place = place_of(lane, job);
	job->next = *place;
	*place = job;
	if (job->next == NULL)
		lane->last = &job->next;
	lane->n++;
	if (!lane->busy && !lane->closing)
		start_next(lane);
}

size_t lane_n_jobs(const struct lane *lane)
{
	return lane->n;
}

bool lane_is_stuck(const struct lane *lane)
{
	const struct job *job = lane->running;
	uint64_t most_ms = job != NULL && (job->promised || job->gives_way) ? MUCH_MS : LITTLE_MS;
	return job != NULL && uv_now(lane->loop) - lane->since_ms > most_ms;
}

void lane_close(struct lane *lane, void (*on_closed)(void *arg), void *arg)
{
	assert(!lane->closing);
	lane->closing = true;
	lane->on_closed = on_closed;
	lane->arg = arg;
	if (!lane->busy)
		finish_closing(lane);
	else if (lane->running != NULL && !lane->running->promised)
		/* Succeeds only while no pool thread has taken it: then it counts
		 * as one of the rest. */
		uv_cancel((uv_req_t *)&lane->request);
}
