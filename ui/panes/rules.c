/* SPDX-License-Identifier: Apache-2.0
 *
 * The rules: what each raised and how that ended, also those that never spoke;
 * what a replay of history says of them (trials.h). One of them: rule.c. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "ui/copy.h"
#include "ui/panes/trials.h"
#include "ui/screen.h"

/* A rule in force, or one of which only alerts are left. */
struct entry {
	int64_t id;
	const struct rule_page *page; /* NULL: not in force */
	const struct rule_card *card; /* NULL: never raised anything */
};

enum sort { SORT_RAISED, SORT_PRECISION, SORT_NAME, N_SORTS };

enum column { COL_LEVEL, COL_TITLE, COL_NOW, COL_BEFORE, COL_FRESH, COL_GONE, COL_ENDED, COL_RAISED, COL_OPEN,
	COL_TRUE, COL_FALSE, COL_PRECISION, COL_DELAY, N_COLS };

struct rules {
	struct arena book_arena, card_arena;
	struct rule_page *pages;
	size_t n_pages;
	const char **scenarios, *complaints;
	size_t n_scenarios;
	struct rule_card *cards;
	size_t n_cards;
	bool have_book;
	struct entry *entries;
	size_t n;
	struct list list;
	enum sort sort;
	uint64_t lab_seen;
	bool rehearsing; /* its result is to be opened */
	enum column shown[N_COLS];
	struct list_column columns[N_COLS]; /* of `shown` */
	size_t n_shown;
};

static const struct list_column columns[N_COLS] = {
	[COL_LEVEL] = { N_("|level"), 1, 0, 0, false, 0 },
	[COL_TITLE] = { N_("rule"), 20, 3, 0, false, 60 },
	[COL_NOW] = { N_("now"), 5, 0, 0, true, 0 },
	[COL_BEFORE] = { N_("before"), 6, 0, 1, true, 0 },
	[COL_FRESH] = { N_("new ones"), 8, 0, 2, true, 0 },
	[COL_GONE] = { N_("gone"), 5, 0, 3, true, 0 },
	[COL_ENDED] = { N_("of those before"), 27, 2, 4, false, 44 },
	[COL_RAISED] = { N_("raises"), 8, 0, 5, true, 0 },
	[COL_OPEN] = { N_("unclosed"), 8, 0, 6, true, 0 },
	[COL_TRUE] = { N_("true"), 7, 0, 7, true, 0 },
	[COL_FALSE] = { N_("false"), 6, 0, 8, true, 0 },
	[COL_PRECISION] = { N_("prec."), 6, 0, 9, true, 0 },
	[COL_DELAY] = { N_("speaks in"), 9, 0, 10, true, 0 },
};

/* ---- what a row says ---------------------------------------------------------------------- */

static const char *title_of(const struct entry *entry)
{
	if (entry->page != NULL)
		return in_language(entry->page->title_en, entry->page->title_es);
	return entry->card != NULL ? in_language(entry->card->title_en, entry->card->title_es) : "";
}

static const char *rule_of(const struct entry *entry)
{
	return entry->page != NULL ? entry->page->id : entry->card != NULL ? entry->card->rule : "";
}

static int64_t true_ones(const struct rule_card *card)
{
	return card->ended[RESOLUTION_TRUE_IMPACT] + card->ended[RESOLUTION_TRUE_NO_IMPACT];
}

static int64_t false_ones(const struct rule_card *card)
{
	return card->ended[RESOLUTION_FALSE_POSITIVE] + card->ended[RESOLUTION_LEGITIMATE];
}

/* In percent; -1: nobody has judged one. */
static int64_t precision_of(const struct rule_card *card)
{
	int64_t judged = card == NULL ? 0 : true_ones(card) + false_ones(card);
	return judged > 0 ? 100 * true_ones(card) / judged : -1;
}

