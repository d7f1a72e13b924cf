/* SPDX-License-Identifier: Apache-2.0
 *
 * A call: who and what, then the flow of its legs and of those of the calls that
 * transfers made of it (call_flow.h). Under it stands what Webex said of the leg
 * under the cursor; Enter shows its record. The other calls of the journey follow
 * the legs. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "ui/copy.h"
#include "ui/panes/call_flow.h"
#include "ui/panes/leads.h"
#include "ui/screen.h"
#include "ui/story.h"

struct call_view {
	struct arena arena;
	struct call_detail detail;
	struct flow flow;
	bool have;
	struct list list; /* legs of all of the flow, then the other calls, then as its ends lived it */
};

static void on_answer(void *arg, const struct call_detail *answer, const struct fault *fault)
{
	struct pane *pane = arg;
	struct call_view *view = pane->memory;
	pane_answered(pane, fault);
	if (answer == NULL)
		return;
	arena_clear(&view->arena);
	arena_init(&view->arena);
	view->detail.call = *copy_calls(&view->arena, &answer->call, 1);
	view->detail.legs = copy_legs(&view->arena, answer->legs, answer->n_legs);
	view->detail.n_legs = answer->n_legs;
	view->detail.journey = copy_calls(&view->arena, answer->journey, answer->n_journey);
	view->detail.n_journey = answer->n_journey;
	view->detail.journey_legs = copy_legs(&view->arena, answer->journey_legs, answer->n_journey_legs);
	view->detail.n_journey_legs = answer->n_journey_legs;
	view->detail.live = live_halves_copy(&view->arena, answer->live, answer->n_live);
	view->detail.n_live = answer->n_live;
	flow_make(&view->detail, &view->arena, &view->flow);
	view->have = true;
	size_t n = 0;
	int64_t *ids = mem_alloc((view->flow.n + answer->n_journey + answer->n_live + 1) * sizeof *ids);
	for (size_t i = 0; i < view->flow.n; i++)
		ids[n++] = view->flow.rows[i].leg->leg_id;
	for (size_t i = 0; i < answer->n_journey; i++)
		ids[n++] = answer->journey[i].id;
	for (size_t i = 0; i < answer->n_live; i++)
		ids[n++] = -1 - (int64_t)i;
	list_set(&view->list, ids, n);
	free(ids);
}

static void refresh(struct pane *pane)
{
	/* A late leg may still join it, but rarely. */
	if (pane_may_ask(pane, pane_board(pane)->calls_version + pane_board(pane)->live_version, 5000))
		history_call(pane_board(pane)->history, pane->id, on_answer, pane);
}

static void open_call(struct pane *pane, int64_t id)
{
	UNUSED(id);
	arena_init(&((struct call_view *)pane->memory)->arena);
}

static void close_call(struct pane *pane)
{
	struct call_view *view = pane->memory;
	arena_clear(&view->arena);
	list_clear(&view->list);
}

/* ---- drawing -------------------------------------------------------------------------- */

static void draw_journey(struct pane *pane, struct canvas *canvas, int row, size_t i)
{
	const struct call *call = &((struct call_view *)pane->memory)->detail.journey[i];
	const char letter[2] = { (char)('B' + MIN(i, (size_t)24)), '\0' };
	char clock[SHORT_BYTES], number[LONG_BYTES], length[SHORT_BYTES];
	const struct call_view *view = pane->memory;
	const char *label;
	const struct zone *zone = zones_of_site(&pane->screen->zones, view->detail.call.location, &label);
	canvas_text(canvas, row, 2, 8, ROLE_TEXT, format_clock(zone, call->start_ms, clock));
	canvas_text(canvas, row, 11, 1, ROLE_KEY, letter);
	canvas_text(canvas, row, 13, 13, ROLE_DIM, _("same journey"));
	canvas_text(canvas, row, 27, 20, ROLE_TEXT, call->user_name);
	canvas_text(canvas, row, 48, 1, ROLE_DIM, call->direction == CALL_INBOUND ? "\u2190" : "\u2192");
	canvas_text(canvas, row, 50, 18, ROLE_NUMBER,
	    format_number(call->far_number, pane->screen->masked, number));
	canvas_text(canvas, row, 69, 8, ROLE_TEXT, format_duration(call->talk_s, length));
}

