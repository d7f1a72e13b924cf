/* SPDX-License-Identifier: Apache-2.0
 *
 * Locations: traffic by the hour, open alerts, the time it is there. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "ui/chart.h"
#include "ui/copy.h"
#include "ui/screen.h"

extern const struct pane_type pane_locations;

enum sort { SORT_ALERTS, SORT_NAME, SORT_CALLS, N_SORTS };

struct locations {
	struct arena arena;
	struct location_row *all; /* as they came */
	size_t n_all;
	struct location_row *rows; /* that pass the filter, in their order */
	size_t n;
	struct list list;
	enum sort sort;
	char filter[PROMPT_BYTES];
};

static const struct list_column columns[] = {
	{ N_("site"), 16, 4, 0, false, 32 },
	{ N_("time"), 5, 0, 2, false, 0 },
	{ N_("/h"), 4, 0, 0, true, 0 },
	{ N_("24 h"), 6, 3, 1, false, LOCATION_HOURS },
	{ N_("alerts"), 8, 2, 0, false, 16 },
	{ N_("today"), 5, 0, 4, true, 0 },
	{ N_("cost"), 6, 0, 3, true, 0 },
};
enum { COL_SITE, COL_TIME, COL_CALLS, COL_CHART, COL_ALERTS, COL_TODAY, COL_COST };

static enum sort sort_now;

static int64_t gravity(const struct location_row *row)
{
	return row->n_open[SEVERITY_CRITICAL] * 1000000 + row->n_open[SEVERITY_HIGH] * 10000 +
	    row->n_open[SEVERITY_MEDIUM] * 100 + row->n_open[SEVERITY_LOW];
}

static int by_sort(const void *a, const void *b)
{
	const struct location_row *x = a, *y = b;
	int64_t order = 0;
	switch (sort_now) {
	case SORT_ALERTS:
		order = gravity(y) - gravity(x);
		break;
	case SORT_CALLS:
		order = y->calls_last_hour - x->calls_last_hour;
		break;
	case SORT_NAME: case N_SORTS:
		break;
	}
	return order != 0 ? (order > 0) - (order < 0) : strcmp(x->name, y->name);
}

static void sort(struct locations *locations)
{
	int64_t *ids = mem_alloc((locations->n + 1) * sizeof *ids);
	sort_now = locations->sort;
	if (locations->n > 0)
		qsort(locations->rows, locations->n, sizeof *locations->rows, by_sort);
	for (size_t i = 0; i < locations->n; i++) /* a site is its uuid, or its name */
		ids[i] = (int64_t)(hash_text(*locations->rows[i].uuid != '\0' ? locations->rows[i].uuid :
		    locations->rows[i].name) >> 1);
	for (size_t i = 0; i < locations->n; i++)
		list_need(&locations->list, COL_SITE, locations->rows[i].name);
	list_set(&locations->list, ids, locations->n);
	free(ids);
}

/* Sites are few: they are filtered here, of what came. */
static void pick(struct pane *pane)
{
	struct locations *locations = pane->memory;
	struct filter_names names = filter_book_names(&pane->screen->book);
	struct filter filter;
	struct fault fault;
	int64_t now = pane_now(pane);
	bool ok = filter_parse(FILTER_LOCATIONS, locations->filter, strlen(locations->filter), now, &names, &filter, NULL, &fault, NULL);
	locations->n = 0;
	for (size_t i = 0; i < locations->n_all; i++)
		if (!ok || filter_passes(&filter, query_read_location, &locations->all[i], now))
			locations->rows[locations->n++] = locations->all[i];
	if (ok)
		filter_clear(&filter);
	sort(locations);
}

static void on_answer(void *arg, const struct location_list *answer, const struct fault *fault)
{
	struct pane *pane = arg;
	struct locations *locations = pane->memory;
	pane_answered(pane, fault);
	if (answer == NULL)
		return;
	arena_clear(&locations->arena);
	arena_init(&locations->arena);
	locations->all = copy_locations(&locations->arena, answer->items, answer->n);
	locations->n_all = answer->n;
	locations->rows = arena_alloc(&locations->arena, (answer->n + 1) * sizeof *locations->rows);
	pick(pane);
	/* Zones by the order of the board, which does not move with alerts. */
	zones_learn(&pane->screen->zones, answer);
}

static void refresh(struct pane *pane)
{
	struct locations *locations = pane->memory;
	struct board *board = pane_board(pane);
	/* The hour moves on even when no call comes. */
	uint64_t version = board->calls_version + board->alerts_version +
	    (uint64_t)(pane_now(pane) / MINUTE_MS);
	if (!locations->list.frozen && pane_may_ask(pane, version, 500))
		history_locations(board->history, on_answer, pane);
}

static void open_locations(struct pane *pane, int64_t id)
{
	UNUSED(id);
	arena_init(&((struct locations *)pane->memory)->arena);
}

static void close_locations(struct pane *pane)
{
	struct locations *locations = pane->memory;
	arena_clear(&locations->arena);
	list_clear(&locations->list);
}

/* ---- drawing --------------------------------------------------------------------- */