/* Asked for when it is needed: the lab's next result takes its place. */
static const struct replay_rule *replayed(const struct pane *pane, const struct entry *entry)
{
	const struct lab *lab = pane_board(pane)->lab;
	const struct replay_result *result = lab != NULL ? lab_replayed(lab) : NULL;
	for (size_t i = 0; result != NULL && i < result->n_rules; i++) {
		if (strcmp(result->rules[i].id, rule_of(entry)) == 0)
			return &result->rules[i];
	}
	return NULL;
}

static char *say_ended(const struct replay_rule *rule, char out[static LONG_BYTES])
{
	const struct {
		const char *word;
		size_t n;
	} parts[] = { { _("unclosed"), rule->open },
		{ _("true"), rule->ended[RESOLUTION_TRUE_IMPACT] + rule->ended[RESOLUTION_TRUE_NO_IMPACT] },
		{ _("false"), rule->ended[RESOLUTION_FALSE_POSITIVE] + rule->ended[RESOLUTION_LEGITIMATE] },
		{ _("other"), rule->ended[RESOLUTION_DUPLICATE] + rule->ended[RESOLUTION_UNKNOWN] } };
	size_t used = 0;
	out[0] = '\0';
	for (size_t i = 0; i < COUNT_OF(parts) && used < LONG_BYTES; i++) {
		if (parts[i].n > 0)
			used += (size_t)snprintf(out + used, LONG_BYTES - used, "%s%s %zu", used > 0 ? ", " : "",
			    parts[i].word, parts[i].n);
	}
	return out;
}

/* ---- rows ------------------------------------------------------------------------------------ */

static enum sort sort_now;

static int by_sort(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	int64_t order = (x->card == NULL) - (y->card == NULL); /* the silent ones stand at the end */
	int64_t px = precision_of(x->card), py = precision_of(y->card);
	switch (sort_now) {
	case SORT_RAISED: case N_SORTS:
		break;
	case SORT_PRECISION: /* the noisiest first, then those of which nobody knows */
		if (order == 0)
			order = px != py ? (px < 0) - (py < 0) : 0;
		if (order == 0)
			order = px - py;
		break;
	case SORT_NAME:
		if (order == 0)
			order = strcmp(title_of(x), title_of(y));
		break;
	}
	if (order == 0 && x->card != NULL && y->card != NULL)
		order = y->card->raised - x->card->raised;
	if (order == 0)
		order = strcmp(title_of(x), title_of(y));
	return order != 0 ? (order > 0) - (order < 0) : strcmp(rule_of(x), rule_of(y));
}

static const struct rule_card *card_of(const struct rules *rules, const char *id)
{
	for (size_t i = 0; i < rules->n_cards; i++) {
		if (strcmp(rules->cards[i].rule, id) == 0)
			return &rules->cards[i];
	}
	return NULL;
}

static bool in_force(const struct rules *rules, const char *id)
{
	for (size_t i = 0; i < rules->n_pages; i++) {
		if (strcmp(rules->pages[i].id, id) == 0)
			return true;
	}
	return false;
}

static void sort(struct pane *pane)
{
	struct rules *rules = pane->memory;
	int64_t *ids = mem_alloc((rules->n + 1) * sizeof *ids);
	sort_now = rules->sort;
	if (rules->n > 0)
		qsort(rules->entries, rules->n, sizeof *rules->entries, by_sort);
	for (size_t i = 0; i < rules->n; i++) {
		const struct replay_rule *replay = replayed(pane, &rules->entries[i]);
		char ended[LONG_BYTES];
		ids[i] = rules->entries[i].id;
		list_need(&rules->list, COL_TITLE, title_of(&rules->entries[i]));
		if (replay != NULL)
			list_need(&rules->list, COL_ENDED, say_ended(replay, ended));
	}
	list_set(&rules->list, ids, rules->n);
	free(ids);
}

