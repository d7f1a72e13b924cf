/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/pick.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "ui/fuzzy.h"

#define NEWEST	  300 /* that letters are compared with at once */
#define FOUND	  60  /* of a word that the store is asked for */
#define ITEMS_MAX 2000
#define SEARCH_MS 25

struct candidate {
	int64_t id;
	int near; /* the same person or number: 2, the same rule or site: 1 */
	char label[120], who[MENU_NOTE_BYTES];
};

struct pick {
	struct screen *screen;
	struct candidate *items; /* malloc'd; in the order in which they were told */
	size_t n, capacity;
	int64_t *not_these;
	size_t n_not_these;
	char subject[256], rule[128], location[128]; /* of the alert that another is looked for */
	bool waiting;
	char asked[PROMPT_BYTES]; /* the word that the store was asked for last; "" the newest */
	char typed[PROMPT_BYTES]; /* before the number of the one that was taken stood there */
	int64_t taken;		  /* 0: none yet */
};

/* ---- who they are ------------------------------------------------------------------------ */

static bool is_known(const struct pick *pick, int64_t id)
{
	for (size_t i = 0; i < pick->n_not_these; i++)
		if (pick->not_these[i] == id)
			return true;
	for (size_t i = 0; i < pick->n; i++)
		if (pick->items[i].id == id)
			return true;
	return false;
}

static void take(struct pick *pick, const struct alert *alert)
{
	const struct screen *screen = pick->screen;
	const char *who = *or_empty(alert->subject_name) != '\0' ? alert->subject_name : or_empty(alert->subject_id);
	char number[LONG_BYTES], title[TYPED_BYTES];
	if (pick->n == ITEMS_MAX || is_known(pick, alert->id))
		return;
	pick->items = mem_grow(pick->items, pick->n, &pick->capacity, sizeof *pick->items);
	struct candidate *item = &pick->items[pick->n++];
	bool same_subject = pick->subject[0] != '\0' && strcmp(or_empty(alert->subject_id), pick->subject) == 0;
	bool same_kind = (pick->rule[0] != '\0' && strcmp(or_empty(alert->rule), pick->rule) == 0) ||
	    (pick->location[0] != '\0' && strcmp(or_empty(alert->location), pick->location) == 0);
	*item = (struct candidate){ .id = alert->id, .near = same_subject ? 2 : same_kind };
	snprintf(item->label, sizeof item->label, "#%-5" PRId64 " %s %.90s", alert->id, severity_glyph(alert->severity),
	    format_masked(in_language(alert->title_en, alert->title_es), screen->masked, title, sizeof title));
	snprintf(item->who, sizeof item->who, "%.*s", (int)text_fit(alert->subject_kind == SUBJECT_NUMBER ? format_number(who, screen->masked, number) : who, 30, NULL),
	    alert->subject_kind == SUBJECT_NUMBER ? number : who);
}

static void ask(struct pick *pick);

static void on_answer(void *arg, const struct alert_list *answer, const struct fault *fault)
{
	struct pick *pick = arg;
	UNUSED(fault); /* a number can be typed all the same */
	pick->waiting = false;
	for (size_t i = 0; answer != NULL && i < answer->n; i++)
		take(pick, &answer->items[i]);
	pick_look(pick->screen);
}

/* The newest, and of a word those that have it, however old. */
static void ask(struct pick *pick)
{
	char quoted[FILTER_QUOTED_BYTES] = "";
	struct alert_query query = { .closed_too = true, .order = ORDER_TIME, .limit = pick->asked[0] == '\0' ? NEWEST : FOUND, .budget_ms = SEARCH_MS, .filter = quoted };
	if (pick->asked[0] != '\0' && !filter_quote(quoted, pick->asked))
		return;
	pick->waiting = true;
	history_alerts(pick->screen->board->history, &query, on_answer, pick);
}

/* ---- the list ------------------------------------------------------------------------------ */

static void put(struct menu *menu, int *ranks, const struct candidate *item, int rank)
{
	size_t at = menu->n;
	while (at > 0 && ranks[at - 1] < rank)
		at--;
	if (at >= MENU_MAX)
		return;
	size_t kept = MIN(menu->n, (size_t)MENU_MAX - 1);
	memmove(menu->items + at + 1, menu->items + at, (kept - at) * sizeof menu->items[0]);
	memmove(ranks + at + 1, ranks + at, (kept - at) * sizeof ranks[0]);
	menu->items[at] = (struct menu_item){ .value = item->id };
	snprintf(menu->items[at].label, sizeof menu->items[at].label, "%s", item->label);
	snprintf(menu->items[at].note, sizeof menu->items[at].note, "%s", item->who);
	ranks[at] = rank;
	menu->n = kept + 1;
}

/* How well the letters fit its number, its title, or whom it is about; -1 not. */
static int score_of(const struct candidate *item, const char *letters)
{
	char number[24];
	snprintf(number, sizeof number, "%" PRId64, item->id);
	if (*letters == '#' || (*letters >= '0' && *letters <= '9')) {
		const char *digits = letters + (*letters == '#');
		if (text_starts_with(number, digits))
			return 1000 - (int)strlen(number); /* the whole of it first */
	}
	return MAX(fuzzy_score(item->label, letters), fuzzy_score(item->who, letters));
}

