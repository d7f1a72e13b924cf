/* SPDX-License-Identifier: Apache-2.0 */
#include "watch/sync_inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/iso_time.h"
#include "base/log.h"
#include "base/mem.h"
#include "store/lease_rows.h"
#include "store/window_rows.h"
#include "watch/memo.h"

#define LOGIN_LOOK_MS 5000
#define FAULT_WAIT_MS 15000

static double speed_of(const struct sync *sync)
{
	return sync->parts.clock->speed > 0 ? sync->parts.clock->speed : 1;
}

int64_t sync_fault_wait_ms(const struct sync *sync)
{
	return (int64_t)(FAULT_WAIT_MS / speed_of(sync));
}

void sync_tell(struct sync *sync, enum sync_state state, const struct fault *fault)
{
	struct health *h = sync->parts.health;
	h->sync = state;
	h->code = fault == NULL ? FAULT_NONE : fault->code;
	snprintf(h->sentence, sizeof h->sentence, "%s", fault == NULL ? "" : fault->text);
	if (fault != NULL && fault->code != FAULT_CANCELLED)
		log_unusual("%s", fault->text);
	sync->parts.board->health_version++;
}

void sync_show_progress(struct sync *sync)
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

static void on_end(const struct cdr_outcome *outcome, void *arg)
{
	struct sync *sync = arg;
	if (sync->stopping)
		return;
	if (outcome->fault.code == FAULT_NONE) {
		/* Its pages are still to be stored, and more may be due: it waits when
		 * on_step() finds nothing to do. */
		sync_step_soon(sync, 0);
		return;
	}
	if (outcome->fault.code != FAULT_CANCELLED)
		sync_tell(sync, outcome->fault.code == FAULT_LOGIN ? SYNC_NO_LOGIN : SYNC_FAULT, &outcome->fault);
	sync_step_soon(sync, sync_fault_wait_ms(sync));
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
			sync_show_progress(sync);
	} else if (!cancelled) {
		sync_tell(sync, SYNC_FAULT, &load->fault);
	}
	if (!cancelled && !sync->stopping && sync->mine)
		sync_step_soon(sync, load->ok ? 0 : sync_fault_wait_ms(sync));
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

/* Of who does not collect: another does, or a person is needed first. */
static void tell_how_it_stands(struct sync *sync)
{
	const struct health *h = sync->parts.health;
	if (sync->mine)
		return;
	if (*h->lease_holder != '\0' && h->sync != SYNC_FOLLOWING)
		sync_tell(sync, SYNC_FOLLOWING, NULL);
	else if (*h->lease_holder == '\0' && sync_can_ask(sync) && sync->denied.code != FAULT_NONE && h->code != sync->denied.code)
		sync_tell(sync, SYNC_FAULT, &sync->denied); /* nobody collects, and this one may not */
	else if (*h->lease_holder == '\0' && !sync_can_ask(sync) && h->sync != SYNC_NO_LOGIN) {
		struct oauth_status status = oauth_status(sync->link.oauth);
		const struct fault *why = sync->signed_in ? &status.last : &sync->login_fault;
		if (why->code != FAULT_NONE)
			sync_tell(sync, SYNC_NO_LOGIN, why);
	}
}

static void on_login_looked(const struct fault *fault, void *arg)
{
	struct sync *sync = arg;
	sync->asking_login = false;
	if (sync->stopping || fault->code == FAULT_CANCELLED)
		return;
	sync->signed_in = fault->code == FAULT_NONE;
	sync->login_fault = *fault;
	tell_how_it_stands(sync);
	if (sync->signed_in) {
		warn_of_the_end(sync);
		sync->parts.on_can_ask(sync->parts.arg);
	}
	sync_step_soon(sync, sync->signed_in ? 0 : LOGIN_LOOK_MS);
}

static void on_step(uv_timer_t *timer)
{
	struct sync *sync = timer->data;
	struct cdr_window window;
	int64_t wait_ms;
	if (sync->stopping)
		return;
	if (sync->asking_login)
		return;
	if (!sync->signed_in) {
		sync->asking_login = true;
		oauth_load(sync->link.oauth, on_login_looked, sync);
		return;
	}
	if (!sync->mine || sync->loading)
		return;
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
		struct cdr_fetch_events events = { sync_take_page, on_end, sync };
		sync_tell(sync, SYNC_ASKING, NULL);
		cdr_fetch_start(sync->fetch, &window, &events);
		sync_show_progress(sync);
		return;
	}
	if (sync->parts.health->sync != SYNC_WAITING)
		sync_tell(sync, SYNC_WAITING, NULL);
	sync_show_progress(sync);
	sync->parts.health->next_call_ms = now + wait_ms;
	sync_step_soon(sync, (int64_t)((double)MIN(wait_ms, HOUR_MS) / speed_of(sync)) + 1);
}

void sync_step_soon(struct sync *sync, int64_t wait_ms)
{
	uv_timer_start(&sync->step, on_step, (uint64_t)MAX(wait_ms, 0), 0);
}

