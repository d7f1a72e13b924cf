/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "cli/cli.h"

const struct command cli_commands[] = {
	{ "import", "FILE…", N_("take in CDRs: JSON lines, API pages, Control Hub CSV; .gz .zst .zip and - too"), cli_import },
	{ "alerts", "[list|show|claim|ack|assign|release|note|snooze|wake|escalate|close|reopen] …", N_("everything the queue does"), cli_alerts },
	{ "calls", "[list|show ID] [--filter EXPR] [--limit N]", N_("calls, and the legs of one"), cli_calls },
	{ "scores", "[--limit N]", N_("who is odd, the highest score first"), cli_scores },
	{ "locations", "", N_("sites with their traffic and open alerts"), cli_locations },
	{ "people", "[--limit N]", N_("people as Webex last told"), cli_people },
	{ "audit", "[--limit N]", N_("who did what, and whether the chain holds"), cli_audit },
	{ NULL, NULL, NULL, NULL },
};

int cli_fail(const struct fault *fault)
{
	char shown[sizeof fault->text];
	text_printable(shown, sizeof shown, fault->text, strlen(fault->text));
	fprintf(stderr, "centinela: %s\n", shown);
	return fault->code == FAULT_USAGE ? EXIT_USAGE : EXIT_FAILED;
}

struct guard_config cli_guard_config(const struct options *options)
{
	return (struct guard_config){ .store = options->store, .data_folder = options->data_folder,
		.rules_folder = options->rules_folder, .keep_raw = options->keep_raw > 0 };
}
