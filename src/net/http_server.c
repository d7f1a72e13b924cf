/* SPDX-License-Identifier: Apache-2.0
 *
 * Who frees a visit: it belongs to two sides, libmicrohttpd's connection and
 * the program that must answer. It goes when both have let go. A client that
 * leaves early takes the connection's side; the answer, when it comes, is
 * dropped and takes the other.
 *
 *	on_uri ── visit_new ── on_request… ── serve() ── suspend ──┐
 *	                                       │                   │
 *	                             http_visit_answer ── resume ──┴─ queue
 *	                                                              │
 *	on_completed (sent, or the client left) ──────────────────────┘
 *
 * Slow clients: libmicrohttpd only knows idle time, which a client dripping a
 * byte a second never reaches. So each connection has a deadline of ours, seen
 * once a second, and is shut down when it passes. */
#include "net/http_server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/text.h"

#define DEFAULT_MAX_BODY   (1u << 20)
#define DEFAULT_MAX_HEADER (24u << 10)
#define WATCH_MS	   1000
#define READER_BLOCK	   (64u << 10)

struct guest { /* one connection */
	struct guest *next, **before;
	struct http_server *server;
	int fd;
	int64_t deadline_ms; /* steady; 0: the program is at work, not the client */
};

struct http_visit {
	struct http_visit *next, **before;
	struct http_server *server;	   /* NULL: stopped */
	struct MHD_Connection *connection; /* NULL: the client left */
	const char *method;
	char *path, *query;
	char peer[INET6_ADDRSTRLEN];
	struct text body;
	bool too_large, served, suspended, answered, queued;
	struct MHD_Response *response;
	int status;
	/* A paced or cut answer */
	char *bytes;
	size_t n_bytes, cut_after, pace_bytes, sent_in_burst;
	int64_t pace_ms, pace_until_ms; /* steady; 0: not pausing */
};

struct http_server {
	uv_loop_t *loop;
	uv_poll_t poll;
	uv_timer_t timer; /* libmicrohttpd's own wish to run */
	uv_timer_t watch; /* deadlines; runs only while there are guests */
	uv_timer_t pace;
	int n_open_handles;
	struct MHD_Daemon *daemon;
	http_serve_fn serve;
	void *arg;
	struct http_visit *visits;
	struct guest *guests;
	size_t n_guests;
	size_t max_body;
	int64_t receive_ms, send_ms;
	int port;
	char url[80];
	bool stopping, running;
	void (*on_stopped)(void *);
	void *stopped_arg;
};

static int64_t steady_ms(void)
{
	return clock_steady_ns() / 1000000;
}

static void on_timer(uv_timer_t *timer);

/* libmicrohttpd may have more to do at once (0), later, or nothing (no). */
static void arrange_next_run(struct http_server *server)
{
	MHD_UNSIGNED_LONG_LONG wait_ms;
	if (server->stopping)
		return;
	if (MHD_get_timeout(server->daemon, &wait_ms) == MHD_YES)
		/* Never 0: libuv before 1.45 runs a timer that starts itself with 0
		 * again within the same turn, and sockets would never be looked at. */
		uv_timer_start(&server->timer, on_timer, MAX(wait_ms, 1), 0);
	else
		uv_timer_stop(&server->timer);
}

static void run(struct http_server *server)
{
	if (server->stopping || server->running)
		return;
	server->running = true;
	MHD_run(server->daemon);
	server->running = false;
	arrange_next_run(server);
}

static void on_timer(uv_timer_t *timer)
{
	run(timer->data);
}

static void on_poll(uv_poll_t *poll, int status, int events)
{
	UNUSED(status);
	UNUSED(events);
	run(poll->data);
}

/* ------------------------------------------------------------ connections */

static struct guest *guest_of(struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info =
	    MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
	return info == NULL ? NULL : info->socket_context;
}

