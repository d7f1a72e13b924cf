/* SPDX-License-Identifier: Apache-2.0
 *
 * A page on its way: the intake lane understands it, then it waits in a row
 * for the store lane, so that pages are committed in the order they came. One
 * that cannot be stored stays first in the row and is tried again. */
#include "watch/sync_inside.h"

#include <stdlib.h>

#include "base/i18n.h"
#include "base/log.h"
#include "base/mem.h"
#include "watch/live_recorded.h"

#define MAX_IN_FLIGHT	2
#define COMMIT_RETRY_MS 5000

/* A page on its way. */
struct parcel {
	struct job job;
	struct sync *sync;
	struct page *page;
	struct cdr_window window;
	int64_t asked_ms;
	bool is_last, ok;
	struct fault fault;
	struct parcel *next;
};

static void parcel_free(struct parcel *parcel)
{
	page_free(parcel->page);
	free(parcel);
}

static void store_next(struct sync *sync);

static void on_retry(uv_timer_t *timer)
{
	store_next(timer->data);
}

static void store_work(struct job *job)
{
	struct parcel *p = (struct parcel *)job;
	struct guard *guard = p->sync->parts.guard;
	struct page_judge judge = guard_judge(guard);
	/* It was asked for under a lease that was lost, and is ours again: the judge has read half of what is stored. */
	if (guard->past != NULL) {
		p->ok = fault_set(&p->fault, FAULT_CONFLICT, "what is stored is still being read back");
		return;
	}
	p->ok = store_commit_page(guard->store, p->page, &judge, &p->fault);
}

void sync_drop_waiting(struct sync *sync)
{
	while (sync->first != NULL) {
		struct parcel *next = sync->first->next;
		parcel_free(sync->first);
		sync->first = next;
		sync->in_flight--;
	}
	sync->last = NULL;
}

static void on_committed(struct sync *sync, struct parcel *p)
{
	struct health *h = sync->parts.health;
	struct board *board = sync->parts.board;
	h->last_page_ms = clock_now_ms(sync->parts.clock);
	h->n_legs += (int64_t)p->page->n_new;
	h->n_rejected += (int64_t)p->page->n_rejected;
	h->n_duplicates += (int64_t)p->page->n_seen;
	if (p->page->n_rejected > 0)
		log_unusual("%zu records of a page were no records: %s", p->page->n_rejected, p->page->first_rejection);
	if (p->page->n_new + p->page->n_updated > 0)
		board->calls_version++;
	(void)live_recorded(sync->parts.live, p->page);
	if (p->page->n_alerts_raised + p->page->n_alerts_grown + p->page->n_kept_back > 0)
		board->alerts_version++;
	if (p->is_last)
		windows_done(&sync->ledger, &sync->limits, &p->window, p->asked_ms);
	sync_show_progress(sync);
}

static void on_stored(struct job *job, bool cancelled)
{
	struct parcel *p = (struct parcel *)job;
	struct sync *sync = p->sync;
	sync->storing = false;
	if (!cancelled && !p->ok && p->fault.code != FAULT_CONFLICT && !sync->stopping) {
		/* The page waits and is tried again, and later pages behind it:
		 * a disk that is full now may have room in a minute. */
		sync_tell(sync, SYNC_FAULT, &p->fault);
		uv_timer_start(&sync->retry, on_retry, COMMIT_RETRY_MS, 0);
		return;
	}
	sync->first = p->next;
	if (sync->first == NULL)
		sync->last = NULL;
	sync->in_flight--;
	if (!cancelled && p->ok)
		on_committed(sync, p);
	if (!cancelled && !p->ok && p->fault.code == FAULT_CONFLICT) {
		/* The lease is somebody else's: what we read, they read too. */
		sync_drop_waiting(sync);
		sync->mine = sync->loaded = false;
		if (cdr_fetch_is_busy(sync->fetch))
			cdr_fetch_stop(sync->fetch);
	}
	parcel_free(p);
	if (sync->stopping)
		return;
	store_next(sync);
	if (cdr_fetch_is_busy(sync->fetch) && sync->in_flight < MAX_IN_FLIGHT)
		cdr_fetch_resume(sync->fetch);
	sync_step_soon(sync, 0);
}

static void store_next(struct sync *sync)
{
	if (sync->storing || sync->first == NULL || sync->stopping)
		return;
	sync->storing = true;
	struct parcel *p = sync->first;
	p->page->now_ms = clock_real_ms();
	p->job = (struct job){ .work = store_work, .done = on_stored, .gives_way = true };
	lane_submit(sync->parts.store_lane, &p->job);
}

static void intake_work(struct job *job)
{
	struct parcel *p = (struct parcel *)job;
	p->ok = p->page->n_bytes == 0 || intake_page(&p->sync->parts.guard->intake, p->page, &p->fault);
}

static void on_understood(struct job *job, bool cancelled)
{
	struct parcel *p = (struct parcel *)job;
	struct sync *sync = p->sync;
	/* Records that are none may be a page spoilt on its way: the window is
	 * read once more, and only then believed. */
	if (!cancelled && p->ok && p->page->n_rejected > 0 && sync->doubted_ms != p->window.from_ms) {
		sync->doubted_ms = p->window.from_ms;
		p->ok = fault_set(&p->fault, FAULT_INPUT, _("%zu records of a page were no records (%s); it is asked for again"), p->page->n_rejected, p->page->first_rejection);
	}
	if (cancelled || !p->ok || sync->window_bad || sync->stopping) {
		sync->in_flight--;
		if (!cancelled && !p->ok) {
			/* The wire gave no page: the whole window is asked again. */
			sync->window_bad = true;
			sync_tell(sync, SYNC_FAULT, &p->fault);
			if (cdr_fetch_is_busy(sync->fetch))
				cdr_fetch_stop(sync->fetch);
		}
		parcel_free(p);
		if (!cancelled && !sync->stopping)
			sync_step_soon(sync, sync_fault_wait_ms(sync));
		return;
	}
	/* Only a whole window is told to the ledger. */
	p->page->window.endpoint = p->is_last ? cdr_endpoint_name(p->window.endpoint) : NULL;
	if (sync->last != NULL)
		sync->last->next = p;
	else
		sync->first = p;
	sync->last = p;
	store_next(sync);
}

bool sync_take_page(struct cdr_page *cdr_page, void *arg)
{
	struct sync *sync = arg;
	struct parcel *p = mem_zalloc(sizeof *p);
	*p = (struct parcel){ .job = { .work = intake_work, .done = on_understood }, .sync = sync,
		.page = page_new(), .window = cdr_page->window, .asked_ms = cdr_page->asked_ms, .is_last = cdr_page->is_last };
	p->page->bytes = cdr_page->body;
	p->page->n_bytes = cdr_page->body == NULL ? 0 : cdr_page->body_n;
	cdr_page->body = NULL;
	p->page->lease = sync->parts.holder;
	p->page->window = (struct page_window){ .from_ms = cdr_page->window.from_ms, .until_ms = cdr_page->window.to_ms,
		.read_ms = cdr_page->asked_ms, .why = window_why_name(cdr_page->window.why) };
	sync->in_flight++;
	lane_submit(sync->parts.intake_lane, &p->job);
	return sync->in_flight < MAX_IN_FLIGHT;
}
