/* SPDX-License-Identifier: Apache-2.0
 *
 * A call: who and what, then the ladder of its legs. Each row is a leg, an
 * arrow between lanes, from whoever asked to whoever was asked:
 *
 *	            person    device    attendant  queue     trunk     PSTN
 *	14:01:12      │          │          ◀──────────────────┼─────────┤
 *	14:01:20      ◀──────────┼──────────┤         │         │         │
 *
 * Under it stands what Webex said of the leg under the cursor; Enter shows its
 * record. Other calls of the same journey follow the legs. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "ui/copy.h"
#include "ui/panes/leads.h"
#include "ui/screen.h"

enum lane { LANE_PERSON, LANE_DEVICE, LANE_ATTENDANT, LANE_QUEUE, LANE_TRUNK, LANE_PSTN, N_LANES };

struct call_view {
	struct arena arena;
	struct call_detail detail;
	bool have;
	struct list list; /* legs, then the other calls */
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
	view->have = true;
	size_t n = 0;
	int64_t *ids = mem_alloc((answer->n_legs + answer->n_journey + 1) * sizeof *ids);
	for (size_t i = 0; i < answer->n_legs; i++)
		ids[n++] = answer->legs[i].leg_id;
	for (size_t i = 0; i < answer->n_journey; i++)
		ids[n++] = answer->journey[i].id;
	list_set(&view->list, ids, n);
	free(ids);
}