static void on_watch(uv_timer_t *timer)
{
	struct http_server *server = timer->data;
	int64_t now = steady_ms();
	if (server->guests == NULL)
		uv_timer_stop(timer);
	for (struct guest *guest = server->guests; guest != NULL; guest = guest->next)
		if (guest->deadline_ms != 0 && now >= guest->deadline_ms) {
			guest->deadline_ms = 0;
			shutdown(guest->fd, SHUT_RDWR);
		}
}

static void on_connection(void *arg, struct MHD_Connection *connection, void **context,
    enum MHD_ConnectionNotificationCode code)
{
	struct http_server *server = arg;
	if (code == MHD_CONNECTION_NOTIFY_STARTED) {
		struct guest *guest = mem_zalloc(sizeof *guest);
		const union MHD_ConnectionInfo *info =
		    MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
		guest->server = server;
		guest->fd = info->connect_fd;
		guest->deadline_ms = steady_ms() + server->receive_ms;
		guest->next = server->guests;
		guest->before = &server->guests;
		if (guest->next != NULL)
			guest->next->before = &guest->next;
		server->guests = guest;
		server->n_guests++;
		if (!server->stopping && !uv_is_active((uv_handle_t *)&server->watch))
			uv_timer_start(&server->watch, on_watch, WATCH_MS, WATCH_MS);
		*context = guest;
	} else if (*context != NULL) {
		struct guest *guest = *context;
		*guest->before = guest->next;
		if (guest->next != NULL)
			guest->next->before = guest->before;
		server->n_guests--;
		free(guest);
		*context = NULL;
	}
}

/* ----------------------------------------------------------------- visits */

static struct http_visit *visit_new(struct http_server *server,
    struct MHD_Connection *connection, const char *target)
{
	struct http_visit *visit = mem_zalloc(sizeof *visit);
	const char *mark = strchr(target, '?');
	size_t n_path = mark == NULL ? strlen(target) : (size_t)(mark - target);
	visit->path = mem_strndup(target, n_path);
	visit->query = mem_strdup(mark == NULL ? "" : mark + 1);
	visit->server = server;
	visit->connection = connection;
	visit->next = server->visits;
	visit->before = &server->visits;
	if (visit->next != NULL)
		visit->next->before = &visit->next;
	server->visits = visit;
	return visit;
}

static void visit_free(struct http_visit *visit)
{
	if (visit->server != NULL) {
		*visit->before = visit->next;
		if (visit->next != NULL)
			visit->next->before = visit->before;
	}
	if (visit->response != NULL)
		MHD_destroy_response(visit->response);
	if (visit->body.bytes != NULL)
		mem_wipe(visit->body.bytes, visit->body.n); /* passwords, codes, tokens */
	text_clear(&visit->body);
	free(visit->bytes);
	free(visit->path);
	free(visit->query);
	free(visit);
}

static void *on_uri(void *arg, const char *target, struct MHD_Connection *connection)
{
	return visit_new(arg, connection, target);
}

static void on_completed(void *arg, struct MHD_Connection *connection, void **context,
    enum MHD_RequestTerminationCode code)
{
	struct http_server *server = arg;
	struct http_visit *visit = *context;
	struct guest *guest = guest_of(connection);
	UNUSED(code);
	if (guest != NULL) /* keep-alive: the next request has its own time */
		guest->deadline_ms = steady_ms() + server->receive_ms;
	*context = NULL;
	if (visit == NULL)
		return;
	visit->connection = NULL;
	visit->suspended = false;
	if (!visit->served || visit->answered)
		visit_free(visit);
}

