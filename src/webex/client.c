/* SPDX-License-Identifier: Apache-2.0
 *
 * A call is tried, perhaps waits, and is tried again; on_answer() decides. All
 * its ends go through finish(). */
#include "webex/client.h"

#include <openssl/rand.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/iso_time.h"
#include "base/log.h"
#include "base/mem.h"
#include "net/budget.h"
#include "net/url.h"
#include "webex/error_body.h"
#include "webex/retry_after.h"

enum { TRIES = 5 };
#define CDR_BASE "https://analytics-calling.webexapis.com/v1"

struct webex_call {
	struct webex *webex;
	struct webex_call *previous, *next;
	enum webex_api api;
	char *method, *path, *body;
	int64_t timeout_ms;
	size_t max_bytes;
	int max_tries, n_tries;
	bool refreshed, cancelled, refreshing, is_get;
	char *used_access; /* the bearer of the last try */
	uv_timer_t timer;
	struct http_call *http;
	char tracking_id[64];
	struct webex_answer answer;
	webex_done_fn done;
	void *arg;
};

struct webex {
	uv_loop_t *loop;
	struct http_client *http;
	struct oauth *oauth;
	const struct clock *clock;
	char *base, *cdr_base;
	struct url base_url;
	struct cdr_hosts hosts;
	void (*on_region)(const char *base, void *arg);
	void *region_arg;
	int64_t second_ms;
	int64_t skew_ms;
	struct webex_call *calls;
	int n_pending; /* calls, and one for the client itself */
	bool closing;
	uv_timer_t closer;
	void (*on_closed)(void *arg);
	void *closed_arg;
};

static void try_once(struct webex_call *call);

/* ── ends ─────────────────────────────────────────────────────────────── */

static void release(struct webex *webex)
{
	if (--webex->n_pending > 0)
		return;
	void (*on_closed)(void *) = webex->on_closed;
	void *arg = webex->closed_arg;
	free(webex->base);
	free(webex->cdr_base);
	free(webex);
	if (on_closed != NULL)
		on_closed(arg);
}

static void on_call_closed(uv_handle_t *handle)
{
	struct webex_call *call = handle->data;
	struct webex *webex = call->webex;
	if (call->previous != NULL)
		call->previous->next = call->next;
	else
		webex->calls = call->next;
	if (call->next != NULL)
		call->next->previous = call->previous;
	call->answer.n_tries = call->n_tries;
	call->done(&call->answer, call->arg);
	free(call->answer.body);
	free(call->method);
	free(call->path);
	if (call->body != NULL)
		mem_free_secret(call->body);
	mem_free_secret(call->used_access);
	free(call);
	release(webex);
}

static void finish(struct webex_call *call)
{
	uv_close((uv_handle_t *)&call->timer, on_call_closed);
}

static void fail(struct webex_call *call, const struct fault *fault)
{
	call->answer.fault = *fault;
	finish(call);
}

static void cancelled(struct webex_call *call)
{
	fault_set(&call->answer.fault, FAULT_CANCELLED, _("the request was cancelled"));
	finish(call);
}

/* ── waiting ──────────────────────────────────────────────────────────── */

static void on_wait(uv_timer_t *timer)
{
	try_once(timer->data);
}

static uint32_t chance(void)
{
	uint32_t number = 0;
	RAND_bytes((unsigned char *)&number, sizeof number);
	return number;
}

static void wait_and_retry(struct webex_call *call, int64_t wait_ms)
{
	int64_t real_ms = wait_ms * call->webex->second_ms / 1000;
	uv_timer_start(&call->timer, on_wait, (uint64_t)MAX(real_ms, 1), 0);
}

static void on_refreshed(const struct fault *fault, void *arg)
{
	struct webex_call *call = arg;
	call->refreshing = false;
	if (call->cancelled) {
		cancelled(call);
	} else if (fault->code != FAULT_NONE) {
		struct fault why = *fault;
		fail(call, &why);
	} else {
		call->n_tries--; /* the one before does not count */
		try_once(call);
	}
}

