/* SPDX-License-Identifier: Apache-2.0
 *
 * console and demo. The demo is the console: a child process is the simulator,
 * a throw-away folder has a configuration, a sign-in and a store, and nothing
 * below this file knows the difference. */
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
#include "base/log.h"
#include "base/mem.h"
#include "cli/cli.h"
#include "net/file.h"
#include "sim/stage.h"
#include "ui/console.h"
#include "ui/crash.h"
#include "ui/filter_file.h"

struct shift {
	uv_loop_t loop;
	struct watch *watch;
	struct console *console;
	/* What the person left the console for. */
	bool leaves;
	enum leave leave;
	char *text, *secret;
};

static void on_quit(void *arg)
{
	struct shift *shift = arg;
	console_stop(shift->console);
	watch_stop(shift->watch, NULL, NULL);
}

static void on_leave(void *arg, enum leave leave, const char *text, const char *secret)
{
	struct shift *shift = arg;
	shift->leaves = true;
	shift->leave = leave;
	free(shift->text);
	mem_free_secret(shift->secret);
	shift->text = mem_strdup(text);
	shift->secret = secret == NULL ? NULL : mem_strdup(secret);
}

/* ---- what is done between two shifts ------------------------------------------------- */

/* From the root, whatever folder the next start is in; through links, so that
 * what is replaced is the file and not the link to it. */
static char *whole_path(const char *path)
{
	char *real = realpath(path, NULL);
	if (real != NULL)
		return real;
	char *folder = getcwd(NULL, 0);
	char *whole = *path == '/' ? mem_strdup(path) : mem_printf("%s/%s", folder != NULL ? folder : ".", path);
	free(folder);
	return whole;
}

static void put_setting(struct text *out, const char *name, const char *value)
{
	text_printf(out, "  %s: \"", name);
	for (; *value != '\0'; value++) {
		if (*value == '"' || *value == '\\')
			text_putc(out, '\\');
		text_putc(out, *value);
	}
	text_puts(out, "\"\n");
}

/* The secret in a file of its own, and its name in the configuration: a YAML
 * document more, so that what a person wrote there stays as it is. */
static bool set_up(struct options *options, const char *client_id, const char *secret, struct fault *fault)
{
	char *config_path = whole_path(options->config_path), *folder = mem_strdup(config_path);
	*strrchr(folder, '/') = '\0';
	char *path = mem_printf("%s/client-secret", folder), *line = mem_printf("%s\n", secret);
	struct stat st;
	bool is_there = stat(config_path, &st) == 0;
	/* A new file takes its place: it would be ours then. */
	bool ok = !is_there || st.st_uid == geteuid() || fault_set(fault, FAULT_SYSTEM,
	    _("%s belongs to another user, who must write webex.client_id and webex.client_secret_file into it"), config_path);
	ok = ok && file_make_folders(path, fault) && file_write(path, line, strlen(line), 0600, fault);
	struct text config = { 0 };
	char *was;
	size_t n;
	struct fault missing;
	if (ok && file_read(config_path, 1 << 20, &was, &n, &missing)) {
		text_add(&config, was, n);
		text_puts(&config, n > 0 && was[n - 1] != '\n' ? "\n---\n" : "---\n");
		free(was);
	} else if (ok && missing.code != FAULT_NOT_FOUND) {
		*fault = missing;
		ok = false;
	}
	text_puts(&config, "webex:\n");
	if (*client_id != '\0')
		put_setting(&config, "client_id", client_id);
	put_setting(&config, "client_secret_file", path);
	ok = ok && file_write(config_path, config.bytes, config.n, is_there ? st.st_mode & 0777 : 0600, fault) &&
	    (!is_there || chown(config_path, (uid_t)-1, st.st_gid) == 0 || fault_set(fault, FAULT_SYSTEM, "%s: %s", config_path, strerror(errno))) &&
	    (*client_id == '\0' || options_set(options, "webex.client_id", client_id, fault)) &&
	    options_set(options, "webex.client_secret_file", path, fault);
	text_clear(&config);
	mem_free_secret(line);
	free(path);
	free(folder);
	free(config_path);
	return ok;
}

/* The same program for a while, on the terminal as it was. */
static bool run_self(const struct options *options, const char *command, const char *operand, struct fault *fault)
{
	char store[4200];
	snprintf(store, sizeof store, "--store=%s", options->store);
	const char *argv[12] = { "centinela" }, *config = options->main_path != NULL ? options->main_path : options->config_path;
	size_t n = 1;
	if (access(config, F_OK) == 0) {
		argv[n++] = "--config";
		argv[n++] = config;
	}
	if (*options->organisation != '\0') {
		argv[n++] = "--organisation";
		argv[n++] = options->organisation;
	}
	argv[n++] = store;
	argv[n++] = "--lang";
	argv[n++] = i18n_language();
	argv[n++] = command;
	if (operand != NULL) {
		argv[n++] = "--"; /* a path, whatever it looks like */
		argv[n++] = operand;
	}
	fflush(NULL);
	pid_t child = fork();
	if (child == 0) {
		char *copy[COUNT_OF(argv)] = { NULL };
		for (size_t i = 0; i < n; i++)
			copy[i] = mem_strdup(argv[i]);
		execv("/proc/self/exe", copy);
		_exit(1);
	}
	if (child < 0)
		return fault_set(fault, FAULT_SYSTEM, "%s", strerror(errno));
	/* What Ctrl-C ends is the child. */
	signal(SIGINT, SIG_IGN);
	int status;
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	signal(SIGINT, SIG_DFL);
	return true;
}

