/* SPDX-License-Identifier: Apache-2.0 */
#include "watch/watch_inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/mem.h"
#include "store/alert_rows.h"
#include "store/call_bounds.h"
#include "store/lease_rows.h"
#include "store/organisation.h"
#include "store/viewer_rows.h"
#include "watch/contain_board.h"
#include "watch/desk.h"
#include "watch/history.h"
#include "watch/lab.h"

#define TICK_MS	    1000
#define RUNG_LEAST_MS 100 /* between two looks because others write */
#define RENEW_TICKS 2
/* Of renewals: a snooze ends within 20 s; retention is looked at hourly, a minute after the start. */
#define WAKE_RENEWALS	10
#define RETIRE_RENEWALS 1800
#define RETIRE_FIRST	30
/* Calls of an earlier version's store, a second: less than a tenth of it. */
#define FILL_BATCH   10000
#define RETIRE_BATCH 5000 /* some ten milliseconds; what is left goes with the next renewal */

/* What the store lane does between pages: lease, follow, wake, retire. */
struct chore {
	struct job job;
	struct watch *watch;
	bool renew;
	struct tenure_look lease;
	bool wake, retire; /* by who collects; where nobody does, by whoever looks after the store */
	bool fill, more_to_fill; /* by everybody who may write */
	bool ok, reached, looked; /* looked: at the lease */
	int64_t revision, others, now_ms, n_retired;
	size_t n_woken;
	struct viewers viewers;
	struct store_log wal; /* before the marks were read, after what we wrote */
	struct fault fault;
};

static void on_again(uv_timer_t *timer);
static void on_rung(void *arg);
static void on_reached(struct watch *watch);

static void chore_work(struct job *job)
{
	struct chore *c = (struct chore *)job;
	struct watch *watch = c->watch;
	struct store *store = watch->guard->store;
	c->ok = guard_reach(watch->guard, &c->fault);
	c->reached = c->ok;
	c->now_ms = clock_real_ms(); /* it may have waited */
	c->looked = c->ok && c->renew && tenure_look(&c->lease, store, watch->holder, c->now_ms, &c->fault);
	c->ok = c->ok && (c->looked || !c->renew);
	/* Others retire by their own settings: nobody else does while they live. */
	bool keeps = c->lease.mine || *c->lease.holder == '\0';
	if (c->ok && c->wake && keeps)
		c->ok = store_wake(store, c->now_ms, &c->n_woken, &c->fault);
	if (c->ok && c->retire && keeps)
		c->ok = store_retire(store, &watch->keep, c->now_ms, RETIRE_BATCH, &c->n_retired, &c->fault) ||
		    c->fault.code == FAULT_READ_ONLY; /* an analyst of a shared store may not */
	if (c->ok && c->fill)
		c->ok = (far_ends_fill(store, FILL_BATCH, &c->more_to_fill, &c->fault) &&
			    (c->more_to_fill || call_bounds_fill(store, FILL_BATCH, &c->more_to_fill, &c->fault))) || c->fault.code == FAULT_READ_ONLY;
	if (c->renew && c->ok)
		(void)guard_refresh_rules(watch->guard);
	if (watch->wal_path != NULL)
		(void)store_log_look(watch->wal_path, &c->wal);
	c->ok = c->ok && store_marks(store, &c->revision, &c->others, &c->fault) &&
	    viewers_read(store, watch->holder, c->now_ms, &c->viewers, &c->fault);
}

static bool has_client(const struct watch_config *config)
{
	return config->sync.link.client_id != NULL && *config->sync.link.client_id != '\0';
}

/* Who has no client at Webex follows whoever collects. True when it is news. */
static bool show_follower(const struct watch *watch, struct health *h)
{
	enum sync_state state = *h->lease_holder != '\0' ? SYNC_FOLLOWING : SYNC_NO_LOGIN;
	bool news = !watch->read_only && !has_client(&watch->config) && h->sync != state;
	if (news)
		h->sync = state;
	return news;
}

