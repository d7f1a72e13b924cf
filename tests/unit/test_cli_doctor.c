/* SPDX-License-Identifier: Apache-2.0
 *
 * doctor, report and export as others start them: the program, against the
 * simulator where Webex is needed. */
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/mem.h"
#include "cli/redact.h"
#include "options.h"
#include "store/store.h"
#include "test.h"
#include "webex/token_file.h"

static char folder[64];

static void begin(void)
{
	snprintf(folder, sizeof folder, "/tmp/test_cli_doctor.XXXXXX");
	REQUIRE(mkdtemp(folder) != NULL);
}

static void end(void)
{
	char command[128];
	snprintf(command, sizeof command, "rm -rf %s", folder);
	CHECK_INT(system(command), 0);
}

static void make_folder(const char *name)
{
	char path[200];
	snprintf(path, sizeof path, "%s/%s", folder, name);
	REQUIRE(mkdir(path, 0700) == 0);
}

static void write_file(const char *name, mode_t mode, const char *text)
{
	char path[200];
	snprintf(path, sizeof path, "%s/%s", folder, name);
	FILE *file = fopen(path, "w");
	REQUIRE(file != NULL);
	fputs(text, file);
	fclose(file);
	REQUIRE(chmod(path, mode) == 0);
}

/* Run "centinela WORDS" with a home of its own; its stdout, free() it. */
static char *run(const char *words, int *status)
{
	const char *build = getenv("CENTINELA_BUILD");
	struct text out = { 0 };
	char piece[4096];
	char *command = mem_printf("XDG_DATA_HOME=%s XDG_CONFIG_HOME=%s HTTPS_PROXY= https_proxy= LANGUAGE=en %s/centinela %s 2>%s/stderr",
	    folder, folder, build == NULL ? "build" : build, words, folder);
	FILE *pipe = popen(command, "r");
	REQUIRE(pipe != NULL);
	for (size_t n; (n = fread(piece, 1, sizeof piece, pipe)) > 0;)
		text_add(&out, piece, n);
	int result = pclose(pipe);
	*status = WIFEXITED(result) ? WEXITSTATUS(result) : -1;
	free(command);
	return out.bytes != NULL ? out.bytes : mem_strdup("");
}

static json_t *doctor(const char *words, int *status)
{
	char *line = mem_printf("doctor --json %s", words), *out = run(line, status);
	json_t *told = json_loads(out, 0, NULL);
	if (told == NULL)
		printf("no JSON: %s\n", out);
	REQUIRE(told != NULL);
	free(line);
	free(out);
	return told;
}

static const json_t *check_named(const json_t *told, const char *name)
{
	size_t i;
	json_t *check;
	json_array_foreach(json_object_get(told, "checks"), i, check) {
		if (strcmp(json_str(check, "name", ""), name) == 0)
			return check;
	}
	printf("there is no check %s\n", name);
	return NULL;
}

#define CHECK_STATUS(told, name, expected) CHECK_STR(json_str(check_named(told, name), "status", "absent"), expected)
#define CHECK_SAYS(told, name, key, words) CHECK(strstr(json_str(check_named(told, name), key, ""), words) != NULL)

/* ---- offline -------------------------------------------------------------------- */

TEST(a_fresh_host_has_warnings_and_no_failure)
{
	int status;
	begin();
	json_auto_t *told = doctor("--offline", &status);
	CHECK_INT(status, 0);
	CHECK(json_bool(told, "ok", false));
	CHECK_STATUS(told, "sign_in", "warning");
	CHECK_STATUS(told, "client_id", "warning");
	CHECK_STATUS(told, "data", "ok");
	CHECK_STATUS(told, "rules", "ok");
	CHECK_STATUS(told, "network", "skipped");
	end();
}

TEST(an_unknown_setting_is_named_with_the_one_that_was_meant)
{
	int status;
	begin();
	write_file("c.yaml", 0600, "webex:\n  clent_id: x\n");
	char *words = mem_printf("--offline --config %s/c.yaml", folder);
	json_auto_t *told = doctor(words, &status);
	CHECK_INT(status, 1);
	CHECK_STATUS(told, "configuration", "failed");
	CHECK_SAYS(told, "configuration", "text", "c.yaml:2:");
	CHECK_SAYS(told, "configuration", "text", "webex.client_id");
	/* Another command does not go on with half a configuration. */
	char *line = mem_printf("status --config %s/c.yaml", folder);
	free(run(line, &status));
	CHECK_INT(status, 2);
	free(line);
	free(words);
	end();
}

