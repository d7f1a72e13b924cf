/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/panes/pane.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "filter/token.h"
#include "ui/columns.h"
#include "ui/screen.h"

struct pane *pane_new(const struct pane_type *type, struct screen *screen, int64_t id)
{
	struct pane *pane = mem_zalloc(sizeof *pane);
	pane->type = type;
	pane->screen = screen;
	pane->id = id;
	pane->title_role = ROLE_TITLE;
	pane->asked_ms = INT64_MIN / 2;
	pane->memory = mem_zalloc(type->memory + 1);
	if (type->entitle != NULL)
		type->entitle(pane);
	if (type->open != NULL)
		type->open(pane, id);
	return pane;
}

void pane_free(struct pane *pane)
{
	if (pane == NULL)
		return;
	history_forget(pane->screen->board->history, pane);
	if (pane->screen->modal == MODAL_FILTER && pane->screen->filter_prompt.pane == pane)
		screen_drop_modal(pane->screen); /* it is of this pane's rows */
	if (pane->type->close != NULL)
		pane->type->close(pane);
	free(pane->memory);
	free(pane);
}

bool pane_may_ask(struct pane *pane, uint64_t version, int64_t gap_ms)
{
	if (pane->waiting || pane->screen->steady_ms - pane->asked_ms < gap_ms) {
		pane->behind = gap_ms <= SECOND_MS && (!pane->answered || pane->asked_version != version);
		return false;
	}
	pane->behind = false;
	/* After a fault it asks again, but not in a hurry. */
	bool again = pane->fault.code != FAULT_NONE &&
	    pane->screen->steady_ms - pane->asked_ms > 2 * SECOND_MS;
	if (pane->answered && pane->asked_version == version && !again)
		return false;
	pane->waiting = true;
	pane->asked_version = version;
	pane->asked_ms = pane->screen->steady_ms;
	return true;
}

void pane_answered(struct pane *pane, const struct fault *fault)
{
	pane->waiting = false;
	pane->answered = true;
	pane->of_ms = pane->screen->past_ms;
	pane->fault = fault != NULL ? *fault : (struct fault){ 0 };
	pane->screen->dirt++;
}

void pane_ask_anew(struct pane *pane)
{
	history_forget(pane->screen->board->history, pane);
	pane->waiting = pane->answered = false;
	pane->fault = (struct fault){ 0 };
	pane->asked_ms = INT64_MIN / 2;
	pane->screen->dirt++;
	if (pane->type->refresh != NULL)
		pane->type->refresh(pane);
}

struct document *pane_document(const struct pane *pane)
{
	size_t at = pane->type->document;
	return at == 0 ? NULL : (struct document *)(void *)((char *)pane->memory + at - 1);
}

struct list *pane_list(struct pane *pane)
{
	struct document *document = pane_document(pane);
	if (document != NULL)
		return &document->list;
	return pane->type->list != NULL ? pane->type->list(pane) : NULL;
}

const char *pane_filter(struct pane *pane)
{
	struct document *document = pane_document(pane);
	if (pane->type->filter != NULL)
		return pane->type->filter(pane);
	return document != NULL ? document->filter : NULL;
}

void pane_set_filter(struct pane *pane, const char *text)
{
	struct document *document = pane_document(pane);
	if (pane->type->set_filter != NULL)
		pane->type->set_filter(pane, text);
	else if (document != NULL)
		document_filter(document, text);
	pane->made_of = 0; /* what stands beside other text is filtered under it */
	pane->screen->dirt++;
}

bool pane_has_text(const struct pane *pane)
{
	return pane->type->text != NULL || pane_document(pane) != NULL;
}

size_t pane_text(struct pane *pane, char *out, size_t capacity)
{
	struct document *document = pane_document(pane);
	if (pane->type->text != NULL)
		return pane->type->text(pane, out, capacity);
	return document != NULL ? document_selected_text(document, out, capacity) : 0;
}

void pane_open_calls(struct screen *screen, const char *field, const char *text)
{
	char quoted[2 * TOKEN_BYTES + 4];
	char *expression = NULL;
	if (*text != '\0') {
		expression = token_quote(quoted, sizeof quoted, text) ? mem_printf("%s == %s", field, quoted) : NULL;
		if (expression == NULL || strlen(expression) >= PROMPT_BYTES) { /* it could not be edited; and others' calls are none of its */
			screen_refuse(screen, "%s", _("This name is too long or too strange for a filter."));
			free(expression);
			return;
		}
	}
	screen_open(screen, &view_calls, 0);
	struct pane *calls = screen_focused(screen);
	if (calls->type == &view_calls && expression != NULL)
		calls->type->set_filter(calls, expression);
	free(expression);
}

struct board *pane_board(const struct pane *pane)
{
	return pane->screen->board;
}

int64_t pane_now(const struct pane *pane)
{
	return pane->screen->past_ms != 0 ? pane->screen->past_ms : clock_now_ms(pane->screen->board->clock);
}

