/* SPDX-License-Identifier: Apache-2.0
 *
 * export case: one case with its timeline, for a ticket or another program. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "cli/cli.h"
#include "net/file.h"
#include "store/migrate.h"
#include "ui/case_paper.h"
#include "ui/step_words.h"

bool cli_put_paper(const char *path, const struct text *paper, struct fault *fault)
{
	if (path != NULL)
		return file_write_new(path, text_string(paper), paper->n, fault);
	bool ok = fwrite(text_string(paper), 1, paper->n, stdout) == paper->n && fflush(stdout) == 0;
	return ok || fault_set(fault, FAULT_SYSTEM, _("cannot write: %s"), strerror(errno));
}

int cli_export_case(struct options *options, struct args *args, const char *path)
{
	struct fault fault = { 0 };
	bool masked = args_flag(args, "--redact") || options->mask_numbers;
	const char *text = args_next(args);
	int64_t id;
	struct db db;
	if (!args_finish(args, &fault))
		return cli_fail(&fault);
	if (text == NULL || !text_to_int(text + (*text == '#'), 1, INT64_MAX, &id)) {
		fault_set(&fault, FAULT_USAGE, "%s", _("export case needs the number of a case, or of an alert of it"));
		return cli_fail(&fault);
	}
	if (!store_open_read(options->store, &db, &fault))
		return cli_fail(&fault);
	struct arena arena;
	struct case_story story;
	struct location_list sites;
	struct zones zones = { 0 };
	struct text paper = { 0 };
	arena_init(&arena);
	bool ok = query_case(&db, CASE_NUMBERED, id, &arena, &story, &fault) && query_locations(&db, story.last_ms, &arena, &sites, &fault);
	if (ok) {
		zones_learn(&zones, &sites);
		bool as_json = options->json || (path != NULL && text_ends_with(path, ".json")); /* as the console's export does */
		if (!as_json)
			cli_step_words(options);
		if (as_json)
			case_json(&story, masked, &paper);
		else
			case_markdown(&story, &zones, masked, &paper);
		ok = cli_put_paper(path, &paper, &fault);
		if (ok && story.id == id && story.first_is_in != 0) /* that one may be meant */
			fprintf(stderr, _("This is case #%lld. Alert #%lld itself is in case #%lld now.\n"), (long long)id, (long long)id, (long long)story.first_is_in);
	}
	step_words_clear();
	zones_clear(&zones);
	text_clear(&paper);
	arena_clear(&arena);
	db_close(&db);
	return ok ? EXIT_DONE : cli_fail(&fault);
}