TEST(a_configuration_that_others_may_write_is_refused)
{
	int status;
	begin();
	write_file("c.yaml", 0666, "language: en\n");
	char *words = mem_printf("--offline --config %s/c.yaml", folder);
	json_auto_t *told = doctor(words, &status);
	CHECK_INT(status, 1);
	CHECK_STATUS(told, "configuration", "failed");
	CHECK_SAYS(told, "configuration", "advice", "chmod go-w");
	free(words);
	end();
}

static void write_token(bool refresh, int64_t life_ms, int64_t refresh_life_ms, const char *scope)
{
	char path[200];
	int64_t now = clock_real_ms();
	struct fault fault;
	struct token token = { .access = mem_strdup("ACCESS"), .refresh = refresh ? mem_strdup("REFRESH") : NULL, .scope = mem_strdup(scope),
		.kind = mem_strdup("device"), .obtained_ms = now, .access_expires_ms = now + life_ms,
		.refresh_expires_ms = refresh_life_ms == 0 ? 0 : now + refresh_life_ms };
	snprintf(path, sizeof path, "%s/centinela/token.json", folder);
	REQUIRE(token_file_write(path, &token, &fault));
	token_clear(&token);
}

TEST(a_token_that_others_can_read_fails_with_the_command_that_mends_it)
{
	int status;
	char path[200];
	begin();
	write_token(true, 14 * DAY_MS, 90 * DAY_MS, "spark-admin:calling_cdr_read");
	snprintf(path, sizeof path, "%s/centinela/token.json", folder);
	REQUIRE(chmod(path, 0640) == 0);
	json_auto_t *told = doctor("--offline", &status);
	CHECK_INT(status, 1);
	CHECK_STATUS(told, "token_file", "failed");
	CHECK_SAYS(told, "token_file", "advice", "chmod 600");
	CHECK_STATUS(told, "sign_in", "failed");
	end();
}

TEST(C8_a_personal_token_is_told_of_its_twelve_hours)
{
	int status;
	begin();
	write_token(false, 12 * HOUR_MS, 0, "");
	json_auto_t *told = doctor("--offline", &status);
	CHECK_INT(status, 0);
	CHECK_STATUS(told, "access_token", "warning");
	CHECK_SAYS(told, "access_token", "advice", "12 hours");
	end();
}

TEST(C1_a_refresh_token_near_its_end_is_a_warning_and_a_dead_one_a_failure)
{
	int status;
	begin();
	write_token(true, 14 * DAY_MS, 10 * DAY_MS, "spark-admin:calling_cdr_read");
	json_t *told = doctor("--offline", &status);
	CHECK_STATUS(told, "refresh_token", "warning");
	CHECK_INT(status, 0);
	json_decref(told);
	write_token(true, 14 * DAY_MS, -DAY_MS, "spark-admin:calling_cdr_read");
	told = doctor("--offline", &status);
	CHECK_STATUS(told, "refresh_token", "failed");
	CHECK_INT(status, 1);
	json_decref(told);
	end();
}

TEST(C13_a_list_of_scopes_that_is_too_long_is_told)
{
	int status;
	begin();
	char *file = mem_zalloc(2000);
	snprintf(file, 2000, "webex:\n  scopes:");
	while (strlen(file) < 1000)
		strcat(file, " spark-admin:calling_cdr_read");
	strcat(file, "\n");
	write_file("c.yaml", 0600, file);
	char *words = mem_printf("--offline --config %s/c.yaml", folder);
	json_t *told = doctor(words, &status);
	CHECK_STATUS(told, "scopes_asked", "warning");
	CHECK_SAYS(told, "scopes_asked", "text", "880");
	json_decref(told);
	/* The defaults are few, and none of them may change anything. */
	told = doctor("--offline", &status);
	size_t i;
	json_t *check;
	json_array_foreach(json_object_get(told, "checks"), i, check)
		CHECK(strcmp(json_str(check, "name", ""), "scopes_asked") != 0);
	json_decref(told);
	struct options options;
	options_init(&options);
	CHECK(strlen(options.scopes) < 300);
	CHECK(strstr(options.scopes, "_write") == NULL);
	CHECK(strstr(options.scopes, "spark-admin:calling_cdr_read") != NULL);
	options_clear(&options);
	free(words);
	free(file);
	end();
}

