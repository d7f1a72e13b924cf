/* SPDX-License-Identifier: Apache-2.0
 *
 * Who frees a visit: it belongs to two sides, libmicrohttpd's connection and
 * the program that must answer. It goes when both have let go. A client that
 * leaves early takes the connection's side; the answer, when it comes, is
 * dropped and takes the other.
 *
 *	…_begin ── …_request… ── serve() ── suspend ──┐
 *	                          │                   │
 *	                http_visit_answer ── resume ──┴─ queue
 *	                                                 │
 *	…_completed (sent, or the client left) ──────────┘
 */
#include "net/http_server_parts.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/log.h"
#include "base/mem.h"

#define READER_BLOCK (64u << 10)
#define WORTH_READING 16 /* times the limit: as far it is read for the answer to be seen */

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
	text_clear(&visit->waiting);
	free(visit->bytes);
	free(visit->method);
	free(visit->path);
	free(visit->query);
	free(visit);
}

void *http_visit_begin(void *arg, const char *target, struct MHD_Connection *connection)
{
	return visit_new(arg, connection, target);
}

void http_visit_completed(void *arg, struct MHD_Connection *connection, void **context,
    enum MHD_RequestTerminationCode code)
{
	struct http_server *server = arg;
	struct http_visit *visit = *context;
	struct guest *guest = http_guest_of(connection);
	UNUSED(code);
	if (guest != NULL) { /* keep-alive: the next request has its own time */
		guest->deadline_ms = steady_ms() + server->receive_ms;
		guest->receives = true;
	}
	*context = NULL;
	if (visit == NULL)
		return;
	visit->connection = NULL;
	visit->suspended = false;
	if (visit->on_gone != NULL)
		visit->on_gone(visit->gone_arg);
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
	struct guest *guest = http_guest_of(visit->connection);
	visit->queued = true;
	if (guest != NULL) {
		guest->receives = false;
		guest->moved_ms = steady_ms();
		guest->n_kept = -1;
		guest->deadline_ms = visit->streams ? 0 : steady_ms() + visit->server->send_ms;
	}
	return MHD_queue_response(visit->connection, (unsigned)visit->status, visit->response);
}

/* To be answered now or later. */
static enum MHD_Result hand_over(struct http_visit *visit)
{
	struct http_server *server = visit->server;
	if (!visit->served) {
		struct guest *guest = http_guest_of(visit->connection);
		if (guest != NULL) {
			guest->deadline_ms = 0;
			guest->receives = false;
		}
		read_peer(visit);
		visit->served = true;
		server->serve(visit, server->arg);
	}
	if (!visit->answered) {
		MHD_suspend_connection(visit->connection);
		visit->suspended = true;
		return MHD_YES;
	}
	if (visit->response == NULL)
		return MHD_NO;
	return visit->queued ? MHD_YES : queue_response(visit);
}

