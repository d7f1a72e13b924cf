/* SPDX-License-Identifier: Apache-2.0
 *
 * The screen for who hears it: one pane at a time, its name and counts in words,
 * the cursor on the row that is meant, new critical alerts told as a line. */
#include <stdio.h>
#include <string.h>

#include "ui/screen.h"

#define NEWS_MS 60000 /* a message that nobody asked for stays until it is heard */

void linear_header(struct screen *screen, const char *sync, const char *token)
{
	struct canvas *canvas = &screen->canvas;
	char counted[240] = "";
	static const char *const words[] = { N_("low"), N_("medium"), N_("high"), N_("critical") };
	for (int i = SEVERITY_CRITICAL, n = 0; i >= SEVERITY_LOW; i--) {
		char number[SHORT_BYTES], part[60];
		if (screen->n_open[i] == 0)
			continue;
		snprintf(part, sizeof part, "%s %s", format_count(screen->n_open[i], number), _(words[i]));
		n += snprintf(counted + n, sizeof counted - (size_t)n, "%s%s", n > 0 ? ", " : "", part);
	}
	char debt[LONG_BYTES];
	enum role role;
	if (silence_debt_text(screen, (int)sizeof debt, debt, sizeof debt, &role) == 0)
		debt[0] = '\0';
	const char *more[] = { sync, debt, token, desk_read_only(screen->board->desk) ? _("READ ONLY") : "" };
	int col = canvas_printf(canvas, 0, 0, canvas->cols, ROLE_HEADER, "Centinela%s%s: %s", *screen->organisation != '\0' ? " " : "",
	    screen->organisation, counted[0] != '\0' ? counted : _("nothing open"));
	for (size_t i = 0; i < COUNT_OF(more); i++)
		if (*more[i] != '\0' && col + 4 < canvas->cols)
			col += 2 + canvas_text(canvas, 0, col + 2, canvas->cols - col - 2, ROLE_HEADER, more[i]);
}

void linear_title(struct screen *screen, int row, struct pane *pane, const char *notice)
{
	char text[160] = "";
	if (pane->type->summary != NULL)
		pane->type->summary(pane, text, sizeof text);
	canvas_printf(&screen->canvas, row, 0, screen->canvas.cols, ROLE_TITLE, "%s%s%s%s%s",
	    pane->title[0] != '\0' ? pane->title : _(pane->type->title), *notice != '\0' ? ", " : "", notice, text[0] != '\0' ? ": " : "", text);
}

void linear_cursor(struct screen *screen)
{
	struct canvas *canvas = &screen->canvas;
	bool types = screen->modal == MODAL_PROMPT || screen->modal == MODAL_FILTER || screen->modal == MODAL_COMMAND;
	if (types)
		return; /* where the next letter goes */
	/* What is chosen: the lowest, for a menu lies over its pane. */
	for (int row = canvas->rows - 1; row > 0; row--) {
		for (int col = 0; col < canvas->cols; col++) {
			if (canvas_at(canvas, row, col)->attrs & CELL_SELECTED) {
				canvas_cursor(canvas, row, 0);
				return;
			}
		}
	}
	canvas_cursor(canvas, MIN(screen->layout.body.row, canvas->rows - 1), 0);
}

/* ---- news ------------------------------------------------------------------------------ */

/* The newest critical alert that is open; false: none is among the rows. */
static bool newest(struct screen *screen, char *out, size_t capacity, int64_t *raised_ms)
{
	struct pane *queue = screen->panes[N_MAIN_PANES - 1];
	const void *row, *best = NULL;
	struct filter_cell cell = { 0 };
	for (size_t i = 0; (row = queue->type->row(queue, i)) != NULL; i++) {
		queue->type->read_row(row, ALERT_FIELD_SEVERITY, pane_now(queue), &cell);
		if (cell.number != SEVERITY_CRITICAL)
			continue;
		queue->type->read_row(row, ALERT_FIELD_STATE, pane_now(queue), &cell);
		if (cell.number == ALERT_CLOSED)
			continue;
		queue->type->read_row(row, ALERT_FIELD_RAISED, pane_now(queue), &cell);
		if (best == NULL || cell.number > *raised_ms) {
			best = row;
			*raised_ms = cell.number;
		}
	}
	if (best == NULL)
		return false;
	const struct alert *alert = best;
	char number[LONG_BYTES], title[400];
	const char *who = *alert->subject_name != '\0' ? alert->subject_name : alert->subject_id;
	if (alert->subject_kind == SUBJECT_NUMBER)
		who = format_number(who, screen->masked, number);
	snprintf(out, capacity, "%s%s%s", format_masked(in_language(alert->title_en, alert->title_es), screen->masked, title, sizeof title), *who != '\0' ? ", " : "", who);
	return true;
}

void linear_news(struct screen *screen)
{
	char text[200] = "", printable[200], number[SHORT_BYTES];
	int64_t raised_ms = 0, critical = screen->n_open[SEVERITY_CRITICAL];
	uint64_t n_refused = screen->n_refused;
	/* What was is no news, nor is coming back from it. */
	if (screen->past_ms != 0 || !screen->counted || screen->panes[N_MAIN_PANES - 1]->waiting)
		return;
	bool any = newest(screen, text, sizeof text, &raised_ms), first = screen->news_ms == 0;
	bool named = any && raised_ms > screen->news_ms, news = !first && (named || critical > screen->news_critical);
	screen->news_ms = MAX(MAX(screen->news_ms, raised_ms), (int64_t)1);
	screen->news_critical = critical;
	if (!news)
		return;
	text_printable(printable, sizeof printable, text, strlen(text));
	if (named)
		screen_message(screen, ROLE_ERROR, _("New critical alert: %s"), printable);
	else /* one that became so, or is not among the rows: which it is is not known */
		screen_message(screen, ROLE_ERROR, _("Critical alerts open now: %s"), format_count(critical, number));
	screen->n_refused = n_refused; /* nothing was refused: a macro goes on */
	screen->message_until_ms = screen->steady_ms + NEWS_MS;
}
