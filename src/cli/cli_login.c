/* SPDX-License-Identifier: Apache-2.0
 *
 * login, logout, status. What a person must be shown stands here; how a token
 * is had stands in webex/. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/iso_time.h"
#include "base/mem.h"
#include "base/text.h"
#include "cli/cli.h"
#include "cli/print.h"
#include "store/lease_rows.h"
#include "store/migrate.h"
#include "store/organisation.h"
#include "store/window_rows.h"
#include "ui/qr.h"
#include "watch/link.h"
#include "webex/apis.h"

struct session_run {
	struct options *options;
	uv_loop_t loop;
	struct link link;
	struct login *login;
	struct fault fault;
	bool ok, reading;
	uv_poll_t input;
	uv_signal_t interrupt;
	uv_timer_t second;   /* counts down what a code still lives; on a terminal */
	int64_t expires_ms;  /* of the code that is shown; 0: none */
	int n_codes;	     /* shown so far */
	char granted[1024];  /* scopes; "" not said */
	char line[8192];
	size_t n_line;
};

enum { MOST_CODES = 3 }; /* an unattended terminal must not ask for ever */

#define BESIDE_COLUMNS 33 /* for the words beside the QR code */

/* Dark on light whatever the terminal's colours are. fixed: of the 256, which
 * no theme changes; else of the first 8. */
static void add_qr_row(const struct qr *qr, int row, bool fixed, struct text *out)
{
	text_puts(out, fixed ? "\033[38;5;16;48;5;231m" : "\033[30;47m");
	for (int col = 0; col < qr_cols(qr); col++) {
		char cell[4];
		text_add(out, cell, utf8_encode(qr_cell(qr, row, col), cell));
	}
	text_puts(out, "\033[0m");
}

/* The code to scan, and beside it what to type where it cannot be scanned.
 * False: the terminal has no room for it, or no such characters. */
static bool print_qr(const struct login_prompt *prompt)
{
	struct winsize size = { 0 };
	struct qr *qr = NULL;
	if (!isatty(STDOUT_FILENO) || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 ||
	    (qr = qr_new(prompt->url)) == NULL)
		return false;
	const char *term = getenv("TERM"), *address = prompt->verification_url;
	bool fixed = term != NULL && (strstr(term, "256") != NULL || strstr(term, "direct") != NULL);
	if (text_starts_with(address, "https://"))
		address += strlen("https://"); /* a browser adds it */
	/* What stands beside it must not be wrapped into it. */
	int beside_cols = MAX(BESIDE_COLUMNS, 2 + MAX(text_width(address), text_width(prompt->code)));
	bool fits = size.ws_col >= qr_cols(qr) + beside_cols && size.ws_row > qr_rows(qr);
	const char *beside[] = { _("Scan with a phone, or open"), address, "", _("and type the code"), "",
		prompt->code };
	for (int row = 0; fits && row < qr_rows(qr); row++) {
		struct text line = { 0 };
		size_t nth = (size_t)(row - 7);
		add_qr_row(qr, row, fixed, &line);
		if (row >= 7 && nth < COUNT_OF(beside) && *beside[nth] != '\0')
			text_printf(&line, nth == 5 ? "  \033[1m%s\033[0m" : "  %s", beside[nth]);
		printf("%s\n", text_string(&line));
		text_clear(&line);
	}
	qr_free(qr);
	return fits;
}

static void count_down(const struct session_run *run)
{
	int64_t left_s = MAX((run->expires_ms - clock_now_ms(&run->options->clock)) / SECOND_MS, 0);
	printf("\r%s %d:%02d\033[K", _("Waiting for you to agree … (Ctrl-C ends)"), (int)(left_s / 60),
	    (int)(left_s % 60));
	fflush(stdout);
}

static void on_second(uv_timer_t *timer)
{
	count_down(timer->data);
}

static void on_prompt(const struct login_prompt *prompt, void *arg)
{
	struct session_run *run = arg;
	if (*prompt->code != '\0') {
		run->expires_ms = prompt->expires_ms;
		run->n_codes++;
		/* The long address first: it may scroll away, the code must not. */
		printf("%s\n  %s\n", _("Open this address on any device, or scan the code:"), prompt->url);
		if (!print_qr(prompt) && *prompt->verification_url != '\0')
			printf(_("or go to %s and type the code %s\n"), prompt->verification_url, prompt->code);
		if (!isatty(STDOUT_FILENO)) {
			printf("%s\n", _("Waiting for you to agree … (Ctrl-C ends)"));
		} else {
			count_down(run);
			uv_timer_start(&run->second, on_second, SECOND_MS, SECOND_MS);
		}
	} else {
		printf("%s\n  %s\n", _("Open this address in a browser and sign in:"), prompt->url);
		if (run->reading)
			printf("%s\n", _("Then paste here the whole address to which the browser was sent:"));
		else
			printf("%s\n", _("Waiting for the browser … (Ctrl-C ends)"));
	}
	fflush(stdout);
}

