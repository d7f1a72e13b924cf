/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "base/mem.h"
#include "net/file.h"
#include "webex/secret.h"

static struct fault fault;

static const char *read_from(struct secret_source source)
{
	static char kept[128];
	char *secret;
	if (!secret_read(&source, &secret, &fault))
		return "(none)";
	snprintf(kept, sizeof kept, "%s", secret);
	mem_free_secret(secret);
	return kept;
}

TEST(C7_a_secret_comes_from_a_private_file)
{
	char path[] = "/tmp/centinela-secret-XXXXXX";
	int fd = mkstemp(path);
	REQUIRE(fd >= 0);
	close(fd);
	REQUIRE(file_write(path, " s3cret \nsecond line", 20, 0600, &fault));
	CHECK_STR(read_from((struct secret_source){ .file = path }), "s3cret");
	chmod(path, 0644);
	CHECK_STR(read_from((struct secret_source){ .file = path }), "(none)");
	CHECK(strstr(fault.text, "chmod 600") != NULL && strstr(fault.text, "s3cret") == NULL);
	REQUIRE(file_write(path, "\n", 1, 0600, &fault));
	CHECK_STR(read_from((struct secret_source){ .file = path }), "(none)");
	unlink(path);
	CHECK_STR(read_from((struct secret_source){ .file = path }), "(none)");
	CHECK_INT(fault.code, FAULT_NOT_FOUND);
}

/* As systemd hands it to a service with DynamicUser=: its group may read it. */
TEST(a_credential_of_the_service_may_have_a_group)
{
	char path[] = "/tmp/centinela-secret-XXXXXX";
	struct secret_source source = { .file = path };
	int fd = mkstemp(path);
	REQUIRE(fd >= 0);
	close(fd);
	REQUIRE(file_write(path, "s3cret\n", 7, 0440, &fault));
	CHECK_STR(read_from(source), "(none)"); /* nobody says that it is one */
	setenv("CREDENTIALS_DIRECTORY", "/tmp", 1);
	CHECK_STR(read_from(source), "s3cret");
	chmod(path, 0444);
	CHECK_STR(read_from(source), "(none)");
	chmod(path, 0460);
	CHECK_STR(read_from(source), "(none)");
	chmod(path, 0440);
	setenv("CREDENTIALS_DIRECTORY", "/tm", 1); /* the beginning of a name is no folder */
	CHECK_STR(read_from(source), "(none)");
	unsetenv("CREDENTIALS_DIRECTORY");
	unlink(path);
}

TEST(C7_a_secret_comes_from_the_environment)
{
	setenv("CENTINELA_TEST_SECRET", "from env", 1);
	CHECK_STR(read_from((struct secret_source){ .environment = "CENTINELA_TEST_SECRET" }), "from env");
	unsetenv("CENTINELA_TEST_SECRET");
	CHECK_STR(read_from((struct secret_source){ .environment = "CENTINELA_TEST_SECRET" }), "(none)");
	CHECK(strstr(fault.text, "CENTINELA_TEST_SECRET") != NULL);
}

TEST(C7_a_secret_comes_from_a_command)
{
	CHECK_STR(read_from((struct secret_source){ .command = "printf 'abc\\nuser: x\\n'" }), "abc");
	CHECK_STR(read_from((struct secret_source){ .command = "echo abc; exit 3" }), "(none)");
	CHECK(strstr(fault.text, "exit code 3") != NULL);
	CHECK_STR(read_from((struct secret_source){ .command = "true" }), "(none)");
	CHECK_STR(read_from((struct secret_source){ .command = "/nonexistent" }), "(none)");
	CHECK_STR(read_from((struct secret_source){ .command = "cat; echo no-input" }), "no-input");
	/* One that closes its output and lives on is ended, with what it started. */
	CHECK_STR(read_from((struct secret_source){ .command = "echo abc; exec 1>&-; sleep 600 & sleep 600" }), "(none)");
}

/* A program on the network ignores SIGPIPE; an ignored signal stays ignored
 * after exec, and a pipeline's producer would not end with its reader. */
TEST(a_command_for_a_secret_may_be_a_pipeline)
{
	void (*before)(int) = signal(SIGPIPE, SIG_IGN);
	CHECK_STR(read_from((struct secret_source){ .command =
	    "yes abc | head -n 1" }), "abc");
	CHECK_STR(read_from((struct secret_source){ .command =
	    "bits=$(sed -n 's/^SigIgn:[[:space:]]*//p' /proc/self/status); echo $((0x$bits >> 12 & 1))" }), "0");
	signal(SIGPIPE, before);
}

TEST(no_source_says_what_to_set)
{
	CHECK_STR(read_from((struct secret_source){ 0 }), "(none)");
	CHECK_INT(fault.code, FAULT_USAGE);
	CHECK(!secret_source_is_set(&(struct secret_source){ 0 }));
}

TEST(C9_a_crash_leaves_no_core)
{
	secret_guard_process();
	struct rlimit limit;
	REQUIRE(getrlimit(RLIMIT_CORE, &limit) == 0);
	CHECK_INT(limit.rlim_cur, 0);
}

TEST(C9_no_secret_reaches_the_log)
{
	static const char *const lines[] = {
		"Authorization: Bearer SECRETvalue_PF84_0f5a", "Authorization: Basic SECRETQzBmZmVl",
		"grant_type=refresh_token&refresh_token=SECRETr&client_secret=SECRETs", "client_secret=SECRETs",
		"{\"access_token\":\"SECRETa\",\"refresh_token\":\"SECRETr\"}", "{\"access_token\": \"SECRETa\"}",
		"device_code=SECRETd&x=1", "code_verifier=SECRETv", "\"clientSecret\":\"SECRETs\"", "\"secret\":\"SECRETw\"",
		"GET /redirect?code=SECRETc&state=SECRETt HTTP/1.1",
	};
	struct log_line kept[COUNT_OF(lines)];
	for (size_t i = 0; i < COUNT_OF(lines); i++)
		log_unusual("asked: %s", lines[i]);
	REQUIRE(log_recent(kept, COUNT_OF(kept)) == COUNT_OF(lines));
	for (size_t i = 0; i < COUNT_OF(lines); i++) {
		if (strstr(kept[i].text, "SECRET") != NULL)
			printf("%s\n", kept[i].text);
		CHECK(strstr(kept[i].text, "SECRET") == NULL);
		CHECK(strstr(kept[i].text, "asked: ") != NULL && strstr(kept[i].text, "***") != NULL);
	}
}

TESTS(T(C9_no_secret_reaches_the_log), T(C7_a_secret_comes_from_a_private_file), T(a_credential_of_the_service_may_have_a_group), T(C7_a_secret_comes_from_the_environment),
    T(C7_a_secret_comes_from_a_command), T(a_command_for_a_secret_may_be_a_pipeline),
    T(no_source_says_what_to_set), T(C9_a_crash_leaves_no_core))