void sync_lease(struct sync *sync, bool mine, const struct fault *denied)
{
	bool news = sync->mine != mine;
	sync->mine = mine;
	sync->denied = *denied;
	tell_how_it_stands(sync);
	if (!news)
		return;
	sync->loaded = false; /* somebody else may have read since */
	admin_watch_forget(sync->admin);
	if (!mine && cdr_fetch_is_busy(sync->fetch))
		cdr_fetch_stop(sync->fetch);
	if (!mine)
		live_step(sync->live, false); /* nor for live calls, from now on */
	sync_step_soon(sync, 0);
}

void sync_follow(struct sync *sync)
{
	if (!sync->mine && !sync->loading && !sync->stopping)
		load_ledger(sync);
}

void sync_tick(struct sync *sync)
{
	bool collecting = sync->mine && sync->signed_in && !sync->stopping;
	if (collecting) {
		roster_step(sync->roster);
		admin_watch_step(sync->admin);
	}
	if (!sync->stopping)
		live_step(sync->live, collecting);
}

void sync_hurry(struct sync *sync)
{
	if (!sync->stopping)
		sync_step_soon(sync, 0);
}

struct oauth *sync_oauth(struct sync *sync)
{
	return sync->link.oauth;
}

void sync_signed_in(struct sync *sync)
{
	sync->signed_in = true;
	sync->login_fault = (struct fault){ 0 };
	sync_tell(sync, SYNC_STARTING, NULL);
	sync->parts.on_can_ask(sync->parts.arg);
	sync_hurry(sync);
}

bool sync_can_ask(const struct sync *sync)
{
	struct oauth_status status = oauth_status(sync->link.oauth);
	/* What nobody but a person can renew is good until it ends. */
	bool dead = status.state == OAUTH_NEEDS_LOGIN && status.access_expires_ms <= webex_now_ms(sync->webex);
	return sync->signed_in && !dead;
}

static void on_region(const char *base, void *arg)
{
	struct sync *sync = arg;
	log_info("call records of this organisation are at %s", base);
	if (!sync->stopping)
		memo_keep_base(&sync->parts, base);
	sync_show_progress(sync);
}

static void set_limits(struct window_limits *limits, const struct sync_config *config)
{
	const struct {
		int64_t wish_ms, *limit_ms;
	} wishes[] = { { config->stream_window_ms, &limits->stream_window_ms },
		{ config->stream_kept_ms, &limits->stream_retention_ms }, { config->feed_window_ms, &limits->feed_window_ms },
		{ config->feed_kept_ms, &limits->feed_retention_ms }, { config->overlap_ms, &limits->stream_overlap_ms } };
	for (size_t i = 0; i < COUNT_OF(wishes); i++) {
		if (wishes[i].wish_ms > 0)
			*wishes[i].limit_ms = wishes[i].wish_ms;
	}
	/* Broken for nearly as long as the stream goes back, it starts anew. */
	limits->gap_ms = MIN(limits->gap_ms, MAX(limits->stream_retention_ms - 30 * MINUTE_MS, limits->stream_retention_ms / 2));
	limits->no_stream = config->no_stream;
}

static void on_start_failed(void *arg)
{
	struct sync *sync = arg;
	free(sync->cdr_base);
	free(sync);
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
		link_close(&sync->link, on_start_failed, sync); /* on the loop: it lives in sync */
		return false;
	}
	window_limits_init(&sync->limits);
	sync->limits.backfill_ms = config->backfill_ms;
	sync->limits.request_ms = config->interval_ms;
	sync->limits.stream_edge_ms = config->stream_edge_ms;
	sync->limits.feed_edge_ms = config->feed_edge_ms;
	set_limits(&sync->limits, config);
	struct budget_options budget = { .every_ms = { [BUDGET_INITIAL] = config->interval_ms, [BUDGET_PAGE] = config->page_interval_ms } };
	struct cdr_fetch_options fetch = { .limits = &sync->limits, .budget = &budget,
		.spent = memo_budget(parts), .on_budget = on_budget, .arg = sync, .max_records = config->page_size };
	sync->fetch = cdr_fetch_new(parts->loop, sync->webex, parts->clock, &fetch);
	sync->roster = roster_new(parts, sync->webex);
	sync->admin = admin_watch_new(parts, sync->webex);
	sync->live = live_new(parts, sync->webex, &config->live, parts->live);
	uv_timer_init(parts->loop, &sync->step);
	uv_timer_init(parts->loop, &sync->retry);
	sync->step.data = sync->retry.data = sync;
	parts->health->sync = SYNC_STARTING;
	sync_step_soon(sync, 0); /* is anybody signed in? */
	*out = sync;
	return true;
}

static void on_link_closed(void *arg)
{
	struct sync *sync = arg;
	void (*on_stopped)(void *) = sync->on_stopped;
	void *stopped_arg = sync->stopped_arg;
	sync_drop_waiting(sync);
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

static void on_admin_closed(void *arg)
{
	struct sync *sync = arg;
	live_close(sync->live, on_live_closed, sync);
}

static void on_roster_closed(void *arg)
{
	struct sync *sync = arg;
	admin_watch_close(sync->admin, on_admin_closed, sync);
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
	roster_halt(sync->roster);
	admin_watch_halt(sync->admin);
	live_halt(sync->live);
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
