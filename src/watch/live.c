/* SPDX-License-Identifier: Apache-2.0 */
#include "watch/live.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/json.h"
#include "base/log.h"
#include "base/mem.h"
#include "net/http_server.h"
#include "store/live_rows.h"
#include "webex/ids.h"
#include "webex/live_event.h"
#include "webex/live_poll.h"
#include "webex/secret.h"
#include "webex/signature.h"
#include "webex/webhooks.h"

#define KEEP_MS	     (3 * MINUTE_MS) /* Webex switches a failing webhook off within five */
#define GHOST_MS     (5 * MINUTE_MS) /* not heard of for so long: its person is asked */
#define UNHEARD_MS   (30 * MINUTE_MS) /* asked all that time in vain: forgotten */
#define LONGEST_MS   (24 * HOUR_MS) /* where nobody may be asked */
#define RINGING_MS   (15 * MINUTE_MS) /* nothing rings for so long: its end was lost */
#define BLIND_MS     (30 * MINUTE_MS) /* the token may not ask: tried again after this */
#define MAX_BODY     ((size_t)64 * 1024)
/* Of what was told and is not stored yet: a store that is busy for long loses some. */
enum { MOST_WATCHED = 500, MOST_GHOSTS = 100, MOST_TOLD = 20000 };

struct live {
	struct sync_parts parts;
	struct webex *webex;
	struct live_calls *calls;
	struct http_server *server;
	char *secret, *target, *watch;
	struct webhooks_keep *keeping;
	struct live_poll *poll;
	char *watched; /* whom the poll asks, in one text; NULL: nobody yet */
	int64_t keep_next_ms, blind_until_ms; /* machine's clock */
	struct live_told *told; /* what the store is to have; NULL: nothing */
	size_t n_told, told_capacity, n_lost;
	bool keeps, storing;
	bool wants_events; /* live.listen is set, whatever became of it */
	int64_t events_down_ms, poll_down_ms; /* machine's clock; 0: it works, or is not wanted */
	int n_open;
	void (*on_closed)(void *);
	void *arg;
};

/* ---- what stories are told from ---------------------------------------------------- */

/* Some of it, on its way. */
struct telling {
	struct job job;
	struct live *live;
	struct store *store;
	struct live_told *told;
	size_t n;
	bool ok;
	struct fault fault;
};

static void telling_work(struct job *job)
{
	struct telling *telling = (struct telling *)job;
	telling->ok = live_rows_write(telling->store, telling->told, telling->n, &telling->fault);
}

static void on_told(struct job *job, bool cancelled)
{
	struct telling *telling = (struct telling *)job;
	struct live *live = telling->live;
	live->storing = false;
	if (!cancelled && !telling->ok)
		log_unusual("%zu live events were not stored: %s", telling->n, telling->fault.text);
	else if (!cancelled)
		live->parts.board->live_version++;
	free(telling->told);
	free(telling);
}

static void tell(struct live *live, const struct live_call *call, enum live_told_by by)
{
	if (!live->keeps)
		return;
	if (live->n_told == MOST_TOLD) {
		live->n_lost++;
		return;
	}
	live->told = mem_grow(live->told, live->n_told, &live->told_capacity, sizeof *live->told);
	struct live_told *told = &live->told[live->n_told++];
	told->call = *call;
	told->by = by;
	if (!webex_id_local_call(call->call_id, told->local_id, sizeof told->local_id))
		told->local_id[0] = '\0';
}

/* What came in a second is one transaction. */
static void hand_over(struct live *live)
{
	if (live->n_lost > 0 && !live->storing)
		log_unusual("%zu live events came while the store was busy, and are lost to its stories", live->n_lost);
	if (live->storing || live->n_told == 0)
		return;
	struct telling *telling = mem_zalloc(sizeof *telling);
	*telling = (struct telling){ .job = { .work = telling_work, .done = on_told, .promised = true }, .live = live, .store = live->parts.guard->store,
		.told = live->told, .n = live->n_told };
	live->told = NULL;
	live->n_told = live->told_capacity = live->n_lost = 0;
	live->storing = true;
	lane_submit(live->parts.store_lane, &telling->job);
}

static void on_over(const struct live_call *call, enum live_end end, int64_t at_ms, void *arg)
{
	struct live_call over = *call;
	if (end == LIVE_LOST) {
		over.seen_ms = at_ms;
		tell(arg, &over, TOLD_LOST);
		return;
	}
	over.state = LIVE_DISCONNECTED;
	over.event_ms = at_ms;
	over.seen_ms = MAX(over.seen_ms, at_ms);
	tell(arg, &over, TOLD_BY_POLL);
}

static void answer(struct http_visit *visit, int status)
{
	struct http_answer out = { .status = status, .body = "", .n_body = 0 };
	http_visit_answer(visit, &out);
}

/* A webhook: believed only with the right signature over its raw bytes. Who
 * has no right learns nothing but the status. */