static void make_rows(struct pane *pane)
{
	struct rules *rules = pane->memory;
	free(rules->entries);
	rules->entries = mem_alloc((rules->n_pages + rules->n_cards + 1) * sizeof *rules->entries);
	rules->n = 0;
	for (size_t i = 0; i < rules->n_pages; i++) {
		const char *id = rules->pages[i].id;
		rules->entries[rules->n++] = (struct entry){ (int64_t)(hash_text(id) >> 1), &rules->pages[i], card_of(rules, id) };
	}
	for (size_t i = 0; i < rules->n_cards; i++) {
		const char *id = rules->cards[i].rule;
		if (!in_force(rules, id))
			rules->entries[rules->n++] = (struct entry){ (int64_t)(hash_text(id) >> 1), NULL, &rules->cards[i] };
	}
	sort(pane);
}

/* ---- questions ---------------------------------------------------------------------------------- */

static void on_cards(void *arg, const struct rule_cards *answer, const struct fault *fault)
{
	struct pane *pane = arg;
	struct rules *rules = pane->memory;
	pane_answered(pane, fault);
	if (answer == NULL)
		return;
	arena_clear(&rules->card_arena);
	arena_init(&rules->card_arena);
	rules->cards = copy_rule_cards(&rules->card_arena, answer->items, answer->n);
	rules->n_cards = answer->n;
	make_rows(pane);
}

static void on_book(void *arg, const struct rule_book *answer, const struct fault *fault)
{
	struct pane *pane = arg;
	struct rules *rules = pane->memory;
	if (answer == NULL) {
		pane_answered(pane, fault);
		return;
	}
	rules->pages = copy_rule_pages(&rules->book_arena, answer->rules, answer->n);
	rules->n_pages = answer->n;
	rules->scenarios = arena_alloc(&rules->book_arena, (answer->n_scenarios + 1) * sizeof *rules->scenarios);
	for (size_t i = 0; i < answer->n_scenarios; i++)
		rules->scenarios[i] = arena_strdup(&rules->book_arena, answer->scenarios[i]);
	rules->n_scenarios = answer->n_scenarios;
	rules->complaints = arena_strdup(&rules->book_arena, answer->complaints);
	rules->have_book = true;
	history_rule_cards(pane_board(pane)->history, 0, on_cards, pane);
}

/* The result of a rehearsal is opened when it is there and nothing lies over us. */
static void follow_lab(struct pane *pane)
{
	struct rules *rules = pane->memory;
	const struct lab *lab = pane_board(pane)->lab;
	if (lab == NULL)
		return;
	const struct lab_trial *trial = lab_trial(lab);
	if (rules->lab_seen != lab_version(lab)) {
		rules->lab_seen = lab_version(lab);
		sort(pane); /* what a replay says may need more room */
	}
	if (trial->state == LAB_RUNNING) {
		rules->rehearsing = trial->kind == LAB_REHEARSAL;
	} else if (rules->rehearsing && pane->screen->modal == MODAL_NONE) {
		rules->rehearsing = false;
		if (trial->state == LAB_DONE)
			screen_open(pane->screen, &view_rehearsal, 0);
	}
}

/* A trial that was ordered before it was known what there is. */
static void begin_trial(struct pane *pane)
{
	const struct rules *rules = pane->memory;
	struct screen *screen = pane->screen;
	enum command command = screen->trial.command;
	if (command == CMD_NONE || !rules->have_book)
		return;
	screen->trial.command = CMD_NONE;
	if (screen_focused(screen) == pane && screen->modal == MODAL_NONE && trials_command(pane, command, rules->scenarios, rules->n_scenarios) &&
	    screen->trial.answer[0] != '\0')
		screen_answer(screen, screen->trial.answer);
}

