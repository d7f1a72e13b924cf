/* SPDX-License-Identifier: Apache-2.0
 *
 * One silence: whose, why, until when, and what it hides, line by line; a line
 * leads to whom it is about. */
#include <stdio.h>
#include <string.h>

#include "ui/copy.h"
#include "ui/panes/silence_parts.h"
#include "ui/screen.h"

struct silence_view {
	struct document document;
	struct arena arena;
	struct silence_row *silence; /* NULL: not yet */
	struct kept_row *kept;
	size_t n;
};

static const struct target nowhere = { TARGET_NONE, 0 };

static void on_answer(void *arg, const struct kept_list *answer, const struct fault *fault)
{
	struct pane *pane = arg;
	struct silence_view *view = pane->memory;
	pane_answered(pane, fault);
	if (answer == NULL)
		return;
	arena_clear(&view->arena);
	arena_init(&view->arena);
	view->silence = copy_silences(&view->arena, &answer->silence, 1);
	view->kept = copy_kept(&view->arena, answer->items, answer->n);
	view->n = answer->n;
	view->document.width = 0;
}

static void refresh(struct pane *pane)
{
	enum silence_kind kind;
	int64_t id;
	silence_of_handle(pane->id, &kind, &id);
	if (pane_may_ask(pane, pane_board(pane)->alerts_version + (uint64_t)(pane_now(pane) / MINUTE_MS), 500))
		history_kept_back(pane_board(pane)->history, kind, id, on_answer, pane);
}

static void entitle(struct pane *pane)
{
	enum silence_kind kind;
	int64_t id;
	char ref[SILENCE_REF_BYTES];
	silence_of_handle(pane->id, &kind, &id);
	snprintf(pane->title, sizeof pane->title, _("What silence %s hides"), silence_ref(kind, id, ref));
}

static void open_silence(struct pane *pane, int64_t handle)
{
	UNUSED(handle);
	arena_init(&((struct silence_view *)pane->memory)->arena);
}

static void close_silence(struct pane *pane)
{
	struct silence_view *view = pane->memory;
	arena_clear(&view->arena);
	document_clear(&view->document);
}

/* ---- lines ----------------------------------------------------------------------------------- */

static void pair(struct document *d, struct target target, const char *label, enum role role, const char *text)
{
	document_line(d, target);
	document_put(d, 1, 12, ROLE_DIM, label);
	document_wrap(d, 14, role, text);
}

static void moment_of(struct pane *pane, int64_t ms, char out[static LONG_BYTES])
{
	const char *label;
	const struct zone *zone = zones_current(&pane->screen->zones, &label);
	format_moment(zone, label, ms, out);
}

static void lay_out_end(struct pane *pane, struct document *d, const struct silence_row *s)
{
	char moment[LONG_BYTES], text[3 * LONG_BYTES], left[SHORT_BYTES];
	int64_t now = pane_now(pane);
	if (s->until_ms == SILENCE_NEVER_ENDS) {
		pair(d, nowhere, _("ends"), ROLE_WARN, _("never by itself"));
		return;
	}
	bool over = s->until_ms <= now || s->ended_ms > 0;
	moment_of(pane, s->until_ms, moment);
	snprintf(text, sizeof text, over ? "%s \u00B7 %s" : _("%s \u00B7 in %s"), moment, over ? _("it is over") : silence_left(s, now, left));
	pair(d, nowhere, over ? _("ended") : _("ends"), over ? ROLE_DIM : silence_ends_soon(s, now) ? ROLE_WARN : ROLE_TEXT, text);
}

static void lay_out_hits(struct document *d, const struct silence_row *s, int64_t now)
{
	char text[3 * LONG_BYTES], age[SHORT_BYTES];
	bool records = s->kind == SILENCE_EXCEPTION;
	if (records)
		snprintf(text, sizeof text, ngettext("%lld record left out, %lld of them in 24 h", "%lld records left out, %lld of them in 24 h", (unsigned long)s->hits),
		    (long long)s->hits, (long long)s->day_hits);
	else
		snprintf(text, sizeof text, ngettext("%lld finding kept back, %lld of them in 24 h", "%lld findings kept back, %lld of them in 24 h", (unsigned long)s->hits),
		    (long long)s->hits, (long long)s->day_hits);
	if (s->last_hit_ms > 0)
		snprintf(text + strlen(text), sizeof text - strlen(text), _("; the last %s ago"), format_age(MAX(now - s->last_hit_ms, (int64_t)0), age));
	pair(d, nowhere, _("hidden"), !records && s->day_hits >= SILENCE_HIDES_MUCH ? ROLE_WARN : ROLE_STRONG, text);
}

