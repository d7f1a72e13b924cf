/* SPDX-License-Identifier: Apache-2.0
 *
 * Calls explorer: every call, newest first, through one filter. It holds a
 * window of the calls and moves it by key as the cursor nears an edge, so the
 * ten millionth is as near as the tenth:
 *
 *	newest ─┬─ … ─┬─ rows[0] … rows[n-1] ─┬─ … ─ oldest
 *	        head   newer: there are some   older: there are some
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "ui/copy.h"
#include "ui/panes/leads.h"
#include "ui/screen.h"

#define PAGE   500
#define WINDOW 1000 /* rows held: two pages */
#define NEAR   100  /* rows from an edge at which the next page is asked for */
#define SEARCH_MS 25   /* so long a filter searches before it tells what it found */

enum page { PAGE_HEAD, PAGE_OLDER, PAGE_NEWER, PAGE_END };

struct calls {
	struct arena arena;
	struct call *rows;
	size_t n;
	size_t n_above;	    /* calls newer than rows[0], as far as they were passed */
	bool newer, older;  /* more than is held, on that side */
	bool from_end;	    /* came from the oldest: n_above is not known */
	int64_t searched_until; /* a filter is still asked of what lies behind this id; 0: it is not */
	int64_t n_searched;
	bool searched_up; /* … from the oldest on */
	bool known;	  /* the newest ones were told before */
	enum page asked;
	bool jump;	    /* the answer sets the cursor: at its first or last row */
	struct list list;
	char filter[PROMPT_BYTES];
};

static const struct list_column columns[] = {
	{ N_("day"), 6, 0, 2, false, 0 },
	{ N_("time"), 8, 0, 0, false, 0 },
	{ N_("person"), 15, 3, 0, false, 30 },
	{ N_("|arrow"), 1, 0, 0, false, 0 },
	{ N_("number"), 13, 2, 0, false, 20 },
	{ N_("destination"), 15, 2, 1, false, 20 },
	{ N_("talk"), 7, 0, 0, true, 0 },
	{ N_("USD"), 6, 0, 3, true, 0 },
	{ N_("legs"), 6, 0, 6, true, 0 },
	{ N_("how"), 12, 0, 4, false, 0 },
	{ N_("site"), 10, 2, 5, false, 26 },
};
enum { COL_DAY, COL_TIME, COL_PERSON, COL_ARROW, COL_NUMBER, COL_WHERE, COL_TALK, COL_COST, COL_LEGS,
	COL_HOW, COL_SITE };

static bool is_risky(const struct call *call)
{
	return call->direction != CALL_INBOUND && call->direction != CALL_INTERNAL &&
	    (call->tier >= TIER_HIGH || (call->flags & CALL_LOOK_ALIKE));
}

/* Glyph and word, not colour alone. */
static const char *where_of(const struct call *call, char out[static LONG_BYTES])
{
	snprintf(out, LONG_BYTES, "%s%s%s%s%s",
	    !is_risky(call) ? "" : call->tier >= TIER_EXTREME ? "\u25B2 " : call->tier >= TIER_HIGH ? "\u25C6 " : "",
	    call->flags & CALL_LOOK_ALIKE ? "\u2260 " : "", call->country,
	    *call->country != '\0' ? " " : "",
	    call->class != NUMBER_UNKNOWN ? class_word(call->class) : direction_word(call->direction));
	return out;
}

/* The rows are now `a`, then `b`, newest first; either may be what is held now. */
static void hold(struct calls *calls, const struct call *a, size_t n_a, const struct call *b, size_t n_b)
{
	struct arena arena;
	size_t n = n_a + n_b;
	arena_init(&arena);
	struct call *both = mem_alloc((n + 1) * sizeof *both);
	if (n_a > 0)
		memcpy(both, a, n_a * sizeof *both);
	if (n_b > 0)
		memcpy(both + n_a, b, n_b * sizeof *both);
	calls->rows = copy_calls(&arena, both, n);
	calls->n = n;
	free(both);
	arena_clear(&calls->arena);
	calls->arena = arena;
}

