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
	enum live_state state;
	bool originator, answered;
	struct number remote;
	char person[128], uuid[64], site[96], number[64];
};

struct live {
	struct live_row *rows;
	size_t n;
	uint64_t seen;
	int64_t at_ms;
	struct list list;
	enum sort sort;
};

static const struct list_column columns[] = {
	{ N_("age"), 7, 0, 0, true, 0 },
	{ N_("person"), 16, 3, 0, false, 30 },
	{ "", 1, 0, 0, false, 0 },
	{ N_("number"), 13, 2, 0, false, 20 },
	{ N_("destination"), 13, 2, 0, false, 20 },
	{ N_("USD"), 6, 0, 0, true, 0 },
	{ N_("+1 h"), 6, 0, 1, true, 0 },
	{ N_("site"), 16, 1, 2, false, 26 },
};
enum { COL_AGE, COL_PERSON, COL_ARROW, COL_NUMBER, COL_WHERE, COL_COST, COL_HOUR, COL_SITE };

static enum sort sort_now;

/* Inbound calls cost their caller. */
static bool costs(const struct live_row *row)
{
	return row->originator && row->answered && row->remote.rate_micro_usd > 0;
}

static int risk(const struct live_row *row)
{
	return row->originator ? (int)row->remote.tier * 2 + row->remote.look_alike : 0;
}

static bool is_risky(const struct live_row *row)
{
	return row->originator && (row->remote.tier >= TIER_HIGH || row->remote.look_alike);
}

/* Glyph and word, not colour alone. */
static const char *where_of(const struct live_row *row, char out[static LONG_BYTES])
{
	const struct number *number = &row->remote;
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
		order = strcmp(x->site, y->site);
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
		list_need(&live->list, COL_SITE, row->site);
		list_need(&live->list, COL_PERSON, row->person);
		list_need(&live->list, COL_NUMBER, row->number);
		list_need(&live->list, COL_WHERE, where_of(row, where));
	}
	list_set(&live->list, ids, live->n);
	free(ids);
}

static void take(struct live_row *row, const struct live_call *call)
{
	*row = (struct live_row){ .id = (int64_t)(hash_text(call->call_id) >> 1), .state = call->state,
		.since_ms = call->answered_ms > 0 ? call->answered_ms : call->created_ms,
		.originator = call->originator, .answered = call->answered_ms > 0,
		.remote = call->remote };
	snprintf(row->person, sizeof row->person, "%s", call->person_name);
	snprintf(row->uuid, sizeof row->uuid, "%s", call->person_uuid);
	snprintf(row->site, sizeof row->site, "%s", call->location);
	snprintf(row->number, sizeof row->number, "%s",
	    call->remote.e164[0] != '\0' ? call->remote.e164 : call->remote_number);
}

