/* SPDX-License-Identifier: Apache-2.0
 *
 * ask() → wait for the budget → send() → on_answer() → the page, and ask()
 * again; or begin_anew() with another host, a smaller page or a shorter window. */
#include "webex/cdr_fetch.h"

#include <openssl/rand.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/iso_time.h"
#include "base/log.h"
#include "base/mem.h"
#include "webex/error_body.h"

enum { MAX_RECORDS = 5000, LEAST_RECORDS = 500, TRIES = 5, LIMIT_TRIES = 10, BEGINNINGS = 12 };

struct cdr_fetch {
	uv_loop_t *loop;
	struct webex *webex;
	const struct clock *clock;
	struct window_limits limits;
	struct budget budget;
	void (*on_budget)(const struct budget_state *, void *arg);
	void *budget_arg;
	int cap_records, wanted_records, max_records, least_records;
	int64_t timeout_ms;
	size_t max_bytes;

	struct cdr_fetch_events events;
	struct cdr_window window;
	struct paging paging;
	char *next; /* the page to ask; NULL: the first */
	char *asked_base;
	int64_t asked_ms, wait_until_ms;
	int n_pages, n_tries, n_limits, n_beginnings, n_gateway;
	bool busy, paused, waiting, empty, clamped;
	struct webex_call *call;
	uv_timer_t timer;

	bool stopping, closing;
	void (*on_closed)(void *arg);
	void *closed_arg;
};

static void ask(struct cdr_fetch *fetch, int64_t wait_ms);
static void send_request(struct cdr_fetch *fetch);

static int64_t now_ms(const struct cdr_fetch *fetch)
{
	return clock_now_ms(fetch->clock);
}

static uint32_t chance(void)
{
	uint32_t number = 0;
	RAND_bytes((unsigned char *)&number, sizeof number);
	return number;
}

/* ── ends ─────────────────────────────────────────────────────────────── */

static void on_fetch_closed(uv_handle_t *handle)
{
	struct cdr_fetch *fetch = handle->data;
	void (*on_closed)(void *) = fetch->on_closed;
	void *arg = fetch->closed_arg;
	free(fetch);
	if (on_closed != NULL)
		on_closed(arg);
}

static void end(struct cdr_fetch *fetch, const struct fault *fault)
{
	struct cdr_outcome outcome = { .window = fetch->window, .asked_ms = fetch->asked_ms,
		.n_pages = fetch->n_pages, .empty = fetch->empty };
	if (fault != NULL)
		outcome.fault = *fault;
	free(fetch->next);
	free(fetch->asked_base);
	fetch->next = fetch->asked_base = NULL;
	paging_clear(&fetch->paging);
	fetch->busy = fetch->paused = fetch->waiting = fetch->stopping = false;
	fetch->wait_until_ms = 0;
	uv_timer_stop(&fetch->timer);
	if (outcome.fault.code == FAULT_NONE) /* a bad hour is not for ever */
		fetch->wanted_records = MIN(fetch->wanted_records * 2, fetch->cap_records);
	struct cdr_fetch_events events = fetch->events;
	events.on_end(&outcome, events.arg);
	if (fetch->closing && !uv_is_closing((uv_handle_t *)&fetch->timer))
		uv_close((uv_handle_t *)&fetch->timer, on_fetch_closed);
}

static void end_cancelled(struct cdr_fetch *fetch)
{
	struct fault fault;
	fault_set(&fault, FAULT_CANCELLED, _("reading call records was stopped"));
	end(fetch, &fault);
}

/* ── asking ───────────────────────────────────────────────────────────── */

static enum budget_kind kind_of(const struct cdr_fetch *fetch)
{
	return fetch->next == NULL ? BUDGET_INITIAL : BUDGET_PAGE;
}

static void on_wait(uv_timer_t *timer)
{
	struct cdr_fetch *fetch = timer->data;
	fetch->waiting = false;
	if (fetch->stopping)
		end_cancelled(fetch);
	else
		ask(fetch, 0);
}

/* At least wait_ms, and as long as the budget wants. */
static void ask(struct cdr_fetch *fetch, int64_t wait_ms)
{
	wait_ms = MAX(wait_ms, budget_wait_ms(&fetch->budget, kind_of(fetch), now_ms(fetch)));
	if (wait_ms == 0) {
		send_request(fetch);
		return;
	}
	fetch->waiting = true;
	fetch->wait_until_ms = now_ms(fetch) + wait_ms;
	double speed = fetch->clock->speed > 0 ? fetch->clock->speed : 1;
	uint64_t real_ms = (uint64_t)((double)wait_ms / speed);
	uv_timer_start(&fetch->timer, on_wait, MAX(real_ms, 1), 0);
}