static void show(struct calls *calls, bool only_new_is_fresh)
{
	int64_t *ids = mem_alloc((calls->n + 1) * sizeof *ids);
	int64_t newest = calls->list.n > 0 ? calls->list.rows[0].id : INT64_MAX;
	for (size_t i = 0; i < calls->n; i++) {
		const struct call *call = &calls->rows[i];
		char where[LONG_BYTES];
		ids[i] = call->id;
		list_need(&calls->list, COL_PERSON, call->user_name);
		list_need(&calls->list, COL_NUMBER, call->far_number);
		list_need(&calls->list, COL_WHERE, where_of(call, where));
		list_need(&calls->list, COL_SITE, call->location);
	}
	list_set(&calls->list, ids, calls->n);
	/* What a turned page brings is old; what came since is new. */
	for (size_t i = 0; i < calls->list.n; i++)
		calls->list.rows[i].fresh &= !calls->list.rows[i].came || (only_new_is_fresh && calls->list.rows[i].id > newest);
	free(ids);
}

static struct call *reversed(const struct call_list *answer)
{
	struct call *rows = mem_alloc((answer->n + 1) * sizeof *rows);
	for (size_t i = 0; i < answer->n; i++)
		rows[i] = answer->items[answer->n - 1 - i];
	return rows;
}

/* Where the row of the cursor would be cut off, the answer is not taken: it is
 * asked for again when the cursor is near that edge. */
static void take_head(struct calls *calls, const struct call_list *answer)
{
	/* Rows further down stay: late records change the newest calls. */
	size_t from = calls->n;
	int64_t last = answer->searching ? answer->resume_id : answer->n > 0 ? answer->items[answer->n - 1].id :
									       0;
	if (!calls->newer && answer->more)
		for (from = 0; from < calls->n && calls->rows[from].id >= last;)
			from++;
	size_t kept = MIN(calls->n - from, WINDOW - MIN(answer->n, (size_t)WINDOW));
	bool is_hole = kept > 0 && from == 0 && !answer->searching; /* what came since is more than a page */
	if (!calls->newer && (is_hole || (answer->more && calls->list.selected >= from + kept && calls->n > 0))) {
		calls->newer = true;
		for (size_t i = 0; i < answer->n && answer->items[i].id > calls->rows[0].id; i++)
			calls->n_above++;
		return;
	}
	calls->older = answer->more; /* a page that turns out empty says otherwise */
	calls->newer = calls->from_end = false;
	calls->n_above = 0;
	hold(calls, answer->items, answer->n, kept > 0 ? calls->rows + from : NULL, kept);
	show(calls, true);
}

static void take_older(struct calls *calls, const struct call_list *answer)
{
	size_t drop = calls->n + answer->n > WINDOW ? calls->n + answer->n - WINDOW : 0;
	drop = MIN(drop, calls->n);
	if (drop > calls->list.selected)
		return;
	calls->older = answer->more;
	calls->newer |= drop > 0;
	calls->n_above += drop;
	hold(calls, drop < calls->n ? calls->rows + drop : NULL, calls->n - drop, answer->items, answer->n);
	show(calls, false);
}

static void take_newer(struct calls *calls, const struct call_list *answer)
{
	size_t kept = MIN(calls->n, WINDOW - MIN(answer->n, (size_t)WINDOW));
	if (kept > 0 && calls->list.selected >= kept)
		return;
	struct call *rows = reversed(answer);
	calls->newer = answer->more;
	calls->older |= kept < calls->n;
	/* More may have come above what was passed on the way down. */
	calls->n_above = answer->more ? calls->n_above - MIN(answer->n, calls->n_above) : 0;
	calls->from_end &= answer->more;
	hold(calls, rows, answer->n, calls->rows, kept);
	show(calls, false);
	free(rows);
}