/* ── answers ──────────────────────────────────────────────────────────── */

static void read_clock(struct webex *webex, const struct http_response *response)
{
	const char *date = http_header(response, "Date", 0);
	int64_t server_ms;
	if (date == NULL || response->took_ms > 10 * SECOND_MS || !http_date_parse(date, &server_ms))
		return;
	/* Whole seconds, made somewhere between asking and now. */
	int64_t ours_ms = clock_now_ms(webex->clock) - response->took_ms / 2;
	int64_t skew_ms = server_ms + 500 - ours_ms;
	/* Within the rounding it is no skew, and a steady clock is worth more
	 * than the last half second. */
	if (skew_ms > -1500 && skew_ms < 1500)
		skew_ms = 0;
	if (skew_ms - webex->skew_ms > 1500 || webex->skew_ms - skew_ms > 1500)
		webex->skew_ms = skew_ms;
}

static void read_tracking_id(struct webex_call *call, const struct http_response *response,
    const struct error_body *body)
{
	const char *id = http_header(response, "TrackingID", 0);
	if (body != NULL && body->tracking_id[0] != '\0')
		id = body->tracking_id;
	if (id == NULL)
		id = call->tracking_id;
	text_printable(call->answer.tracking_id, sizeof call->answer.tracking_id, id, strlen(id));
}

static bool may_pass(int status)
{
	return status == 408 || status == 423 || status == 429 || status >= 500;
}

/* The regional host of a 451; true when it was new and is now in use. */
static bool change_region(struct webex *webex, const struct http_response *response)
{
	char host[CDR_HOST_BYTES];
	if (!cdr_hosts_region(&webex->hosts, response->body != NULL ? response->body : "",
		response->body_n, host))
		return false;
	char *base = mem_printf("https://%s/v1", host);
	bool is_new = strcmp(base, webex->cdr_base) != 0;
	if (is_new) {
		log_info("Webex keeps this organisation's call records at %s", host);
		free(webex->cdr_base);
		webex->cdr_base = base;
		if (webex->on_region != NULL)
			webex->on_region(webex->cdr_base, webex->region_arg);
	} else {
		free(base);
	}
	return is_new;
}

static void explain(struct webex_call *call, const struct http_response *response)
{
	struct webex *webex = call->webex;
	struct fault *fault = &call->answer.fault;
	struct error_body body;
	error_body_read(response->body, response->body_n, &body);
	read_tracking_id(call, response, &body);
	error_body_fault(&body, response->status, fault);
	fault->retry_after_ms = 0;
	switch (response->status) {
	case 403:
		webex_forbidden(call->api, oauth_status(webex->oauth).scope, fault);
		break;
	case 401:
		fault_context(fault, "also with a renewed sign-in");
		break;
	case 451:
		if (call->api != API_CDR || !change_region(webex, response))
			fault_context(fault, "the records live in a region this program does not know: "
			    "name its host in cdr_hosts");
		break;
	default:
		if (response->status >= 300 && response->status < 400)
			fault_set(fault, FAULT_REFUSED, _("Webex sends us elsewhere (%d); a bearer does "
			    "not follow"), response->status);
		else if (may_pass(response->status)) {
			const char *wait = http_header(response, "Retry-After", 0);
			if (wait != NULL || response->status == 429)
				fault->retry_after_ms = retry_after_ms(wait, webex_now_ms(webex));
		}
	}
}

