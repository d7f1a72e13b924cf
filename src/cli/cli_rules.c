/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
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
		ok = rules_test(folder, options->lists_file, &world, on_line, NULL) ||
		    fault_set(fault, FAULT_INPUT, "%s", _("some rule tests failed"));
	}
	directory_free(directory);
	numbering_free(numbering);
	return ok;
}

/* As many files and folders as there are words; the shell may name thousands. */
static int check_any(struct args *args)
{
	struct fault fault = { 0 };
	const char **paths = NULL, *path;
	size_t n = 0, capacity = 0;
	while ((path = args_next(args)) != NULL) {
		paths = mem_grow(paths, n, &capacity, sizeof *paths);
		paths[n++] = path;
	}
	bool ok = args_finish(args, &fault) && (n > 0 || fault_set(&fault, FAULT_USAGE, "%s", _("rules check --any-field needs files or folders")));
	int code = !ok ? cli_fail(&fault) : rules_check_any(paths, n, on_line, NULL) ? EXIT_DONE : EXIT_FAILED;
	free(paths);
	return code;
}

int cli_rules(struct options *options, struct args *args)
{
	struct fault fault = { 0 };
	bool any_field = args_flag(args, "--any-field"), ok;
	const char *verb = args_next(args);
	if (any_field && verb != NULL && strcmp(verb, "check") == 0)
		return check_any(args);
	if (any_field)
		return cli_fail((fault_set(&fault, FAULT_USAGE, "%s", _("--any-field belongs to rules check")), &fault));
	const char *folder = args_next(args);
	if (!args_finish(args, &fault))
		return cli_fail(&fault);
	if (folder == NULL)
		folder = options->rules_folder;
	if (verb == NULL || strcmp(verb, "check") == 0)
		ok = rules_check(folder, options->lists_file, on_line, NULL) || fault_set(&fault, FAULT_INPUT, "%s", _("some rules are broken"));
	else if (strcmp(verb, "test") == 0)
		ok = run_tests(options, folder, &fault);
	else
		ok = fault_set(&fault, FAULT_USAGE, "%s", _("rules knows check and test"));
	return ok ? EXIT_DONE : cli_fail(&fault);
}
