/* SPDX-License-Identifier: Apache-2.0
 *
 * curl multi over libuv. curl says which sockets to watch and when to call it
 * (on_socket_wanted, on_timer_wanted); libuv watches and calls back; what has
 * ended is read after *every* curl_multi_socket_action, also after the one
 * that ended the last transfer, or a time-out would never be seen. */
#include "net/http_client.h"

#include <curl/curl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"
#include "net/url.h"

enum {
	CONNECTIONS_A_HOST = 4,
	CONNECTIONS = 8,
	MAX_HEADERS = 100,
	MAX_HEADER_BYTES = 128 * 1024,
	FIRST_BODY = 16 * 1024,
};
#define DEFAULT_TIMEOUT_MS  (60 * SECOND_MS)
#define DEFAULT_CONNECT_MS  (15 * SECOND_MS)
#define DEFAULT_MAX_BYTES   ((size_t)64 << 20)

struct http_call {
	struct http_client *client;
	struct http_call *previous, *next; /* client->calls, or client->late */
	CURL *easy;			   /* NULL once it is late */
	struct curl_slist *headers;
	char *body;
	size_t body_n;
	size_t max_bytes, capacity, header_bytes, n_header_room;
	bool secret, too_large;
	int64_t begun_ns;
	struct url url;
	char error[CURL_ERROR_SIZE];
	struct http_response response;
	http_done_fn done;
	void *arg;
};

struct http_client {
	uv_loop_t *loop;
	CURLM *multi;
	uv_timer_t timer;      /* curl's */
	uv_timer_t late_timer; /* delivers what ended outside curl */
	struct http_call *calls, *late;
	size_t n_calls;
	size_t n_handles; /* open libuv handles */
	char *ca_file, *proxy;
	struct curl_slist *connect_to;
	bool allow_http_to_loopback, closing;
	int64_t connect_timeout_ms;
	void (*on_closed)(void *arg);
	void *arg;
};

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

static void free_body(struct http_call *call)
{
	if (call->secret && call->response.body != NULL)
		mem_wipe(call->response.body, call->capacity);
	free(call->response.body);
	call->response.body = NULL;
}

static void call_free(struct http_call *call)
{
	if (call->easy != NULL)
		curl_easy_cleanup(call->easy);
	for (struct curl_slist *line = call->headers; line != NULL; line = line->next)
		mem_wipe(line->data, strlen(line->data)); /* the bearer is in here */
	curl_slist_free_all(call->headers);
	if (call->body != NULL)
		mem_wipe(call->body, call->body_n);
	free(call->body);
	free_body(call);
	free(call->response.headers);
	arena_clear(&call->response.arena);
	free(call);
}

static void finish(struct http_call *call)
{
	call->response.took_ms = (clock_steady_ns() - call->begun_ns) / 1000000;
	call->client->n_calls--;
	if (call->response.fault.code != FAULT_NONE) {
		call->response.status = 0;
		free_body(call);
		call->response.body_n = 0;
	}
	call->done(&call->response, call->arg);
	call_free(call);
}

static void make_late(struct http_call *call)
{
	link_call(&call->client->late, call);
	/* 1: see on_timer_wanted. */
	uv_timer_start(&call->client->late_timer, deliver_late, 1, 0);
}

