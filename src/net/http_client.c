/* SPDX-License-Identifier: Apache-2.0
 *
 * curl multi over libuv. curl says which sockets to watch and when to call it
 * (on_socket_wanted, on_timer_wanted); libuv watches and calls back; what has
 * ended is read after *every* curl_multi_socket_action, also after the one
 * that ended the last transfer, or a time-out would never be seen. */
#include "net/http_client_parts.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "net/late.h"

enum {
	CONNECTIONS_A_HOST = 4,
	CONNECTIONS = 8,
};
#define DEFAULT_CONNECT_MS  (15 * SECOND_MS)
#define DEFAULT_MAX_BYTES   ((size_t)64 << 20)

struct watch {
	uv_poll_t poll; /* first: its address is the watch's */
	struct http_client *client;
	curl_socket_t socket;
};

static void deliver_late(uv_timer_t *timer);

/* ── one call ─────────────────────────────────────────────────────────── */

static void unlink_call(struct http_call **list, struct http_call *call)
{
	if (call->previous != NULL)
		call->previous->next = call->next;
	else
		*list = call->next;
	if (call->next != NULL)
		call->next->previous = call->previous;
	call->previous = call->next = NULL;
}

static void link_call(struct http_call **list, struct http_call *call)
{
	call->previous = NULL;
	call->next = *list;
	if (*list != NULL)
		(*list)->previous = call;
	*list = call;
}

static void finish(struct http_call *call)
{
	call->response.took_ms = (clock_steady_ns() - call->begun_ns) / 1000000;
	call->client->n_calls--;
	if (call->response.fault.code != FAULT_NONE) {
		call->response.status = 0;
		http_call_drop_body(call);
		call->response.body_n = 0;
	}
	call->done(&call->response, call->arg);
	http_call_free(call);
}

static void make_late(struct http_call *call)
{
	link_call(&call->client->late, call);
	/* 1: see on_timer_wanted. */
	uv_timer_start(&call->client->late_timer, deliver_late, 1, 0);
}

/* ── curl and libuv ───────────────────────────────────────────────────── */

static void read_results(struct http_client *client)
{
	CURLMsg *message;
	int left;
	while ((message = curl_multi_info_read(client->multi, &left)) != NULL) {
		if (message->msg != CURLMSG_DONE)
			continue;
		CURLcode code = message->data.result;
		CURL *easy = message->easy_handle; /* message dies with the removal */
		struct http_call *call = NULL;
		curl_easy_getinfo(easy, CURLINFO_PRIVATE, &call);
		long status = 0;
		curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
		curl_multi_remove_handle(client->multi, easy);
		unlink_call(&client->calls, call);
		call->response.status = (int)status; /* a fault keeps none (finish) */
		if (call->too_large)
			fault_set(&call->response.fault, FAULT_FULL,
			    _("the answer of %s is larger than %zu kB"), call->url.host,
			    call->max_bytes / 1024);
		else if (code != CURLE_OK)
			http_call_explain(call, code);
		finish(call);
	}
}

static void on_readable(uv_poll_t *poll, int status, int events)
{
	struct watch *watch = (struct watch *)poll;
	struct http_client *client = watch->client; /* watch may end in the action */
	int flags = 0, running;
	if (status < 0)
		flags |= CURL_CSELECT_ERR;
	if (events & UV_READABLE)
		flags |= CURL_CSELECT_IN;
	if (events & UV_WRITABLE)
		flags |= CURL_CSELECT_OUT;
	curl_multi_socket_action(client->multi, watch->socket, flags, &running);
	read_results(client);
}

static void on_timer(uv_timer_t *timer)
{
	struct http_client *client = timer->data;
	int running;
	curl_multi_socket_action(client->multi, CURL_SOCKET_TIMEOUT, 0, &running);
	read_results(client);
}

static int on_timer_wanted(CURLM *multi, long timeout_ms, void *arg)
{
	UNUSED(multi);
	struct http_client *client = arg;
	if (timeout_ms < 0)
		uv_timer_stop(&client->timer);
	else
		/* Never 0: libuv before 1.45 runs a timer that starts itself with 0
		 * again within the same turn, and sockets would never be looked at. */
		uv_timer_start(&client->timer, on_timer, MAX((uint64_t)timeout_ms, 1), 0);
	return 0;
}

static void free_when_last(struct http_client *client)
{
	if (--client->n_handles > 0)
		return;
	void (*on_closed)(void *) = client->on_closed;
	void *arg = client->arg;
	curl_slist_free_all(client->connect_to);
	free(client->ca_file);
	if (client->proxy != NULL)
		mem_free_secret(client->proxy); /* may hold a password */
	free(client);
	curl_global_cleanup();
	if (on_closed != NULL)
		on_closed(arg);
}

static void on_watch_closed(uv_handle_t *handle)
{
	struct http_client *client = ((struct watch *)handle)->client;
	free(handle);
	free_when_last(client);
}

static int on_socket_wanted(CURL *easy, curl_socket_t socket, int what, void *arg, void *of_socket)
{
	UNUSED(easy);
	struct http_client *client = arg;
	struct watch *watch = of_socket;
	if (what == CURL_POLL_REMOVE) {
		if (watch != NULL) {
			curl_multi_assign(client->multi, socket, NULL);
			uv_poll_stop(&watch->poll);
			uv_close((uv_handle_t *)&watch->poll, on_watch_closed);
		}
		return 0;
	}
	if (watch == NULL) {
		watch = mem_zalloc(sizeof *watch);
		watch->client = client;
		watch->socket = socket;
		if (uv_poll_init_socket(client->loop, &watch->poll, socket) != 0) {
			free(watch);
			return -1; /* curl ends its transfers with an error */
		}
		client->n_handles++;
		curl_multi_assign(client->multi, socket, watch);
	}
	int events = 0;
	if (what & CURL_POLL_IN)
		events |= UV_READABLE;
	if (what & CURL_POLL_OUT)
		events |= UV_WRITABLE;
	return uv_poll_start(&watch->poll, events, on_readable) == 0 ? 0 : -1;
}