static void take_end(struct calls *calls, const struct call_list *answer)
{
	struct call *rows = reversed(answer);
	calls->newer = calls->from_end = answer->more;
	calls->older = false;
	calls->n_above = 0;
	hold(calls, rows, answer->n, NULL, 0);
	show(calls, false);
	free(rows);
}

static void on_answer(void *arg, const struct call_list *answer, const struct fault *fault)
{
	struct pane *pane = arg;
	struct calls *calls = pane->memory;
	pane_answered(pane, fault);
	bool jump = calls->jump;
	calls->jump = false; /* a jump that failed is not made up for later */
	if (answer == NULL)
		return;
	bool was_older = calls->older;
	/* The newest ones again: how far down the search has come does not change. */
	bool refreshed = calls->asked == PAGE_HEAD && calls->known && !calls->newer && answer->searching;
	if (!refreshed) {
		calls->n_searched = answer->n_searched + (calls->searched_until != 0 ? calls->n_searched : 0);
		calls->searched_until = answer->searching ? answer->resume_id : 0;
	}
	calls->known = true;
	struct call_list found = *answer;
	found.more |= answer->searching; /* there may be */
	answer = &found;
	switch (calls->asked) {
	case PAGE_HEAD:
		take_head(calls, answer);
		break;
	case PAGE_OLDER:
		take_older(calls, answer);
		break;
	case PAGE_NEWER:
		take_newer(calls, answer);
		break;
	case PAGE_END:
		take_end(calls, answer);
		break;
	}
	if (refreshed)
		calls->older = was_older;
	if (jump)
		list_select(&calls->list, calls->asked == PAGE_END ? SIZE_MAX : 0);
}

static void ask(struct pane *pane, enum page page)
{
	struct calls *calls = pane->memory;
	struct call_query query = { .filter = filters_expanded(pane->screen, calls->filter), .limit = PAGE, .oldest_first = page == PAGE_NEWER || page == PAGE_END, .before_id = page == PAGE_OLDER && calls->n > 0 ? calls->rows[calls->n - 1].id : 0, .after_id = page == PAGE_NEWER && calls->n > 0 ? calls->rows[0].id : 0, .budget_ms = SEARCH_MS };
	if (calls->searched_until != 0 && page == PAGE_OLDER && !calls->searched_up)
		query.before_id = calls->searched_until;
	else if (calls->searched_until != 0 && page == PAGE_NEWER && calls->searched_up)
		query.after_id = calls->searched_until;
	else if (page != PAGE_HEAD || calls->jump)
		calls->searched_until = 0;
	if (page != PAGE_HEAD || calls->jump)
		calls->searched_up = query.oldest_first;
	calls->asked = page;
	pane->waiting = true;
	pane->asked_ms = pane->screen->steady_ms;
	history_calls(pane_board(pane)->history, &query, on_answer, pane);
}

/* To the newest or the oldest, wherever the window is. */
static void jump(struct pane *pane, enum page page)
{
	struct calls *calls = pane->memory;
	history_forget(pane_board(pane)->history, pane); /* what was on its way is not wanted */
	calls->jump = true;
	ask(pane, page);
}

static void refresh(struct pane *pane)
{
	struct calls *calls = pane->memory;
	/* What comes now is far above; the first rows are asked for in any case. */
	bool filled = pane->answered && (calls->n > 0 || pane->fault.code == FAULT_NONE);
	if (filled && (calls->newer || calls->list.frozen))
		return;
	if (pane_may_ask(pane, pane_board(pane)->calls_version, 1000))
		ask(pane, PAGE_HEAD);
}

static void open_calls(struct pane *pane, int64_t id)
{
	struct calls *calls = pane->memory;
	UNUSED(id);
	arena_init(&calls->arena);
}

static void close_calls(struct pane *pane)
{
	struct calls *calls = pane->memory;
	arena_clear(&calls->arena);
	list_clear(&calls->list);
}

/* ---- drawing ------------------------------------------------------------------------ */

