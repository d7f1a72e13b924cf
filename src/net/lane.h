/* SPDX-License-Identifier: Apache-2.0
 *
 * Jobs one at a time, in order, off the loop. A lane is a list and one
 * uv_work_t: what runs on a lane owns what was given to it, so no lock is
 * needed. Everything here is called on the loop thread except `work`. */
#ifndef NET_LANE_H
#define NET_LANE_H

#include <uv.h>

#include "base/base.h"

struct lane; /* opaque */

/*
 * Embed as the first member of what the job is about:
 *
 *	struct save { struct job job; char *path; struct fault fault; };
 *
 * work       on a pool thread; may block; may be NULL (then only `done` runs)
 * done       on the loop, exactly once, also when cancelled; `work` ran if and
 *            only if !cancelled. The job's memory may be freed here, and more
 *            jobs may be submitted.
 * promised   somebody was told that it happens, or it must be known to the
 *            next run: it is worked though the lane closes, never cancelled
 * gives_way  it is much, and nobody looks on: what is promised goes before it,
 *            unless something that does not give way stands between them
 */
struct job {
	void (*work)(struct job *);
	void (*done)(struct job *, bool cancelled);
	bool promised, gives_way;
	struct job *next; /* the lane's */
};

struct lane *lane_new(uv_loop_t *loop);

/* Takes the job until its `done`. Never calls back before it returns. After
 * lane_close the job is cancelled, unless promised. No allocation. */
void lane_submit(struct lane *, struct job *);

size_t lane_n_jobs(const struct lane *); /* running and waiting */
/* The running job has lasted for longer than one that waits for nobody would: 12 s, as a
 * writer waits for 10 s for the others; of what
 * is much, or was promised (it may be an act on ten thousand), 30 s. */
bool lane_is_stuck(const struct lane *);

/*
 * Finish the running job, cancel the rest in order (what was promised runs in
 * its turn), then free the lane.
 * on_closed (may be NULL) is called last, from the loop, never from here.
 * The lane may not be used from on_closed on; call this once.
 */
void lane_close(struct lane *, void (*on_closed)(void *arg), void *arg);

#endif