TEST(C12_scopes_the_token_lacks_are_named)
{
	int status;
	begin();
	write_token(true, 14 * DAY_MS, 90 * DAY_MS, "spark-admin:people_read");
	json_t *told = doctor("--offline", &status);
	CHECK_INT(status, 1);
	CHECK_STATUS(told, "scopes", "failed");
	CHECK_SAYS(told, "scopes", "text", "spark-admin:calling_cdr_read");
	CHECK_SAYS(told, "scopes", "advice", "sign in again");
	json_decref(told);
	write_token(true, 14 * DAY_MS, 90 * DAY_MS, "spark-admin:calling_cdr_read spark-admin:people_read spark-admin:locations_read spark-admin:organizations_read spark-admin:people_write");
	told = doctor("--offline", &status);
	CHECK_INT(status, 0);
	CHECK_STATUS(told, "scopes", "warning");
	json_decref(told);
	end();
}

TEST(a_store_of_a_newer_program_and_a_file_that_is_none_fail)
{
	int status;
	char path[200];
	struct store *store;
	struct fault fault;
	begin();
	snprintf(path, sizeof path, "%s/s.db", folder);
	REQUIRE(store_open(path, &store, &fault));
	REQUIRE(db_exec(&store->db, "INSERT INTO migrations (number, name) VALUES (999, 'later')", &fault));
	store_close(store);
	char *words = mem_printf("--offline --store %s", path);
	json_t *told = doctor(words, &status);
	CHECK_INT(status, 1);
	CHECK_STATUS(told, "store", "failed");
	CHECK_SAYS(told, "store", "text", "999");
	json_decref(told);
	write_file("s.db", 0600, "this is a letter to my aunt, and much longer than a header of SQLite is, so that it is read\n");
	told = doctor(words, &status);
	CHECK_INT(status, 1);
	CHECK_STATUS(told, "store", "failed");
	json_decref(told);
	free(words);
	end();
}

TEST(hours_of_sites_are_checked)
{
	int status;
	begin();
	char *file = mem_printf("sites: %s/sites.yaml\n", folder), *words = mem_printf("--offline --config %s/c.yaml", folder);
	write_file("c.yaml", 0600, file);
	write_file("sites.yaml", 0600, "sites: {Denver: {hours: always}}\n");
	json_t *told = doctor(words, &status);
	CHECK_INT(status, 0);
	CHECK_STATUS(told, "sites", "ok");
	CHECK_SAYS(told, "sites", "text", "after the first sync");
	json_decref(told);
	write_file("sites.yaml", 0600, "sites:\n  Denver:\n    huors: always\n");
	told = doctor(words, &status);
	CHECK_INT(status, 1);
	CHECK_STATUS(told, "sites", "failed");
	CHECK_SAYS(told, "sites", "text", "sites.yaml:3:5");
	CHECK_SAYS(told, "sites", "text", "hours");
	json_decref(told);
	free(words);
	free(file);
	end();
}

TEST(broken_rules_and_missing_data_are_told)
{
	int status;
	begin();
	make_folder("rules");
	write_file("rules/bad.yml", 0600, "title: x\ndetection: [\n");
	char *text = mem_printf("rules: %s/rules\ndata: %s/nowhere\n", folder, folder);
	write_file("c.yaml", 0600, text);
	char *words = mem_printf("--offline --config %s/c.yaml", folder);
	json_auto_t *told = doctor(words, &status);
	CHECK_INT(status, 1);
	CHECK_STATUS(told, "rules", "failed");
	CHECK_SAYS(told, "rules", "text", "bad.yml");
	CHECK_STATUS(told, "data", "failed");
	free(text);
	free(words);
	end();
}