static size_t on_body(char *bytes, size_t size, size_t n, void *arg)
{
	struct http_call *call = arg;
	struct http_response *response = &call->response;
	n *= size;
	if (n > call->max_bytes - response->body_n) {
		call->too_large = true;
		return 0; /* ends the transfer */
	}
	size_t needed = response->body_n + n + 1;
	if (needed > call->capacity) {
		size_t capacity = MAX(call->capacity, (size_t)FIRST_BODY);
		while (capacity < needed)
			capacity += capacity / 2;
		if (call->secret) {
			/* realloc() would leave a copy behind. */
			char *grown = mem_alloc(capacity);
			if (response->body != NULL) {
				memcpy(grown, response->body, response->body_n);
				mem_wipe(response->body, call->capacity);
				free(response->body);
			}
			response->body = grown;
		} else {
			response->body = mem_realloc(response->body, capacity);
		}
		call->capacity = capacity;
	}
	memcpy(response->body + response->body_n, bytes, n);
	response->body_n += n;
	response->body[response->body_n] = '\0';
	return n;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static size_t on_header(char *line, size_t size, size_t n, void *arg)
{
	struct http_call *call = arg;
	struct http_response *response = &call->response;
	size_t all = n * size;
	n = all;
	call->header_bytes += n;
	if (call->header_bytes > MAX_HEADER_BYTES)
		return 0;
	if (n >= 5 && memcmp(line, "HTTP/", 5) == 0) {
		/* A new answer: what came before was a 1xx. */
		response->n_headers = 0;
		return all;
	}
	const char *colon = memchr(line, ':', n);
	if (colon == NULL || colon == line || response->n_headers == MAX_HEADERS)
		return all;
	const char *value = colon + 1, *end = line + n;
	while (value < end && is_blank(*value))
		value++;
	while (end > value && is_blank(end[-1]))
		end--;
	response->headers = mem_grow(response->headers, response->n_headers,
	    &call->n_header_room, sizeof *response->headers);
	response->headers[response->n_headers++] = (struct http_header){
		arena_strndup(&response->arena, line, (size_t)(colon - line)),
		arena_strndup(&response->arena, value, (size_t)(end - value)),
	};
	return all;
}

const char *http_header(const struct http_response *response, const char *name, size_t nth)
{
	for (size_t i = 0; i < response->n_headers; i++)
		if (text_equal_nocase(response->headers[i].name, name) && nth-- == 0)
			return response->headers[i].value;
	return NULL;
}

/* ── sentences ────────────────────────────────────────────────────────── */

static void explain(struct http_call *call, CURLcode code)
{
	struct fault *fault = &call->response.fault;
	const char *host = call->url.host;
	char detail[160];
	const char *said = call->error[0] != '\0' ? call->error : curl_easy_strerror(code);
	text_printable(detail, sizeof detail, said, strlen(said));

	switch ((int)code) {
	case CURLE_COULDNT_RESOLVE_HOST:
		fault_set(fault, FAULT_NETWORK, "cannot find the address of %s: check the name, "
		    "DNS, and whether this host needs a proxy", host);
		break;
	case CURLE_COULDNT_RESOLVE_PROXY:
		fault_set(fault, FAULT_NETWORK, "cannot reach %s: the proxy's name has no address (%s)",
		    host, detail);
		break;
	case CURLE_COULDNT_CONNECT:
		fault_set(fault, FAULT_NETWORK, "cannot connect to %s port %d: %s", host,
		    call->url.port, detail);
		break;
	case CURLE_OPERATION_TIMEDOUT:
		fault_set(fault, FAULT_NETWORK, "%s did not answer in time: %s", host, detail);
		break;
	case CURLE_PEER_FAILED_VERIFICATION:
		fault_set(fault, FAULT_NETWORK, "the certificate of %s is not trusted: %s. If a proxy "
		    "inspects TLS here, name its CA in the option ca_file", host, detail);
		break;
	case CURLE_SSL_CACERT_BADFILE:
		fault_set(fault, FAULT_SYSTEM, "cannot read the CA certificates in %s (option ca_file)",
		    call->client->ca_file != NULL ? call->client->ca_file : "the system's file");
		break;
	case CURLE_SSL_CONNECT_ERROR:
		fault_set(fault, FAULT_NETWORK, "no TLS 1.2 or newer with %s: %s", host, detail);
		break;
	case CURLE_UNSUPPORTED_PROTOCOL:
		fault_set(fault, FAULT_INPUT, "%s: only https is spoken", host);
		break;
	case CURLE_GOT_NOTHING:
	case CURLE_RECV_ERROR:
	case CURLE_SEND_ERROR:
	case CURLE_PARTIAL_FILE:
		fault_set(fault, FAULT_NETWORK, "%s broke the connection off: %s", host, detail);
		break;
	default:
		fault_set(fault, FAULT_NETWORK, "asking %s failed: %s", host, detail);
	}
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
		if (call->too_large)
			fault_set(&call->response.fault, FAULT_FULL,
			    "the answer of %s is larger than %zu kB", call->url.host,
			    call->max_bytes / 1024);
		else if (code != CURLE_OK)
			explain(call, code);
		else
			call->response.status = (int)status;
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
		fault_set(fault, FAULT_SYSTEM, "libcurl does not start");
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

static void set_method(struct http_call *call, const char *method)
{
	if (call->body != NULL || strcmp(method, "POST") == 0) {
		curl_easy_setopt(call->easy, CURLOPT_POST, 1L);
		curl_easy_setopt(call->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)call->body_n);
		curl_easy_setopt(call->easy, CURLOPT_POSTFIELDS, call->body != NULL ? call->body : "");
	} else if (strcmp(method, "HEAD") == 0) {
		curl_easy_setopt(call->easy, CURLOPT_NOBODY, 1L);
	}
	if (strcmp(method, "GET") != 0 && strcmp(method, "POST") != 0 && strcmp(method, "HEAD") != 0)
		curl_easy_setopt(call->easy, CURLOPT_CUSTOMREQUEST, method);
}

static void set_up(struct http_call *call, const struct http_request *request)
{
	struct http_client *client = call->client;
	CURL *easy = call->easy;
	bool loopback = url_is_loopback(&call->url);
	int64_t timeout_ms = request->timeout_ms > 0 ? request->timeout_ms : DEFAULT_TIMEOUT_MS;

	curl_easy_setopt(easy, CURLOPT_URL, request->url);
	curl_easy_setopt(easy, CURLOPT_PRIVATE, call);
	curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, call->error);
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, call->url.is_https ? "https" : "http");
	curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
	curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	if (client->ca_file != NULL) {
		curl_easy_setopt(easy, CURLOPT_CAINFO, client->ca_file);
		curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
	}
	if (loopback || client->connect_to != NULL)
		curl_easy_setopt(easy, CURLOPT_PROXY, "");
	else if (client->proxy != NULL)
		curl_easy_setopt(easy, CURLOPT_PROXY, client->proxy);
	if (client->connect_to != NULL)
		curl_easy_setopt(easy, CURLOPT_CONNECT_TO, client->connect_to);
	curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
	curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "");
	curl_easy_setopt(easy, CURLOPT_USERAGENT, "centinela/" CENTINELA_VERSION);
	curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)client->connect_timeout_ms);
	curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)timeout_ms);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, call);
	curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(easy, CURLOPT_HEADERDATA, call);
	set_method(call, request->method != NULL ? request->method : "GET");
	curl_easy_setopt(easy, CURLOPT_HTTPHEADER, call->headers);
}

