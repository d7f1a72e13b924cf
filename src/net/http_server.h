/* SPDX-License-Identifier: Apache-2.0
 *
 * HTTP/1.1 and HTTPS served on the loop: libmicrohttpd drives its own epoll
 * descriptor, a uv_poll watches that. Knows no routes and no JSON; the one
 * callback gets every request whole, with its raw body bytes, and may answer
 * now or later. Loop thread only. The client side is in http_client.h. */
#ifndef NET_HTTP_SERVER_H
#define NET_HTTP_SERVER_H

#include <uv.h>

#include "base/fault.h"

struct http_server; /* opaque */
struct http_visit;  /* one request and its answer; opaque */

struct http_server_options {
	const char *address;	     /* "127.0.0.1", "::1", "0.0.0.0"; NULL: 127.0.0.1 */
	int port;		     /* 0: the system picks one */
	const char *socket_path;     /* a Unix socket instead, never with TLS; NULL: none */
	unsigned socket_mode;	     /* its permissions; 0: 0600 */
	const char *certificate_pem; /* both or neither; neither: plain HTTP */
	const char *key_pem;
	size_t max_body;	     /* bytes; 0: 1 MB. More is answered 413 */
	size_t max_header;	     /* request line and headers; 0: 24 kB. More: 431 */
	unsigned max_connections;    /* 0: 128. More wait in the backlog or are closed */
	int64_t receive_ms;	     /* from connecting to a whole request; 0: 30 s */
	int64_t send_ms;	     /* for a whole answer; 0: 10 min */
	bool hands_refusals;	     /* what is refused before it is whole goes to `serve` too: http_visit_refusal */
};

/*
 * Called on the loop with a whole request. Every visit must be answered by
 * http_visit_answer exactly once, here or later, even when the server was
 * stopped meanwhile: that is also what frees it.
 */
typedef void (*http_serve_fn)(struct http_visit *, void *arg);

/* Copies what it needs of the options (the key is wiped when TLS has it). */
bool http_server_start(uv_loop_t *, const struct http_server_options *, http_serve_fn serve,
    void *arg, struct http_server **out, struct fault *) MUST_USE;

int http_server_port(const struct http_server *);
/* "https://127.0.0.1:4711", no slash at the end. */
const char *http_server_url(const struct http_server *);
size_t http_server_n_connections(const struct http_server *);

/* Close the listener and every connection, then free. on_stopped (may be NULL)
 * comes last, from the loop, never from inside this. Call once; may be called
 * from `serve`. */
void http_server_stop(struct http_server *, void (*on_stopped)(void *arg), void *arg);

/* What was asked. Everything lives until the visit is answered. */
const char *http_visit_method(const struct http_visit *);
const char *http_visit_path(const struct http_visit *);	 /* as sent, still %-encoded */
const char *http_visit_query(const struct http_visit *); /* as sent, without the ?; "" */
const char *http_visit_header(const struct http_visit *, const char *name); /* or NULL */
/* The raw bytes, with a NUL after them that is not counted. */
const char *http_visit_body(const struct http_visit *, size_t *n);
const char *http_visit_peer(const struct http_visit *); /* "127.0.0.1"; "" by a Unix socket */
/* The user at the other end of a Unix socket, as the kernel says. False: it is none, or gone. */
bool http_visit_peer_user(const struct http_visit *, unsigned *uid) MUST_USE;
/* The client's end of it: has it gone? To be asked by any thread, one at a time, until the visit
 * is answered. Who only said all it has to say and still listens (shutdown) is not gone. */
struct http_end {
	int socket;  /* -1 unknown, and then it has not */
	bool hears;  /* what is no answer yet: HTTP/1.1, not within TLS */
	bool called; /* it was told to go on */
};
struct http_end http_visit_end_of(const struct http_visit *);
bool http_end_is_gone(struct http_end *);

/* Why it is refused whatever it asks: the status to answer with, and a sentence; it has no
 * body then, and the connection closes after the answer. 0: it is not. */
int http_visit_refusal(const struct http_visit *, const char **sentence);

struct http_answer {
	int status;
	const char *const *headers; /* "Name: value", n_headers of them; copied */
	size_t n_headers;
	const char *body; /* copied, unless it lasts … */
	bool lasts;	  /* as long as the server: of one text for all there is one */
	char *take;	  /* … or this instead: malloc'd, freed by the server */
	size_t n_body;
	/* To be a bad network on purpose (the simulator's faults): */
	size_t cut_after;  /* close the connection after so many bytes; 0: no */
	size_t pace_bytes; /* send so many bytes, then pause pace_ms; 0: no */
	int64_t pace_ms;
};

/* Takes the visit (and `take`). A Date header of the server's own is added
 * unless the answer has one. */
void http_visit_answer(struct http_visit *, const struct http_answer *);

/*
 * An answer without an end: status and headers of `answer` now, bytes as they come.
 * False: the client has left already, and the visit is gone. on_gone is called on the
 * loop, once, when the client left, was too slow (more than STREAM_WAITS bytes wait for
 * it) or the server stopped; the visit is gone with it. After http_visit_end it is not
 * called. None of these calls back before it returns.
 */
#define STREAM_WAITS (1u << 20)
bool http_visit_stream(struct http_visit *, const struct http_answer *, void (*on_gone)(void *arg), void *arg) MUST_USE;
void http_visit_send(struct http_visit *, const char *bytes, size_t n); /* copied */
void http_visit_end(struct http_visit *);

#endif