static void read_peer(struct http_visit *visit)
{
	const union MHD_ConnectionInfo *info =
	    MHD_get_connection_info(visit->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	if (info == NULL || info->client_addr == NULL)
		return;
	if (info->client_addr->sa_family == AF_INET)
		inet_ntop(AF_INET, &((const struct sockaddr_in *)(const void *)info->client_addr)->sin_addr,
		    visit->peer, sizeof visit->peer);
	else if (info->client_addr->sa_family == AF_INET6)
		inet_ntop(AF_INET6,
		    &((const struct sockaddr_in6 *)(const void *)info->client_addr)->sin6_addr,
		    visit->peer, sizeof visit->peer);
}

static enum MHD_Result queue_response(struct http_visit *visit)
{
	struct guest *guest = guest_of(visit->connection);
	visit->queued = true;
	if (guest != NULL)
		guest->deadline_ms = steady_ms() + visit->server->send_ms;
	return MHD_queue_response(visit->connection, (unsigned)visit->status, visit->response);
}

static enum MHD_Result refuse(struct http_visit *visit, int status, const char *sentence)
{
	visit->response = MHD_create_response_from_buffer(strlen(sentence), (void *)(uintptr_t)sentence,
	    MHD_RESPMEM_PERSISTENT);
	if (visit->response == NULL)
		return MHD_NO;
	MHD_add_response_header(visit->response, "Connection", "close");
	MHD_add_response_header(visit->response, "Content-Type", "text/plain; charset=utf-8");
	visit->status = status;
	visit->answered = true;
	return queue_response(visit);
}

static bool announces_too_much(const struct http_visit *visit)
{
	const char *length = MHD_lookup_connection_value(visit->connection, MHD_HEADER_KIND,
	    MHD_HTTP_HEADER_CONTENT_LENGTH);
	int64_t n;
	return length != NULL &&
	    (!text_to_int(length, 0, INT64_MAX, &n) || (uint64_t)n > visit->server->max_body);
}

/* Called once when the headers are there, then for every piece of the body,
 * then with nothing left, and once more after each resume. */
static enum MHD_Result on_request(void *arg, struct MHD_Connection *connection, const char *url,
    const char *method, const char *version, const char *upload, size_t *n_upload, void **context)
{
	struct http_server *server = arg;
	struct http_visit *visit = *context;
	UNUSED(url);
	UNUSED(version);
	if (visit == NULL || server->stopping)
		return MHD_NO;
	if (visit->method == NULL) {
		visit->method = method;
		visit->connection = connection;
		if (announces_too_much(visit))
			return refuse(visit, MHD_HTTP_CONTENT_TOO_LARGE, "The body is too large.\n");
		return MHD_YES;
	}
	if (*n_upload > 0) {
		if (visit->body.n + *n_upload > server->max_body)
			visit->too_large = true; /* read on, so that the answer is seen */
		if (!visit->too_large)
			text_add(&visit->body, upload, *n_upload);
		*n_upload = 0;
		return MHD_YES;
	}
	if (visit->too_large && !visit->answered)
		return refuse(visit, MHD_HTTP_CONTENT_TOO_LARGE, "The body is too large.\n");
	if (!visit->served) {
		struct guest *guest = guest_of(connection);
		if (guest != NULL)
			guest->deadline_ms = 0;
		read_peer(visit);
		visit->served = true;
		server->serve(visit, server->arg);
	}
	if (!visit->answered) {
		MHD_suspend_connection(connection);
		visit->suspended = true;
		return MHD_YES;
	}
	if (visit->response == NULL)
		return MHD_NO;
	return visit->queued ? MHD_YES : queue_response(visit);
}

/* ---------------------------------------------------------------- answers */

static void resume(struct http_visit *visit)
{
	struct http_server *server = visit->server;
	if (!visit->suspended)
		return;
	visit->suspended = false;
	MHD_resume_connection(visit->connection);
	if (!server->running && !server->stopping) /* it is not told by its descriptor */
		uv_timer_start(&server->timer, on_timer, 0, 0);
}

static void on_pace(uv_timer_t *timer)
{
	struct http_server *server = timer->data;
	int64_t now = steady_ms(), next = INT64_MAX;
	for (struct http_visit *visit = server->visits; visit != NULL; visit = visit->next) {
		if (visit->pace_until_ms == 0)
			continue;
		if (now >= visit->pace_until_ms) {
			visit->pace_until_ms = 0;
			visit->sent_in_burst = 0;
			resume(visit);
		} else {
			next = MIN(next, visit->pace_until_ms - now);
		}
	}
	if (next != INT64_MAX)
		uv_timer_start(timer, on_pace, (uint64_t)next, 0);
}

static ssize_t on_read(void *arg, uint64_t position, char *out, size_t max)
{
	struct http_visit *visit = arg;
	size_t end = visit->cut_after > 0 ? MIN(visit->cut_after, visit->n_bytes) : visit->n_bytes;
	if (position >= end)
		return visit->cut_after > 0 ? MHD_CONTENT_READER_END_WITH_ERROR
					    : MHD_CONTENT_READER_END_OF_STREAM;
	size_t n = MIN(max, end - position);
	if (visit->pace_bytes > 0) {
		if (visit->sent_in_burst >= visit->pace_bytes) {
			struct http_server *server = visit->server;
			visit->pace_until_ms = steady_ms() + visit->pace_ms;
			visit->suspended = true;
			MHD_suspend_connection(visit->connection);
			if (!server->stopping && !uv_is_active((uv_handle_t *)&server->pace))
				uv_timer_start(&server->pace, on_pace, (uint64_t)visit->pace_ms, 0);
			return 0;
		}
		n = MIN(n, visit->pace_bytes - visit->sent_in_burst);
		visit->sent_in_burst += n;
	}
	memcpy(out, visit->bytes + position, n);
	return (ssize_t)n;
}

static bool add_headers(struct MHD_Response *response, const struct http_answer *answer)
{
	for (size_t i = 0; i < answer->n_headers; i++) {
		const char *header = answer->headers[i], *colon = strchr(header, ':');
		if (colon == NULL)
			return false;
		char *name = mem_strndup(header, (size_t)(colon - header));
		const char *value = colon + 1 + strspn(colon + 1, " ");
		enum MHD_Result added = MHD_add_response_header(response, name, value);
		free(name);
		if (added != MHD_YES)
			return false;
	}
	return true;
}

void http_visit_answer(struct http_visit *visit, const struct http_answer *answer)
{
	assert(visit->served && !visit->answered);
	visit->answered = true;
	if (visit->connection == NULL) { /* nobody is listening any more */
		free(answer->take);
		visit_free(visit);
		return;
	}
	char *bytes = answer->take != NULL ? answer->take : mem_dup(answer->body, answer->n_body);
	visit->status = answer->status;
	if (answer->cut_after > 0 || answer->pace_bytes > 0) {
		visit->bytes = bytes;
		visit->n_bytes = answer->n_body;
		visit->cut_after = answer->cut_after;
		visit->pace_bytes = answer->pace_bytes;
		visit->pace_ms = MAX(answer->pace_ms, 1);
		visit->response = MHD_create_response_from_callback(answer->n_body, READER_BLOCK,
		    on_read, visit, NULL);
	} else {
		visit->response = MHD_create_response_from_buffer(answer->n_body, bytes,
		    MHD_RESPMEM_MUST_FREE);
	}
	if (visit->response != NULL && !add_headers(visit->response, answer)) {
		log_broken("an answer to %s had a header that may not be sent", visit->path);
		MHD_destroy_response(visit->response);
		visit->response = NULL; /* on_request closes the connection */
	}
	resume(visit);
}

const char *http_visit_method(const struct http_visit *visit)
{
	return visit->method;
}

const char *http_visit_path(const struct http_visit *visit)
{
	return visit->path;
}

const char *http_visit_query(const struct http_visit *visit)
{
	return visit->query;
}

const char *http_visit_header(const struct http_visit *visit, const char *name)
{
	if (visit->connection == NULL)
		return NULL;
	return MHD_lookup_connection_value(visit->connection, MHD_HEADER_KIND, name);
}

const char *http_visit_body(const struct http_visit *visit, size_t *n)
{
	if (n != NULL)
		*n = visit->body.n;
	return text_string(&visit->body);
}

const char *http_visit_peer(const struct http_visit *visit)
{
	return visit->peer;
}

/* ------------------------------------------------------------ start, stop */

/* A socket of our own, so that the address is the one asked for (an IPv6 one
 * takes no IPv4) and the fault can say what is wrong with it. */
static int listen_on(const char *address, int port, struct fault *fault)
{
	struct sockaddr_storage storage = { 0 };
	struct sockaddr_in *in = (struct sockaddr_in *)(void *)&storage;
	struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)(void *)&storage;
	socklen_t n;
	if (inet_pton(AF_INET, address, &in->sin_addr) == 1) {
		in->sin_family = AF_INET;
		in->sin_port = htons((uint16_t)port);
		n = sizeof *in;
	} else if (inet_pton(AF_INET6, address, &in6->sin6_addr) == 1) {
		in6->sin6_family = AF_INET6;
		in6->sin6_port = htons((uint16_t)port);
		n = sizeof *in6;
	} else {
		fault_set(fault, FAULT_USAGE, "%s is not an IP address to listen on", address);
		return -1;
	}
	int fd = socket(storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), on = 1;
	if (fd < 0) {
		fault_set(fault, FAULT_SYSTEM, "no socket: %s", strerror(errno));
		return -1;
	}
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	if (storage.ss_family == AF_INET6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
	if (bind(fd, (struct sockaddr *)&storage, n) < 0 || listen(fd, 128) < 0) {
		fault_set(fault, FAULT_SYSTEM, "cannot listen on %s port %d: %s", address, port,
		    strerror(errno));
		close(fd);
		return -1;
	}
	return fd;
}

static int port_of(int fd)
{
	struct sockaddr_storage storage;
	socklen_t n = sizeof storage;
	if (getsockname(fd, (struct sockaddr *)&storage, &n) < 0)
		return 0;
	if (storage.ss_family == AF_INET6)
		return ntohs(((struct sockaddr_in6 *)(void *)&storage)->sin6_port);
	return ntohs(((struct sockaddr_in *)(void *)&storage)->sin_port);
}

static struct MHD_Daemon *daemon_start(struct http_server *server, int fd,
    const struct http_server_options *options)
{
	bool tls = options->certificate_pem != NULL;
	size_t max_header = options->max_header > 0 ? options->max_header : DEFAULT_MAX_HEADER;
	unsigned flags = MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | (tls ? MHD_USE_TLS : 0);
	struct MHD_OptionItem with_tls[] = {
		{ MHD_OPTION_HTTPS_MEM_CERT, 0, (void *)(uintptr_t)options->certificate_pem },
		{ MHD_OPTION_HTTPS_MEM_KEY, 0, (void *)(uintptr_t)options->key_pem },
		{ MHD_OPTION_HTTPS_PRIORITIES, 0,
		    (void *)(uintptr_t) "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2" },
		{ MHD_OPTION_END, 0, NULL },
	};
	struct MHD_OptionItem none[] = { { MHD_OPTION_END, 0, NULL } };
	return MHD_start_daemon(flags, 0, NULL, NULL, on_request, server,
	    MHD_OPTION_LISTEN_SOCKET, fd,
	    MHD_OPTION_ARRAY, tls ? with_tls : none,
	    MHD_OPTION_URI_LOG_CALLBACK, on_uri, server,
	    MHD_OPTION_NOTIFY_COMPLETED, on_completed, server,
	    MHD_OPTION_NOTIFY_CONNECTION, on_connection, server,
	    MHD_OPTION_CONNECTION_MEMORY_LIMIT, max_header + 8192, /* room for its own answer */
	    MHD_OPTION_CONNECTION_LIMIT,
	    options->max_connections > 0 ? options->max_connections : 128u,
	    MHD_OPTION_CONNECTION_TIMEOUT, 0u, /* deadlines are ours */
	    MHD_OPTION_END);
}

bool http_server_start(uv_loop_t *loop, const struct http_server_options *options,
    http_serve_fn serve, void *arg, struct http_server **out, struct fault *fault)
{
	const char *address = options->address != NULL ? options->address : "127.0.0.1";
	*out = NULL;
	assert((options->certificate_pem == NULL) == (options->key_pem == NULL));
	if (options->port < 0 || options->port > 65535)
		return fault_set(fault, FAULT_USAGE, "%d is not a port", options->port);
	signal(SIGPIPE, SIG_IGN); /* a client that leaves is not the end of us */
	int fd = listen_on(address, options->port, fault);
	if (fd < 0)
		return false;

	struct http_server *server = mem_zalloc(sizeof *server);
	server->loop = loop;
	server->serve = serve;
	server->arg = arg;
	server->max_body = options->max_body > 0 ? options->max_body : DEFAULT_MAX_BODY;
	server->receive_ms = options->receive_ms > 0 ? options->receive_ms : 30 * SECOND_MS;
	server->send_ms = options->send_ms > 0 ? options->send_ms : 10 * MINUTE_MS;
	server->port = port_of(fd);
	snprintf(server->url, sizeof server->url, strchr(address, ':') ? "%s://[%s]:%d" : "%s://%s:%d",
	    options->certificate_pem != NULL ? "https" : "http", address, server->port);
	server->daemon = daemon_start(server, fd, options);
	if (server->daemon == NULL) {
		close(fd);
		free(server);
		return fault_set(fault, FAULT_SYSTEM, "cannot serve on %s port %d%s", address,
		    options->port, options->certificate_pem != NULL
			? ": is the certificate PEM and its key's?" : "");
	}
	const union MHD_DaemonInfo *info =
	    MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_EPOLL_FD);
	server->poll.data = server->timer.data = server->watch.data = server->pace.data = server;
	uv_poll_init(loop, &server->poll, info->epoll_fd);
	uv_timer_init(loop, &server->timer);
	uv_timer_init(loop, &server->watch);
	uv_timer_init(loop, &server->pace);
	server->n_open_handles = 4;
	uv_poll_start(&server->poll, UV_READABLE, on_poll);
	arrange_next_run(server);
	*out = server;
	return true;
}