static void refresh(struct pane *pane)
{
	/* A late leg may still join it, but rarely. */
	if (pane_may_ask(pane, pane_board(pane)->calls_version, 5000))
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

/* ---- which lanes ------------------------------------------------------------------- */

static bool is_gateway(const struct leg_row *leg)
{
	return strcmp(leg->user_type, "LocalGateway") == 0;
}

/* What Webex calls the users of a leg: webex-api, "User type". */
static enum lane own_lane(const struct leg_row *leg)
{
	static const struct {
		const char *part;
		enum lane lane;
	} kinds[] = { { "Attendant", LANE_ATTENDANT }, { "VoiceMail", LANE_ATTENDANT }, { "VoiceXML", LANE_ATTENDANT },
		{ "Queue", LANE_QUEUE }, { "CallCenter", LANE_QUEUE }, { "RoutePoint", LANE_QUEUE },
		{ "HuntGroup", LANE_QUEUE }, { "Paging", LANE_QUEUE }, { "LocalGateway", LANE_TRUNK },
		{ "Place", LANE_DEVICE } };
	for (size_t i = 0; i < COUNT_OF(kinds); i++)
		if (strstr(leg->user_type, kinds[i].part) != NULL)
			return kinds[i].lane;
	if (strstr(leg->client_type, "DEVICE") != NULL || *leg->device_mac != '\0')
		return LANE_DEVICE;
	return LANE_PERSON;
}

static bool is_outside(const struct leg_row *leg)
{
	static const char *const inside[] = { "", "SIP_ENTERPRISE", "SIP_MEETING", "UNKNOWN" };
	if (leg->originating ? *leg->outbound_trunk != '\0' : *leg->inbound_trunk != '\0')
		return true;
	for (size_t i = 0; i < COUNT_OF(inside); i++)
		if (strcmp(leg->call_type, inside[i]) == 0)
			return false;
	return leg->originating || strcmp(leg->call_type, "SIP_INBOUND") == 0;
}

/* The lane at the other end: the partner leg's, when Webex names one. */
static enum lane far_lane(const struct call_detail *detail, const struct leg_row *leg)
{
	if (is_gateway(leg))
		return LANE_PSTN;
	for (size_t i = 0; i < detail->n_legs && *leg->remote_call_id != '\0'; i++)
		if (&detail->legs[i] != leg && strcmp(detail->legs[i].local_call_id, leg->remote_call_id) == 0)
			return own_lane(&detail->legs[i]);
	return is_outside(leg) ? LANE_PSTN : LANE_PERSON;
}

/* ---- drawing -------------------------------------------------------------------------- */

struct ladder {
	int x[N_LANES];
	int left, right; /* columns before and after the lanes */
};

static void ladder_make(struct ladder *ladder, int cols)
{
	ladder->left = 11;
	ladder->right = cols >= 110 ? 34 : 10;
	int room = cols - ladder->left - ladder->right;
	for (int lane = 0; lane < N_LANES; lane++)
		ladder->x[lane] = ladder->left + room * (2 * lane + 1) / (2 * N_LANES);
}

static void lane_titles(struct canvas *canvas, int row, const struct ladder *ladder)
{
	const char *const titles[N_LANES] = { _("person"), _("device"), _("AA"), _("queue"), _("trunk"),
		_("PSTN") };
	for (int lane = 0; lane < N_LANES; lane++) {
		int width = text_width(titles[lane]);
		canvas_text(canvas, row, ladder->x[lane] - width / 2, width, ROLE_COLUMN, titles[lane]);
	}
}

static void arrow(struct canvas *canvas, int row, const struct ladder *ladder, enum lane from,
    enum lane to, bool answered, bool by_trunk, const char *label)
{
	int a = ladder->x[from], b = ladder->x[to];
	for (int lane = 0; lane < N_LANES; lane++)
		canvas_fill(canvas, (struct box){ row, ladder->x[lane], 1, 1 }, ROLE_LANE, 0x2502);
	if (a == b) { /* inside one lane */
		canvas_text(canvas, row, a, 1, ROLE_ARROW, answered ? "\u25CF" : "\u25CB");
		canvas_text(canvas, row, a + 2, ladder->x[1] - ladder->x[0] - 3, ROLE_DIM, label);
		return;
	}
	int low = MIN(a, b), high = MAX(a, b);
	canvas_fill(canvas, (struct box){ row, low + 1, 1, high - low - 1 }, answered ? ROLE_ARROW : ROLE_DIM,
	    0x2500);
	if (by_trunk && low < ladder->x[LANE_TRUNK] && ladder->x[LANE_TRUNK] < high)
		canvas_text(canvas, row, ladder->x[LANE_TRUNK], 1, ROLE_ARROW, "\u253C");
	/* The label on the line, clear of where it crosses the trunk. Half a number
	 * says nothing; half a name may. */
	int end = by_trunk && low < ladder->x[LANE_TRUNK] ? MIN(high, ladder->x[LANE_TRUNK]) : high;
	int whole = text_width(label), width = MIN(whole, end - low - 5);
	bool is_name = *label != '+' && !(*label >= '0' && *label <= '9');
	if (width > 0 && (width == whole || (is_name && width >= 8))) {
		int at = low + (end - low - width) / 2;
		canvas_text(canvas, row, at - 1, 1, ROLE_NUMBER, " ");
		canvas_text(canvas, row, at, width, ROLE_NUMBER, label);
		canvas_text(canvas, row, at + width, 1, ROLE_NUMBER, " ");
	}
	canvas_text(canvas, row, a, 1, ROLE_ARROW, a < b ? "\u251C" : "\u2524");
	canvas_text(canvas, row, b, 1, answered ? ROLE_ARROW : ROLE_WARN,
	    !answered ? "\u2717" : a < b ? "\u25B6" : "\u25C0");
}

static void draw_leg(struct pane *pane, struct canvas *canvas, int row, const struct ladder *ladder,
    const struct leg_row *leg)
{
	const struct call_view *view = pane->memory;
	char clock[SHORT_BYTES], number[LONG_BYTES], length[SHORT_BYTES];
	const char *label; /* all rows in the zone of the call's site, as the line over them says */
	const struct zone *zone = zones_of_site(&pane->screen->zones, view->detail.call.location, &label);
	int cols = canvas->clip.cols;
	enum lane own = own_lane(leg), far = far_lane(&view->detail, leg);
	/* A gateway that originates brings a call in. */
	bool outward = leg->originating != is_gateway(leg);
	/* Between ourselves the name of who was rung says more than a number that
	 * is the same in every row. */
	bool inside = !leg->originating && far != LANE_PSTN && far != LANE_TRUNK && *leg->user_name != '\0' && own <= LANE_DEVICE;
	format_number(inside ? leg->user_name : leg->originating && !is_gateway(leg) ? leg->called : leg->calling,
	    pane->screen->masked && !inside, number);
	canvas_text(canvas, row, 2, 8, ROLE_TEXT, format_clock(zone, leg->start_ms, clock));
	arrow(canvas, row, ladder, outward ? own : far, outward ? far : own, leg->answered || is_gateway(leg),
	    *leg->inbound_trunk != '\0' || *leg->outbound_trunk != '\0', number);
	int right = cols - ladder->right + 1;
	canvas_text_right(canvas, row, right, 7, leg->answered ? ROLE_TEXT : ROLE_DIM,
	    leg->answered ? format_duration(leg->duration_s, length) : "\u2014");
	if (ladder->right > 20)
		canvas_text(canvas, row, right + 9, ladder->right - 11, ROLE_DIM,
		    *leg->user_name != '\0' ? leg->user_name : leg->user_type);
}

static void draw_journey(struct pane *pane, struct canvas *canvas, int row, const struct call *call)
{
	char clock[SHORT_BYTES], number[LONG_BYTES], length[SHORT_BYTES];
	const struct call_view *view = pane->memory;
	const char *label;
	const struct zone *zone = zones_of_site(&pane->screen->zones, view->detail.call.location, &label);
	canvas_text(canvas, row, 2, 8, ROLE_TEXT, format_clock(zone, call->start_ms, clock));
	canvas_text(canvas, row, 12, 14, ROLE_DIM, _("same journey"));
	canvas_text(canvas, row, 27, 20, ROLE_TEXT, call->user_name);
	canvas_text(canvas, row, 48, 1, ROLE_DIM, call->direction == CALL_INBOUND ? "\u2190" : "\u2192");
	canvas_text(canvas, row, 50, 18, ROLE_NUMBER,
	    format_number(call->far_number, pane->screen->masked, number));
	canvas_text(canvas, row, 69, 8, ROLE_TEXT, format_duration(call->talk_s, length));
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
	field(canvas, &n, top, rows, _("site"), leg->location);
	field(canvas, &n, top, rows, _("trunk in"), leg->inbound_trunk);
	field(canvas, &n, top, rows, _("trunk out"), leg->outbound_trunk);
	field(canvas, &n, top, rows, _("caller name"), leg->caller_name);
	field(canvas, &n, top, rows, _("called name"), leg->called_name);
	field(canvas, &n, top, rows, _("dialled"), format_number(leg->dialed, masked, a));
	field(canvas, &n, top, rows, _("device"), leg->device_mac);
	field(canvas, &n, top, rows, _("report id"), leg->report_id);
}

static void call_facts(struct pane *pane, struct canvas *canvas, const struct call *call)
{
	char number[LONG_BYTES], moment[LONG_BYTES], length[SHORT_BYTES], money[SHORT_BYTES];
	const char *label;
	const struct zone *zone = zones_of_site(&pane->screen->zones, call->location, &label);
	int cols = canvas->clip.cols - 4;
	int col = 2 + canvas_text(canvas, 0, 2, 30, ROLE_STRONG,
	    *call->user_name != '\0' ? call->user_name : call->user_number);
	col += 1 + canvas_text(canvas, 0, col + 1, 1, ROLE_DIM, call->direction == CALL_INBOUND ? "\u2190" : "\u2192");
	col += 1 + canvas_text(canvas, 0, col + 1, 24, ROLE_NUMBER,
	    format_number(call->far_number, pane->screen->masked, number));
	canvas_printf(canvas, 0, col + 3, cols - col, call->tier >= TIER_HIGH ? tier_role(call->tier) : ROLE_DIM,
	    "%s %s %s", call->country, class_word(call->class), tier_word(call->tier));
	/* The end of the line is the first to go: UTC after the site's own time. */
	canvas_printf(canvas, 1, 2, cols, ROLE_TEXT, "%s%s%s%s \u00B7 %s \u00B7 %s \u00B7 %s",
	    call->cost_micro > 0 ? "\u2248 " : "", call->cost_micro > 0 ? format_money(call->cost_micro, money) : "",
	    call->cost_micro > 0 ? " USD \u00B7 " : "", format_duration(call->talk_s, length),
	    direction_word(call->direction), call->location, format_moment(zone, label, call->start_ms, moment));
}

static void draw(struct pane *pane, struct canvas *canvas, bool focused)
{
	struct call_view *view = pane->memory;
	struct ladder ladder;
	if (!view->have) {
		pane_draw_nothing(pane, canvas, 1, "");
		return;
	}
	int rows = canvas->clip.rows, cols = canvas->clip.cols;
	ladder_make(&ladder, cols);
	call_facts(pane, canvas, &view->detail.call);
	lane_titles(canvas, 3, &ladder);
	/* A short ladder leaves room for all that is known of a leg; of a long one
	 * more legs are shown. */
	int fields = rows < 18 ? 4 : MIN(MAX(rows - 5 - (int)view->list.n, 8), 11);
	int room = MAX(rows - 4 - fields, 3);
	int shown = MIN((int)view->list.n, room);
	list_show(&view->list, room);
	for (int row = 0; row < shown; row++) {
		size_t i = view->list.top + (size_t)row;
		if (i >= view->list.n)
			break;
		if (i < view->detail.n_legs)
			draw_leg(pane, canvas, 4 + row, &ladder, &view->detail.legs[i]);
		else
			draw_journey(pane, canvas, 4 + row, &view->detail.journey[i - view->detail.n_legs]);
		if (i == view->list.selected && focused) {
			canvas_text(canvas, 4 + row, 0, 1, ROLE_KEY, "\u25B8");
			canvas_attrs(canvas, 4 + row, 0, cols, CELL_SELECTED);
		}
	}
	int top = 4 + shown + 1;
	canvas_fill(canvas, (struct box){ top - 1, 2, 1, cols - 4 }, ROLE_BORDER, 0x2500);
	if (view->list.selected < view->detail.n_legs)
		leg_fields(pane, canvas, top, &view->detail.legs[view->list.selected]);
}

static void summary(struct pane *pane, char *out, size_t capacity)
{
	const struct call_view *view = pane->memory;
	size_t n = view->detail.n_legs;
	if (view->have)
		snprintf(out, capacity, ngettext("%zu leg", "%zu legs", n), n);
}

/* What the leg under the cursor names comes first. */
static void open_related(struct pane *pane)
{
	const struct call_view *view = pane->memory;
	struct leads *leads = leads_new();
	if (view->list.selected < view->detail.n_legs)
		leads_add_leg(leads, &view->detail.legs[view->list.selected]);
	leads_add_call(leads, &view->detail.call);
	for (size_t i = 0; i < view->detail.n_legs; i++)
		leads_add_leg(leads, &view->detail.legs[i]);
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
	if (i < view->detail.n_legs)
		screen_open(pane->screen, &view_raw, view->detail.legs[i].leg_id);
	else if (i - view->detail.n_legs < view->detail.n_journey)
		screen_open(pane->screen, &view_call, view->detail.journey[i - view->detail.n_legs].id);
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
	size_t i = view->list.selected - view->detail.n_legs;
	if (!view->have)
		return NULL;
	return view->list.selected >= view->detail.n_legs && i < view->detail.n_journey ? &view->detail.journey[i] : &view->detail.call;
}

const struct pane_type view_call = {
	.name = "call", .title = N_("Call"), .place = PLACE_CALL, .memory = sizeof(struct call_view),
	.open = open_call, .close = close_call, .refresh = refresh, .draw = draw,
	.summary = summary, .command = command, .list = get_list, .text = text,
	.filter_of = FILTER_CALLS, .selected = selected, .read_row = filter_read_call,
};