static void refresh(struct pane *pane)
{
	struct rules *rules = pane->memory;
	struct history *history = pane_board(pane)->history;
	if (!rules->list.frozen && pane_may_ask(pane, pane_board(pane)->alerts_version, 2 * SECOND_MS)) {
		if (rules->have_book)
			history_rule_cards(history, 0, on_cards, pane);
		else
			history_rule_book(history, on_book, pane);
	}
	follow_lab(pane);
	begin_trial(pane);
}

static void open_rules(struct pane *pane, int64_t id)
{
	struct rules *rules = pane->memory;
	UNUSED(id);
	arena_init(&rules->book_arena);
	arena_init(&rules->card_arena);
	rules->complaints = "";
	rules->list.above = TRIALS_ROWS;
}

static void close_rules(struct pane *pane)
{
	struct rules *rules = pane->memory;
	arena_clear(&rules->book_arena);
	arena_clear(&rules->card_arena);
	free(rules->entries);
	list_clear(&rules->list);
	pane->screen->trial.command = CMD_NONE;
}

/* ---- drawing --------------------------------------------------------------------------------------- */

/* Those of a replay only when there was one; both lists keep level and title
 * at their places, so that what they need stays known. */
static void choose_columns(struct rules *rules, bool with_replay)
{
	rules->n_shown = 0;
	for (int c = 0; c < N_COLS; c++) {
		if (!with_replay && c >= COL_NOW && c <= COL_ENDED)
			continue;
		rules->shown[rules->n_shown] = (enum column)c;
		rules->columns[rules->n_shown++] = columns[c];
	}
}

static void number(struct canvas *canvas, int row, const struct list_place *at, enum role role, int64_t n)
{
	char text[SHORT_BYTES];
	canvas_text_right(canvas, row, at->col, at->cols, n > 0 ? role : ROLE_DIM, format_count(n, text));
}

static void draw_replay_cell(struct canvas *canvas, int row, const struct list_place *at, enum column column,
    const struct replay_rule *rule)
{
	char text[LONG_BYTES];
	if (rule == NULL)
		return;
	switch ((int)column) {
	case COL_NOW:
		number(canvas, row, at, ROLE_STRONG, (int64_t)rule->raised);
		break;
	case COL_BEFORE:
		number(canvas, row, at, ROLE_NUMBER, (int64_t)rule->as_before);
		break;
	case COL_FRESH:
		number(canvas, row, at, ROLE_WARN, (int64_t)rule->fresh);
		break;
	case COL_GONE:
		number(canvas, row, at, ROLE_WARN, (int64_t)rule->gone);
		break;
	case COL_ENDED:
		canvas_text(canvas, row, at->col, at->cols, ROLE_TEXT, say_ended(rule, text));
		break;
	default:
		break;
	}
}

static void draw_card_cell(struct canvas *canvas, int row, const struct list_place *at, enum column column,
    const struct rule_card *card)
{
	char text[SHORT_BYTES] = "\u2014";
	if (card == NULL) {
		canvas_text_right(canvas, row, at->col, at->cols, ROLE_DIM, column == COL_RAISED ? _("never") : text);
		return;
	}
	switch ((int)column) {
	case COL_RAISED:
		number(canvas, row, at, ROLE_STRONG, card->raised);
		break;
	case COL_OPEN:
		number(canvas, row, at, ROLE_STATE_NEW, card->open);
		break;
	case COL_TRUE:
		number(canvas, row, at, ROLE_OK, true_ones(card));
		break;
	case COL_FALSE:
		number(canvas, row, at, ROLE_WARN, false_ones(card));
		break;
	case COL_PRECISION:
		if (precision_of(card) >= 0)
			snprintf(text, sizeof text, "%" PRId64 " %%", precision_of(card));
		canvas_text_right(canvas, row, at->col, at->cols, ROLE_NUMBER, text);
		break;
	case COL_DELAY:
		canvas_text_right(canvas, row, at->col, at->cols, ROLE_TEXT, format_age(card->delay_ms, text));
		break;
	default:
		break;
	}
}

