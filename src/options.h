/* SPDX-License-Identifier: Apache-2.0
 *
 * Command line and centinela.yaml into one plain struct. One table names every
 * setting: reading, checking, `centinela help settings` and the README's
 * reference are made from it. */
#ifndef OPTIONS_H
#define OPTIONS_H

#include "base/clock.h"
#include "base/fault.h"
#include "base/text.h"
#include "ui/settings.h"

/* key in the file (dots are nesting), member, kind, default, what it may be, help. Of
 * numbers and durations a range, both ends within; of texts a form (ui/setting_forms.c), an
 * empty one passes; "" is anything. */
#define OPTION_ROWS(row)                                                                         \
	row("store", store, TEXT, "", "", N_("where the records are: a path, or postgresql://USER@HOST/DATABASE")) \
	row("language", language, TEXT, "", "language", N_("language of every text; empty: what the environment says"))   \
	row("log.file", log_file, TEXT, "", "", N_("also write the log to this file (0600); moved away, it is made anew")) \
	row("console.theme", theme, TEXT, "davivienda", "", N_("name of a theme, or a path"))        \
	row("console.keys", keys_file, TEXT, "", "", N_("YAML file with your own keys"))             \
	row("console.attention", attention, TEXT, "title bell", "ways", N_("how you are called when a critical alert comes; empty: not at all")) \
	row("console.reports", reports_folder, TEXT, "", "", N_("folder for the report that is written if the program fails; empty: nowhere")) \
	row("console.history", history_file, TEXT, "", "", N_("where what you type after : and as filters is kept (0600); empty: nowhere")) \
	row("console.sticky_filters", sticky_filters, BOOL, "false", "", N_("each list begins with the filter it had last")) \
	row("console.mask_numbers", mask_numbers, BOOL, "false", "", N_("hide the middle of outside numbers")) \
	row("console.shift", shift, DURATION, "8h", "1h..7d", N_("how long a shift is, for the hand-over")) \
	row("console.escape", escape, DURATION, "100ms", "10ms..5s", N_("how long Escape waits for the rest of a key that a slow line may bring late; over SSH 250ms unless you say")) \
	row("console.mouse", mouse, BOOL, "false", "", N_("take the mouse from the terminal"))       \
	row("console.linear", linear, BOOL, "false", "", N_("for screen readers: plain lines, one pane at a time, the cursor on the row")) \
	row("console.read_only", read_only, BOOL, "false", "", N_("look, but do not act"))           \
	row("webex.api", api_url, TEXT, "https://webexapis.com/v1", "url", N_("Webex API; gov: https://api-usgov.webex.com/v1")) \
	row("webex.cdr_host", cdr_host, TEXT, "analytics-calling.webexapis.com", "", N_("CDR host of your region; a 451 answer corrects it")) \
	row("webex.cdr_hosts", cdr_hosts, TEXT, "", "", N_("further CDR hosts that may be believed, comma-separated")) \
	row("webex.client_id", client_id, TEXT, "", "", N_("client ID of your integration or service app")) \
	row("webex.client_secret_file", client_secret_file, TEXT, "", "", N_("file (0600) that holds the client secret")) \
	row("webex.client_secret_command", client_secret_command, TEXT, "", "", N_("command that prints the client secret")) \
	row("webex.token_file", token_file, TEXT, "", "", N_("where tokens are kept (0600)"))        \
	row("webex.service_app_id", service_app_id, TEXT, "", "", N_("application ID, for login --service-app")) \
	row("webex.scopes", scopes, TEXT, "spark-admin:calling_cdr_read spark-admin:people_read spark-admin:locations_read spark-admin:telephony_config_read spark-admin:organizations_read", "", N_("scopes to ask for")) \
	row("webex.responder_token_file", responder_token_file, TEXT, "", "", N_("where the tokens of who may change lines are kept (0600), apart from those")) \
	row("webex.responder_scopes", responder_scopes, TEXT, "spark-admin:people_read spark-admin:people_write", "", N_("scopes to ask for with login --profile responder")) \
	row("webex.redirect_port", redirect_port, NUMBER, "6001", "1..65535", N_("loopback port of login --browser")) \
	row("network.ca_file", ca_file, TEXT, "", "", N_("PEM bundle of a TLS-inspecting proxy's CA")) \
	row("network.proxy", proxy, TEXT, "", "", N_("http://host:port; else HTTPS_PROXY and NO_PROXY")) \
	row("network.connect_to", connect_to, TEXT, "", "address", N_("address:port that stands in for every host (tests, simulator)")) \
	row("sync.backfill", backfill, DURATION, "30d", "0..30d", N_("how far back the first start reads")) \
	row("sync.interval", sync_interval, DURATION, "61s", "10ms..1d", N_("time between first requests to Webex")) \
	row("sync.page_interval", page_interval, DURATION, "6500ms", "0..1h", N_("time between further pages")) \
	row("sync.page_size", page_size, NUMBER, "5000", "500..5000", N_("records a page"))     \
	row("sync.stream_delay", stream_delay, DURATION, "65s", "0..12h", N_("the newest moment the stream may be asked for")) \
	row("sync.feed_delay", feed_delay, DURATION, "6m", "0..12h", N_("the newest moment the feed may be asked for")) \
	row("sync.stream", stream, BOOL, "true", "", N_("ask the stream; false where Webex does not offer it: then the feed alone")) \
	row("sync.stream_window", stream_window, DURATION, "2h", "1m..12h", N_("the longest stretch the stream answers")) \
	row("sync.stream_kept", stream_kept, DURATION, "12h", "1m..30d", N_("how far back the stream goes")) \
	row("sync.feed_window", feed_window, DURATION, "12h", "1m..12h", N_("the longest stretch the feed answers")) \
	row("sync.feed_kept", feed_kept, DURATION, "30d", "1m..30d", N_("how far back the feed goes"))      \
	row("sync.overlap", overlap, DURATION, "10m", "0..12h", N_("how much of the stretch before is asked again")) \
	row("sync.keep_raw", keep_raw, DURATION, "90d", "1d..36500d or 0", N_("how long records are kept as Webex sent them")) \
	row("sync.keep_legs", keep_legs, DURATION, "400d", "1d..36500d or 0", N_("how long legs and calls are kept")) \
	row("sync.keep_alerts", keep_alerts, DURATION, "730d", "1d..36500d or 0", N_("how long alerts are kept after they were closed")) \
	row("sync.keep_audit", keep_audit, DURATION, "1825d", "1d..36500d or 0", N_("how long lines of the audit log are kept; its chain holds on"))\
	row("sync.clock_speed", clock_speed, NUMBER, "1", "1..1000", N_("how many times faster the clock runs: for a simulator that does so too")) \
	row("sync.clock_from", clock_from, NUMBER, "0", "0..2147483647", N_("… since this real time, in seconds since 1970")) \
	row("live.listen", live_listen, TEXT, "", "address", N_("address:port that receives Webex's webhooks")) \
	row("live.url", live_url, TEXT, "", "https url", N_("public https address of that receiver; registered at Webex")) \
	row("live.secret_file", live_secret_file, TEXT, "", "", N_("file (0600) with the webhook secret")) \
	row("live.watch", live_watch, TEXT, "", "", N_("person ids whose calls are polled, comma-separated")) \
	row("api.listen", api_listen, TEXT, "127.0.0.1:8719", "address", N_("address:port of the HTTP API; elsewhere than on a loopback only with a certificate; empty: no port")) \
	row("api.socket", api_socket, TEXT, "", "", N_("Unix socket of the HTTP API: who comes by it is known by the system; empty: none")) \
	row("api.socket_group", api_socket_group, BOOL, "false", "", N_("the socket is open to its group, too")) \
	row("api.socket_scope", api_socket_scope, TEXT, "viewer", "scope", N_("what others than who runs the service may do by the socket")) \
	row("api.certificate_file", api_certificate_file, TEXT, "", "", N_("PEM certificate (with its chain) of the HTTP API")) \
	row("api.key_file", api_key_file, TEXT, "", "", N_("PEM key of that certificate (0600)")) \
	row("api.hosts", api_hosts, TEXT, "", "", N_("names by which the API may be asked for, comma-separated, beside localhost and its address")) \
	row("api.origins", api_origins, TEXT, "", "", N_("pages that may ask from a browser (CORS): https://host, comma-separated; empty: none")) \
	row("api.url", api_url_outside, TEXT, "", "url", N_("address of the API as a browser knows it; the sign-in comes back to /auth/callback below it")) \
	row("api.rate", api_rate, NUMBER, "10000", "0..1000000", N_("requests a second of one token; 0: any number")) \
	row("api.write_rate", api_write_rate, NUMBER, "100", "0..1000000", N_("changes a second by one token, by requests that are no mere reads; 0: any number")) \
	row("api.ready_sync", api_ready_sync, DURATION, "30m", "1s..30d", N_("older than this records are late, and /health/ready says 503")) \
	row("api.ready_live", api_ready_live, DURATION, "10m", "1s..30d or 0", N_("a source of live calls that is set, and does not work for so long, makes it 503; 0: never")) \
	row("api.ready_outbox", api_ready_outbox, DURATION, "30m", "1s..30d or 0", N_("a message that is due and waits for so long makes it 503; 0: never")) \
	row("live.keep", live_keep, DURATION, "7d", "1h..3650d or 0", N_("how long live calls are kept, for stories until their records come; 0: not at all")) \
	row("sites", sites_file, TEXT, "", "", N_("YAML file with business hours and holidays per site; else Mon-Fri 07:00-19:00, Sat 08:00-13:00")) \
	row("notify", notify_file, TEXT, "", "", N_("YAML file of who is told what happens to alerts: chats, mail, SIEM; else nobody")) \
	row("data", data_folder, TEXT, "", "", N_("folder of numbering, calendars and scenarios")) \
	row("rules", rules_folder, TEXT, "", "", N_("folder of Sigma rules; else the rules that came along")) \
	row("own_rules", own_rules_folder, TEXT, "", "", N_("folder of your own Sigma rules and exceptions, beside those; one with the id of theirs replaces it")) \
	row("lists", lists_file, TEXT, "", "", N_("YAML file of lists (name: [value, …]) that rules name with |expand")) \
	row("alert_budget", alert_budget, NUMBER, "1", "0..100000", N_("what is merely unusual is raised so often that it makes this many alerts a day and 1000 people; 0: never")) \
	row("tariff", tariff_file, TEXT, "", "", N_("CSV of your own prices: prefix, US dollars a minute; else seed estimates")) \
	row("themes", themes_folder, TEXT, "", "", N_("folder of themes")) \
	row("organisation", organisation, TEXT, "", "organisation", N_("which organisation of the store, by its key; all: the console shows them side by side; empty: the store is of one alone"))

