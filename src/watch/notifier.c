/* SPDX-License-Identifier: Apache-2.0
 *
 * One round is a job on the store lane: the lease, new notices to their places,
 * what is due of each destination. Then it is sent (notify/post.h), and another job
 * writes down how it ended. */
#include "watch/notifier_inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/log.h"
#include "base/mem.h"
#include "net/late.h"
#include "store/notice_rows.h"

#define LEASE_MS      6000 /* a dead holder is replaced after this, and one look of another: 8 s */
#define RENEW_S	      2
#define DENIED_S      600 /* a role may be given the right to tell meanwhile */
#define WANT_MS	      (7 * DAY_MS) /* so long notices gather while nobody tells them */
#define WANT_EVERY_MS HOUR_MS
#define ROUTE_BATCH   200
#define ROUTE_TIMES   20
#define DRAIN_MS      2000

/* ---- a round, on the store lane --------------------------------------------- */

struct round {
	struct job job;
	struct notifier *notifier;
	bool first, renew, want, mine, taken_over, ok, more, summed;
	bool changed; /* other destinations than before, or a doubt what became of the last round */
	struct notify_routes *fresh;
	struct file_look look;
	int64_t now_ms, event_ms;
	struct errand **errands; /* one a destination; NULL: nothing, or it is not its turn */
	struct outbox_sum sum;
	struct fault fault;
};

static size_t places_of(void *arg, const struct notice *notice, struct outbox_place out[OUTBOX_PLACES])
{
	const struct round *r = arg;
	const struct destination *to[OUTBOX_PLACES];
	size_t n = notify_routes_of(r->notifier->routes, notice, r->event_ms, to, OUTBOX_PLACES);
	for (size_t i = 0; i < n; i++)
		tell_place(to[i], &out[i]);
	return n;
}

struct writing {
	const struct destination *to;
	int64_t now_ms;
};

static void write_message(void *arg, const struct outbox_row *row, const struct notice *notices, size_t n, struct text *body)
{
	const struct writing *w = arg;
	tell_write(w->to, row, notices, n, w->now_ms, body);
}

static bool claim(struct round *r, size_t at)
{
	struct notifier *notifier = r->notifier;
	const struct destination *to = &notifier->routes->destinations[at];
	struct outbox_place place;
	struct writing w = { to, r->now_ms };
	struct errand *errand = r->errands[at];
	tell_place(to, &place);
	struct outbox_claim c = { .destination = to->name, .now_ms = r->now_ms, .most = to->kind->at_once, .gather_ms = place.gather_ms,
		.write = write_message, .arg = &w };
	if (!outbox_claim(notifier->parts.store, &c, &errand->arena, &errand->rows, &errand->n, &r->fault))
		return false;
	errand->parcels = arena_zalloc(&errand->arena, (errand->n + 1) * sizeof *errand->parcels);
	for (size_t i = 0; i < errand->n; i++)
		errand->parcels[i] = (struct parcel){ errand->rows[i].key, errand->rows[i].body, errand->rows[i].remote_id };
	return true;
}

static bool adopt(struct round *r)
{
	const struct notify_routes *routes = r->notifier->routes;
	const char **names = mem_zalloc((routes->n_destinations + 1) * sizeof *names);
	for (size_t i = 0; i < routes->n_destinations; i++)
		names[i] = routes->destinations[i].name;
	bool ok = outbox_adopt(r->notifier->parts.store, names, routes->n_destinations, &r->fault);
	free(names);
	return ok;
}

static bool route(struct round *r)
{
	struct outbox_router router = { places_of, r };
	size_t n = ROUTE_BATCH;
	bool ok = true;
	for (int i = 0; ok && i < ROUTE_TIMES && n == ROUTE_BATCH; i++)
		ok = outbox_route(r->notifier->parts.store, &router, r->now_ms, ROUTE_BATCH, &n, &r->fault);
	r->more = n == ROUTE_BATCH;
	return ok;
}

static bool look_at(const char *path, struct file_look *look)
{
	struct stat status;
	if (stat(path, &status) != 0)
		return false;
	*look = (struct file_look){ status.st_mtim, status.st_size };
	return true;
}

/* The file of routes has changed: it is read again. One that is wrong is said once,
 * and what worked goes on. */
static void refresh(struct round *r)
{
	const struct notifier *notifier = r->notifier;
	struct fault fault;
	r->look = notifier->look;
	if (!r->renew || !look_at(notifier->routes->path, &r->look) ||
	    (r->look.size == notifier->look.size && memcmp(&r->look.time, &notifier->look.time, sizeof r->look.time) == 0))
		return;
	if (notify_routes_read(notifier->routes->path, &r->fresh, &fault))
		log_info("notify: %s has changed and is in force", notifier->routes->path);
	else
		log_unusual("notify: %s", fault.text);
}

