/* SPDX-License-Identifier: Apache-2.0
 *
 * doctor: what this machine has for Centinela, one check after the other. The
 * sign-in is judged in doctor_sign_in.c, Webex is asked in doctor_webex.c. */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/json.h"
#include "base/mem.h"
#include "calls/directory.h"
#include "calls/e164.h"
#include "calls/site_plan.h"
#include "cli/cli.h"
#include "cli/doctor.h"
#include "cli/print.h"
#include "detect/rules_check.h"
#include "net/file.h"
#include "store/engine.h"
#include "store/migrate.h"
#include "store/organisation.h"
#include "store/query.h"
#include "ui/keys.h"
#include "ui/terminal.h"
#include "ui/theme.h"

/* ---- telling ------------------------------------------------------------------ */

static const struct {
	const char *name, *word;
} verdicts[N_VERDICTS] = {
#define VERDICT_ROW(id, name, word) [id] = { name, word },
	VERDICTS(VERDICT_ROW)
#undef VERDICT_ROW
};

static const char *colour_of(enum verdict verdict)
{
	switch (verdict) {
	case CHECK_OK:
		return "\033[32m";
	case CHECK_WARNING:
		return "\033[33m";
	case CHECK_FAILED:
		return "\033[1;31m";
	case CHECK_SKIPPED:
	case N_VERDICTS:
		break;
	}
	return "\033[2m";
}

static void pad(const char *text, int columns)
{
	fputs(text, stdout);
	for (int i = text_width(text); i < columns; i++)
		putchar(' ');
	putchar(' ');
}

static void show_pending(struct doctor *d)
{
	const char *no_colour = getenv("NO_COLOR");
	bool colours = isatty(STDOUT_FILENO) && (no_colour == NULL || *no_colour == '\0');
	for (; !d->quiet && d->n_shown < d->n; d->n_shown++) {
		const struct check *check = &d->checks[d->n_shown];
		fputs(colours ? colour_of(check->verdict) : "", stdout);
		pad(_(verdicts[check->verdict].word), 11);
		fputs(colours ? "\033[0m" : "", stdout);
		pad(check->title, 20);
		printf("%s\n", check->text);
		if (check->advice[0] != '\0')
			printf("%33s> %s\n", "", check->advice);
		fflush(stdout);
	}
}

static void fill(char *, size_t, const char *, va_list) __attribute__((format(printf, 3, 0)));
static void fill(char *out, size_t capacity, const char *format, va_list arguments)
{
	char raw[2048];
	vsnprintf(raw, sizeof raw, format, arguments);
	text_printable(out, capacity, raw, strlen(raw));
}

void doctor_check(struct doctor *d, enum verdict verdict, const char *name, const char *title,
    const char *format, ...)
{
	va_list arguments;
	show_pending(d);
	d->checks = mem_grow(d->checks, d->n, &d->capacity, sizeof *d->checks);
	struct check *check = &d->checks[d->n++];
	*check = (struct check){ .name = name, .title = title, .verdict = verdict };
	va_start(arguments, format);
	fill(check->text, sizeof check->text, format, arguments);
	va_end(arguments);
}

void doctor_advise(struct doctor *d, const char *format, ...)
{
	va_list arguments;
	assert(d->n > 0);
	va_start(arguments, format);
	fill(d->checks[d->n - 1].advice, sizeof d->checks->advice, format, arguments);
	va_end(arguments);
}

static size_t count(const struct doctor *d, enum verdict verdict)
{
	size_t n = 0;
	for (size_t i = 0; i < d->n; i++)
		n += d->checks[i].verdict == verdict;
	return n;
}

static void print_checks_json(const struct doctor *d)
{
	json_t *checks = json_array();
	for (size_t i = 0; i < d->n; i++) {
		const struct check *check = &d->checks[i];
		json_array_append_new(checks, json_pack("{s:s, s:s, s:o, s:o, s:o}", "name", check->name, "status",
		    verdicts[check->verdict].name, "title", json_text(check->title), "text", json_text(check->text),
		    "advice", check->advice[0] == '\0' ? json_null() : json_text(check->advice)));
	}
	print_json(json_pack("{s:b, s:I, s:I, s:o}", "ok", count(d, CHECK_FAILED) == 0, "failed",
	    (json_int_t)count(d, CHECK_FAILED), "warnings", (json_int_t)count(d, CHECK_WARNING), "checks", checks));
}

