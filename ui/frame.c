/* SPDX-License-Identifier: Apache-2.0
 *
 * What stands around the panes: header, tabs and frames. The key line is in foot.c. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "ui/past.h"
#include "ui/screen.h"

/* ---- header -------------------------------------------------------------------- */

static enum role sync_text(struct screen *screen, char *out, size_t capacity)
{
	const struct health *health = screen->board->health;
	int64_t now = clock_now_ms(screen->board->clock);
	char age[SHORT_BYTES], next[SHORT_BYTES], key[KEY_NAME_BYTES];
	if (health->store_fails) {
		snprintf(out, capacity, "\u2717 ");
		snprintf(out + strlen(out), capacity - strlen(out), _("store fails (%s)"), screen_key_name(screen, CMD_SYNC, key));
		return ROLE_ERROR;
	}
	switch (health->sync) {
	case SYNC_NO_LOGIN:
		snprintf(out, capacity, "\u25CB %s", _("no login"));
		return ROLE_WARN;
	case SYNC_STARTING:
		snprintf(out, capacity, "\u25CB %s", _("starting"));
		return ROLE_HEADER;
	case SYNC_FAULT:
		snprintf(out, capacity, "\u2717 ");
		snprintf(out + strlen(out), capacity - strlen(out), _("sync fails (%s)"), screen_key_name(screen, CMD_SYNC, key));
		return ROLE_ERROR;
	case SYNC_WAITING: case SYNC_ASKING: case SYNC_FOLLOWING:
		break;
	}
	if (health->backfill_total > 0 && health->backfill_done < health->backfill_total) {
		snprintf(out, capacity, "\u25CF %s %d/%d", _("history"), health->backfill_done,
		    health->backfill_total);
		return ROLE_HEADER;
	}
	int64_t lag = health->complete_until_ms > 0 ? MAX(now - health->complete_until_ms, 0) : 0;
	bool late = lag > 15 * MINUTE_MS;
	/* Nothing complete yet is no lag of nought. */
	bool known = health->complete_until_ms > 0;
	int n = snprintf(out, capacity, "%s %s %s", known ? "\u25CF" : "\u25CB", _("sync"),
	    known ? format_age(lag, age) : "\u2014");
	if (health->sync == SYNC_WAITING && health->next_call_ms > now && n > 0)
		snprintf(out + n, capacity - (size_t)n, " \u00B7 %s %s", _("next"),
		    format_age(health->next_call_ms - now, next));
	else if (health->sync == SYNC_FOLLOWING && n > 0)
		snprintf(out + n, capacity - (size_t)n, " \u00B7 %s", _("following"));
	return late ? ROLE_WARN : ROLE_HEADER;
}

/* `room`: columns for it; where words do not fit, the colour warns. */
static int token_text(const struct screen *screen, int room, char *out, size_t capacity, enum role *role)
{
	const struct health *health = screen->board->health;
	int64_t dies = health->refresh_dies_ms > 0 ? health->refresh_dies_ms : health->token_dies_ms;
	char age[SHORT_BYTES], sign_in[SHORT_BYTES];
	out[0] = '\0';
	if (dies == 0)
		return 0;
	int64_t now = clock_now_ms(screen->board->clock), left = dies - now;
	/* A fortnight before nothing can be renewed any more, as token_needs_person_soon. */
	bool ends = left < (health->refresh_dies_ms > 0 ? 14 * DAY_MS : DAY_MS);
	*role = ends ? ROLE_WARN : ROLE_DIM;
	if (left <= 0)
		return snprintf(out, capacity, "%s", _("token expired"));
	if (ends && room >= text_width(_("sign in again within %s")) + 2)
		return snprintf(out, capacity, _("sign in again within %s"), format_age(left, age));
	/* Both lives: of what is renewed by itself, and of what renews it. */
	if (health->refresh_dies_ms > 0 && health->token_dies_ms > 0) {
		int n = snprintf(out, capacity, _("token %s, sign-in %s"),
		    format_age(MAX(health->token_dies_ms - now, (int64_t)0), age), format_age(left, sign_in));
		if (text_width(out) <= room)
			return n;
	}
	return snprintf(out, capacity, "%s %s", health->refresh_dies_ms > 0 ? _("sign-in") : _("token"), format_age(left, age));
}

