/* SPDX-License-Identifier: Apache-2.0
 *
 * Live calls: what is up now, the riskiest and oldest first, what it has cost
 * and will cost if nobody ends it. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "ui/panes/leads.h"

extern const struct pane_type pane_live;

enum sort { SORT_RISK, SORT_AGE, SORT_SITE, N_SORTS };

/* What a row shows, kept: the live calls change under us. */
struct live_row {
	int64_t id, since_ms;
	struct live_call call;
};

struct live {
	struct live_row *rows;
	size_t n;
	uint64_t seen;
	int64_t at_ms;
	struct list list;
	enum sort sort;
	char filter[PROMPT_BYTES];
};

static const struct list_column columns[] = {
	{ N_("age"), 7, 0, 0, true, 0 },
	{ N_("person"), 16, 3, 0, false, 30 },
	{ N_("|arrow"), 1, 0, 0, false, 0 },
	{ N_("number"), 13, 2, 0, false, 20 },
	{ N_("destination"), 13, 2, 0, false, 20 },
	{ N_("USD"), 6, 0, 0, true, 0 },
	{ N_("+1 h"), 6, 0, 1, true, 0 },
	{ N_("site"), 16, 1, 2, false, 26 },
};
enum { COL_AGE, COL_PERSON, COL_ARROW, COL_NUMBER, COL_WHERE, COL_COST, COL_HOUR, COL_SITE };

static enum sort sort_now;

static int risk(const struct live_row *row)
{
	return row->call.originator ? (int)row->call.remote.tier * 2 + row->call.remote.look_alike : 0;
}

static bool is_risky(const struct live_row *row)
{
	return row->call.originator && (row->call.remote.tier >= TIER_HIGH || row->call.remote.look_alike);
}

/* Glyph and word, not colour alone. */
static const char *where_of(const struct live_row *row, char out[static LONG_BYTES])
{
	const struct number *number = &row->call.remote;
	snprintf(out, LONG_BYTES, "%s%s%s%s%s",
	    !is_risky(row) ? "" : number->tier >= TIER_EXTREME ? "\u25B2 " :
	    number->tier >= TIER_HIGH ? "\u25C6 " : "",
	    number->look_alike ? "\u2260 " : "", number->country, *number->country != '\0' ? " " : "",
	    number->class != NUMBER_UNKNOWN ? class_word(number->class) : "");
	return out;
}

static int by_sort(const void *a, const void *b)
{
	const struct live_row *x = a, *y = b;
	int order = 0;
	if (sort_now == SORT_RISK)
		order = risk(y) - risk(x);
	else if (sort_now == SORT_SITE)
		order = strcmp(x->call.location, y->call.location);
	if (order == 0)
		order = (x->since_ms > y->since_ms) - (x->since_ms < y->since_ms);
	return order != 0 ? order : (x->id > y->id) - (x->id < y->id);
}

static void sort(struct live *live)
{
	int64_t *ids = mem_alloc((live->n + 1) * sizeof *ids);
	sort_now = live->sort;
	if (live->n > 0)
		qsort(live->rows, live->n, sizeof *live->rows, by_sort);
	for (size_t i = 0; i < live->n; i++) {
		const struct live_row *row = &live->rows[i];
		char where[LONG_BYTES];
		ids[i] = row->id;
		list_need(&live->list, COL_SITE, row->call.location);
		list_need(&live->list, COL_PERSON, row->call.person_name);
		list_need(&live->list, COL_NUMBER, live_call_number(&row->call));
		list_need(&live->list, COL_WHERE, where_of(row, where));
	}
	list_set(&live->list, ids, live->n);
	free(ids);
}

static bool passes(const struct filter *filter, const struct live_call *call, int64_t now)
{
	return call != NULL && call->state != LIVE_DISCONNECTED && filter_passes(filter, filter_read_live, call, now);
}

/* What passes the filter may do so no longer a second later, without any news. */
static bool is_due(const struct pane *pane, const struct live_calls *calls)
{
	const struct live *live = pane->memory;
	int64_t age = pane->screen->steady_ms - live->at_ms;
	return !pane->answered || (age >= 100 && live->seen != live_calls_version(calls)) ||
	    (age >= SECOND_MS && live->filter[0] != '\0');
}

