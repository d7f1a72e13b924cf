/* SPDX-License-Identifier: Apache-2.0
 *
 * The audit log: who did what, newest first, and whether its chain holds. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "ui/copy.h"
#include "ui/screen.h"
#include "ui/step_words.h"

#include <stdlib.h>

struct audit_view {
	struct arena arena;
	struct audit_row *rows;
	size_t n;
	struct audit_chain chain; /* as it was read; what comes is read on */
	struct list list;
};

static void on_answer(void *arg, const struct audit_list *answer, const struct fault *fault)
{
	struct pane *pane = arg;
	struct audit_view *view = pane->memory;
	pane_answered(pane, fault);
	if (answer == NULL)
		return;
	arena_clear(&view->arena);
	arena_init(&view->arena);
	view->rows = copy_audit(&view->arena, answer->items, answer->n);
	view->n = answer->n;
	view->chain = answer->chain;
	int64_t *ids = mem_alloc((view->n + 1) * sizeof *ids);
	for (size_t i = 0; i < view->n; i++)
		ids[i] = view->rows[i].seq;
	list_set(&view->list, ids, view->n);
	free(ids);
}

static void refresh(struct pane *pane)
{
	if (pane_may_ask(pane, pane_board(pane)->alerts_version, 500))
		history_audit(pane_board(pane)->history, 1000, &((struct audit_view *)pane->memory)->chain, on_answer, pane);
}

static void open_audit(struct pane *pane, int64_t id)
{
	UNUSED(id);
	arena_init(&((struct audit_view *)pane->memory)->arena);
	step_words_ask(pane);
}

static void close_audit(struct pane *pane)
{
	struct audit_view *view = pane->memory;
	arena_clear(&view->arena);
	list_clear(&view->list);
}

static const struct list_column columns[] = {
	{ N_("no."), 6, 0, 3, true, 0 },
	{ N_("when"), 19, 0, 0, false, 0 },
	{ N_("who"), 12, 1, 0, false, 0 },
	{ N_("did"), 12, 0, 0, false, 0 },
	{ N_("alert"), 7, 0, 0, true, 0 },
	{ N_("before"), 12, 1, 2, false, 0 },
	{ N_("after"), 12, 1, 1, false, 0 },
	{ N_("note"), 8, 4, 4, false, 0 },
};
enum { COL_SEQ, COL_WHEN, COL_WHO, COL_DID, COL_ALERT, COL_BEFORE, COL_AFTER, COL_NOTE };

static void draw_row(struct pane *pane, struct canvas *canvas, int row, size_t i,
    const struct list_place *at)
{
	const struct audit_view *view = pane->memory;
	const struct audit_row *line = &view->rows[i];
	const struct alert_event *event = &line->event;
	char text[LONG_BYTES], typed[TYPED_BYTES];
	const char *label;
	bool masked = pane->screen->masked, tags = strcmp(event->act, triage_act_name(TRIAGE_TAG)) == 0;
	const struct zone *zone = zones_current(&pane->screen->zones, &label);
	snprintf(text, sizeof text, "%" PRId64, line->seq);
	canvas_text_right(canvas, row, at[COL_SEQ].col, at[COL_SEQ].cols, ROLE_DIM, text);
	format_moment(zone, label, event->at_ms, text);
	text[MIN(strlen(text), (size_t)19)] = '\0';
	canvas_text(canvas, row, at[COL_WHEN].col, at[COL_WHEN].cols, ROLE_TEXT, text);
	canvas_text(canvas, row, at[COL_WHO].col, at[COL_WHO].cols, ROLE_STRONG, event->who);
	canvas_text(canvas, row, at[COL_DID].col, at[COL_DID].cols, ROLE_TEXT, act_word(event->act));
	snprintf(text, sizeof text, "#%" PRId64, line->alert_id);
	if (line->alert_id != 0) /* else of a silence, or of the log itself */
		canvas_text_right(canvas, row, at[COL_ALERT].col, at[COL_ALERT].cols, ROLE_TEXT, text);
	canvas_text(canvas, row, at[COL_BEFORE].col, at[COL_BEFORE].cols, ROLE_DIM,
	    format_masked(value_word(event->before), masked && tags, typed, sizeof typed));
	canvas_text(canvas, row, at[COL_AFTER].col, at[COL_AFTER].cols, ROLE_TEXT,
	    format_masked(value_word(event->after), masked && tags, typed, sizeof typed));
	canvas_text(canvas, row, at[COL_NOTE].col, at[COL_NOTE].cols, ROLE_TEXT, format_masked(event_note(event), masked, typed, sizeof typed));
}

static void draw(struct pane *pane, struct canvas *canvas, bool focused)
{
	struct audit_view *view = pane->memory;
	pane->title_role = pane->answered && view->chain.broken_at != 0 ? ROLE_ERROR : ROLE_TITLE;
	pane_draw_list(pane, canvas, &view->list, columns, COUNT_OF(columns), COL_WHEN | SORTED_DOWN, focused,
	    _("Nobody has done anything yet."), draw_row);
}

static void summary(struct pane *pane, char *out, size_t capacity)
{
	const struct audit_view *view = pane->memory;
	if (!pane->answered)
		return;
	int n = (int64_t)view->n < view->chain.n ? snprintf(out, capacity, _("%zu of %lld"), view->n, (long long)view->chain.n) :
						   snprintf(out, capacity, "%zu", view->n);
	if (view->chain.broken_at != 0)
		snprintf(out + n, capacity - (size_t)n, " \u00B7 %s", _("CHAIN BROKEN"));
	else
		snprintf(out + n, capacity - (size_t)n, " \u00B7 %s", _("chain intact"));
}

static bool command(struct pane *pane, enum command command)
{
	struct audit_view *view = pane->memory;
	if (command != CMD_OPEN)
		return false;
	if (view->list.selected < view->n && view->rows[view->list.selected].alert_id != 0)
		screen_open(pane->screen, &view_alert, view->rows[view->list.selected].alert_id);
	return true;
}

static struct list *get_list(struct pane *pane)
{
	return &((struct audit_view *)pane->memory)->list;
}

const struct pane_type view_audit = {
	.name = "audit", .title = N_("Audit log"), .place = PLACE_LIST,
	.memory = sizeof(struct audit_view), .open = open_audit, .close = close_audit,
	.refresh = refresh, .draw = draw, .summary = summary, .command = command, .list = get_list,
};