static void round_work(struct job *job)
{
	struct round *r = (struct round *)job;
	struct notifier *notifier = r->notifier;
	struct store *store = notifier->parts.store;
	r->now_ms = clock_real_ms(); /* it may have waited */
	r->ok = !r->first || late_curl(&r->fault); /* slow to load: not on the loop */
	r->ok = r->ok && (!r->renew || outbox_lease(store, notifier->parts.holder, r->now_ms, r->now_ms + LEASE_MS, &r->mine, &r->taken_over, &r->fault));
	r->ok = r->ok && (!(r->taken_over || (r->mine && r->changed)) || adopt(r));
	r->ok = r->ok && (!r->want || notice_rows_want(store, r->now_ms + WANT_MS, &r->fault));
	refresh(r);
	/* Routes that are about to go do not rule any more. */
	if (r->ok && r->mine && r->fresh == NULL && notifier->fresh == NULL) {
		r->ok = route(r);
		for (size_t i = 0; r->ok && i < notifier->routes->n_destinations; i++)
			r->ok = r->errands[i] == NULL || claim(r, i);
	}
	/* What waits grows old just when a round fails. */
	struct fault fault = { 0 };
	r->summed = (r->ok || r->fault.code != FAULT_NETWORK) && outbox_sum(&store->db, r->now_ms, &r->sum, &fault);
	if (r->ok && !r->summed) {
		r->ok = false;
		r->fault = fault;
	}
}

/* ---- rounds ----------------------------------------------------------------- */

/* Where it is not known how the outbox stands, it is as it was, and that much older. */
static void show(struct notifier *notifier, const struct round *r)
{
	struct health *h = notifier->parts.health;
	if (r->summed)
		notifier->sum = r->sum;
	const struct outbox_sum *sum = &notifier->sum;
	struct notify_health now = { .on = true, .mine = r->mine, .n_waiting = sum->n_waiting, .n_dead = sum->n_dead, .lag_ms = sum->oldest_ms > 0 ? MAX(r->now_ms - sum->oldest_ms, (int64_t)1) : 0 };
	snprintf(now.error, sizeof now.error, "%.290s", r->ok ? sum->error : r->fault.text);
	bool same = now.mine == h->notify.mine && h->notify.on && now.n_waiting == h->notify.n_waiting && now.n_dead == h->notify.n_dead &&
	    now.lag_ms == h->notify.lag_ms && strcmp(now.error, h->notify.error) == 0;
	if (same)
		return;
	h->notify = now;
	notifier->parts.board->health_version++;
}

static void send_off(struct notifier *notifier, struct errand *errand)
{
	if (errand == NULL || errand->n == 0) {
		notifier_errand_free(errand);
		return;
	}
	notifier->places[errand->at].flying = true;
	notifier->n_flying++;
	post_send(notifier->post, &notifier->routes->destinations[errand->at], errand->parcels, errand->n, notifier_on_sent, errand);
}

/* When the next round has something to do. What is due of a destination that is
 * left alone for now makes no round; what is on its way makes one when it ends. */
static int64_t next_of(const struct notifier *notifier, const struct round *r)
{
	int64_t next_ms = r->sum.next_ms, held_ms = 0;
	size_t n_claimed = 0;
	for (size_t i = 0; i < notifier->routes->n_destinations; i++) {
		int64_t until_ms = notifier->places[i].held_until_ms;
		n_claimed += r->errands[i] == NULL ? 0 : r->errands[i]->n;
		if (until_ms > r->now_ms && (held_ms == 0 || until_ms < held_ms))
			held_ms = until_ms;
	}
	if (r->more || r->first || r->fresh != NULL)
		return 1;
	return next_ms == 0 || next_ms > r->now_ms || n_claimed > 0 ? next_ms : held_ms != 0 ? held_ms : r->now_ms + RENEW_S * notifier->second_ms;
}

/* An analyst of a shared store may look at the outbox and no more: somebody else tells. */
static void note_denial(struct notifier *notifier, struct round *r)
{
	bool denied = !r->ok && r->fault.code == FAULT_READ_ONLY;
	if (denied && !notifier->denied)
		log_info("notify: left to another process: %s", r->fault.text);
	notifier->denied = denied;
	if (denied) {
		r->mine = false;
		r->ok = r->summed = true;
		r->sum = (struct outbox_sum){ 0 };
	}
}

