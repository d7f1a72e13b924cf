/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/log.h"
#include "base/text.h"
#include "cli/cli.h"
#include "net/file.h"

const struct cli_command cli_commands[] = {
	{ "console", "[--read-only] [--linear] [--alert N] [--session-log FILE]", N_("the console (what runs without a command)"), cli_console },
	{ "demo", "[--seed N] [--speed X] [--scenario NAME] [--users U] [--linear] [--session-log FILE]", N_("the console on a simulated Webex organisation"), cli_demo },
	{ "login", "[--device|--browser|--paste|--service-app ORG|--refresh-token FILE] [--audit] [--profile responder]", N_("sign in to Webex; a code for your phone is the default"), cli_login },
	{ "logout", "[--profile responder]", N_("forget the sign-in of this host"), cli_logout },
	{ "status", "", N_("sign-in, sync and store at a glance"), cli_status },
	{ "sync", "[--since 30d] [--once]", N_("read call records from Webex now, without the console"), cli_sync },
	{ "serve", "", N_("without a screen: sync, detection, live calls and the HTTP API, until it is told to stop"), cli_serve },
	{ "token", "[list|create NAME|revoke NAME] [--scope NAME] [--for 90d]", N_("who may come in by the HTTP API"), cli_token },
	{ "organisation", "[list|add KEY [--name NAME]|remove KEY [--with-everything]]", N_("several organisations in one store: which there are and how it stands with each, a new one, the end of one"), cli_organisation },
	{ "import", "FILE…", N_("take in CDRs: JSON lines, API pages, Control Hub CSV; .gz .zst .zip and - too"), cli_import },
	{ "alerts", "[list|show|new|claim|ack|assign|release|note|snooze|wake|escalate|close|reopen|silence|unsilence|tag|link|unlink|merge|tick|untick] …", N_("everything the queue does"), cli_alerts },
	{ "silences", "[list [--all]|show S|try|add|end S|extend S] [--filter EXPR] [--reason TEXT] [--for 7d] [--from TIME]", N_("what keeps findings from being alerts: snoozes, silences, maintenance, exceptions; what each hides, and one of your own"), cli_silences },
	{ "contain", "[list [--all]|show N|plan WHO|do WHO|finish N|undo N] [--kind KIND] [--alert N] [--yes] [--dry-run] [--force]", N_("take from a compromised line at Webex what it is abused for, and give it back: what was before is kept, and read again after"), cli_contain },
	{ "calls", "[list|show ID] [--filter EXPR] [--limit N]", N_("calls, and the legs of one"), cli_calls },
	{ "scores", "[--filter EXPR] [--limit N]", N_("who is odd, the highest score first"), cli_scores },
	{ "locations", "[--filter EXPR]", N_("sites with their traffic and open alerts"), cli_locations },
	{ "people", "[--filter EXPR] [--limit N]", N_("people as Webex last told"), cli_people },
	{ "rules", "[check|test] [FOLDER] | check --any-field FILE|FOLDER… | replay [--since 30d] [--rules FOLDER] | report [RULE…] [--since 90d] | tune ALERT [--since 30d] [--accept N [--for 30d]]", N_("lint the detection rules, run the tests inside them, try them on what the store holds, see what became of their alerts, propose exceptions"), cli_rules },
	{ "rehearse", "SCENARIO [--rules FOLDER]", N_("play an attack of the simulator with people of the store: which rule speaks, after how many minutes, for how much money"), cli_rehearse },
	{ "report", "[--since 24h] [--format text|md|json] | handover [--since 8h] [--format md|json] [--output FILE]", N_("what happened, for people: traffic, alerts, silences, scores, cost; or the hand-over of a shift"), cli_report },
	{ "export", "calls|legs|alerts [--since TIME] [--filter EXPR] [--format jsonl|csv] [--redact] | case ID [--output FILE] [--redact]", N_("everything, for machines: a line each, in flat memory; or a case with its timeline, as Markdown or JSON"), cli_export },
	{ "doctor", "[--offline] [--full]", N_("what is missing on this host and at Webex, and how to get it"), cli_doctor },
	{ "settings", "[list [KEY] | set KEY VALUE]", N_("what is in force and who said it; change one in the configuration, all else in it stays"), cli_settings },
	{ "notify", "[list [--all] [--limit N] | test DESTINATION | resend ID…|--all]", N_("who is told what happens: try a destination, see what waits or was given up, send it after all"), cli_notify },
	{ "audit", "[--limit N] [--expect END]", N_("who did what, and whether the chain of the whole log holds"), cli_audit },
	{ "store", "migrate --from ADDRESS --to ADDRESS | roles [--schema NAME]", N_("a whole store into another one, compared in the end; rights for a PostgreSQL that several share, as SQL for its owner"), cli_store },
	{ "sim", "[--listen ADDR:PORT] [--seed N] [--users U] [--scenario NAME] [--speed X] [--faults LIST] … | --export DIR [--days D] [--users U] [--seed N] [--base TIME] [--scenario NAME]", N_("a simulated Webex over HTTPS, or days of its records in files"), cli_sim },
	{ "help", "[COMMAND|settings|keys|filter|facts|man]", N_("more about a command, settings, keys, filters; the manual page"), cli_help },
	{ NULL, NULL, NULL, NULL },
};

