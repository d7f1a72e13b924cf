/* SPDX-License-Identifier: Apache-2.0
 *
 * What would have kept an alert from being raised: changes of the rules, the
 * narrowest first, each with the alerts of thirty days that would not be there
 * and how those ended. Enter accepts the one under the cursor. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "ui/panes/trials.h"
#include "ui/screen.h"

struct tuning_view {
	struct document document;
	uint64_t made_of; /* the lab's version */
	bool masked_then; /* it was laid out so */
	bool began, shows_files, placed;
};

static const struct target nowhere = { TARGET_NONE, 0 };

/* ---- the trial ------------------------------------------------------------------------- */

static bool is_ours(const struct pane *pane)
{
	const struct lab_trial *trial = lab_trial(pane_board(pane)->lab);
	return trial->kind == LAB_TUNING && trial->alert_id == pane->id;
}

static const struct tuning *result(const struct pane *pane)
{
	const struct tuning *tuned = lab_tuned(pane_board(pane)->lab);
	return tuned != NULL && tuned->alert_id == pane->id ? tuned : NULL;
}

/* Another trial may run: then ours begins when that has ended. */
static void refresh(struct pane *pane)
{
	struct tuning_view *view = pane->memory;
	struct board *board = pane_board(pane);
	if (!view->began && lab_trial(board->lab)->state != LAB_RUNNING)
		view->began = lab_tune(board->lab, pane->id, desk_user(board->desk));
	if (view->made_of != lab_version(board->lab))
		pane->screen->dirt++;
}

static void entitle(struct pane *pane)
{
	snprintf(pane->title, sizeof pane->title, _("Changes after alert #%lld"), (long long)pane->id);
}

static void open_tuning(struct pane *pane, int64_t id)
{
	UNUSED(id);
	refresh(pane);
}

static void close_tuning(struct pane *pane)
{
	struct tuning_view *view = pane->memory;
	document_clear(&view->document);
	if (is_ours(pane) && lab_trial(pane_board(pane)->lab)->state == LAB_RUNNING)
		lab_cancel(pane_board(pane)->lab); /* nobody waits for it */
}

/* ---- lines ------------------------------------------------------------------------------- */

/* What is hidden that was real is said first, and never in green. */
static void lay_out_effect(struct document *d, const struct tuning_offer *o, struct target here)
{
	size_t confirmed = tuning_confirmed(o), dismissed = tuning_dismissed(o);
	char text[200];
	document_line(d, here);
	snprintf(text, sizeof text, ngettext("%zu alert less", "%zu alerts less", o->gone), o->gone);
	document_put(d, 5, 24, ROLE_NUMBER, text);
	if (confirmed > 0) {
		document_printf(d, 30, -1, ROLE_ERROR, ngettext("%zu of them was real!", "%zu of them were real!", confirmed), confirmed);
		document_line(d, here);
	}
	document_printf(d, 30, -1, confirmed > 0 ? ROLE_TEXT : ROLE_OK, _("%zu false or legitimate, %zu open, %zu other"), dismissed, o->gone_open,
	    o->gone - confirmed - dismissed - o->gone_open);
	if (o->fresh > 0) {
		document_line(d, here);
		document_printf(d, 30, -1, ROLE_WARN, ngettext("%zu that was not there", "%zu that were not there", o->fresh), o->fresh);
	}
}

static void lay_out_file(struct document *d, const struct tuning_proposal *p, struct target here)
{
	document_line(d, here);
	document_put(d, 5, -1, ROLE_COLUMN, p->name);
	for (const char *line = p->yaml; *line != '\0';) {
		size_t n = strcspn(line, "\n");
		document_line(d, here);
		document_printf(d, 5, -1, ROLE_DIM, "%.*s", (int)n, line);
		line += n + (line[n] != '\0');
	}
}

static void lay_out(struct pane *pane, const struct tuning *t, int width)
{
	struct tuning_view *view = pane->memory;
	struct document *d = &view->document;
	bool masked = pane->screen->masked;
	char key[KEY_NAME_BYTES], typed[TYPED_BYTES];
	document_begin(d, width);
	document_line(d, nowhere);
	document_put(d, 1, -1, ROLE_STRONG, format_masked(in_language(t->rule_en, t->rule_es), masked, typed, sizeof typed));
	document_line(d, nowhere);
	if (t->n == 0) {
		document_put(d, 1, -1, ROLE_TEXT, _("Its calls have nothing in common that an exception could name."));
	} else {
		document_printf(d, 1, -1, ROLE_DIM, _("With the rules as they are: %zu alerts in 30 days, %lld records."), t->before, (long long)t->n_legs);
		document_line(d, nowhere);
		document_printf(d, 1, -1, ROLE_DIM, _("%s accepts a change; %s shows its file."), screen_key_name(pane->screen, CMD_OPEN, key),
		    screen_key_name(pane->screen, CMD_RAW, (char[KEY_NAME_BYTES]){ 0 }));
	}
	if (t->n_lost > 0) {
		document_line(d, nowhere);
		document_printf(d, 1, -1, ROLE_WARN, _("%lld records are left out: they are not kept any more."), (long long)t->n_lost);
	}
	size_t first = d->n + 1;
	for (size_t i = 0; i < t->n; i++) {
		const struct tuning_offer *o = &t->offers[i];
		document_line(d, nowhere);
		struct target here = { TARGET_SUBJECT, (int64_t)i + 1 };
		document_line(d, here);
		document_printf(d, 1, 3, ROLE_COLUMN, "%zu", i + 1);
		document_put(d, 5, -1, ROLE_STRONG, format_masked(in_language(o->proposal.text_en, o->proposal.text_es), masked, typed, sizeof typed));
		lay_out_effect(d, o, here);
		if (view->shows_files)
			lay_out_file(d, &o->proposal, here);
	}
	document_end(d);
	if (!view->placed && t->n > 0)
		list_select(&d->list, first); /* at once on what can be accepted */
	view->placed = true;
}

