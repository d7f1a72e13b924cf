/* SPDX-License-Identifier: Apache-2.0
 *
 * The guard goes off duty: part after part, each before what it still needs. */
#include "watch/watch_inside.h"

#include <stdlib.h>

#include "watch/contain_board.h"
#include "watch/desk.h"
#include "watch/history.h"
#include "watch/lab.h"

static void on_all_closed(void *arg)
{
	struct watch *watch = arg;
	desk_free(watch->board.desk);
	live_calls_free(watch->live);
	guard_close(watch->guard);
	readying_free(watch->getting_ready);
	free(watch->wal_path);
	ears_free(watch->ears);
	free(watch->store_address);
	void (*on_stopped)(void *) = watch->on_stopped;
	void *stopped_arg = watch->stopped_arg;
	free(watch);
	if (on_stopped != NULL)
		on_stopped(stopped_arg);
}

/* Lanes first: what was on them still speaks to the sync. */
static void on_part_closed(void *arg)
{
	struct watch *watch = arg;
	if (--watch->n_open > 0)
		return;
	if (watch->sync != NULL)
		sync_stop(watch->sync, on_all_closed, watch);
	else
		on_all_closed(watch);
}

static void on_tick_closed(uv_handle_t *handle)
{
	on_part_closed(handle->data);
}

static void on_store_closed(void *arg)
{
	struct watch *watch = arg;
	watch->store_lane = NULL;
	desk_leave(watch->board.desk);
	on_part_closed(watch);
}

static void on_history_closed(void *arg)
{
	struct watch *watch = arg;
	watch->board.history = NULL;
	on_part_closed(watch);
}

bool watch_is_stuck(const struct watch *watch)
{
	if (watch->store_lane != NULL) /* may still write */
		return watch->guard->store->reached && lane_is_stuck(watch->store_lane);
	return watch->board.history != NULL && history_is_stuck(watch->board.history);
}

static void close_parts(void *arg)
{
	struct watch *watch = arg;
	watch->n_open = watch->board.lab != NULL ? 6 : 5;
	uv_close((uv_handle_t *)&watch->tick, on_tick_closed);
	uv_close((uv_handle_t *)&watch->again, on_tick_closed);
	lane_close(watch->intake_lane, on_part_closed, watch);
	lane_close(watch->store_lane, on_store_closed, watch);
	history_close(watch->board.history, on_history_closed, watch);
	if (watch->board.lab != NULL)
		lab_close(watch->board.lab, on_part_closed, watch);
}

/* After the notifier, which writes down on the store lane what it has sent. */
static void give_lease(void *arg)
{
	struct watch *watch = arg;
	tenure_end(&watch->tenure, watch->holder, close_parts, watch);
}

/* After the responder, which writes down how far it came. */
static void stop_notifier(void *arg)
{
	struct watch *watch = arg;
	if (watch->notifier != NULL)
		notifier_stop(watch->notifier, give_lease, watch);
	else
		give_lease(watch);
}

void watch_stop(struct watch *watch, void (*on_stopped)(void *), void *arg)
{
	watch->stopping = watch->tenure.stopping = watch->sign_in.closing = true;
	watch->on_stopped = on_stopped;
	watch->stopped_arg = arg;
	ears_stop(watch->ears);
	if (watch->sync != NULL)
		sync_halt(watch->sync);
	uv_timer_stop(&watch->tick);
	contain_board_end(&watch->board, stop_notifier, watch);
}
