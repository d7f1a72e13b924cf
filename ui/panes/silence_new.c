/* SPDX-License-Identifier: Apache-2.0
 *
 * A silence before it is in force: what its filter would have kept back of the
 * last thirty days, how much of that was real, and the worst of it. `/` changes
 * the filter, the first line begins the silence. */
#include <stdio.h>
#include <string.h>

#include "ui/copy.h"
#include "ui/panes/silence_parts.h"
#include "ui/screen.h"

struct new_view {
	struct document document;
	struct arena arena;
	char filter[PROMPT_BYTES];
	bool tried;
	struct silence_preview preview;
};

static const struct target nowhere = { TARGET_NONE, 0 };
#define BEGIN_IT ((struct target){ TARGET_SUBJECT, 1 })

static void on_answer(void *arg, const struct silence_preview *answer, const struct fault *fault)
{
	struct pane *pane = arg;
	struct new_view *view = pane->memory;
	pane_answered(pane, fault);
	if (answer == NULL)
		return;
	arena_clear(&view->arena);
	arena_init(&view->arena);
	view->preview = *answer;
	view->preview.newest = copy_alerts(&view->arena, answer->newest, answer->n_newest);
	view->tried = true;
	pane_lay_out(pane);
}

static void refresh(struct pane *pane)
{
	struct new_view *view = pane->memory;
	if (view->filter[0] != '\0' && pane_may_ask(pane, 1, 500))
		history_silence_preview(pane_board(pane)->history, filters_expanded(pane->screen, view->filter), on_answer, pane);
}

static void open_new(struct pane *pane, int64_t id)
{
	UNUSED(id);
	arena_init(&((struct new_view *)pane->memory)->arena);
}

static void close_new(struct pane *pane)
{
	struct new_view *view = pane->memory;
	arena_clear(&view->arena);
	document_clear(&view->document);
}

/* ---- lines ----------------------------------------------------------------------------------- */

/* What was real is said first, and never in green. */
static void lay_out_numbers(struct document *d, const struct silence_preview *p)
{
	char n[SHORT_BYTES], all[SHORT_BYTES];
	document_line(d, nowhere);
	document_printf(d, 1, -1, ROLE_STRONG, _("In %d days it would have kept back %s of %s alerts."), p->days, format_count(p->n, n), format_count(p->n_all, all));
	if (p->n_true > 0) {
		document_line(d, nowhere);
		document_printf(d, 3, -1, ROLE_ERROR, ngettext("\u2717 %s of them was real!", "\u2717 %s of them were real!", (unsigned long)p->n_true), format_count(p->n_true, n));
	}
	if (p->n > 0) {
		document_line(d, nowhere);
		document_printf(d, 3, -1, p->n_true > 0 ? ROLE_TEXT : ROLE_OK, _("%lld false or legitimate, %lld open, %lld other"), (long long)p->n_false, (long long)p->n_open,
		    (long long)(p->n - p->n_true - p->n_false - p->n_open));
		document_line(d, nowhere);
		document_put(d, 3, 22, ROLE_TEXT, _("the highest of them:"));
		document_put(d, 26, -1, severity_role(p->worst), severity_badge(p->worst));
	}
	if (p->n_critical > 0) {
		document_line(d, nowhere);
		document_printf(d, 3, -1, ROLE_WARN, ngettext("%s critical one passes, too: it is raised all the same.", "%s critical ones pass, too: they are raised all the same.", (unsigned long)p->n_critical), format_count(p->n_critical, n));
	}
}