static void on_answer(struct http_response *response, void *arg)
{
	struct webex_call *call = arg;
	struct webex *webex = call->webex;
	call->http = NULL;
	call->answer.took_ms = response->took_ms;
	if (call->cancelled) {
		cancelled(call);
		return;
	}
	if (response->fault.code == FAULT_NONE)
		read_clock(webex, response);

	int status = call->answer.status = response->status;
	if (status == 401 && !call->refreshed && call->used_access != NULL) {
		call->refreshed = call->refreshing = true;
		oauth_refresh(webex->oauth, call->used_access, on_refreshed, call);
		return;
	}
	if (response->fault.code != FAULT_NONE) {
		call->answer.fault = response->fault;
	} else if (status >= 200 && status < 300) {
		call->answer.fault = (struct fault){ 0 };
		read_tracking_id(call, response, NULL);
		call->answer.body = response->body;
		call->answer.body_n = response->body_n;
		response->body = NULL;
		const char *link;
		for (size_t i = 0; (link = http_header(response, "Link", i)) != NULL; i++)
			if (link_next(link, call->answer.next))
				break;
		if (link == NULL)
			call->answer.next[0] = '\0';
		finish(call);
		return;
	} else {
		explain(call, response);
	}
	bool passing = response->fault.code == FAULT_NETWORK || (status != 0 && may_pass(status));
	if (passing && call->n_tries < call->max_tries) {
		int64_t wait_ms = MAX(backoff_ms(call->n_tries - 1, chance()),
		    call->answer.fault.retry_after_ms);
		log_debug("%s: asked again in %d s: %s", webex_api_row(call->api)->name,
		    (int)(wait_ms / 1000), call->answer.fault.text);
		wait_and_retry(call, wait_ms);
		return;
	}
	/* The answer's text stays for whoever must look closer (an empty 404). */
	call->answer.body = response->body;
	call->answer.body_n = response->body_n;
	response->body = NULL;
	finish(call);
}

/* ── asking ───────────────────────────────────────────────────────────── */

static void new_tracking_id(char *out, size_t capacity)
{
	unsigned char b[16];
	RAND_bytes(b, sizeof b);
	b[6] = (unsigned char)((b[6] & 0x0F) | 0x40);
	b[8] = (unsigned char)((b[8] & 0x3F) | 0x80);
	snprintf(out, capacity,
	    "CENTINELA_%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", b[0],
	    b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13], b[14],
	    b[15]);
}

static char *address_of(const struct webex_call *call)
{
	const struct webex *webex = call->webex;
	if (call->path[0] != '/')
		return mem_strdup(call->path);
	return mem_printf("%s%s", call->api == API_CDR ? webex->cdr_base : webex->base, call->path);
}

bool webex_may_ask(const struct webex *webex, const char *address, struct fault *fault)
{
	struct url url;
	if (!url_read(address, &url, fault))
		return false;
	bool is_base = url.is_https == webex->base_url.is_https && url_same_host(&url, &webex->base_url);
	struct url cdr_url;
	bool is_cdr = url_read(webex->cdr_base, &cdr_url, NULL) && url.is_https == cdr_url.is_https &&
	    url_same_host(&url, &cdr_url);
	if (is_base || is_cdr || cdr_hosts_allow(&webex->hosts, &url))
		return true;
	return fault_set(fault, FAULT_INPUT, _("%s is no host of Webex that this program knows: the "
	    "token is not sent there"), url.host);
}

static void try_once(struct webex_call *call)
{
	struct webex *webex = call->webex;
	struct fault fault = { 0 };
	const char *access = oauth_bearer(webex->oauth);
	char *address = address_of(call);
	call->n_tries++;
	if (call->cancelled) {
		free(address);
		cancelled(call);
		return;
	}
	if (!webex_may_ask(webex, address, &fault)) {
		free(address);
		fail(call, &fault);
		return;
	}
	if (access == NULL) {
		free(address);
		fault_set(&fault, FAULT_LOGIN, _("nobody signed in yet: centinela login"));
		fail(call, &fault);
		return;
	}
	mem_free_secret(call->used_access);
	call->used_access = mem_strdup(access);
	new_tracking_id(call->tracking_id, sizeof call->tracking_id);
	char *bearer = mem_printf("Authorization: Bearer %s", access);
	char tracking[96];
	snprintf(tracking, sizeof tracking, "TrackingID: %s", call->tracking_id);
	const char *headers[] = { bearer, tracking, "Accept: application/json",
		"Content-Type: application/json; charset=utf-8" };
	call->http = http_client_send(webex->http, &(struct http_request){
	    .method = call->method, .url = address, .headers = headers,
	    .n_headers = call->body != NULL ? 4 : 3, .body = call->body,
	    .body_n = call->body != NULL ? strlen(call->body) : 0,
	    .timeout_ms = call->timeout_ms, .max_bytes = call->max_bytes,
	}, on_answer, call);
	mem_free_secret(bearer);
	free(address);
}

