/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "calls/directory.h"
#include "cli/cli.h"
#include "detect/rules_check.h"

#define SHOWN_COLUMNS 100

/* "path:LINE:COLUMN: sentence": where the place begins, or NULL. */
static const char *place_of(const char *told, int64_t *line, int64_t *column)
{
	for (const char *p = told; (p = strchr(p, ':')) != NULL; p++) {
		char digits[2][12];
		size_t n = strspn(p + 1, "0123456789");
		size_t k = n > 0 && p[1 + n] == ':' ? strspn(p + n + 2, "0123456789") : 0;
		if (k == 0 || n > 9 || k > 9 || p[n + 2 + k] != ':')
			continue;
		snprintf(digits[0], sizeof digits[0], "%.*s", (int)n, p + 1);
		snprintf(digits[1], sizeof digits[1], "%.*s", (int)k, p + n + 2);
		return text_to_int(digits[0], 1, INT32_MAX, line) && text_to_int(digits[1], 1, INT32_MAX, column) ? p : NULL;
	}
	return NULL;
}

/* The line of the file that a complaint is about, and a mark under its column. */
static void show_place(const char *told)
{
	int64_t line, column;
	const char *end = place_of(told, &line, &column);
	char *path = end == NULL ? NULL : mem_strndup(told, (size_t)(end - told)), *text = NULL;
	FILE *file = path == NULL ? NULL : fopen(path, "re");
	size_t room = 0;
	ssize_t n = -1;
	for (int64_t i = 0; file != NULL && i < line; i++) {
		n = getline(&text, &room, file);
		if (n < 0)
			break;
	}
	if (n > 0) {
		/* What is far from the column is left out; a tab is one place, as YAML counts it. */
		size_t at = 0; /* columns are characters */
		for (int64_t k = 1; k < column && at < (size_t)n; k++)
			do
				at++;
			while (at < (size_t)n && (text[at] & 0xC0) == 0x80);
		size_t from = at > SHOWN_COLUMNS / 2 ? at - SHOWN_COLUMNS / 2 : 0;
		while (from > 0 && (text[from] & 0xC0) == 0x80)
			from--;
		for (size_t i = 0; i < (size_t)n; i++)
			text[i] = text[i] == '\t' ? ' ' : text[i];
		while (n > 0 && (text[n - 1] == '\n' || text[n - 1] == '\r'))
			n--;
		char shown[SHOWN_COLUMNS * 4], before[SHOWN_COLUMNS * 4];
		text_printable(shown, sizeof shown, text + from, MIN((size_t)n - MIN(from, (size_t)n), (size_t)SHOWN_COLUMNS));
		text_printable(before, sizeof before, text + from, MIN(at, (size_t)n) - MIN(from, (size_t)n));
		fprintf(stderr, "    %s\n    %*s^\n", shown, text_width(before), "");
	}
	free(text);
	if (file != NULL)
		fclose(file);
	free(path);
}

static void on_line(void *arg, enum rules_report kind, const char *line)
{
	UNUSED(arg);
	fprintf(kind == RULES_FINE ? stdout : stderr, "%s\n", line);
	if (kind == RULES_BROKEN)
		show_place(line);
}

static bool run_tests(struct options *options, const struct judge_options *rules, struct fault *fault)
{
	struct numbering *numbering;
	if (!numbering_open(options->data_folder, &numbering, fault))
		return false;
	if (!numbering_read_tariff(numbering, options->tariff_file, fault)) {
		numbering_free(numbering);
		return false;
	}
	struct directory *directory = directory_new();
	bool ok = directory_read_holidays(directory, options->data_folder, fault);
	if (ok) {
		struct fact_world world = { numbering, directory };
		ok = rules_test(rules, &world, on_line, NULL) ||
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
	if (!any_field && verb != NULL && strcmp(verb, "replay") == 0)
		return cli_replay(options, args);
	if (!any_field && verb != NULL && strcmp(verb, "report") == 0)
		return cli_rule_report(options, args);
	if (!any_field && verb != NULL && strcmp(verb, "tune") == 0)
		return cli_tune(options, args);
	if (any_field)
		return cli_fail((fault_set(&fault, FAULT_USAGE, "%s", _("--any-field belongs to rules check")), &fault));
	struct judge_options rules = cli_judge_options(options);
	const char *folder = args_next(args);
	if (!args_finish(args, &fault))
		return cli_fail(&fault);
	if (folder != NULL) {
		rules.rules_folder = folder;
		rules.own_folder = NULL;
	}
	if (verb == NULL || strcmp(verb, "check") == 0)
		ok = rules_check(&rules, on_line, NULL) || fault_set(&fault, FAULT_INPUT, "%s", _("some rules are broken"));
	else if (strcmp(verb, "test") == 0)
		ok = run_tests(options, &rules, &fault);
	else
		ok = fault_set(&fault, FAULT_USAGE, "%s", _("rules knows check, test, replay, report and tune"));
	return ok ? EXIT_DONE : cli_fail(&fault);
}
