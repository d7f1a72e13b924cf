/* SPDX-License-Identifier: Apache-2.0
 *
 * What sync.c (which window, and when) and sync_pages.c (its pages on their
 * way through the lanes) share. Not for others. */
#ifndef WATCH_SYNC_INSIDE_H
#define WATCH_SYNC_INSIDE_H

#include "watch/admin_watch.h"
#include "watch/live.h"
#include "watch/roster.h"
#include "watch/sync.h"
#include "webex/cdr_fetch.h"

struct sync {
	struct sync_parts parts;
	struct sync_config config;
	struct link link;
	struct cdr_hosts hosts;
	char *cdr_base;
	struct webex *webex;
	struct cdr_fetch *fetch;
	struct roster *roster;
	struct admin_watch *admin;
	struct live *live;
	struct window_limits limits;
	struct windows ledger;
	bool loaded, loading, signed_in, asking_login, mine, stopping;
	struct fault denied;	   /* why the store keeps the lease from this process */
	struct fault login_fault;  /* why nobody is signed in */
	bool window_bad;	   /* a page of the window was broken: read it again */
	int64_t doubted_ms;	   /* begin of the window that was read again for its rejects */
	int in_flight;		   /* pages between the wire and the commit */
	struct parcel *first, *last; /* understood, waiting for the store */
	bool storing;
	uv_timer_t step, retry;
	int n_open;
	void (*on_stopped)(void *);
	void *stopped_arg;
};

/* sync.c */
void sync_tell(struct sync *, enum sync_state, const struct fault *); /* fault may be NULL */
void sync_show_progress(struct sync *);
void sync_step_soon(struct sync *, int64_t wait_ms);
int64_t sync_fault_wait_ms(const struct sync *);

/* sync_pages.c: takes the page's body; false: no more for now */
bool sync_take_page(struct cdr_page *, void *sync);
void sync_drop_waiting(struct sync *);

#endif