struct webex_call *webex_send(struct webex *webex, const struct webex_request *request,
    webex_done_fn done, void *arg)
{
	struct webex_call *call = mem_zalloc(sizeof *call);
	call->webex = webex;
	call->api = request->api;
	call->method = mem_strdup(request->method != NULL ? request->method : "GET");
	call->path = mem_strdup(request->path);
	call->body = mem_strdup(request->body);
	call->timeout_ms = request->timeout_ms;
	call->max_bytes = request->max_bytes;
	call->is_get = strcmp(call->method, "GET") == 0;
	call->max_tries = request->max_tries > 0 ? request->max_tries : call->is_get ? TRIES : 1;
	call->done = done;
	call->arg = arg;
	call->cancelled = webex->closing;
	call->next = webex->calls;
	if (call->next != NULL)
		call->next->previous = call;
	webex->calls = call;
	webex->n_pending++;
	uv_timer_init(webex->loop, &call->timer);
	call->timer.data = call;
	/* On the next turn, so that nothing ends inside this. */
	uv_timer_start(&call->timer, on_wait, 0, 0);
	return call;
}

void webex_call_cancel(struct webex_call *call)
{
	if (call->cancelled || uv_is_closing((uv_handle_t *)&call->timer))
		return;
	call->cancelled = true;
	if (call->http != NULL)
		http_call_cancel(call->http);
	else if (!call->refreshing)
		uv_timer_start(&call->timer, on_wait, 0, 0);
}

/* ── the client ───────────────────────────────────────────────────────── */

struct webex *webex_new(uv_loop_t *loop, struct http_client *http, struct oauth *oauth,
    const struct clock *clock, const struct webex_options *options, struct fault *fault)
{
	struct webex *webex = mem_zalloc(sizeof *webex);
	struct url cdr_url;
	const char *base = options->base != NULL ? options->base : OAUTH_BASE;
	const char *cdr_base = options->cdr_base != NULL ? options->cdr_base : CDR_BASE;
	if (!url_read(base, &webex->base_url, fault) || !url_read(cdr_base, &cdr_url, fault)) {
		fault_context(fault, "the address of Webex in the configuration");
		free(webex);
		return NULL;
	}
	webex->loop = loop;
	webex->http = http;
	webex->oauth = oauth;
	webex->clock = clock;
	webex->base = mem_strdup(base);
	webex->cdr_base = mem_strdup(cdr_base);
	if (options->cdr_hosts != NULL)
		webex->hosts = *options->cdr_hosts;
	else
		cdr_hosts_init(&webex->hosts);
	webex->on_region = options->on_region;
	webex->region_arg = options->arg;
	webex->second_ms = options->second_ms > 0 ? options->second_ms : 1000;
	webex->n_pending = 1;
	return webex;
}

static void on_closer(uv_handle_t *handle)
{
	release(handle->data);
}

void webex_close(struct webex *webex, void (*on_closed)(void *arg), void *arg)
{
	assert(!webex->closing);
	webex->closing = true;
	webex->on_closed = on_closed;
	webex->closed_arg = arg;
	for (struct webex_call *call = webex->calls; call != NULL; call = call->next)
		webex_call_cancel(call);
	uv_timer_init(webex->loop, &webex->closer);
	webex->closer.data = webex;
	uv_close((uv_handle_t *)&webex->closer, on_closer);
}

int64_t webex_skew_ms(const struct webex *webex)
{
	return webex->skew_ms;
}

int64_t webex_now_ms(const struct webex *webex)
{
	return clock_now_ms(webex->clock) + webex->skew_ms;
}

const char *webex_base(const struct webex *webex)
{
	return webex->base;
}

const char *webex_cdr_base(const struct webex *webex)
{
	return webex->cdr_base;
}

struct oauth *webex_oauth(const struct webex *webex)
{
	return webex->oauth;
}
