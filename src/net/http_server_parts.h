/* SPDX-License-Identifier: Apache-2.0
 *
 * What http_server.c (the daemon, its connections, start and stop) and
 * http_visit.c (a request and its answer) know of each other. */
#ifndef NET_HTTP_SERVER_PARTS_H
#define NET_HTTP_SERVER_PARTS_H

#include <arpa/inet.h>
#include <microhttpd.h>

#include "base/clock.h"
#include "base/text.h"
#include "net/http_server.h"

struct guest { /* one connection */
	struct guest *next, **before;
	struct http_server *server;
	int fd;
	int64_t deadline_ms; /* steady; 0: the program is at work, not the client */
	int64_t moved_ms; /* when some of its answer was last seen to be taken */
	int n_kept;	  /* … and how much of it the kernel kept by then; -1: not looked at yet */
	bool receives; /* nothing whole was asked for yet, or not again */
};

struct http_visit {
	struct http_visit *next, **before;
	struct http_server *server;	   /* NULL: stopped */
	struct MHD_Connection *connection; /* NULL: the client left */
	char *method, *path, *query; /* method NULL: its headers are still to come */
	char peer[INET6_ADDRSTRLEN];
	struct text body;
	bool too_large, served, suspended, answered, queued;
	bool hears; /* struct http_end */
	int refusal; /* the status; 0: none */
	const char *why_refused;
	struct MHD_Response *response;
	int status;
	/* A paced or cut answer */
	char *bytes;
	size_t n_bytes, cut_after, pace_bytes, sent_in_burst;
	int64_t pace_ms, pace_until_ms; /* steady; 0: not pausing */
	/* A stream */
	bool streams, ended;
	struct text waiting; /* from `sent` on */
	size_t sent;
	void (*on_gone)(void *);
	void *gone_arg;
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
	size_t n_guests, most, crowded; /* crowded: from so many on who has asked for nothing makes room */
	size_t n_came; /* since libmicrohttpd began to run: nobody made room for them yet */
	int door; /* the socket that listens; libmicrohttpd's */
	size_t max_body;
	int64_t receive_ms, send_ms;
	int port;
	char url[80];
	char *socket_path; /* NULL: TCP */
	bool stopping, running, hands_refusals, tls;
	void (*on_stopped)(void *);
	void *stopped_arg;
};

static inline int64_t steady_ms(void)
{
	return clock_steady_ns() / 1000000;
}

/* http_server.c */
struct guest *http_guest_of(struct MHD_Connection *); /* may be NULL */
void http_server_run_soon(struct http_server *);

/* http_visit.c: what libmicrohttpd calls, and what ends a pause */
void *http_visit_begin(void *server, const char *target, struct MHD_Connection *);
enum MHD_Result http_visit_request(void *server, struct MHD_Connection *, const char *url,
    const char *method, const char *version, const char *upload, size_t *n_upload, void **context);
void http_visit_completed(void *server, struct MHD_Connection *, void **context,
    enum MHD_RequestTerminationCode);
void http_visit_resume(struct http_visit *);

#endif
