/* SPDX-License-Identifier: Apache-2.0
 *
 * Silences in one place: snoozed alerts, alerts like one, filters, maintenance;
 * whose, why, until when, and how much each hides. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "ui/copy.h"
#include "ui/fuzzy.h"
#include "ui/panes/silence_parts.h"
#include "ui/screen.h"

#define FOOT_ROWS 3 /* what stands of the one under the cursor */

enum sort { SORT_ENDS,
	SORT_HITS,
	SORT_LAST,
	SORT_KIND,
	SORT_OWNER,
	N_SORTS };

struct silences_view {
	struct arena arena;
	struct silence_row *all;
	size_t n_all;
	struct silence_row **shown; /* as they are sorted, of those that the filter lets through */
	size_t n;
	struct list list;
	enum sort sort;
	char filter[128];
};

static enum sort sort_now;

static int by_sort(const void *a, const void *b)
{
	const struct silence_row *x = *(struct silence_row *const *)a, *y = *(struct silence_row *const *)b;
	int64_t order = 0;
	switch (sort_now) {
	case SORT_ENDS:
	case N_SORTS:
		break;
	case SORT_HITS:
		order = y->day_hits != x->day_hits ? y->day_hits - x->day_hits : y->hits - x->hits;
		break;
	case SORT_LAST:
		order = y->last_hit_ms - x->last_hit_ms;
		break;
	case SORT_KIND:
		order = (int64_t)x->kind - (int64_t)y->kind;
		break;
	case SORT_OWNER:
		order = strcmp(x->owner, y->owner);
		break;
	}
	if (order == 0)
		order = x->until_ms - y->until_ms;
	if (order == 0)
		order = silence_handle(x->kind, x->id) - silence_handle(y->kind, y->id);
	return (order > 0) - (order < 0);
}

static bool passes(const struct pane *pane, const struct silences_view *view, const struct silence_row *row)
{
	bool masked = pane->screen->masked;
	char scope[PROMPT_BYTES], ref[SILENCE_REF_BYTES], reason[TYPED_BYTES];
	const char *const texts[] = { silence_scope_text(row, masked, scope), silence_word(row->kind), row->owner,
		format_masked(row->reason, masked, reason, sizeof reason), row->location,
		silence_ref(row->kind, row->id, ref) };
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		if (fuzzy_contains(texts[i], view->filter))
			return true;
	}
	return false;
}

static void arrange(struct pane *pane)
{
	struct silences_view *view = pane->memory;
	free(view->shown);
	view->shown = mem_alloc((view->n_all + 1) * sizeof *view->shown);
	view->n = 0;
	for (size_t i = 0; i < view->n_all; i++) {
		if (view->filter[0] == '\0' || passes(pane, view, &view->all[i]))
			view->shown[view->n++] = &view->all[i];
	}
	sort_now = view->sort;
	if (view->n > 0)
		qsort(view->shown, view->n, sizeof *view->shown, by_sort);
	int64_t *ids = mem_alloc((view->n + 1) * sizeof *ids);
	for (size_t i = 0; i < view->n; i++)
		ids[i] = silence_handle(view->shown[i]->kind, view->shown[i]->id);
	list_set(&view->list, ids, view->n);
	free(ids);
}

static void on_answer(void *arg, const struct silence_list *answer, const struct fault *fault)
{
	struct pane *pane = arg;
	struct silences_view *view = pane->memory;
	pane_answered(pane, fault);
	if (answer == NULL)
		return;
	arena_clear(&view->arena);
	arena_init(&view->arena);
	view->all = copy_silences(&view->arena, answer->items, answer->n);
	view->n_all = answer->n;
	arrange(pane);
}

/* Some end by themselves: it is looked at each minute, too. */
static void refresh(struct pane *pane)
{
	uint64_t version = pane_board(pane)->alerts_version + (uint64_t)(pane_now(pane) / MINUTE_MS);
	if (pane_may_ask(pane, version, 500))
		history_silences(pane_board(pane)->history, on_answer, pane);
}

static void open_silences(struct pane *pane, int64_t id)
{
	UNUSED(id);
	arena_init(&((struct silences_view *)pane->memory)->arena);
}

static void close_silences(struct pane *pane)
{
	struct silences_view *view = pane->memory;
	arena_clear(&view->arena);
	free(view->shown);
	list_clear(&view->list);
}

/* ---- drawing ------------------------------------------------------------------------------- */