static void header(struct screen *screen)
{
	struct canvas *canvas = &screen->canvas;
	int cols = screen->layout.header.cols;
	char text[LONG_BYTES], clock[SHORT_BYTES];
	const char *label;
	if (screen->past_ms != 0) {
		past_banner(screen);
		return;
	}
	canvas_fill(canvas, screen->layout.header, ROLE_HEADER, ' ');
	if (screen->linear) {
		char token[LONG_BYTES];
		enum role token_role = ROLE_DIM;
		sync_text(screen, text, sizeof text);
		token_text(screen, 60, token, sizeof token, &token_role);
		linear_header(screen, text, token_role == ROLE_WARN ? token : ""); /* what is to be done alone */
		return;
	}
	bool instead = screen->one_of_several && cols < 100; /* whose screen it is, before whose program */
	int col = instead ? canvas_text(canvas, 0, 1, 20, ROLE_BRAND, screen->organisation) + 2 :
			    canvas_text(canvas, 0, 0, cols, ROLE_BRAND, " CENTINELA ") + 1;
	if (screen->organisation[0] != '\0' && cols >= 100)
		col += canvas_text(canvas, 0, col, 30, ROLE_STRONG, screen->organisation) + 1;
	/* From the right: clock, counts; then sync and token in what is left. */
	const struct zone *zone = zones_current(&screen->zones, &label);
	format_clock(zone, clock_now_ms(screen->board->clock), clock);
	clock[5] = '\0'; /* minutes: the line holds still */
	snprintf(text, sizeof text, "%s %s ", clock, label);
	int right = cols - text_width(text);
	canvas_text(canvas, 0, right, cols - right, ROLE_STRONG, text);
	right -= 2;
	if (desk_read_only(screen->board->desk)) {
		int width = text_width(_("READ ONLY"));
		canvas_text(canvas, 0, right - width, width, ROLE_WARN, _("READ ONLY"));
		right -= width + 2;
	}
	char counted[4 * SHORT_BYTES] = "";
	for (int i = SEVERITY_CRITICAL, n = 0; i >= SEVERITY_LOW; i--) {
		char number[SHORT_BYTES];
		if (screen->n_open[i] > 0)
			n += snprintf(counted + n, sizeof counted - (size_t)n, "%s%s ",
			    severity_glyph((enum severity)i), format_count(screen->n_open[i], number));
	}
	int width = text_width(counted);
	if (width > 0 && right - width > col) {
		pane_draw_counts(canvas, 0, right - width + 1, width, screen->n_open);
		right -= width + 1;
	}
	col++;
	enum role role = sync_text(screen, text, sizeof text);
	col += canvas_text(canvas, 0, col, MAX(right - col, 0), role, text) + 3;
	/* What is hidden stands beside what is open, and before the token's life. */
	width = silence_debt_text(screen, right - col, text, sizeof text, &role);
	if (width > 0) {
		canvas_text(canvas, 0, right - width, width, role, text);
		right -= width + 2;
	}
	if (token_text(screen, right - col, text, sizeof text, &role) > 0 && right - col >= text_width(text))
		canvas_text(canvas, 0, col, right - col, role, text);
}

/* ---- titles ----------------------------------------------------------------------- */

static const char *title_of(const struct pane *pane)
{
	return pane->title[0] != '\0' ? pane->title : _(pane->type->title);
}

static void notice(struct pane *pane, char *out, size_t capacity)
{
	out[0] = '\0';
	const struct list *list = pane_list(pane);
	if (list == NULL)
		return;
	/* Lines of a text come and go by themselves; rows are what is waited for. */
	size_t fresh = pane_document(pane) == NULL ? list_n_fresh_above(list) : 0, marked = list_n_marked(list);
	int n = 0;
	if (list->frozen)
		n += snprintf(out, capacity, "%s  ", _("FROZEN"));
	if (fresh > 0)
		n += snprintf(out + n, capacity - (size_t)n,
		    ngettext("\u2191 %zu new  ", "\u2191 %zu new  ", fresh), fresh);
	size_t taken = bulk_n_taken(pane->screen, pane);
	if (taken > 0)
		n += snprintf(out + n, capacity - (size_t)n, ngettext("\u2713 %zu taken  ", "\u2713 all %zu taken  ", taken), taken);
	if (marked > 0)
		n += snprintf(out + n, capacity - (size_t)n,
		    ngettext("\u2713 %zu marked  ", "\u2713 %zu marked  ", marked), marked);
	const char *filter = pane_filter(pane);
	if (filter != NULL && *filter != '\0') {
		struct text parts = { 0 };
		filters_parts(pane, &parts);
		text_printable(out + n, capacity - (size_t)n, parts.bytes, parts.n);
		text_clear(&parts);
	}
}

/* A text that goes on below says so on its frame, and by which key where there is room
 * for it: its last line may look like its end. */
