/* SPDX-License-Identifier: Apache-2.0 */
#include "store/engine_sqlite_turn.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"

#define LOOK_EACH_MS 1
#define HURRY_MS     500 /* so long a look is worth a wake-up each; then a tenth as many */
#define YIELD_MS     2000 /* who does not take its turn for so long is stopped, and holds nobody up twice */

struct turn {
	char *log;
	int fd; /* -1: the log was not there yet */
	bool mine;
	bool stopped; /* whoever waits did not begin when it could */
	int64_t since_ns;
};

struct turn *turn_new(const char *path)
{
	struct turn *turn = mem_zalloc(sizeof *turn);
	turn->log = mem_printf("%s-wal", path);
	turn->fd = -1;
	return turn;
}

void turn_free(struct turn *turn)
{
	if (turn == NULL)
		return;
	if (turn->fd >= 0)
		close(turn->fd);
	free(turn->log);
	free(turn);
}

/* A lock of the open file, not of the process: what SQLite has in this process is another's. */
static bool lock(struct turn *turn, int command, short type, struct flock *said)
{
	*said = (struct flock){ .l_type = type, .l_whence = SEEK_SET, .l_start = 0, .l_len = 1 };
	if (turn->fd < 0)
		turn->fd = open(turn->log, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
	return turn->fd >= 0 && fcntl(turn->fd, command, said) == 0;
}

bool turn_is_wanted(struct turn *turn)
{
	struct flock said;
	return lock(turn, F_OFD_GETLK, F_WRLCK, &said) && said.l_type != F_UNLCK;
}

static void rest(int64_t ms)
{
	struct timespec time = { .tv_nsec = (long)ms * 1000000 };
	nanosleep(&time, NULL);
}

void turn_let_go_first(struct turn *turn)
{
	int64_t since_ns = 0;
	bool wanted;
	while ((wanted = turn_is_wanted(turn)) && !turn->stopped) {
		int64_t now_ns = clock_steady_ns();
		since_ns = since_ns == 0 ? now_ns : since_ns;
		turn->stopped = now_ns - since_ns > YIELD_MS * INT64_C(1000000);
		rest(LOOK_EACH_MS);
	}
	turn->stopped = turn->stopped && wanted;
}

int turn_wait(void *arg, int n_before)
{
	struct turn *turn = arg;
	struct flock said;
	int64_t now_ns = clock_steady_ns();
	if (n_before == 0)
		turn->since_ns = now_ns;
	int64_t waited_ms = (now_ns - turn->since_ns) / 1000000;
	if (waited_ms >= TURN_PATIENCE_MS)
		return 0;
	turn->mine = turn->mine || lock(turn, F_OFD_SETLK, F_WRLCK, &said);
	rest(waited_ms < HURRY_MS ? LOOK_EACH_MS : 10 * LOOK_EACH_MS);
	return 1;
}

void turn_over(struct turn *turn)
{
	struct flock said;
	if (turn->mine)
		(void)lock(turn, F_OFD_SETLK, F_UNLCK, &said);
	turn->mine = false;
}
