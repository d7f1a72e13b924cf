/* SPDX-License-Identifier: Apache-2.0 */
#include "watch/sync.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/iso_time.h"
#include "base/log.h"
#include "base/mem.h"
#include "store/lease_rows.h"
#include "store/window_rows.h"
#include "watch/live.h"
#include "watch/memo.h"
#include "watch/roster.h"
#include "webex/cdr_fetch.h"

#define MAX_IN_FLIGHT	2
#define COMMIT_RETRY_MS 5000
#define LOGIN_LOOK_MS	5000
#define FAULT_WAIT_MS	15000

struct sync {
	struct sync_parts parts;
	struct sync_config config;
	struct link link;
	struct cdr_hosts hosts;
	char *cdr_base;
	struct webex *webex;
	struct cdr_fetch *fetch;
	struct roster *roster;
	struct live *live;
	struct window_limits limits;
	struct windows ledger;
	bool loaded, loading, signed_in, asking_login, mine, stopping;
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

static void step_soon(struct sync *sync, int64_t wait_ms);

static double speed_of(const struct sync *sync)
{
	return sync->parts.clock->speed > 0 ? sync->parts.clock->speed : 1;
}

static int64_t fault_wait_ms(const struct sync *sync)
{
	return (int64_t)(FAULT_WAIT_MS / speed_of(sync));
}

static void tell(struct sync *sync, enum sync_state state, const struct fault *fault)
{
	struct health *h = sync->parts.health;
	h->sync = state;
	h->code = fault == NULL ? FAULT_NONE : fault->code;
	snprintf(h->sentence, sizeof h->sentence, "%s", fault == NULL ? "" : fault->text);
	if (fault != NULL && fault->code != FAULT_CANCELLED)
		log_unusual("%s", fault->text);
	sync->parts.board->health_version++;
}

static void show_progress(struct sync *sync)
{
	struct health *h = sync->parts.health;
	struct windows_progress progress;
	struct window_gap gaps[COUNT_OF(h->gaps)];
	int64_t now = webex_now_ms(sync->webex);
	windows_progress(&sync->ledger, &sync->limits, now, &progress);
	h->complete_until_ms = progress.complete_until_ms;
	h->lag_ms = progress.complete_until_ms == 0 ? 0 : now - progress.complete_until_ms;
	h->backfill_done = progress.slices_done;
	h->backfill_total = progress.slices_total;
	h->backfill_left_ms = progress.left_ms;
	size_t n = windows_gaps(&sync->ledger, &sync->limits, now, gaps, COUNT_OF(gaps));
	h->n_gaps = MIN(n, COUNT_OF(gaps));
	for (size_t i = 0; i < h->n_gaps; i++)
		h->gaps[i] = (struct sync_gap){ gaps[i].from_ms, gaps[i].to_ms };
	h->next_call_ms = cdr_fetch_next_ms(sync->fetch);
	struct oauth_status status = oauth_status(sync->link.oauth);
	h->token_dies_ms = status.access_expires_ms;
	h->refresh_dies_ms = status.refresh_expires_ms;
	snprintf(h->region_host, sizeof h->region_host, "%s", webex_cdr_base(sync->webex));
	sync->parts.board->health_version++;
}

/* ---- pages ------------------------------------------------------------------- */

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
	struct page_judge judge = guard_judge(p->sync->parts.guard);
	p->ok = store_commit_page(p->sync->parts.guard->store, p->page, &judge, &p->fault);
}

static void drop_waiting(struct sync *sync)
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
	if (p->page->n_alerts_raised + p->page->n_alerts_grown > 0)
		board->alerts_version++;
	if (p->is_last)
		windows_done(&sync->ledger, &sync->limits, &p->window, p->asked_ms);
	show_progress(sync);
}

