/* SPDX-License-Identifier: Apache-2.0
 *
 * The options of each command. A test holds them against the usage lines. */
#include "base/i18n.h"
#include "cli/help.h"
#include "sim/faults.h"

/* Those that may be said after --faults. */
#define FAULT_OPTION(id, name, sentence) { "sim", "  " name, sentence },

const struct command_option command_options[] = {
	{ "", "--config FILE", N_("read this configuration; else CENTINELA_CONFIG, else ~/.config/centinela/centinela.yaml") },
	{ "", "--store ADDRESS", N_("where the records are: a path, or postgresql://USER@HOST/DATABASE") },
	{ "", "--organisation KEY", N_("which organisation of the store; else CENTINELA_ORGANISATION; console: all shows them side by side") },
	{ "", "--lang es|en", N_("language of what is printed") },
	{ "", "--theme NAME", N_("a theme by name, or a path") },
	{ "", "--json", N_("print JSON, where something is printed") },
	{ "", "--help", N_("what the program or a command does") },
	{ "", "--version", N_("the version") },

	{ "console", "--read-only", N_("look, but do not act, and ask nothing of Webex") },

	{ "console", "--linear", N_("for screen readers: plain lines, one pane at a time, the cursor on the row") },
	{ "console", "--alert N", N_("begin on this alert") },
	{ "console", "--session-log FILE", N_("a film of the screen for training (asciicast v2, 0600); commands by name, no keys") },

	{ "demo", "--seed N", N_("the same number, the same organisation and days (7)") },
	{ "demo", "--speed X", N_("the clock runs so many times faster (4)") },
	{ "demo", "--scenario NAME", N_("which incidents happen: a name in data/scenarios, or a path (mixed)") },
	{ "demo", "--users U", N_("people in the organisation (300)") },

	{ "demo", "--linear", N_("for screen readers: plain lines, one pane at a time, the cursor on the row") },
	{ "demo", "--session-log FILE", N_("a film of the screen for training (asciicast v2, 0600); commands by name, no keys") },

	{ "login", "--device", N_("a code and a QR for another device; nothing here needs a browser (default)") },
	{ "login", "--browser", N_("a browser on this host; it comes back to http://localhost:PORT/redirect") },
	{ "login", "--paste", N_("a browser elsewhere; paste the address it was sent to") },
	{ "login", "--service-app ORG", N_("first tokens of a Service App for that organisation; needs CENTINELA_SERVICE_APP_BEARER") },
	{ "login", "--refresh-token FILE", N_("a refresh token copied from the developer portal, in a file (0600)") },
	{ "login", "--audit", N_("also ask to read what administrators do: the scope audit:events_read, of a full administrator") },

	{ "login", "--profile responder", N_("the sign-in of who may change lines (webex.responder_scopes), kept apart; contain alone uses it") },
	{ "logout", "--profile responder", N_("forget that one") },

	{ "sync", "--since 30d", N_("how far back a first start reads, at most 30d") },
	{ "sync", "--once", N_("end when nothing is missing; else stay") },

	{ "token", "--scope viewer|analyst|lead|admin", N_("create: reads; acts on alerts; silences and the log; all (viewer)") },
	{ "token", "--for 90d", N_("create: how long it is good, at most 400d (90d)") },

	{ "organisation", "--name NAME", N_("add: as people call it; else as the configuration does, else its key") },
	{ "organisation", "--with-everything", N_("remove: its records, alerts and log go with it, for ever") },

	{ "alerts", "--filter EXPR", N_("only what fits: centinela help filter; an act is then for all of it") },
	{ "alerts", "--dry-run", N_("only say what an act would be of, by severity, state and person") },
	{ "alerts", "--all", N_("closed ones too") },
	{ "alerts", "--limit N", N_("at most so many") },
	{ "alerts", "--sort COLUMN", N_("which come first, as sla, time, score or cost (severity)") },
	{ "alerts", "--note TEXT", N_("a note that goes with the act") },
	{ "alerts", "--reason TEXT", N_("--note, as silences calls it") },
	{ "alerts", "--to WHO", N_("assign: to whom; link, merge: the other alert's number") },
	{ "alerts", "--for 4h", N_("snooze, silence: how long, at most 30d") },
	{ "alerts", "--title TEXT", N_("new: what happened") },
	{ "alerts", "--subject WHO", N_("new: a person (name, address, extension) or a number") },
	{ "alerts", "--severity NAME", N_("new: low, medium (default), high, critical") },
	{ "alerts", "--site NAME", N_("new: where; of a person known here its own") },
	{ "alerts", "--deleted", N_("list: only alerts that were taken away, which count nowhere else") },
	{ "alerts", "--silenced", N_("only alerts with a silence in force") },
	{ "alerts", "--resolution NAME", N_("close: true_positive_impact, true_positive_no_impact, false_positive, legitimate, duplicate, unknown") },

	{ "silences", "--all", N_("list: those that are over, too") },
	{ "silences", "--filter EXPR", N_("try, add: which alerts, as they are raised: centinela help filter") },
	{ "silences", "--reason TEXT", N_("add: why; the log keeps it") },
	{ "silences", "--for 7d", N_("add, extend: how long, at most 30d from now") },
	{ "silences", "--from TIME", N_("add: a maintenance window of the calls from then on (a time, or +2h)") },

	{ "contain", "--all", N_("list: those that failed or were undone, too") },
	{ "contain", "--kind KIND", N_("plan, do: international (no calls abroad or to premium numbers), forwarding (no call forwarding), line (no outgoing calls)") },
	{ "contain", "--alert N", N_("do: for this alert; it stands in its timeline") },
	{ "contain", "--yes", N_("do, finish, undo: write it without asking") },
	{ "contain", "--dry-run", N_("do, finish, undo: only say what would be written") },
	{ "contain", "--force", N_("finish, undo: also where somebody changed it since") },

	{ "store", "--from ADDRESS", N_("migrate: the store that is read (else --store)") },
	{ "store", "--to ADDRESS", N_("migrate: the store that is filled; an empty one, or one that an interrupted migrate left") },
	{ "store", "--schema NAME", N_("roles: where in the database the store is (public)") },

	{ "calls", "--filter EXPR", N_("only what fits: centinela help filter") },
	{ "calls", "--limit N", N_("at most so many, newest first (50)") },

	{ "scores", "--filter EXPR", N_("only what fits: centinela help filter") },
	{ "scores", "--limit N", N_("at most so many (50)") },
	{ "locations", "--filter EXPR", N_("only what fits: centinela help filter") },
	{ "people", "--filter EXPR", N_("only what fits: centinela help filter") },
	{ "people", "--limit N", N_("at most so many (1000)") },
	{ "notify", "--all", N_("list: what was sent, too; resend: everything that was given up") },
	{ "notify", "--limit N", N_("at most so many, newest first (200)") },
	{ "audit", "--limit N", N_("list at most so many, newest first (100); the chain is checked from its first line to its last") },
	{ "audit", "--expect END", N_("also that the line is still there that was the end once: the \"end\" of --json, noted elsewhere") },

	{ "rehearse", "--rules FOLDER", N_("these rules instead of those in force") },

	{ "report", "--since 24h", N_("from when: a duration, a day or a time; handover: of the shift (console.shift)") },
	{ "report", "--format text|md|json", N_("plain text (default), Markdown (default of handover), or JSON") },
	{ "report", "--output FILE", N_("handover: into this new file (0600), which must not be there yet") },

	{ "rules", "--since TIME", N_("replay, report, tune: from when, a duration, a day or a time (30d, 90d, 30d before the alert)") },
	{ "rules", "--rules FOLDER", N_("replay: these rules instead of those in force") },
	{ "rules", "--accept N", N_("tune: write that proposal into the folder of your own rules") },
	{ "rules", "--for 30d", N_("tune: the exception that is accepted ends by itself after that") },
	{ "rules", "--any-field", N_("check: rules of any log source, their fields taken as they come; says how many compile") },

	{ "export", "--since TIME", N_("from when: a duration, a day or a time; else everything") },
	{ "export", "--filter EXPR", N_("only what fits: centinela help filter") },
	{ "export", "--format jsonl|csv", N_("a JSON object a line (default), or CSV with a header") },
	{ "export", "--output FILE", N_("case: into this new file (0600), which must not be there yet") },
	{ "export", "--redact", N_("numbers without their middle; no callers' names, authorisation codes or addresses") },

	{ "doctor", "--offline", N_("ask nothing of Webex") },
	{ "doctor", "--full", N_("also what takes a minute (the second kind of records) and live calls") },

	{ "sim", "--listen ADDR:PORT", N_("where to listen; PORT 0 picks one (127.0.0.1:0)") },
	{ "sim", "--port-file FILE", N_("write what is printed at the start there too, when it is ready") },
	{ "sim", "--ca-file FILE", N_("write the certificate authority there (a temporary file)") },
	{ "sim", "--seed N", N_("the same number, the same organisation and days (1)") },
	{ "sim", "--users U", N_("people in the organisation, 20 to 100000 (300)") },
	{ "sim", "--scenario NAME", N_("which incidents happen: a name in data/scenarios, or a path (mixed)") },
	{ "sim", "--base TIME", N_("the clock begins at this time, as 2026-10-05T12:00:00Z (now)") },
	{ "sim", "--real-base MS", N_("… and did so at this real time, in ms since 1970 (now)") },
	{ "sim", "--speed X", N_("the clock runs so many times faster (1)") },
	{ "sim", "--epoch TIME", N_("day 0 of the scenario (the clock's beginning)") },
	{ "sim", "--faults LIST", N_("all, or some of these, separated by commas:") },
	SIM_FAULTS(FAULT_OPTION)
	{ "sim", "--auto-grant", N_("sign-ins are granted without a person") },
	{ "sim", "--other-region", N_("call records live behind a second port; the first answers 451") },
	{ "sim", "--no-rotation", N_("a refresh token stays as it is") },
	{ "sim", "--no-rate-limits", N_("call records may be asked for as often as one likes") },
	{ "sim", "--token-life S", N_("access tokens live so many seconds") },
	{ "sim", "--code-life S", N_("device codes live so many seconds (300)") },
	{ "sim", "--page N", N_("at most N records a page (5000)") },
	{ "sim", "--host NAME[,NAME]", N_("more names in the certificate, for clients that are told to reach those hosts here") },
	{ "sim", "--webhook-ca FILE", N_("authority of https webhook targets (our own)") },
	{ "sim", "--export DIR", N_("days of records instead, as JSON lines and labels (CSV), into this folder") },
	{ "sim", "--days D", N_("export: so many days (14)") },

	{ NULL, NULL, NULL },
};
