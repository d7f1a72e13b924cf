/* SPDX-License-Identifier: Apache-2.0
 *
 * Acts on alerts from the command line: on these, or on all that a filter lets
 * through. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "cli/cli.h"
#include "cli/print.h"
#include "store/alert_rows.h"
#include "store/migrate.h"
#include "store/query.h"
#include "watch/desk.h"

#define IDS_MAX 1000 /* named one by one */

/* Which alerts; of a filter they are asked for first. */
struct targets {
	int64_t *ids;
	size_t n;
	char *filter; /* NULL none */
	bool dry, closed_too;
};

static bool fill_order(struct triage_order *order, struct args *args, struct fault *fault)
{
	const char *resolution = args_value(args, "--resolution"), *until = args_value(args, "--for");
	int64_t ms = 4 * HOUR_MS;
	const char *reason = args_value(args, "--reason"); /* as silences calls it */
	order->note = args_value(args, "--note");
	if (order->note != NULL && reason != NULL)
		return fault_set(fault, FAULT_USAGE, "%s", _("--reason is --note by another name: give one of them"));
	order->note = order->note != NULL ? order->note : reason;
	order->assignee = args_value(args, "--to");
	bool names_other = order->act == TRIAGE_LINK || order->act == TRIAGE_MERGE;
	if (names_other && (order->assignee == NULL || !text_to_int(order->assignee + (*order->assignee == '#'), 1, INT64_MAX, &order->other_id)))
		return fault_set(fault, FAULT_USAGE, _("alerts %s needs --to with the number of the other alert"), triage_act_name(order->act));
	order->now_ms = clock_real_ms();
	if (resolution != NULL && !resolution_named(resolution, &order->resolution))
		return fault_set(fault, FAULT_USAGE, _("--resolution is one of true_positive_impact, true_positive_no_impact, false_positive, legitimate, duplicate, unknown"));
	if (until != NULL && !text_to_duration_ms(until, &ms))
		return fault_set(fault, FAULT_USAGE, _("--for is a duration such as 4h or 1d"));
	order->until_ms = order->now_ms + ms;
	return true;
}

/* Of `tag`: "+fraude" and "-prueba" stand among the numbers. */
static void take_tags(struct args *args, struct text *tags)
{
	for (int i = 0; i < args->n; i++) {
		const char *word = args->words[i];
		bool is_change = word[0] == '+' || (word[0] == '-' && word[1] != '-' && word[1] != '\0');
		if (args->taken[i] || !is_change)
			continue;
		args->taken[i] = true;
		text_printf(tags, "%s%s", tags->n > 0 ? " " : "", word);
	}
}

static bool bad_tag(const char *word, struct fault *fault)
{
	char shown[60];
	text_printable(shown, sizeof shown, word, strlen(word));
	return fault_set(fault, FAULT_USAGE, _("\"%s\" is neither the number of an alert nor +TAG or -TAG, a word without blanks"), shown);
}

static bool read_targets(struct targets *t, struct options *options, enum triage_act what, struct args *args, struct fault *fault)
{
	const char *given = args_value(args, "--filter");
	t->dry = args_flag(args, "--dry-run");
	t->closed_too = args_flag(args, "--all") || what == TRIAGE_REOPEN;
	t->ids = mem_alloc(IDS_MAX * sizeof *t->ids);
	for (const char *text; (text = args_next(args)) != NULL; t->n++) {
		if (t->n == IDS_MAX || !text_to_int(text + (*text == '#'), 1, INT64_MAX, &t->ids[t->n]))
			return what == TRIAGE_TAG && t->n < IDS_MAX ? bad_tag(text, fault) : fault_set(fault, FAULT_USAGE, _("alerts %s needs numbers of alerts, at most 1000"), triage_act_name(what));
	}
	if (t->n > 0 && given != NULL)
		return fault_set(fault, FAULT_USAGE, _("alerts %s takes numbers of alerts or --filter, not both"), triage_act_name(what));
	if (given != NULL)
		return (t->filter = cli_filter(options, FILTER_ALERTS, given, fault)) != NULL;
	return t->n > 0 || fault_set(fault, FAULT_USAGE, _("alerts %s needs the number of an alert, or --filter"), triage_act_name(what));
}