static void show_lease(struct watch *watch, const struct tenure_look *heard)
{
	if (heard != NULL)
		tenure_settle(&watch->tenure, heard);
	bool news = tenure_show(&watch->tenure, &watch->health);
	news |= show_follower(watch, &watch->health);
	watch->board.health_version += news;
	if (watch->sync != NULL && !watch->stopping)
		sync_lease(watch->sync, watch->health.lease_mine, &watch->tenure.denied);
}

static void say_trouble(struct watch *watch, const struct fault *fault)
{
	if (!watch->health.store_fails || strcmp(watch->health.sentence, fault->text) != 0)
		log_unusual("%s", fault->text);
	watch->health.store_fails = true;
	snprintf(watch->health.sentence, sizeof watch->health.sentence, "%s", fault->text);
	watch->health.code = fault->code;
	watch->board.health_version++;
}

static void end_trouble(struct watch *watch)
{
	if (!watch->health.store_fails)
		return;
	watch->health.store_fails = false;
	watch->health.code = FAULT_NONE;
	watch->health.sentence[0] = '\0';
	watch->board.health_version++;
}

static void on_read_back(void *arg, const struct fault *fault)
{
	struct watch *watch = arg;
	if (fault != NULL)
		say_trouble(watch, fault);
	show_lease(watch, NULL);
}

static void on_chore(struct job *job, bool cancelled)
{
	struct chore *c = (struct chore *)job;
	struct watch *watch = c->watch;
	watch->chore_running = false;
	if (!cancelled && c->reached && !watch->reached)
		on_reached(watch);
	if (!cancelled && c->ok)
		end_trouble(watch);
	if (!cancelled && c->looked) /* whatever failed after it; of who may not collect it is said, now that there is no trouble */
		show_lease(watch, &c->lease);
	if (!cancelled && c->ok) {
		watch->more_to_retire = c->retire ? c->n_retired >= RETIRE_BATCH : watch->more_to_retire;
		watch->calls_known |= c->fill && !c->more_to_fill;
		if (c->revision != watch->revision || c->n_woken > 0 || !viewers_equal(&c->viewers, &watch->viewers))
			watch->board.alerts_version++;
		watch->viewers = c->viewers;
		if (c->others != 0 && c->others != watch->others) {
			watch->board.calls_version++;
			if (watch->sync != NULL && !watch->health.lease_mine && !watch->stopping)
				sync_follow(watch->sync);
		}
		watch->wal = c->wal;
		watch->revision = c->revision;
		watch->others = c->others;
	} else if (!cancelled) {
		say_trouble(watch, &c->fault);
	}
	free(c);
	if (!cancelled && watch->rung)
		on_rung(watch);
}

/* The store may still lack what searches need: it is filled in pieces. Acts go before that, not before a lease that is due. */
static bool fills(const struct watch *watch)
{
	return !watch->read_only && !watch->readying && !watch->calls_known && watch->reached;
}

static void look_inside(struct watch *watch)
{
	struct chore *c = mem_zalloc(sizeof *c);
	*c = (struct chore){ .job = { .work = chore_work, .done = on_chore, .gives_way = watch->reached && !watch->due }, .watch = watch, .wal = watch->wal, .fill = fills(watch) };
	if (watch->due && !watch->read_only) {
		uint64_t n = watch->n_renewals++;
		/* Who cannot ask Webex must not keep others from it. */
		c->renew = true;
		c->lease.take = watch->sync != NULL && sync_can_ask(watch->sync) && tenure_may_ask(&watch->tenure);
		c->lease.give = !c->lease.take && watch->tenure.holds;
		c->wake = !watch->readying && n % WAKE_RENEWALS == 0;
		c->retire = !watch->readying && (watch->more_to_retire || n % RETIRE_RENEWALS == RETIRE_FIRST);
	}
	watch->due = watch->rung = false;
	watch->chore_running = true;
	watch->looked_ms = uv_now(watch->loop);
	lane_submit(watch->store_lane, &c->job);
}