static void finish(struct session_run *run)
{
	if (run->reading) {
		run->reading = false;
		uv_close((uv_handle_t *)&run->input, NULL);
	}
	if (uv_is_active((uv_handle_t *)&run->interrupt))
		uv_close((uv_handle_t *)&run->interrupt, NULL);
	uv_close((uv_handle_t *)&run->second, NULL);
	link_close(&run->link, NULL, NULL);
}

static void on_done(const struct fault *fault, void *arg)
{
	struct session_run *run = arg;
	run->login = NULL;
	if (uv_is_active((uv_handle_t *)&run->second)) {
		uv_timer_stop(&run->second);
		printf("\n");
	}
	if (fault->code == FAULT_LOGIN && run->expires_ms != 0 && isatty(STDOUT_FILENO) &&
	    run->n_codes < MOST_CODES && clock_now_ms(&run->options->clock) >= run->expires_ms) {
		printf("%s\n", _("The code has expired; here is another one."));
		run->expires_ms = 0; /* another refusal than that ends it */
		run->login = login_device(run->link.oauth, run->options->scopes,
		    &(struct login_events){ on_prompt, on_done, run });
		return;
	}
	run->ok = fault->code == FAULT_NONE;
	run->fault = *fault;
	if (run->ok)
		snprintf(run->granted, sizeof run->granted, "%s", or_empty(oauth_status(run->link.oauth).scope));
	finish(run);
}

static void on_interrupt(uv_signal_t *handle, int number)
{
	struct session_run *run = handle->data;
	UNUSED(number);
	if (run->login != NULL)
		login_cancel(run->login);
}

static void on_input(uv_poll_t *handle, int status, int events)
{
	struct session_run *run = handle->data;
	UNUSED(events);
	ssize_t got = status < 0 ? 0 : read(STDIN_FILENO, run->line + run->n_line, sizeof run->line - 1 - run->n_line);
	if (got <= 0 || run->n_line + (size_t)got >= sizeof run->line - 1) {
		if (run->login != NULL)
			login_cancel(run->login);
		return;
	}
	run->n_line += (size_t)got;
	run->line[run->n_line] = '\0';
	char *newline = strchr(run->line, '\n');
	if (newline == NULL)
		return;
	*newline = '\0';
	struct fault fault;
	if (run->login != NULL && !login_paste(run->login, text_trim(run->line), &fault))
		printf("%s\n", fault.text);
	fflush(stdout);
	mem_wipe(run->line, sizeof run->line);
	run->n_line = 0;
}

static int run_loop(struct session_run *run)
{
	uv_run(&run->loop, UV_RUN_DEFAULT);
	int left = uv_loop_close(&run->loop);
	assert(left == 0);
	UNUSED(left);
	return run->ok ? EXIT_DONE : cli_fail(&run->fault);
}

static bool begin(struct session_run *run, struct options *options)
{
	*run = (struct session_run){ .options = options };
	uv_loop_init(&run->loop);
	struct link_config config = cli_link_config(options);
	if (!link_open(&run->loop, &config, &options->clock, &run->link, &run->fault)) {
		uv_run(&run->loop, UV_RUN_DEFAULT);
		uv_loop_close(&run->loop);
		return false;
	}
	uv_timer_init(&run->loop, &run->second);
	run->second.data = run;
	return true;
}

/* Not among the scopes that are asked for always: Webex refuses a sign-in for a scope
 * that the integration does not tick, or that a lesser administrator has no right to. */
static bool ask_for_audit(struct options *options, struct fault *fault)
{
	const char *audit = webex_api_row(API_AUDIT)->scopes;
	if (webex_scope_granted(options->scopes, audit))
		return true;
	char *scopes = mem_printf("%s %s", options->scopes, audit);
	bool ok = options_set(options, "webex.scopes", scopes, fault);
	free(scopes);
	return ok;
}

/* From now on a sign-in is the responder's: its file, its scopes. FAULT_USAGE: the file is the
 * analysts'. */
static bool as_responder(struct options *options, struct fault *fault)
{
	if (!link_is_apart(options->responder_token_file, options->token_file, fault))
		return false;
	char *file = mem_strdup(options->responder_token_file), *scopes = mem_strdup(options->responder_scopes);
	bool ok = options_set(options, "webex.token_file", file, fault) && options_set(options, "webex.scopes", scopes, fault);
	free(file);
	free(scopes);
	return ok;
}