/* From the first page, with what has changed: host, page size, window. */
static void begin_anew(struct cdr_fetch *fetch, int64_t wait_ms)
{
	struct fault fault;
	free(fetch->next);
	fetch->next = NULL;
	fetch->n_pages = 0;
	fetch->n_tries = fetch->n_limits = 0;
	paging_clear(&fetch->paging);
	if (++fetch->n_beginnings > BEGINNINGS) {
		fault_set(&fault, FAULT_NETWORK, _("the window was begun %d times in vain"), BEGINNINGS);
		end(fetch, &fault);
		return;
	}
	ask(fetch, wait_ms);
}

/* Webex's clock may differ from what the planner thought. */
static bool clamp(struct cdr_fetch *fetch)
{
	const struct window_limits *limits = &fetch->limits;
	struct cdr_window *window = &fetch->window, before = *window;
	bool stream = window->endpoint == CDR_STREAM;
	int64_t server_ms = webex_now_ms(fetch->webex);
	int64_t newest_ms = server_ms - (stream ? limits->stream_edge_ms : limits->feed_edge_ms);
	int64_t oldest_ms = server_ms + limits->margin_ms -
	    (stream ? limits->stream_retention_ms : limits->feed_retention_ms);
	window->to_ms = MIN(window->to_ms, newest_ms);
	window->from_ms = MAX(window->from_ms, oldest_ms);
	bool changed = window->to_ms != before.to_ms || window->from_ms != before.from_ms;
	if (window->from_ms >= window->to_ms) {
		*window = before;
		return false;
	}
	return changed;
}

static void refused(struct cdr_fetch *fetch, const struct fault *fault)
{
	if (!fetch->clamped && clamp(fetch)) {
		fetch->clamped = true;
		begin_anew(fetch, 0);
	} else if (fetch->max_records > fetch->least_records) {
		/* Organisations still on the limits of 2025. */
		log_info("Webex refuses pages of %d records: asking for %d", fetch->max_records,
		    fetch->least_records);
		fetch->max_records = fetch->wanted_records = fetch->cap_records = fetch->least_records;
		begin_anew(fetch, 0);
	} else {
		end(fetch, fault);
	}
}

/* Too much for one answer: smaller pages, then a shorter window. */
static void make_smaller(struct cdr_fetch *fetch, int64_t wait_ms)
{
	struct cdr_window *window = &fetch->window;
	fetch->n_gateway = 0;
	if (fetch->max_records > fetch->least_records) {
		fetch->max_records = MAX(fetch->max_records / 2, fetch->least_records);
		fetch->wanted_records = fetch->max_records;
	} else if (window->to_ms - window->from_ms > 2 * MINUTE_MS) {
		/* The older half: the planner asks for the rest. */
		window->to_ms = window->from_ms + (window->to_ms - window->from_ms) / 2;
	}
	begin_anew(fetch, wait_ms);
}

/* ── answers ──────────────────────────────────────────────────────────── */

static void hand_over(struct cdr_fetch *fetch, struct webex_answer *answer, bool is_last)
{
	struct cdr_page page = { .body = answer->body, .body_n = answer->body_n,
		.number = ++fetch->n_pages, .is_last = is_last, .window = fetch->window,
		.asked_ms = fetch->asked_ms };
	fetch->n_tries = fetch->n_limits = fetch->n_gateway = 0;
	bool go_on = fetch->events.on_page(&page, fetch->events.arg);
	answer->body = page.body;
	if (fetch->stopping)
		end_cancelled(fetch);
	else if (is_last)
		end(fetch, NULL);
	else if (go_on)
		ask(fetch, 0);
	else
		fetch->paused = true;
}

static void on_records(struct cdr_fetch *fetch, struct webex_answer *answer)
{
	struct fault fault;
	free(fetch->next);
	fetch->next = NULL;
	if (answer->next[0] != '\0') {
		if (!webex_may_ask(fetch->webex, answer->next, &fault) ||
		    !paging_add(&fetch->paging, answer->next, &fault)) {
			fault_context(&fault, "the next page of call records");
			end(fetch, &fault);
			return;
		}
		fetch->next = mem_strdup(answer->next);
	}
	hand_over(fetch, answer, fetch->next == NULL);
}