static void on_visit(struct http_visit *visit, void *arg)
{
	struct live *live = arg;
	struct live_call call;
	struct fault fault;
	size_t n;
	const char *body = http_visit_body(visit, &n);
	if (strcmp(http_visit_method(visit), "POST") != 0) {
		answer(visit, 405);
		return;
	}
	if (!signature_is_right(live->secret, body, n, http_visit_header(visit, "X-Spark-Signature"),
		http_visit_header(visit, "X-Webex-Signature"))) {
		log_unusual("a webhook with a wrong signature came from %s", http_visit_peer(visit));
		answer(visit, 403);
		return;
	}
	if (!live_event_read(body, n, clock_now_ms(live->parts.clock), &call, &fault)) {
		log_debug("webhook: %s", fault.text);
		answer(visit, 204); /* signed, but nothing for us: not a failure of ours */
		return;
	}
	live_call_understand(&call, live->parts.guard->directory, live->parts.guard->numbering);
	live_calls_apply(live->calls, &call);
	tell(live, &call, TOLD_BY_EVENT);
	live->parts.health->live_webhook = true;
	answer(visit, 204);
}

static void on_polled(const char *person, struct live_call *calls, size_t n, int64_t asked_ms, void *arg)
{
	struct live *live = arg;
	for (size_t i = 0; i < n; i++) {
		live_call_understand(&calls[i], live->parts.guard->directory, live->parts.guard->numbering);
		calls[i].seen_ms = clock_now_ms(live->parts.clock); /* ages go by ours, order by Webex's */
		tell(live, &calls[i], TOLD_BY_POLL);
	}
	live_calls_apply_poll(live->calls, person, calls, n, asked_ms);
	live->parts.health->live_polling = true;
}

static bool has_watch_list(const struct live *live)
{
	return live->watch != NULL && *live->watch != '\0';
}

static void on_poll_fault(const struct fault *fault, void *arg)
{
	struct live *live = arg;
	bool may_not = fault->code == FAULT_REFUSED || fault->code == FAULT_FORBIDDEN;
	live->parts.health->live_polling = false;
	live->parts.board->health_version++;
	if (may_not)
		live->blind_until_ms = clock_real_ms() + BLIND_MS;
	/* Nobody asked for it: that a token may not look is no news then. */
	if (has_watch_list(live) || !may_not)
		log_unusual("live calls: %s", fault->text);
}

/* ---- whom to ask ---------------------------------------------------------------- */

static bool may_look(const struct live *live)
{
	return clock_real_ms() >= live->blind_until_ms;
}

/* People with a call that was not heard of for a while: its end may be lost. */
static size_t find_ghosts(const struct live *live, const char **uuids, size_t most)
{
	int64_t now = clock_now_ms(live->parts.clock);
	size_t n = 0;
	for (size_t i = 0; i < live_calls_count(live->calls) && n < most; i++) {
		const struct live_call *call = live_calls_at(live->calls, i);
		bool known = call->person_uuid[0] == '\0' || now - call->seen_ms < GHOST_MS;
		for (size_t j = 0; j < n && !known; j++)
			known = strcmp(uuids[j], call->person_uuid) == 0;
		if (!known)
			uuids[n++] = call->person_uuid;
	}
	return n;
}

/* Ask these from now on; who is asked already is not told anew. */
static void watch_over(struct live *live, const char *const *uuids, size_t n)
{
	static const struct live_poll_options as_usual;
	struct text all = { 0 };
	for (size_t i = 0; i < n; i++)
		text_printf(&all, "%s ", uuids[i]);
	if (strcmp(text_string(&all), live->watched != NULL ? live->watched : "") == 0) {
		text_clear(&all);
		return;
	}
	free(live->watched);
	live->watched = mem_strdup(text_string(&all));
	text_clear(&all);
	if (live->poll == NULL) {
		struct live_poll_events events = { on_polled, on_poll_fault, live };
		live->poll = live_poll_new(live->parts.loop, live->webex, live->parts.clock, &as_usual, &events);
	}
	live_poll_watch(live->poll, uuids, n);
	if (n == 0 && live->parts.health->live_polling) {
		live->parts.health->live_polling = false;
		live->parts.board->health_version++;
	}
}

/* The watch-list of the configuration, and for a while who may be a ghost;
 * nobody where another process collects. */
static void choose_whom_to_ask(struct live *live, bool collecting)
{
	const char *uuids[MOST_WATCHED + MOST_GHOSTS];
	size_t n = 0;
	char *list = mem_strdup(live->watch == NULL || !collecting ? "" : live->watch), *rest = NULL;
	for (char *word = strtok_r(list, ", ", &rest); word != NULL && n < MOST_WATCHED; word = strtok_r(NULL, ", ", &rest))
		uuids[n++] = word;
	if (collecting && may_look(live))
		n += find_ghosts(live, uuids + n, MOST_GHOSTS);
	watch_over(live, uuids, n);
	free(list);
}

