/* SPDX-License-Identifier: Apache-2.0
 *
 * One request to Webex as Webex wants it: bearer, TrackingID, one refresh
 * after a 401, patience after 429 and 5xx, a sentence that helps after 403,
 * the right region after 451. Loop thread only. */
#ifndef WEBEX_CLIENT_H
#define WEBEX_CLIENT_H

#include "net/http_client.h"
#include "webex/apis.h"
#include "webex/cdr_hosts.h"
#include "webex/link_header.h"
#include "webex/oauth.h"

struct webex;	   /* opaque */
struct webex_call; /* one request on its way; opaque */

struct webex_options {
	const char *base;     /* "https://webexapis.com/v1"; NULL: OAUTH_BASE */
	const char *cdr_base; /* where call records are asked first, with /v1; NULL:
				 https://analytics-calling.webexapis.com/v1 */
	const struct cdr_hosts *cdr_hosts; /* NULL: cdr_hosts_init */
	/* A 451 told us where the records live: keep it for the next start.
	 * `base` is the new cdr_base. May be NULL. */
	void (*on_region)(const char *base, void *arg);
	void *arg;
	int64_t second_ms; /* how long a second of waiting lasts; 0: 1000. Tests: less */
};

/* All are borrowed and must outlive it; options are copied. */
struct webex *webex_new(uv_loop_t *, struct http_client *, struct oauth *, const struct clock *,
    const struct webex_options *, struct fault *) MUST_USE;

/* Cancels what is on its way (each `done` is called), then frees. */
void webex_close(struct webex *, void (*on_closed)(void *arg), void *arg);

struct webex_request {
	enum webex_api api;
	const char *method; /* NULL: GET */
	const char *path;   /* "/people?max=50" below base (API_CDR: below cdr_base), or
			       a whole https address of Webex: a next link, unchanged */
	const char *body;   /* JSON; NULL: none */
	int64_t timeout_ms; /* 0: 60 s */
	size_t max_bytes;   /* 0: 64 MB */
	/*
	 * How often at most, all in all; 0: 5 for GET, 1 for the rest, which may
	 * not be repeated blindly. 423, 429, 5xx and the network are waited out;
	 * the refresh after a 401 is not counted.
	 */
	int max_tries;
};

/* Valid until the callback returns. */
struct webex_answer {
	struct fault fault; /* FAULT_NONE: status is 2xx */
	int status;	    /* 0: no answer came */
	char *body;	    /* NULL when empty; set it to NULL to take it, then free() */
	size_t body_n;
	char next[LINK_BYTES];	 /* the next page's address, "" none; not checked yet */
	char tracking_id[80];	 /* Webex's, else ours; printable */
	int64_t took_ms;	 /* the last try */
	int n_tries;
};

typedef void (*webex_done_fn)(struct webex_answer *, void *arg);

/*
 * Send. `done` comes once, from the loop, never from inside.
 *
 * FAULT_LOGIN      nobody signed in, or only a person can renew the sign-in
 * FAULT_AUTH       401 also with a fresh token
 * FAULT_FORBIDDEN  403: the sentence names scope, role, token type, licence
 * FAULT_NOT_FOUND  404, FAULT_CONFLICT 409, FAULT_REFUSED other 4xx
 * FAULT_LIMIT      429 still: retry_after_ms
 * FAULT_REGION     451: when webex_cdr_base is another now, ask again there
 * FAULT_NETWORK    5xx or no connection, after all tries
 * FAULT_INPUT      an address that is not of Webex: the bearer does not go there
 */
struct webex_call *webex_send(struct webex *, const struct webex_request *, webex_done_fn done,
    void *arg);
/* `done` follows with FAULT_CANCELLED, or with the end that was on its way. */
void webex_call_cancel(struct webex_call *);

/* The server's clock: ours corrected by the Date headers seen. */
int64_t webex_now_ms(const struct webex *);
int64_t webex_skew_ms(const struct webex *); /* server minus ours; 0 before any answer */

const char *webex_base(const struct webex *);
const char *webex_cdr_base(const struct webex *); /* borrowed until the next 451 */

/* May the bearer be sent to this address? https (or the configured loopback),
 * and base's host or one of the CDR hosts. */
bool webex_may_ask(const struct webex *, const char *address, struct fault *) MUST_USE;

/* Scopes of the token, for sentences. */
struct oauth *webex_oauth(const struct webex *);

#endif
