/* SPDX-License-Identifier: Apache-2.0
 *
 * An alert that a person raises from the command line. */
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "cli/cli.h"
#include "cli/print.h"
#include "store/manual_rows.h"
#include "store/migrate.h"
#include "watch/desk.h"

bool cli_new_alert(struct options *options, struct args *args, struct fault *fault)
{
	char user[64];
	desk_os_user(user, sizeof user);
	const char *severity = args_value(args, "--severity");
	struct manual_alert alert = { .title = args_value(args, "--title"), .subject = args_value(args, "--subject"),
		.location = args_value(args, "--site"), .note = args_value(args, "--note"), .severity = SEVERITY_MEDIUM, .who = user,
		.event_ms = clock_now_ms(&options->clock), .now_ms = clock_real_ms() };
	if (severity != NULL && !severity_named(severity, &alert.severity))
		return fault_set(fault, FAULT_USAGE, _("--severity is one of low, medium, high, critical"));
	if (!args_finish(args, fault) || cli_only_looks(options, fault))
		return false;
	struct store *store;
	struct manual_raised raised;
	if (!store_open(options->store, &store, fault))
		return false;
	struct arena arena;
	arena_init(&arena);
	bool ok = store_raise_manual(store, &alert, &raised, &arena, NULL, fault);
	arena_clear(&arena);
	store_close(store);
	if (!ok)
		return false;
	if (options->json)
		print_json(json_pack("{s:I, s:b, s:s}", "id", (json_int_t)raised.id, "grew", raised.grew, "assignee", raised.assignee));
	else if (raised.grew)
		printf(_("#%lld is open already, and has it as a note (%s)\n"), (long long)raised.id, raised.assignee);
	else
		printf(_("#%lld raised\n"), (long long)raised.id);
	return true;
}