/* What no record tells: how long it rang, when it was held. */
static void draw_live(struct pane *pane, struct canvas *canvas, int row, size_t i)
{
	const struct call_view *view = pane->memory;
	const struct live_half *half = &view->detail.live[i];
	char clock[SHORT_BYTES];
	const char *label;
	const struct zone *zone = zones_of_site(&pane->screen->zones, view->detail.call.location, &label);
	struct text words = { 0 };
	live_step_words(half, &words);
	canvas_text(canvas, row, 2, 8, ROLE_TEXT, format_clock(zone, half->created_ms, clock));
	canvas_text(canvas, row, 13, 13, ROLE_DIM, _("live"));
	canvas_text(canvas, row, 27, 20, ROLE_TEXT, *half->person_name != '\0' ? half->person_name : half->person_uuid);
	canvas_text(canvas, row, 48, 1, ROLE_DIM, half->originator ? "\u2192" : "\u2190");
	canvas_text(canvas, row, 50, canvas->clip.cols - 52, ROLE_LIVE_UP, text_string(&words));
	text_clear(&words);
}

static void field(struct canvas *canvas, int *n, int top, int rows, const char *label, const char *value)
{
	bool two = canvas->clip.cols >= 100;
	int row = top + (two ? *n / 2 : *n), col = two && *n % 2 ? canvas->clip.cols / 2 : 2;
	int width = two ? canvas->clip.cols / 2 - 4 : canvas->clip.cols - 4;
	if (*value == '\0' || row >= rows)
		return;
	canvas_text(canvas, row, col, 15, ROLE_DIM, label);
	canvas_text(canvas, row, col + 16, width - 16, ROLE_TEXT, value);
	++*n;
}

static void leg_fields(struct pane *pane, struct canvas *canvas, int top, const struct leg_row *leg)
{
	char a[LONG_BYTES], b[LONG_BYTES], text[3 * LONG_BYTES];
	const char *label;
	const struct zone *zone = zones_of_site(&pane->screen->zones, leg->location, &label);
	bool masked = pane->screen->masked;
	int n = 0, rows = canvas->clip.rows;
	snprintf(text, sizeof text, "%s \u2192 %s", format_number(leg->calling, masked, a),
	    format_number(leg->called, masked, b));
	field(canvas, &n, top, rows, _("from, to"), text);
	snprintf(text, sizeof text, "%s%s%s", leg->user_name, *leg->user_name != '\0' ? " \u00B7 " : "",
	    leg->user_type);
	field(canvas, &n, top, rows, _("user"), text);
	field(canvas, &n, top, rows, _("start"), format_moment(zone, label, leg->start_ms, a));
	field(canvas, &n, top, rows, _("answer"), leg->answer_ms > 0 ? format_moment(zone, label, leg->answer_ms, a) : "");
	snprintf(text, sizeof text, "%s \u00B7 %s%s%s", leg->originating ? _("originating") : _("terminating"),
	    leg->call_type, *leg->client_type != '\0' ? " \u00B7 " : "", leg->client_type);
	field(canvas, &n, top, rows, _("kind"), text);
	snprintf(text, sizeof text, "%s%s%s", leg->outcome, *leg->outcome_reason != '\0' ? ": " : "",
	    leg->outcome_reason);
	field(canvas, &n, top, rows, _("outcome"), text);
	field(canvas, &n, top, rows, _("redirected"), leg->redirect_reason);
	field(canvas, &n, top, rows, _("redirected by"), format_number(leg->redirecting_number, masked, a));
	field(canvas, &n, top, rows, _("related"), leg->related_reason);
	field(canvas, &n, top, rows, _("related call"), leg->related_call_id);
	field(canvas, &n, top, rows, _("transfer call"), leg->transfer_call_id);
	field(canvas, &n, top, rows, _("site"), leg->location);
	field(canvas, &n, top, rows, _("trunk in"), leg->inbound_trunk);
	field(canvas, &n, top, rows, _("trunk out"), leg->outbound_trunk);
	field(canvas, &n, top, rows, _("caller name"), leg->caller_name);
	field(canvas, &n, top, rows, _("called name"), leg->called_name);
	field(canvas, &n, top, rows, _("dialled"), format_number(leg->dialed, masked, a));
	field(canvas, &n, top, rows, _("device"), leg->device_mac);
	field(canvas, &n, top, rows, _("report id"), leg->report_id);
}

