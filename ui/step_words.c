/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/step_words.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/map.h"
#include "base/mem.h"
#include "store/alert_rows.h"
#include "ui/screen.h"

/* English to Spanish; of the loop's thread, as whatever is drawn. */
static struct map spanish;

void step_words_clear(void)
{
	size_t at = 0;
	for (const struct map_entry *entry; (entry = map_next(&spanish, &at)) != NULL;)
		free(entry->value.pointer);
	map_clear(&spanish);
	spanish = (struct map){ 0 };
}

void step_words_take(const struct rule_book *book)
{
	step_words_clear();
	for (size_t i = 0; i < book->n; i++) {
		const struct rule_words *en = &book->rules[i].playbook_en, *es = &book->rules[i].playbook_es;
		for (size_t k = 0; en->n == es->n && k < en->n; k++) {
			bool is_new;
			union map_value *value = map_put(&spanish, en->items[k], &is_new);
			if (is_new)
				value->pointer = mem_strdup(es->items[k]);
		}
	}
}

const char *step_words(const char *en)
{
	const union map_value *es = map_get(&spanish, en);
	return es == NULL ? en : in_language(en, es->pointer);
}

const char *event_note(const struct alert_event *event)
{
	bool step = strcmp(event->act, AUDIT_STEP) == 0 || strcmp(event->act, AUDIT_UNSTEP) == 0;
	return step ? step_words(event->note) : event->note;
}

static void on_book(void *arg, const struct rule_book *book, const struct fault *fault)
{
	struct pane *pane = arg;
	UNUSED(fault); /* the rules' own view says why: then it is in English */
	if (book != NULL)
		step_words_take(book);
	pane->screen->dirt++;
}

void step_words_ask(struct pane *pane)
{
	history_rule_book(pane_board(pane)->history, on_book, pane);
}
