/* SPDX-License-Identifier: Apache-2.0
 *
 * The guard on duty, between the files that are it: watch.c (it begins, and looks after the
 * store), watch_end.c. */
#ifndef WATCH_WATCH_INSIDE_H
#define WATCH_WATCH_INSIDE_H

#include "net/lane.h"
#include "watch/ears.h"
#include "watch/readying.h"
#include "watch/sign_in.h"
#include "watch/store_log.h"
#include "watch/tenure.h"
#include "watch/watch.h"

struct watch {
	uv_loop_t *loop;
	struct guard *guard;
	struct lane *intake_lane, *store_lane;
	struct board board;
	struct health health;
	struct clock clock;
	struct live_calls *live;
	struct sync *sync; /* NULL: the store is only shown */
	struct notifier *notifier; /* NULL: nobody is told */
	struct sign_in_desk sign_in;
	bool read_only, readying;
	bool reached; /* the store: until then a chore looks for it */
	struct watch_config config;
	struct readying *getting_ready;
	struct tenure tenure;
	struct retention keep;
	bool more_to_retire;
	bool calls_known; /* of calls that an earlier version stored nothing is left to be filled in */
	char holder[128];
	struct viewers viewers; /* of other consoles */
	uv_timer_t tick, again;
	uint64_t n_ticks, n_renewals;
	bool due; /* a renewal of the lease, and what goes with it */
	bool chore_running, stopping;
	char *wal_path; /* the log beside a SQLite store; NULL: none */
	struct store_log wal;
	char *store_address;
	struct ears *ears;
	bool rung; /* somebody wrote while we looked */
	uint64_t looked_ms; /* of the loop's time */
	int64_t revision, others; /* as store_marks gave them */
	int n_open; /* parts that are still to be closed */
	void (*on_stopped)(void *);
	void *stopped_arg;
};

#endif