/* Each state with its beginning and how long it lasted; the last one may still. */
static void live_fields(struct pane *pane, struct canvas *canvas, int top, const struct live_half *half)
{
	char clock[SHORT_BYTES], length[SHORT_BYTES], number[LONG_BYTES];
	const char *label;
	const struct call_view *view = pane->memory;
	const struct zone *zone = zones_of_site(&pane->screen->zones, view->detail.call.location, &label);
	int n = 0;
	field(canvas, &n, top, canvas->clip.rows, _("number"), format_number(half->number, pane->screen->masked, number));
	field(canvas, &n, top, canvas->clip.rows, _("call id"), half->local_id);
	int row = top + (canvas->clip.cols >= 100 ? (n + 1) / 2 : n);
	for (size_t i = 0; i < half->n_steps && row < canvas->clip.rows; i++, row++) {
		const struct live_step *step = &half->steps[i];
		int64_t end_ms = i + 1 < half->n_steps ? half->steps[i + 1].at_ms : half->over_ms;
		canvas_text(canvas, row, 2, 8, ROLE_TEXT, format_clock(zone, step->at_ms, clock));
		canvas_text(canvas, row, 18, 16, live_role(step->state), live_word(step->state));
		if (step->state != LIVE_DISCONNECTED && end_ms > 0)
			canvas_text(canvas, row, 35, 9, ROLE_TEXT, format_duration(MAX(end_ms - step->at_ms, (int64_t)0) / SECOND_MS, length));
	}
}

static void call_facts(struct pane *pane, struct canvas *canvas, const struct call *call)
{
	char number[LONG_BYTES], own[LONG_BYTES], moment[LONG_BYTES], length[SHORT_BYTES], money[SHORT_BYTES];
	const char *label;
	const struct zone *zone = zones_of_site(&pane->screen->zones, call->location, &label);
	int cols = canvas->clip.cols - 4;
	int col = 2 + canvas_text(canvas, 0, 2, 30, ROLE_STRONG, *call->user_name != '\0' ? call->user_name : format_number(call->user_number, pane->screen->masked, own));
	col += 1 + canvas_text(canvas, 0, col + 1, 1, ROLE_DIM, call->direction == CALL_INBOUND ? "\u2190" : "\u2192");
	col += 1 + canvas_text(canvas, 0, col + 1, 24, ROLE_NUMBER,
	    format_number(call->far_number, pane->screen->masked, number));
	canvas_printf(canvas, 0, col + 3, cols - col, call->tier >= TIER_HIGH ? tier_role(call->tier) : ROLE_DIM,
	    "%s %s %s", call->country, class_word(call->class), tier_word(call->tier));
	struct text line = { 0 };
	text_printf(&line, "%s%s%s%s \u00B7 %s \u00B7 %s \u00B7 ", call->cost_micro > 0 ? "\u2248 " : "", call->cost_micro > 0 ? format_money(call->cost_micro, money) : "",
	    call->cost_micro > 0 ? " USD \u00B7 " : "", format_duration(call->talk_s, length), direction_word(call->direction), call->location);
	/* UTC after the site's own time is the first to go. */
	if (text_width(text_string(&line)) + text_width(format_moment(zone, label, call->start_ms, moment)) > cols)
		format_moment_in(zone, label, call->start_ms, moment);
	text_puts(&line, moment);
	canvas_text(canvas, 1, 2, cols, ROLE_TEXT, text_string(&line));
	text_clear(&line);
}