/* ---- files -------------------------------------------------------------------- */

static void check_configuration(struct doctor *d)
{
	const char *title = _("configuration"), *path = d->options->config_path;
	struct stat status;
	if (options_others_may_write(path)) {
		doctor_check(d, CHECK_FAILED, "configuration", title, _("others may write %s, and it can name commands that run as you"), path);
		doctor_advise(d, "chmod go-w '%s'", path);
	} else if (d->config_fault != NULL) {
		doctor_check(d, CHECK_FAILED, "configuration", title, "%s", d->config_fault->text);
		doctor_advise(d, _("correct that line; \"centinela help settings\" lists every setting"));
	} else if (stat(path, &status) != 0 && errno == ENOENT) {
		doctor_check(d, CHECK_OK, "configuration", title, _("there is no %s: the defaults hold"), path);
	} else if (access(path, R_OK) != 0) {
		doctor_check(d, CHECK_FAILED, "configuration", title, "%s: %s", path, strerror(errno));
		doctor_advise(d, _("make it readable: chmod u+r '%s'"), path);
	} else {
		doctor_check(d, CHECK_OK, "configuration", title, _("%s is understood"), path);
	}
	/* The console begins with another and says so: no other setting is taken so lightly. */
	struct fault fault;
	if (d->config_fault == NULL && *d->options->theme != '\0' && !theme_is_there(d->options->themes_folder, d->options->theme, &fault)) {
		doctor_check(d, CHECK_WARNING, "theme", _("theme"), "%s", fault.text);
		doctor_advise(d, _("correct console.theme: centinela settings set console.theme davivienda"));
	}
}

struct guarded {
	const char *name, *title, *path;
	bool secret, must_exist;
};

static void check_guarded(struct doctor *d, const struct guarded *file)
{
	struct stat status;
	if (*file->path == '\0')
		return;
	if (stat(file->path, &status) != 0) {
		bool absent = errno == ENOENT || errno == ENOTDIR;
		doctor_check(d, absent && !file->must_exist ? CHECK_OK : CHECK_FAILED, file->name, file->title,
		    absent && !file->must_exist ? _("%s is not there yet; it will be made for you alone") : "%s: %s",
		    file->path, strerror(errno));
		return;
	}
	const char *right = S_ISDIR(status.st_mode) ? "700" : "600";
	if (status.st_uid != geteuid()) {
		doctor_check(d, file->secret ? CHECK_FAILED : CHECK_WARNING, file->name, file->title,
		    _("%s belongs to another user (%u)"), file->path, (unsigned)status.st_uid);
		doctor_advise(d, "chown %u '%s'", (unsigned)geteuid(), file->path);
	} else if (status.st_mode & 077) {
		doctor_check(d, file->secret ? CHECK_FAILED : CHECK_WARNING, file->name, file->title,
		    _("others may look into %s (mode %03o)"), file->path, (unsigned)status.st_mode & 0777);
		doctor_advise(d, "chmod %s '%s'", right, file->path);
	} else {
		doctor_check(d, CHECK_OK, file->name, file->title, _("%s is yours alone"), file->path);
	}
}

static char *folder_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash == NULL ? mem_strdup(".") : mem_strndup(path, slash == path ? 1 : (size_t)(slash - path));
}