static void more_below(const struct pane *pane, int room, char *out, size_t capacity)
{
	const struct document *document = pane_document(pane);
	size_t n = document == NULL || document->width == 0 ? 0 : document_n_below(document);
	char key[KEY_NAME_BYTES];
	if (n > 0 && document_has_sections(document))
		snprintf(out, capacity, ngettext("\u25BC %zu more, %s", "\u25BC %zu more, %s", n), n, screen_key_name(pane->screen, CMD_NEXT_SECTION, key));
	else if (n > 0)
		snprintf(out, capacity, ngettext("\u25BC %zu more below", "\u25BC %zu more below", n), n);
	if (n > 0 && text_width(out) > room)
		snprintf(out, capacity, "\u25BC %zu", n);
}

/* Title, notices and summary on one line, from col to col + columns. */
static void title_line(struct screen *screen, struct pane *pane, int row, int col, int columns,
    enum role role, const char *prefix)
{
	struct canvas *canvas = &screen->canvas;
	char text[300], summary[160] = "";
	if (pane->type->summary != NULL)
		pane->type->summary(pane, summary, sizeof summary);
	int width = MIN(text_width(summary), columns / 2), right = col + columns;
	char below[80] = "";
	snprintf(text, sizeof text, "%s%s", prefix, title_of(pane));
	more_below(pane, columns - text_width(text) - width - 8, below, sizeof below);
	int below_width = text_width(below);
	int room = columns - 1 - (width > 0 ? width + 3 : 0) - (below_width > 0 ? below_width + 3 : 0);
	canvas_text(canvas, row, col, 1, role, " ");
	int used = 1 + canvas_text(canvas, row, col + 1, room, role, text);
	canvas_text(canvas, row, col + used, 1, role, " ");
	notice(pane, text, sizeof text);
	for (size_t n = strlen(text); n > 0 && text[n - 1] == ' ';)
		text[--n] = '\0'; /* the line goes on right after it */
	if (text[0] != '\0' && room - used > 8) {
		used += 1 + canvas_text(canvas, row, col + used + 1, room - used - 1, ROLE_WARN, text);
		canvas_text(canvas, row, col + used, 1, role, " ");
	}
	if (below_width > 0) {
		int at = right - below_width - 1 - (width > 0 ? width + 3 : 0);
		canvas_text(canvas, row, at - 1, 1, ROLE_DIM, " ");
		canvas_text(canvas, row, at, below_width, ROLE_KEY, below);
		canvas_text(canvas, row, at + below_width, 1, ROLE_DIM, " ");
	}
	if (width > 0) {
		canvas_text(canvas, row, right - width - 2, 1, ROLE_DIM, " ");
		canvas_text(canvas, row, right - width - 1, width, ROLE_DIM, summary);
		canvas_text(canvas, row, right - 1, 1, ROLE_DIM, " ");
	}
}

static void tiled_pane(struct screen *screen, size_t i)
{
	struct canvas *canvas = &screen->canvas;
	struct pane *pane = screen->panes[i];
	struct box box = screen->layout.panes[i];
	bool focused = i == screen->focus;
	char prefix[8];
	snprintf(prefix, sizeof prefix, "%zu ", i + 1);
	canvas_frame(canvas, box, focused ? ROLE_BORDER_FOCUS : ROLE_BORDER, screen->layout.joined[i]);
	title_line(screen, pane, box.row, box.col + 1, box.cols - 2,
	    focused ? ROLE_TITLE : ROLE_TAB, prefix);
	struct box old = canvas_enter(canvas,
	    (struct box){ box.row + 1, box.col + 1, box.rows - 2, box.cols - 2 });
	pane->type->draw(pane, canvas, focused);
	canvas_leave(canvas, old);
}

/* "1  2  3  4 Queue" where the names have no room. */
static int tabs(struct screen *screen, bool names, bool draw)
{
	int row = screen->layout.tabs.row, cols = screen->layout.tabs.cols, col = 1;
	for (size_t i = 0; i < N_MAIN_PANES; i++) {
		bool on = i == screen->focus;
		char text[80];
		snprintf(text, sizeof text, "%zu%s%s", i + 1, on || names ? " " : "", on || names ? _(screen->panes[i]->type->title) : "");
		if (draw)
			canvas_text(&screen->canvas, row, col, cols - col, on ? ROLE_TAB_ON : ROLE_TAB, text);
		col += text_width(text) + 2;
	}
	return col;
}

/* The last of what dots divide goes; false: there is one thing alone. */
static bool say_less(char *text)
{
	char *last = NULL;
	for (char *dot = text; (dot = strstr(dot, " \u00B7 ")) != NULL; dot++)
		last = dot;
	if (last != NULL)
		*last = '\0';
	return last != NULL;
}

