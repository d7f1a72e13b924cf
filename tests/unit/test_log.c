/* SPDX-License-Identifier: Apache-2.0
 *
 * The log: what never is in it, and the file that holds it. */
#include "test.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"

TEST(the_log_keeps_no_secret)
{
	log_info("GET x Authorization: Bearer abc.def-123 done\x1b[2J");
	struct log_line lines[4];
	size_t n = log_recent(lines, 4);
	REQUIRE(n == 1);
	CHECK(strstr(lines[0].text, "abc") == NULL);
	CHECK(strstr(lines[0].text, "done") != NULL);
	CHECK(strchr(lines[0].text, 0x1b) == NULL);
}

static char log_folder[] = "/tmp/centinela-log-XXXXXX";

static const char *in_folder(const char *name)
{
	static char path[2][128];
	static int i;
	snprintf(path[i = 1 - i], sizeof path[0], "%s/%s", log_folder, name);
	return path[i];
}

static size_t lines_of(const char *name, const char *word)
{
	char line[LOG_LINE_BYTES + 100];
	size_t n = 0;
	FILE *file = fopen(in_folder(name), "r");
	while (file != NULL && fgets(line, sizeof line, file) != NULL)
		n += strstr(line, word) != NULL;
	if (file != NULL)
		fclose(file);
	return n;
}

TEST(the_log_is_in_a_file_that_may_be_moved_away)
{
	struct fault fault = { 0 };
	struct stat is;
	struct log_line lines[8];
	REQUIRE(mkdtemp(log_folder) != NULL);
	REQUIRE(log_to_file(in_folder("a.log"), &fault));
	log_info("one, client_secret=hunter22");
	log_debug("of no interest");
	log_broken("two");
	CHECK_INT(lines_of("a.log", " info one, client_secret=***"), 1);
	CHECK_INT(lines_of("a.log", " broken two"), 1);
	CHECK_INT(lines_of("a.log", "hunter22") + lines_of("a.log", "interest"), 0);
	REQUIRE(stat(in_folder("a.log"), &is) == 0);
	CHECK_INT(is.st_mode & 07777, 0600);
	/* Moved away, as logrotate does: a new one is made. */
	REQUIRE(rename(in_folder("a.log"), in_folder("a.log.1")) == 0);
	log_info("three");
	CHECK_INT(lines_of("a.log.1", "three"), 0);
	CHECK_INT(lines_of("a.log", "three"), 1);
	/* What cannot be the log in its place: the one that was moved goes on, told once. */
	REQUIRE(rename(in_folder("a.log"), in_folder("a.log.2")) == 0);
	REQUIRE(symlink(in_folder("b"), in_folder("a.log")) == 0);
	log_info("four");
	log_info("five");
	CHECK_INT(lines_of("a.log.2", "f"), 3); /* info, four, info five */
	CHECK(access(in_folder("b"), F_OK) != 0);
	size_t n = log_recent(lines, 3);
	REQUIRE(n == 3);
	CHECK(strcmp(lines[0].text, "four") == 0 && strstr(lines[1].text, "is a link") != NULL && strcmp(lines[2].text, "five") == 0);
	REQUIRE(unlink(in_folder("a.log")) == 0);
	log_info("six");
	CHECK_INT(lines_of("a.log", "six"), 1);
	/* Begun again, it goes on at the end. */
	REQUIRE(log_to_file(in_folder("a.log"), &fault));
	log_info("seven");
	CHECK_INT(lines_of("a.log", "s"), 2);
	REQUIRE(log_to_file(NULL, &fault));
	log_info("eight");
	CHECK_INT(lines_of("a.log", "eight"), 0);
}

TEST(what_is_no_log_file_is_refused_with_a_sentence)
{
	struct fault fault = { 0 };
	int fd = open(in_folder("open"), O_WRONLY | O_CREAT, 0644);
	REQUIRE(fd >= 0 && fchmod(fd, 0644) == 0 && close(fd) == 0);
	REQUIRE(symlink(in_folder("nowhere"), in_folder("link")) == 0 && mkfifo(in_folder("pipe"), 0600) == 0);
	REQUIRE(link(in_folder("a.log"), in_folder("twice")) == 0);
	static const struct {
		const char *name, *says;
	} rows[] = { { "open", "is open to others (mode 644): chmod 600" }, { "link", "is a link" }, { "pipe", "cannot be opened" }, { "twice", "has a second name" },
		{ "none/x", "cannot be opened: No such file" }, { "", "cannot be opened: Is a directory" } };
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		CHECK(!log_to_file(in_folder(rows[i].name), &fault));
		CHECK(strstr(fault.text, rows[i].says) != NULL);
	}
	CHECK(access(in_folder("nowhere"), F_OK) != 0);
	char command[64];
	snprintf(command, sizeof command, "rm -rf %s", log_folder);
	CHECK_INT(system(command), 0);
}

TESTS(T(the_log_keeps_no_secret), T(the_log_is_in_a_file_that_may_be_moved_away), T(what_is_no_log_file_is_refused_with_a_sentence))