static void wait_for_enter(void)
{
	char line[256];
	printf("\n%s ", _("Enter goes back to the console."));
	fflush(stdout);
	while (fgets(line, sizeof line, stdin) != NULL && strchr(line, '\n') == NULL)
		;
}

/* False: the console does not come back. */
static bool between_shifts(struct shift *shift, struct options *options, struct fault *fault)
{
	switch (shift->leave) {
	case LEAVE_SET_UP:
		return set_up(options, shift->text != NULL ? shift->text : "", shift->secret != NULL ? shift->secret : "", fault);
	case LEAVE_IMPORT:
		if (!run_self(options, "import", shift->text, fault))
			return false;
		wait_for_enter();
		return true;
	case LEAVE_DOCTOR:
		if (!run_self(options, "doctor", NULL, fault))
			return false;
		wait_for_enter();
		return true;
	case LEAVE_DEMO:
		return run_self(options, "demo", NULL, fault);
	}
	return true;
}

static bool run_shift(struct options *options, const char *organisation, struct session_log *log, struct shift *shift, struct fault *fault)
{
	struct watch_config config = cli_watch_config(options);
	config.show_first = true;
	config.trial = cli_trial_options(options, NULL);
	config.stage = sim_stage;
	/* The demo is on its own: nothing of it is kept. */
	char *filters_file = organisation == NULL ? filter_file_path(options->config_path) : NULL;
	char *looks_file = organisation == NULL ? looks_path(options->config_path) : NULL;
	struct settings settings;
	options_settings(options, organisation == NULL ? options->config_path : NULL, &settings);
	struct console_options console = {
		.settings = &settings,
		.filters_file = filters_file,
		.looks_file = looks_file,
		.sticky_filters = options->sticky_filters,
		.organisation = organisation,
		.theme = options->theme,
		.themes_folder = options->themes_folder,
		.keys_file = *options->keys_file ? options->keys_file : NULL,
		.attention = options->attention,
		.history_file = options->history_file,
		.masked = options->mask_numbers, .shift_ms = options->shift,
		.mouse = options->mouse,
		.linear = options->linear,
		.log = log,
		.on_leave = organisation == NULL ? on_leave : NULL, /* the demo is on its own */
		.leave_arg = shift,
	};
	uv_loop_init(&shift->loop);
	if (!watch_start(&shift->loop, &config, &shift->watch, fault)) {
		uv_loop_close(&shift->loop);
		free(filters_file);
		free(looks_file);
		settings_clear(&settings);
		return false;
	}
	bool ok = console_start(&console, watch_board(shift->watch), &shift->loop, on_quit, shift, &shift->console, fault);
	if (!ok)
		watch_stop(shift->watch, NULL, NULL);
	uv_run(&shift->loop, UV_RUN_DEFAULT);
	free(filters_file);
	free(looks_file);
	options_take(options, &settings);
	settings_clear(&settings);
	int left = uv_loop_close(&shift->loop);
	assert(left == 0);
	UNUSED(left);
	return ok;
}

/* Made before it is needed: who fails makes no folders. */
static void prepare_reports(const struct options *options)
{
	struct fault fault;
	if (*options->reports_folder == '\0')
		return;
	char *inside = mem_printf("%s/report", options->reports_folder);
	if (file_make_folders(inside, &fault))
		crash_reports(options->reports_folder);
	else
		log_unusual("%s", fault.text);
	free(inside);
}

/* film: the file of a session log; NULL none. */
static bool run_console(struct options *options, const char *organisation, const char *film, struct fault *fault)
{
	struct session_log *log = NULL;
	if (film != NULL && !session_log_open(film, &log, fault))
		return false;
	prepare_reports(options);
	for (;;) {
		struct shift shift = { 0 };
		bool ok = run_shift(options, organisation, log, &shift, fault);
		bool again = ok && shift.leaves;
		ok = ok && (!again || between_shifts(&shift, options, fault));
		free(shift.text);
		mem_free_secret(shift.secret);
		if (ok && again)
			continue;
		session_log_close(log);
		return ok;
	}
}

int cli_console(struct options *options, struct args *args)
{
	struct fault fault = { 0 };
	if (args_flag(args, "--read-only") && !options_set(options, "console.read_only", "true", &fault))
		return cli_fail(&fault);
	if (args_flag(args, "--linear") && !options_set(options, "console.linear", "true", &fault))
		return cli_fail(&fault);
	const char *film = args_value(args, "--session-log");
	if (!args_finish(args, &fault) || !cli_open_log(options, &fault) || !run_console(options, NULL, film, &fault))
		return cli_fail(&fault);
	return EXIT_DONE;
}

/* ---- demo ------------------------------------------------------------------------ */

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
	/* The first incident began half an hour ago: its row is red at once,
	 * and goes on growing. */
	iso_time_format(base_ms - 30 * MINUTE_MS, epoch);
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
	put(options, "sync.backfill", "7d");
	put(options, "sync.interval", "2s");
	put(options, "sync.page_interval", "200ms");
	return true;
}

int cli_demo(struct options *options, struct args *args)
{
	struct fault fault = { 0 };
	struct demo demo = { 0 };
	json_t *where = NULL;
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
	if (fault.code != FAULT_NONE || !args_finish(args, &fault))
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
	ok = ok && cli_sign_in(options, &fault) && run_console(options, _("demo"), film, &fault);
	json_decref(where);
	demo_end(&demo);
	return ok ? EXIT_DONE : cli_fail(&fault);
}
