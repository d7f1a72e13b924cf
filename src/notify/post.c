/* SPDX-License-Identifier: Apache-2.0 */
#include "notify/post.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/cut.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "net/file.h"
#include "net/lane.h"
#include "net/tls_send.h"
#include "webex/error_body.h"
#include "webex/retry_after.h"
#include "webex/secret.h"

#define SECRET_NS  (10 * INT64_C(60000000000)) /* a new one in the file is found by then */
#define TIMEOUT_MS (20 * SECOND_MS)
#define ANSWER_MAX ((size_t)64 * 1024)
#define MOST_WAIT_MS HOUR_MS /* of a Retry-After */

struct kept_secrets {
	const struct destination *to;
	char *url, *secret;
	int64_t read_ns;
};

struct post {
	struct http_client *http;
	struct lane *lane;	/* secrets and files */
	struct lane *wire_lane; /* who only listens: one that is silent keeps no secret from others */
	atomic_bool leaving;	/* nobody is waited for any more */
	struct kept_secrets *kept;
	size_t n_kept, kept_room;
	char *ca_file;
	void (*on_closed)(void *);
	void *closed_arg;
};

/* Parcels that were handed over together. */
struct sending {
	struct job job;
	struct post *post;
	const struct destination *to;
	const struct parcel *parcels;
	struct post_outcome *outcomes;
	size_t n, n_left;
	char *url, *secret; /* read by the job */
	bool ok;
	struct fault fault;
	void (*done)(const struct post_outcome *, size_t, void *);
	void *arg;
};

struct one {
	struct sending *sending;
	size_t i;
	struct fault fault; /* it could not even be written down */
};

bool post_open(uv_loop_t *loop, const struct post_options *options, struct post **out, struct fault *fault)
{
	struct http_client_options http = { .ca_file = options->ca_file, .proxy = options->proxy, .connect_to = options->connect_to,
		.allow_http_to_loopback = options->http_to_loopback };
	struct post *post = mem_zalloc(sizeof *post);
	post->http = http_client_new(loop, &http, fault);
	if (post->http == NULL) {
		free(post);
		return false;
	}
	post->lane = lane_new(loop);
	post->wire_lane = lane_new(loop);
	post->ca_file = mem_strdup(options->ca_file);
	*out = post;
	return true;
}

/* ---- secrets ---------------------------------------------------------------- */

static struct kept_secrets *kept_of(struct post *post, const struct destination *to)
{
	for (size_t i = 0; i < post->n_kept; i++) {
		if (post->kept[i].to == to)
			return &post->kept[i];
	}
	post->kept = mem_grow(post->kept, post->n_kept, &post->kept_room, sizeof *post->kept);
	post->kept[post->n_kept] = (struct kept_secrets){ .to = to };
	return &post->kept[post->n_kept++];
}

static void forget_secrets(struct kept_secrets *kept)
{
	mem_free_secret(kept->url);
	mem_free_secret(kept->secret);
	kept->url = kept->secret = NULL;
	kept->read_ns = 0;
}

static bool read_one(const struct secret_at *at, char **out, struct fault *fault)
{
	struct secret_source source = { .file = at->file, .command = at->command };
	if (at->plain != NULL) {
		*out = mem_strdup(at->plain);
		return true;
	}
	if (!secret_source_is_set(&source)) {
		*out = mem_strdup("");
		return true;
	}
	return secret_read(&source, out, fault);
}

/* ---- ends ------------------------------------------------------------------- */

static void finish(struct sending *s)
{
	s->done(s->outcomes, s->n, s->arg);
	mem_free_secret(s->url);
	mem_free_secret(s->secret);
	free(s->outcomes);
	free(s);
}

static void all_end(struct sending *s, enum outbox_result result, const struct fault *fault)
{
	for (size_t i = 0; i < s->n; i++)
		s->outcomes[i] = (struct post_outcome){ .result = result, .all_wait = result == OUTBOX_AGAIN, .fault = *fault };
	finish(s);
}

/* ---- who answers ------------------------------------------------------------ */

static bool is_for_good(int status)
{
	static const int ends[] = { 400, 404, 405, 406, 409, 410, 411, 413, 414, 415, 422 };
	for (size_t i = 0; i < COUNT_OF(ends); i++) {
		if (ends[i] == status)
			return true;
	}
	return false;
}

/* Webex says why in a form of its own, and names a trackingId that its support asks for; of
 * others the beginning of what they say. */
