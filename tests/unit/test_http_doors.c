/* SPDX-License-Identifier: Apache-2.0
 *
 * A server at a Unix socket, and answers without an end. */
#include "net/http_server.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "loop_thread.h"

static struct loop_thread loop;
static struct http_server *server, *second;
static struct http_server_options options;
static struct fault fault;
static bool started;
static char folder[64], path[100];
static struct http_visit *streamed;
static uv_sem_t streams, gone;
static int n_gone;

static void on_gone(void *arg)
{
	CHECK(arg == &n_gone);
	n_gone++;
	streamed = NULL;
	uv_sem_post(&gone);
}

static void serve(struct http_visit *visit, void *arg)
{
	UNUSED(arg);
	if (strcmp(http_visit_path(visit), "/stream") == 0) {
		static const char *const headers[] = { "Content-Type: text/event-stream" };
		streamed = visit;
		CHECK(http_visit_stream(visit, &(struct http_answer){ .status = 200, .headers = headers, .n_headers = 1 }, on_gone, &n_gone));
		http_visit_send(visit, "one\n", 4);
		uv_sem_post(&streams);
		return;
	}
	unsigned uid = 12345;
	char body[64];
	bool known = http_visit_peer_user(visit, &uid);
	int n = snprintf(body, sizeof body, "%d %u [%s]", known, uid, http_visit_peer(visit));
	http_visit_answer(visit, &(struct http_answer){ .status = 200, .body = body, .n_body = (size_t)n });
}

static void do_start(void *arg)
{
	struct http_server **out = arg;
	started = http_server_start(&loop.loop, &options, serve, NULL, out, &fault);
}

static void do_stop(void *arg)
{
	http_server_stop(*(struct http_server **)arg, NULL, NULL);
}

static char two[] = "two\n", more[] = "more\n";

static void do_send(void *arg)
{
	if (streamed != NULL)
		http_visit_send(streamed, arg, strlen(arg));
}

static void do_end(void *arg)
{
	UNUSED(arg);
	http_visit_end(streamed);
	streamed = NULL;
}

static void begin(void)
{
	snprintf(folder, sizeof folder, "/tmp/centinela-doors-XXXXXX");
	REQUIRE(mkdtemp(folder) != NULL);
	snprintf(path, sizeof path, "%s/api.sock", folder);
	options = (struct http_server_options){ .socket_path = path };
	n_gone = 0;
	uv_sem_init(&streams, 0);
	uv_sem_init(&gone, 0);
	loop_thread_begin(&loop);
	loop_do(&loop, do_start, &server);
	REQUIRE(started);
}

static void end(void)
{
	loop_do(&loop, do_stop, &server);
	loop_thread_end(&loop);
	uv_sem_destroy(&streams);
	uv_sem_destroy(&gone);
	CHECK(access(path, F_OK) != 0);
	CHECK_INT(rmdir(folder), 0);
}

static int connected(void)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	snprintf(name.sun_path, sizeof name.sun_path, "%s", path);
	REQUIRE(fd >= 0 && connect(fd, (struct sockaddr *)&name, sizeof name) == 0);
	return fd;
}

static int asked(const char *target)
{
	char request[200];
	int fd = connected(), n = snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", target);
	REQUIRE(write(fd, request, (size_t)n) == n);
	return fd;
}

/* Until these words came, or the end. */
static bool comes(int fd, struct text *said, const char *words)
{
	char piece[4096];
	ssize_t n;
	while (strstr(text_string(said), words) == NULL && (n = read(fd, piece, sizeof piece)) > 0)
		text_add(said, piece, (size_t)n);
	return strstr(text_string(said), words) != NULL;
}

TEST(the_kernel_says_who_comes_by_a_socket)
{
	struct text said = { 0 };
	char should[64];
	struct stat st;
	begin();
	REQUIRE(stat(path, &st) == 0);
	CHECK_INT(st.st_mode & 0777, 0600);
	int fd = asked("/who");
	snprintf(should, sizeof should, "1 %u []", (unsigned)getuid());
	CHECK(comes(fd, &said, should));
	close(fd);
	text_clear(&said);
	end();
}

