/* SPDX-License-Identifier: Apache-2.0
 *
 * The commands: one table of name, usage and function makes dispatch, --help,
 * the manual page and the README's list. */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include <jansson.h>
#include <stdio.h>

#include "cli/args.h"
#include "filter/filter.h"
#include "options.h"
#include "watch/guard.h"
#include "watch/trial.h"
#include "watch/watch.h"

enum { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_USAGE = 2 };

struct cli_command {
	const char *name;
	const char *usage; /* after the name */
	const char *help;  /* one sentence, to be translated */
	/* Takes its words from args; returns an exit status. */
	int (*run)(struct options *, struct args *);
};

extern const struct cli_command cli_commands[]; /* a NULL name ends it */

void cli_print_usage(FILE *);
void cli_print_command(const struct cli_command *);

/* True, with the sentence, when this program was told to look only. */
bool cli_only_looks(const struct options *, struct fault *) MUST_USE;
/* log.file, where it is set: for what runs long. */
/* Of a theme just typed; one in the configuration is complained of inside. */
bool cli_theme_is_there(const struct options *, struct fault *) MUST_USE;
bool cli_open_log(const struct options *, struct fault *) MUST_USE;
/* A sentence on stderr; the exit status that fits the fault. */
int cli_fail(const struct fault *);

struct guard_config cli_guard_config(const struct options *);
struct judge_options cli_judge_options(const struct options *);
/* rules_folder NULL: those in force; else it alone. */
struct trial_options cli_trial_options(const struct options *, const char *rules_folder);

struct link_config cli_link_config(const struct options *);
/* With the sign-in of who may change lines. */
struct link_config cli_responder_config(const struct options *);
struct post_options cli_post_options(const struct options *);
struct watch_config cli_watch_config(const struct options *);

/* "24h", "2026-10-05" or a whole time: when it was. FAULT_USAGE otherwise. */
/* The filter that was given (NULL: none), with @names of the console's as what
 * they stand for. NULL and a fault that says where it is wrong; else free it. */
char *cli_filter(const struct options *, enum filter_of, const char *given, struct fault *) MUST_USE;
/* An act on the alerts that the words name, or that --filter lets through. */
/* The steps of its rule's playbook, and which were taken. */
struct alert_detail;
json_t *cli_playbook(struct options *, const struct alert_detail *, struct arena *);
/* For what prints lines of the log, whose steps are in English: ui/step_words.h. */
void cli_step_words(const struct options *);
bool cli_tick(struct options *, bool done, struct args *, struct fault *) MUST_USE;
bool cli_new_alert(struct options *, struct args *, struct fault *) MUST_USE;
bool cli_triage(struct options *, enum triage_act, struct args *, struct fault *) MUST_USE;

bool cli_since(const char *text, int64_t now_ms, int64_t *out, struct fault *) MUST_USE;

int cli_console(struct options *, struct args *);
/* organisation: NULL, or that of a demo; film: the file of a session log, or NULL; alert: where it begins, or 0. */
bool cli_run_console(struct options *, const char *organisation, const char *film, int64_t alert, struct fault *) MUST_USE;
int cli_demo(struct options *, struct args *);
/* The device grant without a word, where the other side agrees by itself. */
bool cli_sign_in(struct options *, struct fault *) MUST_USE;
int cli_sync(struct options *, struct args *);
int cli_serve(struct options *, struct args *);
int cli_token(struct options *, struct args *);
/* This program with the same words, from the beginning; organisation, alert not NULL: there,
 * on that one. Comes back when it did not work. */
void cli_begin_again(const char *organisation, const char *alert);
int cli_organisation(struct options *, struct args *);
int cli_rules(struct options *, struct args *);
int cli_rehearse(struct options *, struct args *);
int cli_replay(struct options *, struct args *);
int cli_contain(struct options *, struct args *);
int cli_tune(struct options *, struct args *);
int cli_rule_report(struct options *, struct args *);
int cli_login(struct options *, struct args *);
int cli_logout(struct options *, struct args *);
int cli_status(struct options *, struct args *);
int cli_import(struct options *, struct args *);
int cli_alerts(struct options *, struct args *);
int cli_silences(struct options *, struct args *);
int cli_calls(struct options *, struct args *);
int cli_scores(struct options *, struct args *);
int cli_locations(struct options *, struct args *);
int cli_people(struct options *, struct args *);
int cli_audit(struct options *, struct args *);
int cli_notify(struct options *, struct args *);
int cli_store(struct options *, struct args *);
int cli_sim(struct options *, struct args *);
int cli_doctor(struct options *, struct args *);
int cli_help(struct options *, struct args *);
int cli_settings(struct options *, struct args *);
int cli_report(struct options *, struct args *);
/* report handover: its options have been taken; NULL: not given. */
int cli_handover(struct options *, struct args *, const char *since, const char *format, const char *output);
int cli_export(struct options *, struct args *);
int cli_export_case(struct options *, struct args *, const char *output); /* after the word "case" */
/* Into a new file, or where path is NULL to standard output. */
bool cli_put_paper(const char *path, const struct text *paper, struct fault *) MUST_USE;

#endif
