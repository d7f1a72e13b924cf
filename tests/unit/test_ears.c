/* SPDX-License-Identifier: Apache-2.0
 *
 * A file's log is heard to be written; a server's bell has its test with the engine. */
#include "test.h"

#include <fcntl.h>
#include <unistd.h>

#include "watch/ears.h"

#define WAIT(condition)                                                      \
	do {                                                                 \
		while (!(condition))                                         \
			uv_run(&loop, UV_RUN_ONCE);                          \
	} while (0)

static uv_loop_t loop;
static char path[64];
static int n_rung;

static void on_rung(void *arg)
{
	(void)arg;
	n_rung++;
}

static void put(const char *bytes)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_APPEND, 0600);
	REQUIRE(fd >= 0 && write(fd, bytes, strlen(bytes)) == (ssize_t)strlen(bytes));
	close(fd);
}

static struct ears *begin(void)
{
	snprintf(path, sizeof path, "/tmp/centinela-ears-%ld", (long)getpid());
	unlink(path);
	n_rung = 0;
	uv_loop_init(&loop);
	return ears_new(&loop, NULL, path, path, on_rung, NULL);
}

static void end(struct ears *ears)
{
	ears_stop(ears);
	uv_run(&loop, UV_RUN_DEFAULT);
	CHECK_INT(uv_loop_close(&loop), 0);
	ears_free(ears);
	unlink(path);
}

TEST(what_is_written_rings_and_rings_again)
{
	struct ears *ears = begin();
	put("a");
	ears_tick(ears);
	CHECK_INT(n_rung, 1); /* what was written before nobody heard */
	put("b");
	WAIT(n_rung == 2);
	/* While it rests nothing is heard, and nothing lost: it asks to look again. */
	put("c");
	WAIT(n_rung == 3);
	put("d");
	WAIT(n_rung == 4);
	end(ears);
}

TEST(a_log_that_is_not_there_yet_is_waited_for)
{
	struct ears *ears = begin();
	for (int i = 0; i < 12; i++)
		ears_tick(ears);
	put("a");
	for (int i = 0; i < 12; i++)
		ears_tick(ears);
	int before = n_rung;
	put("b");
	WAIT(n_rung > before);
	end(ears);
}

TESTS(T(what_is_written_rings_and_rings_again), T(a_log_that_is_not_there_yet_is_waited_for))