TEST(wrong_words_are_refused_with_2)
{
	static const char *const wrong[] = { "doctor --nonsense", "report --since soon", "report --format pdf", "report extra",
		"export", "export people", "export calls --format xml", "export calls --since yesterday" };
	int status;
	begin();
	for (size_t i = 0; i < COUNT_OF(wrong); i++) {
		char *out = run(wrong[i], &status);
		CHECK_INT(status, 2);
		CHECK_STR(out, "");
		free(out);
	}
	end();
}

/* ---- with the simulator --------------------------------------------------------- */

static pid_t sim;
static char region_host[100], service_access[200];

/* A simulator, and a configuration that leads to it. `more` are further lines of it. */
static void begin_with_sim(const char *words, const char *more)
{
	char path[200];
	begin();
	snprintf(path, sizeof path, "%s/out", folder);
	char *command = mem_printf("exec %s/centinela sim --users 40 --auto-grant --no-rate-limits --ca-file %s/ca.pem %s", getenv("CENTINELA_BUILD") == NULL ? "build" : getenv("CENTINELA_BUILD"), folder, words);
	int ends[2];
	REQUIRE(pipe(ends) == 0);
	sim = fork();
	if (sim == 0) {
		dup2(ends[1], 1);
		close(ends[0]);
		close(ends[1]);
		execl("/bin/sh", "sh", "-c", command, (char *)NULL);
		_exit(127);
	}
	close(ends[1]);
	FILE *out = fdopen(ends[0], "r");
	char *line = NULL;
	size_t room = 0;
	REQUIRE(getline(&line, &room, out) > 0);
	fclose(out);
	json_auto_t *where = json_loads(line, 0, NULL);
	REQUIRE(where != NULL);
	write_file("secret", 0600, json_str(where, "client_secret", ""));
	const char *url = json_str(where, "url", ""), *other = json_str(where, "other_url", "");
	snprintf(service_access, sizeof service_access, "%s", json_str(where, "service_access_token", ""));
	snprintf(region_host, sizeof region_host, "%s", *other ? other + strlen("https://") : "");
	char *text = mem_printf("webex:\n  api: %s/v1\n  cdr_host: %s\n  cdr_hosts: %s\n  client_id: %s\n  client_secret_file: %s/secret\n%s"
	    "network:\n  ca_file: %s/ca.pem\n", url, (*other ? url : json_str(where, "cdr_url", url)) + strlen("https://"), region_host, json_str(where, "client_id", ""), folder, more, folder);
	write_file("c.yaml", 0600, text);
	make_folder("centinela");
	write_file("centinela/centinela.yaml", 0600, text);
	free(text);
	free(line);
	free(command);
}

static void end_with_sim(void)
{
	int status;
	kill(sim, SIGTERM);
	waitpid(sim, &status, 0);
	end();
}

static void sign_in(void)
{
	int status;
	char *out = run("login", &status);
	CHECK_INT(status, 0);
	free(out);
}

TEST(signed_in_every_part_of_the_api_answers)
{
	int status;
	begin_with_sim("", "");
	sign_in();
	json_auto_t *told = doctor("", &status);
	CHECK_INT(status, 0);
	static const char *const fine[] = { "token_file", "client_secret", "sign_in", "access_token", "refresh_token", "scopes", "ca_file",
		"reach_api", "reach_records", "clock", "api_self", "api_organizations", "api_people", "api_locations", "api_cdr_stream" };
	for (size_t i = 0; i < COUNT_OF(fine); i++)
		CHECK_STATUS(told, fine[i], "ok");
	CHECK_STATUS(told, "api_calling_locations", "ok");
	/* Who changed what is read where the token may; else one line says how it would be. */
	CHECK_STATUS(told, "api_audit", "skipped");
	CHECK_SAYS(told, "api_audit", "text", "audit:events_read");
	CHECK_SAYS(told, "api_audit", "advice", "login --audit");
	end_with_sim();
	begin_with_sim("", "  scopes: spark-admin:calling_cdr_read spark-admin:people_read audit:events_read\n");
	sign_in();
	json_auto_t *more = doctor("", &status);
	CHECK_STATUS(more, "api_audit", "ok");
	end_with_sim();
}

