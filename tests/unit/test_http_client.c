/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"
#include "web.h"

#include <semaphore.h>
#include <uv.h>
#include <zlib.h>

#include "net/http_client.h"

static uv_loop_t loop;
static struct http_client *client;
static struct web web;
static sem_t hold;

struct seen {
	int n, status;
	struct fault fault;
	char body[2048];
	size_t body_n;
	char header[128];
};

static void answer(const struct web_request *request, struct web_answer *out, void *arg)
{
	(void)arg;
	char text[1024];
	if (strcmp(request->path, "/moved") == 0) {
		out->status = 302;
		web_header(out, "Location", "/elsewhere");
	} else if (strcmp(request->path, "/hold") == 0) {
		sem_wait(&hold);
		sem_post(&hold); /* the gate stays open */
	} else if (strcmp(request->path, "/large") == 0) {
		out->body = calloc(1, 300000);
		memset(out->body, 'x', 299999);
	} else if (strcmp(request->path, "/packed") == 0) {
		/* 10 MB of blanks in a few kB. */
		size_t n = 10 << 20;
		char *blanks = malloc(n);
		memset(blanks, ' ', n);
		z_stream z = { 0 };
		deflateInit2(&z, 9, Z_DEFLATED, 31, 9, Z_DEFAULT_STRATEGY);
		out->body = malloc(n / 100);
		z.next_in = (unsigned char *)blanks;
		z.avail_in = (unsigned)n;
		z.next_out = (unsigned char *)out->body;
		z.avail_out = (unsigned)(n / 100);
		deflate(&z, Z_FINISH);
		out->body_n = z.total_out;
		deflateEnd(&z);
		free(blanks);
		web_header(out, "Content-Encoding", "gzip");
	} else {
		const char *agent = MHD_lookup_connection_value(request->connection,
		    MHD_HEADER_KIND, "User-Agent");
		snprintf(text, sizeof text, "%s %s [%s] (%s) %s", request->method, request->url,
		    request->body, request->authorization != NULL ? request->authorization : "",
		    agent);
		web_json(out, 200, text);
		web_header(out, "Link", "<https://a/>; rel=\"next\"");
		web_header(out, "Link", "<https://b/>; rel=\"last\"");
	}
}

static void on_done(struct http_response *response, void *arg)
{
	struct seen *seen = arg;
	seen->n++;
	seen->status = response->status;
	seen->fault = response->fault;
	seen->body_n = response->body_n;
	snprintf(seen->body, sizeof seen->body, "%s", response->body != NULL ? response->body : "");
	const char *second = http_header(response, "lInK", 1);
	snprintf(seen->header, sizeof seen->header, "%s", second != NULL ? second : "");
}

static void open_client(const struct http_client_options *options)
{
	struct fault fault;
	uv_loop_init(&loop);
	client = http_client_new(&loop, options, &fault);
	REQUIRE(client != NULL);
}

static void open_plain(void)
{
	sem_init(&hold, 0, 0);
	web_start(&web, NULL, answer, NULL);
	web.parallel = true;
	open_client(&(struct http_client_options){ .allow_http_to_loopback = true });
}

static void close_all(void)
{
	http_client_close(client, NULL, NULL);
	uv_run(&loop, UV_RUN_DEFAULT);
	CHECK_INT(uv_loop_close(&loop), 0);
	web_stop(&web);
}

static const char *at(const char *path)
{
	static char url[256];
	snprintf(url, sizeof url, "%s%s", web.base, path);
	return url;
}

static struct seen ask(const struct http_request *request)
{
	struct seen seen = { 0 };
	http_client_send(client, request, on_done, &seen);
	CHECK_INT(seen.n, 0);
	uv_run(&loop, UV_RUN_DEFAULT);
	CHECK_INT(seen.n, 1);
	return seen;
}

TEST(a_request_arrives_whole_and_its_answer_too)
{
	open_plain();
	static const char *const headers[] = { "Authorization: Bearer abc" };
	struct seen seen = ask(&(struct http_request){ .method = "POST", .url = at("/echo?a=1&b=x,y"),
	    .headers = headers, .n_headers = 1, .body = "k=v", .body_n = 3 });
	CHECK_INT(seen.status, 200);
	CHECK_STR(seen.body, "POST /echo?a=1&b=x,y [k=v] (Bearer abc) centinela/" CENTINELA_VERSION);
	CHECK_STR(seen.header, "<https://b/>; rel=\"last\"");
	seen = ask(&(struct http_request){ .url = at("/") });
	CHECK_STR(seen.body, "GET / [] () centinela/" CENTINELA_VERSION);
	seen = ask(&(struct http_request){ .method = "PUT", .url = at("/p"), .body = "{}", .body_n = 2 });
	CHECK_STR(seen.body, "PUT /p [{}] () centinela/" CENTINELA_VERSION);
	seen = ask(&(struct http_request){ .method = "DELETE", .url = at("/d") });
	CHECK_STR(seen.body, "DELETE /d [] () centinela/" CENTINELA_VERSION);
	close_all();
}