static enum MHD_Result refuse(struct http_visit *visit, int status, const char *sentence)
{
	if (visit->server->hands_refusals) {
		visit->refusal = status;
		visit->why_refused = sentence;
		if (visit->body.bytes != NULL)
			mem_wipe(visit->body.bytes, visit->body.n);
		text_clear(&visit->body);
		return hand_over(visit);
	}
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

/* More than `most` is announced, or nothing that can be read. */
static bool announces_over(const struct http_visit *visit, size_t most)
{
	const char *length = MHD_lookup_connection_value(visit->connection, MHD_HEADER_KIND,
	    MHD_HTTP_HEADER_CONTENT_LENGTH);
	int64_t n;
	return length != NULL && (!text_to_int(length, 0, INT64_MAX, &n) || (uint64_t)n > most);
}

/* What may stand there once: of two, somebody before us may have heeded the other. */
static const char *const singles[] = { "Host", "Content-Length", "Transfer-Encoding", "Authorization", "Content-Type", "Origin", "If-Match", "Idempotency-Key",
	"X-Spark-Signature", "X-Webex-Signature" };
enum { LENGTH_AT = 1, CHUNKED_AT = 2 };

struct seen {
	unsigned names; /* a bit for each of the singles */
	bool twice;
};

static enum MHD_Result on_header(void *arg, enum MHD_ValueKind kind, const char *name, const char *value)
{
	struct seen *seen = arg;
	UNUSED(kind);
	UNUSED(value);
	for (size_t i = 0; i < COUNT_OF(singles); i++) {
		if (!text_equal_nocase(name, singles[i]))
			continue;
		seen->twice |= (seen->names & 1u << i) != 0;
		seen->names |= 1u << i;
	}
	return MHD_YES;
}

/* One of them twice, or two ways to say where the body ends. */
static bool is_ambiguous(const struct http_visit *visit)
{
	struct seen seen = { 0 };
	unsigned both = 1u << LENGTH_AT | 1u << CHUNKED_AT;
	(void)MHD_get_connection_values(visit->connection, MHD_HEADER_KIND, on_header, &seen);
	return seen.twice || (seen.names & both) == both;
}

/* Called once when the headers are there, then for every piece of the body,
 * then with nothing left, and once more after each resume. */
enum MHD_Result http_visit_request(void *arg, struct MHD_Connection *connection, const char *url,
    const char *method, const char *version, const char *upload, size_t *n_upload, void **context)
{
	struct http_server *server = arg;
	struct http_visit *visit = *context;
	UNUSED(url);
	if (visit == NULL || server->stopping)
		return MHD_NO;
	if (visit->method == NULL) {
		visit->method = mem_strdup(method); /* an answer may come when the connection is gone */
		visit->connection = connection;
		visit->hears = !server->tls && strcmp(version, MHD_HTTP_VERSION_1_1) == 0;
		if (is_ambiguous(visit))
			return refuse(visit, MHD_HTTP_BAD_REQUEST, "a header that stands once is there twice");
		/* Who still sends does not see an answer that came before: what is
		 * a little too large is read and thrown away first. */
		visit->too_large = announces_over(visit, server->max_body);
		if (announces_over(visit, WORTH_READING * server->max_body))
			return refuse(visit, MHD_HTTP_CONTENT_TOO_LARGE, "the body is too large");
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
		return refuse(visit, MHD_HTTP_CONTENT_TOO_LARGE, "the body is too large");
	return hand_over(visit);
}

int http_visit_refusal(const struct http_visit *visit, const char **sentence)
{
	*sentence = visit->why_refused;
	return visit->refusal;
}

/* ---------------------------------------------------------------- answers */

void http_visit_resume(struct http_visit *visit)
{
	struct http_server *server = visit->server;
	if (!visit->suspended)
		return;
	visit->suspended = false;
	MHD_resume_connection(visit->connection);
	http_server_run_soon(server); /* it is not told by its descriptor */
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
			http_visit_resume(visit);
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
	bool paced = answer->cut_after > 0 || answer->pace_bytes > 0, lasts = answer->lasts && answer->take == NULL && !paced;
	char *bytes = answer->take != NULL ? answer->take : lasts ? (char *)(uintptr_t)answer->body : mem_dup(answer->body, answer->n_body);
	visit->status = answer->status;
	if (paced) {
		visit->bytes = bytes;
		visit->n_bytes = answer->n_body;
		visit->cut_after = answer->cut_after;
		visit->pace_bytes = answer->pace_bytes;
		visit->pace_ms = MAX(answer->pace_ms, 1);
		visit->response = MHD_create_response_from_callback(answer->n_body, READER_BLOCK,
		    on_read, visit, NULL);
	} else {
		visit->response = MHD_create_response_from_buffer(answer->n_body, bytes,
		    lasts ? MHD_RESPMEM_PERSISTENT : MHD_RESPMEM_MUST_FREE);
	}
	if (visit->response != NULL && visit->refusal != 0)
		MHD_add_response_header(visit->response, "Connection", "close");
	if (visit->response != NULL && !add_headers(visit->response, answer)) {
		log_broken("an answer to %s had a header that may not be sent", visit->path);
		MHD_destroy_response(visit->response);
		visit->response = NULL; /* http_visit_request closes the connection */
	}
	http_visit_resume(visit);
}

/* ---------------------------------------------------------------- streams */

#define GONE_MS 60000 /* what was sent and nobody acknowledges: the client is gone */

static ssize_t on_stream_read(void *arg, uint64_t position, char *out, size_t max)
{
	struct http_visit *visit = arg;
	size_t n = MIN(max, visit->waiting.n - visit->sent);
	UNUSED(position);
	if (n == 0 && visit->ended)
		return MHD_CONTENT_READER_END_OF_STREAM;
	if (n == 0) {
		visit->suspended = true;
		MHD_suspend_connection(visit->connection);
		return 0;
	}
	memcpy(out, visit->waiting.bytes + visit->sent, n);
	visit->sent += n;
	if (visit->sent == visit->waiting.n) {
		text_reset(&visit->waiting);
		visit->sent = 0;
	}
	return (ssize_t)n;
}

bool http_visit_stream(struct http_visit *visit, const struct http_answer *answer, void (*on_gone)(void *), void *arg)
{
	assert(visit->served && !visit->answered);
	visit->answered = true;
	visit->streams = true;
	visit->on_gone = on_gone;
	visit->gone_arg = arg;
	if (visit->connection == NULL) {
		visit_free(visit);
		return false;
	}
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(visit->connection, MHD_CONNECTION_INFO_CONNECTION_FD);
	unsigned patience = GONE_MS;
	if (info != NULL)
		(void)setsockopt(info->connect_fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &patience, sizeof patience);
	visit->status = answer->status;
	visit->response = MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, READER_BLOCK, on_stream_read, visit, NULL);
	if (visit->response != NULL && visit->refusal != 0)
		MHD_add_response_header(visit->response, "Connection", "close");
	if (visit->response != NULL && !add_headers(visit->response, answer)) {
		MHD_destroy_response(visit->response);
		visit->response = NULL;
	}
	http_visit_resume(visit);
	return true;
}

void http_visit_send(struct http_visit *visit, const char *bytes, size_t n)
{
	assert(visit->streams && !visit->ended);
	if (visit->waiting.n - visit->sent + n > STREAM_WAITS) {
		struct guest *guest = http_guest_of(visit->connection);
		if (guest != NULL)
			shutdown(guest->fd, SHUT_RDWR);
	} else {
		/* A client that is always a little behind keeps no more than what waits. */
		if (visit->sent > visit->waiting.n / 2) {
			visit->waiting.n -= visit->sent;
			memmove(visit->waiting.bytes, visit->waiting.bytes + visit->sent, visit->waiting.n);
			visit->sent = 0;
		}
		text_add(&visit->waiting, bytes, n);
	}
	if (visit->queued)
		http_visit_resume(visit);
}

void http_visit_end(struct http_visit *visit)
{
	assert(visit->streams && !visit->ended);
	visit->ended = true;
	visit->on_gone = NULL;
	if (visit->queued)
		http_visit_resume(visit);
}

/* ---------------------------------------------------------------- what was asked */

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

bool http_visit_peer_user(const struct http_visit *visit, unsigned *uid)
{
	struct ucred who;
	socklen_t n = sizeof who;
	const union MHD_ConnectionInfo *info = visit->connection == NULL || visit->server == NULL || visit->server->socket_path == NULL ? NULL :
	    MHD_get_connection_info(visit->connection, MHD_CONNECTION_INFO_CONNECTION_FD);
	if (info == NULL || getsockopt(info->connect_fd, SOL_SOCKET, SO_PEERCRED, &who, &n) != 0)
		return false;
	*uid = who.uid;
	return true;
}
