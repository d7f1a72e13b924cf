/* SPDX-License-Identifier: Apache-2.0
 *
 * One rule: what it watches for, what to do when it speaks, how it has done. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/hash.h"
#include "ui/copy.h"
#include "ui/screen.h"

struct rule_view {
	struct arena page_arena, card_arena;
	struct rule_page *page; /* NULL: not in force, or not known yet */
	struct rule_card *card; /* NULL: never raised anything */
	bool have_book;
	struct document document;
};

static const struct target nowhere = { TARGET_NONE, 0 };

static bool is_ours(const struct pane *pane, const char *id)
{
	return (int64_t)(hash_text(id) >> 1) == pane->id;
}

/* ---- questions -------------------------------------------------------------------- */

static void on_cards(void *arg, const struct rule_cards *answer, const struct fault *fault)
{
	struct pane *pane = arg;
	struct rule_view *view = pane->memory;
	pane_answered(pane, fault);
	if (answer == NULL)
		return;
	arena_clear(&view->card_arena);
	arena_init(&view->card_arena);
	view->card = NULL;
	for (size_t i = 0; i < answer->n; i++) {
		if (is_ours(pane, answer->items[i].rule))
			view->card = copy_rule_cards(&view->card_arena, &answer->items[i], 1);
	}
	/* At once, for keys that were typed ahead of it. */
	pane_lay_out(pane);
}

static void on_book(void *arg, const struct rule_book *answer, const struct fault *fault)
{
	struct pane *pane = arg;
	struct rule_view *view = pane->memory;
	if (answer == NULL) {
		pane_answered(pane, fault);
		return;
	}
	for (size_t i = 0; i < answer->n; i++) {
		if (is_ours(pane, answer->rules[i].id))
			view->page = copy_rule_pages(&view->page_arena, &answer->rules[i], 1);
	}
	view->have_book = true;
	history_rule_cards(pane_board(pane)->history, 0, on_cards, pane);
}

static void refresh(struct pane *pane)
{
	struct rule_view *view = pane->memory;
	struct history *history = pane_board(pane)->history;
	if (!pane_may_ask(pane, pane_board(pane)->alerts_version, 2 * SECOND_MS))
		return;
	if (view->have_book)
		history_rule_cards(history, 0, on_cards, pane);
	else
		history_rule_book(history, on_book, pane);
}

static void open_rule(struct pane *pane, int64_t id)
{
	struct rule_view *view = pane->memory;
	UNUSED(id);
	arena_init(&view->page_arena);
	arena_init(&view->card_arena);
}

static void close_rule(struct pane *pane)
{
	struct rule_view *view = pane->memory;
	arena_clear(&view->page_arena);
	arena_clear(&view->card_arena);
	document_clear(&view->document);
}

/* ---- lines --------------------------------------------------------------------------- */

static void pair(struct document *d, const char *label, enum role role, const char *value)
{
	document_line(d, nowhere);
	document_put(d, 1, 31, ROLE_DIM, label);
	document_wrap(d, 33, role, value);
}

static void pair_count(struct document *d, const char *label, int64_t n)
{
	char text[SHORT_BYTES];
	pair(d, label, ROLE_NUMBER, format_count(n, text));
}

static void paragraphs(struct document *d, const char *heading, struct rule_words words)
{
	if (words.n == 0)
		return;
	document_heading(d, heading);
	for (size_t i = 0; i < words.n; i++) {
		document_line(d, nowhere);
		document_put(d, 1, 1, ROLE_DIM, "\u00B7");
		document_wrap(d, 3, ROLE_TEXT, words.items[i]);
	}
}