static void on_tick(uv_timer_t *timer)
{
	struct watch *watch = timer->data;
	bool reached = watch->guard->store->reached;
	if ((reached ? lane_is_stuck(watch->store_lane) : watch->n_ticks > 1) && !watch->health.store_fails) {
		readying_say_not_reached(&watch->health, watch->store_address, reached);
		watch->board.health_version++;
	}
	/* At full seconds of the loop, as the console does: one wake-up for both. */
	uv_timer_start(timer, on_tick, TICK_MS - uv_now(watch->loop) % TICK_MS, 0);
	if (watch->sync != NULL)
		sync_tick(watch->sync);
	ears_tick(watch->ears);
	bool lost = watch->health.store_fails && watch->health.code == FAULT_NETWORK; /* a dead one's lease may wait there for us */
	watch->due |= (watch->n_ticks++ % RENEW_TICKS == 0 || lost) && (!watch->read_only || !watch->reached);
	if (!watch->chore_running && (watch->due || fills(watch) || store_log_moved(watch->wal_path, &watch->wal)))
		look_inside(watch);
}

/* At once, but not for each page of somebody who imports. */
static void on_rung(void *arg)
{
	struct watch *watch = arg;
	watch->rung = true;
	if (watch->stopping || watch->chore_running)
		return;
	if (uv_now(watch->loop) - watch->looked_ms >= RUNG_LEAST_MS)
		look_inside(watch);
	else if (!uv_is_active((uv_handle_t *)&watch->again))
		uv_timer_start(&watch->again, on_again, RUNG_LEAST_MS, 0);
}

static void on_again(uv_timer_t *timer)
{
	struct watch *watch = timer->data;
	if (watch->rung)
		on_rung(watch);
}

/* A file's log is heard to be written by ourselves, too. */
static void on_heard(void *arg)
{
	struct watch *watch = arg;
	if (store_log_moved(watch->wal_path, &watch->wal))
		on_rung(watch);
}

static void on_acted(void *arg)
{
	struct watch *watch = arg;
	watch->board.alerts_version++;
}

static void sync_now(struct board *board)
{
	struct watch *watch = (struct watch *)((char *)board - offsetof(struct watch, board));
	if (watch->sync != NULL)
		sync_hurry(watch->sync);
}

static bool asks_webex(const struct watch_config *config)
{
	return !config->read_only && has_client(config);
}

/* The console is worth having without it: the sentence is shown. */
static void sync_is_down(struct watch *watch, const struct fault *fault)
{
	readying_say_down(&watch->health, fault);
	watch->board.health_version++;
}

void watch_signed_in(struct watch *watch)
{
	if (watch->sync != NULL && !watch->stopping)
		sync_signed_in(watch->sync);
}

static void on_signed_in(void *arg)
{
	watch_signed_in(arg);
}

static void prepare_sign_in(struct watch *watch, const struct watch_config *config)
{
	watch->sign_in = (struct sign_in_desk){
		.shown = { .lacks_client_id = watch->sync == NULL, .lacks_secret = config->lacks_secret,
		    .config_path = config->config_path, .scopes = config->scopes },
		.oauth = watch->sync != NULL ? sync_oauth(watch->sync) : NULL, .scopes = config->scopes,
		.board = &watch->board, .on_signed_in = on_signed_in, .arg = watch,
	};
	sign_in_on_board(&watch->sign_in);
}

/* Signed in: now there is a use for the lease, at once. */
static void on_can_ask(void *arg)
{
	struct watch *watch = arg;
	if (watch->stopping)
		return;
	watch->due = true;
	uv_timer_start(&watch->tick, on_tick, 0, 0);
}

static void begin_sync(struct watch *watch, const struct watch_config *config)
{
	struct fault fault = { 0 };
	struct sync_parts parts = { watch->loop, watch->guard, watch->intake_lane, watch->store_lane, &watch->board,
		&watch->health, &watch->clock, watch->live, watch->holder, on_can_ask, watch };
	if (!sync_start(&parts, &config->sync, &watch->sync, &fault)) {
		sync_is_down(watch, &fault);
		return;
	}
	prepare_sign_in(watch, config);
}