static void draw_row(struct pane *pane, struct canvas *canvas, int row, size_t i,
    const struct list_place *at)
{
	const struct locations *locations = pane->memory;
	const struct location_row *site = &locations->rows[i];
	char text[SHORT_BYTES];
	bool worried = site->n_open[SEVERITY_CRITICAL] + site->n_open[SEVERITY_HIGH] > 0;
	canvas_text(canvas, row, at[COL_SITE].col, at[COL_SITE].cols, worried ? ROLE_STRONG : ROLE_TEXT,
	    *site->name != '\0' ? site->name : _("(no site)"));
	if (*site->zone_name != '\0') {
		const struct zone *zone = zones_named(&pane->screen->zones, site->zone_name);
		int64_t now = pane_now(pane);
		format_clock(zone, zone != NULL ? now : now + site->utc_offset_minutes * MINUTE_MS, text);
		text[5] = '\0';
		canvas_text(canvas, row, at[COL_TIME].col, at[COL_TIME].cols, ROLE_DIM, text);
	}
	canvas_text_right(canvas, row, at[COL_CALLS].col, at[COL_CALLS].cols, ROLE_NUMBER,
	    format_count(site->calls_last_hour, text));
	chart_sparkline(canvas, row, at[COL_CHART].col, at[COL_CHART].cols, site->per_hour, LOCATION_HOURS);
	pane_draw_counts(canvas, row, at[COL_ALERTS].col, at[COL_ALERTS].cols, site->n_open);
	canvas_text_right(canvas, row, at[COL_TODAY].col, at[COL_TODAY].cols, ROLE_DIM,
	    format_count(site->calls_today, text));
	canvas_text_right(canvas, row, at[COL_COST].col, at[COL_COST].cols, ROLE_DIM,
	    site->cost_today_micro > 0 ? format_money(site->cost_today_micro, text) : "");
}

static void draw(struct pane *pane, struct canvas *canvas, bool focused)
{
	static const size_t sorted_by[N_SORTS] = { COL_ALERTS, COL_SITE, COL_CALLS };
	struct locations *locations = pane->memory;
	pane_draw_list(pane, canvas, &locations->list, columns, COUNT_OF(columns),
	    sorted_by[locations->sort] | (locations->sort == SORT_NAME ? SORTED_UP : SORTED_DOWN), focused,
	    locations->filter[0] != '\0' && locations->n_all > 0 ? _("No site passes the filter.") : _("No site yet: records are on their way."), draw_row);
}

static void summary(struct pane *pane, char *out, size_t capacity)
{
	const struct locations *locations = pane->memory;
	int64_t calls = 0, cost = 0;
	char number[SHORT_BYTES], money[SHORT_BYTES];
	for (size_t i = 0; i < locations->n; i++) {
		calls += locations->rows[i].calls_last_hour;
		cost += locations->rows[i].cost_today_micro;
	}
	snprintf(out, capacity, "%s/h \u00B7 \u2248 %s USD", format_count(calls, number),
	    format_money(cost, money));
}

/* ---- commands ----------------------------------------------------------------------- */

static bool command(struct pane *pane, enum command command)
{
	struct locations *locations = pane->memory;
	if (command == CMD_SORT) {
		locations->sort = (enum sort)((locations->sort + 1) % N_SORTS);
		sort(locations);
		return true;
	}
	if (command == CMD_PROFILE && locations->list.selected < locations->n) {
		const struct location_row *row = &locations->rows[locations->list.selected];
		profile_open(pane->screen, SUBJECT_SITE, *row->uuid != '\0' ? row->uuid : row->name);
		return true;
	}
	if (command == CMD_OPEN && locations->list.selected < locations->n) {
		pane_open_calls(pane->screen, "location", locations->rows[locations->list.selected].name);
		return true;
	}
	return false;
}

static void sort_by(struct pane *pane, size_t by)
{
	struct locations *locations = pane->memory;
	locations->sort = (enum sort)by;
	sort(locations);
}

static struct list *get_list(struct pane *pane)
{
	return &((struct locations *)pane->memory)->list;
}

static const char *filter_now(struct pane *pane)
{
	return ((struct locations *)pane->memory)->filter;
}

static void set_filter(struct pane *pane, const char *expression)
{
	struct locations *locations = pane->memory;
	snprintf(locations->filter, sizeof locations->filter, "%s", expression);
	list_restart(&locations->list);
	locations->n = 0;
	pane_ask_anew(pane);
}

static const void *row_at(struct pane *pane, size_t i)
{
	const struct locations *locations = pane->memory;
	return i < locations->n ? &locations->rows[i] : NULL;
}

static const void *selected(struct pane *pane)
{
	const struct locations *locations = pane->memory;
	return row_at(pane, locations->list.selected);
}

const struct pane_type pane_locations = {
	.name = "locations", .title = N_("Locations"), .place = PLACE_LOCATIONS,
	.memory = sizeof(struct locations), .open = open_locations, .close = close_locations,
	.refresh = refresh, .draw = draw, .summary = summary, .command = command, .list = get_list,
	.sorts = { "alerts", "site", "calls" }, .sort = sort_by,
	.filter = filter_now, .set_filter = set_filter, .filter_of = FILTER_LOCATIONS, .row = row_at, .selected = selected,
	.read_row = query_read_location,
};
