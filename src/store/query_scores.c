/* SPDX-License-Identifier: Apache-2.0
 *
 * Scores: of whom something odd was said. They are made of alerts, by subject,
 * so that a filter is asked of what was made, in memory. */
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/mem.h"
#include "filter/filter.h"
#include "store/query.h"
#include "store/request_rows.h"

void query_read_score(const void *row, unsigned field, int64_t now_ms, struct filter_cell *cell)
{
	const struct score_row *score = row;
	UNUSED(now_ms);
	switch ((enum score_field)field) {
	case SCORE_FIELD_SCORE: cell->number = score->score; break;
	case SCORE_FIELD_TITLE: cell->text = score->title_en; cell->other = score->title_es; break;
	case SCORE_FIELD_WHY: cell->text = score->why_en; cell->other = score->why_es; break;
	case SCORE_FIELD_SUBJECT_KIND: cell->number = score->kind; break;
	case SCORE_FIELD_SUBJECT_ID: cell->text = score->id; break;
	case SCORE_FIELD_SUBJECT_NAME: cell->text = score->name; break;
	case SCORE_FIELD_LOCATION: cell->text = score->location; break;
	case SCORE_FIELD_COUNT: cell->number = score->count; break;
	case SCORE_FIELD_COST: cell->number = score->cost_micro; break;
	case SCORE_FIELD_LAST: cell->number = score->last_ms; break;
	}
}

/* Scores are made of so many alerts at most, the highest. */
#define SCORE_ALERTS 2000
#define SCORE_COLUMNS "score, last_ms, subject_kind, subject_id, n_legs, cost_micro, id, subject_name, location, title_en, title_es, why_en, why_es, raised_ms"

/* A subject's row, of its highest alert; older ones add to it. */
static void take_score(struct db *db, struct statement *st, struct arena *arena, struct map *by_subject,
    struct score_list *out)
{
	int64_t last_ms = db_int(db, st, 1), count = db_int(db, st, 4), cost_micro = db_int(db, st, 5);
	char *key = mem_printf("%lld %s", (long long)db_int(db, st, 2), db_text(db, st, 3));
	bool is_new;
	union map_value *at = map_put(by_subject, key, &is_new);
	free(key);
	if (!is_new) {
		struct score_row *row = &out->items[at->number];
		row->last_ms = MAX(row->last_ms, last_ms);
		row->count = MAX(row->count, count);
		row->cost_micro = MAX(row->cost_micro, cost_micro);
		return;
	}
	struct score_row *row = &out->items[out->n];
	*row = (struct score_row){ .score = (int)db_int(db, st, 0), .kind = (enum subject_kind)db_int(db, st, 2),
		.last_ms = last_ms, .count = count, .cost_micro = cost_micro, .alert_id = db_int(db, st, 6) };
	const char **const texts[] = { &row->name, &row->location, &row->title_en, &row->title_es, &row->why_en, &row->why_es };
	row->id = arena_strdup(arena, db_text(db, st, 3));
	for (size_t i = 0; i < COUNT_OF(texts); i++)
		*texts[i] = arena_strdup(arena, db_text(db, st, 7 + (int)i));
	if (*row->why_en == '\0') {
		row->why_en = row->title_en;
		row->why_es = row->title_es;
	}
	at->number = (int64_t)out->n++;
}

/* The open ones come in the index's order, the few of the last day that are closed are put
 * between. Those are found by their time, which the LIMIT within is for: by its score each
 * of all that ever was closed would be met. No day has so many. */
#define SCORED                                                                              \
	"SELECT " SCORE_COLUMNS " FROM alerts WHERE rank = 2 UNION ALL"                      \
	" SELECT " SCORE_COLUMNS " FROM alerts WHERE rank = 1 UNION ALL"                     \
	" SELECT * FROM (SELECT " SCORE_COLUMNS " FROM alerts WHERE rank = 0 AND last_ms > $1 AND " NOT_TAKEN("id") " ORDER BY last_ms DESC LIMIT 100000) AS ended" \
	" ORDER BY score DESC, raised_ms DESC, id DESC LIMIT $2"

/* Alerts of a subject share records: each counts once, and what it costs. Where their
 * evidence is gone, the largest alert's own sums stay. */
static bool add_up(struct db *db, int64_t since_ms, struct map *by_subject, struct score_list *out, struct fault *fault)
{
	struct statement *st = db_statement(db, "SELECT subject_kind, subject_id, sum(cost), count(*) FROM (SELECT s.subject_kind, s.subject_id, max(e.cost_micro) AS cost"
	    " FROM (" SCORED ") AS s JOIN evidence e ON e.alert_id = s.id GROUP BY s.subject_kind, s.subject_id, e.leg_id) AS once"
	    " GROUP BY subject_kind, subject_id", fault);
	enum step step = STEP_FAULT;
	if (st == NULL)
		return false;
	db_bind(db, st, "ii", since_ms, (int64_t)SCORE_ALERTS);
	while ((step = db_step(db, st, fault)) == STEP_ROW) {
		char *key = mem_printf("%lld %s", (long long)db_int(db, st, 0), db_text(db, st, 1));
		const union map_value *at = map_get(by_subject, key);
		free(key);
		if (at == NULL)
			continue;
		struct score_row *row = &out->items[at->number];
		row->cost_micro = MAX(row->cost_micro, db_int(db, st, 2));
		row->count = MAX(row->count, db_int(db, st, 3));
	}
	db->engine->reset(st);
	return step == STEP_DONE;
}

bool query_scores(struct db *db, int64_t now_ms, const char *source, size_t limit, struct arena *arena,
    struct score_list *out, struct fault *fault)
{
	struct filter filter;
	*out = (struct score_list){ 0 };
	source = source == NULL ? "" : source;
	if (!filter_parse(FILTER_SCORES, source, strlen(source), now_ms, NULL, &filter, NULL, fault, NULL))
		return false;
	struct statement *st = db_statement(db, SCORED, fault);
	struct map by_subject = { 0 };
	enum step step = STEP_FAULT;
	if (st != NULL) {
		db_bind(db, st, "ii", now_ms - DAY_MS, (int64_t)SCORE_ALERTS);
		out->items = arena_alloc(arena, SCORE_ALERTS * sizeof *out->items);
		while ((step = db_step(db, st, fault)) == STEP_ROW)
			take_score(db, st, arena, &by_subject, out);
		db->engine->reset(st);
	}
	if (step == STEP_DONE && !add_up(db, now_ms - DAY_MS, &by_subject, out, fault))
		step = STEP_FAULT;
	size_t n = 0;
	for (size_t i = 0; i < out->n && n < limit; i++)
		if (filter_passes(&filter, query_read_score, &out->items[i], now_ms))
			out->items[n++] = out->items[i];
	out->n = n;
	map_clear(&by_subject);
	filter_clear(&filter);
	return step == STEP_DONE;
}
