/* SPDX-License-Identifier: Apache-2.0 */
#include "net/http_server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdatomic.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/clock.h"
#include "loop_thread.h"
#include "sim/certificate.h"

static struct loop_thread loop;
static struct http_server *server;
static struct http_server_options options;
static struct fault fault;
static bool started;
static struct http_visit *parked; /* answered when the test says so */
static uv_sem_t parked_now;
static bool answer_parked_after_stop;
static struct http_visit *held[20]; /* answered all at once */
static size_t n_held;

/* Every close of this program and its libraries: a descriptor closed twice may
 * by then be another thread's. (The thread sanitizer wants its own.) */
static atomic_int n_closed_twice;
#ifndef __SANITIZE_THREAD__
int close(int fd)
{
	int result = (int)syscall(SYS_close, fd);
	if (result != 0 && errno == EBADF)
		n_closed_twice++;
	return result;
}
#endif

static void answer_text(struct http_visit *visit, int status, const char *text)
{
	struct http_answer answer = { .status = status, .body = text, .n_body = strlen(text) };
	http_visit_answer(visit, &answer);
}

static void serve(struct http_visit *visit, void *arg)
{
	const char *path = http_visit_path(visit);
	size_t n;
	const char *body = http_visit_body(visit, &n);
	UNUSED(arg);
	if (strcmp(path, "/echo") == 0) {
		struct text out = { 0 };
		const char *color = http_visit_header(visit, "x-color");
		text_printf(&out, "%s|%s|%s|%s|", http_visit_method(visit), http_visit_query(visit),
		    color == NULL ? "-" : color, http_visit_peer(visit));
		text_add(&out, body, n);
		static const char *const headers[] = { "X-One: 1", "X-Two: two words",
			"Date: Sun, 06 Nov 1994 08:49:37 GMT" };
		struct http_answer answer = { .status = 201, .headers = headers, .n_headers = 3,
			.take = out.bytes, .n_body = out.n };
		http_visit_answer(visit, &answer);
	} else if (strcmp(path, "/park") == 0) {
		parked = visit;
		uv_sem_post(&parked_now);
	} else if (strcmp(path, "/hold") == 0) {
		held[n_held++] = visit;
		uv_sem_post(&parked_now);
	} else if (strcmp(path, "/large") == 0 || strcmp(path, "/cut") == 0 ||
	    strcmp(path, "/slow") == 0) {
		size_t size = path[1] == 'l' ? 12u << 20 : 40000;
		char *bytes = mem_alloc(size);
		memset(bytes, 'x', size);
		struct http_answer answer = { .status = 200, .take = bytes, .n_body = size,
			.cut_after = path[1] == 'c' ? 15000 : 0,
			.pace_bytes = path[1] == 's' ? 10000 : 0, .pace_ms = 5 };
		http_visit_answer(visit, &answer);
	} else if (strcmp(path, "/inject") == 0) {
		static const char *const headers[] = { "Location: /x\r\nSet-Cookie: a=b" };
		struct http_answer answer = { .status = 302, .headers = headers, .n_headers = 1 };
		http_visit_answer(visit, &answer);
	} else {
		answer_text(visit, 404, "no\n");
	}
}

static void do_start(void *arg)
{
	UNUSED(arg);
	started = http_server_start(&loop.loop, &options, serve, NULL, &server, &fault);
}

static void do_stop(void *arg)
{
	UNUSED(arg);
	http_server_stop(server, NULL, NULL);
	if (answer_parked_after_stop)
		answer_text(parked, 200, "late\n");
}

static void do_answer_parked(void *arg)
{
	UNUSED(arg);
	answer_text(parked, 200, "now\n");
}

static char url[160];
static const char *at(const char *path)
{
	snprintf(url, sizeof url, "%s%s", http_server_url(server), path);
	return url;
}

static struct reply park_reply;
static void ask_park(void *arg)
{
	park_reply = http_ask("GET", arg, NULL, NULL, NULL, 0);
}

/* Ask /park from a thread; returns when the server has it. */
static void begin_park(uv_thread_t *asker)
{
	static char there[160];
	snprintf(there, sizeof there, "%s", at("/park"));
	REQUIRE(uv_thread_create(asker, ask_park, there) == 0);
	uv_sem_wait(&parked_now);
}

