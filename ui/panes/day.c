/* SPDX-License-Identifier: Apache-2.0
 *
 * The last day in pictures: calls at a time, cost by the hour, how long calls are,
 * sites by risk, who forwards where; each beside what is usual, and in words for
 * whoever cannot see it. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "ui/braille.h"
#include "ui/copy.h"
#include "ui/heat.h"
#include "ui/screen.h"

#define LEFT  10 /* columns before a picture */
#define AREA  4	 /* rows of the calls at a time */
#define PEAKS 4	 /* hours that are named */
#define HOUR_PARTS 4 /* times two columns, at most */
#define BAR_MOST 80 /* what is said of it stays in sight of its name */

struct day {
	struct arena arena;
	struct day_picture picture;
	bool have;
	struct document document;
};

static const struct target nowhere = { TARGET_NONE, 0 };

static void on_answer(void *arg, const struct day_picture *answer, const struct fault *fault)
{
	struct pane *pane = arg;
	struct day *view = pane->memory;
	pane_answered(pane, fault);
	if (answer == NULL)
		return;
	arena_clear(&view->arena);
	arena_init(&view->arena);
	view->picture = *answer;
	struct day_forward *forwards = arena_alloc(&view->arena, (answer->n_forwards + 1) * sizeof *forwards);
	for (size_t i = 0; i < answer->n_forwards; i++) {
		forwards[i] = answer->forwards[i];
		forwards[i].person_id = arena_strdup(&view->arena, answer->forwards[i].person_id);
		forwards[i].person = arena_strdup(&view->arena, answer->forwards[i].person);
		forwards[i].number = arena_strdup(&view->arena, answer->forwards[i].number);
	}
	view->picture.forwards = forwards;
	view->picture.sites.items = copy_locations(&view->arena, answer->sites.items, answer->sites.n);
	view->have = true;
	pane_lay_out(pane);
}

static void refresh(struct pane *pane)
{
	if (!pane_may_ask(pane, pane_board(pane)->calls_version + pane_board(pane)->alerts_version + (uint64_t)(pane_now(pane) / MINUTE_MS), 10 * SECOND_MS))
		return;
	history_day(pane_board(pane)->history, on_answer, pane);
}

static void open_day(struct pane *pane, int64_t id)
{
	UNUSED(id);
	arena_init(&((struct day *)pane->memory)->arena);
}

static void close_day(struct pane *pane)
{
	struct day *view = pane->memory;
	arena_clear(&view->arena);
	document_clear(&view->document);
}

static bool in_ascii(const struct pane *pane)
{
	return pane->screen->canvas.ascii;
}

static int64_t step_ms(const struct day_picture *p, int step)
{
	return (p->as_of_ms / (15 * MINUTE_MS) - DAY_STEPS + 1 + step) * 15 * MINUTE_MS;
}

static int64_t hour_ms(const struct day_picture *p, int hour)
{
	return (p->as_of_ms / HOUR_MS - DAY_HOURS + 1 + hour) * HOUR_MS;
}

static const char *clock_of(struct pane *pane, int64_t ms, char out[static SHORT_BYTES])
{
	format_clock(zones_current(&pane->screen->zones, NULL), ms, out);
	out[5] = '\0'; /* hours and minutes */
	return out;
}

/* Columns of an hour: 2, or as often twice as the width has room for. */
static int hour_cols(const struct document *d)
{
	return 2 * MIN(MAX((d->width - LEFT - 1) / (2 * DAY_HOURS), 1), HOUR_PARTS);
}

/* Every third hour of the zone's own day under a picture of so many columns an hour, whose
 * first step begins at from_ms; which zone that is stands before it. Where its hours
 * begin at another minute than the steps, a label says at which. */