/* False with the fault filled: a line that could smuggle another header in. */
static bool copy_headers(struct http_call *call, const struct http_request *request)
{
	/* No "Expect: 100-continue": it costs a second where nobody answers it. */
	call->headers = curl_slist_append(NULL, "Expect:");
	for (size_t i = 0; i < request->n_headers; i++) {
		const char *line = request->headers[i];
		for (const unsigned char *c = (const unsigned char *)line; *c != '\0'; c++)
			if (*c < 0x20 || *c == 0x7F)
				return fault_set(&call->response.fault, FAULT_INPUT,
				    "a request header for %s holds a control byte", call->url.host);
		struct curl_slist *longer = curl_slist_append(call->headers, line);
		if (longer == NULL)
			abort();
		call->headers = longer;
	}
	return true;
}

static bool begin(struct http_call *call, const struct http_request *request)
{
	struct http_client *client = call->client;
	struct fault *fault = &call->response.fault;
	if (!url_read(request->url, &call->url, fault))
		return false;
	if (!call->url.is_https &&
	    !(client->allow_http_to_loopback && url_is_loopback(&call->url)))
		return fault_set(fault, FAULT_INPUT, "%s: only https is spoken", call->url.host);
	if (client->closing)
		return fault_set(fault, FAULT_CANCELLED, "%s was not asked: the program ends",
		    call->url.host);
	if (!copy_headers(call, request))
		return false;
	if (request->body != NULL) {
		call->body_n = request->body_n;
		call->body = mem_alloc(request->body_n + 1);
		memcpy(call->body, request->body, request->body_n);
	}
	call->easy = curl_easy_init();
	if (call->easy == NULL)
		abort();
	set_up(call, request);
	CURLMcode code = curl_multi_add_handle(client->multi, call->easy);
	if (code != CURLM_OK)
		return fault_set(fault, FAULT_SYSTEM, "libcurl: %s", curl_multi_strerror(code));
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
	fault_set(&call->response.fault, FAULT_CANCELLED, "asking %s was cancelled", call->url.host);
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