static void say_refusal(const struct http_response *response, int status, struct fault *fault)
{
	enum fault_code code = status == 429 ? FAULT_LIMIT : status == 401 || status == 403 ? FAULT_AUTH : FAULT_REFUSED;
	struct error_body body = { 0 };
	char said[120] = "";
	if (response->body != NULL)
		error_body_read(response->body, response->body_n, &body);
	if (body.tracking_id[0] != '\0') {
		fault_set(fault, code, "HTTP %d: %.*s [trackingId %s]", status, (int)cut_whole(body.message, 120), body.message, body.tracking_id);
		return;
	}
	if (response->body != NULL)
		text_printable(said, sizeof said, response->body, strlen(response->body));
	fault_set(fault, code, "HTTP %d%s%s", status, *said != '\0' ? ": " : "", said);
}

/* What the answer means for the message. A wrong token or a closed door may be
 * mended: that is tried again; a message that is wrong stays wrong. */
static void judge_answer(const struct sending *s, size_t i, const struct http_response *response, struct post_outcome *out)
{
	bool edited = *s->parcels[i].remote_id != '\0';
	int status = response->status;
	if (status >= 200 && status < 300 && s->to->kind->heed != NULL)
		status = s->to->kind->heed(response, out->remote_id);
	if (status >= 200 && status < 300) {
		out->result = OUTBOX_TAKEN;
		return;
	}
	say_refusal(response, status, &out->fault);
	out->forget = edited && (status == 404 || status == 400 || status == 403);
	out->result = is_for_good(status) && !out->forget ? OUTBOX_REFUSED : OUTBOX_AGAIN;
	const char *after = http_header(response, "Retry-After", 0);
	if (out->result == OUTBOX_AGAIN && after != NULL)
		out->wait_ms = retry_after_within_ms(after, clock_real_ms(), s->to->kind->most_wait_ms > 0 ? s->to->kind->most_wait_ms : MOST_WAIT_MS);
	out->all_wait = out->result == OUTBOX_AGAIN && !out->forget && (status == 401 || status == 403 || status == 429 || (status >= 502 && status <= 504));
}

static void on_answer(struct http_response *response, void *arg)
{
	struct one *one = arg;
	struct sending *s = one->sending;
	struct post_outcome *out = &s->outcomes[one->i];
	*out = (struct post_outcome){ .result = OUTBOX_AGAIN };
	if (one->fault.code != FAULT_NONE) {
		out->fault = one->fault; /* a secret that is none: it is read again */
		out->all_wait = true;
		forget_secrets(kept_of(s->post, s->to));
	} else if (response->fault.code == FAULT_REFUSED) {
		*out = (struct post_outcome){ .result = OUTBOX_REFUSED, .fault = response->fault };
	} else if (response->fault.code != FAULT_NONE) {
		out->fault = response->fault;
		out->all_wait = true;
	} else if (s->to->kind->way == WAY_MAIL) {
		out->result = OUTBOX_TAKEN;
	} else {
		judge_answer(s, one->i, response, out);
	}
	if (out->fault.code == FAULT_AUTH || out->fault.code == FAULT_INPUT)
		forget_secrets(kept_of(s->post, s->to));
	free(one);
	if (--s->n_left == 0)
		finish(s);
}

static void send_http(struct sending *s, size_t i, const struct secrets *secrets, struct one *one)
{
	const struct destination *to = s->to;
	const struct parcel *parcel = &s->parcels[i];
	struct wire wire = { 0 };
	const char *headers[WIRE_HEADERS];
	struct fault fault = { 0 };
	bool packed = to->kind->pack(to, secrets, parcel, clock_real_ms(), &wire, &fault);
	for (size_t k = 0; k < wire.n_headers; k++)
		headers[k] = text_string(&wire.headers[k]);
	/* What could not be packed is sent to nowhere, and so ends like the others. */
	one->fault = fault;
	http_client_send(s->post->http, &(struct http_request){ .method = wire.method, .url = packed ? text_string(&wire.url) : "", .headers = headers,
	    .n_headers = wire.n_headers, .body = parcel->body, .body_n = strlen(parcel->body), .timeout_ms = TIMEOUT_MS, .max_bytes = ANSWER_MAX,
	    .flags = HTTP_SECRET, .ca_file = to->ca_file }, on_answer, one);
	wire_clear(&wire);
}

static void send_mail(struct sending *s, size_t i, const struct secrets *secrets, struct one *one)
{
	const struct destination *to = s->to;
	struct http_mail mail = { .from = to->from, .to = (const char *const *)to->to.items, .n_to = to->to.n, .user = to->user,
		.password = *secrets->secret != '\0' ? secrets->secret : NULL };
	/* 465 is TLS from the first byte (RFC 8314); elsewhere it begins with STARTTLS. */
	char *url = mem_printf("%s://%s", text_ends_with(to->server, ":465") ? "smtps" : "smtp", to->server);
	http_client_send(s->post->http, &(struct http_request){ .url = url, .body = s->parcels[i].body, .body_n = strlen(s->parcels[i].body),
	    .timeout_ms = TIMEOUT_MS, .max_bytes = ANSWER_MAX, .ca_file = to->ca_file, .mail = &mail }, on_answer, one);
	free(url);
}