static void tab_line(struct screen *screen)
{
	struct canvas *canvas = &screen->canvas;
	int row = screen->layout.tabs.row, cols = screen->layout.tabs.cols;
	if (screen->linear) {
		char said[300];
		notice(screen->panes[screen->focus], said, sizeof said);
		linear_title(screen, row, screen->panes[screen->focus], said);
		return;
	}
	char text[160] = "", left[300];
	struct pane *pane = screen->panes[screen->focus];
	if (pane->type->summary != NULL)
		pane->type->summary(pane, text, sizeof text);
	notice(pane, left, sizeof left);
	for (size_t n = strlen(left); n > 0 && left[n - 1] == ' ';)
		left[--n] = '\0';
	/* How many there are is never left out: other panes' names go first, then what
	 * is said beside it, then the end of what is new and of the filter. */
	int width = text_width(left) + (left[0] != '\0' ? 2 : 0), room = cols - 1 - tabs(screen, true, false);
	bool names = width + text_width(text) <= room;
	int col = tabs(screen, names, true);
	room = cols - 1 - col;
	while (width + text_width(text) > room && say_less(text))
		;
	width = MIN(width, MAX(room - text_width(text), 0));
	int right = cols - 1 - text_width(text);
	if (width > 2)
		canvas_text(canvas, row, right - width, width - 2, ROLE_WARN, left);
	if (text[0] != '\0')
		canvas_text(canvas, row, MAX(right, col), MAX(cols - 1 - MAX(right, col), 0), ROLE_DIM, text);
}

static void view_title(struct screen *screen, struct pane *pane, int row, int cols)
{
	canvas_fill(&screen->canvas, (struct box){ row, 0, 1, cols }, ROLE_BORDER_FOCUS, 0x2500);
	title_line(screen, pane, row, 1, cols - 2, pane->title_role, "");
}

static void view(struct screen *screen)
{
	struct canvas *canvas = &screen->canvas;
	struct pane *pane = screen_focused(screen);
	struct box body = screen->layout.body;
	/* A view has the whole body; its title takes the tabs' line. */
	int row = screen->layout.tabs.rows > 0 ? screen->layout.tabs.row : body.row;
	int first = row + 1, last = body.row + body.rows;
	char said[300];
	/* First the body: what it says of itself in the title is masked, and in one's
	 * language, from the same moment. */
	struct box old = canvas_enter(canvas, (struct box){ first, 0, last - first, body.cols });
	pane->type->draw(pane, canvas, true);
	canvas_leave(canvas, old);
	notice(pane, said, sizeof said);
	if (screen->linear)
		linear_title(screen, row, pane, said);
	else
		view_title(screen, pane, row, body.cols);
}

/* ---- all of it ----------------------------------------------------------------------- */

static void focused_tile(struct screen *screen)
{
	size_t below = layout_below(&screen->layout, screen->focus);
	tiled_pane(screen, screen->focus);
	if (below == N_MAIN_PANES)
		return;
	/* Its lower edge is the upper one of the pane below, with its title. */
	struct box b = screen->layout.panes[below];
	char prefix[8];
	snprintf(prefix, sizeof prefix, "%zu ", below + 1);
	title_line(screen, screen->panes[below], b.row, b.col + 1, b.cols - 2, ROLE_TAB, prefix);
	canvas_text(&screen->canvas, b.row, b.col, 1, ROLE_BORDER_FOCUS, "\u251C");
	canvas_text(&screen->canvas, b.row, b.col + b.cols - 1, 1, ROLE_BORDER_FOCUS, "\u2524");
}

void frame_draw_focused(struct screen *screen)
{
	canvas_fill(&screen->canvas, screen->layout.panes[screen->focus], ROLE_TEXT, ' ');
	canvas_fill(&screen->canvas, screen->layout.foot, ROLE_TEXT, ' ');
	focused_tile(screen);
	foot_draw(screen);
}

void frame_draw(struct screen *screen)
{
	header(screen);
	if (screen->n_views > 0) {
		view(screen);
	} else if (screen->layout.tiled) {
		/* From above: an edge that two share has the lower one's title. */
		for (int row = 0; row < screen->canvas.rows; row++)
			for (size_t i = 0; i < N_MAIN_PANES; i++)
				if (i != screen->focus && screen->layout.panes[i].row == row)
					tiled_pane(screen, i);
		/* The focused frame lies over its neighbours'. */
		focused_tile(screen);
	} else {
		struct box body = screen->layout.body;
		tab_line(screen);
		struct box old = canvas_enter(&screen->canvas, body);
		struct pane *pane = screen->panes[screen->focus];
		pane->type->draw(pane, &screen->canvas, true);
		canvas_leave(&screen->canvas, old);
	}
	foot_draw(screen);
}
