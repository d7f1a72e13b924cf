/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/panes/alert_steps.h"

#include <stdio.h>
#include <string.h>

#include "ui/act_parts.h"
#include "ui/copy.h"
#include "ui/step_words.h"

void steps_clear(struct steps *steps)
{
	arena_clear(&steps->arena);
	*steps = (struct steps){ 0 };
}

void steps_take(struct steps *steps, const struct rule_book *book)
{
	arena_init(&steps->arena);
	steps->pages = copy_rule_pages(&steps->arena, book->rules, book->n);
	steps->n_pages = book->n;
}

void steps_choose(struct steps *steps, const char *rule)
{
	steps->en = steps->es = (struct rule_words){ 0 };
	for (size_t i = 0; i < steps->n_pages; i++) {
		if (strcmp(steps->pages[i].id, rule) != 0)
			continue;
		steps->en = steps->pages[i].playbook_en;
		steps->es = steps->pages[i].playbook_es;
	}
}

static const struct alert_step *taken(const struct alert_detail *detail, const char *step)
{
	for (size_t i = 0; i < detail->n_steps; i++)
		if (strcmp(detail->steps[i].step, step) == 0)
			return &detail->steps[i];
	return NULL;
}

static bool of_playbook(const struct steps *steps, const char *step)
{
	for (size_t i = 0; i < steps->en.n; i++)
		if (strcmp(steps->en.items[i], step) == 0)
			return true;
	return false;
}

static void step_line(struct pane *pane, struct document *d, struct target target, const char *text, const struct alert_step *done)
{
	char moment[LONG_BYTES], shown[TYPED_BYTES];
	const char *label;
	const struct zone *zone = zones_current(&pane->screen->zones, &label);
	document_line(d, target);
	document_put(d, 1, 3, done != NULL ? ROLE_OK : ROLE_STRONG, done != NULL ? "[x]" : "[ ]");
	document_wrap(d, 5, done != NULL ? ROLE_DIM : ROLE_TEXT, format_masked(text, pane->screen->masked, shown, sizeof shown));
	if (done == NULL)
		return;
	document_line(d, (struct target){ TARGET_NONE, 0 });
	document_printf(d, 5, -1, ROLE_DIM, "%s \u00B7 %s", done->who, format_moment(zone, label, done->at_ms, moment));
}

void steps_lay_out(struct pane *pane, struct document *d, const struct steps *steps, const struct alert_detail *detail)
{
	char heading[120];
	size_t n_done = 0;
	for (size_t i = 0; i < steps->en.n; i++)
		n_done += taken(detail, steps->en.items[i]) != NULL;
	if (steps->en.n == 0 && detail->n_steps == 0)
		return;
	snprintf(heading, sizeof heading, _("What to do: %zu of %zu done"), n_done, steps->en.n);
	document_heading(d, heading);
	for (size_t i = 0; i < steps->en.n; i++) {
		const char *en = steps->en.items[i], *es = steps->es.n == steps->en.n ? steps->es.items[i] : en;
		step_line(pane, d, (struct target){ TARGET_SUBJECT, (int64_t)i + 1 }, in_language(en, es), taken(detail, en));
	}
	/* What was done by a playbook that says something else now was done. */
	for (size_t i = 0; i < detail->n_steps; i++)
		if (!of_playbook(steps, detail->steps[i].step))
			step_line(pane, d, (struct target){ TARGET_NONE, 0 }, step_words(detail->steps[i].step), &detail->steps[i]);
}

static void on_stepped(void *arg, size_t n_done, size_t n_failed, const struct fault *fault)
{
	struct act *act = arg;
	UNUSED(n_failed);
	if (act->screen != NULL && n_done == 1)
		act_say_done(act->screen, act->name);
	else if (act->screen != NULL && fault != NULL)
		screen_message(act->screen, ROLE_WARN, "%s", fault->text);
	act_end(act);
}

void steps_tick(struct pane *pane, const struct steps *steps, const struct alert_detail *detail, int64_t number)
{
	struct screen *screen = pane->screen;
	size_t i = number >= 1 && number <= (int64_t)steps->en.n ? (size_t)number - 1 : 0;
	while (number == 0 && i < steps->en.n && taken(detail, steps->en.items[i]) != NULL)
		i++;
	if (desk_read_only(screen->board->desk)) {
		screen_message(screen, ROLE_WARN, _("This console is read-only."));
		return;
	}
	if (i >= steps->en.n) {
		screen_refuse(screen, "%s", steps->en.n == 0 ? _("Its rule has no playbook.") : _("Every step is done."));
		return;
	}
	bool done = taken(detail, steps->en.items[i]) == NULL;
	struct act *act = act_new(screen);
	snprintf(act->name, sizeof act->name, done ? _("Step %zu of %zu done.") : _("Step %zu of %zu is open again."), i + 1, steps->en.n);
	desk_step(screen->board->desk, detail->alert.id, steps->en.items[i], done, on_stepped, act);
}