static const char *how(const struct call *call)
{
	if (call->flags & CALL_FORWARDED)
		return _("forwarded");
	if (call->flags & CALL_TRANSFERRED)
		return _("transferred");
	if (call->flags & CALL_VOICEMAIL)
		return _("voicemail");
	if (call->flags & CALL_QUEUED)
		return _("queue");
	if (call->flags & CALL_ATTENDANT)
		return _("attendant");
	return call->flags & CALL_ANSWERED ? _("answered") : _("not answered");
}

static void draw_row(struct pane *pane, struct canvas *canvas, int row, size_t i,
    const struct list_place *at)
{
	const struct calls *calls = pane->memory;
	const struct call *call = &calls->rows[i];
	char text[SHORT_BYTES], number[LONG_BYTES], where[LONG_BYTES];
	const struct zone *zone = zones_current(&pane->screen->zones, NULL);
	bool risky = is_risky(call);
	bool answered = call->flags & CALL_ANSWERED;
	enum role role = answered ? ROLE_TEXT : ROLE_DIM;
	format_time(zone, call->start_ms, pane_now(pane), text);
	canvas_text(canvas, row, at[COL_DAY].col, at[COL_DAY].cols, ROLE_DIM,
	    strchr(text, ':') != NULL ? _("today") : text);
	canvas_text(canvas, row, at[COL_TIME].col, at[COL_TIME].cols, role,
	    format_clock(zone, call->start_ms, text));
	canvas_text(canvas, row, at[COL_SITE].col, at[COL_SITE].cols, ROLE_DIM, call->location);
	canvas_text(canvas, row, at[COL_PERSON].col, at[COL_PERSON].cols, role,
	    *call->user_name != '\0' ? call->user_name :
	    *call->user_number != '\0' ? format_number(call->user_number, pane->screen->masked, number) : "\u2014");
	canvas_text(canvas, row, at[COL_ARROW].col, at[COL_ARROW].cols, ROLE_DIM,
	    call->direction == CALL_INBOUND ? "\u2190" : "\u2192");
	canvas_text(canvas, row, at[COL_NUMBER].col, at[COL_NUMBER].cols, risky ? ROLE_NUMBER : role,
	    format_number(call->far_number, pane->screen->masked, number));
	canvas_text(canvas, row, at[COL_WHERE].col, at[COL_WHERE].cols,
	    risky ? (call->tier >= TIER_HIGH ? tier_role(call->tier) : ROLE_MEDIUM) : ROLE_DIM,
	    where_of(call, where));
	canvas_text_right(canvas, row, at[COL_TALK].col, at[COL_TALK].cols, role,
	    answered || call->talk_s > 0 ? format_duration(call->talk_s, text) : "\u2014");
	snprintf(text, sizeof text, "%d", call->n_legs);
	canvas_text_right(canvas, row, at[COL_LEGS].col, at[COL_LEGS].cols, ROLE_DIM, text);
	canvas_text(canvas, row, at[COL_HOW].col, at[COL_HOW].cols, ROLE_DIM, how(call));
	canvas_text_right(canvas, row, at[COL_COST].col, at[COL_COST].cols, role,
	    call->cost_micro > 0 ? format_money(call->cost_micro, text) : "");
}

static void draw(struct pane *pane, struct canvas *canvas, bool focused)
{
	struct calls *calls = pane->memory;
	pane_draw_list(pane, canvas, &calls->list, columns, COUNT_OF(columns), COL_TIME | SORTED_DOWN, focused,
	    calls->searched_until != 0 ? _("Searching\u2026") : calls->filter[0] != '\0' ? _("No call passes the filter.") :
											   _("No call yet."),
	    draw_row);
	/* Near an edge of the window, move it; after a fault not in a hurry. */
	bool again = pane->fault.code != FAULT_NONE;
	if (pane->waiting || (again && pane->screen->steady_ms - pane->asked_ms < 2 * SECOND_MS))
		return;
	if (calls->older && (calls->list.selected + NEAR > calls->n || (again && calls->asked == PAGE_OLDER)))
		ask(pane, PAGE_OLDER);
	else if (calls->newer && (calls->list.selected < NEAR || again))
		ask(pane, PAGE_NEWER);
}