static const struct list_column columns[] = {
	{ N_("|kind"), 1, 0, 0, false, 0 },
	{ N_("what is silent"), 22, 3, 0, false, 70 },
	{ N_("owner"), 8, 0, 3, false, 0 },
	{ N_("reason"), 14, 2, 4, false, 50 },
	{ N_("ends in"), 8, 0, 0, true, 0 },
	{ N_("until"), 32, 0, 7, false, 0 },
	{ N_("hidden"), 7, 0, 0, true, 0 },
	{ N_("24 h"), 6, 0, 2, true, 0 },
	{ N_("last"), 6, 0, 5, true, 0 },
	{ N_("worst"), 8, 0, 6, false, 0 },
	{ N_("|days"), 14, 0, 1, false, 0 },
};
enum { COL_SIGN,
	COL_SCOPE,
	COL_OWNER,
	COL_REASON,
	COL_ENDS,
	COL_UNTIL,
	COL_HITS,
	COL_DAY,
	COL_LAST,
	COL_WORST,
	COL_REMARK };

static void draw_counts(struct canvas *canvas, int row, const struct list_place *at, const struct silence_row *s, int64_t now)
{
	char text[SHORT_BYTES];
	bool counts = s->kind != SILENCE_SNOOZE;
	canvas_text_right(canvas, row, at[COL_HITS].col, at[COL_HITS].cols, s->hits > 0 ? ROLE_STRONG : ROLE_DIM, counts ? format_count(s->hits, text) : "\u2014");
	canvas_text_right(canvas, row, at[COL_DAY].col, at[COL_DAY].cols, s->day_hits >= SILENCE_HIDES_MUCH && s->kind != SILENCE_EXCEPTION ? ROLE_WARN : s->day_hits > 0 ? ROLE_NUMBER :
																					    ROLE_DIM,
	    counts ? format_count(s->day_hits, text) : "\u2014");
	if (s->last_hit_ms > 0)
		canvas_text_right(canvas, row, at[COL_LAST].col, at[COL_LAST].cols, ROLE_TEXT, format_age(MAX(now - s->last_hit_ms, (int64_t)0), text));
	if (s->hits > 0 && s->kind != SILENCE_EXCEPTION)
		canvas_text(canvas, row, at[COL_WORST].col, at[COL_WORST].cols, severity_role(s->worst), severity_badge(s->worst));
}

static void draw_row(struct pane *pane, struct canvas *canvas, int row, size_t i, const struct list_place *at)
{
	const struct silences_view *view = pane->memory;
	const struct silence_row *s = view->shown[i];
	int64_t now = pane_now(pane);
	char scope[PROMPT_BYTES], text[SHORT_BYTES], reason[TYPED_BYTES], moment[LONG_BYTES];
	enum role role;
	const char *label;
	const struct zone *zone = zones_current(&pane->screen->zones, &label);
	const char *remark = silence_remark(s, now, &role);
	canvas_text(canvas, row, at[COL_SIGN].col, at[COL_SIGN].cols, s->kind == SILENCE_SNOOZE ? ROLE_STATE_SNOOZED : ROLE_STRONG, silence_sign(s->kind));
	canvas_text(canvas, row, at[COL_SCOPE].col, at[COL_SCOPE].cols, *s->broken != '\0' ? ROLE_ERROR : ROLE_TEXT, silence_scope_text(s, pane->screen->masked, scope));
	canvas_text(canvas, row, at[COL_OWNER].col, at[COL_OWNER].cols, ROLE_STRONG, s->owner);
	canvas_text(canvas, row, at[COL_REASON].col, at[COL_REASON].cols, ROLE_DIM, format_masked(s->reason, pane->screen->masked, reason, sizeof reason));
	canvas_text_right(canvas, row, at[COL_ENDS].col, at[COL_ENDS].cols, silence_ends_soon(s, now) ? ROLE_WARN : ROLE_TEXT, silence_left(s, now, text));
	if (s->until_ms != SILENCE_NEVER_ENDS)
		canvas_text(canvas, row, at[COL_UNTIL].col, at[COL_UNTIL].cols, ROLE_DIM, format_minute(zone, label, s->until_ms, moment));
	draw_counts(canvas, row, at, s, now);
	canvas_text(canvas, row, at[COL_REMARK].col, at[COL_REMARK].cols, role, remark);
}

static const struct silence_row *selected(const struct silences_view *view)
{
	return view->list.selected < view->n ? view->shown[view->list.selected] : NULL;
}