static void fill(struct screen *screen)
{
	const struct pick *pick = screen->pick;
	struct menu *menu = &screen->menu;
	int ranks[MENU_MAX];
	int64_t id;
	const char *letters = screen->prompt.text;
	int64_t held = menu->selected > 0 && menu->selected < menu->n ? menu->items[menu->selected].value : 0;
	menu->n = menu->selected = 0;
	for (size_t i = 0; i < pick->n; i++) {
		int score = score_of(&pick->items[i], letters);
		if (score >= 0)
			put(menu, ranks, &pick->items[i], 4 * score + pick->items[i].near);
	}
	for (size_t i = 0; i < menu->n; i++) /* what was told meanwhile moves nobody's choice */
		if (held != 0 && menu->items[i].value == held)
			menu->selected = i;
	/* A number is enough: the store knows whether there is such an alert. */
	bool listed = text_to_int(letters + (*letters == '#'), 1, INT64_MAX, &id) && (menu->n == 0 || menu->items[0].value != id);
	if (listed) {
		struct candidate typed = { .id = id };
		snprintf(typed.label, sizeof typed.label, "#%" PRId64, id);
		bool is_held = held != 0 && menu->n > 0 && menu->items[menu->selected].value == held;
		size_t at = menu->selected;
		put(menu, ranks, &typed, INT32_MAX);
		menu->selected = is_held ? MIN(at + 1, menu->n - 1) : 0;
	}
}

void pick_look(struct screen *screen)
{
	struct pick *pick = screen->pick;
	const char *typed = screen->prompt.text;
	if (pick == NULL)
		return;
	screen->prompt.fault = (struct fault){ 0 }; /* letters are no number yet */
	fill(screen);
	screen->dirt++;
	if (pick->waiting || strcmp(typed, pick->asked) == 0 || text_width(typed) < 2)
		return;
	snprintf(pick->asked, sizeof pick->asked, "%.*s", (int)sizeof pick->asked - 1, typed);
	ask(pick);
}

/* ---- keys -------------------------------------------------------------------------------------- */

bool pick_key(struct screen *screen, const struct key_event *event)
{
	struct menu *menu = &screen->menu;
	char number[24];
	if (screen->pick == NULL)
		return false;
	switch (event->key) {
	case KEY_UP: case KEY_CTRL | 'p': case KEY_BACKTAB:
		menu->selected -= menu->selected > 0;
		return true;
	case KEY_DOWN: case KEY_CTRL | 'n': case KEY_TAB:
		menu->selected += menu->selected + 1 < menu->n;
		return true;
	case KEY_ENTER:
		if (menu->selected >= menu->n)
			return false; /* the prompt says what is wrong */
		snprintf(screen->pick->typed, sizeof screen->pick->typed, "%.*s", (int)sizeof screen->pick->typed - 1, screen->prompt.text);
		screen->pick->taken = menu->items[menu->selected].value;
		snprintf(number, sizeof number, "%" PRId64, screen->pick->taken);
		prompt_replace(&screen->prompt, 0, number);
		return false;
	default:
		menu->selected = 0; /* other letters, other choices */
		return false;
	}
}

static bool check(void *arg, const char *text, struct fault *fault, size_t *offset)
{
	int64_t id;
	UNUSED(arg);
	*offset = 0;
	return text_to_int(text + (*text == '#'), 1, INT64_MAX, &id) || fault_set(fault, FAULT_USAGE, "%s", _("the number of an alert"));
}

static void show(struct screen *screen, struct pick *pick)
{
	screen->pick = pick;
	screen->menu = (struct menu){ 0 };
	snprintf(screen->menu.title, sizeof screen->menu.title, "%s", _("Which alert?"));
}

void pick_alert(struct screen *screen, const char *label, const int64_t *not_these, size_t n, void (*done)(struct screen *, void *, const char *), void *arg)
{
	struct pane *pane = screen_focused(screen);
	const struct alert *alert = pane->type->filter_of == FILTER_ALERTS && pane->type->selected != NULL ? pane->type->selected(pane) : NULL;
	screen_prompt(screen, label, "", NULL, check, NULL, done, arg);
	struct pick *pick = mem_zalloc(sizeof *pick);
	*pick = (struct pick){ .screen = screen, .not_these = mem_dup(not_these, n * sizeof *not_these), .n_not_these = n };
	if (alert != NULL) {
		snprintf(pick->subject, sizeof pick->subject, "%s", or_empty(alert->subject_id));
		snprintf(pick->rule, sizeof pick->rule, "%s", or_empty(alert->rule));
		snprintf(pick->location, sizeof pick->location, "%s", or_empty(alert->location));
	}
	show(screen, pick);
	ask(pick);
}

struct pick *pick_put_away(struct screen *screen)
{
	struct pick *pick = screen->pick;
	screen->pick = NULL;
	if (pick == NULL)
		return NULL;
	history_forget(screen->board->history, pick);
	pick->waiting = false;
	return pick;
}

void pick_show_again(struct pick *pick, struct screen *screen)
{
	show(screen, pick);
	prompt_replace(&screen->prompt, 0, pick->typed);
	fill(screen);
	for (size_t i = 0; i < screen->menu.n; i++)
		if (screen->menu.items[i].value == pick->taken)
			screen->menu.selected = i;
}

void pick_end(struct screen *screen)
{
	pick_free(pick_put_away(screen));
}

void pick_free(struct pick *pick)
{
	if (pick == NULL)
		return;
	free(pick->items);
	free(pick->not_these);
	free(pick);
}
