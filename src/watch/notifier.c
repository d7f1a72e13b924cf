/* SPDX-License-Identifier: Apache-2.0
 *
 * One round is a job on the store lane: the lease, new notices to their places,
 * what is due of each destination. Then it is sent (notify/post.h), and another job
 * writes down how it ended. */
#include "watch/notifier.h"

#include <openssl/rand.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/mem.h"
#include "net/late.h"
#include "notify/tell.h"
#include "store/notice_rows.h"

#define LEASE_MS      10000 /* a dead holder is replaced after this */
#define RENEW_S	      4
#define WANT_MS	      (7 * DAY_MS) /* so long notices gather while nobody tells them */
#define WANT_EVERY_MS HOUR_MS
#define ROUTE_BATCH   200
#define ROUTE_TIMES   20
#define MOST_WAIT_S   900 /* between attempts */
#define DRAIN_MS      2000

/* What is on its way to one destination. */
struct errand {
	struct notifier *notifier;
	size_t at; /* of its destination */
	struct arena arena;
	struct outbox_row *rows;
	struct parcel *parcels;
	size_t n;
};

struct place_state {
	bool flying;
	int n_failures; /* in a row, of the whole destination */
	int64_t held_until_ms;
};

struct notifier {
	struct notifier_parts parts;
	struct notify_routes *routes;
	struct place_state *places; /* one a destination */
	struct post *post; /* NULL: not before the first round */
	struct post_options post_options;
	uv_timer_t timer;
	int64_t second_ms;
	bool mine, working, stopping, closing;
	int n_flying, n_settling;
	int64_t renewed_ms, wanted_ms, next_ms; /* next_ms: something is due; 0 nothing waits */
	uint64_t seen_version;
	int64_t stop_by_ms;
	bool freed_lease;
	void (*on_stopped)(void *);
	void *stopped_arg;
};

/* ---- a round, on the store lane --------------------------------------------- */

