/* SPDX-License-Identifier: Apache-2.0 */
#include "watch/ears.h"

#include <stdlib.h>

#include "base/log.h"
#include "base/mem.h"
#include "store/bell.h"

#define RETRY_TICKS 5
#define REST_MS	    100 /* somebody who imports writes a thousand times a second */

/* A connection that is listened to; freed when libuv has let it go. */
struct wire {
	uv_poll_t poll;
	struct bell *bell;
	struct ears *ears;
};

/* A log that is watched; freed when libuv has let both go. */
struct stare {
	uv_fs_event_t event;
	uv_timer_t rest;
	int n_open;
	struct ears *ears;
};

struct ears {
	uv_loop_t *loop;
	struct lane *lane;
	const char *address, *log_path;
	struct stare *stare;
	void (*on_rung)(void *);
	void *arg;
	struct wire *wire;
	bool connecting, deaf, stopped; /* deaf: this store says nothing */
	uint64_t n_ticks;
};

/* ---- a file -------------------------------------------------------------------- */

static void on_stare_closed(uv_handle_t *handle)
{
	struct stare *stare = handle->data;
	if (--stare->n_open == 0)
		free(stare);
}

static void look_away(struct ears *ears)
{
	struct stare *stare = ears->stare;
	if (stare == NULL)
		return;
	uv_close((uv_handle_t *)&stare->event, on_stare_closed);
	uv_close((uv_handle_t *)&stare->rest, on_stare_closed);
	ears->stare = NULL;
}

static void on_rested(uv_timer_t *timer);

static void on_written(uv_fs_event_t *event, const char *name, int events, int status)
{
	UNUSED(name), UNUSED(events), UNUSED(status);
	struct stare *stare = event->data;
	uv_fs_event_stop(event);
	uv_timer_start(&stare->rest, on_rested, REST_MS, 0);
	stare->ears->on_rung(stare->ears->arg);
}

/* What was written meanwhile is looked for by whoever is rung. */
static void on_rested(uv_timer_t *timer)
{
	struct stare *stare = timer->data;
	struct ears *ears = stare->ears;
	if (uv_fs_event_start(&stare->event, on_written, ears->log_path, 0) != 0)
		look_away(ears);
	ears->on_rung(ears->arg);
}

static void stare_at(struct ears *ears)
{
	struct stare *stare = ears->stare = mem_zalloc(sizeof *stare);
	*stare = (struct stare){ .n_open = 2, .ears = ears };
	uv_fs_event_init(ears->loop, &stare->event);
	uv_timer_init(ears->loop, &stare->rest);
	stare->event.data = stare->rest.data = stare;
	on_rested(&stare->rest);
}

/* ---- a server ------------------------------------------------------------------ */

struct connecting {
	struct job job;
	struct ears *ears;
	struct bell *bell;
	bool ok;
	struct fault fault;
};

static void on_wire_closed(uv_handle_t *handle)
{
	struct wire *wire = handle->data;
	bell_close(wire->bell);
	free(wire);
}

static void hang_up(struct ears *ears)
{
	if (ears->wire != NULL)
		uv_close((uv_handle_t *)&ears->wire->poll, on_wire_closed);
	ears->wire = NULL;
}

static void on_readable(uv_poll_t *poll, int status, int events)
{
	UNUSED(events);
	struct wire *wire = poll->data;
	struct ears *ears = wire->ears;
	switch (status < 0 ? BELL_BROKEN : bell_hear(wire->bell)) {
	case BELL_QUIET:
		break;
	case BELL_RANG:
		ears->on_rung(ears->arg);
		break;
	case BELL_BROKEN:
		hang_up(ears);
		ears->on_rung(ears->arg); /* to see what became of the store */
		break;
	}
}

static void connecting_work(struct job *job)
{
	struct connecting *c = (struct connecting *)job;
	c->ok = bell_open(c->ears->address, &c->bell, &c->fault);
}

static void on_connected(struct job *job, bool cancelled)
{
	struct connecting *c = (struct connecting *)job;
	struct ears *ears = c->ears;
	ears->connecting = false;
	ears->deaf = !cancelled && c->ok && c->bell == NULL;
	if (c->bell != NULL && !ears->stopped) {
		struct wire *wire = ears->wire = mem_zalloc(sizeof *wire);
		wire->bell = c->bell;
		wire->ears = ears;
		uv_poll_init(ears->loop, &wire->poll, bell_socket(wire->bell));
		wire->poll.data = wire;
		uv_poll_start(&wire->poll, UV_READABLE, on_readable);
		ears->on_rung(ears->arg); /* what was said before nobody heard */
	} else {
		bell_close(c->bell);
	}
	if (!cancelled && !c->ok)
		log_debug("%s", c->fault.text);
	free(c);
}

struct ears *ears_new(uv_loop_t *loop, struct lane *lane, const char *address, const char *log_path, void (*on_rung)(void *), void *arg)
{
	struct ears *ears = mem_zalloc(sizeof *ears);
	*ears = (struct ears){ .loop = loop, .lane = lane, .address = address, .log_path = log_path, .on_rung = on_rung, .arg = arg };
	return ears;
}

void ears_tick(struct ears *ears)
{
	if (ears->deaf || ears->stopped || ears->connecting || ears->wire != NULL || ears->stare != NULL || ears->n_ticks++ % RETRY_TICKS != 0)
		return;
	if (ears->log_path != NULL) {
		stare_at(ears);
		return;
	}
	struct connecting *c = mem_zalloc(sizeof *c);
	*c = (struct connecting){ .job = { .work = connecting_work, .done = on_connected }, .ears = ears };
	ears->connecting = true;
	lane_submit(ears->lane, &c->job);
}

void ears_stop(struct ears *ears)
{
	ears->stopped = true;
	hang_up(ears);
	look_away(ears);
}

void ears_free(struct ears *ears)
{
	free(ears);
}
