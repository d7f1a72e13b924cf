/* SPDX-License-Identifier: Apache-2.0
 *
 * The answer to COMMIT is lost: a process between us and the server hands everything on,
 * and cuts both lines just there. */
#include "test.h"

#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "store/engine_postgres.h"
#include "store/store.h"
#include "store_place.h"

/* What it does at the next COMMIT: after the server has answered; before it gets there;
 * the same, and the server is not told that we have gone; and, in the end, for ever. */
enum cut { CUT_NOTHING, CUT_ANSWER, CUT_QUESTION, CUT_UNSEEN, CUT_FOR_EVER };

static char address[256], through[400], folder[] = "/tmp/centinela-cut-XXXXXX";
static volatile sig_atomic_t *cut; /* shared with it */

static void must(bool ok, const struct fault *fault)
{
	if (!ok) {
		puts(fault->text);
		exit(1);
	}
}

/* ---- between -------------------------------------------------------------------- */

static int connect_to(const char path[static 108])
{
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	snprintf(name.sun_path, sizeof name.sun_path, "%s", path);
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	return fd >= 0 && connect(fd, (struct sockaddr *)&name, sizeof name) == 0 ? fd : -1;
}

static bool hand_on(int from, int to, char *bytes, size_t capacity, size_t *n)
{
	ssize_t got = read(from, bytes, capacity);
	*n = got > 0 ? (size_t)got : 0;
	return got > 0 && (to < 0 || write(to, bytes, *n) == got);
}

static void serve(int client, int server)
{
	char bytes[65536];
	for (;;) {
		struct pollfd fds[] = { { client, POLLIN, 0 }, { server, POLLIN, 0 } };
		size_t n;
		if (poll(fds, 2, -1) < 0)
			return;
		if (fds[1].revents != 0 && !hand_on(server, client, bytes, sizeof bytes, &n))
			return;
		if (fds[0].revents == 0)
			continue;
		enum cut now = (enum cut)*cut;
		bool held = hand_on(client, -1, bytes, sizeof bytes, &n);
		if (!held)
			return;
		bool here = now != CUT_NOTHING && memmem(bytes, n, "COMMIT", 6) != NULL;
		if (here && now != CUT_FOR_EVER)
			*cut = CUT_NOTHING;
		if ((!here || now == CUT_ANSWER) && write(server, bytes, n) != (ssize_t)n)
			return;
		if (here && now == CUT_ANSWER) /* it is done when it has answered all of it */
			while (hand_on(server, -1, bytes, sizeof bytes, &n) && (n < 6 || memcmp(bytes + n - 6, "Z\0\0\0\5I", 6) != 0))
				;
		if (here && now == CUT_UNSEEN) {
			close(client);
			while (hand_on(server, -1, bytes, sizeof bytes, &n)) /* until somebody ends it */
				;
		}
		if (here)
			return;
	}
}

static pid_t between(const char *server)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	snprintf(name.sun_path, sizeof name.sun_path, "%s/.s.PGSQL.5432", folder);
	int door = socket(AF_UNIX, SOCK_STREAM, 0);
	REQUIRE(door >= 0 && bind(door, (struct sockaddr *)&name, sizeof name) == 0 && listen(door, 8) == 0);
	pid_t pid = fork();
	if (pid != 0) {
		close(door);
		setpgid(pid, pid);
		return pid;
	}
	setpgid(0, 0);
	signal(SIGCHLD, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	for (;;) {
		int client = accept(door, NULL, NULL);
		if (client >= 0 && *cut != CUT_FOR_EVER && fork() == 0) {
			int other = connect_to(server);
			if (other >= 0)
				serve(client, other);
			_exit(0);
		}
		if (client >= 0)
			close(client);
	}
}

static pid_t proxy;

static void end(void)
{
	char path[200];
	kill(-proxy, SIGKILL);
	waitpid(proxy, NULL, 0);
	snprintf(path, sizeof path, "%s/.s.PGSQL.5432", folder);
	unlink(path);
	rmdir(folder);
	store_remove(address);
}

