/* SPDX-License-Identifier: Apache-2.0
 *
 * Help says what the program does, and the README says what help says. */
#include <sys/wait.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "cli/cli.h"
#include "cli/help.h"
#include "net/file.h"
#include "test.h"

static char *source_file(const char *name, size_t *n)
{
	const char *source = getenv("CENTINELA_SOURCE");
	char *path = mem_printf("%s/%s", source == NULL ? "." : source, name), *bytes;
	struct fault fault;
	REQUIRE(file_read(path, 4 << 20, &bytes, n, &fault));
	free(path);
	return bytes;
}

TEST(the_readme_says_what_the_program_prints)
{
	size_t n;
	char *readme = source_file("README.md", &n);
	struct text renewed = { 0 };
	struct fault fault = { 0 };
	i18n_init("en");
	CHECK(help_renew(readme, &renewed, &fault));
	CHECK_STR(fault.text, "");
	if (strcmp(text_string(&renewed), readme) != 0) {
		test_failures++;
		puts("README.md is out of date: build/centinela --lang en help readme README.md >new && mv new README.md");
	}
	for (size_t i = 0; help_part_name(i) != NULL; i++) {
		char *mark = mem_printf("<!-- part %s -->\n", help_part_name(i));
		CHECK(strstr(readme, mark) != NULL);
		free(mark);
	}
	text_clear(&renewed);
	free(readme);
}

TEST(a_part_that_is_unknown_or_does_not_end_is_refused)
{
	static const char *const wrong[] = { "<!-- part nonsense -->\nx\n<!-- end nonsense -->\n", "<!-- part commands -->\nx\n",
		"<!-- part commands", "<!-- part commands -->\n<!-- end keys -->\n" };
	for (size_t i = 0; i < COUNT_OF(wrong); i++) {
		struct text out = { 0 };
		struct fault fault;
		CHECK(!help_renew(wrong[i], &out, &fault));
		text_clear(&out);
	}
	struct text out = { 0 };
	struct fault fault;
	CHECK(help_renew("no part at all\n", &out, &fault));
	CHECK_STR(text_string(&out), "no part at all\n");
	text_clear(&out);
}

static bool has_option(const char *command, const char *name, size_t n)
{
	for (const struct command_option *o = command_options; o->command != NULL; o++) {
		if (strcmp(o->command, command) == 0 && strncmp(o->name, name, n) == 0 && (o->name[n] == ' ' || o->name[n] == '\0'))
			return true;
	}
	return false;
}

TEST(every_option_of_a_usage_line_is_explained)
{
	for (const struct cli_command *c = cli_commands; c->name != NULL; c++) {
		for (const char *p = strstr(c->usage, "--"); p != NULL; p = strstr(p + 2, "--")) {
			size_t n = strcspn(p, " ]|");
			if (!has_option(c->name, p, n)) {
				test_failures++;
				printf("%s: %.*s is not in command_options\n", c->name, (int)n, p);
			}
		}
	}
	for (const struct command_option *o = command_options; o->command != NULL; o++) {
		bool known = *o->command == '\0';
		for (const struct cli_command *c = cli_commands; c->name != NULL; c++)
			known = known || strcmp(c->name, o->command) == 0;
		CHECK(known);
	}
}

TEST(the_manual_page_has_everything_and_no_stray_request)
{
	struct text page = { 0 };
	i18n_init("en");
	help_man(&page);
	for (const struct cli_command *c = cli_commands; c->name != NULL; c++) {
		char *term = mem_printf("\\fB%s", c->name);
		CHECK(strstr(text_string(&page), term) != NULL);
		free(term);
	}
	static const char *const requests[] = { ".TH ", ".SH ", ".SS ", ".TP\n", ".PP\n", ".RS\n", ".RE\n", ".nf\n", ".fi\n" };
	for (const char *line = text_string(&page); line != NULL && *line != '\0'; line = strchr(line, '\n') == NULL ? NULL : strchr(line, '\n') + 1) {
		bool known = *line != '.' && *line != '\'';
		for (size_t i = 0; i < COUNT_OF(requests); i++)
			known = known || text_starts_with(line, requests[i]);
		if (!known)
			printf("%.60s\n", line);
		CHECK(known);
	}
	text_clear(&page);
}