static void refresh(struct pane *pane)
{
	struct live *live = pane->memory;
	const struct live_calls *calls = pane_board(pane)->live;
	if (calls == NULL || live->list.frozen || (pane->answered && live->seen == live_calls_version(calls)) ||
	    (pane->answered && pane->screen->steady_ms - live->at_ms < 100))
		return;
	live->seen = live_calls_version(calls);
	live->at_ms = pane->screen->steady_ms;
	size_t n = live_calls_count(calls);
	live->rows = mem_realloc(live->rows, (n + 1) * sizeof *live->rows);
	live->n = 0;
	for (size_t i = 0; i < n; i++) {
		const struct live_call *call = live_calls_at(calls, i);
		if (call != NULL && call->state != LIVE_DISCONNECTED)
			take(&live->rows[live->n++], call);
	}
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

static int64_t cost_micro(const struct live_row *row, int64_t now)
{
	/* Begun minutes are charged. */
	int64_t minutes = (MAX(now - row->since_ms, 0) + MINUTE_MS - 1) / MINUTE_MS;
	return costs(row) ? minutes * row->remote.rate_micro_usd : 0;
}

static void draw_row(struct pane *pane, struct canvas *canvas, int row, size_t i,
    const struct list_place *at)
{
	const struct live *live = pane->memory;
	const struct live_row *call = &live->rows[i];
	char text[SHORT_BYTES], longer[LONG_BYTES], where[LONG_BYTES];
	int64_t now = pane_now(pane), age_s = MAX(now - call->since_ms, 0) / SECOND_MS;
	bool risky = is_risky(call);
	enum role role = live_role(call->state);
	if (call->state == LIVE_CONNECTED)
		format_duration(age_s, text);
	else
		snprintf(text, sizeof text, "%s", live_word(call->state));
	canvas_text_right(canvas, row, at[COL_AGE].col, at[COL_AGE].cols,
	    risky && age_s > 600 ? ROLE_WARN : role, text);
	canvas_text(canvas, row, at[COL_SITE].col, at[COL_SITE].cols, ROLE_DIM, call->site);
	canvas_text(canvas, row, at[COL_PERSON].col, at[COL_PERSON].cols, role,
	    call->person[0] != '\0' ? call->person : "\u2014");
	canvas_text(canvas, row, at[COL_ARROW].col, at[COL_ARROW].cols, ROLE_DIM,
	    call->originator ? "\u2192" : "\u2190");
	canvas_text(canvas, row, at[COL_NUMBER].col, at[COL_NUMBER].cols, risky ? ROLE_NUMBER : role,
	    format_number(call->number, pane->screen->masked, longer));
	canvas_text(canvas, row, at[COL_WHERE].col, at[COL_WHERE].cols,
	    risky ? (call->remote.tier >= TIER_HIGH ? tier_role(call->remote.tier) : ROLE_MEDIUM) : ROLE_DIM,
	    where_of(call, where));
	int64_t cost = cost_micro(call, now);
	if (cost > 0) {
		canvas_text_right(canvas, row, at[COL_COST].col, at[COL_COST].cols, ROLE_MONEY,
		    format_money(cost, text));
		canvas_text_right(canvas, row, at[COL_HOUR].col, at[COL_HOUR].cols, risky ? ROLE_WARN : ROLE_DIM,
		    format_money(cost + 60 * (int64_t)call->remote.rate_micro_usd, text));
	}
}

static const char *why_empty(const struct pane *pane)
{
	const struct health *health = pane_board(pane)->health;
	return health->live_webhook || health->live_polling ? _("No call is up.") :
	    _("No source of live calls yet: neither webhook nor polling.");
}

static void draw(struct pane *pane, struct canvas *canvas, bool focused)
{
	static const size_t sorted_by[N_SORTS] = { COL_WHERE, COL_AGE, COL_SITE };
	struct live *live = pane->memory;
	pane_draw_list(pane, canvas, &live->list, columns, COUNT_OF(columns), sorted_by[live->sort],
	    focused, why_empty(pane), draw_row);
}

static void summary(struct pane *pane, char *out, size_t capacity)
{
	const struct live *live = pane->memory;
	int64_t total = 0, now = pane_now(pane), hourly = 0;
	char now_text[SHORT_BYTES], hour_text[SHORT_BYTES];
	for (size_t i = 0; i < live->n; i++) {
		total += cost_micro(&live->rows[i], now);
		hourly += costs(&live->rows[i]) ? 60 * (int64_t)live->rows[i].remote.rate_micro_usd : 0;
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
		profile_open(pane->screen, number ? SUBJECT_NUMBER : SUBJECT_PERSON, number ? row->number : row->uuid);
		return true;
	}
	if (command == CMD_RELATED && live->list.selected < live->n) {
		const struct live_row *row = &live->rows[live->list.selected];
		struct leads *leads = leads_new();
		leads_add(leads, SUBJECT_PERSON, row->uuid, row->person);
		leads_add(leads, SUBJECT_NUMBER, row->number, "");
		leads_add(leads, SUBJECT_SITE, row->site, row->site);
		leads_open(pane->screen, leads);
		return true;
	}
	if (command == CMD_OPEN && live->list.selected < live->n) {
		/* Its record comes when it ends; until then: what this person called. */
		const char *person = live->rows[live->list.selected].person;
		char expression[PROMPT_BYTES];
		screen_open(pane->screen, &view_calls, 0);
		if (*person != '\0' && strpbrk(person, "\"\\") == NULL) {
			struct pane *calls = screen_focused(pane->screen);
			snprintf(expression, sizeof expression, "user.name == \"%s\"", person);
			calls->type->set_filter(calls, expression);
		}
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
	int n = snprintf(out, capacity, "%s %s", row->person, row->number);
	return (size_t)MIN(MAX(n, 0), (int)capacity - 1);
}

const struct pane_type pane_live = {
	.name = "live", .title = N_("Live calls"), .place = PLACE_LIVE, .memory = sizeof(struct live),
	.close = close_live, .refresh = refresh, .draw = draw, .summary = summary,
	.command = command, .list = get_list, .text = text,
	.sorts = { "risk", "age", "site" }, .sort = sort_by,
};