/* Once: the store, and what stands before it. */
static void begin(void)
{
	struct store *store;
	struct fault fault;
	char server[108];
	if (proxy != 0)
		return;
	snprintf(address, sizeof address, "cut");
	store_place(address);
	must(store_open(address, &store, &fault), &fault);
	store_close(store);
	const char *host = strstr(address, "host="), *behind = host == NULL ? NULL : strchr(host, '&');
	REQUIRE(behind != NULL && mkdtemp(folder) != NULL);
	snprintf(server, sizeof server, "%.*s/.s.PGSQL.5432", (int)(behind - host - 5), host + 5);
	snprintf(through, sizeof through, "%.*shost=%s%s", (int)(host - address), address, folder, behind);
	cut = mmap(NULL, sizeof *cut, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	REQUIRE(cut != MAP_FAILED);
	proxy = between(server);
	REQUIRE(proxy > 0);
	atexit(end);
}

/* ---- what comes of it ------------------------------------------------------------ */

static int64_t n_of(struct db *db, const char *name)
{
	struct fault fault;
	struct statement *st = db_statement(db, "SELECT count(*) FROM settings WHERE name = $1", &fault);
	must(st != NULL, &fault);
	db_bind(db, st, "t", name);
	must(db_step(db, st, &fault) == STEP_ROW, &fault);
	int64_t n = db_int(db, st, 0);
	db->engine->reset(st);
	return n;
}

static bool keep(struct db *db, const char *name, enum cut how, struct fault *fault)
{
	must(db_begin(db, fault), fault);
	struct statement *st = db_statement(db, "INSERT INTO settings (name, value) VALUES ($1, '1')", fault);
	must(st != NULL, fault);
	db_bind(db, st, "t", name);
	must(db_run(db, st, fault), fault);
	*cut = how;
	bool kept = db_commit(db, fault);
	if (!kept)
		db_rollback(db);
	return kept;
}

static struct db writer(const char *at)
{
	struct db db;
	struct fault fault;
	must(db_open(at, OPEN_WRITE, &db, &fault), &fault);
	return db;
}

TEST(what_was_done_is_not_told_as_failed)
{
	begin();
	struct db db = writer(through), seen = writer(address);
	struct fault fault = { 0 };
	CHECK(keep(&db, "done", CUT_ANSWER, &fault));
	CHECK_INT(n_of(&seen, "done"), 1);
	CHECK(keep(&db, "after", CUT_NOTHING, &fault)); /* and goes on */
	CHECK_INT(n_of(&seen, "after"), 1);
	db_close(&seen);
	db_close(&db);
}

TEST(what_was_not_done_is_not_told_as_done)
{
	static const enum cut ways[] = { CUT_QUESTION, CUT_UNSEEN };
	begin();
	struct db db = writer(through), seen = writer(address);
	for (size_t i = 0; i < COUNT_OF(ways); i++) {
		struct fault fault = { 0 };
		CHECK(!keep(&db, "undone", ways[i], &fault));
		CHECK_INT(fault.code, FAULT_NETWORK);
		CHECK(strstr(fault.text, "nothing of this was kept") != NULL);
		CHECK_INT(n_of(&seen, "undone"), 0);
		CHECK(keep(&db, i == 0 ? "first" : "second", CUT_NOTHING, &fault)); /* nobody holds the lock */
	}
	db_close(&seen);
	db_close(&db);
}

TEST(what_nobody_can_know_is_told_as_such)
{
	begin();
	struct db db = writer(through);
	struct fault fault = { 0 };
	db.session->patience_ms = 150;
	CHECK(!keep(&db, "unknown", CUT_FOR_EVER, &fault));
	CHECK_INT(fault.code, FAULT_NETWORK);
	CHECK(strstr(fault.text, "not known") != NULL && strstr(fault.text, "nothing of this was kept") == NULL);
	*cut = CUT_NOTHING;
	db_close(&db);
}

TEST(a_transaction_that_only_reads_is_not_asked_about)
{
	begin();
	struct db db;
	struct fault fault = { 0 };
	must(db_open(through, OPEN_READ, &db, &fault), &fault);
	must(db_begin_reading(&db, &fault), &fault);
	CHECK_INT(n_of(&db, "nothing"), 0);
	*cut = CUT_QUESTION;
	CHECK(!db_commit(&db, &fault));
	CHECK(strstr(fault.text, "broke off") != NULL && strstr(fault.text, "known") == NULL);
	db_rollback(&db);
	CHECK_INT(n_of(&db, "nothing"), 0);
	db_close(&db);
}

TESTS(T(what_was_done_is_not_told_as_failed), T(what_was_not_done_is_not_told_as_done), T(what_nobody_can_know_is_told_as_such),
    T(a_transaction_that_only_reads_is_not_asked_about))