static void check_files(struct doctor *d)
{
	const struct options *o = d->options;
	char *file = store_file(o->store);
	const char *store = file != NULL ? file : "";
	char *store_folder = folder_of(store), *token_folder = folder_of(o->token_file);
	const struct guarded files[] = {
		{ "token_file", _("token file"), o->token_file, true, false },
		{ "token_folder", _("its folder"), token_folder, false, false },
		{ "responder_token_file", _("responder's token file"), o->responder_token_file, true, false },
		{ "secret_file", _("secret file"), o->client_secret_file, true, true },
		{ "live_secret_file", _("webhook secret"), o->live_secret_file, true, true },
		{ "log_file", _("log file"), o->log_file, false, false },
		{ "store_file", _("store file"), store, false, false },
		{ "store_folder", _("its folder"), *store == '\0' || strcmp(store_folder, token_folder) == 0 ? "" : store_folder, false, false },
	};
	for (size_t i = 0; i < COUNT_OF(files); i++)
		check_guarded(d, &files[i]);
	free(file);
	free(store_folder);
	free(token_folder);
}

/* ---- store -------------------------------------------------------------------- */

static void check_room(struct doctor *d, const char *path)
{
	struct statvfs room;
	char *folder = folder_of(path);
	if (statvfs(folder, &room) == 0) {
		uint64_t mb = (uint64_t)room.f_bavail * room.f_frsize >> 20;
		doctor_check(d, mb < 100 ? CHECK_FAILED : mb < 1024 ? CHECK_WARNING : CHECK_OK, "disk", _("disk"),
		    _("%llu MB free in %s"), (unsigned long long)mb, folder);
		if (mb < 1024)
			doctor_advise(d, _("free some space, or keep less: sync.keep_raw, sync.keep_legs"));
	}
	free(folder);
}

static void check_store(struct doctor *d)
{
	const char *title = _("store"), *path, *rest;
	char shown[4200];
	struct db db;
	struct fault fault;
	int64_t version = 0, known = store_newest_shape(), legs = 0;
	const struct store_engine *engine = engine_for(d->options->store, &rest);
	store_address_shown(d->options->store, shown, sizeof shown);
	if (engine == NULL) {
		doctor_check(d, CHECK_FAILED, "store", title, _("%s is no address of a store"), shown);
		doctor_advise(d, _("write store: sqlite:/path/to/centinela.db, or leave it out"));
		return;
	}
	char *file = store_file(d->options->store);
	if (file != NULL) {
		check_room(d, file);
		snprintf(shown, sizeof shown, "%s", file);
	}
	free(file);
	path = shown;
	bool open = db_open(d->options->store, OPEN_READ, &db, &fault);
	if (!open && fault.code == FAULT_NOT_FOUND) {
		doctor_check(d, CHECK_OK, "store", title, _("%s will be made at the first start"), path);
		return;
	}
	if (!open) {
		doctor_check(d, CHECK_FAILED, "store", title, "%s", fault.text);
		doctor_advise(d, _("name another store with --store, or put this one back from a copy"));
		return;
	}
	bool ok = db_ask_int(&db, "SELECT max(number) FROM migrations", 0, &version, &fault) &&
	    db_ask_int(&db, "SELECT count(*) FROM (SELECT 1 FROM legs LIMIT 1) l", 0, &legs, &fault);
	if (!ok) {
		doctor_check(d, CHECK_FAILED, "store", title, "%s", fault.text);
		doctor_advise(d, _("it is not a store of Centinela, or it is damaged"));
	} else if (version > known) {
		doctor_check(d, CHECK_FAILED, "store", title, _("%s has version %lld, this program knows %lld"), path, (long long)version, (long long)known);
		doctor_advise(d, _("use the newer program, or another store"));
	} else {
		doctor_check(d, CHECK_OK, "store", title, version < known ? _("%s opens; version %lld will become %lld at the next start")
		    : legs > 0 ? _("%s opens; version %lld of %lld") : _("%s opens and is empty; version %lld of %lld"),
		    path, (long long)version, (long long)known);
	}
	db_close(&db);
	bool pooled;
	if (engine->is_pooled != NULL && engine->is_pooled(rest, &pooled, &fault) && pooled) {
		doctor_check(d, CHECK_FAILED, "store_pooler", _("pooler"), _("before %s stands a pooler that gives each transaction another connection"), path);
		doctor_advise(d, _("prepared statements, LISTEN and settings of a connection do not hold there: connect to PostgreSQL itself, or set pool_mode = session for this user"));
	}
}