static void axis(struct pane *pane, struct document *d, int64_t from_ms, int64_t each_ms)
{
	char clock[SHORT_BYTES];
	const char *label;
	const struct zone *zone = zones_current(&pane->screen->zones, &label);
	if (d->plain)
		return;
	document_line(d, nowhere);
	document_put(d, 1, LEFT - 2, ROLE_DIM, label);
	for (int64_t ms = from_ms; ms < from_ms + DAY_MS; ms += each_ms) {
		int64_t local_ms = ms + (zone != NULL ? zone_offset_s(zone, ms, NULL) : 0) * SECOND_MS;
		int col = LEFT + (int)((ms - from_ms) * hour_cols(d) / HOUR_MS);
		if (local_ms % (3 * HOUR_MS) < each_ms && col + 5 < d->width)
			document_put(d, col, 5, ROLE_DIM, clock_of(pane, ms, clock));
	}
}

/* So many at a time are usual at most: calls come by chance, so that what is busy on
 * average peaks two deviations above. */
static int64_t at_most(const struct day_hour *hour)
{
	double load = (double)hour->load_high / 1000;
	return hour->n_usual == 0 ? 0 : (int64_t)ceil(load + 2 * sqrt(load));
}

/* ---- calls at a time ------------------------------------------------------------------- */

static void calls_up(struct pane *pane, struct document *d, const struct day_picture *p)
{
	int64_t high[DAY_STEPS], most = 1, up_wide[DAY_STEPS * HOUR_PARTS], high_wide[DAY_STEPS * HOUR_PARTS];
	int peak = 0, times = hour_cols(d) / 2;
	bool known = false;
	for (int i = 0; i < DAY_STEPS; i++) {
		int ago = (int)(p->as_of_ms / HOUR_MS - step_ms(p, i) / HOUR_MS);
		const struct day_hour *hour = &p->hours[DAY_HOURS - 1 - MIN(MAX(ago, 0), DAY_HOURS - 1)];
		high[i] = at_most(hour);
		known |= hour->n_usual > 0;
		most = MAX(most, MAX(p->up[i], high[i]));
		if (p->up[i] > p->up[peak])
			peak = i;
	}
	for (int i = 0; i < DAY_STEPS * times; i++) {
		up_wide[i] = p->up[i / times];
		high_wide[i] = high[i / times];
	}
	document_heading(d, _("Calls at a time, the last 24 hours"));
	for (int row = 0; row < AREA && !d->plain; row++) {
		struct text line = { 0 };
		braille_row(&line, row, AREA, up_wide, known ? high_wide : NULL, (size_t)(DAY_STEPS * times), most, in_ascii(pane));
		document_line(d, nowhere);
		if (row == 0)
			document_printf(d, 1, LEFT - 2, ROLE_DIM, "%7" PRId64, most);
		document_put(d, LEFT, -1, ROLE_CHART, text_string(&line));
		text_clear(&line);
	}
	axis(pane, d, step_ms(p, 0), 15 * MINUTE_MS);
	char words[300], clock[SHORT_BYTES];
	const struct day_hour *now = &p->hours[DAY_HOURS - 1];
	int n = snprintf(words, sizeof words, _("now %lld \u00B7 most %lld at %s"), (long long)p->up[DAY_STEPS - 1], (long long)p->up[peak], clock_of(pane, step_ms(p, peak), clock));
	if (now->n_usual > 0)
		n += snprintf(words + n, sizeof words - (size_t)n, _(" \u00B7 usual at this hour: up to %lld"), (long long)at_most(now));
	if (now->n_usual > 0 && !d->plain)
		snprintf(words + n, sizeof words - (size_t)n, " %s", _("(the upper dots)"));
	document_line(d, nowhere);
	document_wrap(d, LEFT, ROLE_TEXT, words);
}

/* ---- cost ---------------------------------------------------------------------------------- */

/* More than the most of what it is compared with, and than a dollar of it. */
static bool is_dear(const struct day_hour *hour)
{
	return hour->n_usual >= 2 && hour->cost_micro > hour->cost_high + hour->cost_high / 4 && hour->cost_micro - hour->cost_high > 1000000;
}