static void send_each(struct sending *s, const struct secrets *secrets)
{
	s->n_left = s->n;
	for (size_t i = 0, n = s->n; i < n; i++) {
		struct one *one = mem_zalloc(sizeof *one);
		*one = (struct one){ .sending = s, .i = i };
		if (s->to->kind->way == WAY_MAIL)
			send_mail(s, i, secrets, one);
		else
			send_http(s, i, secrets, one);
	}
}

/* ---- on the lane ------------------------------------------------------------ */

static void secrets_work(struct job *job)
{
	struct sending *s = (struct sending *)job;
	s->ok = read_one(&s->to->url, &s->url, &s->fault) && read_one(&s->to->secret, &s->secret, &s->fault);
}

static void on_secrets(struct job *job, bool cancelled)
{
	struct sending *s = (struct sending *)job;
	if (cancelled)
		fault_set(&s->fault, FAULT_CANCELLED, "%s", _("the program ends"));
	if (cancelled || !s->ok) {
		all_end(s, OUTBOX_AGAIN, &s->fault);
		return;
	}
	struct kept_secrets *kept = kept_of(s->post, s->to);
	forget_secrets(kept);
	kept->url = s->url;
	kept->secret = s->secret;
	kept->read_ns = clock_steady_ns();
	s->url = s->secret = NULL;
	struct secrets secrets = { kept->url, kept->secret };
	send_each(s, &secrets);
}

/* All of them in one connection, or at the end of one file: taken together. */
static void bytes_work(struct job *job)
{
	struct sending *s = (struct sending *)job;
	struct text all = { 0 };
	for (size_t i = 0; i < s->n; i++)
		text_puts(&all, s->parcels[i].body);
	if (s->to->kind->way == WAY_FILE) {
		s->ok = file_append(s->to->path, text_string(&all), all.n, &s->fault);
	} else {
		const char *colon = strrchr(s->to->server, ':');
		char *host = mem_strndup(s->to->server, (size_t)(colon - s->to->server));
		s->ok = tls_send(host, colon + 1, s->to->ca_file != NULL ? s->to->ca_file : s->post->ca_file, text_string(&all), all.n, &s->post->leaving,
		    &s->fault);
		free(host);
	}
	text_clear(&all);
}

static void on_bytes(struct job *job, bool cancelled)
{
	struct sending *s = (struct sending *)job;
	if (cancelled)
		fault_set(&s->fault, FAULT_CANCELLED, "%s", _("the program ends"));
	all_end(s, !cancelled && s->ok ? OUTBOX_TAKEN : OUTBOX_AGAIN, &s->fault);
}

void post_send(struct post *post, const struct destination *to, const struct parcel *parcels, size_t n,
    void (*done)(const struct post_outcome *, size_t, void *), void *arg)
{
	struct sending *s = mem_zalloc(sizeof *s);
	*s = (struct sending){ .post = post, .to = to, .parcels = parcels, .n = n, .done = done, .arg = arg };
	s->outcomes = mem_zalloc((n + 1) * sizeof *s->outcomes);
	bool answers = to->kind->way == WAY_HTTP || to->kind->way == WAY_MAIL;
	const struct kept_secrets *kept = kept_of(post, to);
	if (answers && kept->read_ns != 0 && clock_steady_ns() - kept->read_ns < SECRET_NS) {
		struct secrets secrets = { kept->url, kept->secret };
		send_each(s, &secrets);
		return;
	}
	s->job = (struct job){ .work = answers ? secrets_work : bytes_work, .done = answers ? on_secrets : on_bytes };
	lane_submit(answers || to->kind->way == WAY_FILE ? post->lane : post->wire_lane, &s->job);
}

void post_forget(struct post *post)
{
	for (size_t i = 0; i < post->n_kept; i++)
		forget_secrets(&post->kept[i]);
	post->n_kept = 0;
}

static void on_http_closed(void *arg)
{
	struct post *post = arg;
	post_forget(post);
	free(post->kept);
	free(post->ca_file);
	void (*on_closed)(void *) = post->on_closed;
	void *closed_arg = post->closed_arg;
	free(post);
	if (on_closed != NULL)
		on_closed(closed_arg);
}

static void on_lane_closed(void *arg)
{
	struct post *post = arg;
	http_client_close(post->http, on_http_closed, post);
}

static void on_wires_closed(void *arg)
{
	struct post *post = arg;
	lane_close(post->lane, on_lane_closed, post);
}

void post_close(struct post *post, void (*on_closed)(void *), void *arg)
{
	post->on_closed = on_closed;
	post->closed_arg = arg;
	atomic_store(&post->leaving, true);
	lane_close(post->wire_lane, on_wires_closed, post);
}
