/* SPDX-License-Identifier: Apache-2.0
 *
 * What http_client.c (curl's transfers on the loop) and http_call.c (one
 * request, one answer) know of each other. */
#ifndef NET_HTTP_CLIENT_PARTS_H
#define NET_HTTP_CLIENT_PARTS_H

#include <curl/curl.h>

#include "net/http_client.h"
#include "net/url.h"

struct http_call {
	struct http_client *client;
	struct http_call *previous, *next; /* client->calls, or client->late */
	CURL *easy;			   /* NULL once it is late */
	struct curl_slist *headers;
	struct curl_slist *recipients; /* of a mail */
	char *body;
	size_t body_n, body_read;
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

/* The request as curl wants it: call->easy is made, the headers and the body
 * are copied. False with the call's fault filled. */
bool http_call_prepare(struct http_call *, const struct http_request *) MUST_USE;
/* Why curl did not get an answer, as a sentence: the call's fault. */
void http_call_explain(struct http_call *, CURLcode);
/* Certificates, time-outs, proxy, where the answer goes: the same for every call. */
void http_call_set_up(struct http_call *, const struct http_request *);
/* http_mail.c: the same as http_call_prepare for a mail, and what went wrong with one. */
bool http_mail_prepare(struct http_call *, const struct http_request *) MUST_USE;
void http_mail_explain(struct http_call *, CURLcode, const char *detail);
void http_call_drop_body(struct http_call *);
void http_call_free(struct http_call *);

#endif