static void on_round(struct job *job, bool cancelled)
{
	struct round *r = (struct round *)job;
	struct notifier *notifier = r->notifier;
	notifier->working = false;
	notifier->look = r->look;
	if (r->fresh != NULL) {
		notify_routes_free(notifier->fresh);
		notifier->fresh = r->fresh;
	}
	if (!cancelled && r->ok && r->first)
		r->ok = post_open(notifier->parts.loop, &notifier->post_options, &notifier->post, &r->fault);
	if (r->want && (cancelled || !r->ok))
		notifier->wanted_ms = 0; /* that notices are to be made is not written down yet */
	if (!cancelled)
		note_denial(notifier, r);
	if (!cancelled && !r->ok)
		log_unusual("notify: %s", r->fault.text);
	notifier->doubt = !cancelled && (!r->ok || (notifier->doubt && !(r->changed && r->mine)));
	if (!cancelled && (r->ok || r->renew)) {
		notifier->mine = r->mine;
		notifier->next_ms = r->ok ? next_of(notifier, r) : r->now_ms + RENEW_S * notifier->second_ms;
		show(notifier, r);
	}
	for (size_t i = 0; i < notifier->routes->n_destinations; i++)
		send_off(notifier, r->errands[i]);
	notifier_look_soon(notifier, r->more || r->first || notifier->stopping ? 0 : notifier->second_ms / 4);
	free(r->errands);
	free(r);
}

static bool is_busy(const struct notifier *notifier)
{
	return notifier->n_flying > 0 || notifier->n_settling > 0 || notifier->late != NULL;
}

/* The routes of the file that changed, once nothing is on its way by the old ones. */
static bool put_in_force(struct notifier *notifier)
{
	if (notifier->fresh == NULL || is_busy(notifier))
		return false;
	notify_routes_free(notifier->routes);
	notifier->routes = notifier->fresh;
	notifier->fresh = NULL;
	free(notifier->places);
	notifier->places = mem_zalloc((notifier->routes->n_destinations + 1) * sizeof *notifier->places);
	if (notifier->post != NULL)
		post_forget(notifier->post);
	return true;
}

static void begin_round(struct notifier *notifier, bool renew, int64_t now_ms)
{
	bool changed = put_in_force(notifier) || (notifier->doubt && !is_busy(notifier));
	const struct notify_routes *routes = notifier->routes;
	struct round *r = mem_zalloc(sizeof *r);
	*r = (struct round){ .job = { .work = round_work, .done = on_round }, .notifier = notifier, .first = notifier->post == NULL, .changed = changed, .renew = renew, .mine = notifier->mine,
		.want = now_ms - notifier->wanted_ms > WANT_EVERY_MS, .event_ms = clock_now_ms(notifier->parts.clock) };
	r->errands = mem_zalloc((routes->n_destinations + 1) * sizeof *r->errands);
	for (size_t i = 0; i < routes->n_destinations; i++) {
		if (r->first || notifier->fresh != NULL || (notifier->doubt && !changed) || notifier->places[i].flying ||
		    notifier->places[i].held_until_ms > now_ms)
			continue;
		r->errands[i] = mem_zalloc(sizeof *r->errands[i]);
		*r->errands[i] = (struct errand){ .notifier = notifier, .at = i };
		arena_init(&r->errands[i]->arena);
	}
	if (renew)
		notifier->renewed_ms = now_ms;
	if (r->want)
		notifier->wanted_ms = now_ms;
	notifier->seen_version = notifier->parts.board->alerts_version;
	notifier->working = true;
	lane_submit(notifier->parts.store_lane, &r->job);
}

/* ---- the end ---------------------------------------------------------------- */

static void on_timer_closed(uv_handle_t *handle)
{
	struct notifier *notifier = handle->data;
	void (*on_stopped)(void *) = notifier->on_stopped;
	void *arg = notifier->stopped_arg;
	notify_routes_free(notifier->routes);
	notify_routes_free(notifier->fresh);
	free(notifier->places);
	free(notifier);
	if (on_stopped != NULL)
		on_stopped(arg);
}

struct giving {
	struct job job;
	struct notifier *notifier;
};

static void giving_work(struct job *job)
{
	struct notifier *notifier = ((struct giving *)job)->notifier;
	struct fault ignored;
	(void)!outbox_lease_give(notifier->parts.store, notifier->parts.holder, &ignored);
}

static void on_given(struct job *job, bool cancelled)
{
	struct notifier *notifier = ((struct giving *)job)->notifier;
	UNUSED(cancelled);
	free(job);
	uv_close((uv_handle_t *)&notifier->timer, on_timer_closed);
}

