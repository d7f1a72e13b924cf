/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "net/file.h"
#include "webex/token_file.h"

static char folder[64], path[128];
static struct fault fault;

static void set_up(void)
{
	snprintf(folder, sizeof folder, "/tmp/centinela-token-XXXXXX");
	REQUIRE(mkdtemp(folder) != NULL);
	snprintf(path, sizeof path, "%s/deep/token.json", folder);
}

static void tear_down(void)
{
	char command[160];
	snprintf(command, sizeof command, "rm -rf %s", folder);
	CHECK_INT(system(command), 0);
}

static struct token made(void)
{
	return (struct token){ .access = mem_strdup("INVENTEDaccess"),
		.refresh = mem_strdup("INVENTEDrefresh"), .scope = mem_strdup("a b"),
		.kind = mem_strdup("device"), .obtained_ms = 1790000000123,
		.access_expires_ms = 1791209599123, .refresh_expires_ms = 1797775999000 };
}

TEST(a_token_is_kept_and_read_back)
{
	set_up();
	struct token token = made(), back;
	REQUIRE(token_file_write(path, &token, &fault));
	struct stat status;
	REQUIRE(stat(path, &status) == 0);
	CHECK_INT(status.st_mode & 0777, 0600);
	REQUIRE(token_file_read(path, &back, &fault));
	CHECK_STR(back.access, token.access);
	CHECK_STR(back.refresh, token.refresh);
	CHECK_STR(back.scope, "a b");
	CHECK_STR(back.kind, "device");
	CHECK_INT(back.obtained_ms, token.obtained_ms);
	CHECK_INT(back.access_expires_ms, token.access_expires_ms);
	CHECK_INT(back.refresh_expires_ms, token.refresh_expires_ms);
	token_clear(&back);
	token_clear(&token);
	CHECK(token_file_remove(path, &fault));
	CHECK(token_file_remove(path, &fault));
	CHECK(!token_file_read(path, &back, &fault));
	CHECK_INT(fault.code, FAULT_NOT_FOUND);
	tear_down();
}

TEST(C7_a_file_that_others_can_read_is_refused_with_the_cure)
{
	set_up();
	struct token token = made(), back;
	REQUIRE(token_file_write(path, &token, &fault));
	static const unsigned modes[] = { 0644, 0640, 0620, 0602, 0604 };
	for (size_t i = 0; i < COUNT_OF(modes); i++) {
		chmod(path, modes[i]);
		CHECK(!token_file_read(path, &back, &fault));
		CHECK(strstr(fault.text, "chmod 600 ") != NULL && strstr(fault.text, path) != NULL);
	}
	chmod(path, 0600);
	CHECK(token_file_read(path, &back, &fault));
	token_clear(&back);
	if (geteuid() == 0) {
		REQUIRE(chown(path, 65534, 65534) == 0);
		CHECK(!token_file_read(path, &back, &fault));
		CHECK(strstr(fault.text, "another user") != NULL);
	}
	token_clear(&token);
	tear_down();
}

TEST(a_write_leaves_the_old_file_or_the_new_one)
{
	set_up();
	REQUIRE(file_make_folders(path, &fault));
	REQUIRE(file_write(path, "old", 3, 0600, &fault));
	REQUIRE(file_write(path, "new", 3, 0600, &fault));
	char *bytes, command[256];
	size_t n;
	REQUIRE(file_read(path, 100, &bytes, &n, &fault));
	CHECK_STR(bytes, "new");
	free(bytes);
	/* Nothing temporary stays behind. */
	snprintf(command, sizeof command, "test $(ls -A %s/deep | wc -l) = 1", folder);
	CHECK_INT(system(command), 0);
	CHECK(!file_write("/dev/null/x", "a", 1, 0600, &fault));
	CHECK(!file_make_folders("/dev/null/x/y", &fault));
	CHECK(!file_read(folder, 100, &bytes, &n, &fault)); /* a folder */
	CHECK(!file_read(path, 2, &bytes, &n, &fault));
	CHECK(strstr(fault.text, "larger") != NULL);
	tear_down();
}

TEST(what_is_no_token_file_is_refused)
{
	set_up();
	REQUIRE(file_make_folders(path, &fault));
	static const char *const bad[] = { "", "{", "[]", "{}", "{\"access_token\":7}",
		"{\"access_token\":\"a b\"}", "{\"access_token\":\"a\\nX-Evil: 1\"}",
		"{\"access_token\":\"\xC3\xB1\"}", "{\"access_token\":\"a\\u0000b\"}" };
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		struct token token;
		REQUIRE(file_write(path, bad[i], strlen(bad[i]), 0600, &fault));
		CHECK(!token_file_read(path, &token, &fault));
		CHECK(token.access == NULL);
	}
	tear_down();
}

TEST(A20_one_refresher_at_a_time)
{
	set_up();
	int first, second;
	REQUIRE(token_file_lock(path, &first, &fault));
	CHECK(!token_file_lock(path, &second, &fault));
	CHECK_INT(fault.code, FAULT_CONFLICT);
	close(first);
	REQUIRE(token_file_lock(path, &second, &fault));
	close(second);
	tear_down();
}