TEST(by_tcp_nobody_says_who_comes)
{
	begin();
	options = (struct http_server_options){ 0 };
	loop_do(&loop, do_start, &second);
	REQUIRE(started);
	struct reply r = http_ask("GET", http_server_url(second), NULL, NULL, NULL, 0);
	CHECK_INT(r.status, 200);
	CHECK_STR(text_string(&r.body), "0 12345 [127.0.0.1]");
	reply_clear(&r);
	loop_do(&loop, do_stop, &second);
	end();
}

TEST(what_a_dead_process_left_is_taken_and_what_lives_is_not)
{
	begin();
	loop_do(&loop, do_start, &second);
	CHECK(!started);
	CHECK(strstr(fault.text, "another process does") != NULL);
	loop_do(&loop, do_stop, &server);
	loop_thread_end(&loop);
	/* A socket that nobody listens at, then a file that is none. */
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	snprintf(name.sun_path, sizeof name.sun_path, "%s", path);
	REQUIRE(fd >= 0 && bind(fd, (struct sockaddr *)&name, sizeof name) == 0);
	close(fd);
	loop_thread_begin(&loop);
	options.socket_mode = 0660;
	loop_do(&loop, do_start, &server);
	CHECK(started);
	struct stat st;
	REQUIRE(stat(path, &st) == 0);
	CHECK_INT(st.st_mode & 0777, 0660);
	loop_do(&loop, do_stop, &server);
	loop_thread_end(&loop);
	FILE *file = fopen(path, "w");
	REQUIRE(file != NULL);
	fclose(file);
	loop_thread_begin(&loop);
	loop_do(&loop, do_start, &second);
	CHECK(!started);
	CHECK_INT(access(path, F_OK), 0);
	loop_thread_end(&loop);
	unlink(path);
	char too_long[200];
	memset(too_long, 'x', sizeof too_long - 1);
	too_long[sizeof too_long - 1] = '\0';
	loop_thread_begin(&loop);
	options.socket_path = too_long;
	loop_do(&loop, do_start, &second);
	CHECK(!started && fault.code == FAULT_USAGE);
	options.socket_path = path;
	loop_do(&loop, do_start, &server);
	REQUIRE(started);
	end();
}

TEST(a_stream_goes_as_it_comes_and_ends)
{
	struct text said = { 0 };
	begin();
	int fd = asked("/stream");
	uv_sem_wait(&streams);
	CHECK(comes(fd, &said, "one\n"));
	loop_do(&loop, do_send, two);
	CHECK(comes(fd, &said, "two\n"));
	loop_do(&loop, do_end, NULL);
	CHECK(!comes(fd, &said, "never said"));
	close(fd);
	CHECK_INT(n_gone, 0);
	text_clear(&said);
	end();
}

TEST(who_leaves_a_stream_is_noticed)
{
	begin();
	int fd = asked("/stream");
	uv_sem_wait(&streams);
	close(fd);
	for (int i = 0; streamed != NULL && i < 1000; i++) /* noticed at the latest by what cannot be sent */
		loop_do(&loop, do_send, more);
	uv_sem_wait(&gone);
	CHECK_INT(n_gone, 1);
	end();
}

TEST(who_does_not_read_is_cut_off_and_costs_a_bounded_memory)
{
	static char much[100001];
	begin();
	memset(much, 'x', sizeof much - 1);
	int fd = asked("/stream");
	uv_sem_wait(&streams);
	for (int i = 0; streamed != NULL && i < 100; i++)
		loop_do(&loop, do_send, much);
	uv_sem_wait(&gone);
	CHECK_INT(n_gone, 1);
	close(fd);
	end();
}

TEST(the_end_of_the_server_is_the_end_of_its_streams)
{
	begin();
	int fd = asked("/stream");
	uv_sem_wait(&streams);
	end();
	CHECK_INT(n_gone, 1);
	close(fd);
}

TESTS(T(the_kernel_says_who_comes_by_a_socket), T(by_tcp_nobody_says_who_comes), T(what_a_dead_process_left_is_taken_and_what_lives_is_not),
    T(a_stream_goes_as_it_comes_and_ends), T(who_leaves_a_stream_is_noticed), T(who_does_not_read_is_cut_off_and_costs_a_bounded_memory),
    T(the_end_of_the_server_is_the_end_of_its_streams))