static const char *skip_blanks(const char *c, const char *stop)
{
	while (c < stop && (*c == ' ' || *c == '\t' || *c == '\r' || *c == '\n'))
		c++;
	return c;
}

/*
 * A page is {"…": … "items":[ … }: what does not begin and end like that was
 * cut off or spoilt on its way, and an empty 200 says nothing at all. Asking
 * for the page again is cheaper than for the window. What is inside, is for
 * the decoder.
 */
static bool is_whole(const struct webex_answer *answer)
{
	if (answer->body == NULL)
		return false;
	const char *c = answer->body, *stop = c + answer->body_n;
	c = skip_blanks(c, stop);
	while (stop > c && strchr(" \t\r\n", stop[-1]) != NULL)
		stop--;
	if (stop - c < 2 || *c != '{' || stop[-1] != '}')
		return false;
	c = skip_blanks(c + 1, stop);
	if (*c != '"')
		return false;
	const char *items = memmem(c, (size_t)(stop - c), "\"items\"", 7);
	if (items == NULL)
		return false;
	c = skip_blanks(items + 7, stop);
	return *c == ':' && *skip_blanks(c + 1, stop) == '[';
}

static void try_again(struct cdr_fetch *fetch, const struct fault *fault, int64_t wait_ms)
{
	if (++fetch->n_tries >= TRIES)
		end(fetch, fault);
	else
		ask(fetch, wait_ms);
}

static bool says_none(const struct webex_answer *answer)
{
	struct error_body body;
	error_body_read(answer->body, answer->body_n, &body);
	return answer->status == 404 && body.is_json && error_body_says(&body, "no cdrs");
}

static void on_answer(struct webex_answer *answer, void *arg)
{
	struct cdr_fetch *fetch = arg;
	const struct fault *fault = &answer->fault;
	fetch->call = NULL;
	if (fetch->stopping) {
		end_cancelled(fetch);
	} else if (fault->code == FAULT_NONE && !is_whole(answer)) {
		struct fault cut;
		fault_set(&cut, FAULT_NETWORK, _("a page of call records came cut off"));
		try_again(fetch, &cut, backoff_ms(fetch->n_tries, chance()));
	} else if (fault->code == FAULT_NONE) {
		on_records(fetch, answer);
	} else if (says_none(answer)) {
		free(answer->body);
		answer->body = NULL;
		answer->body_n = 0;
		fetch->empty = fetch->n_pages == 0;
		free(fetch->next);
		fetch->next = NULL;
		hand_over(fetch, answer, true);
	} else if (answer->status == 400) {
		refused(fetch, fault);
	} else if (fault->code == FAULT_LIMIT) {
		budget_hold(&fetch->budget, fault->retry_after_ms, now_ms(fetch), chance());
		if (fetch->on_budget != NULL)
			fetch->on_budget(&fetch->budget.state, fetch->budget_arg);
		if (++fetch->n_limits > LIMIT_TRIES)
			end(fetch, fault);
		else
			ask(fetch, 0);
	} else if (fault->code == FAULT_REGION &&
	    strcmp(webex_cdr_base(fetch->webex), fetch->asked_base) != 0) {
		begin_anew(fetch, 0); /* there, and within the same budget */
	} else if (fault->code == FAULT_FULL) {
		make_smaller(fetch, 0);
	} else if (fault->code == FAULT_NETWORK) {
		int64_t wait_ms = MAX(backoff_ms(fetch->n_tries, chance()), fault->retry_after_ms);
		if (answer->status == 504 && ++fetch->n_gateway >= 2)
			make_smaller(fetch, wait_ms);
		else
			try_again(fetch, fault, wait_ms);
	} else {
		end(fetch, fault);
	}
}

static void send_request(struct cdr_fetch *fetch)
{
	enum budget_kind kind = kind_of(fetch);
	char from[ISO_TIME_BYTES], to[ISO_TIME_BYTES], path[256];
	snprintf(path, sizeof path, "/cdr_%s?startTime=%s&endTime=%s&max=%d",
	    cdr_endpoint_name(fetch->window.endpoint), iso_time_format(fetch->window.from_ms, from),
	    iso_time_format(fetch->window.to_ms, to), fetch->max_records);
	if (kind == BUDGET_INITIAL)
		fetch->asked_ms = webex_now_ms(fetch->webex);
	fetch->wait_until_ms = 0;
	free(fetch->asked_base);
	fetch->asked_base = mem_strdup(webex_cdr_base(fetch->webex));
	budget_spend(&fetch->budget, kind, now_ms(fetch));
	if (fetch->on_budget != NULL)
		fetch->on_budget(&fetch->budget.state, fetch->budget_arg);
	fetch->call = webex_send(fetch->webex, &(struct webex_request){
	    .api = API_CDR, .path = fetch->next != NULL ? fetch->next : path,
	    .timeout_ms = fetch->timeout_ms, .max_bytes = fetch->max_bytes,
	    .max_tries = 1, /* each try costs of the budget: it is counted here */
	}, on_answer, fetch);
}