TEST(a_redirect_is_an_answer_and_is_not_followed)
{
	open_plain();
	struct seen seen = ask(&(struct http_request){ .url = at("/moved") });
	CHECK_INT(seen.status, 302);
	CHECK_INT(web.n_requests, 1);
	close_all();
}

TEST(only_https_is_spoken_but_to_loopback_when_allowed)
{
	open_plain();
	struct seen seen = ask(&(struct http_request){ .url = "http://example.com/" });
	CHECK_INT(seen.fault.code, FAULT_INPUT);
	CHECK(strstr(seen.fault.text, "only https") != NULL);
	seen = ask(&(struct http_request){ .url = "ftp://example.com/" });
	CHECK_INT(seen.fault.code, FAULT_INPUT);
	seen = ask(&(struct http_request){ .url = "https://user:secret@example.com/" });
	CHECK_INT(seen.fault.code, FAULT_INPUT);
	CHECK(strstr(seen.fault.text, "secret") == NULL);
	close_all();

	web_start(&web, NULL, answer, NULL);
	open_client(&(struct http_client_options){ 0 });
	seen = ask(&(struct http_request){ .url = at("/") });
	CHECK_INT(seen.fault.code, FAULT_INPUT);
	CHECK_INT(web.n_requests, 0);
	close_all();
}

TEST(a_header_cannot_smuggle_another_in)
{
	open_plain();
	static const char *const headers[] = { "Authorization: Bearer a\r\nX-Evil: 1" };
	struct seen seen = ask(&(struct http_request){ .url = at("/"), .headers = headers,
	    .n_headers = 1 });
	CHECK_INT(seen.fault.code, FAULT_INPUT);
	CHECK(strstr(seen.fault.text, "Bearer") == NULL);
	close_all();
}

TEST(C10_a_certificate_is_verified_and_the_fault_names_the_ca_option)
{
	web_start(&web, "DNS:webexapis.com", answer, NULL);
	open_client(&(struct http_client_options){ .connect_to = web.address });
	struct seen seen = ask(&(struct http_request){ .url = "https://webexapis.com/v1/people/me" });
	CHECK_INT(seen.fault.code, FAULT_NETWORK);
	CHECK(strstr(seen.fault.text, "webexapis.com") != NULL);
	CHECK(strstr(seen.fault.text, "ca_file") != NULL);
	CHECK_INT(web.n_requests, 0);
	http_client_close(client, NULL, NULL);
	uv_run(&loop, UV_RUN_DEFAULT);
	CHECK_INT(uv_loop_close(&loop), 0);

	open_client(&(struct http_client_options){ .connect_to = web.address, .ca_file = web.ca_file });
	seen = ask(&(struct http_request){ .url = "https://webexapis.com/v1/people/me" });
	CHECK_INT(seen.fault.code, FAULT_NONE);
	CHECK_INT(seen.status, 200);
	/* The same certificate does not make it another host. */
	seen = ask(&(struct http_request){ .url = "https://evil.example/" });
	CHECK_INT(seen.fault.code, FAULT_NETWORK);
	CHECK(strstr(seen.fault.text, "evil.example") != NULL);
	close_all();
}

TEST(a_ca_file_that_is_not_there_is_named)
{
	web_start(&web, "DNS:webexapis.com", answer, NULL);
	open_client(&(struct http_client_options){ .connect_to = web.address,
	    .ca_file = "/nonexistent/ca.pem" });
	struct seen seen = ask(&(struct http_request){ .url = "https://webexapis.com/" });
	CHECK(seen.fault.code != FAULT_NONE);
	CHECK(strstr(seen.fault.text, "/nonexistent/ca.pem") != NULL);
	close_all();
}

/* The last transfer ends by a time-out: results must still be read. */
TEST(a_time_out_of_the_only_transfer_is_seen)
{
	open_plain();
	struct seen seen = ask(&(struct http_request){ .url = at("/hold"), .timeout_ms = 60 });
	CHECK_INT(seen.fault.code, FAULT_NETWORK);
	CHECK(strstr(seen.fault.text, "127.0.0.1 did not answer in time") != NULL);
	sem_post(&hold);
	close_all();
}

TEST(a_refused_connection_names_host_and_port)
{
	open_plain();
	struct seen seen = ask(&(struct http_request){ .url = "https://127.0.0.1:1/" });
	CHECK_INT(seen.fault.code, FAULT_NETWORK);
	CHECK(strstr(seen.fault.text, "cannot connect to 127.0.0.1 port 1") != NULL);
	close_all();
}