/* Two rows of bars, and a sign over the hours that were dear. */
static void cost_picture(struct pane *pane, struct document *d, const struct day_picture *p, bool dear)
{
	int64_t now[DAY_HOURS], usual[DAY_HOURS], most = 1;
	struct text bars = { 0 }, before = { 0 }, marks = { 0 };
	for (int i = 0; i < DAY_HOURS; i++) {
		now[i] = p->hours[i].cost_micro;
		usual[i] = p->hours[i].cost_usual;
		most = MAX(most, MAX(now[i], usual[i]));
		text_printf(&marks, "%s%*s", is_dear(&p->hours[i]) ? "\u25B2" : " ", hour_cols(d) - 1, "");
	}
	heat_bars(&bars, now, DAY_HOURS, most, hour_cols(d), in_ascii(pane));
	heat_bars(&before, usual, DAY_HOURS, most, hour_cols(d), in_ascii(pane));
	if (dear) {
		document_line(d, nowhere);
		document_put(d, LEFT, -1, ROLE_HIGH, text_string(&marks));
	}
	document_line(d, nowhere);
	document_put(d, 1, LEFT - 2, ROLE_DIM, _("the day"));
	document_put(d, LEFT, -1, ROLE_CHART_NOW, text_string(&bars));
	if (p->hours[0].n_usual > 0) {
		document_line(d, nowhere);
		document_put(d, 1, LEFT - 2, ROLE_DIM, _("usual"));
		document_put(d, LEFT, -1, ROLE_CHART, text_string(&before));
	}
	axis(pane, d, hour_ms(p, 0), HOUR_MS);
	text_clear(&bars);
	text_clear(&before);
	text_clear(&marks);
}

static void cost(struct pane *pane, struct document *d, const struct day_picture *p)
{
	int64_t sum = 0, low = 0, high = 0;
	char words[400], money[SHORT_BYTES], from[SHORT_BYTES], until[SHORT_BYTES], clock[SHORT_BYTES];
	bool dear = false;
	for (int i = 0; i < DAY_HOURS; i++) {
		const struct day_hour *hour = &p->hours[i];
		sum += hour->cost_micro;
		low += hour->cost_low;
		high += hour->cost_high;
		dear |= is_dear(hour);
	}
	document_heading(d, _("Estimated cost by the hour"));
	if (!d->plain)
		cost_picture(pane, d, p, dear);
	int n = snprintf(words, sizeof words, _("\u2248 %s USD in 24 hours"), format_money(sum, money));
	if (p->hours[0].n_usual > 0)
		n += snprintf(words + n, sizeof words - (size_t)n, _("; usual %s to %s"), format_money(low, from), format_money(high, until));
	int n_named = 0;
	for (int i = 0; i < DAY_HOURS && n_named < PEAKS; i++)
		if (is_dear(&p->hours[i]))
			n += snprintf(words + n, sizeof words - (size_t)n, "%s%s (%s)", n_named++ == 0 ? _("; more than ever at this hour: ") : ", ",
			    clock_of(pane, hour_ms(p, i), clock), format_money(p->hours[i].cost_micro, money));
	document_line(d, nowhere);
	document_wrap(d, LEFT, dear ? ROLE_WARN : ROLE_TEXT, words);
}

/* ---- how long ------------------------------------------------------------------------------- */

/* What is critical is its ground: a sign on it would be white in red. */
static void bar(struct document *d, int col, int columns, enum role role, int64_t value, int64_t most)
{
	struct text signs = { 0 };
	int filled = most <= 0 || value <= 0 ? 0 : MAX((int)((double)columns * (double)value / (double)most + 0.5), 1);
	for (int i = 0; i < MIN(filled, columns) && !d->plain; i++)
		text_puts(&signs, role == ROLE_CRITICAL ? " " : "\u25A0");
	document_put(d, col, columns, role, text_string(&signs));
	text_clear(&signs);
}