static void begin(struct http_server_options wanted)
{
	options = wanted;
	answer_parked_after_stop = false;
	loop_thread_begin(&loop);
	uv_sem_init(&parked_now, 0);
	loop_do(&loop, do_start, NULL);
	REQUIRE(started);
}

static void end(void)
{
	loop_do(&loop, do_stop, NULL);
	loop_thread_end(&loop);
	uv_sem_destroy(&parked_now);
}

TEST(a_request_arrives_whole_and_its_answer_too)
{
	begin((struct http_server_options){ 0 });
	struct reply r = http_ask("POST", at("/echo?a=1&b=%20"), NULL, "X-Color: red",
	    "raw \x01 bytes\0after", 17);
	char value[80];
	CHECK_INT(r.code, CURLE_OK);
	CHECK_INT(r.status, 201);
	const char expected[] = "POST|a=1&b=%20|red|127.0.0.1|raw \x01 bytes\0after";
	CHECK_INT(r.body.n, sizeof expected - 1);
	CHECK(r.body.n == sizeof expected - 1 &&
	    memcmp(r.body.bytes, expected, sizeof expected - 1) == 0);
	CHECK(reply_header(&r, "X-Two", value, sizeof value));
	CHECK_STR(value, "two words");
	CHECK(reply_header(&r, "Date", value, sizeof value)); /* its own, once */
	CHECK_STR(value, "Sun, 06 Nov 1994 08:49:37 GMT");
	CHECK(strstr(strstr(text_string(&r.headers), "Date:") + 1, "Date:") == NULL);
	reply_clear(&r);
	r = http_ask("GET", at("/nothing"), NULL, NULL, NULL, 0);
	CHECK_INT(r.status, 404);
	CHECK(reply_header(&r, "Date", value, sizeof value));
	CHECK(strstr(value, "1994") == NULL);
	reply_clear(&r);
	end();
}

TEST(an_answer_may_come_later)
{
	begin((struct http_server_options){ 0 });
	uv_thread_t asker;
	begin_park(&asker);
	struct reply r = http_ask("GET", at("/echo"), NULL, NULL, NULL, 0); /* others are served */
	CHECK_INT(r.status, 201);
	reply_clear(&r);
	loop_do(&loop, do_answer_parked, NULL);
	uv_thread_join(&asker);
	CHECK_INT(park_reply.status, 200);
	CHECK_STR(text_string(&park_reply.body), "now\n");
	reply_clear(&park_reply);
	end();
}

TEST(stopping_with_an_answer_owed_is_clean)
{
	for (int late = 0; late < 2; late++) {
		begin((struct http_server_options){ 0 });
		uv_thread_t asker;
		begin_park(&asker);
		answer_parked_after_stop = late == 0;
		end();
		if (late == 1) { /* the connection is gone: what was asked is still there */
			CHECK_STR(http_visit_method(parked), "GET");
			CHECK_STR(http_visit_path(parked), "/park");
			CHECK(http_visit_header(parked, "Host") == NULL);
			answer_text(parked, 200, "nobody hears this\n");
		}
		uv_thread_join(&asker);
		CHECK(park_reply.code != CURLE_OK);
		reply_clear(&park_reply);
	}
}

TEST(a_large_body_is_refused_and_the_server_lives)
{
	begin((struct http_server_options){ .max_body = 1000 });
	char body[5000];
	memset(body, 'b', sizeof body);
	struct reply r = http_ask("POST", at("/echo"), NULL, NULL, body, 1000);
	CHECK_INT(r.status, 201);
	reply_clear(&r);
	r = http_ask("POST", at("/echo"), NULL, NULL, body, 1001); /* announced */
	CHECK_INT(r.status, 413);
	reply_clear(&r);
	r = http_ask("POST", at("/echo"), NULL, "Transfer-Encoding: chunked", body, sizeof body);
	CHECK_INT(r.status, 413);
	reply_clear(&r);
	r = http_ask("GET", at("/echo"), NULL, NULL, NULL, 0);
	CHECK_INT(r.status, 201);
	reply_clear(&r);
	end();
}

