/* SPDX-License-Identifier: Apache-2.0
 *
 * Not a web server: it reads one request line, bounded, and closes. */
#include "webex/loopback.h"

#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "net/url.h"

enum { MOST_REQUEST = 16 * 1024, MOST_GUESTS = 8 };
#define GUEST_MS 10000

struct guest {
	uv_tcp_t tcp; /* first */
	uv_timer_t timer;
	uv_write_t write;
	struct loopback *loopback;
	struct guest *previous, *next;
	char bytes[MOST_REQUEST + 1];
	size_t n;
	struct text answer;
	int n_handles;
	bool understood, closing;
};

struct loopback {
	uv_tcp_t tcp;
	char *path;
	loopback_fn on_query;
	void *arg;
	struct guest *guests;
	int n_guests, n_handles;
	bool closing;
	void (*on_closed)(void *arg);
	void *closed_arg;
};

static void loopback_release(struct loopback *loopback)
{
	if (--loopback->n_handles > 0)
		return;
	void (*on_closed)(void *) = loopback->on_closed;
	void *arg = loopback->closed_arg;
	free(loopback->path);
	free(loopback);
	if (on_closed != NULL)
		on_closed(arg);
}

static void on_guest_closed(uv_handle_t *handle)
{
	struct guest *guest = handle->data;
	struct loopback *loopback = guest->loopback;
	if (--guest->n_handles > 0)
		return;
	if (guest->previous != NULL)
		guest->previous->next = guest->next;
	else
		loopback->guests = guest->next;
	if (guest->next != NULL)
		guest->next->previous = guest->previous;
	loopback->n_guests--;
	text_clear(&guest->answer);
	mem_wipe(guest->bytes, sizeof guest->bytes); /* the code was in it */
	free(guest);
	loopback_release(loopback);
}

static void guest_close(struct guest *guest)
{
	if (guest->closing)
		return;
	guest->closing = true;
	uv_close((uv_handle_t *)&guest->tcp, on_guest_closed);
	uv_close((uv_handle_t *)&guest->timer, on_guest_closed);
}

static void on_guest_late(uv_timer_t *timer)
{
	guest_close(timer->data);
}

static void on_written(uv_write_t *write, int status)
{
	UNUSED(status);
	guest_close(write->data);
}

static void answer(struct guest *guest, const char *status, const char *sentence)
{
	struct text page = { 0 };
	text_printf(&page, "<!doctype html><meta charset=utf-8><title>Centinela</title>"
	    "<p style=\"font:1.2em sans-serif;margin:3em\">%s</p>\n", sentence);
	text_printf(&guest->answer, "HTTP/1.1 %s\r\nContent-Type: text/html; charset=utf-8\r\n"
	    "Content-Length: %zu\r\nCache-Control: no-store\r\nReferrer-Policy: no-referrer\r\n"
	    "Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'\r\n"
	    "Connection: close\r\n\r\n%s",
	    status, page.n, text_string(&page));
	text_clear(&page);
	uv_read_stop((uv_stream_t *)&guest->tcp);
	uv_buf_t buffer = uv_buf_init(guest->answer.bytes, (unsigned)guest->answer.n);
	guest->write.data = guest;
	if (uv_write(&guest->write, (uv_stream_t *)&guest->tcp, &buffer, 1, on_written) != 0)
		guest_close(guest);
}

/* "GET /path?query HTTP/1.1": the query, NUL-terminated, or NULL. */
static char *query_of(struct guest *guest, bool *is_path)
{
	char *line = guest->bytes;
	*is_path = false;
	line[strcspn(line, "\r\n")] = '\0';
	if (!text_starts_with(line, "GET /"))
		return NULL;
	char *target = line + strlen("GET ");
	target[strcspn(target, " ")] = '\0';
	char *mark = strchr(target, '?');
	if (mark != NULL)
		*mark = '\0';
	*is_path = strcmp(target, guest->loopback->path) == 0;
	return *is_path && mark != NULL ? mark + 1 : NULL;
}

static void understand(struct guest *guest)
{
	struct loopback *loopback = guest->loopback;
	bool is_path;
	guest->understood = true;
	char *query = query_of(guest, &is_path);
	if (query == NULL) {
		answer(guest, is_path ? "400 Bad Request" : "404 Not Found", _("Nothing here."));
		return;
	}
	if (!loopback->closing && loopback->on_query(query, loopback->arg))
		answer(guest, "200 OK", _("Centinela has what it needs. You may close this tab."));
	else
		answer(guest, "400 Bad Request",
		    _("This answer does not belong to the sign-in under way."));
}