static void on_ready(void *arg, const struct fault *fault)
{
	struct watch *watch = arg;
	watch->readying = false;
	if (fault != NULL)
		sync_is_down(watch, fault);
	else if (!watch->stopping)
		begin_sync(watch, &watch->config);
}

/* What was asked before found nobody there. */
static void on_reached(struct watch *watch)
{
	watch->reached = true;
	watch->board.alerts_version++;
	watch->board.calls_version++;
	if (watch->getting_ready != NULL && !watch->stopping)
		readying_go_on(watch->getting_ready);
}

bool watch_start(uv_loop_t *loop, const struct watch_config *config, struct watch **out,
    struct fault *fault)
{
	struct watch *watch = mem_zalloc(sizeof *watch);
	char user[64];
	struct guard_config guarding = config->guard;
	guarding.store_later = config->show_first;
	if (!guard_open(&guarding, &watch->guard, fault) || (asks_webex(config) && !config->show_first && !guard_prepare(watch->guard, fault))) {
		guard_close(watch->guard);
		free(watch);
		return false;
	}
	watch->loop = loop;
	watch->config = *config;
	watch->reached = watch->guard->store->reached;
	watch->clock = config->clock;
	watch->read_only = config->read_only;
	watch->keep = config->keep;
	desk_os_user(user, sizeof user);
	tenure_name(user, watch->holder);
	char *path = store_file(config->guard.store);
	watch->wal_path = path != NULL ? mem_printf("%s-wal", path) : NULL;
	free(path);
	watch->intake_lane = lane_new(loop);
	watch->store_lane = lane_new(loop);
	watch->store_address = mem_strdup(config->guard.store);
	watch->tenure = (struct tenure){ .guard = watch->guard, .store_lane = watch->store_lane, .on_read = on_read_back, .arg = watch };
	watch->ears = ears_new(loop, watch->store_lane, watch->store_address, watch->wal_path, on_heard, watch);
	watch->live = live_calls_new();
	watch->board = (struct board){
		.history = history_new(loop, &config->guard, user, &watch->clock),
		.desk = desk_new(watch->guard->store, watch->store_lane, &watch->guard->config.rules, user, config->read_only, on_acted, watch),
		.live = watch->live,
		.health = &watch->health,
		.clock = &watch->clock,
		.alerts_version = 1,
		.calls_version = 1,
		.health_version = 1,
		.sync_now = sync_now,
		.viewers = &watch->viewers,
	};
	history_wait_for(watch->board.history, &watch->guard->store->reached);
	desk_name_console(watch->board.desk, watch->holder);
	if (config->stage != NULL)
		watch->board.lab = lab_new(loop, &config->trial, config->stage, &watch->clock);
	watch->health.sync = config->read_only || has_client(config) ? SYNC_FOLLOWING : SYNC_NO_LOGIN;
	if (asks_webex(config) && config->show_first) {
		watch->readying = true;
		watch->getting_ready = readying_new(watch->guard, watch->store_lane, on_ready, watch);
	} else if (asks_webex(config)) {
		begin_sync(watch, config);
	}
	if (!config->read_only && !has_client(config))
		prepare_sign_in(watch, config);
	if (asks_webex(config))
		contain_board_begin(&watch->board, loop, &watch->config.responder, &watch->clock);
	if (!config->read_only)
		watch->notifier = notifier_begin(&(struct notifier_parts){ loop, watch->guard->store, watch->store_lane, &watch->board, &watch->health,
		    &watch->clock, watch->holder }, &config->notify);
	uv_timer_init(loop, &watch->tick);
	watch->tick.data = watch;
	uv_timer_start(&watch->tick, on_tick, 0, 0);
	uv_timer_init(loop, &watch->again);
	watch->again.data = watch;
	*out = watch;
	return true;
}

struct board *watch_board(struct watch *watch)
{
	return &watch->board;
}

struct oauth *watch_oauth(struct watch *watch)
{
	return watch->sync == NULL ? NULL : sync_oauth(watch->sync);
}