TEST(large_headers_are_refused)
{
	begin((struct http_server_options){ .max_header = 8000 });
	char header[40000] = "X-Color: ";
	memset(header + 9, 'c', 4000);
	struct reply r = http_ask("GET", at("/echo"), NULL, header, NULL, 0);
	CHECK_INT(r.status, 201);
	reply_clear(&r);
	memset(header + 9, 'c', sizeof header - 10);
	r = http_ask("GET", at("/echo"), NULL, header, NULL, 0);
	CHECK(r.status == 431 || r.status == 413 || r.code != CURLE_OK);
	CHECK(r.status != 201);
	reply_clear(&r);
	end();
}

static int connect_raw(void)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	struct sockaddr_in to = { .sin_family = AF_INET,
		.sin_port = htons((uint16_t)http_server_port(server)) };
	inet_pton(AF_INET, "127.0.0.1", &to.sin_addr);
	REQUIRE(connect(fd, (struct sockaddr *)&to, sizeof to) == 0);
	return fd;
}

TEST(a_client_that_drips_is_cut_off)
{
	begin((struct http_server_options){ .receive_ms = 200 });
	int fd = connect_raw();
	static const char start[] = "GET /echo HTTP/1.1\r\nHost: x\r\nX-A: ";
	CHECK_INT(write(fd, start, sizeof start - 1), (int)sizeof start - 1);
	char byte;
	CHECK(recv(fd, &byte, 1, 0) <= 0); /* blocks until the server hangs up */
	close(fd);
	end();
}

/* More than may be at once, and none of them asks: who does is answered all the same, long
 * before their time is up; who asks again and again on one connection keeps it. */
TEST(who_only_connects_makes_room)
{
	enum { MOST = 40, IDLE = 100 };
	int idle[IDLE], asker;
	char bytes[2000];
	static const char ask[] = "GET /echo HTTP/1.1\r\nHost: x\r\n\r\n";
	begin((struct http_server_options){ .max_connections = MOST, .receive_ms = 600000 });
	for (int i = 0; i < IDLE; i++)
		idle[i] = connect_raw();
	for (int i = 0; i < 5; i++) {
		struct reply r = http_ask("GET", at("/echo"), NULL, NULL, NULL, 0);
		CHECK_INT(r.status, 201);
		reply_clear(&r);
	}
	asker = connect_raw();
	for (int i = 0; i < 10; i++) {
		CHECK_INT(write(asker, ask, sizeof ask - 1), (int)sizeof ask - 1);
		CHECK(recv(asker, bytes, sizeof bytes, 0) > 12 && memcmp(bytes, "HTTP/1.1 201", 12) == 0);
		close(idle[i]);
		idle[i] = connect_raw();
	}
	CHECK(recv(idle[10], bytes, 1, 0) <= 0); /* the first of them were cut off */
	CHECK(http_server_n_connections(server) <= MOST);
	close(asker);
	for (int i = 0; i < IDLE; i++)
		close(idle[i]);
	end();
}

static bool is_answered(int fd)
{
	char bytes[2000];
	return recv(fd, bytes, sizeof bytes, 0) > 12 && memcmp(bytes, "HTTP/1.1 201", 12) == 0;
}

/* Nor does anybody hold others up who asks and takes no answer: not those either who are slow
 * to ask themselves. */