static void what_it_is(struct document *d, const struct rule_page *page)
{
	struct text tags = { 0 };
	char text[SHORT_BYTES];
	document_line(d, nowhere);
	document_wrap(d, 1, ROLE_TEXT, in_language(page->description_en, page->description_es));
	document_line(d, nowhere);
	for (size_t i = 0; i < page->tags.n; i++)
		text_printf(&tags, "%s%s", i > 0 ? " " : "", page->tags.items[i]);
	pair(d, _("looks at"), ROLE_TEXT, page->correlates ? _("many records together") : _("one record at a time"));
	if (tags.n > 0)
		pair(d, _("tags"), ROLE_NUMBER, text_string(&tags));
	snprintf(text, sizeof text, "%zu", page->n_tests);
	pair(d, _("its tests"), page->n_tests > 0 ? ROLE_TEXT : ROLE_WARN, page->n_tests > 0 ? text : _("it has none"));
	pair(d, _("file"), ROLE_DIM, page->file);
	text_clear(&tags);
}

static void how_it_did(struct document *d, const struct rule_card *card)
{
	char text[SHORT_BYTES];
	document_heading(d, _("How it has done"));
	if (card == NULL) {
		document_line(d, nowhere);
		document_put(d, 1, -1, ROLE_DIM, _("It has never raised an alert."));
		return;
	}
	pair_count(d, _("alerts raised"), card->raised);
	pair_count(d, _("unclosed"), card->open);
	for (int k = RESOLUTION_TRUE_IMPACT; k < N_RESOLUTIONS; k++) {
		if (card->ended[k] > 0)
			pair_count(d, resolution_word((enum resolution)k), card->ended[k]);
	}
	int64_t good = card->ended[RESOLUTION_TRUE_IMPACT] + card->ended[RESOLUTION_TRUE_NO_IMPACT];
	int64_t bad = card->ended[RESOLUTION_FALSE_POSITIVE] + card->ended[RESOLUTION_LEGITIMATE];
	if (good + bad > 0) {
		snprintf(text, sizeof text, "%" PRId64 " %%", 100 * good / (good + bad));
		pair(d, _("precision"), ROLE_STRONG, text);
	}
	pair(d, _("speaks in"), ROLE_TEXT, format_age(card->delay_ms, text));
	if (card->work_ms >= 0)
		pair(d, _("work of each"), ROLE_TEXT, format_age(card->work_ms, text));
}

static void lay_out(struct pane *pane, int width)
{
	struct rule_view *view = pane->memory;
	struct document *d = &view->document;
	const struct rule_page *page = view->page;
	const char *title = page != NULL ? in_language(page->title_en, page->title_es) :
	    view->card != NULL ? in_language(view->card->title_en, view->card->title_es) : "";
	snprintf(pane->title, sizeof pane->title, "%s%s%s", page != NULL ? severity_badge(page->level) : "",
	    page != NULL ? "  " : "", title);
	pane->title_role = page != NULL ? severity_role(page->level) : ROLE_TITLE;
	document_begin(d, width);
	if (page != NULL) {
		what_it_is(d, page);
	} else {
		document_line(d, nowhere);
		document_put(d, 1, -1, ROLE_WARN, _("This rule is not in force any more: its alerts are left."));
	}
	how_it_did(d, view->card);
	if (page != NULL) {
		paragraphs(d, _("What to do"), strcmp(i18n_language(), "es") == 0 ? page->playbook_es : page->playbook_en);
		paragraphs(d, _("Known false positives"), strcmp(i18n_language(), "es") == 0 ? page->falsepositives_es : page->falsepositives_en);
	}
	document_end(d);
}

static void draw(struct pane *pane, struct canvas *canvas, bool focused)
{
	struct rule_view *view = pane->memory;
	if (!view->have_book || !pane->answered || pane->fault.code != FAULT_NONE) {
		pane_draw_nothing(pane, canvas, 1, "");
		return;
	}
	pane_draw_document(pane, canvas, focused);
}

static void summary(struct pane *pane, char *out, size_t capacity)
{
	const struct rule_view *view = pane->memory;
	if (view->page != NULL)
		snprintf(out, capacity, "%s", view->page->status);
}

const struct pane_type view_rule = {
	.name = "rule", .title = N_("Rule"), .place = PLACE_TEXT, .memory = sizeof(struct rule_view),
	.document = PANE_DOCUMENT(rule_view),
	.open = open_rule, .close = close_rule, .refresh = refresh, .draw = draw, .lay_out = lay_out, .summary = summary,
};