static int status_of(const char *words, char *first, size_t capacity)
{
	const char *build = getenv("CENTINELA_BUILD");
	char *command = mem_printf("XDG_CONFIG_HOME=/nonexistent LANGUAGE=en %s/centinela %s 2>&1", build == NULL ? "build" : build, words);
	FILE *pipe = popen(command, "r");
	char rest[4096];
	REQUIRE(pipe != NULL);
	first[0] = '\0';
	if (fgets(first, (int)capacity, pipe) != NULL)
		while (fread(rest, 1, sizeof rest, pipe) > 0)
			;
	int status = pclose(pipe);
	free(command);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST(every_command_has_help_and_every_topic_is_there)
{
	char first[400];
	for (const struct cli_command *c = cli_commands; c->name != NULL; c++) {
		char *words = mem_printf("%s --help", c->name);
		CHECK_INT(status_of(words, first, sizeof first), 0);
		CHECK(text_starts_with(first, "centinela "));
		CHECK(strstr(first, c->name) != NULL);
		free(words);
	}
	static const char *const topics[] = { "help", "help settings", "help keys", "help filter", "help facts", "help man", "help export", "--help", "help readme-part keys" };
	for (size_t i = 0; i < COUNT_OF(topics); i++) {
		CHECK_INT(status_of(topics[i], first, sizeof first), 0);
		CHECK(first[0] != '\0');
	}
	static const char *const wrong[] = { "help nonsense", "help readme-part nonsense", "help readme-part", "help settings extra more", "nonsense" };
	for (size_t i = 0; i < COUNT_OF(wrong); i++)
		CHECK_INT(status_of(wrong[i], first, sizeof first), 2);
	CHECK_INT(status_of("help readme /nonexistent", first, sizeof first), 1);
}

static char *said(const char *words)
{
	const char *build = getenv("CENTINELA_BUILD");
	char *command = mem_printf("XDG_CONFIG_HOME=/nonexistent LANGUAGE=en %s/centinela --lang en %s 2>&1", build == NULL ? "build" : build, words);
	FILE *pipe = popen(command, "r");
	struct text out = { 0 };
	char piece[4096];
	REQUIRE(pipe != NULL);
	for (size_t n; (n = fread(piece, 1, sizeof piece, pipe)) > 0;)
		text_add(&out, piece, n);
	pclose(pipe);
	free(command);
	return out.bytes != NULL ? out.bytes : mem_strdup("");
}

TEST(A15_who_fails_in_the_portal_is_sent_to_doctor)
{
	size_t n;
	char *readme = source_file("README.md", &n), *line = strstr(readme, "Try it");
	REQUIRE(line != NULL);
	char *end = strchr(line, '\n');
	REQUIRE(end != NULL);
	*end = '\0';
	CHECK(strstr(line, "centinela doctor") != NULL);
	free(readme);
}

TEST(C5_the_setup_help_prints_all_four_redirect_addresses)
{
	static const char *const topics[] = { "help login", "login --help", "help man" };
	for (size_t i = 0; i < COUNT_OF(topics); i++) {
		char *out = said(topics[i]);
		for (const char *p = "arkd"; *p != '\0'; p++) {
			char *address = mem_printf("oauth%shelper%s%c.wbx2.com", i == 2 ? "\\-" : "-", i == 2 ? "\\-" : "-", *p);
			CHECK(strstr(out, address) != NULL);
			free(address);
		}
		CHECK(strstr(out, i == 2 ? "calling_cdr_read" : "spark-admin:calling_cdr_read") != NULL);
		free(out);
	}
	size_t n;
	char *readme = source_file("README.md", &n);
	for (const char *p = "arkd"; *p != '\0'; p++) {
		char *address = mem_printf("https://oauth-helper-%c.wbx2.com/helperservice/v1/actions/device/callback", *p);
		CHECK(strstr(readme, address) != NULL);
		free(address);
	}
	free(readme);
}

TEST(C7_no_option_and_no_setting_takes_a_secret_itself)
{
	static const char *const secrets[] = { "secret", "token", "password", "bearer" };
	/* What names a secret names a file or a command that has it; how long the simulator's live is none. */
	for (const struct command_option *o = command_options; o->command != NULL; o++) {
		for (size_t i = 0; i < COUNT_OF(secrets); i++)
			CHECK(strcasestr(o->name, secrets[i]) == NULL || strstr(o->name, "FILE") != NULL || strstr(o->name, "-life S") != NULL);
	}
#define SETTING_KEY(key, member, kind, otherwise, allows, help) key,
	static const char *const settings[] = { OPTION_ROWS(SETTING_KEY) };
#undef SETTING_KEY
	for (size_t k = 0; k < COUNT_OF(settings); k++) {
		for (size_t i = 0; i < COUNT_OF(secrets); i++)
			CHECK(strcasestr(settings[k], secrets[i]) == NULL || text_ends_with(settings[k], "_file") || text_ends_with(settings[k], "_command"));
	}
}

TEST(C10_nothing_switches_verification_off)
{
	static const char *const ways[] = { "insecure", "verify", "no-check", "skip", "trust" };
#define SETTING_KEY(key, member, kind, otherwise, allows, help) key,
	static const char *const settings[] = { OPTION_ROWS(SETTING_KEY) };
#undef SETTING_KEY
	bool has_ca = false;
	for (size_t i = 0; i < COUNT_OF(ways); i++) {
		for (size_t k = 0; k < COUNT_OF(settings); k++)
			CHECK(strcasestr(settings[k], ways[i]) == NULL);
		for (const struct command_option *o = command_options; o->command != NULL; o++)
			CHECK(strcasestr(o->name, ways[i]) == NULL);
	}
	for (size_t k = 0; k < COUNT_OF(settings); k++)
		has_ca = has_ca || strcmp(settings[k], "network.ca_file") == 0;
	CHECK(has_ca);
}

TEST(a_persons_own_keys_are_shown)
{
	char path[] = "/tmp/test_cli_help.XXXXXX";
	int fd = mkstemp(path);
	static const char file[] = "keys:\n  queue: {F12: close}\n";
	REQUIRE(fd >= 0 && write(fd, file, sizeof file - 1) == (ssize_t)sizeof file - 1);
	close(fd);
	struct sheet sheet = { .form = FORM_PLAIN };
	struct fault fault;
	CHECK(help_keys(&sheet, path, &fault));
	CHECK(strstr(text_string(&sheet.out), "F12") != NULL);
	text_clear(&sheet.out);
	CHECK(!help_keys(&sheet, "/nonexistent", &fault));
	text_clear(&sheet.out);
	unlink(path);
}

TESTS(T(the_readme_says_what_the_program_prints), T(a_part_that_is_unknown_or_does_not_end_is_refused), T(every_option_of_a_usage_line_is_explained),
    T(the_manual_page_has_everything_and_no_stray_request), T(every_command_has_help_and_every_topic_is_there), T(A15_who_fails_in_the_portal_is_sent_to_doctor),
    T(C5_the_setup_help_prints_all_four_redirect_addresses), T(C7_no_option_and_no_setting_takes_a_secret_itself),
    T(C10_nothing_switches_verification_off), T(a_persons_own_keys_are_shown))