static void summary(struct pane *pane, char *out, size_t capacity)
{
	const struct calls *calls = pane->memory;
	char number[SHORT_BYTES];
	if (calls->searched_until != 0 && calls->list.selected + NEAR > calls->n) {
		snprintf(out, capacity, _("searching\u2026 %s read \u00B7 %zu found"), format_count(calls->n_searched, number), calls->n);
		return;
	}
	/* What is known, and no more: a "+" where there are others. */
	if (calls->from_end)
		snprintf(out, capacity, _("the oldest %zu"), calls->n);
	else if (calls->newer)
		snprintf(out, capacity, "%zu\u2013%zu%s", calls->n_above + 1, calls->n_above + calls->n,
		    calls->older ? "+" : "");
	else
		snprintf(out, capacity, "%zu%s", calls->n, calls->older ? "+" : "");
}

/* ---- commands -------------------------------------------------------------------------- */

static void open_related(struct pane *pane, const struct call *call)
{
	struct leads *leads = leads_new();
	leads_add_call(leads, call);
	leads_open(pane->screen, leads);
}

static bool command(struct pane *pane, enum command command)
{
	struct calls *calls = pane->memory;
	if (command == CMD_TOP && calls->newer)
		jump(pane, PAGE_HEAD);
	else if (command == CMD_BOTTOM && calls->older)
		jump(pane, PAGE_END);
	else if ((command == CMD_PROFILE || command == CMD_NUMBER) && calls->list.selected < calls->n)
		profile_of_call(pane->screen, command, &calls->rows[calls->list.selected]);
	else if (command == CMD_RELATED && calls->list.selected < calls->n)
		open_related(pane, &calls->rows[calls->list.selected]);
	else if (command != CMD_OPEN)
		return false;
	else if (calls->list.n > 0)
		screen_open(pane->screen, &view_call, list_selected_id(&calls->list));
	return true;
}

static struct list *get_list(struct pane *pane)
{
	return &((struct calls *)pane->memory)->list;
}

static const char *filter(struct pane *pane)
{
	return ((struct calls *)pane->memory)->filter;
}

static const void *row_at(struct pane *pane, size_t i)
{
	const struct calls *calls = pane->memory;
	return i < calls->n ? &calls->rows[i] : NULL;
}

static const void *selected(struct pane *pane)
{
	const struct calls *calls = pane->memory;
	return calls->list.selected < calls->n ? &calls->rows[calls->list.selected] : NULL;
}

static void set_filter(struct pane *pane, const char *expression)
{
	struct calls *calls = pane->memory;
	snprintf(calls->filter, sizeof calls->filter, "%s", expression);
	calls->n = calls->n_above = 0;
	calls->newer = calls->older = calls->from_end = calls->jump = false;
	calls->searched_until = 0;
	calls->searched_up = calls->known = false;
	list_restart(&calls->list);
	pane_ask_anew(pane);
}

static size_t text(struct pane *pane, char *out, size_t capacity)
{
	const struct calls *calls = pane->memory;
	if (calls->list.selected >= calls->n)
		return 0;
	const struct call *call = &calls->rows[calls->list.selected];
	int n = snprintf(out, capacity, "%s %s %s", call->correlation_id, call->user_name, call->far_number);
	return (size_t)MIN(MAX(n, 0), (int)capacity - 1);
}

const struct pane_type view_calls = {
	.name = "calls", .title = N_("Calls"), .place = PLACE_CALLS, .memory = sizeof(struct calls),
	.open = open_calls, .close = close_calls, .refresh = refresh, .draw = draw,
	.summary = summary, .command = command, .list = get_list, .text = text,
	.filter = filter, .set_filter = set_filter, .filter_of = FILTER_CALLS, .row = row_at, .selected = selected, .read_row = filter_read_call,
};