static void refresh(struct pane *pane)
{
	struct live *live = pane->memory;
	const struct live_calls *calls = pane_board(pane)->live;
	if (calls == NULL || (live->list.frozen && pane->answered) || !is_due(pane, calls))
		return;
	struct filter filter;
	struct fault fault;
	struct filter_names names = filter_book_names(&pane->screen->book);
	int64_t now = pane_now(pane);
	if (!filter_parse(FILTER_LIVE, live->filter, strlen(live->filter), now, &names, &filter, NULL, &fault, NULL)) {
		pane_answered(pane, &fault);
		return;
	}
	live->seen = live_calls_version(calls);
	live->at_ms = pane->screen->steady_ms;
	size_t n = live_calls_count(calls);
	live->rows = mem_realloc(live->rows, (n + 1) * sizeof *live->rows);
	live->n = 0;
	for (size_t i = 0; i < n; i++) {
		const struct live_call *call = live_calls_at(calls, i);
		if (passes(&filter, call, now))
			live->rows[live->n++] = (struct live_row){ (int64_t)(hash_text(call->call_id) >> 1),
				call->answered_ms > 0 ? call->answered_ms : call->created_ms, *call };
	}
	filter_clear(&filter);
	sort(live);
	pane_answered(pane, NULL);
}

static void close_live(struct pane *pane)
{
	struct live *live = pane->memory;
	free(live->rows);
	list_clear(&live->list);
}

/* ---- drawing ------------------------------------------------------------------------ */

/* What another hour would cost. */
static int64_t hour_micro(const struct live_row *row)
{
	const struct live_call *call = &row->call;
	return call->originator && call->answered_ms > 0 ? 60 * (int64_t)MAX(call->remote.rate_micro_usd, 0) : 0;
}

static void draw_row(struct pane *pane, struct canvas *canvas, int row, size_t i,
    const struct list_place *at)
{
	const struct live *live = pane->memory;
	const struct live_row *shown = &live->rows[i];
	const struct live_call *call = &shown->call;
	char text[SHORT_BYTES], longer[LONG_BYTES], where[LONG_BYTES];
	int64_t now = pane_now(pane), age_s = MAX(now - shown->since_ms, 0) / SECOND_MS;
	bool risky = is_risky(shown);
	enum role role = live_role(call->state);
	if (call->state == LIVE_CONNECTED)
		format_duration(age_s, text);
	else
		snprintf(text, sizeof text, "%s", live_word(call->state));
	canvas_text_right(canvas, row, at[COL_AGE].col, at[COL_AGE].cols,
	    risky && age_s > 600 ? ROLE_WARN : role, text);
	canvas_text(canvas, row, at[COL_SITE].col, at[COL_SITE].cols, ROLE_DIM, call->location);
	canvas_text(canvas, row, at[COL_PERSON].col, at[COL_PERSON].cols, role,
	    call->person_name[0] != '\0' ? call->person_name : "\u2014");
	canvas_text(canvas, row, at[COL_ARROW].col, at[COL_ARROW].cols, ROLE_DIM,
	    call->originator ? "\u2192" : "\u2190");
	canvas_text(canvas, row, at[COL_NUMBER].col, at[COL_NUMBER].cols, risky ? ROLE_NUMBER : role,
	    format_number(live_call_number(call), pane->screen->masked, longer));
	canvas_text(canvas, row, at[COL_WHERE].col, at[COL_WHERE].cols,
	    risky ? (call->remote.tier >= TIER_HIGH ? tier_role(call->remote.tier) : ROLE_MEDIUM) : ROLE_DIM,
	    where_of(shown, where));
	int64_t cost = live_call_cost_micro(call, now);
	if (cost > 0) {
		canvas_text_right(canvas, row, at[COL_COST].col, at[COL_COST].cols, ROLE_MONEY,
		    format_money(cost, text));
		canvas_text_right(canvas, row, at[COL_HOUR].col, at[COL_HOUR].cols, risky ? ROLE_WARN : ROLE_DIM,
		    format_money(cost + hour_micro(shown), text));
	}
}

static const char *why_empty(const struct pane *pane)
{
	const struct health *health = pane_board(pane)->health;
	if (((const struct live *)pane->memory)->filter[0] != '\0')
		return _("No call passes the filter.");
	return health->live_webhook || health->live_polling ? _("No call is up.") :
	    _("No source of live calls yet: neither webhook nor polling.");
}

