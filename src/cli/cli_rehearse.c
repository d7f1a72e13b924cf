/* SPDX-License-Identifier: Apache-2.0
 *
 * `rehearse`: an attack of the simulator played by people of the store. Which
 * rule speaks, after how many minutes and for how much money? */
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "base/iso_time.h"
#include "base/json.h"
#include "cli/cli.h"
#include "cli/print.h"
#include "sim/stage.h"

static double money(int64_t micro)
{
	int64_t cents = (micro + 5000) / 10000;
	return (double)cents / 100;
}

static void print_as_json(const struct rehearsal *r, const char *scenario)
{
	char day[ISO_TIME_BYTES];
	json_t *incidents = json_array();
	for (size_t i = 0; i < r->n; i++) {
		const struct rehearsal_incident *s = &r->incidents[i];
		json_t *spoken = json_array();
		for (size_t k = 0; k < s->n_spoken; k++)
			json_array_append_new(spoken, json_pack("{s:o, s:o, s:f, s:I, s:f}", "rule", json_text(s->spoken[k].rule), "title",
			    json_text(s->spoken[k].title_en), "after_min", print_minutes(s->spoken[k].after_ms), "records",
			    (json_int_t)s->spoken[k].n_records, "cost_usd", money(s->spoken[k].cost_micro)));
		json_array_append_new(incidents, json_pack("{s:o, s:I, s:f, s:o}", "kind", json_text(s->kind), "records",
		    (json_int_t)s->n_records, "cost_usd", money(s->cost_micro), "rules", spoken));
	}
	print_json(json_pack("{s:o, s:s, s:o}", "scenario", json_text(scenario), "from", iso_time_format(r->epoch_ms, day), "incidents", incidents));
}

/* Minutes while they say something: "12.5 min", then "5 h", "2 d". */
static const char *after(int64_t ms, char out[static SHORT_BYTES])
{
	if (ms < 2 * HOUR_MS)
		snprintf(out, SHORT_BYTES, "%.1f min", print_minutes(ms));
	else if (ms < 2 * DAY_MS)
		snprintf(out, SHORT_BYTES, "%.1f h", (double)ms / HOUR_MS);
	else
		snprintf(out, SHORT_BYTES, "%.1f d", (double)ms / DAY_MS);
	return in_decimals(out);
}

static void print_as_text(const struct rehearsal *r, const char *scenario)
{
	bool es = strcmp(i18n_language(), "es") == 0;
	char day[ISO_TIME_BYTES], name[200], age[SHORT_BYTES], cost[SHORT_BYTES];
	text_printable(name, sizeof name, scenario, strlen(scenario));
	printf(_("%s, from %.10s on, played by people of the store\n"), name, iso_time_format(r->epoch_ms, day));
	for (size_t i = 0; i < r->n; i++) {
		const struct rehearsal_incident *s = &r->incidents[i];
		printf(_("\n%s: %zu records, %s USD in all (estimated)\n"), s->kind, s->n_records, print_money(s->cost_micro, cost));
		for (size_t k = 0; k < s->n_spoken; k++)
			printf(_("  %11s, %4zu records, %9s USD  %s\n"), after(s->spoken[k].after_ms, age), s->spoken[k].n_records,
			    print_money(s->spoken[k].cost_micro, cost), es && *s->spoken[k].title_es ? s->spoken[k].title_es : s->spoken[k].title_en);
		if (s->n_spoken == 0)
			puts(rehearsal_is_benign(s) ? _("  no rule speaks, and none should") : _("  no rule speaks!"));
	}
}

int cli_rehearse(struct options *options, struct args *args)
{
	struct fault fault = { 0 };
	struct rehearsal rehearsal;
	const char *folder = args_value(args, "--rules"), *scenario = args_next(args);
	if (!args_finish(args, &fault))
		return cli_fail(&fault);
	if (scenario == NULL)
		return cli_fail((fault_set(&fault, FAULT_USAGE, "%s", _("rehearse needs a scenario: a name in data/scenarios, or a path")), &fault));
	struct rehearse_options rehearse = { .trial = cli_trial_options(options, folder), .scenario = scenario, .stage = sim_stage };
	if (!rehearse_run(&rehearse, &rehearsal, &fault))
		return cli_fail(&fault);
	(options->json ? print_as_json : print_as_text)(&rehearsal, scenario);
	rehearsal_clear(&rehearsal);
	return EXIT_DONE;
}