/* ---- what came along ---------------------------------------------------------- */

static void check_data(struct doctor *d)
{
	struct fault fault;
	struct numbering *numbering = NULL;
	struct directory *directory = directory_new();
	bool ok = numbering_open(d->options->data_folder, &numbering, &fault) &&
	    directory_read_holidays(directory, d->options->data_folder, &fault);
	doctor_check(d, ok ? CHECK_OK : CHECK_FAILED, "data", _("numbers, holidays"), "%s", ok ? d->options->data_folder : fault.text);
	if (!ok)
		doctor_advise(d, _("set \"data\" to the folder that holds numbering and calendars, or install again"));
	if (ok && *d->options->tariff_file != '\0') {
		bool read = numbering_read_tariff(numbering, d->options->tariff_file, &fault);
		doctor_check(d, read ? CHECK_OK : CHECK_FAILED, "tariff", _("own prices"), "%s",
		    read ? d->options->tariff_file : fault.text);
		if (!read)
			doctor_advise(d, _("each line is a prefix and US dollars a minute: 57310,0.012"));
	}
	if (numbering != NULL)
		numbering_free(numbering);
	directory_free(directory);
}

/* The house's own hours: is the file understood, and is there each site? */
static void check_sites(struct doctor *d)
{
	const char *path = d->options->sites_file, *title = _("sites' hours");
	struct site_plan *plan;
	struct fault fault, none;
	struct db db;
	struct text unknown = { 0 };
	if (*path == '\0')
		return;
	if (!site_plan_read(path, &plan, &fault)) {
		doctor_check(d, CHECK_FAILED, "sites", title, "%s", fault.text);
		doctor_advise(d, _("correct that line; the README shows the file"));
		return;
	}
	struct directory *directory = directory_new();
	if (store_open_read(d->options->store, &db, &none)) {
		if (query_directory(&db, directory, &none) && directory->n_sites > 0)
			site_plan_apply(plan, directory, &unknown);
		db_close(&db);
	}
	if (unknown.n > 0)
		doctor_check(d, CHECK_WARNING, "sites", title, "%s", text_string(&unknown));
	else if (directory->n_sites > 0)
		doctor_check(d, CHECK_OK, "sites", title, _("%s is understood: %zu sites"), path, site_plan_n_sites(plan));
	else
		doctor_check(d, CHECK_OK, "sites", title, _("%s is understood: %zu sites; whether their names are right is known after the first sync"),
		    path, site_plan_n_sites(plan));
	if (unknown.n > 0)
		doctor_advise(d, _("write the names as in Control Hub, or the UUIDs: centinela locations"));
	directory_free(directory);
	site_plan_free(plan);
	text_clear(&unknown);
}

static void check_theme(struct doctor *d)
{
	struct fault fault;
	struct theme theme;
	bool ok = theme_named(d->options->themes_folder, d->options->theme, &theme, &fault);
	doctor_check(d, ok ? CHECK_OK : CHECK_WARNING, "theme", _("theme"), "%s", ok ? theme.name : fault.text);
	if (!ok)
		doctor_advise(d, _("the plain theme is used instead; console.theme names one"));
	if (*d->options->keys_file == '\0')
		return;
	struct keys keys;
	keys_init(&keys);
	ok = keys_read(&keys, d->options->keys_file, &fault);
	doctor_check(d, ok ? CHECK_OK : CHECK_WARNING, "keys", _("keys"), "%s", ok ? d->options->keys_file : fault.text);
	if (!ok)
		doctor_advise(d, _("\"centinela help keys\" lists places, keys and commands"));
	keys_clear(&keys);
}

struct rule_lines {
	int n_fine, n_warnings, n_broken;
	char first_broken[400];
};

static void on_rule_line(void *arg, enum rules_report kind, const char *line)
{
	struct rule_lines *lines = arg;
	switch (kind) {
	case RULES_FINE:
		lines->n_fine++;
		break;
	case RULES_WARNING:
		lines->n_warnings++;
		break;
	case RULES_BROKEN:
		if (lines->n_broken++ == 0)
			snprintf(lines->first_broken, sizeof lines->first_broken, "%.390s", line);
		break;
	}
}