TEST(without_a_sign_in_webex_is_reached_and_not_asked)
{
	int status;
	begin_with_sim("", "");
	json_auto_t *told = doctor("", &status);
	CHECK_INT(status, 0);
	CHECK_STATUS(told, "reach_api", "ok");
	CHECK_STATUS(told, "clock", "ok");
	CHECK_STATUS(told, "sign_in", "warning");
	size_t i;
	json_t *check;
	json_array_foreach(json_object_get(told, "checks"), i, check)
		CHECK(strncmp(json_str(check, "name", ""), "api_", 4) != 0);
	end_with_sim();
}

TEST(A13_a_403_names_scope_role_token_type_and_licence)
{
	int status;
	begin_with_sim("", "  scopes: spark-admin:people_read\n");
	sign_in();
	json_auto_t *told = doctor("", &status);
	CHECK_INT(status, 1);
	CHECK_STATUS(told, "api_people", "ok");
	CHECK_STATUS(told, "api_cdr_stream", "failed");
	CHECK_SAYS(told, "api_cdr_stream", "text", "403");
	CHECK_SAYS(told, "api_cdr_stream", "advice", "spark-admin:calling_cdr_read");
	CHECK_SAYS(told, "api_cdr_stream", "advice", "Detailed Call History API access");
	CHECK_SAYS(told, "api_cdr_stream", "advice", "Service App");
	CHECK_SAYS(told, "api_cdr_stream", "advice", "licence");
	CHECK_STATUS(told, "api_organizations", "warning");
	end_with_sim();
}

TEST(A14_doctor_tries_records_with_a_service_apps_token)
{
	int status;
	char path[200];
	struct fault fault;
	begin_with_sim("", "");
	struct token token = { .access = mem_strdup(service_access), .refresh = mem_strdup("R"), .scope = mem_strdup(""),
		.kind = mem_strdup("service_app"), .obtained_ms = clock_real_ms(), .access_expires_ms = clock_real_ms() + DAY_MS };
	snprintf(path, sizeof path, "%s/centinela/token.json", folder);
	REQUIRE(token_file_write(path, &token, &fault));
	token_clear(&token);
	json_auto_t *told = doctor("", &status);
	CHECK_INT(status, 0);
	CHECK_SAYS(told, "sign_in", "text", "service_app");
	CHECK_STATUS(told, "scopes", "ok"); /* Webex does not tell them: asking does */
	CHECK_STATUS(told, "api_cdr_stream", "ok");
	end_with_sim();
}

TEST(A9_another_region_is_followed_and_named)
{
	int status;
	begin_with_sim("--other-region", "");
	sign_in();
	json_auto_t *told = doctor("", &status);
	CHECK_INT(status, 0);
	CHECK_STATUS(told, "region", "warning");
	CHECK_SAYS(told, "region", "advice", region_host);
	CHECK_STATUS(told, "api_cdr_stream", "ok");
	end_with_sim();
}

TEST(A5_a_wrong_clock_is_told_in_seconds)
{
	int status;
	begin_with_sim("--faults skew", "");
	json_auto_t *told = doctor("", &status);
	const char *verdict = json_str(check_named(told, "clock"), "status", "");
	CHECK(strcmp(verdict, "warning") == 0 || strcmp(verdict, "failed") == 0);
	CHECK_SAYS(told, "clock", "advice", "NTP");
	end_with_sim();
}

TEST(C10_a_foreign_certificate_leads_to_the_ca_file_and_nowhere_else)
{
	int status;
	begin_with_sim("", "");
	char *command = mem_printf("cd %s && openssl req -x509 -newkey rsa:2048 -nodes -keyout k.pem -out other.pem -days 2 -subj /CN=other 2>/dev/null && mv other.pem ca.pem", folder);
	REQUIRE(system(command) == 0);
	json_auto_t *told = doctor("", &status);
	CHECK_INT(status, 1);
	CHECK_STATUS(told, "reach_api", "failed");
	CHECK_SAYS(told, "reach_api", "advice", "network.ca_file");
	free(command);
	end_with_sim();
}

/* ---- report and export ------------------------------------------------------------ */

