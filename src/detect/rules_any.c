/* SPDX-License-Identifier: Apache-2.0
 *
 * `rules check --any-field`: does this engine understand rules that were
 * written for other records? */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "detect/rule_folder.h"
#include "detect/rules_check.h"

#define MAX_FOLDERS 16 /* within each other */

struct survey {
	rules_report_fn report;
	void *arg;
	struct sigma_file **files;
	size_t n, capacity, refused;
};

static void refuse(struct survey *s, const struct fault *fault)
{
	char line[sizeof fault->text]; /* a path may hold anything */
	text_printable(line, sizeof line, fault->text, strlen(fault->text));
	s->refused++;
	if (s->report != NULL)
		s->report(s->arg, RULES_BROKEN, line);
}

static void take_file(struct survey *s, const char *path)
{
	static const struct sigma_options any = { .any_field = true };
	struct fault fault = { 0 };
	struct sigma_file *file = NULL;
	char *bytes = NULL;
	size_t n = 0;
	bool ok = rule_file_bytes(path, &bytes, &n, &fault) && sigma_parse(path, bytes, n, &any, &file, &fault);
	free(bytes);
	if (!ok) {
		refuse(s, &fault);
		return;
	}
	s->files = mem_grow(s->files, s->n, &s->capacity, sizeof(void *));
	s->files[s->n++] = file;
}

static void take(struct survey *s, const char *path, int depth)
{
	struct stat st;
	struct fault fault = { 0 };
	if (stat(path, &st) != 0 || depth == MAX_FOLDERS) {
		fault_set(&fault, FAULT_SYSTEM, "%s: %s", path, depth == MAX_FOLDERS ? "folders nested too deeply" : strerror(errno));
		refuse(s, &fault);
		return;
	}
	if (!S_ISDIR(st.st_mode)) {
		take_file(s, path);
		return;
	}
	struct dirent **entries;
	int n = scandir(path, &entries, NULL, alphasort);
	for (int i = 0; i < n; i++) {
		char *below = mem_printf("%s/%s", path, entries[i]->d_name);
		/* Links are followed to files, not to folders: those may lead in circles. */
		bool folder = lstat(below, &st) == 0 && S_ISDIR(st.st_mode);
		bool file = !folder && stat(below, &st) == 0 && S_ISREG(st.st_mode);
		if (entries[i]->d_name[0] != '.' && (folder || (file && is_rule_file(entries[i]->d_name))))
			take(s, below, depth + 1);
		free(below);
		free(entries[i]);
	}
	if (n < 0) {
		fault_set(&fault, FAULT_SYSTEM, "%s: %s", path, strerror(errno));
		refuse(s, &fault);
		return;
	}
	free(entries);
}

bool rules_check_any(const char *const *paths, size_t n, rules_report_fn report, void *arg)
{
	struct survey s = { .report = report, .arg = arg };
	struct ruleset *rules = NULL;
	struct fault fault;
	char line[80];
	size_t blame, n_rules = 0;
	for (size_t i = 0; i < n; i++)
		take(&s, paths[i], 0);
	/* What does not fit together: without the file at fault, as long as there is one. */
	while (s.n > 0 && !ruleset_link(s.files, s.n, &rules, &blame, &fault)) {
		refuse(&s, &fault);
		sigma_file_free(s.files[blame]);
		memmove(s.files + blame, s.files + blame + 1, (--s.n - blame) * sizeof *s.files);
	}
	for (size_t i = 0; i < s.n; i++)
		n_rules += s.files[i]->n_rules + s.files[i]->n_filters;
	snprintf(line, sizeof line, "%zu ok, %zu refused", n_rules, s.refused);
	if (report != NULL)
		report(arg, RULES_FINE, line);
	ruleset_free(rules);
	for (size_t i = 0; i < s.n; i++)
		sigma_file_free(s.files[i]);
	free(s.files);
	return s.refused == 0;
}