static void lay_out(struct pane *pane, int width)
{
	struct new_view *view = pane->memory;
	struct document *d = &view->document;
	const struct silence_preview *p = &view->preview;
	const char *label;
	const struct zone *zone = zones_current(&pane->screen->zones, &label);
	bool masked = pane->screen->masked;
	char key[KEY_NAME_BYTES], other[KEY_NAME_BYTES], shown[PROMPT_BYTES];
	document_begin(d, width);
	document_line(d, BEGIN_IT);
	document_put(d, 1, -1, ROLE_KEY, _("Begin this silence: why, and for how long \u2026"));
	document_line(d, nowhere);
	document_line(d, nowhere);
	document_put(d, 1, 12, ROLE_DIM, _("silent"));
	document_wrap(d, 14, ROLE_FILTER_VALUE, format_masked(view->filter, masked, shown, sizeof shown));
	document_line(d, nowhere);
	document_printf(d, 1, -1, ROLE_DIM, _("%s begins it, %s changes the filter; it is not in force yet."), screen_key_name(pane->screen, CMD_OPEN, key),
	    screen_key_name(pane->screen, CMD_FILTER, other));
	document_line(d, nowhere);
	lay_out_numbers(d, p);
	if (p->n_newest > 0)
		document_heading(d, _("The newest of them"));
	for (size_t i = 0; i < p->n_newest; i++) {
		const struct alert *a = &p->newest[i];
		char when[SHORT_BYTES], number[LONG_BYTES];
		const char *who = *a->subject_name != '\0' ? a->subject_name : a->subject_id;
		document_line(d, (struct target){ TARGET_ALERT, a->id });
		document_put(d, 1, 6, ROLE_TEXT, format_time(zone, a->last_ms, pane_now(pane), when));
		document_put(d, 8, 7, severity_role(a->severity), severity_badge(a->severity));
		document_put(d, 16, 14, state_role(a->state), a->resolution != RESOLUTION_NONE ? resolution_word(a->resolution) : state_word(a->state));
		document_put(d, 31, 18, ROLE_STRONG, a->subject_kind == SUBJECT_NUMBER ? format_number(who, masked, number) : who);
		document_put(d, 50, -1, ROLE_TEXT, format_masked(in_language(a->title_en, a->title_es), masked, shown, sizeof shown));
	}
	document_end(d);
}

static void draw(struct pane *pane, struct canvas *canvas, bool focused)
{
	struct new_view *view = pane->memory;
	char key[KEY_NAME_BYTES];
	if (view->filter[0] == '\0') {
		canvas_printf(canvas, 1, 2, canvas->clip.cols - 3, ROLE_DIM, _("What is to be silent is said by a filter: %s types it."),
		    screen_key_name(pane->screen, CMD_FILTER, key));
	} else if (!view->tried) {
		pane_draw_nothing(pane, canvas, 1, "");
	} else {
		pane_draw_document(pane, canvas, focused);
	}
}

/* ---- commands ----------------------------------------------------------------------------------- */

static bool command(struct pane *pane, enum command command)
{
	struct new_view *view = pane->memory;
	/* A hand may be faster than the picture: the cursor will stand on the first line. */
	bool at_it = view->document.width == 0 || document_target(&view->document).kind == TARGET_SUBJECT;
	if (command == CMD_SILENCE_NEW || (command == CMD_OPEN && (at_it || !view->tried))) {
		if (view->tried)
			silence_begin(pane->screen, filters_expanded(pane->screen, view->filter));
		return true;
	}
	if (command != CMD_SILENCE_END && command != CMD_SILENCE_EXTEND)
		return false;
	screen_refuse(pane->screen, "%s", _("It is not in force yet."));
	return true;
}

static const char *filter(struct pane *pane)
{
	return ((struct new_view *)pane->memory)->filter;
}

static void set_filter(struct pane *pane, const char *text)
{
	struct new_view *view = pane->memory;
	snprintf(view->filter, sizeof view->filter, "%s", text);
	view->tried = false;
	view->document.width = 0;
	list_restart(&view->document.list);
	pane_ask_anew(pane);
}

/* What Tab offers: of the alerts that were found, else of the queue's. */
static const void *row_at(struct pane *pane, size_t i)
{
	const struct new_view *view = pane->memory;
	struct pane *queue = pane->screen->panes[N_MAIN_PANES - 1];
	if (view->tried && view->preview.n_newest > 0)
		return i < view->preview.n_newest ? &view->preview.newest[i] : NULL;
	return queue->type->row(queue, i);
}

const struct pane_type view_silence_new = {
	.name = "silence-new",
	.title = N_("A new silence"),
	.place = PLACE_SILENCES,
	.memory = sizeof(struct new_view),
	.document = PANE_DOCUMENT(new_view),
	.open = open_new,
	.close = close_new,
	.refresh = refresh,
	.draw = draw,
	.lay_out = lay_out,
	.ages_ms = MINUTE_MS,
	.command = command,
	.filter = filter,
	.set_filter = set_filter,
	.filter_of = FILTER_ALERTS,
	.is_scope = true,
	.row = row_at,
	.read_row = filter_read_alert,
};
