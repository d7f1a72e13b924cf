/* SPDX-License-Identifier: Apache-2.0
 *
 * `rules tune`: changes of the rules that would have kept an alert from being
 * raised, each tried on stored history; and one of them accepted. */
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "cli/cli.h"
#include "cli/long_work.h"
#include "cli/print.h"
#include "ui/format.h"
#include "watch/desk.h"
#include "watch/tune.h"

static void print_as_json(const struct tuning *t)
{
	json_t *offers = json_array();
	for (size_t i = 0; i < t->n; i++) {
		const struct tuning_offer *o = &t->offers[i];
		json_t *ended = json_object();
		for (int k = RESOLUTION_TRUE_IMPACT; k < N_RESOLUTIONS; k++)
			json_object_set_new(ended, resolution_name((enum resolution)k), json_integer((json_int_t)o->ended[k]));
		json_array_append_new(offers, json_pack("{s:I, s:s, s:o, s:o, s:o, s:I, s:I, s:I, s:I, s:o}", "number", (json_int_t)i + 1,
		    "kind", o->proposal.kind == TUNING_EXCEPTION ? "exception" : "threshold", "text", json_text(in_language(o->proposal.text_en, o->proposal.text_es)),
		    "file", json_text(o->proposal.name), "yaml", json_text(o->proposal.yaml), "gone", (json_int_t)o->gone, "open", (json_int_t)o->gone_open,
		    "not_in_store", (json_int_t)o->gone_unknown, "new", (json_int_t)o->fresh, "ended", ended));
	}
	print_json(json_pack("{s:I, s:I, s:I, s:I, s:o}", "alert", (json_int_t)t->alert_id, "records", (json_int_t)t->n_legs, "without_record",
	    (json_int_t)t->n_lost, "alerts", (json_int_t)t->before, "proposals", offers));
}

static void print_as_text(const struct tuning *t)
{
	printf(_("Alert %lld, %s\n"), (long long)t->alert_id, in_language(t->rule_en, t->rule_es));
	if (t->n == 0) {
		printf("%s\n", _("Its calls have nothing in common that an exception could name."));
		return;
	}
	printf(_("With the rules as they are: %zu alerts from %lld records. With a change:\n"), t->before, (long long)t->n_legs);
	for (size_t i = 0; i < t->n; i++) {
		const struct tuning_offer *o = &t->offers[i];
		size_t confirmed = tuning_confirmed(o), dismissed = tuning_dismissed(o);
		printf("\n%zu  %s\n", i + 1, in_language(o->proposal.text_en, o->proposal.text_es));
		printf(_("   alerts less: %zu (%zu false or legitimate, %zu true, %zu open, %zu other)"), o->gone, dismissed, confirmed, o->gone_open,
		    o->gone - dismissed - confirmed - o->gone_open);
		printf(confirmed > 0 ? _("  it would have hidden what was real!\n") : "\n");
	}
}

static bool accept_one(struct options *options, const struct tuning *t, int64_t number, int64_t for_ms, struct fault *fault)
{
	struct store *store;
	char who[64];
	if (number < 1 || number > (int64_t)t->n)
		return fault_set(fault, FAULT_USAGE, _("--accept is the number of a proposal, 1 to %zu"), t->n);
	desk_os_user(who, sizeof who);
	const struct tuning_offer *offer = &t->offers[number - 1];
	if (!store_open(options->store, &store, fault))
		return false;
	struct tune_order order = { t->alert_id, who, clock_real_ms(), for_ms };
	bool ok = tune_accept(store, options->own_rules_folder, &order, offer, fault);
	store_close(store);
	if (ok)
		printf(_("\nwritten: %s/%s\n"), options->own_rules_folder, offer->proposal.name);
	return ok;
}

int cli_tune(struct options *options, struct args *args)
{
	struct fault fault = { 0 };
	const char *since = args_value(args, "--since"), *accept = args_value(args, "--accept"), *lasts = args_value(args, "--for"), *word = args_next(args);
	char who[64];
	int64_t number = 0, for_ms = 0;
	desk_os_user(who, sizeof who);
	struct tune_options tune = { .trial = cli_trial_options(options, NULL), .until_ms = clock_now_ms(&options->clock), .who = who,
		.now_ms = clock_real_ms(), .on_progress = long_work_goes_on };
	struct tuning result;
	if (!args_finish(args, &fault) || (since != NULL && !cli_since(since, tune.until_ms, &tune.since_ms, &fault)))
		return cli_fail(&fault);
	if (word == NULL || !text_to_int(word, 1, INT64_MAX, &tune.alert_id))
		return cli_fail((fault_set(&fault, FAULT_USAGE, "%s", _("rules tune needs the number of an alert")), &fault));
	if (accept != NULL && !text_to_int(accept, 1, TUNING_MAX, &number))
		return cli_fail((fault_set(&fault, FAULT_USAGE, _("--accept is the number of a proposal, 1 to %d"), TUNING_MAX), &fault));
	if (lasts != NULL && (!text_to_duration_ms(lasts, &for_ms) || for_ms < DAY_MS || for_ms > 366 * DAY_MS || accept == NULL))
		return cli_fail((fault_set(&fault, FAULT_USAGE, "%s", _("--for belongs to --accept, and is 1d to 366d")), &fault));
	if (accept != NULL && cli_only_looks(options, &fault))
		return cli_fail(&fault);
	tune.trial.goes_on = long_work_is_wanted;
	long_work_begin();
	bool ok = tune_run(&tune, &result, &fault);
	long_work_end();
	if (!ok)
		return cli_fail(&fault);
	if (result.stopped) {
		fault_fill(&fault, FAULT_CANCELLED, "%s", _("interrupted"));
	} else {
		(options->json ? print_as_json : print_as_text)(&result);
		ok = accept == NULL || accept_one(options, &result, number, for_ms, &fault);
	}
	ok = ok && !result.stopped;
	tuning_clear(&result);
	return ok ? EXIT_DONE : cli_fail(&fault);
}