static void on_stored(struct job *job, bool cancelled)
{
	struct parcel *p = (struct parcel *)job;
	struct sync *sync = p->sync;
	sync->storing = false;
	if (!cancelled && !p->ok && p->fault.code != FAULT_CONFLICT && !sync->stopping) {
		/* The page waits and is tried again, and later pages behind it:
		 * a disk that is full now may have room in a minute. */
		tell(sync, SYNC_FAULT, &p->fault);
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
		drop_waiting(sync);
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
	step_soon(sync, 0);
}

static void store_next(struct sync *sync)
{
	if (sync->storing || sync->first == NULL || sync->stopping)
		return;
	sync->storing = true;
	struct parcel *p = sync->first;
	p->page->now_ms = clock_real_ms();
	p->job = (struct job){ .work = store_work, .done = on_stored };
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
		p->ok = fault_set(&p->fault, FAULT_INPUT, "%zu records of a page were no records (%s); it is asked for again", p->page->n_rejected, p->page->first_rejection);
	}
	if (cancelled || !p->ok || sync->window_bad || sync->stopping) {
		sync->in_flight--;
		if (!cancelled && !p->ok) {
			/* The wire gave no page: the whole window is asked again. */
			sync->window_bad = true;
			tell(sync, SYNC_FAULT, &p->fault);
			if (cdr_fetch_is_busy(sync->fetch))
				cdr_fetch_stop(sync->fetch);
		}
		parcel_free(p);
		if (!cancelled && !sync->stopping)
			step_soon(sync, fault_wait_ms(sync));
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

static bool on_page(struct cdr_page *cdr_page, void *arg)
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

static void on_end(const struct cdr_outcome *outcome, void *arg)
{
	struct sync *sync = arg;
	if (sync->stopping)
		return;
	if (outcome->fault.code == FAULT_NONE) {
		tell(sync, SYNC_WAITING, NULL);
		step_soon(sync, 0);
		return;
	}
	if (outcome->fault.code != FAULT_CANCELLED)
		tell(sync, outcome->fault.code == FAULT_LOGIN ? SYNC_NO_LOGIN : SYNC_FAULT, &outcome->fault);
	step_soon(sync, fault_wait_ms(sync));
}

static void on_budget(const struct budget_state *state, void *arg)
{
	struct sync *sync = arg;
	if (!sync->stopping)
		memo_keep_budget(&sync->parts, state);
}

/* ---- what was read before ------------------------------------------------------ */

struct load {
	struct job job;
	struct sync *sync;
	struct window_row *rows;
	size_t n;
	struct budget_state spent;
	bool mine, ok;
	struct fault fault;
};

static void load_work(struct job *job)
{
	struct load *load = (struct load *)job;
	/* Who held the lease before us asked with the same token. */
	load->spent = memo_budget(&load->sync->parts);
	load->ok = window_rows_read(load->sync->parts.guard->store, &load->rows, &load->n, &load->fault);
}

static enum window_why why_named(const char *name)
{
	for (int why = WINDOW_STREAM; why <= WINDOW_DAILY; why++) {
		if (strcmp(window_why_name((enum window_why)why), name) == 0)
			return (enum window_why)why;
	}
	return WINDOW_GAP;
}

static void on_loaded(struct job *job, bool cancelled)
{
	struct load *load = (struct load *)job;
	struct sync *sync = load->sync;
	sync->loading = false;
	if (!cancelled && load->ok) {
		windows_clear(&sync->ledger);
		for (size_t i = 0; i < load->n; i++) {
			const struct window_row *row = &load->rows[i];
			struct cdr_window window = { .endpoint = strcmp(row->endpoint, "stream") == 0 ? CDR_STREAM : CDR_FEED,
				.from_ms = row->from_ms, .to_ms = row->until_ms, .why = why_named(row->why) };
			windows_done(&sync->ledger, &sync->limits, &window, row->read_ms);
		}
		if (sync->mine)
			cdr_fetch_spent(sync->fetch, &load->spent);
		/* What was read before the lease came may lack the last window. */
		sync->loaded = load->mine && sync->mine;
		if (!sync->mine && !sync->stopping)
			show_progress(sync);
	} else if (!cancelled) {
		tell(sync, SYNC_FAULT, &load->fault);
	}
	if (!cancelled && !sync->stopping && sync->mine)
		step_soon(sync, load->ok ? 0 : fault_wait_ms(sync));
	free(load->rows);
	free(load);
}

static void load_ledger(struct sync *sync)
{
	struct load *load = mem_zalloc(sizeof *load);
	*load = (struct load){ .job = { .work = load_work, .done = on_loaded }, .sync = sync, .mine = sync->mine };
	sync->loading = true;
	lane_submit(sync->parts.store_lane, &load->job);
}

/* ---- the step ------------------------------------------------------------------- */

/* A personal token, or a sign-in that nobody renewed for long: said at once. */
static void warn_of_the_end(struct sync *sync)
{
	struct oauth_status status = oauth_status(sync->link.oauth);
	char until[ISO_TIME_BYTES] = "?";
	if (!status.needs_person_soon)
		return;
	int64_t end_ms = status.refresh_expires_ms != 0 ? status.refresh_expires_ms : status.access_expires_ms;
	if (end_ms != 0)
		iso_time_format(end_ms, until);
	log_unusual(status.renewable ? "the sign-in ends for good at %s: sign in again before (centinela login)"
	    : "this access token cannot be renewed and ends at %s: sign in with an integration (centinela login)", until);
}

static void on_login_looked(const struct fault *fault, void *arg)
{
	struct sync *sync = arg;
	sync->asking_login = false;
	if (sync->stopping || fault->code == FAULT_CANCELLED)
		return;
	sync->signed_in = fault->code == FAULT_NONE;
	if (!sync->signed_in)
		tell(sync, SYNC_NO_LOGIN, fault);
	else
		warn_of_the_end(sync);
	step_soon(sync, sync->signed_in ? 0 : LOGIN_LOOK_MS);
}

static void on_step(uv_timer_t *timer)
{
	struct sync *sync = timer->data;
	struct cdr_window window;
	int64_t wait_ms;
	if (sync->stopping)
		return;
	if (!sync->mine) {
		if (sync->parts.health->sync != SYNC_FOLLOWING)
			tell(sync, SYNC_FOLLOWING, NULL);
		return;
	}
	if (sync->loading || sync->asking_login)
		return;
	if (!sync->signed_in) {
		sync->asking_login = true;
		oauth_load(sync->link.oauth, on_login_looked, sync);
		return;
	}
	if (!sync->loaded) {
		load_ledger(sync);
		return;
	}
	/* The next window is chosen when the last one is known to be stored. */
	if (cdr_fetch_is_busy(sync->fetch) || sync->in_flight > 0)
		return;
	sync->window_bad = false;
	int64_t now = webex_now_ms(sync->webex);
	if (windows_next(&sync->ledger, &sync->limits, now, &window, &wait_ms)) {
		struct cdr_fetch_events events = { on_page, on_end, sync };
		tell(sync, SYNC_ASKING, NULL);
		cdr_fetch_start(sync->fetch, &window, &events);
		show_progress(sync);
		return;
	}
	if (sync->parts.health->sync != SYNC_WAITING)
		tell(sync, SYNC_WAITING, NULL);
	show_progress(sync);
	sync->parts.health->next_call_ms = now + wait_ms;
	step_soon(sync, (int64_t)((double)MIN(wait_ms, HOUR_MS) / speed_of(sync)) + 1);
}

static void step_soon(struct sync *sync, int64_t wait_ms)
{
	uv_timer_start(&sync->step, on_step, (uint64_t)MAX(wait_ms, 0), 0);
}

void sync_lease(struct sync *sync, bool mine)
{
	if (!mine && sync->parts.health->sync != SYNC_FOLLOWING)
		tell(sync, SYNC_FOLLOWING, NULL);
	if (sync->mine == mine)
		return;
	sync->mine = mine;
	sync->loaded = false; /* somebody else may have read since */
	if (!mine && cdr_fetch_is_busy(sync->fetch))
		cdr_fetch_stop(sync->fetch);
	step_soon(sync, 0);
}

void sync_follow(struct sync *sync)
{
	if (!sync->mine && !sync->loading && !sync->stopping)
		load_ledger(sync);
}

void sync_tick(struct sync *sync)
{
	bool collecting = sync->mine && sync->signed_in && !sync->stopping;
	if (collecting)
		roster_step(sync->roster);
	if (!sync->stopping)
		live_step(sync->live, collecting);
}

void sync_hurry(struct sync *sync)
{
	if (!sync->stopping)
		step_soon(sync, 0);
}

static void on_region(const char *base, void *arg)
{
	struct sync *sync = arg;
	log_info("call records of this organisation are at %s", base);
	if (!sync->stopping)
		memo_keep_base(&sync->parts, base);
	show_progress(sync);
}

bool sync_start(const struct sync_parts *parts, const struct sync_config *config,
    struct sync **out, struct fault *fault)
{
	struct sync *sync = mem_zalloc(sizeof *sync);
	sync->parts = *parts;
	sync->config = *config;
	if (!link_open(parts->loop, &config->link, parts->clock, &sync->link, fault)) {
		free(sync);
		return false;
	}
	cdr_hosts_init(&sync->hosts);
	bool ok = true;
	char *names = mem_strdup(config->link.cdr_hosts == NULL ? "" : config->link.cdr_hosts), *rest = NULL;
	for (char *host = strtok_r(names, ", ", &rest); ok && host != NULL; host = strtok_r(NULL, ", ", &rest))
		ok = cdr_hosts_add(&sync->hosts, host, fault);
	free(names);
	ok = ok && cdr_hosts_add(&sync->hosts, config->link.cdr_host, fault);
	sync->cdr_base = memo_base(parts, &sync->hosts, config->link.cdr_host);
	struct webex_options options = { .base = config->link.api_url, .cdr_base = sync->cdr_base,
		.cdr_hosts = &sync->hosts, .on_region = on_region, .arg = sync,
		.second_ms = MAX((int64_t)(1000 / speed_of(sync)), 1) };
	sync->webex = ok ? webex_new(parts->loop, sync->link.http, sync->link.oauth, parts->clock, &options, fault) : NULL;
	if (sync->webex == NULL) {
		link_close(&sync->link, NULL, NULL);
		uv_run(parts->loop, UV_RUN_NOWAIT);
		free(sync->cdr_base);
		/* The link closes on the loop: it lives in sync, which stays. */
		return false;
	}
	window_limits_init(&sync->limits);
	sync->limits.backfill_ms = config->backfill_ms;
	sync->limits.request_ms = config->interval_ms;
	sync->limits.stream_edge_ms = config->stream_edge_ms;
	sync->limits.feed_edge_ms = config->feed_edge_ms;
	struct budget_options budget = { .every_ms = { [BUDGET_INITIAL] = config->interval_ms, [BUDGET_PAGE] = config->page_interval_ms } };
	struct cdr_fetch_options fetch = { .limits = &sync->limits, .budget = &budget,
		.spent = memo_budget(parts), .on_budget = on_budget, .arg = sync, .max_records = config->page_size };
	sync->fetch = cdr_fetch_new(parts->loop, sync->webex, parts->clock, &fetch);
	sync->roster = roster_new(parts, sync->webex);
	sync->live = live_new(parts, sync->webex, &config->live, parts->live);
	uv_timer_init(parts->loop, &sync->step);
	uv_timer_init(parts->loop, &sync->retry);
	sync->step.data = sync->retry.data = sync;
	parts->health->sync = SYNC_STARTING;
	*out = sync;
	return true;
}

static void on_link_closed(void *arg)
{
	struct sync *sync = arg;
	void (*on_stopped)(void *) = sync->on_stopped;
	void *stopped_arg = sync->stopped_arg;
	drop_waiting(sync);
	windows_clear(&sync->ledger);
	free(sync->cdr_base);
	free(sync);
	if (on_stopped != NULL)
		on_stopped(stopped_arg);
}

static void on_webex_closed(void *arg)
{
	struct sync *sync = arg;
	link_close(&sync->link, on_link_closed, sync);
}

static void on_live_closed(void *arg)
{
	struct sync *sync = arg;
	webex_close(sync->webex, on_webex_closed, sync);
}

static void on_roster_closed(void *arg)
{
	struct sync *sync = arg;
	live_close(sync->live, on_live_closed, sync);
}

static void on_fetch_closed(void *arg)
{
	struct sync *sync = arg;
	roster_close(sync->roster, on_roster_closed, sync);
}

static void on_timer_closed(uv_handle_t *handle)
{
	struct sync *sync = handle->data;
	if (--sync->n_open == 0)
		cdr_fetch_close(sync->fetch, on_fetch_closed, sync);
}

void sync_halt(struct sync *sync)
{
	sync->stopping = true;
	uv_timer_stop(&sync->step);
	uv_timer_stop(&sync->retry);
	if (cdr_fetch_is_busy(sync->fetch))
		cdr_fetch_stop(sync->fetch);
}

void sync_stop(struct sync *sync, void (*on_stopped)(void *), void *arg)
{
	sync->stopping = true;
	sync->on_stopped = on_stopped;
	sync->stopped_arg = arg;
	sync->n_open = 2;
	uv_close((uv_handle_t *)&sync->step, on_timer_closed);
	uv_close((uv_handle_t *)&sync->retry, on_timer_closed);
}