static void draw(struct pane *pane, struct canvas *canvas, bool focused)
{
	static const size_t sorted_by[N_SORTS] = { COL_WHERE, COL_AGE, COL_SITE };
	struct live *live = pane->memory;
	if (pane->screen->past_ms != 0) {
		canvas_wrap(canvas, 1, 2, canvas->clip.cols - 3, canvas->clip.rows - 1, ROLE_DIM, _("What was up then is not kept; calls that had begun are in the explorer."));
		return;
	}
	pane_draw_list(pane, canvas, &live->list, columns, COUNT_OF(columns), sorted_by[live->sort] | (live->sort == SORT_SITE ? SORTED_UP : SORTED_DOWN),
	    focused, why_empty(pane), draw_row);
}

static void summary(struct pane *pane, char *out, size_t capacity)
{
	const struct live *live = pane->memory;
	if (pane->screen->past_ms != 0)
		return;
	int64_t total = 0, now = pane_now(pane), hourly = 0;
	char now_text[SHORT_BYTES], hour_text[SHORT_BYTES];
	for (size_t i = 0; i < live->n; i++) {
		total += live_call_cost_micro(&live->rows[i].call, now);
		hourly += hour_micro(&live->rows[i]);
	}
	if (total > 0)
		snprintf(out, capacity, _("%zu \u00B7 \u2248 %s USD \u00B7 %s/h"), live->n,
		    format_money(total, now_text), format_money(hourly, hour_text));
	else
		snprintf(out, capacity, "%zu", live->n);
}

static bool command(struct pane *pane, enum command command)
{
	struct live *live = pane->memory;
	if (command == CMD_SORT) {
		live->sort = (enum sort)((live->sort + 1) % N_SORTS);
		sort(live);
		return true;
	}
	if ((command == CMD_PROFILE || command == CMD_NUMBER) && live->list.selected < live->n) {
		const struct live_row *row = &live->rows[live->list.selected];
		bool number = command == CMD_NUMBER;
		profile_open(pane->screen, number ? SUBJECT_NUMBER : SUBJECT_PERSON, number ? live_call_number(&row->call) : row->call.person_uuid);
		return true;
	}
	if (command == CMD_RELATED && live->list.selected < live->n) {
		const struct live_row *row = &live->rows[live->list.selected];
		struct leads *leads = leads_new();
		leads_add(leads, SUBJECT_PERSON, row->call.person_uuid, row->call.person_name);
		leads_add(leads, SUBJECT_NUMBER, live_call_number(&row->call), "");
		leads_add(leads, SUBJECT_SITE, row->call.location, row->call.location);
		leads_open(pane->screen, leads);
		return true;
	}
	if (command == CMD_OPEN && live->list.selected < live->n) {
		/* Its record comes when it ends; until then: what this person called. */
		pane_open_calls(pane->screen, "user.name", live->rows[live->list.selected].call.person_name);
		return true;
	}
	return false;
}

static void sort_by(struct pane *pane, size_t by)
{
	struct live *live = pane->memory;
	live->sort = (enum sort)by;
	sort(live);
}

static struct list *get_list(struct pane *pane)
{
	return &((struct live *)pane->memory)->list;
}

static size_t text(struct pane *pane, char *out, size_t capacity)
{
	const struct live *live = pane->memory;
	if (live->list.selected >= live->n)
		return 0;
	const struct live_row *row = &live->rows[live->list.selected];
	int n = snprintf(out, capacity, "%s %s", row->call.person_name, live_call_number(&row->call));
	return (size_t)MIN(MAX(n, 0), (int)capacity - 1);
}

static const char *filter_now(struct pane *pane)
{
	return ((struct live *)pane->memory)->filter;
}

static void set_filter(struct pane *pane, const char *expression)
{
	struct live *live = pane->memory;
	snprintf(live->filter, sizeof live->filter, "%s", expression);
	list_restart(&live->list);
	live->n = 0;
	pane_ask_anew(pane);
}

static const void *row_at(struct pane *pane, size_t i)
{
	const struct live *live = pane->memory;
	return i < live->n ? &live->rows[i].call : NULL;
}

static const void *selected(struct pane *pane)
{
	const struct live *live = pane->memory;
	return live->list.selected < live->n ? &live->rows[live->list.selected].call : NULL;
}

const struct pane_type pane_live = {
	.name = "live", .title = N_("Live calls"), .place = PLACE_LIVE, .memory = sizeof(struct live),
	.close = close_live, .refresh = refresh, .draw = draw, .summary = summary,
	.command = command, .list = get_list, .text = text, .filter = filter_now, .set_filter = set_filter,
	.filter_of = FILTER_LIVE, .row = row_at, .selected = selected, .read_row = filter_read_live,
	.sorts = { "risk", "age", "site" }, .sort = sort_by,
};