static void durations(struct document *d, const struct day_picture *p)
{
	static const char *const names[DAY_DURATIONS] = { N_("< 10 s"), N_("< 30 s"), N_("< 1 min"), N_("< 3 min"), N_("< 10 min"), N_("< 30 min"), N_("< 1 h"), N_("1 h +") };
	int64_t all = 0, before = 0, most = 0;
	for (int i = 0; i < DAY_DURATIONS; i++) {
		all += p->durations[i];
		before += p->durations_before[i];
	}
	document_heading(d, _("How long calls were"));
	if (all == 0) {
		document_line(d, nowhere);
		document_put(d, 1, -1, ROLE_DIM, _("No call was answered."));
		return;
	}
	for (int i = 0; i < DAY_DURATIONS; i++)
		most = MAX(most, p->durations[i] * 1000 / all);
	int width = MIN(MAX(d->width - 46, 10), BAR_MOST);
	for (int i = 0; i < DAY_DURATIONS; i++) {
		int64_t share = p->durations[i] * 1000 / all, then = before > 0 ? p->durations_before[i] * 1000 / before : 0;
		/* Three times what it was, and no handful. */
		bool odd = before > 100 && p->durations[i] >= 10 && share > 3 * MAX(then, 3);
		document_line(d, nowhere);
		document_put(d, 1, LEFT - 2, ROLE_DIM, _(names[i]));
		bar(d, LEFT, width, odd ? ROLE_WARN : ROLE_CHART, share, most);
		document_printf(d, LEFT + width + 1, 7, ROLE_NUMBER, "%6" PRId64, p->durations[i]);
		document_printf(d, LEFT + width + 9, -1, odd ? ROLE_WARN : ROLE_DIM, before > 0 ? _("%lld %% \u00B7 usual %lld %%") : _("%lld %%"), (long long)(share + 5) / 10, (long long)(then + 5) / 10);
	}
}

/* ---- sites and forwards ------------------------------------------------------------------- */

static int64_t risk(const struct location_row *row)
{
	return row->n_open[SEVERITY_CRITICAL] * 100 + row->n_open[SEVERITY_HIGH] * 20 + row->n_open[SEVERITY_MEDIUM] * 4 + row->n_open[SEVERITY_LOW];
}

static void sites(struct document *d, const struct day_picture *p)
{
	bool listed[64] = { false };
	int64_t most = 1;
	size_t n = MIN(p->sites.n, COUNT_OF(listed));
	for (size_t i = 0; i < n; i++)
		most = MAX(most, risk(&p->sites.items[i]));
	document_heading(d, _("Sites by risk: what is open there, by how grave it is"));
	int width = MIN(MAX(d->width - 64, 8), BAR_MOST);
	for (size_t k = 0; k < n; k++) {
		size_t best = n;
		for (size_t i = 0; i < n; i++)
			if (!listed[i] && (best == n || risk(&p->sites.items[i]) > risk(&p->sites.items[best])))
				best = i;
		const struct location_row *row = &p->sites.items[best];
		char text[LONG_BYTES] = "", number[SHORT_BYTES], money[SHORT_BYTES];
		size_t used = 0;
		listed[best] = true;
		for (int s = SEVERITY_CRITICAL; s >= SEVERITY_LOW; s--)
			if (row->n_open[s] > 0)
				used += (size_t)snprintf(text + used, sizeof text - used, "%s%s ", severity_glyph((enum severity)s), format_count(row->n_open[s], number));
		document_line(d, nowhere);
		document_put(d, 1, 27, ROLE_TEXT, row->name);
		bar(d, 29, width, row->n_open[SEVERITY_CRITICAL] > 0 ? ROLE_CRITICAL : row->n_open[SEVERITY_HIGH] > 0 ? ROLE_HIGH : ROLE_CHART, risk(row), most);
		document_put(d, 30 + width, 18, ROLE_TEXT, used > 0 ? text : _("calm"));
		document_printf(d, 49 + width, -1, ROLE_DIM, _("%s/h"), format_count(row->calls_last_hour, number));
		document_printf(d, 56 + width, -1, ROLE_DIM, "\u2248 %s", format_money(row->cost_today_micro, money));
	}
}

