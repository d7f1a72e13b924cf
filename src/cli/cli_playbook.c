/* SPDX-License-Identifier: Apache-2.0
 *
 * The playbook of an alert's rule on the command line: shown, and ticked. */
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "cli/cli.h"
#include "cli/print.h"
#include "store/migrate.h"
#include "store/step_rows.h"
#include "ui/step_words.h"
#include "watch/desk.h"
#include "watch/rule_book.h"

static const struct alert_step *step_taken(const struct alert_detail *detail, const char *step)
{
	for (size_t i = 0; i < detail->n_steps; i++)
		if (strcmp(detail->steps[i].step, step) == 0)
			return &detail->steps[i];
	return NULL;
}

static json_t *json_step(const char *text, const struct alert_step *taken)
{
	return json_pack("{s:o, s:b, s:o, s:o}", "step", json_text(text), "done", taken != NULL, "who", taken == NULL ? json_null() : json_text(taken->who),
	    "time", taken == NULL ? json_null() : json_time(taken->at_ms));
}

/* The steps of its rule, and those that were taken of a playbook that says something
 * else now. Rules that cannot be read are another command's to complain about. */
static json_t *list_steps(struct options *options, const struct alert_detail *detail, bool es, struct arena *arena)
{
	struct judge_options rules = cli_judge_options(options);
	struct rule_book book;
	struct fault ignored;
	bool known[ALERT_STEPS_MAX] = { false };
	json_t *out = json_array();
	if (!rule_book_read(&rules, options->data_folder, arena, &book, &ignored))
		book.n = 0;
	for (size_t i = 0; i < book.n; i++) {
		const struct rule_page *page = &book.rules[i];
		for (size_t k = 0; k < page->playbook_en.n && strcmp(page->id, detail->alert.rule) == 0; k++) {
			const char *en = page->playbook_en.items[k];
			const struct alert_step *taken = step_taken(detail, en);
			if (taken != NULL)
				known[taken - detail->steps] = true;
			json_array_append_new(out, json_step(es && page->playbook_es.n == page->playbook_en.n ? page->playbook_es.items[k] : en, taken));
		}
	}
	for (size_t i = 0; i < detail->n_steps; i++)
		if (!known[i])
			json_array_append_new(out, json_step(detail->steps[i].step, &detail->steps[i]));
	return out;
}

json_t *cli_playbook(struct options *options, const struct alert_detail *detail, struct arena *arena)
{
	return list_steps(options, detail, strcmp(i18n_language(), "es") == 0, arena);
}

void cli_step_words(const struct options *options)
{
	struct judge_options rules = cli_judge_options(options);
	struct rule_book book;
	struct fault ignored;
	struct arena arena;
	arena_init(&arena);
	if (strcmp(i18n_language(), "en") != 0 && rule_book_read(&rules, options->data_folder, &arena, &book, &ignored))
		step_words_take(&book);
	arena_clear(&arena);
}

/* The step with this number, as the JSON counts them from 1 on; "" there is none. */
static const char *step_at(const json_t *steps, size_t number)
{
	const json_t *step = number >= 1 ? json_array_get(steps, number - 1) : NULL;
	const char *text = step == NULL ? NULL : json_string_value(json_object_get(step, "step"));
	return text == NULL ? "" : text;
}

/* As the reader's language has it: the store knows the English one. */
static void print_step(struct options *options, const struct alert_detail *detail, const struct step_order *order, size_t number, struct arena *arena)
{
	json_t *steps = cli_playbook(options, detail, arena);
	const char *text = step_at(steps, number);
	printf("[%c] %s\n", order->done ? 'x' : ' ', *text != '\0' ? text : order->step);
	json_decref(steps);
}

static bool tick(struct options *options, const struct step_order *given, int64_t number, struct fault *fault)
{
	struct store *store;
	struct arena arena;
	struct alert_detail detail;
	if (!store_open(options->store, &store, fault))
		return false;
	arena_init(&arena);
	bool ok = query_alert(&store->db, given->alert_id, &arena, &detail, fault);
	/* In English: by that sentence a step is known. */
	json_t *steps = ok ? list_steps(options, &detail, false, &arena) : NULL;
	struct step_order order = *given;
	order.step = step_at(steps, (size_t)number);
	if (ok && *order.step == '\0')
		ok = fault_set(fault, FAULT_NOT_FOUND, _("alert %lld has %zu steps, none with the number %lld"), (long long)given->alert_id,
		    json_array_size(steps), (long long)number);
	ok = ok && store_step(store, &order, NULL, fault);
	if (ok && options->json)
		print_json(json_pack("{s:I, s:s, s:b}", "alert", (json_int_t)order.alert_id, "step", order.step, "done", order.done));
	else if (ok)
		print_step(options, &detail, &order, (size_t)number, &arena);
	json_decref(steps);
	arena_clear(&arena);
	store_close(store);
	return ok;
}

bool cli_tick(struct options *options, bool done, struct args *args, struct fault *fault)
{
	const char *alert = args_next(args), *step = args_next(args);
	struct step_order order = { .done = done, .now_ms = clock_real_ms() };
	int64_t number;
	char user[64];
	if (alert == NULL || step == NULL || !text_to_int(alert + (*alert == '#'), 1, INT64_MAX, &order.alert_id) ||
	    !text_to_int(step, 1, 1000, &number))
		return fault_set(fault, FAULT_USAGE, _("alerts %s needs the number of an alert, and that of a step of its playbook"), done ? "tick" : "untick");
	if (!args_finish(args, fault) || cli_only_looks(options, fault))
		return false;
	desk_os_user(user, sizeof user);
	order.who = user;
	return tick(options, &order, number, fault);
}