static void lay_out_head(struct pane *pane, struct document *d, const struct silence_row *s)
{
	char scope[PROMPT_BYTES], moment[LONG_BYTES], text[LONG_BYTES], typed[TYPED_BYTES];
	int64_t now = pane_now(pane);
	enum role role;
	const char *remark = silence_remark(s, now, &role);
	snprintf(text, sizeof text, "%s %s", silence_sign(s->kind), silence_word(s->kind));
	pair(d, nowhere, _("kind"), ROLE_STRONG, text);
	bool of_alert = s->kind == SILENCE_ALIKE;
	pair(d, of_alert ? (struct target){ TARGET_ALERT, s->id } : nowhere, _("silent"), ROLE_TEXT, silence_scope_text(s, pane->screen->masked, scope));
	if (*s->broken != '\0')
		pair(d, nowhere, _("broken"), ROLE_ERROR, s->broken);
	pair(d, nowhere, _("owner"), ROLE_STRONG, s->owner);
	pair(d, nowhere, s->kind == SILENCE_EXCEPTION ? _("file") : _("reason"), ROLE_TEXT, s->kind == SILENCE_EXCEPTION ? s->file : format_masked(s->reason, pane->screen->masked, typed, sizeof typed));
	if (s->created_ms > 0) {
		moment_of(pane, s->created_ms, moment);
		pair(d, nowhere, _("said"), ROLE_DIM, moment);
	}
	if (s->kind == SILENCE_MAINTENANCE) {
		moment_of(pane, s->begin_ms, moment);
		pair(d, nowhere, _("begins"), ROLE_TEXT, moment);
	}
	lay_out_end(pane, d, s);
	lay_out_hits(d, s, now);
	if (*remark != '\0')
		pair(d, nowhere, "", role, remark);
}

static void lay_out_kept(struct pane *pane, struct document *d, const struct kept_row *row, int64_t number)
{
	const char *label;
	const struct zone *zone = zones_current(&pane->screen->zones, &label);
	char when[SHORT_BYTES], count[SHORT_BYTES], name[LONG_BYTES], title[TYPED_BYTES];
	const char *who = *row->subject_name != '\0' ? row->subject_name : row->subject_id;
	int width = d->width - 30, who_cols = MAX(width / 3, 14);
	if (row->subject_kind == SUBJECT_NUMBER)
		who = format_number(who, pane->screen->masked, name);
	document_line(d, (struct target){ TARGET_SUBJECT, number });
	document_put(d, 1, 6, ROLE_TEXT, format_time(zone, row->last_ms, pane_now(pane), when));
	document_put(d, 8, 7, severity_role(row->severity), severity_badge(row->severity));
	document_printf(d, 16, 3, ROLE_NUMBER, "%3d", row->score);
	document_printf(d, 20, 6, ROLE_DIM, "\u00D7%s", format_count(row->n, count));
	document_put(d, 27, who_cols - 1, ROLE_STRONG, who);
	document_put(d, 27 + who_cols, -1, ROLE_TEXT, format_masked(in_language(row->title_en, row->title_es), pane->screen->masked, title, sizeof title));
}

static void lay_out(struct pane *pane, int width)
{
	struct silence_view *view = pane->memory;
	struct document *d = &view->document;
	document_begin(d, width);
	lay_out_head(pane, d, view->silence);
	if (view->silence->kind == SILENCE_EXCEPTION) {
		document_line(d, nowhere);
		document_line(d, nowhere);
		document_wrap(d, 1, ROLE_DIM, _("It leaves records out before they are counted: which alerts there would have been nobody knows. A replay of the rules without that file tells."));
		document_end(d);
		return;
	}
	document_heading(d, _("What would have been an alert, the newest first"));
	for (size_t i = 0; i < view->n; i++)
		lay_out_kept(pane, d, &view->kept[i], (int64_t)i + 1);
	if (view->n == 0) {
		document_line(d, nowhere);
		document_put(d, 1, -1, ROLE_DIM, _("It has hidden nothing."));
	}
	document_end(d);
}

static void draw(struct pane *pane, struct canvas *canvas, bool focused)
{
	struct silence_view *view = pane->memory;
	if (view->silence == NULL) {
		pane_draw_nothing(pane, canvas, 1, "");
		return;
	}
	lay_out(pane, canvas->clip.cols); /* it says how long ago, and there are fifty lines */
	document_draw(&view->document, canvas, focused);
	if (pane->fault.code != FAULT_NONE) /* what is shown is old: say so */
		canvas_text(canvas, canvas->clip.rows - 1, 2, canvas->clip.cols - 3, ROLE_ERROR, pane->fault.text);
}

static bool command(struct pane *pane, enum command command)
{
	struct silence_view *view = pane->memory;
	struct target target = document_target(&view->document);
	if (command == CMD_OPEN && target.kind == TARGET_SUBJECT && target.id >= 1 && (size_t)target.id <= view->n) {
		const struct kept_row *row = &view->kept[target.id - 1];
		profile_open(pane->screen, row->subject_kind, row->subject_id);
		return true;
	}
	return silence_command(pane->screen, command, view->silence);
}

const struct pane_type view_silence = {
	.name = "silence",
	.title = N_("Silence"),
	.place = PLACE_SILENCES,
	.memory = sizeof(struct silence_view),
	.document = PANE_DOCUMENT(silence_view),
	.open = open_silence,
	.entitle = entitle,
	.close = close_silence,
	.refresh = refresh,
	.draw = draw,
	.command = command,
};