TEST(who_takes_no_answer_makes_room)
{
	enum { MOST = 20, NEW = 5 };
	int deaf[MOST], late[NEW];
	char bytes[1];
	static const char ask[] = "GET /large HTTP/1.1\r\nHost: x\r\n\r\n", ask_little[] = "GET /echo HTTP/1.1\r\nHost: x\r\n\r\n";
	begin((struct http_server_options){ .max_connections = MOST, .receive_ms = 5000, .send_ms = 120000 });
	for (int i = 0; i < MOST; i++) {
		deaf[i] = connect_raw();
		CHECK_INT(write(deaf[i], ask, sizeof ask - 1), (int)sizeof ask - 1);
		CHECK_INT(recv(deaf[i], bytes, 1, MSG_PEEK), 1); /* its answer is on its way */
	}
	/* It waits at the door for the seconds in which all the others may still be busy taking
	 * theirs; then it asks nothing more until its own time is up: the deaf of whom the first
	 * made room for it have all been so for long enough by then. */
	int first = connect_raw();
	CHECK_INT(write(first, ask_little, sizeof ask_little - 1), (int)sizeof ask_little - 1);
	CHECK(is_answered(first));
	CHECK_INT(recv(first, bytes, 1, 0), 0);
	/* Who only came just now does not go for those who come next. */
	for (int i = 0; i < NEW; i++)
		late[i] = connect_raw();
	struct reply r = http_ask("GET", at("/echo"), NULL, NULL, NULL, 0);
	CHECK_INT(r.status, 201);
	reply_clear(&r);
	for (int i = 0; i < NEW; i++) {
		CHECK_INT(send(late[i], ask_little, sizeof ask_little - 1, MSG_NOSIGNAL), (int)sizeof ask_little - 1);
		CHECK(is_answered(late[i]));
		close(late[i]);
	}
	CHECK(http_server_n_connections(server) <= MOST);
	close(first);
	for (int i = 0; i < MOST; i++)
		close(deaf[i]);
	end();
}

static void do_answer_held(void *arg)
{
	UNUSED(arg);
	while (n_held > 0)
		answer_text(held[--n_held], 201, "held\n");
}

/* The loop is kept busy until its look at the connections is overdue. */
static void do_stall(void *arg)
{
	int64_t began = clock_steady_ns();
	const int *asks = arg;
	static const char ask[] = "GET /echo HTTP/1.1\r\nHost: x\r\n\r\n";
	for (size_t i = 0; asks != NULL && i < COUNT_OF(held); i++)
		CHECK_INT(send(asks[i], ask, sizeof ask - 1, MSG_NOSIGNAL), (int)sizeof ask - 1);
	while (clock_steady_ns() - began < 1100 * 1000000LL)
		;
}

static int newcomer;

/* In the loop's own thread: no look at the connections comes between, to make room before they ask. */
static void do_stall_while_one_comes(void *arg)
{
	newcomer = connect_raw();
	do_stall(arg);
}

TEST(a_full_house_is_left_alone_while_nobody_waits_and_is_heard_first)
{
	enum { MOST = COUNT_OF(held) };
	int guests[MOST];
	static const char ask[] = "GET /hold HTTP/1.1\r\nHost: x\r\n\r\n", ask_little[] = "GET /echo HTTP/1.1\r\nHost: x\r\n\r\n";
	begin((struct http_server_options){ .max_connections = MOST, .receive_ms = 600000 });
	for (int i = 0; i < MOST; i++) {
		guests[i] = connect_raw();
		CHECK_INT(write(guests[i], ask, sizeof ask - 1), (int)sizeof ask - 1);
		uv_sem_wait(&parked_now);
	}
	loop_do(&loop, do_answer_held, NULL);
	for (int i = 0; i < MOST; i++)
		CHECK(is_answered(guests[i]));
	loop_do(&loop, do_stall, NULL); /* nobody waits */
	loop_do(&loop, do_stall, guests); /* they ask … */
	for (int i = 0; i < MOST; i++)
		CHECK(is_answered(guests[i]));
	loop_do(&loop, do_stall_while_one_comes, guests); /* … and again, while somebody waits */
	for (int i = 0; i < MOST; i++)
		CHECK(is_answered(guests[i]));
	CHECK_INT(write(newcomer, ask_little, sizeof ask_little - 1), (int)sizeof ask_little - 1);
	CHECK(is_answered(newcomer));
	close(newcomer);
	for (int i = 0; i < MOST; i++)
		close(guests[i]);
	end();
}