/* ── the client ───────────────────────────────────────────────────────── */

struct http_client *http_client_new(uv_loop_t *loop, const struct http_client_options *options,
    struct fault *fault)
{
	if (!late_curl(fault))
		return NULL;
	struct http_client *client = mem_zalloc(sizeof *client);
	client->connect_to = NULL;
	if (options->connect_to != NULL) {
		char *rule = mem_printf("::%s", options->connect_to);
		client->connect_to = curl_slist_append(NULL, rule);
		free(rule);
	}
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK ||
	    (client->multi = curl_multi_init()) == NULL) {
		curl_slist_free_all(client->connect_to);
		free(client);
		fault_set(fault, FAULT_SYSTEM, _("libcurl does not start"));
		return NULL;
	}
	struct sigaction pipe;
	if (sigaction(SIGPIPE, NULL, &pipe) == 0 && pipe.sa_handler == SIG_DFL)
		signal(SIGPIPE, SIG_IGN);

	client->loop = loop;
	client->ca_file = mem_strdup(options->ca_file);
	client->proxy = mem_strdup(options->proxy);
	client->allow_http_to_loopback = options->allow_http_to_loopback;
	client->connect_timeout_ms =
	    options->connect_timeout_ms > 0 ? options->connect_timeout_ms : DEFAULT_CONNECT_MS;
	uv_timer_init(loop, &client->timer);
	uv_timer_init(loop, &client->late_timer);
	client->timer.data = client->late_timer.data = client;
	client->n_handles = 2;
	curl_multi_setopt(client->multi, CURLMOPT_SOCKETFUNCTION, on_socket_wanted);
	curl_multi_setopt(client->multi, CURLMOPT_SOCKETDATA, client);
	curl_multi_setopt(client->multi, CURLMOPT_TIMERFUNCTION, on_timer_wanted);
	curl_multi_setopt(client->multi, CURLMOPT_TIMERDATA, client);
	curl_multi_setopt(client->multi, CURLMOPT_MAX_HOST_CONNECTIONS, (long)CONNECTIONS_A_HOST);
	curl_multi_setopt(client->multi, CURLMOPT_MAXCONNECTS, (long)CONNECTIONS);
	return client;
}

size_t http_client_n_calls(const struct http_client *client)
{
	return client->n_calls;
}

static bool begin(struct http_call *call, const struct http_request *request)
{
	if (!(request->mail != NULL ? http_mail_prepare(call, request) : http_call_prepare(call, request)))
		return false;
	CURLMcode code = curl_multi_add_handle(call->client->multi, call->easy);
	if (code != CURLM_OK)
		return fault_set(&call->response.fault, FAULT_SYSTEM, "libcurl: %s",
		    curl_multi_strerror(code));
	return true;
}

struct http_call *http_client_send(struct http_client *client, const struct http_request *request,
    http_done_fn done, void *arg)
{
	struct http_call *call = mem_zalloc(sizeof *call);
	call->client = client;
	call->done = done;
	call->arg = arg;
	call->secret = request->flags & HTTP_SECRET;
	call->max_bytes = request->max_bytes > 0 ? request->max_bytes : DEFAULT_MAX_BYTES;
	call->begun_ns = clock_steady_ns();
	arena_init(&call->response.arena);
	client->n_calls++;
	if (begin(call, request)) {
		link_call(&client->calls, call);
	} else {
		if (call->easy != NULL)
			curl_easy_cleanup(call->easy);
		call->easy = NULL;
		make_late(call);
	}
	return call;
}

void http_call_cancel(struct http_call *call)
{
	if (call->easy == NULL)
		return; /* late already */
	/* Without this a lookup under way would be waited for. */
	curl_easy_setopt(call->easy, CURLOPT_QUICK_EXIT, 1L);
	curl_multi_remove_handle(call->client->multi, call->easy);
	curl_easy_cleanup(call->easy);
	call->easy = NULL;
	unlink_call(&call->client->calls, call);
	fault_set(&call->response.fault, FAULT_CANCELLED, _("asking %s was cancelled"), call->url.host);
	make_late(call);
}

static void on_timer_closed(uv_handle_t *handle)
{
	free_when_last(handle->data);
}

static void deliver_late(uv_timer_t *timer)
{
	struct http_client *client = timer->data;
	if (client->closing)
		while (client->calls != NULL)
			http_call_cancel(client->calls);
	while (client->late != NULL) {
		struct http_call *call = client->late;
		unlink_call(&client->late, call);
		finish(call);
	}
	if (!client->closing)
		return;
	uv_timer_stop(timer); /* a cancelled call may have started it again */
	curl_multi_cleanup(client->multi);
	uv_close((uv_handle_t *)&client->timer, on_timer_closed);
	uv_close((uv_handle_t *)&client->late_timer, on_timer_closed);
}

void http_client_close(struct http_client *client, void (*on_closed)(void *arg), void *arg)
{
	assert(!client->closing);
	client->closing = true;
	client->on_closed = on_closed;
	client->arg = arg;
	uv_timer_start(&client->late_timer, deliver_late, 0, 0);
}