static void check_rules(struct doctor *d)
{
	struct rule_lines lines = { 0 };
	const struct judge_options rules = cli_judge_options(d->options);
	bool ok = rules_check(&rules, on_rule_line, &lines);
	if (ok) {
		doctor_check(d, CHECK_OK, "rules", _("rules"), _("%s is sound"), d->options->rules_folder);
	} else {
		doctor_check(d, CHECK_FAILED, "rules", _("rules"), "%s", lines.first_broken);
		doctor_advise(d, _("\"centinela rules check\" names every fault"));
	}
}

/* ---- terminal ----------------------------------------------------------------- */

static void check_terminal(struct doctor *d)
{
	static const char *const depths[] = { [DEPTH_MONO] = N_("no colours"), [DEPTH_8] = N_("8 colours"),
		[DEPTH_16] = N_("16 colours"), [DEPTH_256] = N_("256 colours"), [DEPTH_TRUE] = N_("true colour") };
	const char *title = _("terminal"), *term = getenv("TERM");
	struct terminal_facts facts;
	struct winsize size = { 0 };
	struct fault fault;
	int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
	bool sized = fd >= 0 && ioctl(fd, TIOCGWINSZ, &size) == 0;
	if (fd >= 0)
		close(fd);
	if (!sized) {
		doctor_check(d, CHECK_SKIPPED, "terminal", title, "%s", _("there is none here: the console needs one, commands do not"));
		return;
	}
	if (!terminal_facts(&facts, &fault)) {
		doctor_check(d, CHECK_FAILED, "terminal", title, "%s", fault.text);
		doctor_advise(d, _("set TERM to what the terminal is, as xterm-256color or tmux-256color"));
		return;
	}
	bool small = size.ws_col < 80 || size.ws_row < 24;
	doctor_check(d, small || !facts.utf8 ? CHECK_WARNING : CHECK_OK, "terminal", title, "%s, %d x %d, %s, %s",
	    term == NULL ? "?" : term, size.ws_col, size.ws_row, _(depths[facts.depth]), facts.utf8 ? "UTF-8" : "ASCII");
	if (!facts.utf8)
		doctor_advise(d, _("boxes and signs are drawn in ASCII; export LANG=C.UTF-8 for better ones"));
	else if (small)
		doctor_advise(d, _("80 x 24 or more shows a whole pane"));
	else if (getenv("TMUX") != NULL && facts.depth < DEPTH_TRUE && facts.depth != DEPTH_MONO)
		doctor_advise(d, _("true colour inside tmux: set -g default-terminal tmux-256color, set -as terminal-features ',*:RGB'"));
}

/* ---- all of it ---------------------------------------------------------------- */

int cli_doctor(struct options *options, struct args *args)
{
	struct fault fault = { 0 };
	struct doctor d = { .options = options, .quiet = options->json };
	bool offline = args_flag(args, "--offline");
	d.full = args_flag(args, "--full");
	if (options->config_fault.code != FAULT_NONE)
		d.config_fault = &options->config_fault;
	if (!args_finish(args, &fault))
		return cli_fail(&fault);
	check_configuration(&d);
	check_files(&d);
	check_store(&d);
	check_data(&d);
	check_sites(&d);
	check_rules(&d);
	doctor_notify(&d);
	check_theme(&d);
	check_terminal(&d);
	bool signed_in = doctor_sign_in(&d);
	if (offline)
		doctor_check(&d, CHECK_SKIPPED, "network", _("Webex"), "%s", _("not asked: --offline"));
	else
		doctor_ask_webex(&d, signed_in);
	show_pending(&d);
	size_t n_failed = count(&d, CHECK_FAILED), n_warnings = count(&d, CHECK_WARNING);
	if (options->json)
		print_checks_json(&d);
	else
		printf(_("\n%zu checks: %zu failed, %zu warnings\n"), d.n, n_failed, n_warnings);
	free(d.checks);
	return n_failed == 0 ? EXIT_DONE : EXIT_FAILED;
}