static void on_room(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer)
{
	UNUSED(suggested);
	struct guest *guest = handle->data;
	*buffer = uv_buf_init(guest->bytes + guest->n, (unsigned)(MOST_REQUEST - guest->n));
}

static void on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *buffer)
{
	UNUSED(buffer);
	struct guest *guest = stream->data;
	if (n < 0) {
		guest_close(guest);
		return;
	}
	guest->n += (size_t)n;
	guest->bytes[guest->n] = '\0';
	/* Wait for the whole head, or closing early would reset the browser. */
	if (strstr(guest->bytes, "\r\n\r\n") != NULL)
		understand(guest);
	else if (guest->n == MOST_REQUEST)
		answer(guest, "431 Request Header Fields Too Large", "");
}

static void on_guest(uv_stream_t *server, int status)
{
	struct loopback *loopback = server->data;
	if (status < 0 || loopback->closing)
		return;
	struct guest *guest = mem_zalloc(sizeof *guest);
	guest->loopback = loopback;
	uv_tcp_init(server->loop, &guest->tcp);
	uv_timer_init(server->loop, &guest->timer);
	guest->tcp.data = guest->timer.data = guest;
	guest->n_handles = 2;
	loopback->n_handles++;
	guest->next = loopback->guests;
	if (guest->next != NULL)
		guest->next->previous = guest;
	loopback->guests = guest;
	loopback->n_guests++;
	if (uv_accept(server, (uv_stream_t *)&guest->tcp) != 0 || loopback->n_guests > MOST_GUESTS) {
		guest_close(guest);
		return;
	}
	uv_timer_start(&guest->timer, on_guest_late, GUEST_MS, 0);
	uv_read_start((uv_stream_t *)&guest->tcp, on_room, on_read);
}

static void on_listener_closed(uv_handle_t *handle)
{
	loopback_release(handle->data);
}

struct loopback *loopback_open(uv_loop_t *loop, const char *redirect_uri, loopback_fn on_query,
    void *arg, struct fault *fault)
{
	/* curl refuses port 0, which only tests want. */
	char *address = mem_strdup(redirect_uri);
	char *zero = strstr(address, ":0/");
	if (zero != NULL)
		zero[1] = '1';
	struct url url;
	bool good = url_read(address, &url, NULL) && !url.is_https && url_is_loopback(&url) &&
	    strcmp(url.host, "::1") != 0 && strpbrk(address, "?#") == NULL;
	int port = zero != NULL ? 0 : url.port;
	free(address);
	if (!good) {
		fault_set(fault, FAULT_USAGE, _("to wait for the browser, the redirect address must be "
		    "http://localhost:PORT/path"));
		return NULL;
	}
	struct loopback *loopback = mem_zalloc(sizeof *loopback);
	const char *path = strchr(redirect_uri + strlen("http://"), '/');
	loopback->path = mem_strdup(path != NULL ? path : "/");
	loopback->on_query = on_query;
	loopback->arg = arg;
	loopback->n_handles = 1;
	uv_tcp_init(loop, &loopback->tcp);
	loopback->tcp.data = loopback;
	struct sockaddr_in here;
	uv_ip4_addr("127.0.0.1", port, &here);
	int error = uv_tcp_bind(&loopback->tcp, (const struct sockaddr *)&here, 0);
	if (error == 0)
		error = uv_listen((uv_stream_t *)&loopback->tcp, 8, on_guest);
	if (error != 0) {
		fault_set(fault, FAULT_SYSTEM, _("cannot wait for the browser on 127.0.0.1 port %d: %s"),
		    port, uv_strerror(error));
		loopback_close(loopback, NULL, NULL);
		return NULL;
	}
	return loopback;
}

int loopback_port(const struct loopback *loopback)
{
	struct sockaddr_in here;
	int n = sizeof here;
	if (uv_tcp_getsockname(&loopback->tcp, (struct sockaddr *)&here, &n) != 0)
		return 0;
	return ntohs(here.sin_port);
}

void loopback_close(struct loopback *loopback, void (*on_closed)(void *arg), void *arg)
{
	loopback->closing = true;
	loopback->on_closed = on_closed;
	loopback->closed_arg = arg;
	for (struct guest *guest = loopback->guests; guest != NULL; guest = guest->next)
		/* Whoever is being answered, or is about to be, closes by itself. */
		if (!guest->understood)
			guest_close(guest);
	uv_close((uv_handle_t *)&loopback->tcp, on_listener_closed);
}