static int64_t lines(const char *text)
{
	int64_t n = 0;
	for (; (text = strchr(text, '\n')) != NULL; text++)
		n++;
	return n;
}

/* A day of 30 users in the store; returns its newest record's line. */
static void import_a_day(void)
{
	int status;
	begin();
	char *words = mem_printf("sim --export %s/day --days 1 --users 30 --seed 3 --base 2026-10-06T12:00:00Z", folder);
	free(run(words, &status));
	CHECK_INT(status, 0);
	free(words);
	words = mem_printf("import %s/day/cdrs.jsonl", folder);
	free(run(words, &status));
	CHECK_INT(status, 0);
	free(words);
}

TEST(exported_legs_imported_elsewhere_give_the_same_store)
{
	int status;
	import_a_day();
	char *words = mem_printf("export legs >%s/legs.jsonl; sort %s/day/cdrs.jsonl | wc -l; wc -l <%s/legs.jsonl; true", folder, folder, folder);
	char *out = run(words, &status), *rest;
	long given = strtol(out, &rest, 10), back = strtol(rest, NULL, 10);
	CHECK(given > 100);
	CHECK(back > 100 && back <= given); /* a record may come twice */
	free(out);
	free(words);
	words = mem_printf("--store %s/again.db import %s/legs.jsonl", folder, folder);
	free(run(words, &status));
	CHECK_INT(status, 0);
	free(words);
	/* The id of a call is that of its first leg to arrive: it may differ. */
	words = mem_printf("--store %s/again.db export legs | LC_ALL=C sort >%s/second; LC_ALL=C sort %s/legs.jsonl | cmp - %s/second", folder, folder, folder, folder);
	free(run(words, &status));
	CHECK_INT(status, 0);
	free(words);
	char *first = run("export calls", &status);
	words = mem_printf("--store %s/again.db export calls", folder);
	char *second = run(words, &status);
	CHECK(lines(first) > 50);
	CHECK_INT(lines(second), lines(first));
	free(first);
	free(second);
	free(words);
	end();
}

TEST(export_keeps_to_time_and_filter_oldest_first)
{
	int status;
	import_a_day();
	char *all = run("export calls", &status), *late = run("export calls --since 2026-10-06T15:00Z", &status),
	     *out = run("export calls --filter 'direction = outbound'", &status);
	CHECK(lines(late) > 0 && lines(late) < lines(all));
	CHECK(lines(out) > 0 && lines(out) < lines(all));
	CHECK(strlen(late) < strlen(all) && strcmp(all + strlen(all) - strlen(late), late) == 0);
	CHECK(strstr(out, "\"direction\":\"inbound\"") == NULL);
	free(all);
	free(late);
	free(out);
	end();
}

TEST(B13_a_name_is_no_formula_in_csv_and_no_markup_in_a_report)
{
	int status;
	import_a_day();
	char *words = mem_printf("--version >/dev/null; sed -n 1p %s/day/cdrs.jsonl | sed 's/\"Location\": *\"[^\"]*\"/\"Location\":\"| [x](y) *z*\"/; s/\"User\": *\"[^\"]*\"/\"User\":\"=cmd,\\\\\"a\\\\\"\"/' >%s/one.jsonl", folder, folder);
	free(run(words, &status));
	free(words);
	words = mem_printf("--store %s/one.db import %s/one.jsonl", folder, folder);
	free(run(words, &status));
	CHECK_INT(status, 0);
	free(words);
	words = mem_printf("--store %s/one.db export legs --format csv", folder);
	char *csv = run(words, &status);
	CHECK_INT(lines(csv), 2);
	CHECK(strstr(csv, ",\"'=cmd,\"\"a\"\"\",") != NULL);
	free(csv);
	free(words);
	words = mem_printf("--store %s/one.db report --format md --since 2026-10-01", folder);
	char *report = run(words, &status);
	CHECK_INT(status, 0);
	CHECK(strstr(report, "\\| \\[x\\](y) \\*z\\*") != NULL);
	free(report);
	free(words);
	end();
}