/* --profile: the usual one when it is not given. */
static bool choose_profile(struct options *options, const char *profile, struct fault *fault)
{
	if (profile == NULL)
		return true;
	if (strcmp(profile, "responder") != 0)
		return fault_set(fault, FAULT_USAGE, _("there is no profile %s: responder is the one beside the usual one"), profile);
	return as_responder(options, fault);
}

/* What was not granted, and how to have it: an integration keeps what it was given. */
static void say_what_is_missing(const char *granted)
{
	if (*granted != '\0' && !webex_scope_granted(granted, webex_api_row(API_AUDIT)->scopes))
		printf(_("Not read: what administrators change, a forwarding for example. A full administrator has it with centinela login --audit, once %s is ticked in the app.\n"),
		    webex_api_row(API_AUDIT)->scopes);
}

int cli_login(struct options *options, struct args *args)
{
	struct session_run run;
	struct fault fault = { 0 };
	bool browser = args_flag(args, "--browser"), paste = args_flag(args, "--paste");
	bool device = args_flag(args, "--device"), audit = args_flag(args, "--audit");
	const char *org = args_value(args, "--service-app"), *refresh = args_value(args, "--refresh-token"), *profile = args_value(args, "--profile");
	if (!args_finish(args, &fault) || cli_only_looks(options, &fault) || !choose_profile(options, profile, &fault))
		return cli_fail(&fault);
	if (browser + paste + device + (org != NULL) + (refresh != NULL) > 1)
		fault_set(&fault, FAULT_USAGE, "%s", _("choose one way to sign in"));
	else if (*options->client_id == '\0')
		fault_set(&fault, FAULT_USAGE, "%s", _("no webex.client_id is set: create an integration at developer.webex.com and write its client ID into centinela.yaml"));
	else if (audit && profile != NULL)
		fault_set(&fault, FAULT_USAGE, "%s", _("--audit is for the usual sign-in: the responder reads nothing for the log"));
	else if (audit && (org != NULL || refresh != NULL))
		fault_set(&fault, FAULT_USAGE, "%s", _("a Service App has the scopes that were ticked for it: --audit is for a person who signs in"));
	else if (audit)
		(void)ask_for_audit(options, &fault);
	if (fault.code != FAULT_NONE)
		return cli_fail(&fault);
	if (!begin(&run, options))
		return cli_fail(&run.fault);
	struct login_events events = { on_prompt, on_done, &run };
	char *redirect = mem_printf("http://localhost:%lld/redirect", (long long)options->redirect_port);
	uv_signal_init(&run.loop, &run.interrupt);
	run.interrupt.data = &run;
	uv_signal_start(&run.interrupt, on_interrupt, SIGINT);
	if (browser || paste) {
		if (uv_poll_init(&run.loop, &run.input, STDIN_FILENO) == 0) {
			run.input.data = &run;
			run.reading = true;
			uv_poll_start(&run.input, UV_READABLE, on_input);
		}
		run.login = login_browser(run.link.oauth, options->scopes, redirect, browser, &events);
	} else if (org != NULL) {
		struct secret_source bearer = { .environment = "CENTINELA_SERVICE_APP_BEARER" };
		run.login = login_service_app(run.link.oauth, options->service_app_id, org, &bearer, &events);
	} else if (refresh != NULL) {
		struct secret_source source = { .file = refresh };
		run.login = login_refresh_token(run.link.oauth, &source, &events);
	} else {
		run.login = login_device(run.link.oauth, options->scopes, &events);
	}
	int status = run_loop(&run);
	free(redirect);
	if (status == EXIT_DONE) {
		printf(_("Signed in. The token is kept in %s (only you can read it).\n"), options->token_file);
		if (profile == NULL)
			say_what_is_missing(run.granted);
	} else if (audit) {
		fprintf(stderr, _("If it was for the scope %s: tick it in the app and let a full administrator agree, or sign in without --audit.\n"),
		    webex_api_row(API_AUDIT)->scopes);
	}
	return status;
}

static void say_nothing(const struct login_prompt *prompt, void *arg)
{
	UNUSED(prompt);
	UNUSED(arg);
}

bool cli_sign_in(struct options *options, struct fault *fault)
{
	struct session_run run;
	if (!begin(&run, options)) {
		*fault = run.fault;
		return false;
	}
	struct login_events events = { say_nothing, on_done, &run };
	uv_signal_init(&run.loop, &run.interrupt);
	run.interrupt.data = &run;
	uv_signal_start(&run.interrupt, on_interrupt, SIGINT);
	run.login = login_device(run.link.oauth, options->scopes, &events);
	uv_run(&run.loop, UV_RUN_DEFAULT);
	uv_loop_close(&run.loop);
	*fault = run.fault;
	return run.ok;
}

