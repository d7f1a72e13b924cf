/* SPDX-License-Identifier: Apache-2.0
 *
 * A film of a session: its lines, and what becomes of it when the disk says no. */
#include "test.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/json.h"
#include "base/mem.h"
#include "ui/session_log.h"

static char folder[64], path[100];

static char *read_film(size_t *n)
{
	FILE *file = fopen(path, "r");
	static char bytes[200000];
	*n = file == NULL ? 0 : fread(bytes, 1, sizeof bytes - 1, file);
	bytes[*n] = '\0';
	if (file != NULL)
		fclose(file);
	return bytes;
}

static void on_closed(void *arg)
{
	*(bool *)arg = true;
}

/* Two consoles, one after the other, as when somebody imports in between. */
static void film(size_t frame_bytes)
{
	struct session_log *log;
	struct fault fault = { 0 };
	char *frame = mem_alloc(frame_bytes);
	memset(frame, 'x', frame_bytes);
	memcpy(frame, "\x1b[H\xC3\xB1\"\\", MIN(frame_bytes, (size_t)7));
	REQUIRE(session_log_open(path, &log, &fault));
	for (int i = 0; i < 2; i++) {
		uv_loop_t loop;
		bool closed = false;
		uv_loop_init(&loop);
		struct keep *keep = keep_new(&loop, NULL);
		session_log_begin(log, keep, 24, 80 + 10 * i);
		session_log_frame(log, frame, frame_bytes);
		session_log_tick(log);
		session_log_command(log, CMD_ACK);
		session_log_command(log, CMD_NONE);
		session_log_size(log, 24, 80 + 10 * i);
		session_log_end(log);
		session_log_frame(log, "late", 4); /* nobody films now */
		keep_close(keep, on_closed, &closed);
		uv_run(&loop, UV_RUN_DEFAULT);
		CHECK(closed);
		CHECK_INT(uv_loop_close(&loop), 0);
	}
	session_log_close(log);
	free(frame);
}

TEST(every_line_is_json_and_times_go_on)
{
	snprintf(folder, sizeof folder, "/tmp/centinela-film-XXXXXX");
	REQUIRE(mkdtemp(folder) != NULL);
	snprintf(path, sizeof path, "%s/shift.cast", folder);
	film(40);
	size_t n, n_lines = 0;
	char *bytes = read_film(&n), *rest = NULL;
	double before = 0;
	struct stat st;
	static const char *const kinds[] = { "", "o", "o", "m", "r", "o", "o", "m" };
	CHECK(stat(path, &st) == 0 && (st.st_mode & 07777) == 0600);
	for (char *line = strtok_r(bytes, "\n", &rest); line != NULL; line = strtok_r(NULL, "\n", &rest), n_lines++) {
		struct fault fault = { 0 };
		json_auto_t *value = NULL;
		REQUIRE(json_parse(line, strlen(line), &value, &fault));
		if (n_lines == 0) {
			CHECK_INT(json_int(value, "version", 0), 2);
			continue;
		}
		double at = json_number_value(json_array_get(value, 0));
		CHECK(at >= before);
		before = at;
		REQUIRE(n_lines < COUNT_OF(kinds));
		CHECK_STR(json_string_value(json_array_get(value, 1)), kinds[n_lines]);
	}
	CHECK_INT(n_lines, COUNT_OF(kinds));
	/* It is written over nothing, and through no link. */
	struct session_log *log;
	struct fault fault = { 0 };
	CHECK(!session_log_open(path, &log, &fault));
	CHECK(strstr(fault.text, "File exists") != NULL);
	unlink(path);
	CHECK_INT(symlink("/nowhere", path), 0);
	CHECK(!session_log_open(path, &log, &fault));
	unlink(path);
	rmdir(folder);
	CHECK(!session_log_open(path, &log, &fault));
	session_log_frame(NULL, "x", 1); /* where nobody films */
	session_log_command(NULL, CMD_ACK);
	session_log_begin(NULL, NULL, 1, 1);
	session_log_tick(NULL);
	session_log_end(NULL);
	session_log_close(NULL);
}

TEST(a_full_disk_ends_it)
{
	struct rlimit was, few = { 0 };
	snprintf(folder, sizeof folder, "/tmp/centinela-film-XXXXXX");
	REQUIRE(mkdtemp(folder) != NULL);
	snprintf(path, sizeof path, "%s/shift.cast", folder);
	signal(SIGXFSZ, SIG_IGN);
	CHECK_INT(getrlimit(RLIMIT_FSIZE, &was), 0);
	few = was;
	few.rlim_cur = 50000;
	CHECK_INT(setrlimit(RLIMIT_FSIZE, &few), 0);
	film(60000);
	CHECK_INT(setrlimit(RLIMIT_FSIZE, &was), 0);
	size_t n;
	read_film(&n);
	CHECK_INT(n, 50000); /* the rest was not tried again */
	unlink(path);
	rmdir(folder);
}

TESTS(T(every_line_is_json_and_times_go_on), T(a_full_disk_ends_it))