/* All of the one under the cursor, whatever its columns had no room for. */
static void draw_foot(struct pane *pane, struct canvas *canvas, int row, const struct silence_row *s)
{
	int cols = canvas->clip.cols;
	char scope[PROMPT_BYTES], ref[SILENCE_REF_BYTES], moment[LONG_BYTES], begins[LONG_BYTES], typed[TYPED_BYTES];
	const char *label;
	const struct zone *zone = zones_current(&pane->screen->zones, &label);
	canvas_fill(canvas, (struct box){ row, 0, 1, cols }, ROLE_BORDER, 0x2500);
	if (s == NULL)
		return;
	const char *reason = format_masked(s->reason, pane->screen->masked, typed, sizeof typed);
	int col = 1 + canvas_printf(canvas, row + 1, 1, cols - 2, ROLE_COLUMN, "%s %s", silence_ref(s->kind, s->id, ref), silence_word(s->kind)) + 2;
	canvas_text(canvas, row + 1, col, cols - col - 1, ROLE_TEXT, silence_scope_text(s, pane->screen->masked, scope));
	format_minute(zone, label, s->until_ms, moment);
	if (*s->broken != '\0') {
		canvas_printf(canvas, row + 2, 1, cols - 2, ROLE_ERROR, _("keeps back nothing: %s"), s->broken);
	} else if (s->kind == SILENCE_EXCEPTION) {
		if (s->until_ms == SILENCE_NEVER_ENDS)
			snprintf(moment, sizeof moment, "\u2014");
		canvas_printf(canvas, row + 2, 1, cols - 2, ROLE_DIM, _("until %s \u00B7 %s: %s"), moment, s->owner, s->file);
	} else if (s->kind == SILENCE_MAINTENANCE) {
		format_minute(zone, label, s->begin_ms, begins);
		canvas_printf(canvas, row + 2, 1, cols - 2, ROLE_DIM, _("from %s to %s \u00B7 %s: %s"), begins, moment, s->owner, reason);
	} else {
		canvas_printf(canvas, row + 2, 1, cols - 2, ROLE_DIM, _("until %s \u00B7 %s: %s"), moment, s->owner, reason);
	}
}

static void draw(struct pane *pane, struct canvas *canvas, bool focused)
{
	struct silences_view *view = pane->memory;
	static const size_t sorted_by[N_SORTS] = { COL_ENDS, COL_DAY, COL_LAST, COL_SIGN, COL_OWNER };
	struct box box = { 0, 0, canvas->clip.rows - FOOT_ROWS, canvas->clip.cols };
	struct box old = canvas_enter(canvas, box);
	pane_draw_list(pane, canvas, &view->list, columns, COUNT_OF(columns), sorted_by[view->sort] | (view->sort == SORT_HITS || view->sort == SORT_LAST ? SORTED_DOWN : SORTED_UP), focused,
	    view->n_all > 0 ? _("Nothing here has that in it.") : _("Nothing is silent."), draw_row);
	canvas_leave(canvas, old);
	draw_foot(pane, canvas, canvas->clip.rows - FOOT_ROWS, selected(view));
}

static void summary(struct pane *pane, char *out, size_t capacity)
{
	const struct silences_view *view = pane->memory;
	int64_t day = 0;
	for (size_t i = 0; i < view->n_all; i++)
		day += view->all[i].kind != SILENCE_EXCEPTION ? view->all[i].day_hits : 0; /* those are records */
	if (pane->answered)
		snprintf(out, capacity, _("%zu silent \u00B7 %lld hidden in 24 h"), view->n_all, (long long)day);
}

/* ---- commands ------------------------------------------------------------------------------- */

static bool command(struct pane *pane, enum command command)
{
	struct silences_view *view = pane->memory;
	const struct silence_row *s = selected(view);
	if (command == CMD_SORT) {
		view->sort = (enum sort)((view->sort + 1) % N_SORTS);
		arrange(pane);
		return true;
	}
	if (command == CMD_OPEN) {
		if (s != NULL && s->kind == SILENCE_SNOOZE)
			screen_open(pane->screen, &view_alert, s->id);
		else if (s != NULL)
			screen_open(pane->screen, &view_silence, silence_handle(s->kind, s->id));
		return true;
	}
	return silence_command(pane->screen, command, s);
}

static void sort_by(struct pane *pane, size_t by)
{
	struct silences_view *view = pane->memory;
	view->sort = (enum sort)by;
	arrange(pane);
}

static struct list *get_list(struct pane *pane)
{
	return &((struct silences_view *)pane->memory)->list;
}

static const char *filter(struct pane *pane)
{
	return ((struct silences_view *)pane->memory)->filter;
}

static void set_filter(struct pane *pane, const char *text)
{
	struct silences_view *view = pane->memory;
	snprintf(view->filter, sizeof view->filter, "%s", text);
	arrange(pane);
}

static size_t text(struct pane *pane, char *out, size_t capacity)
{
	const struct silence_row *s = selected(pane->memory);
	char scope[PROMPT_BYTES], ref[SILENCE_REF_BYTES];
	if (s == NULL)
		return 0;
	int n = snprintf(out, capacity, "%s %s", silence_ref(s->kind, s->id, ref), silence_scope_text(s, pane->screen->masked, scope));
	return (size_t)MIN(MAX(n, 0), (int)capacity - 1);
}

const struct pane_type view_silences = {
	.name = "silences",
	.title = N_("Silences"),
	.place = PLACE_SILENCES,
	.memory = sizeof(struct silences_view),
	.open = open_silences,
	.close = close_silences,
	.refresh = refresh,
	.draw = draw,
	.summary = summary,
	.command = command,
	.list = get_list,
	.text = text,
	.filter = filter,
	.set_filter = set_filter,
	.sorts = { "ends", "hidden", "last", "kind", "owner" },
	.sort = sort_by,
};