int http_server_port(const struct http_server *server)
{
	return server->port;
}

const char *http_server_url(const struct http_server *server)
{
	return server->url;
}

size_t http_server_n_connections(const struct http_server *server)
{
	return server->n_guests;
}

/* The loop has let go of the descriptor: now libmicrohttpd may close it. */
static void on_handle_closed(uv_handle_t *handle)
{
	struct http_server *server = handle->data;
	if (--server->n_open_handles > 0)
		return;
	for (struct http_visit *visit = server->visits; visit != NULL; visit = visit->next)
		resume(visit);
	MHD_stop_daemon(server->daemon); /* completes every visit that has a connection */
	for (struct http_visit *visit = server->visits, *next; visit != NULL; visit = next) {
		next = visit->next; /* still waits for its answer */
		visit->server = NULL;
		visit->connection = NULL;
	}
	void (*on_stopped)(void *) = server->on_stopped;
	void *arg = server->stopped_arg;
	free(server);
	if (on_stopped != NULL)
		on_stopped(arg);
}

void http_server_stop(struct http_server *server, void (*on_stopped)(void *arg), void *arg)
{
	assert(!server->stopping);
	server->stopping = true;
	server->on_stopped = on_stopped;
	server->stopped_arg = arg;
	uv_close((uv_handle_t *)&server->poll, on_handle_closed);
	uv_close((uv_handle_t *)&server->timer, on_handle_closed);
	uv_close((uv_handle_t *)&server->watch, on_handle_closed);
	uv_close((uv_handle_t *)&server->pace, on_handle_closed);
}