static void print_survey(const struct options *options, const struct alert_survey *survey)
{
	json_t *severity = json_object(), *state = json_object();
	for (int i = 0; i < 4; i++) {
		json_object_set_new(severity, severity_name((enum severity)i), json_integer(survey->n_by_severity[i]));
		json_object_set_new(state, alert_state_name((enum alert_state)i), json_integer(survey->n_by_state[i]));
	}
	if (options->json) {
		print_json(json_pack("{s:I, s:b, s:o, s:o, s:I}", "alerts", (json_int_t)survey->n, "cut", survey->cut, "severity", severity,
		    "state", state, "others", (json_int_t)survey->n_others));
		return;
	}
	printf(ngettext("it would be of %zu alert\n", "it would be of %zu alerts\n", survey->n), survey->n);
	const char *key;
	json_t *value;
	json_object_foreach(severity, key, value)
		if (json_integer_value(value) > 0)
			printf("  %-12s %lld\n", key, (long long)json_integer_value(value));
	json_object_foreach(state, key, value)
		if (json_integer_value(value) > 0)
			printf("  %-12s %lld\n", key, (long long)json_integer_value(value));
	for (size_t i = 0; i < survey->n_people; i++)
		printf("  %-12s %lld\n", survey->others[i].who, (long long)survey->others[i].n);
	json_decref(severity);
	json_decref(state);
}

/* What the targets are; with --dry-run that is all. */
static bool survey(struct options *options, struct targets *t, struct db *db, const char *user, struct arena *arena, struct fault *fault)
{
	struct alert_survey found;
	struct alert_query query = { .filter = t->filter, .closed_too = t->closed_too, .without_gone = true, .now_ms = clock_now_ms(&options->clock) };
	if (t->filter == NULL && !t->dry)
		return true;
	if (!(t->filter != NULL ? query_survey_matching(db, &query, user, arena, &found, fault) :
				  query_survey_of(db, t->ids, t->n, user, arena, &found, fault)))
		return false;
	if (found.cut && !t->dry)
		return fault_set(fault, FAULT_USAGE, _("more than %d alerts pass this filter: make it narrower"), SURVEY_MAX);
	if (t->filter != NULL) {
		free(t->ids);
		t->ids = mem_dup(found.ids, (found.n + 1) * sizeof *found.ids);
		t->n = found.n;
	}
	if (t->dry)
		print_survey(options, &found);
	return true;
}

static void print_result(const struct options *options, const struct triage_result *result)
{
	char why[400];
	if (!options->json) {
		triage_result_say(result, why, sizeof why);
		printf(ngettext("%zu done", "%zu done", result->n_done), result->n_done);
		printf(", ");
		printf(ngettext("%zu refused", "%zu refused", result->n_failed), result->n_failed);
		printf(*why != '\0' ? ": %s\n" : "%s\n", why);
		return;
	}
	json_t *refused = json_array();
	for (size_t i = 0; i < result->n_refusals; i++)
		json_array_append_new(refused, json_pack("{s:o, s:I}", "why", json_text(result->refusals[i].why), "n", (json_int_t)result->refusals[i].n));
	print_json(json_pack("{s:I, s:I, s:o}", "done", (json_int_t)result->n_done, "failed", (json_int_t)result->n_failed, "refused", refused));
}

static bool on_store(struct options *options, struct targets *t, struct triage_order *order, struct fault *fault)
{
	struct store *store;
	struct arena arena;
	struct triage_result result;
	if (!store_open(options->store, &store, fault))
		return false;
	arena_init(&arena);
	bool ok = survey(options, t, &store->db, order->who, &arena, fault);
	bool acts = ok && !t->dry;
	ok = ok && (!acts || store_triage(store, t->ids, t->n, order, &arena, NULL, &result, fault));
	arena_clear(&arena);
	store_close(store);
	if (!ok || !acts)
		return ok;
	if (options->json || t->n > 1 || t->filter != NULL || result.n_failed == 0) /* of one the sentence says it all */
		print_result(options, &result);
	if (result.n_failed > 0)
		*fault = result.first;
	return result.n_failed == 0;
}

bool cli_triage(struct options *options, enum triage_act what, struct args *args, struct fault *fault)
{
	struct triage_order order = { .act = what };
	struct targets targets = { 0 };
	struct text tags = { 0 };
	char user[64];
	desk_os_user(user, sizeof user);
	order.who = user;
	if (what == TRIAGE_TAG)
		take_tags(args, &tags);
	order.tags = text_string(&tags);
	bool ok = fill_order(&order, args, fault) && read_targets(&targets, options, what, args, fault) && args_finish(args, fault) &&
	    !cli_only_looks(options, fault) && on_store(options, &targets, &order, fault);
	free(targets.ids);
	free(targets.filter);
	text_clear(&tags);
	return ok;
}