struct round {
	struct job job;
	struct notifier *notifier;
	bool first, renew, want, mine, taken_over, ok, more;
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

static void round_work(struct job *job)
{
	struct round *r = (struct round *)job;
	struct notifier *notifier = r->notifier;
	struct store *store = notifier->parts.store;
	r->now_ms = clock_real_ms(); /* it may have waited */
	r->ok = !r->first || late_curl(&r->fault); /* slow to load: not on the loop */
	r->ok = r->ok && (!r->renew || outbox_lease(store, notifier->parts.holder, r->now_ms, r->now_ms + LEASE_MS, &r->mine, &r->taken_over, &r->fault));
	r->ok = r->ok && (!r->taken_over || adopt(r));
	r->ok = r->ok && (!r->want || notice_rows_want(store, r->now_ms + WANT_MS, &r->fault));
	if (r->ok && r->mine) {
		r->ok = route(r);
		for (size_t i = 0; r->ok && i < notifier->routes->n_destinations; i++)
			r->ok = r->errands[i] == NULL || claim(r, i);
	}
	r->ok = r->ok && outbox_sum(&store->db, r->now_ms, &r->sum, &r->fault);
}

static void errand_free(struct errand *errand)
{
	if (errand == NULL)
		return;
	arena_clear(&errand->arena);
	free(errand);
}

/* ---- how it ended ----------------------------------------------------------- */

struct settling {
	struct job job;
	struct notifier *notifier;
	struct errand *errand;
	struct outbox_end *ends;
	bool ok;
	struct fault fault;
};

static void look_soon(struct notifier *, int64_t wait_ms);

static void settling_work(struct job *job)
{
	struct settling *s = (struct settling *)job;
	s->ok = outbox_settle(s->notifier->parts.store, s->ends, s->errand->n, &s->fault);
}

static void on_settled(struct job *job, bool cancelled)
{
	struct settling *s = (struct settling *)job;
	struct notifier *notifier = s->notifier;
	/* Not written down: it counts as begun, and whoever has the lease next begins
	 * it again; here that is after a new start. */
	if (!cancelled && !s->ok)
		log_broken("notify: %s", s->fault.text);
	notifier->places[s->errand->at].flying = false;
	notifier->n_settling--;
	errand_free(s->errand);
	free(s->ends);
	free(s);
	notifier->next_ms = 1; /* there may be more of it */
	look_soon(notifier, 0);
}

static uint32_t chance(void)
{
	uint32_t value = 0;
	if (RAND_bytes((unsigned char *)&value, sizeof value) != 1)
		value = (uint32_t)clock_steady_ns();
	return value;
}

/* 1, 2, 4 … 900 s, half of it by chance: many that failed together do not come
 * back together. */
static int64_t patience_ms(const struct notifier *notifier, int64_t n)
{
	int64_t s = n >= 10 ? MOST_WAIT_S : MIN((int64_t)1 << MAX(n - 1, (int64_t)0), (int64_t)MOST_WAIT_S);
	int64_t ms = s * notifier->second_ms;
	return ms / 2 + (int64_t)(chance() % (uint64_t)MAX(ms / 2 + 1, (int64_t)1));
}

static void fill_end(struct notifier *notifier, const struct destination *to, const struct outbox_row *row, const struct post_outcome *outcome,
    int64_t now_ms, struct outbox_end *end)
{
	struct outbox_place place;
	tell_place(to, &place);
	int64_t wait_ms = outcome->wait_ms * notifier->second_ms / 1000;
	*end = (struct outbox_end){ .id = row->id, .result = outcome->result, .now_ms = now_ms, .closes_ms = row->closes_ms,
		.grows_ms = place.grows ? place.gather_ms : 0, .forget = outcome->forget, .due_ms = now_ms + MAX(wait_ms, patience_ms(notifier, row->attempts)) };
	snprintf(end->remote_id, sizeof end->remote_id, "%s", outcome->remote_id);
	snprintf(end->error, sizeof end->error, "%.290s", outcome->fault.text);
	if (outcome->fault.code == FAULT_CANCELLED)
		end->due_ms = now_ms; /* by us */
	else if (end->result == OUTBOX_AGAIN && now_ms - MAX(row->made_ms, row->closes_ms) > to->give_up_ms)
		end->result = OUTBOX_REFUSED;
	if (end->result == OUTBOX_REFUSED)
		log_unusual("notify: message %lld to %s is given up: %s", (long long)row->id, to->name, end->error);
}

static void on_sent(const struct post_outcome *outcomes, size_t n, void *arg)
{
	struct errand *errand = arg;
	struct notifier *notifier = errand->notifier;
	struct place_state *place = &notifier->places[errand->at];
	const struct destination *to = &notifier->routes->destinations[errand->at];
	struct settling *s = mem_zalloc(sizeof *s);
	int64_t now_ms = clock_real_ms(), longest_ms = 0;
	bool all_wait = false, any = false;
	/* Somebody outside knows of it: it is written down whatever happens. */
	*s = (struct settling){ .job = { .work = settling_work, .done = on_settled, .promised = true }, .notifier = notifier, .errand = errand,
		.ends = mem_zalloc((n + 1) * sizeof *s->ends) };
	for (size_t i = 0; i < n; i++) {
		fill_end(notifier, to, &errand->rows[i], &outcomes[i], now_ms, &s->ends[i]);
		all_wait |= outcomes[i].all_wait;
		any |= outcomes[i].result == OUTBOX_TAKEN;
		longest_ms = MAX(longest_ms, outcomes[i].wait_ms * notifier->second_ms / 1000);
	}
	place->n_failures = any || !all_wait ? 0 : MIN(place->n_failures + 1, 10);
	if (all_wait)
		place->held_until_ms = now_ms + MAX(longest_ms, patience_ms(notifier, MAX(place->n_failures, 1)));
	notifier->n_flying--;
	notifier->n_settling++;
	lane_submit(notifier->parts.store_lane, &s->job);
}

/* ---- rounds ----------------------------------------------------------------- */

static void show(struct notifier *notifier, const struct round *r)
{
	struct health *h = notifier->parts.health;
	struct notify_health now = { .on = true, .mine = r->mine, .n_waiting = r->sum.n_waiting, .n_dead = r->sum.n_dead, .oldest_ms = r->sum.oldest_ms };
	snprintf(now.error, sizeof now.error, "%.290s", r->ok ? r->sum.error : r->fault.text);
	bool same = now.mine == h->notify.mine && h->notify.on && now.n_waiting == h->notify.n_waiting && now.n_dead == h->notify.n_dead &&
	    now.oldest_ms == h->notify.oldest_ms && strcmp(now.error, h->notify.error) == 0;
	if (same)
		return;
	h->notify = now;
	notifier->parts.board->health_version++;
}

static void send_off(struct notifier *notifier, struct errand *errand)
{
	if (errand == NULL || errand->n == 0) {
		errand_free(errand);
		return;
	}
	notifier->places[errand->at].flying = true;
	notifier->n_flying++;
	post_send(notifier->post, &notifier->routes->destinations[errand->at], errand->parcels, errand->n, on_sent, errand);
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
	if (r->more || r->first)
		return 1;
	return next_ms == 0 || next_ms > r->now_ms || n_claimed > 0 ? next_ms : held_ms != 0 ? held_ms : r->now_ms + RENEW_S * notifier->second_ms;
}

static void on_round(struct job *job, bool cancelled)
{
	struct round *r = (struct round *)job;
	struct notifier *notifier = r->notifier;
	notifier->working = false;
	if (!cancelled && r->ok && r->first)
		r->ok = post_open(notifier->parts.loop, &notifier->post_options, &notifier->post, &r->fault);
	if (!cancelled && !r->ok)
		log_unusual("notify: %s", r->fault.text);
	if (!cancelled && (r->ok || r->renew)) {
		notifier->mine = r->mine;
		notifier->next_ms = r->ok ? next_of(notifier, r) : r->now_ms + RENEW_S * notifier->second_ms;
		show(notifier, r);
	}
	for (size_t i = 0; i < notifier->routes->n_destinations; i++)
		send_off(notifier, r->errands[i]);
	look_soon(notifier, r->more || r->first || notifier->stopping ? 0 : notifier->second_ms / 4);
	free(r->errands);
	free(r);
}

static void begin_round(struct notifier *notifier, bool renew, int64_t now_ms)
{
	const struct notify_routes *routes = notifier->routes;
	struct round *r = mem_zalloc(sizeof *r);
	*r = (struct round){ .job = { .work = round_work, .done = on_round }, .notifier = notifier, .first = notifier->post == NULL, .renew = renew, .mine = notifier->mine,
		.want = now_ms - notifier->wanted_ms > WANT_EVERY_MS, .event_ms = clock_now_ms(notifier->parts.clock) };
	r->errands = mem_zalloc((routes->n_destinations + 1) * sizeof *r->errands);
	for (size_t i = 0; i < routes->n_destinations; i++) {
		if (r->first || notifier->places[i].flying || notifier->places[i].held_until_ms > now_ms)
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
	look_soon(notifier, 0);
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
			look_soon(notifier, 0);
		return;
	}
	if (notifier->closing && notifier->post == NULL && notifier->n_flying == 0 && notifier->n_settling == 0 && !notifier->freed_lease)
		give_lease(notifier);
	else if (!notifier->closing)
		look_soon(notifier, 20);
}

static void on_timer(uv_timer_t *timer)
{
	struct notifier *notifier = timer->data;
	int64_t now_ms = clock_real_ms();
	if (notifier->stopping) {
		step_to_end(notifier);
		return;
	}
	bool renew = now_ms - notifier->renewed_ms >= RENEW_S * notifier->second_ms || notifier->renewed_ms > now_ms;
	bool news = notifier->seen_version != notifier->parts.board->alerts_version;
	bool due = notifier->mine && notifier->next_ms != 0 && notifier->next_ms <= now_ms;
	if (!notifier->working && (renew || due || (news && notifier->mine)))
		begin_round(notifier, renew, now_ms);
	else
		look_soon(notifier, notifier->second_ms);
}

/* The sooner of this and what it waits for already. */
static void look_soon(struct notifier *notifier, int64_t wait_ms)
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
	*notifier = (struct notifier){ .parts = *parts, .routes = routes, .post_options = config->post, .second_ms = config->second_ms > 0 ? config->second_ms : 1000 };
	notifier->places = mem_zalloc((routes->n_destinations + 1) * sizeof *notifier->places);
	parts->health->notify.on = true;
	uv_timer_init(parts->loop, &notifier->timer);
	notifier->timer.data = notifier;
	look_soon(notifier, 0);
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
	notifier->on_stopped = on_stopped;
	notifier->stopped_arg = arg;
	notifier->stop_by_ms = (int64_t)uv_now(notifier->parts.loop) + DRAIN_MS;
	look_soon(notifier, 0);
}