TEST(C1_a_refresh_is_due_in_time)
{
	int64_t at = 1790000000000;
	struct token token = { .access = (char[]){ "a" }, .refresh = (char[]){ "r" },
		.obtained_ms = at, .access_expires_ms = at + 14 * DAY_MS };
	CHECK(!token_is_due(&token, at));
	/* 10 % of 14 days are left. */
	CHECK(!token_is_due(&token, at + 14 * DAY_MS * 9 / 10 - 1));
	CHECK(token_is_due(&token, at + 14 * DAY_MS * 9 / 10));
	/* A token of an hour: 6 minutes; of 20 minutes: 5; of 4 minutes: half. */
	token.access_expires_ms = at + HOUR_MS;
	CHECK(!token_is_due(&token, at + 54 * MINUTE_MS - 1));
	CHECK(token_is_due(&token, at + 54 * MINUTE_MS));
	token.access_expires_ms = at + 20 * MINUTE_MS;
	CHECK(token_is_due(&token, at + 15 * MINUTE_MS));
	token.access_expires_ms = at + 4 * MINUTE_MS;
	CHECK(!token_is_due(&token, at + MINUTE_MS));
	CHECK(token_is_due(&token, at + 2 * MINUTE_MS));
	/* One that lives for a year is refreshed every 30 days all the same. */
	token.access_expires_ms = at + 365 * DAY_MS;
	CHECK(!token_is_due(&token, at + 30 * DAY_MS - 1));
	CHECK(token_is_due(&token, at + 30 * DAY_MS));
	token.access_expires_ms = 0;
	CHECK(!token_is_due(&token, at + DAY_MS));
	token.refresh = NULL;
	CHECK(!token_is_due(&token, at + 365 * DAY_MS));
}

TEST(C1_a_person_is_warned_14_days_before)
{
	int64_t at = 1790000000000;
	struct token token = { .access = (char[]){ "a" }, .refresh = (char[]){ "r" },
		.obtained_ms = at, .access_expires_ms = at + 14 * DAY_MS,
		.refresh_expires_ms = at + 90 * DAY_MS };
	CHECK(!token_needs_person_soon(&token, at + 76 * DAY_MS - 1));
	CHECK(token_needs_person_soon(&token, at + 76 * DAY_MS));
}

TEST(C8_a_personal_token_is_a_warning_from_the_start)
{
	int64_t at = 1790000000000;
	struct token token = { .access = (char[]){ "a" }, .obtained_ms = at,
		.access_expires_ms = at + 12 * HOUR_MS };
	CHECK(token_needs_person_soon(&token, at));
	CHECK(!token_has_expired(&token, at + 12 * HOUR_MS - 1));
	CHECK(token_has_expired(&token, at + 12 * HOUR_MS));
}

static bool answer(const char *bytes, const struct token *before, struct token *out)
{
	return token_read_answer(bytes, strlen(bytes), before, "device", 1000000, out, &fault);
}

TEST(C14_expires_in_is_seconds)
{
	struct token token;
	REQUIRE(answer("{\"access_token\":\"A\",\"expires_in\":1209599,\"refresh_token\":\"R\","
		       "\"refresh_token_expires_in\":7775999,\"token_type\":\"Bearer\",\"scope\":\"s\"}",
	    NULL, &token));
	CHECK_INT(token.access_expires_ms, 1000000 + INT64_C(1209599000));
	CHECK_INT(token.refresh_expires_ms, 1000000 + INT64_C(7775999000));
	CHECK_STR(token.scope, "s");
	CHECK_STR(token.kind, "device");
	token_clear(&token);
	/* Milliseconds in that place would be 38 years, or 56 000: not believed. */
	static const char *const wrong[] = { "1209599000", "1768630439322" };
	for (size_t i = 0; i < COUNT_OF(wrong); i++) {
		char *body = mem_printf("{\"access_token\":\"A\",\"expires_in\":%s}", wrong[i]);
		REQUIRE(answer(body, NULL, &token));
		CHECK_INT(token.access_expires_ms, 0);
		token_clear(&token);
		free(body);
	}
}

TEST(C3_an_absent_refresh_token_keeps_the_old_one)
{
	struct token before = made(), after;
	REQUIRE(answer("{\"access_token\":\"A2\",\"expires_in\":60}", &before, &after));
	CHECK_STR(after.access, "A2");
	CHECK_STR(after.refresh, "INVENTEDrefresh");
	CHECK_INT(after.refresh_expires_ms, before.refresh_expires_ms);
	CHECK_STR(after.scope, "a b");
	CHECK_STR(after.kind, "device");
	token_clear(&after);
	REQUIRE(answer("{\"access_token\":\"A3\",\"refresh_token\":\"R3\"}", &before, &after));
	CHECK_STR(after.refresh, "R3");
	CHECK_INT(after.refresh_expires_ms, 0);
	token_clear(&after);
	token_clear(&before);
}

TEST(an_answer_without_a_token_is_a_fault_that_may_pass)
{
	static const char *const bad[] = { "", "{}", "<html>", "{\"access_token\":\"\"}",
		"{\"access_token\":null}" };
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		struct token token;
		CHECK(!answer(bad[i], NULL, &token));
		CHECK_INT(fault.code, FAULT_NETWORK);
	}
	struct token token;
	REQUIRE(answer("{\"access_token\":\"A\",\"expires_in\":-5}", NULL, &token));
	CHECK_INT(token.access_expires_ms, 0);
	token_clear(&token);
	REQUIRE(answer("{\"access_token\":\"A\",\"expires_in\":9e18}", NULL, &token));
	CHECK_INT(token.access_expires_ms, 0);
	token_clear(&token);
}

TESTS(T(a_token_is_kept_and_read_back), T(C7_a_file_that_others_can_read_is_refused_with_the_cure),
    T(a_write_leaves_the_old_file_or_the_new_one), T(what_is_no_token_file_is_refused),
    T(A20_one_refresher_at_a_time), T(C1_a_refresh_is_due_in_time),
    T(C1_a_person_is_warned_14_days_before), T(C8_a_personal_token_is_a_warning_from_the_start),
    T(C14_expires_in_is_seconds), T(C3_an_absent_refresh_token_keeps_the_old_one),
    T(an_answer_without_a_token_is_a_fault_that_may_pass))
