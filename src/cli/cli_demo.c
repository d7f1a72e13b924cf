/* SPDX-License-Identifier: Apache-2.0
 *
 * demo: it is the console. A child process is the simulator, a throw-away folder has
 * a configuration, a sign-in and a store, and nothing below this file knows the
 * difference. */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/iso_time.h"
#include "base/json.h"
#include "base/mem.h"
#include "cli/cli.h"
#include "sim/scenario.h"
#include "ui/command.h"
#include "webex/token_file.h"

struct demo {
	char folder[64];
	pid_t sim;
	const char *seed, *speed, *scenario, *users;
};

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *walk)
{
	UNUSED(st);
	UNUSED(kind);
	UNUSED(walk);
	return remove(path);
}

static void demo_end(struct demo *demo)
{
	if (demo->sim > 0) {
		kill(demo->sim, SIGTERM);
		waitpid(demo->sim, NULL, 0);
	}
	if (demo->folder[0] != '\0')
		nftw(demo->folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static void exec_sim(struct demo *demo, int64_t base_ms, int64_t real_ms)
{
	char base[ISO_TIME_BYTES], epoch[ISO_TIME_BYTES], real[32];
	char *port_file = mem_printf("%s/sim.json", demo->folder), *ca = mem_printf("%s/ca.pem", demo->folder);
	iso_time_format(base_ms, base);
	iso_time_format(scenario_watched_from_ms(demo->scenario, base_ms), epoch);
	snprintf(real, sizeof real, "%lld", (long long)real_ms);
	const char *const argv[] = { "centinela", "sim", "--port-file", port_file, "--ca-file", ca, "--auto-grant",
		"--no-rate-limits", "--base", base, "--real-base", real, "--epoch", epoch, "--seed", demo->seed,
		"--speed", demo->speed, "--scenario", demo->scenario, "--users", demo->users, NULL };
	/* The simulator ends with the demo, however that ends. */
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	char *log = mem_printf("%s/sim.log", demo->folder);
	if (freopen("/dev/null", "r", stdin) == NULL || freopen(log, "w", stdout) == NULL || freopen(log, "a", stderr) == NULL)
		_exit(1);
	char *copy[COUNT_OF(argv)];
	for (size_t i = 0; i < COUNT_OF(argv); i++)
		copy[i] = argv[i] == NULL ? NULL : mem_strdup(argv[i]);
	execv("/proc/self/exe", copy);
	_exit(1);
}

/* The simulator's one line says where it is; it is there when the file is. */
static bool wait_for_sim(struct demo *demo, json_t **where, struct fault *fault)
{
	char *path = mem_printf("%s/sim.json", demo->folder);
	bool ok = false;
	for (int i = 0; i < 200 && !ok; i++) {
		json_error_t error;
		*where = json_load_file(path, 0, &error);
		ok = *where != NULL;
		if (!ok && waitpid(demo->sim, NULL, WNOHANG) == demo->sim) {
			demo->sim = 0;
			break;
		}
		if (!ok)
			poll(NULL, 0, 25);
	}
	free(path);
	return ok || fault_set(fault, FAULT_SYSTEM, "%s", _("the simulator did not start; try centinela sim to see why"));
}

static bool write_secret(struct demo *demo, const char *name, const char *text, char **path, struct fault *fault)
{
	*path = mem_printf("%s/%s", demo->folder, name);
	int fd = open(*path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	FILE *file = fd < 0 ? NULL : fdopen(fd, "w");
	if (file == NULL)
		return fault_set(fault, FAULT_SYSTEM, "%s: %s", *path, strerror(errno));
	fputs(text, file);
	return fclose(file) == 0 || fault_set(fault, FAULT_SYSTEM, "%s: %s", *path, strerror(errno));
}

static void put(struct options *options, const char *key, const char *value)
{
	struct fault fault;
	bool ok = options_set(options, key, value, &fault);
	assert(ok);
	UNUSED(ok);
}

/* Who may change lines there needs no code: the simulator has a token for that. */
static bool keep_responder(const struct options *options, const json_t *where, const char *path, struct fault *fault)
{
	int64_t now_ms = clock_now_ms(&options->clock);
	struct token token = { .obtained_ms = now_ms, .access_expires_ms = now_ms + 12 * HOUR_MS };
	token.access = mem_strdup(json_str(where, "personal_token", ""));
	token.scope = mem_strdup(options->responder_scopes);
	token.kind = mem_strdup("bearer");
	bool ok = token_file_write(path, &token, fault);
	token_clear(&token);
	return ok;
}

static bool configure(struct options *options, struct demo *demo, const json_t *where, struct fault *fault)
{
	char *path;
	const char *url = json_str(where, "url", ""), *cdr = json_str(where, "cdr_url", url);
	if (!text_starts_with(url, "https://") || !text_starts_with(cdr, "https://"))
		return fault_set(fault, FAULT_SYSTEM, "%s", _("the simulator did not say where it is"));
	if (!write_secret(demo, "secret", json_str(where, "client_secret", ""), &path, fault))
		return false;
	put(options, "webex.client_secret_file", path);
	put(options, "webex.client_secret_command", "");
	free(path);
	path = mem_printf("%s/v1", url);
	put(options, "webex.api", path);
	free(path);
	put(options, "webex.cdr_host", cdr + strlen("https://"));
	put(options, "webex.client_id", json_str(where, "client_id", ""));
	put(options, "network.ca_file", json_str(where, "ca", ""));
	put(options, "network.proxy", "");
	put(options, "network.connect_to", "");
	path = mem_printf("%s/token.json", demo->folder);
	put(options, "webex.token_file", path);
	free(path);
	path = mem_printf("%s/responder.json", demo->folder);
	put(options, "webex.responder_token_file", path);
	bool kept = keep_responder(options, where, path, fault);
	free(path);
	if (!kept)
		return false;
	path = mem_printf("%s/rules", demo->folder);
	put(options, "own_rules", path);
	free(path);
	path = mem_printf("sqlite:%s/demo.db", demo->folder);
	put(options, "store", path);
	free(path);
	if (!write_secret(demo, "webhook-secret", json_str(where, "org_uuid", "demo"), &path, fault))
		return false;
	put(options, "live.secret_file", path);
	put(options, "live.listen", "127.0.0.1:0");
	put(options, "live.url", "");
	put(options, "notify", ""); /* nobody is told of what is made up */
	free(path);
	put(options, "webex.scopes", "spark-admin:calling_cdr_read spark-admin:people_read spark-admin:locations_read"
	    " spark-admin:organizations_read spark-admin:telephony_config_read spark-admin:calls_read audit:events_read");
	put(options, "console.history", ""); /* it leaves nothing behind */
	put(options, "sync.backfill", strcmp(demo->scenario, "mixed") == 0 ? "7d" : SCENARIO_READ_BACK);
	put(options, "sync.interval", "2s");
	put(options, "sync.page_interval", "200ms");
	return true;
}

int cli_demo(struct options *options, struct args *args)
{
	struct fault fault = { 0 };
	struct demo demo = { 0 };
	json_t *where = NULL;
	command_learn(); /* before there are threads */
	demo.seed = args_value(args, "--seed");
	demo.speed = args_value(args, "--speed");
	demo.scenario = args_value(args, "--scenario");
	demo.users = args_value(args, "--users");
	options->linear |= args_flag(args, "--linear");
	const char *film = args_value(args, "--session-log");
	demo.seed = demo.seed != NULL ? demo.seed : "7";
	demo.speed = demo.speed != NULL ? demo.speed : "4";
	demo.scenario = demo.scenario != NULL ? demo.scenario : "mixed";
	demo.users = demo.users != NULL ? demo.users : "300";
	char *end;
	double speed = strtod(demo.speed, &end);
	if (*end != '\0' || !(speed >= 0.01 && speed <= 1000))
		fault_set(&fault, FAULT_USAGE, "%s", _("--speed is a number from 0.01 to 1000"));
	if (fault.code != FAULT_NONE || !args_finish(args, &fault) || !cli_theme_is_there(options, &fault) ||
	    !scenario_exists(demo.scenario, NULL, &fault))
		return cli_fail(&fault);
	const char *temporary = getenv("TMPDIR");
	snprintf(demo.folder, sizeof demo.folder, "%.40s/centinela-XXXXXX", temporary != NULL && *temporary == '/' ? temporary : "/tmp");
	if (mkdtemp(demo.folder) == NULL) {
		fault_set(&fault, FAULT_SYSTEM, "%s: %s", demo.folder, strerror(errno));
		return cli_fail(&fault);
	}
	int64_t real = clock_real_ms();
	clock_init_shared(&options->clock, real, real, speed);
	demo.sim = fork();
	if (demo.sim == 0)
		exec_sim(&demo, real, real);
	bool ok = demo.sim > 0 && wait_for_sim(&demo, &where, &fault) && configure(options, &demo, where, &fault);
	ok = ok && cli_sign_in(options, &fault) && cli_run_console(options, _("demo"), film, 0, &fault);
	json_decref(where);
	demo_end(&demo);
	return ok ? EXIT_DONE : cli_fail(&fault);
}