int cli_fail(const struct fault *fault)
{
	char shown[sizeof fault->text];
	text_printable(shown, sizeof shown, fault->text, strlen(fault->text));
	fprintf(stderr, "centinela: %s\n", shown);
	return fault->code == FAULT_USAGE ? EXIT_USAGE : EXIT_FAILED;
}

bool cli_only_looks(const struct options *options, struct fault *fault)
{
	if (options->read_only)
		fault_set(fault, FAULT_READ_ONLY, "%s", _("nothing is written: console.read_only is set"));
	return options->read_only;
}

bool cli_open_log(const struct options *options, struct fault *fault)
{
	/* An organisation's own is in a folder of its own, which nobody has made. */
	return *options->log_file == '\0' ||
	    ((*options->organisation == '\0' || file_make_folders(options->log_file, fault)) && log_to_file(options->log_file, fault));
}

struct judge_options cli_judge_options(const struct options *options)
{
	return (struct judge_options){ .rules_folder = options->rules_folder, .own_folder = options->own_rules_folder, .lists_file = options->lists_file, .alert_budget = options->alert_budget };
}

struct trial_options cli_trial_options(const struct options *options, const char *rules_folder)
{
	struct trial_options trial = { .store = options->store, .data_folder = options->data_folder, .sites_file = options->sites_file, .tariff_file = options->tariff_file, .rules = cli_judge_options(options) };
	if (rules_folder != NULL) {
		trial.rules.rules_folder = rules_folder;
		trial.rules.own_folder = NULL;
	}
	return trial;
}

struct guard_config cli_guard_config(const struct options *options)
{
	return (struct guard_config){ .store = options->store, .data_folder = options->data_folder, .rules = cli_judge_options(options), .sites_file = options->sites_file, .tariff_file = options->tariff_file, .keep_raw = options->keep_raw > 0 };
}

struct link_config cli_link_config(const struct options *options)
{
	return (struct link_config){ .api_url = options->api_url, .cdr_host = options->cdr_host,
		.cdr_hosts = options->cdr_hosts, .client_id = options->client_id,
		.secret_file = options->client_secret_file, .secret_command = options->client_secret_command,
		.token_file = options->token_file, .ca_file = options->ca_file, .proxy = options->proxy,
		.connect_to = options->connect_to };
}

struct link_config cli_responder_config(const struct options *options)
{
	struct link_config link = cli_link_config(options);
	link.token_file = options->responder_token_file;
	link.apart_from = options->token_file;
	return link;
}

struct post_options cli_post_options(const struct options *options)
{
	return (struct post_options){ .ca_file = *options->ca_file != '\0' ? options->ca_file : NULL, .proxy = *options->proxy != '\0' ? options->proxy : NULL,
		.connect_to = *options->connect_to != '\0' ? options->connect_to : NULL };
}

struct watch_config cli_watch_config(const struct options *options)
{
	return (struct watch_config){
		.guard = cli_guard_config(options),
		.sync = { .link = cli_link_config(options),
		    .live = { options->live_listen, options->live_url, options->live_secret_file, options->live_watch, options->live_keep }, .backfill_ms = options->backfill,
		    .interval_ms = options->sync_interval, .page_interval_ms = options->page_interval,
		    .stream_edge_ms = options->stream_delay, .feed_edge_ms = options->feed_delay,
		    .page_size = (int)options->page_size, .stream_window_ms = options->stream_window,
		    .stream_kept_ms = options->stream_kept, .feed_window_ms = options->feed_window,
		    .feed_kept_ms = options->feed_kept, .overlap_ms = options->overlap, .no_stream = !options->stream },
		.scopes = options->scopes, .config_path = options->config_path, .responder = cli_responder_config(options),
		.lacks_secret = *options->client_secret_file == '\0' && *options->client_secret_command == '\0' &&
		    getenv(LINK_SECRET_VARIABLE) == NULL,
		.clock = options->clock, .read_only = options->read_only,
		.notify = { .routes = options->notify_file, .post = cli_post_options(options) },
		.keep = { .raw_ms = options->keep_raw, .legs_ms = options->keep_legs,
		    .alerts_ms = options->keep_alerts, .audit_ms = options->keep_audit, .live_ms = MAX(options->live_keep, (int64_t)1) /* none at all: what there is goes */ } };
}