int cli_logout(struct options *options, struct args *args)
{
	struct session_run run;
	struct fault fault = { 0 };
	const char *profile = args_value(args, "--profile");
	if (!args_finish(args, &fault) || cli_only_looks(options, &fault) || !choose_profile(options, profile, &fault))
		return cli_fail(&fault);
	if (!begin(&run, options))
		return cli_fail(&run.fault);
	oauth_logout(run.link.oauth, on_done, &run);
	return run_loop(&run);
}

static json_t *sync_part(struct options *options)
{
	struct db db;
	struct fault fault;
	json_t *out = json_object();
	char *file = store_file(options->store);
	bool absent = file != NULL && access(file, F_OK) != 0;
	free(file);
	if (absent || !store_open_read(options->store, &db, &fault)) {
		json_object_set_new(out, "store", json_null());
		return out;
	}
	static const struct {
		const char *key, *sql;
		bool is_time;
	} rows[] = {
		{ "complete_until", COMPLETE_UNTIL, true },
		{ "last_page", "SELECT max(done_ms) FROM windows", true },
		{ "windows", "SELECT count(*) FROM windows", false },
		{ "open_alerts", "SELECT count(*) FROM alerts WHERE rank > 0", false },
		{ "admin_until", "SELECT CAST(value AS BIGINT) FROM settings WHERE name = 'admin_events'", true },
		{ "newest_call", "SELECT max(id) >> 20 FROM calls", true },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		int64_t value;
		if (db_ask_int(&db, rows[i].sql, 0, &value, &fault))
			json_object_set_new(out, rows[i].key, rows[i].is_time ? json_time(value) : json_integer(value));
	}
	struct statement *st = db_statement(&db, "SELECT holder, until_ms FROM lease WHERE id = 1", &fault);
	if (st != NULL && db_step(&db, st, &fault) == STEP_ROW && db_int(&db, st, 1) > clock_real_ms())
		json_object_set_new(out, "collector", json_text(db_text(&db, st, 0)));
	db_close(&db);
	return out;
}

/* The same for a person: what a script reads is --json. */
static void print_sync(const json_t *sync)
{
	static const struct {
		const char *key, *word;
	} rows[] = { { "store", N_("store") }, { "complete_until", N_("complete until") }, { "last_page", N_("last page") },
		{ "windows", N_("windows asked for") }, { "open_alerts", N_("open alerts") }, { "admin_until", N_("audit events until") },
		{ "newest_call", N_("newest call") }, { "collector", N_("collecting now") } };
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		char number[24];
		const json_t *value = json_object_get(sync, rows[i].key);
		if (value == NULL)
			continue;
		snprintf(number, sizeof number, "%lld", (long long)json_integer_value(value));
		const char *text = json_is_string(value) ? json_string_value(value) : json_is_integer(value) ? number : i == 0 ? _("none yet") : "\u2014";
		printf("%s  %s\n", CELL(_(rows[i].word), 24), text);
	}
}

int cli_status(struct options *options, struct args *args)
{
	struct fault fault = { 0 };
	struct token token = { 0 };
	if (!args_finish(args, &fault) || cli_only_looks(options, &fault))
		return cli_fail(&fault);
	bool signed_in = token_file_read(options->token_file, &token, &fault);
	if (!signed_in && fault.code != FAULT_NOT_FOUND)
		return cli_fail(&fault);
	int64_t now = clock_now_ms(&options->clock);
	json_t *sync = sync_part(options);
	if (options->json) {
		print_json(json_pack("{s:b, s:s, s:o, s:o, s:b, s:o}", "signed_in", signed_in, "kind", signed_in && token.kind ? token.kind : "",
		    "access_expires", json_time(token.access_expires_ms), "refresh_expires", json_time(token.refresh_expires_ms),
		    "needs_person_soon", signed_in && token_needs_person_soon(&token, now), "sync", sync));
	} else {
		char access[ISO_TIME_BYTES], renew[ISO_TIME_BYTES];
		if (signed_in)
			printf(_("signed in (%s); access token until %s, sign-in until %s\n"), token.kind ? token.kind : "?",
			    token.access_expires_ms ? iso_time_format(token.access_expires_ms, access) : "?",
			    token.refresh_expires_ms ? iso_time_format(token.refresh_expires_ms, renew) : "?");
		else
			printf("%s\n", _("not signed in: centinela login"));
		if (signed_in && token_needs_person_soon(&token, now))
			printf("%s\n", _("sign in again soon: the refresh token dies within 14 days"));
		print_sync(sync);
		json_decref(sync);
	}
	token_clear(&token);
	return EXIT_DONE;
}