TEST(A12_an_answer_is_bounded)
{
	open_plain();
	struct seen seen = ask(&(struct http_request){ .url = at("/large"), .max_bytes = 100000 });
	CHECK_INT(seen.fault.code, FAULT_FULL);
	CHECK_INT(seen.body_n, 0);
	seen = ask(&(struct http_request){ .url = at("/large"), .max_bytes = 299999 });
	CHECK_INT(seen.fault.code, FAULT_NONE);
	CHECK_INT(seen.body_n, 299999);
	seen = ask(&(struct http_request){ .url = at("/large"), .flags = HTTP_SECRET });
	CHECK_INT(seen.body_n, 299999);
	close_all();
}

TEST(a_packed_answer_is_unpacked_and_bounded_after_that)
{
	open_plain();
	struct seen seen = ask(&(struct http_request){ .url = at("/packed") });
	CHECK_INT(seen.fault.code, FAULT_NONE);
	CHECK_INT(seen.body_n, 10 << 20);
	seen = ask(&(struct http_request){ .url = at("/packed"), .max_bytes = 1 << 20 });
	CHECK_INT(seen.fault.code, FAULT_FULL);
	close_all();
}

TEST(a_cancelled_call_is_done_once)
{
	open_plain();
	struct seen seen = { 0 }, other = { 0 };
	struct http_call *call = http_client_send(client, &(struct http_request){ .url = at("/hold") },
	    on_done, &seen);
	http_client_send(client, &(struct http_request){ .url = at("/") }, on_done, &other);
	while (other.n == 0)
		uv_run(&loop, UV_RUN_ONCE);
	http_call_cancel(call);
	http_call_cancel(call);
	CHECK_INT(seen.n, 0);
	while (seen.n == 0)
		uv_run(&loop, UV_RUN_ONCE);
	CHECK_INT(seen.fault.code, FAULT_CANCELLED);
	CHECK_INT(http_client_n_calls(client), 0);
	sem_post(&hold);
	close_all();
	CHECK_INT(seen.n, 1);
}

static void send_again(struct http_response *response, void *arg)
{
	struct seen *seen = arg;
	on_done(response, arg);
	if (seen->n < 3)
		http_client_send(client, &(struct http_request){ .url = at("/") }, send_again, arg);
}

TEST(closing_cancels_everything_and_leaves_nothing_open)
{
	open_plain();
	struct seen seen = { 0 }, again = { 0 };
	for (int i = 0; i < 6; i++)
		http_client_send(client, &(struct http_request){ .url = at("/hold") }, on_done, &seen);
	http_client_send(client, &(struct http_request){ .url = at("/hold") }, send_again, &again);
	uv_run(&loop, UV_RUN_ONCE);
	sem_post(&hold);
	close_all();
	CHECK_INT(seen.n, 6);
	CHECK_INT(again.n, 3);
	CHECK_INT(again.fault.code, FAULT_CANCELLED);
	sem_destroy(&hold);
}

TEST(many_at_once_all_end)
{
	open_plain();
	struct seen seen = { 0 };
	for (int i = 0; i < 40; i++)
		http_client_send(client, &(struct http_request){ .url = at("/") }, on_done, &seen);
	uv_run(&loop, UV_RUN_DEFAULT);
	CHECK_INT(seen.n, 40);
	CHECK_INT(seen.status, 200);
	CHECK_INT(web.n_requests, 40);
	close_all();
}

static void take_body(struct http_response *response, void *arg)
{
	*(char **)arg = response->body;
	response->body = NULL;
}

TEST(a_body_can_be_taken_away)
{
	open_plain();
	char *body = NULL;
	http_client_send(client, &(struct http_request){ .url = at("/mine") }, take_body, &body);
	uv_run(&loop, UV_RUN_DEFAULT);
	close_all();
	CHECK(body != NULL && strncmp(body, "GET /mine", 9) == 0);
	free(body);
}

TESTS(T(a_request_arrives_whole_and_its_answer_too),
    T(a_redirect_is_an_answer_and_is_not_followed),
    T(only_https_is_spoken_but_to_loopback_when_allowed), T(a_header_cannot_smuggle_another_in),
    T(C10_a_certificate_is_verified_and_the_fault_names_the_ca_option),
    T(a_ca_file_that_is_not_there_is_named), T(a_time_out_of_the_only_transfer_is_seen),
    T(a_refused_connection_names_host_and_port), T(A12_an_answer_is_bounded),
    T(a_packed_answer_is_unpacked_and_bounded_after_that), T(a_cancelled_call_is_done_once),
    T(closing_cancels_everything_and_leaves_nothing_open), T(many_at_once_all_end),
    T(a_body_can_be_taken_away))