void pane_draw_nothing(const struct pane *pane, struct canvas *canvas, int row, const char *empty)
{
	int cols = canvas->clip.cols;
	if (pane->fault.code != FAULT_NONE)
		canvas_wrap(canvas, row, 2, cols - 3, canvas->clip.rows - row, ROLE_ERROR, pane->fault.text); /* what to do stands at its end */
	else
		canvas_wrap(canvas, row, 2, cols - 3, canvas->clip.rows - row, ROLE_DIM, pane->answered ? empty : "\u2026");
}

static uint64_t made_of(const struct pane *pane)
{
	const struct zones *zones = &pane->screen->zones;
	uint64_t made_of = hash_mix(zones->current * 2 + pane->screen->masked);
	made_of = hash_mix(made_of + zones->n_sites);
	if (pane->type->ages_ms > 0)
		made_of = hash_mix(made_of + (uint64_t)(pane_now(pane) / pane->type->ages_ms));
	return made_of;
}

static void lay_out(struct pane *pane, int width)
{
	pane_document(pane)->plain = pane->screen->linear;
	pane->type->lay_out(pane, width);
	pane->made_of = made_of(pane);
}

void pane_lay_out(struct pane *pane)
{
	const struct layout *layout = &pane->screen->layout;
	struct list *list = &pane_document(pane)->list;
	if (list->visible == 0) /* keys may come before it is drawn: a page is what will be seen */
		list->visible = layout->body.rows - (layout->tabs.rows == 0);
	lay_out(pane, layout->body.cols);
}

void pane_draw_document(struct pane *pane, struct canvas *canvas, bool focused)
{
	struct document *document = pane_document(pane);
	if (document->width == 0) {
		pane_draw_nothing(pane, canvas, 1, "");
		return;
	}
	if (document->width != canvas->clip.cols || pane->made_of != made_of(pane))
		lay_out(pane, canvas->clip.cols);
	document_draw(document, canvas, focused);
}

int pane_draw_counts(struct canvas *canvas, int row, int col, int columns, const int64_t counts[4])
{
	int used = 0;
	for (int severity = SEVERITY_CRITICAL; severity >= SEVERITY_LOW; severity--) {
		char text[SHORT_BYTES], number[SHORT_BYTES];
		if (counts[severity] == 0)
			continue;
		snprintf(text, sizeof text, "%s%s", severity_glyph((enum severity)severity),
		    format_count(counts[severity], number));
		int width = text_width(text);
		if (used + width > columns)
			break;
		canvas_text(canvas, row, col + used, width, severity_role((enum severity)severity), text);
		used += width + 1;
	}
	return used;
}

/* What is there is of another moment, and the one that is asked for takes its time: rows
 * of now would be taken for those of then. A quick answer comes before anything is hidden. */
#define STALE_MS 300

static bool is_reaching(const struct pane *pane)
{
	return pane->waiting && pane->of_ms != pane->screen->past_ms && pane->screen->steady_ms - pane->asked_ms >= STALE_MS;
}

void pane_draw_list(struct pane *pane, struct canvas *canvas, struct list *list,
    const struct list_column *columns, size_t n_columns, size_t sorted_by, bool focused,
    const char *empty,
    void (*draw_row)(struct pane *, struct canvas *, int, size_t, const struct list_place *))
{
	struct columns_wish wish;
	struct list_place *places = pane->places;
	struct box clip = canvas->clip;
	/* Rows with a blank one between them, where a person wants it so. */
	int pitch = screen_pitch(pane->screen);
	bool ok = columns_read(columns_kept(pane), columns, n_columns, &wish, NULL);
	assert(ok);
	UNUSED(ok);
	pane->columns = columns;
	pane->n_columns = n_columns;
	/* A gutter for cursor and marks, a blank at the right edge. */
	struct box inner = { 0, 1, clip.rows, clip.cols - 2 };
	columns_layout(&wish, columns, list->need, inner.cols, places);
	struct box old = canvas_enter(canvas, inner);
	list_titles(canvas, 0, columns, n_columns, places, sorted_by);
	canvas_leave(canvas, old);
	if (is_reaching(pane)) {
		canvas_text(canvas, 1, 2, clip.cols - 3, ROLE_DIM, pane->screen->past_ms != 0 ? _("Reading how it was\u2026") : "\u2026");
		return;
	}
	list_show(list, (clip.rows - 1 + pitch - 1) / pitch);
	if (list->n == 0) {
		pane_draw_nothing(pane, canvas, 1, empty);
		return;
	}
	for (int row = 1; row < clip.rows; row += pitch) {
		size_t i = list->top + (size_t)((row - 1) / pitch);
		if (i >= list->n)
			break;
		bool selected = i == list->selected, marked = list->rows[i].marked;
		if (marked || selected)
			canvas_text(canvas, row, 0, 1, ROLE_KEY,
			    marked ? "\u2713" : focused ? "\u25B8" : " ");
		old = canvas_enter(canvas, inner);
		draw_row(pane, canvas, row, i, places);
		canvas_leave(canvas, old);
		canvas_attrs(canvas, row, 0, clip.cols, (selected && focused ? CELL_SELECTED : 0u) |
		    (marked ? CELL_MARKED : 0u));
	}
	if (pane->fault.code != FAULT_NONE) /* what is shown is old: say so */
		canvas_text(canvas, clip.rows - 1, 2, clip.cols - 3, ROLE_ERROR, pane->fault.text);
}