static void draw(struct pane *pane, struct canvas *canvas, bool focused)
{
	struct call_view *view = pane->memory;
	const struct flow *flow = &view->flow;
	struct flow_place place;
	const char *label; /* all rows in the zone of the call's site, as the line over them says */
	if (!view->have) {
		pane_draw_nothing(pane, canvas, 1, "");
		return;
	}
	const struct zone *zone = zones_of_site(&pane->screen->zones, view->detail.call.location, &label);
	int rows = canvas->clip.rows, cols = canvas->clip.cols;
	flow_layout(flow, cols, &place);
	call_facts(pane, canvas, &view->detail.call);
	int first = place.columns ? 4 : 3;
	flow_titles(flow, &place, canvas, 2, pane->screen->masked);
	/* A short flow leaves room for all that is known of a leg; of a long one
	 * more legs are shown. */
	int fields = rows < 18 ? 4 : MIN(MAX(rows - first - 1 - (int)view->list.n, 8), 12);
	int room = MAX(rows - first - fields, 3);
	int shown = MIN((int)view->list.n, room);
	list_show(&view->list, room);
	for (int row = 0; row < shown; row++) {
		size_t i = view->list.top + (size_t)row;
		if (i >= view->list.n)
			break;
		if (i < flow->n)
			flow_draw(flow, &place, canvas, first + row, i, zone, pane->screen->masked);
		else if (i - flow->n < view->detail.n_journey)
			draw_journey(pane, canvas, first + row, i - flow->n);
		else
			draw_live(pane, canvas, first + row, i - flow->n - view->detail.n_journey);
		if (i == view->list.selected && focused) {
			canvas_text(canvas, first + row, 0, 1, ROLE_KEY, "\u25B8");
			canvas_attrs(canvas, first + row, 0, cols, CELL_SELECTED);
		}
	}
	int top = first + shown + 1;
	canvas_fill(canvas, (struct box){ top - 1, 2, 1, cols - 4 }, ROLE_BORDER, 0x2500);
	if (view->list.selected < flow->n)
		leg_fields(pane, canvas, top, flow->rows[view->list.selected].leg);
	else if (view->list.selected >= flow->n + view->detail.n_journey && view->list.selected < view->list.n)
		live_fields(pane, canvas, top, &view->detail.live[view->list.selected - flow->n - view->detail.n_journey]);
}

static void summary(struct pane *pane, char *out, size_t capacity)
{
	const struct call_view *view = pane->memory;
	size_t n = view->detail.n_legs;
	if (!view->have)
		return;
	int used = snprintf(out, capacity, ngettext("%zu leg", "%zu legs", n), n);
	if (view->detail.n_journey > 0 && used > 0 && (size_t)used < capacity)
		snprintf(out + used, capacity - (size_t)used, ngettext(" \u00B7 %zu more call", " \u00B7 %zu more calls", view->detail.n_journey), view->detail.n_journey);
}

/* What the leg under the cursor names comes first. */
static void open_related(struct pane *pane)
{
	const struct call_view *view = pane->memory;
	struct leads *leads = leads_new();
	if (view->list.selected < view->flow.n)
		leads_add_leg(leads, view->flow.rows[view->list.selected].leg);
	leads_add_call(leads, &view->detail.call);
	for (size_t i = 0; i < view->flow.n; i++)
		leads_add_leg(leads, view->flow.rows[i].leg);
	leads_open(pane->screen, leads);
}

static bool command(struct pane *pane, enum command command)
{
	struct call_view *view = pane->memory;
	size_t i = view->list.selected;
	if (command == CMD_RELATED && view->have) {
		open_related(pane);
		return true;
	}
	if ((command == CMD_PROFILE || command == CMD_NUMBER) && view->have) {
		profile_of_call(pane->screen, command, &view->detail.call);
		return true;
	}
	if (command != CMD_OPEN && command != CMD_RAW)
		return false;
	if (i < view->flow.n)
		screen_open(pane->screen, &view_raw, view->flow.rows[i].leg->leg_id);
	else if (i - view->flow.n < view->detail.n_journey)
		screen_open(pane->screen, &view_call, view->detail.journey[i - view->flow.n].id);
	return true;
}

static struct list *get_list(struct pane *pane)
{
	return &((struct call_view *)pane->memory)->list;
}

static size_t text(struct pane *pane, char *out, size_t capacity)
{
	const struct call_view *view = pane->memory;
	int n = snprintf(out, capacity, "%s", view->have ? view->detail.call.correlation_id : "");
	return (size_t)MIN(MAX(n, 0), (int)capacity - 1);
}

/* Of the journey's other calls the one under the cursor. */
static const void *selected(struct pane *pane)
{
	const struct call_view *view = pane->memory;
	size_t i = view->list.selected - view->flow.n;
	if (!view->have)
		return NULL;
	return view->list.selected >= view->flow.n && i < view->detail.n_journey ? &view->detail.journey[i] : &view->detail.call;
}

const struct pane_type view_call = {
	.name = "call", .title = N_("Call"), .place = PLACE_CALL, .memory = sizeof(struct call_view),
	.open = open_call, .close = close_call, .refresh = refresh, .draw = draw,
	.summary = summary, .command = command, .list = get_list, .text = text,
	.filter_of = FILTER_CALLS, .selected = selected, .read_row = filter_read_call,
};