/* It asked several things at once and said all it has to say, and takes the answers slowly. */
TEST(who_cannot_be_called_yet_is_not_gone)
{
	int ends[2];
	static char bytes[64 << 10];
	REQUIRE(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0);
	struct http_end seen = { .socket = ends[0], .hears = true };
	shutdown(ends[1], SHUT_WR);
	for (size_t size = sizeof bytes; size > 0; size /= 2)
		while (send(ends[0], bytes, size, MSG_DONTWAIT) > 0)
			;
	CHECK(!http_end_is_gone(&seen));
	CHECK(!seen.called);
	while (recv(ends[1], bytes, sizeof bytes, MSG_DONTWAIT) > 0)
		;
	CHECK(!http_end_is_gone(&seen));
	CHECK(seen.called);
	CHECK_INT(recv(ends[1], bytes, sizeof bytes, MSG_DONTWAIT), 25);
	CHECK(memcmp(bytes, "HTTP/1.1 100 ", 13) == 0);
	CHECK(!http_end_is_gone(&seen)); /* told once */
	CHECK(recv(ends[1], bytes, sizeof bytes, MSG_DONTWAIT) < 0);
	close(ends[1]);
	CHECK(http_end_is_gone(&seen));
	close(ends[0]);
}

TEST(garbage_is_answered_and_forgotten)
{
	static const char *const lines[] = { "\r\n\r\n", "G\x01T / HTTP/9.9\r\n\r\n", "\x16\x03\x01",
		"GET\r\n\r\n", "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
		"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n",
		"POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n" };
	/* libmicrohttpd overlooks the end of half a request; the deadline does not. */
	begin((struct http_server_options){ .receive_ms = 200 });
	for (size_t i = 0; i < COUNT_OF(lines); i++) {
		int fd = connect_raw();
		CHECK(write(fd, lines[i], strlen(lines[i])) > 0);
		shutdown(fd, SHUT_WR);
		char bytes[400];
		ssize_t n = recv(fd, bytes, sizeof bytes - 1, MSG_WAITALL);
		bytes[n > 0 ? n : 0] = '\0';
		CHECK(strstr(bytes, "HTTP/1.1 20") == NULL);
		close(fd);
	}
	struct reply r = http_ask("GET", at("/echo"), NULL, NULL, NULL, 0);
	CHECK_INT(r.status, 201);
	reply_clear(&r);
	end();
}

TEST(a_header_cannot_be_injected)
{
	begin((struct http_server_options){ 0 });
	struct reply r = http_ask("GET", at("/inject"), NULL, NULL, NULL, 0);
	CHECK(r.code != CURLE_OK);
	CHECK(strstr(text_string(&r.headers), "Set-Cookie") == NULL);
	reply_clear(&r);
	end();
}

TEST(a_cut_answer_is_seen_as_cut)
{
	begin((struct http_server_options){ 0 });
	struct reply r = http_ask("GET", at("/cut"), NULL, NULL, NULL, 0);
	CHECK_INT(r.code, CURLE_PARTIAL_FILE);
	CHECK(r.body.n <= 15000);
	reply_clear(&r);
	end();
}

TEST(a_paced_answer_arrives_whole)
{
	begin((struct http_server_options){ 0 });
	int64_t before = clock_steady_ns();
	struct reply r = http_ask("GET", at("/slow"), NULL, NULL, NULL, 0);
	CHECK_INT(r.code, CURLE_OK);
	CHECK_INT(r.body.n, 40000);
	CHECK(clock_steady_ns() - before >= 15 * 1000000); /* three pauses of 5 ms */
	reply_clear(&r);
	end();
}

TEST(tls_is_verified_with_the_throw_away_authority)
{
	struct certificate certificate, other;
	char path[64], wrong[64];
	REQUIRE(certificate_make(&certificate, NULL, &fault));
	REQUIRE(certificate_make(&other, NULL, &fault));
	snprintf(path, sizeof path, "/tmp/test_http_server.%d.pem", (int)getpid());
	snprintf(wrong, sizeof wrong, "/tmp/test_http_server.%d.other.pem", (int)getpid());
	REQUIRE(certificate_write_ca(&certificate, path, &fault));
	REQUIRE(certificate_write_ca(&other, wrong, &fault));
	begin((struct http_server_options){ .certificate_pem = certificate.certificate_pem,
	    .key_pem = certificate.key_pem });
	CHECK(text_starts_with(http_server_url(server), "https://127.0.0.1:"));
	struct reply r = http_ask("GET", at("/large"), path, NULL, NULL, 0);
	CHECK_INT(r.code, CURLE_OK);
	CHECK_INT(r.body.n, 12 << 20);
	reply_clear(&r);
	char local[80];
	snprintf(local, sizeof local, "https://localhost:%d/echo", http_server_port(server));
	r = http_ask("GET", local, path, NULL, NULL, 0);
	CHECK_INT(r.status, 201);
	reply_clear(&r);
	r = http_ask("GET", at("/echo"), wrong, NULL, NULL, 0);
	CHECK_INT(r.code, CURLE_PEER_FAILED_VERIFICATION);
	reply_clear(&r);
	r = http_ask("GET", at("/slow"), path, NULL, NULL, 0);
	CHECK_INT(r.body.n, 40000);
	reply_clear(&r);
	end();
	unlink(path);
	unlink(wrong);
	certificate_clear(&certificate);
	certificate_clear(&other);
}

