/* SPDX-License-Identifier: Apache-2.0
 *
 * `rules report`: is a rule worth its alerts? */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "cli/cli.h"
#include "cli/print.h"
#include "detect/judge.h"
#include "detect/sigma/rule.h"
#include "store/migrate.h"
#include "store/query.h"

static int64_t true_ones(const struct rule_card *card)
{
	return card->ended[RESOLUTION_TRUE_IMPACT] + card->ended[RESOLUTION_TRUE_NO_IMPACT];
}

static int64_t false_ones(const struct rule_card *card)
{
	return card->ended[RESOLUTION_FALSE_POSITIVE] + card->ended[RESOLUTION_LEGITIMATE];
}

static const struct rule_card *card_of(const struct rule_cards *cards, const char *rule)
{
	for (size_t i = 0; i < cards->n; i++) {
		if (strcmp(cards->items[i].rule, rule) == 0)
			return &cards->items[i];
	}
	return NULL;
}

static int by_raised(const void *a, const void *b)
{
	const struct rule_card *x = a, *y = b;
	if (x->raised != y->raised)
		return x->raised < y->raised ? 1 : -1;
	return strcmp(x->rule, y->rule);
}

static void print_as_json(const struct judge *judge, const struct rule_cards *cards)
{
	json_t *rules = json_array(), *silent = json_array();
	for (size_t i = 0; i < cards->n; i++) {
		const struct rule_card *c = &cards->items[i];
		int64_t judged = true_ones(c) + false_ones(c);
		json_t *ended = json_object();
		for (int k = RESOLUTION_TRUE_IMPACT; k < N_RESOLUTIONS; k++)
			json_object_set_new(ended, resolution_name((enum resolution)k), json_integer(c->ended[k]));
		json_array_append_new(rules, json_pack("{s:o, s:o, s:b, s:I, s:I, s:o, s:o, s:f, s:o}", "rule", json_text(c->rule),
		    "title", json_text(c->title_en), "in_force", judge_rule(judge, c->rule) != NULL, "raised", (json_int_t)c->raised,
		    "open", (json_int_t)c->open, "ended", ended,
		    "precision", judged > 0 ? json_real((double)true_ones(c) / (double)judged) : json_null(),
		    "median_delay_min", print_minutes(c->delay_ms),
		    "median_work_min", c->work_ms >= 0 ? json_real(print_minutes(c->work_ms)) : json_null()));
	}
	for (size_t i = 0; i < judge_n_rules(judge); i++) {
		const struct sigma_rule *rule = judge_rule_at(judge, i);
		if (judge_rule_reports(judge, i) && card_of(cards, rule->id) == NULL)
			json_array_append_new(silent, json_pack("{s:o, s:o}", "rule", json_text(rule->id), "title", json_text(rule->title)));
	}
	print_json(json_pack("{s:o, s:o}", "rules", rules, "never_raised", silent));
}

static void print_as_text(const struct judge *judge, const struct rule_cards *cards)
{
	bool es = strcmp(i18n_language(), "es") == 0;
	bool any = false;
	printf("%-36s %8s %8s %7s %6s %6s %9s %9s\n", _("rule"), _("raises"), _("unclosed"), _("true"), _("false"), _("prec."),
	    _("speaks in"), _("work"));
	for (size_t i = 0; i < cards->n; i++) {
		const struct rule_card *c = &cards->items[i];
		int64_t judged = true_ones(c) + false_ones(c);
		char precision[16] = "-", work[24] = "-";
		if (judged > 0)
			snprintf(precision, sizeof precision, "%.0f %%", 100.0 * (double)true_ones(c) / (double)judged);
		if (c->work_ms >= 0)
			snprintf(work, sizeof work, "%lld min", (long long)((c->work_ms + MINUTE_MS / 2) / MINUTE_MS));
		printf("%s %8lld %8lld %7lld %6lld %6s %5lld min %9s\n", CELL(es ? c->title_es : c->title_en, 36), (long long)c->raised,
		    (long long)c->open, (long long)true_ones(c), (long long)false_ones(c), precision,
		    (long long)((c->delay_ms + MINUTE_MS / 2) / MINUTE_MS), work);
	}
	for (size_t i = 0; i < judge_n_rules(judge); i++) {
		const struct sigma_rule *rule = judge_rule_at(judge, i);
		if (!judge_rule_reports(judge, i) || card_of(cards, rule->id) != NULL)
			continue;
		printf("%s  %s\n", any ? "" : _("\nnever raised:\n"), es && rule->title_es != NULL ? rule->title_es : rule->title);
		any = true;
	}
}

int cli_rule_report(struct options *options, struct args *args)
{
	struct fault fault = { 0 };
	const char *since = args_value(args, "--since");
	struct judge_options rules = cli_judge_options(options);
	struct rule_cards cards;
	struct judge *judge = NULL;
	struct arena arena;
	struct db db;
	int64_t since_ms;
	if (!cli_since(since != NULL ? since : "90d", clock_now_ms(&options->clock), &since_ms, &fault) ||
	    !args_finish(args, &fault) || !store_open_read(options->store, &db, &fault))
		return cli_fail(&fault);
	arena_init(&arena);
	bool ok = judge_open(&rules, &judge, &fault) && query_rule_cards(&db, since_ms, &arena, &cards, &fault);
	if (ok && cards.n > 0)
		qsort(cards.items, cards.n, sizeof *cards.items, by_raised);
	if (ok)
		(options->json ? print_as_json : print_as_text)(judge, &cards);
	judge_free(judge);
	arena_clear(&arena);
	db_close(&db);
	return ok ? EXIT_DONE : cli_fail(&fault);
}
