/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/panes/call_flow.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- what Webex's words mean ------------------------------------------------------- */

static bool has(const char *text, const char *const *parts, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strstr(text, parts[i]) != NULL)
			return true;
	return false;
}

static bool is_gateway(const struct leg_row *leg)
{
	return strcmp(leg->user_type, "LocalGateway") == 0;
}

/* What Webex calls the users of a leg: webex-api, "User type". */
static enum party_kind own_kind(const struct leg_row *leg)
{
	static const struct {
		const char *part;
		enum party_kind kind;
	} kinds[] = { { "Attendant", PARTY_ATTENDANT }, { "VoiceMail", PARTY_VOICEMAIL }, { "VoicePortal", PARTY_VOICEMAIL }, { "VoiceXML", PARTY_ATTENDANT },
		{ "Queue", PARTY_QUEUE }, { "CallCenter", PARTY_QUEUE }, { "RoutePoint", PARTY_QUEUE }, { "HuntGroup", PARTY_QUEUE },
		{ "Paging", PARTY_QUEUE }, { "LocalGateway", PARTY_TRUNK }, { "Place", PARTY_DEVICE } };
	for (size_t i = 0; i < COUNT_OF(kinds); i++)
		if (strstr(leg->user_type, kinds[i].part) != NULL)
			return kinds[i].kind;
	return PARTY_PERSON;
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

/* How a leg came to be: webex-api, "Redirect reason" and "Related reason". */
static const char *how_of(const struct leg_row *leg)
{
	static const char *const transfers[] = { "Transfer" }, *const queues[] = { "CallQueue" }, *const hunts[] = { "HuntGroup" },
		*const forwards[] = { "Forward", "Unconditional", "TimeOfDay", "UserBusy", "FollowMe", "Unavailable", "NoAnswer" },
		*const pickups[] = { "Pickup" }, *const parks[] = { "Park", "CallRetrieve" }, *const barges[] = { "BargeIn" };
	static const struct {
		const char *const *parts;
		size_t n;
		const char *word;
	} ways[] = { { transfers, COUNT_OF(transfers), N_("transfer") }, { queues, COUNT_OF(queues), N_("queue") }, { hunts, COUNT_OF(hunts), N_("hunt group") },
		{ forwards, COUNT_OF(forwards), N_("forward") }, { pickups, COUNT_OF(pickups), N_("pickup") }, { parks, COUNT_OF(parks), N_("parked") },
		{ barges, COUNT_OF(barges), N_("barge-in") } };
	enum party_kind kind = own_kind(leg);
	/* What triggered the leg says more than why an earlier one was redirected. */
	const char *const reasons[] = { leg->related_reason, leg->redirect_reason };
	if (kind == PARTY_VOICEMAIL)
		return _("voicemail");
	for (size_t r = 0; r < COUNT_OF(reasons); r++)
		for (size_t i = 0; i < COUNT_OF(ways); i++)
			if (has(reasons[r], ways[i].parts, ways[i].n))
				return _(ways[i].word);
	if (kind == PARTY_ATTENDANT)
		return _("attendant");
	if (kind == PARTY_QUEUE)
		return strstr(leg->user_type, "Hunt") != NULL ? _("hunt group") : _("queue");
	return strcmp(leg->related_reason, "Deflection") == 0 || strcmp(leg->redirect_reason, "Deflection") == 0 ? _("deflected") : "";
}

/* ---- who takes part ------------------------------------------------------------------- */

struct making {
	const struct leg_row **legs;
	size_t n;
	struct flow *flow;
	struct arena *arena;
};

/* The leg at the other end, when Webex names one. */
static const struct leg_row *partner_of(const struct making *m, const struct leg_row *leg)
{
	for (size_t i = 0; i < m->n && *leg->remote_call_id != '\0'; i++)
		if (m->legs[i] != leg && strcmp(m->legs[i]->local_call_id, leg->remote_call_id) == 0)
			return m->legs[i];
	return NULL;
}

static size_t party(struct making *m, enum party_kind kind, const char *key, const char *name, bool is_number)
{
	struct flow *flow = m->flow;
	for (size_t i = 0; i < flow->n_parties; i++)
		if (strcmp(flow->parties[i].key, key) == 0)
			return i;
	if (flow->n_parties == FLOW_PARTIES) {
		flow->parties[FLOW_PARTIES - 1] = (struct flow_party){ PARTY_OTHERS, "", "", false };
		return FLOW_PARTIES - 1;
	}
	flow->parties[flow->n_parties] = (struct flow_party){ kind, key, name, is_number };
	return flow->n_parties++;
}

static size_t own_party(struct making *m, const struct leg_row *leg)
{
	const char *trunk = *leg->inbound_trunk != '\0' ? leg->inbound_trunk : leg->outbound_trunk;
	if (is_gateway(leg) && *trunk != '\0')
		return party(m, PARTY_TRUNK, trunk, trunk, false);
	const char *key = *leg->user_uuid != '\0' ? leg->user_uuid : *leg->user_number != '\0' ? leg->user_number : *leg->user_name != '\0' ? leg->user_name : leg->user_type;
	const char *name = *leg->user_name != '\0' ? leg->user_name : key;
	return party(m, own_kind(leg), key, name, name == leg->user_number);
}

/* Somebody of ours with this number, who has a leg somewhere in the flow. */
static const struct leg_row *leg_of_number(const struct making *m, const char *number)
{
	for (size_t i = 0; i < m->n && *number != '\0'; i++)
		if (!is_gateway(m->legs[i]) && strcmp(m->legs[i]->user_number, number) == 0)
			return m->legs[i];
	return NULL;
}

/* "3157808008" is "+573157808008", as a gateway writes it. */
static bool is_same_number(const char *a, const char *b)
{
	size_t n_a, n_b;
	a += strspn(a, "+");
	b += strspn(b, "+");
	n_a = strlen(a);
	n_b = strlen(b);
	size_t least = MIN(n_a, n_b);
	return least >= 7 && strcmp(a + n_a - least, b + n_b - least) == 0;
}

/* Who is in the world at the other side of a gateway: "far" of its leg is ours. */
static size_t beyond_gateway(struct making *m, const struct leg_row *leg, const struct leg_row *partner)
{
	const char *number = leg->originating ? leg->calling : leg->called;
	if (*number == '\0')
		number = leg->far;
	if (partner != NULL && is_same_number(number, partner->far))
		number = partner->far;
	return party(m, PARTY_OUTSIDE, number, number, true);
}

static size_t far_party(struct making *m, const struct leg_row *leg)
{
	const struct leg_row *partner = partner_of(m, leg);
	const char *number = leg->originating ? leg->called : leg->calling;
	if (is_gateway(leg))
		return beyond_gateway(m, leg, partner);
	if (partner != NULL && !is_gateway(partner))
		return own_party(m, partner);
	/* In from the world: the caller stands before the trunk, and the trunk before us. */
	if (partner != NULL && !leg->originating && partner->originating)
		beyond_gateway(m, partner, leg);
	if (partner != NULL)
		return own_party(m, partner);
	if (!is_outside(leg)) {
		const struct leg_row *theirs = leg_of_number(m, number);
		if (theirs != NULL && theirs != leg)
			return own_party(m, theirs);
		return party(m, PARTY_PERSON, number, number, true);
	}
	number = *leg->far != '\0' ? leg->far : number;
	return party(m, PARTY_OUTSIDE, number, number, true);
}

static int by_time(const void *a, const void *b)
{
	const struct leg_row *x = *(const struct leg_row *const *)a, *y = *(const struct leg_row *const *)b;
	if (x->start_ms != y->start_ms)
		return x->start_ms < y->start_ms ? -1 : 1;
	bool in_x = is_gateway(x) && x->originating, in_y = is_gateway(y) && y->originating;
	if (in_x != in_y) /* what brings a call in comes before who answers it */
		return in_x ? -1 : 1;
	return (x->leg_id > y->leg_id) - (x->leg_id < y->leg_id);
}

static size_t call_of(const struct call_detail *detail, const struct leg_row *leg)
{
	for (size_t i = 0; i < detail->n_journey; i++)
		if (leg->call_id == detail->journey[i].id)
			return i + 1;
	return 0;
}

/* Of both calls of a transfer Webex says that they are of one: the earlier was not made by
 * it, but handed on. */
static bool was_handed_on(const struct making *m, const struct leg_row *leg)
{
	for (size_t i = 0; i < m->n && *leg->transfer_call_id != '\0' && strstr(leg->related_reason, "Transfer") != NULL; i++)
		if (strcmp(m->legs[i]->local_call_id, leg->transfer_call_id) == 0 && m->legs[i]->start_ms > leg->start_ms)
			return true;
	return false;
}

/* Is the leg the other end of what is drawn? Both name each other, and nobody is between. */
static bool is_drawn(struct flow *flow, const struct flow_row *row)
{
	const struct leg_row *leg = row->leg;
	for (size_t i = 0; i < flow->n && *leg->local_call_id != '\0' && *leg->remote_call_id != '\0'; i++) {
		struct flow_row *before = &flow->rows[i];
		if (!before->again && before->from == row->from && before->to == row->to && before->leg->originating != leg->originating &&
		    strcmp(before->leg->local_call_id, leg->remote_call_id) == 0 && strcmp(before->leg->remote_call_id, leg->local_call_id) == 0) {
			if (*before->how == '\0') /* of a blind transfer only who is called is told */
				before->how = row->how;
			return true;
		}
	}
	return false;
}

void flow_make(const struct call_detail *detail, struct arena *arena, struct flow *out)
{
	struct making m = { .n = detail->n_legs + detail->n_journey_legs, .flow = out, .arena = arena };
	*out = (struct flow){ 0 };
	m.legs = arena_alloc(arena, (m.n + 1) * sizeof *m.legs);
	for (size_t i = 0; i < m.n; i++)
		m.legs[i] = i < detail->n_legs ? &detail->legs[i] : &detail->journey_legs[i - detail->n_legs];
	if (m.n > 0)
		qsort(m.legs, m.n, sizeof *m.legs, by_time);
	out->rows = arena_alloc(arena, (m.n + 1) * sizeof *out->rows);
	for (size_t i = 0; i < m.n; i++) {
		const struct leg_row *leg = m.legs[i];
		/* A gateway that originates brings a call in. */
		bool outward = leg->originating != is_gateway(leg);
		size_t first = outward ? own_party(&m, leg) : far_party(&m, leg);
		size_t second = outward ? far_party(&m, leg) : own_party(&m, leg);
		const char *how = was_handed_on(&m, leg) ? "" : how_of(leg);
		struct flow_row row = { leg, first, second, how, call_of(detail, leg), false };
		row.again = is_drawn(out, &row);
		out->rows[out->n++] = row;
	}
}

/* ---- drawing ------------------------------------------------------------------------------ */

#define COLUMN_LEAST 12

void flow_layout(const struct flow *flow, int cols, struct flow_place *place)
{
	int n = MAX((int)flow->n_parties, 1);
	*place = (struct flow_place){ .left = 13, .right = 9 };
	int room = cols - place->left - place->right;
	place->columns = room / n >= COLUMN_LEAST;
	int width = MIN(room / n, 26);
	for (int i = 0; i < n && place->columns; i++)
		place->x[i] = place->left + width * i + width / 2;
}

static const char *party_word(enum party_kind kind)
{
	switch (kind) {
	case PARTY_PERSON: return _("person");
	case PARTY_DEVICE: return _("device");
	case PARTY_ATTENDANT: return _("AA");
	case PARTY_QUEUE: return _("queue");
	case PARTY_VOICEMAIL: return _("voicemail");
	case PARTY_TRUNK: return _("trunk");
	case PARTY_OUTSIDE: return _("PSTN");
	case PARTY_OTHERS: return _("others");
	}
	return "";
}

static const char *party_name(const struct flow_party *party, bool masked, char number[static LONG_BYTES])
{
	return party->kind == PARTY_OTHERS ? "\u2026" : party->is_number ? format_number(party->name, masked, number) : party->name;
}

static void centred(struct canvas *canvas, int row, int x, int width, enum role role, const char *text)
{
	char printable[256];
	text_printable(printable, sizeof printable, text, strlen(text));
	int columns = MIN(text_width(printable), width);
	canvas_text(canvas, row, x - columns / 2, columns, role, printable);
}

void flow_titles(const struct flow *flow, const struct flow_place *place, struct canvas *canvas, int row, bool masked)
{
	char number[LONG_BYTES];
	int width = flow->n_parties > 1 ? place->x[1] - place->x[0] - 1 : 24;
	for (size_t i = 0; i < flow->n_parties && place->columns; i++) {
		centred(canvas, row, place->x[i], width, ROLE_DIM, party_word(flow->parties[i].kind));
		centred(canvas, row + 1, place->x[i], width, ROLE_COLUMN, party_name(&flow->parties[i], masked, number));
	}
}

static void arrow(const struct flow *flow, const struct flow_place *place, struct canvas *canvas, int row, const struct flow_row *step, bool answered)
{
	int a = place->x[step->from], b = place->x[step->to];
	for (size_t i = 0; i < flow->n_parties; i++)
		canvas_fill(canvas, (struct box){ row, place->x[i], 1, 1 }, ROLE_LANE, 0x2502);
	if (step->again) { /* at the end that this record is of */
		canvas_text(canvas, row, step->leg->originating ? a : b, 1, ROLE_DIM, answered ? "\u25CF" : "\u25CB");
		return;
	}
	if (a == b) { /* within one */
		canvas_text(canvas, row, a, 1, ROLE_ARROW, answered ? "\u25CF" : "\u25CB");
		canvas_text(canvas, row, a + 2, COLUMN_LEAST - 3, ROLE_DIM, step->how);
		return;
	}
	int low = MIN(a, b), high = MAX(a, b);
	canvas_fill(canvas, (struct box){ row, low + 1, 1, high - low - 1 }, answered ? ROLE_ARROW : ROLE_DIM, 0x2500);
	int width = MIN(text_width(step->how), high - low - 3);
	if (width > 0) {
		int at = low + (high - low + 1 - width) / 2;
		canvas_text(canvas, row, at - 1, 1, ROLE_STRONG, " ");
		canvas_text(canvas, row, at, width, ROLE_STRONG, step->how);
		canvas_text(canvas, row, at + width, 1, ROLE_STRONG, " ");
	}
	canvas_text(canvas, row, a, 1, ROLE_ARROW, a < b ? "\u251C" : "\u2524");
	canvas_text(canvas, row, b, 1, answered ? ROLE_ARROW : ROLE_WARN, !answered ? "\u2717" : a < b ? "\u25B6" : "\u25C0");
}

/* "Ana Bernal → Ventas · forward" */
static void words(const struct flow *flow, const struct flow_place *place, struct canvas *canvas, int row, const struct flow_row *step, bool answered, bool masked)
{
	char from[LONG_BYTES], to[LONG_BYTES];
	int end = canvas->clip.cols - place->right, col = place->left, half = (end - col - 3) / 2 - 6;
	if (step->again) {
		canvas_text(canvas, row, col, 1, ROLE_DIM, answered ? "\u25CF" : "\u25CB");
		canvas_text(canvas, row, col + 2, half, ROLE_DIM, party_name(&flow->parties[step->leg->originating ? step->from : step->to], masked, from));
		return;
	}
	col += canvas_text(canvas, row, col, half, ROLE_TEXT, party_name(&flow->parties[step->from], masked, from)) + 1;
	canvas_text(canvas, row, col, 1, answered ? ROLE_ARROW : ROLE_WARN, answered ? "\u2192" : "\u2717");
	col += 2;
	col += canvas_text(canvas, row, col, half, ROLE_TEXT, party_name(&flow->parties[step->to], masked, to)) + 1;
	if (*step->how != '\0') {
		canvas_text(canvas, row, col, 1, ROLE_DIM, "\u00B7");
		canvas_text(canvas, row, col + 2, MAX(end - col - 3, 0), ROLE_STRONG, step->how);
	}
}

void flow_draw(const struct flow *flow, const struct flow_place *place, struct canvas *canvas, int row, size_t i, const struct zone *zone, bool masked)
{
	const struct flow_row *step = &flow->rows[i];
	const struct leg_row *leg = step->leg;
	char clock[SHORT_BYTES], length[SHORT_BYTES], letter[2] = { (char)('A' + MIN(step->call, (size_t)25)), '\0' };
	bool answered = leg->answered || is_gateway(leg);
	canvas_text(canvas, row, 2, 8, ROLE_TEXT, format_clock(zone, leg->start_ms, clock));
	canvas_text(canvas, row, 11, 1, step->call == 0 ? ROLE_DIM : ROLE_KEY, letter);
	if (place->columns)
		arrow(flow, place, canvas, row, step, answered);
	else
		words(flow, place, canvas, row, step, answered, masked);
	int right = canvas->clip.cols - place->right + 1;
	canvas_text_right(canvas, row, right, 7, leg->answered ? ROLE_TEXT : ROLE_DIM, leg->answered ? format_duration(leg->duration_s, length) : "\u2014");
}