static bool start_server(struct live *live, const struct live_config *config, struct fault *fault)
{
	char address[64] = "127.0.0.1";
	int64_t port = 0;
	const char *colon = strrchr(config->listen, ':');
	if (colon == NULL || !text_to_int(colon + 1, 0, 65535, &port))
		return fault_set(fault, FAULT_USAGE, _("live.listen is ADDRESS:PORT, not \"%.60s\""), config->listen);
	snprintf(address, sizeof address, "%.*s", (int)(colon - config->listen), config->listen);
	struct http_server_options options = { .address = address, .port = (int)port, .max_body = MAX_BODY, .receive_ms = 10000 };
	if (!http_server_start(live->parts.loop, &options, on_visit, live, &live->server, fault))
		return false;
	if (config->url != NULL && *config->url != '\0')
		live->target = mem_strdup(config->url);
	else
		live->target = mem_printf("%s/webex", http_server_url(live->server));
	return true;
}

struct live *live_new(const struct sync_parts *parts, struct webex *webex,
    const struct live_config *config, struct live_calls *calls)
{
	struct live *live = mem_zalloc(sizeof *live);
	struct fault fault = { 0 };
	live->parts = *parts;
	live->webex = webex;
	live->calls = calls;
	if (config->listen != NULL && *config->listen != '\0') {
		struct secret_source source = { .file = config->secret_file };
		if (!secret_read(&source, &live->secret, &fault) || !start_server(live, config, &fault))
			log_broken("live calls: %s", fault.text);
	}
	live->watch = mem_strdup(config->watch); /* NULL stays NULL */
	live->keeps = config->keep_ms > 0;
	live->wants_events = config->listen != NULL && *config->listen != '\0';
	parts->health->live_wanted = live->wants_events || has_watch_list(live);
	live_calls_on_over(calls, on_over, live);
	return live;
}

static void on_part_closed(void *arg)
{
	struct live *live = arg;
	if (--live->n_open > 0)
		return;
	void (*on_closed)(void *) = live->on_closed;
	void *closed_arg = live->arg;
	live_calls_on_over(live->calls, NULL, NULL);
	free(live->told);
	mem_free_secret(live->secret);
	free(live->target);
	free(live->watch);
	free(live->watched);
	free(live);
	on_closed(closed_arg);
}

static void on_kept(const struct webhook_result *result, void *arg)
{
	struct live *live = arg;
	live->keeping = NULL;
	if (live->on_closed != NULL) {
		on_part_closed(live);
		return;
	}
	if (result->fault.code == FAULT_CANCELLED)
		return;
	live->parts.health->live_webhook = result->fault.code == FAULT_NONE;
	live->parts.board->health_version++;
	if (result->fault.code != FAULT_NONE)
		log_unusual("webhook: %s", result->fault.text);
	else if (result->reactivated)
		log_unusual("Webex had switched the webhook off; it is on again");
}

static int64_t down_since(int64_t since_ms, bool down, int64_t now_ms)
{
	return !down ? 0 : since_ms != 0 ? since_ms : now_ms;
}

/* Of those that the configuration names the one that has been down for the longest. */
static void note_what_is_down(struct live *live, bool collecting, int64_t now_ms)
{
	struct health *h = live->parts.health;
	live->events_down_ms = down_since(live->events_down_ms, collecting && live->wants_events && !h->live_webhook, now_ms);
	live->poll_down_ms = down_since(live->poll_down_ms, collecting && has_watch_list(live) && !h->live_polling, now_ms);
	h->live_down_ms = live->events_down_ms == 0 || live->poll_down_ms == 0 ? MAX(live->events_down_ms, live->poll_down_ms) :
											   MIN(live->events_down_ms, live->poll_down_ms);
}

void live_step(struct live *live, bool collecting)
{
	int64_t now = clock_real_ms();
	bool can_ask = collecting && live->poll != NULL && may_look(live);
	size_t n_lost = live_calls_expire(live->calls, clock_now_ms(live->parts.clock), RINGING_MS, can_ask ? UNHEARD_MS : LONGEST_MS);
	if (n_lost > 0)
		log_info("%zu live calls were not heard of for too long: how they ended is not known", n_lost);
	choose_whom_to_ask(live, collecting);
	hand_over(live);
	note_what_is_down(live, collecting, now);
	if (!collecting || live->server == NULL || live->keeping != NULL || now < live->keep_next_ms)
		return;
	char name[160], host[64] = "";
	gethostname(host, sizeof host - 1);
	snprintf(name, sizeof name, "centinela %s", host);
	struct webhook_wish wish = { .name = name, .target_url = live->target, .secret = live->secret };
	live->keep_next_ms = now + KEEP_MS;
	live->keeping = webhooks_keep(live->webex, &wish, on_kept, live);
}

void live_halt(struct live *live)
{
	live->storing = false; /* after what it is storing */
	hand_over(live);
	live->keeps = false;
}

void live_close(struct live *live, void (*on_closed)(void *), void *arg)
{
	live->on_closed = on_closed;
	live->arg = arg;
	live->n_open = 1 + (live->keeping != NULL) + (live->server != NULL) + (live->poll != NULL);
	if (live->keeping != NULL)
		webhooks_keep_cancel(live->keeping);
	if (live->server != NULL)
		http_server_stop(live->server, on_part_closed, live);
	if (live->poll != NULL)
		live_poll_close(live->poll, on_part_closed, live);
	on_part_closed(live);
}