enum {
#define OPTION_INDEX(key, member, kind, otherwise, allows, help) OPTION_##member,
	OPTION_ROWS(OPTION_INDEX)
#undef OPTION_INDEX
	N_OPTIONS
};

#define OPTION_TYPE_TEXT     char *
#define OPTION_TYPE_BOOL     bool
#define OPTION_TYPE_NUMBER   int64_t
#define OPTION_TYPE_DURATION int64_t /* ms */

/* What the file says of one organisation: values over those that are for all. */
struct options_overlay {
	char *key, *name;
	struct {
		size_t option;
		char *value;
	} *said;
	size_t n, capacity;
};

struct options {
#define OPTION_MEMBER(key, member, kind, otherwise, allows, help) OPTION_TYPE_##kind member;
	OPTION_ROWS(OPTION_MEMBER)
#undef OPTION_MEMBER
	enum setting_source sources[N_OPTIONS]; /* who said it */
	bool json;
	char *config_path; /* of an organisation that was chosen its own, which may be absent */
	char *main_path; /* the file for all; NULL: that is it */
	struct options_overlay *overlays; /* by the file's order */
	size_t n_overlays;
	struct clock clock; /* real, but in a demo */
	struct fault config_fault; /* of reading the file; doctor tells of it */
};

/* Defaults of the table, paths of this user and of this build. */
void options_init(struct options *);
void options_clear(struct options *);

/* Read a file over them. path NULL: the user's, which may be absent. An
 * unknown key is a fault with file:line:column and the nearest key. */
bool options_read(struct options *, const char *path, struct fault *) MUST_USE;
/* Then it is not read: it names commands that run. */
bool options_others_may_write(const char *path);

/*
 * From now on this is the organisation of that key ("": all stays as it is): what the
 * file says of it under organisations.KEY, then its own file organisations/KEY/centinela.yaml
 * beside the other. What nobody says of it is as for all, but for what is one's own (a
 * sign-in, rules, a log …: a file of its own) and who is told and may come in (nobody).
 */
bool options_choose(struct options *, const char *key, struct fault *) MUST_USE;
/* Its name as the file has it, or NULL. */
const char *options_organisation_name(const struct options *, const char *key);

/* One setting by its key, as a file would say it; for the command line. */
bool options_set(struct options *, const char *key, const char *value, struct fault *) MUST_USE;

/* What the console shows of them, and changes in the file; path NULL: in none. */
void options_settings(const struct options *, const char *path, struct settings *out);

/* What was changed there, for the next time the console begins. */
void options_take(struct options *, const struct settings *);

/* "key (default): help" lines, a YAML-like reference. */
void options_describe(struct text *out);

#endif