static void draw(struct pane *pane, struct canvas *canvas, bool focused)
{
	struct tuning_view *view = pane->memory;
	const struct lab *lab = pane_board(pane)->lab;
	const struct lab_trial *trial = lab_trial(lab);
	const struct tuning *t = result(pane);
	int cols = canvas->clip.cols - 2;
	if (!view->began) {
		canvas_text(canvas, 1, 1, cols, ROLE_DIM, _("Another trial runs: this one begins when it ends."));
	} else if (is_ours(pane) && trial->state == LAB_RUNNING) {
		trials_draw_running(pane, canvas, 1, _("Changes are being tried on 30 days of records."));
	} else if (is_ours(pane) && trial->state == LAB_FAILED) {
		canvas_wrap(canvas, 1, 1, cols, canvas->clip.rows - 1, ROLE_ERROR, trial->fault.text);
	} else if (t == NULL) {
		canvas_text(canvas, 1, 1, cols, ROLE_WARN, _("Cancelled before its end: nothing came of it."));
	} else {
		if (view->document.width != canvas->clip.cols || view->made_of != lab_version(lab) || view->masked_then != pane->screen->masked) {
			view->masked_then = pane->screen->masked;
			lay_out(pane, t, canvas->clip.cols);
			view->made_of = lab_version(lab);
		}
		document_draw(&view->document, canvas, focused);
		return;
	}
	view->made_of = lab_version(lab);
	view->document.width = 0; /* what was laid out is of before */
}

/* ---- commands ----------------------------------------------------------------------------- */

/* A choice: the offer, and for how many days. */
#define CHOICE(number, days) ((int64_t)(number)*1000 + (days))

static void on_answer(struct screen *screen, void *arg, const struct menu_item *item)
{
	struct pane *pane = screen_focused(screen);
	int64_t number = item->value / 1000, days = item->value % 1000;
	UNUSED(arg);
	/* Nothing can have taken its place: the menu had the keys. */
	if (number > 0 && pane->type == &view_tuning && result(pane) != NULL && (size_t)number <= result(pane)->n)
		act_tune(screen, result(pane), (size_t)number - 1, days * DAY_MS);
}

static void ask_whether(struct pane *pane, int64_t number)
{
	const struct tuning *t = result(pane);
	char label[120];
	if (t == NULL || number < 1 || (size_t)number > t->n)
		return;
	const struct tuning_offer *o = &t->offers[number - 1];
	if (desk_read_only(pane_board(pane)->desk)) {
		screen_message(pane->screen, ROLE_WARN, _("This console is read-only."));
		return;
	}
	macro_stop(pane->screen); /* whatever was allowed: this a person answers */
	char typed[TYPED_BYTES];
	struct menu *menu = screen_menu(pane->screen, format_masked(in_language(o->proposal.text_en, o->proposal.text_es), pane->screen->masked, typed, sizeof typed),
	    on_answer, NULL);
	const char *though = tuning_confirmed(o) > 0 ? _(", though it hides what was real") : "";
	if (o->proposal.kind == TUNING_EXCEPTION) {
		snprintf(label, sizeof label, "%s%s", _("accept it for 30 days, for everybody"), though);
		menu_add(menu, '3', CHOICE(number, 30), label);
		snprintf(label, sizeof label, "%s%s", _("accept it for 180 days"), though);
		menu_add(menu, '6', CHOICE(number, 180), label);
	}
	snprintf(label, sizeof label, "%s%s", _("accept it: from now on, for everybody"), though);
	menu_add(menu, 'a', CHOICE(number, 0), label);
	menu_add(menu, 'n', 0, _("no"));
}

static bool command(struct pane *pane, enum command command)
{
	struct tuning_view *view = pane->memory;
	bool runs = is_ours(pane) && lab_trial(pane_board(pane)->lab)->state == LAB_RUNNING;
	switch ((int)command) {
	case CMD_CANCEL:
		if (runs)
			lab_cancel(pane_board(pane)->lab);
		else
			screen_close_view(pane->screen); /* the pane is gone with it */
		return true;
	case CMD_RAW:
		view->shows_files = !view->shows_files;
		view->document.width = 0;
		return true;
	case CMD_OPEN: {
		struct target target = document_target(&view->document);
		if (!runs && result(pane) != NULL && target.kind == TARGET_SUBJECT)
			ask_whether(pane, target.id);
		return true;
	}
	default:
		return false;
	}
}

const struct pane_type view_tuning = {
	.name = "tuning", .title = N_("Tuning"), .place = PLACE_TUNING, .memory = sizeof(struct tuning_view),
	.document = PANE_DOCUMENT(tuning_view), .open = open_tuning, .entitle = entitle, .close = close_tuning, .refresh = refresh, .draw = draw, .command = command,
};