static void give_lease(struct notifier *notifier)
{
	struct giving *giving = mem_zalloc(sizeof *giving);
	*giving = (struct giving){ .job = { .work = giving_work, .done = on_given, .promised = true }, .notifier = notifier };
	notifier->freed_lease = true;
	lane_submit(notifier->parts.store_lane, &giving->job);
}

static void on_post_closed(void *arg)
{
	struct notifier *notifier = arg;
	notifier->post = NULL;
	notifier_look_soon(notifier, 0);
}

/* What is on its way may come to its end; then nothing is. */
static void step_to_end(struct notifier *notifier)
{
	if (notifier->working)
		return;
	if (!notifier->closing && (notifier->n_flying == 0 || uv_now(notifier->parts.loop) >= (uint64_t)notifier->stop_by_ms)) {
		notifier->closing = true;
		if (notifier->post != NULL)
			post_close(notifier->post, on_post_closed, notifier);
		else
			notifier_look_soon(notifier, 0);
		return;
	}
	if (notifier->closing && notifier->post == NULL && notifier->n_flying == 0 && notifier->n_settling == 0 && !notifier->freed_lease)
		give_lease(notifier);
	else if (!notifier->closing)
		notifier_look_soon(notifier, 20);
}

static void on_timer(uv_timer_t *timer)
{
	struct notifier *notifier = timer->data;
	int64_t now_ms = clock_real_ms();
	notifier_settle_late(notifier);
	if (notifier->stopping) {
		step_to_end(notifier);
		return;
	}
	/* The timer's seconds are not the clock's: none is waited for because of a millisecond. */
	int64_t renew_ms = (notifier->denied ? DENIED_S : RENEW_S) * notifier->second_ms - notifier->second_ms / 2;
	bool renew = now_ms - notifier->renewed_ms >= renew_ms || notifier->renewed_ms > now_ms;
	bool news = notifier->seen_version != notifier->parts.board->alerts_version;
	bool due = notifier->mine && notifier->next_ms != 0 && notifier->next_ms <= now_ms;
	if (!notifier->working && (renew || due || (news && notifier->mine)))
		begin_round(notifier, renew, now_ms);
	else
		notifier_look_soon(notifier, notifier->second_ms);
}

void notifier_look_soon(struct notifier *notifier, int64_t wait_ms)
{
	uint64_t wait = (uint64_t)MAX(wait_ms, (int64_t)1);
	if (uv_is_closing((uv_handle_t *)&notifier->timer))
		return;
	if (!uv_is_active((uv_handle_t *)&notifier->timer) || uv_timer_get_due_in(&notifier->timer) > wait)
		uv_timer_start(&notifier->timer, on_timer, wait, 0);
}

bool notifier_start(const struct notifier_parts *parts, const struct notifier_config *config, struct notifier **out, struct fault *fault)
{
	struct notify_routes *routes;
	if (!notify_routes_read(config->routes, &routes, fault))
		return false;
	struct notifier *notifier = mem_zalloc(sizeof *notifier);
	*notifier = (struct notifier){ .parts = *parts, .routes = routes, .post_options = config->post, .second_ms = config->second_ms > 0 ? config->second_ms : 1000,
		.doubt = true /* a process of the same name may have died here */ };
	notifier->places = mem_zalloc((routes->n_destinations + 1) * sizeof *notifier->places);
	(void)look_at(config->routes, &notifier->look);
	parts->health->notify.on = true;
	parts->board->told_of = notifier_told_of;
	parts->board->told_arg = notifier;
	uv_timer_init(parts->loop, &notifier->timer);
	notifier->timer.data = notifier;
	notifier_look_soon(notifier, 0);
	*out = notifier;
	return true;
}

struct notifier *notifier_begin(const struct notifier_parts *parts, const struct notifier_config *config)
{
	struct notifier *notifier = NULL;
	struct fault fault = { 0 };
	if (config->routes == NULL || *config->routes == '\0' || notifier_start(parts, config, &notifier, &fault))
		return notifier;
	parts->health->notify.on = true;
	snprintf(parts->health->notify.error, sizeof parts->health->notify.error, "%.290s", fault.text);
	log_broken("notify: %s", fault.text);
	return NULL;
}

void notifier_stop(struct notifier *notifier, void (*on_stopped)(void *), void *arg)
{
	notifier->stopping = true;
	notifier->parts.board->told_of = NULL;
	notifier->on_stopped = on_stopped;
	notifier->stopped_arg = arg;
	notifier->stop_by_ms = (int64_t)uv_now(notifier->parts.loop) + DRAIN_MS;
	notifier_look_soon(notifier, 0);
}
