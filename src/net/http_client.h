/* SPDX-License-Identifier: Apache-2.0
 *
 * HTTPS requests on the loop (curl multi over libuv). Certificates are always
 * verified, TLS is 1.2 or newer, redirects are never followed, so a bearer
 * token reaches the host it was meant for or nobody. Loop thread only.
 *
 * Makes the process ignore SIGPIPE: a peer that closes is an error, not the
 * end of the program. */
#ifndef NET_HTTP_CLIENT_H
#define NET_HTTP_CLIENT_H

#include <uv.h>

#include "base/arena.h"
#include "base/fault.h"

struct http_client; /* opaque */
struct http_call;   /* a request on its way; opaque */

struct http_client_options {
	const char *ca_file;	/* PEM; used instead of the system's. NULL: the system's */
	const char *proxy;	/* "http://host:port"; "" none; NULL: HTTPS_PROXY, NO_PROXY */
	/*
	 * Send what is meant for any host to this "address:port" instead, with
	 * names and certificates unchanged: how tests and the simulator stand
	 * in for Webex. NULL: no.
	 */
	const char *connect_to;
	bool allow_http_to_loopback; /* http:// to 127.0.0.0/8, ::1, localhost */
	int64_t connect_timeout_ms;  /* 0: 15 s */
};

enum http_flag {
	HTTP_SECRET = 1 << 0, /* the answer holds a secret: wiped wherever it lay */
};

/* A mail instead: the request's url is smtps://host:port, or smtp://host:port with
 * STARTTLS, never without TLS; its body the message as RFC 5322 has it, CRLF at the
 * ends of its lines. The answer's status is SMTP's. */
struct http_mail {
	const char *from, *const *to; /* addresses without <> */
	size_t n_to;
	const char *user, *password; /* NULL: without */
};

struct http_request {
	const char *method; /* NULL: "GET" */
	const char *url;
	const char *const *headers; /* "Name: value", n_headers of them */
	size_t n_headers;
	const char *body; /* NULL: none */
	size_t body_n;
	int64_t timeout_ms; /* whole request; 0: 60 s */
	size_t max_bytes;   /* of the answer, after unpacking; 0: 64 MB */
	unsigned flags;	    /* enum http_flag */
	const char *ca_file; /* NULL: the client's */
	const struct http_mail *mail; /* NULL: HTTP */
};

struct http_header {
	const char *name, *value; /* value without blanks around it */
};

/* Valid until http_done_fn returns; `body` may be taken away before that:
 * set it to NULL and free() it later. */
struct http_response {
	struct fault fault; /* FAULT_NONE: an answer came, whatever its status */
	int status;	    /* 0 when there is a fault */
	char *body;	    /* body_n bytes and a NUL; NULL when empty */
	size_t body_n;
	struct http_header *headers;
	size_t n_headers;
	int64_t took_ms;
	struct arena arena; /* the headers live here */
};

/* On the loop, exactly once a request, never from inside http_client_send,
 * http_call_cancel or http_client_close. */
typedef void (*http_done_fn)(struct http_response *, void *arg);

struct http_client *http_client_new(uv_loop_t *, const struct http_client_options *,
    struct fault *) MUST_USE;

/*
 * Send a request. Copies all it needs. Whatever is wrong, also with the
 * request itself, arrives at `done` as a fault:
 *
 * FAULT_INPUT      an address we do not talk to
 * FAULT_NETWORK    name, connection, certificate, proxy, time-out; may pass
 * FAULT_FULL       the answer is larger than max_bytes
 * FAULT_REFUSED    a mail server said 5xx; FAULT_AUTH: it did not take the password
 * FAULT_CANCELLED  by http_call_cancel or http_client_close
 *
 * The call ends when `done` was called; do not keep it longer.
 */
struct http_call *http_client_send(struct http_client *, const struct http_request *,
    http_done_fn done, void *arg);

/* `done` will be called with FAULT_CANCELLED on a later turn of the loop. */
void http_call_cancel(struct http_call *);

size_t http_client_n_calls(const struct http_client *);

/* Cancel everything, then free. on_closed (may be NULL) comes last, from the
 * loop. What is sent meanwhile is cancelled too. */
void http_client_close(struct http_client *, void (*on_closed)(void *arg), void *arg);

/* The nth (from 0) value of a header, any case, or NULL. */
const char *http_header(const struct http_response *, const char *name, size_t nth);

#endif
