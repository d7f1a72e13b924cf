/* SPDX-License-Identifier: Apache-2.0
 *
 * `rules replay`: what rules would have raised on what the store holds. */
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "cli/cli.h"
#include "cli/long_work.h"
#include "cli/print.h"
#include "watch/replay.h"

static void print_as_json(const struct replay_result *r)
{
	json_t *rules = json_array();
	for (size_t i = 0; i < r->n_rules; i++) {
		const struct replay_rule *rule = &r->rules[i];
		json_t *ended = json_object();
		for (int k = RESOLUTION_TRUE_IMPACT; k < N_RESOLUTIONS; k++)
			json_object_set_new(ended, resolution_name((enum resolution)k), json_integer((json_int_t)rule->ended[k]));
		json_array_append_new(rules, json_pack("{s:o, s:o, s:I, s:I, s:I, s:I, s:I, s:o}", "rule", json_text(rule->id),
		    "title", json_text(rule->title_en != NULL ? rule->title_en : ""), "raised", (json_int_t)rule->raised,
		    "as_before", (json_int_t)rule->as_before, "new", (json_int_t)rule->fresh, "gone", (json_int_t)rule->gone,
		    "open", (json_int_t)rule->open, "ended", ended));
	}
	print_json(json_pack("{s:I, s:I, s:o}", "records", (json_int_t)r->n_legs, "without_record", (json_int_t)r->n_lost, "rules", rules));
}

static void print_as_text(const struct replay_result *r)
{
	bool es = strcmp(i18n_language(), "es") == 0;
	size_t silent = 0;
	printf(_("%lld records judged"), (long long)r->n_legs);
	if (r->n_lost > 0)
		printf(_(", %lld left out: their raw record is not kept any more"), (long long)r->n_lost);
	printf("\n\n%-36s %8s %8s %8s %8s   %s\n", _("rule"), _("raises"), _("before"), _("new ones"), _("gone"), _("how those of before ended"));
	for (size_t i = 0; i < r->n_rules; i++) {
		const struct replay_rule *rule = &r->rules[i];
		if (rule->raised == 0 && rule->gone == 0) {
			silent++;
			continue;
		}
		const char *name = rule->title_en == NULL ? rule->id : es ? rule->title_es : rule->title_en;
		printf("%s %8zu %8zu %8zu %8zu  ", CELL(name, 36), rule->raised, rule->as_before, rule->fresh, rule->gone);
		size_t good = rule->ended[RESOLUTION_TRUE_IMPACT] + rule->ended[RESOLUTION_TRUE_NO_IMPACT];
		size_t bad = rule->ended[RESOLUTION_FALSE_POSITIVE] + rule->ended[RESOLUTION_LEGITIMATE];
		if (rule->as_before > 0)
			printf(_(" %zu open, %zu true, %zu false or legitimate, %zu other"), rule->open, good, bad,
			    rule->as_before - rule->open - good - bad);
		putchar('\n');
	}
	if (silent > 0)
		printf(ngettext("\n%zu rule raises nothing\n", "\n%zu rules raise nothing\n", silent), silent);
}

int cli_replay(struct options *options, struct args *args)
{
	struct fault fault = { 0 };
	const char *since = args_value(args, "--since"), *folder = args_value(args, "--rules");
	int64_t now_ms = clock_now_ms(&options->clock);
	struct replay_options replay = { .trial = cli_trial_options(options, folder), .until_ms = now_ms, .on_progress = long_work_goes_on };
	struct replay_result result;
	if (!cli_since(since != NULL ? since : "30d", now_ms, &replay.since_ms, &fault) || !args_finish(args, &fault))
		return cli_fail(&fault);
	replay.trial.goes_on = long_work_is_wanted;
	long_work_begin();
	bool ok = replay_run(&replay, &result, &fault);
	long_work_end();
	if (!ok)
		return cli_fail(&fault);
	for (char *rest = NULL, *line = strtok_r(result.complaints, "\n", &rest); line != NULL; line = strtok_r(NULL, "\n", &rest))
		fprintf(stderr, "%s\n", CELL(line, 200));
	if (result.stopped)
		fault_set(&fault, FAULT_CANCELLED, "%s", _("stopped before the end: nothing was compared"));
	else if (options->json)
		print_as_json(&result);
	else
		print_as_text(&result);
	replay_result_clear(&result);
	return fault.code == FAULT_NONE ? EXIT_DONE : cli_fail(&fault);
}
