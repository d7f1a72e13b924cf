/* SPDX-License-Identifier: Apache-2.0
 *
 * libmicrohttpd on the loop: its epoll descriptor is watched, and a timer runs
 * it when it asks for that. http_visit.c has the other half: a request, its
 * answer, and who frees them.
 *
 * Slow clients: libmicrohttpd only knows idle time, which a client dripping a
 * byte a second never reaches. So each connection has a deadline of ours, seen
 * once a second, and is shut down when it passes. */
#include "net/http_server_parts.h"

#include <errno.h>
#include <linux/sockios.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "net/late.h"

#define DEFAULT_MAX_BODY   (1u << 20)
#define DEFAULT_MAX_HEADER (24u << 10)
#define WATCH_MS	   1000
#define SPARE_GUESTS	   16 /* kept free of those that ask for nothing */
#define FRESH_MS	   2000
#define MOST_GUESTS	   128u /* unless told */
#define STALLS_PART	   60 /* of the time there is for it: an answer that is not taken by then holds others up, where there is no room */

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

static void make_room(struct http_server *server, const struct guest *newest);

static void run(struct http_server *server)
{
	if (server->stopping || server->running)
		return;
	server->running = true;
	MHD_run(server->daemon);
	server->running = false;
	/* Only now: what lay there of the others has been read. */
	for (; server->n_came > 0; server->n_came--)
		if (server->n_guests > server->crowded)
			make_room(server, server->guests);
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

/* On the next turn, unless it runs right now. */
void http_server_run_soon(struct http_server *server)
{
	if (!server->running && !server->stopping)
		uv_timer_start(&server->timer, on_timer, 0, 0);
}

/* ------------------------------------------------------------ connections */

struct guest *http_guest_of(struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info =
	    MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
	return info == NULL ? NULL : info->socket_context;
}

/* Connections are few, and who only opens them, or asks and does not take the answer, takes
 * none from those who ask. Who goes, when somebody must: the last of these that there is, and
 * of those the one that has been it for the longest. */
enum standing {
	BUSY,  /* the program is at work for it, or its answer has just begun */
	FRESH, /* has not asked, but only just came: it may be in its handshake */
	SLOW,  /* takes its answer, for a while already */
	IDLE,  /* has not asked for a while, or takes nothing of its answer */
};

static enum standing standing_of(const struct guest *guest, int64_t now, int64_t *age_ms)
{
	const struct http_server *server = guest->server;
	int64_t stalls_ms = server->send_ms / STALLS_PART;
	*age_ms = (guest->receives ? server->receive_ms : server->send_ms) - (guest->deadline_ms - now);
	if (guest->deadline_ms == 0)
		return BUSY;
	if (guest->receives)
		return *age_ms < FRESH_MS ? FRESH : IDLE;
	/* Later than who takes nothing: it does not go because those began when it did. */
	if (now - guest->moved_ms < stalls_ms)
		return *age_ms >= 2 * stalls_ms ? SLOW : BUSY;
	*age_ms = now - guest->moved_ms;
	return IDLE;
}

static void make_room(struct http_server *server, const struct guest *newest)
{
	int64_t now = steady_ms(), age_ms, longest_ms = 0;
	struct guest *longest = NULL;
	enum standing last = BUSY;
	for (struct guest *guest = server->guests; guest != NULL; guest = guest->next) {
		enum standing standing = standing_of(guest, now, &age_ms);
		if (guest == newest || standing == BUSY || standing < last || (standing == last && age_ms < longest_ms))
			continue;
		longest = guest;
		last = standing;
		longest_ms = age_ms;
	}
	if (longest == NULL)
		return;
	longest->deadline_ms = 0;
	shutdown(longest->fd, SHUT_RDWR);
}

static bool somebody_waits(const struct http_server *server)
{
	struct pollfd door = { .fd = server->door, .events = POLLIN };
	return !server->stopping && poll(&door, 1, 0) > 0;
}

static void on_watch(uv_timer_t *timer)
{
	struct http_server *server = timer->data;
	/* Timers come before sockets: what was asked while the loop was busy is there, unread. */
	run(server);
	int64_t now = steady_ms();
	if (server->guests == NULL)
		uv_timer_stop(timer);
	for (struct guest *guest = server->guests; guest != NULL; guest = guest->next) {
		if (guest->deadline_ms != 0 && now >= guest->deadline_ms) {
			guest->deadline_ms = 0;
			shutdown(guest->fd, SHUT_RDWR);
		}
		/* What the kernel still keeps of its answer is never twice the same while it takes any. */
		int n_kept = 0;
		if (guest->deadline_ms != 0 && !guest->receives && ioctl(guest->fd, SIOCOUTQ, &n_kept) == 0 && n_kept != guest->n_kept) {
			guest->moved_ms = guest->n_kept < 0 ? guest->moved_ms : now;
			guest->n_kept = n_kept;
		}
	}
	/* While all places are taken libmicrohttpd does not look at its door, nor again, once it
	 * had all, before something else happens. */
	for (size_t n = server->n_guests >= server->most ? server->n_guests - server->crowded : 0; n > 0 && somebody_waits(server); n--) {
		make_room(server, NULL);
		run(server); /* who was cut off goes … */
		run(server); /* … and who waits comes in */
	}
	run(server);
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
		guest->receives = true;
		guest->next = server->guests;
		guest->before = &server->guests;
		if (guest->next != NULL)
			guest->next->before = &guest->next;
		server->guests = guest;
		server->n_guests++;
		server->n_came++;
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

/* ------------------------------------------------------------ start, stop */

union socket_name {
	struct sockaddr any;
	struct sockaddr_in in;
	struct sockaddr_in6 in6;
};

/* A socket of our own, so that the address is the one asked for (an IPv6 one
 * takes no IPv4) and the fault can say what is wrong with it. */
static int listen_on(const char *address, int port, struct fault *fault)
{
	union socket_name name = { 0 };
	socklen_t n;
	if (inet_pton(AF_INET, address, &name.in.sin_addr) == 1) {
		name.in.sin_family = AF_INET;
		name.in.sin_port = htons((uint16_t)port);
		n = sizeof name.in;
	} else if (inet_pton(AF_INET6, address, &name.in6.sin6_addr) == 1) {
		name.in6.sin6_family = AF_INET6;
		name.in6.sin6_port = htons((uint16_t)port);
		n = sizeof name.in6;
	} else {
		fault_set(fault, FAULT_USAGE, _("%s is not an IP address to listen on"), address);
		return -1;
	}
	int family = name.any.sa_family, on = 1;
	int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0) {
		fault_set(fault, FAULT_SYSTEM, _("no socket: %s"), strerror(errno));
		return -1;
	}
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	if (family == AF_INET6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
	if (bind(fd, &name.any, n) < 0 || listen(fd, 128) < 0) {
		fault_set(fault, FAULT_SYSTEM, _("cannot listen on %s port %d: %s"), address, port,
		    strerror(errno));
		close(fd);
		return -1;
	}
	return fd;
}

/* A file of that name that nobody listens at was left by a process that died. */
static bool is_left_over(const struct sockaddr_un *name)
{
	struct stat st;
	if (lstat(name->sun_path, &st) != 0 || !S_ISSOCK(st.st_mode))
		return false;
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool refused = fd >= 0 && connect(fd, (const struct sockaddr *)name, sizeof *name) != 0 && errno == ECONNREFUSED;
	if (fd >= 0)
		close(fd);
	return refused;
}

static int listen_at(const char *path, unsigned mode, struct fault *fault)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	if (strlen(path) >= sizeof name.sun_path) {
		fault_set(fault, FAULT_USAGE, _("the path of the socket is longer than %zu bytes: %s"), sizeof name.sun_path - 1, path);
		return -1;
	}
	memcpy(name.sun_path, path, strlen(path) + 1);
	if (is_left_over(&name))
		unlink(path);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	/* Nobody gets in between bind and chmod. */
	mode_t before = umask(0177);
	bool bound = fd >= 0 && bind(fd, (const struct sockaddr *)&name, sizeof name) == 0;
	int why = errno;
	umask(before);
	if (bound && (chmod(path, mode != 0 ? mode : 0600) != 0 || listen(fd, 128) != 0)) {
		why = errno;
		unlink(path);
		bound = false;
	}
	if (bound)
		return fd;
	if (fd >= 0)
		close(fd);
	fault_set(fault, FAULT_SYSTEM, _("cannot listen at %s: %s"), path, why == EADDRINUSE ? "another process does" : strerror(why));
	return -1;
}

static int port_of(int fd)
{
	union socket_name name = { 0 };
	socklen_t n = sizeof name;
	if (getsockname(fd, &name.any, &n) < 0 || name.any.sa_family == AF_UNIX)
		return 0;
	return ntohs(name.any.sa_family == AF_INET6 ? name.in6.sin6_port : name.in.sin_port);
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
	return MHD_start_daemon(flags, 0, NULL, NULL, http_visit_request, server,
	    MHD_OPTION_LISTEN_SOCKET, fd,
	    MHD_OPTION_ARRAY, tls ? with_tls : none,
	    MHD_OPTION_URI_LOG_CALLBACK, http_visit_begin, server,
	    MHD_OPTION_NOTIFY_COMPLETED, http_visit_completed, server,
	    MHD_OPTION_NOTIFY_CONNECTION, on_connection, server,
	    MHD_OPTION_CONNECTION_MEMORY_LIMIT, max_header + 8192, /* room for its own answer */
	    MHD_OPTION_CONNECTION_LIMIT,
	    options->max_connections > 0 ? options->max_connections : MOST_GUESTS,
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
		return fault_set(fault, FAULT_USAGE, _("%d is not a port"), options->port);
	if (!late_microhttpd(fault))
		return false;
	signal(SIGPIPE, SIG_IGN); /* a client that leaves is not the end of us */
	assert(options->socket_path == NULL || options->certificate_pem == NULL);
	int fd = options->socket_path != NULL ? listen_at(options->socket_path, options->socket_mode, fault) :
						listen_on(address, options->port, fault);
	if (fd < 0)
		return false;

	struct http_server *server = mem_zalloc(sizeof *server);
	server->loop = loop;
	server->serve = serve;
	server->arg = arg;
	server->max_body = options->max_body > 0 ? options->max_body : DEFAULT_MAX_BODY;
	server->hands_refusals = options->hands_refusals;
	server->tls = options->certificate_pem != NULL;
	server->receive_ms = options->receive_ms > 0 ? options->receive_ms : 30 * SECOND_MS;
	server->send_ms = options->send_ms > 0 ? options->send_ms : 10 * MINUTE_MS;
	size_t most = options->max_connections > 0 ? options->max_connections : MOST_GUESTS;
	server->most = most;
	server->crowded = most > 2 * SPARE_GUESTS ? most - SPARE_GUESTS : most / 2;
	server->port = port_of(fd);
	server->door = fd;
	if (options->socket_path != NULL)
		server->socket_path = mem_strdup(options->socket_path);
	else
		snprintf(server->url, sizeof server->url, strchr(address, ':') ? "%s://[%s]:%d" : "%s://%s:%d",
		    options->certificate_pem != NULL ? "https" : "http", address, server->port);
	struct stat ours, left;
	bool known = fstat(fd, &ours) == 0;
	server->daemon = daemon_start(server, fd, options);
	if (server->daemon == NULL) {
		/* libmicrohttpd closes it on some of its ways out, and by now the
		 * number may be another thread's descriptor. */
		if (known && fstat(fd, &left) == 0 && left.st_dev == ours.st_dev && left.st_ino == ours.st_ino)
			close(fd);
		free(server->socket_path);
		free(server);
		return fault_set(fault, FAULT_SYSTEM, _("cannot serve on %s port %d%s"), address,
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
		http_visit_resume(visit);
	MHD_stop_daemon(server->daemon); /* completes every visit that has a connection */
	for (struct http_visit *visit = server->visits, *next; visit != NULL; visit = next) {
		next = visit->next; /* still waits for its answer */
		visit->server = NULL;
		visit->connection = NULL;
	}
	void (*on_stopped)(void *) = server->on_stopped;
	void *arg = server->stopped_arg;
	free(server->socket_path);
	free(server);
	if (on_stopped != NULL)
		on_stopped(arg);
}

void http_server_stop(struct http_server *server, void (*on_stopped)(void *arg), void *arg)
{
	assert(!server->stopping);
	if (server->socket_path != NULL)
		unlink(server->socket_path);
	server->stopping = true;
	server->on_stopped = on_stopped;
	server->stopped_arg = arg;
	uv_close((uv_handle_t *)&server->poll, on_handle_closed);
	uv_close((uv_handle_t *)&server->timer, on_handle_closed);
	uv_close((uv_handle_t *)&server->watch, on_handle_closed);
	uv_close((uv_handle_t *)&server->pace, on_handle_closed);
}