static void draw_row(struct pane *pane, struct canvas *canvas, int row, size_t i, const struct list_place *at)
{
	const struct rules *rules = pane->memory;
	const struct entry *entry = &rules->entries[i];
	for (size_t k = 0; k < rules->n_shown; k++) {
		enum column column = rules->shown[k];
		if (at[k].cols == 0)
			continue;
		if (column == COL_LEVEL && entry->page != NULL)
			canvas_text(canvas, row, at[k].col, at[k].cols, severity_role(entry->page->level),
			    severity_glyph(entry->page->level));
		else if (column == COL_TITLE)
			canvas_text(canvas, row, at[k].col, at[k].cols,
			    entry->page == NULL || entry->card == NULL ? ROLE_DIM : ROLE_TEXT, title_of(entry));
		else if (column >= COL_NOW && column <= COL_ENDED)
			draw_replay_cell(canvas, row, &at[k], column, replayed(pane, entry));
		else if (column >= COL_RAISED)
			draw_card_cell(canvas, row, &at[k], column, entry->card);
	}
}

static void draw(struct pane *pane, struct canvas *canvas, bool focused)
{
	struct rules *rules = pane->memory;
	const struct lab *lab = pane_board(pane)->lab;
	bool with_replay = lab != NULL && lab_replayed(lab) != NULL;
	static const enum column sorted_by[N_SORTS] = { COL_RAISED, COL_PRECISION, COL_TITLE };
	trials_draw(pane, canvas, rules->complaints);
	choose_columns(rules, with_replay);
	size_t sorted = 0;
	while (sorted + 1 < rules->n_shown && rules->shown[sorted] != sorted_by[rules->sort])
		sorted++;
	struct box box = { TRIALS_ROWS, 0, canvas->clip.rows - TRIALS_ROWS, canvas->clip.cols };
	struct box old = canvas_enter(canvas, box);
	pane_draw_list(pane, canvas, &rules->list, rules->columns, rules->n_shown, sorted | (rules->sort == SORT_RAISED ? SORTED_DOWN : SORTED_UP), focused,
	    _("No rule is in force."), draw_row);
	canvas_leave(canvas, old);
}

static void summary(struct pane *pane, char *out, size_t capacity)
{
	const struct rules *rules = pane->memory;
	size_t silent = 0;
	for (size_t i = 0; i < rules->n; i++)
		silent += rules->entries[i].card == NULL;
	if (rules->have_book && pane->answered)
		snprintf(out, capacity, _("%zu rules \u00B7 %zu never spoke"), rules->n, silent);
}

static bool command(struct pane *pane, enum command command)
{
	struct rules *rules = pane->memory;
	if (command == CMD_SORT) {
		rules->sort = (enum sort)((rules->sort + 1) % N_SORTS);
		sort(pane);
		return true;
	}
	if (command == CMD_OPEN) {
		if (rules->list.selected < rules->n)
			screen_open(pane->screen, &view_rule, rules->entries[rules->list.selected].id);
		return true;
	}
	if (pane_board(pane)->lab != NULL && (command == CMD_REPLAY || command == CMD_REHEARSE)) {
		trials_begin(pane->screen, command, "");
		return true;
	}
	return trials_command(pane, command, rules->scenarios, rules->n_scenarios);
}

static void sort_by(struct pane *pane, size_t by)
{
	struct rules *rules = pane->memory;
	rules->sort = (enum sort)by;
	sort(pane);
}

static struct list *get_list(struct pane *pane)
{
	return &((struct rules *)pane->memory)->list;
}

const struct pane_type view_rules = {
	.name = "rules", .title = N_("Rules"), .place = PLACE_RULES, .memory = sizeof(struct rules),
	.open = open_rules, .close = close_rules, .refresh = refresh, .draw = draw, .summary = summary,
	.command = command, .list = get_list,
	.sorts = { "raised", "precision", "name" }, .sort = sort_by,
};
