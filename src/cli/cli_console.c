/* SPDX-License-Identifier: Apache-2.0
 *
 * console: a shift on the loop, and what a person leaves it for in between. */
#include <errno.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/log.h"
#include "base/mem.h"
#include "cli/cli.h"
#include "cli/leaving.h"
#include "net/file.h"
#include "sim/stage.h"
#include "store/migrate.h"
#include "store/organisation_rows.h"
#include "ui/command.h"
#include "ui/console.h"
#include "ui/crash.h"
#include "ui/ending.h"
#include "ui/filter_file.h"
#include "ui/theme.h"
#include "watch/link.h"

struct shift {
	uv_loop_t loop;
	int64_t alert; /* it begins on this one */
	struct watch *watch;
	struct console *console;
	const char *store;
	struct leaving leaving;
	/* What the person left the console for. */
	bool leaves;
	enum leave leave;
	char *text, *secret;
};

static void on_quit(void *arg)
{
	struct shift *shift = arg;
	console_stop(shift->console);
	leaving_begin(&shift->leaving, &shift->loop, shift->watch, shift->store);
	leaving_stop(&shift->leaving);
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

/* "KEY" or "KEY ALERT": this console ends, and another begins in its process. Where that
 * one may not be opened this one comes back. */
static bool go_to(const struct options *options, const char *where, struct fault *fault)
{
	char key[ORGANISATION_KEY_BYTES];
	size_t n = strcspn(where, " ");
	struct db db;
	struct fault why;
	snprintf(key, sizeof key, "%.*s", (int)MIN(n, sizeof key - 1), where);
	if (!organisation_key_check(key, fault))
		return false;
	char *address = organisation_address(options->store, key);
	bool ok = store_open_read(address, &db, &why);
	if (ok) {
		db_close(&db);
		cli_begin_again(key, where[n] != '\0' ? where + n + 1 : NULL);
		fault_set(&why, FAULT_SYSTEM, "%s", strerror(errno));
	}
	free(address);
	char shown[sizeof why.text];
	text_printable(shown, sizeof shown, why.text, strlen(why.text));
	printf("%s\n", shown);
	wait_for_enter();
	return true;
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
	case LEAVE_ORGANISATION:
		return go_to(options, shift->text, fault);
	case LEAVE_DEMO:
		return run_self(options, "demo", NULL, fault);
	}
	return true;
}

/* As the configuration or its own place has it; malloc'd, NULL: the store is of one alone. */
static char *name_of_organisation(const struct options *options)
{
	const char *key = options->organisation, *said = options_organisation_name(options, key);
	struct db db;
	struct fault fault;
	if (*key == '\0')
		return NULL;
	if (strcmp(key, ORGANISATION_ALL) == 0)
		return mem_strdup(_("all organisations"));
	if (said != NULL || !store_open_read(options->store, &db, &fault))
		return mem_strdup(said != NULL ? said : key);
	char *name = organisation_name(&db);
	db_close(&db);
	return name != NULL ? name : mem_strdup(key);
}

/* A key of several bytes is cut by a network now and then, and then the rest of an arrow
 * would be letters, which are commands. */
static int64_t escape_ms(const struct options *options)
{
	const char *ssh = getenv("SSH_CONNECTION");
	bool far = options->sources[OPTION_escape] == SETTING_BY_DEFAULT && ssh != NULL && *ssh != '\0';
	return far ? MAX(options->escape, (int64_t)250) : options->escape;
}

static bool run_shift(struct options *options, const char *organisation, struct session_log *log, struct shift *shift, struct fault *fault)
{
	if (!link_is_apart(options->responder_token_file, options->token_file, fault))
		return false;
	struct watch_config config = cli_watch_config(options);
	bool all = strcmp(options->organisation, ORGANISATION_ALL) == 0;
	char *own_name = organisation == NULL ? name_of_organisation(options) : NULL;
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
		.organisation = organisation != NULL ? organisation : own_name,
		.one_of_several = own_name != NULL,
		.organisations = all,
		.alert = shift->alert,
		.theme = options->theme,
		.themes_folder = options->themes_folder,
		.keys_file = *options->keys_file ? options->keys_file : NULL,
		.attention = options->attention,
		.history_file = options->history_file,
		.masked = options->mask_numbers,
		.shift_ms = options->shift,
		.escape_ms = escape_ms(options),
		.mouse = options->mouse,
		.linear = options->linear,
		.log = log,
		.on_leave = organisation == NULL ? on_leave : NULL, /* the demo is on its own */
		.leave_arg = shift,
	};
	setenv("UV_THREADPOOL_SIZE", "12", 0); /* a thread for each lane: no key waits for one */
	mallopt(M_ARENA_MAX, 2); /* lanes seldom allocate at once: a heap for each thread kept what each had at most */
	uv_loop_init(&shift->loop);
	if (!watch_start(&shift->loop, &config, &shift->watch, fault)) {
		uv_loop_close(&shift->loop);
		free(own_name);
		free(filters_file);
		free(looks_file);
		settings_clear(&settings);
		return false;
	}
	shift->store = options->store;
	bool ok = console_start(&console, watch_board(shift->watch), &shift->loop, on_quit, shift, &shift->console, fault);
	if (!ok)
		watch_stop(shift->watch, NULL, NULL);
	uv_run(&shift->loop, UV_RUN_DEFAULT);
	leaving_over(&shift->leaving, &shift->loop);
	free(own_name);
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

bool cli_run_console(struct options *options, const char *organisation, const char *film, int64_t alert, struct fault *fault)
{
	struct session_log *log = NULL;
	if (film != NULL && !session_log_open(film, &log, fault))
		return false;
	prepare_reports(options);
	for (;;) {
		struct shift shift = { .alert = alert };
		bool ok = run_shift(options, organisation, log, &shift, fault);
		bool again = ok && shift.leaves;
		if (again)
			ending_over();
		ok = ok && (!again || between_shifts(&shift, options, fault));
		free(shift.text);
		mem_free_secret(shift.secret);
		if (ok && again)
			continue;
		session_log_close(log);
		return ok;
	}
}

/* A wrong name in the configuration does not keep the console shut: it is said
 * inside. One just typed is refused. */
bool cli_theme_is_there(const struct options *options, struct fault *fault)
{
	return options->sources[OPTION_theme] != SETTING_BY_WORD || theme_is_there(options->themes_folder, options->theme, fault);
}

int cli_console(struct options *options, struct args *args)
{
	struct fault fault = { 0 };
	command_learn(); /* before there are threads */
	if (!cli_theme_is_there(options, &fault))
		return cli_fail(&fault);
	if (args_flag(args, "--read-only") && !options_set(options, "console.read_only", "true", &fault))
		return cli_fail(&fault);
	if (args_flag(args, "--linear") && !options_set(options, "console.linear", "true", &fault))
		return cli_fail(&fault);
	const char *film = args_value(args, "--session-log"), *on = args_value(args, "--alert");
	int64_t alert = 0;
	/* To look at all is to look. */
	if (strcmp(options->organisation, ORGANISATION_ALL) == 0 && !options_set(options, "console.read_only", "true", &fault))
		return cli_fail(&fault);
	if (on != NULL && !text_to_int(on, 1, INT64_MAX, &alert))
		fault_set(&fault, FAULT_USAGE, "%s", _("--alert is the number of an alert"));
	if (fault.code != FAULT_NONE || !args_finish(args, &fault) || !cli_open_log(options, &fault) || !cli_run_console(options, NULL, film, alert, &fault))
		return cli_fail(&fault);
	return EXIT_DONE;
}
