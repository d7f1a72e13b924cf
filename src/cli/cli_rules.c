/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "calls/directory.h"
#include "cli/cli.h"
#include "detect/rules_check.h"

static void on_line(void *arg, enum rules_report kind, const char *line)
{
	UNUSED(arg);
	fprintf(kind == RULES_FINE ? stdout : stderr, "%s\n", line);
}

static bool run_tests(struct options *options, const char *folder, struct fault *fault)
{
	struct numbering *numbering;
	if (!numbering_open(options->data_folder, &numbering, fault))
		return false;
	struct directory *directory = directory_new();
	bool ok = directory_read_holidays(directory, options->data_folder, fault);
	if (ok) {
		struct fact_world world = { numbering, directory };
		ok = rules_test(folder, &world, on_line, NULL) ||
		    fault_set(fault, FAULT_INPUT, "%s", _("some rule tests failed"));
	}
	directory_free(directory);
	numbering_free(numbering);
	return ok;
}

int cli_rules(struct options *options, struct args *args)
{
	struct fault fault = { 0 };
	const char *verb = args_next(args), *folder = args_next(args);
	bool ok;
	if (!args_finish(args, &fault))
		return cli_fail(&fault);
	if (folder == NULL)
		folder = options->rules_folder;
	if (verb == NULL || strcmp(verb, "check") == 0)
		ok = rules_check(folder, on_line, NULL) || fault_set(&fault, FAULT_INPUT, "%s", _("some rules are broken"));
	else if (strcmp(verb, "test") == 0)
		ok = run_tests(options, folder, &fault);
	else
		ok = fault_set(&fault, FAULT_USAGE, "%s", _("rules knows check and test"));
	return ok ? EXIT_DONE : cli_fail(&fault);
}