static void forwards(struct pane *pane, struct document *d, const struct day_picture *p)
{
	char number[LONG_BYTES], age[SHORT_BYTES];
	document_heading(d, _("Who forwards to outside, the last 7 days"));
	if (p->n_forwards == 0) {
		document_line(d, nowhere);
		document_put(d, 1, -1, ROLE_DIM, _("Nobody did."));
	}
	for (size_t i = 0; i < p->n_forwards; i++) {
		const struct day_forward *f = &p->forwards[i];
		bool same = i > 0 && strcmp(f->person_id, p->forwards[i - 1].person_id) == 0; /* one that goes on */
		document_line(d, (struct target){ TARGET_CALL, f->call_id });
		document_put(d, 1, 22, ROLE_TEXT, same ? "" : *f->person != '\0' ? f->person : "\u2014");
		document_printf(d, 24, 9, ROLE_CHART, same ? "\u2514\u2500%3" PRId64 "\u2500\u25B8" : "\u2500\u2500%3" PRId64 "\u2500\u25B8", f->n);
		document_put(d, 33, 17, f->tier >= TIER_HIGH ? tier_role(f->tier) : ROLE_TEXT, format_number(f->number, pane->screen->masked, number));
		document_printf(d, 51, 18, f->tier >= TIER_HIGH ? tier_role(f->tier) : ROLE_DIM, "%s %s", f->country, f->tier >= TIER_MEDIUM ? tier_word(f->tier) : "");
		document_put(d, 70, -1, ROLE_DIM, format_age(p->as_of_ms - f->last_ms, age));
	}
	if (p->n_forwards_all > (int64_t)p->n_forwards) {
		document_line(d, nowhere);
		document_printf(d, 1, -1, ROLE_DIM, _("and %lld more, of less risk"), (long long)(p->n_forwards_all - (int64_t)p->n_forwards));
	}
}

/* ---- the page --------------------------------------------------------------------------------- */

static void lay_out(struct pane *pane, int width)
{
	struct day *view = pane->memory;
	struct document *d = &view->document;
	const struct day_picture *p = &view->picture;
	char moment[LONG_BYTES];
	document_begin(d, width);
	if (p->past) {
		const char *label;
		const struct zone *zone = zones_current(&pane->screen->zones, &label);
		document_line(d, nowhere);
		document_printf(d, 1, -1, ROLE_WARN, _("The records end long ago: this is the day until %s."), format_moment(zone, label, p->as_of_ms, moment));
	}
	if (p->cut) {
		document_line(d, nowhere);
		document_put(d, 1, -1, ROLE_WARN, _("There are more calls than are read: the newest are shown."));
	}
	calls_up(pane, d, p);
	cost(pane, d, p);
	durations(d, p);
	sites(d, p);
	forwards(pane, d, p);
	document_end(d);
}

static void summary(struct pane *pane, char *out, size_t capacity)
{
	const struct day *view = pane->memory;
	char number[SHORT_BYTES];
	if (view->have)
		snprintf(out, capacity, ngettext("%s call", "%s calls", (unsigned long)view->picture.n_calls), format_count(view->picture.n_calls, number));
}

const struct pane_type view_day = {
	.name = "day", .title = N_("The last day"), .place = PLACE_TEXT, .memory = sizeof(struct day),
	.document = PANE_DOCUMENT(day), .open = open_day, .close = close_day, .refresh = refresh, .draw = pane_draw_document, .lay_out = lay_out, .summary = summary,
};