TEST(B14_an_export_can_leave_out_what_names_a_stranger)
{
	static const char record[] = "{\"Start time\":\"2026-10-06T15:00:00.000Z\",\"Report ID\":\"2b7e1516-28ae-32a6-ab7f-158809cf4f3c\","
	    "\"Correlation ID\":\"c\",\"Direction\":\"ORIGINATING\",\"Call type\":\"SIP_INTERNATIONAL\",\"Called number\":\"+37125550123\","
	    "\"Dialed digits\":\"90037125550123\",\"Called line ID\":\"Stranger\",\"AUTHORIZATION  CODE\":\"4711\",\"Duration\":60,"
	    "\"Public Calling IP Address\":\"198.51.100.7\",\"Device MAC\":\"AABBCCDDEEFF\",\"User\":\"Ana\",\"Of 2027\":\"+37125550123\"}\n";
	static const char *const commands[] = { "export calls", "export legs", "export calls --format csv", "export legs --format csv" };
	static const char *const secrets[] = { "25550123", "Stranger", "4711", "198.51.100.7", "AABBCCDDEEFF" };
	int status;
	begin();
	write_file("r.jsonl", 0600, record);
	char *words = mem_printf("import %s/r.jsonl", folder);
	free(run(words, &status));
	CHECK_INT(status, 0);
	free(words);
	for (size_t i = 0; i < COUNT_OF(commands); i++) {
		char *whole = run(commands[i], &status);
		CHECK(strstr(whole, "+37125550123") != NULL);
		words = mem_printf("%s --redact", commands[i]);
		char *out = run(words, &status);
		CHECK_INT(status, 0);
		CHECK_INT(lines(out), lines(whole));
		CHECK(strstr(out, "+37125\xC2\xB7\xC2\xB7\xC2\xB7" "123") != NULL);
		CHECK(strstr(out, "Ana") != NULL);
		for (size_t k = 0; k < COUNT_OF(secrets); k++)
			CHECK(strstr(out, secrets[k]) == NULL);
		free(words);
		free(whole);
		free(out);
	}
	end();
	/* Numbers in every dress, PINs after a pause, and what a strict reader of
	 * JSON refuses: nothing is let through, and no record is lost. */
	static const char hostile[] =
	    "{\"Start time\":\"2026-10-06T15:00:00.000Z\",\"Report ID\":\"h1\",\"Correlation ID\":\"c1\",\"Direction\":\"ORIGINATING\",\"Duration\":60,"
	    "\"Called number\":\"sip:+573105550123@pstn-gateway.very-long-name.example.com;user=phone\","
	    "\"Calling number\":\"tel:+573105550123;phone-context=davivienda.com\",\"Dialed digits\":\"9,00573105550123,,,,4711#\","
	    "\"Site main number\":\"+573105550123\",\"User number\":\"(310) 555-0123\",\"Redirecting number\":\"+57 310 555 0123\"}\n"
	    "{\"Start time\":\"2026-10-06T15:01:00.000Z\",\"Report ID\":\"h2\",\"Correlation ID\":\"c2\",\"Direction\":\"ORIGINATING\",\"Duration\":60,"
	    "\"Called number\":\"+573105550123\\u00e9\",\"Calling number\":\"+5731\u00e9" "05550123\"}\n"
	    "{\"Start time\":\"2026-10-06T15:02:00.000Z\",\"Report ID\":\"h3\",\"Correlation ID\":\"c3\",\"Direction\":\"ORIGINATING\",\"Duration\":60,"
	    "\"Called number\":\"+573105550123\",\"Calling line ID\":\"\\ud800\",\"User\":\"\x9b" "31mEva\"}\n";
	static const char *const parts[] = { "05550123", "105550", "555-0123", "555 0123", "4711" };
	begin();
	write_file("h.jsonl", 0600, hostile);
	words = mem_printf("import %s/h.jsonl", folder);
	free(run(words, &status));
	free(words);
	for (size_t i = 0; i < COUNT_OF(commands); i++) {
		words = mem_printf("%s --redact", commands[i]);
		char *out = run(words, &status);
		CHECK_INT(status, 0);
		CHECK_INT(lines(out), i < 2 ? 3 : 4);
		for (size_t k = 0; k < COUNT_OF(parts); k++) {
			if (strstr(out, parts[k]) != NULL)
				printf("%s: %s", commands[i], out);
			CHECK(strstr(out, parts[k]) == NULL);
		}
		json_t *utf8 = json_string(out);
		CHECK(utf8 != NULL);
		json_decref(utf8);
		free(words);
		free(out);
	}
	end();
	/* Numbers inside a text: with a plus or in an address in every dress. */
	struct arena arena;
	arena_init(&arena);
	CHECK_STR(redact_text("to sip:3105550123@gw, tel:(310) 555-0123; +57 310 555 0123 and 3105550123.", &arena),
	    "to sip:310555\xC2\xB7\xC2\xB7\xC2\xB7" "123@gw, tel:310555\xC2\xB7\xC2\xB7\xC2\xB7" "123; +57310\xC2\xB7\xC2\xB7\xC2\xB7" "123 and 310555\xC2\xB7\xC2\xB7\xC2\xB7" "123.");
	CHECK_STR(redact_text("call 5b1f0c6a-2f77-4a39-8d0e-000000000001 on 2026-10-05, 1700000000000:0", &arena),
	    "call 5b1f0c6a-2f77-4a39-8d0e-000000000001 on 2026-10-05, 1700000000000:0");
	arena_clear(&arena);
	/* Alerts name numbers in their reasons too. */
	import_a_day();
	char *out = run("export alerts --redact", &status);
	CHECK_INT(status, 0);
	for (const char *p = out; *p != '\0'; p++) {
		size_t n = *p == '+' ? strspn(p + 1, "0123456789") : 0;
		if (n >= 7)
			printf("%.40s\n", p);
		CHECK(n < 7);
	}
	free(out);
	end();
}