/* ── public ───────────────────────────────────────────────────────────── */

struct cdr_fetch *cdr_fetch_new(uv_loop_t *loop, struct webex *webex, const struct clock *clock,
    const struct cdr_fetch_options *options)
{
	struct cdr_fetch *fetch = mem_zalloc(sizeof *fetch);
	fetch->loop = loop;
	fetch->webex = webex;
	fetch->clock = clock;
	if (options->limits != NULL)
		fetch->limits = *options->limits;
	else
		window_limits_init(&fetch->limits);
	budget_init(&fetch->budget, options->budget);
	budget_restore(&fetch->budget, &options->spent, now_ms(fetch));
	fetch->on_budget = options->on_budget;
	fetch->budget_arg = options->arg;
	fetch->cap_records = options->max_records > 0 ? options->max_records : MAX_RECORDS;
	fetch->wanted_records = fetch->cap_records;
	fetch->least_records = options->least_records > 0 ? options->least_records : LEAST_RECORDS;
	fetch->timeout_ms = options->timeout_ms > 0 ? options->timeout_ms : 180 * SECOND_MS;
	fetch->max_bytes = options->max_bytes;
	uv_timer_init(loop, &fetch->timer);
	fetch->timer.data = fetch;
	return fetch;
}

void cdr_fetch_spent(struct cdr_fetch *fetch, const struct budget_state *spent)
{
	struct budget_state later = fetch->budget.state;
	for (int kind = 0; kind < BUDGET_N_KINDS; kind++)
		later.next_ms[kind] = MAX(later.next_ms[kind], spent->next_ms[kind]);
	later.held_until_ms = MAX(later.held_until_ms, spent->held_until_ms);
	budget_restore(&fetch->budget, &later, now_ms(fetch));
}

void cdr_fetch_start(struct cdr_fetch *fetch, const struct cdr_window *window,
    const struct cdr_fetch_events *events)
{
	assert(!fetch->busy && !fetch->closing);
	fetch->busy = true;
	fetch->window = *window;
	fetch->events = *events;
	fetch->max_records = fetch->wanted_records;
	fetch->n_pages = fetch->n_tries = fetch->n_limits = fetch->n_gateway = 0;
	fetch->n_beginnings = 1;
	fetch->empty = fetch->clamped = false;
	fetch->asked_ms = 0;
	/* On a later turn, so that nothing ends inside this. */
	fetch->waiting = true;
	uv_timer_start(&fetch->timer, on_wait, 0, 0);
}

void cdr_fetch_resume(struct cdr_fetch *fetch)
{
	if (!fetch->paused)
		return;
	fetch->paused = false;
	ask(fetch, 0);
}

void cdr_fetch_stop(struct cdr_fetch *fetch)
{
	if (!fetch->busy || fetch->stopping)
		return;
	fetch->stopping = true;
	if (fetch->call != NULL)
		webex_call_cancel(fetch->call);
	else /* waiting, paused, or inside on_page, which looks by itself */
		uv_timer_start(&fetch->timer, on_wait, 0, 0);
}

bool cdr_fetch_is_busy(const struct cdr_fetch *fetch)
{
	return fetch->busy;
}

int64_t cdr_fetch_wait_ms(const struct cdr_fetch *fetch)
{
	return budget_wait_ms(&fetch->budget, BUDGET_INITIAL, now_ms(fetch));
}

int64_t cdr_fetch_next_ms(const struct cdr_fetch *fetch)
{
	return fetch->wait_until_ms;
}

void cdr_fetch_close(struct cdr_fetch *fetch, void (*on_closed)(void *arg), void *arg)
{
	assert(!fetch->closing);
	fetch->closing = true;
	fetch->on_closed = on_closed;
	fetch->closed_arg = arg;
	if (fetch->busy)
		cdr_fetch_stop(fetch);
	else
		uv_close((uv_handle_t *)&fetch->timer, on_fetch_closed);
}