TEST(what_cannot_be_served_is_said)
{
	struct certificate certificate;
	REQUIRE(certificate_make(&certificate, NULL, &fault));
	loop_thread_begin(&loop);
	const struct http_server_options wrong[] = {
		{ .address = "not an address" }, { .port = 70000 },
		{ .address = "203.0.113.7" }, /* not ours (TEST-NET-3) */
		{ .certificate_pem = certificate.certificate_pem, .key_pem = certificate.ca_pem },
	};
	n_closed_twice = 0;
	for (size_t i = 0; i < COUNT_OF(wrong); i++) {
		options = wrong[i];
		fault = (struct fault){ 0 };
		loop_do(&loop, do_start, NULL);
		CHECK(!started);
		CHECK(fault.code == FAULT_USAGE || fault.code == FAULT_SYSTEM);
		CHECK(fault.text[0] != '\0');
	}
	loop_thread_end(&loop);
	CHECK_INT(n_closed_twice, 0);
	certificate_clear(&certificate);
	char text[] = "x";
	struct certificate none = { .ca_pem = text };
	CHECK(!certificate_write_ca(&none, "/nonexistent/ca.pem", &fault));
}

static struct http_server *second;
static void do_start_second(void *arg)
{
	struct http_server_options v6 = { .address = "::1" };
	UNUSED(arg);
	started = http_server_start(&loop.loop, &v6, serve, NULL, &second, &fault);
}
static void do_stop_second(void *arg)
{
	UNUSED(arg);
	http_server_stop(second, NULL, NULL);
}

TEST(two_servers_share_a_loop)
{
	begin((struct http_server_options){ 0 });
	loop_do(&loop, do_start_second, NULL);
	if (!started) { /* a machine without IPv6 */
		printf("skipped: %s\n", fault.text);
		end();
		return;
	}
	char there[100];
	snprintf(there, sizeof there, "%s/echo", http_server_url(second));
	CHECK(text_starts_with(there, "http://[::1]:"));
	for (int i = 0; i < 5; i++) {
		struct reply a = http_ask("GET", at("/echo"), NULL, NULL, NULL, 0);
		struct reply b = http_ask("GET", there, NULL, NULL, NULL, 0);
		CHECK_INT(a.status, 201);
		CHECK_STR(text_string(&b.body), "GET||-|::1|");
		reply_clear(&a);
		reply_clear(&b);
	}
	loop_do(&loop, do_stop_second, NULL);
	end();
}

TESTS(T(a_request_arrives_whole_and_its_answer_too), T(an_answer_may_come_later),
    T(stopping_with_an_answer_owed_is_clean), T(a_large_body_is_refused_and_the_server_lives),
    T(large_headers_are_refused), T(a_client_that_drips_is_cut_off),
    T(who_only_connects_makes_room), T(who_takes_no_answer_makes_room),
    T(a_full_house_is_left_alone_while_nobody_waits_and_is_heard_first),
    T(who_cannot_be_called_yet_is_not_gone), T(garbage_is_answered_and_forgotten), T(a_header_cannot_be_injected),
    T(a_cut_answer_is_seen_as_cut), T(a_paced_answer_arrives_whole),
    T(tls_is_verified_with_the_throw_away_authority), T(what_cannot_be_served_is_said),
    T(two_servers_share_a_loop))