TEST(a_report_adds_up_in_every_format)
{
	int status;
	import_a_day();
	char *json = run("report --format json --since 2026-10-01", &status);
	CHECK_INT(status, 0);
	json_auto_t *report = json_loads(json, 0, NULL);
	int64_t sum = 0;
	size_t i;
	json_t *row;
	json_array_foreach(json_object_get(report, "traffic"), i, row)
		sum += json_int(row, "calls", 0);
	CHECK(sum > 50);
	CHECK_INT(json_int(json_object_get(report, "total"), "calls", 0), sum);
	CHECK(json_object_get(json_object_get(report, "alerts"), "open") != NULL);
	char *text = run("report --since 2026-10-01", &status), *es = run("--lang es report --format md --since 2026-10-01", &status);
	char *total = mem_printf("\nall %*s", 0, "");
	CHECK(strstr(text, total) != NULL);
	CHECK(strncmp(es, "# ", 2) == 0);
	free(total);
	free(text);
	free(es);
	free(json);
	end();
}

TESTS(T(a_fresh_host_has_warnings_and_no_failure), T(an_unknown_setting_is_named_with_the_one_that_was_meant),
    T(a_configuration_that_others_may_write_is_refused), T(a_token_that_others_can_read_fails_with_the_command_that_mends_it),
    T(C8_a_personal_token_is_told_of_its_twelve_hours), T(C1_a_refresh_token_near_its_end_is_a_warning_and_a_dead_one_a_failure),
    T(C12_scopes_the_token_lacks_are_named), T(C13_a_list_of_scopes_that_is_too_long_is_told),
    T(A14_doctor_tries_records_with_a_service_apps_token), T(B14_an_export_can_leave_out_what_names_a_stranger), T(a_store_of_a_newer_program_and_a_file_that_is_none_fail),
    T(hours_of_sites_are_checked), T(broken_rules_and_missing_data_are_told), T(wrong_words_are_refused_with_2), T(signed_in_every_part_of_the_api_answers),
    T(without_a_sign_in_webex_is_reached_and_not_asked), T(A13_a_403_names_scope_role_token_type_and_licence),
    T(A9_another_region_is_followed_and_named), T(A5_a_wrong_clock_is_told_in_seconds),
    T(C10_a_foreign_certificate_leads_to_the_ca_file_and_nowhere_else), T(exported_legs_imported_elsewhere_give_the_same_store),
    T(export_keeps_to_time_and_filter_oldest_first), T(B13_a_name_is_no_formula_in_csv_and_no_markup_in_a_report), T(a_report_adds_up_in_every_format))
