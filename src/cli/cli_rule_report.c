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

/* ---- of some rules alone ------------------------------------------------------------- */

#define NAMED_MAX 100

struct named {
	const char *names[NAMED_MAX]; /* an id, or a title in either language */
	size_t n;		      /* 0: all of them are meant */
};

static bool is_called(const char *name, const char *id, const char *title_en, const char *title_es)
{
	return strcmp(name, id) == 0 || text_equal_nocase(name, title_en) || (title_es != NULL && text_equal_nocase(name, title_es));
}

static bool is_meant(const struct named *named, const char *id, const char *title_en, const char *title_es)
{
	bool meant = named->n == 0;
	for (size_t i = 0; i < named->n; i++)
		meant |= is_called(named->names[i], id, title_en, title_es);
	return meant;
}

static bool no_rule(const struct judge *judge, const char *name, struct fault *fault)
{
	char shown[80];
	const char *near = NULL;
	int least = 2 + (int)MIN(strlen(name), (size_t)24) / 3;
	text_printable(shown, sizeof shown, name, strlen(name));
	for (size_t i = 0; strlen(name) < sizeof shown && i < judge_n_rules(judge); i++) {
		const struct sigma_rule *rule = judge_rule_at(judge, i);
		const char *called[] = { rule->id, rule->title, rule->title_es };
		for (size_t k = 0; judge_rule_reports(judge, i) && k < COUNT_OF(called); k++) {
			int distance = called[k] == NULL ? least : text_distance(name, called[k]);
			near = distance < least ? called[k] : near;
			least = MIN(distance, least);
		}
	}
	if (near != NULL)
		return fault_set(fault, FAULT_NOT_FOUND, _("there is no rule %s; is \"%s\" meant?"), shown, near);
	return fault_set(fault, FAULT_NOT_FOUND, _("there is no rule %s, neither in force nor in the records"), shown);
}

/* Each name is one of something; the cards of others go. */
static bool keep_named(const struct judge *judge, const struct named *named, struct rule_cards *cards, struct fault *fault)
{
	size_t kept = 0;
	for (size_t k = 0; k < named->n; k++) {
		bool found = false;
		for (size_t i = 0; i < judge_n_rules(judge); i++) {
			const struct sigma_rule *rule = judge_rule_at(judge, i);
			found |= judge_rule_reports(judge, i) && is_called(named->names[k], rule->id, rule->title, rule->title_es);
		}
		for (size_t i = 0; i < cards->n; i++)
			found |= is_called(named->names[k], cards->items[i].rule, cards->items[i].title_en, cards->items[i].title_es);
		if (!found)
			return no_rule(judge, named->names[k], fault);
	}
	for (size_t i = 0; i < cards->n; i++)
		if (is_meant(named, cards->items[i].rule, cards->items[i].title_en, cards->items[i].title_es))
			cards->items[kept++] = cards->items[i];
	cards->n = kept;
	return true;
}

/* Does it stand among those that never raised anything? */
static bool is_silent(const struct judge *judge, size_t i, const struct named *named, const struct rule_cards *cards)
{
	const struct sigma_rule *rule = judge_rule_at(judge, i);
	return judge_rule_reports(judge, i) && card_of(cards, rule->id) == NULL && is_meant(named, rule->id, rule->title, rule->title_es);
}

/* ---- the cards ------------------------------------------------------------------------ */

static void print_as_json(const struct judge *judge, const struct named *named, const struct rule_cards *cards)
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
		if (is_silent(judge, i, named, cards))
			json_array_append_new(silent, json_pack("{s:o, s:o}", "rule", json_text(rule->id), "title", json_text(rule->title)));
	}
	print_json(json_pack("{s:o, s:o}", "rules", rules, "never_raised", silent));
}

static void print_as_text(const struct judge *judge, const struct named *named, const struct rule_cards *cards)
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
		if (!is_silent(judge, i, named, cards))
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
	struct named named = { .n = 0 };
	for (const char *name; named.n < NAMED_MAX && (name = args_next(args)) != NULL;)
		named.names[named.n++] = name;
	if (!cli_since(since != NULL ? since : "90d", clock_now_ms(&options->clock), &since_ms, &fault) ||
	    !args_finish(args, &fault) || !store_open_read(options->store, &db, &fault))
		return cli_fail(&fault);
	arena_init(&arena);
	bool ok = judge_open(&rules, &judge, &fault) && query_rule_cards(&db, since_ms, &arena, &cards, &fault) && keep_named(judge, &named, &cards, &fault);
	if (ok && cards.n > 0)
		qsort(cards.items, cards.n, sizeof *cards.items, by_raised);
	if (ok)
		(options->json ? print_as_json : print_as_text)(judge, &named, &cards);
	judge_free(judge);
	arena_clear(&arena);
	db_close(&db);
	return ok ? EXIT_DONE : cli_fail(&fault);
}
