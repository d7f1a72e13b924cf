/* SPDX-License-Identifier: Apache-2.0
 *
 * `centinela sim` as others start it: a process, a marker line, a signal. */
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/json.h"
#include "loop_thread.h"
#include "sim/sim_main.h"

extern char **environ;

static const char *program(void)
{
	static char path[500];
	const char *build = getenv("CENTINELA_BUILD");
	snprintf(path, sizeof path, "%s/centinela", build == NULL ? "build" : build);
	return path;
}

/* Start it with these words; its stdout is read from *out. */
static pid_t start(char *const words[], int *out)
{
	int pipe_fds[2];
	pid_t pid;
	posix_spawn_file_actions_t actions;
	REQUIRE(pipe2(pipe_fds, O_CLOEXEC) == 0);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, pipe_fds[1], 1);
	REQUIRE(posix_spawn(&pid, program(), &actions, NULL, words, environ) == 0);
	posix_spawn_file_actions_destroy(&actions);
	close(pipe_fds[1]);
	*out = pipe_fds[0];
	return pid;
}

static char arg0[] = "centinela", arg1[] = "sim", users[] = "--users", forty[] = "40";

TEST(it_tells_where_it_is_serves_and_ends_with_0)
{
	char port_file[80], option[] = "--port-file", line[8192] = "";
	snprintf(port_file, sizeof port_file, "/tmp/test_cloud_program.%d", (int)getpid());
	char *words[] = { arg0, arg1, users, forty, option, port_file, NULL };
	int out, status;
	pid_t pid = start(words, &out);
	size_t n = 0;
	ssize_t got;
	while (strchr(line, '\n') == NULL && (got = read(out, line + n, sizeof line - 1 - n)) > 0)
		n += (size_t)got;
	json_auto_t *told = json_loads(line, 0, NULL);
	REQUIRE(told != NULL);
	struct stat file;
	CHECK(stat(port_file, &file) == 0 && (file.st_mode & 077) == 0 && file.st_size == (off_t)n);
	char url[200], headers[300], ca[200];
	snprintf(ca, sizeof ca, "%s", json_str(told, "ca", ""));
	snprintf(url, sizeof url, "%s/v1/people/me", json_str(told, "url", ""));
	snprintf(headers, sizeof headers, "Authorization: Bearer %s",
	    json_str(told, "personal_token", ""));
	struct reply r = http_ask("GET", url, ca, headers, NULL, 0);
	CHECK_INT(r.status, 200);
	reply_clear(&r);
	kill(pid, SIGTERM);
	REQUIRE(waitpid(pid, &status, 0) == pid);
	CHECK_INT(status, 0);
	CHECK(access(ca, F_OK) != 0); /* it cleans up */
	close(out);
	unlink(port_file);
}

TEST(wrong_words_are_refused_with_2)
{
	static const char *const wrong[] = { "--speed=fast", "--speed=-1", "--speed=nan", "--users=5",
		"--seed=x", "--listen=here", "--listen=127.0.0.1:99999", "--listen=nowhere:0", "--base=noon",
		"--faults=nonsense", "--auto-grant=yes", "--nonsense", "--seed", "--days=0", "word",
		"--scenario=no_such_scenario", "--host=a,,b", "--host=a;b" };
	for (size_t i = 0; i < COUNT_OF(wrong); i++) {
		char name[] = "sim", word[60];
		snprintf(word, sizeof word, "%s", wrong[i]);
		char *words[] = { name, word, NULL };
		int status = sim_main(2, words);
		CHECK(status == 2 || (status == 1 && strstr(word, "scenario") != NULL));
		if (status == 0)
			printf("%s was accepted\n", word);
	}
}

TEST(an_export_writes_both_files)
{
	char dir[80], path[120], name[] = "sim", export[] = "--export", days[] = "--days=1";
	snprintf(dir, sizeof dir, "/tmp/test_cloud_program.%d.d", (int)getpid());
	char *words[] = { name, export, dir, days, users, forty, NULL };
	CHECK_INT(sim_main(6, words), 0);
	static const char *const files[] = { "cdrs.jsonl", "labels.csv" };
	for (size_t i = 0; i < COUNT_OF(files); i++) {
		struct stat file;
		snprintf(path, sizeof path, "%s/%s", dir, files[i]);
		CHECK(stat(path, &file) == 0 && file.st_size > 20);
		unlink(path);
	}
	rmdir(dir);
}

TESTS(T(it_tells_where_it_is_serves_and_ends_with_0), T(wrong_words_are_refused_with_2),
    T(an_export_writes_both_files))
